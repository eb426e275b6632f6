"""One step of t-SNE's optimiser, as the formulas read."""

from __future__ import annotations

import numpy as np

from mlcourse._validation import check_number

__all__ = ["momentum_step"]


def momentum_step(
    Y: np.ndarray,
    update: np.ndarray,
    gains: np.ndarray | None,
    gradient: np.ndarray,
    *,
    learning_rate: float,
    momentum: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Gradient descent with momentum (eq-descent) and one gain for every coordinate (eq-gains).

    A gain grows by 0.2 where the gradient still points against the last update, that is where the
    coordinate keeps going downhill the same way; otherwise it is multiplied by 0.8.  Never is it
    below 0.01.

    Parameters
    ----------
    Y : array of shape (n_samples, n_components)
        The map.
    update : array of the same shape
        By how much it moved in the last step; zeros at first.
    gains : array of the same shape or None
        Ones at first; None: no gains, all stay 1.
    gradient : array of the same shape
        The cost's derivative at Y.
    learning_rate : float
        η > 0.
    momentum : float
        α, 0 ≤ α < 1: how much of the last update is made again.

    Returns
    -------
    Y, update, gains : arrays of the same shape
        After the step, new arrays; gains None if they were None.

    Raises
    ------
    ValueError
        If the shapes differ.
    FloatingPointError
        If the map is no longer finite.

    See Also
    --------
    mlcourse.manifold.descend : The loop, with early phase and centring; its steps are these.

    References
    ----------
    R. A. Jacobs (1988), Increased rates of convergence through learning rate adaptation; L. van der
    Maaten and G. Hinton (2008), Visualizing data using t-SNE, §3.4.

    Examples
    --------
    >>> momentum_step([[0.0]], [[-1.0]], [[1.0]], [[2.0]], learning_rate=0.5, momentum=0.5)
    (array([[-1.7]]), array([[-1.7]]), array([[1.2]]))
    """
    Y, update, gradient = (np.asarray(array) for array in (Y, update, gradient))
    factors = np.ones_like(update) if gains is None else np.asarray(gains)
    if not Y.shape == update.shape == factors.shape == gradient.shape:
        raise ValueError(
            "Y, update, gains and gradient must have one shape (they have "
            f"{Y.shape}, {update.shape}, {factors.shape} and {gradient.shape})"
        )
    rate = float(check_number(learning_rate, "learning_rate", low=0, closed="right"))
    alpha = float(check_number(momentum, "momentum", low=0, high=1, closed="left"))
    with np.errstate(over="ignore", invalid="ignore"):
        if gains is not None:
            goes_on = update * gradient < 0
            factors = np.maximum(np.where(goes_on, factors + 0.2, factors * 0.8), 0.01)
        update = alpha * update - rate * factors * gradient
        Y = Y + update
    if not np.isfinite(Y).all():
        raise FloatingPointError(f"the map is not finite: lower learning_rate (it was {rate:g})")
    return Y, update, None if gains is None else factors
