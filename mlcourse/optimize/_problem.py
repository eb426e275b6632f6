"""The function to minimise and its start, checked: to the optimisers all is one vector."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from mlcourse.optimize._structure import Structure

__all__ = ["QUIET", "Problem", "euclidean_norm"]

# An overflow is met with an error of our own, so NumPy need not warn of it.
QUIET = {"over": "ignore", "invalid": "ignore", "divide": "ignore"}


class Problem:
    """A function of parameters in any arrangement, as a function of one vector.

    Parameters
    ----------
    fun : callable
        From parameters, and what else `evaluate` is given, to a pair (value, gradient).
    x0 : array_like, or dict, list or tuple of them
        The start.

    Attributes
    ----------
    start : ndarray, 1-D
        The start as a vector of its own, float64 or float32.
    evaluations : int
        Calls of fun so far.
    """

    def __init__(self, fun: Callable[..., tuple[float, Any]], x0: Any) -> None:
        if not callable(fun):
            raise TypeError(f"fun must be callable (it was {fun!r})")
        self._fun = fun
        self._structure = Structure(x0)
        self.start = self._structure.start
        self.evaluations = 0
        self._shape, self._dtype = self.start.shape, self.start.dtype
        self._is_vector = self._structure.is_vector

    def parameters(self, vector: np.ndarray) -> Any:
        """Arrange a vector as the start was, in memory of its own."""
        return vector.copy() if self._is_vector else self._structure.unflatten(vector.copy())

    def evaluate(self, vector: np.ndarray, *more: Any) -> tuple[float, np.ndarray]:
        """Call fun, count it, and look at what it returns; that may still be infinite or NaN.

        fun gets a copy of the vector, and its gradient is copied: neither can change, later, what
        the other side holds.

        Parameters
        ----------
        vector : ndarray, 1-D
            Where.
        *more : object
            What else fun is given, such as a minibatch.

        Returns
        -------
        value : float
        gradient : ndarray, 1-D
            Of the type of the start.

        Raises
        ------
        TypeError, ValueError
            If fun does not return a number and a gradient arranged as the parameters are.
        """
        self.evaluations += 1
        result = self._fun(self.parameters(vector), *more)
        if not isinstance(result, tuple) or len(result) != 2:
            raise TypeError(
                f"fun must return a pair (value, gradient) (it returned {_shown(result)})"
            )
        value, gradient = result
        if type(value) is not float:
            value = _as_float(value)
        if (
            self._is_vector
            and type(gradient) is np.ndarray
            and gradient.dtype == self._dtype
            and gradient.shape == self._shape
        ):
            return value, gradient.copy()
        return value, self._structure.flatten(gradient, "gradient")

    def finite(
        self, vector: np.ndarray, *more: Any, iteration: int, remedy: str
    ) -> tuple[float, np.ndarray, float]:
        """Evaluate where value and gradient have to be finite.

        Parameters
        ----------
        vector, *more
            See `evaluate`.
        iteration : int
            How many steps led here; for the message.
        remedy : str
            What helps: ``"lower learning_rate (it was 2.5)"``.

        Returns
        -------
        value : float
        gradient : ndarray, 1-D
        gradient_norm : float

        Raises
        ------
        FloatingPointError
            If the value or the gradient is infinite or NaN.
        """
        value, gradient = self.evaluate(vector, *more)
        norm = euclidean_norm(gradient)
        if math.isfinite(value) and math.isfinite(norm):
            return value, gradient, norm
        raise not_finite("gradient" if math.isfinite(value) else "value", iteration, remedy)


def not_finite(what: str, iteration: int, remedy: str) -> FloatingPointError:
    """Make the error for a value, gradient or parameters that are infinite or NaN."""
    what += " are" if what.endswith("s") else " is"
    if iteration:
        return FloatingPointError(f"the {what} not finite after step {iteration}: {remedy}")
    return FloatingPointError(f"the {what} not finite at the start: change x0, or look into fun")


def euclidean_norm(vector: np.ndarray) -> float:
    """The length of a vector, also where its square would leave the range of floats.

    Parameters
    ----------
    vector : ndarray, 1-D

    Returns
    -------
    float
        Infinite or NaN only if an entry is.
    """
    square = float(np.vdot(vector, vector))  # which, unlike dot, never warns
    if 1e-30 < square < 1e30:  # far inside the range of float32, too
        return math.sqrt(square)
    largest = float(np.abs(vector).max())
    if not 0 < largest < math.inf:
        return largest
    scaled = vector.astype(np.float64) / largest
    return largest * math.sqrt(scaled.dot(scaled))


def _as_float(value: Any) -> float:
    array = np.asarray(value)
    if array.size != 1 or array.dtype.kind not in "biuf":
        raise TypeError(
            f"fun must return a pair (value, gradient) whose value is one real number "
            f"(it was {_shown(value)})"
        )
    return float(array.reshape(()))


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
