"""Logistic regression's loss, its gradient and its Hessian, as functions of the parameters."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mlcourse.linear_model._checks import (
    as_labels,
    check_alpha,
    check_linear,
    finite_or_why,
    penalty,
    per_example,
    weighted_gram,
)

__all__ = ["logistic_gradients", "logistic_hessian", "logistic_loss", "sigmoid"]

_MANY = 500  # from about here on a number costs more than a call


def sigmoid(z: ArrayLike) -> np.ndarray:
    """σ(z) = 1 / (1 + exp(−z)), without overflow: the probability whose log-odds are z.

    Parameters
    ----------
    z : array_like
        Log-odds in nats, of any shape; infinities are allowed.

    Returns
    -------
    ndarray or float
        Probabilities, to full relative precision also where they are tiny; float32 stays float32.

    Examples
    --------
    >>> sigmoid([-800.0, 0.0, 800.0]).tolist()
    [0.0, 0.5, 1.0]
    """
    z = np.asarray(z)
    if z.dtype not in (np.float32, np.float64):
        z = z.astype(np.float64)
    e = np.exp(-np.abs(z))  # never above 1
    return (np.where(z >= 0, 1, e) / (1 + e)).astype(z.dtype, copy=False)[()]


def margin_losses(z: np.ndarray, signs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """−log p(y | z) of each example, and its derivative by z; no checks.

    With the sign s = 2y − 1 both labels have one formula, L = log(1 + exp(−s z)).  Its derivative
    −s σ(−s z) = s (exp(−L) − 1) needs no second logistic function.

    Parameters
    ----------
    z : array of shape (n_samples,)
        Log-odds x_i·θ.
    signs : array of shape (n_samples,)
        +1 for label 1, −1 for label 0.

    Returns
    -------
    losses, derivatives : array of shape (n_samples,)
    """
    if z.size < _MANY:
        # logaddexp(0, a) = max(a, 0) + log(1 + exp(−|a|)): nothing overflows, nothing cancels.
        losses = np.logaddexp(0, -signs * z)
        return losses, signs * np.expm1(-losses)
    # The same by more calls but half as much work: with e = exp(−|m|) of the margins m = s z,
    # L = log(1 + e) − min(m, 0), and σ(−m) is e / (1 + e), or 1 / (1 + e) if m is negative.
    m = signs * z
    e = np.abs(m)
    np.exp(np.negative(e, out=e), out=e)
    derivatives = np.where(m >= 0, e, z.dtype.type(1))
    derivatives /= 1 + e
    derivatives *= -signs
    losses = np.log1p(e, out=e)
    losses -= np.minimum(m, 0, out=m)
    return losses, derivatives


def logistic_loss(
    theta: ArrayLike, X: ArrayLike, y: ArrayLike, *, alpha: float = 0.0
) -> tuple[float, np.ndarray]:
    """J(θ), the mean of −log p(y_i | x_i, θ), and its gradient: logistic regression's cost.

    The model says p(y = 1 | x, θ) = σ(x·θ), so that with s = 2y − 1 one example costs
    L = log(1 + exp(−s x·θ)).  J(θ) = (1/n) Σ L_i + α/2 ‖θ‖².

    Parameters
    ----------
    theta : array_like of shape (n_features,)
        Parameters.
    X : array_like of shape (n_samples, n_features)
        Examples, one a row.  There is no separate intercept: give X a column of ones.
    y : array_like of shape (n_samples,)
        Labels, 0 or 1.
    alpha : float, default=0.0
        Strength of the penalty, ≥ 0.  scikit-learn's C is 1 / (n_samples · alpha).

    Returns
    -------
    value : float
        In nats.
    gradient : array of shape (n_features,)
        float32 if X is.

    Raises
    ------
    ValueError
        If the labels are not 0 and 1, or shapes do not fit, or something is not finite.

    References
    ----------
    C. M. Bishop (2006), Pattern recognition and machine learning, §4.3.2.

    Examples
    --------
    >>> value, gradient = logistic_loss([0.0], [[1.0], [3.0]], [0, 1])
    >>> print(f"{value:.4f}", gradient)
    0.6931 [-0.5]
    """
    theta, X = check_linear(theta, X)
    signs = as_labels(y, len(X), X.dtype)
    alpha = check_alpha(alpha)
    losses, derivatives = margin_losses(X @ theta, signs)
    value = losses.mean(dtype=np.float64) + penalty(theta, alpha)
    return finite_or_why(value, theta, X), derivatives @ X / len(X) + alpha * theta


def logistic_gradients(theta: ArrayLike, X: ArrayLike, y: ArrayLike) -> np.ndarray:
    """The gradient of every single example's loss: (σ(x_i·θ) − y_i) x_i.

    Their mean is the gradient of `logistic_loss` without penalty; a minibatch's estimate of it is
    the mean of some of them.

    Parameters
    ----------
    theta : array_like of shape (n_features,)
        Parameters.
    X : array_like of shape (n_samples, n_features)
        Examples, one a row.
    y : array_like of shape (n_samples,)
        Labels, 0 or 1.

    Returns
    -------
    array of shape (n_samples, n_features)

    Examples
    --------
    >>> logistic_gradients([0.0], [[1.0], [3.0]], [0, 1]).tolist()
    [[0.5], [-1.5]]
    """
    theta, X = check_linear(theta, X)
    _, derivatives = margin_losses(X @ theta, as_labels(y, len(X), X.dtype))
    return per_example(derivatives, theta, X)


def logistic_hessian(theta: ArrayLike, X: ArrayLike, *, alpha: float = 0.0) -> np.ndarray:
    """The Hessian of `logistic_loss`: (1/n) Σ p_i (1 − p_i) x_i x_iᵀ + α I with p_i = σ(x_i·θ).

    The labels are not in it.  It is never indefinite: the loss is convex.

    Parameters
    ----------
    theta : array_like of shape (n_features,)
        Parameters.
    X : array_like of shape (n_samples, n_features)
        Examples, one a row.
    alpha : float, default=0.0
        Strength of the penalty, ≥ 0.

    Returns
    -------
    array of shape (n_features, n_features)
        Symmetric.  Besides it only blocks of some thousand rows of X are allocated.

    Examples
    --------
    >>> logistic_hessian([0.0], [[1.0], [3.0]])
    array([[1.25]])
    """
    theta, X = check_linear(theta, X)
    alpha = check_alpha(alpha)
    z = X @ theta
    return weighted_gram(X, margin_curvatures(z), alpha)


def margin_curvatures(z: np.ndarray, signs: np.ndarray | None = None) -> np.ndarray:
    """σ(z) σ(−z), the second derivative of the loss by z; no checks.

    Parameters
    ----------
    z : array of shape (n_samples,)
        Log-odds.
    signs : object, optional
        Not looked at: the curvature is that of either label.

    Returns
    -------
    array of shape (n_samples,)
        Between 0 and 1/4.
    """
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2
