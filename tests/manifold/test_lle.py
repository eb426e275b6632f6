"""Locally linear embedding: scikit-learn's, right where the answer is known, and its fast eigenvectors those of the plain way."""

import warnings

import numpy as np
import pytest
from sklearn import manifold as theirs
from sklearn.manifold._locally_linear import barycenter_weights as their_weights

from mlcourse.datasets import load_digits, make_s_curve, make_swiss_roll
from mlcourse.manifold import (
    LocallyLinearEmbedding,
    _inverse_iteration,
    barycenter_weights,
    bottom_eigenvectors,
    lle,
    lle_cost_matrix,
    neighbors_graph,
)
from mlcourse.manifold._inverse_iteration import BlockCholesky, smallest_eigenpairs
from mlcourse.neighbors import nearest_neighbors

pytestmark = [
    pytest.mark.filterwarnings("error::RuntimeWarning"),
    pytest.mark.filterwarnings("ignore:the graph of the:UserWarning"),
]


def assert_same_up_to_signs(ours, reference, atol):
    signs = np.sign(np.sum(ours * reference, axis=0))
    np.testing.assert_allclose(ours * signs, reference, rtol=0, atol=atol * np.abs(reference).max())


def surface(n=300, seed=0):
    return make_s_curve(n, random_state=seed)[0]


# ------------------------------------------------------------------------------------------------------------ weights


@pytest.mark.parametrize("block", range(5))
def test_weights_are_scikit_learns(block):
    for seed in range(20 * block, 20 * (block + 1)):
        rng = np.random.default_rng(seed)
        n, d = int(rng.integers(5, 60)), int(rng.integers(1, 20))
        X = rng.normal(size=(n, d)) * 10.0 ** rng.uniform(-3, 3) + rng.normal()
        indices, _ = nearest_neighbors(X, int(rng.integers(1, min(n, 12))))
        reg = 10.0 ** rng.uniform(-4, 1)
        np.testing.assert_allclose(barycenter_weights(X, indices, reg), their_weights(X, X, indices, reg), rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("seed", range(20))
def test_weights_are_the_best(seed):
    """They sum to 1, and every other set of weights with that sum has a greater cost."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(30, 4))
    k, reg = int(rng.integers(2, 9)), 10.0 ** rng.uniform(-3, 0)
    indices, sq_distances = nearest_neighbors(X, k)
    weights = barycenter_weights(X, indices, reg)
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-12)

    def cost(w):
        errors = X - np.einsum("ij,ijk->ik", w, X[indices])
        return np.sum(errors**2, axis=1) + reg * sq_distances.sum(axis=1) * np.sum(w**2, axis=1)

    for size in (1e-3, 1e-1, 10):
        change = rng.normal(size=weights.shape) * size
        assert (cost(weights + change - change.mean(axis=1, keepdims=True)) > cost(weights)).all()


@pytest.mark.parametrize("k", [2, 3, 5, 8])
def test_a_point_in_the_span_of_its_neighbours_is_reproduced(k):
    rng = np.random.default_rng(0)
    plane = rng.normal(size=(100, 2)) @ rng.normal(size=(2, 6)) + rng.normal(size=6)
    indices, _ = nearest_neighbors(plane, k)
    errors = [np.linalg.norm(plane - np.einsum("ij,ijk->ik", barycenter_weights(plane, indices, reg), plane[indices]), axis=1).max()
              for reg in (1e-3, 1e-6, 1e-9)]
    if k >= 3:  # three neighbours of a point in a plane span it; the error goes with the regularisation
        assert errors[0] > errors[1] > errors[2] and errors[2] < 1e-4
    else:
        assert errors[2] > 1e-2


def test_neighbours_among_other_points():
    rng = np.random.default_rng(0)
    X, points = rng.normal(size=(40, 3)), rng.normal(size=(25, 3))
    indices = np.argsort(np.linalg.norm(X[:, None] - points, axis=2), axis=1)[:, :6]
    weights = barycenter_weights(X, indices, points=points)
    np.testing.assert_allclose(weights, their_weights(X, points, indices), rtol=1e-9, atol=1e-9)
    for exponent in (-900, 900):
        scaled = barycenter_weights(np.ldexp(X, exponent), indices, points=np.ldexp(points, exponent))
        np.testing.assert_array_equal(scaled, weights)
    assert np.isfinite(barycenter_weights(X * 1e300, indices, points=points)).all()
    assert np.isfinite(barycenter_weights(X, indices, points=points * 1e300)).all()
    with pytest.raises(ValueError, match="indices must lie between 0 and n_samples − 1 = 24"):
        barycenter_weights(X, indices + 25, points=points)
    with pytest.raises(ValueError, match="points must have the 3 features of X"):
        barycenter_weights(X, indices, points=points[:, :2])


def test_weights_that_are_known():
    X = [[0.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [0.0, 2.0], [0.25, 0.0]]
    weights = barycenter_weights(X, [[1, 2], [0, 4], [0, 4], [1, 2], [0, 1]], reg=0)
    np.testing.assert_allclose(weights, [[0.5, 0.5], [-3, 4], [5, -4], [0.5, 0.5], [0.75, 0.25]], atol=1e-5)
    np.testing.assert_allclose(barycenter_weights([[1.0], [2.0]], [[1], [0]]), 1)
    # So much regularisation that all neighbours count alike.
    np.testing.assert_allclose(barycenter_weights(X, [[1, 3]] * 5, reg=1e9), 0.5, atol=1e-8)


def test_weights_do_not_depend_on_place_turn_or_scale():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 3))
    indices, _ = nearest_neighbors(X, 6)
    weights = barycenter_weights(X, indices)
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    np.testing.assert_allclose(barycenter_weights(X @ turn * 7 + [1, 2, 3], indices), weights, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(barycenter_weights(X + 1e8, indices), weights, atol=1e-4)
    for exponent in (-900, 900):
        np.testing.assert_array_equal(barycenter_weights(np.ldexp(X, exponent), indices), weights)


def test_each_point_has_its_own_scale():
    """Neighbours 1e-200 away beside others that are 1 away: their squares are 0."""
    rng = np.random.default_rng(0)
    near, far = rng.normal(size=(10, 2)), rng.normal(size=(10, 2)) + 9
    indices, _ = nearest_neighbors(near, 3)
    both = barycenter_weights(np.concatenate([near * 1e-200, far]), np.concatenate([indices, indices + 10]))
    np.testing.assert_allclose(both[:10], barycenter_weights(near, indices), rtol=1e-9)


def test_copies_weigh_the_same():
    X = np.array([[1.0, 2.0]] * 4 + [[3.0, 2.0], [1.0, 5.0]])
    np.testing.assert_array_equal(barycenter_weights(X, [[1, 2, 3]] * 6)[0], [1 / 3] * 3)
    weights = barycenter_weights(X, [[1, 4, 5]] * 6, reg=1e-6)
    np.testing.assert_allclose(weights[0], [1, 0, 0], atol=1e-5)


@pytest.mark.parametrize("size", [2**18, 100, 1])
def test_blocks_of_points(size, monkeypatch):
    X = surface(100)
    indices, _ = nearest_neighbors(X, 7)
    expected = barycenter_weights(X, indices)
    monkeypatch.setattr(lle, "_COORDINATES", size)
    np.testing.assert_allclose(barycenter_weights(X, indices), expected, rtol=1e-12)


# ------------------------------------------------------------------------------------------------------- cost matrix


@pytest.mark.parametrize("seed", range(10))
def test_the_cost_matrix_gives_the_cost(seed):
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(3, 40)), int(rng.integers(1, 5))
    indices, weights = rng.integers(0, n, (n, k)), rng.normal(size=(n, k))
    Y = rng.normal(size=(n, 2))
    cost = np.sum((Y - np.einsum("ij,ijk->ik", weights, Y[indices])) ** 2)
    M = lle_cost_matrix(indices, weights)
    assert np.trace(Y.T @ M @ Y) == pytest.approx(cost, rel=1e-10)
    np.testing.assert_array_equal(M, M.T)


def test_bottom_eigenvectors():
    X = surface(80)
    indices, _ = nearest_neighbors(X, 6)
    M = lle_cost_matrix(indices, barycenter_weights(X, indices))
    values, vectors = bottom_eigenvectors(M, 79)
    np.testing.assert_allclose(M @ vectors, vectors * values, atol=1e-12)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(79), atol=1e-12)
    np.testing.assert_allclose(vectors.sum(axis=0), 0, atol=1e-10)
    assert (np.diff(values) >= 0).all()
    np.testing.assert_allclose(values, np.linalg.eigvalsh(M)[1:], atol=1e-12)


# ---------------------------------------------------------------------------------------- fast and plain eigenvectors


def problem(n, d, k, seed):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) if d > 2 else rng.uniform(size=(n, d)) * np.linspace(5, 1, d)
    indices, _ = nearest_neighbors(X, k)
    return indices, barycenter_weights(X, indices)


@pytest.mark.parametrize("n", [2, 5, 30, 120, 400])
@pytest.mark.parametrize("d", [1, 2, 3, 10])
def test_fast_eigenvectors_are_those_of_the_plain_way(n, d):
    for seed in range(5):
        k = min(n - 1, [3, 5, 8, 12, 20][seed])
        indices, weights = problem(n, d, k, seed)
        m = min(n - 1, 1 + seed)
        M = lle_cost_matrix(indices, weights)
        plain, vectors = bottom_eigenvectors(M, min(n - 1, m + 1))
        found = smallest_eigenpairs(indices, weights, m)
        if found is None:  # next to no gap between eigenvalues, as there may be if all points are neighbours
            assert n < 100 and k > n / 2
            continue
        values, ours = found
        np.testing.assert_allclose(values, plain[:m], rtol=1e-6, atol=1e-11)
        np.testing.assert_allclose(ours.T @ ours, np.eye(m), atol=1e-10)
        np.testing.assert_allclose(ours.mean(axis=0), 0, atol=1e-8)
        np.testing.assert_allclose(np.linalg.norm(M @ ours - ours * values, axis=0), 0, atol=1e-8 * plain[m - 1] + 1e-12)
        # Each vector, where its eigenvalue is separate from the others.
        for i in range(m):
            gap = np.abs(np.delete(plain, i) - plain[i]).min() if len(plain) > 1 else 1.0
            if gap > 1e-10 and (i < len(plain) - 1 or n - 1 == m):
                assert abs(ours[:, i] @ vectors[:, i]) == pytest.approx(1, abs=1e-10 + (1e-13 / gap) ** 2)


@pytest.mark.parametrize("seed", range(10))
def test_the_factor_solves_equations(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(2, 200)), int(rng.integers(1, 6))
    monkeypatch.setattr(_inverse_iteration, "_BLOCK", int(rng.integers(1, 60)))
    monkeypatch.setattr(_inverse_iteration, "_ENTRIES", int(10 ** rng.uniform(1, 5)))
    indices = (np.arange(n)[:, None] + rng.integers(-4, 5, (n, k))) % n  # also twice the same, and the point itself
    members, coefficients = np.column_stack([np.arange(n), indices]), rng.normal(size=(n, k + 1))
    A = 0.1 * np.eye(n)
    for where, what in zip(members, coefficients):
        c = np.zeros(n)
        np.add.at(c, where, what)
        A += np.outer(c, c)
    factor = BlockCholesky(members, coefficients, 0.1)
    assert sorted(factor.order) == list(range(n))
    right = rng.normal(size=(n, 3))
    np.testing.assert_allclose(A[np.ix_(factor.order, factor.order)] @ factor.solve(right), right, atol=1e-9)


def test_the_factor_of_a_surface_is_small():
    """O(n b) numbers: a full factor of 2,000 points would have two million and more."""
    X = make_swiss_roll(2000, random_state=0)[0]
    indices, _ = nearest_neighbors(X, 10)
    members = np.column_stack([np.arange(2000), indices])
    factor = BlockCholesky(members, np.ones(members.shape), 1.0)
    assert sum(each.size for each in factor.inverses + factor.below) < 1.2e6
    assert max(len(each) for each in factor.inverses) < 400


def test_a_graph_of_more_parts_than_vectors():
    """Sixty parts: the eigenvalue 0 sixty times.  Whichever vectors are found, they cost nothing."""
    X = np.concatenate([surface(10, seed) + 100 * seed for seed in range(60)])
    indices, _ = nearest_neighbors(X, 4)
    weights = barycenter_weights(X, indices)
    values, vectors = smallest_eigenpairs(indices, weights, 3)
    assert values.max() < 1e-16
    np.testing.assert_allclose(np.ptp(vectors.reshape(60, 10, 3), axis=1), 0, atol=1e-7)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(3), atol=1e-10)
    np.testing.assert_allclose(vectors.sum(axis=0), 0, atol=1e-8)


def test_where_it_does_not_converge_the_plain_way_is_taken(monkeypatch):
    X = surface(150)
    expected = LocallyLinearEmbedding(n_neighbors=8).fit(X)
    indices, _ = nearest_neighbors(X, 8)
    weights = barycenter_weights(X, indices)
    for name, value in (("_LARGEST_STEPS", 1), ("_SHIFT", -1.0)):  # too few steps; a matrix without a factor
        with monkeypatch.context() as patch:
            patch.setattr(_inverse_iteration, name, value)
            assert smallest_eigenpairs(indices, weights, 2) is None
            fitted = LocallyLinearEmbedding(n_neighbors=8).fit(X)
        np.testing.assert_allclose(fitted.embedding_, expected.embedding_, atol=1e-7)


# --------------------------------------------------------------------------------------------------- as scikit-learn


@pytest.mark.parametrize("seed", range(12))
def test_as_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    n, d, k = int(rng.integers(60, 350)), int(rng.integers(3, 8)), int(rng.integers(6, 14))
    X = rng.normal(size=(n, d)) * np.linspace(3, 1, d)
    settings = {"n_neighbors": k, "n_components": 2, "reg": [1e-3, 1e-2][seed % 2]}
    ours, reference = LocallyLinearEmbedding(**settings).fit(X), theirs.LocallyLinearEmbedding(**settings, eigen_solver="dense").fit(X)
    assert ours.reconstruction_error_ == pytest.approx(reference.reconstruction_error_, rel=1e-8)
    assert_same_up_to_signs(ours.embedding_, reference.embedding_, 1e-7)
    new = rng.normal(size=(30, d))
    assert_same_up_to_signs(ours.transform(new), reference.transform(new), 1e-6)
    assert_same_up_to_signs(ours.transform(X), reference.transform(X), 1e-6)
    assert list(ours.get_feature_names_out()) == list(reference.get_feature_names_out())


@pytest.mark.parametrize("make", [make_s_curve, make_swiss_roll])
def test_surfaces_as_scikit_learn(make):
    X, t = make(800, random_state=0)
    ours = LocallyLinearEmbedding(n_neighbors=12).fit(X)
    reference = theirs.LocallyLinearEmbedding(n_neighbors=12, eigen_solver="dense").fit(X)
    assert_same_up_to_signs(ours.embedding_, reference.embedding_, 1e-5)  # eigenvalues of 1e-8 leave seven digits
    assert ours.reconstruction_error_ == pytest.approx(reference.reconstruction_error_, rel=1e-5)
    ranks = np.argsort(np.argsort(np.column_stack([t, ours.embedding_]), axis=0), axis=0)
    assert max(abs(np.corrcoef(ranks.T)[0, 1:])) > 0.95  # one of the columns is the way along the curve


def test_digits_as_scikit_learn():
    X, _ = load_digits(n_samples=500, random_state=0, return_X_y=True)
    # Pixels are whole numbers, so distances tie, and of points at the same distance each may take another as a neighbour.
    X = X + 1e-3 * np.random.default_rng(0).normal(size=X.shape)
    ours = LocallyLinearEmbedding(n_neighbors=30).fit(X)
    reference = theirs.LocallyLinearEmbedding(n_neighbors=30, eigen_solver="dense").fit(X)
    assert ours.reconstruction_error_ == pytest.approx(reference.reconstruction_error_, rel=1e-6)
    assert_same_up_to_signs(ours.embedding_, reference.embedding_, 1e-6)


# ------------------------------------------------------------------------------------------------------- definition


@pytest.mark.parametrize("n", [60, 250])
@pytest.mark.parametrize("seed", range(5))
def test_definition(n, seed):
    """Orthonormal columns of mean 0, and no others have a smaller cost."""
    rng = np.random.default_rng(seed)
    X, m = surface(n, seed), 1 + seed % 3
    fitted = LocallyLinearEmbedding(n_neighbors=7, n_components=m).fit(X)
    Y = fitted.embedding_
    assert Y.shape == (n, m)
    np.testing.assert_allclose(Y.T @ Y, np.eye(m), atol=1e-10)
    np.testing.assert_allclose(Y.sum(axis=0), 0, atol=1e-8)
    indices, _ = neighbors_graph(X, 7)
    M = lle_cost_matrix(indices, barycenter_weights(X, indices))
    assert fitted.reconstruction_error_ == pytest.approx(np.trace(Y.T @ M @ Y), rel=1e-6)
    assert (Y[np.abs(Y).argmax(axis=0), np.arange(m)] > 0).all()
    for size in (1e-2, 1.0):
        other = Y + size * rng.normal(size=Y.shape) / np.sqrt(n)
        other = np.linalg.qr(other - other.mean(axis=0))[0]
        assert np.trace(other.T @ M @ other) > fitted.reconstruction_error_


@pytest.mark.parametrize("n", [80, 300])
def test_a_flat_sheet_is_found_again(n):
    """Weights that fit the points of a plane fit them after every affine map: both columns are linear in the two coordinates."""
    rng = np.random.default_rng(0)
    flat = rng.uniform(size=(n, 2))
    X = flat @ rng.normal(size=(2, 5))
    Y = LocallyLinearEmbedding(n_neighbors=8, reg=1e-8).fit_transform(X)
    design = np.column_stack([flat, np.ones(n)])
    fit, *_ = np.linalg.lstsq(design, Y, rcond=None)
    np.testing.assert_allclose(design @ fit, Y, atol=1e-3 * np.abs(Y).max())


@pytest.mark.parametrize("change", ["turned", "moved", "scaled", "reordered"])
@pytest.mark.parametrize("n", [90, 200])
def test_what_does_not_matter(change, n):
    X, rng = surface(n), np.random.default_rng(1)
    order = rng.permutation(n) if change == "reordered" else np.arange(n)
    other = X[order] * (1e-3 if change == "scaled" else 1)
    if change == "turned":
        other = other @ np.linalg.qr(rng.normal(size=(3, 3)))[0]
    if change == "moved":
        other = other + [1e8, -1e8, 1e8]  # leaves some eight digits
    a, b = (LocallyLinearEmbedding(n_neighbors=8).fit(each) for each in (X, other))
    tolerance = 1e-3 if change == "moved" else 1e-6
    assert b.reconstruction_error_ == pytest.approx(a.reconstruction_error_, rel=tolerance)
    assert_same_up_to_signs(b.embedding_, a.embedding_[order], tolerance)


@pytest.mark.parametrize("exponent", [-900, 900])
def test_units_do_not_matter(exponent):
    X = surface(150)
    a, b = LocallyLinearEmbedding(n_neighbors=8).fit(X), LocallyLinearEmbedding(n_neighbors=8).fit(np.ldexp(X, exponent))
    np.testing.assert_array_equal(a.embedding_, b.embedding_)
    np.testing.assert_array_equal(a.transform(X[:9] + 0.1), b.transform(np.ldexp(X[:9] + 0.1, exponent)))


def test_same_data_same_map():
    X = surface(400)
    np.testing.assert_array_equal(LocallyLinearEmbedding().fit_transform(X), LocallyLinearEmbedding().fit_transform(X.copy()))


# --------------------------------------------------------------------------------------------------------- transform


def test_new_points_near_known_ones_get_places_near_theirs():
    X = surface(600)
    fitted = LocallyLinearEmbedding(n_neighbors=10).fit(X)
    moved = fitted.transform(X + 1e-3 * np.random.default_rng(0).normal(size=X.shape))
    for Y in (fitted.transform(X), moved):
        assert np.abs(Y - fitted.embedding_).max() < 0.05 * np.abs(fitted.embedding_).max()


def test_a_point_between_two_others_gets_its_place_between_theirs():
    t = np.linspace(0, 1, 60)[:, None]
    fitted = LocallyLinearEmbedding(n_neighbors=2, n_components=1, reg=1e-8).fit(t)
    middle = (t[20] + t[21]) / 2
    np.testing.assert_allclose(fitted.transform([middle])[0], fitted.embedding_[20:22].mean(axis=0), atol=1e-6)


# --------------------------------------------------------------------------------------------------------- hard data


@pytest.mark.parametrize("n_copies", [2, 3, 8])
def test_copies(n_copies):
    X = np.repeat(surface(60), n_copies, axis=0)
    fitted = LocallyLinearEmbedding(n_neighbors=5).fit(X)
    assert np.isfinite(fitted.embedding_).all() and np.isfinite(fitted.transform(X + 0.01)).all()
    np.testing.assert_allclose(fitted.embedding_.T @ fitted.embedding_, np.eye(2), atol=1e-8)


@pytest.mark.parametrize("n", [20, 150])
def test_all_points_equal(n):
    X = np.full((n, 3), -1e8)
    fitted = LocallyLinearEmbedding().fit(X)
    assert np.isfinite(fitted.embedding_).all()
    np.testing.assert_allclose(fitted.embedding_.T @ fitted.embedding_, np.eye(2), atol=1e-8)
    assert np.isfinite(fitted.transform(X[:2] + 1)).all()


@pytest.mark.parametrize("size", [30, 120])
def test_parts_of_the_graph_are_told_apart(size):
    """With c parts the first c − 1 columns cost nothing: in each part they are constant."""
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(size=(size, 3)) + centre for centre in (0, 50, -1e6)])
    with pytest.warns(UserWarning, match="the 6 nearest neighbours is in 3 parts"):
        fitted = LocallyLinearEmbedding(n_neighbors=6, n_components=3).fit(X)
    parts = fitted.embedding_.reshape(3, size, 3)
    np.testing.assert_allclose(np.ptp(parts[:, :, :2], axis=1), 0, atol=1e-6)
    centres = parts.mean(axis=1)[:, :2]
    assert min(np.linalg.norm(centres[i] - centres[j]) for i, j in ((0, 1), (0, 2), (1, 2))) > 0.01
    assert np.ptp(parts[:, :, 2], axis=1).max() > 0.01  # the third column costs something


def test_an_outlier_hurts_only_the_map():
    X = surface(150)
    X[7] = 1e6
    fitted = LocallyLinearEmbedding(n_neighbors=8).fit(X)
    assert np.isfinite(fitted.embedding_).all()


def test_few_points():
    for n in (2, 3, 4, 6):
        X = np.random.default_rng(n).normal(size=(n, 2))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            Y = LocallyLinearEmbedding(n_neighbors=min(n - 1, 3), n_components=n - 1).fit_transform(X)
        np.testing.assert_allclose(Y.T @ Y, np.eye(n - 1), atol=1e-10)


# ------------------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"n_neighbors": 0}, "n_neighbors must be an integer with 1 <= n_neighbors <= n_samples - 1 = 9"),
        ({"n_neighbors": 10}, "n_neighbors must be an integer with 1 <= n_neighbors <= n_samples - 1 = 9"),
        ({"n_neighbors": 2.5}, "n_neighbors must be an integer"),
        ({"n_components": 0}, "n_components must be an integer with 1 <= n_components <= n_samples - 1 = 9"),
        ({"n_components": 10}, "n_components must be an integer with 1 <= n_components <= n_samples - 1 = 9"),
        ({"n_components": None}, "n_components must be an integer"),
        ({"reg": -1e-3}, "reg must be a number with 0 <= reg"),
        ({"reg": np.nan}, "reg must be a number with 0 <= reg"),
        ({"reg": "0.1"}, "reg must be a number"),
    ],
)
def test_bad_parameters(parameters, message):
    with pytest.raises((ValueError, TypeError), match=message):
        LocallyLinearEmbedding(**parameters).fit(surface(10))


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([[1.0, 2.0], [np.nan, 4.0]], "NaN"),
        ([[1.0, 2.0], [np.inf, 4.0]], "infinite"),
        ([1.0, 2.0, 3.0], "Reshape your data"),
        ([[1.0, 2.0]], r"X has 1 sample\(s\) .*minimum of 2"),
    ],
)
def test_bad_data(X, message):
    with pytest.raises(ValueError, match=message):
        LocallyLinearEmbedding(n_neighbors=1, n_components=1).fit(X)


def test_other_errors():
    X = surface(10)
    with pytest.raises(ValueError, match="a row for each of the 2 of indices"):
        barycenter_weights(X, [[1], [0]])
    with pytest.raises(ValueError, match="indices must lie between 0 and n_samples − 1 = 9"):
        barycenter_weights(X, np.full((10, 1), 10))
    with pytest.raises(ValueError, match="weights must have the shape of indices"):
        lle_cost_matrix([[1], [0]], [[1.0, 1.0], [1.0, 1.0]])
    with pytest.raises(ValueError, match="M must be square"):
        bottom_eigenvectors(np.ones((3, 2)), 1)
    with pytest.raises(ValueError, match="n_vectors must be an integer with 1 <= n_vectors <= n_samples - 1 = 2"):
        bottom_eigenvectors(np.eye(3), 3)
    fitted = LocallyLinearEmbedding(n_neighbors=4).fit(X)
    with pytest.raises(ValueError, match="X has 2 features, but LocallyLinearEmbedding is expecting 3 features"):
        fitted.transform([[1.0, 2.0]])
    with pytest.raises(ValueError, match="NaN"):
        fitted.transform([[1.0, 2.0, np.nan]])
