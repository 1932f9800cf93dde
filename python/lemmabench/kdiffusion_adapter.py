"""kdiffusion: the scheme of a function in the style of k-diffusion, sampler(model, x, sigmas,
...)."""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, Callable, Literal, Sequence, overload

import numpy as np

from .arrays import Array, Arrays, to_doubles
from .recording import Draws
from .scheme import Scheme
from .scheme_rules import given_levels
from .takeover import draws_taken_over, modules_of
from .tracer import Plan, traced

if TYPE_CHECKING:
    from .mapped_law import MapSampler


@overload
def kdiffusion(
    function: Callable[..., Any], sigmas: Sequence[float], noise: str = "white", *,
    fallback: Literal[True], **settings: Any,
) -> "Scheme | MapSampler":
    ...


@overload
def kdiffusion(
    function: Callable[..., Any], sigmas: Sequence[float], noise: str = "white",
    **settings: Any,
) -> Scheme:
    ...


def kdiffusion(
    function: Callable[..., Any],
    sigmas: Sequence[float],
    noise: str = "white",
    *,
    transform: Callable[[Any], Any] | None = None,
    array: str | None = None,
    dtype: str = "float64",
    steps: int | None = None,
    source: str | None = None,
    advertised_order: int | None = None,
    allow_nonlinear: bool = False,
    fallback: bool = False,
    **options: Any,
) -> "Scheme | MapSampler":
    """The scheme of function(model, x, sigmas, extra_args=None, callback=None, disable=None,
    noise_sampler=..., **options) -> x, in x = X_0 + sigma Z, model(x, sigma) -> E[X_0 | x].

    sigmas    the N+1 levels given to the function: x_T is at the first, the output at the last (0:
              it is held against the law of X_0). With dtype "float32" they are rounded to it.
    noise     what noise_sampler(sigma, sigma_next) gives: "white", a fresh standard normal each
              call; "brownian", (W(sigma) - W(sigma_next)) / sqrt|sigma - sigma_next| of one
              Brownian path W in sigma, as k-diffusion's own default does. Its columns are the
              increments between neighbours of all end points asked for. noise_sampler and disable
              are given only if the function has them; randn, randn_like and the like of torch and
              numpy are taken over too, as independent draws, and given back afterwards.
    transform the variable t of the path, a function of sigma; the increment is then
              (W(t) - W(t')) / sqrt|t - t'|. By default t = sigma.
    array     "torch" or "numpy", what the function computes with; by default torch if the name
              torch is in its module
    fallback  True: what is not linear is given as a MapSampler, whose `law` takes targets on the
              line (see map_law), instead of NonlinearSampler being raised
    options   more keyword arguments of the function (eta=0.5, order=2, ...)
    The rest  as in trace.

    Raises what trace raises, and ValueError if `function` cannot be called so. Cost: as trace.
    """
    if not callable(function):
        raise ValueError(
            f"kdiffusion: {function!r} is no function; sampler(model, x, sigmas, ...) is needed"
        )
    if noise not in ("white", "brownian"):
        raise ValueError(f"kdiffusion: noise is {noise!r}; 'white' or 'brownian' is needed")
    inner = _plain(function)
    named = _arguments(function, options)
    sampler = _Sampler(
        function,
        modules_of(inner),
        noise,
        transform or (lambda sigma: sigma),
        options,
        named,
        array or ("torch" if "torch" in getattr(inner, "__globals__", {}) else "numpy"),
    )
    levels = np.array(given_levels(sigmas, "kdiffusion"))
    return traced(
        sampler.plan(levels, dtype, allow_nonlinear),
        fallback,
        source=source or _source(inner, noise, options, named),
        advertised_order=advertised_order,
        steps=steps or levels.size - 1,
    )


@dataclass
class _Sampler:
    """A function and what it is called with."""

    function: Callable[..., Any]
    modules: list[ModuleType]
    noise: str
    transform: Callable[[Any], Any]
    options: dict[str, Any]
    named: set[str]
    array: str

    def plan(self, levels: Array, dtype: str, allow_nonlinear: bool) -> Plan:
        """The plan of a run at these levels, rounded to `dtype`."""
        arrays = Arrays(self.array, 0, dtype)
        rounded = to_doubles(arrays.make(levels))

        def run(model: Any, x: Any, draws: Any) -> Any:
            extra = dict(self.options)
            if "noise_sampler" in self.named:
                extra["noise_sampler"] = self._noise_sampler(draws)
            if "disable" in self.named:
                extra["disable"] = True
            with draws_taken_over(draws, self.modules):
                # A new array each time, since the function may change it in place.
                return self.function(model, x, arrays.make(levels), **extra)

        return Plan(
            run,
            axes=3,
            array=self.array,
            dtype=dtype,
            batch=True,
            allow_nonlinear=allow_nonlinear,
            levels=[float(s) for s in rounded],
            in_double=None
            if dtype == "float64"
            else lambda: self.plan(rounded, "float64", allow_nonlinear),
        )

    def _noise_sampler(self, draws: Draws) -> Callable[..., Any]:
        if self.noise == "white":
            return draws.white
        return lambda *pair, **_: draws.between(*(self.transform(level) for level in pair))


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function under partial() and decorators."""
    while isinstance(function, functools.partial):
        function = function.func
    inner: Callable[..., Any] = inspect.unwrap(function)
    return inner


def _arguments(function: Callable[..., Any], options: dict[str, Any]) -> set[str]:
    """The names of the function's parameters. ValueError if it cannot take (model, x, sigmas) and
    the options."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return set()
    try:
        signature.bind(None, None, None, **options)
    except TypeError as error:
        raise ValueError(
            f"kdiffusion: {getattr(_plain(function), '__name__', 'sampler')}{signature} cannot be "
            f"called as sampler(model, x, sigmas, ...): {error}"
        ) from None
    return set(signature.parameters)


def _source(
    function: Callable[..., Any], noise: str, options: dict[str, Any], named: set[str]
) -> str:
    module = (getattr(function, "__module__", "") or "").split(".")[0]
    words = [f"{module} {getattr(function, '__name__', 'sampler')}".strip()]
    words += [
        f"{name}={value}" for name, value in options.items() if isinstance(value, (int, float, str))
    ]
    return " ".join(words) + (
        ", Brownian noise" if noise == "brownian" and "noise_sampler" in named else ""
    )
