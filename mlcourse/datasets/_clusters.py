"""Gaussian clusters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlcourse._validation import check_array, check_number, check_random_state
from mlcourse.datasets._common import check_bool, check_count, check_interval, finish, shares, two_counts


def make_blobs(
    n_samples: int | Sequence[int] = 100,
    n_features: int = 2,
    *,
    centers: int | np.ndarray | None = None,
    cluster_std: float | Sequence[float] = 1.0,
    center_box: tuple[float, float] = (-10.0, 10.0),
    shuffle: bool = True,
    random_state: int | np.random.Generator | None = None,
    return_centers: bool = False,
) -> tuple[np.ndarray, ...]:
    """Draw points from spherical Gaussians, one a cluster.

    Parameters
    ----------
    n_samples : int or sequence of int, default=100
        The number of points, divided equally among the clusters (the first ones take what is left over); or the number for
        each cluster.
    n_features : int, default=2
        The dimension; that of `centers` where they are given.
    centers : int, array of shape (n_centers, n_features) or None, default=None
        The number of clusters or their centres; None stands for 3, or for as many as `n_samples` lists.
    cluster_std : float or sequence of float, default=1.0
        Standard deviation along each axis, for all clusters or for each; ≥ 0.
    center_box : pair of float, default=(-10, 10)
        Centres that are not given are drawn uniformly between these bounds, along each axis.
    shuffle : bool, default=True
        Shuffle the points; else they come cluster by cluster.
    random_state : int, Generator or None, default=None
        The seed.
    return_centers : bool, default=False
        Return the centres too.

    Returns
    -------
    X : array of shape (n_samples, n_features)
        The points.
    y : int array of shape (n_samples,)
        The cluster of each point, 0, 1, ….
    centers : array of shape (n_centers, n_features)
        Only if `return_centers` is true.

    Examples
    --------
    >>> from mlcourse.datasets import make_blobs
    >>> X, y = make_blobs(n_samples=[10, 20], n_features=5, random_state=0)
    >>> X.shape, y.sum()
    ((30, 5), np.int64(20))
    """
    shuffle, return_centers = check_bool(shuffle, "shuffle"), check_bool(return_centers, "return_centers")
    n_features = check_number(n_features, "n_features", low=1, integer=True)
    low, high = check_interval(center_box, "center_box")
    rng = check_random_state(random_state)

    if np.ndim(n_samples) == 0:
        counts, n_centers = None, 3
        n_samples = check_count(n_samples)
    else:
        counts = [check_number(n, f"n_samples[{i}]", low=0, integer=True) for i, n in enumerate(n_samples)]
        n_centers, n_samples = len(counts), sum(counts)
        if n_samples == 0:
            raise ValueError(f"n_samples must ask for at least 1 point (it was {counts})")
    if centers is None or np.ndim(centers) == 0:
        if centers is not None:
            n_centers = check_number(centers, "centers", low=1, integer=True)
        centers = rng.uniform(low, high, size=(n_centers, n_features))
    else:
        centers = check_array(centers, name="centers")
    n_centers, n_features = centers.shape
    if counts is None:
        counts = shares(n_samples, n_centers)
    elif len(counts) != n_centers:
        raise ValueError(f"n_samples must have one entry a centre, {n_centers} (it had {len(counts)})")
    if np.ndim(cluster_std) == 0:
        stds = np.full(n_centers, check_number(cluster_std, "cluster_std", low=0))
    else:
        stds = np.array([check_number(s, f"cluster_std[{i}]", low=0) for i, s in enumerate(cluster_std)])
        if stds.size != n_centers:
            raise ValueError(f"cluster_std must be a number or have one entry a centre, {n_centers} (it had {stds.size})")

    y = np.repeat(np.arange(n_centers), counts)
    X = centers[y] + stds[y, None] * rng.standard_normal((n_samples, n_features))
    X, y = finish(X, y, 0.0, rng, shuffle)
    return (X, y, centers) if return_centers else (X, y)


def make_two_gaussians(
    n_samples: int | tuple[int, int] = 200,
    *,
    n_features: int = 50,
    width_ratio: float = 10.0,
    distance: float = 20.0,
    random_state: int | np.random.Generator | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw a narrow and a wide spherical Gaussian, to ask whether a map shows their widths.

    The narrow cluster has standard deviation 1 along each axis and lies at the origin: its points are about
    √n_features from their centre. The wide one has standard deviation `width_ratio`, and its centre is `distance`
    away along the first axis.

    Parameters
    ----------
    n_samples : int or pair of int, default=200
        The number of points, half of them in each cluster (an odd one in the wide), or the numbers in the two.
    n_features : int, default=50
        The dimension.
    width_ratio : float, default=10.0
        The wide cluster's standard deviation ÷ the narrow one's; > 0 (below 1 the "wide" one is the narrower).
    distance : float, default=20.0
        Between the centres, in standard deviations of the narrow cluster; ≥ 0.
    random_state : int, Generator or None, default=None
        The seed.

    Returns
    -------
    X : array of shape (n_samples, n_features)
        The points, the narrow cluster first.
    y : int array of shape (n_samples,)
        0 in the narrow cluster, 1 in the wide one.

    References
    ----------
    M. Wattenberg, F. Viégas and I. Johnson (2016). How to use t-SNE effectively. Distill,
    https://doi.org/10.23915/distill.00002, "Cluster sizes in a t-SNE plot mean nothing".

    Examples
    --------
    >>> from mlcourse.datasets import make_two_gaussians
    >>> X, y = make_two_gaussians(1000, width_ratio=10, random_state=0)
    >>> round(float(X[y == 1].std(axis=0).mean() / X[y == 0].std(axis=0).mean()))
    10
    """
    counts = two_counts(n_samples)
    n_features = check_number(n_features, "n_features", low=1, integer=True)
    width_ratio = check_number(width_ratio, "width_ratio", low=0, closed="right")
    distance = check_number(distance, "distance", low=0)
    rng = check_random_state(random_state)

    y = np.repeat([0, 1], counts)
    X = np.where(y == 0, 1.0, width_ratio)[:, None] * rng.standard_normal((y.size, n_features))
    X[y == 1, 0] += distance
    return X, y
