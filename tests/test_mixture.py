"""Gaussian mixtures: the steps by their formulas, EM's guarantees, and as scikit-learn's from the same start."""

import warnings

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn import mixture as theirs

from mlcourse._mixture_covariances import TYPES, factor_precisions, shape
from mlcourse._mixture_em import Mixture, Parameters
from mlcourse.exceptions import ConvergenceWarning, NotFittedError
from mlcourse.mixture import GaussianMixture, log_gaussian_density, responsibilities, update_mixture

# A division by zero or an overflow is an error here, not a warning.
pytestmark = [pytest.mark.filterwarnings("error::RuntimeWarning"), pytest.mark.filterwarnings("ignore::mlcourse.exceptions.ConvergenceWarning")]


def random_data(rng, n=None, d=None, k=3):
    """Points of a few random Gaussians, some of which overlap."""
    n, d = n or int(rng.integers(30, 80)), d or int(rng.integers(1, 5))
    return rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + 3 * rng.normal(size=(k, d))[rng.integers(k, size=n)]


def random_start(rng, X, k, covariance_type="full"):
    """Weights, means and precisions for both sides to start from."""
    d = X.shape[1]
    C = np.cov(X.T).reshape(d, d)
    precision = {
        "full": np.array([np.linalg.inv(C)] * k),
        "tied": np.linalg.inv(C),
        "diag": np.tile(1 / C.diagonal(), (k, 1)),
        "spherical": np.full(k, d / C.trace()),
    }[covariance_type]
    weights = rng.uniform(0.5, 1.5, size=k)
    return {"weights_init": weights / weights.sum(), "means_init": X[rng.choice(len(X), k, replace=False)], "precisions_init": precision}


def as_matrices(covariances, covariance_type, k, d):
    """Covariances of any type as (k, d, d)."""
    if covariance_type == "full":
        return covariances
    if covariance_type == "tied":
        return np.array([covariances] * k)
    return np.array([np.eye(d) * v for v in covariances])


def slow_e_step(X, weights, means, matrices):
    density = np.array([[w * multivariate_normal.pdf(x, m, C) for w, m, C in zip(weights, means, matrices)] for x in X])
    return density / density.sum(axis=1, keepdims=True), np.log(density.sum(axis=1)).mean()


def slow_m_step(X, R, reg_covar, covariance_type="full"):
    n, d = X.shape
    weights, means, matrices = [], [], []
    for r in R.T:
        mean = sum(r_i * x for r_i, x in zip(r, X)) / r.sum()
        weights.append(r.sum() / n)
        means.append(mean)
        matrices.append(sum(r_i * np.outer(x - mean, x - mean) for r_i, x in zip(r, X)) / r.sum())
    covariances = np.array(matrices)
    if covariance_type == "tied":
        covariances = sum(w * C for w, C in zip(weights, matrices)) + reg_covar * np.eye(d)
    elif covariance_type == "diag":
        covariances = np.array([C.diagonal() for C in matrices]) + reg_covar
    elif covariance_type == "spherical":
        covariances = np.array([C.trace() / d for C in matrices]) + reg_covar
    else:
        covariances = covariances + reg_covar * np.eye(d)
    return np.array(weights), np.array(means), covariances


# The formulas


@pytest.mark.parametrize("seed", range(5))
def test_e_step_is_the_formula(seed):
    rng = np.random.default_rng(seed)
    X = random_data(rng)
    weights, means, covariances = update_mixture(X, rng.dirichlet([1, 1, 1], size=len(X)))
    R, log_likelihood = responsibilities(X, weights, means, covariances)
    slow_R, slow_log_likelihood = slow_e_step(X, weights, means, covariances)
    np.testing.assert_allclose(R, slow_R, rtol=1e-8, atol=1e-12)
    assert log_likelihood == pytest.approx(slow_log_likelihood, rel=1e-10)
    density = log_gaussian_density(X, means, covariances)
    np.testing.assert_allclose(density[:, 1], np.atleast_1d(multivariate_normal.logpdf(X, means[1], covariances[1])), rtol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_m_step_is_the_formula(seed):
    rng = np.random.default_rng(seed)
    X = random_data(rng)
    R = rng.dirichlet([1, 1, 1], size=len(X))
    for ours, slow in zip(update_mixture(X, R, reg_covar=0.01), slow_m_step(X, R, 0.01)):
        np.testing.assert_allclose(ours, slow, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("expanded", [True, False])
@pytest.mark.parametrize("covariance_type", TYPES)
def test_steps_of_the_estimator_are_the_formulas(covariance_type, expanded):
    for seed in range(3):
        rng = np.random.default_rng(seed)
        X, k = random_data(rng, n=40), 3
        d = X.shape[1]
        mixture = Mixture(X, covariance_type, reg_covar=0.01)
        mixture.expanded = expanded
        R = rng.dirichlet(np.ones(k), size=len(X))
        p = mixture.maximise(np.ascontiguousarray(R.T))
        weights, means, covariances = slow_m_step(X, R, 0.01, covariance_type)
        np.testing.assert_allclose(p.weights, weights, rtol=1e-10)
        np.testing.assert_allclose(p.means + mixture.center, means, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(p.covariances, covariances, rtol=1e-8, atol=1e-12)
        found, log_likelihood = mixture.expect(p)
        slow_R, slow_log_likelihood = slow_e_step(X, weights, means, as_matrices(covariances, covariance_type, k, d))
        np.testing.assert_allclose(found.T, slow_R, rtol=1e-7, atol=1e-11)
        assert log_likelihood == pytest.approx(slow_log_likelihood, rel=1e-10, abs=1e-10)
        assert mixture.expanded == expanded


def test_far_from_all_components():
    R, log_likelihood = responsibilities([[1e6], [-1e6]], [0.5, 0.5], [[0.0], [1.0]], np.ones((2, 1, 1)))
    np.testing.assert_allclose(R, [[0, 1], [1, 0]], atol=1e-12)
    assert log_likelihood == pytest.approx(-5e11, rel=1e-5)


def test_a_weight_of_zero_gets_nothing():
    R, _ = responsibilities([[0.0]], [0.0, 1.0], [[0.0], [1.0]], np.ones((2, 1, 1)))
    np.testing.assert_array_equal(R, [[0, 1]])
    weights, means, covariances = update_mixture([[0.0], [2.0]], [[1.0, 0.0], [1.0, 0.0]])
    np.testing.assert_allclose(means, [[1], [1]])
    assert weights[1] == 0 and np.isfinite(covariances).all()


@pytest.mark.parametrize("call, message", [
    (lambda: log_gaussian_density([[0.0]], [[0.0]], [[[-1.0]]]), "covariances must be positive definite"),
    (lambda: log_gaussian_density([[0.0]], [[0.0, 1.0]], [[[1.0]]]), "means and covariances must have shapes"),
    (lambda: responsibilities([[0.0]], [-1.0], [[0.0]], [[[1.0]]]), "weights must be"),
    (lambda: responsibilities([[0.0]], [0.5, 0.5], [[0.0]], [[[1.0]]]), "weights must be"),
    (lambda: update_mixture([[0.0], [1.0]], [[1.0]]), "responsibilities must have"),
    (lambda: update_mixture([[0.0], [1.0]], [[-1.0], [2.0]]), "responsibilities must have"),
    (lambda: update_mixture([[0.0], [0.0]], [[1.0], [1.0]], reg_covar=0), "component 0 has collapsed"),
    (lambda: update_mixture([[0.0], [np.nan]], [[1.0], [1.0]]), "X must hold finite"),
])
def test_bad_input_of_the_formulas(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# What EM guarantees


@pytest.mark.parametrize("covariance_type", TYPES)
def test_log_likelihood_never_decreases(covariance_type):
    runs = steps = 0
    for seed in range(80):
        rng = np.random.default_rng(seed)
        X = random_data(rng, n=40)
        k = int(rng.integers(1, 4))
        model = GaussianMixture(k, covariance_type=covariance_type, reg_covar=0, tol=0, max_iter=20, **random_start(rng, X, k, covariance_type))
        values = []
        try:
            for state in model.steps(X):
                values.append(state.log_likelihood)
            runs += 1
        except ValueError as error:  # without reg_covar a component may collapse; until there it holds
            assert "has collapsed" in str(error)
        steps += len(values)
        assert np.all(np.diff(values) >= -1e-8), (seed, np.diff(values).min())
    assert runs >= 60 and steps >= 1000  # most runs are whole ones


def fall_allowed(state, reg_covar):
    """The bound of the class's notes on the fall of the log-likelihood in the step that led to this state."""
    eigenvalues = np.linalg.eigvalsh(state.covariances) - reg_covar
    t = reg_covar / np.maximum(eigenvalues, 1e-300)
    return 0.5 * np.sum(state.weights[:, None] * (np.log1p(t) - t / (1 + t)))


def test_what_reg_covar_does_to_the_guarantee():
    falls = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        X = random_data(rng, n=40, d=2)
        model = GaussianMixture(3, reg_covar=[1e-6, 0.1, 1.0][seed % 3], tol=0, max_iter=15, **random_start(rng, X, 3))
        states = list(model.steps(X))
        for before, after in zip(states, states[1:]):
            fall = before.log_likelihood - after.log_likelihood
            if fall > 1e-8:
                assert model.reg_covar > 1e-6  # with so little it is as good as never
                assert fall <= fall_allowed(after, model.reg_covar) + 1e-8, (seed, after.iteration)
            falls += fall > 1e-4
    assert falls >= 10  # it does fall: reg_covar = 1 is as wide as these components


def test_gradient_is_zero_at_convergence():
    for seed in range(3):
        rng = np.random.default_rng(seed)
        X = np.concatenate([rng.normal(size=(60, 2)) @ rng.normal(size=(2, 2)) + 6 * np.array([j, j % 2]) for j in range(3)])
        start = random_start(rng, X, 3) | {"means_init": X[[0, 60, 120]]}
        model = GaussianMixture(3, reg_covar=0, tol=1e-15, max_iter=3000, **start).fit(X)
        factors = np.linalg.cholesky(model.covariances_)

        def log_likelihood(logits, means, factors):
            weights = model.weights_ * np.exp(logits)
            return responsibilities(X, weights / weights.sum(), means, factors @ np.swapaxes(factors, 1, 2))[1]

        zero = np.zeros(3), model.means_, factors
        slopes = []
        for _ in range(8):
            # In units of each component's own width.
            move = np.einsum("kij,kj->ki", factors, rng.normal(size=(3, 2)))
            direction = rng.normal(size=3), move, factors @ np.tril(rng.normal(size=(3, 2, 2)))
            up, down = (log_likelihood(*(a + h * b for a, b in zip(zero, direction))) for h in (1e-5, -1e-5))
            slopes.append((up - down) / 2e-5)
        assert np.abs(slopes).max() < 1e-6
        # The same directions do see a slope where EM has not converged.
        off = np.zeros(3), model.means_ + np.einsum("kij->ki", factors) / 10, factors
        up, down = (log_likelihood(*(a + h * b for a, b in zip(off, direction))) for h in (1e-5, -1e-5))
        assert abs(up - down) / 2e-5 > 1e-4


# As scikit-learn's


@pytest.mark.parametrize("covariance_type", TYPES)
def test_as_scikit_learn(covariance_type):
    for seed in range(6):
        rng = np.random.default_rng(seed)
        X = random_data(rng, n=150)
        k = int(rng.integers(1, 5))
        settings = {"covariance_type": covariance_type, "reg_covar": [1e-6, 0.1][seed % 2], "tol": 1e-4, "max_iter": [100, 3][seed % 3 == 0]}
        settings |= random_start(rng, X, k, covariance_type)
        ours = GaussianMixture(k, **settings).fit(X)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reference = theirs.GaussianMixture(k, **settings).fit(X)
        assert (ours.n_iter_, ours.converged_) == (reference.n_iter_, reference.converged_)
        for name in ("weights_", "means_", "covariances_", "precisions_", "precisions_cholesky_", "lower_bound_", "lower_bounds_"):
            a, b = getattr(ours, name), getattr(reference, name)
            assert np.shape(a) == np.shape(b), name
            np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-8, err_msg=name)
        new = 2 * rng.normal(size=(50, X.shape[1]))
        np.testing.assert_allclose(ours.predict_proba(new), reference.predict_proba(new), atol=1e-6)
        np.testing.assert_allclose(ours.score_samples(new), reference.score_samples(new), rtol=1e-6)
        np.testing.assert_array_equal(ours.predict(X), reference.predict(X))
        for name in ("score", "bic", "aic"):
            assert getattr(ours, name)(X) == pytest.approx(getattr(reference, name)(X), rel=1e-8)


@pytest.mark.parametrize("covariance_type", TYPES)
def test_samples_have_the_moments_of_the_mixture(covariance_type):
    rng = np.random.default_rng(0)
    X = random_data(rng, n=200, d=3)
    model = GaussianMixture(3, covariance_type=covariance_type, random_state=0, **random_start(rng, X, 3, covariance_type)).fit(X)
    Z, y = model.sample(40_000)
    assert Z.shape == (40_000, 3) and (np.diff(y) >= 0).all()
    matrices = as_matrices(model.covariances_, covariance_type, 3, 3)
    for j in range(3):
        part, deviation = Z[y == j], np.sqrt(matrices[j].diagonal())
        assert len(part) / len(Z) == pytest.approx(model.weights_[j], abs=0.015)
        np.testing.assert_allclose((part.mean(axis=0) - model.means_[j]) / deviation, 0, atol=0.1)
        np.testing.assert_allclose((np.cov(part.T) - matrices[j]) / np.outer(deviation, deviation), 0, atol=0.15)
    np.testing.assert_array_equal(model.sample(40_000)[0], Z)
    with pytest.raises(ValueError, match="n_samples"):
        model.sample(0)


# Hard data


@pytest.mark.parametrize("covariance_type", TYPES)
def test_far_from_the_origin(covariance_type):
    rng = np.random.default_rng(1)
    X = np.round(random_data(rng, n=100, d=2) * 2**10) / 2**10  # so that adding 1e8 loses nothing
    settings = {"covariance_type": covariance_type, **random_start(rng, X, 3, covariance_type)}
    near = GaussianMixture(3, **settings).fit(X)
    settings["means_init"] = settings["means_init"] + 1e8
    far = GaussianMixture(3, **settings).fit(X + 1e8)
    assert far.n_iter_ == near.n_iter_
    mixture = Mixture(X + 1e8, covariance_type, 1e-6)
    mixture.expect(mixture.maximise(np.full((2, 100), 0.5)))
    assert mixture.expanded  # about the centre of the data, the fast form keeps its digits
    np.testing.assert_allclose(far.means_ - 1e8, near.means_, atol=1e-6)
    np.testing.assert_allclose(far.covariances_, near.covariances_, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(far.predict_proba(X + 1e8), near.predict_proba(X), atol=1e-6)


@pytest.mark.parametrize("covariance_type", TYPES)
def test_components_a_million_widths_apart(covariance_type):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 2))
    X[100:] += 1e6
    model = GaussianMixture(2, covariance_type=covariance_type, random_state=0).fit(X)
    order = model.means_[:, 0].argsort()
    matrices = as_matrices(model.covariances_, covariance_type, 2, 2)[order]
    labels = np.repeat([0, 1], 100)
    _, means, covariances = slow_m_step(X, np.eye(2)[labels], 1e-6, covariance_type)
    np.testing.assert_allclose(model.means_[order], means, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(matrices, as_matrices(covariances, covariance_type, 2, 2), rtol=1e-7, atol=1e-9)
    np.testing.assert_array_equal(model.predict(X), order.argsort()[labels])


@pytest.mark.parametrize("covariance_type", TYPES)
def test_a_component_on_one_point(covariance_type):
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(size=(50, 2)), [[1000.0, 0.0]]])
    settings = {"covariance_type": covariance_type, "means_init": X[[0, 50]], "weights_init": [0.98, 0.02]}
    settings["precisions_init"] = np.ones(shape(covariance_type, 2, 2))
    if covariance_type in ("full", "tied"):
        settings["precisions_init"] = settings["precisions_init"] * np.eye(2)
    model = GaussianMixture(2, **settings).fit(X)
    assert np.isfinite(model.covariances_).all() and np.isfinite(model.score_samples(X)).all()
    np.testing.assert_allclose(model.means_[1], [1000, 0], atol=1e-6)
    if covariance_type == "tied":  # all points make its covariance: nothing collapses
        GaussianMixture(2, reg_covar=0, **settings).fit(X)
        return
    np.testing.assert_allclose(as_matrices(model.covariances_, covariance_type, 2, 2)[1], 1e-6 * np.eye(2), rtol=1e-3, atol=1e-9)
    with pytest.raises(ValueError, match=r"component 1 has collapsed: .* Increase reg_covar \(it was 0"):
        GaussianMixture(2, reg_covar=0, **settings).fit(X)


def test_features_that_determine_each_other():
    x = np.random.default_rng(0).normal(size=50)
    for X in (np.column_stack([x, 2 * x]), np.column_stack([x, np.full(50, 3.0)]), np.column_stack([x, x + 1e-12 * x**2])):
        model = GaussianMixture(2, random_state=0).fit(X)
        assert np.isfinite(model.score_samples(X)).all() and np.linalg.eigvalsh(model.covariances_).min() > 0
        with pytest.raises(ValueError, match="has collapsed"):
            GaussianMixture(2, reg_covar=0, random_state=0).fit(X)
    with pytest.raises(ValueError, match="the tied covariance has collapsed"):
        GaussianMixture(2, reg_covar=0, covariance_type="tied", random_state=0).fit(X)


@pytest.mark.parametrize("covariance_type", TYPES)
def test_nothing_but_duplicates(covariance_type):
    X = np.full((10, 2), 7.0)
    model = GaussianMixture(2, covariance_type=covariance_type, init_params="random", random_state=0).fit(X)
    np.testing.assert_allclose(model.means_, 7)
    assert np.isfinite(model.score(X)) and model.weights_.sum() == pytest.approx(1)
    with pytest.raises(ValueError, match="has collapsed"):
        GaussianMixture(2, covariance_type=covariance_type, init_params="random", reg_covar=0).fit(X)


def test_a_component_that_loses_all_points():
    X = np.random.default_rng(0).normal(size=(40, 2))
    model = GaussianMixture(2, weights_init=[0.5, 0.5], means_init=[[0, 0], [1e5, 0]], precisions_init=np.array([np.eye(2)] * 2)).fit(X)
    assert model.weights_[1] < 1e-12 and np.isfinite(model.means_).all() and np.isfinite(model.score_samples(X)).all()
    np.testing.assert_allclose(model.means_[0], X.mean(axis=0), atol=1e-9)


def test_as_many_components_as_points_and_more():
    X = np.array([[0.0], [1.0], [5.0]])
    model = GaussianMixture(3, random_state=0).fit(X)
    np.testing.assert_allclose(np.sort(model.means_.ravel()), [0, 1, 5], atol=1e-6)
    with pytest.raises(ValueError, match="n_components .* n_samples = 3"):
        GaussianMixture(4).fit(X)
    with pytest.raises(ValueError, match="minimum of 2"):
        GaussianMixture(1).fit([[1.0]])


def test_one_component_is_the_mean_and_the_covariance():
    X = random_data(np.random.default_rng(0))
    model = GaussianMixture(reg_covar=0).fit(X)
    np.testing.assert_allclose(model.means_[0], X.mean(axis=0))
    np.testing.assert_allclose(model.covariances_[0], np.cov(X.T, bias=True).reshape(X.shape[1], -1), rtol=1e-9)
    assert model.converged_ and model.n_iter_ == 2


def test_float32():
    rng = np.random.default_rng(0)
    X = random_data(rng, n=100, d=2).astype(np.float32)
    start = random_start(rng, X.astype(float), 2)
    single, double = (GaussianMixture(2, **start).fit(each) for each in (X, X.astype(float)))
    np.testing.assert_array_equal(single.means_, double.means_)


def test_a_table_that_is_too_large(monkeypatch):
    rng = np.random.default_rng(0)
    X = random_data(rng, n=100, d=3)
    start = random_start(rng, X, 3)
    expanded = GaussianMixture(3, **start).fit(X)
    monkeypatch.setattr("mlcourse._mixture_em._LARGEST_TABLE", 10)
    monkeypatch.setattr("mlcourse._mixture_covariances._BLOCK", 30)  # several blocks of rows
    plain = GaussianMixture(3, **start).fit(X)
    assert Mixture(X, "full", 0.0).table is None
    np.testing.assert_allclose(plain.means_, expanded.means_, rtol=1e-8)
    np.testing.assert_allclose(plain.covariances_, expanded.covariances_, rtol=1e-7)


def test_the_expanded_form_gives_way():
    """Where it would lose digits, in either step."""
    X = np.random.default_rng(0).normal(size=(50, 1))
    mixture = Mixture(X, "full", 0.0)
    narrow = np.full((1, 1, 1), 1e-9)
    mixture.expect(Parameters(np.ones(1), np.zeros((1, 1)), narrow, factor_precisions(narrow, "full", 0.0, X)))
    assert not mixture.expanded
    mixture = Mixture(np.array([[0.0], [1e-6], [1.0], [1.0 + 1e-6]]), "full", 0.0)
    p = mixture.maximise(np.array([[1.0, 1, 0, 0], [0, 0, 1, 1]]))
    assert not mixture.expanded
    np.testing.assert_allclose(p.covariances.ravel(), 2.5e-13, rtol=1e-6)


# The estimator


@pytest.mark.parametrize("init_params", ["kmeans", "k-means++", "random", "random_from_data"])
def test_starts(init_params):
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(size=(40, 2)), rng.normal(size=(40, 2)) + 8])
    for reg_covar in (0, 1e-6):
        a, b = (GaussianMixture(2, init_params=init_params, reg_covar=reg_covar, random_state=3).fit(X) for _ in range(2))
        np.testing.assert_array_equal(a.means_, b.means_)
        first = next(a.steps(X))
        assert first.iteration == 0 and first.responsibilities.shape == (80, 2)
        np.testing.assert_allclose(first.responsibilities.sum(axis=1), 1)
    if init_params in ("kmeans", "k-means++"):
        np.testing.assert_allclose(np.sort(a.means_[:, 0]), [0, 8], atol=0.5)


@pytest.mark.parametrize("given", [("weights_init",), ("means_init",), ("precisions_init",), ("weights_init", "precisions_init")])
@pytest.mark.parametrize("covariance_type", TYPES)
def test_a_start_that_is_given_in_part(given, covariance_type):
    rng = np.random.default_rng(0)
    X = random_data(rng, d=2)
    start = random_start(rng, X, 2, covariance_type)
    first = next(GaussianMixture(2, covariance_type=covariance_type, random_state=0, **{name: start[name] for name in given}).steps(X))
    free = next(GaussianMixture(2, covariance_type=covariance_type, random_state=0).steps(X))
    for name, value, otherwise in (("weights_init", first.weights, free.weights), ("means_init", first.means, free.means)):
        np.testing.assert_allclose(value, start[name] if name in given else otherwise, rtol=1e-9)
    if "precisions_init" in given:
        P = start["precisions_init"]
        expected = np.linalg.inv(P) if covariance_type in ("full", "tied") else 1 / P
        np.testing.assert_allclose(first.covariances, expected, rtol=1e-8)


def test_steps_are_what_fit_does():
    rng = np.random.default_rng(0)
    X = random_data(rng, n=80, d=2)
    model = GaussianMixture(3, n_init=1, random_state=0, tol=1e-5)
    states = list(model.steps(X))
    model.fit(X)
    last = states[-1]
    assert [s.iteration for s in states] == list(range(model.n_iter_ + 1))
    np.testing.assert_array_equal(last.means, model.means_)
    np.testing.assert_array_equal(last.covariances, model.covariances_)
    np.testing.assert_array_equal([s.log_likelihood for s in states[:-1]], model.lower_bounds_)
    assert model.lower_bound_ == model.lower_bounds_[-1]
    assert last.log_likelihood == pytest.approx(model.score(X), rel=1e-10)
    np.testing.assert_allclose(last.responsibilities, model.predict_proba(X), atol=1e-9)
    np.testing.assert_array_equal(model.fit_predict(X), model.predict(X))
    # A state stays what it was while the iteration goes on.
    again = model.steps(X)
    kept = next(again)
    before = kept.responsibilities.copy(), kept.means.copy()
    next(again)
    np.testing.assert_array_equal(kept.responsibilities, before[0])
    np.testing.assert_array_equal(kept.means, before[1])


def test_several_starts_give_the_best_of_them():
    X = random_data(np.random.default_rng(3), n=60, d=2, k=5)
    rng = np.random.default_rng(0)
    single = [GaussianMixture(5, init_params="random_from_data", random_state=rng).fit(X).lower_bound_ for _ in range(6)]
    best = GaussianMixture(5, init_params="random_from_data", n_init=6, random_state=np.random.default_rng(0)).fit(X)
    assert max(single) > min(single) + 1e-3
    assert best.lower_bound_ == max(single)


def test_warm_start_goes_on():
    rng = np.random.default_rng(0)
    X = random_data(rng, n=100, d=2)
    settings = {"tol": 1e-9, **random_start(rng, X, 3)}
    once = GaussianMixture(3, max_iter=10, **settings).fit(X)
    twice = GaussianMixture(3, max_iter=5, warm_start=True, **settings).fit(X).fit(X)
    np.testing.assert_allclose(twice.means_, once.means_, rtol=1e-8)
    assert twice.lower_bound_ == pytest.approx(once.lower_bound_, rel=1e-10)
    with pytest.raises(ValueError, match="warm_start"):
        twice.set_params(n_components=2, weights_init=None, means_init=None, precisions_init=None).fit(X)


def test_warning_and_no_iteration():
    X = random_data(np.random.default_rng(0), n=60, d=2)
    with pytest.warns(ConvergenceWarning, match="max_iter = 1"):
        model = GaussianMixture(3, max_iter=1, random_state=0).fit(X)
    assert model.n_iter_ == 1 and not model.converged_
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = GaussianMixture(3, max_iter=0, random_state=0).fit(X)
    assert model.n_iter_ == 0 and model.lower_bounds_ == []
    np.testing.assert_array_equal(model.means_, next(model.steps(X)).means)


def test_verbose(capsys):
    X = random_data(np.random.default_rng(0), n=60, d=2)
    GaussianMixture(2, verbose=2, verbose_interval=3, max_iter=7, tol=0, n_init=2, random_state=0).fit(X)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 8 and lines[0].startswith("[GaussianMixture, start 1] step 0 of 7: log-likelihood ")


@pytest.mark.parametrize("parameters, message", [
    ({"n_components": 0}, "n_components"),
    ({"covariance_type": "round"}, "covariance_type must be one of 'full'"),
    ({"tol": -1.0}, "tol"),
    ({"reg_covar": -1e-6}, "reg_covar"),
    ({"max_iter": -1}, "max_iter"),
    ({"n_init": 0}, "n_init"),
    ({"init_params": "best"}, "init_params"),
    ({"verbose_interval": 0}, "verbose_interval"),
    ({"weights_init": [0.5, 0.6]}, "weights_init must be numbers >= 0 with the sum 1"),
    ({"weights_init": [1.0]}, r"weights_init must have shape \(2,\)"),
    ({"means_init": [[0.0], [1.0]]}, r"means_init must have shape \(2, 2\)"),
    ({"means_init": [[0.0, 0.0], [1.0, np.nan]]}, "means_init must hold finite"),
    ({"precisions_init": np.eye(2)}, r"precisions_init must have shape \(2, 2, 2\)"),
    ({"precisions_init": -np.array([np.eye(2)] * 2)}, "precisions_init must be symmetric and positive definite"),
    ({"precisions_init": np.array([[[1.0, 0.5], [0.0, 1.0]]] * 2)}, "precisions_init must be symmetric"),
    ({"precisions_init": [1.0, 0.0], "covariance_type": "spherical"}, "precisions_init must be positive"),
])
def test_bad_parameters(parameters, message):
    with pytest.raises(ValueError, match=message):
        GaussianMixture(**({"n_components": 2} | parameters)).fit(np.random.default_rng(0).normal(size=(10, 2)))


def test_not_fitted():
    for method in ("predict", "predict_proba", "score_samples", "score", "bic", "aic"):
        with pytest.raises(NotFittedError):
            getattr(GaussianMixture(), method)([[0.0]])
    with pytest.raises(NotFittedError):
        GaussianMixture().sample()
