"""The data of the puzzles are what their maps are said to misrepresent. (What all generators share is tested beside the others.)"""

import re

import numpy as np
import pytest

from mlcourse.datasets import make_gaussian, make_grid, make_linked_rings, make_random_walk, make_unlinked_rings


def test_gaussian_has_the_stated_widths_and_no_groups():
    stds = np.array([0.5, 3.0, 0.0, 1.0])
    X, y = make_gaussian(40_000, std=stds, random_state=0)
    np.testing.assert_allclose(X.mean(axis=0), 0, atol=5 * stds.max() / 200)
    np.testing.assert_allclose(np.cov(X.T), np.diag(stds**2), atol=0.1)
    np.testing.assert_array_equal(y, X[:, 1])
    z = X[:, 1] / 3
    assert np.mean(z**4) == pytest.approx(3, rel=0.05) and np.mean(z**3) == pytest.approx(0, abs=0.1)
    y[0] = 99.0
    assert X[0, 1] != 99.0  # a copy


def test_one_width_for_all_axes():
    X, _ = make_gaussian(5000, 7, std=2.0, random_state=1)
    assert X.shape == (5000, 7)
    np.testing.assert_allclose(X.std(axis=0), 2, rtol=0.05)
    np.testing.assert_array_equal(X, make_gaussian(5000, 99, std=[2.0] * 7, random_state=1)[0])


def test_gaussian_bad_parameters():
    for options, message in [
        ({"std": -1}, "std must be a number with 0 <= std (it was -1)"),
        ({"std": [1, -1]}, "std[1] must be a number with 0 <= std[1] (it was -1)"),
        ({"std": []}, "std must be a number or a sequence of numbers, one an axis (it was [])"),
        ({"std": [[1.0]]}, "std must be a number or a sequence"),
        ({"n_features": 0}, "n_features must be an integer with 1 <= n_features (it was 0)"),
    ]:
        with pytest.raises(ValueError, match=re.escape(message)):
            make_gaussian(**options)


def test_steps_of_the_walk_are_independent():
    X, t = make_random_walk(4000, 20, random_state=0)
    np.testing.assert_array_equal(t, np.arange(4000))
    np.testing.assert_array_equal(X[0], 0)
    steps = np.diff(X, axis=0)
    np.testing.assert_allclose(steps.mean(axis=0), 0, atol=5 / np.sqrt(4000))
    np.testing.assert_allclose(np.cov(steps.T), np.eye(20), atol=0.1)
    for lag in (1, 2, 7):
        cosines = np.einsum("ij,ij->i", steps[lag:], steps[:-lag]) / 20
        assert abs(cosines.mean()) < 0.02
    with pytest.raises(ValueError, match=re.escape("1 <= n_features (it was 0)")):
        make_random_walk(n_features=0)


def test_walk_moves_away_as_the_root_of_time():
    ends = [((make_random_walk(n + 1, 30, random_state=seed)[0][-1]) ** 2).sum() / 30 for n in (10, 90) for seed in range(60)]
    assert np.mean(ends[:60]) == pytest.approx(10, rel=0.15) and np.mean(ends[60:]) == pytest.approx(90, rel=0.15)


@pytest.mark.parametrize("n_samples", [1, 9, 12, 144])
def test_grid_neighbours_are_one_apart(n_samples):
    X, row = make_grid(n_samples)
    assert len(np.unique(X, axis=0)) == n_samples
    np.testing.assert_array_equal(X, np.round(X))
    np.testing.assert_array_equal(row, X[:, 1])
    side = int(np.ceil(np.sqrt(n_samples)))
    assert X.min() == 0 and X.max() < side
    if n_samples > 1:
        distances = np.linalg.norm(X[:, None] - X[None], axis=2) + 9 * np.eye(n_samples)
        np.testing.assert_array_equal(distances.min(axis=1), 1)


def linking_number(first, second):
    """Gauss's integral over two closed polygons, with the midpoints of their edges."""
    steps = [np.roll(curve, -1, axis=0) - curve for curve in (first, second)]
    middles = [curve + step / 2 for curve, step in zip((first, second), steps, strict=True)]
    between = middles[0][:, None] - middles[1][None]
    triple = np.einsum("ijk,ijk->ij", between, np.cross(steps[0][:, None], steps[1][None]))
    return (triple / np.linalg.norm(between, axis=2) ** 3).sum() / (4 * np.pi)


@pytest.mark.parametrize("distance", [2.2, 3.0, 10.0])
def test_unlinked_rings_differ_from_the_linked_in_their_place_alone(distance):
    X, y = make_unlinked_rings(600, distance=distance)
    linked, same_y = make_linked_rings(600)
    np.testing.assert_array_equal(y, same_y)
    np.testing.assert_array_equal(X[y == 0], linked[y == 0])
    np.testing.assert_allclose(X[y == 1] - linked[y == 1], np.tile([distance - 1, 0, 0], (300, 1)), atol=1e-12)
    assert linking_number(X[y == 0], X[y == 1]) == pytest.approx(0, abs=1e-2)
    assert abs(linking_number(linked[y == 0], linked[y == 1])) == pytest.approx(1, abs=1e-2)


@pytest.mark.parametrize("distance", [2, 1.0, -3])
def test_rings_that_touch_or_are_linked_are_refused(distance):
    with pytest.raises(ValueError, match=re.escape(f"distance must be a number with 2 < distance (it was {distance})")):
        make_unlinked_rings(distance=distance)
