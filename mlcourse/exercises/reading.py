"""The exercises of the notebook on reading a map."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from mlcourse.datasets import make_two_gaussians
from mlcourse.exercises.core import Exercise, Mistake, register
from mlcourse.manifold.affinities import squared_distances
from mlcourse.manifold.tsne import TSNE
from mlcourse.metrics import (
    clark_evans_index,
    neighbor_agreement,
    neighborhood_preservation,
    one_nn_accuracy,
    trustworthiness,
)

# -- the perplexity that separates two clusters ------------------------------------------------------------------------------

_LADDER = (2.0, 4.0, 8.0, 14.0, 22.0)


@cache
def _small_map(seed: int, perplexity: float) -> np.ndarray:
    """A map of two clusters of 20 points; of each cluster the points come one after the other."""
    X, _ = make_two_gaussians(40, n_features=10, width_ratio=1.0, distance=4.5, random_state=seed)
    tsne = TSNE(
        perplexity=perplexity,
        init="random",
        method="exact",
        max_iter=100,
        early_exaggeration_iter=40,
        min_grad_norm=0,
        n_iter_without_progress=100,
        random_state=seed,
    )
    return tsne.fit_transform(X)


def _maps_to_choose_from(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, Callable[[float], np.ndarray]]:
    seed = int(rng.integers(1000))
    return np.repeat([0, 1], 20), np.array(_LADDER), lambda perplexity: _small_map(seed, float(perplexity)).copy()


def _share_at_home(labels: np.ndarray, Y: np.ndarray) -> float:
    """The share of points that lie nearer to the mean of their own cluster than to that of the other."""
    means = np.array([Y[labels == label].mean(axis=0) for label in (0, 1)])
    nearer = np.linalg.norm(Y[:, None] - means, axis=2).argmin(axis=1)
    return float((nearer == labels).mean())


def _shares(labels: np.ndarray, perplexities: np.ndarray, make_map: Callable) -> np.ndarray:
    return np.array([_share_at_home(labels, make_map(perplexity)) for perplexity in perplexities])


def _separating(labels: np.ndarray, perplexities: np.ndarray, make_map: Callable) -> float:
    return float(perplexities[_shares(labels, perplexities, make_map).argmax()])


def _largest_of_equals(labels: np.ndarray, perplexities: np.ndarray, make_map: Callable) -> float:
    shares = _shares(labels, perplexities, make_map)
    return float(perplexities[np.flatnonzero(shares == shares.max())[-1]])


def _by_neighbours(labels: np.ndarray, perplexities: np.ndarray, make_map: Callable) -> float:
    return float(perplexities[np.argmax([one_nn_accuracy(make_map(p), labels) for p in perplexities])])


def _by_ratio(labels: np.ndarray, perplexities: np.ndarray, make_map: Callable, relative: bool) -> float:
    distances = []
    for perplexity in perplexities:
        Y = make_map(perplexity)
        between = np.linalg.norm(Y[labels == 1].mean(axis=0) - Y[labels == 0].mean(axis=0))
        distances.append(between / (Y.std() if relative else 1.0))
    return float(perplexities[np.argmax(distances)])


def _is_on_the_ladder(answer: np.ndarray, labels: np.ndarray, perplexities: np.ndarray, make_map: Callable) -> str | None:
    if not (perplexities == float(answer)).any():
        return f"{float(answer):.4g} is none of the perplexities that were given: return one of them."
    return None


register(
    Exercise(
        name="reading.separate",
        signature="labels, perplexities, make_map",
        reference=_separating,
        inputs=_maps_to_choose_from,
        mistakes=(
            Mistake(
                lambda labels, perplexities, make_map: _shares(labels, perplexities, make_map).max(),
                "this is the share itself; the perplexity that reaches it is asked for.",
            ),
            Mistake(
                lambda labels, perplexities, make_map: _shares(labels, perplexities, make_map).argmax(),
                "this is the place of the perplexity in the list, counted from 0: return `perplexities[place]`.",
            ),
            Mistake(
                _largest_of_equals,
                "where several perplexities reach the same share, the smallest of them is asked for: yours is the largest. "
                "Is it `>=` where it should be `>`?",
            ),
            Mistake(
                lambda labels, perplexities, make_map: perplexities[_shares(labels, perplexities, make_map).argmin()],
                "this is the perplexity that separates the clusters worst: look for the largest share, not the smallest.",
            ),
            Mistake(
                _by_neighbours,
                "you ask each point's nearest neighbour for its cluster. In a map of crumbs that is right even where the "
                "crumbs of both clusters lie mixed: compare the distances to the two means.",
            ),
            Mistake(
                lambda labels, perplexities, make_map: _by_ratio(labels, perplexities, make_map, relative=False),
                "you take the map whose means are farthest apart. Maps have different scales: count the points that lie nearer "
                "to the mean of their own cluster.",
            ),
            Mistake(
                lambda labels, perplexities, make_map: _by_ratio(labels, perplexities, make_map, relative=True),
                "you compare the distance of the means with the width of the map. What is asked for is a count: the share of "
                "points that lie nearer to the mean of their own cluster.",
            ),
        ),
        properties=(_is_on_the_ladder,),
    )
)


# -- neighbours kept ---------------------------------------------------------------------------------------------------------


def _data_map_and_k(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, int]:
    n_samples = int(rng.integers(20, 30))
    X = rng.normal(size=(n_samples, 5))
    return X, X[:, :2] + 0.5 * rng.normal(size=(n_samples, 2)), int(rng.integers(3, 7))


def _order(X: np.ndarray, itself: bool = False, sign: int = 1) -> np.ndarray:
    """The other points by distance, nearest first, row by row; itself first of all if it is to be counted."""
    D2 = sign * squared_distances(X)
    np.fill_diagonal(D2, -np.inf if itself else np.inf)
    return D2.argsort(axis=1)


def _shared(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """How many entries the rows of two arrays have in common."""
    return (first[:, :, None] == second[:, None, :]).sum(axis=(1, 2))


def _kept(X: np.ndarray, Y: np.ndarray, k: int, extra: int = 0, itself: bool = False, sign: int = 1) -> np.ndarray:
    return _shared(_order(X, itself, sign)[:, : k + extra], _order(Y, itself, sign)[:, : k + extra])


def _jaccard(X: np.ndarray, Y: np.ndarray, k: int) -> float:
    both = _kept(X, Y, k)
    return float((both / (2 * k - both)).mean())


_ITSELF = "you count the point itself among its neighbours: its distance is 0, so it comes first in both lists. Leave it out."

register(
    Exercise(
        name="reading.preservation",
        signature="X, Y, k",
        reference=lambda X, Y, k: neighborhood_preservation(X, Y, n_neighbors=k),
        inputs=_data_map_and_k,
        mistakes=(
            Mistake(lambda X, Y, k: _kept(X, Y, k, itself=True).mean() / k, _ITSELF),
            Mistake(lambda X, Y, k: _kept(X, Y, k, extra=1, itself=True).mean() / (k + 1), _ITSELF),
            Mistake(lambda X, Y, k: _kept(X, Y, k, extra=1, itself=True).mean() / k, _ITSELF),
            Mistake(lambda X, Y, k: _kept(X, Y, k).mean(), "this is how many neighbours a point keeps: divide by k for a share."),
            Mistake(lambda X, Y, k: _kept(X, Y, k).sum(), "this is the number of all neighbours kept: divide by n and by k."),
            Mistake(lambda X, Y, k: _kept(X, Y, k).sum() / k, "divide by n as well: the share is an average over the points."),
            Mistake(lambda X, Y, k: _kept(X, Y, k, sign=-1).mean() / k, "these are the k farthest points: sort the other way round."),
            Mistake(lambda X, Y, k: 1 - _kept(X, Y, k).mean() / k, "this is the share of the neighbours that are lost."),
            Mistake(
                _jaccard,
                "you divide by the size of the union of the two sets: the share asked for has k in the denominator.",
            ),
            Mistake(
                lambda X, Y, k: (_order(X)[:, :k] == _order(Y)[:, :k]).mean(),
                "you ask that a neighbour keep its place in the order: it is enough that it is among the k nearest in both.",
            ),
            Mistake(
                lambda X, Y, k: trustworthiness(X, Y, n_neighbors=k),
                "this is trustworthiness, which weighs intruders by their rank: here every neighbour kept counts the same.",
            ),
        ),
    )
)


# -- clumps ------------------------------------------------------------------------------------------------------------------


def _scatter_and_area(rng: np.random.Generator) -> tuple[np.ndarray, float]:
    return rng.normal(size=(int(rng.integers(15, 30)), 2)), float(rng.uniform(10.0, 30.0))


def _distances(Y: np.ndarray) -> np.ndarray:
    D = np.sqrt(squared_distances(Y))
    np.fill_diagonal(D, np.inf)
    return D


def _clumps(Y: np.ndarray, area: float) -> float:
    return clark_evans_index(Y, area=area)


register(
    Exercise(
        name="reading.clumps",
        signature="Y, area",
        reference=_clumps,
        inputs=_scatter_and_area,
        mistakes=(
            Mistake(
                lambda Y, area: 0.0,
                "your answer is 0: every point's nearest neighbour is the point itself, at distance 0. Put infinity on the "
                "diagonal before you take the minimum.",
            ),
            Mistake(lambda Y, area: 1 / _clumps(Y, area), "your ratio stands on its head: measured over expected."),
            Mistake(lambda Y, area: _clumps(Y, area) / 2, "the 1/2 in front of the root is missing."),
            Mistake(
                lambda Y, area: _distances(Y).min(axis=1).mean() / (0.5 * np.sqrt(len(Y) / area)),
                "under the root stands the area for one point, A / n, and you have n / A.",
            ),
            Mistake(
                lambda Y, area: _distances(Y).min(axis=1).mean() / (0.5 * area / len(Y)),
                "the root is missing: A / n is an area, and only its root is a distance.",
            ),
            Mistake(
                lambda Y, area: (_distances(Y).min(axis=1) ** 2).mean() / (0.5 * np.sqrt(area / len(Y))),
                "you average the squared distances: take the root of each before the mean.",
            ),
            Mistake(
                lambda Y, area: np.median(_distances(Y).min(axis=1)) / (0.5 * np.sqrt(area / len(Y))),
                "you take the median of the nearest distances: the index has their mean.",
            ),
            Mistake(
                lambda Y, area: np.sqrt(squared_distances(Y)).sum() / (len(Y) * (len(Y) - 1)) / (0.5 * np.sqrt(area / len(Y))),
                "this is the mean distance of all pairs: only the nearest neighbour of each point counts.",
            ),
            Mistake(lambda Y, area: _distances(Y).min(axis=1).mean(), "this is the mean nearest distance: divide by the expected one."),
        ),
    )
)


# -- agreement ---------------------------------------------------------------------------------------------------------------


def _three_maps(rng: np.random.Generator) -> tuple[np.ndarray, int]:
    first = rng.normal(size=(int(rng.integers(20, 30)), 2))
    return np.array([first + 0.3 * rng.normal(size=first.shape) for _ in range(3)]), int(rng.integers(4, 8))


def _near(Y: np.ndarray, k: int, itself: bool = False) -> np.ndarray:
    """Which points are among the k first of each row, (n, n)."""
    near = np.zeros((len(Y), len(Y)), dtype=bool)
    np.put_along_axis(near, _order(Y, itself)[:, :k], True, axis=1)
    return near


register(
    Exercise(
        name="reading.agreement",
        signature="maps, k",
        reference=lambda maps, k: neighbor_agreement(maps, n_neighbors=k),
        inputs=_three_maps,
        mistakes=(
            Mistake(
                lambda maps, k: neighbor_agreement(maps, n_neighbors=k) * k,
                "these are the numbers of common neighbours: divide by k for shares.",
            ),
            Mistake(
                lambda maps, k: neighbor_agreement(maps[:2], n_neighbors=k),
                "you compare the first two maps only: a neighbour counts if all of the maps have it.",
            ),
            Mistake(
                lambda maps, k: np.mean([neighbor_agreement(maps[[a, b]], n_neighbors=k) for a, b in ((0, 1), (0, 2), (1, 2))], axis=0),
                "you average over pairs of maps: a neighbour counts only if all three maps have it at once.",
            ),
            Mistake(
                lambda maps, k: np.mean([neighbor_agreement(maps[[0, b]], n_neighbors=k) for b in (1, 2)], axis=0),
                "you compare each map with the first and average: a neighbour counts only if all of them have it at once.",
            ),
            Mistake(
                lambda maps, k: np.any([_near(Y, k) for Y in maps], axis=0).sum(axis=1) / k,
                "these are the neighbours in any map: take the intersection, not the union.",
            ),
            Mistake(lambda maps, k: np.all([_near(Y, k, itself=True) for Y in maps], axis=0).sum(axis=1) / k, _ITSELF),
            Mistake(lambda maps, k: np.all([_near(Y, k + 1, itself=True) for Y in maps], axis=0).sum(axis=1) / k, _ITSELF),
            Mistake(lambda maps, k: np.all([_near(Y, k + 1, itself=True) for Y in maps], axis=0).sum(axis=1) / (k + 1), _ITSELF),
            Mistake(
                lambda maps, k: np.full(maps.shape[1], neighbor_agreement(maps, n_neighbors=k).mean()),
                "every point has the same number: this is the average, and one share a point is asked for.",
            ),
        ),
    )
)
