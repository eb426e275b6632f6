"""Newton's method in pictures: local models, and a parabola on a curve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.style import PALETTE
from mlcourse.plots.surfaces import draw_path, draw_surface

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

INK = "#222222"
MODEL = PALETTE[7]
# Equally spaced ellipses, the outermost through the point at which the model was made.
MODEL_SHARES = (np.arange(1, 5) / 4) ** 2
# Lines of a saddle: the two that cross in its middle, and some on either side.
SADDLE_SHARES = np.array([-4.0, -1.0, 0.0, 1.0, 4.0])
# The bottom of a bowl points down, a summit up: their ellipses look alike.
CENTRES = {"minimum": "v", "maximum": "^", "saddle": "x"}
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power_of_ten(exponent: int) -> str:
    """Write a power of ten as plain text: a formula takes matplotlib twenty times as long to draw.

    Parameters
    ----------
    exponent : int

    Returns
    -------
    str
        Such as "10⁻⁴"; from 0.001 to 1,000 it is written out.
    """
    if -3 <= exponent <= 3:
        return f"{10.0**exponent:,.{max(0, -exponent)}f}"
    return "10" + str(exponent).translate(SUPERSCRIPTS)


def set_decades(axis: Axis, low: float, high: float, every: int = 1) -> None:
    """Make an axis logarithmic, with plain text at its powers of ten and no other ticks.

    Parameters
    ----------
    axis : matplotlib.axis.Axis
        ``ax.xaxis`` or ``ax.yaxis``.
    low, high : float
        Its ends.
    every : int
        Only exponents that this number divides are written.

    Returns
    -------
    None
    """
    first, last = np.ceil(np.log10(low) - 1e-9), np.floor(np.log10(high) + 1e-9)
    exponents = [k for k in range(int(first), int(last) + 1) if k % every == 0]
    getattr(axis.axes, f"set_{axis.axis_name}scale")("log")
    axis.set_ticks([10.0**k for k in exponents], [power_of_ten(k) for k in exponents])
    axis.set_ticks([], minor=True)
    axis.axes.set(**{f"{axis.axis_name}lim": (low, high)})


def add_fixed_axes(fig: Figure, box: tuple[float, float, float, float]) -> Axes:
    """Add axes that stay where they are: frames do not jump, and are drawn in half of the time.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    box : tuple of four float
        Left, lower end, width and height, as shares of the figure.

    Returns
    -------
    matplotlib.axes.Axes
    """
    fig.set_layout_engine(None)
    return fig.add_axes(box)


def draw_model(
    ax: Axes,
    model: Callable[[np.ndarray], np.ndarray],
    point: np.ndarray,
    centre: np.ndarray,
    *,
    kind: str,
    raised: bool = False,
) -> None:
    """Draw a quadratic model of a function: its contour lines and its stationary point.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw; its limits are taken as they are.
    model : callable
        Takes points (…, 2) and returns the model's values (…).
    point : ndarray of shape (2,)
        Where the model was made; one of the lines goes through it.
    centre : ndarray of shape (2,)
        The model's stationary point, marked if it is inside the picture.
    kind : {"minimum", "saddle", "maximum"}
        What it is: a triangle that points down, a cross, a triangle that points up.
    raised : bool
        Whether a shift was added to the function's curvatures, for the legend.

    Returns
    -------
    None
    """
    (left, right), (lower, upper) = ax.get_xlim(), ax.get_ylim()
    x, y = np.linspace(left, right, 61), np.linspace(lower, upper, 61)
    values = model(np.stack(np.meshgrid(x, y), axis=-1))
    middle = float(model(centre))
    if kind == "saddle":
        angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
        around = centre + 0.1 * (right - left) * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        levels = middle + np.abs(model(around) - middle).mean() * SADDLE_SHARES
    else:
        levels = np.unique(middle + (float(model(point)) - middle) * MODEL_SHARES)
    if len(levels) > 1 and np.diff(levels).min() > 0:
        ax.contour(x, y, values, levels=levels, colors=MODEL, linewidths=1.1, linestyles="dashed")
    ax.plot([], [], color=MODEL, linewidth=1.3, linestyle="dashed",
            label="model, raised" if raised else "quadratic model")
    inside = left <= centre[0] <= right and lower <= centre[1] <= upper
    ax.plot(*(centre if inside else ([], [])), linestyle="", marker=CENTRES[kind], markersize=13,
            markeredgewidth=2.2, markerfacecolor="none", markeredgecolor=MODEL, zorder=9,
            label=f"its {kind}")


def draw_newton_walk(
    fig: Figure,
    function: Callable[[np.ndarray], np.ndarray],
    limits: Sequence[Sequence[float]],
    path: np.ndarray,
    *,
    n_done: int,
    values: np.ndarray,
    model: Callable[[np.ndarray], np.ndarray] | None,
    centre: np.ndarray,
    kind: str,
    raised: bool,
    radius: float | None,
    minima: np.ndarray,
    title: str,
    value_limits: tuple[float, float],
) -> None:
    """Draw a walk so far, the quadratic model where it stands, and where the next step goes.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    function : callable
        Takes points (…, 2) and returns values (…).
    limits : pair of pairs of float
        ``((left, right), (lower, upper))``.
    path : ndarray of shape (t, 2)
        All places of the walk.
    n_done : int
        How many steps are done: it stands at ``path[n_done]``.
    values : ndarray of shape (t,)
        The function at these places.
    model, centre, kind, raised
        As in :func:`draw_model`; no model is drawn if it is None.
    radius : float or None
        Of the trust region, drawn as a circle.
    minima : ndarray of shape (m, 2)
        Marked by stars.
    title : str
        Written above.
    value_limits : tuple of two float
        Ends of the axis of values; smaller and larger ones are drawn at its ends.

    Returns
    -------
    None
    """
    fig.set_layout_engine(None)
    picture, curve = fig.add_axes((0.075, 0.315, 0.9, 0.65)), fig.add_axes((0.17, 0.08, 0.805, 0.1))
    draw_surface(picture, function, limits, levels=14, power=2.6, minimizer=minima, equal=True,
                 n_grid=91, title=title)
    here = path[n_done]
    if model is not None:
        draw_model(picture, model, here, centre, kind=kind, raised=raised)
    if radius is not None:
        angle = np.linspace(0, 2 * np.pi, 181)
        picture.plot(here[0] + radius * np.cos(angle), here[1] + radius * np.sin(angle),
                     color=PALETTE[2], linewidth=1.6, linestyle=":", label="trust region")
    if n_done + 1 < len(path):
        draw_path(picture, path[n_done : n_done + 2], color=PALETTE[0], linestyle="-", start=False,
                  marker="D", label="next step")
    draw_path(picture, path[: n_done + 1], label="steps so far")
    if n_done == 0:
        picture.plot(*here, marker="o", markersize=9, color=PALETTE[1], markeredgecolor=INK,
                     zorder=8)
    picture.legend(loc="upper center", bbox_to_anchor=(0.48, -0.06), ncols=3, fontsize=10.5,
                   handlelength=1.5, columnspacing=1.1, handletextpad=0.4, borderaxespad=0)
    shown = np.clip(values, *value_limits)
    step = np.arange(len(values))
    curve.plot(step, shown, color="#c4c4c4", linewidth=1.2, marker="o", markersize=3)
    curve.plot(step[: n_done + 1], shown[: n_done + 1], color=PALETTE[1], linewidth=1.5, marker="o",
               markersize=4.5)
    curve.plot(n_done, shown[n_done], marker="o", markersize=9, color=PALETTE[1],
               markeredgecolor=INK, clip_on=False)
    set_decades(curve.yaxis, value_limits[0] / 4, value_limits[1] * 4, every=4)
    curve.set_xticks(step)
    curve.set_xlabel("step", labelpad=1)
    curve.set_ylabel("value")


def draw_parabola_steps(
    fig: Figure,
    curve: tuple[np.ndarray, np.ndarray],
    points: np.ndarray,
    heights: np.ndarray,
    parabola: tuple[np.ndarray, np.ndarray],
    lowest: tuple[float, float],
    *,
    limits: tuple[tuple[float, float], tuple[float, float]],
    title: str,
) -> None:
    """Draw a function of one variable, Newton's points on it, and the parabola at the last one.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    curve : pair of ndarrays
        Places and values of the function.
    points, heights : ndarrays of shape (t,)
        The points so far and the function there, the present one last. If that is not finite, the
        picture says so, and shows the others only.
    parabola : pair of ndarrays
        Places and values of the second-order model at the present point.
    lowest : pair of float
        The parabola's lowest point.
    limits : pair of pairs of float
        Ends of both axes. What lies outside is shown by an arrow at the edge.
    title : str
        Written above.

    Returns
    -------
    None
    """
    ax = add_fixed_axes(fig, (0.075, 0.3, 0.9, 0.62))
    ax.set_xlim(*limits[0])
    ax.set_ylim(*limits[1])
    ax.plot(*curve, color=INK, label="cost")
    left, right = limits[0]
    gone = not np.isfinite(points[-1])
    if gone:
        ax.text(sum(limits[0]) / 2, 0.9 * limits[1][1], "θ is no longer a number", fontsize=12,
                ha="center", va="top", color=INK)
        points, heights = points[:-1], heights[:-1]
    else:
        ax.plot(*parabola, color=MODEL, linestyle="dashed", linewidth=1.6,
                label="its parabola here")
    ax.plot(points, heights, linestyle="", marker="o", markersize=6, color=PALETTE[1],
            markeredgewidth=0, label="steps so far")
    labels = {}  # places that lie close together share a label: "0, 2"
    for number, (x, y) in enumerate(zip(points, heights)):
        if left <= x <= right and y <= limits[1][1]:
            close = [place for place in labels if abs(x - place[0]) < 0.06 * (right - left)]
            labels.setdefault(close[0] if close else (x, y), []).append(str(number))
    for (x, y), numbers in labels.items():
        ax.annotate(", ".join(numbers), (x, y), xytext=(8 if x > 0 else -8, -5), fontsize=11,
                    textcoords="offset points", ha="left" if x > 0 else "right", va="top",
                    color=INK)
    if not gone and left <= points[-1] <= right and heights[-1] <= limits[1][1]:
        ax.plot(points[-1], heights[-1], marker="o", markersize=10, color=PALETTE[1],
                markeredgecolor=INK, zorder=6)
    elif not gone:  # it is outside: an arrow at the edge where the curve leaves the picture
        ax.plot(0.965 * (right if points[-1] > 0 else left), 0.88 * limits[1][1], markersize=13,
                marker=">" if points[-1] > 0 else "<", color=PALETTE[1], markeredgecolor=INK,
                clip_on=False, zorder=7, linestyle="", label="the present point, out there")
    if not gone and left <= lowest[0] <= right and limits[1][0] <= lowest[1] <= limits[1][1]:
        ax.plot(*lowest, linestyle="", marker="x", markersize=10, markeredgewidth=2.4, color=MODEL,
                zorder=7, label="its minimum")
        ax.plot([lowest[0]] * 2, [lowest[1], limits[1][1]], color=MODEL, linewidth=0.9,
                linestyle=":")
    elif not gone:
        side = 1 if lowest[0] > 0 else -1
        edge = right if side > 0 else left
        ax.plot(0.965 * edge, 0.5 * sum(limits[1]), linestyle="", color=MODEL, markersize=13,
                marker=">" if side > 0 else "<", markeredgecolor=INK, clip_on=False, zorder=7,
                label="its minimum, out there")
    ax.set_xlabel("θ")
    ax.set_title(title)
    fig.legend(*ax.get_legend_handles_labels(), loc="lower center", ncols=2, fontsize=10.5,
               handlelength=1.6, columnspacing=1.2)
