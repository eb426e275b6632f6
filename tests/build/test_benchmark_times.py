"""The times that the notebook on speed draws: what is in its file follows from what was measured."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks import report, scaling
from benchmarks.algorithms import ALL
from benchmarks.pairs import Measured

ROW = Measured("digits, 300", "scikit-learn", 300, 0.18, None, 5, 0.123456, 0.75, 0.1649, 0.15, 0.21, {"KL": "0.474 / 0.475"}, [])


def test_times_are_kept_and_written(tmp_path):
    path = tmp_path / "benchmarks.json"
    first = next(ALL["tsne"].rows())
    store = report.Store(path)
    store.add_time("dense", 500, 0.51234)
    store.add_time("dense", 250, 0.2)
    store.add_row("tsne", replace(ROW, name=first.name, rival=first.rival))
    store.add_row("slider", ROW)
    store.add_versions(["NumPy 2.4.6"])
    store = report.Store(path)  # another day
    store.add_time("exact", 250, 1.5)
    store.add_time("dense", 250, 0.3)
    written = report.times(report.Store(path))
    assert written["methods"] == {
        "dense": {"n_samples": [250, 500], "seconds": [0.3, 0.512]},
        "exact": {"n_samples": [250], "seconds": [1.5]},
    }
    assert written["rows"] == [{"data": first.name, "rival": first.rival, "n_samples": 300, "ours": 0.123, "theirs": 0.75}]
    assert "NumPy 2.4.6" in written["measured"] and "one thread" in written["measured"]
    assert json.loads(json.dumps(written)) == written


def test_slow_runs_are_timed_once_and_others_three_times():
    class Clock:
        now = 0.0

        def __call__(self):
            return self.now

    def timed(lengths):
        clock, left = Clock(), list(lengths)

        def run():
            clock.now += left.pop(0)

        return scaling.seconds(run, clock), len(left)

    assert timed([3, 1, 2]) == (2, 0)
    assert timed([25, 1, 1]) == (25, 2)


@pytest.mark.parametrize("method", scaling.METHODS)
def test_each_method_makes_a_map(method, monkeypatch):
    monkeypatch.setattr(scaling, "STEPS", 3)
    Y = scaling.our_map(100, method)()
    assert Y.shape == (100, 2) and np.isfinite(Y).all()


def test_the_books_file_holds_what_the_notebook_draws():
    written = json.loads(report.DATA.read_text("utf-8"))
    assert set(written) == {"measured", "rows", "methods"}
    assert set(written["methods"]) == set(scaling.METHODS)
    for method, known in written["methods"].items():
        assert len(known["n_samples"]) == len(known["seconds"]) >= 4, method
        assert all(seconds > 0 for seconds in known["seconds"])
    measured = {(row["data"], row["rival"]) for row in written["rows"]}
    assert {rival for _, rival in measured} == {"scikit-learn", "openTSNE"}
    assert measured <= {(pair.name, pair.rival) for pair in ALL["tsne"].rows()}
