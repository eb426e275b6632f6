"""Trees of merges: by the definitions of the linkages, as SciPy's and scikit-learn's, and on hard data."""

import warnings

import numpy as np
import pytest
from scipy.cluster.hierarchy import linkage as scipy_linkage
from scipy.spatial.distance import cdist, pdist, squareform
from sklearn import cluster as theirs
from sklearn.metrics import adjusted_rand_score

from mlcourse.cluster import AgglomerativeClustering, cut_tree, leaf_order, linkage_tree
from mlcourse.cluster._dissimilarities import pairwise
from mlcourse.cluster.linkage import lance_williams

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")

LINKAGES = ("ward", "complete", "average", "single")


def between(A, B, linkage):
    """The distance of two clusters by its definition."""
    if linkage == "ward":
        def within(X):
            return ((X - X.mean(axis=0)) ** 2).sum()
        return np.sqrt(2 * max(0, within(np.concatenate([A, B])) - within(A) - within(B)))
    return {"complete": np.max, "average": np.mean, "single": np.min}[linkage](cdist(A, B))


def slow_tree(X, linkage):
    """Merge the nearest two of all pairs by the definition, again and again."""
    clusters = {i: [i] for i in range(len(X))}
    children, heights = [], []
    while len(clusters) > 1:
        nodes = sorted(clusters)
        pairs = [(between(X[clusters[a]], X[clusters[b]], linkage), a, b) for a in nodes for b in nodes if a < b]
        height, a, b = min(pairs)
        clusters[len(X) + len(children)] = clusters.pop(a) + clusters.pop(b)
        children.append((a, b))
        heights.append(height)
    return np.array(children), np.array(heights)


def leaves(children, node):
    n = len(children) + 1
    return [node] if node < n else leaves(children, children[node - n][0]) + leaves(children, children[node - n][1])


def partition(labels):
    """Labels numbered by their first points."""
    first = {}
    return [first.setdefault(label, len(first)) for label in labels]


@pytest.mark.parametrize("linkage", LINKAGES)
def test_tree_is_that_of_the_definition(linkage):
    for seed in range(6):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(rng.integers(2, 14), rng.integers(1, 12)))
        children, heights = linkage_tree(X, linkage)
        slow_children, slow_heights = slow_tree(X, linkage)
        np.testing.assert_array_equal(children, slow_children)
        np.testing.assert_allclose(heights, slow_heights, rtol=1e-10)


@pytest.mark.parametrize("linkage", LINKAGES)
def test_as_scipy(linkage):
    for seed in range(150):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(rng.integers(2, 90), rng.integers(1, 14))) * 10 ** rng.uniform(-3, 3)
        children, heights = linkage_tree(X, linkage)
        reference = scipy_linkage(X, linkage)
        np.testing.assert_array_equal(children, reference[:, :2])
        np.testing.assert_allclose(heights, reference[:, 2], rtol=1e-9)
        assert (np.diff(heights) >= 0).all() and (children[:, 0] < children[:, 1]).all()


@pytest.mark.parametrize("linkage", LINKAGES)
def test_as_scikit_learn(linkage):
    for seed in range(12):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(10, 150))
        X = rng.normal(size=(n, rng.integers(1, 14)))
        settings = {"linkage": linkage, "n_clusters": int(rng.integers(1, 8)), "compute_distances": True}
        ours, reference = (each(**settings).fit(X) for each in (AgglomerativeClustering, theirs.AgglomerativeClustering))
        # Of single linkage, scikit-learn puts the two children in any order.
        np.testing.assert_array_equal(ours.children_, np.sort(reference.children_, axis=1))
        np.testing.assert_allclose(ours.distances_, reference.distances_, rtol=1e-9)
        assert ours.labels_.tolist() == partition(reference.labels_)
        assert (ours.n_clusters_, ours.n_leaves_) == (reference.n_clusters_, reference.n_leaves_)
        assert ours.labels_.dtype == np.intp
        settings = {"linkage": linkage, "n_clusters": None, "distance_threshold": float(ours.distances_[n // 2 - 1 : n // 2 + 1].mean())}
        ours, reference = (each(**settings).fit(X) for each in (AgglomerativeClustering, theirs.AgglomerativeClustering))
        assert ours.n_clusters_ == reference.n_clusters_ and ours.labels_.tolist() == partition(reference.labels_)


@pytest.mark.parametrize("metric", ["manhattan", "cityblock", "l1", "l2", "cosine"])
def test_metrics(metric):
    X = np.random.default_rng(0).normal(size=(40, 5))
    reference = cdist(X, X, {"manhattan": "cityblock", "l1": "cityblock", "l2": "euclidean"}.get(metric, metric))
    np.testing.assert_allclose(pairwise(X, metric), reference, atol=1e-12)
    for linkage in ("complete", "average", "single"):
        children, heights = linkage_tree(X, linkage, metric)
        for same in (linkage_tree(reference, linkage, "precomputed"), linkage_tree(X, linkage, lambda X: reference)):
            np.testing.assert_array_equal(children, same[0])
            np.testing.assert_allclose(heights, same[1], rtol=1e-9)
        np.testing.assert_allclose(heights, scipy_linkage(squareform(reference, checks=False), linkage)[:, 2], rtol=1e-9)


@pytest.mark.parametrize("linkage", LINKAGES)
def test_lance_williams_is_the_definition(linkage):
    for seed in range(20):
        rng = np.random.default_rng(seed)
        A, B, *others = (rng.normal(size=(rng.integers(1, 6), 3)) for _ in range(6))
        power = 2 if linkage == "ward" else 1
        to_a, to_b, expected = (np.array([between(Z, C, linkage) ** power for C in others]) for Z in (A, B, np.concatenate([A, B])))
        sizes = np.array([len(C) for C in others], dtype=float)
        found = lance_williams(to_a, to_b, between(A, B, linkage) ** power, len(A), len(B), sizes, linkage)
        np.testing.assert_allclose(found, expected, rtol=1e-9)


@pytest.mark.parametrize("linkage", LINKAGES)
def test_the_order_of_the_points_does_not_matter(linkage):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 3))
    order = rng.permutation(200)
    a, b = AgglomerativeClustering(7, linkage=linkage).fit(X), AgglomerativeClustering(7, linkage=linkage).fit(X[order])
    assert partition(a.labels_[order]) == b.labels_.tolist()


@pytest.mark.parametrize("n_features", [2, 20])
@pytest.mark.parametrize("linkage", LINKAGES)
def test_far_from_the_origin(linkage, n_features):
    X = np.round(np.random.default_rng(0).normal(size=(60, n_features)) * 2**10) / 2**10  # adding 1e8 loses nothing
    near, far = linkage_tree(X, linkage), linkage_tree(X + 1e8, linkage)
    np.testing.assert_array_equal(near[0], far[0])
    np.testing.assert_allclose(near[1], far[1], rtol=1e-9)


@pytest.mark.parametrize("n_features", [1, 20])
@pytest.mark.parametrize("linkage", LINKAGES)
def test_duplicates(linkage, n_features):
    rng = np.random.default_rng(0)
    sites = 10 * rng.normal(size=(6, n_features)) + 1e4
    which = np.concatenate([np.arange(6), rng.integers(6, size=50)])
    children, heights = linkage_tree(sites[which], linkage)
    assert (heights[:50] == 0).all() and heights[50] > 0.1
    assert cut_tree(children, 6).tolist() == partition(which)
    if linkage in ("single", "complete"):
        np.testing.assert_allclose(heights[50:], linkage_tree(sites, linkage)[1], rtol=1e-9)
    children, heights = linkage_tree(np.ones((30, n_features)), linkage)
    assert (heights == 0).all() and np.sort(leaf_order(children)).tolist() == list(range(30))


@pytest.mark.parametrize("linkage", LINKAGES)
def test_ties_leave_a_tree_whose_heights_are_its_definition(linkage):
    """On a grid many distances are equal: which tree comes is open, but each height is that of its own two clusters."""
    X = np.array([[i, j] for i in range(6) for j in range(5)], dtype=float)
    children, heights = linkage_tree(X, linkage)
    for i, (a, b) in enumerate(children):
        assert heights[i] == pytest.approx(between(X[leaves(children, a)], X[leaves(children, b)], linkage), rel=1e-9)
    assert (np.diff(heights) >= 0).all()
    if linkage == "single":
        np.testing.assert_array_equal(heights, 1)


def test_cut_tree_is_nested_and_numbered_by_first_points():
    X = np.random.default_rng(0).normal(size=(50, 2))
    children, _ = linkage_tree(X)
    finer = cut_tree(children, 50)
    np.testing.assert_array_equal(finer, np.arange(50))
    for k in range(49, 0, -1):
        labels = cut_tree(children, k)
        assert labels.tolist() == partition(labels) and labels.max() == k - 1
        merged = [len(set(labels[finer == j])) for j in range(k + 1)]
        assert merged == [1] * (k + 1)  # no cluster is ever split by a merge
        finer = labels
    with pytest.raises(ValueError, match="n_clusters .* n_samples = 50"):
        cut_tree(children, 51)
    with pytest.raises(ValueError, match="n_clusters"):
        cut_tree(children, 0)


@pytest.mark.parametrize("linkage", LINKAGES)
def test_leaf_order_has_no_crossings(linkage):
    X = np.random.default_rng(0).normal(size=(60, 2))
    children, _ = linkage_tree(X, linkage)
    place = np.argsort(leaf_order(children))
    for node in range(60, 119):
        places = np.sort(place[leaves(children, node)])
        assert places[-1] - places[0] == len(places) - 1  # side by side
        left, right = (place[leaves(children, child)] for child in children[node - 60])
        assert left.max() < right.min()


def test_a_chain_of_merges_is_no_recursion():
    children, heights = linkage_tree(np.cumsum(np.arange(1.0, 1501.0))[:, None], "single")
    np.testing.assert_array_equal(heights, np.arange(2, 1501))
    np.testing.assert_array_equal(np.sort(leaf_order(children)), np.arange(1500))
    assert cut_tree(children, 2).tolist() == [0] * 1499 + [1]


def test_two_points():
    for linkage in LINKAGES:
        children, heights = linkage_tree([[0.0, 0.0], [3.0, 4.0]], linkage)
        assert children.tolist() == [[0, 1]] and heights == pytest.approx([5.0])
        assert AgglomerativeClustering(1, linkage=linkage).fit_predict([[0.0], [1.0]]).tolist() == [0, 0]
        assert AgglomerativeClustering(2, linkage=linkage).fit_predict([[0.0], [1.0]]).tolist() == [0, 1]


def test_threshold_is_where_clusters_are_left_apart():
    X = [[0.0], [1.0], [3.0], [6.0]]
    for threshold, n_clusters in ((0, 4), (1, 4), (1.001, 3), (2, 3), (2.5, 2), (3, 2), (3.5, 1)):
        model = AgglomerativeClustering(None, linkage="single", distance_threshold=threshold).fit(X)
        assert model.n_clusters_ == n_clusters and len(set(model.labels_)) == n_clusters
        np.testing.assert_allclose(model.distances_, [1, 2, 3])


def test_distances_are_kept_when_asked_for():
    X = np.random.default_rng(0).normal(size=(10, 2))
    model = AgglomerativeClustering(compute_distances=True).fit(X)
    np.testing.assert_array_equal(model.distances_, linkage_tree(X)[1])
    assert not hasattr(model.set_params(compute_distances=False).fit(X), "distances_")


def test_precomputed_distances_stay_what_they_are():
    D = squareform(pdist(np.random.default_rng(0).normal(size=(150, 2))))
    before = D.copy()
    for linkage in ("complete", "average", "single"):
        model = AgglomerativeClustering(5, metric="precomputed", linkage=linkage).fit(D)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reference = theirs.AgglomerativeClustering(5, metric="precomputed", linkage=linkage).fit(D)
        assert adjusted_rand_score(model.labels_, reference.labels_) == 1
        np.testing.assert_array_equal(D, before)


@pytest.mark.parametrize("call, message", [
    (lambda: linkage_tree([[0.0, 1.0]]), "minimum of 2"),
    (lambda: AgglomerativeClustering().fit([[0.0, 1.0]]), "minimum of 2"),
    (lambda: linkage_tree([[0.0], [np.nan]]), "X must hold finite numbers"),
    (lambda: linkage_tree([[0.0], [np.inf]], "single"), "X must hold finite numbers"),
    (lambda: linkage_tree([0.0, 1.0], "single"), "2-D"),
    (lambda: linkage_tree([[1e200], [-1e200]]), "overflow"),
    (lambda: linkage_tree([[1e200], [-1e200]], "single"), "overflow"),
    (lambda: linkage_tree([[0.0], [1.0]], "median"), "linkage must be one of 'ward'"),
    (lambda: linkage_tree([[0.0], [1.0]], "single", "chebyshev"), "metric must be one of 'euclidean'"),
    (lambda: linkage_tree([[0.0], [1.0]], "ward", "manhattan"), 'linkage="ward" needs metric="euclidean"'),
    (lambda: linkage_tree([[0.0, 1.0], [1.0, 0.0]], "ward", "precomputed"), 'linkage="ward" needs'),
    (lambda: linkage_tree([[0.0, 1.0], [2.0, 0.0]], "single", "precomputed"), "symmetric"),
    (lambda: linkage_tree([[0.0, -1.0], [-1.0, 0.0]], "single", "precomputed"), "not be negative"),
    (lambda: linkage_tree([[0.0], [1.0]], "single", "precomputed"), "square"),
    (lambda: linkage_tree([[0.0, 0.0], [1.0, 0.0]], "single", "cosine"), "row 0 of X has only zeros"),
    (lambda: AgglomerativeClustering(5).fit([[0.0], [1.0]]), "n_clusters .* n_samples = 2"),
    (lambda: AgglomerativeClustering(0).fit([[0.0], [1.0]]), "n_clusters"),
    (lambda: AgglomerativeClustering(None).fit([[0.0], [1.0]]), "exactly one of n_clusters and distance_threshold"),
    (lambda: AgglomerativeClustering(2, distance_threshold=1.0).fit([[0.0], [1.0]]), "exactly one"),
    (lambda: AgglomerativeClustering(None, distance_threshold=-1.0).fit([[0.0], [1.0]]), "distance_threshold"),
    (lambda: AgglomerativeClustering(compute_distances="yes").fit([[0.0], [1.0]]), "compute_distances"),
    (lambda: cut_tree([[0, 1], [1, 2]], 1), "children must be the merges of a tree"),
    (lambda: leaf_order([[0, 4], [1, 2], [3, 5]]), "children must be the merges"),
    (lambda: leaf_order([0, 1]), "children must be the merges"),
    (lambda: leaf_order(np.empty((0, 2), dtype=int)), "children must be the merges"),
])
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_float32_and_lists():
    X = np.random.default_rng(0).normal(size=(30, 12)).astype(np.float32)
    np.testing.assert_array_equal(linkage_tree(X)[1], linkage_tree(X.astype(float))[1])
    np.testing.assert_array_equal(linkage_tree(X.tolist(), "single")[1], linkage_tree(X, "single")[1])
