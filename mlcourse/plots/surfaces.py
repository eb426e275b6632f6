"""Functions of the plane as contour lines, and the paths that methods take on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.style import PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK = "#222222"
# Dark where the function is low: a valley is seen as one without reading the numbers.
DEEP = np.array([0.36, 0.47, 0.60])
HIGH = np.array([0.86, 0.89, 0.92])


def draw_surface(
    ax: Axes,
    function: Callable[[np.ndarray], np.ndarray],
    limits: Sequence[Sequence[float]],
    *,
    levels: int | Sequence[float] = 12,
    power: float = 2.0,
    minimizer: np.ndarray | None = None,
    n_grid: int = 121,
    equal: bool = False,
    title: str = "",
) -> None:
    """Draw the contour lines of a function of two variables, dark where it is low.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    function : callable
        Takes points (…, 2) and returns values (…), as the `value` of an objective does.
    limits : pair of pairs of float
        ``((left, right), (lower, upper))``.
    levels : int or sequence of float
        How many lines, or the values that they stand for.
    power : float
        With so many lines: the k-th of m lies at the share (k/m)**power of the way from the
        lowest to the highest value of the picture. With 2, the lines of a quadratic have equal
        distances; more shows the floor of a deep valley.
    minimizer : ndarray of shape (2,) or (m, 2) or None
        The minimum, or several, each marked by a star.
    n_grid : int
        The function is evaluated on so many by so many places.
    equal : bool
        Whether a unit is equally long in both directions, so that right angles look right.
    title : str
        Written above.

    Returns
    -------
    None
    """
    (left, right), (lower, upper) = limits
    x, y = np.linspace(left, right, n_grid), np.linspace(lower, upper, n_grid)
    values = function(np.stack(np.meshgrid(x, y), axis=-1))
    if np.ndim(levels) == 0:
        steps = (np.arange(1, levels + 1) / (levels + 1)) ** power
        levels = values.min() + steps * np.ptp(values)
    share = np.linspace(0, 1, len(levels))[:, None]
    ax.contour(x, y, values, levels=levels, colors=DEEP * (1 - share) + HIGH * share,
               linewidths=1.0, linestyles="solid")
    if minimizer is not None:
        ax.plot(*np.atleast_2d(minimizer).T, linestyle="", marker="*", markersize=13,
                color="white", markeredgecolor=INK, markeredgewidth=1.1, zorder=4)
    ax.set_xlim(left, right)
    ax.set_ylim(lower, upper)
    if equal:
        ax.set_aspect("equal")
    for spine in ax.spines.values():
        spine.set_visible(True)
        spine.set_color("#cccccc")
    ax.set_title(title)


def draw_path(
    ax: Axes,
    points: np.ndarray,
    *,
    color: str = PALETTE[1],
    marker: str = "o",
    size: float = 4.0,
    linewidth: float = 1.5,
    linestyle: str = "-",
    alpha: float = 1.0,
    label: str | None = None,
    start: bool = True,
    end: bool = True,
    beyond: str = "",
    recent: int | None = None,
) -> bool:
    """Draw a path on axes whose limits are set: its start hollow, its present place large.

    Nothing is cut off silently. A path that has left the picture ends in a triangle at the edge,
    which points to where it is now.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw; its limits are taken as they are.
    points : ndarray of shape (t, 2)
        The places in order. From the first that is not finite the path is left out.
    color, marker, size, linewidth, linestyle, alpha
        Its looks, as matplotlib has them.
    label : str or None
        Its name in a legend.
    start, end : bool
        Whether the first place and the last one are marked.
    beyond : str
        Written beside the triangle.
    recent : int or None
        Only so many last steps are drawn dark, those before them faint.

    Returns
    -------
    bool
        Whether the path's last place is outside the picture.
    """
    points = np.asarray(points, dtype=np.float64)
    finite = np.isfinite(points).all(axis=1)
    points = points[: len(points) if finite.all() else int(finite.argmin())]
    if not len(points):
        return False
    low, high = np.array([ax.get_xlim(), ax.get_ylim()]).T
    look = {"color": color, "alpha": alpha, "linewidth": linewidth, "linestyle": linestyle}
    inside = ((points >= low) & (points <= high)).all(axis=1)
    dark = 0 if recent is None else max(0, len(points) - 1 - recent)
    for first, last, share in ((0, dark, 0.3), (dark, len(points) - 1, 1.0)):
        part, shown = points[first : last + 1], inside[first : last + 1]
        line = _clip_path(part, low, high)
        if line is not None:
            ax.plot(*line.T, **look | {"alpha": share * alpha})
        if last > first or share == 1.0:
            ax.plot(*part[shown].T, linestyle="", marker=marker, markersize=size,
                    markeredgewidth=0, color=color, alpha=share * alpha)
    # An empty line: the legend shows the line and its marker together.
    ax.plot([], [], marker=marker, markersize=size + 2, label=label, **look)
    if start and inside[0]:
        ax.plot(*points[0], marker=marker, markersize=size + 5, color="white",
                markeredgecolor=color, markeredgewidth=1.8, alpha=alpha, zorder=5)
    if end and inside[-1] and len(points) > 1:
        ax.plot(*points[-1], marker=marker, markersize=size + 5, color=color,
                markeredgecolor=INK, markeredgewidth=1.1, alpha=alpha, zorder=6)
    if not inside[-1]:
        _mark_exit(ax, points, low, high, color=color, text=beyond)
    return not inside[-1]


def _clip_path(points: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray | None:
    """Cut a path to a rectangle; NaN lifts the pen where it is outside."""
    pieces = [clip_segment(a, b, low, high) for a, b in zip(points, points[1:])]
    pieces = [piece for piece in pieces if piece is not None]
    if not pieces:
        return None
    # Pieces that join stay one line, so that dashes run on.
    line = [pieces[0]]
    for before, piece in zip(pieces, pieces[1:]):
        joined = np.array_equal(before[1], piece[0])
        line.append(piece[1:] if joined else np.vstack([[np.nan, np.nan], piece]))
    return np.vstack(line)


def clip_segment(
    a: np.ndarray, b: np.ndarray, low: np.ndarray, high: np.ndarray
) -> np.ndarray | None:
    """Cut a segment to a rectangle, after Liang and Barsky.

    Parameters
    ----------
    a, b : ndarrays of shape (2,)
        Its ends.
    low, high : ndarrays of shape (2,)
        Lower left and upper right corner.

    Returns
    -------
    ndarray of shape (2, 2) or None
        The ends of what is inside; None if nothing is.
    """
    first, last = 0.0, 1.0
    # Halves: the difference of two huge numbers of opposite sign would overflow.
    for start, stop, lower, upper in zip(a / 2, b / 2, low / 2, high / 2):
        way = stop - start
        if way == 0.0:
            if not lower <= start <= upper:
                return None
            continue
        enter, leave = sorted(((lower - start) / way, (upper - start) / way))
        first, last = max(first, enter), min(last, leave)
    if first > last:
        return None
    # An end that is not cut stays as it is to the last bit, so that pieces join.
    from_a = a if first == 0.0 else a * (1 - first) + b * first
    to_b = b if last == 1.0 else a * (1 - last) + b * last
    return np.array([from_a, to_b])


def _mark_exit(
    ax: Axes, points: np.ndarray, low: np.ndarray, high: np.ndarray, *, color: str, text: str
) -> None:
    """Mark the edge of the picture where the path has left it, on the way to its last place."""
    middle, half = (low + high) / 2, (high - low) / 2
    # In units of the picture's half sides; a far place is first brought to a size that can be added.
    way = points[-1] / half - middle / half
    edge = None
    if len(points) > 1:
        edge = clip_segment(points[-2], points[-1], low, high)
    if edge is not None:
        x, y = (edge[1] - middle) / half
    else:
        x, y = way / np.abs(way).max()
    # A hair inside, so that the triangle is whole.
    x, y = 0.96 * x, 0.96 * y
    width, height = ax.get_window_extent().width, ax.get_window_extent().height
    if edge is not None:
        way = (edge[1] - edge[0]) / half
    angle = np.degrees(np.arctan2(way[1] * height, way[0] * width))
    ax.plot(middle[0] + x * half[0], middle[1] + y * half[1], marker=(3, 0, angle - 90),
            markersize=13, color=color, markeredgecolor=INK, markeredgewidth=1.0, zorder=7)
    if text:
        ax.annotate(text, (middle[0] + x * half[0], middle[1] + y * half[1]), zorder=7,
                    xytext=(-10 if x > 0 else 10, -9 if y > 0 else 9), fontsize=11,
                    textcoords="offset points", ha="right" if x > 0 else "left",
                    va="top" if y > 0 else "bottom", color=INK,
                    bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.85})
