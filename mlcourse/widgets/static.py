"""The static front end: every frame drawn beforehand, sliders of plain HTML."""

from __future__ import annotations

import base64
import json
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mlcourse.widgets.svg import MIME_TYPES, PIXELS_PER_INCH

if TYPE_CHECKING:
    from mlcourse.widgets.explorable import Explorable

MAX_FRAMES = 150
MAX_BYTES = 1_000_000


def static_html(figure: Explorable) -> str:
    """Draw every frame of a figure into a self-contained piece of a web page.

    Parameters
    ----------
    figure : Explorable
        The figure.

    Returns
    -------
    str
        HTML: the style, the figure with its frames, and the script that sets it up.

    Raises
    ------
    ValueError
        If the figure has more than 150 frames or its HTML more than a million bytes.
    """
    if figure.n_frames > MAX_FRAMES:
        raise ValueError(
            f"{figure.name} has {figure.n_frames} frames, more than {MAX_FRAMES}: thin {_longest_ladder(figure)}"
        )
    pictures, texts, lines = _draw_frames(figure)
    sliders = [
        {
            "name": name,
            "label": figure.labels[name],
            "values": value_texts(values),
            "start": values.index(figure.start[name]),
        }
        for name, values in figure.ladders.items()
    ]
    first = 0
    for slider in sliders:
        first = first * len(slider["values"]) + slider["start"]
    data: dict[str, Any] = {"name": figure.name, "mime": MIME_TYPES[figure.format], "sliders": sliders}
    data |= {"autoplay": figure.autoplay, "texts": texts, "lines": lines, "frames": pictures}
    picture = pictures[first]
    if not isinstance(picture, str):
        picture = data_address("\n".join(lines[i] for i in picture).encode(), figure.format)
    html = _page(figure, sliders, picture, texts[first], data)
    size = len(html.encode())
    if size > MAX_BYTES:
        raise ValueError(
            f"{figure.name} takes {size / 1e6:.2f} MB in {figure.n_frames} frames, more than {MAX_BYTES / 1e6:g} MB: "
            f"thin {_longest_ladder(figure)}, or draw less in a frame"
        )
    return html


def value_texts(values: list[Any]) -> list[str]:
    """Write a ladder's values as a reader sees them and as the page's address holds them.

    Parameters
    ----------
    values : list
        The values of one slider, all different.

    Returns
    -------
    list of str
        A text each, all different.
    """
    texts = [f"{value:g}" if isinstance(value, float) else str(value) for value in values]
    return texts if len(set(texts)) == len(texts) else [repr(value) for value in values]


def data_address(picture: bytes, format: str) -> str:
    """Write a picture as a ``data:`` address.

    Parameters
    ----------
    picture : bytes
        The picture.
    format : {"svg", "webp", "png"}
        What kind of picture it is.

    Returns
    -------
    str
        The address. SVG stays text in it, which a web server compresses well.
    """
    if format == "svg":
        return f"data:{MIME_TYPES[format]}," + quote(picture.decode(), safe=" !$()*+,-./:;=?@_~'")
    return f"data:{MIME_TYPES[format]};base64," + base64.b64encode(picture).decode()


def _draw_frames(figure: Explorable) -> tuple[list[Any], list[str], list[str]]:
    """Every frame (as indices into a table of lines for SVG, else as an address), its text, and the table."""
    pictures: list[Any] = []
    texts: list[str] = []
    table: dict[str, int] = {}
    for values in figure.settings():
        if figure.format == "svg":
            lines, text = figure.frame_lines(**values)
            pictures.append([table.setdefault(line, len(table)) for line in lines])
        else:
            picture, text = figure.frame(**values)
            pictures.append(data_address(picture, figure.format))
        texts.append(text)
    return pictures, texts, list(table)


def _longest_ladder(figure: Explorable) -> str:
    name = max(figure.ladders, key=lambda name: len(figure.ladders[name]))
    return f"the ladder {name!r} ({len(figure.ladders[name])} values)"


def _page(figure: Explorable, sliders: list[dict[str, Any]], picture: str, text: str, data: dict[str, Any]) -> str:
    name = escape(figure.name)
    width, height = (round(side * PIXELS_PER_INCH) for side in figure.size)
    files = resources.files(__package__)
    rows = "\n".join(_row(figure.name, slider) for slider in sliders)
    # mathjax_ignore: a dollar sign in a caption is money, and the caption is the alternative text to the letter.
    return f"""<style>{(files / "explorable.css").read_text()}</style>
<figure class="explorable mathjax_ignore tex2jax_ignore" id="explore-{name}" data-name="{name}" \
aria-label="Explorable figure: {escape(figure.title)}">
<img class="xf-frame dark-light" width="{width}" height="{height}" src="{escape(picture)}" alt="{escape(text)}">
<div class="xf-controls">
{rows}
</div>
<p class="xf-note">This is one frame of {figure.n_frames}; its sliders need JavaScript.</p>
<figcaption class="xf-caption">{escape(text, quote=False)}</figcaption>
<script type="application/json">{_script_safe(data)}</script>
</figure>
<script>{(files / "explorable.js").read_text()}</script>
"""


def _row(figure_name: str, slider: dict[str, Any]) -> str:
    name, label = escape(slider["name"]), escape(slider["label"])
    identifier = escape(f"explore-{figure_name}-{slider['name']}")
    value = escape(slider["values"][slider["start"]])
    # A screen reader hears the value from the slider itself, so the output does not announce it again.
    return (
        f'<div class="xf-row"><label for="{identifier}">{label}</label>'
        f'<input type="range" id="{identifier}" data-slider="{name}" min="0" max="{len(slider["values"]) - 1}" step="1" '
        f'value="{slider["start"]}" aria-valuetext="{value}" autocomplete="off">'
        # As wide as the longest value: else the slider would change its length under the reader's finger.
        f'<output for="{identifier}" aria-live="off" style="min-width:max(3.5rem,{max(map(len, slider["values"]))}ch)">{value}</output>'
        f'<button type="button" class="xf-play" aria-label="Play {label}" aria-pressed="false"></button></div>'
    )


def _script_safe(data: dict[str, Any]) -> str:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("</", "<\\/").replace("<!--", "\\u003c!--")
