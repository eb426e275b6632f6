"""The decorator that makes explorable figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mlcourse.widgets.checks import in_notebook
from mlcourse.widgets.explorable import Explorable


def explore(
    *,
    start: Mapping[str, Any] | None = None,
    labels: Mapping[str, str] | None = None,
    title: str | None = None,
    size: tuple[float, float] = (5.6, 4.4),
    format: str = "svg",
    autoplay: str | None = None,
    **ladders: Iterable[Any],
) -> Callable[[Callable[..., str]], Explorable]:
    """Turn a drawing function into a figure with sliders, and show it where a notebook runs.

    Parameters
    ----------
    start : mapping of str to value, optional
        Where the sliders stand first; the middle of the ladder for those left out.
    labels : mapping of str to str, optional
        What a slider is called on the page, where that is not its name.
    title : str, optional
        What the figure shows, for those who cannot see it.
    size : tuple of two floats
        Width and height in inches.
    format : {"svg", "webp"}
        How frames are stored on a static page.
    autoplay : str, optional
        The slider that plays once through when the figure comes into view on a static page.
    **ladders
        One to three sliders by name, each with the sequence of values it stops at.

    Returns
    -------
    callable
        The decorator; what it returns is an :class:`Explorable`.

    Examples
    --------
    >>> from mlcourse.widgets import explore
    >>> @explore(slope=[-1, 0, 1])
    ... def line(fig, slope):
    ...     fig.subplots().plot([0, 1], [0, slope])
    ...     return f"A line of slope {slope}."
    >>> line
    <Explorable line: slope (3)>
    """

    def decorate(draw: Callable[..., str]) -> Explorable:
        figure = Explorable(
            draw, ladders, start=start, labels=labels, title=title, size=size, format=format, autoplay=autoplay
        )
        if in_notebook():
            figure._ipython_display_()
        return figure

    return decorate
