"""The figures on Gaussian mixtures: ellipses that move, points that belong to several groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.plots.maps import frame_map
from mlcourse.plots.puzzles import MARKERS
from mlcourse.plots.style import PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DARK = "#222222"
SURE = 0.9  # a point whose largest responsibility is below this gets a dark rim


def draw_found_groups(fig: Figure, X: np.ndarray, truth: np.ndarray, found: np.ndarray, *,
                      title: str) -> None:
    """Draw points twice: with the groups they were made in, and with those that a method found.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    X : ndarray of shape (n, 2)
        The points.
    truth, found : int arrays of shape (n,)
        The group of each point, 0, 1, …; −1 for a point that was made in none (a grey cross).
    title : str
        Written above the found groups.

    Returns
    -------
    None
    """
    for ax, labels, name in zip(fig.subplots(1, 2), (truth, found), ("as they were made", title)):
        for label in np.unique(labels):
            here = X[labels == label].T
            if label < 0:
                ax.plot(*here, linestyle="", marker="x", markersize=5, color="#555555")
            else:
                ax.plot(*here, linestyle="", marker=MARKERS[label], markersize=4.5,
                        markeredgewidth=0, color=PALETTE[label])
        _frame(ax, X, title=name, bar=ax.get_subplotspec().is_first_col())


def _frame(ax: Axes, X: np.ndarray, *, title: str, bar: bool = True) -> None:
    """Frame points of the plane; a line of a round length under them tells the scale."""
    frame_map(ax, X, title=title)
    ax.set_xlabel("")
    if not bar:
        return
    left, right = ax.get_xlim()
    length = 0.3 * (right - left)
    power = 10.0 ** np.floor(np.log10(length))
    length = power * max(step for step in (1, 2, 5) if step * power <= length)
    # Below the frame: inside it the bar would cover points.
    under = ax.get_xaxis_transform()
    ax.plot([left, left + length], [-0.035, -0.035], transform=under, color=DARK, linewidth=1.6,
            solid_capstyle="butt", clip_on=False, gid="scale")
    ax.text(left + length, -0.035, f"  {length:g}", transform=under, fontsize=10.5, va="center")
    ax.set_xlim(left, right)


def draw_soft_groups(ax: Axes, X: np.ndarray, responsibilities: np.ndarray, *, title: str = "",
                     size: float = 5.5) -> None:
    """Draw points in the mixture of their groups' colours; those in doubt get a dark rim.

    The marker tells the likeliest group. Shares are rounded to fifths for the colour, so that a
    figure of many frames stays small.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    X : ndarray of shape (n, 2)
        The points.
    responsibilities : ndarray of shape (n, k)
        The share of each group in each point; rows sum to one.
    title : str
        Written above.
    size : float
        Height of a marker in points.

    Returns
    -------
    None
    """
    colors = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)]
                       for c in PALETTE[: responsibilities.shape[1]]])
    shares = np.round(5 * responsibilities) / 5
    mixed = np.clip((shares / shares.sum(axis=1, keepdims=True)) @ colors, 0, 1)
    likeliest = responsibilities.argmax(axis=1)
    doubt = responsibilities.max(axis=1) < SURE
    styles = np.column_stack([likeliest, doubt, np.round(255 * mixed)]).astype(int)
    for style in np.unique(styles, axis=0):
        here = (styles == style).all(axis=1)
        ax.plot(*X[here].T, linestyle="", marker=MARKERS[style[0]], color=tuple(style[2:] / 255),
                markersize=size + style[1], markeredgewidth=1.1 * style[1], markeredgecolor=DARK,
                in_layout=False)  # dozens of them: asking each for its size takes most of the time
    _frame(ax, X, title=title)


def draw_ellipses(ax: Axes, means: np.ndarray, covariances: np.ndarray, *,
                  weights: np.ndarray | None = None) -> None:
    """Draw each Gaussian as its ellipses at one and two standard deviations, with a letter.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw; its limits stay.
    means : ndarray of shape (k, 2)
        The centres.
    covariances : ndarray of shape (k, 2, 2)
        The covariance matrices.
    weights : ndarray of shape (k,) or None
        The share of each component: the inner ellipse of a heavy one is drawn in a thicker line.

    Returns
    -------
    None
    """
    limits = ax.get_xlim(), ax.get_ylim()
    angle = np.linspace(0, 2 * np.pi, 65)
    circle = np.stack([np.cos(angle), np.sin(angle)])
    for j, (mean, covariance) in enumerate(zip(means, covariances)):
        variances, axes = np.linalg.eigh(covariance)
        # The sign of an eigenvector is free, and so is where on the ellipse the pen starts.
        axes = axes * np.where(axes[0] < 0, -1, 1)
        shape = (axes * np.sqrt(np.maximum(variances, 0))) @ circle
        width = 2.0 if weights is None else 1.2 + 2.4 * weights[j]
        for radius, line, thick in ((1, "-", width), (2, "--", 1.2)):
            ax.plot(*(mean[:, None] + radius * shape), color=PALETTE[j], linestyle=line,
                    linewidth=thick, zorder=3)
        ax.text(*mean, "ABCDEFGH"[j], ha="center", va="center", fontsize=11.5, weight="bold",
                color="white", zorder=5, clip_on=True,
                bbox={"boxstyle": "circle,pad=0.15", "facecolor": PALETTE[j], "edgecolor": "white"})
    ax.set(xlim=limits[0], ylim=limits[1])


def draw_em(fig: Figure, X: np.ndarray, responsibilities: np.ndarray, weights: np.ndarray,
            means: np.ndarray, covariances: np.ndarray, *, log_likelihood: np.ndarray,
            iteration: int, bottom: float, top: float, bic: Sequence[float], title: str) -> None:
    """Draw a mixture during EM above the curve of its log-likelihood and the BIC of all sizes.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    X : ndarray of shape (n, 2)
        The points.
    responsibilities : ndarray of shape (n, k)
        Those at `iteration`.
    weights, means, covariances : ndarrays of shape (k,), (k, 2) and (k, 2, 2)
        The mixture at `iteration`.
    log_likelihood : ndarray of shape (t,)
        Mean over the points, in nats, at iterations 0, 1, …, t − 1.
    iteration : int
        The moment to mark.
    bottom, top : float
        The ends of the axis of the log-likelihood, one for all frames.
    bic : sequence of float
        BIC of the runs' ends with 1, 2, … components; this run's is marked.
    title : str
        Written above the points.

    Returns
    -------
    None
    """
    upper, lower = fig.subfigures(2, 1, height_ratios=[2.15, 1])
    ax = upper.subplots()
    draw_soft_groups(ax, X, responsibilities, title=title)
    draw_ellipses(ax, means, covariances, weights=weights)
    curve, sizes = lower.subplots(1, 2, width_ratios=[1.5, 1])
    curve.plot(np.arange(len(log_likelihood)), log_likelihood, color=PALETTE[0])
    now = log_likelihood[iteration]
    curve.plot([iteration], [max(now, bottom)], marker="o" if now >= bottom else "v", markersize=9,
               color=PALETTE[1], clip_on=False, zorder=4)
    if now < bottom:  # off the axis: the number instead of the place
        curve.text(iteration, bottom, f"    {now:.2f}, below", fontsize=11, va="bottom",
                   color=PALETTE[1])
    curve.set_xlim(0, len(log_likelihood) - 1)
    curve.set_ylim(bottom, top)
    curve.set_xlabel("iteration")
    curve.set_title("log-likelihood per point", fontsize=11.5)
    number = np.arange(1, len(bic) + 1)
    sizes.plot(number, bic, color="#777777", marker="s", markersize=5, linewidth=1.2)
    k = len(weights)
    sizes.plot([k], [bic[k - 1]], marker="s", markersize=10, color=PALETTE[1], zorder=4)
    sizes.set_xticks(number)
    sizes.set_xlabel("components")
    sizes.set_title("BIC at the end", fontsize=11.5)


def draw_soft_to_hard(fig: Figure, X: np.ndarray, responsibilities: np.ndarray, centers: np.ndarray,
                      *, sigma: float, along: np.ndarray, profile: np.ndarray) -> None:
    """Draw points between centres of equal width σ, and who claims the points of a straight line.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    X : ndarray of shape (n, 2)
        The points.
    responsibilities : ndarray of shape (n, k)
        Of each centre for each point.
    centers : ndarray of shape (k, 2)
        The centres; the line runs from the first to the second.
    sigma : float
        The standard deviation of every component: the circles' radius.
    along : ndarray of shape (t,)
        Places on the line: 0 at the first centre, 1 at the second.
    profile : ndarray of shape (t, k)
        Responsibilities of the centres for those places.

    Returns
    -------
    None
    """
    cloud, curve = fig.subplots(1, 2, width_ratios=[1.3, 1])
    draw_soft_groups(cloud, X, responsibilities, title=f"σ = {sigma:g}", size=4.5)
    line = centers[0] + along[[0, -1], None] * (centers[1] - centers[0])
    cloud.plot(*line.T, color="#555555", linewidth=1, linestyle=":", zorder=1)
    draw_ellipses(cloud, centers, np.tile(sigma**2 * np.eye(2), (len(centers), 1, 1)))
    for j, dashes in enumerate(("-", "--", "-.", ":")[: profile.shape[1]]):
        curve.plot(along, profile[:, j], color=PALETTE[j], linestyle=dashes)
        place = min(max(float(j), along[0]), along[-1]) if j < 2 else along[len(along) // 2]
        height = profile[np.abs(along - place).argmin(), j]
        if height > 0.04:
            curve.text(place, height + 0.03, "ABCD"[j], ha="center", color=PALETTE[j],
                       weight="bold", fontsize=11.5)
    curve.set_xlim(along[0], along[-1])
    curve.set_ylim(0, 1.12)
    curve.set_yticks([0, 0.5, 1])
    curve.set_xticks([0, 1], ["A", "B"])
    curve.set_title("responsibilities\non the dotted line", fontsize=11.5)


def draw_bound(fig: Figure, theta: np.ndarray, likelihood: np.ndarray, bound: np.ndarray | None, *,
               now: tuple[float, float], top: tuple[float, float] | None, points: np.ndarray,
               shares: np.ndarray | None, title: str) -> None:
    """Draw a log-likelihood of one parameter and a lower bound of it, above the points' shares.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    theta : ndarray of shape (t,)
        Values of the parameter.
    likelihood : ndarray of shape (t,)
        Mean log-likelihood at each of them.
    bound : ndarray of shape (t,) or None
        The lower bound at each of them; None draws none.
    now : (float, float)
        The present value of the parameter and its log-likelihood: a dot.
    top : (float, float) or None
        The top of the bound, where the M step has just gone: a diamond.
    points : ndarray of shape (n,)
        The data, on the axis of the parameter.
    shares : ndarray of shape (n,) or None
        The responsibility of the moving component for each point.
    title : str
        Written above.

    Returns
    -------
    None
    """
    curve, below = fig.subplots(2, 1, sharex=True, height_ratios=[2.2, 1])
    curve.plot(theta, likelihood, color=PALETTE[0], linewidth=2.2)
    low, high = np.min(likelihood), np.max(likelihood)
    curve.set_ylim(low - 0.35 * (high - low), high + 0.12 * (high - low))
    if bound is not None:
        curve.plot(theta, bound, color=PALETTE[1], linestyle="--")
        curve.text(0.02, 0.78, "- -  bound F(r, θ)", transform=curve.transAxes,
                   color=PALETTE[1], fontsize=11.5)
    curve.text(0.02, 0.89, "—  log-likelihood L(θ)", transform=curve.transAxes,
               color=PALETTE[0], fontsize=11.5)
    if top is not None:
        curve.plot([top[0], now[0]], [top[1], now[1]], color=DARK, linewidth=1, linestyle=":")
        curve.plot(*top, marker="D", markersize=7, color=PALETTE[1], zorder=4)
    curve.plot(*now, marker="o", markersize=9, color=PALETTE[0], zorder=5, markeredgecolor="white")
    curve.set_title(title)
    heights = np.zeros(len(points)) if shares is None else shares
    below.plot(points, heights, linestyle="", marker="o", markersize=4.5, markeredgewidth=0,
               color="#555555" if shares is None else PALETTE[1], clip_on=False)
    curve.vlines(now[0], low - (high - low), now[1], color=DARK, linewidth=1, zorder=1)
    below.axvline(now[0], color=DARK, linewidth=1, zorder=1)
    below.set_ylim(-0.08, 1.08)
    below.set_yticks([0, 1])
    below.set_xlim(theta[0], theta[-1])
    below.set_xlabel("θ, and the points")
    below.set_ylabel("share")
