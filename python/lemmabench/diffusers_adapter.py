"""diffusers: the scheme of a scheduler object in the style of the diffusers library.

The library is not imported; any object with set_timesteps, timesteps, step and, if it likes,
scale_model_input will do.
"""

from __future__ import annotations

import copy
import inspect
import math
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Sequence, overload

import numpy as np

from .arrays import Arrays
from .in_double import formulas_in_double, single_tables, tables_in_double
from .recording import MOST_CALLS
from .scheduler_levels import SCALINGS, Level, Levels, scale_of, setting
from .scheme import Scheme
from .scheme_rules import given_levels
from .takeover import Generator, draws_taken_over, modules_of
from .tracer import Plan, traced

if TYPE_CHECKING:
    from .mapped_law import MapSampler

PREDICTIONS = ("epsilon", "sample", "v_prediction", "flow")


@overload
def diffusers(
    scheduler: Any, steps: int | None = None, prediction: str | None = None, *,
    fallback: Literal[True], **settings: Any,
) -> "Scheme | MapSampler":
    ...


@overload
def diffusers(
    scheduler: Any, steps: int | None = None, prediction: str | None = None,
    **settings: Any,
) -> Scheme:
    ...


def diffusers(
    scheduler: Any,
    steps: int | None = None,
    prediction: str | None = None,
    *,
    scaling: str | None = None,
    levels: Sequence[float] | None = None,
    calls: int | None = None,
    called_at: str = "sigmas",
    noise: str = "white",
    array: str | None = None,
    dtype: str = "float64",
    precision: str = "code",
    source: str | None = None,
    advertised_order: int | None = None,
    allow_nonlinear: bool = False,
    fallback: bool = False,
    **step_arguments: Any,
) -> "Scheme | MapSampler":
    """The scheme of the loop

        for t in scheduler.timesteps:
            answer = network(scheduler.scale_model_input(sample, t), t)
            sample = scheduler.step(answer, t, sample).prev_sample

    steps       the N given to set_timesteps; None: the scheduler's timesteps as they are
    prediction  what the network gives of D = E[X_0 | x] and x = X_0 + sigma Z at the level of t:
                "epsilon" (x - D)/sigma, "sample" D, "v_prediction" (epsilon - sigma D)/sqrt(1 +
                sigma^2), "flow" epsilon - D. None: what the scheduler's config says. With the
                scaling "edm" the network's raw output under the preconditioning of its sigma_data.
    scaling     how samples are scaled: "vp" alpha^2 + beta^2 = 1, "ve" alpha = 1 (input divided by
                sqrt(sigma^2 + 1)), "edm" (by sqrt(sigma^2 + sigma_data^2)), "flow" alpha = 1 -
                beta. None: found from the config, from scale_model_input and the tables.
    levels      sigma of each timestep and of the output (inf allowed first), if the scheduler has
                no tables `sigmas` or `alphas_cumprod` to find them in
    calls       how many of the timesteps to use; the output is then at the level of the next
    called_at   where the tables disagree: "sigmas", the model is called at the level the sampler
                takes itself to be at; "timesteps", at that of the timestep the network is told, by
                alphas_cumprod. A disagreement of more than 1 % is a finding.
    noise       "white" or "brownian", what an attribute noise_sampler is replaced by, if there is
                one
    precision   "code": as the code computes; "double": the same formulas with its float32 read as
                float64 and its tables turned into doubles (their values remain)
    fallback    True: what is not linear (thresholding, clip_sample) is given as a MapSampler, whose
                `law` takes targets on the line (see map_law), instead of NonlinearSampler
    step_arguments  are given to every step (eta=0.5, ...)
    The rest    as in trace. dtype is that of the samples handed in.

    Noise is taken over by a generator object (numpy code whose step has `generator`) and by
    replacing randn_tensor, randn and the like in torch, numpy and the scheduler's module for the
    time of the run. The scheduler itself is not changed: every run works on a deep copy.

    Raises what trace raises, and ValueError, one line, for an object without `step`, a step that
    returns another shape, a timestep of unknown level, a prediction that contradicts the config.
    Cost: as trace, twice where single precision is seen: then `findings` says by how much the same
    formulas in double move the variance.
    """
    _check_object(scheduler, steps)
    for name, value, known in (
        ("scaling", scaling, SCALINGS),
        ("prediction", prediction, PREDICTIONS),
        ("called_at", called_at, ("sigmas", "timesteps")),
        ("noise", noise, ("white", "brownian")),
        ("precision", precision, ("code", "double")),
    ):
        if value is not None and value not in known:
            raise ValueError(
                f"diffusers: {name} is {value!r}; one of {', '.join(map(repr, known))} is needed"
            )
    loop = _Loop(
        scheduler,
        steps,
        prediction,
        scaling,
        None if levels is None else given_levels(levels, "diffusers"),
        calls,
        called_at == "timesteps",
        noise,
        array,
        dtype,
        precision == "double",
        step_arguments,
    )
    plan = loop.plan(allow_nonlinear)
    scheme = traced(
        plan,
        fallback,
        source=source or _source(scheduler, step_arguments),
        advertised_order=advertised_order,
        steps=steps or loop.count,
        gaussian_start_variance=loop.start_variance,
    )
    if isinstance(scheme, Scheme):
        scheme.findings += loop.disagreement()
    return scheme


def _check_object(scheduler: Any, steps: int | None) -> None:
    needed = ["step"] + (["set_timesteps"] if steps is not None else ["timesteps"])
    for name in needed:
        if not hasattr(scheduler, name):
            raise ValueError(
                f"diffusers: {type(scheduler).__name__} has no {name}; an object with "
                "set_timesteps, timesteps and step is needed"
            )
    if steps is not None and (isinstance(steps, bool) or not isinstance(steps, int) or steps < 1):
        raise ValueError(f"diffusers: steps is {steps!r}; a whole number of at least 1 is needed")
    if steps is not None and steps > MOST_CALLS:
        raise ValueError(
            f"diffusers: steps is {steps}; a trace takes at most {MOST_CALLS} model calls"
        )


def _source(scheduler: Any, arguments: dict[str, Any]) -> str:
    kind = type(scheduler)
    words = [f"{(kind.__module__ or '').split('.')[0]} {kind.__name__}".strip()]
    words += [
        f"{name}={value}"
        for name, value in arguments.items()
        if isinstance(value, (int, float, str))
    ]
    return " ".join(words)


@dataclass
class _Loop:
    """The sampling loop around one scheduler."""

    scheduler: Any
    steps: int | None
    prediction: str | None
    scaling: str | None
    given: list[float] | None
    calls: int | None
    by_timestep: bool
    noise: str
    array: str | None
    dtype: str
    double: bool
    arguments: dict[str, Any]
    start_variance: float | None = None
    count: int = 0
    worst: tuple[float, int, float, float, float] = (0.0, 0, 0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        self.modules = modules_of(self.scheduler)
        kind = self.array or ("torch" if any("torch" in vars(m) for m in self.modules) else "numpy")
        self.arrays = Arrays(kind, 3, self.dtype)
        self.one = self.arrays.make(np.ones(1))
        self.named = _parameters(self.scheduler.step)

    def _prepared(self) -> tuple[Any, Levels]:
        """A copy of the scheduler that stands at its first timestep, and its levels."""
        try:
            fresh = copy.deepcopy(self.scheduler)
        except TypeError as error:
            name = type(self.scheduler).__name__
            raise ValueError(f"diffusers: {name} cannot be copied: {error}") from error
        with self._precision():
            if self.double:
                tables_in_double(fresh)
            if self.steps is not None:
                fresh.set_timesteps(self.steps)
            if self.double:
                tables_in_double(fresh)
            if getattr(fresh, "timesteps", None) is None or len(fresh.timesteps) == 0:
                raise ValueError(
                    f"diffusers: {type(fresh).__name__} has no timesteps; "
                    "call set_timesteps or pass steps"
                )
            return fresh, Levels(fresh, self.one, self.scaling, self.given)

    def _precision(self) -> Any:
        return formulas_in_double(self.modules) if self.double else nullcontext()

    def plan(self, allow_nonlinear: bool) -> Plan:
        """The plan of this loop: finds the levels of the first sample and of the output, the
        prediction, and which tables are in single precision."""
        fresh, levels = self._prepared()
        self.count = levels.count if self.calls is None else self.calls
        if not 1 <= self.count <= levels.count:
            raise ValueError(
                f"diffusers: calls is {self.calls}; the scheduler has {levels.count} timesteps"
            )
        self.prediction = self._prediction(fresh, levels.scaling)
        start_size = float(setting(fresh, "init_noise_sigma", 1.0))
        with self._precision():
            self.first = levels.at(
                0, fresh.timesteps[0], scale_of(fresh, self.one, fresh.timesteps[0])
            )
        if self.first.alpha > 0:
            self.start_variance = (start_size / self.first.alpha) ** 2
        tables = single_tables(fresh)
        return Plan(
            self.run,
            axes=3,
            array=self.arrays.kind,
            dtype=self.dtype,
            batch=True,
            allow_nonlinear=allow_nonlinear,
            levels=[self.first.sigma, levels.output(self.count).sigma],
            tables=f"tables ({', '.join(tables)})" if tables else None,
            in_double=None
            if self.double
            else lambda: replace(self, double=True, dtype="float64").plan(allow_nonlinear),
        )

    def _prediction(self, fresh: Any, scaling: str) -> str:
        said = setting(fresh, "prediction_type")
        said = "flow" if said == "flow_prediction" else said
        if self.prediction and said in PREDICTIONS and said != self.prediction:
            raise ValueError(
                f"diffusers: prediction is {self.prediction!r} and the scheduler's config says "
                f"{said!r}; they must agree"
            )
        return self.prediction or (
            said if said in PREDICTIONS else "flow" if scaling == "flow" else "epsilon"
        )

    def run(self, model: Any, x: Any, draws: Any) -> Any:
        """The sampler in x = X_0 + sigma Z."""
        fresh, levels = self._prepared()
        if hasattr(fresh, "noise_sampler"):
            fresh.noise_sampler = draws.white if self.noise == "white" else draws.between
        extra = dict(self.arguments)
        if self.arrays.kind == "numpy" and "generator" in self.named:
            extra.setdefault("generator", Generator(draws))
        sample, scale = None, getattr(fresh, "scale_model_input", None)
        with ExitStack() as stack:
            stack.enter_context(draws_taken_over(draws, self.modules))
            stack.enter_context(self._precision())
            for i, t in enumerate(list(fresh.timesteps)[: self.count]):
                level = levels.at(i, t, scale_of(fresh, self.one, t))
                if sample is None:
                    sample = _times(x, level.alpha)
                told = levels.told(t)
                self._compare(i, t, level, told)
                seen = sample if scale is None else scale(sample, t)
                if self.by_timestep and told is not None:
                    answer = self._network(model, levels, told, seen, 1.0)
                else:
                    answer = self._network(model, levels, level, seen, levels.input_scale(level))
                sample = self._step(fresh, i, answer, t, sample, extra)
        return _times(sample, 1 / levels.output(self.count).alpha)

    def _compare(self, i: int, t: Any, level: Level, told: Level | None) -> None:
        """Remembers the call whose timestep is furthest from its sigma."""
        if told is None or math.isinf(told.sigma) or math.isinf(level.sigma):
            return
        off = abs(told.sigma / level.sigma - 1)
        if off > self.worst[0]:
            self.worst = (off, i, float(t), told.sigma, level.sigma)

    def disagreement(self) -> list[str]:
        """The line on timesteps that stand for other levels than the sampler's, if any."""
        off, i, t, told, sigma = self.worst
        if off <= 0.01:
            return []
        other = "" if self.by_timestep else "; called_at='timesteps' traces what the network sees"
        return [
            f"model call {i} tells the network timestep {t:g}, that is sigma = {told:.4g}, where "
            f"the sampler is at {sigma:.4g} ({off:.0%} off, the most of all calls){other}"
        ]

    def _network(self, model: Any, levels: Levels, level: Level, seen: Any, scale: float) -> Any:
        """What the network answers, `prediction` of D, to `seen`: a sample of this level times
        `scale`."""
        y = _times(seen, 1 / (scale * (level.alpha or 1.0)))
        sigma = level.sigma
        d = model(y, sigma)
        if levels.scaling == "edm":
            data = levels.data_size()
            whole = math.hypot(sigma, data)
            sign = -1.0 if self.prediction == "v_prediction" else 1.0
            return (d - y * (data / whole) ** 2) * (sign * whole / (sigma * data))
        if self.prediction == "sample":
            return d
        epsilon = y if math.isinf(sigma) else (y - d) / sigma
        if self.prediction == "epsilon":
            return epsilon
        if self.prediction == "flow":
            return epsilon - d
        return -d if math.isinf(sigma) else (epsilon - d * sigma) / math.hypot(1.0, sigma)

    def _step(
        self, fresh: Any, i: int, answer: Any, t: Any, sample: Any, extra: dict[str, Any]
    ) -> Any:
        try:
            result = fresh.step(answer, t, sample, **extra)
        except TypeError as error:
            raise ValueError(
                f"diffusers: {type(fresh).__name__}.step(model_output, timestep, sample"
                f"{''.join(', ' + name for name in extra)}) failed: {error}"
            ) from error
        if hasattr(result, "prev_sample"):
            result = result.prev_sample
        elif isinstance(result, dict) and "prev_sample" in result:
            result = result["prev_sample"]
        elif isinstance(result, (tuple, list)) and result:
            result = result[0]
        if not hasattr(result, "shape"):
            raise ValueError(
                f"diffusers: step {i} returned {type(result).__name__}; a sample, a tuple that "
                "begins with it or an object with prev_sample is needed"
            )
        if tuple(result.shape) != tuple(sample.shape):
            raise ValueError(
                f"diffusers: step {i} returned shape {tuple(result.shape)}; the sample has shape "
                f"{tuple(sample.shape)}, and it must be the same"
            )
        return result


def _times(array: Any, factor: float) -> Any:
    """array * factor; the array itself where nothing is to be done (factor 1, or 0: a sample that
    is Z)."""
    return array if factor in (0.0, 1.0) else array * factor


def _parameters(function: Any) -> set[str]:
    try:
        return set(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return set()
