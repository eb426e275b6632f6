"""What the methods share that find a map step by step: the SNE family and SammonMapping."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array, check_choice, check_number
from mlcourse.base import BaseEstimator, TransformerMixin
from mlcourse.decomposition import PCA
from mlcourse.exceptions import ConvergenceWarning
from mlcourse.progress import watch


class _IterativeEmbedding(TransformerMixin, BaseEstimator):
    """Its `steps` yield states with `iteration` and `Y`; `fit` keeps the last of them."""

    # What a method may have as parameters.
    callback = None
    callback_every = 50

    def steps(self, X: ArrayLike, y: Any = None) -> Iterator[Any]:
        raise NotImplementedError

    def _describe(self, state: Any) -> str:
        """A few words about a state, for `verbose`."""
        raise NotImplementedError

    def _keep(self, state: Any) -> None:
        """Store the last state in the attributes of the fit."""
        raise NotImplementedError

    def _watched(self, states: Iterator[Any]) -> Iterator[Any]:
        check_number(self.verbose, "verbose", low=0, integer=True)
        check_number(self.callback_every, "callback_every", low=1, integer=True)
        if self.callback is not None and not callable(self.callback):
            raise TypeError(f"callback must be callable or None (it was {self.callback!r})")
        return watch(
            states,
            self.max_iter,
            describe=self._describe,
            verbose=self.verbose,
            callback=self.callback,
            every=self.callback_every,
            title=type(self).__name__,
        )

    def _given_start(self, shape: tuple[int, int]) -> np.ndarray | None:
        """The map that is the parameter `init`, with its centre at 0; None if that is a word."""
        if isinstance(self.init, str):
            check_choice(self.init, "init", ("pca", "random"))
            return None
        Y0 = check_array(self.init, name="init")
        if Y0.shape != shape:
            raise ValueError(
                f"init must have shape (n_samples, n_components) = {shape} (it was {Y0.shape})"
            )
        return Y0 - Y0.mean(axis=0)

    def _principal_components(self, X: np.ndarray) -> np.ndarray:
        """The scores that init="pca" stands for."""
        if self.n_components > min(X.shape):
            raise ValueError(
                'init="pca" needs n_components <= min(n_samples, n_features) = '
                f"{min(X.shape)} (n_components was {self.n_components}, n_samples = {len(X)}, "
                f'n_features = {X.shape[1]}); init="random" does not'
            )
        return PCA(n_components=self.n_components).fit_transform(X)

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Find the map.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The data, at least two points; or what else `steps` takes.
        y : None
            Not used.

        Returns
        -------
        self
            With the attributes that the class lists.

        Warns
        -----
        ConvergenceWarning
            If it is interrupted from the keyboard (Ctrl-C); the map is then the one so far.
        """
        state = None
        try:
            for state in self.steps(X):
                pass
        except KeyboardInterrupt:
            if state is None:  # still before the start: there is no map
                raise
            warnings.warn(
                f"interrupted after step {state.iteration} of {self.max_iter}: "
                "the map is the one so far",
                ConvergenceWarning,
                stacklevel=2,
            )
        self.embedding_ = state.Y.astype(self._output_dtype, copy=False)
        self.n_iter_ = state.iteration
        self._keep(state)
        return self

    def fit_transform(self, X: ArrayLike, y: Any = None) -> np.ndarray:
        """Find the map and return it.  (There is no transform: new points have no place in it.)

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The data, at least two points; or what else `steps` takes.
        y : None
            Not used.

        Returns
        -------
        array of shape (n_samples, n_components)
            The map, `embedding_`.
        """
        return self.fit(X).embedding_
