"""Silhouettes: by hand, against scikit-learn, and where distances are hard to compute."""

import numpy as np
import pytest
import sklearn
import sklearn.metrics

from mlcourse.datasets import make_blobs
from mlcourse.metrics import silhouette, silhouette_samples, silhouette_score


@pytest.fixture(autouse=True, scope="module")
def quick_scikit_learn():
    """Most of its time on so few points goes into checking its parameters."""
    with sklearn.config_context(skip_parameter_validation=True, assume_finite=True):
        yield


def cases(n_cases, integers):
    """Random points, with duplicates if they are integers, in random clusters, some of one point."""
    rng = np.random.default_rng(0)
    while n_cases:
        n, d = int(rng.integers(3, 50)), int(rng.integers(1, 13))
        labels = rng.integers(0, rng.integers(2, n), size=n)
        if 2 <= len(np.unique(labels)) < n:
            n_cases -= 1
            yield (rng.integers(0, 4, (n, d)) if integers else rng.normal(size=(n, d)) + labels[:, None]), labels


def test_by_hand():
    # On a line: {0, 1} and {4, 6}. Point 0 has a = 1 and b = (4 + 6)/2; point 4 has a = 2 and b = (4 + 3)/2.
    found = silhouette_samples([[0.0], [1.0], [4.0], [6.0]], ["x", "x", "y", "y"])
    np.testing.assert_allclose(found, [4 / 5, 3 / 4, 1.5 / 3.5, 3.5 / 5.5])
    assert silhouette_score([[0.0], [1.0], [4.0], [6.0]], [0, 0, 1, 1]) == pytest.approx(found.mean())
    # The next cluster is the nearest of the others; and in the wrong cluster it is negative.
    np.testing.assert_allclose(silhouette_samples([[0], [2], [3], [9], [9]], [0, 0, 1, 2, 2])[:2], [1 / 3, -1 / 2])


@pytest.mark.parametrize("integers", [False, True])
def test_scikit_learn_says_the_same(integers):
    for X, labels in cases(100, integers):
        expected = sklearn.metrics.silhouette_samples(X, labels)
        np.testing.assert_allclose(silhouette_samples(X, labels), expected, atol=1e-7)  # theirs loses half its digits
        assert silhouette_score(X, labels) == pytest.approx(expected.mean(), abs=1e-7)


@pytest.mark.parametrize(("block", "sums"), [(1, 2**22), (37, 2**22), (37, 0), (2**17, 0)])
def test_blocks_change_nothing(monkeypatch, block, sums):
    """However many rows come at once, and whether or not each distance serves both of its points."""
    some = [*cases(40, False), *cases(40, True)]
    rng = np.random.default_rng(1)
    near = np.repeat(100 * rng.normal(size=(10, 12)), 4, axis=0) + rng.normal(size=(40, 12))  # ‖a − b‖ is little beside ‖a‖
    some.append((near, np.tile([0, 1, 2, 2], 10)))
    expected = [silhouette_samples(*case) for case in some]
    monkeypatch.setattr(silhouette, "BLOCK", block)
    monkeypatch.setattr(silhouette, "SUMS", sums)
    for case, values in zip(some, expected, strict=True):
        np.testing.assert_allclose(silhouette_samples(*case), values, atol=1e-13)


def test_alone_or_all_in_one_place_is_zero():
    assert silhouette_samples([[0.0], [0.0], [5.0]], [0, 0, 1])[2] == 0.0
    np.testing.assert_array_equal(silhouette_samples(np.ones((5, 3)), [0, 0, 1, 1, 2]), 0.0)
    np.testing.assert_array_equal(silhouette_samples([[0.1, 0.7]] * 4 + [[9.0, 9.0]] * 2, [0] * 4 + [1] * 2), 1.0)


@pytest.mark.parametrize("n_features", [2, 20])
def test_far_from_the_origin_or_very_large_or_small(n_features):
    X, y = make_blobs(120, n_features, centers=4, random_state=0)
    X = np.round(X * 2**10) / 2**10  # so that the sum with 2^27 = 1.3e8 is exact
    expected = silhouette_samples(X, y)
    for other in (X + 2.0**27, X * 1e200, X * 1e-200):
        np.testing.assert_allclose(silhouette_samples(other, y), expected, atol=1e-12)
    naive = sklearn.metrics.silhouette_samples(X + 2.0**27, y)
    assert np.abs(naive - expected).max() > 0.01  # ‖a‖² + ‖b‖² − 2 a·b loses everything there


def test_what_clusters_are_called_does_not_matter():
    X, y = make_blobs(60, 3, centers=3, random_state=1)
    expected = silhouette_samples(X, y)
    for names in (np.array(["red", "blue", "a"]), np.array([-7, 10**12, 3]), np.array([2.0, -1.0, 100.0]), [[5], [1], [0]]):
        np.testing.assert_allclose(silhouette_samples(X, np.array(names)[y].ravel()), expected, atol=1e-14)
    np.testing.assert_allclose(silhouette_samples(X.tolist(), y.astype(bool).tolist()), silhouette_samples(X, y > 0))


def test_random_part():
    X, y = make_blobs(300, 2, centers=3, random_state=0)
    parts = [silhouette_score(X, y, sample_size=100, random_state=seed) for seed in (0, 0, 1)]
    assert parts[0] == parts[1] != parts[2]
    assert parts[0] == pytest.approx(silhouette_score(X, y), abs=0.1)
    whole = silhouette_score(X, y, sample_size=1000, random_state=0)
    assert whole == pytest.approx(silhouette_score(X, y))
    with pytest.raises(ValueError, match=r"labels must name 2 to n_samples - 1 = 0 clusters \(they named 1\)"):
        silhouette_score(X, y, sample_size=1)
    for wrong, error in ((0, ValueError), (2.5, TypeError)):
        with pytest.raises(error, match="sample_size must be an integer with 1 <= sample_size"):
            silhouette_score(X, y, sample_size=wrong)


@pytest.mark.parametrize("labels", [[0, 0, 0, 0], [0, 1, 2, 3]])
def test_one_cluster_or_one_a_point(labels):
    X = np.arange(8.0).reshape(4, 2)
    with pytest.raises(ValueError, match=r"labels must name 2 to n_samples - 1 = 3 clusters \(they named \d\)"):
        silhouette_samples(X, labels)
    with pytest.raises(ValueError):
        sklearn.metrics.silhouette_samples(X, labels)


def test_bad_input():
    X = np.arange(8.0).reshape(4, 2)
    for bad, message in (
        ([0, 1, 1], r"labels must have one entry for each of the 4 samples of X \(it had 3\)"),
        ([0, 1, np.nan, 1], "labels must hold finite numbers"),
        ([0, 1, 0.5, 1], "labels must hold classes"),
        (None, "labels must hold one label a sample"),
    ):
        with pytest.raises(ValueError, match=message):
            silhouette_samples(X, bad)
    with pytest.raises(TypeError, match="labels must hold labels of one type"):
        silhouette_samples(X, np.array([0, "a", 1, "a"], dtype=object))
    X[2, 1] = np.nan
    with pytest.raises(ValueError, match=r"X must hold finite numbers .*row 2, column 1"):
        silhouette_samples(X, [0, 0, 1, 1])
