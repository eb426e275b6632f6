"""t-SNE's gradient over all pairs: for the same ``P`` and map, the same on every machine to the last digit."""

from __future__ import annotations

import numpy as np

from mlcourse._validation import check_array, check_number
from mlcourse.manifold._objectives import StudentObjective

__all__ = ["ExactGradient"]


class ExactGradient(StudentObjective):
    """t-SNE's gradient at fixed affinities of all pairs, as `kl_divergence_and_gradient` has it.

    What TSNE(method="exact") descends on.  Every pair is taken once, in blocks that stay near the
    processor, and with one degree of freedom by operations alone that IEEE 754 defines to the last
    bit: so a descent ends in the same map on another machine.

    dC/dy_i = 2(ν+1)/ν Σ_j (p_ij − q_ij) w_ij (y_i − y_j)   (eq-tsne-gradient)

    One call costs O(n²) time; it holds 8 n² bytes for P of float64, beside P.

    Parameters
    ----------
    P : array of shape (n_samples, n_samples)
        Joint probabilities, symmetric; the diagonal is 0.  Its type, float64 or float32, is that of
        the computation.
    degrees_of_freedom : float, default=1.0
        ν > 0 of Student's t.

    See Also
    --------
    mlcourse.manifold.kl_divergence_and_gradient : The plain form.
    mlcourse.manifold.DenseGradient, mlcourse.manifold.FFTGradient : Faster, on sparse affinities.

    Examples
    --------
    >>> cost = ExactGradient([[0.0, 0.5], [0.5, 0.0]])
    >>> cost.divergence([[-1.0], [1.0]])
    0.0
    """

    def __init__(self, P: np.ndarray, degrees_of_freedom: float = 1.0):
        P = check_array(P, name="P", dtype=(np.float64, np.float32), min_samples=2)
        if P.shape[0] != P.shape[1]:
            raise ValueError(f"P must have shape (n, n) (its shape was {P.shape})")
        if P.min() < 0:
            raise ValueError(f"P must hold probabilities (its smallest entry was {P.min()})")
        nu = check_number(degrees_of_freedom, "degrees_of_freedom", low=0, closed="right")
        super().__init__(P, nu)

    def __call__(self, Y: np.ndarray, exaggeration: float = 1.0) -> tuple[None, np.ndarray]:
        """(None, gradient) at the map Y, the attraction multiplied by the exaggeration.

        Parameters
        ----------
        Y : array of shape (n_samples, n_components)
            The map.
        exaggeration : float, default=1.0
            Factor of P.

        Returns
        -------
        None
            In place of the divergence, whose logarithms cost as much as the gradient.
        gradient : array of shape (n_samples, n_components)
            Of the type of P.
        """
        return super().__call__(self._map(Y), exaggeration)

    def divergence(self, Y: np.ndarray) -> float:
        """KL(P‖Q) in nats at the map Y.

        Parameters
        ----------
        Y : array of shape (n_samples, n_components)
            The map.

        Returns
        -------
        float
            The divergence.
        """
        return super().divergence(self._map(Y))

    def _map(self, Y: np.ndarray) -> np.ndarray:
        Y = np.asarray(Y, self.dtype)
        if Y.ndim != 2 or len(Y) != self.n:
            raise ValueError(
                f"Y must have one row for each of the {self.n} points (its shape was {Y.shape})"
            )
        return Y
