"""The figures of the notebook on reading a map: data beside its map, and what the eye would conclude."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.maps import frame_map
from mlcourse.plots.style import PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKERS = ["o", "^", "s", "X", "D", "P", "v", "*"]  # a second cue beside the colour
LINES = ["-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1))]
GREY = "#767676"


def draw_groups(ax: Axes, Y: np.ndarray, labels: np.ndarray, *, title: str = "", what: str = "map", size: float = 4.5,
                paths: Sequence[np.ndarray] = (), names: Sequence[str] | None = None) -> None:
    """Draw points of the plane, each group in its own colour and with its own marker.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    Y : ndarray of shape (n, 2)
        The points.
    labels : ndarray of shape (n,)
        The group of each point; at most eight groups.
    title : str
        Written above.
    what : str
        What the points are, for the width under the corner: "map 82 wide".
    size : float
        Height of a marker in points.
    paths : sequence of int arrays
        Lines to draw under the points, each through the points of these indices.
    names : sequence of str or None
        The groups' names, in the order of their labels: what a legend will call them.

    Returns
    -------
    None
    """
    kinds = np.unique(labels)
    if len(kinds) > len(MARKERS):
        raise ValueError(f"labels must have at most {len(MARKERS)} groups (it had {len(kinds)})")
    for path in paths:
        ax.plot(*Y[path].T, color="#b0b0b0", linewidth=1.0, zorder=1)
    for i, kind in enumerate(kinds):
        ax.plot(*Y[labels == kind].T, linestyle="", marker=MARKERS[i], markersize=size, markeredgewidth=0,
                color=PALETTE[i], label=None if names is None else names[i], zorder=2)
    frame_map(ax, Y, title=title, what=what)


def draw_puzzle(fig: Figure, view: np.ndarray, Y: np.ndarray, labels: np.ndarray, *, titles: tuple[str, str],
                paths: Sequence[np.ndarray] = (), names: Sequence[str] | None = None) -> None:
    """Draw a view of the data beside a map of it.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    view : ndarray of shape (n, 2)
        The data, or a shadow of it.
    Y : ndarray of shape (n, 2)
        The map.
    labels : ndarray of shape (n,)
        The group of each point; at most eight groups.
    titles : pair of str
        Written above the two.
    paths : sequence of int arrays
        Lines to draw under the points of both, each through the points of these indices.
    names : sequence of str or None
        The groups' names for a legend under both.

    Returns
    -------
    None
    """
    left, right = fig.subplots(1, 2)
    draw_groups(left, view, labels, title=titles[0], what="data", paths=paths, names=names)
    draw_groups(right, Y, labels, title=titles[1], paths=paths)
    if names is not None:
        handles = [line for line in left.lines if line.get_label() in names]
        fig.legend(handles, names, loc="outside lower center", ncols=len(names), fontsize=11.5, handletextpad=0.1,
                   columnspacing=1.0, markerscale=1.5, borderaxespad=0.2)


def draw_scores(fig: Figure, Y: np.ndarray, labels: np.ndarray, scores: Mapping[str, float], *, title: str) -> None:
    """Draw a map above bars for its scores.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    Y : ndarray of shape (n, 2)
        The map.
    labels : ndarray of shape (n,)
        The group of each point; at most eight groups.
    scores : mapping of str to float
        The scores by name, each between 0 and 1.
    title : str
        Written above the map.

    Returns
    -------
    None
    """
    above, below = fig.subplots(2, 1, height_ratios=[1.5, 1])
    draw_groups(above, Y, labels, title=title, size=5.5)
    places = np.arange(len(scores))[::-1]
    values = list(scores.values())
    below.barh(places, values, height=0.6, color=PALETTE[0])
    for place, value in zip(places, values):
        below.text(value + 0.015, place, f"{value:.2f}", va="center", fontsize=11.5)
    below.set_yticks(places, list(scores))
    below.set_xlim(0, 1.12)
    below.set_xticks([0, 0.5, 1])
    below.tick_params(left=False)


def draw_kept(fig: Figure, Y: np.ndarray, focus: int, in_data: np.ndarray, in_map: np.ndarray, *, sizes: np.ndarray,
              curves: Mapping[str, np.ndarray], name: str, k: int) -> None:
    """Draw a map with the neighbours of one point, above the share of neighbours kept for every neighbourhood size.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    Y : ndarray of shape (n, 2)
        The map.
    focus : int
        The point whose neighbours are marked.
    in_data, in_map : bool ndarrays of shape (n,)
        Which points are among its k nearest in the data, and in the map.
    sizes : ndarray of shape (t,)
        Neighbourhood sizes.
    curves : mapping of str to ndarray of shape (t,)
        The share of neighbours kept at each size, by the name of the map.
    name : str
        The curve of the map that is drawn; one of `curves`, or none of them.
    k : int
        The size to mark.

    Returns
    -------
    None
    """
    above, below = fig.subplots(2, 1, height_ratios=[1.6, 1])
    above.plot(*Y.T, linestyle="", marker="o", markersize=3, markeredgewidth=0, color="#b0b0b0")
    for mask, style, label in (
        (in_data & in_map, {"marker": "o", "markersize": 6, "color": PALETTE[0], "markeredgewidth": 0}, "kept"),
        (in_data & ~in_map, {"marker": "^", "markersize": 6, "color": PALETTE[1], "markerfacecolor": "none",
                             "markeredgewidth": 1.3}, "torn away"),
        (in_map & ~in_data, {"marker": "x", "markersize": 6, "color": "#222222", "markeredgewidth": 1.3}, "intruder"),
    ):
        above.plot(*Y[mask].T, linestyle="", label=label, **style)
    above.plot(*Y[[focus]].T, linestyle="", marker="*", markersize=14, color=PALETTE[7], markeredgecolor="white",
               label="the point")
    frame_map(above, Y, title=f"{name}: one point and its {k} nearest")
    above.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=11, handletextpad=0.2, borderaxespad=0.1)
    for i, (each, curve) in enumerate(curves.items()):
        below.plot(sizes, curve, linestyle=LINES[i], color=PALETTE[i], linewidth=3 if each == name else 1.6, label=each)
    below.axvline(k, color="#222222", linestyle=":", linewidth=1.2)
    below.set_xscale("log")
    below.set_xlim(sizes[0], sizes[-1])
    ticks = [t for t in (1, 2, 5, 10, 20, 50, 100, 200, 500) if sizes[0] <= t <= sizes[-1]]
    below.set_xticks(ticks, [str(t) for t in ticks])
    below.set_xticks([], minor=True)
    below.set_ylim(0, 1.02)
    below.set_xlabel("k, the size of a neighbourhood")
    below.set_ylabel("neighbours kept")
    below.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=11, handletextpad=0.4, borderaxespad=0.1, handlelength=1.6)


def draw_agreement(fig: Figure, maps: Sequence[np.ndarray], shares: np.ndarray, *, titles: Sequence[str],
                   threshold: float = 0.5) -> None:
    """Draw maps of the same points and mark the points whose neighbours agree.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    maps : sequence of ndarrays of shape (n, 2)
        The maps.
    shares : ndarray of shape (n,)
        For each point the share of neighbours that the maps have in common.
    titles : sequence of str
        Written above the maps.
    threshold : float
        From this share on a point is marked as one whose neighbours agree.

    Returns
    -------
    None
    """
    agree = shares >= threshold
    axes = fig.subplots(1, len(maps))
    for ax, Y, title in zip(axes, maps, titles):
        ax.plot(*Y[agree].T, linestyle="", marker="o", markersize=4.5, markeredgewidth=0, color=PALETTE[0],
                label=f"at least {threshold:.0%} in common")
        ax.plot(*Y[~agree].T, linestyle="", marker="x", markersize=4.5, markeredgewidth=1.1, color=PALETTE[1], label="fewer")
        frame_map(ax, Y, title=title)
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=11, handletextpad=0.2)
