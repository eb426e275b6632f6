"""The shortest paths between all points of a graph: the plain way, and one for few edges."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array
from mlcourse.manifold.graph import check_graph

__all__ = ["edge_lengths", "floyd_warshall", "shortest_paths"]

_DENSE = 0.6  # a vertex with edges to this share of all that are left is not worth taking out


def edge_lengths(indices: ArrayLike, distances: ArrayLike) -> np.ndarray:
    """Write a graph as a matrix.

    Parameters
    ----------
    indices, distances : array_like of shape (n_samples, n_neighbors)
        A graph; see `neighbors_graph`.

    Returns
    -------
    array of shape (n_samples, n_samples)
        The length of the edge between two points, ∞ where there is none, 0 on the diagonal.
        Symmetric; of several edges between two points the shortest.

    Raises
    ------
    ValueError
        If `indices` are not the numbers of points, or a length is negative or not finite.

    Examples
    --------
    >>> edge_lengths([[1], [0], [1]], [[1.0], [1.0], [2.0]])
    array([[ 0.,  1., inf],
           [ 1.,  0.,  2.],
           [inf,  2.,  0.]])
    """
    indices, distances = check_graph(indices, distances)
    n = len(indices)
    rows = np.arange(n)[:, None]
    lengths = np.full(n * n, np.inf)
    for edges in (n * rows + indices, n * indices + rows):
        np.minimum.at(lengths, edges, distances)
    lengths[:: n + 1] = 0
    return lengths.reshape(n, n)


def floyd_warshall(lengths: ArrayLike) -> np.ndarray:
    """Find the lengths of the shortest paths between all points, the plain way.

    Allow one point after the other as a stop on the way.  Once k is allowed, the shortest path from
    i to j is the shortest without k, or the one to k and on from there (Floyd 1962).  That is n
    steps over all n² pairs.

    Parameters
    ----------
    lengths : array_like of shape (n_samples, n_samples)
        The lengths of the edges, not negative, ∞ where there is none, 0 on the diagonal
        (`edge_lengths`).

    Returns
    -------
    array of shape (n_samples, n_samples)
        The lengths of the shortest paths, ∞ where there is none.

    References
    ----------
    R. W. Floyd (1962), Algorithm 97: Shortest path.

    Examples
    --------
    >>> floyd_warshall(edge_lengths([[1], [0], [1]], [[1.0], [1.0], [2.0]]))
    array([[0., 1., 3.],
           [1., 0., 2.],
           [3., 2., 0.]])
    """
    D = check_array(lengths, name="lengths", min_samples=0, min_features=0, finite=False, copy=True)
    if D.shape[0] != D.shape[1] or not (D >= 0).all():
        raise ValueError(
            "lengths must be a square matrix of numbers that are not negative "
            f"(it had shape {D.shape})"
        )
    through = np.empty_like(D)
    for k in range(len(D)):
        np.add(D[:, k, None], D[k], out=through)
        np.minimum(D, through, out=D)
    return D


def shortest_paths(indices: ArrayLike, distances: ArrayLike) -> np.ndarray:
    """Find the lengths of the shortest paths between all points of a sparse graph, exactly.

    The result is that of `floyd_warshall`, which looks at all pairs for every point.  This takes
    out one vertex after the other, as Gaussian elimination does with unknowns: those that had an
    edge to the vertex get edges to each other, as long as the way through it, unless they have
    shorter ones.  So the distances among the rest stay what they were.  The vertex with the fewest
    edges goes first; among points on a surface the edges then hardly become more.  When the rest
    has edges between most of its pairs, it is left to `floyd_warshall`.  Then the vertices come
    back in reverse order: the shortest path from one begins with one of the edges that it had when
    it was taken out.

    Parameters
    ----------
    indices, distances : array_like of shape (n_samples, n_neighbors)
        A graph; see `neighbors_graph`.

    Returns
    -------
    array of shape (n_samples, n_samples)
        The lengths of the shortest paths: symmetric, 0 on the diagonal, ∞ between parts of the
        graph that are not connected.

    Notes
    -----
    With f the number of edges of a vertex when it is taken out, the time is that of the sum of f²
    and n f over all vertices: f is about 20 for 2,000 points of a Swiss roll with 10 neighbours each,
    but larger if they fill many dimensions.  Memory: 16 n² bytes, half of them the result.

    References
    ----------
    B. A. Carré (1971), An algebra for network routing problems.

    Examples
    --------
    >>> shortest_paths([[1], [0], [1]], [[1.0], [1.0], [2.0]])
    array([[0., 1., 3.],
           [1., 0., 2.],
           [3., 2., 0.]])
    """
    lengths = edge_lengths(indices, distances)
    taken_out, rest = _take_out(lengths)
    among_rest = lengths[np.ix_(rest, rest)]
    del lengths
    np.fill_diagonal(among_rest, 0)
    return _put_back(taken_out, rest, floyd_warshall(among_rest))


def _take_out(lengths: np.ndarray) -> tuple[list[tuple[int, np.ndarray, np.ndarray]], np.ndarray]:
    """Take out vertices, in place; give them with the edges they had, and those that are left."""
    n, taken_out = len(lengths), []
    np.fill_diagonal(lengths, np.inf)
    flat = lengths.reshape(-1)
    degrees = np.count_nonzero(lengths < np.inf, axis=1)
    for n_left in range(n, 0, -1):
        vertex = int(degrees.argmin())
        if degrees[vertex] >= _DENSE * n_left:
            break
        (front,) = np.nonzero(lengths[vertex] < np.inf)
        edges = lengths[vertex, front]
        taken_out.append((vertex, front, edges))
        among_front = n * front[:, None] + front
        direct = flat.take(among_front)
        # Each gets an edge where it had none, but not to itself, and loses that to the vertex.
        degrees[front] += (direct == np.inf).sum(axis=1) - 2
        degrees[vertex] = n + 1
        shortest = np.minimum(direct, edges[:, None] + edges)
        np.fill_diagonal(shortest, np.inf)
        flat[among_front] = shortest
        lengths[front, vertex] = np.inf
    return taken_out, np.flatnonzero(degrees <= n)


def _put_back(
    taken_out: list[tuple[int, np.ndarray, np.ndarray]], rest: np.ndarray, among_rest: np.ndarray
) -> np.ndarray:
    """Find the shortest paths from the vertices that were taken out, the last of them first."""
    order = np.concatenate([rest, np.array([vertex for vertex, _, _ in taken_out[::-1]], np.intp)])
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    D = np.empty((len(order), len(order)))  # in that order: what is known lies side by side
    D[: len(rest), : len(rest)] = among_rest
    for known, (_, front, edges) in enumerate(reversed(taken_out), len(rest)):
        ways = D[place[front], :known]
        ways += edges[:, None]
        D[known, :known] = D[:known, known] = ways.min(axis=0, initial=np.inf)
        D[known, known] = 0
    return D[np.ix_(place, place)]
