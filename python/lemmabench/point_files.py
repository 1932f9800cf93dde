"""Points in memory as a target that every command can read."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from .compiled import real

_MOST_COMPONENTS = 4096
_MOST_NUMBERS = 2**27
_numbers = count(1)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Removed when the process ends."""
    return tempfile.TemporaryDirectory(prefix="lemmabench-points-")


def point_target(points: Any, bandwidth: Any) -> str:
    """Writes the points to a file of their own and returns the target's text."""
    table = np.asarray(points)
    if table.dtype.kind not in "fiu" or table.ndim not in (1, 2) or table.size == 0:
        raise ValueError(
            f"points is an array of {table.dtype} and shape {table.shape}; real numbers of the "
            "shape (n, d), or (n,) on the line, are needed"
        )
    table = table.astype(np.float64).reshape(len(table), -1)
    if not np.isfinite(table).all():
        row = int(np.argwhere(~np.isfinite(table))[0][0])
        raise ValueError(f"points[{row}] has a number that is not finite")
    width = real("bandwidth", bandwidth)
    if width <= 0:
        raise ValueError(f"bandwidth is {width:g}; it must be positive")
    if table.size > _MOST_NUMBERS:
        raise ValueError(f"points has {table.size} numbers; at most {_MOST_NUMBERS} are taken")
    stem = Path(_folder().name) / f"points_{next(_numbers)}"
    if table.shape[1] == 1 and len(table) <= _MOST_COMPONENTS:
        path = stem.with_suffix(".toml")
        path.write_text(_line_mixture(table[:, 0], width), encoding="utf-8")
        return str(path)
    path = stem.with_suffix(".npy")
    np.save(path, table)
    return f"cloud:file={path},bandwidth={width!r}"


def _line_mixture(centres: Any, bandwidth: float) -> str:
    """The mixture as TOML, every number exact."""
    variance = Fraction(bandwidth) ** 2
    means = ", ".join(f'"{Fraction(float(centre))}"' for centre in centres)
    weights = ", ".join([f'"1/{len(centres)}"'] * len(centres))
    variances = ", ".join([f'"{variance}"'] * len(centres))
    return (
        f'title = "{len(centres)} points, bandwidth {bandwidth!r}"\nlaw = "mixture"\n'
        f"weights = [{weights}]\nmeans = [{means}]\nvariances = [{variances}]\n"
    )
