"""Sammon's stress and its gradient, as the formulas read."""

from __future__ import annotations

import numpy as np

from mlcourse._validation import check_array
from mlcourse.manifold._dissimilarities import check_dissimilarities
from mlcourse.manifold.distances import squared_distances

__all__ = ["sammon_stress", "sammon_stress_and_gradient"]


def sammon_stress(distances: np.ndarray, Y: np.ndarray) -> float:
    """Sammon's stress of a map: how far its distances are from those of the data.

    E = (1 / Σ_{i<j} d_ij) Σ_{i<j} (d_ij − δ_ij)² / d_ij (eq-sammon), with d_ij the distances in the
    data and δ_ij = ‖y_i − y_j‖ those in the map.  The division by d_ij makes an error of a given
    size count the more, the smaller the distance; that by the sum makes E a number without unit.

    Parameters
    ----------
    distances : array of shape (n_samples, n_samples)
        The distances d_ij, not squared.
    Y : array of shape (n_samples, n_components)
        The map.

    Returns
    -------
    float
        E >= 0; 0 if all distances are kept.  A pair at distance 0 adds nothing if the map keeps
        that too; otherwise E is infinite.

    Raises
    ------
    ValueError
        If `distances` is not symmetric, not zero on the diagonal, or has a negative entry; if Y has
        another number of rows.

    References
    ----------
    J. W. Sammon (1969), A nonlinear mapping for data structure analysis.

    Examples
    --------
    >>> sammon_stress([[0, 2], [2, 0]], [[0.0], [1.0]])
    0.25
    """
    D, delta = _both_distances(distances, Y)
    if np.any(delta[D == 0] > 0):
        return float("inf")
    return _stress(D, delta)


def sammon_stress_and_gradient(distances: np.ndarray, Y: np.ndarray) -> tuple[float, np.ndarray]:
    """Sammon's stress of a map, and its derivative by every coordinate.

    ∂E/∂y_i = (2 / Σ_{k<l} d_kl) Σ_j (δ_ij − d_ij) / d_ij · (y_i − y_j) / δ_ij.  Its negative is the
    force of springs between all points, with the lengths d_ij at rest and the stiffnesses 1 / d_ij.

    Parameters
    ----------
    distances : array of shape (n_samples, n_samples)
        The distances d_ij, not squared.
    Y : array of shape (n_samples, n_components)
        The map.

    Returns
    -------
    stress : float
        See `sammon_stress`.
    gradient : array of shape (n_samples, n_components)
        The derivatives.  The stress has a kink where two different points meet in the map; such a
        pair adds nothing to the gradient.

    Raises
    ------
    ValueError
        As `sammon_stress`; also if points at distance 0 are apart in the map, where the stress is
        infinite.

    References
    ----------
    J. W. Sammon (1969), A nonlinear mapping for data structure analysis.

    Examples
    --------
    >>> sammon_stress_and_gradient([[0, 2], [2, 0]], [[0.0], [1.0]])[1]
    array([[ 0.5],
           [-0.5]])
    """
    D, delta = _both_distances(distances, Y)
    Y = np.asarray(Y, dtype=float)
    apart = np.argwhere((D == 0) & (delta > 0))
    if len(apart):
        i, j = apart[0]
        raise ValueError(
            f"the stress is infinite: points {i} and {j} are at distance 0, and apart in Y"
        )
    pulled = (D > 0) & (delta > 0)
    spring = np.divide(delta - D, D * delta, out=np.zeros_like(D), where=pulled)
    # D.sum() counts every pair twice.
    gradient = 4 / (D.sum() or 1.0) * (spring.sum(axis=1)[:, None] * Y - spring @ Y)
    return _stress(D, delta), gradient


def _stress(D: np.ndarray, delta: np.ndarray) -> float:
    errors = np.divide((D - delta) ** 2, D, out=np.zeros_like(D), where=D > 0)
    return float(errors.sum() / (D.sum() or 1.0))


def _both_distances(distances: np.ndarray, Y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    D = check_dissimilarities(check_array(distances, name="distances"), "distances")
    delta = np.sqrt(squared_distances(check_array(Y, name="Y")))
    if len(delta) != len(D):
        raise ValueError(f"Y must have a row for each of the {len(D)} points (it had {len(delta)})")
    return D, delta
