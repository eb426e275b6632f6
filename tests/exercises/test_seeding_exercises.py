"""The exercises on k-means++: right answers pass, and typical wrong ones are told what is wrong with them.

The answers here are written as a reader would write them, from the formulas, without the package.
"""

import numpy as np
import pytest

from mlcourse.exercises import check, names


def distances(X, C):
    return np.sqrt(((X[:, None] - C[None]) ** 2).sum(axis=-1))


def d2(X, C):
    return distances(X, C).min(axis=1) ** 2


def probabilities(X, C):
    return d2(X, C) / d2(X, C).sum()


def draw(X, C, u):
    reached = 0.0
    for i, p in enumerate(probabilities(X, C)):
        reached += p
        if reached > u:
            return i
    return len(X) - 1


def draw_by_argmax(X, C, u):
    return np.argmax(np.cumsum(probabilities(X, C)) > u)


def far_singles(k=10, loose=100, ratio=12.0):
    """A loose group at two places, and k - 1 single points far from it and from each other."""
    A = np.zeros((loose, k))
    A[: loose // 2, 0], A[loose // 2 :, 0] = 1, -1
    return np.vstack([A, np.sqrt(ratio * loose) * np.eye(k)[1:]]), k


def easy_groups():
    rng = np.random.default_rng(0)
    return np.vstack([rng.normal(size=(50, 2)) + [10 * i, 0] for i in range(3)]), 3


def ring_of_singles():
    """The same trap in the plane."""
    angle = 2 * np.pi * np.arange(5) / 5
    loose = np.column_stack([np.r_[np.full(50, -1.0), np.full(50, 1.0)], np.zeros(100)])
    return np.vstack([loose, np.sqrt(1100) * np.column_stack([np.cos(angle), np.sin(angle)])]), 6


RIGHT = {
    "seeding.d2_probabilities": [probabilities],
    "seeding.d2_draw": [draw, draw_by_argmax],
    "seeding.defeat": [lambda: (far_singles()[0].tolist(), np.int64(10)), ring_of_singles],
}

WRONG = [
    ("seeding.d2_probabilities", d2, "divide them by their sum"),
    ("seeding.d2_probabilities", lambda X, C: distances(X, C).min(axis=1) / distances(X, C).min(axis=1).sum(), "not squared"),
    ("seeding.d2_probabilities", lambda X, C: distances(X, C).max(axis=1) ** 2 / (distances(X, C).max(axis=1) ** 2).sum(), "*nearest*"),
    ("seeding.d2_probabilities", lambda X, C: (distances(X, C) ** 2).sum(axis=1) / (distances(X, C) ** 2).sum(), "add up"),
    ("seeding.d2_probabilities", lambda X, C: probabilities(X, C[-1:]), "only the last centre"),
    ("seeding.d2_probabilities", lambda X, C: np.full(len(X), 1 / len(X)), "random start"),
    ("seeding.d2_probabilities", lambda X, C: d2(X, C) / d2(X, C).max(), "instead of 1"),
    ("seeding.d2_probabilities", lambda X, C: 1 / d2(X, C), "NaN or infinite"),
    ("seeding.d2_draw", lambda X, C, u: np.searchsorted(np.cumsum(probabilities(X, C)), u), "on a step"),
    ("seeding.d2_draw", lambda X, C, u: d2(X, C).argmax(), "farthest-first"),
    ("seeding.d2_draw", lambda X, C, u: int(u * len(X)), "same probability"),
    ("seeding.d2_draw", lambda X, C, u: np.searchsorted(np.cumsum(np.sqrt(d2(X, C))), u * np.sqrt(d2(X, C)).sum(), side="right"), "not squared"),
    ("seeding.d2_draw", lambda X, C, u: draw(X, C, u) + 1, "off by one"),
    ("seeding.d2_draw", lambda X, C, u: draw(X, C[-1:], u), "only the last centre"),
    ("seeding.d2_draw", lambda X, C, u: u, "no row of X"),
    ("seeding.d2_draw", lambda X, C, u: 0, "already"),
    ("seeding.defeat", easy_groups, "Every run ends at nearly the same cost"),
    ("seeding.defeat", lambda: far_singles(ratio=5.0), "must cost more"),
    ("seeding.defeat", lambda: far_singles(k=2), "more often, the less it costs"),
    ("seeding.defeat", lambda: (np.zeros((5, 2)), 2), "1 different places"),
    ("seeding.defeat", lambda: far_singles(loose=400), "at most 200"),
    ("seeding.defeat", lambda: (easy_groups()[0], 11), "from 2 to 10"),
    ("seeding.defeat", lambda: (easy_groups()[0], 2.5), "from 2 to 10"),
    ("seeding.defeat", lambda: easy_groups()[0], "two things"),
    ("seeding.defeat", lambda: (np.full((20, 2), np.nan), 2), "NaN"),
    ("seeding.defeat", lambda: (np.arange(20.0), 2), "one point in each row"),
    ("seeding.defeat", lambda: ("points", 2), "array of numbers"),
    ("seeding.defeat", lambda X: X, "does not fit"),
    ("seeding.defeat", lambda: 1 / 0, "ZeroDivisionError"),
    ("seeding.defeat", far_singles(), "not a function"),
    ("seeding.defeat", lambda: (np.r_[np.arange(11) * 1e-9, 1e9 * np.arange(1, 10)][:, None], 10), "0 but for rounding"),
]


def test_every_exercise_is_tested():
    assert set(RIGHT) == {name for name in names() if name.startswith("seeding.")}


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


def test_a_defeat_does_not_depend_on_where_the_data_lie_or_on_their_unit():
    X, k = far_singles()
    feedback = check("seeding.defeat", lambda: (1e-3 * X + 1e3, k))
    assert feedback.passed
    assert "of 100 seeds plain k-means++ ends at 10 times the best or more" in feedback.message


def test_code_in_the_tutors_words_is_set_as_code():
    assert "<code>return</code>" in check("seeding.d2_draw", lambda *arguments: None)._repr_html_()
