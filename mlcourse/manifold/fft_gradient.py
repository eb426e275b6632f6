"""t-SNE's gradient in nearly O(n): attraction along the edges of P, repulsion from a mesh."""

from __future__ import annotations

import numpy as np

from mlcourse.manifold.attraction import SparseAttraction
from mlcourse.manifold.repulsion import MeshRepulsion
from mlcourse.manifold.sparse_affinities import SparseAffinities

__all__ = ["FFTGradient"]


class FFTGradient:
    """t-SNE's gradient at fixed sparse affinities: SparseAttraction and MeshRepulsion together.

    With weak_edge_period > 1 to be called on successive maps of one descent.

    dC/dy_i = 2(ν+1)/ν (Σ_j p_ij w_ij (y_i − y_j) − Σ_j k_ij w_ij (y_i − y_j) / Z)   (eq-forces)

    One call costs O(n_entries + M log M) for M mesh points.

    Parameters
    ----------
    P : SparseAffinities
        Joint probabilities.
    n_components : {1, 2}, default=2
        Dimensions of the map.
    degrees_of_freedom : float, default=1.0
        ν > 0.
    mesh_step : float, default=0.45
        See `MeshRepulsion`.
    weak_edge_period : int, default=1
        See `SparseAttraction`.

    References
    ----------
    G. C. Linderman et al. (2019), Fast interpolation-based t-SNE for improved visualization of
    single-cell RNA-seq data.
    """

    dtype = np.dtype(np.float32)

    def __init__(
        self,
        P: SparseAffinities,
        n_components: int = 2,
        *,
        degrees_of_freedom: float = 1.0,
        mesh_step: float = 0.45,
        weak_edge_period: int = 1,
    ):
        self.P = P
        self.nu = degrees_of_freedom
        self.attraction = SparseAttraction(
            P,
            n_components,
            degrees_of_freedom=degrees_of_freedom,
            weak_edge_period=weak_edge_period,
        )
        shape = (P.n_samples, n_components)
        options = {"mesh_step": mesh_step, "degrees_of_freedom": degrees_of_freedom}
        self.repulsion = MeshRepulsion(*shape, **options)
        self._normaliser = MeshRepulsion(*shape, low_pass=False, **options)

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
            In place of the divergence.
        gradient : array of shape (n_samples, n_components)
            Of type float32.
        """
        columns = np.ascontiguousarray(Y.T, np.float32)
        Z, push = self.repulsion(columns)
        gradient = self.attraction(columns)
        gradient *= np.float32(exaggeration)
        push /= np.float32(Z)
        gradient -= push
        gradient *= np.float32(2 * (self.nu + 1) / self.nu)
        return None, np.ascontiguousarray(gradient.T)

    def divergence(self, Y: np.ndarray) -> float:
        """KL(P‖Q) in nats at the map Y, Z from the mesh.

        Parameters
        ----------
        Y : array of shape (n_samples, n_components)
            The map.

        Returns
        -------
        float
            The divergence.
        """
        Z, _ = self._normaliser(np.ascontiguousarray(Y.T, np.float32))
        return self.P.divergence(Y, Z, self.nu)
