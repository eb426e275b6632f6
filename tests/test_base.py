"""Parameters and scores of estimators; scikit-learn's own checks are in test_common."""

import numpy as np
import pytest
from sklearn.base import clone, is_classifier, is_clusterer, is_regressor
from sklearn.metrics import accuracy_score, r2_score

from mlcourse.base import BaseEstimator, ClassifierMixin, ClusterMixin, RegressorMixin, TransformerMixin


class Inner(BaseEstimator):
    def __init__(self, width=1, *, shape="round"):
        self.width = width
        self.shape = shape


class Outer(BaseEstimator):
    def __init__(self, inner=None, *, start=None):
        self.inner = inner
        self.start = start


class Constant:
    """Predicts what it was given."""

    def __init__(self, predicted=()):
        self.predicted = predicted

    def predict(self, X):
        return np.asarray(self.predicted)


class ConstantClassifier(ClassifierMixin, Constant, BaseEstimator):
    pass


class ConstantRegressor(RegressorMixin, Constant, BaseEstimator):
    pass


class FirstFeature(ClusterMixin, TransformerMixin, BaseEstimator):
    def fit(self, X, y=None):
        self.n_features_in_ = np.shape(X)[1]
        self.embedding_ = np.asarray(X)[:, :1]
        self.labels_ = (self.embedding_[:, 0] > 0).astype(int)
        return self

    def transform(self, X):
        return np.asarray(X)[:, :1]


def test_params_are_read_and_set():
    estimator = Inner(3)
    assert estimator.get_params() == {"width": 3, "shape": "round"}
    assert estimator.set_params(shape="flat", width=4) is estimator
    assert (estimator.width, estimator.shape) == (4, "flat")
    assert BaseEstimator().get_params() == {}


def test_nested_params():
    estimator = Outer(Inner(2))
    assert estimator.get_params()["inner__width"] == 2
    assert "inner__width" not in estimator.get_params(deep=False)
    estimator.set_params(inner__width=5)
    assert estimator.inner.width == 5
    # The order of the arguments does not matter: the inner parameter is the new estimator's.
    old = estimator.inner
    estimator.set_params(inner__width=7, inner=Inner(6))
    assert (estimator.inner.width, old.width) == (7, 5)


def test_unknown_param():
    with pytest.raises(ValueError, match="'wdth' is not a parameter of Inner: its parameters are shape, width"):
        Inner().set_params(wdth=3)


def test_repr_shows_what_differs_from_the_default():
    assert repr(Inner()) == "Inner()"
    assert repr(Inner(1.0, shape="flat")) == "Inner(width=1.0, shape='flat')"
    assert repr(Outer(Inner(2), start=np.ones((3, 2)))) == "Outer(inner=Inner(width=2), start=<array of shape (3, 2)>)"


def test_clone_copies_parameters_only():
    estimator = Outer(Inner(2))
    estimator.learned_ = 1
    copy = clone(estimator)
    assert copy.inner.width == 2
    assert copy.inner is not estimator.inner
    assert not hasattr(copy, "learned_")


def test_kinds_are_known_to_scikit_learn():
    assert is_classifier(ConstantClassifier())
    assert is_regressor(ConstantRegressor())
    assert is_clusterer(FirstFeature())
    assert not is_classifier(ConstantRegressor())


@pytest.mark.parametrize("seed", range(20))
def test_scores_are_scikit_learns(seed):
    rng = np.random.default_rng(seed)
    n = rng.integers(2, 30)
    weight = rng.random(n) if seed % 2 else None
    X = np.zeros((n, 1))
    y, guess = rng.integers(0, 3, size=(2, n))
    assert ConstantClassifier(guess).score(X, y, weight) == pytest.approx(accuracy_score(y, guess, sample_weight=weight))
    y, guess = rng.normal(size=(2, n))
    assert ConstantRegressor(guess).score(X, y, weight) == pytest.approx(r2_score(y, guess, sample_weight=weight))


def test_r2_of_a_constant_target():
    assert ConstantRegressor([2.0, 2.0]).score([[0], [0]], [2.0, 2.0]) == 1.0
    assert ConstantRegressor([2.0, 3.0]).score([[0], [0]], [2.0, 2.0]) == 0.0


def test_score_needs_one_target_a_sample():
    with pytest.raises(ValueError, match="y must have one entry for each of the 2 samples"):
        ConstantClassifier([0, 1]).score([[0], [0]], [0])


def test_mixins_combine_fit_with_its_result():
    X = [[-1.0, 0.0], [1.0, 0.0]]
    np.testing.assert_array_equal(FirstFeature().fit_predict(X), [0, 1])
    np.testing.assert_array_equal(FirstFeature().fit_transform(X), [[-1.0], [1.0]])
    assert list(FirstFeature().fit(X).get_feature_names_out()) == ["firstfeature0"]
