"""Running an optimiser to its end, watching it, and deciding when that is."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mlcourse._validation import ConvergenceWarning, check_number
from mlcourse.optimize.state import OptimizeState
from mlcourse.progress import Progress, watch

__all__ = ["Run", "budget", "run", "small_change", "small_gradient", "stop_when", "value_below"]

Rule = Callable[[OptimizeState], bool]


@dataclass(frozen=True, eq=False)
class Run:
    """A minimisation from its start to its end; all arrays have one entry for each state.

    Parameters
    ----------
    final : OptimizeState
        The last state.
    iterations : array of int, shape (n_states,)
        Numbers of steps done.
    values, gradient_norms, learning_rates : array of float, shape (n_states,)
        As in the states, NaN where they are.
    evaluations, samples : array of int, shape (n_states,)
        As in the states: calls of the function, and examples looked at, so far.
    seconds : array of float, shape (n_states,)
        Time from the run's begin until the state was there.
    path : array of shape (n_states, …), list or None
        The parameters of all states: a list if they are no single array, None if not asked for.
    """

    final: OptimizeState
    iterations: np.ndarray = field(repr=False)
    values: np.ndarray = field(repr=False)
    gradient_norms: np.ndarray = field(repr=False)
    learning_rates: np.ndarray = field(repr=False)
    evaluations: np.ndarray = field(repr=False)
    samples: np.ndarray = field(repr=False)
    seconds: np.ndarray = field(repr=False)
    path: Any = field(repr=False, default=None)


def run(
    states: Iterable[OptimizeState],
    *,
    callback: Callable[[Progress], bool | None] | None = None,
    verbose: int = 0,
    every: int = 50,
    path: bool = False,
    max_iter: int | None = None,
) -> Run:
    """Run an optimiser to its end.

    Parameters
    ----------
    states : iterable of OptimizeState
        From any optimiser, perhaps through `stop_when` or `polyak_average`.
    callback : callable, default=None
        Called with a `mlcourse.progress.Progress` at every report; if it returns True, the run ends
        there.
    verbose : int, default=0
        0: nothing is written.  1: a progress bar if the package tqdm is installed, lines if not.
        2: lines.
    every : int, default=50
        Steps from one report to the next, ≥ 1; the start and the last state are reported too.
    path : bool, default=False
        Whether the parameters of every state are kept.
    max_iter : int or None, default=None
        The last iteration there can be, for the reports; None if that is not known.

    Returns
    -------
    Run

    Raises
    ------
    ValueError
        If there is no state.

    Warns
    -----
    ConvergenceWarning
        If it is interrupted from the keyboard (Ctrl-C); it then has the states so far.

    Examples
    --------
    >>> from mlcourse.optimize import gradient_descent
    >>> descent = gradient_descent(lambda x: (x @ x / 2, x), [8.0], learning_rate=0.5, max_iter=3)
    >>> result = run(descent, path=True)
    >>> result.values
    array([32. ,  8. ,  2. ,  0.5])
    >>> result.path.shape, result.final.parameters
    ((4, 1), array([1.]))
    """
    every = check_number(every, "every", low=1, integer=True)
    if callback is not None or verbose:
        states = watch(
            iter(states), max_iter, describe=_described, verbose=verbose, callback=callback,
            every=every, title="optimize",
        )  # fmt: skip
    rows, points, state = [], [], None
    begin = time.perf_counter()
    try:
        for state in states:
            rows.append(
                (
                    state.iteration, state.value, state.gradient_norm, state.learning_rate,
                    state.evaluations, state.samples, time.perf_counter() - begin,
                )
            )  # fmt: skip
            if path:
                points.append(state.parameters)
    except KeyboardInterrupt:
        if not rows:
            raise
        warnings.warn(
            f"interrupted after step {state.iteration}: the run has the states so far",
            ConvergenceWarning,
            stacklevel=2,
        )
    if not rows:
        raise ValueError("states must have at least one state (there was none)")
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    if path:
        points = np.stack(points) if isinstance(points[0], np.ndarray) else points
    return Run(state, *columns, points if path else None)


def _described(state: OptimizeState) -> str:
    return f"value {state.value:.6g}, gradient {state.gradient_norm:.3g}"


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
