"""The figures of the notebook on optimisation and speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.maps import draw_map
from mlcourse.plots.style import PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STYLES = [("o", "-"), ("s", "--"), ("^", "-."), ("D", ":"), ("v", (0, (5, 1, 1, 1, 1, 1))), ("P", (0, (8, 3)))]


def _mark_end(ax: Axes, iteration: int, text: str) -> None:
    """A dotted line at an iteration, with a word at its top."""
    ax.axvline(iteration, color="#666666", linestyle=":", linewidth=1.2)
    if text:
        ax.annotate(text, (iteration, 1), xycoords=("data", "axes fraction"), xytext=(4, -2), textcoords="offset points",
                    va="top", fontsize=10.5, color="#444444")


def draw_anatomy(fig: Figure, Y: np.ndarray, labels: np.ndarray, *, iterations: np.ndarray, kl: np.ndarray,
                 widths: np.ndarray, iteration: int, early_end: int, title: str, top: float,
                 width_limits: tuple[float, float]) -> None:
    """Draw a map above two curves of its descent, its cost and its width, with the moment of the map marked on both.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    Y : ndarray of shape (n, 2)
        The map at `iteration`.
    labels : ndarray of shape (n,)
        A one-character label for each point.
    iterations, kl, widths : ndarrays of shape (t,)
        The curves: after so many steps, the KL divergence in nats and the width of the map.
    iteration : int
        The moment to mark; one of `iterations`.
    early_end : int
        The iteration at which the early phase, with its exaggeration, ends; it is marked.
    title : str
        Written above the map.
    top : float
        Upper end of the cost axis: one value for all frames keeps them comparable.
    width_limits : pair of floats
        The ends of the logarithmic axis of the width.

    Returns
    -------
    None
    """
    upper, cost, size = fig.subplots(3, 1, height_ratios=[3.4, 1, 1])
    draw_map(upper, Y, labels, title=title)
    now = list(iterations).index(iteration)
    cost.plot(iterations, np.minimum(kl, 2 * top), color=PALETTE[0])
    cost.plot([iteration], [min(float(kl[now]), top)], marker="o", markersize=9, color=PALETTE[1], clip_on=False)
    cost.set_ylim(0, top)
    cost.set_ylabel("KL (nats)")
    cost.set_xticklabels([])
    size.set_yscale("log")
    size.plot(iterations, np.clip(widths, *width_limits), color=PALETTE[0])
    marked = float(np.clip(widths[now], *width_limits))
    size.plot([iteration], [marked], marker="o", markersize=9, color=PALETTE[1], clip_on=False)
    size.set_ylim(*width_limits)
    size.set_ylabel("map width")
    size.set_xlabel("iteration")
    for ax, text in ((cost, "early phase ends"), (size, "")):
        _mark_end(ax, early_end, text)
        ax.set_xlim(0, iterations[-1])


def draw_descents(fig: Figure, iterations: np.ndarray, curves: dict[str, np.ndarray], gains: dict[str, np.ndarray], *,
                  top: float, gain_limits: tuple[float, float]) -> None:
    """Draw the costs of some descents above the mean of their gains.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    iterations : ndarray of shape (t,)
        After so many steps.
    curves : dict of ndarrays of shape (t,)
        For each descent its KL divergence in nats; the first is drawn thickest.
    gains : dict of ndarrays of shape (t,)
        For each descent, by the same name, its mean gain.
    top : float
        Upper end of the cost axis.
    gain_limits : pair of floats
        The ends of the logarithmic axis of the gains.

    Returns
    -------
    None
    """
    cost, gain = fig.subplots(2, 1, height_ratios=[1.5, 1])
    for k, (name, values) in enumerate(curves.items()):
        style = {"color": PALETTE[k], "linestyle": STYLES[k][1], "linewidth": 3 if k == 0 else 1.8}
        cost.plot(iterations, np.minimum(values, 2 * top), label=name, **style)
        gain.plot(iterations, np.clip(gains[name], *gain_limits), **style)
    cost.set_ylim(0, top)
    cost.set_ylabel("KL (nats)")
    cost.set_xticklabels([])
    cost.legend(loc="lower left", bbox_to_anchor=(0, 1.0), fontsize=10.5, borderaxespad=0)
    gain.set_yscale("log")
    gain.set_ylim(*gain_limits)
    gain.set_ylabel("mean gain")
    gain.set_xlabel("iteration")
    for ax in (cost, gain):
        ax.set_xlim(0, iterations[-1])


def draw_cells(fig: Figure, Y: np.ndarray, i: int, counts: np.ndarray, centres: np.ndarray, corners: np.ndarray,
               widths: np.ndarray, *, title: str) -> None:
    """Draw the cells into which the points of a map are gathered, as one of them sees it.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    Y : ndarray of shape (n, 2)
        The map.
    i : int
        The point that looks; drawn as a star.
    counts, centres, corners, widths : ndarrays of shapes (c,), (c, 2), (c, 2), (c,)
        Of each cell: how many points it holds, their centre, its lower left corner and the length of its side.
        Cells of more than one point are drawn as squares, their centres as discs whose area grows with the count; single points as crosses.
    title : str
        Written above the map.

    Returns
    -------
    None
    """
    ax = fig.subplots()
    crowd = counts > 1
    # One line for all squares: corner after corner, with a gap after each square.
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0], [np.nan, np.nan]])
    outline = (corners[crowd][:, None] + widths[crowd][:, None, None] * square).reshape(-1, 2)
    ax.plot(*Y.T, linestyle="", marker="o", markersize=2.4, markeredgewidth=0, color="#999999")
    ax.plot(*outline.T, color="#555555", linewidth=0.8)
    ax.scatter(*centres[crowd].T, s=6 + 3 * counts[crowd], color=PALETTE[0], alpha=0.75, linewidths=0)
    ax.plot(*centres[~crowd].T, linestyle="", marker="x", markersize=5, markeredgewidth=1.3, color=PALETTE[2])
    ax.plot(*Y[i], marker="*", markersize=17, color=PALETTE[1], markeredgecolor="white")
    low, high = Y.min(axis=0), Y.max(axis=0)
    half, centre = 0.56 * (high - low).max(), (low + high) / 2
    ax.set_xlim(centre[0] - half, centre[0] + half)
    ax.set_ylim(centre[1] - half, centre[1] + half)
    ax.set_aspect("equal")
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_title(title)


def draw_mesh_line(fig: Figure, points: np.ndarray, mesh: np.ndarray, charges: np.ndarray, grid: np.ndarray,
                   exact: np.ndarray, found: np.ndarray, *, title: str) -> None:
    """Draw the charges of points on a mesh along a line, and below them the forces that the mesh gives.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    points : ndarray of shape (n,)
        Where the points are.
    mesh, charges : ndarrays of shape (m,)
        Where the mesh points are, and the charge on each.
    grid, exact : ndarrays of shape (g,)
        Places in rising order, close to each other, and the force there, summed over all points.
    found : ndarray of shape (n,)
        The force on each point from the mesh.
    title : str
        Written above.

    Returns
    -------
    None
    """
    upper, lower = fig.subplots(2, 1, height_ratios=[1, 1.5], sharex=True)
    stems = np.column_stack([mesh, mesh, np.full(len(mesh), np.nan)]).ravel()
    heights = np.column_stack([np.zeros(len(mesh)), charges, np.full(len(mesh), np.nan)]).ravel()
    upper.plot(stems, heights, color=PALETTE[0], linewidth=1.4)
    upper.plot(mesh, charges, linestyle="", marker="s", markersize=3.5 if len(mesh) > 40 else 5, markeredgewidth=0, color=PALETTE[0])
    upper.plot(points, np.full(len(points), -0.09 * max(1.0, charges.max())), linestyle="", marker="|", markersize=8, color=PALETTE[1])
    upper.axhline(0, color="#555555", linewidth=0.8)
    upper.set_ylabel("charge")
    upper.set_title(title)
    lower.axhline(0, color="#555555", linewidth=0.8)
    lower.plot(grid, exact, color="#777777", linewidth=1.6, label="sum over all pairs")
    lower.plot(points, found, linestyle="", marker="x", markersize=6, markeredgewidth=1.6, color=PALETTE[1], label="from the mesh")
    limit = 1.6 * np.abs(exact).max()
    lower.set_ylim(-limit, limit)
    lower.set_ylabel("force")
    lower.set_xlabel("place on the line")
    lower.legend(loc="upper center", fontsize=10.5, ncols=2)
    margin = 0.03 * np.ptp(points)
    lower.set_xlim(points.min() - margin, points.max() + margin)


def draw_times(fig: Figure, series: dict[str, tuple[np.ndarray, np.ndarray]], *, n_samples: int) -> None:
    """Draw the times of several programs against the number of points, both axes logarithmic.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    series : dict of pairs of ndarrays
        For each program the numbers of points and the seconds.
    n_samples : int
        A number of points to be marked; times there are ringed.

    Returns
    -------
    None
    """
    ax = fig.subplots()
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.axvline(n_samples, color="#666666", linestyle=":", linewidth=1.2)
    for k, (name, (sizes, seconds)) in enumerate(series.items()):
        marker, line = STYLES[k]
        ax.plot(sizes, seconds, color=PALETTE[k], linestyle=line, marker=marker, markersize=6, linewidth=1.8, label=name)
        here = np.asarray(sizes) == n_samples
        ax.plot(np.asarray(sizes)[here], np.asarray(seconds)[here], linestyle="", marker="o", markersize=13, color=PALETTE[k],
                markerfacecolor="none", markeredgewidth=1.8)
    ticks = [300, 1000, 3000, 10_000, 50_000]
    ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    ax.set_xticks([], minor=True)
    seconds = [0.1, 1, 10, 100, 1000]
    ax.set_yticks(seconds, [f"{tick:g}" for tick in seconds])
    ax.set_yticks([], minor=True)
    ax.set_xlabel("points")
    ax.set_ylabel("seconds for a map")
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), fontsize=10.5, borderaxespad=0)
