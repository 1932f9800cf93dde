"""Single precision inside a sampler's code: where it was seen, and at which error it puts the floor."""

from __future__ import annotations

import numpy as np

from .arrays import ROUNDING
from .scheme import Scheme

# Double rounding leaves a linearity defect of some 1e-15; anything above this was rounded in single.
DOUBLE_DEFECT = 1e-11
OPERATIONS = 4  # roundings a coefficient goes through in one step, taken as independent


def coarsest(dtypes: set[str]) -> str:
    """The dtype among those seen that rounds most."""
    known = [name for name in dtypes if name in ROUNDING] or ["float64"]
    return max(known, key=lambda name: ROUNDING[name])


def rounding_floor(scheme: Scheme, unit: float, variance: float = 1.0) -> float:
    """The relative error of the output's variance on N(0, variance) that rounding makes: an estimate.

    Every row y_k = sum of terms is taken to be off by sqrt(OPERATIONS) `unit` times the sum of its
    terms' standard deviations, with signs that are independent between rows; each such error reaches
    the output by the derivative w_k of y_K by y_k, so the estimate is

        2 unit sqrt(OPERATIONS sum_k (w_k t_k)^2) / sd(y_K),  t_k = sum over terms of row k of |term|.

    Errors that rounding makes alike in every step (rounded tables) can add up to sqrt(K) times more.
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
    return float(2 * unit * np.sqrt(OPERATIONS * total) / out)


def _linear_steps(scheme: Scheme, variance: float) -> tuple[list[list[tuple[int, float]]], np.ndarray, float]:
    """On N(0, variance): for each row its derivatives by earlier rows, the sum of its terms' standard
    deviations, and the standard deviation of the output."""
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
    return [{column_name(int(c), scheme.model_calls): float(row[c]) for c in np.flatnonzero(row)}
            for row in scheme.rows()]


def finding(dtype: str, floor: float, where: str) -> str:
    """The line that says what single precision was seen and what it means."""
    return (f"{dtype} {where}: rounding puts the floor of the relative variance error near {floor:.0e} "
            "on N(0, 1) (estimate); orders cannot be seen below it")
