"""The figures of the SNE notebook show the numbers that they are given, and tell things apart without colour."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from mlcourse.plots import draw_bandwidth, draw_sne_run, draw_moved_neighbor, draw_springs


def bandwidth(perplexity=5.0):
    distances = np.linspace(2, 9, 30)
    gaussian = np.exp(-(np.linspace(0, 10, 50) ** 2) / 18)
    p = 0.15 * np.exp(-(distances**2) / 18)  # 12 % down to less than 1 %
    widths = np.geomspace(0.5, 20, 15)
    curves = {name: np.linspace(1, 30 - k, 15) for k, name in enumerate(["crowded 0", "lonely 8"])}
    tried = np.array([[6.0, 20.0], [2.0, 2.0], [3.0, perplexity]])
    fig = Figure(figsize=(5.6, 6.4), layout="constrained")
    draw_bandwidth(fig, distances, p, np.zeros((6, 8, 8)), perplexity=perplexity, sigma=3.0, grid=np.linspace(0, 10, 50),
                   gaussian=gaussian, widths=widths, curves=curves, point="lonely 8", tried=tried)
    return fig, distances, p, curves, tried


def by_label(ax):
    return {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}


def test_every_neighbour_is_drawn_at_its_distance_with_its_probability():
    fig, distances, p, _, _ = bandwidth()
    row = fig.axes[6]
    dots = by_label(row)["the 5 nearest"]
    np.testing.assert_array_equal(dots.get_xydata(), np.column_stack([distances, p])[:5])
    stems = [line for line in row.lines if np.isnan(line.get_ydata()).any()]
    heights = np.concatenate([line.get_xydata()[1::3] for line in stems])
    np.testing.assert_allclose(heights[np.argsort(heights[:, 0])], np.column_stack([distances, p]))
    everybody = by_label(row)["all 30"]
    np.testing.assert_array_equal(everybody.get_xdata(), distances)
    assert max(everybody.get_ydata()) < 0, "ticks above the axis would be read as probabilities"
    assert row.get_ylim()[1] > p.max() and row.get_xlim()[1] >= distances.max()
    assert "σ = 3.0" in [text.get_text() for text in row.texts]


def test_the_probabilities_of_the_nearest_stand_under_their_pictures():
    fig, _, p, _, _ = bandwidth()
    below = [ax.get_xlabel() for ax in fig.axes[:6]]
    assert below[0] == "it picks"
    for text, value in zip(below[1:], p):
        assert float(text.strip("%")) / 100 == pytest.approx(value, abs=0.0005 if "." in text else 0.005)
    assert {"." in text for text in below[1:]} == {True, False}


def test_the_search_ends_on_the_wanted_perplexity():
    fig, _, _, curves, tried = bandwidth(7.0)
    search = fig.axes[7]
    lines = by_label(search)
    np.testing.assert_array_equal(lines["the lonely 8"].get_ydata(), curves["lonely 8"])
    np.testing.assert_array_equal(lines["steps of the search"].get_xydata(), tried[:-1])
    np.testing.assert_array_equal(lines["found"].get_xydata(), tried[-1:])
    assert lines["found"].get_marker() != lines["steps of the search"].get_marker()
    assert any(set(line.get_ydata()) == {7.0} and line.get_linestyle() == ":" for line in search.lines)


@pytest.mark.parametrize("moved", [0, 2])
def test_moved_neighbour_marks_both_divergences(moved):
    P, Q = np.array([0.6, 0.3, 0.1]), np.array([0.2, 0.5, 0.3])
    drawn_at, forward, reverse = np.linspace(0, 3, 31), np.linspace(3, 0, 31), np.linspace(0, 2, 31)
    fig = Figure()
    draw_moved_neighbor(fig, ["A", "B", "C"], P, Q, drawn_at, forward, reverse, moved=moved, true_distance=1.0, distance=2.0,
                        scales=((-0.5, 1.5), (-0.4, 0.7)))
    bars, terms, reverse_terms, curves = fig.axes
    np.testing.assert_allclose([bar.get_height() for bar in bars.patches], [*P, *Q])
    np.testing.assert_allclose([bar.get_height() for bar in terms.patches], P * np.log(P / Q))
    np.testing.assert_allclose([bar.get_height() for bar in reverse_terms.patches], Q * np.log(Q / P))
    assert terms.get_ylim() == (-0.5, 1.5) and reverse_terms.get_ylim() == (-0.4, 0.7)
    assert bool(terms.patches[0].get_hatch()) != bool(reverse_terms.patches[0].get_hatch())
    lines = by_label(curves)
    np.testing.assert_array_equal(lines["KL(P‖Q), SNE's"].get_ydata(), forward)
    np.testing.assert_array_equal(lines["KL(Q‖P)"].get_ydata(), reverse)
    dots = {line.get_marker(): line.get_xydata()[0].tolist() for line in curves.lines if len(line.get_xdata()) == 1}
    assert dots["o"] == pytest.approx([2.0, forward[20]]) and dots["s"] == pytest.approx([2.0, reverse[20]])
    assert lines["KL(P‖Q), SNE's"].get_linestyle() != lines["KL(Q‖P)"].get_linestyle()
    assert [label.get_text() for label in bars.get_xticklabels()].count("[" + "ABC"[moved] + "]") == 1


def test_springs_are_as_thick_as_their_force_and_pushes_look_different():
    Y = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]])
    forces = np.array([[0, 2.0, -1.0], [2.0, 0, 0.001], [-1.0, 0.001, 0]])
    ax = Figure().subplots()
    draw_springs(ax, Y, np.array([3, 5, 8]), forces, limit=2.0, title="three")
    springs = [line for line in ax.lines if len(line.get_xdata()) == 2]
    assert len(springs) == 2, "the weakest is left out"
    pull, push = springs
    np.testing.assert_array_equal(pull.get_xydata(), Y[[0, 1]])
    np.testing.assert_array_equal(push.get_xydata(), Y[[0, 2]])
    assert pull.get_linewidth() > push.get_linewidth()
    assert pull.get_linestyle() == "-" != push.get_linestyle()
    assert [text.get_text() for text in ax.texts] == ["3", "5", "8"]


def test_ticks_beyond_the_axis_are_not_counted():
    fig = Figure(figsize=(5.6, 6.4))
    draw_bandwidth(fig, np.array([1.0, 2.0, 30.0]), np.array([0.5, 0.3, 0.2]), np.zeros((3, 8, 8)), perplexity=2, sigma=1.0,
                   grid=np.linspace(0, 10, 5), gaussian=np.ones(5), widths=np.array([1.0, 2.0]),
                   curves={"a": np.array([1.0, 3.0])}, point="a", tried=np.array([[1.0, 1.0], [2.0, 2.0]]))
    np.testing.assert_array_equal(by_label(fig.axes[3])["all 2 nearer than 10"].get_xdata(), [1, 2])


def test_springs_of_all_moments_are_drawn_at_one_scale():
    limits = set()
    for size in (0.1, 2.0):
        ax = Figure().subplots()
        draw_springs(ax, np.array([[-size, 0.0], [size, 0.0]]), np.array([1, 2]), np.array([[0.0, 1.0], [1.0, 0.0]]),
                     limit=1.0, frame=(2.0, 1.0), title="two")
        limits.add((*ax.get_xlim(), *ax.get_ylim()))
        assert ax.get_xlim()[1] > 2 and ax.get_ylim()[1] > 1
    assert len(limits) == 1


def test_descents_mark_the_moment_on_the_chosen_curve():
    rng = np.random.default_rng(0)
    costs = {"1": np.array([5.0, 2.0, 1.0]), "2": np.array([5.0, 3.0, 1.5])}
    fig = Figure()
    draw_sne_run(fig, rng.normal(size=(30, 2)), np.arange(30) % 10, iterations=np.array([0, 50, 100]), costs=costs, run="2",
                  iteration=50, limits=(0.5, 4.0), title="start 2", noise_end=80)
    upper, lower = fig.axes
    assert upper.get_title(loc="left") + upper.get_title() == "start 2"
    np.testing.assert_array_equal(by_label(lower)["this start"].get_ydata(), costs["2"])
    (marker,) = [line for line in lower.lines if line.get_marker() == "o"]
    assert marker.get_xydata().tolist() == [[50, 3.0]]
    assert lower.get_ylim() == (0.5, 4.0)
    assert any("noise" in text.get_text() for text in lower.texts)
    assert {tuple(line.get_ydata()) for line in lower.lines} >= {tuple(curve) for curve in costs.values()}
