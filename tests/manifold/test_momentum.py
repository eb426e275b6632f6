"""One step of the optimiser against its definition, and against the loop that does the same in place."""

import numpy as np
import pytest

from mlcourse.manifold import ExactGradient, descend, kl_divergence_and_gradient, momentum_step

RNG = np.random.default_rng(0)


def affinities(n):
    P = RNG.random((n, n))
    P = P + P.T
    np.fill_diagonal(P, 0)
    return P / P.sum()


def test_a_step_by_hand():
    Y, update = np.array([[1.0, 1.0, 1.0, 1.0]]), np.array([[-2.0, 2.0, 0.0, 4.0]])
    gains, gradient = np.array([[1.0, 1.0, 1.0, 0.011]]), np.array([[1.0, 1.0, 1.0, 1.0]])
    new_Y, new_update, new_gains = momentum_step(Y, update, gains, gradient, learning_rate=0.5, momentum=0.25)
    np.testing.assert_allclose(new_gains, [[1.2, 0.8, 0.8, 0.01]])
    np.testing.assert_allclose(new_update, [[-0.5 - 0.6, 0.5 - 0.4, -0.4, 1 - 0.005]])
    np.testing.assert_allclose(new_Y, Y + new_update)
    assert gains[0, 0] == 1 and update[0, 0] == -2 and Y[0, 0] == 1, "nothing that came is changed"


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_loop_makes_the_same_steps_to_the_last_digit(dtype):
    cost = ExactGradient(affinities(30).astype(dtype))
    start = (0.1 * RNG.standard_normal((30, 2))).astype(dtype)
    states = list(descend(cost, start, learning_rate=3.0, max_iter=80, momentum=(0.5, 0.8), momentum_switch=40,
                          early_exaggeration=4.0, exaggeration_iter=40, divergence=cost.divergence))  # fmt: skip
    Y, update, gains = start, np.zeros_like(start), np.ones_like(start)
    for t, state in enumerate(states):
        assert np.array_equal(Y, state.Y), t
        if t == 40:
            update, gains = np.zeros_like(start), np.ones_like(start)
        _, gradient = cost(Y, 4.0 if t < 40 else 1.0)
        Y, update, gains = momentum_step(Y, update, gains, gradient, learning_rate=3.0, momentum=0.5 if t < 40 else 0.8)
        Y = Y - np.einsum("ij->j", Y) / len(Y)
        assert Y.dtype == dtype and gains.min() >= 0.01 - 1e-9
    assert np.ptp(states[-1].Y) > 2 * np.ptp(start), "the map has moved"


def test_without_momentum_and_gains_it_is_plain_descent():
    Y, gradient = RNG.standard_normal((2, 5, 2))
    new_Y, update, gains = momentum_step(Y, 0 * Y, None, gradient, learning_rate=0.1, momentum=0.0)
    assert gains is None
    np.testing.assert_allclose(new_Y, Y - 0.1 * gradient)
    np.testing.assert_allclose(update, -0.1 * gradient)


def test_what_cannot_be_is_said():
    Y = np.zeros((3, 2))
    with pytest.raises(ValueError, match="one shape"):
        momentum_step(Y, Y[:2], Y, Y, learning_rate=1.0, momentum=0.5)
    for options in ({"learning_rate": 0}, {"learning_rate": np.nan}, {"momentum": 1}, {"momentum": -0.1}):
        with pytest.raises(ValueError, match=f"{next(iter(options))} must be"):
            momentum_step(Y, Y, Y, Y, **{"learning_rate": 1.0, "momentum": 0.5} | options)
    with pytest.raises(FloatingPointError, match="lower learning_rate"):
        momentum_step(Y, Y, Y + 1, Y + 1e300, learning_rate=1e300, momentum=0.5)


# The gradient that it is used with


@pytest.mark.parametrize("nu", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_exact_gradient_is_the_plain_one(dtype, nu):
    P, Y = affinities(40), RNG.standard_normal((40, 2))
    cost = ExactGradient(P.astype(dtype), nu)
    nothing, gradient = cost(Y, 3.0)
    value, expected = kl_divergence_and_gradient(P, Y, nu)[0], kl_divergence_and_gradient(3 * P, Y, nu)[1]
    tolerance = 1e-10 if dtype == np.float64 else 1e-5
    assert nothing is None and gradient.dtype == dtype
    assert abs(gradient - expected).max() < tolerance * abs(expected).max()
    assert cost.divergence(Y) == pytest.approx(value, rel=tolerance)


def test_exact_gradient_says_what_is_wrong():
    P = affinities(5)
    with pytest.raises(ValueError, match=r"P must have shape \(n, n\)"):
        ExactGradient(P[:3])
    with pytest.raises(ValueError, match="none negative|probabilities"):
        ExactGradient(-P)
    with pytest.raises(ValueError, match="degrees_of_freedom must be"):
        ExactGradient(P, 0)
    with pytest.raises(ValueError, match="P must hold finite"):
        ExactGradient(P * np.nan)
    with pytest.raises(ValueError, match="one row for each of the 5 points"):
        ExactGradient(P)(np.zeros((4, 2)))
