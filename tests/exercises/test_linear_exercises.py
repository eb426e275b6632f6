"""The exercises on linear maps: right answers pass, and typical wrong ones are told what is wrong with them.

The answers here are written as a reader would write them, from the formulas, without the package.
"""

import numpy as np
import pytest

from mlcourse.exercises import check, names


def distances(Y):
    return np.sqrt(((Y[:, None] - Y[None]) ** 2).sum(axis=-1))


def reconstruct_by_eigenvectors(X, k):
    mean = X.mean(axis=0)
    vectors = np.linalg.eigh(np.cov(X.T))[1][:, ::-1][:, :k]
    return mean + (X - mean) @ vectors @ vectors.T


def inner_products(D):
    J = np.eye(len(D)) - 1 / len(D)
    return -J @ D**2 @ J / 2


def stress(D, Y, below=lambda d: d, total=lambda D: D.sum() / 2, power=1):
    answer = 0.0
    drawn = distances(Y)
    for i in range(len(D)):
        for j in range(i):
            answer += (D[i, j] ** power - drawn[i, j] ** power) ** 2 / below(D[i, j])
    return answer / total(D)


def lagrange(x, Z):
    """The conditions of the constrained minimum, solved as one linear system."""
    k = len(Z)
    A = np.zeros((k + 1, k + 1))
    A[:k, :k] = 2 * Z @ Z.T
    A[:k, k] = A[k, :k] = 1
    return np.linalg.solve(A, np.r_[2 * Z @ x, 1])[:k]


RIGHT = {
    "linear.reconstruct": [reconstruct_by_eigenvectors],
    "linear.double_centering": [inner_products],
    "linear.sammon_stress": [stress],
    "linear.barycenter_weights": [lagrange],
}

WRONG = [
    ("linear.reconstruct", lambda X, k: X @ np.linalg.svd(X)[2][:k].T @ np.linalg.svd(X)[2][:k], "not centred"),
    ("linear.reconstruct", lambda X, k: reconstruct_by_eigenvectors(X, k) - X.mean(axis=0), "the mean is missing"),
    ("linear.reconstruct", lambda X, k: (X - X.mean(axis=0)) @ np.linalg.eigh(np.cov(X.T))[1][:, ::-1][:, :k], "shape"),
    ("linear.reconstruct", lambda X, k: X, "the data itself"),
    ("linear.double_centering", lambda D: inner_products(np.sqrt(D)), "not squared"),
    ("linear.double_centering", lambda D: -inner_products(D), "near points have a *large*"),
    ("linear.double_centering", lambda D: 2 * inner_products(D), "twice too large"),
    ("linear.double_centering", lambda D: -(D**2 - (D**2).mean(axis=0)) / 2, "only the columns"),
    ("linear.double_centering", lambda D: -(D**2 - (D**2).mean()) / 2, "only the mean of everything"),
    ("linear.sammon_stress", lambda D, Y: stress(D, Y, total=lambda D: 1), "the factor in front"),
    ("linear.sammon_stress", lambda D, Y: stress(D, Y, below=lambda d: 1), "divided by its true distance"),
    ("linear.sammon_stress", lambda D, Y: stress(D, Y, below=lambda d: d**2), "squared distance"),
    ("linear.sammon_stress", lambda D, Y: stress(D, Y, power=2), "compared squared distances"),
    ("linear.sammon_stress", lambda D, Y: stress(D, Y, total=lambda D: D.sum()), "half of what it should be"),
    ("linear.barycenter_weights", lambda x, Z: np.linalg.solve((Z - x) @ (Z - x).T, np.ones(len(Z))), "divide the solution by its sum"),
    ("linear.barycenter_weights", lambda x, Z: np.linalg.lstsq(Z.T, x, rcond=None)[0], "need not sum to 1"),
    ("linear.barycenter_weights", lambda x, Z: np.ones(len(Z)) / len(Z), "equal weights"),
    ("linear.barycenter_weights", lambda x, Z: np.ones(len(Z)), "sum to"),
]


def test_every_exercise_is_tested():
    assert set(RIGHT) == {name for name in names() if name.startswith("linear.")}


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
