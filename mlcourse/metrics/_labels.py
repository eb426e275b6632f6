"""Labels of any type as the numbers 0, 1, …: what the measures of clusterings share."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcourse._validation import check_array, check_y


def encode(labels: ArrayLike, n_samples: int | None, name: str) -> tuple[NDArray, int]:
    """Number the clusters 0, 1, … in the order of their labels.

    Parameters
    ----------
    labels : array_like of shape (n_samples,)
        Integers (of any sign, with gaps), strings, bools: anything that can be sorted.
    n_samples : int or None
        How many there must be; None allows any number above 0.
    name : str
        What the messages call them.

    Returns
    -------
    codes : intp array of shape (n_samples,)
    n_clusters : int
    """
    if labels is None:
        raise ValueError(f"{name} must hold one label a sample (it was None)")
    array = np.asarray(labels)
    if n_samples is None:
        if array.ndim == 0 or not array.size:
            raise ValueError(
                f"{name} must be a 1-D array of at least 1 label (its shape was {array.shape})"
            )
        n_samples = len(array)
    array = check_y(array, n_samples, name=name)
    try:
        values, codes = np.unique(array, return_inverse=True)
    except TypeError:
        raise TypeError(f"{name} must hold labels of one type, which can be sorted") from None
    return codes.astype(np.intp, copy=False).ravel(), len(values)


def check_clustered(
    X: ArrayLike, labels: ArrayLike, *, low: int = 1, below_n: bool = False
) -> tuple[NDArray, NDArray, NDArray]:
    """Check points and the clusters they are in.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        The points.
    labels : array_like of shape (n_samples,)
        The cluster of each.
    low : int
        The least number of clusters.
    below_n : bool
        Whether there must be fewer clusters than points.

    Returns
    -------
    X : array of shape (n_samples, n_features)
    codes : intp array of shape (n_samples,)
        The clusters as 0, 1, ….
    counts : intp array of shape (n_clusters,)
        Their sizes.
    """
    X = check_array(X)
    codes, n_clusters = encode(labels, len(X), "labels")
    if n_clusters < low or (below_n and n_clusters >= len(X)):
        allowed = f"{low} to n_samples - 1 = {len(X) - 1}" if below_n else f"at least {low}"
        raise ValueError(f"labels must name {allowed} clusters (they named {n_clusters})")
    return X, codes, np.bincount(codes, minlength=n_clusters)
