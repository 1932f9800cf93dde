"""Small samplers as functions sampler(model, x, sigmas, ...), right ones and ones with one mistake.

All are in x = X_0 + sigma Z with model(x, sigma) = E[X_0 | x]; lambda = -log sigma, h a step of it.
"""

import numpy as np


def euler(model, x, sigmas, callback=None, disable=None):
    """x' = x + (sigma' - sigma) (x - D)/sigma."""
    for s, t in zip(sigmas[:-1], sigmas[1:]):
        d = (x - model(x, s)) / s
        x = x + d * (t - s)
    return x


def heun(model, x, sigmas):
    """The trapezoidal rule in sigma; Euler where the next level is 0."""
    for s, t in zip(sigmas[:-1], sigmas[1:]):
        d = (x - model(x, s)) / s
        y = x + d * (t - s)
        if t > 0:
            y = x + (d + (y - model(y, t)) / t) / 2 * (t - s)
        x = y
    return x


def _weights(lambdas, h):
    """Weights w_i with integral over [0, h] of e^{u-h} D(u) du = sum w_i D(lambda_i) for the
    polynomial D through the given points (u = 0 is the present one)."""
    n = len(lambdas)
    moments = [1 - np.exp(-h)]
    for k in range(1, n):
        moments.append(h**k - k * moments[-1])
    return np.linalg.solve(np.vander(lambdas, n, increasing=True).T, moments)


def multistep(model, x, sigmas, order=3, mistake=1.0):
    """Exponential Adams-Bashforth for dx/dlambda = D - x in lambda (x/sigma is what is integrated).

    mistake scales the weight of the second difference: only 1 is of order 3.
    """
    answers, lambdas = [], []
    for s, t in zip(sigmas[:-1], sigmas[1:]):
        answers, lambdas = [model(x, s)] + answers[: order - 1], [-np.log(s)] + lambdas[: order - 1]
        h = np.log(s / t)
        points = np.array(lambdas) - lambdas[0]
        w = _weights(points, h)
        if len(w) == 3:
            short = np.append(_weights(points[:2], h), 0.0)
            w = short + mistake * (w - short)
        # d(x/sigma)/dlambda = D/sigma, so x' = (t/s) x + integral of e^{u-h} D du.
        x = (t / s) * x + sum(a * d for a, d in zip(w, answers))
    return x


def sde(model, x, sigmas, noise_sampler=None, noise_factor=1.0):
    """The exact step of the reverse SDE with D frozen; noise_factor 1 is right."""
    for s, t in zip(sigmas[:-1], sigmas[1:]):
        r = (t / s) ** 2
        x = r * x + (1 - r) * model(x, s)
        if t > 0:
            x = x + noise_factor * t * np.sqrt(1 - r) * noise_sampler(s, t)
    return x


def sde_with_memory(model, x, sigmas, noise_sampler=None):
    """The same with D extrapolated linearly from the two last calls: noise and memory."""
    old = None
    for i, (s, t) in enumerate(zip(sigmas[:-1], sigmas[1:])):
        d = model(x, s)
        r = (t / s) ** 2
        ahead = d if old is None else d + (d - old) * np.log(s / t) / np.log(sigmas[i - 1] / s) / 2
        x = r * x + (1 - r) * ahead + t * np.sqrt(1 - r) * noise_sampler(s, t)
        old = d
    return x


def sde_midpoint(model, x, sigmas, noise_sampler=None):
    """Two calls a step; the half step and the whole step each ask for their noise, which is right
    with one Brownian path and wrong with independent draws."""
    for s, t in zip(sigmas[:-1], sigmas[1:]):
        m = np.sqrt(s * t)
        r, q = (t / s) ** 2, (m / s) ** 2
        y = q * x + (1 - q) * model(x, s) + m * np.sqrt(1 - q) * noise_sampler(s, m)
        x = r * x + (1 - r) * model(y, m) + t * np.sqrt(1 - r) * noise_sampler(s, t)
    return x


def two_calls_one_noise(model, x, sigmas, noise_sampler=None):
    """A midpoint without noise of its own, then one draw."""
    for s, t in zip(sigmas[:-1], sigmas[1:]):
        m, r = np.sqrt(s * t), (t / s) ** 2
        y = (m / s) * x + (1 - m / s) * model(x, s)
        x = r * x + (1 - r) * model(y, m) + t * np.sqrt(1 - r) * noise_sampler(s, t)
    return x


def churn(model, x, sigmas, gamma=0.2):
    """Adds noise before every call, as Algorithm 2 of Karras et al. (2022) does."""
    for s, t in zip(sigmas[:-1], sigmas[1:]):
        up = s * (1 + gamma)
        x = x + np.sqrt(up**2 - s**2) * np.random.standard_normal(x.shape)
        x = x + (x - model(x, up)) / up * (t - up)
    return x


def constant_off(model, x, sigmas):
    """Euler whose model weight is 0.999 of what it should be."""
    for s, t in zip(sigmas[:-1], sigmas[1:]):
        x = (t / s) * x + 0.999 * (1 - t / s) * model(x, s)
    return x


def wrong_level(model, x, sigmas):
    """The two-point multistep formula with the model asked at the next level."""
    return multistep(lambda y, s: model(y, s * 0.9), x, sigmas, order=2)


def clipping(model, x, sigmas, bound=1.0):
    """Euler with the model's answer clipped: linear for small impulses."""
    return euler(lambda y, s: np.clip(model(y, s), -bound, bound), x, sigmas)


def adaptive(model, x, sigmas):
    """Makes a second call where the first answer is large."""
    for s, t in zip(sigmas[:-1], sigmas[1:]):
        d = model(x, s)
        if np.abs(d).max() > 3:
            d = (d + model(x, s)) / 2
        x = (t / s) * x + (1 - t / s) * d
    return x


def single_precision(model, x, sigmas):
    """Euler that computes in float32 and gives back float64."""
    return euler(model, x.astype(np.float32), np.asarray(sigmas, np.float32)).astype(np.float64)
