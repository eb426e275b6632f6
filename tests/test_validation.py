"""The checks of input: what is accepted, and what the messages say."""

import pickle
import warnings

import numpy as np
import pytest
import sklearn.exceptions
from scipy.sparse import csr_array

from mlcourse._validation import (
    ConvergenceWarning,
    DataConversionWarning,
    NotFittedError,
    check_array,
    check_choice,
    check_is_fitted,
    check_number,
    check_random_state,
    check_X_y,
    check_y,
    validate_data,
)
from mlcourse.base import BaseEstimator

GOOD = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]


class Frame:
    """As much of a data frame as matters: named columns and a conversion to an array."""

    def __init__(self, data, columns):
        self.data, self.columns = np.asarray(data), columns

    def __array__(self, dtype=None, copy=None):
        return self.data.astype(dtype or self.data.dtype)


class Plain(BaseEstimator):
    pass


@pytest.mark.parametrize(
    "X",
    [
        GOOD,
        tuple(map(tuple, GOOD)),
        np.array(GOOD, dtype=np.float32),
        np.array(GOOD, dtype=np.float16),
        np.array(GOOD, dtype=int),
        np.array(GOOD, dtype=np.uint8),
        np.array(GOOD, dtype=object),
        np.asfortranarray(GOOD),
        np.repeat(np.repeat(np.array(GOOD), 2, axis=0), 3, axis=1)[::2, ::3],
        np.array(GOOD)[::-1][::-1],
        np.ma.masked_array(GOOD, mask=False),
        Frame(GOOD, ["a", "b"]),
    ],
    ids=lambda X: f"{type(X).__name__}-{getattr(X, 'dtype', '')}",
)
def test_array_accepts(X):
    array = check_array(X)
    assert type(array) is np.ndarray
    assert array.dtype == np.float64
    np.testing.assert_array_equal(array, GOOD)


@pytest.mark.parametrize(
    ("given", "kept"), [("f4", "f4"), ("f8", "f8"), ("f2", "f8"), ("i4", "f8"), ("u1", "f8"), ("?", "f8"), ("O", "f8")]
)
def test_array_keeps_a_type_of_several(given, kept):
    assert check_array(np.ones((2, 2), dtype=given), dtype=(np.float64, np.float32)).dtype == kept


def test_array_copies_only_on_demand():
    X = np.array(GOOD)
    assert check_array(X) is X
    copy = check_array(X, copy=True)
    copy[:] = 0
    np.testing.assert_array_equal(X, GOOD)


def test_array_of_other_dimensions():
    assert check_array([1, 2], ndim=1).shape == (2,)
    assert check_array(np.ones((2, 3, 4)), ndim=None).shape == (2, 3, 4)


def test_large_finite_numbers_are_finite():
    # Their sum overflows, which is how a quick test for infinities could go wrong.
    assert check_array([[1e308, 1e308], [1e308, -1e308]]).shape == (2, 2)
    assert check_array(np.full((2, 2), 3e38, dtype=np.float32), dtype=np.float32).dtype == np.float32


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ([[1.0, 2.0], [np.nan, 4.0]], ValueError, "finite numbers .*1 NaN or infinite ones of 4, the first, NaN, at row 1, column 0"),
        ([[1.0, -np.inf], [np.nan, 4.0]], ValueError, "2 NaN or infinite ones of 4, the first, infinite, at row 0, column 1"),
        ([[np.inf, -np.inf]], ValueError, "2 NaN or infinite"),
        ([[1.0, None]], ValueError, "NaN"),
        ([1.0, 2.0], ValueError, r"2-D array \(it had shape \(2,\)\). Reshape your data: X.reshape\(-1, 1\)"),
        (3.0, ValueError, "Reshape your data"),
        (np.ones((2, 2, 2)), ValueError, r"2-D array \(it had shape \(2, 2, 2\)\)"),
        ([[1, 2], [3]], ValueError, "rectangular"),
        (np.ones((0, 3)), ValueError, r"X has 0 sample\(s\) \(shape=\(0, 3\)\) while a minimum of 1 is required"),
        (np.ones((3, 0)), ValueError, r"X has 0 feature\(s\) \(shape=\(3, 0\)\) while a minimum of 1 is required"),
        (np.ones((2, 2)) * 1j, ValueError, "Complex data not supported"),
        ([["a", "b"]], ValueError, "must hold numbers"),
        ([["1", "2"]], ValueError, "must hold numbers"),
        (np.array([["a", 1.0]], dtype=object), ValueError, "must hold numbers"),
        (np.array([[{}, 1.0]], dtype=object), TypeError, "must hold numbers.*argument must be"),
        (np.array([["2020-01-01"]], dtype="M8[D]"), ValueError, "must hold numbers"),
        (csr_array(GOOD), TypeError, r"Sparse X is not supported .*X.toarray\(\)"),
        (np.ma.masked_array(GOOD, mask=[[1, 0]] * 3), ValueError, "masked"),
    ],
)
def test_array_rejects(X, error, message):
    with pytest.raises(error, match=message):
        check_array(X)


def test_array_message_has_the_name_and_the_minimum():
    with pytest.raises(ValueError, match=r"Y has 3 sample\(s\).*minimum of 5"):
        check_array(GOOD, name="Y", min_samples=5)
    with pytest.raises(ValueError, match=r"Y must hold finite numbers .*at index 1\)"):
        check_array([1.0, np.nan], name="Y", ndim=1)


@pytest.mark.parametrize(
    ("value", "options", "error", "message"),
    [
        (
            15,
            {"low": 0, "high": 12, "closed": "neither", "high_name": "n_samples"},
            ValueError,
            "k must be a number with 0 < k < n_samples = 12 (it was 15)",
        ),
        (12, {"low": 0, "high": 12, "closed": "left"}, ValueError, "0 <= k < 12"),
        (0, {"low": 0, "high": 12, "closed": "right"}, ValueError, "0 < k <= 12"),
        (0.5, {"low": 1, "low_name": "floor"}, ValueError, "floor = 1 <= k (it was 0.5)"),
        (2.0, {"integer": True}, TypeError, "k must be an integer (it was 2.0)"),
        (True, {}, TypeError, "k must be a finite number (it was True)"),
        (np.True_, {}, TypeError, "it was True"),
        ("3", {"low": 1}, TypeError, "it was '3'"),
        (None, {}, TypeError, "it was None"),
        (np.ones(3), {}, TypeError, "it was an array of shape (3,)"),
        (1j, {}, TypeError, "it was 1j"),
        (np.nan, {"low": 0}, ValueError, "it was nan"),
        (np.inf, {"low": 0}, ValueError, "it was inf"),
        (-np.inf, {}, ValueError, "it was -inf"),
    ],
)
def test_number_rejects(value, options, error, message):
    with pytest.raises(error) as caught:
        check_number(value, "k", **options)
    assert message in str(caught.value)


def test_number_accepts():
    assert check_number(1, "k", low=1, high=1) == 1
    assert type(check_number(np.int32(3), "k", integer=True)) is int
    assert type(check_number(np.float32(3), "k")) is float
    assert type(check_number(3, "k", low=0, closed="neither")) is int
    assert check_number(10**400, "k", integer=True) == 10**400


def test_choice():
    assert check_choice("b", "k", ("a", "b")) == "b"
    assert check_choice(np.str_("b"), "k", ("a", "b")) == "b"
    assert check_choice(np.True_, "k", (True, False)) is True
    for wrong in ("c", 1, None, np.ones(2)):
        with pytest.raises(ValueError, match="k must be one of 'a', True"):
            check_choice(wrong, "k", ("a", True))


def test_random_state_is_reproducible():
    for seed in (0, np.int64(7)):
        assert check_random_state(seed).random() == check_random_state(seed).random()
    generator = np.random.default_rng(1)
    assert check_random_state(generator) is generator
    assert check_random_state(None).random() != check_random_state(None).random()
    assert (
        check_random_state(np.random.RandomState(3)).random() == check_random_state(np.random.RandomState(3)).random()
    )
    older = np.random.RandomState(3)
    assert check_random_state(older).random() != check_random_state(older).random()


@pytest.mark.parametrize("wrong", [-1, 1.5, "0", True, [1, 2]])
def test_random_state_rejects(wrong):
    with pytest.raises(ValueError, match="random_state must be None, an integer >= 0 or"):
        check_random_state(wrong)


def test_target_is_kept_or_made_floats():
    assert check_y(["a", "b"], 2).dtype.kind == "U"
    assert check_y([1, 0], 2).dtype.kind == "i"
    assert check_y([1, 0], 2, kind="number").dtype == np.float64
    assert check_y(np.ones(2, "f4"), 2, kind="number").dtype == np.float32
    X, y = check_X_y(GOOD, [0, 1, 1], min_samples=3)
    assert X.shape == (3, 2)
    assert y.shape == (3,)


def test_target_column_is_flattened_with_a_warning():
    with pytest.warns(DataConversionWarning, match="A column-vector y was passed when a 1d array was expected"):
        y = check_y([[1], [0]], 2)
    np.testing.assert_array_equal(y, [1, 0])


@pytest.mark.parametrize(
    ("y", "options", "message"),
    [
        (None, {}, "requires y to be passed, but the target y is None"),
        ([0, 1], {}, r"y must have one entry for each of the 3 samples of X \(it had 2\)"),
        (np.ones((3, 2)), {}, r"y should be a 1d array \(it had shape \(3, 2\)\)"),
        ([0.5, 1, 2], {}, "Unknown label type.*continuous"),
        ([np.nan, 1, 2], {}, "y must hold finite numbers"),
        ([np.inf, 1, 2], {"kind": "number"}, "y must hold finite numbers"),
        (["a", "b", "c"], {"kind": "number"}, "y must hold numbers"),
    ],
)
def test_target_rejects(y, options, message):
    with pytest.raises(ValueError, match=message):
        check_y(y, 3, **options)


def test_features_of_fit_are_required_later():
    estimator = Plain()
    validate_data(estimator, GOOD, reset=True)
    assert estimator.n_features_in_ == 2
    assert not hasattr(estimator, "feature_names_in_")
    with pytest.raises(ValueError, match="X has 1 features, but Plain is expecting 2 features as input"):
        validate_data(estimator, [[1.0]], reset=False)


def test_feature_names_of_fit_are_required_later():
    estimator = Plain()
    validate_data(estimator, Frame(GOOD, ["a", "b"]), reset=True)
    assert list(estimator.feature_names_in_) == ["a", "b"]
    validate_data(estimator, Frame(GOOD, ["a", "b"]), reset=False)
    validate_data(estimator, GOOD, reset=False)
    with pytest.raises(ValueError, match="feature names should match"):
        validate_data(estimator, Frame(GOOD, ["b", "a"]), reset=False)
    validate_data(estimator, Frame(GOOD, [0, 1]), reset=True)
    assert not hasattr(estimator, "feature_names_in_")


def test_not_fitted():
    with pytest.raises(NotFittedError, match="This Plain is not fitted yet: call fit"):
        check_is_fitted(Plain())
    estimator = Plain()
    estimator.labels_ = 1
    check_is_fitted(estimator, "labels_")


@pytest.mark.parametrize("ours", [NotFittedError, ConvergenceWarning, DataConversionWarning])
def test_exceptions_are_scikit_learns_too(ours):
    theirs = getattr(sklearn.exceptions, ours.__name__)
    raised = ours("why")
    assert isinstance(raised, ours)
    assert isinstance(raised, theirs)
    again = pickle.loads(pickle.dumps(raised))
    assert isinstance(again, theirs)
    assert again.args == ("why",)
    assert type(raised).__name__ == ours.__name__


def test_convergence_warning_can_be_raised_both_ways():
    with pytest.warns(ConvergenceWarning, match="why"):
        warnings.warn("why", ConvergenceWarning, stacklevel=1)
    with pytest.warns(sklearn.exceptions.ConvergenceWarning, match="why"):
        warnings.warn(ConvergenceWarning("why"), stacklevel=1)
