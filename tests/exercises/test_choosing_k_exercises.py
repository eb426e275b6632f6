"""The exercises on the number of groups: right answers pass, and typical wrong ones are told what is wrong with them.

The answers here are written as a reader would write them, from the formulas, without the package.
"""

import numpy as np
import pytest
from sklearn.metrics import silhouette_samples

from mlcourse.exercises import check, names


def silhouettes(X, labels, least=1, alone=0.0, power=1, pick=min):
    result = np.empty(len(X))
    for i in range(len(X)):
        d = np.linalg.norm(X - X[i], axis=1) ** power
        own = labels == labels[i]
        if own.sum() == 1:
            result[i] = alone
            continue
        a = d[own].sum() / (own.sum() - least)
        b = pick(d[labels == g].mean() for g in set(labels) - {labels[i]})
        result[i] = (b - a) / max(a, b)
    return result


def over_a(X, labels):
    s = silhouettes(X, labels)
    return np.where(s > 0, s / (1 - s), s)  # (b − a) / a where a < b


def around_centers(X, labels):
    centers = np.array([X[labels == g].mean(axis=0) for g in range(labels.max() + 1)])
    d = np.linalg.norm(X[:, None] - centers, axis=2)
    a = d[np.arange(len(X)), labels]
    d[np.arange(len(X)), labels] = np.inf
    b = d.min(axis=1)
    return np.where(np.bincount(labels)[labels] == 1, 0, (b - a) / np.maximum(a, b))


def first(gap, s, own=False, sign=1, error=1.0):
    for k in range(1, len(gap)):
        if gap[k - 1] >= gap[k] - sign * error * s[k - own]:
            return k
    return len(gap)


def bic(log_likelihood, n, k, d, p=lambda k, d: k - 1 + k * d + k * d * (d + 1) // 2):
    return p(k, d) * np.log(n) - 2 * log_likelihood


RIGHT = {
    "choosing_k.silhouettes": [silhouettes, silhouette_samples],
    "choosing_k.gap_rule": [first, lambda gap, s: 1 + int(np.argmax(np.r_[gap[:-1] >= gap[1:] - s[1:], True]))],
    "choosing_k.bic": [bic],
}

WRONG = [
    ("choosing_k.silhouettes", lambda X, labels: silhouettes(X, labels, least=0), "minus one"),
    ("choosing_k.silhouettes", lambda X, labels: silhouettes(X, labels, alone=1), "0 by convention, not 1"),
    ("choosing_k.silhouettes", lambda X, labels: silhouettes(X, labels, alone=np.nan), "alone in its group"),
    ("choosing_k.silhouettes", lambda X, labels: silhouettes(X, labels, alone=0.5), "0 by convention"),
    ("choosing_k.silhouettes", lambda X, labels: silhouettes(X, labels, power=2), "squared"),
    ("choosing_k.silhouettes", lambda X, labels: silhouettes(X, labels, pick=max), "the nearest one"),
    ("choosing_k.silhouettes", lambda X, labels: -silhouettes(X, labels), "the sign is opposite"),
    ("choosing_k.silhouettes", over_a, "between −1 and 1"),
    ("choosing_k.silhouettes", around_centers, "centres"),
    ("choosing_k.silhouettes", lambda X, labels: silhouettes(X, labels).mean(), "instead of an array"),
    ("choosing_k.gap_rule", lambda gap, s: int(np.argmax(gap)) + 1, "largest gap"),
    ("choosing_k.gap_rule", lambda gap, s: int(np.argmax(gap)), "largest gap"),
    ("choosing_k.gap_rule", lambda gap, s: first(gap, s) - 1, "counts from 0"),
    ("choosing_k.gap_rule", lambda gap, s: first(gap, s, error=0), "standard error is missing"),
    ("choosing_k.gap_rule", lambda gap, s: first(gap, s, own=True), "the s of k + 1"),
    ("choosing_k.gap_rule", lambda gap, s: first(gap, s, sign=-1), "turned round"),
    ("choosing_k.gap_rule", lambda gap, s: first(gap, s) + 1, "one too many"),
    ("choosing_k.gap_rule", lambda gap, s: max(k for k in range(1, len(gap)) if gap[k - 1] >= gap[k] - s[k]), "last k"),
    ("choosing_k.bic", lambda L, n, k, d: bic(L, n, k, d, lambda k, d: k + k * d + k * d * (d + 1) // 2), "k − 1"),
    ("choosing_k.bic", lambda L, n, k, d: bic(L, n, k, d, lambda k, d: k - 1 + k * d + k * d * d), "symmetric"),
    ("choosing_k.bic", lambda L, n, k, d: bic(L, n, k, d, lambda k, d: k + k * d + k * d * d), "two counts"),
    ("choosing_k.bic", lambda L, n, k, d: bic(L, n, k, d, lambda k, d: k - 1 + 2 * k * d), "only the d variances"),
    ("choosing_k.bic", lambda L, n, k, d: bic(L, n, k, d, lambda k, d: k * d), "only the centres"),
    ("choosing_k.bic", lambda L, n, k, d: bic(L / 2, n, k, d), "factor 2"),
    ("choosing_k.bic", lambda L, n, k, d: bic(-L, n, k, d), "wrong sign"),
    ("choosing_k.bic", lambda L, n, k, d: -bic(L, n, k, d), "smaller is to be better"),
    ("choosing_k.bic", lambda L, n, k, d: bic(n * L, n, k, d), "multiplied the log-likelihood by n"),
    ("choosing_k.bic", lambda L, n, k, d: 2 * (k - 1 + k * d + k * d * (d + 1) // 2) - 2 * L, "AIC"),
    ("choosing_k.bic", lambda L, n, k, d: bic(L, 2**np.log2(n), k, d) + (np.log2(n) - np.log(n)) * (k - 1 + k * d + k * d * (d + 1) // 2), "natural"),
]


def test_every_exercise_is_tested():
    assert set(RIGHT) == {name for name in names() if name.startswith("choosing_k.")}


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
@pytest.mark.parametrize("constant", [0, 1, 2, 3])
def test_no_constant_passes(name, constant):
    assert not check(name, lambda *arguments: constant).passed


@pytest.mark.parametrize("name", RIGHT)
def test_an_unfinished_answer_is_no_error(name):
    assert not check(name, lambda *arguments: None).passed
