"""What the SNE family minimises, and its gradients, as the formulas read.

Each `..._divergence_and_gradient(P, Y)` takes the affinities P, (n, n), and a map Y, (n, m), and
returns the Kullback–Leibler divergence in nats and its gradient, (n, m).  All gradients have one
form, springs between all pairs:

    dC/dy_i = Σ_j stiffness_ij (y_i − y_j),

and the methods differ in the stiffness alone.  It is positive where points are too far apart in
the map, negative where they are too close.

P may be multiplied by a constant, the early exaggeration: that strengthens the attraction and
leaves the repulsion as it is.  Then the first value is no divergence of distributions any more.
"""

from __future__ import annotations

import numpy as np

from mlcourse._validation import check_array
from mlcourse.manifold.map_affinities import (
    gaussian_map_conditional,
    gaussian_map_joint,
    log_gaussian_map,
    log_student_map,
    log_unisne_map,
    student_joint,
    unisne_map_joint,
)

__all__ = [
    "attraction_and_repulsion",
    "gaussian_map_conditional",
    "gaussian_map_joint",
    "kl_divergence",
    "kl_divergence_and_gradient",
    "sne_divergence_and_gradient",
    "student_joint",
    "symmetric_sne_divergence_and_gradient",
    "unisne_divergence_and_gradient",
    "unisne_map_joint",
]


def kl_divergence(P: np.ndarray, Q: np.ndarray) -> float:
    """Kullback–Leibler divergence KL(P‖Q) = Σ p log(p / q), in nats.

    Not symmetric: p large where q is small is expensive, p small where q is large is cheap.
    0 log 0 counts as 0; where q = 0 < p the divergence is inf.

    Parameters
    ----------
    P, Q : arrays of one shape
        Probabilities, summed over all entries: for two arrays of conditional distributions, one a
        row, this is the sum of the rows' divergences (eq-sne-cost).

    Returns
    -------
    float
        ≥ 0 if P and Q have the same sum (and rows); 0 only if they are equal.

    References
    ----------
    S. Kullback and R. A. Leibler (1951), On information and sufficiency, §2.

    Examples
    --------
    >>> round(kl_divergence([0.5, 0.5], [0.9, 0.1]), 4), round(kl_divergence([0.9, 0.1], [0.5, 0.5]), 4)
    (0.5108, 0.3681)
    """
    P = check_array(P, name="P", ndim=None)
    Q = check_array(Q, name="Q", ndim=None)
    if P.shape != Q.shape:
        raise ValueError(f"P and Q must have the same shape (P has {P.shape}, Q has {Q.shape})")
    if P.size and min(P.min(), Q.min()) < 0:
        raise ValueError("P and Q must hold probabilities, none negative")
    with np.errstate(divide="ignore"):
        return _kl_from_log(P, np.log(Q))


def _kl_from_log(P: np.ndarray, log_Q: np.ndarray) -> float:
    # A logarithm of q that never went through q stays finite where q itself is rounded to zero.
    held = P > 0
    return float(np.sum(P[held] * (np.log(P[held]) - log_Q[held])))


def _springs(stiffness: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Σ_j stiffness_ij (y_i − y_j) for every i."""
    return np.einsum("ij,ijk->ik", stiffness, Y[:, None] - Y)


def _check_affinities_and_map(P: np.ndarray, Y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    P, Y = check_array(P, name="P"), check_array(Y, name="Y", min_samples=2)
    if P.shape != (len(Y), len(Y)):
        raise ValueError(
            f"P must have shape (n, n) for a map Y of n = {len(Y)} points (its shape was {P.shape})"
        )
    if P.min() < 0:
        raise ValueError(f"P must hold probabilities (its smallest entry was {P.min()})")
    return P, Y


def sne_divergence_and_gradient(P: np.ndarray, Y: np.ndarray) -> tuple[float, np.ndarray]:
    """SNE: C = Σ_i KL(P_i‖Q_i) over the conditional distributions (eq-sne-cost).

    dC/dy_i = 2 Σ_j (p(j|i) − q(j|i) + p(i|j) − q(i|j)) (y_i − y_j)   (eq-sne-gradient)

    Parameters
    ----------
    P : array of shape (n_samples, n_samples)
        Conditional probabilities p(j|i), row i; the diagonal is 0.
    Y : array of shape (n_samples, n_components)
        The map.

    Returns
    -------
    divergence : float
        In nats: a sum of n divergences, so about n times those of the other methods.
    gradient : array of shape (n_samples, n_components)
        Its derivative by Y.

    References
    ----------
    G. Hinton and S. Roweis (2002), Stochastic neighbor embedding, equations 4 and 5.
    """
    P, Y = _check_affinities_and_map(P, Y)
    log_Q = log_gaussian_map(Y, axis=1)
    difference = P - np.exp(log_Q)
    return _kl_from_log(P, log_Q), _springs(2 * (difference + difference.T), Y)


def symmetric_sne_divergence_and_gradient(P: np.ndarray, Y: np.ndarray) -> tuple[float, np.ndarray]:
    """Symmetric SNE: C = KL(P‖Q) of the joint distributions over all pairs.

    dC/dy_i = 4 Σ_j (p_ij − q_ij) (y_i − y_j)   (eq-symmetric-gradient)

    Parameters
    ----------
    P : array of shape (n_samples, n_samples)
        Joint probabilities, symmetric; the diagonal is 0.
    Y : array of shape (n_samples, n_components)
        The map.

    Returns
    -------
    divergence : float
        In nats.
    gradient : array of shape (n_samples, n_components)
        Its derivative by Y.

    References
    ----------
    L. van der Maaten and G. Hinton (2008), Visualizing data using t-SNE, §3.1.
    """
    P, Y = _check_affinities_and_map(P, Y)
    log_Q = log_gaussian_map(Y, axis=None)
    return _kl_from_log(P, log_Q), _springs(4 * (P - np.exp(log_Q)), Y)


def unisne_divergence_and_gradient(
    P: np.ndarray, Y: np.ndarray, background: float = 0.2
) -> tuple[float, np.ndarray]:
    """UNI-SNE: C = KL(P‖Q) with a uniform background in the map (eq-unisne).

    dC/dy_i = 4 Σ_j (r_ij p_ij − R g_ij) (y_i − y_j),   r_ij = (1 − λ) g_ij / q_ij,   R = Σ r_kl p_kl

    where g are the Gaussian joint probabilities of the map and r_ij the share they have in q_ij:
    the background pulls and pushes nobody.  Two points far apart in the map have r ≈ 0, so they
    need not be drawn together (that is what relieves crowding) and can no longer be (that is what
    makes UNI-SNE hard to optimise).

    Parameters
    ----------
    P : array of shape (n_samples, n_samples)
        Joint probabilities, symmetric; the diagonal is 0.
    Y : array of shape (n_samples, n_components)
        The map.
    background : float, default=0.2
        λ, the share of the uniform background, 0 ≤ λ < 1; 0 is symmetric SNE.

    Returns
    -------
    divergence : float
        In nats.
    gradient : array of shape (n_samples, n_components)
        Its derivative by Y.

    See Also
    --------
    unisne_map_joint : The q_ij and their normalisation.
    """
    P, Y = _check_affinities_and_map(P, Y)
    log_gaussian, log_Q = log_unisne_map(Y, background)
    np.fill_diagonal(log_gaussian, 0.0)
    np.fill_diagonal(log_Q, 0.0)
    share = (1 - background) * np.exp(log_gaussian - log_Q)
    gaussian = np.exp(log_gaussian)
    mean_share = np.sum(share * P) / P.sum()  # an exaggerated P strengthens the attraction alone
    return _kl_from_log(P, log_Q), _springs(4 * (share * P - mean_share * gaussian), Y)


def kl_divergence_and_gradient(
    P: np.ndarray, Y: np.ndarray, degrees_of_freedom: float = 1.0
) -> tuple[float, np.ndarray]:
    """t-SNE: C = KL(P‖Q) with Student's t in the map.

    dC/dy_i = 2(ν+1)/ν Σ_j (p_ij − q_ij) (1 + ‖y_i − y_j‖²/ν)^(−1) (y_i − y_j)   (eq-tsne-gradient)

    With ν = 1 the factor in front is 4.  The exponent −1 holds for every ν.

    Parameters
    ----------
    P : array of shape (n_samples, n_samples)
        Joint probabilities, symmetric; the diagonal is 0.
    Y : array of shape (n_samples, n_components)
        The map.
    degrees_of_freedom : float, default=1.0
        ν > 0.

    Returns
    -------
    divergence : float
        In nats.
    gradient : array of shape (n_samples, n_components)
        Its derivative by Y.

    References
    ----------
    L. van der Maaten and G. Hinton (2008), Visualizing data using t-SNE, equation 5 and appendix A;
    for other ν, Z. Yang, I. King, Z. Xu and E. Oja (2009).
    """
    P, Y = _check_affinities_and_map(P, Y)
    nu = degrees_of_freedom
    D, log_Q = log_student_map(Y, nu)
    w = 1 / (1 + D / nu)
    stiffness = 2 * (nu + 1) / nu * (P - np.exp(log_Q)) * w
    return _kl_from_log(P, log_Q), _springs(stiffness, Y)


def attraction_and_repulsion(
    P: np.ndarray, Y: np.ndarray, degrees_of_freedom: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """The two forces that t-SNE's gradient descent balances (eq-forces).

    Minus the gradient is F_attraction + F_repulsion; with w_ij = (1 + ‖y_i − y_j‖²/ν)^(−1):

    F_attraction =  −2(ν+1)/ν Σ_j p_ij w_ij (y_i − y_j), towards the point's neighbours in the data,
    F_repulsion  =  +2(ν+1)/ν Σ_j q_ij w_ij (y_i − y_j), away from its neighbours in the map.

    Parameters
    ----------
    P : array of shape (n_samples, n_samples)
        Joint probabilities, symmetric; the diagonal is 0.
    Y : array of shape (n_samples, n_components)
        The map.
    degrees_of_freedom : float, default=1.0
        ν > 0.

    Returns
    -------
    attraction, repulsion : arrays of shape (n_samples, n_components)
        Their sum is minus the gradient of `kl_divergence_and_gradient`.
    """
    P, Y = _check_affinities_and_map(P, Y)
    nu = degrees_of_freedom
    D, log_Q = log_student_map(Y, nu)
    w = 2 * (nu + 1) / nu / (1 + D / nu)
    return -_springs(P * w, Y), _springs(np.exp(log_Q) * w, Y)
