"""trace: the linear scheme of a sampler from runs with unit impulses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Callable, Sequence

import numpy as np

from . import precision
from .arrays import Array, Arrays, ROUNDING
from .columns import BrownianPath, ColumnFeed, MoreThanExpected, RandomFeed
from .gaussian import gaussian_variance_error
from .recording import Recorded, Run, record
from .scheme import Scheme
from .scheme_rules import given_levels, rising

if TYPE_CHECKING:
    from .mapped_law import MapSampler

PROBE = 8.0  # standard deviations

# A power of two: floating-point code that is linear up to rounding scales exactly by it. A defect
# above LINEAR is then still rounding if it is below ROUNDED; public code in float32 has up to 4e-6.
SHRINK = 1024.0
LINEAR = 1e-6
ROUNDED = 1e-4

MOST_BYTES = 2**31  # of what one run records: 16000 model calls, or 11000 with a draw each

FALLBACKS = (
    "a sampler that clips, thresholds or adapts its steps has no linear scheme; map_law "
    "(fallback=True of kdiffusion and diffusers) has its law on the line, and `lemmabench judge "
    "samples.npy` holds its samples against any target"
)


class NonlinearSampler(ValueError):
    """The sampler is not linear in x_T, the model outputs and the draws; the text says how it was
    seen."""


def trace(
    run: Run,
    sigmas: Sequence[float] | None = None,
    *,
    output_level: float | None = None,
    axes: int = 1,
    array: str = "numpy",
    dtype: str = "float64",
    batch: bool | None = None,
    allow_nonlinear: bool = False,
    source: str | None = None,
    steps: int | None = None,
    advertised_order: int | None = None,
    gaussian_start_variance: float | None = None,
) -> Scheme:
    """The scheme of a sampler, exactly as its code computes it, independent of the target.

    run(model, x, randn) -> x is the sampler in the coordinates x = X_0 + sigma Z:
      model(x, sigma)  answers E[X_0 | x] at level sigma: an array like x; sigma is a number or an
                       array of equal numbers
      x                a batch of shape (B, 1, ..., 1) with `axes` ones; each sample is on its own
      randn(...)       the next standard normal draw, an array like x, whatever it is asked with
    It is run twice or three times: once with random values to count calls and draws, then with a
    unit impulse in x_T, in each model output and in each draw, one in each sample of the batch.
    Further samples probe linearity at 8 standard deviations; the largest |value - scheme's value|
    relative to the sum of the scheme's absolute terms is `linearity_defect`.

    sigmas        levels of the user; the first is that of x_T, the last that of the output. Without
                  them x_T is at the level of the first model call and the output at 0 (it is held
                  against the law of X_0), or at output_level.
    array         "numpy" or "torch"
    dtype         "float64" or "float32", of x. Coarser arithmetic seen inside is reported in
                  findings.
    batch         False: run with plain floats, once a column. None: so only if the batch fails.
    The rest      is noted in the scheme (see Scheme).

    If the first model call is not at the level of x_T (a sampler that adds noise first), the scheme
    begins with a call at that level whose answer is unused.

    Raises NonlinearSampler if the defect is above 1e-6 (1e-4 if the code scales exactly, so that it
    is rounding), a constant is added, calls depend on the values, or samples of a batch influence
    each other; ValueError, one line, for wrong shapes, levels that differ within a batch or are not
    positive, coefficients that are not finite, randomness that does not come from randn, more calls
    and draws than 2 GiB have room for (16000 calls). With
    allow_nonlinear the first kind is noted in findings instead, as far as a scheme can be written
    down at all.

    Cost: three runs of the sampler with B = 18 + K + M samples.
    """
    if not callable(run):
        raise ValueError(f"trace: {run!r} is no function; run(model, x, randn) -> x is needed")
    plan = Plan(
        run,
        axes=axes,
        array=array,
        dtype=dtype,
        batch=batch,
        allow_nonlinear=allow_nonlinear,
        levels=None if sigmas is None else given_levels(sigmas, source or "trace"),
        output_level=output_level,
    )
    if dtype != "float64":
        plan.in_double = lambda: replace(plan, dtype="float64", in_double=None)
    return trace_plan(
        plan,
        source=source,
        steps=steps,
        advertised_order=advertised_order,
        gaussian_start_variance=gaussian_start_variance,
    )


def traced(plan: "Plan", fallback: bool, **notes: Any) -> "Scheme | MapSampler":
    """The scheme of the plan; of a sampler that is not linear a MapSampler, if that will do."""
    try:
        return trace_plan(plan, **notes)
    except NonlinearSampler as reason:
        if not fallback:
            raise
        from .mapped_law import map_sampler

        plan = replace(plan, name=notes.get("source") or plan.name)
        text = str(reason).removesuffix(f"; {FALLBACKS}")
        return map_sampler(plan, text, notes.get("steps"), notes.get("gaussian_start_variance"))


@dataclass
class Plan:
    """What is to be run and how; see trace.

    tables     names single-precision numbers the code computes with
    in_double  gives the plan of the same formulas in double, to compare with where the code is not
    """

    run: Run
    axes: int = 1
    array: str = "numpy"
    dtype: str = "float64"
    batch: bool | None = None
    allow_nonlinear: bool = False
    levels: list[float] | None = None
    output_level: float | None = None
    tables: str | None = None
    in_double: "Callable[[], Plan] | None" = None
    name: str = "sampler"


def trace_plan(plan: Plan, **notes: Any) -> Scheme:
    """Runs the plan; `notes` are keyword arguments of Scheme."""
    plan = replace(plan, name=notes.get("source") or plan.name)
    arrays, counted, path = _count(plan)
    calls, white = len(counted.levels), counted.draws
    columns = 1 + calls + white + path.draws
    _require_room(plan.name, calls, columns)
    size = _start_size(plan.levels, counted.levels[0])
    probes = _probes(columns, size)
    table = np.vstack([np.zeros(columns), np.eye(columns), probes])
    seen = _run(plan, arrays, ColumnFeed(table, calls, white, path), counted)
    rows = seen.inputs[:, 1 : 1 + columns].copy()
    complaints = _complaints(
        plan, arrays, seen, rows, ColumnFeed(table, calls, white, path), counted
    )
    dtype = precision.coarsest(seen.dtypes)
    defect, scaling = _defects(rows, probes, seen.inputs[:, 1 + columns :])
    complaints += _nonlinear(defect, scaling, ROUNDING[dtype])
    if complaints and not plan.allow_nonlinear:
        raise NonlinearSampler(f"{plan.name}: not linear: {complaints[0]}; {FALLBACKS}")
    rows[:, 1 : 1 + calls] = np.tril(rows[:, 1 : 1 + calls], -1)
    scheme = _scheme(plan, seen.levels, rows, white + path.draws, max(defect, scaling), notes)
    scheme.findings += [f"not linear: {text}" for text in complaints]
    _report_precision(scheme, plan, dtype, not complaints)
    return scheme


def _count(plan: Plan) -> tuple[Arrays, Recorded, BrownianPath]:
    """The first run, with random values; falls back to plain floats if the batch cannot be run."""
    size = plan.levels[0] if plan.levels and np.isfinite(plan.levels[0]) else 1.0
    if plan.batch is not False:
        arrays = Arrays(plan.array, plan.axes, plan.dtype)
        feed = RandomFeed(3, size)
        try:
            recorded = record(plan.run, arrays, feed)
            return arrays, recorded, BrownianPath(feed.intervals)
        except (TypeError, ValueError, AttributeError):
            if plan.batch or plan.array == "torch":
                raise
            try:
                return _count_floats(plan, size)
            except Exception:
                pass
            raise
    return _count_floats(plan, size)


def _count_floats(plan: Plan, size: float) -> tuple[Arrays, Recorded, BrownianPath]:
    arrays, feed = Arrays("float", 0, plan.dtype), RandomFeed(1, size)
    recorded = record(plan.run, arrays, feed)
    return arrays, recorded, BrownianPath(feed.intervals)


def _require_room(name: str, calls: int, columns: int) -> None:
    """Refuses what would fill the memory: each of about as many samples as there are columns is
    recorded at every call."""
    size = 8 * (calls + 1) * columns
    if size > MOST_BYTES:
        raise ValueError(
            f"{name}: {calls} model calls and {columns - 1 - calls} draws would take "
            f"{size / 2**30:.1f} GiB to trace, more than {MOST_BYTES / 2**30:.0f}; take fewer steps"
        )


def _start_size(levels: list[float] | None, first: float) -> float:
    size = levels[0] if levels else first
    return size if np.isfinite(size) else 1.0


def _probes(columns: int, size: float) -> Array:
    """Values of all columns: all at +8, all at -8, x_T against the rest, and random signs, in
    standard deviations (model outputs count as of size 1); two rows of plain normals; then all once
    more, divided by SHRINK."""
    random = np.random.default_rng(20240602)
    opposite = np.full(columns, PROBE)
    opposite[0] = -PROBE
    rows = np.array(
        [
            np.full(columns, PROBE),
            np.full(columns, -PROBE),
            opposite,
            *(PROBE * random.choice([-1.0, 1.0], (3, columns))),
            *random.standard_normal((2, columns)),
        ]
    )
    rows[:, 0] *= size
    return np.vstack([rows, rows / SHRINK])


def _run(plan: Plan, arrays: Arrays, feed: ColumnFeed, counted: Recorded) -> Recorded:
    """A run on the table of the feed, in one batch or sample by sample; refuses a sampler whose
    calls are not those of the first run."""
    try:
        if arrays.kind != "float":
            seen = [record(plan.run, arrays, feed)]
        else:
            seen = [record(plan.run, arrays, feed.one(b)) for b in range(feed.batch)]
    except MoreThanExpected as more:
        raise NonlinearSampler(
            f"{plan.name}: not linear: it asked for {more} in a second run with other values; "
            f"{FALLBACKS}"
        ) from None
    for part in seen:
        if len(part.levels) != len(counted.levels) or part.draws != counted.draws:
            raise NonlinearSampler(
                f"{plan.name}: not linear: {len(part.levels)} model calls and {part.draws} draws, "
                f"{len(counted.levels)} and {counted.draws} in another run with other values; "
                f"{FALLBACKS}"
            )
        if (part.levels != counted.levels).any():
            k = int(np.flatnonzero(part.levels != counted.levels)[0])
            raise NonlinearSampler(
                f"{plan.name}: not linear: model call {k} is at level {part.levels[k]:g}, and at "
                f"{counted.levels[k]:g} in another with other values; {FALLBACKS}"
            )
    return Recorded(
        np.hstack([part.inputs for part in seen]),
        counted.levels,
        counted.draws,
        set().union(*(part.dtypes for part in seen)),
    )


def _complaints(
    plan: Plan, arrays: Arrays, seen: Recorded, rows: Array, feed: ColumnFeed, counted: Recorded
) -> list[str]:
    """What is not linear besides the probes: constants, and samples that influence each other."""
    calls = len(counted.levels)
    bad = np.argwhere(~np.isfinite(seen.inputs))
    if len(bad):
        k = int(bad[0][0])
        what = "the output" if k == calls else f"the input of model call {k}"
        raise ValueError(
            f"{plan.name}: {what} is not finite (at level {counted.levels[k - (k == calls)]:g}); "
            "the code divides by zero or overflows there"
        )
    found = []
    if seen.inputs[:, 0].any():
        found.append(_offset(plan, arrays, seen, feed, counted))
    ahead = np.argwhere(np.triu(rows[:, 1 : 1 + calls] != 0))
    if len(ahead):
        k, j = (int(i) for i in ahead[0])
        found.append(
            f"row {k} depends on the answer of model call {j}, which is made later: samples of one "
            "batch influence each other"
        )
    return found


def _offset(plan: Plan, arrays: Arrays, seen: Recorded, feed: ColumnFeed, counted: Recorded) -> str:
    """Why the sample whose x_T, model outputs and draws are all 0 does not stay 0."""
    again = _run(plan, arrays, feed, counted)
    if (again.inputs != seen.inputs).any():
        raise ValueError(
            f"{plan.name}: two runs with the same values differ: it draws noise that did not "
            "come from randn (or keeps state between runs); take its noise from randn"
        )
    if not _run(plan, arrays, feed.one(0), counted).inputs.any():
        return "samples of one batch influence each other"
    k = int(np.abs(seen.inputs[:, 0]).argmax())
    return (
        f"with x_T, all model outputs and all draws 0, row {k} is {seen.inputs[k, 0]:.3g}: "
        "a constant is added (or noise of a fixed seed)"
    )


def _defects(rows: Array, probes: Array, values: Array) -> tuple[float, float]:
    """How far the probed values are from the scheme's, and how far the second half of the probes,
    the first divided by SHRINK, is from scaling; both relative to the sum of the scheme's absolute
    terms.
    """
    terms = np.maximum(np.abs(rows) @ np.abs(probes).T, np.finfo(float).tiny)
    off = np.abs(values - rows @ probes.T) / terms
    half = len(probes) // 2
    unscaled = np.abs(values[:, :half] - SHRINK * values[:, half:]) / terms[:, :half]
    return float(off.max()), float(unscaled.max())


def _nonlinear(defect: float, scaling: float, unit: float) -> list[str]:
    """What the two defects say; `unit` is the rounding of the coarsest arithmetic seen."""
    half = 16 * unit if unit > LINEAR else 0.0  # half precision has no room below 1/1024
    if not scaling <= max(LINEAR, half):
        return [
            f"values of {PROBE:g} standard deviations and values {SHRINK:g} times smaller do not "
            f"give results {SHRINK:g} times apart (off by {scaling:.1e}, relative)"
        ]
    limit = max(ROUNDED if scaling <= 1e-3 * defect else LINEAR, half)
    if not defect <= limit:
        return [
            f"values at {PROBE:g} standard deviations are off the linear scheme by {defect:.1e}, "
            "relative"
        ]
    return []


def _scheme(
    plan: Plan, called: Array, rows: Array, draws: int, defect: float, notes: dict[str, Any]
) -> Scheme:
    """Puts the level of x_T before the levels of the calls and that of the output behind them."""
    last = plan.output_level
    if last is None:
        last = plan.levels[-1] if plan.levels else 0.0
    levels = called
    start = plan.levels[0] if plan.levels else called[0]
    # Within one rounding of single precision it is the same level, and the code's is taken.
    if not (start == called[0] or abs(start - called[0]) <= 2.0**-23 * abs(called[0])):
        levels = np.append(start, levels)
        rows = np.insert(rows, 1, 0.0, axis=1)
        first = np.zeros(rows.shape[1])
        first[0] = 1.0
        rows = np.vstack([first, rows])
    levels = np.append(levels, last)
    rises = rising(levels)
    scheme = Scheme(
        levels,
        rows,
        draws=draws,
        linearity_defect=defect,
        levels_rise=True if rises else None,
        where=plan.name,
        **notes,
    )
    if rises:
        scheme.findings.append(_rise(levels, rises))
    return scheme


def _rise(levels: Array, rises: list[int]) -> str:
    """The finding that the sampler's levels rise: legitimate where it adds noise back, and else a
    level that is off."""
    k = rises[0]
    where = "at the output" if k + 1 == len(levels) else f"at model call {k}"
    more = f", and at {len(rises) - 1} more" if rises[1:] else ""
    return f"the level rises {where}, from {levels[k - 1]:.6g} to {levels[k]:.6g}{more}"


def _report_precision(scheme: Scheme, plan: Plan, dtype: str, linear: bool) -> None:
    """Notes single precision in the scheme, if it was seen in dtypes, in the defect or in
    tables."""
    where = "arithmetic on samples"
    if dtype == "float64" and linear and (scheme.linearity_defect or 0.0) > precision.DOUBLE_DEFECT:
        dtype, where = "float32", "arithmetic inside a step"
    if dtype == "float64" and plan.tables:
        dtype, where = "float32", plan.tables
    if dtype == "float64":
        return
    estimate = precision.rounding_floor(scheme, ROUNDING[dtype])
    moved = None
    if plan.in_double is not None:
        exact = trace_plan(replace(plan.in_double(), allow_nonlinear=True))
        moved = abs(gaussian_variance_error(scheme) - gaussian_variance_error(exact))
    scheme.float32, scheme.rounding_floor = True, max(estimate, moved or 0.0)
    scheme.findings.append(precision.finding(dtype, where, estimate, moved))
