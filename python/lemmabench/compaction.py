"""The recursion form of a scheme: each row from a few earlier rows, model outputs and draws.

A sampler of N steps has rows of O(N) coefficients, yet each comes from the last few states by a few
operations. For row k this looks for the shortest

    y_k = sum_{i<=p} alpha_i y_{k-i} + sum_{i<=w} b_i D_{k-i} + (draws that came in lately),

by least squares over the columns older than the window w: these must be explained by earlier rows
alone. Every row is fitted to the rows as the recursion found so far reproduces them, so errors do
not accumulate and the recorded defect is that of the whole expansion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import numpy as np

from .arrays import Array
from .scheme import Scheme
from .scheme_rules import column_name

# A coefficient traced in double is off by a few units of 1e-16 times the largest intermediate value
# of its step: below 1e-13 of the row's size in public samplers of up to 1000 steps.
TOLERANCES = (1e-13, 1e-12)
MOST_ROWS, MOST_WINDOW = 5, 9
LARGEST_WEIGHT = 1e4  # an earlier row may enter with at most so many times the size of the new one

Shape = tuple[int, int]


@dataclass
class Compact:
    """A recursion and its largest deviation from the dense rows, relative to each row's size."""

    recursion: list[dict[str, float]]
    defect: float


def column_weights(scheme: Scheme) -> Array:
    """The natural size of each column, shape (1+K+M): sigma_0 for x_T (1 if infinite), 1 for model
    outputs and draws. A coefficient times its weight is what it moves the row by."""
    weights = np.ones(1 + scheme.model_calls + scheme.draws)
    if np.isfinite(scheme.sigmas[0]):
        weights[0] = scheme.sigmas[0]
    return weights


def find_recursion(scheme: Scheme, tolerances: Sequence[float] = TOLERANCES) -> Compact | None:
    """The recursion of the scheme, or None if rows stay long at every tolerance (relative to a
    row's size, tried in turn).

    Cost: O(K (K + M)) where the rows have one shape, as those of a sampler have.
    """
    for tolerance in tolerances:
        found = _Search(scheme, tolerance).run()
        if found is not None:
            return found
    return None


class _Search:
    """The rows found so far, weighted, and what is known of the draws."""

    def __init__(self, scheme: Scheme, tolerance: float) -> None:
        self.calls, self.draws, self.tolerance = scheme.model_calls, scheme.draws, tolerance
        self.weights = column_weights(scheme)
        self.target = scheme.rows() * self.weights
        self.sizes = np.maximum(np.linalg.norm(self.target, axis=1), np.finfo(float).tiny)
        self.found = np.zeros_like(self.target)
        self.came_in = _first_rows(self.target[:, 1 + self.calls :], tolerance * self.sizes)
        self.shapes: list[Shape] = []
        self.failures = 0

    def run(self) -> Compact | None:
        recursion = [self._plain(0)]
        for k in range(1, self.calls + 1):
            recursion.append(self._row(k))
            # A few odd rows, at the start or the end, may stay long; not a quarter of them.
            if self.failures > MOST_WINDOW + k // 4:
                return None
        defect = np.abs(self.found - self.target).max(axis=1) / self.sizes
        return Compact(recursion, float(defect.max()))

    def _plain(self, k: int) -> dict[str, float]:
        """Row k by its own coefficients."""
        return self._row_of(k, np.zeros(0), np.zeros_like(self.target[k]))

    def _row_of(self, k: int, alphas: Array, base: Array) -> dict[str, float]:
        """The row alphas . y plus the direct terms that `base` leaves; keeps what it reproduces."""
        direct = self.target[k] - base
        keep = np.abs(direct) > self.tolerance * self.sizes[k]
        if not alphas.size:
            keep = self.target[k] != 0
        row = {f"y{k - 1 - i}": float(a) for i, a in enumerate(alphas) if a != 0}
        for c in np.flatnonzero(keep):
            row[column_name(int(c), self.calls)] = float(direct[c] / self.weights[c])
        self.found[k] = base + np.where(keep, direct, 0.0)
        return row

    def _row(self, k: int) -> dict[str, float]:
        for shape in self._candidates(k):
            row = self._fit(k, *shape)
            if row is not None:
                if shape in self.shapes:
                    self.shapes.remove(shape)
                self.shapes.insert(0, shape)
                del self.shapes[6:]
                return row
        self.failures += 1
        return self._plain(k)

    def _candidates(self, k: int) -> list[Shape]:
        """The shapes that fitted lately, shortest first, then all others, shortest first."""
        every = [(p, w) for p in range(1, MOST_ROWS + 1) for w in range(p, MOST_WINDOW + 1)]
        every.sort(key=lambda shape: (sum(shape), shape[0]))
        recent = sorted(self.shapes, key=lambda shape: (sum(shape), shape[0]))
        return [s for s in recent if s[0] <= k] + [
            s for s in every if s[0] <= k and s not in recent
        ]

    def _fit(self, k: int, rows: int, window: int) -> dict[str, float] | None:
        """Row k with `rows` earlier rows and `window` model outputs, or None if that leaves a
        rest."""
        old = np.zeros(len(self.weights), bool)
        old[: 1 + max(0, k - window)] = True
        old[1 + self.calls :] = self.came_in <= k - window
        earlier = self.found[k - rows : k][::-1]
        wanted = self.target[k][old]
        basis = earlier[:, old].T
        alphas = _least_squares(basis, wanted)
        rest = wanted - basis @ alphas
        if np.abs(rest).max() > self.tolerance * self.sizes[k]:
            return None
        if np.abs(alphas * self.sizes[k - rows : k][::-1]).max() > LARGEST_WEIGHT * self.sizes[k]:
            return None
        return self._row_of(k, alphas, alphas @ earlier)


def _first_rows(draws: Array, noise: Array) -> Array:
    """For each draw the first row in which it stands, K+1 if in none."""
    present = np.abs(draws) > noise[:, None]
    return np.where(present.any(axis=0), present.argmax(axis=0), len(draws))


def _least_squares(basis: Array, wanted: Array) -> Array:
    if basis.shape[1] == 1:
        square = float(basis[:, 0] @ basis[:, 0])
        return np.array([float(basis[:, 0] @ wanted) / square if square > 0 else 0.0])
    scale = np.linalg.norm(basis, axis=0)
    scale[scale == 0] = 1.0
    # A direction below 1e-11 of the largest is rounding: rows that differ in it are the same row.
    found: Array = np.linalg.lstsq(basis / scale, wanted, rcond=1e-11)[0] / scale
    return found
