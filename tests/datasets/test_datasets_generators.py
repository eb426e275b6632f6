"""The generators: the geometry they promise, their seeds, and what they say to wrong parameters."""

import re

import numpy as np
import pytest
import sklearn.datasets

from mlcourse import datasets
from mlcourse.datasets import (
    GRAVITATIONAL_CONSTANT,
    make_anisotropic_blobs,
    make_blobs,
    make_circles,
    make_disc_in_ring,
    make_gaussian,
    make_gravitation,
    make_grid,
    make_linked_rings,
    make_logistic,
    make_moons,
    make_norm25,
    make_random_walk,
    make_rings,
    make_s_curve,
    make_spirals,
    make_swiss_roll,
    make_trefoil,
    make_two_gaussians,
    make_unlinked_rings,
)

GENERATORS = [getattr(datasets, name) for name in datasets.__all__ if name.startswith("make_")]
# They are random in themselves.
NO_NOISE = [make_blobs, make_anisotropic_blobs, make_norm25, make_two_gaussians, make_gaussian, make_random_walk, make_logistic]
NOISY = [make for make in GENERATORS if make not in NO_NOISE]
FEATURES = {
    make_norm25: 15,
    make_logistic: 20,
    make_two_gaussians: 50,
    make_gaussian: 50,
    make_random_walk: 50,
    make_swiss_roll: 3,
    make_s_curve: 3,
    make_trefoil: 3,
    make_linked_rings: 3,
    make_unlinked_rings: 3,
    make_gravitation: 3,
}
# y is a number, not a label
POSITIONS = [make_swiss_roll, make_s_curve, make_trefoil, make_gravitation, make_gaussian, make_random_walk]
TWO_PARTS = [make_moons, make_circles, make_linked_rings, make_unlinked_rings, make_disc_in_ring, make_two_gaussians]


def noisy(make, **options):
    return make(**({} if make in NO_NOISE else {"noise": 0.1}), **options)


def rows(X):
    """The rows in an order of their own, to compare sets of points."""
    return X[np.lexsort(np.round(X, 9).T)]


# All of them


@pytest.mark.parametrize("make", GENERATORS)
@pytest.mark.parametrize("n_samples", [1, 2, 7, 100])
def test_shapes(make, n_samples):
    X, y = noisy(make, n_samples=n_samples, random_state=0)
    assert X.shape == (n_samples, FEATURES.get(make, 2)) and y.shape == (n_samples,)
    assert X.dtype == np.float64 and y.dtype == (np.float64 if make in POSITIONS else int)
    assert np.isfinite(X).all() and np.isfinite(y).all()


@pytest.mark.parametrize("make", GENERATORS)
def test_seeds(make):
    X, y = noisy(make, random_state=1)
    for same in (1, np.int64(1), np.random.default_rng(1)):
        again_X, again_y = noisy(make, random_state=same)
        np.testing.assert_array_equal(X, again_X)
        np.testing.assert_array_equal(y, again_y)
    assert not np.array_equal(X, noisy(make, random_state=2)[0])
    rng = np.random.default_rng(1)
    noisy(make, random_state=rng)
    assert not np.array_equal(X, noisy(make, random_state=rng)[0])
    assert not np.array_equal(noisy(make)[0], noisy(make)[0])


@pytest.mark.parametrize("make", GENERATORS)
def test_global_random_state_is_left_alone(make):
    np.random.seed(0)
    before = np.random.get_state()[1].copy()
    noisy(make)
    np.testing.assert_array_equal(np.random.get_state()[1], before)


@pytest.mark.parametrize("make", [make for make in NOISY if make is not make_gravitation])
def test_noise_is_gaussian_of_the_stated_width_around_the_curve(make):
    clean, y = make(n_samples=20_000, noise=0.0, random_state=0)
    X, same_y = make(n_samples=20_000, noise=0.3, random_state=0)
    np.testing.assert_array_equal(y, same_y)
    error = X - clean
    np.testing.assert_allclose(error.mean(axis=0), 0, atol=0.01)
    np.testing.assert_allclose(error.std(axis=0), 0.3, rtol=0.02)
    np.testing.assert_allclose((error**4).mean() / (error**2).mean() ** 2, 3, rtol=0.05)


@pytest.mark.parametrize("make", TWO_PARTS)
def test_two_parts(make):
    np.testing.assert_array_equal(np.bincount(make(n_samples=11)[1]), [5, 6])
    np.testing.assert_array_equal(np.bincount(make(n_samples=(3, 9))[1]), [3, 9])
    np.testing.assert_array_equal(np.bincount(make(n_samples=(0, 4))[1]), [0, 4])
    for bad in ((1, 2, 3), (1,), [], (-1, 5), (0, 0)):
        with pytest.raises(ValueError, match="n_samples"):
            make(n_samples=bad)
    with pytest.raises(TypeError, match=r"n_samples\[1\] must be an integer"):
        make(n_samples=(1, 2.5))


# Against scikit-learn's


@pytest.mark.parametrize("n_samples", [1, 10, 101, (30, 7)])
@pytest.mark.parametrize("name", ["make_moons", "make_circles"])
def test_moons_and_circles_are_sklearns(name, n_samples):
    ours, theirs = getattr(datasets, name), getattr(sklearn.datasets, name)
    X, y = ours(n_samples, shuffle=False)
    their_X, their_y = theirs(n_samples, shuffle=False)
    np.testing.assert_allclose(X, their_X, atol=1e-15)
    np.testing.assert_array_equal(y, their_y)
    shuffled_X, shuffled_y = ours(n_samples, random_state=0)
    both = np.column_stack([X, y]), np.column_stack([shuffled_X, shuffled_y])
    np.testing.assert_array_equal(rows(both[0]), rows(both[1]))
    if n_samples == 101:
        assert not np.array_equal(y, shuffled_y)


def test_circles_factor():
    X, _ = make_circles(50, factor=0.3, shuffle=False)
    np.testing.assert_allclose(X, sklearn.datasets.make_circles(50, factor=0.3, shuffle=False)[0], atol=1e-15)


@pytest.mark.parametrize("name, options", [("make_swiss_roll", {}), ("make_swiss_roll", {"hole": True}), ("make_s_curve", {})])
def test_rolls_and_curves_have_sklearns_distribution(name, options):
    """Both draw at random; range and quartiles of every coordinate and of t agree."""
    levels = [0, 0.25, 0.5, 0.75, 1]
    X, t = getattr(datasets, name)(20_000, random_state=0, **options)
    their_X, their_t = getattr(sklearn.datasets, name)(20_000, random_state=0, **options)
    ours, theirs = (np.quantile(np.column_stack(each), levels, axis=0) for each in ((X, t), (their_X, their_t)))
    np.testing.assert_allclose(ours, theirs, atol=0.02 * np.ptp(theirs, axis=0).max())


# Blobs and two Gaussians


def test_blobs_moments():
    centers = np.array([[0.0, 0.0, 5.0], [10.0, -3.0, 0.0]])
    X, y = make_blobs([40_000, 10_000], centers=centers, cluster_std=[0.5, 2.0], random_state=0)
    for label, std, count in ((0, 0.5, 40_000), (1, 2.0, 10_000)):
        cluster = X[y == label]
        assert len(cluster) == count
        np.testing.assert_allclose(cluster.mean(axis=0), centers[label], atol=5 * std / np.sqrt(count))
        np.testing.assert_allclose(np.cov(cluster.T), std**2 * np.eye(3), atol=0.05 * std**2)


def test_blobs_centers():
    X, y, centers = make_blobs(7, 4, centers=5, cluster_std=0.0, center_box=(2, 3), return_centers=True, random_state=0)
    np.testing.assert_array_equal(X, centers[y])
    np.testing.assert_array_equal(np.bincount(y), [2, 2, 1, 1, 1])
    assert centers.shape == (5, 4) and centers.min() >= 2 and centers.max() <= 3
    assert not np.array_equal(y, np.sort(y))
    y = make_blobs(9, centers=4, shuffle=False, random_state=0)[1]
    np.testing.assert_array_equal(y, np.sort(y))
    assert make_blobs(random_state=0)[1].max() == 2
    assert make_blobs([3, 3, 3, 3])[1].max() == 3
    assert make_blobs(centers=[[0.0] * 7])[0].shape == (100, 7)


def test_blobs_bad_parameters():
    for options, message in [
        ({"n_samples": [3, 4], "centers": 3}, "n_samples must have one entry a centre, 3 (it had 2)"),
        ({"cluster_std": [1.0, 2.0]}, "cluster_std must be a number or have one entry a centre, 3 (it had 2)"),
        ({"cluster_std": -1}, "cluster_std must be a number with 0 <= cluster_std (it was -1)"),
        ({"cluster_std": [1, 1, np.nan]}, "cluster_std[2] must be a number with 0 <= cluster_std[2] (it was nan)"),
        ({"centers": 0}, "centers must be an integer with 1 <= centers (it was 0)"),
        ({"centers": [[np.nan, 0]]}, "centers must hold finite numbers"),
        ({"centers": [1.0, 2.0]}, "centers must be a 2-D array"),
        ({"center_box": (3, 1)}, "center_box must be a pair with smallest <= largest (it was (3, 1))"),
        ({"center_box": 3}, "center_box must be a pair"),
        ({"n_samples": [0, 0]}, "n_samples must ask for at least 1 point"),
        ({"n_features": 0}, "n_features must be an integer with 1 <= n_features (it was 0)"),
    ]:
        with pytest.raises(ValueError, match=re.escape(message)):
            make_blobs(**options)
    with pytest.raises(TypeError, match="shuffle must be True or False"):
        make_blobs(shuffle=1)


@pytest.mark.parametrize("ratio", [0.2, 1.0, 10.0])
def test_two_gaussians_widths_and_distance(ratio):
    X, y = make_two_gaussians((4000, 8000), n_features=20, width_ratio=ratio, distance=30.0, random_state=0)
    narrow, wide = X[y == 0], X[y == 1]
    np.testing.assert_allclose(narrow.std(axis=0), 1.0, rtol=0.05)
    np.testing.assert_allclose(wide.std(axis=0), ratio, rtol=0.05)
    assert wide.std(axis=0).mean() / narrow.std(axis=0).mean() == pytest.approx(ratio, rel=0.01)
    expected = np.zeros(20)
    expected[0] = 30.0
    np.testing.assert_allclose(narrow.mean(axis=0), 0, atol=0.08)
    np.testing.assert_allclose(wide.mean(axis=0), expected, atol=0.08 * max(ratio, 1))


# Rings, spirals, discs


@pytest.mark.parametrize("d", [1, 2, 3, 10])
def test_rings(d):
    X, y = make_rings(10_000, n_rings=4, n_features=d, random_state=0)
    np.testing.assert_allclose(np.linalg.norm(X, axis=1), 1 + y, rtol=1e-12)
    np.testing.assert_array_equal(np.bincount(y), [2500] * 4)
    directions = X / (1 + y)[:, None]  # uniform on the sphere: mean 0, covariance I / d
    np.testing.assert_allclose(directions.mean(axis=0), 0, atol=0.05)
    np.testing.assert_allclose(directions.T @ directions / len(X), np.eye(d) / d, atol=0.02)


def test_rings_radii():
    X, y = make_rings(11, radii=[2.0, 0.0, 5.0], n_rings=17, random_state=0)
    np.testing.assert_array_equal(np.bincount(y), [4, 4, 3])
    np.testing.assert_allclose(np.linalg.norm(X, axis=1), np.array([2.0, 0.0, 5.0])[y], rtol=1e-12)
    for bad in ([1.0, -1.0], [np.nan], [], 3.0, [[1.0]]):
        with pytest.raises(ValueError, match="radii"):
            make_rings(radii=bad)


@pytest.mark.parametrize("arms, turns", [(1, 0.5), (2, 1.5), (5, 3.0)])
def test_spirals(arms, turns):
    X, y = make_spirals(5000, n_arms=arms, turns=turns, random_state=0)
    radius = np.linalg.norm(X, axis=1)
    assert radius.max() <= 1 and radius.max() > 0.99
    turned_back = (X[:, 0] + 1j * X[:, 1]) * np.exp(-2j * np.pi * (turns * radius + y / arms))
    np.testing.assert_allclose(turned_back, radius, atol=1e-12)
    np.testing.assert_array_equal(np.bincount(y), [5000 // arms] * arms)


def test_disc_in_ring_is_filled_evenly():
    X, y = make_disc_in_ring(40_000, random_state=0)
    radius = np.linalg.norm(X, axis=1)
    disc, ring = radius[y == 0], radius[y == 1]
    assert disc.max() <= 0.5 and 0.75 <= ring.min() and ring.max() <= 1
    assert np.mean(disc < 0.25) == pytest.approx(1 / 4, abs=0.02)  # half the radius: a quarter of the area
    assert np.mean(ring < 0.875) == pytest.approx((0.875**2 - 0.75**2) / (1 - 0.75**2), abs=0.02)
    np.testing.assert_allclose(X.mean(axis=0), 0, atol=0.02)


# Curves and surfaces in space


@pytest.mark.parametrize("hole", [False, True])
def test_swiss_roll(hole):
    X, t = make_swiss_roll(5000, hole=hole, random_state=0)
    np.testing.assert_allclose(X[:, 0] ** 2 + X[:, 2] ** 2, t**2, rtol=1e-12)
    np.testing.assert_allclose(X[:, [0, 2]], t[:, None] * np.column_stack([np.cos(t), np.sin(t)]), rtol=1e-12)
    assert 1.5 * np.pi <= t.min() and t.max() <= 4.5 * np.pi and 0 <= X[:, 1].min() and X[:, 1].max() <= 21
    in_middle = (2.5 * np.pi < t) & (t < 3.5 * np.pi) & (7 < X[:, 1]) & (X[:, 1] < 14)
    assert in_middle.mean() == pytest.approx(0 if hole else 1 / 9, abs=0.02 * (not hole))
    # The rest of the rectangle is filled evenly: its outer ninths have equal shares.
    cells = np.histogram2d(t, X[:, 1], bins=[np.linspace(1.5, 4.5, 4) * np.pi, [0, 7, 14, 21]])[0].ravel()
    np.testing.assert_allclose(np.delete(cells, 4) / 5000, 1 / (8 if hole else 9), atol=0.02)


def test_s_curve():
    X, t = make_s_curve(5000, random_state=0)
    assert np.abs(t).max() <= 1.5 * np.pi and 0 <= X[:, 1].min() and X[:, 1].max() <= 2
    # Two arcs of radius 1, around (0, −1) for t > 0 and around (0, 1) for t < 0.
    np.testing.assert_allclose(np.hypot(X[:, 0], X[:, 2] + np.sign(t)), 1, rtol=1e-12)
    along = X[np.argsort(t)][:, [0, 2]]  # t is arc length
    length = np.linalg.norm(np.diff(along, axis=0), axis=1).sum()
    assert length == pytest.approx(np.ptp(t), rel=1e-4)


def test_trefoil_is_a_closed_knot():
    X, t = make_trefoil(600)
    steps = np.linalg.norm(np.roll(X, -1, axis=0) - X, axis=1)
    assert steps.max() < 0.1  # also from the last point to the first
    np.testing.assert_allclose(t, 2 * np.pi * np.arange(600) / 600)
    # It does not meet itself: points that are far along the curve are far in space.
    gap = np.abs(np.subtract.outer(np.arange(600), np.arange(600)))
    far_along = np.minimum(gap, 600 - gap) > 40
    assert np.linalg.norm(X[:, None] - X[None], axis=2)[far_along].min() > 0.5
    # A third of a turn around the z axis maps it to itself.
    c, s = np.cos(2 * np.pi / 3), np.sin(2 * np.pi / 3)
    turned = X @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])
    assert max(np.linalg.norm(X - point, axis=1).min() for point in turned) < 1e-9
    # It is knotted: seen from above it crosses itself three times, alternately over and under.
    assert crossings(make_trefoil(150)[0]) in ("ououou", "uououo")


def crossings(X):
    """Walk along a closed polygon and note at each crossing of its projection on the plane: over or under."""
    found, ends = [], np.roll(X, -1, axis=0)
    for i in range(len(X)):
        a, b = X[i], ends[i] - X[i]
        for j in range(len(X)):
            if min((i - j) % len(X), (j - i) % len(X)) < 2:
                continue
            c, d = X[j], ends[j] - X[j]
            determinant = b[0] * -d[1] + d[0] * b[1]
            if abs(determinant) < 1e-15:
                continue
            s = ((c[0] - a[0]) * -d[1] + d[0] * (c[1] - a[1])) / determinant
            t = (b[0] * (c[1] - a[1]) - b[1] * (c[0] - a[0])) / determinant
            if 0 <= s < 1 and 0 <= t < 1:
                found.append("o" if a[2] + s * b[2] > c[2] + t * d[2] else "u")
    return "".join(found)


def linking_number(first, second):
    """Gauss's integral of two closed curves, by the midpoints of their polygons."""
    steps = [np.roll(curve, -1, axis=0) - curve for curve in (first, second)]
    middles = [curve + step / 2 for curve, step in zip((first, second), steps, strict=True)]
    between = middles[0][:, None] - middles[1][None]
    triple = np.einsum("ijk,ijk->ij", between, np.cross(steps[0][:, None], steps[1][None]))
    return (triple / np.linalg.norm(between, axis=2) ** 3).sum() / (4 * np.pi)


def test_linked_rings_are_linked():
    X, y = make_linked_rings(600)
    first, second = X[y == 0], X[y == 1]
    assert abs(linking_number(first, second)) == pytest.approx(1, abs=1e-3)
    assert linking_number(first, second + [3, 0, 0]) == pytest.approx(0, abs=1e-3)  # the integral can tell
    for ring, center in ((first, [0, 0, 0]), (second, [1, 0, 0])):
        np.testing.assert_allclose(np.linalg.norm(ring - center, axis=1), 1, rtol=1e-12)
        np.testing.assert_allclose(ring.mean(axis=0), center, atol=1e-12)
    assert np.linalg.norm(first[:, None] - second[None], axis=2).min() == pytest.approx(1, abs=1e-3)


# Gravitation


def test_gravitation_obeys_the_law():
    X, force = make_gravitation(1000, noise=0.0, random_state=0)
    m1, m2, r = X.T
    np.testing.assert_allclose(force, 6.67430e-11 * m1 * m2 / r**2, rtol=1e-12)
    assert GRAVITATIONAL_CONSTANT == 6.67430e-11
    assert 1 <= X[:, :2].min() and X[:, :2].max() <= 1000 and 0.1 <= r.min() and r.max() <= 10


def test_gravitation_noise_is_multiplicative():
    X, force = make_gravitation(20_000, noise=0.2, mass_range=(1e20, 1e30), distance_range=(1e6, 1e12), random_state=0)
    error = np.log(force) - np.log(GRAVITATIONAL_CONSTANT * X[:, 0] * X[:, 1] / X[:, 2] ** 2)
    assert error.mean() == pytest.approx(0, abs=0.01) and error.std() == pytest.approx(0.2, rel=0.02)
    assert abs(np.corrcoef(error, np.log(X[:, 2]))[0, 1]) < 0.03
    logs = np.log10(X)  # log-uniform: evenly over the powers of ten
    np.testing.assert_allclose(np.quantile(logs[:, 0], [0.25, 0.5, 0.75]), [22.5, 25, 27.5], atol=0.2)
    np.testing.assert_allclose(np.quantile(logs[:, 2], [0.25, 0.5, 0.75]), [7.5, 9, 10.5], atol=0.2)


def test_gravitation_bad_parameters():
    for options, message in [
        ({"mass_range": (0, 1)}, "mass_range must be a pair with 0 < smallest <= largest (it was (0, 1))"),
        ({"distance_range": (2, 1)}, "distance_range must be a pair with 0 < smallest <= largest (it was (2, 1))"),
        ({"distance_range": (1, np.inf)}, "distance_range[1] must be a finite number"),
        ({"mass_range": (1e300, 1e300)}, "outside the floating-point numbers"),
        ({"distance_range": (1e200, 1e300)}, "outside the floating-point numbers"),
    ]:
        with pytest.raises(ValueError, match=re.escape(message)):
            make_gravitation(**options)


# Bad parameters of all


@pytest.mark.parametrize("make", GENERATORS)
def test_bad_n_samples_and_seed(make):
    for bad in (0, -5):
        with pytest.raises(ValueError, match=rf"n_samples must be an integer with 1 <= n_samples \(it was {bad}\)"):
            make(n_samples=bad)
    for bad in (2.5, "10", None, True):
        with pytest.raises(TypeError, match="n_samples must be an integer"):
            make(n_samples=bad)
    for bad in ("seed", -1, 1.5):
        with pytest.raises((ValueError, TypeError), match="random_state must be None, an integer >= 0"):
            make(random_state=bad)


@pytest.mark.parametrize("make", NOISY)
def test_bad_noise(make):
    for bad in (-0.1, np.nan, np.inf):
        with pytest.raises(ValueError, match=rf"noise must be a number with 0 <= noise \(it was {bad}\)"):
            make(noise=bad)
    with pytest.raises(TypeError, match="noise must be a number"):
        make(noise="loud")


@pytest.mark.parametrize(
    "make, name, bad, allowed",
    [
        (make_circles, "factor", 1.0, "0 <= factor < 1"),
        (make_circles, "factor", -0.1, "0 <= factor < 1"),
        (make_rings, "n_rings", 0, "1 <= n_rings"),
        (make_rings, "n_features", 0, "1 <= n_features"),
        (make_spirals, "n_arms", 0, "1 <= n_arms"),
        (make_spirals, "turns", 0, "0 < turns"),
        (make_two_gaussians, "width_ratio", 0, "0 < width_ratio"),
        (make_two_gaussians, "distance", -1, "0 <= distance"),
        (make_two_gaussians, "n_features", 0, "1 <= n_features"),
        (make_logistic, "n_features", 0, "1 <= n_features"),
        (make_logistic, "condition_number", 0.5, "1 <= condition_number"),
        (make_logistic, "signal", -1, "0 <= signal"),
    ],
)
def test_bad_ranges(make, name, bad, allowed):
    with pytest.raises(ValueError, match=re.escape(f"{allowed} (it was {bad})")):
        make(**{name: bad})


def test_bad_switches():
    for make, name in ((make_swiss_roll, "hole"), (make_moons, "shuffle"), (make_circles, "shuffle")):
        with pytest.raises(TypeError, match=f"{name} must be True or False"):
            make(**{name: "no"})
