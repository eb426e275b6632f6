"""Measurements that follow a law of nature."""

from __future__ import annotations

import numpy as np

from mlcourse._validation import check_random_state
from mlcourse.datasets._common import check_count, check_interval, check_noise

GRAVITATIONAL_CONSTANT = 6.67430e-11
"""Newton's constant G in m³ kg⁻¹ s⁻² (CODATA 2018)."""


def make_gravitation(
    n_samples: int = 100,
    *,
    mass_range: tuple[float, float] = (1.0, 1000.0),
    distance_range: tuple[float, float] = (0.1, 10.0),
    noise: float = 0.05,
    random_state: int | np.random.Generator | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Measure the attraction f = G m₁ m₂ / r² of pairs of bodies, with an error in proportion to the force.

    A measurement is f = G m₁ m₂ r⁻² exp(ε) with ε normal, mean 0, standard deviation `noise`. In logarithms the law is linear
    and its noise additive, log f = log G + log m₁ + log m₂ − 2 log r + ε: what least squares wants. Masses and
    distances are log-uniform in their ranges. SI units throughout.

    Parameters
    ----------
    n_samples : int, default=100
        The number of measurements.
    mass_range : pair of float, default=(1, 1000)
        Smallest and largest mass, kg; > 0.
    distance_range : pair of float, default=(0.1, 10)
        Smallest and largest distance of the centres, m; > 0.
    noise : float, default=0.05
        Standard deviation of log f: about the relative error of one measurement; ≥ 0.
    random_state : int, Generator or None, default=None
        The seed.

    Returns
    -------
    X : array of shape (n_samples, 3)
        m₁ (kg), m₂ (kg), r (m).
    y : array of shape (n_samples,)
        The measured force, N; positive.

    References
    ----------
    G = 6.67430e-11 m³ kg⁻¹ s⁻²: E. Tiesinga, P. J. Mohr, D. B. Newell and B. N. Taylor (2021). CODATA recommended values
    of the fundamental physical constants: 2018. Reviews of Modern Physics 93, 025010.

    Examples
    --------
    >>> import numpy as np
    >>> from mlcourse.datasets import make_gravitation
    >>> X, f = make_gravitation(noise=0, random_state=0)
    >>> m1, m2, r = X.T
    >>> print(f"{np.mean(f * r**2 / (m1 * m2)):.5e}")
    6.67430e-11
    """
    n_samples = check_count(n_samples)
    masses = np.log(check_interval(mass_range, "mass_range", low=0.0))
    distances = np.log(check_interval(distance_range, "distance_range", low=0.0))
    noise = check_noise(noise)
    rng = check_random_state(random_state)

    m1, m2 = np.exp(rng.uniform(*masses, size=(2, n_samples)))
    r = np.exp(rng.uniform(*distances, size=n_samples))
    with np.errstate(over="ignore", under="ignore"):
        force = GRAVITATIONAL_CONSTANT * m1 * m2 / r**2 * np.exp(noise * rng.standard_normal(n_samples))
    if not (np.isfinite(force) & (force > 0)).all():
        raise ValueError(
            "mass_range, distance_range and noise give a force outside the floating-point numbers "
            f"(they were {tuple(mass_range)}, {tuple(distance_range)}, {noise:g})"
        )
    return np.column_stack([m1, m2, r]), force
