"""Silhouettes: is every point nearer to its own cluster than to the next one?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcourse._validation import check_array, check_number, check_random_state
from mlcourse.metrics._labels import check_clustered, encode
from mlcourse.metrics._neighbors import BLOCK, Points, diagonal

__all__ = ["silhouette_samples", "silhouette_score"]

SUMS = 2**22  # sums of distances kept at once: 32 MB


def silhouette_samples(X: ArrayLike, labels: ArrayLike) -> NDArray:
    r"""Measure for every point how much nearer its own cluster is than the next one.

    .. math:: s_i = \frac{b_i - a_i}{\max(a_i, b_i)}

    :math:`a_i` is the mean distance from point i to the *other* points of its cluster, and
    :math:`b_i` the mean distance to the points of another cluster, of that which makes it
    smallest.  A point alone in its cluster has :math:`s_i = 0`, and so has one for which a and b
    are both 0.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        The points.
    labels : array_like of shape (n_samples,)
        The cluster of each: integers, strings, or other labels; 2 to n_samples − 1 clusters.

    Returns
    -------
    array of shape (n_samples,)
        From −1 (in the wrong cluster) over 0 (between two) to 1 (far from all other clusters).

    Raises
    ------
    ValueError
        If X holds NaN, the lengths differ, or there are not 2 to n_samples − 1 clusters.

    Notes
    -----
    All n² distances are looked at, a block at a time: O(n²) time, and at most some 100 MB of memory
    beside a few copies of X, however many points there are.

    References
    ----------
    P. J. Rousseeuw (1987). Silhouettes: a graphical aid to the interpretation and validation of
    cluster analysis. Journal of Computational and Applied Mathematics 20, 53–65, section 2.

    Examples
    --------
    >>> from mlcourse.metrics import silhouette_samples
    >>> silhouette_samples([[0.0], [1.0], [4.0]], [0, 0, 1])  # (4 - 1)/4, (3 - 1)/3, and alone
    array([0.75      , 0.66666667, 0.        ])
    """
    X, codes, counts = check_clustered(X, labels, low=2, below_n=True)
    order = np.argsort(codes, kind="stable")  # cluster by cluster, so that sums run over neighbours
    codes = codes[order]
    sizes = counts[codes]
    result = np.empty(len(X))
    for rows, sums in _distance_sums(Points(X[order]), codes, np.cumsum(counts) - counts):
        mine = codes[rows], np.arange(sums.shape[1])
        own = sums[mine] / np.maximum(sizes[rows] - 1, 1)
        sums /= counts[:, None]
        sums[mine] = np.inf
        other = sums.min(axis=0)
        larger = np.maximum(own, other)
        none = (sizes[rows] == 1) | (larger == 0)
        result[order[rows]] = np.where(none, 0.0, (other - own) / np.where(none, 1.0, larger))
    return result


def _distance_sums(
    points: Points, codes: NDArray, starts: NDArray
) -> Iterator[tuple[slice, NDArray]]:
    """Add up the distances of every point to each cluster.

    Parameters
    ----------
    points : Points
        The points, cluster by cluster.
    codes : intp array of shape (n_samples,)
        Their clusters, ascending.
    starts : intp array of shape (n_clusters,)
        Where each cluster begins.

    Yields
    ------
    rows : slice
        Some points.
    sums : array of shape (n_clusters, n_rows)
        For each cluster the sum of their distances to its points, in the unit of `points`.
    """
    n, n_clusters = len(codes), len(starts)
    # Each distance serves both of its points, if there is room for the sums of all points at once.
    halved = n * n_clusters <= SUMS
    total = np.zeros((n_clusters, n)) if halved else None
    stop = 0
    while stop < n:
        first = stop if halved else 0
        rows = slice(stop, min(stop + max(1, BLOCK // (n - first)), n))
        stop = rows.stop
        distances = points.sq_distances(rows, first)
        diagonal(distances, rows, first)[:] = 0.0
        np.sqrt(distances, out=distances)
        cluster, last = codes[first], codes[stop - 1]
        bounds = np.maximum(starts[cluster:] - first, 0)
        sums = np.add.reduceat(distances, bounds, axis=1).T
        if not halved:
            yield rows, sums
            continue
        total[cluster:, rows] += sums
        later = distances[:, stop - first :]
        ends = np.append(bounds[1 : last - cluster + 1], stop - first)
        for i, end in enumerate(ends):
            total[cluster + i, stop:] += later[bounds[i] : end].sum(axis=0)
    if halved:
        yield slice(0, n), total


def silhouette_score(
    X: ArrayLike,
    labels: ArrayLike,
    *,
    sample_size: int | None = None,
    random_state: int | np.random.Generator | None = None,
) -> float:
    """Average the silhouettes of all points: how well separated are the clusters?

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        The points.
    labels : array_like of shape (n_samples,)
        The cluster of each; 2 to n_samples − 1 clusters.
    sample_size : int or None, default=None
        Work on a random part of so many points (distances are between its points only); None, or
        a number of at least n_samples, takes all.
    random_state : int, Generator or None, default=None
        The seed of the random part.

    Returns
    -------
    float
        From −1 to 1.

    Raises
    ------
    ValueError
        As `silhouette_samples`; the random part too must hold 2 to sample_size − 1 clusters.

    References
    ----------
    P. J. Rousseeuw (1987). Silhouettes: a graphical aid to the interpretation and validation of
    cluster analysis. Journal of Computational and Applied Mathematics 20, 53–65, section 4.

    Examples
    --------
    >>> from mlcourse.metrics import silhouette_score
    >>> silhouette_score([[0.0], [0.0], [9.0], [9.0]], ["a", "a", "b", "b"])
    1.0
    """
    if sample_size is not None:
        sample_size = check_number(sample_size, "sample_size", low=1, integer=True)
        X = check_array(X)
        codes, _ = encode(labels, len(X), "labels")
        part = check_random_state(random_state).permutation(len(X))[:sample_size]
        X, labels = X[part], codes[part]
    return float(silhouette_samples(X, labels).mean())
