"""Gradient descent as the SNE family does it: momentum, a gain for every coordinate, an early phase.

`descend` is a generator of states, so that a fit can run it to its end, and a figure can stop
anywhere and look.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from mlcourse._validation import check_array, check_number, check_random_state

__all__ = ["DescentState", "descend"]

# After Jacobs' rule, as in the t-SNE paper's implementation: how gains grow, shrink, and their floor.
_GAIN_STEP, _GAIN_DECAY, _GAIN_MIN = 0.2, 0.8, 0.01
# An overflow is met with an error of our own, so NumPy need not warn of it.
_OVERFLOW = {"over": "ignore", "invalid": "ignore", "divide": "ignore"}


@dataclass(frozen=True, eq=False)
class DescentState:
    """One point on the way down; safe to keep, for its map is its own copy.

    Parameters
    ----------
    iteration : int
        Number of steps done; 0 is the start.
    Y : array of shape (n_samples, n_components)
        The map after these steps.
    gradient_norm : float
        Euclidean norm of the gradient at Y, of the cost that is being descended now (with
        exaggeration and compression, without gains).
    learning_rate, momentum, exaggeration : float
        Those of the next step.
    divergence : callable
        From a map to its divergence.

    Attributes
    ----------
    kl_divergence : float
        The divergence at Y in nats, without exaggeration or compression; computed when first asked
        for, because its logarithms cost as much as a step.
    """

    iteration: int
    Y: np.ndarray = field(repr=False)
    gradient_norm: float
    learning_rate: float
    momentum: float
    exaggeration: float
    divergence: Callable[[np.ndarray], float] = field(repr=False)

    @cached_property
    def kl_divergence(self) -> float:
        """The divergence at Y in nats, without exaggeration or compression."""
        return float(self.divergence(self.Y))


def descend(
    divergence_and_gradient: Callable[..., tuple[float | None, np.ndarray]],
    Y0: np.ndarray,
    *,
    learning_rate: float | tuple[float, float],
    max_iter: int,
    momentum: float | tuple[float, float] = (0.5, 0.8),
    momentum_switch: int = 250,
    gains: bool = True,
    early_exaggeration: float = 1.0,
    exaggeration_iter: int = 250,
    compression: float = 0.0,
    noise: float = 0.0,
    max_step_norm: float | None = None,
    min_spread: float = 0.0,
    random_state: int | np.random.Generator | None = None,
    divergence: Callable[[np.ndarray], float] | None = None,
) -> Iterator[DescentState]:
    """Descend from the map Y0, one state at a time, beginning with the start itself.

    A step is  U ← momentum · U − learning_rate · gain ∘ gradient,  Y ← Y + U,  after which the map
    is centred.  A coordinate's gain grows by 0.2 when its gradient still points against its last
    update, and is multiplied by 0.8 (never below 0.01) when it has turned or is new (after Jacobs'
    delta-bar-delta rule).

    The first `exaggeration_iter` steps are the early phase: the affinities are multiplied by
    `early_exaggeration`, the map is compressed by the penalty compression · Σ‖y_i‖², and Gaussian
    noise is added whose standard deviation falls linearly from `noise` to 0.  When exaggeration
    ends, the cost is another one: updates and gains start afresh, as in scikit-learn.

    Parameters
    ----------
    divergence_and_gradient : callable
        Called as f(Y); during early exaggeration as f(Y, exaggeration).  Returns the divergence
        and its gradient by Y.  For t-SNE by the plain formulas::

            lambda Y, exaggeration=1.0: kl_divergence_and_gradient(exaggeration * P, Y)
    Y0 : array of shape (n_samples, n_components)
        The start; it is not written to.
    learning_rate : float or pair of floats
        > 0; a pair: during the early phase and after it.
    max_iter : int
        Number of steps; max_iter + 1 states are yielded.
    momentum : float or pair of floats, default=(0.5, 0.8)
        0 ≤ momentum < 1; a pair: before step `momentum_switch` and from it on.
    momentum_switch : int, default=250
        See momentum.
    gains : bool, default=True
        Without them every gain is 1.
    early_exaggeration : float, default=1.0
        ≥ 1; 1 is none.
    exaggeration_iter : int, default=250
        Length of the early phase.
    compression : float, default=0.0
        Weight of the early phase's penalty, ≥ 0.
    noise : float, default=0.0
        Standard deviation of the noise in the first step, in units of the map, ≥ 0.
    max_step_norm : float, default=None
        > 0; a longer update of a point is shortened to this length, in units of the map.
    min_spread : float, default=0.0
        ≥ 0; a map whose root mean square coordinate falls below this during the early phase is
        stretched, together with its updates, to between two and four times as much.  Exaggeration may contract the map
        of data without groups until nothing of it is left in floats; while all distances are far
        below 1, the forces are proportional to the map, so a map of another size moves alike.
    random_state : int, Generator or None, default=None
        For the noise.
    divergence : callable, default=None
        f(Y) that returns the divergence alone, if that is cheaper; then the first value of
        `divergence_and_gradient` is not looked at and may be None.

    Yields
    ------
    DescentState
        States 0, 1, ..., max_iter.

    Raises
    ------
    FloatingPointError
        When the map, its squared distances or the gradient are no longer finite; it says at which
        step.

    References
    ----------
    R. A. Jacobs (1988), Increased rates of convergence through learning rate adaptation;
    G. Hinton and S. Roweis (2002), Stochastic neighbor embedding (noise);
    L. van der Maaten and G. Hinton (2008), Visualizing data using t-SNE, §3.4 (early compression
    and exaggeration).

    Examples
    --------
    >>> bowl = lambda Y: (np.sum(Y**2), 2 * Y)
    >>> steps = descend(bowl, [[-1.0], [1.0]], learning_rate=0.1, max_iter=100, gains=False)
    >>> kept = {s.iteration: s for s in steps if s.iteration in (0, 100)}
    >>> kept[0].kl_divergence, kept[100].kl_divergence < 1e-9
    (2.0, True)
    """
    Y0 = check_array(Y0, name="Y0", dtype=(np.float64, np.float32), min_samples=2)
    rates = _pair(learning_rate, "learning_rate", low=0, closed="right")
    max_iter = check_number(max_iter, "max_iter", low=0, integer=True)
    momenta = _pair(momentum, "momentum", low=0, high=1, closed="left")
    check_number(momentum_switch, "momentum_switch", low=0, integer=True)
    check_number(early_exaggeration, "early_exaggeration", low=1)
    check_number(exaggeration_iter, "exaggeration_iter", low=0, integer=True)
    check_number(compression, "compression", low=0)
    check_number(noise, "noise", low=0)
    check_number(min_spread, "min_spread", low=0)
    if max_step_norm is not None:
        check_number(max_step_norm, "max_step_norm", low=0, closed="right")
    rng = check_random_state(random_state) if noise else None
    widest = np.finfo(Y0.dtype).max / 1e6  # of ‖Y‖²: beyond it, squared distances overflow

    def gradient_at(Y: np.ndarray, early: bool) -> tuple[float | None, np.ndarray]:
        if early and early_exaggeration != 1:
            _, gradient = divergence_and_gradient(Y, early_exaggeration)
            value = None  # that of an exaggerated P is no divergence
        else:
            value, gradient = divergence_and_gradient(Y)
        if early and compression:
            gradient = gradient + 2 * compression * Y
        return value, gradient

    def run() -> Iterator[DescentState]:
        # Few and in-place operations: for a small map, calling NumPy costs as much as computing.
        Y, U, gain, step = Y0.copy(), np.zeros_like(Y0), np.ones_like(Y0), np.empty_like(Y0)
        with np.errstate(**_OVERFLOW):
            value, gradient = gradient_at(Y, exaggeration_iter > 0)
        for iteration in range(max_iter + 1):
            early = iteration < exaggeration_iter
            rate, speed = rates[not early], momenta[iteration >= momentum_switch]
            norm = math.sqrt(_squared_norm(gradient))
            if not math.isfinite(norm):
                raise FloatingPointError(
                    f"the gradient is not finite after step {iteration}: "
                    f"lower learning_rate (it was {rate:g})"
                )
            exaggeration = float(early_exaggeration) if early else 1.0
            known = divergence or _as_divergence(divergence_and_gradient, value)
            yield DescentState(iteration, Y.copy(), norm, rate, speed, exaggeration, known)
            if iteration == max_iter:
                return
            if iteration == exaggeration_iter and early_exaggeration != 1:
                U[:], gain[:] = 0, 1
            with np.errstate(**_OVERFLOW):
                if gains:
                    turned = np.multiply(U, gradient, out=step) >= 0
                    shrunk = np.multiply(gain, _GAIN_DECAY, out=step)
                    gain += _GAIN_STEP
                    np.copyto(gain, shrunk, where=turned)
                    np.maximum(gain, _GAIN_MIN, out=gain)
                np.multiply(gain, rate, out=step)
                step *= gradient
                U *= speed
                U -= step
                if max_step_norm is not None:
                    _shorten(U, max_step_norm)
                Y += U
                if noise and early:
                    scale = noise * (1 - iteration / exaggeration_iter)
                    Y += scale * rng.standard_normal(Y.shape).astype(Y.dtype)
                for column, mean in zip(Y.T, np.einsum("ij->j", Y) / len(Y)):
                    column -= mean
                size = _squared_norm(Y)
                if early and 0 < size < Y.size * min_spread**2:
                    # A power of two rounds nothing, and so brings in no last digits of the norm.
                    wanted = 2 * min_spread * math.sqrt(Y.size / size)
                    stretch = 2.0 ** math.ceil(math.log2(wanted))
                    Y *= stretch
                    U *= stretch
                if not size < widest:
                    raise FloatingPointError(
                        f"the map has left the range of floats after step {iteration + 1}: "
                        f"lower learning_rate (it was {rate:g})"
                    )
                value, gradient = gradient_at(Y, iteration + 1 < exaggeration_iter)

    return run()  # a generator inside, so that parameters are checked at the call


def _pair(value: float | tuple[float, float], name: str, **limits: Any) -> tuple[float, float]:
    """One number for the whole way, or one for the early phase and one for what follows."""
    values = value if isinstance(value, (tuple, list)) else (value, value)
    if len(values) != 2:
        raise ValueError(f"{name} must be a number or a pair of numbers (it was {value!r})")
    early, late = (float(check_number(v, name, **limits)) for v in values)
    return early, late


def _squared_norm(A: np.ndarray) -> float:
    return float(np.vdot(A, A))


def _shorten(U: np.ndarray, longest: float) -> None:
    """Bring the rows of U that are longer than the longest down to that length."""
    if max(U.max(), -U.min()) > longest / math.sqrt(U.shape[1]):
        lengths = np.sqrt(np.einsum("ij,ij->i", U, U))
        U *= (longest / np.maximum(lengths, longest))[:, None]


def _as_divergence(function: Callable, value: float | None) -> Callable[[np.ndarray], float]:
    if value is None:
        return lambda Y: function(Y)[0]
    return lambda Y: value
