"""The figures of the notebook on optimisation show the numbers that they are given."""

import numpy as np
from matplotlib.figure import Figure

from mlcourse.plots import draw_anatomy, draw_cells, draw_descents, draw_mesh_line, draw_times


def title(ax):
    return ax.get_title(loc="left") + ax.get_title()


def test_the_moment_is_marked_on_both_curves():
    Y, labels = np.random.default_rng(0).normal(size=(40, 2)), np.arange(40) % 10
    kl, widths = np.array([3.0, 9.0, 1.0]), np.array([1e-4, 0.5, 80.0])
    fig = Figure()
    draw_anatomy(fig, Y, labels, iterations=np.array([0, 100, 200]), kl=kl, widths=widths, iteration=100, early_end=150,
                 title="here", top=6.0, width_limits=(1e-2, 100))
    drawn, cost, size = fig.axes
    assert title(drawn) == "here"
    curve, moment, end = cost.lines
    np.testing.assert_array_equal(curve.get_ydata(), kl)
    assert moment.get_xydata()[0].tolist() == [100, 6.0], "a cost beyond the axis is marked at its end"
    assert list(end.get_xdata()) == [150, 150] and list(size.lines[2].get_xdata()) == [150, 150]
    np.testing.assert_array_equal(size.lines[0].get_ydata(), [1e-2, 0.5, 80.0])
    assert size.lines[1].get_xydata()[0].tolist() == [100, 0.5]


def test_descents_are_told_apart_without_colour():
    iterations = np.arange(3)
    curves = {"a": np.array([3.0, 2.0, 1.0]), "b": np.array([3.0, 2.5, 50.0])}
    gains = {"a": np.array([1.0, 2.0, 4.0]), "b": np.array([1.0, 0.5, 1e-3])}
    fig = Figure()
    draw_descents(fig, iterations, curves, gains, top=6.0, gain_limits=(0.01, 100))
    cost, gain = fig.axes
    np.testing.assert_array_equal(cost.lines[0].get_ydata(), curves["a"])
    np.testing.assert_array_equal(gain.lines[1].get_ydata(), [1.0, 0.5, 0.01])
    assert cost.lines[0].get_linestyle() != cost.lines[1].get_linestyle()
    assert cost.lines[0].get_linewidth() > cost.lines[1].get_linewidth()
    assert [text.get_text() for text in cost.get_legend().get_texts()] == ["a", "b"]


def test_cells_are_squares_around_their_points():
    Y = np.array([[0.0, 0.0], [7.0, 8.0], [8.0, 8.0], [1.0, 0.0]])
    counts, centres = np.array([2, 1]), np.array([[7.5, 8.0], [1.0, 0.0]])
    fig = Figure()
    draw_cells(fig, Y, 0, counts, centres, np.array([[4.0, 4.0], [0.0, 0.0]]), np.array([4.0, 1.0]), title="θ")
    (ax,) = fig.axes
    points, outline, single, star = ax.lines
    assert len(points.get_xdata()) == 4
    assert np.nanmin(outline.get_xdata()) == 4 and np.nanmax(outline.get_ydata()) == 8, "only the crowd has a square"
    np.testing.assert_array_equal(ax.collections[0].get_offsets(), centres[:1])
    np.testing.assert_array_equal(single.get_xydata(), centres[1:])
    assert star.get_xydata().tolist() == [[0.0, 0.0]] and star.get_marker() == "*"


def test_the_mesh_shows_charges_and_forces():
    points, mesh = np.array([2.2, 0.3, 1.1]), np.arange(4.0)
    charges, found = np.array([0.7, 1.2, 0.9, 0.2]), np.array([0.6, -0.5, 0.1])
    grid, exact = np.array([0.3, 0.9, 1.5, 2.2]), np.array([-0.4, -0.1, 0.2, 0.5])
    fig = Figure()
    draw_mesh_line(fig, points, mesh, charges, grid, exact, found, title="step 1")
    upper, lower = fig.axes
    heights = upper.lines[0].get_ydata()
    np.testing.assert_array_equal(heights[1::3], charges)
    assert np.isnan(heights[2::3]).all(), "stems do not touch"
    np.testing.assert_array_equal(upper.lines[2].get_xdata(), points)
    curve, marks = (line for line in lower.lines if not line.get_label().startswith("_"))
    np.testing.assert_array_equal(curve.get_xydata(), np.column_stack([grid, exact]))
    np.testing.assert_array_equal(marks.get_xydata(), np.column_stack([points, found]))


def test_times_are_marked_where_they_were_measured():
    fig = Figure()
    series = {"ours": (np.array([300, 5000]), np.array([0.3, 4.0])), "theirs": (np.array([5000]), np.array([30.0]))}
    draw_times(fig, series, n_samples=5000)
    (ax,) = fig.axes
    assert ax.get_xscale() == ax.get_yscale() == "log"
    lines = {line.get_label(): line for line in ax.lines}
    np.testing.assert_array_equal(lines["ours"].get_xydata(), [[300, 0.3], [5000, 4.0]])
    assert lines["ours"].get_marker() != lines["theirs"].get_marker()
    rings = [line for line in ax.lines if line.get_markerfacecolor() == "none"]
    assert [ring.get_xydata().tolist() for ring in rings] == [[[5000, 4.0]], [[5000, 30.0]]]
    fig = Figure()
    draw_times(fig, series, n_samples=300)
    rings = [line for line in fig.axes[0].lines if line.get_markerfacecolor() == "none"]
    assert len(rings[1].get_xdata()) == 0, "nothing is ringed that was not measured"
