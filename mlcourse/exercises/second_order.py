"""The exercises of the notebook on second-order methods."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mlcourse.exercises.core import Exercise, Mistake, register
from mlcourse.optimize import newton_step, two_loop_recursion

# -- Newton's step -------------------------------------------------------------------------------


def _point_and_model(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A place, a gradient and a positive definite Hessian, sometimes of a single variable."""
    d = int(rng.integers(1, 6))
    basis, _ = np.linalg.qr(rng.normal(size=(d, d)))
    hessian = (basis * rng.uniform(0.5, 8.0, size=d)) @ basis.T
    return rng.normal(size=d), rng.normal(size=d), (hessian + hessian.T) / 2


register(
    Exercise(
        name="second_order.newton",
        signature="theta, gradient, hessian",
        reference=lambda theta, g, H: theta + newton_step(g, H),
        inputs=_point_and_model,
        n_trials=6,
        mistakes=(
            Mistake(
                lambda theta, g, H: theta - newton_step(g, H),
                "the sign: your step goes up where the model goes down. Newton *subtracts* the "
                "solution of H p = g.",
            ),
            Mistake(
                lambda theta, g, H: newton_step(g, H),
                "this is the step: add it to theta.",
            ),
            Mistake(
                lambda theta, g, H: -newton_step(g, H),
                "this is the solution of H p = g. Subtract it from theta.",
            ),
            Mistake(
                lambda theta, g, H: theta - H @ g,
                "you multiply by the Hessian. Where it curves strongly the step must be "
                "*shorter*: solve H p = g, do not multiply.",
            ),
            Mistake(
                lambda theta, g, H: theta - g / np.diag(H),
                "you divide by the diagonal of H: that ignores how the variables bend together. "
                "Right for one variable only.",
            ),
            Mistake(
                lambda theta, g, H: theta - (1 / H) @ g,
                "1 / H inverts each entry, not the matrix. np.linalg.solve(H, g) does what is "
                "meant.",
            ),
            Mistake(
                lambda theta, g, H: theta - g,
                "this is a step of gradient descent with learning rate 1: the Hessian is not used.",
            ),
            Mistake(
                lambda theta, g, H: theta + newton_step(g, H) / 2,
                "half of the step: the ½ before the quadratic term goes when you take the "
                "derivative.",
            ),
        ),
    )
)


# -- step halving --------------------------------------------------------------------------------

_Line = tuple[Callable[[np.ndarray], float], np.ndarray, np.ndarray, np.ndarray, float]


def _line_to_search(rng: np.random.Generator) -> _Line:
    """A function with a wave on it, a point, a downhill direction that is too long, and a c."""
    scale, phase = rng.uniform(0.5, 3.0, size=3), rng.uniform(0, 6, size=3)

    def f(theta: np.ndarray) -> float:
        return float((scale * theta**2 / 2 + np.cos(theta + phase)).sum())

    theta = rng.normal(size=3) * 2
    gradient = scale * theta - np.sin(theta + phase)
    direction = -gradient * rng.uniform(0.4, 9.0) * rng.uniform(0.5, 1.5, size=3)
    return f, theta, gradient, direction, float(rng.uniform(0.1, 0.6))


def _halved(
    f: Callable[[np.ndarray], float],
    theta: np.ndarray,
    gradient: np.ndarray,
    p: np.ndarray,
    c: float,
    *,
    allowed: Callable[[float, float], float] = lambda t, slope: t * slope,
    factor: float = 0.5,
) -> float:
    """The first of 1, ½, ¼, … that lowers f by enough; `allowed` says how much is enough."""
    t, here, slope = 1.0, f(theta), float(gradient @ p)
    for _ in range(60):
        if f(theta + t * p) <= here + c * allowed(t, slope):
            break
        t *= factor
    return t


register(
    Exercise(
        name="second_order.halving",
        signature="f, theta, gradient, p, c",
        reference=_halved,
        inputs=_line_to_search,
        n_trials=40,
        mistakes=(
            Mistake(
                lambda f, x, g, p, c: _halved(f, x, g, p, 0.0),
                "you accept any decrease, however small: c is not used. Asked for is at least c "
                "times what the slope promises.",
            ),
            Mistake(
                lambda f, x, g, p, c: _halved(f, x, g, p, c, allowed=lambda t, slope: slope),
                "the promise shrinks with the step: c · t · gradientᵀp. Yours always asks for "
                "that of the full step.",
            ),
            Mistake(
                lambda f, x, g, p, c: _halved(f, x, g, p, -c),
                "the sign: gradientᵀp is negative already, so it is *added*. Yours accepts "
                "steps that go up.",
            ),
            Mistake(
                lambda f, x, g, p, c: _halved(f, x, g, p, 1.0),
                "c is missing: the whole decrease that the slope promises is too much to ask "
                "where the function bends upwards.",
            ),
            Mistake(
                lambda f, x, g, p, c: _halved(
                    f, x, g, p, c, allowed=lambda t, slope: -t * float(g @ g)
                ),
                "the slope along p is gradientᵀp, not −‖gradient‖²: those agree only if p is "
                "minus the gradient.",
            ),
            Mistake(
                lambda f, x, g, p, c: _halved(f, x, g, p, c) / 2,
                "once too often: return the first t that passes the test, without halving it "
                "again.",
            ),
            Mistake(
                lambda f, x, g, p, c: 1.0,
                "you always take the full step, t = 1: it is to be halved until the test is "
                "passed.",
            ),
            Mistake(
                lambda f, x, g, p, c: -np.log2(_halved(f, x, g, p, c)),
                "this is how often t was halved; asked for is t itself.",
            ),
            Mistake(
                lambda f, x, g, p, c: _halved(f, x, g, p, c, factor=0.1),
                "your t shrinks to a tenth each time; halve it.",
            ),
        ),
    )
)


# -- the two-loop recursion ----------------------------------------------------------------------

_Pairs = tuple[np.ndarray, np.ndarray, np.ndarray]


def _gradient_and_pairs(rng: np.random.Generator) -> _Pairs:
    """A gradient, and three to five steps with the changes of the gradient that they made."""
    d, m = int(rng.integers(4, 8)), int(rng.integers(3, 6))
    root = rng.normal(size=(d, d))
    hessian = root @ root.T / d + 0.3 * np.eye(d)
    steps = rng.normal(size=(m, d))
    return rng.normal(size=d), steps, steps @ hessian


def _loops(
    gradient: np.ndarray,
    steps: np.ndarray,
    changes: np.ndarray,
    *,
    first_order: int = -1,
    second_order: int = 1,
    scale: Callable[[np.ndarray, np.ndarray], float] = lambda s, y: s[-1] @ y[-1] / (y[-1] @ y[-1]),
    correct: bool = True,
) -> np.ndarray:
    """The recursion with its parts exchangeable; orders are 1 for oldest first, -1 for newest."""
    q, m = gradient.copy(), len(steps)
    rho = 1 / (steps * changes).sum(axis=1)
    alpha = np.zeros(m)
    for i in range(m)[::first_order]:
        alpha[i] = rho[i] * (steps[i] @ q)
        q -= alpha[i] * changes[i]
    q *= scale(steps, changes)
    for i in range(m)[::second_order]:
        beta = rho[i] * (changes[i] @ q) if correct else 0.0
        q += (alpha[i] - beta) * steps[i]
    return -q


register(
    Exercise(
        name="second_order.two_loop",
        signature="gradient, steps, changes",
        reference=two_loop_recursion,
        inputs=_gradient_and_pairs,
        mistakes=(
            Mistake(
                lambda g, s, y: -two_loop_recursion(g, s, y),
                "the sign: a direction goes downhill, so the result of the loops is negated.",
            ),
            Mistake(
                lambda g, s, y: _loops(g, s, y, scale=lambda s, y: 1.0),
                "between the loops q is multiplied by sᵀy / yᵀy of the newest pair: that gives "
                "the steps their unit.",
            ),
            Mistake(
                lambda g, s, y: _loops(g, s, y, scale=lambda s, y: s[0] @ y[0] / (y[0] @ y[0])),
                "the factor between the loops is to come from the *newest* pair, the last row.",
            ),
            Mistake(
                lambda g, s, y: _loops(g, s, y, scale=lambda s, y: y[-1] @ y[-1] / (s[-1] @ y[-1])),
                "the factor between the loops is upside down: it stands for an inverse Hessian, "
                "sᵀy / yᵀy.",
            ),
            Mistake(
                lambda g, s, y: _loops(g, s, y, first_order=1),
                "the first loop must run from the newest pair to the oldest.",
            ),
            Mistake(
                lambda g, s, y: _loops(g, s, y, second_order=-1),
                "the second loop must run from the oldest pair to the newest: it goes back the "
                "way the first came.",
            ),
            Mistake(
                lambda g, s, y: _loops(g, s, y, first_order=1, second_order=-1),
                "both loops run the wrong way: the first goes from the newest pair to the "
                "oldest, the second back.",
            ),
            Mistake(
                lambda g, s, y: _loops(g, s, y, correct=False),
                "in the second loop β is missing: each pair adds (α − β) s, with β = ρ yᵀq.",
            ),
            Mistake(
                lambda g, s, y: -g * (s[-1] @ y[-1]) / (y[-1] @ y[-1]),
                "this is only the scaled gradient: the loops are missing.",
            ),
        ),
    )
)
