"""The figures on momentum show what they are given, and what has left a picture is seen to have left."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from mlcourse.plots import (
    draw_cycle,
    draw_optimiser_curves,
    draw_plane_and_roots,
    draw_race,
    draw_rotation,
    draw_valley,
)
from mlcourse.plots.optimisers import clipped, in_words, look_of, thin_path, tick_decades

LIMITS = ((-4.0, 4.0), (-2.0, 2.0))


def bowl(points):
    return (points**2 * [0.1, 1.0]).sum(axis=-1)


@pytest.fixture
def fig():
    figure = Figure(figsize=(5.4, 5.0), layout="constrained")
    yield figure
    figure.draw_without_rendering()


@pytest.fixture
def path():
    t = np.arange(11)
    return np.column_stack([-3 * 0.8**t, 1.5 * (-0.7) ** t])


def labels(legend):
    return [text.get_text() for text in legend.get_texts()]


def test_valley_marks_the_present_step(fig, path):
    values = bowl(path) / bowl(path[0])
    draw_valley(fig, bowl, LIMITS, path[:6], values, values**0.5, step=5, title="β = 0.9", value_limits=(1e-4, 10))
    surface, curve = fig.axes
    assert surface.get_title(loc="left") == "β = 0.9" or surface.get_title() == "β = 0.9"
    x, y = curve.lines[-1].get_data()
    assert x[0] == 5 and y[0] == pytest.approx(values[5])


def test_valley_of_a_run_that_left_says_so(fig, path):
    away = path * 10.0 ** np.arange(11)[:, None]
    values = bowl(away)
    draw_valley(fig, bowl, LIMITS, away, values, values, step=10, title="", value_limits=(1e-4, 10))
    assert all(line.get_marker() == "None" for line in fig.axes[1].lines)  # no mark that is pinned to the edge
    assert labels(fig.axes[1].get_legend()) == ["no momentum: plain descent"]
    assert any(text.get_text() == "left the picture" for text in fig.axes[0].texts)


def test_roots_far_out_are_brought_to_the_edge(fig):
    eta, beta = np.linspace(0, 4, 21), np.linspace(0, 1, 11)
    radius = np.abs(1 - eta[None] + 0 * beta[:, None])
    roots = {"along": np.array([0.5, 0.2 + 0j]), "across": np.array([-7.0 + 0j, 0.1])}
    draw_plane_and_roots(fig, eta, beta, radius, roots, here=(1.0, 0.5), best=(2.0, 0.4), marks=(0.2, 0.15), title="factor 7")
    circle = fig.axes[1]
    across = next(line for line in circle.lines if line.get_label() == "across")
    assert across.get_xdata().tolist() == [-1.55, 0.1]
    assert labels(circle.get_legend()) == ["along", "across"]


def test_cycle_names_every_optimiser(fig):
    grid = np.linspace(-4, 4, 50)
    paths = {"plain": np.linspace(3, 0, 9), "heavy ball": np.tile([1.0, -2.0, 2.0], 3)}
    draw_cycle(fig, grid, grid**2, paths, (np.array([1.0]), np.array([1.0])), flat=(1, 2), title="start at 3")
    upper, lower = fig.axes
    assert labels(lower.get_legend()) == list(paths)
    np.testing.assert_array_equal(lower.lines[1].get_ydata(), paths["heavy ball"])


def test_race_tells_who_diverged(fig, path):
    gone = path.copy()
    gone[4:] = np.nan
    values = {"plain": bowl(path), "Adam": np.where(np.arange(11) < 4, bowl(path), np.inf)}
    draw_race(fig, bowl, LIMITS, {"plain": path, "Adam": gone}, values, minimizer=np.zeros(2), n_steps=100,
              value_limits=(1e-6, 10), title="race")  # fmt: skip
    ends = [line for line in fig.axes[0].lines if line.get_marker() == look_of("Adam")[1] and len(line.get_xdata())]
    assert not [line for line in ends if line.get_markersize() == 9]  # its mark is not in the picture
    assert labels(fig.legends[0]) == ["plain", "Adam"]
    assert (fig.axes[1].lines[1].get_ydata()[-3:] == 30).all()  # beyond the axis' top


def test_rotation_marks_the_angle(fig, path):
    finals = {name: np.array([1e-3, 1e-2, 0.1]) for name in ("plain", "AdaGrad")}
    draw_rotation(fig, bowl, LIMITS, {"AdaGrad": path}, [0, 20, 45], finals, angle=20, value_limits=(1e-6, 3), title="20°")
    lower = fig.axes[1]
    assert lower.lines[0].get_xdata()[0] == 20
    widths = {line.get_label(): line.get_linewidth() for line in lower.lines}
    assert widths["AdaGrad"] > widths["plain"]


def test_rotation_hides_no_point_below_its_axis(fig, path):
    finals = {"AdaGrad": np.array([1e-60, 1e-3])}
    draw_rotation(fig, bowl, LIMITS, {"AdaGrad": path}, [0, 45], finals, angle=0, value_limits=(1e-6, 3), title="0°")
    line = next(line for line in fig.axes[1].lines if line.get_label() == "AdaGrad")
    assert line.get_ydata()[0] == 1e-6 and not line.get_clip_on()


def test_points_off_the_scale_are_said_to_be(fig):
    curves = {"plain": (np.array([1.0, 2.0]), np.array([1.0, 50.0]))}
    draw_optimiser_curves(fig, curves, xlabel="x", ylabel="y", xlim=(0, 3), ylim=(0, 2), joined=False)
    assert labels(fig.legends[0]) == ["plain", "plain, off the scale"]
    inside, over = fig.axes[0].lines
    assert inside.get_ydata().tolist() == [1.0] and over.get_ydata().tolist() == [2.0]


def test_curves_are_cut_at_the_axis(fig):
    x = np.array([1.0, 10.0, 100.0])
    draw_optimiser_curves(fig, {"plain": (x, np.array([1.0, 50.0, np.nan]))}, xlabel="x", ylabel="y", xlim=(1, 100),
                          ylim=(0, 2), xlog=True, lines={"minimum": 0.5})  # fmt: skip
    line = next(line for line in fig.axes[0].lines if line.get_label() == "plain")
    assert np.isfinite(line.get_ydata()).all() and line.get_ydata().max() < 3
    assert set(labels(fig.legends[0])) == {"plain", "minimum"}


def test_a_thinned_path_keeps_its_ends_and_its_shape():
    t = np.linspace(0, 1, 5000)
    path = np.column_stack([4 * np.cos(6 * t), 2 * np.sin(6 * t)])
    thin = thin_path(path, LIMITS, n=100)
    assert len(thin) < 500
    assert (thin[0] == path[0]).all() and (thin[-1] == path[-1]).all()
    steps = np.abs(np.diff(thin, axis=0)) / [8.0, 4.0]
    assert steps.max() < 0.012


def test_costs_in_words():
    words = [in_words(x) for x in (0.25, 31.4, 3.14e-9, 2e27, 1e-13, np.inf)]
    assert words == ["0.25", "31", "3.1 × 10⁻⁹", "2.0 × 10²⁷", "below 10⁻¹²", "diverged"]


def test_level_lines_are_labelled_at_their_edges(fig):
    eta, beta = np.linspace(0, 4, 41), np.linspace(0, 1, 101)
    radius = np.abs(beta[:, None] - 0.5) + 0.7 + 0 * eta
    roots = {"along": np.array([0.5 + 0j])}
    draw_plane_and_roots(fig, eta, beta, radius, roots, here=(1.0, 0.5), best=(2.0, 0.5), marks=(3.0, 1.0), title="")
    found = {text.get_text(): text.get_position() for text in fig.axes[0].texts if text.get_position()[0] == 3.0}
    assert {name: round(y, 2) for name, (_, y) in found.items()} == {"0.8": 0.6, "0.9": 0.7, "0.95": 0.75, "0.98": 0.78}
    assert (1.0, 0.4) in [tuple(np.round(text.get_position(), 2)) for text in fig.axes[0].texts]


def test_clipped_has_no_holes():
    assert clipped(np.array([1e-20, 1.0, np.inf, np.nan]), (1e-6, 10.0)).tolist() == [1e-6 / 3, 1.0, 30.0, 30.0]


def test_ticks_are_powers_of_ten(fig):
    ax = fig.subplots()
    ax.set_yscale("log")
    ax.set_ylim(1e-10, 1e3)
    tick_decades(ax.yaxis, (1e-10, 1e3))
    powers = np.log10(ax.get_yticks())
    np.testing.assert_allclose(powers, np.round(powers), atol=1e-9)
    assert 3 <= len(powers) <= 6
