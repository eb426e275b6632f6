"""The figure of a picture in few colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_colours(
    fig: Figure,
    original: np.ndarray,
    recoloured: np.ndarray,
    palette: np.ndarray,
    shares: np.ndarray,
    *,
    title: str,
) -> None:
    """Draw a picture beside the same in few colours, and those below, each as wide as its share.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    original, recoloured : uint8 arrays of shape (height, width, 3)
        The two pictures.
    palette : uint8 array of shape (k, 3)
        The colours.
    shares : ndarray of shape (k,)
        The share of the pixels that has each of them; they sum to 1.
    title : str
        Written above the second picture.

    Returns
    -------
    None
    """
    pictures, below = fig.subfigures(2, 1, height_ratios=[2.35, 1])
    both = (original, "the picture"), (recoloured, title)
    for ax, (picture, name) in zip(pictures.subplots(1, 2), both):
        ax.imshow(picture, interpolation="none")  # the pixels themselves, not resampled ones
        ax.set_axis_off()
        ax.set_title(name)
    _draw_palette(below.subplots(), palette, shares)


def _draw_palette(ax: Axes, palette: np.ndarray, shares: np.ndarray) -> None:
    """One bar, cut into the colours, the most frequent first; the wide ones say their share."""
    order = np.argsort(-shares, kind="stable")
    left = 0.0
    for color, share in zip(palette[order] / 255, shares[order]):
        ax.barh(0, share, left=left, height=1, color=color, linewidth=0)
        if share > 0.075:
            # Black on light colours, white on dark ones, weighed as the eye does.
            light = color @ [0.299, 0.587, 0.114] > 0.5
            style = {"fontsize": 11, "ha": "center", "va": "center"}
            ax.text(left + share / 2, 0, f"{share:.0%}", color="k" if light else "w", **style)
        left += share
    ax.set_xlim(0, 1)
    ax.set_ylim(-0.5, 0.5)
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(True)
        spine.set_color("#888888")
    ax.set_title(f"{len(palette)} colours, each as wide as its share of the pixels")
