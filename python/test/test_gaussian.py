"""The law of a scheme on a Gaussian against closed forms."""

import math

import numpy as np
import pytest

from lemmabench import Scheme, gaussian_law, gaussian_variance_error


def euler_rows(sigmas):
    """x' = (t/s) x + (1 - t/s) D as dense rows, written down without any recursion: the coefficient
    of D_j in row k is (sigma_k/sigma_{j+1}) (1 - sigma_{j+1}/sigma_j)."""
    n = len(sigmas) - 1
    rows = np.zeros((n + 1, 1 + n))
    for k in range(n + 1):
        rows[k, 0] = sigmas[k] / sigmas[0]
        for j in range(k):
            rows[k, 1 + j] = sigmas[k] / sigmas[j + 1] * (1 - sigmas[j + 1] / sigmas[j])
    return rows


def test_euler_law_is_a_product():
    """On N(m, v) each Euler step multiplies y - m by t/s + (1 - t/s) v/(v + s^2)."""
    sigmas, mean, variance = np.geomspace(10, 0.1, 21), 0.7, 0.3
    factor = np.prod(
        [t / s + (1 - t / s) * variance / (variance + s * s) for s, t in zip(sigmas, sigmas[1:])]
    )
    found_mean, found = gaussian_law(Scheme(sigmas, euler_rows(sigmas)), mean, variance)
    # 20 steps of a few roundings each: 20 * 10 * 2^-53 = 2e-14; observed 4e-16.
    assert found == pytest.approx(factor**2 * (variance + 100), rel=2e-14)
    assert found_mean == pytest.approx(mean, rel=2e-14)


def test_gaussian_start_moves_mean_and_variance():
    sigmas, mean, variance = np.geomspace(10, 0.1, 11), 0.7, 0.3
    factor = np.prod(
        [t / s + (1 - t / s) * variance / (variance + s * s) for s, t in zip(sigmas, sigmas[1:])]
    )
    scheme = Scheme(sigmas, euler_rows(sigmas), gaussian_start_variance=101.0)
    found_mean, found = gaussian_law(scheme, mean, variance, "gaussian")
    assert found == pytest.approx(factor**2 * 101, rel=2e-14)
    assert found_mean == pytest.approx(mean * (1 - factor), rel=2e-14)
    plain = Scheme(sigmas, euler_rows(sigmas))
    assert gaussian_law(plain, mean, variance, "gaussian")[1] == pytest.approx(
        factor**2 * 100, rel=2e-14
    )


def test_draws_add_their_squares_where_they_are_shared_too():
    # y_1 = x + z0, y_2 = D_1 + z0 + z1: with g = v/(v + 1), D_1 - m = g (x - m + z0).
    scheme = Scheme([2.0, 1.0, 0.0], [[1, 0, 0, 0, 0], [1, 0, 0, 1, 0], [0, 0, 1, 1, 1]])
    v = 0.5
    g = v / (v + 1)
    expected = g * g * (v + 4) + (g + 1) ** 2 + 1
    assert gaussian_law(scheme, 0.0, v)[1] == pytest.approx(expected, rel=1e-15)
    assert gaussian_variance_error(scheme, 0.0, v) == pytest.approx(expected / v - 1, rel=1e-14)


def test_infinite_first_level_starts_from_unit_variance():
    # y_1 = 2 Z + D_0 with D_0 = E X_0.
    scheme = Scheme([math.inf, 1.0, 0.0], [[1, 0, 0], [2, 1, 0], [0, 0, 1]])
    mean, variance = gaussian_law(scheme, 0.7, 3.0)
    assert mean == pytest.approx(0.7, rel=1e-15)
    assert variance == pytest.approx((0.75 * 2) ** 2, rel=1e-15)


@pytest.mark.parametrize(
    "arguments", [(0.0, 0.0), (0.0, -1.0), (math.nan, 1.0), (0.0, 1.0, "other")]
)
def test_bad_targets_are_refused(arguments):
    with pytest.raises(ValueError, match="gaussian_law"):
        gaussian_law(Scheme([1.0, 0.0], [[1, 0], [0, 1]]), *arguments)
