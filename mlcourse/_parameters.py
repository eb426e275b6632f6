"""Checks of single parameters; `mlcourse._validation` gives them to the rest of the package."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from numbers import Integral, Real
from typing import Any

import numpy as np

__all__ = ["check_choice", "check_number", "check_random_state"]


def check_random_state(
    random_state: int | np.random.Generator | np.random.RandomState | None,
) -> np.random.Generator:
    """Turn `random_state` into one generator.

    Parameters
    ----------
    random_state : int, Generator, RandomState or None
        A seed; a generator, which is used and advanced; NumPy's older RandomState, which seeds a new generator (and is
        advanced by one draw); None for one that differs from call to call.

    Returns
    -------
    numpy.random.Generator
    """
    if isinstance(random_state, np.random.RandomState):
        return np.random.default_rng(random_state.randint(2**32, size=4, dtype=np.uint32))
    if random_state is None or isinstance(random_state, np.random.Generator):
        return np.random.default_rng(random_state)
    if isinstance(random_state, Integral) and not isinstance(random_state, (bool, np.bool_)) and random_state >= 0:
        return np.random.default_rng(int(random_state))
    raise ValueError(
        f"random_state must be None, an integer >= 0 or a numpy.random.Generator (it was {_shown(random_state)})"
    )


def check_number(
    value: Any,
    name: str,
    *,
    low: float | None = None,
    high: float | None = None,
    integer: bool = False,
    closed: str = "both",
    low_name: str | None = None,
    high_name: str | None = None,
) -> float | int:
    """Check that a parameter is a finite number within its bounds.

    Parameters
    ----------
    value : object
        What came.
    name : str
        The parameter's name.
    low, high : float or None
        The bounds; None for no bound.
    integer : bool
        Whether it must be an integer.
    closed : {"both", "left", "right", "neither"}
        Which of the bounds are allowed themselves.
    low_name, high_name : str or None
        What a bound means, for the message: ``high_name="n_samples"`` gives ``perplexity < n_samples = 12``.

    Returns
    -------
    int or float
        The number as a Python number.

    Raises
    ------
    TypeError
        If it is not a number (a bool is none), or not an integer where one is needed.
    ValueError
        If it is NaN, infinite or out of bounds.
    """
    left = "<=" if closed in ("both", "left") else "<"
    right = "<=" if closed in ("both", "right") else "<"
    lower = "" if low is None else f"{f'{low_name} = ' if low_name else ''}{low} {left} "
    upper = "" if high is None else f" {right} {f'{high_name} = ' if high_name else ''}{high}"
    message = f"{name} must be {'an integer' if integer else 'a number' if lower or upper else 'a finite number'}"
    message += f" with {lower}{name}{upper}" if lower or upper else ""
    message += f" (it was {_shown(value)})"
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Integral if integer else Real):
        raise TypeError(message)
    inside = (
        (isinstance(value, Integral) or isfinite(value))
        and (low is None or value > low or (left == "<=" and value == low))
        and (high is None or value < high or (right == "<=" and value == high))
    )
    if not inside:
        raise ValueError(message)
    return int(value) if isinstance(value, Integral) else float(value)


def check_choice(value: Any, name: str, choices: Sequence) -> Any:
    """Check that a parameter is one of its allowed values.

    Parameters
    ----------
    value : object
        What came.
    name : str
        The parameter's name.
    choices : sequence
        What is allowed.

    Returns
    -------
    object
        The value.

    Raises
    ------
    ValueError
        If it is none of them.
    """
    if isinstance(value, np.generic):
        value = value.item()
    for choice in choices:
        # 1 == True, and an array compares entry by entry: the type has to be the same too.
        if type(value) is type(choice) and value == choice:
            return value
    raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))} (it was {_shown(value)})")


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= 80 else text[:77] + "..."
