"""How noisy minibatch gradients are, and how far a constant learning rate lets them carry SGD."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array, check_number

__all__ = ["minibatch_covariance", "stationary_covariance"]


def minibatch_covariance(
    gradients: ArrayLike, batch_size: int, *, replace: bool = False
) -> np.ndarray:
    """The covariance of the mean gradient of a minibatch: S/b, times (n − b)/(n − 1) if none repeats.

    S is the covariance of the single examples' gradients (with divisor n: they are the whole
    population from which the batch is drawn).  With b = n and without replacement nothing is left
    to chance.

    Parameters
    ----------
    gradients : array_like of shape (n_samples, n_parameters)
        The gradient of every example's loss, one a row.
    batch_size : int
        b, 1 ≤ b, and b ≤ n_samples without replacement.
    replace : bool, default=False
        Whether an example can stand in a batch twice.

    Returns
    -------
    array of shape (n_parameters, n_parameters)
        Symmetric.  Its trace is the mean squared distance of the estimate from the true gradient.

    References
    ----------
    W. G. Cochran (1977), Sampling techniques, 3rd edition, theorem 2.2.

    Examples
    --------
    >>> minibatch_covariance([[0.0], [1.0], [2.0], [3.0]], 2)
    array([[0.41666667]])
    >>> minibatch_covariance([[0.0], [1.0], [2.0], [3.0]], 2, replace=True)
    array([[0.625]])
    """
    G = check_array(gradients, name="gradients")
    n = len(G)
    if not isinstance(replace, (bool, np.bool_)):
        raise TypeError(f"replace must be True or False (it was {replace!r})")
    b = check_number(
        batch_size,
        "batch_size",
        low=1,
        high=None if replace else n,
        high_name="n_samples",
        integer=True,
    )
    centred = G - G.mean(axis=0)
    S = centred.T @ centred / n
    if replace:
        return S / b
    return S * ((n - b) / (b * (n - 1))) if n > 1 else np.zeros_like(S)


def stationary_covariance(
    hessian: ArrayLike, noise_covariance: ArrayLike, learning_rate: float
) -> np.ndarray:
    """The covariance that SGD's parameters settle to on a quadratic with constant noise.

    One step maps the error to (I − ηH) error − η noise, so the covariance that a step does not
    change solves Σ = (I − ηH) Σ (I − ηH) + η² C.  Along the eigenvectors of H this is one number
    at a time, Σ_ij = η C_ij / (λ_i + λ_j − η λ_i λ_j); in one dimension η C / (λ (2 − ηλ)).

    Parameters
    ----------
    hessian : array_like of shape (n_parameters, n_parameters)
        H, symmetric and positive definite.
    noise_covariance : array_like of shape (n_parameters, n_parameters)
        C, the covariance of the gradient's estimate, symmetric; see `minibatch_covariance`.
    learning_rate : float
        η, 0 < η < 2/λ for every eigenvalue λ of H: beyond, nothing settles.

    Returns
    -------
    array of shape (n_parameters, n_parameters)
        Σ, symmetric.  For small η and C = σ² H it is nearly ησ²/2 · I.

    References
    ----------
    S. Mandt, M. D. Hoffman and D. M. Blei (2017), Stochastic gradient descent as approximate
    Bayesian inference, Journal of Machine Learning Research 18(134), §3, for the limit of
    small η.

    Examples
    --------
    >>> stationary_covariance([[2.0]], [[1.0]], learning_rate=0.5)
    array([[0.25]])
    """
    H = check_symmetric(hessian, "hessian")
    C = check_symmetric(noise_covariance, "noise_covariance")
    if C.shape != H.shape:
        raise ValueError(
            f"noise_covariance must have the shape of hessian, {H.shape} (its shape was {C.shape})"
        )
    eigenvalues, axes = np.linalg.eigh(H)
    if eigenvalues[0] <= 0:
        raise ValueError(
            f"hessian must be positive definite (its smallest eigenvalue was {eigenvalues[0]:.3g}):"
            " along a flat or falling direction nothing settles"
        )
    eta = check_number(
        learning_rate,
        "learning_rate",
        low=0,
        high=2 / eigenvalues[-1],
        closed="neither",
        high_name="2 / (largest eigenvalue of hessian)",
    )
    one, other = eigenvalues[:, None], eigenvalues[None, :]
    turned = eta * (axes.T @ C @ axes) / (one + other - eta * one * other)
    covariance = axes @ turned @ axes.T
    return (covariance + covariance.T) / 2


def check_symmetric(matrix: ArrayLike, name: str) -> np.ndarray:
    """Return a symmetric matrix, or say that it is not one.

    Parameters
    ----------
    matrix : array_like of shape (n, n)
        The matrix.
    name : str
        What messages call it.

    Returns
    -------
    array of shape (n, n)
    """
    A = check_array(matrix, name=name)
    if A.shape[0] != A.shape[1]:
        raise ValueError(f"{name} must be square (its shape was {A.shape})")
    if np.abs(A - A.T).max() > 1e-8 * np.abs(A).max():
        raise ValueError(f"{name} must be symmetric (it differs from its transpose)")
    return A
