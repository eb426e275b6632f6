"""Sammon mapping: its stress and gradient, a descent that only goes down, copies of points, and what a user can watch and stop."""

import sys
import warnings

import numpy as np
import pytest
from scipy.optimize import minimize

from mlcourse.datasets import load_digits, make_swiss_roll
from mlcourse.decomposition import PCA
from mlcourse.exceptions import ConvergenceWarning
from mlcourse.manifold import (
    ClassicalMDS,
    SammonMapping,
    sammon,
    sammon_stress,
    sammon_stress_and_gradient,
)
from mlcourse.manifold._stress import PairStress

RNG = np.random.default_rng(0)
BLOBS = np.concatenate([RNG.standard_normal((25, 5)) + 6 * k for k in range(3)])


def distances(X):
    return np.linalg.norm(X[:, None] - X, axis=2)


def stress_of_the_paper(D, Y):
    """The definition, pair by pair."""
    pairs = [(i, j) for j in range(len(D)) for i in range(j)]
    error = sum((D[i, j] - np.linalg.norm(Y[i] - Y[j])) ** 2 / D[i, j] for i, j in pairs)
    return error / sum(D[i, j] for i, j in pairs)


def random_case(seed, n=None):
    rng = np.random.default_rng(seed)
    n, d, m = n or int(rng.integers(2, 30)), int(rng.integers(1, 8)), int(rng.integers(1, 4))
    X = rng.standard_normal((n, d)) * 10.0 ** rng.uniform(-2, 2)
    return rng, X, rng.standard_normal((n, m)) * np.abs(X).max(), m


# Stress and gradient


@pytest.mark.parametrize("block", range(4))
def test_stress_is_that_of_the_paper(block):
    for seed in range(10 * block, 10 * (block + 1)):
        _, X, Y, _ = random_case(seed)
        D = distances(X)
        expected = stress_of_the_paper(D, Y)
        assert sammon_stress(D, Y) == pytest.approx(expected, rel=1e-12)
        assert sammon_stress_and_gradient(D, Y)[0] == pytest.approx(expected, rel=1e-12)
        assert PairStress(D, np.arange(len(D)))(Y)[0] == pytest.approx(expected, rel=1e-12)


def numerical_gradient(function, Y, h):
    gradient = np.zeros_like(Y)
    for index in np.ndindex(Y.shape):
        step = np.zeros_like(Y)
        step[index] = h
        gradient[index] = (function(Y + step) - function(Y - step)) / (2 * h)
    return gradient


@pytest.mark.parametrize("seed", range(20))
def test_gradient_by_finite_differences(seed):
    _, X, Y, _ = random_case(seed, n=8)
    X, Y = X / np.abs(X).max(), Y / np.abs(Y).max()
    D = distances(X)
    _, gradient = sammon_stress_and_gradient(D, Y)
    expected = numerical_gradient(lambda Z: sammon_stress(D, Z), Y, 1e-6)
    np.testing.assert_allclose(gradient, expected, rtol=0, atol=1e-6 * max(1, np.abs(expected).max()))


@pytest.mark.parametrize("n", [2, 3, 50, 300, 700])
@pytest.mark.parametrize("m", [1, 2, 3])
def test_fast_form_is_the_plain_one(n, m):
    rng = np.random.default_rng(n)
    D, Y = distances(rng.standard_normal((n, 4))), rng.standard_normal((n, m))
    together = Y.copy()
    together[-1] = together[0]  # two points on one spot, which has no direction
    for each in (Y, 1e-3 * Y, Y + 100, together):
        value, gradient = PairStress(D, np.arange(n))(each)
        expected, plain = sammon_stress_and_gradient(D, each)
        assert value == pytest.approx(expected, rel=1e-12)
        # In both forms terms as large as the map's distance from 0 cancel.
        np.testing.assert_allclose(gradient, plain, rtol=0, atol=1e-9 * np.abs(plain).max())


def test_fast_form_counts_copies():
    rng = np.random.default_rng(0)
    X, Y = rng.standard_normal((20, 4)), rng.standard_normal((20, 2))
    place = rng.permutation(np.repeat(np.arange(20), rng.integers(1, 5, 20).astype(np.intp)))
    D = distances(X[place])
    # Also where the copies of a point are not all as far from another, and not all at distance 0 from each other.
    noisy = D + np.triu(rng.uniform(0, 0.1, D.shape), 1)
    noisy = np.triu(noisy) + np.triu(noisy).T
    for each in (D, noisy):
        value, gradient = PairStress(each, place)(Y)
        expected, plain = sammon_stress_and_gradient(each, Y[place])
        assert value == pytest.approx(expected, rel=1e-12)
        # Moving a place moves all of its points.
        sums = np.stack([np.bincount(place, column) for column in plain.T], axis=1)
        np.testing.assert_allclose(gradient, sums, atol=1e-12)


@pytest.mark.parametrize("seed", range(10))
def test_stress_without_unit_and_without_place(seed):
    rng, X, Y, m = random_case(seed)
    D = distances(X)
    turn = np.linalg.qr(rng.standard_normal((m, m)))[0]
    expected = sammon_stress(D, Y)
    assert sammon_stress(7 * D, 7 * Y) == pytest.approx(expected, rel=1e-9)
    assert sammon_stress(D, Y @ turn + rng.standard_normal(m)) == pytest.approx(expected, rel=1e-9)
    order = rng.permutation(len(X))
    assert sammon_stress(D[np.ix_(order, order)], Y[order]) == pytest.approx(expected, rel=1e-9)
    _, gradient = sammon_stress_and_gradient(D, Y)
    np.testing.assert_allclose(gradient.sum(axis=0), 0, atol=1e-12 * len(X) * np.abs(gradient).max())


def test_stress_at_its_ends():
    X = RNG.standard_normal((10, 2))
    assert sammon_stress(distances(X), X) == pytest.approx(0, abs=1e-28)
    assert sammon_stress(distances(X), np.zeros((10, 2))) == pytest.approx(1)
    value, gradient = sammon_stress_and_gradient(distances(X), np.zeros((10, 2)))
    assert value == pytest.approx(1) and not gradient.any()


def test_stress_of_copies():
    D = distances(np.array([[0.0], [0.0], [1.0]]))
    assert sammon_stress(D, [[0.0], [0.0], [1.0]]) == 0
    assert sammon_stress(D, [[0.0], [0.1], [1.0]]) == np.inf
    value, gradient = sammon_stress_and_gradient(D, [[0.0], [0.0], [2.0]])
    assert value == pytest.approx(1) and np.isfinite(gradient).all()
    with pytest.raises(ValueError, match="the stress is infinite: points 0 and 1 are at distance 0, and apart in Y"):
        sammon_stress_and_gradient(D, [[0.0], [0.1], [1.0]])
    assert sammon_stress(np.zeros((3, 3)), np.ones((3, 2))) == 0
    assert not sammon_stress_and_gradient(np.zeros((3, 3)), np.ones((3, 2)))[1].any()


@pytest.mark.parametrize("function", [sammon_stress, sammon_stress_and_gradient])
@pytest.mark.parametrize(
    ("D", "Y", "message"),
    [
        (np.ones((2, 3)), np.ones((2, 2)), "distances must be a square matrix"),
        ([[0.0, -1.0], [-1.0, 0.0]], np.ones((2, 2)), "Negative values in data: distances must hold distances"),
        ([[0.0, 2.0], [1.0, 0.0]], np.ones((2, 2)), "distances must hold distances, which are symmetric"),
        ([[1.0, 2.0], [2.0, 0.0]], np.ones((2, 2)), "on the diagonal"),
        ([[0.0, np.nan], [1.0, 0.0]], np.ones((2, 2)), "distances must hold finite numbers"),
        ([[0.0, 1.0], [1.0, 0.0]], np.ones((3, 2)), r"Y must have a row for each of the 2 points \(it had 3\)"),
        ([[0.0, 1.0], [1.0, 0.0]], np.full((2, 2), np.inf), "Y must hold finite numbers"),
        ([[0.0, 1.0], [1.0, 0.0]], np.ones(2), "Y must be a 2-D array"),
    ],
)
def test_bad_arguments_of_the_stress(function, D, Y, message):
    with pytest.raises(ValueError, match=message):
        function(D, Y)


# The descent


@pytest.mark.parametrize("block", range(4))
def test_a_majorising_step_lowers_the_stress_by_as_much_as_is_sure(block):
    for seed in range(25 * block, 25 * (block + 1)):
        rng, X, Y, _ = random_case(seed, n=12)
        place = np.repeat(np.arange(12), rng.integers(1, 4, 12).astype(np.intp))
        stress = PairStress(distances(X[place]), place)
        value, gradient = stress(Y)
        step = stress.majorising_step(gradient)
        sure = -np.vdot(gradient, step) / 2
        assert sure > 0
        assert stress(Y + step)[0] <= value - sure + 1e-12 * value
        np.testing.assert_allclose(step.sum(axis=0), 0, atol=1e-12 * np.abs(step).max())


@pytest.mark.parametrize("block", range(10))
def test_the_stress_never_rises(block):
    """Also for few points, starts of all kinds, distances over many orders of magnitude, copies, and what no metric is."""
    for seed in range(40 * block, 40 * (block + 1)):
        rng, X, Y, m = random_case(seed)
        kind = seed % 6
        if kind == 1:
            X = np.repeat(X, rng.integers(1, 4, len(X)).astype(np.intp), axis=0)
        elif kind == 2:
            X = X * 10.0 ** rng.uniform(-8, 0, (len(X), 1))
        D = distances(X)
        if kind == 3:
            D = rng.uniform(0, 1, D.shape) ** 3
            D = np.triu(D, 1) + np.triu(D, 1).T
        elif kind == 4:
            D = np.rint(2 * D / D.max())
        init = ["pca", "random", Y][seed // 6 % 3] if kind != 1 else "random"
        if isinstance(init, str) and init == "pca":
            m = min(m, len(D))
        options = {"metric": "precomputed", "init": init, "max_iter": 40, "random_state": seed}
        states = list(SammonMapping(m, **options).steps(D))
        stress = np.array([state.stress for state in states])
        assert (np.diff(stress) <= 0).all() and np.isfinite(stress).all(), seed
        assert [state.iteration for state in states] == list(range(len(states)))
        for state in states[:: max(1, len(states) // 3)]:
            assert np.isfinite(state.Y).all() and state.Y.shape == (len(D), m)
            assert sammon_stress(D, state.Y) == pytest.approx(state.stress, rel=1e-6, abs=1e-20), seed


def by_scipy(D, Y0):
    def function(flat):
        value, gradient = sammon_stress_and_gradient(D, flat.reshape(Y0.shape))
        return value, gradient.ravel()

    return minimize(function, Y0.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 2000, "maxfun": 4000, "ftol": 1e-13, "gtol": 1e-12})


def test_as_low_as_an_independent_optimiser():
    X = load_digits(n_samples=150, random_state=0).data
    roll = make_swiss_roll(150, random_state=0)[0]
    for data in (X, roll, BLOBS, RNG.standard_normal((60, 10))):
        D, Y0 = distances(data), PCA(2).fit_transform(data)
        ours = SammonMapping(init=Y0, max_iter=1000).fit(data)
        assert ours.stress_ <= 1.01 * by_scipy(D, Y0).fun
        # Nor does the other go on far from where ours ended.
        assert ours.stress_ <= 1.005 * by_scipy(D, ours.embedding_).fun


def evaluations_to_reach(wanted, stresses):
    return next(k for k, value in enumerate(stresses) if value <= wanted)


def test_fewer_steps_than_smacof():
    for X in (load_digits(n_samples=200, random_state=0).data, make_swiss_roll(200, random_state=0)[0], BLOBS):
        stress, Y = PairStress(distances(X), np.arange(len(X))), PCA(2).fit_transform(X)
        smacof = []
        for _ in range(400):
            value, gradient = stress(Y)
            smacof.append(value)
            Y = Y + stress.majorising_step(gradient)
        assert (np.diff(smacof) <= 1e-14).all()
        ours = [state.stress for state in SammonMapping(tol=1e-9, max_iter=1000).steps(X)]
        wanted = 1.001 * max(ours[-1], smacof[-1])
        assert evaluations_to_reach(wanted, ours) <= 0.6 * evaluations_to_reach(wanted, smacof)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.filterwarnings("ignore:max_iter = 1000 steps were not enough")  # where it falls towards 0
def test_the_end_is_a_minimum(seed):
    rng, X, _, m = random_case(seed, n=15)
    D = distances(X)
    ours = SammonMapping(m, init="random", random_state=seed, tol=1e-10, max_iter=1000).fit(X)
    for _ in range(30):
        other = ours.embedding_ + rng.standard_normal((15, m)) * np.abs(X).max() * 10.0 ** rng.uniform(-5, -3)
        assert sammon_stress(D, other) >= ours.stress_ * (1 - 1e-6)


def test_lower_than_pca_and_random():
    for X in (load_digits(n_samples=300, random_state=0).data, make_swiss_roll(300, random_state=0)[0]):
        D = distances(X)
        ours = SammonMapping().fit(X)
        assert ours.stress_ < 0.8 * sammon_stress(D, PCA(2).fit_transform(X))
        assert ours.stress_ == pytest.approx(sammon_stress(D, ours.embedding_), rel=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_data_of_two_dimensions_are_drawn_as_they_are(seed):
    X = np.random.default_rng(seed).standard_normal((30, 2)) @ np.random.default_rng(seed).standard_normal((2, 6))
    for init in ("pca", "random"):
        ours = SammonMapping(init=init, random_state=seed, max_iter=2000)
        Y = ours.fit_transform(X)
        if init == "pca":
            assert ours.stress_ < 1e-20
            np.testing.assert_allclose(distances(Y), distances(X), rtol=1e-9)
        else:  # or it is caught in another minimum
            assert ours.stress_ < 0.1


@pytest.mark.parametrize("init", ["pca", "random", "array"])
@pytest.mark.parametrize("scale", [1e-200, 1e-5, 1e5, 1e150])
def test_unit_rotation_and_shift_of_the_data_do_not_matter(init, scale):
    rng = np.random.default_rng(0)
    turn = np.linalg.qr(rng.standard_normal((5, 5)))[0]
    start = rng.standard_normal((75, 2)) if init == "array" else init
    options = {"max_iter": 25, "random_state": 0}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        reference = SammonMapping(init=start, **options).fit(BLOBS)
        unit = 2.0 ** np.rint(np.log2(scale))  # exact
        scaled = SammonMapping(init=unit * start if init == "array" else init, **options).fit(unit * BLOBS)
        moved = SammonMapping(init=start, **options).fit(BLOBS @ turn + 3)
    np.testing.assert_allclose(scaled.embedding_ / unit, reference.embedding_, rtol=1e-9, atol=1e-9)
    assert scaled.stress_ == pytest.approx(reference.stress_, rel=1e-9)
    np.testing.assert_allclose(distances(moved.embedding_), distances(reference.embedding_), atol=1e-6)


def test_distances_in_the_place_of_data():
    D = distances(BLOBS)
    by_data, by_distances = SammonMapping().fit(BLOBS), SammonMapping(metric="precomputed").fit(D)
    assert by_distances.stress_ == pytest.approx(by_data.stress_, rel=1e-3)
    assert by_distances.n_features_in_ == 75
    start = next(iter(SammonMapping(metric="precomputed").steps(D)))
    np.testing.assert_allclose(start.Y, ClassicalMDS(metric="precomputed").fit_transform(D), atol=1e-9)
    start = next(iter(SammonMapping().steps(BLOBS)))
    np.testing.assert_allclose(start.Y, PCA(2).fit_transform(BLOBS), atol=1e-9)


def test_scikit_learn_knows_what_distances_are():
    assert SammonMapping(metric="precomputed").__sklearn_tags__().input_tags.pairwise
    assert not SammonMapping().__sklearn_tags__().input_tags.pairwise


# Starts


def test_starts():
    first = {}
    for init in ("pca", "random", BLOBS[:, :2] + 5):
        first[str(init)] = next(iter(SammonMapping(init=init, random_state=0).steps(BLOBS))).Y
        np.testing.assert_allclose(first[str(init)].mean(axis=0), 0, atol=2 if str(init) == "random" else 1e-12)
    np.testing.assert_allclose(first[str(BLOBS[:, :2] + 5)], BLOBS[:, :2] - BLOBS[:, :2].mean(axis=0))
    assert np.mean(distances(first["random"]) ** 2) == pytest.approx(np.mean(distances(BLOBS) ** 2), rel=0.3)


def test_random_state():
    def end(seed):
        return SammonMapping(init="random", random_state=seed).fit_transform(BLOBS)

    np.testing.assert_array_equal(end(0), end(0))
    np.testing.assert_array_equal(end(np.random.default_rng(3)), end(np.random.default_rng(3)))
    assert not np.allclose(end(0), end(1))
    np.testing.assert_array_equal(SammonMapping().fit_transform(BLOBS), SammonMapping().fit_transform(BLOBS))


@pytest.mark.parametrize("shape", [(75, 3), (74, 2), (75, 1)])
def test_bad_shape_of_a_start(shape):
    with pytest.raises(ValueError, match=r"init must have shape \(n_samples, n_components\) = \(75, 2\)"):
        SammonMapping(init=np.ones(shape)).steps(BLOBS)


@pytest.mark.filterwarnings("ignore:max_iter = 300 steps were not enough")  # the stress falls towards 0, ever more slowly
def test_more_dimensions_than_there_are_components():
    with pytest.raises(ValueError, match='init="pca" needs n_components <= min'):
        SammonMapping(6).steps(BLOBS)
    with pytest.raises(ValueError, match='init="pca" needs n_components <= n_samples = 4'):
        SammonMapping(5, metric="precomputed").steps(1 - np.eye(4))
    assert SammonMapping(6, init="random", random_state=0).fit(BLOBS).stress_ < 1e-4


def test_start_on_one_spot_comes_apart():
    # The two points on the axis fall on each other in the plane of the others, and their forces on the plane cancel.
    X = np.array([[3.0, 0, 0], [-3, 0, 0], [0, 4, 0], [0, -4, 0], [0, 0, 1], [0, 0, -1]])
    ours = SammonMapping(random_state=0, tol=1e-9).fit(X)
    assert np.linalg.norm(ours.embedding_[4] - ours.embedding_[5]) > 0.5
    Y = np.zeros((75, 2))
    Y[:, 0] = BLOBS[:, 0]  # flat, which no step would change
    flat = SammonMapping(init=Y, random_state=0, max_iter=1000).fit(BLOBS)
    # Random starts end at up to 1.3 times that of the principal components; without the noise it would be nearly 4 times.
    assert flat.stress_ < 1.5 * SammonMapping().fit(BLOBS).stress_
    assert flat.embedding_[:, 1].std() > 0.1


# Copies


@pytest.mark.parametrize("metric", ["euclidean", "precomputed"])
@pytest.mark.parametrize("init", ["pca", "random", "array"])
def test_copies_share_a_place_and_count(metric, init):
    rng = np.random.default_rng(0)
    counts = rng.integers(1, 4, 40).astype(np.intp)
    X = rng.standard_normal((40, 5))
    copies = np.repeat(X, counts, axis=0)
    order = rng.permutation(len(copies))
    copies, which = copies[order], np.repeat(np.arange(40), counts)[order]
    start = rng.standard_normal((len(copies), 2)) if init == "array" else init
    data = copies if metric == "euclidean" else distances(copies)
    ours = SammonMapping(metric=metric, init=start, random_state=0, max_iter=1000).fit(data)
    for k in range(40):
        np.testing.assert_array_equal(ours.embedding_[which == k], ours.embedding_[which == k][:1].repeat(counts[k], axis=0))
    D = distances(copies)
    assert ours.stress_ == pytest.approx(sammon_stress(D, ours.embedding_), rel=1e-9)
    # It is the limit of points that come closer and closer.
    near = copies + 1e-7 * rng.standard_normal(copies.shape)
    limit = SammonMapping(init=ours.embedding_ + 1e-7 * rng.standard_normal(ours.embedding_.shape), max_iter=1000).fit(near)
    assert limit.stress_ == pytest.approx(ours.stress_, rel=1e-3)
    np.testing.assert_allclose(limit.embedding_, ours.embedding_, atol=0.05)


def test_nearly_copies():
    """Pairs so close that their springs are up to 1e12 times as stiff as the others do not keep the rest from moving."""
    expected = SammonMapping().fit(BLOBS).stress_
    X = np.repeat(BLOBS, 2, axis=0)
    for distance in (1e-30, 1e-17, 1e-12, 1e-8, 1e-4):
        X[::2, 0] = X[1::2, 0] * (1 + distance)
        ours = SammonMapping(max_iter=1000).fit(X)
        assert ours.stress_ == pytest.approx(expected, rel=0.05)  # or a neighbouring minimum: 0.0065 for 0.0063
        gaps = np.linalg.norm(ours.embedding_[::2] - ours.embedding_[1::2], axis=1)
        assert gaps.max() < 20 * max(distance, 1e-15)


def test_all_points_equal():
    for data, metric in ((np.full((30, 3), 3.7), "euclidean"), (np.zeros((30, 30)), "precomputed")):
        for init in ("pca", "random"):
            ours = SammonMapping(metric=metric, init=init, random_state=0).fit(data)
            assert ours.stress_ == 0 and ours.n_iter_ == 0
            assert np.ptp(ours.embedding_, axis=0).max() == 0


def test_rounded_distances_with_zeros_between_different_things():
    """0 and 1 are at distance 0, so are 1 and 2; but not 0 and 2, and the others tell them apart."""
    D = np.array([[0, 0, 1, 2, 3], [0, 0, 0, 3, 3], [1, 0, 0, 3, 2], [2, 3, 3, 0, 1], [3, 3, 2, 1, 0.0]])
    ours = SammonMapping(metric="precomputed").fit(D)
    Y = ours.embedding_
    np.testing.assert_array_equal(Y[:3], np.repeat(Y[:1], 3, axis=0))
    assert ours.stress_ == pytest.approx(sammon_stress(D, Y), rel=1e-12) and ours.stress_ > 1 / D.sum() * 2
    for step in RNG.standard_normal((200, 3, 2)) * 1e-3:
        assert sammon_stress(D, Y + step[[0, 0, 0, 1, 2]]) >= ours.stress_ * (1 - 1e-9)


# Small, odd and bad input


def test_two_points():
    for init in ("pca", "random"):
        Y = SammonMapping(init=init, random_state=0).fit_transform([[0.0, 0.0], [3.0, 4.0]])
        assert np.linalg.norm(Y[0] - Y[1]) == pytest.approx(5)
    Y = SammonMapping(1, metric="precomputed").fit_transform([[0, 5], [5, 0]])
    assert abs(Y[0, 0] - Y[1, 0]) == pytest.approx(5)


def test_far_from_the_origin():
    X = np.rint(BLOBS * 64) / 64
    near, far = (SammonMapping(max_iter=1000).fit(each) for each in (X, X + 1e8))
    assert far.stress_ == pytest.approx(near.stress_, rel=1e-3)


def test_float32_is_kept():
    ours = SammonMapping().fit(BLOBS.astype(np.float32))
    assert ours.embedding_.dtype == np.float32
    assert ours.stress_ == pytest.approx(SammonMapping().fit(BLOBS).stress_, rel=1e-3)


@pytest.mark.parametrize("form", [np.ndarray.tolist, np.asfortranarray, lambda X: X.astype(int), lambda X: X.astype(object)])
def test_forms_of_input(form):
    X = np.rint(10 * BLOBS)
    np.testing.assert_allclose(SammonMapping().fit_transform(form(X)), SammonMapping().fit_transform(X), atol=1e-6)


@pytest.mark.parametrize(
    ("name", "values"),
    {
        "n_components": [0, -1, 1.0, True, None, "2"],
        "metric": ["manhattan", None],
        "init": ["zeros", "PCA"],
        "max_iter": [0, -1, 1.5, None],
        "tol": [-1e-9, np.nan, None, "0"],
        "verbose": [-1, 0.5, None],
        "callback": [3, "print"],
        "callback_every": [0, -1, 1.5],
        "random_state": [-1, 0.5, "0"],
    }.items(),
)
def test_parameters_are_checked_at_the_call(name, values):
    for value in values:
        with pytest.raises((ValueError, TypeError), match=f"{name} must be"):
            SammonMapping(**{name: value}).steps(BLOBS)


@pytest.mark.parametrize(
    ("D", "message"),
    [
        (np.ones((3, 4)), "X must be a square matrix of distances"),
        ([[0.0, -1.0], [-1.0, 0.0]], "Negative values in data: X must hold distances"),
        ([[0.0, 1.0], [2.0, 0.0]], "X must hold distances, which are symmetric"),
        ([[0.0, 1.0], [1.0, 0.5]], "on the diagonal"),
        ([[0.0, np.inf], [np.inf, 0.0]], "X must hold finite numbers"),
        ([[0.0]], r"X has 1 sample\(s\)"),
    ],
)
def test_bad_distances(D, message):
    with pytest.raises(ValueError, match=message):
        SammonMapping(1, metric="precomputed").steps(D)


# Watching and stopping


def test_states_can_be_kept_and_fit_is_the_last():
    states = list(SammonMapping().steps(BLOBS))
    ours = SammonMapping().fit(BLOBS)
    assert ours.n_iter_ == states[-1].iteration == len(states) - 1
    np.testing.assert_array_equal(ours.embedding_, states[-1].Y)
    assert ours.stress_ == states[-1].stress
    assert [state.converged for state in states] == [False] * (len(states) - 1) + [True]
    D = distances(BLOBS)
    for state in states:
        assert sammon_stress(D, state.Y) == pytest.approx(state.stress, rel=1e-9)
    written = []
    for state in SammonMapping().steps(BLOBS):
        written.append(state.stress)
        state.Y[:] = 0  # writing is allowed
    assert written == [state.stress for state in states]


def test_warns_where_the_steps_do_not_suffice():
    with pytest.warns(ConvergenceWarning, match="max_iter = 3 steps were not enough"):
        ours = SammonMapping(max_iter=3).fit(BLOBS)
    assert ours.n_iter_ == 3
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        n_iter = SammonMapping().fit(BLOBS).n_iter_
        SammonMapping(max_iter=n_iter).fit(BLOBS)


def test_the_tolerance_says_how_far_to_go():
    loose, fine = (SammonMapping(tol=tol, max_iter=3000).fit(BLOBS) for tol in (1e-3, 1e-8))
    assert loose.n_iter_ < fine.n_iter_ and loose.stress_ > fine.stress_


def test_without_tolerance_it_ends_where_rounding_lets_it():
    ours = SammonMapping(tol=0, max_iter=100_000).fit(BLOBS[::5])
    assert ours.n_iter_ < 5000


def test_callback():
    reports = []
    options = {"callback_every": 5, "max_iter": 12}
    with pytest.warns(ConvergenceWarning):
        SammonMapping(callback=reports.append, **options).fit(BLOBS)
    assert [report.iteration for report in reports] == [0, 5, 10, 12]
    assert all(report.max_iter == 12 and report.state.stress > 0 for report in reports)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # who ends it wants it so
        ours = SammonMapping(callback=lambda report: report.iteration == 5, **options).fit(BLOBS)
    assert ours.n_iter_ == 5 and ours.stress_ == reports[1].state.stress


def test_interrupted_from_the_keyboard_the_map_is_the_one_so_far():
    def interrupt(report):
        if report.iteration == 6:
            raise KeyboardInterrupt

    ours = SammonMapping(callback=interrupt, callback_every=3)
    with pytest.warns(ConvergenceWarning, match="interrupted after step 6 of 300: the map is the one so far"):
        Y = ours.fit_transform(BLOBS)
    states = list(SammonMapping().steps(BLOBS))
    np.testing.assert_array_equal(Y, states[6].Y)
    assert ours.n_iter_ == 6 and ours.stress_ == states[6].stress


def test_interrupted_before_there_is_a_map_it_stops(monkeypatch):
    def interrupt(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(sammon, "distances_in_unit", interrupt)
    ours = SammonMapping()
    with pytest.raises(KeyboardInterrupt):
        ours.fit(BLOBS)
    assert not hasattr(ours, "embedding_")


def test_verbose_without_tqdm_prints_lines(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    for verbose in (1, 2):
        with pytest.warns(ConvergenceWarning):
            SammonMapping(max_iter=10, callback_every=5, verbose=verbose).fit(BLOBS)
        lines = capsys.readouterr().out.splitlines()
        assert [line.split(" 0.")[0] for line in lines] == [f"[SammonMapping] step {k} of 10: stress" for k in (0, 5, 10)]
