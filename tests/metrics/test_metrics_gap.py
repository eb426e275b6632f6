"""The gap statistic: what it chooses, its references, and clusters without any spread."""

import warnings
from dataclasses import astuple

import numpy as np
import pytest

from mlcourse.datasets import make_blobs
from mlcourse.metrics import gap_statistic, within_cluster_sum_of_squares

CENTERS = np.array([[0.0, 0.0], [20.0, 0.0], [0.0, 20.0]])


def along_the_first_axis(X, k):
    """A method that costs nothing: k parts of equal size in the order of the first feature."""
    labels = np.empty(len(X), dtype=int)
    labels[np.argsort(X[:, 0], kind="stable")] = np.arange(len(X)) * k // len(X)
    return labels


def test_even_data_is_one_cluster_and_far_blobs_are_as_many_as_they_are():
    even = [gap_statistic(np.random.default_rng(100 + seed).random((60, 2)), range(1, 4), n_references=8, random_state=seed).best
            for seed in range(8)]
    assert even.count(1) >= 6
    for seed in range(4):
        X, _ = make_blobs(60, centers=CENTERS, random_state=seed)
        assert gap_statistic(X, range(1, 6), n_references=8, random_state=seed).best == 3


def test_numbers_by_the_definition():
    X = np.random.default_rng(0).random((40, 3)) * [1, 5, 9] + [7, 0, -3]
    seen = []

    def cluster(data, k):
        seen.append(data)
        return along_the_first_axis(data, k)

    ks = [1, 2, 3, 5]
    found = gap_statistic(X, ks, n_references=7, cluster=cluster, random_state=0)
    assert len(seen) == 8 * 3  # k = 1 leaves no choice
    logs = np.log([[within_cluster_sum_of_squares(data, along_the_first_axis(data, k)) for k in ks] for data in seen[::3]])
    np.testing.assert_array_equal(found.n_clusters, ks)
    np.testing.assert_allclose(found.log_inertia, logs[0])
    np.testing.assert_allclose(found.reference_log_inertia, logs[1:].mean(axis=0))
    np.testing.assert_allclose(found.gap, logs[1:].mean(axis=0) - logs[0])
    np.testing.assert_allclose(found.standard_error, logs[1:].std(axis=0) * np.sqrt(8 / 7))
    assert type(found.best) is int
    for data in seen[3::3]:  # the references fill the box of the data
        assert np.all(data >= X.min(axis=0)) and np.all(data <= X.max(axis=0))
    assert np.ptp(np.concatenate(seen[3::3]), axis=0) == pytest.approx(np.ptp(X, axis=0), rel=0.05)


def test_the_rule_looks_at_the_next_ones_standard_error():
    def first(found, errors):
        return next((k for k, gap, limit in zip(found.n_clusters, found.gap, found.gap[1:] - errors) if gap >= limit), found.n_clusters[-1])

    chosen, without, with_own, with_more = [], [], [], []
    for seed in range(60):
        X = np.random.default_rng(seed).random((20, 1))
        found = gap_statistic(X, range(1, 8), n_references=4, cluster=along_the_first_axis, random_state=seed)
        chosen.append(found.best)
        error = found.standard_error
        assert found.best == first(found, error[1:])
        without.append(first(found, 0.0))
        with_own.append(first(found, error[:-1]))
        with_more.append(first(found, 3 * error[1:]))
    assert all(chosen != other for other in (without, with_own, with_more))  # so that the test can tell them apart


def test_references_along_the_principal_axes():
    rng = np.random.default_rng(1)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    X = (rng.random((50, 3)) * [20, 2, 0.1]) @ turn + 1e4
    seen = []
    gap_statistic(X, [2], n_references=20, reference="pca", cluster=lambda data, k: seen.append(data) or along_the_first_axis(data, k))
    _, _, axes = np.linalg.svd(X - X.mean(axis=0))
    inside, even = (X - X.mean(axis=0)) @ axes.T, (np.concatenate(seen[1:]) - X.mean(axis=0)) @ axes.T
    assert np.all(even >= inside.min(axis=0) - 1e-8) and np.all(even <= inside.max(axis=0) + 1e-8)
    assert np.ptp(even, axis=0) == pytest.approx(np.ptp(inside, axis=0), rel=0.05)
    outside = np.concatenate([each for each in _box_references(X)])
    assert np.abs((outside - X.mean(axis=0)) @ axes[2]).max() > 10 * np.abs(inside[:, 2]).max()  # a box would not fit


def _box_references(X):
    seen = []
    gap_statistic(X, [2], n_references=5, cluster=lambda data, k: seen.append(data) or along_the_first_axis(data, k))
    return seen[1:]


def test_seed():
    X, _ = make_blobs(50, centers=CENTERS, cluster_std=4.0, random_state=0)
    one, same, other = (gap_statistic(X, range(1, 5), n_references=3, random_state=seed) for seed in (0, 0, 1))
    for a, b in zip(astuple(one), astuple(same), strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.array_equal(one.gap, other.gap)
    np.testing.assert_array_equal(one.gap, gap_statistic(X, range(1, 5), n_references=3, random_state=np.random.default_rng(0)).gap)
    few = gap_statistic(X, [2, 4], n_references=3, random_state=0)  # a number does not depend on the others
    np.testing.assert_array_equal(few.gap, one.gap[[1, 3]])


def test_default_is_k_means():
    X, y = make_blobs(60, centers=CENTERS, random_state=0)
    found = gap_statistic(X, [3], n_references=1, random_state=0)
    assert found.log_inertia[0] == pytest.approx(np.log(within_cluster_sum_of_squares(X, y)))


def test_clusters_of_copies():
    """Three places with ten copies each: from k = 3 on there is no spread, ln 0, and the gap is infinite."""
    X = np.repeat([[0.1, 0.2], [5.0, 0.3], [0.1, 7.0]], 10, axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # k-means is not asked for more clusters than there are points
        found = gap_statistic(X, range(1, 6), n_references=4, random_state=0)
    assert found.best == 3
    np.testing.assert_array_equal(found.log_inertia[2:], -np.inf)
    np.testing.assert_array_equal(found.gap[2:], np.inf)
    assert np.isfinite(found.gap[:2]).all() and np.isfinite(found.reference_log_inertia).all()
    for reference in ("box", "pca"):  # all in one place: so are the references
        found = gap_statistic(np.full((6, 2), 0.1), range(1, 4), n_references=3, reference=reference)
        assert found.best == 1
        np.testing.assert_array_equal(found.gap, 0.0)
        np.testing.assert_array_equal(found.standard_error, 0.0)


def test_bad_input():
    X = np.random.default_rng(0).random((10, 2))
    for options, error, message in (
        ({"n_clusters": []}, ValueError, r"n_clusters must be ascending, and at least one \(it was \[\]\)"),
        ({"n_clusters": [2, 2]}, ValueError, "n_clusters must be ascending"),
        ({"n_clusters": [0, 1]}, ValueError, r"n_clusters\[0\] must be an integer with 1 <= "),
        ({"n_clusters": [1, 10]}, ValueError, r"n_clusters\[1\] <= n_samples - 1 = 9 \(it was 10\)"),
        ({"n_clusters": [1.5]}, TypeError, r"n_clusters\[0\] must be an integer"),
        ({"n_clusters": 5}, TypeError, r"n_clusters must be a sequence of integers \(it was 5\)"),
        ({"n_references": 0}, ValueError, "n_references must be an integer with 1 <= n_references"),
        ({"reference": "sphere"}, ValueError, "reference must be one of 'box', 'pca'"),
        ({"cluster": "kmeans"}, TypeError, r"cluster must be a function \(X, k\) -> labels, or None"),
        ({"cluster": lambda X, k: [0, 1]}, ValueError, "labels must have one entry for each of the 10 samples"),
        ({"random_state": -1}, ValueError, "random_state must be"),
    ):
        with pytest.raises(error, match=message):
            gap_statistic(X, **{"n_clusters": [1, 2], **options})
    X[3, 1] = np.nan
    with pytest.raises(ValueError, match="X must hold finite numbers"):
        gap_statistic(X, [1, 2])
    with pytest.raises(ValueError, match="too large"):
        gap_statistic([[-1e308], [1e308], [0.0]], [1, 2])
