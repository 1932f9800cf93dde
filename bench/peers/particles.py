"""ddpm on exact scores in numpy: what a careful user would write without lemmabench.

Arguments: steps samples. Prints one line "seconds mean_square" (of the coordinates of Y_1) for the
16-component mixture in 64 dimensions of bench/particles.cpp, schedule li-cai:c0=2,c1=9. Scores by matrix
products, blocks of particles that stay in the cache, all updates in place, normals by numpy's ziggurat
with its default generator (SFC64 takes 17 % less time in all, Philox, the kind of ours, 25 % more); BLAS
on one thread, which is the fastest here (products are this small).
"""

import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

SIZE, DIM = 16, 64
INDEX = np.arange(SIZE * DIM).reshape(SIZE, DIM)
MEANS = np.round(1.2 * np.sin(1 + 3 * INDEX), 3)
VARIANCES = np.round(0.3 + 0.2 * np.cos(2 + 5 * INDEX), 3)
BLOCK = 512


class Level:
    """The marginal at one level: precisions, what they pull to, and log weights."""

    def __init__(self, abar, noise):
        variance = abar * VARIANCES + noise
        means = np.sqrt(abar) * MEANS
        self.precision = 1 / variance
        self.pulled = means * self.precision
        self.constant = -0.5 * (np.log(variance) + means * self.pulled).sum(axis=1)
        self.logits = np.vstack([self.pulled.T, -0.5 * self.precision.T])
        self.pulls = np.hstack([self.pulled, self.precision])


def run(steps, samples):
    generator = np.random.default_rng(1)
    scale = 9 * np.log(steps) / steps
    levels = [(float(steps) ** -2.0, 1 - float(steps) ** -2.0)]
    for _ in range(steps - 1):
        abar, noise = levels[-1]
        levels.append((abar * (1 + scale * noise), noise * (1 - scale * abar)))
    marginals = [Level(*level) for level in levels]
    out = np.empty((samples, DIM))
    both = np.empty((BLOCK, 2 * DIM))
    noise_buffer = np.empty((BLOCK, DIM))
    for start in range(0, samples, BLOCK):
        y = out[start:start + BLOCK]
        point, z = both[:len(y)], noise_buffer[:len(y)]
        generator.standard_normal(out=y)
        for level, below, marginal in zip(levels, levels[1:], marginals):
            alpha = level[0] / below[0]
            b = (1 - below[1] * level[0] / (below[0] * level[1])) * level[1]
            point[:, :DIM] = y
            np.multiply(y, y, out=point[:, DIM:])
            shares = point @ marginal.logits
            shares += marginal.constant
            shares -= shares.max(axis=1, keepdims=True)
            np.exp(shares, out=shares)
            shares /= shares.sum(axis=1, keepdims=True)
            pulls = shares @ marginal.pulls
            pulls[:, DIM:] *= y
            pulls[:, :DIM] -= pulls[:, DIM:]
            pulls[:, :DIM] *= b
            y += pulls[:, :DIM]
            generator.standard_normal(out=z)
            z *= np.sqrt(b)
            y += z
            y /= np.sqrt(alpha)
    return (out * out).mean()


def main():
    steps, samples = int(sys.argv[1]), int(sys.argv[2])
    start = time.perf_counter()
    value = run(steps, samples)
    print(time.perf_counter() - start, repr(float(value)))


main()
