"""An upper bound of the error of a sampler, in any dimension."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .compiled import answer_of, asked, core, real, sampler_text, whole
from .quantity import Quantity


@dataclass(frozen=True, repr=False)
class Certificate:
    """What the path certificate bounds: KL(p_{X_1} || p_{Y_1}) <= kl, TV <= tv = sqrt(kl/2).

    kl, tv       the bounds; kl = initial_kl + path_kl
    initial_kl   KL(p_{X_T} || N(0, I))
    path_kl      the sum over the steps, by Monte Carlo
    summands     its terms by t
    dim, samples, score_calls, notes
    """

    kl: Quantity
    tv: Quantity
    initial_kl: Quantity
    path_kl: Quantity
    summands: dict[int, Quantity]
    dim: int
    samples: int
    score_calls: float
    notes: tuple[str, ...]
    text: str
    _data: dict[str, Any] = field(compare=False)

    def as_dict(self) -> dict[str, Any]:
        """What `lemmabench certificate --format json` writes, as a dictionary."""
        return dict(self._data)

    def __repr__(self) -> str:
        return self.text

    def plot(self, axes: Any = None) -> Any:
        """The summands by t with their intervals, on matplotlib axes, which are returned."""
        from .plots import plot_certificate

        return plot_certificate(self, axes)


def certificate(
    target: Any,
    sampler: str,
    steps: int | None = None,
    schedule: str | None = None,
    *,
    score: str = "exact",
    relative_error: float = 0.01,
    confidence: float = 0.99,
    seed: int = 1,
    max_samples: float = 1e8,
    threads: int = 0,
) -> Certificate:
    """An upper bound of KL and TV by the path certificate, for any target with an exact score and
    samplers whose step is one kernel with noise (ddpm, ddpm-posterior, li-cai, ...):

        KL(p_{X_1} || p_{Y_1}) <= KL(p_{X_T} || N(0, I)) + sum_t E||Phi_t - Psi_t||^2/(2 b_t).

    relative_error  of path_kl: half the interval's width, 1e-6 to 0.5
    confidence      of the intervals, 0.5 to 0.999999; asymptotic in the samples
    seed            of the random numbers; max_samples: give up beyond

    Sampled: same numbers for the same seed on any number of threads. Cost grows like
    relative_error^-2. Raises ValueError; Refusal for other samplers and more than 4096 dimensions;
    NumericalFailure where max_samples do not suffice.
    """
    question = asked(target, sampler_text(sampler), steps=steps, schedule=schedule, score=score)
    request = core().CertificateRequest()
    request.relative_error = real("relative_error", relative_error)
    request.confidence = real("confidence", confidence)
    request.seed = _seed(seed)
    request.max_samples = real("max_samples", max_samples)
    answer = core().certificate(question, request, whole("threads", threads))
    data = answer_of(answer)
    return Certificate(
        kl=Quantity.read(data["kl_bound"]),
        tv=Quantity.read(data["tv_bound"]),
        initial_kl=Quantity.read(data["initial_kl"]),
        path_kl=Quantity.read(data["path_kl"]),
        summands={int(entry["t"]): Quantity.read(entry) for entry in data["summands"]},
        dim=data["dim"],
        samples=data["samples"],
        score_calls=data["score_calls"],
        notes=tuple(data["notes"]),
        text=answer.text,
        _data=data,
    )


def _seed(seed: Any) -> int:
    number = whole("seed", seed)
    if number < 0:
        raise ValueError(f"seed is {number}; it cannot be negative")
    return number
