"""Where the EM algorithm starts: from given parameters, or from first groups of the data."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlcourse import _mixture_covariances as cov
from mlcourse._mixture_em import Mixture, Parameters
from mlcourse._validation import check_array, check_choice, check_number
from mlcourse.manifold.distances import squared_distances

__all__ = ["INITS", "check_parameters", "resume", "start"]

INITS = ("kmeans", "k-means++", "random", "random_from_data")


def check_parameters(estimator: Any, X: np.ndarray) -> tuple[Any, Any, Any]:
    """Check all parameters of a GaussianMixture that is to be fitted to the data X.

    Returns
    -------
    weights, means, precisions : array or None
        The start, as far as it is given.

    Raises
    ------
    TypeError, ValueError
        If one is out of range, or a start has another shape or cannot be what its name says.
    """
    check_number(estimator.n_components, "n_components", low=1, integer=True)
    check_choice(estimator.covariance_type, "covariance_type", cov.TYPES)
    check_number(estimator.tol, "tol", low=0)
    check_number(estimator.reg_covar, "reg_covar", low=0)
    check_number(estimator.max_iter, "max_iter", low=0, integer=True)
    check_number(estimator.n_init, "n_init", low=1, integer=True)
    check_choice(estimator.init_params, "init_params", INITS)
    check_choice(estimator.warm_start, "warm_start", (True, False))
    check_number(estimator.verbose, "verbose", low=0, integer=True)
    check_number(estimator.verbose_interval, "verbose_interval", low=1, integer=True)
    if len(X) < estimator.n_components:
        raise ValueError(
            f"n_components must be an integer with 1 <= n_components <= n_samples = {len(X)} "
            f"(it was {estimator.n_components})"
        )
    return _check_given(estimator, X.shape[1])


def resume(estimator: Any, mixture: Mixture) -> Parameters:
    """The parameters that a fitted GaussianMixture has now, to go on from."""
    wanted = (estimator.n_components, mixture.X.shape[1])
    shape = cov.shape(estimator.covariance_type, *wanted)
    if estimator.means_.shape != wanted or estimator.covariances_.shape != shape:
        raise ValueError(
            "warm_start goes on with as many components, features and covariances as before "
            f"(means_ has shape {estimator.means_.shape}, covariances_ "
            f"{estimator.covariances_.shape}; now {wanted} and {shape} are wanted)"
        )
    return Parameters(
        estimator.weights_,
        estimator.means_ - mixture.center,
        estimator.covariances_,
        estimator.precisions_cholesky_,
    )


def _check_given(estimator: Any, d: int) -> tuple[Any, Any, Any]:
    k, covariance_type = estimator.n_components, estimator.covariance_type
    weights = _given(estimator.weights_init, "weights_init", (k,), "n_components")
    if weights is not None and ((weights < 0).any() or abs(weights.sum() - 1) > 1e-6):
        raise ValueError(
            f"weights_init must be numbers >= 0 with the sum 1 (they were {weights}, "
            f"with the sum {weights.sum():g})"
        )
    means = _given(estimator.means_init, "means_init", (k, d), "n_components, n_features")
    shape = cov.shape(covariance_type, k, d)
    precisions = _given(
        estimator.precisions_init, "precisions_init", shape, f"{covariance_type} precisions"
    )
    if precisions is not None:
        _check_positive(precisions, covariance_type)
    return weights, means, precisions


def _given(value: Any, name: str, shape: tuple[int, ...], meaning: str) -> np.ndarray | None:
    if value is None:
        return None
    array = check_array(value, name=name, ndim=None)
    if array.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, {meaning} (it was {array.shape})")
    return array


def _check_positive(precisions: np.ndarray, covariance_type: str) -> None:
    if covariance_type in ("diag", "spherical"):
        good = (precisions > 0).all()
    else:
        transposed = np.swapaxes(precisions, -1, -2)
        good = np.allclose(precisions, transposed, rtol=1e-6, atol=1e-12 * np.abs(precisions).max())
        good = good and (np.linalg.eigvalsh(precisions) > 0).all()
    if not good:
        numbers = covariance_type in ("diag", "spherical")
        what = "positive" if numbers else "symmetric and positive definite"
        raise ValueError(f"precisions_init must be {what}, for {covariance_type} covariances")


def start(
    mixture: Mixture,
    k: int,
    init_params: str,
    given: tuple[Any, Any, Any],
    rng: np.random.Generator,
) -> Parameters:
    """Parameters to start from.

    Parameters
    ----------
    mixture : Mixture
        The data.
    k : int
        The number of components.
    init_params : str
        One of `INITS`, for what is not given.
    given : tuple
        Weights, means and precisions, each an array or None.
    rng : Generator
        For what is drawn.

    Returns
    -------
    Parameters
    """
    weights, means, precisions = given
    found = None
    if weights is None or means is None or precisions is None:
        R = first_responsibilities(mixture.X, k, init_params, rng)
        if precisions is None:
            found = mixture.maximise(np.ascontiguousarray(R.T))
        else:  # the covariances of these groups are not needed, so they may be singular
            n_k = R.sum(axis=0)
            found = Parameters(n_k / n_k.sum(), (R / n_k).T @ mixture.X, None, None)
    if precisions is None:
        covariances, factors = found.covariances, found.factors
    elif mixture.covariance_type in ("diag", "spherical"):
        covariances, factors = 1 / precisions, np.sqrt(precisions)
    else:
        covariances = np.linalg.inv(precisions)
        covariances = (covariances + np.swapaxes(covariances, -1, -2)) / 2
        factors = np.triu(np.swapaxes(np.linalg.inv(np.linalg.cholesky(covariances)), -1, -2))
    return Parameters(
        found.weights if weights is None else weights / weights.sum(),
        found.means if means is None else means - mixture.center,
        covariances,
        factors,
    )


def first_responsibilities(
    X: np.ndarray, k: int, init_params: str, rng: np.random.Generator
) -> np.ndarray:
    """A first share (n, k) of every component in every point, for the M step."""
    n = len(X)
    if init_params == "random":
        R = rng.uniform(size=(n, k))
        return R / R.sum(axis=1, keepdims=True)
    if init_params == "kmeans":
        from mlcourse.cluster import KMeans

        labels = KMeans(k, n_init=1, random_state=rng).fit(X).labels_
    else:
        if init_params == "k-means++":
            from mlcourse.cluster import kmeans_plusplus

            chosen = kmeans_plusplus(X, k, random_state=rng)[1]
        else:
            chosen = rng.choice(n, size=k, replace=False)
        labels = squared_distances(X, X[chosen]).argmin(axis=1)
        labels[chosen] = np.arange(k)  # of equal points each begins its own component
    return np.eye(k)[labels]
