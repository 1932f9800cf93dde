"""The radial law of li-cai by dense propagation in numpy: the usual way, on a grid of log-radii.

Arguments: steps, dimension. Prints one line "seconds tv" for Student-t with nu = 3, schedule
li-cai:c0=2,c1=9, start N(0, I).

The state is the density of v = log(|y|/sqrt(d)) on 1500 points. Every step multiplies it by the kernel of
the radius (Debye's expansion of the Bessel function, good to 1e-7 at order 127). Once that kernel is finer than three points the grid cannot
carry it, and the step is a change of variables with linear interpolation instead.
"""

import math
import sys
import time

import numpy as np

NU = 3.0


def scale_grid(points=400):
    """Nodes and weights of W ~ InvGamma(nu/2, nu/2) by the trapezoid rule in log W."""
    y = np.linspace(-4.5, 26, points)
    log_weight = -NU / 2 * (y + np.expm1(-y))
    weight = np.exp(log_weight - log_weight.max())
    return np.exp(y), weight / weight.sum()


class Marginal:
    def __init__(self, dim, abar, noise, scales, weights):
        self.half, self.s, self.log_w = dim / 2, abar * scales + noise, np.log(weights)

    def terms(self, v):
        delta = 2 * v[:, None] - np.log(self.s)
        return self.log_w - self.half * (np.exp(np.minimum(delta, 300)) - delta)

    def density(self, v):
        peak = np.log(2) + self.half * np.log(self.half) - math.lgamma(self.half)
        terms = self.terms(v)
        largest = terms.max(axis=1)
        return np.exp(peak + largest) * np.exp(terms - largest[:, None]).sum(axis=1)

    def score_factor(self, v):
        terms = self.terms(v)
        weight = np.exp(terms - terms.max(axis=1, keepdims=True))
        return -(weight / self.s).sum(axis=1) / weight.sum(axis=1)


def log_kernel(v, log_mean, sigma, dim):
    """log density of v at means |m| = sqrt(d) e^log_mean."""
    order = dim / 2 - 1
    rho = np.sqrt(dim) * np.exp(v)[:, None] / sigma
    mean = np.sqrt(dim) * np.exp(log_mean)[None, :] / sigma
    z = rho * mean
    w = np.hypot(order, z)
    p2 = (order / w) ** 2
    debye = 1 + (3 - 5 * p2) / (24 * w) + (81 - 462 * p2 + 385 * p2 * p2) / (1152 * w * w)
    bessel = w - z - order * np.arcsinh(order / z) - 0.5 * np.log(2 * np.pi * w) + np.log(debye)
    return 2 * np.log(rho) + order * (np.log(rho) - np.log(mean)) - (rho - mean) ** 2 / 2 + bessel


def tv_of_li_cai(steps, dim, points=1500):
    scales, weights = scale_grid()
    v = np.linspace(-2.5, 7, points)
    spacing = v[1] - v[0]
    rate = 9 * np.log(steps) / steps
    abar = float(steps) ** -2.0
    noise = 1 - abar
    start = Marginal(dim, 0.5, 0.5, np.ones(1), np.ones(1))
    q = start.density(v)
    here = Marginal(dim, abar, noise, scales, weights)
    for _ in range(steps - 1):
        growth = 1 + rate * noise
        b = rate * noise / growth
        abar, noise = abar * growth, noise * (1 - rate * abar)
        alpha = 1 / growth
        root = np.sqrt(alpha)
        there = Marginal(dim, abar, noise, scales, weights)
        middle = (1 + b / 2 * here.score_factor(v)) / root
        factor = (1 + b / root * there.score_factor(v + np.log(np.abs(middle))) * middle) / root
        log_mean = v + np.log(np.abs(factor))
        sigma = np.sqrt(b / alpha)
        width = sigma / np.sqrt(dim)
        if width < 3 * spacing:
            drift = 0.5 * np.log(np.exp(2 * log_mean) + sigma * sigma * (dim - 1) / dim)
            q = np.interp(v, drift, q / np.gradient(drift, v), left=0, right=0)
        else:
            q = np.exp(log_kernel(v, log_mean, sigma, dim)) @ q * spacing
        here = there
    return np.abs(q - here.density(v)).sum() * spacing / 2


def main():
    start = time.perf_counter()
    tv = tv_of_li_cai(int(sys.argv[1]), int(sys.argv[2]))
    print(time.perf_counter() - start, tv)


main()
