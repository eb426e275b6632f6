"""What the eye sees of curves in a map, as numbers: crossings, and how straight they run."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array
from mlcourse.metrics.appearance import check_plane

__all__ = ["count_crossings", "straightness"]


def count_crossings(first: ArrayLike, second: ArrayLike | None = None) -> int:
    """Count how often a closed curve in the plane crosses itself, or another one.

    The curves are closed polygons: straight from each point to the next, and from the last to the
    first.

    Parameters
    ----------
    first : array_like of shape (n_first, 2)
        The corners of a curve in their order; at least three.
    second : array_like of shape (n_second, 2) or None, default=None
        Those of another curve; None counts the crossings of `first` with itself.

    Returns
    -------
    int
        The number of pairs of edges that cross. Edges that merely touch, or lie on one line, do
        not.

    Raises
    ------
    ValueError
        If a curve has fewer than three corners or not two columns, or holds NaN.

    Examples
    --------
    >>> from mlcourse.metrics import count_crossings
    >>> eight = [[0.0, 0.0], [1.0, 1.0], [1.0, 0.0], [0.0, 1.0]]
    >>> count_crossings(eight)
    1
    """
    first = check_plane(first, "first", min_samples=3)
    other = first if second is None else check_plane(second, "second", min_samples=3)
    a, b = first[:, None], np.roll(first, -1, axis=0)[:, None]
    c, d = other, np.roll(other, -1, axis=0)
    # Two edges cross if the ends of each lie on different sides of the other. Neighbouring edges of one
    # curve share a corner, which lies on no side: they do not count.
    apart = _side(a, b, c) * _side(a, b, d) < 0
    crossing = apart & (_side(c, d, a) * _side(c, d, b) < 0)
    return int(crossing.sum()) // (2 if second is None else 1)


def _side(a: np.ndarray, b: np.ndarray, point: np.ndarray) -> np.ndarray:
    """On which side of the line from a to b a point lies: 1 left, −1 right, 0 on it."""
    along, to = b - a, point - a
    return np.sign(along[..., 0] * to[..., 1] - along[..., 1] * to[..., 0])


def straightness(path: ArrayLike) -> float:
    """Measure how straight a path runs on: the mean cosine of the angle between a step and the next.

    Parameters
    ----------
    path : array_like of shape (n_samples, n_features)
        Places in the order in which they are visited; at least three.

    Returns
    -------
    float
        1 for a straight line, 0 on average where no step knows of the one before, −1 for going to
        and fro. A step of length 0 has no direction; the pairs that it is part of are left out.

    Raises
    ------
    ValueError
        If there are fewer than three places, or no two successive steps have a length.

    Examples
    --------
    >>> from mlcourse.metrics import straightness
    >>> straightness([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [2.0, 1.0]])
    0.5
    """
    path = check_array(path, name="path", min_samples=3)
    steps = np.diff(path, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    moved = (lengths[1:] > 0) & (lengths[:-1] > 0)
    if not moved.any():
        raise ValueError("path must have two successive steps of a length above 0 (it had none)")
    directions = steps / np.where(lengths > 0, lengths, 1.0)[:, None]
    return float(np.einsum("ij,ij->i", directions[1:], directions[:-1])[moved].mean())
