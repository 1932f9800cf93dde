"""One run of a sampler with known values in the place of the model and of the noise."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable

import numpy as np

from .arrays import Array, Arrays, dtype_name, to_doubles
from .columns import Feed

MOST_CALLS = 20000  # a sampler that asks for more is taken to be in a loop of its own making

Run = Callable[[Callable[..., Any], Any, Any], Any]


@dataclass
class Recorded:
    """What a run showed: the inputs of all model calls and the output, shape (K+1, B); the levels
    of the calls, shape (K,); the number of white draws; the names of the dtypes that were seen."""

    inputs: Array
    levels: Array
    draws: int
    dtypes: set[str] = field(default_factory=set)


class Draws:
    """Stands in for whatever a sampler draws its noise with: randn(), randn(x), randn(shape),
    randn(*shape), noise_sampler(sigma, sigma_next).

    Each call gives the next independent standard normal column, whatever it is asked with;
    `between` gives increments of one Brownian path.
    """

    def __init__(self, arrays: Arrays, feed: Feed, like: Callable[[], Any]) -> None:
        self._arrays, self._feed, self._like = arrays, feed, like
        self.count = 0

    def __call__(self, *request: Any, dtype: Any = None, **_: Any) -> Any:
        like = self._like()
        shape = _shape_of(request)
        if shape is not None and shape != self._arrays.shape(self._feed.batch):
            raise ValueError(
                f"draw {self.count} was asked for in shape {shape}; x has shape "
                f"{self._arrays.shape(self._feed.batch)}, and noise must have the same"
            )
        self.count += 1
        made = self._arrays.make(self._feed.draw(self.count - 1), like)
        return made if dtype is None or self._arrays.kind != "torch" else made.to(dtype)

    def white(self, *_: Any, **__: Any) -> Any:
        """A noise sampler (sigma, sigma_next) -> independent standard normal."""
        return self()

    def between(self, sigma: Any, sigma_next: Any = None, *_: Any, **__: Any) -> Any:
        """A noise sampler (sigma, sigma_next) -> (W(sigma) - W(sigma_next)) / sqrt|sigma -
        sigma_next|."""
        if sigma_next is None:
            raise ValueError(
                "the noise sampler was called with one argument; Brownian noise needs the two "
                "levels (sigma, sigma_next)"
            )
        first, second = (one_number(v, "a level of the noise sampler") for v in (sigma, sigma_next))
        return self._arrays.make(self._feed.interval(first, second), self._like())


def _shape_of(request: tuple[Any, ...]) -> tuple[int, ...] | None:
    """The shape a draw is asked for in: of an array, of a shape, of axes; None if in no shape."""
    if not request:
        return None
    first = request[0]
    if all(isinstance(axis, (int, np.integer)) for axis in request):
        return tuple(int(axis) for axis in request)
    if hasattr(first, "shape"):
        return tuple(first.shape)
    if isinstance(first, (tuple, list)) and all(
        isinstance(axis, (int, np.integer)) for axis in first
    ):
        return tuple(int(axis) for axis in first)
    return None


def one_number(value: Any, what: str) -> float:
    """The one number an array holds, all its entries being equal. ValueError if they are not."""
    try:
        if value is None:
            raise TypeError
        entries = to_doubles(value).reshape(-1)
    except (TypeError, ValueError):
        raise ValueError(f"{what} is {type(value).__name__}; a number is needed") from None
    if np.isnan(entries).any():
        raise ValueError(f"{what} is nan; a number is needed")
    if not entries.size or (entries != entries[0]).any():
        raise ValueError(
            f"{what} differs from sample to sample (or is empty); one level for the whole "
            "batch is needed"
        )
    return float(entries[0])


def record(run: Run, arrays: Arrays, feed: Feed) -> Recorded:
    """Runs the sampler once. ValueError for shapes, levels or outputs that no sampler should
    have."""
    inputs: list[Array] = []
    levels: list[float] = []
    dtypes: set[str] = set()
    latest = start = arrays.make(feed.start())

    def model(y: Any, sigma: Any, *_: Any, **__: Any) -> Any:
        nonlocal latest
        call = len(levels)
        if call >= MOST_CALLS:
            raise ValueError(f"the sampler made more than {MOST_CALLS} model calls in one run")
        inputs.append(arrays.read(y, feed.batch, f"the input of model call {call}"))
        levels.append(_level(sigma, call))
        dtypes.add(dtype_name(y))
        latest = y
        return arrays.make(feed.answer(call, inputs[-1], levels[-1]), y)

    draws = Draws(arrays, feed, lambda: latest)
    output = run(model, start, draws)
    if not levels:
        raise ValueError(
            "run never called the model; run(model, x, randn) must call model(x, sigma)"
        )
    inputs.append(arrays.read(output, feed.batch, "what run returned"))
    dtypes.add(dtype_name(output))
    return Recorded(np.array(inputs), np.array(levels), draws.count, dtypes)


def _level(sigma: Any, call: int) -> float:
    level = one_number(sigma, f"the level of model call {call}")
    if level > 0 and (np.isfinite(level) or call == 0):
        return level
    raise ValueError(
        f"model call {call} is made at level {level:g}; a level must be positive and finite"
        + (", or inf at the first call" if call == 0 else "")
    )
