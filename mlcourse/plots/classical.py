"""The figures of the notebook on linear maps, and on the methods that bend them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.maps import draw_map
from mlcourse.plots.style import PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GREY = "#9a9a9a"


def draw_shadow(fig: Figure, X: np.ndarray, angle: float, *, angles: np.ndarray, variances: np.ndarray) -> None:
    """Draw points with their shadows on a line, and how much variance the shadows on each line have.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    X : ndarray of shape (n, 2)
        Centred points.
    angle : float
        Direction of the line in degrees.
    angles, variances : ndarrays of shape (t,)
        Variance of the shadow for each direction; `angle` need not be among them.

    Returns
    -------
    None
    """
    cloud, curve = fig.subplots(1, 2, width_ratios=[1.5, 1])
    axis = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    shadow = (X @ axis)[:, None] * axis
    reach = 1.08 * np.linalg.norm(X, axis=1).max()
    cloud.plot(*(np.outer([-reach, reach], axis).T), color=PALETTE[1], linewidth=1.2)
    # One broken line for all residuals: NaN lifts the pen.
    pen = np.stack([X, shadow, np.full_like(X, np.nan)], axis=1).reshape(-1, 2)
    cloud.plot(*pen.T, color=GREY, linewidth=0.8)
    cloud.plot(*X.T, linestyle="", marker="o", markersize=5, markeredgewidth=0, color=PALETTE[0])
    cloud.plot(*shadow.T, linestyle="", marker="D", markersize=4, markeredgewidth=0, color=PALETTE[1])
    cloud.set_xlim(-reach, reach)
    cloud.set_ylim(-reach, reach)
    cloud.set_aspect("equal")
    cloud.set_axis_off()
    cloud.set_title(f"the shadow at {angle:g}°")
    total = variances.max() + variances.min()
    curve.plot(angles, variances / total, color=PALETTE[1])
    curve.plot([angle], [(shadow**2).sum() / len(X) / total], marker="D", markersize=9, color=PALETTE[1], clip_on=False)
    curve.set_xlim(angles[0], angles[-1])
    curve.set_ylim(0, 1)
    curve.set_xticks([0, 45, 90, 135, 180])
    curve.set_xlabel("direction (degrees)")
    curve.set_title("variance of the shadow,\nas a share of all")


def draw_reconstructions(
    fig: Figure, originals: np.ndarray, rebuilt: np.ndarray, shares: np.ndarray, *, n_components: int
) -> None:
    """Draw pictures above what a few components make of them, and how much variance so many components keep.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    originals, rebuilt : ndarrays of shape (m, height, width)
        The pictures, dark where the values are large.
    shares : ndarray of shape (d + 1,)
        Share of the variance that 0, 1, …, d components keep.
    n_components : int
        The number of components of `rebuilt`.

    Returns
    -------
    None
    """
    pictures, curve = fig.subfigures(2, 1, height_ratios=[1.25, 1])
    rows = pictures.subplots(2, len(originals), gridspec_kw={"wspace": 0.06, "hspace": 0.06})
    darkest = originals.max()
    for row, images, name in zip(rows, (originals, rebuilt), ("data", f"{n_components} of {len(shares) - 1}")):
        for ax, image in zip(row, images):
            ax.imshow(image, cmap="gray_r", vmin=0, vmax=darkest, interpolation="nearest")
            ax.set_xticks([])
            ax.set_yticks([])
            for spine in ax.spines.values():
                spine.set_visible(True)
                spine.set_color("#cccccc")
        row[0].set_ylabel(name, fontsize=11)
    ax = curve.subplots()
    ax.plot(np.arange(len(shares)), shares, color=PALETTE[0])
    ax.plot([n_components], [shares[n_components]], marker="o", markersize=9, color=PALETTE[1], clip_on=False)
    ax.set_xlim(0, len(shares) - 1)
    ax.set_ylim(0, 1)
    ax.set_xlabel("number of components")
    ax.set_title("share of the variance that is kept")


def draw_globe_map(
    fig: Figure, Y: np.ndarray, paths: Sequence[np.ndarray], eigenvalues: np.ndarray, *, title: str
) -> None:
    """Draw a map of a globe's grid lines beside the eigenvalues that it comes from.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    Y : ndarray of shape (n, 2)
        The points of the grid in the map, in Earth radii.
    paths : sequence of int arrays
        The grid lines: which points to join. The first ones are circles of latitude, the rest meridians.
    eigenvalues : ndarray of shape (t,)
        Those to be shown as bars, as shares; negative ones hang down.
    title : str
        Written above the map.

    Returns
    -------
    None
    """
    chart, bars = fig.subplots(1, 2, width_ratios=[1.35, 1])
    for path in paths:
        closed = path[0] == path[-1]
        chart.plot(*Y[path].T, color=PALETTE[0] if closed else GREY, linewidth=1.3 if closed else 0.8)
    chart.set_aspect("equal")
    chart.set_axis_off()
    chart.set_title(title)
    place = np.arange(len(eigenvalues))
    colors = [PALETTE[2] if i < 2 else PALETTE[1] for i in place]
    bars.bar(place, eigenvalues, color=colors, hatch=["" if i < 2 else "//" for i in place], edgecolor="white")
    bars.axhline(0, color="#555555", linewidth=0.8)
    bars.set_xticks([])
    bars.set_ylim(-0.2, 0.6)
    bars.set_title("largest and lowest\neigenvalues, as shares")


def draw_shepard(ax: Axes, in_data: np.ndarray, in_map: np.ndarray, *, neighbors: tuple[np.ndarray, np.ndarray],
                 title: str, top: float | None = None) -> None:
    """Draw pairs of points: their distance in the map against that in the data, with the medians along it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    in_data, in_map : ndarrays of shape (m,)
        Distances of random pairs, in units that can be compared.
    neighbors : pair of ndarrays of shape (k,)
        The same of pairs of nearest neighbours.
    title : str
        Written above.
    top : float or None
        Upper end of the map's axis, so that frames can be compared; None for one that fits.

    Returns
    -------
    None
    """
    reach = 1.05 * in_data.max()
    ax.plot([0, reach], [0, reach], color="#555555", linewidth=1, linestyle=":", label="true distance")
    ax.plot(in_data, in_map, linestyle="", marker="o", markersize=2.5, markeredgewidth=0, color=PALETTE[0], alpha=0.5)
    ax.plot(*neighbors, linestyle="", marker="^", markersize=5, markeredgewidth=0, color=PALETTE[2], label="nearest neighbours")
    edges = np.quantile(in_data, np.linspace(0, 1, 11))
    tenth = np.clip(np.searchsorted(edges, in_data, side="right") - 1, 0, 9)
    medians = np.array([[np.median(values[tenth == k]) for values in (in_data, in_map)] for k in range(10)])
    ax.plot(*medians.T, color=PALETTE[1], marker="D", markersize=6, label="median of each tenth of the pairs")
    ax.set_xlim(0, reach)
    ax.set_ylim(0, top or 1.35 * max(in_data.max(), in_map.max()))  # with room for the legend
    ax.set_xlabel("distance in the data")
    ax.set_ylabel("distance in the map")
    ax.legend(loc="upper left", fontsize=11)
    ax.set_title(title)


def draw_roll(ax: Axes, roll: np.ndarray, labels: np.ndarray, *, title: str = "", edges: np.ndarray | None = None,
              false: np.ndarray | None = None, path: np.ndarray | None = None, chord: bool = False) -> None:
    """Draw a Swiss roll from slightly above, its points numbered along the spiral.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    roll : ndarray of shape (n, 3)
        The points; the second coordinate is the height.
    labels : ndarray of shape (n,)
        A one-character label for each point.
    title : str
        Written above.
    edges : int array of shape (m, 2) or None
        Pairs to be joined by thin lines.
    false : bool array of shape (m,) or None
        Which of them to draw in colour.
    path : int array or None
        Points to be joined, one after the other, by a thick line.
    chord : bool
        Whether to join the ends of `path` by a dashed straight line, too.

    Returns
    -------
    None
    """
    # Seen along the axis of the roll, shifted by height: the spiral stays visible.
    flat = np.column_stack([roll[:, 0] + 0.45 * roll[:, 1], roll[:, 2] + 0.28 * roll[:, 1]])
    if edges is not None:
        false = np.zeros(len(edges), dtype=bool) if false is None else false
        for some, style in ((~false, {"color": "#b5b5b5", "linewidth": 0.5}), (false, {"color": PALETTE[1], "linewidth": 1})):
            ends = edges[some].T
            pen = np.stack([flat[ends[0]], flat[ends[1]], np.full((ends.shape[1], 2), np.nan)], axis=1)
            ax.plot(*pen.reshape(-1, 2).T, **style)
    draw_map(ax, flat, labels, title=title, size=5)
    ax.set_xlabel("")
    if path is not None:
        if chord:
            ax.plot(*flat[path[[0, -1]]].T, color="#222222", linewidth=1.6, linestyle="--")
        ax.plot(*flat[path].T, color="#222222", linewidth=2.2, marker="o", markersize=3.5)


def draw_roll_and_map(fig: Figure, roll: np.ndarray, Y: np.ndarray, labels: np.ndarray, titles: Sequence[str], **options) -> None:
    """Draw a Swiss roll above a map of it.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    roll : ndarray of shape (n, 3)
        The points.
    Y : ndarray of shape (n, 2)
        Their places in the map.
    labels : ndarray of shape (n,)
        A one-character label for each point.
    titles : sequence of two str
        Written above the roll and above the map.
    **options
        What else `draw_roll` is to draw.

    Returns
    -------
    None
    """
    left, right = fig.subplots(1, 2)
    draw_roll(left, roll, labels, title=titles[0], **options)
    draw_map(right, Y, labels, title=titles[1], size=5)
