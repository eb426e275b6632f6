"""Splines, the kernel's transform and the convolution against their definitions."""

import numpy as np
import pytest
from scipy.interpolate import BSpline

from mlcourse.manifold import MeshConvolution, cubic_spline_weights, kernel_transform
from mlcourse.manifold.mesh import smooth_number

RNG = np.random.default_rng(0)


def kernel(sq_distances, nu):
    return (1 + sq_distances / nu) ** (-(nu + 1) / 2)


# Splines


def test_weights_are_the_cubic_b_spline():
    spline = BSpline.basis_element(np.arange(-2.0, 3.0), extrapolate=False)  # centred at 0, knots a step apart
    f = np.r_[0, RNG.random(5000), 1 - 1e-7]
    weights, slopes = cubic_spline_weights(f)
    assert weights.shape == slopes.shape == (4, 5002) and weights.dtype == slopes.dtype == np.float32
    for tap, place in enumerate((-1, 0, 1, 2)):
        np.testing.assert_allclose(weights[tap], np.nan_to_num(spline(f - place)), atol=3e-7)
        np.testing.assert_allclose(slopes[tap], np.nan_to_num(spline.derivative()(f - place)), atol=1e-6)


def test_weights_share_out_one_charge_in_its_place():
    f = RNG.random(9000)  # more than one product of the loop
    weights, slopes = cubic_spline_weights(f)
    places = np.arange(-1, 3)[:, None]
    assert weights.min() > -1e-7  # none negative, but for rounding
    np.testing.assert_allclose(weights.sum(axis=0, dtype=float), 1, atol=3e-7)
    np.testing.assert_allclose((weights * places).sum(axis=0), f, atol=1e-6)  # the centre of charge
    np.testing.assert_allclose(slopes.sum(axis=0, dtype=float), 0, atol=1e-6)
    np.testing.assert_allclose((slopes * places).sum(axis=0), 1, atol=1e-6)


def test_slopes_are_the_derivative_of_the_weights():
    f, h = 0.05 + 0.9 * RNG.random(100), 1e-2
    forward, backward = (cubic_spline_weights(f + step)[0].astype(float) for step in (h, -h))
    _, slopes = cubic_spline_weights(f)
    np.testing.assert_allclose((forward - backward) / (2 * h), slopes, atol=1e-4)  # error h²/6 · |w'''| ≤ 5e-5


# The kernel's transform


@pytest.mark.parametrize("nu", [0.5, 1, 3])
@pytest.mark.parametrize("shape", [(16, 24), (15, 9), (32, 1)])
def test_transform_is_that_of_the_kernel_divided_by_the_splines_squared(shape, nu):
    step = 0.3
    transform, smallest = kernel_transform(shape, step, nu, low_pass=False)
    assert transform.shape == (shape[0], shape[1] // 2 + 1) and transform.dtype == float
    # All by plain sums over the periodic mesh: the kernel, and the spline at mesh points, (1, 4, 1)/6 around 0.
    x, y = np.meshgrid(np.arange(shape[0]), np.arange(shape[1]), indexing="ij")
    x, y = np.where(x > shape[0] / 2, x - shape[0], x), np.where(y > shape[1] / 2, y - shape[1], y)
    values = kernel(step**2 * (x**2 + y**2), nu)
    spline = np.select([x == 0, abs(x) == 1], [4 / 6, 1 / 6])
    if shape[1] > 1:
        spline = spline * np.select([y == 0, abs(y) == 1], [4 / 6, 1 / 6])
    else:
        spline = spline * (y == 0)
    assert smallest == pytest.approx(values.min(), rel=1e-12)
    for u in range(0, shape[0], 3):
        for v in range(0, transform.shape[1], 2):
            wave = np.exp(-2j * np.pi * (u * x / shape[0] + v * y / shape[1]))
            expected = np.sum((values - values.min()) * wave) / np.sum(spline * wave) ** 2
            assert abs(expected.imag) < 1e-9  # the kernel is symmetric
            assert transform[u, v] == pytest.approx(expected.real, rel=1e-8, abs=1e-8)


def test_transform_is_symmetric():
    transform, _ = kernel_transform((12, 12), 0.4)
    whole = transform[:, :7]
    np.testing.assert_allclose(whole[1:], whole[:0:-1], rtol=1e-12)  # k_x and −k_x
    np.testing.assert_allclose(whole[:7], whole[:7].T, rtol=1e-10, atol=1e-12)  # x and y


def test_low_pass_leaves_out_the_short_waves_only():
    passed, _ = kernel_transform((40, 40), 0.45, low_pass=True)
    whole, _ = kernel_transform((40, 40), 0.45, low_pass=False)
    frequency = np.hypot.outer(2 * np.minimum(np.arange(40), 40 - np.arange(40)) / 40, np.arange(21) / 20)
    np.testing.assert_allclose(passed[frequency <= 0.4], whole[frequency <= 0.4], rtol=1e-12)
    assert abs(passed[frequency >= 0.75]).max() < 1e-12 * abs(whole).max()
    factor = (passed / whole)[(frequency > 0.4) & (frequency < 0.75)]
    assert (factor > 0).all() and (factor < 1).all()
    np.testing.assert_allclose(
        factor, (1 + np.cos(np.pi * (frequency[(frequency > 0.4) & (frequency < 0.75)] - 0.4) / 0.35)) / 2, rtol=1e-9
    )


def test_a_tiny_mesh_keeps_its_digits():
    """The kernel is 1 to ten digits; what is left after its smallest value is taken off is −d²(ν+1)/2ν, a parabola."""
    step, nu = 1e-6, 1.0
    transform, smallest = kernel_transform((20, 20), step, nu, low_pass=False)
    assert smallest == pytest.approx(1, abs=1e-9)
    assert transform[0, 0] == pytest.approx(
        sum((200 - i**2 - j**2) * step**2 for i in range(-9, 11) for j in range(-9, 11)), rel=1e-4
    )


# The convolution


def b_spline_matrix(n):
    """Values at mesh points of a field whose coefficients are given: (1, 4, 1)/6, periodic."""
    return (4 * np.eye(n) + np.roll(np.eye(n), 1, 0) + np.roll(np.eye(n), -1, 0)) / 6


@pytest.mark.parametrize("nu", [0.5, 1, 3])
@pytest.mark.parametrize("shape", [(9, 12), (15, 10), (20, 1)])
def test_convolution_is_the_direct_sum(shape, nu):
    """Charges on mesh points, spread with splines, and the field there, read with splines: Σ_j q_j k(‖x_i − x_j‖).

    Spreading and reading each smooth once, and the transform is divided by the spline's squared: so nothing remains of it.
    """
    step = 0.4
    mesh = MeshConvolution(shape, step, nu, low_pass=False)
    rows, columns = shape
    wide = 2 * columns if columns > 1 else 1
    assert mesh.charges.shape == (rows, wide) and not mesh.charges.any()
    # Spread charges reach a point farther, so none lies at the edge.
    inside = np.zeros((rows, columns))
    core = (slice(2, -2), slice(2, -2) if columns > 1 else slice(None))
    inside[core] = RNG.standard_normal(inside[core].shape)
    spread = b_spline_matrix(rows) @ inside
    if columns > 1:
        spread = spread @ b_spline_matrix(columns)
    mesh.charges[:, :columns] = spread
    field = mesh()[:, :columns].astype(float)
    read = (b_spline_matrix(rows) @ field)[1:-1]  # the outermost rows lack a neighbour
    if columns > 1:
        read = (read @ b_spline_matrix(columns))[:, 1:-1]
    x, y = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
    sq_distances = sum(np.subtract.outer(each.ravel(), each.ravel()) ** 2 for each in (x, y)) * step**2
    expected = ((kernel(sq_distances, nu) - mesh.smallest) @ inside.ravel()).reshape(shape)[1:-1]
    expected = expected[:, 1:-1] if columns > 1 else expected
    np.testing.assert_allclose(read, expected, atol=2e-5 * abs(expected).max())


@pytest.mark.parametrize("low_pass", [True, False])
@pytest.mark.parametrize("shape", [(9, 12), (25, 16), (30, 1)])
def test_convolution_is_the_product_of_transforms(shape, low_pass):
    """As NumPy has it, padded to twice the size; with the parts left out that are 0."""
    mesh = MeshConvolution(shape, 0.45, 1.0, low_pass)
    rows, columns = shape
    padded = (2 * rows, 2 * columns if columns > 1 else 1)
    transform, smallest = kernel_transform(padded, 0.45, 1.0, low_pass)
    assert mesh.smallest == smallest
    for _ in range(3):  # nothing of a call is left in the next
        charges = np.zeros(padded)
        charges[:rows, :columns] = RNG.standard_normal(shape)
        mesh.charges[:] = charges[:rows]
        expected = np.fft.irfft2(np.fft.rfft2(charges) * transform, padded)[:rows, :columns]
        np.testing.assert_allclose(mesh()[:, :columns], expected, atol=1e-5 * abs(expected).max())


def test_no_charge_is_felt_around_the_edge():
    mesh = MeshConvolution((30, 30), 0.45, 1.0)
    mesh.charges[1, 1] = 1
    field = mesh().copy()
    assert field[28, 28] < 0.02 * field[1, 1] and field[28, 1] < 0.05 * field[1, 1]  # periodic, they would be near 1
    along = field[1:, 1]
    assert (np.diff(along[3:]) < 1e-3 * field[1, 1]).all()


def test_smooth_numbers():
    def has_only_small_factors(number):
        for prime in (2, 3, 5):
            while number % prime == 0:
                number //= prime
        return number == 1

    smooth = [number for number in range(1, 3000) if has_only_small_factors(number)]
    for at_least in range(1, 2000):
        assert smooth_number(at_least) == min(number for number in smooth if number >= at_least)
