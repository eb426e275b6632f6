"""The live front end: ipywidgets sliders over a picture that the kernel draws when it is first asked for."""

from __future__ import annotations

import base64
import traceback
from html import escape
from typing import TYPE_CHECKING, Any

from mlcourse.widgets.checks import require
from mlcourse.widgets.svg import PIXELS_PER_INCH

if TYPE_CHECKING:
    from mlcourse.widgets.explorable import Explorable

PAUSE_MS = 700
# A notebook that is opened again has its outputs, but no kernel that knows the sliders. In their place JupyterLab then
# writes "model not found", and gives that output itself a class that else only widgets have. Then the picture that follows
# is shown in its stead; it is hidden everywhere else. Rules apart, since a browser passes over those that it cannot read.
LOST = ".jp-OutputArea-child:has(> .jp-OutputArea-output.jupyter-widgets)"
KEPT = ".jp-OutputArea-child:has(> * > .mlcourse-saved)"
SAVED_STYLE = f"""<style>
.mlcourse-saved {{display: none}}
{KEPT}, {LOST}:has(+ * > * > .mlcourse-saved) {{display: none}}
{LOST} + {KEPT} {{display: flex}}
{LOST} + * > * > .mlcourse-saved {{display: block}}
</style>"""


class LiveFigure:
    """A figure in a running kernel.

    Parameters
    ----------
    figure : Explorable
        What to show.

    Attributes
    ----------
    box : ipywidgets.VBox
        The whole figure.
    sliders : dict of str to ipywidgets.SelectionSlider
        The sliders by name.
    picture, caption, status : ipywidgets.HTML
        The frame, its sentence, and the busy mark or the error.
    """

    def __init__(self, figure: Explorable) -> None:
        from mlcourse.widgets.static import value_texts

        require("ipywidgets")
        import ipywidgets

        self.figure = figure
        self._frames: dict[tuple[int, ...], tuple[str, str]] = {}
        self._pixels = tuple(round(side * PIXELS_PER_INCH) for side in figure.size)
        longest_label = max(map(len, figure.labels.values()))
        self.sliders = {
            name: ipywidgets.SelectionSlider(
                options=list(zip(value_texts(values), values)),
                index=values.index(figure.start[name]),
                description=figure.labels[name],
                style={"description_width": f"{min(0.6 * longest_label + 1, 16):.1f}em"},
                layout={"flex": "1 1 auto", "width": "auto"},
            )
            for name, values in figure.ladders.items()
        }
        rows = [ipywidgets.HBox([slider, self._player(slider)]) for slider in self.sliders.values()]
        # ipywidgets.Image has no alternative text; an image inside HTML has.
        self.picture = ipywidgets.HTML()
        self.caption = ipywidgets.HTML()
        self.status = ipywidgets.HTML(layout={"min_height": "1.6em"})
        self.box = ipywidgets.VBox(
            [self.picture, *rows, self.caption, self.status], layout={"width": f"{self._pixels[0]}px", "max_width": "100%"}
        )
        for slider in self.sliders.values():
            slider.observe(self._update, "index")
        self._update()

    def saved_html(self) -> str:
        """What a notebook keeps of the figure, for when it is opened without the kernel that drew it.

        Returns
        -------
        str
            The present picture and its caption, hidden while the figure is live; empty if there is no picture.
        """
        if not self.caption.value:
            return ""
        note = "<p><em>A saved picture. Run all cells, and its sliders come back.</em></p>"
        style = f"max-width: {self._pixels[0]}px"
        return f'{SAVED_STYLE}<div class="mlcourse-saved" style="{style}">{self.picture.value}{self.caption.value}{note}</div>'

    def _player(self, slider: Any) -> Any:
        """A play button that moves a slider; the browser moves it, so that a busy kernel does not make it stutter."""
        import ipywidgets

        play = ipywidgets.Play(
            value=slider.index, max=len(slider.options) - 1, interval=PAUSE_MS, show_repeat=False, layout={"flex": "0 0 auto"}
        )
        play.tooltip = f"Play {slider.description}"
        ipywidgets.jslink((play, "value"), (slider, "index"))
        return play

    def _update(self, change: Any = None) -> None:
        place = tuple(slider.index for slider in self.sliders.values())
        if place not in self._frames:
            self.status.value = '<span role="status">computing…</span>'
            try:
                self._frames[place] = self._draw(place)
            except Exception as error:  # any error of the drawing function belongs before the reader's eyes
                message = traceback.format_exception_only(error)[-1].strip()
                self.status.value = f'<strong role="alert" style="color: #c62828">{escape(message)}</strong>'
                self.caption.value = ""
                # Not the last frame, which would belong to another setting; but its room, so that the sliders stay put.
                width, height = self._pixels
                self.picture.value = f'<div style="max-width: {width}px; aspect-ratio: {width} / {height}"></div>'
                return
        self.picture.value, self.caption.value = self._frames[place]
        self.status.value = ""

    def _draw(self, place: tuple[int, ...]) -> tuple[str, str]:
        values = {name: ladder[i] for (name, ladder), i in zip(self.figure.ladders.items(), place)}
        picture, text = self.figure.frame(format="png", **values)
        width, height = self._pixels
        # Decoded before it is shown, so that the old frame does not give way to an empty one for a moment.
        image = (
            f'<img width="{width}" height="{height}" decoding="sync" alt="{escape(text)}" '
            'style="display: block; max-width: 100%; height: auto; background: #fff" '
            f'src="data:image/png;base64,{base64.b64encode(picture).decode()}">'
        )
        return image, f'<span style="line-height: 1.4">{escape(text)}</span>'
