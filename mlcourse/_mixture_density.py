"""What a fitted mixture is used for: densities, components, samples and criteria."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcourse import _mixture_covariances as cov
from mlcourse._validation import check_is_fitted, check_number, check_random_state, validate_data
from mlcourse.base import BaseEstimator

__all__ = ["MixtureDensity"]


class MixtureDensity(BaseEstimator):
    """A density with `weights_`, `means_`, `covariances_` and `precisions_cholesky_`."""

    def _log_joint(self, X: ArrayLike) -> np.ndarray:
        """Logarithm of weight times density, (n_samples, n_components)."""
        check_is_fitted(self, "means_")
        X = validate_data(self, X, reset=False)
        factors = self.precisions_cholesky_
        with np.errstate(divide="ignore"):
            log_weights = np.log(self.weights_)
        return cov.log_densities(X, self.means_, factors, self.covariance_type) + log_weights

    def score_samples(self, X: ArrayLike) -> np.ndarray:
        """Give the logarithm of the mixture's density at each point.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            Points.

        Returns
        -------
        array of shape (n_samples,)
            In nats.
        """
        return _log_sum_exp(self._log_joint(X))

    def score(self, X: ArrayLike, y: Any = None) -> float:
        """Give the mean of the log-density over points.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            Points.
        y : None
            Not used.

        Returns
        -------
        float
            In nats per point.
        """
        return float(self.score_samples(X).mean())

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Find the most probable component of each point.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            Points.

        Returns
        -------
        array of int, shape (n_samples,)
            From 0 to n_components − 1.
        """
        return self._log_joint(X).argmax(axis=1)

    def predict_proba(self, X: ArrayLike) -> np.ndarray:
        """Give the responsibilities: how probable it is that each component made each point.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            Points.

        Returns
        -------
        array of shape (n_samples, n_components)
            Rows sum to 1.
        """
        joint = self._log_joint(X)
        return np.exp(joint - _log_sum_exp(joint)[:, None])

    def sample(self, n_samples: int = 1) -> tuple[np.ndarray, np.ndarray]:
        """Draw points from the mixture.

        Parameters
        ----------
        n_samples : int, default=1
            How many.

        Returns
        -------
        X : array of shape (n_samples, n_features)
            The points, component by component.
        y : array of int, shape (n_samples,)
            Which component made each.
        """
        check_is_fitted(self, "means_")
        n_samples = check_number(n_samples, "n_samples", low=1, integer=True)
        rng = check_random_state(self.random_state)
        k, d = self.means_.shape
        counts = rng.multinomial(n_samples, self.weights_ / self.weights_.sum())
        y = np.repeat(np.arange(k), counts.astype(np.intp))
        X = rng.standard_normal((n_samples, d))
        for j in range(k):
            rows = y == j
            if self.covariance_type in ("full", "tied"):
                tied = self.covariance_type == "tied"
                L = np.linalg.cholesky(self.covariances_ if tied else self.covariances_[j])
                X[rows] = X[rows] @ L.T
            else:
                X[rows] *= np.sqrt(self.covariances_[j])
        return X + self.means_[y], y

    def bic(self, X: ArrayLike) -> float:
        """Bayesian information criterion: −2 log L + p log n; the lower, the better.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The points whose likelihood L it is, as a rule those of `fit`.

        Returns
        -------
        float
            With the n points and the p free parameters of the mixture.

        References
        ----------
        G. Schwarz (1978), Estimating the dimension of a model.
        """
        log_density = self.score_samples(X)
        return float(-2 * log_density.sum() + self._n_parameters() * np.log(len(log_density)))

    def aic(self, X: ArrayLike) -> float:
        """Akaike's information criterion: −2 log L + 2 p; the lower, the better.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The points whose likelihood L it is, as a rule those of `fit`.

        Returns
        -------
        float
            With the p free parameters of the mixture.

        References
        ----------
        H. Akaike (1974), A new look at the statistical model identification.
        """
        return float(-2 * self.score_samples(X).sum() + 2 * self._n_parameters())

    def _n_parameters(self) -> int:
        return cov.n_parameters(self.covariance_type, *self.means_.shape)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.estimator_type = "density_estimator"
        return tags


def _log_sum_exp(joint: np.ndarray) -> np.ndarray:
    largest = joint.max(axis=1)
    return largest + np.log(np.exp(joint - largest[:, None]).sum(axis=1))
