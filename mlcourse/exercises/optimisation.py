"""The exercises of the notebook on optimisation and speed."""

from __future__ import annotations

import numpy as np

from mlcourse.exercises.core import Exercise, Mistake, register
from mlcourse.exercises.properties import not_negative
from mlcourse.manifold.momentum import momentum_step

# -- one step of the optimiser -----------------------------------------------------------------------------------------------

_Step = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, float, float]


def _before_a_step(rng: np.random.Generator) -> _Step:
    shape = (int(rng.integers(6, 12)), 2)
    Y, update, gradient = rng.normal(size=(3, *shape))
    gains = rng.uniform(0.5, 3.0, size=shape)
    gains.ravel()[:3] = 0.011  # some near the floor, whichever way they go
    update.ravel()[:3] = np.abs(update.ravel()[:3])
    gradient.ravel()[:3] = np.abs(gradient.ravel()[:3])
    return Y, update, gains, gradient, float(rng.uniform(0.1, 0.5)), float(rng.uniform(0.3, 0.9))


def _step(Y: np.ndarray, update: np.ndarray, gains: np.ndarray, gradient: np.ndarray, learning_rate: float, momentum: float) -> np.ndarray:
    return momentum_step(Y, update, gains, gradient, learning_rate=learning_rate, momentum=momentum)[0]


def _new_gains(update: np.ndarray, gains: np.ndarray, gradient: np.ndarray, *, reverse: bool = False, minus: bool = False,
               floor: float = 0.01) -> np.ndarray:  # fmt: skip
    goes_on = (update * gradient > 0) if reverse else (update * gradient < 0)
    return np.maximum(np.where(goes_on, gains + 0.2, gains - 0.2 if minus else 0.8 * gains), floor)


def _moved(Y: np.ndarray, update: np.ndarray, gains: np.ndarray, gradient: np.ndarray, rate: float, momentum: float) -> np.ndarray:
    return Y + momentum * update - rate * gains * gradient


register(
    Exercise(
        name="optimisation.step",
        signature="Y, update, gains, gradient, learning_rate, momentum",
        reference=_step,
        inputs=_before_a_step,
        mistakes=(
            Mistake(
                lambda Y, U, g, G, rate, a: _moved(Y, U, g, G, rate, a),
                "the momentum is right, but these are the gains of the last step: find the new gains first, then step with them.",
            ),
            Mistake(
                lambda Y, U, g, G, rate, a: _moved(Y, U, np.ones_like(g), G, rate, a),
                "the gains are missing: each coordinate has its own factor on the learning rate.",
            ),
            Mistake(
                lambda Y, U, g, G, rate, a: _moved(Y, U, _new_gains(U, g, G, reverse=True), G, rate, a),
                "your gains grow where they should shrink. The update goes *against* the gradient: as long as a coordinate keeps "
                "going the same way downhill, update × gradient is negative.",
            ),
            Mistake(
                lambda Y, U, g, G, rate, a: _moved(Y, U, _new_gains(U, g, G, floor=0.0), G, rate, a),
                "nearly: a gain is never below 0.01, so that a coordinate can always move again.",
            ),
            Mistake(
                lambda Y, U, g, G, rate, a: _moved(Y, U, _new_gains(U, g, G, minus=True), G, rate, a),
                "a gain grows by adding 0.2, but it shrinks by multiplying with 0.8, so that it falls fast from any height.",
            ),
            Mistake(
                lambda Y, U, g, G, rate, a: _moved(Y, U, _new_gains(U, g, G, minus=True, floor=-np.inf), G, rate, a),
                "a gain grows by adding 0.2, but it shrinks by multiplying with 0.8; yours may even become negative, which goes uphill.",
            ),
            Mistake(
                lambda Y, U, g, G, rate, a: _moved(Y, U, -_new_gains(U, g, G), G, rate, a),
                "you go uphill: the gradient is subtracted.",
            ),
            Mistake(
                lambda Y, U, g, G, rate, a: _moved(Y, U, _new_gains(U, g, G), G, rate, 0.0),
                "the momentum is missing: a share of the last update is made again.",
            ),
            Mistake(
                lambda Y, U, g, G, rate, a: _moved(Y, U, _new_gains(U, g, G), G, rate, 1.0),
                "you make the whole last update again: momentum says which share of it.",
            ),
            Mistake(
                lambda Y, U, g, G, rate, a: _moved(Y, U, (1 - a) * _new_gains(U, g, G), G, rate, a),
                "you weight the gradient by 1 − momentum, as an average would. Here the gradient counts in full.",
            ),
            Mistake(
                lambda Y, U, g, G, rate, a: _step(Y, U, g, G, rate, a) - Y,
                "this is the update: add it to Y.",
            ),
        ),
    )
)


# -- attraction along the edges ----------------------------------------------------------------------------------------------

_Edges = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _edges_and_map(rng: np.random.Generator) -> _Edges:
    """Both orders of some pairs, mixed up; every point has several edges."""
    n = int(rng.integers(8, 13))
    pairs = np.stack(np.triu_indices(n, 1), axis=1)
    pairs = pairs[rng.permutation(len(pairs))[: 2 * n]]
    both = np.concatenate([pairs, pairs[:, ::-1]])
    p = np.tile(rng.uniform(0.2, 1.0, size=len(pairs)), 2)
    order = rng.permutation(len(both))
    i, j = both[order].T
    return i, j, p[order] / p.sum(), rng.normal(size=(n, 2))


def _pulls(i: np.ndarray, j: np.ndarray, p: np.ndarray, Y: np.ndarray, *, power: float = 1.0, squared: bool = True) -> np.ndarray:
    difference = Y[i] - Y[j]
    distance = (difference**2).sum(axis=1)
    w = 1 / (1 + (distance if squared else np.sqrt(distance)))
    return (p * w**power)[:, None] * difference


def _summed(i: np.ndarray, pulls: np.ndarray, Y: np.ndarray) -> np.ndarray:
    total = np.zeros_like(Y)
    np.add.at(total, i, pulls)
    return total


def _attraction(i: np.ndarray, j: np.ndarray, p: np.ndarray, Y: np.ndarray) -> np.ndarray:
    return _summed(i, _pulls(i, j, p, Y), Y)


def _last_edge_only(i: np.ndarray, j: np.ndarray, p: np.ndarray, Y: np.ndarray) -> np.ndarray:
    total = np.zeros_like(Y)
    total[i] += _pulls(i, j, p, Y)
    return total


def _each_pair_once(i: np.ndarray, j: np.ndarray, p: np.ndarray, Y: np.ndarray) -> np.ndarray:
    once = i < j
    return _summed(i[once], _pulls(i, j, p, Y)[once], Y)


def _twice(i: np.ndarray, j: np.ndarray, p: np.ndarray, Y: np.ndarray) -> np.ndarray:
    pulls = _pulls(i, j, p, Y)
    return _summed(i, pulls, Y) - _summed(j, pulls, Y)


register(
    Exercise(
        name="optimisation.attraction",
        signature="i, j, p, Y",
        reference=_attraction,
        inputs=_edges_and_map,
        mistakes=(
            Mistake(
                _last_edge_only,
                "`total[i] += …` with repeated indices keeps only the last edge of each point. np.add.at(total, i, pulls) adds them all.",
            ),
            Mistake(
                lambda i, j, p, Y: -_attraction(i, j, p, Y),
                "the sign is opposite: asked for is y_i − y_j, added to point i (not y_j − y_i, and not added to point j).",
            ),
            Mistake(
                lambda i, j, p, Y: 4 * _attraction(i, j, p, Y),
                "you have the gradient's factor 4; here the bare sum is asked for.",
            ),
            Mistake(
                lambda i, j, p, Y: _summed(i, _pulls(i, j, p, Y, power=0.0), Y),
                "the factor w_ij = 1 / (1 + d²) is missing: this is the pull of symmetric SNE.",
            ),
            Mistake(
                lambda i, j, p, Y: _summed(i, _pulls(i, j, p, Y, power=2.0), Y),
                "you have w_ij twice. Twice is right in the repulsion, where q_ij holds the other one.",
            ),
            Mistake(
                lambda i, j, p, Y: _summed(i, _pulls(i, j, p, Y, squared=False), Y),
                "the kernel needs the squared distance: 1 / (1 + d²), not 1 / (1 + d).",
            ),
            Mistake(
                _each_pair_once,
                "you skip the edges with i > j: the list holds each pair in both orders, and point i needs all edges that begin at i.",
            ),
            Mistake(
                _twice,
                "you add every pull at both ends, but the list holds each pair in both orders already: everything is there twice.",
            ),
            Mistake(
                lambda i, j, p, Y: _summed(i, _pulls(i, j, np.ones_like(p), Y), Y),
                "the weights p are missing.",
            ),
        ),
    )
)


# -- charges on a mesh -------------------------------------------------------------------------------------------------------


def _places(rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """Points between mesh points 0 and n_mesh − 1, several in one interval."""
    n_mesh = int(rng.integers(6, 10))
    places = rng.uniform(0.05, n_mesh - 1.05, size=20)
    places[:4] = 2 + rng.uniform(0.05, 0.95, size=4)
    return places, n_mesh


def _counted(where: np.ndarray, weights: np.ndarray, n_mesh: int) -> np.ndarray:
    charges = np.zeros(n_mesh)
    np.add.at(charges, where, weights)
    return charges


def _spread(places: np.ndarray, n_mesh: int) -> np.ndarray:
    left = np.floor(places).astype(int)
    right_share = places - left
    return _counted(left, 1 - right_share, n_mesh) + _counted(left + 1, right_share, n_mesh)


def _shares_exchanged(places: np.ndarray, n_mesh: int) -> np.ndarray:
    left = np.floor(places).astype(int)
    right_share = places - left
    return _counted(left, right_share, n_mesh) + _counted(left + 1, 1 - right_share, n_mesh)


def _nearest(places: np.ndarray, n_mesh: int) -> np.ndarray:
    return _counted(np.rint(places).astype(int), np.ones_like(places), n_mesh)


def _left_only(places: np.ndarray, n_mesh: int) -> np.ndarray:
    return _counted(np.floor(places).astype(int), np.ones_like(places), n_mesh)


def _left_share_only(places: np.ndarray, n_mesh: int) -> np.ndarray:
    left = np.floor(places).astype(int)
    return _counted(left, 1 - (places - left), n_mesh)


def _halves(places: np.ndarray, n_mesh: int) -> np.ndarray:
    left = np.floor(places).astype(int)
    return _counted(left, np.full(len(places), 0.5), n_mesh) + _counted(left + 1, np.full(len(places), 0.5), n_mesh)


def _last_charge_only(places: np.ndarray, n_mesh: int) -> np.ndarray:
    left = np.floor(places).astype(int)
    right_share = places - left
    charges = np.zeros(n_mesh)
    charges[left] += 1 - right_share
    charges[left + 1] += right_share
    return charges


def _all_the_charge(answer: np.ndarray, places: np.ndarray, n_mesh: int) -> str | None:
    if abs(answer.sum() - len(places)) > 1e-6:
        return f"{len(places)} charges of 1 came in, and your mesh holds {answer.sum():.4g}: none may be lost or made."
    return None


def _in_its_place(answer: np.ndarray, places: np.ndarray, n_mesh: int) -> str | None:
    if abs(answer @ np.arange(n_mesh) - places.sum()) > 1e-6:
        return "all the charge is there, but its centre has moved: each point's two shares must balance at its place."
    return None


register(
    Exercise(
        name="optimisation.spread",
        signature="places, n_mesh",
        reference=_spread,
        inputs=_places,
        mistakes=(
            Mistake(
                _last_charge_only,
                "`charges[left] += …` with repeated indices keeps only one of the charges in an interval. np.add.at, or np.bincount with "
                "weights, adds them all.",
            ),
            Mistake(
                _shares_exchanged,
                "the two shares are exchanged: the nearer mesh point gets the larger one. A point at 2.9 gives 0.9 to mesh point 3.",
            ),
            Mistake(_nearest, "each charge goes whole to the nearest mesh point: spread it over the two around it."),
            Mistake(_left_only, "each charge goes whole to the mesh point on its left: the right one gets the share places − left."),
            Mistake(_left_share_only, "the mesh point on the right is missing: it gets the share places − left."),
            Mistake(_halves, "each charge is halved, wherever it lies: a point at 2.9 is nearer to 3, which gets 0.9 of it."),
        ),
        properties=(not_negative, _all_the_charge, _in_its_place),
    )
)
