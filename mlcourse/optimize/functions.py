"""Functions to minimise, small enough to draw: quadratics, Rosenbrock, Beale, Himmelblau."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array, check_number
from mlcourse.optimize.objective import Objective

__all__ = ["beale", "himmelblau", "quadratic", "rosenbrock"]


def quadratic(
    eigenvalues: Sequence[float],
    *,
    angle: float = 0.0,
    minimizer: ArrayLike | None = None,
    start: ArrayLike | None = None,
) -> Objective:
    """½ (θ − θ*)ᵀ H (θ − θ*): a bowl whose curvatures are chosen.

    Near a minimum every smooth function is nearly one of these.  The largest eigenvalue over the
    smallest is the condition number κ.

    Parameters
    ----------
    eigenvalues : sequence of float
        Those of H, all > 0; as many as there are variables.
    angle : float, default=0.0
        In radians, anticlockwise: by how much the bowl's axes are turned; two variables only.
    minimizer : array_like of shape (d,), default=None
        θ*; the origin by default.
    start : array_like of shape (d,), default=None
        By default one unit away from θ* along each of the bowl's axes.

    Returns
    -------
    Objective

    Examples
    --------
    >>> f = quadratic([1.0, 10.0])
    >>> value, gradient = f([1.0, 1.0])
    >>> value, gradient.tolist()
    (5.5, [1.0, 10.0])
    """
    eigenvalues = check_array(eigenvalues, name="eigenvalues", ndim=1)
    if not (eigenvalues > 0).all():
        raise ValueError(f"eigenvalues must all be > 0 (they were {eigenvalues.tolist()})")
    d = len(eigenvalues)
    angle = check_number(angle, "angle")
    if angle and d != 2:
        raise ValueError(f"angle turns two variables only (there are {d} eigenvalues)")
    c, s = np.cos(angle), np.sin(angle)
    axes = np.array([[c, -s], [s, c]]) if angle else np.eye(d)
    center = np.zeros(d) if minimizer is None else _point(minimizer, "minimizer", d)
    H = (axes * eigenvalues) @ axes.T
    H = (H + H.T) / 2

    def value(x):
        return 0.5 * (eigenvalues * ((x - center) @ axes) ** 2).sum(axis=-1)

    def gradient(x):
        return (x - center) @ H

    def hessian(x):
        return np.broadcast_to(H, x.shape[:-1] + H.shape).copy()

    start = center + axes.sum(axis=1) if start is None else _point(start, "start", d)
    half = 1.25 * max(1.0, np.abs(start - center).max())
    limits = tuple((float(m - half), float(m + half)) for m in center)
    return Objective("quadratic", (value, gradient, hessian), center[None], start, limits)


def rosenbrock() -> Objective:
    """100 (y − x²)² + (1 − x)²: a curved valley, flat along its floor and steep across.

    Its only minimum is 0 at (1, 1), where the condition number is about 2,500.

    Returns
    -------
    Objective
        Its start is the classical (−1.2, 1).

    References
    ----------
    H. H. Rosenbrock (1960), An automatic method for finding the greatest or least value of a
    function, The Computer Journal 3, 175–184.

    Examples
    --------
    >>> rosenbrock()([1.0, 1.0])[0]
    0.0
    """

    def value(p):
        x, y = p[..., 0], p[..., 1]
        return 100 * (y - x * x) ** 2 + (1 - x) ** 2

    def gradient(p):
        x, y = p[..., 0], p[..., 1]
        above = y - x * x
        return np.stack([-400 * x * above - 2 * (1 - x), 200 * above], axis=-1)

    def hessian(p):
        x, y = p[..., 0], p[..., 1]
        return _symmetric(1200 * x * x - 400 * y + 2, -400 * x, np.full_like(x, 200.0))

    limits = ((-2.0, 2.0), (-1.0, 3.0))
    formulas = (value, gradient, hessian)
    return Objective("Rosenbrock", formulas, np.ones((1, 2)), np.array([-1.2, 1.0]), limits)


def beale() -> Objective:
    """Σ_k (c_k − x (1 − y^k))² for c = 1.5, 2.25, 2.625: a plain with steep walls.

    Its only minimum is 0 at (3, 0.5).  Far out it is very steep near the corners, and nearly flat
    along x = 0 and near y = 1.

    Returns
    -------
    Objective
        It starts at (1, 1), as in Moré, Garbow and Hillstrom.

    References
    ----------
    J. J. Moré, B. S. Garbow and K. E. Hillstrom (1981), Testing unconstrained optimization
    software, ACM Transactions on Mathematical Software 7, 17–41, problem 5.

    Examples
    --------
    >>> beale()([3.0, 0.5])[0]
    0.0
    """
    constants, powers = np.array([1.5, 2.25, 2.625]), np.array([1, 2, 3])

    def parts(p):
        x, y = p[..., 0, None], p[..., 1, None]
        return x, y, constants - x * (1 - y**powers)

    def value(p):
        return (parts(p)[2] ** 2).sum(axis=-1)

    def gradient(p):
        x, y, r = parts(p)
        by_x, by_y = y**powers - 1, x * powers * y ** (powers - 1)
        return 2 * np.stack([(r * by_x).sum(-1), (r * by_y).sum(-1)], axis=-1)

    def hessian(p):
        x, y, r = parts(p)
        by_x, by_y = y**powers - 1, x * powers * y ** (powers - 1)
        mixed = powers * y ** (powers - 1)
        by_yy = x * powers * (powers - 1) * y ** np.maximum(powers - 2, 0)
        return _symmetric(
            2 * (by_x**2).sum(-1),
            2 * (by_x * by_y + r * mixed).sum(-1),
            2 * (by_y**2 + r * by_yy).sum(-1),
        )

    limits = ((-4.5, 4.5), (-4.5, 4.5))
    formulas = (value, gradient, hessian)
    return Objective("Beale", formulas, np.array([[3.0, 0.5]]), np.ones(2), limits)


def himmelblau() -> Objective:
    """(x² + y − 11)² + (x + y² − 7)²: four minima, all of value 0.

    Which of them a method finds depends on where it starts and on how long its steps are.

    Returns
    -------
    Objective
        It starts at the origin, near the maximum in the middle.

    References
    ----------
    D. M. Himmelblau (1972), Applied nonlinear programming, McGraw-Hill.

    Examples
    --------
    >>> himmelblau()([3.0, 2.0])[0]
    0.0
    """

    def value(p):
        x, y = p[..., 0], p[..., 1]
        return (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2

    def gradient(p):
        x, y = p[..., 0], p[..., 1]
        a, b = x * x + y - 11, x + y * y - 7
        return np.stack([4 * x * a + 2 * b, 2 * a + 4 * y * b], axis=-1)

    def hessian(p):
        x, y = p[..., 0], p[..., 1]
        a, b = x * x + y - 11, x + y * y - 7
        return _symmetric(8 * x * x + 4 * a + 2, 4 * x + 4 * y, 8 * y * y + 4 * b + 2)

    near = np.array([[3.0, 2.0], [-2.8, 3.1], [-3.8, -3.3], [3.6, -1.8]])
    for _ in range(8):  # Newton's method: two digits become four, eight, sixteen
        near = near - np.linalg.solve(hessian(near), gradient(near)[..., None])[..., 0]
    limits = ((-5.0, 5.0), (-5.0, 5.0))
    return Objective("Himmelblau", (value, gradient, hessian), near, np.zeros(2), limits)


def _point(values, name, d) -> np.ndarray:
    array = check_array(values, name=name, ndim=1, copy=True)
    if len(array) != d:
        raise ValueError(f"{name} must have {d} entries, one a variable (it had {len(array)})")
    return array


def _symmetric(xx, xy, yy) -> np.ndarray:
    return np.stack([np.stack([xx, xy], axis=-1), np.stack([xy, yy], axis=-1)], axis=-2)
