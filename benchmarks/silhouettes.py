"""Silhouettes against scikit-learn's."""

from collections.abc import Iterator

import numpy as np

from benchmarks.pairs import Agreement, Contest, Pair

SAME = 1e-9  # by how much a silhouette may differ: rounding

CASES = ((5_000, 2, 5), (5_000, 10, 10), (5_000, 64, 10), (20_000, 10, 10))


def _contest(n_samples: int, n_features: int, n_clusters: int) -> Contest:
    import sklearn.metrics
    from sklearn.datasets import make_blobs

    from mlcourse.metrics import silhouette_samples

    X, y = make_blobs(n_samples, n_features, centers=n_clusters, random_state=0)

    def agree(ours, theirs):
        differ = max(float(np.abs(a - b).max()) for a, b in zip(ours, theirs))
        return Agreement({"silhouettes differ by": f"{differ:.0e}"}, () if differ <= SAME else ("silhouettes",))

    return Contest(
        inputs=lambda k: (X, y),
        ours=lambda data: silhouette_samples(*data),
        theirs=lambda data: sklearn.metrics.silhouette_samples(*data),
        judge=lambda data, values: values,
        agree=agree,
    )


def silhouettes() -> Iterator[Pair]:
    """The silhouettes of Gaussian groups, by their true labels.

    Yields
    ------
    Pair
        A row for each size.
    """
    for n, d, k in CASES:
        yield Pair(f"{n:,} × {d}, {k} clusters", "scikit-learn", n, lambda n=n, d=d, k=k: _contest(n, d, k), target=0.5)
