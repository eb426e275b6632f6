"""Halving, and the search for the strong Wolfe conditions."""

import math

import numpy as np
import pytest

from mlcourse.optimize import LineSearchResult, backtracking, wolfe_line_search

ROUNDING = 100 * np.finfo(float).eps


def bumpy(rng):
    """A smooth function in a few dimensions with several minima, and a place with a way down."""
    d = int(rng.integers(1, 6))
    waves, phases, heights = 2 * rng.standard_normal((4, d)), rng.uniform(0, 6, 4), rng.standard_normal(4)

    def fun(x):
        z = waves @ x + phases
        return float(heights @ np.cos(z) + x @ x / 2), x - waves.T @ (heights * np.sin(z))

    x = 3 * rng.standard_normal(d)
    value, gradient = fun(x)
    metric = rng.standard_normal((d, d))
    direction = -(metric @ metric.T + 0.1 * np.eye(d)) @ gradient
    return fun, x, value, gradient, direction


def counted(fun):
    def wrapper(x):
        wrapper.points.append(x.copy())
        return fun(x)

    wrapper.points = []
    return wrapper


def test_backtracking_takes_the_first_of_its_steps_that_lowers_the_value_enough():
    rng = np.random.default_rng(0)
    for _ in range(300):
        fun, x, value, gradient, direction = bumpy(rng)
        c, shrink, first = rng.uniform(1e-4, 0.5), rng.uniform(0.1, 0.9), 10 ** rng.uniform(-1, 2)
        options = {"step_length": first, "sufficient_decrease": c, "shrink": shrink, "max_evaluations": 300}
        fun = counted(fun)
        found = backtracking(fun, x, value, gradient, direction, **options)
        assert found.success and found.evaluations == len(fun.points)
        steps = first * shrink ** np.arange(found.evaluations)
        falls = np.array([fun(x + a * direction)[0] for a in steps]) <= value + c * steps * (gradient @ direction)
        assert falls[-1] and not falls[:-1].any()
        assert found.step_length == pytest.approx(steps[-1], rel=1e-12)
        np.testing.assert_allclose(found.parameters, x + steps[-1] * direction, rtol=1e-12, atol=1e-12)
        assert (found.value, *found.gradient) == (fun(found.parameters)[0], *fun(found.parameters)[1])


@pytest.mark.parametrize("curvature", [0.01, 0.1, 0.9])
def test_a_wolfe_step_fulfils_both_conditions(curvature):
    rng = np.random.default_rng(1)
    evaluations = []
    for _ in range(200):
        fun, x, value, gradient, direction = bumpy(rng)
        fun = counted(fun)
        first = 10 ** rng.uniform(-2, 2) / np.linalg.norm(direction)
        c1 = curvature * rng.choice([1e-3, 0.5])
        options = {"step_length": first, "sufficient_decrease": c1, "curvature": curvature}
        found = wolfe_line_search(fun, x, value, gradient, direction, **options)
        slope = gradient @ direction
        assert found.success and found.evaluations == len(fun.points)
        assert found.value <= value + c1 * found.step_length * slope + ROUNDING * abs(value)
        assert abs(found.gradient @ direction) <= curvature * -slope * (1 + 1e-9)
        np.testing.assert_allclose(found.parameters, x + found.step_length * direction, rtol=1e-12, atol=1e-12)
        evaluations.append(found.evaluations)
    assert np.mean(evaluations) < {0.01: 7, 0.1: 5.5, 0.9: 4}[curvature]


@pytest.mark.parametrize("search", [backtracking, wolfe_line_search])
def test_a_point_without_finite_value_is_too_far(search):
    def barrier(x):
        with np.errstate(all="ignore"):
            return float(-np.log(1 - x[0]) - 2 * x[0]), 1 / (1 - x) - 2

    found = search(barrier, [0.0], 0.0, [-1.0], [1000.0])
    assert found.success and found.finite and 0 < found.parameters[0] < 1 and found.value < 0


@pytest.mark.parametrize("search", [backtracking, wolfe_line_search])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_nothing_finite_anywhere_is_said(search, value):
    found = search(lambda x: (value, x), [1.0, 2.0], 5.0, [1.0, 1.0], [-1.0, 0.0], max_evaluations=7)
    assert isinstance(found, LineSearchResult)
    assert (found.success, found.finite, found.step_length, found.value) == (False, False, 0.0, 5.0)
    assert found.evaluations == 7 and found.parameters.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("search", [backtracking, wolfe_line_search])
def test_a_wrong_gradient_gives_no_step(search):
    found = search(lambda x: (float(x @ x), -2 * x), [1.0], 1.0, [-2.0], [2.0])
    assert (found.success, found.finite, found.step_length, found.value) == (False, True, 0.0, 1.0)
    assert found.evaluations < 70


def test_steps_below_the_resolution_of_floats_are_not_tried():
    found = backtracking(lambda x: (float(x @ x), -2 * x), [1e8], 1e16, [-2e8], [1.0])
    assert not found.success and found.evaluations < 35


def test_on_a_cubic_the_second_trial_is_the_minimum():
    cubic = lambda x: (float(x[0] ** 3 / 3 - x[0]), x**2 - 1)  # noqa: E731
    for first in (0.45, 1.5, 3.0):  # from below and from above
        found = wolfe_line_search(cubic, [0.0], 0.0, [-1.0], [1.0], step_length=first, curvature=0.01)
        assert found.evaluations == 2 and found.parameters[0] == pytest.approx(1, abs=1e-12)


def test_a_slope_without_end_gives_the_lowest_point_tried():
    fall = lambda x: (-float(x[0]), np.array([-1.0]))  # noqa: E731
    found = wolfe_line_search(fall, [0.0], 0.0, [-1.0], [1.0], max_evaluations=6)
    assert not found.success and found.evaluations == 6
    assert found.step_length > 100 and found.value == -found.step_length


@pytest.mark.parametrize("search", [backtracking, wolfe_line_search])
def test_where_the_values_are_equal_the_gradient_decides(search):
    # The step promises 1e-20, below the rounding of 1.
    def flat(x):
        return 1.0 + float(x @ x), 2 * x

    found = search(flat, [1e-10], 1.0, [2e-10], [-0.9e-10])
    assert found.success and found.step_length == 1 and found.evaluations == 1
    away = search(lambda x: (1.0, 3 * np.ones(1)), [1e-10], 1.0, [2e-10], [-0.9e-10])
    assert not away.success and away.step_length == 0


@pytest.mark.parametrize("search", [backtracking, wolfe_line_search])
def test_arrays_of_any_shape_and_float32(search):
    def bowl(x):
        assert x.dtype == np.float32 and x.shape == (2, 3)
        return float((x**2).sum()), 2 * x

    start = np.full((2, 3), 2, np.float32)
    found = search(bowl, start, *bowl(start), -8 * start)
    assert found.success and found.parameters.dtype == np.float32 and found.parameters.shape == (2, 3)
    assert (start == 2).all()


@pytest.mark.parametrize("search", [backtracking, wolfe_line_search])
@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"direction": [1.0, 0.0]}, ValueError, "direction must lead downhill"),
        ({"direction": [0.0, 0.0]}, ValueError, "direction must lead downhill"),
        ({"direction": [-1.0]}, ValueError, r"direction must have x's shape \(2,\)"),
        ({"gradient": [[1.0, 1.0]]}, ValueError, r"gradient must have x's shape \(2,\)"),
        ({"x": [math.nan, 0.0]}, ValueError, "x must hold finite"),
        ({"value": math.nan}, ValueError, "value"),
        ({"step_length": 0.0}, ValueError, "step_length"),
        ({"sufficient_decrease": 1.0}, ValueError, "sufficient_decrease"),
        ({"max_evaluations": 0}, ValueError, "max_evaluations"),
        ({"max_evaluations": 2.5}, TypeError, "max_evaluations"),
    ],
)
def test_bad_input(search, change, error, message):
    arguments = {"x": [1.0, 1.0], "value": 2.0, "gradient": [2.0, 2.0], "direction": [-1.0, -1.0], **change}
    with pytest.raises(error, match=message):
        search(lambda x: (float(x @ x), 2 * x), **arguments)


def test_bad_conditions():
    arguments = ([1.0], 1.0, [2.0], [-1.0])
    bowl = lambda x: (float(x @ x), 2 * x)  # noqa: E731
    with pytest.raises(ValueError, match="shrink"):
        backtracking(bowl, *arguments, shrink=1.0)
    with pytest.raises(ValueError, match="curvature"):
        wolfe_line_search(bowl, *arguments, curvature=1.0)
    with pytest.raises(ValueError, match="sufficient_decrease < curvature = 0.1"):
        wolfe_line_search(bowl, *arguments, curvature=0.1, sufficient_decrease=0.2)
