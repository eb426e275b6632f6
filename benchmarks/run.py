"""``python benchmarks/run.py [name ...]``: mlcourse against its rivals, one table."""

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # one thread on both sides, before NumPy is imported

import argparse
import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy
import sklearn

from benchmarks.algorithms import ALL
from benchmarks.pairs import measure, table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"which to run (default: all of {', '.join(ALL)})")
    parser.add_argument("--pairs", type=int, default=5, help="how often each of a pair runs")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(ALL):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(ALL)}")
    rows = []
    for name in arguments.names or ALL:
        for pair in ALL[name]():
            print(f"{pair.name} against {pair.rival} ...", file=sys.stderr, flush=True)
            rows.append(measure(pair, arguments.pairs))
    print(f"\nPython {platform.python_version()}, NumPy {numpy.__version__}, scikit-learn {sklearn.__version__}, one thread.")
    print("Ratio: median of ours ÷ theirs over the pairs, below 1 we are faster.\n")
    print(table(rows))


if __name__ == "__main__":
    main()
