"""How the time of each of our methods grows with the number of points: what all pairs cost, and what a mesh saves."""

import statistics
import time
from collections.abc import Callable

from benchmarks.pairs import SLOW
from benchmarks.tsne import mixture
from mlcourse.manifold import TSNE

# Points, by method. Beyond these "exact" takes minutes; "fft" alone goes on, in the rows against openTSNE.
METHODS = {
    "exact": (250, 500, 1_000, 2_000),
    "dense": (250, 500, 1_000, 2_000, 4_000),
    "fft": (250, 500, 1_000, 2_000, 4_000, 8_000),
}
STEPS = 750  # 250 of them in the early phase, as against openTSNE
RUNS = 3


def our_map(n_samples: int, method: str) -> Callable[[], object]:
    """A map of the mixture, ready to be made: the data are not part of the time.

    Parameters
    ----------
    n_samples : int
        How many points.
    method : {"exact", "dense", "fft"}
        The method.

    Returns
    -------
    callable
        Makes the map.
    """
    X, n = mixture(n_samples), n_samples
    estimator = TSNE(
        method=method,
        max_iter=STEPS,
        learning_rate=(max(n / 48, 10), max(n / 4, 10)),
        momentum=0.8,
        max_step_norm=5,
        n_iter_without_progress=STEPS,
        min_grad_norm=0,
    )
    return lambda: estimator.fit_transform(X)


def seconds(run: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """The median time of three runs; of one if that takes over 20 s.

    Parameters
    ----------
    run : callable
        What is timed.
    clock : callable
        Returns seconds; of the processor, so that other programs count less.

    Returns
    -------
    float
        Seconds.
    """
    times: list[float] = []
    while len(times) < RUNS and not (times and times[0] > SLOW):
        start = clock()
        run()
        times.append(clock() - start)
    return statistics.median(times)
