"""The figures of the notebook on k-means: regions, centres, their paths, and the objective."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.style import PALETTE
from mlcourse.plots.voronoi import voronoi_cells

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mlcourse.plots.voronoi import Box

# A marker for each cluster beside its colour; after ten of them both begin anew.
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p", "<", ">")
INK = "#222222"
GREY = "#8a8a8a"
FAINT = "#c4c4c4"

def draw_clusters(ax: Axes, X: np.ndarray, labels: np.ndarray | None, centers: np.ndarray, *,
                  box: Box, cells: Sequence[np.ndarray] | None = None,
                  paths: np.ndarray | None = None, title: str = "", size: float = 4.5) -> None:
    """Draw points of the plane with the centres that they are assigned to.

    A centre without points is hollow and grey.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    X : ndarray of shape (n, 2)
        The points.
    labels : int array of shape (n,) or None
        The cluster of each point; None before any point has one.
    centers : ndarray of shape (k, 2)
        The centres.
    box : tuple of four float
        Left, right, lower and upper end of the picture.
    cells : sequence of k ndarrays of shape (corners, 2) or None
        The region of each centre, to be tinted.
    paths : ndarray of shape (steps, k, 2) or None
        Where the centres have been, the present place last.
    title : str
        Written above.
    size : float
        Size of a point's marker.

    Returns
    -------
    None
    """
    for j, cell in enumerate(cells or []):
        if len(cell):
            color = PALETTE[j % len(PALETTE)]
            ax.fill(*cell.T, facecolor=color, alpha=0.14, linewidth=0)
            ax.plot(*np.vstack([cell, cell[:1]]).T, color="#777777", linewidth=0.7)
    if labels is None:
        ax.plot(*X.T, linestyle="", marker=".", markersize=size + 1, markeredgewidth=0, color=GREY)
    for j, center in enumerate(centers):
        color, marker = PALETTE[j % len(PALETTE)], MARKERS[j % len(MARKERS)]
        if labels is not None and (labels == j).any():
            ax.plot(*X[labels == j].T, linestyle="", marker=marker, markersize=size,
                    markeredgewidth=0, color=color)
    for j, center in enumerate(centers):
        color, marker = PALETTE[j % len(PALETTE)], MARKERS[j % len(MARKERS)]
        if paths is not None and len(paths) > 1:
            ax.plot(*paths[:, j].T, color=INK, linewidth=1.3, marker="o", markersize=2.8,
                    markeredgewidth=0)
            ax.plot(*paths[0, j], marker=marker, markersize=9, color="white", markeredgecolor=INK,
                    markeredgewidth=1)
        empty = labels is not None and not (labels == j).any()
        ax.plot(*center, marker=marker, markersize=9 if empty else 11, markeredgewidth=1.3,
                color="white" if empty else color, markeredgecolor="#666666" if empty else INK)
    ax.set_xlim(*box[:2])
    ax.set_ylim(*box[2:])
    ax.set_aspect("equal")
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(True)
        spine.set_color("#cccccc")
    ax.set_title(title)


def draw_objective(ax: Axes, values: np.ndarray, n_done: int, *, top: float, n_shown: int,
                   best: float | None = None) -> None:
    """Draw the inertia after each half step: circles after assigning, diamonds after moving.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    values : ndarray of shape (h,)
        Inertia after assigning, moving, assigning, … for the whole run.
    n_done : int
        How many half steps are done; those to come are faint.
    top : float
        Upper end of the axis.
    n_shown : int
        How many half steps the axis has room for. A run that has ended goes on level.
    best : float or None
        The best known inertia, drawn as a line.

    Returns
    -------
    None
    """
    values = np.append(values, np.full(max(0, n_shown - len(values)), values[-1]))[:n_shown]
    step = 1 + np.arange(n_shown) / 2  # "assign 1" is at 1, "move 1" midway to "assign 2"
    done = slice(0, n_done)
    if best is not None:
        ax.axhline(best, color=PALETTE[2], linewidth=1.3, linestyle="--")
        ax.annotate("best known", (step[-1], best), xytext=(0, -3), textcoords="offset points",
                    ha="right", va="top", fontsize=11, color=PALETTE[2])
    ax.plot(step, values, color=FAINT, linewidth=1.2)
    ax.plot(step[done], values[done], color=INK, linewidth=1.4)
    for name, marker, first in (("assign", "o", 0), ("move", "D", 1)):
        ax.plot(step[first::2], values[first::2], linestyle="", marker=marker, markersize=4,
                markeredgewidth=0, color=FAINT)
        ax.plot(step[done][first::2], values[done][first::2], linestyle="", marker=marker,
                markersize=5, markeredgewidth=0, color=PALETTE[first], label=name)
    if n_done:
        last = n_done - 1
        ax.plot(step[last], values[last], marker="oD"[last % 2], markersize=10,
                color=PALETTE[last % 2], markeredgecolor=INK)
    ax.set_ylim(0, top)
    ax.set_xlim(step[0] - 0.3, step[-1] + 0.3)
    ax.set_xticks(np.arange(1, step[-1] + 0.5, 2 if n_shown < 20 else 4))
    ax.set_xlabel("step")
    ax.set_title("inertia")
    ax.legend(loc="upper right", fontsize=11, handletextpad=0.1, borderaxespad=0)


def draw_lloyd(fig: Figure, X: np.ndarray, labels: np.ndarray | None, centers: np.ndarray, *,
               box: Box, cells: Sequence[np.ndarray] | None, paths: np.ndarray, title: str,
               values: np.ndarray, n_done: int, top: float, n_shown: int,
               best: float | None = None, starts: np.ndarray | None = None,
               chosen: int = 0) -> None:
    """Draw one moment of Lloyd's algorithm beside the inertia of the whole run.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    X, labels, centers, box, cells, paths, title
        As in :func:`draw_clusters`.
    values, n_done, top, n_shown, best
        As in :func:`draw_objective`.
    starts : ndarray of shape (s, 2) or None
        Places at which one centre may start, to be numbered in the picture.
    chosen : int
        Which of them was taken.

    Returns
    -------
    None
    """
    # Fixed places: so the frames of a run do not jump, and are drawn in half of the time.
    fig.set_layout_engine("none")
    picture, curve = fig.add_axes((0.01, 0.02, 0.6, 0.88)), fig.add_axes((0.72, 0.19, 0.27, 0.71))
    picture.set_anchor("SW")
    draw_clusters(picture, X, labels, centers, box=box, cells=cells, paths=paths, title=title,
                  size=4)
    for number, place in enumerate(starts if starts is not None else []):
        here = number == chosen
        picture.text(*place, str(number + 1), fontsize=11, ha="center", va="bottom",
                     color=INK if here else "#5a5a5a", fontweight="bold" if here else "normal")
    draw_objective(curve, values, n_done, top=top, n_shown=n_shown, best=best)


def draw_basins(fig: Figure, X: np.ndarray, fixed: np.ndarray, outcome: np.ndarray,
                names: Sequence[str], *, box: Box) -> None:
    """Paint each place at which a centre may start by how the run from there ends.

    The tones differ in lightness, so that they can be told apart without colour.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    X : ndarray of shape (n, 2)
        The points.
    fixed : ndarray of shape (k - 1, 2)
        Where the other centres start.
    outcome : int array of shape (rows, columns)
        How the run ends that starts in the middle of each tile, lowest row first: 0 for the best.
    names : sequence of str
        What the outcomes are called.
    box : tuple of four float
        Left, right, lower and upper end of the tiles.

    Returns
    -------
    None
    """
    fig.set_layout_engine("none")
    ax = fig.add_axes((0.01, 0.13, 0.98, 0.86))
    tones = np.array([[238, 244, 236], [124, 170, 205], [38, 58, 92]])[: len(names)]
    ax.imshow(tones[outcome].astype(np.uint8), extent=box, origin="lower", interpolation="nearest")
    ax.plot(*X.T, linestyle="", marker=".", markersize=5, markeredgecolor="white",
            markeredgewidth=0.3, color=INK)
    ax.plot(*fixed.T, linestyle="", marker="*", markersize=15, color="#ffd23c", markeredgecolor=INK,
            label="the other centres")
    for name, tone in zip(names, tones / 255):
        ax.plot([], [], linestyle="", marker="s", markersize=11, color=tone, markeredgecolor=INK,
                markeredgewidth=0.7, label=name)
    ax.set_axis_off()
    fig.legend(loc="lower center", ncols=2, fontsize=11, handletextpad=0.3, borderpad=0.1)


def draw_stuck(fig: Figure, X: np.ndarray, labels: np.ndarray, centers: np.ndarray,
               start: np.ndarray, *, box: Box, inertia: float, best: float,
               title: str = "") -> None:
    """Draw the end of a run above its inertia and that of the best clustering.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    X, labels, centers, box, title
        As in :func:`draw_clusters`.
    start : ndarray of shape (k, 2)
        Where the centres started; a line leads from there.
    inertia, best : float
        Of this run, and of the best clustering.

    Returns
    -------
    None
    """
    picture, bars = fig.subplots(2, 1, height_ratios=[2.6, 1])
    draw_clusters(picture, X, labels, centers, box=box, cells=voronoi_cells(centers, box),
                  paths=np.stack([start, centers]), title=title, size=9)
    bars.barh([1, 0], [inertia, best], color=[PALETTE[1], PALETTE[2]], height=0.62)
    bars.set_yticks([1, 0], ["this run", "best"])
    bars.set_xlim(0, 1.05 * max(inertia, best))
    bars.set_xlabel("inertia")


def draw_restarts(fig: Figure, finals: np.ndarray, n_runs: int, *, best: float, share: float,
                  title: str) -> None:
    """Draw the inertia of many runs, the first of them in colour, and what their best is worth.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    finals : ndarray of shape (m,)
        Final inertia of each run, in the order in which they were made.
    n_runs : int
        How many are made so far.
    best : float
        The best known inertia, drawn as a line.
    share : float
        Share of all runs that end there.
    title : str
        Written above the runs.

    Returns
    -------
    None
    """
    runs, chance = fig.subplots(1, 2, width_ratios=[1.5, 1])
    number = np.arange(1, len(finals) + 1)
    runs.axhline(best, color=PALETTE[2], linewidth=1.2, linestyle="--")
    runs.plot(number, finals, linestyle="", marker="o", markersize=3.5, markeredgewidth=0,
              color=FAINT)
    runs.plot(number[:n_runs], finals[:n_runs], linestyle="", marker="o", markersize=4.5,
              markeredgewidth=0, color=PALETTE[0], label="a run")
    runs.plot(number[:n_runs], np.minimum.accumulate(finals[:n_runs]), color=PALETTE[1],
              linewidth=1.8, drawstyle="steps-post", marker="D" if n_runs == 1 else "",
              label="best so far")
    runs.set_xlim(0, len(finals) + 1)
    runs.set_ylim(0, 1.08 * finals.max())
    runs.set_xlabel("run")
    runs.set_title(title)
    runs.legend(loc="lower right", fontsize=11)
    n = np.arange(1, 51)
    chance.plot(n, 1 - (1 - share) ** n, color=INK)
    chance.plot(n_runs, 1 - (1 - share) ** n_runs, marker="D", markersize=9, color=PALETTE[1],
                clip_on=False)
    chance.set_xlim(0, 50)
    chance.set_ylim(0, 1.02)
    chance.set_xlabel("runs n")
    chance.set_title("chance that the\nbest is among them")
