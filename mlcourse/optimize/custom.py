"""A rule of one's own on the loop that all first-order optimisers share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from mlcourse._validation import check_number
from mlcourse.optimize._descent import Objective, Schedule, States, descend
from mlcourse.optimize._structure import Structure

__all__ = ["descend_with"]


def descend_with(
    step: Callable[..., Any],
    fun: Objective,
    x0: Any,
    *,
    learning_rate: float | Schedule,
    memory: Sequence[float] = (),
    max_iter: int = 1000,
    tol: float = 0.0,
    batches: Iterable[np.ndarray] | None = None,
) -> States:
    """Descend by a rule of your own: one function says what a step does, all else is done here.

    It runs on the loop of `gradient_descent` and `adam`: so the rule has schedules, minibatches,
    structures as parameters, stopping rules, and errors that say after which step a value was not
    finite.

    Parameters
    ----------
    step : callable
        ``step(t, eta, parameters, gradient, *memory)`` returns the tuple (parameters, \\*memory)
        after the step (without memory the parameters alone will do).  t is the number of the step,
        0 for the first, eta its learning rate.  All arrays have the shape of x0; if that is a
        structure, they are vectors that hold all its numbers in its order.
    fun, x0, learning_rate, max_iter, tol, batches
        See `gradient_descent`.
    memory : sequence of float, default=()
        What the rule remembers from step to step: for each array the number that fills it at first.

    Yields
    ------
    OptimizeState
        States 0, 1, 2, …; state 0 is the start.

    Raises
    ------
    TypeError, ValueError
        As `gradient_descent`; and if `step` returns anything else than arrays of that shape.
    FloatingPointError
        As `gradient_descent`; one that `step` raises is passed on with the number of the step.

    See Also
    --------
    mlcourse.manifold.momentum_step : t-SNE's rule.

    Examples
    --------
    The first chapter's momentum, with a gain for every coordinate; updates begin with 0, gains
    with 1:

    >>> from mlcourse.manifold import momentum_step
    >>> def with_gains(t, eta, Y, gradient, update, gains):
    ...     return momentum_step(Y, update, gains, gradient, learning_rate=eta, momentum=0.5)
    >>> valley = lambda x: (x @ (x * [1, 50]) / 2, x * [1, 50])
    >>> states = descend_with(with_gains, valley, [1.0, 1.0], memory=(0, 1), learning_rate=0.02)
    >>> next(state.iteration for state in states if state.value < 1e-6) < 100
    True

    The sign of the gradient alone, with a rate that falls:

    >>> from mlcourse.optimize import exponential_decay
    >>> def sign(t, eta, theta, gradient):
    ...     return theta - eta * np.sign(gradient)
    >>> *_, last = descend_with(
    ...     sign, valley, [1.0, 1.0], learning_rate=exponential_decay(0.5, 0.1), max_iter=100
    ... )
    >>> bool(last.value < 1e-6)
    True
    """
    if not callable(step):
        raise TypeError(f"step must be callable (it was {step!r})")
    if isinstance(memory, (str, int, float)):
        raise TypeError(
            f"memory must be a sequence with one number for each array (it was {memory!r})"
        )
    fills = [float(check_number(fill, f"memory[{k}]")) for k, fill in enumerate(memory)]
    return descend(
        _Checked(step, 1 + len(fills), Structure(x0).shape), fun, x0, memory=fills,
        learning_rate=learning_rate, max_iter=max_iter, tol=tol, batches=batches,
    )  # fmt: skip


class _Checked:
    """A step as the loop wants it: from vectors to vectors, with a look at what comes back."""

    def __init__(self, step: Callable[..., Any], count: int, shape: tuple[int, ...]) -> None:
        self._step, self._count, self._shape = step, count, shape

    def __call__(self, t: int, eta: float, *arrays: np.ndarray) -> tuple[np.ndarray, ...]:
        try:
            returned = self._step(t, eta, *(array.reshape(self._shape) for array in arrays))
        except FloatingPointError as error:
            raise FloatingPointError(f"in step {t + 1}: {error}") from error
        new = (returned,) if self._count == 1 and not isinstance(returned, tuple) else returned
        if not isinstance(new, tuple) or len(new) != self._count:
            expected = ", ".join(["parameters", *(f"memory {k}" for k in range(self._count - 1))])
            raise TypeError(
                f"step must return a tuple of {self._count} array(s), ({expected}) (it returned "
                f"{_kind(returned)})"
            )
        return tuple(self._vector(array, arrays[0].dtype, k) for k, array in enumerate(new))

    def _vector(self, array: Any, dtype: np.dtype, k: int) -> np.ndarray:
        array = np.asarray(array)
        if array.dtype.kind not in "biuf" or array.shape != self._shape:
            raise ValueError(
                f"step must return arrays of real numbers of shape {self._shape} (array {k} was of "
                f"dtype {array.dtype} and shape {array.shape})"
            )
        return array.astype(dtype).ravel()  # a copy: a rule may keep what it returned


def _kind(returned: Any) -> str:
    if isinstance(returned, tuple):
        return f"a tuple of {len(returned)}"
    return f"an object of type {type(returned).__name__}"
