"""What every exercise shares: its description, the registry, and :func:`check`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that many give, and what to say to those who give it.

    Parameters
    ----------
    function : callable
        Computes the wrong answer from the same arguments as the right one.
    hint : str
        What the tutor says.
    """

    function: Callable[..., Any]
    hint: str


@dataclass(frozen=True)
class Exercise:
    """A function for the reader to write.

    Parameters
    ----------
    name : str
        Its name, chapter first: ``"tsne.gradient"``.
    signature : str
        How the reader's function is called, such as ``"P, Y"``.
    reference : callable
        The package's own function.
    inputs : callable
        ``inputs(rng)`` returns the arguments of one trial, a tuple.
    mistakes : tuple of Mistake
        Looked for first, because they say most.
    properties : tuple of callable
        ``property(answer, *arguments)`` returns a sentence if the answer lacks a property that it must have, else None.
    n_trials : int
        How many random inputs are tried.
    rtol, atol : float
        How near the answer must come, relative to the largest number of the right one, and absolutely.
    nan_hint : str
        What the tutor adds where an answer holds NaN or infinity.
    """

    name: str
    signature: str
    reference: Callable[..., Any]
    inputs: Callable[[np.random.Generator], tuple[Any, ...]]
    mistakes: tuple[Mistake, ...] = ()
    properties: tuple[Callable[..., str | None], ...] = ()
    n_trials: int = 5
    rtol: float = 1e-6
    atol: float = 1e-12
    nan_hint: str = ""

    def agree(self, answer: np.ndarray, expected: np.ndarray) -> bool:
        """Say whether two answers are the same but for rounding.

        Parameters
        ----------
        answer, expected : ndarray
            The reader's and the right one; nothing is broadcast.

        Returns
        -------
        bool
            Whether they agree.
        """
        if answer.shape != expected.shape or not np.isfinite(answer).all():
            return False
        return bool(np.abs(answer - expected).max(initial=0.0) <= self.atol + self.rtol * np.abs(expected).max(initial=0.0))


@dataclass(frozen=True)
class Construction:
    """Something for the reader to build: many answers are right, so that each is judged, and none compared.

    Parameters
    ----------
    name : str
        Its name, chapter first: ``"seeding.defeat"``.
    judge : callable
        ``judge(answer)`` returns whether what the reader's function built is as it should be, and what the tutor says of it.
    """

    name: str
    judge: Callable[[Any], tuple[bool, str]]
    signature: str = ""


@dataclass(frozen=True)
class Feedback:
    """The tutor's answer; a notebook shows it.

    Parameters
    ----------
    name : str
        The exercise.
    passed : bool
        Whether the function is right.
    message : str
        What the tutor says.
    """

    name: str
    passed: bool
    message: str

    def __str__(self) -> str:
        return f"{'✓' if self.passed else '✗'} {self.name}: {self.message}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        state, mark, word = ("passed", "✓", "Passed") if self.passed else ("failed", "✗", "Not yet")
        message = self.message[:1].upper() + self.message[1:]
        message = re.sub("`([^`]+)`", r"<code>\1</code>", escape(message))
        colour = "#2e7d32" if self.passed else "#c62828"
        return (
            f'<div class="exercise-check exercise-{state}" role="status" style="border-left: 4px solid {colour}; '
            f'padding: 0.25em 0.75em; white-space: pre-wrap"><strong>{mark} {word} · {escape(self.name)}</strong>\n'
            f"{message}</div>"
        )


_EXERCISES: dict[str, Exercise | Construction] = {}


def register(exercise: Exercise | Construction) -> Exercise | Construction:
    """Make an exercise known to :func:`check`.

    Parameters
    ----------
    exercise : Exercise or Construction
        The exercise.

    Returns
    -------
    Exercise or Construction
        The same.

    Raises
    ------
    ValueError
        If another exercise has its name.
    """
    if _EXERCISES.get(exercise.name, exercise) is not exercise:
        raise ValueError(f"there is already an exercise {exercise.name!r}")
    _EXERCISES[exercise.name] = exercise
    return exercise


def names() -> list[str]:
    """List the exercises.

    Returns
    -------
    list of str
        Their names, sorted.
    """
    return sorted(_EXERCISES)


def check(name: str, function: Callable[..., Any]) -> Feedback:
    """Try a reader's function on random inputs and say what is right or wrong with it.

    Parameters
    ----------
    name : str
        The exercise, such as ``"tsne.gradient"``.
    function : callable
        The reader's function, finished or not.

    Returns
    -------
    Feedback
        The tutor's answer; ``passed`` says whether the function is right. A wrong or unfinished function raises nothing.

    Raises
    ------
    ValueError
        If there is no exercise of this name.
    """
    if name not in _EXERCISES:
        raise ValueError(f"there is no exercise {name!r}; there are {', '.join(names())}")
    from mlcourse.exercises.tutor import first_fault, judgement

    exercise = _EXERCISES[name]
    if isinstance(exercise, Construction):
        return Feedback(name, *judgement(exercise, function))
    message = first_fault(exercise, function)
    if message is None:
        return Feedback(name, True, f"right on {exercise.n_trials} random inputs.")
    return Feedback(name, False, message)
