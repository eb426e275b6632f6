"""Checks of what the functions of this package share: labels, centres, weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array

__all__ = ["check_centers", "check_labels", "check_sample_weight"]


def check_labels(labels: ArrayLike, n_samples: int, n_clusters: int) -> np.ndarray:
    """Turn labels into an array of indices.

    Parameters
    ----------
    labels : array_like of int, shape (n_samples,)
        The labels.
    n_samples, n_clusters : int
        How many there must be, and below what.

    Returns
    -------
    array of intp, shape (n_samples,)
    """
    array = np.asarray(labels)
    if array.shape != (n_samples,):
        raise ValueError(
            f"labels must have one entry for each of the {n_samples} samples of X "
            f"(the shape was {array.shape})"
        )
    if array.dtype.kind not in "iu" or array.min() < 0 or array.max() >= n_clusters:
        raise ValueError(
            f"labels must be integers from 0 to n_clusters - 1 = {n_clusters - 1} "
            f"(they were {array.dtype} from {array.min()} to {array.max()})"
        )
    return array.astype(np.intp, copy=False)


def check_centers(
    centers: ArrayLike, n_clusters: int | None, n_features: int, *, name: str = "centers"
) -> np.ndarray:
    """Turn centres into an array of floats of the right shape.

    Parameters
    ----------
    centers : array_like of shape (n_clusters, n_features)
        The centres.
    n_clusters : int or None
        How many there must be; None for any number.
    n_features : int
        How many features the data have.
    name : str, default="centers"
        What the messages call them.

    Returns
    -------
    array of shape (n_clusters, n_features)
    """
    array = check_array(centers, name=name)
    if array.shape[1] != n_features or n_clusters not in (None, len(array)):
        wanted = f"({'n_clusters' if n_clusters is None else n_clusters}, {n_features})"
        raise ValueError(
            f"{name} must have shape (n_clusters, n_features) = {wanted} (it was {array.shape})"
        )
    return array


def check_sample_weight(sample_weight: ArrayLike | None, n_samples: int) -> np.ndarray:
    """Turn weights into an array of floats, ones if there are none.

    Parameters
    ----------
    sample_weight : array_like of shape (n_samples,), number or None
        The weights.
    n_samples : int
        How many there must be.

    Returns
    -------
    array of shape (n_samples,)
        Not negative, and not all zero.
    """
    if sample_weight is None:
        return np.ones(n_samples)
    weight = check_array(sample_weight, name="sample_weight", ndim=None)
    if weight.ndim == 0:
        weight = np.full(n_samples, float(weight))
    if weight.shape != (n_samples,):
        raise ValueError(
            f"sample_weight must have one entry for each of the {n_samples} samples of X "
            f"(the shape was {weight.shape})"
        )
    if weight.min() < 0 or not weight.any():
        raise ValueError(
            "sample_weight must hold numbers >= 0 that are not all zero "
            f"(the smallest was {weight.min()}, the largest {weight.max()})"
        )
    return weight
