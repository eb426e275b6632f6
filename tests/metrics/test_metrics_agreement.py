"""Agreement of maps: its definition, and what follows from it."""

import numpy as np
import pytest

from mlcourse.metrics import _neighbors, neighbor_agreement, neighborhood_preservation


def plain_agreement(maps, k):
    """The definition, word by word; for maps without ties."""
    answer = []
    for i in range(len(maps[0])):
        common = set(range(len(maps[0])))
        for Y in maps:
            distances = np.sqrt(((np.asarray(Y) - Y[i]) ** 2).sum(axis=1))
            distances[i] = np.inf
            common &= set(np.argsort(distances)[:k])
        answer.append(len(common) / k)
    return answer


@pytest.mark.parametrize("block", range(4))
def test_random_cases(block, monkeypatch):
    for seed in range(50 * block, 50 * (block + 1)):
        rng = np.random.default_rng(seed)
        monkeypatch.setattr(_neighbors, "BLOCK", int(rng.choice([100, 2**17])))
        n, m = int(rng.integers(2, 40)), int(rng.integers(2, 5))
        first = rng.normal(size=(n, 2))
        maps = [first] + [first @ rng.normal(size=(2, int(rng.integers(1, 12)))) for _ in range(m - 1)]
        maps = [Y + 0.3 * rng.normal(size=Y.shape) for Y in maps]
        k = int(rng.integers(1, n))
        shares = neighbor_agreement(maps, n_neighbors=k)
        assert shares.shape == (n,)
        np.testing.assert_allclose(shares, plain_agreement(maps, k), atol=1e-12)
        order = rng.permutation(n)
        np.testing.assert_array_equal(neighbor_agreement([Y[order] for Y in maps], n_neighbors=k), shares[order])
        np.testing.assert_array_equal(neighbor_agreement(maps[::-1], n_neighbors=k), shares)
        np.testing.assert_array_equal(neighbor_agreement([*maps, 5 * maps[0] - 3], n_neighbors=k), shares)
        two = neighbor_agreement(maps[:2], n_neighbors=k)
        assert two.mean() == pytest.approx(neighborhood_preservation(*maps[:2], n_neighbors=k), abs=1e-12)
        assert (shares <= two).all()  # a third map can only disagree more


def test_random_maps_agree_by_chance_alone():
    maps = np.random.default_rng(0).normal(size=(3, 800, 2))
    assert neighbor_agreement(maps[:2], n_neighbors=80).mean() == pytest.approx(80 / 799, rel=0.1)
    assert neighbor_agreement(maps, n_neighbors=80).mean() == pytest.approx((80 / 799) ** 2, rel=0.2)


def test_ties_are_taken_as_the_maps_before_have_them():
    """In the middle of a square all corners are equally near; the first map prefers two of them."""
    square = [[0.0, 0.0], [1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]]
    first = [[0.0, 0.0], [5.0, 0.0], [6.0, 0.0], [1.0, 0.0], [2.0, 0.5]]
    assert neighbor_agreement([first, square], n_neighbors=2)[0] == 1.0
    assert neighbor_agreement([np.ones((4, 2)), np.ones((4, 3))], n_neighbors=3).tolist() == [1.0] * 4


def test_bad_input():
    Y = np.random.default_rng(0).normal(size=(12, 2))
    for few in ([], [Y], Y):
        with pytest.raises(ValueError, match="at least two maps"):
            neighbor_agreement(few)
    with pytest.raises(ValueError, match=r"maps\[1\] must have one row for each of the 12 rows of maps\[0\] \(it had 11\)"):
        neighbor_agreement([Y, Y[1:]])
    with pytest.raises(ValueError, match=r"maps\[1\] must hold finite numbers"):
        neighbor_agreement([Y, np.where(Y > 1, np.nan, Y)])
    with pytest.raises(ValueError, match=r"maps\[0\] has 1 sample"):
        neighbor_agreement([Y[:1], Y[:1]])
    for bad in (0, 12):
        with pytest.raises(ValueError, match=rf"n_neighbors must be an integer with 1 <= n_neighbors < n_samples = 12 \(it was {bad}\)"):
            neighbor_agreement([Y, Y], n_neighbors=bad)
    with pytest.raises(TypeError, match="n_neighbors must be an integer"):
        neighbor_agreement([Y, Y], n_neighbors=2.5)
