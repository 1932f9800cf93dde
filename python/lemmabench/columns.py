"""What a run is fed with: a value of every column (x_T, each model output, each draw) for each
sample."""

from __future__ import annotations

import bisect
from typing import Protocol

import numpy as np

from .arrays import Array


class Feed(Protocol):
    """The values of one run. Every method returns shape (batch,)."""

    batch: int

    def start(self) -> Array:
        ...

    def answer(self, call: int, points: Array, sigma: float) -> Array:
        """What the model answers to these points of that level."""
        ...

    def draw(self, number: int) -> Array:
        ...

    def interval(self, first: float, second: float) -> Array:
        ...


class RandomFeed:
    """Standard normal values, of columns whose number is not known yet; x_T times `start_size`.

    Keeps count of the draws and remembers the intervals of Brownian increments.
    """

    def __init__(self, batch: int, start_size: float, seed: int = 20240601) -> None:
        self.batch, self._size = batch, start_size
        self._random = np.random.default_rng(seed)
        self.draws = 0
        self.intervals: list[tuple[float, float]] = []

    def start(self) -> Array:
        return self._size * self._random.standard_normal(self.batch)

    def answer(self, call: int, points: Array, sigma: float) -> Array:
        return self._random.standard_normal(self.batch)

    def draw(self, number: int) -> Array:
        self.draws = max(self.draws, number + 1)
        return self._random.standard_normal(self.batch)

    def interval(self, first: float, second: float) -> Array:
        self.intervals.append((first, second))
        return self._random.standard_normal(self.batch)


class MoreThanExpected(Exception):
    """A run asked for a model output, a draw or an interval that the first run had not asked
    for."""


class ColumnFeed:
    """The rows of a table: values[b, c] is the value of column c (x_T, D_0.., z_0..) in sample b.

    White draws come first among the z columns, then the elementary Brownian increments of `path`.
    """

    def __init__(self, values: Array, calls: int, white: int, path: "BrownianPath") -> None:
        self._values, self._calls, self._white, self._path = values, calls, white, path
        self.batch = len(values)

    def one(self, b: int) -> "ColumnFeed":
        """The feed of sample b alone."""
        return ColumnFeed(self._values[b : b + 1], self._calls, self._white, self._path)

    def start(self) -> Array:
        return self._values[:, 0]

    def answer(self, call: int, points: Array, sigma: float) -> Array:
        if call >= self._calls:
            raise MoreThanExpected(f"more than {self._calls} model calls")
        return self._values[:, 1 + call]

    def draw(self, number: int) -> Array:
        if number >= self._white:
            raise MoreThanExpected(f"more than {self._white} draws")
        return self._values[:, 1 + self._calls + number]

    def interval(self, first: float, second: float) -> Array:
        weights = self._path.increment(first, second)
        used = np.flatnonzero(weights)
        result: Array = self._values[:, 1 + self._calls + self._white + used] @ weights[used]
        return result


class BrownianPath:
    """One Brownian path W cut at every end point that a sampler asks for.

    increment(s, s') is (W(s) - W(s')) / sqrt|s - s'|, a standard normal, as a combination of the
    independent standard normals of the elementary intervals; these are in descending order, as a
    sampler goes through them, and only those that some increment covers are kept.
    """

    # End points that agree to 1e-12 are one level reached by two formulas; taking them for one
    # moves correlations by no more than that.
    SAME = 1e-12

    def __init__(self, intervals: list[tuple[float, float]]) -> None:
        points = sorted({p for pair in intervals for p in pair}, reverse=True)
        self._points: list[float] = []
        for point in points:
            if not self._points or abs(point - self._points[-1]) > self.SAME * abs(
                self._points[-1]
            ):
                self._points.append(point)
        self._lengths = -np.diff(self._points) if len(self._points) > 1 else np.zeros(0)
        covered = np.zeros(len(self._lengths), bool)
        for pair in intervals:
            a, b = self._cut(*pair)
            covered[a:b] = True
        self._covered = covered

    @property
    def draws(self) -> int:
        """How many elementary increments there are."""
        return int(self._covered.sum())

    def increment(self, first: float, second: float) -> Array:
        """The coefficients of the increment from `first` to `second`, shape (draws,); sum of
        squares 1, positive where the path is run downwards. MoreThanExpected for an end point not
        seen before.
        """
        a, b = self._cut(first, second)
        result = np.zeros(len(self._lengths))
        result[a:b] = np.sqrt(self._lengths[a:b] / self._lengths[a:b].sum())
        kept: Array = result[self._covered]
        return kept if first > second else -kept

    def _cut(self, first: float, second: float) -> tuple[int, int]:
        a, b = self._index(max(first, second)), self._index(min(first, second))
        if a == b:
            raise ValueError(
                f"the noise sampler was asked for the increment from {first:g} to {second:g}; "
                "two different levels are needed"
            )
        return a, b

    def _index(self, point: float) -> int:
        near = bisect.bisect_left(self._points, -point, key=lambda known: -known)
        for i in (near, near - 1):
            if 0 <= i < len(self._points) and abs(point - self._points[i]) <= self.SAME * abs(
                self._points[i]
            ):
                return i
        raise MoreThanExpected(f"a Brownian increment from or to {point:g}")
