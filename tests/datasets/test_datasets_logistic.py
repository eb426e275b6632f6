"""Labels of the logistic model: the spectrum of the features, the probability of the labels, the intercept."""

import numpy as np
import pytest

from mlcourse.datasets import make_logistic
from mlcourse.linear_model import logistic_hessian, logistic_loss, sigmoid


@pytest.mark.parametrize("condition_number", [1.0, 30.0, 1e4])
def test_spectrum(condition_number):
    X, _ = make_logistic(50_000, 6, condition_number=condition_number, random_state=0)
    expected = condition_number ** -np.linspace(0, 1, 6)
    expected *= 6 / expected.sum()
    np.testing.assert_allclose(np.linalg.eigvalsh(X.T @ X / len(X))[::-1], expected, rtol=0.05)
    axis = np.linalg.eigh(X.T @ X)[1][:, -1]
    assert condition_number == 1 or np.abs(axis).max() < 0.99, "the axes are turned"


@pytest.mark.parametrize("signal", [0.0, 1.0, 4.0])
def test_labels_follow_the_model(signal):
    X, y, coef = make_logistic(60_000, 5, condition_number=100, signal=signal, intercept=0.7, random_state=1, return_coef=True)
    assert (X[:, 0] == 1).all() and coef[0] == 0.7 and X.shape == (60_000, 6)
    z = X @ coef
    assert z.std() == pytest.approx(signal, rel=0.02) and z.mean() == pytest.approx(0.7, abs=5 * (signal + 1e-9) / np.sqrt(60_000))
    for low, high in zip(np.quantile(z, np.linspace(0, 0.9, 10)), np.quantile(z, np.linspace(0.1, 1, 10))):
        some = (low <= z) & (z <= high)
        p = sigmoid(z[some])
        assert abs(y[some].mean() - p.mean()) < 5 * np.sqrt((p * (1 - p)).mean() / some.sum())
    # The true parameters are within sampling error of the minimum: n·gradient has the Hessian as its covariance per example.
    gradient, H = logistic_loss(coef, X, y)[1], logistic_hessian(coef, X)
    assert len(y) * gradient @ np.linalg.solve(H, gradient) < 6 + 5 * np.sqrt(2 * 6)  # χ² of 6 degrees of freedom


def test_log_odds_depend_equally_on_all_directions():
    shares = []
    for seed in range(100):
        X, _, coef = make_logistic(200, 4, condition_number=1000, random_state=seed, return_coef=True)
        variances, axes = np.linalg.eigh(X.T @ X / 200)
        shares.append(variances * (axes.T @ coef) ** 2 / 4)  # 4: signal²
    np.testing.assert_allclose(np.mean(shares, axis=0), 0.25, atol=0.1)


def test_results():
    X, y = make_logistic(100, 3, random_state=0)
    again = make_logistic(100, 3, random_state=0, return_coef=True)
    assert len(again) == 3 and again[2].shape == (3,)
    np.testing.assert_array_equal(X, again[0])
    assert set(y.tolist()) == {0, 1}
    with pytest.raises(TypeError, match="return_coef must be True or False"):
        make_logistic(10, return_coef=1)
    with pytest.raises(TypeError, match="intercept must be a finite number"):
        make_logistic(10, intercept=True)
