"""The path certificate of li-cai in numpy: what a careful user would write without lemmabench.

Arguments: steps relative_error. Prints one line "seconds path_kl" for the 16-component mixture in 64
dimensions of bench/path_certificate.cpp, schedule li-cai:c0=2,c1=9, level 0.99. The same method as
ours: independent samples for every t, Neyman's allocation after a pilot of 256, the same Runge-Kutta
method of order 6 with the same choice of its substeps, displacements; scores by matrix products, which
is the fastest way here, on one thread (a second one slows BLAS down at this size). What it lacks is the
second level of the flow.
"""

import os
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

SIZE, DIM = 16, 64
INDEX = np.arange(SIZE * DIM).reshape(SIZE, DIM)
MEANS = np.round(1.2 * np.sin(1 + 3 * INDEX), 3)
VARIANCES = np.round(0.3 + 0.2 * np.cos(2 + 5 * INDEX), 3)
QUANTILE = 2.576
A = [[], [1 / 3], [0, 2 / 3], [1 / 12, 1 / 3, -1 / 12], [-1 / 16, 9 / 8, -3 / 16, -3 / 8],
     [0, 9 / 8, -3 / 8, -3 / 4, 1 / 2], [9 / 44, -9 / 11, 63 / 44, 18 / 11, 0, -16 / 11]]
B = [11 / 120, 0, 27 / 40, 27 / 40, -4 / 15, -4 / 15, 11 / 120]
C = [0, 1 / 3, 2 / 3, 1 / 3, 1 / 2, 1 / 2, 1]


class Marginal:
    def __init__(self, tau):
        variance = VARIANCES + tau
        self.precision = 1 / variance
        self.pulled = MEANS * self.precision
        self.constant = -0.5 * (np.log(variance) + MEANS * self.pulled).sum(axis=1)

    def score(self, y):
        logits = y @ self.pulled.T - 0.5 * ((y * y) @ self.precision.T) + self.constant
        logits -= logits.max(axis=1, keepdims=True)
        shares = np.exp(logits, out=logits)
        shares /= shares.sum(axis=1, keepdims=True)
        return shares @ self.pulled - y * (shares @ self.precision)


def combine(weights, slopes, scale):
    total = 0
    for weight, slope in zip(weights, slopes):
        if weight != 0:
            total = total + (scale * weight) * slope
    return total


class Flow:
    def __init__(self, tau, length, substeps):
        self.step = length / substeps
        self.nodes = [[Marginal(tau + (n + c) * self.step) for c in C] for n in range(substeps)]

    def displacement(self, y, first):
        moved = np.zeros_like(y)
        for n, nodes in enumerate(self.nodes):
            slopes = [first if n == 0 else nodes[0].score(y + moved)]
            for a, node in zip(A[1:], nodes[1:]):
                slopes.append(node.score(y + moved + combine(a, slopes, -self.step / 2)))
            moved = moved + combine(B, slopes, -self.step / 2)
        return moved


class Step:
    def __init__(self, level, below, generator):
        self.generator = generator
        abar, noise = level
        self.tau = noise / abar
        self.alpha = abar / below[0]
        self.b = (1 - below[1] * abar / (below[0] * noise)) * noise
        self.signal, self.signal_below = np.sqrt(abar), np.sqrt(below[0])
        self.here, self.below = Marginal(self.tau), Marginal(below[1] / below[0])
        self.substeps = 1
        self.reset()

    def reset(self):
        length = -2 * self.b / self.signal**2
        self.flow = Flow(self.tau, length, self.substeps)
        self.finer = Flow(self.tau, length, 2 * self.substeps)
        self.values, self.delta = np.empty(0), 0.0

    def draw(self, count, check):
        k = self.generator.integers(SIZE, size=count)
        y = self.generator.standard_normal((count, DIM))
        y = MEANS[k] + np.sqrt(VARIANCES[k] + self.tau) * y
        score = self.here.score(y)
        root = np.sqrt(self.alpha)
        middle = (self.signal * y + (self.b / 2 / self.signal) * score) / root
        second = self.below.score(middle / self.signal_below) / self.signal_below / root
        phi = self.flow.displacement(y, score)
        gap = self.signal * phi - self.b * second
        self.values = np.concatenate([self.values, (gap * gap).sum(axis=1) / (2 * self.b)])
        if check:
            gap = self.signal * (phi - self.finer.displacement(y, score)) * (64 / 63)
            self.delta = (gap * gap).sum() / (2 * self.b) / count

    def bias(self):
        return 2 * np.sqrt(self.values.mean() * self.delta) + self.delta


def path_kl(steps, relative_error):
    generator = np.random.Generator(np.random.Philox(1))
    scale = 9 * np.log(steps) / steps
    levels = [(float(steps) ** -2.0, 1 - float(steps) ** -2.0)]
    for _ in range(steps - 1):
        abar, noise = levels[-1]
        levels.append((abar * (1 + scale * noise), noise * (1 - scale * abar)))
    all_steps = [Step(a, b, generator) for a, b in zip(levels, levels[1:])]
    todo = all_steps
    while todo:
        for step in todo:
            step.draw(256, True)
        average = sum(s.values.mean() for s in all_steps) / len(all_steps)
        todo = [s for s in todo
                if s.bias() > 0.05 * relative_error * (s.values.mean() + average) / 2]
        for step in todo:
            step.substeps *= 2
            step.reset()
    while True:
        total = sum(s.values.mean() for s in all_steps)
        bias = sum(s.bias() for s in all_steps)
        error = np.sqrt(sum(s.values.var(ddof=1) / len(s.values) for s in all_steps))
        if QUANTILE * error + bias <= relative_error * total:
            return total
        goal = 0.9 * (relative_error * total - bias) / QUANTILE
        deviation = [max(s.values.std(ddof=1), s.values.mean() / 2) for s in all_steps]
        cost = [np.sqrt(7 * s.substeps + 1) for s in all_steps]
        weight = sum(d * c for d, c in zip(deviation, cost))
        for s, d, c in zip(all_steps, deviation, cost):
            want = min(int(d / c * weight / goal**2) + 1, 8 * len(s.values))
            while len(s.values) < want:
                s.draw(min(max(want - len(s.values), 64), 1024), False)


def main():
    steps, relative_error = int(sys.argv[1]), float(sys.argv[2])
    start = time.perf_counter()
    value = path_kl(steps, relative_error)
    print(time.perf_counter() - start, repr(float(value)))


main()
