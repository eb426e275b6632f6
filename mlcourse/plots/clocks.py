"""The figure on batch size and learning rate: many runs against two clocks, and what each batch costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.ends import name_ends
from mlcourse.plots.style import PALETTE, set_powers

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#222222"
GREY = "#5c5c5c"
FAINT = "#b4b4b4"
GROUP, RUN = PALETTE[0], PALETTE[7]


def draw_two_clocks(
    fig: Figure,
    runs: Sequence[tuple[np.ndarray, np.ndarray]],
    best: Sequence[tuple[np.ndarray, np.ndarray]],
    prices: Mapping[str, np.ndarray],
    *,
    chosen: tuple[int, int],
    rates: Sequence[str],
    batches: Sequence[str],
    seconds: Sequence[float],
    start: float,
    floor: float,
    limits: tuple[tuple[float, float], tuple[float, float], tuple[float, float]],
    one_pass: float,
    title: str,
    note: str = "",
) -> None:
    """Draw SGD's loss against examples seen and against seconds, and the price of each batch size.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    runs : sequence of pairs of ndarrays of shape (t,)
        The runs with the chosen batch size, one for each rate: examples seen and loss above the
        minimum.
    best : sequence of pairs of ndarrays of shape (t,)
        The best run of each batch size, in the same form.
    prices : mapping of str to ndarray of shape (n_batches,)
        Names of clocks, and what each batch size costs by that clock; drawn as multiples of the
        cheapest.
    chosen : pair of int
        The numbers of the chosen batch size and rate.
    rates, batches : sequences of str
        The names of the rates and of the batch sizes.
    seconds : sequence of float
        Seconds that an example takes, for each batch size.
    start, floor : float
        The loss at the start, and that at which theory has the chosen run end; NaN: none.
    limits : three pairs of float
        Ends of the axes: examples, seconds, loss.
    one_pass : float
        So many examples are one pass over the data, a dotted line.
    title, note : str
        Written above the first and the second panel.

    Returns
    -------
    None
    """
    fig.set_layout_engine(None)
    upper, middle, lower = (
        fig.add_axes((0.155, bottom, width, height))
        for bottom, width, height in (
            (0.632, 0.825, 0.335), (0.318, 0.665, 0.225), (0.072, 0.665, 0.158)
        )
    )
    mine, number = chosen
    for ax, ends, label in ((upper, limits[0], "examples seen"), (middle, limits[1], "seconds")):
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.set_xlim(*ends)
        ax.set_ylim(*limits[2])
        ax.axhline(start, color=GREY, linewidth=1, linestyle="--")
        for axis, (first, last) in ((ax.xaxis, ends), (ax.yaxis, limits[2])):
            first, last = np.log10([first, last]).round(6)
            set_powers(axis, int(np.ceil(first)), int(np.floor(last)), 2)
        ax.set_xlabel(label, labelpad=1)
        ax.set_ylabel("loss − minimum")
    upper.set_title(title)
    middle.set_title(note, fontsize=12)

    for i, (x, y) in enumerate(best):
        if i != mine:
            upper.plot(x, y, color=FAINT, linewidth=1.2, zorder=1)
        # Every run begins at its first batch: the names stand there, a decade apart.
        name = batches[i] if i else f"b = {batches[i]}"
        upper.annotate(name, (x[0], start), xytext=(0, 4), textcoords="offset points", ha="center",
                       fontsize=10.5, color=GROUP if i == mine else GREY, zorder=6,
                       fontweight="bold" if i == mine else "normal",
                       bbox={"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none",
                             "alpha": 0.7})
    upper.axvline(one_pass, color=GREY, linewidth=1.2, linestyle=":", zorder=0)
    upper.annotate("one pass", (one_pass, limits[2][0]), xytext=(-4, 3), ha="right", fontsize=10.5,
                   textcoords="offset points", color=GREY)
    for i, (x, y) in enumerate(runs):
        if i != number:
            upper.plot(x, y, color=GROUP, linewidth=1.2, alpha=0.75, zorder=2)
    for ax, unit in ((upper, 1.0), (middle, seconds[mine])):
        _draw_run(ax, runs[number][0] * unit, runs[number][1])
    name_ends(upper, runs[0][0][-1], [_level(y) for _, y in runs],
              [("η = " if i == number else "") + name for i, name in enumerate(rates)],
              [RUN if i == number else GROUP for i in range(len(rates))], chosen=number)
    if np.isfinite(floor):
        upper.plot([limits[0][0], runs[number][0][-1]], [floor, floor], color=INK, linewidth=1.3,
                   linestyle="-.", zorder=3)
        high = floor < 4 * limits[2][0]
        upper.annotate("floor by theory", (limits[0][0], floor), xytext=(4, 3 if high else -3),
                       textcoords="offset points", va="bottom" if high else "top", fontsize=10.5,
                       color=INK)

    for i, (x, y) in enumerate(best):
        middle.plot(x * seconds[i], y, zorder=2 if i == mine else 1, linewidth=1.2,
                    color=GROUP if i == mine else FAINT)
        # From its end to its name.
        middle.plot([x[-1] * seconds[i], limits[1][1]], [_level(y)] * 2, color=FAINT, linewidth=0.8,
                    linestyle=":", zorder=1)
    name_ends(middle, limits[1][1], [_level(y) for _, y in best],
              [("b = " if i == mine else "") + name for i, name in enumerate(batches)],
              [GROUP if i == mine else GREY for i in range(len(batches))], chosen=mine, gap=11.5)
    _draw_prices(lower, prices, batches, mine)


def _level(y: np.ndarray) -> float:
    """Where a curve ends, but for its jitter."""
    return float(np.exp(np.log(y[-8:]).mean()))


def _draw_run(ax: Axes, x: np.ndarray, y: np.ndarray) -> None:
    """Draw the chosen run; what is outside the picture is marked at its edge."""
    low, high = ax.get_ylim()
    inside = (y >= low) & (y <= high)
    shown = np.clip(y, 1.25 * low, 0.8 * high)
    ax.plot(x, shown, color=RUN, linewidth=2.2, zorder=4)
    for marker, which in (("o", inside), ("^", y > high), ("v", y < low)):
        ax.plot(x[which], shown[which], linestyle="", marker=marker, zorder=5, color=RUN,
                markersize=4 if marker == "o" else 7)


def _draw_prices(
    ax: Axes, prices: Mapping[str, np.ndarray], batches: Sequence[str], mine: int
) -> None:
    """Draw what each batch size costs by each clock, as a multiple of the cheapest."""
    looks = ((PALETTE[1], "s", "-"), (PALETTE[2], "o", "--"))
    places = np.arange(len(batches))
    ax.axvspan(mine - 0.35, mine + 0.35, color="#dfeaf3", linewidth=0)
    ends = []
    for (name, price), (color, marker, linestyle) in zip(prices.items(), looks):
        ratio = price / np.nanmin(price)
        ax.plot(places, ratio, color=color, marker=marker, linestyle=linestyle, markersize=7)
        ends.append((ratio[-1], name, color))
    ax.set_yscale("log")
    ax.set_ylim(0.5, 3e3)
    ax.set_xlim(-0.4, len(batches) - 0.6)
    set_powers(ax.yaxis, 0, 3)
    ax.set_xticks(places, batches)
    ax.set_xlabel("batch size b", labelpad=1)
    ax.set_ylabel("price")
    ax.set_title("price of the way to a tenth (cheapest = 1)", fontsize=12)
    name_ends(ax, places[-1], *zip(*ends))
