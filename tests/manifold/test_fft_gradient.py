"""Attraction along edges and repulsion from a mesh together: the plain gradient, to the mesh's error."""

import numpy as np
import pytest

from mlcourse.manifold import (
    FFTGradient,
    joint_neighbor_probabilities,
    kl_divergence_and_gradient,
    neighbor_probabilities,
)
from mlcourse.neighbors import nearest_neighbors


def affinities(X, perplexity):
    indices, sq_distances = nearest_neighbors(X, 3 * perplexity)
    return joint_neighbor_probabilities(indices, neighbor_probabilities(sq_distances, perplexity))


P = affinities(np.random.default_rng(0).standard_normal((400, 4)), 20)


def random_map(m, spread, seed=1):
    return (spread * np.random.default_rng(seed).standard_normal((400, m))).astype(np.float32)


def error(found, P, Y, nu=1.0, exaggeration=1.0):
    """Root mean square error of the gradient, relative to its root mean square."""
    nothing, gradient = found(Y, exaggeration)
    assert nothing is None and gradient.dtype == np.float32 and gradient.shape == Y.shape
    _, expected = kl_divergence_and_gradient(exaggeration * P.toarray(), Y.astype(float), nu)
    return np.linalg.norm(gradient - expected) / np.linalg.norm(expected)


@pytest.mark.parametrize("nu", [0.5, 1, 3])
@pytest.mark.parametrize("m", [1, 2])
def test_gradient_is_the_plain_one(m, nu):
    for mesh_step, limit in ((0.15, 0.001), (0.25, 0.012), (0.45, 0.12)):
        found = FFTGradient(P, m, degrees_of_freedom=nu, mesh_step=mesh_step)
        for spread in (1e-4, 0.1, 1, 10):
            for exaggeration in (1.0, 12.0):
                assert error(found, P, random_map(m, spread), nu, exaggeration) < limit


def test_gradient_on_maps_of_digits(digits_descent):
    """Where the exaggerated map has come to rest, at step 249, what is left of the forces is small: 7 % of it is error."""
    found = FFTGradient(digits_descent.P)
    for step, exaggeration, limit in ((0, 12.0, 1e-4), (100, 12.0, 0.02), (249, 12.0, 0.1), (260, 1.0, 0.012)):
        Y = digits_descent.maps[step]
        assert error(found, digits_descent.P, Y, exaggeration=exaggeration) < limit


@pytest.mark.parametrize("nu", [0.5, 1, 3])
@pytest.mark.parametrize("m", [1, 2])
def test_divergence_is_the_plain_one_to_a_thousandth(m, nu):
    found = FFTGradient(P, m, degrees_of_freedom=nu)
    for spread in (1e-5, 1e-2, 1, 10, 30):
        Y = random_map(m, spread)
        assert found.divergence(Y) == pytest.approx(kl_divergence_and_gradient(P.toarray(), Y.astype(float), nu)[0], abs=1e-3)


def test_divergence_on_maps_of_digits(digits_descent):
    found = FFTGradient(digits_descent.P)
    P = digits_descent.P.toarray()
    for step in (0, 60, 250, 300, 600):
        Y = digits_descent.maps[step]
        assert found.divergence(Y) == pytest.approx(kl_divergence_and_gradient(P, Y.astype(float))[0], abs=1e-3)
    assert isinstance(found.divergence(Y), float)


@pytest.mark.parametrize("nu", [0.5, 1, 3])
@pytest.mark.parametrize("m", [1, 2])
def test_gradient_is_the_slope_of_the_divergence(m, nu):
    found = FFTGradient(P, m, degrees_of_freedom=nu, mesh_step=0.2)
    Y, h = random_map(m, 3), np.float32(0.01)
    _, gradient = found(Y)
    rng = np.random.default_rng(2)
    for _ in range(5):
        direction = rng.standard_normal(Y.shape).astype(np.float32)
        slope = (found.divergence(Y + h * direction) - found.divergence(Y - h * direction)) / (2 * h)
        assert slope == pytest.approx(np.vdot(gradient, direction), abs=0.02 * float(np.linalg.norm(gradient)))


def test_weak_edges_are_held():
    held, exact = FFTGradient(P, weak_edge_period=2), FFTGradient(P)
    Y = random_map(2, 3)
    moved = Y + random_map(2, 0.3, seed=3)
    differences = [abs(held(each, 4.0)[1] - exact(each, 4.0)[1]).max() for each in (Y, moved, moved, Y)]
    assert max(differences[0], differences[2]) < 1e-7 < 1e-5 < min(differences[1], differences[3])


def test_calls_do_not_disturb_each_other():
    found = FFTGradient(P)
    Y, other = random_map(2, 3), random_map(2, 10, seed=5)
    kept = Y.copy()
    first, value = found(Y)[1], found.divergence(Y)
    copy = first.copy()
    found(other, 12.0), found.divergence(other)
    assert np.array_equal(first, copy) and np.array_equal(Y, kept)
    np.testing.assert_allclose(found(Y)[1], first, atol=0.1 * abs(first).max())  # another mesh, its own error
    assert found.divergence(Y) == pytest.approx(value, abs=1e-3)


def test_looking_at_the_divergence_does_not_change_the_gradient():
    watched, unwatched = (FFTGradient(P, weak_edge_period=3) for _ in range(2))
    for k in range(8):
        Y = random_map(2, 2 + 3 * k)
        watched.divergence(random_map(2, 30))
        assert np.array_equal(watched(Y)[1], unwatched(Y)[1])


def test_maps_of_any_layout_and_precision():
    Y = random_map(2, 3)
    expected = FFTGradient(P)(Y)[1]
    for each in (Y.astype(float), np.asfortranarray(Y), np.repeat(Y, 2, axis=1)[:, ::2]):
        gradient = FFTGradient(P)(each)[1]
        assert np.array_equal(gradient, expected) and gradient.flags.c_contiguous


def test_parameters_are_checked():
    for options in (
        {"n_components": 3}, {"n_components": 0}, {"degrees_of_freedom": 0}, {"mesh_step": 0}, {"weak_edge_period": 0}
    ):  # fmt: skip
        with pytest.raises(ValueError, match=f"{next(iter(options))} must be"):
            FFTGradient(P, **options)
