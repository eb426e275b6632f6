"""The figures on minibatches show what they are given, at every end of what they may be given."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from mlcourse.plots import (
    draw_downhill,
    draw_error_and_price,
    draw_first_run,
    draw_gradient_cloud,
    draw_path_and_cost,
)

PLANE = ((-2.0, 2.0), (-1.5, 1.5))


@pytest.fixture
def fig():
    figure = Figure(figsize=(5.6, 5.0), layout="constrained")
    yield figure
    figure.draw_without_rendering()


def bowl(places):
    return (places**2).sum(axis=-1)


def drawn(ax, points):
    return any(np.array_equal(line.get_xydata(), points) for line in ax.lines)


def test_the_cloud_stands_twice_and_the_ellipse_holds_95_per_cent(fig):
    rng = np.random.default_rng(0)
    covariance, gradient = np.array([[0.04, 0.01], [0.01, 0.02]]), np.array([0.3, 0.1])
    cloud = rng.multivariate_normal(gradient, covariance, size=4000)
    draw_gradient_cloud(fig, cloud, gradient, covariance, limits=PLANE, names=("a", "b"))
    whole, near = fig.axes
    assert drawn(whole, cloud) and drawn(near, cloud)
    assert whole.get_xlim() == PLANE[0] and whole.get_ylim() == PLANE[1]
    (ellipse,) = [line.get_xydata() for line in near.lines if line.get_label() == "theory: 95%"]
    inverse = np.linalg.inv(covariance)
    gaps = ellipse - gradient
    radius = np.einsum("ij,jk,ik->i", gaps, inverse, gaps)
    np.testing.assert_allclose(radius, radius[0])
    gaps = cloud - gradient
    inside = np.einsum("ij,jk,ik->i", gaps, inverse, gaps) < radius[0]
    assert 0.94 < inside.mean() < 0.96
    # Magnified: the axes are as much narrower as the cloud is.
    assert np.diff(near.get_xlim())[0] == pytest.approx(2 * 3.6 * 0.2)


def test_estimates_without_spread_are_one_point_without_ellipse(fig):
    gradient = np.array([0.3, 0.1])
    draw_gradient_cloud(fig, np.tile(gradient, (5, 1)), gradient, np.zeros((2, 2)), limits=PLANE, names=("a", "b"))
    assert all(line.get_label() != "theory: 95%" for ax in fig.axes for line in ax.lines)
    assert fig.axes[1].get_xlim()[0] < 0.3 < fig.axes[1].get_xlim()[1]


@pytest.mark.parametrize("chosen", [1, 10, 100])
def test_error_and_price_mark_the_chosen_batch(fig, chosen):
    sizes, errors, times = np.array([1, 10, 100]), np.array([3.0, 0.9, 0.0]), np.array([1e-5, 2e-6, 1e-6])
    grid = np.array([1, 50, 100])
    draw_error_and_price(
        fig,
        sizes,
        errors,
        (grid, np.array([3.0, 0.3, 0.0])),
        times,
        chosen=chosen,
        n_samples=100,
        limits=((0.7, 2e3), (1e-3, 9)),
        note="a note",
    )
    upper, lower = fig.axes
    assert "a note" in {text.get_text() for text in lower.texts}
    at = list(sizes).index(chosen)
    (mark,) = [line.get_xydata()[0] for line in lower.lines if line.get_marker() == "D"]
    assert mark == pytest.approx((chosen, 1e6 * times[at]))
    (mark,) = [line.get_xydata()[0] for line in upper.lines if line.get_marker() == "D"]
    assert mark == pytest.approx((chosen, max(errors[at], 1e-3)))
    assert ("no error" in {text.get_text() for text in upper.texts}) == (chosen == 100)


@pytest.mark.parametrize("down", [0, 3, 4])
def test_steps_downhill_and_uphill_differ_in_mark_and_line(fig, down):
    here = np.array([1.0, 0.5])
    steps = np.random.default_rng(1).normal(size=(4, 2))
    downhill = np.arange(4) < down
    draw_downhill(
        fig,
        bowl,
        limits=PLANE,
        way=np.array([[2.0, 1.0], [0.0, 0.0]]),
        here=here,
        steps=steps,
        downhill=downhill,
        true_step=np.array([-0.4, -0.2]),
        distances=np.array([1, 0.5, 0.1]),
        shares=np.array([1, 0.8, 0.6]),
        distance=0.5,
        curve=(np.array([1, 0.1, 0.01]), np.array([0.9, 0.7, 0.5])),
    )
    plane, chart = fig.axes
    rays = [line for line in plane.lines if line.get_marker() in "o^" and line.get_linestyle() == "None"]
    ends = {line.get_marker(): line.get_xydata() for line in rays if line.get_label() != "start"}
    np.testing.assert_array_equal(ends["^"], here + steps[~downhill])
    np.testing.assert_array_equal(ends["o"], here + steps[downhill])
    (mark,) = [line.get_xydata()[0] for line in chart.lines if line.get_marker() == "D"]
    np.testing.assert_array_equal(mark, [0.5, 0.8])
    names = [text.get_text() for text in plane.get_legend().get_texts()]
    assert names == ["start", "downhill", "uphill", "all", "minimum"]


def test_a_short_arrow_has_a_small_head(fig):
    heads = {}
    for length in (1.0, 0.1, 0.01):
        fig.clear()
        few = {"distances": np.array([1.0, 0.5]), "shares": np.array([1.0, 0.8]), "distance": 1.0}
        draw_downhill(
            fig,
            bowl,
            limits=PLANE,
            way=np.array([[1.0, 1.0], [0.0, 0.0]]),
            here=np.ones(2),
            steps=np.ones((2, 2)),
            downhill=np.array([True, False]),
            true_step=np.array([-length, 0.0]),
            curve=(np.array([1, 0.1]), np.array([0.9, 0.7])),
            **few,
        )
        (arrow,) = [text.arrow_patch for text in fig.axes[0].texts if text.arrow_patch]
        heads[length] = arrow.get_mutation_scale()
    assert heads[1.0] > 10
    assert heads[0.1] == pytest.approx(10 * heads[0.01])


@pytest.mark.parametrize("chosen", [10, 1000])
def test_the_chosen_run_and_that_of_all_examples_stand_out(fig, chosen):
    runs = {b: (np.array([b, 2 * b, 1000]), np.array([1.0, 0.5, 0.1]) / b) for b in (10, 100, 1000)}
    draw_first_run(fig, runs, chosen=chosen, n_samples=1000, limits=((5, 2e3), (1e-6, 1.0)))
    (ax,) = fig.axes
    names = {text.get_text() for text in ax.get_legend().get_texts()}
    assert names == {"all 1,000 for each step"} | ({"b = 10"} if chosen == 10 else set())
    # Every curve bears its batch size, above its first point; the chosen one's is bold.
    written = {text.get_text(): text for text in ax.texts}
    assert all(written[f"{b:,}"].get_position()[0] == b for b in runs)
    assert [name for name, text in written.items() if text.get_weight() == "bold"] == [f"{chosen:,}"]
    assert max(ax.lines, key=lambda line: line.get_linewidth()).get_xdata()[0] == chosen


def test_a_run_is_drawn_as_far_as_it_has_come(fig):
    path = np.array([[1.0, 1.0], [0.5, 0.4], [0.1, 0.1]])
    draw_path_and_cost(
        fig,
        bowl,
        path,
        bowl(path),
        limits=PLANE,
        minimizer=np.zeros(2),
        cost_limits=(0.0, 3.0),
        x=np.arange(6),
        x_name="step",
        title="a run",
        cost_title="cost",
        reference=("start", 2.0),
    )
    plane, chart = fig.axes
    assert drawn(plane, path)
    assert drawn(chart, np.column_stack([np.arange(3), bowl(path)]))
    assert chart.get_xlim() == (0, 5)
    assert [(text.get_text().strip(), text.get_position()[1]) for text in chart.texts] == [("start", 2.0)]


def test_a_run_that_leaves_the_axis_is_said_to(fig):
    path = np.array([[1.0, 1.0], [-40.0, 30.0], [2000.0, -900.0]])
    draw_path_and_cost(
        fig,
        bowl,
        path,
        bowl(path),
        limits=PLANE,
        minimizer=np.zeros(2),
        cost_limits=(1e-3, 10.0),
        x=np.arange(3),
        x_name="step",
        title="a run",
        cost_title="cost",
        log=True,
    )
    assert "above the axis" in {text.get_text() for text in fig.axes[1].texts}
