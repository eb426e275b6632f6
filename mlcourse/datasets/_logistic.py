"""Labels drawn from the logistic model, for which the best prediction is known."""

from __future__ import annotations

import numpy as np

from mlcourse._validation import check_number, check_random_state
from mlcourse.datasets._common import check_bool, check_count


def make_logistic(
    n_samples: int = 100_000,
    n_features: int = 20,
    *,
    condition_number: float = 1.0,
    signal: float = 2.0,
    intercept: float | None = None,
    random_state: int | np.random.Generator | None = None,
    return_coef: bool = False,
) -> tuple[np.ndarray, ...]:
    """Draw Gaussian features, and labels from p(y = 1 | x) = σ(x·θ).

    The covariance of the features has eigenvalues in geometric progression, of mean 1 and in
    directions drawn at random.  The true θ is drawn so that the log-odds x·θ depend equally on
    directions of large and of small variance: a method that is slow along the latter finds out.

    Parameters
    ----------
    n_samples : int, default=100000
        The number of examples.
    n_features : int, default=20
        The number of features.
    condition_number : float, default=1.0
        The largest eigenvalue of the covariance ÷ the smallest; ≥ 1.
    signal : float, default=2.0
        The standard deviation of x·θ, ≥ 0: at 0 the labels are coin tosses, and the larger it is,
        the surer they are.
    intercept : float, default=None
        If given, X gets a first column of ones, and this is the entry of θ that belongs to it.
    random_state : int, Generator or None, default=None
        The seed.
    return_coef : bool, default=False
        Return the true θ too.

    Returns
    -------
    X : array of shape (n_samples, n_features), or with one column more
        The examples.
    y : int array of shape (n_samples,)
        Labels, 0 or 1.
    coef : array of shape (X.shape[1],)
        θ; only if `return_coef` is true.

    Examples
    --------
    >>> from mlcourse.datasets import make_logistic
    >>> X, y, coef = make_logistic(10_000, 3, intercept=1.0, random_state=0, return_coef=True)
    >>> X.shape, float(coef[0])
    ((10000, 4), 1.0)
    >>> bool(y[X @ coef > 2].mean() > 0.9)
    True
    """
    n_samples = check_count(n_samples)
    d = check_number(n_features, "n_features", low=1, integer=True)
    condition_number = check_number(condition_number, "condition_number", low=1)
    signal = check_number(signal, "signal", low=0)
    return_coef = check_bool(return_coef, "return_coef")
    if intercept is not None:
        intercept = check_number(intercept, "intercept")
    rng = check_random_state(random_state)

    variances = condition_number ** -np.linspace(0, 1, d)
    variances /= variances.mean()
    axes, triangle = np.linalg.qr(rng.standard_normal((d, d)))
    axes *= np.sign(triangle.diagonal())  # uniform among the rotations and reflections
    direction = rng.standard_normal(d)
    direction *= signal / np.linalg.norm(direction)
    coef = axes @ (direction / np.sqrt(variances))
    X = rng.standard_normal((n_samples, d)) @ (axes * np.sqrt(variances)).T
    if intercept is not None:
        X = np.column_stack([np.ones(n_samples), X])
        coef = np.append(intercept, coef)
    # The logistic distribution is that of log-odds, so this is y = 1 with probability σ(x·θ).
    y = (rng.logistic(size=n_samples) < X @ coef).astype(int)
    return (X, y, coef) if return_coef else (X, y)
