"""The figures on the learning rate: the two directions of a quadratic, its loss, the noise ball."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.ends import name_ends
from mlcourse.plots.style import PALETTE, power_of_ten, set_powers
from mlcourse.plots.surfaces import draw_path, draw_surface

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#222222"
FAINT = "#c4c4c4"
STEEP, FLAT, RATE = PALETTE[1], PALETTE[0], PALETTE[7]
# The tints of the four regions, light enough for what is drawn on them; their names are written.
TINTS = ("#dcdcdc", "#e4eef6", "#fbf3d9", "#f8ddd6")


def share_in_words(share: float) -> str:
    """Say how large a share of the start is left, without an exponent in the sentence.

    Parameters
    ----------
    share : float
        At least 0.

    Returns
    -------
    str
        Such as "0.083 times that at the start" or "about 10⁴ times that at the start".
    """
    if share < 1e-12:
        return "less than a millionth of a millionth of that at the start"
    power = int(np.floor(np.log10(share)))
    size = f"{share:.2g}" if -4 < power < 2 else f"about {power_of_ten(power)}"
    return f"{size} times that at the start"


def draw_factors(
    ax: Axes, rate: float, *, largest: float, smallest: float, stall: float, end: float = 2.65
) -> None:
    """Draw by what one step multiplies each direction of a quadratic, against the learning rate.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    rate : float
        The learning rate to be marked.
    largest, smallest : float
        The eigenvalues L and μ of the steep and of the flat direction.
    stall : float
        Below this rate more than half of the flat distance is left after the run.
    end : float
        Upper end of the axis in units of 1/L.

    Returns
    -------
    None
    """
    unit = 1 / largest
    edges = [0.0, stall, unit, 2 * unit, end * unit]
    names = ("stall", "crawl", "ring", "diverge")
    for left, right, tint, name in zip(edges, edges[1:], TINTS, names):
        ax.axvspan(left, right, color=tint, linewidth=0)
        # The first name keeps to the left end, however narrow its region; the second makes room.
        first = name == "stall"
        middle = left if first else (max(left, 0.45 * unit if name == "crawl" else 0) + right) / 2
        ax.annotate(name, (middle, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 3),
                    textcoords="offset points", ha="left" if first else "center", fontsize=11,
                    color=INK)
    eta = np.linspace(0, end * unit, 400)
    ax.axhline(1, color="#777777", linewidth=1)
    ax.axvline(2 * unit, color=INK, linewidth=1.6, linestyle="--")
    ends = []
    for eigenvalue, color, marker in ((largest, STEEP, "s"), (smallest, FLAT, "o")):
        ax.plot(eta, np.abs(1 - eta * eigenvalue), color=color)
        ax.plot(rate, abs(1 - rate * eigenvalue), marker=marker, markersize=9, color=color,
                markeredgecolor=INK, zorder=5, clip_on=False)
        ends.append(abs(1 - end * unit * eigenvalue))
    ax.axvline(rate, color=RATE, linewidth=1.8)
    ax.set_xlim(0, end * unit)
    ax.set_ylim(0, 1.7)
    name_ends(ax, end * unit, ends, ("steep", "flat"), (STEEP, FLAT))
    best = 2 / (largest + smallest)
    ax.plot([best, best], [0, 1 - best * smallest], color=INK, linewidth=1.5, linestyle=":")
    # Beyond 2/L both curves are far from this height, whatever the condition number.
    ax.annotate("2/(L + μ)", (best, 0.46 * (1 - best * smallest)), xytext=(2.12 * unit, 0.5),
                fontsize=11, va="center", color=INK,
                arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 0.8, "shrinkA": 1})
    ax.set_xticks([0, unit, 2 * unit], ["0", "1/L", "2/L"])
    ax.set_yticks([0, 1])
    ax.set_ylabel("|1 − ηλ|")
    ax.set_xlabel("learning rate η", labelpad=1)


def draw_log_curve(
    ax: Axes, values: np.ndarray, step: int, *, others: Sequence[np.ndarray],
    limits: tuple[float, float], ylabel: str, names: Sequence[str] = ()
) -> None:
    """Draw a curve so far on a log scale; what lies beyond the scale is told at its edge.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    values : ndarray of shape (t,)
        The curve from step 0 on.
    step : int
        How far the curve has come.
    others : sequence of ndarrays of shape (t,)
        Curves of other settings, faint.
    limits : pair of float
        Lower and upper end of the scale.
    ylabel : str
        What is drawn.
    names : sequence of str
        What the other curves are called, written at their ends.

    Returns
    -------
    None
    """
    for other in others:
        ax.plot(np.arange(len(other)), other, color=FAINT, linewidth=1)
    ax.plot(np.arange(step + 1), values[: step + 1], color=RATE, linewidth=2.2)
    now, (low, high) = values[step], limits
    inside = low <= now <= high
    ax.plot(step, np.clip(now, low, high), marker="o" if inside else "v" if now < low else "^",
            markersize=9, color=RATE, markeredgecolor=INK, clip_on=False, zorder=5)
    if not inside:
        below = now < low
        text = f"now {power_of_ten(np.floor(np.log10(now)))}" if now > 0 else "now 0"
        # Above, outside the picture, where no curve is; below, on the side where fewer are.
        ax.annotate(text, (step, low if below else high), textcoords="offset points", fontsize=11,
                    xytext=(-9 if step > 10 else 9, 9 if below else 3), annotation_clip=False,
                    ha="right" if step > 10 else "left", va="bottom", zorder=6,
                    bbox={"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.85})
    ax.set_yscale("log")
    ax.set_ylim(*limits)
    ax.set_xlim(0, len(values) - 1)
    set_powers(ax.yaxis, *np.log10(limits).round().astype(int), 2)
    ax.set_xlabel("step", labelpad=1)
    ax.set_ylabel(ylabel)
    if names:
        mine = [i for i, other in enumerate(others) if np.array_equal(other, values)]
        colors = [RATE if i in mine else "#5c5c5c" for i in range(len(names))]
        name_ends(ax, len(values) - 1, [other[-1] for other in others], names, colors,
                  chosen=mine[0] if mine else None, gap=11.5)


def draw_quadratic_run(
    fig: Figure,
    function: Callable[[np.ndarray], np.ndarray],
    limits: Sequence[Sequence[float]],
    path: np.ndarray,
    *,
    rate: float,
    largest: float,
    smallest: float,
    stall: float,
    values: np.ndarray,
    others: Sequence[np.ndarray],
    step: int,
    title: str,
    names: Sequence[str] = (),
) -> None:
    """Draw gradient descent on a quadratic: the path, the factors of a step, and the loss.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    function : callable
        The quadratic's values at points (…, 2).
    limits : pair of pairs of float
        The picture, ``((left, right), (lower, upper))``.
    path : ndarray of shape (t, 2)
        All places of the run; drawn as far as `step`.
    rate : float
        The learning rate.
    largest, smallest : float
        The eigenvalues of the steep (upright) and of the flat direction.
    stall : float
        Below this rate more than half of the flat distance is left after the run.
    values : ndarray of shape (t,)
        The loss in the course of the run, as a share of that at the start.
    others : sequence of ndarrays
        The same for other rates.
    step : int
        The step to show.
    title : str
        Written above.
    names : sequence of str
        The other rates, written at the ends of their curves.

    Returns
    -------
    None
    """
    # Fixed places: no panel moves when a slider does. None and not "none", which leaves a stand-in
    # for an engine behind, and with it every figure is drawn twice.
    fig.set_layout_engine(None)
    upper, middle, lower = (
        fig.add_axes((0.145, bottom, width, height))
        for bottom, width, height in (
            (0.652, 0.835, 0.31), (0.435, 0.675, 0.145), (0.07, 0.675, 0.275)
        )
    )
    draw_surface(upper, function, limits, minimizer=np.zeros(2), equal=True, title=title,
                 levels=9, n_grid=61)
    draw_path(upper, path[: step + 1], color=RATE, beyond=f"outside at step {step}", recent=10)
    upper.set_xticks([])
    upper.set_yticks([])
    upper.set_xlabel("flat direction, eigenvalue μ", labelpad=3)
    upper.set_ylabel("steep, eigenvalue L", labelpad=4)
    draw_factors(middle, rate, largest=largest, smallest=smallest, stall=stall)
    draw_log_curve(lower, values, step, others=others, limits=(1e-6, 1e2), ylabel="loss / start",
                   names=names)


def draw_radii(
    ax: Axes,
    rates: np.ndarray,
    measured: np.ndarray,
    theory: tuple[np.ndarray, np.ndarray],
    *,
    names: Sequence[str],
    chosen: tuple[int, int],
    limit: float,
    ends: tuple[float, float],
) -> None:
    """Draw the radius of the noise ball against the learning rate, measured and by theory.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    rates : ndarray of shape (m,)
        The learning rates of the runs.
    measured : ndarray of shape (k, m)
        The radius for each of k batch sizes and m rates, a dot; above the scale, a triangle.
    theory : pair of ndarrays of shapes (t,) and (k, t)
        Learning rates, and the radius that theory gives there, a line for each batch size.
    names : sequence of str
        The k batch sizes, written at the left ends of their lines.
    chosen : pair of int
        The numbers of the batch size and of the rate that are marked.
    limit : float
        2/L, a dashed line.
    ends : pair of float
        Ends of the scale of radii.

    Returns
    -------
    None
    """
    mine, number = chosen
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlim(rates[0] / 3.4, 1.3 * limit)
    ax.set_ylim(*ends)
    ax.axvline(limit, color=INK, linewidth=1.6, linestyle="--")
    ax.annotate("2/L", (limit, ends[0]), xytext=(-4, 4), textcoords="offset points", ha="right",
                fontsize=11, color=INK)
    grid, radii = theory
    for i, (name, dots, line) in enumerate(zip(names, measured, radii)):
        color, order = (INK, 3) if i == mine else ("#9a9a9a", 2)
        ax.plot(grid, line, color=color, linewidth=2.0 if i == mine else 1.2, zorder=order)
        ax.annotate(name, (grid[0], line[0]), xytext=(-11, 0), textcoords="offset points",
                    ha="right", va="center", fontsize=11, color=INK if i == mine else "#5c5c5c",
                    fontweight="bold" if i == mine else "normal")
        inside = dots <= ends[1]
        for which, marker in ((inside, "o"), (~inside, "^")):
            ax.plot(rates[which], np.minimum(dots[which], 0.75 * ends[1]), linestyle="",
                    marker=marker, markersize=6, color=FLAT if i == mine else FAINT,
                    markeredgecolor=INK, markeredgewidth=0.6, zorder=order + 2)
    place = min(measured[mine, number], 0.75 * ends[1])
    ax.plot(rates[number], place, linestyle="", marker="o", markersize=14, zorder=7, clip_on=False,
            markerfacecolor="none", markeredgecolor=RATE, markeredgewidth=2.4)
    ax.set_xticks([], minor=True)
    ax.set_xticks(rates, [f"{rate:g}" for rate in rates])
    set_powers(ax.yaxis, int(np.ceil(np.log10(ends[0]))), int(np.log10(ends[1])))
    ax.set_xlabel("learning rate η", labelpad=1)
    ax.set_ylabel("radius")
