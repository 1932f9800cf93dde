"""What kind a scheme is."""

import numpy as np
import pytest
import function_samplers as samplers

from lemmabench import Scheme, kdiffusion

KINDS = {
    "euler": ("white", "deterministic", 0, 1),
    "heun": ("white", "deterministic", 1, 2),
    "multistep": ("white", "deterministic", 2, None),
    "sde": ("white", "one noise a step", 0, 1),
    "sde_with_memory": ("white", "noise with memory", 1, None),
    "sde_midpoint": ("white", "noise with memory", 1, 2),
    "two_calls_one_noise": ("white", "several calls and one noise", 1, 2),
    "brownian": ("brownian", "correlated draws", 1, 2),
}


@pytest.mark.parametrize("steps", [4, 5, 24])
@pytest.mark.parametrize("name", KINDS)
def test_kind_memory_and_steps(name, steps):
    noise, kind, memory, longest = KINDS[name]
    function = getattr(samplers, "sde_midpoint" if name == "brownian" else name)
    facts = kdiffusion(function, np.geomspace(20, 0.05, steps + 1), noise).facts()
    assert (facts.kind, facts.memory) == (kind, memory)
    assert facts.longest_step == (longest or steps)


def test_a_row_that_looks_over_the_next_one_makes_a_longer_step():
    """Every third step adds the answer before the last two, so only every third row renews."""

    def run(model, x, sigmas, noise_sampler=None):
        answers = []
        for k, (s, t) in enumerate(zip(sigmas[:-1], sigmas[1:])):
            answers.append(model(x, s))
            x = 0.5 * x + 0.4 * answers[-1] + t * noise_sampler(s, t)
            if k % 3 == 2:
                x = x + 0.1 * answers[-3]
        return x

    facts = kdiffusion(run, np.geomspace(20, 0.05, 31)).facts()
    assert facts.longest_step == 3 and facts.kind == "noise with memory"


def test_noise_in_a_multistep_rule_is_memory_and_no_correlation():
    def run(model, x, sigmas, noise_sampler=None):
        slopes = []
        for s, t in zip(sigmas[:-1], sigmas[1:]):
            slopes = [(x - model(x, s)) / s] + slopes[:2]
            weights = {1: [1], 2: [1.5, -0.5], 3: [23 / 12, -16 / 12, 5 / 12]}[len(slopes)]
            x = x + (t - s) * sum(w * d for w, d in zip(weights, slopes))
            x = x + 0.1 * t * noise_sampler(s, t)
        return x

    facts = kdiffusion(run, np.geomspace(20, 1, 31)).facts()
    assert facts.kind == "noise with memory" and facts.memory == 2


def test_dense_schemes_without_recursion_have_the_same_kind():
    scheme = kdiffusion(samplers.two_calls_one_noise, np.geomspace(20, 0.05, 21))
    again = Scheme(scheme.sigmas, scheme.rows())
    object.__setattr__(again, "_found", None)  # as if no compact form had been found
    assert again.facts() == scheme.facts()


def test_columns_that_are_zero_and_levels_that_rise_or_repeat():
    rows = [[1, 0, 0, 0, 0, 0], [1, 0, 0, 0, 1, 0], [0.5, 0, 0.5, 0, 1, 0], [0.2, 0, 0, 0.8, 0, 0]]
    facts = Scheme([2.0, 2.5, 2.5, 0.0], rows, levels_rise=True).facts()
    assert facts.unused_calls == (0,)
    assert facts.unused_draws == (1,) and facts.rises == (1,) and facts.repeats == (2,)


def test_a_weight_that_is_off_is_seen_as_a_constant_that_is_not_kept():
    levels = np.geomspace(20, 0.05, 21)
    assert kdiffusion(samplers.euler, levels).facts().point_mass_defect < 1e-14
    # sum of the weights is off by 0.001 (1 - t/s) a step, damped by t/s: 0.001 (1 -
    # sigma_K/sigma_0)
    facts = kdiffusion(samplers.constant_off, levels).facts()
    assert facts.point_mass_defect == pytest.approx(0.001 * (1 - 0.05 / 20), rel=1e-9)
    assert "a constant X_0 is not kept: off by 1.0e-03" in repr(
        kdiffusion(samplers.constant_off, levels)
    )


def test_the_text_of_a_scheme():
    text = repr(kdiffusion(samplers.sde_with_memory, np.geomspace(20, 0.05, 11)))
    assert text.splitlines()[0] == (
        "function_samplers sde_with_memory, N = 10: 10 model calls, 10 draws, " "levels 20 to 0.05"
    )
    assert "noise with memory, memory of 1 earlier state" in text
