"""The figures on linear maps show what they are given."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from mlcourse.plots import draw_globe_map, draw_reconstructions, draw_roll, draw_roll_and_map, draw_shadow, draw_shepard


@pytest.fixture
def fig():
    figure = Figure(figsize=(5.6, 3.4), layout="constrained")
    yield figure
    figure.draw_without_rendering()


def test_shadows_lie_on_the_line_and_residuals_join_them_to_their_points(fig):
    X = np.random.default_rng(0).normal(size=(20, 2))
    angles = np.array([0.0, 30.0, 90.0])
    axes = np.column_stack([np.cos(np.radians(angles)), np.sin(np.radians(angles))])
    variances = ((X @ axes.T) ** 2).mean(axis=0)
    draw_shadow(fig, X, 30, angles=angles, variances=variances)
    cloud, curve = fig.axes
    _, residuals, points, shadows = (line.get_xydata() for line in cloud.lines)
    np.testing.assert_array_equal(points, X)
    np.testing.assert_allclose(shadows, np.outer(X @ axes[1], axes[1]))
    pieces = residuals.reshape(20, 3, 2)
    np.testing.assert_allclose(np.einsum("ij,j->i", pieces[:, 0] - pieces[:, 1], axes[1]), 0, atol=1e-12)
    marked = curve.lines[1].get_xydata()[0]
    assert marked[1] == pytest.approx(variances[1] / (variances.max() + variances.min()))


def test_pictures_stand_above_what_is_rebuilt(fig):
    pictures = np.random.default_rng(0).random((4, 8, 8))
    draw_reconstructions(fig, pictures, 1 - pictures, np.linspace(0, 1, 65), n_components=16)
    images = [ax.images[0].get_array() for ax in fig.get_axes() if ax.images]
    np.testing.assert_array_equal(images, np.concatenate([pictures, 1 - pictures]))
    curve = [ax for ax in fig.get_axes() if not ax.images][0]
    assert curve.lines[1].get_xydata().tolist() == [[16, 0.25]]


def test_a_globe_is_drawn_with_all_its_lines_and_eigenvalues(fig):
    Y = np.array([[0, 0], [1, 0], [0, 1], [-1, 0]], dtype=float)
    paths = [np.array([1, 2, 3, 1]), np.array([0, 1]), np.array([0, 2])]
    draw_globe_map(fig, Y, paths, np.array([0.5, 0.3, 0.1, -0.1]), title="four points")
    chart, bars = fig.axes
    assert [len(line.get_xydata()) for line in chart.lines] == [4, 2, 2]
    np.testing.assert_array_equal(chart.lines[0].get_xydata(), Y[paths[0]])
    assert [bar.get_height() for bar in bars.patches] == [0.5, 0.3, 0.1, -0.1]


def test_a_shepard_diagram_marks_the_medians_of_tenths(fig):
    in_data = np.arange(1.0, 101)
    draw_shepard(fig.subplots(), in_data, in_data / 2, neighbors=(in_data[:3], in_data[:3]), title="half")
    medians = fig.axes[0].lines[3].get_xydata()
    assert len(medians) == 10
    np.testing.assert_allclose(medians[:, 1], medians[:, 0] / 2)
    assert medians[0, 0] == pytest.approx(5.5, abs=0.6) and medians[-1, 0] == pytest.approx(95.5, abs=0.6)


def test_the_roll_shows_edges_path_and_chord(fig):
    roll = np.random.default_rng(0).normal(size=(12, 3))
    labels = np.arange(12) % 3
    draw_roll(fig.subplots(), roll, labels, edges=np.array([[0, 1], [2, 3], [4, 5]]), false=np.array([False, True, False]), path=np.array([0, 1, 5]), chord=True)
    edges, false, *points, chord, path = fig.axes[0].lines
    assert (len(edges.get_xydata()), len(false.get_xydata()), len(points)) == (6, 3, 3)
    assert edges.get_color() != false.get_color()
    assert len(chord.get_xydata()) == 2 and chord.get_linestyle() == "--"
    np.testing.assert_array_equal(path.get_xydata()[[0, 2]], chord.get_xydata())


def test_roll_and_map_stand_side_by_side(fig):
    rng = np.random.default_rng(0)
    Y = rng.normal(size=(12, 2))
    draw_roll_and_map(fig, rng.normal(size=(12, 3)), Y, np.arange(12) % 3, ["roll", "map"])
    left, right = fig.axes
    assert (left.get_title(loc="left"), right.get_title(loc="left")) == ("roll", "map") or (left.get_title(), right.get_title()) == ("roll", "map")
    np.testing.assert_array_equal(np.sort(np.vstack([line.get_xydata() for line in right.lines]), axis=0), np.sort(Y, axis=0))
