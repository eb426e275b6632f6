"""The figures of the notebook on momentum that compare optimisers: race, rotation, rare words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.optimisers import (
    clipped,
    label_below,
    look_of,
    put_axes,
    thin_path,
    tick_decades,
)
from mlcourse.plots.surfaces import draw_path, draw_surface

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK = "#222222"
GREY = "#777777"


def draw_race(
    fig: Figure,
    function: Callable[[np.ndarray], np.ndarray],
    limits: Sequence[Sequence[float]],
    paths: Mapping[str, np.ndarray],
    values: Mapping[str, np.ndarray],
    *,
    minimizer: np.ndarray,
    n_steps: int,
    value_limits: tuple[float, float],
    title: str,
) -> None:
    """Draw the paths of several optimisers on one surface, and their values below.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    function, limits, minimizer
        The surface and its picture, as :func:`~mlcourse.plots.draw_surface` takes them.
    paths : mapping of str to ndarrays of shape (t + 1, 2)
        For each optimiser where it has been; NaN from where it diverged.
    values : mapping of str to ndarrays of shape (t + 1,)
        The function's values there.
    n_steps : int
        Right end of the logarithmic axis of steps.
    value_limits : pair of float
        Ends of the logarithmic axis of values.
    title : str
        Written above.

    Returns
    -------
    None
    """
    upper, lower = put_axes(fig, (0.175, 0.49, 0.80, 0.46), (0.175, 0.21, 0.80, 0.215))
    draw_surface(upper, function, limits, power=6.0, levels=11, minimizer=minimizer, title=title,
                 n_grid=81)
    for name, path in paths.items():
        color, marker, line = look_of(name)
        draw_path(upper, thin_path(path, limits, n=150), color=color, marker=marker, linestyle=line,
                  size=0.0, linewidth=1.5, start=False, end=False)
        finite = path[np.isfinite(path).all(axis=1)]
        inside = [low <= x <= high for x, (low, high) in zip(finite[-1], limits)]
        if all(inside) and len(finite) == len(path):
            upper.plot(*finite[-1], marker=marker, markersize=9, color=color,
                       markeredgecolor="white", zorder=6)
    upper.locator_params(nbins=5)
    first = next(iter(paths.values()))[0]
    upper.plot(*first, marker="o", markersize=11, color="white", markeredgecolor=INK, zorder=7)
    for name, curve in values.items():
        color, marker, line = look_of(name)
        steps = np.unique(np.geomspace(1, len(curve) - 1, 90).round().astype(np.intp))
        lower.plot(steps, clipped(curve, value_limits)[steps], color=color, linestyle=line,
                   linewidth=1.6, marker=marker, markersize=5.5, label=name,
                   markevery=max(1, len(steps) // 6))
    lower.set_xscale("log")
    lower.set_yscale("log")
    lower.set_xlim(1, n_steps)
    lower.set_ylim(*value_limits)
    tick_decades(lower.xaxis, (1, n_steps))
    tick_decades(lower.yaxis, value_limits)
    lower.set_xlabel("step")
    lower.set_ylabel("value")
    label_below(fig, lower)


def draw_rotation(
    fig: Figure,
    function: Callable[[np.ndarray], np.ndarray],
    limits: Sequence[Sequence[float]],
    paths: Mapping[str, np.ndarray],
    angles: Sequence[float],
    finals: Mapping[str, np.ndarray],
    *,
    angle: float,
    value_limits: tuple[float, float],
    title: str,
) -> None:
    """Draw paths on a turned valley, and below what each optimiser reaches at every angle.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    function, limits
        The surface and its picture, as :func:`~mlcourse.plots.draw_surface` takes them.
    paths : mapping of str to ndarrays of shape (t + 1, 2)
        The paths to be drawn; the first is drawn thickest, its curve below too.
    angles : sequence of float
        In degrees.
    finals : mapping of str to ndarrays of shape (number of angles,)
        For each optimiser its last cost at each angle; those below the axis lie on its lower end.
    angle : float
        The present one, marked below.
    value_limits : pair of float
        Ends of the logarithmic axis of the cost.
    title : str
        Written above.

    Returns
    -------
    None
    """
    upper, lower = put_axes(fig, (0.175, 0.49, 0.80, 0.465), (0.175, 0.215, 0.80, 0.22))
    draw_surface(upper, function, limits, levels=9, minimizer=np.zeros(2), equal=True, title=title,
                 n_grid=61)
    upper.locator_params(nbins=5)
    upper.apply_aspect()  # the triangle of a path that has left is turned on the final axes
    for name, path in reversed(paths.items()):
        color, marker, line = look_of(name)
        draw_path(upper, path, color=color, marker=marker, linestyle=line, size=3.6,
                  linewidth=1.3)
    lower.axvline(angle, color=GREY, linewidth=1.2, linestyle=":")
    for name, curve in finals.items():
        color, marker, line = look_of(name)
        chosen = name == next(iter(paths))
        lower.plot(angles, np.maximum(curve, value_limits[0]), color=color, linestyle=line,
                   clip_on=False, marker=marker, markersize=7 if chosen else 5,
                   linewidth=2.6 if chosen else 1.2, label=name)
    lower.set_yscale("log")
    lower.set_ylim(*value_limits)
    tick_decades(lower.yaxis, value_limits)
    lower.set_xlim(-1, max(angles) + 1)
    lower.set_xticks([0, 10, 20, 30, 45])
    lower.set_xlabel("angle (degrees)")
    lower.set_ylabel("cost / first cost")
    label_below(fig, lower)


def draw_optimiser_curves(
    fig: Figure,
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]],
    *,
    xlabel: str,
    ylabel: str,
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    xlog: bool = False,
    ylog: bool = False,
    lines: Mapping[str, float] | None = None,
    joined: bool = True,
    title: str = "",
) -> None:
    """Draw one curve for each optimiser.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    curves : mapping of str to pairs of ndarrays of shape (t,)
        For each optimiser its curve; values beyond the axis are cut there.
    xlabel, ylabel : str
        The axes' names.
    xlim, ylim : pairs of float
        Their ends.
    xlog, ylog : bool
        Whether they are logarithmic.
    lines : mapping of str to float or None
        Level lines with their names.
    joined : bool
        Whether a line joins the points. If none does, points above the axis are drawn hollow at
        its upper end.
    title : str
        Written above.

    Returns
    -------
    None
    """
    [ax] = put_axes(fig, (0.165, 0.295, 0.80, 0.625))
    for name, (x, y) in curves.items():
        color, marker, line = look_of(name)
        y = np.nan_to_num(np.asarray(y, dtype=np.float64), nan=np.inf)
        over = y > ylim[1]
        beyond = 0.2 * (ylim[1] - ylim[0])
        low, high = (ylim[0] / 3, ylim[1] * 3) if ylog else (ylim[0] - beyond, ylim[1] + beyond)
        every = 1 if len(x) <= 45 else max(1, len(x) // 9)
        look = {"color": color, "marker": marker, "markersize": 6}
        if joined:
            ax.plot(x, np.clip(y, low, high), linestyle=line, markevery=every, linewidth=1.8,
                    label=name, **look)
        else:
            ax.plot(x[~over], y[~over], linestyle="", label=name, **look)
            if over.any():
                ax.plot(x[over], np.full(over.sum(), ylim[1]), linestyle="", clip_on=False,
                        markerfacecolor="white", label=f"{name}, off the scale", **look)
    for k, (text, height) in enumerate((lines or {}).items()):
        ax.axhline(height, color=GREY, linewidth=1.2, linestyle=[":", "--"][k % 2], label=text)
    if xlog:
        ax.set_xscale("log")
    if ylog:
        ax.set_yscale("log")
    ax.set_xlim(*xlim)
    ax.set_ylim(*ylim)
    for log, axis, limits in ((xlog, ax.xaxis, xlim), (ylog, ax.yaxis, ylim)):
        if log:
            tick_decades(axis, (min(limits), max(limits)))
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.set_title(title)
    label_below(fig, ax)
