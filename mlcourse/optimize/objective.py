"""A function to minimise together with what is known about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["Objective"]


@dataclass(frozen=True, eq=False)
class Objective:
    """A function of d numbers with its derivatives and what is known about it.

    ``f(x)`` returns the pair (value, gradient) at one point, as the optimisers ask for it.

    Parameters
    ----------
    name : str
        What it is called.
    formulas : tuple of three callables
        Value, gradient and Hessian of an array of points (…, d); they do not check it.
    minimizers : array of shape (k, d)
        All its local minima.
    start : array of shape (d,)
        Where runs usually start.
    limits : tuple of d pairs of floats
        The region to draw: (smallest, largest) along each axis.
    saddle : array of shape (d,), default=None
        The lowest point between two minima, where it is known.
    """

    name: str
    formulas: tuple[Callable, Callable, Callable] = field(repr=False)
    minimizers: np.ndarray = field(repr=False)
    start: np.ndarray
    limits: tuple[tuple[float, float], ...]
    saddle: np.ndarray | None = field(default=None, repr=False)

    @property
    def n_features(self) -> int:
        """The number d of its variables."""
        return self.minimizers.shape[1]

    @property
    def minimizer(self) -> np.ndarray:
        """The point of the lowest minimum; of equally low ones the first in `minimizers`."""
        values = self.value(self.minimizers)
        tied = values <= values.min() + 1e-12 * (1 + abs(values.min()))
        return self.minimizers[tied.argmax()].copy()

    @property
    def minimum(self) -> float:
        """The smallest value."""
        return float(self.value(self.minimizer))

    def __call__(self, x: ArrayLike) -> tuple[float, np.ndarray]:
        """Return value and gradient at one point.

        Parameters
        ----------
        x : array_like of shape (d,)
            The point.

        Returns
        -------
        value : float
        gradient : array of shape (d,)
        """
        x = self._points(x)
        with np.errstate(over="ignore", invalid="ignore"):  # a run that diverges says so itself
            return float(self.formulas[0](x)), self.formulas[1](x)

    def value(self, points: ArrayLike) -> np.ndarray:
        """Return the values at many points.

        Parameters
        ----------
        points : array_like of shape (…, d)
            Points along the last axis.

        Returns
        -------
        array of shape (…)
        """
        points = self._points(points)
        with np.errstate(over="ignore", invalid="ignore"):
            return self.formulas[0](points)

    def gradient(self, points: ArrayLike) -> np.ndarray:
        """Return the gradients at one or many points.

        Parameters
        ----------
        points : array_like of shape (…, d)
            Points along the last axis.

        Returns
        -------
        array of shape (…, d)
        """
        points = self._points(points)
        with np.errstate(over="ignore", invalid="ignore"):
            return self.formulas[1](points)

    def hessian(self, points: ArrayLike) -> np.ndarray:
        """Return the matrices of second derivatives at one or many points.

        Parameters
        ----------
        points : array_like of shape (…, d)
            Points along the last axis.

        Returns
        -------
        array of shape (…, d, d)
        """
        points = self._points(points)
        with np.errstate(over="ignore", invalid="ignore"):
            return self.formulas[2](points)

    def _points(self, points: ArrayLike) -> np.ndarray:
        points = np.asarray(points, dtype=np.float64)
        if points.ndim == 0 or points.shape[-1] != self.n_features:
            raise ValueError(
                f"{self.name} takes points of {self.n_features} number(s) along the last axis "
                f"(their shape was {points.shape})"
            )
        return points
