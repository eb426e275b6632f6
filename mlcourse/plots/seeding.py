"""The figures on k-means++: chances painted on points, and the costs of many runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.kmeans import MARKERS, draw_clusters
from mlcourse.plots.style import PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

    from mlcourse.plots.voronoi import Box

INK = "#222222"
GREY = "#8a8a8a"
# A point's chance in multiples of 1/n: upper ends of the classes, their names, their looks.
CHANCES = (0.1, 0.5, 1.0, 2.0, 5.0, np.inf)
CHANCE_NAMES = ("below 0.1", "0.1–0.5", "0.5–1", "1–2", "2–5", "above 5")
CHANCE_SIZES = (3.0, 4.2, 5.4, 6.8, 8.4, 10.5)
CHANCE_COLORS = ("#b9c4cf", "#8fb3d3", "#5b93c4", "#2f72ab", "#154f86", "#08264f")
ROW_MARKERS = ("o", "s", "^", "D")


def paint_chances(ax: Axes, X: np.ndarray, probabilities: np.ndarray) -> None:
    """Draw points: the more probable one is to be drawn next, the larger and the darker it is.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    X : ndarray of shape (n, 2)
        The points.
    probabilities : ndarray of shape (n,)
        Their probabilities; the classes of the legend are multiples of 1/n.

    Returns
    -------
    None
    """
    # A hair's breadth of room: rounding may lift n times 1/n over the edge of its class.
    level = np.searchsorted(CHANCES, len(X) * probabilities - 1e-9)
    for i, (name, size, color) in enumerate(zip(CHANCE_NAMES, CHANCE_SIZES, CHANCE_COLORS)):
        ax.plot(*X[level == i].T, linestyle="", marker="o", markersize=size, color=color,
                markeredgecolor="white", markeredgewidth=0.4, label=name)


def draw_seeding(
    fig: Figure,
    X: np.ndarray,
    centers: np.ndarray,
    probabilities: np.ndarray | None,
    *,
    shares: Sequence[tuple[float, float, float, str]],
    costs: np.ndarray,
    best: float,
    n_clusters: int,
    top: float,
    box: Box,
    title: str,
) -> None:
    """Draw the centres drawn so far, each point's chance to be next, and the cost so far.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    X : ndarray of shape (n, 2)
        The points.
    centers : ndarray of shape (drawn, 2)
        The centres in the order in which they were drawn.
    probabilities : ndarray of shape (n,) or None
        Of each point to be drawn next; None if all centres are drawn.
    shares : sequence of (x, y, lift, text)
        The middle of a group, and the chance of the whole group, to be written at the height
        ``y + lift``; or below the group, at ``y - lift``, if a centre is nearer to the place above.
    costs : ndarray of shape (drawn,)
        The cost after each draw.
    best : float
        The smallest cost known for `n_clusters` centres, drawn as a line.
    n_clusters : int
        How many centres there will be.
    top : float
        Upper end of the cost axis.
    box : tuple of four float
        Left, right, lower and upper end of the map.
    title : str
        Written above the map.

    Returns
    -------
    None
    """
    chart, curve = fig.subplots(1, 2, width_ratios=[2.1, 1])
    # With no chance left the legend stays: without it map and axis would change their places.
    paint_chances(chart, X, np.zeros(len(X)) if probabilities is None else probabilities)
    for number, center in enumerate(centers, start=1):
        chart.plot(*center, marker="D", markersize=13, color=PALETTE[1], markeredgecolor="white",
                   zorder=4)
        chart.annotate(str(number), center, ha="center", va="center_baseline", fontsize=10.5,
                       color="white", fontweight="bold", zorder=5)
    behind = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.8}
    for x, y, lift, text in shares:
        places = np.array([[x, y + lift], [x, y - lift]])
        room = np.linalg.norm(places[:, None] - centers, axis=2).min(axis=1)
        chart.annotate(text, tuple(places[int(room[0] < min(0.85, room[1]))]), ha="center",
                       va="center", fontsize=11.5, color=INK, bbox=behind)
    _frame(chart, box, title)
    fig.legend(
        *chart.get_legend_handles_labels(),
        loc="outside lower center",
        ncols=3,
        fontsize=11,
        title=f"chance to be the next centre, in multiples of 1/{len(X)}",
        title_fontsize=11,
        handletextpad=0.2,
        columnspacing=1.2,
    )
    curve.axhline(best, color=PALETTE[2], linestyle="--", linewidth=1.3)
    curve.annotate("best known", (n_clusters, best), xytext=(0, -3), textcoords="offset points",
                   ha="right", va="top", fontsize=11, color=PALETTE[2])
    drawn = np.arange(1, len(costs) + 1)
    curve.plot(drawn, costs, color=PALETTE[1], marker="D", markersize=7, clip_on=False)
    curve.set_yscale("log")
    curve.set_ylim(best / 2, top)
    decades = [10.0**d for d in range(-3, 10)]
    _plain_ticks(curve.yaxis, [t for t in decades if best / 2 <= t <= top])
    curve.set_xlim(0.7, n_clusters + 0.3)
    curve.set_xticks(range(1, n_clusters + 1))
    curve.set_xlabel("centres")
    curve.set_title("cost so far")


def draw_strips(
    ax: Axes,
    values: Mapping[str, np.ndarray],
    *,
    chosen: tuple[str, int] | None = None,
    filled: Mapping[str, np.ndarray] | None = None,
    xlabel: str = "",
    limits: tuple[float, float] | None = None,
    middle: Callable[[np.ndarray], float] = np.mean,
) -> None:
    """Draw one row of marks for each way to start: every run at its final cost.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    values : mapping of str to ndarray of shape (runs,)
        The cost of every run, row by row from the top.
    chosen : tuple (row's name, run) or None
        The run to be marked by a large diamond.
    filled : mapping of str to bool ndarray or None
        Which marks are full, the others being hollow; None for all.
    xlabel : str
        Written below.
    limits : tuple of two float or None
        Ends of the axis; None for those that fit.
    middle : callable, default=numpy.mean
        Where a row's black bar stands, given its costs; for example `numpy.median`.

    Returns
    -------
    None
    """
    for row, (name, costs) in enumerate(values.items()):
        # Multiples of the golden ratio spread over a row evenly, whatever the order of the costs.
        heights = row + 0.56 * ((np.arange(len(costs)) * 0.618034) % 1 - 0.5)
        full = np.ones(len(costs), dtype=bool) if filled is None else filled[name]
        look = {"linestyle": "", "marker": ROW_MARKERS[row % len(ROW_MARKERS)], "markersize": 4.5,
                "markeredgecolor": PALETTE[row], "markeredgewidth": 0.8}
        ax.plot(costs[full], heights[full], markerfacecolor=PALETTE[row], alpha=0.75, **look)
        ax.plot(costs[~full], heights[~full], markerfacecolor="none", **look)
        ax.plot([middle(costs)] * 2, [row - 0.4, row + 0.4], color=INK, linewidth=1.6)
        if chosen is not None and chosen[0] == name:
            ax.plot(costs[chosen[1]], heights[chosen[1]], marker="D", markersize=11,
                    color="#F0E442", markeredgecolor=INK, markeredgewidth=1.6, clip_on=False,
                    zorder=5)
    ax.set_xscale("log")
    if limits is not None:
        ax.set_xlim(*limits)
        # Over many decades only their beginnings have room for a number.
        steps = (1,) if limits[1] > 100 * limits[0] else (1, 1.5, 2, 3, 5)
        ticks = [step * 10.0**d for d in range(7) for step in steps]
        _plain_ticks(ax.xaxis, [t for t in ticks if limits[0] <= t <= limits[1]])
    ax.set_yticks(range(len(values)), [name.replace(" ", "\n") for name in values])
    ax.set_ylim(len(values) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(xlabel)


def draw_run_among_runs(
    fig: Figure,
    X: np.ndarray,
    labels: np.ndarray,
    centers: np.ndarray,
    values: Mapping[str, np.ndarray],
    *,
    chosen: tuple[str, int],
    box: Box,
    title: str,
    xlabel: str,
    filled: Mapping[str, np.ndarray] | None = None,
    limits: tuple[float, float] | None = None,
    start: np.ndarray | None = None,
    outlier: tuple[int, str] | None = None,
) -> None:
    """Draw how one run ended, above the costs of all runs in which it is marked.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    X : ndarray of shape (n, 2)
        The points.
    labels : int array of shape (n,)
        The clusters in which the run ended.
    centers : ndarray of shape (k, 2)
        Its final centres.
    values, chosen, filled, xlabel, limits
        As in `draw_strips`.
    box : tuple of four float
        Left, right, lower and upper end of the map.
    title : str
        Written above the map.
    start : ndarray of shape (k, 2) or None
        Where the centres started, to be drawn as small hollow circles joined to where they ended.
    outlier : (row of X, text) or None
        A point that may lie off the map, to the right: the text, an arrow and the mark of the
        point's cluster then stand at the edge.

    Returns
    -------
    None
    """
    chart, strips = fig.subplots(2, 1, height_ratios=[2.1, 1])
    paths = None if start is None else np.stack([start, centers])
    draw_clusters(chart, X, labels, centers, box=box, paths=paths, title=title)
    if outlier is not None and X[outlier[0], 0] > box[1]:
        row, text = outlier
        edge, height, j = box[1], X[row, 1], int(labels[row])
        unit = (box[1] - box[0]) / 20
        chart.plot(edge - 1.7 * unit, height, marker=MARKERS[j % len(MARKERS)], markersize=9,
                   color=PALETTE[j % len(PALETTE)], markeredgecolor=INK)
        chart.annotate("", (edge, height), xytext=(edge - 1.3 * unit, height),
                       arrowprops={"arrowstyle": "->", "color": INK})
        chart.annotate(text, (edge - 0.3 * unit, height + unit), ha="right", fontsize=11, color=INK)
    draw_strips(strips, values, chosen=chosen, filled=filled, xlabel=xlabel, limits=limits)


def _plain_ticks(axis: Axis, ticks: Sequence[float]) -> None:
    """Write numbers as they are; powers of ten are typeset, which takes half of a frame's time."""
    axis.set_ticks(ticks, labels=[f"{t:,.0f}" if t >= 1000 else f"{t:g}" for t in ticks])
    axis.set_ticks([], minor=True)


def _frame(ax: Axes, box: Box, title: str) -> None:
    ax.set_xlim(*box[:2])
    ax.set_ylim(*box[2:])
    ax.set_aspect("equal")
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(True)
        spine.set_color("#cccccc")
    ax.set_title(title)
