"""Lloyd's algorithm in its fast form: only points that changed their cluster move the sums."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mlcourse.cluster._points import CenteredPoints
from mlcourse.cluster.lloyd import fill_empty_clusters, means_of

__all__ = ["cluster_sums", "descend"]

_BLOCK = 2048  # points: their memberships of some ten clusters stay in a processor's cache
_UNEVEN = 1e3  # a ratio of weights beyond which a difference of sums may have lost its digits


def cluster_sums(
    X: np.ndarray, labels: np.ndarray, weight: np.ndarray, n_clusters: int
) -> tuple[np.ndarray, np.ndarray]:
    """Weighted sum and total weight of each cluster's points.

    Parameters
    ----------
    X : array of shape (n_samples, n_features)
        The points.
    labels : array of intp, shape (n_samples,)
        Their clusters.
    weight : array of shape (n_samples,)
        Their weights.
    n_clusters : int
        How many clusters.

    Returns
    -------
    sums : array of shape (n_clusters, n_features)
    sizes : array of shape (n_clusters,)
    """
    sums = np.zeros((n_clusters, X.shape[1]))
    for start in range(0, len(X), _BLOCK):
        here = labels[start : start + _BLOCK]
        members = np.zeros((len(here), n_clusters))
        members[np.arange(len(here)), here] = weight[start : start + _BLOCK]
        sums += members.T @ X[start : start + _BLOCK]
    return sums, np.bincount(labels, weight, minlength=n_clusters)


def _move(sums, sizes, X, weight, labels, before) -> None:
    """Change sums and sizes for points that came to `labels` from `before`."""
    for start in range(0, len(X), _BLOCK):
        rows = slice(start, start + _BLOCK)
        members = np.zeros((len(X[rows]), len(sizes)))
        members[np.arange(len(members)), labels[rows]] = weight[rows]
        members[np.arange(len(members)), before[rows]] = -weight[rows]
        sums += members.T @ X[rows]
        sizes += members.sum(axis=0)


def descend(
    points: CenteredPoints, centers: np.ndarray, weight: np.ndarray, max_iter: int, tol: float
) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Run Lloyd's algorithm.

    Parameters
    ----------
    points : CenteredPoints
        The points; all is in their coordinates.
    centers : array of shape (n_clusters, n_features)
        The start.
    weight : array of shape (n_samples,)
        The weights of the points, not negative.
    max_iter : int
        Largest number of steps.
    tol : float
        It ends with a step in which the squared distances that the centres moved add up to no more.

    Yields
    ------
    iteration : int
        Steps done.
    centers : array of shape (n_clusters, n_features)
        The centres after them; the caller may keep them.
    labels : array of intp, shape (n_samples,)
        The nearest centres; the next step overwrites them.
    """
    X, k = points.X, len(centers)
    labels = np.zeros(len(X), np.intp)
    points.reassign(labels, centers)
    yield 0, centers, labels
    lightest = weight[weight > 0].min()
    even = weight.max() <= _UNEVEN * lightest
    sums, sizes = cluster_sums(X, labels, weight, k)
    for iteration in range(1, max_iter + 1):
        some_empty = sizes.min() < 0.5 * lightest  # which is 0 but for rounding
        if some_empty:
            sums, sizes = cluster_sums(X, labels, weight, k)
            filled = fill_empty_clusters(X, labels, weight, centers, sizes)
            new = means_of(*cluster_sums(X, filled, weight, k))
        else:
            new = means_of(sums, sizes)
        shift = ((new - centers) ** 2).sum()
        centers = new
        if shift == 0:
            yield iteration, centers, labels
            return
        moved, before = points.reassign(labels, centers)
        yield iteration, centers, labels
        if shift <= tol:
            return
        if even and not some_empty and len(moved) < len(X) // 4:
            _move(sums, sizes, X[moved], weight[moved], labels[moved], before)
        else:
            sums, sizes = cluster_sums(X, labels, weight, k)
