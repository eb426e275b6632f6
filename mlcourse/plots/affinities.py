"""The figures of the SNE notebook: one point's neighbourhood, one moved neighbour, springs, and a descent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.maps import draw_map
from mlcourse.plots.style import PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_GREY = "#8a8a8a"


def draw_bandwidth(fig: Figure, distances: np.ndarray, p: np.ndarray, pictures: np.ndarray, *, perplexity: float,
                   sigma: float, grid: np.ndarray, gaussian: np.ndarray, widths: np.ndarray,
                   curves: dict[str, np.ndarray], point: str, tried: np.ndarray) -> None:
    """Draw one point's neighbours as probabilities, and the width of the Gaussian that makes them so.

    Above, the point's picture and those of its nearest neighbours with their probabilities; in the
    middle, the probabilities of all its neighbours against their distance; below, perplexity as a
    function of the width, with the widths that a search has tried.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    distances, p : ndarrays of shape (k,)
        Distances of the neighbours, the nearest first, and their probabilities p(j|i).
    pictures : ndarray of shape (1 + m, height, width)
        The point's picture, then those of its m nearest neighbours.
    perplexity : float
        The wanted perplexity: so many nearest neighbours, rounded, are drawn with a dot.
    sigma : float
        The width found.
    grid, gaussian : ndarrays of shape (t,)
        The Gaussian of that width as a function of distance, scaled so that it is p(j|i) at every
        neighbour's distance.
    widths : ndarray of shape (s,)
        Widths at which `curves` are given.
    curves : dict of ndarrays of shape (s,)
        Perplexity as a function of the width, for each of several points.
    point : str
        Which of `curves` is that of the point drawn.
    tried : ndarray of shape (a, 2)
        Width and perplexity of each step of the search; the last is the solution.

    Returns
    -------
    None
    """
    rows = fig.add_gridspec(3, 1, height_ratios=[1, 2.1, 2])
    _draw_neighbours(fig, rows[0], pictures, p)
    _draw_row(fig.add_subplot(rows[1]), distances, p, round(perplexity), sigma, grid, gaussian)
    _draw_search(fig.add_subplot(rows[2]), perplexity, widths, curves, point, tried)


def _draw_neighbours(fig: Figure, place: object, pictures: np.ndarray, p: np.ndarray) -> None:
    strip = place.subgridspec(1, len(pictures), wspace=0.08)
    for k, picture in enumerate(pictures):
        ax = fig.add_subplot(strip[k])
        ax.imshow(picture, cmap="gray_r", vmin=0, vmax=16, interpolation="nearest")
        ax.set_xticks([])
        ax.set_yticks([])
        for spine in ax.spines.values():
            spine.set_visible(True)
            spine.set_color("#cccccc" if k else "#222222")
            spine.set_linewidth(1 if k else 2)
        text = f"{p[k - 1]:.0%}" if k and p[k - 1] >= 0.095 else f"{p[k - 1]:.1%}"
        ax.set_xlabel(text if k else "it picks", fontsize=10.5, labelpad=2)


def _draw_row(ax: Axes, distances: np.ndarray, p: np.ndarray, k: int, sigma: float, grid: np.ndarray,
              gaussian: np.ndarray) -> None:
    top = 1.12 * p.max()
    ax.plot(grid, gaussian, "--", color=PALETTE[0], linewidth=1.5, label="Gaussian")
    for part, color, width, marker, label in (
        (slice(k, None), _GREY, 1.0, "", ""),
        (slice(0, k), PALETTE[1], 1.5, "o", f"the {k} nearest"),
    ):
        d, height = distances[part], p[part]
        # One line for all stems, with gaps between them.
        stems = np.column_stack([d, d, d]), np.column_stack([np.zeros_like(d), height, np.full_like(d, np.nan)])
        ax.plot(*map(np.ravel, stems), color=color, linewidth=width)
        if marker:
            ax.plot(d, height, linestyle="", marker=marker, markersize=3.5, markeredgewidth=0, color=color, label=label)
    # Where everybody stands: below the axis, so that no tick is taken for a stem.
    seen = distances[distances <= grid[-1]]
    everybody = f"all {len(seen)}" if len(seen) == len(distances) else f"all {len(seen)} nearer than {grid[-1]:g}"
    ax.plot(seen, np.full(len(seen), -0.055), linestyle="", marker="|", markersize=7, markeredgewidth=0.6,
            color="#777777", clip_on=False, transform=ax.get_xaxis_transform(), label=everybody)
    ax.tick_params(axis="x", pad=10)
    ax.annotate("", (0, 0.36 * top), (sigma, 0.36 * top), annotation_clip=False,
                arrowprops={"arrowstyle": "<->", "color": "#222222", "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0})
    ax.text(0.01 * grid[-1], 0.42 * top, f"σ = {sigma:.1f}", fontsize=11.5)
    ax.set_xlim(0, grid[-1])
    ax.set_ylim(0, top)
    ax.set_xlabel("distance from the point")
    ax.set_ylabel("p(j|i)")
    ax.legend(loc="upper right", fontsize=10.5, handlelength=1.4, labelspacing=0.3, borderaxespad=0)


def _draw_search(ax: Axes, perplexity: float, widths: np.ndarray, curves: dict[str, np.ndarray], point: str,
                 tried: np.ndarray) -> None:
    for name, curve in curves.items():
        if name != point:
            ax.plot(widths, curve, color="#b5b5b5", linewidth=1)
    ax.plot(widths, curves[point], color=PALETTE[0], label=f"the {point}")
    ax.plot([], [], color="#b5b5b5", linewidth=1, label="the other four" if len(curves) == 5 else "other points")
    ax.axhline(perplexity, color="#222222", linestyle=":", linewidth=1.4)
    ax.plot(*tried[:-1].T, linestyle="", marker="o", markersize=7, markerfacecolor="white", markeredgewidth=1.4,
            color=PALETTE[0], label="steps of the search", zorder=3)
    ax.plot(*tried[-1:].T, linestyle="", marker="s", markersize=8, color=PALETTE[1], label="found", zorder=4)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlim(widths[0], widths[-1])
    top = max(curve.max() for curve in curves.values())
    ax.set_ylim(0.9, 1.3 * top)
    ticks = [w for w in (1, 2, 5, 10, 20, 50, 100) if widths[0] <= w <= widths[-1]]
    ax.set_xticks(ticks, [f"{w:g}" for w in ticks], minor=False)
    ax.set_xticks([], minor=True)
    ticks = [w for w in (1, 2, 5, 10, 30, 100, 300, 1000) if w <= 1.3 * top]
    ax.set_yticks(ticks, [f"{w:g}" for w in ticks])
    ax.set_yticks([], minor=True)
    ax.set_xlabel("width σ (log scale)")
    ax.set_ylabel("perplexity")
    # Above the axes: inside, it would lie on the dotted line at one perplexity or another.
    ax.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2, fontsize=10.5, handlelength=1.4, labelspacing=0.3,
              columnspacing=1.2, borderaxespad=0)


def draw_moved_neighbor(fig: Figure, names: list[str], P: np.ndarray, Q: np.ndarray, drawn_at: np.ndarray,
                        forward: np.ndarray, reverse: np.ndarray, *, moved: int, true_distance: float,
                        distance: float, scales: tuple[tuple[float, float], tuple[float, float]]) -> None:
    """Draw what it costs to draw one neighbour at a wrong distance, by both Kullback–Leibler divergences.

    Above, the two rows of probabilities; in the middle, what each neighbour adds to either
    divergence; below, both divergences as functions of where the neighbour is drawn.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    names : list of str
        A short name for each neighbour.
    P, Q : ndarrays of shape (k,)
        Its probabilities in the data and in the map, all above 0.
    drawn_at, forward, reverse : ndarrays of shape (t,)
        Distances at which the neighbour may be drawn, with KL(P‖Q) and KL(Q‖P) in nats.
    moved : int
        Which neighbour is moved.
    true_distance, distance : float
        Its distance in the data, and the one at which it is drawn.
    scales : two pairs of float
        Ends of the axes on which the terms of KL(P‖Q) and of KL(Q‖P) are drawn.

    Returns
    -------
    None
    """
    rows = fig.add_gridspec(3, 1, height_ratios=[1, 1, 1.5])
    middle = rows[1].subgridspec(1, 2)
    bars, *terms, curves = (fig.add_subplot(place) for place in (rows[0], middle[0], middle[1], rows[2]))
    places = np.arange(len(names))
    bars.bar(places - 0.2, P, 0.38, color=PALETTE[0], label="P, data")
    bars.bar(places + 0.2, Q, 0.38, color="white", edgecolor=PALETTE[1], hatch="////", label="Q, map")
    bars.set_ylim(0, 1.02)
    bars.set_title("probabilities")
    bars.legend(loc="upper right", fontsize=10.5, handlelength=1.3, borderaxespad=0)
    for ax, first, second, title, limits, look in (
        (terms[0], P, Q, "p ln(p/q), in nats", scales[0], {"color": PALETTE[0]}),
        (terms[1], Q, P, "q ln(q/p), in nats", scales[1], {"color": "white", "edgecolor": PALETTE[1], "hatch": "////"}),
    ):
        ax.bar(places, first * np.log(first / second), 0.6, **look)
        ax.axhline(0, color="#555555", linewidth=0.8)
        ax.set_ylim(*limits)
        ax.set_title(title)
    for ax in (bars, *terms):
        ax.set_xticks(places, [f"[{name}]" if k == moved else name for k, name in enumerate(names)])
    curves.plot(drawn_at, forward, color=PALETTE[0], label="KL(P‖Q), SNE's")
    curves.plot(drawn_at, reverse, "--", color=PALETTE[1], label="KL(Q‖P)")
    now = int(np.argmin(np.abs(drawn_at - distance)))
    curves.plot([distance], [forward[now]], marker="o", markersize=9, color=PALETTE[0], clip_on=False)
    curves.plot([distance], [reverse[now]], marker="s", markersize=8, color=PALETTE[1], clip_on=False)
    curves.axvline(true_distance, color="#666666", linestyle=":", linewidth=1.3)
    curves.text(true_distance, 2.5, " true distance " if true_distance < drawn_at.mean() else "true distance ",
                ha="left" if true_distance < drawn_at.mean() else "right", fontsize=10.5, color="#444444")
    curves.set_xlim(drawn_at[0], drawn_at[-1])
    curves.set_ylim(0, 5)
    curves.set_xlabel(f"{names[moved]} is drawn at this distance")
    curves.set_ylabel("divergence (nats)")
    curves.legend(loc="upper center", fontsize=10.5, borderaxespad=0)


def draw_springs(ax: Axes, Y: np.ndarray, labels: np.ndarray, forces: np.ndarray, *, limit: float, title: str,
                 weakest: float = 0.01, frame: tuple[float, float] | None = None) -> None:
    """Draw a small map with a spring between every two points, pulling or pushing.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    Y : ndarray of shape (n, 2)
        The map.
    labels : ndarray of shape (n,)
        A one-character label for each point.
    forces : ndarray of shape (n, n)
        Strength of each pair's spring, symmetric: positive pulls, negative pushes.
    limit : float
        The force drawn with the thickest line, the same for all frames; stronger ones are no thicker.
    title : str
        Written above.
    weakest : float
        Springs below this share of `limit` are left out.
    frame : pair of float or None
        Largest coordinates, across and up, that are to fit on the picture, the same for all frames; None fits the map.

    Returns
    -------
    None
    """
    for i, j in zip(*np.triu_indices(len(Y), 1)):
        share = min(1.0, abs(forces[i, j]) / limit)
        if share >= weakest:
            pulls = forces[i, j] > 0
            ax.plot(*Y[[i, j]].T, linestyle="-" if pulls else (0, (1.2, 1.2)), color=PALETTE[1] if pulls else PALETTE[0],
                    linewidth=0.8 + 5.2 * share, solid_capstyle="butt", zorder=1, alpha=0.85)
    ax.plot(*Y.T, linestyle="", marker="o", markersize=13, markerfacecolor=(1, 1, 1, 0.75), markeredgecolor="#222222",
            markeredgewidth=1, zorder=2)
    for shift, y, label in zip(_apart(Y, 0.0 if frame is None else 0.1 * max(frame)), Y, labels):
        ax.annotate(str(label), y, 5 * shift, textcoords="offset points", ha="center", va="center", fontsize=11, zorder=3)
    ax.plot([], [], "-", color=PALETTE[1], linewidth=3, label="pulls")
    ax.plot([], [], linestyle=(0, (1.2, 1.2)), color=PALETTE[0], linewidth=3, label="pushes")
    ax.plot([], [], " ", label=f"thickest: {limit:g} or more")
    ax.set_aspect("equal")
    if frame is not None:
        margin = 0.08 * max(frame)  # for the circles
        ax.set_xlim(-frame[0] - margin, frame[0] + margin)
        ax.set_ylim(-frame[1] - margin, frame[1] + margin)
    ax.set_axis_off()
    ax.set_title(title)
    ax.legend(loc="upper left", bbox_to_anchor=(0, 0.0), fontsize=11, ncols=3, borderaxespad=0, columnspacing=1.2)


def _apart(Y: np.ndarray, near: float) -> np.ndarray:
    """For each point the direction away from its nearest neighbour if that is nearer than `near`, else 0."""
    away = Y[:, None] - Y
    distances = np.linalg.norm(away, axis=2)
    np.fill_diagonal(distances, np.inf)
    nearest = distances.argmin(axis=1)
    rows = np.arange(len(Y))
    d = distances[rows, nearest]
    return np.where((0 < d) & (d < near), 1, 0)[:, None] * away[rows, nearest] / np.where(d > 0, d, 1)[:, None]


def draw_sne_run(fig: Figure, Y: np.ndarray, labels: np.ndarray, *, iterations: np.ndarray,
                  costs: dict[str, np.ndarray], run: str, iteration: int, limits: tuple[float, float], title: str,
                  ylabel: str = "cost (nats a point,\nlog scale)", noise_end: int | None = None) -> None:
    """Draw a map above the curve of its cost, among the curves of other runs.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    Y : ndarray of shape (n, 2)
        The map of the chosen run at `iteration`.
    labels : ndarray of shape (n,)
        A one-character label for each point.
    iterations : ndarray of shape (t,)
        Numbers of steps at which the costs are given.
    costs : dict of ndarrays of shape (t,)
        The cost of each run.
    run : str
        Which run the map is of.
    iteration : int
        Which moment; one of `iterations`.
    limits : pair of float
        Ends of the cost axis, which is logarithmic; one pair for all frames, what lies outside is cut off.
    title : str
        Written above the map.
    ylabel : str
        What the cost axis is called.
    noise_end : int or None
        The iteration at which noise has faded, to be marked.

    Returns
    -------
    None
    """
    upper, lower = fig.subplots(2, 1, height_ratios=[2.6, 1])
    draw_map(upper, Y, labels, title=title)
    for name, curve in costs.items():
        if name != run:
            lower.plot(iterations, curve, color="#a8a8a8", linewidth=1)
    lower.plot(iterations, costs[run], color=PALETTE[0], label="this start")
    lower.plot([], [], color="#a8a8a8", linewidth=1, label="the other starts")
    now = float(costs[run][list(iterations).index(iteration)])
    lower.plot([iteration], [min(max(now, limits[0]), limits[1])], marker="o", markersize=9, color=PALETTE[1],
               clip_on=False, zorder=3)
    if noise_end is not None:
        lower.axvline(noise_end, 0, 0.5, color="#666666", linestyle=":", linewidth=1.2)
        lower.annotate("noise has faded", (noise_end, 0.36), xycoords=("data", "axes fraction"), xytext=(5, 0),
                       textcoords="offset points", fontsize=10.5, color="#444444")
    lower.set_xlim(0, iterations[-1])
    lower.set_yscale("log")
    lower.set_ylim(*limits)
    ticks = [tick for tick in (0.5, 1, 2, 5, 10) if limits[0] <= tick <= limits[1]]
    lower.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    lower.set_yticks([], minor=True)
    lower.set_xlabel("iteration")
    lower.set_ylabel(ylabel)
    lower.legend(loc="upper right", fontsize=10.5, borderaxespad=0, frameon=True, framealpha=1, edgecolor="none")
