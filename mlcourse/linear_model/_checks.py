"""What the losses of linear models share: checks, sums over examples, curvature."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array, check_number, check_y

_BLOCK = 2**17  # numbers of X that are weighted at a time: they fit into the cache


def check_linear(theta: ArrayLike, X: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return parameters and examples as arrays of one type; NaN in X is looked for later."""
    X = check_array(X, dtype=(np.float64, np.float32), finite=False)
    theta = check_array(theta, name="theta", dtype=X.dtype, ndim=1, finite=False)
    if len(theta) != X.shape[1]:
        raise ValueError(
            f"theta must have one entry for each of the {X.shape[1]} features of X "
            f"(it had {len(theta)})"
        )
    return theta, X


def check_alpha(alpha: object) -> float:
    """Return the strength of the penalty."""
    return check_number(alpha, "alpha", low=0)


def as_labels(y: ArrayLike, n_samples: int, dtype: np.dtype) -> np.ndarray:
    """Return the signs −1 and +1 of the labels 0 and 1."""
    y = check_y(y, n_samples)
    if y.dtype.kind not in "biuf" or not ((y == 0) | (y == 1)).all():
        found = np.unique(y)
        shown = ", ".join(repr(each.item()) for each in found[:4])
        convert = "(y > 0).astype(int)" if set(found.tolist()) <= {-1, 1} else (
            "(y == c).astype(int), where c is the class that is to be 1"
        )
        raise ValueError(
            f"y must hold the labels 0 and 1 (it held {shown}{', …' if len(found) > 4 else ''}): "
            f"pass {convert}"
        )
    return 2 * y.astype(dtype) - 1


def as_targets(y: ArrayLike, n_samples: int, dtype: np.dtype) -> np.ndarray:
    """Return finite numbers to predict."""
    return check_y(y, n_samples, kind="number").astype(dtype, copy=False)


def penalty(theta: np.ndarray, alpha: float) -> float:
    """Return α/2 ‖θ‖²; without a penalty 0, however long θ is."""
    return alpha / 2 * float(theta.dot(theta)) if alpha else 0.0


def finite_or_why(value: float, theta: np.ndarray, X: np.ndarray) -> float:
    """Return a loss; if it is not finite because the input is not, say so."""
    if not np.isfinite(value):
        check_array(theta, name="theta", dtype=theta.dtype, ndim=1)
        check_array(X, dtype=X.dtype)
    return float(value)


def per_example(derivatives: np.ndarray, theta: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Return the rows derivative_i · x_i; if one is not finite because the input is not, say so."""
    gradients = derivatives[:, None] * X
    finite_or_why(gradients.sum(), theta, X)
    return gradients


def weighted_gram(X: np.ndarray, weights: np.ndarray, alpha: float) -> np.ndarray:
    """Return (1/n) Σ weight_i x_i x_iᵀ + α I, block by block; weights ≥ 0."""
    n, d = X.shape
    roots = np.sqrt(weights)  # Bᵀ B of one array B is half the work, and exactly symmetric
    total = np.zeros((d, d), X.dtype)
    step = max(1, _BLOCK // d)
    for start in range(0, n, step):
        block = roots[start : start + step, None] * X[start : start + step]
        total += block.T @ block
    total /= n
    total[np.diag_indices(d)] += alpha
    if not np.isfinite(total).all():
        check_array(X, dtype=X.dtype)
        check_array(weights, name="theta", dtype=weights.dtype, ndim=1)
    return total
