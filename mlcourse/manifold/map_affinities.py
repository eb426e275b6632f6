"""The affinities q of a map: Gaussian, Gaussian with a uniform background, Student's t.

They are computed as logarithms, so that a pair far apart still has one when q itself is rounded to
zero: the divergences need log q.
"""

from __future__ import annotations

import numpy as np

from mlcourse._validation import check_array, check_number
from mlcourse.manifold.distances import squared_distances

__all__ = [
    "gaussian_map_conditional",
    "gaussian_map_joint",
    "student_joint",
    "unisne_map_joint",
]


def log_gaussian_map(Y: np.ndarray, axis: int | None) -> np.ndarray:
    """log of exp(−d_ij²) over its sum along the axis.

    Parameters
    ----------
    Y : array of shape (n_samples, n_components)
        The map.
    axis : 1 or None
        1 for conditional probabilities, None for joint ones.

    Returns
    -------
    array of shape (n_samples, n_samples)
        −inf on the diagonal, finite elsewhere even where the probability itself is rounded to 0.
    """
    A = -squared_distances(Y)
    np.fill_diagonal(A, -np.inf)
    A -= A.max(axis=axis, keepdims=True)
    return A - np.log(np.exp(A).sum(axis=axis, keepdims=True))


def gaussian_map_conditional(Y: np.ndarray) -> np.ndarray:
    """q(j|i) = exp(−‖y_i − y_j‖²) / Σ_{k≠i} exp(−‖y_i − y_k‖²): SNE's neighbours in the map.

    Parameters
    ----------
    Y : array of shape (n_samples, n_components)
        The map.

    Returns
    -------
    array of shape (n_samples, n_samples)
        Rows sum to 1; the diagonal is 0.

    References
    ----------
    G. Hinton and S. Roweis (2002), Stochastic neighbor embedding, equation 3 (all widths 1/√2).
    """
    return np.exp(log_gaussian_map(check_array(Y, name="Y", min_samples=2), axis=1))


def gaussian_map_joint(Y: np.ndarray) -> np.ndarray:
    """q_ij = exp(−‖y_i − y_j‖²) / Σ_{k≠l} exp(−‖y_k − y_l‖²): symmetric SNE's.

    Parameters
    ----------
    Y : array of shape (n_samples, n_components)
        The map.

    Returns
    -------
    array of shape (n_samples, n_samples)
        All entries together sum to 1; the diagonal is 0.
    """
    return np.exp(log_gaussian_map(check_array(Y, name="Y", min_samples=2), axis=None))


def log_unisne_map(Y: np.ndarray, background: float) -> tuple[np.ndarray, np.ndarray]:
    """log of the Gaussian joint probabilities and of UNI-SNE's mixture.

    Parameters
    ----------
    Y : array of shape (n_samples, n_components)
        The map.
    background : float
        λ, 0 ≤ λ < 1.

    Returns
    -------
    log_gaussian, log_Q : arrays of shape (n_samples, n_samples)
        log g_ij and log q_ij; −inf on the diagonal.
    """
    background = check_number(background, "background", low=0, high=1, closed="left")
    n = len(Y)
    log_gaussian = log_gaussian_map(Y, axis=None)
    if background == 0:
        return log_gaussian, log_gaussian
    log_Q = np.logaddexp(np.log1p(-background) + log_gaussian, np.log(background / (n * (n - 1))))
    np.fill_diagonal(log_Q, -np.inf)
    return log_gaussian, log_Q


def unisne_map_joint(Y: np.ndarray, background: float = 0.2) -> np.ndarray:
    """UNI-SNE's map affinities: the Gaussian's, mixed with a uniform background (eq-unisne).

    q_ij = (1 − λ) exp(−‖y_i − y_j‖²) / Σ_{k≠l} exp(−‖y_k − y_l‖²) + λ / (n(n − 1)) for i ≠ j.
    The sums run over the ordered pairs, of which there are n(n − 1), so that all q_ij together
    are 1.  (With unordered pairs, as in the paper, both q and the background are twice that.)

    Parameters
    ----------
    Y : array of shape (n_samples, n_components)
        The map.
    background : float, default=0.2
        λ, the share of the uniform background, 0 ≤ λ < 1.

    Returns
    -------
    array of shape (n_samples, n_samples)
        All entries together sum to 1; off the diagonal none is below λ / (n(n − 1)).

    References
    ----------
    J. Cook, I. Sutskever, A. Mnih and G. Hinton (2007), Visualizing similarity data with a mixture
    of maps, §3.
    """
    return np.exp(log_unisne_map(check_array(Y, name="Y", min_samples=2), background)[1])


def student_joint(Y: np.ndarray, degrees_of_freedom: float = 1.0) -> np.ndarray:
    """q_ij of t-SNE: Student's t in the map instead of the Gaussian (eq-student).

    q_ij = (1 + ‖y_i − y_j‖²/ν)^(−(ν+1)/2) / Σ_{k≠l} (1 + ‖y_k − y_l‖²/ν)^(−(ν+1)/2)

    with ν degrees of freedom; ν = 1 gives (1 + ‖y_i − y_j‖²)^(−1).  As ν → ∞ the weight tends to
    exp(−‖y_i − y_j‖²/2): symmetric SNE's in a map √2 times as large.

    Parameters
    ----------
    Y : array of shape (n_samples, n_components)
        The map.
    degrees_of_freedom : float, default=1.0
        ν > 0; the smaller, the heavier the tail.

    Returns
    -------
    array of shape (n_samples, n_samples)
        All entries together sum to 1; the diagonal is 0.

    References
    ----------
    L. van der Maaten and G. Hinton (2008), Visualizing data using t-SNE, equation 4;
    L. van der Maaten (2009), Learning a parametric embedding by preserving local structure (ν);
    Z. Yang, I. King, Z. Xu and E. Oja (2009), Heavy-tailed symmetric stochastic neighbor embedding.
    """
    return np.exp(log_student_map(check_array(Y, name="Y", min_samples=2), degrees_of_freedom)[1])


def log_student_map(Y: np.ndarray, degrees_of_freedom: float) -> tuple[np.ndarray, np.ndarray]:
    """Squared distances in the map, and the log of Student's joint probabilities.

    Parameters
    ----------
    Y : array of shape (n_samples, n_components)
        The map.
    degrees_of_freedom : float
        ν > 0.

    Returns
    -------
    D, log_Q : arrays of shape (n_samples, n_samples)
        ‖y_i − y_j‖² and log q_ij, the latter −inf on the diagonal.
    """
    nu = check_number(degrees_of_freedom, "degrees_of_freedom", low=0, closed="right")
    D = squared_distances(Y)
    log_weights = -(nu + 1) / 2 * np.log1p(D / nu)
    np.fill_diagonal(log_weights, -np.inf)
    log_weights -= log_weights.max()
    return D, log_weights - np.log(np.exp(log_weights).sum())
