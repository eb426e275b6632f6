"""Locally linear embedding: in the map, too, every point is the same mean of its neighbours."""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._principal_axes import _with_positive_peaks
from mlcourse._validation import check_array, check_is_fitted, check_number, validate_data
from mlcourse.base import BaseEstimator, TransformerMixin
from mlcourse.manifold._inverse_iteration import smallest_eigenpairs
from mlcourse.manifold.graph import (
    check_graph,
    check_indices,
    connected_components,
    in_unit,
    neighbors_among,
)
from mlcourse.neighbors import nearest_neighbors

__all__ = ["LocallyLinearEmbedding", "barycenter_weights", "bottom_eigenvectors", "lle_cost_matrix"]

_SMALLEST_REG = 1e-10  # below this, rounding would decide
_COORDINATES = 2**18  # of differences that are treated at a time: 2 MB
_FEW = 100  # points up to which all eigenvectors cost no more than some


def barycenter_weights(
    X: ArrayLike, indices: ArrayLike, reg: float = 1e-3, *, points: ArrayLike | None = None
) -> np.ndarray:
    """Write every point as a weighted mean of its neighbours, as well as that can be done.

    The weights of point i make ‖x_i − Σ_j w_ij x_j‖² smallest under the condition Σ_j w_ij = 1.
    With G_jk = (x_j − x_i)·(x_k − x_i) that is wᵀGw, and Lagrange's multiplier gives G w ∝ 1: solve
    that, and divide by the sum.  Where a point has more neighbours than features, or copies among
    them, G is singular; so reg times its trace is added to its diagonal, which also keeps the
    weights from being large and of both signs.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Points.
    indices : array_like of int, shape (n_samples, n_neighbors)
        The neighbours of every point, which it is not among itself; see `neighbors_graph`.
    reg : float, default=1e-3
        How much is added, in units of the trace; >= 0.  Less than 1e-10 counts as 1e-10.
    points : array_like of shape (n_points, n_features) or None
        Other points, if the neighbours are among those; by default `X`.

    Returns
    -------
    array of shape (n_samples, n_neighbors)
        The weights; every row sums to 1.  A point all of whose neighbours are copies of it weighs
        them equally.

    References
    ----------
    S. T. Roweis and L. K. Saul (2000), Nonlinear dimensionality reduction by locally linear
    embedding.

    Examples
    --------
    >>> barycenter_weights([[0.0], [1.0], [4.0]], [[1, 2], [0, 2], [0, 1]], reg=0).round(3)
    array([[ 1.333, -0.333],
           [ 0.75 ,  0.25 ],
           [-3.   ,  4.   ]])
    """
    X = check_array(X)
    points = X if points is None else check_array(points, name="points")
    if X.shape[1] != points.shape[1]:
        raise ValueError(
            f"points must have the {X.shape[1]} features of X (they had {points.shape[1]})"
        )
    indices = check_indices(indices, len(points))
    if len(X) != len(indices):
        raise ValueError(
            f"X must have a row for each of the {len(indices)} of indices (it had {len(X)})"
        )
    reg = max(check_number(reg, "reg", low=0), _SMALLEST_REG)
    exponent = max(in_unit(X)[1], in_unit(points)[1])
    X, points = np.ldexp(X, -exponent), np.ldexp(points, -exponent)
    n, k = indices.shape
    weights = np.empty((n, k))
    step = max(1, _COORDINATES // (k * max(k, X.shape[1])))
    for start in range(0, n, step):
        some = slice(start, start + step)
        edges = points[indices[some]] - X[some, None]
        # Each point in a unit of its own, so that no square vanishes.
        edges = np.ldexp(edges, -np.frexp(np.abs(edges).max(axis=(1, 2), keepdims=True))[1])
        G = edges @ edges.transpose(0, 2, 1)
        trace = np.trace(G, axis1=1, axis2=2)
        G[:, np.arange(k), np.arange(k)] += reg * np.where(trace > 0, trace, 1.0)[:, None]
        solution = np.linalg.solve(G, np.ones((len(G), k, 1)))[:, :, 0]
        weights[some] = solution / solution.sum(axis=1, keepdims=True)
    return weights


def lle_cost_matrix(indices: ArrayLike, weights: ArrayLike) -> np.ndarray:
    """Build the matrix M = (I − W)ᵀ(I − W) of LLE's cost, with all its zeros.

    The cost of a map Y is Σ_i ‖y_i − Σ_j w_ij y_j‖² = tr(YᵀMY).

    Parameters
    ----------
    indices : array_like of int, shape (n_samples, n_neighbors)
        The neighbours of every point.
    weights : array_like of shape (n_samples, n_neighbors)
        Their weights (`barycenter_weights`).

    Returns
    -------
    array of shape (n_samples, n_samples)
        Symmetric and positive semidefinite.  Where the weights of each point sum to 1, its rows sum
        to 0: the vector of equal entries has the eigenvalue 0.

    Examples
    --------
    >>> lle_cost_matrix([[1], [0]], [[1.0], [1.0]])
    array([[ 2., -2.],
           [-2.,  2.]])
    """
    indices, weights = check_graph(indices, weights, name="weights", low=None)
    I_W = np.eye(len(indices))
    np.subtract.at(I_W, (np.arange(len(indices))[:, None], indices), weights)
    return I_W.T @ I_W


def bottom_eigenvectors(M: ArrayLike, n_vectors: int) -> tuple[np.ndarray, np.ndarray]:
    """Find the eigenvectors of the smallest eigenvalues, the plain way.

    The vector of equal entries is left out: its eigenvalue is 0, for all points in one place cost
    nothing, and it says nothing.  Adding the same number to all entries of M moves this eigenvalue
    alone, here beyond all others.  Then all eigenvectors are computed, in O(n³) time.

    Parameters
    ----------
    M : array_like of shape (n_samples, n_samples)
        Symmetric and positive semidefinite, with rows that sum to 0 (`lle_cost_matrix`).
    n_vectors : int
        How many, 1 <= n_vectors <= n_samples − 1.

    Returns
    -------
    eigenvalues : array of shape (n_vectors,)
        In ascending order.
    eigenvectors : array of shape (n_samples, n_vectors)
        Orthonormal columns with the mean 0; in each, the entry of largest magnitude is positive.
    """
    M = check_array(M, name="M", min_samples=2)
    n = len(M)
    if M.shape[1] != n:
        raise ValueError(f"M must be square (its shape was {M.shape})")
    k = check_number(
        n_vectors, "n_vectors", low=1, high=n - 1, high_name="n_samples - 1", integer=True
    )
    eigenvalues, eigenvectors = np.linalg.eigh(M + 2 * np.trace(M) / n)
    return eigenvalues[:k], _with_positive_peaks(eigenvectors[:, :k].T).T


class LocallyLinearEmbedding(TransformerMixin, BaseEstimator):
    """Locally linear embedding (LLE): each point is the same mean of its neighbours in the map, too.

    Three steps: find the nearest neighbours of every point (`nearest_neighbors`); write it as a
    weighted mean of them (`barycenter_weights`); find the map in which these weights fit best,
    the y_i that make Σ_i ‖y_i − Σ_j w_ij y_j‖² smallest.  So that the points do not all fall into
    one place, the columns of the map are to have length 1, the mean 0 and no correlation; then the
    best are the eigenvectors of the smallest eigenvalues of `lle_cost_matrix`.

    Parameters
    ----------
    n_neighbors : int, default=5
        Neighbours of each point, 1 <= n_neighbors <= n_samples - 1.
    n_components : int, default=2
        Dimensions of the map, 1 <= n_components <= n_samples - 1.
    reg : float, default=1e-3
        Regularisation of the weights, >= 0; see `barycenter_weights`.

    Attributes
    ----------
    embedding_ : array of shape (n_samples, n_components)
        The map.  Its columns are orthonormal, from the one that fits best on; in each, the entry of
        largest magnitude is positive.
    reconstruction_error_ : float
        Σ_i ‖y_i − Σ_j w_ij y_j‖², the sum of the eigenvalues of the columns.
    n_features_in_ : int
        Number of features of X.

    Notes
    -----
    It is scikit-learn's method "standard".  The eigenvectors come from inverse iteration with a
    block tridiagonal Cholesky factor; in the few cases where that does not converge, and for up to
    100 points, from `bottom_eigenvectors`; a test holds both equal.  For points on a surface the
    memory is O(n b) and the time O(n² d + n b²), where b, the width of the surface in points, grows
    like √n; if they fill many dimensions b is about n.

    References
    ----------
    S. T. Roweis and L. K. Saul (2000), Nonlinear dimensionality reduction by locally linear
    embedding.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.linspace(0, 3, 50)
    >>> X = np.column_stack([np.cos(t), np.sin(t)])
    >>> Y = LocallyLinearEmbedding(n_neighbors=4, n_components=1).fit_transform(X)
    >>> bool(np.all(np.diff(Y[:, 0]) > 0) or np.all(np.diff(Y[:, 0]) < 0))
    True
    """

    def __init__(self, *, n_neighbors: int = 5, n_components: int = 2, reg: float = 1e-3):
        self.n_neighbors = n_neighbors
        self.n_components = n_components
        self.reg = reg

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
            If the graph of the neighbours is in parts.  Then the eigenvalue 0 occurs as many times,
            and the first columns only tell the parts apart.
        """
        X = validate_data(self, X, reset=True, min_samples=2)
        n_components = check_number(
            self.n_components,
            "n_components",
            low=1,
            high=len(X) - 1,
            high_name="n_samples - 1",
            integer=True,
        )
        self._points, self._exponent = in_unit(X)
        indices, _ = nearest_neighbors(self._points, self.n_neighbors)
        self._n_neighbors = indices.shape[1]
        n_parts = connected_components(indices).max() + 1
        if n_parts > 1:
            warnings.warn(
                f"the graph of the {self.n_neighbors} nearest neighbours is in {n_parts} parts, "
                "between which LLE knows no distances: with more neighbours it may be in one",
                stacklevel=2,
            )
        weights = barycenter_weights(self._points, indices, self.reg)
        found = smallest_eigenpairs(indices, weights, n_components) if len(X) > _FEW else None
        if found is None:
            found = bottom_eigenvectors(lle_cost_matrix(indices, weights), n_components)
        self.embedding_ = _with_positive_peaks(found[1].T).T
        errors = self.embedding_ - np.einsum("ij,ijk->ik", weights, self.embedding_[indices])
        self.reconstruction_error_ = float(np.sum(errors**2))
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

        It is the same mean of their neighbours' places as they are of the neighbours.

        Parameters
        ----------
        X : array_like of shape (n_new, n_features)
            New points.  A known one counts as its own neighbour, and so gets a place near that in
            `embedding_`, not quite the same.

        Returns
        -------
        array of shape (n_new, n_components)
            Their places.
        """
        check_is_fitted(self)
        X = validate_data(self, X, reset=False)
        scaled = np.ldexp(X, -self._exponent)
        indices, _ = neighbors_among(scaled, self._points, self._n_neighbors)
        weights = barycenter_weights(scaled, indices, self.reg, points=self._points)
        return np.einsum("ij,ijk->ik", weights, self.embedding_[indices])
