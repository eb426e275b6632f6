"""Affinities between each point and its nearest neighbours: what t-SNE needs of P, in O(n) memory.

Far points have little affinity: at perplexity 30 the 90 nearest neighbours hold 94 to 99.9 % of P
(least in a cloud of many dimensions).  The rest is left out, and P is kept as a list of edges.
Where it comes from: `nearest_neighbors`, then `neighbor_probabilities`, then `joint_neighbor_probabilities`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mlcourse._validation import check_array, check_number
from mlcourse.manifold.affinities import gaussian_rows
from mlcourse.manifold.perplexity import row_widths

__all__ = ["SparseAffinities", "joint_neighbor_probabilities", "neighbor_probabilities"]

_BLOCK = 2**15  # distances treated together: their few arrays stay in the cache


@dataclass(frozen=True, eq=False)
class SparseAffinities:
    """A symmetric matrix P of joint probabilities, stored by its non-zero entries, row after row.

    The three arrays are those of SciPy's `csr_array((values, indices, indptr))`.

    Parameters
    ----------
    indptr : array of int, shape (n_samples + 1,)
        The entries of row i are those from indptr[i] to indptr[i + 1].
    indices : array of int, shape (n_entries,)
        Their columns, increasing in each row.
    values : array of shape (n_entries,)
        p_ij; all together 1.
    """

    indptr: np.ndarray
    indices: np.ndarray
    values: np.ndarray

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return len(self.indptr) - 1

    @property
    def rows(self) -> np.ndarray:
        """The row of every entry, shape (n_entries,)."""
        return np.repeat(np.arange(self.n_samples), np.diff(self.indptr))

    def toarray(self, dtype: type = np.float64) -> np.ndarray:
        """All of P with its zeros.

        Parameters
        ----------
        dtype : data type, default=float64
            Of the result.

        Returns
        -------
        array of shape (n_samples, n_samples)
            Symmetric, with zeros on the diagonal.
        """
        P = np.zeros((self.n_samples, self.n_samples), dtype)
        P[self.rows, self.indices] = self.values
        return P

    def divergence(self, Y: np.ndarray, normaliser: float, degrees_of_freedom: float = 1.0) -> float:
        """KL(P‖Q) at a map whose normaliser is known: a sum over the entries (eq-cost).

        KL(P‖Q) = Σ p_ij log p_ij − Σ p_ij log k_ij + log Z,  O(n_entries).

        Parameters
        ----------
        Y : array of shape (n_samples, n_components)
            The map.
        normaliser : float
            Z, the sum of the kernel k over all pairs; `MeshRepulsion` finds it fast.
        degrees_of_freedom : float, default=1.0
            ν of k_ij = (1 + ‖y_i − y_j‖²/ν)^(−(ν+1)/2).

        Returns
        -------
        float
            In nats.
        """
        i, j, p, negative_entropy = self._pairs
        nu, cross = degrees_of_freedom, 0.0
        for start in range(0, len(i), _BLOCK):
            some = slice(start, start + _BLOCK)
            sq_distances = np.zeros(len(i[some]))
            for column in np.asarray(Y, float).T:
                difference = column[i[some]] - column[j[some]]
                sq_distances += difference * difference
            cross += float(np.vdot(p[some], np.log1p(sq_distances / nu)))
        return negative_entropy + (nu + 1) * cross + 2 * float(p.sum()) * float(np.log(normaliser))

    @cached_property
    def _pairs(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
        """Every pair once, as i < j and p_ij, and Σ p log p over both orders."""
        above = self.rows < self.indices
        p = self.values[above]
        negative_entropy = 2 * float(np.sum(p * np.log(np.where(p > 0, p, 1))))
        return self.rows[above], self.indices[above], p, negative_entropy


def neighbor_probabilities(
    sq_distances: np.ndarray, perplexity: float, *, tol: float = 1e-6
) -> np.ndarray:
    """p(j|i) among the nearest neighbours alone, every row with the wanted perplexity.

    Like `conditional_probabilities`, with each row's normaliser running over its neighbours
    (eq-conditional, eq-perplexity).  O(n k) time and memory; a block of rows is calibrated at once.

    Parameters
    ----------
    sq_distances : array of shape (n_samples, k)
        Squared distances from every point to its k nearest neighbours.
    perplexity : float
        Effective number of neighbours, 1 ≤ perplexity ≤ k; about k/3, so that what is cut off
        does not count.
    tol : float, default=1e-6
        Largest accepted difference between a row's perplexity and the one wanted.

    Returns
    -------
    array of shape (n_samples, k)
        p(j|i) in the order of the distances; rows sum to 1.

    See Also
    --------
    mlcourse.manifold.perplexity_search : The method, and what happens to coincident points.

    Examples
    --------
    >>> neighbor_probabilities([[1.0, 1.0, 9.0]], 2.0).round(3)
    array([[0.5, 0.5, 0. ]])
    """
    D = check_array(sq_distances, name="sq_distances")
    if D.min() < 0:
        raise ValueError(f"sq_distances must not be negative (its smallest entry was {D.min()})")
    perplexity = check_number(
        perplexity, "perplexity", low=1, high=D.shape[1], high_name="the number of neighbours"
    )
    tol = check_number(tol, "tol", low=0, closed="right")
    P = np.empty_like(D)
    step = max(1, _BLOCK // D.shape[1])
    for start in range(0, len(D), step):
        rows = slice(start, start + step)
        P[rows] = gaussian_rows(D[rows], row_widths(D[rows], float(perplexity), tol))
    return P


def joint_neighbor_probabilities(
    indices: np.ndarray, conditional: np.ndarray
) -> SparseAffinities:
    """p_ij = (p(j|i) + p(i|j)) / 2n from the rows of nearest neighbours (eq-symmetrised).

    i may be a neighbour of j without the reverse; then one of the two terms is 0.  Sorting the
    2 n k edges by row and column brings the two terms of each pair side by side:
    O(n k log(n k)) time.

    Parameters
    ----------
    indices : array of int, shape (n_samples, k)
        Neighbours of every point, none twice in a row and none the point itself (not checked).
    conditional : array of shape (n_samples, k)
        p(j|i) of these; rows sum to 1.

    Returns
    -------
    SparseAffinities
        The joint probabilities; all together 1.

    Examples
    --------
    >>> joint_neighbor_probabilities([[1], [0], [1]], [[1.0], [1.0], [1.0]]).toarray().round(3)
    array([[0.   , 0.333, 0.   ],
           [0.333, 0.   , 0.167],
           [0.   , 0.167, 0.   ]])
    """
    conditional = check_array(conditional, name="conditional")
    indices = np.asarray(indices)
    n, k = conditional.shape
    if indices.shape != (n, k) or indices.dtype.kind not in "iu":
        raise ValueError(
            f"indices must be whole numbers of the shape of conditional, {(n, k)} "
            f"(it was {indices.dtype} of shape {indices.shape})"
        )
    indices = indices.astype(np.intp, copy=False)
    if not (indices.min() >= 0 and indices.max() < n):
        raise ValueError(f"indices must lie between 0 and n_samples − 1 = {n - 1}")
    edge = np.empty((2, n, k), np.int64)  # the number row · n + column of each, in both orders; np.intp has 32 bits in a browser
    begins = n * np.arange(n + 1, dtype=np.int64)  # the number of each row's first column
    edge[0] = begins[:-1, None] + indices
    edge[1] = n * indices.astype(np.int64, copy=False) + np.arange(n)[:, None]
    edge = edge.ravel()
    order = np.argsort(edge)
    edge = edge[order]
    order[order >= n * k] -= n * k
    p = conditional.ravel()[order]
    del order  # these arrays are the most memory that a fit takes
    first = np.flatnonzero(np.diff(edge, prepend=-1))
    values = np.add.reduceat(p, first) / (2 * n)
    edge = edge[first]
    indptr = np.searchsorted(edge, begins)
    columns = (edge - np.repeat(begins[:-1], np.diff(indptr))).astype(np.intp, copy=False)  # faster than a division
    return SparseAffinities(indptr, columns, values)
