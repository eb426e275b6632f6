"""The figure of what the unit of a feature does to the groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.choosing_k import NAMES as GROUP_NAMES
from mlcourse.plots.maps import draw_map
from mlcourse.plots.style import PALETTE

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_scaling(
    fig: Figure,
    X: np.ndarray,
    labels: np.ndarray,
    scales: np.ndarray,
    agreement: np.ndarray,
    *,
    scale: float,
    standard: float,
    axes: tuple[str, str],
) -> None:
    """Draw the groups found at one scale of the second feature, and their agreement at all scales.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    X : ndarray of shape (n, 2)
        The points in the units in which they were made; each axis is drawn to fill its side.
    labels : int array of shape (n,)
        The groups found.
    scales, agreement : ndarrays of shape (t,)
        Factors on the second feature, and the adjusted Rand index there.
    scale : float
        The present factor, one of `scales`.
    standard : float
        The factor at which both features have one variance: marked by a dotted line.
    axes : pair of str
        What the two features are called.

    Returns
    -------
    None
    """
    left, right = fig.subplots(1, 2, width_ratios=[1.2, 1])
    draw_map(left, X, GROUP_NAMES[labels], size=5.5)
    left.set_aspect("auto")
    for set_lim, column in ((left.set_xlim, X[:, 0]), (left.set_ylim, X[:, 1])):
        margin = 0.05 * np.ptp(column)
        set_lim(column.min() - margin, column.max() + margin)
    left.set_xlabel(axes[0], loc="center", fontsize=12)
    left.set_ylabel(axes[1])
    left.set_title("the groups found")
    right.axvline(standard, color="#666666", linestyle=":", linewidth=1.5)
    side = "left" if standard <= np.sqrt(scales[0] * scales[-1]) * 1.5 else "right"
    style = {"fontsize": 10.5, "color": "#444444", "va": "bottom", "ha": side}
    right.text(standard, 0.02, " equal \n variance ", **style)
    right.plot(scales, agreement, color=PALETTE[0], marker=".", markersize=6, linewidth=1.5)
    present = agreement[list(scales).index(scale)]
    right.plot([scale], [present], marker="D", markersize=8, color=PALETTE[1], clip_on=False)
    right.set_xscale("log")
    right.set_ylim(-0.05, 1.05)
    ticks = scales[::4] if len(scales) > 5 else scales
    right.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    right.minorticks_off()
    right.set_xlabel("factor on the second")
    right.set_title("adjusted Rand index")
