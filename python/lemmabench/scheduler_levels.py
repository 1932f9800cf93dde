"""At which level a scheduler stands at each of its steps, and how it scales samples there.

A sample is s = alpha X_0 + beta Z: alpha^2 + beta^2 = 1 (variance preserving, "vp"), alpha = 1
(variance exploding, "ve" and "edm"), alpha = 1 - beta ("flow"). sigma = beta / alpha throughout.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from .arrays import Array, to_doubles

SCALINGS = ("vp", "ve", "flow", "edm")


@dataclass(frozen=True)
class Level:
    """A sample's alpha and beta."""

    alpha: float
    beta: float

    @property
    def sigma(self) -> float:
        return self.beta / self.alpha if self.alpha > 0 else math.inf


def level_of(scaling: str, number: float) -> Level:
    """The level of a scheduler's own number: sigma, or the flow time for "flow"."""
    if scaling == "flow":
        return Level(1.0 - number, number)
    if scaling == "vp":
        if math.isinf(number):
            return Level(0.0, 1.0)
        root = math.hypot(1.0, number)
        return Level(1.0 / root, number / root)
    return Level(1.0, number)


def of_product(product: float) -> Level:
    """The level of abar, the cumulative product of the alphas."""
    return Level(math.sqrt(product), math.sqrt(1.0 - product))


def setting(scheduler: Any, name: str, default: Any = None) -> Any:
    """An entry of the scheduler's config (an object or a mapping), or its attribute."""
    config = getattr(scheduler, "config", None)
    if isinstance(config, dict) and name in config:
        return config[name]
    return getattr(config, name) if hasattr(config, name) else getattr(scheduler, name, default)


def numbers(scheduler: Any, name: str) -> Array | None:
    """A table of the scheduler as doubles, None if it has none of that name."""
    value = getattr(scheduler, name, None)
    if value is None or callable(value):
        return None
    try:
        found = to_doubles(value).reshape(-1)
    except (TypeError, ValueError):
        return None
    return found if found.size else None


class Levels:
    """The levels of a scheduler after set_timesteps.

    From its `sigmas` where it has at least one for each timestep and one more (flow times for
    "flow"), else from `alphas_cumprod` at whole timesteps; or from `given`, the sigmas of all steps
    and of the output.
    """

    def __init__(
        self, scheduler: Any, one: Any, scaling: str | None, given: list[float] | None
    ) -> None:
        self.scheduler, self.given = scheduler, given
        self.count = len(scheduler.timesteps)
        self.table = numbers(scheduler, "sigmas")
        # Some schedulers repeat the last entries; a table of another length is that of the
        # training.
        if self.table is not None and not self.count + 1 <= len(self.table) <= self.count + 3:
            self.table = None
        self.products = numbers(scheduler, "alphas_cumprod")
        if given is not None and len(given) != self.count + 1:
            raise ValueError(
                f"diffusers: levels has {len(given)} entries; the scheduler has {self.count} "
                f"timesteps and needs {self.count + 1}, one each and one for the output"
            )
        if given is None and self.table is None and self.products is None:
            raise ValueError(
                f"diffusers: {type(scheduler).__name__} has neither sigmas (one more than its "
                "timesteps) nor alphas_cumprod; pass levels=[...] and scaling=..."
            )
        self.scaling = scaling or self._find_scaling(one)

    def _find_scaling(self, one: Any) -> str:
        """From the config, from what scale_model_input does at the first step, from the tables."""
        if (
            setting(self.scheduler, "use_flow_sigmas")
            or setting(self.scheduler, "prediction_type") == "flow_prediction"
        ):
            return "flow"
        scale = scale_of(self.scheduler, one, self.scheduler.timesteps[0])
        first = self.table[0] if self.table is not None else None
        if first is not None and abs(scale - 1) > 1e-9:
            if _close(scale, 1 / math.hypot(1.0, first)):
                return "ve"
            data = setting(self.scheduler, "sigma_data")
            if data is not None and _close(scale, 1 / math.hypot(float(data), first)):
                return "edm"
            raise ValueError(
                f"diffusers: scale_model_input multiplies by {scale:.6g} at sigma = {first:.6g}; "
                f"variance exploding code multiplies by {1 / math.hypot(1.0, first):.6g}: "
                "pass scaling=..."
            )
        if self.products is None and self.table is not None:
            if self.table.max() <= 1:
                return "flow"
            raise ValueError(
                "diffusers: cannot tell whether samples are variance preserving or exploding; "
                "pass scaling='vp', 've' or 'flow'"
            )
        return "vp"

    def at(self, index: int, timestep: Any, scale: float) -> Level:
        """The level of step `index`, whose model input is the sample times `scale`."""
        if self.given is not None or self.table is None:
            return self.named(index, timestep)
        number = float(self.table[index])
        if self.scaling in ("ve", "edm"):
            number = self._sigma_scaled_for(number, scale)
        return level_of(self.scaling, number)

    def named(self, index: int, timestep: Any) -> Level:
        """The level of point `index` by the tables alone."""
        if self.given is not None:
            sigma = self.given[index]
            if self.scaling == "flow":
                sigma = sigma / (1 + sigma) if math.isfinite(sigma) else 1.0
            return level_of(self.scaling, sigma)
        if self.table is not None:
            return level_of(self.scaling, float(self.table[index if index < self.count else -1]))
        return of_product(self._product(timestep))

    def output(self, calls: int) -> Level:
        """The level of the sample after `calls` of the timesteps."""
        if calls < self.count or self.given is not None or self.table is not None:
            return self.named(
                calls, self.scheduler.timesteps[calls] if calls < self.count else None
            )
        last = numbers(self.scheduler, "final_alpha_cumprod")
        return of_product(float(last[0]) if last is not None else 1.0)

    def told(self, timestep: Any) -> Level | None:
        """The level a network trained on alphas_cumprod takes `timestep` for (log sigma is linear
        between whole timesteps); None where timesteps are not those of alphas_cumprod."""
        if self.products is None or self.scaling not in ("vp", "ve"):
            return None
        value = float(to_doubles(timestep).reshape(-1)[0])
        last = len(self.products) - 1
        if not 0 <= value <= last:
            return None
        low = min(int(value), last - 1)
        ends = [of_product(float(self.products[i])) for i in (low, low + 1)]
        if value == low or value == low + 1 or not all(e.alpha > 0 < e.beta for e in ends):
            return ends[round(value) - low]
        logs = [math.log(e.sigma) for e in ends]
        return level_of("vp", math.exp(logs[0] + (value - low) * (logs[1] - logs[0])))

    def input_scale(self, level: Level) -> float:
        """What scale_model_input ought to multiply a sample of this level by."""
        if self.scaling == "ve":
            return 1 / math.hypot(1.0, level.sigma)
        if self.scaling == "edm":
            return 1 / math.hypot(self.data_size(), level.sigma)
        return 1.0

    def data_size(self) -> float:
        """sigma_data of the "edm" scaling, 1 for the others."""
        return float(setting(self.scheduler, "sigma_data", 0.5)) if self.scaling == "edm" else 1.0

    def _product(self, timestep: Any) -> float:
        assert self.products is not None
        value = float(to_doubles(timestep).reshape(-1)[0])
        index = int(value)
        if index != value or not 0 <= index < len(self.products):
            raise ValueError(
                f"diffusers: the model is called at timestep {value:g}, an unknown level; "
                f"alphas_cumprod has timesteps 0 to {len(self.products) - 1}: pass levels=[...]"
            )
        product = float(self.products[index])
        if not 0 <= product < 1:
            raise ValueError(
                f"diffusers: alphas_cumprod[{index}] is {product:g}; "
                "it must be at least 0 and below 1"
            )
        return product

    def _sigma_scaled_for(self, expected: float, scale: float) -> float:
        """`expected`, unless the model input is scaled for another level (a call between two
        levels)."""
        data = self.data_size()
        if _close(scale, 1 / math.hypot(data, expected)):
            return expected
        meant = math.sqrt(max(0.0, 1 / scale**2 - data**2))
        tables = (numbers(self.scheduler, name) for name in vars(self.scheduler) if "sigma" in name)
        known = [float(v) for table in tables if table is not None for v in table]
        near = min(known, key=lambda v: abs(v - meant), default=meant)
        return near if _close(scale, 1 / math.hypot(data, near)) else meant


def scale_of(scheduler: Any, one: Any, timestep: Any) -> float:
    """What scale_model_input multiplies by; `one` is an array of one sample of value 1."""
    function = getattr(scheduler, "scale_model_input", None)
    return 1.0 if function is None else float(to_doubles(function(one, timestep)).reshape(-1)[0])


def _close(a: float, b: float) -> bool:
    """Equal to rounding in single precision, which the tables may have gone through."""
    return abs(a - b) <= 1e-6 * abs(b)
