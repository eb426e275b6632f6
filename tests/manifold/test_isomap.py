"""Isomap: scikit-learn's, right where the answer is known, and sound on hard data."""

import warnings

import numpy as np
import pytest
from sklearn import manifold as theirs

from mlcourse.datasets import load_digits, make_swiss_roll
from mlcourse.manifold import ClassicalMDS, Isomap, floyd_warshall, edge_lengths, isomap, neighbors_graph

pytestmark = [
    pytest.mark.filterwarnings("error::RuntimeWarning"),
    pytest.mark.filterwarnings("ignore:the graph of the:UserWarning"),
]


def sheet(n=150, seed=0):
    """A rectangle bent in space; the curved coordinate and the straight one."""
    rng = np.random.default_rng(seed)
    t, h = rng.uniform(0, 3, n), rng.uniform(0, 1, n)
    return np.column_stack([np.cos(t), np.sin(t), h]), t, h


def assert_same_up_to_signs(ours, reference, atol):
    signs = np.sign(np.sum(ours * reference, axis=0))
    np.testing.assert_allclose(ours * signs, reference, rtol=0, atol=atol * np.abs(reference).max())


# -------------------------------------------------------------------------------------------------- as scikit-learn


@pytest.mark.parametrize("seed", range(12))
def test_as_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    n, d, k = int(rng.integers(60, 300)), int(rng.integers(2, 8)), int(rng.integers(6, 12))
    X = rng.normal(size=(n, d)) * np.linspace(3, 1, d) + rng.normal()
    ours, reference = Isomap(n_neighbors=k).fit(X), theirs.Isomap(n_neighbors=k).fit(X)
    np.testing.assert_allclose(ours.dist_matrix_, reference.dist_matrix_, rtol=1e-10, atol=1e-10)
    values = reference.kernel_pca_.eigenvalues_
    np.testing.assert_allclose(ours.eigenvalues_, values, rtol=1e-9)
    assert_same_up_to_signs(ours.embedding_, reference.embedding_, 1e-8 * values[0] / (values[0] - values[1]))
    assert ours.reconstruction_error() == pytest.approx(reference.reconstruction_error(), rel=1e-8)
    new = rng.normal(size=(40, d)) * np.linspace(3, 1, d)
    assert_same_up_to_signs(ours.transform(new), reference.transform(new), 1e-7)
    assert ours.n_features_in_ == reference.n_features_in_ == d
    assert list(ours.get_feature_names_out()) == list(reference.get_feature_names_out()) == ["isomap0", "isomap1"]


def test_swiss_roll_as_scikit_learn():
    X, t = make_swiss_roll(1000, random_state=0)
    ours, reference = Isomap(n_neighbors=10, n_components=3).fit(X), theirs.Isomap(n_neighbors=10, n_components=3).fit(X)
    np.testing.assert_allclose(ours.dist_matrix_, reference.dist_matrix_, rtol=1e-10)
    assert_same_up_to_signs(ours.embedding_, reference.embedding_, 1e-7)
    length = (t * np.sqrt(1 + t**2) + np.arcsinh(t)) / 2  # along the spiral r = t
    assert abs(np.corrcoef(ours.embedding_[:, 0], length)[0, 1]) > 0.99
    assert abs(np.corrcoef(ours.embedding_[:, 1], X[:, 1])[0, 1]) > 0.99


def test_digits_as_scikit_learn():
    X, _ = load_digits(n_samples=400, random_state=0, return_X_y=True)
    # Pixels are whole numbers, so distances tie, and of points at the same distance each may take another as a neighbour.
    X = X + 1e-3 * np.random.default_rng(0).normal(size=X.shape)
    ours, reference = Isomap(n_neighbors=8).fit(X), theirs.Isomap(n_neighbors=8).fit(X)
    np.testing.assert_allclose(ours.dist_matrix_, reference.dist_matrix_, rtol=1e-10)
    assert_same_up_to_signs(ours.embedding_, reference.embedding_, 1e-7)


@pytest.mark.parametrize("seed", range(5))
def test_parts_are_joined_as_scikit_learn_does(seed):
    rng = np.random.default_rng(seed)
    X = np.concatenate([rng.normal(size=(30, 3)) + [offset, 0, offset**2 / 10] for offset in (0, 20, 50)])
    with pytest.warns(UserWarning, match="the 4 nearest neighbours is in 3 parts"):
        ours = Isomap(n_neighbors=4).fit(X)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reference = theirs.Isomap(n_neighbors=4).fit(X)
    np.testing.assert_allclose(ours.dist_matrix_, reference.dist_matrix_, rtol=1e-10)
    assert_same_up_to_signs(ours.embedding_, reference.embedding_, 1e-7)
    assert np.isfinite(ours.dist_matrix_).all()


# ------------------------------------------------------------------------------------------------------ known answers


@pytest.mark.parametrize("k", [2, 6])
@pytest.mark.parametrize("turns", [0.0, 1.5])
def test_a_curve_becomes_a_line_of_its_length(k, turns):
    rng = np.random.default_rng(0)
    s = (np.arange(300) + rng.uniform(-0.1, 0.1, 300)) / 30  # so even that the two nearest of a point lie on both sides
    angle = s * turns * 2 * np.pi / 10
    X = np.column_stack([s, 0 * s, 0 * s]) if turns == 0 else np.column_stack([np.cos(angle), np.sin(angle), s / 10])
    pieces = np.linalg.norm(np.diff(X, axis=0), axis=1)
    along = np.concatenate([[0], np.cumsum(pieces)])
    isomap = Isomap(n_neighbors=k, n_components=1).fit(X)
    distances = np.abs(np.subtract.outer(along, along))
    # With 2 neighbours the path goes through nearly all points; with more it cuts some of the curve's tiny corners.
    np.testing.assert_allclose(isomap.dist_matrix_, distances, rtol=2e-3 if turns else 1e-12, atol=1e-12)
    np.testing.assert_allclose(np.abs(isomap.embedding_ - isomap.embedding_[0])[:, 0], distances[0], atol=2e-3 * along[-1] if turns else 1e-9)
    if turns == 0:
        assert isomap.reconstruction_error() < 1e-6


def test_a_bent_sheet_becomes_flat():
    X, t, h = sheet(800)
    Y = Isomap(n_neighbors=10).fit_transform(X)
    flat = np.column_stack([t, h]) - [t.mean(), h.mean()]
    # The best rotation or reflection of the map.
    U, _, Vt = np.linalg.svd(Y.T @ flat)
    assert np.sqrt(np.mean((Y @ U @ Vt - flat) ** 2)) < 0.05
    straight = ClassicalMDS(n_components=2).fit_transform(X)
    U, _, Vt = np.linalg.svd(straight.T @ flat)
    assert np.sqrt(np.mean((straight @ U @ Vt - flat) ** 2)) > 0.15


def test_with_all_neighbours_it_is_classical_mds():
    X = np.random.default_rng(0).normal(size=(40, 5)) * [5, 4, 3, 2, 1]
    isomap, mds = Isomap(n_neighbors=39, n_components=5).fit(X), ClassicalMDS(n_components=5).fit(X)
    np.testing.assert_allclose(isomap.dist_matrix_, np.linalg.norm(X[:, None] - X, axis=2), atol=1e-12)
    np.testing.assert_allclose(isomap.embedding_, mds.embedding_, atol=1e-9)
    assert isomap.reconstruction_error() < 1e-6
    new = np.random.default_rng(1).normal(size=(1, 5))
    with_new = np.linalg.norm(isomap.transform(new) - isomap.embedding_, axis=1)
    # The nearest known points are all of them, and through one of them the way is a detour.
    assert (with_new <= np.linalg.norm(new - X, axis=1) * 1.5).all()


@pytest.mark.parametrize("seed", range(20))
def test_definition(seed):
    """Geodesics by the plain algorithm, and the best inner products that two columns can have."""
    rng = np.random.default_rng(seed)
    n, d = int(rng.integers(10, 120)), int(rng.integers(1, 6))
    X, k, m = rng.normal(size=(n, d)), int(rng.integers(4, 9)), int(rng.integers(1, 4))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        isomap = Isomap(n_neighbors=k, n_components=m).fit(X)
    D = isomap.dist_matrix_
    plain = floyd_warshall(edge_lengths(*neighbors_graph(X, k)))
    if np.isfinite(plain).all():
        np.testing.assert_allclose(D, plain, rtol=1e-12)
    J = np.eye(n) - 1 / n
    B = -0.5 * J @ D**2 @ J
    values, vectors = np.linalg.eigh(B)
    best = np.maximum(values[: -m - 1 : -1], 0)
    expected = (vectors[:, : -m - 1 : -1] * best) @ vectors[:, : -m - 1 : -1].T
    np.testing.assert_allclose(isomap.embedding_ @ isomap.embedding_.T, expected, atol=1e-8 * best[0])
    np.testing.assert_allclose(np.sum(isomap.embedding_**2, axis=0), best, rtol=1e-8, atol=1e-9 * best[0])
    peaks = isomap.embedding_[np.abs(isomap.embedding_).argmax(axis=0), np.arange(m)]
    assert (peaks >= 0).all()
    assert isomap.reconstruction_error() == pytest.approx(np.linalg.norm(B - expected) / n, rel=1e-6)


@pytest.mark.parametrize("change", ["turned", "moved", "scaled", "reordered"])
def test_what_does_not_matter(change):
    X, _, _ = sheet()
    rng = np.random.default_rng(1)
    order = rng.permutation(len(X)) if change == "reordered" else np.arange(len(X))
    factor = 1e-3 if change == "scaled" else 1.0
    other = X[order] * factor
    if change == "turned":
        other = other @ np.linalg.qr(rng.normal(size=(3, 3)))[0]
    if change == "moved":
        other = other + [1e8, -1e8, 1e8]  # leaves some eight digits
    tolerance = 1e-5 if change == "moved" else 1e-9
    a, b = Isomap(n_neighbors=8).fit(X), Isomap(n_neighbors=8).fit(other)
    np.testing.assert_allclose(b.dist_matrix_, factor * a.dist_matrix_[np.ix_(order, order)], atol=tolerance * factor)
    assert_same_up_to_signs(b.embedding_ / factor, a.embedding_[order], tolerance)


# ------------------------------------------------------------------------------------------------------------ transform


@pytest.mark.parametrize("block", [2**17, 150 * 7, 1])
def test_known_points_get_their_places(block, monkeypatch):
    monkeypatch.setattr(isomap, "_BLOCK", block)
    X, _, _ = sheet()
    fitted = Isomap(n_neighbors=8, n_components=3).fit(X)
    np.testing.assert_allclose(fitted.transform(X), fitted.embedding_, atol=1e-10)


def test_new_points_on_a_line():
    t = np.linspace(0, 10, 101)
    fitted = Isomap(n_neighbors=2, n_components=1).fit(t[:, None])
    sign = np.sign(fitted.embedding_[-1, 0])
    new = np.array([0.05, 3.33, 9.95])
    # From between two points the shortest ways lead straight to all others.
    np.testing.assert_allclose(sign * fitted.transform(new[:, None])[:, 0], new - 5, atol=1e-9)


def test_new_points_get_places_between_their_neighbours():
    X, t, h = sheet(600)
    fitted = Isomap(n_neighbors=10).fit(X[:500])
    Y = fitted.transform(X[500:])
    flat = np.column_stack([t, h])
    design = np.column_stack([fitted.embedding_, np.ones(500)])
    A, *_ = np.linalg.lstsq(design, flat[:500], rcond=None)
    assert np.sqrt(np.mean((np.column_stack([Y, np.ones(100)]) @ A - flat[500:]) ** 2)) < 0.1


def test_settings_changed_after_the_fit_do_not_matter():
    X, _, _ = sheet(60)
    fitted = Isomap(n_neighbors=8).fit(X)
    before = fitted.transform(X + 0.01)
    np.testing.assert_array_equal(fitted.set_params(n_neighbors=100).transform(X + 0.01), before)


# --------------------------------------------------------------------------------------------------------- hard data


def test_copies():
    rng = np.random.default_rng(0)
    X = np.repeat(sheet(30)[0], 7, axis=0)[rng.permutation(210)]
    fitted = Isomap(n_neighbors=5).fit(X)
    assert np.isfinite(fitted.embedding_).all()
    same = (X[:, None] == X).all(axis=2)
    assert (fitted.dist_matrix_[same] == 0).all() and (fitted.dist_matrix_[~same] > 0).all()
    apart = np.linalg.norm(fitted.embedding_[:, None] - fitted.embedding_, axis=2)
    np.testing.assert_allclose(apart[same], 0, atol=1e-9)


@pytest.mark.parametrize("value", [0.0, 3.7, -1e8])
def test_all_points_equal(value):
    X = np.full((40, 3), value)
    fitted = Isomap(n_neighbors=5).fit(X)
    assert (fitted.embedding_ == 0).all() and (fitted.dist_matrix_ == 0).all() and fitted.reconstruction_error() == 0
    assert (fitted.transform(X[:3]) == 0).all()
    assert np.isfinite(fitted.transform(X[:3] + 1)).all()


def test_two_points_far_from_each_other():
    fitted = Isomap(n_neighbors=1, n_components=1).fit([[0.0, 0.0], [3.0, 4.0]])
    np.testing.assert_allclose(fitted.embedding_ - fitted.embedding_[::-1], [[5.0], [-5.0]] * np.sign(fitted.embedding_[0]), rtol=1e-12)


def test_clusters_far_apart():
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(size=(20, 3)), rng.normal(size=(20, 3)) + 1e8])
    fitted = Isomap(n_neighbors=4).fit(X)
    assert np.isfinite(fitted.embedding_).all()
    assert np.ptp(fitted.embedding_[:20, 0]) < 1e-6 * np.ptp(fitted.embedding_[:, 0])
    within = fitted.dist_matrix_[:20, :20]
    np.testing.assert_allclose(within, floyd_warshall(edge_lengths(*neighbors_graph(X[:20], 4))), rtol=1e-9)


@pytest.mark.parametrize("exponent", [-500, 400])
def test_units_do_not_matter(exponent):
    X, _, _ = sheet(60)
    a, b = Isomap(n_neighbors=8).fit(X), Isomap(n_neighbors=8).fit(np.ldexp(X, exponent))
    np.testing.assert_array_equal(b.embedding_, np.ldexp(a.embedding_, exponent))
    np.testing.assert_array_equal(b.dist_matrix_, np.ldexp(a.dist_matrix_, exponent))
    np.testing.assert_array_equal(b.transform(np.ldexp(X + 0.1, exponent)), np.ldexp(a.transform(X + 0.1), exponent))


def test_float32_is_kept():
    X, _, _ = sheet(100)
    single, double = Isomap(n_neighbors=8).fit(X.astype(np.float32)), Isomap(n_neighbors=8).fit(X)
    assert single.embedding_.dtype == single.dist_matrix_.dtype == single.transform(X.astype(np.float32)).dtype == np.float32
    np.testing.assert_allclose(single.embedding_, double.embedding_, atol=1e-5)
    np.testing.assert_allclose(single.transform(X), double.transform(X), atol=1e-5)


def test_same_data_same_map():
    X, _, _ = sheet(300)
    np.testing.assert_array_equal(Isomap().fit_transform(X), Isomap().fit_transform(X.copy()))


# ------------------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"n_neighbors": 0}, "n_neighbors must be an integer with 1 <= n_neighbors <= n_samples - 1 = 9"),
        ({"n_neighbors": 10}, "n_neighbors must be an integer with 1 <= n_neighbors <= n_samples - 1 = 9"),
        ({"n_neighbors": 2.5}, "n_neighbors must be an integer"),
        ({"n_components": 0}, "n_components must be an integer with 1 <= n_components <= n_samples = 10"),
        ({"n_components": 11}, "n_components must be an integer with 1 <= n_components <= n_samples = 10"),
        ({"n_components": None}, "n_components must be an integer"),
    ],
)
def test_bad_parameters(parameters, message):
    X, _, _ = sheet(10)
    with pytest.raises((ValueError, TypeError), match=message):
        Isomap(**parameters).fit(X)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([[1.0, 2.0], [np.nan, 4.0]], "NaN"),
        ([[1.0, 2.0], [np.inf, 4.0]], "infinite"),
        ([1.0, 2.0, 3.0], "Reshape your data"),
        ([[1.0, 2.0]], r"X has 1 sample\(s\) .*minimum of 2"),
        ([[1e200], [2e200]], "too large"),
    ],
)
def test_bad_data(X, message):
    with pytest.raises(ValueError, match=message):
        Isomap(n_neighbors=1, n_components=1).fit(X)


def test_as_many_components_as_points():
    X = np.random.default_rng(0).normal(size=(6, 2))
    fitted = Isomap(n_neighbors=5, n_components=6)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that an eigenvalue is negative by more than rounding
        Y = fitted.fit_transform(X)
    np.testing.assert_allclose(Y[:, 2:], 0, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(Y[:, None] - Y, axis=2), np.linalg.norm(X[:, None] - X, axis=2), atol=1e-6)


def test_new_points_are_checked():
    fitted = Isomap(n_neighbors=4).fit(sheet(20)[0])
    with pytest.raises(ValueError, match="X has 2 features, but Isomap is expecting 3 features"):
        fitted.transform([[1.0, 2.0]])
    with pytest.raises(ValueError, match="NaN"):
        fitted.transform([[1.0, 2.0, np.nan]])
