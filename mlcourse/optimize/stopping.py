"""Rules that decide when a run has come to its end."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator

from mlcourse._validation import check_number
from mlcourse.optimize.state import OptimizeState

__all__ = ["budget", "small_change", "small_gradient", "stop_when", "value_below"]

Rule = Callable[[OptimizeState], bool]


def stop_when(states: Iterable[OptimizeState], *rules: Rule) -> Iterator[OptimizeState]:
    """Pass states on until a rule says that it is enough.

    Parameters
    ----------
    states : iterable of OptimizeState
        From any optimiser.
    *rules : callable
        At least one; each is called with every state, in their order, and the first state to which
        one answers True is the last that is passed on.

    Yields
    ------
    OptimizeState

    Warnings
    --------
    States that `polyak_average` has averaged keep the optimiser's own value and gradient norm: on
    them `value_below`, `small_gradient` and `small_change` judge another point than the mean.
    Write a rule that evaluates ``state.parameters``.

    Examples
    --------
    >>> from mlcourse.optimize import gradient_descent
    >>> descent = gradient_descent(lambda x: (x @ x / 2, x), [8.0], learning_rate=0.5)
    >>> [state.value for state in stop_when(descent, value_below(3), budget(evaluations=100))]
    [32.0, 8.0, 2.0]
    """
    if not rules:
        raise ValueError("rules must hold at least one rule (there was none)")
    for rule in rules:
        if not callable(rule):
            raise TypeError(f"rules must be callable (one was {rule!r})")
    return _until(states, rules)


def _until(states, rules) -> Iterator[OptimizeState]:
    for state in states:
        yield state
        # All are asked, for a rule may have to see every state.
        if any([rule(state) for rule in rules]):
            return


def small_gradient(tol: float) -> Rule:
    """A rule: the Euclidean norm of the gradient is no larger than `tol`.

    Parameters
    ----------
    tol : float
        ≥ 0.  With minibatches the norm is that of an estimate, and small by chance at best.

    Returns
    -------
    callable
        For `stop_when`.
    """
    tol = float(check_number(tol, "tol", low=0))
    return lambda state: state.gradient_norm <= tol


def small_change(tol: float, patience: int = 1) -> Rule:
    """A rule: the best value has not fallen by more than `tol` for `patience` states.

    Parameters
    ----------
    tol : float
        ≥ 0, in the unit of the value.
    patience : int, default=1
        For how many states in a row, ≥ 1.  With minibatches, values jump: give it a long one.

    Returns
    -------
    callable
        For `stop_when`; it starts afresh with every state 0.
    """
    tol = float(check_number(tol, "tol", low=0))
    patience = check_number(patience, "patience", low=1, integer=True)
    best, waited = math.inf, 0

    def rule(state: OptimizeState) -> bool:
        nonlocal best, waited
        if state.iteration == 0:
            best, waited = math.inf, 0
        if math.isnan(state.value):  # the start of a run over minibatches
            return False
        if best - state.value > tol:
            best, waited = state.value, 0
        else:
            waited += 1
        return waited >= patience

    return rule


def value_below(target: float) -> Rule:
    """A rule: the value is no larger than `target`.

    Parameters
    ----------
    target : float
        In the unit of the value.  With minibatches the value is that of an estimate.

    Returns
    -------
    callable
        For `stop_when`.
    """
    target = float(check_number(target, "target"))
    return lambda state: state.value <= target


def budget(
    evaluations: int | None = None, samples: int | None = None, seconds: float | None = None
) -> Rule:
    """A rule: so much work has been done.

    Parameters
    ----------
    evaluations : int or None, default=None
        Calls of the function, ≥ 1.
    samples : int or None, default=None
        Examples looked at, ≥ 1; only minibatches count them.
    seconds : float or None, default=None
        Time since state 0, > 0.

    Returns
    -------
    callable
        For `stop_when`: True when any of those given is used up.  It starts afresh with every
        state 0.
    """
    if evaluations is samples is seconds is None:
        raise ValueError("budget needs evaluations, samples or seconds (all were None)")
    if evaluations is not None:
        evaluations = check_number(evaluations, "evaluations", low=1, integer=True)
    if samples is not None:
        samples = check_number(samples, "samples", low=1, integer=True)
    if seconds is not None:
        seconds = float(check_number(seconds, "seconds", low=0, closed="right"))
    begin = None

    def rule(state: OptimizeState) -> bool:
        nonlocal begin
        if begin is None or state.iteration == 0:
            begin = time.perf_counter()
        return (
            (evaluations is not None and state.evaluations >= evaluations)
            or (samples is not None and state.samples >= samples)
            or (seconds is not None and time.perf_counter() - begin >= seconds)
        )

    return rule
