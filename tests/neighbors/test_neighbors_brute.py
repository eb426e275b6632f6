"""The nearest neighbours are the nearest, whatever the data; the proof that says so; errors; memory."""

import tracemalloc

import numpy as np
import pytest
import sklearn.neighbors

from mlcourse.neighbors import brute, nearest_neighbors


RNG = np.random.default_rng(0)


def all_sq_distances(X):
    """From differences, in double precision; to itself a point has ∞."""
    X = np.asarray(X, float)
    result = np.zeros((len(X), len(X)))
    for feature in X.T:
        result += np.subtract.outer(feature, feature) ** 2
    np.fill_diagonal(result, np.inf)
    return result


def assert_nearest(X, k):
    indices, sq_distances = nearest_neighbors(X, k)
    expected = all_sq_distances(X)
    n = len(expected)
    assert indices.shape == sq_distances.shape == (n, k) and indices.dtype.kind == "i"
    assert indices.min() >= 0 and indices.max() < n
    assert not (indices == np.arange(n)[:, None]).any()
    assert (np.diff(np.sort(indices, axis=1), axis=1) > 0).all()  # none twice
    assert (np.diff(sq_distances, axis=1) >= 0).all()
    # With ties the neighbours are not unique; their distances are.
    np.testing.assert_allclose(sq_distances, np.sort(expected, axis=1)[:, :k], rtol=1e-11, atol=0)
    np.testing.assert_allclose(sq_distances, np.take_along_axis(expected, indices, axis=1), rtol=1e-11, atol=0)


def cloud(n=300, d=4, seed=0):
    return np.random.default_rng(seed).standard_normal((n, d))


def two_clusters(n=300, d=4):
    return cloud(n, d) + 1e6 * (np.arange(n) % 2)[:, None]


def with_outlier(n=300, d=4):
    X = cloud(n, d)
    X[7] = 1e6
    return X


DATA = {
    "cloud": cloud(),
    "integers": np.random.default_rng(1).integers(0, 4, (300, 4)),
    "binary": np.random.default_rng(2).integers(0, 2, (200, 30)),
    "duplicated": np.repeat(cloud(30), 10, axis=0),
    "duplicated, many features": np.repeat(cloud(30, 20), 10, axis=0),
    "single precision": cloud().astype(np.float32),
    "far from the origin": cloud() + 1e8,
    "far from the origin, many features": cloud(d=20) + 1e8,
    "two clusters": two_clusters(),
    "two clusters, many features": two_clusters(d=20),
    "outlier": with_outlier(),
    "outlier, many features": with_outlier(d=20),
    "all equal": np.full((50, 3), 3.7),
    "one feature": cloud(d=1),
    "one feature, equally spaced": np.arange(200.0)[:, None],
    "200 features": cloud(d=200),
    "powers of ten": 10.0 ** np.linspace(-8, 8, 200)[:, None] * [1, -1],
}


@pytest.mark.parametrize("k", [1, 10])
@pytest.mark.parametrize("name", DATA)
def test_they_are_the_nearest(name, k):
    assert_nearest(DATA[name], k)


@pytest.mark.parametrize("name", DATA)
def test_all_others_are_the_neighbours_if_as_many_are_wanted(name):
    X = DATA[name][:120]
    for k in (len(X) - 2, len(X) - 1):
        assert_nearest(X, k)


@pytest.mark.parametrize("n", [2, 3, 5])
def test_few_points(n):
    for k in range(1, n):
        assert_nearest(cloud(n), k)


@pytest.mark.parametrize("seed", range(20))
def test_random_sizes(seed):
    rng = np.random.default_rng(seed)
    n, d = int(rng.integers(2, 400)), int(rng.integers(1, 30))
    X = rng.standard_normal((n, d)) * 10.0 ** rng.uniform(-3, 3, d) + rng.normal(0, 1e3, d)
    assert_nearest(X, int(rng.integers(1, n)))


def test_they_are_scikit_learns():
    for d in (2, 30):
        X = cloud(500, d)
        indices, sq_distances = nearest_neighbors(X, 15)
        theirs = sklearn.neighbors.NearestNeighbors(n_neighbors=15).fit(X)
        distances, expected = theirs.kneighbors()
        assert np.array_equal(indices, expected)
        np.testing.assert_allclose(np.sqrt(sq_distances), distances, rtol=1e-12)


def test_units_do_not_matter():
    X = cloud(200, 5)
    indices, sq_distances = nearest_neighbors(X, 5)
    for exponent in (-500, 500):
        scaled, far = nearest_neighbors(np.ldexp(X, exponent), 5)
        assert np.array_equal(scaled, indices)
        assert np.array_equal(far, np.ldexp(sq_distances, 2 * exponent))


# Many points: only those below a sampled threshold are compared


@pytest.fixture
def small_sample(monkeypatch):
    """A smaller sample, so that a thousand points are many."""
    monkeypatch.setattr(brute, "_SAMPLE", 200)
    real, used = brute._partitioned, []

    def recorded(values, k):
        used.append(values.shape[1])
        return real(values, k)

    monkeypatch.setattr(brute, "_partitioned", recorded)
    return used


@pytest.mark.parametrize("k", [1, 10, 40])
@pytest.mark.parametrize("make", [cloud, two_clusters, with_outlier], ids=lambda make: make.__name__)
def test_the_sampled_threshold_loses_no_neighbour(make, k, small_sample):
    assert_nearest(make(1200), k)
    if make is cloud:
        assert min(small_sample) < 1200 / 4 + 1  # it did look at fewer


def test_where_the_sampled_threshold_does_not_help_all_are_compared(small_sample):
    rng = np.random.default_rng(3)
    for X in (np.full((900, 2), 1.5), np.repeat(cloud(3), 300, axis=0), rng.integers(0, 2, (900, 3))):
        small_sample.clear()
        assert_nearest(X, 20)
        assert min(small_sample) == 900


def test_a_sample_that_misleads_does_not_matter(small_sample):
    # Rows whose neighbours are denser or sparser than the sample says.
    X = np.concatenate([0.01 * cloud(100, 3), 10 * cloud(1100, 3, seed=1)])
    assert_nearest(X, 60)
    # Thirty points of the sample lie close together: of each, 23 values are below the threshold, of which 40 are wanted.
    X = cloud(1200, 3)
    X[np.sort(np.random.default_rng(0).permutation(1200)[:200])[:30]] *= 1e-3
    assert_nearest(X, 40)


def test_many_points():
    for X in (cloud(8600, 3), np.random.default_rng(0).random((8600, 12), np.float32)):
        indices, sq_distances = nearest_neighbors(X, 30)
        distances, expected = sklearn.neighbors.NearestNeighbors(n_neighbors=30, algorithm="kd_tree").fit(X).kneighbors()
        np.testing.assert_allclose(np.sqrt(sq_distances), distances, rtol=1e-12)
        assert np.mean(indices == expected) > 0.9999  # single precision data may have ties


# The proof that no point left out is nearer, and what is done where it fails


@pytest.fixture
def tried(monkeypatch):
    """Which rows went through single precision, then double precision, then the search one by one."""
    real_find, real_search, rows = brute._find, brute._search, {np.float32: [], np.float64: [], "search": []}

    def find(X, A, some, *results):
        rows[A.dtype.type].extend(some)
        return real_find(X, A, some, *results)

    def search(points, row, *results):
        rows["search"].append(row)
        real_search(points, row, *results)

    monkeypatch.setattr(brute, "_find", find)
    monkeypatch.setattr(brute, "_search", search)
    return rows


def test_ordinary_data_need_single_precision_only(tried):
    for d in (2, 10, 50):
        nearest_neighbors(cloud(1000, d), 30)
    assert len(tried[np.float32]) == 3000 and not tried[np.float64] and not tried["search"]


def test_an_outlier_makes_no_work_for_the_others(tried):
    assert_nearest(with_outlier(1000, 10), 30)
    assert set(tried[np.float64]) <= {7}


def clump(size, n=500, d=3):
    """Thirty points far from the centre, so close together that rough distances are nothing but rounding error."""
    X = cloud(n, d)
    X[:30] = size * X[:30] + 1e3
    return X


@pytest.mark.parametrize("d", [4, 20])
def test_data_that_need_double_precision(d, tried, monkeypatch):
    assert_nearest(two_clusters(300, d), 10)
    assert sorted(tried[np.float64]) == list(range(300)) and not tried["search"]
    assert_nearest(clump(1e-3, d=d), 5)
    assert tried[np.float64][300:] and set(tried[np.float64][300:]) <= set(range(30)) and not tried["search"]
    # Without it the neighbours would be wrong: the proof fails where it should.
    real = brute._find
    monkeypatch.setattr(brute, "_find", lambda X, A, some, *results: real(X, A, some, *results)[:0])
    for X, k, part in ((two_clusters(300, d), 10, slice(None)), (clump(1e-3, d=d), 5, slice(30))):
        expected = np.sort(all_sq_distances(X), axis=1)[part, k - 1]
        assert np.mean(nearest_neighbors(X, k)[1][part, -1] > 1.0001 * expected) > 0.3


@pytest.mark.parametrize("d", [4, 20])  # the search has a form for few features and one for many
def test_data_that_need_the_search(d, tried, monkeypatch):
    X = clump(1e-9, d=d)
    assert_nearest(X, 5)
    assert tried["search"] and set(tried["search"]) <= set(range(30))
    monkeypatch.setattr(brute, "_search", lambda *arguments: None)
    expected = np.sort(all_sq_distances(X), axis=1)[:30, 4]
    assert np.mean(nearest_neighbors(X, 5)[1][:30, -1] > 1.0001 * expected) > 0.3


def test_many_points_at_the_same_distance_need_the_search(tried):
    assert_nearest(DATA["binary"], 10)
    assert tried["search"]


def test_among_many_copies_each_is_the_neighbour_of_equally_many():
    """A copy that were the neighbour of all others would be a hub of the graph, with thousands of edges."""
    X = np.r_[np.full((40, 3), 2.0), np.full((25, 3), 5.0), cloud(60, 3), np.full((10, 3), -1.0)][RNG.permutation(135)]
    assert_nearest(X, 12)
    indices, sq_distances = nearest_neighbors(X, 12)
    for value, size in ((2.0, 40), (5.0, 25)):
        copies = np.flatnonzero((X == value).all(axis=1))
        assert len(copies) == size and np.isin(indices[copies], copies).all()
        assert (np.bincount(indices[copies].ravel(), minlength=135)[copies] == 12).all()
    few = np.flatnonzero((X == -1.0).all(axis=1))  # fewer than wanted: all of them, and others
    assert (np.sum(np.isin(indices[few], few), axis=1) == 9).all()
    indices, _ = nearest_neighbors(np.zeros((60, 2)), 5)
    assert (np.bincount(indices.ravel()) == 5).all()
    steps = (indices - np.arange(60)[:, None]) % 60
    assert steps.max() > 20  # not the next ones: that would be a ring


@pytest.mark.parametrize("offset", [0.0, 30.0, 1e3, 1e5, 1e7])
def test_no_offset_of_a_cluster_escapes_the_proof(offset):
    for d in (3, 12, 100):
        X = cloud(400, d)
        X[:150] += offset
        assert_nearest(X, 12)


# Errors, memory


def test_errors():
    X = cloud(10)
    for wrong in (0, -1, 10, 2.5, None, True, np.nan):
        with pytest.raises((ValueError, TypeError), match="n_neighbors must be"):
            nearest_neighbors(X, wrong)
    with pytest.raises(ValueError, match="n_samples - 1"):
        nearest_neighbors(X, 10)
    with pytest.raises(ValueError, match="minimum of 2"):
        nearest_neighbors(X[:1], 1)
    with pytest.raises(ValueError, match="NaN"):
        nearest_neighbors(X * np.nan, 1)
    with pytest.raises(ValueError, match="2-D"):
        nearest_neighbors(X[0], 1)
    with pytest.raises(ValueError, match="overflow the largest float.*divide X by a constant"):
        nearest_neighbors(1e200 * X, 1)


def test_the_data_stay_as_they_are():
    X = cloud(50)
    kept = X.copy()
    nearest_neighbors(X, 3)
    assert np.array_equal(X, kept)


def test_memory_does_not_grow_with_the_square_of_the_points():
    """40 MB beyond the result, as documented; one matrix of all distances would have 144 MB or more."""
    X, k = cloud(6000, 20), 90
    tracemalloc.start()
    try:
        result = nearest_neighbors(X, k)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - sum(each.nbytes for each in result) < 40e6


def test_more_copies_than_the_sample_is_wide(monkeypatch):
    monkeypatch.setattr(brute, "_SAMPLE", 100)
    X = np.random.default_rng(0).normal(size=(2000, 2))
    X[:450] = X[0]  # many at the same distance pass the sampled bound together
    assert_nearest(X, 10)


def test_nearly_as_many_neighbours_as_the_sample_can_tell(monkeypatch):
    monkeypatch.setattr(brute, "_SAMPLE", 100)
    assert_nearest(np.random.default_rng(0).normal(size=(500, 2)), 320)


def test_differences_that_single_precision_rounds_to_nothing():
    X = 3e-22 * np.random.default_rng(0).normal(size=(1500, 2))
    X[0] = 1.0
    assert_nearest(X, 20)
