"""k-means++: where the centres may fall, how often, and what that is worth."""

from itertools import combinations
from math import log

import numpy as np
import pytest

from mlcourse.cluster import KMeans, assign_labels, d2_probabilities, inertia, kmeans_plusplus, seeding_steps
from mlcourse.datasets import make_blobs


def potential(X, centers, weight=None):
    return inertia(X, assign_labels(X, centers), centers, sample_weight=weight)


# --------------------------------------------------------------------------------------------- one centre at a time


def test_probabilities_by_hand():
    X = [[0.0], [1.0], [3.0], [10.0]]
    np.testing.assert_allclose(d2_probabilities(X, [[0.0], [10.0]]), [0, 0.1, 0.9, 0], atol=1e-15)
    weighted = d2_probabilities(X, [[0.0], [10.0]], sample_weight=[5, 9, 1, 2])
    np.testing.assert_allclose(weighted, [0, 0.5, 0.5, 0], atol=1e-15)
    assert d2_probabilities([[1.0], [1.0]], [[1.0]]).tolist() == [0.5, 0.5], "nothing left to choose by"


@pytest.mark.parametrize("trials", [1, 3])
def test_the_second_center_is_drawn_in_proportion_to_the_squared_distance(trials):
    """A χ² test; with several candidates the first centre's is the same and the second one's not."""
    X = np.array([[0.0], [1.0], [2.0], [4.0], [-3.0]])
    rng = np.random.default_rng(0)
    drawn = np.array([kmeans_plusplus(X, 2, random_state=rng, n_local_trials=trials)[1] for _ in range(1500)])
    first = np.bincount(drawn[:, 0], minlength=5)
    assert np.sum((first - 300) ** 2 / 300) < 18.5, "uniform (χ² with 4 degrees of freedom: 0.1 %)"
    statistic = 0.0
    for i in range(5):
        seconds = np.bincount(drawn[drawn[:, 0] == i, 1], minlength=5)
        expected = d2_probabilities(X, X[[i]]) * seconds.sum()
        assert seconds[i] == 0
        others = np.arange(5) != i
        statistic += np.sum((seconds - expected)[others] ** 2 / expected[others])
    # 5 tables of 3 degrees of freedom: 37.7 is exceeded once in a thousand times.
    assert statistic < 37.7 if trials == 1 else statistic > 100


def test_a_weight_is_a_number_of_copies():
    X, weight = np.array([[0.0], [1.0], [3.0]]), np.array([2.0, 1.0, 0.0])
    rng = np.random.default_rng(1)
    drawn = np.array([kmeans_plusplus(X, 2, sample_weight=weight, random_state=rng)[1] for _ in range(500)])
    assert set(drawn.ravel()) == {0, 1}, "a weight of 0 is no point"
    assert 0.58 < np.mean(drawn[:, 0] == 0) < 0.75


@pytest.mark.parametrize("trials", [1, None])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_fast_form_draws_as_the_plain_one(trials, weighted):
    rng = np.random.default_rng(2)
    for run in range(25):
        n, d = int(rng.integers(5, 300)), int(rng.integers(1, 6))
        k = int(rng.integers(1, min(n, 20)))
        X = rng.normal(size=(n, d)) * 10.0 ** rng.integers(-3, 4) + (1e4 if run % 3 == 0 else 0)
        weight = rng.exponential(size=n) if weighted else None
        states = list(seeding_steps(X, k, sample_weight=weight, n_local_trials=trials, random_state=run))
        centers, indices = kmeans_plusplus(X, k, sample_weight=weight, n_local_trials=trials, random_state=run)
        np.testing.assert_array_equal(indices, states[-1].indices)
        np.testing.assert_array_equal(centers, X[indices])
        assert [len(s.indices) for s in states] == list(range(1, k + 1))


def test_states_say_where_the_next_center_may_fall():
    X = make_blobs(200, n_features=2, centers=4, random_state=0)[0]
    states = list(seeding_steps(X, 6, random_state=3))
    for state, following in zip(states, states[1:]):
        np.testing.assert_array_equal(state.centers, X[state.indices])
        np.testing.assert_array_equal(following.indices[:-1], state.indices)
        np.testing.assert_allclose(state.sq_distances, ((X[:, None] - state.centers) ** 2).sum(axis=2).min(axis=1), rtol=1e-12)
        np.testing.assert_allclose(state.probabilities, d2_probabilities(X, state.centers), rtol=1e-12)
        assert state.probabilities[following.indices[-1]] > 0
        assert following.sq_distances.sum() < state.sq_distances.sum()
    assert len(set(states[-1].indices)) == 6 and states[-1].indices.dtype == np.intp


# ------------------------------------------------------------------------------------------------------- duplicates


@pytest.mark.parametrize("offset", [0.0, 0.1, 1e6])
@pytest.mark.parametrize("trials", [1, None])
def test_copies_are_not_drawn_while_there_are_other_points(offset, trials):
    rng = np.random.default_rng(4)
    distinct = rng.normal(size=(6, 3)) + offset
    X = np.repeat(distinct, [50, 1, 1, 30, 2, 1], axis=0)
    for seed in range(40):
        centers, indices = kmeans_plusplus(X, 6, n_local_trials=trials, random_state=seed)
        assert len(np.unique(centers, axis=0)) == 6
    centers, indices = kmeans_plusplus(X, 20, n_local_trials=trials, random_state=0)
    assert len(np.unique(centers[:6], axis=0)) == 6 and len(set(indices)) == 20, "then any point, but none twice"


def test_a_tiny_group_far_from_a_close_pair():
    """The close pair's distance is 1e-9 of the spread: products lose it, differences do not."""
    X = np.array([[0.0, 0], [1e-9, 0], [1, 1], [1, 1]])
    for seed in range(20):
        assert {0, 1} <= set(kmeans_plusplus(X, 3, random_state=seed)[1])


def test_every_point_a_center():
    X = np.random.default_rng(0).normal(size=(9, 2))
    assert sorted(kmeans_plusplus(X, 9, random_state=0)[1]) == list(range(9))
    assert sorted(kmeans_plusplus(np.ones((4, 1)), 4, random_state=0)[1]) == list(range(4))
    last = list(seeding_steps(X, 9, random_state=0))[-1]
    assert last.probabilities.sum() == 0, "nobody is left"
    some = kmeans_plusplus(np.ones((4, 1)), 3, sample_weight=[1, 0, 1, 0], random_state=0)[1]
    assert {0, 2} <= set(some), "those without weight come last"


@pytest.mark.parametrize("scale", [1e-150, 1e150])
def test_any_scale(scale):
    X = np.random.default_rng(3).normal(size=(50, 2))
    np.testing.assert_array_equal(kmeans_plusplus(X * scale, 5, random_state=1)[1], kmeans_plusplus(X, 5, random_state=1)[1])


def test_single_precision_keeps_its_type():
    X = np.random.default_rng(3).normal(size=(50, 2)).astype(np.float32)
    centers, indices = kmeans_plusplus(X, 5, random_state=1)
    assert centers.dtype == np.float32
    np.testing.assert_array_equal(centers, X[indices])


# -------------------------------------------------------------------------------------------------- what it is worth


def best_inertia(X, k):
    """The least inertia of all ways to part a few points on a line; each part is an interval."""
    x = np.sort(X[:, 0])

    def cost(i, j):
        return ((x[i:j] - x[i:j].mean()) ** 2).sum()

    cuts = (np.array([0, *inner, len(x)]) for inner in combinations(range(1, len(x)), k - 1))
    return min(sum(cost(i, j) for i, j in zip(cut, cut[1:])) for cut in cuts)


def test_the_bound_of_arthur_and_vassilvitskii():
    """E[φ] ≤ 8 (ln k + 2) φ_opt, for data of which the optimum is known by trying all partitions."""
    rng = np.random.default_rng(5)
    for k, X in ((2, rng.normal(size=(10, 1))), (3, rng.exponential(size=(10, 1)) ** 3), (4, np.repeat([[0.0], [1], [10], [11], [30], [99]], 2, axis=0))):
        least = best_inertia(X, k)
        assert least > 0
        values = [potential(X, kmeans_plusplus(X, k, n_local_trials=1, random_state=s)[0]) for s in range(150)]
        assert least <= min(values) * (1 + 1e-12)
        assert np.mean(values) < 8 * (log(k) + 2) * least
        # Uniform starts have no such bound: they miss far groups.
    uniform = [potential(X, X[rng.choice(len(X), 4, replace=False)]) for _ in range(150)]
    assert np.mean(uniform) > 3 * np.mean(values)


def test_more_candidates_are_better_on_average():
    X = make_blobs(300, n_features=2, centers=12, cluster_std=0.3, random_state=1)[0]
    plain, greedy = (
        np.mean([potential(X, kmeans_plusplus(X, 12, n_local_trials=t, random_state=s)[0]) for s in range(60)]) for t in (1, None)
    )
    assert greedy < 0.8 * plain
    uniform = np.mean([potential(X, X[np.random.default_rng(s).choice(300, 12, replace=False)]) for s in range(60)])
    assert plain < 0.6 * uniform


def test_kmeans_starts_with_it():
    X = make_blobs(300, n_features=3, centers=5, random_state=0)[0]
    centers, _ = kmeans_plusplus(X, 5, random_state=8)
    np.testing.assert_allclose(next(KMeans(5, random_state=8).steps(X)).cluster_centers, centers, rtol=1e-12)


# -------------------------------------------------------------------------------------------------------- bad input


def test_same_seed_same_result():
    X = np.random.default_rng(0).normal(size=(100, 2))
    a, b, c = (kmeans_plusplus(X, 8, random_state=s)[1] for s in (5, 5, 6))
    assert (a == b).all() and (a != c).any()


@pytest.mark.parametrize("function", [kmeans_plusplus, seeding_steps])
def test_bad_input(function):
    X = np.arange(10.0).reshape(5, 2)
    for k in (0, 6):
        with pytest.raises(ValueError, match="1 <= n_clusters <= n_samples = 5"):
            function(X, k)
    with pytest.raises(TypeError, match="n_clusters"):
        function(X, 2.0)
    with pytest.raises(ValueError, match="n_local_trials"):
        function(X, 2, n_local_trials=0)
    with pytest.raises(ValueError, match="X must hold finite numbers"):
        function(X * np.nan, 2)
    with pytest.raises(ValueError, match="sample_weight must"):
        function(X, 2, sample_weight=[1, 1, 1, 1, -1])
    with pytest.raises(ValueError, match="random_state"):
        function(X, 2, random_state="seed")
    with pytest.raises(ValueError, match="centers must have shape"):
        d2_probabilities(X, [[1.0]])
