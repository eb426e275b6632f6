"""Barnes and Hut's idea: for a point far away, a crowd is one heavy point at its centre."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlcourse._validation import check_array, check_number

__all__ = ["BarnesHutCells", "barnes_hut_cells"]

_SMALLEST = 1e-9  # of the map's width: points in so small a cell are at one place


@dataclass(frozen=True, eq=False)
class BarnesHutCells:
    """The cells that stand for all other points, as one point sees them.

    Parameters
    ----------
    counts : array of int, shape (n_cells,)
        How many points are in each; together n_samples − 1.
    centres : array of shape (n_cells, n_components)
        The means of these points.
    corners : array of shape (n_cells, n_components)
        The lower corners of the cells.
    widths : array of shape (n_cells,)
        The lengths of their sides.
    """

    counts: np.ndarray
    centres: np.ndarray
    corners: np.ndarray
    widths: np.ndarray


def barnes_hut_cells(Y: np.ndarray, i: int, theta: float) -> BarnesHutCells:
    """Into which cells the other points are gathered when the force on point i is summed.

    The square around the map is cut into quarters, those into quarters again, and so on (in m
    dimensions into 2^m parts).  A cell is left whole when its width is less than `theta` times the
    distance from y_i to the mean of its points, or when it holds one point.  About
    O(log(n) / theta²) cells remain of n points in the plane.

    This is the idea in its plain form, for one point.  A program builds the tree once for all
    points, and then needs O(n log n) for all forces.

    Parameters
    ----------
    Y : array of shape (n_samples, n_components)
        The map.
    i : int
        The point on which the force acts.
    theta : float
        θ ≥ 0; 0 keeps every point for itself (but for points at one place).

    Returns
    -------
    BarnesHutCells
        The cells; none holds y_i.

    References
    ----------
    J. Barnes and P. Hut (1986), A hierarchical O(N log N) force-calculation algorithm; L. van der
    Maaten (2014), Accelerating t-SNE using tree-based algorithms, §4.2.

    Examples
    --------
    >>> cells = barnes_hut_cells([[0.0, 0.0], [7.9, 8.0], [8.0, 8.0]], 0, 0.5)
    >>> cells.counts, cells.centres
    (array([2]), array([[7.95, 8.  ]]))
    """
    Y = check_array(Y, name="Y", min_samples=2)
    n, m = Y.shape
    i = check_number(i, "i", low=0, high=n - 1, high_name="n_samples - 1", integer=True)
    theta = check_number(theta, "theta", low=0)
    whole = float(np.ptp(Y, axis=0).max())
    found = []
    waiting = [(np.delete(np.arange(n), i), Y.min(axis=0), whole)]
    while waiting:
        members, corner, width = waiting.pop()
        centre = Y[members].mean(axis=0)
        far = width < theta * np.linalg.norm(Y[i] - centre)
        if far or len(members) == 1 or width <= _SMALLEST * whole:
            found.append((len(members), centre, corner, width))
            continue
        upper = Y[members] >= corner + width / 2
        part = upper @ (1 << np.arange(m))
        for number in np.unique(part):
            inside = part == number
            side = upper[inside.argmax()]
            waiting.append((members[inside], corner + side * width / 2, width / 2))
    return BarnesHutCells(*(np.array(column) for column in zip(*found)))
