"""Target: scores, denoisers, densities and draws at any level."""

import math
import tempfile
from pathlib import Path

import numpy as np
import pytest

import lemmabench
from lemmabench import Target, targets

MEAN, VARIANCE = np.array([1.0, -2.0, -2.0]), np.array([0.25, 4.0, 4.0])
LEVELS = [
    dict(sigma=1e-3), dict(sigma=0.5), dict(sigma=80.0), dict(abar=0.9), dict(abar=1e-4)
]  # fmt: skip


def scales(sigma=None, abar=None):
    return (1.0, sigma**2) if abar is None else (math.sqrt(abar), 1 - abar)


@pytest.mark.parametrize("level", LEVELS, ids=str)
def test_gaussian_by_hand(level):
    """N(m, v): X ~ N(s m, s^2 v + w), and E[X_0 | x] = m + s v (x - s m)/(s^2 v + w)."""
    target = Target("gaussian:spectrum=0.25x1+4x2,mean=1/-2")
    signal, noise = scales(**level)
    x = target.sample(300, 7, **level)
    assert x.shape == (300, 3) and x.dtype == np.float64
    total = signal**2 * VARIANCE + noise
    gap = x - signal * MEAN
    size = 1 + np.abs(x).max()
    # a few roundings of numbers of the size of x/signal
    assert np.abs(target.score(x, **level) + gap / total).max() <= 1e-14 * size / total.min()
    clean = MEAN + signal * VARIANCE * gap / total
    assert np.abs(target.denoise(x, **level) - clean).max() <= 2e-14 * size / signal
    logarithm = -(gap**2 / (2 * total) + np.log(2 * np.pi * total) / 2).sum(axis=1)
    assert np.abs(target.log_density(x, **level) - logarithm).max() < 1e-11


@pytest.mark.parametrize(
    "text",
    ["mixture-three", "student-t:dim=4,nu=3", "hypercube:dim=6,separation=1,variance=0.1",
     "cloud:means=-1/0;1/0,variances=0.25"],
)  # fmt: skip
def test_the_score_is_the_derivative_of_the_log_density(text):
    target = Target(text)
    x = target.sample(20, 3, sigma=0.7)
    score = target.score(x, sigma=0.7)
    step = 1e-5
    for i in range(target.dim):
        move = step * (np.arange(target.dim) == i)
        slope = target.log_density(x + move, sigma=0.7) - target.log_density(x - move, sigma=0.7)
        # step^2 and rounding 1e-15/step: 1e-8 or better observed
        assert np.abs(slope / (2 * step) - score[:, i]).max() < 1e-6
    tweedie = x + 0.49 * score
    assert np.abs(target.denoise(x, sigma=0.7) - tweedie).max() < 1e-14 * (1 + np.abs(x).max())


def test_both_coordinates_are_one_law():
    target, sigma = Target("mixture-three"), 1.3
    abar = 1 / (1 + sigma**2)
    signal = math.sqrt(abar)
    x = target.sample(50, 2, sigma=sigma)
    assert np.allclose(target.sample(50, 2, abar=abar), signal * x, rtol=1e-14, atol=0)
    assert np.allclose(
        target.score(signal * x, abar=abar), target.score(x, sigma=sigma) / signal, rtol=1e-12
    )
    assert np.allclose(
        target.denoise(signal * x, abar=abar), target.denoise(x, sigma=sigma), rtol=1e-12
    )


def test_shapes():
    line, plane = Target("mixture-three"), Target("gaussian:dim=2,variance=1")
    for shape in [(), (1,), (7,), (7, 1), (2, 3, 1), (0,)]:
        x = np.full(shape, 0.3)
        assert line.score(x, sigma=1).shape == shape
        assert line.log_density(x, sigma=1).shape == (shape if len(shape) < 2 else shape[:-1])
    for shape in [(2,), (5, 2), (3, 4, 2), (0, 2)]:
        x = np.zeros(shape)
        assert plane.denoise(x, abar=0.5).shape == shape
        assert plane.log_density(x, abar=0.5).shape == shape[:-1]
    many = line.sample(600, sigma=1)[:, 0]
    parts = [line.score(np.array([value]), sigma=1)[0] for value in many]
    assert (line.score(many, sigma=1) == parts).all()
    assert (line.score(many[::2], sigma=1) == parts[::2]).all()
    assert np.array_equal(line.score([1, 2], sigma=1), line.score([1.0, 2.0], sigma=1))


def test_draws():
    target = Target("gaussian:dim=1,variance=4,mean=3")
    data = target.sample(20000, 5)
    # five standard errors: 2/sqrt(n) and 4 sqrt(2/n)
    assert abs(data.mean() - 3) < 0.071 and abs(data.var() - 4) < 0.2
    assert np.array_equal(target.sample(10, 5), data[:10])
    assert not np.array_equal(target.sample(10, 6), data[:10])
    noisy = target.sample(20000, 5, sigma=2.0)
    assert abs(noisy.mean() - 3) < 0.1 and abs(noisy.var() - 8) < 0.4


def test_points_on_the_line_and_in_space():
    points, width = np.array([-1.0, 0.5, 0.1]), 0.3
    for rows in (points, points[:, None], np.column_stack([points, points**2])):
        target = Target.from_points(rows, width)
        table = rows.reshape(3, -1)
        dim = table.shape[1]
        x = target.sample(40, 1, sigma=0.4)
        w = width**2 + 0.4**2
        square = ((x[:, None, :] - table) ** 2).sum(axis=2) / (2 * w)
        density = np.exp(-square).mean(axis=1) / (2 * np.pi * w) ** (dim / 2)
        assert np.allclose(target.log_density(x, sigma=0.4), np.log(density), rtol=0, atol=1e-12)
        assert (
            Path(tempfile.gettempdir())
            in Path(target.source.removeprefix("cloud:file=").split(",")[0]).parents
        )
    law = lemmabench.law(Target.from_points(points, width), "ddpm", 40)
    assert law.engine == "line" and law.dim == 1 and law.tv.value > 0


def test_the_catalogue():
    names = targets()
    assert names["mixture-three"]
    assert Target("mixture-three").name == "mixture-three" and Target("gauss-flat").dim == 5
    assert "mixture-three" in repr(Target("mixture-three"))


X = np.zeros((3, 5))


@pytest.mark.parametrize(
    "call, part",
    [
        (lambda: Target("gauss-flt"), "unknown target"),
        (lambda: Target(3), "target is 3; a text"),
        (lambda: Target("gauss-flat").score(X), "one of sigma= and abar="),
        (lambda: Target("gauss-flat").score(X, sigma=1, abar=0.5), "one of sigma= and abar="),
        (lambda: Target("gauss-flat").score(X, sigma=0), "sigma is 0"),
        (lambda: Target("gauss-flat").score(X, sigma=math.nan), "sigma is nan"),
        (lambda: Target("gauss-flat").score(X, sigma="one"), "sigma is 'one'"),
        (lambda: Target("gauss-flat").score(X, abar=1), "abar is 1"),
        (lambda: Target("gauss-flat").denoise(X[:, :4], sigma=1), "(..., 5)"),
        (lambda: Target("gauss-flat").log_density(1.0, sigma=1), "(..., 5)"),
        (lambda: Target("gauss-flat").score(X * 1j, sigma=1), "complex128"),
        (lambda: Target("gauss-flat").score([[1, 2], [3]], sigma=1), "lengths"),
        (lambda: Target("gauss-flat").score(X + math.inf, sigma=1), "not finite"),
        (lambda: Target("gauss-flat").sample(-1), "n is -1"),
        (lambda: Target("gauss-flat").sample(10**12), "n is 1000000000000"),
        (lambda: Target("gauss-flat").sample(3, -1), "seed is -1"),
        (lambda: Target("gaussian:dim=5000,variance=1").score(np.zeros(5000), sigma=1), "4096"),
        (lambda: Target.from_points(np.zeros((2, 2)), 0), "bandwidth is 0"),
        (lambda: Target.from_points([[0, math.nan]], 1), "points[0]"),
        (lambda: Target.from_points(["a"], 1), "real numbers"),
        (lambda: Target.from_points(np.zeros((0, 2)), 1), "real numbers"),
    ],
)
def test_wrong_input_is_a_value_error_in_one_line(call, part):
    with pytest.raises(ValueError) as caught:
        call()
    assert part in str(caught.value) and "\n" not in str(caught.value)
