"""What the eye sees, as numbers: against shapes whose value is known, and against the definitions."""

import re

import numpy as np
import pytest
from scipy.spatial import ConvexHull

from mlcourse.metrics import (
    center_distances,
    clark_evans_index,
    cluster_widths,
    convex_hull_area,
    largest_gap,
)


def turned(Y, rng):
    angle = rng.uniform(0, 2 * np.pi)
    c, s = np.cos(angle), np.sin(angle)
    return Y @ np.array([[c, s], [-s, c]])


# Clusters


def test_widths_and_distances_of_clusters():
    for seed in range(50):
        rng = np.random.default_rng(seed)
        labels = rng.integers(0, 4, size=60)
        X = rng.normal(size=(60, 5)) * (1 + labels[:, None]) + 7 * labels[:, None]
        widths, distances = cluster_widths(X, np.array(list("dcba"))[labels]), center_distances(X, np.array(list("dcba"))[labels])
        for place, label in enumerate((3, 2, 1, 0)):  # in the order of the letters
            part = X[labels == label]
            pairs = ((part[:, None] - part[None]) ** 2).sum(axis=2)
            assert widths[place] ** 2 == pytest.approx(pairs.mean() / 2)  # the variance through all pairs
            for other_place, other in enumerate((3, 2, 1, 0)):
                expected = np.linalg.norm(part.mean(axis=0) - X[labels == other].mean(axis=0))
                assert distances[place, other_place] == pytest.approx(expected, abs=1e-12)
    for measure in (cluster_widths, center_distances):
        with pytest.raises(ValueError, match=r"labels must have one entry for each of the 60 .*it had 3"):
            measure(X, [0, 1, 2])
        with pytest.raises(ValueError, match="X must hold finite numbers"):
            measure([[np.nan]], [0])


# Clumps


def triangles(side):
    """A lattice of triangles with edges of length 1."""
    i, j = np.mgrid[:side, :side].reshape(2, -1)
    return np.column_stack([i + j / 2, j * np.sqrt(3) / 2])


def test_index_of_lattices():
    area = 60 * 60 * np.sqrt(3) / 2  # a cell for each point
    assert clark_evans_index(triangles(60), area=area) == pytest.approx(np.sqrt(2 / np.sqrt(3)) * 2)  # 2.149
    square = np.argwhere(np.ones((50, 50)))
    assert clark_evans_index(square, area=2500) == pytest.approx(2.0)
    assert clark_evans_index(square) == pytest.approx(2 * np.sqrt(2500) / 49)


def test_index_of_an_even_random_scatter_is_near_one():
    rng = np.random.default_rng(0)
    values = [clark_evans_index(rng.random((400, 2)), area=1.0) for _ in range(60)]
    assert 1.0 < np.mean(values) < 1.05  # the points at the rim lack neighbours
    inner = []
    for _ in range(30):  # without a rim: distances are measured around the torus
        points = rng.random((300, 2))
        copies = np.vstack([points + [dx, dy] for dx in (0, -1, 1) for dy in (0, -1, 1)])
        distances = np.linalg.norm(points[:, None] - copies[None], axis=2)
        distances[np.arange(300), np.arange(300)] = np.inf
        inner.append(distances.min(axis=1).mean() / (0.5 / np.sqrt(300)))
    assert np.mean(inner) == pytest.approx(1, abs=0.02)  # so the 1/2 in the definition is right


def test_index_tells_clumps_from_points_that_keep_apart():
    rng = np.random.default_rng(1)
    scatter = rng.random((200, 2))
    clumps = np.repeat(rng.random((20, 2)), 10, axis=0) + 0.005 * rng.normal(size=(200, 2))
    apart = np.argwhere(np.ones((14, 14))) / 14 + 0.01 * rng.normal(size=(196, 2))
    assert clark_evans_index(clumps) < 0.5 < 0.85 < clark_evans_index(scatter) < 1.25 < 1.5 < clark_evans_index(apart)
    assert clark_evans_index(np.vstack([scatter, scatter])) == 0.0


@pytest.mark.parametrize("scale", [1e-120, 1e-3, 1.0, 1e120])
def test_index_has_no_unit(scale):
    rng = np.random.default_rng(2)
    Y = rng.normal(size=(70, 2))
    moved = scale * (turned(Y, rng) + [3.0, -8.0])
    assert clark_evans_index(moved) == pytest.approx(clark_evans_index(Y), rel=1e-9)
    assert clark_evans_index(moved, area=7 * scale**2) == pytest.approx(clark_evans_index(Y, area=7), rel=1e-9)


def test_index_bad_input():
    with pytest.raises(ValueError, match="Y has a convex hull without area"):
        clark_evans_index([[0.0, 0.0], [1.0, 2.0], [2.0, 4.0]])
    assert clark_evans_index([[0.0, 0.0], [3.0, 4.0]], area=50.0) == pytest.approx(2.0)
    with pytest.raises(ValueError, match="Y has a convex hull without area"):
        clark_evans_index(np.ones((5, 2)))
    with pytest.raises(ValueError, match=re.escape("area must be a number with 0 < area (it was 0)")):
        clark_evans_index(np.eye(2), area=0)
    for measure in (clark_evans_index, convex_hull_area, lambda Y: largest_gap(Y, [0, 0])):
        with pytest.raises(ValueError, match=r"in two columns \(it had shape \(5, 3\)\)"):
            measure(np.ones((5, 3)))
        with pytest.raises(ValueError, match="must hold finite numbers"):
            measure([[0, 1], [np.inf, 0], [1, 1], [0, 0]])
    with pytest.raises(ValueError, match="Y has 1 sample"):
        clark_evans_index([[0.0, 0.0]])


# Hulls


def test_hull_is_scipys():
    for seed in range(100):
        rng = np.random.default_rng(seed)
        Y = rng.normal(size=(int(rng.integers(3, 80)), 2)) * [1, rng.choice([1e-3, 1.0, 40.0])] + rng.choice([0.0, 100.0])
        assert convex_hull_area(Y) == pytest.approx(ConvexHull(Y).volume, rel=1e-9)
        assert convex_hull_area(np.vstack([Y, Y[::-1], Y.mean(axis=0)])) == pytest.approx(convex_hull_area(Y), rel=1e-12)


def test_hulls_of_whole_numbers_and_of_too_few_points():
    assert convex_hull_area(np.argwhere(np.ones((4, 6)))) == 15.0  # most of the grid's rim lies on straight edges
    for flat in ([[2.0, 3.0]], [[2.0, 3.0], [4.0, 9.0]], [[0, 0], [1, 1], [2, 2], [5, 5]], np.ones((4, 2))):
        assert convex_hull_area(flat) == 0.0


# Gaps


def test_gap_of_known_directions():
    for seed in range(100):
        rng = np.random.default_rng(seed)
        degrees = np.sort(rng.uniform(0, 360, size=int(rng.integers(1, 12))))
        expected = np.diff(degrees, append=degrees[0] + 360).max()
        center = rng.normal(size=2)
        angles = np.radians(degrees)
        Y = center + rng.uniform(0.1, 9, size=(angles.size, 1)) * np.column_stack([np.cos(angles), np.sin(angles)])
        assert largest_gap(rng.permutation(Y), center) == pytest.approx(expected, abs=1e-6)
    assert largest_gap([[2.0, 5.0], [3.0, 5.0]], [0.0, 5.0]) == 360.0
    with pytest.raises(ValueError, match=re.escape("center must have two entries (it had 3)")):
        largest_gap(Y, [0.0, 1.0, 2.0])
