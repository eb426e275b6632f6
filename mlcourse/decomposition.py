"""Linear maps of data to fewer dimensions."""

from __future__ import annotations

from numbers import Integral
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcourse._principal_axes import check_squares, principal_axes, principal_axes_from_scatter, scatter_matrix
from mlcourse._validation import check_array, check_choice, check_is_fitted, check_number, validate_data
from mlcourse.base import BaseEstimator, TransformerMixin
from mlcourse.preprocessing import centered_blocks, feature_means

__all__ = ["PCA", "principal_axes", "principal_axes_from_scatter", "scatter_matrix"]

# A variance computed from squares has an error of about 1e-16 times the largest one. It has about ten right digits if it is
# at least this part of that, and the seven of float32 if it is at least the second.
_SMALLEST_RATIO = {"float64": 1e-6, "float32": 1e-8}


class PCA(TransformerMixin, BaseEstimator):
    """Principal component analysis: the linear map to few dimensions that keeps most of the variance.

    Parameters
    ----------
    n_components : int, float or None
        How many components to keep: a number of them; a share of the variance between 0 and 1, for the smallest number
        that explains more than it; None for all, min(n_samples, n_features).
    whiten : bool
        Whether to divide each component by its standard deviation. A component without variance stays 0.

    Attributes
    ----------
    components_ : ndarray, shape (n_kept, n_features)
        The principal axes as orthonormal rows, by descending variance; in each, the entry of largest magnitude is
        positive.
    explained_variance_ : ndarray, shape (n_kept,)
        The variance along each axis, with the divisor n_samples - 1.
    explained_variance_ratio_ : ndarray, shape (n_kept,)
        Its share of the total variance; 0 if that is 0.
    singular_values_ : ndarray, shape (n_kept,)
        The singular values of the centred data.
    mean_ : ndarray, shape (n_features,)
        The mean of each feature.
    n_components_ : int
        The number of components that are kept.
    noise_variance_ : float
        The mean variance along the axes that are not kept.
    n_samples_ : int
        The number of samples in ``fit``.
    n_features_in_ : int
        The number of features in ``fit``.

    Notes
    -----
    With at least as many samples as features the axes come from the scatter matrix, wherever that leaves about ten digits of the
    smallest variance that is kept; else from the singular value decomposition of the centred data. Beside the data, this
    needs memory for the scatter matrix, or for two copies of the data.
    All is computed in float64; of float32 data the attributes and the output are float32.

    References
    ----------
    K. Pearson (1901), On lines and planes of closest fit to systems of points in space.
    M. E. Tipping and C. M. Bishop (1999), Probabilistic principal component analysis, equation 8 (``noise_variance_``).

    Examples
    --------
    >>> pca = PCA(n_components=1).fit([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]])
    >>> pca.components_
    array([[0.6, 0.8]])
    """

    _preserves_dtype = ("float64", "float32")

    def __init__(self, n_components: int | float | None = None, *, whiten: bool = False):
        self.n_components = n_components
        self.whiten = whiten

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Find the principal axes of the data.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)
            The data, of two samples or more.
        y : None
            Not used.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If `n_components` is out of range or a variance is too large for a floating number.
        """
        self._fit(X)
        return self

    def fit_transform(self, X: ArrayLike, y: Any = None) -> NDArray:
        """Find the principal axes of the data and project the data on them.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)
            The data, of two samples or more.
        y : None
            Not used.

        Returns
        -------
        ndarray, shape (n_samples, n_kept)
        """
        return self._project(self._fit(X))

    def _fit(self, X: ArrayLike) -> NDArray:
        X = validate_data(self, X, reset=True, dtype=(np.float64, np.float32), min_samples=2, finite=False)
        n_samples = len(X)
        n_components = _check_n_components(self.n_components, min(X.shape))
        check_choice(self.whiten, "whiten", (True, False))
        fast = n_samples >= X.shape[1]
        if fast:
            scatter, mean = scatter_matrix(X)
            singular_values, axes = principal_axes_from_scatter(scatter)
            kept = _count_components(n_components, singular_values)
            fast = singular_values[kept - 1] ** 2 > _SMALLEST_RATIO[X.dtype.name] * singular_values[0] ** 2
        if not fast:
            with np.errstate(over="ignore", invalid="ignore"):
                mean = feature_means(X)
                centered = X - mean
                check_squares(np.vdot(centered, centered), X)
            singular_values, axes = principal_axes(centered)
            kept = _count_components(n_components, singular_values)

        variance = singular_values**2 / (n_samples - 1)
        self.n_samples_ = n_samples
        self.n_components_ = kept
        self.noise_variance_ = float(variance[kept:].mean()) if kept < len(variance) else 0.0
        self.mean_ = mean.astype(X.dtype)
        self.components_ = axes[:kept].astype(X.dtype)
        self.singular_values_ = singular_values[:kept].astype(X.dtype)
        self.explained_variance_ = variance[:kept].astype(X.dtype)
        self.explained_variance_ratio_ = (variance[:kept] / (variance.sum() or 1.0)).astype(X.dtype)
        return X

    @property
    def _n_features_out(self) -> int:
        return self.n_components_

    def _deviations(self) -> NDArray:
        return np.sqrt(self.explained_variance_.astype(np.float64))

    def _project(self, X: NDArray) -> NDArray:
        projection = self.components_.T.astype(np.float64)
        if self.whiten:
            deviations = self._deviations()
            # Along an axis without variance there is only rounding: divided by infinity it stays 0.
            negligible = deviations <= np.finfo(X.dtype).eps * deviations[0] * max(self.n_samples_, self.n_features_in_)
            projection /= np.where(negligible, np.inf, deviations)
        if X.dtype == self.mean_.dtype == np.float64 and self.mean_ @ self.mean_ < 100 * self.explained_variance_.sum():
            # Near the origin subtracting afterwards costs a digit at most, and is faster.
            return X @ projection - self.mean_ @ projection
        scores = np.empty((len(X), self.n_components_), dtype=X.dtype)
        for rows, block in centered_blocks(X, self.mean_):
            scores[rows] = block @ projection
        return scores

    def transform(self, X: ArrayLike) -> NDArray:
        """Project data on the principal axes.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)
            The data.

        Returns
        -------
        ndarray, shape (n_samples, n_kept)
            float32 if `X` is, else float64.
        """
        check_is_fitted(self, "components_")
        return self._project(validate_data(self, X, reset=False, dtype=(np.float64, np.float32)))

    def inverse_transform(self, X: ArrayLike) -> NDArray:
        """Turn projections back into data: the points of the principal subspace that they are the projections of.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_kept)
            Projections.

        Returns
        -------
        ndarray, shape (n_samples, n_features)
            float32 if `X` is, else float64.

        Raises
        ------
        ValueError
            If `X` does not have `n_components_` columns.
        """
        check_is_fitted(self, "components_")
        X = check_array(X, dtype=(np.float64, np.float32))
        if X.shape[1] != self.n_components_:
            raise ValueError(f"X must have n_components_ = {self.n_components_} columns (it had {X.shape[1]})")
        scores = X * self._deviations() if self.whiten else X
        return (scores @ self.components_.astype(np.float64) + self.mean_).astype(X.dtype)


def _check_n_components(value: Any, largest: int) -> int | float:
    if value is None:
        return largest
    try:
        if isinstance(value, Integral):
            return check_number(value, "n_components", low=1, high=largest, integer=True)
        return check_number(value, "n_components", low=0, high=1, closed="neither")
    except (TypeError, ValueError) as error:
        raise type(error)(
            f"n_components must be an integer with 1 <= n_components <= min(n_samples, n_features) = {largest}, "
            f"a share of the variance with 0 < n_components < 1, or None (it was {value!r})"
        ) from None


def _count_components(n_components: int | float, singular_values: NDArray) -> int:
    if isinstance(n_components, int):
        return n_components
    explained = np.cumsum(singular_values**2)
    if explained[-1] == 0:
        return 1
    return min(int(np.searchsorted(explained / explained[-1], n_components, side="right")) + 1, len(explained))
