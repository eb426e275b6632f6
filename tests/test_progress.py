"""Watching an iteration: what is reported when, by lines, a bar, a function."""

import math
import sys
from types import ModuleType, SimpleNamespace

import pytest

from mlcourse import progress
from mlcourse.progress import Progress, watch


def states(last, described=None):
    for iteration in range(last + 1):
        yield SimpleNamespace(iteration=iteration)


def describe(state):
    return f"value {state.iteration / 10:.1f}"


@pytest.fixture
def clock(monkeypatch):
    """Time that stands still unless told."""
    now = SimpleNamespace(seconds=1000.0)
    monkeypatch.setattr(progress.time, "perf_counter", lambda: now.seconds)
    return now


@pytest.fixture
def without_tqdm(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)


@pytest.fixture
def bars(monkeypatch):
    """A stand-in for tqdm that remembers."""
    made = []

    class Bar:
        def __init__(self, total, desc):
            self.total, self.desc, self.n, self.words, self.closed = total, desc, 0, [], 0
            made.append(self)

        def update(self, steps):
            self.n += steps

        def set_postfix_str(self, words):
            self.words.append((self.n, words))

        def close(self):
            self.closed += 1

    auto = ModuleType("tqdm.auto")
    auto.tqdm = Bar
    monkeypatch.setitem(sys.modules, "tqdm", ModuleType("tqdm"))
    monkeypatch.setitem(sys.modules, "tqdm.auto", auto)
    return made


def test_all_states_pass_in_order():
    for verbose in (0, 2):
        seen = list(watch(states(7), 7, describe=describe, verbose=verbose, every=3))
        assert [state.iteration for state in seen] == list(range(8))


def test_states_pass_one_at_a_time():
    """Nothing is computed before it is asked for, and the state comes before its report."""
    done, reported = [], []

    def slowly():
        for state in states(4):
            done.append(state.iteration)
            yield state

    watched = watch(slowly(), 4, describe=describe, every=1, callback=lambda report: reported.append(report.iteration))
    assert not done
    for k in range(5):
        assert next(watched).iteration == k
        assert done == list(range(k + 1)) and reported == list(range(k))


def test_lines(capsys, clock):
    for state in watch(states(100), 100, describe=describe, verbose=2, every=40, title="Method"):
        clock.seconds += 2
    assert capsys.readouterr().out.splitlines() == [
        "[Method] step 0 of 100: value 0.0",
        "[Method] step 40 of 100: value 4.0, 2 min 3 s left",
        "[Method] step 80 of 100: value 8.0, 40.5 s left",
        "[Method] step 100 of 100: value 10.0",
    ]


def test_silence(capsys):
    described = []
    list(watch(states(100), 100, describe=described.append, every=10))
    assert capsys.readouterr() == ("", "") and not described


def test_without_tqdm_there_are_lines_instead_of_a_bar(capsys, without_tqdm):
    list(watch(states(100), 100, describe=describe, verbose=1, title="Method"))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == [f"[Method] step {k} of 100" for k in (0, 50, 100)]


def test_a_bar(capsys, bars):
    list(watch(states(100), 100, describe=describe, verbose=1, every=40, title="Method"))
    (bar,) = bars
    assert (bar.total, bar.desc, bar.n, bar.closed) == (100, "Method", 100, 1)
    assert bar.words == [(0, "value 0.0"), (40, "value 4.0"), (80, "value 8.0"), (100, "value 10.0")]
    assert capsys.readouterr().out == ""


def test_two_means_lines_although_there_is_tqdm(capsys, bars):
    list(watch(states(10), 10, describe=describe, verbose=2))
    assert not bars and len(capsys.readouterr().out.splitlines()) == 2


def test_the_bar_is_closed_whatever_happens(bars):
    def fails():
        yield from states(3)
        raise FloatingPointError("too far")

    with pytest.raises(FloatingPointError, match="too far"):
        list(watch(fails(), 10, describe=describe, verbose=1))
    for state in (watched := watch(states(10), 10, describe=describe, verbose=1)):
        if state.iteration == 5:
            break
    watched.close()
    list(watch(states(10), 10, describe=describe, verbose=1, callback=lambda report: True))
    assert [bar.closed for bar in bars] == [1, 1, 1]


def test_the_callback_is_told_how_far_it_is(clock):
    reports = []
    for state in watch(states(10), 10, describe=describe, every=4, callback=reports.append):
        clock.seconds += 3
    assert all(isinstance(report, Progress) for report in reports)
    assert [report.iteration for report in reports] == [0, 4, 8, 10]  # the last although 10 is no multiple of 4
    assert [report.max_iter for report in reports] == [10] * 4
    assert [report.state.iteration for report in reports] == [0, 4, 8, 10]
    assert reports[1].seconds == 3 * 5 and reports[1].seconds_left == pytest.approx(15 / 4 * 6)
    assert reports[0].seconds_left != reports[0].seconds_left  # NaN: nothing to judge by
    assert reports[3].seconds_left == 0


def test_the_callback_ends_it_by_true_and_by_nothing_else():
    for answer, last in ((True, 4), (False, 10), (None, 10), (1, 10), ("yes", 10)):
        seen = list(watch(states(10), 10, describe=describe, every=4, callback=lambda report: answer if report.iteration else None))
        assert seen[-1].iteration == last


def test_what_the_callback_raises_comes_out():
    def interrupt(report):
        if report.iteration == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(watch(states(10), 10, describe=describe, every=2, callback=interrupt))


def test_an_iteration_that_ends_early():
    reports = []
    list(watch(states(7), 100, describe=describe, every=5, callback=lambda report: reports.append(report.iteration)))
    assert reports == [0, 5, 7]


def test_where_nobody_knows_how_many_steps_there_are(capsys, clock):
    seen = []
    list(watch(states(3), None, describe=describe, verbose=2, every=2, callback=seen.append))
    assert capsys.readouterr().out.splitlines() == ["[] step 0: value 0.0", "[] step 2: value 0.2", "[] step 3: value 0.3"]
    assert all(math.isnan(progress.seconds_left) for progress in seen) and len(seen) == 3
