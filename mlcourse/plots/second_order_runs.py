"""Runs compared: digits gained, prices, what a memory is worth, and the race of the methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.second_order import INK, add_fixed_axes
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
}


def draw_digits(
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
        For each method the relative error after each of its steps; 10⁻³ is three right digits.
    n_shown : int
        How many steps the picture has room for.
    floor : float
        An error below which rounding decides, drawn as a line.
    title : str
        Written above.

    Returns
    -------
    None
    """
    ax = add_fixed_axes(fig, (0.12, 0.24, 0.86, 0.68))
    end = -np.log10(floor)
    ax.axhline(end, color="#777777", linewidth=1.2, linestyle="--")
    ax.text(n_shown, end + 0.25, "as far as rounding lets it", fontsize=11, ha="right", va="bottom",
            color="#555555")
    for method, error in errors.items():
        color, marker, style = LOOKS[method]
        digits = -np.log10(np.maximum(error, 1e-17))
        reached = np.flatnonzero(digits >= end)
        stop = min(reached[0] + 1 if len(reached) else len(digits), n_shown + 1)
        every = max(1, n_shown // 12)
        ax.plot(np.arange(stop), np.minimum(digits[:stop], end), color=color, linestyle=style,
                marker=marker, markevery=every if stop > every else 1, markersize=6.5, label=method)
    ax.set_xlim(-0.02 * n_shown, 1.02 * n_shown)
    ax.set_ylim(-1.6, end + 2)
    ax.set_yticks(range(0, int(end) + 1, 2))
    ax.set_xlabel("step")
    ax.set_ylabel("right digits")
    ax.set_title(title)
    fig.legend(*ax.get_legend_handles_labels(), loc="lower center", ncols=3, fontsize=11,
               handlelength=1.8, columnspacing=1.2)


def draw_price(
    fig: Figure, sizes: Sequence[int], seconds: Mapping[str, np.ndarray], *, chosen: int
) -> None:
    """Draw what each part of a step costs against the number of parameters.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    sizes : sequence of int
        Numbers of parameters.
    seconds : mapping of str to ndarray
        Seconds of each part at each size.
    chosen : int
        The size at which the reader looks.

    Returns
    -------
    None
    """
    ax = add_fixed_axes(fig, (0.14, 0.28, 0.84, 0.64))
    ax.axvline(chosen, color="#999999", linewidth=1.2, linestyle=":")
    for k, (name, times) in enumerate(seconds.items()):
        ax.plot(sizes, times, color=PALETTE[(8, 7, 1, 0)[k]], marker="oPs^"[k], markersize=6,
                label=name)
        ax.plot(chosen, times[list(sizes).index(chosen)], color=PALETTE[(8, 7, 1, 0)[k]],
                marker="oPs^"[k], markersize=11, markeredgecolor=INK)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xticks([10, 30, 100, 300, 1000], ["10", "30", "100", "300", "1,000"])
    ax.minorticks_off()
    ax.set_xlabel("number of parameters d")
    ax.set_ylabel("seconds")
    ax.set_title(f"the parts of one step, d = {chosen:,}")
    fig.legend(*ax.get_legend_handles_labels(), loc="lower center", ncols=2, fontsize=11,
               handlelength=1.8, columnspacing=1.2)


def draw_memory(
    fig: Figure, runs: Mapping[int, np.ndarray], descent: np.ndarray, *, chosen: int, title: str
) -> None:
    """Draw the excess of L-BFGS with each memory, one in colour, beside gradient descent.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    runs : mapping of int to ndarray of shape (t,)
        For each memory the excess after each call of the function.
    descent : ndarray of shape (t,)
        The same of gradient descent.
    chosen : int
        The memory to be drawn in colour.
    title : str
        Written above.

    Returns
    -------
    None
    """
    ax = add_fixed_axes(fig, (0.15, 0.28, 0.81, 0.64))
    end = len(descent) - 1
    # A run that has reached the lower edge stays there: nothing more is drawn of it.
    runs = {memory: excess[: _first_below(excess, 1e-9) + 1] for memory, excess in runs.items()}
    descent = descent[: _first_below(descent, 1e-9) + 1]
    color, marker, _ = LOOKS["gradient descent"]
    ax.plot(np.arange(len(descent)), descent, color=color, linewidth=1.6, marker=marker,
            markevery=25, markersize=5, label="gradient descent")
    for memory, excess in runs.items():
        if memory != chosen:
            ax.plot(np.arange(len(excess)), excess, color="#c4c4c4", linewidth=1.0)
    ax.plot([], [], color="#c4c4c4", linewidth=1.0, label="other memories")
    color, marker, _ = LOOKS["L-BFGS"]
    excess = runs[chosen]
    ax.plot(np.arange(len(excess)), excess, color=color, marker=marker, markevery=10,
            markersize=5.5, label=f"L-BFGS, memory {chosen}")
    ax.set_yscale("log")
    ax.set_xlim(0, end)
    ax.set_ylim(1e-9, 3 * descent[0])
    ax.set_xlabel("gradients computed")
    ax.set_ylabel("excess cost")
    ax.set_title(title)
    fig.legend(*ax.get_legend_handles_labels(), loc="lower center", ncols=2, fontsize=11,
               handlelength=1.8, columnspacing=1.2)


def _first_below(values: np.ndarray, floor: float) -> int:
    reached = np.flatnonzero(values <= floor)
    return int(reached[0]) if len(reached) else len(values)


def draw_race(
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
        The accuracy asked for, a line; where each method first reaches it is marked.
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
    ax.set_xscale("log")
    ax.set_yscale("log")
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
            ax.plot(spent[reached[0]], target, color=color, marker=marker, markersize=11,
                    markeredgecolor=INK, linestyle="", zorder=6)
    ax.set_xlim(*limits[0])
    ax.set_ylim(*limits[1])
    ax.set_yticks(10.0 ** np.arange(np.ceil(np.log10(limits[1][0])),
                                    np.log10(limits[1][1]) + 0.01, 2))
    ax.minorticks_off()
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
    ax.set_yscale("log")
    ax.set_ylim(*limits)
    ax.set_xticks(steps)
    ax.set_xlabel("step")
    ax.set_ylabel("excess cost in nats")
    ax.set_title(title)
    ax.legend(loc="lower left", fontsize=11)
