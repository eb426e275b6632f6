"""The eigenvectors of LLE's cost matrix of the smallest eigenvalues, without all the others.

The cost matrix is sparse: M = Σ_i c_i c_iᵀ, where c_i has the entry 1 at point i, −w_ij at its
neighbours, and else 0.  So two points have an entry in M only if they occur together in some c_i.
In the order of a breadth-first search, each level of which is joined to the level before and to the
one after it alone, M is block tridiagonal, and so is its Cholesky factor: for points on a surface
it takes O(n b²) operations for levels of b points, where the factor of a full matrix takes O(n³).
"""

from __future__ import annotations

import numpy as np

__all__ = ["BlockCholesky", "smallest_eigenpairs"]

_GUARDS = 8  # vectors beyond those that are wanted: they speed up the last of those
_BLOCK = 48  # rows of a block at least: smaller levels are put together
_ENTRIES = 2**18  # of M that are added up at a time
_SHIFT = 1e-12  # added to the diagonal, in units of its mean: M itself has the eigenvalue 0
_TOLERANCE = 1e-10  # what an iteration may still add to a vector, relative to its length
_FEWEST_STEPS, _LARGEST_STEPS = 3, 60


class BlockCholesky:
    """The Cholesky factor of Σ_i c_i c_iᵀ + shift · I, in an order that makes it block tridiagonal.

    Parameters
    ----------
    members : array of int, shape (n_rows, n_members)
        Where each c_i may have entries other than 0.
    coefficients : array of shape (n_rows, n_members)
        These entries.
    shift : float
        What is added to the diagonal.

    Raises
    ------
    numpy.linalg.LinAlgError
        If the matrix is not positive definite, but for rounding.
    """

    def __init__(self, members: np.ndarray, coefficients: np.ndarray, shift: float):
        blocks = _merged(_levels(members, _levels(members, 0)[-1][0]))
        self.order = np.concatenate(blocks)
        ends = np.cumsum([len(block) for block in blocks])
        self.blocks = [slice(end - len(block), end) for block, end in zip(blocks, ends)]
        # Of the factor: its diagonal blocks, inverted, and those below them.
        self.inverses, self.below = [], []
        for panel in self._panels(members, coefficients):
            size = panel.shape[1]
            corner = panel[:size]
            corner[np.diag_indices(size)] += shift
            if self.below:
                corner -= self.below[-1] @ self.below[-1].T
            self.inverses.append(np.linalg.inv(np.linalg.cholesky(corner)))
            self.below.append(panel[size:] @ self.inverses[-1].T)

    def _panels(self, members: np.ndarray, coefficients: np.ndarray) -> list[np.ndarray]:
        """The blocks of the matrix from the diagonal down, an array for each column of blocks."""
        starts = np.array([block.start for block in self.blocks])
        sizes = np.diff(np.append(starts, len(self.order)))
        heights = sizes + np.append(sizes[1:], 0)
        offsets = np.append(0, np.cumsum(heights * sizes))
        place = np.empty_like(self.order)
        place[self.order] = np.arange(len(place))
        block = np.repeat(np.arange(len(sizes)), sizes)  # of each place
        flat = np.zeros(offsets[-1])
        step = max(1, _ENTRIES // members.shape[1] ** 2)
        for first in range(0, len(members), step):
            some = slice(first, first + step)
            rows = place[members[some]]
            columns = block[rows]
            # In `flat`: of each column at the matrix's row 0, then of each row and column.
            address = offsets[columns] + rows - starts[columns] * (1 + sizes[columns])
            address = address[:, None, :] + rows[:, :, None] * sizes[columns][:, None, :]
            values = coefficients[some, :, None] * coefficients[some, None, :]
            lower = rows[:, :, None] >= starts[columns][:, None, :]  # not above the diagonal blocks
            np.add.at(flat, address[lower], values[lower])
        parts = np.split(flat, offsets[1:-1])
        return [part.reshape(height, size) for part, height, size in zip(parts, heights, sizes)]

    def solve(self, right: np.ndarray) -> np.ndarray:
        """Solve a system of equations with several right-hand sides.

        Parameters
        ----------
        right : array of shape (n, n_columns)
            The right-hand sides, with rows in the order `order`.

        Returns
        -------
        array of shape (n, n_columns)
            The solutions, in the same order.
        """
        x = right.copy()
        for i, block in enumerate(self.blocks):
            if i:
                x[block] -= self.below[i - 1] @ x[self.blocks[i - 1]]
            x[block] = self.inverses[i] @ x[block]
        for i, block in reversed(list(enumerate(self.blocks))):
            if i + 1 < len(self.blocks):
                x[block] -= self.below[i].T @ x[self.blocks[i + 1]]
            x[block] = self.inverses[i].T @ x[block]
        return x


def smallest_eigenpairs(
    indices: np.ndarray, weights: np.ndarray, n_vectors: int
) -> tuple[np.ndarray, np.ndarray] | None:
    """Find the smallest eigenvalues of M = (I − W)ᵀ(I − W) and their eigenvectors.

    The vector of equal entries, which has the eigenvalue 0, is left out.

    Inverse iteration in a subspace: multiplied by M⁻¹ again and again, a block of vectors turns to
    the eigenvectors of the smallest eigenvalues.  After every step the best vectors within the
    block are found (Rayleigh–Ritz).  It ends when a step adds next to nothing to these that was
    not in the block before.

    Parameters
    ----------
    indices : array of int, shape (n_samples, n_neighbors)
        The neighbours of every point.
    weights : array of shape (n_samples, n_neighbors)
        Their weights, which sum to 1 in each row.
    n_vectors : int
        How many, at most n_samples − 1.

    Returns
    -------
    (eigenvalues, eigenvectors) or None
        Arrays of shape (n_vectors,), ascending, and (n_samples, n_vectors), orthonormal; None if
        that takes too many steps.
    """
    n = len(indices)
    members = np.column_stack([np.arange(n), indices])
    coefficients = np.column_stack([np.ones(n), -weights])
    scale = float(np.sum(coefficients**2)) / n
    try:
        factor = BlockCholesky(members, coefficients, _SHIFT * scale)
    except np.linalg.LinAlgError:
        return None
    block = np.random.default_rng(0).standard_normal((n, min(n - 1, n_vectors + _GUARDS)))
    block -= block.mean(axis=0)
    for step in range(1, _LARGEST_STEPS + 1):
        block, _ = np.linalg.qr(block)
        image = factor.solve(block)
        image -= image.mean(axis=0)
        inner = block.T @ image
        inverses, mix = np.linalg.eigh((inner + inner.T) / 2)
        inverses, mix = inverses[::-1], mix[:, ::-1]
        image = image @ mix  # about orthogonal columns, so that the short ones lose no digits
        wanted = image[:, :n_vectors]
        added = np.linalg.norm(wanted - block @ (block.T @ wanted), axis=0)
        # Rounding adds that much in any case; more where the eigenvalue is 0 for all of the block, as
        # in a graph of many parts.
        rounding = 4 * np.finfo(float).eps * scale * abs(inverses[-1])
        block = image
        enough = (added <= max(_TOLERANCE, rounding) * inverses[:n_vectors]).all()
        if step >= _FEWEST_STEPS and enough:
            break
    else:
        return None
    vectors = np.empty_like(block)
    vectors[factor.order], _ = np.linalg.qr(block)
    # The singular values of (I − W) Q are the roots of the eigenvalues: more digits of small ones.
    errors = vectors - np.einsum("ij,ijk->ik", weights, vectors[indices])
    _, roots, mix = np.linalg.svd(errors, full_matrices=False)
    chosen = slice(None, -n_vectors - 1, -1)
    return roots[chosen] ** 2, vectors @ mix[chosen].T


def _levels(members: np.ndarray, start: int) -> list[np.ndarray]:
    """The levels of a breadth-first search: what shares a row with the last level, and is new."""
    n, columns = len(members), np.ascontiguousarray(members.T)
    seen = np.zeros(n, bool)
    level, levels = np.array([start]), []
    while len(level):
        levels.append(level)
        seen[level] = True
        inside = np.zeros(n, bool)
        inside[level] = True
        reached = np.zeros(n, bool)
        reached[members[inside[columns].any(axis=0)]] = True
        level = np.flatnonzero(reached & ~seen)
        if not len(level):
            level = np.flatnonzero(~seen)[:1]  # of another part of the graph, if there is one
    return levels


def _merged(levels: list[np.ndarray]) -> list[np.ndarray]:
    """Levels put together with the following until each has some rows."""
    merged, waiting = [], []
    for level in levels:
        waiting.append(level)
        if sum(map(len, waiting)) >= _BLOCK:
            merged.append(np.concatenate(waiting))
            waiting = []
    if waiting:
        merged.append(np.concatenate(waiting))
    return merged
