"""Two programs on the same data, in turn, in one process: how much faster is one, and do they agree?"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

SLOW = 20.0  # seconds: what takes longer is run fewer times


@dataclass
class Pair:
    """One row of the table.

    Parameters
    ----------
    name : str
        What is computed, and on how much.
    rival : str
        Who else computes it.
    ours, theirs : callable
        Each computes it once and returns the result; what is prepared outside is not timed.
    agreement : callable
        ``agreement(our result, their result)`` says in a few words how good each of them is.
    target : float, optional
        The ratio to be reached.
    """

    name: str
    rival: str
    ours: Callable[[], Any]
    theirs: Callable[[], Any]
    agreement: Callable[[Any, Any], str]
    target: float | None = None


@dataclass
class Measured:
    """A measured row: median seconds of both, the median of the pairwise ratios, and the agreement."""

    pair: Pair
    ours: float
    theirs: float
    ratio: float
    spread: tuple[float, float]
    agreement: str


def _timed(run: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = run()
    return time.perf_counter() - start, result


def measure(pair: Pair, pairs: int = 5, slow_pairs: int = 3) -> Measured:
    """Run a pair in turn and compare.

    Parameters
    ----------
    pair : Pair
        The two programs.
    pairs, slow_pairs : int
        How often each runs, and how often if one run takes more than 20 s.

    Returns
    -------
    Measured
        The row.
    """
    _, our_result = _timed(pair.ours)  # once unmeasured: imports, caches, memory
    _, their_result = _timed(pair.theirs)
    times: list[tuple[float, float]] = []
    while len(times) < (pairs if not times or max(times[0]) <= SLOW else slow_pairs):
        times.append((_timed(pair.ours)[0], _timed(pair.theirs)[0]))
    ours, theirs = zip(*times)
    ratios = [a / b for a, b in times]
    return Measured(
        pair,
        statistics.median(ours),
        statistics.median(theirs),
        statistics.median(ratios),
        (min(ratios), max(ratios)),
        pair.agreement(our_result, their_result),
    )


def table(rows: list[Measured]) -> str:
    """Rows as a Markdown table.

    Parameters
    ----------
    rows : list of Measured
        The rows.

    Returns
    -------
    str
        The table.
    """
    lines = [
        "| what | rival | ours, s | theirs, s | ratio (range) | target | agreement |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        target = "" if row.pair.target is None else f"≤ {row.pair.target:g}"
        low, high = row.spread
        lines.append(
            f"| {row.pair.name} | {row.pair.rival} | {row.ours:.3g} | {row.theirs:.3g} | "
            f"{row.ratio:.2f} ({low:.2f}–{high:.2f}) | {target} | {row.agreement} |"
        )
    return "\n".join(lines)
