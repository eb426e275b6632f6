"""Agglomerative clustering: a tree of merges, cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_choice, check_number, validate_data
from mlcourse.base import BaseEstimator, ClusterMixin
from mlcourse.cluster.linkage import cut_tree, linkage_tree

__all__ = ["AgglomerativeClustering"]


class AgglomerativeClustering(ClusterMixin, BaseEstimator):
    """Clusters that come from merging the nearest two until enough of them are left.

    Parameters
    ----------
    n_clusters : int or None, default=2
        How many clusters to leave; None with a `distance_threshold`.
    metric : str or callable, default="euclidean"
        How near two points are: "euclidean" (or "l2"), "manhattan" ("l1", "cityblock"), "cosine",
        "precomputed" (X is then the matrix of distances), or a function that gives this matrix.
    linkage : {"ward", "complete", "average", "single"}, default="ward"
        How near two clusters are: see `linkage_tree`.  Ward's needs the Euclidean metric.
    distance_threshold : float or None, default=None
        The distance from which on clusters are left apart; None with `n_clusters`.
    compute_distances : bool, default=False
        Whether to keep the heights of the merges without a threshold too, for a dendrogram.

    Attributes
    ----------
    labels_ : array of int, shape (n_samples,)
        The cluster of each point, numbered by their first points.
    n_clusters_ : int
        How many clusters there are.
    n_leaves_ : int
        How many points there are.
    n_connected_components_ : int
        1: every point can be reached from every other.
    children_ : array of int, shape (n_samples − 1, 2)
        The merges: node i < n_samples is point i, node n_samples + i is made by merge i.
    distances_ : array of shape (n_samples − 1,)
        The distance at each merge, ascending; with `distance_threshold` or `compute_distances`.
    n_features_in_ : int
        The number of features in `fit`.

    See Also
    --------
    linkage_tree : The tree; time, memory and sources.
    cut_tree : The clusters of a tree.

    Examples
    --------
    >>> AgglomerativeClustering(n_clusters=2).fit_predict([[0.0], [1.0], [5.0], [7.0]])
    array([0, 0, 1, 1])
    """

    def __init__(
        self,
        n_clusters: int | None = 2,
        *,
        metric: str | Callable = "euclidean",
        linkage: str = "ward",
        distance_threshold: float | None = None,
        compute_distances: bool = False,
    ):
        self.n_clusters = n_clusters
        self.metric = metric
        self.linkage = linkage
        self.distance_threshold = distance_threshold
        self.compute_distances = compute_distances

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Build the tree and cut it.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The data, two points or more; or their distances (n_samples, n_samples).
        y : None
            Not used.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If there is one point only, there are fewer points than clusters, or parameters do not
            fit each other.
        """
        X = validate_data(self, X, reset=True, min_samples=2)
        check_choice(self.compute_distances, "compute_distances", (True, False))
        if (self.n_clusters is None) == (self.distance_threshold is None):
            raise ValueError(
                "exactly one of n_clusters and distance_threshold must be given, the other be None "
                f"(they were {self.n_clusters!r} and {self.distance_threshold!r})"
            )
        if self.n_clusters is None:
            check_number(self.distance_threshold, "distance_threshold", low=0)
        else:
            n = len(X)
            check_number(
                self.n_clusters, "n_clusters", low=1, high=n, high_name="n_samples", integer=True
            )
        self.children_, heights = linkage_tree(X, self.linkage, self.metric)
        self.n_leaves_ = len(X)
        self.n_connected_components_ = 1
        if self.n_clusters is None:
            self.n_clusters_ = int(np.count_nonzero(heights >= self.distance_threshold)) + 1
        else:
            self.n_clusters_ = int(self.n_clusters)
        if self.n_clusters is None or self.compute_distances:
            self.distances_ = heights
        elif hasattr(self, "distances_"):
            del self.distances_  # of an earlier fit
        self.labels_ = cut_tree(self.children_, self.n_clusters_)
        return self

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = self.metric == "precomputed"
        return tags
