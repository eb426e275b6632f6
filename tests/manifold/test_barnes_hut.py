"""The cells that Barnes and Hut make of a map, and the force that is summed over them."""

import numpy as np
import pytest

from mlcourse.manifold import barnes_hut_cells


def maps():
    rng = np.random.default_rng(0)
    for seed in range(12):
        n, m = int(rng.integers(2, 150)), 1 + seed % 3
        Y = rng.standard_normal((n, m)) * rng.choice([1e-4, 1.0, 1e5]) + rng.choice([0.0, 10.0])
        yield np.repeat(Y, 2, axis=0) if seed % 4 == 3 else Y


def force(y, cells):
    difference = y - cells.centres
    w = 1 / (1 + (difference**2).sum(axis=1))
    return ((cells.counts * w**2)[:, None] * difference).sum(axis=0)


@pytest.mark.parametrize("theta", [0.0, 0.3, 1.0])
def test_every_other_point_is_in_one_cell(theta):
    for Y in maps():
        for i in (0, len(Y) - 1):
            cells = barnes_hut_cells(Y, i, theta)
            assert cells.counts.sum() == len(Y) - 1
            others, slack = np.delete(Y, i, axis=0), 1e-9 * np.ptp(Y)
            np.testing.assert_allclose(cells.counts @ cells.centres, others.sum(axis=0), rtol=1e-9, atol=1e-9 * abs(Y).max() * len(Y))
            upper = cells.corners + cells.widths[:, None]
            assert ((cells.centres >= cells.corners - slack) & (cells.centres <= upper + slack)).all()


def test_a_crowd_is_taken_whole_only_from_afar():
    for Y in maps():
        cells = barnes_hut_cells(Y, 0, 0.5)
        distance = np.linalg.norm(cells.centres - Y[0], axis=1)
        crowd = cells.counts > 1
        tiny = cells.widths <= 1e-9 * np.ptp(Y, axis=0).max()
        assert (cells.widths < 0.5 * distance)[crowd & ~tiny].all()


def test_without_theta_every_point_is_for_itself():
    Y = np.random.default_rng(1).standard_normal((80, 2))
    cells = barnes_hut_cells(Y, 7, 0.0)
    assert (cells.counts == 1).all()
    np.testing.assert_allclose(sorted(map(tuple, cells.centres)), sorted(map(tuple, np.delete(Y, 7, axis=0))))


def test_a_smaller_theta_is_dearer_and_better():
    Y = 10 * np.random.default_rng(2).standard_normal((600, 2))
    exact = [force(Y[i], barnes_hut_cells(Y, i, 0.0)) for i in range(20)]
    scale = np.sqrt(np.mean(np.square(exact)))
    errors, sizes = [], []
    for theta in (0.2, 0.5, 1.0):
        cells = [barnes_hut_cells(Y, i, theta) for i in range(20)]
        errors.append(np.sqrt(np.mean(np.square([force(Y[i], c) - e for i, (c, e) in enumerate(zip(cells, exact))]))) / scale)
        sizes.append(np.mean([len(c.counts) for c in cells]))
    assert errors[0] < errors[1] < errors[2] < 0.1
    assert sizes[0] > sizes[1] > sizes[2]


def test_cells_grow_slowly_with_the_points():
    rng = np.random.default_rng(3)
    few, many = (len(barnes_hut_cells(np.r_[[[0.5, 0.5]], rng.random((n, 2))], 0, 0.7).counts) for n in (500, 4000))
    assert many < 2 * few


def test_points_at_one_place_are_one_cell():
    cells = barnes_hut_cells(np.zeros((5, 2)), 2, 0.5)
    assert cells.counts.tolist() == [4]
    Y = np.r_[np.zeros((4, 2)), np.ones((3, 2))]
    assert sorted(barnes_hut_cells(Y, 0, 0.0).counts) == [3, 3]


def test_parameters_are_checked():
    Y = np.random.default_rng(4).standard_normal((5, 2))
    for options in ({"i": 5}, {"i": -1}, {"i": 0.5}, {"theta": -1}, {"theta": np.nan}):
        with pytest.raises((ValueError, TypeError), match=f"{next(iter(options))} must be"):
            barnes_hut_cells(Y, **{"i": 0, "theta": 0.5} | options)
    with pytest.raises(ValueError, match="Y must hold finite"):
        barnes_hut_cells(np.full((3, 2), np.nan), 0, 0.5)
