"""One call for those who want the minimum, not the way there."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from mlcourse._validation import ConvergenceWarning, check_choice
from mlcourse.optimize.adaptive import adagrad, adam, rmsprop
from mlcourse.optimize.first_order import gradient_descent, heavy_ball, nesterov
from mlcourse.optimize.lbfgs import lbfgs
from mlcourse.optimize.newton import newton
from mlcourse.optimize.trust_region import trust_region
from mlcourse.optimize.watching import Run, run
from mlcourse.progress import Progress

__all__ = ["minimize"]

_METHODS = {
    "lbfgs": lbfgs,
    "newton": newton,
    "trust_region": trust_region,
    "gradient_descent": gradient_descent,
    "heavy_ball": heavy_ball,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
}


def minimize(
    fun: Callable[..., tuple[float, Any]],
    x0: Any,
    *,
    method: str = "lbfgs",
    tol: float = 1e-5,
    max_iter: int = 1000,
    callback: Callable[[Progress], bool | None] | None = None,
    verbose: int = 0,
    every: int = 50,
    path: bool = False,
    **options: Any,
) -> Run:
    """Go from x0 to a minimum: choose an optimiser, run it to its end, and return the whole run.

    Parameters
    ----------
    fun : callable
        ``fun(parameters)`` returns the pair (value, gradient).
    x0 : array_like, or dict, list or tuple of arrays
        The start.
    method : str, default="lbfgs"
        "lbfgs", "newton", "trust_region", "gradient_descent", "heavy_ball", "nesterov", "adagrad",
        "rmsprop" or "adam": the optimiser of that name.  Not "sgd": see `run`.
    tol : float, default=1e-5
        It ends when the Euclidean norm of the gradient is no larger.
    max_iter : int, default=1000
        Largest number of steps, ≥ 0.
    callback, verbose, every, path
        See `run`.
    **options
        What else the optimiser takes: ``learning_rate`` (the first-order methods must have it),
        ``memory``, ``hessian``, ….

    Returns
    -------
    Run
        ``minimize(…).final.parameters`` is the minimum found.

    Warns
    -----
    ConvergenceWarning
        If `max_iter` ended it before the gradient was that small (never with ``tol=0``).

    Raises
    ------
    TypeError, ValueError, FloatingPointError
        Those of the optimiser.

    Examples
    --------
    >>> from mlcourse.optimize import rosenbrock
    >>> minimize(rosenbrock(), [-1.2, 1.0]).final.parameters.round(4)
    array([1., 1.])
    """
    if method == "sgd":
        raise ValueError(
            "method must not be 'sgd', whose gradients never tell that the minimum is there: write "
            "run(sgd(fun, x0, n_samples, learning_rate=…))"
        )
    optimizer = _METHODS[check_choice(method, "method", list(_METHODS))]
    states = optimizer(fun, x0, tol=tol, max_iter=max_iter, **options)
    result = run(
        states, callback=callback, verbose=verbose, every=every, path=path, max_iter=max_iter
    )
    norm = result.final.gradient_norm
    if tol > 0 and result.final.iteration == max_iter and not norm <= tol:
        warnings.warn(
            f"{method} did not converge in max_iter = {max_iter} steps: the gradient's norm is "
            f"{norm:.3g}, above tol = {tol:g}; raise max_iter or tol, or scale the data",
            ConvergenceWarning,
            stacklevel=2,
        )
    return result
