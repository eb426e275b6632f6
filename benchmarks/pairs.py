"""Two programs on the same data, in turn, in one process: how much faster is one, and do they agree?"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

SLOW = 20.0  # seconds: what takes longer is run fewer times
SLOW_PAIRS = 3
QUICK = 90.0  # seconds for a whole row: what takes less than that is run more often
MORE = 20  # times as often at most


@dataclass(frozen=True)
class Agreement:
    """What a ratio rests on: the results of both sides, judged.

    Parameters
    ----------
    columns : dict of str
        The words of the table's columns, by heading.
    fails : tuple of str, optional
        Which conditions of the comparison do not hold; empty: all hold; None: there is none.
    """

    columns: dict[str, str]
    fails: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Contest:
    """What runs, with its data prepared; only `ours` and `theirs` are timed.

    Parameters
    ----------
    inputs : callable
        ``inputs(k)`` returns what both sides are given in the k-th pair.
    ours, theirs : callable
        Each computes its result from these inputs.
    judge : callable
        ``judge(inputs, result)`` says how good a result is.
    agree : callable
        ``agree(ours, theirs)`` compares the two lists of what `judge` said.
    """

    inputs: Callable[[int], Any]
    ours: Callable[[Any], Any]
    theirs: Callable[[Any], Any]
    judge: Callable[[Any, Any], Any]
    agree: Callable[[list, list], Agreement]


@dataclass(frozen=True)
class Pair:
    """One row of a table.

    Parameters
    ----------
    name : str
        What is computed, and on how much.
    rival : str
        Who else computes it.
    n_samples : int
        On how many points.
    prepare : callable
        Returns the `Contest`; called only if the row is measured.
    target : float, optional
        The ratio to be reached.
    limit : float, optional
        The seconds in which ours is to be done.
    package : str, optional
        The module that the rival needs, if not every installation has it.
    """

    name: str
    rival: str
    n_samples: int
    prepare: Callable[[], Contest]
    target: float | None = None
    limit: float | None = None
    package: str | None = None

    @property
    def title(self) -> str:
        """What identifies the row."""
        return f"{self.name} against {self.rival}"


@dataclass(frozen=True)
class Measured:
    """A measured row, in numbers and words that a file can keep.

    ``ours`` and ``theirs`` are median seconds, ``ratio`` is the median of the pairwise ratios, which lie from ``low`` to ``high``.
    """

    name: str
    rival: str
    n_samples: int
    target: float | None
    limit: float | None
    pairs: int
    ours: float
    theirs: float
    ratio: float
    low: float
    high: float
    columns: dict[str, str]
    fails: list[str] | None

    @property
    def title(self) -> str:
        """What identifies the row: its pair's title."""
        return f"{self.name} against {self.rival}"


def wanted(times: list[tuple[float, float]], pairs: int) -> int:
    """How many pairs a row needs, by what its first took: three slow ones; more of the quick, whose results and times vary most.

    Parameters
    ----------
    times : list of pairs of floats
        Seconds of both sides so far.
    pairs : int
        How many are asked for. If a run takes over 20 s, three are enough; while all take less than 90 s together, up to twenty
        times as many are made: the quality of small maps varies by more from one to the next than it may differ.

    Returns
    -------
    int
        The number of pairs.
    """
    if not times:
        return pairs
    if max(times[0]) > SLOW:
        return min(pairs, SLOW_PAIRS)
    return max(pairs, min(MORE * pairs, int(QUICK / sum(times[0]))))


def measure(pair: Pair, pairs: int = 5, say: Callable[[str], None] = print, clock: Callable[[], float] = time.perf_counter) -> Measured:
    """Run a pair in turn and compare.

    Parameters
    ----------
    pair : Pair
        The two programs.
    pairs : int
        How often each runs; see `wanted`.
    say : callable
        Told how it goes.
    clock : callable
        Returns seconds.

    Returns
    -------
    Measured
        The row.
    """
    contest = pair.prepare()

    def timed(run: Callable[[Any], Any], inputs: Any) -> tuple[float, Any]:
        start = clock()
        result = run(inputs)
        return clock() - start, result

    times: list[tuple[float, float]] = []
    judged: tuple[list, list] = ([], [])
    warm = False
    while len(times) < wanted(times, pairs):
        inputs = contest.inputs(len(times))
        a, ours = timed(contest.ours, inputs)
        b, theirs = timed(contest.theirs, inputs)
        if not warm:  # the first pair pays for imports and memory; it does not count, unless that is nothing beside its length
            warm = True
            if max(a, b) <= SLOW:
                continue
        times.append((a, b))
        judged[0].append(contest.judge(inputs, ours))
        judged[1].append(contest.judge(inputs, theirs))
        say(f"  pair {len(times)} of {wanted(times, pairs)}: {a:.3g} s, {b:.3g} s, ratio {a / b:.3f}")
    ratios = [a / b for a, b in times]
    agreement = contest.agree(*judged)
    return Measured(
        name=pair.name,
        rival=pair.rival,
        n_samples=pair.n_samples,
        target=pair.target,
        limit=pair.limit,
        pairs=len(times),
        ours=statistics.median(a for a, _ in times),
        theirs=statistics.median(b for _, b in times),
        ratio=statistics.median(ratios),
        low=min(ratios),
        high=max(ratios),
        columns=agreement.columns,
        fails=None if agreement.fails is None else list(agreement.fails),
    )
