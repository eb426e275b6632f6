"""The matrix of distances that a tree of merges begins with."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array

__all__ = ["METRICS", "distances_to_the_rest", "pairwise"]

METRICS = ("euclidean", "l2", "manhattan", "l1", "cityblock", "cosine", "precomputed")
_FEW_FEATURES = 8  # up to here differences are quicker than a matrix product, and exact
_BLOCK = 2**16  # numbers in a block of rows: it stays in the cache


def pairwise(X: ArrayLike, metric: str | Callable, *, squared: bool = False) -> np.ndarray:
    """Distances between all points.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Two points or more, or their distances if `metric` is "precomputed".
    metric : str or callable
        One of `METRICS`, or a function of X that gives the matrix.
    squared : bool, default=False
        Whether to give squared Euclidean distances.

    Returns
    -------
    array of shape (n_samples, n_samples)
        A new matrix, exactly symmetric.

    Raises
    ------
    ValueError
        If they are not the distances of two points or more.
    """
    if not callable(metric) and metric not in METRICS:
        raise ValueError(
            f"metric must be one of {', '.join(map(repr, METRICS))}, or a function "
            f"(it was {metric!r})"
        )
    X = check_array(X, min_samples=2)
    if callable(metric) or metric == "precomputed":
        return _checked(X if metric == "precomputed" else metric(X), len(X))
    with np.errstate(over="ignore", invalid="ignore"):
        if metric == "cosine":
            D = _cosine(X)
        elif metric in ("euclidean", "l2"):
            D = _squares(X)
            if not squared:
                np.sqrt(D, out=D)
        else:
            D = _by_differences(X, np.abs)
    if not np.isfinite(D).all():
        raise _overflow()
    return D


def _overflow() -> ValueError:
    return ValueError(
        "distances between rows of X overflow the largest float: divide X by a constant first"
    )


def distances_to_the_rest(
    X: ArrayLike, metric: str | Callable, *, squared: bool = False
) -> tuple[Callable[[int], np.ndarray], int]:
    """The distances of one point at a time to those that have not had their turn.

    Parameters
    ----------
    X, metric, squared
        As in `pairwise`.

    Returns
    -------
    take : callable
        ``take(i)`` gives the distances from point i to all: infinity to those that were taken
        before, and to itself.  The next call overwrites them.
    n : int
        The number of points.
    """
    if not squared or np.ndim(X) != 2 or np.shape(X)[1] > _FEW_FEATURES:
        D = pairwise(X, metric, squared=squared)
        taken, out = np.zeros(len(D)), np.empty(len(D))

        def take(i: int) -> np.ndarray:
            taken[i] = np.inf
            return np.add(D[i], taken, out=out)

        return take, len(D)

    X = check_array(X, min_samples=2)
    with np.errstate(over="ignore"):
        if not np.isfinite(np.square(np.ptp(X, axis=0)).sum()):
            raise _overflow()
    features, points = X.T.copy(), X[:, :, None]
    differences = np.empty_like(features)
    first, *others = differences

    def take(i: int) -> np.ndarray:
        features[:, i] = np.inf
        np.subtract(features, points[i], out=differences)
        np.multiply(differences, differences, out=differences)
        for each in others:
            np.add(first, each, out=first)
        return first

    return take, len(X)


def _checked(D: ArrayLike, n: int) -> np.ndarray:
    D = check_array(D, name="the matrix of distances")
    if D.shape != (n, n):
        raise ValueError(
            f"the matrix of distances must be square, (n, n) (its shape was {D.shape})"
        )
    if D.min() < 0:
        raise ValueError(f"distances must not be negative (the smallest was {D.min():g})")
    if not np.allclose(D, D.T, rtol=1e-8, atol=1e-12 * D.max()):
        i, j = np.unravel_index(np.abs(D - D.T).argmax(), D.shape)
        raise ValueError(
            "the matrix of distances must be symmetric "
            f"(from {i} to {j} it had {D[i, j]:g}, back {D[j, i]:g})"
        )
    return (D + D.T) / 2


def _by_differences(X: np.ndarray, size: Callable) -> np.ndarray:
    n = len(X)
    D = np.empty((n, n))
    rows = max(1, _BLOCK // n)
    buffer = np.empty((rows, n))
    features = np.ascontiguousarray(X.T)
    for start in range(0, n, rows):
        part = D[start : start + rows]
        for i, x in enumerate(features):
            difference = buffer[: len(part)] if i else part
            np.subtract(x[start : start + rows, None], x, out=difference)
            size(difference, out=difference)
            if i:
                part += difference
    return D


def _squares(X: np.ndarray) -> np.ndarray:
    """Squared Euclidean distances; ‖x‖² + ‖y‖² − 2 x·y where that keeps its digits."""
    if X.shape[1] <= _FEW_FEATURES:
        return _by_differences(X, np.square)
    n = len(X)
    A = X - X.mean(axis=0)
    sizes = np.einsum("ij,ij->i", A, A)
    D = A @ A.T
    rows = max(1, _BLOCK // n)
    for start in range(0, n, rows):
        part = D[start : start + rows]
        terms = np.add.outer(sizes[start : start + rows], sizes)
        part *= -2
        part += terms
        terms *= 1e-4  # below this share of its terms, fewer than eleven digits are left
        i, j = np.nonzero(~(part >= terms))
        for few in range(0, len(i), max(1, 2**20 // X.shape[1])):
            chosen = slice(few, few + max(1, 2**20 // X.shape[1]))
            difference = X[start + i[chosen]] - X[j[chosen]]
            part[i[chosen], j[chosen]] = np.einsum("ij,ij->i", difference, difference)
    return D


def _cosine(X: np.ndarray) -> np.ndarray:
    norms = np.sqrt(np.einsum("ij,ij->i", X, X))
    if (norms == 0).any():
        raise ValueError(
            f'metric="cosine" needs directions, but row {int(norms.argmin())} of X has only zeros'
        )
    # Half the squared distance of unit vectors is 1 − cos, and keeps the digits of small angles.
    return _squares(X / norms[:, None]) / 2
