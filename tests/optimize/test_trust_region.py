"""Trust region: the exact step, the radius, and the way off a saddle."""

import itertools
import math

import numpy as np
import pytest
import scipy.optimize

from mlcourse.exceptions import ConvergenceWarning
from mlcourse.optimize import (
    EmpiricalRisk,
    TrustRegionState,
    beale,
    himmelblau,
    newton_step,
    quadratic,
    rosenbrock,
    trust_region,
    trust_region_step,
)

ROUNDING = 100 * np.finfo(float).eps


def last(states):
    *_, state = states
    return state


def saddle(x):
    """Minima at (0, ±1), a saddle at 0."""
    return float(x[0] ** 2 + x[1] ** 4 / 4 - x[1] ** 2 / 2), np.array([2 * x[0], x[1] ** 3 - x[1]])


def saddle_hessian(x):
    return np.array([[2.0, 0.0], [0.0, 3 * x[1] ** 2 - 1]])


KINDS = ["any", "definite", "hard", "hard, double", "nearly hard", "singular", "no gradient"]


def problem(rng, kind):
    """Eigenvalues over six decades, the gradient and the radius likewise."""
    d = int(rng.integers(1, 9))
    Q = np.linalg.qr(rng.standard_normal((d, d)))[0]
    eigenvalues = np.sort(rng.standard_normal(d)) * 10 ** rng.uniform(-3, 3)
    gamma = rng.standard_normal(d) * 10 ** rng.uniform(-3, 3)
    if kind == "definite":
        eigenvalues = np.abs(eigenvalues)
    elif kind.startswith("hard"):
        eigenvalues[: 2 if kind.endswith("double") else 1] = -np.abs(eigenvalues).max() - 1e-3
        gamma[eigenvalues == eigenvalues[0]] = 0
    elif kind == "nearly hard":
        gamma[0] *= 1e-13
    elif kind == "singular":
        eigenvalues -= eigenvalues[0]
        gamma[0] *= rng.integers(2)
    elif kind == "no gradient":
        gamma[:] = 0
    H = Q * eigenvalues @ Q.T
    return Q @ gamma, (H + H.T) / 2, 10 ** rng.uniform(-3, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_the_step_fulfils_the_conditions_of_a_minimum(kind):
    rng = np.random.default_rng(KINDS.index(kind))
    on_boundary = 0
    for _ in range(100):
        g, H, radius = problem(rng, kind)
        p = trust_region_step(g, H, radius)
        length, size = np.linalg.norm(p), np.abs(np.linalg.eigvalsh(H)).max()
        assert length <= radius * (1 + 1e-12)
        mu = -(g + H @ p) @ p / (p @ p) if length else 0.0
        scale = np.linalg.norm(g) + size * length + 1e-300
        assert np.linalg.norm(H @ p + mu * p + g) <= 1e-10 * (scale + abs(mu) * length)  # (H + μI) p = −g
        assert mu >= -1e-12 * (size + scale / (length + 1e-300))
        assert np.linalg.eigvalsh(H)[0] + mu >= -1e-10 * (size + abs(mu))
        inside = length < radius * (1 - 1e-10)
        assert not inside or abs(mu) <= 1e-10 * (size + scale / (length + 1e-300))
        on_boundary += not inside
    assert on_boundary > 15


def test_no_point_of_the_disc_is_lower():
    rng = np.random.default_rng(1)
    angles, parts = np.meshgrid(np.linspace(0, 2 * np.pi, 181), np.linspace(0, 1, 21))
    disc = np.stack([parts * np.cos(angles), parts * np.sin(angles)], axis=-1).reshape(-1, 2)
    for kind in KINDS * 5:
        g, H, radius = problem(rng, kind)
        if len(g) != 2:
            g, H = rng.standard_normal(2), np.diag(rng.standard_normal(2))
        points = radius * disc
        models = points @ g + np.einsum("ij,jk,ik->i", points, H, points) / 2
        p = trust_region_step(g, H, radius)
        assert g @ p + p @ H @ p / 2 <= models.min() + 1e-12 * np.abs(models).max()


def test_a_short_newton_step_is_taken_and_ties_are_decided():
    rng = np.random.default_rng(2)
    for _ in range(50):
        A, g = rng.standard_normal((4, 4)), rng.standard_normal(4)
        H = A @ A.T + np.eye(4)
        np.testing.assert_allclose(trust_region_step(g, H, 100.0), newton_step(g, H), rtol=1e-9, atol=1e-12)
    for sign in (1, -1):  # whatever sign the eigenvector comes with
        np.testing.assert_allclose(trust_region_step([0.0, 0.0], [[0, sign], [sign, 0]], 1.0) ** 2, 0.5)
    p = trust_region_step(np.zeros(3), np.diag([1.0, -2.0, 1.0]), 0.5)
    np.testing.assert_allclose(p, [0, 0.5, 0], atol=1e-15)
    assert not trust_region_step(np.zeros(2), np.diag([1.0, 0.0]), 0.5).any()


def test_rounding_decides_nothing():
    """Neither which of two mirror images is taken, nor how far a singular quadratic is followed."""
    rng = np.random.default_rng(5)
    for _ in range(60):
        Q = np.linalg.qr(rng.standard_normal((5, 5)))[0]
        H = Q * [-1, 1, 2, 3, 4] @ Q.T
        p = trust_region_step(Q[:, 1:] @ rng.standard_normal(4), (H + H.T) / 2, 100.0)
        assert abs(Q[:, 0] @ p) > 90 and p[np.abs(Q[:, 0]).argmax()] > 0
        H = Q[:, 1:] * [1, 2, 3, 4] @ Q[:, 1:].T
        g = H @ rng.standard_normal(5)
        p = trust_region_step(g, (H + H.T) / 2, 100.0)
        np.testing.assert_allclose(p, -np.linalg.pinv(H, rcond=1e-10) @ g, atol=1e-9)


def test_it_leaves_a_saddle_and_a_maximum():
    states = list(trust_region(saddle, [0.0, 0.0], saddle_hessian))
    np.testing.assert_allclose(states[-1].parameters, [0, 1], atol=1e-8)
    assert states[0].gradient_norm == 0 and len(states) < 15

    def hill(x):
        return float(np.cos(x).sum()), -np.sin(x)

    top = last(trust_region(hill, [0.0, 0.0], lambda x: -np.diag(np.cos(x))))
    assert top.value == pytest.approx(-2)
    assert last(trust_region(saddle, [0.0, 0.0], saddle_hessian, max_iter=0)).iteration == 0


@pytest.mark.parametrize("radius", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize("f", [rosenbrock(), beale(), himmelblau()], ids=lambda f: f.name)
def test_never_uphill_and_every_state_as_the_rule_says(f, radius):
    rng = np.random.default_rng(3)
    rejected = 0
    for _ in range(6):
        start = rng.uniform(-2, 2, 2)
        states = list(trust_region(f, start, radius=radius, max_radius=2 * radius, max_iter=30))
        assert states[0].radius == radius and states[0].accepted and math.isnan(states[0].ratio)
        for old, new in itertools.pairwise(states):
            assert isinstance(new, TrustRegionState)
            p = trust_region_step(f(old.parameters)[1], f.hessian(old.parameters), old.radius)
            length, tried = np.linalg.norm(p), f(old.parameters + p)[0]
            assert new.evaluations == old.evaluations + 1 and new.radius <= 2 * radius
            if new.accepted:
                np.testing.assert_allclose(new.parameters, old.parameters + p, rtol=1e-12, atol=1e-12)
                assert new.value <= old.value + ROUNDING * abs(old.value)
            else:
                rejected += 1
                assert new.value == old.value and new.gradient_norm == old.gradient_norm
                assert (new.parameters == old.parameters).all() and new.radius == pytest.approx(length / 4)
            promised = -(f(old.parameters)[1] @ p + p @ f.hessian(old.parameters) @ p / 2)
            if promised > 1e-9 * abs(old.value) > 0:
                ratio = (old.value - tried) / promised
                assert new.ratio == pytest.approx(ratio, rel=1e-3, abs=1e-6)
                assert new.accepted == (ratio > 0.1)
                if abs(ratio - 0.75) > 1e-6 and abs(ratio - 0.25) > 1e-6:
                    grown = min(2 * old.radius, 2 * radius) if length > 0.99 * old.radius else old.radius
                    assert new.radius == pytest.approx(length / 4 if ratio < 0.25 else grown if ratio > 0.75 else old.radius)
        assert states[-1].gradient_norm <= 1e-8 or states[-1].iteration == 30
    assert rejected > 0 or radius < 1


@pytest.mark.parametrize("f", [rosenbrock(), beale(), quadratic([1.0, 1e4], angle=0.5)], ids=lambda f: f.name)
def test_as_scipy(f):
    theirs = scipy.optimize.minimize(f, f.start, jac=True, hess=f.hessian, method="trust-exact", tol=1e-8)
    ours = last(trust_region(f, f.start))
    assert ours.value <= theirs.fun + 1e-8 and ours.gradient_norm <= 1e-8
    np.testing.assert_allclose(ours.parameters, theirs.x, atol=1e-6)
    assert ours.evaluations <= 1.3 * theirs.nfev + 5


def test_logistic_regression_as_scipy_and_separable_classes():
    rng = np.random.default_rng(4)
    X = rng.standard_normal((200, 6))
    f = EmpiricalRisk("logistic", X, rng.random(200) < 1 / (1 + np.exp(-3 * X[:, 0])), alpha=1e-3)
    theirs = scipy.optimize.minimize(f, np.zeros(6), jac=True, hess=f.hessian, method="trust-exact", tol=1e-9)
    ours = last(trust_region(f, np.zeros(6)))
    assert ours.value == pytest.approx(theirs.fun, rel=1e-8)
    assert ours.evaluations <= 1.3 * theirs.nfev + 5
    separable = EmpiricalRisk("logistic", X, X[:, 0] > 0)
    with pytest.warns(ConvergenceWarning, match="without a minimum"):
        assert last(trust_region(separable, np.zeros(6))).gradient_norm <= 1e-8


def test_where_nothing_is_gained_it_ends():
    with pytest.warns(ConvergenceWarning, match="gradient is the derivative"):
        states = list(trust_region(lambda x: (float(x @ x), -2 * x), [1.0], lambda x: 2 * np.eye(1), max_iter=500))
    assert 1 < len(states) < 60 and not any(s.accepted for s in states[1:])
    f = rosenbrock()
    # Values that rounding of 1e6 hides: the gradients decide.
    state = last(trust_region(lambda x: (f(x)[0] + 1e6, f(x)[1]), [1.2, 1.2], f.hessian))
    assert state.gradient_norm <= 1e-8


def test_a_step_to_where_nothing_is_finite_is_not_taken():
    def barrier(x):
        with np.errstate(all="ignore"):
            return float(-np.log(x[0]) + x[0]), 1 - 1 / x

    states = list(trust_region(barrier, [3.0], lambda x: np.diag(1 / x**2), radius=10.0))
    assert states[1].ratio == -math.inf and not states[1].accepted and states[1].radius == pytest.approx(1.5)
    assert states[-1].parameters == pytest.approx(1)
    with pytest.raises(FloatingPointError, match="the value is not finite at the start"):
        list(trust_region(lambda x: (math.nan, x), [1.0], lambda x: np.eye(1)))


def test_structures_and_float32():
    def fun(pair):
        value, gradient = saddle(np.array([pair[0][0, 0], pair[1][0]], float))
        return value, (gradient[:1].reshape(1, 1), gradient[1:])

    x0 = (np.full((1, 1), 0.5, np.float32), np.full(1, 0.25, np.float32))
    state = last(trust_region(fun, x0, lambda pair: saddle_hessian([0, float(pair[1][0])]), tol=1e-5))
    assert type(state.parameters) is tuple and state.parameters[0].shape == (1, 1)
    assert state.parameters[0].dtype == state.parameters[1].dtype == np.float32
    assert state.parameters[1][0] == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"radius": 0.0}, "radius"),
        ({"radius": math.inf}, "radius"),
        ({"max_radius": 0.5}, "radius = 1.0 <= max_radius"),
        ({"max_radius": math.nan}, "max_radius"),
        ({"max_iter": -1}, "max_iter"),
        ({"tol": -1.0}, "tol"),
        ({"x0": []}, "x0"),
    ],
)
def test_bad_input_is_said_at_the_call(change, message):
    with pytest.raises(ValueError, match=message):
        trust_region(**{"fun": saddle, "x0": [0.0, 0.0], "hessian": saddle_hessian, **change})


def test_bad_input_of_the_step():
    with pytest.raises(TypeError, match="hessian must be given"):
        trust_region(saddle, [0.0, 0.0])
    with pytest.raises(ValueError, match="radius"):
        trust_region_step([1.0], [[1.0]], -1.0)
    with pytest.raises(ValueError, match="hessian must have shape"):
        trust_region_step([1.0], np.eye(2), 1.0)
    with pytest.raises(ValueError, match="hessian must be symmetric"):
        trust_region_step([1.0, 0.0], [[1.0, 2.0], [3.0, 1.0]], 1.0)
