"""Newton's method: quadratic convergence, the shift, and how it ends."""

import itertools
import math
import warnings

import numpy as np
import pytest
import scipy.optimize

from mlcourse.exceptions import ConvergenceWarning
from mlcourse.optimize import EmpiricalRisk, NewtonState, beale, newton, newton_step, quadratic, rosenbrock

ROUNDING = 100 * np.finfo(float).eps


def last(states):
    *_, state = states
    return state


def logistic(seed=0, n=300, d=5, alpha=0.01):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, d))
    return EmpiricalRisk("logistic", X, rng.random(n) < 1 / (1 + np.exp(-2 * X[:, 0])), alpha=alpha)


class Bumpy:
    """Waves in a bowl: several minima, and places where the Hessian is indefinite."""

    def __init__(self, rng):
        d = int(rng.integers(1, 6))
        self.start = 3 * rng.standard_normal(d)
        self.waves, self.phases = 2 * rng.standard_normal((4, d)), rng.uniform(0, 6, 4)
        self.heights = rng.standard_normal(4)

    def __call__(self, x):
        z = self.waves @ x + self.phases
        return float(self.heights @ np.cos(z) + x @ x / 2), x - self.waves.T @ (self.heights * np.sin(z))

    def hessian(self, x):
        z = self.waves @ x + self.phases
        return np.eye(len(x)) - (self.waves.T * (self.heights * np.cos(z))) @ self.waves


class ArcTangent:
    """f' = arctan: bare Newton diverges from |x| > 1.39."""

    def __call__(self, x):
        return float((x * np.arctan(x) - np.log1p(x * x) / 2).sum()), np.arctan(x)

    def hessian(self, x):
        return np.diag(1 / (1 + x * x))


def test_the_step_solves_the_equation():
    rng = np.random.default_rng(0)
    for _ in range(100):
        A, g = rng.standard_normal((4, 4)), rng.standard_normal(4)
        p = newton_step(g, A + A.T)
        np.testing.assert_allclose((A + A.T) @ p, -g, atol=1e-6)
    with pytest.raises(np.linalg.LinAlgError, match="(?i)singular"):
        newton_step([1.0, 1.0], [[1.0, 1.0], [1.0, 1.0]])
    with pytest.raises(ValueError, match=r"hessian must be symmetric \(it differed by 1\)"):
        newton_step([1.0, 1.0], [[1.0, 1.0], [0.0, 1.0]])
    with pytest.raises(ValueError, match=r"hessian must have shape \(2, 2\)"):
        newton_step([1.0, 1.0], np.eye(3))
    with pytest.raises(ValueError, match="gradient"):
        newton_step([math.nan, 1.0], np.eye(2))


@pytest.mark.parametrize("step", ["full", "halving"])
def test_a_quadratic_takes_one_step(step):
    f = quadratic([1.0, 100.0], angle=0.3, minimizer=[2.0, -1.0])
    states = list(newton(f, [5.0, 7.0], step=step))
    assert [s.iteration for s in states] == [0, 1]
    np.testing.assert_allclose(states[1].parameters, [2.0, -1.0], rtol=1e-12)
    assert (states[1].step_length, states[1].shift, states[1].evaluations) == (1.0, 0.0, 2)
    # Units do not matter: one unit of the second variable is 1e9 of the first.
    _, scaled = newton(quadratic([1.0, 1e18], minimizer=[2.0, -1.0]), [5.0, 7.0], step=step, tol=1e-3)
    assert scaled.shift == 0
    assert math.isnan(states[0].step_length) and math.isnan(states[0].shift) and math.isnan(states[0].learning_rate)


@pytest.mark.parametrize("f", [logistic(), rosenbrock(), beale()], ids=["logistic", "rosenbrock", "beale"])
def test_the_number_of_digits_doubles(f):
    start = {"Rosenbrock": [1.2, 1.2], "Beale": [3.1, 0.6]}.get(getattr(f, "name", ""), np.zeros(5))
    points = [s.parameters for s in newton(f, start, tol=0)]
    errors = np.array([np.linalg.norm(p - points[-1]) for p in points[:-1]])
    tail = errors[(errors < 0.3) & (errors > 1e-15)]
    assert len(tail) >= 3 and tail[-1] < 1e-4
    # e' ≤ C e², with a C that belongs to the function and not to the step; 1e-13: rounding.
    assert (tail[1:] <= 100 * tail[:-1] ** 2 + 1e-13).all()


def test_it_does_not_depend_on_the_coordinates():
    rng = np.random.default_rng(1)
    f = logistic(1)
    for _ in range(10):
        A, b = rng.standard_normal((5, 5)) * np.geomspace(1, 1e3, 5), rng.standard_normal(5)
        points = [s.parameters for s in newton(f, b, tol=1e-10)]

        def moved(z):
            value, gradient = f(A @ z + b)
            return value, A.T @ gradient

        others = newton(moved, np.zeros(5), lambda z: A.T @ f.hessian(A @ z + b) @ A, tol=0)
        others = [A @ s.parameters + b for s in itertools.islice(others, len(points))]
        assert len(points) > 4
        np.testing.assert_allclose(others, points, rtol=1e-6, atol=1e-6)


def test_never_uphill_and_to_a_minimum_with_a_shift_where_one_is_needed():
    rng = np.random.default_rng(2)
    shifted = 0
    for case in range(120):
        f = Bumpy(rng)
        states = list(newton(f, f.start))
        values = np.array([s.value for s in states])
        assert (np.diff(values) <= ROUNDING * np.abs(values[1:])).all()
        assert states[-1].gradient_norm <= 1e-8 and states[-1].iteration < 60
        assert np.linalg.eigvalsh(f.hessian(states[-1].parameters))[0] > -1e-6
        for before, after in itertools.pairwise(states[: 60 if case < 40 else 0]):
            H = f.hessian(before.parameters)
            lowest, largest = np.linalg.eigvalsh(H)[0], np.abs(np.linalg.eigvalsh(H)).max()
            assert (after.shift > 0) == (lowest < 1e-13 * largest)
            if after.shift:
                assert lowest + after.shift == pytest.approx(max(-lowest, 1.5e-8 * largest), rel=1e-2)
                shifted += 1
            direction = newton_step(f(before.parameters)[1], H + after.shift * np.eye(len(H)))
            np.testing.assert_allclose(
                after.parameters, before.parameters + after.step_length * direction, rtol=1e-9, atol=1e-9
            )
    assert shifted > 40


def test_bare_newton_goes_uphill_where_halving_does_not():
    class Cosine:
        def __call__(self, x):
            return float(np.cos(x[0])), -np.sin(x)

        def hessian(self, x):
            return np.array([[-np.cos(x[0])]])

    assert last(newton(Cosine(), [0.5], step="full")).value == pytest.approx(1)
    assert last(newton(Cosine(), [0.5])).value == pytest.approx(-1)
    with pytest.raises(FloatingPointError, match='after step [1-9].*use step="halving"'):
        list(newton(ArcTangent(), [2.0], step="full"))
    assert last(newton(ArcTangent(), [2.0])).gradient_norm < 1e-8
    assert any(s.step_length < 1 for s in newton(ArcTangent(), [2.0]))


def test_a_saddle_ends_it():
    states = list(newton(lambda x: (float(x[0] ** 2 - x[1] ** 2), 2 * x * [1, -1]), [0.0, 0.0], lambda x: np.diag([2, -2])))
    assert len(states) == 1


@pytest.mark.parametrize("offset", [1e3, -1e6])
def test_where_the_value_is_rounded_it_still_converges(offset):
    f = rosenbrock()

    def raised(x):
        return f(x)[0] + offset, f(x)[1]

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        state = last(newton(raised, [1.2, 1.2], f.hessian))
    assert state.gradient_norm <= 1e-8


def test_as_far_as_floats_go_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        states = list(newton(logistic(), np.zeros(5), tol=0))
    assert len(states) < 20 and states[-1].gradient_norm < 1e-15


def test_separable_classes_end_with_a_warning():
    X = np.array([[1.0, -2.0], [1.0, -1.0], [1.0, 1.0], [1.0, 3.0]])
    risk = EmpiricalRisk("logistic", X, [0, 0, 1, 1])
    with pytest.warns(ConvergenceWarning, match="without a minimum"):
        state = last(newton(risk, np.zeros(2)))
    assert state.gradient_norm <= 1e-8 and state.iteration < 40
    # To the end of floats it stops too: by itself, by max_iter, or with an error.
    try:
        assert last(newton(risk, np.zeros(2), tol=0)).value < 1e-9
    except FloatingPointError:
        pass


def test_a_wrong_gradient_ends_with_a_warning():
    with pytest.warns(ConvergenceWarning, match="gradient is the derivative"):
        states = list(newton(lambda x: (float(x @ x), -2 * x), [1.0], lambda x: np.array([[2.0]])))
    assert len(states) == 1


def test_features_that_repeat_each_other():
    rng = np.random.default_rng(3)
    X = rng.standard_normal((200, 3))
    y = rng.random(200) < 0.5
    one, two = (last(newton(EmpiricalRisk("logistic", A, y), np.zeros(A.shape[1]))) for A in (X, np.c_[X, X]))
    assert two.gradient_norm <= 1e-8
    assert two.value == pytest.approx(one.value, rel=1e-12)


def test_same_minimum_as_scipy():
    for seed in range(5):
        f = logistic(seed, d=8)
        for method in ("Newton-CG", "trust-exact"):
            theirs = scipy.optimize.minimize(f, np.zeros(8), jac=True, hess=f.hessian, method=method, tol=1e-9)
            ours = last(newton(f, np.zeros(8)))
            assert ours.value == pytest.approx(theirs.fun, rel=1e-8)
            np.testing.assert_allclose(ours.parameters, theirs.x, atol=1e-6)
        assert ours.evaluations <= 1.3 * theirs.nfev + 5


def test_structures_and_float32():
    f = logistic()

    def fun(tree):
        value, gradient = f(np.concatenate([tree["w"].ravel(), tree["b"]]).astype(np.float64))
        return value, {"w": gradient[:4].reshape(2, 2), "b": gradient[4:]}

    def hessian(tree):
        return f.hessian(np.concatenate([tree["w"].ravel(), tree["b"]]).astype(np.float64))

    x0 = {"w": np.zeros((2, 2), np.float32), "b": np.zeros(1, np.float32)}
    state = last(newton(fun, x0, hessian, tol=1e-6))
    assert isinstance(state, NewtonState) and state.parameters["w"].shape == (2, 2)
    assert state.parameters["w"].dtype == state.parameters["b"].dtype == np.float32
    found = [*state.parameters["w"].ravel(), *state.parameters["b"]]
    np.testing.assert_allclose(found, last(newton(f, np.zeros(5))).parameters, atol=1e-5)
    assert not x0["w"].any()


def test_what_is_not_finite():
    f = quadratic([1.0, 2.0])
    with pytest.raises(FloatingPointError, match="the value is not finite at the start"):
        list(newton(lambda x: (math.nan, x), [1.0], f.hessian))
    with pytest.raises(FloatingPointError, match="the Hessian is not finite"):
        list(newton(f, [1.0, 1.0], lambda x: np.full((2, 2), math.nan)))
    with pytest.raises(FloatingPointError, match="value is not finite after step 1.*start nearer"):
        list(newton(lambda x: (0.0 if x[0] == 1 else math.nan, x), [1.0], lambda x: np.eye(1)))
    with pytest.raises(FloatingPointError, match='the Hessian is singular at the start: use step="halving"'):
        list(newton(f, [1.0, 1.0], lambda x: np.ones((2, 2)), step="full"))
    turning = lambda x: np.eye(2) if x[0] == 1 else np.ones((2, 2))  # noqa: E731
    with pytest.raises(FloatingPointError, match="the Hessian is singular after step 1"):
        list(newton(f, [1.0, 1.0], turning, step="full"))


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"fun": 3}, TypeError, "fun must be callable"),
        ({"hessian": None}, TypeError, "hessian must be given"),
        ({"hessian": np.eye(1)}, TypeError, "hessian must be callable"),
        ({"x0": [math.nan]}, ValueError, "x0"),
        ({"step": "half"}, ValueError, "step must be one of"),
        ({"max_iter": -1}, ValueError, "max_iter"),
        ({"tol": -1.0}, ValueError, "tol"),
        ({"tol": math.nan}, ValueError, "tol"),
    ],
)
def test_bad_input_is_said_at_the_call(change, error, message):
    arguments = {"fun": lambda x: (float(x @ x), 2 * x), "x0": [1.0], "hessian": lambda x: np.eye(1), **change}
    with pytest.raises(error, match=message):
        newton(**arguments)


@pytest.mark.parametrize(
    ("returned", "error", "message"),
    [
        (np.eye(2), ValueError, r"hessian must return an array of shape \(1, 1\)"),
        ("H", TypeError, "hessian must return an array of real numbers"),
    ],
)
def test_a_bad_hessian(returned, error, message):
    with pytest.raises(error, match=message):
        list(newton(lambda x: (float(x @ x), 2 * x), [1.0], lambda x: returned))
