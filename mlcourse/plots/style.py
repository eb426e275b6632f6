"""One look for every figure of the book."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axis import Axis

# Ten colours, each at a contrast of at least 3.8 : 1 on white. Ten hues cannot all be told apart by
# every reader: figures therefore add a marker or a label to the colour.
PALETTE = [
    "#0072B2",  # blue
    "#D55E00",  # vermilion
    "#00896B",  # green
    "#8C5A2B",  # brown
    "#332288",  # indigo
    "#7A6A00",  # olive
    "#2F8CA8",  # teal
    "#882255",  # wine
    "#444444",  # grey
    "#E0218A",  # magenta
]

# Text stays legible when a figure of 5.6 inches is shown 340 pixels wide on a phone.
RC = {
    "font.size": 12.0,
    "axes.titlesize": 12.5,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#555555",
    "axes.labelcolor": "#222222",
    "axes.linewidth": 0.8,
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "figure.facecolor": "white",
    "svg.fonttype": "path",
}

# For powers of ten in plain text.
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power_of_ten(exponent: float) -> str:
    """Write a power of ten as text, which is drawn ten times as fast as a formula is.

    Parameters
    ----------
    exponent : float
        A whole number.

    Returns
    -------
    str
        Such as "0.1", "1" or "10⁻⁸".
    """
    n = round(exponent)
    return f"{10.0**n:g}" if -1 <= n <= 1 else "10" + str(n).translate(RAISED)


def set_powers(axis: Axis, low: int, high: int, every: int = 1) -> None:
    """Give a logarithmic axis marks at powers of ten, and no others.

    Parameters
    ----------
    axis : matplotlib.axis.Axis
        The axis.
    low, high, every : int
        Exponents of the first mark, of the last, and from one to the next.

    Returns
    -------
    None
    """
    exponents = range(low, high + 1, every)
    axis.set_ticks([10.0**n for n in exponents], [power_of_ten(n) for n in exponents])
    axis.set_ticks([], minor=True)
