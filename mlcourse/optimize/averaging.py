"""The mean of the iterates instead of the last one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from mlcourse._validation import check_number
from mlcourse.optimize._structure import Structure
from mlcourse.optimize.state import OptimizeState

__all__ = ["polyak_average"]


def polyak_average(states: Iterable[OptimizeState], *, start: int = 0) -> Iterator[OptimizeState]:
    """Pass states on with the mean of their parameters so far.

    The optimiser itself goes on from its own parameters; only what is yielded is averaged.  While
    the iterates rattle about the minimum, their mean comes closer to it.

    Parameters
    ----------
    states : iterable of OptimizeState
        From any optimiser.
    start : int, default=0
        The first iteration that counts, ≥ 0: the way there would spoil the mean.

    Yields
    ------
    OptimizeState
        Before `start` the states as they come; from then on with the mean of the parameters of all
        states since `start`.  Everything else, `value` and `gradient_norm` too, is still that of
        the optimiser's own state.

    References
    ----------
    B. T. Polyak and A. B. Juditsky (1992), Acceleration of stochastic approximation by averaging.

    Examples
    --------
    >>> from mlcourse.optimize import gradient_descent
    >>> states = gradient_descent(lambda x: (x @ x, 2 * x), [8.0], learning_rate=0.75, max_iter=3)
    >>> [float(state.parameters[0]) for state in polyak_average(states, start=1)]
    [8.0, -4.0, -1.0, -1.0]
    """
    start = check_number(start, "start", low=0, integer=True)
    return _averaged(states, start)


def _averaged(states: Iterable[OptimizeState], start: int) -> Iterator[OptimizeState]:
    structure: Any = None
    for state in states:
        if state.iteration < start:
            yield state
            continue
        if structure is None:
            structure, number = Structure(state.parameters, "parameters"), 0
            mean = np.zeros(structure.start.shape)  # float64 also for float32: many terms add up
        number += 1
        mean += (structure.flatten(state.parameters, "parameters") - mean) / number
        averaged = structure.unflatten(mean.astype(structure.start.dtype))
        yield replace(state, parameters=averaged)
