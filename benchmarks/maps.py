"""How good is a map? The same measure for every program that draws one."""

import statistics
from dataclasses import dataclass

import numpy as np

from benchmarks.pairs import Agreement
from mlcourse.manifold import joint_neighbor_probabilities, neighbor_probabilities
from mlcourse.metrics import neighborhood_preservation, trustworthiness
from mlcourse.neighbors import nearest_neighbors

K = 10  # neighbours that a map should keep
MANY = 10_000  # beyond so many points, trustworthiness is taken over some rows
SOME = 2_000  # so many rows
BLOCK = 2**22  # entries of a block of distances


@dataclass(frozen=True)
class Quality:
    """KL(P‖Q) in nats, share of the 10 nearest neighbours that the map keeps, trustworthiness."""

    divergence: float
    preservation: float
    trustworthiness: float


class Judge:
    """Measures maps of the same data, all against the same affinities.

    Parameters
    ----------
    X : array of shape (n_samples, n_features)
        The data.
    perplexity : int
        Of the affinities P, which are those of the 3 · perplexity nearest neighbours.
    """

    def __init__(self, X: np.ndarray, perplexity: int = 30):
        self.X = X
        self.neighbors, sq_distances = nearest_neighbors(X, min(len(X) - 1, 3 * perplexity))
        self.P = joint_neighbor_probabilities(self.neighbors, neighbor_probabilities(sq_distances, perplexity))

    def __call__(self, Y: np.ndarray) -> Quality:
        """The quality of a map, its rows in the order of the data.

        Parameters
        ----------
        Y : array of shape (n_samples, 2)
            The map.

        Returns
        -------
        Quality
            The divergence has the exact normaliser, a sum over all pairs.
        """
        Y = np.asarray(Y, dtype=float)
        divergence = self.P.divergence(Y, student_normaliser(Y))
        if len(Y) <= MANY:
            kept = neighborhood_preservation(self.X, Y, n_neighbors=K), trustworthiness(self.X, Y, n_neighbors=K)
            return Quality(divergence, *kept)
        in_map, _ = nearest_neighbors(Y, K)
        kept = (in_map[:, :, None] == self.neighbors[:, None, :K]).any(axis=2).mean()
        rows = np.random.default_rng(0).permutation(len(Y))[:SOME]
        return Quality(divergence, float(kept), trust_of_rows(self.X, in_map, rows))


def student_normaliser(Y: np.ndarray) -> float:
    """Z = Σ_{k≠l} 1 / (1 + ‖y_k − y_l‖²), every pair computed.

    Parameters
    ----------
    Y : array of shape (n_samples, 2)
        A map.

    Returns
    -------
    float
        Z.
    """
    total, step = 0.0, max(1, BLOCK // len(Y))
    for start in range(0, len(Y), step):
        rows = Y[start : start + step]
        block = np.ones((len(rows), len(Y) - start))  # against itself and what follows: each pair of blocks once
        for column, others in zip(rows.T, Y[start:].T):
            difference = np.subtract.outer(column, others)
            difference *= difference
            block += difference
        np.reciprocal(block, out=block)
        total += 2 * block.sum() - block[:, : len(rows)].sum() - len(rows)
    return total


def trust_of_rows(X: np.ndarray, in_map: np.ndarray, rows: np.ndarray) -> float:
    """Trustworthiness with its sum over some rows only, so that many points do not take hours.

    Parameters
    ----------
    X : array of shape (n_samples, n_features)
        The data.
    in_map : array of int, shape (n_samples, k)
        The nearest neighbours of every point in the map.
    rows : array of int
        The rows.

    Returns
    -------
    float
        An estimate of the trustworthiness; over all rows, the trustworthiness itself where no two distances are equal.
    """
    n, k = in_map.shape
    X = X - X.mean(axis=0)
    sq_norms = np.einsum("ij,ij->i", X, X)
    cost = 0
    for some in np.array_split(rows, -(-len(rows) * n // BLOCK)):
        distances = sq_norms - 2 * X[some] @ X.T  # without the row's own ‖x‖², which changes no rank
        distances[np.arange(len(some)), some] = np.inf
        for neighbor in in_map[some].T:
            own = distances[np.arange(len(some)), neighbor]
            ranks = 1 + np.count_nonzero(distances < own[:, None], axis=1)
            cost += int(np.maximum(ranks - k, 0).sum())
    return 1 - 2 * cost / (len(rows) * k * (2 * n - 3 * k - 1))


def average(qualities: list[Quality]) -> Quality:
    """Every measure's mean.

    Parameters
    ----------
    qualities : list of Quality
        Of several maps.

    Returns
    -------
    Quality
        The means.
    """
    values = [(q.divergence, q.preservation, q.trustworthiness) for q in qualities]
    return Quality(*(statistics.mean(column) for column in zip(*values)))


def same_quality(ours: list[Quality], theirs: list[Quality]) -> Agreement:
    """Compare means: our divergence may be 1 % higher, our preservation and trustworthiness 0.005 lower, no more.

    Parameters
    ----------
    ours, theirs : list of Quality
        Of the maps of all pairs.

    Returns
    -------
    Agreement
        Both sides' means and which conditions fail.
    """
    a, b = average(ours), average(theirs)
    conditions = {
        "KL": a.divergence <= 1.01 * b.divergence,
        "10-NN": a.preservation >= b.preservation - 0.005,
        "trust": a.trustworthiness >= b.trustworthiness - 0.005,
    }
    columns = {
        "KL": f"{a.divergence:.3f} / {b.divergence:.3f}",
        "10-NN": f"{a.preservation:.3f} / {b.preservation:.3f}",
        "trust": f"{a.trustworthiness:.3f} / {b.trustworthiness:.3f}",
    }
    return Agreement(columns, tuple(name for name, holds in conditions.items() if not holds))


def neighbors_kept(ours: list[Quality], theirs: list[Quality]) -> Agreement:
    """Compare means of the neighbours kept alone: 0.005 fewer are allowed.

    Parameters
    ----------
    ours, theirs : list of Quality
        Of the maps of all pairs.

    Returns
    -------
    Agreement
        Both sides' means and whether the condition fails.
    """
    a, b = average(ours).preservation, average(theirs).preservation
    return Agreement({"10-NN": f"{a:.3f} / {b:.3f}"}, () if a >= b - 0.005 else ("10-NN",))
