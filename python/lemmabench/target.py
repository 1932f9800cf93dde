"""A law of X_0, with its score, denoiser, density and draws at any noise level."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from .compiled import core, path_text, real, whole, words
from .point_files import point_target

_Array = npt.NDArray[np.float64]
_LEAST_SIGMA, _MOST_SIGMA = 1e-20, 1e20


class Target:
    """A law of X_0 in R^d, by a catalogue name (`targets()`), an inline text such as
    "gaussian:dim=5,variance=0.3", "mixture:weights=0.5/0.5,means=-1/1,variances=0.1/0.1" or
    "cloud:file=points.npy,bandwidth=0.1", or the path of a TOML file.

    dim     d
    name    of the catalogue or the file; "" for an inline text
    title   one line; may be ""
    text    the inline text with the same meaning
    source  what it was made from, for the commands

    Every method takes the noise level as one of two keywords:
        sigma  X = X_0 + sigma Z (variance exploding), 1e-20 to 1e20
        abar   X = sqrt(abar) X_0 + sqrt(1 - abar) Z (variance preserving), between 0 and 1
    with Z ~ N(0, I). Points are arrays of doubles: (n, d), any (..., d), or one point (d,). On the
    line (d = 1) also a number or (n,), a point each. Results do not depend on how points are put
    together. Other Python threads run meanwhile; threads may share a target.

    Cost of a call, n points: O(n d) times the number of components (of a cloud: its points, whose
    data are read at the first call).

    Raises ValueError, one line, for what names no target, for shapes and numbers that do not fit,
    and where data cannot be read; Refusal for more than 4096 dimensions (of the methods).
    """

    def __init__(self, text: Any) -> None:
        path = path_text(text)
        self.source = words("target", text if path is None else path)
        self._core = core().Target(self.source)
        self.dim: int = self._core.dim
        self.name: str = self._core.name
        self.title: str = self._core.title
        self.text: str = self._core.text

    @staticmethod
    def from_points(points: Any, bandwidth: float) -> "Target":
        """The law N(row, bandwidth^2 I) of a row drawn at random (a kernel density estimate).

        points     (n, d) finite numbers, or (n,) on the line; at most 4096 on the line, where it is
                   an exact Gaussian mixture, and 2^27 numbers otherwise
        bandwidth  standard deviation of the kernel, positive

        The points are kept in a temporary file until this process ends, so that `law`, `judge` and
        the others can read them; `source` names it.
        """
        return Target(point_target(points, bandwidth))

    def score(self, x: Any, *, sigma: Any = None, abar: Any = None) -> _Array:
        """grad log p(x) of X at this level, an array of x's shape."""
        return self._rows("score", x, sigma, abar)

    def denoise(self, x: Any, *, sigma: Any = None, abar: Any = None) -> _Array:
        """E[X_0 | X = x] at this level, an array of x's shape: x + sigma^2 grad log p(x), what an
        exact network answers. Rounding is about 1e-16 |x|."""
        return self._rows("denoise", x, sigma, abar)

    def log_density(self, x: Any, *, sigma: Any = None, abar: Any = None) -> _Array:
        """log p(x) of X at this level, an array of x's shape without its last axis (on the line, of
        numbers and (n,): of x's shape)."""
        return self._rows("log_density", x, sigma, abar)

    def sample(self, n: int, seed: int = 1, *, sigma: Any = None, abar: Any = None) -> _Array:
        """n exact independent draws of X, shape (n, d); of X_0 itself without a level.

        The same for the same seed (0 to 2^64 - 1), and fewer draws are the first of more. Draws of
        one seed at two levels are neither independent nor a path: add noise of your own to draws of
        X_0 for a path, take another seed for independence.
        """
        count, number = whole("n", n), _seed(seed)
        if not 0 <= count <= 2**27 // self.dim:
            raise ValueError(f"n is {count}; 0 to {2**27 // self.dim} draws are made at once")
        signal, tau = (1.0, 0.0) if sigma is None and abar is None else _level(sigma, abar)
        draws: _Array = self._core.sample(count, number, signal, tau)
        return draws

    def _rows(self, name: str, x: Any, sigma: Any, abar: Any) -> _Array:
        signal, tau = _level(sigma, abar)
        points = _doubles(x)
        flat = self._flat(points)
        result: _Array = getattr(self._core, name)(flat, signal, tau)
        if name != "log_density":
            return result.reshape(points.shape)
        return result.reshape(points.shape if self._is_numbers(points) else points.shape[:-1])

    def _is_numbers(self, points: _Array) -> bool:
        return self.dim == 1 and points.ndim <= 1

    def _flat(self, points: _Array) -> _Array:
        if self._is_numbers(points):
            return points.reshape(-1, 1)
        if points.ndim == 0 or points.shape[-1] != self.dim:
            raise ValueError(
                f"x has the shape {points.shape}; points of {self.source} have the shape "
                f"(..., {self.dim})"
            )
        return points.reshape(-1, self.dim)

    def __repr__(self) -> str:
        title = f": {self.title}" if self.title else ""
        return f"Target({self.source!r}, d = {self.dim}{title})"


def targets() -> dict[str, str]:
    """The names of the catalogue and what each is."""
    return dict(core().targets())


def _seed(seed: Any) -> int:
    number = seed.__index__() if hasattr(seed, "__index__") else -1
    if isinstance(seed, bool) or not 0 <= number < 2**64:
        raise ValueError(f"seed is {seed!r}; a whole number from 0 to 2^64 - 1 is needed")
    return int(number)


def _level(sigma: Any, abar: Any) -> tuple[float, float]:
    """signal and tau with X = signal (X_0 + sqrt(tau) Z)."""
    if (sigma is None) == (abar is None):
        raise ValueError("give the noise level as one of sigma= and abar=")
    if sigma is not None:
        level = real("sigma", sigma)
        if not _LEAST_SIGMA <= level <= _MOST_SIGMA:
            raise ValueError(f"sigma is {level:g}; it must be from 1e-20 to 1e20")
        return 1.0, level * level
    level = real("abar", abar)
    # 1e-40: sigma = 1e20
    if not 1e-40 <= level < 1:
        raise ValueError(f"abar is {level:g}; it must be between 1e-40 and 1, 1 left out")
    return math.sqrt(level), (1 - level) / level


def _doubles(x: Any) -> _Array:
    if hasattr(x, "detach"):
        x = x.detach().cpu().numpy()
    try:
        array = np.asarray(x)
    except ValueError:
        raise ValueError("x is no array of numbers: its rows have different lengths") from None
    if array.dtype.kind not in "fiu":
        raise ValueError(f"x is an array of {array.dtype}; real numbers are needed")
    return np.ascontiguousarray(array, dtype=np.float64).reshape(array.shape)
