"""lemmabench: the convergence theory of diffusion samplers as executable, checked statements.

    trace(run, sigmas)               the linear scheme of a sampler, from runs with unit impulses
    kdiffusion(function, sigmas)     the same of a function sampler(model, x, sigmas, ...)
    diffusers(scheduler, steps)      the same of an object with set_timesteps, scale_model_input, step
    Scheme                           a sampler as data; reads and writes scheme files
    gaussian_law                     the output law of a scheme on a Gaussian, in double
"""

from .diffusers_adapter import diffusers
from .facts import Facts
from .gaussian import gaussian_law, gaussian_variance_error
from .kdiffusion_adapter import kdiffusion
from .scheme import Scheme
from .tracer import NonlinearSampler, trace

__all__ = ["Facts", "NonlinearSampler", "Scheme", "diffusers", "gaussian_law", "gaussian_variance_error",
           "kdiffusion", "trace"]
