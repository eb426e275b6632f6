"""SNE, symmetric SNE, UNI-SNE and t-SNE as estimators: what they promise, their maps, scikit-learn's exact t-SNE."""

import functools
import os
import re
import subprocess
import sys
import warnings

import numpy as np
import pytest
import sklearn.manifold

from mlcourse.datasets import load_digits
from mlcourse.decomposition import PCA
from mlcourse.manifold import (
    SNE,
    TSNE,
    UNISNE,
    SymmetricSNE,
    conditional_probabilities,
    joint_probabilities,
    kl_divergence,
    squared_distances,
    student_joint,
    symmetric_sne_divergence_and_gradient,
)
from mlcourse.metrics import one_nn_accuracy, trustworthiness

RNG = np.random.default_rng(0)
BLOBS = np.concatenate([RNG.standard_normal((20, 5)) + 6 * k for k in range(3)])
DIGITS, LABELS = load_digits(return_X_y=True)
FAMILY = [SNE, SymmetricSNE, UNISNE, TSNE]
QUICK = {"perplexity": 8, "max_iter": 300}
T_SNES = [functools.partial(TSNE, method=name) for name in ("exact", "dense", "fft")]


def name_of(method):
    return f"TSNE-{method.keywords['method']}" if isinstance(method, functools.partial) else method.__name__


every_method = pytest.mark.parametrize("method", [SNE, SymmetricSNE, UNISNE, *T_SNES], ids=name_of)
# A mesh needs 50 points.
every_method_for_few_points = pytest.mark.parametrize("method", [SNE, SymmetricSNE, UNISNE, *T_SNES[:-1]], ids=name_of)
every_t_sne = pytest.mark.parametrize("tsne", T_SNES, ids=name_of)


def distances_shape(Y):
    """What of a map does not depend on its place, orientation and mirror image."""
    return np.sqrt(squared_distances(Y))


# What all promise


@every_method
def test_fit_stores_what_the_steps_end_with(method):
    estimator = method(**QUICK)
    embedding = estimator.fit_transform(BLOBS)
    *_, last = method(**QUICK).steps(BLOBS)
    assert np.array_equal(embedding, last.Y) and embedding is estimator.embedding_
    assert estimator.kl_divergence_ == last.kl_divergence and estimator.n_iter_ == last.iteration
    assert estimator.n_features_in_ == 5 and estimator.learning_rate_ == last.learning_rate
    assert estimator.fit(BLOBS) is estimator


@every_method
def test_the_divergence_falls(method):
    for init in ("pca", "random"):
        states = {s.iteration: s for s in method(**QUICK, init=init, random_state=0).steps(BLOBS) if s.iteration in (0, 300)}
        assert 0 < states[300].kl_divergence < 0.9 * states[0].kl_divergence


@every_method
def test_the_gradient_vanishes_where_the_descent_ends(method):
    options = {"perplexity": 8, "max_iter": 3000, "min_grad_norm": 0, "n_iter_without_progress": 3000}
    norms = [state.gradient_norm for state in method(**options).steps(BLOBS)]
    assert norms[-1] < 1e-3 * max(norms)


@every_method
def test_neighbours_stay_neighbours(method):
    embedding = method(**QUICK).fit_transform(BLOBS)
    assert one_nn_accuracy(embedding, np.repeat([0, 1, 2], 20)) == 1
    assert trustworthiness(BLOBS, embedding, n_neighbors=5) > 0.85


@every_method
def test_same_seed_same_map(method):
    options = QUICK | {"init": "random", "max_iter": 60}
    maps = [method(random_state=seed, **options).fit_transform(BLOBS) for seed in (0, 0, 1)]
    assert np.array_equal(maps[0], maps[1]) and not np.allclose(maps[0], maps[2])
    generator = np.random.default_rng(0)
    assert np.array_equal(method(random_state=generator, **options).fit_transform(BLOBS), maps[0])


@every_method
@pytest.mark.parametrize("m", [1, 2, 3])
def test_starts(method, m):
    if m == 3 and name_of(method) == "TSNE-fft":
        pytest.skip("a mesh has one or two dimensions")
    random = next(iter(method(m, perplexity=8, init="random", random_state=0).steps(BLOBS))).Y
    assert random.shape == (60, m) and 0.8e-4 < random.std() < 1.2e-4
    pca = next(iter(method(m, perplexity=8).steps(BLOBS))).Y
    scores = PCA(n_components=m).fit_transform(BLOBS)
    np.testing.assert_allclose(pca, scores / scores[:, 0].std() * 1e-4, rtol=1e-6, atol=1e-10)


def test_several_methods_begin_with_the_same_array():
    init = RNG.standard_normal((60, 2))
    kept = init.copy()
    starts = [next(iter(method(perplexity=8, init=init).steps(BLOBS))).Y for method in FAMILY + T_SNES]
    for start in starts:
        assert np.array_equal(start, starts[0])
    np.testing.assert_allclose(starts[0], init - init.mean(axis=0), rtol=1e-6, atol=1e-7)
    assert np.array_equal(init, kept)
    assert np.array_equal(next(iter(TSNE(perplexity=8, init=init.tolist()).steps(BLOBS))).Y, starts[0])


@every_method
def test_input_of_any_layout(method):
    options = QUICK | {"max_iter": 30}
    X = RNG.integers(0, 9, size=(60, 4))
    reference = method(**options).fit_transform(X.astype(float))
    for each in (X, X.tolist(), np.asfortranarray(X), np.repeat(X, 2, axis=1)[:, ::2], X.astype(np.uint8)):
        assert np.array_equal(method(**options).fit_transform(each), reference)


@every_method
def test_the_unit_and_the_place_of_the_data_do_not_matter(method):
    options = QUICK | {"max_iter": 40, "init": 1e-4 * RNG.standard_normal((60, 2))}
    reference = method(**options).fit_transform(BLOBS)
    for X in (BLOBS * 2.0**600, BLOBS * 2.0**-600, BLOBS * 1e-160, BLOBS + 1e4):
        np.testing.assert_allclose(method(**options).fit_transform(X), reference, rtol=1e-3, atol=1e-5 * abs(reference).max())
    assert np.isfinite(method(**QUICK).fit_transform(BLOBS * 2.0**1000)).all()
    assert np.isfinite(method(**QUICK).fit_transform(BLOBS + 1e8)).all()


@every_method_for_few_points
def test_awkward_data_gives_finite_maps(method):
    duplicates = np.repeat(BLOBS[::5], 5, axis=0)
    constant_feature = np.c_[BLOBS, np.full(60, 7.0)]
    outlier = BLOBS.copy()
    outlier[0] = 1e6
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for X in (duplicates, constant_feature, outlier, np.arange(20.0)[:, None] * [1, 1]):
            for init in ("pca", "random"):
                estimator = method(perplexity=3, max_iter=60, init=init, random_state=0).fit(X)
                assert np.isfinite(estimator.embedding_).all() and np.isfinite(estimator.kl_divergence_)


@every_method_for_few_points
def test_points_that_are_all_equal_stay_together(method):
    estimator = method(perplexity=3, max_iter=300).fit(np.full((10, 4), 3.7))
    assert not estimator.embedding_.any() and estimator.kl_divergence_ == pytest.approx(0, abs=1e-6)


@every_method_for_few_points
def test_two_points(method):
    estimator = method(perplexity=1, max_iter=300).fit([[0.0, 1.0], [5.0, 5.0]])
    rounding = 1e-6 if name_of(method) == "TSNE-dense" else 1e-12  # of single and of double precision
    assert np.isfinite(estimator.embedding_).all() and estimator.kl_divergence_ == pytest.approx(0, abs=rounding)


@every_method
def test_coincident_points_are_close_in_the_map(method):
    X = BLOBS.copy()
    X[1] = X[0]
    embedding = method(**QUICK).fit_transform(X)
    assert np.linalg.norm(embedding[1] - embedding[0]) < 0.05 * np.ptp(embedding)


# Bad input


@every_method
@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.zeros((1, 3)), "minimum of 2"),
        (np.zeros(10), "Reshape"),
        (np.zeros((0, 3)), "minimum of 2"),
        (np.where(np.eye(10), np.nan, 0), "NaN"),
        (np.where(np.eye(10), np.inf, 0), "infinite"),
        ([["a", "b"]] * 5, "numbers"),
        (np.zeros((10, 3)) + 1j, "Complex"),
    ],
)
def test_impossible_data_is_named(method, X, message):
    with pytest.raises((ValueError, TypeError), match=message):
        method(perplexity=2).fit(X)


@every_method
@pytest.mark.parametrize(
    ("name", "values"),
    {
        "perplexity": [0, 0.5, 60, 59.5, np.nan, True, "many", None],
        "learning_rate": [0, -5, np.nan, True, "fast", None],
        "early_exaggeration": [0.5, np.nan, None],
        "max_iter": [0, -1, 10.5, None],
        "n_components": [0, 1.5, None],
        "min_grad_norm": [-1, np.nan],
        "n_iter_without_progress": [-1, 3.5],
        "init": ["svd", np.zeros((3, 2)), np.full((60, 2), np.nan), None],
        "random_state": [-1, "seed"],
    }.items(),
)
def test_parameters_are_checked_at_the_call(method, name, values):
    for value in values:
        with pytest.raises((ValueError, TypeError), match=f"{name} (must|has)"):
            method(**{"perplexity": 8} | {name: value}).steps(BLOBS)


def test_more_components_than_the_start_has_are_named():
    with pytest.raises(ValueError, match=r'init="pca" needs n_components <= .* = 1 .*n_features = 1'):
        TSNE(perplexity=2).fit(np.arange(10.0)[:, None])
    assert TSNE(perplexity=2, init="random", max_iter=20).fit_transform(np.arange(10.0)[:, None]).shape == (10, 2)


def test_parameters_of_one_method_are_checked():
    for wrong in ("barnes_hut", None, 1):
        with pytest.raises(ValueError, match="method must be one of 'auto', 'fft', 'dense', 'exact'"):
            TSNE(perplexity=8, method=wrong).fit(BLOBS)
    for wrong in (0, -1, np.nan, "1"):
        with pytest.raises((ValueError, TypeError), match="degrees_of_freedom must be"):
            TSNE(perplexity=8, degrees_of_freedom=wrong).fit(BLOBS)
    for wrong in (1, -0.1, np.nan):
        with pytest.raises((ValueError, TypeError), match="background must be"):
            UNISNE(perplexity=8, background=wrong).fit(BLOBS)
    with pytest.raises(ValueError, match="noise must be"):
        SNE(perplexity=8, noise=-1).fit(BLOBS)


@every_method
def test_a_map_that_explodes_says_so(method):
    with pytest.raises(FloatingPointError, match="lower learning_rate"):
        method(perplexity=8, learning_rate=1e300).fit(BLOBS)


# Schedules


def test_automatic_learning_rates():
    for n, expected in ((60, 50), (2400, 50), (4800, 100)):
        assert TSNE()._auto_learning_rate(n) == expected
    assert TSNE(perplexity=8, max_iter=1).fit(BLOBS).learning_rate_ == 50
    assert TSNE(perplexity=8, max_iter=1, learning_rate=3).fit(BLOBS).learning_rate_ == 3
    assert TSNE(perplexity=8, max_iter=1, learning_rate=[3, 7]).fit(BLOBS).learning_rate_ == (3, 7)
    assert SymmetricSNE(perplexity=8, max_iter=1).fit(BLOBS).learning_rate_ == 60 / 4
    assert SNE(perplexity=8, max_iter=1, early_exaggeration=4).fit(BLOBS).learning_rate_ == 1 / 16


@every_t_sne
def test_schedule_of_t_sne(tsne):
    states = {s.iteration: s for s in tsne(perplexity=8, max_iter=251).steps(BLOBS)}
    assert (states[249].exaggeration, states[249].momentum) == (12, 0.5)
    assert (states[250].exaggeration, states[250].momentum) == (1, 0.8)
    options = {"early_exaggeration_iter": 20, "learning_rate": (30, 40), "momentum": 0.7, "max_iter": 21}
    states = list(tsne(perplexity=8, **options).steps(BLOBS))
    assert (states[19].exaggeration, states[19].momentum, states[19].learning_rate) == (12, 0.7, 30)
    assert (states[20].exaggeration, states[20].momentum, states[20].learning_rate) == (1, 0.7, 40)


def test_stopping_rules():
    assert TSNE(perplexity=8, max_iter=600, min_grad_norm=1e9).fit(BLOBS).n_iter_ == 300
    assert TSNE(perplexity=8, max_iter=120, min_grad_norm=1e9).fit(BLOBS).n_iter_ == 120
    cloud = np.random.default_rng(5).standard_normal((30, 3))
    assert SymmetricSNE(perplexity=10, max_iter=2000).fit(cloud).n_iter_ < 2000  # by its gradient
    options = {"perplexity": 10, "max_iter": 2000, "min_grad_norm": 0}
    patient, impatient = (SymmetricSNE(n_iter_without_progress=k, **options).fit(cloud).n_iter_ for k in (400, 100))
    assert 300 < impatient < patient < 2000
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert TSNE(perplexity=8, max_iter=20).fit(BLOBS).n_iter_ == 20


@every_method
def test_verbose_prints_a_line_every_fifty_steps(method, capsys):
    method(perplexity=8, max_iter=100, verbose=2).fit(BLOBS)
    lines = capsys.readouterr().out.splitlines()
    name = name_of(method).split("-")[0]
    number = r"[-+.\de]+"
    for line, step, left in zip(lines, (0, 50, 100), ("", rf", {number} s left", ""), strict=True):
        assert re.fullmatch(rf"\[{name}\] step {step} of 100: divergence \d+\.\d{{4}}, gradient norm {number}{left}", line)
    method(perplexity=8, max_iter=100).fit(BLOBS)
    assert capsys.readouterr().out == ""


@every_t_sne
def test_early_compression_keeps_the_map_small_and_then_lets_go(tsne):
    def widths(early_compression):
        estimator = tsne(**QUICK, early_exaggeration=1, early_compression=early_compression)
        return {s.iteration: np.ptp(s.Y) for s in estimator.steps(BLOBS) if s.iteration in (200, 300)}

    free, pressed = widths(0.0), widths(0.01)
    assert pressed[200] < 0.5 * free[200]
    assert pressed[300] > 2 * pressed[200]


@pytest.mark.parametrize("value", [-1e-9, np.nan, np.inf, "much", True])
def test_early_compression_must_be_a_number_not_below_zero(value):
    with pytest.raises((ValueError, TypeError), match="early_compression must be"):
        TSNE(perplexity=8, early_compression=value).fit(BLOBS)


def test_noise_anneals_away():
    quiet, noisy = (SNE(perplexity=8, noise=noise, random_state=0).fit(BLOBS) for noise in (0.0, 0.1))
    assert noisy.kl_divergence_ == pytest.approx(quiet.kl_divergence_, rel=0.1)
    assert not np.allclose(noisy.embedding_, quiet.embedding_)


# Relations


def test_no_background_is_symmetric_sne():
    for seed in range(2):
        options = QUICK | {"init": "random", "random_state": seed}
        assert np.array_equal(UNISNE(background=0.0, **options).fit_transform(BLOBS), SymmetricSNE(**options).fit_transform(BLOBS))


def test_many_degrees_of_freedom_draw_symmetric_snes_map_larger():
    X = np.random.default_rng(5).standard_normal((30, 3))
    options = {"perplexity": 10, "max_iter": 3000, "early_exaggeration": 1.0, "min_grad_norm": 1e-9}
    t = TSNE(method="exact", degrees_of_freedom=1e7, learning_rate=10.0, **options).fit(X)
    symmetric = SymmetricSNE(**options).fit(X)
    assert t.kl_divergence_ == pytest.approx(symmetric.kl_divergence_, rel=1e-4)
    np.testing.assert_allclose(distances_shape(t.embedding_), np.sqrt(2) * distances_shape(symmetric.embedding_), atol=1e-2)


def test_single_precision_data_gives_a_single_precision_map_as_good():
    # With 500 digits rounding hardly matters; with 200 it moves the divergence by a tenth.
    single, double = (TSNE(method="exact", max_iter=600).fit(DIGITS[:500].astype(kind)) for kind in (np.float32, np.float64))
    assert single.embedding_.dtype == np.float32 and double.embedding_.dtype == np.float64
    assert single.kl_divergence_ == pytest.approx(double.kl_divergence_, rel=0.02)


def test_divergence_is_that_of_the_map():
    P = joint_probabilities(conditional_probabilities(squared_distances(BLOBS), 8))
    for alpha in (1.0, 4.0):
        estimator = TSNE(method="exact", degrees_of_freedom=alpha, **QUICK).fit(BLOBS)
        expected = kl_divergence(P, student_joint(estimator.embedding_, alpha))
        assert estimator.kl_divergence_ == pytest.approx(expected, rel=1e-5)
    symmetric = SymmetricSNE(**QUICK).fit(BLOBS)
    assert symmetric.kl_divergence_ == pytest.approx(symmetric_sne_divergence_and_gradient(P, symmetric.embedding_)[0], rel=1e-5)


# Maps of digits


def test_t_sne_separates_digits_far_better_than_pca():
    X, y = DIGITS[:300], LABELS[:300]
    tsne = one_nn_accuracy(TSNE(max_iter=500).fit_transform(X), y)
    pca = one_nn_accuracy(PCA(n_components=2).fit_transform(X), y)
    assert tsne > 0.95 and pca < 0.75  # measured: 0.99 and 0.66


def test_t_sne_relieves_the_crowding_of_symmetric_sne():
    X, y = DIGITS[:300], LABELS[:300]
    accuracy = {method: one_nn_accuracy(method(max_iter=500).fit_transform(X), y) for method in FAMILY}
    assert min(accuracy[TSNE], accuracy[UNISNE]) > max(accuracy[SNE], accuracy[SymmetricSNE])


def test_maps_are_as_good_as_scikit_learns_exact_ones():
    # t-SNE multiplies rounding: single runs differ by 5 %, so medians over starts are compared.  Over
    # eight starts of 1,000 steps they were 0.6 % apart; three, on any BLAS of theirs, need more room.
    X = DIGITS[:300]
    P = joint_probabilities(conditional_probabilities(squared_distances(X), 30))
    ours, theirs = [], []
    for seed in range(3):
        init = 1e-4 * np.random.default_rng(seed).standard_normal((300, 2)) if seed else "pca"
        options = {"init": init, "method": "exact", "max_iter": 500}
        for found, tsne in ((ours, TSNE(**options)), (theirs, sklearn.manifold.TSNE(**options))):
            Y = tsne.fit_transform(X)
            found.append((kl_divergence(P, student_joint(Y)), trustworthiness(X, Y)))
    (our_kl, our_trust), (their_kl, their_trust) = np.median(ours, axis=0), np.median(theirs, axis=0)
    assert our_kl < 1.04 * their_kl
    assert our_trust > their_trust - 0.01


def test_the_map_does_not_depend_on_the_blas():
    """The kernels that OpenBLAS has for other processors give the same map, bit by bit, with the exact method."""
    code = (
        "import hashlib; from mlcourse.manifold import TSNE; from mlcourse.datasets import load_digits;"
        "X, y = load_digits(n_samples=150, random_state=0, return_X_y=True);"
        "print(hashlib.sha256(TSNE(method='exact', max_iter=600).fit_transform(X).tobytes()).hexdigest())"
    )
    printed = set()
    for core in ("Haswell", "Prescott"):
        environment = os.environ | {"OPENBLAS_CORETYPE": core, "OPENBLAS_NUM_THREADS": "1"}
        run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        printed.add(run.stdout)
    assert len(printed) == 1
