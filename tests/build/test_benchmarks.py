"""The benchmarks' own arithmetic: what a table says must follow from what was measured. No rival runs here."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks import clustering, eigenmaps, maps, optimizers, report, tsne
from benchmarks.algorithms import ALL
from benchmarks.maps import Judge, Quality, neighbors_kept, same_quality, student_normaliser, trust_of_rows
from benchmarks.pairs import Agreement, Contest, Measured, Pair, measure
from mlcourse.manifold import kl_divergence_and_gradient, student_joint
from mlcourse.metrics import neighborhood_preservation, trustworthiness
from mlcourse.neighbors import nearest_neighbors

ROW = Measured(
    "digits, 300", "scikit-learn", 300, 0.18, None, 5, 0.1234, 0.75, 0.1649, 0.15, 0.21, {"KL": "0.474 / 0.475"}, []
)


@pytest.fixture
def cloud():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 6)) * [3, 2, 0.5, 0.3, 0.2, 0.1] + 1e6  # far from the origin, as data may be
    return X, X[:, :2] * [1, 1.5]  # a map that is neither perfect nor random


# ------------------------------------------------------------------------------------------------------------ pairs


class Clock:
    """Time that only the programs let pass."""

    now = 0.0

    def __call__(self):
        return self.now


def contest(clock, ours, theirs, log):
    """Two programs that take the listed seconds, run by run."""

    def program(name, seconds):
        left = iter(seconds)

        def run(inputs):
            clock.now += next(left)
            log.append((name, inputs))
            return f"{name}{inputs}"

        return run

    return Contest(
        lambda k: k, program("A", ours), program("B", theirs), lambda k, result: (k, result), lambda a, b: Agreement({"seen": f"{a} {b}"})
    )


def run_pair(ours, theirs, pairs=5):
    clock, log = Clock(), []
    pair = Pair("what", "who", 10, lambda: contest(clock, ours, theirs, log), target=0.5)
    return measure(pair, pairs, say=lambda text: None, clock=clock), log


def test_pairs_run_in_turn_and_the_first_does_not_count():
    row, log = run_pair([0.1, 6, 6, 6, 8, 12], [19, 20, 12, 24, 20, 20])
    assert "".join(name for name, _ in log) == "AB" * 6
    assert [inputs for _, inputs in log] == [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4], "both sides of a pair have the same inputs"
    assert (row.pairs, row.ours, row.theirs) == (5, 6, 20)
    assert row.ratio == pytest.approx(0.4), "the median of the ratios 0.3, 0.5, 0.25, 0.4, 0.6, which is not the ratio of the medians"
    assert (row.low, row.high) == (pytest.approx(0.25), pytest.approx(0.6))
    assert row.columns["seen"].startswith("[(0, 'A0'), (1, 'A1')"), "every result is judged, with its own inputs"


def test_slow_programs_run_three_times_and_quick_ones_more_often():
    row, log = run_pair([3, 1, 2], [30, 10, 20])
    assert (row.pairs, len(log)) == (3, 6), "nor is a first slow pair thrown away"
    assert run_pair([8] * 9, [15] * 9)[0].pairs == 5
    assert run_pair([1] * 16, [5] * 16)[0].pairs == 15, "as many as take 90 s"
    assert run_pair([0.01] * 101, [0.02] * 101)[0].pairs == 100, "at most twenty times as many"
    assert run_pair([1, 1, 1], [25, 25, 25], pairs=2)[0].pairs == 2


# ---------------------------------------------------------------------------------------------------- quality of maps


def test_the_judge_measures_as_the_package_does(cloud):
    X, Y = cloud
    judge = Judge(X, perplexity=20)
    quality = judge(Y)
    expected, _ = kl_divergence_and_gradient(judge.P.toarray(), Y)
    assert quality.divergence == pytest.approx(expected, rel=1e-9)
    assert quality.preservation == neighborhood_preservation(X, Y, n_neighbors=10)
    assert quality.trustworthiness == trustworthiness(X, Y, n_neighbors=10)
    assert 0.3 < quality.preservation < quality.trustworthiness < 1


def test_many_points_are_judged_by_some_rows(cloud, monkeypatch):
    X, Y = cloud
    in_map, _ = nearest_neighbors(Y, 10)
    everything = trust_of_rows(X, in_map, np.arange(300))
    assert everything == pytest.approx(trustworthiness(X, Y, n_neighbors=10), abs=1e-12)
    monkeypatch.setattr(maps, "BLOCK", 300 * 7)
    assert trust_of_rows(X, in_map, np.arange(300)) == pytest.approx(everything, abs=1e-12), "in blocks that do not divide the rows"
    halves = [trust_of_rows(X, in_map, rows) for rows in np.random.default_rng(1).permutation(300).reshape(2, 150)]
    assert np.mean(halves) == pytest.approx(everything, abs=1e-12) and halves[0] != halves[1]

    full = Judge(X)(Y)
    monkeypatch.setattr(maps, "MANY", 299)
    monkeypatch.setattr(maps, "SOME", 200)
    some = Judge(X)(Y)
    assert (some.divergence, some.preservation) == (full.divergence, pytest.approx(full.preservation, abs=1e-12))
    assert 0 < abs(some.trustworthiness - full.trustworthiness) < 0.01
    assert Judge(X)(Y) == some, "always the same rows"


@pytest.mark.parametrize("block", [2**22, 300 * 7, 1])
def test_the_normaliser_counts_every_pair_twice_and_no_point_with_itself(cloud, monkeypatch, block):
    _, Y = cloud
    monkeypatch.setattr(maps, "BLOCK", block)
    i, j = 3, 8
    kernel = 1 / (1 + np.sum((Y[i] - Y[j]) ** 2))
    assert student_normaliser(Y) == pytest.approx(kernel / student_joint(Y)[i, j], rel=1e-9)


def test_verdicts():
    theirs = Quality(1.0, 0.500, 0.980)

    def fails(*values):
        return same_quality([Quality(*values)], [theirs]).fails

    assert fails(1.0, 0.500, 0.980) == fails(1.009, 0.4951, 0.9751) == fails(0.5, 0.9, 1.0) == ()
    assert fails(1.011, 0.500, 0.980) == ("KL",)
    assert fails(1.0, 0.494, 0.980) == ("10-NN",)
    assert fails(1.0, 0.500, 0.974) == ("trust",)
    assert fails(2.0, 0.0, 0.5) == ("KL", "10-NN", "trust")
    agreement = same_quality([Quality(0.8, 0.4, 0.96), Quality(1.1, 0.4, 0.98), Quality(1.1, 0.7, 1.0)], [theirs])
    assert agreement.fails == (), "what counts is the average"
    assert agreement.columns == {"KL": "1.000 / 1.000", "10-NN": "0.500 / 0.500", "trust": "0.980 / 0.980"}
    assert same_quality([theirs], [theirs, Quality(0.9, 0.6, 1.0)]).fails == ("KL", "10-NN", "trust")

    def kept(value):
        return neighbors_kept([Quality(5.0, value, 0.5)], [theirs])

    assert kept(0.4951).fails == () and kept(0.494).fails == ("10-NN",), "a slider's map is asked for neighbours only"
    assert kept(0.494).columns == {"10-NN": "0.494 / 0.500"}


def test_maps_are_judged_in_the_order_of_the_data(cloud):
    X, Y = cloud
    contest = tsne._contest(lambda n: X, 300, lambda X: X[:, :2], lambda X: X[::-1, :2], same_quality)
    data = [contest.inputs(k) for k in (0, 0, 1)]
    assert np.array_equal(data[0][1], data[1][1]) and not np.array_equal(data[0][1], data[2][1])
    expected = Judge(X)(X[:, :2])
    for given in data:
        assert contest.judge(given, contest.ours(given)) == expected
        assert contest.judge(given, contest.theirs(given)).preservation < expected.preservation - 0.1, "a map of points mixed up"


def test_maps_that_must_be_the_same_are_compared():
    Y = np.random.default_rng(0).normal(size=(50, 2))
    D = np.abs(np.subtract.outer(Y[:, 0], Y[:, 0]))
    result, mirrored = eigenmaps.Result(Y, D), eigenmaps.Result(Y * [1, -1], D)
    agreement = eigenmaps.same_maps([mirrored, result], [result, result])
    assert agreement.fails == () and agreement.columns == {"maps differ by": "0e+00", "paths differ by": "0e+00"}
    moved = eigenmaps.Result(Y + 1e-5 * np.abs(Y).max(), D)
    agreement = eigenmaps.same_maps([result, moved], [result, result])
    assert agreement.fails == ("maps",) and agreement.columns["maps differ by"] == "1e-05", "the largest difference of all pairs"
    assert eigenmaps.same_maps([eigenmaps.Result(Y[:, ::-1], D)], [result]).fails == ("maps",)
    assert eigenmaps.same_maps([eigenmaps.Result(Y, D * (1 + 1e-9))], [result]).fails == ("distances",)
    assert eigenmaps.same_maps([eigenmaps.Result(Y)], [eigenmaps.Result(Y)]).columns["paths differ by"] == "", "a method without paths"
    assert eigenmaps.same_maps([eigenmaps.Result(Y * np.nan)], [eigenmaps.Result(Y)]).fails == ("maps",)


def test_clusters_that_must_be_the_same_are_compared():
    a, b = clustering.Result(100.0, 7), clustering.Result(100.0 * (1 + 1e-12), 7)
    agreement = clustering.same_clusters([a, a], [a, b])
    assert agreement.fails == () and agreement.columns == {"inertia": "differs by 1e-12", "steps": "7 / 7"}
    agreement = clustering.same_clusters([a, clustering.Result(99.0, 9)], [a, b])
    assert agreement.fails == ("inertia", "steps") and agreement.columns == {"inertia": "differs by 1e-02", "steps": "7–9 / 7"}
    assert clustering.same_clusters([clustering.Result(np.nan, 7)], [a]).fails == ("inertia",)
    assert clustering.starts_as_good([1.0, 3.0], [2.0]).fails == ()
    agreement = clustering.starts_as_good([2.0, 2.1], [2.0])
    assert agreement.fails == ("start",) and agreement.columns == {"inertia": "1.025 of theirs", "steps": ""}
    assert clustering.starts_as_good([np.nan], [2.0]).fails == ("start",)


def test_minimised_objectives_are_compared():
    assert optimizers.as_low([1.0, 1.018], [1.0, 1.0]).fails == (), "what counts is the average"
    agreement = optimizers.as_low([1.011], [1.0])
    assert agreement.fails == ("loss",) and agreement.columns == {"objective": "1.0110 of theirs"}
    assert optimizers.as_low([np.nan], [1.0]).fails == ("loss",)
    assert optimizers.same_minimum([1.0, 1 + 9e-7], [1.0, 1.0]).fails == ()
    agreement = optimizers.same_minimum([1.0, 1 - 2e-6, 1.0], [1.0, 1.0, 1.0])
    assert agreement.fails == ("objective",) and agreement.columns == {"objective": "differs by 2e-06"}
    assert optimizers.same_minimum([1.0, np.nan], [1.0, 1.0]).fails == ("objective",)


# ----------------------------------------------------------------------------------------------------------- tables


def test_a_table_says_what_was_measured():
    missed = replace(ROW, name="digits, 500", ratio=0.1804, fails=["KL", "trust"], target=0.18)
    assert report.markdown_table([ROW, missed, replace(ROW, target=None)]).splitlines() == [
        "| data | rival | ours, s | theirs, s | ratio (range) | target | KL | quality |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        "| digits, 300 | scikit-learn | 0.123 | 0.75 | 0.165 (0.15–0.21) | ≤\u00a00.18\u00a0✓ | 0.474 / 0.475 | holds |",
        "| digits, 500 | scikit-learn | 0.123 | 0.75 | 0.180 (0.15–0.21) | ≤\u00a00.18\u00a0✗ | 0.474 / 0.475 | fails: KL, trust |",
        "| digits, 300 | scikit-learn | 0.123 | 0.75 | 0.165 (0.15–0.21) |  | 0.474 / 0.475 | holds |",
    ]
    assert "s | theirs, s" not in report.markdown_table([ROW], seconds=False)
    limited = [replace(ROW, target=None, limit=limit, fails=None) for limit in (0.05, 0.125)]
    table = report.markdown_table(limited, seconds=False)
    assert "ours, s" in table and "quality" not in table
    assert "≤\u00a00.05\u00a0s\u00a0✗" in table and "≤\u00a00.125\u00a0s\u00a0✓" in table


def test_growth_and_memory():
    sizes = [5_000, 10_000, 20_000, 50_000]
    assert report.growth_exponent(sizes, [3e-7 * n**1.25 for n in sizes]) == pytest.approx(1.25)
    fitted, _ = np.polyfit(np.log([1, 10, 1000]), np.log([1, 20, 1000]), 1)
    assert report.growth_exponent([1, 10, 1000], [1, 20, 1000]) == pytest.approx(fitted), "all sizes count, not the ends alone"
    rows = [replace(ROW, n_samples=n, ours=n**1.1, rival="openTSNE") for n in sizes]
    rows += [replace(ROW, n_samples=n, ours=n**9.0) for n in sizes[:2]] + [replace(ROW, n_samples=300, ours=1e9, rival="openTSNE")]
    assert report.growth(rows) == "From 5,000 to 50,000 points our time grows as n to the power 1.10."
    assert report.growth(rows[:1]) == report.growth([]) == ""
    assert report.memory({20_000: 160_000_000, 5_000: 50_000_000}) == (
        "Beyond the data, our t-SNE takes at its peak 10.0 kB a point at 5,000 points and 8.0 kB a point at 20,000 points; "
        "between the two, 7.3 kB for each further point."
    )
    assert report.memory({5_000: 50_000_000}).endswith("10.0 kB a point at 5,000 points.") and report.memory({}) == ""


def test_parts_of_a_measurement_are_merged(tmp_path):
    path = tmp_path / "_build" / "benchmarks.json"
    later, first, gone = ALL["tsne"].rows(), next(ALL["tsne"].rows()), replace(ROW, name="a row of an older table")
    second = next(pair for pair in later if pair.title != first.title)
    row = replace(ROW, name=first.name, rival=first.rival, target=99.0)
    store = report.Store(path)
    store.add_row("tsne", replace(row, name=second.name, rival=second.rival, ratio=0.222, pairs=3))
    store.add_row("tsne", gone)
    store = report.Store(path)  # another day
    store.add_versions(["NumPy 2.4.6", "openTSNE 1.0.4"])
    store.add_versions(["NumPy 2.4.6"])
    store.add_row("tsne", replace(row, ratio=0.5))
    store.add_row("tsne", replace(row, ratio=0.111))
    store.add_memory(5_000, 35_000_000)

    store = report.Store(path)
    rows, missing = store.table("tsne")
    assert [(r.title, r.ratio) for r in rows] == [(first.title, 0.111), (second.title, 0.222)], "the newest, in the order of the table"
    assert rows[0].target == first.target, "the target is that of today"
    assert len(missing) == len(list(ALL["tsne"].rows())) - 2 and first.title not in missing
    page = report.document(store)
    assert "Measured with NumPy 2.4.6, openTSNE 1.0.4, every row by 3 to 5 pairs." in page
    assert "| 0.111 (" in page and "Not measured yet: " in page and "7.0 kB a point at 5,000" in page
    assert "ours, s" not in page and "ours, s" in report.document(store, seconds=True)
    assert ALL["pca"].title not in page, "a table without rows"
    assert gone.name not in page
    assert json.loads(path.read_text("utf-8"))["memory"] == {"5000": 35_000_000}


def test_no_row_is_missing():
    rows = list(ALL["tsne"].rows())
    assert [r.n_samples for r in rows if r.rival == "scikit-learn"] == [300, 500, 1_797, 5_000, 10_000, 20_000]
    assert [r.n_samples for r in rows if r.package == "openTSNE"] == [300, 500, 1_797, 5_000, 10_000, 20_000, 50_000]
    assert all(0 < r.target < 0.5 for r in rows)
    targets = {pair.name.split(",")[0]: pair.target for pair in ALL["eigenmaps"].rows() if pair.target}
    assert targets == {"classical MDS: digits": 0.15, "Isomap": 0.6, "LLE": 1.0}
    lloyd = {(pair.n_samples, pair.name.split()[-1]): pair.target for pair in ALL["kmeans"].rows() if pair.name.startswith("Lloyd")}
    assert lloyd == {(10_000, "10"): 1.2, (10_000, "50"): 1.2, (100_000, "10"): 1.2, (100_000, "50"): 0.85}
    assert [pair.target for pair in ALL["kmeans"].rows() if pair.name.startswith("k-means++")] == [0.85] * 4
    titles = [pair.title for table in ALL.values() for pair in table.rows()]
    assert len(set(titles)) == len(titles)
    assert tsne.mixture(300).shape == (300, 50) and tsne.digits(300).shape == (300, 64)


# ------------------------------------------------------------------------------------------------------ the command


def command(*arguments):
    return subprocess.run([sys.executable, "benchmarks/run.py", *arguments], cwd=ROOT, text=True, capture_output=True)


def test_the_command_refuses_what_it_does_not_know():
    done = command("umap")
    assert done.returncode == 2 and "unknown: umap; there are tsne, slider, pca, eigenmaps" in done.stderr
    assert command("--pairs", "0").returncode == 2
    done = command("--max-samples", "0")
    assert done.returncode == 0 and "one thread" in done.stdout, "nothing to measure"


def test_what_the_book_shows_was_written_by_the_command():
    page = (ROOT / "book" / "_benchmarks.md").read_text("utf-8")
    assert page.splitlines()[0] == report.HEAD.splitlines()[0]
    for name, table in ALL.items():
        assert f"### {table.title}\n" in page, f"measure {name} and write it: `python benchmarks/run.py {name} --resume --write`"
