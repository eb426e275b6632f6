"""Gaussian mixtures against scikit-learn's, from the same start."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.pairs import Agreement, Contest, Pair

CLOSE = 1e-8  # a relative difference of log-likelihoods that rounding may make
SIZES = {"full": 0.3, "tied": None, "diag": None, "spherical": None}  # and the targets
N_SAMPLES, N_FEATURES, N_COMPONENTS = 20_000, 10, 5


@dataclass(frozen=True)
class Result:
    """What EM found."""

    log_likelihood: float
    iterations: int


def points() -> np.ndarray:
    """Gaussian groups that overlap, stretched and turned.

    Returns
    -------
    array of shape (20,000, 10)
        The points.
    """
    from sklearn.datasets import make_blobs

    X, _ = make_blobs(N_SAMPLES, N_FEATURES, centers=N_COMPONENTS, cluster_std=4.0, random_state=0)
    return X @ np.random.default_rng(0).normal(size=(N_FEATURES, N_FEATURES))


def same_mixtures(ours: list[Result], theirs: list[Result]) -> Agreement:
    """Compare runs from the same starts.

    Parameters
    ----------
    ours, theirs : list of Result
        Of all pairs.

    Returns
    -------
    Agreement
        The largest relative difference of the log-likelihood, and the numbers of iterations.
    """
    differ = max(abs(a.log_likelihood / b.log_likelihood - 1) for a, b in zip(ours, theirs))
    fails = ("log-likelihood",) if not differ <= CLOSE else ()
    if any(a.iterations != b.iterations for a, b in zip(ours, theirs)):
        fails += ("iterations",)
    counts = [r.iterations for r in ours]
    return Agreement({"log-likelihood differs by": f"{differ:.0e}", "iterations": f"{min(counts)}–{max(counts)}"}, fails)


def _contest(covariance_type: str) -> Contest:
    import sklearn.mixture

    from mlcourse.mixture import GaussianMixture

    X = points()
    covariance = np.cov(X.T)
    k = N_COMPONENTS
    precision = {
        "full": np.array([np.linalg.inv(covariance)] * k),
        "tied": np.linalg.inv(covariance),
        "diag": np.tile(1 / covariance.diagonal(), (k, 1)),
        "spherical": np.full(k, N_FEATURES / covariance.trace()),
    }[covariance_type]

    def start(seed: int) -> dict:
        return {
            "covariance_type": covariance_type,
            "weights_init": np.full(k, 1 / k),
            "means_init": X[np.random.default_rng(seed).choice(len(X), k, replace=False)],
            "precisions_init": precision,
            "max_iter": 500,
        }

    return Contest(
        inputs=start,
        ours=lambda settings: GaussianMixture(k, **settings).fit(X),
        theirs=lambda settings: sklearn.mixture.GaussianMixture(k, **settings).fit(X),
        judge=lambda settings, fitted: Result(fitted.lower_bound_, fitted.n_iter_),
        agree=same_mixtures,
    )


def mixture() -> Iterator[Pair]:
    """Each kind of covariances.

    Yields
    ------
    Pair
        A row for each.
    """
    for covariance_type, target in SIZES.items():
        name = f"{covariance_type}: {N_SAMPLES:,} × {N_FEATURES}, k = {N_COMPONENTS}"
        yield Pair(name, "scikit-learn", N_SAMPLES, lambda each=covariance_type: _contest(each), target=target)
