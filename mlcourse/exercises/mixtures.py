"""The exercises of the notebook on mixtures and trees."""

from __future__ import annotations

import numpy as np

from mlcourse.exercises.core import Exercise, Mistake, register
from mlcourse.mixture import responsibilities, update_mixture

# -- the E step ------------------------------------------------------------------------------------


def _mixture(rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    d, k = int(rng.integers(2, 4)), int(rng.integers(2, 5))
    X = 2 * rng.normal(size=(12, d))
    X[-1] = 60 + 10 * rng.random(d)  # so far away that every density underflows to 0
    weights = rng.dirichlet(np.full(k, 3.0))
    roots = rng.normal(size=(k, d, d)) / 2
    covariances = roots @ roots.transpose(0, 2, 1) + 0.3 * np.eye(d)
    return X, weights, 2 * rng.normal(size=(k, d)), covariances


def _log_joint(X, weights, means, covariances, *, prior=1.0, half=0.5, volume=0.5, inverse=True):
    """ln(weight · density) but for a constant; the parameters make the mistakes."""
    gap = X[:, None] - means
    inner = np.linalg.inv(covariances) if inverse else covariances
    squares = np.einsum("nki,kij,nkj->nk", gap, inner, gap)
    return prior * np.log(weights) - half * squares - volume * np.linalg.slogdet(covariances)[1]


def _share(log_joint: np.ndarray, axis: int = 1) -> np.ndarray:
    share = np.exp(log_joint - log_joint.max(axis=axis, keepdims=True))
    return share / share.sum(axis=axis, keepdims=True)


def _hard(*mixture: np.ndarray) -> np.ndarray:
    log_joint = _log_joint(*mixture)
    return np.eye(len(mixture[1]))[log_joint.argmax(axis=1)]


def _rows_sum_to_one(answer: np.ndarray, *arguments: np.ndarray) -> str | None:
    sums = answer.sum(axis=1)
    if np.abs(sums - 1).max() > 1e-9:
        worst = sums[np.abs(sums - 1).argmax()]
        return (
            f"the rows must sum to 1, for each point is shared out among the components; "
            f"one of yours sums to {worst:.3g}."
        )
    return None


register(
    Exercise(
        name="mixtures.e_step",
        signature="X, weights, means, covariances",
        reference=lambda *mixture: responsibilities(*mixture)[0],
        inputs=_mixture,
        mistakes=(
            Mistake(
                lambda *m: _share(_log_joint(*m, prior=0.0)),
                "the weights are missing: a component that holds more points is more likely from "
                "the start.",
            ),
            Mistake(
                lambda *m: _share(_log_joint(*m, volume=0.0)),
                "the determinant is missing: a wide Gaussian is lower at its top, by √det Σ.",
            ),
            Mistake(
                lambda *m: _share(_log_joint(*m, volume=1.0)),
                "the determinant stands under a square root: ½ ln det Σ in the logarithm.",
            ),
            Mistake(
                lambda *m: _share(_log_joint(*m, half=1.0)),
                "the factor ½ in the exponent is missing.",
            ),
            Mistake(
                lambda *m: _share(_log_joint(*m, inverse=False)),
                "the exponent holds Σ itself; it must hold its inverse, Σ⁻¹.",
            ),
            Mistake(
                lambda *m: _share(_log_joint(*m), axis=0),
                "the columns sum to 1 instead of the rows: the components share each *point*.",
            ),
            Mistake(
                _hard,
                "this gives each point wholly to its likeliest component. That is k-means' way; "
                "a responsibility is a share.",
            ),
        ),
        properties=(_rows_sum_to_one,),
        rtol=1e-7,
        nan_hint=(
            "One point lies so far out that every density is 0 there, and 0/0 is NaN. Stay with "
            "logarithms, and subtract each row's largest before you take `np.exp`: the ratio does "
            "not change."
        ),
    )
)

# -- the M step ------------------------------------------------------------------------------------


def _shares(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    d, k = int(rng.integers(2, 4)), int(rng.integers(2, 4))
    X = rng.normal(size=(15, d)) + 3 * rng.normal(size=d)
    return X, rng.dirichlet(np.full(k, 0.7), size=15)


def _sharpened(R: np.ndarray) -> np.ndarray:
    return np.eye(R.shape[1])[R.argmax(axis=1)]


def _means(X: np.ndarray, R: np.ndarray) -> np.ndarray:
    return R.T @ X / R.sum(axis=0)[:, None]


def _covariances(X: np.ndarray, R: np.ndarray, *, around: np.ndarray | None = None, divisor=None):
    gap = X[:, None] - (_means(X, R) if around is None else around)
    sums = np.einsum("nk,nki,nkj->kij", R, gap, gap)
    return sums / (R.sum(axis=0)[:, None, None] if divisor is None else divisor)


register(
    Exercise(
        name="mixtures.means",
        signature="X, R",
        reference=lambda X, R: update_mixture(X, R)[1],
        inputs=_shares,
        mistakes=(
            Mistake(
                lambda X, R: R.T @ X,
                "these are weighted sums: divide each by what its component holds, "
                "`R.sum(axis=0)`.",
            ),
            Mistake(
                lambda X, R: R.T @ X / len(X),
                "divided by n: a weighted mean is divided by the sum of its own weights, "
                "`R.sum(axis=0)`.",
            ),
            Mistake(
                lambda X, R: _means(X, _sharpened(R)),
                "this is k-means' step: each point counts only for its likeliest component. Here "
                "it counts for every one, with its share.",
            ),
            Mistake(
                lambda X, R: _means(X, R / R.sum(axis=0)) / R.sum(axis=0)[:, None],
                "divided by the sum of the weights twice.",
            ),
            Mistake(
                lambda X, R: np.tile(X.mean(axis=0), (R.shape[1], 1)),
                "this is the mean of all points for every component: weigh them with R.",
            ),
        ),
        rtol=1e-8,
    )
)

register(
    Exercise(
        name="mixtures.covariances",
        signature="X, R",
        reference=lambda X, R: update_mixture(X, R, reg_covar=0.0)[2],
        inputs=_shares,
        mistakes=(
            Mistake(
                lambda X, R: _covariances(X, R, around=X.mean(axis=0)),
                "the deviations are taken from the mean of all points: take each component's own "
                "new mean.",
            ),
            Mistake(
                lambda X, R: _covariances(X, R, around=np.zeros(X.shape[1])),
                "no mean is subtracted: a covariance is about deviations from the mean.",
            ),
            Mistake(
                lambda X, R: _covariances(X, R, divisor=len(X)),
                "divided by n: divide by what the component holds, `R.sum(axis=0)`.",
            ),
            Mistake(
                lambda X, R: _covariances(X, R, divisor=R.sum(axis=0)[:, None, None] - 1),
                "divided by the sum minus 1: maximum likelihood divides by the sum itself.",
            ),
            Mistake(
                lambda X, R: _covariances(X, R, divisor=1.0),
                "these are weighted sums of squares: divide by what the component holds.",
            ),
            Mistake(
                lambda X, R: _covariances(X, _sharpened(R)),
                "each point counts only for its likeliest component here; it should count for "
                "every one, with its share.",
            ),
            Mistake(
                lambda X, R: _covariances(X, R) * np.eye(X.shape[1]),
                "only the variances are there: the covariances of different features are missing.",
            ),
            Mistake(
                lambda X, R: _covariances(
                    X, R**2, around=_means(X, R), divisor=R.sum(axis=0)[:, None, None]
                ),
                "the responsibilities are squared: the weight stands outside of the square.",
            ),
        ),
        rtol=1e-8,
    )
)

# -- what a merger costs ---------------------------------------------------------------------------


def _two_groups(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    d = int(rng.integers(2, 5))
    sizes = rng.integers(2, 9, size=2)
    return rng.normal(size=(sizes[0], d)), 2 + rng.normal(size=(sizes[1], d))


def _scatter(A: np.ndarray) -> float:
    return float(((A - A.mean(axis=0)) ** 2).sum())


def _merge_cost(A: np.ndarray, B: np.ndarray) -> float:
    gap = A.mean(axis=0) - B.mean(axis=0)
    return len(A) * len(B) / (len(A) + len(B)) * float(gap @ gap)


register(
    Exercise(
        name="mixtures.merge_cost",
        signature="A, B",
        reference=_merge_cost,
        inputs=_two_groups,
        mistakes=(
            Mistake(
                lambda A, B: _scatter(np.vstack([A, B])),
                "this is the inertia of the merged group; asked for is how much *more* it is than "
                "that of the two parts.",
            ),
            Mistake(
                lambda A, B: _scatter(A) + _scatter(B),
                "this is the inertia before the merger; asked for is by how much it grows.",
            ),
            Mistake(
                lambda A, B: _merge_cost(A, B) * (len(A) + len(B)) / (len(A) * len(B)),
                "this is the squared distance of the means alone: their sizes count too, with the "
                "factor n_a n_b / (n_a + n_b).",
            ),
            Mistake(
                lambda A, B: np.sqrt(_merge_cost(A, B)),
                "this is the root of the cost. (Twice the cost, under a root, is what some "
                "programs draw as the height.)",
            ),
            Mistake(
                lambda A, B: np.sqrt(2 * _merge_cost(A, B)),
                "this is the height in the tree, √(2 · cost); asked for is the cost itself.",
            ),
            Mistake(
                lambda A, B: 2 * _merge_cost(A, B),
                "twice too large: the cost is half of the squared height.",
            ),
            Mistake(
                lambda A, B: np.linalg.norm(A.mean(axis=0) - B.mean(axis=0))
                * len(A) * len(B) / (len(A) + len(B)),
                "the distance of the means is not squared.",
            ),
        ),
        rtol=1e-8,
    )
)
