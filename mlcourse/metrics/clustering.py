"""Two groupings of the same points: how far do they agree?

What the clusters are called never matters: only which points are together.  Labels can be integers,
strings, or anything else that can be sorted.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcourse._validation import check_choice
from mlcourse.metrics._labels import encode

__all__ = [
    "adjusted_rand_score",
    "contingency_matrix",
    "normalized_mutual_info_score",
    "pair_confusion_matrix",
    "rand_score",
]


def contingency_matrix(labels_true: ArrayLike, labels_pred: ArrayLike) -> NDArray:
    """Count the points that are in cluster i of one grouping and in cluster j of the other.

    Parameters
    ----------
    labels_true, labels_pred : array_like of shape (n_samples,)
        The two groupings.

    Returns
    -------
    int64 array of shape (n_clusters_true, n_clusters_pred)
        Rows and columns in the order of the sorted labels; all entries sum to n_samples.

    Raises
    ------
    ValueError
        If the lengths differ, or are 0.

    Examples
    --------
    >>> from mlcourse.metrics import contingency_matrix
    >>> contingency_matrix(["a", "a", "a", "b"], [7, 7, 2, 2])
    array([[1, 2],
           [1, 0]])
    """
    (true, n_true), (pred, n_pred) = _check_groupings(labels_true, labels_pred)
    rows, columns, counts = _cells(true, pred)
    table = np.zeros((n_true, n_pred), dtype=np.int64)
    table[rows, columns] = counts
    return table


def pair_confusion_matrix(labels_true: ArrayLike, labels_pred: ArrayLike) -> NDArray:
    """Count the pairs of points that each grouping puts together or apart.

    Parameters
    ----------
    labels_true, labels_pred : array_like of shape (n_samples,)
        The two groupings.

    Returns
    -------
    int64 array of shape (2, 2)
        Row 0: pairs that are apart in `labels_true`, row 1: together; columns the same for
        `labels_pred`.  Every pair counts twice, as (i, j) and as (j, i), as in scikit-learn: the
        entries sum to n (n − 1).

    Raises
    ------
    ValueError
        If the lengths differ, or are 0.

    References
    ----------
    L. Hubert and P. Arabie (1985). Comparing partitions. Journal of Classification 2, 193–218.

    Examples
    --------
    >>> from mlcourse.metrics import pair_confusion_matrix
    >>> pair_confusion_matrix([0, 0, 1, 1], [0, 0, 1, 2])  # one pair is torn apart
    array([[8, 0],
           [2, 2]])
    """
    (true, _), (pred, _) = _check_groupings(labels_true, labels_pred)
    _, _, counts = _cells(true, pred)
    both, in_true, in_pred = (_squares(each) for each in (counts, _sizes(true), _sizes(pred)))
    n = len(true)
    return np.array(
        [[n * n - in_true - in_pred + both, in_pred - both], [in_true - both, both - n]],
        dtype=np.int64,
    )


def rand_score(labels_true: ArrayLike, labels_pred: ArrayLike) -> float:
    """Share of the pairs of points on which two groupings agree: together in both, or in neither.

    Parameters
    ----------
    labels_true, labels_pred : array_like of shape (n_samples,)
        The two groupings; swapping them changes nothing.

    Returns
    -------
    float
        From 0 to 1.  Unrelated groupings are far from 0: most pairs are apart in both of them, by
        chance; `adjusted_rand_score` takes that off.  A single point gives 1.

    Raises
    ------
    ValueError
        If the lengths differ, or are 0.

    References
    ----------
    W. M. Rand (1971). Objective criteria for the evaluation of clustering methods. Journal of the
    American Statistical Association 66, 846–850.

    Examples
    --------
    >>> from mlcourse.metrics import rand_score
    >>> rand_score([0, 0, 1, 1], [0, 0, 1, 2])  # 5 of the 6 pairs
    0.8333333333333334
    """
    (apart, torn), (joined, together) = pair_confusion_matrix(labels_true, labels_pred).tolist()
    pairs = apart + torn + joined + together
    return (apart + together) / pairs if pairs else 1.0


def adjusted_rand_score(labels_true: ArrayLike, labels_pred: ArrayLike) -> float:
    r"""Measure the agreement of two groupings beyond what chance gives.

    .. math:: \text{ARI} = \frac{R - E[R]}{\max R - E[R]}

    R is the number of pairs that are together in both groupings, E[R] its mean over all groupings
    with clusters of the same sizes, and max R the mean of the numbers of pairs that are together in
    either.

    Parameters
    ----------
    labels_true, labels_pred : array_like of shape (n_samples,)
        The two groupings; swapping them changes nothing.

    Returns
    -------
    float
        1 for the same grouping under whatever names; 0 in the mean for unrelated ones; at least
        −1/2.

    Raises
    ------
    ValueError
        If the lengths differ, or are 0.

    References
    ----------
    L. Hubert and P. Arabie (1985). Comparing partitions. Journal of Classification 2, 193–218,
    equation (5).

    Examples
    --------
    >>> from mlcourse.metrics import adjusted_rand_score
    >>> adjusted_rand_score([0, 0, 1, 1], ["b", "b", "a", "a"])
    1.0
    >>> adjusted_rand_score([0, 0, 1, 1], [0, 1, 0, 1])
    -0.5
    """
    # Python's integers: the products are of the order of n⁴.
    (apart, torn), (joined, together) = pair_confusion_matrix(labels_true, labels_pred).tolist()
    if torn == 0 and joined == 0:
        return 1.0
    difference = 2 * (together * apart - joined * torn)
    expected = (together + joined) * (joined + apart) + (together + torn) * (torn + apart)
    return difference / expected


def normalized_mutual_info_score(
    labels_true: ArrayLike, labels_pred: ArrayLike, *, average_method: str = "arithmetic"
) -> float:
    r"""Measure how much of one grouping's information the other one holds.

    .. math:: \text{NMI} = \frac{I(U, V)}{\text{mean}(H(U), H(V))}

    Parameters
    ----------
    labels_true, labels_pred : array_like of shape (n_samples,)
        The two groupings; swapping them changes nothing.
    average_method : {"arithmetic", "geometric", "min", "max"}, default="arithmetic"
        The mean of the two entropies by which the mutual information is divided.

    Returns
    -------
    float
        From 0 (independent) to 1 (the same grouping).  It is not adjusted for chance: many small
        clusters get a high value whatever they are.  Where both groupings have one cluster: 1.

    Raises
    ------
    ValueError
        If the lengths differ, or are 0.

    References
    ----------
    N. X. Vinh, J. Epps and J. Bailey (2010). Information theoretic measures for clusterings
    comparison. Journal of Machine Learning Research 11, 2837–2854, table 2.

    Examples
    --------
    >>> from mlcourse.metrics import normalized_mutual_info_score
    >>> print(f"{normalized_mutual_info_score([0, 0, 1, 1], [5, 5, 3, 4]):.3f}")
    0.800
    """
    check_choice(average_method, "average_method", ("arithmetic", "geometric", "min", "max"))
    (true, n_true), (pred, n_pred) = _check_groupings(labels_true, labels_pred)
    if n_true == n_pred == 1:
        return 1.0
    rows, columns, counts = _cells(true, pred)
    sizes_true, sizes_pred, n = _sizes(true), _sizes(pred), float(len(true))
    independent = sizes_true[rows].astype(float) * sizes_pred[columns]
    information = float(np.sum(counts / n * np.log(counts * n / independent)))
    if information <= np.finfo(float).eps:  # 0 but for rounding
        return 0.0
    entropies = sorted(float(-np.sum(s / n * np.log(s / n))) for s in (sizes_true, sizes_pred))
    mean = {
        "arithmetic": sum(entropies) / 2,
        "geometric": sqrt(entropies[0] * entropies[1]),
        "min": entropies[0],
        "max": entropies[1],
    }[average_method]
    return min(information / mean, 1.0)


def _check_groupings(labels_true: ArrayLike, labels_pred: ArrayLike) -> list[tuple[NDArray, int]]:
    both = [encode(labels_true, None, "labels_true"), encode(labels_pred, None, "labels_pred")]
    n_true, n_pred = (len(codes) for codes, _ in both)
    if n_true != n_pred:
        raise ValueError(
            "labels_true and labels_pred must have the same number of labels "
            f"(they had {n_true} and {n_pred})"
        )
    return both


def _cells(true: NDArray, pred: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """Rows, columns and counts of the contingency matrix where it is not 0: at most n of them."""
    width = int(pred.max()) + 1
    cells, counts = np.unique(true.astype(np.int64) * width + pred, return_counts=True)
    rows, columns = np.divmod(cells, width)
    return rows.astype(np.intp), columns.astype(np.intp), counts.astype(np.int64)


def _sizes(codes: NDArray) -> NDArray:
    return np.bincount(codes).astype(np.int64)


def _squares(counts: NDArray) -> int:
    return int(np.sum(counts * counts))
