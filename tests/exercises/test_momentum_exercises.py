"""The exercises on momentum: right answers pass, and typical wrong ones are told what is wrong.

The answers here are written as a reader would write them, without the package.
"""

import numpy as np
import pytest

from mlcourse.exercises import check, names


def ball(gradient, theta, learning_rate, momentum, n_steps):
    path = np.zeros((n_steps + 1, len(theta)))
    path[0] = theta
    for t in range(n_steps):
        last = path[t] - path[t - 1] if t else 0
        path[t + 1] = path[t] + momentum * last - learning_rate * gradient(path[t])
    return path


def ahead(gradient, theta, learning_rate, momentum, n_steps):
    # Two sequences, as in the textbooks: x after the gradient step, y ahead of it.
    x, y, path = theta, theta, [theta]
    for _ in range(n_steps):
        before, x = x, y - learning_rate * gradient(y)
        y = x + momentum * (x - before)
        path.append(x)
    return np.array(path)


def loop(update):
    """A reader's loop; update(theta, v, gradient, eta, beta) returns both."""

    def run(gradient, theta, learning_rate, momentum, n_steps):
        v, path = np.zeros_like(theta), [theta]
        for _ in range(n_steps):
            theta, v = update(theta, v, gradient, learning_rate, momentum)
            path.append(theta)
        return np.array(path)

    return run


def by_new(velocity):
    """The loop that moves by the new velocity."""

    def update(theta, v, f, eta, beta):
        new = velocity(theta, v, f, eta, beta)
        return theta + new, new

    return loop(update)


def change_input(f, theta, eta, beta, n):
    path = [theta.copy()]
    v = 0
    for _ in range(n):
        v = beta * v - eta * f(theta)
        theta += v
        path.append(theta.copy())
    return np.array(path)


def adam(m, s, t, eta, b1, b2):
    return -eta * np.sqrt(1 - b2**t) / (1 - b1**t) * m / s**0.5


RIGHT = {
    "momentum.ball": [ball, by_new(lambda x, v, f, eta, beta: beta * v - eta * f(x))],
    "momentum.ahead": [ahead, by_new(lambda x, v, f, eta, beta: beta * v - eta * f(x + beta * v))],
    "momentum.adam": [adam],
}

WRONG = [
    ("momentum.ball", by_new(lambda x, v, f, e, b: b * v + e * f(x)), "uphill"),
    ("momentum.ball", loop(lambda x, v, f, e, b: (x - (b * v + e * f(x)), -(b * v + e * f(x)))), "mixed"),
    ("momentum.ball", loop(lambda x, v, f, e, b: (x + b * v - e * f(x), v)), "plain descent"),
    ("momentum.ball", by_new(lambda x, v, f, e, b: b * v - (1 - b) * e * f(x)), "1 − momentum"),
    ("momentum.ball", loop(lambda x, v, f, e, b: (b * x - e * f(x), v)), "*place*"),
    ("momentum.ball", by_new(lambda x, v, f, e, b: v - e * f(x)), "friction"),
    ("momentum.ball", loop(lambda x, v, f, e, b: (x + v, b * v - e * f(x))), "*old* velocity"),
    ("momentum.ball", by_new(lambda x, v, f, e, b: e * (b * v - f(x))), "gradient only"),
    ("momentum.ball", ahead, "Nesterov"),
    ("momentum.ball", lambda *a: ball(*a)[1:], "shape"),
    ("momentum.ball", lambda *a: ball(*a)[-1], "shape"),
    ("momentum.ball", lambda *a: np.vstack([ball(*a)[1:], ball(*a)[:1]]), "start"),
    ("momentum.ball", change_input, "changes its input"),
    ("momentum.ahead", ball, "still the heavy ball"),
    ("momentum.ahead", by_new(lambda x, v, f, e, b: b * v - e * f(x + v)), "theta + v"),
    ("momentum.ahead", loop(lambda x, v, f, e, b: (x + b * (b * v - e * f(x)) - e * f(x), b * v - e * f(x))), "*ahead*"),
    (
        "momentum.ahead",
        loop(lambda x, v, f, e, b: (x + 2 * b * v - e * f(x + b * v), b * v - e * f(x + b * v))),
        "counted twice",
    ),
    ("momentum.ahead", loop(lambda x, v, f, e, b: (x - e * f(x), v)), "plain descent"),
    ("momentum.adam", lambda m, s, t, e, b1, b2: -e * m / np.sqrt(s), "neither"),
    ("momentum.adam", lambda m, s, t, e, b1, b2: -e * m / (1 - b1**t) / np.sqrt(s), "only `mean`"),
    ("momentum.adam", lambda m, s, t, e, b1, b2: -e * m / np.sqrt(s / (1 - b2**t)), "only `squares`"),
    ("momentum.adam", lambda m, s, t, e, b1, b2: -e * m / (1 - b1**t) / (np.sqrt(s) / (1 - b2**t)), "after the root"),
    ("momentum.adam", lambda m, s, t, e, b1, b2: adam(m, s, 1, e, b1, b2), "power t"),
    ("momentum.adam", lambda m, s, t, e, b1, b2: -e * m / (1 - b1 * t) / np.sqrt(s / (1 - b2 * t)), "*power*"),
    ("momentum.adam", lambda m, s, t, e, b1, b2: -e * m * (1 - b1**t) / np.sqrt(s * (1 - b2**t)), "multiply"),
    ("momentum.adam", lambda m, s, t, e, b1, b2: -e * m / (1 - b1**t) / (s / (1 - b2**t)), "root is missing"),
    ("momentum.adam", lambda m, s, t, e, b1, b2: adam(m, s, t + 1, e, b1, b2), "t + 1"),
    ("momentum.adam", lambda m, s, t, e, b1, b2: adam(m, s, t - 1, e, b1, b2), "t − 1"),
    ("momentum.adam", lambda m, s, t, e, b1, b2: -adam(m, s, t, e, b1, b2), "against"),
    ("momentum.adam", lambda m, s, t, e, b1, b2: adam(m, s, t, 1, b1, b2), "learning rate"),
]


def test_every_exercise_is_tested():
    assert set(RIGHT) == {name for name in names() if name.startswith("momentum.")}


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
