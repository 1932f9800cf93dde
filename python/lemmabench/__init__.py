"""lemmabench: the convergence theory of diffusion samplers as executable, checked statements.

    trace(run, sigmas)               the linear scheme of a sampler, from runs with unit impulses
    kdiffusion(function, sigmas)     the same of a function sampler(model, x, sigmas, ...)
    diffusers(scheduler, steps)      the same of an object with set_timesteps, scale_model_input,
                                     step
    Scheme                           a sampler as data; reads and writes scheme files
    gaussian_law                     the output law of a scheme on a Gaussian, in double

Names are loaded when they are first used, so that `import lemmabench` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .diffusers_adapter import diffusers as diffusers
    from .facts import Facts as Facts
    from .gaussian import (
        gaussian_law as gaussian_law,
        gaussian_variance_error as gaussian_variance_error,
    )
    from .kdiffusion_adapter import kdiffusion as kdiffusion
    from .scheme import Scheme as Scheme
    from .tracer import NonlinearSampler as NonlinearSampler, trace as trace

_HOME = {
    "Facts": "facts",
    "NonlinearSampler": "tracer",
    "Scheme": "scheme",
    "diffusers": "diffusers_adapter",
    "gaussian_law": "gaussian",
    "gaussian_variance_error": "gaussian",
    "kdiffusion": "kdiffusion_adapter",
    "trace": "tracer",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'lemmabench' has no attribute {name!r}")
    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
