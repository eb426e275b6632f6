"""The cost as an average: equal to the plain functions, minibatches that add up, losses of one's own, and bad input."""

import re

import numpy as np
import pytest

from mlcourse import linear_model
from mlcourse.datasets import make_logistic
from mlcourse.optimize import EmpiricalRisk, gradient_descent, minibatches, newton, sgd

PLAIN = {
    "logistic": (linear_model.logistic_loss, linear_model.logistic_gradients, linear_model.logistic_hessian),
    "squared": (linear_model.squared_loss, linear_model.squared_gradients, linear_model.squared_hessian),
}


@pytest.fixture
def data():
    X, y, coef = make_logistic(300, 4, condition_number=10, intercept=0.5, random_state=0, return_coef=True)
    return X, y, 0.7 * coef


@pytest.mark.parametrize("alpha", [0.0, 0.3])
@pytest.mark.parametrize("name", PLAIN)
def test_it_is_the_plain_loss(name, alpha, data):
    X, y, theta = data
    loss, gradients, hessian = PLAIN[name]
    risk = EmpiricalRisk(name, X, y, alpha=alpha)
    assert (risk.n_samples, risk.n_features, risk.alpha) == (300, 5, alpha)
    batch = np.array([7, 7, 299, 0])
    for rows, of in ((slice(None), ()), (batch, (batch,))):
        value, gradient = risk(theta, *of)
        expected, slope = loss(theta, X[rows], y[rows], alpha=alpha)
        assert type(value) is float and value == pytest.approx(expected, rel=1e-13)
        np.testing.assert_allclose(gradient, slope, rtol=1e-11, atol=1e-14)
        single = risk.sample_gradients(theta, *of)
        np.testing.assert_allclose(single, gradients(theta, X[rows], y[rows]) + alpha * theta, rtol=1e-11, atol=1e-14)
        np.testing.assert_allclose(single.mean(axis=0), gradient, rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(risk.hessian(theta), hessian(theta, X, alpha=alpha), rtol=1e-12)
    np.testing.assert_array_equal(risk(theta, list(batch))[1], risk(theta, batch)[1])


def test_the_average_over_the_batches_of_an_epoch_is_the_whole(data):
    X, y, theta = data
    risk = EmpiricalRisk("logistic", X, y, alpha=0.1)
    parts = [risk(theta, batch) for batch in minibatches(300, 50, n_epochs=1, random_state=0)]
    value, gradient = risk(theta)
    assert np.mean([part[0] for part in parts]) == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(np.mean([part[1] for part in parts], axis=0), gradient, rtol=1e-10)


@pytest.mark.parametrize("of_batch", [False, True])
def test_blocks_do_not_change_the_result(of_batch, data):
    X, y, theta = data
    risk = EmpiricalRisk("logistic", X, y, alpha=0.1)
    of = (np.arange(299, 0, -1),) if of_batch else ()
    value, gradient = risk(theta, *of)
    for block in (1, 7, 100, 299):
        risk._block = block
        again, slope = risk(theta, *of)
        assert again == pytest.approx(value, rel=1e-13)
        np.testing.assert_allclose(slope, gradient, rtol=1e-11)


def test_many_examples_take_several_blocks():
    X, y, coef = make_logistic(40_000, 3, random_state=0, return_coef=True)
    risk = EmpiricalRisk("logistic", X, y)
    assert risk._block < 40_000
    value, gradient = linear_model.logistic_loss(coef, X, y)
    assert risk(coef)[0] == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(risk(coef)[1], gradient, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("name", PLAIN)
def test_float32_is_kept(name, data):
    X, y, theta = data
    risk = EmpiricalRisk(name, X.astype(np.float32), y, alpha=0.1)
    assert risk.X.dtype == risk.y.dtype == np.float32
    theta = theta.astype(np.float32)
    for of in ((), (np.arange(10),)):
        value, gradient = risk(theta, *of)
        assert type(value) is float and gradient.dtype == risk.sample_gradients(theta, *of).dtype == np.float32
    assert risk.hessian(theta).dtype == np.float32
    np.testing.assert_allclose(risk(theta)[1], EmpiricalRisk(name, X, y, alpha=0.1)(theta.astype(float))[1], atol=1e-5)


def test_returned_arrays_are_new(data):
    X, y, theta = data
    risk = EmpiricalRisk("squared", X, y)
    before = risk.X.copy(), risk.y.copy()
    for result in (risk(theta)[1], risk.sample_gradients(theta), risk.hessian(theta), risk(theta, [1])[1]):
        result[...] = 99.0
    np.testing.assert_array_equal(risk.X, before[0])
    np.testing.assert_array_equal(risk.y, before[1])
    assert not (risk(theta)[1] == 99).any()


def test_optimisers_find_its_minimum(data):
    X, y, _ = data
    risk = EmpiricalRisk("squared", X, y, alpha=0.01)
    exact = np.linalg.solve(X.T @ X / 300 + 0.01 * np.eye(5), X.T @ y / 300)
    *_, last = newton(risk, np.zeros(5), tol=1e-12)
    np.testing.assert_allclose(last.parameters, exact, rtol=1e-10)
    *_, last = gradient_descent(risk, np.zeros(5), learning_rate=0.3, max_iter=500)
    np.testing.assert_allclose(last.parameters, exact, atol=1e-6)
    *_, last = sgd(risk, np.zeros(5), 300, batch_size=30, learning_rate=0.05, n_epochs=30, random_state=0)
    np.testing.assert_allclose(last.parameters, exact, atol=0.1)


class Poisson:
    """Counts: L = exp(z) − y z."""

    @staticmethod
    def targets(y, n_samples, dtype):
        y = np.asarray(y, dtype)
        if (y < 0).any():
            raise ValueError("y must hold counts")
        return y

    @staticmethod
    def losses(z, y):
        return np.exp(z) - y * z, np.exp(z) - y

    @staticmethod
    def curvatures(z, y):
        return np.exp(z)


def test_a_loss_of_ones_own(data):
    X, y, theta = data
    risk = EmpiricalRisk(Poisson(), X, y)
    h = 1e-5 * np.eye(5)
    np.testing.assert_allclose(risk(theta)[1], [(risk(theta + s)[0] - risk(theta - s)[0]) / 2e-5 for s in h], rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(risk.hessian(theta), [(risk(theta + s)[1] - risk(theta - s)[1]) / 2e-5 for s in h], rtol=1e-6, atol=1e-7)
    with pytest.raises(ValueError, match="counts"):
        EmpiricalRisk(Poisson(), X, -y)
    with pytest.raises(TypeError, match="loss must have a method targets"):
        EmpiricalRisk(3, X, y)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"loss": "hinge"}, "loss must be 'logistic', 'squared' or an object (it was 'hinge')"),
        ({"y": [-1, 1]}, "y must hold the labels 0 and 1 (it held -1, 1): pass (y > 0).astype(int)"),
        ({"y": [0, 1, 1]}, "y must have one entry for each of the 2 samples of X (it had 3)"),
        ({"X": [[1.0], [np.nan]]}, "X must hold finite numbers"),
        ({"X": [1.0, 2.0]}, "X must be a 2-D array"),
        ({"X": np.empty((0, 1)), "y": []}, "X has 0 sample(s)"),
        ({"alpha": -0.1}, "alpha must be a number with 0 <= alpha (it was -0.1)"),
        ({"loss": "squared", "y": [0.0, np.inf]}, "y must hold finite numbers"),
    ],
)
def test_bad_input(options, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        EmpiricalRisk(**{"loss": "logistic", "X": [[1.0], [2.0]], "y": [0, 1], **options})


def test_batches_outside_of_the_data_are_errors():
    risk = EmpiricalRisk("squared", [[1.0], [3.0]], [0.0, 5.0])
    with pytest.raises(IndexError):
        risk(np.ones(1), np.array([2]))
    assert repr(risk) == "EmpiricalRisk(n_samples=2, n_features=1, alpha=0.0)"
