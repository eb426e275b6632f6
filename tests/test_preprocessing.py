"""StandardScaler: as scikit-learn's, and exact where rounding makes it hard."""

import numpy as np
import pytest
from sklearn import preprocessing as theirs

from mlcourse.preprocessing import StandardScaler, centered_blocks, feature_means

# A division by zero or an overflow is an error here, not a warning.
pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")


@pytest.mark.parametrize("seed", range(100))
def test_as_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    n, d = rng.integers(1, 60), rng.integers(1, 12)
    X = rng.normal(size=(n, d)) * 10 ** rng.uniform(-3, 3, size=d) + rng.normal(size=d)
    options = {"with_mean": bool(rng.integers(2)), "with_std": bool(rng.integers(2))}
    ours, reference = StandardScaler(**options).fit(X), theirs.StandardScaler(**options).fit(X)
    for name in ("mean_", "var_", "scale_"):
        if getattr(reference, name) is None:
            assert getattr(ours, name) is None
        else:
            np.testing.assert_allclose(getattr(ours, name), getattr(reference, name), rtol=1e-10, atol=1e-12)
    assert ours.n_samples_seen_ == reference.n_samples_seen_ == n
    np.testing.assert_allclose(ours.transform(X), reference.transform(X), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(ours.inverse_transform(ours.transform(X)), X, rtol=1e-12, atol=1e-12)


def test_mean_and_variance_of_the_result():
    X = np.random.default_rng(0).gamma(1.0, size=(500, 4)) * [1, 10, 1e5, 1e-5]
    Z = StandardScaler().fit_transform(X)
    np.testing.assert_allclose(Z.mean(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(Z.std(axis=0), 1, rtol=1e-13)


@pytest.mark.parametrize("constant", [0.0, 0.1, 1 / 3, -1e8 / 7, 1e300])
@pytest.mark.parametrize("n", [1, 2, 7, 1000])
def test_constant_feature_becomes_exactly_zero(constant, n):
    X = np.column_stack([np.full(n, constant), np.arange(n)])
    scaler = StandardScaler().fit(X)
    assert scaler.mean_[0] == constant
    assert scaler.var_[0] == 0
    assert scaler.scale_[0] == 1
    assert (scaler.transform(X)[:, 0] == 0).all()


def test_feature_that_is_constant_but_for_rounding():
    X = np.full((100, 1), 0.1)
    X[::2] = np.nextafter(0.1, 1)
    assert StandardScaler().fit(X).scale_ == 1


def test_far_from_the_origin():
    noise = np.random.default_rng(0).integers(-500, 500, size=(1000, 2)) / 2**10
    X = noise + [1e8, -1e10]  # exactly, as the noise is a multiple of 1/1024
    Z = StandardScaler().fit_transform(X)
    np.testing.assert_allclose(Z, StandardScaler().fit_transform(noise), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(StandardScaler().fit(X).var_, noise.var(axis=0), rtol=1e-5)


def test_float32_is_kept_and_computed_in_float64():
    X = (np.random.default_rng(0).normal(size=(5000, 2)) + 1000).astype(np.float32)
    scaler = StandardScaler().fit(X)
    Z = scaler.transform(X)
    assert Z.dtype == scaler.inverse_transform(Z).dtype == np.float32
    np.testing.assert_allclose(scaler.mean_, X.astype(float).mean(axis=0), rtol=1e-14)
    np.testing.assert_allclose(scaler.var_, X.astype(float).var(axis=0), rtol=1e-12)


@pytest.mark.parametrize(
    "form", [np.ndarray.tolist, np.asfortranarray, lambda X: X.astype(int), lambda X: np.repeat(X, 2, axis=1)[:, ::2]]
)
def test_forms_of_input(form):
    X = np.arange(12.0).reshape(4, 3) ** 2
    np.testing.assert_allclose(StandardScaler().fit_transform(form(X)), StandardScaler().fit_transform(X), rtol=1e-14)


def test_scaling_needs_no_memory_of_fit():
    scaler = StandardScaler().fit([[0.0], [2.0]])
    np.testing.assert_array_equal(scaler.transform([[5.0]]), [[4.0]])
    np.testing.assert_array_equal(scaler.inverse_transform([[4.0]]), [[5.0]])
    assert list(scaler.get_feature_names_out()) == ["x0"]
    assert list(scaler.get_feature_names_out(["height"])) == ["height"]


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([[1.0], [np.nan]], "X must hold finite numbers"),
        ([[1.0], [np.inf]], "X must hold finite numbers"),
        ([1.0, 2.0], "X must be a 2-D array"),
        (np.empty((0, 2)), r"X has 0 sample\(s\)"),
        ([[1e200], [-1e200]], "X holds numbers too large"),
        ([[1.7e308], [-1.7e308]], "X holds numbers too large"),
    ],
)
def test_bad_input(X, message):
    with pytest.raises(ValueError, match=message):
        StandardScaler().fit(X)


@pytest.mark.parametrize("name", ["with_mean", "with_std"])
def test_bad_parameter(name):
    with pytest.raises(ValueError, match=f"{name} must be one of True, False"):
        StandardScaler(**{name: "yes"}).fit([[1.0], [2.0]])


@pytest.mark.parametrize("shape", [(1, 1), (2, 40000), (700, 50), (10_000, 3), (129, 600)])
def test_blocks_cover_the_data_once(shape):
    X = np.random.default_rng(0).normal(size=shape)
    mean = np.arange(shape[1], dtype=float)
    parts = [(rows, block.copy()) for rows, block in centered_blocks(X, mean)]
    np.testing.assert_array_equal(np.concatenate([block for _, block in parts]), X - mean)
    np.testing.assert_array_equal(np.concatenate([np.arange(len(X))[rows] for rows, _ in parts]), np.arange(len(X)))


def test_means_of_features_with_large_offsets():
    rng = np.random.default_rng(0)
    X = rng.integers(0, 1000, size=(100_000, 3)).astype(float)
    np.testing.assert_allclose(feature_means(X + 2.0**50) - 2.0**50, X.mean(axis=0), atol=0.13)  # 1 ulp is 0.25
