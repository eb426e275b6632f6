"""The methods that give every coordinate a learning rate of its own.

Each is its step (`mlcourse.optimize.rules`) on one common loop, a generator of states.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from mlcourse._validation import check_number
from mlcourse.optimize import rules
from mlcourse.optimize._descent import Objective, Schedule, States, descend

__all__ = ["adagrad", "adam", "rmsprop"]


def adagrad(
    fun: Objective,
    x0: Any,
    *,
    learning_rate: float | Schedule,
    epsilon: float = 1e-8,
    max_iter: int = 1000,
    tol: float = 0.0,
    batches: Iterable[np.ndarray] | None = None,
) -> States:
    """Divide by the root of all squared gradients so far:  s ← s + g²,  θ ← θ − ηg / (√s + ε).

    Parameters
    ----------
    fun, x0, max_iter, tol, batches
        See `gradient_descent`.
    learning_rate : float or callable
        η, in the unit of the parameters, or a schedule.
    epsilon : float, default=1e-8
        ε ≥ 0, in the unit of the gradient.  With 0, the run ends with an error when a coordinate's
        gradients were all 0.

    Yields
    ------
    OptimizeState
        As `gradient_descent`, whose errors are its errors too.

    See Also
    --------
    adagrad_step : The formula, and where it comes from.

    Examples
    --------
    >>> valley = lambda x: (x[0]**2 / 2 + 50 * x[1]**2, x * [1.0, 100.0])
    >>> states = adagrad(valley, [1.0, 1.0], learning_rate=0.5, max_iter=2)
    >>> [state.parameters.round(3) for state in states]  # the coordinates' scales do not count
    [array([1., 1.]), array([0.5, 0.5]), array([0.276, 0.276])]
    """
    epsilon = float(check_number(epsilon, "epsilon", low=0))

    def step(t, eta, parameters, gradient, squares):
        return rules.adagrad_step(
            parameters, squares, gradient, learning_rate=eta, epsilon=epsilon
        )

    return descend(
        step, fun, x0, memory=1,
        learning_rate=learning_rate, max_iter=max_iter, tol=tol, batches=batches,
        remedy=_remedy(epsilon),
    )  # fmt: skip


def rmsprop(
    fun: Objective,
    x0: Any,
    *,
    learning_rate: float | Schedule,
    decay: float = 0.9,
    epsilon: float = 1e-8,
    max_iter: int = 1000,
    tol: float = 0.0,
    batches: Iterable[np.ndarray] | None = None,
) -> States:
    """Divide by the root of recent squared gradients:  s ← ρs + (1 − ρ)g²,  θ ← θ − ηg / (√s + ε).

    Parameters
    ----------
    fun, x0, max_iter, tol, batches
        See `gradient_descent`.
    learning_rate : float or callable
        η, in the unit of the parameters, or a schedule.
    decay : float, default=0.9
        ρ, 0 ≤ ρ < 1.
    epsilon : float, default=1e-8
        ε ≥ 0, in the unit of the gradient.  With 0, the run ends with an error when a coordinate's
        gradients were all 0.

    Yields
    ------
    OptimizeState
        As `gradient_descent`, whose errors are its errors too.

    See Also
    --------
    rmsprop_step : The formula, and where it comes from.

    Examples
    --------
    >>> bowl = lambda x: (x @ x / 2, x)
    >>> states = rmsprop(bowl, [8.0], learning_rate=0.5, decay=0.75, max_iter=2)
    >>> [float(state.parameters[0].round(3)) for state in states]
    [8.0, 7.0, 6.289]
    """
    decay = float(check_number(decay, "decay", low=0, high=1, closed="left"))
    epsilon = float(check_number(epsilon, "epsilon", low=0))

    def step(t, eta, parameters, gradient, squares):
        return rules.rmsprop_step(
            parameters, squares, gradient, learning_rate=eta, decay=decay, epsilon=epsilon
        )

    return descend(
        step, fun, x0, memory=1,
        learning_rate=learning_rate, max_iter=max_iter, tol=tol, batches=batches,
        remedy=_remedy(epsilon),
    )  # fmt: skip


def adam(
    fun: Objective,
    x0: Any,
    *,
    learning_rate: float | Schedule,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    max_iter: int = 1000,
    tol: float = 0.0,
    batches: Iterable[np.ndarray] | None = None,
) -> States:
    """Running means of the gradient and of its square, their beginning from zero taken out.

    Parameters
    ----------
    fun, x0, max_iter, tol, batches
        See `gradient_descent`.
    learning_rate : float or callable
        η, in the unit of the parameters, or a schedule.
    beta1 : float, default=0.9
        β₁, 0 ≤ β₁ < 1, of the mean of the gradients.
    beta2 : float, default=0.999
        β₂, 0 ≤ β₂ < 1, of the mean of their squares.
    epsilon : float, default=1e-8
        ε ≥ 0, in the unit of the gradient.  With 0, the run ends with an error when a coordinate's
        gradients were all 0.

    Yields
    ------
    OptimizeState
        As `gradient_descent`, whose errors are its errors too.

    See Also
    --------
    adam_step : The formula, and where it comes from.

    Examples
    --------
    >>> bowl = lambda x: (x @ x / 2, x)
    >>> states = adam(bowl, [8.0, -1.0], learning_rate=0.5, max_iter=2)
    >>> [state.parameters.round(3) for state in states]
    [array([ 8., -1.]), array([ 7.5, -0.5]), array([ 7.001, -0.034])]
    """
    beta1 = float(check_number(beta1, "beta1", low=0, high=1, closed="left"))
    beta2 = float(check_number(beta2, "beta2", low=0, high=1, closed="left"))
    epsilon = float(check_number(epsilon, "epsilon", low=0))

    def step(t, eta, parameters, gradient, mean, squares):
        return rules.adam_step(
            parameters, mean, squares, gradient, t + 1,
            learning_rate=eta, beta1=beta1, beta2=beta2, epsilon=epsilon,
        )  # fmt: skip

    return descend(
        step, fun, x0, memory=2,
        learning_rate=learning_rate, max_iter=max_iter, tol=tol, batches=batches,
        remedy=_remedy(epsilon),
    )  # fmt: skip


def _remedy(epsilon: float) -> str:
    return f"{'' if epsilon else 'set epsilon > 0 or '}lower learning_rate (it was {{:g}})"
