"""The step of each first-order method: against its paper written out in full, and what has to hold for it."""

import itertools

import numpy as np
import pytest

from mlcourse.optimize import (
    adagrad,
    adagrad_step,
    adam,
    adam_step,
    descend_with,
    gradient_descent_step,
    heavy_ball,
    heavy_ball_step,
    nesterov,
    nesterov_step,
    rmsprop,
    rmsprop_step,
    run,
)

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture
def gradients():
    """A hundred gradients in four coordinates of very different size."""
    return np.random.default_rng(0).normal(size=(100, 4)) * [1e-3, 1, 30, 1e4]


def fed(gradients):
    """A function whose gradients are these, one after the other, wherever it is asked."""
    several = iter(gradients)
    return lambda theta: (0.0, next(several))


def path(states):
    return np.stack([state.parameters for state in states])


def test_gradient_descent_and_heavy_ball_by_hand():
    theta, g = np.array([1.0, -2.0]), np.array([10.0, 4.0])
    assert gradient_descent_step(theta, g, learning_rate=0.1).tolist() == [0.0, -2.4]
    new, v = heavy_ball_step(theta, np.array([1.0, 0.0]), g, learning_rate=0.1, momentum=0.5)
    assert v.tolist() == [-0.5, -0.4] and new.tolist() == [0.5, -2.4]


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.95])
def test_nesterov_is_the_method_of_two_sequences(momentum):
    rng = np.random.default_rng(1)
    A = rng.normal(size=(5, 5))
    H, eta = A.T @ A, 0.3 / np.linalg.eigvalsh(A.T @ A)[-1]
    phi = y = rng.normal(size=5)
    ours = path(nesterov(lambda x: (x @ H @ x / 2, H @ x), y, learning_rate=eta, momentum=momentum, max_iter=60))
    for theta in ours[1:]:
        new = y - eta * (H @ y)  # the gradient is taken ahead, at y; the sequence phi is what moves
        y = new + momentum * (new - phi)
        phi = new
        np.testing.assert_allclose(theta, y, rtol=0, atol=1e-12)


def test_nesterov_by_hand():
    theta, v = nesterov_step(np.array([1.0]), np.array([-1.0]), np.array([2.0]), learning_rate=0.1, momentum=0.5)
    assert v == pytest.approx(-0.7) and theta == pytest.approx(1 - 0.35 - 0.2)


def test_adagrad_divides_by_the_root_of_the_sum_of_squares(gradients):
    ours = path(adagrad(fed(gradients), np.zeros(4), learning_rate=0.3, epsilon=1e-3, max_iter=99))
    for t in range(99):
        for k in range(4):
            total = sum(gradients[i, k] ** 2 for i in range(t + 1))
            expected = ours[t, k] - 0.3 / (total**0.5 + 1e-3) * gradients[t, k]
            assert ours[t + 1, k] == pytest.approx(expected, rel=1e-12, abs=1e-14)


def test_rmsprop_divides_by_the_root_of_the_running_mean(gradients):
    ours = path(rmsprop(fed(gradients), np.zeros(4), learning_rate=0.3, decay=0.8, epsilon=1e-3, max_iter=99))
    for t in range(99):
        # The mean, written out: weight 0.2 · 0.8^age for the square of each age.
        mean_square = sum(0.2 * 0.8 ** (t - i) * gradients[i] ** 2 for i in range(t + 1))
        expected = ours[t] - 0.3 * gradients[t] / (mean_square**0.5 + 1e-3)
        np.testing.assert_allclose(ours[t + 1], expected, rtol=1e-11, atol=1e-13)


def test_adam_is_algorithm_1_of_its_paper(gradients):
    alpha, beta1, beta2, epsilon = 0.01, 0.8, 0.95, 1e-4
    ours = path(adam(fed(gradients), np.ones(4), learning_rate=alpha, beta1=beta1, beta2=beta2, epsilon=epsilon, max_iter=99))
    theta, m, v, t = [1.0] * 4, [0.0] * 4, [0.0] * 4, 0
    for g in gradients[:99]:
        t += 1
        for k in range(4):
            m[k] = beta1 * m[k] + (1 - beta1) * g[k]
            v[k] = beta2 * v[k] + (1 - beta2) * g[k] ** 2
            m_hat, v_hat = m[k] / (1 - beta1**t), v[k] / (1 - beta2**t)
            theta[k] -= alpha * m_hat / (v_hat**0.5 + epsilon)
        np.testing.assert_allclose(ours[t], theta, rtol=1e-12)


@pytest.mark.parametrize("beta1, beta2", [(0.9, 0.999), (0.0, 0.5), (0.5, 0.0)])
def test_bias_correction_is_exact_for_a_constant_gradient(beta1, beta2):
    g = np.array([3.0, -0.02, 1e5])
    ours = path(adam(lambda x: (0.0, g), np.zeros(3), learning_rate=0.1, beta1=beta1, beta2=beta2, epsilon=0.0, max_iter=50))
    np.testing.assert_allclose(ours, -0.1 * np.arange(51)[:, None] * np.sign(g), rtol=1e-9)


def test_first_steps_of_adagrad_and_adam_have_the_length_of_the_learning_rate(gradients):
    zeros = np.zeros(4)
    for g in gradients:
        a, _ = adagrad_step(zeros, zeros, g, learning_rate=0.25, epsilon=0.0)
        b, _, _ = adam_step(zeros, zeros, zeros, g, 1, learning_rate=0.25, epsilon=0.0)
        c, _ = rmsprop_step(zeros, zeros, g, learning_rate=0.25, decay=0.75, epsilon=0.0)
        np.testing.assert_allclose(a, -0.25 * np.sign(g), rtol=1e-12)
        np.testing.assert_allclose(b, -0.25 * np.sign(g), rtol=1e-12)
        np.testing.assert_allclose(c, -0.5 * np.sign(g), rtol=1e-12)  # nothing corrects: 1/√(1 − ρ) too long


def test_adagrad_slows_down_like_the_root_of_time():
    ours = path(adagrad(lambda x: (0.0, np.array([7.0])), [0.0], learning_rate=0.5, epsilon=0.0, max_iter=64))
    np.testing.assert_allclose(-np.diff(ours[:, 0]), 0.5 / np.sqrt(np.arange(1, 65)), rtol=1e-9)


@pytest.mark.parametrize("optimizer", [adagrad, rmsprop, adam])
def test_scale_of_each_coordinate_does_not_count(optimizer, gradients):
    scales = np.array([1e-6, 0.01, 5.0, 1e8])
    options = {"learning_rate": 0.1, "epsilon": 0.0, "max_iter": 99}
    plain = path(optimizer(fed(gradients), np.zeros(4), **options))
    scaled = path(optimizer(fed(gradients * scales), np.zeros(4), **options))
    np.testing.assert_allclose(scaled, plain, rtol=1e-9, atol=1e-12)
    with_epsilon = path(optimizer(fed(gradients * scales), np.zeros(4), **options | {"epsilon": 1.0}))
    assert np.abs(with_epsilon - plain).max() > 0.1  # epsilon is in the gradient's unit


def test_steps_make_new_arrays():
    theta, v, s, g = (np.full(3, float(k)) for k in (1, 2, 3, 4))
    for result in (
        (gradient_descent_step(theta, g, learning_rate=0.1),),
        heavy_ball_step(theta, v, g, learning_rate=0.1, momentum=0.9),
        nesterov_step(theta, v, g, learning_rate=0.1, momentum=0.9),
        adagrad_step(theta, s, g, learning_rate=0.1),
        rmsprop_step(theta, s, g, learning_rate=0.1),
        adam_step(theta, v, s, g, 3, learning_rate=0.1),
    ):
        for new in result:
            assert not any(np.shares_memory(new, old) for old in (theta, v, s, g))
    assert (theta == 1).all() and (v == 2).all() and (s == 3).all() and (g == 4).all()


@pytest.fixture
def stochastic_optimizers():
    """scikit-learn's own, for its neural networks; they are private and may move."""
    return pytest.importorskip("sklearn.neural_network._stochastic_optimizers")


def theirs(optimizer, x0, gradients):
    """Its path; like ours, it is told one gradient after the other."""
    theta = np.array(x0)
    points = [theta.copy()]
    for g in gradients:
        theta += optimizer._get_updates([g])[0]
        points.append(theta.copy())
    return np.stack(points)


@pytest.mark.parametrize("optimizer", [heavy_ball, nesterov])
@pytest.mark.parametrize("momentum", [0.3, 0.9])
def test_momentum_as_in_sklearn(stochastic_optimizers, gradients, optimizer, momentum):
    x0 = np.array([1.0, -2.0, 0.5, 3.0])
    ours = path(optimizer(fed(gradients), x0, learning_rate=0.02, momentum=momentum, max_iter=99))
    reference = stochastic_optimizers.SGDOptimizer(
        [x0], learning_rate_init=0.02, momentum=momentum, nesterov=optimizer is nesterov
    )
    np.testing.assert_allclose(ours, theirs(reference, x0, gradients[:99]), rtol=1e-11)


def test_adam_as_in_sklearn(stochastic_optimizers, gradients):
    # There epsilon stands before the bias correction of the root; so without any.
    x0, betas = np.array([1.0, -2.0, 0.5, 3.0]), {"beta1": 0.8, "beta2": 0.95}
    ours = path(adam(fed(gradients), x0, learning_rate=0.02, epsilon=0.0, max_iter=99, **betas))
    reference = stochastic_optimizers.AdamOptimizer([x0], learning_rate_init=0.02, beta_1=0.8, beta_2=0.95, epsilon=0.0)
    np.testing.assert_allclose(ours, theirs(reference, x0, gradients[:99]), rtol=1e-11, atol=1e-13)


def regret_over_bound(optimizer, A, b, x0, eta, **options):
    """Regret on the losses abs(a_t·x − b_t) against the best of many fixed points, over Duchi et al.'s bound on it."""
    turn = itertools.count()
    told = []

    def fun(x):
        t = min(next(turn), len(A) - 1)
        told.append(A[t] * np.sign(A[t] @ x - b[t]))
        return abs(A[t] @ x - b[t]), told[-1]

    ours = run(optimizer(fun, x0, learning_rate=eta, max_iter=len(A) - 1, **options), path=True)
    roots = np.linalg.norm(told[: len(A)], axis=0)
    rng = np.random.default_rng(0)
    rivals = np.linalg.lstsq(A, b)[0] + np.r_[0, np.repeat(10.0 ** np.arange(-3, 1), 10)][:, None] * rng.normal(size=(41, len(x0)))
    regrets = ours.values.sum() - np.abs(A @ rivals.T - b[:, None]).sum(axis=0)
    farthest = np.abs(ours.path[:, None] - rivals).max(axis=(0, 2))
    return (regrets / ((farthest**2 / (2 * eta) + eta) * roots.sum())).max()


def test_adagrad_keeps_its_regret_bound():
    """J. Duchi, E. Hazan and Y. Singer (2011), theorem 5: the diagonal matrix, composite mirror descent without constraint.

    R(T) ≤ (max_t ‖x_t − x*‖∞² / 2η + η) Σ_i ‖g_{1:T, i}‖ for every x*.
    """
    rng = np.random.default_rng(3)
    ratios = []
    for _ in range(30):
        d, T = int(rng.integers(1, 6)), int(rng.integers(5, 200))
        A = rng.normal(size=(T, d)) * 10.0 ** rng.uniform(-2, 2, size=d) * (rng.random((T, d)) < rng.uniform(0.1, 1))
        b = A @ rng.normal(size=d) + rng.normal(size=T) * 10.0 ** rng.uniform(-3, 0)
        ratios.append(regret_over_bound(adagrad, A, b, rng.normal(size=d), 10.0 ** rng.uniform(-1, 1), epsilon=1e-12))
    assert max(ratios) < 1 and max(ratios) > 0.05  # it holds, and it is not empty


def test_rmsprop_runs_the_wrong_way_where_large_gradients_are_rare():
    """S. Reddi, S. Kale and S. Kumar (2018), On the convergence of Adam and beyond, theorem 1.

    The losses Cx, −x, −x in turn on [−1, 1], C > 2, with decay 1/(1 + C²) and rates like 1/√t: the best point is −1, and
    RMSProp ends at 1, the worst.  AdaGrad, which forgets no gradient, goes to −1.
    """
    for C in (2.5, 4.0, 10.0):
        def step(t, eta, x, g, squares):
            new = rmsprop_step(x, squares, g, learning_rate=eta, decay=1 / (1 + C**2), epsilon=0.0)
            return np.clip(new[0], -1, 1), new[1]

        def remembering(t, eta, x, g, squares):
            new = adagrad_step(x, squares, g, learning_rate=0.5, epsilon=0.0)
            return np.clip(new[0], -1, 1), new[1]

        ends = []
        for rule in (step, remembering):
            turns = fed(itertools.cycle(np.array([[C], [-1.0], [-1.0]])))
            *_, last = descend_with(rule, turns, [0.0], memory=[0], learning_rate=lambda t: 0.2 / (1 + t) ** 0.5, max_iter=1500)
            ends.append(float(last.parameters[0]))
        assert ends[0] == pytest.approx(1, abs=0.02) and ends[1] == pytest.approx(-1, abs=0.1)


def test_no_step_of_rmsprop_is_longer_than_its_rate_over_the_root_of_its_forgetting():
    rng = np.random.default_rng(5)
    g = rng.normal(size=(200, 50)) * 10.0 ** rng.uniform(-6, 6, size=(200, 50))
    steps = np.diff(path(rmsprop(fed(g), np.zeros(50), learning_rate=0.3, decay=0.8, epsilon=0.0, max_iter=199)), axis=0)
    limit = 0.3 / 0.2**0.5
    assert np.abs(steps).max() <= limit * (1 + 1e-12) and np.abs(steps).max() > 0.99 * limit
