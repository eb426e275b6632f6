"""The exercises of the t-SNE notebook."""

from __future__ import annotations

import numpy as np

from mlcourse.exercises.core import Exercise, Mistake, register
from mlcourse.exercises.properties import not_negative, sums_to_one, symmetric, zero_diagonal
from mlcourse.manifold.affinities import conditional_probabilities, joint_probabilities, row_perplexities, squared_distances
from mlcourse.manifold.divergences import kl_divergence_and_gradient, student_joint
from mlcourse.metrics import continuity, neighbor_ranks, trustworthiness


def _conditional(rng: np.random.Generator) -> np.ndarray:
    n_samples = int(rng.integers(10, 16))
    return conditional_probabilities(squared_distances(rng.normal(size=(n_samples, 4))), 4.0)


def _joint_and_map(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    P = joint_probabilities(_conditional(rng))
    return P, rng.normal(size=(len(P), 2))


# -- p_ij from p(j|i) --------------------------------------------------------------------------------------------------------

register(
    Exercise(
        name="tsne.symmetrise",
        signature="P",
        reference=joint_probabilities,
        inputs=lambda rng: (_conditional(rng),),
        mistakes=(
            Mistake(
                lambda P: (P + P.T) / 2,
                "symmetric, but the sum is n instead of 1: each of the n rows of P sums to 1, so divide by n as well.",
            ),
            Mistake(lambda P: (P + P.T) / len(P), "the sum is 2 instead of 1: P and its transpose together hold 2n; divide by 2n."),
            Mistake(lambda P: P + P.T, "symmetric, but not normalised: the sum is 2n instead of 1."),
            Mistake(lambda P: P / len(P), "the sum is 1, but p_ij is not p_ji: the transpose of P is missing."),
            Mistake(lambda P: P / (2 * len(P)), "the transpose of P is missing: p_ij = (p(j|i) + p(i|j)) / 2n has two terms."),
            Mistake(lambda P: P, "this is P as it came: p_ij = (p(j|i) + p(i|j)) / 2n."),
        ),
        properties=(not_negative, symmetric, sums_to_one),
    )
)


# -- q_ij from the map -------------------------------------------------------------------------------------------------------


def _kernel(Y: np.ndarray) -> np.ndarray:
    W = 1 / (1 + squared_distances(Y))
    np.fill_diagonal(W, 0)
    return W


def _gaussian_map(Y: np.ndarray, width: float = 1.0) -> np.ndarray:
    G = np.exp(-squared_distances(Y) / width)
    np.fill_diagonal(G, 0)
    return G / G.sum()


def _by_rows(Y: np.ndarray) -> np.ndarray:
    W = _kernel(Y)
    return W / W.sum(axis=1, keepdims=True)


def _with_diagonal(Y: np.ndarray) -> np.ndarray:
    W = 1 / (1 + squared_distances(Y))
    return W / W.sum()


def _diagonal_too_late(Y: np.ndarray) -> np.ndarray:
    Q = _with_diagonal(Y)
    np.fill_diagonal(Q, 0)
    return Q


def _unsquared(Y: np.ndarray) -> np.ndarray:
    W = 1 / (1 + np.sqrt(squared_distances(Y)))
    np.fill_diagonal(W, 0)
    return W / W.sum()


_GAUSSIAN_HINT = "this is SNE's Gaussian in the map: t-SNE's map has the heavy tail, 1 / (1 + d²)."

register(
    Exercise(
        name="tsne.student_joint",
        signature="Y",
        reference=student_joint,
        inputs=lambda rng: (rng.normal(size=(int(rng.integers(8, 14)), 2)),),
        mistakes=(
            Mistake(
                _with_diagonal,
                "your q_ii is not 0: 1 / (1 + 0) = 1 stands on the diagonal. Put zeros there before you sum.",
            ),
            Mistake(_diagonal_too_late, "the diagonal is 0, but its ones are still in the sum: put the zeros in before you divide."),
            Mistake(_by_rows, "you normalised each row: q_ij is one distribution over all pairs, so divide by the sum of everything."),
            Mistake(_kernel, "the kernel is right, but it is not normalised: divide by its sum over all pairs."),
            Mistake(_gaussian_map, _GAUSSIAN_HINT),
            Mistake(lambda Y: _gaussian_map(Y, 2.0), _GAUSSIAN_HINT),
            Mistake(_unsquared, "the kernel needs the squared distance: 1 / (1 + d²), not 1 / (1 + d)."),
        ),
        properties=(zero_diagonal, not_negative, symmetric, sums_to_one),
    )
)


# -- the gradient ------------------------------------------------------------------------------------------------------------


def _forces(weights: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Σ_j w_ij (y_i − y_j)."""
    return weights.sum(axis=1, keepdims=True) * Y - weights @ Y


def _gradient(P: np.ndarray, Y: np.ndarray) -> np.ndarray:
    return kl_divergence_and_gradient(P, Y)[1]


def _both_ways(A: np.ndarray) -> np.ndarray:
    return A + A.T


def _gaussian_rows(Y: np.ndarray) -> np.ndarray:
    G = _gaussian_map(Y)
    return G / G.sum(axis=1, keepdims=True)


_NO_KERNEL_HINT = "the factor 1 / (1 + d²) is missing: this is SNE's pull, which ignores the tail's own slope."

register(
    Exercise(
        name="tsne.gradient",
        signature="P, Y",
        reference=_gradient,
        inputs=_joint_and_map,
        mistakes=(
            Mistake(lambda P, Y: -_gradient(P, Y), "the sign is opposite: the gradient points uphill. Is it p − q, and y_i − y_j?"),
            Mistake(
                lambda P, Y: _gradient(P, Y) / 2,
                "you have the factor 2 where it is 4: each pair stands in the sum twice, as ij and as ji.",
            ),
            Mistake(lambda P, Y: _gradient(P, Y) / 4, "you forgot the factor 4."),
            Mistake(lambda P, Y: 4 * _forces(P - student_joint(Y), Y), _NO_KERNEL_HINT),
            Mistake(lambda P, Y: 2 * _forces(P - student_joint(Y), Y), _NO_KERNEL_HINT + " The factor in front is 4, too."),
            Mistake(lambda P, Y: 4 * _forces(P - _gaussian_map(Y), Y), "this is symmetric SNE's gradient: " + _GAUSSIAN_HINT),
            Mistake(
                lambda P, Y: 4 * _forces((P - _by_rows(Y)) * _kernel(Y), Y),
                "your Q is normalised by rows: q_ij is one distribution over all pairs, so divide by the sum of everything.",
            ),
            Mistake(
                lambda P, Y: 4 * _forces((P - _with_diagonal(Y)) * _kernel(Y), Y),
                "your Q counts the diagonal: q_ii = 0, so put zeros there before you divide by the sum.",
            ),
            Mistake(
                lambda P, Y: 4 * _forces((P - _kernel(Y)) * _kernel(Y), Y),
                "your Q is not normalised: divide the kernel by its sum over all pairs.",
            ),
            Mistake(lambda P, Y: 4 * _forces(P * _kernel(Y), Y), "this is the attraction alone: where is − q_ij?"),
            Mistake(
                lambda P, Y: 2 * _forces(_both_ways(P - _gaussian_rows(Y)), Y),
                "this is still SNE's gradient. Edit the kernel first: Student's t in place of the Gaussian.",
            ),
            Mistake(
                lambda P, Y: 2 * _forces(_both_ways(P - _by_rows(Y)), Y),
                "the kernel is right; two edits to go: normalise Q over all pairs, and soften each spring by its w_ij.",
            ),
            Mistake(
                lambda P, Y: 2 * _forces(_both_ways(P - _by_rows(Y)) * _kernel(Y), Y),
                "kernel and spring are right; one edit to go: divide by the sum over all pairs, not by each row's.",
            ),
            Mistake(lambda P, Y: -4 * _forces(student_joint(Y) * _kernel(Y), Y), "this is the repulsion alone: where is p_ij?"),
        ),
    )
)


# -- one row's perplexity ----------------------------------------------------------------------------------------------------


def _row_and_perplexity(rng: np.random.Generator) -> tuple[np.ndarray, float]:
    return rng.gamma(3.0, 0.5, size=int(rng.integers(30, 40))), float(rng.uniform(3.0, 9.0))


def _perplexity_row(sq_distances: np.ndarray, perplexity: float) -> np.ndarray:
    # Neighbours at these distances on a line, the point itself at its origin: the first row is the one asked for.
    places = np.concatenate([[0.0], np.sqrt(sq_distances)])
    return conditional_probabilities(squared_distances(places[:, None]), perplexity)[0, 1:]


def _has_perplexity(answer: np.ndarray, sq_distances: np.ndarray, perplexity: float) -> str | None:
    reached = float(row_perplexities(answer[None])[0])
    if abs(reached - perplexity) > 1e-2:
        return f"the perplexity of your row is {reached:.4g} and should be {perplexity:.4g}: does the search go on long enough?"
    return None


def _nearer_has_more(answer: np.ndarray, sq_distances: np.ndarray, perplexity: float) -> str | None:
    if answer[sq_distances.argmin()] < answer[sq_distances.argmax()]:
        return "your farthest neighbour has the largest probability: is the minus in exp(−d² / 2σ²) missing?"
    return None


def _from_fixed_width(sq_distances: np.ndarray, beta: float) -> np.ndarray:
    weights = np.exp(-beta * (sq_distances - sq_distances.min()))
    return weights / weights.sum()


_BASE_HINT = "the base of the logarithm and the base of the power differ: perplexity is 2^H with H in bits, or e^H with H in nats."

register(
    Exercise(
        name="tsne.perplexity_row",
        signature="sq_distances, perplexity",
        reference=_perplexity_row,
        inputs=_row_and_perplexity,
        mistakes=(
            # 2^(H in nats) = Perp is the perplexity Perp^(1 / ln 2), and e^(H in bits) = Perp is Perp^(ln 2).
            Mistake(lambda d, perplexity: _perplexity_row(d, perplexity ** (1 / np.log(2))), _BASE_HINT),
            Mistake(lambda d, perplexity: _perplexity_row(d, perplexity ** np.log(2)), _BASE_HINT),
            Mistake(
                lambda d, perplexity: _perplexity_row(d**2, perplexity),
                "the distances came squared already, and you square them once more.",
            ),
            Mistake(
                lambda d, perplexity: _perplexity_row(np.sqrt(d), perplexity),
                "you take the root of the squared distances: the Gaussian wants d² as it came.",
            ),
            Mistake(
                lambda d, perplexity: _perplexity_row(d, min(np.exp2(perplexity), len(d) - 1e-6)),
                "you made the entropy equal to the perplexity: it is the logarithm of the perplexity that the entropy must reach.",
            ),
            Mistake(
                lambda d, perplexity: _from_fixed_width(d, 1 / (2 * perplexity**2)),
                "you used the perplexity as sigma: sigma is what has to be searched for, until the row's perplexity is right.",
            ),
            Mistake(
                lambda d, perplexity: _from_fixed_width(d, 0.5),
                "sigma is 1 for every row: it has to be searched for, until the row's perplexity is right.",
            ),
        ),
        properties=(not_negative, sums_to_one, _nearer_has_more, _has_perplexity),
        # A search may stop once the perplexity is right to a thousandth.
        rtol=1e-3,
        nan_hint="With too narrow a Gaussian every weight rounds to 0: subtract the smallest distance from all first; p stays.",
    )
)


# -- trustworthiness ---------------------------------------------------------------------------------------------------------


def _data_map_and_k(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, int]:
    n_samples = int(rng.integers(20, 30))
    X = rng.normal(size=(n_samples, 5))
    return X, X[:, :2] + 0.5 * rng.normal(size=(n_samples, 2)), int(rng.integers(3, 7))


def _trust(X: np.ndarray, Y: np.ndarray, k: int, *, places: int = 0, neighbors: int = 0, normalised: bool = True) -> float:
    """Trustworthiness in its textbook form, with the slips that are often made in it.

    Ranks start at 1 + places, there are k + neighbors neighbours, and the sum may go undivided.
    """
    n = len(X)
    # The nearest other point has rank 1.
    in_data, in_map = neighbor_ranks(X), neighbor_ranks(Y)
    near = (in_map >= 1) & (in_map <= k + neighbors)
    cost = np.maximum(in_data + places - k, 0)[near].sum()
    return 1 - cost * (2 / (n * k * (2 * n - 3 * k - 1)) if normalised else 1)


register(
    Exercise(
        name="tsne.trustworthiness",
        signature="X, Y, k",
        reference=lambda X, Y, k: trustworthiness(X, Y, n_neighbors=k),
        inputs=_data_map_and_k,
        mistakes=(
            Mistake(
                lambda X, Y, k: continuity(X, Y, n_neighbors=k),
                "you swapped the two spaces: this is the continuity. Neighbours are taken in the map, ranks in the data.",
            ),
            Mistake(
                lambda X, Y, k: _trust(X, Y, k, places=-1),
                "your ranks count from 0: the nearest other point has rank 1, so every intruder costs one more.",
            ),
            Mistake(
                lambda X, Y, k: _trust(X, Y, k, places=1),
                "your ranks count from 2: the point itself has rank 0, and the nearest other point rank 1.",
            ),
            Mistake(
                lambda X, Y, k: _trust(X, Y, k, neighbors=-1),
                "you count the point itself among its k neighbours: its distance is 0, so it comes first. Leave it out.",
            ),
            Mistake(
                lambda X, Y, k: _trust(X, Y, k, neighbors=-1, places=-1),
                "you count the point itself among its k neighbours, and ranks from 0: leave it out of the neighbours.",
            ),
            Mistake(
                lambda X, Y, k: _trust(X, Y, k, normalised=False),
                "you forgot the normaliser 2 / (n k (2n − 3k − 1)), which makes the worst map's value 0.",
            ),
            Mistake(
                lambda X, Y, k: (1 - _trust(X, Y, k, normalised=False)),
                "this is the bare sum of r − k: trustworthiness is 1 minus the normalised sum.",
            ),
            Mistake(lambda X, Y, k: 1 - _trust(X, Y, k), "this is the penalty: trustworthiness is 1 minus it."),
            Mistake(
                lambda X, Y, k: (1 + _trust(X, Y, k)) / 2,
                "the factor 2 of the normaliser 2 / (n k (2n − 3k − 1)) is missing.",
            ),
        ),
    )
)
