"""Newton's method: step to where the quadratic with this gradient and Hessian is lowest."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_choice, check_number
from mlcourse.optimize._problem import QUIET, Problem, euclidean_norm, not_finite
from mlcourse.optimize._second_order import (
    EPSILON,
    NEARER,
    HessianOf,
    StepLengths,
    check_bottom,
    check_quadratic,
    warn_if_stuck,
)
from mlcourse.optimize.line_search import LineSearchResult, backtracking, point_at
from mlcourse.optimize.state import OptimizeState

__all__ = ["NewtonState", "newton", "newton_step"]


@dataclass(frozen=True, eq=False)
class NewtonState(OptimizeState):
    """One point of Newton's method.

    Parameters
    ----------
    step_length : float
        The α of the step that led here: 1 for a full step, ½, ¼, … after halving; NaN at the start.
    shift : float
        What was added to all eigenvalues of the Hessian in the step that led here; 0 where it was
        positive definite, NaN at the start.
    """

    step_length: float = float("nan")
    shift: float = float("nan")


def newton_step(gradient: ArrayLike, hessian: ArrayLike) -> np.ndarray:
    """Solve H p = −g: the step to the stationary point of the local quadratic.

    It is the lowest point if H is positive definite, else a saddle or the highest.

    Parameters
    ----------
    gradient : array_like of shape (d,)
        g.
    hessian : array_like of shape (d, d)
        H, symmetric.

    Returns
    -------
    array of shape (d,)
        p.

    Raises
    ------
    ValueError
        If the shapes do not fit, or the Hessian is not symmetric.
    numpy.linalg.LinAlgError
        If the Hessian is singular.

    References
    ----------
    J. Nocedal and S. J. Wright (2006), Numerical optimization, equation 2.15.

    Examples
    --------
    >>> newton_step([2.0, 8.0], [[2.0, 0.0], [0.0, 4.0]])
    array([-1., -2.])
    """
    gradient, hessian = check_quadratic(gradient, hessian)
    step = np.linalg.solve(hessian, -gradient)
    if not np.isfinite(step).all():  # what remains to be seen where no error was raised
        raise np.linalg.LinAlgError("the Hessian is singular: H p = -g has no single solution")
    return step


def newton(
    fun: Callable[[Any], tuple[float, Any]],
    x0: Any,
    hessian: Callable[[Any], ArrayLike] | None = None,
    *,
    step: str = "halving",
    max_iter: int = 100,
    tol: float = 1e-8,
) -> Iterator[NewtonState]:
    """Newton's method, one state at a time, beginning with the start itself.

    A step solves H p = −g and goes to x + α p.  Near a minimum at which H is positive definite, α
    is 1 and the number of correct digits about doubles with every step.

    With ``step="halving"`` every step leads downhill (up to the rounding of the value).  A Hessian
    that is not positive definite is replaced by H + τI, whose smallest eigenvalue is
    ``abs(λ_min)``, or √ε times the largest ``abs(λ)`` if that is more (ε: the unit of rounding);
    then α = 1, ½, ¼, … is tried until the value falls enough; see `backtracking`.

    With ``step="full"`` it is bare Newton: α = 1 and H as it is.  It may go uphill, to a saddle or
    a maximum, in circles, or out of the range of floats.

    It ends when ``gradient_norm <= tol``, after `max_iter` steps, or when no step gains anything in
    floating-point numbers.  In the last case it issues a `ConvergenceWarning`, unless tol is 0:
    ``tol=0`` means "as far as floats go".  A start on a saddle has gradient 0 and so ends at once;
    `trust_region` leaves it.

    Parameters
    ----------
    fun : callable
        ``fun(parameters) -> (value, gradient)``.
    x0 : array_like, or dict, list or tuple of them
        The start.
    hessian : callable, default=None
        ``hessian(parameters)``, of shape (d, d), where d is the number of all parameters; those of
        a structure count as one vector, in its order.  By default ``fun.hessian``.  The matrix
        itself: products with vectors are not enough here.
    step : {"halving", "full"}, default="halving"
        See above.
    max_iter : int, default=100
        Largest number of steps, ≥ 0.
    tol : float, default=1e-8
        Largest Euclidean norm of the gradient to end with, ≥ 0.

    Yields
    ------
    NewtonState
        States 0, 1, 2, ….

    Raises
    ------
    FloatingPointError
        When value, gradient or Hessian are not finite, with ``step="full"`` when the Hessian is
        singular, or when the value falls without end (below −10¹⁵⁴, in float32 −10¹⁹, times that at
        the start); it says after which step and what helps.

    Warns
    -----
    ConvergenceWarning
        When nothing more can be gained though ``gradient_norm > tol``; and when the gradient
        vanished while the steps stayed as long as before: then the parameters run to infinity and
        there is no minimum, as in logistic regression on classes that a plane separates.

    Notes
    -----
    A step costs O(d³) and the Hessian.  It is factorised in float64 also where x0 is float32.

    References
    ----------
    J. Nocedal and S. J. Wright (2006), Numerical optimization, §3.3 and §3.4 (adding a multiple of
    the identity).

    Examples
    --------
    >>> def cosh(x):
    ...     return float(np.cosh(x).sum()), np.sinh(x)
    >>> for state in newton(cosh, [1.0], lambda x: np.diag(np.cosh(x)), tol=1e-6):
    ...     print(state.iteration, f"{state.gradient_norm:.0e}")
    0 1e+00
    1 2e-01
    2 4e-03
    3 3e-08
    """
    problem = Problem(fun, x0)
    hessian_at = HessianOf(fun, hessian, problem)
    check_choice(step, "step", ("halving", "full"))
    max_iter = check_number(max_iter, "max_iter", low=0, integer=True)
    tol = check_number(tol, "tol", low=0)
    return _newton(problem, hessian_at, step == "full", max_iter, tol)


def _newton(problem, hessian_at, full, max_iter, tol) -> Iterator[NewtonState]:
    x = problem.start
    with np.errstate(**QUIET):
        value, gradient, norm = problem.finite(x, iteration=0, remedy=NEARER)
    first = value
    step_length = shift = math.nan
    lengths = StepLengths()
    for iteration in range(max_iter + 1):
        yield NewtonState(
            iteration, problem.parameters(x), value, norm, problem.evaluations,
            step_length=step_length, shift=shift,
        )
        if norm <= tol:
            lengths.warn_if_endless("newton", iteration, norm)
            return
        if iteration == max_iter:
            return
        check_bottom(value, first, x.dtype, iteration)
        H = hessian_at(x, iteration)
        g = gradient.astype(np.float64)
        with np.errstate(**QUIET):
            shift, direction = _bare(g, H, iteration) if full else _downhill(g, H, x.dtype)
            if full:
                result = _full_step(problem, x, direction, iteration)
            else:
                direction = direction.astype(x.dtype)
                if not float(gradient @ direction) < 0:  # both have all but vanished
                    warn_if_stuck("newton", iteration, norm, tol)
                    return
                result = backtracking(problem.evaluate, x, value, gradient, direction)
        if not result.finite:
            raise not_finite("value", iteration + 1, NEARER)
        if not result.success:
            warn_if_stuck("newton", iteration, norm, tol)
            return
        lengths.add(result.parameters - x, result.step_length == 1 and shift == 0)
        x, value, gradient = result.parameters, result.value, result.gradient
        norm, step_length = euclidean_norm(gradient), result.step_length


def _bare(g: np.ndarray, H: np.ndarray, iteration: int) -> tuple[float, np.ndarray]:
    try:
        return 0.0, newton_step(g, H)
    except np.linalg.LinAlgError:
        where = f"after step {iteration}" if iteration else "at the start"
        raise FloatingPointError(
            f'the Hessian is singular {where}: use step="halving" or trust_region'
        ) from None


def _full_step(problem, x, direction, iteration) -> LineSearchResult:
    point = point_at(x, 1.0, direction.astype(x.dtype))
    remedy = 'use step="halving" or trust_region, or start nearer to the minimum'
    if not np.isfinite(point).all():
        raise not_finite("step", iteration + 1, remedy)
    value, gradient, _ = problem.finite(point, iteration=iteration + 1, remedy=remedy)
    return LineSearchResult(1.0, point, value, gradient, 1, True)


def _downhill(g: np.ndarray, H: np.ndarray, dtype: np.dtype) -> tuple[float, np.ndarray]:
    """The shift that makes H positive definite, and the step with it."""
    shift = 0.0
    if not _is_positive_definite(H):
        eigenvalues = np.linalg.eigvalsh(H)
        largest = float(np.abs(eigenvalues).max())
        wanted = max(abs(float(eigenvalues[0])), math.sqrt(float(np.finfo(dtype).eps)) * largest)
        shift = wanted - float(eigenvalues[0])
        if largest == 0:  # a plane: any step down will do, and the line search finds how far
            shift = euclidean_norm(g)
        H = H + shift * np.eye(len(H))
    return shift, newton_step(g, H)


def _is_positive_definite(H: np.ndarray) -> bool:
    """Whether it is so by more than its rounding."""
    try:
        pivots = np.linalg.cholesky(H).diagonal()  # in WebAssembly NaN where it fails
    except np.linalg.LinAlgError:
        return False
    # A pivot's square is what is left of the diagonal entry once the rows above have been taken
    # out of it: a measure that does not depend on the features' units.  (NaN compares false.)
    return bool((pivots**2 > len(H) * EPSILON * H.diagonal()).all())
