"""A ladder of rates: every rung is the run that the optimiser itself makes at that rate."""

import numpy as np
import pytest

from mlcourse.datasets import make_logistic
from mlcourse.linear_model import logistic_loss
from mlcourse.optimize import (
    EmpiricalRisk,
    adagrad,
    adam,
    gradient_descent,
    heavy_ball,
    minibatches,
    nesterov,
    quadratic,
    rmsprop,
    rosenbrock,
    run,
)
from mlcourse.optimize.ladder import (
    advance,
    cycle_height,
    cycle_slope,
    ladder_paths,
    logistic_losses,
    one_pass,
)

OPTIMISERS = {
    "plain": gradient_descent,
    "heavy ball": heavy_ball,
    "Nesterov": nesterov,
    "AdaGrad": adagrad,
    "RMSProp": rmsprop,
    "Adam": adam,
}
RATES = np.array([1e-4, 1e-3, 3e-3])


@pytest.mark.parametrize("name", OPTIMISERS)
def test_each_rung_is_the_optimisers_own_run(name):
    f = rosenbrock()
    paths = ladder_paths(name, f.gradient, f.start, RATES[:2], 30)
    assert paths.shape == (31, 2, 2)
    for k, rate in enumerate(RATES[:2]):
        own = run(OPTIMISERS[name](f, f.start, learning_rate=rate, max_iter=30), path=True).path
        np.testing.assert_allclose(paths[:, k], own, rtol=1e-9)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_falling_rates_reach_zero(name):
    f = quadratic([0.1, 1.0], start=[2.0, 1.0])
    own = OPTIMISERS[name](f, f.start, learning_rate=lambda t: 0.1 * (1 - t / 20), max_iter=20)
    *_, last = own
    paths = ladder_paths(name, f.gradient, f.start, np.array([0.1]), 20, falling=True)
    np.testing.assert_allclose(paths[-1, 0], last.parameters, rtol=1e-9)


@pytest.mark.parametrize("name", ["heavy ball", "Nesterov"])
def test_momentum_can_be_chosen(name):
    f = quadratic([0.1, 1.0], start=[2.0, 1.0])
    none = ladder_paths(name, f.gradient, f.start, np.array([0.5]), 9, momentum=0.0)
    plain = ladder_paths("plain", f.gradient, f.start, np.array([0.5]), 9)
    np.testing.assert_array_equal(none, plain)


def test_a_run_that_diverges_does_not_disturb_the_others():
    paths = ladder_paths("plain", lambda x: x**3, [2.0], np.array([0.01, 1.0]), 60)
    assert np.isfinite(paths[:, 0]).all() and not np.isfinite(paths[-1, 1]).any()


def test_an_unknown_optimiser_is_refused():
    with pytest.raises(ValueError, match="no optimiser 'Adamm'"):
        advance("Adamm", np.zeros(1), (np.zeros(1), np.zeros(1)), np.zeros(1), 1, 0.1)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_one_pass_is_the_optimisers_own_pass(name):
    X, y = make_logistic(230, 4, random_state=0)  # the last batch is short
    thetas = one_pass(name, X, y, RATES, 50)
    for rate, theta in zip(RATES, thetas):
        batches = minibatches(230, 50, n_epochs=1, random_state=0)
        risk = EmpiricalRisk("logistic", X, y)
        *_, last = OPTIMISERS[name](risk, np.zeros(4), learning_rate=rate, batches=batches)
        np.testing.assert_allclose(theta, last.parameters, rtol=1e-9)


def test_one_pass_keeps_what_it_is_asked_for():
    X, y = make_logistic(200, 3, random_state=0)
    kept = one_pass("Adam", X, y, RATES, 10, falling=True, every=5)
    assert kept.shape == (5, 3, 3) and not kept[0].any()
    np.testing.assert_array_equal(kept[-1], one_pass("Adam", X, y, RATES, 10, falling=True))


def test_losses_of_several_vectors():
    X, y = make_logistic(100, 3, random_state=1)
    thetas = np.random.default_rng(0).normal(size=(5, 3))
    single = [logistic_loss(theta, X, y)[0] for theta in thetas]
    np.testing.assert_allclose(logistic_losses(X, y, thetas), single)


def test_the_function_with_the_cycle():
    x = np.array([-3.0, 0.4, 1.0, 1.6, 2.0, 3.5])
    h = 1e-6
    between = (cycle_height(x + h) - cycle_height(x - h)) / (2 * h)
    np.testing.assert_allclose(between, cycle_slope(x), rtol=1e-5)
    assert cycle_height(np.array(0.0)) == 0 == cycle_slope(np.array(0.0))
    grid = np.linspace(-4, 4, 401)
    curvature = np.diff(cycle_slope(grid)) / np.diff(grid)
    assert curvature.min() > 1 - 1e-9 and curvature.max() < 25 + 1e-9
