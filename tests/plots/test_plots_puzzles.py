"""The figures of the notebook on reading maps show all points, told apart without colour, and the numbers they are given."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from mlcourse.plots import draw_agreement, draw_groups, draw_kept, draw_puzzle, draw_scores


@pytest.fixture
def grouped_map():
    rng = np.random.default_rng(0)
    return rng.normal(size=(60, 2)) * [30, 4] + [1000, -7], np.arange(60) % 4


def title_of(ax):
    return ax.get_title(loc="left") or ax.get_title()


def test_groups_have_their_own_markers_and_names(grouped_map):
    Y, labels = grouped_map
    ax = Figure().subplots()
    draw_groups(ax, Y, labels, title="four", what="data", names=list("ABCD"))
    assert len({line.get_marker() for line in ax.lines}) == len({line.get_color() for line in ax.lines}) == 4
    for label, line in enumerate(ax.lines):
        np.testing.assert_array_equal(line.get_xydata(), Y[labels == label])
    assert [line.get_label() for line in ax.lines] == list("ABCD")
    assert title_of(ax) == "four" and ax.get_xlabel() == f"data {np.ptp(Y, axis=0).max():.2g} wide".replace("1.2e+02", "120")


def test_paths_lie_under_the_points(grouped_map):
    Y, labels = grouped_map
    ax = Figure().subplots()
    draw_groups(ax, Y, labels, paths=[np.array([3, 5, 3])])
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), Y[[3, 5, 3]])
    assert ax.lines[0].get_zorder() < min(line.get_zorder() for line in ax.lines[1:])


def test_more_groups_than_markers_are_refused():
    with pytest.raises(ValueError, match=r"labels must have at most 8 groups \(it had 9\)"):
        draw_groups(Figure().subplots(), np.zeros((9, 2)), np.arange(9))


@pytest.mark.parametrize("flat", [False, True])
def test_puzzle_shows_data_and_map(grouped_map, flat):
    Y, labels = grouped_map
    view = Y[::-1] * [1, not flat]
    fig = Figure(figsize=(5.6, 3.2), layout="constrained")
    draw_puzzle(fig, view, Y, labels, titles=("data", "map"))
    fig.draw_without_rendering()
    assert [title_of(ax) for ax in fig.axes] == ["data", "map"]
    for ax, points in zip(fig.axes, (view, Y)):
        drawn = np.vstack([line.get_xydata() for line in ax.lines])
        np.testing.assert_array_equal(drawn, np.vstack([points[labels == k] for k in range(4)]))
        (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
        assert (drawn > [x0, y0]).all() and (drawn < [x1, y1]).all()


def test_legend_of_a_puzzle_names_the_groups_as_they_are_drawn(grouped_map):
    Y, labels = grouped_map
    fig = Figure(figsize=(5.6, 3.7), layout="constrained")
    draw_puzzle(fig, Y, -Y, labels, titles=("data", "map"), names=list("ABCD"), paths=[np.arange(60)])
    fig.draw_without_rendering()
    (legend,) = fig.legends
    assert [text.get_text() for text in legend.get_texts()] == list("ABCD")
    drawn = [(line.get_marker(), line.get_color()) for line in fig.axes[1].lines[1:]]
    assert [(handle.get_marker(), handle.get_color()) for handle in legend.legend_handles] == drawn
    box = legend.get_window_extent()
    assert box.x0 >= 0 and box.x1 <= fig.bbox.x1
    assert not any(box.overlaps(ax.get_tightbbox()) for ax in fig.axes)


def test_scores_are_drawn_and_written(grouped_map):
    Y, labels = grouped_map
    fig = Figure()
    draw_scores(fig, Y, labels, {"first": 0.25, "second": 1.0}, title="a map")
    above, below = fig.axes
    assert [bar.get_width() for bar in below.patches] == [0.25, 1.0]
    assert [text.get_text() for text in below.texts] == ["0.25", "1.00"]
    named = dict(zip([text.get_text() for text in below.get_yticklabels()], below.get_yticks()))
    middles = [bar.get_y() + bar.get_height() / 2 for bar in below.patches]
    assert [named["first"], named["second"]] == pytest.approx(middles)
    assert title_of(above) == "a map"


def test_kept_torn_and_intruding_neighbours_are_told_apart(grouped_map):
    Y, _ = grouped_map
    in_data, in_map = np.zeros(60, bool), np.zeros(60, bool)
    in_data[[1, 2, 3]] = in_map[[3, 4]] = True
    fig = Figure()
    curves = {"one": np.array([0.1, 0.5, 1.0]), "two": np.array([0.3, 0.4, 1.0])}
    draw_kept(fig, Y, 0, in_data, in_map, sizes=np.array([1, 10, 50]), curves=curves, name="two", k=10)
    above, below = fig.axes
    marks = {line.get_label(): line for line in above.lines}
    for label, indices in (("kept", [3]), ("torn away", [1, 2]), ("intruder", [4]), ("the point", [0])):
        np.testing.assert_array_equal(marks[label].get_xydata(), Y[indices])
    assert len({marks[label].get_marker() for label in ("kept", "torn away", "intruder", "the point")}) == 4
    drawn = {line.get_label(): line for line in below.lines}
    np.testing.assert_array_equal(drawn["two"].get_ydata(), curves["two"])
    assert drawn["two"].get_linewidth() > drawn["one"].get_linewidth()
    assert drawn["one"].get_linestyle() != drawn["two"].get_linestyle()
    assert any(list(line.get_xdata()) == [10, 10] for line in below.lines)


def test_points_that_agree_are_marked_in_every_map(grouped_map):
    Y, _ = grouped_map
    shares = np.round(np.linspace(0, 1, 60), 1)  # some are exactly at the threshold
    fig = Figure(layout="constrained")
    draw_agreement(fig, [Y, -Y], shares, titles=["first", "second"], threshold=0.5)
    fig.draw_without_rendering()
    for ax, points in zip(fig.axes, (Y, -Y)):
        agree, differ = ax.lines
        np.testing.assert_array_equal(agree.get_xydata(), points[shares >= 0.5])
        np.testing.assert_array_equal(differ.get_xydata(), points[shares < 0.5])
        assert agree.get_marker() != differ.get_marker()
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["at least 50% in common", "fewer"]
