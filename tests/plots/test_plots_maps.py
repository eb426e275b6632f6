"""The maps are drawn completely, labelled, and never clipped."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from mlcourse.plots import PALETTE, draw_learning_rate, draw_map, draw_two_maps, format_width


@pytest.fixture
def labelled_map():
    rng = np.random.default_rng(0)
    return rng.normal(size=(60, 2)) * [30, 4] + [1000, -7], np.arange(60) % 10


def drawn_points(ax):
    return np.vstack([line.get_xydata() for line in ax.lines])


def test_every_point_is_drawn_with_its_own_label(labelled_map):
    Y, labels = labelled_map
    ax = Figure().subplots()
    draw_map(ax, Y, labels)
    assert {line.get_marker() for line in ax.lines} == {f"${k}$" for k in range(10)}
    for line in ax.lines:
        own = Y[labels == int(line.get_marker().strip("$"))]
        np.testing.assert_array_equal(line.get_xydata(), own)


@pytest.mark.parametrize("stretch", [1e-4, 1, 1e6])
def test_no_point_lies_outside_the_frame(labelled_map, stretch):
    Y, labels = labelled_map
    fig = Figure(figsize=(5, 4))
    ax = fig.subplots()
    draw_map(ax, Y * stretch, labels)
    fig.draw_without_rendering()
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    points = drawn_points(ax)
    assert x0 < points[:, 0].min() and points[:, 0].max() < x1
    assert y0 < points[:, 1].min() and points[:, 1].max() < y1


def test_one_unit_is_as_long_across_as_up(labelled_map):
    fig = Figure(figsize=(5, 3))
    ax = fig.subplots()
    draw_map(ax, *labelled_map)
    fig.draw_without_rendering()
    box = ax.get_window_extent()
    assert box.width / np.ptp(ax.get_xlim()) == pytest.approx(box.height / np.ptp(ax.get_ylim()), rel=1e-6)


def test_the_corner_tells_the_scale(labelled_map):
    Y, labels = labelled_map
    ax = Figure().subplots()
    draw_map(ax, Y * 82 / np.ptp(Y[:, 0]), labels)
    assert ax.get_xlabel() == "map 82 wide"


@pytest.mark.parametrize(
    ("width", "text"), [(0.000449, "0.00045"), (0.0029, "0.0029"), (0.93, "0.93"), (81.6, "82"), (180.4, "180"), (22812, "23,000"), (0.0, "0")]
)
def test_a_width_is_written_without_exponent(width, text):
    assert format_width(width) == text


def test_a_map_shrunk_to_one_point_is_drawn(labelled_map):
    fig = Figure()
    draw_map(fig.subplots(), np.zeros((60, 2)), labelled_map[1])
    fig.draw_without_rendering()


def test_two_maps_keep_their_titles(labelled_map):
    Y, labels = labelled_map
    fig = Figure()
    draw_two_maps(fig, [Y, -Y], labels, ["left", "right"])
    assert [ax.get_title(loc="left") or ax.get_title() for ax in fig.axes] == ["left", "right"]
    np.testing.assert_array_equal(drawn_points(fig.axes[0]), -drawn_points(fig.axes[1]))


def test_the_moment_is_marked_on_the_curve(labelled_map):
    Y, labels = labelled_map
    fig = Figure()
    kl = np.array([3.0, 9.0, 1.0])
    draw_learning_rate(fig, Y, labels, iterations=np.array([0, 25, 50]), kl=kl, iteration=25, title="", top=6.0, exaggeration_end=30)
    mark, curve, moment = fig.axes[1].lines
    assert list(mark.get_xdata()) == [30, 30]
    np.testing.assert_array_equal(curve.get_ydata(), kl)
    assert list(moment.get_xydata()[0]) == [25, 6.0]  # a cost beyond the axis is marked at its end


def test_each_colour_stands_out_from_white_paper():
    """WCAG asks 3 : 1 of graphics."""

    def luminance(colour):
        channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
        linear = np.where(channels <= 0.03928, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    assert len(set(PALETTE)) == 10
    assert min(1.05 / (luminance(c) + 0.05) for c in PALETTE) > 3.5
