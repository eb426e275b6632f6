"""Perplexity, the effective number of neighbours, and the search for the widths that give it.

Entropies are in bits and perplexities 2^entropy, which is the same number as e^entropy in nats.
"""

from __future__ import annotations

import numpy as np

from mlcourse._validation import check_number
from mlcourse.manifold.distances import check_distances, off_diagonal

__all__ = ["entropy", "perplexity_search", "row_perplexities"]


def entropy(P: np.ndarray) -> np.ndarray:
    """Shannon entropy of each row, in bits: −Σ_j p_j log2 p_j with 0 log 0 = 0.

    Parameters
    ----------
    P : array of shape (..., k)
        Probabilities; each row (last axis) sums to 1.

    Returns
    -------
    array of shape (...)
        Entropies between 0 and log2 k.

    References
    ----------
    C. E. Shannon (1948), A mathematical theory of communication, §6.

    Examples
    --------
    >>> float(entropy([0.25, 0.25, 0.25, 0.25]))
    2.0
    """
    P = np.asarray(P, dtype=float)
    if P.size and not (P.min() >= 0):
        raise ValueError("P must hold probabilities, all ≥ 0 and none NaN")
    return -np.sum(P * np.log2(np.where(P > 0, P, 1.0)), axis=-1) + 0.0


def row_perplexities(P: np.ndarray) -> np.ndarray:
    """Perplexity of each row, 2^entropy: its effective number of neighbours (eq-perplexity).

    Parameters
    ----------
    P : array of shape (..., k)
        Probabilities; each row (last axis) sums to 1.

    Returns
    -------
    array of shape (...)
        Perplexities between 1 (all on one neighbour) and k (all neighbours alike).

    Examples
    --------
    >>> row_perplexities([[0.0, 0.5, 0.5], [0.0, 0.0, 1.0]])
    array([2., 1.])
    """
    return np.exp2(entropy(P))


def perplexity_search(
    sq_distances: np.ndarray, perplexity: float, *, tol: float = 1e-6
) -> np.ndarray:
    """The width sigma_i at which each row's perplexity has the wanted value (eq-perplexity).

    With β = 1/2σ², the entropy H(β) of a row falls from log(n − 1) to log(number of nearest
    neighbours) and dH/d(log β) = −β² Var(d²), the variance being that of d² under p(j given i).
    Newton's method on log β, kept inside a bracket, treats all rows at once; rows leave as they
    converge.

    If k ≥ perplexity points are equally near to point i (above all: coincide with it), no width
    gives so small a perplexity.  Then sigma_i = 0, the limit, in which those k share the row
    evenly: perplexity k.

    Parameters
    ----------
    sq_distances : array of shape (n_samples, n_samples)
        Squared distances; the diagonal is not looked at.
    perplexity : float
        Wanted perplexity, 1 ≤ perplexity ≤ n_samples − 1.
    tol : float, default=1e-6
        Largest accepted difference between the perplexity found and the one wanted.

    Returns
    -------
    array of shape (n_samples,)
        sigma, in the unit of the distances (not squared).

    References
    ----------
    L. van der Maaten and G. Hinton (2008), Visualizing data using t-SNE, §2 (there by bisection).

    Examples
    --------
    >>> from mlcourse.manifold import gaussian_conditional, squared_distances
    >>> D = squared_distances([[0.0], [1.0], [2.0], [4.0]])
    >>> sigma = perplexity_search(D, 2.0)
    >>> row_perplexities(gaussian_conditional(D, sigma)).round(6)
    array([2., 2., 2., 2.])
    """
    D = check_distances(sq_distances)
    perplexity = check_perplexity(perplexity, len(D))
    tol = check_number(tol, "tol", low=0, closed="right")
    return row_widths(off_diagonal(D), perplexity, tol)


def row_widths(sq_distances: np.ndarray, perplexity: float, tol: float) -> np.ndarray:
    """The search of `perplexity_search`, for rows of any length.

    Parameters
    ----------
    sq_distances : array of shape (n_rows, k)
        Squared distances from each point to its neighbours, in any order.
    perplexity : float
        1 ≤ perplexity ≤ k.
    tol : float
        As in `perplexity_search`.

    Returns
    -------
    array of shape (n_rows,)
        sigma.
    """
    D = sq_distances - sq_distances.min(axis=1, keepdims=True)
    k = D.shape[1]
    sigma = np.zeros(len(D))
    rows = np.flatnonzero(np.count_nonzero(D == 0, axis=1) < perplexity)
    # Distances in units of that to the neighbour of rank `perplexity`: then log β starts near 0.
    rank = min(int(perplexity), k - 1)
    unit = np.partition(D[rows], rank, axis=1)[:, rank]
    d = D[rows] / unit[:, None]
    log_beta, low, high = np.zeros(len(rows)), np.full(len(rows), -700.0), np.full(len(rows), 700.0)
    for _ in range(200):
        if not len(rows):
            break
        beta = np.exp(log_beta)
        p = np.exp(-beta[:, None] * d)
        total = p.sum(axis=1)
        p /= total[:, None]
        mean = np.einsum("ij,ij->i", p, d)
        variance = np.einsum("ij,ij,ij->i", p, d, d) - mean**2
        excess = np.log(total) + beta * mean - np.log(perplexity)  # of the entropy, in nats
        low = np.where(excess > 0, log_beta, low)
        high = np.where(excess > 0, high, log_beta)
        sigma[rows] = np.sqrt(unit / (2 * beta))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            newton = log_beta + excess / (beta**2 * variance)
        inside = (newton > low) & (newton < high) & (abs(newton - log_beta) < 5)
        middle = np.clip((low + high) / 2, log_beta - 5, log_beta + 5)
        log_beta = np.where(inside, newton, middle)
        going = abs(np.expm1(excess)) * perplexity > tol
        rows, d, unit = rows[going], d[going], unit[going]
        log_beta, low, high = log_beta[going], low[going], high[going]
    return sigma


def check_perplexity(perplexity: float, n_samples: int) -> float:
    """The perplexity as a float, if that many neighbours can be had among n_samples points.

    Parameters
    ----------
    perplexity : float
        What is to be checked.
    n_samples : int
        Number of points.

    Returns
    -------
    float
        The perplexity.

    Raises
    ------
    TypeError, ValueError
        Unless 1 ≤ perplexity ≤ n_samples − 1: 2^entropy of n_samples − 1 neighbours cannot be
        otherwise.
    """
    return float(
        check_number(perplexity, "perplexity", low=1, high=n_samples - 1, high_name="n_samples - 1")
    )
