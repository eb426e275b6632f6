"""Contours lie where the function has their value; a path that leaves the picture is seen to leave."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from mlcourse.plots.surfaces import clip_segment, draw_path, draw_surface

LIMITS = ((-2.0, 2.0), (-1.0, 1.0))
LOW, HIGH = np.array([-2.0, -1.0]), np.array([2.0, 1.0])


def bowl(points):
    return points[..., 0] ** 2 + 4 * points[..., 1] ** 2


@pytest.fixture
def ax():
    figure = Figure(figsize=(4.0, 3.0), layout="constrained")
    yield figure.subplots()
    figure.draw_without_rendering()


def test_lines_lie_where_the_function_has_their_value(ax):
    draw_surface(ax, bowl, LIMITS, levels=[1.0, 3.0], minimizer=np.zeros(2), equal=True, title="bowl")
    contour = ax.collections[0]
    for level, path in zip((1.0, 3.0), contour.get_paths()):
        np.testing.assert_allclose(bowl(path.vertices), level, atol=0.02)
    assert ax.get_xlim() + ax.get_ylim() == (-2.0, 2.0, -1.0, 1.0) and ax.get_title() == "bowl"


def test_so_many_lines_at_equal_distances_on_a_quadratic(ax):
    draw_surface(ax, bowl, LIMITS, levels=3)
    np.testing.assert_allclose(ax.collections[0].levels, 8 * np.array([1, 4, 9]) / 16)


def test_a_path_inside_is_drawn_whole_with_its_start_and_end(ax):
    draw_surface(ax, bowl, LIMITS)
    points = np.array([[1.0, 0.5], [0.5, -0.4], [0.1, 0.1]])
    assert draw_path(ax, points, label="descent") is False
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), points)
    ends = [line.get_xydata() for line in ax.lines if len(line.get_xydata()) == 1]
    np.testing.assert_array_equal(np.vstack(ends), points[[0, -1]])
    assert "descent" in [line.get_label() for line in ax.lines]


@pytest.mark.parametrize("far", [3.0, 1e10, 1e300])
def test_a_path_that_leaves_has_a_triangle_at_the_edge_on_its_way(ax, far):
    draw_surface(ax, bowl, LIMITS)
    assert draw_path(ax, np.array([[0.0, 0.0], [far, 0.0]]), beyond="step 1") is True
    triangle = ax.lines[-1]
    assert triangle.get_marker()[0] == 3
    np.testing.assert_allclose(triangle.get_xydata(), [[1.92, 0.0]], atol=1e-12)
    assert ax.texts[0].get_text() == "step 1"
    drawn = np.vstack([line.get_xydata() for line in ax.lines if len(line.get_xydata())])
    assert np.nanmax(np.abs(drawn)) <= 2.0


def test_after_a_stay_outside_the_pen_is_lifted(ax):
    draw_surface(ax, bowl, LIMITS)
    assert draw_path(ax, np.array([[0.0, 0.0], [0.0, 3.0], [3.0, 3.0], [3.0, 0.0], [0.0, 0.0]])) is False
    np.testing.assert_allclose(
        ax.lines[0].get_xydata(), [[0, 0], [0, 1], [np.nan, np.nan], [2, 0], [0, 0]]
    )


def test_a_path_that_is_outside_and_stays_there_points_to_its_place(ax):
    draw_surface(ax, bowl, LIMITS)
    assert draw_path(ax, np.array([[0.0, 5.0], [0.0, 50.0]]))
    np.testing.assert_allclose(ax.lines[-1].get_xydata(), [[0.0, 0.96]], atol=1e-12)


def test_numbers_that_are_not_finite_end_a_path(ax):
    draw_surface(ax, bowl, LIMITS)
    assert draw_path(ax, np.array([[1.0, 0.0], [0.5, 0.0], [np.nan, 0.0], [0.1, 0.0]])) is False
    assert draw_path(ax, np.array([[np.inf, 0.0], [0.5, 0.0]])) is False
    assert max(len(line.get_xydata()) for line in ax.lines) == 2


def test_clipping_agrees_with_walking_along_the_segment():
    rng = np.random.default_rng(0)
    share = np.linspace(0, 1, 2001)[:, None]
    met = 0
    for a, b in rng.uniform(-4, 4, size=(200, 2, 2)):
        walk = a + share * (b - a)
        inside = walk[((walk >= LOW) & (walk <= HIGH)).all(axis=1)]
        piece = clip_segment(a, b, LOW, HIGH)
        if len(inside):
            met += 1
            np.testing.assert_allclose(piece, inside[[0, -1]], atol=0.01)
        elif piece is not None:  # a corner cut between two places of the walk
            assert np.linalg.norm(piece[1] - piece[0]) < 0.01
    assert met > 50
    assert clip_segment(np.array([0.0, 3.0]), np.array([1.0, 3.0]), LOW, HIGH) is None


def test_only_the_recent_steps_are_dark(ax):
    draw_surface(ax, bowl, LIMITS)
    points = np.column_stack([np.linspace(-1, 1, 6), np.zeros(6)])
    draw_path(ax, points, recent=2)
    lines = {line.get_alpha(): line.get_xydata() for line in ax.lines if line.get_linestyle() == "-" and len(line.get_xydata()) > 1}
    np.testing.assert_array_equal(lines[0.3], points[:4])
    np.testing.assert_array_equal(lines[1.0], points[3:])
