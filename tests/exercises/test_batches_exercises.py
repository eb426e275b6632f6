"""The exercises on minibatches: right answers pass, and typical wrong ones are told what is wrong with them.

The answers here are written as a reader would write them, with loops and without the package.
"""

from math import ceil, exp, floor, sqrt

import numpy as np
import pytest

from mlcourse.exercises import check, names


def gradient(theta, X, y, batch, error=lambda p, answer: p - answer, divide_by=len):
    total = np.zeros(len(theta))
    for i in batch:
        total += error(1 / (1 + exp(-sum(X[i] * theta))), y[i]) * X[i]
    return total / divide_by(batch)


def variance(values, b, replace, ddof=0, factor=lambda n, b: (n - b) / (n - 1)):
    n = len(values)
    mean = sum(values) / n
    spread = sum((v - mean) ** 2 for v in values) / (n - ddof)
    return spread / b if replace else spread / b * factor(n, b)


def cheapest(n, variance, error):
    return next(b for b in range(1, n + 1) if variance / b * (n - b) / (n - 1) <= error**2)


def importance(gradients, p, batch, weight=lambda p, n: 1 / (n * p), divide_by=len):
    return sum(weight(p[i], len(p)) * gradients[i] for i in batch) / divide_by(batch)


RIGHT = {
    "batches.gradient": [
        gradient,
        lambda theta, X, y, batch: np.mean([gradient(theta, X, y, [i]) for i in batch], axis=0),
    ],
    "batches.variance": [
        variance,
        lambda values, b, replace: (
            variance(values, b, True) if replace else variance(values, b, False, 1, lambda n, b: (n - b) / n)
        ),
    ],
    "batches.cheapest": [cheapest, lambda n, v, e: int(n * v / (v + e * e * (n - 1))) + 1],
    "batches.importance": [importance],
}

WRONG = [
    ("batches.gradient", lambda t, X, y, B: gradient(t, X, y, B, divide_by=lambda B: 1), "*sum*"),
    ("batches.gradient", lambda t, X, y, B: -gradient(t, X, y, B), "sign is opposite"),
    ("batches.gradient", lambda t, X, y, B: -len(B) * gradient(t, X, y, B), "the sign is opposite, and this is the sum"),
    ("batches.gradient", lambda t, X, y, B: gradient(t, X, y, range(len(X))), "*all* examples"),
    ("batches.gradient", lambda t, X, y, B: gradient(t, X, y, B, divide_by=lambda B: len(X)), "`len(batch)`"),
    ("batches.gradient", lambda t, X, y, B: gradient(t, X, y, set(B)), "drawn twice"),
    ("batches.gradient", lambda t, X, y, B: X[B].T @ (X[B] @ t - y[B]) / len(B), "linear regression"),
    ("batches.gradient", lambda t, X, y, B: gradient(t, X, y, B, lambda p, answer: p), "answers are missing"),
    ("batches.gradient", lambda t, X, y, B: gradient(t, X, y, B, lambda p, answer: p - 2 * answer + 1), "not −1 and 1"),
    ("batches.gradient", lambda t, X, y, B: 2 * gradient(t, X, y, B), "twice too long"),
    ("batches.gradient", lambda t, X, y, B: gradient(t, X, y, B) / 3, "0.3333 times"),
    ("batches.gradient", lambda t, X, y, B: gradient(t, X, y, B).mean(), "single number"),
    ("batches.gradient", lambda t, X, y, B: np.array([gradient(t, X, y, [i]) for i in B]), "shape"),
    ("batches.variance", lambda v, b, replace: variance(v, b, True), "factor is missing"),
    ("batches.variance", lambda v, b, replace: variance(v, b, not replace), "exchanged"),
    ("batches.variance", lambda v, b, replace: variance(v, b, replace, factor=lambda n, b: (n - b) / n), "not by n"),
    ("batches.variance", lambda v, b, r: variance(v, b, r, 1, lambda n, b: (n - b) / n), "*are* the distribution"),
    ("batches.variance", lambda v, b, replace: variance(v, b, replace, 1), "whole distribution"),
    ("batches.variance", lambda v, b, replace: sqrt(variance(v, b, replace)), "standard error"),
    ("batches.variance", lambda v, b, replace: b * variance(v, b, replace), "divide by b."),
    ("batches.variance", lambda v, b, replace: variance(v, b, replace) / b, "divide by b once"),
    ("batches.variance", lambda v, b, r: variance(v, b, r, factor=lambda n, b: ((n - b) / (n - 1)) ** 0.5), "root"),
    ("batches.cheapest", lambda n, v, e: n * v / (v + e**2 * (n - 1)), "round up"),
    ("batches.cheapest", lambda n, v, e: floor(n * v / (v + e**2 * (n - 1))), "one too few"),
    ("batches.cheapest", lambda n, v, e: cheapest(n, v, e) + 1, "not both"),
    ("batches.cheapest", lambda n, v, e: ceil(v / e**2), "*with* replacement"),
    ("batches.cheapest", lambda n, v, e: min(ceil(v / e**2), n), "*with* replacement"),
    ("batches.cheapest", lambda n, v, e: cheapest(n, v, sqrt(e)), "error²"),
    ("batches.cheapest", lambda n, v, e: cheapest(n, v * v, e), "do not square"),
    ("batches.importance", lambda G, p, B: importance(G, p, B, lambda p, n: 1), "plain mean"),
    ("batches.importance", lambda G, p, B: importance(G, p, B, lambda p, n: 1 / p), "*sum* over all"),
    ("batches.importance", lambda G, p, B: importance(G, p, B, lambda p, n: n * p), "upside down"),
    ("batches.importance", lambda G, p, B: importance(G, p, B, lambda p, n: p), "n is missing"),
    ("batches.importance", lambda G, p, B: importance(G, p, B, divide_by=lambda B: sum(1 / (len(p) * p[B]))), "biased"),
    ("batches.importance", lambda G, p, B: importance(G, p, B, divide_by=lambda B: 1), "sum over the draws"),
    ("batches.importance", lambda G, p, B: G.mean(axis=0), "looks at all examples"),
    ("batches.importance", lambda G, p, B: p @ G, "would estimate"),
    ("batches.importance", lambda G, p, B: G[B] / p[B][:, None], "shape"),
]


def test_every_exercise_is_tested():
    assert set(RIGHT) == {name for name in names() if name.startswith("batches.")}


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers])
def test_right_answers_pass(name, answer):
    feedback = check(name, answer)
    assert feedback.passed, feedback.message


@pytest.mark.parametrize(("name", "answer", "hint"), WRONG)
def test_wrong_answers_are_told_what_is_wrong(name, answer, hint):
    feedback = check(name, answer)
    assert not feedback.passed
    assert hint in feedback.message


@pytest.mark.parametrize("name", RIGHT)
def test_an_unfinished_answer_is_no_error(name):
    assert not check(name, lambda *arguments: None).passed
