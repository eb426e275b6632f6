"""The regions of the plane that are nearest to each of some centres."""

from __future__ import annotations

import numpy as np

Box = tuple[float, float, float, float]


def voronoi_cells(centers: np.ndarray, box: Box) -> list[np.ndarray]:
    """Cut a box into the regions of the plane that are nearest to each centre.

    Each region is what is left of the box when, for every other centre, the far side of the line
    midway between the two is cut off. So it is a convex polygon.

    Parameters
    ----------
    centers : ndarray of shape (k, 2)
        The centres. Of two in one place the first has the region.
    box : tuple of four float
        Left, right, lower and upper end of the box.

    Returns
    -------
    list of k ndarrays of shape (corners, 2)
        The corners of each region in order; no corner where a centre has no part of the box.
    """
    left, right, low, high = box
    whole = np.array([[left, low], [right, low], [right, high], [left, high]], dtype=float)
    cells = []
    for j, center in enumerate(centers):
        cell = whole
        for other, rival in enumerate(centers):
            if other == j:
                continue
            if np.array_equal(center, rival):
                cell = cell[: 0 if other < j else None]
            else:
                cell = _clip(cell, rival - center, (rival - center) @ (rival + center) / 2)
        cells.append(cell)
    return cells


def _clip(polygon: np.ndarray, normal: np.ndarray, level: float) -> np.ndarray:
    """Keep the part of a convex polygon where ``normal @ x <= level``."""
    height = polygon @ normal - level
    corners = []
    for a, b, at_a, at_b in zip(polygon, np.roll(polygon, -1, axis=0), height, np.roll(height, -1)):
        if at_a <= 0:
            corners.append(a)
        if (at_a < 0 < at_b) or (at_b < 0 < at_a):
            corners.append(a + (b - a) * at_a / (at_a - at_b))
    return np.array(corners).reshape(-1, 2)


def surrounding_box(X: np.ndarray, margin: float = 0.08) -> Box:
    """Find a box around points, with some room.

    Parameters
    ----------
    X : ndarray of shape (n, 2)
        The points.
    margin : float
        Room on each side, as a share of the longer side.

    Returns
    -------
    tuple of four float
        Left, right, lower and upper end.
    """
    low, high = X.min(axis=0), X.max(axis=0)
    room = margin * (high - low).max()
    return (low[0] - room, high[0] + room, low[1] - room, high[1] + room)
