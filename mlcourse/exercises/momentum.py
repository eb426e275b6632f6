"""The exercises of the notebook on momentum."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mlcourse.exercises.core import Exercise, Mistake, register
from mlcourse.optimize.rules import heavy_ball_step

Gradient = Callable[[np.ndarray], np.ndarray]


def _before_a_run(rng: np.random.Generator) -> tuple[Gradient, np.ndarray, float, float, int]:
    """A bowl that is steeper far out, and a start."""
    d = int(rng.integers(2, 5))
    axes = np.linalg.qr(rng.normal(size=(d, d)))[0]
    H = (axes * rng.uniform(0.3, 2.0, size=d)) @ axes.T
    start = rng.normal(size=d) + np.sign(rng.normal(size=d))
    rate, momentum = rng.uniform(0.05, 0.2), rng.uniform(0.5, 0.9)
    return (lambda x: H @ x + 0.1 * x**3), start, float(rate), float(momentum), 6


def _path(
    gradient: Gradient,
    theta: np.ndarray,
    rate: float,
    momentum: float,
    n_steps: int,
    *,
    step: Callable[..., tuple[np.ndarray, np.ndarray]],
) -> np.ndarray:
    """All places of a run whose step takes and returns place and velocity."""
    places, v = [theta], np.zeros_like(theta)
    for _ in range(n_steps):
        theta, v = step(gradient, theta, v, rate, momentum)
        places.append(theta)
    return np.array(places)


def _walk(step: Callable[..., tuple[np.ndarray, np.ndarray]]) -> Callable[..., np.ndarray]:
    return lambda *arguments: _path(*arguments, step=step)


def _ball(gradient, theta, v, rate, momentum):
    return heavy_ball_step(theta, v, gradient(theta), learning_rate=rate, momentum=momentum)


def _ahead(gradient, theta, v, rate, momentum):
    v = momentum * v - rate * gradient(theta + momentum * v)
    return theta + v, v


def _stored_ahead(gradient, theta, v, rate, momentum):
    g = gradient(theta)
    v = momentum * v - rate * g
    return theta + momentum * v - rate * g, v


def _uphill(gradient, theta, v, rate, momentum):
    v = momentum * v + rate * gradient(theta)
    return theta + v, v


def _push_back(gradient, theta, v, rate, momentum):
    v = momentum * v + rate * gradient(theta)
    return theta - v, -v


def _forgotten(gradient, theta, v, rate, momentum):
    return theta - rate * gradient(theta), v


def _damped(gradient, theta, v, rate, momentum):
    v = momentum * v - (1 - momentum) * rate * gradient(theta)
    return theta + v, v


def _place_shrunk(gradient, theta, v, rate, momentum):
    return momentum * theta - rate * gradient(theta), v


def _no_friction(gradient, theta, v, rate, momentum):
    v = v - rate * gradient(theta)
    return theta + v, v


def _old_velocity(gradient, theta, v, rate, momentum):
    return theta + v, momentum * v - rate * gradient(theta)


def _rate_on_everything(gradient, theta, v, rate, momentum):
    v = momentum * v - gradient(theta)
    return theta + rate * v, rate * v


def _without_momentum_there(gradient, theta, v, rate, momentum):
    v = momentum * v - rate * gradient(theta + v)
    return theta + v, v


def _from_ahead(gradient, theta, v, rate, momentum):
    ahead = theta + momentum * v
    v = momentum * v - rate * gradient(ahead)
    return ahead + v, v


_SIGN = "you go uphill: the gradient is subtracted from the velocity, v ← βv − ηg."
_FORGOTTEN = (
    "this is plain descent: the velocity never changes, or is thrown away after each step. Keep the "
    "new velocity for the next step."
)


def _starts_at_the_start(answer: np.ndarray, *arguments: Any) -> str | None:
    theta, n_steps = arguments[1], arguments[-1]
    if np.array_equal(answer[0], theta):
        return None
    return f"the first of the {n_steps + 1} rows is the start, and yours is not `theta`."


register(
    Exercise(
        name="momentum.ball",
        signature="gradient, theta, learning_rate, momentum, n_steps",
        reference=_walk(_ball),
        inputs=_before_a_run,
        mistakes=(
            Mistake(_walk(_uphill), _SIGN),
            Mistake(
                _walk(_push_back),
                "the signs of two formulas are mixed: with v ← βv − ηg the velocity is *added* to "
                "theta, and kept with its sign.",
            ),
            Mistake(_walk(_forgotten), _FORGOTTEN),
            Mistake(
                _walk(_damped),
                "you weight the gradient by 1 − momentum, as an average would. In the heavy ball it "
                "counts in full.",
            ),
            Mistake(
                _walk(_place_shrunk),
                "you multiply the *place* by the momentum, which pulls it to the origin. Momentum "
                "belongs to the velocity.",
            ),
            Mistake(
                _walk(_no_friction),
                "there is no friction: keep only the share `momentum` of the old velocity.",
            ),
            Mistake(
                _walk(_old_velocity),
                "you move by the *old* velocity: change the velocity first, then move by the new one.",
            ),
            Mistake(
                _walk(_rate_on_everything),
                "the learning rate multiplies the whole velocity, in every step anew: it belongs to "
                "the gradient only.",
            ),
            Mistake(_walk(_ahead), "this is Nesterov's method: take the gradient at theta itself."),
            Mistake(
                _walk(_stored_ahead),
                "this is Nesterov's method: the heavy ball moves by v, and by nothing else.",
            ),
        ),
        properties=(_starts_at_the_start,),
    )
)

register(
    Exercise(
        name="momentum.ahead",
        signature="gradient, theta, learning_rate, momentum, n_steps",
        reference=_walk(_ahead),
        inputs=_before_a_run,
        mistakes=(
            Mistake(
                _walk(_ball),
                "this is still the heavy ball: take the gradient at theta + momentum · v.",
            ),
            Mistake(
                _walk(_stored_ahead),
                "the method is right, but these are the places *ahead*: return theta itself.",
            ),
            Mistake(
                _walk(_without_momentum_there),
                "the gradient is taken at theta + v: only the share `momentum` of v is still there "
                "in the next step, so look at theta + momentum · v.",
            ),
            Mistake(
                _walk(_from_ahead),
                "you move from the place ahead, so βv is counted twice: take only the *gradient* "
                "there, and move from theta.",
            ),
            Mistake(_walk(_forgotten), _FORGOTTEN),
            Mistake(
                _walk(lambda f, x, v, rate, b: _ahead(f, x, -v, rate, b)),
                "you look back instead of ahead: theta + momentum · v, with a plus.",
            ),
        ),
        properties=(_starts_at_the_start,),
    )
)

# -- Adam's bias correction ------------------------------------------------------------------------


def _two_means(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, int, float, float, float]:
    d, t = int(rng.integers(3, 7)), int(rng.integers(2, 12))
    beta1, beta2 = float(rng.uniform(0.7, 0.95)), float(rng.uniform(0.96, 0.999))
    gradients = rng.normal(size=(t, d)) + 0.5
    mean = squares = np.zeros(d)
    for g in gradients:
        mean = beta1 * mean + (1 - beta1) * g
        squares = beta2 * squares + (1 - beta2) * g**2
    return mean, squares, t, float(rng.uniform(0.01, 0.1)), beta1, beta2


def _adam(m, s, t, rate, beta1, beta2, *, root=np.sqrt):
    return -rate * (m / (1 - beta1**t)) / root(s / (1 - beta2**t))


register(
    Exercise(
        name="momentum.adam",
        signature="mean, squares, t, learning_rate, beta1, beta2",
        reference=_adam,
        inputs=_two_means,
        mistakes=(
            Mistake(
                lambda m, s, t, rate, b1, b2: -rate * m / np.sqrt(s),
                "neither mean is corrected: divide mean by 1 − beta1**t and squares by 1 − beta2**t.",
            ),
            Mistake(
                lambda m, s, t, rate, b1, b2: -rate * m / (1 - b1**t) / np.sqrt(s),
                "only `mean` is corrected: `squares` began at zero, too.",
            ),
            Mistake(
                lambda m, s, t, rate, b1, b2: -rate * m / np.sqrt(s / (1 - b2**t)),
                "only `squares` is corrected: `mean` began at zero, too.",
            ),
            Mistake(
                lambda m, s, t, rate, b1, b2: -rate * m / (1 - b1**t) * (1 - b2**t) / np.sqrt(s),
                "`squares` is corrected after the root: divide by 1 − beta2**t first, then take it.",
            ),
            Mistake(
                lambda m, s, t, rate, b1, b2: -rate * m / (1 - b1) / np.sqrt(s / (1 - b2)),
                "you divide by 1 − beta, without the power t: that is right for the first step only.",
            ),
            Mistake(
                lambda m, s, t, rate, b1, b2: -rate * m * (1 - b1**t) / np.sqrt(s * (1 - b2**t)),
                "you multiply by 1 − beta**t: the means are too small, so divide.",
            ),
            Mistake(
                lambda m, s, t, rate, b1, b2: _adam(m, s, t, rate, b1, b2, root=lambda x: x),
                "the root is missing: divide by the root of the corrected squares.",
            ),
            Mistake(
                lambda m, s, t, rate, b1, b2: _adam(m, s, t + 1, rate, b1, b2),
                "you use t + 1: `t` is 1 for the first step already.",
            ),
            Mistake(
                lambda m, s, t, rate, b1, b2: _adam(m, s, t - 1, rate, b1, b2),
                "you use t − 1: `t` counts from 1, so the means have seen t gradients.",
            ),
            Mistake(
                lambda m, s, t, rate, b1, b2: -_adam(m, s, t, rate, b1, b2),
                "the sign: the step goes *against* the mean gradient.",
            ),
            Mistake(
                lambda m, s, t, rate, b1, b2: _adam(m, s, t, 1.0, b1, b2),
                "the learning rate is missing.",
            ),
        ),
        nan_hint="Is the root taken of something negative? It is beta to the *power* t: `beta2**t`.",
    )
)
