"""The laws of sampler schemes on the three-component mixture by numpy on grids: the usual way.

Arguments: the scheme file and "map", "steps", "pairs" or "band". Prints one line "seconds tv
fineness": the total variation of the output from X_0 + sigma_K Z, started at X_0 + sigma_0 Z.

map:    a deterministic scheme is one map m of x_T, made on a fine grid with its derivative;
        TV = (1/2) int |start - truth(m) m'|, a sum over the grid.
steps:  y' = a y + b D(y) + c z. The density on a grid fine enough for the noise, times a matrix of
        Gaussians, step by step (the trapezoid rule; on all of the line it is the best there is).
pairs:  y' = a y + b D(y) + b' D'(y_before) + c z. The joint density of the two latest states on a
        grid of two axes; a step is a product with a matrix of Gaussians for each present state.
band:   the same with the joint density kept where it is not 0, beside the diagonal, and the
        matrices no larger than that: the work of an afternoon.

All are done on finer and finer grids, until two in a row agree to 1e-8.
"""

import json
import sys
import time

import numpy as np

WEIGHTS = np.array([0.5, 0.3, 0.2])
MEANS = np.array([-1.5, 0.4, 1.8])
VARIANCES = np.array([0.09, 0.16, 0.04])
REACH = 8.0  # deviations


def density(x, sigma):
    variance = VARIANCES + sigma * sigma
    gap = x[..., None] - MEANS
    return (WEIGHTS * np.exp(-gap * gap / (2 * variance)) / np.sqrt(2 * np.pi * variance)).sum(-1)


def denoiser(x, sigma):
    """E[X_0 | x] and its derivative."""
    noise = sigma * sigma
    total = VARIANCES + noise
    gap = MEANS - x[..., None]
    logs = np.log(WEIGHTS) - np.log(total) / 2 - gap * gap / (2 * total)
    share = np.exp(logs - logs.max(-1, keepdims=True))
    share /= share.sum(-1, keepdims=True)
    each = (MEANS * noise + VARIANCES * x[..., None]) / total
    answer = (share * each).sum(-1)
    pull = gap / total
    excess = pull - (share * pull).sum(-1, keepdims=True)
    slope = (share * (VARIANCES / total + excess * (each - answer[..., None]))).sum(-1)
    return answer, slope


class Scheme:
    def __init__(self, path):
        with open(path) as file:
            data = json.load(file)
        self.sigmas = np.array(data["sigmas"], float)
        self.calls, self.draws = data["model_calls"], data["draws"]
        if "rows" in data:
            self.rows = np.array(data["rows"], float)
            return
        self.rows = np.zeros((self.calls + 1, 1 + self.calls + self.draws))
        for k, row in enumerate(data["recursion"]):
            for name, value in row.items():
                kind, index = name[0], int(name[1:] or 0)
                if kind == "y":
                    self.rows[k] += value * self.rows[index]
                else:
                    self.rows[k, {"x": 0, "D": 1, "z": 1 + self.calls}[kind] + index] += value

    def steps(self):
        """(a, b, b', c) of every step y_{k+1} = a y_k + b D_k + b' D_{k-1} + c z."""
        out = []
        for k in range(self.calls):
            a = self.rows[k + 1, 0] / self.rows[k, 0]
            rest = self.rows[k + 1] - a * self.rows[k]
            noise = rest[1 + self.calls :]
            before = rest[k] if k else 0.0
            out.append((a, rest[1 + k], before, np.sqrt((noise * noise).sum())))
            rest[1 + k] = rest[k if k else 0] = 0
            assert np.abs(rest[: 1 + self.calls]).max() < 1e-9, "deeper memory than one state"
        return out

    def range(self, k):
        sd = np.sqrt(VARIANCES + self.sigmas[k] ** 2)
        return (MEANS - REACH * sd).min(), (MEANS + REACH * sd).max()


def by_map(scheme, fineness):
    points = int(1000 * fineness) + 1
    low, high = scheme.range(0)
    x = np.linspace(low, high, points)
    outputs, slopes = np.zeros((scheme.calls, points)), np.zeros((scheme.calls, points))
    for k in range(scheme.calls + 1):
        row = scheme.rows[k]
        y = row[0] * x + row[1 : 1 + k] @ outputs[:k]
        slope = row[0] + row[1 : 1 + k] @ slopes[:k]
        if k < scheme.calls:
            outputs[k], slopes[k] = denoiser(y, scheme.sigmas[k])
            slopes[k] *= slope
    difference = density(x, scheme.sigmas[0]) - density(y, scheme.sigmas[-1]) * slope
    return corner_sum(x, difference)


def corner_sum(x, difference):
    """Half the integral of |difference| by the trapezoid rule, and what the rule lacks at each
    corner of |difference|: |slope| step^2 (1/6 - s + s^2), s the place of the zero in its cell."""
    step = x[1] - x[0]
    total = np.abs(difference).sum() * step
    for i in np.flatnonzero(difference[:-1] * difference[1:] < 0):
        if max(abs(difference[i]), abs(difference[i + 1])) < 1e-11:
            continue
        near = np.arange(max(0, i - 3), min(len(x), i + 5))
        cell = np.polynomial.Polynomial.fit((x[near] - x[i]) / step, difference[near], 7)
        share = difference[i] / (difference[i] - difference[i + 1])
        for _ in range(4):
            share -= cell(share) / cell.deriv()(share)
        total += abs(cell.deriv()(share)) * step * (1 / 6 - share + share * share)
    return total / 2


def grid(low, high, scale, fineness):
    count = int(np.ceil((high - low) * fineness / scale)) + 1
    return np.linspace(low, high, max(count, 100))


def steepest(scheme, k, a, b):
    probe = np.linspace(*scheme.range(k), 2000)
    return max(1.0, np.abs(a + b * denoiser(probe, scheme.sigmas[k])[1]).max())


def by_steps(scheme, fineness):
    steps = scheme.steps()
    scales = [c / steepest(scheme, k, a, b) for k, (a, b, _, c) in enumerate(steps)]
    x = grid(*scheme.range(0), scales[0], fineness)
    q = density(x, scheme.sigmas[0])
    for k, (a, b, _, c) in enumerate(steps):
        last = k + 1 == scheme.calls
        # Before the last step the next kernel must be resolved, and the noise that made the state.
        y = grid(*scheme.range(k + 1), c / 3 if last else min(c, scales[k + 1]), fineness)
        mean = a * x + b * denoiser(x, scheme.sigmas[k])[0]
        kernel = np.exp(-0.5 * ((y[:, None] - mean) / c) ** 2)
        q = kernel @ q * ((x[1] - x[0]) / (c * np.sqrt(2 * np.pi)))
        x = y
    return corner_sum(x, q - density(x, scheme.sigmas[-1]))


def state_grid(scheme, steps, k, fineness):
    noises = [steps[j][3] for j in (k - 1, k, k + 1) if 0 <= j < scheme.calls]
    return grid(*scheme.range(k), min(noises) / 1.25, fineness)


def by_pairs(scheme, fineness):
    """joint[i, n] is the density of y_k = x[i] and y_{k-1} = before[n]."""
    steps = scheme.steps()
    before, x = (state_grid(scheme, steps, k, fineness) for k in (0, 1))
    a, b, _, c = steps[0]
    mean = a * before + b * denoiser(before, scheme.sigmas[0])[0]
    joint = np.exp(-0.5 * ((x[:, None] - mean) / c) ** 2) / (c * np.sqrt(2 * np.pi))
    joint *= density(before, scheme.sigmas[0])
    for k in range(1, scheme.calls):
        a, b, of_before, c = steps[k]
        last = k + 1 == scheme.calls
        y = (
            grid(*scheme.range(k + 1), c / 3, fineness)
            if last
            else state_grid(scheme, steps, k + 1, fineness)
        )
        here = a * x + b * denoiser(x, scheme.sigmas[k])[0]
        there = of_before * denoiser(before, scheme.sigmas[k - 1])[0]
        joint *= (before[1] - before[0]) / (c * np.sqrt(2 * np.pi))
        shifted = (y[:, None] - there) / c
        made = np.empty((len(y), len(x)))
        for i in range(len(x)):
            made[:, i] = np.exp(-0.5 * (shifted - here[i] / c) ** 2) @ joint[i]
        joint, before, x = made, x, y
    return corner_sum(x, joint.sum(1) * (before[1] - before[0]) - density(x, scheme.sigmas[-1]))


def by_band(scheme, fineness):
    """Q[i, n] is the joint density of y_k = x[i] and y_{k-1} = before[first[i] + n]."""
    steps = scheme.steps()
    before, x = (state_grid(scheme, steps, k, fineness) for k in (0, 1))
    a, b, _, c = steps[0]
    mean = a * before + b * denoiser(before, scheme.sigmas[0])[0]
    joint = np.exp(-0.5 * ((x[:, None] - mean) / c) ** 2) / (c * np.sqrt(2 * np.pi))
    joint *= density(before, scheme.sigmas[0])
    joint, first = banded(joint)
    for k in range(1, scheme.calls):
        a, b, of_before, c = steps[k]
        last = k + 1 == scheme.calls
        y = (
            grid(*scheme.range(k + 1), c / 3, fineness)
            if last
            else state_grid(scheme, steps, k + 1, fineness)
        )
        here = a * x + b * denoiser(x, scheme.sigmas[k])[0]
        there = of_before * denoiser(before, scheme.sigmas[k - 1])[0]
        weight = (before[1] - before[0]) / (c * np.sqrt(2 * np.pi))
        spacing = y[1] - y[0]
        columns = np.minimum(first[:, None] + np.arange(joint.shape[1]), len(before) - 1)
        means = here[:, None] + there[columns]
        live = joint > 1e-18 * joint.max()
        low = np.where(live, means, np.inf).min(1) - REACH * c
        high = np.where(live, means, -np.inf).max(1) + REACH * c
        some = live.any(1)
        start = np.zeros(len(x), int)
        start[some] = np.clip((low[some] - y[0]) // spacing, 0, len(y) - 1).astype(int)
        width = int(((high - low)[some] / spacing).max()) + 2
        made = np.zeros((len(x), width))
        for i in np.flatnonzero(some):
            stretch = y[0] + spacing * (start[i] + np.arange(width))
            alive = live[i]
            kernel = np.exp(-0.5 * ((stretch[:, None] - means[i, alive]) / c) ** 2)
            made[i] = kernel @ joint[i, alive]
        made *= weight
        dense = np.zeros((len(y) + width, len(x)))
        np.put_along_axis(dense.T, start[:, None] + np.arange(width), made, 1)
        joint, first = banded(dense[: len(y)])
        before, x = x, y
    return corner_sum(x, joint.sum(1) * (before[1] - before[0]) - density(x, scheme.sigmas[-1]))


def banded(matrix):
    """The stretch of every row in which it is not 0, all of the same width, and where it begins."""
    live = matrix > 1e-18 * matrix.max()
    some = live.any(1)
    first = np.where(some, live.argmax(1), 0)
    end = np.where(some, matrix.shape[1] - live[:, ::-1].argmax(1), 1)
    width = int((end - first).max())
    columns = first[:, None] + np.arange(width)
    inside = columns < matrix.shape[1]
    band = np.take_along_axis(matrix, np.minimum(columns, matrix.shape[1] - 1), 1)
    return band * inside, first


def main():
    scheme = Scheme(sys.argv[1])
    start = time.perf_counter()
    law = {"map": by_map, "steps": by_steps, "pairs": by_pairs, "band": by_band}[sys.argv[2]]
    fineness, factor = (1.0, 2.0) if law is by_map else (0.7, 1.4)
    former, tv = np.inf, law(scheme, fineness)
    while abs(tv - former) > 1e-8:
        fineness *= factor
        former, tv = tv, law(scheme, fineness)
    print(time.perf_counter() - start, tv, fineness)


main()
