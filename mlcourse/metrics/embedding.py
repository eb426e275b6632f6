"""How far a map may be believed: are the map's neighbours the data's neighbours?

All measures compare who is near whom, so that turning, moving or scaling the map changes nothing. They work through the
distances a block of rows at a time: O(n² log n) time, and 20 MB of memory beside a few copies of the data, however many points
(`neighbor_ranks` excepted, whose result has n² entries).

Where distances are equal (duplicates, pixels with few grey levels), the order of neighbours is not defined. The measures then
take the order that is best for the map: a map is blamed only for what no order of the ties explains. Distances that differ
by less than rounding could make them differ count as equal.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array, check_number, check_y
from mlcourse.metrics._neighbors import Points, count_nearer, nearest, row_blocks

__all__ = ["continuity", "neighbor_ranks", "neighborhood_preservation", "one_nn_accuracy", "trustworthiness"]


def trustworthiness(X: ArrayLike, X_embedded: ArrayLike, *, n_neighbors: int = 5) -> float:
    r"""Measure whether those who are neighbours in the map are close in the data.

    .. math:: T(k) = 1 - \frac{2}{n k (2n - 3k - 1)} \sum_{i=1}^n \sum_{j \in U_k(i)} (r(i, j) - k)

    :math:`U_k(i)` are the points among the k nearest of i in the map but not in the data: the intruders. Each costs as
    many places as its rank r(i, j) in the data (1 for the nearest) exceeds k. The factor makes the worst map's value 0.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        The data.
    X_embedded : array_like of shape (n_samples, n_components)
        The map of the same points.
    n_neighbors : int, default=5
        k, the size of a neighbourhood; 1 ≤ k < n_samples / 2.

    Returns
    -------
    float
        1 if every neighbour in the map is one in the data; 0 is the least; a random map has about 1/2.

    Raises
    ------
    ValueError
        If the two differ in length, hold NaN, or `n_neighbors` is out of range.

    Notes
    -----
    Without ties it equals scikit-learn's. With ties scikit-learn takes them in whatever order its sort leaves them, and its value
    is at most this one.

    References
    ----------
    J. Venna and S. Kaski (2001). Neighborhood preservation in nonlinear projection methods: an experimental study.
    ICANN 2001, 485–491, equation (1).

    Examples
    --------
    >>> from mlcourse.metrics import continuity, trustworthiness
    >>> data = [[float(i)] for i in range(12)]
    >>> trustworthiness(data, data, n_neighbors=2)
    1.0
    >>> folded = [[min(i, 11.2 - i)] for i in range(12)]  # the line's second half lies on its first
    >>> print(f"{trustworthiness(data, folded, n_neighbors=2):.2f} {continuity(data, folded, n_neighbors=2):.2f}")
    0.40 0.85
    """
    X, X_embedded = _check_pair(X, X_embedded, min_samples=3)
    n_samples = len(X)
    k = check_number(
        n_neighbors, "n_neighbors", low=1, high=n_samples / 2, integer=True, closed="left", high_name="n_samples / 2"
    )
    data, embedding = Points(X), Points(X_embedded)
    column = np.arange(k)
    cost = 0
    for rows in row_blocks(n_samples):
        in_data = data.sq_distances(rows)
        neighbors = nearest(embedding, rows, embedding.sq_distances(rows), k, prefer=in_data)
        nearer = np.sort(count_nearer(data, rows, in_data, in_data[neighbors].reshape(-1, k)), axis=1)
        # Neighbours that tie in the data have equal counts; they take the first places of their group, one after the other.
        begins = np.ones(nearer.shape, dtype=bool)
        begins[:, 1:] = nearer[:, 1:] > nearer[:, :-1]
        ranks = 1 + nearer + column - np.maximum.accumulate(np.where(begins, column, 0), axis=1)
        cost += int(np.maximum(ranks - k, 0).sum())
    return 1.0 - 2 * cost / (n_samples * k * (2 * n_samples - 3 * k - 1))


def continuity(X: ArrayLike, X_embedded: ArrayLike, *, n_neighbors: int = 5) -> float:
    """Measure whether those who are neighbours in the data are close in the map.

    Trustworthiness with data and map exchanged: it counts the points that were torn away, not the intruders.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        The data.
    X_embedded : array_like of shape (n_samples, n_components)
        The map of the same points.
    n_neighbors : int, default=5
        k, the size of a neighbourhood; 1 ≤ k < n_samples / 2.

    Returns
    -------
    float
        1 if every neighbour in the data is one in the map; 0 is the least; a random map has about 1/2.

    Raises
    ------
    ValueError
        If the two differ in length, hold NaN, or `n_neighbors` is out of range.

    References
    ----------
    J. Venna and S. Kaski (2001). Neighborhood preservation in nonlinear projection methods: an experimental study.
    ICANN 2001, 485–491, equation (2).

    Examples
    --------
    >>> from mlcourse.metrics import continuity
    >>> continuity([[0.0], [1.0], [2.1], [3.3]], [[0.0], [10.0], [21.0], [33.0]], n_neighbors=1)
    1.0
    """
    X, X_embedded = _check_pair(X, X_embedded, min_samples=3)
    return trustworthiness(X_embedded, X, n_neighbors=n_neighbors)


def neighborhood_preservation(X: ArrayLike, X_embedded: ArrayLike, *, n_neighbors: int = 10) -> float:
    """Measure the share of a point's k nearest neighbours in the data that are among its k nearest in the map.

    Unlike trustworthiness it does not ask how far away the others are.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        The data.
    X_embedded : array_like of shape (n_samples, n_components)
        The map of the same points.
    n_neighbors : int, default=10
        k, the size of a neighbourhood; 1 ≤ k ≤ n_samples − 1.

    Returns
    -------
    float
        The share, averaged over the points: 1 if all neighbours are kept, 0 if none; a random map has about
        k / (n_samples − 1).

    Raises
    ------
    ValueError
        If the two differ in length, hold NaN, or `n_neighbors` is out of range.

    Examples
    --------
    >>> from mlcourse.metrics import neighborhood_preservation
    >>> neighborhood_preservation([[0.0], [1.0], [3.0], [4.0]], [[0.0], [3.0], [1.0], [4.0]], n_neighbors=1)
    0.0
    """
    X, X_embedded = _check_pair(X, X_embedded, min_samples=2)
    n_samples = len(X)
    k = check_number(n_neighbors, "n_neighbors", low=1, high=n_samples, integer=True, closed="left", high_name="n_samples")
    data, embedding = Points(X), Points(X_embedded)
    kept = 0
    for rows in row_blocks(n_samples):
        in_data = data.sq_distances(rows)
        map_neighbors = nearest(embedding, rows, embedding.sq_distances(rows), k, prefer=in_data)
        kept += np.count_nonzero(map_neighbors & nearest(data, rows, in_data, k, prefer=~map_neighbors))
    return int(kept) / (n_samples * k)


def one_nn_accuracy(X_embedded: ArrayLike, y: ArrayLike) -> float:
    """Measure how often a point's nearest neighbour in the map has the same label (leave-one-out 1-NN accuracy).

    Where several points are equally near, the share of them that have the label counts.

    Parameters
    ----------
    X_embedded : array_like of shape (n_samples, n_components)
        The map; at least two points.
    y : array_like of shape (n_samples,)
        The labels, of any type.

    Returns
    -------
    float
        The share of points whose nearest neighbour has their label, 0 to 1.

    Raises
    ------
    ValueError
        If the two differ in length or hold NaN, or there is only one point.

    References
    ----------
    G. Hinton and S. Roweis (2003). Stochastic neighbor embedding. NIPS 15, 833–840, judge maps of digits by eye; the number is
    that of T. Cover and P. Hart (1967), Nearest neighbor pattern classification, IEEE Trans. Inf. Theory 13, 21–27, with
    each point left out in turn.

    Examples
    --------
    >>> from mlcourse.metrics import one_nn_accuracy
    >>> one_nn_accuracy([[0.0], [1.0], [5.0], [5.5]], ["a", "a", "b", "c"])
    0.5
    """
    X_embedded = check_array(X_embedded, name="X_embedded", min_samples=2)
    y = check_y(y, len(X_embedded))
    _, label = np.unique(y, return_inverse=True)
    embedding = Points(X_embedded)
    total = 0.0
    for rows in row_blocks(len(X_embedded)):
        distances = embedding.sq_distances(rows)
        smallest = distances.min(axis=1, keepdims=True)
        tied = distances <= smallest + embedding.tolerance(rows, smallest)
        alike = tied & (label[rows, None] == label)
        total += float((alike.sum(axis=1) / tied.sum(axis=1)).sum())
    return total / len(X_embedded)


def neighbor_ranks(X: ArrayLike) -> np.ndarray:
    """Rank all points by their distance from each point: the table behind the measures, in full.

    It has n² entries; the measures themselves never hold it.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        The points; at least two.

    Returns
    -------
    int array of shape (n_samples, n_samples)
        ``ranks[i, j]`` is 1 for i's nearest point j, 2 for the next, …; 0 for i itself. Points that tie share the smallest of their
        places.

    Examples
    --------
    >>> from mlcourse.metrics import neighbor_ranks
    >>> neighbor_ranks([[0.0], [1.0], [3.0]]).tolist()
    [[0, 1, 2], [1, 0, 2], [2, 1, 0]]
    """
    X = check_array(X, min_samples=2)
    points = Points(X)
    ranks = np.zeros((len(X), len(X)), dtype=np.int64)
    for rows in row_blocks(len(X)):
        distances = points.sq_distances(rows)
        others = np.isfinite(distances)
        ranks[rows][others] = 1 + count_nearer(points, rows, distances, distances[others].reshape(-1, len(X) - 1)).ravel()
    return ranks


def _check_pair(X: ArrayLike, X_embedded: ArrayLike, min_samples: int) -> tuple[np.ndarray, np.ndarray]:
    X = check_array(X, min_samples=min_samples)
    X_embedded = check_array(X_embedded, name="X_embedded", min_samples=min_samples)
    if len(X) != len(X_embedded):
        raise ValueError(f"X_embedded must have one row for each of the {len(X)} rows of X (it had {len(X_embedded)})")
    return X, X_embedded
