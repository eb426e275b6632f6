"""k-means++ in its fast form: the same draws as in the plain one, with matrix products."""

from __future__ import annotations

import numpy as np

from mlcourse.cluster._points import CenteredPoints

__all__ = ["draw", "first_smallest", "next_masses", "seed"]

_BLOCK = 10_000  # points: their distances to some five candidates stay in a processor's cache
_LOST_DIGITS = 1e-6  # below this part of its terms, a difference is computed otherwise


def draw(rng: np.random.Generator, mass: np.ndarray, size: int = 1) -> np.ndarray:
    """Draw indices with probabilities in proportion to `mass`; never one of mass 0.

    Parameters
    ----------
    rng : Generator
        Its next `size` uniform numbers are used.
    mass : array of shape (n,)
        Not negative, not all zero.
    size : int, default=1
        How many, with replacement.

    Returns
    -------
    array of intp, shape (size,)
    """
    cumulated = np.cumsum(mass)
    drawn = cumulated.searchsorted(rng.random(size) * cumulated[-1], side="right")
    # A product with a number just below 1 can round up to the total itself.
    return np.minimum(drawn, cumulated.searchsorted(cumulated[-1]))


def next_masses(weight: np.ndarray, sq_distances: np.ndarray, indices: np.ndarray) -> np.ndarray:
    """Chances of the points to be the next centre, up to a factor.

    Parameters
    ----------
    weight : array of shape (n_samples,)
        The weights of the points.
    sq_distances : array of shape (n_samples,)
        D², the squared distances to the nearest centres.
    indices : array of intp, shape (n_drawn,)
        Which points are centres.

    Returns
    -------
    array of shape (n_samples,)
        Weight times D².  If that is 0 for all, the weight of what is no centre; if that is too, 1
        for these; all 0 only where every point is a centre.
    """
    mass = weight * sq_distances
    if mass.any():
        return mass
    free = np.ones(len(weight))
    free[indices] = 0.0
    return free * weight if np.any(free * weight) else free


def first_smallest(potential: np.ndarray) -> int:
    """Find the smallest number; of several that only rounding tells apart, the first.

    Parameters
    ----------
    potential : array of shape (n_candidates,)
        Not negative, but for rounding.

    Returns
    -------
    int
    """
    return int(np.argmax(potential <= potential.min() + 1e-9 * abs(potential.min())))


def seed(
    points: CenteredPoints,
    n_clusters: int,
    weight: np.ndarray,
    n_trials: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw the starting centres.

    Parameters
    ----------
    points : CenteredPoints
        The points.
    n_clusters : int
        How many centres.
    weight : array of shape (n_samples,)
        The weights of the points, not negative.
    n_trials : int
        Candidates for each centre but the first.
    rng : Generator
        For the draws.

    Returns
    -------
    array of intp, shape (n_clusters,)
        Which points they are.
    """
    X, sq_norms = points.X, points.sq_norms
    indices = np.empty(n_clusters, np.intp)
    indices[0] = draw(rng, weight)[0]
    D2 = _to_one(points, X @ (-2 * X[indices[0]]) + sq_norms[indices[0]], indices[0])
    total = weight @ sq_norms
    # Memory that is used again and again need not be asked for and cleared each time.
    scores, so_far = np.empty((n_trials, len(X))), np.empty(len(X))
    block = np.empty((n_trials, min(len(X), _BLOCK)))
    for drawn in range(1, n_clusters):
        mass = next_masses(weight, D2, indices[:drawn])
        candidates = draw(rng, mass, n_trials)
        if mass.sum() > _LOST_DIGITS * total:
            # With the same Σ ‖x‖² left out of all, which potential is smallest stays the same.
            np.subtract(D2, sq_norms, out=so_far)
            potential = _potentials(points, weight, so_far, candidates, scores, block)
            best = first_smallest(potential + total)
            np.minimum(D2, _to_one(points, scores[best], candidates[best]), out=D2)
        else:
            left = [np.minimum(D2, _one_by_one(X, X[i])) for i in candidates]
            best = first_smallest(np.array([weight @ each for each in left]))
            D2 = left[best]
        indices[drawn] = candidates[best]
    return indices


def _to_one(points: CenteredPoints, scores: np.ndarray, i: int) -> np.ndarray:
    """Squared distances of all points to the i-th, in place of ‖x − x_i‖² − ‖x‖²."""
    scores += points.sq_norms
    lost = np.flatnonzero(scores < 2 * _LOST_DIGITS * points.largest)
    scores[lost] = _one_by_one(points.X[lost], points.X[i])
    return scores


def _one_by_one(X: np.ndarray, center: np.ndarray) -> np.ndarray:
    differences = X - center
    return np.einsum("ij,ij->i", differences, differences)


def _potentials(points, weight, so_far, candidates, scores, memory) -> np.ndarray:
    """Σ (D² − ‖x‖²) with each candidate c; all ‖x − c‖² − ‖x‖² go to `scores`."""
    minus_twice, sizes = -2 * points.X[candidates], points.sq_norms[candidates][:, None]
    potential = np.zeros(len(candidates))
    for start in range(0, len(weight), _BLOCK):
        rows = slice(start, start + _BLOCK)
        here = np.matmul(minus_twice, points.X[rows].T, out=scores[:, rows])
        here += sizes
        nearer = np.minimum(here, so_far[rows], out=memory[:, : here.shape[1]])
        potential += nearer @ weight[rows]
    return potential
