"""How tight are the clusters, and how far apart?  Measures that need no true labels."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcourse._principal_axes import check_squares
from mlcourse.metrics._labels import check_clustered
from mlcourse.metrics._neighbors import Points, row_blocks

__all__ = ["calinski_harabasz_score", "davies_bouldin_score", "within_cluster_sum_of_squares"]


def within_cluster_sum_of_squares(X: ArrayLike, labels: ArrayLike) -> float:
    r"""Add up the squared distances of the points to the means of their clusters.

    .. math:: W = \sum_j \sum_{i \in C_j} \lVert x_i - \bar x_j \rVert^2

    This is what k-means makes small: its ``inertia_`` once the centres are the clusters' means.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        The points.
    labels : array_like of shape (n_samples,)
        The cluster of each.

    Returns
    -------
    float
        In the squared unit of X; 0 if every cluster holds one point or copies of one.

    Raises
    ------
    ValueError
        If X holds NaN, the lengths differ, or the squares overflow.

    Examples
    --------
    >>> from mlcourse.metrics import within_cluster_sum_of_squares
    >>> within_cluster_sum_of_squares([[0.0], [2.0], [7.0], [8.0]], ["a", "a", "b", "b"])
    2.5
    """
    X, codes, counts = check_clustered(X, labels)
    _, residuals = _centers(X, codes, counts)
    return _sum_of_squares(residuals, X)


def calinski_harabasz_score(X: ArrayLike, labels: ArrayLike) -> float:
    r"""Compare the variance between the clusters with that within them.

    .. math:: \text{CH} = \frac{B / (k - 1)}{W / (n - k)}

    W is `within_cluster_sum_of_squares`; B the same for the clusters' means around the mean of all
    points, each as often as its cluster has points.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        The points.
    labels : array_like of shape (n_samples,)
        The cluster of each; k = 2 to n_samples − 1 clusters.

    Returns
    -------
    float
        ≥ 0, without unit: the larger, the better separated.  Where W = 0 it is 1 by scikit-learn's
        convention.

    Raises
    ------
    ValueError
        If X holds NaN, the lengths differ, there are not 2 to n_samples − 1 clusters, or the
        squares overflow.

    References
    ----------
    T. Caliński and J. Harabasz (1974). A dendrite method for cluster analysis. Communications in
    Statistics 3, 1–27.

    Examples
    --------
    >>> from mlcourse.metrics import calinski_harabasz_score
    >>> calinski_harabasz_score([[0.0], [2.0], [8.0], [10.0]], [0, 0, 1, 1])  # (64/1) / (4/2)
    32.0
    """
    X, codes, counts = check_clustered(X, labels, low=2, below_n=True)
    centers, residuals = _centers(X, codes, counts)
    within = _sum_of_squares(residuals, X)
    if within == 0:
        return 1.0
    centers -= counts @ centers / len(X)
    between = float(counts @ np.einsum("ij,ij->i", centers, centers))
    return between / (len(counts) - 1) / (within / (len(X) - len(counts)))


def davies_bouldin_score(X: ArrayLike, labels: ArrayLike) -> float:
    r"""Average over the clusters how much each one blurs into the one most like it.

    .. math:: \text{DB} = \frac{1}{k} \sum_i \max_{j \neq i} \frac{s_i + s_j}{d_{ij}}

    :math:`s_i` is the mean distance of a cluster's points to their mean, and :math:`d_{ij}` the
    distance between two clusters' means.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        The points.
    labels : array_like of shape (n_samples,)
        The cluster of each; 2 to n_samples − 1 clusters.

    Returns
    -------
    float
        ≥ 0, without unit: the smaller, the better separated.  Clusters with the same mean are not
        compared, as in scikit-learn.

    Raises
    ------
    ValueError
        If X holds NaN, the lengths differ, there are not 2 to n_samples − 1 clusters, or the
        squares overflow.

    References
    ----------
    D. L. Davies and D. W. Bouldin (1979). A cluster separation measure. IEEE Transactions on
    Pattern Analysis and Machine Intelligence 1, 224–227.

    Examples
    --------
    >>> from mlcourse.metrics import davies_bouldin_score
    >>> davies_bouldin_score([[0.0], [2.0], [8.0], [10.0]], [0, 0, 1, 1])  # (1 + 1) / 8
    0.25
    """
    X, codes, counts = check_clustered(X, labels, low=2, below_n=True)
    centers, residuals = _centers(X, codes, counts)
    _sum_of_squares(residuals, X)
    widths = np.bincount(codes, np.sqrt(np.einsum("ij,ij->i", residuals, residuals))) / counts
    points = Points(centers)
    worst = np.empty(len(centers))
    for rows in row_blocks(len(centers)):
        between = points.unit * np.sqrt(points.sq_distances(rows))  # to itself a cluster has ∞
        ratios = np.zeros_like(between)
        np.divide(np.add.outer(widths[rows], widths), between, out=ratios, where=between > 0)
        worst[rows] = ratios.max(axis=1)
    return float(worst.mean())


def _centers(X: NDArray, codes: NDArray, counts: NDArray) -> tuple[NDArray, NDArray]:
    """The clusters' means relative to some point, and every point relative to its own mean."""
    order = np.argsort(codes, kind="stable")
    starts = np.cumsum(counts) - counts
    first = X[order[starts]]
    # Relative to one of the cluster's points: what lies far off loses no digits, and copies of one
    # point have a spread of exactly 0.
    with np.errstate(over="ignore", invalid="ignore"):
        residuals = X - first[codes]
        shift = np.add.reduceat(residuals[order], starts, axis=0) / counts[:, None]
        residuals -= shift[codes]
        return (first - first[0]) + shift, residuals


def _sum_of_squares(A: NDArray, X: NDArray) -> float:
    with np.errstate(over="ignore", invalid="ignore"):
        total = float(np.einsum("ij,ij->", A, A))
    check_squares(total, X)
    return total
