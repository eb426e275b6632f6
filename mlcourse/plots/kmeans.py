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
                  paths: np.ndarray | None = None, title: str = "", size: float = 4.5,
                  rings: bool = False) -> None:
    """Draw points of the plane with the centres that they are assigned to.

    A centre without points is pale grey.

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
    rings : bool
        Whether the starts are wide rings, through which a point in the same place is seen.

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
            ax.plot(*paths[0, j], marker="o" if rings else marker, markersize=19 if rings else 9,
                    color="white", fillstyle="none" if rings else "full", markeredgecolor=INK,
                    markeredgewidth=1.5 if rings else 1)
        empty = labels is not None and not (labels == j).any()
        ax.plot(*center, marker=marker, markersize=9 if empty else 11, markeredgewidth=1.3,
                color=FAINT if empty else color, markeredgecolor="#666666" if empty else INK)
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
        ax.axhline(best, color=PALETTE[2], linewidth=1.3, linestyle="--", label="best known")
    ax.plot(step, values, color=FAINT, linewidth=1.2)
    ax.plot(step[done], values[done], color=INK, linewidth=1.4)
    # Black and white: the colours stand for clusters.
    fills = ("white", INK)
    for name, marker, first in (("assign", "o", 0), ("move", "D", 1)):
        ax.plot(step[first::2], values[first::2], linestyle="", marker=marker, markersize=4,
                markeredgewidth=0, color=FAINT)
        ax.plot(step[done][first::2], values[done][first::2], linestyle="", marker=marker,
                markersize=5, color=fills[first], markeredgecolor=INK, label=name)
    if n_done:
        last = n_done - 1
        if values[last] > top:  # beyond the axis: an arrow at its edge, and the number
            ax.annotate(f"now {values[last]:.0f}, above the axis", (step[last], top),
                        xytext=(9, -1), textcoords="offset points", va="top", fontsize=11)
        ax.plot(step[last], min(values[last], 0.96 * top), markersize=10, color=fills[last % 2],
                marker="^" if values[last] > top else "oD"[last % 2], markeredgecolor=INK)
    ax.set_ylim(0, top)
    ax.set_xlim(step[0] - 0.3, step[-1] + 0.3)
    ax.set_xticks(np.arange(1, step[-1] + 0.5, 2 if n_shown < 20 else 4))
    ax.set_xlabel("step", labelpad=1)
    ax.set_ylabel("inertia")
    ax.legend(loc="upper right", fontsize=11, handletextpad=0.4, handlelength=1.5, borderaxespad=0,
              labelspacing=0.2)


def draw_lloyd(fig: Figure, X: np.ndarray, labels: np.ndarray | None, centers: np.ndarray, *,
               box: Box, cells: Sequence[np.ndarray] | None, paths: np.ndarray, title: str,
               values: np.ndarray, n_done: int, top: float, n_shown: int,
               best: float | None = None, starts: np.ndarray | None = None,
               chosen: int = 0) -> None:
    """Draw one moment of Lloyd's algorithm above the inertia of the whole run.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    X, labels, centers, box, cells, paths, title
        As in :func:`draw_clusters`.
    values, n_done, top, n_shown, best
        As in `draw_objective`.
    starts : ndarray of shape (s, 2) or None
        Places at which one centre may start, to be numbered in the picture.
    chosen : int
        Which of them was taken.

    Returns
    -------
    None
    """
    # Fixed places: so the frames of a run do not jump, and are drawn in half of the time.
    fig.set_layout_engine(None)
    picture, curve = fig.add_axes((0.01, 0.34, 0.98, 0.6)), fig.add_axes((0.19, 0.1, 0.79, 0.21))
    draw_clusters(picture, X, labels, centers, box=box, cells=cells, paths=paths, title=title,
                  size=4)
    for number, place in enumerate(starts if starts is not None else []):
        here = number == chosen
        _number(picture, place, number + 1, chosen=here)
    draw_objective(curve, values, n_done, top=top, n_shown=n_shown, best=best)


def _number(ax: Axes, place: np.ndarray, number: int, *, chosen: bool) -> None:
    """Write a number into a picture, legible on whatever lies there."""
    ax.text(*place, str(number), fontsize=11, ha="center", va="center", zorder=6,
            color="white" if chosen else INK, fontweight="bold" if chosen else "normal",
            bbox={"boxstyle": "round,pad=0.12", "edgecolor": INK, "linewidth": 0.5,
                  "facecolor": INK if chosen else "white", "alpha": 0.88})


def draw_basins(fig: Figure, X: np.ndarray, fixed: np.ndarray, outcome: np.ndarray,
                names: Sequence[str], *, box: Box, starts: np.ndarray | None = None) -> None:
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
    starts : ndarray of shape (s, 2) or None
        Places to be numbered in the picture.

    Returns
    -------
    None
    """
    fig.set_layout_engine(None)
    ax = fig.add_axes((0.01, 0.15, 0.98, 0.84))
    tones = np.array([[238, 244, 236], [124, 170, 205], [38, 58, 92]])[: len(names)]
    ax.imshow(tones[outcome].astype(np.uint8), extent=box, origin="lower", interpolation="nearest")
    ax.plot(*X.T, linestyle="", marker=".", markersize=5, markeredgecolor="white",
            markeredgewidth=0.3, color=INK)
    ax.plot(*fixed.T, linestyle="", marker="*", markersize=15, color="#ffd23c", markeredgecolor=INK,
            label="the other centres")
    for name, tone in zip(names, tones / 255):
        ax.plot([], [], linestyle="", marker="s", markersize=11, color=tone, markeredgecolor=INK,
                markeredgewidth=0.7, label=name)
    for number, place in enumerate(starts if starts is not None else []):
        _number(ax, place, number + 1, chosen=False)
    ax.set_axis_off()
    fig.legend(loc="lower center", ncols=2, fontsize=11, handletextpad=0.3, borderpad=0.4)


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
                  paths=np.stack([start, centers]), title=title, size=9, rings=True)
    bars.barh([1, 0], [inertia, best], color=[PALETTE[1], PALETTE[2]], height=0.62)
    bars.set_yticks([1, 0], ["this run", "best"])
    bars.set_xlim(0, 1.05 * max(inertia, best))
    bars.set_xlabel("inertia")
