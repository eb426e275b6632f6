"""The figures on learning rates and noisy steps show what they are given."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from mlcourse.plots.clocks import draw_two_clocks
from mlcourse.plots.ends import name_ends, spread_apart
from mlcourse.plots.noise import draw_noise_ball, draw_range_test, draw_schedule, draw_wells
from mlcourse.plots.rates import (
    draw_factors,
    draw_log_curve,
    draw_quadratic_run,
    draw_radii,
    share_in_words,
)
from mlcourse.plots.style import power_of_ten

EIGENVALUES = np.array([0.25, 2.0])


def bowl(points):
    return 0.5 * (EIGENVALUES * points**2).sum(axis=-1)


@pytest.fixture
def fig():
    figure = Figure(figsize=(4.8, 5.0), layout="constrained")
    yield figure
    figure.draw_without_rendering()


def points_of(ax):
    """Everything drawn on axes, as one array."""
    return np.vstack([line.get_xydata() for line in ax.lines if len(line.get_xydata())])


def has_point(ax, x, y):
    return (np.abs(points_of(ax) - [x, y]).max(axis=1) < 1e-9).any()


def test_powers_of_ten():
    assert [power_of_ten(n) for n in (-12, -1, 0, 1, 4)] == ["10⁻¹²", "0.1", "1", "10", "10⁴"]


def test_the_rate_is_marked_at_both_factors_and_the_limit_at_2_over_L(fig):
    ax = fig.subplots()
    draw_factors(ax, 0.8, largest=2.0, smallest=0.25, stall=0.1)
    assert has_point(ax, 0.8, 0.6) and has_point(ax, 0.8, 0.8)
    assert has_point(ax, 1.0, 0.0) and has_point(ax, 1.0, 1.0)  # the dashed line at 2/L
    names = {text.get_text(): text.xy for text in ax.texts}
    assert names["2/(L + μ)"] == pytest.approx((2 / 2.25, 0.46 * (1 - 0.25 * 2 / 2.25)))
    names = {name: x for name, (x, _) in names.items()}
    assert names["stall"] < 0.1 < names["crawl"] < 0.5 < names["ring"] < 1.0 < names["diverge"]


@pytest.mark.parametrize(("share", "said"), [
    (0.0832, "0.083"), (7.4e4, "about 10⁴"), (3e-7, "about 10⁻⁷"), (0.0, "less than a millionth of a millionth of that at the start"),
])
def test_no_sentence_has_a_number_like_e_minus_08(share, said):
    assert share_in_words(share).removesuffix(" times that at the start") == said


@pytest.mark.parametrize(("now", "marker", "text"), [(1e-3, "o", None), (1e-30, "v", "now 10⁻³⁰"), (1e9, "^", "now 10⁹")])
def test_a_value_beyond_the_scale_is_told_at_its_edge(fig, now, marker, text):
    ax = fig.subplots()
    values = np.geomspace(1, now, 21)
    draw_log_curve(ax, values, 20, others=[values, 1 + 0 * values], limits=(1e-8, 1e4), ylabel="loss", names=["a", "b"])
    assert ax.lines[-1].get_marker() == marker
    assert 1e-8 <= ax.lines[-1].get_ydata()[0] <= 1e4
    *now_text, a, b = ax.texts
    assert [t.get_text() for t in now_text] == ([text] if text else [])
    assert (a.get_text(), a.get_fontweight(), b.get_fontweight()) == ("a", "bold", "normal")


@pytest.mark.parametrize("rate", [0.3, 1.05])
def test_a_run_on_a_quadratic_is_drawn_as_far_as_the_step(fig, rate):
    path = np.array([2.0, 1.0]) * (1 - rate * EIGENVALUES) ** np.arange(11)[:, None]
    values = bowl(path) / bowl(path[0])
    draw_quadratic_run(
        fig, bowl, ((-1, 3), (-1.5, 1.5)), path, rate=rate, largest=2.0, smallest=0.25, stall=0.05,
        values=values, others=[values], step=4, title="run",
    )
    upper, middle, lower = fig.axes
    drawn = points_of(upper)
    assert has_point(upper, *path[3]) or abs(path[3, 1]) > 1.5
    assert not (np.abs(drawn - path[6]).max(axis=1) < 1e-9).any()
    assert has_point(lower, 4, values[4]) and upper.get_title() == "run"


def test_two_clocks_show_the_chosen_run_and_mark_what_is_above_the_picture(fig):
    x = np.array([1.0, 10.0, 100.0])
    runs = [(x, 1 / x), (x, 100 * x)]
    draw_two_clocks(
        fig, runs, [(x, 1 / x), (2 * x, 0.3 / x)], {"examples": np.array([2.0, 6.0]), "seconds": np.array([np.inf, 1.0])},
        chosen=(0, 1), rates=["0.1", "10"], batches=["1", "2"], seconds=[0.02, 0.01], start=0.3, floor=0.05, one_pass=50.0,
        limits=((1, 1e3), (1e-3, 10), (1e-3, 10)), title="runs",
    )
    upper, middle, lower = fig.axes
    triangles = [line for line in upper.lines if line.get_marker() == "^"]
    assert len(triangles[0].get_xydata()) == 3 and triangles[0].get_ydata().max() <= 10
    assert has_point(upper, 1.0, 0.05) and has_point(upper, 100.0, 0.05)  # the floor that theory gives
    assert has_point(middle, 0.02, 1.0) and has_point(middle, 0.02, 0.3)  # this run and the other batch's
    assert has_point(lower, 1, 3.0) and has_point(lower, 1, 1.0)  # multiples of the cheapest
    bold = [text.get_text() for ax in fig.axes for text in ax.texts if text.get_fontweight() == "bold"]
    assert bold == ["b = 1", "η = 10", "b = 1"]


def test_a_run_without_a_floor_has_no_line_for_it(fig):
    x = np.array([1.0, 10.0, 100.0])
    draw_two_clocks(
        fig, [(x, 1 / x)], [(x, 1 / x)], {"examples": np.ones(1), "seconds": np.ones(1)}, chosen=(0, 0), rates=["1"],
        batches=["1"], seconds=[0.1], start=0.3, floor=np.nan, one_pass=50.0, limits=((1, 1e3), (1e-3, 10), (1e-3, 10)), title="",
    )
    assert "floor by theory" not in [text.get_text() for text in fig.axes[0].texts]


@pytest.mark.parametrize(("places", "apart"), [
    ([1.0, 5.0], [1.0, 5.0]), ([3.0, 3.0], [2.5, 3.5]), ([4.0, 3.9, 3.9], [4.9333, 2.9333, 3.9333]), ([-7.0, 0.0], [0.0, 1.0]),
    ([10.0, 10.0, 10.0], [8.0, 9.0, 10.0]), ([], []),
])
def test_numbers_move_as_little_as_needed(places, apart):
    np.testing.assert_allclose(spread_apart(places, 1.0, 0.0, 10.0), apart, atol=1e-3)


def test_too_many_numbers_share_the_room_there_is():
    np.testing.assert_allclose(spread_apart(np.zeros(5), 1.0, 0.0, 2.0), [0, 0.5, 1, 1.5, 2])


def test_names_of_curves_that_end_together_are_apart(fig):
    fig.set_layout_engine("none")
    ax = fig.add_axes((0.1, 0.1, 0.6, 0.8))
    ax.set_ylim(0, 1)
    name_ends(ax, 1.0, [0.5, 0.501, 9.0], ["a", "b", "c"], ["red", "blue", "green"], gap=12)
    fig.draw_without_rendering()
    heights = [text.get_window_extent().y0 * 72 / fig.dpi for text in ax.texts]
    assert 11.9 < heights[1] - heights[0] < 15 and heights[2] > heights[1] + 12


def test_the_ellipse_lies_at_so_many_standard_deviations(fig):
    ax = fig.subplots()
    covariance = np.array([[0.04, 0.01], [0.01, 0.02]])
    cloud = np.array([[0.1, 0.1], [3.0, 0.0], [np.nan, 0.0]])
    draw_noise_ball(ax, cloud, cloud[:1], covariance, minimizer=np.zeros(2), half=1.0)
    ring = next(line for line in ax.lines if line.get_label() == "theory, 2 sd").get_xydata()
    np.testing.assert_allclose(np.einsum("ij,jk,ik->i", ring, np.linalg.inv(covariance), ring), 4.0)
    assert [text.get_text() for text in ax.texts] == ["2 outside"] and not ax.child_axes


def test_radii_are_drawn_against_the_rate_with_theory_the_limit_and_the_chosen_one(fig):
    ax = fig.subplots()
    rates, fine = np.array([0.1, 0.4]), np.array([0.1, 1.0, 1.9])
    measured, theory = np.array([[0.3, 50.0], [0.1, 0.2]]), np.array([[0.3, 0.9, 2.0], [0.1, 0.3, 0.7]])
    draw_radii(ax, rates, measured, (fine, theory), names=["b = 1", "b = 9"], chosen=(1, 0), limit=2.0, ends=(0.02, 3.0))
    drawn = {line.get_linewidth(): line.get_xydata().tolist() for line in ax.lines if len(line.get_xydata()) == 3}
    assert drawn == {2.0: np.column_stack([fine, theory[1]]).tolist(), 1.2: np.column_stack([fine, theory[0]]).tolist()}
    dots = np.vstack([line.get_xydata() for line in ax.lines if line.get_marker() == "o" and line.get_markersize() < 10])
    assert sorted(dots.tolist()) == [[0.1, 0.1], [0.1, 0.3], [0.4, 0.2]]
    above = [line for line in ax.lines if line.get_marker() == "^" and len(line.get_xydata())]
    assert [line.get_xdata().tolist() for line in above] == [[0.4]] and above[0].get_ydata()[0] < 3
    ring = next(line for line in ax.lines if line.get_markersize() > 10)
    assert ring.get_xydata().tolist() == [[0.1, 0.1]] and has_point(ax, 2.0, 1.0)
    assert [text.get_text() for text in ax.texts if text.get_fontweight() == "bold"] == ["b = 9"]


def test_no_figure_with_fixed_places_is_drawn_twice(fig):
    x = np.array([1.0, 10.0])
    draw_quadratic_run(
        fig, bowl, ((-1, 3), (-1.5, 1.5)), np.ones((3, 2)), rate=1.0, largest=2.0, smallest=0.25, stall=0.05,
        values=x, others=[x], step=1, title="run",
    )
    assert fig.get_layout_engine() is None  # a stand-in would have it drawn once only to be measured


def test_a_small_cloud_is_seen_through_a_lens(fig):
    ax = fig.subplots()
    draw_noise_ball(ax, np.full((3, 2), 0.01), np.zeros((2, 2)), 1e-4 * np.eye(2), minimizer=np.zeros(2), half=1.0)
    assert ax.child_axes[0].get_xlim() == (-0.2, 0.2)


def test_a_schedule_is_drawn_above_its_losses(fig):
    steps = np.arange(1, 51)
    draw_schedule(
        fig, steps, 0.5 / steps, 1 / steps, 2 / steps, others=[(0.5 + 0 * steps, 0 * steps + 1e-9), (0.5 / steps, 1 / steps)],
        names=["constant", "1/t"], limits=((1e-3, 1.0), (1e-3, 10.0)), title="1/t",
    )
    upper, lower = fig.axes
    assert has_point(upper, 10, 0.05) and has_point(lower, 10, 0.1) and has_point(lower, 10, 0.2)
    assert points_of(lower)[:, 1].min() >= 1e-3
    assert [text.get_text() for text in lower.texts if text.get_fontweight() == "bold"] == ["1/t"]


def test_wells_show_shares_and_temperature(fig):
    x = np.linspace(-2, 2, 101)
    energy = (x**2 - 1) ** 2
    density = np.exp(-energy / 0.3)
    draw_wells(
        fig, x, energy, density / density.sum() / (x[1] - x[0]), np.array([-1.0, 1.0, 1.1, 9.0]), top=0.0,
        temperature=0.3, height=2.0, shares={"wide": (1.0, 0.75, 0.5)}, title="wells",
    )
    upper, lower = fig.axes
    assert upper.lines[2].get_ydata()[1] - upper.lines[2].get_ydata()[0] == pytest.approx(0.3)
    assert lower.texts[0].get_text() == "wide\n75% (50%)"


def test_the_range_test_marks_the_lowest_the_suggested_rate_and_the_limit(fig):
    ax = fig.subplots()
    rates = np.geomspace(0.01, 10, 31)
    values = 0.7 - 0.1 * np.log10(rates)
    draw_range_test(ax, rates, values, values, suggested=0.1, limit=2.0, ends=(0.0, 1.0), right=100.0)
    assert has_point(ax, 0.1, 0.8) and has_point(ax, 2.0, 1.0) and has_point(ax, 10.0, 0.6)
    assert ax.get_xlim() == (0.01, 100.0)
