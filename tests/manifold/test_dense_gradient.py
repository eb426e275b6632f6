"""The gradient by matrix products is the plain one, to single precision.

Errors are the largest one, relative to the largest entry of the gradient; limits are what was measured, with a little room.
"""

import numpy as np
import pytest

from mlcourse.manifold import (
    DenseGradient,
    dense,
    joint_neighbor_probabilities,
    kl_divergence_and_gradient,
    neighbor_probabilities,
)
from mlcourse.neighbors import nearest_neighbors


def affinities(n, perplexity=10, seed=0):
    X = np.random.default_rng(seed).standard_normal((n, 4))
    perplexity = min(perplexity, n - 1)
    indices, sq_distances = nearest_neighbors(X, min(n - 1, 3 * perplexity))
    return joint_neighbor_probabilities(indices, neighbor_probabilities(sq_distances, perplexity))


def random_map(n, m, spread, seed=1):
    Y = spread * np.random.default_rng(seed).standard_normal((n, m))
    return Y.astype(np.float32)


def assert_gradient(found, P, Y, nu=1.0, exaggeration=1.0, limit=4e-5):
    nothing, gradient = found(Y, exaggeration)
    _, expected = kl_divergence_and_gradient(exaggeration * P.toarray(), Y.astype(float), nu)
    assert nothing is None and gradient.dtype == np.float32 and gradient.shape == Y.shape
    np.testing.assert_allclose(gradient, expected, rtol=0, atol=limit * abs(expected).max())


P = affinities(150)


@pytest.mark.parametrize("nu", [0.5, 1, 3, 100])
@pytest.mark.parametrize("m", [1, 2, 3, 5])
def test_gradient_is_the_plain_one(m, nu, monkeypatch):
    for block in (1, 2000, 60_000):  # sixteen rows a block; some; all
        monkeypatch.setattr(dense, "_BLOCK", block)
        found = DenseGradient(P, nu)
        for spread in (0.1, 1, 10):
            for exaggeration in (1.0, 12.0):
                assert_gradient(found, P, random_map(150, m, spread), nu, exaggeration)


@pytest.mark.parametrize("m", [1, 2, 3])
def test_tiny_maps(m):
    found = DenseGradient(P)
    for spread in (1e-2, 1e-4, 1e-6, 1e-10):
        for exaggeration in (1.0, 12.0):
            assert_gradient(found, P, random_map(150, m, spread), 1.0, exaggeration, limit=1e-5)


@pytest.mark.parametrize("nu", [0.5, 1, 3])
@pytest.mark.parametrize("m", [1, 2, 3])
def test_wide_maps(m, nu):
    found = DenseGradient(P, nu)
    for span in (99, 101, 1e3, 1e4, 1e6):
        Y = random_map(150, m, 1)
        Y = Y * np.float32(span / np.ptp(Y))
        assert_gradient(found, P, Y, nu, limit=1e-3 if m == 1 else 1e-4)  # on a line, near pairs are many
        assert np.isfinite(found.divergence(Y))


@pytest.mark.parametrize(("far", "limit"), [(10, 4e-5), (50, 5e-4), (65, 1e-3), (90, 3e-4), (1e3, 1.5e-3), (1e5, 0.1)])
def test_clumps_far_apart(far, limit):
    """Forces within a clump, from small differences of large numbers: at 1e5 single precision has two digits after the point."""
    Y = random_map(150, 2, 1) + np.float32(far) * (np.arange(150) % 3 - 1)[:, None]
    assert_gradient(DenseGradient(P), P, Y.astype(np.float32), limit=limit)


def test_kernels_that_all_underflow():
    """With many degrees of freedom the tail is nearly a Gaussian's: 1,000 apart it is 0 in single precision."""
    for n, nu, spread in ((3, 100.0, 1e3), (150, 100.0, 1e6), (150, 30.0, 1e5)):
        some = affinities(n)
        Y = random_map(n, 2, spread)
        assert_gradient(DenseGradient(some, nu), some, Y, nu, limit=1e-4)
        expected = kl_divergence_and_gradient(some.toarray(), Y.astype(float), nu)[0]
        assert DenseGradient(some, nu).divergence(Y) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(("nu", "limit"), [(1e3, 2e-5), (1e4, 1e-4), (1e5, 1e-3)])
def test_many_degrees_of_freedom_cost_digits(nu, limit):
    """As the docstring says: the power (ν+1)/2 multiplies the weights' rounding."""
    for spread in (1e-4, 1, 5):
        assert_gradient(DenseGradient(P, nu), P, random_map(150, 2, spread), nu, limit=limit)


@pytest.mark.parametrize("n", [2, 3, 5, 17, 33, 101, 251, 499])
def test_any_number_of_points(n):
    some = affinities(n, 5)
    for m in (1, 2, 3):
        assert_gradient(DenseGradient(some), some, random_map(n, m, 2), exaggeration=4.0)


def test_two_points_by_hand():
    pair = affinities(2, 1)
    Y = np.float32([[0], [2]])
    for nu in (0.5, 1.0, 3.0):
        # P = Q whatever the map: no force.  Exaggerated, p = e/2: the force is 2(ν+1)/ν (e − 1)/2 · w · d.
        assert abs(DenseGradient(pair, nu)(Y)[1]).max() < 1e-6
        force = 2 * (nu + 1) / nu * 1.5 / (1 + 4 / nu) * 2
        np.testing.assert_allclose(DenseGradient(pair, nu)(Y, 4.0)[1], [[-force], [force]], rtol=1e-5)
        assert DenseGradient(pair, nu).divergence(Y) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("nu", [0.5, 1, 3])
@pytest.mark.parametrize("m", [1, 2, 3])
def test_divergence_is_the_plain_one(m, nu):
    found = DenseGradient(P, nu)
    for spread in (1e-4, 1, 30, 1e4):
        Y = random_map(150, m, spread)
        expected = kl_divergence_and_gradient(P.toarray(), Y.astype(float), nu)[0]
        assert found.divergence(Y) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("nu", [0.5, 1, 3])
def test_gradient_is_the_slope_of_the_divergence(nu):
    found = DenseGradient(P, nu)
    Y = random_map(150, 2, 3)
    _, gradient = found(Y)
    rng = np.random.default_rng(2)
    for _ in range(5):
        direction = rng.standard_normal(Y.shape).astype(np.float32)
        h = np.float32(0.01)
        slope = (found.divergence(Y + h * direction) - found.divergence(Y - h * direction)) / (2 * h)
        assert slope == pytest.approx(np.vdot(gradient, direction), abs=2e-3 * float(np.linalg.norm(gradient)))


def test_calls_do_not_disturb_each_other():
    found = DenseGradient(P)
    Y, other = random_map(150, 2, 3), random_map(150, 2, 200, seed=5)
    kept = Y.copy()
    first, value = found(Y)[1], found.divergence(Y)
    copy = first.copy()
    found(other, 12.0), found.divergence(other)
    assert np.array_equal(first, copy) and np.array_equal(Y, kept)
    assert np.array_equal(found(Y)[1], first) and found.divergence(Y) == value


def test_double_precision_maps_are_taken():
    Y = random_map(150, 2, 3)
    assert np.array_equal(DenseGradient(P)(Y.astype(float))[1], DenseGradient(P)(Y)[1])
    assert np.array_equal(DenseGradient(P)(np.asfortranarray(Y))[1], DenseGradient(P)(Y)[1])


def test_forces_add_up_to_nothing():
    for spread in (1e-4, 3, 1e3):
        gradient = DenseGradient(P)(random_map(150, 2, spread), 12.0)[1]
        assert abs(gradient.sum(axis=0)).max() < 1e-4 * abs(gradient).sum()


def test_coincident_points():
    Y = np.repeat(random_map(15, 2, 3), 10, axis=0)
    assert_gradient(DenseGradient(P), P, Y)
    assert not DenseGradient(P)(np.ones((150, 2), np.float32))[1].any()


def test_memory_is_what_the_docstring_says():
    found = DenseGradient(affinities(998))
    bytes_held = sum(half.nbytes + W.nbytes for _, _, half, W, _ in found._blocks)
    assert 4 * 998**2 < bytes_held < 1.25 * 4 * 998**2  # the blocks' squares hold both orders


def test_parameters_are_checked():
    for wrong in (0, -1, np.nan, None, "1"):
        with pytest.raises((ValueError, TypeError), match="degrees_of_freedom must be"):
            DenseGradient(P, wrong)
