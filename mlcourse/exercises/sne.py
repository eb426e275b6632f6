"""The exercises of the SNE notebook (its perplexity search is among those of `tsne`)."""

from __future__ import annotations

import numpy as np

from mlcourse.exercises.core import Exercise, Mistake, register
from mlcourse.manifold.affinities import conditional_probabilities, joint_probabilities, row_perplexities, squared_distances
from mlcourse.manifold.divergences import gaussian_map_conditional, kl_divergence, sne_divergence_and_gradient


def _conditional_and_map(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    n_samples = int(rng.integers(10, 16))
    P = conditional_probabilities(squared_distances(rng.normal(size=(n_samples, 4))), 4.0)
    return P, rng.normal(size=(n_samples, 2))


# -- the perplexity of one row -----------------------------------------------------------------------------------------------


def _row_with_zeros(rng: np.random.Generator) -> tuple[np.ndarray]:
    k = int(rng.integers(6, 12))
    p = rng.gamma(0.7, size=k)
    p[int(rng.integers(k))] = 0.0  # a point's place in its own row
    return (p / p.sum(),)


def _bits(p: np.ndarray) -> float:
    return float(np.log2(row_perplexities(p)))


def _at_most_all(answer: np.ndarray, p: np.ndarray) -> str | None:
    held = int(np.count_nonzero(p))
    if not 1 <= float(answer) <= held + 1e-9:
        return f"a perplexity lies between 1 and the number of entries above 0, here {held}; yours is {float(answer):.4g}."
    return None


_BASES_HINT = "the base of the logarithm and the base of the power differ: 2^H with H in bits (log2), or e^H with H in nats (log)."

register(
    Exercise(
        name="sne.perplexity",
        signature="p",
        reference=row_perplexities,
        inputs=_row_with_zeros,
        mistakes=(
            Mistake(_bits, "this is the entropy in bits; the perplexity is 2 to this power."),
            Mistake(lambda p: _bits(p) * np.log(2), "this is the entropy in nats; the perplexity is e to this power."),
            Mistake(lambda p: np.exp2(_bits(p) * np.log(2)), _BASES_HINT),
            Mistake(lambda p: np.exp(_bits(p)), _BASES_HINT),
            Mistake(
                lambda p: 1 / row_perplexities(p),
                "this is 1 over the perplexity: the minus sign of the entropy is missing.",
            ),
            Mistake(
                lambda p: 1 / np.sum(p**2),
                "1 / Σp² is an effective number, too (of another kind): the perplexity is 2 to the entropy.",
            ),
            Mistake(
                lambda p: float(np.count_nonzero(p)),
                "this counts the entries above 0: the perplexity counts an unlikely neighbour for less than a likely one.",
            ),
            Mistake(
                lambda p: np.exp2(-np.mean(p * np.log2(np.where(p > 0, p, 1)))),
                "you take the mean over the entries: the entropy is the sum of −p log2 p, which is a mean under p already.",
            ),
            Mistake(
                lambda p: np.exp2(-np.sum(np.log2(np.where(p > 0, p, 1)))),
                "each logarithm must be weighted by its own p: H = −Σ p log2 p.",
            ),
        ),
        properties=(_at_most_all,),
        nan_hint="The row holds a zero, the point itself: 0 · log 0 counts as 0, so leave the zeros out of the sum.",
    )
)


# -- the cost ----------------------------------------------------------------------------------------------------------------


def _two_rows_of_rows(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    P, Y = _conditional_and_map(rng)
    return P, gaussian_map_conditional(Y)


def _logarithm(A: np.ndarray) -> np.ndarray:
    return np.log(np.where(A > 0, A, 1.0))


def _cross_entropy(P: np.ndarray, Q: np.ndarray) -> float:
    return float(-np.sum(P * _logarithm(Q)))


def _not_negative_cost(answer: np.ndarray, *arguments: np.ndarray) -> str | None:
    if float(answer) < 0:
        return f"a sum of divergences is never negative, and yours is {float(answer):.4g}: is it p / q inside the logarithm?"
    return None


register(
    Exercise(
        name="sne.cost",
        signature="P, Q",
        reference=kl_divergence,
        inputs=_two_rows_of_rows,
        mistakes=(
            Mistake(
                lambda P, Q: kl_divergence(Q, P),
                "you exchanged P and Q: this is KL(Q‖P), which punishes the other mistake. The weight in front is p.",
            ),
            Mistake(lambda P, Q: -kl_divergence(P, Q), "the sign is opposite: it is p / q inside the logarithm, not q / p."),
            Mistake(lambda P, Q: kl_divergence(P, Q) / np.log(2), "this is in bits: take the natural logarithm for nats."),
            Mistake(
                lambda P, Q: kl_divergence(P, Q) / len(P),
                "this is the mean over the rows: SNE's cost is their sum.",
            ),
            Mistake(
                lambda P, Q: kl_divergence(P, Q) / P.size,
                "this is the mean over all entries: SNE's cost is their sum. Where p weighs the logarithm, nothing is left to divide by.",
            ),
            Mistake(
                _cross_entropy,
                "this is the cross-entropy −Σ p ln q: where is + Σ p ln p, which makes the cost 0 when Q equals P?",
            ),
            Mistake(
                lambda P, Q: kl_divergence(P, Q) + kl_divergence(Q, P),
                "this is KL(P‖Q) + KL(Q‖P), which is symmetric; SNE's cost is the first alone.",
            ),
            Mistake(
                lambda P, Q: float(np.sum(_logarithm(P) - _logarithm(Q))),
                "each logarithm must be weighted by its p: Σ p ln(p / q).",
            ),
            Mistake(lambda P, Q: float(np.sum((P - Q) ** 2)), "this is the squared difference, not the Kullback–Leibler divergence."),
        ),
        properties=(_not_negative_cost,),
        nan_hint="On the diagonal p = q = 0: there 0 · ln(0 / 0) counts as 0, so sum only where p > 0.",
    )
)


# -- the gradient ------------------------------------------------------------------------------------------------------------


def _forces(stiffness: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Σ_j s_ij (y_i − y_j)."""
    return stiffness.sum(axis=1, keepdims=True) * Y - stiffness @ Y


def _both_ways(A: np.ndarray) -> np.ndarray:
    return A + A.T


def _gradient(P: np.ndarray, Y: np.ndarray) -> np.ndarray:
    return sne_divergence_and_gradient(P, Y)[1]


def _kernel(Y: np.ndarray, kernel: str = "gaussian") -> np.ndarray:
    D = squared_distances(Y)
    W = {"gaussian": np.exp(-D), "half": np.exp(-D / 2), "unsquared": np.exp(-np.sqrt(D)), "student": 1 / (1 + D)}[kernel]
    np.fill_diagonal(W, 0)
    return W


def _by_rows(W: np.ndarray) -> np.ndarray:
    return W / W.sum(axis=1, keepdims=True)


def _with_diagonal(Y: np.ndarray) -> np.ndarray:
    return _by_rows(np.exp(-squared_distances(Y)))


def _with_kernel(P: np.ndarray, Y: np.ndarray, kernel: str) -> np.ndarray:
    return 2 * _forces(_both_ways(P - _by_rows(_kernel(Y, kernel))), Y)


register(
    Exercise(
        name="sne.gradient",
        signature="P, Y",
        reference=_gradient,
        inputs=_conditional_and_map,
        mistakes=(
            Mistake(lambda P, Y: -_gradient(P, Y), "the sign is opposite: the gradient points uphill. Is it p − q, and y_i − y_j?"),
            Mistake(lambda P, Y: _gradient(P, Y) / 2, "the factor 2 is missing: the derivative of ‖y_i − y_j‖² is 2 (y_i − y_j)."),
            Mistake(
                lambda P, Y: 2 * _gradient(P, Y),
                "you have the factor 4 where it is 2: the second 2 of symmetric SNE comes from the two directions, which here stand in "
                "the sum already.",
            ),
            Mistake(
                lambda P, Y: 2 * _forces(P - gaussian_map_conditional(Y), Y),
                "one direction is missing: moving y_i also changes how the others see it, p(i|j) − q(i|j). Add the transpose.",
            ),
            Mistake(
                lambda P, Y: 4 * _forces(P - gaussian_map_conditional(Y), Y),
                "p(j|i) is not p(i|j): instead of twice the one, take the sum of the two directions, a matrix and its transpose.",
            ),
            Mistake(
                lambda P, Y: 2 * _forces((P - gaussian_map_conditional(Y)).T, Y),
                "one direction is missing: you have how the others see y_i, but not how y_i sees them. Add the transpose.",
            ),
            Mistake(
                lambda P, Y: 2 * _forces(_both_ways(P - _kernel(Y) / _kernel(Y).sum()), Y),
                "your Q is one distribution over all pairs: in SNE each row sums to 1 by itself.",
            ),
            Mistake(
                lambda P, Y: 2 * _forces(_both_ways(P - _with_diagonal(Y)), Y),
                "your Q counts the diagonal: q(i|i) = 0, so put zeros there before you divide by the row's sum.",
            ),
            Mistake(
                lambda P, Y: 2 * _forces(_both_ways(P - _kernel(Y)), Y),
                "your Q is not normalised: divide each row by its sum.",
            ),
            Mistake(
                lambda P, Y: _with_kernel(P, Y, "half"),
                "your Gaussian is exp(−d² / 2): SNE's map has the width 1/√2, hence exp(−d²).",
            ),
            Mistake(lambda P, Y: _with_kernel(P, Y, "unsquared"), "the Gaussian needs the squared distance: exp(−d²), not exp(−d)."),
            Mistake(
                lambda P, Y: _with_kernel(P, Y, "student"),
                "this is the heavy tail 1 / (1 + d²), which comes in the next notebook: here the map has a Gaussian.",
            ),
            Mistake(
                lambda P, Y: 4 * _forces(joint_probabilities(P) - joint_probabilities(gaussian_map_conditional(Y)), Y),
                "you averaged the two directions and divided by n: SNE adds them up, and divides by nothing.",
            ),
            Mistake(lambda P, Y: 2 * _forces(_both_ways(P), Y), "this is the attraction alone: where is − q?"),
            Mistake(
                lambda P, Y: -2 * _forces(_both_ways(gaussian_map_conditional(Y)), Y),
                "this is the repulsion alone: where is p?",
            ),
        ),
    )
)
