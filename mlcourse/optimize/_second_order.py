"""What the methods of second order share: a checked Hessian, checked arguments, two warnings."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array
from mlcourse.exceptions import ConvergenceWarning
from mlcourse.optimize._problem import QUIET, Problem, euclidean_norm, not_finite

__all__ = ["EPSILON", "NEARER", "HessianOf", "StepLengths", "check_quadratic", "warn_if_stuck"]

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
            H = np.asarray(self._hessian(self._problem.parameters(x)))
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
            warnings.warn(
                ConvergenceWarning(
                    f"{name} ended after step {iteration} because gradient_norm fell to "
                    f"{norm:.3g}, but the steps do not get shorter (the last was {third:.3g} "
                    "long): the parameters seem to run to infinity, without a minimum; add a "
                    "penalty"
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
