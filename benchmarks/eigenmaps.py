"""Classical MDS, Isomap and LLE against scikit-learn's. Their maps are determined by the data, so both sides must find the same one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks import tsne
from benchmarks.pairs import Agreement, Contest, Pair
from mlcourse.datasets import make_s_curve, make_swiss_roll

CLOSE = 1e-6  # a difference of two maps, in units of their largest coordinate, that rounding and a tolerance may make
SAME_DISTANCES = 1e-10  # the same of distances along a graph


@dataclass(frozen=True)
class Result:
    """A map, and the lengths of the paths behind it if it has any."""

    Y: np.ndarray
    distances: np.ndarray | None = None


def digits(n_samples: int) -> np.ndarray:
    """Handwritten digits with noise too small to be seen, so that no two distances are equal.

    Parameters
    ----------
    n_samples : int
        How many, at most 1,797.

    Returns
    -------
    array of shape (n_samples, 64)
        The images.
    """
    X = tsne.digits(n_samples)
    return X + 1e-3 * np.random.default_rng(0).normal(size=X.shape)


def swiss_roll(n_samples: int) -> np.ndarray:
    """A Swiss roll with a little noise.

    Parameters
    ----------
    n_samples : int
        How many points.

    Returns
    -------
    array of shape (n_samples, 3)
        The points.
    """
    return make_swiss_roll(n_samples, noise=0.1, random_state=0)[0]


def s_curve(n_samples: int) -> np.ndarray:
    """A surface bent like an S.

    Parameters
    ----------
    n_samples : int
        How many points.

    Returns
    -------
    array of shape (n_samples, 3)
        The points.
    """
    return make_s_curve(n_samples, random_state=0)[0]


def differ_by(ours: np.ndarray, theirs: np.ndarray) -> float:
    """How far two maps differ whose columns may be mirrored.

    Parameters
    ----------
    ours, theirs : array of shape (n_samples, n_components)
        The maps.

    Returns
    -------
    float
        The largest difference of two coordinates, in units of the largest coordinate.
    """
    signs = np.where(np.sum(ours * theirs, axis=0) < 0, -1, 1)
    return float(np.abs(ours * signs - theirs).max() / np.abs(theirs).max())


def same_maps(ours: list[Result], theirs: list[Result]) -> Agreement:
    """Compare maps, and the distances behind them.

    Parameters
    ----------
    ours, theirs : list of Result
        Of all pairs.

    Returns
    -------
    Agreement
        The largest differences, and whether they are too large.
    """
    maps = max(differ_by(a.Y, b.Y) for a, b in zip(ours, theirs))
    fails = ("maps",) if not maps <= CLOSE else ()
    shown = ""
    if ours[0].distances is not None:
        distances = max(float(np.abs(a.distances - b.distances).max() / b.distances.max()) for a, b in zip(ours, theirs))
        shown = f"{distances:.0e}"
        fails += ("distances",) if not distances <= SAME_DISTANCES else ()
    return Agreement({"maps differ by": f"{maps:.0e}", "paths differ by": shown}, fails)


def _row(name: str, target: float | None, data: Callable, n_samples: int, ours: Callable, theirs: Callable, rival: str = "scikit-learn") -> Pair:
    def prepare() -> Contest:
        X = data(n_samples)

        def judge(X, fitted):
            return Result(fitted.embedding_, getattr(fitted, "dist_matrix_", None))

        return Contest(lambda k: X, ours, theirs, judge, same_maps)

    return Pair(name, rival, n_samples, prepare, target=target)


def eigenmaps() -> Iterator[Pair]:
    """Two components by each method.

    Yields
    ------
    Pair
        A row for each method and data set.
    """

    def our_mds(X):
        from mlcourse.manifold import ClassicalMDS

        return ClassicalMDS(n_components=2).fit(X)

    def their_mds(X):
        import sklearn.manifold

        return sklearn.manifold.ClassicalMDS(n_components=2).fit(X)

    yield _row("classical MDS: digits, 1,797", 0.15, digits, 1_797, our_mds, their_mds)

    def our_isomap(X):
        from mlcourse.manifold import Isomap

        return Isomap(n_neighbors=10, n_components=2).fit(X)

    def their_isomap(X):
        import sklearn.manifold

        return sklearn.manifold.Isomap(n_neighbors=10, n_components=2).fit(X)

    for name, data, n, target in (
        ("Swiss roll, 1,000", swiss_roll, 1_000, 0.6),
        ("Swiss roll, 2,000", swiss_roll, 2_000, 0.6),
        ("digits, 1,797", digits, 1_797, None),
    ):
        yield _row(f"Isomap, 10 neighbours: {name}", target, data, n, our_isomap, their_isomap)

    def lle(k):
        def ours(X):
            from mlcourse.manifold import LocallyLinearEmbedding

            return LocallyLinearEmbedding(n_neighbors=k, n_components=2).fit(X)

        def theirs(X):
            import sklearn.manifold

            return sklearn.manifold.LocallyLinearEmbedding(n_neighbors=k, n_components=2, tol=1e-6, random_state=0).fit(X)

        return ours, theirs

    for name, data, n, k, target in (
        ("S-curve, 1,000", s_curve, 1_000, 12, 1.0),
        ("Swiss roll, 1,000", swiss_roll, 1_000, 12, 1.0),
        ("Swiss roll, 2,000", swiss_roll, 2_000, 12, 1.0),
        ("digits, 1,797", digits, 1_797, 30, 1.0),
    ):
        yield _row(f"LLE, {k} neighbours: {name}", target, data, n, *lle(k))
