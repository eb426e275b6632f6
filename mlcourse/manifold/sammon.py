"""Sammon mapping: distances of a map like those of the data, the small ones above all."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._eigen import largest_eigenpairs
from mlcourse._validation import check_array, check_number, check_random_state, validate_data
from mlcourse.exceptions import ConvergenceWarning
from mlcourse.manifold._dissimilarities import check_dissimilarities, distances_in_unit
from mlcourse.manifold._iterative import _IterativeEmbedding
from mlcourse.manifold._stress import PairStress, descend_stress
from mlcourse.manifold.distances import squared_distances
from mlcourse.manifold.mds import double_centering
from mlcourse.progress import Progress

__all__ = ["SammonMapping", "SammonState", "sammon_stress", "sammon_stress_and_gradient"]

_SAME = 1e-6  # difference of two distances, in units of the largest, that may be rounding
_JITTER = 1e-3  # size of the noise on a start that has no gradient, in units of the start's
_EMPTY = 1e-12  # what may be rounding: of a width in units of the size of the map, of a stress


def sammon_stress(distances: np.ndarray, Y: np.ndarray) -> float:
    """Sammon's stress of a map: how far its distances are from those of the data.

    E = (1 / Σ_{i<j} d_ij) Σ_{i<j} (d_ij − δ_ij)² / d_ij, with d_ij the distances in the data and
    δ_ij = ‖y_i − y_j‖ those in the map.  The division by d_ij makes an error of a given size count
    the more, the smaller the distance; that by the sum makes E a number without unit.

    Parameters
    ----------
    distances : array of shape (n_samples, n_samples)
        The distances d_ij, not squared.
    Y : array of shape (n_samples, n_components)
        The map.

    Returns
    -------
    float
        E >= 0; 0 if all distances are kept.  A pair at distance 0 adds nothing if the map keeps
        that too; otherwise E is infinite.

    Raises
    ------
    ValueError
        If `distances` is not symmetric, not zero on the diagonal, or has a negative entry; if Y has
        another number of rows.

    References
    ----------
    J. W. Sammon (1969), A nonlinear mapping for data structure analysis.

    Examples
    --------
    >>> sammon_stress([[0, 2], [2, 0]], [[0.0], [1.0]])
    0.25
    """
    D, delta = _both_distances(distances, Y)
    if np.any(delta[D == 0] > 0):
        return float("inf")
    return _stress(D, delta)


def sammon_stress_and_gradient(distances: np.ndarray, Y: np.ndarray) -> tuple[float, np.ndarray]:
    """Sammon's stress of a map, and its derivative by every coordinate.

    ∂E/∂y_i = (2 / Σ_{k<l} d_kl) Σ_j (δ_ij − d_ij) / d_ij · (y_i − y_j) / δ_ij: a spring between every
    two points, with the length d_ij at rest and the stiffness 1 / d_ij.

    Parameters
    ----------
    distances : array of shape (n_samples, n_samples)
        The distances d_ij, not squared.
    Y : array of shape (n_samples, n_components)
        The map.

    Returns
    -------
    stress : float
        See `sammon_stress`.
    gradient : array of shape (n_samples, n_components)
        The derivatives.  The stress has a kink where two different points meet in the map; such a
        pair adds nothing to the gradient.

    Raises
    ------
    ValueError
        As `sammon_stress`; also if points at distance 0 are apart in the map, where the stress is
        infinite.

    References
    ----------
    J. W. Sammon (1969), A nonlinear mapping for data structure analysis.

    Examples
    --------
    >>> sammon_stress_and_gradient([[0, 2], [2, 0]], [[0.0], [1.0]])[1]
    array([[ 0.5],
           [-0.5]])
    """
    D, delta = _both_distances(distances, Y)
    Y = np.asarray(Y, dtype=float)
    apart = np.argwhere((D == 0) & (delta > 0))
    if len(apart):
        i, j = apart[0]
        raise ValueError(f"the stress is infinite: points {i} and {j} are at distance 0, and apart in Y")
    pulled = (D > 0) & (delta > 0)
    spring = np.divide(delta - D, D * delta, out=np.zeros_like(D), where=pulled)
    # D.sum() counts every pair twice.
    gradient = 4 / (D.sum() or 1.0) * (spring.sum(axis=1)[:, None] * Y - spring @ Y)
    return _stress(D, delta), gradient


def _stress(D: np.ndarray, delta: np.ndarray) -> float:
    errors = np.divide((D - delta) ** 2, D, out=np.zeros_like(D), where=D > 0)
    return float(errors.sum() / (D.sum() or 1.0))


def _both_distances(distances: np.ndarray, Y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    D = check_dissimilarities(check_array(distances, name="distances"), "distances")
    delta = np.sqrt(squared_distances(check_array(Y, name="Y")))
    if len(delta) != len(D):
        raise ValueError(f"Y must have a row for each of the {len(D)} points (it had {len(delta)})")
    return D, delta


@dataclass(frozen=True, eq=False)
class SammonState:
    """One step on the way to a Sammon mapping; safe to keep, for its map is its own copy.

    Parameters
    ----------
    iteration : int
        Number of steps done; 0 is the start.
    Y : array of shape (n_samples, n_components)
        The map after these steps.
    stress : float
        Its stress, never above that of the state before.
    converged : bool, default=False
        Whether it is the last state because there is nothing left to gain (see `tol`).
    """

    iteration: int
    Y: np.ndarray = field(repr=False)
    stress: float
    converged: bool = False


class SammonMapping(_IterativeEmbedding):
    """Sammon mapping: the map whose distances differ least from those of the data, each error by its distance.

    Minimises Sammon's stress (`sammon_stress`) by L-BFGS, from a start on: every step goes down.

    Parameters
    ----------
    n_components : int, default=2
        Dimensions of the map, >= 1.
    metric : {"euclidean", "precomputed"}, default="euclidean"
        Whether distances are computed from data, or given in its place.
    init : {"pca", "random"} or array of shape (n_samples, n_components), default="pca"
        Start: the first principal components (with metric="precomputed" their equivalent from
        distances, classical MDS); Gaussian noise as wide as the data; or any map, of which only the
        centre is moved, to 0.
    max_iter : int, default=300
        Largest number of steps, >= 1.
    tol : float, default=1e-7
        >= 0; it stops where a step of the majorising method SMACOF is sure to lower the stress by no
        more than this share of it, or where the stress is below tol² (the distances are then
        right to about the share tol).
    verbose : int, default=0
        Every `callback_every` steps; 1: a progress bar if the package tqdm is installed, lines if
        not; 2: lines.
    callback : callable, default=None
        Called with a `mlcourse.progress.Progress` every `callback_every` steps and at the last; the
        descent ends if it returns True.
    callback_every : int, default=50
        Steps between two calls, and between two reports of `verbose`.
    random_state : int, Generator, RandomState or None, default=None
        For the random start, and for the noise on a start that has none of its own (see the notes).

    Attributes
    ----------
    embedding_ : array of shape (n_samples, n_components)
        The map.
    stress_ : float
        Its stress.
    n_iter_ : int
        Number of steps done.
    n_features_in_ : int
        Number of features of X; with distances, n_samples.

    See Also
    --------
    mlcourse.manifold.ClassicalMDS : Large distances count most; a closed form, no descent.

    Notes
    -----
    Copies.  A distance of 0 has an infinite weight, and Sammon left open what then happens.  Here it
    is taken at its word: points at distance 0 (or below 2e-16 of the largest distance) are drawn at
    one place, which counts as often as there are points.

    Start.  Where a start puts different points on one spot, or leaves a dimension of the map empty,
    the stress may have no slope although it is not least.  Such a start gets noise of a
    thousandth of its size.

    The stress has many local minima: another start may end in another map.  O(n²) time a step;
    memory about 40 n² bytes.  It computes in float64; of float32 data the map is float32.

    References
    ----------
    J. W. Sammon (1969), A nonlinear mapping for data structure analysis;
    J. de Leeuw and P. Mair (2009), Multidimensional scaling using majorization: SMACOF in R
    (weighted stress, and the bound of the stopping rule);
    J. Nocedal (1980), Updating quasi-Newton matrices with limited storage (L-BFGS).

    Examples
    --------
    >>> corners = [[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    >>> round(SammonMapping().fit(corners).stress_, 3)
    0.045
    """

    _preserves_dtype = ("float64", "float32")

    def __init__(
        self,
        n_components: int = 2,
        *,
        metric: str = "euclidean",
        init: str | ArrayLike = "pca",
        max_iter: int = 300,
        tol: float = 1e-7,
        verbose: int = 0,
        callback: Callable[[Progress], bool | None] | None = None,
        callback_every: int = 50,
        random_state: int | np.random.Generator | None = None,
    ):
        self.n_components = n_components
        self.metric = metric
        self.init = init
        self.max_iter = max_iter
        self.tol = tol
        self.verbose = verbose
        self.callback = callback
        self.callback_every = callback_every
        self.random_state = random_state

    def steps(self, X: ArrayLike, y: Any = None) -> Iterator[SammonState]:
        """Go from the start to the end of a fit, one state at a time.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features) or (n_samples, n_samples)
            The data, at least two points; with metric="precomputed" the distances between them,
            symmetric with zeros on the diagonal.
        y : None
            Not used.

        Returns
        -------
        iterator of SammonState
            State 0 is the start; the last is what `fit` stores.  States can be kept.

        Raises
        ------
        ValueError, TypeError
            At the call, if the data or a parameter is not allowed.
        """
        X = validate_data(self, X, reset=True, dtype=(np.float64, np.float32), min_samples=2)
        self._output_dtype = X.dtype
        check_number(self.n_components, "n_components", low=1, integer=True)
        check_number(self.max_iter, "max_iter", low=1, integer=True)
        check_number(self.tol, "tol", low=0)
        rng = check_random_state(self.random_state)
        _, sq_distances, exponent = distances_in_unit(X, self.metric)
        distances = np.sqrt(sq_distances)  # in the unit 2^exponent, in which all is computed
        place = _places(distances)  # the points, of which some may share a place
        first, counts = np.unique(place, return_index=True, return_counts=True)[1:]
        Y0 = self._start(X, sq_distances, exponent, rng)
        Y0 = np.stack([np.bincount(place, column) for column in Y0.T], axis=1) / counts[:, None]
        stress = PairStress(distances[np.ix_(first, first)], counts)
        states = descend_stress(stress, _with_slope(Y0, stress, rng), max_iter=self.max_iter, tol=self.tol)
        return self._watched(
            SammonState(iteration, np.ldexp(Y - Y[place].mean(axis=0), exponent)[place], value, converged)
            for iteration, (Y, value, converged) in enumerate(states)
        )

    def _start(self, X: np.ndarray, sq_distances: np.ndarray, exponent: int, rng: np.random.Generator) -> np.ndarray:
        """The start in the distances' unit."""
        n, m = shape = (len(X), self.n_components)
        Y0 = self._given_start(shape)
        if Y0 is not None:
            return np.ldexp(Y0, -exponent)
        if self.init == "random":
            # Points of this standard deviation have the data's mean squared distance.
            return np.sqrt(sq_distances.sum() / (n * (n - 1)) / (2 * m)) * rng.standard_normal(shape)
        if self.metric == "euclidean":
            return self._principal_components(np.ldexp(X.astype(float), -exponent))
        if m > n:
            raise ValueError(f'init="pca" needs n_components <= n_samples = {n} (it was {m}); init="random" does not')
        eigenvalues, vectors = largest_eigenpairs(double_centering(sq_distances), m)
        return vectors * np.sqrt(np.maximum(eigenvalues, 0))

    def _describe(self, state: SammonState) -> str:
        return f"stress {state.stress:.5f}"

    def _keep(self, state: SammonState) -> None:
        self.stress_ = state.stress
        if state.iteration == self.max_iter and not state.converged:
            warnings.warn(
                f"max_iter = {self.max_iter} steps were not enough: the stress was still falling; raise max_iter or tol",
                ConvergenceWarning,
                stacklevel=3,
            )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = self.metric == "precomputed"
        return tags


def _places(distances: np.ndarray) -> np.ndarray:
    """For every point the number of its place; points at distance 0 have the same."""
    D, largest = distances, distances.max()
    first = np.argmax(np.finfo(float).eps * largest >= D, axis=1)  # its first copy, if only itself
    while np.any(first != first[first]):
        first = first[first]
    copies = np.flatnonzero(first != np.arange(len(D)))
    differences = np.abs(D[copies] - D[first[copies]])
    if len(copies) and differences.max() > _SAME * largest:
        row, k = np.unravel_index(differences.argmax(), differences.shape)
        i, j = first[copies[row]], copies[row]
        raise ValueError(
            f"X gives {i} and {j} the distance 0, but other distances to {k} ({D[i, k]:.6g} and {D[j, k]:.6g} of the largest "
            f"{largest:.6g}): give them a distance above 0, or make them equal"
        )
    return np.unique(first, return_inverse=True)[1]


def _with_slope(Y: np.ndarray, stress: PairStress, rng: np.random.Generator) -> np.ndarray:
    """The start; with some noise if points are on one spot or a dimension is empty."""
    size = np.abs(Y).max() or stress.distances.max()
    empty = np.any(np.ptp(Y, axis=0) <= _EMPTY * size)
    if (empty or len(np.unique(Y, axis=0)) < len(Y)) and stress(Y)[0] > _EMPTY:
        return Y + _JITTER * size * rng.standard_normal(Y.shape)
    return Y
