"""Groups for clustering: far apart in many dimensions, and elongated ones."""

from __future__ import annotations

from math import cos, radians, sin

import numpy as np

from mlcourse._validation import check_number, check_random_state
from mlcourse.datasets._common import check_bool, check_count, finish, shares


def make_norm25(
    n_samples: int = 10_000,
    *,
    n_features: int = 15,
    n_centers: int = 25,
    side: float = 500.0,
    random_state: int | np.random.Generator | None = None,
    return_centers: bool = False,
) -> tuple[np.ndarray, ...]:
    """Draw the data on which k-means++ was first tried: unit Gaussians far apart in a cube.

    The centres are uniform in a cube; around each lies a spherical Gaussian of variance 1 along
    each axis.  At the default size the clusters are hundreds of their widths apart: which points
    belong together is plain, and the only question is whether the start finds every group.

    Parameters
    ----------
    n_samples : int, default=10000
        The number of points, divided equally among the centres (the first ones take what is left
        over).
    n_features : int, default=15
        The dimension.
    n_centers : int, default=25
        The number of clusters.
    side : float, default=500.0
        The side of the cube, from 0 to `side` along each axis, in standard deviations of a
        cluster; ≥ 0.
    random_state : int, Generator or None, default=None
        The seed.
    return_centers : bool, default=False
        Return the centres too.

    Returns
    -------
    X : array of shape (n_samples, n_features)
        The points, in random order.
    y : int array of shape (n_samples,)
        The cluster of each point, 0, 1, ….
    centers : array of shape (n_centers, n_features)
        Only if `return_centers` is true.

    References
    ----------
    D. Arthur and S. Vassilvitskii (2007). k-means++: The advantages of careful seeding. SODA 2007,
    1027–1035, section 6.1 (Norm-25).

    Examples
    --------
    >>> from mlcourse.datasets import make_norm25
    >>> X, y, centers = make_norm25(1000, random_state=0, return_centers=True)
    >>> X.shape, centers.shape
    ((1000, 15), (25, 15))
    >>> print(f"{(X - centers[y]).std():.2f}")
    1.00
    """
    n_samples = check_count(n_samples)
    n_features = check_number(n_features, "n_features", low=1, integer=True)
    n_centers = check_number(n_centers, "n_centers", low=1, integer=True)
    side = check_number(side, "side", low=0)
    return_centers = check_bool(return_centers, "return_centers")
    rng = check_random_state(random_state)

    centers = rng.uniform(0, side, size=(n_centers, n_features))
    y = np.repeat(np.arange(n_centers), shares(n_samples, n_centers))
    X = centers[y] + rng.standard_normal((n_samples, n_features))
    X, y = finish(X, y, 0.0, rng, shuffle=True)
    return (X, y, centers) if return_centers else (X, y)


def make_anisotropic_blobs(
    n_samples: int = 300,
    *,
    n_clusters: int = 3,
    aspect: float = 5.0,
    distance: float = 6.0,
    shift: float = 5.0,
    angle: float = 30.0,
    shuffle: bool = True,
    random_state: int | np.random.Generator | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw parallel Gaussian ellipses in the plane, which k-means cuts across.

    Every cluster has standard deviation 1 across and `aspect` along.  The next one lies `distance`
    away across and `shift` further along, so that a point at one end of an ellipse can be nearer to
    the neighbour's centre than to its own.

    Parameters
    ----------
    n_samples : int, default=300
        The number of points, divided equally among the clusters (the first ones take what is left
        over).
    n_clusters : int, default=3
        The number of ellipses.
    aspect : float, default=5.0
        Standard deviation along an ellipse ÷ that across it; ≥ 1 (at 1 they are round).
    distance : float, default=6.0
        From one ellipse to the next, across, in standard deviations across; ≥ 0.
    shift : float, default=5.0
        From one ellipse to the next, along, in the same unit.
    angle : float, default=30.0
        Between the long axes and the first coordinate axis, anticlockwise, in degrees.
    shuffle : bool, default=True
        Shuffle the points; else they come cluster by cluster.
    random_state : int, Generator or None, default=None
        The seed.

    Returns
    -------
    X : array of shape (n_samples, 2)
        The points; the mean of the clusters' centres is the origin.
    y : int array of shape (n_samples,)
        The cluster of each point, 0, 1, ….

    Examples
    --------
    >>> from mlcourse.datasets import make_anisotropic_blobs
    >>> X, y = make_anisotropic_blobs(3000, angle=0, random_state=0)
    >>> length, width = X[y == 0].std(axis=0)
    >>> round(float(length / width))
    5
    """
    n_samples = check_count(n_samples)
    n_clusters = check_number(n_clusters, "n_clusters", low=1, integer=True)
    aspect = check_number(aspect, "aspect", low=1)
    distance = check_number(distance, "distance", low=0)
    shift = check_number(shift, "shift")
    angle = radians(check_number(angle, "angle"))
    shuffle = check_bool(shuffle, "shuffle")
    rng = check_random_state(random_state)

    y = np.repeat(np.arange(n_clusters), shares(n_samples, n_clusters))
    X = rng.standard_normal((n_samples, 2)) * (aspect, 1.0)
    X += np.outer(y - (n_clusters - 1) / 2, (shift, distance))
    X = X @ [[cos(angle), sin(angle)], [-sin(angle), cos(angle)]]
    return finish(X, y, 0.0, rng, shuffle)
