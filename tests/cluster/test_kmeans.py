"""k-means: Lloyd's two half steps, the estimator, and what must hold whatever the data."""

import warnings

import numpy as np
import pytest
from sklearn.cluster import KMeans as Theirs

from mlcourse.cluster import KMeans, assign_labels, inertia, lloyd, update_centers
from mlcourse.datasets import make_blobs
from mlcourse.exceptions import ConvergenceWarning

RNG = np.random.default_rng(0)


def draw_start(rng, X, k):
    return X[rng.choice(len(X), k, replace=False)]


def same(ours, theirs, rtol=1e-9):
    np.testing.assert_array_equal(ours.labels_, theirs.labels_)
    np.testing.assert_allclose(ours.cluster_centers_, theirs.cluster_centers_, rtol=rtol, atol=rtol * np.abs(theirs.cluster_centers_).max())
    assert ours.inertia_ == pytest.approx(theirs.inertia_, rel=1e-9)


# ------------------------------------------------------------------------------------------------- the two half steps


def test_half_steps_by_hand():
    X = np.array([[0.0, 0], [0, 2], [10, 0], [10, 4]])
    labels = assign_labels(X, [[0, 0], [9, 1]])
    assert labels.dtype == np.intp and labels.tolist() == [0, 0, 1, 1]
    centers = update_centers(X, labels, 2)
    assert centers.tolist() == [[0, 1], [10, 2]]
    assert inertia(X, labels, centers) == 1 + 1 + 4 + 4
    weighted = update_centers(X, labels, 2, sample_weight=[3, 1, 1, 0])
    assert weighted.tolist() == [[0, 0.5], [10, 0]]
    assert inertia(X, labels, weighted, sample_weight=[3, 1, 1, 0]) == 3 * 0.25 + 2.25


def test_of_several_nearest_centers_the_first_counts():
    grid = np.stack(np.meshgrid(np.arange(5.0), np.arange(5.0)), axis=-1).reshape(-1, 2)
    centers = np.array([[4.0, 2], [0, 2], [0, 2], [2, 4]])
    labels = assign_labels(grid, centers)
    D = ((grid[:, None] - centers) ** 2).sum(axis=2)
    assert (np.sum(D == D.min(axis=1, keepdims=True), axis=1) > 1).sum() > 10, "many ties"
    assert all(label == min(np.flatnonzero(row == row.min())) for label, row in zip(labels, D))
    fast = KMeans(4, init=centers, max_iter=1).steps(grid)
    np.testing.assert_array_equal(next(fast).labels, labels)


def test_an_empty_cluster_gets_the_farthest_point():
    X = np.array([[0.0], [1], [2], [9]])
    centers = update_centers(X, [0, 0, 0, 0], 2, centers=[[1.0], [50]])
    assert centers.tolist() == [[1], [9]], "the mean of the rest, and the point"
    assert update_centers(X, [1, 1, 1, 1], 2).tolist() == [[9], [1]], "without centres: from the mean"
    two = update_centers(X, [0, 0, 0, 0], 3, centers=[[1.0], [50], [60]])
    assert two.tolist() == [[1.5], [9], [0]], "the second farthest; of equally far ones the first"
    assert update_centers(X, [0, 0, 0, 0], 2, centers=[[1.0], [50]], sample_weight=[1, 0, 1, 0]).tolist() == [[2], [0]]
    alone = update_centers(X, [0, 0, 0, 1], 3, centers=[[1.0], [0], [0]])
    assert alone.tolist() == [[1], [1], [9]], "its old centre has no point left: it joins the heaviest"
    assert update_centers(np.ones((3, 1)), [0, 0, 0], 2).tolist() == [[1], [1]], "nothing to gain"


def test_the_inertia_never_rises():
    """Each half step of 1,000 runs by itself; no tolerance but for rounding."""
    rng = np.random.default_rng(1)
    steps = falls = 0
    for run in range(1000):
        n, d, k = int(rng.integers(5, 13)), int(rng.integers(1, 4)), int(rng.integers(1, 5))
        X = rng.normal(size=(n, d))
        weight = rng.exponential(size=n) if run % 3 == 0 else None
        centers = X[:k] if run % 2 else rng.normal(size=(k, d)) * 2
        labels = assign_labels(X, centers)
        value = inertia(X, labels, centers, sample_weight=weight)
        while True:
            moved = update_centers(X, labels, k, centers=centers, sample_weight=weight)
            if len(set(labels.tolist())) == k:  # else the point that an empty cluster gets has a new cluster too
                between = inertia(X, labels, moved, sample_weight=weight)
                assert between <= value * (1 + 1e-12)
            else:
                between = value
            assigned = assign_labels(X, moved)
            after = inertia(X, assigned, moved, sample_weight=weight)
            assert after <= between * (1 + 1e-12)
            if (moved == centers).all():
                break
            steps += 1
            falls += after < value
            labels, centers, value = assigned, moved, after
        assert (assigned == labels).all(), "a fixed point"
    assert falls > 1500 and steps < 1.1 * falls

@pytest.mark.parametrize("weighted", [False, True])
def test_the_estimators_steps_are_those_of_the_plain_form(weighted):
    rng = np.random.default_rng(2)
    for run in range(60):
        n, k = int(rng.integers(8, 120)), int(rng.integers(1, 8))
        X = rng.normal(size=(n, 3)) * 10.0 ** rng.integers(-4, 5)
        weight = rng.integers(0, 4, size=n) + 1.0 * (np.arange(n) < 8) if weighted else None
        start = draw_start(rng, X, k) if run % 3 else rng.normal(size=(k, 3)) * 3 * X.std()
        plain = list(lloyd(X, start, sample_weight=weight))
        fast = list(KMeans(k, init=start, tol=0).steps(X, sample_weight=weight))
        assert [s.iteration for s in fast] == [s.iteration for s in plain] == list(range(len(plain)))
        for a, b in zip(fast, plain):
            np.testing.assert_array_equal(a.labels, b.labels)
            np.testing.assert_allclose(a.cluster_centers, b.cluster_centers, rtol=1e-9, atol=1e-12 * X.std())
            assert a.inertia == pytest.approx(b.inertia, rel=1e-9)
        values = [s.inertia for s in fast]
        assert all(b <= a * (1 + 1e-12) for a, b in zip(values, values[1:]))
        np.testing.assert_array_equal(plain[-1].labels, plain[-2].labels)
        np.testing.assert_array_equal(fast[-1].cluster_centers, fast[-2].cluster_centers)


def test_states_can_be_kept():
    X = RNG.normal(size=(200, 2))
    states = list(KMeans(5, random_state=0).steps(X))
    for state in states:
        assert state.inertia == pytest.approx(inertia(X, state.labels, state.cluster_centers), rel=1e-12)
        np.testing.assert_array_equal(state.labels, assign_labels(X, state.cluster_centers))
    fitted = KMeans(5, random_state=0).fit(X)
    assert (fitted.n_iter_, fitted.inertia_) == (states[-1].iteration, states[-1].inertia)
    np.testing.assert_array_equal(fitted.labels_, states[-1].labels)
    plain = list(lloyd(X, states[0].cluster_centers, max_iter=2))
    assert len(plain) == 3 and not np.shares_memory(plain[0].cluster_centers, states[0].cluster_centers)
    stopped = list(lloyd(X, states[0].cluster_centers, tol=1e9))
    assert len(stopped) == 2, "the first step that moves little enough is the last"


# ------------------------------------------------------------------------------------------------ against scikit-learn


@pytest.mark.parametrize("k", [1, 2, 7, 25])
@pytest.mark.parametrize("weighted", [False, True])
def test_same_results_as_scikit_learn(k, weighted):
    rng = np.random.default_rng(k)
    for n, d, tol in ((60, 1, 1e-4), (300, 3, 0.0), (3000, 8, 1e-4), (2500, 40, 1e-3)):
        X = make_blobs(n, n_features=d, centers=5, cluster_std=3.0, random_state=k)[0]
        weight = rng.exponential(size=n) if weighted else None
        start = draw_start(rng, X, k)
        ours = KMeans(k, init=start, tol=tol).fit(X, sample_weight=weight)
        theirs = Theirs(k, init=start, tol=tol, n_init=1).fit(X, sample_weight=weight)
        same(ours, theirs)
        assert ours.n_iter_ == theirs.n_iter_
        new = rng.normal(size=(50, d)) * 5
        np.testing.assert_array_equal(ours.predict(new), theirs.predict(new))
        np.testing.assert_allclose(ours.transform(new), theirs.transform(new), rtol=1e-7, atol=1e-9)
        assert ours.score(new) == pytest.approx(theirs.score(new), rel=1e-9)
        assert ours.score(X, sample_weight=weight) == pytest.approx(-ours.inertia_, rel=1e-9)


def test_an_empty_cluster_as_scikit_learn():
    X = np.random.default_rng(5).normal(size=(200, 2))
    start = np.vstack([X[:4], [[80.0, 80.0]]])
    ours, theirs = KMeans(5, init=start, tol=0).fit(X), Theirs(5, init=start, tol=0, n_init=1).fit(X)
    assert not (assign_labels(X, start) == 4).any(), "nobody is near the last"
    same(ours, theirs)
    assert ours.n_iter_ == theirs.n_iter_ and len(np.unique(ours.labels_)) == 5


def test_several_starts():
    X = make_blobs(300, n_features=2, centers=8, cluster_std=0.4, random_state=3)[0]
    runs = [KMeans(8, init="random", n_init=1, random_state=s).fit(X).inertia_ for s in range(20)]
    rng = np.random.default_rng(7)
    many = KMeans(8, init="random", random_state=7).fit(X).inertia_
    each = [KMeans(8, init="random", n_init=1, random_state=rng).fit(X).inertia_ for _ in range(10)]
    assert many == min(each) and max(runs) > 1.5 * min(runs), "the best of ten starts"
    calls = []

    def first_rows(X, n_clusters, random_state):
        calls.append(random_state.random())
        return X[:n_clusters]

    callable_start = KMeans(8, init=first_rows).fit(X)
    assert len(set(calls)) == 10
    given = KMeans(8, init=X[:8]).fit(X)
    same(callable_start, given)
    assert KMeans(8, init=X[:8], n_init=5).fit(X).inertia_ == given.inertia_
    same(KMeans(8, init=first_rows, n_init=1).fit(X), given)


def test_same_seed_same_result():
    X = RNG.normal(size=(500, 4))
    for init in ("k-means++", "random"):
        a, b, c = (KMeans(6, init=init, n_init=1, random_state=s).fit(X) for s in (3, 3, 4))
        np.testing.assert_array_equal(a.cluster_centers_, b.cluster_centers_)
        assert not np.array_equal(a.cluster_centers_, c.cluster_centers_)


def test_weights_are_repetitions():
    rng = np.random.default_rng(4)
    X = rng.normal(size=(80, 3))
    weight = rng.integers(0, 4, size=80)
    start = X[weight > 0][:6]
    order = rng.permutation(weight.sum())
    repeated = KMeans(6, init=start, tol=0).fit(np.repeat(X, weight.astype(np.intp), axis=0)[order])
    weighted = KMeans(6, init=start, tol=0).fit(X, sample_weight=weight)
    np.testing.assert_allclose(weighted.cluster_centers_, repeated.cluster_centers_, rtol=1e-12)
    assert weighted.inertia_ == pytest.approx(repeated.inertia_, rel=1e-12)
    assert (weighted.labels_ == repeated.predict(X)).all()
    scaled = KMeans(6, init=start, tol=0).fit(X, sample_weight=weight * 1e-30)
    np.testing.assert_allclose(scaled.cluster_centers_, weighted.cluster_centers_, rtol=1e-12)


def test_very_uneven_weights():
    """What heavy points leave behind when they go is not rounding: two of them leave a cluster of light ones at once."""
    rng = np.random.default_rng(9)
    light = np.concatenate([rng.uniform(low, low + 1, 30) for low in (-2, 4.3, 11)])
    X = np.concatenate([[0.0, 10.0], light])[:, None]
    weight = np.where(np.arange(len(X)) < 2, 1e15, 1.0)  # with more, the sizes would show it
    start = np.array([[-6.0], [5.0], [16.0]])
    ours = list(KMeans(3, init=start, tol=0).steps(X, sample_weight=weight))
    plain = list(lloyd(X, start, sample_weight=weight))
    assert (plain[0].labels[:2] == 1).all() and plain[1].labels[:2].tolist() == [0, 2]
    for a, b in zip(ours, plain, strict=True):
        np.testing.assert_allclose(a.cluster_centers, b.cluster_centers, rtol=1e-9)


# --------------------------------------------------------------------------------------------------- difficult data


def test_far_from_the_origin():
    X = make_blobs(400, n_features=3, centers=6, cluster_std=1.5, random_state=1)[0]
    near = KMeans(6, random_state=0).fit(X)
    far = KMeans(6, random_state=0).fit(X + 1e8)
    np.testing.assert_array_equal(far.labels_, near.labels_)
    np.testing.assert_allclose(far.cluster_centers_ - 1e8, near.cluster_centers_, atol=1e-7)
    assert far.inertia_ == pytest.approx(near.inertia_, rel=1e-7) and far.n_iter_ == near.n_iter_
    np.testing.assert_array_equal(far.predict(X + 1e8), near.labels_)


@pytest.mark.parametrize("scale", [1e-200, 1e-150, 1e-20, 1e20, 1e150])
def test_any_scale(scale):
    X = make_blobs(200, n_features=3, centers=4, cluster_std=2.0, random_state=1)[0]
    one, scaled = KMeans(4, random_state=0).fit(X), KMeans(4, random_state=0).fit(X * scale)
    np.testing.assert_array_equal(scaled.labels_, one.labels_)
    np.testing.assert_allclose(scaled.cluster_centers_, one.cluster_centers_ * scale, rtol=1e-9)
    np.testing.assert_array_equal(scaled.predict(X * scale), one.labels_)
    if scale > 1e-200:
        assert scaled.inertia_ == pytest.approx(one.inertia_ * scale * scale, rel=1e-9)
    given = KMeans(4, init=X[:4] * scale).fit(X * scale)
    np.testing.assert_array_equal(given.labels_, KMeans(4, init=X[:4]).fit(X).labels_)


def test_too_large_is_an_error():
    with pytest.raises(ValueError, match="inertia of X exceeds the largest float"):
        KMeans(2, random_state=0).fit(np.array([[1.0], [2], [5], [9]]) * 1e200)


def test_groups_so_far_apart_that_products_lose_all_digits():
    rng = np.random.default_rng(6)
    middles = np.array([[0.0, 0], [1e9, 0], [0, 1e9]])
    X = np.repeat(middles, 40, axis=0) + rng.normal(size=(120, 2))
    start = X[[0, 1, 40, 41, 80, 81]]
    ours = KMeans(6, init=start, tol=0).fit(X)
    plain = list(lloyd(X, start))[-1]
    np.testing.assert_array_equal(ours.labels_, plain.labels)
    assert ours.inertia_ == pytest.approx(plain.inertia, rel=1e-6)
    assert ours.inertia_ < 3 * 40 * 2


def test_centers_that_start_far_away():
    X = RNG.normal(size=(50, 2))
    for far in (1e6, 1e25, 1e60):
        ours = KMeans(3, init=[[far, 0], [0, far], [0.0, 0]], tol=0).fit(X)
        plain = list(lloyd(X, [[far, 0], [0, far], [0.0, 0]]))[-1]
        np.testing.assert_array_equal(ours.labels_, plain.labels)
        assert len(np.unique(ours.labels_)) == 3


@pytest.mark.parametrize("init", ["k-means++", "random"])
def test_fewer_different_points_than_clusters(init):
    X = np.repeat([[0.1, 0.7], [2.3, 0.2], [5.1, 9.3]], 7, axis=0)
    for offset in (0.0, 0.3, 1e5):
        with pytest.warns(ConvergenceWarning, match="only 3 of n_clusters = 6"):
            kmeans = KMeans(6, init=init, random_state=0).fit(X + offset)
        assert np.isfinite(kmeans.cluster_centers_).all()
        assert kmeans.inertia_ < 1e-18 and len(np.unique(kmeans.labels_)) == 3
        assert kmeans.n_iter_ < 10
        states = list(lloyd(X + offset, (X + offset)[[0, 0, 7, 7, 14, 14]]))
        assert len(states) < 10 and np.isfinite(states[-1].cluster_centers).all()
    with pytest.warns(ConvergenceWarning):
        assert KMeans(2).fit([[3.0], [3.0]]).cluster_centers_.tolist() == [[3], [3]]


def test_copies_do_not_matter():
    X = make_blobs(60, n_features=2, centers=3, cluster_std=2.0, random_state=2)[0]
    start = X[:5]
    once, thrice = KMeans(5, init=start, tol=0).fit(X), KMeans(5, init=start, tol=0).fit(np.repeat(X, 3, axis=0))
    np.testing.assert_array_equal(thrice.labels_, np.repeat(once.labels_, 3))
    np.testing.assert_allclose(thrice.cluster_centers_, once.cluster_centers_, rtol=1e-12)


def test_ties_on_a_grid_are_those_of_the_plain_form():
    grid = np.stack(np.meshgrid(np.arange(40.0), np.arange(40.0)), axis=-1).reshape(-1, 2)
    for offset in (0.0, 2.0**30, -513.0):
        start = grid[[0, 39, 820, 1560, 1599]] + offset
        plain = list(lloyd(grid + offset, start, max_iter=3))
        fast = list(KMeans(5, init=start, tol=0, max_iter=3).steps(grid + offset))
        np.testing.assert_array_equal(fast[0].labels, plain[0].labels)
        np.testing.assert_array_equal(fast[1].labels, plain[1].labels)


def test_as_many_clusters_as_points_and_one():
    X = RNG.normal(size=(12, 2))
    kmeans = KMeans(12, random_state=0).fit(X)
    assert kmeans.inertia_ == 0 and sorted(kmeans.labels_) == list(range(12))
    one = KMeans(1, random_state=0).fit(X)
    np.testing.assert_allclose(one.cluster_centers_[0], X.mean(axis=0))
    assert one.inertia_ == pytest.approx(12 * X.var(axis=0).sum())
    assert KMeans(1).fit([[5.0, 6.0]]).cluster_centers_.tolist() == [[5, 6]]


def test_single_precision():
    X = make_blobs(500, n_features=4, centers=5, random_state=0)[0].astype(np.float32)
    kmeans = KMeans(5, random_state=0).fit(X)
    double = KMeans(5, random_state=0).fit(X.astype(np.float64))
    assert kmeans.cluster_centers_.dtype == np.float32 and kmeans.transform(X).dtype == np.float32
    np.testing.assert_allclose(kmeans.cluster_centers_, double.cluster_centers_, rtol=1e-6)
    np.testing.assert_array_equal(kmeans.labels_, double.labels_)
    np.testing.assert_array_equal(kmeans.predict(X), kmeans.labels_)


def test_many_undecided_points_switch_to_double_precision():
    """Neighbouring groups so near each other, and so far out, that float32 cannot tell them apart."""
    rng = np.random.default_rng(3)
    X = np.concatenate([rng.normal(size=(300, 2)) * 1e-3 + [1000, 0], rng.normal(size=(300, 2)) - [1000, 0]])
    start = X[[0, 1, 2, 300, 301]]
    ours, plain = KMeans(5, init=start, tol=0).fit(X), list(lloyd(X, start))[-1]
    np.testing.assert_array_equal(ours.labels_, plain.labels)
    assert ours.n_iter_ == plain.iteration


def test_predictions_are_the_nearest_centers():
    X = RNG.normal(size=(3000, 5))
    kmeans = KMeans(9, random_state=0, n_init=1).fit(X)
    new = RNG.normal(size=(5000, 5)) * 3
    np.testing.assert_array_equal(kmeans.predict(new), assign_labels(new, kmeans.cluster_centers_))
    np.testing.assert_array_equal(kmeans.fit_predict(X), kmeans.labels_)
    np.testing.assert_array_equal(kmeans.fit_transform(X).argmin(axis=1), kmeans.labels_)
    assert list(kmeans.get_feature_names_out()[:2]) == ["kmeans0", "kmeans1"]


# -------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"n_clusters": 0}, ValueError, "n_clusters must be an integer with 1 <= n_clusters <= n_samples = 10"),
        ({"n_clusters": 11}, ValueError, "n_clusters must be .* n_samples = 10"),
        ({"n_clusters": 2.5}, TypeError, "n_clusters"),
        ({"init": "kmeans"}, ValueError, "init must be one of 'k-means\\+\\+', 'random'"),
        ({"init": np.zeros((3, 3))}, ValueError, r"init must have shape \(n_clusters, n_features\) = \(3, 2\)"),
        ({"init": np.zeros((2, 2))}, ValueError, "init must have shape"),
        ({"init": [[np.nan, 0], [0, 0], [1, 1]]}, ValueError, "init must hold finite numbers"),
        ({"init": lambda X, n_clusters, random_state: X[:2]}, ValueError, "init must have shape"),
        ({"init": None}, ValueError, "init"),
        ({"n_init": 0}, ValueError, "n_init"),
        ({"n_init": "many"}, ValueError, "n_init must be one of 'auto'"),
        ({"max_iter": 0}, ValueError, "max_iter"),
        ({"tol": -1.0}, ValueError, "tol"),
        ({"verbose": -1}, ValueError, "verbose"),
        ({"random_state": -1}, ValueError, "random_state"),
    ],
)
def test_bad_parameters(parameters, error, message):
    X = np.arange(20.0).reshape(10, 2)
    with pytest.raises(error, match=message):
        KMeans(**{"n_clusters": 3, **parameters}).fit(X)
    with pytest.raises(error, match=message):
        KMeans(**{"n_clusters": 3, **parameters}).steps(X)


def test_bad_data():
    X = np.arange(20.0).reshape(10, 2)
    with pytest.raises(ValueError, match="X must hold finite numbers"):
        KMeans(2).fit(np.where(X == 3, np.nan, X))
    with pytest.raises(ValueError, match="one entry for each of the 10 samples"):
        KMeans(2).fit(X, sample_weight=[1.0, 2.0])
    with pytest.raises(ValueError, match="numbers >= 0"):
        KMeans(2).fit(X, sample_weight=-np.ones(10))
    with pytest.raises(ValueError, match="all zero"):
        KMeans(2).fit(X, sample_weight=np.zeros(10))
    with pytest.raises(ValueError, match="above zero for at least n_clusters = 3"):
        KMeans(3).fit(X, sample_weight=np.arange(10) < 2)
    for labels in ([0] * 9, [0.5] * 10, [2] * 10, [-1] * 10):
        with pytest.raises(ValueError, match="labels must"):
            update_centers(X, labels, 2)
        with pytest.raises(ValueError, match="labels must"):
            inertia(X, labels, X[:2])
    with pytest.raises(ValueError, match="centers must have shape"):
        next(lloyd(X, [[1.0, 2.0, 3.0]]))
    with pytest.raises(ValueError, match="same number of features"):
        assign_labels(X, [[1.0]])
    with pytest.raises(ValueError, match="centers must have shape"):
        update_centers(X, [0] * 10, 2, centers=X[:3])


def test_it_says_when_the_steps_did_not_suffice():
    X = RNG.normal(size=(500, 3))
    with pytest.warns(ConvergenceWarning, match="max_iter = 2 steps were not enough"):
        KMeans(8, max_iter=2, tol=0, random_state=0).fit(X)
    needed = KMeans(8, tol=0, random_state=0).fit(X).n_iter_
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        KMeans(8, tol=0, max_iter=needed, random_state=0).fit(X)


def test_verbose(capsys):
    X = RNG.normal(size=(50, 2))
    kmeans = KMeans(3, verbose=1, n_init=1, random_state=0).fit(X)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == kmeans.n_iter_ + 1
    assert lines[-1] == f"[KMeans] step {kmeans.n_iter_}: inertia {kmeans.inertia_:.6g}"


def test_the_data_and_the_start_are_left_alone():
    X = RNG.normal(size=(60, 2)) + 100
    start, weight = X[:4].copy(), np.ones(60)
    before = X.copy(), start.copy()
    KMeans(4, init=start).fit(X, sample_weight=weight)
    list(lloyd(X, start))
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(start, before[1])
    assert (weight == 1).all()
