"""Measures of clusterings: by hand, by counting pairs, against scikit-learn, far from the origin."""

from itertools import combinations

import numpy as np
import pytest
import sklearn
import sklearn.metrics
import sklearn.metrics.cluster

from mlcourse import metrics
from mlcourse.datasets import make_blobs
from mlcourse.metrics import (
    adjusted_rand_score,
    calinski_harabasz_score,
    contingency_matrix,
    davies_bouldin_score,
    normalized_mutual_info_score,
    pair_confusion_matrix,
    rand_score,
    within_cluster_sum_of_squares,
)

AGREEMENTS = (rand_score, adjusted_rand_score, normalized_mutual_info_score, contingency_matrix, pair_confusion_matrix)
SEPARATIONS = (calinski_harabasz_score, davies_bouldin_score)


@pytest.fixture(autouse=True, scope="module")
def quick_scikit_learn():
    """Most of its time on so few points goes into checking its parameters."""
    with sklearn.config_context(skip_parameter_validation=True, assume_finite=True):
        yield


def groupings(n_cases, seed=0):
    rng = np.random.default_rng(seed)
    for _ in range(n_cases):
        n = int(rng.integers(1, 40))
        yield tuple(rng.integers(0, rng.integers(1, n + 1), size=n) for _ in range(2))


# Two groupings of the same points


def test_pairs_by_counting_them():
    for true, pred in groupings(60):
        expected = np.zeros((2, 2), dtype=int)
        for i, j in combinations(range(len(true)), 2):
            expected[int(true[i] == true[j]), int(pred[i] == pred[j])] += 2
        np.testing.assert_array_equal(pair_confusion_matrix(true, pred), expected)
        if len(true) > 1:
            assert rand_score(true, pred) == pytest.approx(np.trace(expected) / expected.sum())


def test_adjusted_rand_by_hubert_and_arabies_formula():
    def pairs(counts):
        return (counts * (counts - 1) / 2).sum()

    for true, pred in groupings(100, seed=1):
        table = contingency_matrix(true, pred)
        rows, columns, all_pairs = pairs(table.sum(axis=1)), pairs(table.sum(axis=0)), pairs(np.array([len(true)]))
        expected = rows * columns / max(all_pairs, 1)
        if (rows + columns) / 2 - expected > 1e-9:
            ari = (pairs(table) - expected) / ((rows + columns) / 2 - expected)
            assert adjusted_rand_score(true, pred) == pytest.approx(ari, abs=1e-12)


def test_scikit_learn_says_the_same_of_groupings():
    for true, pred in groupings(100, seed=2):
        for ours in AGREEMENTS:
            theirs = getattr(sklearn.metrics.cluster, ours.__name__)
            np.testing.assert_allclose(ours(true, pred), theirs(true, pred), rtol=1e-9, atol=1e-12)
    for true, pred in groupings(20, seed=4):
        for mean in ("arithmetic", "geometric", "min", "max"):
            expected = sklearn.metrics.normalized_mutual_info_score(true, pred, average_method=mean)
            assert normalized_mutual_info_score(true, pred, average_method=mean) == pytest.approx(expected, abs=1e-12)


def test_names_do_not_matter_and_neither_does_the_order():
    for true, pred in groupings(50, seed=3):
        names = np.array([f"cluster {i % 7}{i}" for i in range(40)])
        for ours in AGREEMENTS[:3]:
            value = ours(true, pred)
            assert ours(pred, true) == pytest.approx(value, abs=1e-12)
            assert ours(names[true], -3 * pred - 10**9) == pytest.approx(value, abs=1e-12)
            assert ours(true.tolist(), tuple(pred.astype(float))) == value
            assert ours(true, true) == pytest.approx(1.0)
            assert ours(names[true], 1000 - true) == pytest.approx(1.0)


def test_unrelated_groupings():
    rng = np.random.default_rng(0)
    pairs = [(rng.integers(0, 5, 100), rng.integers(0, 8, 100)) for _ in range(300)]
    adjusted = [adjusted_rand_score(*pair) for pair in pairs]
    assert abs(np.mean(adjusted)) < 4 * np.std(adjusted) / np.sqrt(300) < 0.01
    assert np.mean([rand_score(*pair) for pair in pairs]) > 0.6  # why it is adjusted
    assert min(adjusted_rand_score(*pair) for pair in groupings(300)) >= -0.5
    checkerboard = np.repeat([0, 1], 6), np.tile([0, 1], 6)
    assert normalized_mutual_info_score(*checkerboard) == 0.0


def test_many_points_do_not_overflow():
    """With 200,000 points, pairs exceed 2^32, and the products of their counts 2^63."""
    true, pred = np.arange(200_000) // 100_000, np.arange(200_000) // 50_000
    pairs = pair_confusion_matrix(true, pred)
    assert pairs.dtype == np.int64 and pairs.sum() == 200_000 * 199_999
    # Of four quarters in two halves: together in both 1/4 of all, in the true 1/2.  (1/4 − 1/8) / (3/8 − 1/8)
    assert adjusted_rand_score(true, pred) == pytest.approx(0.5, abs=1e-4)
    assert normalized_mutual_info_score(true, pred) == pytest.approx(2 / 3)
    alone = np.arange(200_000)  # the full table would have 4e10 entries
    assert adjusted_rand_score(alone, alone) == 1.0 and rand_score(alone, true) == pytest.approx(0.5, abs=1e-4)


def test_one_point_and_one_cluster():
    for ours in AGREEMENTS[:3]:
        assert ours([3], ["a"]) == ours([1, 1, 1], [2, 2, 2]) == 1.0
    assert adjusted_rand_score([0, 0, 0], [0, 1, 2]) == normalized_mutual_info_score([0, 0, 0], [0, 1, 2]) == 0.0


@pytest.mark.parametrize("ours", AGREEMENTS)
def test_bad_groupings(ours):
    for pair, message in (
        (([0, 1, 1], [0, 1]), r"labels_true and labels_pred must have the same number of labels \(they had 3 and 2\)"),
        (([], []), r"labels_true must be a 1-D array of at least 1 label \(its shape was \(0,\)\)"),
        (([0, 1], 5), r"labels_pred must be a 1-D array of at least 1 label"),
        (([0, 1], [0.5, np.nan]), "labels_pred must hold finite numbers"),
        (([0, 1], [[0, 1], [1, 0]]), "labels_pred should be a 1d array"),
        ((None, [0, 1]), "labels_true must hold one label a sample"),
    ):
        with pytest.raises(ValueError, match=message):
            ours(*pair)


def test_unknown_mean():
    with pytest.raises(ValueError, match="average_method must be one of 'arithmetic', 'geometric', 'min', 'max'"):
        normalized_mutual_info_score([0], [0], average_method="harmonic")


# Points and their clusters


def test_separation_by_hand():
    X, y = [[0.0, 0.0], [2.0, 0.0], [8.0, 0.0], [10.0, 0.0], [1.0, 7.0]], [0, 0, 1, 1, 2]
    assert within_cluster_sum_of_squares(X, y) == 4.0
    # s = 1, 1, 0; d = 8 between the first two, 7 from the first and √113 from the second to the third.
    assert davies_bouldin_score(X, y) == pytest.approx((2 / 8 + 2 / 8 + 1 / 7) / 3)
    # Mean (4.2, 1.4): B = 2 (3.2² + 1.4²) + 2 (4.8² + 1.4²) + 3.2² + 5.6²
    between = 2 * (3.2**2 + 1.4**2) + 2 * (4.8**2 + 1.4**2) + 3.2**2 + 5.6**2
    assert calinski_harabasz_score(X, y) == pytest.approx(between / 2 / (4 / 2))


def test_scikit_learn_says_the_same_of_points():
    rng = np.random.default_rng(0)
    for _ in range(100):
        n, d = int(rng.integers(3, 50)), int(rng.integers(1, 13))
        y = rng.integers(0, rng.integers(2, n), size=n)
        X = rng.normal(size=(n, d)) + y[:, None] % 5
        if 2 <= len(np.unique(y)) < n:
            for ours in SEPARATIONS:  # theirs takes distances by ‖a‖² + ‖b‖² − 2 a·b
                assert ours(X, y) == pytest.approx(getattr(sklearn.metrics, ours.__name__)(X, y), rel=1e-6)
            means = np.array([X[y == label].mean(axis=0) for label in y])
            assert within_cluster_sum_of_squares(X, y) == pytest.approx(((X - means) ** 2).sum(), rel=1e-12)


@pytest.mark.parametrize("name", ["within_cluster_sum_of_squares", *(f.__name__ for f in SEPARATIONS)])
def test_far_from_the_origin_and_scaled(name):
    ours = getattr(metrics, name)
    X, y = make_blobs(100, 3, centers=4, random_state=0)
    X = np.round(X * 2**10) / 2**10  # so that the sum with 2^27 is exact
    expected = ours(X, y)
    assert ours(X + 2.0**27, y) == pytest.approx(expected, rel=1e-12)
    for factor in (1e-12, 1e70):
        power = factor**2 if name.startswith("within") else 1.0
        assert ours(factor * X, y) == pytest.approx(expected * power, rel=1e-12)
    assert ours(X, np.array(["d", "a", "c", "b"])[y]) == pytest.approx(expected, rel=1e-12)


def test_copies_of_points():
    """A cluster of copies has no spread at all: 0.1 + 0.1 + 0.1 is not 3 · 0.1, which must not show."""
    X, y = [[0.1, 0.7]] * 7 + [[1e9, 0.3]] * 3, [0] * 7 + [1] * 3
    assert within_cluster_sum_of_squares(X, y) == 0.0
    assert calinski_harabasz_score(X, y) == sklearn.metrics.calinski_harabasz_score([[0], [0], [1], [1]], [0, 0, 1, 1]) == 1.0
    assert davies_bouldin_score(X, y) == davies_bouldin_score(np.ones((4, 2)), [0, 0, 1, 1]) == 0.0
    assert within_cluster_sum_of_squares([[1.0], [2.0]], [0, 1]) == 0.0


@pytest.mark.parametrize("ours", SEPARATIONS)
def test_number_of_clusters(ours):
    for labels in ([0, 0, 0, 0], [0, 1, 2, 3]):
        with pytest.raises(ValueError, match="labels must name 2 to n_samples - 1 = 3 clusters"):
            ours(np.arange(8.0).reshape(4, 2), labels)


@pytest.mark.parametrize("ours", [within_cluster_sum_of_squares, *SEPARATIONS])
def test_bad_points(ours):
    with pytest.raises(ValueError, match="X must hold finite numbers"):
        ours([[0.0], [np.inf], [1.0]], [0, 0, 1])
    with pytest.raises(ValueError, match="labels must have one entry for each of the 3 samples"):
        ours([[0.0], [2.0], [1.0]], [0, 1])
    with pytest.raises(ValueError, match="too large"):
        ours([[0.0], [1e300], [1.0]], [0, 0, 1])
