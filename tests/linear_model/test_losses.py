"""The losses of linear models: derivatives by finite differences, scikit-learn's values, extremes, and bad input."""

import re

import numpy as np
import pytest
from sklearn.metrics import log_loss

from mlcourse.linear_model import (
    logistic_gradients,
    logistic_hessian,
    logistic_loss,
    sigmoid,
    squared_gradients,
    squared_hessian,
    squared_loss,
)
from mlcourse.linear_model.logistic import _MANY, margin_curvatures, margin_losses

LOSSES = [(logistic_loss, logistic_gradients, logistic_hessian), (squared_loss, squared_gradients, squared_hessian)]


@pytest.fixture(params=range(5))
def data(request):
    rng = np.random.default_rng(request.param)
    n, d = rng.integers(1, 40), rng.integers(1, 6)
    X = rng.normal(size=(n, d)) * rng.uniform(0.1, 3, size=d)
    return rng.normal(size=d), X, rng.integers(0, 2, size=n), rng


def difference(fun, theta, h=1e-5):
    steps = h * np.eye(len(theta))
    return np.array([(np.asarray(fun(theta + step)) - np.asarray(fun(theta - step))) / (2 * h) for step in steps])


@pytest.mark.parametrize("loss, gradients, hessian", LOSSES)
@pytest.mark.parametrize("alpha", [0.0, 0.7])
def test_derivatives(loss, gradients, hessian, alpha, data):
    theta, X, y, _ = data
    value, gradient = loss(theta, X, y, alpha=alpha)
    np.testing.assert_allclose(gradient, difference(lambda t: loss(t, X, y, alpha=alpha)[0], theta), rtol=1e-6, atol=1e-8)
    H = hessian(theta, X, alpha=alpha)
    np.testing.assert_allclose(H, difference(lambda t: loss(t, X, y, alpha=alpha)[1], theta), rtol=1e-5, atol=1e-8)
    np.testing.assert_array_equal(H, H.T)
    single = gradients(theta, X, y)
    assert single.shape == X.shape
    np.testing.assert_allclose(single.mean(axis=0) + alpha * theta, gradient, rtol=1e-12, atol=1e-14)
    for i in range(len(X)):  # each example alone
        np.testing.assert_allclose(loss(theta, X[i : i + 1], y[i : i + 1])[1], single[i], rtol=1e-12, atol=1e-14)


def test_logistic_loss_is_that_of_sklearn(data):
    theta, X, y, _ = data
    expected = log_loss(y, sigmoid(X @ theta), labels=[0, 1])
    assert logistic_loss(theta, X, y)[0] == pytest.approx(expected, rel=1e-12)
    assert logistic_loss(theta, X, y, alpha=0.3)[0] == pytest.approx(expected + 0.15 * theta @ theta, rel=1e-12)


def test_squared_loss_is_least_squares(data):
    _, X, _, rng = data
    y = rng.normal(size=len(X))
    if len(X) > X.shape[1]:
        best = np.linalg.lstsq(X, y, rcond=None)[0]
        np.testing.assert_allclose(squared_loss(best, X, y)[1], 0, atol=1e-12)
    theta = np.ones(X.shape[1])
    assert squared_loss(theta, X, y)[0] == pytest.approx(0.5 * np.mean((X @ theta - y) ** 2))


def test_sigmoid():
    z = np.linspace(-30, 30, 101)
    np.testing.assert_allclose(sigmoid(z), 1 / (1 + np.exp(-z)), rtol=1e-14)
    np.testing.assert_allclose(sigmoid(z) + sigmoid(-z), 1, rtol=1e-15)
    np.testing.assert_array_equal(sigmoid([[-np.inf, -1e300], [1e300, np.inf]]), [[0, 0], [1, 1]])
    np.testing.assert_allclose(sigmoid(-700.0), np.exp(-700.0), rtol=1e-14)
    assert np.isnan(sigmoid(np.nan))
    assert sigmoid(np.float32(3)).dtype == np.float32 and sigmoid(3).dtype == np.float64 and sigmoid(3).shape == ()


@pytest.mark.parametrize("many", [False, True])
def test_extreme_margins(many):
    """Both forms, that of few numbers and that of many: nothing overflows, tiny losses keep their digits."""
    z = np.array([1e300, -1e300, 800.0, -800.0, 40.0, -40.0, 1e-300, 0.0, -0.0])
    expected = np.array([0, 1e300, 0, 800, np.exp(-40.0), 40 + np.exp(-40.0), np.log(2), np.log(2), np.log(2)])
    slopes = np.array([0, -1, 0, -1, -np.exp(-40.0), -1, -0.5, -0.5, -0.5])
    repeat = _MANY if many else 1
    for sign in (1.0, -1.0):
        with np.errstate(all="raise", under="ignore"):
            losses, derivatives = margin_losses(np.repeat(sign * z, repeat), np.full(len(z) * repeat, sign))
        np.testing.assert_allclose(losses, np.repeat(expected, repeat), rtol=1e-14)
        np.testing.assert_allclose(derivatives, np.repeat(sign * slopes, repeat), rtol=1e-14)
    np.testing.assert_array_equal(margin_curvatures(z[:4]), 0)
    np.testing.assert_allclose(margin_curvatures(np.array([40.0, -40.0])), np.exp(-40.0), rtol=1e-14)


def test_both_forms_agree():
    rng = np.random.default_rng(0)
    z, signs = 10 * rng.normal(size=2 * _MANY), rng.choice([-1.0, 1.0], size=2 * _MANY)
    whole = margin_losses(z, signs)
    parts = [margin_losses(z[i : i + 10], signs[i : i + 10]) for i in range(0, len(z), 10)]
    for k in (0, 1):
        np.testing.assert_allclose(whole[k], np.concatenate([part[k] for part in parts]), rtol=1e-13)


def test_loss_of_certain_models():
    X = [[1.0], [-1.0]]
    assert logistic_loss([1e300], X, [1, 0])[0] == 0
    value, gradient = logistic_loss([1e300], X, [0, 1])
    assert value == 1e300 and gradient.tolist() == [1.0]
    np.testing.assert_array_equal(logistic_hessian([1e300], X), [[0.0]])
    assert logistic_loss([0.0], X, [0, 1])[0] == pytest.approx(np.log(2), rel=1e-15)


@pytest.mark.parametrize("loss, gradients, hessian", LOSSES)
def test_float32_is_kept(loss, gradients, hessian, data):
    theta, X, y, _ = data
    value, gradient = loss(theta, X.astype(np.float32), y, alpha=0.1)
    assert type(value) is float and gradient.dtype == np.float32
    expected, slope = loss(theta, X, y, alpha=0.1)
    assert value == pytest.approx(expected, rel=1e-4, abs=1e-5)
    np.testing.assert_allclose(gradient, slope, rtol=1e-3, atol=1e-4)
    assert gradients(theta, X.astype(np.float32), y).dtype == hessian(theta, X.astype(np.float32)).dtype == np.float32


def test_hessian_of_many_rows_is_summed_in_blocks():
    rng = np.random.default_rng(0)
    X, theta = rng.normal(size=(50_000, 3)), rng.normal(size=3)
    p = sigmoid(X @ theta)
    np.testing.assert_allclose(logistic_hessian(theta, X), (X.T * (p * (1 - p))) @ X / len(X), rtol=1e-11, atol=1e-14)


def test_input_is_left_alone():
    theta, X, y = np.ones(2), np.ones((3, 2)), np.array([0, 1, 1])
    for loss, gradients, hessian in LOSSES:
        loss(theta, X, y, alpha=1.0), gradients(theta, X, y), hessian(theta, X, alpha=1.0)
    assert theta.tolist() == [1, 1] and (X == 1).all() and y.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    "y, message",
    [
        ([-1, 1, 1], "y must hold the labels 0 and 1 (it held -1, 1): pass (y > 0).astype(int)"),
        ([1, 2, 2], "y must hold the labels 0 and 1 (it held 1, 2): pass (y == c).astype(int), where c is the class that is to be 1"),
        (["no", "yes", "no"], "(it held 'no', 'yes')"),
        ([0, 0.5, 1], "continuous"),
        ([0, 1], "y must have one entry for each of the 3 samples of X (it had 2)"),
        ([0, 1, np.nan], "y must hold finite numbers"),
    ],
)
def test_bad_labels(y, message):
    for function in (logistic_loss, logistic_gradients):
        with pytest.raises(ValueError, match=re.escape(message)):
            function([0.0], [[1.0], [2.0], [3.0]], y)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@pytest.mark.parametrize("loss, gradients, hessian", LOSSES)
def test_bad_input(loss, gradients, hessian):
    X, y = [[1.0, 2.0], [3.0, 4.0]], [0, 1]
    calls = [lambda t, X: loss(t, X, y), lambda t, X: gradients(t, X, y), lambda t, X: hessian(t, X)]
    for call in calls:
        with pytest.raises(ValueError, match=re.escape("theta must have one entry for each of the 2 features of X (it had 3)")):
            call([0.0, 0.0, 0.0], X)
        with pytest.raises(ValueError, match="X must be a 2-D array"):
            call([0.0], [1.0, 2.0])
        with pytest.raises(ValueError, match="X must hold finite numbers"):
            call([0.0, 1.0], [[1.0, np.nan], [3.0, 4.0]])
    for call in calls[: 2 if hessian is squared_hessian else 3]:
        with pytest.raises(ValueError, match="theta must hold finite numbers"):
            call([0.0, np.nan], X)
    for call in (lambda a: loss([0.0, 0.0], X, y, alpha=a), lambda a: hessian([0.0, 0.0], X, alpha=a)):
        with pytest.raises(ValueError, match=re.escape("alpha must be a number with 0 <= alpha (it was -1)")):
            call(-1)
    with pytest.raises(ValueError, match="minimum of 1 is required"):
        loss([0.0, 0.0], np.empty((0, 2)), [])
