"""Covariances of minibatch gradients and of SGD's parameters: closed forms, and simulations with their own error."""

import re
from itertools import combinations, product

import numpy as np
import pytest

from mlcourse.optimize import minibatch_covariance, stationary_covariance


def random_matrix(rng, d, low=0.2, high=2.0):
    axes = np.linalg.qr(rng.normal(size=(d, d)))[0]
    return (axes * rng.uniform(low, high, d)) @ axes.T


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("b", [1, 2, 3, 5])
def test_minibatch_covariance_over_all_batches(b, replace):
    """All batches that can be drawn, one by one: no random error at all."""
    gradients = np.random.default_rng(0).normal(size=(5, 3)) + 10
    batches = product(range(5), repeat=b) if replace else combinations(range(5), b)
    means = np.array([gradients[list(batch)].mean(axis=0) for batch in batches])
    np.testing.assert_allclose(means.mean(axis=0), gradients.mean(axis=0), rtol=1e-12)
    expected = np.cov(means.T, bias=True) if len(means) > 1 else np.zeros((3, 3))
    np.testing.assert_allclose(minibatch_covariance(gradients, b, replace=replace), expected, rtol=1e-10, atol=1e-14)


def test_minibatch_covariance_by_drawing():
    rng = np.random.default_rng(1)
    gradients = rng.normal(size=(60, 2)) * [1, 3]
    runs = 5_000
    means = np.array([gradients[rng.permutation(60)[:20]].mean(axis=0) for _ in range(runs)])
    expected = minibatch_covariance(gradients, 20)
    error = np.sqrt(2 / runs) * expected.diagonal()  # the standard error of a variance
    assert (np.abs(means.var(axis=0) - expected.diagonal()) < 5 * error).all()


def test_minibatch_covariance_of_few():
    np.testing.assert_array_equal(minibatch_covariance([[3.0, 1.0]], 1), np.zeros((2, 2)))
    np.testing.assert_array_equal(minibatch_covariance([[3.0], [5.0]], 2), [[0.0]])
    np.testing.assert_array_equal(minibatch_covariance([[3.0], [5.0]], 8, replace=True), [[1 / 8]])


@pytest.mark.parametrize("eta", [0.001, 0.3, 0.99, 1.9])
def test_stationary_variance_in_one_dimension(eta):
    lam, sigma = 1.0, 0.7
    exact = eta * sigma**2 / (lam * (2 - eta * lam))
    assert stationary_covariance([[lam]], [[sigma**2]], eta)[0, 0] == pytest.approx(exact, rel=1e-14)


@pytest.mark.parametrize("seed", range(20))
def test_stationary_covariance_solves_its_equation(seed):
    rng = np.random.default_rng(seed)
    d = rng.integers(1, 6)
    H, C = random_matrix(rng, d), random_matrix(rng, d, 0.0)
    eta = rng.uniform(0.01, 0.99) * 2 / np.linalg.eigvalsh(H)[-1]
    S = stationary_covariance(H, C, eta)
    step = np.eye(d) - eta * H
    np.testing.assert_allclose(S, step @ S @ step + eta**2 * C, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(S, S.T)
    assert np.linalg.eigvalsh(S).min() > -1e-12


def test_stationary_covariance_of_small_rates_is_the_temperature():
    H = random_matrix(np.random.default_rng(0), 3)
    np.testing.assert_allclose(stationary_covariance(H, 0.5 * H, 1e-6), 1e-6 * 0.5 / 2 * np.eye(3), rtol=1e-5, atol=1e-11)


def test_stationary_covariance_is_what_sgd_does():
    """Many runs of noisy gradient descent on a quadratic, looked at once each, when they have settled."""
    rng = np.random.default_rng(0)
    H, C, eta, runs = random_matrix(rng, 2, 0.5, 2.0), random_matrix(rng, 2, 0.2), 0.6, 40_000
    root = np.linalg.cholesky(C)
    theta = np.zeros((runs, 2))
    for _ in range(60):
        theta = theta - eta * (theta @ H + rng.standard_normal((runs, 2)) @ root.T)
    S = stationary_covariance(H, C, eta)
    error = np.sqrt((np.outer(S.diagonal(), S.diagonal()) + S**2) / runs)  # of a covariance of Gaussian numbers
    assert (np.abs(theta.T @ theta / runs - S) < 5 * error).all()
    assert np.abs(stationary_covariance(H, C, eta / 2) - S).max() > 20 * error.max(), "the simulation can tell"


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: minibatch_covariance([[1.0], [2.0]], 3), ValueError, "batch_size must be an integer with 1 <= batch_size <= n_samples = 2 (it was 3)"),
        (lambda: minibatch_covariance([[1.0], [2.0]], 0), ValueError, "1 <= batch_size"),
        (lambda: minibatch_covariance([[1.0], [2.0]], 1.0), TypeError, "batch_size must be an integer"),
        (lambda: minibatch_covariance([1.0, 2.0], 1), ValueError, "gradients must be a 2-D array"),
        (lambda: minibatch_covariance([[1.0], [np.inf]], 1), ValueError, "gradients must hold finite numbers"),
        (lambda: minibatch_covariance([[1.0]], 1, replace=1), TypeError, "replace must be True or False (it was 1)"),
        (lambda: stationary_covariance([[2.0]], [[1.0]], 1.0), ValueError, "learning_rate < 2 / (largest eigenvalue of hessian) = 1.0 (it was 1.0)"),
        (lambda: stationary_covariance(np.diag([1.0, 4.0]), np.eye(2), 0.6), ValueError, "learning_rate < 2 / (largest eigenvalue of hessian) = 0.5"),
        (lambda: stationary_covariance([[2.0]], [[1.0]], 0.0), ValueError, "0 < learning_rate"),
        (lambda: stationary_covariance([[0.0]], [[1.0]], 0.1), ValueError, "hessian must be positive definite (its smallest eigenvalue was 0)"),
        (lambda: stationary_covariance([[1.0, 2.0]], [[1.0]], 0.1), ValueError, "hessian must be square (its shape was (1, 2))"),
        (lambda: stationary_covariance([[1.0, 2.0], [0.0, 1.0]], np.eye(2), 0.1), ValueError, "hessian must be symmetric"),
        (lambda: stationary_covariance(np.eye(2), [[1.0]], 0.1), ValueError, "the shape of hessian, (2, 2) (its shape was (1, 1))"),
    ],
)  # fmt: skip
def test_bad_input(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()
