"""Small samplers as scheduler objects, right ones and ones with one mistake."""

from types import SimpleNamespace

import numpy as np


class VariancePreserving:
    """DDIM with eta: whole timesteps, alphas_cumprod, samples sqrt(abar) X_0 + sqrt(1 - abar) Z."""

    init_noise_sigma = 1.0

    def __init__(self, train=200, prediction="epsilon", final=1.0):
        self.config = SimpleNamespace(prediction_type=prediction, num_train_timesteps=train)
        self.alphas_cumprod = np.cumprod(1 - np.linspace(1e-4, 0.06, train))
        self.final_alpha_cumprod = np.float64(final)

    def set_timesteps(self, steps):
        self.gap = self.config.num_train_timesteps // steps
        self.timesteps = (np.arange(steps) * self.gap)[::-1] + 1

    def scale_model_input(self, sample, timestep):
        return sample

    def _answer(self, output, sample, product):
        """(D, epsilon) of the network's output."""
        a, b = np.sqrt(product), np.sqrt(1 - product)
        if self.config.prediction_type == "sample":
            return output, (sample - a * output) / b
        if self.config.prediction_type == "v_prediction":
            return a * sample - b * output, a * output + b * sample
        return (sample - b * output) / a, output

    def step(self, output, timestep, sample, eta=0.0, generator=None):
        product = self.alphas_cumprod[timestep]
        before = timestep - self.gap
        target = self.alphas_cumprod[before] if before >= 0 else self.final_alpha_cumprod
        d, epsilon = self._answer(output, sample, product)
        noise = eta * np.sqrt((1 - target) / (1 - product) * (1 - product / target))
        moved = np.sqrt(target) * d + np.sqrt(1 - target - noise**2) * epsilon
        if noise > 0:
            moved = moved + noise * generator.standard_normal(sample.shape)
        return SimpleNamespace(prev_sample=moved)


class TwoCallsAtFirst(VariancePreserving):
    """Repeats its second timestep: the first step is done again with the mean of two answers."""

    def set_timesteps(self, steps):
        super().set_timesteps(steps)
        self.timesteps = np.concatenate([self.timesteps[:2], self.timesteps[1:]])
        self.count = 0

    def step(self, output, timestep, sample):
        self.count += 1
        if self.count == 1:
            self.first = (output, timestep, sample)
            return (super().step(output, timestep, sample).prev_sample,)
        if self.count == 2:
            before, timestep, sample = self.first
            output = (output + before) / 2
        return (super().step(output, timestep, sample).prev_sample,)


class VarianceExploding:
    """Euler in sigma; the network sees x / sqrt(sigma^2 + 1); a level of the output in sigmas."""

    def __init__(self, dtype=np.float64):
        self.dtype = dtype

    def set_timesteps(self, steps):
        self.sigmas = np.append(np.geomspace(20, 0.05, steps), 0.0).astype(self.dtype)
        self.timesteps = np.log(self.sigmas[:-1])
        self.init_noise_sigma = float(np.hypot(20, 1))
        self.index = 0

    def scale_model_input(self, sample, timestep):
        return sample / np.sqrt(self.sigmas[self.index] ** 2 + 1)

    def step(self, output, timestep, sample):
        s, t = self.sigmas[self.index : self.index + 2]
        self.index += 1
        return {"prev_sample": sample + (t - s) * output}


class Flow:
    """Euler in flow time from 1 to 0; the network gives the velocity; no scale_model_input."""

    def set_timesteps(self, steps):
        self.sigmas = np.linspace(1, 0, steps + 1)
        self.timesteps = 1000 * self.sigmas[:-1]
        self.index = 0

    def step(self, output, timestep, sample):
        s, t = self.sigmas[self.index : self.index + 2]
        self.index += 1
        return sample + (t - s) * output


class WrongShape(Flow):
    """Loses the batch at its third step."""

    def step(self, output, timestep, sample):
        moved = super().step(output, timestep, sample)
        return moved[:1] if self.index == 3 else moved


class NoStep:
    """Has timesteps and no step."""

    def set_timesteps(self, steps):
        self.timesteps = np.arange(steps)


class Rounded(VariancePreserving):
    """DDIM on geometric sigmas of its own; the network is told the nearest whole timestep."""

    def set_timesteps(self, steps):
        trained = np.sqrt((1 - self.alphas_cumprod) / self.alphas_cumprod)
        self.sigmas = np.geomspace(trained[-1], trained[0], steps + 1)
        near = np.abs(np.log(self.sigmas[:-1, None] / trained)).argmin(axis=1)
        self.timesteps, self.index = near, 0

    def step(self, output, timestep, sample):
        s, t = self.sigmas[self.index : self.index + 2]
        self.index += 1
        a, b = 1 / np.hypot(1, s), 1 / np.hypot(1, t)
        return SimpleNamespace(prev_sample=b * (sample / a + (t - s) * output))


class Preconditioned(VarianceExploding):
    """Euler for a network under the preconditioning of Karras et al. (2022), sigma_data = 0.4."""

    def __init__(self, prediction="epsilon"):
        super().__init__()
        self.config = {"sigma_data": 0.4, "prediction_type": prediction}

    def scale_model_input(self, sample, timestep):
        return sample / np.sqrt(self.sigmas[self.index] ** 2 + 0.16)

    def step(self, output, timestep, sample):
        s, t = self.sigmas[self.index : self.index + 2]
        sign = -1 if self.config["prediction_type"] == "v_prediction" else 1
        d = 0.16 / (s**2 + 0.16) * sample + sign * s * 0.4 / np.sqrt(s**2 + 0.16) * output
        self.index += 1
        return (sample + (t - s) * (sample - d) / s,)
