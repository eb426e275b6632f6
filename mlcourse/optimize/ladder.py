"""A ladder of learning rates: one optimiser at every rate of it at once.

A comparison of optimisers is fair if each has its best rate; these functions find it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mlcourse.linear_model import sigmoid
from mlcourse.optimize.batches import minibatches
from mlcourse.optimize.rules import (
    adagrad_step,
    adam_step,
    gradient_descent_step,
    heavy_ball_step,
    nesterov_step,
    rmsprop_step,
)

__all__ = [
    "advance",
    "cycle_height",
    "cycle_slope",
    "ladder_paths",
    "logistic_losses",
    "one_pass",
]

Memory = tuple[np.ndarray, np.ndarray]


def advance(
    name: str,
    theta: np.ndarray,
    memory: Memory,
    g: np.ndarray,
    t: int,
    eta: float | np.ndarray,
    momentum: float = 0.9,
) -> tuple[np.ndarray, Memory]:
    """Make one step of an optimiser that is called by its name.

    Parameters
    ----------
    name : {"plain", "heavy ball", "Nesterov", "AdaGrad", "RMSProp", "Adam"}
        Which.
    theta, g : ndarrays of one shape
        The place and the gradient there.
    memory : pair of ndarrays of that shape
        Velocity (Adam: running mean), and sum or mean of squares; zeros at first.
    t : int
        The number of the step, 1 for the first.
    eta : float or ndarray
        The rate, or one for each row of theta, as a column.
    momentum : float, default=0.9
        β of the heavy ball and of Nesterov's method.

    Returns
    -------
    theta : ndarray
        The new place.
    memory : pair of ndarrays
        The new memory.

    Raises
    ------
    ValueError
        If there is no optimiser of this name here.

    Examples
    --------
    >>> memory = np.zeros(2), np.zeros(2)
    >>> advance("heavy ball", np.ones(2), memory, np.ones(2), 1, 0.25)[0]
    array([0.75, 0.75])
    """
    v, s = memory
    if name == "plain":
        theta = gradient_descent_step(theta, g, learning_rate=eta)
    elif name in ("heavy ball", "Nesterov"):
        step = heavy_ball_step if name == "heavy ball" else nesterov_step
        theta, v = step(theta, v, g, learning_rate=eta, momentum=momentum)
    elif name in ("AdaGrad", "RMSProp"):
        step = adagrad_step if name == "AdaGrad" else rmsprop_step
        theta, s = step(theta, s, g, learning_rate=eta)
    elif name == "Adam":
        theta, v, s = adam_step(theta, v, s, g, t, learning_rate=eta)
    else:
        raise ValueError(f"there is no optimiser {name!r} here")
    return theta, (v, s)


def ladder_paths(
    name: str,
    gradient: Callable[[np.ndarray], np.ndarray],
    start: np.ndarray,
    rates: np.ndarray,
    n_steps: int,
    *,
    falling: bool = False,
    momentum: float = 0.9,
) -> np.ndarray:
    """Descend from one start with every rate of a ladder.

    Parameters
    ----------
    name, momentum
        See `advance`.
    gradient : callable
        Takes places (…, d) and returns the gradients there.
    start : ndarray of shape (d,) or (r, d)
        The start, or one for each rate.
    rates : ndarray of shape (r,)
        The ladder.
    n_steps : int
        How many steps.
    falling : bool
        Whether each rate falls in a straight line to zero.

    Returns
    -------
    ndarray of shape (n_steps + 1, r, d)
        The places; not finite from where a run has diverged.

    Examples
    --------
    >>> ladder_paths("plain", lambda x: x, [8.0], [0.25, 0.5], 2)[:, :, 0]
    array([[8. , 8. ],
           [6. , 4. ],
           [4.5, 2. ]])
    """
    start = np.asarray(start, dtype=np.float64)
    theta = np.broadcast_to(start, (len(rates), start.shape[-1])).copy()
    memory, path = (0 * theta, 0 * theta), [theta]
    with np.errstate(all="ignore"):  # a run that diverges is part of the picture
        for t in range(1, n_steps + 1):
            eta = np.asarray(rates)[:, None] * (1 - (t - 1) / n_steps if falling else 1)
            theta, memory = advance(name, theta, memory, gradient(theta), t, eta, momentum)
            path.append(theta)
    return np.array(path)


def logistic_losses(X: np.ndarray, y: np.ndarray, thetas: np.ndarray) -> np.ndarray:
    """Mean logistic loss of several parameter vectors.

    Parameters
    ----------
    X, y : ndarrays of shapes (n, d) and (n,)
        Examples and labels 0 and 1.
    thetas : ndarray of shape (r, d)
        The vectors.

    Returns
    -------
    ndarray of shape (r,)
        In nats.
    """
    z = X @ thetas.T
    return (np.logaddexp(0, z) - y[:, None] * z).mean(axis=0)


def one_pass(
    name: str,
    X: np.ndarray,
    y: np.ndarray,
    rates: np.ndarray,
    batch_size: int,
    *,
    falling: bool = False,
    every: int = 0,
) -> np.ndarray:
    """Logistic regression in one pass, at every rate of a ladder, all on the same batches.

    Parameters
    ----------
    name : str
        See `advance`.
    X, y : ndarrays of shapes (n, d) and (n,)
        Examples and labels 0 and 1.
    rates : ndarray of shape (r,)
        The ladder.
    batch_size : int
        Examples a batch.
    falling : bool
        Whether each rate falls in a straight line to zero.
    every : int, default=0
        Keep the parameters on the way, after so many batches each time.

    Returns
    -------
    ndarray of shape (r, d)
        The parameters after the pass; with `every` of shape (k, r, d), the start first.
    """
    theta = np.zeros((len(rates), X.shape[1]))
    memory = (0 * theta, 0 * theta)
    n_steps, kept = -(-len(X) // batch_size), [theta]
    batches = minibatches(len(X), batch_size, n_epochs=1, random_state=0)
    for t, batch in enumerate(batches, start=1):
        x = X[batch]
        g = (sigmoid(x @ theta.T) - y[batch][:, None]).T @ x / len(batch)
        eta = np.asarray(rates)[:, None] * (1 - (t - 1) / n_steps if falling else 1)
        theta, memory = advance(name, theta, memory, g, t, eta)
        if every and t % every == 0:
            kept.append(theta)
    return np.array(kept) if every else theta


def cycle_slope(x: np.ndarray) -> np.ndarray:
    """Slope of the convex function on which the tuned heavy ball goes round in a cycle.

    Its curvature is 25, but 1 between 1 and 2.

    Parameters
    ----------
    x : ndarray
        Places.

    Returns
    -------
    ndarray of the same shape
        The slopes.

    References
    ----------
    L. Lessard, B. Recht and A. Packard (2016), Analysis and design of optimization algorithms via
    integral quadratic constraints, equation 4.11.

    Examples
    --------
    >>> cycle_slope(np.array([0.5, 1.5, 3.0]))
    array([12.5, 25.5, 51. ])
    """
    return np.where(x < 1, 25 * x, np.where(x < 2, x + 24, 25 * x - 24))


def cycle_height(x: np.ndarray) -> np.ndarray:
    """The function whose slope is `cycle_slope`; its minimum is 0, at 0.

    Parameters
    ----------
    x : ndarray
        Places.

    Returns
    -------
    ndarray of the same shape
        The values.
    """
    low, middle, high = np.minimum(x, 1), np.clip(x, 1, 2), np.maximum(x, 2)
    first = 12.5 * low**2
    second = (middle**2 - 1) / 2 + 24 * (middle - 1)
    return first + second + 12.5 * (high**2 - 4) - 24 * (high - 2)
