"""The figures on mixtures and trees show what they are given."""

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

from mlcourse.plots import (
    PALETTE,
    draw_bound,
    draw_dendrogram,
    draw_ellipses,
    draw_em,
    draw_found_groups,
    draw_points_and_tree,
    draw_soft_groups,
    draw_soft_to_hard,
)

X = np.random.default_rng(0).normal(size=(12, 2))
# Four points on a line: 0 and 1 merge, then 2 and 3, then the two pairs.
CHILDREN, HEIGHTS, ORDER = np.array([[0, 1], [2, 3], [4, 5]]), np.array([1.0, 2.0, 5.0]), np.array([2, 3, 0, 1])


@pytest.fixture
def fig():
    figure = Figure(figsize=(5.6, 3.4), layout="constrained")
    yield figure
    figure.draw_without_rendering()


def groups(ax):
    return [line for line in ax.lines if line.get_gid() != "scale"]


def points_of(lines):
    return sorted(map(tuple, np.vstack([line.get_xydata() for line in lines])))


def test_found_groups_stand_beside_the_true_ones_and_strays_are_crosses(fig):
    truth, found = np.repeat([0, 1, -1], 4), np.repeat([1, 0, 0], 4)
    draw_found_groups(fig, X, truth, found, title="found")
    left, right = fig.axes
    assert points_of(groups(left)) == points_of(right.lines) == sorted(map(tuple, X))
    assert [line.get_marker() for line in groups(left)] == ["x", "o", "^"]
    assert [len(line.get_xydata()) for line in right.lines] == [8, 4]
    assert [line.get_color() for line in right.lines] == PALETTE[:2]


@pytest.mark.parametrize(("width", "length"), [(10, 2), (2, 0.5), (26, 5), (0.04, 0.01), (5000, 1000)])
def test_a_bar_of_a_round_length_tells_the_scale(fig, width, length):
    points = np.array([[0, 0], [width, 0.3 * width]])
    draw_found_groups(fig, points, np.array([0, 1]), np.array([1, 0]), title="found")
    (bar,) = (line for line in fig.axes[0].lines if line.get_gid() == "scale")
    assert np.ptp(bar.get_xdata()) == pytest.approx(length)
    assert [text.get_text().strip() for text in fig.axes[0].texts] == [f"{length:g}"]
    assert fig.axes[0].get_xlim() == fig.axes[1].get_xlim()
    assert not fig.axes[1].texts


def test_a_shared_point_has_a_mixed_colour_and_a_dark_rim(fig):
    R = np.array([[1, 0], [0, 1], [0.6, 0.4]] * 4)
    ax = fig.subplots()
    draw_soft_groups(ax, X, R)
    assert points_of(groups(ax)) == sorted(map(tuple, X))
    lines = {tuple(line.get_xydata()[0]): line for line in ax.lines}
    first, second, shared = (lines[tuple(X[i])] for i in range(3))
    blue, red = (np.array(matplotlib.colors.to_rgb(color)) for color in PALETTE[:2])
    np.testing.assert_allclose(first.get_color(), blue, atol=0.01)
    np.testing.assert_allclose(second.get_color(), red, atol=0.01)
    np.testing.assert_allclose(shared.get_color(), 0.6 * blue + 0.4 * red, atol=0.01)
    assert [line.get_marker() for line in (first, second, shared)] == ["o", "^", "o"]
    assert [line.get_markeredgewidth() > 0 for line in (first, second, shared)] == [False, False, True]


def test_ellipses_have_the_covariances_standard_deviations(fig):
    ax = fig.subplots()
    ax.set(xlim=(-20, 20), ylim=(-20, 20))
    A = np.random.default_rng(1).normal(size=(2, 2, 2))
    covariances, means = A @ A.transpose(0, 2, 1), np.array([[0, 0], [3, 1]])
    draw_ellipses(ax, means, covariances, weights=np.array([0.2, 0.8]))
    for j in range(2):
        for radius, line in zip((1, 2), ax.lines[2 * j : 2 * j + 2]):
            gap = line.get_xydata() - means[j]
            mahalanobis = np.einsum("ni,ij,nj->n", gap, np.linalg.inv(covariances[j]), gap)
            np.testing.assert_allclose(mahalanobis, radius**2, rtol=1e-6)
    assert ax.lines[0].get_linewidth() < ax.lines[2].get_linewidth()
    assert [text.get_text() for text in ax.texts] == ["A", "B"]
    assert ax.get_xlim() == (-20, 20)


def test_an_em_figure_marks_the_moment_and_the_number_of_components(fig):
    curve = np.array([-9.0, -3.0, -2.5, -2.0])
    means, covariances = np.array([[0, 0], [1, 1]]), np.tile(np.eye(2), (2, 1, 1))
    for iteration, height in ((0, -4), (2, -2.5)):  # below the axis it stays at its lower end
        fig.clear()
        draw_em(fig, X, np.full((12, 2), 0.5), np.full(2, 0.5), means, covariances, log_likelihood=curve,
                iteration=iteration, bottom=-4, top=-1, bic=[30, 20, 25], title="two")
        _, likelihood, sizes = fig.get_axes()
        np.testing.assert_array_equal(likelihood.lines[0].get_ydata(), curve)
        assert likelihood.lines[1].get_xydata().tolist() == [[iteration, height]]
        written = [text.get_text().strip() for text in likelihood.texts]
        assert written == (["-9.00, below"] if iteration == 0 else [])
        assert sizes.lines[1].get_xydata().tolist() == [[2, 20]]


def test_soft_to_hard_shows_the_profile_along_the_line(fig):
    along = np.linspace(-0.25, 1.25, 7)
    profile = np.column_stack([1 - np.clip(along, 0, 1), np.clip(along, 0, 1)])
    centers = np.array([[-1, 0], [1, 0]])
    draw_soft_to_hard(fig, X, np.full((12, 2), 0.5), centers, sigma=0.7, along=along, profile=profile)
    cloud, curve = fig.axes
    for line, column in zip(curve.lines, profile.T):
        np.testing.assert_array_equal(line.get_ydata(), column)
    dotted = [line for line in cloud.lines if line.get_linestyle() == ":"]
    np.testing.assert_allclose(dotted[0].get_xydata(), [[-1.5, 0], [1.5, 0]])


def test_a_dendrogram_has_a_bracket_for_each_merger_at_its_height(fig):
    ax = fig.subplots()
    draw_dendrogram(ax, CHILDREN, HEIGHTS, ORDER, np.array([0, 0, 1, 1]), cut=3.0)
    above, low, high = (line.get_xydata().reshape(-1, 5, 2) for line in ax.lines[:3])
    np.testing.assert_array_equal(low[0][:4], [[2, 0], [2, 1], [3, 1], [3, 0]])
    np.testing.assert_array_equal(high[0][:4], [[0, 0], [0, 2], [1, 2], [1, 0]])
    np.testing.assert_array_equal(above[0][:4], [[2.5, 1], [2.5, 5], [0.5, 5], [0.5, 2]])
    assert [line.get_color() for line in ax.lines[1:3]] == PALETTE[:2]
    assert ax.lines[0].get_color() not in PALETTE
    assert ax.lines[-1].get_ydata()[0] == 3.0
    leaves = {line.get_color(): line.get_xdata().tolist() for line in ax.lines[3:5]}
    assert leaves == {PALETTE[0]: [2, 3], PALETTE[1]: [0, 1]}


def test_points_stand_beside_their_tree(fig):
    draw_points_and_tree(fig, X[:4], np.array([0, 0, 1, 2]), CHILDREN, HEIGHTS, ORDER, cut=1.5, title="three")
    cloud, tree = fig.axes
    assert points_of(cloud.lines) == sorted(map(tuple, X[:4]))
    assert len({line.get_marker() for line in cloud.lines}) == 3
    assert cloud.get_title() == "three" and tree.get_ylim()[1] > HEIGHTS[-1]


def test_the_larger_part_of_a_split_group_keeps_its_colour(fig):
    # A chain: every merger takes one more point, so every cut splits a single point off the rest.
    points = np.arange(5)[:, None] * [1, 0]
    children, heights = np.array([[0, 1], [2, 5], [3, 6], [4, 7]]), np.arange(1.0, 5)
    colors = []
    for labels in ([0, 0, 0, 0, 1], [2, 2, 2, 1, 0], [1, 1, 0, 2, 3]):
        fig.clear()
        draw_points_and_tree(fig, points, np.array(labels), children, heights, np.arange(5), cut=None, title="")
        cloud = fig.axes[0]
        colors.append({x: line.get_color() for line in cloud.lines for x in line.get_xdata()})
    first, *rest = PALETTE[:4]
    assert [color[0] for color in colors] == [first] * 3
    assert [color[4] for color in colors] == [rest[0]] * 3
    assert [color[3] for color in colors] == [first, rest[1], rest[1]]
    assert [color[2] for color in colors] == [first, first, rest[2]]


def test_a_bound_touches_the_curve_and_its_top_is_marked_after_an_m_step(fig):
    theta = np.linspace(-1, 1, 5)
    curve, bound, shares = -theta**2, -2 * theta**2, np.linspace(0, 1, 12)
    draw_bound(fig, theta, curve, bound, now=(0.5, -0.25), top=(0.5, -0.5), points=X[:, 0], shares=shares, title="M")
    above, below = fig.axes
    np.testing.assert_array_equal(above.lines[0].get_ydata(), curve)
    np.testing.assert_array_equal(above.lines[1].get_ydata(), bound)
    marked = {line.get_marker(): line.get_xydata().tolist() for line in above.lines}
    assert marked["D"] == [[0.5, -0.5]] and marked["o"] == [[0.5, -0.25]]
    np.testing.assert_array_equal(below.lines[0].get_xydata(), np.column_stack([X[:, 0], shares]))
    fig.clear()
    draw_bound(fig, theta, curve, None, now=(0, 0), top=None, points=X[:, 0], shares=None, title="start")
    assert not any(line.get_linestyle() == "--" or line.get_marker() == "D" for line in fig.axes[0].lines)
    assert not fig.axes[1].lines[0].get_ydata().any()
