"""The graph of nearest neighbours: its edges and its parts.

A graph is two arrays of the same shape, as `nearest_neighbors` gives them: row i of `indices` holds
the points to which an edge leads from point i, row i of `distances` the lengths of these edges.
Every edge may be walked both ways.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array
from mlcourse.manifold.distances import squared_distances
from mlcourse.neighbors import nearest_neighbors

__all__ = ["connect_components", "connected_components", "neighbors_graph"]

_BLOCK = 2**20  # distances from new points that are computed at a time: 8 MB


def neighbors_graph(X: ArrayLike, n_neighbors: int) -> tuple[np.ndarray, np.ndarray]:
    """Join every point to its nearest neighbours, by edges as long as the distances.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Points.
    n_neighbors : int
        How many, 1 ≤ n_neighbors ≤ n_samples − 1.

    Returns
    -------
    indices : array of int, shape (n_samples, n_neighbors)
        The neighbours of every point, the nearest first.
    distances : array of shape (n_samples, n_neighbors)
        Their Euclidean distances (not squared).

    Raises
    ------
    ValueError
        If there are fewer than n_neighbors other points.

    See Also
    --------
    mlcourse.neighbors.nearest_neighbors : What is done about copies of a point.

    Examples
    --------
    >>> indices, distances = neighbors_graph([[0.0], [1.0], [3.0]], 1)
    >>> indices.ravel(), distances.ravel()
    (array([1, 0, 1]), array([1., 1., 2.]))
    """
    X, exponent = in_unit(check_array(X, min_samples=2))
    indices, sq_distances = nearest_neighbors(X, n_neighbors)
    return indices, np.ldexp(np.sqrt(sq_distances), exponent)


def connected_components(indices: ArrayLike) -> np.ndarray:
    """Find the parts of a graph: the sets of points that can be reached from each other.

    Every point begins with its own number as its label.  In each round, wherever an edge joins two
    different labels, all points with the larger one take the smaller one, until there is no such
    edge.

    Parameters
    ----------
    indices : array_like of int, shape (n_samples, n_neighbors)
        Where the edges lead; see `neighbors_graph`.

    Returns
    -------
    array of int, shape (n_samples,)
        The number of the part that each point belongs to: 0 for that of the first point, and so on.

    Examples
    --------
    >>> connected_components([[1], [0], [3], [2], [0]])
    array([0, 0, 1, 1, 0])
    """
    indices = check_indices(indices)
    labels = np.arange(len(indices))
    while True:
        smaller = np.minimum(labels[:, None], labels[indices])
        replaced = np.arange(len(labels))  # by which label each one is
        np.minimum.at(replaced, labels, smaller.min(axis=1))
        np.minimum.at(replaced, labels[indices], smaller)
        joined = replaced[labels]
        joined = joined[joined]  # a label may have been replaced by one that was replaced too
        if np.array_equal(joined, labels):
            return np.unique(labels, return_inverse=True)[1].ravel()
        labels = joined


def connect_components(
    X: ArrayLike, indices: ArrayLike, distances: ArrayLike
) -> tuple[np.ndarray, np.ndarray]:
    """Join each part of a graph to each other part, by an edge between the two nearest points.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        The points.
    indices, distances : array_like of shape (n_samples, n_neighbors)
        A graph; see `neighbors_graph`.

    Returns
    -------
    indices, distances : arrays of shape (n_samples, n_neighbors + n_further)
        The graph with the further edges.  Points that get fewer of them than others have edges of
        length 0 to themselves in their place.  A graph of one part comes back as it is.

    Notes
    -----
    O(n² d) time, and memory for the distances between one part and the others.

    Examples
    --------
    >>> X = [[0.0], [1.0], [5.0], [6.0]]
    >>> indices, distances = connect_components(X, *neighbors_graph(X, 1))
    >>> indices.tolist(), distances.tolist()
    ([[1, 0], [0, 2], [3, 2], [2, 3]], [[1.0, 0.0], [1.0, 4.0], [1.0, 0.0], [1.0, 0.0]])
    """
    indices, distances = check_graph(indices, distances)
    X, exponent = in_unit(check_array(X))
    if len(X) != len(indices):
        raise ValueError(
            f"X must have a row for each of the {len(indices)} of indices (it had {len(X)})"
        )
    labels = connected_components(indices)
    if not labels.any():
        return indices, distances
    bridges = [_bridges(X, labels, part) for part in range(labels.max())]
    starts, ends, lengths = (np.concatenate(each) for each in zip(*bridges))
    order = np.argsort(starts, kind="stable")
    starts = starts[order]
    # Of those that start at the same point the first goes into column 0, the second into column 1 …
    column = np.arange(len(starts)) - np.searchsorted(starts, starts)
    further = np.repeat(np.arange(len(X))[:, None], column.max() + 1, axis=1)
    further_lengths = np.zeros(further.shape)
    further[starts, column] = ends[order]
    further_lengths[starts, column] = np.ldexp(lengths[order], exponent)
    return np.hstack([indices, further]), np.hstack([distances, further_lengths])


def _bridges(
    X: np.ndarray, labels: np.ndarray, part: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The shortest edges from one part to each of a higher number: from, to, and how long."""
    inside, beyond = np.flatnonzero(labels == part), np.flatnonzero(labels > part)
    sq_distances = squared_distances(X[inside], X[beyond])
    closest = sq_distances.argmin(axis=0)
    shortest = sq_distances[closest, np.arange(len(beyond))]
    order = np.lexsort((shortest, labels[beyond]))
    _, first = np.unique(labels[beyond][order], return_index=True)
    chosen = order[first]
    return inside[closest[chosen]], beyond[chosen], np.sqrt(shortest[chosen])


def in_unit(X: np.ndarray) -> tuple[np.ndarray, int]:
    """Give data a unit in which its squares neither overflow nor vanish; no digit is lost.

    Parameters
    ----------
    X : array of shape (n_samples, n_features)
        Data.

    Returns
    -------
    scaled : array of shape (n_samples, n_features)
        X / 2^exponent as float64, with entries of magnitude 1 at most.
    exponent : int
        Of the unit.
    """
    exponent = int(np.frexp(np.abs(X).max())[1])
    return np.ldexp(X.astype(float, copy=False), -exponent), exponent


def neighbors_among(
    X: np.ndarray, points: np.ndarray, n_neighbors: int
) -> tuple[np.ndarray, np.ndarray]:
    """Find the nearest neighbours of new points among known ones.

    Parameters
    ----------
    X : array of shape (n_new, n_features)
        The new points.
    points : array of shape (n_samples, n_features)
        The known points.
    n_neighbors : int
        How many, at most n_samples.

    Returns
    -------
    indices : array of int, shape (n_new, n_neighbors)
        Rows of `points`; one at the same place as the new point counts too.
    distances : array of shape (n_new, n_neighbors)
        Their distances (not squared).
    """
    indices = np.empty((len(X), n_neighbors), np.intp)
    distances = np.empty((len(X), n_neighbors))
    step = max(1, _BLOCK // len(points))
    for start in range(0, len(X), step):
        some = slice(start, start + step)
        sq_distances = squared_distances(X[some], points)
        indices[some] = np.argpartition(sq_distances, n_neighbors - 1, axis=1)[:, :n_neighbors]
        distances[some] = np.sqrt(np.take_along_axis(sq_distances, indices[some], axis=1))
    return indices, distances


def check_indices(indices: ArrayLike, n_points: int | None = None) -> np.ndarray:
    """Check where the edges of a graph lead.

    Parameters
    ----------
    indices : array_like of int, shape (n_samples, n_neighbors)
        See `neighbors_graph`.
    n_points : int or None
        How many points there are that edges may lead to; by default n_samples.

    Returns
    -------
    array of int, shape (n_samples, n_neighbors)
        The same.

    Raises
    ------
    ValueError
        If they are not the numbers of points.
    """
    indices = np.asarray(indices)
    if indices.ndim != 2 or indices.size == 0 or indices.dtype.kind not in "iu":
        raise ValueError(
            "indices must be whole numbers of shape (n_samples, n_neighbors) "
            f"(it was {indices.dtype} of shape {indices.shape})"
        )
    n_points = len(indices) if n_points is None else n_points
    if not (indices.min() >= 0 and indices.max() < n_points):
        raise ValueError(f"indices must lie between 0 and n_samples − 1 = {n_points - 1}")
    return indices.astype(np.intp, copy=False)


def check_graph(
    indices: ArrayLike, distances: ArrayLike, name: str = "distances", low: float | None = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Check a graph.

    Parameters
    ----------
    indices, distances : array_like of shape (n_samples, n_neighbors)
        Where the edges lead, and their lengths or weights.
    name : str
        What the messages call the latter.
    low : float or None
        The smallest that is allowed; None for any.

    Returns
    -------
    indices, distances : arrays of shape (n_samples, n_neighbors)
        The same as whole numbers and floats.

    Raises
    ------
    ValueError
        If they are not as they have to be.
    """
    indices = check_indices(indices)
    distances = check_array(distances, name=name)
    if distances.shape != indices.shape:
        raise ValueError(
            f"{name} must have the shape of indices, {indices.shape} "
            f"(its shape was {distances.shape})"
        )
    if low is not None and distances.min() < low:
        raise ValueError(
            f"{name} must be at least {low:g} (the smallest was {distances.min():.6g})"
        )
    return indices, distances
