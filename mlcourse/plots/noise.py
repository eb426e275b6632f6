"""The figures on noisy steps: the cloud they end in, schedules, two wells, the search for a rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.ends import name_ends
from mlcourse.plots.style import PALETTE, set_powers
from mlcourse.plots.surfaces import draw_path

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#222222"
FAINT = "#c4c4c4"
GREY = "#777777"


def draw_noise_ball(
    ax: Axes,
    cloud: np.ndarray,
    trail: np.ndarray,
    covariance: np.ndarray,
    *,
    minimizer: np.ndarray,
    half: float,
    radius: float = 2.0,
    title: str = "",
) -> None:
    """Draw where noisy steps end, the ellipse that theory gives, and the last steps of one run.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    cloud : ndarray of shape (n, 2)
        Iterates, each of a run of its own.
    trail : ndarray of shape (t, 2)
        The last iterates of one run, in order.
    covariance : ndarray of shape (2, 2)
        What theory says of the cloud's spread.
    minimizer : ndarray of shape (2,)
        The minimum, a star.
    half : float
        Half the width of the picture, which has the minimum in its middle.
    radius : float
        The ellipse lies at so many standard deviations.
    title : str
        Written above.

    Returns
    -------
    None
    """
    ax.set_xlim(minimizer[0] - half, minimizer[0] + half)
    ax.set_ylim(minimizer[1] - half, minimizer[1] + half)
    ax.set_aspect("equal")
    low, high = minimizer - half, minimizer + half
    inside = ((cloud >= low) & (cloud <= high)).all(axis=1)
    ax.plot(*cloud[inside].T, linestyle="", marker="o", markersize=3.4, markeredgewidth=0,
            color=PALETTE[0], alpha=0.65, label=f"{len(cloud)} runs")
    draw_path(ax, trail, color=PALETTE[1], size=2.5, linewidth=1.0, alpha=0.75, start=False,
              label=f"{len(trail) - 1} steps of one")
    variances, axes = np.linalg.eigh(covariance)
    angle = np.linspace(0, 2 * np.pi, 121)
    circle = np.array([np.cos(angle), np.sin(angle)])
    ring = minimizer[:, None] + axes @ (radius * np.sqrt(variances)[:, None] * circle)
    ax.plot(*ring, color=INK, linewidth=2, label=f"theory, {radius:g} sd")
    ax.plot(*minimizer, linestyle="", marker="*", markersize=14, color="white", zorder=8,
            markeredgecolor=INK, markeredgewidth=1.1)
    missing = int((~inside).sum())
    if missing:
        ax.annotate(f"{missing} outside", (1, 0), xycoords="axes fraction", xytext=(-5, 6),
                    textcoords="offset points", ha="right", fontsize=11)
    if np.abs(ring - minimizer[:, None]).max() < half / 4:
        # A cloud this small is seen through a lens, in a corner that is empty then.
        lens = ax.inset_axes((0.54, 0.54, 0.44, 0.44))
        lens.plot(*cloud[inside].T, linestyle="", marker="o", markersize=3, markeredgewidth=0,
                  color=PALETTE[0], alpha=0.65)
        lens.plot(*ring, color=INK, linewidth=1.6)
        lens.set_xlim(minimizer[0] - half / 5, minimizer[0] + half / 5)
        lens.set_ylim(minimizer[1] - half / 5, minimizer[1] + half / 5)
        lens.set_xticks([], [])
        lens.set_yticks([], [])
        lens.annotate("5 times as large", (0.5, 1), xytext=(0, -3), va="top", ha="center",
                      xycoords="axes fraction", textcoords="offset points", fontsize=11)
        for spine in lens.spines.values():
            spine.set_visible(True)
    marks = np.array([-0.5, 0.0, 0.5])
    ax.set_xticks(minimizer[0] + marks, ["−0.5", "0", "+0.5"])
    ax.set_yticks(minimizer[1] + marks, ["−0.5", "0", "+0.5"])
    for spine in ax.spines.values():
        spine.set_visible(True)
        spine.set_color("#cccccc")
    ax.set_xlabel("θ₁ − its best value")
    ax.set_ylabel("θ₂ − its best value")
    ax.set_title(title)
    ax.figure.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=3,
                     fontsize=11, columnspacing=1.0, handletextpad=0.5, handlelength=1.5)


def draw_schedule(
    fig: Figure,
    steps: np.ndarray,
    rates: np.ndarray,
    last: np.ndarray,
    average: np.ndarray,
    *,
    others: Sequence[tuple[np.ndarray, np.ndarray]],
    names: Sequence[str],
    limits: tuple[tuple[float, float], tuple[float, float]],
    title: str,
) -> None:
    """Draw a schedule of learning rates above what it makes of the loss.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    steps : ndarray of shape (t,)
        Numbers of steps, from 1, at which the losses were taken.
    rates : ndarray of shape (T,)
        The learning rate of every step.
    last, average : ndarrays of shape (t,)
        The loss of the iterates and that of their average.
    others : sequence of pairs of ndarrays of shapes (T,) and (t,)
        Rates and losses of all schedules, faint.
    names : sequence of str
        What they are called, written at the ends of their curves.
    limits : two pairs of float
        Ends of the scales of rate and loss.
    title : str
        Written above.

    Returns
    -------
    None
    """
    fig.set_layout_engine(None)
    upper, lower = (fig.add_axes((0.17, y, 0.63, h)) for y, h in ((0.625, 0.32), (0.1, 0.475)))
    # Stairs need their corners; beyond the first few hundred a share of the steps shows them.
    seen = np.unique(np.geomspace(1, len(rates), 400).round().astype(int))
    for other_rates, other_last in others:
        upper.plot(seen, np.clip(other_rates[seen - 1], *limits[0]), color=FAINT, linewidth=1)
        lower.plot(steps, np.clip(other_last, *limits[1]), color=FAINT, linewidth=1)
    upper.plot(seen, np.clip(rates[seen - 1], *limits[0]), color=PALETTE[7], linewidth=2.4)
    every = max(1, len(steps) // 12)
    lower.plot(steps, np.clip(last, *limits[1]), color=PALETTE[7], linewidth=2.4, marker="o",
               markersize=6, markevery=every, label="last iterate")
    lower.plot(steps, np.clip(average, *limits[1]), color=PALETTE[0], linewidth=2.2, marker="s",
               markersize=6, markevery=every, linestyle="--", label="average of the iterates")
    for ax, ends, label in ((upper, limits[0], "learning rate"),
                            (lower, limits[1], "loss − minimum")):
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.set_xlim(steps[0], steps[-1])
        ax.set_ylim(*ends)
        ax.set_ylabel(label)
        first, after = np.log10(ends)
        set_powers(ax.yaxis, int(np.ceil(first)), int(np.floor(after)), 2 if after - first > 5 else 1)
        set_powers(ax.xaxis, 0, int(np.log10(steps[-1])))
    upper.tick_params(labelbottom=False)
    lower.set_xlabel("step")
    lower.legend(loc="lower left", fontsize=11, borderaxespad=0.1)
    upper.set_title(title)
    mine = next((i for i, (other, _) in enumerate(others) if np.array_equal(other, rates)), None)
    colors = [PALETTE[7] if i == mine else "#5c5c5c" for i in range(len(names))]
    for ax, curves in ((upper, [r for r, _ in others]), (lower, [y for _, y in others])):
        name_ends(ax, steps[-1], [curve[-1] for curve in curves], names, colors, chosen=mine)


def draw_wells(
    fig: Figure,
    x: np.ndarray,
    energy: np.ndarray,
    density: np.ndarray,
    places: np.ndarray,
    *,
    top: float,
    temperature: float,
    height: float,
    shares: Mapping[str, tuple[float, float, float]],
    title: str,
) -> None:
    """Draw many noisy runs in two wells above their histogram and the Boltzmann distribution.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    x, energy, density : ndarrays of shape (m,)
        Places, the loss there, and the density that Boltzmann's law gives.
    places : ndarray of shape (n,)
        Where the runs are.
    top : float
        The x of the pass between the wells.
    temperature : float
        Drawn as a bar as high as this, from the floor of the deepest well.
    height : float
        Upper end of the axis of the density.
    shares : mapping of str to (x, measured, expected)
        For each well its name, the place of the text, the share of the runs that are in it and
        that which Boltzmann's law gives.
    title : str
        Written above.

    Returns
    -------
    None
    """
    upper, lower = fig.subplots(2, 1, sharex=True)
    upper.plot(x, energy, color=INK)
    floor = energy.min()
    ceiling = floor + 4.2
    upper.plot(places[:150], np.interp(places[:150], x, energy), linestyle="", marker="o",
               markersize=5, color=PALETTE[1], alpha=0.45, markeredgewidth=0)
    bar = x[0] + 0.03 * (x[-1] - x[0])
    upper.plot([bar, bar], [floor, min(floor + temperature, ceiling)], color=PALETTE[7],
               linewidth=6, solid_capstyle="butt")
    upper.annotate("T", (bar, min(floor + temperature, ceiling)), xytext=(0, 3),
                   textcoords="offset points", ha="center", fontsize=12, color=PALETTE[7])
    upper.set_ylim(floor - 0.25, ceiling)
    upper.set_ylabel("loss U(θ)")
    upper.set_title(title)
    lower.hist(places, bins=np.linspace(x[0], x[-1], 61), density=True, color="#f0c9b0",
               label=f"{len(places):,} runs")
    lower.plot(x, density, color=PALETTE[0], label="exp(−U/T)")
    for ax in (upper, lower):
        ax.axvline(top, color=GREY, linewidth=1, linestyle=":")
    for name, (place, measured, expected) in shares.items():
        lower.annotate(f"{name}\n{measured:.0%} ({expected:.0%})", (place, height),
                       xytext=(0, -2), textcoords="offset points", ha="center", va="top",
                       fontsize=11)
    lower.set_ylim(0, height)
    lower.set_xlim(x[0], x[-1])
    lower.set_yticks([])
    lower.set_ylabel("density")
    lower.set_xlabel("θ")
    fig.legend(*lower.get_legend_handles_labels(), loc="outside lower center", ncols=2,
               fontsize=11)


def draw_range_test(
    ax: Axes,
    rates: np.ndarray,
    values: np.ndarray,
    smoothed: np.ndarray,
    *,
    suggested: float,
    limit: float,
    ends: tuple[float, float],
    right: float | None = None,
    title: str = "",
) -> None:
    """Draw the loss of a single run in which the learning rate grows from step to step.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    rates, values, smoothed : ndarrays of shape (t,)
        The rate of each step, the loss of its batch, and that smoothed.
    suggested : float
        The rate that the test suggests, to be marked.
    limit : float
        2/L, to be marked.
    ends : pair of float
        Ends of the axis of the loss.
    right : float or None
        Right end of the axis of rates, where it shall not be the last rate.
    title : str
        Written above.

    Returns
    -------
    None
    """
    low, high = ends
    ax.plot(rates, values, color="#8a8a8a", linewidth=1.1, label="loss of the batch")
    ax.plot(rates, smoothed, color=PALETTE[7], linewidth=2.4, label="smoothed")
    ax.axvline(limit, color=INK, linestyle="--", linewidth=1.6, label="2/L")
    lowest = int(smoothed.argmin())
    for x, marker, color, label in (
        (rates[lowest], "v", PALETTE[1], "lowest"), (suggested, "o", PALETTE[0], "suggested")
    ):
        ax.plot(x, np.interp(x, rates, smoothed), marker=marker, markersize=10, zorder=5,
                color=color, markeredgecolor=INK, linestyle="", label=label)
    ax.set_xscale("log")
    ax.set_xlim(rates[0], ax.get_xlim()[1] if right is None else right)
    ax.set_ylim(low, high)
    set_powers(ax.xaxis, *np.log10(ax.get_xlim()).round().astype(int))
    ax.set_xlabel("learning rate")
    ax.set_ylabel("loss (nats)")
    ax.set_title(title)
    ax.figure.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=3,
                     fontsize=11, columnspacing=1.0, handletextpad=0.5, handlelength=1.5)
