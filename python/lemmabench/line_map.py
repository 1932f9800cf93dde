"""The law that a map of the line makes of another law: its distribution function, and its total
variation from the law it should have.

The map is a black box that may fold, stand still and jump. It is cut where it turns into pieces
that rise, fall or are level; the distribution function of its image is then a sum over pieces, by
inverses that are found by asking the map itself, so that nothing is interpolated. With it

    H(y) = P(m(X) <= y) - truth.cdf(y),    TV = (1/2) (total variation of H, jumps included),

and H is flat where its variation turns, so that kinks of the map cost no accuracy: a turning point
of H need not be known to the last digit, and where H has a corner it is found by narrowing down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Protocol

import numpy as np

from .arrays import Array
from .errors import Refusal

Function = Callable[[Array], Array]

EPS = float(np.finfo(float).eps)
REACH = 8.8  # P(|Z| > 8.8) = 1.4e-18
SAME = 64 * EPS  # values of the map that are equal up to its rounding
LEVEL_MASS = 1e-12  # a level stretch with less is no atom that anyone would see
WAY = 16  # into how many parts a search cuts its bracket at a time
MOST_NODES = 400_000


class LineLaw(Protocol):
    """A law with a density, as the compiled part has them."""

    def density(self, x: Array) -> Array:
        ...

    def cdf(self, x: Array) -> Array:
        ...

    def spread(self) -> list[tuple[float, float]]:
        """Means and deviations of the outermost Gaussians it is made of, or of all."""
        ...


@dataclass(frozen=True)
class Fineness:
    """How finely a map is looked at.

    nodes     evenly spaced points to begin with
    step      how far apart neighbouring values may be, in deviations of the truth there
    mass      cells with less of the start are not cut
    """

    nodes: int
    step: float
    mass: float = 1e-15


FINE, COARSE = Fineness(2400, 0.05), Fineness(1500, 0.08)
# For maps that cost milliseconds a point.
FEW_FINE, FEW_COARSE = Fineness(500, 0.2, 1e-10), Fineness(320, 0.3, 1e-9)


@dataclass(frozen=True)
class Piece:
    """A stretch of x (ascending) on which the map rises (sign 1), falls (-1) or is level (0)."""

    x: Array
    y: Array
    sign: int


def domain(start: LineLaw, reach: float = REACH) -> tuple[float, float]:
    """Where the start has all of its mass but 1e-17."""
    spread = start.spread()
    return min(m - reach * s for m, s in spread), max(m + reach * s for m, s in spread)


def values(function: Function, x: Array) -> Array:
    """The map at x. Refusal where it is no finite number."""
    y = function(x)
    bad = ~np.isfinite(y)
    if bad.any():
        raise Refusal(
            f"the sampler sends x_T = {x[bad][0]:.4g} to {y[bad][0]}; its output must be finite "
            "wherever the start has mass"
        )
    return y


class MappedLaw:
    """The law of m(X), X ~ start.

    pieces   of the map on the domain
    atoms    (value, mass) of the level pieces
    edges    how far these masses may be off
    folds    whether the map rises in one place and falls in another
    unseen   mass of cells in which a further look found values outside the cell's own: what the
             pieces may be wrong by
    """

    def __init__(
        self, function: Function, start: LineLaw, truth: LineLaw, fineness: Fineness
    ) -> None:
        self._function, self._start = function, start
        x, y = _survey(function, start, truth, fineness)
        self.unseen = _unseen(function, start, x, y)
        self.pieces = _pieces(function, start, x, y)
        self._masses = [
            float(self._below(p.x[-1]) - self._below(p.x[0])) if len(p.x) > 1 else 0.0
            for p in self.pieces
        ]
        self.atoms = [
            (float(p.y[0]), mass) for p, mass in zip(self.pieces, self._masses) if p.sign == 0
        ]
        signs = {
            p.sign for p, mass in zip(self.pieces, self._masses) if p.sign and mass > LEVEL_MASS
        }
        self.folds = len(signs) > 1
        self.edges = self._edge_error()

    def _edge_error(self) -> float:
        """What the atoms may be off by: where a level begins is known to SAME of its value, that
        is, to so much of the density beside it."""
        total = 0.0
        for one, other in zip(self.pieces[:-1], self.pieces[1:]):
            if (one.sign == 0) != (other.sign == 0):
                beside, at = (other, slice(0, 2)) if one.sign == 0 else (one, slice(-2, None))
                x, y = beside.x[at], beside.y[at]
                mass = float(np.diff(self._start.cdf(x))[0])
                total += SAME * float(np.abs(y).max()) * mass / max(float(np.ptp(y)), 1e-300)
        return total

    @property
    def values(self) -> Array:
        """All values at which the map is known, ascending."""
        return np.unique(np.concatenate([p.y for p in self.pieces]))

    def cdf(self, y: Array) -> tuple[Array, Array]:
        """P(m(X) < y) and P(m(X) <= y), which differ at atoms."""
        before, upto = np.zeros(len(y)), np.zeros(len(y))
        for piece, mass in zip(self.pieces, self._masses):
            if piece.sign == 0:
                before += np.where(y > piece.y[0], mass, 0.0)
                upto += np.where(y >= piece.y[0], mass, 0.0)
                continue
            low, high = sorted((piece.y[0], piece.y[-1]))
            share = np.where(y >= high, mass, 0.0)
            inside = (y > low) & (y < high)
            if inside.any():
                at = self._start.cdf(_inverse(self._function, piece, y[inside]))
                ends = self._below(piece.x[0]), self._below(piece.x[-1])
                share[inside] = at - ends[0] if piece.sign > 0 else ends[1] - at
            before += share
            upto += share
        return before, upto

    def _below(self, x: float) -> float:
        return float(self._start.cdf(np.array([x]))[0])


def total_variation(law: MappedLaw, truth: LineLaw) -> float:
    """TV between the law of m(X) and the truth."""
    y = law.values
    left, right = _excess(law, truth, y)
    found = _turning_points(law, truth, y, left, right)
    heights = np.concatenate([[0.0], found, [0.0]])
    return float(np.abs(np.diff(heights)).sum() / 2)


def _excess(law: MappedLaw, truth: LineLaw, y: Array) -> tuple[Array, Array]:
    """H just before and at y."""
    before, upto = law.cdf(y)
    below = truth.cdf(y)
    return before - below, upto - below


def _turning_points(
    law: MappedLaw, truth: LineLaw, y: Array, left: Array, right: Array
) -> Array:
    """H where it turns, one after the other, between which it rises or falls."""
    heights = np.column_stack([left, right]).reshape(-1)
    at = np.repeat(np.arange(len(y)), 2)
    turns = _zigzag(heights, 3 * EPS)
    if not turns:
        return heights[:1]
    index = np.array([k for k, _ in turns])
    sign = np.array([s for _, s in turns], float)
    best = sign * heights[index]
    where = at[index]
    low, high = y[np.maximum(where - 1, 0)], y[np.minimum(where + 1, len(y) - 1)]
    for _ in range(12):  # of 16 parts two are left: at a corner of H the place counts
        shares = np.arange(1, WAY) / WAY
        points = low[:, None] + (high - low)[:, None] * shares
        before, upto = _excess(law, truth, points.reshape(-1))
        seen = np.maximum(sign[:, None] * before.reshape(points.shape),
                          sign[:, None] * upto.reshape(points.shape))  # fmt: skip
        top = seen.argmax(axis=1)
        rows = np.arange(len(top))
        best = np.maximum(best, seen[rows, top])
        step = (high - low) / WAY
        low, high = low + top * step, low + (top + 2) * step
    return np.asarray(sign * best)


def _zigzag(heights: Array, least: float) -> list[tuple[int, int]]:
    """Where a sequence turns by more than `least`: (place, 1 for a top and -1 for a bottom)."""
    turns: list[tuple[int, int]] = []
    top = bottom = 0
    rising = None
    for i, height in enumerate(heights):
        if height > heights[top]:
            top = i
        if height < heights[bottom]:
            bottom = i
        if rising is not False and heights[top] - height > least:
            turns.append((top, 1))
            rising, bottom = False, i
            top = i
        elif rising is not True and height - heights[bottom] > least:
            turns.append((bottom, -1))
            rising, top = True, i
            bottom = i
    last = top if rising else bottom
    if rising is not None and (not turns or turns[-1][0] != last):
        turns.append((last, 1 if rising else -1))
    return turns


def _survey(
    function: Function, start: LineLaw, truth: LineLaw, fineness: Fineness
) -> tuple[Array, Array]:
    """Points and values, finer where the map is steep or jumps."""
    low, high = domain(start)
    grids = [np.linspace(low, high, fineness.nodes)]
    for mean, sd in start.spread():
        grids.append(np.linspace(mean - 7 * sd, mean + 7 * sd, fineness.nodes // 4))
    x = np.unique(np.concatenate(grids))
    y = values(function, x)
    while True:
        cut = _too_wide(start, truth, x, y, fineness)
        if not len(cut):
            return _with_false_levels_split(function, x, y)
        if len(x) + len(cut) > MOST_NODES:
            raise Refusal(
                f"the sampler's map is too rough: {MOST_NODES} points do not resolve it; "
                "`lemmabench judge` holds its samples against any target"
            )
        middle = x[cut] + (x[cut + 1] - x[cut]) / 2
        x = np.insert(x, cut + 1, middle)
        y = np.insert(y, cut + 1, values(function, middle))


def _with_false_levels_split(function: Function, x: Array, y: Array) -> tuple[Array, Array]:
    """Adds a point to cells whose ends have one value and whose inside has not: a fold between
    them, and no level."""
    level = np.flatnonzero(_signs(y) == 0)
    inside = x[level] + 0.381966 * np.diff(x)[level]
    found = values(function, inside)
    other = np.abs(found - y[level]) > SAME * np.maximum(np.abs(found), np.abs(y[level]))
    at = level[other] + 1
    return np.insert(x, at, inside[other]), np.insert(y, at, found[other])


def _too_wide(
    start: LineLaw, truth: LineLaw, x: Array, y: Array, fineness: Fineness
) -> Array:
    """The cells across which the map changes too much, where there is mass of either law."""
    lower, upper = np.minimum(y[:-1], y[1:]), np.maximum(y[:-1], y[1:])
    finest = np.full(len(lower), np.inf)
    for mean, sd in truth.spread():
        near = (lower < mean + 9 * sd) & (upper > mean - 9 * sd)
        finest[near] = np.minimum(finest[near], sd)
    room = np.diff(x) > 8 * EPS * np.maximum(np.abs(x[:-1]), np.abs(x[1:]))
    heavy = np.diff(start.cdf(x)) > fineness.mass
    return np.flatnonzero((upper - lower > fineness.step * finest) & room & heavy)


def _unseen(function: Function, start: LineLaw, x: Array, y: Array) -> float:
    """Mass of the cells in which another point has a value outside those of the ends."""
    share = 0.381966
    inside = values(function, x[:-1] + share * np.diff(x))
    lower, upper = np.minimum(y[:-1], y[1:]), np.maximum(y[:-1], y[1:])
    slack = 8 * SAME * np.maximum(np.abs(lower), np.abs(upper))
    outside = (inside < lower - slack) | (inside > upper + slack)
    # Next to a turning point of the nodes themselves it is that turning point, which is searched.
    turn = np.zeros(len(x), bool)
    turn[1:-1] = np.diff(y)[:-1] * np.diff(y)[1:] <= 0
    outside &= ~(turn[:-1] | turn[1:])
    return float(np.diff(start.cdf(x))[outside].sum())


def _pieces(function: Function, start: LineLaw, x: Array, y: Array) -> list[Piece]:
    x, y = _without_light_levels(start, x, y)
    sign = _signs(y)
    edges = [0, *(int(i) + 1 for i in np.flatnonzero(np.diff(sign))), len(sign)]
    runs = [(a, b, int(sign[a])) for a, b in zip(edges[:-1], edges[1:])]  # cells a to b
    joints = [_joint(function, x, y, one, other) for one, other in zip(runs[:-1], runs[1:])]
    ends = [(x[0], y[0]), *joints, (x[-1], y[-1])]
    out = []
    for (a, b, s), first, last in zip(runs, ends[:-1], ends[1:]):
        inside = (x[a : b + 1] > first[0]) & (x[a : b + 1] < last[0])
        px = np.concatenate([[first[0]], x[a : b + 1][inside], [last[0]]])
        py = np.concatenate([[first[1]], y[a : b + 1][inside], [last[1]]])
        out.append(Piece(px, py, s) if s == 0 else _strict(px, py, s))
    return out


def _signs(y: Array) -> Array:
    change = np.diff(y)
    same = np.abs(change) <= SAME * np.maximum(np.abs(y[:-1]), np.abs(y[1:]))
    return np.asarray(np.where(same, 0, np.sign(change)), dtype=int)


def _without_light_levels(start: LineLaw, x: Array, y: Array) -> tuple[Array, Array]:
    """Leaves out points between which the map is the same up to rounding, unless the stretch has
    mass: cells that were made to find a jump, and tails."""
    below = start.cdf(x)
    level = np.flatnonzero(_signs(y) == 0)
    keep = np.ones(len(x), bool)
    for run in np.split(level, np.flatnonzero(np.diff(level) > 1) + 1):
        if len(run) and below[run[-1] + 1] - below[run[0]] <= LEVEL_MASS:
            first, last = int(run[0]), int(run[-1]) + 1
            # The ends of the line stay, so that nothing of it is lost.
            keep[first + 1 : last + 1] = False
            if last == len(x) - 1:
                keep[last], keep[first] = True, first == 0
    return x[keep], y[keep]


def _strict(x: Array, y: Array, sign: int) -> Piece:
    """Without the points at which rounding undoes the piece's direction."""
    best = np.maximum.accumulate(sign * y)
    keep = np.concatenate([[True], np.diff(best) > 0])
    keep[-1] = True
    if sign * (y[-1] - y[keep][-2]) <= 0 and keep.sum() > 2:
        keep[np.flatnonzero(keep)[-2]] = False
    return Piece(x[keep], y[keep], sign)


def _joint(
    function: Function,
    x: Array,
    y: Array,
    one: tuple[int, int, int],
    other: tuple[int, int, int],
) -> tuple[float, float]:
    """Where one run of cells ends and the other begins: a turning point, or the edge of a level."""
    node = one[1]
    if one[2] == 0 or other[2] == 0:
        inner, outer = (node, node + 1) if one[2] == 0 else (node, node - 1)
        return _edge(function, float(x[inner]), float(x[outer]), float(y[inner])), float(y[inner])
    return _turn(function, float(x[node - 1]), float(x[node + 1]), one[2], x[node], y[node])


def _edge(function: Function, level: float, beyond: float, value: float) -> float:
    """The last point from `level` towards `beyond` at which the map still has this value."""
    for _ in range(14):
        points = level + (beyond - level) * np.arange(1, WAY) / WAY
        same = np.abs(values(function, points) - value) <= SAME * abs(value)
        first = int(np.argmin(same)) if not same.all() else WAY - 1
        step = (beyond - level) / WAY
        level, beyond = level + first * step, level + (first + 1) * step
    return level


def _turn(
    function: Function, low: float, high: float, sign: int, x: float, y: float
) -> tuple[float, float]:
    """The top (sign 1) or bottom of the map between two points, from the best one known."""
    best = (float(x), float(y))
    for _ in range(13):
        points = low + (high - low) * np.arange(1, WAY) / WAY
        found = values(function, points)
        top = int((sign * found).argmax())
        if sign * (found[top] - best[1]) > 0:
            best = (float(points[top]), float(found[top]))
        step = (high - low) / WAY
        low, high = max(low, best[0] - step), min(high, best[0] + step)
    return best


def _inverse(function: Function, piece: Piece, y: Array) -> Array:
    """Where a rising or falling piece has these values, which lie within its own: regula falsi in
    the Illinois way, with a bisection now and then, all at once."""
    rising = piece.sign * piece.y
    i = np.clip(np.searchsorted(rising, piece.sign * y, side="right") - 1, 0, len(rising) - 2)
    a, b = piece.x[i].copy(), piece.x[i + 1].copy()
    fa, fb = rising[i] - piece.sign * y, rising[i + 1] - piece.sign * y
    out = np.where(fa == 0, a, b)
    open_ = np.flatnonzero((fa != 0) & (fb != 0))
    side = np.zeros(len(y), int)
    for iteration in range(80):
        if not len(open_):
            break
        left, right, low, high = a[open_], b[open_], fa[open_], fb[open_]
        share = np.clip(low / (low - high), 0.01, 0.99) if iteration % 4 != 3 else 0.5
        x = left + share * (right - left)
        gap = piece.sign * (values(function, x) - y[open_])
        out[open_] = x
        up = gap > 0
        b[open_], fb[open_] = np.where(up, x, right), np.where(up, gap, high)
        a[open_], fa[open_] = np.where(up, left, x), np.where(up, low, gap)
        again = side[open_] == np.where(up, 1, -1)
        fa[open_] *= np.where(again & up, 0.5, 1.0)
        fb[open_] *= np.where(again & ~up, 0.5, 1.0)
        side[open_] = np.where(up, 1, -1)
        narrow = b[open_] - a[open_] <= 4 * EPS * np.maximum(np.abs(a[open_]), np.abs(b[open_]))
        done = (np.abs(gap) <= 2 * EPS * np.abs(y[open_])) | narrow
        open_ = open_[~done]
    return np.asarray(out)


def spread_of(law: Any) -> float:
    """The smallest deviation of the Gaussians a law is made of."""
    return min(sd for _, sd in law.spread())
