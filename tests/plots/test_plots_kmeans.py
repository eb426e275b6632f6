"""The figures on k-means show what they are given; a region holds the points nearest to its centre."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.path import Path

from mlcourse.plots import (
    draw_basins,
    draw_clusters,
    draw_lloyd,
    draw_restarts,
    draw_stuck,
    surrounding_box,
    voronoi_cells,
)

BOX = (-3.0, 3.0, -2.0, 2.0)


@pytest.fixture
def fig():
    figure = Figure(figsize=(5.6, 3.4), layout="constrained")
    yield figure
    figure.draw_without_rendering()


@pytest.fixture
def clusters():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 2))
    centers = X[:4] + 0.01  # each with a point at least
    return X, ((X[:, None] - centers) ** 2).sum(axis=2).argmin(axis=1), centers


def area(cell):
    x, y = cell.T
    return abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


@pytest.mark.parametrize("k", [1, 2, 5, 12])
def test_cells_hold_the_nearest_places_and_fill_the_box(k):
    rng = np.random.default_rng(k)
    centers = rng.normal(size=(k, 2)) * 2
    cells = voronoi_cells(centers, BOX)
    places = rng.uniform(BOX[::2], BOX[1::2], size=(400, 2))
    nearest = ((places[:, None] - centers) ** 2).sum(axis=2).argmin(axis=1)
    for j, cell in enumerate(cells):
        inside = Path(cell).contains_points(places) if len(cell) else np.zeros(400, dtype=bool)
        np.testing.assert_array_equal(inside, nearest == j)
    assert sum(area(cell) for cell in cells if len(cell)) == pytest.approx(24)


def test_of_two_centres_in_one_place_the_first_has_the_region():
    first, second, other = voronoi_cells(np.array([[1.0, 0.0], [1.0, 0.0], [-1.0, 0.0]]), BOX)
    assert area(first) == pytest.approx(12) == area(other)
    assert second.shape == (0, 2)


def test_the_box_has_room_on_all_sides():
    assert surrounding_box(np.array([[0.0, 0.0], [10.0, 5.0]]), margin=0.1) == (-1, 11, -1, 6)


def test_points_are_drawn_by_cluster_and_empty_centres_pale(fig, clusters):
    X, labels, centers = clusters
    centers = np.vstack([centers, [50.0, 50.0]])
    ax = fig.subplots()
    draw_clusters(ax, X, labels, centers, box=BOX, title="five")
    drawn = [line.get_xydata() for line in ax.lines]
    for j in range(4):
        assert any(np.array_equal(points, X[labels == j]) for points in drawn)
    marks = [line for line in ax.lines if len(line.get_xydata()) == 1 and line.get_markersize() > 8]
    np.testing.assert_array_equal([mark.get_xydata()[0] for mark in marks], centers)
    assert [mark.get_color() == "#c4c4c4" for mark in marks] == [False] * 4 + [True]


def test_a_moment_shows_paths_numbered_starts_and_the_half_steps_done(fig, clusters):
    X, labels, centers = clusters
    paths = np.stack([centers - 0.5, centers - 0.2, centers])
    values = np.array([9.0, 7.0, 6.0, 5.5, 5.0])
    draw_lloyd(fig, X, labels, centers, box=BOX, cells=voronoi_cells(centers, BOX), paths=paths, title="here",
               values=values, n_done=4, top=10, n_shown=7, best=4.5, starts=paths[0], chosen=2)  # fmt: skip
    picture, curve = fig.axes
    drawn = [line.get_xydata() for line in picture.lines]
    for j in range(4):
        assert any(np.array_equal(line, paths[:, j]) for line in drawn)
    assert [(text.get_text(), text.get_fontweight()) for text in picture.texts][1:3] == [("2", "normal"), ("3", "bold")]
    now = curve.lines[-1]
    assert now.get_xydata().tolist() == [[2.5, 5.5]] and now.get_marker() == "D"
    assert curve.lines[1].get_ydata().tolist() == [9, 7, 6, 5.5, 5, 5, 5]  # it has ended, and goes on level


def test_an_inertia_beyond_the_axis_is_an_arrow_at_its_edge_with_the_number(fig, clusters):
    X, _, centers = clusters
    draw_lloyd(fig, X, None, centers, box=BOX, cells=None, paths=centers[None], title="start",
               values=np.array([9.0, 2.0]), n_done=1, top=4, n_shown=3)  # fmt: skip
    curve = fig.axes[1]
    assert curve.lines[-1].get_marker() == "^" and curve.lines[-1].get_ydata()[0] < 4
    assert [text.get_text() for text in curve.texts] == ["now 9, above the axis"]


def test_before_the_first_assignment_all_points_are_alike(fig, clusters):
    X, _, centers = clusters
    draw_lloyd(fig, X, None, centers, box=BOX, cells=None, paths=centers[None], title="start",
               values=np.array([3.0, 2.0]), n_done=0, top=4, n_shown=3)  # fmt: skip
    assert len(fig.axes[0].lines[0].get_xydata()) == len(X)


def test_the_map_of_starts_has_one_tone_for_each_outcome(fig, clusters):
    X, _, centers = clusters
    outcome = np.array([[0, 1, 2], [2, 2, 0]])
    draw_basins(fig, X, centers, outcome, ["best", "worse", "bad"], box=BOX, starts=X[:2])
    assert [text.get_text() for text in fig.axes[0].texts] == ["1", "2"]
    tones = fig.axes[0].images[0].get_array()
    assert (tones[0, 0] == tones[1, 2]).all() and (tones[0, 2] == tones[1, 0]).all()
    lightness = [tones[0, j].sum() for j in range(3)]
    assert lightness[0] > 1.3 * lightness[1] and lightness[1] > 2 * lightness[2]
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["the other centres", "best", "worse", "bad"]


def test_a_stuck_run_stands_above_both_inertias(fig):
    X = np.array([[0.0, 0.0], [0.0, 1.0], [2.0, 0.0], [2.0, 1.0]])
    centers = np.array([[1.0, 0.0], [1.0, 1.0]])
    draw_stuck(fig, X, np.array([0, 1, 0, 1]), centers, X[:2], box=BOX, inertia=4, best=1)
    assert [bar.get_width() for bar in fig.axes[1].patches] == [4, 1]


def test_restarts_mark_the_best_so_far_and_its_chance(fig):
    finals = np.array([5.0, 7.0, 3.0, 2.0, 90.0])
    draw_restarts(fig, finals, 3, best=2, share=0.2, title="runs")
    runs, chance = fig.axes
    lines = {line.get_label(): line for line in runs.lines}
    assert lines["best so far"].get_ydata() == pytest.approx([150, 150, 50])  # percent above the best
    assert lines["run made"].get_ydata() == pytest.approx([150, 250, 50])
    assert lines["run to come"].get_ydata() == pytest.approx([0])
    arrow = runs.lines[3]  # the run that lies beyond the axis
    assert arrow.get_marker() == "^" and arrow.get_xdata().tolist() == [5]
    assert arrow.get_ydata()[0] < runs.get_ylim()[1] < 4400
    assert chance.lines[1].get_xydata()[0] == pytest.approx([3, 1 - 0.8**3])
