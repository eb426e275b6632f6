"""Running an optimiser to its end, and watching it."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mlcourse._validation import ConvergenceWarning, check_number
from mlcourse.optimize.state import OptimizeState
from mlcourse.progress import Progress, watch

__all__ = ["Run", "run"]


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
    FloatingPointError
        That of the optimiser, where a value is not finite.  The error's attribute ``run`` is the
        `Run` with the states before it.

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

    A rate that is too large, and how far it came:

    >>> try:
    ...     run(gradient_descent(lambda x: (x @ x / 2, x), [8.0], learning_rate=1e100))
    ... except FloatingPointError as error:
    ...     print(error)
    ...     print(error.run.iterations)
    the value is not finite after step 2: lower learning_rate (it was 1e+100)
    [0 1]
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
    except FloatingPointError as error:
        # What led there is what one wants to see.
        error.run = _run_of(state, rows, points, path) if rows else None
        raise
    if not rows:
        raise ValueError("states must have at least one state (there was none)")
    return _run_of(state, rows, points, path)


def _run_of(state: OptimizeState, rows: list[tuple], points: list, path: bool) -> Run:
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    if path:
        points = np.stack(points) if isinstance(points[0], np.ndarray) else points
    return Run(state, *columns, points if path else None)


def _described(state: OptimizeState) -> str:
    return f"value {state.value:.6g}, gradient {state.gradient_norm:.3g}"
