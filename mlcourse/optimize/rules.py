"""One step of each first-order method, as a formula.

These functions are the arithmetic alone: they take arrays of one shape and floats, make new arrays,
and check nothing.  The optimisers of the same names check, loop, and stop.  Powers, products and
roots of arrays are meant entry by entry.
"""

from __future__ import annotations

import numpy as np

__all__ = [
    "adagrad_step",
    "adam_step",
    "gradient_descent_step",
    "heavy_ball_step",
    "nesterov_step",
    "rmsprop_step",
]


def gradient_descent_step(
    parameters: np.ndarray, gradient: np.ndarray, *, learning_rate: float
) -> np.ndarray:
    """Go against the gradient:  θ ← θ − ηg.

    Parameters
    ----------
    parameters : ndarray
        θ.
    gradient : ndarray of the same shape
        g, the gradient at θ or an estimate of it.
    learning_rate : float
        η.

    Returns
    -------
    ndarray
        The new θ.

    Examples
    --------
    >>> gradient_descent_step(np.array([1.0, 2.0]), np.array([2.0, -4.0]), learning_rate=0.25)
    array([0.5, 3. ])
    """
    return parameters - learning_rate * gradient


def heavy_ball_step(
    parameters: np.ndarray,
    velocity: np.ndarray,
    gradient: np.ndarray,
    *,
    learning_rate: float,
    momentum: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Keep part of the last movement:  v ← βv − ηg,  θ ← θ + v.

    Parameters
    ----------
    parameters : ndarray
        θ.
    velocity : ndarray of the same shape
        v, the last movement; zeros at first.
    gradient : ndarray of the same shape
        g, the gradient at θ.
    learning_rate : float
        η.
    momentum : float
        β, 0 ≤ β < 1; with 0 it is gradient descent.

    Returns
    -------
    parameters, velocity : ndarray
        The new θ and v.

    References
    ----------
    B. T. Polyak (1964), Some methods of speeding up the convergence of iteration methods, equation
    9; written with a velocity as in I. Sutskever et al. (2013), On the importance of initialization
    and momentum in deep learning, equations 1 and 2.

    Examples
    --------
    >>> theta, v, g = np.array([1.0]), np.array([-0.5]), np.array([2.0])
    >>> heavy_ball_step(theta, v, g, learning_rate=0.25, momentum=0.5)
    (array([0.25]), array([-0.75]))
    """
    velocity = momentum * velocity - learning_rate * gradient
    return parameters + velocity, velocity


def nesterov_step(
    parameters: np.ndarray,
    velocity: np.ndarray,
    gradient: np.ndarray,
    *,
    learning_rate: float,
    momentum: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Look ahead along the movement first:  v ← βv − ηg,  θ ← θ + βv − ηg.

    Nesterov's method takes the gradient where the movement is about to lead, at φ + βv, and then
    moves φ.  Here θ is that point ahead, φ + βv, itself: so the gradient is taken at θ as in every
    other method.  The two agree when the momentum is the same in every step.

    Parameters
    ----------
    parameters : ndarray
        θ, the point ahead.
    velocity : ndarray of the same shape
        v; zeros at first.
    gradient : ndarray of the same shape
        g, the gradient at θ.
    learning_rate : float
        η.
    momentum : float
        β, 0 ≤ β < 1; with 0 it is gradient descent.

    Returns
    -------
    parameters, velocity : ndarray
        The new θ and v (the new v is used in the second formula).

    References
    ----------
    Y. Nesterov (1983), A method of solving a convex programming problem with convergence rate
    O(1/k²); in this form Y. Bengio, N. Boulanger-Lewandowski and R. Pascanu (2013), Advances in
    optimizing recurrent networks, equations 6 and 7.

    Examples
    --------
    >>> theta, v, g = np.array([1.0]), np.array([-0.5]), np.array([2.0])
    >>> nesterov_step(theta, v, g, learning_rate=0.25, momentum=0.5)
    (array([0.125]), array([-0.75]))
    """
    velocity = momentum * velocity - learning_rate * gradient
    return parameters + momentum * velocity - learning_rate * gradient, velocity


def adagrad_step(
    parameters: np.ndarray,
    squares: np.ndarray,
    gradient: np.ndarray,
    *,
    learning_rate: float,
    epsilon: float = 1e-8,
) -> tuple[np.ndarray, np.ndarray]:
    """Give every coordinate its own rate:  s ← s + g²,  θ ← θ − ηg / (√s + ε).

    Parameters
    ----------
    parameters : ndarray
        θ.
    squares : ndarray of the same shape
        s, the sum of the squared gradients so far; zeros at first.
    gradient : ndarray of the same shape
        g, the gradient at θ.
    learning_rate : float
        η, in the unit of θ: the first step has this length in every coordinate.
    epsilon : float, default=1e-8
        ε, in the unit of g; with 0, a coordinate whose gradients were all 0 becomes NaN.

    Returns
    -------
    parameters, squares : ndarray
        The new θ and s.

    References
    ----------
    J. Duchi, E. Hazan and Y. Singer (2011), Adaptive subgradient methods for online learning and
    stochastic optimization, with the diagonal matrix.

    Examples
    --------
    >>> theta, s, g = np.array([1.0]), np.array([9.0]), np.array([4.0])
    >>> adagrad_step(theta, s, g, learning_rate=0.5, epsilon=0.0)
    (array([0.6]), array([25.]))
    """
    squares = squares + gradient**2
    return parameters - learning_rate * gradient / (np.sqrt(squares) + epsilon), squares


def rmsprop_step(
    parameters: np.ndarray,
    squares: np.ndarray,
    gradient: np.ndarray,
    *,
    learning_rate: float,
    decay: float = 0.9,
    epsilon: float = 1e-8,
) -> tuple[np.ndarray, np.ndarray]:
    """AdaGrad with a short memory:  s ← ρs + (1 − ρ)g²,  θ ← θ − ηg / (√s + ε).

    Parameters
    ----------
    parameters : ndarray
        θ.
    squares : ndarray of the same shape
        s, the running mean of the squared gradients; zeros at first.
    gradient : ndarray of the same shape
        g, the gradient at θ.
    learning_rate : float
        η, in the unit of θ.
    decay : float, default=0.9
        ρ, 0 ≤ ρ < 1: a gradient counts for about 1/(1 − ρ) steps.
    epsilon : float, default=1e-8
        ε, in the unit of g; with 0, a coordinate whose gradients were all 0 becomes NaN.

    Returns
    -------
    parameters, squares : ndarray
        The new θ and s.

    References
    ----------
    T. Tieleman and G. Hinton (2012), Lecture 6.5: rmsprop, Neural Networks for Machine Learning.

    Examples
    --------
    >>> theta, s, g = np.array([1.0]), np.array([0.0]), np.array([4.0])
    >>> rmsprop_step(theta, s, g, learning_rate=0.5, decay=0.75, epsilon=0.0)
    (array([0.]), array([4.]))
    """
    squares = decay * squares + (1 - decay) * gradient**2
    return parameters - learning_rate * gradient / (np.sqrt(squares) + epsilon), squares


def adam_step(
    parameters: np.ndarray,
    mean: np.ndarray,
    squares: np.ndarray,
    gradient: np.ndarray,
    t: int,
    *,
    learning_rate: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Momentum and a rate for every coordinate, both from running means.

    m ← β₁m + (1 − β₁)g,  s ← β₂s + (1 − β₂)g².  Both means begin with zeros, which makes them too
    small by the factors 1 − β₁ᵗ and 1 − β₂ᵗ; with these taken out,

    θ ← θ − η · m/(1 − β₁ᵗ) / (√(s/(1 − β₂ᵗ)) + ε).

    Parameters
    ----------
    parameters : ndarray
        θ.
    mean : ndarray of the same shape
        m, the running mean of the gradients; zeros at first.
    squares : ndarray of the same shape
        s, the running mean of their squares; zeros at first.
    gradient : ndarray of the same shape
        g, the gradient at θ.
    t : int
        The number of this step, 1 for the first.
    learning_rate : float
        η, in the unit of θ: the first step has this length in every coordinate.
    beta1, beta2 : float, default=0.9 and 0.999
        β₁ and β₂, 0 ≤ β < 1.
    epsilon : float, default=1e-8
        ε, in the unit of g; with 0, a coordinate whose gradients were all 0 becomes NaN.

    Returns
    -------
    parameters, mean, squares : ndarray
        The new θ, m and s.

    References
    ----------
    D. P. Kingma and J. Ba (2015), Adam: a method for stochastic optimization, algorithm 1.

    Examples
    --------
    >>> zeros = np.zeros(2)
    >>> theta, m, s = adam_step(zeros, zeros, zeros, np.array([3.0, -0.01]), 1, learning_rate=0.5)
    >>> theta.round(3), m.round(3)
    (array([-0.5,  0.5]), array([ 0.3  , -0.001]))
    """
    mean = beta1 * mean + (1 - beta1) * gradient
    squares = beta2 * squares + (1 - beta2) * gradient**2
    direction = mean / (1 - beta1**t)
    scale = np.sqrt(squares / (1 - beta2**t))
    return parameters - learning_rate * direction / (scale + epsilon), mean, squares
