"""The figures of the t-SNE notebook show the numbers that they are given."""

import numpy as np
from matplotlib.figure import Figure

from mlcourse.plots import draw_kernels, draw_pair_force, draw_shells


def test_shells_keep_the_distances_and_count_all_points():
    distances, angles = np.linspace(0.05, 0.95, 50), np.linspace(0, 6, 50)
    fig = Figure()
    draw_shells(fig, distances, angles, dimension=7)
    disc, share = fig.axes
    np.testing.assert_allclose(np.linalg.norm(disc.lines[1].get_xydata(), axis=1), distances)
    np.testing.assert_allclose(sum(bar.get_height() for bar in share.patches if hasattr(bar, "get_height")), 1)
    assert "7" in disc.get_title(loc="left") + disc.get_title()


def test_pair_force_cuts_the_picture_at_the_chosen_distance():
    data, in_map = np.linspace(0, 3, 31), np.linspace(0, 5, 41)
    forces = {name: sign * (data[:, None] - in_map) for name, sign in [("one", 1.0), ("two", -1.0), ("three", 0.5)]}
    fig = Figure()
    draw_pair_force(fig, data, in_map, forces, method="two", data_distance=1.5)
    picture, curves = fig.axes[:2]
    image = picture.images[0].get_array()
    assert np.sign(image[0, -1]) == 1 and np.sign(image[-1, 0]) == -1
    lines = {line.get_label(): line for line in curves.lines if not line.get_label().startswith("_")}
    np.testing.assert_allclose(lines["two"].get_ydata(), forces["two"][15])
    widths = {name: line.get_linewidth() for name, line in lines.items()}
    assert max(widths, key=widths.get) == "two"
    assert len({line.get_linestyle() for line in lines.values()}) == 3  # told apart without colour


def test_kernels_join_the_two_distances_of_equal_similarity():
    distances = np.linspace(0, 11, 23)
    fig = Figure()
    draw_kernels(fig, distances, np.exp(-(distances**2)), 1 / (1 + distances**2), nu=1, data_distance=1.5, map_distance=2.9)
    (ax,) = fig.axes
    data, in_map, left, right = ax.lines
    np.testing.assert_allclose(in_map.get_ydata(), 1 / (1 + distances**2))
    assert data.get_linestyle() != in_map.get_linestyle()
    assert left.get_xydata()[0].tolist() == [1.5, np.exp(-2.25)] and right.get_xydata()[0].tolist() == [2.9, np.exp(-2.25)]
    assert left.get_marker() != right.get_marker()
    assert "ν = 1" in in_map.get_label()
