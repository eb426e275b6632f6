"""The exercises of the notebook on linear maps."""

from __future__ import annotations

import numpy as np

from mlcourse.decomposition import PCA
from mlcourse.exercises.core import Exercise, Mistake, register
from mlcourse.exercises.properties import symmetric
from mlcourse.manifold.distances import squared_distances

# -- data from a few components ----------------------------------------------------------------------------------------------


def _correlated_data(rng: np.random.Generator) -> tuple[np.ndarray, int]:
    d = int(rng.integers(4, 7))
    return rng.normal(size=(15, d)) @ rng.normal(size=(d, d)) + 3 * rng.normal(size=d), int(rng.integers(1, d - 1))


def _rebuilt(X: np.ndarray, k: int) -> np.ndarray:
    pca = PCA(n_components=k).fit(X)
    return pca.inverse_transform(pca.transform(X))


def _without_centring(X: np.ndarray, k: int) -> np.ndarray:
    axes = np.linalg.svd(X, full_matrices=False)[2][:k]
    return X @ axes.T @ axes


def _scores(X: np.ndarray, k: int) -> np.ndarray:
    return PCA(n_components=k).fit_transform(X)


def _last_components(X: np.ndarray, k: int) -> np.ndarray:
    mean = X.mean(axis=0)
    axes = np.linalg.svd(X - mean, full_matrices=False)[2][-k:]
    return mean + (X - mean) @ axes.T @ axes


def _centred_along_rows(X: np.ndarray, k: int) -> np.ndarray:
    mean = X.mean(axis=1, keepdims=True)
    axes = np.linalg.svd(X - mean, full_matrices=False)[2][:k]
    return mean + (X - mean) @ axes.T @ axes


register(
    Exercise(
        name="linear.reconstruct",
        signature="X, k",
        reference=_rebuilt,
        inputs=_correlated_data,
        mistakes=(
            Mistake(_without_centring, "the data is not centred: the axes then point at the mean. Subtract it first, and add it at the end."),
            Mistake(lambda X, k: _rebuilt(X, k) - X.mean(axis=0), "the mean is missing: it was subtracted, so add it at the end."),
            Mistake(
                _last_components,
                "these are the k axes with the *least* variance: `numpy.linalg.svd` puts the largest first, `numpy.linalg.eigh` last.",
            ),
            Mistake(_centred_along_rows, "you subtracted the mean of each row; the mean of each column is wanted, `X.mean(axis=0)`."),
            Mistake(_scores, "these are the scores, k numbers for each point; multiply them by the axes to get back to the data's space."),
            Mistake(lambda X, k: X, "this is the data itself: all components instead of the first k."),
        ),
        atol=1e-8,
    )
)

# -- double centring ---------------------------------------------------------------------------------------------------------


def _distances(rng: np.random.Generator) -> tuple[np.ndarray]:
    return (np.sqrt(squared_distances(rng.normal(size=(int(rng.integers(6, 10)), 3)))),)


def _centred(A: np.ndarray) -> np.ndarray:
    return A - A.mean(axis=0) - A.mean(axis=1, keepdims=True) + A.mean()


def _rows_sum_to_zero(answer: np.ndarray, *arguments: np.ndarray) -> str | None:
    size = np.abs(answer).max()
    if np.abs(answer.sum(axis=1)).max() > 1e-9 * size * len(answer):
        return "your rows do not sum to 0: inner products of points with the mean 0 do. Subtract the means of rows and columns, add that of all."
    return None


register(
    Exercise(
        name="linear.double_centering",
        signature="D",
        reference=lambda D: -_centred(D**2) / 2,
        inputs=_distances,
        mistakes=(
            Mistake(lambda D: -_centred(D) / 2, "the distances are not squared: it is their squares that hold the inner products."),
            Mistake(lambda D: _centred(D**2) / 2, "the sign is opposite: near points have a *large* inner product."),
            Mistake(lambda D: -_centred(D**2), "twice too large: d² holds −2 xᵀy, so divide by −2."),
            Mistake(lambda D: _centred(D**2), "centred well, but the factor −1/2 is missing: d² holds −2 xᵀy."),
            Mistake(
                lambda D: -(D**2 - (D**2).mean(axis=0) - (D**2).mean(axis=1, keepdims=True)) / 2,
                "the mean of all entries was subtracted twice, with the rows and with the columns: add it once.",
            ),
            Mistake(lambda D: -(D**2 - (D**2).mean(axis=0)) / 2, "only the columns are centred: subtract the means of the rows, too."),
            Mistake(
                lambda D: -(D**2 - (D**2).mean(axis=1, keepdims=True)) / 2, "only the rows are centred: subtract the means of the columns, too."
            ),
            Mistake(lambda D: -(D**2 - (D**2).mean()) / 2, "only the mean of everything is subtracted: each row and each column has its own."),
        ),
        properties=(symmetric, _rows_sum_to_zero),
        atol=1e-9,
    )
)

# -- Sammon's stress ---------------------------------------------------------------------------------------------------------


def _distances_and_map(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    (D,) = _distances(rng)
    return D, rng.normal(size=(len(D), 2))


def _stress(D: np.ndarray, Y: np.ndarray, *, squared: bool = False, weight: float = 1.0, normalised: bool = True) -> float:
    pairs = np.triu_indices(len(D), 1)
    true, drawn = D[pairs], squared_distances(Y)[pairs]
    if squared:
        errors = true**2 - drawn
    else:
        errors = true - np.sqrt(drawn)
    return (errors**2 / true**weight).sum() / (true.sum() if normalised else 1.0)


register(
    Exercise(
        name="linear.sammon_stress",
        signature="D, Y",
        reference=_stress,
        inputs=_distances_and_map,
        mistakes=(
            Mistake(lambda D, Y: _stress(D, Y, normalised=False), "the factor in front is missing: divide by the sum of the true distances."),
            Mistake(lambda D, Y: _stress(D, Y, weight=0), "each error is to be divided by its true distance: that is what makes near pairs count."),
            Mistake(
                lambda D, Y: _stress(D, Y, weight=2), "you divided by the squared distance; Sammon divides by the distance. (Squared it is another method.)"
            ),
            Mistake(lambda D, Y: _stress(D, Y, squared=True), "you compared squared distances: Sammon compares the distances themselves."),
            Mistake(
                lambda D, Y: 2 * _stress(D, Y), "twice too large: each pair counts once above and below, or twice above *and* below the fraction line."
            ),
            Mistake(lambda D, Y: _stress(D, Y) / 2, "half of what it should be: the sum below the fraction line counts each pair twice."),
            Mistake(lambda D, Y: np.sqrt(_stress(D, Y)), "this is the root of the stress; here no root is taken."),
        ),
        nan_hint="a point's distance from itself is 0, and 0/0 is NaN: leave the diagonal out",
    )
)

# -- a point among its neighbours --------------------------------------------------------------------------------------------


def _point_and_neighbors(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    d = int(rng.integers(4, 7))
    return rng.normal(size=d), rng.normal(size=(int(rng.integers(2, d)), d))


def _solve(x: np.ndarray, Z: np.ndarray) -> np.ndarray:
    return np.linalg.solve((Z - x) @ (Z - x).T, np.ones(len(Z)))


def _weights(x: np.ndarray, Z: np.ndarray) -> np.ndarray:
    w = _solve(x, Z)
    return w / w.sum()


def _weights_sum_to_one(answer: np.ndarray, *arguments: np.ndarray) -> str | None:
    if abs(answer.sum() - 1) > 1e-9:
        return f"your weights sum to {answer.sum():.3g} instead of 1."
    return None


register(
    Exercise(
        name="linear.barycenter_weights",
        signature="x, Z",
        reference=_weights,
        inputs=_point_and_neighbors,
        mistakes=(
            Mistake(_solve, "the direction is right, the sum is not: divide the solution by its sum."),
            Mistake(
                lambda x, Z: np.linalg.lstsq(Z.T, x, rcond=None)[0],
                "these weights fit x best, but they need not sum to 1: a shift of the data would change them.",
            ),
            Mistake(
                lambda x, Z: (w := np.linalg.lstsq(Z.T, x, rcond=None)[0]) / w.sum(),
                "scaling the free least-squares weights to the sum 1 is not the same as asking for that sum: subtract x from the neighbours first.",
            ),
            Mistake(
                lambda x, Z: (w := np.linalg.solve(Z @ Z.T, np.ones(len(Z)))) / w.sum(),
                "x is not subtracted: G is made of the differences between the neighbours and x.",
            ),
            Mistake(
                lambda x, Z: (w := 1 / np.linalg.norm(Z - x, axis=1)) / w.sum(),
                "weights by distance do not ask where the neighbours lie around x: minimise the error of the weighted mean.",
            ),
            Mistake(lambda x, Z: np.full(len(Z), 1 / len(Z)), "these are equal weights: they give the neighbours' mean, which is not nearest to x."),
        ),
        properties=(_weights_sum_to_one,),
        atol=1e-8,
    )
)
