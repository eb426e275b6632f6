"""The figures of the t-SNE notebook that are not maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.style import PALETTE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LINES = ["--", "-.", "-"]  # a second cue beside the colour


def draw_shells(fig: Figure, distances: np.ndarray, angles: np.ndarray, *, dimension: int) -> None:
    """Draw points of a ball at their true distance from its centre, on a flat disc.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    distances : ndarray of shape (n,)
        Distances of the points from the centre of the unit ball, in [0, 1].
    angles : ndarray of shape (n,)
        Where on the disc to put them, in radians.
    dimension : int
        Dimension of the ball, for the titles.

    Returns
    -------
    None
    """
    disc, share = fig.subplots(1, 2, width_ratios=[1.15, 1])
    turn = np.linspace(0, 2 * np.pi, 200)
    disc.plot(np.cos(turn), np.sin(turn), color="#888888", linewidth=1)
    disc.plot(distances * np.cos(angles), distances * np.sin(angles), linestyle="", marker="o",
              markersize=3, markeredgewidth=0, color=PALETTE[0])
    disc.set_aspect("equal")
    disc.set_axis_off()
    disc.set_title(f"{dimension}-D ball, laid flat")
    edges = np.linspace(0, 1, 11)
    points = np.histogram(distances, edges)[0] / len(distances)
    share.bar(edges[:-1] + 0.05, points, width=0.09, color=PALETTE[0], label="points")
    share.step(np.r_[edges[:-1], 1], np.r_[np.diff(edges**2), np.diff(edges**2)[-1]], where="post",
               color=PALETTE[1], linestyle="--", label="area of the plane")
    share.set_xlim(0, 1)
    share.set_ylim(0, 1.02)
    share.set_xlabel("distance from the centre")
    share.set_ylabel("share in each ring")
    share.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), fontsize=11, borderaxespad=0.2)


def draw_kernels(fig: Figure, distances: np.ndarray, data_kernel: np.ndarray, map_kernel: np.ndarray, *, nu: float,
                 data_distance: float, map_distance: float) -> None:
    """Draw the kernels of the data and of the map, and the distances at which they agree for one pair.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    distances : ndarray of shape (t,)
        Distances at which the kernels are given.
    data_kernel, map_kernel : ndarrays of shape (t,)
        Similarity in the data and in the map, 1 at distance 0.
    nu : float
        The map's degrees of freedom, for the legend.
    data_distance, map_distance : float
        The pair's distance in the data, and the one in the map that has the same similarity.

    Returns
    -------
    None
    """
    ax = fig.subplots()
    # A logarithmic axis: on a linear one all tails look alike.
    ax.set_yscale("log")
    ax.plot(distances, np.maximum(data_kernel, 1e-9), LINES[0], color=PALETTE[0], label="data: Gaussian")
    ax.plot(distances, map_kernel, LINES[2], color=PALETTE[1], label=f"map: Student's t, ν = {nu:g}")
    level = float(np.exp(-(data_distance**2)))
    ax.annotate("", (map_distance, level), (data_distance, level), annotation_clip=False,
                arrowprops={"arrowstyle": "->", "color": "#222222", "linewidth": 1.5, "shrinkA": 0, "shrinkB": 0})
    ax.plot([data_distance], [level], marker="o", markersize=8, color=PALETTE[0])
    ax.plot([map_distance], [level], marker="s", markersize=8, color=PALETTE[1])
    ax.set_xlim(0, distances[-1])
    ax.set_ylim(1e-3, 1.5)
    ax.set_xlabel("distance")
    ax.set_ylabel("similarity (log scale)")
    ax.legend(loc="upper right")


def draw_pair_force(fig: Figure, data_distances: np.ndarray, map_distances: np.ndarray,
                    forces: dict[str, np.ndarray], *, method: str, data_distance: float,
                    limit: float = 3.0) -> None:
    """Draw the force between two points, against their distance in the data and in the map.

    Above, one method's force as a picture, with the line of zero force and the chosen distance in
    the data; below, all methods along that line.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data_distances : ndarray of shape (a,)
        Distances in the data: the rows of `forces`.
    map_distances : ndarray of shape (b,)
        Distances in the map: the columns of `forces`.
    forces : dict of ndarrays of shape (a, b)
        For each method the derivative of the cost with respect to the map's distance: positive
        pulls the two points together, negative pushes them apart.
    method : str
        The method drawn above.
    data_distance : float
        The distance in the data at which the curves below are drawn; one of `data_distances`.
    limit : float
        The strongest pull or push drawn; stronger ones leave the axes. One value for all methods
        keeps them comparable.

    Returns
    -------
    None
    """
    picture, curves = fig.subplots(2, 1, height_ratios=[1.25, 1])
    # The root keeps weak long-range forces visible beside the strong ones.
    signed_root = np.sign(forces[method]) * np.sqrt(np.abs(forces[method]) / limit)
    extent = (map_distances[0], map_distances[-1], data_distances[0], data_distances[-1])
    image = picture.imshow(signed_root, extent=extent, origin="lower", aspect="auto", cmap="PuOr_r",
                           vmin=-1, vmax=1)
    picture.contour(map_distances, data_distances, forces[method], levels=[0], colors="#222222",
                    linewidths=1.2)
    picture.axhline(data_distance, color="#222222", linestyle=":")
    picture.set_title(f"{method}: who pulls, who pushes")
    picture.set_xlabel("distance in the map")
    picture.set_ylabel("distance in the data")
    bar = fig.colorbar(image, ax=picture, ticks=[-1, 0, 1])
    bar.ax.set_yticklabels([f"−{limit:g}\npush", "0", f"+{limit:g}\npull"], fontsize=10)
    row = int(np.argmin(np.abs(data_distances - data_distance)))
    for i, (name, force) in enumerate(forces.items()):
        curves.plot(map_distances, force[row], LINES[i], label=name, color=PALETTE[i],
                    linewidth=3 if name == method else 1.6)
    curves.axhline(0, color="#555555", linewidth=0.8)
    curves.set_xlim(map_distances[0], map_distances[-1])
    curves.set_ylim(-0.7 * limit, 1.15 * limit)
    curves.set_xlabel(f"distance in the map (in the data {data_distance:g}, dotted above)")
    curves.set_ylabel("force (+ pulls)")
    curves.legend(loc="lower left", bbox_to_anchor=(0, 1.0), fontsize=10.5, ncols=3, borderaxespad=0, columnspacing=1.2)
