"""Learning rates that change: functions of the number of the step, 0 for the first."""

from __future__ import annotations

import math
from collections.abc import Callable

from mlcourse._validation import check_number

__all__ = [
    "constant",
    "cosine_annealing",
    "exponential_decay",
    "inverse_time",
    "step_decay",
    "warmup",
]

Schedule = Callable[[int], float]


def constant(eta: float) -> Schedule:
    """The same learning rate in every step.

    Parameters
    ----------
    eta : float
        η > 0.

    Returns
    -------
    callable
        From the number t of a step, 0 for the first, to its learning rate.

    Examples
    --------
    >>> constant(0.5)(1000)
    0.5
    """
    eta = _rate(eta)
    return lambda t: eta


def inverse_time(eta: float, decay: float, power: float = 1.0) -> Schedule:
    """Fall like a power of time: η / (1 + decay · t)^power.

    With 1/2 < power ≤ 1 the rates add up to infinity while their squares do not: the conditions of
    Robbins and Monro, under which stochastic gradient descent can reach any point and its noise
    dies out.

    Parameters
    ----------
    eta : float
        The first learning rate, η > 0.
    decay : float
        > 0; at t = 1/decay the rate has fallen to η / 2^power.
    power : float, default=1.0
        > 0.

    Returns
    -------
    callable
        From the number t of a step, 0 for the first, to its learning rate.

    References
    ----------
    H. Robbins and S. Monro (1951), A stochastic approximation method.

    Examples
    --------
    >>> [inverse_time(0.5, decay=0.1)(t) for t in (0, 10, 30)]
    [0.5, 0.25, 0.125]
    """
    eta = _rate(eta)
    decay = float(check_number(decay, "decay", low=0, closed="right"))
    power = float(check_number(power, "power", low=0, closed="right"))
    return lambda t: eta / (1 + decay * t) ** power


def exponential_decay(eta: float, rate: float) -> Schedule:
    """Fall by the same factor in every step: η · exp(−rate · t).

    These rates add up to no more than about η / rate: what lies farther away is never reached.

    Parameters
    ----------
    eta : float
        The first learning rate, η > 0.
    rate : float
        > 0; after 1/rate steps the learning rate has fallen to η/e.

    Returns
    -------
    callable
        From the number t of a step, 0 for the first, to its learning rate.

    Examples
    --------
    >>> round(exponential_decay(0.5, rate=0.01)(100), 3)
    0.184
    """
    eta = _rate(eta)
    rate = float(check_number(rate, "rate", low=0, closed="right"))
    return lambda t: eta * math.exp(-rate * t)


def step_decay(eta: float, factor: float, every: int) -> Schedule:
    """Fall at once, every so many steps: η · factor^⌊t / every⌋.

    Parameters
    ----------
    eta : float
        The first learning rate, η > 0.
    factor : float
        0 < factor ≤ 1.
    every : int
        Steps from one fall to the next, ≥ 1.

    Returns
    -------
    callable
        From the number t of a step, 0 for the first, to its learning rate.

    Examples
    --------
    >>> [step_decay(0.5, factor=0.5, every=10)(t) for t in (0, 9, 10, 20)]
    [0.5, 0.5, 0.25, 0.125]
    """
    eta = _rate(eta)
    factor = float(check_number(factor, "factor", low=0, high=1, closed="right"))
    every = check_number(every, "every", low=1, integer=True)
    return lambda t: eta * factor ** (t // every)


def cosine_annealing(eta: float, n_steps: int, final: float = 0.0) -> Schedule:
    """Fall along half a cosine, slowly at both ends, and stay.

    The rate is final + (η − final) · (1 + cos(π t / n_steps)) / 2 until step n_steps, then final.

    Parameters
    ----------
    eta : float
        The first learning rate, η > 0.
    n_steps : int
        Steps until the last rate is reached, ≥ 1.
    final : float, default=0.0
        The last rate, 0 ≤ final ≤ η.

    Returns
    -------
    callable
        From the number t of a step, 0 for the first, to its learning rate.

    References
    ----------
    I. Loshchilov and F. Hutter (2017), SGDR: stochastic gradient descent with warm restarts,
    equation 5, without the restarts.

    Examples
    --------
    >>> [round(cosine_annealing(0.5, 100)(t), 3) for t in (0, 50, 100, 200)]
    [0.5, 0.25, 0.0, 0.0]
    """
    eta = _rate(eta)
    n_steps = check_number(n_steps, "n_steps", low=1, integer=True)
    final = float(check_number(final, "final", low=0, high=eta, high_name="eta"))
    return lambda t: final + (eta - final) * (1 + math.cos(math.pi * min(t / n_steps, 1))) / 2


def warmup(schedule: float | Schedule, n_steps: int) -> Schedule:
    """Begin a schedule gently: step t < n_steps has only (t + 1) / n_steps of its rate.

    Parameters
    ----------
    schedule : float or callable
        A learning rate, or a function of the number of the step.
    n_steps : int
        How many steps it takes until the schedule has its full rate, ≥ 1.

    Returns
    -------
    callable
        From the number t of a step, 0 for the first, to its learning rate.

    References
    ----------
    P. Goyal et al. (2017), Accurate, large minibatch SGD: training ImageNet in 1 hour, §2.2.

    Examples
    --------
    >>> [warmup(0.5, n_steps=5)(t) for t in (0, 1, 4, 100)]
    [0.1, 0.2, 0.5, 0.5]
    """
    rate = schedule if callable(schedule) else constant(schedule)
    n_steps = check_number(n_steps, "n_steps", low=1, integer=True)
    return lambda t: rate(t) * min((t + 1) / n_steps, 1.0)


def _rate(eta: float) -> float:
    return float(check_number(eta, "eta", low=0, closed="right"))
