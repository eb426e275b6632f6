"""Distances, perplexities and affinities: closed forms, invariants on many random data sets, bad input."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist, squareform
from sklearn.manifold._t_sne import _joint_probabilities

from mlcourse.datasets import load_digits, make_blobs
from mlcourse.manifold import (
    conditional_probabilities,
    entropy,
    gaussian_conditional,
    gaussian_joint,
    joint_probabilities,
    perplexity_search,
    row_perplexities,
    squared_distances,
)
from mlcourse.manifold.distances import _distances_by_differences, _distances_by_product

RNG = np.random.default_rng(0)
NORMAL = RNG.standard_normal((120, 4))
with_outlier = NORMAL.copy()
with_outlier[0] = 1e6
pairs = np.repeat(NORMAL[:60], 2, axis=0)
DATA = {
    "blobs": make_blobs(150, random_state=0)[0],
    "digits": load_digits().data[:200],
    "uniform": RNG.random((150, 3)),
    "far off the origin": NORMAL + 1e8,
    "two clusters far apart": np.r_[NORMAL, NORMAL[:50] + 1e8],
    "outlier at 1e6": with_outlier,
    "each point twice": pairs,
    "forty almost coincident": np.r_[NORMAL[:1] + 1e-9 * RNG.standard_normal((40, 4)), NORMAL],
    "scales from 1e-30 to 1e30": 10.0 ** RNG.uniform(-30, 30, size=(60, 1)),
}


# Distances


def test_squared_distances_are_scipys():
    X, Y = RNG.standard_normal((40, 7)), RNG.standard_normal((30, 7))
    np.testing.assert_allclose(squared_distances(X, Y), cdist(X, Y, "sqeuclidean"), rtol=1e-13)
    D = squared_distances(X)
    assert np.array_equal(D, D.T) and not D.diagonal().any()


@pytest.mark.parametrize("name", DATA)
def test_product_form_equals_differences(name):
    X = DATA[name]
    D = _distances_by_product(X, X)
    np.testing.assert_allclose(D, _distances_by_differences(X, X), rtol=1e-9)
    assert np.array_equal(D, D.T) and not D.diagonal().any() and D.min() >= 0
    np.testing.assert_allclose(_distances_by_product(X, X[:9].copy()), D[:, :9], rtol=1e-9)


def test_product_form_serves_large_data():
    X = np.random.default_rng(1).standard_normal((1500, 150))  # beyond the limit of the differences
    D = squared_distances(X)
    np.testing.assert_allclose(D[:20], cdist(X[:20], X, "sqeuclidean"), rtol=1e-10, atol=0)


def test_distances_far_off_the_origin_keep_their_digits():
    grid = np.mgrid[:6, :6].reshape(2, -1).T.astype(float)
    assert np.array_equal(squared_distances(grid + 1e8), squared_distances(grid))


def test_distances_reject_what_cannot_be():
    with pytest.raises(ValueError, match="X has 2, Y has 3"):
        squared_distances([[0, 1]], [[0, 1, 2]])
    with pytest.raises(ValueError, match="overflow"):
        squared_distances([[1e200], [-1e200]])


# Entropy and perplexity


def test_entropy_is_in_bits_and_perplexity_its_power_of_two():
    P = np.array([[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.25] * 4, [0.5, 0.25, 0.25, 0]])
    np.testing.assert_allclose(entropy(P), [0, 1, 2, 1.5], atol=1e-15)
    np.testing.assert_allclose(row_perplexities(P), [1, 2, 4, 2**1.5])
    with pytest.raises(ValueError, match="P must hold probabilities"):
        entropy([0.5, -0.5])
    with pytest.raises(ValueError, match="NaN"):
        entropy([0.5, np.nan])


@pytest.mark.parametrize("perplexity", [1.5, 2, 5, 30, 50.5])
@pytest.mark.parametrize("name", DATA)
def test_every_row_has_the_wanted_perplexity(name, perplexity):
    D = squared_distances(DATA[name])
    sigma = perplexity_search(D, perplexity)
    P = gaussian_conditional(D, sigma)
    assert abs(row_perplexities(P) - perplexity).max() < 1e-4 and (sigma > 0).all()


def test_search_accepts_what_the_data_comes_as():
    X = np.random.default_rng(2).integers(0, 9, size=(40, 6))
    reference = conditional_probabilities(squared_distances(X.astype(float)), 7.0)
    variants = [X, X.tolist(), X.astype(np.float32), np.asfortranarray(X), np.repeat(X, 2, axis=1)[:, ::2]]
    for each in variants:
        D = squared_distances(each)
        for distances in (D, D.tolist(), np.asfortranarray(D), D.astype(np.float32), D.astype(int)):
            np.testing.assert_allclose(conditional_probabilities(distances, 7), reference, atol=1e-12)


def test_the_search_leaves_its_input_alone_and_never_looks_at_the_diagonal():
    D = squared_distances(NORMAL)
    other = D + 5 * np.eye(len(D))
    kept = other.copy()
    assert np.array_equal(perplexity_search(D, 9), perplexity_search(other, 9)) and np.array_equal(other, kept)


def test_more_coincident_points_than_the_perplexity_share_the_row():
    X = NORMAL.copy()
    X[:40] = 50  # so far off that the others do not have these 40 as equally near neighbours
    D = squared_distances(X)
    for perplexity in (5, 38.5, 39):  # each of the 40 has 39 others in its place
        sigma = perplexity_search(D, perplexity)
        P = gaussian_conditional(D, sigma)
        assert not sigma[:40].any() and (sigma[40:] > 0).all()
        np.testing.assert_allclose(P[:40, :40], (1 - np.eye(40)) / 39, rtol=1e-14)
        assert not P[:40, 40:].any()
        assert abs(row_perplexities(P)[40:] - perplexity).max() < 1e-4
    assert abs(row_perplexities(conditional_probabilities(D, 39.01)) - 39.01).max() < 1e-4


def test_all_points_equal_or_equidistant_are_uniform():
    for D in (np.zeros((9, 9)), 1 - np.eye(9)):
        for perplexity in (1, 3, 8):
            np.testing.assert_allclose(conditional_probabilities(D, perplexity), (1 - np.eye(9)) / 8)


def test_the_limits_of_perplexity():
    D = squared_distances(NORMAL)
    np.fill_diagonal(D, np.nan_to_num(np.inf))
    nearest = conditional_probabilities(D, 1)
    assert np.array_equal(nearest.argmax(axis=1), D.argmin(axis=1)) and (nearest.max(axis=1) == 1).all()
    assert abs(row_perplexities(conditional_probabilities(D, 119)) - 119).max() < 1e-4
    assert np.array_equal(conditional_probabilities([[0, 3], [3, 0]], 1), [[0, 1], [1, 0]])


@pytest.mark.parametrize("wrong", [0, -3, 0.5, 119.5, 120, np.nan, np.inf, True, "30", None, [30]])
def test_impossible_perplexities_are_named(wrong):
    with pytest.raises((ValueError, TypeError), match=r"perplexity must be .*1 <= perplexity <= n_samples - 1 = 119 \(it was"):
        perplexity_search(squared_distances(NORMAL), wrong)


@pytest.mark.parametrize(
    ("D", "message"),
    [
        (np.zeros((3, 4)), "square"),
        (-np.ones((3, 3)), "negative"),
        (np.full((3, 3), np.nan), "NaN"),
        (np.zeros((1, 1)), "minimum of 2"),
        (np.zeros(4), "2-D"),
    ],
)
@pytest.mark.parametrize("function", [perplexity_search, gaussian_conditional, gaussian_joint, conditional_probabilities])
def test_impossible_distances_are_named(function, D, message):
    with pytest.raises(ValueError, match=message):
        function(D, 1.0)


@pytest.mark.parametrize("sigma", [-1.0, np.nan, [1.0, 2.0]])
def test_impossible_widths_are_named(sigma):
    with pytest.raises(ValueError, match="sigma must be"):
        gaussian_conditional(np.ones((3, 3)), sigma)
    with pytest.raises((ValueError, TypeError), match="sigma must be"):
        gaussian_joint(np.ones((3, 3)), sigma)


# Affinities


def test_conditional_probabilities_are_the_formula():
    X = NORMAL[:10]
    sigma = np.linspace(0.5, 2, 10)
    P = gaussian_conditional(squared_distances(X), sigma)
    for i in range(10):
        weights = [np.exp(-np.sum((X[i] - X[j]) ** 2) / (2 * sigma[i] ** 2)) if j != i else 0.0 for j in range(10)]
        np.testing.assert_allclose(P[i], np.array(weights) / sum(weights), rtol=1e-12)


def test_a_width_of_zero_and_one_of_infinity_are_limits():
    D = np.array([[0.0, 1, 1, 4], [1, 0, 2, 2], [1, 2, 0, 3], [4, 2, 3, 0]])
    np.testing.assert_allclose(gaussian_conditional(D, 0.0)[0], [0, 0.5, 0.5, 0])
    np.testing.assert_allclose(gaussian_conditional(D, np.inf), (1 - np.eye(4)) / 3)
    np.testing.assert_allclose(gaussian_conditional(D, 1e-3), gaussian_conditional(D, 0.0), atol=1e-12)


def test_one_joint_gaussian_is_the_formula():
    D = squared_distances(NORMAL[:12])
    weights = np.exp(-D / (2 * 0.7**2)) * (1 - np.eye(12))
    np.testing.assert_allclose(gaussian_joint(D, 0.7), weights / weights.sum(), rtol=1e-12)


def test_affinities_are_scikit_learns():
    X = DATA["digits"]
    ours = joint_probabilities(conditional_probabilities(squared_distances(X), 30))
    theirs = squareform(_joint_probabilities(squared_distances(X), 30, 0))
    np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-8)  # theirs: single precision, entropy to 1e-5


def test_every_point_keeps_its_share_on_hundreds_of_data_sets():
    rng = np.random.default_rng(3)
    for _ in range(300):
        n = int(rng.integers(3, 40))
        X = rng.standard_normal((n, int(rng.integers(1, 6)))) ** int(rng.choice([1, 3, 9]))
        if rng.random() < 0.3:
            X[: n // 2] = X[0]
        if rng.random() < 0.3:
            X[-1] = 1e6
        P = conditional_probabilities(squared_distances(X), rng.uniform(1, n - 1))
        assert np.isfinite(P).all() and P.min() >= 0 and not P.diagonal().any()
        np.testing.assert_allclose(P.sum(axis=1), 1, atol=1e-12)
        joint = joint_probabilities(P)
        assert np.array_equal(joint, joint.T) and abs(joint.sum() - 1) < 1e-12
        assert joint.sum(axis=1).min() >= (1 - 1e-12) / (2 * n)


def test_one_joint_gaussian_forgets_the_outlier_that_the_symmetrised_form_keeps():
    X = NORMAL.copy()
    X[0] = 20 + X[0]
    D = squared_distances(X)
    assert gaussian_joint(D, 1.0)[0].sum() < 1e-8
    assert joint_probabilities(conditional_probabilities(D, 30))[0].sum() >= (1 - 1e-12) / (2 * len(X))


def test_affinities_do_not_depend_on_unit_place_or_orientation():
    rotation = np.linalg.qr(RNG.standard_normal((4, 4)))[0]
    reference = conditional_probabilities(squared_distances(NORMAL), 12)
    for X in (1e5 * NORMAL, 1e-7 * NORMAL, NORMAL + 100, NORMAL @ rotation):
        np.testing.assert_allclose(conditional_probabilities(squared_distances(X), 12), reference, atol=1e-9)


def test_joint_probabilities_need_a_square():
    with pytest.raises(ValueError, match="square"):
        joint_probabilities(np.ones((2, 3)))
