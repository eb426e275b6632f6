"""The figures on the number of groups, and that of a picture's colours, show what they are given."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from mlcourse.plots import (
    draw_choice,
    draw_colours,
    draw_elbow,
    draw_gap,
    draw_groups_of,
    draw_scaling,
    draw_silhouettes,
)

rng = np.random.default_rng(0)
X = rng.normal(size=(30, 2))
LABELS = np.arange(30) % 3


@pytest.fixture
def fig(recwarn):
    figure = Figure(figsize=(5.6, 5), layout="constrained")
    yield figure
    figure.draw_without_rendering()
    assert not [str(warning.message) for warning in recwarn]


def title(ax):
    return ax.get_title(loc="left") or ax.get_title()


def test_each_group_has_a_letter_and_a_colour_and_each_centre_a_cross(fig):
    ax = fig.subplots()
    draw_groups_of(ax, X, LABELS, centers=X[:3])
    *groups, _, crosses = ax.lines
    assert len({line.get_color() for line in groups}) == 3
    assert [str(line.get_marker().get_marker() if hasattr(line.get_marker(), "get_marker") else line.get_marker()) for line in groups] == ["$A$", "$B$", "$C$"]
    np.testing.assert_array_equal(np.vstack([line.get_xydata() for line in groups]), np.vstack([X[LABELS == g] for g in range(3)]))
    np.testing.assert_array_equal(crosses.get_xydata(), X[:3])


def test_every_criterion_has_its_choice_ringed_and_the_present_k_marked(fig):
    ks = np.arange(1, 11)
    curves = {name: (ks[i == 1 :], rng.normal(size=10 - (i == 1))) for i, name in enumerate(("elbow", "silhouette", "gap", "BIC"))}
    choices = {"elbow": 3, "silhouette": 2, "gap": 1, "BIC": 9}
    draw_choice(fig, X, LABELS, X[:3], curves, choices, k=1, title="thirty points", errors={"gap": np.full(10, 0.1)})
    _, *panels = fig.get_axes()
    assert [title(ax) for ax in panels] == ["elbow: 3", "silhouette: 2", "gap: 1", "BIC: 9"]
    for ax, (name, (x, y)) in zip(panels, curves.items()):
        ring = next(line for line in ax.lines if line.get_marker() == "o").get_xydata()[0]
        assert ring.tolist() == [choices[name], y[list(x).index(choices[name])]]
        present = [line.get_xydata()[0, 0] for line in ax.lines if line.get_marker() == "D"]
        assert present == ([] if name == "silhouette" else [1])  # there is no silhouette of one group


def test_the_elbow_stands_on_the_curve_below_its_chord(fig):
    ks = np.arange(1, 10)
    draw_elbow(fig, ks, 90 / ks, 3, title="elbow at 3")
    left, right = fig.axes
    chord, drop, curve, ring = (line.get_xydata() for line in left.lines)
    assert chord.tolist() == [[1, 90], [9, 10]]
    assert drop.tolist() == [[3, 30], [3, 70]]
    assert ring.tolist() == [[3, 30]]
    assert (right.get_xscale(), right.get_yscale()) == ("log", "log")
    np.testing.assert_array_equal(right.lines[0].get_xydata(), curve)
    np.testing.assert_allclose(right.lines[-1].get_xydata()[:, 1], 90 / ks)  # an even part of the plane
    assert [left.yaxis.get_major_formatter()(value) for value in (20, 1000)] == ["20", "1,000"]


def test_silhouettes_stand_group_by_group_the_best_first(fig):
    values = rng.uniform(-0.3, 0.9, size=30)
    draw_silhouettes(fig, X, LABELS, values, title="three groups")
    _, blades = fig.axes
    drawn = [patch.get_data().values for patch in blades.patches]
    for group, widths in enumerate(drawn):
        np.testing.assert_array_equal(widths, np.sort(values[LABELS == group])[::-1])
    assert [text.get_text() for text in blades.texts] == ["A", "B", "C"]
    assert blades.lines[1].get_xdata()[0] == pytest.approx(values.mean())
    assert blades.get_xlabel() == "silhouette $s_i$"
    assert blades.get_ylim()[1] < 0  # the first blade does not touch the edge


def test_the_gap_is_the_distance_from_the_data_to_the_references(fig):
    ks, log_inertia, reference = np.arange(1, 6), np.arange(5.0, 0, -1), np.arange(5.5, 0.6, -1)
    draw_gap(fig, [(X, LABELS), (X[::-1], LABELS)], ks, log_inertia, reference, np.full(5, 0.1), reference - log_inertia, k=4, best=2)
    _, _, curves, difference = fig.get_axes()
    drop = curves.lines[-1].get_xydata()
    assert drop.tolist() == [[4, 2], [4, 2.5]]
    assert title(difference) == "gap: 2"


@pytest.mark.parametrize("standard", [0.5, 9.0])
def test_the_agreement_is_marked_at_the_present_scale(fig, standard):
    scales, agreement = np.array([0.1, 1, 10, 100]), np.array([0.2, 0.4, 0.9, 1.0])
    draw_scaling(fig, X, LABELS, scales, agreement, scale=10, standard=standard, axes=("length", "weight"))
    left, right = fig.axes
    assert (left.get_xlabel(), left.get_ylabel()) == ("length", "weight")
    assert right.lines[-1].get_xydata().tolist() == [[10, 0.9]]
    assert right.lines[0].get_xdata()[0] == standard


def test_a_picture_stands_beside_its_copy_above_its_palette(fig):
    palette = np.array([[0, 0, 0], [255, 255, 255], [200, 30, 0]], dtype=np.uint8)
    original, chosen = rng.integers(0, 256, size=(4, 6, 3), dtype=np.uint8), rng.integers(0, 3, size=(4, 6))
    draw_colours(fig, original, palette[chosen], palette, np.array([0.3, 0.65, 0.05]), title="in 3 colours")
    first, second, bar = fig.get_axes()
    np.testing.assert_array_equal(first.images[0].get_array(), original)
    np.testing.assert_array_equal(second.images[0].get_array(), palette[chosen])
    assert [patch.get_width() for patch in bar.patches] == pytest.approx([0.65, 0.3, 0.05])
    np.testing.assert_allclose([patch.get_facecolor()[:3] for patch in bar.patches], palette[[1, 0, 2]] / 255)
    assert [(text.get_text(), text.get_color()) for text in bar.texts] == [("65%", "k"), ("30%", "w")]
