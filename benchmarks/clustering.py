"""Clustering against scikit-learn: k-means from the same start, and the drawing of that start."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.pairs import Agreement, Contest, Pair

CLOSE = 1e-9  # a relative difference of two inertias that rounding may make
AS_GOOD = 1.02  # how much larger the average inertia of our starts may be: they are drawn with other random numbers

SIZES = ((10_000, 10), (10_000, 50), (100_000, 10), (100_000, 50))
FEATURES = 20


@dataclass(frozen=True)
class Result:
    """What k-means found."""

    inertia: float
    iterations: int


def blobs(n_samples: int, n_clusters: int) -> np.ndarray:
    """Gaussian groups that overlap a little, in 20 dimensions.

    Parameters
    ----------
    n_samples : int
        How many points.
    n_clusters : int
        How many groups.

    Returns
    -------
    array of shape (n_samples, 20)
        The points.
    """
    from sklearn.datasets import make_blobs

    return make_blobs(n_samples, FEATURES, centers=n_clusters, cluster_std=4.0, random_state=0)[0]


def same_clusters(ours: list[Result], theirs: list[Result]) -> Agreement:
    """Compare runs from the same starts.

    Parameters
    ----------
    ours, theirs : list of Result
        Of all pairs.

    Returns
    -------
    Agreement
        The largest relative difference of the inertia, and the numbers of steps.
    """
    differ = max(abs(a.inertia / b.inertia - 1) for a, b in zip(ours, theirs))
    steps = [{r.iterations for r in results} for results in (ours, theirs)]
    shown = " / ".join(f"{min(s)}–{max(s)}" if len(s) > 1 else f"{min(s)}" for s in steps)
    fails = ("inertia",) if not differ <= CLOSE else ()
    if any(a.iterations != b.iterations for a, b in zip(ours, theirs)):
        fails += ("steps",)
    return Agreement({"inertia": f"differs by {differ:.0e}", "steps": shown}, fails)


def starts_as_good(ours: list[float], theirs: list[float]) -> Agreement:
    """Compare starts, which are drawn at random.

    Parameters
    ----------
    ours, theirs : list of float
        The inertia of each start.

    Returns
    -------
    Agreement
        The ratio of the averages, and whether ours is too large.
    """
    ratio = float(np.mean(ours) / np.mean(theirs))
    return Agreement({"inertia": f"{ratio:.3f} of theirs", "steps": ""}, () if ratio <= AS_GOOD else ("start",))


def _lloyd(n_samples: int, n_clusters: int) -> Contest:
    import sklearn.cluster

    from mlcourse.cluster import KMeans

    X = blobs(n_samples, n_clusters)

    def start(k):
        return X[np.random.default_rng(k).choice(n_samples, n_clusters, replace=False)]

    return Contest(
        inputs=start,
        ours=lambda centers: KMeans(n_clusters, init=centers).fit(X),
        theirs=lambda centers: sklearn.cluster.KMeans(n_clusters, init=centers, n_init=1, algorithm="lloyd").fit(X),
        judge=lambda centers, fitted: Result(fitted.inertia_, fitted.n_iter_),
        agree=same_clusters,
    )


def _seeding(n_samples: int, n_clusters: int) -> Contest:
    import sklearn.cluster
    from sklearn.metrics import pairwise_distances_argmin_min

    from mlcourse.cluster import kmeans_plusplus

    X = blobs(n_samples, n_clusters)
    return Contest(
        inputs=lambda k: k,
        ours=lambda seed: kmeans_plusplus(X, n_clusters, random_state=seed)[0],
        theirs=lambda seed: sklearn.cluster.kmeans_plusplus(X, n_clusters, random_state=seed)[0],
        judge=lambda seed, centers: float(np.sum(pairwise_distances_argmin_min(X, centers)[1] ** 2)),
        agree=starts_as_good,
    )


def kmeans() -> Iterator[Pair]:
    """Lloyd's algorithm and the greedy k-means++.

    Yields
    ------
    Pair
        A row for each size.
    """
    for n, k in SIZES:
        target = 0.85 if (n, k) == SIZES[-1] else 1.2
        yield Pair(f"Lloyd: {n:,} points, k = {k}", "scikit-learn", n, lambda n=n, k=k: _lloyd(n, k), target=target)
    for n, k in SIZES:
        yield Pair(f"k-means++: {n:,} points, k = {k}", "scikit-learn", n, lambda n=n, k=k: _seeding(n, k), target=0.85)
