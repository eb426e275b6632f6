"""The SNE notebook's exercises: right answers pass, and typical wrong ones are told what is wrong with them.

The answers here are written as a reader would write them, from the formulas, without the package.
"""

import numpy as np
import pytest

from mlcourse.exercises import check, names

NAMES = [name for name in names() if name.startswith("sne.")]


def perplexity(p, log=np.log2, power=2.0):
    total = 0.0
    for value in p:
        if value > 0:
            total -= value * log(value)
    return power**total


def cost(P, Q, log=np.log):
    held = P > 0
    return (P[held] * log(P[held] / Q[held])).sum()


def distances(Y):
    return ((Y[:, None] - Y[None]) ** 2).sum(axis=-1)


def gaussian(Y, width=1.0, diagonal=0.0):
    W = np.exp(-distances(Y) / width)
    np.fill_diagonal(W, diagonal)
    return W


def rows(W):
    return W / W.sum(axis=1, keepdims=True)


def springs(stiffness, Y):
    return (stiffness[:, :, None] * (Y[:, None] - Y[None])).sum(axis=1)


def gradient(P, Y, W=None):
    """With loops, as the formula reads."""
    Q = rows(gaussian(Y) if W is None else W)
    answer = np.zeros_like(Y)
    for i in range(len(Y)):
        for j in range(len(Y)):
            answer[i] += 2 * (P[i, j] - Q[i, j] + P[j, i] - Q[j, i]) * (Y[i] - Y[j])
    return answer


def both(P, Q, Y, factor=2):
    return factor * springs((P - Q) + (P - Q).T, Y)


RIGHT = {
    "sne.perplexity": [perplexity, lambda p: perplexity(p, np.log, np.e), lambda p: np.prod(p[p > 0] ** -p[p > 0])],
    "sne.cost": [cost, lambda P, Q: sum(cost(p, q) for p, q in zip(P, Q))],
    "sne.gradient": [gradient, lambda P, Y: both(P, rows(gaussian(Y)), Y)],
}

WRONG = [
    ("sne.perplexity", lambda p: np.log2(perplexity(p)), "this is the entropy in bits"),
    ("sne.perplexity", lambda p: np.log(perplexity(p)), "this is the entropy in nats"),
    ("sne.perplexity", lambda p: perplexity(p, np.log, 2.0), "base of the logarithm"),
    ("sne.perplexity", lambda p: perplexity(p, np.log2, np.e), "base of the logarithm"),
    ("sne.perplexity", lambda p: 1 / perplexity(p), "the minus sign"),
    ("sne.perplexity", lambda p: 1 / (p**2).sum(), "of another kind"),
    ("sne.perplexity", lambda p: (p > 0).sum(), "counts an unlikely neighbour for less"),
    ("sne.perplexity", lambda p: 2 ** -(p[p > 0] * np.log2(p[p > 0])).sum().item() + 40, "lies between 1 and"),
    ("sne.perplexity", lambda p: 2 ** (-(p * np.log2(np.maximum(p, 1e-99))).mean()), "you take the mean"),
    ("sne.perplexity", lambda p: 2 ** -np.log2(p[p > 0]).sum(), "weighted by its own p"),
    ("sne.perplexity", lambda p: 2 ** -(p * np.log2(p)).sum(), "leave the zeros out"),
    ("sne.cost", lambda P, Q: cost(Q, P), "you exchanged P and Q"),
    ("sne.cost", lambda P, Q: -cost(P, Q), "the sign is opposite"),
    ("sne.cost", lambda P, Q: cost(P, Q, np.log2), "this is in bits"),
    ("sne.cost", lambda P, Q: cost(P, Q) / len(P), "the mean over the rows"),
    ("sne.cost", lambda P, Q: cost(P, Q) + cost(Q, P), "which is symmetric"),
    ("sne.cost", lambda P, Q: -(P[P > 0] * np.log(Q[P > 0])).sum(), "cross-entropy"),
    ("sne.cost", lambda P, Q: np.log(P[P > 0] / Q[P > 0]).sum(), "weighted by its p"),
    ("sne.cost", lambda P, Q: ((P - Q) ** 2).sum(), "squared difference"),
    ("sne.cost", lambda P, Q: -2.5 + 0 * cost(P, Q), "never negative"),
    ("sne.cost", lambda P, Q: (P * np.log(P / Q)).sum(), "sum only where p > 0"),
    ("sne.cost", lambda P, Q: (P * np.log(P / (Q + 1e-9) + 1e-9)).sum() * 1.01, "should be"),
    ("sne.gradient", lambda P, Y: -gradient(P, Y), "the sign is opposite"),
    ("sne.gradient", lambda P, Y: gradient(P, Y) / 2, "the factor 2 is missing"),
    ("sne.gradient", lambda P, Y: 2 * gradient(P, Y), "the factor 4 where it is 2"),
    ("sne.gradient", lambda P, Y: 2 * springs(P - rows(gaussian(Y)), Y), "how the others see it"),
    ("sne.gradient", lambda P, Y: 4 * springs(P - rows(gaussian(Y)), Y), "p(j|i) is not p(i|j)"),
    ("sne.gradient", lambda P, Y: 2 * springs((P - rows(gaussian(Y))).T, Y), "not how y_i sees them"),
    ("sne.gradient", lambda P, Y: both(P, gaussian(Y) / gaussian(Y).sum(), Y), "each row sums to 1 by itself"),
    ("sne.gradient", lambda P, Y: both(P, rows(gaussian(Y, diagonal=1.0)), Y), "counts the diagonal"),
    ("sne.gradient", lambda P, Y: both(P, gaussian(Y), Y), "Q is not normalised"),
    ("sne.gradient", lambda P, Y: gradient(P, Y, gaussian(Y, 2.0)), "the width 1/√2"),
    ("sne.gradient", lambda P, Y: gradient(P, Y, np.exp(-np.sqrt(distances(Y))) - np.eye(len(Y))), "not exp(−d)"),
    ("sne.gradient", lambda P, Y: gradient(P, Y, 1 / (1 + distances(Y)) - np.eye(len(Y))), "heavy tail"),
    ("sne.gradient", lambda P, Y: gradient(P, Y) / len(P), "divides by nothing"),
    ("sne.gradient", lambda P, Y: both(P, 0, Y), "attraction alone"),
    ("sne.gradient", lambda P, Y: both(0, rows(gaussian(Y)), Y), "repulsion alone"),
    ("sne.gradient", lambda P, Y: 3 * gradient(P, Y), "is 3 times what it should be"),
    ("sne.gradient", lambda P, Y: gradient(P, Y).T, "wrong shape (2, "),
]


def test_the_notebook_has_these_exercises():
    assert sorted(RIGHT) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_right_answers_pass(name):
    for function in RIGHT[name]:
        feedback = check(name, function)
        assert feedback.passed, feedback


@pytest.mark.parametrize(("name", "function", "words"), WRONG)
def test_typical_mistakes_are_named(name, function, words):
    feedback = check(name, function)
    assert not feedback.passed
    assert words in feedback.message


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_knows_at_least_four_mistakes(name):
    assert sum(known == name for known, _, _ in WRONG) >= 4


@pytest.mark.parametrize("name", NAMES)
def test_unfinished_answers_are_met_kindly(name):
    right = RIGHT[name][0]

    def changes_input(*arguments):
        answer = right(*arguments)
        arguments[0][...] = 0
        return answer

    def unfinished(*arguments):
        raise NotImplementedError

    for function, words in [
        (lambda *arguments: None, "returned None"),
        (unfinished, "unfinished"),
        (lambda *arguments: np.ones((3, 3, 3)), "instead of"),
        (lambda *arguments: np.nan * np.asarray(right(*arguments)), "NaN"),
        (changes_input, "changes its input"),
        (lambda: 0, "which does not fit"),
    ]:
        feedback = check(name, function)
        assert not feedback.passed
        assert words in feedback.message
