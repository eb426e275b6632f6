"""The exercises on mixtures and trees: right answers pass, and typical wrong ones are told what is wrong with them.

The answers here are written as a reader would write them, from the formulas, without the package.
"""

import numpy as np
import pytest

from mlcourse.exercises import check, names


def densities(X, means, covariances, root=np.sqrt):
    columns = []
    for mean, covariance in zip(means, covariances):
        gap = X - mean
        exponent = -0.5 * (gap @ np.linalg.inv(covariance) * gap).sum(axis=1)
        columns.append(np.exp(exponent) / root(np.linalg.det(2 * np.pi * covariance)))
    return np.column_stack(columns)


def log_joint(X, weights, means, covariances):
    columns = []
    for weight, mean, covariance in zip(weights, means, covariances):
        gap = (X - mean).T
        log_det = np.log(np.linalg.eigvalsh(covariance)).sum()
        columns.append(np.log(weight) - 0.5 * (gap * np.linalg.solve(covariance, gap)).sum(axis=0) - 0.5 * log_det)
    return np.column_stack(columns)


def normalise(logs, axis=1):
    shares = np.exp(logs - logs.max(axis=axis, keepdims=True))
    return shares / shares.sum(axis=axis, keepdims=True)


def e_step(X, weights, means, covariances):
    return normalise(log_joint(X, weights, means, covariances))


def naive_e_step(X, weights, means, covariances):
    joint = weights * densities(X, means, covariances)
    return joint / joint.sum(axis=1, keepdims=True)


def patched_e_step(X, weights, means, covariances):
    return np.nan_to_num(naive_e_step(X, weights, means, covariances))


def hard_e_step(X, weights, means, covariances):
    R = e_step(X, weights, means, covariances)
    return (R == R.max(axis=1, keepdims=True)).astype(float)


def means(X, R):
    return np.array([(R[:, j, None] * X).sum(axis=0) / R[:, j].sum() for j in range(R.shape[1])])


def covariances(X, R, centre=lambda X, r: np.average(X, axis=0, weights=r), ddof=0):
    return np.array([
        sum(w * np.outer(x, x) for w, x in zip(r, X - centre(X, r))) / (r.sum() - ddof) for r in R.T
    ])


def harden(R):
    return (R == R.max(axis=1, keepdims=True)).astype(float)


def inertia(A):
    return ((A - A.mean(axis=0)) ** 2).sum()


def merge_cost(A, B):
    return inertia(np.vstack([A, B])) - inertia(A) - inertia(B)


def mean_gap(A, B):
    return np.linalg.norm(A.mean(axis=0) - B.mean(axis=0))


RIGHT = {
    "mixtures.e_step": e_step,
    "mixtures.means": means,
    "mixtures.covariances": covariances,
    "mixtures.merge_cost": merge_cost,
}

WRONG = [
    ("mixtures.e_step", naive_e_step, "subtract each row's largest"),
    ("mixtures.e_step", patched_e_step, "rows must sum to 1"),
    ("mixtures.e_step", lambda X, w, m, c: e_step(X, np.ones(len(w)), m, c), "weights are missing"),
    ("mixtures.e_step", hard_e_step, "k-means' way"),
    ("mixtures.e_step", lambda X, w, m, c: normalise(log_joint(X, w, m, c), axis=0), "the columns sum to 1"),
    (
        "mixtures.e_step",
        lambda X, w, m, c: normalise(log_joint(X, w, m, c) + 0.5 * np.linalg.slogdet(c)[1]),
        "determinant is missing",
    ),
    ("mixtures.e_step", lambda X, w, m, c: np.exp(log_joint(X, w, m, c)), "rows must sum to 1"),
    ("mixtures.e_step", lambda X, w, m, c: e_step(X, w, m, c).T, "wrong shape"),
    ("mixtures.means", lambda X, R: R.T @ X, "weighted sums"),
    ("mixtures.means", lambda X, R: R.T @ X / len(X), "divided by n"),
    ("mixtures.means", lambda X, R: means(X, harden(R)), "k-means' step"),
    ("mixtures.means", lambda X, R: (R.T @ X / R.sum(axis=0)[:, None]).T[:, :], "shape"),
    ("mixtures.covariances", lambda X, R: covariances(X, R, centre=lambda X, r: X.mean(axis=0)), "own new mean"),
    ("mixtures.covariances", lambda X, R: covariances(X, R, centre=lambda X, r: 0), "no mean is subtracted"),
    ("mixtures.covariances", lambda X, R: covariances(X, R, ddof=1), "minus 1"),
    ("mixtures.covariances", lambda X, R: covariances(X, harden(R)), "with its share"),
    (
        "mixtures.covariances",
        lambda X, R: np.array([np.cov((r[:, None] * X).T, ddof=0) for r in R.T]),
        "should be",
    ),
    ("mixtures.merge_cost", lambda A, B: inertia(np.vstack([A, B])), "how much *more*"),
    ("mixtures.merge_cost", lambda A, B: inertia(A) + inertia(B), "before the merger"),
    ("mixtures.merge_cost", lambda A, B: mean_gap(A, B) ** 2, "their sizes count too"),
    ("mixtures.merge_cost", lambda A, B: np.sqrt(2 * merge_cost(A, B)), "height in the tree"),
    ("mixtures.merge_cost", lambda A, B: mean_gap(A, B) * len(A) * len(B) / (len(A) + len(B)), "not squared"),
    ("mixtures.merge_cost", lambda A, B: -merge_cost(A, B), "sign is opposite"),
]


def test_every_exercise_is_tested():
    assert set(RIGHT) == {name for name in names() if name.startswith("mixtures.")}


@pytest.mark.parametrize("name", RIGHT)
def test_right_answers_pass(name):
    feedback = check(name, RIGHT[name])
    assert feedback.passed, feedback.message


@pytest.mark.parametrize(("name", "answer", "hint"), WRONG)
def test_wrong_answers_are_told_what_is_wrong(name, answer, hint):
    feedback = check(name, answer)
    assert not feedback.passed
    assert hint in feedback.message


@pytest.mark.parametrize("name", RIGHT)
def test_an_unfinished_answer_is_no_error(name):
    assert not check(name, lambda *arguments: None).passed
