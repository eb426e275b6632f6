"""The exercises of the notebook on the number of groups."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mlcourse.exercises.core import Exercise, Mistake, register

# -- silhouettes -------------------------------------------------------------------------------


def _grouped_points(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Three groups that overlap, and one point alone."""
    sizes = [1, *rng.integers(3, 7, size=3)]
    labels = rng.permutation(np.repeat(np.arange(4), sizes))
    centers = 2 * rng.normal(size=(4, 2))
    return centers[labels] + rng.normal(size=(len(labels), 2)), labels


def _distances(X: np.ndarray) -> np.ndarray:
    return np.sqrt(((X[:, None] - X[None]) ** 2).sum(axis=-1))


def _a_and_b(
    X: np.ndarray,
    labels: np.ndarray,
    *,
    others: bool = True,
    nearest: Callable[..., float] = min,
    power: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    D = _distances(X) ** power
    groups = np.unique(labels)
    a, b = np.empty(len(X)), np.empty(len(X))
    for i, own in enumerate(labels):
        size = np.sum(labels == own)
        a[i] = D[i, labels == own].sum() / max(size - others, 1)
        b[i] = nearest([D[i, labels == group].mean() for group in groups if group != own])
    return a, b


def _silhouettes(X: np.ndarray, labels: np.ndarray, *, alone: float = 0.0, **how) -> np.ndarray:
    a, b = _a_and_b(X, labels, **how)
    sizes = (labels[:, None] == labels).sum(axis=1)
    return np.where(sizes > 1, (b - a) / np.maximum(a, b), alone)


def _all_others(X: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Wrong: b as the mean over the points of all other groups together."""
    D, same = _distances(X), labels[:, None] == labels
    a = _a_and_b(X, labels)[0]
    b = np.where(same, 0, D).sum(axis=1) / (~same).sum(axis=1)
    return np.where(same.sum(axis=1) > 1, (b - a) / np.maximum(a, b), 0)


def _to_centers(X: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Wrong: distances from the groups' centres instead of mean distances from their points."""
    groups = np.unique(labels)
    centers = np.array([X[labels == group].mean(axis=0) for group in groups])
    D = np.sqrt(((X[:, None] - centers) ** 2).sum(axis=-1))
    own = labels[:, None] == groups
    a, b = D[own], np.where(own, np.inf, D).min(axis=1)
    return np.where(own.sum(axis=0)[labels] > 1, (b - a) / np.maximum(a, b), 0)


def _over_b(X: np.ndarray, labels: np.ndarray) -> np.ndarray:
    a, b = _a_and_b(X, labels)
    return np.where((labels[:, None] == labels).sum(axis=1) > 1, (b - a) / b, 0)


def _between_limits(answer: np.ndarray, X: np.ndarray, labels: np.ndarray) -> str | None:
    if np.abs(answer).max() > 1 + 1e-9:
        return (
            "a silhouette lies between −1 and 1, and some of yours do not: divide b − a by the "
            "*larger* of the two, point by point (`numpy.maximum`)."
        )
    return None


def _zero_alone(answer: np.ndarray, X: np.ndarray, labels: np.ndarray) -> str | None:
    alone = (labels[:, None] == labels).sum(axis=1) == 1
    if np.abs(answer[alone]).max() > 1e-9:
        return "a point alone in its group has no companions, so no a: it gets 0 by convention."
    return None


register(
    Exercise(
        name="choosing_k.silhouettes",
        signature="X, labels",
        reference=_silhouettes,
        inputs=_grouped_points,
        mistakes=(
            Mistake(
                lambda X, labels: _silhouettes(X, labels, others=False),
                "the point itself is counted among its companions, at distance 0: divide the sum "
                "of the distances within the group by its size *minus one*.",
            ),
            Mistake(
                lambda X, labels: _silhouettes(X, labels, alone=1.0),
                "nearly: a point alone in its group has no a, and gets 0 by convention, not 1.",
            ),
            Mistake(
                lambda X, labels: _silhouettes(X, labels, others=False, alone=1.0),
                "two things: the point itself is no companion of its own (divide by the group's "
                "size minus one), and a point alone in its group gets 0.",
            ),
            Mistake(
                _all_others,
                "b is the mean distance from *one* other group, the nearest; you averaged over the "
                "points of all other groups.",
            ),
            Mistake(
                lambda X, labels: _silhouettes(X, labels, nearest=max),
                "you took the farthest of the other groups for b; it is the nearest one.",
            ),
            Mistake(
                _to_centers,
                "these are distances from the groups' centres; a and b are mean distances from "
                "their points.",
            ),
            Mistake(
                lambda X, labels: _silhouettes(X, labels, power=2),
                "your distances are squared: take the root.",
            ),
            Mistake(
                lambda X, labels: -_silhouettes(X, labels),
                "the sign is opposite: a point at home has a small a, and a silhouette near +1.",
            ),
            Mistake(_over_b, "you divided by b; divide by the larger of a and b."),
            Mistake(
                lambda X, labels: _silhouettes(X, labels).mean(),
                "this is the mean; one silhouette for each point is asked for.",
            ),
        ),
        properties=(_between_limits, _zero_alone),
        nan_hint="A point alone in its group has no companions to average over: give it 0.",
        atol=1e-9,
    )
)

# -- the first-standard-error rule -------------------------------------------------------------


def _gap_curve(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A curve that rises and falls, with errors as large as its steps: each of them matters."""
    return np.cumsum(rng.normal(0.05, 0.15, size=9)), rng.uniform(0.01, 0.25, size=9)


def _rule(gap: np.ndarray, s: np.ndarray) -> int:
    holds = np.flatnonzero(gap[:-1] >= gap[1:] - s[1:])
    return int(holds[0]) + 1 if len(holds) else len(gap)


def _rule_of(holds: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Callable[..., int]:
    def choose(gap: np.ndarray, s: np.ndarray) -> int:
        found = np.flatnonzero(holds(gap, s))
        return int(found[0]) + 1 if len(found) else len(gap)

    return choose


register(
    Exercise(
        name="choosing_k.gap_rule",
        signature="gap, s",
        reference=_rule,
        inputs=_gap_curve,
        mistakes=(
            Mistake(
                lambda gap, s: _rule(gap, s) - 1,
                "you returned a place in the array, which counts from 0; gap[0] belongs to k = 1.",
            ),
            Mistake(
                lambda gap, s: int(np.argmax(gap)) + 1,
                "this is the largest gap of all. The rule stops earlier: at the smallest k that "
                "the next one does not clearly beat.",
            ),
            Mistake(
                lambda gap, s: int(np.argmax(gap)),
                "this is the place of the largest gap. The rule stops at the smallest k that the "
                "next one does not clearly beat, and gap[0] belongs to k = 1.",
            ),
            Mistake(
                _rule_of(lambda gap, s: gap[:-1] >= gap[1:]),
                "the standard error is missing: the next gap is lowered by *its* s before the two "
                "are compared.",
            ),
            Mistake(
                _rule_of(lambda gap, s: gap[:-1] >= gap[1:] - s[:-1]),
                "you lowered the next gap by the s of k; it is lowered by its own, the s of k + 1.",
            ),
            Mistake(
                _rule_of(lambda gap, s: gap[:-1] >= gap[1:] + s[1:]),
                "the sign of s is turned round: the next gap must win by more than s, or k stays.",
            ),
            Mistake(
                lambda gap, s: int(np.flatnonzero(gap[:-1] >= gap[1:] - s[1:])[-1]) + 1,
                "this is the last k for which the condition holds; the rule takes the first.",
            ),
            Mistake(
                lambda gap, s: _rule(gap, s) + 1,
                "one too many: where k is not clearly beaten by k + 1, it is k that is chosen.",
            ),
        ),
        n_trials=8,
    )
)

# -- the Bayesian information criterion --------------------------------------------------------


def _fitted(rng: np.random.Generator) -> tuple[float, int, int, int]:
    n, k, d = (int(rng.integers(*bounds)) for bounds in ((100, 400), (2, 6), (2, 6)))
    return -float(rng.uniform(500, 900)), n, k, d


def _bic(
    log_likelihood: float,
    n: int,
    k: int,
    d: int,
    *,
    weights: int = -1,
    covariance: Callable[[int], float] = lambda d: d * (d + 1) / 2,
    price: Callable[[int], float] = np.log,
    twice: float = 2.0,
) -> float:
    p = k + weights + k * d + k * covariance(d)
    return -twice * log_likelihood + p * price(n)


register(
    Exercise(
        name="choosing_k.bic",
        signature="log_likelihood, n, k, d",
        reference=_bic,
        inputs=_fitted,
        mistakes=(
            Mistake(
                lambda L, n, k, d: _bic(L, n, k, d, weights=0),
                "one parameter too many: the k weights sum to 1, so only k − 1 of them are free.",
            ),
            Mistake(
                lambda L, n, k, d: _bic(L, n, k, d, covariance=lambda d: d * d),
                "you counted d² numbers for each covariance matrix. It is symmetric: d (d + 1) / 2 "
                "are free.",
            ),
            Mistake(
                lambda L, n, k, d: _bic(L, n, k, d, weights=0, covariance=lambda d: d * d),
                "two counts are too large: only k − 1 of the weights are free, and a covariance "
                "matrix is symmetric, d (d + 1) / 2.",
            ),
            Mistake(
                lambda L, n, k, d: _bic(L, n, k, d, covariance=lambda d: d),
                "you counted only the d variances of each Gaussian: covariances are fitted, too.",
            ),
            Mistake(
                lambda L, n, k, d: _bic(L, n, k, d, weights=-k),
                "the weights are missing: k − 1 of them are free.",
            ),
            Mistake(
                lambda L, n, k, d: _bic(L, n, k, d, weights=-k, covariance=lambda d: 0),
                "you counted only the centres: each Gaussian has a weight and a covariance matrix.",
            ),
            Mistake(
                lambda L, n, k, d: _bic(L, n, k, d, price=lambda n: 2),
                "this is AIC, where a parameter costs 2; in BIC it costs ln n.",
            ),
            Mistake(
                lambda L, n, k, d: _bic(L, n, k, d, twice=1.0),
                "the factor 2 before the log-likelihood is missing.",
            ),
            Mistake(
                lambda L, n, k, d: _bic(L, n, k, d, twice=2.0 * n),
                "you multiplied the log-likelihood by n: here it is the sum over all points "
                "already, not their mean.",
            ),
            Mistake(
                lambda L, n, k, d: _bic(L, n, k, d, price=np.log2),
                "the logarithm is the natural one, `numpy.log`: log-likelihoods are in nats.",
            ),
            Mistake(
                lambda L, n, k, d: -_bic(L, n, k, d, twice=2.0),
                "the sign is opposite: smaller is to be better.",
            ),
            Mistake(
                lambda L, n, k, d: _bic(L, n, k, d, twice=-2.0),
                "the log-likelihood has the wrong sign: a likelier model must get a *smaller* BIC.",
            ),
        ),
    )
)
