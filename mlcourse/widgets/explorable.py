"""The explorable figure itself: its sliders, its frames, and which front end shows it."""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from mlcourse.widgets.checks import check_ladder, check_parameters, require
from mlcourse.widgets.svg import MIME_TYPES, encode_figure, svg_lines

MAX_SLIDERS = 3
FORMATS = ("svg", "webp")


class Explorable:
    """A figure with one to three sliders, each a ladder of values.

    Usually made by the decorator :func:`mlcourse.widgets.explore`.

    Parameters
    ----------
    draw : callable
        ``draw(fig, **values)`` draws on a fresh :class:`matplotlib.figure.Figure` and returns the sentence that describes
        this frame: its caption and its alternative text.
    ladders : mapping of str to sequence
        For each slider the values it stops at.
    start : mapping of str to value, optional
        Where the sliders stand first; the middle of the ladder for those left out.
    labels : mapping of str to str, optional
        What a slider is called on the page, where that is not its name.
    title : str, optional
        What the figure shows, for those who cannot see it; by default made from the function's name.
    size : tuple of two floats
        Width and height in inches.
    format : {"svg", "webp"}
        How frames are stored on a static page; ``"webp"`` for photographs and images of many pixels.
    autoplay : str, optional
        The slider that plays once through when the figure comes into view on a static page.

    Attributes
    ----------
    name : str
        The function's name, the figure's name on its page.
    ladders, start, labels, title, size, format, autoplay
        As given, completed.

    Raises
    ------
    TypeError
        If the function's parameters are not the ladders' names, or a ladder is not a sequence.
    ValueError
        If a ladder is empty or repeats a value, a start is not on its ladder, or an option is unknown.
    ImportError
        If matplotlib is not installed.
    """

    def __init__(
        self,
        draw: Callable[..., str],
        ladders: Mapping[str, Iterable[Any]],
        *,
        start: Mapping[str, Any] | None = None,
        labels: Mapping[str, str] | None = None,
        title: str | None = None,
        size: tuple[float, float] = (5.6, 4.4),
        format: str = "svg",
        autoplay: str | None = None,
    ) -> None:
        require("matplotlib")
        self.draw = draw
        self.name = draw.__name__
        self.__doc__ = draw.__doc__ or type(self).__doc__
        self.ladders = {name: check_ladder(name, values) for name, values in ladders.items()}
        if not 1 <= len(self.ladders) <= MAX_SLIDERS:
            raise ValueError(f"{self.name} must have 1 to {MAX_SLIDERS} ladders (it has {len(self.ladders)})")
        check_parameters(draw, self.ladders)
        self.start = {name: values[len(values) // 2] for name, values in self.ladders.items()}
        self.start.update(self._check_names("start", start))
        for name, value in self.start.items():
            if value not in self.ladders[name]:
                raise ValueError(f"start[{name!r}] must be one of {self.ladders[name]} (it was {value!r})")
        self.labels = {name: name.replace("_", " ") for name in self.ladders}
        self.labels.update(self._check_names("labels", labels))
        self.title = self.name.replace("_", " ") if title is None else title
        if len(size) != 2 or not all(0 < side <= 20 for side in size):
            raise ValueError(f"size must be a width and a height in inches, each above 0 and at most 20 (it was {size!r})")
        self.size = (float(size[0]), float(size[1]))
        if format not in FORMATS:
            raise ValueError(f"format must be one of {FORMATS} (it was {format!r})")
        self.format = format
        if autoplay is not None and autoplay not in self.ladders:
            raise ValueError(f"autoplay must name one of the sliders {list(self.ladders)} (it was {autoplay!r})")
        self.autoplay = autoplay

    def _check_names(self, option: str, given: Mapping[str, Any] | None) -> Mapping[str, Any]:
        unknown = [name for name in given or {} if name not in self.ladders]
        if unknown:
            raise ValueError(f"{option} names {unknown}, but the sliders of {self.name} are {list(self.ladders)}")
        return given or {}

    # -- frames ---------------------------------------------------------------------------------------------------------

    @property
    def n_frames(self) -> int:
        """How many settings the sliders have together."""
        return math.prod(len(values) for values in self.ladders.values())

    def settings(self) -> list[dict[str, Any]]:
        """List every setting of the sliders.

        Returns
        -------
        list of dict
            Slider name to value; the last slider moves fastest.
        """
        return [dict(zip(self.ladders, values)) for values in itertools.product(*self.ladders.values())]

    def frame(self, *, format: str | None = None, **values: Any) -> tuple[bytes, str]:
        """Draw one frame.

        Parameters
        ----------
        format : {"svg", "webp", "png"}, optional
            The kind of picture; the figure's own by default.
        **values
            A value for each slider; those left out stand at their start. A value need not be on its ladder.

        Returns
        -------
        picture : bytes
            The picture.
        caption : str
            The sentence that describes it.

        Raises
        ------
        TypeError
            If the drawing function returns no sentence.
        ValueError
            If a value is given for a slider that does not exist, or the format is unknown.
        """
        format = self.format if format is None else format
        if format not in MIME_TYPES:
            raise ValueError(f"format must be one of {tuple(MIME_TYPES)} (it was {format!r})")
        return self._render(values, lambda figure: encode_figure(figure, format))

    def frame_lines(self, **values: Any) -> tuple[list[str], str]:
        """Draw one frame as SVG.

        Parameters
        ----------
        **values
            A value for each slider; those left out stand at their start.

        Returns
        -------
        lines : list of str
            The lines of the SVG file.
        caption : str
            The sentence that describes it.
        """
        return self._render(values, svg_lines)

    def _render(self, values: Mapping[str, Any], encode: Callable[[Any], Any]) -> tuple[Any, str]:
        import matplotlib
        from matplotlib.figure import Figure

        from mlcourse.plots.style import RC

        values = {**self.start, **self._check_names("frame", values)}
        # From matplotlib's own defaults, so that a reader's or a front end's settings do not change the book's figures.
        defaults = {name: value for name, value in matplotlib.rcParamsDefault.items() if not name.startswith("backend")}
        with matplotlib.rc_context({**defaults, **RC}):
            figure = Figure(figsize=self.size, layout="constrained")
            caption = self.draw(figure, **values)
            if not isinstance(caption, str) or not caption.strip():
                raise TypeError(
                    f"{self.name} must return a sentence that describes its frame (it returned {caption!r} for {values})"
                )
            return encode(figure), " ".join(caption.split())

    # -- front ends -----------------------------------------------------------------------------------------------------

    @cached_property
    def _static_html(self) -> str:
        from mlcourse.widgets.static import static_html

        return static_html(self)

    def static_html(self) -> str:
        """Draw every frame into a piece of a web page that needs nothing else.

        Returns
        -------
        str
            HTML with its style and script; drawn once, then remembered.

        Raises
        ------
        ValueError
            If the figure has more than 150 frames or takes more than 1 MB.
        """
        return self._static_html

    def widget(self) -> Any:
        """Make the live figure for a notebook.

        Returns
        -------
        ipywidgets.VBox
            Sliders over the picture and its caption; frames are drawn when first asked for.
        """
        from mlcourse.widgets.live import LiveFigure

        return LiveFigure(self).box

    def check(self) -> list[str]:
        """Draw the first, the middle and the last position of the sliders, as the notebooks' tests do.

        Returns
        -------
        list of str
            Their captions.

        Raises
        ------
        Exception
            Whatever the drawing function raises.
        """
        places = (lambda values: 0, lambda values: len(values) // 2, lambda values: -1)
        return [self.frame(**{name: values[place(values)] for name, values in self.ladders.items()})[1] for place in places]

    def _ipython_display_(self) -> None:
        from IPython.display import display

        mode = os.environ.get("MLCOURSE_FIGURES", "live")
        if mode == "static":
            display({"text/html": self.static_html()}, raw=True)
        elif mode == "test":
            # The captions too: their numbers are then compared with what was recorded.
            display({"text/plain": "\n".join([repr(self), *self.check()])}, raw=True)
        elif mode in ("live", ""):
            from mlcourse.widgets.live import LiveFigure

            figure = LiveFigure(self)
            display({**figure.box._repr_mimebundle_(), "text/plain": repr(self)}, raw=True)
            # An output of its own: of the forms that one output has, JupyterLab tries only the first.
            if saved := figure.saved_html():
                display({"text/html": saved}, raw=True)
        else:
            raise ValueError(f"MLCOURSE_FIGURES must be live, static or test (it was {mode!r})")

    def __repr__(self) -> str:
        sliders = " × ".join(f"{name} ({len(values)})" for name, values in self.ladders.items())
        return f"<Explorable {self.name}: {sliders}>"
