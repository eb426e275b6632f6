"""The figures on gradients estimated from minibatches: clouds, errors and directions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.style import PALETTE
from mlcourse.plots.surfaces import draw_surface

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#222222"
GREY = "#777777"
FAINT = "#b9b9b9"
DOWN, UP = PALETTE[0], PALETTE[1]
# Radius, in standard deviations, of the ellipse that holds 95% of a Gaussian of the plane.
RADIUS_95 = np.sqrt(-2 * np.log(0.05))


def draw_gradient_cloud(fig: Figure, estimates: np.ndarray, gradient: np.ndarray,
                        covariance: np.ndarray, *, limits: Sequence[Sequence[float]],
                        names: tuple[str, str]) -> None:
    """Draw estimates of a gradient around it, at one scale for all batch sizes and magnified.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    estimates : ndarray of shape (m, 2)
        The gradients of m batches.
    gradient : ndarray of shape (2,)
        The gradient of the average over all examples, drawn as an arrow from the origin.
    covariance : ndarray of shape (2, 2)
        What theory says of the estimates: drawn as the ellipse that holds 95% of a Gaussian.
    limits : pair of pairs of float
        ``((left, right), (lower, upper))`` of the picture on the left.
    names : pair of str
        What the two entries of the gradient are called.

    Returns
    -------
    None
    """
    # Fixed places: frames do not jump. None, not "none", which would draw everything twice.
    fig.set_layout_engine(None)
    whole, near = (fig.add_axes((left, 0.24, 0.33, 0.68), anchor="N") for left in (0.17, 0.64))
    spread = np.sqrt(np.diag(covariance).max())
    # Where nothing varies, any magnification shows a single point.
    reach = 3.6 * spread if spread > 0 else 1.5e-3
    ellipse = _ellipse(gradient, covariance)
    for ax, size in ((whole, 2.6), (near, 4.0)):
        ax.plot(*estimates.T, linestyle="", marker="o", markersize=size, markeredgewidth=0,
                color=PALETTE[0], alpha=0.55, label="a batch")
        if spread > 0:
            ax.plot(*ellipse.T, color=INK, linewidth=1.4, linestyle=(0, (4, 2)),
                    label="theory: 95%")
        ax.set_aspect("equal")
        ax.set_xlabel(names[0])
    _arrow(whole, np.zeros(2), gradient, color=PALETTE[1], width=2.0)
    near.plot(*gradient, marker="D", markersize=8, color=PALETTE[1], linestyle="", zorder=4,
              markeredgecolor="white", markeredgewidth=0.8, label="all examples")
    whole.axhline(0, color=FAINT, linewidth=0.8, zorder=0)
    whole.axvline(0, color=FAINT, linewidth=0.8, zorder=0)
    whole.set_xlim(*limits[0])
    whole.set_ylim(*limits[1])
    whole.set_ylabel(names[1])
    whole.set_title("one scale for all")
    near.set_xlim(gradient[0] - reach, gradient[0] + reach)
    near.set_ylim(gradient[1] - reach * _shape(limits), gradient[1] + reach * _shape(limits))
    near.locator_params(axis="x", nbins=3)
    near.locator_params(axis="y", nbins=5)
    near.set_title("magnified")
    fig.legend(*near.get_legend_handles_labels(), loc="lower center", ncols=3,
               fontsize=11.5, handlelength=1.6, handletextpad=0.4, columnspacing=1.2,
               frameon=False, borderaxespad=0.1)


def _shape(limits: Sequence[Sequence[float]]) -> float:
    (left, right), (lower, upper) = limits
    return (upper - lower) / (right - left)


def plain_ticks(low: float, high: float, *, every: int = 1) -> tuple[list[float], list[str]]:
    """Powers of ten for a logarithmic axis, written out: quicker to read, and far quicker to draw.

    Parameters
    ----------
    low, high : float
        The ends of the axis, above 0.
    every : int
        Only every so many powers, from the first that is on the axis.

    Returns
    -------
    places : list of float
    names : list of str
    """
    first, last = int(np.ceil(np.log10(low) - 1e-9)), int(np.floor(np.log10(high) + 1e-9))
    places = [10.0**power for power in range(first, last + 1, every)]
    return places, [f"{place:,.0f}" if place >= 1 else f"{place:g}" for place in places]


def _ellipse(center: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    variances, axes = np.linalg.eigh(covariance)
    angle = np.linspace(0, 2 * np.pi, 73)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    return center + RADIUS_95 * (circle * np.sqrt(np.maximum(variances, 0))) @ axes.T


def _arrow(ax: Axes, start: np.ndarray, end: np.ndarray, *, color: str, width: float) -> None:
    # A short arrow has a small head, or it would look as long as its head.
    length = np.hypot(*np.diff(ax.transData.transform([start, end]), axis=0)[0])
    head = min(9 + 2 * width, 1.5 * length * 72 / ax.figure.dpi)
    ax.annotate("", end, xytext=start, annotation_clip=False, zorder=5,
                arrowprops={"arrowstyle": "-|>", "color": color, "linewidth": width,
                            "shrinkA": 0, "shrinkB": 0, "mutation_scale": head})


def draw_error_and_price(fig: Figure, sizes: np.ndarray, errors: np.ndarray,
                         predicted: tuple[np.ndarray, np.ndarray], times: np.ndarray, *,
                         chosen: int, n_samples: int, limits: Sequence[Sequence[float]],
                         note: str = "") -> None:
    """Draw the error of a minibatch gradient, and the time that an example of the batch costs.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    sizes : int array of shape (s,)
        Batch sizes, rising.
    errors : ndarray of shape (s,)
        Measured standard error, relative to the length of the gradient.
    predicted : pair of ndarrays of shape (k,)
        Batch sizes, and the error that theory predicts without replacement. The last may be 0.
    times : ndarray of shape (s,)
        Seconds that the gradient of a batch takes, divided by its size.
    chosen : int
        The batch size that is marked.
    n_samples : int
        The number of all examples, marked by a dotted line.
    limits : pair of pairs of float
        Batch sizes and errors at the ends of the axes.
    note : str
        Written into the lower picture.

    Returns
    -------
    None
    """
    # Fixed places and no minor ticks: a logarithmic axis is slow to lay out.
    fig.set_layout_engine(None)
    upper, lower = fig.add_axes((0.14, 0.51, 0.77, 0.43)), fig.add_axes((0.14, 0.11, 0.77, 0.29))
    where = int(np.flatnonzero(sizes == chosen)[0])
    positive = predicted[1] > 0
    floor = limits[1][0]
    upper.plot(predicted[0][positive], predicted[1][positive], color=INK, linewidth=1.5,
               label="theory")
    shown = errors > floor
    upper.plot(sizes[shown], errors[shown], linestyle="", marker="o", markersize=5,
               markeredgewidth=0, color=PALETTE[0], label="measured")
    if not shown[where]:
        side = "right" if n_samples > 3e5 else "left"
        upper.annotate("no error", (chosen, floor), xytext=(-9 if side == "right" else 9, 8),
                       textcoords="offset points", ha=side, fontsize=11)
    lower.plot(sizes, 1e6 * times, color=PALETTE[0], linewidth=1.3, marker="o", markersize=5,
               markeredgewidth=0)
    mark = {"marker": "D", "markersize": 9, "color": PALETTE[1], "markeredgecolor": "white",
            "zorder": 5, "linestyle": "", "clip_on": False}
    upper.plot(chosen, errors[where] if shown[where] else floor, **mark)
    lower.plot(chosen, 1e6 * times[where], **mark)
    for ax in (upper, lower):
        ax.axvline(n_samples, color=GREY, linewidth=1.3, linestyle=":")
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.set_xlim(*limits[0])
        ax.minorticks_off()
        ax.set_xticks(*plain_ticks(*limits[0], every=2))
    upper.set_ylim(*limits[1])
    upper.set_yticks(*plain_ticks(*limits[1]))
    lower.set_yticks(*plain_ticks(*lower.get_ylim()))
    upper.tick_params(labelbottom=False)
    end = "right" if n_samples > 3e5 else "left"
    upper.text(n_samples, limits[1][1], " all " if end == "left" else "all ", ha=end, va="top",
               fontsize=11, color=GREY)
    upper.set_title("error, in lengths of the gradient")
    upper.legend(loc="lower left", fontsize=11, handlelength=1.4)
    lower.text(0.95, 0.97, note, transform=lower.transAxes, ha="right", va="top", fontsize=11.5,
               bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})
    lower.set_title("microseconds per example")
    lower.set_xlabel("batch size b = examples looked at")


def draw_downhill(fig: Figure, surface: Callable[[np.ndarray], np.ndarray], *,
                  limits: Sequence[Sequence[float]], way: np.ndarray, here: np.ndarray,
                  steps: np.ndarray, downhill: np.ndarray, true_step: np.ndarray,
                  distances: np.ndarray, shares: np.ndarray, distance: float,
                  curve: tuple[np.ndarray, np.ndarray]) -> None:
    """Draw the steps that batches propose at one place, and the share of them that goes downhill.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    surface : callable
        The cost: takes points (…, 2), returns values (…).
    limits : pair of pairs of float
        ``((left, right), (lower, upper))`` of the picture.
    way : ndarray of shape (2, 2)
        The start and the minimum.
    here : ndarray of shape (2,)
        The place.
    steps : ndarray of shape (m, 2)
        What m batches propose, as long as they shall be drawn.
    downhill : bool array of shape (m,)
        Which of them go downhill: lines that end in dots; the others are dashed, with triangles.
    true_step : ndarray of shape (2,)
        What all examples together propose, at the same scale.
    distances, shares : ndarrays of shape (k,)
        Distances from the minimum, as shares of the whole way, and the measured shares downhill.
    distance : float
        The present one.
    curve : pair of ndarrays
        Distances, and the shares downhill that theory predicts.

    Returns
    -------
    None
    """
    # Fixed places: frames do not jump. None, not "none", which would draw everything twice.
    fig.set_layout_engine(None)
    plane, chart = fig.add_axes((0.17, 0.44, 0.81, 0.55)), fig.add_axes((0.17, 0.1, 0.79, 0.2))
    draw_surface(plane, surface, limits, n_grid=61, minimizer=way[1], equal=True)
    plane.plot(*way.T, color=GREY, linewidth=1.2, linestyle=":")
    plane.plot(*way[0], marker="o", markersize=7, color="white", markeredgecolor=GREY,
               linestyle="", label="start")
    for some, color, style, marker, name in ((downhill, DOWN, "-", "o", "downhill"),
                                             (~downhill, UP, (0, (2, 1.5)), "^", "uphill")):
        ends = here + steps[some]
        # NaN lifts the pen, so that all are one line: quicker to draw than many.
        rays = np.stack([np.broadcast_to(here, ends.shape), ends, np.full(ends.shape, np.nan)], 1)
        plane.plot(*rays.reshape(-1, 2).T, color=color, linewidth=1.0, linestyle=style, alpha=0.8)
        plane.plot(*ends.T, linestyle="", marker=marker, markersize=4.5 + 1.5 * (marker == "^"),
                   markeredgewidth=0, color=color)
        plane.plot(np.nan, np.nan, linestyle=style, marker=marker, markersize=6,
                   markeredgewidth=0, color=color, label=name)
    _arrow(plane, here, here + true_step, color=INK, width=2.2)
    plane.plot([], [], color=INK, linewidth=2.2, label="all")
    plane.plot([], [], linestyle="", marker="*", markersize=12, color="white",
               markeredgecolor=INK, label="minimum")
    plane.legend(loc="lower right", fontsize=10.5, handlelength=1.6, labelspacing=0.2,
                 borderaxespad=0.2, frameon=True, edgecolor="none", framealpha=0.9)
    plane.set_xlabel("intercept", labelpad=1)
    plane.set_ylabel("slope")
    chart.plot(*curve, color=INK, linewidth=1.4, label="theory")
    chart.plot(distances, shares, linestyle="", marker="o", markersize=5, markeredgewidth=0,
               color=PALETTE[0], label="measured", clip_on=False, zorder=4)
    now = int(np.abs(distances - distance).argmin())
    chart.plot(distances[now], shares[now], marker="D", markersize=9, color=PALETTE[1],
               markeredgecolor="white", clip_on=False, zorder=5)
    chart.axhline(0.5, color=GREY, linewidth=1.0, linestyle=":")
    chart.text(curve[0].max(), 0.505, "a coin", fontsize=11, color=GREY, va="bottom", ha="left")
    chart.set_xscale("log")
    chart.set_xlim(1.15 * curve[0].max(), curve[0].min())  # the walk goes from left to right
    chart.set_ylim(0.45, 1.03)
    ticks = [1, 0.3, 0.1, 0.03, 0.01]
    chart.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    chart.minorticks_off()
    chart.set_yticks([0.5, 0.75, 1], ["50%", "75%", "100%"])
    chart.set_xlabel("share of the way that is left")
    chart.set_title("batches whose step goes downhill")
    chart.legend(loc="upper right", fontsize=11, handlelength=1.3, borderaxespad=0,
                 labelspacing=0.2)
