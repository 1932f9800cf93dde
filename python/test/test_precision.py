"""Single precision inside a sampler is found, and its floor is about where it is said to be."""

import numpy as np
import pytest
import function_samplers as samplers
import scheduler_objects as schedulers

from lemmabench import Scheme, diffusers, gaussian_variance_error, kdiffusion, trace
from lemmabench.precision import rounding_floor

LEVELS = np.geomspace(20, 0.05, 65)


@pytest.mark.parametrize("name", ["euler", "heun", "multistep", "sde", "sde_with_memory"])
def test_float32_samples_move_the_variance_by_about_the_floor(name):
    function = getattr(samplers, name)
    exact = kdiffusion(function, LEVELS.astype(np.float32))
    rounded = kdiffusion(function, LEVELS, dtype="float32")
    assert exact.float32 is None and exact.rounding_floor is None and not exact.findings
    assert rounded.float32 and 1e-9 < rounded.linearity_defect < 1e-5
    moved = abs(gaussian_variance_error(rounded) - gaussian_variance_error(exact))
    # The floor is the larger of the estimate and of what was measured here, so it bounds `moved`;
    # the estimate was within 0.05 to 3 of it in these five.
    assert moved <= rounded.rounding_floor <= max(100 * moved, 1e-6)
    assert rounded.findings[0].startswith("float32 arithmetic on samples: no order can be seen")
    assert "the same formulas in double differ by" in rounded.findings[0]


def test_what_the_run_in_double_shows_beyond_the_estimate():
    """At 400 steps the weight 1 - (t/s)^2 has lost a hundred units to cancellation."""
    levels = np.geomspace(20, 0.05, 401)
    exact = kdiffusion(samplers.sde_with_memory, levels.astype(np.float32))
    rounded = kdiffusion(samplers.sde_with_memory, levels, dtype="float32")
    moved = abs(gaussian_variance_error(rounded) - gaussian_variance_error(exact))
    assert moved > 1.5 * rounding_floor(rounded, 2.0**-24)  # observed 3 to 4 times
    assert rounded.rounding_floor == pytest.approx(moved, rel=1e-6)
    assert f"relative variance error of about {moved:.0e} on" in rounded.findings[0]
    assert rounded.facts().kind == "noise with memory" and rounded.facts().memory == 1


def test_draws_have_the_dtype_of_the_code():
    def run(model, x, randn):
        x = x.astype(np.float32)
        for s, t in zip(LEVELS[:-1], LEVELS[1:]):
            x = (t / s) ** 2 * x + (1 - (t / s) ** 2) * model(x, s) + 0.1 * t * randn(x.shape)
            assert x.dtype == np.float32
        return x

    assert trace(run, LEVELS).float32


def test_the_estimate_for_euler_by_hand():
    """On N(0, 1) all terms of a row have one sign, so each row's error is carried to the output as
    its whole standard deviation: the estimate is 2 * 0.4 * unit * sqrt(4 (K + 1))."""
    scheme = kdiffusion(samplers.euler, LEVELS)
    assert rounding_floor(scheme, 2.0**-24) == pytest.approx(
        1.6 * 2.0**-24 * np.sqrt(65), rel=1e-9
    )
    # One call, output D_0 = x/2: terms sqrt(2), carried by 1/2, and D_0 itself, 1/sqrt(2): sqrt(2)
    # sd.
    assert rounding_floor(Scheme([1.0, 0.0], [[1, 0], [0, 1]]), 1.0) == pytest.approx(
        1.6 * np.sqrt(2), rel=1e-12
    )


def test_a_cast_inside_is_seen_though_everything_outside_is_double():
    scheme = kdiffusion(samplers.single_precision, LEVELS)
    assert scheme.float32 and "float32 arithmetic on samples" in scheme.findings[0]

    def hidden(model, x, randn):
        for s, t in zip(LEVELS[:-1], LEVELS[1:]):
            d = model(x, s)
            x = ((t / s) * x.astype(np.float32) + (1 - t / s) * d.astype(np.float32)).astype(
                np.float64
            )
        return x

    scheme = trace(hidden, LEVELS)
    assert scheme.float32 and "float32 arithmetic inside a step" in scheme.findings[0]


def test_rounding_that_cancellation_makes_larger_than_1e_6_is_still_rounding():
    def cancels(model, x, randn):
        x = x.astype(np.float32)
        for s, t in zip(LEVELS[:-1], LEVELS[1:]):
            x = np.float32(t / s) * x + np.float32(1 - t / s) * model(x, s)
            x = np.float32(101) * x - np.float32(100) * x
        return x

    scheme = trace(cancels, LEVELS)
    # 100 roundings of one single-precision unit, 100 * 2^-24 = 6e-6, damped by t/s from step to
    # step
    assert 1e-6 < scheme.linearity_defect < 1e-4
    assert scheme.float32 and scheme.findings[0].startswith("float32")


def test_half_precision_is_named():
    def half(model, x, randn):
        x = x.astype(np.float16)
        for s, t in zip(LEVELS[:20], LEVELS[1:21]):
            x = (np.float16(t / s) * x + np.float16(1 - t / s) * model(x, s)).astype(np.float16)
        return x

    scheme = trace(half, output_level=LEVELS[20])
    assert scheme.findings[0].startswith("float16 arithmetic") and scheme.rounding_floor > 1e-4


def test_single_tables_are_named_and_double_ones_are_not():
    single = diffusers(schedulers.VarianceExploding(np.float32), 20)
    assert single.float32 and "float32 tables (sigmas)" in single.findings[0]
    assert diffusers(schedulers.VarianceExploding(), 20).float32 is None
    double = diffusers(schedulers.VarianceExploding(np.float32), 20, precision="double")
    assert double.float32 is None and (double.sigmas == single.sigmas).all()


def test_the_floor_is_written_and_read(tmp_path):
    scheme = kdiffusion(samplers.euler, LEVELS, dtype="float32")
    scheme.write(tmp_path / "a.json")
    again = type(scheme).read(tmp_path / "a.json")
    assert again.float32 is True and again.rounding_floor == scheme.rounding_floor
