"""The directions in which data varies most, in two ways: exact, or fast."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlcourse._validation import check_array
from mlcourse.preprocessing import centered_blocks, feature_means

__all__ = ["check_squares", "principal_axes", "principal_axes_from_scatter", "scatter_matrix"]


def principal_axes(centered: NDArray) -> tuple[NDArray, NDArray]:
    """Find the directions in which centred data varies most: its right singular vectors.

    Parameters
    ----------
    centered : ndarray, shape (n_samples, n_features)
        The data, each feature with the mean 0.

    Returns
    -------
    singular_values : ndarray, shape (min(n_samples, n_features),)
        The root of the sum of squares along each axis, in descending order.
    axes : ndarray, shape (min(n_samples, n_features), n_features)
        Orthonormal rows; in each, the entry of largest magnitude is positive.

    References
    ----------
    I. T. Jolliffe (2002), Principal Component Analysis, 2nd ed., section 3.5.
    """
    if len(centered) > centered.shape[1]:
        # The triangle R of X = QR has the singular values and the right singular vectors of X, and is smaller.
        centered = np.linalg.qr(centered, mode="r")
    _, singular_values, axes = np.linalg.svd(centered, full_matrices=False)
    return singular_values, _with_positive_peaks(axes)


def principal_axes_from_scatter(scatter: NDArray) -> tuple[NDArray, NDArray]:
    """Find the same directions as the eigenvectors of the scatter matrix of the data.

    This is several times faster when there are many samples, but less exact: the scatter's entries are squares, so what is
    less than 1e-8 of the largest singular value is lost in its rounding.

    Parameters
    ----------
    scatter : ndarray, shape (n_features, n_features)
        ``centered.T @ centered``.

    Returns
    -------
    singular_values : ndarray, shape (n_features,)
        In descending order.
    axes : ndarray, shape (n_features, n_features)
        Orthonormal rows; in each, the entry of largest magnitude is positive.

    References
    ----------
    I. T. Jolliffe (2002), Principal Component Analysis, 2nd ed., section 1.1.
    """
    eigenvalues, eigenvectors = np.linalg.eigh(scatter)
    # Rounding can make an eigenvalue that is 0 slightly negative.
    return np.sqrt(np.maximum(eigenvalues[::-1], 0)), _with_positive_peaks(eigenvectors.T[::-1])


def scatter_matrix(X: NDArray) -> tuple[NDArray, NDArray]:
    """Compute the scatter matrix of data about its mean.

    It is ``X.T @ X - n_samples * outer(mean, mean)``, which takes half the time of subtracting the mean from the data first.
    But far from the origin this is the small difference of large numbers: where it would lose more than about two digits, the
    mean is subtracted first after all.

    Parameters
    ----------
    X : ndarray, shape (n_samples, n_features)
        The data.

    Returns
    -------
    scatter : ndarray, shape (n_features, n_features)
        ``(X - mean).T @ (X - mean)``, float64.
    mean : ndarray, shape (n_features,)
        The mean of each feature, float64.

    Raises
    ------
    ValueError
        If `X` holds numbers whose squares are too large for floating numbers.
    """
    n_samples = len(X)
    with np.errstate(over="ignore", invalid="ignore"):
        if X.dtype == np.float64:
            mean = np.ones(n_samples) @ X / n_samples
            scatter = X.T @ X - n_samples * np.outer(mean, mean)
            if n_samples * mean @ mean < 100 * np.trace(scatter) < np.inf:
                return scatter, mean
        mean = feature_means(X)
        scatter = sum(block.T @ block for _, block in centered_blocks(X, mean))
    check_squares(np.trace(scatter), X)
    return scatter, mean


def check_squares(total: float, X: NDArray) -> None:
    """Raise ValueError if a sum of the data's squares, `total`, is not finite, and say why.

    NaN and infinities in the data show here too, which saves a pass over the data to look for them.

    Parameters
    ----------
    total : float
        The sum.
    X : ndarray, shape (n_samples, n_features)
        The data.
    """
    if not np.isfinite(total):
        check_array(X)
        raise ValueError("X holds numbers too large for their variance to be computed: divide it by a constant first")


def _with_positive_peaks(axes: NDArray) -> NDArray:
    # An axis and its negative are equally good: this choice makes the result the same on every machine.
    peaks = np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, np.newaxis], axis=1)
    return axes * np.where(peaks < 0, -1, 1)
