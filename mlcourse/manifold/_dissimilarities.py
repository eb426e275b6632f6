"""What the methods that start from distances share: ClassicalMDS and SammonMapping."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlcourse._validation import check_choice
from mlcourse.manifold.distances import _distances_by_product

_BLOCK = 64  # rows that are compared with columns at a time


def distances_in_unit(X: NDArray, metric: str) -> tuple[NDArray, NDArray, int]:
    """The distances that an estimator was given, or those of its data, and their squares.

    The squares are in units of a power of two.  With it the largest numbers are about 1, so that no
    square leaves the range of floats, and no digit is lost.

    Parameters
    ----------
    X : array of shape (n_samples, n_features) or (n_samples, n_samples)
        Checked data, or distances.
    metric : {"euclidean", "precomputed"}
        Which of them it is.

    Returns
    -------
    distances : array of shape (n_samples, n_samples)
        Symmetric, with zeros on the diagonal.  It may be X itself.
    sq_distances : array of shape (n_samples, n_samples)
        Their squares as float64, divided by the square of the unit.
    exponent : int
        Of the unit, 2^exponent.

    Raises
    ------
    ValueError
        If `metric` is neither, or X is to hold distances and does not.
    """
    check_choice(metric, "metric", ("euclidean", "precomputed"))
    exponent = int(np.frexp(max(X.max(), -X.min()))[1])
    distances = check_dissimilarities(X) if metric == "precomputed" else None
    scaled = _times_power_of_two((X if distances is None else distances).astype(float), -exponent)
    if distances is not None:
        scaled *= scaled
        return distances, scaled, exponent
    sq_distances = _distances_by_product(scaled, scaled)
    return _times_power_of_two(np.sqrt(sq_distances), exponent), sq_distances, exponent


def _times_power_of_two(A: NDArray, exponent: int) -> NDArray:
    """A · 2^exponent, in A's memory."""
    if abs(exponent) > 1000:
        return np.ldexp(A, exponent, out=A)
    A *= 2.0**exponent  # much faster
    return A


def check_dissimilarities(D: NDArray, name: str = "X") -> NDArray:
    """Check a matrix of distances or other dissimilarities.

    Parameters
    ----------
    D : array of shape (n, n)
        Finite numbers.  What differs from a symmetric matrix with the diagonal 0 by rounding (by no
        more than the root of its type's precision, in units of the largest entry) is mended.
    name : str
        What the messages call it.

    Returns
    -------
    array of shape (n, n)
        `D`, or what it became by mending: symmetric, with zeros on the diagonal.

    Raises
    ------
    ValueError
        If it is not square, not symmetric, has a negative entry, or a diagonal that is not 0.
    """
    if D.shape[0] != D.shape[1]:
        raise ValueError(
            f"{name} must be a square matrix of distances, (n_samples, n_samples) "
            f"(its shape was {D.shape})"
        )
    if D.min() < 0:
        raise ValueError(
            f"Negative values in data: {name} must hold distances "
            f"(its smallest entry was {D.min():.6g})"
        )
    rounding = np.sqrt(np.finfo(D.dtype).eps) * D.max()
    diagonal = D.diagonal().max()
    if diagonal > rounding:
        raise ValueError(
            f"{name} must hold distances: that of a point to itself, on the diagonal, is 0 "
            f"(the largest there was {diagonal:.6g})"
        )
    asymmetry = _largest_asymmetry(D)
    if asymmetry > rounding:
        raise ValueError(
            f"{name} must hold distances, which are symmetric: as far from i to j as from j to i "
            f"(they differed by up to {asymmetry:.6g})"
        )
    if asymmetry:
        D = D / 2 + D.T / 2
    if diagonal:
        D = D.copy()
        np.fill_diagonal(D, 0)
    return D


def _largest_asymmetry(D: NDArray) -> float:
    largest = 0.0
    for start in range(0, len(D), _BLOCK):  # in blocks, for it is slow to read columns one by one
        block = slice(start, start + _BLOCK)
        largest = max(largest, float(np.abs(D[block, start:] - D[start:, block].T).max()))
    return largest
