"""The exercises of the notebook on k-means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mlcourse.cluster.lloyd import assign_labels, inertia
from mlcourse.exercises.core import Exercise, Mistake, register

# -- assign ----------------------------------------------------------------------------------------


def _points_and_centers(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    d = int(rng.integers(2, 5))
    X = 2 * rng.normal(size=(int(rng.integers(14, 20)), d)) + rng.normal(size=d)
    return X, X[:4] + rng.normal(size=(4, d))


def _distances(X: np.ndarray, centers: np.ndarray) -> np.ndarray:
    return np.sqrt(((X[:, None] - centers) ** 2).sum(axis=2))


def _labels_are_whole_numbers(answer: np.ndarray, X: np.ndarray, centers: np.ndarray) -> str | None:
    k = len(centers)
    if (answer != np.round(answer)).any() or answer.min() < 0 or answer.max() >= k:
        return (
            f"each answer must be the number of a centre, a whole number from 0 to {k - 1}; "
            f"yours run from {answer.min():.3g} to {answer.max():.3g}."
        )
    return None


register(
    Exercise(
        name="kmeans.assign",
        signature="X, centers",
        reference=assign_labels,
        inputs=_points_and_centers,
        mistakes=(
            Mistake(
                lambda X, centers: _distances(X, centers).argmax(axis=1),
                "these are the *farthest* centres: take `argmin`, not `argmax`.",
            ),
            Mistake(
                lambda X, centers: assign_labels(X, centers) + 1,
                "the right centres, but counted from 1: the first centre has the number 0.",
            ),
            Mistake(
                lambda X, centers: _distances(X, centers).min(axis=1),
                "these are the distances to the nearest centres; the centres' numbers are wanted: "
                "`argmin` instead of `min`.",
            ),
            Mistake(
                lambda X, centers: _distances(X, centers).min(axis=1) ** 2,
                "these are the squared distances to the nearest centres; the centres' numbers are "
                "wanted: `argmin` instead of `min`.",
            ),
            Mistake(
                lambda X, centers: np.abs((X[:, None] - centers).sum(axis=2)).argmin(axis=1),
                "you added the differences before squaring them, so that they cancel: square each "
                "coordinate's difference, then add.",
            ),
            Mistake(
                lambda X, centers: (X[:, None] - centers).sum(axis=2).argmin(axis=1),
                "the differences are not squared, so that negative ones count as near.",
            ),
            Mistake(
                lambda X, centers: np.abs(X[:, None] - centers).sum(axis=2).argmin(axis=1),
                "you added absolute differences, the way of a taxi through a grid of streets; "
                "here the squares are added.",
            ),
            Mistake(
                lambda X, centers: (X @ centers.T).argmax(axis=1),
                "the largest inner product is not the nearest centre, unless all centres are "
                "equally long: subtract half of each centre's squared length.",
            ),
        ),
        properties=(_labels_are_whole_numbers,),
    )
)

# -- one step --------------------------------------------------------------------------------------


def _points_and_a_far_center(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    X, centers = _points_and_centers(rng)
    centers[1] = X.max(axis=0) + 30  # nearest to no point
    return X, centers


def _step(
    X: np.ndarray,
    centers: np.ndarray,
    labels: np.ndarray | None = None,
    center_of: Callable[[np.ndarray], Any] = lambda points: points.mean(axis=0),
    empty: Any = None,
) -> np.ndarray:
    labels = assign_labels(X, centers) if labels is None else labels
    moved = centers.copy()
    for j in range(len(centers)):
        if (labels == j).any():
            moved[j] = center_of(X[labels == j])
        elif empty is not None:
            moved[j] = empty
    return moved


_EMPTY = "a centre without points has no mean, 0/0: let it stay where it is."

register(
    Exercise(
        name="kmeans.step",
        signature="X, centers",
        reference=_step,
        inputs=_points_and_a_far_center,
        mistakes=(
            Mistake(
                lambda X, centers: _step(X, centers, _distances(X, centers).argmax(axis=1)),
                "the points went to the *farthest* centre: take `argmin`, not `argmax`.",
            ),
            Mistake(
                lambda X, centers: np.tile(X.mean(axis=0), (len(centers), 1)),
                "every centre got the mean of *all* points; each one wants the mean of its own.",
            ),
            Mistake(
                lambda X, centers: _step(X, centers, center_of=lambda points: points.mean()),
                "each centre got a single number for all its coordinates: take the mean over the "
                "points only, `mean(axis=0)`.",
            ),
            Mistake(
                lambda X, centers: _step(X, centers, center_of=lambda p: p.sum(axis=0), empty=0),
                "these are sums: divide each by the number of points in its cluster. (And a centre "
                "without points stays where it is.)",
            ),
            Mistake(
                lambda X, centers: _step(X, centers, center_of=lambda p: p.sum(axis=0)),
                "these are sums: divide each by the number of points in its cluster.",
            ),
            Mistake(
                lambda X, centers: _step(X, centers, center_of=lambda p: np.median(p, axis=0)),
                "these are medians; the sum of *squares* is smallest at the mean.",
            ),
            Mistake(
                lambda X, centers: _step(X, centers, center_of=lambda p: p.sum(axis=0) / len(X)),
                "you divided by the number of all points: divide by that of the cluster.",
            ),
            Mistake(
                lambda X, centers: _step(X, centers, empty=0.0),
                "right but for the centre without points, which you moved to 0: let it stay where "
                "it is.",
            ),
            Mistake(
                lambda X, centers: _step(X, centers, empty=X.mean(axis=0)),
                "right but for the centre without points, which you moved to the mean of all: let "
                "it stay where it is.",
            ),
            Mistake(
                lambda X, centers: centers,
                "these are the old centres: return the means of the points assigned to them.",
            ),
            Mistake(
                lambda X, centers: _step(X, _step(X, centers)),
                "these are the centres after *two* steps: assign once, move once.",
            ),
        ),
        nan_hint=_EMPTY[0].upper() + _EMPTY[1:],
    )
)

# -- the whole run ---------------------------------------------------------------------------------


def _points_that_need_steps(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    # All centres start in one group, so that a single step does not end the run.
    while True:
        X = rng.normal(size=(24, 2)) + np.repeat([[0.0, 0.0], [6.0, 1.0], [1.0, 7.0]], 8, axis=0)
        centers = X[:3] + 0.1 * rng.normal(size=(3, 2))
        if len(_centers_of_run(X, centers)) > 3:
            return X, centers


def _centers_of_run(X: np.ndarray, centers: np.ndarray) -> list[np.ndarray]:
    run = [centers, _step(X, centers)]
    while not np.allclose(run[-1], run[-2], rtol=0, atol=1e-12):
        run.append(_step(X, run[-1]))
    return run


def _inertia(X: np.ndarray, centers: np.ndarray) -> float:
    return inertia(X, assign_labels(X, centers), centers)


def _after_run(of_end: Callable[[np.ndarray], Any]) -> Callable[[np.ndarray, np.ndarray], Any]:
    return lambda X, centers: of_end(_distances(X, _centers_of_run(X, centers)[-1]))


register(
    Exercise(
        name="kmeans.run",
        signature="X, centers",
        reference=lambda X, centers: _inertia(X, _centers_of_run(X, centers)[-1]),
        inputs=_points_that_need_steps,
        mistakes=(
            Mistake(
                _inertia,
                "this is the inertia at the start: move the centres until they stay.",
            ),
            Mistake(
                lambda X, centers: _inertia(X, _step(X, centers)),
                "this is the inertia after a single step: go on until no centre moves.",
            ),
            Mistake(
                lambda X, centers: _inertia(X, _centers_of_run(X, centers)[2]),
                "this is the inertia after *two* steps: go on until no centre moves.",
            ),
            Mistake(
                _after_run(lambda distances: distances.min(axis=1).sum()),
                "the run is right, but you added distances: add their *squares*.",
            ),
            Mistake(
                _after_run(lambda distances: (distances.min(axis=1) ** 2).mean()),
                "this is the mean over the points; the sum is wanted.",
            ),
            Mistake(
                _after_run(lambda distances: (distances**2).sum()),
                "you added the squared distances to *all* centres: each point pays only for the "
                "nearest.",
            ),
            Mistake(
                _after_run(lambda distances: np.sqrt((distances.min(axis=1) ** 2).sum())),
                "this is the root of the inertia; here no root is taken.",
            ),
            Mistake(
                lambda X, centers: ((X - X.mean(axis=0)) ** 2).sum(),
                "this is the sum of squares around the mean of all points, the inertia with one "
                "cluster: use the centres of your run.",
            ),
        ),
    )
)
