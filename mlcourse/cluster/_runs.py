"""What a fit of k-means is made of: checks, starts, runs."""

from __future__ import annotations

from collections.abc import Iterator
from math import log

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_choice, check_number, validate_data
from mlcourse.cluster._checks import check_centers, check_sample_weight
from mlcourse.cluster._descent import descend
from mlcourse.cluster._points import CenteredPoints
from mlcourse.cluster._seeding import seed

__all__ = ["KMeansRuns"]


class KMeansRuns:
    """A part of `KMeans`, whose parameters it reads."""

    def _prepare(
        self, X: ArrayLike, sample_weight: ArrayLike | None
    ) -> tuple[CenteredPoints, np.ndarray]:
        X = validate_data(self, X, reset=True, dtype=(np.float64, np.float32))
        check_number(
            self.n_clusters, "n_clusters", low=1, high=len(X), high_name="n_samples", integer=True
        )
        check_number(self.max_iter, "max_iter", low=1, integer=True)
        check_number(self.tol, "tol", low=0)
        check_number(self.verbose, "verbose", low=0, integer=True)
        weight = check_sample_weight(sample_weight, len(X))
        if np.count_nonzero(weight) < self.n_clusters:
            raise ValueError(
                f"sample_weight must be above zero for at least n_clusters = {self.n_clusters} "
                f"samples (it was for {np.count_nonzero(weight)})"
            )
        return CenteredPoints(X), weight

    def _n_starts(self) -> int:
        if isinstance(self.init, str):
            check_choice(self.init, "init", ("k-means++", "random"))
        if isinstance(self.n_init, str):
            check_choice(self.n_init, "n_init", ("auto",))
            random = callable(self.init) or (
                isinstance(self.init, str) and self.init == "random"
            )
            return 10 if random else 1
        n_init = check_number(self.n_init, "n_init", low=1, integer=True)
        return n_init if isinstance(self.init, str) or callable(self.init) else 1

    def _start(
        self, points: CenteredPoints, weight: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        """The centres from which a run starts, in the coordinates of the points."""
        X, k = points.original, self.n_clusters
        if isinstance(self.init, str):
            if self.init == "k-means++":
                indices = seed(points, k, weight, 2 + int(log(k)), rng)
            else:
                indices = rng.choice(len(X), k, replace=False, p=weight / weight.sum())
            return points.X[indices]
        centers = self.init(X, k, random_state=rng) if callable(self.init) else self.init
        return points.inside(check_centers(centers, k, X.shape[1], name="init"))

    def _run(
        self, points: CenteredPoints, weight: np.ndarray, start: np.ndarray
    ) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
        tol = self.tol * points.mean_variance
        for state in descend(points, start, weight, self.max_iter, tol):
            yield state
            if self.verbose:
                iteration, centers, labels = state
                inertia = points.inertia(labels, centers, weight)
                print(f"[KMeans] step {iteration}: inertia {inertia:.6g}")
