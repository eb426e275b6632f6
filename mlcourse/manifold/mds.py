"""Classical multidimensional scaling: from distances back to points."""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._eigen import largest_eigenpairs
from mlcourse._validation import check_array, check_number, validate_data
from mlcourse.base import BaseEstimator, TransformerMixin
from mlcourse.manifold._dissimilarities import distances_in_unit

__all__ = ["ClassicalMDS", "classical_mds", "double_centering"]

_NEGATIVE = 1e-6  # share of the largest eigenvalue below which a negative one may be rounding


def double_centering(sq_distances: np.ndarray) -> np.ndarray:
    """Turn squared distances into inner products of the points about their mean.

    B = −½ J D² J (eq-double-centering) with J = I − 11ᵀ/n: from every entry the mean of its row and
    of its column is subtracted and the mean of all is added; then it is multiplied by −½.  If the
    squared distances are those of points x_i, then b_ij = (x_i − x̄)·(x_j − x̄).

    Parameters
    ----------
    sq_distances : array of shape (n_samples, n_samples)
        Squared distances.

    Returns
    -------
    array of shape (n_samples, n_samples)
        B; its rows and its columns add up to 0.

    Raises
    ------
    ValueError
        If `sq_distances` is not square, not finite, or so large that a sum of it is not.

    References
    ----------
    W. S. Torgerson (1952), Multidimensional scaling: I. Theory and method;
    J. C. Gower (1966), Some distance properties of latent root and vector methods used in
    multivariate analysis.

    Examples
    --------
    >>> double_centering([[0, 4], [4, 0]])
    array([[ 1., -1.],
           [-1.,  1.]])
    """
    D2 = check_array(sq_distances, name="sq_distances")
    if D2.shape[0] != D2.shape[1]:
        raise ValueError(f"sq_distances must be square, (n, n) (its shape was {D2.shape})")
    with np.errstate(over="ignore"):
        rows, columns = D2.mean(axis=1), D2.mean(axis=0)
        mean = rows.mean()
    if not np.isfinite(mean):
        raise ValueError(
            "sq_distances holds numbers too large for their mean: divide it by a constant first"
        )
    B = D2 - columns
    B -= (rows - mean)[:, None]
    B *= -0.5
    return B


def classical_mds(sq_distances: np.ndarray, n_components: int) -> tuple[np.ndarray, np.ndarray]:
    """Find points whose inner products come closest to those that the squared distances imply.

    With the largest eigenvalues λ_k of B (`double_centering`) and their eigenvectors v_k, the k-th
    coordinate of the points is √λ_k v_k (eq-classical-mds): the best approximation of B by the
    inner products of points in that many dimensions.  From Euclidean distances it gives the scores
    of PCA.

    Distances that are not Euclidean, as along a graph or as people judge them, give B negative
    eigenvalues as well.  No real coordinate has a negative sum of squares, so where one of those is
    among the n_components largest, the points get the coordinate 0 there.

    Parameters
    ----------
    sq_distances : array of shape (n_samples, n_samples)
        Squared distances between the points, symmetric.
    n_components : int
        How many coordinates, 1 <= n_components <= n_samples.

    Returns
    -------
    scores : array of shape (n_samples, n_components)
        The coordinates.  Each column has the mean 0, and its entry of largest magnitude is
        positive, as in `PCA`.  It is 0 where the eigenvalue is not above the rounding error,
        2e-16 · n_samples of the largest.
    eigenvalues : array of shape (n_components,)
        The largest eigenvalues of B in descending order, the sums of squares of the columns of
        `scores` where they are positive.

    Raises
    ------
    ValueError
        If `sq_distances` is not square, not finite or too large, or `n_components` is out of range.

    Warns
    -----
    UserWarning
        If an eigenvalue is negative by more than rounding.

    References
    ----------
    W. S. Torgerson (1952), Multidimensional scaling: I. Theory and method;
    J. C. Gower (1966), Some distance properties of latent root and vector methods used in
    multivariate analysis.

    Examples
    --------
    >>> classical_mds([[0, 4], [4, 0]], 1)[1]
    array([2.])
    """
    B = double_centering(sq_distances)
    n = len(B)
    m = check_number(
        n_components, "n_components", low=1, high=n, high_name="n_samples", integer=True
    )
    eigenvalues, vectors = largest_eigenpairs(B, m)
    largest = np.abs(eigenvalues).max()
    n_negative = np.count_nonzero(eigenvalues < -_NEGATIVE * largest)
    if n_negative:
        warnings.warn(
            f"the distances are not Euclidean: {n_negative} of the {m} largest eigenvalues are "
            f"negative (the lowest is {eigenvalues[-1] / largest:.3g} of the largest), and so many "
            "coordinates are 0",
            stacklevel=2,
        )
    known = eigenvalues > np.finfo(float).eps * n * largest
    return vectors * np.sqrt(np.where(known, eigenvalues, 0)), eigenvalues


class ClassicalMDS(TransformerMixin, BaseEstimator):
    """Classical multidimensional scaling, also called principal coordinates analysis.

    It places points so that their inner products about the mean come closest to those that the
    distances imply (`classical_mds`).  From Euclidean distances it is PCA; but it needs the
    distances only.

    Parameters
    ----------
    n_components : int, default=2
        Dimensions of the map, 1 <= n_components <= n_samples.
    metric : {"euclidean", "precomputed"}, default="euclidean"
        Whether distances are computed from data, or given in its place.

    Attributes
    ----------
    embedding_ : array of shape (n_samples, n_components)
        The map.  In each column the entry of largest magnitude is positive.
    eigenvalues_ : array of shape (n_components,)
        The largest eigenvalues of the doubly centred matrix in descending order: the sums of
        squares of the map's columns where they are positive.
    dissimilarity_matrix_ : array of shape (n_samples, n_samples)
        The distances.
    n_features_in_ : int
        Number of features of X; with distances, n_samples.

    See Also
    --------
    mlcourse.decomposition.PCA : Quicker from data, and it has a place for new points.
    mlcourse.manifold.SammonMapping : Weighs small distances more.

    Notes
    -----
    Distances that are not Euclidean may have fewer than n_components positive eigenvalues.  Then
    the columns of the others are 0, with a UserWarning (in scikit-learn they are NaN).

    Only the largest eigenvalues are computed, by Lanczos iteration: O(n²) time for a few
    components, where all of them take O(n³).  Memory: about 30 n² bytes.  It computes in float64;
    of float32 data the map and the distances are float32.

    References
    ----------
    W. S. Torgerson (1952), Multidimensional scaling: I. Theory and method;
    J. C. Gower (1966), Some distance properties of latent root and vector methods used in
    multivariate analysis.

    Examples
    --------
    >>> ClassicalMDS(1).fit_transform([[0.0, 0.0], [6.0, 8.0], [9.0, 12.0]]).round(6)
    array([[ 8.333333],
           [-1.666667],
           [-6.666667]])
    """

    _preserves_dtype = ("float64", "float32")

    def __init__(self, n_components: int = 2, *, metric: str = "euclidean"):
        self.n_components = n_components
        self.metric = metric

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Find the map.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features) or (n_samples, n_samples)
            The data, at least two points; with metric="precomputed" the distances between them,
            symmetric with zeros on the diagonal.
        y : None
            Not used.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If a parameter is out of range, X is not as it has to be, or an eigenvalue exceeds the
            largest float.
        """
        X = validate_data(self, X, reset=True, dtype=(np.float64, np.float32), min_samples=2)
        distances, sq_distances, exponent = distances_in_unit(X, self.metric)
        scores, eigenvalues = classical_mds(sq_distances, self.n_components)
        with np.errstate(over="ignore"):
            self.eigenvalues_ = np.ldexp(eigenvalues, 2 * exponent)
        if not np.isfinite(self.eigenvalues_).all():
            raise ValueError(
                "X holds numbers too large for their squares to be added: "
                "divide it by a constant first"
            )
        self.embedding_ = np.ldexp(scores, exponent).astype(X.dtype, copy=False)
        self.dissimilarity_matrix_ = distances.astype(X.dtype, copy=False)
        return self

    def fit_transform(self, X: ArrayLike, y: Any = None) -> np.ndarray:
        """Find the map and return it.  (There is no transform: new points have no place in it.)

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features) or (n_samples, n_samples)
            The data, at least two points; with metric="precomputed" the distances between them,
            symmetric with zeros on the diagonal.
        y : None
            Not used.

        Returns
        -------
        array of shape (n_samples, n_components)
            The map, `embedding_`.
        """
        return self.fit(X).embedding_

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = tags.input_tags.positive_only = self.metric == "precomputed"
        return tags
