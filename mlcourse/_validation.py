"""Checks of parameters and data: one clear message for each mistake.

A message names the parameter, says what came and what is allowed, so that a learner can mend the call without reading code.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

__all__ = [
    "ConvergenceWarning",
    "DataConversionWarning",
    "NotFittedError",
    "check_X_y",
    "check_array",
    "check_choice",
    "check_is_fitted",
    "check_number",
    "check_random_state",
    "check_y",
    "validate_data",
]


class _KnownToSklearn:
    """An exception that is scikit-learn's one of the same name too, in a program that uses scikit-learn.

    Its tools catch their own classes only. They are looked up in what is already imported: this package never imports it.
    """

    def __new__(cls, *args):
        theirs = getattr(sys.modules.get("sklearn.exceptions"), cls.__name__, None)
        if theirs is not None and not issubclass(cls, theirs):
            cls = type(cls.__name__, (cls, theirs), {"__module__": cls.__module__})
        return super().__new__(cls, *args)

    def __reduce__(self):
        # The class above has no importable name; a pickle keeps ours, and unpickling finds scikit-learn's again.
        return globals()[type(self).__name__], self.args


class NotFittedError(_KnownToSklearn, ValueError, AttributeError):
    """A method that needs ``fit`` was called before it."""


class ConvergenceWarning(_KnownToSklearn, UserWarning):
    """An iteration stopped at its limit before it converged."""


class DataConversionWarning(_KnownToSklearn, UserWarning):
    """The data was taken in another shape than it came in."""


def check_array(
    X: ArrayLike,
    *,
    name: str = "X",
    dtype: DTypeLike | tuple[DTypeLike, ...] = np.float64,
    ndim: int | None = 2,
    min_samples: int = 1,
    min_features: int = 1,
    copy: bool = False,
) -> NDArray:
    """Turn `X` into an array of finite numbers, or say why it is none.

    Parameters
    ----------
    X : array_like
        Lists, arrays of any layout and numeric type, or anything that `numpy.asarray` understands, such as a data frame.
    name : str
        What the messages call `X`.
    dtype : dtype or tuple of dtypes
        The type of the result. Of several, the one `X` has, else the first: ``(np.float64, np.float32)`` keeps float32.
    ndim : int or None
        The number of dimensions that is required; None allows any.
    min_samples, min_features : int
        The smallest allowed length of the first and of the second dimension.
    copy : bool
        Whether the result must not share memory with `X`. Otherwise it may be `X` itself, and must not be written to.

    Returns
    -------
    ndarray
        `X` as an array of type `dtype`.

    Raises
    ------
    TypeError
        If `X` is sparse, or holds things that are no numbers.
    ValueError
        If `X` holds strings, complex numbers, NaN or infinities, or has the wrong shape.
    """
    if hasattr(X, "toarray") and hasattr(X, "nnz"):
        raise TypeError(f"Sparse {name} is not supported (it was a {type(X).__name__}): pass {name}.toarray()")
    if isinstance(X, np.ma.MaskedArray) and np.ma.is_masked(X):
        raise ValueError(f"{name} must have no masked values: remove or fill them")
    array = _as_numbers(X, name, dtype)
    if ndim is not None and array.ndim != ndim:
        message = f"{name} must be a {ndim}-D array (it had shape {array.shape})."
        if ndim == 2 and array.ndim < 2:
            message += (
                f" Reshape your data: {name}.reshape(-1, 1) if it has one feature, {name}.reshape(1, -1) if it is one sample"
            )
        raise ValueError(message)
    for axis, what, minimum in ((0, "sample", min_samples), (1, "feature", min_features)):
        if axis < array.ndim and array.shape[axis] < minimum:
            raise ValueError(
                f"{name} has {array.shape[axis]} {what}(s) (shape={array.shape}) while a minimum of {minimum} is required."
            )
    _check_finite(array, name)
    return array.copy() if copy and np.may_share_memory(array, X) else array


def _as_numbers(X: ArrayLike, name: str, dtype: DTypeLike | tuple[DTypeLike, ...]) -> NDArray:
    try:
        array = np.asarray(X)
    except ValueError as error:
        raise ValueError(f"{name} must be a rectangular array of numbers ({error})") from None
    if array.dtype.kind == "c":
        raise ValueError(f"Complex data not supported: {name} must hold real numbers (its dtype was {array.dtype})")
    if array.dtype.kind not in "biufO":
        raise ValueError(f"{name} must hold numbers (its dtype was {array.dtype})")
    allowed = [np.dtype(each) for each in (dtype if isinstance(dtype, tuple) else (dtype,))]
    if array.dtype in allowed:
        return array
    try:
        return array.astype(allowed[0])
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name} must hold numbers: {error}") from None


def _check_finite(array: NDArray, name: str) -> None:
    if array.dtype.kind != "f":
        return
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(array.sum()):  # one pass without a temporary; a sum can also overflow, so it only acquits
            return
    bad = ~np.isfinite(array)
    if bad.any():
        first = tuple(int(i) for i in np.argwhere(bad)[0])
        place = {1: "index {}", 2: "row {}, column {}"}.get(array.ndim, "index " + str(first)).format(*first)
        kind = "NaN" if np.isnan(array[first]) else "infinite"
        raise ValueError(
            f"{name} must hold finite numbers (it had {bad.sum()} NaN or infinite ones of {array.size}, the first, {kind}, at {place})"
        )


def check_y(y: ArrayLike, n_samples: int, *, name: str = "y", kind: str = "class") -> NDArray:
    """Turn the target `y` into a 1-D array with one entry for each sample.

    Parameters
    ----------
    y : array_like, shape (n_samples,)
        Labels or numbers. A column of shape (n_samples, 1) is taken with a `DataConversionWarning`.
    n_samples : int
        The number of samples of `X`.
    name : str
        What the messages call `y`.
    kind : {"class", "number"}
        Labels of any type but fractional numbers, or finite numbers.

    Returns
    -------
    ndarray, shape (n_samples,)
        The labels as they came, or the numbers as floats.

    Raises
    ------
    ValueError
        If `y` is None, has another length, or is not of that kind.
    """
    if y is None:
        raise ValueError(f"fit requires {name} to be passed, but the target {name} is None")
    array = np.asarray(y)
    if array.ndim == 2 and array.shape[1] == 1:
        warnings.warn(
            DataConversionWarning(
                f"A column-vector {name} was passed when a 1d array was expected: {name}.ravel() has the right shape"
            ),
            stacklevel=3,
        )
        array = array.ravel()
    if array.ndim != 1:
        raise ValueError(f"{name} should be a 1d array (it had shape {array.shape})")
    if len(array) != n_samples:
        raise ValueError(f"{name} must have one entry for each of the {n_samples} samples of X (it had {len(array)})")
    if kind == "number" or array.dtype.kind == "f":
        array = check_array(array, name=name, dtype=(np.float64, np.float32), ndim=1)
    if kind == "class" and array.dtype.kind == "f" and np.any(array != np.rint(array)):
        raise ValueError(f"Unknown label type: {name} must hold classes, but it holds continuous numbers")
    return array


def check_X_y(X: ArrayLike, y: ArrayLike, *, kind: str = "class", **check_array_options) -> tuple[NDArray, NDArray]:
    """Check the data and the target of a supervised problem together.

    Parameters
    ----------
    X : array_like, shape (n_samples, n_features)
        The data.
    y : array_like, shape (n_samples,)
        The target.
    kind : {"class", "number"}
        What `y` holds; see `check_y`.
    **check_array_options
        See `check_array`.

    Returns
    -------
    X : ndarray, shape (n_samples, n_features)
    y : ndarray, shape (n_samples,)
    """
    X = check_array(X, **check_array_options)
    return X, check_y(y, len(X), kind=kind)


def check_random_state(
    random_state: int | np.random.Generator | np.random.RandomState | None,
) -> np.random.Generator:
    """Turn `random_state` into one generator.

    Parameters
    ----------
    random_state : int, Generator, RandomState or None
        A seed; a generator, which is used and advanced; NumPy's older RandomState, which seeds a new generator (and is
        advanced by one draw); None for one that differs from call to call.

    Returns
    -------
    numpy.random.Generator
    """
    if isinstance(random_state, np.random.RandomState):
        return np.random.default_rng(random_state.randint(2**32, size=4, dtype=np.uint32))
    if random_state is None or isinstance(random_state, np.random.Generator):
        return np.random.default_rng(random_state)
    if isinstance(random_state, Integral) and not isinstance(random_state, (bool, np.bool_)) and random_state >= 0:
        return np.random.default_rng(int(random_state))
    raise ValueError(
        f"random_state must be None, an integer >= 0 or a numpy.random.Generator (it was {_shown(random_state)})"
    )


def check_number(
    value: Any,
    name: str,
    *,
    low: float | None = None,
    high: float | None = None,
    integer: bool = False,
    closed: str = "both",
    low_name: str | None = None,
    high_name: str | None = None,
) -> float | int:
    """Check that a parameter is a finite number within its bounds.

    Parameters
    ----------
    value : object
        What came.
    name : str
        The parameter's name.
    low, high : float or None
        The bounds; None for no bound.
    integer : bool
        Whether it must be an integer.
    closed : {"both", "left", "right", "neither"}
        Which of the bounds are allowed themselves.
    low_name, high_name : str or None
        What a bound means, for the message: ``high_name="n_samples"`` gives ``perplexity < n_samples = 12``.

    Returns
    -------
    int or float
        The number as a Python number.

    Raises
    ------
    TypeError
        If it is not a number (a bool is none), or not an integer where one is needed.
    ValueError
        If it is NaN, infinite or out of bounds.
    """
    left = "<=" if closed in ("both", "left") else "<"
    right = "<=" if closed in ("both", "right") else "<"
    lower = "" if low is None else f"{f'{low_name} = ' if low_name else ''}{low} {left} "
    upper = "" if high is None else f" {right} {f'{high_name} = ' if high_name else ''}{high}"
    message = f"{name} must be {'an integer' if integer else 'a number'}"
    message += f" with {lower}{name}{upper}" if lower or upper else "" if integer else " that is finite"
    message += f" (it was {_shown(value)})"
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Integral if integer else Real):
        raise TypeError(message)
    inside = (
        np.isfinite(value)
        and (low is None or value > low or (left == "<=" and value == low))
        and (high is None or value < high or (right == "<=" and value == high))
    )
    if not inside:
        raise ValueError(message)
    return int(value) if isinstance(value, Integral) else float(value)


def check_choice(value: Any, name: str, choices: Sequence) -> Any:
    """Check that a parameter is one of its allowed values.

    Parameters
    ----------
    value : object
        What came.
    name : str
        The parameter's name.
    choices : sequence
        What is allowed.

    Returns
    -------
    object
        The value.

    Raises
    ------
    ValueError
        If it is none of them.
    """
    for choice in choices:
        # 1 == True, and an array compares entry by entry: the type has to be the same too.
        if type(value) is type(choice) and value == choice:
            return value
    raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))} (it was {_shown(value)})")


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= 80 else text[:77] + "..."


def check_is_fitted(estimator: Any, attribute: str = "n_features_in_") -> None:
    """Raise `NotFittedError` unless the estimator has been fitted.

    Parameters
    ----------
    estimator : BaseEstimator
        The estimator.
    attribute : str
        An attribute that ``fit`` sets.
    """
    if not hasattr(estimator, attribute):
        raise NotFittedError(f"This {type(estimator).__name__} is not fitted yet: call fit with the data first")


def validate_data(estimator: Any, X: ArrayLike, *, reset: bool, **check_array_options) -> NDArray:
    """Check the data of an estimator's method, and that it has the features ``fit`` saw.

    Parameters
    ----------
    estimator : BaseEstimator
        The estimator; `reset` sets its ``n_features_in_``, and ``feature_names_in_`` if `X` is a data frame with names.
    X : array_like, shape (n_samples, n_features)
        The data.
    reset : bool
        True in ``fit``; False in methods that need the same features again.
    **check_array_options
        See `check_array`.

    Returns
    -------
    ndarray, shape (n_samples, n_features)
    """
    names = _feature_names(X)
    array = check_array(X, **check_array_options)
    if reset:
        estimator.n_features_in_ = array.shape[1]
        if names is not None:
            estimator.feature_names_in_ = names
        elif hasattr(estimator, "feature_names_in_"):
            del estimator.feature_names_in_  # of an earlier fit
        return array
    seen = getattr(estimator, "feature_names_in_", None)
    if names is not None and seen is not None and list(names) != list(seen):
        raise ValueError(
            f"The feature names should match those that were passed during fit (they were {_shown(list(names))}, "
            f"in fit {_shown(list(seen))})"
        )
    if array.shape[1] != estimator.n_features_in_:
        raise ValueError(
            f"X has {array.shape[1]} features, but {type(estimator).__name__} is expecting "
            f"{estimator.n_features_in_} features as input"
        )
    return array


def _feature_names(X: Any) -> NDArray | None:
    columns = getattr(X, "columns", None)
    if columns is None or not all(isinstance(each, str) for each in columns):
        return None
    return np.array(list(columns), dtype=object)
