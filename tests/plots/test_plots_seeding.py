"""The figures of the notebook on k-means++ show what they are given, and tell things apart without colour."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from mlcourse.plots import draw_run_among_runs, draw_seeding, draw_strips

BOX = (-3.0, 3.0, -3.0, 3.0)


@pytest.fixture
def fig():
    figure = Figure(figsize=(5.6, 5.0), layout="constrained")
    yield figure
    figure.draw_without_rendering()


def seeding(fig, probabilities, n_drawn=2, lift=1.0):
    X = np.random.default_rng(0).normal(size=(10, 2))
    draw_seeding(fig, X, X[:n_drawn], probabilities, shares=[(0.0, 0.0, lift, "73%")], costs=np.array([50.0, 20.0])[:n_drawn],
                 best=8.0, n_clusters=3, top=100.0, box=BOX, title="two drawn")
    return X, *fig.axes


def test_every_point_is_painted_in_the_class_of_its_chance(fig):
    p = np.array([0, 0.005, 0.03, 0.07, 0.15, 0.3, 0.1, 0.1, 0.1, 0.145])  # 1/n is 0.1
    X, chart, _ = seeding(fig, p)
    painted = {line.get_label(): line for line in chart.lines if not line.get_label().startswith("_")}
    expected = {"below 0.1": [0, 1], "0.1–0.5": [2], "0.5–1": [3, 6, 7, 8], "1–2": [4, 9], "2–5": [5], "above 5": []}
    assert list(painted) == list(expected)
    for name, rows in expected.items():
        np.testing.assert_array_equal(painted[name].get_xydata(), X[rows].reshape(-1, 2))
    sizes = [line.get_markersize() for line in painted.values()]
    assert sizes == sorted(set(sizes)), "the classes can be told apart by size alone"
    legend = [text.get_text() for text in fig.legends[0].get_texts()]
    assert legend == list(expected)


def test_centres_are_numbered_as_drawn_and_groups_carry_their_chances(fig):
    X, chart, _ = seeding(fig, np.full(10, 0.1))
    texts = {text.get_text(): text.xy for text in chart.texts}
    assert tuple(texts["1"]) == tuple(X[0]) and tuple(texts["2"]) == tuple(X[1])
    assert texts["73%"] == (0.0, 1.0)


def test_a_chance_gives_way_to_a_centre(fig):
    X = np.random.default_rng(0).normal(size=(10, 2))
    _, chart, _ = seeding(fig, np.full(10, 0.1), n_drawn=1, lift=-0.1)
    assert 0 < X[0, 0] < 0.5 and -0.5 < X[0, 1] < 0, "the first centre lies just below the middle"
    assert {text.get_text(): text.xy for text in chart.texts}["73%"] == (0.0, 0.1)


def test_the_cost_falls_towards_the_best_known(fig):
    _, _, curve = seeding(fig, np.full(10, 0.1))
    best, costs = curve.lines
    assert set(best.get_ydata()) == {8.0} and best.get_linestyle() == "--"
    np.testing.assert_array_equal(costs.get_xydata(), [[1, 50], [2, 20]])
    assert [tick.get_text() for tick in curve.get_yticklabels()] == ["10", "100"]


def test_once_all_are_drawn_no_point_has_a_chance_and_the_legend_stays(fig):
    X, chart, _ = seeding(fig, None)
    painted = [line for line in chart.lines if not line.get_label().startswith("_")]
    assert len(painted[0].get_xydata()) == len(X) and len(fig.legends) == 1


def test_strips_show_every_run_its_mean_and_the_chosen_one(fig):
    values = {"random": np.array([1.0, 2.0, 6.0]), "k-means++": np.array([1.0, 1.0, 4.0])}
    found = {"random": np.array([True, False, False]), "k-means++": np.array([True, True, False])}
    ax = fig.subplots()
    draw_strips(ax, values, chosen=("k-means++", 2), filled=found, limits=(0.9, 15))
    full, hollow, mean = ax.lines[:3]
    np.testing.assert_array_equal(full.get_xdata(), [1])
    np.testing.assert_array_equal(hollow.get_xdata(), [2, 6])
    assert hollow.get_markerfacecolor() == "none"
    assert set(mean.get_xdata()) == {3.0}
    diamond = ax.lines[-1]
    assert diamond.get_xdata()[0] == 4 and diamond.get_marker() == "D" and round(diamond.get_ydata()[0]) == 1
    assert ax.lines[0].get_marker() != ax.lines[3].get_marker()
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["random", "k-means++"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["1", "1.5", "2", "3", "5", "10", "15"]


def test_the_black_bar_can_stand_at_the_median(fig):
    ax = fig.subplots()
    draw_strips(ax, {"random": np.array([1.0, 1.0, 700.0])}, middle=np.median)
    assert set(ax.lines[2].get_xdata()) == {1.0}


@pytest.mark.parametrize(("x", "texts"), [(2.0, []), (30.0, ["hermit"])])
def test_a_point_off_the_map_is_shown_at_its_edge(fig, x, texts):
    X = np.vstack([np.random.default_rng(0).normal(size=(11, 2)), [x, 1.0]])
    draw_run_among_runs(fig, X, np.arange(12) % 2, X[:2], {"random": np.array([1.0, 2.0])}, chosen=("random", 1), box=BOX,
                        title="", xlabel="", outlier=(11, "hermit"))
    chart = fig.axes[0]
    assert [t.get_text() for t in chart.texts if t.get_text()] == texts
    assert len([line for line in chart.lines if line.get_marker() == "s" and list(line.get_ydata()) == [1.0]]) == len(texts)


def test_over_many_decades_only_their_beginnings_are_named(fig):
    ax = fig.subplots()
    draw_strips(ax, {"random": np.array([10.0, 5e4])}, limits=(6, 1e6))
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["10", "100", "1,000", "10,000", "100,000", "1,000,000"]


def test_a_run_stands_above_all_runs_with_the_ways_of_its_centres(fig):
    X = np.random.default_rng(0).normal(size=(12, 2))
    start, centers = X[:2], X[2:4] + 0.5
    draw_run_among_runs(fig, X, np.arange(12) % 2, centers, {"random": np.array([1.0, 2.0])}, chosen=("random", 1), box=BOX,
                        title="a run", xlabel="inertia", start=start)
    chart, strips = fig.axes
    ways = [line.get_xydata() for line in chart.lines if len(line.get_xydata()) == 2]
    assert any(np.array_equal(way, [start[0], centers[0]]) for way in ways)
    assert strips.get_xlabel() == "inertia" and chart.get_title(loc="left") + chart.get_title() == "a run"
