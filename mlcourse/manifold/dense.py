"""t-SNE's gradient over all pairs by matrix products: the fastest form for some hundred points.

The plain form is `kl_divergence_and_gradient`.  This one takes every pair once, works through
blocks that stay near the processor, computes in single precision and leaves the sums to the BLAS.
Another BLAS adds in another order, and t-SNE amplifies such differences; TSNE(method="exact")
avoids them with an objective of its own, which costs several times as much.
"""

from __future__ import annotations

import numpy as np

from mlcourse._validation import check_array, check_number
from mlcourse.manifold.divergences import kl_divergence_and_gradient
from mlcourse.manifold.sparse_affinities import SparseAffinities

__all__ = ["DenseGradient"]

_BLOCK = 65_000  # pairs of a block: 260 kB, and a product that BLAS does not spread over threads
_SMALLEST = 1e-30  # of Z in single precision
_WIDE = 100.0  # farther out, 1 + |a|² + |b|² − 2ab loses its digits in single precision


class DenseGradient:
    """t-SNE's gradient at fixed sparse affinities, all pairs of the map one by one.

    Calling it costs O(n²) time; it holds 4 n² bytes (half of P and half of the weights), and 8 n²
    while it is made.

    Parameters
    ----------
    P : SparseAffinities
        Joint probabilities of n_samples points.
    degrees_of_freedom : float, default=1.0
        ν > 0 of Student's t.  The power (ν+1)/2 of a weight multiplies its rounding: beyond some
        thousand the gradient loses digits (at 10⁵ it errs by up to 1e-3).

    See Also
    --------
    mlcourse.manifold.FFTGradient : The same in O(n).
    mlcourse.manifold.kl_divergence_and_gradient : The plain form (eq-tsne-gradient).
    """

    dtype = np.dtype(np.float32)

    def __init__(self, P: SparseAffinities, degrees_of_freedom: float = 1.0):
        self.nu = check_number(degrees_of_freedom, "degrees_of_freedom", low=0, closed="right")
        self.P = P
        n = P.n_samples
        dense = P.toarray(np.float32)
        self._blocks, start = [], 0
        while start < n:
            stop = min(n, start + max(16, _BLOCK // (n - start)))
            half = np.ascontiguousarray(dense[start:stop, start:])
            # Columns beyond the block's own square stand for pairs in both orders.
            orders = np.repeat(np.float32([1, 2]), [stop - start, n - stop])
            self._blocks.append((start, stop, half, np.empty_like(half), orders))
            start = stop
        self._memory = np.empty(max(half.size for _, _, half, *_ in self._blocks), np.float32)

    def _weights(self, Y: np.ndarray) -> tuple[float, np.ndarray]:
        """Fill the blocks with (1 + ‖y_i − y_j‖²/ν)^(−1).

        Returns Z, their normaliser, and the rows (y, 1, ‖y‖²): with them all distances are one
        matrix product, and so are the sums over j.
        """
        V = _with_norms(Y)
        wide = V[:, -1].max() > _WIDE**2
        if wide:
            V = _with_norms(Y.astype(np.float64))
        m, nu = Y.shape[1], self.nu
        to_left = np.zeros((m + 2, m + 2), V.dtype)  # (y, 1, ‖y‖²) → (−2y, ‖y‖² + ν, 1) / ν
        to_left.ravel()[: m * (m + 2) : m + 3] = -2 / nu
        to_left[m, m], to_left[m + 1, m], to_left[m, m + 1] = 1, 1 / nu, 1 / nu
        left, right = V @ to_left, V.T.copy()
        Z = 0.0
        for start, stop, _, W, orders in self._blocks:
            if wide:
                products = np.maximum(left[start:stop] @ right[:, start:], 1)
                np.divide(1, products, out=W, casting="same_kind")
            else:
                np.matmul(left[start:stop], right[:, start:], out=W)
                np.divide(1, W, out=W)
            W.ravel()[: (stop - start) * W.shape[1] : W.shape[1] + 1] = 0  # a point is no pair
            Z += float((self._unnormalised(W) @ orders).sum())
        return Z, V.astype(np.float32, copy=False)

    def _unnormalised(self, W: np.ndarray) -> np.ndarray:
        return W if self.nu == 1 else W ** ((self.nu + 1) / 2)

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
            In place of the divergence, whose logarithms cost as much as the gradient and which
            `descend` asks for only on demand.
        gradient : array of shape (n_samples, n_components)
            Of type float32.
        """
        Y = np.asarray(Y, np.float32)
        Z, V = self._weights(Y)
        if not Z > _SMALLEST:  # all weights are rounded to nothing: the plain form keeps logarithms
            plain = kl_divergence_and_gradient(exaggeration * self.P.toarray(), Y, self.nu)
            return None, plain[1].astype(np.float32)
        scale = np.float32(-1 / (Z * exaggeration))
        m, VT = Y.shape[1], V.T.copy()
        down, across = np.empty_like(V), np.zeros_like(VT)
        for start, stop, half, W, _ in self._blocks:  # C = (P − Q / exaggeration) W
            C = self._memory[: W.size].reshape(W.shape)
            np.multiply(self._unnormalised(W), scale, out=C)
            C += half
            C *= W
            np.matmul(C, V[start:], out=down[start:stop])
            if stop < len(Y):
                across[:, stop:] += VT[:, start:stop] @ C[:, stop - start :]
        down += across.T  # Σ_j c_ij y_j, and Σ_j c_ij behind it
        gradient = Y * down[:, m : m + 1]
        gradient -= down[:, :m]
        gradient *= np.float32(2 * (self.nu + 1) / self.nu * exaggeration)
        return None, gradient

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
        Y = np.asarray(Y, np.float32)
        Z, _ = self._weights(Y)
        if not Z > _SMALLEST:
            return kl_divergence_and_gradient(self.P.toarray(), Y, self.nu)[0]
        return self.P.divergence(Y, Z, self.nu)


def _with_norms(Y: np.ndarray) -> np.ndarray:
    """The rows (y, 1, ‖y‖²)."""
    n, m = Y.shape
    V = np.empty((n, m + 2), Y.dtype)
    V[:, :m], V[:, m] = Y, 1
    np.einsum("ij,ij->i", Y, Y, out=V[:, m + 1])
    return V
