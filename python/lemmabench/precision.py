"""Single precision inside a sampler's code: where it was seen, and where it puts the floor."""

from __future__ import annotations

import numpy as np

from .arrays import ROUNDING, Array
from .scheme import Scheme

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
    0.03 to 8 times this, rounded tables by 0.001 to 7 times, as errors partly cancel from step to
    step; where the code's own coefficients come out of differences of nearly equal numbers, by up
    to 200 times. So where the same formulas can be run in double the difference is taken as well
    (see `comparison`).

    Uses the recursion if there is one, else the dense rows. Cost: that of gaussian_law.
    """
    terms, sizes, out = _linear_steps(scheme, variance)
    weights = np.zeros(len(sizes))
    weights[-1] = 1.0
    for k in range(len(sizes) - 1, 0, -1):
        if weights[k]:
            for j, a in terms[k]:
                weights[j] += weights[k] * a
    total = float(np.sum((weights * sizes) ** 2))
    return float(2 * TYPICAL * unit * np.sqrt(OPERATIONS * total) / out)


def _linear_steps(
    scheme: Scheme, variance: float
) -> tuple[list[list[tuple[int, float]]], Array, float]:
    """On N(0, variance): for each row its derivatives by earlier rows, the sum of its terms'
    standard deviations, and the standard deviation of the output."""
    calls, draws = scheme.model_calls, scheme.draws
    gain = np.append(variance / (variance + scheme.sigmas[:calls] ** 2), 0.0)
    first = scheme.sigmas[0]
    start = np.sqrt(variance + first * first) if np.isfinite(first) else 1.0
    forms = np.zeros((calls + 1, 1 + draws))
    derivatives: list[list[tuple[int, float]]] = []
    sizes = np.zeros(calls + 1)
    recursion = scheme.recursion() or _dense_terms(scheme)
    for k, row in enumerate(recursion):
        mine: list[tuple[int, float]] = []
        for name, value in row.items():
            kind, index = name[0], int(name[1:] or 0)
            if kind in "yD" and name != "x":
                factor = value * (gain[index] if kind == "D" else 1.0)
                mine.append((index, factor))
                forms[k] += factor * forms[index]
                sizes[k] += abs(factor) * float(np.linalg.norm(forms[index]))
            else:
                size = value * start if kind == "x" else value
                forms[k, 0 if kind == "x" else 1 + index] += size
                sizes[k] += abs(size)
        derivatives.append(mine)
    return derivatives, sizes, float(np.linalg.norm(forms[-1]))


def _dense_terms(scheme: Scheme) -> list[dict[str, float]]:
    from .scheme_rules import column_name

    return [
        {column_name(int(c), scheme.model_calls): float(row[c]) for c in np.flatnonzero(row)}
        for row in scheme.rows()
    ]


def finding(dtype: str, floor: float, where: str) -> str:
    """The line that says what single precision was seen and what it means."""
    return (
        f"{dtype} {where}: rounding puts the floor of the relative variance error on N(0, 1) near "
        f"{floor:.0e} (estimate); orders cannot be seen below it"
    )


def comparison(moved: float) -> str:
    """The line that says by how much single precision moved the variance error at this number of
    steps."""
    return (
        f"the same formulas in double give a relative variance error on N(0, 1) that differs by "
        f"{moved:.0e} (computed)"
    )
