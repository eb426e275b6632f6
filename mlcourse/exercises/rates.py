"""The exercises of the notebook on the learning rate."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mlcourse.exercises.core import Exercise, Mistake, register

# -- the largest stable rate -----------------------------------------------------------------------


def _hessian(rng: np.random.Generator) -> np.ndarray:
    """A positive definite matrix whose eigenvalues are well apart from one another."""
    d = int(rng.integers(2, 6))
    axes = np.linalg.qr(rng.normal(size=(d, d)))[0]
    eigenvalues = np.exp(rng.uniform(-1, 1)) * np.cumsum(rng.uniform(0.4, 1.5, size=d))
    return (axes * eigenvalues) @ axes.T


def _limit(H: np.ndarray) -> float:
    return float(2 / np.linalg.eigvalsh(H)[-1])


register(
    Exercise(
        name="rates.limit",
        signature="H",
        reference=_limit,
        inputs=lambda rng: (_hessian(rng),),
        mistakes=(
            Mistake(
                lambda H: 2 / np.linalg.eigvalsh(H)[0],
                "this is the limit of the *flattest* direction; all must be stable, so the "
                "largest eigenvalue decides.",
            ),
            Mistake(
                lambda H: 1 / np.linalg.eigvalsh(H)[-1],
                "1/L: from there on the steepest direction overshoots, but it is stable up to "
                "twice as much, where |1 − ηL| reaches 1.",
            ),
            Mistake(
                lambda H: 2 / (np.linalg.eigvalsh(H)[0] + np.linalg.eigvalsh(H)[-1]),
                "2/(L + μ) is the *best* rate; asked is the largest stable one.",
            ),
            Mistake(
                lambda H: np.linalg.eigvalsh(H)[-1],
                "this is the largest eigenvalue itself; from |1 − ηλ| < 1 follows a limit for η.",
            ),
            Mistake(
                lambda H: 2 / np.diag(H).max(),
                "the largest entry of the diagonal is not the largest eigenvalue, unless the "
                "matrix is diagonal: a valley may lie askew.",
            ),
            Mistake(
                lambda H: 2 / np.trace(H),
                "the trace is the *sum* of the eigenvalues: stable, but too small a rate.",
            ),
            Mistake(
                lambda H: 2 / np.linalg.norm(H),
                "`np.linalg.norm` of a matrix is the root of the sum of its squared entries; the "
                "largest eigenvalue is `np.linalg.norm(H, 2)`, or `eigvalsh`.",
            ),
        ),
    )
)

# -- the variance of the noise ball ----------------------------------------------------------------


def _one_direction(rng: np.random.Generator) -> tuple[float, float, float]:
    curvature = float(rng.uniform(0.5, 3.0))
    return float(rng.uniform(0.2, 1.8)) / curvature, curvature, float(rng.uniform(0.5, 2.0))


def _ball(eta: float, curvature: float, sigma: float) -> float:
    return eta * sigma**2 / (curvature * (2 - eta * curvature))


register(
    Exercise(
        name="rates.ball",
        signature="eta, curvature, sigma",
        reference=_ball,
        inputs=_one_direction,
        mistakes=(
            Mistake(
                lambda eta, curvature, sigma: eta * sigma**2 / (2 * curvature),
                "this is the approximation for small η; balance the whole equation.",
            ),
            Mistake(
                lambda eta, curvature, sigma: np.sqrt(_ball(eta, curvature, sigma)),
                "this is the standard deviation; the variance is its square.",
            ),
            Mistake(
                lambda eta, curvature, sigma: _ball(eta, curvature, np.sqrt(sigma)),
                "the noise has the standard deviation σ: what is added at each step is its "
                "variance, η²σ².",
            ),
            Mistake(
                lambda eta, curvature, sigma: eta**2 * sigma**2,
                "this is what *one* step adds; what is left of all steps before is missing.",
            ),
            Mistake(
                lambda eta, curvature, sigma: sigma**2 / (1 - (1 - eta * curvature) ** 2),
                "the noise is multiplied by η in a step, so its variance by η².",
            ),
            Mistake(
                lambda eta, curvature, sigma: (
                    eta**2 * sigma**2 / (1 - abs(1 - eta * curvature))
                ),
                "a step multiplies the error by 1 − ηλ, so the variance by its *square*.",
            ),
        ),
    )
)

# -- the sweep of a learning-rate finder -----------------------------------------------------------


def _bowl_and_range(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, float, float, int]:
    H = _hessian(rng)
    limit = _limit(H)
    return H, rng.normal(size=len(H)), 0.01 * limit, 1.5 * limit, int(rng.integers(6, 10))


def _sweep(
    H: np.ndarray,
    theta: np.ndarray,
    low: float,
    high: float,
    n_steps: int,
    rates: Callable[[float, float, int], np.ndarray] = np.geomspace,
    *,
    after: bool = False,
    restart: bool = False,
    half: float = 0.5,
) -> np.ndarray:
    values, start = [], theta
    for rate in rates(low, high, n_steps):
        before, theta = theta, theta - rate * (H @ theta)
        seen = theta if after else before
        values.append(half * seen @ H @ seen)
        theta = start if restart else theta
    return np.array(values)


def _too_slow(low: float, high: float, n: int) -> np.ndarray:
    return low * (high / low) ** (np.arange(n) / n)


register(
    Exercise(
        name="rates.sweep",
        signature="H, theta, low, high, n_steps",
        reference=_sweep,
        inputs=_bowl_and_range,
        mistakes=(
            Mistake(
                lambda *given: _sweep(*given, np.linspace),
                "your rate grows by the same *amount* at each step: it shall grow by the same "
                "*factor* (`np.geomspace`).",
            ),
            Mistake(
                lambda *given: _sweep(*given, after=True),
                "these are the losses *after* each step; record the loss before it steps.",
            ),
            Mistake(
                lambda *given: _sweep(*given, restart=True, after=True),
                "each rate started anew from `theta`; it shall be a single run.",
            ),
            Mistake(
                lambda *given: _sweep(*given, lambda low, high, n: np.full(n, low)),
                "your rate stays at `low`.",
            ),
            Mistake(
                lambda *given: _sweep(*given, lambda low, high, n: np.full(n, high)),
                "your rate is `high` all the time.",
            ),
            Mistake(
                lambda *given: _sweep(*given, _too_slow),
                "your last rate is below `high`: between n rates there are n − 1 factors.",
            ),
            Mistake(
                lambda *given: _sweep(*given, half=1.0),
                "twice the right losses: the loss is *½* θᵀHθ.",
            ),
            Mistake(
                lambda H, theta, low, high, n: np.geomspace(low, high, n),
                "these are the rates; the losses are wanted.",
            ),
        ),
    )
)

# -- the rate that the sweep finds -----------------------------------------------------------------


def _rates_and_losses(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A curve that falls, has its lowest place inside, and rises; its last loss is infinite."""
    n = int(rng.integers(9, 14))
    rates = np.geomspace(1e-3, 10 ** rng.uniform(0, 2), n)
    lowest = int(rng.integers(4, n - 3))
    falling = np.abs(np.arange(n) - lowest) ** 1.5
    losses = rng.uniform(0.1, 0.3) + 0.03 * falling + rng.uniform(0, 0.02, size=n)
    losses[-1] = np.inf
    return rates, losses


def _finder(rates: np.ndarray, losses: np.ndarray) -> float:
    return float(rates[np.argmin(losses)] / 10)


register(
    Exercise(
        name="rates.finder",
        signature="rates, losses",
        reference=_finder,
        inputs=_rates_and_losses,
        mistakes=(
            Mistake(
                lambda rates, losses: rates[np.argmin(losses)],
                "at this rate the loss is lowest, but there the steps are already near the limit: "
                "begin with a tenth of it.",
            ),
            Mistake(
                lambda rates, losses: np.argmin(losses),
                "this is the *number* of the step with the lowest loss; look up its rate.",
            ),
            Mistake(
                lambda rates, losses: np.argmin(losses) / 10,
                "this is a tenth of the *number* of the step; look up its rate first.",
            ),
            Mistake(
                lambda rates, losses: losses.min(),
                "this is the lowest *loss*; asked is the rate.",
            ),
            Mistake(
                lambda rates, losses: losses.min() / 10,
                "this is a tenth of the lowest *loss*; asked is the rate.",
            ),
            Mistake(
                lambda rates, losses: rates[-1] / 10,
                "this is a tenth of the largest rate tried; asked is that with the lowest loss.",
            ),
            Mistake(
                lambda rates, losses: rates[-1],
                "this is the largest rate tried; asked is a tenth of that with the lowest loss.",
            ),
            Mistake(
                lambda rates, losses: rates[np.argmax(losses)],
                "this is the rate of the *highest* loss.",
            ),
            Mistake(
                lambda rates, losses: rates[np.argmin(np.diff(losses))],
                "this is the rate from which the loss falls fastest; with small batches that is an "
                "accident. Take the lowest place.",
            ),
        ),
    )
)
