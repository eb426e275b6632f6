"""A line search for the strong Wolfe conditions, by cubic interpolation."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_number
from mlcourse.optimize._problem import QUIET
from mlcourse.optimize.line_search import (
    Fun,
    LineSearchResult,
    check_search,
    point_at,
    rounding_of,
)

__all__ = ["wolfe_line_search"]

# Of a bracket: how near to its ends, in parts of it, a trial may lie.
_MARGIN = 0.1
# A bracket that is not smaller than this part of what it was two trials ago is halved.
_SHRUNK = 0.66
# Beyond the last point: how many times the last stride a trial may go.
_NEXT, _FARTHEST = 1.1, 4.0


def wolfe_line_search(
    fun: Fun,
    x: ArrayLike,
    value: float,
    gradient: ArrayLike,
    direction: ArrayLike,
    *,
    step_length: float = 1.0,
    sufficient_decrease: float = 1e-4,
    curvature: float = 0.9,
    max_evaluations: int = 20,
) -> LineSearchResult:
    """Find a step that is neither too long nor too short: the strong Wolfe conditions.

    The value must fall enough, and the slope along the direction must get flatter::

        f(x + α p) ≤ f(x) + c₁ α gᵀp,        |g(x + α p)ᵀp| ≤ c₂ |gᵀp|

    As long as no minimum along the line is known to lie between two points, the step grows; then it
    is sought between them.  Each trial is the minimum of the cubic through the values and slopes of
    two points, kept away from the bracket's ends; a bracket that shrinks too slowly is halved.
    The first condition is tested up to the rounding of f: near a minimum only slopes can tell.
    A point whose value or gradient is not finite counts as too far.

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
        c₁, between 0 and c₂.
    curvature : float, default=0.9
        c₂, between c₁ and 1.
    max_evaluations : int, default=20
        How many points are tried at most, ≥ 1.

    Returns
    -------
    LineSearchResult
        Without success: the lowest of the points tried that fulfil the first condition; x itself,
        with step_length 0, if there was none.

    Raises
    ------
    ValueError
        If the direction leads uphill.

    References
    ----------
    J. Nocedal and S. J. Wright (2006), Numerical optimization, algorithms 3.5 and 3.6; J. J. Moré
    and D. J. Thuente (1994), Line search algorithms with guaranteed sufficient decrease.

    Examples
    --------
    >>> bowl = lambda x: (float(x @ x), 2 * x)
    >>> wolfe_line_search(bowl, [1.0], 1.0, [2.0], [-8.0], curvature=0.1).step_length
    0.125
    """
    x, value, gradient, direction, slope = check_search(x, value, gradient, direction)
    step = float(check_number(step_length, "step_length", low=0, closed="neither"))
    c2 = check_number(curvature, "curvature", low=0, high=1, closed="neither")
    c1 = check_number(
        sufficient_decrease, "sufficient_decrease", low=0, high=c2, closed="neither",
        high_name="curvature",
    )
    check_number(max_evaluations, "max_evaluations", low=1, integer=True)
    with np.errstate(**QUIET):
        return search_wolfe(
            fun, x, value, gradient, direction, slope, step, c1, c2, max_evaluations
        )


def search_wolfe(
    fun: Fun,
    x: np.ndarray,
    value: float,
    gradient: np.ndarray,
    direction: np.ndarray,
    slope: float,
    step: float = 1.0,
    c1: float = 1e-4,
    c2: float = 0.9,
    max_evaluations: int = 20,
) -> LineSearchResult:
    """`wolfe_line_search` without its checks; slope is gᵀp."""
    noise = rounding_of(value, x.dtype)
    resolution = 4 * float(np.finfo(x.dtype).eps)
    # Points as (step, value, slope).  `low` is the lowest that fulfils the first condition; from it
    # the way down leads towards `high`, or onwards if that is not known yet.
    last = low = (0.0, value, slope)
    high = best = None
    finite = False
    widths = (math.inf, math.inf)
    for n in range(1, max_evaluations + 1):
        point = point_at(x, step, direction)
        f, g = fun(point)
        d = float(np.vdot(g, direction)) if math.isfinite(f) else math.nan
        if not math.isfinite(d):
            high = (step, math.inf, math.nan)
        else:
            finite = True
            if f > value + c1 * step * slope + noise or f > low[1] + noise:
                high = (step, f, d)
            else:
                if abs(d) <= -c2 * slope:
                    return LineSearchResult(step, point, f, g, n, True)
                if f < (best.value if best else value):
                    best = LineSearchResult(step, point, f, g, n, False)
                ahead = math.inf if high is None else high[0]
                last, low = low, (step, f, d)
                if d * (ahead - last[0]) >= 0:
                    high = last
        if high is None:
            stride = low[0] - last[0]
            step = _cubic_minimum(last, low)
            if not step > low[0]:  # the cubic only falls
                step = math.inf
            step = min(max(step, low[0] + _NEXT * stride), low[0] + _FARTHEST * stride)
        else:
            width = abs(high[0] - low[0])
            if width <= resolution * max(low[0], high[0]):
                break
            step = _between(low, high, slowly=width > _SHRUNK * widths[0])
            widths = (widths[1], width)
    if best is not None:
        return replace(best, evaluations=n)
    return LineSearchResult(0.0, x, value, gradient, n, False, finite)


def _between(low: tuple, high: tuple, slowly: bool) -> float:
    """The next trial in a bracket."""
    width = high[0] - low[0]
    if not math.isfinite(high[1]):
        return low[0] + _MARGIN * width
    step = math.nan if slowly else _cubic_minimum(low, high)
    part = (step - low[0]) / width
    if not math.isfinite(part):
        part = 0.5
    return low[0] + min(max(part, _MARGIN), 1 - _MARGIN) * width


def _cubic_minimum(one: tuple, other: tuple) -> float:
    """Where the cubic with these values and slopes has its minimum; NaN if it has none."""
    (a, fa, da), (b, fb, db) = one, other
    middle = da + db - 3 * (fb - fa) / (b - a)
    root = middle * middle - da * db
    if not 0 <= root < math.inf:
        return math.nan
    root = math.copysign(math.sqrt(root), b - a)
    denominator = db - da + 2 * root
    return b - (b - a) * (db + root - middle) / denominator if denominator else math.nan
