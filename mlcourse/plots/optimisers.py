"""What the figures that compare optimisers share: looks, thinned paths, axes, legends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.style import PALETTE, RAISED, power_of_ten

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


def put_axes(fig: Figure, *boxes: tuple[float, float, float, float]) -> list[Axes]:
    """Put axes at given places: finding places by layout takes as long as drawing does.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure; its layout is turned off.
    *boxes : tuples of four floats
        Left, bottom, width and height of each, as shares of the figure.

    Returns
    -------
    list of matplotlib.axes.Axes
        The axes.
    """
    fig.set_layout_engine(None)  # "none" would draw every frame twice
    return [fig.add_axes(box) for box in boxes]


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
    axis.set_ticks(10.0**decades, [power_of_ten(n) for n in decades])
    axis.set_ticks([], minor=True)


def label_below(fig: Figure, ax: Axes, *, ncols: int = 3) -> None:
    """Put a legend at the foot of a figure.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure; its axes leave room.
    ax : matplotlib.axes.Axes
        Its labelled lines are listed.
    ncols : int
        In so many columns.

    Returns
    -------
    None
    """
    fig.legend(*ax.get_legend_handles_labels(), loc="lower center", ncols=ncols,
               fontsize=10.5, columnspacing=1.2, handlelength=2.8)


def in_words(value: float) -> str:
    """Write a cost for a caption.

    Parameters
    ----------
    value : float
        The cost, not negative.

    Returns
    -------
    str
        Such as "0.25", "31" or "3.1 × 10⁻⁹"; "below 10⁻¹²", where rounding decides; "diverged".

    Examples
    --------
    >>> in_words(0.25), in_words(3.14e-9), in_words(np.nan)
    ('0.25', '3.1 × 10⁻⁹', 'diverged')
    """
    if not np.isfinite(value):
        return "diverged"
    if 0.01 <= value < 1000:
        return f"{value:.2g}" if value < 10 else f"{value:.0f}"
    if value < 1e-12:
        return "below 10⁻¹²"
    digits, exponent = f"{value:.1e}".split("e")
    return f"{digits} × 10{str(int(exponent)).translate(RAISED)}"
