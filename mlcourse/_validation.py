"""Checks of data and of parameters: one clear message for each mistake.

A message names the parameter, says what came and what is allowed, so that a learner can mend the call without reading code.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from mlcourse.exceptions import ConvergenceWarning, DataConversionWarning, NotFittedError
from mlcourse._parameters import _shown, check_choice, check_number, check_random_state

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


def check_array(
    X: ArrayLike,
    *,
    name: str = "X",
    dtype: DTypeLike | tuple[DTypeLike, ...] = np.float64,
    ndim: int | None = 2,
    min_samples: int = 1,
    min_features: int = 1,
    finite: bool = True,
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
    finite : bool
        Whether to look for NaN and infinities; otherwise the caller has to find them in what is computed.
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
    if finite:
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
            f"{name} must hold finite numbers (it had {bad.sum()} NaN or infinite ones of {array.size}, "
            f"the first, {kind}, at {place})"
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
