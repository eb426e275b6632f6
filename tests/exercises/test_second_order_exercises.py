"""Right answers pass, and typical wrong ones are told what is wrong with them.

The answers here are written as a reader would write them, from the formulas, without the package.
"""

import numpy as np
import pytest

from mlcourse.exercises import check, names
from mlcourse.optimize import backtracking


def newton(theta, gradient, hessian):
    return theta - np.linalg.inv(hessian) @ gradient


def halving(f, theta, gradient, p, c, *, test=lambda new, old, promised, t: new <= old + t * promised, factor=0.5):
    t, promised = 1.0, c * (gradient * p).sum()
    while not test(f(theta + t * p), f(theta), promised, t) and t > 1e-12:
        t *= factor
    return t


def inverse_hessian(steps, changes, scale):
    """The matrix of BFGS, built up pair by pair: what the two loops multiply by without making it."""
    eye = np.eye(steps.shape[1])
    H = scale * eye
    for s, y in zip(steps, changes):
        V = eye - np.outer(y, s) / (s @ y)
        H = V.T @ H @ V + np.outer(s, s) / (s @ y)
    return H


def newest(steps, changes):
    return steps[-1] @ changes[-1] / (changes[-1] @ changes[-1])


def two_loop(gradient, steps, changes, scale=newest):
    return -inverse_hessian(steps, changes, scale(steps, changes)) @ gradient


def loops(gradient, steps, changes, first=reversed, second=iter, beta=True):
    q, pairs, alpha = gradient.copy(), range(len(steps)), {}
    for i in first(pairs):
        alpha[i] = steps[i] @ q / (steps[i] @ changes[i])
        q = q - alpha[i] * changes[i]
    q = q * newest(steps, changes)
    for i in second(pairs):
        q = q + (alpha[i] - beta * (changes[i] @ q) / (steps[i] @ changes[i])) * steps[i]
    return -q


RIGHT = {
    "second_order.newton": [newton, lambda theta, g, H: theta + np.linalg.solve(H, -g)],
    "second_order.halving": [
        halving,
        lambda f, theta, g, p, c: backtracking(lambda x: (f(x), g), theta, f(theta), g, p, sufficient_decrease=c).step_length,
    ],
    "second_order.two_loop": [two_loop, loops],
}

WRONG = [
    ("second_order.newton", lambda x, g, H: x + np.linalg.solve(H, g), "the sign"),
    ("second_order.newton", lambda x, g, H: -np.linalg.solve(H, g), "add it to theta"),
    ("second_order.newton", lambda x, g, H: np.linalg.solve(H, g), "Subtract it from theta"),
    ("second_order.newton", lambda x, g, H: x - H @ g, "multiply by the Hessian"),
    ("second_order.newton", lambda x, g, H: x - g @ H, "multiply by the Hessian"),
    ("second_order.newton", lambda x, g, H: x - g / H.diagonal(), "diagonal"),
    ("second_order.newton", lambda x, g, H: x - H**-1.0 @ g, "each entry"),
    ("second_order.newton", lambda x, g, H: x - g, "not used"),
    ("second_order.newton", lambda x, g, H: x - 0.5 * np.linalg.solve(H, g), "½"),
    ("second_order.newton", lambda x, g, H: x - np.linalg.inv(H) * g, "shape"),
    ("second_order.newton", lambda x, g, H: x.__isub__(np.linalg.solve(H, g)), "changes its input"),
    ("second_order.halving", lambda f, x, g, p, c: halving(f, x, g, p, 0), "any decrease"),
    ("second_order.halving", lambda *a: halving(*a, test=lambda new, old, promised, t: new < old), "any decrease"),
    ("second_order.halving", lambda *a: halving(*a, test=lambda new, old, promised, t: new <= old + promised), "shrinks with the step"),
    ("second_order.halving", lambda *a: halving(*a, test=lambda new, old, promised, t: new <= old - t * promised), "*added*"),
    ("second_order.halving", lambda f, x, g, p, c: halving(f, x, g, p, 1), "c is missing"),
    ("second_order.halving", lambda f, x, g, p, c: halving(
        f, x, g, p, c, test=lambda new, old, promised, t: new <= old - c * t * (g @ g)), "gradientᵀp"),
    ("second_order.halving", lambda *a: halving(*a) / 2, "once too often"),
    ("second_order.halving", lambda *a: 1.0, "always take the full step"),
    ("second_order.halving", lambda *a: round(-np.log2(halving(*a))), "how often"),
    ("second_order.halving", lambda *a: halving(*a, factor=0.1), "a tenth"),
    ("second_order.halving", lambda f, x, g, p, c: x + halving(f, x, g, p, c) * p, "instead of"),
    ("second_order.two_loop", lambda *a: -two_loop(*a), "the sign"),
    ("second_order.two_loop", lambda *a: two_loop(*a, scale=lambda s, y: 1), "sᵀy / yᵀy"),
    ("second_order.two_loop", lambda *a: two_loop(*a, scale=lambda s, y: newest(s[:1], y[:1])), "the *newest* pair"),
    ("second_order.two_loop", lambda *a: two_loop(*a, scale=lambda s, y: 1 / newest(s, y)), "upside down"),
    ("second_order.two_loop", lambda *a: loops(*a, first=iter), "the first loop must run"),
    ("second_order.two_loop", lambda *a: loops(*a, second=reversed), "the second loop must run"),
    ("second_order.two_loop", lambda g, s, y: two_loop(g, s[::-1], y[::-1], scale=lambda a, b: newest(s, y)), "both loops"),
    ("second_order.two_loop", lambda *a: loops(*a, beta=False), "β is missing"),
    ("second_order.two_loop", lambda g, s, y: -newest(s, y) * g, "the loops are missing"),
    ("second_order.two_loop", lambda g, s, y: inverse_hessian(s, y, 1), "shape"),
]  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_right_answers_pass(name):
    for function in RIGHT[name]:
        feedback = check(name, function)
        assert feedback.passed, feedback


def test_no_exercise_is_left_out():
    assert {name for name in names() if name.startswith("second_order.")} == set(RIGHT)


@pytest.mark.parametrize(("name", "function", "words"), WRONG)
def test_typical_mistakes_are_named(name, function, words):
    feedback = check(name, function)
    assert not feedback.passed
    assert words in feedback.message


@pytest.mark.parametrize("name", RIGHT)
def test_unfinished_answers_are_met_kindly(name):
    for function, words in [
        (lambda *arguments: None, "returned None"),
        (lambda *arguments: np.ones((3, 3, 3)), "instead of"),
        (lambda *arguments: np.nan * RIGHT[name][0](*arguments), "NaN"),
        (lambda: 0, "which does not fit"),
    ]:
        feedback = check(name, function)
        assert not feedback.passed
        assert words in feedback.message
