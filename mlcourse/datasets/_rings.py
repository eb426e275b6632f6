"""Labelled curves: moons, circles, rings and shells, spirals, a disc in a ring."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlcourse._validation import check_number, check_random_state
from mlcourse.datasets._common import (
    check_bool,
    check_count,
    check_noise,
    finish,
    random_directions,
    shares,
    two_counts,
)


def make_moons(
    n_samples: int | tuple[int, int] = 100,
    *,
    shuffle: bool = True,
    noise: float | None = None,
    random_state: int | np.random.Generator | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Two half circles of radius 1 in the plane, each reaching into the other; at equal angles, as scikit-learn's.

    Parameters
    ----------
    n_samples : int or pair of int, default=100
        The number of points, half of them on each moon (an odd one on the lower), or the numbers on the two.
    shuffle : bool, default=True
        Shuffle the points; else the upper moon comes first.
    noise : float or None, default=None
        Standard deviation of Gaussian noise on both coordinates; ≥ 0.
    random_state : int, Generator or None, default=None
        The seed of shuffling and noise.

    Returns
    -------
    X : array of shape (n_samples, 2)
        The points.
    y : int array of shape (n_samples,)
        0 on the upper moon, 1 on the lower.

    Examples
    --------
    >>> from mlcourse.datasets import make_moons
    >>> X, y = make_moons(200, noise=0.1, random_state=0)
    >>> X.shape, y.sum()
    ((200, 2), np.int64(100))
    """
    n_upper, n_lower = two_counts(n_samples)
    shuffle, noise = check_bool(shuffle, "shuffle"), check_noise(noise)
    rng = check_random_state(random_state)
    s, t = np.linspace(0, np.pi, n_upper), np.linspace(0, np.pi, n_lower)
    X = np.vstack([np.column_stack([np.cos(s), np.sin(s)]), np.column_stack([1 - np.cos(t), 0.5 - np.sin(t)])])
    return finish(X, np.repeat([0, 1], [n_upper, n_lower]), noise, rng, shuffle)


def make_circles(
    n_samples: int | tuple[int, int] = 100,
    *,
    shuffle: bool = True,
    noise: float | None = None,
    random_state: int | np.random.Generator | None = None,
    factor: float = 0.8,
) -> tuple[np.ndarray, np.ndarray]:
    """A circle of radius 1 in the plane and a smaller one inside it; at equal angles, as scikit-learn's.

    Parameters
    ----------
    n_samples : int or pair of int, default=100
        The number of points, half of them on each circle (an odd one on the inner), or the numbers on the two.
    shuffle : bool, default=True
        Shuffle the points; else the outer circle comes first.
    noise : float or None, default=None
        Standard deviation of Gaussian noise on both coordinates; ≥ 0.
    random_state : int, Generator or None, default=None
        The seed of shuffling and noise.
    factor : float, default=0.8
        The inner circle's radius, 0 ≤ factor < 1.

    Returns
    -------
    X : array of shape (n_samples, 2)
        The points.
    y : int array of shape (n_samples,)
        0 on the outer circle, 1 on the inner.

    Examples
    --------
    >>> import numpy as np
    >>> from mlcourse.datasets import make_circles
    >>> X, y = make_circles(100, factor=0.5, random_state=0)
    >>> bool(np.allclose(np.linalg.norm(X, axis=1), np.where(y == 0, 1.0, 0.5)))
    True
    """
    n_outer, n_inner = two_counts(n_samples)
    shuffle, noise = check_bool(shuffle, "shuffle"), check_noise(noise)
    factor = check_number(factor, "factor", low=0, high=1, closed="left")
    rng = check_random_state(random_state)
    angles = np.concatenate([np.linspace(0, 2 * np.pi, n, endpoint=False) for n in (n_outer, n_inner)])
    y = np.repeat([0, 1], [n_outer, n_inner])
    X = np.where(y == 0, 1.0, factor)[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])
    return finish(X, y, noise, rng, shuffle)


def make_rings(
    n_samples: int = 300,
    *,
    n_rings: int = 3,
    n_features: int = 2,
    radii: Sequence[float] | None = None,
    noise: float = 0.0,
    random_state: int | np.random.Generator | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Concentric rings in the plane, or concentric spheres in any dimension; uniform in direction.

    Parameters
    ----------
    n_samples : int, default=300
        The number of points, divided equally among the rings (the inner ones take what is left over).
    n_rings : int, default=3
        The number of rings; that of `radii` where they are given.
    n_features : int, default=2
        The dimension of the space: 2 for rings, 3 for spheres, more for their cousins.
    radii : sequence of float or None, default=None
        The radius of each ring, ≥ 0; None stands for 1, 2, …, n_rings.
    noise : float, default=0.0
        Standard deviation of Gaussian noise on every coordinate; ≥ 0.
    random_state : int, Generator or None, default=None
        The seed.

    Returns
    -------
    X : array of shape (n_samples, n_features)
        The points, ring by ring.
    y : int array of shape (n_samples,)
        The ring of each point, 0, 1, … in the order of `radii`.

    Examples
    --------
    >>> import numpy as np
    >>> from mlcourse.datasets import make_rings
    >>> X, y = make_rings(90, n_rings=3, n_features=5, random_state=0)
    >>> bool(np.allclose(np.linalg.norm(X, axis=1), 1 + y))
    True
    """
    n_samples, noise = check_count(n_samples), check_noise(noise)
    n_features = check_number(n_features, "n_features", low=1, integer=True)
    if radii is None:
        radii = 1.0 + np.arange(check_number(n_rings, "n_rings", low=1, integer=True))
    elif np.ndim(radii) != 1 or len(radii) == 0:
        raise ValueError(f"radii must be a sequence of numbers, one a ring (it was {radii!r})")
    else:
        radii = np.array([check_number(r, f"radii[{i}]", low=0) for i, r in enumerate(radii)])
    rng = check_random_state(random_state)
    y = np.repeat(np.arange(radii.size), shares(n_samples, radii.size))
    return finish(radii[y, None] * random_directions(n_samples, n_features, rng), y, noise, rng)


def make_spirals(
    n_samples: int = 200,
    *,
    n_arms: int = 2,
    turns: float = 1.5,
    noise: float = 0.0,
    random_state: int | np.random.Generator | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Interleaved spirals in the plane, from the origin out to radius 1.

    Arm k is the Archimedean spiral of radius s and angle 2π (turns · s + k / n_arms), 0 ≤ s ≤ 1. s is the square root
    of a uniform number, so that the points are about evenly dense along an arm of more than one turn.

    Parameters
    ----------
    n_samples : int, default=200
        The number of points, divided equally among the arms (the first ones take what is left over).
    n_arms : int, default=2
        The number of spirals.
    turns : float, default=1.5
        How often an arm goes around the origin; > 0.
    noise : float, default=0.0
        Standard deviation of Gaussian noise on both coordinates; ≥ 0.
    random_state : int, Generator or None, default=None
        The seed.

    Returns
    -------
    X : array of shape (n_samples, 2)
        The points, arm by arm.
    y : int array of shape (n_samples,)
        The arm of each point, 0, 1, ….

    References
    ----------
    K. J. Lang and M. J. Witbrock (1988). Learning to tell two spirals apart. Proceedings of the 1988 Connectionist Models
    Summer School, 52–59 (the task; radius and turns differ).

    Examples
    --------
    >>> from mlcourse.datasets import make_spirals
    >>> X, y = make_spirals(300, n_arms=3, noise=0.02, random_state=0)
    >>> X.shape, y.max()
    ((300, 2), np.int64(2))
    """
    n_samples, noise = check_count(n_samples), check_noise(noise)
    n_arms = check_number(n_arms, "n_arms", low=1, integer=True)
    turns = check_number(turns, "turns", low=0, closed="right")
    rng = check_random_state(random_state)
    y = np.repeat(np.arange(n_arms), shares(n_samples, n_arms))
    s = np.sqrt(rng.random(n_samples))
    angle = 2 * np.pi * (turns * s + y / n_arms)
    return finish(s[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), y, noise, rng)


def make_disc_in_ring(
    n_samples: int | tuple[int, int] = 200,
    *,
    noise: float = 0.0,
    random_state: int | np.random.Generator | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """A disc of radius 1/2 in the plane and the ring of radii 3/4 to 1 around it, both filled uniformly.

    Parameters
    ----------
    n_samples : int or pair of int, default=200
        The number of points, half of them in each part (an odd one in the ring), or the numbers in the two.
    noise : float, default=0.0
        Standard deviation of Gaussian noise on both coordinates; ≥ 0.
    random_state : int, Generator or None, default=None
        The seed.

    Returns
    -------
    X : array of shape (n_samples, 2)
        The points, the disc first.
    y : int array of shape (n_samples,)
        0 in the disc, 1 in the ring.

    References
    ----------
    C. Olah (2014). Neural networks, manifolds, and topology, https://colah.github.io/posts/2014-03-NN-Manifolds-Topology/.

    Examples
    --------
    >>> import numpy as np
    >>> from mlcourse.datasets import make_disc_in_ring
    >>> X, y = make_disc_in_ring(400, random_state=0)
    >>> bool(np.all((np.linalg.norm(X, axis=1) > 0.6) == y))
    True
    """
    counts, noise = two_counts(n_samples), check_noise(noise)
    rng = check_random_state(random_state)
    y = np.repeat([0, 1], counts)
    inner, outer = np.where(y == 0, 0.0, 0.75), np.where(y == 0, 0.5, 1.0)
    # Area grows with the square of the radius: uniform in r², not in r, fills evenly.
    radius = np.sqrt(inner**2 + (outer**2 - inner**2) * rng.random(y.size))
    return finish(radius[:, None] * random_directions(y.size, 2, rng), y, noise, rng)
