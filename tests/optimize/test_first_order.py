"""The optimisers' common loop: the states it yields, where it leads, when it ends, how it fails."""

import math

import numpy as np
import pytest

from mlcourse.manifold import (
    conditional_probabilities,
    descend,
    joint_probabilities,
    kl_divergence_and_gradient,
    squared_distances,
)
from mlcourse.optimize import (
    adagrad,
    adam,
    gradient_descent,
    heavy_ball,
    inverse_time,
    nesterov,
    rmsprop,
    sgd,
)

pytestmark = pytest.mark.filterwarnings("error")

OPTIMIZERS = [gradient_descent, heavy_ball, nesterov, adagrad, rmsprop, adam]
RATES = {adagrad: 0.5, rmsprop: 0.01, adam: 0.05}


def bowl(x):
    return float(np.vdot(x, x)) / 2, x


def path(states):
    return np.stack([state.parameters for state in states])


def test_states_of_gradient_descent():
    states = list(gradient_descent(bowl, [3.0, 4.0], learning_rate=0.5, max_iter=2))
    assert [s.iteration for s in states] == [0, 1, 2]
    assert [s.value for s in states] == [12.5, 3.125, 0.78125]
    assert [s.gradient_norm for s in states] == [5.0, 2.5, 1.25]
    assert [s.evaluations for s in states] == [1, 2, 3] and [s.samples for s in states] == [0, 0, 0]
    assert math.isnan(states[0].learning_rate) and states[1].learning_rate == 0.5
    assert all(type(s.value) is type(s.gradient_norm) is type(s.learning_rate) is float for s in states)
    assert "parameters" not in repr(states[0])
    with pytest.raises(AttributeError):
        states[0].value = 1.0


def test_states_over_minibatches_show_what_their_step_rested_on():
    data, batches = np.array([1.0, 3.0, 8.0]), [np.array([0, 1]), np.array([2])]

    def fun(x, batch):
        difference = x - data[batch].mean()
        return float(difference @ difference) / 2, difference

    states = list(gradient_descent(fun, [0.0], learning_rate=0.5, batches=batches))
    assert math.isnan(states[0].value) and math.isnan(states[0].gradient_norm) and states[0].evaluations == 0
    assert [float(s.parameters[0]) for s in states] == [0.0, 1.0, 4.5]
    assert [s.value for s in states[1:]] == [2.0, 24.5] and [s.gradient_norm for s in states[1:]] == [2.0, 7.0]
    assert [s.samples for s in states] == [0, 2, 3] and [s.evaluations for s in states] == [0, 1, 2]


@pytest.mark.parametrize("beta", [0.0, 0.3, 0.9])
def test_quadratics_follow_their_linear_recursion(beta):
    eigenvalues, x0, eta = np.array([0.1, 1.0, 7.0]), np.array([1.0, -2.0, 3.0]), 0.2
    fun = lambda x: (x @ (eigenvalues * x) / 2, eigenvalues * x)
    ours = path(heavy_ball(fun, x0, learning_rate=eta, momentum=beta, max_iter=40))
    for k, eigenvalue in enumerate(eigenvalues):
        matrix = np.array([[1 + beta - eta * eigenvalue, -beta], [1, 0]])  # of (θ_t, θ_{t−1})
        for t in (1, 2, 17, 40):
            expected = np.linalg.matrix_power(matrix, t) @ [x0[k], x0[k]]
            assert ours[t, k] == pytest.approx(expected[0], rel=1e-9)
    if beta == 0:
        plain = path(gradient_descent(fun, x0, learning_rate=eta, max_iter=40))
        np.testing.assert_allclose(plain, x0 * (1 - eta * eigenvalues) ** np.arange(41)[:, None], rtol=1e-9)


def test_gradient_descent_never_climbs_below_the_stability_limit():
    rng = np.random.default_rng(0)
    for _ in range(300):
        d = rng.integers(1, 8)
        A = rng.normal(size=(rng.integers(1, 10), d)) * 10.0 ** rng.uniform(-2, 2)
        H, b = A.T @ A, rng.normal(size=d)
        eta = rng.uniform(0.01, 0.999) * 2 / np.linalg.norm(H, 2)
        states = gradient_descent(lambda x: ((x - b) @ H @ (x - b) / 2, H @ (x - b)), np.zeros(d), learning_rate=eta, max_iter=8)
        values = np.array([state.value for state in states])
        assert (np.diff(values) <= 1e-12 * values[0]).all()


def test_gradient_descent_climbs_beyond_the_stability_limit():
    values = [s.value for s in gradient_descent(lambda x: (2 * x @ x, 4 * x), [1.0], learning_rate=0.51, max_iter=20)]
    assert (np.diff(values) > 0).all()  # L = 4, so the limit is 0.5


def test_the_tsne_of_chapter_1_is_a_heavy_ball():
    rng = np.random.default_rng(0)
    P = joint_probabilities(conditional_probabilities(squared_distances(rng.normal(size=(30, 5))), perplexity=8))
    Y0 = rng.normal(size=(30, 2))
    Y0 -= Y0.mean(axis=0)
    fun = lambda Y: kl_divergence_and_gradient(P, Y)
    theirs = list(descend(fun, Y0, learning_rate=5.0, momentum=0.6, max_iter=40, gains=False))
    ours = list(heavy_ball(fun, Y0, learning_rate=5.0, momentum=0.6, max_iter=40))
    assert len(theirs) == len(ours) == 41 and ours[-1].value < 0.9 * ours[0].value
    for a, b in zip(theirs, ours):
        np.testing.assert_allclose(b.parameters, a.Y, rtol=0, atol=1e-9)
        assert b.value == pytest.approx(a.kl_divergence) and b.gradient_norm == pytest.approx(a.gradient_norm)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_reaches_a_minimum(optimizer):
    scales, target = np.array([1.0, 10.0]), np.array([0.5, -0.2])
    fun = lambda x: (float((scales * (x - target)) @ (x - target)) / 2, scales * (x - target))
    rate = RATES.get(optimizer, 0.05)
    schedule = inverse_time(rate, 0.01) if optimizer is rmsprop else rate
    *_, last = optimizer(fun, [2.0, 2.0], learning_rate=schedule, max_iter=2000)
    assert last.iteration == 2000 and last.value < 1e-4


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_float32_stays_float32(optimizer):
    schedule = lambda t: np.float64(0.01)
    for x0 in (np.ones(3, np.float32), {"a": np.ones((2, 2), np.float32), "b": np.ones(1, np.float32)}):
        grad = (lambda x: (np.float32(1.0), x)) if isinstance(x0, dict) else (lambda x: (np.float32(1.0), 2 * x))
        *_, last = optimizer(grad, x0, learning_rate=schedule, max_iter=5)
        leaves = last.parameters.values() if isinstance(x0, dict) else [last.parameters]
        assert all(leaf.dtype == np.float32 for leaf in leaves)
        assert math.isfinite(last.gradient_norm)


def test_momentum_may_be_a_schedule():
    changing = path(heavy_ball(bowl, [1.0], learning_rate=0.1, momentum=lambda t: 0.0 if t < 5 else 0.9, max_iter=10))
    plain = path(gradient_descent(bowl, [1.0], learning_rate=0.1, max_iter=10))
    np.testing.assert_allclose(changing[:6], plain[:6])
    assert changing[7] < plain[7]


def test_it_ends_at_tol_or_after_max_iter():
    states = list(gradient_descent(bowl, [8.0], learning_rate=0.5, tol=1.0))
    assert [s.gradient_norm for s in states] == [8.0, 4.0, 2.0, 1.0]
    assert len(list(gradient_descent(bowl, [8.0], learning_rate=0.5, max_iter=0))) == 1
    # A ball passes the minimum, where the gradient is exactly 0, and goes on: tol=0 never ends it.
    through = path(heavy_ball(bowl, [8.0], learning_rate=0.5, momentum=0.5, max_iter=4))
    assert through[:, 0].tolist() == [8.0, 4.0, 0.0, -2.0, -2.0]


def test_batches_end_the_run_and_max_iter_takes_none_too_many():
    fun = lambda x, batch: bowl(x)
    batches = iter([[0]] * 10)
    assert len(list(gradient_descent(fun, [1.0], learning_rate=0.1, max_iter=4, batches=batches))) == 5
    assert len(list(batches)) == 6
    assert len(list(gradient_descent(fun, [1.0], learning_rate=0.1, batches=[[0]] * 7))) == 8


@pytest.mark.parametrize("optimizer, eta", [(gradient_descent, 3.0), (heavy_ball, 8.0)])
def test_a_run_that_diverges_says_after_which_step_and_what_to_lower(optimizer, eta):
    states, last = optimizer(lambda x: (x @ x / 2, x), [1.0], learning_rate=eta), None
    with pytest.raises(FloatingPointError) as error:
        for last in states:
            pass
    assert last.iteration > 100 and np.isfinite(last.parameters).all()
    assert str(error.value) == f"the value is not finite after step {last.iteration + 1}: lower learning_rate (it was {eta:g})"


def test_a_minibatch_run_that_diverges_says_so_too():
    states, last = sgd(lambda x, batch: (float(x @ x), 2 * x), [1.0], 10_000, batch_size=1, learning_rate=40.0, random_state=0), None
    with pytest.raises(FloatingPointError, match=r"the value is not finite after step \d+: lower learning_rate \(it was 40\)") as error:
        for last in states:
            pass
    assert f"after step {last.iteration}:" in str(error.value)


@pytest.mark.parametrize("optimizer, options, remedy", [
    (heavy_ball, {"momentum": 0.5}, ""),  # on all examples more momentum allows a larger rate
    (heavy_ball, {"momentum": 0.5, "batches": [[0]] * 999}, r" or momentum \(it was 0.5\)"),
    (nesterov, {"momentum": 0.5}, r" or momentum \(it was 0.5\)"), (nesterov, {"momentum": lambda t: 0.5}, " or momentum"),
    (nesterov, {"momentum": 0}, ""), (gradient_descent, {}, ""), (adam, {"beta1": 0.5}, "")])
def test_momentum_is_named_where_it_makes_things_worse(optimizer, options, remedy):
    with pytest.raises(FloatingPointError, match=rf"not finite after step \d+: lower learning_rate \(it was 1e\+200\){remedy}$"):
        list(optimizer(lambda x, batch=None: (float(x @ x), 2 * x), [1.0], learning_rate=1e200, **options))


def test_what_is_not_finite_is_named():
    def run(fun, x0=(1.0,), **options):
        return list(gradient_descent(fun, np.array(x0), **{"learning_rate": 1.0, "max_iter": 3} | options))

    with pytest.raises(FloatingPointError, match="the value is not finite at the start: change x0"):
        run(lambda x: (np.inf, x))
    with pytest.raises(FloatingPointError, match="the gradient is not finite at the start"):
        run(lambda x: (0.0, x * np.nan))
    with pytest.raises(FloatingPointError, match=r"the parameters are not finite after step 1: lower learning_rate \(it was 1e\+10\)"):
        run(lambda x: (0.0, np.array([1e300])), learning_rate=1e10)  # a function that is finite at infinity
    with pytest.raises(FloatingPointError, match="the parameters are not finite after step 1"):
        run(lambda x, batch: (0.0, np.array([1e300])), learning_rate=1e10, batches=[[0]])
    with pytest.raises(FloatingPointError, match="after step 1: set epsilon > 0 or lower learning_rate"):
        list(adam(lambda x: (0.0, np.array([1.0, 0.0])), [1.0, 1.0], learning_rate=0.1, epsilon=0.0))


def test_numbers_whose_squares_overflow_are_still_finite():
    first = next(gradient_descent(lambda x: (0.0, np.array([3e200, 4e200])), [1e200, 0.0], learning_rate=1e-9))
    assert first.gradient_norm == pytest.approx(5e200)
    first = next(gradient_descent(lambda x: (0.0, np.float32([3e-30, 4e-30])), np.zeros(2, np.float32), learning_rate=1.0))
    assert first.gradient_norm == pytest.approx(5e-30)
