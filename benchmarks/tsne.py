"""t-SNE against scikit-learn's and openTSNE's, and a slider's quick run against the full one.

Every pair gets the points in an order of its own. An order changes nothing but roundings; yet t-SNE multiplies roundings, and the
divergence of two maps of 300 points may differ by a tenth. So not one map of each program is compared, but the averages over the pairs.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np

from benchmarks.maps import Judge, neighbors_kept, same_quality
from benchmarks.pairs import Contest, Pair
from mlcourse.datasets import load_digits
from mlcourse.manifold import TSNE

BARNES_HUT = 4_000  # points below which openTSNE is faster with this method than with its Fourier transform
# Points: our time ÷ scikit-learn's and ÷ openTSNE's that is to be reached.
DIGITS = {300: (0.18, 0.25), 500: (0.20, 0.24), 1_797: (0.27, 0.22)}
MIXTURE = {5_000: (0.12, 0.15), 10_000: (0.09, 0.19), 20_000: (0.07, 0.28), 50_000: (None, 0.40)}
# Points, steps: of these in the early phase, and the seconds in which the run is to be done.
SLIDER = {(300, 250): (80, 0.05), (300, 500): (100, None), (500, 250): (80, 0.1), (500, 500): (100, None)}


def digits(n_samples: int) -> np.ndarray:
    """Handwritten digits, the same for the same number of them.

    Parameters
    ----------
    n_samples : int
        How many, at most 1,797.

    Returns
    -------
    array of shape (n_samples, 64)
        The images.
    """
    X, _ = load_digits(n_samples=n_samples, random_state=0, return_X_y=True)
    return X


def mixture(n_samples: int) -> np.ndarray:
    """Ten Gaussian clouds of different widths in 50 dimensions, which overlap a little.

    Parameters
    ----------
    n_samples : int
        How many points.

    Returns
    -------
    array of shape (n_samples, 50)
        The points.
    """
    rng = np.random.default_rng(0)
    centres, widths = rng.standard_normal((10, 50)), rng.uniform(0.5, 1.5, 10)
    component = rng.integers(0, 10, n_samples)
    return centres[component] + widths[component, None] * rng.standard_normal((n_samples, 50))


def ours_as_scikit_learn(X: np.ndarray) -> np.ndarray:
    """Our map by the defaults, which are scikit-learn's, without stopping early.

    Parameters
    ----------
    X : array of shape (n_samples, n_features)
        The data.

    Returns
    -------
    array of shape (n_samples, 2)
        The map after 1,000 steps.
    """
    return TSNE(n_iter_without_progress=1000, min_grad_norm=0).fit_transform(X)


def scikit_learn(X: np.ndarray) -> np.ndarray:
    """scikit-learn's map by the same settings.

    Parameters
    ----------
    X : array of shape (n_samples, n_features)
        The data.

    Returns
    -------
    array of shape (n_samples, 2)
        The map after 1,000 steps.
    """
    import sklearn.manifold

    estimator = sklearn.manifold.TSNE(
        perplexity=30,
        init="pca",
        learning_rate="auto",
        max_iter=1000,
        n_iter_without_progress=1000,
        min_grad_norm=0,
        method="barnes_hut",
        n_jobs=1,
        random_state=0,
    )
    return estimator.fit_transform(X)


def ours_as_opentsne(X: np.ndarray) -> np.ndarray:
    """Our map by openTSNE's schedule.

    Parameters
    ----------
    X : array of shape (n_samples, n_features)
        The data.

    Returns
    -------
    array of shape (n_samples, 2)
        The map after 250 + 500 steps.
    """
    n = len(X)
    return TSNE(
        max_iter=750,
        early_exaggeration_iter=250,
        learning_rate=(n / 48, n / 4),  # theirs is n / exaggeration; our gradient has a factor 4 that theirs lacks
        momentum=0.8,
        max_step_norm=5,
        n_iter_without_progress=750,
        min_grad_norm=0,
    ).fit_transform(X)


def opentsne(X: np.ndarray) -> np.ndarray:
    """openTSNE's map by its own defaults, with the faster of its two methods.

    Parameters
    ----------
    X : array of shape (n_samples, n_features)
        The data.

    Returns
    -------
    array of shape (n_samples, 2)
        The map after 250 + 500 steps.
    """
    import openTSNE

    method = "bh" if len(X) < BARNES_HUT else "fft"
    return np.asarray(openTSNE.TSNE(perplexity=30, negative_gradient_method=method, n_jobs=1, random_state=0).fit(X))


def quick(X: np.ndarray, max_iter: int) -> np.ndarray:
    """Our map by the settings of a slider: a short early phase, large steps.

    Parameters
    ----------
    X : array of shape (n_samples, n_features)
        The data.
    max_iter : int
        Number of steps, a second entry of a key of SLIDER.

    Returns
    -------
    array of shape (n_samples, 2)
        The map.
    """
    early, _ = SLIDER[len(X), max_iter]
    return TSNE(
        max_iter=max_iter,
        early_exaggeration_iter=early,
        learning_rate=(50, len(X) / 4),
        momentum=0.8,
        max_step_norm=5,
        n_iter_without_progress=max_iter,
    ).fit_transform(X)


@lru_cache(maxsize=1)  # the rows of a table that have the same data follow each other
def _judged(data: Callable[[int], np.ndarray], n_samples: int) -> tuple[np.ndarray, Judge]:
    X = data(n_samples)
    return X, Judge(X)


def _contest(data: Callable, n_samples: int, ours: Callable, theirs: Callable, agree: Callable) -> Contest:
    X, judge = _judged(data, n_samples)

    def inputs(k):
        order = np.random.default_rng(k).permutation(n_samples)
        return order, X[order]

    def quality(given, Y):
        back = np.argsort(given[0])
        return judge(np.asarray(Y)[back])

    return Contest(inputs, lambda given: ours(given[1]), lambda given: theirs(given[1]), quality, agree)


def tsne() -> Iterator[Pair]:
    """t-SNE at perplexity 30 from a PCA start, one thread.

    Yields
    ------
    Pair
        Two rows for each size; one where scikit-learn would take too long.
    """
    sizes = [("digits", digits, n, targets) for n, targets in DIGITS.items()]
    sizes += [("mixture", mixture, n, targets) for n, targets in MIXTURE.items()]
    for name, data, n, (for_scikit_learn, for_opentsne) in sizes:
        if for_scikit_learn is not None:

            def prepare(data=data, n=n):
                return _contest(data, n, ours_as_scikit_learn, scikit_learn, same_quality)

            yield Pair(f"{name}, {n:,}", "scikit-learn", n, prepare, target=for_scikit_learn)

        def prepare(data=data, n=n):
            return _contest(data, n, ours_as_opentsne, opentsne, same_quality)

        yield Pair(f"{name}, {n:,}", "openTSNE", n, prepare, target=for_opentsne, package="openTSNE")


def slider() -> Iterator[Pair]:
    """Runs short enough for a slider, against the 1,000 steps by the defaults.

    Yields
    ------
    Pair
        A row for each number of points and steps.
    """
    for (n, max_iter), (_, seconds) in SLIDER.items():

        def prepare(n=n, max_iter=max_iter):
            return _contest(digits, n, lambda X: quick(X, max_iter), ours_as_scikit_learn, neighbors_kept)

        yield Pair(f"digits, {n}, {max_iter} steps", "1,000 steps", n, prepare, limit=seconds)
