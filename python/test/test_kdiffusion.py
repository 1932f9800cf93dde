"""kdiffusion: noise of both kinds, noise taken over and given back, refusals, and orders seen."""

import functools
import math

import numpy as np
import pytest
import function_samplers as samplers

from lemmabench import NonlinearSampler, gaussian_variance_error, kdiffusion


def levels(n):
    return np.geomspace(20, 0.05, n + 1)


def errors(function, noise="white", **options):
    return [
        gaussian_variance_error(kdiffusion(function, levels(n), noise, **options), 0.7, 0.25)
        for n in (32, 64, 128)
    ]


def orders(found):
    return [math.log2(abs(a / b)) for a, b in zip(found, found[1:])]


def test_orders_of_right_samplers():
    for function, options, order in (
        (samplers.euler, {}, 1),
        (samplers.heun, {}, 2),
        (samplers.sde, {}, 1),
        (samplers.sde_with_memory, {}, 2),
        (samplers.multistep, {"order": 2}, 2),
    ):
        assert min(orders(errors(function, **options))) > order - 0.1


def test_a_third_order_rule_with_half_a_difference_is_of_second_order():
    right, wrong = errors(samplers.multistep), errors(samplers.multistep, mistake=0.5)
    assert min(orders(right)) > 2.8
    assert all(1.9 < order < 2.1 for order in orders(wrong))


def test_white_noise_where_a_path_is_needed_loses_an_order():
    assert min(orders(errors(samplers.sde_midpoint, "brownian"))) > 1.9
    assert max(orders(errors(samplers.sde_midpoint, "white"))) < 1.1


def limit(function, **options):
    """The variance error left as N grows, by extrapolation of a first-order error."""
    coarse, fine = [
        gaussian_variance_error(kdiffusion(function, levels(n), **options), 0.7, 0.25)
        for n in (128, 256)
    ]
    return 2 * fine - coarse


def test_a_wrong_noise_variance_and_a_weight_off_leave_a_bias():
    # What the second order of the error leaves of the limit 0 is 7e-4 and 1e-4 here.
    assert abs(limit(samplers.sde)) < 2e-3 and abs(limit(samplers.euler)) < 3e-4
    assert limit(samplers.sde, noise_factor=1.02) == pytest.approx(1.02**2 - 1, abs=2e-3)
    assert limit(samplers.constant_off) < -3e-3


def test_a_wrong_level_leaves_a_bias():
    assert min(errors(samplers.wrong_level)) > 0.2


def test_brownian_columns_are_increments_of_one_path():
    """Correlation of two increments = length of the common part / sqrt(product of the lengths)."""
    asked = []

    def run(model, x, sigmas, noise_sampler=None):
        out = 0 * model(x, sigmas[0])
        for pair in [(8.0, 4.0), (8.0, 2.0), (4.0, 1.0), (2.0, 4.0), (1.0, 0.5)]:
            asked.append(pair)
            x = model(x * 0 + noise_sampler(*pair), 1.0)
        return out

    scheme = kdiffusion(run, [8.0, 0.5], "brownian")
    pairs = asked[:5]
    rows = scheme.rows()[1:6, 1 + scheme.model_calls :]
    assert scheme.draws == 4  # 8-4, 4-2, 2-1, 1-0.5
    for i, (a, b) in enumerate(pairs):
        for j, (c, d) in enumerate(pairs):
            common = max(0.0, min(max(a, b), max(c, d)) - max(min(a, b), min(c, d)))
            sign = math.copysign(1, (a - b) * (c - d))
            assert rows[i] @ rows[j] == pytest.approx(
                sign * common / math.sqrt(abs((a - b) * (c - d))), abs=1e-14
            )


def test_the_variable_of_the_path():
    def run(model, x, sigmas, noise_sampler=None):
        return model(x, 8.0) + noise_sampler(8.0, 4.0) + noise_sampler(8.0, 1.0)

    # In log2 sigma the intervals are 1 of 3: the second draw is sqrt(1/3) the first and a new one.
    rows = kdiffusion(run, [8.0, 1.0], "brownian", transform=np.log2).rows()
    assert rows[1, 2:] == pytest.approx([1 + math.sqrt(1 / 3), math.sqrt(2 / 3)], rel=1e-14)
    rows = kdiffusion(run, [8.0, 1.0], "brownian").rows()
    assert rows[1, 2:] == pytest.approx([1 + math.sqrt(4 / 7), math.sqrt(3 / 7)], rel=1e-14)


def test_gaps_of_the_path_have_no_column_and_equal_ends_are_one():
    def run(model, x, sigmas, noise_sampler=None):
        third = math.exp(math.log(3.0))  # 3 up to rounding
        return (
            model(x, 8.0)
            + noise_sampler(8.0, 3.0)
            + noise_sampler(third, 2.0)
            + noise_sampler(1.0, 0.5)
        )

    scheme = kdiffusion(run, [8.0, 0.5], "brownian")
    assert scheme.draws == 3
    assert np.allclose(scheme.rows()[1, 2:], 1, atol=1e-15)


def test_noise_of_numpy_is_taken_over_and_given_back():
    before = [np.random.randn, np.random.standard_normal, np.random.normal]
    scheme = kdiffusion(samplers.churn, levels(10))
    assert scheme.draws == 10 and scheme.facts().kind == "one noise a step"
    assert scheme.sigmas[0] == 20 and scheme.sigmas[1] == pytest.approx(24)

    def normal(model, x, sigmas):
        return model(x, sigmas[0]) + np.random.normal(0.0, 3.0, x.shape) + np.random.randn(*x.shape)

    assert list(kdiffusion(normal, [2.0, 1.0]).rows()[1]) == [0, 1, 3, 1]

    def shifted(model, x, sigmas):
        return model(x, sigmas[0]) + np.random.normal(0.5, 3.0, x.shape)

    with pytest.raises(NonlinearSampler, match="row 1 is 0.5: a constant is added"):
        kdiffusion(shifted, [2.0, 1.0])

    def broken(model, x, sigmas):
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        kdiffusion(broken, levels(10))
    assert [np.random.randn, np.random.standard_normal, np.random.normal] == before


def test_levels_may_be_changed_in_place():
    def run(model, x, sigmas):
        sigmas *= 2
        return samplers.euler(model, x, sigmas)

    scheme = kdiffusion(run, levels(5))
    assert scheme.sigmas[1:-1] == pytest.approx(2 * levels(5)[:-1], rel=1e-15)


def test_partial_functions_options_and_the_name():
    scheme = kdiffusion(functools.partial(samplers.multistep, order=2), levels(8))
    assert scheme.source == "function_samplers multistep" and scheme.steps == 8
    scheme = kdiffusion(samplers.multistep, levels(8), order=2, advertised_order=2)
    assert scheme.source == "function_samplers multistep order=2" and scheme.advertised_order == 2
    scheme = kdiffusion(samplers.sde_midpoint, levels(8), "brownian")
    assert scheme.source == "function_samplers sde_midpoint, Brownian noise"


def test_a_last_level_of_0():
    scheme = kdiffusion(samplers.heun, np.append(levels(8), 0.0))
    assert scheme.sigmas[-1] == 0 and scheme.model_calls == 17
    # The last step is Euler to 0: it gives the model's answer.
    assert np.abs(scheme.rows()[-1] - np.eye(18)[17]).max() < 1e-15


REFUSED = {
    "no function": (lambda: kdiffusion(3, [2, 1]), "3 is no function"),
    "noise": (
        lambda: kdiffusion(samplers.sde, [2, 1], "pink"),
        "noise is 'pink'; 'white' or 'brownian'",
    ),
    "one level": (lambda: kdiffusion(samplers.euler, [2]), r"sigmas has 1 entries"),
    "an option it has not": (
        lambda: kdiffusion(samplers.euler, [2, 1], eta=0.5),
        "euler.* cannot be called .* 'eta'",
    ),
    "arguments": (lambda: kdiffusion(lambda a, b: a, [2, 1]), "cannot be called as sampler"),
    "dtype": (lambda: kdiffusion(samplers.euler, [2, 1], dtype="int"), "dtype is 'int'"),
    "array": (lambda: kdiffusion(samplers.euler, [2, 1], array="jax"), "array is 'jax'"),
    "level 0 first": (lambda: kdiffusion(samplers.heun, [0.0, 1.0]), "level"),
    "path at one level": (
        lambda: kdiffusion(
            lambda m, x, s, noise_sampler=None: m(x, 1.0) + noise_sampler(1.0, 1.0),
            [2, 1],
            "brownian",
        ),
        "increment from 1 to 1; two different levels",
    ),
    "path without levels": (
        lambda: kdiffusion(
            lambda m, x, s, noise_sampler=None: m(x, 1.0) + noise_sampler(x), [2, 1], "brownian"
        ),
        "one argument; Brownian noise needs the two levels",
    ),
}


@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
@pytest.mark.parametrize("name", REFUSED)
def test_wrong_use_is_refused_in_one_line(name):
    call, text = REFUSED[name]
    with pytest.raises(ValueError, match=text) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_clipping_and_adapting_are_refused_by_name():
    for function in (samplers.clipping, samplers.adaptive):
        with pytest.raises(
            NonlinearSampler, match=f"function_samplers {function.__name__}: not linear"
        ):
            kdiffusion(function, levels(16))
