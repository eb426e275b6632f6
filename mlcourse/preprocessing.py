"""Scaling of features before they are learned from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcourse._validation import check_choice, check_is_fitted, validate_data
from mlcourse.base import BaseEstimator, TransformerMixin

__all__ = ["StandardScaler", "centered_blocks", "feature_means"]


# A block of so many samples is large enough for matrix products to be fast, and often small enough for a processor's cache.
_BLOCK_LENGTH = 1000


def centered_blocks(X: NDArray, mean: NDArray) -> Iterator[tuple[slice, NDArray]]:
    """Subtract the mean of each feature from the data, some samples at a time.

    What is needed of the centred data is often only a sum over the samples. By blocks it needs no second copy of
    the data in memory, but only one of 1,000 samples.

    Parameters
    ----------
    X : ndarray, shape (n_samples, n_features)
        The data.
    mean : ndarray, shape (n_features,)
        What to subtract.

    Yields
    ------
    rows : slice
        Which samples these are.
    block : ndarray, shape (n_block, n_features)
        ``X[rows] - mean`` in float64. The next block overwrites it.
    """
    buffer = np.empty((min(_BLOCK_LENGTH, len(X)), X.shape[1]))
    for start in range(0, len(X), _BLOCK_LENGTH):
        part = X[start : start + _BLOCK_LENGTH]
        yield slice(start, start + len(part)), np.subtract(part, mean, out=buffer[: len(part)])


def feature_means(X: NDArray) -> NDArray:
    """Compute the mean of each feature.

    The mean is taken of the differences from the first sample: a feature far from the origin then loses no digits in a long
    sum, and the mean of a constant feature is exactly that constant.

    Parameters
    ----------
    X : ndarray, shape (n_samples, n_features)
        The data.

    Returns
    -------
    ndarray, shape (n_features,)
        The means, float64.
    """
    first = X[0].astype(np.float64)
    # A product with ones sums over the samples faster than sum(axis=0).
    return first + sum(np.ones(len(block)) @ block for _, block in centered_blocks(X, first)) / len(X)


class StandardScaler(TransformerMixin, BaseEstimator):
    """Give every feature the mean 0 and the variance 1.

    Parameters
    ----------
    with_mean : bool
        Whether to subtract the mean.
    with_std : bool
        Whether to divide by the standard deviation (that of the data, with the divisor n_samples). A constant feature is
        divided by 1.

    Attributes
    ----------
    mean_ : ndarray, shape (n_features,), or None
        The mean of each feature; None if both parameters are False.
    var_ : ndarray, shape (n_features,), or None
        The variance of each feature; None if `with_std` is False.
    scale_ : ndarray, shape (n_features,), or None
        What each feature is divided by; None if `with_std` is False.
    n_samples_seen_ : int
        The number of samples in ``fit``.
    n_features_in_ : int
        The number of features in ``fit``.

    Examples
    --------
    >>> StandardScaler().fit_transform([[1.0, 5.0], [3.0, 5.0]])
    array([[-1.,  0.],
           [ 1.,  0.]])
    """

    _preserves_dtype = ("float64", "float32")

    def __init__(self, *, with_mean: bool = True, with_std: bool = True):
        self.with_mean = with_mean
        self.with_std = with_std

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Find the mean and the standard deviation of each feature.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)
            The data.
        y : None
            Not used.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If a variance is too large for a floating number.
        """
        check_choice(self.with_mean, "with_mean", (True, False))
        check_choice(self.with_std, "with_std", (True, False))
        X = validate_data(self, X, reset=True, dtype=(np.float64, np.float32))
        self.n_samples_seen_ = len(X)
        self.mean_ = self.var_ = self.scale_ = None
        if not (self.with_mean or self.with_std):
            return self
        with np.errstate(over="ignore", invalid="ignore"):
            self.mean_ = feature_means(X)
            var = sum(np.einsum("ij,ij->j", block, block) for _, block in centered_blocks(X, self.mean_)) / len(X)
        if not np.isfinite(var).all():
            raise ValueError("X holds numbers too large for their variance to be computed: divide it by a constant first")
        if self.with_std:
            self.var_ = var
            # Rounding can leave a constant feature with an error of n_samples times its last digit.
            std = np.sqrt(var)
            constant = std <= len(X) * np.finfo(np.float64).eps * np.abs(self.mean_)
            self.scale_ = np.where(constant, 1.0, std)
        return self

    def transform(self, X: ArrayLike) -> NDArray:
        """Scale data with the means and standard deviations found by ``fit``.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)
            The data.

        Returns
        -------
        ndarray, shape (n_samples, n_features)
            float32 if `X` is, else float64.
        """
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=(np.float64, np.float32))
        scaled = X.astype(np.float64)
        if self.with_mean:
            scaled -= self.mean_
        if self.with_std:
            scaled /= self.scale_
        return scaled.astype(X.dtype, copy=False)

    def inverse_transform(self, X: ArrayLike) -> NDArray:
        """Turn scaled data back into data on the original scale.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)
            Scaled data.

        Returns
        -------
        ndarray, shape (n_samples, n_features)
            float32 if `X` is, else float64.
        """
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=(np.float64, np.float32))
        original = X.astype(np.float64)
        if self.with_std:
            original *= self.scale_
        if self.with_mean:
            original += self.mean_
        return original.astype(X.dtype, copy=False)

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray:
        """Name the columns of the output: as those of the input.

        Parameters
        ----------
        input_features : array_like of str or None
            The names of the input's columns; None for those of ``fit``.

        Returns
        -------
        ndarray of str, shape (n_features,)
        """
        return self._names_in(input_features)
