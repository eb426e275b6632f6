"""The figures on first runs with minibatches: cost against examples, and paths on the surface."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.estimates import plain_ticks
from mlcourse.plots.style import PALETTE
from mlcourse.plots.surfaces import draw_path, draw_surface

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK = "#222222"
GREY = "#777777"
FAINT = "#b9b9b9"


def draw_first_run(fig: Figure, runs: Mapping[int, tuple[np.ndarray, np.ndarray]], *, chosen: int,
                   n_samples: int, limits: Sequence[Sequence[float]]) -> None:
    """Draw the cost above its minimum against the examples looked at, for several batch sizes.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    runs : mapping of int to pair of ndarrays
        For each batch size the number of examples looked at, and the cost above the minimum.
    chosen : int
        The batch size of the run in colour; that of all examples is always drawn in ink.
    n_samples : int
        The number of all examples: one pass, marked by a dotted line.
    limits : pair of pairs of float
        Examples and costs at the ends of the axes.

    Returns
    -------
    None
    """
    # Fixed places and no minor ticks: a logarithmic axis is slow to lay out.
    fig.set_layout_engine(None)
    ax = fig.add_axes((0.16, 0.14, 0.8, 0.77))
    ax.axvline(n_samples, color=GREY, linewidth=1.3, linestyle=":")
    for k, (size, (looked, above)) in enumerate(runs.items()):
        # In two rows: side by side they would touch.
        ax.text(looked[0], limits[1][1] / (1.1, 1.6)[k % 2], f"{size:,}", ha="center", va="top",
                fontsize=10.5, color=PALETTE[1] if size == chosen else GREY,
                weight="bold" if size == chosen else "normal",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5})
        if size not in (chosen, n_samples):
            ax.plot(looked, above, color=FAINT, linewidth=1.1)
    if n_samples in runs:
        own = chosen == n_samples
        ax.plot(*runs[n_samples], color=PALETTE[1] if own else INK, linewidth=2.0 if own else 1.6,
                marker="s", markersize=4.5, label=f"all {n_samples:,} for each step")
    if chosen != n_samples:
        ax.plot(*runs[chosen], color=PALETTE[1], linewidth=2.0, marker="o", markersize=4.5,
                label=f"b = {chosen:,}")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.minorticks_off()
    ax.set_xlim(*limits[0])
    ax.set_ylim(*limits[1])
    ax.set_xticks(*plain_ticks(*limits[0], every=2))
    ax.set_yticks(*plain_ticks(*limits[1]))
    ax.text(n_samples, limits[1][0] * 1.1, " one pass", ha="left", va="bottom", fontsize=11,
            color=GREY)
    ax.set_xlabel("examples looked at")
    ax.set_title("cost above its minimum, in nats")
    ax.legend(loc="lower left", fontsize=11)


def draw_path_and_cost(fig: Figure, surface: Callable[[np.ndarray], np.ndarray],
                       path: np.ndarray, costs: np.ndarray, *,
                       limits: Sequence[Sequence[float]], minimizer: np.ndarray,
                       cost_limits: tuple[float, float], x: np.ndarray, x_name: str,
                       title: str, cost_title: str, log: bool = False,
                       reference: tuple[str, float] | None = None) -> None:
    """Draw the path of a run on the surface of its cost, above the cost along the run.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    surface : callable
        The cost: takes points (…, 2), returns values (…).
    path : ndarray of shape (t, 2)
        The parameters after each step so far.
    costs : ndarray of shape (t,)
        The cost at these.
    limits : pair of pairs of float
        ``((left, right), (lower, upper))`` of the picture.
    minimizer : ndarray of shape (2,)
        The minimum, marked by a star.
    cost_limits : pair of float
        Lower and upper end of the axis of costs; what is above ends in an arrow at the edge.
    x : ndarray of shape (T,)
        Where the costs stand, for the whole run (T ≥ t).
    x_name, title, cost_title : str
        Name of that axis, and the titles of the two pictures.
    log : bool
        Whether the axis of costs is logarithmic.
    reference : pair of str and float or None
        A cost to be drawn as a dashed line, after its name.

    Returns
    -------
    None
    """
    # Fixed places: frames do not jump. None, not "none", which would draw everything twice.
    fig.set_layout_engine(None)
    height = fig.get_figheight()
    sides = np.abs(np.diff(limits, axis=1)).ravel()
    tall = min(0.46, 0.81 * fig.get_figwidth() / height * sides[1] / sides[0])
    top, bottom, gap = 0.32 / height, 0.58 / height, 0.88 / height
    plane = fig.add_axes((0.17, 1 - top - tall, 0.81, tall))
    chart = fig.add_axes((0.17, bottom, 0.79, 1 - top - tall - gap - bottom))
    draw_surface(plane, surface, limits, n_grid=61, minimizer=minimizer, equal=True, title=title)
    draw_path(plane, path, size=3.0, linewidth=1.1)
    plane.set_xlabel("intercept")
    plane.set_ylabel("slope")
    low, high = cost_limits
    inside = costs <= high
    if reference is not None:
        chart.axhline(reference[1], color=GREY, linewidth=1.3, linestyle="--")
        chart.text(x[-1], reference[1], f"{reference[0]} ", color=GREY, fontsize=11, ha="right",
                   va="bottom")
    shown = np.where(inside, np.maximum(costs, low), np.nan)
    chart.plot(x[: len(costs)], shown, color=PALETTE[1], linewidth=1.3, marker="o", markersize=3)
    if not inside.all():
        first = int(np.argmin(inside))
        edge = {"transform": chart.get_xaxis_transform()}
        chart.plot(x[first], 0.92, marker="^", markersize=10, color=PALETTE[1],
                   markeredgecolor=INK, zorder=5, **edge)
        chart.text(x[first] + 0.04 * (x[-1] - x[0]), 0.97, "above the axis", va="top",
                   fontsize=11, **edge)
    elif len(costs) > 1:
        chart.plot(x[len(costs) - 1], shown[-1], marker="o", markersize=8, color=PALETTE[1],
                   markeredgecolor=INK, clip_on=False, zorder=5)
    if log:
        chart.set_yscale("log")
        chart.minorticks_off()
        chart.set_yticks(*plain_ticks(low, high, every=2))
    chart.set_xlim(x[0], x[-1])
    chart.set_ylim(low, high)
    chart.set_xlabel(x_name)
    chart.set_title(cost_title)
