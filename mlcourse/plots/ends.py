"""Names at the right ends of curves, moved apart where they would cover one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def spread_apart(places: Sequence[float], gap: float, low: float, high: float) -> np.ndarray:
    """Move numbers as little as needed until neighbours are a gap apart.

    Parameters
    ----------
    places : sequence of float
        Where each would like to be.
    gap : float
        Least distance of neighbours; less, if there is not room enough.
    low, high : float
        No number is left outside.

    Returns
    -------
    ndarray
        The new places, in the order given.
    """
    wanted = np.clip(np.asarray(places, dtype=np.float64), low, high)
    if not len(wanted):
        return wanted
    order = np.argsort(wanted, kind="stable")
    gap = min(gap, (high - low) / max(1, len(wanted) - 1))
    # Without the room that those before it take, each need only not be below the one before. The
    # nearest such numbers are means of blocks: neighbours are pooled until nothing falls.
    room = gap * np.arange(len(wanted))
    blocks: list[list[float]] = []
    for value in wanted[order] - room:
        blocks.append([value, 1])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            mean, count = blocks.pop()
            before, number = blocks.pop()
            blocks.append([(mean * count + before * number) / (count + number), count + number])
    moved = np.concatenate([np.full(int(count), mean) for mean, count in blocks])
    spread = np.empty(len(wanted))
    spread[order] = np.clip(moved, low, max(low, high - room[-1])) + room
    return spread


def name_ends(
    ax: Axes,
    x: float,
    heights: Sequence[float],
    names: Sequence[str],
    colors: Sequence[str],
    *,
    chosen: int | None = None,
    gap: float = 12.0,
) -> None:
    """Write names right of the ends of curves, one below the other.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to write; its scales and limits are taken as they are.
    x : float
        Where the curves end.
    heights : sequence of float
        At which heights they end; those outside the picture have their names at its edge.
    names, colors : sequences of str
        The names and their colours.
    chosen : int or None
        The number of the name that is written bold.
    gap : float
        Distance of two lines of text, in points.

    Returns
    -------
    None
    """
    low, high = ax.get_ylim()
    ends = np.column_stack([np.full(len(heights), x), np.clip(heights, low, high)])
    point = ax.figure.dpi / 72
    places = ax.transData.transform(ends)[:, 1]
    box = ax.get_window_extent()
    spread = spread_apart(places, gap * point, box.y0 + 2 * point, box.y1 - 2 * point)
    for i, name in enumerate(names):
        ax.annotate(name, ends[i], xytext=(7, (spread[i] - places[i]) / point), va="center",
                    textcoords="offset points", fontsize=10.5, color=colors[i], zorder=7,
                    fontweight="bold" if i == chosen else "normal", annotation_clip=False)
