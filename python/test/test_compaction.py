"""The recursion form: found, short, exact up to rounding, and not claimed where there is none."""

import time

import numpy as np
import pytest
import function_samplers as samplers

from lemmabench import Scheme, gaussian_variance_error, kdiffusion


def levels(n):
    return np.geomspace(20, 0.05, n + 1)


# The number of terms of a row in the middle, counted by hand in the formula of the sampler.
TERMS = {
    "euler": 2,
    "heun": None,
    "multistep": 4,
    "sde": 3,
    "sde_with_memory": 4,
    "sde_midpoint": 4,
    "two_calls_one_noise": 4,
}


@pytest.mark.parametrize("name", TERMS)
def test_samplers_have_short_rows(name):
    scheme = kdiffusion(getattr(samplers, name), levels(40))
    recursion = scheme.recursion()
    again = Scheme(scheme.sigmas, recursion=recursion, draws=scheme.draws)
    size = np.linalg.norm(
        scheme.rows() * np.append(20.0, np.ones(scheme.rows().shape[1] - 1)), axis=1
    )
    difference = np.abs(again.rows() - scheme.rows()).max(axis=1) / size
    # Rounding of 40 or 80 rows; observed at most 8e-16.
    assert difference.max() < 1e-13 and scheme.compaction_defect < 1e-13
    if TERMS[name]:
        assert len(recursion[31]) <= TERMS[name]
    assert max(len(row) for row in recursion) <= 6
    error = gaussian_variance_error(scheme, 0.7, 0.25)
    assert gaussian_variance_error(again, 0.7, 0.25) == pytest.approx(error, abs=1e-13)


def test_a_multistep_rule_in_derivatives_needs_several_rows():
    """Adams-Bashforth in dx/dsigma = (x - D)/sigma uses three earlier states and their answers."""

    def adams(model, x, sigmas):
        slopes = []
        for s, t in zip(sigmas[:-1], sigmas[1:]):
            slopes = [(x - model(x, s)) / s] + slopes[:2]
            weights = {1: [1], 2: [1.5, -0.5], 3: [23 / 12, -16 / 12, 5 / 12]}[len(slopes)]
            x = x + (t - s) * sum(w * d for w, d in zip(weights, slopes))
        return x

    scheme = kdiffusion(adams, np.linspace(20, 1, 60))
    row = scheme.recursion()[40]
    assert set(row) == {"y39", "y38", "y37", "D39", "D38", "D37"}
    assert scheme.compaction_defect < 1e-13


def test_a_thousand_steps_are_small_and_fast(tmp_path):
    scheme = kdiffusion(samplers.sde_with_memory, levels(1000))
    began = time.process_time()
    scheme.write(tmp_path / "a.json", compact=True)
    assert time.process_time() - began < 20  # observed 0.3 s
    assert (
        tmp_path / "a.json"
    ).stat().st_size < 1_000_000  # observed 0.14 MB; dense rows are 30 MB
    again = Scheme.read(tmp_path / "a.json")
    assert gaussian_variance_error(again) == pytest.approx(
        gaussian_variance_error(scheme), abs=1e-12
    )


def test_rows_without_structure_stay_dense(tmp_path):
    random = np.random.default_rng(3)
    rows = random.standard_normal((41, 41))
    rows[:, 1:] = np.tril(rows[:, 1:], -1)
    scheme = Scheme(levels(40), rows)
    assert scheme.recursion() is None and scheme.compaction_defect is None
    with pytest.raises(ValueError, match="no compact form"):
        scheme.write(tmp_path / "a.json", compact=True)
    with pytest.raises(ValueError, match="no compact form"):
        scheme.compact()
    scheme.write(tmp_path / "a.json")
    assert (Scheme.read(tmp_path / "a.json").rows() == rows).all()


def test_one_disturbed_coefficient_is_kept():
    """A term of 1e-9 that fits no recursion must not be dropped as rounding."""
    scheme = kdiffusion(samplers.euler, levels(40))
    rows = np.array(scheme.rows())
    rows[30, 4] += 1e-9
    again = Scheme(scheme.sigmas, rows)
    assert np.abs(again.compact().rows() - rows).max() < 1e-13


def test_a_small_term_of_a_short_row_is_kept():
    def run(model, x, sigmas):
        return x + 1e-9 * model(x, 1.0) - model(0.5 * x, 0.9)

    assert kdiffusion(run, [1.0, 0.5]).compact().rows()[2, 1] == 1e-9


def test_a_tenth_of_odd_rows_does_not_hinder_the_others():
    scheme = kdiffusion(samplers.euler, levels(100))
    rows = np.array(scheme.rows())
    random = np.random.default_rng(5)
    for k in range(25, 100, 10):
        rows[k, 1 : 1 + k] = random.standard_normal(k)
    short = Scheme(scheme.sigmas, rows).compact()
    assert np.abs(short.rows() - rows).max() < 1e-13
    assert sum(map(len, short.recursion())) < np.count_nonzero(rows) / 4
