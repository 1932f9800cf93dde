"""trace: coefficients, levels, and everything it must refuse."""

import math
import time

import numpy as np
import pytest

from lemmabench import NonlinearSampler, Scheme, kdiffusion, trace

LEVELS = np.geomspace(10, 0.1, 13)


def euler(model, x, randn, levels=LEVELS):
    for s, t in zip(levels[:-1], levels[1:]):
        x = (t / s) * x + (1 - t / s) * model(x, s)
    return x


def ancestral(model, x, randn):
    for s, t in zip(LEVELS[:-1], LEVELS[1:]):
        r = (t / s) ** 2
        x = r * x + (1 - r) * model(x, s) + t * math.sqrt(1 - r) * randn(x.shape)
    return x


def test_euler_has_the_coefficients_of_its_formula():
    scheme = trace(euler, LEVELS)
    n = len(LEVELS) - 1
    expected = np.zeros((n + 1, n + 1))
    for k in range(n + 1):
        expected[k, 0] = LEVELS[k] / LEVELS[0]
        for j in range(k):
            expected[k, 1 + j] = LEVELS[k] / LEVELS[j + 1] * (1 - LEVELS[j + 1] / LEVELS[j])
    # 12 steps of 3 roundings of numbers below 1: 12 * 3 * 2^-53 = 4e-15; observed 2e-16.
    assert np.abs(scheme.rows() - expected).max() < 4e-15
    assert (scheme.sigmas == LEVELS).all() and scheme.draws == 0
    assert scheme.linearity_defect < 4e-15 and not scheme.findings


def test_arrays_may_be_changed_in_place():
    def run(model, x, randn):
        for s, t in zip(LEVELS[:-1], LEVELS[1:]):
            d = model(x, s)
            x *= t / s
            d *= 1 - t / s
            x += d
        return x

    assert (trace(run, LEVELS).rows() == trace(euler, LEVELS).rows()).all()


def test_ancestral_draws_enter_with_their_deviation():
    scheme = trace(ancestral, LEVELS)
    calls, rows = scheme.model_calls, scheme.rows()
    for k in range(1, calls + 1):
        for m in range(k):
            # the draw of step m, damped by (sigma_k/sigma_{m+1})^2
            deviation = LEVELS[m + 1] * math.sqrt(1 - (LEVELS[m + 1] / LEVELS[m]) ** 2)
            damped = deviation * (LEVELS[k] / LEVELS[m + 1]) ** 2
            assert rows[k, 1 + calls + m] == pytest.approx(damped, rel=1e-13)
        assert not rows[k, 1 + calls + k :].any()


def test_levels_are_those_of_the_calls_and_the_output_is_at_0_unless_said():
    assert trace(euler).sigmas[-1] == 0 and trace(euler).sigmas[0] == 10
    assert trace(euler, output_level=0.1).sigmas[-1] == 0.1


def test_levels_may_be_arrays_with_one_entry_a_sample_and_randn_may_be_asked_in_any_way():
    def run(model, x, randn):
        requests = [
            lambda: randn(),
            lambda: randn(x),
            lambda: randn(x.shape),
            lambda: randn(*x.shape),
            lambda: randn(list(x.shape)),
            lambda: randn(size=x.shape),
        ]
        for s, draw in zip(LEVELS, requests):
            x = x + draw() - model(x, s * np.ones((x.shape[0], 1)))
        return x

    scheme = trace(run)
    assert scheme.draws == 6 and (scheme.sigmas[:-1] == LEVELS[:6]).all()
    assert (scheme.rows()[6] == [1] + 6 * [-1] + 6 * [1]).all()


def test_code_for_one_number_is_run_column_by_column():
    def scalar(model, x, randn):
        for s, t in zip(LEVELS[:-1], LEVELS[1:]):
            if not math.isfinite(x):
                raise OverflowError
            x = t / s * x + (1 - t / s) * model(x, s) + 0.1 * randn()
        return x

    def batched(model, x, randn):
        for s, t in zip(LEVELS[:-1], LEVELS[1:]):
            x = t / s * x + (1 - t / s) * model(x, s) + 0.1 * randn()
        return x

    found, expected = trace(scalar, LEVELS), trace(batched, LEVELS)
    assert (found.rows() == expected.rows()).all() and found.linearity_defect < 1e-14
    assert (trace(batched, LEVELS, batch=False).rows() == expected.rows()).all()
    with pytest.raises(TypeError):
        trace(scalar, LEVELS, batch=True)


def test_a_first_call_away_from_x_T_is_preceded_by_an_unused_one():
    def run(model, x, randn):
        return model(x + 3.0 * randn(), 5.0)

    scheme = trace(run, [4.0, 0.0])
    assert list(scheme.sigmas) == [4.0, 5.0, 0.0]
    assert (scheme.rows() == [[1, 0, 0, 0], [1, 0, 0, 3], [0, 0, 1, 0]]).all()
    assert scheme.facts().unused_calls == (0,)


def test_an_infinite_first_level():
    def run(model, x, randn):
        return model(2 * x + model(x, math.inf), 2.0)

    scheme = trace(run, [math.inf, 0.0])
    assert (
        math.isinf(scheme.sigmas[0]) and (scheme.rows() == [[1, 0, 0], [2, 1, 0], [0, 0, 1]]).all()
    )


@pytest.mark.parametrize("bound", [0.5, 1.0, 3.0, 7.9])
def test_clipping_is_seen_though_it_passes_unit_impulses(bound):
    def run(model, x, randn):
        return euler(lambda y, s: np.clip(model(y, s), -bound, bound), x, randn)

    with pytest.raises(NonlinearSampler, match="1024 times apart .*lemmabench judge"):
        trace(run, LEVELS)
    scheme = trace(run, LEVELS, allow_nonlinear=True)
    assert scheme.findings[0].startswith("not linear: values of 8 standard deviations")
    assert scheme.linearity_defect > 1e-3


def test_clipping_beyond_the_probe_is_not_seen():
    """The control of the test above: the probe ends at 8 standard deviations."""
    trace(
        lambda model, x, randn: euler(lambda y, s: np.clip(model(y, s), -8.1, 8.1), x, randn),
        LEVELS,
    )


def test_a_function_that_scales_and_is_not_additive():
    with pytest.raises(NonlinearSampler, match="off the linear scheme"):
        trace(lambda model, x, randn: euler(lambda y, s: np.abs(model(y, s)), x, randn), LEVELS)


def test_a_smooth_bend():
    with pytest.raises(NonlinearSampler, match="1024 times apart"):
        trace(
            lambda model, x, randn: euler(lambda y, s: 50 * np.tanh(model(y, s) / 50), x, randn),
            LEVELS,
        )


def test_a_constant():
    with pytest.raises(NonlinearSampler, match="a constant is added"):
        trace(lambda model, x, randn: euler(model, x, randn) + 1e-3, LEVELS)


def test_samples_of_a_batch_that_influence_each_other():
    def run(model, x, randn):
        for s, t in zip(LEVELS[:-1], LEVELS[1:]):
            d = model(x, s)
            x = (t / s) * x + (1 - t / s) * (d + 0.01 * d.mean())
        return x

    with pytest.raises(NonlinearSampler, match="influence each other"):
        trace(run, LEVELS)


def test_calls_that_depend_on_the_values():
    def more(model, x, randn):
        d = model(x, 1.0)
        return d if np.abs(d).max() < 5 else model(d, 0.5)

    def fewer(model, x, randn):
        d = model(x, 1.0)
        return d if np.abs(d).max() > 5 else model(d, 0.5)

    def moved(model, x, randn):
        return model(x, 1.0 + np.abs(x).max())

    for run, text in (
        (more, "asked for more than 1 model calls"),
        (fewer, "1 model calls and 0 draws, 2 and 0 in another"),
        (moved, "model call 0 is at level"),
    ):
        with pytest.raises(NonlinearSampler, match=text):
            trace(run)


def test_noise_that_did_not_come_from_randn():
    random = np.random.default_rng()
    with pytest.raises(ValueError, match="two runs with the same values differ"):
        trace(
            lambda model, x, randn: euler(model, x, randn) + random.standard_normal(x.shape), LEVELS
        )


REFUSED = {
    "no call": (lambda model, x, randn: x, "never called the model"),
    "level 0": (lambda model, x, randn: model(x, 0.0), "model call 0 is made at level 0"),
    "level NaN": (
        lambda model, x, randn: model(x, math.nan),
        "level of model call 0 is nan; a number",
    ),
    "level below 0": (
        lambda model, x, randn: model(model(x, 1.0), -1.0),
        "model call 1 is made at level -1",
    ),
    "inf later": (
        lambda model, x, randn: model(model(x, 1.0), math.inf),
        "model call 1 is made at level inf",
    ),
    "levels in a batch": (
        lambda model, x, randn: model(x, np.arange(1.0, 1 + len(x))),
        "level of model call 0 differs",
    ),
    "level of a wrong kind": (
        lambda model, x, randn: model(x, "high"),
        "level of model call 0 is str",
    ),
    "input of a wrong shape": (
        lambda model, x, randn: model(np.vstack([x, x]), 1.0),
        r"input of model call 0 has shape \(6, 1\); it must have that of x, \(3, 1\)",
    ),
    "output of a wrong shape": (
        lambda model, x, randn: model(x, 1.0)[:1],
        r"what run returned has shape \(1, 1\)",
    ),
    "no output": (
        lambda model, x, randn: (model(x, 1.0), None)[1],
        "what run returned is None; an array like x",
    ),
    "draw of a wrong shape": (
        lambda model, x, randn: model(x, 1.0) + randn((1, 1)),
        r"draw 0 was asked for in shape",
    ),
    "division by zero": (
        lambda model, x, randn: model(x, 1.0) * (np.zeros(1) / np.zeros(1)),
        "the output is not finite",
    ),
}


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("name", REFUSED)
def test_what_no_sampler_should_do_is_refused_in_one_line(name):
    run, text = REFUSED[name]
    with pytest.raises(ValueError, match=text) as caught:
        trace(run)
    assert "\n" not in str(caught.value)


def test_a_loop_without_end_is_ended():
    def run(model, x, randn):
        while True:
            x = model(x, 1.0)

    with pytest.raises(ValueError, match="more than 20000 model calls"):
        trace(run)


def test_what_would_fill_the_memory_is_refused_before():
    def run(model, x, randn):
        for _ in range(17000):
            x = 0.5 * model(x, 1.0)
        return x

    with pytest.raises(ValueError, match=r"17000 model calls and 0 draws would take 2\.2 GiB"):
        trace(run)


def test_fifty_steps_take_less_than_two_seconds():
    levels = np.geomspace(20, 0.05, 51)
    began = time.process_time()
    trace(lambda model, x, randn: euler(model, x, randn, levels), levels)
    assert time.process_time() - began < 2  # observed 0.01 s


@pytest.mark.parametrize(
    "sigmas, text",
    [
        ("ab", "sigmas must be a list of numbers"),
        (3.0, "sigmas must be a list of numbers"),
        ([1.0], "sigmas has 1 entries; at least 2"),
        ([True, 1.0], r"sigmas\[0\] is True; a finite number"),
        ([[2, 1], [1]], r"sigmas\[0\] is \[2, 1\]; a finite number"),
        ([2.0, math.nan], r"sigmas\[1\] is nan; a finite number"),
    ],
)
def test_levels_that_are_none_are_refused_in_one_line(sigmas, text):
    for call in (
        lambda: trace(lambda model, x, randn: model(x, 1.0), sigmas),
        lambda: kdiffusion(lambda model, x, sigmas: model(x, 1.0), sigmas),
    ):
        with pytest.raises(ValueError, match=text) as caught:
            call()
        assert "\n" not in str(caught.value)


def test_levels_that_rise_are_a_finding_and_are_written_so_that_they_are_read(tmp_path):
    def looks_up(model, x, sigmas):
        return (model(x, sigmas[0]) + model(x, 2 * sigmas[0])) / 2

    scheme = kdiffusion(looks_up, [20.0, 0.05])
    assert scheme.levels_rise is True
    assert scheme.findings == ["the level rises at model call 1, from 20 to 40"]
    assert repr(scheme).count("the level rises") == 1
    scheme.write(tmp_path / "rises.json")
    assert Scheme.read(tmp_path / "rises.json").levels_rise is True
    text = (tmp_path / "rises.json").read_text().replace(' "levels_rise": true,\n', "")
    (tmp_path / "rises.json").write_text(text)
    with pytest.raises(ValueError, match="the level rises"):
        Scheme.read(tmp_path / "rises.json")
