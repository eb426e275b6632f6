"""The four kinds of covariances a mixture can have: their shapes, factors and log-densities.

`covariance_type` is "full" (k, d, d), "tied" (d, d), "diag" (k, d) or "spherical" (k,).  The
precision factor U has the same shape as the covariance: Σ⁻¹ = U Uᵀ, with U upper triangular for
matrices and 1/σ for variances.
"""

from __future__ import annotations

import numpy as np

__all__ = ["TYPES", "factor_precisions", "log_densities", "log_determinants", "n_parameters",
           "precision_matrices", "shape", "soft_covariances"]

TYPES = ("full", "tied", "diag", "spherical")
_BLOCK = 2**16  # numbers in a block of rows, so that the differences from a mean stay in the cache


def shape(covariance_type: str, k: int, d: int) -> tuple[int, ...]:
    """Shape of the covariances of k components in d dimensions."""
    return {"full": (k, d, d), "tied": (d, d), "diag": (k, d), "spherical": (k,)}[covariance_type]


def n_parameters(covariance_type: str, k: int, d: int) -> int:
    """How many numbers can be chosen freely in a mixture of k components in d dimensions."""
    symmetric = d * (d + 1) // 2
    covariances = {"full": k * symmetric, "tied": symmetric, "diag": k * d, "spherical": k}
    return covariances[covariance_type] + k * d + k - 1


def add_to_variances(covariances: np.ndarray, covariance_type: str, reg_covar: float) -> np.ndarray:
    """Add `reg_covar` to every variance, in place."""
    if covariance_type in ("full", "tied"):
        diagonal = np.arange(covariances.shape[-1])
        covariances[..., diagonal, diagonal] += reg_covar
    else:
        covariances += reg_covar
    return covariances


def soft_covariances(
    X: np.ndarray, shares: np.ndarray, n_k: np.ndarray, means: np.ndarray, covariance_type: str
) -> np.ndarray:
    """Covariances of the points about the means, weighted, from the differences themselves.

    Parameters
    ----------
    X : array of shape (n, d)
        Points.
    shares : array of shape (n, k)
        The weight of each point in each component; columns sum to 1.
    n_k : array of shape (k,)
        How many points each component has, which weighs them in the tied covariance.
    means : array of shape (k, d)
        The means.
    covariance_type : str
        One of `TYPES`.

    Returns
    -------
    array
        Of the shape of that type.
    """
    k, d = means.shape
    matrices = covariance_type in ("full", "tied")
    covariances = np.zeros((k, d, d) if matrices else (k, d))
    for rows in _row_blocks(len(X), d):
        for j in range(k):
            difference = X[rows] - means[j]
            if matrices:
                covariances[j] += (shares[rows, j, None] * difference).T @ difference
            else:
                covariances[j] += shares[rows, j] @ difference**2
    if covariance_type == "tied":
        return np.tensordot(n_k / n_k.sum(), covariances, axes=1)
    return covariances.mean(axis=1) if covariance_type == "spherical" else covariances


def factor_precisions(
    covariances: np.ndarray, covariance_type: str, reg_covar: float, X: np.ndarray
) -> np.ndarray:
    """Factor the inverse of each covariance, or say which one has none.

    Parameters
    ----------
    covariances : array
        Of the shape of their type.
    covariance_type : str
        One of `TYPES`.
    reg_covar : float
        What was added to the variances.
    X : array of shape (n, d)
        The data: a deviation that is less than the rounding of its numbers is none.

    Returns
    -------
    array
        U, of the same shape.

    Raises
    ------
    ValueError
        If a component has collapsed.
    """
    eps = np.finfo(float).eps
    # reg_covar says which variance counts; without it, the digits of the data do.
    smallest = 0.0 if reg_covar > 0 else (4 * eps * np.abs(X).max(axis=0)) ** 2
    if covariance_type in ("diag", "spherical"):
        if covariance_type == "spherical":
            smallest = np.min(smallest)
        bad = ~(covariances > smallest)
        if bad.any():
            raise _collapsed(covariance_type, int(np.argwhere(bad)[0, 0]), reg_covar)
        return 1 / np.sqrt(covariances)
    variances = np.diagonal(covariances, axis1=-2, axis2=-1)
    try:
        L = np.linalg.cholesky(covariances)
    except np.linalg.LinAlgError:
        # Of several matrices NumPy does not say which.
        largest = np.maximum(variances.max(axis=-1), np.finfo(float).tiny)
        worst = np.argmin(np.linalg.eigvalsh(covariances)[..., 0] / largest)
        raise _collapsed(covariance_type, int(worst), reg_covar) from None
    pivots = np.diagonal(L, axis1=-2, axis2=-1) ** 2
    # A pivot is a feature's variance given those before it: is it more than rounding of the whole?
    bad = ~((pivots > 4 * L.shape[-1] * eps * variances) & (variances > smallest))
    if bad.any():
        raise _collapsed(covariance_type, int(np.argwhere(bad)[0, 0]), reg_covar)
    return np.triu(np.swapaxes(np.linalg.inv(L), -1, -2))


def _collapsed(covariance_type: str, component: int, reg_covar: float) -> ValueError:
    whose = "the tied covariance" if covariance_type == "tied" else f"component {component}"
    return ValueError(
        f"{whose} has collapsed: in some direction its points have no spread (one point, "
        "duplicates, a constant feature or features that determine each other), so its density has "
        f"no bound. Increase reg_covar (it was {reg_covar:g}; it is added to the variances, in the "
        "squared unit of the data), or take fewer components or another start"
    )


def precision_matrices(factors: np.ndarray, covariance_type: str) -> np.ndarray:
    """Inverse covariances from their factors U."""
    if covariance_type in ("full", "tied"):
        return factors @ np.swapaxes(factors, -1, -2)
    return factors**2


def log_determinants(factors: np.ndarray, covariance_type: str, d: int) -> np.ndarray | float:
    """Logarithm of det U = det Σ^(−1/2): one for each component, or one for all of a tied one."""
    if covariance_type == "spherical":
        return d * np.log(factors)
    if covariance_type == "diag":
        return np.log(factors).sum(axis=-1)
    return np.log(np.diagonal(factors, axis1=-2, axis2=-1)).sum(axis=-1)


def log_densities(
    X: np.ndarray, means: np.ndarray, factors: np.ndarray, covariance_type: str
) -> np.ndarray:
    """Logarithm of the density of each component at each point, from the differences themselves.

    Parameters
    ----------
    X : array of shape (n, d)
        Points.
    means : array of shape (k, d)
        The means.
    factors : array
        The factors U of the precisions.
    covariance_type : str
        One of `TYPES`.

    Returns
    -------
    array of shape (n, k)
    """
    n, d = X.shape
    density = np.empty((n, len(means)))
    for rows in _row_blocks(n, d):
        for j, mean in enumerate(means):
            y = X[rows] - mean
            if covariance_type == "full":
                y = y @ factors[j]
            elif covariance_type == "tied":
                y = y @ factors
            else:
                y *= factors[j]
            density[rows, j] = np.einsum("ij,ij->i", y, y)
    density += d * np.log(2 * np.pi)
    density *= -0.5
    density += log_determinants(factors, covariance_type, d)
    return density


def _row_blocks(n: int, d: int):
    step = max(64, _BLOCK // d)
    return (slice(start, start + step) for start in range(0, n, step))
