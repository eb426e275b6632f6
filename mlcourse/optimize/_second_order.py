"""What the methods of second order share: a checked Hessian, checked arguments, how they end."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array
from mlcourse.exceptions import ConvergenceWarning
from mlcourse.optimize._problem import QUIET, Problem, euclidean_norm, not_finite

__all__ = [
    "EPSILON",
    "NEARER",
    "CurvedSteps",
    "HessianOf",
    "StepLengths",
    "check_bottom",
    "check_quadratic",
    "warn_bottomless",
    "warn_if_stuck",
]

EPSILON = float(np.finfo(np.float64).eps)
# The remedy for what is not finite.
NEARER = "start nearer to the minimum, or scale the features"


class HessianOf:
    """The Hessian of a problem's function as a checked function of one vector.

    Parameters
    ----------
    fun : callable
        The function; its attribute hessian is used if none is given.
    hessian : callable or None
    problem : Problem
    """

    def __init__(self, fun: Any, hessian: Callable | None, problem: Problem) -> None:
        if hessian is None:
            hessian = getattr(fun, "hessian", None)
            if hessian is None:
                raise TypeError("hessian must be given, because fun has no attribute hessian")
        if not callable(hessian):
            raise TypeError(f"hessian must be callable (it was {hessian!r})")
        self._hessian, self._problem = hessian, problem

    def __call__(self, x: np.ndarray, iteration: int) -> np.ndarray:
        """Evaluate it after so many steps."""
        d = len(x)
        with np.errstate(**QUIET):
            H = self._hessian(self._problem.parameters(x))
        if callable(H):
            raise TypeError(
                f"hessian must return an array of shape {(d, d)} (it returned a callable: products "
                "H v are not supported here)"
            )
        H = np.asarray(H)
        if H.dtype.kind not in "biuf":
            raise TypeError(
                f"hessian must return an array of real numbers (its dtype was {H.dtype})"
            )
        if H.shape != (d, d):
            raise ValueError(f"hessian must return an array of shape {(d, d)} (it had {H.shape})")
        if not np.isfinite(H).all():
            raise not_finite("Hessian", iteration, NEARER)
        H = H.astype(np.float64, copy=False)
        _check_symmetric(H, "the array that hessian returns")
        return H


class StepLengths:
    """Whether the last full steps got shorter, as they do where there is a minimum."""

    def __init__(self) -> None:
        self._last = [0.0, 0.0, 0.0]

    def add(self, step: np.ndarray, is_full: bool) -> None:
        """Note a step, and whether it is that of the quadratic."""
        self._last = [*self._last[1:], euclidean_norm(step) if is_full else 0.0]

    def warn_if_endless(self, name: str, iteration: int, norm: float) -> None:
        """Warn if the last three steps were as long as each other."""
        first, second, third = self._last
        if first > 0 and second > 0.9 * first and third > 0.9 * second:
            _warn_endless(name, iteration, norm, third)


class CurvedSteps:
    """Whether the steps of a method without a Hessian run to where the function levels off.

    Its steps do not all get shorter where there is a minimum, so their lengths alone tell nothing.
    What tells is that they keep their length while the curvature along them fades: near a minimum
    the curvature is that of the minimum.
    """

    def __init__(self, start: np.ndarray, norm: float) -> None:
        self._start, self._largest = start, 0.0
        self._last = [(0.0, norm)]  # lengths of the last four steps, and norms of the gradient

    def add(self, step: np.ndarray, change: np.ndarray, norm: float) -> None:
        """Note a step, the change of the gradient along it, and the new gradient's norm."""
        square = float(step.dot(step))
        self._curvature = float(step.dot(change)) / square if square else 0.0
        self._largest = max(self._largest, self._curvature)
        self._last = [*self._last[-4:], (math.sqrt(square), norm)]

    def warn_if_endless(self, name: str, x: np.ndarray, iteration: int, norm: float) -> None:
        """Warn if the last four steps, a good part of the way, kept long where all levels off."""
        if len(self._last) < 5 or not self._curvature < 0.01 * self._largest:
            return
        (_, before), *steps = self._last
        lengths = [length for length, _ in steps]
        if (
            norm < 0.2 * before
            and min(lengths) > 0.25 * max(lengths)
            and sum(lengths[2:]) > 0.6 * sum(lengths[:2])
            and min(lengths) > 0.01 * euclidean_norm(x - self._start)
        ):
            _warn_endless(name, iteration, norm, lengths[-1])


def _warn_endless(name: str, iteration: int, norm: float, length: float) -> None:
    warnings.warn(
        ConvergenceWarning(
            f"{name} ended after step {iteration} because gradient_norm fell to {norm:.3g}, but "
            f"the steps do not get shorter (the last was {length:.3g} long): the parameters seem "
            "to run to infinity, without a minimum; add a penalty"
        ),
        stacklevel=4,
    )


def check_bottom(value: float, first: float, dtype: np.dtype, iteration: int) -> None:
    """Raise an error where the value has fallen so far that there seems to be no end to it.

    Parameters
    ----------
    value, first : float
        The value after so many steps, and at the start.
    dtype : dtype
        Of the parameters: from the root of its largest number on, squares leave its range.
    iteration : int
        The number of steps.

    Raises
    ------
    FloatingPointError
    """
    if value < -math.sqrt(float(np.finfo(dtype).max)) * max(1.0, abs(first)):
        raise FloatingPointError(
            f"the value fell to {value:.3g} after step {iteration}: the function seems to have no "
            "minimum; add a penalty, or look whether its sign is right"
        )


def warn_bottomless(name: str, iteration: int, in_a_row: int) -> None:
    """Warn that max_iter ended an optimiser whose line searches found no end of the slope."""
    warnings.warn(
        ConvergenceWarning(
            f"{name} ended after step {iteration} = max_iter, and in the last {in_a_row} steps the "
            "value fell as far as the search looked: the function seems to have no minimum; add a "
            "penalty, or look whether its sign is right"
        ),
        stacklevel=3,
    )


def warn_if_stuck(name: str, iteration: int, norm: float, tol: float) -> None:
    """Warn that an optimiser ends because no step lowers the value in floats."""
    if tol > 0:
        warnings.warn(
            ConvergenceWarning(
                f"{name} ended after step {iteration} with gradient_norm {norm:.3g} > tol = "
                f"{tol:.3g}: no step lowers the value in floating-point numbers; raise tol, scale "
                "the features, or look whether fun's gradient is the derivative of its value"
            ),
            stacklevel=3,
        )


def check_quadratic(gradient: ArrayLike, hessian: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Check a gradient and a Hessian that belong together."""
    gradient = check_array(gradient, name="gradient", ndim=1)
    hessian = check_array(hessian, name="hessian")
    if hessian.shape != (len(gradient),) * 2:
        raise ValueError(
            f"hessian must have shape {(len(gradient),) * 2}, as gradient has {len(gradient)} "
            f"entries (it had {hessian.shape})"
        )
    _check_symmetric(hessian, "hessian")
    return gradient, hessian


def _check_symmetric(H: np.ndarray, name: str) -> None:
    difference = float(np.abs(H - H.T).max())
    if difference > 1e-5 * float(np.abs(H).max()):  # float32 computes the two halves apart
        raise ValueError(f"{name} must be symmetric (it differed by {difference:.3g})")
