"""The exercises of the notebook on k-means++."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlcourse.cluster import KMeans, kmeans_plusplus
from mlcourse.exercises.core import Construction, Exercise, Mistake, register
from mlcourse.exercises.properties import not_negative, sums_to_one
from mlcourse.manifold.distances import squared_distances

# -- the probability of each point to be the next centre -----------------------------------------


def _points_and_centers(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    X = 2 * rng.normal(size=(int(rng.integers(8, 14)), 2)) + rng.normal(size=2)
    return X, X[rng.permutation(len(X))[: int(rng.integers(2, 5))]]


def _shares(mass: np.ndarray) -> np.ndarray:
    return mass / mass.sum()


def _d2(X: np.ndarray, C: np.ndarray) -> np.ndarray:
    return squared_distances(X, C).min(axis=1)


register(
    Exercise(
        name="seeding.d2_probabilities",
        signature="X, C",
        reference=lambda X, C: _shares(_d2(X, C)),
        inputs=_points_and_centers,
        mistakes=(
            Mistake(_d2, "these are the squared distances themselves: divide them by their sum."),
            Mistake(
                lambda X, C: _shares(np.sqrt(_d2(X, C))),
                "the distances are not squared: the cost is a sum of *squared* distances, and "
                "each point is drawn by its share of it.",
            ),
            Mistake(
                lambda X, C: _shares(squared_distances(X, C).max(axis=1)),
                "you take the distance from the farthest centre; D is that from the *nearest*.",
            ),
            Mistake(
                lambda X, C: _shares(squared_distances(X, C).sum(axis=1)),
                "you add up the distances from all centres. A point pays for the nearest one "
                "only: take the minimum over the centres.",
            ),
            Mistake(
                lambda X, C: _shares(_d2(X, C[-1:])),
                "only the last centre is looked at: D is the distance from the nearest of all.",
            ),
            Mistake(
                lambda X, C: _shares(_d2(X, C[:1])),
                "only the first centre is looked at: D is the distance from the nearest of all.",
            ),
            Mistake(
                lambda X, C: np.full(len(X), 1 / len(X)),
                "all points have the same chance here: that is the random start.",
            ),
        ),
        properties=(not_negative, sums_to_one),
        nan_hint="a centre's distance from itself is 0; nothing is divided by single distances.",
    )
)

# -- one draw --------------------------------------------------------------------------------------


def _draw_inputs(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, float]:
    X, C = _points_and_centers(rng)
    if rng.random() < 0.3:  # the first point is a centre, and u falls on the very edge
        return np.vstack([C[0], X]), C, 0.0
    return X, C, float(rng.random())


def _drawn(mass: np.ndarray, u: float, side: str = "right") -> int:
    cumulated = np.cumsum(mass)
    return int(np.searchsorted(cumulated, u * cumulated[-1], side=side))


def _drawn_from_sorted(X: np.ndarray, C: np.ndarray, u: float) -> int:
    order = np.argsort(_d2(X, C), kind="stable")
    return int(order[_drawn(_d2(X, C)[order], u)])


def _is_an_index(answer: np.ndarray, X: np.ndarray, C: np.ndarray, u: float) -> str | None:
    if float(answer) != int(answer) or not 0 <= answer < len(X):
        return (
            f"{float(answer):.4g} is no row of X: return an index, a whole number from 0 to "
            f"{len(X) - 1}."
        )
    if _d2(X, C)[int(answer)] == 0:
        return (
            f"point {int(answer)} is a centre already: its D² is 0, so it must never be drawn. "
            "Take the first index whose cumulative sum is *greater* than u."
        )
    return None


register(
    Exercise(
        name="seeding.d2_draw",
        signature="X, C, u",
        reference=lambda X, C, u: _drawn(_d2(X, C), u),
        inputs=_draw_inputs,
        mistakes=(
            Mistake(
                lambda X, C, u: _drawn(_d2(X, C), u, side="left"),
                "nearly: when u lands exactly on a step of the cumulative sum, yours takes the "
                "point before the step; with u = 0 that can be a centre. Take the first index "
                'whose cumulative sum is *greater* than u: `side="right"`.',
            ),
            Mistake(
                lambda X, C, u: int(_d2(X, C).argmax()),
                "this is the farthest point, whatever u is: that is farthest-first, no draw.",
            ),
            Mistake(
                lambda X, C, u: int(u * len(X)),
                "this draws every point with the same probability: D² is to decide.",
            ),
            Mistake(
                lambda X, C, u: _drawn(np.sqrt(_d2(X, C)), u),
                "the distances are not squared: the probabilities are in proportion to D².",
            ),
            Mistake(
                lambda X, C, u: _drawn(_d2(X, C), u) - 1,
                "off by one: yours is the point before. Python counts from 0.",
            ),
            Mistake(
                lambda X, C, u: _drawn(_d2(X, C), u) + 1,
                "off by one: yours is the point after. Python counts from 0.",
            ),
            Mistake(
                lambda X, C, u: _drawn(squared_distances(X, C).sum(axis=1), u),
                "you add up the distances from all centres: D is the distance from the nearest.",
            ),
            Mistake(
                lambda X, C, u: _drawn(_d2(X, C[-1:]), u),
                "only the last centre is looked at: D is the distance from the nearest of all.",
            ),
            Mistake(
                _drawn_from_sorted,
                "a fair draw, but you sorted the points first: go through them in the order of X, "
                "so that the same u gives the same point.",
            ),
            Mistake(
                lambda X, C, u: len(X) - 1 - _drawn(_d2(X, C)[::-1], u),
                "a fair draw, but from the end: go through the points in the order of X.",
            ),
        ),
        properties=(_is_an_index,),
        n_trials=12,
    )
)

# -- data that defeats k-means++ -------------------------------------------------------------------

MAX_POINTS, MAX_CLUSTERS, TIMES_WORSE, SHARE_OF_SEEDS, N_SEEDS = 200, 10, 10, 0.25, 100


def final_costs(
    X: np.ndarray, n_clusters: int, *, n_local_trials: int | None = 1, n_seeds: int = N_SEEDS
) -> np.ndarray:
    """Run k-means once from each of several k-means++ starts.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        The points.
    n_clusters : int
        The number of clusters.
    n_local_trials : int or None, default=1
        Candidates for each centre; 1 is plain D² sampling.
    n_seeds : int, default=100
        The seeds are 0, 1, …, ``n_seeds - 1``.

    Returns
    -------
    ndarray of shape (n_seeds,)
        The final inertia of each run.
    """
    costs = np.empty(n_seeds)
    for seed in range(n_seeds):
        start, _ = kmeans_plusplus(
            X, n_clusters, n_local_trials=n_local_trials, random_state=seed
        )
        costs[seed] = KMeans(n_clusters, init=start, n_init=1).fit(X).inertia_
    return costs


def _data_fault(answer: Any) -> str | None:
    if not isinstance(answer, tuple) or len(answer) != 2:
        return "return two things, `X, k`: the points, one a row, and the number of clusters."
    try:
        X = np.asarray(answer[0], dtype=float)
        k = int(answer[1])
    except (TypeError, ValueError):
        return "X must be an array of numbers, one point a row, and k a whole number."
    if X.ndim != 2 or X.shape[1] == 0:
        return f"X must have one point in each row; yours has the shape {X.shape}."
    if k != answer[1] or not 2 <= k <= MAX_CLUSTERS:
        return f"k must be a whole number from 2 to {MAX_CLUSTERS}; yours is {answer[1]!r}."
    if len(X) > MAX_POINTS:
        return f"your data set has {len(X)} points; at most {MAX_POINTS} are allowed."
    if not np.isfinite(X).all():
        return "some of your coordinates are NaN or infinite."
    n_places = len(np.unique(X, axis=0))
    if n_places <= k:
        return (
            f"your points lie in {n_places} different places, and with k = {k} the best cost is "
            "0: no cost can be so many times 0. Use more places than clusters."
        )
    return None


def _defeats(answer: Any) -> tuple[bool, str]:
    fault = _data_fault(answer)
    if fault:
        return False, fault
    X, k = np.asarray(answer[0], dtype=float), int(answer[1])
    # A common shift changes no distance, but costs digits; a common factor changes no ratio.
    X = X - X.mean(axis=0)
    X = X / np.abs(X).max()
    plain = final_costs(X, k)
    best = min(plain.min(), final_costs(X, k, n_local_trials=None, n_seeds=20).min())
    if best < 1e-14 * (X**2).sum():
        return False, (
            "the best cost found is 0 but for rounding: bring the scales of your data nearer to "
            "each other, or use more places than clusters."
        )
    ratio = plain / best
    n_defeats = int((ratio >= TIMES_WORSE).sum())
    needed = int(SHARE_OF_SEEDS * N_SEEDS)
    if n_defeats >= needed:
        return True, (
            f"in {n_defeats} of {N_SEEDS} seeds plain k-means++ ends at {TIMES_WORSE} times the best"
            f" or more (on average at {ratio.mean():.1f} times)."
        )
    found = (
        f"k-means++ ends at {TIMES_WORSE} times the best or more in {n_defeats} of {N_SEEDS} seeds"
    )
    if n_defeats:
        hint = (
            f"The right kind of trap: at least {needed} are needed. A group is missed the more "
            f"often, the less it costs (if only it costs {TIMES_WORSE} times the best) and the "
            "more groups there are that cost no more."
        )
    elif ratio.max() < 1.1:
        hint = (
            "Every run ends at nearly the same cost. A draw goes astray where the groups that "
            "have a centre hold a good part of the cost: let one group be loose, the others few "
            "and far."
        )
    else:
        hint = (
            f"The worst run ends at {ratio.max():.1f} times the best: a missed group must cost "
            "more. Move the groups that are missed farther away, but not so far that D² always "
            "finds them."
        )
    return False, f"{found}. {hint}"


register(Construction(name="seeding.defeat", judge=_defeats))
