"""Neighbours as probabilities: from distances to the affinities p(j|i) and p_ij of SNE and t-SNE.

Every function takes *squared* Euclidean distances, (n, n), and never looks at their diagonal: a
point is not its own neighbour, p(i|i) = 0.  Perplexities and entropies are in bits (perplexity =
2^entropy), which is the same number as e^entropy in nats.
"""

from __future__ import annotations

import numpy as np

from mlcourse._validation import check_array, check_number

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


def squared_distances(X: np.ndarray, Y: np.ndarray | None = None) -> np.ndarray:
    """Squared Euclidean distances between the rows of X, or between those of X and of Y.

    d_ij = ‖x_i − y_j‖².  Up to 2^28 differences of coordinates are taken one by one.  Beyond
    that, ‖x‖² + ‖y‖² − 2 x·y on centred data is one matrix product; wherever its terms cancel
    (points close together but far from the centre) the distance is taken again, one by one.

    Parameters
    ----------
    X : array of shape (n_samples_X, n_features)
        Points, one a row.
    Y : array of shape (n_samples_Y, n_features), default=None
        Other points; by default those of X.

    Returns
    -------
    array of shape (n_samples_X, n_samples_Y)
        The squared distances, never negative; with one argument symmetric with zeros on the
        diagonal.  Memory beyond it: two arrays of its size.

    Raises
    ------
    ValueError
        If X and Y differ in their number of features, or a squared distance exceeds the largest
        float (then divide the data by a constant first).

    Examples
    --------
    >>> squared_distances([[0, 0], [3, 4]])
    array([[ 0., 25.],
           [25.,  0.]])
    """
    X = check_array(X)
    Y = X if Y is None else check_array(Y, name="Y")
    if X.shape[1] != Y.shape[1]:
        raise ValueError(
            f"X and Y must have the same number of features (X has {X.shape[1]}, Y has {Y.shape[1]})"
        )
    with np.errstate(over="ignore", invalid="ignore"):
        if len(X) * len(Y) * X.shape[1] <= 2**28:
            D = _distances_by_differences(X, Y)
        else:
            D = _distances_by_product(X, Y)
    if not np.isfinite(D).all():
        raise ValueError(
            "squared distances of X overflow the largest float, 1.8e308; divide X by a constant first"
        )
    return D


def _distances_by_differences(X: np.ndarray, Y: np.ndarray) -> np.ndarray:
    D = np.empty((len(X), len(Y)))
    rows = max(1, 2**18 // max(1, Y.size))  # blocks of differences that stay in the cache
    for start in range(0, len(X), rows):
        block = slice(start, start + rows)
        differences = X[block, None] - Y
        np.einsum("ijk,ijk->ij", differences, differences, out=D[block])
    return D


def _distances_by_product(X: np.ndarray, Y: np.ndarray) -> np.ndarray:
    same, centre = Y is X, X.mean(axis=0)
    X = X - centre
    Y = X if same else Y - centre
    sizes = np.add.outer(np.einsum("ij,ij->i", X, X), np.einsum("ij,ij->i", Y, Y))
    D = sizes - 2 * (X @ Y.T)
    if same:
        np.fill_diagonal(D, 0.0)
        np.fill_diagonal(sizes, 0.0)
    # The rounding error of D is some 1e-15 of `sizes`: below this share fewer than 11 digits are left.
    rows, columns = np.nonzero(~(D >= 1e-4 * sizes))
    step = max(1, 2**20 // X.shape[1])
    for start in range(0, len(rows), step):
        i, j = rows[start : start + step], columns[start : start + step]
        difference = X[i] - Y[j]
        D[i, j] = np.einsum("ij,ij->i", difference, difference)
    return D


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


def _check_distances(sq_distances: np.ndarray) -> np.ndarray:
    D = check_array(sq_distances, name="sq_distances", min_samples=2)
    if D.shape[0] != D.shape[1]:
        raise ValueError(f"sq_distances must be square, (n, n) (its shape was {D.shape})")
    if D.min() < 0:
        raise ValueError(f"sq_distances must not be negative (its smallest entry was {D.min()})")
    return D


def _off_diagonal(A: np.ndarray) -> np.ndarray:
    """The (n, n − 1) array of A's rows, each without its diagonal entry."""
    n = len(A)
    return A.ravel()[1:].reshape(n - 1, n + 1)[:, :-1].reshape(n, n - 1)


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
    D = _check_distances(sq_distances)
    n = len(D)
    sigma = np.asarray(sigma, dtype=float)
    if sigma.shape not in ((), (n,)) or not (sigma >= 0).all():
        raise ValueError(
            f"sigma must be one number ≥ 0 or n_samples = {n} of them (it was {sigma!r})"
        )
    D = _off_diagonal(D)
    D = D - D.min(axis=1, keepdims=True)  # p(j|i) stays the same, and the largest exponent is 0
    variance = np.broadcast_to(sigma, n)[:, None] ** 2
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        exponent = np.where(D == 0, 0.0, D / (2 * variance))  # 0/0 is 0: the limit sigma → 0
    weights = np.exp(-exponent)
    P = np.zeros((n, n))
    P[~np.eye(n, dtype=bool)] = (weights / weights.sum(axis=1, keepdims=True)).ravel()
    return P


def perplexity_search(
    sq_distances: np.ndarray, perplexity: float, *, tol: float = 1e-6
) -> np.ndarray:
    """The width sigma_i at which each row's perplexity has the wanted value (eq-perplexity).

    With β = 1/2σ², the entropy H(β) of a row falls from log(n − 1) to log(number of nearest
    neighbours) and dH/d(log β) = −β² Var(d²), the variance being that of d² under p(·|i).
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
        Largest accepted |perplexity found − wanted|.

    Returns
    -------
    array of shape (n_samples,)
        sigma, in the unit of the distances (not squared).

    References
    ----------
    L. van der Maaten and G. Hinton (2008), Visualizing data using t-SNE, §2 (there by bisection).

    Examples
    --------
    >>> D = squared_distances([[0.0], [1.0], [2.0], [4.0]])
    >>> sigma = perplexity_search(D, 2.0)
    >>> row_perplexities(gaussian_conditional(D, sigma)).round(6)
    array([2., 2., 2., 2.])
    """
    D = _check_distances(sq_distances)
    n = len(D)
    perplexity = check_perplexity(perplexity, n)
    tol = check_number(tol, "tol", low=0, closed="right")
    D = _off_diagonal(D)
    D = D - D.min(axis=1, keepdims=True)
    sigma = np.zeros(n)
    rows = np.flatnonzero(np.count_nonzero(D == 0, axis=1) < perplexity)
    # Distances in units of that to the neighbour of rank `perplexity`: then log β starts near 0.
    rank = min(int(perplexity), n - 2)
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
    D = _check_distances(sq_distances)
    sigma = check_number(sigma, "sigma", low=0, closed="right")
    with np.errstate(over="ignore"):
        weights = np.exp(-(D - _off_diagonal(D).min()) / (2 * sigma**2))
    np.fill_diagonal(weights, 0.0)
    return weights / weights.sum()
