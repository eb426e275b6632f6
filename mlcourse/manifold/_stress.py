"""Sammon's stress in a form that is fast, and the way down."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

_BLOCK = 2**15  # pairs that are looked at at a time: what is computed of them stays in the cache
_MEMORY = 8  # steps that L-BFGS remembers
_HALVINGS = 30  # of a step, until there is taken to be nothing lower


class PairStress:
    """Sammon's stress of a map and its gradient, over pairs of places that each hold some points.

    E = (1 / Σ n_ab d_ab) Σ n_ab (d_ab − δ_ab)² / d_ab over pairs a < b, where n_ab is the number of
    points at a times that at b.  Every pair is looked at once, some rows at a time.

    Parameters
    ----------
    distances : array of shape (n_places, n_places)
        Distances d_ab > 0, symmetric, with zeros on the diagonal.
    counts : array of shape (n_places,)
        Number of points at every place.
    """

    def __init__(self, distances: np.ndarray, counts: np.ndarray):
        self.distances = distances
        pairs = np.multiply.outer(counts.astype(float), counts)
        self.total = float(np.vdot(pairs, distances)) / 2 or 1.0
        self.weights = np.divide(pairs, distances, out=np.zeros_like(distances), where=distances > 0)
        stiffness = self.weights.sum(axis=1)
        # The springs' matrix V; it does not feel a shift of the map, which the constant takes care of.
        V = np.diag(stiffness) - self.weights + stiffness.mean() / len(distances)
        self.inverse = np.linalg.inv(V) if len(distances) > 1 else V

    def majorising_step(self, gradient: np.ndarray) -> np.ndarray:
        """The move of SMACOF, to the lowest point of a parabola above the stress that touches it here.

        Parameters
        ----------
        gradient : array of shape (n_places, n_components)
            The gradient at a map, or a combination of gradients.

        Returns
        -------
        array of shape (n_places, n_components)
            The move.  After it the stress is lower by at least half of its product with the gradient.
        """
        step = self.inverse @ gradient
        return self.total / 2 * (step.mean(axis=0) - step)

    def __call__(self, Y: np.ndarray) -> tuple[float, np.ndarray]:
        """The stress of a map and its gradient.

        Parameters
        ----------
        Y : array of shape (n_places, n_components)
            The map.

        Returns
        -------
        stress : float
        gradient : array of shape (n_places, n_components)
        """
        n, m = Y.shape
        columns = np.ascontiguousarray(Y.T)
        with_ones = np.column_stack([Y, np.ones(n)])
        pulls = np.zeros_like(with_ones)  # of every point: Σ_b k_ab y_b and Σ_b k_ab
        value, step = 0.0, max(1, _BLOCK // n)
        for start in range(0, n, step):
            stop = min(start + step, n)
            size = stop - start
            delta = np.zeros((size, n - start))
            for column in columns:
                difference = column[start:stop, None] - column[start:]
                difference *= difference
                delta += difference
            np.sqrt(delta, out=delta)
            error = self.distances[start:stop, start:] - delta
            k = self.weights[start:stop, start:] * error
            # Pairs within the block are there twice, the others once.
            value += np.vdot(k, error) - np.vdot(k[:, :size], error[:, :size]) / 2
            delta[delta == 0] = np.inf  # two points on one spot: no direction
            k /= delta
            pulls[start:stop] += k @ with_ones[start:]
            pulls[stop:] += k[:, size:].T @ with_ones[start:stop]
        gradient = (2 / self.total) * (pulls[:, :m] - pulls[:, m:] * Y)
        return value / self.total, gradient


def descend_stress(
    stress: PairStress, Y0: np.ndarray, *, max_iter: int, tol: float
) -> Iterator[tuple[np.ndarray, float, bool]]:
    """Go down from a map, by L-BFGS with a line search that accepts only what is lower.

    Parameters
    ----------
    stress : PairStress
        What is to be made small.
    Y0 : array of shape (n_places, n_components)
        The start.
    max_iter : int
        Largest number of steps.
    tol : float
        It has converged where the majorising step is sure to lower the stress by no more than this
        share of it, or the stress is below tol².

    Yields
    ------
    Y : array of shape (n_places, n_components)
        A map; it is not written to later.
    value : float
        Its stress, below that of the map before.
    converged : bool
        Whether it has converged.  It also ends where rounding lets nothing lower be found.

    References
    ----------
    J. Nocedal (1980), Updating quasi-Newton matrices with limited storage.
    """
    Y = Y0
    value, gradient = stress(Y)
    memory: list[tuple[np.ndarray, np.ndarray]] = []
    for iteration in range(max_iter + 1):
        plain = stress.majorising_step(gradient)
        converged = value <= tol**2 or -np.vdot(gradient, plain) / 2 <= tol * value
        yield Y, value, bool(converged)
        if converged or iteration == max_iter:
            return
        found = _lower(stress, Y, value, gradient, _quasi_newton_step(stress, gradient, memory))
        if found is None:
            memory.clear()
            found = _lower(stress, Y, value, gradient, plain)
            if found is None:
                return
        move, value, new_gradient = found
        change = new_gradient - gradient
        if np.vdot(move, change) > 0:  # the stress is not convex: elsewhere there is no such step
            memory = [*memory[1 - _MEMORY :], (move, change)]
        Y, gradient = Y + move, new_gradient


def _quasi_newton_step(stress: PairStress, gradient: np.ndarray, memory: list) -> np.ndarray:
    """L-BFGS: the majorising step, corrected by how the gradient changed along the last moves."""
    g, shares = gradient, []
    for move, change in reversed(memory):
        shares.append(np.vdot(move, g) / np.vdot(move, change))
        g = g - shares[-1] * change
    step = stress.majorising_step(g)
    for (move, change), share in zip(memory, reversed(shares), strict=True):
        step = step - (share + np.vdot(change, step) / np.vdot(move, change)) * move
    return step


def _lower(
    stress: PairStress, Y: np.ndarray, value: float, gradient: np.ndarray, step: np.ndarray
) -> tuple[np.ndarray, float, np.ndarray] | None:
    """The move along a step, halved until the stress falls, with the stress and gradient there."""
    slope = np.vdot(gradient, step)
    if not slope < 0:
        return None
    for _ in range(_HALVINGS):
        new_value, new_gradient = stress(Y + step)
        if new_value < value + 1e-4 * slope:
            return step, new_value, new_gradient
        step, slope = step / 2, slope / 2
    return None
