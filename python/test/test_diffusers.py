"""diffusers: schedulers of every scaling and prediction, draws taken over, refusals."""

import math
import threading
from types import SimpleNamespace

import numpy as np
import pytest
import scheduler_objects as schedulers

from lemmabench import NonlinearSampler, diffusers, gaussian_variance_error


def ddim_rows(sigmas, eta):
    """DDIM in x = X_0 + sigma Z: x' = D + sqrt(t^2 - n^2) (x - D)/s + n z with
    n = eta (t/s) sqrt(s^2 - t^2), whatever the scaling of the code is."""
    n = len(sigmas) - 1
    rows = np.zeros((n + 1, 1 + 2 * n))
    rows[0, 0] = 1
    for k, (s, t) in enumerate(zip(sigmas[:-1], sigmas[1:])):
        noise = eta * (t / s) * math.sqrt(s * s - t * t)
        keep = math.sqrt(t * t - noise**2) / s
        rows[k + 1] = keep * rows[k]
        rows[k + 1, 1 + k] += 1 - keep
        rows[k + 1, 1 + n + k] = noise
    return rows


@pytest.mark.parametrize("prediction", ["epsilon", "sample", "v_prediction"])
@pytest.mark.parametrize("eta", [0.0, 0.5, 1.0])
def test_ddim_is_ddim(prediction, eta):
    scheduler = schedulers.VariancePreserving(prediction=prediction)
    scheme = diffusers(scheduler, 20, eta=eta)
    products = scheduler.alphas_cumprod[(np.arange(20) * 10)[::-1] + 1]
    # three roundings, 3 * 2^-53 = 3.4e-16
    assert np.allclose(
        scheme.sigmas, np.append(np.sqrt((1 - products) / products), 0), rtol=5e-16, atol=0
    )
    # The last step has no noise: its target is abar = 1.
    expected = ddim_rows(scheme.sigmas, eta)[:, : 1 + 20 + (19 if eta else 0)]
    # x at sigma = 17 cancels to 1: 17 * 20 steps * 2^-53 = 4e-14; observed 1e-14.
    assert np.abs(scheme.rows() - expected).max() < 1e-13
    assert scheme.gaussian_start_variance == pytest.approx(1 / products[0], rel=1e-14)
    assert scheme.steps == 20 and scheme.facts().point_mass_defect < 1e-13


def test_the_scheduler_itself_is_not_changed():
    scheduler = schedulers.VariancePreserving()
    diffusers(scheduler, 20)
    assert not hasattr(scheduler, "timesteps")


def test_a_final_product_below_1_is_the_level_of_the_output():
    scheme = diffusers(schedulers.VariancePreserving(final=0.9999), 20)
    assert scheme.sigmas[-1] == pytest.approx(math.sqrt(1 / 0.9999 - 1), rel=1e-12)
    assert np.abs(scheme.rows() - ddim_rows(scheme.sigmas, 0.0)[:, :21]).max() < 1e-13


def test_a_first_product_of_0_starts_from_infinity():
    """abar = 0: the sample is Z, v = -D_0, and the step gives D_0 + sigma_1 Z."""
    scheduler = schedulers.VariancePreserving(prediction="v_prediction")
    scheduler.alphas_cumprod[191:] = 0
    scheme = diffusers(scheduler, 20)
    assert math.isinf(scheme.sigmas[0]) and scheme.gaussian_start_variance is None
    assert scheme.rows()[0, 0] == 1 and scheme.rows()[1, 1] == pytest.approx(1, rel=1e-14)
    assert scheme.rows()[1, 0] == pytest.approx(scheme.sigmas[1], rel=1e-14)
    # From there on it is DDIM.
    s = scheme.sigmas
    keep = s[2] / s[1]
    expected = keep * scheme.rows()[1] + (1 - keep) * np.eye(21)[2]
    assert scheme.rows()[2] == pytest.approx(expected, abs=1e-13)


def test_sigmas_of_the_training_are_no_levels_of_the_steps():
    plain, other = schedulers.VariancePreserving(), schedulers.VariancePreserving()
    other.sigmas = np.geomspace(100, 0.1, 60)
    assert (diffusers(other, 20).rows() == diffusers(plain, 20).rows()).all()


def test_stopping_before_the_last_timestep():
    """N+1 points: the output is at the level of the next timestep, not at the end."""
    whole = diffusers(schedulers.VariancePreserving(), 20)
    part = diffusers(schedulers.VariancePreserving(), 20, calls=15)
    assert part.model_calls == 15 and part.sigmas[-1] == whole.sigmas[15]
    assert np.abs(part.rows() - whole.rows()[:16, :16]).max() < 1e-14


def test_a_repeated_timestep():
    """With x' = D + t (x - D)/s and the mean of two answers e = (x - D)/s in the first step."""
    scheme = diffusers(schedulers.TwoCallsAtFirst(), 20)
    s = scheme.sigmas
    assert scheme.model_calls == 21 and s[1] == s[2]
    rows = scheme.rows()
    assert rows[1, :2] == pytest.approx([s[1] / s[0], 1 - s[1] / s[0]], abs=1e-13)
    # e_0 = (x - D_0)/s_0, e_1 = (y_1 - D_1)/s_1, y_2 = x + (s_1 - s_0) (e_0 + e_1)/2.
    e0 = np.array([1, -1, 0]) / s[0]
    e1 = (np.array([s[1] / s[0], 1 - s[1] / s[0], 0]) - [0, 0, 1]) / s[1]
    assert rows[2, :3] == pytest.approx(
        np.array([1, 0, 0]) + (s[1] - s[0]) * (e0 + e1) / 2, abs=1e-13
    )
    assert scheme.facts().repeats == (2,)


def test_variance_exploding_code_is_euler():
    scheme = diffusers(schedulers.VarianceExploding(), 12)
    assert np.abs(scheme.rows() - ddim_rows(scheme.sigmas, 0.0)[:, :13]).max() < 1e-13
    assert scheme.gaussian_start_variance == pytest.approx(401)
    assert scheme.sigmas[0] == pytest.approx(20) and scheme.sigmas[-1] == 0


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
def test_preconditioned_code_is_euler(prediction):
    scheme = diffusers(schedulers.Preconditioned(prediction), 12)
    # The network's answer is a difference of numbers 20 times what is kept; observed 3e-15.
    assert np.abs(scheme.rows() - ddim_rows(scheme.sigmas, 0.0)[:, :13]).max() < 1e-13


def test_flow_is_known_by_its_config():
    class Configured(schedulers.Flow):
        config = SimpleNamespace(prediction_type="flow_prediction")
        alphas_cumprod = np.linspace(0.9, 0.1, 10)  # is there and means nothing

    assert (diffusers(Configured(), 10).rows() == diffusers(schedulers.Flow(), 10).rows()).all()
    with pytest.raises(ValueError, match="config says 'flow'"):
        diffusers(Configured(), 10, "epsilon")


def test_flow_code_starts_from_infinity():
    """Euler in flow time: (1 - u) x' = (1 - s) x + (u - s) (e - D), e = (x - D)/sigma, sigma =
    s/(1-s)."""
    scheme = diffusers(schedulers.Flow(), 10)
    assert math.isinf(scheme.sigmas[0]) and scheme.sigmas[-1] == 0
    assert scheme.sigmas[5] == pytest.approx(1.0)  # flow time 1/2
    rows = scheme.rows()
    # The first step, s = 1: sample Z, velocity Z - D_0, so x_1 = (Z + (u - 1)(Z - D_0))/(1 - u).
    assert rows[1, :2] == pytest.approx([0.9 / 0.1, 1.0], abs=1e-14)
    s, u = 0.9, 0.8
    slope = (rows[1] - np.eye(11)[2]) * (1 - s) / s - np.eye(11)[2]
    assert rows[2] == pytest.approx(((1 - s) * rows[1] + (u - s) * slope) / (1 - u), abs=1e-13)
    assert diffusers(schedulers.Flow(), 10, "flow").rows() == pytest.approx(rows, abs=0)


def test_levels_may_be_given():
    class Bare:
        def set_timesteps(self, steps):
            self.timesteps = list(range(steps))

        def step(self, output, timestep, sample):
            return (sample - output,)

    levels = [3.0, 2.0, 1.0, 0.0]
    with pytest.raises(ValueError, match="neither sigmas .* nor alphas_cumprod; pass levels"):
        diffusers(Bare(), 3)
    scheme = diffusers(Bare(), 3, "sample", levels=levels, scaling="ve")
    assert list(scheme.sigmas) == levels
    assert (scheme.rows()[-1] == [1, -1, -1, -1]).all()
    # From infinity the sample is Z: sample' = Z - D_0, and x' = sqrt(1 + sigma^2) sample' at sigma
    # = 2.
    scheme = diffusers(Bare(), 3, "sample", levels=[math.inf, *levels[1:]], scaling="vp")
    assert math.isinf(scheme.sigmas[0])
    assert scheme.rows()[1, :2] == pytest.approx([math.sqrt(5), -math.sqrt(5)])
    # In flow time 1 too, where x' = sample'/(1 - t) and 1 - t = 1/(1 + sigma).
    scheme = diffusers(Bare(), 3, "sample", levels=[math.inf, *levels[1:]], scaling="flow")
    assert scheme.rows()[1, :2] == pytest.approx([3, -3])
    # Variance preserving: x = sqrt(1 + sigma^2) sample.
    scheme = diffusers(Bare(), 3, "sample", levels=levels, scaling="vp")
    assert scheme.rows()[1, :2] == pytest.approx([math.sqrt(5 / 10), -math.sqrt(5)])


def test_a_scheduler_set_up_by_its_user_is_run_as_it_is():
    scheduler = schedulers.VarianceExploding()
    scheduler.set_timesteps(4)
    scheduler.sigmas = np.array([8.0, 4.0, 2.0, 1.0, 0.5])
    scheme = diffusers(scheduler)
    assert list(scheme.sigmas) == [8.0, 4.0, 2.0, 1.0, 0.5] and scheme.steps == 4
    assert np.abs(scheme.rows() - ddim_rows(scheme.sigmas, 0.0)[:, :5]).max() < 1e-15


def test_an_input_scaled_for_a_level_between_two_is_called_there():
    class Between(schedulers.VarianceExploding):
        """Tells the network 0.9 of the level at its second step."""

        def scale_model_input(self, sample, timestep):
            sigma = self.sigmas[self.index] * (0.9 if self.index == 1 else 1.0)
            return sample / np.sqrt(sigma**2 + 1)

    right, wrong = diffusers(schedulers.VarianceExploding(), 12), diffusers(Between(), 12)
    assert wrong.sigmas[1] == pytest.approx(0.9 * right.sigmas[1], rel=1e-12)
    assert (wrong.sigmas[2:] == right.sigmas[2:]).all()


def test_timesteps_that_stand_for_other_levels_than_the_sampler_is_at():
    scheduler = schedulers.Rounded()
    trained = np.sqrt((1 - scheduler.alphas_cumprod) / scheduler.alphas_cumprod)
    here, told = diffusers(scheduler, 20), diffusers(scheduler, 20, called_at="timesteps")
    assert np.abs(here.rows() - ddim_rows(here.sigmas, 0.0)[:, :21]).max() < 1e-13
    # The levels told are those of whole timesteps; the network takes the same sample for one.
    assert all(np.abs(trained / sigma - 1).min() < 1e-14 for sigma in told.sigmas[:-1])
    off = np.abs(told.sigmas / here.sigmas - 1)[:-1]
    assert off.max() > 0.1 and f"({off.max():.0%} off, the most of all calls)" in here.findings[0]
    assert f"model call {off.argmax()} tells the network timestep" in told.findings[0]
    # Its answers enter in the place of D: epsilon = (y - D)/told, x' = x + (t - s) epsilon.
    first = np.array([1.0] + 20 * [0.0])
    for k in range(3):
        y = first * np.hypot(1, told.sigmas[k]) / np.hypot(1, here.sigmas[k])
        assert told.rows()[k] == pytest.approx(y, abs=1e-13)
        answer = (y - np.eye(21)[1 + k]) / told.sigmas[k]
        first = first + (here.sigmas[k + 1] - here.sigmas[k]) * answer
    assert not diffusers(schedulers.VariancePreserving(), 20).findings


def test_a_wrong_noise_constant_leaves_a_bias():
    """DDIM with eta = 1 whose noise is sqrt(2) too large keeps a bias of the variance as N
    grows."""

    class Loud(schedulers.VariancePreserving):
        def step(self, output, timestep, sample, generator=None):
            loud = SimpleNamespace(
                standard_normal=lambda shape: math.sqrt(2) * generator.standard_normal(shape)
            )
            return super().step(output, timestep, sample, eta=1.0, generator=loud)

    right = [
        gaussian_variance_error(diffusers(schedulers.VariancePreserving(), n, eta=1.0))
        for n in (20, 100)
    ]
    wrong = [gaussian_variance_error(diffusers(Loud(), n)) for n in (20, 100)]
    assert abs(right[1]) < abs(right[0]) / 3
    assert wrong[1] > 0.5


def test_clipping_of_the_predicted_sample():
    class Clips(schedulers.VariancePreserving):
        def _answer(self, output, sample, product):
            d, epsilon = super()._answer(output, sample, product)
            return np.clip(d, -1, 1), epsilon

    with pytest.raises(NonlinearSampler, match="test_diffusers Clips: not linear"):
        diffusers(Clips(), 20)


def test_noise_sampler_attributes_are_replaced():
    class Sde(schedulers.VarianceExploding):
        noise_sampler = None

        def step(self, output, timestep, sample):
            s, t = self.sigmas[self.index : self.index + 2]
            self.index += 1
            d = sample - s * output
            r = (t / s) ** 2
            noise = t * np.sqrt(1 - r) * self.noise_sampler(s, t) if t > 0 else 0.0
            return (r * sample + (1 - r) * d + noise,)

    white, path = diffusers(Sde(), 12), diffusers(Sde(), 12, noise="brownian")
    assert white.draws == 11 and white.facts().kind == "one noise a step"
    assert (white.rows() == path.rows()).all()  # neighbouring increments are independent


REFUSED = {
    "no step": (
        lambda: diffusers(schedulers.NoStep(), 3),
        "NoStep has no step; an object with set_timesteps",
    ),
    "no set_timesteps": (
        lambda: diffusers(SimpleNamespace(step=1), 3),
        "SimpleNamespace has no set_timesteps",
    ),
    "no timesteps": (lambda: diffusers(SimpleNamespace(step=1)), "has no timesteps"),
    "lost batch": (
        lambda: diffusers(schedulers.WrongShape(), 5),
        r"step 2 returned shape \(1, 1, 1, 1\); the sample",
    ),
    "steps": (lambda: diffusers(schedulers.Flow(), 0), "steps is 0; a whole number of at least 1"),
    "many steps": (
        lambda: diffusers(schedulers.VariancePreserving(), 10**9),
        "steps is 1000000000; a trace takes at most 20000 model calls",
    ),
    "prediction": (
        lambda: diffusers(schedulers.Flow(), 5, "noise"),
        "prediction is 'noise'; one of 'epsilon'",
    ),
    "contradiction": (
        lambda: diffusers(schedulers.VariancePreserving(), 5, "sample"),
        "config says 'epsilon'",
    ),
    "scaling": (
        lambda: diffusers(schedulers.Flow(), 5, scaling="x"),
        "scaling is 'x'; one of 'vp'",
    ),
    "called_at": (
        lambda: diffusers(schedulers.Flow(), 5, called_at="x"),
        "called_at is 'x'; one of 'sigmas'",
    ),
    "no calls": (
        lambda: diffusers(schedulers.Flow(), 5, calls=0),
        "calls is 0; the scheduler has 5",
    ),
    "noise": (lambda: diffusers(schedulers.Flow(), 5, noise="x"), "noise is 'x'; one of 'white'"),
    "precision": (lambda: diffusers(schedulers.Flow(), 5, precision="x"), "precision is 'x'"),
    "levels": (
        lambda: diffusers(schedulers.Flow(), 5, levels=[1, 0]),
        "levels has 2 entries; .* needs 6",
    ),
    "calls": (
        lambda: diffusers(schedulers.Flow(), 5, calls=6),
        "calls is 6; the scheduler has 5 timesteps",
    ),
    "step argument": (
        lambda: diffusers(schedulers.Flow(), 5, eta=1.0),
        r"Flow.step\(.*, eta\) failed",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_wrong_use_is_refused_in_one_line(name):
    call, text = REFUSED[name]
    with pytest.raises(ValueError, match=text) as caught:
        call()
    assert "\n" not in str(caught.value)


def changed(cls, **methods):
    return type(cls.__name__, (cls,), methods)()


def test_returns_timesteps_and_tables_that_cannot_be_used():
    nothing = changed(schedulers.Flow, step=lambda self, *_: None)
    with pytest.raises(
        ValueError, match="step 0 returned NoneType; a sample, a tuple that begins with it"
    ):
        diffusers(nothing, 5)
    between = schedulers.VariancePreserving()
    between.set_timesteps(5)
    between.timesteps = between.timesteps + 0.5
    with pytest.raises(
        ValueError,
        match=r"called at timestep 161.5, an unknown level; alphas_cumprod has timesteps 0 to 199",
    ):
        diffusers(between)
    empty = changed(schedulers.Flow, set_timesteps=lambda self, n: setattr(self, "timesteps", []))
    with pytest.raises(ValueError, match="has no timesteps; call set_timesteps"):
        diffusers(empty, 5)
    scaled = changed(schedulers.VarianceExploding, scale_model_input=lambda self, x, t: x / 3)
    with pytest.raises(ValueError, match="scale_model_input multiplies by 0.333333 at sigma = 20"):
        diffusers(scaled, 5)
    with pytest.raises(ValueError, match="Flow cannot be copied: cannot pickle"):
        locked = schedulers.Flow()
        locked.lock = threading.Lock()
        diffusers(locked, 5)
    table = schedulers.VariancePreserving()
    table.alphas_cumprod[161] = 1.5
    with pytest.raises(
        ValueError, match=r"alphas_cumprod\[161\] is 1.5; it must be at least 0 and below 1"
    ):
        diffusers(table, 5)
    odd = changed(
        schedulers.Flow,
        set_timesteps=lambda self, n: (
            setattr(self, "timesteps", np.arange(n)),
            setattr(self, "sigmas", np.linspace(5, 0, n + 1)),
        ),
    )
    with pytest.raises(
        ValueError, match="cannot tell whether samples are variance preserving or exploding"
    ):
        diffusers(odd, 5)
