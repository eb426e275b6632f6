"""The loop that all first-order optimisers share."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import Any

import numpy as np

from mlcourse._validation import check_number
from mlcourse.optimize._problem import QUIET, Problem, euclidean_norm, not_finite
from mlcourse.optimize.state import OptimizeState

__all__ = ["Objective", "Schedule", "States", "descend", "schedule_of"]

Objective = Callable[..., tuple[float, Any]]
Schedule = Callable[[int], float]
States = Iterator[OptimizeState]


def descend(
    step: Callable[..., tuple[np.ndarray, ...]],
    fun: Objective,
    x0: Any,
    *,
    memory: int | Sequence[float] = 0,
    learning_rate: float | Schedule,
    max_iter: int,
    tol: float,
    batches: Iterable | None,
    remedy: str = "lower learning_rate (it was {:g})",
) -> States:
    """Check what all optimisers are given, and return the generator of their states.

    Parameters
    ----------
    step : callable
        Called as ``step(t, eta, parameters, gradient, *memory)``, with t = 0 for the first step;
        returns the new parameters and memory, a tuple of new arrays.
    memory : int or sequence of float
        How many arrays the method remembers from step to step, zeros at first; or what fills them.
    fun, x0, learning_rate, max_iter, tol, batches
        See `mlcourse.optimize.gradient_descent`.
    remedy : str
        What helps when something is not finite; the braces stand for the learning rate.

    Returns
    -------
    iterator of OptimizeState
    """
    problem = Problem(fun, x0)
    rate = schedule_of(learning_rate, "learning_rate")
    max_iter = check_number(max_iter, "max_iter", low=0, integer=True)
    tol = check_number(tol, "tol", low=0)
    fills = (0.0,) * memory if isinstance(memory, int) else memory
    remembered = tuple(np.full_like(problem.start, fill) for fill in fills)
    if batches is None:
        return _full_batch(problem, step, remembered, rate, max_iter, tol, remedy)
    if tol:
        raise ValueError(
            f"tol must be 0 with batches (it was {tol}): a minibatch's gradient is not 0 at the "
            "minimum, nor does a small one mean that the minimum is near"
        )
    if not isinstance(batches, Iterable):
        raise TypeError(f"batches must be an iterable of index arrays (it was {batches!r})")
    return _minibatch(problem, step, remembered, rate, max_iter, batches, remedy)


def _full_batch(problem, step, memory, rate, max_iter, tol, remedy) -> States:
    parameters, eta = problem.start, math.nan
    with np.errstate(**QUIET):
        value, gradient, norm = _evaluate(problem, parameters, 0, eta, remedy)
    for t in count():
        yield OptimizeState(
            t, problem.parameters(parameters), value, norm, problem.evaluations, 0, eta
        )
        if t >= max_iter or (tol and norm <= tol):
            return
        eta = rate(t)
        with np.errstate(**QUIET):
            parameters, *memory = step(t, eta, parameters, gradient, *memory)
            if not _is_finite(parameters):
                raise not_finite("parameters", t + 1, remedy.format(eta))
            value, gradient, norm = _evaluate(problem, parameters, t + 1, eta, remedy)


def _minibatch(problem, step, memory, rate, max_iter, batches, remedy) -> States:
    parameters, eta, samples = problem.start, math.nan, 0
    yield OptimizeState(0, problem.parameters(parameters), math.nan, math.nan, 0, 0, eta)
    for t, batch in zip(range(max_iter), batches):  # in this order, zip takes no batch too many
        samples += _size(batch, t)
        with np.errstate(**QUIET):
            value, gradient, norm = _evaluate(problem, parameters, t, eta, remedy, batch)
            eta = rate(t)
            parameters, *memory = step(t, eta, parameters, gradient, *memory)
            if not _is_finite(parameters):
                raise not_finite("parameters", t + 1, remedy.format(eta))
        yield OptimizeState(
            t + 1, problem.parameters(parameters), value, norm, problem.evaluations, samples, eta
        )


def _evaluate(problem, parameters, t, eta, remedy, *batch) -> tuple[float, np.ndarray, float]:
    value, gradient = problem.evaluate(parameters, *batch)
    square = float(gradient.dot(gradient))
    norm = math.sqrt(square) if 1e-30 < square < 1e30 else euclidean_norm(gradient)
    if math.isfinite(value) and math.isfinite(norm):
        return value, gradient, norm
    what = "gradient" if math.isfinite(value) else "value"
    raise not_finite(what, t, remedy.format(eta))


def _is_finite(parameters: np.ndarray) -> bool:
    # Where a function levels off, its value is finite at infinity too.  A square can also overflow,
    # so it only acquits.
    return math.isfinite(parameters.dot(parameters)) or bool(np.isfinite(parameters).all())


def _size(batch: Any, t: int) -> int:
    try:
        size = len(batch)
    except TypeError:
        raise TypeError(f"batches must yield index arrays (batch {t} was {batch!r})") from None
    if not size:
        raise ValueError(f"batches must yield index arrays that are not empty (batch {t} was)")
    return size


def schedule_of(
    value: float | Schedule, name: str, *, high: float | None = None
) -> Schedule:
    """Turn a number or a schedule into a function from the step's number to a checked float.

    Parameters
    ----------
    value : float or callable
        A number > 0 (≥ 0 and < high, if there is a `high`), or a schedule of numbers ≥ 0.
    name : str
        What messages call it.
    high : float or None
        What it must be smaller than.

    Returns
    -------
    callable
    """
    closed = "right" if high is None else "left"
    if not callable(value):
        number = float(check_number(value, name, low=0, high=high, closed=closed))
        return lambda t: number

    highest = math.inf if high is None else high

    def scheduled(t: int) -> float:
        number = value(t)
        if type(number) is float and 0 <= number < highest:
            return number
        # Never a NumPy float64, which would turn float32 parameters into float64.
        return float(check_number(number, f"{name}({t})", low=0, high=high, closed="left"))

    return scheduled
