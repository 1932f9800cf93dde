"""The output law of a sampler, exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Mapping

from .compiled import (
    answer_of,
    asked,
    core,
    sampler_text,
    scheme_json,
    scheme_without_levels,
    whole,
    with_name_of,
)
from .quantity import Quantity

if TYPE_CHECKING:
    from .scheme import Scheme


@dataclass(frozen=True, repr=False)
class Law:
    """The law q of a sampler's output against the truth p: the law of X_1, for a scheme that of
    X_0 + sigma_K Z.

    tv, kl_pq, kl_qp, hellinger   total variation, KL(p||q), KL(q||p), Hellinger
    parts                         of the error, by the names of the JSON: initialisation,
                                  discretisation, score, initial_tv, early_stopping_w2, ...
    relative_variance_error       v/w - 1 an eigenvalue, v the output's variance and w the truth's;
                                  Gaussian targets only
    multiplicities                how many eigenvalues each of these stands for
    local_errors                  TV(K_t p_t, p_(t-1)) by t, where asked for
    engine, arithmetic            what computed it, e.g. "gaussian" in "ball, 256 bits"
    score_calls, dim, notes       model calls of a run, d, what to know besides
    request                       target, sampler, schedule, steps, start, score, digits, ...
    """

    tv: Quantity
    kl_pq: Quantity
    kl_qp: Quantity
    hellinger: Quantity
    parts: Mapping[str, Quantity]
    relative_variance_error: tuple[Quantity, ...]
    multiplicities: tuple[int, ...]
    local_errors: Mapping[int, Quantity]
    engine: str
    arithmetic: str
    score_calls: int
    dim: int
    notes: tuple[str, ...]
    request: Mapping[str, Any]
    text: str
    _data: dict[str, Any] = field(compare=False)

    def as_dict(self) -> dict[str, Any]:
        """What `lemmabench law --format json` writes, as a dictionary: decimal strings and texts.
        "command" is None for a scheme that is in no file."""
        return dict(self._data)

    def __repr__(self) -> str:
        return self.text

    def plot(self, axes: Any = None) -> Any:
        """Bars of the distances and the parts of the error that are known, with their errors, on
        matplotlib axes (new ones if None), which are returned. ImportError without matplotlib."""
        from .plots import plot_law

        return plot_law(self, axes)


def law(
    target: Any,
    sampler: "str | Scheme",
    steps: int | None = None,
    schedule: str | None = None,
    *,
    start: str = "gaussian",
    score: str = "exact",
    digits: int = 0,
    arithmetic: str = "ball",
    local_errors: bool = False,
    threads: int = 0,
) -> Law:
    """The output law of a sampler on a target, held against the truth.

    target      a Target, a catalogue name (`targets()`), an inline text such as
                "gaussian:dim=5,variance=0.3" or a TOML file
    sampler     a Scheme (its levels are its own; steps and schedule stay None), a scheme file
                "./x.json", a name such as "ddpm" or "li-cai:kappa=1/2", or a TOML file "./x.toml"
    steps       T, the number of levels, from 2 on; None where the schedule has its own
    schedule    e.g. "li-cai:c0=2,c1=9" (the default), "karras:sigma_min=0.05",
                "levels:file=sigmas.npy"
    start       "gaussian": what the sampler really starts from; "exact": the law of X_T, so that
                only the error of the steps is left
    score       "exact", or an estimate such as "affine:size=0.01"
    digits      significant digits, 1 to 1000; 0 for the default, 40 proved on a Gaussian target and
                double elsewhere
    arithmetic  "ball" (proved on Gaussian targets), "mp", "double", "certificate:R"
    local_errors  also the error of each step by itself
    threads     0 for one a processor; the numbers do not depend on it

    Gaussian targets are proved, the others computed with an error estimate (see Quantity). Cost:
    milliseconds on Gaussians, to seconds elsewhere; a law on the line of noise with memory, minutes
    at 256 calls. Other Python threads run meanwhile.

    Raises ValueError, one line, for what cannot be used; Refusal (a ValueError) where no engine
    answers; NumericalFailure where the digits are not reached.
    """
    scheme = scheme_without_levels(sampler, steps, schedule)
    question = asked(
        target,
        "" if scheme is not None else sampler_text(sampler),
        steps=steps,
        schedule=schedule,
        start=start,
        score=score,
        digits=digits,
        arithmetic=arithmetic,
    )
    text = None if scheme is None else scheme_json(scheme)
    answer = core().law(question, text, bool(local_errors), whole("threads", threads))
    data = answer_of(answer)
    shown = with_name_of(scheme, data, str(answer.text))
    return _law_of(data, shown)


def _law_of(data: dict[str, Any], text: str) -> Law:
    errors = data.get("relative_variance_error", [])
    asked_keys = ("target", "sampler", "schedule", "steps", "start", "score", "digits")
    return Law(
        tv=Quantity.read(data["tv"]),
        kl_pq=Quantity.read(data["kl_pq"]),
        kl_qp=Quantity.read(data["kl_qp"]),
        hellinger=Quantity.read(data["hellinger"]),
        parts={name: Quantity.read(entry) for name, entry in data["terms"].items()},
        relative_variance_error=tuple(Quantity.read(entry) for entry in errors),
        multiplicities=tuple(entry["multiplicity"] for entry in errors),
        local_errors={
            int(entry["name"]): Quantity.read(entry) for entry in data.get("local_errors", [])
        },
        engine=data["engine"],
        arithmetic=data["arithmetic"],
        score_calls=data["score_calls"],
        dim=data["dim"],
        notes=tuple(data["notes"]),
        request={key: data[key] for key in asked_keys},
        text=text,
        _data=data,
    )
