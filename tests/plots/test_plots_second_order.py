"""The figures on second-order methods show what they are given, and nothing leaves a picture unseen."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from mlcourse.plots.second_order import draw_model, draw_newton_walk, draw_parabola_steps, power_of_ten, set_decades
from mlcourse.plots.second_order_maps import TONES, draw_start_map, draw_trust_region
from mlcourse.plots.second_order_runs import (
    draw_accuracy_race,
    draw_noisy_newton,
    draw_right_digits,
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
    draw_newton_walk(fig, bowl, WINDOW, PATH, n_done=1, values=bowl(PATH), model=bowl, centre=np.zeros(2), kind="minimum", raised=False,
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
    draw_newton_walk(fig, bowl, WINDOW, PATH, n_done=2, values=bowl(PATH), model=None, centre=np.zeros(2), kind="minimum", raised=False,
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
    outcome = np.array([[0, 1], [2, 0]])
    draw_start_map(fig, outcome, WINDOW, {"A": np.zeros(2)}, ["one", "two", "three"], title="here")
    assert fig.axes[0].images[0].get_array().tolist() == (255 * TONES[outcome]).astype(int).tolist()
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
    draw_right_digits(fig, errors, n_shown=10, floor=1e-13, title="here")
    drawn = lines(fig.axes[0])
    assert drawn["Newton"].get_xydata() == pytest.approx(np.array([[1, 2], [2, 4], [3, 8], [4, 13]]))
    assert drawn["gradient descent"].get_xdata().tolist() == list(range(1, 11))


def test_the_race_marks_where_each_method_reaches_the_target(fig):
    runs = {"Newton": (np.array([1.0, 12, 23]), np.array([0.2, 0.02, 1e-6])), "SGD": (np.array([0.0, 0.1, 4]), np.array([0.2, 0.1, 0.05]))}
    draw_accuracy_race(fig, runs, target=1e-3, statistical=1e-4, unit="passes", limits=((0.01, 100), (1e-11, 1)), title="here")
    (ax,) = fig.axes
    marks = [line.get_xydata().tolist() for line in ax.lines if line.get_markersize() == 11]
    assert marks == [[[23, 1e-6]]]  # SGD never gets there
    assert lines(ax)["SGD"].get_xdata().tolist() == [0.1, 4]  # nothing spent has no place on a log axis


def test_runs_out_of_range_are_arrows_at_the_edge(fig):
    excess = np.array([[0.1, 0.05], [30.0, np.inf]])
    draw_noisy_newton(fig, excess, expected=0.1, start=0.2, title="here", limits=(1e-3, 10))
    arrows = [line.get_xydata().tolist() for line in fig.axes[0].lines if line.get_marker() == "^"]
    assert [place for places in arrows for place in places] == [[1, 10], [2, 10]]
    assert lines(fig.axes[0])["d / (2b)"].get_ydata()[0] == 0.1


@pytest.mark.parametrize(("k", "text"), [(0, "1"), (-3, "0.001"), (-4, "10⁻⁴"), (3, "1,000"), (12, "10¹²")])
def test_powers_of_ten_are_plain_text(k, text):
    assert power_of_ten(k) == text


def test_decades_are_labelled_inside_the_ends(fig):
    ax = fig.subplots()
    set_decades(ax.yaxis, 1e-5, 20.0, every=2)
    assert ax.get_yscale() == "log" and ax.get_ylim() == pytest.approx((1e-5, 20))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["10⁻⁴", "0.01", "1"]


def test_a_point_that_is_no_number_is_told_and_not_drawn(fig):
    x = np.linspace(-3, 3, 11)
    draw_parabola_steps(fig, (x, x**2), np.array([1.0, -np.inf]), np.array([1.0, np.inf]), (x, np.nan * x), (np.nan, np.nan),
                        limits=((-3, 3), (0, 9)), title="here")  # fmt: skip
    (ax,) = fig.axes
    assert set(lines(ax)) == {"cost", "steps so far"} and "no longer" in ax.texts[0].get_text()


def test_points_that_lie_together_share_a_label(fig):
    x = np.linspace(-3, 3, 11)
    draw_parabola_steps(fig, (x, x**2), np.array([2.0, -2.0, 2.01]), np.array([4.0, 4, 4]), (x, x**2), (0.5, 0.1),
                        limits=((-3, 3), (0, 9)), title="here")  # fmt: skip
    assert [text.get_text() for text in fig.axes[0].texts] == ["0, 2", "1"]
