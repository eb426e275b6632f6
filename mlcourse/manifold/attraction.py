"""t-SNE's attraction along the edges of a sparse P: O(n) where the plain sum is O(n²)."""

from __future__ import annotations

import numpy as np

from mlcourse._validation import check_number
from mlcourse.manifold.sparse_affinities import SparseAffinities

__all__ = ["SparseAttraction"]

_EDGES = 32_000  # edges of a chunk: its arrays, 0.9 MB in the plane, stay near the processor
_WEAK = 0.1  # of P at most, and half of the edges at most, is held between two looks


class SparseAttraction:
    """Σ_j p_ij w_ij (y_i − y_j) for every point, with w_ij = (1 + ‖y_i − y_j‖²/ν)^(−1).

    The attractive part of t-SNE's gradient without its factor 2(ν+1)/ν (eq-forces; there with the
    sign of a force).  One call costs O(n_entries).

    The strongest edges of P hold nearly all of it.  With `weak_edge_period` m > 1 the weaker half
    of the edges, or fewer if that half holds more than a tenth of P, is looked at in every m-th call
    only, and its part of the sum is held in between: for successive maps of one descent.  With
    m = 1 every call is exact.

    Parameters
    ----------
    P : SparseAffinities
        Joint probabilities.
    n_components : int, default=2
        Dimensions of the map.
    degrees_of_freedom : float, default=1.0
        ν > 0.
    weak_edge_period : int, default=1
        Calls from one look at the weak edges to the next, ≥ 1.

    Attributes
    ----------
    weak_share : float
        The part of P that the weak edges hold.

    Notes
    -----
    With `weak_edge_period` 8 the sums err, root mean square and relative to themselves, by 2–4 %
    early in a descent (step 60), by 0.2–0.6 % soon after exaggeration has ended (step 300) and by
    less than 0.1 % at step 590, when the map hardly moves any more (1,797 digits and 5,000 points
    from ten Gaussians; their weak edges hold 5 and 7 % of P).  With 2 the first is 0.5–2 %, with
    16 it is 5 %.

    Points are sorted by their number of edges and cut into chunks of about 32,000 edges, in which
    every point is padded with p = 0 up to the largest number.  A chunk is an array (edge, point), transposed: so each y_i is needed as a contiguous
    slice, and the inner loops of NumPy are long.  Memory: 12 bytes an edge.
    """

    def __init__(
        self,
        P: SparseAffinities,
        n_components: int = 2,
        *,
        degrees_of_freedom: float = 1.0,
        weak_edge_period: int = 1,
    ):
        self.n_components = n_components
        self.nu = float(
            check_number(degrees_of_freedom, "degrees_of_freedom", low=0, closed="right")
        )
        self.period = check_number(weak_edge_period, "weak_edge_period", low=1, integer=True)
        self._calls = 0
        weak = (P.values < _weak_below(P.values)) & (self.period > 1)
        self.weak_share = float(P.values[weak].sum())
        self._strong = _Edges(P, ~weak, n_components, self.nu)
        self._weak = _Edges(P, weak, n_components, self.nu) if weak.any() else None
        self._held = np.zeros((n_components, P.n_samples), np.float32)

    def __call__(self, Y: np.ndarray) -> np.ndarray:
        """The sums at a map.

        Parameters
        ----------
        Y : array of shape (n_components, n_samples), of type float32
            The map, a coordinate a row.

        Returns
        -------
        array of shape (n_components, n_samples)
            Σ_j p_ij w_ij (y_i − y_j).
        """
        if self._weak is not None and self._calls % self.period == 0:
            self._held = self._weak(Y)
        self._calls += 1
        return self._strong(Y) + self._held


def _weak_below(values: np.ndarray) -> float:
    """A bound with at most half of the values below it, and those at most a tenth of the sum."""
    ordered = np.sort(values)
    count = np.searchsorted(np.cumsum(ordered), _WEAK * ordered.sum())
    return float(ordered[min(count, len(ordered) // 2)])


class _Edges:
    """Some of the edges, in chunks."""

    def __init__(self, P: SparseAffinities, chosen: np.ndarray, n_components: int, nu: float):
        n, self.nu = P.n_samples, nu
        rows, columns, values = P.rows[chosen], P.indices[chosen], P.values[chosen]
        degree = np.bincount(rows, minlength=n)
        first = np.cumsum(degree) - degree
        self.order = np.argsort(degree, kind="stable")
        self.place = np.argsort(self.order)
        degree, first = degree[self.order], first[self.order]
        self.chunks, largest = [], 0
        stop, lonely = n, int(np.searchsorted(degree, 1))
        while stop > lonely:
            edges = degree[stop - 1]
            start = max(lonely, stop - max(1, _EDGES // edges))
            slot = np.arange(edges)[:, None]
            real = slot < degree[start:stop]
            entry = np.where(real, first[start:stop] + slot, 0)
            partner = np.where(real, columns[entry], self.order[start:stop])
            p = np.where(real, values[entry] * nu, 0).astype(np.float32)
            self.chunks.append((start, stop, partner, p))
            largest = max(largest, entry.size)
            stop = start
        self.differences = np.empty(n_components * largest, np.float32)
        self.squares = np.empty(n_components * largest, np.float32)
        self.sums = np.zeros((n_components, n), np.float32)

    def __call__(self, Y: np.ndarray) -> np.ndarray:
        m = len(Y)
        sorted_Y = Y.take(self.order, axis=1)
        for start, stop, partner, p in self.chunks:
            size = m * partner.size
            difference = self.differences[:size].reshape(m, *partner.shape)
            squares = self.squares[:size].reshape(m, *partner.shape)
            np.take(Y, partner, axis=1, out=difference, mode="clip")  # "raise" would copy
            np.subtract(sorted_Y[:, None, start:stop], difference, out=difference)
            np.multiply(difference, difference, out=squares)
            D = squares[0]
            for other in squares[1:]:
                D += other
            D += np.float32(self.nu)
            stiffness = np.divide(p, D, out=D)  # p ν / (ν + ‖y_i − y_j‖²)
            np.einsum("kij,ij->kj", difference, stiffness, out=self.sums[:, start:stop])
        return self.sums.take(self.place, axis=1)
