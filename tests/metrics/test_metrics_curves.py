"""Curves in a map: crossings and straight lines, against shapes whose value is known, and against the definitions."""

import numpy as np
import pytest

from mlcourse.metrics import count_crossings, straightness


def crosses(a, b, c, d):
    """Solve for the place where two edges meet."""
    matrix = np.column_stack([b - a, c - d])
    if abs(np.linalg.det(matrix)) < 1e-14:
        return False
    s, t = np.linalg.solve(matrix, c - a)
    return 0 < s < 1 and 0 < t < 1


def test_crossings_by_solving_for_them():
    for seed in range(40):
        rng = np.random.default_rng(seed)
        first, second = rng.normal(size=(int(rng.integers(3, 14)), 2)), rng.normal(size=(int(rng.integers(3, 14)), 2))
        n, m = len(first), len(second)
        expected = sum(crosses(first[i], first[(i + 1) % n], second[j], second[(j + 1) % m]) for i in range(n) for j in range(m))
        assert count_crossings(first, second) == count_crossings(second, first) == expected
        assert expected % 2 == 0  # a closed curve leaves another as often as it enters
        own = sum(crosses(first[i], first[(i + 1) % n], first[j], first[(j + 1) % n])
                  for i in range(n) for j in range(i + 2, n) if (j + 1) % n != i)
        assert count_crossings(first) == count_crossings(np.roll(first, 2, axis=0)) == count_crossings(first[::-1]) == own


def test_crossings_of_known_curves():
    t = 2 * np.pi * (np.arange(200) + 0.3) / 200
    circle = np.column_stack([np.cos(t), np.sin(t)])
    assert count_crossings(circle) == 0
    assert count_crossings(circle, circle + [1, 0]) == 2
    assert count_crossings(circle, circle + [3, 0]) == count_crossings(circle, 0.5 * circle) == 0
    trefoil = np.column_stack([np.sin(t) + 2 * np.sin(2 * t), np.cos(t) - 2 * np.cos(2 * t)])
    assert count_crossings(trefoil) == 3
    star = circle[::40][[0, 2, 4, 1, 3]]
    assert count_crossings(star) == 5
    with pytest.raises(ValueError, match=r"first must hold points of the plane, in two columns \(it had shape \(5, 3\)\)"):
        count_crossings(np.ones((5, 3)))
    with pytest.raises(ValueError, match="second must hold finite numbers"):
        count_crossings(circle, [[0, 1], [np.nan, 0], [1, 1]])
    with pytest.raises(ValueError, match="first has 2 sample"):
        count_crossings(np.eye(2))
    with pytest.raises(ValueError, match="second has 2 sample"):
        count_crossings(circle, np.eye(2))


# Paths


def test_straightness_of_known_paths():
    rng = np.random.default_rng(0)
    assert straightness(np.outer(np.arange(9.0), rng.normal(size=6))) == pytest.approx(1)
    assert straightness([[0.0], [1.0], [0.0], [1.0]]) == -1.0
    t = 2 * np.pi * np.arange(50) / 50
    assert straightness(np.column_stack([np.cos(t), np.sin(t)])) == pytest.approx(np.cos(2 * np.pi / 50))
    assert straightness(np.cumsum(rng.normal(size=(5000, 50)), axis=0)) == pytest.approx(0, abs=0.02)
    assert straightness([[0.0], [0.0], [1.0], [3.0], [3.0], [2.0]]) == 1.0  # only 0 → 1 → 3 has two steps with a length
    with pytest.raises(ValueError, match="two successive steps"):
        straightness([[0.0], [0.0], [1.0], [1.0], [2.0]])
    with pytest.raises(ValueError, match="path has 2 sample"):
        straightness(np.eye(2))
