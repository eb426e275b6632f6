"""How momentum swings on a quadratic, and gradients that lead Adam the wrong way.

On a quadratic every eigendirection goes its own way. With momentum the next place depends on the
last two, so two roots decide how fast a direction shrinks.
"""

from __future__ import annotations

import numpy as np

from mlcourse.optimize.ladder import advance, ladder_paths
from mlcourse.optimize.rules import adam_step

__all__ = [
    "momentum_factor",
    "momentum_regime",
    "momentum_roots",
    "moves_from_gradients",
    "rare_gradient_places",
    "steps_at_best",
]


def momentum_roots(
    eta_lambda: float | np.ndarray, beta: float | np.ndarray, *, ahead: bool = False
) -> np.ndarray:
    """Find both roots of one eigendirection.

    The heavy ball's are those of r² − (1 + β − ηλ) r + β, those of Nesterov's method solve
    r² − (1 + β)(1 − ηλ) r + β(1 − ηλ).

    Parameters
    ----------
    eta_lambda : float or ndarray
        Learning rate times eigenvalue.
    beta : float or ndarray
        The momentum, of a shape that broadcasts with `eta_lambda`.
    ahead : bool, default=False
        Whether the gradient is taken ahead, as Nesterov's method does.

    Returns
    -------
    complex ndarray of shape (2, …)
        The roots.

    References
    ----------
    B. T. Polyak (1964), Some methods of speeding up the convergence of iteration methods.

    Examples
    --------
    >>> abs(momentum_roots(1.0, 0.64))  # complex: both have the size √β
    array([0.8, 0.8])
    """
    total, product = 1 + beta - eta_lambda, beta
    if ahead:
        total, product = total - beta * eta_lambda, beta * (1 - eta_lambda)
    half = np.sqrt((total / 2 + 0j) ** 2 - product)
    return np.stack([total / 2 + half, total / 2 - half])


def momentum_factor(
    rate: float | np.ndarray, beta: float | np.ndarray, kappa: float, *, ahead: bool = False
) -> float | np.ndarray:
    """Find the factor per step of the slower of the flattest and the steepest direction.

    Parameters
    ----------
    rate : float or ndarray
        The learning rate times the largest eigenvalue.
    beta, ahead
        See `momentum_roots`.
    kappa : float
        The condition number.

    Returns
    -------
    float or ndarray
        In the long run a step multiplies the distance by it.

    Examples
    --------
    >>> float(round(momentum_factor(25 / 9, 4 / 9, 25), 3))  # the best there is for κ = 25
    0.667
    """
    both = (momentum_roots(x, beta, ahead=ahead) for x in (rate / kappa, rate))
    return np.maximum(*(np.abs(roots).max(axis=0) for roots in both))


def momentum_regime(eta_lambda: float, beta: float, *, ahead: bool = False) -> str:
    """Say how one eigendirection behaves.

    Parameters
    ----------
    eta_lambda, beta, ahead
        See `momentum_roots`; numbers. Roots nearer than 0.05 count as one, the critical case.

    Returns
    -------
    str
        In words, with the factor per step.

    Examples
    --------
    >>> momentum_regime(1.0, 0.9)
    'rings (factor 0.95 a step)'
    >>> momentum_regime(0.04, 0.4)
    'creeps (factor 0.93 a step)'
    """
    both = momentum_roots(eta_lambda, beta, ahead=ahead)
    r = both[np.abs(both).argmax()]
    if abs(r) > 1:
        kind = "diverges"
    elif abs(r) < 1e-9:
        return "lands at once"
    elif abs(both[0] - both[1]) < 0.05:
        kind = "is critical"
    elif abs(r.imag) > 0:
        kind = "rings"
    else:
        kind = "creeps" if r.real > 0 else "jumps from side to side"
    return f"{kind} (factor {abs(r):.2f} a step)"


def steps_at_best(kappa: float, momentum: bool) -> int:
    """Count the steps of a run with the best parameters for a quadratic.

    Parameters
    ----------
    kappa : float
        The condition number; the eigenvalues are 1/κ and 1.
    momentum : bool
        The heavy ball, or else plain descent.

    Returns
    -------
    int
        So many steps bring the distance from (1, 1) below a millionth.

    Examples
    --------
    >>> steps_at_best(4, False), steps_at_best(4, True)  # factors 0.6 and 1/3 a step
    (28, 16)
    """
    q = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    eta, beta = ((1 + q) ** 2, q**2) if momentum else (2 / (1 + 1 / kappa), 0.0)
    path = ladder_paths(
        "heavy ball",
        lambda x: x * [1 / kappa, 1.0],
        [1.0, 1.0],
        [eta],
        100 + int(8 * kappa),
        momentum=beta,
    )[:, 0]
    return int((np.linalg.norm(path, axis=1) < 1e-6).argmax())


def moves_from_gradients(name: str, gradients: np.ndarray, *, silent: int = 0) -> np.ndarray:
    """Find how an optimiser moves if the gradients are given and do not depend on the place.

    Parameters
    ----------
    name : {"plain", "heavy ball", "Nesterov", "AdaGrad", "RMSProp", "Adam"}
        Which, with its usual settings; the momentum is 0.9.
    gradients : ndarray of shape (t, …)
        One for each step.
    silent : int, default=0
        So many steps with gradient 0 lie before them.  For Adam its correction of the means has
        then faded the more, the more there are.

    Returns
    -------
    ndarray of the shape of `gradients`
        By how much each step goes down, that is against a positive gradient, in units of the
        learning rate.

    Examples
    --------
    >>> moves_from_gradients("heavy ball", np.ones(3))
    array([1.  , 1.9 , 2.71])
    >>> moves_from_gradients("Adam", np.array([8.0, 8.0])).round(6)
    array([1., 1.])
    """
    gradients = np.asarray(gradients, dtype=np.float64)
    still = np.zeros(gradients.shape[1:])
    memory, moves = (still, still), []
    for t, g in enumerate(gradients, start=silent + 1):
        place, memory = advance(name, still, memory, g, t, 1.0)
        moves.append(-place)
    return np.array(moves)


def rare_gradient_places(
    period: int,
    beta2: np.ndarray,
    *,
    never_less: bool = False,
    beta1: float = 0.0,
    n_steps: int = 3000,
) -> np.ndarray:
    """Let Adam walk on [−1, 1] where most gradients lead the wrong way.

    One gradient in every `period` is 1.2 times the period, the others are −1: their mean leads
    to −1. The rate of step t is 0.3/√t.

    Parameters
    ----------
    period : int
        How rare the large gradients are, from 2 on.
    beta2 : ndarray of shape (k,)
        The memories to be tried.
    never_less : bool, default=False
        AMSGrad: the corrected mean of squares may grow but never shrinks; it has no `beta1`.
    beta1 : float, default=0.0
        Adam's momentum.
    n_steps : int, default=3000
        How many steps.

    Returns
    -------
    ndarray of shape (n_steps + 1, k)
        The places, from 0.

    References
    ----------
    S. J. Reddi, S. Kale and S. Kumar (2018), On the convergence of Adam and beyond, section 3.

    Examples
    --------
    >>> rare_gradient_places(3, np.array([0.07]), n_steps=500)[-1].round()
    array([1.])
    """
    beta2 = np.asarray(beta2, dtype=np.float64)
    x = m = s = largest = np.zeros(len(beta2))
    places = [x]
    for t in range(1, n_steps + 1):
        g = np.full(len(beta2), 1.2 * period if t % period == 1 else -1.0)
        eta = 0.3 / np.sqrt(t)
        if never_less:
            s = beta2 * s + (1 - beta2) * g**2
            largest = np.maximum(largest, s / (1 - beta2**t))
            x = x - eta * g / (np.sqrt(largest) + 1e-8)
        else:
            x, m, s = adam_step(x, m, s, g, t, learning_rate=eta, beta1=beta1, beta2=beta2)
        x = np.clip(x, -1, 1)
        places.append(x)
    return np.array(places)
