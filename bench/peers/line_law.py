"""The line law of li-cai by dense propagation in numpy: the usual way, on a 2000-point grid.

Arguments: steps, and "dense" or "hybrid". Prints one line "seconds tv" for the three-component mixture
of test/reference/line_laws.json, schedule li-cai:c0=2,c1=9, start N(0, 1).

dense: every step multiplies the density by a 2000 x 2000 kernel. Once the noise of a step is finer than
the grid the grid cannot carry the kernel, which is then taken with the noise of one grid spacing: the
result is good to one digit. hybrid: such a step is taken as a change of variables with linear
interpolation instead; faster, and good to one digit and a half.
"""

import sys
import time

import numpy as np

WEIGHTS = np.array([0.5, 0.3, 0.2])
MEANS = np.array([-1.5, 0.4, 1.8])
VARIANCES = np.array([0.09, 0.16, 0.04])


def density_and_score(x, abar, noise):
    variance = abar * VARIANCES + noise
    gap = x[:, None] - np.sqrt(abar) * MEANS
    parts = WEIGHTS * np.exp(-gap * gap / (2 * variance)) / np.sqrt(2 * np.pi * variance)
    total = parts.sum(axis=1)
    return total, -(parts * gap / variance).sum(axis=1) / np.maximum(total, 1e-300)


def tv_of_li_cai(steps, hybrid, points=2000):
    x = np.linspace(-6, 6, points)
    spacing = x[1] - x[0]
    scale = 9 * np.log(steps) / steps
    abar = float(steps) ** -2.0
    noise = 1 - abar
    q = np.exp(-x * x / 2) / np.sqrt(2 * np.pi)
    for _ in range(steps - 1):
        growth = 1 + scale * noise
        abar_next, noise_next = abar * growth, noise * (1 - scale * abar)
        alpha = 1 / growth
        b = scale * noise * alpha
        root = np.sqrt(alpha)
        middle = (x + b / 2 * density_and_score(x, abar, noise)[1]) / root
        mean = (x + b / root * density_and_score(middle, abar_next, noise_next)[1]) / root
        sd = np.sqrt(b / alpha)
        if hybrid and sd < spacing:
            q = np.interp(x, mean, q / np.gradient(mean, x))
        else:
            sd = max(sd, spacing)
            kernel = np.exp(-((x[:, None] - mean[None, :]) ** 2) / (2 * sd * sd))
            q = kernel @ q * spacing / (sd * np.sqrt(2 * np.pi))
        abar, noise = abar_next, noise_next
    return np.abs(q - density_and_score(x, abar, noise)[0]).sum() * spacing / 2


def main():
    start = time.perf_counter()
    tv = tv_of_li_cai(int(sys.argv[1]), sys.argv[2] == "hybrid")
    print(time.perf_counter() - start, tv)


main()
