"""Mixtures of Gaussians, found by the EM algorithm.

A mixture says: each point was made by one of k Gaussians, and nobody saw by which.  EM takes turns:
how probable is each Gaussian for each point (E step), and which Gaussians fit the points they are
probable for (M step).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from mlcourse import _mixture_covariances as cov
from mlcourse._mixture_density import MixtureDensity
from mlcourse._mixture_em import Mixture, MixtureState, Step
from mlcourse._mixture_formulas import log_gaussian_density, responsibilities, update_mixture
from mlcourse._mixture_start import check_parameters, resume, start
from mlcourse._validation import check_random_state, validate_data
from mlcourse.exceptions import ConvergenceWarning
from mlcourse.progress import watch

__all__ = [
    "GaussianMixture",
    "MixtureState",
    "log_gaussian_density",
    "responsibilities",
    "update_mixture",
]


class GaussianMixture(MixtureDensity):
    """Density of points as a weighted sum of Gaussians, fitted by the EM algorithm.

    Parameters
    ----------
    n_components : int, default=1
        How many Gaussians, at most one for each sample.
    covariance_type : {"full", "tied", "diag", "spherical"}, default="full"
        Every component has a matrix of its own; all have the same matrix; each has a variance for
        every feature; each has one variance.
    tol : float, default=1e-3
        It has converged when an iteration changes the mean log-likelihood by less, in nats.
    reg_covar : float, default=1e-6
        Added to every variance, in the squared unit of the data: a component on a single point
        keeps a density that is finite.
    max_iter : int, default=100
        Iterations at most.
    n_init : int, default=1
        How many starts; the result with the highest log-likelihood is kept.
    init_params : {"kmeans", "k-means++", "random", "random_from_data"}, default="kmeans"
        The start: the clusters that k-means finds; each point belongs to the nearest of the centres
        that k-means++ draws, or of points that are drawn from the data; random responsibilities.
    weights_init : array_like of shape (n_components,), default=None
        Weights to start from, instead.
    means_init : array_like of shape (n_components, n_features), default=None
        Means to start from, instead.
    precisions_init : array_like, default=None
        Inverse covariances to start from, instead, in the shape of the covariance type.
    random_state : int, Generator or None, default=None
        Makes the start, and `sample`, repeatable.
    warm_start : bool, default=False
        Whether a further `fit` goes on from the present result.
    verbose : int, default=0
        1: a progress bar if the package tqdm is installed, lines if not; 2: lines.
    verbose_interval : int, default=10
        Iterations from one line to the next.

    Attributes
    ----------
    weights_ : array of shape (n_components,)
        The share of each component.
    means_ : array of shape (n_components, n_features)
        Their means.
    covariances_ : array
        Their covariances: (n_components, n_features, n_features) if full, (n_features, n_features)
        if tied, (n_components, n_features) if diag, (n_components,) if spherical.
    precisions_ : array
        Their inverses, in the same shape.
    precisions_cholesky_ : array
        U with Σ⁻¹ = U Uᵀ, upper triangular; of variances 1/σ.
    converged_ : bool
        Whether the best start ended before `max_iter`.
    n_iter_ : int
        Its iterations.
    lower_bound_ : float
        The mean log-likelihood that its last E step found, that is before its last M step.
    lower_bounds_ : list of float
        The same of every iteration.
    n_features_in_ : int
        The number of features in `fit`.

    Notes
    -----
    With reg_covar = 0 no iteration lowers the log-likelihood L (mean per point).  With a positive
    one, ρ, the M step adds ρ to covariances that are optimal without, so L can fall: in one
    iteration by at most ½ Σ_k π_k Σ_j g(ρ / λ_kj), with g(t) = log(1 + t) − t / (1 + t) ≤ t² / 2
    and the eigenvalues λ_kj of component k's covariance before ρ is added.  That is nothing to be seen
    unless a component is about as narrow as √ρ.

    An iteration is two products of matrices, in float64 whatever the data.  Memory beside the data:
    a table of n_samples × (1 + n_features + n_features (n_features + 1) / 2) numbers if full, less
    for the other types, and never more than 128 MB (a larger one is done without); the centred
    data; and a few arrays of n_samples × n_components.

    References
    ----------
    A. P. Dempster, N. M. Laird and D. B. Rubin (1977), Maximum likelihood from incomplete data via
    the EM algorithm, section 4.3.
    C. M. Bishop (2006), Pattern Recognition and Machine Learning, section 9.2.

    Examples
    --------
    >>> X = [[0.0], [1.0], [2.0], [10.0], [11.0], [12.0]]
    >>> GaussianMixture(2, means_init=[[0.0], [9.0]], random_state=0).fit(X).means_.round(2)
    array([[ 1.],
           [11.]])
    """

    def __init__(
        self,
        n_components: int = 1,
        *,
        covariance_type: str = "full",
        tol: float = 1e-3,
        reg_covar: float = 1e-6,
        max_iter: int = 100,
        n_init: int = 1,
        init_params: str = "kmeans",
        weights_init: ArrayLike | None = None,
        means_init: ArrayLike | None = None,
        precisions_init: ArrayLike | None = None,
        random_state: int | np.random.Generator | None = None,
        warm_start: bool = False,
        verbose: int = 0,
        verbose_interval: int = 10,
    ):
        self.n_components = n_components
        self.covariance_type = covariance_type
        self.tol = tol
        self.reg_covar = reg_covar
        self.max_iter = max_iter
        self.n_init = n_init
        self.init_params = init_params
        self.weights_init = weights_init
        self.means_init = means_init
        self.precisions_init = precisions_init
        self.random_state = random_state
        self.warm_start = warm_start
        self.verbose = verbose
        self.verbose_interval = verbose_interval

    def _checked(self, X: ArrayLike) -> tuple[np.ndarray, tuple]:
        X = validate_data(self, X, reset=True, min_samples=2)
        return X, check_parameters(self, X)

    def steps(self, X: ArrayLike, y: Any = None) -> Iterator[MixtureState]:
        """Run EM once and yield every state.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The data.
        y : None
            Not used.

        Yields
        ------
        MixtureState
            The start, then one state for each iteration; `n_init` and `warm_start` are not used.
            It ends where `fit` does.
        """
        X, given = self._checked(X)
        mixture = Mixture(X, self.covariance_type, self.reg_covar)
        rng = check_random_state(self.random_state)
        first = start(mixture, self.n_components, self.init_params, given, rng)
        for step in mixture.steps(first, tol=self.tol, max_iter=self.max_iter):
            yield step.state

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Find the mixture.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The data: at least two points, and one for each component.
        y : None
            Not used.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If a component collapses, which `reg_covar` prevents.

        Warns
        -----
        ConvergenceWarning
            If the best start was stopped by `max_iter`.
        """
        self.fit_predict(X)
        return self

    def fit_predict(self, X: ArrayLike, y: Any = None) -> np.ndarray:
        """Find the mixture, and the most probable component of each point.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The data, as in `fit`.
        y : None
            Not used.

        Returns
        -------
        array of int, shape (n_samples,)
        """
        X, given = self._checked(X)
        mixture = Mixture(X, self.covariance_type, self.reg_covar)
        rng = check_random_state(self.random_state)
        again = self.warm_start and hasattr(self, "converged_")
        best = None
        for number in range(1 if again else self.n_init):
            if again:
                first, bound = resume(self, mixture), self.lower_bound_
            else:
                first = start(mixture, self.n_components, self.init_params, given, rng)
                bound = -np.inf
            title = "GaussianMixture" + (f", start {number + 1}" if self.n_init > 1 else "")
            bounds = []
            steps = mixture.steps(first, tol=self.tol, max_iter=self.max_iter, bound=bound)
            for step in self._watched(steps, title):
                bounds.append(step.state.log_likelihood)
            # The last E step came after the last M step: what it found is no bound of the loop.
            if best is None or len(bounds) > 1 and bounds[-2] > best[1][-2]:
                best = step, bounds
        self._keep(*best)
        if not self.converged_ and self.max_iter > 0:
            warnings.warn(
                f"EM did not converge in max_iter = {self.max_iter} iterations: increase max_iter "
                "or tol, or take another start",
                ConvergenceWarning,
                stacklevel=2,
            )
        return best[0].state.responsibilities.argmax(axis=1)

    def _watched(self, steps: Iterator[Step], title: str) -> Iterator[Step]:
        if not self.verbose:
            return steps
        return watch(
            steps,
            self.max_iter,
            describe=lambda step: f"log-likelihood {step.state.log_likelihood:.6g}",
            verbose=self.verbose,
            every=self.verbose_interval,
            title=title,
        )

    def _keep(self, step: Step, bounds: list[float]) -> None:
        self.weights_ = step.state.weights
        self.means_ = step.state.means
        self.covariances_ = step.state.covariances
        self.precisions_cholesky_ = step.parameters.factors
        self.precisions_ = cov.precision_matrices(step.parameters.factors, self.covariance_type)
        self.converged_ = step.converged
        self.n_iter_ = step.iteration
        self.lower_bounds_ = bounds[:-1]
        self.lower_bound_ = bounds[-2] if len(bounds) > 1 else -np.inf
