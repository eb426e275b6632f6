"""How far to go along a direction: halve the step until the value falls enough."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array, check_number
from mlcourse.optimize._problem import QUIET, euclidean_norm

__all__ = ["LineSearchResult", "backtracking"]

Fun = Callable[[np.ndarray], tuple[float, np.ndarray]]

# Two values closer than so many units of rounding, relative to their size, count as equal.
_ROUNDING = 100.0


@dataclass(frozen=True, eq=False)
class LineSearchResult:
    """Where a line search ended.

    Parameters
    ----------
    step_length : float
        α in x + α · direction; 0 if no step was found.
    parameters : ndarray
        That point.
    value : float
        The value there.
    gradient : ndarray
        The gradient there.
    evaluations : int
        How often the function was called.
    success : bool
        Whether the point fulfils the conditions.
    finite : bool
        Whether any of the points tried had a finite value and gradient.
    """

    step_length: float
    parameters: np.ndarray = field(repr=False)
    value: float
    gradient: np.ndarray = field(repr=False)
    evaluations: int
    success: bool
    finite: bool = True


def backtracking(
    fun: Fun,
    x: ArrayLike,
    value: float,
    gradient: ArrayLike,
    direction: ArrayLike,
    *,
    step_length: float = 1.0,
    sufficient_decrease: float = 1e-4,
    shrink: float = 0.5,
    max_evaluations: int = 50,
) -> LineSearchResult:
    """Halve the step until the value falls enough: Armijo's rule.

    Enough is a small part c of what the slope promises::

        f(x + α p) ≤ f(x) + c α gᵀp

    Near a minimum the promise gets smaller than the rounding of f.  There the values cannot tell,
    so a step is also taken if the value stays equal but for rounding (``100 ε abs(f)``) and the
    gradient gets at most half as long.  A point whose value or gradient is not finite counts as
    too far.

    Parameters
    ----------
    fun : callable
        ``fun(x) -> (value, gradient)``.
    x : array_like
        Where the search starts.
    value, gradient : float, array_like
        Those at x.
    direction : array_like
        p, of x's shape, with gᵀp < 0.
    step_length : float, default=1.0
        The first α, > 0.
    sufficient_decrease : float, default=1e-4
        c, between 0 and 1.
    shrink : float, default=0.5
        What α is multiplied by, between 0 and 1.
    max_evaluations : int, default=50
        How many points are tried at most, ≥ 1.

    Returns
    -------
    LineSearchResult
        Without success: x itself, with step_length 0.

    Raises
    ------
    ValueError
        If the direction leads uphill.

    References
    ----------
    L. Armijo (1966), Minimization of functions having Lipschitz continuous first partial
    derivatives; J. Nocedal and S. J. Wright (2006), Numerical optimization, algorithm 3.1.

    Examples
    --------
    >>> bowl = lambda x: (float(x @ x), 2 * x)
    >>> backtracking(bowl, [1.0], 1.0, [2.0], [-8.0]).step_length
    0.125
    """
    x, value, gradient, direction, slope = check_search(x, value, gradient, direction)
    step = float(check_number(step_length, "step_length", low=0, closed="neither"))
    check_number(sufficient_decrease, "sufficient_decrease", low=0, high=1, closed="neither")
    check_number(shrink, "shrink", low=0, high=1, closed="neither")
    check_number(max_evaluations, "max_evaluations", low=1, integer=True)
    noise = rounding_of(value, x.dtype)
    norm = euclidean_norm(gradient)
    finite = False
    for n in range(1, max_evaluations + 1):
        point = point_at(x, step, direction)
        with np.errstate(**QUIET):
            f, g = fun(point)
        new_norm = euclidean_norm(g)
        if math.isfinite(f) and math.isfinite(new_norm):
            finite = True
            enough = f < value and f <= value + sufficient_decrease * step * slope
            equal = f <= value + noise and -step * slope <= noise
            if enough or (equal and new_norm <= 0.5 * norm):
                return LineSearchResult(step, point, f, g, n, True)
            if np.array_equal(point, x):
                break
        step *= shrink
    return LineSearchResult(0.0, x, value, gradient, n, False, finite)


def rounding_of(value: float, dtype: np.dtype) -> float:
    """Below which a difference of two values near this one is rounding."""
    return _ROUNDING * float(np.finfo(dtype).eps) * abs(value)


def point_at(x: np.ndarray, step: float, direction: np.ndarray) -> np.ndarray:
    """x + step · direction."""
    point = direction * step  # a Python float, so that float32 stays float32
    point += x
    return point


def check_search(
    x: ArrayLike, value: float, gradient: ArrayLike, direction: ArrayLike
) -> tuple[np.ndarray, float, np.ndarray, np.ndarray, float]:
    """Check what a line search starts from; returns it as arrays, and the slope gᵀp < 0."""
    x = check_array(x, name="x", dtype=(np.float64, np.float32), ndim=None)
    arrays = []
    for name, array in (("gradient", gradient), ("direction", direction)):
        array = check_array(array, name=name, dtype=x.dtype, ndim=None)
        if array.shape != x.shape:
            raise ValueError(f"{name} must have x's shape {x.shape} (it had {array.shape})")
        arrays.append(array)
    value = float(check_number(value, "value"))
    slope = float(np.vdot(*arrays))
    if not slope < 0:
        raise ValueError(
            f"direction must lead downhill, gradient · direction < 0 (it was {slope:g})"
        )
    return x, value, *arrays, slope
