"""The gap statistic: how many clusters does the data have that even samples have not?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcourse._principal_axes import principal_axes
from mlcourse._validation import check_array, check_choice, check_number, check_random_state
from mlcourse.metrics.compactness import within_cluster_sum_of_squares

__all__ = ["GapResult", "gap_statistic"]

N_STARTS = 3  # of k-means for each number of clusters, for the data and its references alike


@dataclass(frozen=True)
class GapResult:
    """What `gap_statistic` found; every array has one entry for each number of clusters.

    Attributes
    ----------
    n_clusters : int array
        The numbers of clusters tried, k.
    gap : array
        Mean logarithm of the references' within-cluster sum of squares − that of the data, in nats.
        ∞ where the data's sum is 0: every cluster holds copies of one point.
    standard_error : array
        s_k: the standard deviation of the references' logarithms, times √(1 + 1/n_references).
    log_inertia : array
        ln W_k of the data, −∞ where W_k = 0.
    reference_log_inertia : array
        The mean of ln W_k over the references.
    best : int
        The smallest k with gap(k) ≥ gap(next k) − standard_error(next k); the last one where there
        is no such k, which then says only that larger ones should be tried.
    """

    n_clusters: NDArray
    gap: NDArray
    standard_error: NDArray
    log_inertia: NDArray
    reference_log_inertia: NDArray
    best: int


def gap_statistic(
    X: ArrayLike,
    n_clusters: Iterable[int] = range(1, 11),
    *,
    n_references: int = 20,
    reference: str = "box",
    cluster: Callable[[NDArray, int], ArrayLike] | None = None,
    random_state: int | np.random.Generator | None = None,
) -> GapResult:
    r"""Compare how fast k clusters shrink the data's sum of squares with how fast even data's.

    .. math:: \text{Gap}(k) = \frac{1}{B} \sum_{b=1}^B \ln W_{kb}^* - \ln W_k

    :math:`W_k` is `within_cluster_sum_of_squares` of the data cut into k clusters, and
    :math:`W_{kb}^*` that of the b-th of B references: as many points, spread evenly over the region
    of the data, cut by the same method.  The first k that the next one does not better by more than
    its standard error is taken; it may be 1.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        The data.
    n_clusters : sequence of int, default=range(1, 11)
        The numbers of clusters to try, ascending; 1 to n_samples − 1.
    n_references : int, default=20
        B, ≥ 1.
    reference : {"box", "pca"}, default="box"
        Spread the references over the box of the features' ranges, or over the box along the
        data's principal axes, which fits elongated data better and turns with the data.
    cluster : callable (X, k) -> labels, default=None
        The method, called for k ≥ 2; None is `mlcourse.cluster.KMeans` with the best of 3 starts.
    random_state : int, Generator or None, default=None
        The seed of the references and of k-means.  A reference depends only on the seed and its
        number b: other `n_clusters` or more references change nothing in it.

    Returns
    -------
    GapResult
        With ``n_clusters``, ``gap``, ``standard_error``, ``log_inertia``,
        ``reference_log_inertia`` and ``best``.

    Raises
    ------
    ValueError
        If X holds NaN or its squares overflow, `n_clusters` is empty, not ascending or out of
        range, or `cluster` returns something else than one label a point.

    Notes
    -----
    Where all points are copies of one, the references are too: both sums are 0, and the gap is
    taken as 0.

    References
    ----------
    R. Tibshirani, G. Walther and T. Hastie (2001). Estimating the number of clusters in a data set
    via the gap statistic. Journal of the Royal Statistical Society B 63, 411–423, sections 3–4.

    Examples
    --------
    >>> from mlcourse.datasets import make_blobs
    >>> from mlcourse.metrics import gap_statistic
    >>> X, y = make_blobs(90, centers=[[0, 0], [30, 0], [0, 30]], random_state=0)
    >>> gap_statistic(X, range(1, 6), n_references=10, random_state=0).best
    3
    """
    X = check_array(X, min_samples=2)
    ks = _check_n_clusters(n_clusters, len(X))
    n_references = check_number(n_references, "n_references", low=1, integer=True)
    check_choice(reference, "reference", ("box", "pca"))
    if cluster is not None and not callable(cluster):
        raise TypeError(
            f"cluster must be a function (X, k) -> labels, or None (it was {cluster!r})"
        )
    seeds = check_random_state(random_state).integers(2**32, size=n_references + 1).tolist()

    log_inertia = _log_inertias(X, ks, cluster, seeds[0])
    origin, axes = np.zeros(X.shape[1]), None
    if reference == "pca":
        origin = X.mean(axis=0)
        _, axes = principal_axes(X - origin)
    inside = X if axes is None else (X - origin) @ axes.T
    low, high = inside.min(axis=0), inside.max(axis=0)
    of_references = np.empty((n_references, len(ks)))
    for b, seed in enumerate(seeds[1:]):
        even = np.random.default_rng(seed).uniform(low, high, size=inside.shape)
        if axes is not None:
            even = origin + even @ axes
        of_references[b] = _log_inertias(even, ks, cluster, seed)

    mean = of_references.mean(axis=0)
    with np.errstate(invalid="ignore"):  # −∞ − (−∞)
        gap = np.where(mean == log_inertia, 0.0, mean - log_inertia)
        spread = np.where(np.isfinite(mean), of_references.std(axis=0), 0.0)
    error = spread * np.sqrt(1 + 1 / n_references)
    enough = np.append(gap[:-1] >= gap[1:] - error[1:], True)
    best = int(ks[np.argmax(enough)])
    return GapResult(ks, gap, error, log_inertia, mean, best)


def _check_n_clusters(n_clusters: Iterable[int], n_samples: int) -> NDArray:
    if isinstance(n_clusters, str) or not isinstance(n_clusters, Iterable):
        raise TypeError(f"n_clusters must be a sequence of integers (it was {n_clusters!r})")
    ks = [
        check_number(
            k,
            f"n_clusters[{i}]",
            low=1,
            high=n_samples - 1,
            integer=True,
            high_name="n_samples - 1",
        )
        for i, k in enumerate(n_clusters)
    ]
    if not ks or any(a >= b for a, b in zip(ks, ks[1:], strict=False)):
        raise ValueError(f"n_clusters must be ascending, and at least one (it was {ks})")
    return np.array(ks, dtype=np.intp)


def _log_inertias(X: NDArray, ks: NDArray, cluster: Callable | None, seed: int) -> NDArray:
    """The logarithm of the within-cluster sum of squares for each number of clusters."""
    n_distinct = len(np.unique(X, axis=0))
    inertias = np.zeros(len(ks))
    for i, k in enumerate(ks.tolist()):
        if k >= n_distinct:  # every cluster holds copies of one point
            break
        if k == 1:
            labels = np.zeros(len(X), dtype=np.intp)
        elif cluster is not None:
            labels = cluster(X, k)
        else:
            from mlcourse.cluster import KMeans  # here, so that metrics does without it

            labels = KMeans(k, n_init=N_STARTS, random_state=seed).fit_predict(X)
        inertias[i] = within_cluster_sum_of_squares(X, labels)
    with np.errstate(divide="ignore"):
        return np.log(inertias)
