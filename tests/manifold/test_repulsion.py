"""Repulsion from a mesh against the plain sums, its symmetries, its mesh.

Errors of sums are relative to the largest sum of the map, those of Z to Z.  The tolerances are what was measured, with a
little room.
"""

import warnings

import numpy as np
import pytest

from mlcourse.manifold import MeshRepulsion, repulsion, squared_distances

SPREADS = [1e-5, 1e-4, 1e-2, 0.3, 1, 3, 10, 30]
# (mesh_step, low_pass): largest error of a sum, and of Z, over all random maps below.
ACCURACY = {
    (0.25, True): (0.03, 3e-4),
    (0.25, False): (0.01, 1e-4),
    (0.45, True): (0.25, 5e-3),
    (0.45, False): (0.08, 1e-3),
}


def plain(Y, nu=1.0):
    """Z and Σ_j k w (y_i − y_j), (n_components, n_samples)."""
    Y = Y.T.astype(float)
    weights = 1 / (1 + squared_distances(Y) / nu)
    kernel = weights ** ((nu + 1) / 2)
    np.fill_diagonal(kernel, 0)
    stiffness = kernel * weights
    return kernel.sum(), (stiffness.sum(axis=1)[:, None] * Y - stiffness @ Y).T


def normal_map(n, m, spread, seed=0):
    return (spread * np.random.default_rng(seed).standard_normal((m, n))).astype(np.float32)


def errors(found, expected):
    (Z, sums), (true_Z, true_sums) = found, expected
    return abs(sums - true_sums).max() / abs(true_sums).max(), abs(Z / true_Z - 1)


@pytest.mark.parametrize("nu", [0.5, 1, 3])
@pytest.mark.parametrize("m", [1, 2])
@pytest.mark.parametrize(("mesh_step", "low_pass"), ACCURACY)
def test_sums_and_normaliser_are_the_plain_ones(mesh_step, low_pass, m, nu):
    of_sums, of_Z = ACCURACY[mesh_step, low_pass]
    options = {"mesh_step": mesh_step, "low_pass": low_pass, "degrees_of_freedom": nu}
    for n in (60, 400):
        found = MeshRepulsion(n, m, **options)
        for spread in SPREADS:
            Y = normal_map(n, m, spread, seed=n)
            Z, sums = found(Y)
            assert isinstance(Z, float) and sums.shape == Y.shape and sums.dtype == np.float32
            sum_error, Z_error = errors((Z, sums), plain(Y, nu))
            assert sum_error < of_sums and Z_error < of_Z
            if spread < 0.5:  # the mesh step is then a twentieth of the map and the kernel smooth
                assert sum_error < 5e-3 and Z_error < 1e-5


def test_errors_on_a_finished_map(digits_descent):
    """Root mean square error of the sums and error of Z, both relative, on a map of digits that a mesh itself has made.

    There they are larger than on other maps: points settle where the mesh errs.
    """
    Y = np.ascontiguousarray(digits_descent.maps[-1].T)
    true_Z, true_sums = plain(Y)
    measured = {
        (0.25, True): (0.0077, 8e-5), (0.35, True): (0.039, 8e-4), (0.45, True): (0.093, 2.4e-3), (0.6, True): (0.18, 4.5e-3),
        (0.25, False): (0.0022, 2.3e-5), (0.35, False): (0.0081, 1e-4), (0.45, False): (0.021, 3.5e-4), (0.6, False): (0.053, 8.5e-4),
    }  # fmt: skip
    found = {}
    for case, (of_sums, of_Z) in measured.items():
        Z, sums = MeshRepulsion(Y.shape[1], mesh_step=case[0], low_pass=case[1])(Y)
        found[case] = np.linalg.norm(sums - true_sums) / np.linalg.norm(true_sums)
        assert found[case] < 1.2 * of_sums and abs(Z / true_Z - 1) < 1.5 * of_Z
    for low_pass in (True, False):  # a finer mesh is better
        each = [found[mesh_step, low_pass] for mesh_step in (0.25, 0.35, 0.45, 0.6)]
        assert all(fine < 0.6 * coarse for fine, coarse in zip(each, each[1:]))


@pytest.mark.parametrize("low_pass", [True, False])
@pytest.mark.parametrize("m", [1, 2])
def test_the_error_falls_as_the_step_does(m, low_pass):
    Y = normal_map(300, m, 5.0)
    expected = plain(Y)
    of_sums = [errors(MeshRepulsion(300, m, mesh_step=h, low_pass=low_pass)(Y), expected)[0] for h in (0.8, 0.4, 0.2, 0.1)]
    for coarse, fine in zip(of_sums, of_sums[1:]):
        assert fine < 0.5 * coarse
    assert of_sums[-1] < 1e-3


# Two points, one point


@pytest.mark.parametrize("m", [1, 2])
def test_a_lone_pair_pushes_symmetrically_along_its_line(m):
    rng = np.random.default_rng(1)
    for distance in (0.01, 0.3, 1.0, 3.0, 8.0):
        for _ in range(10):
            direction = rng.standard_normal(m)
            direction /= np.linalg.norm(direction)
            Y = np.float32([0 * direction, distance * direction]).T + rng.standard_normal((m, 1)).astype(np.float32)
            Z, sums = MeshRepulsion(2, m)(Y)
            true_Z, true_sums = plain(Y)
            strongest = 0.325  # the largest of d/(1 + d²)², at d = 1/√3
            np.testing.assert_allclose(sums[:, 0], -sums[:, 1], atol=0.02 * strongest)
            np.testing.assert_allclose(sums, true_sums, atol=0.08 * strongest)
            across = sums[:, 0] - (sums[:, 0] @ direction) * direction
            assert np.linalg.norm(across) < 0.06 * strongest
            assert Z == pytest.approx(true_Z, abs=0.08)


@pytest.mark.parametrize("low_pass", [True, False])
@pytest.mark.parametrize("m", [1, 2])
def test_a_point_does_not_push_itself(m, low_pass):
    """All others far away: what is left is their small force and what the table of the own share misses."""
    Y = normal_map(50, m, 0.5)
    own = MeshRepulsion(50, m, low_pass=low_pass)
    for shift in np.linspace(0, 0.45, 12):
        Y[:, 0] = 20 + shift
        Z, sums = own(Y)
        true_Z, true_sums = plain(Y)
        assert np.linalg.norm(sums[:, 0] - true_sums[:, 0]) < 1.5e-3
        assert Z == pytest.approx(true_Z, rel=1e-3)


@pytest.mark.parametrize("low_pass", [True, False])
@pytest.mark.parametrize("m", [1, 2])
def test_what_the_table_of_the_own_share_takes_off(m, low_pass):
    """Points that are all far apart: without the table each would be pushed towards mesh points, and count in Z."""
    x, y = np.meshgrid(*[30.2 * np.arange(7)] * 2)
    Y = np.float32([x.ravel(), y.ravel()] if m == 2 else [30.2 * np.arange(49)]) + normal_map(49, m, 1.0)
    found = MeshRepulsion(49, m, low_pass=low_pass)
    true_Z, true_sums = plain(Y)
    Z, sums = found(Y)
    left = abs(sums - true_sums).max()
    assert left < (5e-4 if low_pass else 1.5e-3) and Z == pytest.approx(true_Z, abs=2e-3)
    found._own_slopes[:], found._own_potential[:] = 0, 0
    Z, sums = found(Y)
    assert abs(sums - true_sums).max() > 10 * left and Z > true_Z + 45


def test_coincident_points_exert_no_force_but_count():
    for spread in (0.0, 3.0):
        Y = np.repeat(normal_map(5, 2, spread), 12, axis=1)
        Z, sums = MeshRepulsion(60)(Y)
        true_Z, true_sums = plain(Y)
        np.testing.assert_allclose(sums, true_sums, atol=0.2 * max(abs(true_sums).max(), 1e-7))
        assert Z == pytest.approx(true_Z, rel=0.02)


# Symmetries


@pytest.mark.parametrize("m", [1, 2])
@pytest.mark.parametrize(("mesh_step", "low_pass"), ACCURACY)
def test_a_shift_of_the_map_hardly_changes_anything(mesh_step, low_pass, m):
    of_sums, of_Z = ACCURACY[mesh_step, low_pass]
    for spread in (1e-3, 1, 10):
        Y = normal_map(200, m, spread)
        found = MeshRepulsion(200, m, mesh_step=mesh_step, low_pass=low_pass)
        Z, sums = found(Y)
        for shift in (0.1, 0.37, 1.0, 12.345, -7.0):
            moved_Z, moved = found(Y + np.float32(shift * spread))
            sum_error, Z_error = errors((moved_Z, moved), (Z, sums))
            assert sum_error < of_sums and Z_error < of_Z


def test_mirrored_or_transposed_maps_have_mirrored_or_transposed_sums():
    Y = normal_map(200, 2, 5.0)
    Z, sums = MeshRepulsion(200)(Y)
    for change in (lambda A: A[::-1], lambda A: -A, lambda A: A * np.float32([[1], [-1]])):
        other_Z, others = MeshRepulsion(200)(np.ascontiguousarray(change(Y)))
        sum_error, Z_error = errors((other_Z, change(others)), (Z, sums))
        assert sum_error < 0.1 and Z_error < 1e-3


def test_all_pushes_together_are_nothing():
    for spread in (1e-4, 1, 10):
        sums = MeshRepulsion(300)(normal_map(300, 2, spread))[1]
        assert abs(sums.sum(axis=1)).max() < 0.01 * abs(sums).sum()


def test_sums_are_the_slope_of_the_normaliser():
    """Z = Σ φ(y_i) − n, so dZ/dy_i = −2(ν+1)/ν Σ_j k w (y_i − y_j): also on the mesh, to its error."""
    for nu in (0.5, 1.0, 3.0):
        found = MeshRepulsion(40, mesh_step=0.2, low_pass=False, degrees_of_freedom=nu)
        Y, h = normal_map(40, 2, 2.0), 0.05
        _, sums = found(Y)
        for point in (0, 17):
            for axis in (0, 1):
                above, below = Y.copy(), Y.copy()
                above[axis, point] += h
                below[axis, point] -= h
                slope = (found(above)[0] - found(below)[0]) / (2 * h)
                assert slope == pytest.approx(-2 * (nu + 1) / nu * sums[axis, point], abs=0.02 * float(abs(sums).max()))


# The mesh


@pytest.fixture
def built(monkeypatch):
    """Shapes of the meshes that were made."""
    real, shapes = repulsion.MeshConvolution, []

    def recorded(shape, *options):
        shapes.append(tuple(shape))
        return real(shape, *options)

    monkeypatch.setattr(repulsion, "MeshConvolution", recorded)
    return shapes


@pytest.mark.parametrize("m", [1, 2])
def test_the_mesh_is_kept_while_the_map_hardly_changes(m, built):
    found = MeshRepulsion(200, m)
    Y = normal_map(200, m, 10.0)
    found(Y)
    assert len(built) == 1
    for k in range(10):
        found(Y + np.float32(0.45 * k / 10))
        found(Y * np.float32(1 + 0.001 * k))
    assert len(built) <= 2  # one cell more at most
    found(3 * Y)
    assert len(built) <= 3 and built[-1][0] > 2 * built[0][0]
    found(Y)
    assert built[-1][0] < 1.5 * built[0][0]  # much smaller: not the big mesh for ever


def test_a_descent_needs_few_meshes(built, digits_descent):
    found = MeshRepulsion(1797)
    for Y in digits_descent.maps:
        found(np.ascontiguousarray(Y.T))
    assert len(built) < 140  # measured: 115 in 601 maps; the map grows from 1e-4 to 30, and its mesh is never much too large
    assert all(repulsion.smooth_number(size) == size for shape in built for size in shape)


@pytest.mark.parametrize("step", [0.25, 0.45])
def test_the_mesh_reaches_all_points(step):
    """Points at the corners and edges, at cell borders and a rounding away from them."""
    for width in (1.0, 10 * step, 40 * step, 57.3):
        corners = np.float32([[0, 0, width, width, width / 2, 0], [0, width, 0, width, 0, width / 2]])
        for shift in (0.0, step, -step, 1e-7, -1e-7, 0.3):
            Y = np.repeat(corners + np.float32(shift), 10, axis=1)
            Y = Y + normal_map(60, 2, 1e-3)
            true_Z, true_sums = plain(Y)
            Z, sums = MeshRepulsion(60, mesh_step=step)(Y)
            # Within a heap of ten points the filter smooths the kernel's tip: measured 0.057 in the sums, 6 % of Z.
            assert abs(sums - true_sums).max() < 0.06 * max(1, abs(true_sums).max()) and Z == pytest.approx(true_Z, rel=0.07)


def test_the_mesh_is_scaled_with_a_narrow_kernel():
    assert MeshRepulsion(10, degrees_of_freedom=0.25).widest_step == pytest.approx(0.45 / 2)
    assert MeshRepulsion(10, degrees_of_freedom=4).widest_step == 0.45


def test_a_long_thin_map():
    Y = normal_map(300, 2, 1.0) * np.float32([[100], [0.01]])
    sum_error, Z_error = errors(MeshRepulsion(300)(Y), plain(Y))
    assert sum_error < 0.25 and Z_error < 0.015  # measured: 0.21 and 0.011


@pytest.mark.parametrize("m", [1, 2])
def test_a_map_too_wide_for_the_mesh_warns_and_stays_finite(m, monkeypatch):
    monkeypatch.setattr(repulsion, "_MOST", 2**12)
    for spread in (1e4, 1e8, 1e12):
        found = MeshRepulsion(100, m)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found(normal_map(100, m, 3.0))
        Y = normal_map(100, m, spread)
        with pytest.warns(RuntimeWarning, match=r"wide: the mesh step is widened to .* lower learning_rate, or set max_step_norm"):
            Z, sums = found(Y)
        assert np.prod(found.shape) < 1.3 * 2**12
        assert np.isfinite(sums).all() and 0 < Z < np.inf
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found(2 * Y)  # it has said so already
        Y = normal_map(100, m, 3.0)  # and back
        sum_error, Z_error = errors(found(Y), plain(Y))
        assert sum_error < 0.25 and Z_error < 5e-3


def test_a_widened_mesh_is_still_sensible(monkeypatch):
    monkeypatch.setattr(repulsion, "_MOST", 2**12)  # 64² instead of 160² points
    Y = normal_map(300, 2, 12.0)
    with pytest.warns(RuntimeWarning):
        Z, sums = MeshRepulsion(300)(Y)
    true_Z, true_sums = plain(Y)
    assert np.vdot(sums, true_sums) > 0.5 * np.linalg.norm(sums) * np.linalg.norm(true_sums)
    assert Z == pytest.approx(true_Z, rel=0.2)


def test_the_normaliser_stays_positive():
    """Two heaps so far apart that rounding of the heaps' own share is more than the pair's kernel."""
    for distance in (1e3, 1e4):
        for m in (1, 2):
            Y = np.zeros((m, 2), np.float32)
            Y[0, 1] = distance
            assert MeshRepulsion(2, m)(Y)[0] >= 2 / (1 + distance**2) * 0.999


def test_parameters_are_checked():
    for name, values in {
        "n_components": [0, 3, 1.5, None],
        "mesh_step": [0, -1, np.nan, None],
        "degrees_of_freedom": [0, -1, np.nan, None],
    }.items():
        for wrong in values:
            with pytest.raises((ValueError, TypeError), match=f"{name} must be"):
                MeshRepulsion(10, **{name: wrong})


@pytest.mark.parametrize("m", [1, 2])
def test_an_edge_that_rounds_to_the_other_side_of_a_mesh_line(m):
    ends = np.float32([-84.74965, 82.34999])
    Y = np.vstack([np.linspace(*ends, 100)] * m).astype(np.float32)
    Y[:, [0, -1]] = ends
    Z, sums = MeshRepulsion(100, m, mesh_step=0.45)(Y)
    assert np.isfinite(sums).all() and Z > 0
