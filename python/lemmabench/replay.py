"""A sampler run with the exact model in the network's place, from points and with draws of our
choice: what a sampler that is no linear scheme is as a map of the line.

With noise a run is taken apart into steps by its draws. The state after a draw is what the model is
shown next (or the output); it is put where we want it by choosing that very draw, so that each
step's map can be asked for at any point without knowing anything of the code. That the steps make
the sampler, and that nothing but the state is remembered, is checked on random runs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .arrays import Array, Arrays, ROUNDING
from .errors import Refusal
from .precision import coarsest
from .recording import Recorded, record
from .tracer import Plan

AT_ONCE = 8192  # points in one run
AGREE = 1e6  # units of rounding that two ways to one number may be apart

NOT_TAKEN = (
    "only deterministic samplers and those with one noise a step and no memory have their law by "
    "maps of the line; `lemmabench judge` holds its samples against any target"
)


class _Enough(Exception):
    """A run has shown what it was made for."""


class _ModelFeed:
    """x_T, the draws (batch, M), and the exact answers of the model on a law of X_0."""

    def __init__(self, clean: Any, start: Array, draws: Array, last: int | None = None) -> None:
        self.batch = len(start)
        self._clean, self._start, self._draws, self._last = clean, start, draws, last
        self.calls = 0
        self.drawn_at: list[int] = []  # model calls before each draw
        self.shown: Array = start
        self._intervals: list[tuple[float, float]] = []

    def start(self) -> Array:
        return self._start

    def answer(self, call: int, points: Array, sigma: float) -> Array:
        self.calls, self.shown = call + 1, points
        if call == self._last:
            raise _Enough
        result: Array = self._clean.denoise(points, sigma)
        return result

    def draw(self, number: int) -> Array:
        return self._next()

    def interval(self, first: float, second: float) -> Array:
        low, high = sorted((first, second))
        if any(low < b and a < high for a, b in self._intervals):
            raise Refusal(
                f"the noise from {first:g} to {second:g} has a stretch of its Brownian path in "
                f"common with noise before it: {NOT_TAKEN}"
            )
        self._intervals.append((low, high))
        return self._next() * (1.0 if first > second else -1.0)

    def _next(self) -> Array:
        m = len(self.drawn_at)
        self.drawn_at.append(self.calls)
        return self._draws[:, m] if m < self._draws.shape[1] else np.zeros(self.batch)


@dataclass(frozen=True)
class Segment:
    """One step of a sampler with noise: its state comes after `call` model calls, by draws
    `numbers`, each times its factor."""

    call: int
    numbers: tuple[int, ...]
    factors: tuple[float, ...]

    @property
    def sd(self) -> float:
        return float(np.hypot.reduce(np.array(self.factors)))


@dataclass
class _Run:
    seen: Recorded
    drawn_at: list[int]


class Replay:
    """A plan's sampler on one law of X_0 (the compiled part's LineMixture).

    calls     model calls of the first run (those of a sampler that adapts its steps vary)
    unit      rounding of the coarsest arithmetic seen
    alone     samples of a batch influence each other, and each is run on its own
    segments  the steps, none for a deterministic sampler
    """

    def __init__(self, plan: Plan, clean: Any, start: Any) -> None:
        self.name = plan.name
        self._plan, self._clean = plan, clean
        self._arrays = Arrays(plan.array, plan.axes, plan.dtype)
        random = np.random.default_rng(20260301)
        spread = np.array(start.spread())
        self._centre = float(spread[:, 0].mean())
        self._size = float(spread[:, 1].max())
        probes = self._centre + self._size * random.standard_normal(24)
        none = np.zeros((len(probes), 0))
        first = self._record(probes, none)
        self.calls = len(first.seen.levels)
        self.unit = ROUNDING[coarsest(first.seen.dtypes)]
        self.alone = self._influence(probes, first)
        self.segments: list[Segment] = []
        self._quiet = np.zeros(0)  # the states of the run without noise from the centre
        if first.drawn_at:
            noises = random.standard_normal((len(probes), len(first.drawn_at)))
            self._take_apart(probes, noises, first)

    @property
    def count(self) -> int:
        """Maps that the sampler is made of: one for each noise, and one behind the last if that is
        not in the output."""
        return len(self.segments) + (0 if self._ends_noisy else 1)

    @property
    def _ends_noisy(self) -> bool:
        return bool(self.segments) and self.segments[-1].call == self.calls

    def step(self, i: int, x: Array) -> Array:
        """The i-th map at states x."""
        result = np.empty(len(x))
        for at in range(0, len(x), AT_ONCE):
            part = slice(at, at + AT_ONCE)
            result[part] = self._step(i, x[part])
        return result

    def _step(self, i: int, x: Array) -> Array:
        if self.alone:
            return np.concatenate([self._value(i, x[k : k + 1]) for k in range(len(x))])
        return self._value(i, x)

    def _value(self, i: int, x: Array) -> Array:
        draws = np.zeros((len(x), self._draws))
        start = x
        if i > 0:
            segment = self.segments[i - 1]
            best = int(np.abs(segment.factors).argmax())
            start = np.full(len(x), self._centre)
            draws[:, segment.numbers[best]] = (x - self._quiet[i - 1]) / segment.factors[best]
        stop = self.segments[i].call if i < len(self.segments) else self.calls
        return self._until(start, draws, stop)

    @property
    def _draws(self) -> int:
        return 1 + max((m for s in self.segments for m in s.numbers), default=-1)

    def _until(self, start: Array, draws: Array, call: int) -> Array:
        """What the model is shown at this call, or the output."""
        if call >= self.calls:
            return self._record(start, draws).seen.inputs[-1]
        feed = _ModelFeed(self._clean, start, draws, call)
        try:
            record(self._plan.run, self._arrays, feed)
        except _Enough:
            return feed.shown
        raise Refusal(f"{self.name}: the number of its model calls depends on values: {NOT_TAKEN}")

    def _record(self, start: Array, draws: Array) -> _Run:
        feed = _ModelFeed(self._clean, start, draws)
        seen = record(self._plan.run, self._arrays, feed)
        return _Run(seen, feed.drawn_at)

    def _influence(self, probes: Array, together: _Run) -> bool:
        """Whether a sample alone ends elsewhere than in a batch. ValueError if two equal runs
        differ."""
        again = self._record(probes, np.zeros((len(probes), 0)))
        if (again.seen.inputs[-1] != together.seen.inputs[-1]).any():
            raise ValueError(
                f"{self.name}: two runs with the same values differ: it draws noise that did not "
                "come from randn (or keeps state between runs); take its noise from randn"
            )
        alone = [
            self._record(probes[k : k + 1], np.zeros((1, 0))).seen.inputs[-1] for k in range(4)
        ]
        gap = np.abs(np.concatenate(alone) - together.seen.inputs[-1][:4])
        return bool(gap.max() > self._slack(together.seen.inputs[-1]))

    def _slack(self, reached: Array) -> float:
        return AGREE * self.unit * max(float(np.abs(reached).max()), np.finfo(float).tiny)

    def _take_apart(self, probes: Array, noises: Array, first: _Run) -> None:
        """Finds the segments and checks that they make the sampler."""
        noisy = self._record(probes, noises)
        if np.array_equal(noisy.seen.inputs[-1], first.seen.inputs[-1]):
            return  # what it draws it does not use
        if self.alone:
            raise Refusal(
                f"{self.name}: samples of one batch influence each other, and it adds noise: "
                f"{NOT_TAKEN}"
            )
        if noisy.drawn_at != first.drawn_at or len(noisy.seen.levels) != self.calls:
            raise Refusal(f"{self.name}: when it draws noise depends on values: {NOT_TAKEN}")
        count = len(first.drawn_at)
        unit = np.vstack([np.zeros(count), np.eye(count)])
        seen = self._record(np.full(count + 1, self._centre), unit).seen.inputs
        states = seen[first.drawn_at]  # the state that each draw may be in, for every unit draw
        factors = [float(states[m, 1 + m] - states[m, 0]) for m in range(count)]
        for call in sorted(set(first.drawn_at)):
            numbers = [m for m in range(count) if first.drawn_at[m] == call]
            least = 1e-12 * max(float(np.abs(seen[call, 0])), self._size * 1e-12)
            used = [m for m in numbers if abs(factors[m]) > least]
            if used:
                self.segments.append(
                    Segment(call, tuple(used), tuple(factors[m] for m in used))
                )
        self._quiet = np.array([seen[s.call, 0] for s in self.segments])
        self._check(probes, noises, noisy)

    def _check(self, probes: Array, noises: Array, noisy: _Run) -> None:
        """Refuses a sampler whose random runs are not made of its steps."""
        states = [probes, *(noisy.seen.inputs[s.call] for s in self.segments)]
        if not self._ends_noisy:
            states.append(noisy.seen.inputs[-1])
        for i in range(self.count):
            expected = self.step(i, states[i])
            if i < len(self.segments):
                segment = self.segments[i]
                expected = expected + noises[:, list(segment.numbers)] @ np.array(segment.factors)
            gap = float(np.abs(expected - states[i + 1]).max())
            if not gap <= self._slack(np.concatenate([states[i], states[i + 1], [self._size]])):
                raise Refusal(
                    f"{self.name}: what follows noise {i} of {len(self.segments)} is not a map of "
                    f"the state there and noise added to it (off by {gap:.1e}), so that it "
                    f"remembers more, or shapes its noise: {NOT_TAKEN}"
                )


def plan_at_start(plan: Plan) -> Plan:
    """The plan with the level of x_T, which is that of the first model call where none is given."""
    if plan.levels:
        return plan
    from .columns import RandomFeed

    seen = record(plan.run, Arrays(plan.array, plan.axes, plan.dtype), RandomFeed(2, 1.0))
    return replace(plan, levels=[float(seen.levels[0])])
