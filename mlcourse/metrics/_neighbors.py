"""Who is near whom: distances a block of rows at a time, and what to do when some are equal.

Two distances from a point *tie* when rounding could have made the difference between them. A copy of a data set that was
turned, moved or scaled then has the ties of the original, and duplicates tie although their computed distances differ
in the last digit. Ties form groups: whatever ties with a member belongs to the group.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

BLOCK = 2**17  # entries of one block's distance matrix: 1 MB, which a processor's cache holds
FEW_FEATURES = 8  # up to here, differences are about as fast as a matrix product
LOST_DIGITS = 1e-3  # where ‖a − b‖² is below this part of ‖a‖², it is computed from the difference of a and b
ROUNDING = 64 * np.finfo(np.float64).eps  # relative; with room for the sums over some thousand features


class Points:
    """Points prepared for computing their squared distances accurately, a block of rows at a time.

    The squared distances are in a unit that fits the data; all blocks have the same.

    Parameters
    ----------
    X : array of shape (n_samples, n_features)
        The points, finite.
    """

    def __init__(self, X: np.ndarray) -> None:
        # By a power of two: it rounds nothing, and squares then neither overflow nor vanish.
        exponent = int(np.frexp(np.abs(X).max())[1])
        self.unit = np.ldexp(1.0, exponent)
        self.X = np.ldexp(X, -exponent)
        self.few = X.shape[1] <= FEW_FEATURES
        self.rounding = ROUNDING * np.linalg.norm(self.X, axis=1)
        self.scratch = np.empty(0)
        self.centred = self.X - self.X.mean(axis=0)
        self.sq_norms = np.einsum("ij,ij->i", self.centred, self.centred)

    def sq_distances(self, rows: slice, first: int = 0) -> np.ndarray:
        """Squared distances of these rows to the points from the `first` on, (n_rows, n_samples − first).

        To itself a point has ∞. `first` is at most the first row.
        """
        return self._by_differences(rows, first) if self.few else self._by_product(rows, first)

    def tolerance(self, rows: slice | int, sq_distances: np.ndarray) -> np.ndarray:
        """How much smaller another squared distance of the row may be and still tie with this one, (n_rows, …)."""
        sq_distances = np.where(np.isinf(sq_distances), 0.0, sq_distances)  # nothing ties with the point itself
        shape = (-1, *[1] * (sq_distances.ndim - 1))
        coordinates = self.rounding[rows].reshape(shape)  # of d itself: (d + ε)² − d² = 2 d ε + ε²
        result = 2 * coordinates * np.sqrt(sq_distances) + coordinates**2 + 2 * ROUNDING * sq_distances
        if not self.few:  # the terms of the sum that _by_product rounds, as ‖b‖² ≤ 2 ‖a‖² + 2 ‖a − b‖²
            sq_norms = self.sq_norms[rows].reshape(shape)
            result += np.where(sq_distances < LOST_DIGITS * sq_norms, 0.0, 3 * ROUNDING * sq_norms)
        return result

    def _by_differences(self, rows: slice, first: int) -> np.ndarray:
        result = np.subtract.outer(self.X[rows, 0], self.X[first:, 0])
        result *= result
        if self.scratch.size < result.size:  # kept: to get memory anew for every block takes longer than to use it
            self.scratch = np.empty(result.size)
        difference = self.scratch[: result.size].reshape(result.shape)
        for feature in self.X.T[1:]:
            np.subtract.outer(feature[rows], feature[first:], out=difference)
            difference *= difference
            result += difference
        diagonal(result, rows, first)[:] = np.inf
        return result

    def _by_product(self, rows: slice, first: int) -> np.ndarray:
        # ‖a‖² + ‖b‖² − 2 a·b is fast, but where a and b are close it is a small difference of large numbers.
        sq_norms = self.sq_norms[rows, None]
        result = (-2 * self.centred[rows]) @ self.centred[first:].T
        result += self.sq_norms[first:]
        result += sq_norms
        diagonal(result, rows, first)[:] = np.inf
        lost = np.flatnonzero(result < LOST_DIGITS * sq_norms)
        step = max(1, BLOCK // self.X.shape[1])
        for some in np.split(lost, range(step, lost.size, step)):
            i, j = np.divmod(some, result.shape[1])
            difference = self.X[rows.start + i] - self.X[first + j]
            result[i, j] = np.einsum("ij,ij->i", difference, difference)
        return result


def diagonal(block: np.ndarray, rows: slice, first: int = 0) -> np.ndarray:
    """A view of the entries of a block of rows that stand for a point and itself; the first column is point `first`."""
    return np.einsum("ii->i", block[:, rows.start - first : rows.stop - first])


def row_blocks(n_samples: int) -> Iterator[slice]:
    """Cut the rows of an (n_samples, n_samples) matrix into blocks of at most BLOCK entries, or of one row."""
    step = max(1, BLOCK // n_samples)
    for start in range(0, n_samples, step):
        yield slice(start, min(start + step, n_samples))


def nearest(points: Points, rows: slice, distances: np.ndarray, k: int, prefer: np.ndarray) -> np.ndarray:
    """Mark the k nearest points of each row, a boolean (n_rows, n_samples).

    Where ties leave a choice, those with the smallest entries of `prefer` (of the same shape) are taken.
    """
    parted = np.partition(distances, k, axis=1)
    kth, following = parted[:, :k].max(axis=1), parted[:, k]
    near = distances <= kth[:, None]
    for i in np.flatnonzero(following - kth <= points.tolerance(rows, following)):
        ordered = np.sort(distances[i])
        gaps = np.diff(ordered) > points.tolerance(rows.start + i, ordered[1:])
        # The group of the k-th: from the last gap before it to the first one after it. The point itself, at ∞, makes one.
        start = k - 1 - np.argmax(gaps[k - 2 :: -1]) if k > 1 and gaps[: k - 1].any() else 0
        stop = k + np.argmax(gaps[k - 1 :])
        tied = np.flatnonzero((distances[i] >= ordered[start]) & (distances[i] <= ordered[stop - 1]))
        near[i] = distances[i] < ordered[start]
        near[i, tied[np.argsort(prefer[i, tied], kind="stable")[: k - start]]] = True
    return near


def count_nearer(points: Points, rows: slice, distances: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Count, for each chosen distance (n_rows, k), the points of its row that are nearer and do not tie with it."""
    ordered = np.sort(distances, axis=1)
    result = np.empty(chosen.shape, dtype=np.int64)
    bound = chosen - points.tolerance(rows, chosen)
    unsettled = np.arange(len(ordered))
    while unsettled.size:
        for i in unsettled:
            result[i] = ordered[i].searchsorted(bound[i])
        # A group of ties may reach further down: go on from its lowest member until there is a gap.
        first = np.take_along_axis(ordered, result, axis=1)
        before = np.take_along_axis(ordered, np.maximum(result - 1, 0), axis=1)
        bound = first - points.tolerance(rows, first)
        unsettled = np.flatnonzero(((result > 0) & (before >= bound)).any(axis=1))
    return result
