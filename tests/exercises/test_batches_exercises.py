"""The exercises on minibatches: right answers pass, and typical wrong ones are told what is wrong with them.

The answers here are written as a reader would write them, with loops and without the package.
"""

from math import exp, sqrt

import numpy as np
import pytest

from mlcourse.exercises import check, names


def gradient(theta, X, y, batch, error=lambda p, answer: p - answer, divide_by=len):
    total = np.zeros(len(theta))
    for i in batch:
        total += error(1 / (1 + exp(-sum(X[i] * theta))), y[i]) * X[i]
    return total / divide_by(batch)


def epoch(theta, X, y, pile, b, eta, size=None, error=lambda z, answer: z - answer):
    place, waiting = theta.copy(), list(pile)
    while waiting:
        batch, waiting = waiting[:b], waiting[b:]
        total = sum(error(sum(X[i] * place), y[i]) * X[i] for i in batch)
        place = place - eta * total / (size or len(batch))
    return place


def variance(values, b, replace, ddof=0, factor=lambda n, b: (n - b) / (n - 1)):
    n = len(values)
    mean = sum(values) / n
    spread = sum((v - mean) ** 2 for v in values) / (n - ddof)
    return spread / b if replace else spread / b * factor(n, b)


RIGHT = {
    "batches.gradient": [
        gradient,
        lambda theta, X, y, batch: np.mean([gradient(theta, X, y, [i]) for i in batch], axis=0),
    ],
    "batches.epoch": [epoch],
    "batches.variance": [
        variance,
        lambda values, b, replace: (
            variance(values, b, True) if replace else variance(values, b, False, 1, lambda n, b: (n - b) / n)
        ),
    ],
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
    ("batches.epoch", lambda t, X, y, pile, b, eta: epoch(t, X, y, pile, b, eta, 1), "*sum*"),
    ("batches.epoch", lambda t, X, y, pile, b, eta: epoch(t, X, y, pile, b, eta, b), "nearly"),
    ("batches.epoch", lambda t, X, y, pile, b, eta: epoch(t, X, y, pile, b, eta, len(X)), "*all*"),
    ("batches.epoch", lambda t, X, y, pile, b, eta: epoch(t, X, y, pile[: len(X) // b * b], b, eta), "is missing"),
    ("batches.epoch", lambda t, X, y, pile, b, eta: epoch(t, X, y, pile, b, -eta), "uphill"),
    ("batches.epoch", lambda t, X, y, pile, b, eta: epoch(t, X, y, range(len(X)), b, eta), "order of"),
    ("batches.epoch", lambda t, X, y, pile, b, eta: epoch(t, X, y, pile, b, 2 * eta), "twice too long"),
    ("batches.epoch", lambda t, X, y, pile, b, eta: epoch(t, X, y, pile, len(X), eta), "all examples"),
    (
        "batches.epoch",
        lambda t, X, y, pile, b, eta: epoch(t, X, y, pile, b, eta, error=lambda z, a: 1 / (1 + exp(-z)) - a),
        "logistic",
    ),
    (
        "batches.epoch",
        lambda t, X, y, pile, b, eta: t + sum(epoch(t, X, y, pile[k : k + b], b, eta) - t for k in range(0, len(X), b)),
        "at the start",
    ),
    ("batches.variance", lambda v, b, replace: variance(v, b, True), "factor is missing"),
    ("batches.variance", lambda v, b, replace: variance(v, b, not replace), "exchanged"),
    ("batches.variance", lambda v, b, replace: variance(v, b, replace, factor=lambda n, b: (n - b) / n), "not by n"),
    ("batches.variance", lambda v, b, r: variance(v, b, r, 1, lambda n, b: (n - b) / n), "*are* the distribution"),
    ("batches.variance", lambda v, b, replace: variance(v, b, replace, 1), "whole distribution"),
    ("batches.variance", lambda v, b, replace: sqrt(variance(v, b, replace)), "standard error"),
    ("batches.variance", lambda v, b, replace: b * variance(v, b, replace), "divide by b."),
    ("batches.variance", lambda v, b, replace: variance(v, b, replace) / b, "divide by b once"),
    ("batches.variance", lambda v, b, r: variance(v, b, r, factor=lambda n, b: ((n - b) / (n - 1)) ** 0.5), "root"),
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
