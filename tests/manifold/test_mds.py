"""Classical MDS against PCA, scikit-learn and its definition; distances that no points have; bad input."""

import warnings

import numpy as np
import pytest
from sklearn import manifold as theirs
from sklearn.utils.estimator_checks import check_estimator

from mlcourse.datasets import load_digits, make_swiss_roll
from mlcourse.decomposition import PCA
from mlcourse.manifold import ClassicalMDS, SammonMapping, classical_mds, double_centering, squared_distances


def random_data(rng, n=None, d=None):
    n, d = n or int(rng.integers(4, 60)), d or int(rng.integers(2, 20))
    return rng.normal(size=(n, d)) * rng.uniform(0.5, 3, size=d) @ rng.normal(size=(d, d)) + rng.normal(size=d)


def distances(X):
    return np.linalg.norm(X[:, None] - X, axis=2)


def tree_distances(rng, n):
    """Distances along a random tree: a metric, and not Euclidean."""
    D = np.zeros((n, n))
    for i in range(1, n):
        parent = rng.integers(i)
        D[i, :i] = D[:i, i] = D[parent, :i] + rng.uniform(0.1, 1)
    return D


# Double centring


@pytest.mark.parametrize("block", range(4))
def test_double_centring_gives_the_inner_products(block):
    for seed in range(25 * block, 25 * (block + 1)):
        rng = np.random.default_rng(seed)
        X = random_data(rng)
        X -= X.mean(axis=0)
        gram = X @ X.T
        B = double_centering(distances(X) ** 2)
        np.testing.assert_allclose(B, gram, atol=1e-12 * np.abs(gram).max())
        J = np.eye(len(X)) - 1 / len(X)
        D2 = rng.random((len(X), len(X)))  # the formula holds for any matrix, also if it is not symmetric
        np.testing.assert_allclose(double_centering(D2), -J @ D2 @ J / 2, atol=1e-14)


def test_double_centring_of_a_large_matrix():
    D2 = np.random.default_rng(0).random((700, 700))
    B = double_centering(D2)
    np.testing.assert_allclose(B, -0.5 * (D2 - D2.mean(axis=0) - D2.mean(axis=1)[:, None] + D2.mean()), atol=1e-15)
    np.testing.assert_allclose([B.sum(axis=0), B.sum(axis=1)], 0, atol=1e-12)


# Parity


@pytest.mark.parametrize("block", range(8))
def test_from_euclidean_distances_it_is_pca(block):
    for seed in range(25 * block, 25 * (block + 1)):
        rng = np.random.default_rng(seed)
        X = random_data(rng)
        m = int(rng.integers(1, min(X.shape[1], len(X) - 1) + 1))
        scores = PCA(m).fit_transform(X)
        sign = np.sign((ClassicalMDS(m).fit_transform(X) * scores).sum(axis=0))
        for Y in (
            ClassicalMDS(m).fit_transform(X),
            ClassicalMDS(m, metric="precomputed").fit_transform(distances(X)),
            classical_mds(squared_distances(X), m)[0],
        ):
            np.testing.assert_allclose(Y * sign, scores, rtol=0, atol=1e-8 * np.abs(scores).max())


@pytest.mark.parametrize("load", [lambda: load_digits().data, lambda: make_swiss_roll(1000, random_state=0)[0]], ids=["digits", "roll"])
def test_large_data_as_pca_and_as_scikit_learn(load):
    X = load()
    ours = ClassicalMDS(3).fit(X)
    scores = PCA(3).fit_transform(X)
    sign = np.sign((ours.embedding_ * scores).sum(axis=0))
    np.testing.assert_allclose(ours.embedding_ * sign, scores, rtol=0, atol=1e-8)
    reference = theirs.ClassicalMDS(3).fit(X)
    sign = np.sign((ours.embedding_ * reference.embedding_).sum(axis=0))
    np.testing.assert_allclose(ours.embedding_ * sign, reference.embedding_, rtol=0, atol=1e-8)
    np.testing.assert_allclose(ours.eigenvalues_, reference.eigenvalues_, rtol=1e-10)


@pytest.mark.parametrize("block", range(4))
def test_as_scikit_learn(block):
    for seed in range(25 * block, 25 * (block + 1)):
        rng = np.random.default_rng(seed)
        X = random_data(rng)
        D = distances(X) if seed % 2 else tree_distances(rng, 40)
        m = min(3, X.shape[1], len(D) - 2)
        ours, reference = ClassicalMDS(m, metric="precomputed").fit(D), theirs.ClassicalMDS(m, metric="precomputed").fit(D)
        np.testing.assert_allclose(ours.eigenvalues_, reference.eigenvalues_, rtol=1e-9, atol=1e-12 * reference.eigenvalues_[0])
        scale = np.abs(reference.embedding_).max()
        np.testing.assert_allclose(np.abs(ours.embedding_ / scale), np.abs(reference.embedding_ / scale), atol=1e-7)
        np.testing.assert_allclose(ours.dissimilarity_matrix_, reference.dissimilarity_matrix_, rtol=1e-12)
        assert ours.n_features_in_ == reference.n_features_in_ == len(D)


def test_attributes():
    X = random_data(np.random.default_rng(0), 20, 5)
    mds = ClassicalMDS(3).fit(X)
    np.testing.assert_allclose(mds.dissimilarity_matrix_, distances(X), rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(mds.dissimilarity_matrix_.diagonal(), 0)
    np.testing.assert_allclose((mds.embedding_**2).sum(axis=0), mds.eigenvalues_, rtol=1e-12)
    np.testing.assert_allclose(mds.embedding_.mean(axis=0), 0, atol=1e-12)
    assert (mds.embedding_.max(axis=0) >= -mds.embedding_.min(axis=0)).all()
    assert mds.n_features_in_ == 5
    assert list(mds.get_feature_names_out()) == ["classicalmds0", "classicalmds1", "classicalmds2"]
    assert repr(ClassicalMDS(3, metric="precomputed")) == "ClassicalMDS(n_components=3, metric='precomputed')"


# Properties


@pytest.mark.parametrize("seed", range(30))
def test_points_come_back_from_their_distances(seed):
    rng = np.random.default_rng(seed)
    X = random_data(rng)
    m = min(len(X), X.shape[1])
    D = distances(X)
    Y = ClassicalMDS(m, metric="precomputed").fit_transform(D)
    np.testing.assert_allclose(distances(Y), D, atol=1e-7 * D.max())


@pytest.mark.parametrize("seed", range(20))
def test_no_other_points_have_closer_inner_products(seed):
    rng = np.random.default_rng(seed)
    D2 = tree_distances(rng, 12) ** 2
    B = double_centering(D2)
    Y, _ = classical_mds(D2, 2)
    error = np.sum((B - Y @ Y.T) ** 2)
    for _ in range(50):
        other = Y + rng.normal(size=Y.shape) * 10.0 ** rng.uniform(-4, 0)
        assert np.sum((B - other @ other.T) ** 2) >= error * (1 - 1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_rotation_shift_scale_and_order_do_not_matter(seed):
    rng = np.random.default_rng(seed)
    X = random_data(rng, 30, 6)
    turn = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    Y = ClassicalMDS().fit_transform(X)
    scale = np.abs(Y).max()
    np.testing.assert_allclose(ClassicalMDS().fit_transform(X @ turn + 10 * rng.normal(size=6)), Y, atol=1e-9 * scale)
    np.testing.assert_allclose(ClassicalMDS().fit_transform(7 * X), 7 * Y, atol=1e-9 * scale)
    order = rng.permutation(30)
    np.testing.assert_allclose(ClassicalMDS().fit_transform(X[order]), Y[order], atol=1e-9 * scale)


@pytest.mark.parametrize("scale", [1e-304, 1e-200, 1e-100, 1e100, 1e150])
@pytest.mark.parametrize("metric", ["euclidean", "precomputed"])
def test_units(scale, metric):
    X = random_data(np.random.default_rng(0), 20, 4)
    if metric == "precomputed":
        X = distances(X)
    Y = ClassicalMDS(metric=metric).fit_transform(X)
    mds = ClassicalMDS(metric=metric).fit(scale * X)
    np.testing.assert_allclose(mds.embedding_ / scale, Y, atol=1e-10 * np.abs(Y).max())
    np.testing.assert_allclose(mds.dissimilarity_matrix_ / scale, ClassicalMDS(metric=metric).fit(X).dissimilarity_matrix_, rtol=1e-9)


def test_float32_is_kept():
    X = random_data(np.random.default_rng(0), 40, 6).astype(np.float32)
    exact = ClassicalMDS().fit_transform(X.astype(float))
    for ours in (ClassicalMDS().fit(X), ClassicalMDS(metric="precomputed").fit(distances(X).astype(np.float32))):
        assert ours.embedding_.dtype == ours.dissimilarity_matrix_.dtype == np.float32
        assert ours.eigenvalues_.dtype == np.float64
        np.testing.assert_allclose(np.abs(ours.embedding_), np.abs(exact), atol=1e-5 * np.abs(exact).max())


@pytest.mark.parametrize("form", [np.ndarray.tolist, np.asfortranarray, lambda X: X.astype(int), lambda X: X.astype(object)])
def test_forms_of_input(form):
    X = np.random.default_rng(0).integers(-9, 9, size=(20, 4)).astype(float)
    np.testing.assert_allclose(ClassicalMDS().fit_transform(form(X)), ClassicalMDS().fit_transform(X), atol=1e-10)


# Hard data


def test_two_points():
    for Y in (ClassicalMDS().fit_transform([[0.0, 0.0], [3.0, 4.0]]), ClassicalMDS(metric="precomputed").fit_transform([[0, 5], [5, 0]])):
        np.testing.assert_allclose(np.abs(Y[:, 0]), 2.5)
        assert Y[0, 0] == -Y[1, 0]
        np.testing.assert_array_equal(Y[:, 1], 0)  # neither the root of a rounding error nor NaN


@pytest.mark.parametrize("constant", [0.0, 3.7, -1e8])
def test_all_points_equal(constant):
    mds = ClassicalMDS().fit(np.full((30, 3), constant))
    assert not mds.embedding_.any() and not mds.eigenvalues_.any() and not mds.dissimilarity_matrix_.any()
    assert not ClassicalMDS(metric="precomputed").fit_transform(np.zeros((30, 30))).any()


def test_copies_fall_on_each_other():
    X = random_data(np.random.default_rng(0), 300, 5)
    X[150:] = X[:150]
    mds = ClassicalMDS().fit(X)
    np.testing.assert_allclose(mds.embedding_[150:], mds.embedding_[:150], atol=1e-10 * np.abs(mds.embedding_).max())
    assert not mds.dissimilarity_matrix_[np.arange(150), np.arange(150, 300)].any()


@pytest.mark.parametrize("n", [40, 400])
def test_points_on_a_line_need_one_dimension(n):
    X = np.random.default_rng(0).normal(size=(n, 1)) * [1, 2, 3]
    Y = ClassicalMDS(3).fit_transform(X)
    np.testing.assert_array_equal(Y[:, 1:], 0)
    np.testing.assert_allclose(np.ptp(Y[:, 0]), np.ptp(X[:, 0]) * np.sqrt(14))


def test_far_from_the_origin():
    X = np.random.default_rng(0).integers(-50, 50, size=(60, 4)) / 16
    np.testing.assert_allclose(ClassicalMDS().fit_transform(X + 1e8), ClassicalMDS().fit_transform(X), atol=1e-6)


def test_close_points_far_from_the_centre():
    rng = np.random.default_rng(0)
    X = np.r_[rng.normal(size=(50, 3)) * 1e-5, rng.normal(size=(50, 3)) * 1e-5 + 10]
    np.testing.assert_allclose(ClassicalMDS().fit(X).dissimilarity_matrix_, distances(X), rtol=1e-5)


# Distances that no points have


def cycle(n):
    """Steps along a ring: the distances between opposite points are too long for a plane."""
    steps = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    return np.minimum(steps, n - steps).astype(float)


def test_negative_eigenvalues_beyond_those_that_are_kept_do_not_matter():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mds = ClassicalMDS(metric="precomputed").fit(cycle(40))
    assert np.linalg.eigvalsh(double_centering(cycle(40) ** 2))[0] < -1
    np.testing.assert_allclose(np.linalg.norm(mds.embedding_, axis=1), np.linalg.norm(mds.embedding_[0]))  # a circle
    assert (mds.eigenvalues_ > 0).all()


@pytest.mark.parametrize("n", [4, 300])
def test_axes_with_negative_eigenvalues_are_zero_and_warned_of(n):
    # One object is as near to each of the others as half their distance in pairs allows, but in no space to all of them.
    D = np.full((n, n), 2.0)
    D[0] = D[:, 0] = 0.5
    np.fill_diagonal(D, 0)
    with pytest.warns(UserWarning, match=rf"the distances are not Euclidean: 1 of the {n} largest eigenvalues are negative"):
        mds = ClassicalMDS(n, metric="precomputed").fit(D)
    assert mds.eigenvalues_[-1] < -0.1
    np.testing.assert_allclose(mds.eigenvalues_, np.linalg.eigvalsh(double_centering(D**2))[::-1], atol=1e-11)
    np.testing.assert_array_equal(mds.embedding_[:, -1], 0)
    assert np.isfinite(mds.embedding_).all() and mds.embedding_[:, : n - 2].any(axis=0).all()


def test_rounded_distances_are_no_reason_to_warn():
    X = random_data(np.random.default_rng(0), 30, 2)
    D = distances(X).astype(np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ClassicalMDS(30, metric="precomputed").fit(D)
        ClassicalMDS(30).fit(X)


# Bad input


@pytest.mark.parametrize(
    ("D", "message"),
    [
        (np.ones((3, 4)), r"X must be a square matrix of distances, \(n_samples, n_samples\) \(its shape was \(3, 4\)\)"),
        ([[0.0, -1.0], [-1.0, 0.0]], "Negative values in data: X must hold distances .* -1"),
        ([[0.0, 1.0], [2.0, 0.0]], "X must hold distances, which are symmetric.* differed by up to 1"),
        ([[0.0, 1.0], [1.0, 0.5]], "that of a point to itself, on the diagonal, is 0 .*0.5"),
        ([[0.0, np.inf], [np.inf, 0.0]], "X must hold finite numbers"),
        ([[0.0, np.nan], [np.nan, 0.0]], "X must hold finite numbers"),
        ([[0.0]], r"X has 1 sample\(s\)"),
    ],
)
def test_bad_distances(D, message):
    with pytest.raises(ValueError, match=message):
        ClassicalMDS(1, metric="precomputed").fit(D)


def test_asymmetry_far_from_the_diagonal_is_found():
    D = distances(random_data(np.random.default_rng(0), 200, 3))
    for i, j in ((0, 199), (150, 10), (70, 60)):
        wrong = D.copy()
        wrong[i, j] += 1e-3
        with pytest.raises(ValueError, match="symmetric"):
            ClassicalMDS(metric="precomputed").fit(wrong)


def test_what_rounding_does_to_distances_is_mended():
    rng = np.random.default_rng(0)
    D = distances(random_data(rng, 30, 3))
    noisy = D + 1e-12 * rng.random(D.shape)
    mds = ClassicalMDS(metric="precomputed").fit(noisy)
    np.testing.assert_array_equal(mds.dissimilarity_matrix_, mds.dissimilarity_matrix_.T)
    np.testing.assert_array_equal(mds.dissimilarity_matrix_.diagonal(), 0)
    np.testing.assert_allclose(mds.embedding_, ClassicalMDS(metric="precomputed").fit_transform(D), atol=1e-9)


@pytest.mark.parametrize("n_components", [0, -1, 6, 1.0, True, None, "2"])
def test_bad_n_components(n_components):
    X = random_data(np.random.default_rng(0), 5, 8)
    with pytest.raises((ValueError, TypeError), match="n_components must be an integer with 1 <= n_components <= n_samples = 5"):
        ClassicalMDS(n_components).fit(X)
    assert ClassicalMDS(5).fit_transform(X).shape == (5, 5)


@pytest.mark.parametrize("metric", ["manhattan", None, 2])
def test_bad_metric(metric):
    with pytest.raises(ValueError, match="metric must be one of 'euclidean', 'precomputed'"):
        ClassicalMDS(metric=metric).fit([[0.0], [1.0]])


@pytest.mark.parametrize("metric", ["euclidean", "precomputed"])
def test_numbers_too_large_for_their_squares(metric):
    with pytest.raises(ValueError, match="X holds numbers too large"):
        ClassicalMDS(1, metric=metric).fit([[0.0, 1e200], [1e200, 0.0]])


@pytest.mark.parametrize(
    ("D2", "message"),
    [
        (np.ones((2, 3)), "sq_distances must be square"),
        (np.full((2, 2), 1e308), None),
        (np.full((4, 4), 1e308), "sq_distances holds numbers too large"),
        ([[0, np.nan], [1, 0]], "sq_distances must hold finite numbers"),
    ],
)
def test_bad_squared_distances(D2, message):
    if message is None:
        assert np.isfinite(double_centering(D2 / 2)).all()
        return
    for function in (double_centering, lambda D2: classical_mds(D2, 1)):
        with pytest.raises(ValueError, match=message):
            function(D2)


def test_scikit_learn_knows_what_distances_are():
    assert ClassicalMDS(metric="precomputed").__sklearn_tags__().input_tags.pairwise
    assert not ClassicalMDS().__sklearn_tags__().input_tags.pairwise


@pytest.mark.filterwarnings("ignore:Estimator .* does not inherit from")
@pytest.mark.parametrize(
    "estimator", [ClassicalMDS(metric="precomputed"), SammonMapping(metric="precomputed"), SammonMapping(init="random", random_state=0)], ids=repr
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
def test_scikit_learns_checks_of_other_settings(estimator):
    results = check_estimator(estimator, on_fail=None)
    assert len(results) > 30
    failed = [result["check_name"] for result in results if result["status"] not in ("passed", "skipped")]
    assert not failed
