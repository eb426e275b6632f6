"""k-means: groups around centres, found by Lloyd's algorithm."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_is_fitted, check_random_state, validate_data
from mlcourse.base import BaseEstimator, ClusterMixin, TransformerMixin
from mlcourse.cluster._checks import check_sample_weight
from mlcourse.cluster._points import CenteredPoints
from mlcourse.cluster._runs import KMeansRuns
from mlcourse.cluster.lloyd import KMeansState
from mlcourse.exceptions import ConvergenceWarning
from mlcourse.manifold.distances import squared_distances

__all__ = ["KMeans"]


class KMeans(KMeansRuns, ClusterMixin, TransformerMixin, BaseEstimator):
    """k-means: n_clusters centres such that the points lie near their nearest one.

    It makes the inertia small, Σ_i ‖x_i − c(x_i)‖² with the nearest centre c(x_i), by Lloyd's
    algorithm: assign every point to its nearest centre, move every centre to the mean of its
    points, and again.  That ends in a local minimum, so where it starts matters.

    Parameters
    ----------
    n_clusters : int, default=8
        How many clusters, 1 ≤ n_clusters ≤ n_samples.
    init : {"k-means++", "random"}, array of shape (n_clusters, n_features) or callable, \
default="k-means++"
        The starting centres: spread out (`kmeans_plusplus`, the greedy one); different points drawn
        at random; those given; or what ``init(X, n_clusters, random_state=generator)`` returns.
    n_init : int or "auto", default="auto"
        How many starts; the result with the smallest inertia is kept.  "auto" is 10 for "random"
        and a callable, else 1.  Given centres are one start whatever it is.
    max_iter : int, default=300
        Largest number of steps of one run, ≥ 1.
    tol : float, default=1e-4
        ≥ 0; a run also ends with a step in which the squared distances that the centres moved add
        up to no more than this share of the mean variance of the features.
    verbose : int, default=0
        1: a line for every step.
    random_state : int, Generator, RandomState or None, default=None
        For the starts.

    Attributes
    ----------
    cluster_centers_ : array of shape (n_clusters, n_features)
        The centres.
    labels_ : array of int, shape (n_samples,)
        For every point the number of its nearest centre.
    inertia_ : float
        The (weighted) sum of the squared distances of the points to their nearest centres.
    n_iter_ : int
        The number of steps of the run that was kept; the last is usually the one that found
        nothing to change.
    n_features_in_ : int
        The number of features in ``fit``.

    See Also
    --------
    mlcourse.cluster.lloyd : The algorithm in its plain form.

    References
    ----------
    S. P. Lloyd (1982), Least squares quantization in PCM, §III, method I;
    D. Arthur and S. Vassilvitskii (2007), k-means++: the advantages of careful seeding.

    Examples
    --------
    >>> kmeans = KMeans(n_clusters=2, random_state=0).fit([[0.0], [1.0], [9.0], [10.0]])
    >>> sorted(kmeans.cluster_centers_.ravel().tolist()), kmeans.inertia_
    ([0.5, 9.5], 1.0)
    """

    _preserves_dtype = ("float64", "float32")

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: str | ArrayLike | Callable = "k-means++",
        n_init: int | str = "auto",
        max_iter: int = 300,
        tol: float = 1e-4,
        verbose: int = 0,
        random_state: int | np.random.Generator | None = None,
    ):
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.verbose = verbose
        self.random_state = random_state

    def steps(
        self, X: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> Iterator[KMeansState]:
        """Go from a start to the end of one run, one state at a time.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The data.
        sample_weight : array_like of shape (n_samples,), default=None
            How often each point counts, ≥ 0; 1 by default.

        Returns
        -------
        iterator of KMeansState
            State 0 is the start; see `lloyd`.  It is the first of the runs of `fit` with the same
            seed.  States can be kept.

        Raises
        ------
        ValueError, TypeError
            At the call, if the data or a parameter is not allowed.
        """
        points, weight = self._prepare(X, sample_weight)
        self._n_starts()
        start = self._start(points, weight, check_random_state(self.random_state))
        return (
            KMeansState(
                iteration,
                points.outside(centers),
                labels.copy(),
                points.inertia(labels, centers, weight),
            )
            for iteration, centers, labels in self._run(points, weight, start)
        )

    def fit(self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None) -> Self:
        """Find the centres.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The data.
        y : None
            Not used.
        sample_weight : array_like of shape (n_samples,), default=None
            How often each point counts, ≥ 0; 1 by default.

        Returns
        -------
        self

        Raises
        ------
        ValueError, TypeError
            If the data or a parameter is not allowed; among others, if n_clusters > n_samples.

        Warns
        -----
        ConvergenceWarning
            If clusters are left without points, because X has fewer than n_clusters different
            points; or if max_iter ended the run that is kept.
        """
        points, weight = self._prepare(X, sample_weight)
        n_starts = self._n_starts()
        rng = check_random_state(self.random_state)
        self.inertia_ = np.inf
        for _ in range(n_starts):
            start = self._start(points, weight, rng)
            for iteration, centers, labels in self._run(points, weight, start):
                if iteration:
                    shift = ((centers - before) ** 2).sum()
                before = centers
            inertia = points.inertia(labels, centers, weight)
            if inertia < self.inertia_:
                self.inertia_, self.n_iter_, best = inertia, iteration, (centers, labels)
                settled = iteration < self.max_iter or shift <= self.tol * points.mean_variance
        centers, labels = best
        self.cluster_centers_ = points.outside(centers).astype(points.original.dtype, copy=False)
        self.labels_ = points.nearest(self.cluster_centers_, labels)
        found = len(np.unique(self.labels_))
        if found < self.n_clusters:
            warnings.warn(
                f"only {found} of n_clusters = {self.n_clusters} clusters have points: "
                "X has fewer different points than that",
                ConvergenceWarning,
                stacklevel=2,
            )
        if not settled:
            message = f"max_iter = {self.max_iter} steps were not enough: raise max_iter or tol"
            warnings.warn(message, ConvergenceWarning, stacklevel=2)
        return self

    @property
    def _n_features_out(self) -> int:
        return len(self.cluster_centers_)

    def fit_predict(
        self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None
    ) -> np.ndarray:
        """Find the centres and give each point's cluster.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The data.
        y : None
            Not used.
        sample_weight : array_like of shape (n_samples,), default=None
            How often each point counts, ≥ 0; 1 by default.

        Returns
        -------
        array of int, shape (n_samples,)
            `labels_`.
        """
        return self.fit(X, sample_weight=sample_weight).labels_

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Assign points to their nearest centres.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            Points, perhaps new ones.

        Returns
        -------
        array of int, shape (n_samples,)
            The row of the nearest centre; of several equally near ones the lowest.
        """
        return CenteredPoints(self._points(X)).nearest(self.cluster_centers_)

    def _points(self, X: ArrayLike) -> np.ndarray:
        check_is_fitted(self)
        return validate_data(self, X, reset=False, dtype=(np.float64, np.float32))

    def fit_transform(
        self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None
    ) -> np.ndarray:
        """Find the centres and give every point's distances to them.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The data.
        y : None
            Not used.
        sample_weight : array_like of shape (n_samples,), default=None
            How often each point counts, ≥ 0; 1 by default.

        Returns
        -------
        array of shape (n_samples, n_clusters)
        """
        return self.fit(X, sample_weight=sample_weight).transform(X)

    def transform(self, X: ArrayLike) -> np.ndarray:
        """Give every point's distances to the centres.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            Points, perhaps new ones.

        Returns
        -------
        array of shape (n_samples, n_clusters)
            float32 if `X` is, else float64.
        """
        X = self._points(X)
        return np.sqrt(squared_distances(X, self.cluster_centers_)).astype(X.dtype, copy=False)

    def score(
        self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None
    ) -> float:
        """Give the negative inertia of points with these centres: the larger, the better.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            Points, perhaps new ones.
        y : None
            Not used.
        sample_weight : array_like of shape (n_samples,), default=None
            How often each point counts, ≥ 0; 1 by default.

        Returns
        -------
        float
        """
        X = self._points(X)
        weight = check_sample_weight(sample_weight, len(X))
        points = CenteredPoints(X)
        labels = points.nearest(self.cluster_centers_)
        return -points.inertia(labels, points.inside(self.cluster_centers_), weight)
