"""L-BFGS: the two loops, the evaluations it needs, and how it ends."""

import itertools
import math
import warnings

import numpy as np
import pytest
import scipy.optimize
from sklearn.linear_model import LogisticRegression

from mlcourse.exceptions import ConvergenceWarning
from mlcourse.optimize import (
    EmpiricalRisk,
    LineSearchState,
    beale,
    himmelblau,
    lbfgs,
    quadratic,
    rosenbrock,
    two_loop_recursion,
    wolfe_line_search,
)

ROUNDING = 100 * np.finfo(float).eps


def last(states):
    *_, state = states
    return state


def logistic(seed, n=1000):
    rng = np.random.default_rng(seed)
    d = int(rng.integers(5, 50))
    X = rng.standard_normal((n, d)) * np.geomspace(1, 10 ** -rng.uniform(0, 2), d)
    y = rng.random(n) < 1 / (1 + np.exp(-2 * X @ rng.standard_normal(d)))
    return EmpiricalRisk("logistic", X, y, alpha=1 / n), np.zeros(d)


def bowl(seed):
    rng = np.random.default_rng(seed)
    d = int(rng.integers(2, 20))
    f = quadratic(np.geomspace(1, 1e3, d), minimizer=rng.standard_normal(d))
    return f, np.zeros(d)


def valley(x):
    return float(scipy.optimize.rosen(x)), scipy.optimize.rosen_der(x)


def dense_direction(gradient, steps, changes):
    """BFGS's updates written out with matrices."""
    B = np.eye(len(gradient))
    if len(steps):
        B *= steps[-1] @ changes[-1] / (changes[-1] @ changes[-1])
    for s, y in zip(steps, changes):
        rho = 1 / (s @ y)
        left = np.eye(len(s)) - rho * np.outer(s, y)
        B = left @ B @ left.T + rho * np.outer(s, s)
    return -B @ gradient


def test_the_two_loops_are_bfgs_without_its_matrix():
    rng = np.random.default_rng(0)
    for _ in range(200):
        d, k = int(rng.integers(1, 8)), int(rng.integers(0, 6))
        A = rng.standard_normal((d, d))
        steps = rng.standard_normal((k, d))
        changes = steps @ (A @ A.T + 0.5 * np.eye(d))
        g = rng.standard_normal(d)
        p = two_loop_recursion(g, steps, changes)
        np.testing.assert_allclose(p, dense_direction(g, steps, changes), rtol=1e-6, atol=1e-6 * np.abs(p).max())
        assert g @ p < 0
        if k:  # the secant condition of the newest pair
            np.testing.assert_allclose(two_loop_recursion(changes[-1], steps, changes), -steps[-1], atol=1e-6)
    assert two_loop_recursion([1.0, 2.0], [], []).tolist() == [-1.0, -2.0]


def test_with_exact_steps_it_ends_on_a_quadratic_after_as_many_as_there_are_variables():
    rng = np.random.default_rng(1)
    for d in (2, 5, 10):
        A = rng.standard_normal((d, d))
        H, x = A @ A.T + np.eye(d), rng.standard_normal(d)
        steps, changes, first = [], [], np.linalg.norm(H @ x)
        for _ in range(d + 1):
            p = two_loop_recursion(H @ x, steps, changes)
            s = -(x @ H @ p) / (p @ H @ p) * p
            steps, changes, x = [*steps, s], [*changes, H @ s], x + s
            if np.linalg.norm(H @ x) < 1e-9 * first:
                break
        assert np.linalg.norm(H @ x) < 1e-9 * first and len(steps) <= d + 1


@pytest.mark.parametrize("memory", [1, 3])
def test_its_states_are_those_of_its_parts(memory):
    """The ring of pairs holds the last `memory`, in their order."""
    f, x = logistic(3)
    value, gradient = f(x)
    steps, changes = [], []
    for old, new in itertools.islice(itertools.pairwise(lbfgs(f, x, memory=memory)), 12):
        np.testing.assert_allclose(old.parameters, x, rtol=1e-9, atol=1e-12)
        p = two_loop_recursion(gradient, steps, changes)
        first = 1.0 if steps else 1 / np.linalg.norm(gradient)
        found = wolfe_line_search(f, x, value, gradient, p, step_length=first)
        assert new.evaluations == old.evaluations + found.evaluations
        assert new.step_length == pytest.approx(found.step_length, rel=1e-9)
        steps = [*steps, found.parameters - x][-memory:]
        changes = [*changes, found.gradient - gradient][-memory:]
        x, value, gradient = found.parameters, found.value, found.gradient
        assert isinstance(new, LineSearchState) and new.value == pytest.approx(value, rel=1e-12)
        assert new.gradient_norm == pytest.approx(np.linalg.norm(gradient), rel=1e-6)


PROBLEMS = {
    **{f"logistic {seed}": (*logistic(seed), 1e-7) for seed in range(6)},
    **{f"quadratic {seed}": (*bowl(seed), 1e-6) for seed in range(4)},
    **{f"valley of {d}": (valley, np.tile([-1.2, 1.0], d)[:d], 1e-6) for d in (2, 5, 20)},
    **{f.name: (f, f.start, 1e-6) for f in (rosenbrock(), beale(), himmelblau())},
    "Beale from afar": (beale(), np.array([4.0, 1.0]), 1e-6),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_scipys_minimum_with_as_few_evaluations(name):
    f, x0, tol = PROBLEMS[name]
    norms = []

    def watched(x):
        value, gradient = f(x)
        norms.append(np.linalg.norm(gradient))
        return value, gradient

    options = {"ftol": 0, "gtol": tol / math.sqrt(len(x0)), "maxls": 50}
    theirs = scipy.optimize.minimize(watched, x0, jac=True, method="L-BFGS-B", options=options)
    needed = 1 + np.flatnonzero(np.array(norms) <= tol)[0]
    ours = last(lbfgs(f, x0, tol=tol))
    assert ours.gradient_norm <= tol and ours.evaluations <= 1.3 * needed + 5
    best = scipy.optimize.minimize(f, theirs.x, jac=True, method="BFGS", options={"gtol": 1e-9}).fun
    assert ours.value == pytest.approx(best, rel=1e-8, abs=1e-9)


def test_logistic_regression_as_sklearn():
    f, x0 = logistic(7)
    labels = (f.y > 0).astype(int)
    theirs = LogisticRegression(C=1.0, fit_intercept=False, tol=1e-8, max_iter=1000).fit(f.X, labels)
    np.testing.assert_allclose(last(lbfgs(f, x0, tol=1e-8)).parameters, theirs.coef_[0], atol=1e-4)


def test_never_uphill():
    rng = np.random.default_rng(2)
    for _ in range(150):
        d = int(rng.integers(1, 6))
        waves, phases, heights = 2 * rng.standard_normal((4, d)), rng.uniform(0, 6, 4), rng.standard_normal(4)

        def bumpy(x):
            z = waves @ x + phases
            return float(heights @ np.cos(z) + x @ x / 2), x - waves.T @ (heights * np.sin(z))

        x0 = 10 ** rng.uniform(-2, 2) * rng.standard_normal(d)
        states = list(lbfgs(bumpy, x0, memory=int(rng.integers(1, 12)), tol=1e-7))
        values = np.array([s.value for s in states])
        assert (np.diff(values) <= ROUNDING * np.abs(values[1:])).all()
        assert states[-1].gradient_norm <= 1e-7 and states[-1].iteration < 300
        evaluations = [s.evaluations for s in states]
        assert evaluations[0] == 1 and (np.diff(evaluations) >= 1).all()


def test_as_far_as_floats_go():
    for offset in (0.0, 1e6):
        f = quadratic([1.0, 30.0], angle=0.4, minimizer=[3.0, 1.0])
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            states = list(lbfgs(lambda x: (f(x)[0] + offset, f(x)[1]), [7.0, -2.0], tol=0))
        assert len(states) < 100 and states[-1].gradient_norm < 1e-6
        np.testing.assert_allclose(states[-1].parameters, [3, 1], atol=1e-6)
    f, x0 = logistic(0)
    with pytest.warns(ConvergenceWarning, match="no step lowers the value in floating-point numbers"):
        state = last(lbfgs(f, x0, tol=1e-30))
    assert state.gradient_norm < 1e-7


def test_values_that_stay_and_gradients_that_turn_end_it_after_five_steps():
    turning = itertools.cycle(1e-11 * np.eye(2))
    with pytest.warns(ConvergenceWarning, match="no step lowers the value"):
        assert len(list(lbfgs(lambda x: (1.0, next(turning).copy()), [0.0, 0.0], tol=1e-20))) == 6


def test_a_plane_has_no_curvature_to_learn_from():
    with pytest.warns(ConvergenceWarning, match="seems to have no minimum"):
        states = list(lbfgs(lambda x: (-float(x[0]), np.array([-1.0])), [0.0], max_iter=4))
    assert len(states) == 5 and (np.diff([s.value for s in states]) < -1).all()


def test_a_search_that_fails_begins_anew_along_the_gradient():
    f = rosenbrock()
    calls = []

    def lame(x):
        calls.append(x)
        return (math.nan, x) if 10 < len(calls) <= 30 else f(x)

    old, new = next(pair for pair in itertools.pairwise(lbfgs(lame, f.start)) if pair[1].evaluations > 30)
    assert old.evaluations == 10 and new.value < old.value
    gradient = f(old.parameters)[1]
    np.testing.assert_allclose(new.parameters, old.parameters - new.step_length * gradient, rtol=1e-12)


def test_a_wrong_gradient_ends_with_a_warning():
    with pytest.warns(ConvergenceWarning, match="gradient is the derivative"):
        assert len(list(lbfgs(lambda x: (float(x @ x), -2 * x), [1.0]))) == 1


def test_steps_into_what_is_not_finite_are_shortened():
    def barrier(x):
        with np.errstate(all="ignore"):
            return float((x - np.log(x)).sum()), 1 - 1 / x

    state = last(lbfgs(barrier, [1e-3, 20.0]))
    np.testing.assert_allclose(state.parameters, 1, atol=1e-5)


def test_what_is_not_finite_is_said():
    with pytest.raises(FloatingPointError, match="the gradient is not finite at the start"):
        list(lbfgs(lambda x: (0.0, x * math.nan), [1.0]))
    calls = itertools.count()
    broken = lambda x: (1.0 if next(calls) == 0 else math.nan, x)  # noqa: E731
    with pytest.raises(FloatingPointError, match="not finite after step 1: start nearer .* or scale the features"):
        list(lbfgs(broken, [1.0]))


def test_structures_and_float32():
    rng = np.random.default_rng(5)
    X = rng.standard_normal((100, 3)).astype(np.float32)
    target = X @ rng.standard_normal((3, 2)).astype(np.float32) + np.float32(0.5)

    def squares(tree):
        rest = X @ tree["W"] + tree["b"] - target
        assert rest.dtype == np.float32
        return float((rest**2).sum() / 200), {"W": X.T @ rest / np.float32(100), "b": rest.sum(0) / np.float32(100)}

    x0 = {"W": np.zeros((3, 2), np.float32), "b": np.zeros(2, np.float32)}
    states = list(lbfgs(squares, x0, tol=1e-5))
    assert states[-1].gradient_norm <= 1e-5 and states[-1].parameters["b"].dtype == np.float32
    np.testing.assert_allclose(states[-1].parameters["b"], 0.5, atol=1e-4)
    assert not x0["W"].any() and not states[0].parameters["W"].any()


def test_limits():
    f, x0 = logistic(0)
    assert [s.iteration for s in lbfgs(f, x0, max_iter=3)] == [0, 1, 2, 3]
    assert [s.iteration for s in lbfgs(f, x0, max_iter=0)] == [0]
    assert len(list(lbfgs(f, x0, tol=1e3))) == 1


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"memory": 0}, ValueError, "memory"),
        ({"memory": 2.0}, TypeError, "memory"),
        ({"max_iter": -1}, ValueError, "max_iter"),
        ({"tol": -1e-3}, ValueError, "tol"),
        ({"x0": [math.inf]}, ValueError, "x0"),
        ({"fun": None}, TypeError, "fun must be callable"),
    ],
)
def test_bad_input_is_said_at_the_call(change, error, message):
    with pytest.raises(error, match=message):
        lbfgs(**{"fun": valley, "x0": [0.0, 0.0], **change})


def test_bad_input_of_the_two_loops():
    with pytest.raises(ValueError, match="steps · changes must be positive"):
        two_loop_recursion([1.0], [[1.0]], [[-1.0]])
    with pytest.raises(ValueError, match=r"steps and changes must both have shape \(k, 2\)"):
        two_loop_recursion([1.0, 1.0], [[1.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]])
    with pytest.raises(ValueError, match="gradient must hold finite"):
        two_loop_recursion([math.nan], [[1.0]], [[1.0]])
