"""Norm-25 and parallel ellipses: centres, widths, directions."""

import numpy as np
import pytest

from mlcourse.datasets import make_anisotropic_blobs, make_norm25


def test_norm25_is_that_of_the_paper():
    X, y, centers = make_norm25(random_state=0, return_centers=True)
    assert X.shape == (10_000, 15) and centers.shape == (25, 15)
    np.testing.assert_array_equal(np.bincount(y), 400)
    assert centers.min() >= 0 and centers.max() <= 500
    assert centers.mean() == pytest.approx(250, abs=5 * 500 / np.sqrt(12 * centers.size))
    assert centers.std() == pytest.approx(500 / np.sqrt(12), rel=0.1)
    residuals = X - centers[y]
    assert abs(residuals.mean()) < 5 / np.sqrt(X.size)
    assert residuals.var(axis=0) == pytest.approx(np.ones(15), abs=5 * np.sqrt(2 / 10_000))
    correlations = np.corrcoef(residuals.T) - np.eye(15)
    assert np.abs(correlations).max() < 5 / np.sqrt(10_000)
    nearest = np.argmin(((X[::50, None] - centers) ** 2).sum(axis=2), axis=1)
    np.testing.assert_array_equal(nearest, y[::50])
    assert np.any(np.diff(y) < 0)  # in random order


def test_norm25_of_other_sizes():
    X, y, centers = make_norm25(7, n_features=2, n_centers=3, side=0.0, random_state=1, return_centers=True)
    assert X.shape == (7, 2) and not centers.any()
    np.testing.assert_array_equal(np.bincount(y), [3, 2, 2])
    X, y = make_norm25(4, n_centers=9, random_state=0)
    np.testing.assert_array_equal(np.sort(y), range(4))


def test_ellipses():
    options = {"n_clusters": 4, "aspect": 7.0, "distance": 9.0, "shift": -3.0, "shuffle": False}
    X, y = make_anisotropic_blobs(8000, angle=0, random_state=0, **options)
    np.testing.assert_array_equal(y, np.repeat(range(4), 2000))
    for j in range(4):
        assert X[y == j].mean(axis=0) == pytest.approx([-3.0 * (j - 1.5), 9.0 * (j - 1.5)], abs=5 * 7 / np.sqrt(2000))
        assert X[y == j].std(axis=0) == pytest.approx([7, 1], rel=0.08)
    t = np.deg2rad(50)
    turned, _ = make_anisotropic_blobs(8000, angle=50, random_state=0, **options)
    np.testing.assert_allclose(turned, X @ np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]]).T, atol=1e-12)


@pytest.mark.parametrize("make", [make_norm25, make_anisotropic_blobs])
def test_seed(make):
    (X, y), (same, _), (other, _) = make(90, random_state=0), make(90, random_state=0), make(90, random_state=1)
    np.testing.assert_array_equal(X, same)
    assert not np.array_equal(X, other)
    np.testing.assert_array_equal(X, make(90, random_state=np.random.default_rng(0))[0])
    assert y.dtype.kind == "i" and X.dtype == np.float64


@pytest.mark.parametrize(
    ("make", "options", "error", "message"),
    [
        (make_norm25, {"n_samples": 0}, ValueError, "n_samples must be an integer with 1 <= n_samples"),
        (make_norm25, {"n_features": 1.5}, TypeError, "n_features must be an integer"),
        (make_norm25, {"n_centers": 0}, ValueError, "n_centers must be an integer with 1 <= n_centers"),
        (make_norm25, {"side": -1}, ValueError, "side must be a number with 0 <= side"),
        (make_norm25, {"side": np.inf}, ValueError, "side must be"),
        (make_norm25, {"return_centers": 1}, TypeError, "return_centers must be True or False"),
        (make_norm25, {"random_state": "x"}, ValueError, "random_state must be"),
        (make_anisotropic_blobs, {"n_samples": -3}, ValueError, "n_samples must be"),
        (make_anisotropic_blobs, {"n_clusters": 0}, ValueError, "n_clusters must be an integer with 1 <= n_clusters"),
        (make_anisotropic_blobs, {"aspect": 0.5}, ValueError, "aspect must be a number with 1 <= aspect"),
        (make_anisotropic_blobs, {"distance": -1}, ValueError, "distance must be a number with 0 <= distance"),
        (make_anisotropic_blobs, {"shift": np.nan}, ValueError, "shift must be a finite number"),
        (make_anisotropic_blobs, {"angle": "30"}, TypeError, "angle must be a finite number"),
        (make_anisotropic_blobs, {"shuffle": 0}, TypeError, "shuffle must be True or False"),
    ],
)
def test_bad_parameters(make, options, error, message):
    with pytest.raises(error, match=message):
        make(**options)
