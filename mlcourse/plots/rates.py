"""The figures on the learning rate: a quadratic's two directions, and many runs against two clocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.style import PALETTE, power_of_ten, set_powers
from mlcourse.plots.surfaces import draw_path, draw_surface

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#222222"
FAINT = "#c4c4c4"
STEEP, FLAT, RATE = PALETTE[1], PALETTE[0], PALETTE[7]
# The tints of the four regions, light enough for what is drawn on them; their names are written.
TINTS = ("#dcdcdc", "#e4eef6", "#fbf3d9", "#f8ddd6")


def draw_factors(
    ax: Axes, rate: float, *, largest: float, smallest: float, stall: float, end: float = 2.65
) -> None:
    """Draw by what one step multiplies each direction of a quadratic, against the learning rate.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    rate : float
        The learning rate to be marked.
    largest, smallest : float
        The eigenvalues L and μ of the steep and of the flat direction.
    stall : float
        Below this rate nothing seems to move.
    end : float
        Upper end of the axis in units of 1/L.

    Returns
    -------
    None
    """
    unit = 1 / largest
    edges = [0.0, stall, unit, 2 * unit, end * unit]
    names = ("stall", "crawl", "ring", "diverge")
    for left, right, tint, name in zip(edges, edges[1:], TINTS, names):
        ax.axvspan(left, right, color=tint, linewidth=0)
        # The first name keeps to the left end, however narrow its region; the second makes room.
        first = name == "stall"
        middle = left if first else (max(left, 0.45 * unit if name == "crawl" else 0) + right) / 2
        ax.annotate(name, (middle, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 3),
                    textcoords="offset points", ha="left" if first else "center", fontsize=11,
                    color=INK)
    eta = np.linspace(0, end * unit, 400)
    ax.axhline(1, color="#777777", linewidth=1)
    ax.axvline(2 * unit, color=INK, linewidth=1.6, linestyle="--")
    for eigenvalue, color, marker, name in (
        (largest, STEEP, "s", "steep"), (smallest, FLAT, "o", "flat")
    ):
        ax.plot(eta, np.abs(1 - eta * eigenvalue), color=color)
        ax.plot(rate, abs(1 - rate * eigenvalue), marker=marker, markersize=9, color=color,
                markeredgecolor=INK, zorder=5, clip_on=False)
        ax.plot([], [], color=color, marker=marker, markersize=7, label=name)
    ax.axvline(rate, color=RATE, linewidth=1.8)
    ax.set_xlim(0, end * unit)
    ax.set_ylim(0, 1.7)
    best = 2 / (largest + smallest)
    ax.plot([best, best], [0, 1 - best * smallest], color="#777777", linewidth=1, linestyle=":")
    ax.set_xticks([0, unit, 2 * unit], ["0", "1/L", "2/L"])
    ax.set_yticks([0, 1])
    ax.set_ylabel("|1 − ηλ|")
    ax.set_xlabel("learning rate η", labelpad=1)
    ax.legend(loc="upper left", fontsize=11, handlelength=1.6, borderaxespad=0.1, ncols=2,
              columnspacing=1.0, handletextpad=0.4)


def draw_log_curve(
    ax: Axes, values: np.ndarray, step: int, *, others: Sequence[np.ndarray],
    limits: tuple[float, float], ylabel: str
) -> None:
    """Draw a curve so far on a log scale; what lies beyond the scale is told at its edge.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    values : ndarray of shape (t,)
        The curve from step 0 on.
    step : int
        How far the curve has come.
    others : sequence of ndarrays of shape (t,)
        Curves of other settings, faint.
    limits : pair of float
        Lower and upper end of the scale.
    ylabel : str
        What is drawn.

    Returns
    -------
    None
    """
    for other in others:
        ax.plot(np.arange(len(other)), other, color=FAINT, linewidth=1)
    ax.plot(np.arange(step + 1), values[: step + 1], color=RATE, linewidth=2.2)
    now, (low, high) = values[step], limits
    inside = low <= now <= high
    ax.plot(step, np.clip(now, low, high), marker="o" if inside else "v" if now < low else "^",
            markersize=9, color=RATE, markeredgecolor=INK, clip_on=False, zorder=5)
    if not inside:
        below = now < low
        text = f"now {power_of_ten(np.floor(np.log10(now)))}" if now > 0 else "now 0"
        ax.annotate(text, (step, low if below else high), textcoords="offset points", fontsize=11,
                    xytext=(-9 if step > 10 else 9, 9 if below else -12),
                    ha="right" if step > 10 else "left",
                    bbox={"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.85})
    ax.set_yscale("log")
    ax.set_ylim(*limits)
    ax.set_xlim(0, len(values) - 1)
    set_powers(ax.yaxis, *np.log10(limits).round().astype(int), 4)
    ax.set_xlabel("step", labelpad=1)
    ax.set_ylabel(ylabel)


def draw_quadratic_run(
    fig: Figure,
    function: Callable[[np.ndarray], np.ndarray],
    limits: Sequence[Sequence[float]],
    path: np.ndarray,
    *,
    rate: float,
    largest: float,
    smallest: float,
    stall: float,
    values: np.ndarray,
    others: Sequence[np.ndarray],
    step: int,
    title: str,
) -> None:
    """Draw gradient descent on a quadratic: the path, the factors of a step, and the loss.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    function : callable
        The quadratic's values at points (…, 2).
    limits : pair of pairs of float
        The picture, ``((left, right), (lower, upper))``.
    path : ndarray of shape (t, 2)
        All places of the run; drawn as far as `step`.
    rate : float
        The learning rate.
    largest, smallest : float
        The eigenvalues of the steep (upright) and of the flat direction.
    stall : float
        Below this rate nothing seems to move.
    values : ndarray of shape (t,)
        The loss in the course of the run, as a share of that at the start.
    others : sequence of ndarrays
        The same for other rates.
    step : int
        The step to show.
    title : str
        Written above.

    Returns
    -------
    None
    """
    # Fixed places: no panel moves when a slider does, and drawing takes half as long.
    fig.set_layout_engine("none")
    upper, middle, lower = (
        fig.add_axes((0.165, bottom, 0.815, height))
        for bottom, height in ((0.607, 0.35), (0.325, 0.19), (0.075, 0.17))
    )
    draw_surface(upper, function, limits, minimizer=np.zeros(2), equal=True, title=title,
                 levels=9, n_grid=61)
    draw_path(upper, path[: step + 1], color=RATE, beyond=f"outside at step {step}")
    upper.set_xticks([])
    upper.set_yticks([])
    upper.set_xlabel("flat direction, eigenvalue μ", labelpad=3)
    upper.set_ylabel("steep, eigenvalue L", labelpad=4)
    draw_factors(middle, rate, largest=largest, smallest=smallest, stall=stall)
    draw_log_curve(lower, values, step, others=others, limits=(1e-8, 1e4), ylabel="loss / start")


def draw_two_clocks(
    fig: Figure,
    groups: Sequence[Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]]],
    *,
    chosen: tuple[int, int],
    name: str,
    start: float,
    limits: tuple[tuple[float, float], tuple[float, float], tuple[float, float]],
    one_pass: float,
    title: str,
    note: str = "",
) -> None:
    """Draw the losses of many runs against examples seen and against seconds, one run thick.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    groups : sequence of sequences of three ndarrays
        Runs in groups: of each run the examples seen, the seconds spent, and the loss above its
        minimum.
    chosen : pair of int
        The group and in it the run to show; the other runs of its group are thin and blue.
    name : str
        What the group has in common, for the legend.
    start : float
        The loss at the start, where all runs begin.
    limits : three pairs of float
        Ends of the axes: examples, seconds, loss.
    one_pass : float
        So many examples are one pass over the data, a dotted line.
    title, note : str
        Written above the left and the right half.

    Returns
    -------
    None
    """
    fig.set_layout_engine("none")
    axes = [fig.add_axes((left, 0.22, 0.405, 0.69)) for left in (0.14, 0.585)]
    low, high = limits[2]
    mine, number = chosen
    for clock, (ax, ends, label) in enumerate(zip(axes, limits, ("examples seen", "seconds"))):
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.axhline(start, color="#777777", linewidth=1, linestyle="--")
        for i, group in enumerate(groups):
            # NaN lifts the pen: a group is one line, and the same one in every frame.
            x, y = (
                np.concatenate([np.append(run[k], np.nan) for run in group]) for k in (clock, 2)
            )
            ax.plot(x, y, color=PALETTE[0] if i == mine else FAINT, zorder=2 if i == mine else 1,
                    linewidth=1.3 if i == mine else 0.8, alpha=0.6 if i == mine else 0.8)
        x, y = groups[mine][number][clock], np.clip(groups[mine][number][2], low, 0.8 * high)
        ax.plot(x, y, color=RATE, linewidth=2.4, marker="o", markersize=4, zorder=4)
        ax.plot(x[-1], y[-1], color=RATE, marker="o", markersize=9, markeredgecolor=INK, zorder=5)
        beyond = groups[mine][number][2] > high
        ax.plot(x[beyond], y[beyond], linestyle="", marker="^", markersize=8, color=RATE, zorder=5)
        ax.set_xlim(*ends)
        ax.set_ylim(low, high)
        first, last = (int(np.floor(np.log10(end))) for end in ends)
        set_powers(ax.xaxis, first, last, 2)
        set_powers(ax.yaxis, *np.log10([low, high]).round().astype(int))
        ax.set_xlabel(label)
    axes[1].tick_params(labelleft=False)
    axes[0].set_title(title)
    axes[1].set_title(note)
    axes[0].axvline(one_pass, color="#777777", linewidth=1.2, linestyle=":")
    axes[0].annotate("one pass", (one_pass, high), xytext=(-4, -2), textcoords="offset points",
                     ha="right", va="top", rotation=90, fontsize=11, color="#444444")
    axes[0].set_ylabel("loss − minimum (nats)")
    for look, text in (
        ({"color": RATE, "linewidth": 2.4, "marker": "o", "markersize": 5}, "this run"),
        ({"color": PALETTE[0], "alpha": 0.6, "linewidth": 1.3}, name),
        ({"color": FAINT, "linewidth": 1}, "the others"),
    ):
        axes[1].plot([], [], label=text, **look)
    fig.legend(*axes[1].get_legend_handles_labels(), loc="lower center", ncols=3, fontsize=11,
               columnspacing=1.2, handlelength=1.6, borderaxespad=0.1)
