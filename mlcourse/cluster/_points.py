"""The nearest centre of every point, fast and exact.

The nearest centre is the one with the largest score x·c − ‖c‖²/2: a matrix product, quick in
float32.  What rounding can do to a score is bounded.  Points whose two best scores are closer than
that are looked at again, in float64; those still undecided, by differences of coordinates.  So the
labels are those of the plain form, ties included.
"""

from __future__ import annotations

import numpy as np

from mlcourse.manifold.distances import squared_distances

__all__ = ["CenteredPoints"]

_BLOCK = 2048  # points
_SCORES = 2**16  # scores of a block of points, which stay in a processor's cache
# A block is a multiple of the first and the second long: with a power of two, all scores of a point
# would go to the same few places of the cache.
_LINES = 64, 16
_TOO_MANY = 0.1  # undecided points, as a share: beyond it float32 does not pay
_SAFE = 1e-20, 1e20  # squared sizes whose products are far from the limits of float32


class CenteredPoints:
    """Points with the origin in their midst, in a unit that fits them.

    Parameters
    ----------
    X : array of shape (n_samples, n_features)
        The points, finite.

    Attributes
    ----------
    X : array of shape (n_samples, n_features)
        The points minus `shift`, divided by 2^exponent; float64.
    shift : array of shape (n_features,)
        About their mean, but with so few digits that subtracting it seldom rounds.
    exponent : int
        0 unless the data are very large or very small.
    sq_norms, norms : arrays of shape (n_samples,)
        ‖x‖² and ‖x‖ of these.
    largest : float
        The largest ‖x‖².
    """

    def __init__(self, X: np.ndarray) -> None:
        self.original = X
        self.exponent = 0
        with np.errstate(over="ignore", invalid="ignore"):
            self._center(X)
            radius = self.sq_norms.max()
        if not _SAFE[0] <= radius <= _SAFE[1]:
            # By a power of two: it rounds nothing.  First all numbers, then what is left of them.
            outer = int(np.frexp(np.abs(X).max())[1])
            self._center(np.ldexp(X.astype(np.float64), -outer))
            inner = int(np.frexp(np.abs(self.X).max())[1])
            self.X = np.ldexp(self.X, -inner)
            self._mean = np.ldexp(self._mean, -inner)
            self.shift = np.ldexp(self.shift, outer)
            self.sq_norms = np.einsum("ij,ij->i", self.X, self.X)
            self.exponent = outer + inner
        self.norms = np.sqrt(self.sq_norms)
        self.largest = float(self.sq_norms.max())
        self._dtype, self._rows = np.float32, None

    def _center(self, X: np.ndarray) -> None:
        X = X.astype(np.float64, copy=False)
        mean = np.full(len(X), 1 / len(X)) @ X
        self.X, self.shift = X, np.zeros_like(mean)
        self.sq_norms = np.einsum("ij,ij->i", X, X)
        if not 2 * (mean @ mean) <= self.sq_norms.mean():  # else it lies in their midst already
            spread = np.abs(X[:100] - mean).max(axis=0)
            digit = np.exp2(np.floor(np.log2(np.where(spread > 0, spread, 1))) - 2)
            self.shift = np.where(spread > 0, np.rint(mean / digit) * digit, X[0])
            self.X = X - self.shift
            self.sq_norms = np.einsum("ij,ij->i", self.X, self.X)
        self._mean = mean - self.shift

    def inside(self, centers: np.ndarray) -> np.ndarray:
        """Centres in the coordinates of `X`."""
        return np.ldexp(centers - self.shift, -self.exponent)

    def outside(self, centers: np.ndarray) -> np.ndarray:
        """Centres in the coordinates of the data."""
        return np.ldexp(centers, self.exponent) + self.shift

    @property
    def rows(self) -> np.ndarray:
        """The points with a column of ones, (n_samples, n_features + 1); at first in float32."""
        if self._rows is None:
            self._rows = np.empty((len(self.X), self.X.shape[1] + 1), self._dtype)
            self._rows[:, :-1] = self.X
            self._rows[:, -1] = 1.0
        return self._rows

    @property
    def mean_variance(self) -> float:
        """The mean of the variances of the features, in the unit of `X`."""
        return float(self.sq_norms.mean() - self._mean @ self._mean) / len(self._mean)

    def inertia(self, labels: np.ndarray, centers: np.ndarray, weight: np.ndarray) -> float:
        """Sum the weighted squared distances to the centres of the labels.

        Parameters
        ----------
        labels : array of intp, shape (n_samples,)
            The clusters.
        centers : array of shape (n_clusters, n_features)
            Their centres in the coordinates of `X`.
        weight : array of shape (n_samples,)
            How often each point counts.

        Returns
        -------
        float
            In the unit of the data, squared.

        Raises
        ------
        ValueError
            If that exceeds the largest float.
        """
        total = 0.0
        for start in range(0, len(labels), _BLOCK):
            rows = slice(start, start + _BLOCK)
            differences = self.X[rows] - centers[labels[rows]]
            total += weight[rows] @ np.einsum("ij,ij->i", differences, differences)
        with np.errstate(over="ignore"):
            result = float(np.ldexp(total, 2 * self.exponent))
        if not np.isfinite(result):
            raise ValueError(
                "the inertia of X exceeds the largest float, 1.8e308; divide X by a constant first"
            )
        return result

    def nearest(self, centers: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
        """The nearest centres of the data as they came.

        Parameters
        ----------
        centers : array of shape (n_clusters, n_features)
            Centres in the coordinates of the data.
        labels : array of intp, shape (n_samples,), default=None
            A guess, which makes it faster if it is good; overwritten.

        Returns
        -------
        array of intp, shape (n_samples,)
            As `assign_labels` gives them; of several equally near ones the lowest.
        """
        centers = centers.astype(np.float64, copy=False)
        labels = np.zeros(len(self.X), np.intp) if labels is None else labels
        self.reassign(labels, self.inside(centers), outside=centers)
        return labels

    def reassign(
        self, labels: np.ndarray, centers: np.ndarray, *, outside: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Assign every point to its nearest centre, in place.

        Parameters
        ----------
        labels : array of intp, shape (n_samples,)
            The labels so far, from 0 to n_clusters − 1; changed.
        centers : array of shape (n_clusters, n_features)
            The centres in the coordinates of `X`.
        outside : array of shape (n_clusters, n_features), default=None
            The same centres in those of the data: then distances are meant between these and the
            data as they came.

        Returns
        -------
        moved : array of intp
            Which points changed their label.
        before : array of intp
            The labels they had.
        """
        half = 0.5 * np.einsum("ij,ij->i", centers, centers)
        blur = 0.0
        if outside is not None:  # both sums of coordinates and shift were rounded
            size = np.ldexp(np.abs(self.shift).max(), -self.exponent) + self.norms.max()
            blur = 4 * np.finfo(float).eps * size * np.sqrt(len(self.shift))
        if not half.max() < _SAFE[1]:  # centres far away from all points
            self._dtype, self._rows = np.float64, None
        moved, before, unsure = [], [], []
        for start, near in self._near(centers, half, blur):
            size = near.shape[1]
            here = labels[start : start + size]
            stays = near.ravel().take(here * size + self._positions[:size])
            several = None
            if np.count_nonzero(near) > size:
                count_type = np.uint8 if len(near) < 256 else np.intp
                counts = near.view(np.uint8).sum(axis=0, dtype=count_type)
                several = np.flatnonzero(counts > 1)
                unsure.append((start + several, here[several]))
                stays[several] = True
            leaves = np.flatnonzero(~stays)
            if leaves.size:
                moved.append(start + leaves)
                before.append(here[leaves])
                if 4 * leaves.size < size:
                    here[leaves] = near.T[leaves].argmax(axis=1)
                else:  # numbers of rows times ones and zeros
                    here[:] = np.arange(len(near), dtype=np.float32) @ near.astype(np.float32)
        if unsure:
            which, old = map(np.concatenate, zip(*unsure))
            labels[which] = new = self._decide(which, centers, half, blur, outside)
            changed = old != new
            moved.append(which[changed])
            before.append(old[changed])
            if len(which) > _TOO_MANY * len(labels) and self._dtype == np.float32:
                self._dtype, self._rows = np.float64, None
        none = np.empty(0, np.intp)
        return np.concatenate([*moved, none]), np.concatenate([*before, none])

    def _near(self, centers, half, blur):
        """For blocks of points, which centres may be the nearest ones: (n_clusters, n_block)."""
        dtype, n, k, rows = self._dtype, len(self.X), len(centers), self.rows
        weights = np.column_stack([centers, -half]).astype(dtype)
        length = min(n, max(2, min(24, _SCORES // k // _LINES[0])) * _LINES[0] + _LINES[1])
        self._positions = np.arange(length)
        scores, near = np.empty((k, length), dtype), np.empty((k, length), bool)
        starts = np.arange(0, n, length)
        slack = self.slack(dtype, half, blur, np.maximum.reduceat(self.norms, starts))
        for start, tolerance in zip(starts.tolist(), slack.astype(dtype)):
            if n - start < length:
                scores, near = scores[:, : n - start].copy(), near[:, : n - start].copy()
            np.matmul(weights, rows[start : start + length].T, out=scores)
            best = scores.max(axis=0)
            best -= tolerance
            yield start, np.greater_equal(scores, best, out=near)

    def slack(
        self, dtype: type, half: np.ndarray, blur: float, norms: np.ndarray
    ) -> np.ndarray:
        """How much two computed scores of a point may differ although the true ones do not.

        Parameters
        ----------
        dtype : type
            In which they are computed.
        half : array of shape (n_clusters,)
            ‖c‖²/2 of the centres.
        blur : float
            By how much a distance may be wrong for another reason.
        norms : array of shape (n,)
            ‖x‖ of the points.

        Returns
        -------
        array of shape (n,)
        """
        # Each score is wrong by its factors, by a sum of n_features + 1 products, by what follows;
        # and two are compared.
        unit = (len(self.shift) + 8) * np.finfo(dtype).eps
        largest = np.sqrt(2 * half.max())
        return (unit * largest + 4 * blur) * (norms + largest / 2) + 2 * blur**2 + 1e-30

    def _decide(self, which, centers, half, blur, outside):
        labels = np.empty(len(which), np.intp)
        step = max(1, 2**20 // len(centers))
        for start in range(0, len(which), step):
            rows = which[start : start + step]
            scores = self.X[rows] @ centers.T
            scores -= half
            best = scores.max(axis=1) - self.slack(np.float64, half, blur, self.norms[rows])
            near = scores >= best[:, None]
            chosen = near.argmax(axis=1)
            tied = np.flatnonzero(near.sum(axis=1) > 1)
            few = step // 64 + 1
            for some in (tied[i : i + few] for i in range(0, len(tied), few)):
                if outside is None:
                    D = squared_distances(self.X[rows[some]], centers)
                else:
                    D = squared_distances(self.original[rows[some]], outside)
                chosen[some] = D.argmin(axis=1)
            labels[start : start + step] = chosen
        return labels
