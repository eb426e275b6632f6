"""The cost as an average over examples, callable on all of them or on a minibatch."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_array, check_number
from mlcourse.linear_model._checks import as_labels, as_targets, weighted_gram
from mlcourse.linear_model.least_squares import squared_losses
from mlcourse.linear_model.logistic import margin_curvatures, margin_losses

__all__ = ["EmpiricalRisk"]


class _Logistic:
    targets = staticmethod(as_labels)
    losses = staticmethod(margin_losses)
    curvatures = staticmethod(margin_curvatures)


class _Squared:
    targets = staticmethod(as_targets)
    losses = staticmethod(squared_losses)

    @staticmethod
    def curvatures(z, y):
        return np.ones_like(z)


# A block of X: so few numbers fit into the cache, and so many rows outweigh the calls.
_NUMBERS, _ROWS = 2**19, 2**14

_LOSSES = {"logistic": _Logistic, "squared": _Squared}


class EmpiricalRisk:
    """J(θ) = (1/n) Σ L(x_i, y_i, θ) + α/2 ‖θ‖²: the cost of a linear model, as an average.

    ``risk(theta)`` returns value and gradient over all examples, ``risk(theta, batch)`` those over
    the examples with the given numbers.  If they are drawn uniformly, the second is an unbiased
    estimate of the first.  The data is checked here, once: the calls check nothing.

    Parameters
    ----------
    loss : {"logistic", "squared"} or object
        The loss of one example, a function of z = x·θ and y: log(1 + exp(−s z)) with s = 2y − 1,
        or ½ (z − y)².  An object has three methods: ``targets(y, n_samples, dtype)`` returns the
        checked targets as the others want them; ``losses(z, y)`` returns the losses and their
        derivatives by z; ``curvatures(z, y)`` returns the second derivatives, ≥ 0.
    X : array_like of shape (n_samples, n_features)
        Examples, one a row; a column of ones gives an intercept.  float32 is kept.
    y : array_like of shape (n_samples,)
        Labels 0 and 1 ("logistic") or numbers ("squared").
    alpha : float, default=0.0
        Strength of the penalty, ≥ 0.

    Attributes
    ----------
    n_samples, n_features : int
        The size of X.

    See Also
    --------
    mlcourse.linear_model.logistic_loss : The same as a plain function.

    Examples
    --------
    >>> risk = EmpiricalRisk("squared", [[1.0], [3.0]], [0.0, 5.0])
    >>> risk(np.array([1.0]))
    (1.25, array([-2.5]))
    >>> risk(np.array([1.0]), [1])
    (2.0, array([-6.]))
    """

    def __init__(self, loss: str | object, X: ArrayLike, y: ArrayLike, *, alpha: float = 0.0):
        if isinstance(loss, str):
            if loss not in _LOSSES:
                raise ValueError(
                    f"loss must be 'logistic', 'squared' or an object (it was {loss!r})"
                )
            loss = _LOSSES[loss]
        for name in ("targets", "losses", "curvatures"):
            if not callable(getattr(loss, name, None)):
                raise TypeError(f"loss must have a method {name} (it was {loss!r})")
        self.loss = loss
        self._losses = loss.losses
        self.X = np.ascontiguousarray(check_array(X, dtype=(np.float64, np.float32)))
        self.y = loss.targets(y, len(self.X), self.X.dtype)
        self.alpha = check_number(alpha, "alpha", low=0)
        self.n_samples, self.n_features = self.X.shape
        self._block = max(1, min(_ROWS, _NUMBERS // self.n_features))

    def __repr__(self) -> str:
        size = f"n_samples={self.n_samples}, n_features={self.n_features}"
        return f"EmpiricalRisk({size}, alpha={self.alpha})"

    def __call__(
        self, theta: np.ndarray, batch: np.ndarray | None = None
    ) -> tuple[float, np.ndarray]:
        """Return the cost and its gradient, or their estimates from a minibatch.

        Parameters
        ----------
        theta : array of shape (n_features,)
            Parameters.
        batch : array of int, shape (batch_size,), default=None
            The numbers of the examples; one that stands there twice counts twice.

        Returns
        -------
        value : float
        gradient : array of shape (n_features,)
        """
        X, y = self._rows(batch)
        n = len(y)
        if n <= self._block:
            losses, derivatives = self._losses(X.dot(theta), y)
            value, gradient = float(np.add.reduce(losses)), derivatives.dot(X)
        else:
            value, gradient = self._sums(theta, X, y)
        value /= n
        gradient /= n
        if self.alpha:
            value += self.alpha / 2 * float(theta.dot(theta))
            gradient += self.alpha * theta
        return value, gradient

    def _sums(self, theta, X, y):
        """Sum losses and gradients block by block.

        What was read for a block's losses is still in the cache for its gradient.
        """
        value, gradient = 0.0, 0
        for start in range(0, len(y), self._block):
            part = X[start : start + self._block]
            losses, derivatives = self._losses(part.dot(theta), y[start : start + self._block])
            value += float(np.add.reduce(losses))
            gradient = gradient + derivatives.dot(part)
        return value, gradient

    def sample_gradients(self, theta: np.ndarray, batch: np.ndarray | None = None) -> np.ndarray:
        """Return the gradient of every example's part of the cost, L(x_i, y_i, θ) + α/2 ‖θ‖².

        Parameters
        ----------
        theta : array of shape (n_features,)
            Parameters.
        batch : array of int, shape (batch_size,), default=None
            The numbers of the examples; all by default.

        Returns
        -------
        array of shape (batch_size, n_features)
            Their mean is the gradient of the call.
        """
        X, y = self._rows(batch)
        derivatives = self._losses(X.dot(theta), y)[1]
        gradients = derivatives[:, None] * X
        if self.alpha:
            gradients += self.alpha * theta
        return gradients

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """Return the matrix of second derivatives of the cost over all examples.

        Parameters
        ----------
        theta : array of shape (n_features,)
            Parameters.

        Returns
        -------
        array of shape (n_features, n_features)
        """
        return weighted_gram(self.X, self.loss.curvatures(self.X.dot(theta), self.y), self.alpha)

    def _rows(self, batch):
        if batch is None:
            return self.X, self.y
        return self.X.take(batch, axis=0), self.y.take(batch)
