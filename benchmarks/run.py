"""``python benchmarks/run.py [table ...]``: mlcourse against its rivals, table by table.

Every finished row is kept in ``_build/benchmarks.json``; with ``--resume`` such rows are not measured again, so that the whole can
be done in parts. ``--write`` puts all that is kept into the book.
"""

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[variable] = "1"  # one thread on both sides, before NumPy is imported

import argparse
import importlib.metadata
import importlib.util
import json
import platform
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.algorithms import ALL
from benchmarks.memory import SIZES, peak_bytes
from benchmarks.pairs import Pair, measure
from benchmarks.report import DATA, PAGE, ROOT, STORE, Store, document, growth, markdown_table, memory, times
from benchmarks.scaling import METHODS, our_map, seconds

PACKAGES = {"NumPy": "numpy", "scikit-learn": "scikit-learn", "openTSNE": "opentsne"}


def say(text: str) -> None:
    """Write progress to stderr.

    Parameters
    ----------
    text : str
        One line.
    """
    print(text, file=sys.stderr, flush=True)


def versions() -> list[str]:
    """Names and versions of what is compared.

    Returns
    -------
    list of str
        Without what is not installed.
    """
    found = [f"Python {platform.python_version()}"]
    for name, package in PACKAGES.items():
        try:
            found.append(f"{name} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            pass
    return found


def chosen(names: list[str], arguments: argparse.Namespace, store: Store) -> tuple[list[tuple[str, Pair]], set[str]]:
    """Rows to be measured.

    Parameters
    ----------
    names : list of str
        Keys of `ALL`.
    arguments : Namespace
        With max_samples, rows and resume.
    store : Store
        What is known already.

    Returns
    -------
    rows : list of (table, Pair)
        In the order of the tables.
    lacking : set of str
        Packages without which rows had to be left out.
    """
    rows, lacking = [], set()
    for name in names:
        for pair in ALL[name].rows():
            if pair.n_samples > arguments.max_samples or not re.search(arguments.rows, pair.title, re.IGNORECASE):
                continue
            if pair.package and importlib.util.find_spec(pair.package) is None:
                lacking.add(pair.package)
            elif not (arguments.resume and pair.title in store.rows.get(name, {})):
                rows.append((name, pair))
    return rows, lacking


def main() -> None:
    """Measure what is asked for, print it, and write the page if told to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="table", help=f"which to measure (default: all of {', '.join(ALL)})")
    how_often = "how often each of a pair runs (3 times if it takes over 20 s, up to 20 N times if it is quick)"
    parser.add_argument("--pairs", type=int, default=5, metavar="N", help=how_often)
    parser.add_argument("--max-samples", type=int, default=10**9, metavar="N", help="leave out rows of more points")
    which_rows = 'only rows whose title matches, like "digits.*openTSNE"; also "memory" and "methods"'
    parser.add_argument("--rows", default="", metavar="REGEXP", help=which_rows)
    parser.add_argument("--resume", action="store_true", help=f"leave out what is in {STORE.relative_to(ROOT)} already")
    parser.add_argument("--write", action="store_true", help=f"write all that was measured, now or before, to {PAGE.relative_to(ROOT)}")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(ALL):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(ALL)}")
    if arguments.pairs < 1:
        parser.error("--pairs must be at least 1")
    names = arguments.names or list(ALL)
    store = Store()
    rows, lacking = chosen(names, arguments, store)
    for package in sorted(lacking):
        say(f'The rows against {package} are left out: it is not installed (python -m pip install -e ".[bench]" -c constraints.txt).')
    if rows:
        store.add_versions(versions())
    measured: dict[str, list] = {}
    start = time.perf_counter()
    for number, (name, pair) in enumerate(rows, 1):
        say(f"[{number} of {len(rows)}, after {(time.perf_counter() - start) / 60:.0f} min] {ALL[name].title}: {pair.title}")
        row = measure(pair, arguments.pairs, say)
        store.add_row(name, row)
        measured.setdefault(name, []).append(row)
    if "tsne" in names and re.search(arguments.rows, "memory"):
        for n in SIZES:
            if n <= arguments.max_samples and not (arguments.resume and n in store.memory):
                say(f"Memory of t-SNE of {n:,} points")
                store.add_memory(n, peak_bytes(n))
    if "tsne" in names and re.search(arguments.rows, "methods"):
        for method, n in ((method, n) for method, sizes in METHODS.items() for n in sizes):
            if n <= arguments.max_samples and not (arguments.resume and n in store.methods.get(method, {})):
                say(f"Time of our method {method!r} for {n:,} points")
                store.add_time(method, n, seconds(our_map(n, method)))
    for name, rows_of_table in measured.items():
        print(f"\n{ALL[name].title}: {ALL[name].note}\n\n{markdown_table(rows_of_table)}")
        if name == "tsne":
            print("\n".join(filter(None, ["", growth(rows_of_table), memory(store.memory)])))
    print(f"\n{', '.join(versions())}; one thread. Ratio: the median of ours ÷ theirs over the pairs; below 1, ours is faster.")
    if arguments.write:
        PAGE.write_text(document(store), "utf-8")
        DATA.write_text(json.dumps(times(store), indent=1) + "\n", "utf-8")
        say(f"Written: {PAGE.relative_to(ROOT)} and {DATA.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
