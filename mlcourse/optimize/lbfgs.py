"""L-BFGS: a quasi-Newton method that learns curvature from the last few steps."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array, check_number
from mlcourse.optimize._problem import QUIET, Problem, euclidean_norm, not_finite
from mlcourse.optimize._second_order import (
    NEARER,
    CurvedSteps,
    check_bottom,
    warn_bottomless,
    warn_if_stuck,
)
from mlcourse.optimize.state import OptimizeState
from mlcourse.optimize.wolfe import search_wolfe

__all__ = ["LineSearchState", "lbfgs", "two_loop_recursion"]

# So many steps in a row that lower neither the value nor the gradient's norm are the end.
_PATIENCE = 5
# So many searches in a row that find no end of the slope are no accident.
_FREE_FALL = 3


@dataclass(frozen=True, eq=False)
class LineSearchState(OptimizeState):
    """One point of a method that searches along lines.

    Parameters
    ----------
    step_length : float
        The α of the step that led here, in units of the direction; NaN at the start.
    """

    step_length: float = float("nan")


def two_loop_recursion(gradient: ArrayLike, steps: ArrayLike, changes: ArrayLike) -> np.ndarray:
    """Multiply −g by L-BFGS's approximation of the inverse Hessian, without any matrix.

    From a multiple γI of the identity, γ = sᵀy / yᵀy of the newest pair, every pair (s, y) makes
    BFGS's update with ρ = 1 / sᵀy::

        B ← (I − ρ s yᵀ) B (I − ρ y sᵀ) + ρ s sᵀ

    so that B y = s for the newest.  The first loop goes from the newest pair to the oldest, the
    second back; together they need some 4kd multiplications.

    Parameters
    ----------
    gradient : array_like of shape (d,)
        g.
    steps : array_like of shape (k, d)
        s: by how much the parameters changed in the last k steps, the oldest first.  k may be 0.
    changes : array_like of shape (k, d)
        y: by how much the gradient changed in them.  sᵀy > 0 for each pair.

    Returns
    -------
    array of shape (d,)
        The direction −B g; it leads downhill.  Without pairs: −g.

    Raises
    ------
    ValueError
        If shapes do not fit, or sᵀy is not positive for some pair.

    References
    ----------
    J. Nocedal (1980), Updating quasi-Newton matrices with limited storage; J. Nocedal and S. J.
    Wright (2006), Numerical optimization, algorithm 7.4.

    Examples
    --------
    >>> two_loop_recursion([2.0, 8.0], steps=[[1.0, 0.0]], changes=[[2.0, 0.0]])
    array([-1., -4.])
    """
    gradient = check_array(gradient, name="gradient", ndim=1)
    steps, changes = (
        np.reshape(check_array(a, name=name, ndim=None, min_samples=0), (-1, len(gradient)))
        if np.size(a) == 0
        else check_array(a, name=name)
        for name, a in (("steps", steps), ("changes", changes))
    )
    if steps.shape != changes.shape or steps.shape[1] != len(gradient):
        raise ValueError(
            f"steps and changes must both have shape (k, {len(gradient)}), as gradient has "
            f"{len(gradient)} entries (they had {steps.shape} and {changes.shape})"
        )
    products = np.einsum("ij,ij->i", steps, changes)
    if not (products > 0).all():
        raise ValueError(
            f"steps · changes must be positive for every pair (it was {products.min():g})"
        )
    q, weights = -gradient, []
    for s, y in zip(steps[::-1], changes[::-1]):  # from the newest
        weights.append((s @ q) / (s @ y))
        q = q - weights[-1] * y
    if len(steps):
        q = q * (steps[-1] @ changes[-1]) / (changes[-1] @ changes[-1])
    for s, y, weight in zip(steps, changes, weights[::-1]):  # from the oldest
        q = q + (weight - (y @ q) / (s @ y)) * s
    return q


class _Memory:
    """The last pairs, in a ring of rows that are allocated once."""

    def __init__(self, size: int, like: np.ndarray) -> None:
        self._steps = np.empty((size, len(like)), like.dtype)
        self._changes = np.empty((size, len(like)), like.dtype)
        self._pairs: list[tuple[np.ndarray, np.ndarray, float]] = []  # the oldest first
        self._scale = 1.0
        self._size, self._next = size, 0
        self._work = np.empty_like(like)

    def __len__(self) -> int:
        return len(self._pairs)

    def clear(self) -> None:
        self._pairs.clear()

    def add(self, step: np.ndarray, change: np.ndarray) -> None:
        """Keep a pair, unless its curvature is not positive by more than rounding."""
        product = float(step.dot(change))
        square = float(change.dot(change))
        if not (product > np.finfo(step.dtype).eps * square and 0 < square < math.inf):
            return
        s, y = self._steps[self._next], self._changes[self._next]
        s[:], y[:] = step, change
        if len(self._pairs) == self._size:
            del self._pairs[0]
        self._pairs.append((s, y, product))
        self._scale = product / square
        self._next = (self._next + 1) % self._size

    def direction(self, gradient: np.ndarray) -> np.ndarray:
        """`two_loop_recursion` without its checks, and with few new arrays."""
        q, work = -gradient, self._work
        if not self._pairs:
            return q
        weights = []
        for s, y, product in reversed(self._pairs):
            weight = float(s.dot(q)) / product
            weights.append(weight)
            q -= np.multiply(y, weight, out=work)
        q *= self._scale
        for (s, y, product), weight in zip(self._pairs, reversed(weights)):
            q += np.multiply(s, weight - float(y.dot(q)) / product, out=work)
        return q


def lbfgs(
    fun: Callable[[Any], tuple[float, Any]],
    x0: Any,
    *,
    memory: int = 10,
    max_iter: int = 1000,
    tol: float = 1e-5,
) -> Iterator[LineSearchState]:
    """L-BFGS, one state at a time, beginning with the start itself.

    The direction comes from the last `memory` steps and changes of the gradient; see
    `two_loop_recursion`.  Along it a step is sought that fulfils the strong Wolfe conditions
    (c₁ = 10⁻⁴, c₂ = 0.9); see `wolfe_line_search`.  The first trial is the full step, α = 1; only
    along a bare gradient it is a step of length 1.  Pairs whose curvature is not positive are left
    out.  A search that fails begins anew along the bare gradient, with an empty memory.

    It ends when ``gradient_norm <= tol`` (the Euclidean norm), after `max_iter` steps, or when
    nothing can be gained any more in floating-point numbers: no step along the bare gradient lowers
    the value, or five steps in a row lowered neither the value nor the gradient's norm.  In that
    case it issues a `ConvergenceWarning`, unless tol is 0: ``tol=0`` means "as far as floats go".

    Parameters
    ----------
    fun : callable
        ``fun(parameters) -> (value, gradient)``.
    x0 : array_like, or dict, list or tuple of them
        The start.
    memory : int, default=10
        How many pairs are kept, ≥ 1.
    max_iter : int, default=1000
        Largest number of steps, ≥ 0.
    tol : float, default=1e-5
        Largest Euclidean norm of the gradient to end with, ≥ 0.

    Yields
    ------
    LineSearchState
        States 0, 1, 2, ….  The value never rises, up to its rounding.

    Raises
    ------
    FloatingPointError
        When value or gradient are not finite at the start, or at every point tried along a
        direction, or when the value falls without end (below −10¹⁵⁴, in float32 −10¹⁹, times that
        at the start); it says after which step and what helps.

    Warns
    -----
    ConvergenceWarning
        When nothing more can be gained though ``gradient_norm > tol``; when the gradient vanished
        while the last steps stayed long, as in logistic regression on classes that a plane
        separates; and when `max_iter` ended it while the value fell as far as each of the last
        three searches looked.  In both cases there seems to be no minimum.

    Notes
    -----
    A step costs one call of fun, seldom more, and some 4 · memory · d multiplications; the memory
    is 2 · memory · d numbers of the type of x0.

    References
    ----------
    D. C. Liu and J. Nocedal (1989), On the limited memory BFGS method for large scale optimization.

    Examples
    --------
    >>> def valley(x):
    ...     return float(x[0] ** 2 + 100 * x[1] ** 2), np.array([2 * x[0], 200 * x[1]])
    >>> *_, last = lbfgs(valley, [1.0, 1.0])
    >>> last.gradient_norm < 1e-5, last.evaluations < 20
    (True, True)
    """
    problem = Problem(fun, x0)
    memory = check_number(memory, "memory", low=1, integer=True)
    max_iter = check_number(max_iter, "max_iter", low=0, integer=True)
    tol = check_number(tol, "tol", low=0)
    return _lbfgs(problem, memory, max_iter, tol)


def _lbfgs(problem, size, max_iter, tol) -> Iterator[LineSearchState]:
    x = problem.start
    with np.errstate(**QUIET):
        value, gradient, norm = problem.finite(x, iteration=0, remedy=NEARER)
    memory, curved, first = _Memory(min(size, max(max_iter, 1)), x), CurvedSteps(x, norm), value
    step_length, smallest, in_vain, in_free_fall = math.nan, norm, 0, 0
    for iteration in range(max_iter + 1):
        yield LineSearchState(
            iteration, problem.parameters(x), value, norm, problem.evaluations,
            step_length=step_length,
        )
        if norm <= tol:
            curved.warn_if_endless("lbfgs", x, iteration, norm)
            return
        if iteration == max_iter:
            if in_free_fall >= _FREE_FALL:
                warn_bottomless("lbfgs", iteration, in_free_fall)
            return
        check_bottom(value, first, x.dtype, iteration)
        with np.errstate(**QUIET):
            result = None
            if in_vain < _PATIENCE:
                result = _search(problem, memory, x, value, gradient, norm)
        if result is None:
            warn_if_stuck("lbfgs", iteration, norm, tol)
            return
        if not result.finite:
            raise not_finite("value", iteration + 1, NEARER)
        step, change = result.parameters - x, result.gradient - gradient
        in_vain = 0 if result.value < value else in_vain + 1
        with np.errstate(**QUIET):
            memory.add(step, change)
            in_free_fall = in_free_fall + 1 if _is_falling(result, step, gradient) else 0
            x, value, gradient = result.parameters, result.value, result.gradient
            norm, step_length = euclidean_norm(gradient), result.step_length
            curved.add(step, change, norm)
        if norm < smallest:
            smallest, in_vain = norm, 0


def _is_falling(result, step, gradient) -> bool:
    """Whether the search found no end of the slope, however far it went."""
    if result.success:
        return False
    return float(step.dot(result.gradient)) < 0.9 * float(step.dot(gradient))


def _search(problem, memory, x, value, gradient, norm):
    """A step along L-BFGS's direction, or else along the bare gradient; None if there is none."""
    while True:
        direction = memory.direction(gradient)
        slope = float(gradient.dot(direction))
        if slope < 0 and math.isfinite(slope):
            first = 1.0 if len(memory) else 1.0 / norm
            result = search_wolfe(problem.evaluate, x, value, gradient, direction, slope, first)
            if result.step_length > 0 or not (result.finite or len(memory)):
                return result
        if not len(memory):
            return None
        memory.clear()
