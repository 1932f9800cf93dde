"""Samples made elsewhere against the law they should have, or against other samples."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from .compiled import answer_of, asked, core, path_text, real, sampler_text, scheme_json, whole
from .quantity import Quantity

if TYPE_CHECKING:
    from .scheme import Scheme


@dataclass(frozen=True)
class SampleTest:
    """One test of "the samples are independent and of the law".

    p, adjusted_p  of the test, and times the number of tests (at most 1)
    rejects        adjusted_p <= alpha
    rows           of the samples that it looked at
    reference_rows of the law or of the other samples that its p-value looked at; 0 where the
                   distribution function of the law is known
    floor          the smallest deviation it sees with probability 0.8, of what `floor_of` says
    """

    name: str
    statistic: float
    p: float
    adjusted_p: float
    rejects: bool
    rows: int
    reference_rows: int
    floor: float
    floor_of: str


@dataclass(frozen=True, repr=False)
class Judgement:
    """What the samples say of the law they were to have; all of it is sampled.

    rejected     by any test: wrong with probability alpha at most
    tests        seven, of which each may reject alone
    moments      the mean and the covariance that differ most, by name
    tv_at_least  lower bounds of TV(law of the samples, the law), by name; together with the moments
                 they hold with probability 1 - alpha; of two samples, of the TV of their laws
    reference    what they were held against: "exact draws" of the target, "exact draws of its
                 output" or "particles of the sampler", "rows of the other samples"
    reference_rows  how many of these
    engine       of a sampler's output: "gaussian law", "line law" or "particles"; else ""
    level        the noise level of the law; "" for two samples
    """

    rejected: bool
    tests: tuple[SampleTest, ...]
    moments: dict[str, Quantity]
    tv_at_least: dict[str, float]
    rows: int
    dim: int
    alpha: float
    level: str
    reference: str
    reference_rows: int
    engine: str
    notes: tuple[str, ...]
    text: str
    _data: dict[str, Any] = field(compare=False)

    @property
    def accepted(self) -> bool:
        """No test rejects: no deviation above the floors was seen, and no more than that."""
        return not self.rejected

    def as_dict(self) -> dict[str, Any]:
        """What `lemmabench judge --format json` writes, as a dictionary; "command" is None, since
        the samples are in no file."""
        return dict(self._data)

    def __repr__(self) -> str:
        return self.text

    def plot(self, axes: Any = None) -> Any:
        """The adjusted p-values and alpha on matplotlib axes, which are returned."""
        from .plots import plot_judgement

        return plot_judgement(self, axes)


def judge(
    samples: Any,
    target: Any = None,
    level: str | int | float | None = None,
    *,
    sampler: "str | Scheme | None" = None,
    sigma: float | None = None,
    steps: int | None = None,
    schedule: str | None = None,
    start: str | None = None,
    against: Any = None,
    alpha: float = 0.01,
    seed: int = 1,
    pairs: int = 1000,
    threads: int = 0,
) -> Judgement:
    """Holds samples, one a row, against a law by seven tests, each at the level alpha/7; no
    asymptotics enter a p-value. The law is one of

    - X_t of a target:            judge(x, "mixture-three", level=...) or sigma=...
    - a sampler's output on it:   judge(x, "mixture-three", sampler="ddpm", steps=50)
    - that of other samples:      judge(x, against=y)

    samples  (n, d), or (n,) on the line, n >= 100 independent rows; a .npy or .csv file's path
    target   as in `law`
    level    what the samples are of: "data" (the default without steps), "last" (level 1 of the
             schedule, where a sampler ends; the default with steps), a whole number t, or abar
             between 0 and 1
    sigma    in place of level: the samples are of X_0 + sigma Z, sigma > 0
    sampler  the samples are of its output after `steps`, in the coordinates where it ends: Y_1, or
             of a Scheme or a scheme file x = X_0 + sigma Z. Exact on Gaussian targets and, where
             the density is known, on mixtures on the line; else against its particles (`engine`
             says)
    steps, schedule  whose level it is, for "last" and t, or the sampler's; None for a Scheme, which
             has its own
    start    of the sampler: "gaussian" (the default) or "exact"
    against  other samples, like `samples` but of any number >= 100; alone, with no law. Independent
             of `samples`: not made by one code with one seed
    alpha    the probability of rejecting samples of the law, 0.001 to 0.2
    pairs    rows that the tests of all pairs take at most, 100 to 10000; time grows like its square

    Same numbers for the same seed on any number of threads. Raises ValueError, one line.
    """
    from .scheme import Scheme

    request = core().JudgeRequest()
    request.alpha = real("alpha", alpha)
    request.seed = _seed(seed)
    request.pairs = whole("pairs", pairs)
    given = {
        "target": target,
        "level": level,
        "sampler": sampler,
        "sigma": sigma,
        "steps": steps,
        "schedule": schedule,
        "start": start,
    }
    if against is not None:
        _refuse(given, "against= compares two samples")
        return _judge_against(samples, against, request, threads)
    if target is None:
        raise ValueError(
            "target is missing; name the law that the samples should have, or other samples by "
            "against="
        )
    if sampler is None and start is not None:
        raise ValueError("start is of a sampler; name it by sampler=, or leave start out")
    scheme = sampler if isinstance(sampler, Scheme) else None
    if sampler is not None:
        _refuse({"level": level, "sigma": sigma}, "the output of a sampler is at its last level")
    if scheme is not None:
        _refuse({"steps": steps, "schedule": schedule}, "a scheme has its own levels")
    table, request.level = _level(_table(samples), level, sigma)
    question = asked(
        target,
        "" if sampler is None or scheme is not None else sampler_text(sampler),
        steps=None if steps is None else _steps(steps),
        schedule=schedule,
        start="gaussian" if start is None else start,
    )
    text = None if scheme is None else scheme_json(scheme)
    answer = core().judge(table, question, request, text, whole("threads", threads))
    data, shown = answer_of(answer), str(answer.text)
    data["command"] = None
    if scheme is not None:
        # The compiled part knows the scheme by a name that stands for no file.
        shown = shown.replace(f"output of {data['sampler']} on", f"output of {scheme.name} on", 1)
        data["sampler"] = scheme.name
    if sigma is not None:
        note = (
            f"the samples of X_0 + sigma Z, sigma = {sigma:g}, were divided by sqrt(1 + sigma^2); "
            "moments are of that"
        )
        data["notes"] = [*data["notes"], note]
        shown += f"\nnote: {note}\n"
    return _judgement(data, shown)


def _refuse(given: dict[str, Any], reason: str) -> None:
    for name, value in given.items():
        if value is not None:
            raise ValueError(f"{reason}; leave {name} out")


def _judge_against(samples: Any, against: Any, request: Any, threads: Any) -> Judgement:
    request.against = path_text(against) or "the other samples"
    answer = core().judge_against(
        _table(samples), _table(against), request, whole("threads", threads)
    )
    data = answer_of(answer)
    data["command"] = None
    return _judgement(data, str(answer.text))


def _judgement(data: dict[str, Any], text: str) -> Judgement:
    names = SampleTest.__dataclass_fields__
    return Judgement(
        rejected=data["verdict"] == "rejected",
        tests=tuple(SampleTest(**{name: test[name] for name in names}) for test in data["tests"]),
        moments={entry["of"]: Quantity.read(entry) for entry in data.get("moments", [])},
        tv_at_least={entry["by"]: entry["value"] for entry in data.get("tv_at_least", [])},
        rows=data["rows"],
        dim=data["dim"],
        alpha=data["alpha"],
        level=data["level"]["name"] if "level" in data else "",
        reference=data["reference"],
        reference_rows=data["reference_rows"],
        engine=data.get("engine", ""),
        notes=tuple(data["notes"]),
        text=text,
        _data=data,
    )


def _table(samples: Any) -> Any:
    path = path_text(samples)
    if path is not None:
        return _table_of_file(path)
    if hasattr(samples, "detach"):
        samples = samples.detach().cpu().numpy()
    try:
        array = np.asarray(samples)
    except ValueError:
        raise ValueError("samples is no array of numbers: rows of different lengths") from None
    if array.dtype.kind not in "fiu" or array.ndim not in (1, 2):
        raise ValueError(
            f"samples is an array of {array.dtype} and shape {array.shape}; real numbers of the "
            "shape (n, d), or (n,) on the line, are needed"
        )
    table = array.astype(np.float64).reshape(len(array), -1)
    if not np.isfinite(table).all():
        row = int(np.argwhere(~np.isfinite(table))[0][0])
        raise ValueError(f"samples[{row}] has a number that is not finite")
    return table


def _table_of_file(path: str) -> Any:
    return core().read_points(path)


def _level(table: Any, level: Any, sigma: Any) -> tuple[Any, str]:
    if sigma is None:
        return table, "" if level is None else str(level)
    if level is not None:
        raise ValueError("give the noise level as one of level= and sigma=")
    width = real("sigma", sigma)
    if not 0 < width <= 1e10:
        raise ValueError(f"sigma is {width:g}; it must be positive and at most 1e10")
    return table / math.hypot(1.0, width), repr(1 / (1 + width * width))


def _steps(steps: Any) -> int:
    number = whole("steps", steps)
    if number < 2:
        raise ValueError(f"--steps: '{number}' is not a whole number from 2 on")
    return number


def _seed(seed: Any) -> int:
    number = whole("seed", seed)
    if number < 0:
        raise ValueError(f"seed is {number}; it cannot be negative")
    return number
