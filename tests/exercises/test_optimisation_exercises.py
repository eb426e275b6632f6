"""Right answers pass, and typical wrong ones are told what is wrong with them.

The answers here are written as a reader would write them, from the formulas, without the package.
"""

import numpy as np
import pytest

from mlcourse.exercises import check, names


def step(Y, update, gains, gradient, learning_rate, momentum, *, grows=lambda u, g: u * g < 0, shrink=lambda g: 0.8 * g, floor=0.01,
         gradient_weight=lambda a: 1, use_new=True):  # fmt: skip
    answer = np.zeros_like(Y)
    for place in np.ndindex(Y.shape):
        old = gains[place]
        new = old + 0.2 if grows(update[place], gradient[place]) else shrink(old)
        gain = max(new, floor) if use_new else old
        move = momentum * update[place] - gradient_weight(momentum) * learning_rate * gain * gradient[place]
        answer[place] = Y[place] + move
    return answer


def attraction(i, j, p, Y, *, w=lambda d2: 1 / (1 + d2), ends=((0, 1),), chosen=lambda a, b: True, factor=1):
    total = np.zeros(Y.shape)
    for a, b, weight in zip(i, j, p):
        pull = weight * w(((Y[a] - Y[b]) ** 2).sum()) * (Y[a] - Y[b])
        if chosen(a, b):
            for which, sign in ends:
                total[(a, b)[which]] += factor * sign * pull
    return total


def buffered(i, j, p, Y):
    pulls = np.array([weight / (1 + ((Y[a] - Y[b]) ** 2).sum()) * (Y[a] - Y[b]) for a, b, weight in zip(i, j, p)])
    total = np.zeros(Y.shape)
    total[i] += pulls
    return total


def spread(places, n_mesh, *, share=lambda f: (1 - f, f)):
    charges = np.zeros(n_mesh)
    for place in places:
        left = int(place)
        for where, part in zip((left, left + 1), share(place - left)):
            charges[where] += part
    return charges


def spread_buffered(places, n_mesh):
    left = places.astype(int)
    charges = np.zeros(n_mesh)
    charges[left] += 1 - (places - left)
    charges[left + 1] += places - left
    return charges


RIGHT = {
    "optimisation.step": [step],
    "optimisation.attraction": [attraction],
    "optimisation.spread": [
        spread,
        lambda places, n_mesh: np.maximum(0, 1 - abs(places[:, None] - np.arange(n_mesh))).sum(axis=0),
    ],
}

WRONG = [
    ("optimisation.step", lambda *a: step(*a, use_new=False), "the gains of the last step"),
    ("optimisation.step", lambda Y, U, g, G, rate, a: Y + a * U - rate * G, "the gains are missing"),
    ("optimisation.step", lambda *a: step(*a, grows=lambda u, g: u * g > 0), "grow where they should shrink"),
    ("optimisation.step", lambda *a: step(*a, floor=-1e9), "never below 0.01"),
    ("optimisation.step", lambda *a: step(*a, shrink=lambda g: g - 0.2), "multiplying with 0.8"),
    ("optimisation.step", lambda *a: step(*a, shrink=lambda g: g - 0.2, floor=-1e9), "become negative"),
    ("optimisation.step", lambda Y, U, g, G, rate, a: step(Y, U, g, G, -rate, a), "you go uphill"),
    ("optimisation.step", lambda Y, U, g, G, rate, a: step(Y, U, g, G, rate, 0), "the momentum is missing"),
    ("optimisation.step", lambda Y, U, g, G, rate, a: step(Y, U, g, G, rate, 1), "the whole last update"),
    ("optimisation.step", lambda *a: step(*a, gradient_weight=lambda m: 1 - m), "1 − momentum"),
    ("optimisation.step", lambda Y, *a: step(Y, *a) - Y, "add it to Y"),
    ("optimisation.step", lambda *a: (step(*a), a[1], a[2]), "a tuple of 3"),
    ("optimisation.attraction", buffered, "keeps only the last edge"),
    ("optimisation.attraction", lambda *a: -attraction(*a), "the sign is opposite"),
    ("optimisation.attraction", lambda *a: attraction(*a, ends=[(1, 1)]), "the sign is opposite"),
    ("optimisation.attraction", lambda *a: attraction(*a, factor=4), "the gradient's factor 4"),
    ("optimisation.attraction", lambda *a: attraction(*a, w=lambda d2: 1), "is missing"),
    ("optimisation.attraction", lambda *a: attraction(*a, w=lambda d2: (1 + d2) ** -2), "w_ij twice"),
    ("optimisation.attraction", lambda *a: attraction(*a, w=lambda d2: 1 / (1 + d2**0.5)), "squared distance"),
    ("optimisation.attraction", lambda *a: attraction(*a, chosen=lambda i, j: i < j), "in both orders"),
    ("optimisation.attraction", lambda *a: attraction(*a, ends=[(0, 1), (1, -1)]), "there twice"),
    ("optimisation.attraction", lambda i, j, p, Y: attraction(i, j, 1 + 0 * p, Y), "the weights p are missing"),
    ("optimisation.spread", spread_buffered, "keeps only one of the charges"),
    ("optimisation.spread", lambda *a: spread(*a, share=lambda f: (f, 1 - f)), "exchanged"),
    ("optimisation.spread", lambda *a: spread(*a, share=lambda f: (1, 0) if f < 0.5 else (0, 1)), "whole to the nearest"),
    ("optimisation.spread", lambda *a: spread(*a, share=lambda f: (1, 0)), "on its left"),
    ("optimisation.spread", lambda *a: spread(*a, share=lambda f: (1 - f, 0)), "on the right is missing"),
    ("optimisation.spread", lambda *a: spread(*a, share=lambda f: (0.5, 0.5)), "halved"),
    ("optimisation.spread", lambda *a: spread(*a, share=lambda f: ((1 - f) ** 2, f**2)), "none may be lost or made"),
    ("optimisation.spread", lambda *a: spread(*a, share=lambda f: (1 - f**2, f**2)), "its centre has moved"),
]  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_right_answers_pass(name):
    for function in RIGHT[name]:
        feedback = check(name, function)
        assert feedback.passed, feedback


def test_no_exercise_is_left_out():
    assert {name for name in names() if name.startswith("optimisation.")} == set(RIGHT)


@pytest.mark.parametrize(("name", "function", "words"), WRONG)
def test_typical_mistakes_are_named(name, function, words):
    feedback = check(name, function)
    assert not feedback.passed
    assert words in feedback.message


@pytest.mark.parametrize("name", RIGHT)
def test_every_exercise_knows_many_mistakes(name):
    assert sum(known == name for known, _, _ in WRONG) >= 5


def unfinished(*arguments):
    raise NotImplementedError


@pytest.mark.parametrize("name", RIGHT)
def test_unfinished_answers_are_met_kindly(name):
    for function, words in [
        (lambda *arguments: None, "returned None"),
        (unfinished, "unfinished"),
        (lambda *arguments: np.ones((3, 3, 3)), "instead of"),
        (lambda *arguments: np.nan * RIGHT[name][0](*arguments), "NaN"),
        (lambda: 0, "which does not fit"),
    ]:
        feedback = check(name, function)
        assert not feedback.passed
        assert words in feedback.message
