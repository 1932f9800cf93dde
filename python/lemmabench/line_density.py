"""Densities on the line by panels: the divergences of a map's image from the truth, and the law
that a map and a Gaussian noise make of another.

A panel carries the Gauss-Legendre nodes of its stretch and is halved until the functions on it are
polynomials to within a tolerance, or until it has no mass: beside a kink of the map that takes some
forty halvings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

import numpy as np

from .arrays import Array
from .compiled import core
from .errors import Refusal
from .line_map import EPS, REACH, Function, LineLaw, domain, spread_of, values

NEGLIGIBLE = 1e-16  # densities below are not looked at: of one that is 0 the logarithm says nothing
BEYOND = 1e-15  # mass of the truth beyond the map's reach from which KL(p||q) is not known
TINY = float(np.finfo(float).tiny)
MOST_PANELS = 20_000


class Rule:
    """Gauss-Legendre nodes on [-1, 1] with what makes coefficients and derivatives of values."""

    def __init__(self, order: int) -> None:
        legendre = np.polynomial.legendre
        self.order = order
        self.nodes, self.weights = legendre.leggauss(order)
        table = legendre.legvander(self.nodes, order - 1)
        self.coefficients = ((np.arange(order) + 0.5) * self.weights[:, None] * table).T
        slopes = [legendre.legval(self.nodes, legendre.legder(row)) for row in np.eye(order)]
        self.derivative = np.array(slopes).T @ self.coefficients

    def at(self, low: Array, high: Array) -> Array:
        """The nodes of panels, (panels, order)."""
        half = (high - low) / 2
        return np.asarray((low + half)[:, None] + half[:, None] * self.nodes)

    def values(self, function: Function, low: Array, high: Array) -> tuple[Array, Array, Array]:
        """The nodes, the map at them, and how far it is at the ends from what the polynomials of
        the panels say there: a corner between an end and the first node shows in nothing else."""
        x = self.at(low, high)
        y = values(function, np.hstack([x, low[:, None], high[:, None]]).reshape(-1))
        y = y.reshape(len(low), self.order + 2)
        inside, ends = y[:, : self.order], y[:, self.order :]
        series = inside @ self.coefficients.T
        signs = (-1.0) ** np.arange(self.order)
        said = np.stack([series @ signs, series.sum(axis=1)], axis=1)
        return x, inside, np.abs(said - ends).max(axis=1)

    def tail(self, at_nodes: Array) -> Array:
        """What the last coefficients of functions (..., order) add at most. A quarter of them: the
        last ones alone are small now and then where a function has a corner."""
        return np.abs(at_nodes @ self.coefficients[-(self.order // 4) :].T).sum(axis=-1)


@dataclass(frozen=True)
class Accuracy:
    """order      nodes a panel
    tolerance  what one panel may get wrong
    mass       a panel with less is not halved further: what a kink may cost
    """

    order: int
    tolerance: float
    mass: float


FINE, COARSE = Accuracy(24, 1e-13, 1e-14), Accuracy(20, 1e-11, 1e-13)

# Of panels [low, high]: which of them will do, and arrays with a row for each.
Look = Callable[[Array, Array], tuple[Array, list[Array]]]


def refined(edges: Array, look: Look) -> list[Array]:
    """low, high and what `look` gave of the panels between these edges, halved until all will do;
    ascending. Refusal beyond MOST_PANELS."""
    low, high = edges[:-1], edges[1:]
    parts: list[list[Array]] = []
    count = 0
    while len(low):
        good, found = look(low, high)
        parts.append([low[good], high[good], *(each[good] for each in found)])
        count += int(good.sum())
        low, high = low[~good], high[~good]
        if count + 2 * len(low) > MOST_PANELS:
            raise Refusal(
                f"the sampler's map is too rough: {MOST_PANELS} panels do not resolve it; "
                "`lemmabench judge` holds its samples against any target"
            )
        middle = low + (high - low) / 2
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
    out = [np.concatenate(each) for each in zip(*parts)]
    order = np.argsort(out[0])
    return [each[order] for each in out]


@dataclass(frozen=True)
class Divergences:
    """KL(p||q) (None: not known), KL(q||p) and the square of the Hellinger distance, of q = law of
    m(X) and the truth p, and what is known of their errors:

    missed      the mass of q beyond the panels
    defect      what the panels make of both masses, which are known
    doubtful    the mass of p where q is below the floor of its own errors: about what these do to
                KL(p||q)
    faint       what these places add to KL(q||p)
    unresolved  what the panels may be off by together
    """

    kl_pq: float | None
    kl_qp: float
    hellinger_squared: float
    missed: float
    defect: float
    doubtful: float
    faint: float
    unresolved: float


def divergences(
    function: Function,
    start: LineLaw,
    truth: Any,
    accuracy: Accuracy,
    noise: float,
    floor: float = 0.0,
) -> Divergences:
    """Of a map that rises or falls throughout: integrals in x of q = start against r = p(m) |m'|,
    the truth pulled back, so that nothing is inverted. `noise` is the map's rounding, relatively,
    `floor` a density of the start below which it is not known to a digit.
    """
    low, high = _wide_domain(function, start, truth)
    rule = Rule(accuracy.order)

    def look(a: Array, b: Array) -> tuple[Array, list[Array]]:
        x, y, gap = rule.values(function, a, b)
        half = (b - a) / 2
        slope = np.abs(y @ rule.derivative.T) / half[:, None]
        q = start.density(x.reshape(-1)).reshape(x.shape)
        p = truth.density(y.reshape(-1)).reshape(x.shape)
        found, sensitivity = _divergence_integrands(q, p, slope)
        off = rule.tail(found).max(axis=1) * half + gap * sensitivity.max(axis=1)
        # Differences of rounded values are slopes: halving does not make these any better.
        rounding = noise * rule.order**2 * np.abs(y).max(axis=1) * sensitivity.max(axis=1)
        mass = np.maximum(q @ rule.weights, (p * slope) @ rule.weights) * half
        resolved = off <= accuracy.tolerance + rounding
        good = resolved | (mass <= accuracy.mass)
        sizes = (np.abs(found).max(axis=1) @ rule.weights) * half
        lost = np.where(resolved, off, sizes)
        r = p * slope
        low_q, logarithm = q < floor, found[:, 2] - (r - q)  # q log(q/r)
        dim = np.stack(
            [r * low_q, r * ((q == 0) & (r > NEGLIGIBLE)), np.abs(logarithm) * low_q], axis=1
        )
        parts = (np.concatenate([found, dim], axis=1) @ rule.weights) * half[:, None]
        return good, [parts, lost]

    _, _, parts, lost = refined(np.linspace(low, high, 65), look)
    totals = parts.sum(axis=0)
    unknown = float(totals[5])
    ends = values(function, np.array([low, high]))
    rest = float(truth.cdf(ends.min()[None])[0] + truth.upper_tail(ends.max()[None])[0])
    missed = float(start.cdf(np.array([low]))[0] + 1 - start.cdf(np.array([high]))[0])
    kl_pq = float(totals[1]) - rest + missed
    return Divergences(
        kl_pq=kl_pq if rest + unknown <= BEYOND and np.isfinite(kl_pq) else None,
        kl_qp=float(totals[2]) + rest - missed,
        hellinger_squared=max(0.0, float(totals[3]) + rest / 2),
        missed=abs(missed),
        defect=abs(float(totals[0]) - (rest - missed)),
        doubtful=float(totals[4]),
        faint=float(totals[6]),
        unresolved=float(lost.sum()),
    )


def _divergence_integrands(q: Array, p: Array, slope: Array) -> tuple[Array, Array]:
    """With r = p slope: q - r, and what integrates to KL(p||q), KL(q||p) and H^2, (panels, 4,
    order); and the most that any of these changes with the slope."""
    r = p * slope
    seen = ((q > NEGLIGIBLE) | (r > NEGLIGIBLE)) & (q > 0) & (r > 0)
    ratio = np.log(np.where(seen, r, 1.0)) - np.log(np.where(seen, q, 1.0))
    forward = np.where(seen, r * ratio - (r - q), 0.0)
    backward = np.where(seen, -q * ratio + (r - q), 0.0)
    square = np.where(seen, (np.sqrt(q) - np.sqrt(r)) ** 2 / 2, 0.0)
    change = p * (1 + np.abs(ratio)) + np.where(seen, q, 0.0) / np.maximum(slope, TINY)
    return np.stack([q - r, forward, backward, square], axis=1), change


def _wide_domain(function: Function, start: LineLaw, truth: Any) -> tuple[float, float]:
    """Beyond the start's own reach as far as the truth has mass, while the map goes on."""
    low, high = domain(start)
    for reach in range(10, 37):
        outer = domain(start, float(reach))
        ends = values(function, np.array([outer[0], low, high, outer[1]]))
        up = ends[2] > ends[1]
        beyond = (
            truth.cdf(ends[1:3].min()[None])[0],
            truth.upper_tail(ends[1:3].max()[None])[0],
        )
        left, right = beyond if up else beyond[::-1]
        goes = np.diff(ends)[[0, 2]] * (1 if up else -1) > 0
        new = (
            outer[0] if left > 1e-18 and goes[0] else low,
            outer[1] if right > 1e-18 and goes[1] else high,
        )
        if new == (low, high):
            break
        low, high = new
    return low, high


def noisy_image(
    function: Function, sd: float, law: LineLaw, accuracy: Accuracy
) -> tuple[Any, float]:
    """The law of m(X) + sd Z, X ~ law, as the sum of Gaussians that a quadrature rule leaves:

        int law(x) N(y; m(x), sd^2) dx = sum_j w_j law(x_j) N(y; m(x_j), sd^2).

    A panel is at most a deviation and a half wide, of the law and of the noise seen through the
    map, and the map on it a polynomial to within `tolerance` deviations of the noise. With it the
    total variation that this may cost: of each panel its mass times what the polynomial may be off,
    in deviations, or all of its mass where it was too light to be halved further.
    """
    low, high = domain(law, REACH)
    rule = Rule(accuracy.order)
    count = int(np.ceil((high - low) / (1.5 * spread_of(law))))
    if count > MOST_PANELS // 2:
        raise Refusal(
            "the sampler's noise is too small against the spread of its states: "
            f"{count} panels for one step; `lemmabench judge` holds its samples against any target"
        )

    def look(a: Array, b: Array) -> tuple[Array, list[Array]]:
        x, y, gap = rule.values(function, a, b)
        weights = law.density(x.reshape(-1)).reshape(x.shape) * rule.weights
        weights *= ((b - a) / 2)[:, None]
        mass = weights.sum(axis=1)
        light = mass <= accuracy.mass
        narrow = y.max(axis=1) - y.min(axis=1) <= 1.5 * sd
        rounding = 64 * EPS * np.abs(y).max(axis=1)
        tail = rule.tail(y) + gap
        smooth = (tail - rounding) * mass <= accuracy.tolerance * sd
        resolved = narrow & smooth
        off = np.where(resolved, tail / sd, 1.0) * mass
        return resolved | light, [y, weights, off]

    _, _, y, weights, off = refined(np.linspace(low, high, count + 1), look)
    kept = weights > 0
    return core().GaussianSum(y[kept], weights[kept], sd), float(off.sum())
