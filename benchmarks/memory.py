"""``python -m benchmarks.memory n``: how much memory t-SNE of n points takes at its peak, in a process of its own."""

import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

SIZES = (5_000, 20_000)


def peak_bytes(n_samples: int) -> int:
    """Memory that our t-SNE of a Gaussian mixture takes at its peak beyond the data, measured in another process.

    Parameters
    ----------
    n_samples : int
        How many points.

    Returns
    -------
    int
        Bytes, as NumPy and Python asked for them.
    """
    command = [sys.executable, "-m", "benchmarks.memory", str(n_samples)]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], env={**os.environ}, text=True, stdout=subprocess.PIPE, check=True)
    return int(done.stdout)


def main() -> None:
    """Measure and print the bytes."""
    from benchmarks.tsne import mixture, ours_as_scikit_learn

    ours_as_scikit_learn(mixture(100))  # what is loaded once does not count
    X = mixture(int(sys.argv[1]))
    tracemalloc.start()
    ours_as_scikit_learn(X)
    print(tracemalloc.get_traced_memory()[1])


if __name__ == "__main__":
    main()
