"""Which neighbours do several maps agree on?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array, check_number
from mlcourse.metrics._neighbors import Points, nearest, row_blocks

__all__ = ["neighbor_agreement"]


def neighbor_agreement(
    maps: Sequence[ArrayLike], *, n_neighbors: int = 10
) -> np.ndarray:
    """Measure, point by point, the share of neighbours that all maps agree on.

    With U_m(i) for the k nearest neighbours of point i in map m it is the size of the intersection
    U_1(i) ∩ U_2(i) ∩ …, divided by k. Of the data and one map, the mean over the points is the
    neighbourhood preservation.

    Parameters
    ----------
    maps : sequence of array_like of shape (n_samples, any)
        At least two maps (or a data set and its maps) of the same points in the same order.
    n_neighbors : int, default=10
        k, the size of a neighbourhood; 1 ≤ k ≤ n_samples − 1.

    Returns
    -------
    array of shape (n_samples,)
        For each point a share, 0 to 1. Two random maps agree on about k / (n_samples − 1) on
        average, three on the square of that.

    Raises
    ------
    ValueError
        If there are fewer than two maps, they differ in length or hold NaN, or `n_neighbors` is out
        of range.

    Notes
    -----
    Where distances in a map are equal, those are taken as its neighbours first that the maps before
    it agree on.

    Examples
    --------
    >>> from mlcourse.metrics import neighbor_agreement
    >>> line, moved = [[0.0], [1.0], [2.5], [4.5]], [[9.0], [1.0], [2.5], [4.5]]
    >>> neighbor_agreement([line, moved], n_neighbors=1).tolist()
    [0.0, 0.0, 1.0, 1.0]
    """
    maps, k = _check_maps(maps, n_neighbors)
    n_samples = len(maps[0])
    points = [Points(each) for each in maps]
    shares = []
    for rows in row_blocks(n_samples):  # not all n² distances at once
        common = True
        for each in points:
            distances = each.sq_distances(rows)
            common = np.broadcast_to(common, distances.shape)
            near = nearest(each, rows, distances, k, prefer=~common)
            common = common & near
        shares.append(common.sum(axis=1) / k)
    return np.concatenate(shares)


def _check_maps(maps: Sequence[ArrayLike], n_neighbors: int) -> tuple[list[np.ndarray], int]:
    if isinstance(maps, np.ndarray) and maps.ndim != 3 or len(maps) < 2:
        raise ValueError(
            "maps must be a sequence of at least two maps, each of shape (n_samples, any)"
        )
    maps = [check_array(each, name=f"maps[{m}]", min_samples=2) for m, each in enumerate(maps)]
    n_samples = len(maps[0])
    for m, each in enumerate(maps):
        if len(each) != n_samples:
            raise ValueError(
                f"maps[{m}] must have one row for each of the {n_samples} rows of maps[0] "
                f"(it had {len(each)})"
            )
    k = check_number(
        n_neighbors, "n_neighbors", low=1, high=n_samples, integer=True, closed="left", high_name="n_samples"
    )
    return maps, k
