"""The divergences and gradients of `divergences`, computed many times over at one P.

The same values as there (a test holds them equal), faster for four reasons: every pair is taken
once, not twice; work goes block by block through memory that stays in the cache; the memory is
allocated once; and the divergence, whose logarithms cost as much as the gradient, is computed only
on demand.

t-SNE multiplies the smallest differences: two runs that differ in the sixteenth digit end in
visibly different maps.  So that a map does not depend on the processor or the BLAS, Student's
gradient is computed by operations alone that IEEE 754 defines to the last bit, and sums are taken
in a fixed order (no matrix product adds more than one rounding).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mlcourse.manifold import divergences

_BLOCK = 2**15  # entries of a block: its few arrays fit into the cache, and its calls outweigh Python's


class _Objective:
    """Half of all pairs, in blocks of rows: rows start:stop against the columns from start on."""

    # A sum of weights below this has lost digits to underflow; the plain form does not.
    _smallest = {np.dtype(np.float64): 1e-280, np.dtype(np.float32): 1e-30}

    def __init__(self, P: np.ndarray):
        self.P = P
        self.dtype = P.dtype
        self.n = n = len(P)
        self.smallest = self._smallest[P.dtype]
        self.blocks, start = [], 0
        while start < n:
            stop = min(n, start + max(8, _BLOCK // (n - start)))
            self.blocks.append((start, stop))
            start = stop
        symmetric = (P + P.T) / 2
        self.halves = [np.ascontiguousarray(symmetric[a:b, a:]) for a, b in self.blocks]
        self.pairs = [np.empty_like(half) for half in self.halves]
        self.memory = np.empty(max(half.size for half in self.halves), P.dtype)

    def _scratch(self, like: np.ndarray) -> np.ndarray:
        return self.memory[: like.size].reshape(like.shape)

    def _squared_distances(self, Y: np.ndarray) -> Iterator[np.ndarray]:
        """Fill the blocks of self.pairs with ‖y_i − y_j‖², one after the other."""
        ones = np.ones(self.n, Y.dtype)
        rows = [np.stack([y, ones], axis=1) for y in Y.T]
        columns = [np.stack([ones, -y]) for y in Y.T]
        for (start, stop), pairs in zip(self.blocks, self.pairs):
            for component, (row, column) in enumerate(zip(rows, columns)):
                # y_i·1 + 1·(−y_j): the fastest outer difference, and the only rounding is its own.
                out = self._scratch(pairs) if component else pairs
                np.matmul(row[start:stop], column[:, start:], out=out)
                np.multiply(out, out, out=out)
                if component:
                    pairs += out
            yield pairs

    @staticmethod
    def _clear_diagonal(block: np.ndarray) -> None:
        rows, columns = block.shape
        block.ravel()[: rows * columns : columns + 1] = 0

    @staticmethod
    def _total(block: np.ndarray) -> float:
        """The sum over its pairs, each in both orders (its first columns hold both already)."""
        return 2 * float(block.sum()) - float(block[:, : len(block)].sum())

    def _add_row_sums(self, k: int, block: np.ndarray, out: np.ndarray) -> None:
        """Add Σ_j values_ij over the pairs of block k, in both orders, to out."""
        start, stop = self.blocks[k]
        out[start:stop] += np.einsum("ij->i", block)
        out[stop:] += np.einsum("ij->j", block[:, stop - start :])

    def _add_product(self, k: int, block: np.ndarray, v: np.ndarray, out: np.ndarray) -> None:
        """Add Σ_j values_ij v_j over the pairs of block k, in both orders, to out."""
        start, stop = self.blocks[k]
        out[start:stop] += np.einsum("ij,j->i", block, v[start:])
        out[stop:] += np.einsum("ij,i->j", block[:, stop - start :], v[start:stop])

    def _springs(self, stiffness: Iterator[np.ndarray], Y: np.ndarray) -> np.ndarray:
        """Σ_j stiffness_ij (y_i − y_j) = y_i Σ_j stiffness_ij − Σ_j stiffness_ij y_j for every i."""
        columns = np.ascontiguousarray(Y.T)
        total, pull = np.zeros(self.n, Y.dtype), np.zeros_like(columns)
        for k, block in enumerate(stiffness):
            self._add_row_sums(k, block, total)
            for column, out in zip(columns, pull):
                self._add_product(k, block, column, out)
        return (total * columns - pull).T


class StudentObjective(_Objective):
    """t-SNE's divergence and gradient at a fixed P, for any number of degrees of freedom."""

    def __init__(self, P: np.ndarray, degrees_of_freedom: float = 1.0):
        super().__init__(P)
        self.nu = degrees_of_freedom
        self.mass = float(P.sum())
        self.negative_entropy = divergences._kl_from_log(P, np.zeros_like(P))

    def divergence(self, Y: np.ndarray) -> float:
        """KL(P‖Q) at the map Y."""
        exponent, Z, cross = (self.nu + 1) / 2, 0.0, 0.0
        for half, D in zip(self.halves, self._squared_distances(Y)):
            log_weights = exponent * np.log1p(D / self.nu)
            cross += self._total(half * log_weights)
            weights = np.exp(-log_weights)
            self._clear_diagonal(weights)
            Z += self._total(weights)
        if not Z > self.smallest:
            return divergences.kl_divergence_and_gradient(self.P, Y, self.nu)[0]
        return self.negative_entropy + cross + self.mass * float(np.log(Z))

    def __call__(self, Y: np.ndarray, exaggeration: float = 1.0) -> tuple[None, np.ndarray]:
        """(None, gradient) at the map Y, the attraction multiplied by the exaggeration."""
        Y = Y - Y.mean(axis=0)
        nu, Z = self.nu, 0.0
        for W in self._squared_distances(Y):
            if nu != 1:
                W /= nu
            W += 1
            np.divide(1, W, out=W)
            self._clear_diagonal(W)
            Z += self._total(self._unnormalised(W))
        if not Z > self.smallest:
            plain = divergences.kl_divergence_and_gradient
            return None, plain(exaggeration * self.P, Y, nu)[1]
        stiffness = self._stiffness(-1 / (Z * exaggeration))
        return None, self._springs(stiffness, Y) * (exaggeration * 2 * (nu + 1) / nu)

    def _unnormalised(self, W: np.ndarray) -> np.ndarray:
        return W if self.nu == 1 else W ** ((self.nu + 1) / 2)

    def _stiffness(self, scale: float) -> Iterator[np.ndarray]:
        """(p − q / exaggeration) w, block by block."""
        for half, W in zip(self.halves, self.pairs):
            C = self._scratch(W)
            np.multiply(self._unnormalised(W), scale, out=C)
            C += half
            C *= W
            yield C


class _GaussianObjective(_Objective):
    def _gaussians(self, Y: np.ndarray) -> Iterator[np.ndarray]:
        for E in self._squared_distances(Y):
            np.negative(E, out=E)
            np.exp(E, out=E)
            self._clear_diagonal(E)
            yield E


class ConditionalObjective(_GaussianObjective):
    """SNE's divergence and gradient at a fixed P."""

    def divergence(self, Y: np.ndarray) -> float:
        """Σ_i KL(P_i‖Q_i) at the map Y."""
        return divergences.sne_divergence_and_gradient(self.P, Y)[0]

    def __call__(self, Y: np.ndarray, exaggeration: float = 1.0) -> tuple[None, np.ndarray]:
        """(None, gradient) at the map Y, the attraction multiplied by the exaggeration."""
        Y = Y - Y.mean(axis=0)
        Z = np.zeros(self.n)
        for k, E in enumerate(self._gaussians(Y)):
            self._add_row_sums(k, E, Z)
        if not Z.min() > self.smallest:
            return None, divergences.sne_divergence_and_gradient(exaggeration * self.P, Y)[1]
        return None, self._springs(self._stiffness(1 / Z, exaggeration), Y)

    def _stiffness(self, inverse_Z: np.ndarray, exaggeration: float) -> Iterator[np.ndarray]:
        """2 (p(j|i) + p(i|j) − q(j|i) − q(i|j)), block by block."""
        for (start, stop), half, E in zip(self.blocks, self.halves, self.pairs):
            E *= -2 * np.add.outer(inverse_Z[start:stop], inverse_Z[start:])
            E += np.multiply(half, 4 * exaggeration, out=self._scratch(E))
            yield E


class UniformBackgroundObjective(_GaussianObjective):
    """UNI-SNE's divergence and gradient at a fixed P; without background, symmetric SNE's."""

    def __init__(self, P: np.ndarray, background: float = 0.0):
        super().__init__(P)
        self.background = background
        self.mass = float(P.sum())

    def divergence(self, Y: np.ndarray) -> float:
        """KL(P‖Q) at the map Y."""
        return divergences.unisne_divergence_and_gradient(self.P, Y, self.background)[0]

    def __call__(self, Y: np.ndarray, exaggeration: float = 1.0) -> tuple[None, np.ndarray]:
        """(None, gradient) at the map Y, the attraction multiplied by the exaggeration."""
        Y = Y - Y.mean(axis=0)
        Z = sum(self._total(E) for E in self._gaussians(Y))
        if not Z > self.smallest:
            plain = divergences.unisne_divergence_and_gradient
            return None, plain(exaggeration * self.P, Y, self.background)[1]
        pulls, mean_share = self.halves, 1.0
        if self.background:
            pulls = [self._pull(half, E / Z) for half, E in zip(self.halves, self.pairs)]
            mean_share = sum(map(self._total, pulls)) / self.mass
        return None, 4 * self._springs(self._stiffness(pulls, mean_share / Z, exaggeration), Y)

    def _pull(self, half: np.ndarray, gaussian: np.ndarray) -> np.ndarray:
        """p times the Gaussian's share in q."""
        gaussian *= 1 - self.background
        return half * (gaussian / (gaussian + self.background / (self.n * (self.n - 1))))

    def _stiffness(
        self, pulls: list[np.ndarray], scale: float, exaggeration: float
    ) -> Iterator[np.ndarray]:
        for pull, E in zip(pulls, self.pairs):
            E *= -scale
            E += np.multiply(pull, exaggeration, out=self._scratch(E))
            yield E
