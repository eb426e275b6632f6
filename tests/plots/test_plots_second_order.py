"""The figures on second-order methods show what they are given, and nothing leaves a picture unseen."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from mlcourse.plots.second_order import draw_model, draw_newton_walk, draw_parabola_steps
from mlcourse.plots.second_order_maps import draw_start_map, draw_trust_region
from mlcourse.plots.second_order_runs import (
    draw_digits,
    draw_memory,
    draw_noisy_newton,
    draw_price,
    draw_race,
)

WINDOW = ((-3.0, 3.0), (-2.0, 2.0))
PATH = np.array([[2.0, 1.0], [1.0, 0.5], [0.2, 0.1]])


@pytest.fixture
def fig():
    figure = Figure(figsize=(5.0, 5.0), layout="constrained")
    yield figure
    figure.draw_without_rendering()


def bowl(points):
    return (points**2).sum(axis=-1)


def saddle(points):
    return points[..., 0] ** 2 - points[..., 1] ** 2


def lines(ax):
    return {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}


def test_a_bowl_model_has_four_ellipses_the_outermost_through_the_point(fig):
    ax = fig.subplots()
    ax.set(xlim=WINDOW[0], ylim=WINDOW[1])
    draw_model(ax, bowl, np.array([1.0, 0.0]), np.zeros(2), kind="minimum")
    assert ax.collections[0].levels == pytest.approx(np.array([1, 4, 9, 16]) / 16)
    assert lines(ax)["its minimum"].get_xydata().tolist() == [[0, 0]]


def test_a_saddle_has_lines_on_both_sides_and_a_far_centre_is_not_drawn(fig):
    ax = fig.subplots()
    ax.set(xlim=WINDOW[0], ylim=WINDOW[1])
    draw_model(ax, saddle, np.array([0.1, 0.0]), np.zeros(2), kind="saddle")
    levels = ax.collections[0].levels
    assert len(levels) == 5 and levels == pytest.approx(-levels[::-1]) and levels[3] > 0.05
    draw_model(ax, bowl, np.array([1.0, 0.0]), np.array([50.0, 0.0]), kind="minimum")
    assert len(lines(ax)["its minimum"].get_xdata()) == 0


def test_a_walk_shows_the_steps_done_the_next_and_all_values(fig):
    draw_newton_walk(fig, bowl, WINDOW, PATH, n_done=1, values=bowl(PATH), model=bowl, centre=np.zeros(2), kind="minimum",
                     radius=0.5, minima=np.zeros((1, 2)), title="here", value_limits=(1e-4, 1e4))  # fmt: skip
    picture, curve = fig.axes
    drawn = [line.get_xydata() for line in picture.lines]
    assert any(np.array_equal(data, PATH[:2]) for data in drawn) and any(np.array_equal(data, PATH[1:]) for data in drawn)
    assert {"next step", "steps so far", "trust region", "quadratic model"} <= set(lines(picture))
    circle = lines(picture)["trust region"].get_xydata()
    assert np.hypot(*(circle - PATH[1]).T) == pytest.approx(0.5)
    assert curve.lines[0].get_ydata() == pytest.approx(bowl(PATH))
    assert curve.lines[2].get_xydata()[0] == pytest.approx([1, bowl(PATH[1])])


def test_a_walk_that_has_arrived_draws_no_model(fig):
    draw_newton_walk(fig, bowl, WINDOW, PATH, n_done=2, values=bowl(PATH), model=None, centre=np.zeros(2), kind="minimum",
                     radius=None, minima=np.zeros((1, 2)), title="here", value_limits=(1e-4, 1e4))  # fmt: skip
    assert set(lines(fig.axes[0])) == {"steps so far"}


@pytest.mark.parametrize(
    ("point", "lowest", "arrows"),
    [(1.0, (0.5, 0.1), []), (2.0, (-40.0, -9.0), ["<"]), (-50.0, (900.0, 0.0), ["<", ">"])],
)
def test_what_lies_outside_the_parabolas_picture_is_an_arrow(fig, point, lowest, arrows):
    x = np.linspace(-3, 3, 11)
    draw_parabola_steps(fig, (x, x**2), np.array([2.5, point]), np.array([6.25, point**2]), (x, x**2), lowest,
                        limits=((-3, 3), (0, 9)), title="here")  # fmt: skip
    (ax,) = fig.axes
    assert [line.get_marker() for line in ax.lines if line.get_marker() in "<>"] == arrows
    assert any(line.get_marker() == "x" for line in ax.lines) == (not arrows)
    assert all(-3 <= line.get_xdata()[0] <= 3 for line in ax.lines if line.get_marker() in ("<", ">"))


def test_the_map_of_starts_has_a_tone_for_each_end(fig):
    tones = np.array([[1.0, 1.0, 1.0], [0.5, 0.5, 0.5], [0.0, 0.0, 0.0]])
    outcome = np.array([[0, 1], [2, 0]])
    draw_start_map(fig, outcome, WINDOW, {"A": np.zeros(2)}, ["one", "two", "three"], tones, title="here")
    assert fig.axes[0].images[0].get_array()[:, :, 0].tolist() == [[255, 127], [0, 255]]
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["one", "two", "three"]
    assert [text.get_text() for text in fig.axes[0].texts] == ["A"]


def test_a_trust_region_shows_its_circle_the_step_and_the_way(fig):
    way = np.array([[-0.1, 0.0], [-0.5, 0.1]])
    draw_trust_region(fig, bowl, bowl, PATH[0], radius=0.3, step=np.array([-0.3, 0.0]), way=way, descent=np.array([-1.0, 0.0]),
                      newton=-PATH[0], kind="minimum", limits=WINDOW, title="here")  # fmt: skip
    drawn = lines(fig.axes[0])
    assert drawn["best steps as it grows"].get_xydata() == pytest.approx(PATH[0] + way)
    assert drawn["step taken"].get_xydata()[0] == pytest.approx(PATH[0] + [-0.3, 0])


def test_digits_end_at_the_floor_and_at_the_last_step_shown(fig):
    errors = {"Newton": np.array([1, 1e-2, 1e-4, 1e-8, 0]), "gradient descent": 0.9 ** np.arange(50)}
    draw_digits(fig, errors, n_shown=10, floor=1e-13, title="here")
    drawn = lines(fig.axes[0])
    assert drawn["Newton"].get_ydata() == pytest.approx([0, 2, 4, 8, 13])
    assert len(drawn["gradient descent"].get_ydata()) == 11


def test_prices_mark_the_chosen_size(fig):
    draw_price(fig, [10, 100], {"gradient": np.array([1e-5, 1e-4]), "Hessian": np.array([1e-4, 1e-2])}, chosen=100)
    marks = [line.get_xydata().tolist() for line in fig.axes[0].lines if len(line.get_xdata()) == 1]
    assert marks == [[[100, 1e-4]], [[100, 1e-2]]]


def test_one_memory_is_in_colour_and_the_others_are_grey(fig):
    runs = {1: 0.8 ** np.arange(50), 5: 0.5 ** np.arange(50), 9: 0.4 ** np.arange(50)}
    draw_memory(fig, runs, 0.95 ** np.arange(50), chosen=5, title="here")
    (ax,) = fig.axes
    assert lines(ax)["L-BFGS, memory 5"].get_ydata() == pytest.approx(runs[5][:31])
    grey = [line for line in ax.lines if line.get_color() == "#c4c4c4" and len(line.get_xdata())]
    assert [len(line.get_xdata()) for line in grey] == [50, 24]  # 0.4²³ is the first below 10⁻⁹
    assert ax.get_xlim() == (0, 49)


def test_the_race_marks_where_each_method_reaches_the_target(fig):
    runs = {"Newton": (np.array([1.0, 12, 23]), np.array([0.2, 0.02, 1e-6])), "SGD": (np.array([0.0, 0.1, 4]), np.array([0.2, 0.1, 0.05]))}
    draw_race(fig, runs, target=1e-3, statistical=1e-4, unit="passes", limits=((0.01, 100), (1e-11, 1)), title="here")
    (ax,) = fig.axes
    marks = [line.get_xydata().tolist() for line in ax.lines if line.get_markersize() == 11]
    assert marks == [[[23, 1e-3]]]  # SGD never gets there
    assert lines(ax)["SGD"].get_xdata().tolist() == [0.1, 4]  # nothing spent has no place on a log axis


def test_runs_out_of_range_are_arrows_at_the_edge(fig):
    excess = np.array([[0.1, 0.05], [30.0, np.inf]])
    draw_noisy_newton(fig, excess, expected=0.1, start=0.2, title="here", limits=(1e-3, 10))
    arrows = [line.get_xydata().tolist() for line in fig.axes[0].lines if line.get_marker() == "^"]
    assert [place for places in arrows for place in places] == [[1, 10], [2, 10]]
    assert lines(fig.axes[0])["d / (2b)"].get_ydata()[0] == 0.1
