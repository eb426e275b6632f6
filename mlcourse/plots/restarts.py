"""What it is worth to start k-means again: the inertia of many runs and the chance of the best."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.kmeans import FAINT, INK
from mlcourse.plots.style import PALETTE

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_restarts(fig: Figure, finals: np.ndarray, n_runs: int, *, best: float, share: float,
                  title: str) -> None:
    """Draw the inertia of many runs, the first of them in colour, and what their best is worth.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    finals : ndarray of shape (m,)
        Final inertia of each run, in the order in which they were made.
    n_runs : int
        How many are made so far.
    best : float
        The best known inertia, drawn as a line.
    share : float
        Share of all runs that end there.
    title : str
        Written above the runs.

    Returns
    -------
    None
    """
    runs, chance = fig.subplots(2, 1, height_ratios=[1.3, 1])
    number = np.arange(1, len(finals) + 1)
    above = 100 * (finals / best - 1)
    # A few very bad runs must not press the others into a line: they are arrows at the edge.
    top = max(1.15 * np.quantile(above, 0.94), 1)
    shown, off = np.minimum(above, 0.95 * top), above > top
    runs.axhline(0, color=PALETTE[2], linewidth=1.2, linestyle="--", label="best known")
    runs.plot(number[:n_runs], np.minimum.accumulate(shown[:n_runs]), color=PALETTE[1],
              linewidth=1.8, drawstyle="steps-post", marker="D" if n_runs == 1 else "",
              markersize=8, label="best so far")
    for some, color, size, name in ((number > n_runs, FAINT, 3.5, "run to come"),
                                    (number <= n_runs, PALETTE[0], 4.5, "run made")):
        for marker, which in (("o", some & ~off), ("^", some & off)):
            runs.plot(number[which], shown[which], linestyle="", marker=marker, color=color,
                      markersize=size + 2 * (marker == "^"), markeredgewidth=0,
                      label=name if marker == "o" else None)
    runs.set_xlim(0, len(finals) + 1)
    runs.set_ylim(-0.06 * top, top)
    runs.set_xticks([1, *range(10, len(finals) + 1, 10)])
    runs.set_xlabel("run")
    runs.set_title(title)
    fig.legend(*runs.get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=11,
               handletextpad=0.3)
    n = np.arange(1, 51)
    chance.plot(n, 1 - (1 - share) ** n, color=INK)
    chance.plot(n_runs, 1 - (1 - share) ** n_runs, marker="D", markersize=9, color=PALETTE[1],
                clip_on=False)
    chance.set_xlim(0, 51)
    chance.set_ylim(0, 1.02)
    chance.set_xlabel("number of runs n")
    chance.set_title("chance that the best is among n runs")
