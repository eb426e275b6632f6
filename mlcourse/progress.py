"""Watching an iterative method: lines, a progress bar, a function of your own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Progress", "watch"]


@dataclass(frozen=True)
class Progress:
    """How far an iterative method has come.

    Parameters
    ----------
    iteration : int
        Steps done.
    max_iter : int or None
        Steps that it will do at most; None where nobody knows.
    seconds : float
        Time since the iteration began; what was prepared before it is not included.
    state : object
        What the method yields, for TSNE a `mlcourse.manifold.DescentState`.

    Attributes
    ----------
    seconds_left : float
        Time to step max_iter, if the steps left are as fast as those done so far; NaN before the
        first step, and where nobody knows how many there can be.
    """

    iteration: int
    max_iter: int | None
    seconds: float
    state: Any

    @property
    def seconds_left(self) -> float:
        """Time to step max_iter at the present pace, NaN before the first step."""
        if not self.iteration or self.max_iter is None:
            return float("nan")
        return self.seconds / self.iteration * (self.max_iter - self.iteration)


def watch(
    states: Iterator[Any],
    max_iter: int | None,
    *,
    describe: Callable[[Any], str],
    verbose: int = 0,
    callback: Callable[[Progress], bool | None] | None = None,
    every: int = 50,
    title: str = "",
) -> Iterator[Any]:
    """Pass the states of an iteration on, and report every so many steps.

    Parameters
    ----------
    states : iterator
        States with an attribute `iteration`.
    max_iter : int or None
        The last iteration there can be; None if that is not known.
    describe : callable
        From a state to a few words about it; called for reports only, so it may be costly.
    verbose : int, default=0
        0: nothing is written.  1: a progress bar if the package tqdm is installed, lines if not.
        2: lines.
    callback : callable, default=None
        Called with a `Progress` at every report; if it returns True, the iteration ends there.
    every : int, default=50
        Steps from one report to the next; the start and the last state are reported too.
    title : str, default=""
        What stands in front of each line.

    Yields
    ------
    object
        The states.
    """
    bar = _bar(title, max_iter) if verbose == 1 else None
    start = time.perf_counter()

    def stop_wanted(state: Any) -> bool:
        i = state.iteration
        report = Progress(i, max_iter, time.perf_counter() - start, state)
        if bar is not None:
            bar.update(i - bar.n)
            bar.set_postfix_str(describe(state))
        elif verbose:
            known = max_iter is not None
            left = f", {_clock(report.seconds_left)} left" if known and 0 < i < max_iter else ""
            total = f" of {max_iter}" if known else ""
            print(f"[{title}] step {i}{total}: {describe(state)}{left}")
        answer = callback(report) if callback is not None else None
        return isinstance(answer, (bool, np.bool_)) and bool(answer)

    try:
        state = reported = None
        for state in states:
            yield state
            if state.iteration % every == 0:
                reported = state
                if stop_wanted(state):
                    return
        if state is not reported:
            stop_wanted(state)
    finally:
        if bar is not None:
            bar.close()


def _bar(title: str, total: int | None) -> Any:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return None
    return tqdm(total=total, desc=title)


def _clock(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
