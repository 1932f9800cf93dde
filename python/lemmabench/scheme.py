"""A sampler as data: the linear scheme of a diffusion sampler.

In the coordinates x = X_0 + sigma Z a sampler with K model calls and M noise draws is

    y_k = a_k x_T + sum_{j<k} c_kj D_j + sum_m e_km z_m,     k = 0, ..., K,

where y_k (k < K) is the input of model call k, made at level sigma_k, D_j = E[X_0 | x = y_j] at
sigma_j its answer, z_m are independent N(0, I) draws, and y_K is the output, held against the law
of X_0 + sigma_K Z. The scheme does not depend on the target.
"""

from __future__ import annotations

import math
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Mapping, Sequence

import numpy as np

from .arrays import Array
from . import scheme_rules as rules

if TYPE_CHECKING:
    from .exact_law import Law
    from .facts import Facts

PARAMETRISATION = "x = X_0 + sigma Z; D_k = E[X_0 | x_k] at sigma_k"


class Scheme:
    """The linear scheme of a sampler, dense or as a recursion.

    sigmas                   K+1 levels: sigmas[k] of model call k, sigmas[K] of the output. All are
                             positive; sigmas[0] may be inf (x_T is then Z itself, of unit
                             variance), sigmas[K] may be 0.
    rows                     (K+1, 1+K+M) coefficients of [x_T, D_0..D_{K-1}, z_0..z_{M-1}], or
    recursion                K+1 mappings from "x", "y<j>" (earlier row), "D<j>", "z<m>" to numbers
    draws                    M; needed with `recursion`, found from `rows`
    source, steps            who wrote the code; the N its user asked for
    gaussian_start_variance  variance, in x, of the Gaussian the code really starts from
    advertised_order         the order its author claims
    linearity_defect         largest relative deviation from linearity that the tracer saw (see
                             trace)
    float32                  whether single precision was seen inside the code
    rounding_floor           relative variance error on N(0, 1) that its rounding makes, an estimate
    levels_rise              True: a level may lie above the one before (a sampler that adds noise
                             back), which is refused otherwise; None if levels fall

    Raises ValueError, one line, on anything malformed. Cost O(K (K + M)).
    """

    def __init__(
        self,
        sigmas: Sequence[float] | Array,
        rows: Any = None,
        *,
        recursion: Sequence[Mapping[str, float]] | None = None,
        draws: int | None = None,
        source: str | None = None,
        steps: int | None = None,
        gaussian_start_variance: float | None = None,
        advertised_order: int | None = None,
        linearity_defect: float | None = None,
        float32: bool | None = None,
        rounding_floor: float | None = None,
        levels_rise: bool | None = None,
        where: str = "scheme",
    ) -> None:
        rise = levels_rise is not None and rules.yes_or_no(levels_rise, "levels_rise", where)
        self.levels_rise = True if rise else None
        self.sigmas = rules.levels(sigmas, where, rise)
        calls = len(self.sigmas) - 1
        if (rows is None) == (recursion is None):
            raise ValueError(f"{where}: give either rows or recursion, one of them")
        self._rows: Array | None = None
        self._recursion: list[dict[str, float]] | None = None
        if rows is not None:
            found = _draws_of(rows, calls)
            self.draws = found if draws is None else rules.whole(draws, "draws", where)
            self._rows = rules.dense(rows, calls, self.draws, where)
        else:
            self.draws = rules.whole(draws, "draws", where)
            self._recursion = rules.recursion(recursion, calls, self.draws, where)
        self.source = _text(source, "source", where)
        self.steps = None if steps is None else rules.whole(steps, "steps", where, 1)
        self.gaussian_start_variance = _positive(
            gaussian_start_variance, "gaussian_start_variance", where
        )
        self.advertised_order = (
            None
            if advertised_order is None
            else rules.whole(advertised_order, "advertised_order", where, 1)
        )
        self.linearity_defect = _non_negative(linearity_defect, "linearity_defect", where)
        if not (float32 is None or isinstance(float32, (bool, int, float))):
            raise ValueError(f"{where}: float32 is {float32!r}; true or false is needed")
        self.float32 = None if float32 is None else bool(float32)
        self.rounding_floor = _non_negative(rounding_floor, "rounding_floor", where)
        self.findings: list[str] = []

    @property
    def model_calls(self) -> int:
        """K, the number of model calls."""
        return len(self.sigmas) - 1

    def rows(self) -> Array:
        """The dense coefficients, shape (K+1, 1+K+M), read-only. A recursion is expanded once:
        O(number of terms times (K + M))."""
        if self._rows is None:
            assert self._recursion is not None
            self._rows = expand(self._recursion, self.model_calls, self.draws)
        view = self._rows.view()
        view.flags.writeable = False
        return view

    def recursion(self) -> list[dict[str, float]] | None:
        """The compact rows: the ones given, or those found (see `compaction`); None if there are
        none.

        What is found agrees with rows() to `compaction_defect` relative to the size of each row.
        """
        if self._recursion is not None:
            return [dict(row) for row in self._recursion]
        return None if self._found is None else [dict(row) for row in self._found.recursion]

    @property
    def compaction_defect(self) -> float | None:
        """Largest |found recursion - rows|, relative to the row's size; 0 if a recursion was given,
        None if no compact form was found."""
        if self._recursion is not None:
            return 0.0
        return None if self._found is None else self._found.defect

    @cached_property
    def _found(self) -> Any:
        from .compaction import find_recursion

        return find_recursion(self)

    def compact(self) -> "Scheme":
        """The same scheme as a recursion. Raises ValueError if none is found."""
        recursion = self.recursion()
        if recursion is None:
            raise ValueError(f"{self.name}: no compact form was found; keep the dense rows")
        return Scheme(self.sigmas, recursion=recursion, draws=self.draws, **self.notes())

    def notes(self) -> dict[str, Any]:
        """Everything but levels and coefficients, as keyword arguments of Scheme."""
        return {
            name: getattr(self, name)
            for name in (
                "source",
                "steps",
                "gaussian_start_variance",
                "advertised_order",
                "linearity_defect",
                "float32",
                "rounding_floor",
                "levels_rise",
            )
        }

    def facts(self) -> "Facts":
        """What kind of scheme this is, found from the coefficients (see `facts`)."""
        from .facts import find_facts

        return find_facts(self)

    def law(self, target: Any, **settings: Any) -> "Law":
        """The exact law of the output on a target; law(target, self, **settings)."""
        from .exact_law import law

        return law(target, self, **settings)

    @property
    def name(self) -> str:
        """The source and the number of steps, for messages."""
        return (self.source or "scheme") + (f", N = {self.steps}" if self.steps else "")

    @staticmethod
    def read(path: str | Path) -> "Scheme":
        """Reads a scheme file. ValueError, one line that names the file, on anything malformed."""
        from .scheme_file import read_scheme

        return read_scheme(path)

    def write(self, path: str | Path, compact: bool | None = None) -> None:
        """Writes the scheme file, whole or not at all (a temporary file, then a rename).

        compact: True writes the recursion (ValueError if none is found), False the dense rows, None
        the recursion where there is one. A recursion that was found, not given, stands for the rows
        up to `compaction_defect`, which is rounding.
        """
        from .scheme_file import write_scheme

        write_scheme(self, path, compact)

    def __repr__(self) -> str:
        from .facts import describe

        return describe(self)


def expand(recursion: Sequence[Mapping[str, float]], calls: int, draws: int) -> Array:
    """The dense rows of a checked recursion, shape (K+1, 1+K+M)."""
    rows = np.zeros((calls + 1, 1 + calls + draws))
    for k, row in enumerate(recursion):
        for name, value in row.items():
            kind, index = name[0], int(name[1:] or 0)
            if kind == "y":
                rows[k] += value * rows[index]
            else:
                rows[k, {"x": 0, "D": 1, "z": 1 + calls}[kind] + index] += value
    return rows


def _draws_of(rows: Any, calls: int) -> int:
    """M from the length of the first row; a row too short is left to the rule for rows."""
    if isinstance(rows, (str, bytes, Mapping)) or not hasattr(rows, "__len__"):
        raise ValueError("scheme: rows must be a list of rows of numbers")
    first = rows[0] if len(rows) else ()
    return max(0, len(first) - 1 - calls) if hasattr(first, "__len__") else 0


def _text(value: Any, name: str, where: str) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{where}: {name} is {value!r}; a text is needed")
    return value


def _non_negative(value: Any, name: str, where: str) -> float | None:
    if value is None:
        return None
    result = rules.number(value, name, where)
    if result < 0:
        raise ValueError(f"{where}: {name} is {result:g}; it cannot be negative")
    return result


def _positive(value: Any, name: str, where: str) -> float | None:
    result = _non_negative(value, name, where)
    if result == 0:
        raise ValueError(f"{where}: {name} is 0; a variance must be positive")
    return result


def level_text(sigma: float) -> str:
    """A level for messages: six digits, inf as "inf"."""
    return "inf" if math.isinf(sigma) else f"{sigma:.6g}"
