"""What the tutor says whatever the exercise."""

import numpy as np
import pytest

from mlcourse.exercises import Exercise, Mistake, check, names
from mlcourse.exercises import core

DOUBLE = Exercise(
    name="test.double",
    signature="x, k",
    reference=lambda x, k: 2 * x + k,
    inputs=lambda rng: (rng.normal(size=(4, 2)), 3),
    mistakes=(Mistake(lambda x, k: x + k, "you forgot to double x."),),
)
COUNT = Exercise(name="test.count", signature="n", reference=lambda n: n + 1.0, inputs=lambda rng: (int(rng.integers(3, 90)),))


@pytest.fixture(autouse=True)
def two_exercises(monkeypatch):
    monkeypatch.setattr(core, "_EXERCISES", {DOUBLE.name: DOUBLE, COUNT.name: COUNT})


def unfinished(x, k):
    raise NotImplementedError


def changes_input(x, k):
    x *= 2
    return x + k


def fails(x, k):
    half = x / 2
    return half @ half


def fails_inside_numpy(x, k):
    return np.linalg.inv(x)


def no_return(x, k):
    2 * x + k


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (no_return, "returned None: did you forget `return`"),
        (unfinished, "unfinished: it raises NotImplementedError"),
        (lambda x, k: ..., "unfinished"),
        (lambda x, k: (2 * x + k)[:, 0], r"wrong shape (4,) instead of (4, 2)"),
        (lambda x, k: 1.5, "a single number instead of an array of shape (4, 2)"),
        (lambda x, k: x * np.nan, "8 of 8 numbers of the answer are NaN or infinite"),
        (lambda x, k: x / 0, "NaN or infinite"),
        (lambda x, k: "2x + k", "returned '2x + k' of type str, not an array of shape (4, 2)"),
        (lambda x, k: [[1, 2], [3]], "not an array"),
        (lambda x, k: (x, k), "a tuple of 2; only one array"),
        (changes_input, "changes its input x. Work on a copy: x = x.copy()"),
        (fails, "ValueError"),
        (fails, "return half @ half"),
        (fails_inside_numpy, "return np.linalg.inv(x)"),
        (lambda x: x, "is called as <lambda>(x, k)"),
        (lambda x, k: x + k, "you forgot to double x"),
        (lambda x, k: -(2 * x + k), "the sign is opposite"),
        (lambda x, k: 3 * (2 * x + k), "every number is 3 times what it should be"),
        (lambda x, k: 2 * x + k + (x > 1.2), "and should be 5.608"),
        (3, "not a function"),
        (None, "not a function"),
        (..., "not a function"),
    ],
)
def test_the_tutor_helps(function, words):
    feedback = check("test.double", function)
    assert not feedback.passed
    assert words in feedback.message


def test_a_right_answer_passes():
    assert check("test.double", lambda x, k: k + x + x).passed
    assert check("test.double", lambda x, k: (2 * x + k).tolist()).passed
    assert check("test.count", lambda n: 1 + n).passed


def test_a_number_is_not_an_array():
    assert "an array of shape (1,) instead of a number" in check("test.count", lambda n: np.array([n + 1])).message
    assert "is NaN or infinite" in check("test.count", lambda n: float("inf")).message


def test_a_difference_is_shown_by_its_place():
    def one_entry_wrong(x, k):
        answer = 2 * x + k
        answer[2, 1] = 7
        return answer

    assert "answer[2, 1] is 7 and should be" in check("test.double", one_entry_wrong).message


def test_a_function_that_is_right_only_at_first_is_told_so():
    calls = []

    def tires(x, k):
        calls.append(1)
        return 2 * x + k + (0.1 * x if len(calls) > 2 else 0)

    assert "on random input 3 of 5" in check("test.double", tires).message


def test_bound_methods_and_callables_are_functions():
    class Doubler:
        def __call__(self, x, k):
            return 2 * x + k

    assert check("test.double", Doubler()).passed
    assert check("test.double", Doubler().__call__).passed


def test_an_interrupt_is_not_swallowed():
    def interrupted(x, k):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("test.double", interrupted)


@pytest.mark.parametrize("name", ["", "double", None])
def test_an_unknown_exercise_lists_the_known(name):
    with pytest.raises(ValueError, match="there are test.count, test.double"):
        check(name, lambda x: x)


def test_a_name_is_given_once():
    core.register(DOUBLE)
    with pytest.raises(ValueError, match="already an exercise 'test.double'"):
        core.register(Exercise("test.double", "x", abs, lambda rng: (1,)))


def test_the_answer_is_shown_as_text_and_as_html():
    feedback = check("test.double", lambda x, k: "<b>")
    assert repr(feedback).startswith("✗ test.double: your function returned '<b>'")
    assert "<b>" not in feedback._repr_html_() and "Not yet" in feedback._repr_html_()
    assert repr(check("test.double", lambda x, k: 2 * x + k)) == "✓ test.double: right on 5 random inputs."
    assert names() == ["test.count", "test.double"]
