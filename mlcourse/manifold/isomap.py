"""Isomap: classical multidimensional scaling of distances along the graph of nearest neighbours."""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_is_fitted, check_number, validate_data
from mlcourse.base import BaseEstimator, TransformerMixin
from mlcourse.manifold.graph import (
    connect_components,
    connected_components,
    in_unit,
    neighbors_among,
    neighbors_graph,
)
from mlcourse.manifold.mds import classical_mds, double_centering
from mlcourse.manifold.paths import shortest_paths

__all__ = ["Isomap"]

_BLOCK = 2**17  # distances from new points that are treated at a time: 1 MB, which the cache holds


class Isomap(TransformerMixin, BaseEstimator):
    """Isomap: a map whose straight lines are as long as the shortest ways along the data.

    Three steps: join every point to its nearest neighbours (`neighbors_graph`); take the lengths of
    the shortest paths along this graph, the geodesic distances (`shortest_paths`); place points at
    these distances as well as that can be done (`classical_mds`).

    Parameters
    ----------
    n_neighbors : int, default=5
        Neighbours of each point, 1 <= n_neighbors <= n_samples - 1.  Too few leave the graph in
        parts; with too many, edges cut across where the data folds back on itself.
    n_components : int, default=2
        Dimensions of the map, 1 <= n_components <= n_samples.

    Attributes
    ----------
    embedding_ : array of shape (n_samples, n_components)
        The map.  In each column the entry of largest magnitude is positive.
    dist_matrix_ : array of shape (n_samples, n_samples)
        The geodesic distances.
    eigenvalues_ : array of shape (n_components,)
        The sums of squares of the map's columns, in descending order; one that is not above 0
        stands for a column of zeros.
    n_features_in_ : int
        Number of features of X.

    See Also
    --------
    mlcourse.manifold.ClassicalMDS : The same of straight distances, which is PCA.

    Notes
    -----
    Time: O(n² d) for the neighbours and O(n²) for a few components; for the paths see
    `shortest_paths`.  Memory: about 28 n² bytes, of which 8 n² remain (`dist_matrix_`).  All is
    computed in float64; of float32 data the map and the distances are float32.

    References
    ----------
    J. B. Tenenbaum, V. de Silva and J. C. Langford (2000), A global geometric framework for
    nonlinear dimensionality reduction.

    Examples
    --------
    A quarter of a circle is as long as its angle.

    >>> import numpy as np
    >>> t = np.linspace(0, np.pi / 2, 100)
    >>> X = np.column_stack([np.cos(t), np.sin(t)])
    >>> Y = Isomap(n_neighbors=2, n_components=1).fit_transform(X)
    >>> abs(Y[-1] - Y[0]).round(3)
    array([1.571])
    """

    _preserves_dtype = ("float64", "float32")

    def __init__(self, *, n_neighbors: int = 5, n_components: int = 2):
        self.n_neighbors = n_neighbors
        self.n_components = n_components

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Find the map.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The data, at least two points.
        y : None
            Not used.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X or a parameter is not as it has to be.

        Warns
        -----
        UserWarning
            If the graph is in parts.  Then each part is joined to each other by the shortest edge
            between them (`connect_components`); how the map arranges the parts rests on these
            few edges.
        """
        X = validate_data(self, X, reset=True, dtype=(np.float64, np.float32), min_samples=2)
        check_number(
            self.n_components,
            "n_components",
            low=1,
            high=len(X),
            high_name="n_samples",
            integer=True,
        )
        self._points, exponent = in_unit(X)
        graph = neighbors_graph(self._points, self.n_neighbors)
        self._exponent, self._n_neighbors = exponent, graph[0].shape[1]
        n_parts = connected_components(graph[0]).max() + 1
        if n_parts > 1:
            warnings.warn(
                f"the graph of the {self.n_neighbors} nearest neighbours is in {n_parts} parts, "
                "which are joined by the shortest edges between them: with more neighbours it may "
                "be in one",
                stacklevel=2,
            )
            graph = connect_components(self._points, *graph)
        geodesics = shortest_paths(*graph)
        sq_geodesics = geodesics**2
        scores, eigenvalues = classical_mds(sq_geodesics, self.n_components)
        self._means = sq_geodesics.mean(axis=0)
        self._directions = scores / np.where(eigenvalues > 0, eigenvalues, np.inf)
        with np.errstate(over="ignore"):
            self.eigenvalues_ = np.ldexp(eigenvalues, 2 * exponent).astype(X.dtype)
            for half in (exponent // 2, exponent - exponent // 2):  # 2^exponent may be no float
                geodesics *= np.ldexp(1.0, half)
            self.dist_matrix_ = geodesics.astype(X.dtype, copy=False)
        if not (np.isfinite(self.eigenvalues_).all() and np.isfinite(self.dist_matrix_.max())):
            raise ValueError(
                "X holds numbers too large for their squares to be added: "
                "divide it by a constant first"
            )
        self.embedding_ = np.ldexp(scores, exponent).astype(X.dtype)
        return self

    def fit_transform(self, X: ArrayLike, y: Any = None) -> np.ndarray:
        """Find the map and return it.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The data, at least two points.
        y : None
            Not used.

        Returns
        -------
        array of shape (n_samples, n_components)
            The map, `embedding_`.
        """
        return self.fit(X).embedding_

    def transform(self, X: ArrayLike) -> np.ndarray:
        """Give new points a place in the map.

        From a new point the shortest way to any known one leads through one of its nearest
        neighbours among them.  Double centring of its squared distances, with the means of the
        known points, gives its inner products with these; they say where it is (Bengio et al.
        2003).

        Parameters
        ----------
        X : array_like of shape (n_new, n_features)
            New points, or known ones, which get their places in `embedding_`.

        Returns
        -------
        array of shape (n_new, n_components)
            Their places; float32 if X is, else float64.

        References
        ----------
        Y. Bengio et al. (2003), Out-of-sample extensions for LLE, Isomap, MDS, eigenmaps, and
        spectral clustering.
        """
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=(np.float64, np.float32))
        scaled = np.ldexp(X.astype(float), -self._exponent)
        indices, distances = neighbors_among(scaled, self._points, self._n_neighbors)
        n, n_components = self._directions.shape
        places = np.empty((len(X), n_components))
        step = max(1, _BLOCK // n)
        for start in range(0, len(X), step):
            some = slice(start, start + step)
            ways = np.full((len(X[some]), n), np.inf)
            for neighbor, distance in zip(indices[some].T, distances[some].T):
                from_neighbor = np.ldexp(self.dist_matrix_[neighbor].astype(float), -self._exponent)
                np.minimum(ways, from_neighbor + distance[:, None], out=ways)
            # Each row's own mean would change nothing: the columns of the directions add up to 0.
            places[some] = -0.5 * (ways**2 - self._means) @ self._directions
        return np.ldexp(places, self._exponent).astype(X.dtype)

    def reconstruction_error(self) -> float:
        """Tell how far the map's inner products are from those that the geodesic distances imply.

        Returns
        -------
        float
            The root of the sum of squares of the differences, divided by n_samples, as in
            scikit-learn.  It has the unit of squared distances.
        """
        check_is_fitted(self)
        B = double_centering(self.dist_matrix_.astype(float) ** 2)
        Y = self.embedding_.astype(float)
        B -= Y @ Y.T
        return float(np.linalg.norm(B) / len(B))
