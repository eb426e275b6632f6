"""The figures on agglomerative clustering: points beside the tree of their mergers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.maps import frame_map
from mlcourse.plots.puzzles import MARKERS
from mlcourse.plots.style import PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GREY = "#8a8a8a"
# Ten groups at most: two markers more than the figures on maps need.
SHAPES = [*MARKERS, "p", "h"]


def draw_dendrogram(ax: Axes, children: np.ndarray, heights: np.ndarray, order: np.ndarray,
                    labels: np.ndarray, *, cut: float | None = None) -> None:
    """Draw a tree of mergers: a bracket for each, as high as its two parts were apart.

    Brackets below the cut have the colour of their group, those above are grey; under the tree
    stands every leaf's marker.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    children : int array of shape (n − 1, 2)
        What each merger joins: below n a point, n + i the result of merger i.
    heights : ndarray of shape (n − 1,)
        The distance at which it does, in order.
    order : int array of shape (n,)
        The points from left to right.
    labels : int array of shape (n,)
        The group of each point after the cut, 0, 1, …; at most ten groups.
    cut : float or None
        Height of the dashed line of the cut.

    Returns
    -------
    None
    """
    n = len(order)
    across, up = np.zeros(2 * n - 1), np.zeros(2 * n - 1)
    across[order] = np.arange(n)
    group = np.concatenate([labels, np.full(n - 1, -1)])
    pens: dict[int, list[list[float]]] = {}
    for i, (left, right) in enumerate(children):
        across[n + i] = (across[left] + across[right]) / 2
        up[n + i] = heights[i]
        if group[left] == group[right]:
            group[n + i] = group[left]
        # One broken line for all brackets of a group: NaN lifts the pen.
        pens.setdefault(int(group[n + i]), []).extend([
            [across[left], up[left]], [across[left], heights[i]],
            [across[right], heights[i]], [across[right], up[right]], [np.nan, np.nan],
        ])
    for label, pen in sorted(pens.items()):
        color = GREY if label < 0 else PALETTE[label]
        ax.plot(*np.array(pen).T, color=color, linewidth=1.2 if label < 0 else 1.5)
    top = 1.08 * heights[-1]
    for label in np.unique(labels):
        ax.plot(across[:n][labels == label], np.full((labels == label).sum(), -0.04 * top),
                linestyle="", marker=SHAPES[label], markersize=4.8, markeredgewidth=0,
                color=PALETTE[label])
    if cut is not None:
        ax.axhline(cut, color="#222222", linestyle="--", linewidth=1.2)
    ax.set_xlim(-1.5, n + 0.5)
    ax.set_ylim(-0.085 * top, top)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)


def _steady_labels(children: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Name the groups of a cut so that one bracket opened changes the name of one part alone."""
    n = len(labels)
    members = [[i] for i in range(n)]
    for left, right in children:
        members.append(members[left] + members[right])
    steady = np.zeros(n, dtype=np.intp)
    for name, (left, right) in enumerate(children[::-1][: len(np.unique(labels)) - 1], start=1):
        # Of two equal parts the first keeps its name.
        steady[members[left if len(members[left]) < len(members[right]) else right]] = name
    return steady


def draw_points_and_tree(fig: Figure, X: np.ndarray, labels: np.ndarray, children: np.ndarray,
                         heights: np.ndarray, order: np.ndarray, *, cut: float | None,
                         title: str) -> None:
    """Draw points in the groups of a cut, beside the tree that is cut.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    X : ndarray of shape (n, 2)
        The points.
    labels : int array of shape (n,)
        The group of each point after the cut; at most ten groups. Their colours are dealt from
        the root: where a cut is opened, the larger part keeps its colour, the other gets a new one.
    children, heights, order : arrays of shape (n − 1, 2), (n − 1,) and (n,)
        The tree, as `draw_dendrogram` takes it.
    cut : float or None
        Height of the cut.
    title : str
        Written above the points.

    Returns
    -------
    None
    """
    cloud, tree = fig.subplots(1, 2, width_ratios=[1, 1.15])
    labels = _steady_labels(children, labels)
    for label in np.unique(labels):
        cloud.plot(*X[labels == label].T, linestyle="", marker=SHAPES[label], markersize=5.5,
                   markeredgewidth=0, color=PALETTE[label])
    frame_map(cloud, X, title=title)
    cloud.set_xlabel("")
    draw_dendrogram(tree, children, heights, order, labels, cut=cut)
    tree.set_title("height of each merger")
