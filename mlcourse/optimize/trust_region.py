"""Trust region: the lowest point of the local quadratic that is not farther than a radius."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_number
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
from mlcourse.optimize.line_search import point_at, rounding_of
from mlcourse.optimize.state import OptimizeState

__all__ = ["TrustRegionState", "trust_region", "trust_region_step"]

# A step is taken if the value falls by more than this part of what the quadratic promised.
_ACCEPT = 0.1
# Below the first part the radius shrinks, above the second it may grow.
_POOR, _GOOD = 0.25, 0.75
_SHRINK, _GROW = 0.25, 2.0


@dataclass(frozen=True, eq=False)
class TrustRegionState(OptimizeState):
    """One point of a trust-region method.

    Parameters
    ----------
    radius : float
        Within which the quadratic is trusted in the next step.
    ratio : float
        By how much the value fell in this step (or would have fallen), in units of what the
        quadratic promised; NaN at the start.
    accepted : bool
        Whether the step was taken; if not, the parameters are those of the state before.
    """

    radius: float = float("nan")
    ratio: float = float("nan")
    accepted: bool = True


def trust_region_step(gradient: ArrayLike, hessian: ArrayLike, radius: float) -> np.ndarray:
    """Minimise gᵀp + ½ pᵀHp among all steps p no longer than the radius, exactly.

    The answer solves (H + μI) p = −g with the smallest μ ≥ 0 for which H + μI has no negative
    eigenvalue and ‖p‖ ≤ radius.  Either the Newton step is short enough (μ = 0), or p lies on the
    boundary.  In the basis of H's eigenvectors, with eigenvalues λ_i and γ = Vᵀg::

        ‖p(μ)‖² = Σ γ_i² / (λ_i + μ)²

    falls as μ grows, and Newton's method on 1/‖p(μ)‖ − 1/radius finds μ from below.

    In the hard case g has no part along the eigenvectors of the lowest eigenvalue λ₁ < 0, and
    p(−λ₁) is too short: then such an eigenvector is added, up to the boundary.  So it finds the way
    off a saddle even where the gradient is 0.

    Parameters
    ----------
    gradient : array_like of shape (d,)
        g.
    hessian : array_like of shape (d, d)
        H, symmetric, definite or not.
    radius : float
        Largest Euclidean length of the step, > 0.

    Returns
    -------
    array of shape (d,)
        p.  Where p and its mirror image are as good, the one whose added eigenvector has a positive
        largest entry.

    Raises
    ------
    ValueError
        If the shapes do not fit, or the Hessian is not symmetric.

    References
    ----------
    J. J. Moré and D. C. Sorensen (1983), Computing a trust region step; J. Nocedal and S. J. Wright
    (2006), Numerical optimization, §4.3.

    Examples
    --------
    >>> trust_region_step([2.0, 0.0], [[1.0, 0.0], [0.0, 1.0]], radius=0.5)
    array([-0.5,  0. ])
    >>> trust_region_step([0.0, 0.0], [[1.0, 0.0], [0.0, -1.0]], radius=0.5)
    array([0. , 0.5])
    """
    gradient, hessian = check_quadratic(gradient, hessian)
    radius = float(check_number(radius, "radius", low=0, closed="neither"))
    with np.errstate(**QUIET):
        return _step(gradient, *np.linalg.eigh(hessian), radius)


def _step(g: np.ndarray, eigenvalues: np.ndarray, V: np.ndarray, radius: float) -> np.ndarray:
    """The step for a Hessian that is decomposed already."""
    largest = max(float(np.abs(g).max()), float(np.abs(eigenvalues).max()))
    if largest > 1e150:  # the step is the same, but squares would leave the range of floats
        g, eigenvalues = g / largest, eigenvalues / largest
    rounding = len(g) * EPSILON
    gamma = V.T @ g
    size = euclidean_norm(gamma)
    above = eigenvalues - eigenvalues[0]
    lowest = above <= rounding * np.abs(eigenvalues).max()
    if euclidean_norm(gamma[lowest]) <= rounding * size:
        gamma[lowest] = 0  # what is left there is rounding: the hard case is possible
    first = float(eigenvalues[0])
    if abs(first) <= rounding * float(np.abs(eigenvalues).max()):
        first = 0.0
    # With s = μ + λ₁ instead of μ no digits cancel: λ_i + μ = above_i + s.
    s = max(first, 0.0)
    p = _at(gamma, above, s)
    length = euclidean_norm(p)
    if length <= radius:
        if first < 0:
            added = math.sqrt(max(radius - length, 0.0)) * math.sqrt(radius + length)
            peak = V[np.abs(V[:, 0]).argmax(), 0]
            p[0] += math.copysign(added, peak)
        return V @ p
    # Left of the solution, where Newton's method on a concave function never goes beyond it.
    s = max(s, float((np.abs(gamma) / radius - above).max()))
    for _ in range(100):
        p = _at(gamma, above, s)
        length = euclidean_norm(p)
        if length <= radius * (1 + 4 * EPSILON):
            break
        u = p / length
        denominator = float(u @ _at(-u, above, s))
        correction = (length - radius) / radius / denominator
        if s + correction <= s:
            break
        s += correction
    return V @ (p * min(1.0, radius / length))


def _at(gamma: np.ndarray, above: np.ndarray, s: float) -> np.ndarray:
    """p(μ) in the eigenvectors' basis; 0 where γ_i is 0, whatever it is divided by."""
    return np.divide(-gamma, above + s, out=np.zeros_like(gamma), where=gamma != 0)


def trust_region(
    fun: Callable[[Any], tuple[float, Any]],
    x0: Any,
    hessian: Callable[[Any], ArrayLike] | None = None,
    *,
    radius: float = 1.0,
    max_radius: float = math.inf,
    max_iter: int = 100,
    tol: float = 1e-8,
) -> Iterator[TrustRegionState]:
    """Newton's method in a region of trust, one state at a time, beginning with the start itself.

    Each step minimises the quadratic with this gradient and Hessian within the radius, exactly; see
    `trust_region_step`.  Then what the value fell is compared with what the quadratic promised.
    Less than a quarter of it: the radius becomes a quarter of the step.  More than three quarters
    at the boundary: the radius doubles.  The step is taken if a tenth was kept; otherwise the next
    one starts from the same place with the smaller radius.  So no step leads uphill (up to the
    rounding of the value), and no definite Hessian is needed.

    It ends when ``gradient_norm <= tol`` and the Hessian has no negative eigenvalue, so not on a
    saddle or a maximum; after `max_iter` steps; or when no step gains anything in floating-point
    numbers.  In the last case it issues a `ConvergenceWarning`, unless tol is 0: ``tol=0`` means
    "as far as floats go".

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
    radius : float, default=1.0
        That of the first step, > 0, in the unit of the parameters.
    max_radius : float, default=inf
        The largest radius, ≥ radius.
    max_iter : int, default=100
        Largest number of steps, taken or not, ≥ 0.
    tol : float, default=1e-8
        Largest Euclidean norm of the gradient to end with, ≥ 0.

    Yields
    ------
    TrustRegionState
        States 0, 1, 2, …; one for every step, also for those that were not taken.

    Raises
    ------
    FloatingPointError
        When value or gradient at the start, or a Hessian, are not finite, or when the value falls
        without end (below −10¹⁵⁴, in float32 −10¹⁹, times that at the start); it says after which
        step and what helps.  A step to where value or gradient are not finite is not taken.

    Warns
    -----
    ConvergenceWarning
        When nothing more can be gained though ``gradient_norm > tol``; and when the gradient
        vanished while the steps stayed as long as before: see `newton`.

    Notes
    -----
    A step costs the Hessian and its eigenvalues, O(d³) in float64; one that follows a step not
    taken only O(d²).

    References
    ----------
    J. Nocedal and S. J. Wright (2006), Numerical optimization, algorithm 4.1.

    Examples
    --------
    >>> def saddle(x):
    ...     return float(x[0]**2 + x[1]**4 / 4 - x[1]**2 / 2), np.array([2 * x[0], x[1]**3 - x[1]])
    >>> curvature = lambda x: np.diag([2.0, 3 * x[1]**2 - 1])
    >>> *_, last = trust_region(saddle, [0.0, 0.0], curvature)
    >>> last.parameters.round(6)
    array([0., 1.])
    """
    problem = Problem(fun, x0)
    hessian_at = HessianOf(fun, hessian, problem)
    radius = float(check_number(radius, "radius", low=0, closed="neither"))
    if max_radius != math.inf:
        max_radius = float(check_number(max_radius, "max_radius", low=radius, low_name="radius"))
    max_iter = check_number(max_iter, "max_iter", low=0, integer=True)
    tol = check_number(tol, "tol", low=0)
    return _trust_region(problem, hessian_at, radius, max_radius, max_iter, tol)


def _trust_region(problem, hessian_at, radius, max_radius, max_iter, tol):
    x = problem.start
    with np.errstate(**QUIET):
        value, gradient, norm = problem.finite(x, iteration=0, remedy=NEARER)
    first = value
    ratio, accepted, H = math.nan, True, None
    lengths = StepLengths()
    for iteration in range(max_iter + 1):
        yield TrustRegionState(
            iteration, problem.parameters(x), value, norm, problem.evaluations,
            radius=radius, ratio=ratio, accepted=accepted,
        )
        if iteration == max_iter:
            return
        check_bottom(value, first, x.dtype, iteration)
        if H is None:
            H = hessian_at(x, iteration)
            eigenvalues, V = np.linalg.eigh(H)
            g = gradient.astype(np.float64)
        if norm <= tol and not _curves_down(eigenvalues, x.dtype):
            lengths.warn_if_endless("trust_region", iteration, norm)
            return
        with np.errstate(**QUIET):
            p = _step(g, eigenvalues, V, radius)
            promised = -float(g @ p + p @ H @ p / 2)
            point = point_at(x, 1.0, p.astype(x.dtype))
            if not (math.isfinite(promised) and np.isfinite(point).all()):
                raise not_finite("step", iteration + 1, NEARER)
            if np.array_equal(point, x):
                warn_if_stuck("trust_region", iteration, norm, tol)
                return
            new_value, new_gradient = problem.evaluate(point)
            new_norm = euclidean_norm(new_gradient)
        length = euclidean_norm(p)
        at_boundary = length > 0.99 * radius
        noise = rounding_of(value, x.dtype)
        fell = value - new_value
        if not (math.isfinite(fell) and math.isfinite(new_norm)):
            ratio = -math.inf
        elif promised > noise or fell > noise:
            ratio = fell / promised
        elif new_norm <= 0.5 * norm and -fell <= noise:
            ratio = 1.0  # the values cannot tell, but the gradients
        elif fell > 0:
            ratio = fell / promised
        else:
            warn_if_stuck("trust_region", iteration, norm, tol)
            return
        accepted = ratio > _ACCEPT
        if ratio < _POOR:
            radius = _SHRINK * length
        elif ratio > _GOOD and at_boundary:
            radius = min(_GROW * radius, max_radius)
        if accepted:
            lengths.add(point - x, not at_boundary)
            x, value, gradient, norm, H = point, new_value, new_gradient, new_norm, None


def _curves_down(eigenvalues: np.ndarray, dtype: np.dtype) -> bool:
    """Whether there is a negative eigenvalue that is more than rounding."""
    rounding = 10 * len(eigenvalues) * float(np.finfo(dtype).eps)
    return float(eigenvalues[0]) < -rounding * float(np.abs(eigenvalues).max())
