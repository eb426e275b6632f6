"""Running an optimiser, watching it, ending it, averaging its path; and the one call for all."""

import math
import sys
from itertools import islice

import numpy as np
import pytest

from mlcourse.exceptions import ConvergenceWarning
from mlcourse.optimize import (
    OptimizeState,
    adam,
    budget,
    gradient_descent,
    minimize,
    polyak_average,
    quadratic,
    rosenbrock,
    run,
    sgd,
    small_change,
    small_gradient,
    stop_when,
    stopping,
    value_below,
)

pytestmark = pytest.mark.filterwarnings("error")


def descent(**options):
    """Values 32, 8, 2, 0.5, … at 8, 4, 2, 1, …"""
    return gradient_descent(lambda x: (x @ x / 2, x), [8.0], **{"learning_rate": 0.5, "max_iter": 20} | options)


def with_values(values):
    return (OptimizeState(t, np.zeros(1), float(v), 1.0, t + 1) for t, v in enumerate(values))


def test_run_keeps_what_the_states_say():
    result = run(descent(max_iter=3), path=True)
    states = list(descent(max_iter=3))
    assert result.iterations.tolist() == [0, 1, 2, 3] and result.evaluations.tolist() == [1, 2, 3, 4]
    assert result.values.tolist() == [s.value for s in states] and result.samples.tolist() == [0] * 4
    assert result.gradient_norms.tolist() == [8, 4, 2, 1] and result.path.tolist() == [[8], [4], [2], [1]]
    assert np.isnan(result.learning_rates[0]) and result.learning_rates[1:].tolist() == [0.5] * 3
    assert result.final.iteration == 3 and result.final.parameters.tolist() == [1.0]
    assert (np.diff(result.seconds) >= 0).all() and result.seconds[0] >= 0
    assert run(descent()).path is None


def test_run_keeps_the_path_of_a_structure_as_a_list():
    result = run(adam(lambda p: (0.0, p), {"a": np.ones(2)}, learning_rate=0.1, max_iter=2), path=True)
    assert len(result.path) == 3 and result.path[0]["a"].tolist() == [1, 1]


def test_callback_sees_every_so_many_states_and_can_end_the_run():
    seen = []
    run(descent(), callback=lambda progress: seen.append(progress), every=8)
    assert [p.iteration for p in seen] == [0, 8, 16, 20] and seen[0].state.value == 32 and seen[0].max_iter is None
    assert all(math.isnan(p.seconds_left) for p in seen)
    ended = run(descent(), callback=lambda progress: progress.state.value < 1, every=1)
    assert ended.final.value == 0.5 and len(ended.values) == 4
    goes_on = run(descent(), callback=lambda progress: "yes", every=1)  # only True ends it
    assert goes_on.final.iteration == 20


def test_verbose_writes_lines(capsys, monkeypatch):
    run(descent(max_iter=4), verbose=2, every=2)
    assert capsys.readouterr().out.splitlines()[:2] == [
        "[optimize] step 0: value 32, gradient 8", "[optimize] step 2: value 2, gradient 2"]
    run(descent(max_iter=4), verbose=2, every=2, max_iter=4)
    assert capsys.readouterr().out.splitlines()[-1] == "[optimize] step 4 of 4: value 0.125, gradient 0.5"
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    run(descent(max_iter=4), verbose=1)
    assert "step 4: value 0.125" in capsys.readouterr().out
    run(descent(max_iter=4))
    assert capsys.readouterr().out == ""


def test_an_interrupted_run_has_the_states_so_far():
    def interrupted():
        yield from islice(descent(), 3)
        raise KeyboardInterrupt

    with pytest.warns(ConvergenceWarning, match="interrupted after step 2"):
        result = run(interrupted())
    assert result.values.tolist() == [32, 8, 2]


def test_a_run_that_diverges_leaves_the_states_before_on_the_error():
    with pytest.raises(FloatingPointError, match="not finite after step") as error:
        run(descent(learning_rate=50.0, max_iter=1000), path=True)
    so_far = error.value.run
    assert f"after step {so_far.final.iteration + 1}:" in str(error.value) and len(so_far.path) == so_far.final.iteration + 1
    assert so_far.final.iteration > 50 and (np.diff(so_far.values) > 0).all() and np.isfinite(so_far.values).all()
    with pytest.raises(FloatingPointError, match="at the start") as error:
        run(gradient_descent(lambda x: (math.nan, x), [1.0], learning_rate=1.0))
    assert error.value.run is None
    with pytest.raises(FloatingPointError) as error:
        minimize(quadratic([1.0, 2.0]), [1.0, 1.0], method="heavy_ball", learning_rate=50.0, callback=lambda p: None)
    assert error.value.run.final.iteration > 10 and error.value.run.path is None


def test_run_without_states_or_with_a_bad_interval():
    with pytest.raises(ValueError, match="states must have at least one state"):
        run([])
    with pytest.raises(ValueError, match="every"):
        run(descent(), every=0)


@pytest.mark.parametrize(
    "rule, last",
    [
        (small_gradient(1.0), 3),
        (value_below(2.0), 2),
        (value_below(-1.0), 20),
        (budget(evaluations=5), 4),
        (small_change(1.0), 4),  # the values fall by 24, 6, 1.5 and 0.375
        (lambda state: state.iteration == 7, 7),
    ],
)
def test_the_first_state_that_answers_a_rule_is_the_last(rule, last):
    for _ in range(2):  # a rule can be used again
        assert list(stop_when(descent(), rule))[-1].iteration == last


def test_any_of_several_rules_ends_the_run():
    assert run(stop_when(descent(), value_below(1e-9), small_gradient(2.0), budget(evaluations=9))).final.iteration == 2


def test_small_change_waits_and_looks_at_the_best_value():
    values = [5, 4, 4.5, 3, 3.2, 2.95, 3.1, 1, 1, 1, 1]
    ends = lambda rule: run(stop_when(with_values(values), rule)).final.iteration
    assert ends(small_change(0.0)) == 2 and ends(small_change(0.0, patience=2)) == 9
    assert ends(small_change(0.1, patience=3)) == 6  # 3 → 2.95 is no fall of more than 0.1
    assert run(stop_when(with_values([np.nan, 3, 2, 1]), small_change(0.0))).final.iteration == 3  # as with minibatches
    assert ends(small_change(10.0)) == 1 and ends(small_change(0.0, patience=9)) == 10


def test_rules_over_minibatches():
    data = np.arange(100.0)
    fun = lambda x, batch: (float(np.square(x - data[batch]).mean()), 2 * (x - data[batch].mean()))
    states = lambda: sgd(fun, 0.0, 100, batch_size=10, learning_rate=0.1, n_epochs=50, random_state=0)
    assert run(stop_when(states(), budget(samples=95))).final.samples == 100
    assert run(stop_when(states(), small_gradient(1e-12))).final.iteration == 500  # NaN at the start is not small
    assert 20 < run(stop_when(states(), small_change(0.0, patience=20))).final.iteration < 500


def test_a_budget_of_seconds(monkeypatch):
    now = iter(np.arange(0.0, 100.0, 1.0))
    monkeypatch.setattr(stopping.time, "perf_counter", lambda: next(now))
    rule = budget(seconds=5)
    first = list(stop_when(descent(), rule))[-1].iteration
    assert 0 < first < 20 and list(stop_when(descent(), rule))[-1].iteration == first


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: small_gradient(-1), "tol"),
        (lambda: small_change(-1), "tol"),
        (lambda: small_change(1, patience=0), "patience"),
        (lambda: value_below(np.nan), "target"),
        (lambda: budget(), "evaluations, samples or seconds"),
        (lambda: budget(evaluations=0), "evaluations"),
        (lambda: budget(samples=1.5), "samples"),
        (lambda: budget(seconds=0), "seconds"),
        (lambda: stop_when(descent()), "at least one rule"),
        (lambda: stop_when(descent(), 1e-3), r"rules must be callable \(one was 0.001\)"),
        (lambda: polyak_average(descent(), start=-1), "start"),
        (lambda: minimize(rosenbrock(), [0, 0], method="bfgs"), "method must be one of 'lbfgs', 'newton'"),
        (lambda: minimize(rosenbrock(), [0, 0], method="adam"), "learning_rate"),
        (lambda: minimize(rosenbrock(), [0, 0], method="sgd", learning_rate=1), r"not be 'sgd', .* write run\(sgd\("),
        (lambda: minimize(rosenbrock(), [0, 0], tol=-1), "tol"),
        (lambda: minimize(rosenbrock(), [0, 0], max_iter=1.5), "max_iter"),
        (lambda: minimize("f", [0, 0]), r"fun must be callable \(it was 'f'\)"),
    ],
)
def test_bad_parameters_are_told_at_the_call(make, message):
    with pytest.raises((TypeError, ValueError), match=message):
        make()


@pytest.mark.parametrize("start", [0, 1, 7, 20])
def test_polyak_average_is_the_mean_of_the_iterates_since_start(start):
    path = run(descent(learning_rate=1.7), path=True).path
    averaged = list(polyak_average(descent(learning_rate=1.7), start=start))
    assert len(averaged) == 21
    for t, state in enumerate(averaged):
        expected = path[t] if t < start else path[start : t + 1].mean(axis=0)
        np.testing.assert_allclose(state.parameters, expected, rtol=1e-12)
        assert state.iteration == t and state.value == pytest.approx(path[t] @ path[t] / 2)


def test_polyak_average_of_a_structure_in_float32():
    x0 = {"w": np.full(2, 3, np.float32), "b": np.ones((), np.float32)}
    states = list(adam(lambda p: (0.0, p), x0, learning_rate=0.1, max_iter=50))
    *_, last = polyak_average(states, start=10)
    for key in x0:
        assert last.parameters[key].dtype == np.float32 and last.parameters[key].shape == x0[key].shape
        expected = np.mean([s.parameters[key].astype(float) for s in states[10:]], axis=0)
        np.testing.assert_allclose(last.parameters[key], expected, rtol=1e-6)


def test_averages_come_nearer_than_iterates():
    data = np.random.default_rng(0).normal(size=(800, 5))
    fun = lambda x, batch: (0.0, x - data[batch].mean(axis=0))
    ends = [[], []]
    for seed in range(4):
        for k, wrap in enumerate((lambda s: s, lambda s: polyak_average(s, start=100))):
            *_, last = wrap(sgd(fun, np.ones(5), 800, batch_size=2, learning_rate=0.2, random_state=seed, replace=True))
            ends[k].append(np.linalg.norm(last.parameters - data.mean(axis=0)))
    assert np.mean(ends[1]) < 0.5 * np.mean(ends[0])


@pytest.mark.parametrize("method, options", [
    ("lbfgs", {}), ("newton", {}), ("trust_region", {}), ("gradient_descent", {"learning_rate": 0.15}),
    ("heavy_ball", {"learning_rate": 0.1}), ("nesterov", {"learning_rate": 0.1}), ("adagrad", {"learning_rate": 1.0}),
    ("rmsprop", {"learning_rate": lambda t: 0.1 / (1 + 0.05 * t) ** 2}), ("adam", {"learning_rate": 0.1})])
def test_minimize_finds_the_minimum_by_every_method(method, options):
    result = minimize(quadratic([1.0, 10.0], angle=0.5, minimizer=[0.3, -0.2]), [2.0, 1.0], method=method, **options)
    assert result.final.gradient_norm <= 1e-5 and result.final.iteration < 1000
    np.testing.assert_allclose(result.final.parameters, [0.3, -0.2], atol=1e-4)


def test_minimize_warns_where_max_iter_ended_it():
    with pytest.warns(ConvergenceWarning, match="lbfgs did not converge in max_iter = 3 steps"):
        result = minimize(rosenbrock(), [-1.2, 1.0], max_iter=3, path=True)
    assert result.path.shape == (4, 2)
    minimize(rosenbrock(), [-1.2, 1.0], method="gradient_descent", learning_rate=1e-3, tol=0, max_iter=3)  # asked for just that
    seen = []
    minimize(rosenbrock(), [-1.2, 1.0], callback=lambda p: seen.append(p.max_iter), every=1000)
    assert seen[0] == 1000
