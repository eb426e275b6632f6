"""Gradient descent and momentum, on all examples or on minibatches.

Each is its step (`mlcourse.optimize.rules`) on one common loop, a generator of states.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from mlcourse._validation import check_number
from mlcourse.optimize import rules
from mlcourse.optimize._descent import Objective, Schedule, States, descend, schedule_of
from mlcourse.optimize.batches import minibatches

__all__ = ["gradient_descent", "heavy_ball", "nesterov", "sgd"]


def gradient_descent(
    fun: Objective,
    x0: Any,
    *,
    learning_rate: float | Schedule,
    max_iter: int = 1000,
    tol: float = 0.0,
    batches: Iterable[np.ndarray] | None = None,
) -> States:
    """Go against the gradient, step by step:  θ ← θ − ηg.

    Parameters
    ----------
    fun : callable
        ``fun(parameters)`` returns the pair (value, gradient), the gradient arranged as the
        parameters are; with `batches` it is called as ``fun(parameters, batch)``.  The arrays it is
        given are its own to keep or to write to; those it returns are copied.
    x0 : array_like, or dict, list or tuple of arrays, nested at will
        The start.  Of float32 arrays it stays float32, else it becomes float64.  A list of numbers
        is an array.
    learning_rate : float or callable
        η > 0, or a schedule: a function of the number of the step, 0 for the first, ≥ 0.
    max_iter : int, default=1000
        Largest number of steps, ≥ 0.
    tol : float, default=0.0
        It also ends when the Euclidean norm of the gradient is no larger.  With 0 all `max_iter`
        steps are made; it has to be 0 with `batches`.
    batches : iterable of index arrays, default=None
        One for each step, for example `minibatches(n_samples)`; it ends when they do, or after
        `max_iter` steps.  None: `fun` looks at everything in every step.

    Yields
    ------
    OptimizeState
        States 0, 1, 2, …; state 0 is the start.

    Raises
    ------
    TypeError, ValueError
        At the call, if a parameter is out of range; at a step, if `fun` returns anything else, or
        a gradient of another shape.
    FloatingPointError
        If the value, the gradient or the parameters are infinite or NaN; it says after which step.
        Such a value or gradient ends the run, so NumPy's warnings are off while `fun` is called.

    See Also
    --------
    gradient_descent_step : The formula alone.
    run : Run it to the end.

    Examples
    --------
    >>> bowl = lambda x: (x @ x / 2, x)
    >>> states = gradient_descent(bowl, [8.0, 0.0], learning_rate=0.5, max_iter=3)
    >>> [state.value for state in states]
    [32.0, 8.0, 2.0, 0.5]
    """

    def step(t, eta, parameters, gradient):
        return (rules.gradient_descent_step(parameters, gradient, learning_rate=eta),)

    return descend(
        step, fun, x0, learning_rate=learning_rate, max_iter=max_iter, tol=tol, batches=batches
    )


def heavy_ball(
    fun: Objective,
    x0: Any,
    *,
    learning_rate: float | Schedule,
    momentum: float | Schedule = 0.9,
    max_iter: int = 1000,
    tol: float = 0.0,
    batches: Iterable[np.ndarray] | None = None,
) -> States:
    """Gradient descent that keeps part of its movement:  v ← βv − ηg,  θ ← θ + v.

    Parameters
    ----------
    fun, x0, learning_rate, max_iter, tol, batches
        See `gradient_descent`.
    momentum : float or callable, default=0.9
        β, 0 ≤ β < 1, or a schedule of such numbers.

    Yields
    ------
    OptimizeState
        As `gradient_descent`, whose errors are its errors too.

    See Also
    --------
    heavy_ball_step : The formula, and where it comes from.

    Examples
    --------
    >>> bowl = lambda x: (x @ x / 2, x)
    >>> states = heavy_ball(bowl, [8.0], learning_rate=0.5, momentum=0.5, max_iter=3)
    >>> [float(state.parameters[0]) for state in states]
    [8.0, 4.0, 0.0, -2.0]
    """
    beta = schedule_of(momentum, "momentum", high=1)

    def step(t, eta, parameters, gradient, velocity):
        return rules.heavy_ball_step(
            parameters, velocity, gradient, learning_rate=eta, momentum=beta(t)
        )

    return descend(
        step, fun, x0, memory=1,
        learning_rate=learning_rate, max_iter=max_iter, tol=tol, batches=batches,
        remedy=_remedy(momentum, batches is not None),
    )  # fmt: skip


def nesterov(
    fun: Objective,
    x0: Any,
    *,
    learning_rate: float | Schedule,
    momentum: float | Schedule = 0.9,
    max_iter: int = 1000,
    tol: float = 0.0,
    batches: Iterable[np.ndarray] | None = None,
) -> States:
    """Momentum that looks ahead:  v ← βv − ηg,  θ ← θ + βv − ηg.

    Parameters
    ----------
    fun, x0, learning_rate, max_iter, tol, batches
        See `gradient_descent`.
    momentum : float or callable, default=0.9
        β, 0 ≤ β < 1, or a schedule of such numbers.

    Yields
    ------
    OptimizeState
        As `gradient_descent`, whose errors are its errors too.

    See Also
    --------
    nesterov_step : The formula, and where it comes from.

    Examples
    --------
    >>> bowl = lambda x: (x @ x / 2, x)
    >>> states = nesterov(bowl, [8.0], learning_rate=0.5, momentum=0.5, max_iter=3)
    >>> [float(state.parameters[0]) for state in states]
    [8.0, 2.0, -0.5, -0.875]
    """
    beta = schedule_of(momentum, "momentum", high=1)

    def step(t, eta, parameters, gradient, velocity):
        return rules.nesterov_step(
            parameters, velocity, gradient, learning_rate=eta, momentum=beta(t)
        )

    return descend(
        step, fun, x0, memory=1,
        learning_rate=learning_rate, max_iter=max_iter, tol=tol, batches=batches,
        remedy=_remedy(momentum),
    )  # fmt: skip


def sgd(
    fun: Objective,
    x0: Any,
    n_samples: int,
    *,
    batch_size: int = 100,
    learning_rate: float | Schedule,
    momentum: float | Schedule = 0.0,
    nesterov: bool = False,
    n_epochs: int = 1,
    replace: bool = False,
    random_state: int | np.random.Generator | None = None,
) -> States:
    """Stochastic gradient descent: every step looks at one minibatch only.

    It is `gradient_descent`, `heavy_ball` or `nesterov` over `minibatches`.

    Parameters
    ----------
    fun : callable
        ``fun(parameters, batch)`` returns the mean loss of the examples whose numbers are in the
        array `batch`, and its gradient: the *mean*, for with a sum the learning rate would grow
        with the batch.  See `EmpiricalRisk`.
    x0, learning_rate
        See `gradient_descent`.
    n_samples : int
        Number of examples n, ≥ 1.
    batch_size : int, default=100
        Examples in a minibatch, ≥ 1, and ≤ n without replacement.
    momentum : float or callable, default=0.0
        β, 0 ≤ β < 1, or a schedule of such numbers.
    nesterov : bool, default=False
        Whether the momentum is Nesterov's.
    n_epochs : int, default=1
        How often all examples are gone through, ≥ 0.
    replace : bool, default=False
        Whether an example can be drawn again before all others were.
    random_state : int, Generator or None, default=None
        For the minibatches.

    Yields
    ------
    OptimizeState
        The start, then one for every minibatch.  Errors are those of `gradient_descent`.

    Examples
    --------
    >>> data = np.array([1.0, 2.0, 6.0])
    >>> def half_squares(x, batch):  # the mean of (x − data)² / 2: its minimum is the data's mean
    ...     difference = x - data[batch].mean()
    ...     return float(difference**2) / 2, difference
    >>> every = sgd(half_squares, 0.0, 3, batch_size=3, learning_rate=0.5, n_epochs=20)
    >>> [float(state.parameters.round(2)) for state in every][-1]
    3.0
    """
    n_epochs = check_number(n_epochs, "n_epochs", low=0, integer=True)
    batches = minibatches(
        n_samples, batch_size, replace=replace, n_epochs=n_epochs, random_state=random_state
    )
    n_steps = n_epochs * -(-n_samples // batch_size)
    options = {"learning_rate": learning_rate, "max_iter": n_steps, "batches": batches}
    if momentum == 0:
        return gradient_descent(fun, x0, **options)
    return (_nesterov if nesterov else heavy_ball)(fun, x0, momentum=momentum, **options)


_nesterov = nesterov  # for sgd, where a parameter has this name


def _remedy(momentum: float | Schedule, matters: bool = True) -> str:
    """What helps; momentum lowers the limit of Nesterov's rate, and adds up minibatches' noise."""
    remedy = "lower learning_rate (it was {:g})"
    if not matters or (not callable(momentum) and momentum == 0):
        return remedy
    return remedy + " or momentum" + ("" if callable(momentum) else f" (it was {momentum:g})")
