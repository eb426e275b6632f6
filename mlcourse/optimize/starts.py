"""Newton's method from many starts at once, for a map of where they lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from mlcourse.optimize import Objective

__all__ = ["newton_from_many"]


def newton_from_many(
    objective: Objective,
    points: np.ndarray,
    *,
    shift: float = 0.0,
    halving: bool = False,
    n_steps: int = 60,
) -> np.ndarray:
    """Run Newton's method from many starts in the plane at once.

    It does what `mlcourse.optimize.newton` does, without its checks and its ends.

    Parameters
    ----------
    objective : mlcourse.optimize.Objective
        A function of two variables.
    points : ndarray of shape (n, 2)
        The starts.
    shift : float
        Added to both curvatures at every step.
    halving : bool
        Whether the lowest curvature, where it is negative, is raised to its absolute value, and
        the step halved until the function falls by enough.
    n_steps : int
        How many steps are made.

    Returns
    -------
    ndarray of shape (n, 2)
        Where they end.
    """
    for _ in range(n_steps):
        g, H = objective.gradient(points), objective.hessian(points)
        a, b, c = H[:, 0, 0] + shift, H[:, 0, 1], H[:, 1, 1] + shift
        if halving:
            low = (a + c) / 2 - np.hypot((a - c) / 2, b)
            a, c = a + np.maximum(0, -2 * low), c + np.maximum(0, -2 * low)
        step = np.stack([b * g[:, 1] - c * g[:, 0], b * g[:, 0] - a * g[:, 1]], axis=1)
        step /= (a * c - b * b)[:, None]
        length = np.ones((len(points), 1))
        if halving:
            enough = 1e-4 * (g * step).sum(axis=1)
            value = objective.value(points)
            for _ in range(20):
                promised = value + length[:, 0] * enough + 1e-12
                high = objective.value(points + length * step) > promised
                if not high.any():
                    break
                length[high] /= 2
        points = points + length * step
    return points
