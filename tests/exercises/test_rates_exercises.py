"""The exercises on the learning rate: right answers pass, typical wrong ones are told what is wrong.

The answers here are written as a reader would write them, and some find by trial what has a formula.
"""

import numpy as np
import pytest

from mlcourse.exercises import check, names


def limit_by_trial(H):
    """The largest rate at which 5,000 powers of I − ηH do not grow, by bisection."""
    low, high = 0.0, 1e3
    for _ in range(80):
        middle = (low + high) / 2
        grows = np.abs(np.linalg.eigvals(np.eye(len(H)) - middle * H)).max() > 1
        low, high = (low, middle) if grows else (middle, high)
    return low


def ball_by_steps(eta, curvature, sigma):
    variance = 0.0
    for _ in range(5000):
        variance = (1 - eta * curvature) ** 2 * variance + eta**2 * sigma**2
    return variance


def sweep(H, theta, low, high, n_steps, factor=None, shrink=0.5):
    factor = (high / low) ** (1 / (n_steps - 1)) if factor is None else factor
    rate, values = low, []
    for _ in range(n_steps):
        values.append(shrink * theta.dot(H.dot(theta)))
        theta = theta - rate * H.dot(theta)
        rate *= factor
    return values


def sweep_after(H, theta, low, high, n_steps, restart=False):
    values, start = [], theta
    for rate in np.geomspace(low, high, n_steps):
        theta = (start if restart else theta) - rate * H @ (start if restart else theta)
        values.append(theta @ H @ theta / 2)
    return np.array(values)


def sweep_linear(H, theta, low, high, n_steps):
    values = []
    for rate in np.linspace(low, high, n_steps):
        values.append(theta @ H @ theta / 2)
        theta = theta - rate * H @ theta
    return np.array(values)


def top(H):
    return np.linalg.eigvalsh(H).max()


def low_end(H):
    return np.linalg.eigvalsh(H).min()


RIGHT = {
    "rates.limit": [limit_by_trial, lambda H: 2 / np.linalg.norm(H, 2)],
    "rates.ball": [ball_by_steps],
    "rates.sweep": [sweep],
    "rates.finder": [lambda rates, losses: 0.1 * min(zip(losses, rates))[1]],
}

WRONG = [
    ("rates.limit", lambda H: 2 / low_end(H), "flattest"),
    ("rates.limit", lambda H: 1 / top(H), "overshoots"),
    ("rates.limit", lambda H: 2 / (low_end(H) + top(H)), "*best* rate"),
    ("rates.limit", lambda H: top(H), "eigenvalue itself"),
    ("rates.limit", lambda H: 2 / max(np.diag(H)), "diagonal"),
    ("rates.limit", lambda H: 2 / sum(np.diag(H)), "*sum*"),
    ("rates.limit", lambda H: 2 / np.sqrt((H**2).sum()), "squared entries"),
    ("rates.limit", lambda H: 2 / np.linalg.eigvalsh(H), "shape"),
    ("rates.limit", lambda H: 3 / top(H), "1.5 times"),
    ("rates.ball", lambda eta, lam, s: eta * s**2 / lam / 2, "small η"),
    ("rates.ball", lambda eta, lam, s: ball_by_steps(eta, lam, s) ** 0.5, "standard deviation"),
    ("rates.ball", lambda eta, lam, s: ball_by_steps(eta, lam, s**0.5), "its variance"),
    ("rates.ball", lambda eta, lam, s: (eta * s) ** 2, "*one* step"),
    ("rates.ball", lambda eta, lam, s: ball_by_steps(eta, lam, s) / eta**2, "by η²"),
    ("rates.ball", lambda eta, lam, s: (eta * s) ** 2 / (1 - abs(1 - eta * lam)), "*square*"),
    ("rates.ball", lambda eta, lam, s: 3 * ball_by_steps(eta, lam, s), "3 times"),
    ("rates.sweep", sweep_linear, "same *factor*"),
    ("rates.sweep", sweep_after, "*after* each step"),
    ("rates.sweep", lambda *given: sweep_after(*given, restart=True), "single run"),
    ("rates.sweep", lambda *given: sweep(*given, factor=1.0), "stays at `low`"),
    ("rates.sweep", lambda H, t, low, high, n: sweep(H, t, high, high, n), "all the time"),
    ("rates.sweep", lambda H, t, low, high, n: sweep(H, t, low, high, n, (high / low) ** (1 / n)), "n − 1"),
    ("rates.sweep", lambda *given: sweep(*given, shrink=1.0), "½"),
    ("rates.sweep", lambda H, t, low, high, n: np.geomspace(low, high, n), "the losses are wanted"),
    ("rates.sweep", lambda H, t, low, high, n: sweep(H, t, low, high, n - 1), "shape"),
    ("rates.finder", lambda rates, losses: min(zip(losses, rates))[1], "near the limit"),
    ("rates.finder", lambda rates, losses: list(losses).index(min(losses)), "*number*"),
    ("rates.finder", lambda rates, losses: list(losses).index(min(losses)) / 10, "its rate first"),
    ("rates.finder", lambda rates, losses: min(losses), "the lowest *loss*"),
    ("rates.finder", lambda rates, losses: min(losses) / 10, "a tenth of the lowest *loss*"),
    ("rates.finder", lambda rates, losses: max(rates), "largest rate tried; asked is a tenth"),
    ("rates.finder", lambda rates, losses: max(rates) / 10, "a tenth of the largest"),
    ("rates.finder", lambda rates, losses: rates[np.argmin(losses[1:] - losses[:-1])], "falls fastest"),
    ("rates.finder", lambda rates, losses: rates / 10, "shape"),
]


def test_every_exercise_is_tested():
    assert set(RIGHT) == {name for name in names() if name.startswith("rates.")}


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
