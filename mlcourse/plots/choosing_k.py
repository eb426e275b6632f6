"""The figures of the notebook on the number of groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.maps import draw_map
from mlcourse.plots.style import PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GREY = "#9a9a9a"
LINE = {"color": PALETTE[0], "linewidth": 1.5, "marker": ".", "markersize": 6}
RING = {
    "color": PALETTE[2],
    "marker": "o",
    "markersize": 15,
    "markerfacecolor": "none",
    "markeredgewidth": 2,
}
NAMES = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def draw_groups_of(
    ax: Axes,
    X: np.ndarray,
    labels: np.ndarray,
    *,
    centers: np.ndarray | None = None,
    title: str = "",
) -> None:
    """Draw points of the plane, each as the letter of its group, at their true proportions.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    X : ndarray of shape (n, 2)
        The points.
    labels : int array of shape (n,)
        The group of each point, 0 for A, 1 for B, ….
    centers : ndarray of shape (k, 2) or None
        The groups' centres, drawn as crosses.
    title : str
        Written above.

    Returns
    -------
    None
    """
    draw_map(ax, X, NAMES[labels], title=title, size=5.5)
    if centers is not None:
        # A wide white cross under the dark one keeps it visible among letters.
        for width, color in ((4.5, "white"), (2.2, "#222222")):
            cross = {"marker": "+", "markersize": 11, "markeredgewidth": width}
            ax.plot(*centers.T, linestyle="", color=color, **cross)
    _fill(ax, X)


def _fill(ax: Axes, X: np.ndarray) -> None:
    """Let the axes fill their box while a unit stays as long across as upwards."""
    low, high = X.min(axis=0), X.max(axis=0)
    margin = 0.04 * (high - low).max()
    ax.set_aspect("equal", adjustable="datalim")
    ax.set_xlim(low[0] - margin, high[0] + margin, auto=True)
    ax.set_ylim(low[1] - margin, high[1] + margin, auto=True)
    ax.set_xlabel("")


def draw_choice(
    fig: Figure,
    X: np.ndarray,
    labels: np.ndarray,
    centers: np.ndarray,
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]],
    choices: Mapping[str, int],
    *,
    k: int,
    title: str,
    errors: Mapping[str, np.ndarray] | None = None,
) -> None:
    """Draw a clustering above the curves of four criteria, with the present k and their choices.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    X : ndarray of shape (n, 2)
        The points.
    labels : int array of shape (n,)
        The group of each point among `k`.
    centers : ndarray of shape (k, 2)
        The centres of the groups.
    curves : mapping of str to pair of ndarrays
        For each of four criteria, in order, the numbers of groups and the values.
    choices : mapping of str to int
        The number of groups that each criterion chooses: its value is ringed.
    k : int
        The number of groups that is drawn: marked by a dot on every curve.
    title : str
        Written above the points.
    errors : mapping of str to ndarray, optional
        Standard errors, for the criteria that have them.

    Returns
    -------
    None
    """
    upper, lower = fig.subfigures(2, 1, height_ratios=[1, 1.25])
    draw_groups_of(upper.subplots(), X, labels, centers=centers, title=title)
    for ax, (name, (ks, values)) in zip(lower.subplots(2, 2, sharex=True).ravel(), curves.items()):
        if errors and name in errors:
            ax.errorbar(ks, values, errors[name], **LINE, elinewidth=1.2, capsize=2)
        else:
            ax.plot(ks, values, **LINE)
        _mark(ax, ks, values, k, choices[name])
        ax.set_xlim(0.5, max(ks) + 0.5)
        ax.set_xticks([1, 3, 5, 7, 9])
        ax.set_title(f"{name}: {choices[name]}")
        ax.tick_params(labelsize=10.5)
        if name in ("elbow", "BIC"):  # thousands, as in the other figures
            ax.yaxis.set_major_formatter("{x:,.0f}")
    for ax in lower.axes[2:]:
        ax.set_xlabel("number of groups k", fontsize=11)


def _mark(ax: Axes, ks: Sequence[int], values: np.ndarray, k: int, choice: int) -> None:
    """Put a dot on a curve at the present k, and a ring around its choice."""
    place = {int(number): float(value) for number, value in zip(ks, values)}
    if choice in place:
        ax.plot([choice], [place[choice]], **RING, clip_on=False)
    if k in place:
        ax.plot([k], [place[k]], marker="D", markersize=6.5, color=PALETTE[1], clip_on=False)


def draw_elbow(
    fig: Figure, ks: np.ndarray, inertias: np.ndarray, elbow: int, *, title: str
) -> None:
    """Draw inertia against k with the chord from end to end, and on two logarithmic axes.

    There a dashed line falls like 1/k from the first value on, as an even part of the plane would.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    ks : int array of shape (t,)
        The numbers of groups, rising.
    inertias : ndarray of shape (t,)
        The inertia of each.
    elbow : int
        The number of groups whose point lies farthest below the chord.
    title : str
        Written above the left curve.

    Returns
    -------
    None
    """
    left, right = fig.subplots(1, 2)
    at = inertias[list(ks).index(elbow)]
    chord = np.interp(elbow, [ks[0], ks[-1]], [inertias[0], inertias[-1]])
    left.plot(ks[[0, -1]], inertias[[0, -1]], color=GREY, linewidth=1.2, linestyle="--")
    left.plot([elbow, elbow], [at, chord], color=GREY, linewidth=1.2)
    for ax in (left, right):
        ax.plot(ks, inertias, **LINE)
        ax.plot([elbow], [at], **RING)
        ax.set_xlabel("number of groups k")
    left.set_ylim(0, 1.05 * inertias[0])
    left.set_xlim(ks[0] - 0.02 * len(ks), ks[-1] + 0.02 * len(ks))
    left.set_title(title)
    step = -(-len(ks) // 6)
    left.set_xticks(ks[::step])
    left.yaxis.set_major_formatter("{x:,.0f}")
    right.plot(ks, inertias[0] * ks[0] / ks, color=GREY, linewidth=1.2, linestyle="--")
    right.set_xscale("log")
    right.set_yscale("log")
    ticks = [k for k in (1, 2, 4, 8, 16) if k <= ks[-1]]
    right.set_xticks(ticks, [str(k) for k in ticks])
    right.minorticks_off()
    low, high = min(inertias[-1], inertias[0] * ks[0] / ks[-1]) / 1.3, inertias[0] * 1.3
    ticks = [d * 10**e for e in range(6) for d in (1, 2, 5) if low < d * 10**e < high]
    right.set_yticks(ticks, [f"{t:,}" for t in ticks])
    right.set_ylim(low, high)
    right.set_title("logarithmic axes")


def draw_silhouettes(
    fig: Figure, X: np.ndarray, labels: np.ndarray, values: np.ndarray, *, title: str
) -> None:
    """Draw the silhouettes of all points, group by group, beside the points.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    X : ndarray of shape (n, 2)
        The points.
    labels : int array of shape (n,)
        The group of each point.
    values : ndarray of shape (n,)
        Their silhouettes.
    title : str
        Written above the points.

    Returns
    -------
    None
    """
    left, right = fig.subplots(1, 2, width_ratios=[1.15, 1])
    draw_groups_of(left, X, labels, title=title)
    bottom = 0
    for group in np.unique(labels):
        # From the top down, the best first: each group is a blade whose tip may point left of 0.
        widths = np.sort(values[labels == group])[::-1]
        rows = bottom + np.arange(len(widths) + 1)
        color = PALETTE[group % len(PALETTE)]
        right.stairs(widths, rows, orientation="horizontal", fill=True, color=color)
        style = {"fontsize": 12, "fontweight": "bold", "va": "center"}
        right.text(-0.44, bottom + len(widths) / 2, NAMES[group], color=color, **style)
        bottom = rows[-1] + 0.025 * len(X)
    mean = values.mean()
    right.axvline(0, color="#555555", linewidth=0.8)
    right.axvline(mean, color="#222222", linewidth=1.3, linestyle="--")
    right.set_ylim(bottom, -0.02 * len(X))
    right.set_xlim(-0.5, 1)
    right.set_yticks([])
    right.set_xticks([-0.5, 0, 0.5, 1], ["−0.5", "0", "0.5", "1"])
    right.set_xlabel("silhouette $s_i$")
    right.set_title(f"mean {mean:.2f}")


def draw_gap(
    fig: Figure,
    samples: Sequence[tuple[np.ndarray, np.ndarray]],
    ks: np.ndarray,
    log_inertia: np.ndarray,
    reference: np.ndarray,
    spread: np.ndarray,
    gap: np.ndarray,
    *,
    k: int,
    best: int,
) -> None:
    """Draw data and a reference, both in k groups, above their inertias and the gap between.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    samples : pair of (points, labels)
        The data and one reference sample, with their groups.
    ks : int array of shape (t,)
        The numbers of groups.
    log_inertia, reference, spread, gap : ndarrays of shape (t,)
        The logarithm of the data's inertia, the mean of the references', its standard error, and
        the gap.
    k : int
        The number of groups that is drawn.
    best : int
        The number of groups that the gap statistic chooses.

    Returns
    -------
    None
    """
    upper, lower = fig.subfigures(2, 1, height_ratios=[1, 1])
    names = (f"the data, k = {k}", "one reference")
    for ax, (X, labels), name in zip(upper.subplots(1, 2), samples, names):
        draw_groups_of(ax, X, labels, title=name)
    curves, difference = lower.subplots(1, 2)
    curves.fill_between(ks, reference - spread, reference + spread, color="#c9c9c9", linewidth=0)
    curves.plot(ks, reference, color="#666666", linestyle="--", linewidth=1.5)
    curves.plot(ks, log_inertia, **LINE)
    at = list(ks).index(k)
    curves.plot([k, k], [log_inertia[at], reference[at]], color=PALETTE[1], linewidth=2.5)
    curves.set_title("ln inertia")
    difference.errorbar(ks, gap, spread, **LINE, elinewidth=1.2, capsize=2)
    _mark(difference, ks, gap, k, best)
    difference.set_title(f"gap: {best}")
    for ax in (curves, difference):
        ax.set_xlabel("number of groups k")
        ax.set_xticks([1, 3, 5, 7, 9])
        ax.set_xlim(0.5, ks[-1] + 0.5)
