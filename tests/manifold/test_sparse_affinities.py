"""Sparse affinities are the dense ones among the nearest neighbours; their divergence is the plain one."""

import numpy as np
import pytest
import scipy.sparse

from mlcourse.manifold import (
    SparseAffinities,
    conditional_probabilities,
    joint_neighbor_probabilities,
    joint_probabilities,
    kl_divergence_and_gradient,
    neighbor_probabilities,
    row_perplexities,
    squared_distances,
)
from mlcourse.manifold import sparse_affinities as module
from mlcourse.neighbors import nearest_neighbors

RNG = np.random.default_rng(0)
X = RNG.standard_normal((120, 4))


def scattered(indices, conditional):
    """All of p(j|i) with its zeros."""
    P = np.zeros((len(indices), len(indices)))
    np.put_along_axis(P, indices, conditional, axis=1)
    return P


def sparse(X, k, perplexity):
    indices, sq_distances = nearest_neighbors(X, k)
    return joint_neighbor_probabilities(indices, neighbor_probabilities(sq_distances, perplexity))


# p(j|i)


@pytest.mark.parametrize("block", [1, 500, 2**15])  # a row at a time; some rows; all
@pytest.mark.parametrize(("k", "perplexity"), [(3, 1.5), (30, 1.01), (30, 10), (30, 29.9), (90, 30), (119, 118)])
def test_every_row_has_the_perplexity(k, perplexity, block, monkeypatch):
    monkeypatch.setattr(module, "_BLOCK", block)
    for data in (X, X * 1e-100, X**3, X + 1e8 * (np.arange(120) % 2)[:, None]):
        P = neighbor_probabilities(nearest_neighbors(data, k)[1], perplexity)
        assert P.shape == (120, k) and P.min() >= 0
        np.testing.assert_allclose(P.sum(axis=1), 1, rtol=1e-12)
        np.testing.assert_allclose(row_perplexities(P), perplexity, atol=1.01e-6)
        assert (np.diff(P, axis=1) <= 0).all()  # the nearer, the likelier


def test_with_all_neighbours_they_are_the_conditional_probabilities():
    indices, sq_distances = nearest_neighbors(X, 119)
    for perplexity in (2, 30, 100):
        expected = conditional_probabilities(squared_distances(X), perplexity)
        np.testing.assert_allclose(
            scattered(indices, neighbor_probabilities(sq_distances, perplexity)), expected, rtol=1e-5, atol=1e-12
        )


def test_what_is_cut_off_at_three_times_the_perplexity_hardly_counts():
    indices, sq_distances = nearest_neighbors(X, 30)
    expected = conditional_probabilities(squared_distances(X), 10)
    difference = abs(scattered(indices, neighbor_probabilities(sq_distances, 10)) - expected).sum(axis=1) / 2
    assert difference.max() < 0.08 and np.median(difference) < 0.02  # measured: 0.065 and 0.009


def test_the_tolerance_is_kept():
    sq_distances = nearest_neighbors(X, 90)[1]
    for tol in (1e-1, 1e-9):
        error = abs(row_perplexities(neighbor_probabilities(sq_distances, 30, tol=tol)) - 30)
        assert error.max() <= 1.001 * tol
    assert error.max() < 1e-8


def test_the_unit_does_not_matter():
    sq_distances = nearest_neighbors(X, 30)[1]
    np.testing.assert_allclose(
        neighbor_probabilities(sq_distances * 2.0**200, 10), neighbor_probabilities(sq_distances, 10), rtol=1e-12
    )


def test_coincident_points_share_the_row():
    duplicates = np.repeat(X[:10], 12, axis=0)
    _, sq_distances = nearest_neighbors(duplicates, 30)
    P = neighbor_probabilities(sq_distances, 5)  # 11 neighbours coincide, more than the perplexity
    np.testing.assert_allclose(P, np.repeat([[1 / 11] * 11 + [0] * 19], 120, axis=0), atol=1e-15)
    np.testing.assert_allclose(row_perplexities(neighbor_probabilities(sq_distances, 14)), 14, atol=1.01e-6)
    assert (neighbor_probabilities(np.zeros((3, 8)), 2) == 1 / 8).all()


def test_neighbor_probabilities_checks_its_input():
    sq_distances = np.ones((4, 5))
    for wrong in (0.9, 5.1, np.nan, None, "2", True):
        with pytest.raises((ValueError, TypeError), match="perplexity must be"):
            neighbor_probabilities(sq_distances, wrong)
    with pytest.raises(ValueError, match="number of neighbours"):
        neighbor_probabilities(sq_distances, 6)
    for wrong in (0, -1, np.nan):
        with pytest.raises(ValueError, match="tol must be"):
            neighbor_probabilities(sq_distances, 2, tol=wrong)
    with pytest.raises(ValueError, match="sq_distances must not be negative"):
        neighbor_probabilities(-sq_distances, 2)
    with pytest.raises(ValueError, match="sq_distances must hold finite"):
        neighbor_probabilities(sq_distances * np.inf, 2)
    with pytest.raises(ValueError, match="2-D"):
        neighbor_probabilities(sq_distances[0], 2)


# p_ij


@pytest.mark.parametrize(("k", "perplexity"), [(1, 1), (5, 2), (30, 10), (119, 40)])
def test_joint_probabilities_are_the_dense_ones(k, perplexity):
    for data in (X, np.repeat(X[:40], 3, axis=0), np.full((120, 2), 1.0)):
        indices, sq_distances = nearest_neighbors(data, k)
        conditional = neighbor_probabilities(sq_distances, perplexity)
        P = joint_neighbor_probabilities(indices, conditional)
        expected = joint_probabilities(scattered(indices, conditional))
        np.testing.assert_allclose(P.toarray(), expected, rtol=1e-14)
        assert np.array_equal(P.toarray(), P.toarray().T) and not P.toarray().diagonal().any()
        assert P.values.sum() == pytest.approx(1, rel=1e-13) and P.n_samples == 120
        assert P.toarray(np.float32).dtype == np.float32


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.int32, np.uint64])
def test_indices_of_any_whole_type(kind):
    indices, sq_distances = nearest_neighbors(X, 5)
    conditional = neighbor_probabilities(sq_distances, 2)
    expected = joint_neighbor_probabilities(indices, conditional).toarray()
    assert np.array_equal(joint_neighbor_probabilities(indices.astype(kind), conditional).toarray(), expected)


def test_the_arrays_are_scipys():
    P = sparse(X, 30, 10)
    theirs = scipy.sparse.csr_array((P.values, P.indices, P.indptr), shape=(120, 120))
    assert theirs.has_canonical_format  # columns increase, none twice
    assert np.array_equal(theirs.toarray(), P.toarray())
    again = scipy.sparse.csr_array(P.toarray() != 0)
    assert np.array_equal(again.indices, P.indices) and np.array_equal(again.indptr, P.indptr)
    assert np.array_equal(P.rows, theirs.tocoo().coords[0])


def test_a_neighbour_of_one_side_only_counts_half():
    P = joint_neighbor_probabilities([[1], [0], [0]], [[1.0], [1.0], [1.0]]).toarray()
    np.testing.assert_allclose(6 * P, [[0, 2, 1], [2, 0, 0], [1, 0, 0]])


def test_joint_neighbor_probabilities_checks_its_input():
    conditional = np.full((4, 2), 0.5)
    good = np.array([[1, 2], [0, 2], [0, 1], [0, 1]])
    joint_neighbor_probabilities(good, conditional)
    for wrong in (good[:3], good.astype(float), good[:, :1], good.astype(bool)):
        with pytest.raises(ValueError, match="indices must be whole numbers of the shape"):
            joint_neighbor_probabilities(wrong, conditional)
    for wrong in (good - 1, good + 2):
        with pytest.raises(ValueError, match="indices must lie between 0 and n_samples − 1 = 3"):
            joint_neighbor_probabilities(wrong, conditional)
    with pytest.raises(ValueError, match="conditional must hold finite"):
        joint_neighbor_probabilities(good, conditional * np.nan)


# KL(P‖Q)


@pytest.mark.parametrize("nu", [0.5, 1, 3])
@pytest.mark.parametrize("m", [1, 2, 3])
def test_divergence_is_the_plain_one(m, nu, monkeypatch):
    P = sparse(X, 30, 10)
    for block in (7, 2**15):
        monkeypatch.setattr(module, "_BLOCK", block)
        for spread in (1e-4, 1, 100, 1e6):
            Y = spread * RNG.standard_normal((120, m))
            weights = (1 + squared_distances(Y) / nu) ** (-(nu + 1) / 2)
            np.fill_diagonal(weights, 0)  # left in and taken off, it would swallow the rest of a wide map
            normaliser = weights.sum()
            expected, _ = kl_divergence_and_gradient(P.toarray(), Y, nu)
            assert P.divergence(Y, normaliser, nu) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_divergence_with_zeros_among_the_entries():
    """exp(−d²/2σ²) may underflow: 0 log 0 is 0."""
    P = joint_neighbor_probabilities([[1, 2], [0, 2], [1, 0]], [[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    assert (P.values == 0).any()
    Y = np.array([[0.0], [1.0], [3.0]])
    normaliser = 2 * (1 / 2 + 1 / 5 + 1 / 10)
    assert P.divergence(Y, normaliser) == pytest.approx(kl_divergence_and_gradient(P.toarray(), Y)[0], rel=1e-12)


def test_affinities_cannot_be_changed_by_mistake():
    P = sparse(X, 5, 2)
    with pytest.raises(AttributeError):
        P.values = P.values * 2
    assert isinstance(P, SparseAffinities)


def test_more_points_than_the_root_of_what_32_bits_hold():
    """row · n + column does not fit into 32 bits, which is what an index has in a browser."""
    n = 46_400
    after = (np.arange(n)[:, None] + 1) % n
    P = joint_neighbor_probabilities(after, np.ones((n, 1)))
    assert np.array_equal(P.indptr, 2 * np.arange(n + 1))
    assert np.array_equal(P.indices.reshape(n, 2), np.sort(np.hstack([after, (np.arange(n)[:, None] - 1) % n]), axis=1))
    np.testing.assert_allclose(P.values, 1 / (2 * n), rtol=1e-12)
