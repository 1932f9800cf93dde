"""The law of a sampler that is no linear scheme, on the line: as the map, or the maps with noise
between them, that its code is when it runs with the exact model."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable, Sequence

from . import line_density, line_map
from .arrays import Array
from .compiled import core, target_text, words
from .errors import NumericalFailure, Refusal
from .quantity import Quantity
from .replay import Replay, plan_at_start
from .scheme_rules import given_levels
from .tracer import Plan

if TYPE_CHECKING:
    from .recording import Run


@dataclass(frozen=True, repr=False)
class MapLaw:
    """The law q of a sampler's output against the truth p, the law of X_0 + sigma_K Z.

    tv, kl_pq, kl_qp, hellinger   as in Law; computed, or unknown with the reason
    kind      "deterministic" or "one noise a step"
    folds     whether the map from x_T (from the last noise) to the output turns where it has mass
    atoms     (value, mass) of points at which the output lies with positive probability, as a clip
              at the end makes them
    steps, model_calls, start, target, sampler, notes   what was asked and what to know besides
    """

    tv: Quantity
    kl_pq: Quantity
    kl_qp: Quantity
    hellinger: Quantity
    kind: str
    folds: bool
    atoms: tuple[tuple[float, float], ...]
    steps: int
    model_calls: int
    start: str
    target: str
    sampler: str
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        lines = [
            f"{self.sampler} on {self.target}",
            f"  N = {self.steps}, {self.model_calls} model calls, start {self.start}; not a linear "
            f"scheme: {self.kind}, by maps of the line",
            "",
        ]
        for name, value in (
            ("total variation", self.tv),
            ("KL(p||q)", self.kl_pq),
            ("KL(q||p)", self.kl_qp),
            ("Hellinger distance", self.hellinger),
        ):
            lines.append(f"  {name:<19} {value}")
        lines += [
            f"  an atom of mass {mass:.6g} at {value:.6g}" for value, mass in self.atoms[:8]
        ]
        return "\n".join(lines + [f"note: {note}" for note in self.notes])


@dataclass(frozen=True)
class MapSampler:
    """A sampler that is no linear scheme; `law` gives its law on the line.

    name, steps  as of a Scheme
    sigmas       the levels of x_T and of the output
    reason       why it is no linear scheme; "" where that was not asked
    """

    name: str
    steps: int
    sigmas: tuple[float, float]
    reason: str
    _plan: Plan = field(repr=False)
    _start_variance: float | None = field(repr=False, default=None)

    def law(self, target: Any, start: str = "gaussian") -> MapLaw:
        """The law of the output on a target on the line; see map_law."""
        text = target_text(target)
        clean = core().line_law(text)
        if words("start", start) not in ("gaussian", "exact"):
            raise ValueError(f"start is {start!r}; 'gaussian' or 'exact' is needed")
        first, last = self.sigmas
        variance = self._start_variance or (1.0 if math.isinf(first) else first * first)
        begin = core().line_gaussian(variance) if start == "gaussian" else clean.at_sigma(first)
        replay = Replay(self._plan, clean, begin)
        found = _distances(replay, begin, clean.at_sigma(last))
        return MapLaw(
            **found,
            steps=self.steps,
            model_calls=replay.calls,
            start=start,
            target=text,
            sampler=self.name,
        )


def map_sampler(plan: Plan, reason: str, steps: int | None, variance: float | None) -> MapSampler:
    """The sampler of a plan."""
    plan = plan_at_start(plan)
    assert plan.levels is not None
    last = plan.output_level
    if last is None:
        last = plan.levels[-1] if len(plan.levels) > 1 else 0.0
    first = plan.levels[0]
    return MapSampler(
        plan.name, steps or max(1, len(plan.levels) - 1), (first, last), reason, plan, variance
    )


def map_law(
    run: "Run",
    target: Any,
    sigmas: Sequence[float],
    *,
    start: str = "gaussian",
    gaussian_start_variance: float | None = None,
    array: str = "numpy",
    axes: int = 1,
    dtype: str = "float64",
    steps: int | None = None,
    source: str | None = None,
) -> MapLaw:
    """The law of a sampler's output on a target on the line, for samplers that are no linear
    scheme: that clip, threshold or adapt their steps.

    run(model, x, randn) -> x   the sampler in x = X_0 + sigma Z, as in `trace`; model(x, sigma) is
                                E[X_0 | x], exact on the target
    target   a mixture on the line or gaussian:dim=1, as in `law`
    sigmas   levels; the first is that of x_T (it may be inf), the last that of the output
    start    "gaussian": x_T ~ N(0, sigma_0^2), or of gaussian_start_variance; "exact": X_0 +
             sigma_0 Z
    The rest as in `trace`.

    Deterministic code is one map m of x_T. With H(y) = P(m(x_T) <= y) - P(X_0 + sigma_K Z <= y) its
    total variation is half the variation of H; the map may fold, jump, and stand still, which makes
    atoms. KL and Hellinger distance are known where it rises or falls throughout. Code with one
    noise a step and no memory is a chain of such maps with noise between them, each found by
    choosing the draw before it; the density is carried from step to step by quadrature. What a
    sampler does with a batch is looked into: where samples influence each other, as under adaptive
    steps, each runs on its own.

    Every number is computed twice, with other points, panels and tolerances; its error is twice the
    difference, and what both leave out. Of TV usually 1e-13 to 1e-10, kinks or not; KL and the
    Hellinger distance lose digits to kinks, to about 1e-8.

    Raises ValueError, one line; Refusal for other targets, noise that is shaped or remembered, and
    a map too rough to resolve. Cost: some hundred runs of the sampler with thousands of points,
    seconds at 64 steps; with noise as many for every step; for steps that adapt, some thousand runs
    with one point.
    """
    levels = given_levels(sigmas, "map_law")
    if not callable(run):
        raise ValueError(f"map_law: {run!r} is no function; run(model, x, randn) -> x is needed")
    plan = Plan(run, axes=axes, array=array, dtype=dtype, levels=levels, name=source or "sampler")
    return map_sampler(plan, "", steps, gaussian_start_variance).law(target, start)


def _distances(replay: Replay, start: Any, truth: Any) -> dict[str, Any]:
    few = replay.alone
    fineness = (
        (line_map.FEW_FINE, line_map.FEW_COARSE) if few else (line_map.FINE, line_map.COARSE)
    )
    fine, coarse = (
        _Ending(replay, start, truth, look, panels)
        for look, panels in zip(fineness, (line_density.FINE, line_density.COARSE))
    )
    rounding = 4 * replay.unit * replay.calls
    shared = rounding + fine.unseen + fine.defect
    tv = _judged(fine.tv, coarse.tv, shared)
    notes = []
    if few:
        notes.append(
            "samples of one batch influence each other: each ran on its own, as in a batch of one"
        )
    reason = fine.reason or coarse.reason
    if few and not reason:
        reason = "a point costs too much for densities; TV comes from distribution functions"
    if reason:
        kl_pq = kl_qp = hellinger = _unknown(reason)
        notes.append(reason)
    else:
        kl_pq, kl_qp, hellinger = _divergences(fine, coarse, rounding)
    return {
        "tv": tv,
        "kl_pq": kl_pq,
        "kl_qp": kl_qp,
        "hellinger": hellinger,
        "kind": "one noise a step" if replay.segments else "deterministic",
        "folds": fine.law.folds,
        "atoms": tuple(fine.law.atoms),
        "notes": tuple(notes),
    }


class _Ending:
    """One computation: the law of the last state with noise, or of x_T, and what follows it."""

    def __init__(
        self,
        replay: Replay,
        start: Any,
        truth: Any,
        look: line_map.Fineness,
        panels: line_density.Accuracy,
    ) -> None:
        law, unresolved = start, 0.0
        for i, segment in enumerate(replay.segments):
            law, off = line_density.noisy_image(_step(replay, i), segment.sd, law, panels)
            unresolved += off
        last = len(replay.segments)
        self._function: Callable[[Array], Array] = (
            _step(replay, last) if last < replay.count else lambda x: x
        )
        self._start, self._truth, self._panels = law, truth, panels
        self._noise = 2 * replay.unit * replay.calls
        # Panels of a step with less mass than 1e-13 are not resolved.
        self._floor = 1e-12 if replay.segments else 0.0
        self.defect = unresolved + (abs(law.mass - 1.0) if replay.segments else 0.0)
        self.law = line_map.MappedLaw(self._function, law, truth, look)
        self.unseen = self.law.unseen + self.law.edges
        self.tv = line_map.total_variation(self.law, truth)
        self.reason = self._without_density()

    def _without_density(self) -> str:
        if self.law.atoms:
            return (
                "the output has atoms, and the truth has none; TV comes from distribution functions"
            )
        if self.law.folds:
            return (
                "the map to the output folds, and the density behind a fold is unbounded; TV comes "
                "from distribution functions"
            )
        return ""

    def divergences(self) -> line_density.Divergences:
        return line_density.divergences(
            self._function, self._start, self._truth, self._panels, self._noise, self._floor
        )


def _step(replay: Replay, i: int) -> Callable[[Array], Array]:
    return lambda x: replay.step(i, x)


def _divergences(fine: _Ending, coarse: _Ending, rounding: float) -> list[Quantity]:
    """KL(p||q), KL(q||p) and the Hellinger distance."""
    try:
        a, b = fine.divergences(), coarse.divergences()
    except Refusal as refusal:  # TV does without panels
        return [_unknown(str(refusal))] * 3
    off = rounding + fine.defect + a.missed + a.defect + a.unresolved
    beyond = _unknown("one law is too small to be known where the other still has mass")
    kl_pq = beyond if a.kl_pq is None or b.kl_pq is None else _judged(
        a.kl_pq, b.kl_pq, off * (1 + abs(a.kl_pq)) + 2 * a.doubtful
    )  # fmt: skip
    kl_qp = _judged(a.kl_qp, b.kl_qp, off * (1 + abs(a.kl_qp)) + 2 * a.faint)
    roots = [math.sqrt(each.hellinger_squared) for each in (a, b)]
    missed = off / max(roots[0], math.sqrt(off)) if off > 0 else 0.0
    return [kl_pq, kl_qp, _judged(*roots, missed)]


def _judged(fine: float, coarse: float, shared: float) -> Quantity:
    """A number of two computations: the finer one, off by twice the difference and what both
    share."""
    error = 2 * abs(fine - coarse) + shared
    if not (math.isfinite(fine) and math.isfinite(error)):
        raise NumericalFailure(f"a distance came out as {fine}, with error {error}")
    return Quantity.read({"value": repr(fine), "error": repr(error), "evidence": "computed"})


def _unknown(reason: str) -> Quantity:
    return Quantity.read(
        {"value": None, "extent": "unknown", "reason": reason, "evidence": "computed"}
    )


