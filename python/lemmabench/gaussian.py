"""The output law of a scheme on a Gaussian target, in numpy.

An independent check of the program's proved laws: plain double arithmetic, no error bound.
"""

from __future__ import annotations

import math

import numpy as np

from .scheme import Scheme


def gaussian_law(
    scheme: Scheme, mean: float = 0.0, variance: float = 1.0, start: str = "exact"
) -> tuple[float, float]:
    """(mean, variance) of the output of the scheme on the target N(mean, variance), one coordinate.

    On this target D_j = mean + g_j (y_j - mean) with g_j = variance / (variance + sigma_j^2), so
    every y_k is an affine form in x_T and the draws. start "exact": x_T ~ N(mean, variance +
    sigma_0^2); "gaussian": x_T ~ N(0, gaussian_start_variance), sigma_0^2 if the scheme does not
    say. With sigma_0 = inf both are N(0, 1).

    Computed in double, no error bound; O(K^2 (1 + M)) time. ValueError for a variance that is not
    positive or an unknown start.
    """
    if not (variance > 0 and math.isfinite(variance) and math.isfinite(mean)):
        raise ValueError(
            f"gaussian_law: the target is N({mean:g}, {variance:g}); a finite mean and a positive, "
            "finite variance are needed"
        )
    start_mean, start_sd = _start(scheme, mean, variance, start)
    rows, calls = scheme.rows(), scheme.model_calls
    gain = variance / (variance + scheme.sigmas[:calls] ** 2)
    # Columns of `answers`: the constant, x_T in standard deviations, the draws.
    answers = np.zeros((calls, 2 + scheme.draws))
    out = np.zeros(2 + scheme.draws)
    for k in range(calls + 1):
        out = rows[k, 1 : 1 + k] @ answers[:k]
        out[0] += rows[k, 0] * start_mean
        out[1] += rows[k, 0] * start_sd
        out[2:] += rows[k, 1 + calls :]
        if k < calls:
            answers[k] = gain[k] * out
            answers[k, 0] += (1 - gain[k]) * mean
    return float(out[0]), float(np.dot(out[1:], out[1:]))


def _start(scheme: Scheme, mean: float, variance: float, start: str) -> tuple[float, float]:
    if start not in ("exact", "gaussian"):
        raise ValueError(f"gaussian_law: start is {start!r}; 'exact' or 'gaussian' is needed")
    first = scheme.sigmas[0]
    if math.isinf(first):
        return 0.0, 1.0
    if start == "exact":
        return mean, math.sqrt(variance + first * first)
    given = scheme.gaussian_start_variance
    return 0.0, float(first) if given is None else math.sqrt(given)


def gaussian_variance_error(
    scheme: Scheme, mean: float = 0.0, variance: float = 1.0, start: str = "exact"
) -> float:
    """v / (variance + sigma_K^2) - 1, v the variance of the output on N(mean, variance); `mean` has
    no influence on it. Computed in double (see gaussian_law)."""
    _, found = gaussian_law(scheme, mean, variance, start)
    return found / (variance + float(scheme.sigmas[-1]) ** 2) - 1
