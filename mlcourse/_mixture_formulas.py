"""The two steps of EM as the formulas say them, for components with full covariance matrices.

`mlcourse.mixture` offers these functions; `GaussianMixture` does the same steps in a faster form.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._mixture_covariances import factor_precisions, soft_covariances
from mlcourse._validation import check_array, check_number

__all__ = ["log_gaussian_density", "responsibilities", "update_mixture"]


def log_gaussian_density(X: ArrayLike, means: ArrayLike, covariances: ArrayLike) -> np.ndarray:
    """Logarithm of the density of each Gaussian at each point.

    log N(x | μ, Σ) = −½ [d log 2π + log det Σ + (x − μ)ᵀ Σ⁻¹ (x − μ)].  With the Cholesky factor
    Σ = L Lᵀ the last term is ‖L⁻¹(x − μ)‖², and log det Σ is twice the sum of the logarithms of
    L's diagonal: no inverse and no determinant, which would overflow in many dimensions.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Points.
    means : array_like of shape (n_components, n_features)
        The means μ.
    covariances : array_like of shape (n_components, n_features, n_features)
        The covariance matrices Σ: symmetric and positive definite.

    Returns
    -------
    array of shape (n_samples, n_components)
        Natural logarithms.

    Raises
    ------
    ValueError
        If a covariance matrix is not positive definite, or the shapes do not fit.

    References
    ----------
    C. M. Bishop (2006), Pattern Recognition and Machine Learning, equation 2.43.

    Examples
    --------
    >>> log_gaussian_density([[0.0]], means=[[0.0]], covariances=[[[1.0]]]).round(4)
    array([[-0.9189]])
    """
    X, means, covariances = _check_components(X, means, covariances)
    density = np.empty((len(X), len(means)))
    for k, (mean, covariance) in enumerate(zip(means, covariances)):
        try:
            L = np.linalg.cholesky(covariance)
        except np.linalg.LinAlgError:
            L = np.full_like(covariance, np.nan)  # which is what WebAssembly returns instead
        if np.isnan(L).any():
            raise ValueError(f"covariances must be positive definite (number {k} was not)")
        y = np.linalg.solve(L, (X - mean).T)
        log_det = 2 * np.log(np.diagonal(L)).sum()
        density[:, k] = -0.5 * (X.shape[1] * np.log(2 * np.pi) + log_det + (y**2).sum(axis=0))
    return density


def responsibilities(
    X: ArrayLike, weights: ArrayLike, means: ArrayLike, covariances: ArrayLike
) -> tuple[np.ndarray, float]:
    """E step: how probable it is that each component made each point.

    r_ik = π_k N(x_i | μ_k, Σ_k) / Σ_j π_j N(x_i | μ_j, Σ_j).  The denominator is the mixture's
    density at x_i, so the log-likelihood comes along.  All is done with logarithms: far from every
    component the densities themselves would be 0, and their ratio 0/0.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Points.
    weights : array_like of shape (n_components,)
        The weights π, not negative, with the sum 1.
    means, covariances : array_like
        The components, as in `log_gaussian_density`.

    Returns
    -------
    R : array of shape (n_samples, n_components)
        The responsibilities; every row sums to 1.
    log_likelihood : float
        Mean over the points of the logarithm of the mixture's density, in nats.

    References
    ----------
    C. M. Bishop (2006), Pattern Recognition and Machine Learning, equation 9.23.

    Examples
    --------
    >>> R, _ = responsibilities([[0.0], [3.0]], [0.5, 0.5], [[0.0], [3.0]], np.ones((2, 1, 1)))
    >>> R.round(3)
    array([[0.989, 0.011],
           [0.011, 0.989]])
    """
    log_density = log_gaussian_density(X, means, covariances)
    weights = check_array(weights, name="weights", ndim=1)
    if weights.shape != (log_density.shape[1],) or (weights < 0).any() or weights.sum() <= 0:
        raise ValueError(
            f"weights must be {log_density.shape[1]} numbers >= 0, one for each of the means "
            f"(they were {weights})"
        )
    with np.errstate(divide="ignore"):  # the logarithm of the weight 0 is −inf, as it should be
        joint = np.log(weights) + log_density
    largest = joint.max(axis=1, keepdims=True)
    R = np.exp(joint - largest)
    total = R.sum(axis=1, keepdims=True)
    return R / total, float((np.log(total) + largest).mean())


def update_mixture(
    X: ArrayLike, responsibilities: ArrayLike, reg_covar: float = 1e-6
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """M step: each component takes the weighted share, mean and covariance of its points.

    With n_k = Σ_i r_ik: π_k = n_k / n, μ_k = Σ_i r_ik x_i / n_k and
    Σ_k = Σ_i r_ik (x_i − μ_k)(x_i − μ_k)ᵀ / n_k + reg_covar · I.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Points.
    responsibilities : array_like of shape (n_samples, n_components)
        What each component has of each point, not negative.
    reg_covar : float, default=1e-6
        Added to every variance, in the squared unit of the data.  Only with 0 is this the maximum
        that the M step looks for.

    Returns
    -------
    weights : array of shape (n_components,)
        Their sum is 1.
    means : array of shape (n_components, n_features)
        A component that has nothing of any point gets the mean of all.
    covariances : array of shape (n_components, n_features, n_features)

    Raises
    ------
    ValueError
        If reg_covar = 0 and a component has collapsed, on one point for instance: its covariance
        has no inverse and its density no bound.

    References
    ----------
    C. M. Bishop (2006), Pattern Recognition and Machine Learning, equations 9.24–9.26.

    Examples
    --------
    >>> R = [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]
    >>> update_mixture([[0.0], [2.0], [5.0], [9.0]], R)[1]
    array([[1.],
           [7.]])
    """
    X = check_array(X)
    R = check_array(responsibilities, name="responsibilities")
    reg_covar = check_number(reg_covar, "reg_covar", low=0)
    if len(R) != len(X) or (R < 0).any() or R.sum() <= 0:
        raise ValueError(
            f"responsibilities must have a row of numbers >= 0 for each of the {len(X)} points, "
            f"and not be all 0 (its shape was {R.shape})"
        )
    n_k = R.sum(axis=0)
    center = X.mean(axis=0)
    # The share of a component that has nothing is 0/0: it is put to 0 and its mean to the centre.
    shares = R / np.where(n_k > 0, n_k, 1.0)
    means = shares.T @ (X - center)
    covariances = soft_covariances(X - center, shares, n_k, means, "full")
    covariances += reg_covar * np.eye(X.shape[1])
    factor_precisions(covariances, "full", reg_covar, X)
    return n_k / n_k.sum(), means + center, covariances


def _check_components(X, means, covariances):
    X = check_array(X)
    means = check_array(means, name="means")
    covariances = check_array(covariances, name="covariances", ndim=3)
    d = X.shape[1]
    if means.shape[1] != d or covariances.shape != (len(means), d, d):
        raise ValueError(
            f"means and covariances must have shapes (n_components, {d}) and (n_components, {d}, "
            f"{d}), for X has {d} features (they were {means.shape} and {covariances.shape})"
        )
    return X, means, covariances
