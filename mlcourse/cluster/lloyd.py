"""Lloyd's algorithm step by step: assign every point, move every centre, and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array, check_number
from mlcourse.cluster._checks import check_centers, check_labels, check_sample_weight
from mlcourse.manifold.distances import squared_distances

__all__ = ["KMeansState", "assign_labels", "inertia", "lloyd", "update_centers"]

# A point nearer to its centre than this part of the largest ‖x‖ lies on it: the rest is rounding.
_ON_ITS_CENTER = 1e-13


@dataclass(frozen=True, eq=False)
class KMeansState:
    """One step of k-means; safe to keep, for its arrays are its own.

    Parameters
    ----------
    iteration : int
        Number of steps done; 0 is the start.
    cluster_centers : array of shape (n_clusters, n_features)
        The centres after these steps.
    labels : array of int, shape (n_samples,)
        For every point the number of the centre nearest to it.
    inertia : float
        The (weighted) sum of the squared distances of the points to these centres.
    """

    iteration: int
    cluster_centers: np.ndarray = field(repr=False)
    labels: np.ndarray = field(repr=False)
    inertia: float


def assign_labels(X: ArrayLike, centers: ArrayLike) -> np.ndarray:
    """Assign every point to its nearest centre: the first half of a step of k-means.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Points, one a row.
    centers : array_like of shape (n_clusters, n_features)
        Centres, one a row.

    Returns
    -------
    array of int, shape (n_samples,)
        The row of the nearest centre; of several equally near ones the lowest.

    Examples
    --------
    >>> assign_labels([[0.0], [1.0], [9.0]], centers=[[0.0], [2.0]])
    array([0, 0, 1])
    """
    return squared_distances(X, centers).argmin(axis=1)


def update_centers(
    X: ArrayLike,
    labels: ArrayLike,
    n_clusters: int,
    *,
    centers: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
) -> np.ndarray:
    """Move every centre to the mean of its points: the second half of a step of k-means.

    A cluster without points (or with none of positive weight) has no mean.  Its centre goes to the
    point that lies farthest from its own centre, and that point no longer counts in the cluster it
    came from.  Several empty clusters get the farthest points, one each.  If every point lies on
    its centre there is nothing to gain: then, and if it is a cluster's only point that was taken,
    the centre without points joins that of the heaviest cluster.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Points, one a row.
    labels : array_like of int, shape (n_samples,)
        The cluster of each point, 0 ≤ label < n_clusters.
    n_clusters : int
        The number of clusters, ≥ 1.
    centers : array_like of shape (n_clusters, n_features), default=None
        The centres so far.  "Farthest" is meant from them; without them, from the new means.
    sample_weight : array_like of shape (n_samples,), default=None
        How often each point counts, ≥ 0; 1 by default.

    Returns
    -------
    array of shape (n_clusters, n_features)
        The new centres.

    Examples
    --------
    >>> update_centers([[0.0], [2.0], [9.0]], labels=[0, 0, 1], n_clusters=2)
    array([[1.],
           [9.]])
    """
    X = check_array(X)
    n_clusters = check_number(n_clusters, "n_clusters", low=1, integer=True)
    labels = check_labels(labels, len(X), n_clusters)
    weight = check_sample_weight(sample_weight, len(X))
    if centers is not None:
        centers = check_centers(centers, n_clusters, X.shape[1])
    sums, sizes = _sums(X, labels, weight, n_clusters)
    if (sizes == 0).any():
        if centers is None:
            centers = means_of(sums, sizes)
        labels = fill_empty_clusters(X, labels, weight, centers, sizes)
        sums, sizes = _sums(X, labels, weight, n_clusters)
    return means_of(sums, sizes)


def _sums(X, labels, weight, n_clusters):
    columns = [np.bincount(labels, weight * x, minlength=n_clusters) for x in X.T]
    return np.stack(columns, axis=1), np.bincount(labels, weight, minlength=n_clusters)


def fill_empty_clusters(
    X: np.ndarray, labels: np.ndarray, weight: np.ndarray, centers: np.ndarray, sizes: np.ndarray
) -> np.ndarray:
    """Give the empty clusters the points farthest from their centres.

    Parameters
    ----------
    X : array of shape (n_samples, n_features)
        The points.
    labels : array of int, shape (n_samples,)
        Their clusters.
    weight : array of shape (n_samples,)
        Their weights.
    centers : array of shape (n_clusters, n_features)
        The centres from which "farthest" is meant.
    sizes : array of shape (n_clusters,)
        The total weight of each cluster's points.

    Returns
    -------
    array of int, shape (n_samples,)
        The new labels.
    """
    empty = np.flatnonzero(sizes == 0)
    sq_distances = np.where(weight > 0, ((X - centers[labels]) ** 2).sum(axis=1), 0.0)
    on_center = _ON_ITS_CENTER**2 * (X**2).sum(axis=1).max()
    farthest = np.argsort(-sq_distances, kind="stable")[: len(empty)]
    farthest = farthest[sq_distances[farthest] > on_center]
    labels = labels.copy()
    labels[farthest] = empty[: len(farthest)]
    return labels


def means_of(sums: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Divide sums by sizes; a cluster without points gets the mean of the heaviest.

    Parameters
    ----------
    sums : array of shape (n_clusters, n_features)
        Weighted sums of the clusters' points.
    sizes : array of shape (n_clusters,)
        Total weights of the clusters' points.

    Returns
    -------
    array of shape (n_clusters, n_features)
    """
    means = sums / np.where(sizes > 0, sizes, 1)[:, None]
    means[sizes == 0] = means[sizes.argmax()]
    return means


def inertia(
    X: ArrayLike, labels: ArrayLike, centers: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Sum the squared distances of the points to the centres of their clusters.

    This is what k-means makes small.  It is also called the potential φ, the distortion, or the
    within-cluster sum of squares.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Points, one a row.
    labels : array_like of int, shape (n_samples,)
        The cluster of each point.
    centers : array_like of shape (n_clusters, n_features)
        Centres, one a row.
    sample_weight : array_like of shape (n_samples,), default=None
        How often each point counts, ≥ 0; 1 by default.

    Returns
    -------
    float
        In the unit of the data, squared.

    Examples
    --------
    >>> inertia([[0.0], [2.0], [9.0]], labels=[0, 0, 1], centers=[[1.0], [9.0]])
    2.0
    """
    X = check_array(X)
    centers = check_centers(centers, None, X.shape[1])
    labels = check_labels(labels, len(X), len(centers))
    weight = check_sample_weight(sample_weight, len(X))
    differences = X - centers[labels]
    return float(weight @ (differences**2).sum(axis=1))


def lloyd(
    X: ArrayLike,
    centers: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    max_iter: int = 300,
    tol: float = 0.0,
) -> Iterator[KMeansState]:
    """Lloyd's algorithm in its plain form: assign and move in turn until nothing changes.

    Neither half of a step can raise the inertia, and there are finitely many ways to assign the
    points: so it ends, in a state that no step improves (often not the best one there is).

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Points, one a row.
    centers : array_like of shape (n_clusters, n_features)
        Where the centres start.
    sample_weight : array_like of shape (n_samples,), default=None
        How often each point counts, ≥ 0; 1 by default.
    max_iter : int, default=300
        Largest number of steps, ≥ 0.
    tol : float, default=0
        ≥ 0; it also ends with a step in which the squared distances that the centres moved add up
        to no more than this.

    Yields
    ------
    KMeansState
        State 0 is the start, with every point assigned to its nearest centre; in state t the
        centres are the means of the clusters of state t − 1, and every point is assigned again.
        The last step is the one that changed nothing, unless `max_iter` or `tol` ended it before.

    References
    ----------
    S. P. Lloyd (1982), Least squares quantization in PCM, §III, method I.

    Examples
    --------
    >>> [state.inertia for state in lloyd([[0.0], [1.0], [5.0], [6.0]], centers=[[0.0], [1.0]])]
    [41.0, 6.0, 1.0, 1.0]
    """
    X = check_array(X)
    centers = check_centers(centers, None, X.shape[1]).copy()
    weight = check_sample_weight(sample_weight, len(X))
    max_iter = check_number(max_iter, "max_iter", low=0, integer=True)
    tol = check_number(tol, "tol", low=0)
    return _lloyd(X, centers, weight, max_iter, tol)


def _lloyd(X, centers, weight, max_iter, tol) -> Iterator[KMeansState]:
    for iteration in range(max_iter + 1):
        labels = assign_labels(X, centers)
        yield KMeansState(
            iteration, centers, labels, inertia(X, labels, centers, sample_weight=weight)
        )
        if iteration and ((centers - previous) ** 2).sum() <= tol:
            return
        previous = centers
        centers = update_centers(
            X, labels, len(centers), centers=centers, sample_weight=weight
        )
