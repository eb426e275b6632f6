"""From a matplotlib figure to a small picture that comes out the same on every run.

matplotlib writes a map of 500 points as 70 kB of SVG, most of it repetition. Here each run of equal markers becomes one
path, coordinates keep a tenth of a point, and names that nothing refers to are dropped. What remains is a list of lines in
which the frames of one figure share nearly everything but the points, so that they can be stored as a table
(:mod:`mlcourse.widgets.static`).
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import warnings
import xml.etree.ElementTree as ElementTree
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

# CSS pixels an inch: text of 11 points is then shown 15 pixels high, like the page's.
PIXELS_PER_INCH = 100
MIME_TYPES = {"svg": "image/svg+xml", "webp": "image/webp", "png": "image/png"}

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e[-+]?\d+)?")
_TRANSLATE = re.compile(r"translate\(([^)]*)\)")
# A marker is drawn at the first, the last and every vertex between: a run of fewer points gains nothing.
_SHORTEST_RUN = 3


def encode_figure(figure: Figure, format: str = "svg") -> bytes:
    """Draw a figure into the bytes of a picture.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    format : {"svg", "webp", "png"}
        ``"svg"`` stays sharp at every zoom; ``"webp"`` has two pixels a CSS pixel and 64 colours, without loss beyond
        them; ``"png"`` has two pixels a CSS pixel and every colour.

    Returns
    -------
    bytes
        The picture, the same for the same figure.
    """
    if format == "svg":
        return "\n".join(svg_lines(figure)).encode()
    pixels = _pixels(figure)
    return _as_png(pixels) if format == "png" else _as_webp(pixels)


def svg_lines(figure: Figure) -> list[str]:
    """Draw a figure as SVG, one element (or one run of markers) a line.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.

    Returns
    -------
    list of str
        The lines; joined by newlines they are a complete SVG file.
    """
    import matplotlib

    buffer = io.BytesIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    # A fixed salt makes matplotlib's identifiers a function of what is drawn; text as paths needs no font of the reader's.
    with matplotlib.rc_context({"svg.hashsalt": "mlcourse", "svg.fonttype": "path"}):
        with _all_glyphs():
            figure.savefig(buffer, format="svg", dpi=2 * PIXELS_PER_INCH, metadata=nothing)
    return minify_svg(buffer.getvalue())


def minify_svg(svg: bytes) -> list[str]:
    """Rewrite matplotlib's SVG as few short lines that draw the same.

    Parameters
    ----------
    svg : bytes
        A file of matplotlib's SVG backend.

    Returns
    -------
    list of str
        Lines of an equivalent SVG file. Coordinates are rounded to 0.1 point, those of a marker's own shape to 0.01;
        scales, angles and line widths are kept as they are.
    """
    return _Minifier(ElementTree.fromstring(svg)).lines()


class _Minifier:
    """One pass over one file: definitions are gathered on the way, drawing follows in its old order."""

    def __init__(self, root: ElementTree.Element) -> None:
        self.root = root
        self.definitions: dict[str, str] = {}
        self.drawing: list[str] = []

    def lines(self) -> list[str]:
        style = "".join(element.text or "" for element in self.root.iter(f"{_SVG}style"))
        for child in self.root:
            self.visit(child)
        width, height = self.root.attrib["width"], self.root.attrib["height"]
        head = (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'width="{width}" height="{height}" viewBox="{self.root.attrib["viewBox"]}"><style>{style}</style><defs>'
        )
        return [head, *self.definitions.values(), "</defs>", *self.drawing, "</svg>"]

    def visit(self, element: ElementTree.Element) -> None:
        tag = element.tag.removeprefix(_SVG)
        if tag == "defs":
            for child in element:
                self.define(child)
        elif tag == "g":
            self.group(element)
        elif tag not in ("metadata", "style"):
            self.drawing.append(_open(tag, _attributes(element)) + "/>")

    def define(self, element: ElementTree.Element) -> None:
        if element.tag == f"{_SVG}style":
            return
        if "transform" in element.attrib:
            digits = 0  # a glyph, in font units: thousands of them high
        else:
            digits = 1 if element.tag == f"{_SVG}clipPath" else 2  # a marker's shape is only a few points wide
        self.definitions[element.attrib["id"]] = _whole(element, digits)

    def group(self, element: ElementTree.Element) -> None:
        attributes = {name: value for name, value in _attributes(element).items() if name != "id"}
        before = len(self.drawing)
        if attributes:
            self.drawing.append(_open("g", attributes) + ">")
        if "transform" in attributes:
            self.text(element)
        else:
            for (tag, *_), run in groupby(element, _kind):
                elements = list(run)
                if tag == f"{_SVG}use" and len(elements) >= _SHORTEST_RUN:
                    self.markers(elements)
                else:
                    for child in elements:
                        self.visit(child)
        if attributes and len(self.drawing) == before + 1:
            self.drawing.pop()  # an empty group
        elif attributes:
            self.drawing.append("</g>")

    def text(self, element: ElementTree.Element) -> None:
        """A text's glyphs on one line: the same words elsewhere are then the same line."""
        start = len(self.drawing)
        for child in element:
            self.visit(child)
        self.drawing[start:] = ["".join(self.drawing[start:])]

    def markers(self, elements: list[ElementTree.Element]) -> None:
        """Equal markers at many places: one invisible path through the places, with the marker at its vertices."""
        first = elements[0]
        style = {"style": _style(first)} if "style" in first.attrib else {}
        use = _open("use", {"xlink:href": first.attrib[_HREF], **style}) + "/>"
        name = "k" + hashlib.blake2b(use.encode(), digest_size=4).hexdigest()
        self.definitions[name] = f'<marker id="{name}" overflow="visible" markerUnits="userSpaceOnUse">{use}</marker>'
        places = " ".join(_round(f"{e.attrib['x']} {e.attrib['y']}", 1) for e in elements)
        self.drawing.append(f'<path d="M{places}" style="fill:none;stroke:none;marker:url(#{name})"/>')


def _kind(element: ElementTree.Element) -> tuple[str, str | None, str | None]:
    """What neighbouring markers must have in common to be drawn together."""
    if element.tag != f"{_SVG}use" or "transform" in element.attrib:
        return (str(element.tag) + "?", None, None)
    return (element.tag, element.attrib[_HREF], element.attrib.get("style"))


def _attributes(element: ElementTree.Element, digits: int = 1) -> dict[str, str]:
    """The attributes of an element as they are written, numbers rounded where they are coordinates."""
    attributes = {}
    for name, value in element.attrib.items():
        if name == _HREF:
            attributes["xlink:href"] = re.sub(r"\s+", "", value)
        elif name == "d":
            attributes["d"] = _shorten_path(value, digits)
        elif name in ("x", "y", "width", "height"):
            attributes[name] = _round(value, digits)
        elif name == "transform":
            attributes[name] = _TRANSLATE.sub(lambda match: f"translate({_round(match[1], digits)})", value)
        elif name == "style":
            attributes[name] = _style(element)
        else:
            attributes[name] = value
    return attributes


def _style(element: ElementTree.Element) -> str:
    return re.sub(r"\s*([:;,])\s*", r"\1", element.attrib["style"]).rstrip(";")


def _whole(element: ElementTree.Element, digits: int) -> str:
    """An element with its children on one line."""
    tag = element.tag.removeprefix(_SVG)
    head = _open(tag, _attributes(element, digits))
    inside = "".join(_whole(child, digits) for child in element)
    return f"{head}>{inside}</{tag}>" if inside else f"{head}/>"


def _open(tag: str, attributes: dict[str, str]) -> str:
    return f"<{tag}" + "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())


def _shorten_path(path: str, digits: int) -> str:
    """``M 1.23 4.56 \\nL 7 8`` as ``M1.2 4.6L7 8``."""
    return re.sub(r"\s*([A-Za-z])\s*", r"\1", _round(" ".join(path.split()), digits))


def _round(text: str, digits: int) -> str:
    """Round every number in a text."""

    def short(match: re.Match[str]) -> str:
        number = f"{float(match[0]):.{digits}f}"
        if "." in number:
            number = number.rstrip("0").rstrip(".")
        return "0" if number == "-0" else number

    return _NUMBER.sub(short, text)


@contextmanager
def _all_glyphs() -> Iterator[None]:
    """A character that the font lacks would be drawn as an empty box, on every reader's screen: an error."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing")
        yield


def _pixels(figure: Figure) -> np.ndarray:
    """Draw a figure into an array (height, width, 3) of bytes; savefig would go through all of it twice."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure.set_dpi(2 * PIXELS_PER_INCH)
    canvas = FigureCanvasAgg(figure)
    with _all_glyphs():
        canvas.draw()
    return np.asarray(canvas.buffer_rgba())[:, :, :3]


def _as_png(pixels: np.ndarray) -> bytes:
    """Little compression and no filter: the picture goes to a browser next door, and the reader waits for it.

    Pillow tries five filters for every line, which takes four times as long and makes the file of such a drawing larger.
    The format: PNG specification, sections 5 and 11 (W3C).
    """
    height, width, channels = pixels.shape
    lines = np.zeros((height, 1 + channels * width), np.uint8)  # each line begins with its filter: 0, none
    lines[:, 1:] = pixels.reshape(height, -1)
    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)  # 8 bits a channel, colour type 2: RGB
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(lines, level=1)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def _as_webp(pixels: np.ndarray) -> bytes:
    picture = _image(pixels).quantize(64, dither=0)
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "WEBP", lossless=True, quality=100, method=4)
    return buffer.getvalue()


def _image(pixels: np.ndarray) -> Image:
    from PIL import Image  # matplotlib itself needs it

    return Image.fromarray(np.ascontiguousarray(pixels))
