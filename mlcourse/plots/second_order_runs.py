"""Runs compared: digits gained, the race of the methods, and Newton's method on minibatches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.second_order import INK, add_fixed_axes, set_decades
from mlcourse.plots.style import PALETTE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# One look for each method, wherever it appears: colour, marker, style of its line.
LOOKS = {
    "gradient descent": (PALETTE[8], "o", "-"),
    "momentum": (PALETTE[2], "^", "-"),
    "SGD": (PALETTE[1], "s", "-"),
    "L-BFGS": (PALETTE[0], "D", "-"),
    "Newton": (PALETTE[7], "P", "-"),
    "Newton, halving": (PALETTE[4], "v", "--"),
}


def draw_right_digits(
    fig: Figure,
    errors: Mapping[str, np.ndarray],
    *,
    n_shown: int,
    floor: float,
    title: str,
) -> None:
    """Draw how many digits are right after each step of several methods.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    errors : mapping of str to ndarray of shape (t,)
        For each method the relative error at its start and after each step.
    n_shown : int
        How many steps the picture has room for, on a logarithmic axis.
    floor : float
        An error below which rounding decides, drawn as a line.
    title : str
        Written above.

    Returns
    -------
    None
    """
    ax = add_fixed_axes(fig, (0.12, 0.3, 0.83, 0.62))
    end = -np.log10(floor)
    ax.axhline(end, color="#777777", linewidth=1.2, linestyle="--")
    ax.text(n_shown, end + 0.25, "as far as rounding lets it", fontsize=11, ha="right", va="bottom",
            color="#555555")
    for method, error in errors.items():
        color, marker, style = LOOKS[method]
        digits = -np.log10(np.maximum(error, floor))[1 : n_shown + 1]
        reached = np.flatnonzero(digits >= end)
        digits = digits[: reached[0] + 1 if len(reached) else None]
        # On a log axis markers at every step would run together.
        marked = np.unique(np.geomspace(1, len(digits), 14).astype(int)) - 1
        ax.plot(np.arange(1, len(digits) + 1), digits, color=color, linestyle=style, marker=marker,
                markevery=list(marked), markersize=6.5, label=method)
    set_decades(ax.xaxis, 0.9, 1.1 * n_shown)
    ax.set_ylim(-1.6, end + 2)
    ax.set_yticks(range(0, int(end) + 1, 2))
    ax.set_xlabel("step (log scale)")
    ax.set_ylabel("right digits")
    ax.set_title(title)
    fig.legend(*ax.get_legend_handles_labels(), loc="lower center", ncols=2, fontsize=11,
               handlelength=1.8, columnspacing=1.2)


def draw_accuracy_race(
    fig: Figure,
    runs: Mapping[str, tuple[np.ndarray, np.ndarray]],
    *,
    target: float,
    statistical: float,
    unit: str,
    limits: tuple[tuple[float, float], tuple[float, float]],
    title: str,
) -> None:
    """Draw the excess cost of several methods against what they have spent.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    runs : mapping of str to (spent, excess)
        For each method two arrays of one length.
    target : float
        The accuracy asked for, a line; the first point of each method below it is marked.
    statistical : float
        An excess below which the sample says nothing more, a shaded band.
    unit : str
        Of what is spent: the name of the lower axis.
    limits : pair of pairs of float
        Ends of both axes.
    title : str
        Written above.

    Returns
    -------
    None
    """
    ax = add_fixed_axes(fig, (0.15, 0.255, 0.83, 0.675))
    set_decades(ax.xaxis, *limits[0])
    set_decades(ax.yaxis, *limits[1], every=2)
    ax.axhspan(limits[1][0], statistical, color="#e9edf1", linewidth=0)
    ax.text(limits[0][0] * 1.25, limits[1][0] * 2.2, "below the statistical error", fontsize=11,
            color="#444444", va="bottom")
    ax.axhline(target, color=INK, linewidth=1.2, linestyle="--")
    for method, (spent, excess) in runs.items():
        color, marker, style = LOOKS[method]
        inside = (spent > 0) & (excess > 0)
        ax.plot(spent[inside], excess[inside], color=color, linestyle=style, marker=marker,
                markevery=max(1, inside.sum() // 9), markersize=6, label=method)
        reached = np.flatnonzero(excess <= target)
        if len(reached) and spent[reached[0]] > 0:
            height = max(excess[reached[0]], limits[1][0])  # on the edge if it lies below
            ax.plot(spent[reached[0]], height, color=color, clip_on=False, marker=marker,
                    markersize=11, markeredgecolor=INK, linestyle="", zorder=6)
    ax.set_xlabel(unit)
    ax.set_ylabel("excess cost in nats")
    ax.set_title(title)
    fig.legend(*ax.get_legend_handles_labels(), loc="lower center", ncols=3, fontsize=11,
               handlelength=1.8, columnspacing=1.2)


def draw_noisy_newton(
    fig: Figure, excess: np.ndarray, *, expected: float, start: float, title: str,
    limits: tuple[float, float],
) -> None:
    """Draw the excess cost after each Newton step, each from a batch of its own.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    excess : ndarray of shape (runs, t)
        Of each run after each step.
    expected : float
        What theory expects of it, a line.
    start : float
        The excess at the start.
    title : str
        Written above.
    limits : pair of float
        Ends of the axis of excess; larger ones are drawn as arrows at its end.

    Returns
    -------
    None
    """
    ax = add_fixed_axes(fig, (0.15, 0.145, 0.83, 0.77))
    steps = np.arange(excess.shape[1] + 1)
    top = limits[1]
    for run in excess:
        values = np.r_[start, run]
        ax.plot(steps, np.minimum(values, top), color="#b9a0b4", linewidth=1.0)
        off = values > top
        ax.plot(steps[~off], values[~off], linestyle="", color=PALETTE[7], marker="P", markersize=5)
        ax.plot(steps[off], np.full(off.sum(), top), linestyle="", color=PALETTE[7], marker="^",
                markersize=8, clip_on=False)
    ax.axhline(expected, color=INK, linewidth=1.4, linestyle="--", label="d / (2b)")
    set_decades(ax.yaxis, *limits)
    ax.set_xticks(steps)
    ax.set_xlabel("step")
    ax.set_ylabel("excess cost in nats")
    ax.set_title(title)
    ax.legend(loc="lower left", fontsize=11)
