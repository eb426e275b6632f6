"""How long steps may be: the largest curvature, the limit of stability, and a test of rates."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array, check_number, check_random_state
from mlcourse.exceptions import ConvergenceWarning
from mlcourse.optimize._problem import QUIET, Problem, euclidean_norm, not_finite
from mlcourse.optimize.noise import check_symmetric

__all__ = ["RangeTest", "largest_eigenvalue", "learning_rate_range_test", "stability_limit"]


def largest_eigenvalue(
    matrix: ArrayLike | Callable[[np.ndarray], np.ndarray],
    n_features: int | None = None,
    *,
    tol: float = 1e-4,
    max_iter: int = 1000,
    random_state: int | np.random.Generator | None = 0,
) -> float:
    """The eigenvalue of largest absolute value of a symmetric matrix, by power iteration.

    Multiply a vector by the matrix again and again, and it turns towards the eigenvector whose
    eigenvalue is largest in absolute value.  Of a positive definite Hessian that is L, and
    gradient descent is stable up to the learning rate 2/L.  Only products with the matrix are
    needed, never the matrix itself.

    Parameters
    ----------
    matrix : array_like of shape (n_features, n_features), or callable
        Symmetric; or a function from a vector v to the product of such a matrix with v.
    n_features : int, default=None
        The length of the vectors; needed if `matrix` is callable.
    tol : float, default=1e-4
        > 0.  It ends when ‖Av − λv‖ ≤ ``tol · abs(λ)`` for the unit vector v and λ = v·Av: then an
        eigenvalue lies within ``tol · abs(λ)`` of the result.
    max_iter : int, default=1000
        Largest number of products, ≥ 1.  The error falls by the ratio of the two largest absolute
        values at every one.  If λ and −λ are both eigenvalues it never ends by `tol`.
    random_state : int, Generator or None, default=0
        The seed of the first vector.

    Returns
    -------
    float
        It may be negative: then the most curved direction falls on both sides.

    Warns
    -----
    ConvergenceWarning
        If `max_iter` ended it.

    Examples
    --------
    >>> print(f"{largest_eigenvalue([[2.0, 1.0], [1.0, 2.0]]):.4f}")
    3.0000
    >>> X = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 0.0]])
    >>> print(f"{largest_eigenvalue(lambda v: X.T @ (X @ v), 2):.4f}")
    4.0000
    """
    if callable(matrix):
        if n_features is None:
            raise ValueError("n_features must be given if matrix is a function")
        d, product = check_number(n_features, "n_features", low=1, integer=True), matrix
    else:
        A = check_symmetric(matrix, "matrix")
        d, product = len(A), A.__matmul__
        if n_features not in (None, d):
            raise ValueError(f"n_features must be the matrix's, {d} (it was {n_features!r})")
    tol = check_number(tol, "tol", low=0, closed="right")
    max_iter = check_number(max_iter, "max_iter", low=1, integer=True)
    v = check_random_state(random_state).standard_normal(d)
    v /= np.linalg.norm(v)
    for _ in range(max_iter):
        turned = check_array(product(v.copy()), name="the product", ndim=1)
        if turned.shape != v.shape:
            raise ValueError(
                f"the product must have {d} entries, as the vector has (it had {len(turned)})"
            )
        value = float(v @ turned)
        length = euclidean_norm(turned)
        if length == 0 or euclidean_norm(turned - value * v) <= tol * abs(value):
            return value
        v = turned / length
    warnings.warn(
        f"largest_eigenvalue did not reach tol = {tol:g} in max_iter = {max_iter} products: "
        "raise one of them",
        ConvergenceWarning,
        stacklevel=2,
    )
    return value


def stability_limit(
    is_stable: Callable[[float], bool], low: float, high: float, *, rtol: float = 0.01
) -> tuple[float, float]:
    """Bracket the largest stable learning rate: bisection between one that is and one that is not.

    Parameters
    ----------
    is_stable : callable
        From a learning rate to a truth value; once it is False it should stay so.
    low, high : float
        0 < low < high: a learning rate that is stable and one that is not.
    rtol : float, default=0.01
        > 0: it ends when high ≤ (1 + rtol) · low.

    Returns
    -------
    low, high : float
        A stable and an unstable learning rate, close together: the limit lies between them.

    Raises
    ------
    ValueError
        If `low` is not stable, or `high` is.

    Examples
    --------
    >>> low, high = stability_limit(lambda rate: abs(1 - 4 * rate) < 1, 0.01, 10.0)
    >>> low < 0.5 <= high, high / low < 1.01
    (True, True)
    """
    low = check_number(low, "low", low=0, closed="right")
    high = check_number(high, "high", low=low, closed="right", low_name="low")
    rtol = check_number(rtol, "rtol", low=0, closed="right")
    if not is_stable(low):
        raise ValueError(f"low must be a stable learning rate (it was {low:g}, an unstable one)")
    if is_stable(high):
        raise ValueError(f"high must be an unstable learning rate (it was {high:g}, a stable one)")
    while high > (1 + rtol) * low:
        middle = math.sqrt(low) * math.sqrt(high)  # the middle of the logarithms
        if not low < middle < high:
            break
        low, high = (middle, high) if is_stable(middle) else (low, middle)
    return low, high


@dataclass(frozen=True, eq=False)
class RangeTest:
    """What a learning-rate range test saw.

    Parameters
    ----------
    learning_rates : array of shape (n_steps,)
        The learning rate of each step.
    values : array of shape (n_steps,)
        The minibatch's value of the function right before that step.
    smoothed : array of shape (n_steps,)
        The running mean of the values.
    exploded : bool
        Whether the values grew so large that the test ended early.
    """

    learning_rates: np.ndarray = field(repr=False)
    values: np.ndarray = field(repr=False)
    smoothed: np.ndarray = field(repr=False)
    exploded: bool

    @property
    def lowest(self) -> float:
        """The learning rate at which the smoothed value was smallest."""
        return float(self.learning_rates[self.smoothed.argmin()])

    @property
    def suggestion(self) -> float:
        """A tenth of `lowest`: at that one the rate is already near its limit."""
        return self.lowest / 10


def learning_rate_range_test(
    fun: Callable[..., tuple[float, Any]],
    x0: Any,
    batches: Iterable[np.ndarray] | None,
    *,
    low: float = 1e-5,
    high: float = 10.0,
    n_steps: int = 100,
    smoothing: float = 0.9,
    factor: float = 4.0,
) -> RangeTest:
    """Try all learning rates in one short run: it grows with every step until the loss explodes.

    Too small a rate leaves the loss where it is, a good one lowers it, too large a one throws it
    up.  The test shows where these regions lie, for the price of `n_steps` minibatches.  It is a
    rough one: a low value at some rate is the work of all smaller rates before it, and a loss that
    has fallen far has to grow for many steps until this is seen.

    Parameters
    ----------
    fun : callable
        From parameters and a batch to (value, gradient); from parameters alone if `batches` is
        None.
    x0 : array_like, or dict, list or tuple of them
        The start.
    batches : iterable of int arrays, or None
        As `minibatches` makes them; the test ends with them.
    low, high : float, default=1e-5, 10.0
        0 < low < high: the rates of the first and of the last step, between which it grows
        geometrically.
    n_steps : int, default=100
        The number of steps, ≥ 2.
    smoothing : float, default=0.9
        0 ≤ smoothing < 1: the weight of the past in the running mean, which is corrected for its
        start (as Adam's are).
    factor : float, default=4.0
        > 1: the test ends when the running mean is more than this many times its smallest so far.
        It also ends when value or gradient are not finite.

    Returns
    -------
    RangeTest
        The step with which it exploded is the last, unless its value was not finite.

    References
    ----------
    L. N. Smith (2017), Cyclical learning rates for training neural networks, WACV, §3.3.

    Examples
    --------
    >>> from mlcourse.datasets import make_logistic
    >>> from mlcourse.optimize import EmpiricalRisk, minibatches
    >>> X, y = make_logistic(5000, 5, random_state=0)
    >>> risk = EmpiricalRisk("logistic", X, y)
    >>> test = learning_rate_range_test(
    ...     risk, np.zeros(5), minibatches(5000, random_state=0), low=1e-3, high=1e4
    ... )
    >>> test.exploded, 1 < test.lowest < 100
    (True, True)
    """
    problem = Problem(fun, x0)
    low = check_number(low, "low", low=0, closed="right")
    high = check_number(high, "high", low=low, closed="right", low_name="low")
    n_steps = check_number(n_steps, "n_steps", low=2, integer=True)
    smoothing = check_number(smoothing, "smoothing", low=0, high=1, closed="left")
    factor = check_number(factor, "factor", low=1, closed="right")
    if batches is not None and not isinstance(batches, Iterable):
        raise TypeError(f"batches must be an iterable of index arrays or None (it was {batches!r})")
    more = ((),) * n_steps if batches is None else ((batch,) for batch in batches)
    rates = np.geomspace(low, high, n_steps)
    values, smoothed = [], []
    vector, mean, exploded = problem.start, 0.0, False
    with np.errstate(**QUIET):
        for rate, batch in zip(rates, more):
            value, gradient = problem.evaluate(vector, *batch)
            if not math.isfinite(value) or not math.isfinite(euclidean_norm(gradient)):
                if not values:
                    raise not_finite("value or gradient", 0, "")
                exploded = True
                break
            mean = smoothing * mean + (1 - smoothing) * value
            values.append(value)
            smoothed.append(mean / (1 - smoothing ** len(values)))
            if smoothed[-1] > factor * min(smoothed) > 0:
                exploded = True
                break
            vector = vector - rate * gradient
    if not values:
        raise ValueError("batches must hold at least one batch (it was empty)")
    return RangeTest(rates[: len(values)], np.array(values), np.array(smoothed), exploded)
