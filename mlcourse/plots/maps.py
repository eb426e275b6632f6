"""Two-dimensional maps of labelled points."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.style import PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.markers import MarkerStyle


def format_width(width: float) -> str:
    """Write the width of a map: two significant digits, never an exponent.

    Parameters
    ----------
    width : float
        The width, in the map's own units.

    Returns
    -------
    str
        Such as "0.00045", "0.93", "82" or "23,000".
    """
    if width >= 100:
        return f"{float(f'{width:.2g}'):,.0f}"
    return f"{width:.2g}" if width >= 1e-3 else f"{float(f'{width:.2g}'):.8f}".rstrip("0").rstrip(".")


def draw_map(ax: Axes, Y: np.ndarray, labels: np.ndarray, *, title: str = "", size: float = 6.5) -> None:
    """Draw a map with each point written as its own label, in its label's colour.

    Colour alone would hide the classes from many readers, so the marker is the label itself.
    A map has no axes worth reading (it may be turned and mirrored freely); the one thing that
    an axis would tell, its scale, is written under the corner.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    Y : ndarray of shape (n, 2)
        The map's points.
    labels : ndarray of shape (n,)
        A one-character label for each point.
    title : str
        Written above the map.
    size : float
        Height of a label in points.

    Returns
    -------
    None
    """
    for i, label in enumerate(np.unique(labels)):
        ax.plot(*Y[labels == label].T, linestyle="", marker=_marker(str(label)), markersize=size,
                markeredgewidth=0, color=PALETTE[i % len(PALETTE)])
    frame_map(ax, Y, title=title)


def frame_map(ax: Axes, Y: np.ndarray, *, title: str = "", what: str = "map") -> None:
    """Frame points of the plane: a square without axes, the width of the points under its corner.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where the points are drawn.
    Y : ndarray of shape (n, 2)
        The points.
    title : str
        Written above.
    what : str
        What the points are: "map" writes "map 82 wide".

    Returns
    -------
    None
    """
    low, high = Y.min(axis=0), Y.max(axis=0)
    width = (high - low).max()
    # Room for half a label at the rim.
    half = 0.54 * width or 1.0
    centre = (low + high) / 2
    ax.set_xlim(centre[0] - half, centre[0] + half)
    ax.set_ylim(centre[1] - half, centre[1] + half)
    ax.set_aspect("equal")
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(True)
        spine.set_color("#cccccc")
    ax.set_xlabel(f"{what} {format_width(width)} wide", loc="right", fontsize=10.5)
    ax.set_title(title)


@cache
def _marker(label: str) -> MarkerStyle:
    """A label as a marker; matplotlib would typeset it several times for every map."""
    from matplotlib.markers import MarkerStyle

    return MarkerStyle(f"${label}$")


def draw_two_maps(fig: Figure, maps: list[np.ndarray], labels: np.ndarray, titles: list[str]) -> None:
    """Draw two maps of the same points side by side.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    maps : list of two ndarrays of shape (n, 2)
        The maps, left and right.
    labels : ndarray of shape (n,)
        A one-character label for each point.
    titles : list of two str
        Written above the maps.

    Returns
    -------
    None
    """
    for ax, Y, title in zip(fig.subplots(1, 2), maps, titles):
        draw_map(ax, Y, labels, title=title)


def draw_learning_rate(fig: Figure, Y: np.ndarray, labels: np.ndarray, *, iterations: np.ndarray,
                       kl: np.ndarray, iteration: int, title: str, top: float,
                       exaggeration_end: int | None = None) -> None:
    """Draw a map above the curve of its cost, with the moment of the map marked on the curve.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    Y : ndarray of shape (n, 2)
        The map at `iteration`.
    labels : ndarray of shape (n,)
        A one-character label for each point.
    iterations, kl : ndarrays of shape (t,)
        The curve: KL divergence in nats after so many steps.
    iteration : int
        The moment to mark; one of `iterations`.
    title : str
        Written above the map.
    top : float
        Upper end of the cost axis: one value for all frames keeps them comparable.
    exaggeration_end : int or None
        The iteration at which early exaggeration ends, to be marked.

    Returns
    -------
    None
    """
    upper, lower = fig.subplots(2, 1, height_ratios=[3, 1])
    draw_map(upper, Y, labels, title=title)
    if exaggeration_end is not None:
        lower.axvline(exaggeration_end, color="#666666", linestyle=":", linewidth=1.2)
        lower.text(exaggeration_end, 0.97 * top, " exaggeration ends", va="top", fontsize=10.5, color="#444444")
    lower.plot(iterations, kl, color=PALETTE[0])
    now = float(kl[list(iterations).index(iteration)])
    lower.plot([iteration], [min(now, top)], marker="o", markersize=9, color=PALETTE[1], clip_on=False)
    lower.set_ylim(0, top)
    lower.set_xlim(0, iterations[-1])
    lower.set_xlabel("iteration")
    lower.set_ylabel("KL (nats)")
