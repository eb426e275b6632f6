"""Where second-order methods go: from every start, and within a trust region."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.second_order import INK, add_fixed_axes, draw_model
from mlcourse.plots.style import PALETTE
from mlcourse.plots.surfaces import draw_surface

if TYPE_CHECKING:
    from matplotlib.figure import Figure


# The four minima from light to dark, a pass, the summit, and nowhere.
TONES = np.array([
    [0.84, 0.89, 0.95], [0.66, 0.77, 0.87], [0.47, 0.64, 0.79], [0.27, 0.49, 0.68],
    [0.90, 0.55, 0.20], [0.12, 0.12, 0.12], [1.0, 1.0, 0.75],
])


def draw_start_map(
    fig: Figure,
    outcome: np.ndarray,
    limits: Sequence[Sequence[float]],
    ends: Mapping[str, np.ndarray],
    names: Sequence[str],
    *,
    title: str,
) -> None:
    """Paint every start by where the method led from there.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    outcome : int array of shape (rows, columns)
        The end of each start, lowest row first: an index into `names`.
    limits : pair of pairs of float
        ``((left, right), (lower, upper))``.
    ends : mapping of str to ndarray of shape (2,)
        What is written into the picture, and where.
    names : sequence of str
        What the ends are called, at most seven; their tones differ in lightness.
    title : str
        Written above.

    Returns
    -------
    None
    """
    ax = add_fixed_axes(fig, (0.07, 0.2, 0.91, 0.74))
    ax.imshow((255 * TONES[outcome]).astype(np.uint8), extent=(*limits[0], *limits[1]),
              origin="lower", interpolation="nearest")
    for name, place in ends.items():
        ax.text(*place, name, fontsize=11, ha="center", va="center", color=INK,
                bbox={"boxstyle": "round,pad=0.18", "facecolor": "white", "edgecolor": INK,
                      "linewidth": 0.6, "alpha": 0.9})
    for name, tone in zip(names, TONES):
        ax.plot([], [], linestyle="", marker="s", markersize=11, color=tone, markeredgecolor=INK,
                markeredgewidth=0.7, label=name)
    ax.set_title(title)
    fig.legend(loc="lower center", ncols=3, fontsize=11, handletextpad=0.3, columnspacing=1.1,
               borderpad=0.3)


def draw_trust_region(
    fig: Figure,
    function: Callable[[np.ndarray], np.ndarray],
    model: Callable[[np.ndarray], np.ndarray],
    point: np.ndarray,
    *,
    radius: float,
    step: np.ndarray,
    way: np.ndarray,
    descent: np.ndarray,
    newton: np.ndarray,
    kind: str,
    limits: Sequence[Sequence[float]],
    title: str,
) -> None:
    """Draw the best step inside a circle, and the way it takes as the circle grows.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    function, model : callables
        Take points (…, 2) and return values (…).
    point : ndarray of shape (2,)
        Where the model was made.
    radius : float
        Of the circle.
    step : ndarray of shape (2,)
        The best step within it.
    way : ndarray of shape (r, 2)
        The best steps of growing circles.
    descent, newton : ndarrays of shape (2,)
        The direction of steepest descent, of unit length, and Newton's step.
    kind : str
        What the model's stationary point is.
    limits : pair of pairs of float
        ``((left, right), (lower, upper))``.
    title : str
        Written above.

    Returns
    -------
    None
    """
    ax = add_fixed_axes(fig, (0.075, 0.22, 0.9, 0.73))
    draw_surface(ax, function, limits, levels=14, power=2.6, equal=True, title=title)
    draw_model(ax, model, point, point + newton, kind=kind)
    angle = np.linspace(0, 2 * np.pi, 181)
    ax.plot(point[0] + radius * np.cos(angle), point[1] + radius * np.sin(angle), color=PALETTE[2],
            linewidth=1.8, linestyle=":", label="trust region")
    ax.plot(*(point + way).T, color=PALETTE[0], linewidth=1.6, label="best steps as it grows")
    ax.annotate("", point + 1.1 * descent, point, zorder=5,
                arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.4})
    ax.plot([], [], color=INK, linewidth=1.4, marker=(3, 0, -90), markersize=7,
            label="steepest descent")
    ax.plot(*point, marker="o", markersize=9, color="white", markeredgecolor=INK, zorder=7)
    ax.plot(*(point + step), linestyle="", marker="D", markersize=10, color=PALETTE[1],
            markeredgecolor=INK, zorder=8, label="step taken")
    fig.legend(*ax.get_legend_handles_labels(), loc="lower center", ncols=2, fontsize=10.5,
               handlelength=1.6, columnspacing=1.2)
