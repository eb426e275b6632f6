"""What every estimator of the course is built on: parameters, their display, and scores.

The conventions are scikit-learn's, so that these estimators work in its pipelines and searches and pass its checks. The
constructor stores its arguments and does nothing else; ``fit`` checks them, learns, and stores what it learned in attributes
that end with ``_``.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcourse._validation import check_is_fitted, check_y

__all__ = ["BaseEstimator", "ClassifierMixin", "ClusterMixin", "RegressorMixin", "TransformerMixin"]


class BaseEstimator:
    """Base class of all estimators: reads and sets the parameters of the constructor by their names."""

    @classmethod
    def _parameter_defaults(cls) -> dict[str, Any]:
        from inspect import signature  # slow to import, and seldom needed

        parameters = list(signature(cls.__init__).parameters.values())[1:]
        return {p.name: p.default for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)}

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Give the parameters of the constructor as they are now.

        Parameters
        ----------
        deep : bool
            Whether to add those of parameters that are estimators themselves, as ``outer__inner``.

        Returns
        -------
        dict
            Name and value of each parameter.
        """
        params = {name: getattr(self, name) for name in sorted(self._parameter_defaults())}
        if deep:
            for name, value in list(params.items()):
                if hasattr(value, "get_params") and not isinstance(value, type):
                    params |= {f"{name}__{inner}": each for inner, each in value.get_params().items()}
        return params

    def set_params(self, **params: Any) -> Self:
        """Set parameters by their names.

        Parameters
        ----------
        **params
            Names and values; ``outer__inner`` sets a parameter of an estimator that is a parameter.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If there is no such parameter.
        """
        known = self._parameter_defaults()
        # Outer ones first: the inner parameters belong to the estimator that is set here.
        for name, value in sorted(params.items(), key=lambda item: "__" in item[0]):
            outer, _, inner = name.partition("__")
            if outer not in known:
                raise ValueError(
                    f"{outer!r} is not a parameter of {type(self).__name__}: its parameters are {', '.join(sorted(known))}"
                )
            if inner:
                getattr(self, outer).set_params(**{inner: value})
            else:
                setattr(self, outer, value)
        return self

    def __repr__(self) -> str:
        changed = []
        for name, default in self._parameter_defaults().items():
            value = getattr(self, name)
            if isinstance(value, np.ndarray):
                changed.append(f"{name}=<array of shape {value.shape}>")
            elif repr(value) != repr(default):
                changed.append(f"{name}={value!r}")
        return f"{type(self).__name__}({', '.join(changed)})"

    def __sklearn_tags__(self):
        # Only scikit-learn calls this, so it is there.
        from sklearn.utils import Tags, TargetTags

        return Tags(
            estimator_type=None,
            target_tags=TargetTags(required=False),
            transformer_tags=None,
            classifier_tags=None,
            regressor_tags=None,
        )


class TransformerMixin:
    """For estimators that turn data into other data."""

    # The floating types of which the output has the type of the input.
    _preserves_dtype = ("float64",)

    def fit_transform(self, X: ArrayLike, y: Any = None) -> NDArray:
        """Fit to the data, then transform it.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)
            The data.
        y : array_like or None
            The target, where the transformer uses one.

        Returns
        -------
        ndarray, shape (n_samples, n_features_out)
        """
        return self.fit(X, y).transform(X)

    @property
    def _n_features_out(self) -> int:
        return self.embedding_.shape[1]

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray:
        """Name the columns of the output: the class's name in small letters and a number.

        Parameters
        ----------
        input_features : array_like of str or None
            The names of the input's columns, which do not matter.

        Returns
        -------
        ndarray of str, shape (n_features_out,)
        """
        self._names_in(input_features)
        prefix = type(self).__name__.lower()
        return np.array([f"{prefix}{i}" for i in range(self._n_features_out)], dtype=object)

    def _names_in(self, input_features: ArrayLike | None) -> NDArray:
        check_is_fitted(self)
        seen = getattr(self, "feature_names_in_", None)
        if input_features is None:
            return seen if seen is not None else np.array([f"x{i}" for i in range(self.n_features_in_)], dtype=object)
        names = np.asarray(input_features, dtype=object)
        if seen is not None and list(names) != list(seen):
            raise ValueError("input_features is not equal to feature_names_in_")
        if len(names) != self.n_features_in_:
            raise ValueError(
                f"input_features should have length equal to n_features_in_ = {self.n_features_in_} (it was {len(names)})"
            )
        return names

    def __sklearn_tags__(self):
        from sklearn.utils import TransformerTags

        tags = super().__sklearn_tags__()
        tags.transformer_tags = TransformerTags(preserves_dtype=list(self._preserves_dtype))
        return tags


class ClusterMixin:
    """For estimators that sort the samples into groups."""

    def fit_predict(self, X: ArrayLike, y: Any = None) -> NDArray:
        """Fit to the data and give each sample's group.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)
            The data.
        y : None
            Not used.

        Returns
        -------
        ndarray of int, shape (n_samples,)
        """
        return self.fit(X).labels_

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.estimator_type = "clusterer"
        if tags.transformer_tags is not None:
            tags.transformer_tags.preserves_dtype = []
        return tags


class ClassifierMixin:
    """For estimators that predict a class."""

    def score(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Give the accuracy: the (weighted) share of the samples whose class is predicted.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)
            The data.
        y : array_like, shape (n_samples,)
            The true classes.
        sample_weight : array_like, shape (n_samples,) or None
            The weight of each sample.

        Returns
        -------
        float
            Between 0 and 1.
        """
        predicted = self.predict(X)
        return float(np.average(predicted == check_y(y, len(predicted)), weights=sample_weight))

    def __sklearn_tags__(self):
        from sklearn.utils import ClassifierTags

        tags = super().__sklearn_tags__()
        tags.estimator_type = "classifier"
        tags.classifier_tags = ClassifierTags()
        tags.target_tags.required = True
        return tags


class RegressorMixin:
    """For estimators that predict a number."""

    def score(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Give the coefficient of determination R²: the share of the target's variance that is predicted.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)
            The data.
        y : array_like, shape (n_samples,)
            The true numbers.
        sample_weight : array_like, shape (n_samples,) or None
            The weight of each sample.

        Returns
        -------
        float
            1 for a perfect prediction, 0 for that of the mean, below 0 for a worse one. For a constant target, which
            has no variance, 1 if the prediction is perfect and else 0.
        """
        predicted = self.predict(X)
        y = check_y(y, len(predicted), kind="number")
        residual = np.average((y - predicted) ** 2, weights=sample_weight)
        variance = np.average((y - np.average(y, weights=sample_weight)) ** 2, weights=sample_weight)
        if variance == 0:
            return float(residual == 0)
        return float(1 - residual / variance)

    def __sklearn_tags__(self):
        from sklearn.utils import RegressorTags

        tags = super().__sklearn_tags__()
        tags.estimator_type = "regressor"
        tags.regressor_tags = RegressorTags()
        tags.target_tags.required = True
        return tags
