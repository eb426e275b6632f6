"""Agglomerative clustering against scikit-learn's. The tree is determined by the data, so both sides must find the same one."""

from collections.abc import Iterator

import numpy as np

from benchmarks.eigenmaps import digits
from benchmarks.pairs import Agreement, Contest, Pair

CLOSE = 1e-9  # a relative difference of heights that rounding may make
LINKAGES = ("ward", "complete", "average", "single")
N_CLUSTERS = 10


def cloud(n_samples: int) -> np.ndarray:
    """Points in the plane, of one Gaussian.

    Parameters
    ----------
    n_samples : int
        How many.

    Returns
    -------
    array of shape (n_samples, 2)
        The points.
    """
    return np.random.default_rng(0).normal(size=(n_samples, 2))


def same_trees(ours: list, theirs: list) -> Agreement:
    """Compare trees, and the clusters that come from cutting them.

    Parameters
    ----------
    ours, theirs : list of pairs of arrays
        The heights and labels of each run.

    Returns
    -------
    Agreement
        The largest relative difference of a height, and whether the clusters are the same.
    """
    differ = max(float(np.abs(a[0] / b[0] - 1).max()) for a, b in zip(ours, theirs))
    fails = ("heights",) if not differ <= CLOSE else ()
    # The same groups if each of our labels goes with one of theirs.
    if any(len(set(zip(a[1].tolist(), b[1].tolist()))) > N_CLUSTERS for a, b in zip(ours, theirs)):
        fails += ("clusters",)
    return Agreement({"heights differ by": f"{differ:.0e}"}, fails)


def _contest(X: np.ndarray, linkage: str) -> Contest:
    import sklearn.cluster

    from mlcourse.cluster import AgglomerativeClustering

    settings = {"n_clusters": N_CLUSTERS, "linkage": linkage, "compute_distances": True}
    return Contest(
        inputs=lambda k: X,
        ours=lambda X: AgglomerativeClustering(**settings).fit(X),
        theirs=lambda X: sklearn.cluster.AgglomerativeClustering(**settings).fit(X),
        judge=lambda X, fitted: (fitted.distances_, fitted.labels_),
        agree=same_trees,
    )


def agglomerative() -> Iterator[Pair]:
    """Each linkage.

    Yields
    ------
    Pair
        A row for each linkage and data set.
    """
    for name, data, n in (("plane, 2,000 × 2", cloud, 2_000), ("digits, 1,797 × 64", digits, 1_797)):
        for linkage in LINKAGES:
            prepare = lambda data=data, n=n, linkage=linkage: _contest(data(n), linkage)  # noqa: E731
            yield Pair(f"{linkage}: {name}", "scikit-learn", n, prepare, target=1.0)
