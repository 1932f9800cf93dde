"""lemmabench: the convergence theory of diffusion samplers as executable, checked statements.

    trace(run, sigmas)               the linear scheme of a sampler, from runs with unit impulses
    kdiffusion(function, sigmas)     the same of a function sampler(model, x, sigmas, ...)
    diffusers(scheduler, steps)      the same of an object with set_timesteps, scale_model_input,
                                     step
    Scheme                           a sampler as data; reads and writes scheme files
    gaussian_law                     the output law of a scheme on a Gaussian, in double

and, compiled (`./run python`), with the numbers and messages of the command line:

    law(target, sampler, steps)      the exact output law of a sampler, by name or as a Scheme
    audit(schemes)                   exact laws and orders of schemes, against what is advertised
    map_law(run, target, sigmas)     the law of a sampler that clips or adapts its steps, on the line
    orders(target, sampler, steps)   the order of a sampler's error
    orders_of(laws)                  the same from laws that are there
    certificate(...)                 bounds in any dimension
    particles(target, sampler, ...)  samples of a sampler, and what they say of its law
    judge(samples, ...)              samples against the law of a target or of a sampler's output,
                                     or against other samples
    compare(sampler, baseline)       regressions, with baseline(sampler)
    Target, targets                  laws of X_0: score, denoise, log_density, sample at any level

Names are loaded when they are first used, so that `import lemmabench` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .auditing import Audit as Audit, audit as audit
    from .certificates import Certificate as Certificate, certificate as certificate
    from .comparing import Comparison as Comparison, baseline as baseline, compare as compare
    from .errors import NumericalFailure as NumericalFailure, Refusal as Refusal
    from .exact_law import Law as Law, law as law
    from .judging import Judgement as Judgement, judge as judge
    from .mapped_law import MapLaw as MapLaw, MapSampler as MapSampler, map_law as map_law
    from .order_fits import (
        Order as Order,
        Orders as Orders,
        orders as orders,
        orders_of as orders_of,
    )
    from .quantity import Quantity as Quantity
    from .sampling import Particles as Particles, particles as particles
    from .target import Target as Target, targets as targets
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
    "Audit": "auditing",
    "Certificate": "certificates",
    "Comparison": "comparing",
    "Facts": "facts",
    "Judgement": "judging",
    "Law": "exact_law",
    "MapLaw": "mapped_law",
    "MapSampler": "mapped_law",
    "NonlinearSampler": "tracer",
    "NumericalFailure": "errors",
    "Order": "order_fits",
    "Orders": "order_fits",
    "Particles": "sampling",
    "Quantity": "quantity",
    "Refusal": "errors",
    "Scheme": "scheme",
    "Target": "target",
    "audit": "auditing",
    "baseline": "comparing",
    "certificate": "certificates",
    "compare": "comparing",
    "diffusers": "diffusers_adapter",
    "gaussian_law": "gaussian",
    "gaussian_variance_error": "gaussian",
    "judge": "judging",
    "kdiffusion": "kdiffusion_adapter",
    "law": "exact_law",
    "map_law": "mapped_law",
    "orders": "order_fits",
    "orders_of": "order_fits",
    "particles": "sampling",
    "targets": "target",
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
