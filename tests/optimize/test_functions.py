"""Functions to minimise: derivatives by finite differences, minima, starts, wells, and bad parameters."""

import re

import numpy as np
import pytest

from mlcourse.optimize import Objective, beale, double_well, himmelblau, quadratic, rosenbrock

WELLS = [
    double_well(),
    double_well(n_features=2),
    double_well(levels=(0.5, -0.5), widths=(0.3, 0.3)),
    double_well(levels=(-0.4, 0.1), widths=(0.5, 0.2), centers=(-2.0, 0.5), smoothing=0.1, n_features=2),
]
PLANE = [rosenbrock(), beale(), himmelblau()]
BOWLS = [
    quadratic([3.0]),
    quadratic([1.0, 100.0]),
    quadratic([1.0, 10.0], angle=0.7, minimizer=[2.0, -1.0]),
    quadratic([1.0, 2.0, 5.0], start=[4.0, 0.0, 1.0]),
]
ALL = WELLS + PLANE + BOWLS
IDS = [f"{f.name} {i}" for i, f in enumerate(ALL)]


def random_points(f, n, seed=0):
    low, high = np.array(f.limits).T
    return np.random.default_rng(seed).uniform(low, high, size=(n, f.n_features))


@pytest.mark.parametrize("f", ALL, ids=IDS)
def test_derivatives_at_random_points(f):
    h = 1e-5
    steps = h * np.eye(f.n_features)
    for x in random_points(f, 50):
        value, gradient = f(x)
        assert type(value) is float and value == f.value(x)
        slopes = (f.value(x + steps) - f.value(x - steps)) / (2 * h)
        size = 1 + np.abs(f.hessian(x)).max() + abs(value)
        np.testing.assert_allclose(gradient, slopes, atol=1e-7 * size)
        curvatures = (f.gradient(x + steps) - f.gradient(x - steps)) / (2 * h)
        np.testing.assert_allclose(f.hessian(x), curvatures, atol=1e-7 * size)
        np.testing.assert_array_equal(f.hessian(x), f.hessian(x).T)
        np.testing.assert_array_equal(gradient, f.gradient(x))


@pytest.mark.parametrize("f", ALL, ids=IDS)
def test_minima(f):
    np.testing.assert_allclose(f.gradient(f.minimizers), 0, atol=1e-13)
    assert np.linalg.eigvalsh(f.hessian(f.minimizers)).min() > 0.1
    assert f.minimum == f.value(f.minimizers).min() and f(f.minimizer)[0] == f.minimum
    grid = random_points(f, 20_000)
    assert f.value(grid).min() >= f.minimum
    low, high = np.array(f.limits).T
    assert ((low < f.minimizers) & (f.minimizers < high)).all(), "the picture shows every minimum"
    assert ((low <= f.start) & (f.start <= high)).all()
    assert f.start.shape == f.minimizer.shape == (f.n_features,)


@pytest.mark.parametrize("f", ALL, ids=IDS)
def test_many_points_at_once(f):
    points = random_points(f, 12).reshape(3, 4, f.n_features)
    values, gradients, hessians = f.value(points), f.gradient(points), f.hessian(points)
    d = f.n_features
    assert (values.shape, gradients.shape, hessians.shape) == ((3, 4), (3, 4, d), (3, 4, d, d))
    for i, j in np.ndindex(3, 4):
        assert values[i, j] == pytest.approx(f.value(points[i, j]), rel=1e-13)
        np.testing.assert_allclose(gradients[i, j], f.gradient(points[i, j]), rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(hessians[i, j], f.hessian(points[i, j]), rtol=1e-12, atol=1e-12)


def test_known_values():
    assert rosenbrock()([-1.2, 1.0])[0] == pytest.approx(24.2) and rosenbrock().start.tolist() == [-1.2, 1.0]
    assert beale()([0.0, 0.0])[0] == pytest.approx(1.5**2 + 2.25**2 + 2.625**2)
    assert beale().start.tolist() == [1.0, 1.0] and beale().minimizer.tolist() == [3.0, 0.5]
    assert himmelblau()([-0.270845, -0.923039])[0] == pytest.approx(181.617, abs=1e-3)
    four = [[3, 2], [-2.805118, 3.131312], [-3.779310, -3.283186], [3.584428, -1.848126]]
    np.testing.assert_allclose(himmelblau().minimizers, four, atol=1e-5)
    assert [f.minimum for f in (rosenbrock(), beale(), himmelblau())] == [0, 0, 0]
    assert np.linalg.cond(rosenbrock().hessian([1.0, 1.0])) == pytest.approx(2508, rel=1e-3)


def test_quadratic():
    f = quadratic([1.0, 10.0], angle=np.pi / 6, minimizer=[1.0, 2.0])
    eigenvalues, axes = np.linalg.eigh(f.hessian(f.start))
    np.testing.assert_allclose(eigenvalues, [1, 10], rtol=1e-13)
    assert abs(axes[:, 0] @ [np.cos(np.pi / 6), np.sin(np.pi / 6)]) == pytest.approx(1)
    np.testing.assert_allclose(np.abs((f.start - f.minimizer) @ axes), 1, rtol=1e-13)
    assert f.minimizer.tolist() == [1.0, 2.0] and f.minimum == 0 and f(f.start)[0] == pytest.approx(5.5)
    assert quadratic([2.0, 3.0], start=[5.0, 6.0]).start.tolist() == [5.0, 6.0]


# Wells


def test_wells_are_what_was_asked_for():
    f = double_well(levels=(0.3, -0.2), widths=(0.2, 0.5), centers=(-1.0, 2.0), smoothing=0.1)
    np.testing.assert_allclose(f.minimizers.ravel(), [-1, 2], atol=1e-6)
    np.testing.assert_allclose(f.value(f.minimizers), [0.3, -0.2], atol=1e-6)
    np.testing.assert_allclose(f.hessian(f.minimizers).ravel(), [25, 4], rtol=1e-4)
    assert f.minimizer == f.minimizers[1], "the deeper one"
    for centers, w in (((-1.0, 1.0), 0.3), ((-0.2, 0.6), 0.43), ((-0.5, 0.9), 0.4)):
        f = double_well(widths=(w, w), centers=centers, levels=(-0.7, -0.7), smoothing=0.5)
        assert f.minimizer == f.minimizers[0], "of two equal ones the left one, whatever rounding says"


@pytest.mark.parametrize("f", WELLS)
def test_saddle(f):
    np.testing.assert_allclose(f.gradient(f.saddle), 0, atol=1e-11)
    eigenvalues = np.linalg.eigvalsh(f.hessian(f.saddle))
    assert eigenvalues[0] < 0 and (eigenvalues[1:] > 0).all(), "a top along the line of centres, a valley across"
    left, right = f.minimizers[:, 0]
    assert left < f.saddle[0] < right
    line = np.zeros((2001, f.n_features))
    line[:, 0] = np.linspace(left, right, 2001)
    assert f.value(line).max() == pytest.approx(f.value(f.saddle), abs=1e-4)
    assert np.argmax(f.value(line)) == pytest.approx(2000 * (f.saddle[0] - left) / (right - left), abs=1)


def test_the_curvature_has_a_bound():
    for f, widths in zip(WELLS, [(0.25, 0.75), (0.25, 0.75), (0.3, 0.3), (0.5, 0.2)]):
        assert np.linalg.eigvalsh(f.hessian(random_points(f, 2000))).max() <= (1 + 1e-12) / min(widths) ** 2


def test_boltzmann_at_the_temperature_of_the_smoothing_is_a_mixture():
    """exp(−f/τ) is the sum of two Gaussians of weights w_k exp(−v_k/τ), by quadrature."""
    tau, levels, widths = 0.3, np.array([0.1, 0.0]), np.array([0.2, 0.6])
    f = double_well(levels=tuple(levels), widths=tuple(widths), smoothing=tau)
    x = np.linspace(-8, 8, 160_001)
    density = np.exp(-f.value(x[:, None]) / tau)
    step = x[1] - x[0]
    weights = widths * np.exp(-levels / tau)
    assert density.sum() * step == pytest.approx(np.sqrt(2 * np.pi * tau) * weights.sum(), rel=1e-9)
    assert (density * x).sum() / density.sum() == pytest.approx((weights * [-1, 1]).sum() / weights.sum(), rel=1e-9)


def test_shallow_and_merged_wells():
    """Down to the shallowest pass both minima are found; where there is one, it is said."""
    found = []
    for smoothing in np.geomspace(0.01, 100, 60):
        try:
            f = double_well(widths=(0.5, 0.6), smoothing=smoothing)
        except ValueError as error:
            assert "give one minimum only" in str(error)
            found.append(False)
        else:
            assert f.value(f.saddle) > f.value(f.minimizers).max()
            found.append(True)
    assert found[0] and not found[-1] and found == sorted(found, reverse=True), "two wells up to some smoothing, one from there on"


def test_far_away():
    for f in WELLS:
        value, gradient = f(np.full(f.n_features, 1e6))
        assert value > 1e11 and (gradient > 0).all()
    with np.errstate(all="raise"):  # whoever minimises says that the value is not finite
        assert rosenbrock()([1e200, 0.0])[0] == np.inf


@pytest.mark.parametrize(
    "make, options, message",
    [
        (quadratic, {"eigenvalues": [1.0, 0.0]}, "eigenvalues must all be > 0 (they were [1.0, 0.0])"),
        (quadratic, {"eigenvalues": [1.0, -2.0]}, "eigenvalues must all be > 0"),
        (quadratic, {"eigenvalues": []}, "eigenvalues has 0 sample(s)"),
        (quadratic, {"eigenvalues": [1.0, 2.0, 3.0], "angle": 1.0}, "angle turns two variables only (there are 3 eigenvalues)"),
        (quadratic, {"eigenvalues": [1.0], "minimizer": [0.0, 0.0]}, "minimizer must have 1 entries, one a variable (it had 2)"),
        (quadratic, {"eigenvalues": [1.0], "start": [np.nan]}, "start must hold finite numbers"),
        (double_well, {"widths": (0.5, 0.0)}, "widths must both be > 0 (they were (0.5, 0.0))"),
        (double_well, {"widths": (0.5,)}, "widths must be a pair of numbers (it had 1)"),
        (double_well, {"centers": (1.0, -1.0)}, "centers must be the left and the right one (they were (1.0, -1.0))"),
        (double_well, {"smoothing": 0.0}, "smoothing must be a number with 0 < smoothing (it was 0.0)"),
        (double_well, {"n_features": 3}, "n_features must be an integer with 1 <= n_features <= 2 (it was 3)"),
        (double_well, {"levels": (0.0, 40.0)}, "give one minimum only: move the centers apart"),
    ],
)
def test_bad_parameters(make, options, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        make(**options)


def test_bad_points():
    with pytest.raises(ValueError, match=re.escape("Rosenbrock takes points of 2 number(s) along the last axis (their shape was (3,))")):
        rosenbrock()([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=re.escape("(their shape was ())")):
        double_well().value(1.0)
    assert isinstance(rosenbrock(), Objective)


def test_what_is_given_away_is_a_copy():
    f = quadratic([1.0, 2.0])
    f.minimizer[0] = f.hessian(f.start)[0, 0] = 7.0
    assert f.minimizer.tolist() == [0, 0] and f.hessian(f.start)[0, 0] == 1.0
