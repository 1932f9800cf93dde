"""Samples of a sampler on exact scores, and what they say of its law."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Sequence

import numpy as np
import numpy.typing as npt

from .compiled import (
    answer_of,
    asked,
    core,
    real,
    sampler_text,
    scheme_json,
    scheme_without_levels,
    whole,
    with_name_of,
)
from .quantity import Quantity

if TYPE_CHECKING:
    from .scheme import Scheme


@dataclass(frozen=True)
class PointDensity:
    """The density of the output at a point, at a resolution.

    at       the point
    p        the density that is right, with the same noise added; exact
    q        that of the output, sampled; None where too few particles count there (see refusal)
    refusal  why there is no q
    """

    at: tuple[float, ...]
    p: float
    q: Quantity | None
    refusal: str


@dataclass(frozen=True, repr=False)
class Particles:
    """Particles and what they know of the law q of a sampler's output against the truth p: the law
    of X_1, for a scheme that of X_0 + sigma_K Z. All of it is sampled.

    points          (n, d), a sample a row, in the coordinates where the sampler ends
    tv              TV at `resolution`, in one or two dimensions; None above
    is_tv_itself    the last kernel is wide enough to integrate exactly, and `tv` is TV
    resolution      the deviation of the noise added to both laws; None above two dimensions
    likelihood_gap  the largest gap of the distribution functions of log p; at most TV
    tv_at_least     a lower bound of TV, by an event chosen on one half and counted on the other
    mean_gap, square_gap  the largest |E Y_i - E X_i| and |E Y_i^2 - E X_i^2|; None without fourth
                    moments
    densities       at the points asked for
    steps, dim, notes, text
    """

    points: npt.NDArray[np.float64]
    tv: Quantity | None
    is_tv_itself: bool
    resolution: float | None
    likelihood_gap: Quantity
    tv_at_least: float
    mean_gap: Quantity | None
    square_gap: Quantity | None
    densities: tuple[PointDensity, ...]
    steps: int
    dim: int
    notes: tuple[str, ...]
    text: str
    _data: dict[str, Any] = field(compare=False)

    def as_dict(self) -> dict[str, Any]:
        """What `lemmabench particles --format json` writes, as a dictionary; "command" is None for
        a scheme that is in no file."""
        return dict(self._data)

    def __repr__(self) -> str:
        return self.text


def particles(
    target: Any,
    sampler: "str | Scheme",
    steps: int | None = None,
    schedule: str | None = None,
    *,
    samples: int = 20000,
    start: str = "gaussian",
    score: str = "exact",
    confidence: float = 0.99,
    resolution: float = 0.0,
    at: Sequence[Sequence[float]] = (),
    seed: int = 1,
    threads: int = 0,
) -> Particles:
    """Runs a sampler on exact scores as vectors, on any target of at most 4096 dimensions.

    target      as in `law`
    sampler     as in `law`: a Scheme or a scheme file (steps and schedule stay None; points are in
                x = X_0 + sigma Z), a name, a TOML file
    steps       T, the number of levels, from 2 on; None where the schedule has its own
    samples     how many particles, from 100 on; samples times dimensions at most 2^25
    start       "gaussian": what the sampler really starts from; "exact": the law of X_T
    score       "exact" or an affine estimate such as "affine:size=0.01"; of a scheme "exact"
    confidence  of the intervals, 0.5 to 0.999999
    resolution  of `tv` and `densities`, from 0 on; 0 for what suits the number of particles
    at          points to know the density at, each of d numbers
    seed        of the random numbers, 0 to 2^63 - 1

    Particle i is a function of the seed and of i: the same on any number of threads. Cost: a model
    call a step and particle. Raises ValueError, one line; Refusal (a ValueError) for what cannot be
    run as particles; NumericalFailure where a particle is not finite.
    """
    scheme = scheme_without_levels(sampler, steps, schedule)
    question = asked(
        target,
        "" if scheme is not None else sampler_text(sampler),
        steps=steps,
        schedule=schedule,
        start=start,
        score=score,
    )
    request = core().ParticleRequest()
    request.samples = whole("samples", samples)
    request.confidence = real("confidence", confidence)
    request.resolution = real("resolution", resolution)
    request.at = [[real("at", number) for number in point] for point in at]
    number = whole("seed", seed)
    if number < 0:
        raise ValueError(f"seed is {number}; it cannot be negative")
    request.seed = number
    text = None if scheme is None else scheme_json(scheme)
    answer, points = core().particles(question, request, text, whole("threads", threads))
    data = answer_of(answer)
    shown = with_name_of(scheme, data, str(answer.text))
    return _particles(data, shown, points)


def _particles(data: dict[str, Any], text: str, points: Any) -> Particles:
    result = data["results"][0]

    def quantity(key: str) -> Quantity | None:
        return Quantity.read(result[key]) if key in result else None

    return Particles(
        points=points,
        tv=quantity("tv"),
        is_tv_itself=result.get("is_tv_itself", False),
        resolution=result.get("resolution"),
        likelihood_gap=Quantity.read(result["likelihood_gap"]),
        tv_at_least=result["tv_at_least"],
        mean_gap=quantity("mean_gap"),
        square_gap=quantity("square_gap"),
        densities=tuple(
            PointDensity(
                at=tuple(entry["at"]),
                p=entry["p"],
                q=Quantity.read(entry["q"]) if "q" in entry else None,
                refusal=entry.get("refusal", ""),
            )
            for entry in result.get("densities", [])
        ),
        steps=result["steps"],
        dim=data["dim"],
        notes=tuple(data["notes"]),
        text=text,
        _data=data,
    )
