"""Curves and surfaces in three dimensions."""

from __future__ import annotations

import numpy as np

from mlcourse._validation import check_random_state
from mlcourse.datasets._common import check_bool, check_count, check_noise, finish, two_counts


def make_swiss_roll(
    n_samples: int = 100,
    *,
    noise: float = 0.0,
    random_state: int | np.random.Generator | None = None,
    hole: bool = False,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw points from a rolled-up rectangle: (x, height, z) = (t cos t, h, t sin t).

    t is uniform in [3π/2, 9π/2] and h in [0, 21]. Without noise x² + z² = t².

    Parameters
    ----------
    n_samples : int, default=100
        The number of points.
    noise : float, default=0.0
        Standard deviation of Gaussian noise on every coordinate; ≥ 0.
    random_state : int, Generator or None, default=None
        The seed.
    hole : bool, default=False
        Leave out the middle ninth of the rectangle (π wide in t, 7 high).

    Returns
    -------
    X : array of shape (n_samples, 3)
        The points.
    t : array of shape (n_samples,)
        Where each point lies along the roll: its angle in radians, which is also its distance from the axis.

    References
    ----------
    J. B. Tenenbaum, V. de Silva and J. C. Langford (2000). A global geometric framework for nonlinear dimensionality
    reduction. Science 290, 2319–2323, figure 3. Numbers as in scikit-learn.

    Examples
    --------
    >>> import numpy as np
    >>> from mlcourse.datasets import make_swiss_roll
    >>> X, t = make_swiss_roll(500, random_state=0)
    >>> bool(np.allclose(X[:, 0] ** 2 + X[:, 2] ** 2, t**2))
    True
    """
    n_samples, noise, hole = check_count(n_samples), check_noise(noise), check_bool(hole, "hole")
    rng = check_random_state(random_state)
    if hole:  # the rectangle is 3 × 3 cells; draw one of the eight around the middle
        cell = rng.choice([0, 1, 2, 3, 5, 6, 7, 8], size=n_samples)
        column, row = cell // 3, cell % 3
        t = np.pi * (1.5 + column + rng.random(n_samples))
        height = 7.0 * (row + rng.random(n_samples))
    else:
        t = 1.5 * np.pi * (1 + 2 * rng.random(n_samples))
        height = 21.0 * rng.random(n_samples)
    return finish(np.column_stack([t * np.cos(t), height, t * np.sin(t)]), t, noise, rng)


def make_s_curve(
    n_samples: int = 100, *, noise: float = 0.0, random_state: int | np.random.Generator | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Draw points from a sheet bent like an S: (sin t, height, sign(t) (cos t − 1)).

    t is uniform in [−3π/2, 3π/2] and the height in [0, 2].

    Parameters
    ----------
    n_samples : int, default=100
        The number of points.
    noise : float, default=0.0
        Standard deviation of Gaussian noise on every coordinate; ≥ 0.
    random_state : int, Generator or None, default=None
        The seed.

    Returns
    -------
    X : array of shape (n_samples, 3)
        The points.
    t : array of shape (n_samples,)
        Where each point lies along the S: an arc length, since both arcs have radius 1.

    Examples
    --------
    >>> from mlcourse.datasets import make_s_curve
    >>> X, t = make_s_curve(500, noise=0.05, random_state=0)
    >>> X.shape, t.shape
    ((500, 3), (500,))
    """
    n_samples, noise = check_count(n_samples), check_noise(noise)
    rng = check_random_state(random_state)
    t = 3 * np.pi * (rng.random(n_samples) - 0.5)
    height = 2.0 * rng.random(n_samples)
    return finish(np.column_stack([np.sin(t), height, np.sign(t) * (np.cos(t) - 1)]), t, noise, rng)


def make_trefoil(
    n_samples: int = 100, *, noise: float = 0.0, random_state: int | np.random.Generator | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Walk once along a trefoil knot: (sin t + 2 sin 2t, cos t − 2 cos 2t, −sin 3t).

    A closed curve that no motion in space makes a circle, though in itself it is one: each point's neighbours are the
    ones before and after it. The points stand at equal steps of t; only the noise is random.

    Parameters
    ----------
    n_samples : int, default=100
        The number of points.
    noise : float, default=0.0
        Standard deviation of Gaussian noise on every coordinate; ≥ 0.
    random_state : int, Generator or None, default=None
        The seed of the noise.

    Returns
    -------
    X : array of shape (n_samples, 3)
        The points, in the order of the walk.
    t : array of shape (n_samples,)
        The parameter of each point, 0 ≤ t < 2π.

    References
    ----------
    M. Wattenberg, F. Viégas and I. Johnson (2016). How to use t-SNE effectively. Distill,
    https://doi.org/10.23915/distill.00002, "For topology, you may need more than one plot".

    Examples
    --------
    >>> from mlcourse.datasets import make_trefoil
    >>> X, t = make_trefoil(4)
    >>> (X.round(6) + 0.0).tolist()
    [[0.0, -1.0, 0.0], [1.0, 2.0, 1.0], [0.0, -3.0, 0.0], [-1.0, 2.0, -1.0]]
    """
    n_samples, noise = check_count(n_samples), check_noise(noise)
    rng = check_random_state(random_state)
    t = _around(n_samples)
    X = np.column_stack([np.sin(t) + 2 * np.sin(2 * t), np.cos(t) - 2 * np.cos(2 * t), -np.sin(3 * t)])
    return finish(X, t, noise, rng)


def make_linked_rings(
    n_samples: int | tuple[int, int] = 200,
    *,
    noise: float = 0.0,
    random_state: int | np.random.Generator | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Two circles of radius 1 in space, each passing through the other's centre: a chain of two links.

    The first lies in the plane z = 0 around the origin, the second in the plane y = 0 around (1, 0, 0). No motion in
    space takes them apart, though in themselves they are merely two circles. The points stand at equal angles.

    Parameters
    ----------
    n_samples : int or pair of int, default=200
        The number of points, half of them on each ring (an odd one on the second), or the numbers on the two.
    noise : float, default=0.0
        Standard deviation of Gaussian noise on every coordinate; ≥ 0.
    random_state : int, Generator or None, default=None
        The seed of the noise.

    Returns
    -------
    X : array of shape (n_samples, 3)
        The points, the first ring first, each in order around its ring.
    y : int array of shape (n_samples,)
        The ring of each point, 0 or 1.

    References
    ----------
    M. Wattenberg, F. Viégas and I. Johnson (2016). How to use t-SNE effectively. Distill,
    https://doi.org/10.23915/distill.00002, "For topology, you may need more than one plot".

    Examples
    --------
    >>> from mlcourse.datasets import make_linked_rings
    >>> X, y = make_linked_rings(200, noise=0.02, random_state=0)
    >>> X.shape, y.mean()
    ((200, 3), np.float64(0.5))
    """
    counts, noise = two_counts(n_samples), check_noise(noise)
    rng = check_random_state(random_state)
    s, t = _around(counts[0]), _around(counts[1])
    first = np.column_stack([np.cos(s), np.sin(s), np.zeros(s.size)])
    second = np.column_stack([1 + np.cos(t), np.zeros(t.size), np.sin(t)])
    return finish(np.vstack([first, second]), np.repeat([0, 1], counts), noise, rng)


def _around(n_samples: int) -> np.ndarray:
    """Equal steps once around a circle, the end not repeated."""
    return 2 * np.pi * np.arange(n_samples) / max(n_samples, 1)
