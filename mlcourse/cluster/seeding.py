"""k-means++: starting centres that are spread out, drawn one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import log

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array, check_number, check_random_state
from mlcourse.cluster._checks import check_centers, check_sample_weight
from mlcourse.cluster._points import CenteredPoints
from mlcourse.cluster._seeding import draw, first_smallest, next_masses, seed
from mlcourse.manifold.distances import squared_distances

__all__ = ["SeedingState", "d2_probabilities", "kmeans_plusplus", "seeding_steps"]


@dataclass(frozen=True, eq=False)
class SeedingState:
    """The centres drawn so far, and where the next one may fall; safe to keep.

    Parameters
    ----------
    centers : array of shape (n_drawn, n_features)
        The centres drawn so far.
    indices : array of int, shape (n_drawn,)
        Which points they are.
    sq_distances : array of shape (n_samples,)
        D²: every point's squared distance to the nearest of these centres.
    probabilities : array of shape (n_samples,)
        Every point's chance to be drawn next, in proportion to D² (times its weight).
    """

    centers: np.ndarray = field(repr=False)
    indices: np.ndarray
    sq_distances: np.ndarray = field(repr=False)
    probabilities: np.ndarray = field(repr=False)


def d2_probabilities(
    X: ArrayLike, centers: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> np.ndarray:
    """Each point's chance to become the next centre of k-means++: D² / Σ D².

    D² is the squared distance to the nearest centre so far.  A point on a centre, or a copy of it,
    has no chance.  (If that is so of all, all have the same.)

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Points, one a row.
    centers : array_like of shape (n_drawn, n_features)
        The centres so far.
    sample_weight : array_like of shape (n_samples,), default=None
        How often each point counts, ≥ 0; 1 by default.

    Returns
    -------
    array of shape (n_samples,)
        Sums to 1.

    References
    ----------
    D. Arthur and S. Vassilvitskii (2007), k-means++: the advantages of careful seeding, §2.2.

    Examples
    --------
    >>> d2_probabilities([[0.0], [1.0], [3.0]], centers=[[0.0]])
    array([0. , 0.1, 0.9])
    """
    X = check_array(X)
    centers = check_centers(centers, None, X.shape[1])
    weight = check_sample_weight(sample_weight, len(X))
    mass = weight * squared_distances(X, centers).min(axis=1)
    if not mass.any():
        mass = weight
    return mass / mass.sum()


def seeding_steps(
    X: ArrayLike,
    n_clusters: int,
    *,
    sample_weight: ArrayLike | None = None,
    n_local_trials: int | None = 1,
    random_state: int | np.random.Generator | None = None,
) -> Iterator[SeedingState]:
    """k-means++ in its plain form, one centre after the other.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Points, one a row.
    n_clusters : int
        How many centres to draw, 1 ≤ n_clusters ≤ n_samples.
    sample_weight : array_like of shape (n_samples,), default=None
        How often each point counts, ≥ 0; 1 by default.
    n_local_trials : int or None, default=1
        How many candidates are drawn for each centre but the first; the one that leaves the
        smallest Σ D² is taken.  1 is the algorithm of the paper, None stands for 2 + ⌊ln k⌋.
    random_state : int, Generator, RandomState or None, default=None
        For the draws.

    Yields
    ------
    SeedingState
        One after each centre drawn.

    See Also
    --------
    kmeans_plusplus : The last state's centres and indices, faster.
    """
    X, weight, n_trials = _checked(X, n_clusters, sample_weight, n_local_trials)
    rng = check_random_state(random_state)
    return _seeding_steps(X, n_clusters, weight, n_trials, rng)


def _checked(X, n_clusters, sample_weight, n_local_trials):
    X = check_array(X, dtype=(np.float64, np.float32))
    weight = check_sample_weight(sample_weight, len(X))
    check_number(
        n_clusters, "n_clusters", low=1, high=len(X), high_name="n_samples", integer=True
    )
    if n_local_trials is None:
        n_local_trials = 2 + int(log(n_clusters))
    n_trials = check_number(n_local_trials, "n_local_trials", low=1, integer=True)
    return X, weight, n_trials


def _seeding_steps(X, n_clusters, weight, n_trials, rng) -> Iterator[SeedingState]:
    indices = draw(rng, weight)
    D2 = squared_distances(X, X[indices])[:, 0]
    while True:
        mass = next_masses(weight, D2, indices)
        probabilities = mass / (mass.sum() or 1.0)
        yield SeedingState(X[indices], indices, D2, probabilities)
        if len(indices) == n_clusters:
            return
        candidates = draw(rng, mass, n_trials)
        left = np.minimum(D2[:, None], squared_distances(X, X[candidates]))
        best = first_smallest(weight @ left)
        indices = np.append(indices, candidates[best])
        D2 = left[:, best]


def kmeans_plusplus(
    X: ArrayLike,
    n_clusters: int,
    *,
    sample_weight: ArrayLike | None = None,
    random_state: int | np.random.Generator | None = None,
    n_local_trials: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Choose starting centres among the points, spread out: k-means++.

    The first is drawn at random; each further one with a probability in proportion to D², a
    point's squared distance to the nearest centre so far.  The expected inertia is then at most
    8 (ln k + 2) times the smallest there is (with one candidate; before any step of k-means).

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Points, one a row.
    n_clusters : int
        How many centres to draw, 1 ≤ n_clusters ≤ n_samples.
    sample_weight : array_like of shape (n_samples,), default=None
        How often each point counts, ≥ 0; 1 by default.
    random_state : int, Generator, RandomState or None, default=None
        For the draws.
    n_local_trials : int or None, default=None
        How many candidates are drawn for each centre but the first; the one that leaves the
        smallest Σ D² is taken.  1 is the algorithm of the paper; None stands for 2 + ⌊ln k⌋, the
        greedy one.

    Returns
    -------
    centers : array of shape (n_clusters, n_features)
        The centres.
    indices : array of int, shape (n_clusters,)
        Which points they are, all different.  Copies of a centre are drawn only when every point
        has a centre on it.

    References
    ----------
    D. Arthur and S. Vassilvitskii (2007), k-means++: the advantages of careful seeding, §2.2,
    theorem 1.1; for several candidates, §5.

    Examples
    --------
    >>> centers, indices = kmeans_plusplus([[0.0], [0.0], [9.0]], 2, random_state=0)
    >>> sorted(centers.ravel().tolist())
    [0.0, 9.0]
    """
    X, weight, n_trials = _checked(X, n_clusters, sample_weight, n_local_trials)
    rng = check_random_state(random_state)
    indices = seed(CenteredPoints(X), n_clusters, weight, n_trials, rng)
    return X[indices], indices
