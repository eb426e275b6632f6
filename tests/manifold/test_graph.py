"""The neighbours' graph: its edges, its parts, and shortest paths that are the shortest, whatever the graph."""

import numpy as np
import pytest
import scipy.sparse
import scipy.sparse.csgraph
import sklearn.neighbors

from mlcourse.manifold import (
    connect_components,
    connected_components,
    edge_lengths,
    floyd_warshall,
    neighbors_graph,
    paths,
    shortest_paths,
)
from mlcourse.manifold.graph import in_unit, neighbors_among

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")


def random_graph(rng, n=None, k=None):
    """Random edges, not those of points: also edges twice, to the point itself, of equal lengths, of length 0."""
    n = n or int(rng.integers(1, 60))
    k = k or int(rng.integers(1, 6))
    indices = rng.integers(0, n, (n, k))
    kind = rng.integers(3)
    distances = [rng.uniform(0, 1, (n, k)), rng.integers(0, 4, (n, k)).astype(float), 10.0 ** rng.uniform(-8, 8, (n, k))][kind]
    return indices, distances


def surface(n, seed=0):
    return np.random.default_rng(seed).uniform(size=(n, 2)) * [3, 1]


def sparse(indices, distances):
    """The same graph for SciPy, which takes an entry of 0 for an edge only if it is stored."""
    n, k = indices.shape
    lengths = edge_lengths(indices, distances)
    rows, columns = np.nonzero(np.isfinite(lengths) & ~np.eye(n, dtype=bool))
    return scipy.sparse.csr_array((lengths[rows, columns], (rows, columns)), shape=(n, n))


# ------------------------------------------------------------------------------------------------------ neighbours


@pytest.mark.parametrize("k", [1, 7])
def test_the_graph_is_scikit_learns(k):
    X = np.random.default_rng(0).normal(size=(200, 4)) + 1e3
    theirs = sklearn.neighbors.kneighbors_graph(X, k, mode="distance").toarray()
    indices, distances = neighbors_graph(X, k)
    ours = np.zeros_like(theirs)
    np.put_along_axis(ours, indices, distances, axis=1)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)
    assert (np.diff(distances, axis=1) >= 0).all()


@pytest.mark.parametrize("exponent", [-600, 0, 600])
def test_the_unit_of_the_points_does_not_matter(exponent):
    X = np.random.default_rng(0).normal(size=(50, 3))
    indices, distances = neighbors_graph(X, 4)
    scaled = neighbors_graph(np.ldexp(X, exponent), 4)
    np.testing.assert_array_equal(scaled[0], indices)
    np.testing.assert_array_equal(scaled[1], np.ldexp(distances, exponent))


def test_in_unit():
    for X in (np.zeros((2, 2)), np.array([[1.0, -7.0]]), np.array([[5e-324]]), np.array([[1.7e308, -1e308]])):
        scaled, exponent = in_unit(X)
        assert np.abs(scaled).max() <= 1 and (not X.any() or np.abs(scaled).max() >= 0.5)
        np.testing.assert_array_equal(np.ldexp(scaled, exponent), X)


def test_neighbors_of_new_points(monkeypatch):
    rng = np.random.default_rng(0)
    points, X = rng.normal(size=(60, 3)) + 1e6, rng.normal(size=(25, 3)) + 1e6
    X[0] = points[17]
    expected = sklearn.neighbors.NearestNeighbors(n_neighbors=5).fit(points - 1e6).kneighbors(X - 1e6)
    for block in (2**20, 60 * 7, 1):
        monkeypatch.setattr("mlcourse.manifold.graph._BLOCK", block)
        indices, distances = neighbors_among(X, points, 5)
        order = np.argsort(distances, axis=1)
        np.testing.assert_array_equal(np.take_along_axis(indices, order, axis=1), expected[1])
        np.testing.assert_allclose(np.take_along_axis(distances, order, axis=1), expected[0], rtol=1e-9, atol=1e-12)
    indices, _ = neighbors_among(X, points, 60)
    assert (np.sort(indices, axis=1) == np.arange(60)).all()


# ----------------------------------------------------------------------------------------------------------- parts


@pytest.mark.parametrize("block", range(10))
def test_parts_are_scipys(block):
    for seed in range(30 * block, 30 * (block + 1)):
        rng = np.random.default_rng(seed)
        indices, distances = random_graph(rng, k=int(rng.integers(1, 3)))
        count, expected = scipy.sparse.csgraph.connected_components(sparse(indices, distances), directed=False)
        labels = connected_components(indices)
        assert labels[0] == 0 and labels.max() + 1 == count
        # The same parts, numbered in the order of their first points.
        pairs = set(zip(labels.tolist(), expected.tolist()))
        assert len(pairs) == count
        first = [np.flatnonzero(labels == part)[0] for part in range(count)]
        assert first == sorted(first)


def test_a_long_chain_is_one_part():
    n = 5000
    order = np.random.default_rng(0).permutation(n)
    chain = np.empty((n, 1), int)
    chain[order[:-1], 0] = order[1:]
    chain[order[-1], 0] = order[-2]
    assert (connected_components(chain) == 0).all()
    chain[order[2000], 0] = order[1999]
    labels = connected_components(chain)
    assert labels.max() == 1 and {np.sum(labels == 0), np.sum(labels == 1)} == {2001, 2999}


def clusters(rng):
    centres = 100 * rng.normal(size=(rng.integers(2, 6), 3))
    return np.concatenate([centre + rng.normal(size=(rng.integers(4, 12), 3)) for centre in centres])


@pytest.mark.parametrize("seed", range(20))
def test_parts_are_joined_by_the_shortest_edges(seed):
    X = clusters(np.random.default_rng(seed))
    graph = neighbors_graph(X, 2)
    labels = connected_components(graph[0])
    joined = connect_components(X, *graph)
    assert (connected_components(joined[0]) == 0).all()
    before, after = edge_lengths(*graph), edge_lengths(*joined)
    D = np.linalg.norm(X[:, None] - X, axis=2)
    new = (before != after) & (np.arange(len(X))[:, None] < np.arange(len(X)))
    n_parts = labels.max() + 1
    assert n_parts > 1 and new.sum() == n_parts * (n_parts - 1) / 2  # one for each pair of parts, and no other edge
    for i, j in np.argwhere(new):
        between = D[np.ix_(labels == labels[i], labels == labels[j])]
        assert labels[i] != labels[j] and after[i, j] == pytest.approx(between.min(), rel=1e-12) == D[i, j]
    # The first columns are the graph as it was; what fills the others up leads from points to themselves.
    np.testing.assert_array_equal(joined[0][:, :2], graph[0])
    fillers = (joined[0] == np.arange(len(X))[:, None])[:, 2:]
    assert (joined[1][:, 2:][fillers] == 0).all() and (~fillers).sum() == new.sum()


def test_many_parts():
    X = np.repeat(np.random.default_rng(0).normal(size=(60, 2)), 3, axis=0)  # with 2 neighbours, every copy has its own
    graph = connect_components(X, *neighbors_graph(X, 2))
    D = shortest_paths(*graph)
    np.testing.assert_allclose(D, np.linalg.norm(X[:, None] - X, axis=2), atol=1e-12)  # every pair of parts has its own edge


def test_a_connected_graph_stays_as_it_is():
    X = surface(50)
    graph = neighbors_graph(X, 8)
    for before, after in zip(graph, connect_components(X, *graph)):
        np.testing.assert_array_equal(before, after)


def test_joining_does_not_depend_on_the_unit():
    X = clusters(np.random.default_rng(0))
    indices, distances = connect_components(X, *neighbors_graph(X, 2))
    for exponent in (-600, 600):
        far = np.ldexp(X, exponent)
        scaled = connect_components(far, *neighbors_graph(far, 2))
        np.testing.assert_array_equal(scaled[0], indices)
        np.testing.assert_array_equal(scaled[1], np.ldexp(distances, exponent))


# ----------------------------------------------------------------------------------------------------------- paths


@pytest.mark.parametrize("block", range(20))
def test_shortest_paths_are_those_of_the_plain_algorithm(block, monkeypatch):
    """Random graphs: dense and sparse, in parts, with edges of length 0 and lengths over 16 orders of magnitude."""
    for seed in range(25 * block, 25 * (block + 1)):
        rng = np.random.default_rng(seed)
        monkeypatch.setattr(paths, "_DENSE", [0.6, 0.2, 2.0][seed % 3])  # leaves nearly all to the plain one; nothing
        graph = random_graph(rng)
        expected = floyd_warshall(edge_lengths(*graph))
        D = shortest_paths(*graph)
        np.testing.assert_allclose(D, expected, rtol=1e-12, atol=0)
        np.testing.assert_array_equal(D, D.T)
        assert (np.diag(D) == 0).all()


@pytest.mark.parametrize("seed", range(10))
def test_shortest_paths_are_scipys(seed):
    rng = np.random.default_rng(seed)
    n, d, k = int(rng.integers(100, 400)), int(rng.integers(1, 12)), int(rng.integers(2, 12))
    graph = neighbors_graph(rng.normal(size=(n, d)) + 10.0 ** rng.integers(0, 9), k)
    expected = scipy.sparse.csgraph.shortest_path(sparse(*graph), directed=False)
    np.testing.assert_allclose(shortest_paths(*graph), expected, rtol=1e-12)
    np.testing.assert_allclose(floyd_warshall(edge_lengths(*graph)), expected, rtol=1e-12)


def test_on_a_surface_little_is_left_to_the_plain_algorithm(monkeypatch):
    left = []
    real = paths.floyd_warshall
    monkeypatch.setattr(paths, "floyd_warshall", lambda lengths: left.append(len(lengths)) or real(lengths))
    shortest_paths(*neighbors_graph(surface(800), 8))
    assert left[0] < 100
    shortest_paths(*neighbors_graph(np.random.default_rng(0).normal(size=(300, 30)), 10))
    assert left[1] > 100  # in many dimensions there is no order in which edges stay few


@pytest.mark.parametrize("seed", range(10))
def test_of_a_tree_the_leaves_go_first(seed):
    """The vertex with the fewest edges is always a leaf, so no edge is ever added: the numbers of edges are kept right."""
    n = 200
    rng = np.random.default_rng(seed)
    names = rng.permutation(n)
    parents = np.empty(n, int)
    parents[names[0]] = names[0]
    parents[names[1:]] = names[rng.integers(0, np.arange(1, n))]
    taken_out, rest = paths._take_out(edge_lengths(parents[:, None], np.ones((n, 1))))
    assert len(rest) == 0 and max(len(front) for _, front, _ in taken_out) == 1


def test_paths_of_graphs_that_are_known():
    n = 12
    chain = np.minimum(np.arange(n) + 1, n - 1)[:, None]
    steps = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    np.testing.assert_array_equal(shortest_paths(chain, np.ones((n, 1))), steps)
    ring = (np.arange(n)[:, None] + 1) % n
    np.testing.assert_array_equal(shortest_paths(ring, np.ones((n, 1))), np.minimum(steps, n - steps))
    star = np.zeros((n, 1), int)
    lengths = np.arange(n, dtype=float)
    np.testing.assert_array_equal(shortest_paths(star, lengths[:, None]), np.where(np.eye(n), 0, np.add.outer(lengths, lengths)))
    apart = np.arange(n)[:, None] ^ 1
    expected = np.where(steps == 0, 0, np.where(np.arange(n) == apart, 2.0, np.inf))
    np.testing.assert_array_equal(shortest_paths(apart, np.full((n, 1), 2.0)), expected)
    np.testing.assert_array_equal(shortest_paths([[0]], [[5.0]]), [[0.0]])
    np.testing.assert_array_equal(shortest_paths([[0], [1]], [[0.0], [0.0]]), [[0, np.inf], [np.inf, 0]])


def test_a_detour_may_be_shorter_than_an_edge():
    D = shortest_paths([[1, 2], [2, 2], [0, 1]], [[1.0, 5.0], [1.0, 9.0], [5.0, 1.0]])
    np.testing.assert_array_equal(D, [[0, 1, 2], [1, 0, 1], [2, 1, 0]])


@pytest.mark.parametrize("seed", range(5))
def test_paths_are_a_metric_between_the_edges_and_the_straight_lines(seed):
    X = surface(120, seed)
    graph = neighbors_graph(X, 8)
    D = shortest_paths(*graph)
    straight = np.linalg.norm(X[:, None] - X, axis=2)
    assert (D >= straight * (1 - 1e-12)).all() and (D <= edge_lengths(*graph) * (1 + 1e-12)).all()
    assert (D[:, :, None] <= (D[:, None, :] + D[None, :, :]) * (1 + 1e-12)).all()


def test_the_order_of_the_points_does_not_matter():
    X = surface(150)
    order = np.random.default_rng(0).permutation(150)
    D, permuted = (shortest_paths(*neighbors_graph(each, 6)) for each in (X, X[order]))
    np.testing.assert_allclose(permuted, D[np.ix_(order, order)], rtol=1e-12)


def test_edge_lengths():
    lengths = edge_lengths([[1, 1, 0], [0, 2, 1], [2, 2, 2]], [[3.0, 2.0, 7.0], [4.0, 0.0, 1.0], [1.0, 2.0, 3.0]])
    np.testing.assert_array_equal(lengths, [[0, 2, np.inf], [2, 0, 0], [np.inf, 0, 0]])
    assert edge_lengths(np.array([[1], [0]], np.int8), [[1], [1]]).dtype == np.float64


# ---------------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize("function", [edge_lengths, shortest_paths, lambda i, d: connect_components(np.zeros((2, 1)), i, d)])
def test_bad_graphs(function):
    good = np.array([[1], [0]]), np.ones((2, 1))
    for indices in ([[2], [0]], [[-1], [0]], [[1.0], [0.0]], [1, 0], np.empty((0, 1), int), np.empty((2, 0), int), [[True], [False]]):
        with pytest.raises(ValueError, match="indices must"):
            function(indices, good[1])
    for distances, message in (
        (np.ones((2, 2)), r"shape of indices, \(2, 1\)"),
        ([[1.0], [-1.0]], "at least 0 .*-1"),
        ([[1.0], [np.nan]], "finite"),
        ([[1.0], [np.inf]], "finite"),
    ):
        with pytest.raises(ValueError, match=message):
            function(good[0], distances)


def test_other_errors():
    with pytest.raises(ValueError, match="indices must lie between 0 and n_samples"):
        connected_components([[3], [0]])
    with pytest.raises(ValueError, match="a row for each of the 2"):
        connect_components(np.zeros((3, 1)), [[1], [0]], [[1.0], [1.0]])
    for lengths in ([[0.0, 1.0]], [[0.0, -1.0], [1.0, 0.0]], [[0.0, np.nan], [1.0, 0.0]]):
        with pytest.raises(ValueError, match="lengths must be a square matrix"):
            floyd_warshall(lengths)
    with pytest.raises(ValueError, match="n_samples - 1"):
        neighbors_graph(np.zeros((4, 2)), 4)
    with pytest.raises(ValueError, match="NaN"):
        neighbors_graph([[np.nan], [1.0]], 1)


def test_arguments_stay_as_they_are():
    X = clusters(np.random.default_rng(0))
    indices, distances = neighbors_graph(X, 2)
    lengths = edge_lengths(indices, distances)
    kept = [each.copy() for each in (X, indices, distances, lengths)]
    connected_components(indices), connect_components(X, indices, distances), shortest_paths(indices, distances), floyd_warshall(lengths)
    for before, after in zip(kept, (X, indices, distances, lengths)):
        np.testing.assert_array_equal(before, after)
