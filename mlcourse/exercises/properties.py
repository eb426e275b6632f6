"""Properties that the answers of several exercises must have: sentences for the tutor."""

from __future__ import annotations

from typing import Any

import numpy as np


def zero_diagonal(answer: np.ndarray, *arguments: Any) -> str | None:
    """Ask that no point be its own neighbour.

    Parameters
    ----------
    answer : ndarray of shape (n, n)
        The reader's answer.
    *arguments
        What it was computed from.

    Returns
    -------
    str or None
        What is wrong, or None.
    """
    if answer.diagonal().any():
        worst = np.abs(answer.diagonal()).max()
        return f"your p_ii is not 0 (the diagonal holds {worst:.3g}): no point is its own neighbour."
    return None


def not_negative(answer: np.ndarray, *arguments: Any) -> str | None:
    """Ask that no probability be negative.

    Parameters
    ----------
    answer : ndarray
        The reader's answer.
    *arguments
        What it was computed from.

    Returns
    -------
    str or None
        What is wrong, or None.
    """
    if answer.min() < 0:
        return f"a probability is never negative, and yours goes down to {answer.min():.3g}."
    return None


def sums_to_one(answer: np.ndarray, *arguments: Any) -> str | None:
    """Ask that all probabilities together be 1.

    Parameters
    ----------
    answer : ndarray
        The reader's answer.
    *arguments
        What it was computed from.

    Returns
    -------
    str or None
        What is wrong, or None.
    """
    if abs(answer.sum() - 1) > 1e-6:
        return f"your probabilities sum to {answer.sum():.6g} instead of 1: what do you divide by?"
    return None


def symmetric(answer: np.ndarray, *arguments: Any) -> str | None:
    """Ask that a matrix be its own transpose.

    Parameters
    ----------
    answer : ndarray of shape (n, n)
        The reader's answer.
    *arguments
        What it was computed from.

    Returns
    -------
    str or None
        What is wrong, or None.
    """
    if not np.allclose(answer, answer.T, rtol=1e-6, atol=0):
        return "your matrix is not symmetric: entry [i, j] must be entry [j, i]."
    return None
