"""The tutor: what is the first thing wrong with a reader's function, in words that help."""

from __future__ import annotations

import inspect
import linecache
import traceback
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from mlcourse.exercises.core import Construction, Exercise


def first_fault(exercise: Exercise, function: Any) -> str | None:
    """Find what the tutor says first.

    Parameters
    ----------
    exercise : Exercise
        The exercise.
    function : callable
        The reader's function, or whatever came in its place.

    Returns
    -------
    str or None
        The sentence, or None if the function is right.
    """
    if not callable(function):
        return _not_a_function(exercise, function)
    rng = np.random.default_rng(0)  # the same inputs every time: an answer must not be right by luck
    trials = [exercise.inputs(rng) for _ in range(exercise.n_trials)]
    mismatch = _signature_fault(exercise, function, trials[0])
    if mismatch:
        return mismatch
    expected = [np.asarray(exercise.reference(*_copies(arguments)), dtype=float) for arguments in trials]
    answers = []
    for arguments, right in zip(trials, expected):
        given = _copies(arguments)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a division by zero shows in the answer, and is explained there
                answer = function(*given)
        except Exception as error:  # whatever the reader's function raises, the tutor explains
            return _explain_error(error, function)
        fault = _shape_fault(answer, right) or _changed_input(exercise, arguments, given)
        if fault:
            return fault
        answers.append(np.asarray(answer, dtype=float))
    return _value_fault(exercise, trials, answers, expected)


def judgement(exercise: Construction, function: Any) -> tuple[bool, str]:
    """Let the reader's function build something, and judge it.

    Parameters
    ----------
    exercise : Construction
        The exercise.
    function : callable
        The reader's function, or whatever came in its place; it is called without arguments.

    Returns
    -------
    bool
        Whether what it built is as it should be.
    str
        What the tutor says.
    """
    if not callable(function):
        return False, _not_a_function(exercise, function)
    mismatch = _signature_fault(exercise, function, ())
    if mismatch:
        return False, mismatch
    try:
        answer = function()
    except Exception as error:  # whatever the reader's function raises, the tutor explains
        return False, _explain_error(error, function)
    return (False, _unfinished(answer)) if _unfinished(answer) else exercise.judge(answer)


def _not_a_function(exercise: Exercise | Construction, function: Any) -> str:
    return (
        f"what came is {_describe(function)}, not a function. Hand over the function itself, without calling it: "
        f'check("{exercise.name}", my_function).'
    )


def _unfinished(answer: Any) -> str:
    if answer is None:
        return "your function returned None: did you forget `return`, or is it unfinished?"
    if answer is NotImplemented or answer is Ellipsis:
        return "your function is unfinished: it returned a placeholder."
    return ""


def _value_fault(
    exercise: Exercise, trials: list[tuple[Any, ...]], answers: list[np.ndarray], expected: list[np.ndarray]
) -> str | None:
    if all(exercise.agree(answer, right) for answer, right in zip(answers, expected)):
        return None
    for mistake in exercise.mistakes:
        with np.errstate(all="ignore"):
            wrong = [np.asarray(mistake.function(*_copies(arguments)), dtype=float) for arguments in trials]
        if all(exercise.agree(answer, known) for answer, known in zip(answers, wrong)):
            return mistake.hint
    for answer, arguments in zip(answers, trials):
        if not np.isfinite(answer).all():
            n_bad = int((~np.isfinite(answer)).sum())
            where = "the answer is" if answer.ndim == 0 else f"{n_bad} of {answer.size} numbers of the answer are"
            reason = exercise.nan_hint or "Is something divided by zero, or the logarithm of zero taken?"
            return f"{where} NaN or infinite. {reason}"
        for lacks in exercise.properties:
            fault = lacks(answer, *arguments)
            if fault:
                return fault
    return _scale_fault(answers, expected) or _first_difference(exercise, answers, expected)


def _scale_fault(answers: list[np.ndarray], expected: list[np.ndarray]) -> str | None:
    """Whether every answer is the right one times the same number."""
    answer, right = (np.concatenate([array.ravel() for array in arrays]) for arrays in (answers, expected))
    factor = float(answer @ right / (right @ right)) if right.any() else 0.0
    if factor == 0 or np.abs(answer - factor * right).max() > 1e-6 * np.abs(answer).max():
        return None
    if abs(factor + 1) < 1e-6:
        return "the sign is opposite: every number is minus what it should be."
    return f"nearly: every number is {factor:.4g} times what it should be. Which factor is missing, or too much?"


def _first_difference(exercise: Exercise, answers: list[np.ndarray], expected: list[np.ndarray]) -> str:
    for trial, (answer, right) in enumerate(zip(answers, expected), start=1):
        if exercise.agree(answer, right):
            continue
        place = np.unravel_index(np.abs(answer - right).argmax(), right.shape)
        entry = "answer" + (f"[{', '.join(map(str, place))}]" if place else "")
        right_before = f" (the first {trial - 1} were right: what is special here?)" if trial > 1 else ""
        return f"on random input {trial} of {len(answers)}, {entry} is {answer[place]:.6g} and should be {right[place]:.6g}{right_before}."
    raise AssertionError("every answer agrees")


def _signature_fault(exercise: Exercise | Construction, function: Callable[..., Any], arguments: tuple[Any, ...]) -> str | None:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some functions written in C do not say
        return None
    try:
        signature.bind(*arguments)
    except TypeError as error:
        name = getattr(function, "__name__", "my_function")
        return f"your function is called as {name}({exercise.signature}), which does not fit {name}{signature}: {error}."
    return None


def _shape_fault(answer: Any, right: np.ndarray) -> str | None:
    if _unfinished(answer):
        return _unfinished(answer)
    if isinstance(answer, tuple) and right.shape != (len(answer),):
        return f"your function returned a tuple of {len(answer)}; only one {_noun(right)} is asked for."
    try:
        array = np.asarray(answer)
        if array.dtype.kind not in "biuf":
            raise TypeError
    except (TypeError, ValueError):
        return f"your function returned {_describe(answer)}, not {_with_article(_noun(right))}."
    if array.shape != right.shape:
        if right.ndim == 0 or array.ndim == 0:
            given = f"an array of shape {array.shape}" if array.ndim else "a single number"
            return f"your function returned {given} instead of {_with_article(_noun(right))}."
        return f"wrong shape {array.shape} instead of {right.shape}."
    return None


def _changed_input(exercise: Exercise, before: tuple[Any, ...], after: tuple[Any, ...]) -> str | None:
    names = [name.strip() for name in exercise.signature.split(",")]
    for name, old, new in zip(names, before, after):
        if isinstance(old, np.ndarray) and not np.array_equal(old, new):
            return f"your function changes its input {name}. Work on a copy: {name} = {name}.copy()."
    return None


def _explain_error(error: Exception, function: Callable[..., Any]) -> str:
    if isinstance(error, NotImplementedError):
        return "your function is unfinished: it raises NotImplementedError."
    text = "".join(traceback.format_exception_only(error)).strip().splitlines()[-1]
    code = getattr(inspect.unwrap(function), "__code__", None)
    frames = traceback.extract_tb(error.__traceback__)
    mine = [frame for frame in frames if code is not None and frame.filename == code.co_filename] or frames[1:]
    if not mine:
        return f"your function raised an exception: {text}"
    line = mine[-1].line or linecache.getline(mine[-1].filename, mine[-1].lineno or 0).strip()
    return f"your function raised an exception: {text}\nin line {mine[-1].lineno}:  {line}"


def _copies(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(argument.copy() if isinstance(argument, np.ndarray) else argument for argument in arguments)


def _noun(right: np.ndarray) -> str:
    return f"array of shape {right.shape}" if right.ndim else "number"


def _with_article(noun: str) -> str:
    return ("an " if noun[0] in "aeiou" else "a ") + noun


def _describe(value: Any) -> str:
    text = repr(value)
    return f"{text if len(text) <= 40 else text[:37] + '...'} of type {type(value).__name__}"
