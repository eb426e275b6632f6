"""Data whose maps are easily misread: noise, an ellipsoid, a random walk, a grid, two rings that are not linked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlcourse._validation import check_number, check_random_state
from mlcourse.datasets._common import check_count, check_noise, finish
from mlcourse.datasets._manifolds import make_linked_rings


def make_gaussian(
    n_samples: int = 200,
    n_features: int = 50,
    *,
    std: float | Sequence[float] = 1.0,
    random_state: int | np.random.Generator | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw points from one Gaussian around the origin: noise without any groups, or an ellipsoid of it.

    Parameters
    ----------
    n_samples : int, default=200
        The number of points.
    n_features : int, default=50
        The dimension; that of `std` where it is a sequence.
    std : float or sequence of float, default=1.0
        The standard deviation along all axes or along each; ≥ 0. Unequal ones make the cloud longer
        than wide.
    random_state : int, Generator or None, default=None
        The seed.

    Returns
    -------
    X : array of shape (n_samples, n_features)
        The points.
    y : array of shape (n_samples,)
        The place of each point along the longest axis (the first of them): a column of X.

    Examples
    --------
    >>> from mlcourse.datasets import make_gaussian
    >>> X, y = make_gaussian(1000, std=[1.0, 5.0, 1.0], random_state=0)
    >>> X.shape, round(float(y.std()))
    ((1000, 3), 5)
    """
    n_samples = check_count(n_samples)
    if np.ndim(std) == 0:
        n_features = check_number(n_features, "n_features", low=1, integer=True)
        stds = np.full(n_features, check_number(std, "std", low=0))
    elif np.ndim(std) == 1 and len(std):
        stds = np.array([check_number(s, f"std[{i}]", low=0) for i, s in enumerate(std)])
    else:
        raise ValueError(f"std must be a number or a sequence of numbers, one an axis (it was {std!r})")
    X = stds * check_random_state(random_state).standard_normal((n_samples, stds.size))
    return X, X[:, int(stds.argmax())].copy()


def make_random_walk(
    n_samples: int = 200,
    n_features: int = 50,
    *,
    random_state: int | np.random.Generator | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Walk at random from the origin: every step is a new Gaussian one and knows nothing of those before.

    A step has standard deviation 1 along each axis, and after t steps the walk is about
    √(t · n_features) from where it began.

    Parameters
    ----------
    n_samples : int, default=200
        The number of places, the first of which is the origin.
    n_features : int, default=50
        The dimension.
    random_state : int, Generator or None, default=None
        The seed.

    Returns
    -------
    X : array of shape (n_samples, n_features)
        The places in their order.
    t : array of shape (n_samples,)
        The number of steps to each place: 0, 1, ….

    References
    ----------
    J. Antognini and J. Sohl-Dickstein (2018). PCA of high dimensional random walks with comparison
    to neural network training. NeurIPS 31: the principal components of such a walk are nearly
    cosines of t, whatever its steps were.

    Examples
    --------
    >>> from mlcourse.datasets import make_random_walk
    >>> X, t = make_random_walk(5, 3, random_state=0)
    >>> X[0].tolist(), t.tolist()
    ([0.0, 0.0, 0.0], [0.0, 1.0, 2.0, 3.0, 4.0])
    """
    n_samples = check_count(n_samples)
    n_features = check_number(n_features, "n_features", low=1, integer=True)
    steps = check_random_state(random_state).standard_normal((n_samples, n_features))
    steps[0] = 0
    return np.cumsum(steps, axis=0), np.arange(n_samples, dtype=float)


def make_grid(
    n_samples: int = 144, *, noise: float = 0.0, random_state: int | np.random.Generator | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Lay points on a square grid in the plane, neighbours one apart: row by row, each of ⌈√n_samples⌉ points.

    Parameters
    ----------
    n_samples : int, default=144
        The number of points; the last row may be shorter.
    noise : float, default=0.0
        Standard deviation of Gaussian noise on both coordinates; ≥ 0.
    random_state : int, Generator or None, default=None
        The seed of the noise.

    Returns
    -------
    X : array of shape (n_samples, 2)
        The points.
    y : int array of shape (n_samples,)
        The row of each point: 0, 1, ….

    Examples
    --------
    >>> from mlcourse.datasets import make_grid
    >>> X, y = make_grid(5)
    >>> X.tolist()
    [[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
    """
    n_samples, noise = check_count(n_samples), check_noise(noise)
    rng = check_random_state(random_state)
    side = int(np.ceil(np.sqrt(n_samples)))
    row, column = np.divmod(np.arange(n_samples), side)
    return finish(np.column_stack([column, row]).astype(float), row, noise, rng)


def make_unlinked_rings(
    n_samples: int | tuple[int, int] = 200,
    *,
    distance: float = 3.0,
    noise: float = 0.0,
    random_state: int | np.random.Generator | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Two circles of radius 1 in space, side by side: those of `make_linked_rings`, pulled apart.

    The first lies in the plane z = 0 around the origin, the second in the plane y = 0 around
    (distance, 0, 0).

    Parameters
    ----------
    n_samples : int or pair of int, default=200
        The number of points, half of them on each ring (an odd one on the second), or the numbers
        on the two.
    distance : float, default=3.0
        Between the centres; > 2, since at 2 the rings touch.
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

    Examples
    --------
    >>> from mlcourse.datasets import make_unlinked_rings
    >>> X, y = make_unlinked_rings(8, distance=4)
    >>> float(round(X[y == 1, 0].mean(), 9))
    4.0
    """
    distance = check_number(distance, "distance", low=2, closed="right")
    X, y = make_linked_rings(n_samples, noise=noise, random_state=random_state)
    X[y == 1, 0] += distance - 1
    return X, y
