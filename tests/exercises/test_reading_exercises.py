"""The exercises on reading maps: right answers pass, and typical wrong ones are told what is wrong with them.

The answers here are written as a reader would write them, from the sentences of the page.
"""

import numpy as np
import pytest

from mlcourse.exercises import check, names

NAMES = [name for name in names() if name.startswith("reading.")]


def separate(labels, perplexities, make_map, better=lambda new, old: new > old, answer="perplexity", score=None):
    best = (None, None, None)
    for place, perplexity in enumerate(perplexities):
        Y = make_map(perplexity)
        share = (score or home)(labels, Y)
        if best[1] is None or better(share, best[1]):
            best = (perplexity, share, place)
    return best[("perplexity", "share", "place").index(answer)]


def home(labels, Y):
    means = np.array([Y[labels == 0].mean(axis=0), Y[labels == 1].mean(axis=0)])
    return np.mean([np.linalg.norm(y - means, axis=1).argmin() == label for y, label in zip(Y, labels)])


def between(labels, Y):
    return np.linalg.norm(Y[labels == 0].mean(axis=0) - Y[labels == 1].mean(axis=0))


def same_neighbour(labels, Y):
    D = distances(Y)
    return np.mean(labels[D.argmin(axis=1)] == labels)


def distances(X, diagonal=np.inf):
    D = np.sqrt(((X[:, None] - X[None]) ** 2).sum(axis=2))
    np.fill_diagonal(D, diagonal)
    return D


def sets(X, k, diagonal=np.inf):
    return [set(row[:k]) for row in distances(X, diagonal).argsort(axis=1)]


def preservation(X, Y, k, diagonal=np.inf, divide=True):
    kept = [len(a & b) for a, b in zip(sets(X, k, diagonal), sets(Y, k, diagonal))]
    return np.mean(kept) / (k if divide else 1)


def farthest(X, Y, k):
    kept = [len(set(a) & set(b)) for a, b in zip(*((-distances(Z, -np.inf)).argsort(axis=1)[:, :k] for Z in (X, Y)))]
    return np.mean(kept) / k


def jaccard(X, Y, k):
    return np.mean([len(a & b) / len(a | b) for a, b in zip(sets(X, k), sets(Y, k))])


def in_order(X, Y, k):
    return np.mean(distances(X).argsort(axis=1)[:, :k] == distances(Y).argsort(axis=1)[:, :k])


def clumps(Y, area, nearest=lambda Y: distances(Y).min(axis=1).mean(), expected=lambda A, n: 0.5 * np.sqrt(A / n)):
    return nearest(Y) / expected(area, len(Y))


def agreement(maps, k, combine=set.intersection, diagonal=np.inf, among=slice(None)):
    near = [sets(Y, k, diagonal) for Y in maps[among]]
    return np.array([len(combine(*row)) for row in zip(*near)]) / k


RIGHT = {
    "reading.separate": [separate],
    "reading.preservation": [preservation],
    "reading.clumps": [clumps],
    "reading.agreement": [agreement],
}

WRONG = [
    ("reading.separate", lambda *a: separate(*a, answer="share"), "this is the share itself"),
    ("reading.separate", lambda *a: separate(*a, answer="place"), "counted from 0"),
    ("reading.separate", lambda *a: separate(*a, better=lambda new, old: new >= old), "yours is the largest"),
    ("reading.separate", lambda *a: separate(*a, better=lambda new, old: new < old), "separates the clusters worst"),
    ("reading.separate", lambda *a: separate(*a, score=same_neighbour), "nearest neighbour for its cluster"),
    ("reading.separate", lambda *a: separate(*a, score=between), "Maps have different scales"),
    ("reading.separate", lambda *a: separate(*a, score=lambda labels, Y: between(labels, Y) / Y.std()), "What is asked for is a count"),
    ("reading.separate", lambda labels, perplexities, make_map: 30.5, "none of the perplexities"),
    ("reading.preservation", lambda X, Y, k: preservation(X, Y, k, diagonal=-1.0), "the point itself"),
    ("reading.preservation", lambda X, Y, k: preservation(X, Y, k + 1, diagonal=-1.0), "the point itself"),
    ("reading.preservation", lambda X, Y, k: preservation(X, Y, k, divide=False), "divide by k for a share"),
    ("reading.preservation", lambda X, Y, k: 1 - preservation(X, Y, k), "neighbours that are lost"),
    ("reading.preservation", farthest, "farthest"),
    ("reading.preservation", jaccard, "the union"),
    ("reading.preservation", in_order, "keep its place"),
    ("reading.preservation", lambda X, Y, k: preservation(X, Y, k) * len(X) * k, "divide by n and by k"),
    ("reading.preservation", lambda X, Y, k: preservation(X, Y, k) * len(X), "divide by n as well"),
    ("reading.clumps", lambda Y, area: clumps(Y, area, nearest=lambda Y: distances(Y, 0.0).min(axis=1).mean()), "infinity on the diagonal"),
    ("reading.clumps", lambda Y, area: 1 / clumps(Y, area), "stands on its head"),
    ("reading.clumps", lambda Y, area: clumps(Y, area, expected=lambda A, n: np.sqrt(A / n)), "1/2 in front of the root"),
    ("reading.clumps", lambda Y, area: clumps(Y, area, expected=lambda A, n: 0.5 * np.sqrt(n / A)), "you have n / A"),
    ("reading.clumps", lambda Y, area: clumps(Y, area, expected=lambda A, n: 0.5 * A / n), "the root is missing"),
    ("reading.clumps", lambda Y, area: clumps(Y, area, expected=lambda A, n: 1.0), "divide by the expected one"),
    ("reading.clumps", lambda Y, area: clumps(Y, area, nearest=lambda Y: np.median(distances(Y).min(axis=1))), "the median"),
    ("reading.clumps", lambda Y, area: clumps(Y, area, nearest=lambda Y: (distances(Y).min(axis=1) ** 2).mean()), "squared distances"),
    ("reading.clumps", lambda Y, area: clumps(Y, area, nearest=lambda Y: distances(Y, 0).sum() / len(Y) / (len(Y) - 1)), "all pairs"),
    ("reading.agreement", lambda maps, k: agreement(maps, k) * k, "divide by k for shares"),
    ("reading.agreement", lambda maps, k: agreement(maps, k, among=slice(2)), "first two maps only"),
    ("reading.agreement", lambda maps, k: agreement(maps, k, combine=set.union), "not the union"),
    ("reading.agreement", lambda maps, k: agreement(maps, k, diagonal=-1.0), "the point itself"),
    ("reading.agreement", lambda maps, k: agreement(maps, k + 1, diagonal=-1.0), "the point itself"),
    ("reading.agreement", lambda maps, k: np.full(maps.shape[1], agreement(maps, k).mean()), "same number"),
    ("reading.agreement", lambda maps, k: agreement(maps, k).mean(), "instead of an array"),
    ("reading.agreement",
     lambda maps, k: sum(agreement(maps[[a, b]], k) for a, b in ((0, 1), (1, 2), (0, 2))) / 3, "average over pairs"),
    ("reading.agreement", lambda maps, k: (agreement(maps[[0, 1]], k) + agreement(maps[[0, 2]], k)) / 2, "with the first and average"),
]


def test_all_exercises_are_here():
    assert set(RIGHT) == set(NAMES)


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


def unfinished(*arguments):
    raise NotImplementedError


@pytest.mark.parametrize("name", NAMES)
def test_unfinished_answers_are_met_kindly(name):
    right = RIGHT[name][0]

    def changes_input(*arguments):
        answer = right(*arguments)
        arguments[0][...] = 0
        return answer

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
