"""A library's single-precision formulas, evaluated in double."""

from __future__ import annotations

from contextlib import contextmanager
from types import ModuleType
from typing import Any, Iterable, Iterator

from .arrays import dtype_name

_SINGLE = ("float32", "float", "float16", "half", "bfloat16")


class _InDouble:
    """A module whose float32 is float64."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return self._module.float64 if name in _SINGLE else getattr(self._module, name)


@contextmanager
def formulas_in_double(modules: Iterable[ModuleType]) -> Iterator[None]:
    """Within the block the names torch, np and numpy in these modules lead to float64 where the
    code says float32; afterwards, and on exceptions, they are what they were."""
    saved: list[tuple[ModuleType, str, Any]] = []
    try:
        for module in modules:
            for name in ("torch", "np", "numpy"):
                value = vars(module).get(name)
                if isinstance(value, ModuleType):
                    saved.append((module, name, value))
                    setattr(module, name, _InDouble(value))
        yield
    finally:
        for module, name, value in saved:
            setattr(module, name, value)


def tables_in_double(thing: Any) -> None:
    """Turns every single-precision array that is an attribute of the object into a double one."""
    for name, value in list(vars(thing).items()):
        if hasattr(value, "dtype") and dtype_name(value) == "float32":
            setattr(
                thing, name, value.double() if hasattr(value, "double") else value.astype("float64")
            )


def single_tables(thing: Any) -> list[str]:
    """Names of the object's single-precision tables of sigmas, alphas and betas."""
    return [
        name
        for name, value in vars(thing).items()
        if any(word in name for word in ("sigma", "alpha", "beta"))
        and hasattr(value, "dtype")
        and dtype_name(value) == "float32"
        and len(getattr(value, "shape", ())) == 1
    ]
