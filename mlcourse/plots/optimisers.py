"""What the figures that compare optimisers share: looks, thinned paths, axes, legends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.style import PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

# One look for each optimiser on every figure of the notebook: colour, marker and line.
LOOKS = {
    "plain": (PALETTE[8], "o", "-"),
    "heavy ball": (PALETTE[0], "s", "--"),
    "Nesterov": (PALETTE[1], "D", "-."),
    "AdaGrad": (PALETTE[2], "^", (0, (1, 1))),
    "RMSProp": (PALETTE[3], "v", (0, (5, 1, 1, 1, 1, 1))),
    "Adam": (PALETTE[7], "P", (0, (8, 2))),
    "AMSGrad": (PALETTE[5], "X", (0, (3, 1))),
}


def look_of(name: str) -> tuple[str, str, object]:
    """Find colour, marker and line of an optimiser; another name gets those of "plain".

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    color : str
        A colour of the palette.
    marker : str
        A marker, as matplotlib names them.
    linestyle : str or tuple
        A line style, as matplotlib has them.
    """
    return LOOKS.get(name, LOOKS["plain"])


def thin_path(points: np.ndarray, limits: Sequence[Sequence[float]], *, n: int = 250) -> np.ndarray:
    """Leave out of a path those places that lie nearly on the last one kept.

    Parameters
    ----------
    points : ndarray of shape (t, 2)
        The path; it may hold NaN at its end.
    limits : pair of pairs of float
        The picture. Steps below 1/n of its sides are gathered until they are longer together.
    n : int
        How fine.

    Returns
    -------
    ndarray of shape (k, 2)
        The places kept, the first and the last among them.
    """
    span = np.array([limits[0][1] - limits[0][0], limits[1][1] - limits[1][0]])
    kept = [0]
    for t in range(1, len(points)):
        if not (np.abs(points[t] - points[kept[-1]]) / span).max() < 1 / n:
            kept.append(t)
    return points[kept if kept[-1] == len(points) - 1 else [*kept, len(points) - 1]]


def settle_if_left(fig: Figure, path: np.ndarray, limits: Sequence[Sequence[float]]) -> None:
    """Lay the axes out now if a path ends outside: the triangle that says so is turned on them.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure.
    path : ndarray of shape (t, 2)
        The path.
    limits : pair of pairs of float
        The picture.

    Returns
    -------
    None
    """
    low, high = np.array(limits).T
    if not ((path[-1] >= low) & (path[-1] <= high)).all():
        fig.draw_without_rendering()


def clipped(values: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    """Bring a curve into the limits of a logarithmic axis; what is not finite becomes its top.

    Parameters
    ----------
    values : ndarray of shape (t,)
        The curve.
    limits : pair of float
        The ends of the axis.

    Returns
    -------
    ndarray of shape (t,)
        The curve, cut a little beyond the ends.
    """
    values = np.nan_to_num(np.asarray(values, dtype=np.float64), nan=np.inf)
    return np.clip(values, limits[0] / 3, limits[1] * 3)


def tick_decades(axis: Axis, limits: tuple[float, float], *, n: int = 5) -> None:
    """Put a few ticks on a logarithmic axis, at powers of ten.

    Parameters
    ----------
    axis : matplotlib.axis.Axis
        The axis.
    limits : pair of float
        Its ends.
    n : int
        About so many ticks.

    Returns
    -------
    None
    """
    low, high = np.ceil(np.log10(limits[0]) - 1e-9), np.floor(np.log10(limits[1]) + 1e-9)
    stride = max(1, int((high - low) // n) + ((high - low) % n > 0))
    decades = np.arange(high, low - 0.5, -stride)
    axis.set_ticks(10.0**decades)
    axis.set_ticks([], minor=True)


def label_below(fig: Figure, ax: Axes, *, ncols: int = 3) -> None:
    """Put a legend under everything else in a figure.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure; its layout makes room.
    ax : matplotlib.axes.Axes
        Its labelled lines are listed.
    ncols : int
        In so many columns.

    Returns
    -------
    None
    """
    fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=ncols,
               fontsize=10.5, columnspacing=1.2, handlelength=2.8)
