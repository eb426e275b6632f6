"""The squared loss of linear regression, its gradient and its Hessian."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mlcourse.linear_model._checks import (
    as_targets,
    check_alpha,
    check_linear,
    finite_or_why,
    penalty,
    per_example,
    weighted_gram,
)

__all__ = ["squared_gradients", "squared_hessian", "squared_loss"]


def squared_losses(z: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """½ (z − y)² of each example, and its derivative z − y; no checks.

    Parameters
    ----------
    z, y : array of shape (n_samples,)
        Predictions x_i·θ, and what they should have been.

    Returns
    -------
    losses, derivatives : array of shape (n_samples,)
    """
    residuals = z - y
    return 0.5 * residuals * residuals, residuals


def squared_loss(
    theta: ArrayLike, X: ArrayLike, y: ArrayLike, *, alpha: float = 0.0
) -> tuple[float, np.ndarray]:
    """J(θ), the mean of ½ (x_i·θ − y_i)², and its gradient: linear regression's cost.

    It is −log p(y | x, θ) of a Gaussian of variance 1 around x·θ, but for a constant.
    J(θ) = (1/n) Σ ½ (x_i·θ − y_i)² + α/2 ‖θ‖².

    Parameters
    ----------
    theta : array_like of shape (n_features,)
        Parameters.
    X : array_like of shape (n_samples, n_features)
        Examples, one a row.  There is no separate intercept: give X a column of ones.
    y : array_like of shape (n_samples,)
        Numbers to predict.
    alpha : float, default=0.0
        Strength of the penalty, ≥ 0.

    Returns
    -------
    value : float
        In the unit of y, squared.
    gradient : array of shape (n_features,)
        float32 if X is.

    References
    ----------
    I. Goodfellow, Y. Bengio and A. Courville (2016), Deep learning, §5.9.

    Examples
    --------
    >>> value, gradient = squared_loss([1.0], [[1.0], [3.0]], [0.0, 5.0])
    >>> value, gradient.tolist()
    (1.25, [-2.5])
    """
    theta, X = check_linear(theta, X)
    y = as_targets(y, len(X), X.dtype)
    alpha = check_alpha(alpha)
    losses, residuals = squared_losses(X @ theta, y)
    value = losses.mean(dtype=np.float64) + penalty(theta, alpha)
    return finite_or_why(value, theta, X), residuals @ X / len(X) + alpha * theta


def squared_gradients(theta: ArrayLike, X: ArrayLike, y: ArrayLike) -> np.ndarray:
    """The gradient of every single example's loss: (x_i·θ − y_i) x_i.

    Parameters
    ----------
    theta : array_like of shape (n_features,)
        Parameters.
    X : array_like of shape (n_samples, n_features)
        Examples, one a row.
    y : array_like of shape (n_samples,)
        Numbers to predict.

    Returns
    -------
    array of shape (n_samples, n_features)
        Their mean is the gradient of `squared_loss` without penalty.

    Examples
    --------
    >>> squared_gradients([1.0], [[1.0], [3.0]], [0.0, 5.0]).tolist()
    [[1.0], [-6.0]]
    """
    theta, X = check_linear(theta, X)
    _, residuals = squared_losses(X @ theta, as_targets(y, len(X), X.dtype))
    return per_example(residuals, theta, X)


def squared_hessian(theta: ArrayLike, X: ArrayLike, *, alpha: float = 0.0) -> np.ndarray:
    """The Hessian of `squared_loss`: (1/n) XᵀX + α I, the same at every θ.

    Parameters
    ----------
    theta : array_like of shape (n_features,)
        Parameters; only their number counts.
    X : array_like of shape (n_samples, n_features)
        Examples, one a row.
    alpha : float, default=0.0
        Strength of the penalty, ≥ 0.

    Returns
    -------
    array of shape (n_features, n_features)
        Symmetric.

    Examples
    --------
    >>> squared_hessian([1.0], [[1.0], [3.0]])
    array([[5.]])
    """
    theta, X = check_linear(theta, X)
    return weighted_gram(X, np.ones(len(X), X.dtype), check_alpha(alpha))
