"""Code that computes with torch; skipped where torch is not installed."""

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from lemmabench import diffusers, kdiffusion

torch = pytest.importorskip("torch")

LEVELS = np.geomspace(20, 0.05, 13)


def ancestral(model, x, sigmas):
    ones = x.new_ones([x.shape[0]])
    for s, t in zip(sigmas[:-1], sigmas[1:]):
        r = (t / s) ** 2
        x = r * x + (1 - r) * model(x, s * ones) + t * (1 - r).sqrt() * torch.randn_like(x)
    return x


def test_functions_get_tensors_and_torch_gets_its_randomness_back():
    before = torch.randn_like, torch.randn
    scheme = kdiffusion(ancestral, LEVELS)
    assert scheme.draws == 12 and scheme.facts().kind == "one noise a step" and not scheme.findings
    assert (torch.randn_like, torch.randn) == before
    rounded = kdiffusion(ancestral, LEVELS, dtype="float32")
    assert rounded.float32 and np.abs(rounded.rows() - scheme.rows()).max() < 1e-5


def test_tensors_may_be_changed_in_place():
    def run(model, x, sigmas):
        for s, t in zip(sigmas[:-1], sigmas[1:]):
            d = model(x, s)
            x.mul_(t / s).add_(d, alpha=float(1 - t / s))
        return x

    def apart(model, x, sigmas):
        for s, t in zip(sigmas[:-1], sigmas[1:]):
            x = x * (t / s) + model(x, s) * float(1 - t / s)
        return x

    found, expected = kdiffusion(run, LEVELS, array="torch"), kdiffusion(
        apart, LEVELS, array="torch"
    )
    assert np.abs(found.rows() - expected.rows()).max() < 1e-15


class Ddim:
    """Variance preserving, tables in float32, samples cast to float32, noise by randn_tensor."""

    def __init__(self):
        self.alphas_cumprod = torch.cumprod(
            1 - torch.linspace(1e-4, 0.06, 200, dtype=torch.float32), 0
        )

    def set_timesteps(self, steps):
        self.timesteps = torch.arange(steps).flip(0) * (200 // steps) + 1

    def step(self, output, timestep, sample):
        a = self.alphas_cumprod[timestep]
        b = self.alphas_cumprod[timestep - 10] if timestep > 10 else torch.tensor(1.0)
        sample = sample.to(torch.float32)
        d = (sample - (1 - a) ** 0.5 * output) / a**0.5
        noise = ((1 - b) / (1 - a) * (1 - a / b)) ** 0.5
        moved = b**0.5 * d + (1 - b - noise**2) ** 0.5 * output
        return SimpleNamespace(
            prev_sample=moved + noise * library.randn_tensor(sample.shape, dtype=sample.dtype)
        )


library = ModuleType("a_library")
library.randn_tensor = lambda shape, dtype=None: torch.randn(shape, dtype=dtype)


def test_schedulers_in_float32_and_in_double(monkeypatch):
    monkeypatch.setitem(sys.modules, "a_library", library)
    code, double = diffusers(Ddim(), 20), diffusers(Ddim(), 20, precision="double")
    assert code.draws == double.draws == 20
    assert code.float32 and code.linearity_defect > 1e-9
    assert double.float32 is None and double.linearity_defect < 1e-14
    assert np.abs(code.rows() - double.rows()).max() < 1e-5
    assert code.facts().kind == double.facts().kind == "one noise a step"
    assert torch.tensor([1.0]).dtype == torch.float32 and torch.float32 != torch.float64
