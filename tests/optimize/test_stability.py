"""The largest curvature, the limit of stability, the range test: against eigenvalues and 2/L, and bad input."""

import re

import numpy as np
import pytest

from mlcourse.datasets import make_logistic
from mlcourse.exceptions import ConvergenceWarning
from mlcourse.optimize import (
    EmpiricalRisk,
    RangeTest,
    gradient_descent,
    largest_eigenvalue,
    learning_rate_range_test,
    minibatches,
    quadratic,
    stability_limit,
)


@pytest.mark.parametrize("seed", range(20))
def test_largest_eigenvalue_of_random_matrices(seed):
    rng = np.random.default_rng(seed)
    d = rng.integers(1, 30)
    A = rng.normal(size=(d, d))
    A = A + A.T + rng.choice([-3, 3]) * np.sqrt(d) * np.eye(d)  # not both signs at the top
    eigenvalues = np.linalg.eigvalsh(A)
    expected = eigenvalues[np.abs(eigenvalues).argmax()]
    assert largest_eigenvalue(A, tol=1e-6, max_iter=100_000) == pytest.approx(expected, rel=1e-6)
    assert largest_eigenvalue(lambda v: A @ v, int(d), tol=1e-3, max_iter=100_000) == pytest.approx(expected, rel=1e-3)


def test_largest_eigenvalue_of_a_risk():
    X, y = make_logistic(2000, 5, condition_number=30, random_state=0)
    risk = EmpiricalRisk("logistic", X, y)
    H = risk.hessian(np.zeros(5))
    product = lambda v: (risk(1e-5 * v)[1] - risk(-1e-5 * v)[1]) / 2e-5  # noqa: E731
    assert largest_eigenvalue(product, 5) == pytest.approx(np.linalg.eigvalsh(H)[-1], rel=1e-4)


def test_largest_eigenvalue_special_matrices():
    assert largest_eigenvalue([[-7.0]]) == -7.0
    assert largest_eigenvalue(np.zeros((3, 3))) == 0.0
    assert largest_eigenvalue(5 * np.eye(4)) == pytest.approx(5, rel=1e-14)
    assert largest_eigenvalue(np.diag([1e200, 1.0])) == pytest.approx(1e200)
    np.testing.assert_allclose(largest_eigenvalue(np.diag([1e-200, 1e-210])), 1e-200, rtol=1e-12)
    with pytest.warns(ConvergenceWarning, match="max_iter = 50 products"):
        largest_eigenvalue(np.diag([1.0, -1.0]), max_iter=50)
    with pytest.warns(ConvergenceWarning):
        largest_eigenvalue(np.diag([1.0, 0.9]), max_iter=2, tol=1e-8)


@pytest.mark.parametrize("eigenvalues", [[1.0, 4.0], [0.01, 50.0], [3.0]])
def test_the_limit_of_gradient_descent_is_two_over_the_largest(eigenvalues):
    f = quadratic(eigenvalues)

    def is_stable(rate):
        try:
            *_, last = gradient_descent(f, f.start, learning_rate=rate, max_iter=300)
        except FloatingPointError:
            return False
        return last.value < f(f.start)[0]

    limit = 2 / max(eigenvalues)
    low, high = stability_limit(is_stable, limit / 5, limit * 7)
    assert low < limit <= high <= 1.01 * low


def test_stability_limit_is_a_bisection():
    asked = []

    def is_stable(rate):
        asked.append(rate)
        return rate <= 0.37

    low, high = stability_limit(is_stable, 1e-6, 1e6, rtol=1e-12)
    assert low <= 0.37 < high and high / low - 1 < 1e-11
    assert len(asked) < 60 and asked[:2] == [1e-6, 1e6] and asked[2] == pytest.approx(1.0)
    asked.clear()
    assert stability_limit(is_stable, 0.369, 0.371, rtol=0.01) == (0.369, 0.371) and len(asked) == 2
    low, high = stability_limit(lambda rate: rate < 1, 0.5, 2.0, rtol=1e-300)
    assert 0 < high - low < 1e-15, "down to neighbours, then it ends"


# The range test


@pytest.fixture(scope="module")
def risk():
    X, y = make_logistic(4000, 10, condition_number=10, random_state=0)
    return EmpiricalRisk("logistic", X, y)


@pytest.mark.parametrize("seed", range(5))
def test_range_test_finds_the_region(risk, seed):
    batches = minibatches(4000, 100, random_state=seed)
    test = learning_rate_range_test(risk, np.zeros(10), batches, low=1e-4, high=1e4, n_steps=150)
    assert isinstance(test, RangeTest) and test.exploded
    n = len(test.values)
    assert n < 150 and len(test.learning_rates) == len(test.smoothed) == n
    assert test.learning_rates[0] == 1e-4 and np.allclose(np.diff(np.log(test.learning_rates)), np.log(1e8) / 149)
    assert test.values[0] == pytest.approx(np.log(2)), "before the first step"
    np.testing.assert_allclose(test.values[:5], np.log(2), rtol=1e-3)  # rates that do nothing
    assert test.smoothed.min() < 0.57 and test.smoothed[-1] > 4 * test.smoothed.min()
    assert 0.1 < test.lowest < 30 and test.suggestion == test.lowest / 10


def test_range_test_steps_and_smooths(risk):
    batches = list(minibatches(4000, 100, n_epochs=1, random_state=0))[:7]
    test = learning_rate_range_test(risk, np.zeros(10), batches, low=0.01, high=1.0, n_steps=9, smoothing=0.5)
    assert len(test.values) == 7 and not test.exploded, "it ends with the batches"
    theta, expected = np.zeros(10), []
    for rate, batch in zip(np.geomspace(0.01, 1.0, 9), batches):
        value, gradient = risk(theta, batch)
        expected.append(value)
        theta = theta - rate * gradient
    np.testing.assert_allclose(test.values, expected, rtol=1e-12)
    weights = 0.5 ** np.arange(7)[::-1]
    assert test.smoothed[-1] == pytest.approx(weights @ expected / weights.sum(), rel=1e-12)
    assert test.smoothed[0] == test.values[0]
    plain = learning_rate_range_test(risk, np.zeros(10), batches, low=0.01, high=1.0, smoothing=0.0)
    np.testing.assert_array_equal(plain.smoothed, plain.values)


def test_range_test_takes_structures_and_full_gradients():
    def bowl(p):
        return float(p["w"] @ p["w"] + p["b"] ** 2) / 2, p

    start = {"w": np.ones(2), "b": np.array(2.0)}
    test = learning_rate_range_test(bowl, start, None, low=1e-3, high=1e3, n_steps=80)
    assert test.exploded and test.lowest > 0.5
    assert start["w"].tolist() == [1, 1]


def test_range_test_ends_when_nothing_is_finite():
    def cliff(x):
        return (float(x @ x), 2 * x) if abs(x[0]) < 10 else (np.inf, x)

    test = learning_rate_range_test(cliff, [1.0], None, low=0.01, high=1e3, n_steps=30, factor=1e9)
    assert test.exploded and np.isfinite(test.values).all() and len(test.values) < 30
    with pytest.raises(FloatingPointError, match="at the start"):
        learning_rate_range_test(cliff, [11.0], None)


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: largest_eigenvalue([[1.0, 2.0]]), ValueError, "matrix must be square (its shape was (1, 2))"),
        (lambda: largest_eigenvalue([[1.0, 2.0], [0.0, 1.0]]), ValueError, "matrix must be symmetric"),
        (lambda: largest_eigenvalue(np.eye(2), 3), ValueError, "n_features must be the matrix's, 2 (it was 3)"),
        (lambda: largest_eigenvalue(lambda v: v), ValueError, "n_features must be given if matrix is a function"),
        (lambda: largest_eigenvalue(lambda v: v[:1], 2), ValueError, "the product must have 2 entries, as the vector has (it had 1)"),
        (lambda: largest_eigenvalue(lambda v: v * np.nan, 2), ValueError, "the product must hold finite numbers"),
        (lambda: largest_eigenvalue(np.eye(2), tol=0.0), ValueError, "0 < tol (it was 0.0)"),
        (lambda: largest_eigenvalue(np.eye(2), max_iter=0), ValueError, "1 <= max_iter (it was 0)"),
        (lambda: stability_limit(lambda r: False, 1.0, 2.0), ValueError, "low must be a stable learning rate (it was 1, an unstable one)"),
        (lambda: stability_limit(lambda r: True, 1.0, 2.0), ValueError, "high must be an unstable learning rate (it was 2, a stable one)"),
        (lambda: stability_limit(lambda r: True, 2.0, 1.0), ValueError, "low = 2.0 < high (it was 1.0)"),
        (lambda: stability_limit(lambda r: True, 0.0, 1.0), ValueError, "0 < low (it was 0.0)"),
        (lambda: learning_rate_range_test(len, [1.0], None, n_steps=1), ValueError, "2 <= n_steps (it was 1)"),
        (lambda: learning_rate_range_test(len, [1.0], None, smoothing=1.0), ValueError, "smoothing < 1 (it was 1.0)"),
        (lambda: learning_rate_range_test(len, [1.0], None, factor=1.0), ValueError, "1 < factor (it was 1.0)"),
        (lambda: learning_rate_range_test(len, [1.0], None, low=1.0, high=0.5), ValueError, "low = 1.0 < high (it was 0.5)"),
        (lambda: learning_rate_range_test(len, [1.0], 5), TypeError, "batches must be an iterable of index arrays or None (it was 5)"),
        (lambda: learning_rate_range_test(len, [1.0], []), ValueError, "batches must hold at least one batch"),
    ],
)  # fmt: skip
def test_bad_input(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()
