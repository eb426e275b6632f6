"""PCA: as scikit-learn's, by its defining properties, and right on hard data."""

import numpy as np
import pytest
from sklearn import decomposition as theirs
from sklearn.datasets import load_digits

from mlcourse.decomposition import PCA, principal_axes, principal_axes_from_scatter

# A division by zero or an overflow is an error here, not a warning.
pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")

ATTRIBUTES = ("components_", "explained_variance_", "explained_variance_ratio_", "singular_values_", "mean_")


def random_data(rng, n=None, d=None):
    """Random correlated data, with singular values far enough apart for each axis to be well defined."""
    n, d = n or rng.integers(2, 80), d or rng.integers(1, 30)
    k = min(n - 1, d)
    left = rng.normal(size=(n, k))
    left = np.linalg.qr(left - left.mean(axis=0))[0]
    right = np.linalg.qr(rng.normal(size=(d, k)))[0]
    values = np.cumsum(rng.uniform(0.5, 1.5, size=k))[::-1]
    return (left * values) @ right.T * 10 ** rng.uniform(-2, 2) + rng.normal(size=d)


def assert_same_fit(ours, reference, X, n_clear=None):
    """Compare all that two fits learned, but the axes from `n_clear` on, which the data does not determine."""
    for name in ATTRIBUTES:
        a, b = getattr(ours, name), getattr(reference, name)
        assert a.shape == b.shape, name
        stop = None if name == "mean_" else n_clear
        scale = max(np.abs(b).max(), 1e-300)
        np.testing.assert_allclose(a[:stop] / scale, b[:stop] / scale, rtol=0, atol=1e-10, err_msg=name)
    assert ours.n_components_ == reference.n_components_
    assert ours.n_samples_ == reference.n_samples_
    assert ours.noise_variance_ == pytest.approx(reference.noise_variance_, rel=1e-8, abs=1e-10 * X.var(axis=0).sum())
    scale = np.abs(reference.transform(X)).max()
    a, b = (model.transform(X)[:, :n_clear] / scale for model in (ours, reference))
    np.testing.assert_allclose(a, b, rtol=0, atol=1e-10)


def subspace(pca):
    return pca.components_.T @ pca.components_


@pytest.mark.parametrize("block", range(12))
def test_as_scikit_learn(block):
    for seed in range(25 * block, 25 * (block + 1)):
        rng = np.random.default_rng(seed)
        X = random_data(rng)
        # Of the centred data: with n <= d the last axis has the variance 0 and is not determined by the data.
        n_clear = min(len(X) - 1, X.shape[1])
        n_components = [None, int(rng.integers(1, n_clear + 1)), float(rng.uniform(0.05, 0.99))][seed % 3]
        ours = PCA(n_components).fit(X)
        reference = theirs.PCA(n_components, svd_solver="full").fit(X)
        assert_same_fit(ours, reference, X, n_clear)


@pytest.mark.parametrize("block", range(3))
def test_whitening_as_scikit_learn(block):
    for seed in range(20 * block, 20 * (block + 1)):
        rng = np.random.default_rng(seed)
        X = random_data(rng, n=rng.integers(10, 80))
        k = int(rng.integers(1, min(len(X) - 1, X.shape[1]) + 1))
        ours = PCA(k, whiten=True).fit(X)
        reference = theirs.PCA(k, whiten=True, svd_solver="full").fit(X)
        np.testing.assert_allclose(ours.transform(X), reference.transform(X), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(ours.transform(X).std(axis=0, ddof=1), 1, rtol=1e-9)
        np.testing.assert_allclose(
            ours.inverse_transform(ours.transform(X)), reference.inverse_transform(reference.transform(X)), rtol=1e-9, atol=1e-9
        )


@pytest.mark.parametrize("block", range(8))
def test_definition(block):
    """Orthonormal axes, uncorrelated scores, descending variances, and the inverse."""
    for seed in range(25 * block, 25 * (block + 1)):
        rng = np.random.default_rng(seed)
        n, d = rng.integers(2, 60), rng.integers(1, 40)
        X = rng.normal(size=(n, d))
        if seed % 5 == 0:
            X = X[:, rng.integers(0, d, size=d)]  # duplicate features, so a lower rank
        pca = PCA(whiten=bool(seed % 2)).fit(X)
        scores = pca.fit_transform(X)
        k = min(n, d)
        assert scores.shape == (n, k)
        np.testing.assert_allclose(pca.components_ @ pca.components_.T, np.eye(k), atol=1e-12)
        assert (np.diff(pca.explained_variance_) <= 0).all()
        assert pca.explained_variance_ratio_.sum() == pytest.approx(1)
        assert (np.take_along_axis(pca.components_, np.abs(pca.components_).argmax(axis=1)[:, None], axis=1) > 0).all()
        np.testing.assert_allclose(pca.inverse_transform(scores), X, atol=1e-10 * np.abs(X).max())
        expected = np.ones(k) if pca.whiten else pca.explained_variance_
        clear = pca.explained_variance_ > 1e-20 * pca.explained_variance_[0]
        covariance = np.atleast_2d(np.cov(scores, rowvar=False))
        np.testing.assert_allclose(covariance[clear][:, clear], np.diag(expected[clear]), atol=1e-9 * max(1, expected[0]))
        np.testing.assert_allclose(pca.transform(X), scores, atol=1e-12 * np.abs(scores).max())


def test_digits_as_scikit_learn():
    X = load_digits().data  # integers, three constant features
    assert_same_fit(PCA(30).fit(X), theirs.PCA(30, svd_solver="full").fit(X), X)
    assert_same_fit(PCA().fit(X), theirs.PCA(svd_solver="full").fit(X), X, n_clear=61)
    assert PCA(0.9).fit(X).n_components_ == theirs.PCA(0.9, svd_solver="full").fit(X).n_components_


def test_both_ways_to_the_axes_agree():
    X = random_data(np.random.default_rng(0), n=200, d=20)
    X -= X.mean(axis=0)
    for exact, fast in zip(principal_axes(X), principal_axes_from_scatter(X.T @ X), strict=True):
        np.testing.assert_allclose(fast, exact, atol=1e-10 * np.abs(exact).max())
    _, reference, axes = np.linalg.svd(X, full_matrices=False)
    values, ours = principal_axes(X)
    np.testing.assert_allclose(values, reference, rtol=1e-12)
    np.testing.assert_allclose(np.abs(ours), np.abs(axes), atol=1e-12)


@pytest.mark.parametrize("decades", [2, 4, 8, 12])
@pytest.mark.parametrize("n_components", [None, 3])
def test_small_variances_are_accurate(decades, n_components):
    """Variances over up to 24 orders of magnitude: the smallest ones are lost in squares, and must not be."""
    rng = np.random.default_rng(0)
    n, d = 2000, 6
    left = rng.normal(size=(n, d))
    left = np.linalg.qr(left - left.mean(axis=0))[0]
    right = np.linalg.qr(rng.normal(size=(d, d)))[0]
    values = np.logspace(0, -decades, d)
    pca = PCA(n_components).fit((left * values) @ right.T)
    kept = pca.n_components_
    # What rounding the product itself does to a singular value is 1e-16 of the largest one.
    np.testing.assert_allclose(pca.singular_values_, values[:kept], rtol=2e-8, atol=3e-16)
    if decades <= 8:
        np.testing.assert_allclose(np.abs(pca.components_ @ right), np.eye(d)[:kept], atol=1e-6)


@pytest.mark.parametrize("offset", [1e4, 1e8, -1e10])
@pytest.mark.parametrize("n", [30, 5000])
def test_far_from_the_origin(offset, n):
    """Tiny variances around a point 1e8 away: the squares of the data hold nothing of them."""
    rng = np.random.default_rng(0)
    # Multiples of 2**-16, so that adding the offset is exact up to 2**36.
    noise = np.rint(rng.normal(size=(n, 5)) * [4.0, 2.0, 1.0, 0.5, 0.25] * 2**10) / 2**16
    near, far = PCA().fit(noise), PCA().fit(noise + offset)
    np.testing.assert_allclose(far.explained_variance_, near.explained_variance_, rtol=1e-7)
    np.testing.assert_allclose(far.components_, near.components_, atol=1e-6)
    np.testing.assert_allclose(far.mean_ - offset, near.mean_, atol=np.spacing(abs(offset)))
    # All scores share the error of the rounded mean; their differences are exact.
    scores = far.transform(noise + offset)
    np.testing.assert_allclose(scores[0], near.transform(noise)[0], atol=4 * np.spacing(abs(offset)) + 1e-7)
    np.testing.assert_allclose(scores - scores[0], (noise - noise[0]) @ far.components_.T, atol=1e-14)


def test_one_feature_far_from_the_others():
    # A large constant feature must not drown the variance of the others.
    X = random_data(np.random.default_rng(0), n=500, d=4)
    pca = PCA().fit(np.column_stack([X, np.full(500, 1e9)]))
    np.testing.assert_allclose(pca.singular_values_[:4], PCA().fit(X).singular_values_, rtol=1e-10)
    np.testing.assert_allclose(pca.components_[:4, :4], PCA().fit(X).components_, atol=1e-9)
    assert pca.explained_variance_[4] <= 1e-25
    assert pca.mean_[4] == 1e9


@pytest.mark.parametrize("shape", [(50, 4), (4, 50), (2, 1), (3, 3)])
@pytest.mark.parametrize("constant", [0.0, 0.1, -1e8])
@pytest.mark.parametrize("whiten", [False, True])
def test_no_variance_at_all(shape, constant, whiten):
    X = np.full(shape, constant)
    pca = PCA(whiten=whiten).fit(X)
    np.testing.assert_allclose(pca.transform(X), 0, atol=1e-7)
    np.testing.assert_allclose(pca.explained_variance_ratio_, 0, atol=1)
    np.testing.assert_allclose(pca.inverse_transform(pca.transform(X)), X)
    np.testing.assert_allclose(pca.components_ @ pca.components_.T, np.eye(min(shape)), atol=1e-12)
    assert PCA(0.5).fit(X).n_components_ == 1


def test_duplicates_and_constant_features():
    rng = np.random.default_rng(0)
    X = np.repeat(rng.normal(size=(20, 2)), 10, axis=0)
    wide = np.column_stack([X, X[:, 0], np.full(len(X), 7.0)])
    pca = PCA(whiten=True).fit(wide)
    assert (pca.explained_variance_[2:] < 1e-25).all()
    scores = pca.transform(wide)
    assert (scores[:, 2:] == 0).all()  # no variance to divide by: neither NaN nor blown-up rounding
    np.testing.assert_allclose(np.cov(scores[:, :2].T), np.eye(2), atol=1e-10)
    np.testing.assert_allclose(pca.inverse_transform(scores), wide, atol=1e-12)


def test_fewer_samples_than_features():
    X = np.random.default_rng(0).normal(size=(5, 40))
    pca = PCA().fit(X)
    assert pca.components_.shape == (5, 40)
    assert pca.explained_variance_[4] < 1e-25
    assert_same_fit(PCA(3).fit(X), theirs.PCA(3, svd_solver="full").fit(X), X)


@pytest.mark.parametrize("n_components", [None, 2, 0.9])
@pytest.mark.parametrize("n", [8, 400])
def test_float32_is_kept(n_components, n):
    X = random_data(np.random.default_rng(0), n=n, d=10).astype(np.float32)
    pca, reference = PCA(n_components).fit(X), PCA(n_components).fit(X.astype(np.float64))
    for name in ATTRIBUTES:
        assert getattr(pca, name).dtype == np.float32
        np.testing.assert_allclose(getattr(pca, name)[:7], getattr(reference, name)[:7], rtol=2e-6, atol=2e-6)
    scores = pca.transform(X)
    assert scores.dtype == pca.inverse_transform(scores).dtype == pca.fit_transform(X).dtype == np.float32
    # Two samples more precise than the fit stay so.
    assert pca.transform(X.astype(np.float64)).dtype == np.float64


def test_small_variances_of_float32_are_accurate():
    # Two features that differ in the last bits of float32: of the square of that, float64 keeps three digits.
    rng = np.random.default_rng(0)
    step = rng.integers(-8, 8, size=500).astype(np.float32)
    X = np.column_stack([step, step + rng.choice([-1, 1], size=500).astype(np.float32) * np.float32(2**-19)])
    exact = np.linalg.svd(X - X.astype(float).mean(axis=0), compute_uv=False)
    np.testing.assert_allclose(PCA().fit(X).singular_values_, exact, rtol=1e-6)


@pytest.mark.parametrize(
    "form",
    [
        np.ndarray.tolist,
        np.asfortranarray,
        lambda X: X.astype(np.int32),
        lambda X: X.astype(object),
        lambda X: np.repeat(np.repeat(X, 2, axis=0), 3, axis=1)[::2, ::3],
        lambda X: X[::-1][::-1],
    ],
    ids=["list", "Fortran", "int", "object", "strided", "reversed"],
)
@pytest.mark.parametrize("shape", [(40, 5), (5, 40)])
def test_forms_of_input(form, shape):
    X = np.random.default_rng(0).integers(-50, 50, size=shape).astype(float)
    ours, reference = PCA(3).fit(form(X)), PCA(3).fit(X)
    for name in ATTRIBUTES:
        np.testing.assert_allclose(getattr(ours, name), getattr(reference, name), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(ours.transform(form(X)), reference.transform(X), rtol=1e-10, atol=1e-10)


def test_share_of_the_variance():
    left = np.linalg.qr(np.random.default_rng(0).normal(size=(50, 5)) - 0.0)[0]
    left = np.linalg.qr(left - left.mean(axis=0))[0]
    X = left * np.sqrt([50, 30, 15, 4, 1])
    for share, expected in ((0.3, 1), (0.49, 1), (0.51, 2), (0.79, 2), (0.81, 3), (0.94, 3), (0.96, 4), (0.999, 5)):
        assert PCA(share).fit(X).n_components_ == expected
    # More than the share, not just as much.
    cross = [[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]]
    assert PCA(0.5).fit(cross).n_components_ == theirs.PCA(0.5).fit(cross).n_components_ == 2
    assert PCA(np.nextafter(1, 0)).fit(X).n_components_ == 5
    np.testing.assert_allclose(PCA(2).fit(X).noise_variance_, (15 + 4 + 1) / 3 / 49)


def test_keeps_more_variance_than_other_projections():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 6)) @ rng.normal(size=(6, 6))
    best = PCA(2).fit(X).explained_variance_.sum()
    for _ in range(200):
        axes = np.linalg.qr(rng.normal(size=(6, 2)))[0]
        assert np.var(X @ axes, axis=0, ddof=1).sum() <= best * (1 + 1e-12)


def test_rotation_and_shift_do_not_matter():
    rng = np.random.default_rng(0)
    X = random_data(rng, n=50, d=6)
    turn = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    a, b = PCA(3).fit(X), PCA(3).fit(X @ turn + rng.normal(size=6))
    np.testing.assert_allclose(a.explained_variance_, b.explained_variance_, rtol=1e-10)
    np.testing.assert_allclose(turn.T @ subspace(a) @ turn, subspace(b), atol=1e-9)


def test_deterministic():
    X = np.random.default_rng(0).normal(size=(100, 8))
    np.testing.assert_array_equal(PCA(3).fit_transform(X), PCA(3).fit_transform(X.copy()))


def test_very_small_and_very_large_numbers():
    X = random_data(np.random.default_rng(0), n=40, d=5)
    reference = PCA().fit(X)
    for scale in (1e-140, 1e140):
        pca = PCA().fit(X * scale)
        np.testing.assert_allclose(pca.components_, reference.components_, atol=1e-9)
        np.testing.assert_allclose(pca.explained_variance_ratio_, reference.explained_variance_ratio_, rtol=1e-8)


@pytest.mark.parametrize("shape", [(9, 4), (4, 9)])
@pytest.mark.parametrize("n_components", [0, -1, 5, 1.0, 0.0, 1.5, -0.5, np.nan, np.inf, True, "mle", "2", [2], 2.0])
def test_bad_n_components(shape, n_components):
    X = np.random.default_rng(0).normal(size=shape)
    with pytest.raises((ValueError, TypeError)) as caught:
        PCA(n_components).fit(X)
    message = str(caught.value)
    assert "n_components must be an integer with 1 <= n_components <= min(n_samples, n_features) = 4" in message
    assert "0 < n_components < 1" in message
    assert repr(n_components) in message


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([[1.0, 2.0], [np.nan, 4.0]], "X must hold finite numbers"),
        ([[1.0, 2.0], [np.inf, 4.0]], "X must hold finite numbers"),
        ([1.0, 2.0, 3.0], "Reshape your data"),
        ([[1.0, 2.0]], r"X has 1 sample\(s\) .*minimum of 2"),
        (np.empty((0, 2)), r"X has 0 sample\(s\)"),
        (np.empty((4, 0)), r"X has 0 feature\(s\)"),
        ([[1e200, 0.0], [-1e200, 0.0], [0.0, 1.0]], "X holds numbers too large"),
        ([[1e200, 0.0, 1.0], [-1e200, 0.0, 1.0]], "X holds numbers too large"),
        ([[1.7e308, 0.0], [-1.7e308, 0.0], [0.0, 1.0]], "X holds numbers too large"),
    ],
)
def test_bad_input(X, message):
    with pytest.raises(ValueError, match=message):
        PCA().fit(X)
    with pytest.raises(ValueError, match=message):
        PCA().fit_transform(X)


def test_bad_whiten():
    with pytest.raises(ValueError, match=r"whiten must be one of True, False \(it was 'yes'\)"):
        PCA(whiten="yes").fit([[1.0], [2.0]])


def test_other_data_must_have_the_same_features():
    pca = PCA(2).fit(np.random.default_rng(0).normal(size=(9, 4)))
    with pytest.raises(ValueError, match="X has 3 features, but PCA is expecting 4 features"):
        pca.transform(np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"X must have n_components_ = 2 columns \(it had 4\)"):
        pca.inverse_transform(np.ones((2, 4)))
    with pytest.raises(ValueError, match="X must hold finite numbers"):
        pca.inverse_transform([[np.nan, 0.0]])
    assert list(pca.get_feature_names_out()) == ["pca0", "pca1"]
