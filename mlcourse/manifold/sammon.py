"""Sammon mapping: distances of a map like those of the data, the small ones above all."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._eigen import largest_eigenpairs
from mlcourse._validation import check_number, check_random_state, validate_data
from mlcourse.exceptions import ConvergenceWarning
from mlcourse.manifold._dissimilarities import distances_in_unit
from mlcourse.manifold._iterative import _IterativeEmbedding
from mlcourse.manifold._stress import PairStress, descend_stress
from mlcourse.manifold.mds import double_centering
from mlcourse.progress import Progress

__all__ = ["SammonMapping", "SammonState"]

_JITTER = 1e-3  # size of the noise on a start that has no gradient, in units of the start's
_EMPTY = 1e-12  # what may be rounding: of a width in units of the size of the map, of a stress


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
    """Sammon mapping: the distances of the map like those of the data, the small ones above all.

    It goes down Sammon's stress (`sammon_stress`) from a start to a minimum; no step goes up.

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
        >= 0; it stops where a step of SMACOF is sure to lower the stress by no more than this share
        of it, or where the stress is below tol² (the distances are then right to about the share
        tol).
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
    Copies.  A distance of 0 has an infinite weight.  Here it is taken at its word: points at
    distance 0 (or below 2e-16 of the largest distance) are drawn at one place, which counts as
    often as there are points.  That is also the limit of points that come closer and closer.

    Start.  Where a start puts different points on one spot, or leaves a dimension of the map empty,
    the stress may have no slope although it is not least.  Such a start gets noise of a
    thousandth of its size.

    The stress has many local minima: another start may end in another map.

    The way down.  SMACOF lays a parabola above the stress that touches it at the map and goes to
    its lowest point, which is never up; L-BFGS corrects such steps by what the last ones taught.
    To come within 0.1 % of the end, that took about a quarter to a half of SMACOF's evaluations of
    the stress (digits, clusters, Swiss roll), and a quarter or less of those of Sammon's own
    method, a Newton step for every coordinate by itself.  O(n²) time a step, O(n³) once before
    them; memory about 50 n² bytes.  It computes in float64; of float32 data the map is float32.

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
    0.009
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
        place = _places(distances)
        Y0 = self._start(X, sq_distances, exponent, rng)
        means = [np.bincount(place, column) for column in Y0.T] / np.bincount(place)
        stress = PairStress(distances, place)
        start = _with_slope(means.T, stress, rng)
        states = descend_stress(stress, start, max_iter=self.max_iter, tol=self.tol)

        def in_the_unit_of_the_data(Y: np.ndarray) -> np.ndarray:
            return np.ldexp(Y[place] - Y[place].mean(axis=0), exponent)

        return self._watched(
            SammonState(iteration, in_the_unit_of_the_data(Y), value, converged)
            for iteration, (Y, value, converged) in enumerate(states)
        )

    def _start(
        self, X: np.ndarray, sq_distances: np.ndarray, exponent: int, rng: np.random.Generator
    ) -> np.ndarray:
        """The start in the distances' unit."""
        n, m = shape = (len(X), self.n_components)
        Y0 = self._given_start(shape)
        if Y0 is not None:
            return np.ldexp(Y0, -exponent)
        if self.init == "random":
            # Points of this standard deviation have the data's mean squared distance.
            deviation = np.sqrt(sq_distances.sum() / (n * (n - 1)) / (2 * m))
            return deviation * rng.standard_normal(shape)
        if self.metric == "euclidean":
            return self._principal_components(np.ldexp(X.astype(float), -exponent))
        if m > n:
            raise ValueError(
                f'init="pca" needs n_components <= n_samples = {n} (it was {m}); '
                'init="random" does not'
            )
        eigenvalues, vectors = largest_eigenpairs(double_centering(sq_distances), m)
        return vectors * np.sqrt(np.maximum(eigenvalues, 0))

    def _describe(self, state: SammonState) -> str:
        return f"stress {state.stress:.5f}"

    def _keep(self, state: SammonState) -> None:
        self.stress_ = state.stress
        if state.iteration == self.max_iter and not state.converged:
            warnings.warn(
                f"max_iter = {self.max_iter} steps were not enough: "
                "the stress was still falling; raise max_iter or tol",
                ConvergenceWarning,
                stacklevel=3,
            )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = tags.input_tags.positive_only = self.metric == "precomputed"
        return tags


def _places(distances: np.ndarray) -> np.ndarray:
    """For every point the number of its place; points at distance 0 have the same."""
    same = distances <= np.finfo(float).eps * distances.max()
    place = np.arange(len(distances))
    if np.count_nonzero(same) > len(distances):
        lowest = np.where(same, place, len(place)).min(axis=1)
        while np.any(lowest != place):  # the copies of its copies are its copies
            place, lowest = lowest, np.where(same, lowest, len(place)).min(axis=1)
    return np.unique(place, return_inverse=True)[1]


def _with_slope(Y: np.ndarray, stress: PairStress, rng: np.random.Generator) -> np.ndarray:
    """The start; with some noise if points are on one spot or a dimension is empty."""
    size = np.abs(Y).max() or stress.distances.max()
    empty = np.any(np.ptp(Y, axis=0) <= _EMPTY * size)
    if (empty or len(np.unique(Y, axis=0)) < len(Y)) and stress(Y)[0] > _EMPTY:
        return Y + _JITTER * size * rng.standard_normal(Y.shape)
    return Y
