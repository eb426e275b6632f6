"""Functions without a minimum: the methods of second order and L-BFGS say so, and only there."""

import itertools
import math
import warnings

import numpy as np
import pytest

from mlcourse.exceptions import ConvergenceWarning
from mlcourse.optimize import EmpiricalRisk, beale, lbfgs, newton, rosenbrock, trust_region, trust_region_step


class WithHessian:
    def __init__(self, value, gradient, hessian):
        self._value, self._gradient, self.hessian = value, gradient, hessian

    def __call__(self, x):
        return float(self._value(x)), self._gradient(x)


EXPONENTIAL = WithHessian(
    lambda x: -np.exp(x.sum()), lambda x: -np.exp(x.sum()) * np.ones(2), lambda x: -np.exp(x.sum()) * np.ones((2, 2))
)
DOME = WithHessian(lambda x: -x @ x / 2, lambda x: -x, lambda x: -np.eye(2))
CUBIC = WithHessian(lambda x: (x**3).sum(), lambda x: 3 * x**2, lambda x: np.diag(6 * x))
PLANE = WithHessian(lambda x: -x.sum(), lambda x: -np.ones(2), lambda x: np.zeros((2, 2)))
LEVELS_OFF = WithHessian(lambda x: np.exp(-x).sum(), lambda x: -np.exp(-x), lambda x: np.diag(np.exp(-x)))


def last(states):
    *_, state = states
    return state


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("method", "fun"),
    [*itertools.product([newton, trust_region], [EXPONENTIAL, DOME, CUBIC]), (trust_region, PLANE), (lbfgs, EXPONENTIAL)],
)
def test_values_that_fall_without_end_are_an_error_that_says_when(method, fun):
    states = []
    with pytest.raises(FloatingPointError) as error:
        for state in method(fun, [-0.1, -0.2], max_iter=2000):
            states.append(state)
    assert states[-1].value < -1e154 and all(math.isfinite(s.value) for s in states)
    assert str(error.value).startswith(f"the value fell to {states[-1].value:.3g} after step {states[-1].iteration}: ")
    assert "add a penalty" in str(error.value)


def test_values_far_below_zero_are_no_error_where_they_began_there():
    far = -1e200
    fun = WithHessian(lambda x: far + 1e190 * x @ x, lambda x: 2e190 * x, lambda x: 2e190 * np.eye(2))
    for method in (newton, trust_region):
        assert last(method(fun, [1.0, 2.0], tol=1e180)).gradient_norm <= 1e180


@pytest.mark.parametrize("fun", [PLANE, DOME, CUBIC])
def test_lbfgs_warns_where_the_slope_has_no_end(fun):
    with pytest.warns(ConvergenceWarning, match="after step 8 = max_iter, and in the last 8 steps .* seems to have no minimum"):
        last(lbfgs(fun, [-0.1, -0.2], max_iter=8))


@pytest.mark.parametrize("method", [newton, trust_region, lbfgs])
@pytest.mark.parametrize("tol", [1e-5, 1e-7])
def test_where_a_function_levels_off_they_warn(method, tol):
    with pytest.warns(ConvergenceWarning, match=f"{method.__name__} ended after step .* without a minimum; add a penalty"):
        assert last(method(LEVELS_OFF, [0.0, 0.5], tol=tol)).gradient_norm <= tol


def separable(rng):
    d = int(rng.integers(1, 15))
    X = rng.standard_normal((int(rng.integers(d + 2, 100)), d)) * 10 ** rng.uniform(-1, 1)
    return X, (X @ rng.standard_normal(d) > 0).astype(int)


def endless(fun, x0, tol=1e-5):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        state = last(lbfgs(fun, x0, max_iter=3000, tol=tol))
    assert state.gradient_norm <= tol
    return any("without a minimum" in str(w.message) for w in seen)


def test_separable_classes_make_lbfgs_warn_and_a_penalty_does_not():
    rng = np.random.default_rng(0)
    warned = [0, 0]
    for _ in range(30):
        X, y = separable(rng)
        warned[0] += endless(EmpiricalRisk("logistic", X, y), np.zeros(X.shape[1]))
        alpha = 10 ** rng.uniform(-4, -2)
        warned[1] += endless(EmpiricalRisk("logistic", X, y, alpha=alpha), np.zeros(X.shape[1]))
    assert warned[0] >= 24 and warned[1] == 0


def test_where_there_is_a_minimum_lbfgs_does_not_warn():
    rng = np.random.default_rng(1)
    for f in (rosenbrock(), beale()):
        for _ in range(20):
            assert not endless(f, f.minimizer + rng.uniform(-1, 1, 2))
    for _ in range(40):
        d = int(rng.integers(1, 20))
        eigenvalues = 10 ** rng.uniform(-2, 2, d)
        fun = lambda x: (float(x @ (eigenvalues * x)) / 2, eigenvalues * x)  # noqa: B023, E731
        x0 = rng.standard_normal(d)
        # Ended half-way its steps are still long; but the curvature is there.
        for tol in (1e-5, 0.1 * np.linalg.norm(fun(x0)[1])):
            assert not endless(fun, x0, tol)


@pytest.mark.parametrize("scale", [1e200, 1e307])
def test_the_exact_step_does_not_depend_on_the_functions_unit(scale):
    rng = np.random.default_rng(2)
    for _ in range(20):
        A, g, radius = rng.standard_normal((3, 3)), rng.standard_normal(3), 10 ** rng.uniform(-3, 1)
        plain = trust_region_step(g, A + A.T, radius)
        np.testing.assert_allclose(trust_region_step(scale * g, scale * (A + A.T), radius), plain, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("method", [newton, trust_region])
def test_a_product_in_place_of_a_hessian_is_told(method):
    with pytest.raises(TypeError, match=r"array of shape \(2, 2\) \(it returned a callable: products H v are not supported here\)"):
        last(method(DOME, [1.0, 2.0], lambda x: lambda v: -v))
