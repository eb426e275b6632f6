"""The figures of the notebook on momentum: a ball in a valley, its roots, a cycle and a race."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.optimisers import clipped, look_of, put_axes, tick_decades
from mlcourse.plots.style import PALETTE
from mlcourse.plots.surfaces import draw_path, draw_surface

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK = "#222222"
GREY = "#777777"


def draw_valley(
    fig: Figure,
    function: Callable[[np.ndarray], np.ndarray],
    limits: Sequence[Sequence[float]],
    path: np.ndarray,
    values: np.ndarray,
    plain: np.ndarray,
    *,
    step: int,
    title: str,
    value_limits: tuple[float, float],
) -> None:
    """Draw a path in a valley above the curve of its cost.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    function, limits
        The surface and its picture, as :func:`~mlcourse.plots.draw_surface` takes them.
    path : ndarray of shape (t + 1, 2)
        Where the ball has been, up to now.
    values, plain : ndarrays of shape (n + 1,)
        The cost after every step of the whole run, and that of plain descent at the same rate.
    step : int
        The present step t.
    title : str
        Written above.
    value_limits : pair of float
        Ends of the logarithmic axis of the cost; a curve that leaves it is cut there.

    Returns
    -------
    None
    """
    upper, lower = put_axes(fig, (0.165, 0.60, 0.79, 0.34), (0.165, 0.11, 0.79, 0.355))
    draw_surface(upper, function, limits, minimizer=np.zeros(2), equal=True, levels=9, title=title,
                 n_grid=61)
    upper.locator_params(nbins=5)
    upper.apply_aspect()  # the triangle of a path that has left is turned on the final axes
    color, marker, _ = look_of("heavy ball")
    draw_path(upper, path, color=color, marker=marker, size=3.6, beyond="left the picture")
    upper.set_xlabel("along the valley")
    upper.set_ylabel("across")
    times = np.arange(len(values))
    same = np.array_equal(values, plain)
    if not same:
        lower.plot(times, clipped(plain, value_limits), color=look_of("plain")[0], linestyle=":",
                   linewidth=1.6, label="plain descent, same rate")
    done = slice(0, step + 1)
    lower.plot(times, clipped(values, value_limits), color=color, linewidth=1.0, alpha=0.5)
    lower.plot(times[done], clipped(values, value_limits)[done], color=color, linewidth=2.2,
               label="no momentum: plain descent" if same else "with momentum")
    if values[step] <= value_limits[1]:
        lower.plot([step], np.maximum(values[[step]], value_limits[0]), linestyle="",
                   marker=marker, markersize=8, color=color, markeredgecolor=INK, clip_on=False)
    lower.set_yscale("log")
    lower.set_ylim(*value_limits)
    tick_decades(lower.yaxis, value_limits)
    lower.set_xlim(0, times[-1])
    lower.locator_params(axis="x", nbins=5)
    lower.set_xlabel("step")
    lower.set_ylabel("cost / first cost")
    lower.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, fontsize=10.5,
                 borderaxespad=0.2, columnspacing=1.2)


def draw_plane_and_roots(
    fig: Figure,
    rates: np.ndarray,
    momenta: np.ndarray,
    radius: np.ndarray,
    roots: Mapping[str, np.ndarray],
    *,
    here: tuple[float, float],
    best: tuple[float, float],
    marks: tuple[float, float],
    title: str,
) -> None:
    """Draw the plane of learning rate and momentum, and the roots at one place of it.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    rates, momenta : ndarrays of shapes (r,) and (m,)
        The axes of the plane.
    radius : ndarray of shape (m, r)
        The factor per step in the long run; from 1 on the descent diverges.
    roots : mapping of str to complex arrays
        For each direction its roots at the place `here`.
    here, best : pairs of float
        Rate and momentum: the reader's, and the best ones.
    marks : pair of float
        At the first rate the upper edges of the levels are labelled, at the second the lower ones.
    title : str
        Written above the plane.

    Returns
    -------
    None
    """
    plane, circle = put_axes(fig, (0.105, 0.165, 0.475, 0.745), (0.66, 0.30, 0.33, 0.61))
    levels = [0.0, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.0]
    shades = ["#12436d", "#2a6496", "#5086b5", "#7ba6cb", "#a6c4de", "#cbdeee", "#e9f1f8"]
    plane.contourf(rates, momenta, radius, levels=levels, colors=shades)
    lines = plane.contour(rates, momenta, radius, levels=levels[1:], colors="#4a4a4a",
                          linewidths=0.6)
    lines.set_linewidths([0.6] * (len(levels) - 2) + [1.8])
    right = rates[-1]
    for rate, edge in zip(marks, (-1, 0)):
        column = radius[:, np.abs(rates - rate).argmin()]
        for level in (0.8, 0.9, 0.95, 0.98):
            faster = momenta[column <= level]
            if len(faster) and 0.15 < faster[edge] < 0.95:
                plane.text(rate, faster[edge], f"{level:g}", fontsize=10.5, ha="center",
                           va="center", color=INK,
                           bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8})
    plane.text(0.94 * right, 0.10, "diverges", ha="right", fontsize=11, color=INK)
    plane.plot(*best, marker="*", markersize=14, color="white", markeredgecolor=INK)
    plane.plot(*here, marker="o", markersize=9, color=PALETTE[1], markeredgecolor="white",
               markeredgewidth=1.4, clip_on=False, zorder=5)
    plane.set_xlim(0, right)
    plane.set_ylim(0, 1)
    plane.set_xlabel("learning rate × L")
    plane.set_ylabel("momentum β")
    plane.set_title(title)
    turn = np.linspace(0, 2 * np.pi, 121)
    circle.plot(np.cos(turn), np.sin(turn), color=INK, linewidth=1.4)
    inner = np.sqrt(here[1])
    circle.plot(inner * np.cos(turn), inner * np.sin(turn), color=GREY, linewidth=1.1,
                linestyle=":")
    for (name, values), (color, marker) in zip(
        roots.items(), [(PALETTE[0], "o"), (PALETTE[1], "s")]
    ):
        shown = np.clip(values.real, -1.55, 1.55) + 1j * values.imag
        circle.plot(shown.real, shown.imag, linestyle="", marker=marker, markersize=8,
                    color=color, markeredgecolor="white", label=name, clip_on=False)
    circle.axhline(0, color="#bbbbbb", linewidth=0.8, zorder=0)
    circle.axvline(0, color="#bbbbbb", linewidth=0.8, zorder=0)
    circle.set_xlim(-1.6, 1.6)
    circle.set_ylim(-1.25, 1.25)
    circle.set_aspect("equal")
    circle.set_xticks([-1, 0, 1])
    circle.set_yticks([-1, 0, 1])
    circle.set_title("the roots")
    circle.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), fontsize=10.5,
                  handletextpad=0.2)


def draw_cycle(
    fig: Figure,
    grid: np.ndarray,
    heights: np.ndarray,
    paths: Mapping[str, np.ndarray],
    visited: tuple[np.ndarray, np.ndarray],
    *,
    flat: tuple[float, float],
    title: str,
) -> None:
    """Draw a function of one variable, and below it where several optimisers are at each step.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    grid, heights : ndarrays of shape (g,)
        The function.
    paths : mapping of str to ndarrays of shape (t,)
        For each optimiser its places.
    visited : pair of ndarrays of shape (k,)
        Places and heights to be marked on the function.
    flat : pair of float
        Ends of the piece where the function is curved less; it is shaded.
    title : str
        Written above.

    Returns
    -------
    None
    """
    upper, lower = put_axes(fig, (0.14, 0.64, 0.83, 0.225), (0.14, 0.11, 0.83, 0.37))
    upper.plot(grid, heights, color=INK, linewidth=1.6)
    upper.axvspan(*flat, color="#e3dccb", linewidth=0, zorder=0, label="the flat piece")
    lower.axhspan(*flat, color="#e3dccb", linewidth=0, zorder=0)
    color, marker, _ = look_of("heavy ball")
    upper.plot(*visited, linestyle="", marker=marker, markersize=8, color=color,
               markeredgecolor="white", label="where the heavy ball ends")
    upper.set_xlim(grid[0], grid[-1])
    upper.set_ylim(-0.05 * heights.max(), 1.02 * heights.max())
    upper.set_xlabel("place")
    upper.set_ylabel("cost")
    upper.set_title(title, y=1.2)
    upper.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, fontsize=10.5,
                 borderaxespad=0, columnspacing=1.2)
    for name, path in paths.items():
        color, marker, line = look_of(name)
        lower.plot(np.arange(len(path)), np.clip(path, grid[0], grid[-1]), color=color,
                   linestyle=line, linewidth=1.5, marker=marker, markersize=4.5, label=name)
    lower.axhline(0, color=GREY, linewidth=0.8)
    lower.set_ylim(grid[0], grid[-1])
    lower.set_xlim(0, len(path) - 1)
    lower.set_xlabel("step")
    lower.set_ylabel("place")
    lower.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, fontsize=10.5,
                 borderaxespad=0.2, columnspacing=1.2, handlelength=2.6)
