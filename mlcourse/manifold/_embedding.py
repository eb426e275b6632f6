"""What the estimators SNE, SymmetricSNE, UNISNE and TSNE share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_number, check_random_state, validate_data
from mlcourse.manifold._iterative import _IterativeEmbedding
from mlcourse.manifold.affinities import conditional_probabilities, joint_probabilities
from mlcourse.manifold.descent import DescentState, descend
from mlcourse.manifold.distances import squared_distances
from mlcourse.manifold.perplexity import check_perplexity

_CHECK = 50  # steps between two looks at the stopping rules
_SMALLEST = 1e-5  # size of a map below which it is stretched (see min_spread of descend)


class _NeighborEmbedding(_IterativeEmbedding):
    """What the methods share: affinities, start, descent, stopping rules."""

    _dtypes: tuple = (np.float64,)
    _conditional = False  # whether the cost compares conditional distributions
    early_exaggeration_iter = 250  # a parameter of some methods

    def _objective(self, P: np.ndarray) -> Callable:
        raise NotImplementedError

    def _objective_of_data(self, X: np.ndarray, dtype: np.dtype) -> Callable:
        """What is to be descended, from data in whatever unit."""
        return self._objective(self._affinities(X).astype(dtype, copy=False))

    def _auto_learning_rate(self, n_samples: int) -> float:
        raise NotImplementedError

    def _descent_options(self) -> dict[str, Any]:
        return {}

    def steps(self, X: ArrayLike, y: Any = None) -> Iterator[DescentState]:
        """Go from the start to the end of a fit, one state at a time.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The data.
        y : None
            Not used.

        Returns
        -------
        iterator of DescentState
            State 0 is the start; the last is what `fit` stores.  States can be kept.

        Raises
        ------
        ValueError, TypeError
            At the call, if the data or a parameter is not allowed.
        FloatingPointError
            On the way, if the map is no longer finite.
        """
        X = validate_data(self, X, reset=True, dtype=self._dtypes, min_samples=2)
        self._output_dtype = X.dtype
        rng = check_random_state(self.random_state)
        check_number(self.early_exaggeration, "early_exaggeration", low=1)
        check_number(
            self.early_exaggeration_iter, "early_exaggeration_iter", low=0, integer=True
        )
        check_number(self.max_iter, "max_iter", low=1, integer=True)
        check_number(self.n_iter_without_progress, "n_iter_without_progress", low=0, integer=True)
        check_number(self.min_grad_norm, "min_grad_norm", low=0)
        check_number(self.n_components, "n_components", low=1, integer=True)
        check_perplexity(self.perplexity, len(X))
        self.learning_rate_ = self._checked_learning_rate(len(X))
        # Neither affinities nor start depend on the unit of X: with a power of two as the unit no
        # square leaves the range of floats, and no digit is lost.
        scaled = np.ldexp(X.astype(float, order="C"), -int(np.frexp(np.abs(X).max())[1]))
        objective = self._objective_of_data(scaled, X.dtype)
        Y0 = self._start(scaled, rng).astype(objective.dtype, copy=False)
        early = self.early_exaggeration_iter
        states = descend(
            objective,
            Y0,
            learning_rate=self.learning_rate_,
            max_iter=self.max_iter,
            early_exaggeration=self.early_exaggeration,
            exaggeration_iter=early,
            random_state=rng,
            divergence=objective.divergence,
            min_spread=min(_SMALLEST, float(np.sqrt(np.mean(Y0**2))) / 2),
            **{"momentum_switch": early, **self._descent_options()},
        )
        return self._watched(self._until_stopped(states))

    def _describe(self, state: DescentState) -> str:
        return f"divergence {state.kl_divergence:.4f}, gradient norm {state.gradient_norm:.3g}"

    def _keep(self, state: DescentState) -> None:
        self.kl_divergence_ = state.kl_divergence

    def _checked_learning_rate(self, n_samples: int) -> float | tuple[float, ...]:
        if isinstance(self.learning_rate, str):
            if self.learning_rate != "auto":
                raise ValueError(
                    "learning_rate must be 'auto' or a number with 0 < learning_rate "
                    f"(it was {self.learning_rate!r})"
                )
            return float(self._auto_learning_rate(n_samples))
        if isinstance(self.learning_rate, (tuple, list)):
            return tuple(self.learning_rate)  # `descend` checks what is in it
        return float(check_number(self.learning_rate, "learning_rate", low=0, closed="right"))

    def _affinities(self, X: np.ndarray) -> np.ndarray:
        """All of P, rounded to single precision."""
        P = conditional_probabilities(squared_distances(X), self.perplexity)
        return _to_single(P if self._conditional else joint_probabilities(P))

    def _start(self, X: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        shape = (len(X), self.n_components)
        Y0 = self._given_start(shape)
        if Y0 is not None:
            return _to_single(Y0)
        if self.init == "random":
            return _to_single(1e-4 * rng.standard_normal(shape))
        Y0 = self._principal_components(X)
        spread = Y0[:, 0].std()
        return _to_single(Y0 / spread * 1e-4 if spread > 0 else Y0)

    def _until_stopped(self, states: Iterator[DescentState]) -> Iterator[DescentState]:
        early = self.early_exaggeration_iter
        best, best_iteration = np.inf, early
        # The divergence is costly; where its rule cannot stop the descent it is not asked for.
        patient = early + self.n_iter_without_progress >= self.max_iter
        for state in states:
            yield state
            if state.iteration <= early or state.iteration % _CHECK:
                continue
            if state.gradient_norm <= self.min_grad_norm:
                return
            if patient:
                continue
            if state.kl_divergence < best:
                best, best_iteration = state.kl_divergence, state.iteration
            elif state.iteration - best_iteration > self.n_iter_without_progress:
                return


def _to_single(values: np.ndarray) -> np.ndarray:
    """Round to single precision: differences in the last digits, as between two BLAS, disappear."""
    single = values.astype(np.float32)
    single[np.abs(single) < np.finfo(np.float32).tiny] = 0  # denormal numbers are slow
    return single
