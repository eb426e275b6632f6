"""What an optimiser yields after every step."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

__all__ = ["OptimizeState"]


@dataclass(frozen=True, eq=False, init=False)
class OptimizeState:
    """One point of a minimisation; safe to keep, for its parameters are its own copy.

    State t is the one after t steps, and state 0 is the start.

    Parameters
    ----------
    iteration : int
        Number of steps done.
    parameters : ndarray, or dict, list or tuple of them
        The parameters after these steps, in the form in which the start was given.
    value : float
        The value of the function at these parameters.  With minibatches: the estimate that came
        with the gradient of the step that led here, so at the parameters before it; NaN at the
        start.
    gradient_norm : float
        The Euclidean norm of the gradient, of the same place as `value`.
    evaluations : int
        Calls of the function so far.
    samples : int
        Examples looked at so far; 0 without minibatches.
    learning_rate : float
        That of the step that led here; NaN at the start, and for methods that have none.
    """

    iteration: int
    parameters: Any = field(repr=False)
    value: float
    gradient_norm: float
    evaluations: int = 0
    samples: int = 0
    learning_rate: float = math.nan

    def __init__(
        self,
        iteration: int,
        parameters: Any,
        value: float,
        gradient_norm: float,
        evaluations: int = 0,
        samples: int = 0,
        learning_rate: float = math.nan,
    ) -> None:
        # What a frozen dataclass would write by itself takes three times as long: with small
        # minibatches that is a tenth of a step.
        fields = self.__dict__
        fields["iteration"] = iteration
        fields["parameters"] = parameters
        fields["value"] = value
        fields["gradient_norm"] = gradient_norm
        fields["evaluations"] = evaluations
        fields["samples"] = samples
        fields["learning_rate"] = learning_rate
