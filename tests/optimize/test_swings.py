"""The roots of momentum are what the optimisers do; Adam goes the wrong way, AMSGrad does not."""

import numpy as np
import pytest

from mlcourse.optimize import heavy_ball_step, nesterov_step
from mlcourse.optimize.swings import (
    momentum_factor,
    momentum_regime,
    momentum_roots,
    moves_from_gradients,
    rare_gradient_places,
    steps_at_best,
)


@pytest.mark.parametrize(("step", "ahead"), [(heavy_ball_step, False), (nesterov_step, True)])
@pytest.mark.parametrize(("eta", "beta"), [(0.3, 0.5), (0.9, 0.9), (0.02, 0.4), (1.3, 0.6)])
def test_roots_are_the_eigenvalues_of_a_step(step, ahead, eta, beta):
    columns = [step(x, v, x, learning_rate=eta, momentum=beta) for x, v in ((1.0, 0.0), (0.0, 1.0))]
    own = np.linalg.eigvals(np.array(columns).T)
    roots = momentum_roots(eta, beta, ahead=ahead)
    np.testing.assert_allclose(np.sort_complex(own), np.sort_complex(roots), atol=1e-9)


def test_factor_is_that_of_the_worse_direction():
    rate, beta = np.array([0.5, 1.0]), np.array([[0.0], [0.64]])
    factors = momentum_factor(rate, beta, 25)
    np.testing.assert_allclose(factors, [[0.98, 0.96], [0.936886, 0.8]], atol=1e-4)
    assert momentum_factor(2.5, 0.64, 25, ahead=True) > 1 > momentum_factor(2.5, 0.64, 25)


@pytest.mark.parametrize(
    ("eta", "beta", "word"),
    [
        (0.04, 0.4, "creeps (factor 0.93 a step)"),
        (0.04, 0.64, "is critical (factor 0.80 a step)"),
        (1.0, 0.8, "rings (factor 0.89 a step)"),
        (1.9, 0.0, "jumps from side to side (factor 0.90 a step)"),
        (2.5, 0.0, "diverges (factor 1.50 a step)"),
        (1.0, 0.0, "lands at once"),
    ],
)
def test_regimes(eta, beta, word):
    assert momentum_regime(eta, beta) == word


def test_a_short_memory_leads_the_wrong_way():
    adam, safe = (rare_gradient_places(3, np.array([0.07, 0.999]), never_less=n, n_steps=800) for n in (False, True))
    assert adam.shape == (801, 2) and not adam[0].any() and np.abs(adam).max() <= 1
    assert adam[-1, 0] > 0.9 and adam[-1, 1] < -0.9
    assert safe[-1].max() < -0.9
    np.testing.assert_allclose(safe[1], -0.3)  # corrected: the first step has the length of the rate


def test_momentum_changes_the_walk():
    plain, smoothed = (rare_gradient_places(10, np.array([0.9]), beta1=b, n_steps=50) for b in (0.0, 0.9))
    assert np.abs(plain - smoothed).max() > 0.05


def test_moves_are_those_of_the_rules():
    g = np.array([1.0, -2.0, 0.5])
    v = [1.0, -1.1, -0.49]
    np.testing.assert_allclose(moves_from_gradients("heavy ball", g), v)
    np.testing.assert_allclose(moves_from_gradients("plain", g), g)
    np.testing.assert_allclose(moves_from_gradients("AdaGrad", g), g / np.sqrt(np.cumsum(g**2)), rtol=1e-7)
    many = moves_from_gradients("RMSProp", np.stack([g, 2 * g], axis=1))  # the size of the gradients cancels
    np.testing.assert_allclose(many[:, 0], many[:, 1], rtol=1e-6)


def test_silence_fades_adams_correction():
    late = moves_from_gradients("Adam", np.ones(2), silent=10**9)
    np.testing.assert_allclose(late, [0.1 / 0.001**0.5, 0.19 / 0.001999**0.5], rtol=1e-6)
    soon = moves_from_gradients("Adam", np.ones(2), silent=3)
    np.testing.assert_allclose(soon, moves_from_gradients("Adam", np.array([0, 0, 0, 1.0, 1.0]))[3:], rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "bound"), [("AdaGrad", 1), ("RMSProp", 10**0.5), ("Adam", 0.1 / (0.001 * (1 - 0.9**2 / 0.999)) ** 0.5)]
)
def test_no_step_is_longer_than_the_bound_and_the_worst_comes_to_it(name, bound):
    wild = np.random.default_rng(0).normal(size=(300, 1000)) ** 5
    assert np.abs(moves_from_gradients(name, wild)).max() < bound * (1 + 1e-6)
    growing = moves_from_gradients(name, 1.11 ** np.arange(200), silent=10**5)
    assert 0.99 * bound < growing.max() < bound * (1 + 1e-6)


def test_steps_at_best_follow_the_factors():
    plain, ball = (steps_at_best(100, momentum) for momentum in (False, True))
    assert abs(plain - np.log(1e6) / -np.log(99 / 101)) < 20  # from (1, 1), whose length is √2
    assert np.log(1e6) / -np.log(9 / 11) < ball < 2 * np.log(1e6) / -np.log(9 / 11)
