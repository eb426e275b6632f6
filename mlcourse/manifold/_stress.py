"""Sammon's stress in a form that is fast, and the way down."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

_BLOCK = 2**16  # pairs that are looked at at a time: what is computed of them stays in the cache
_MEMORY = 8  # steps that L-BFGS remembers
_HALVINGS = 30  # of a step, until there is taken to be nothing lower


class PairStress:
    """Sammon's stress of a map and its gradient, with one place for points at distance 0.

    For two places a and b, the sum of (d_ij − δ_ab)² / d_ij over the n_ab pairs of a point at a and
    a point at b is w_ab (d_ab − δ_ab)² and a constant: w_ab is the sum of the 1 / d_ij, and
    d_ab = n_ab / w_ab the harmonic mean of the d_ij.  Every pair of places is looked at once, some
    rows at a time.

    Parameters
    ----------
    distances : array of shape (n_samples, n_samples)
        Distances, symmetric, with zeros on the diagonal.
    place : array of int, shape (n_samples,)
        The place of every point, 0 to n_places − 1.  Points at different ones have distances > 0.
    """

    def __init__(self, distances: np.ndarray, place: np.ndarray):
        self.total = float(distances.sum()) / 2 or 1.0
        apart = place[:, None] != place
        weights = np.divide(1.0, distances, out=np.zeros_like(distances), where=apart)
        self.distances, self.weights, self.constant = distances, weights, 0.0
        counts = np.bincount(place)
        if len(counts) < len(place):
            order, starts = np.argsort(place, kind="stable"), np.cumsum(counts) - counts
            rows = np.add.reduceat(weights[np.ix_(order, order)], starts, axis=0)
            self.weights = np.add.reduceat(rows, starts, axis=1)
            pairs = np.multiply.outer(counts.astype(float), counts)
            several = self.weights > 0
            self.distances = np.divide(pairs, self.weights, out=np.zeros_like(pairs), where=several)
            kept = np.vdot(pairs, self.distances) / 2
            self.constant = max(0.0, 1 - kept / self.total) if distances.any() else 0.0
        # The springs' matrix V.  It does not feel a shift of the map, which the constant mends.
        stiffness = self.weights.sum(axis=1)
        V = stiffness.mean() / len(counts) - self.weights
        V[np.diag_indices_from(V)] += stiffness
        self.inverse = np.linalg.inv(V) if len(counts) > 1 else V

    def majorising_step(self, gradient: np.ndarray) -> np.ndarray:
        """The move of SMACOF, to the lowest point of a parabola that touches the stress from above.

        Parameters
        ----------
        gradient : array of shape (n_places, n_components)
            The gradient at a map, or a combination of gradients.

        Returns
        -------
        array of shape (n_places, n_components)
            The move.  It lowers the stress by at least half of its product with −gradient.

        References
        ----------
        J. de Leeuw and P. Mair (2009), Multidimensional scaling using majorization: SMACOF in R.
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
        return float(value / self.total + self.constant), gradient


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
