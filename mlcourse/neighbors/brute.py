"""The exact nearest neighbours of every point, by looking at every pair."""

from __future__ import annotations

import numpy as np

from mlcourse._validation import check_array, check_number
from mlcourse.metrics._neighbors import Points

__all__ = ["nearest_neighbors"]

_BLOCK = 2**20  # entries of a block of distances: 4 MB in single precision
_DIFFERENCES = 2**16  # coordinates of differences taken at a time: 0.5 MB, which the cache holds
_SAMPLE = 2048  # points that tell how near the nearest of a row are


def nearest_neighbors(X: np.ndarray, n_neighbors: int) -> tuple[np.ndarray, np.ndarray]:
    """The n_neighbors nearest other points of every point, and how far away they are.

    Three steps, a block of rows at a time.  All distances, roughly: ‖a‖² + ‖b‖² − 2 a·b is one
    matrix product in single precision.  Some more candidates than wanted, the nearest by that
    measure; their distances again, from differences, in double precision.  Last, a proof: no
    point that was left out can, given the rounding errors, be nearer than those that are returned.
    Rows where the proof fails (in groups far from the centre, or where many points are at the same
    distance) go the same way once more with the product in double precision; those that fail
    again (of data with few different distances, most) are searched one by one in double precision.

    Time O(n² d); memory beyond the result about 25 MB and five copies of X.

    Parameters
    ----------
    X : array of shape (n_samples, n_features)
        Points.
    n_neighbors : int
        How many, 1 ≤ n_neighbors ≤ n_samples − 1.

    Returns
    -------
    indices : array of int, shape (n_samples, n_neighbors)
        The neighbours of every point, the nearest first.  Where points are equally far away,
        any of them may be taken; among more copies of a point than n_neighbors, each is a
        neighbour of equally many.  A point is not its own neighbour.
    sq_distances : array of shape (n_samples, n_neighbors)
        Their squared Euclidean distances.

    Raises
    ------
    ValueError
        If there are fewer than n_neighbors other points, or a squared distance exceeds the largest
        float (then divide X by a constant first).

    Examples
    --------
    >>> indices, sq_distances = nearest_neighbors([[0.0], [1.0], [3.0]], 1)
    >>> indices.ravel(), sq_distances.ravel()
    (array([1, 0, 1]), array([1., 1., 4.]))
    """
    X = check_array(X, min_samples=2)
    n, d = X.shape
    k = check_number(
        n_neighbors, "n_neighbors", low=1, high=n - 1, high_name="n_samples - 1", integer=True
    )
    points = Points(X)
    # An outlier does not move the median, and so leaves the others near the origin.
    A = points.X - np.median(points.X, axis=0)
    indices, sq_distances = np.empty((n, k), np.intp), np.empty((n, k))
    rows = np.arange(n)
    for precision in (np.float32, np.float64):
        rows = _find(points.X, A.astype(precision), rows, indices, sq_distances)
    for row in rows:
        _search(points, row, indices, sq_distances)
    _share_among_copies(X, indices, sq_distances)
    with np.errstate(over="ignore"):
        sq_distances *= points.unit**2
    if not np.isfinite(sq_distances).all():
        raise ValueError(
            "squared distances of X overflow the largest float, 1.8e308; divide X by a constant first"
        )
    return indices, sq_distances


def _find(
    X: np.ndarray,
    A: np.ndarray,
    rows: np.ndarray,
    indices: np.ndarray,
    sq_distances: np.ndarray,
) -> np.ndarray:
    """Fill in the neighbours of these rows of X and return the rows where they may be others.

    A holds the points about a centre, in the precision of the matrix product.
    """
    (n, d), k = X.shape, indices.shape[1]
    sq_norms = np.einsum("ij,ij->i", A, A)
    left = np.column_stack([-2 * A, np.ones_like(sq_norms)])
    right = np.vstack([A.T, sq_norms])
    # Bound of the error of a rough distance, in units of ‖a‖² + ‖b‖²: the sum of d + 1 products,
    # the norms and the rounded coordinates.  Below `tiny` floats lose digits: there it is absolute.
    error = (1.5 * d + 8) * np.finfo(A.dtype).eps
    absolute = 4 * (d + 8) * float(np.finfo(A.dtype).tiny)
    n_candidates = min(n - 1, k + k // 8 + 8)
    sample = np.sort(np.random.default_rng(0).permutation(n)[:_SAMPLE])
    step = max(1, min(len(rows), _BLOCK // n))
    memory, doubtful = np.empty((step, n), A.dtype), [rows[:0]]
    for start in range(0, len(rows), step):
        some = rows[start : start + step]
        rough = np.matmul(left[some], right, out=memory[: len(some)])  # without the row's ‖a‖²
        rough[np.arange(len(some)), some] = np.inf
        chosen, threshold = _smallest(rough, n_candidates, sample)
        exact = _from_differences(X, some, chosen)
        order = np.argsort(exact, axis=1, kind="stable")[:, :k]
        indices[some] = np.take_along_axis(chosen, order, axis=1)
        sq_distances[some] = np.take_along_axis(exact, order, axis=1)
        if n_candidates < n - 1:
            # For a point b left out, with r its rough distance: d² ≥ r − error (‖a‖² + ‖b‖²), where
            # ‖b‖² ≤ (‖a‖ + d)² ≤ 2 ‖a‖² + 2 d².
            bound = threshold.astype(float) - absolute + (1 - 3 * error) * sq_norms[some]
            nearest_left_out = bound / (1 + 2 * error)
            doubtful.append(some[~(sq_distances[some, -1] <= nearest_left_out)])
    return np.concatenate(doubtful)


def _smallest(values: np.ndarray, k: int, sample: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Columns of the k smallest values of each row, and a bound that no other value is below."""
    n_rows, n = values.shape
    # The sample tells below which value some 1.6 k of the row's values lie, enough that hardly ever
    # fewer than k do; only those need be compared with each other.
    rank = int(1.6 * k * len(sample) / n) + 12
    if n > 4 * len(sample) and rank < len(sample):
        bound = np.partition(values[:, sample], rank, axis=1)[:, rank, None]
        below = values <= bound
        count = np.count_nonzero(below, axis=1)
        if count.min() >= k and count.max() < n // 4:
            place = np.flatnonzero(below)
            row = np.repeat(np.arange(n_rows), count)
            slot = np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count)
            fewer = np.full((n_rows, count.max()), np.inf, values.dtype)
            columns = np.zeros(fewer.shape, np.intp)
            fewer[row, slot] = values.ravel()[place]
            columns[row, slot] = place - row * n
            chosen, threshold = _partitioned(fewer, k)
            return np.take_along_axis(columns, chosen, axis=1), threshold
    return _partitioned(values, k)


def _partitioned(values: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    chosen = np.argpartition(values, k - 1, axis=1)[:, :k]
    return chosen, np.take_along_axis(values, chosen, axis=1).max(axis=1)


def _from_differences(X: np.ndarray, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """‖x_i − x_j‖² between each row and its others, shape (n_rows, n_others)."""
    result = np.empty(others.shape)
    step = max(1, _DIFFERENCES // (others.shape[1] * X.shape[1]))
    memory = np.empty((step, others.shape[1], X.shape[1]))
    for start in range(0, len(rows), step):
        some = slice(start, start + step)
        difference = np.take(X, others[some], axis=0, out=memory[: len(rows[some])], mode="clip")
        difference -= X[rows[some], None]
        np.einsum("ijk,ijk->ij", difference, difference, out=result[some])
    return result


def _search(points: Points, row: int, indices: np.ndarray, sq_distances: np.ndarray) -> None:
    """Find the neighbours of one row among all points, in double precision."""
    distances = points.sq_distances(slice(row, row + 1))[0]
    k = indices.shape[1]
    nearest = np.argpartition(distances, k - 1)[:k]
    nearest = nearest[np.argsort(distances[nearest], kind="stable")]
    indices[row], sq_distances[row] = nearest, distances[nearest]


def _share_among_copies(X: np.ndarray, indices: np.ndarray, sq_distances: np.ndarray) -> None:
    """Let no copy of a point be the neighbour of all others: a graph of neighbours needs no hubs."""
    k = indices.shape[1]
    among_copies = np.flatnonzero(sq_distances[:, -1] == 0)
    if not len(among_copies):
        return
    _, group = np.unique(X[among_copies], axis=0, return_inverse=True)
    group = group.ravel()
    for copies in np.split(
        among_copies[np.argsort(group, kind="stable")], np.cumsum(np.bincount(group))[:-1]
    ):
        m = len(copies)
        if m > k:
            # Steps around a circle of the copies, at random: neighbours in turn would make a ring.
            steps = 1 + np.random.default_rng(0).permutation(m - 1)[:k]
            indices[copies] = copies[(np.arange(m)[:, None] + steps) % m]
