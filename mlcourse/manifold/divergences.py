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

from mlcourse._validation import check_array, check_number
from mlcourse.manifold.affinities import squared_distances

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


def _log_softmax_pairs(Y: np.ndarray, axis: int | None) -> np.ndarray:
    """log of exp(−d_ij²) over its sum along the axis; −inf on the diagonal."""
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
    return np.exp(_log_softmax_pairs(check_array(Y, name="Y", min_samples=2), axis=1))


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
    return np.exp(_log_softmax_pairs(check_array(Y, name="Y", min_samples=2), axis=None))


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
    log_Q = _log_softmax_pairs(Y, axis=1)
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
    log_Q = _log_softmax_pairs(Y, axis=None)
    return _kl_from_log(P, log_Q), _springs(4 * (P - np.exp(log_Q)), Y)


def _log_unisne(Y: np.ndarray, background: float) -> tuple[np.ndarray, np.ndarray]:
    """log of the Gaussian joint probabilities and of UNI-SNE's mixture."""
    background = check_number(background, "background", low=0, high=1, closed="left")
    n = len(Y)
    log_gaussian = _log_softmax_pairs(Y, axis=None)
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
    return np.exp(_log_unisne(check_array(Y, name="Y", min_samples=2), background)[1])


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
    log_gaussian, log_Q = _log_unisne(Y, background)
    np.fill_diagonal(log_gaussian, 0.0)
    np.fill_diagonal(log_Q, 0.0)
    share = (1 - background) * np.exp(log_gaussian - log_Q)
    gaussian = np.exp(log_gaussian)
    mean_share = np.sum(share * P) / P.sum()  # an exaggerated P strengthens the attraction alone
    return _kl_from_log(P, log_Q), _springs(4 * (share * P - mean_share * gaussian), Y)


def student_joint(Y: np.ndarray, degrees_of_freedom: float = 1.0) -> np.ndarray:
    """q_ij of t-SNE: Student's t in the map instead of the Gaussian (eq-student).

    q_ij = (1 + ‖y_i − y_j‖²/α)^(−(α+1)/2) / Σ_{k≠l} (1 + ‖y_k − y_l‖²/α)^(−(α+1)/2)

    with α degrees of freedom; α = 1 gives (1 + ‖y_i − y_j‖²)^(−1).  As α → ∞ the weight tends to
    exp(−‖y_i − y_j‖²/2): symmetric SNE's in a map √2 times as large.

    Parameters
    ----------
    Y : array of shape (n_samples, n_components)
        The map.
    degrees_of_freedom : float, default=1.0
        α > 0; the smaller, the heavier the tail.

    Returns
    -------
    array of shape (n_samples, n_samples)
        All entries together sum to 1; the diagonal is 0.

    References
    ----------
    L. van der Maaten and G. Hinton (2008), Visualizing data using t-SNE, equation 4;
    L. van der Maaten (2009), Learning a parametric embedding by preserving local structure (α);
    Z. Yang, I. King, Z. Xu and E. Oja (2009), Heavy-tailed symmetric stochastic neighbor embedding.
    """
    return np.exp(_log_student(check_array(Y, name="Y", min_samples=2), degrees_of_freedom)[1])


def _log_student(Y: np.ndarray, degrees_of_freedom: float) -> tuple[np.ndarray, np.ndarray]:
    """d²/α, and log q_ij (−inf on the diagonal)."""
    alpha = check_number(
        degrees_of_freedom, "degrees_of_freedom", low=0, closed="right"
    )
    scaled = squared_distances(Y) / alpha
    log_weights = -(alpha + 1) / 2 * np.log1p(scaled)
    np.fill_diagonal(log_weights, -np.inf)
    log_weights -= log_weights.max()
    return scaled, log_weights - np.log(np.exp(log_weights).sum())


def kl_divergence_and_gradient(
    P: np.ndarray, Y: np.ndarray, degrees_of_freedom: float = 1.0
) -> tuple[float, np.ndarray]:
    """t-SNE: C = KL(P‖Q) with Student's t in the map.

    dC/dy_i = 2(α+1)/α Σ_j (p_ij − q_ij) (1 + ‖y_i − y_j‖²/α)^(−1) (y_i − y_j)   (eq-tsne-gradient)

    With α = 1 the factor in front is 4.  The exponent −1 holds for every α.

    Parameters
    ----------
    P : array of shape (n_samples, n_samples)
        Joint probabilities, symmetric; the diagonal is 0.
    Y : array of shape (n_samples, n_components)
        The map.
    degrees_of_freedom : float, default=1.0
        α > 0.

    Returns
    -------
    divergence : float
        In nats.
    gradient : array of shape (n_samples, n_components)
        Its derivative by Y.

    References
    ----------
    L. van der Maaten and G. Hinton (2008), Visualizing data using t-SNE, equation 5 and appendix A;
    for other α, Z. Yang, I. King, Z. Xu and E. Oja (2009).
    """
    P, Y = _check_affinities_and_map(P, Y)
    scaled, log_Q = _log_student(Y, degrees_of_freedom)
    alpha = degrees_of_freedom
    stiffness = 2 * (alpha + 1) / alpha * (P - np.exp(log_Q)) / (1 + scaled)
    return _kl_from_log(P, log_Q), _springs(stiffness, Y)


def attraction_and_repulsion(
    P: np.ndarray, Y: np.ndarray, degrees_of_freedom: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """The two forces that t-SNE's gradient descent balances (eq-forces).

    The step −dC/dy_i is F_attraction + F_repulsion with w_ij = (1 + ‖y_i − y_j‖²/α)^(−1):

    F_attraction =  −2(α+1)/α Σ_j p_ij w_ij (y_i − y_j), towards the point's neighbours in the data,
    F_repulsion  =  +2(α+1)/α Σ_j q_ij w_ij (y_i − y_j), away from its neighbours in the map.

    Parameters
    ----------
    P : array of shape (n_samples, n_samples)
        Joint probabilities, symmetric; the diagonal is 0.
    Y : array of shape (n_samples, n_components)
        The map.
    degrees_of_freedom : float, default=1.0
        α > 0.

    Returns
    -------
    attraction, repulsion : arrays of shape (n_samples, n_components)
        Their sum is minus the gradient of `kl_divergence_and_gradient`.
    """
    P, Y = _check_affinities_and_map(P, Y)
    scaled, log_Q = _log_student(Y, degrees_of_freedom)
    factor = 2 * (degrees_of_freedom + 1) / degrees_of_freedom
    weight = factor / (1 + scaled)
    return -_springs(P * weight, Y), _springs(np.exp(log_Q) * weight, Y)
