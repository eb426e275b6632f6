"""The exercises on k-means: right answers pass, and typical wrong ones are told what is wrong with them.

The answers here are written as a reader would write them, with loops and without the package.
"""

import numpy as np
import pytest

from mlcourse.exercises import check, names


def assign(X, centers, better=lambda new, old: new < old, distance=lambda x, c: np.linalg.norm(x - c)):
    labels = []
    for x in X:
        nearest = 0
        for j in range(1, len(centers)):
            if better(distance(x, centers[j]), distance(x, centers[nearest])):
                nearest = j
        labels.append(nearest)
    return np.array(labels)


def step(X, centers, labels=None, stand_for=lambda points: np.mean(points, axis=0), empty=lambda X, old: old):
    labels = assign(X, centers) if labels is None else labels
    new = []
    for j, old in enumerate(centers):
        mine = [x for x, label in zip(X, labels) if label == j]
        new.append(stand_for(mine) if mine else empty(X, old))
    return np.array(new)


def phi(X, centers, one=lambda distances: min(distances) ** 2):
    return sum(one([np.linalg.norm(x - c) for c in centers]) for x in X)


def run(X, centers, n_steps=40, **how):
    for _ in range(n_steps):
        centers = step(X, centers)
    return phi(X, centers, **how)


RIGHT = {
    "kmeans.assign": [assign, lambda X, centers: ((centers**2).sum(axis=1) / 2 - X @ centers.T).argmin(axis=1)],
    "kmeans.step": [step],
    "kmeans.run": [run],
}

WRONG = [
    ("kmeans.assign", lambda X, C: assign(X, C, better=lambda new, old: new > old), "argmin"),
    ("kmeans.assign", lambda X, C: assign(X, C) + 1, "counted from 1"),
    ("kmeans.assign", lambda X, C: np.array([min(np.linalg.norm(x - C, axis=1)) for x in X]), "numbers are wanted"),
    ("kmeans.assign", lambda X, C: np.array([min(np.linalg.norm(x - C, axis=1)) ** 2 for x in X]), "numbers are wanted"),
    ("kmeans.assign", lambda X, C: assign(X, C, distance=lambda x, c: np.abs(x - c).sum()), "taxi"),
    ("kmeans.assign", lambda X, C: assign(X, C, distance=lambda x, c: abs((x - c).sum())), "cancel"),
    ("kmeans.assign", lambda X, C: assign(X, C, distance=lambda x, c: (x - c).sum()), "not squared"),
    ("kmeans.assign", lambda X, C: (X @ C.T).argmax(axis=1), "inner product"),
    ("kmeans.assign", lambda X, C: assign(X, C) * 1.5, "whole number from 0 to 3"),
    ("kmeans.assign", lambda X, C: assign(X, C)[:, None] == np.arange(len(C)), "shape"),
    ("kmeans.step", lambda X, C: step(X, C, labels=assign(X, C, better=lambda new, old: new > old)), "argmin"),
    ("kmeans.step", lambda X, C: step(X, C, empty=lambda X, old: old * np.nan), "0/0"),
    ("kmeans.step", lambda X, C: step(X, C, empty=lambda X, old: 0 * old), "moved to 0"),
    ("kmeans.step", lambda X, C: step(X, C, empty=lambda X, old: X.mean(axis=0)), "mean of all"),
    ("kmeans.step", lambda X, C: np.array([X.mean(axis=0) for _ in C]), "mean of *all* points"),
    ("kmeans.step", lambda X, C: step(X, C, stand_for=lambda p: np.sum(p, axis=0)), "these are sums"),
    ("kmeans.step", lambda X, C: np.eye(len(C))[assign(X, C)].T @ X, "these are sums"),
    ("kmeans.step", lambda X, C: step(X, C, stand_for=lambda p: np.median(p, axis=0)), "medians"),
    ("kmeans.step", lambda X, C: step(X, C, stand_for=lambda p: np.full(len(p[0]), np.mean(p))), "axis=0"),
    ("kmeans.step", lambda X, C: step(X, C, stand_for=lambda p: np.sum(p, axis=0) / len(X)), "all points"),
    ("kmeans.step", lambda X, C: C, "old centres"),
    ("kmeans.step", lambda X, C: step(X, step(X, C)), "two"),
    ("kmeans.step", lambda X, C: assign(X, C), "shape"),
    ("kmeans.step", lambda X, C: C.__isub__(1), "changes its input"),
    ("kmeans.run", phi, "at the start"),
    ("kmeans.run", lambda X, C: run(X, C, 1), "single step"),
    ("kmeans.run", lambda X, C: run(X, C, 2), "*two* steps"),
    ("kmeans.run", lambda X, C: run(X, C, one=min), "*squares*"),
    ("kmeans.run", lambda X, C: run(X, C) / len(X), "the mean over the points"),
    ("kmeans.run", lambda X, C: run(X, C, one=lambda d: sum(np.square(d))), "*all* centres"),
    ("kmeans.run", lambda X, C: run(X, C) ** 0.5, "root"),
    ("kmeans.run", lambda X, C: phi(X, [X.mean(axis=0)]), "one cluster"),
    ("kmeans.run", lambda X, C: run(X, C) / 2, "0.5 times"),
    ("kmeans.run", lambda X, C: step(X, C), "shape"),
]


def test_every_exercise_is_tested():
    assert set(RIGHT) == {name for name in names() if name.startswith("kmeans.")}


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
