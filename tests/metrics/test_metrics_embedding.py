"""The measures of a map, against their definitions, scikit-learn, and maps whose value is known."""

import itertools
import tracemalloc

import numpy as np
import pytest
import sklearn.manifold
from sklearn.model_selection import LeaveOneOut, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from mlcourse.datasets import load_digits
from mlcourse.metrics import (
    _neighbors,
    continuity,
    neighbor_ranks,
    neighborhood_preservation,
    one_nn_accuracy,
    trustworthiness,
)

MEASURES = [trustworthiness, continuity, neighborhood_preservation]


def random_case(seed):
    """Data, a map that has something to do with it, a neighbourhood size."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(3, 60)), int(rng.integers(1, 20))
    X = rng.normal(size=(n, m)) * rng.choice([1e-3, 1.0, 1e4]) + rng.choice([0.0, 3.0])
    Y = X[:, : min(m, 2)] + rng.choice([0.0, 0.5, 5.0]) * X.std() * rng.normal(size=(n, min(m, 2)))
    return X, Y, int(rng.integers(1, (n + 1) // 2)), rng


def plain_distances(X):
    distances = np.sqrt(((X[:, None] - X[None]) ** 2).sum(axis=2))
    np.fill_diagonal(distances, np.inf)
    return distances


def plain_trustworthiness(X, Y, k):
    """Venna and Kaski's equation (1), word by word; for data without ties."""
    n = len(X)
    in_data, in_map = plain_distances(X), plain_distances(Y)
    total = 0
    for i in range(n):
        by_data, by_map = list(np.argsort(in_data[i])[:-1]), list(np.argsort(in_map[i])[:-1])
        for j in set(by_map[:k]) - set(by_data[:k]):
            total += (by_data.index(j) + 1) - k
    return 1 - 2 / (n * k * (2 * n - 3 * k - 1)) * total


def plain_preservation(X, Y, k):
    in_data, in_map = np.argsort(plain_distances(X), axis=1)[:, :k], np.argsort(plain_distances(Y), axis=1)[:, :k]
    return float(np.mean([len(set(a) & set(b)) / k for a, b in zip(in_data, in_map, strict=True)]))


def orders_of(row, i):
    """All orders of the other points by distance: one for each way to break the ties."""
    others = [j for j in range(len(row)) if j != i]
    groups = [[j for j in others if row[j] == value] for value in np.unique(row[others])]
    return [list(itertools.chain(*order)) for order in itertools.product(*map(itertools.permutations, groups))]


def best_over_ties(X, Y, k):
    """Trustworthiness and preservation, row by row the best that any order of the ties gives."""
    n, cost, kept = len(X), 0, 0
    in_data, in_map = plain_distances(X), plain_distances(Y)
    for i in range(n):
        costs, shared = [], []
        for by_data in orders_of(in_data[i], i):
            for by_map in orders_of(in_map[i], i):
                costs.append(sum(max(by_data.index(j) + 1 - k, 0) for j in by_map[:k]))
                shared.append(len(set(by_data[:k]) & set(by_map[:k])))
        cost, kept = cost + min(costs), kept + max(shared)
    return 1 - 2 * cost / (n * k * (2 * n - 3 * k - 1)), kept / (n * k)


def rotation(m, rng):
    return np.linalg.qr(rng.normal(size=(m, m)))[0]


@pytest.mark.parametrize("block", range(8))
def test_random_cases(block, monkeypatch):
    """The definitions, scikit-learn, and what must hold for every map: 400 random cases, in blocks of all sizes."""
    for seed in range(50 * block, 50 * (block + 1)):
        X, Y, k, rng = random_case(seed)
        monkeypatch.setattr(_neighbors, "BLOCK", int(rng.choice([500, 2**18])))
        monkeypatch.setattr(_neighbors, "FEW_FEATURES", int(rng.choice([0, 8])))
        trust, preserved = trustworthiness(X, Y, n_neighbors=k), neighborhood_preservation(X, Y, n_neighbors=k)
        assert trust == pytest.approx(plain_trustworthiness(X, Y, k), abs=1e-12)
        assert trust == pytest.approx(sklearn.manifold.trustworthiness(X, Y, n_neighbors=k), abs=1e-12)
        assert preserved == pytest.approx(plain_preservation(X, Y, k), abs=1e-12)
        assert continuity(X, Y, n_neighbors=k) == trustworthiness(Y, X, n_neighbors=k)
        moved = rng.choice([1e-6, 1.0, 1e9]) * (Y @ rotation(Y.shape[1], rng) + rng.normal(size=Y.shape[1]))
        order = rng.permutation(len(X))
        for measure in MEASURES:
            value = measure(X, Y, n_neighbors=k)
            assert type(value) is float and 0 <= value <= 1
            assert measure(X, X, n_neighbors=k) == 1.0
            assert measure(X, moved, n_neighbors=k) == value
            assert measure(X[order], Y[order], n_neighbors=k) == value


def test_ties_get_the_order_that_is_best_for_the_map():
    """Every order of equal distances, tried one after the other."""
    rng = np.random.default_rng(0)
    for _ in range(30):
        n = int(rng.integers(3, 7))
        X, Y = rng.integers(0, 3, size=(n, 2)).astype(float), rng.integers(0, 3, size=(n, 1)).astype(float)
        for k in range(1, (n + 1) // 2):
            trust, preserved = best_over_ties(X, Y, k)
            assert trustworthiness(X, Y, n_neighbors=k) == pytest.approx(trust, abs=1e-12)
            assert neighborhood_preservation(X, Y, n_neighbors=k) == pytest.approx(preserved, abs=1e-12)
            assert continuity(X, Y, n_neighbors=k) == pytest.approx(best_over_ties(Y, X, k)[0], abs=1e-12)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("m", [1, 2, 3, 12])
def test_duplicates_and_grids_do_not_spoil_a_perfect_map(measure, m):
    """Many equal distances, and a map that is the data turned: its rounding must not count as a change of order."""
    rng = np.random.default_rng(m)
    for _ in range(8):
        X = np.round(rng.normal(size=(40, m)), 1)  # tenths, which binary numbers do not hold: a grid with rounding
        X = X[rng.integers(0, 40, size=60)]  # duplicates of most of them
        for k in (1, 2, 5, 20, 29):
            assert measure(X, X, n_neighbors=k) == 1.0
            turned = 3.7 * X @ rotation(m, rng) + rng.normal(size=m)
            assert measure(X, turned, n_neighbors=k) == 1.0
            assert measure(turned, X @ rotation(m, rng), n_neighbors=k) == 1.0


@pytest.mark.parametrize("measure", MEASURES)
def test_all_points_in_one_place(measure):
    """No order is wrong where all distances are equal; no division by zero either."""
    rng = np.random.default_rng(0)
    constant, Y = np.ones((50, 12)), rng.normal(size=(50, 2))
    assert measure(constant, constant) == measure(constant, Y) == measure(Y, constant) == 1.0


def test_the_worst_map_has_trustworthiness_zero():
    """Each point's nearest in the map is its farthest in the data: pairs (i, n − 1 − i) of a symmetric set, k = 1."""
    rng = np.random.default_rng(0)
    half = rng.normal(size=(10, 5)) * 1e-3 + np.eye(5).repeat(2, axis=0)
    half /= np.linalg.norm(half, axis=1, keepdims=True)
    X = np.vstack([half, -half])  # a point's antipode is its farthest
    pair = np.tile(np.arange(10.0), 2)
    Y = np.column_stack([10 * pair, np.repeat([0.0, 0.1], 10)])
    assert trustworthiness(X, Y, n_neighbors=1) == 0.0
    assert neighborhood_preservation(X, Y, n_neighbors=1) == 0.0


def test_intruders_and_torn_points_are_told_apart():
    """Two clusters drawn on each other bring intruders; one cluster drawn in two places tears points away."""
    rng = np.random.default_rng(0)
    near, far = rng.normal(size=(100, 2)), rng.normal(size=(100, 2)) + [50, 0]
    apart, together = np.vstack([near, far]), np.vstack([near, far - [50, 0]])
    assert trustworthiness(apart, together) < 0.8 < 0.95 < continuity(apart, together)
    assert continuity(together, apart) < 0.8 < 0.95 < trustworthiness(together, apart)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("m", [2, 20])
def test_distances_keep_their_digits(measure, m):
    """Tight clusters far from each other, an outlier, an offset, huge and tiny numbers: the order is still the data's."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, m))
    expected = measure(X, X[:, :1])
    for scale in (1e-300, 1e-170, 1e170, 1e300):
        assert measure(scale * X, X[:, :1]) == measure(X, scale * X[:, :1]) == expected
    assert measure(X + 2.0**20, X + 2.0**20) == 1.0
    rounded = np.round(X * 2**20) / 2**20  # so that adding the offset loses nothing
    assert measure(rounded + 2.0**26, X[:, :1]) == measure(rounded, X[:, :1])
    X[30:] += 1e6  # two clusters; the definition below takes differences of coordinates and loses nothing
    X[0] = 1e9
    Y = X[:, :1].copy()
    plain = {
        trustworthiness: lambda: plain_trustworthiness(X, Y, 5),
        continuity: lambda: plain_trustworthiness(Y, X, 5),
        neighborhood_preservation: lambda: plain_preservation(X, Y, 5),
    }[measure]()
    assert measure(X, Y, n_neighbors=5) == pytest.approx(plain, abs=1e-12)


@pytest.mark.parametrize("measure", MEASURES)
def test_input_in_other_forms(measure):
    rng = np.random.default_rng(0)
    X, Y = rng.integers(0, 50, size=(30, 4)), rng.normal(size=(30, 2)).astype(np.float32)
    expected = measure(X.astype(float), Y.astype(float), n_neighbors=3)
    untouched = X.copy(), Y.copy()
    assert measure(X.tolist(), Y.tolist(), n_neighbors=np.int64(3)) == expected
    assert measure(np.asfortranarray(X), np.repeat(Y, 2, axis=0)[::2], n_neighbors=3) == expected
    np.testing.assert_array_equal(X, untouched[0])
    np.testing.assert_array_equal(Y, untouched[1])


def test_digits_agree_with_sklearn_where_nothing_ties():
    """Whole pixels make many equal distances, which scikit-learn orders by chance; a little noise makes them differ."""
    X, y = load_digits(return_X_y=True)
    X = X + 1e-2 * np.random.default_rng(0).random(X.shape)
    Y = (X - X.mean(axis=0)) @ np.linalg.svd(X - X.mean(axis=0), full_matrices=False)[2][:2].T
    for k in (5, 12, 200):
        theirs = sklearn.manifold.trustworthiness(X, Y, n_neighbors=k)
        assert trustworthiness(X, Y, n_neighbors=k) == pytest.approx(theirs, abs=1e-12)
    accuracy = cross_val_score(KNeighborsClassifier(1), Y[:300], y[:300], cv=LeaveOneOut()).mean()
    assert one_nn_accuracy(Y[:300], y[:300]) == pytest.approx(accuracy, abs=1e-12)


def test_ties_of_the_whole_digits_cost_the_map_nothing():
    """scikit-learn's value is that of one order of the ties, so it cannot be above the best one; and it is close."""
    X, _ = load_digits(return_X_y=True)
    Y = X[:, [20, 43]] + np.random.default_rng(0).random((1797, 2))
    ours, theirs = trustworthiness(X, Y), sklearn.manifold.trustworthiness(X, Y)
    assert theirs <= ours <= theirs + 1e-3


def test_memory_is_bounded():
    """The distance matrix of 4,000 points has 128 MB; the measures stay under what the module states."""
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(4000, 10)), rng.normal(size=(4000, 2))
    y = rng.integers(0, 3, size=4000)
    for run in (trustworthiness, neighborhood_preservation, lambda X, Y: one_nn_accuracy(Y, y)):
        tracemalloc.start()
        run(X, Y)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 20e6


# One nearest neighbour


def test_one_nn_accuracy_by_definition():
    for seed in range(200):
        X, Y, _, rng = random_case(seed)
        y = rng.integers(0, 3, size=len(Y))
        expected = np.mean(y[np.argmin(plain_distances(Y), axis=1)] == y)
        assert one_nn_accuracy(Y, y) == pytest.approx(expected, abs=1e-12)
        assert one_nn_accuracy(7.0 * Y @ rotation(Y.shape[1], rng) - 3, np.array(list("abc"))[y]) == one_nn_accuracy(Y, y)
        assert one_nn_accuracy(Y, np.zeros(len(Y))) == 1.0
        assert one_nn_accuracy(Y, np.arange(len(Y))) == 0.0


def test_one_nn_accuracy_shares_ties():
    """A point with a duplicate of its own label and one of another is half right, in any order of the rows."""
    Y, y = np.array([[0.0, 0.0]] * 3 + [[5.0, 0.0], [5.0, 0.1]]), np.array([0, 0, 1, 2, 2])
    for order in itertools.permutations(range(5)):
        assert one_nn_accuracy(Y[list(order)], y[list(order)]) == pytest.approx((0.5 + 0.5 + 0 + 1 + 1) / 5)
    turned = Y @ rotation(2, np.random.default_rng(0)) + 0.3
    assert one_nn_accuracy(turned, y) == pytest.approx(0.6)


def test_one_nn_accuracy_of_a_turned_grid():
    """Every point of a grid has two to four nearest; turning makes their distances differ in the last digit."""
    rng = np.random.default_rng(0)
    grid = np.argwhere(np.ones((9, 9)))
    y = rng.integers(0, 2, size=81)
    expected = one_nn_accuracy(grid, y)
    assert 0.3 < expected < 0.7
    for m in (2, 12):
        wide = np.pad(grid, ((0, 0), (0, m - 2)))
        for _ in range(5):
            assert one_nn_accuracy(0.1 * wide @ rotation(m, rng) + rng.normal(size=m), y) == pytest.approx(expected, abs=1e-12)


# The table of ranks


def test_neighbor_ranks():
    for seed in range(100):
        X, _, k, rng = random_case(seed)
        ranks = neighbor_ranks(X)
        expected = 1 + np.argsort(np.argsort(plain_distances(X), axis=1), axis=1)
        np.fill_diagonal(expected, 0)
        np.testing.assert_array_equal(ranks, expected)
        np.testing.assert_array_equal(neighbor_ranks(2.5 * X @ rotation(X.shape[1], rng)), ranks)


def test_neighbor_ranks_of_ties():
    assert neighbor_ranks([[0.0], [0.0], [1.0], [-1.0], [3.0]])[0].tolist() == [0, 1, 2, 2, 4]
    assert neighbor_ranks(np.ones((3, 2))).tolist() == [[0, 1, 1], [1, 0, 1], [1, 1, 0]]
    with pytest.raises(ValueError, match="X has 1 sample"):
        neighbor_ranks([[4.0, 2.0]])


@pytest.mark.parametrize("far", [1, 10, 30, 100, 300, 1000])
def test_ranks_of_whole_numbers_are_exact(far):
    """Two clusters of grid points: a distance computed through products, far from the centre, still ties with its equals."""
    rng = np.random.default_rng(far)
    for _ in range(5):
        X = rng.integers(0, 3, size=(60, 12))
        X[rng.random(60) < 0.4] += far
        X[0] = 0
        sq_distances = ((X[:, None] - X[None]) ** 2).sum(axis=2)
        np.fill_diagonal(sq_distances, 10**9)
        expected = 1 + (sq_distances[:, None, :] < sq_distances[:, :, None]).sum(axis=2)
        np.fill_diagonal(expected, 0)
        np.testing.assert_array_equal(neighbor_ranks(X), expected)


@pytest.mark.parametrize("m", [1, 12])
def test_ties_are_groups(m):
    """Distances a little apart, each tying with the next: the first ties with the last, too."""
    eps = np.finfo(float).eps
    X, reverse = np.zeros((9, m)), np.zeros((9, m))
    X[1:, 0] = 1 + 48 * eps * np.arange(8)
    reverse[1:, 0] = X[:0:-1, 0]
    assert neighbor_ranks(X)[0].tolist() == [0] + [1] * 8
    for k in range(1, 5):
        assert trustworthiness(X, reverse, n_neighbors=k) == neighborhood_preservation(X, reverse, n_neighbors=k) == 1.0


@pytest.mark.parametrize("m", [2, 12])
def test_rounding_is_that_of_the_row(m, monkeypatch):
    """A grid far from the origin, turned: its ties are coarse, whatever those of the points of the block's beginning are."""
    monkeypatch.setattr(_neighbors, "BLOCK", 1)
    rng = np.random.default_rng(0)
    X = np.zeros((50, m))
    X[1:, :2] = 1000 + 0.1 * np.argwhere(np.ones((7, 7)))
    for k in (1, 2, 3, 5):
        for measure in MEASURES:
            assert measure(X @ rotation(m, rng), X @ rotation(m, rng), n_neighbors=k) == 1.0


def test_ranks_give_trustworthiness():
    """The plain form: the sum over the table of ranks."""
    for seed in range(100):
        X, Y, k, _ = random_case(seed)
        in_data, in_map, n = neighbor_ranks(X), neighbor_ranks(Y), len(X)
        intruders = (in_map >= 1) & (in_map <= k) & (in_data > k)
        expected = 1 - 2 / (n * k * (2 * n - 3 * k - 1)) * (in_data[intruders] - k).sum()
        assert trustworthiness(X, Y, n_neighbors=k) == pytest.approx(expected, abs=1e-12)


# Bad input


@pytest.mark.parametrize("measure", MEASURES)
def test_bad_input(measure):
    X, Y = np.random.default_rng(0).normal(size=(12, 3)), np.random.default_rng(1).normal(size=(12, 2))
    for bad in (np.nan, np.inf):
        broken = X.copy()
        broken[4, 1] = bad
        with pytest.raises(ValueError, match="X must hold finite numbers"):
            measure(broken, Y)
        with pytest.raises(ValueError, match="X_embedded must hold finite numbers"):
            measure(X, broken)
    with pytest.raises(ValueError, match="X must be a 2-D array"):
        measure(X[:, 0], Y)
    with pytest.raises(ValueError, match="X_embedded must be a 2-D array"):
        measure(X, Y[:, 0])
    with pytest.raises(ValueError, match=r"X_embedded must have one row for each of the 12 rows of X \(it had 11\)"):
        measure(X, Y[1:])
    with pytest.raises(ValueError, match="X has 0 sample"):
        measure(X[:0], Y[:0])
    with pytest.raises(ValueError, match="X has 1 sample"):
        measure(X[:1], Y[:1])
    for bad in (0, -1, 12):
        with pytest.raises(ValueError, match=rf"n_neighbors must be an integer with 1 <= n_neighbors < .*it was {bad}"):
            measure(X, Y, n_neighbors=bad)
    for bad in (2.5, "3", True, None):
        with pytest.raises(TypeError, match="n_neighbors must be an integer"):
            measure(X, Y, n_neighbors=bad)


def test_trustworthiness_needs_neighbourhoods_below_one_half():
    X = np.random.default_rng(0).normal(size=(12, 3))
    assert trustworthiness(X, X, n_neighbors=5) == continuity(X, X, n_neighbors=5) == 1.0
    for measure in (trustworthiness, continuity):
        with pytest.raises(ValueError, match=r"1 <= n_neighbors < n_samples / 2 = 6.0 \(it was 6\)"):
            measure(X, X, n_neighbors=6)
    assert neighborhood_preservation(X, X[::-1], n_neighbors=11) == 1.0  # all the others are always kept


def test_bad_labels():
    Y = np.random.default_rng(0).normal(size=(6, 2))
    with pytest.raises(ValueError, match=r"y must have one entry for each of the 6 .*it had 5"):
        one_nn_accuracy(Y, [0, 1, 0, 1, 0])
    with pytest.raises(ValueError, match="y must hold finite numbers"):
        one_nn_accuracy(Y, [0, 1, 0, 1, 0, np.nan])
    with pytest.raises(ValueError, match="X_embedded has 1 sample"):
        one_nn_accuracy(Y[:1], [0])
    with pytest.raises(ValueError, match="X_embedded must be a 2-D array"):
        one_nn_accuracy(Y[:, 0], [0] * 6)
