"""Squared Euclidean distances between all points."""

from __future__ import annotations

import numpy as np

from mlcourse._validation import check_array

__all__ = ["squared_distances"]


def squared_distances(X: np.ndarray, Y: np.ndarray | None = None) -> np.ndarray:
    """Squared Euclidean distances between the rows of X, or between those of X and of Y.

    d_ij = ‖x_i − y_j‖².  Up to 2^28 differences of coordinates are taken one by one.  Beyond
    that, ‖x‖² + ‖y‖² − 2 x·y on centred data is one matrix product; wherever its terms cancel
    (points close together but far from the centre) the distance is taken again, one by one.

    Parameters
    ----------
    X : array of shape (n_samples_X, n_features)
        Points, one a row.
    Y : array of shape (n_samples_Y, n_features), default=None
        Other points; by default those of X.

    Returns
    -------
    array of shape (n_samples_X, n_samples_Y)
        The squared distances, never negative; with one argument symmetric with zeros on the
        diagonal.  Memory beyond it: up to four arrays of its size.

    Raises
    ------
    ValueError
        If X and Y differ in their number of features, or a squared distance exceeds the largest
        float (then divide the data by a constant first).

    Examples
    --------
    >>> squared_distances([[0, 0], [3, 4]])
    array([[ 0., 25.],
           [25.,  0.]])
    """
    X = check_array(X)
    Y = X if Y is None else check_array(Y, name="Y")
    if X.shape[1] != Y.shape[1]:
        raise ValueError(
            f"X and Y must have the same number of features (X has {X.shape[1]}, Y has {Y.shape[1]})"
        )
    with np.errstate(over="ignore", invalid="ignore"):
        if len(X) * len(Y) * X.shape[1] <= 2**28:
            D = _distances_by_differences(X, Y)
        else:
            D = _distances_by_product(X, Y)
    if not np.isfinite(D).all():
        raise ValueError(
            "squared distances of X overflow the largest float, 1.8e308; divide X by a constant first"
        )
    return D


def _distances_by_differences(X: np.ndarray, Y: np.ndarray) -> np.ndarray:
    D = np.empty((len(X), len(Y)))
    rows = max(1, 2**18 // max(1, Y.size))  # blocks of differences that stay in the cache
    for start in range(0, len(X), rows):
        block = slice(start, start + rows)
        differences = X[block, None] - Y
        np.einsum("ijk,ijk->ij", differences, differences, out=D[block])
    return D


def _distances_by_product(X: np.ndarray, Y: np.ndarray) -> np.ndarray:
    same, centre = Y is X, X.mean(axis=0)
    A = X - centre
    B = A if same else Y - centre
    sizes = np.add.outer(np.einsum("ij,ij->i", A, A), np.einsum("ij,ij->i", B, B))
    D = A @ B.T  # and all that follows in place: at this size a copy costs as much as the product
    D *= -2
    D += sizes
    if same:
        np.fill_diagonal(D, 0.0)
        np.fill_diagonal(sizes, 0.0)
    # The rounding error of D is some 1e-15 of `sizes`: below this share fewer than 11 digits are left.
    sizes *= 1e-4
    rows, columns = np.nonzero(~(D >= sizes))
    step = max(1, 2**20 // X.shape[1])
    for start in range(0, len(rows), step):
        i, j = rows[start : start + step], columns[start : start + step]
        difference = X[i] - Y[j]
        D[i, j] = np.einsum("ij,ij->i", difference, difference)
    return D


def check_distances(sq_distances: np.ndarray) -> np.ndarray:
    """Check a matrix of squared distances.

    Parameters
    ----------
    sq_distances : array_like of shape (n, n)
        Squared distances between n >= 2 points.

    Returns
    -------
    array of shape (n, n)
        The same as floats.

    Raises
    ------
    ValueError
        If it is not square, or has a negative or non-finite entry.
    """
    D = check_array(sq_distances, name="sq_distances", min_samples=2)
    if D.shape[0] != D.shape[1]:
        raise ValueError(f"sq_distances must be square, (n, n) (its shape was {D.shape})")
    if D.min() < 0:
        raise ValueError(f"sq_distances must not be negative (its smallest entry was {D.min()})")
    return D


def off_diagonal(A: np.ndarray) -> np.ndarray:
    """Each row without its diagonal entry.

    Parameters
    ----------
    A : array of shape (n, n)
        A square matrix.

    Returns
    -------
    array of shape (n, n − 1)
        Its rows, each one entry shorter.
    """
    n = len(A)
    return A.ravel()[1:].reshape(n - 1, n + 1)[:, :-1].reshape(n, n - 1)
