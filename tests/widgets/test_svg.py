"""Shortening matplotlib's SVG changes its length, not the picture."""

import io
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from mlcourse.widgets.svg import encode_figure, minify_svg, svg_lines

matplotlib = pytest.importorskip("matplotlib")


def new_figure():
    from matplotlib.figure import Figure

    return Figure(figsize=(4, 3), layout="constrained")


def map_of_digits(n=500):
    figure = new_figure()
    axes = figure.subplots()
    points = np.random.default_rng(0).normal(size=(n, 2))
    for digit in range(10):
        axes.plot(*points[digit::10].T, linestyle="", marker=f"${digit}$")
    axes.set_title(r"500 digits, $\sigma_i < 1$")
    return figure


def plain_svg(figure):
    buffer = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "mlcourse", "svg.fonttype": "path"}):
        figure.savefig(buffer, format="svg")
    return buffer.getvalue()


def places(svg):
    """Every place of a marker, from elements or from the vertices of a run."""
    root = ElementTree.fromstring(svg)
    found = [(float(e.get("x")), float(e.get("y"))) for e in root.iter("{http://www.w3.org/2000/svg}use") if e.get("x")]
    for path in root.iter("{http://www.w3.org/2000/svg}path"):
        if "marker:" in path.get("style", ""):
            numbers = [float(number) for number in re.findall(r"[-\d.]+", path.get("d"))]
            found += zip(numbers[::2], numbers[1::2])
    return np.array(sorted(found))


def test_every_marker_keeps_its_place():
    plain = plain_svg(map_of_digits())
    short = "\n".join(minify_svg(plain))
    before, after = places(plain), places(short)
    assert before.shape == after.shape
    # A tenth of a point is the unit; sorting by rounded numbers may exchange two that nearly tie.
    assert np.abs(np.sort(before, axis=0) - np.sort(after, axis=0)).max() <= 0.05 + 1e-9


def test_a_map_takes_a_third_of_matplotlibs_bytes():
    plain = plain_svg(map_of_digits())
    assert len("\n".join(minify_svg(plain))) < len(plain) / 3


def test_every_reference_is_defined_once():
    root = ElementTree.fromstring("\n".join(svg_lines(map_of_digits())))
    defined = [e.get("id") for e in root.iter() if e.get("id")]
    text = ElementTree.tostring(root, encoding="unicode")
    assert len(set(defined)) == len(defined)
    assert set(re.findall(r'(?:url\(|href=")#([\w.-]+)', text)) <= set(defined)


def test_scales_widths_and_glyphs_are_not_rounded_away():
    figure = new_figure()
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], linewidth=0.04)
    axes.set_ylabel("up")
    svg = "\n".join(svg_lines(figure))
    assert "stroke-width:0.04" in svg
    assert "scale(0.015625)" in svg and re.search(r"rotate\(-90\) ?scale\(0\.1\d* -0\.1\d*\)", svg)
    glyph = re.search(r'<path id="DejaVuSans-\w+" d="([^"]+)"', svg)[1]
    assert max(map(int, re.findall(r"-?\d+", glyph))) > 500  # in font units, whole


def test_a_small_marker_keeps_its_shape():
    figure = new_figure()
    figure.subplots().plot(np.arange(5), "o", markersize=1.1)
    circle = re.search(r'<path id="m\w+" d="(M0 0\.55C[^"]+)"', "\n".join(svg_lines(figure)))
    assert circle and "0.15" in circle[1]


def test_short_and_uneven_runs_stay_elements():
    figure = new_figure()
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], "s")
    axes.set_axis_off()
    svg = "\n".join(svg_lines(figure))
    assert "<marker" not in svg and svg.count("<use") == 2


def test_an_image_stays_an_image():
    figure = new_figure()
    figure.subplots().imshow(np.random.default_rng(0).random((8, 8)), interpolation="none")
    root = ElementTree.fromstring("\n".join(svg_lines(figure)))
    [image] = root.iter("{http://www.w3.org/2000/svg}image")
    address = image.get("{http://www.w3.org/1999/xlink}href")
    assert address.startswith("data:image/png;base64,iVBOR") and not re.search(r"\s", address)
    assert encode_figure(figure) == encode_figure(figure)


def test_nothing_of_the_day_or_the_machine_is_in_it():
    svg = "\n".join(svg_lines(map_of_digits(20)))
    assert not re.search(r"metadata|Matplotlib|20\d\d-|<!--|<!DOCTYPE|font-family", svg)


def test_frames_share_all_lines_but_the_points():
    first, second = (set(svg_lines(map_of_digits(n))) for n in (500, 490))
    changed = second - first
    assert all(line.startswith("<path") and "marker:" in line for line in changed) and 1 <= len(changed) <= 10


def test_text_with_markup_is_drawn():
    figure = new_figure()
    figure.suptitle('a < b & "c" > d')
    ElementTree.fromstring("\n".join(svg_lines(figure)))


def test_a_png_holds_the_very_pixels_that_were_drawn():
    from PIL import Image

    figure = new_figure()
    figure.set_size_inches(2.03, 1.01)  # a width that is no multiple of four
    figure.subplots().plot([0, 1, 3], color="C1")
    picture = Image.open(io.BytesIO(encode_figure(figure, "png")))
    assert picture.mode == "RGB"
    assert np.array_equal(np.asarray(picture), np.asarray(figure.canvas.buffer_rgba())[:, :, :3])
