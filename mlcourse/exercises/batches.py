"""The exercises of the notebook on minibatches: estimates of a gradient and their spread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mlcourse.exercises.core import Exercise, Mistake, register
from mlcourse.linear_model import logistic_gradients, sigmoid

# -- the gradient of a batch -----------------------------------------------------------------------

Problem = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _batch_of_a_problem(rng: np.random.Generator) -> Problem:
    n, d = int(rng.integers(14, 20)), int(rng.integers(2, 5))
    X = rng.normal(size=(n, d)) + 0.5
    y = np.arange(n) % 2.0
    batch = rng.choice(n, 5, replace=False)
    return rng.normal(size=d), X, y, np.append(batch, batch[0])  # one example is drawn twice


def _of_batch(change: Callable[..., Any]) -> Callable[..., Any]:
    """The answer in which `change` is made of the examples' gradients and the whole problem."""

    def answer(theta: np.ndarray, X: np.ndarray, y: np.ndarray, batch: np.ndarray) -> Any:
        return change(logistic_gradients(theta, X[batch], y[batch]), theta, X, y, batch)

    return answer


register(
    Exercise(
        name="batches.gradient",
        signature="theta, X, y, batch",
        reference=_of_batch(lambda G, *problem: G.mean(axis=0)),
        inputs=_batch_of_a_problem,
        mistakes=(
            Mistake(
                _of_batch(lambda G, *problem: G.sum(axis=0)),
                "this is the *sum* over the batch: divide by the number of its examples, or the "
                "learning rate grows with the batch.",
            ),
            Mistake(
                _of_batch(lambda G, *problem: -G.mean(axis=0)),
                "the sign is opposite: (prediction − answer) times the input, not (answer − "
                "prediction). The gradient points uphill; the step is taken against it.",
            ),
            Mistake(
                _of_batch(lambda G, *problem: -G.sum(axis=0)),
                "the sign is opposite, and this is the sum over the batch, not the mean.",
            ),
            Mistake(
                lambda theta, X, y, batch: logistic_gradients(theta, X, y).mean(axis=0),
                "this is the gradient of *all* examples: take only those of the batch, `X[batch]` "
                "and `y[batch]`.",
            ),
            Mistake(
                _of_batch(lambda G, theta, X, y, batch: G.sum(axis=0) / len(X)),
                "you divided by the number of *all* examples: the mean over the batch is wanted, "
                "so divide by `len(batch)`.",
            ),
            Mistake(
                _of_batch(
                    lambda G, theta, X, y, batch: logistic_gradients(
                        theta, X[np.unique(batch)], y[np.unique(batch)]
                    ).mean(axis=0)
                ),
                "an example that was drawn twice counts twice: keep `batch` as it is.",
            ),
            Mistake(
                lambda theta, X, y, batch: X[batch].T @ (X[batch] @ theta - y[batch]) / len(batch),
                "this is linear regression's: the prediction is σ(Xθ), a probability.",
            ),
            Mistake(
                lambda theta, X, y, batch: X[batch].T @ sigmoid(X[batch] @ theta) / len(batch),
                "the answers are missing: the *error* of the prediction, σ(Xθ) − y, multiplies "
                "the input.",
            ),
            Mistake(
                lambda theta, X, y, batch: (
                    X[batch].T @ (sigmoid(X[batch] @ theta) - (2 * y[batch] - 1)) / len(batch)
                ),
                "the labels are 0 and 1 here, not −1 and 1.",
            ),
            Mistake(
                _of_batch(lambda G, theta, X, y, batch: G.mean(axis=0) * 2),
                "twice too long: −ln p has no square, so that no factor 2 comes out of it.",
            ),
        ),
    )
)

# -- one pass --------------------------------------------------------------------------------------


def _problem_in_order(rng: np.random.Generator) -> tuple[Any, ...]:
    n, d, b = int(rng.integers(14, 20)), int(rng.integers(2, 5)), int(rng.integers(3, 6))
    n += n % b == 0  # so that the last batch is short
    X = rng.normal(size=(n, d)) + 0.5
    y = X @ rng.normal(size=d) + rng.normal(size=n)
    return rng.normal(size=d), X, y, rng.permutation(n), b, float(rng.uniform(0.05, 0.15))


def _pass(*, drop: bool = False, still: bool = False, divide: Callable[[int, int, int], float]
          = lambda used, b, n: used, sign: int = -1, ordered: bool = True,
          predict: Callable[[np.ndarray], np.ndarray] = lambda z: z) -> Callable[..., Any]:
    """One pass of SGD on the squared loss, or one with a mistake in it."""

    def answer(theta: np.ndarray, X: np.ndarray, y: np.ndarray, pile: np.ndarray, b: int,
               eta: float) -> np.ndarray:
        here, n = theta, len(X)
        order = pile if ordered else np.arange(n)
        for first in range(0, n - b + 1 if drop else n, b):
            batch = order[first : first + b]
            error = predict(X[batch] @ (theta if still else here)) - y[batch]
            here = here + sign * eta * X[batch].T @ error / divide(len(batch), b, n)
        return here

    return answer


def _one_full_step(theta: np.ndarray, X: np.ndarray, y: np.ndarray, pile: np.ndarray, b: int,
                   eta: float) -> np.ndarray:
    return theta - eta * X.T @ (X @ theta - y) / len(X)


register(
    Exercise(
        name="batches.epoch",
        signature="theta, X, y, pile, b, eta",
        reference=_pass(),
        inputs=_problem_in_order,
        mistakes=(
            Mistake(
                _pass(divide=lambda used, b, n: 1),
                "you step along the *sum* over the batch: divide by the number of its examples.",
            ),
            Mistake(
                _pass(divide=lambda used, b, n: b),
                "nearly: the last batch may be shorter than `b`, and its mean divides by "
                "`len(batch)`.",
            ),
            Mistake(
                _pass(divide=lambda used, b, n: n),
                "you divide by the number of *all* examples: the mean over the batch is wanted.",
            ),
            Mistake(
                _pass(drop=True),
                "the last batch, which is shorter than `b`, is missing: everybody is asked once.",
            ),
            Mistake(
                _pass(still=True),
                "all the gradients are taken at the start: each batch is asked at the place that "
                "the step before has reached.",
            ),
            Mistake(
                _pass(sign=1),
                "the steps go uphill: subtract the gradient.",
            ),
            Mistake(
                _pass(ordered=False),
                "the batches are cut from the examples as they stand: take them in the order of "
                "`pile`.",
            ),
            Mistake(
                _pass(divide=lambda used, b, n: used / 2),
                "each step is twice too long: the ½ in the loss takes away the 2 of the square's "
                "derivative.",
            ),
            Mistake(
                _pass(predict=sigmoid),
                "this is logistic regression's: here the prediction is θᵀx itself.",
            ),
            Mistake(
                _one_full_step,
                "this is one step with all examples: a pass takes a step for each batch.",
            ),
        ),
    )
)

# -- the variance of an estimate -------------------------------------------------------------------


def _values_and_a_batch(rng: np.random.Generator) -> tuple[np.ndarray, int, bool]:
    n = int(rng.integers(9, 30))
    values = rng.normal(size=n) * rng.uniform(0.5, 3) + rng.normal()
    return values, int(rng.integers(2, n - 2)), bool(rng.integers(2))


def _variance(values: np.ndarray, b: int, replace: bool) -> float:
    n = len(values)
    return float(values.var() / b * (1.0 if replace else (n - b) / (n - 1)))


register(
    Exercise(
        name="batches.variance",
        signature="values, b, replace",
        reference=_variance,
        inputs=_values_and_a_batch,
        n_trials=8,  # both ways of drawing are among them
        mistakes=(
            Mistake(
                lambda values, b, replace: values.var() / b,
                "right with replacement. Without it, the finite-sample factor is missing: a batch "
                "of all examples has no spread.",
            ),
            Mistake(
                lambda values, b, replace: _variance(values, b, not replace),
                "the two ways of drawing are exchanged: the finite-sample factor belongs to "
                "drawing *without* replacement.",
            ),
            Mistake(
                lambda values, b, replace: (
                    values.var() / b * (1 if replace else (len(values) - b) / len(values))
                ),
                "nearly: without replacement divide n − b by n − 1, not by n. (One draw of n "
                "has the whole variance.)",
            ),
            Mistake(
                lambda values, b, replace: (
                    values.var(ddof=1) / b * (1 if replace else (len(values) - b) / len(values))
                ),
                "your variance divides by n − 1. That is right without replacement if the factor "
                "is (n − b)/n; with replacement the n examples *are* the distribution: divide by "
                "n.",
            ),
            Mistake(
                lambda values, b, replace: _variance(values, b, replace) * len(values)
                / (len(values) - 1),
                "your variance of the values divides by n − 1: here the n examples are the whole "
                "distribution and not a sample of it, so divide by n.",
            ),
            Mistake(
                lambda values, b, replace: np.sqrt(_variance(values, b, replace)),
                "this is the standard error; its square, the variance, is asked for.",
            ),
            Mistake(
                lambda values, b, replace: _variance(values, b, replace) * b,
                "the mean over b draws varies less than one draw: divide by b.",
            ),
            Mistake(
                lambda values, b, replace: _variance(values, b, replace) / b,
                "divide by b once: the variance of the *sum* of b draws is b times that of one, "
                "and the mean is that sum over b.",
            ),
            Mistake(
                lambda values, b, replace: (
                    np.sqrt(_variance(values, b, replace) * values.var() / b)
                ),
                "without replacement: the root of the factor belongs to the standard error; the "
                "variance takes the factor itself.",
            ),
        ),
    )
)
