"""Single precision inside a sampler's code: where it was seen, and where it puts the floor."""

from __future__ import annotations

from typing import Mapping, Sequence

import numpy as np

from .arrays import ROUNDING, Array
from .compaction import TOLERANCES, find_recursion
from .scheme import Scheme
from .scheme_rules import column_name

# Rounding leaves a linearity defect of 1e-16 to 1e-13 in double and of 1e-8 to 1e-5 in single
# precision.
DOUBLE_DEFECT = 1e-9
OPERATIONS = 4  # roundings a row goes through, taken as independent
TYPICAL = 0.4  # the root mean square of a rounding in units of the largest it can be


def coarsest(dtypes: set[str]) -> str:
    """The dtype among those seen that rounds most."""
    known = [name for name in dtypes if name in ROUNDING] or ["float64"]
    return max(known, key=lambda name: ROUNDING[name])


def rounding_floor(scheme: Scheme, unit: float, variance: float = 1.0) -> float:
    """The relative error of the output's variance on N(0, variance) that rounding makes: an
    estimate.

    Every row y_k = sum of terms is taken to be off by TYPICAL sqrt(OPERATIONS) `unit` times the sum
    of its terms' standard deviations, with signs that are independent between rows; each such error
    reaches the output by the derivative w_k of y_K by y_k, so the estimate is

        2 TYPICAL unit sqrt(OPERATIONS sum_k (w_k t_k)^2) / sd(y_K)

    with t_k that sum.

    Observed on nine public schedulers at N = 20 and 100: float32 samples move the variance error by
    0.004 to 2 times this and rounded tables by 0.001 to 1 times, as errors partly cancel. Where the
    code's own coefficients come out of differences of nearly equal numbers it is up to 70 times, so
    where the same formulas can be run in double the difference is taken as well.

    The rows are those of the recursion, found up to the scheme's own rounding; the dense rows if
    there is none. Cost: O(K (K + M)).
    """
    defect = scheme.linearity_defect or 0.0
    found = find_recursion(scheme, (TOLERANCES[0], max(TOLERANCES[-1], 100 * defect)))
    terms = _dense_terms(scheme) if found is None else found.recursion
    forms, weights, sizes = _Walk(scheme, variance).through(terms)
    total = float(np.sum((weights * sizes) ** 2))
    return float(2 * TYPICAL * unit * np.sqrt(OPERATIONS * total) / np.linalg.norm(forms[-1]))


class _Walk:
    """A scheme on N(0, variance): every state as a form in x_T and the draws."""

    def __init__(self, scheme: Scheme, variance: float) -> None:
        self.calls, self.draws = scheme.model_calls, scheme.draws
        self.gain = variance / (variance + scheme.sigmas[: self.calls] ** 2)
        first = scheme.sigmas[0]
        self.start = float(np.sqrt(variance + first * first)) if np.isfinite(first) else 1.0

    def through(self, rows: Sequence[Mapping[str, float]]) -> tuple[Array, Array, Array]:
        """The forms of all states, shape (K+1, 1+M); the derivatives of the output by each state,
        and the sums of the standard deviations of each row's terms, shape (K+1,)."""
        forms = np.zeros((self.calls + 1, 1 + self.draws))
        deviations, sizes = np.zeros(self.calls + 1), np.zeros(self.calls + 1)
        slopes = [self._slopes(row) for row in rows]
        for k, row in enumerate(rows):
            earlier, factors = slopes[k]
            forms[k] = factors @ forms[earlier]
            sizes[k] = np.abs(factors) @ deviations[earlier]
            for name, value in row.items():
                if name == "x" or name[0] == "z":
                    size = value * (self.start if name == "x" else 1.0)
                    forms[k, 0 if name == "x" else 1 + int(name[1:])] += size
                    sizes[k] += abs(size)
            deviations[k] = np.linalg.norm(forms[k])
        weights = np.zeros(self.calls + 1)
        weights[-1] = 1.0
        for k in range(self.calls, 0, -1):
            earlier, factors = slopes[k]
            np.add.at(weights, earlier, weights[k] * factors)
        return forms, weights, sizes

    def _slopes(self, row: Mapping[str, float]) -> tuple[Array, Array]:
        """The earlier states a row uses, itself or by the model's answer, and its derivatives."""
        used = [(int(name[1:]), name[0], value) for name, value in row.items() if name[0] in "yD"]
        factors = [value * (self.gain[j] if kind == "D" else 1.0) for j, kind, value in used]
        return np.array([j for j, _, _ in used], dtype=int), np.array(factors, dtype=float)


def _dense_terms(scheme: Scheme) -> list[dict[str, float]]:
    return [
        {column_name(int(c), scheme.model_calls): float(row[c]) for c in np.flatnonzero(row)}
        for row in scheme.rows()
    ]


def finding(dtype: str, where: str, estimate: float, moved: float | None) -> str:
    """The line that says what single precision was seen and what it means; `moved` is by how much
    the same formulas in double differ, if they were run."""
    compared = (
        "" if moved is None else f"; the same formulas in double differ by {moved:.0e}, computed"
    )
    return (
        f"{dtype} {where}: no order can be seen below a relative variance error of about "
        f"{max(estimate, moved or 0.0):.0e} on N(0, 1) (estimate {estimate:.0e}{compared})"
    )
