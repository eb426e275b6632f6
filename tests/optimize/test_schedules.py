"""Learning rates that change."""

import math

import numpy as np
import pytest

from mlcourse.optimize import (
    constant,
    cosine_annealing,
    exponential_decay,
    gradient_descent,
    inverse_time,
    step_decay,
    warmup,
)

pytestmark = pytest.mark.filterwarnings("error")

STEPS = range(0, 500)


def test_their_formulas():
    assert [constant(0.3)(t) for t in STEPS] == [0.3] * 500
    for t in STEPS:
        assert inverse_time(0.5, 0.02)(t) == pytest.approx(0.5 / (1 + t / 50))
        assert inverse_time(0.5, 0.02, power=0.5)(t) == pytest.approx(0.5 / math.sqrt(1 + t / 50))
        assert exponential_decay(0.5, 0.01)(t) == pytest.approx(0.5 * math.e ** (-t / 100))
        assert step_decay(0.5, 0.1, 120)(t) == pytest.approx(0.5 * 10.0 ** -(t // 120))
    cosine = cosine_annealing(0.8, 400, final=0.2)
    assert [cosine(t) for t in (0, 200, 400, 450)] == pytest.approx([0.8, 0.5, 0.2, 0.2])
    assert cosine(100) == pytest.approx(0.2 + 0.3 * (1 + math.sqrt(0.5)))


@pytest.mark.parametrize(
    "schedule",
    [inverse_time(1, 0.1), exponential_decay(1, 0.1), step_decay(1, 0.5, 10), cosine_annealing(1, 300)],
    ids=["inverse_time", "exponential_decay", "step_decay", "cosine_annealing"],
)
def test_they_begin_at_eta_and_never_rise(schedule):
    rates = np.array([schedule(t) for t in STEPS])
    assert rates[0] == 1 and (np.diff(rates) <= 0).all() and rates[-1] < 0.05
    assert all(type(schedule(t)) is float for t in STEPS)


def test_conditions_of_robbins_and_monro():
    # 1/t: the sum grows by log 10 each decade, that of the squares stays below π²/6. Exponential: the sum stays, too.
    slow, fast = inverse_time(1, 1), exponential_decay(1, 0.1)
    assert sum(map(slow, range(1_000, 10_000))) == pytest.approx(math.log(10), rel=1e-3)
    assert sum(slow(t) ** 2 for t in range(10_000)) < math.pi**2 / 6
    assert sum(map(fast, range(10_000))) < 1 / 0.1 + 1


def test_warmup_rises_to_the_schedule_and_follows_it():
    schedule = inverse_time(0.5, 0.01)
    gentle = warmup(schedule, 10)
    assert [gentle(t) / schedule(t) for t in range(12)] == pytest.approx([0.1 * k for k in range(1, 11)] + [1, 1])
    assert warmup(0.5, 4)(0) == 0.125 and warmup(0.5, 4)(3) == 0.5 and warmup(0.5, 1)(0) == 0.5


def test_an_optimiser_follows_its_schedule():
    states = list(gradient_descent(lambda x: (0.0, np.ones(1)), [0.0], learning_rate=step_decay(0.5, 0.5, 2), max_iter=5))
    assert [s.learning_rate for s in states[1:]] == [0.5, 0.5, 0.25, 0.25, 0.125]
    assert [float(s.parameters[0]) for s in states] == [0, -0.5, -1.0, -1.25, -1.5, -1.625]
    still = gradient_descent(lambda x: (0.0, np.ones(1)), [0.0], learning_rate=cosine_annealing(1.0, 2), max_iter=6)
    assert [s.learning_rate for s in still][-3:] == [0.0, 0.0, 0.0]  # a schedule may end at 0


@pytest.mark.parametrize(
    "rate, error", [(-0.1, ValueError), (np.nan, ValueError), (np.inf, ValueError), ("0.1", TypeError), (None, TypeError)]
)
def test_a_schedule_that_returns_nonsense_is_told_with_its_step(rate, error):
    with pytest.raises(error, match=r"learning_rate\(2\) must be a number with 0 <= learning_rate\(2\)"):
        list(gradient_descent(lambda x: (0.0, x), [1.0], learning_rate=lambda t: 0.1 if t < 2 else rate))


@pytest.mark.parametrize(
    "make, name",
    [
        (lambda: constant(0), "eta"),
        (lambda: constant("fast"), "eta"),
        (lambda: inverse_time(-1, 0.1), "eta"),
        (lambda: inverse_time(1, 0), "decay"),
        (lambda: inverse_time(1, 0.1, power=0), "power"),
        (lambda: exponential_decay(1, 0), "rate"),
        (lambda: exponential_decay(np.nan, 0.1), "eta"),
        (lambda: step_decay(1, 1.5, 10), "factor"),
        (lambda: step_decay(1, 0, 10), "factor"),
        (lambda: step_decay(1, 0.5, 0), "every"),
        (lambda: step_decay(1, 0.5, 2.5), "every"),
        (lambda: cosine_annealing(1, 0), "n_steps"),
        (lambda: cosine_annealing(1, 10, final=2), "final"),
        (lambda: warmup(0.5, 0), "n_steps"),
        (lambda: warmup(-0.5, 5), "eta"),
    ],
)
def test_bad_parameters(make, name):
    with pytest.raises((TypeError, ValueError), match=f"^{name} must be"):
        make()
