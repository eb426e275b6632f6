"""The four divergences: gradients by finite differences, invariances, limits, bad input."""

import numpy as np
import pytest
from scipy.spatial.distance import squareform
from sklearn.manifold._t_sne import _kl_divergence

from mlcourse.manifold import (
    attraction_and_repulsion,
    conditional_probabilities,
    gaussian_map_conditional,
    gaussian_map_joint,
    joint_probabilities,
    kl_divergence,
    kl_divergence_and_gradient,
    sne_divergence_and_gradient,
    squared_distances,
    student_joint,
    symmetric_sne_divergence_and_gradient,
    unisne_divergence_and_gradient,
    unisne_map_joint,
)

X = np.random.default_rng(0).standard_normal((15, 6))
CONDITIONAL = conditional_probabilities(squared_distances(X), 4.0)
JOINT = joint_probabilities(CONDITIONAL)
METHODS = {
    "SNE": (CONDITIONAL, sne_divergence_and_gradient, gaussian_map_conditional),
    "symmetric SNE": (JOINT, symmetric_sne_divergence_and_gradient, gaussian_map_joint),
}
for background in (0.0, 0.05, 0.2, 0.9):
    METHODS[f"UNI-SNE {background}"] = (
        JOINT,
        lambda P, Y, b=background: unisne_divergence_and_gradient(P, Y, b),
        lambda Y, b=background: unisne_map_joint(Y, b),
    )
for alpha in (0.3, 1.0, 2, 7.5):
    METHODS[f"t-SNE {alpha}"] = (
        JOINT,
        lambda P, Y, a=alpha: kl_divergence_and_gradient(P, Y, a),
        lambda Y, a=alpha: student_joint(Y, a),
    )
every_method = pytest.mark.parametrize("method", METHODS)


def finite_differences(function, Y, h=1e-5):
    gradient = np.empty_like(Y)
    for index in np.ndindex(*Y.shape):
        step = np.zeros_like(Y)
        step[index] = h
        gradient[index] = (function(Y + step) - function(Y - step)) / (2 * h)
    return gradient


def a_map(seed, m=2, scale=1.0):
    return scale * np.random.default_rng(seed).standard_normal((len(X), m))


@every_method
@pytest.mark.parametrize("m", [1, 2, 3])
def test_gradient_is_the_derivative(method, m):
    P, function, _ = METHODS[method]
    for seed in range(3):
        Y = a_map(seed, m)
        gradient = function(P, Y)[1]
        expected = finite_differences(lambda Z: function(P, Z)[0], Y)
        assert abs(gradient - expected).max() < 1e-6 * abs(expected).max()


@every_method
def test_a_step_against_the_gradient_goes_down(method):
    P, function, _ = METHODS[method]
    Y = a_map(4)
    before, gradient = function(P, Y)
    assert function(P, Y - 1e-4 * gradient / np.linalg.norm(gradient))[0] < before


@every_method
def test_divergence_is_that_of_the_map_affinities(method):
    P, function, affinities = METHODS[method]
    Y = a_map(1)
    Q = affinities(Y)
    assert function(P, Y)[0] == pytest.approx(kl_divergence(P, Q), rel=1e-12)
    sums = Q.sum(axis=1) if method == "SNE" else Q.sum()
    np.testing.assert_allclose(sums, 1, atol=1e-12)
    assert not Q.diagonal().any() and Q.min() >= 0
    assert function(Q, Y)[0] == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(function(Q, Y)[1], 0, atol=1e-14)  # at the minimum nothing moves


@every_method
def test_rigid_motions_change_no_divergence_and_turn_the_gradient(method):
    P, function, _ = METHODS[method]
    rng = np.random.default_rng(5)
    for _ in range(30):
        Y = a_map(rng, scale=rng.uniform(0.1, 3))
        rotation = np.linalg.qr(rng.standard_normal((2, 2)))[0]
        value, gradient = function(P, Y)
        moved_value, moved_gradient = function(P, Y @ rotation + 10 * rng.standard_normal(2))
        assert moved_value == pytest.approx(value, rel=1e-11)
        np.testing.assert_allclose(moved_gradient, gradient @ rotation, atol=1e-11 * abs(gradient).max())


@every_method
def test_forces_balance_and_the_order_of_points_does_not_matter(method):
    P, function, _ = METHODS[method]
    order = np.random.default_rng(6).permutation(len(X))
    Y = a_map(2)
    value, gradient = function(P, Y)
    np.testing.assert_allclose(gradient.sum(axis=0), 0, atol=1e-13 * abs(gradient).max() * len(X))
    mixed_value, mixed_gradient = function(P[np.ix_(order, order)], Y[order])
    assert mixed_value == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(mixed_gradient, gradient[order], atol=1e-13)


@every_method
def test_a_point_far_away_leaves_everything_finite(method):
    P, function, affinities = METHODS[method]
    for far in (1e3, 1e8):
        Y = a_map(3)
        Y[0] = far  # its Gaussian weights are rounded to zero
        value, gradient = function(P, Y)
        assert np.isfinite(value) and np.isfinite(gradient).all() and np.isfinite(affinities(Y)).all()
        assert value > 0


@every_method
def test_coincident_map_points_are_no_trouble(method):
    P, function, _ = METHODS[method]
    Y = a_map(7)
    Y[:5] = Y[0]
    assert np.isfinite(function(P, Y)[1]).all()
    value, gradient = function(P, np.zeros((len(X), 2)))
    assert np.isfinite(value) and not gradient.any()


@every_method
def test_exaggeration_strengthens_attraction_alone(method):
    # Linear in the exaggeration: gradient(e P) = gradient(P) + (e − 1) · attraction.
    P, function, _ = METHODS[method]
    Y = a_map(8)
    one, two, five = (function(e * P, Y)[1] for e in (1, 2, 5))
    np.testing.assert_allclose(five - one, 4 * (two - one), atol=1e-12 * abs(five).max())
    assert abs(five - 5 * one).max() > 0.1 * abs(one).max()  # the repulsion does not grow with it


# Parity and limits


def test_t_sne_is_scikit_learns():
    Y = a_map(9)
    value, gradient = _kl_divergence(Y.ravel(), squareform(JOINT), 1, len(X), 2)
    ours = kl_divergence_and_gradient(JOINT, Y)
    assert ours[0] == pytest.approx(value, rel=1e-9)
    np.testing.assert_allclose(ours[1].ravel(), gradient, rtol=1e-9, atol=1e-12)


def test_many_degrees_of_freedom_tend_to_symmetric_sne_in_a_larger_map():
    Y = a_map(10)
    value, gradient = symmetric_sne_divergence_and_gradient(JOINT, Y)
    errors = []
    for alpha in (1e2, 1e4, 1e6):
        t_value, t_gradient = kl_divergence_and_gradient(JOINT, np.sqrt(2) * Y, alpha)
        errors.append(abs(t_value - value) / value)
        assert np.linalg.norm(np.sqrt(2) * t_gradient - gradient) < 20 / alpha * np.linalg.norm(gradient)
    assert errors[2] < errors[1] / 50 < errors[0] / 2500  # the error falls as 1/α
    np.testing.assert_allclose(student_joint(np.sqrt(2) * Y, 1e9), gaussian_map_joint(Y), atol=1e-9)


def test_no_background_is_symmetric_sne():
    Y = a_map(11)
    ours, theirs = unisne_divergence_and_gradient(JOINT, Y, 0.0), symmetric_sne_divergence_and_gradient(JOINT, Y)
    assert ours[0] == pytest.approx(theirs[0], rel=1e-14)
    np.testing.assert_allclose(ours[1], theirs[1], rtol=1e-12)


def test_the_background_is_a_floor():
    n, background = len(X), 0.2
    Q = unisne_map_joint(a_map(12, scale=5), background)
    off = ~np.eye(n, dtype=bool)
    assert Q[off].min() >= background / (n * (n - 1)) * (1 - 1e-12)
    np.testing.assert_allclose(
        Q, (1 - background) * gaussian_map_joint(a_map(12, scale=5)) + background / (n * (n - 1)) * off, rtol=1e-12
    )


@pytest.mark.parametrize("alpha", [0.5, 1, 3])
def test_attraction_and_repulsion_are_the_gradients_parts(alpha):
    Y = a_map(13)
    attraction, repulsion = attraction_and_repulsion(JOINT, Y, alpha)
    np.testing.assert_allclose(-(attraction + repulsion), kl_divergence_and_gradient(JOINT, Y, alpha)[1], atol=1e-14)
    inward = -(Y - Y.mean(axis=0))
    assert np.sum(attraction * inward) > 0 > np.sum(repulsion * inward)
    assert not attraction_and_repulsion(np.zeros_like(JOINT), Y, alpha)[0].any()


# Kullback–Leibler


def test_kl_divergence_by_hand():
    assert kl_divergence([0.5, 0.5], [0.25, 0.75]) == pytest.approx(0.5 * np.log(2) + 0.5 * np.log(2 / 3))
    assert kl_divergence([0.0, 1.0], [0.5, 0.5]) == pytest.approx(np.log(2))  # 0 log 0 = 0, in nats
    assert kl_divergence([0.5, 0.5], [0.0, 1.0]) == np.inf
    assert kl_divergence([0.0, 1.0], [0.0, 1.0]) == 0


def test_kl_divergence_is_not_negative_and_not_symmetric():
    rng = np.random.default_rng(14)
    for _ in range(300):
        P, Q = rng.dirichlet(np.full(6, 0.5), size=2)
        assert kl_divergence(P, Q) > 0 and kl_divergence(P, Q) != kl_divergence(Q, P)


def test_bad_input_is_named():
    Y = a_map(0)
    with pytest.raises(ValueError, match="same shape"):
        kl_divergence([1.0], [0.5, 0.5])
    with pytest.raises(ValueError, match="negative"):
        kl_divergence([-1.0], [1.0])
    for _, function, _ in METHODS.values():
        with pytest.raises(ValueError, match=r"P must have shape \(n, n\) for a map Y of n = 15"):
            function(JOINT[:5, :5], Y)
        with pytest.raises(ValueError, match="Y must hold finite"):
            function(JOINT, Y * np.nan)
        with pytest.raises(ValueError, match="smallest entry"):
            function(-JOINT, Y)
    for wrong in (0, -1, np.nan, True, "1"):
        with pytest.raises((ValueError, TypeError), match="degrees_of_freedom must be a number"):
            kl_divergence_and_gradient(JOINT, Y, wrong)
    for wrong in (-0.1, 1, np.nan, None):
        with pytest.raises((ValueError, TypeError), match="background must be a number"):
            unisne_divergence_and_gradient(JOINT, Y, wrong)
