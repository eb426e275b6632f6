"""Neighbours as probabilities: from distances to the affinities p(j|i) and p_ij of SNE and t-SNE.

Every function takes *squared* Euclidean distances, (n, n), and never looks at their diagonal: a
point is not its own neighbour, p(i|i) = 0.
"""

from __future__ import annotations

import numpy as np

from mlcourse._validation import check_array, check_number
from mlcourse.manifold.distances import check_distances, off_diagonal, squared_distances
from mlcourse.manifold.perplexity import entropy, perplexity_search, row_perplexities

__all__ = [
    "conditional_probabilities",
    "entropy",
    "gaussian_conditional",
    "gaussian_joint",
    "joint_probabilities",
    "perplexity_search",
    "row_perplexities",
    "squared_distances",
]


def gaussian_conditional(sq_distances: np.ndarray, sigma: float | np.ndarray) -> np.ndarray:
    """p(j|i): a Gaussian of width sigma_i around point i, normalised over its neighbours.

    p(j|i) = exp(−d_ij² / 2σ_i²) / Σ_{k≠i} exp(−d_ik² / 2σ_i²) and p(i|i) = 0 (eq-conditional).
    sigma_i = 0 stands for the limit: the nearest neighbour has everything, and several equally
    near ones share it.

    Parameters
    ----------
    sq_distances : array of shape (n_samples, n_samples)
        Squared distances; the diagonal is not looked at.
    sigma : float or array of shape (n_samples,)
        Widths in the unit of the distances (not squared), ≥ 0; inf gives all neighbours the same.

    Returns
    -------
    array of shape (n_samples, n_samples)
        Rows sum to 1; the diagonal is 0.  In general not symmetric.

    References
    ----------
    G. Hinton and S. Roweis (2002), Stochastic neighbor embedding, equation 1.

    Examples
    --------
    >>> gaussian_conditional([[0, 1, 1], [1, 0, 4], [1, 4, 0]], sigma=1.0)[0]
    array([0. , 0.5, 0.5])
    """
    D = check_distances(sq_distances)
    n = len(D)
    sigma = np.asarray(sigma, dtype=float)
    if sigma.shape not in ((), (n,)) or not (sigma >= 0).all():
        raise ValueError(
            f"sigma must be one number ≥ 0 or n_samples = {n} of them (it was {sigma!r})"
        )
    P = np.zeros((n, n))
    P[~np.eye(n, dtype=bool)] = gaussian_rows(off_diagonal(D), np.broadcast_to(sigma, n)).ravel()
    return P


def gaussian_rows(sq_distances: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    """Gaussian weights of distances, normalised in each row.

    Parameters
    ----------
    sq_distances : array of shape (n_rows, k)
        Squared distances from each point to its neighbours.
    sigma : array of shape (n_rows,)
        Widths, as in `gaussian_conditional`.

    Returns
    -------
    array of shape (n_rows, k)
        Rows sum to 1.
    """
    # p(j|i) stays the same, and the largest exponent is 0.
    D = sq_distances - sq_distances.min(axis=1, keepdims=True)
    variance = sigma[:, None] ** 2
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        exponent = np.where(D == 0, 0.0, D / (2 * variance))  # 0/0 is 0: the limit sigma → 0
    weights = np.exp(-exponent)
    return weights / weights.sum(axis=1, keepdims=True)


def conditional_probabilities(sq_distances: np.ndarray, perplexity: float) -> np.ndarray:
    """p(j|i) with every row's width found so that its perplexity is the wanted one.

    Parameters
    ----------
    sq_distances : array of shape (n_samples, n_samples)
        Squared distances; the diagonal is not looked at.
    perplexity : float
        Effective number of neighbours, 1 ≤ perplexity ≤ n_samples − 1.

    Returns
    -------
    array of shape (n_samples, n_samples)
        Rows sum to 1; the diagonal is 0 (eq-conditional, eq-perplexity).

    See Also
    --------
    perplexity_search : The widths, and what happens to coincident points.
    """
    return gaussian_conditional(sq_distances, perplexity_search(sq_distances, perplexity))


def joint_probabilities(conditional: np.ndarray) -> np.ndarray:
    """p_ij = (p(j|i) + p(i|j)) / 2n, the symmetrised affinities (eq-symmetrised).

    Every point keeps at least Σ_j p_ij ≥ 1/2n, however far out it lies.

    Parameters
    ----------
    conditional : array of shape (n_samples, n_samples)
        p(j|i) in row i; rows sum to 1.

    Returns
    -------
    array of shape (n_samples, n_samples)
        Symmetric; all entries together sum to 1.

    References
    ----------
    L. van der Maaten and G. Hinton (2008), Visualizing data using t-SNE, §3.1.

    Examples
    --------
    >>> joint_probabilities([[0.0, 1.0], [1.0, 0.0]])
    array([[0. , 0.5],
           [0.5, 0. ]])
    """
    P = check_array(conditional, name="conditional")
    if P.shape[0] != P.shape[1]:
        raise ValueError(f"conditional must be square, (n, n) (its shape was {P.shape})")
    return (P + P.T) / (2 * len(P))


def gaussian_joint(sq_distances: np.ndarray, sigma: float) -> np.ndarray:
    """ONE Gaussian over all pairs: p_ij = exp(−d_ij²/2σ²) / Σ_{k≠l} exp(−d_kl²/2σ²).

    The obvious symmetric affinity (eq-joint-gaussian), and a bad one: all p_ij of an outlier are
    next to nothing, so that its place in the map hardly counts.  t-SNE symmetrises the conditional
    probabilities instead (`joint_probabilities`).

    Parameters
    ----------
    sq_distances : array of shape (n_samples, n_samples)
        Squared distances; the diagonal is not looked at.
    sigma : float
        The common width, > 0, in the unit of the distances (not squared).

    Returns
    -------
    array of shape (n_samples, n_samples)
        All entries together sum to 1; the diagonal is 0.

    References
    ----------
    L. van der Maaten and G. Hinton (2008), Visualizing data using t-SNE, equation 4 (the map's
    form) and §3.1.
    """
    D = check_distances(sq_distances)
    sigma = check_number(sigma, "sigma", low=0, closed="right")
    with np.errstate(over="ignore"):
        weights = np.exp(-(D - off_diagonal(D).min()) / (2 * sigma**2))
    np.fill_diagonal(weights, 0.0)
    return weights / weights.sum()
