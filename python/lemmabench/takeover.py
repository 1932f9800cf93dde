"""Takes over the noise a library draws, for the time of one run."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Callable, Iterable, Iterator

import numpy.random  # its functions are among those taken over

NAMES = ("randn_tensor", "randn_like", "randn", "standard_normal")


@contextmanager
def draws_taken_over(draw: Callable[..., Any], modules: Iterable[ModuleType]) -> Iterator[None]:
    """Within the block the functions randn_tensor, randn_like, randn and standard_normal of
    numpy.random, of torch (if it is loaded) and of the given modules are `draw`, and
    numpy.random.normal draws from it; afterwards, and on exceptions, they are what they were. Not
    for use from several threads at once: the functions are the whole process's.
    """
    places = [sys.modules.get("torch"), numpy.random, *modules]
    saved: list[tuple[ModuleType, str, Any]] = []
    try:
        for place in places:
            for name in NAMES:
                if place is not None and callable(vars(place).get(name)):
                    saved.append((place, name, vars(place)[name]))
                    setattr(place, name, draw)
        saved.append((numpy.random, "normal", numpy.random.normal))
        setattr(numpy.random, "normal", Generator(draw).normal)
        yield
    finally:
        for place, name, value in reversed(saved):
            setattr(place, name, value)


class Generator:
    """Stands in for a random generator object: standard_normal, normal, randn and a call all give
    the next draw."""

    def __init__(self, draw: Callable[..., Any]) -> None:
        self._draw = draw
        self.randn = draw

    def __call__(self, *request: Any, **named: Any) -> Any:
        return self._draw(*request, **named)

    def standard_normal(self, size: Any = None, *_: Any, **__: Any) -> Any:
        return self._draw() if size is None else self._draw(size)

    def normal(self, loc: Any = 0.0, scale: Any = 1.0, size: Any = None) -> Any:
        return loc + scale * self.standard_normal(size)


def modules_of(*objects: Any) -> list[ModuleType]:
    """The modules in which these objects, their classes and the bases of these are defined."""
    names: list[str] = []
    for thing in objects:
        kind = (
            thing if isinstance(thing, type) or not hasattr(type(thing), "__mro__") else type(thing)
        )
        owners = [thing] if hasattr(thing, "__module__") and callable(thing) else []
        names += [owner.__module__ for owner in [*owners, *kind.__mro__] if owner.__module__]
    return [
        sys.modules[name]
        for name in dict.fromkeys(names)
        if name in sys.modules and name not in ("builtins", "abc", "typing")
    ]
