"""What the eye sees in a map, as numbers: widths, distances, clumps, gaps.

Measures such as trustworthiness compare neighbours. These here say what somebody who looks at the
picture would say, so that the same can be asked of the data, and the two answers compared.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array, check_number, check_y
from mlcourse.metrics._neighbors import Points, row_blocks

__all__ = [
    "center_distances",
    "clark_evans_index",
    "cluster_widths",
    "convex_hull_area",
    "largest_gap",
]


def cluster_widths(X: ArrayLike, labels: ArrayLike) -> np.ndarray:
    """Measure how wide each cluster is: the root mean square distance of its points from its mean.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Data or map.
    labels : array_like of shape (n_samples,)
        The cluster of each point.

    Returns
    -------
    array of shape (n_clusters,)
        A width for each label, in the order of ``numpy.unique(labels)``, in the unit of X.

    Raises
    ------
    ValueError
        If the lengths differ, or X holds NaN.

    Examples
    --------
    >>> from mlcourse.metrics import cluster_widths
    >>> cluster_widths([[-1.0], [1.0], [10.0], [30.0]], ["a", "a", "b", "b"])
    array([ 1., 10.])
    """
    X, labels, kinds = _check_clusters(X, labels)
    parts = [X[labels == kind] for kind in kinds]
    squares = [((part - part.mean(axis=0)) ** 2).sum(axis=1) for part in parts]
    return np.sqrt([each.mean() for each in squares])


def center_distances(X: ArrayLike, labels: ArrayLike) -> np.ndarray:
    """Measure how far the means of the clusters are from each other.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Data or map.
    labels : array_like of shape (n_samples,)
        The cluster of each point.

    Returns
    -------
    array of shape (n_clusters, n_clusters)
        Euclidean distances of the means, rows and columns in the order of ``numpy.unique(labels)``.

    Raises
    ------
    ValueError
        If the lengths differ, or X holds NaN.

    Examples
    --------
    >>> from mlcourse.metrics import center_distances
    >>> center_distances([[0.0], [2.0], [9.0], [13.0]], [0, 0, 1, 1])
    array([[ 0., 10.],
           [10.,  0.]])
    """
    X, labels, kinds = _check_clusters(X, labels)
    centers = np.array([X[labels == kind].mean(axis=0) for kind in kinds])
    return np.linalg.norm(centers[:, None] - centers, axis=2)


def clark_evans_index(
    Y: ArrayLike, *, area: float | None = None
) -> float:
    r"""Measure how clumped points of the plane are: the index of Clark and Evans.

    .. math:: R = \frac{\bar r}{\frac{1}{2} \sqrt{A / n}}

    :math:`\bar r` is the mean distance of a point from its nearest neighbour. The denominator is
    what it would be on average if the points were scattered over an unbounded plane, independently
    and evenly, as densely as n on the area A (eq-clark-evans).

    Parameters
    ----------
    Y : array_like of shape (n_samples, 2)
        Points of the plane, such as a map; at least two.
    area : float or None, default=None
        A > 0, in squared units of Y; None takes the convex hull of the points.

    Returns
    -------
    float
        About 1 for an even random scatter; below 1 for clumps (0 if every point has a double);
        above 1 where points keep apart (2.149 for a large lattice of triangles). The unit of Y
        plays no part.

    Raises
    ------
    ValueError
        If there are fewer than two points or not two columns, or if the hull has no area.

    Notes
    -----
    Three causes move the value of a scatter without clumps away from 1. At the rim a point lacks
    neighbours, and the hull of few points is smaller than the region they were scattered over:
    evenly in a square, 50 points have 1.19 on average and 1,000 points 1.03. And a scatter that is
    dense in the middle and thin outside falls below 1 as it grows: a Gaussian one of 150 points has
    1.06, of 1,000 points 0.88. Compare with a scatter of the same kind and size rather than with 1.

    References
    ----------
    P. J. Clark and F. C. Evans (1954). Distance to nearest neighbor as a measure of spatial
    relationships in populations. Ecology 35, 445–453.

    Examples
    --------
    >>> from mlcourse.metrics import clark_evans_index
    >>> square = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
    >>> clark_evans_index(square)
    4.0
    >>> clark_evans_index(square, area=4.0)
    2.0
    """
    Y = check_plane(Y, "Y", min_samples=2)
    if area is None:
        area = convex_hull_area(Y)
        if not area > 0:
            raise ValueError(
                "Y has a convex hull without area: its points lie on a line; "
                "say what area they come from"
            )
    area = check_number(area, "area", low=0, closed="right")
    expected = 0.5 * float(np.sqrt(area / len(Y)))
    return _mean_nearest_distance(Y) / expected


def _mean_nearest_distance(Y: np.ndarray) -> float:
    points = Points(Y)
    nearest = [np.sqrt(points.sq_distances(rows).min(axis=1)) for rows in row_blocks(len(Y))]
    return float(points.unit * np.concatenate(nearest).mean())


def convex_hull_area(Y: ArrayLike) -> float:
    """Measure the area of the smallest convex region that holds all points: of a rubber band around them.

    Parameters
    ----------
    Y : array_like of shape (n_samples, 2)
        Points of the plane.

    Returns
    -------
    float
        The area, in squared units of Y; 0 if the points lie on a line.

    Raises
    ------
    ValueError
        If Y has not two columns or holds NaN.

    References
    ----------
    A. M. Andrew (1979). Another efficient algorithm for convex hulls in two dimensions. Information
    Processing Letters 9, 216–219.

    Examples
    --------
    >>> from mlcourse.metrics import convex_hull_area
    >>> convex_hull_area([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0], [0.5, 0.5]])
    2.0
    """
    Y = check_plane(Y, "Y")
    corners = (Y - Y[0])[np.lexsort(Y.T[::-1])].tolist()
    hull = _half_hull(corners)[:-1] + _half_hull(corners[::-1])[:-1]
    if len(hull) < 3:
        return 0.0
    x, y = np.array(hull).T
    return 0.5 * abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1)))


def _half_hull(corners: list[list[float]]) -> list[list[float]]:
    """The hull below points that are sorted from left to right: only left turns remain."""
    chain: list[list[float]] = []
    for x, y in corners:
        while len(chain) >= 2:
            (x0, y0), (x1, y1) = chain[-2:]
            if (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) > 0:
                break
            chain.pop()
        chain.append([x, y])
    return chain


def largest_gap(Y: ArrayLike, center: ArrayLike) -> float:
    """Measure the widest angle in which no point is seen from a centre.

    A cluster that surrounds the centre leaves only small gaps; one that lies beside it leaves more
    than half a turn.

    Parameters
    ----------
    Y : array_like of shape (n_samples, 2)
        Points of the plane.
    center : array_like of shape (2,)
        Where one stands.

    Returns
    -------
    float
        The angle in degrees, 0 to 360; 360 if all points lie in one direction. A point in the
        centre itself counts as seen straight ahead, in the direction of the first axis.

    Raises
    ------
    ValueError
        If Y has not two columns, the centre not two entries, or one of them holds NaN.

    Examples
    --------
    >>> from mlcourse.metrics import largest_gap
    >>> round(largest_gap([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]], [0.0, 0.0]), 6)
    180.0
    """
    Y = check_plane(Y, "Y")
    center = check_array(center, name="center", ndim=1)
    if center.shape != (2,):
        raise ValueError(f"center must have two entries (it had {center.size})")
    angles = np.sort(np.arctan2(*(Y - center).T[::-1]))
    return float(np.degrees(np.diff(angles, append=angles[0] + 2 * np.pi).max()))


def _check_clusters(X: ArrayLike, labels: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    X = check_array(X)
    labels = check_y(labels, len(X), name="labels")
    return X, labels, np.unique(labels)


def check_plane(Y: ArrayLike, name: str, min_samples: int = 1) -> np.ndarray:
    """Turn points of the plane into an array with two columns, or say why they are none.

    Parameters
    ----------
    Y : array_like of shape (n_samples, 2)
        The points.
    name : str
        What the messages call them.
    min_samples : int
        The smallest allowed number of them.

    Returns
    -------
    array of shape (n_samples, 2)
        The points.
    """
    Y = check_array(Y, name=name, min_samples=min_samples)
    if Y.shape[1] != 2:
        raise ValueError(
            f"{name} must hold points of the plane, in two columns (it had shape {Y.shape})"
        )
    return Y
