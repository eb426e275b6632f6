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

# -- the cheapest batch ----------------------------------------------------------------------------


def _size_wanted(n: int, variance: float, error: float) -> float:
    return n * variance / (variance + error**2 * (n - 1))


def _wish(rng: np.random.Generator) -> tuple[int, float, float]:
    # Far from whole numbers, so that rounding decides nothing.
    while True:
        n, variance = int(rng.integers(50, 5_000)), float(rng.uniform(0.5, 4))
        error = float(np.sqrt(variance / rng.uniform(4, 0.8 * n)))
        sizes = [_size_wanted(n, variance, error), variance / error**2]
        if all(0.1 < size % 1 < 0.9 for size in sizes) and sizes[1] > sizes[0] + 2:
            return n, variance, error


register(
    Exercise(
        name="batches.cheapest",
        signature="n, variance, error",
        reference=lambda n, variance, error: np.ceil(_size_wanted(n, variance, error)),
        inputs=_wish,
        rtol=1e-9,
        mistakes=(
            Mistake(
                _size_wanted,
                "right, but not a whole number: round up.",
            ),
            Mistake(
                lambda n, variance, error: np.floor(_size_wanted(n, variance, error)),
                "one too few: with the number rounded *down* the error is just above what is "
                "allowed.",
            ),
            Mistake(
                lambda n, variance, error: np.ceil(_size_wanted(n, variance, error)) + 1,
                "one more than needed: `int(…) + 1` or `np.ceil(…)`, not both.",
            ),
            Mistake(
                lambda n, variance, error: np.ceil(variance / error**2),
                "this is the batch drawn *with* replacement: without it a smaller one suffices.",
            ),
            Mistake(
                lambda n, variance, error: np.minimum(np.ceil(variance / error**2), n),
                "this is the batch drawn *with* replacement: without it a smaller one suffices.",
            ),
            Mistake(
                lambda n, variance, error: np.ceil(_size_wanted(n, variance, np.sqrt(error))),
                "the standard error is the *root* of the variance: compare the variance with "
                "error².",
            ),
            Mistake(
                lambda n, variance, error: np.ceil(_size_wanted(n, variance**2, error)),
                "`variance` is a variance already: do not square it.",
            ),
        ),
    )
)

# -- asking some more often ------------------------------------------------------------------------


def _uneven_draws(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n, d = int(rng.integers(6, 10)), int(rng.integers(2, 4))
    p = rng.uniform(0.3, 3, size=n)
    p /= p.sum()
    return rng.normal(size=(n, d)) + 1, p, rng.choice(n, int(rng.integers(4, 9)), p=p)


def _weighted(weight: Callable[[np.ndarray, int], np.ndarray]) -> Callable[..., np.ndarray]:
    """The answer that multiplies the draws' gradients with weights of their probabilities and n."""
    return lambda gradients, p, batch: (
        (weight(p[batch], len(p))[:, None] * gradients[batch]).mean(axis=0)
    )


register(
    Exercise(
        name="batches.importance",
        signature="gradients, p, batch",
        reference=_weighted(lambda p, n: 1 / (n * p)),
        inputs=_uneven_draws,
        mistakes=(
            Mistake(
                _weighted(lambda p, n: np.ones(len(p))),
                "this is the plain mean of what was drawn: examples that are drawn often count too "
                "much in it. Weight each by 1/(n p_i).",
            ),
            Mistake(
                _weighted(lambda p, n: 1 / p),
                "this estimates the *sum* over all examples: divide by n.",
            ),
            Mistake(
                _weighted(lambda p, n: n * p),
                "the weights are upside down: what is drawn often must count *less*.",
            ),
            Mistake(
                _weighted(lambda p, n: p),
                "the weights are upside down: what is drawn often must count *less*. And n is "
                "missing.",
            ),
            Mistake(
                lambda gradients, p, batch: (
                    (gradients[batch] / p[batch, None]).sum(axis=0) / (1 / p[batch]).sum()
                ),
                "you divided by the sum of the weights. That is often useful, but it is biased: "
                "divide by the number of draws.",
            ),
            Mistake(
                lambda gradients, p, batch: (
                    (gradients[batch] / p[batch, None]).sum(axis=0) / len(p)
                ),
                "this is the sum over the draws: divide by their number, too.",
            ),
            Mistake(
                lambda gradients, p, batch: gradients.mean(axis=0),
                "this is the gradient itself: it looks at all examples. Only those of the batch "
                "may be used.",
            ),
            Mistake(
                lambda gradients, p, batch: p @ gradients,
                "this is what the plain mean of the draws would estimate, and it looks at all "
                "examples: use those of the batch, each weighted by 1/(n p_i).",
            ),
        ),
    )
)
