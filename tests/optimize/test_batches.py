"""Minibatches, and stochastic gradient descent over them."""

import numpy as np
import pytest

from mlcourse.optimize import gradient_descent, heavy_ball, minibatches, nesterov, sgd

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize("n_samples, batch_size", [(10, 3), (12, 4), (7, 7), (5, 1), (1, 1), (1000, 64)])
def test_without_replacement_every_example_comes_once_an_epoch(n_samples, batch_size):
    batches = list(minibatches(n_samples, batch_size, n_epochs=3, random_state=0))
    per_epoch = -(-n_samples // batch_size)
    assert len(batches) == 3 * per_epoch and all(batch.dtype == np.intp and batch.ndim == 1 for batch in batches)
    epochs = [np.concatenate(batches[k * per_epoch : (k + 1) * per_epoch]) for k in range(3)]
    for epoch in epochs:
        assert np.array_equal(np.sort(epoch), np.arange(n_samples))
    if n_samples > 5:
        assert not np.array_equal(epochs[0], epochs[1]) and not np.array_equal(epochs[1], epochs[2])
    sizes = [len(batch) for batch in batches[:per_epoch]]
    assert sizes[:-1] == [batch_size] * (per_epoch - 1) and sizes[-1] == (n_samples % batch_size or batch_size)


def test_drop_last_leaves_the_short_batch_out():
    assert [len(b) for b in minibatches(10, 4, n_epochs=2, drop_last=True)] == [4, 4, 4, 4]
    assert [len(b) for b in minibatches(8, 4, n_epochs=1, drop_last=True)] == [4, 4]
    assert [len(b) for b in minibatches(10, 4, n_epochs=1, replace=True, drop_last=True)] == [4, 4]


def test_a_shuffle_is_uniform():
    # Where example 0 stands, and who comes first, over many epochs of four.
    epochs = np.array(list(minibatches(4, 4, n_epochs=4000, random_state=0)))
    for counts in np.bincount(epochs[:, 0], minlength=4), np.bincount((epochs == 0).argmax(axis=1), minlength=4):
        assert ((counts - 1000) ** 2 / 1000).sum() < 16.3  # χ² with 3 degrees of freedom, 0.1 %


def test_with_replacement_draws_are_uniform_and_independent():
    batches = list(minibatches(10, 4, replace=True, n_epochs=4000, random_state=0))
    assert len(batches) == 3 * 4000 and {len(b) for b in batches} == {4} and batches[0].dtype == np.intp
    draws = np.array(batches)
    counts = np.bincount(draws.ravel(), minlength=10)
    assert ((counts - 4800) ** 2 / 4800).sum() < 27.9  # χ² with 9 degrees of freedom, 0.1 %
    assert (draws[:, 0] == draws[:, 1]).mean() == pytest.approx(0.1, abs=0.012)  # four standard errors
    assert (draws[:-1, 3] == draws[1:, 0]).mean() == pytest.approx(0.1, abs=0.012)
    assert [len(b) for b in minibatches(3, 5, replace=True, n_epochs=2)] == [5, 5]


def test_without_end_and_without_side_effects():
    np.random.seed(0)
    before = np.random.get_state()[1].copy()
    endless = minibatches(3, 2, random_state=np.random.default_rng(0))
    assert sum(len(next(endless)) for _ in range(1000)) == 1500
    assert np.array_equal(before, np.random.get_state()[1])
    assert list(minibatches(3, 2, n_epochs=0)) == []


@pytest.mark.parametrize("replace", [False, True])
def test_seeds_decide(replace):
    def draw(seed):
        return np.concatenate(list(minibatches(100, 7, n_epochs=2, replace=replace, random_state=seed))).tolist()

    assert draw(1) == draw(1) != draw(2)
    assert draw(np.random.default_rng(1)) == draw(1)
    rng = np.random.default_rng(1)
    assert draw(rng) != draw(rng)  # a generator goes on


@pytest.mark.parametrize(
    "arguments, options, error, message",
    [
        ((0,), {}, ValueError, "n_samples must be an integer"),
        ((10.0,), {}, TypeError, "n_samples must be an integer"),
        ((10, 0), {}, ValueError, "batch_size"),
        ((10, 2.5), {}, TypeError, "batch_size"),
        ((10, 11), {}, ValueError, r"batch_size <= n_samples = 10 \(it was 11\)"),
        ((10,), {}, ValueError, r"n_samples = 10 \(it was 100\)"),
        ((10, 11), {"replace": True, "drop_last": True}, ValueError, "n_samples = 10"),
        ((10, 5), {"n_epochs": -1}, ValueError, "n_epochs"),
        ((10, 5), {"random_state": "seed"}, ValueError, "random_state"),
    ],
)
def test_bad_parameters_of_minibatches(arguments, options, error, message):
    with pytest.raises(error, match=message):
        minibatches(*arguments, **options)


@pytest.fixture
def regression():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(250, 3))
    y = X @ [1.0, -2.0, 0.5] + 0.1 * rng.normal(size=250)

    def fun(theta, batch):
        residuals = X[batch] @ theta - y[batch]
        return float(residuals @ residuals) / (2 * len(batch)), X[batch].T @ residuals / len(batch)

    return fun, np.linalg.lstsq(X, y, rcond=None)[0]


@pytest.mark.parametrize("momentum, nesterov_", [(0.0, False), (0.8, False), (0.8, True), (0.0, True)])
def test_sgd_is_a_loop_over_minibatches(regression, momentum, nesterov_):
    fun, _ = regression
    theta, v, samples = np.zeros(3), np.zeros(3), 0
    states = sgd(fun, theta, 250, batch_size=100, learning_rate=0.05, momentum=momentum, nesterov=nesterov_, n_epochs=4, random_state=3)
    assert next(states).parameters.tolist() == [0, 0, 0]
    for batch in minibatches(250, 100, n_epochs=4, random_state=3):
        value, gradient = fun(theta, batch)
        v = momentum * v - 0.05 * gradient
        theta = theta + (momentum * v - 0.05 * gradient if nesterov_ else v)
        samples += len(batch)
        state = next(states)
        np.testing.assert_allclose(state.parameters, theta, rtol=1e-12)
        assert state.value == pytest.approx(value) and state.samples == samples
    assert samples == 1000 and next(states, None) is None


def test_sgd_is_the_optimiser_of_that_name(regression):
    fun, _ = regression
    options = {"learning_rate": 0.05}
    for name, extra in (gradient_descent, {}), (heavy_ball, {"momentum": 0.7}), (nesterov, {"momentum": 0.7}):
        batches = minibatches(250, 50, n_epochs=2, replace=True, random_state=5)
        *_, a = name(fun, np.zeros(3), batches=batches, **options, **extra)
        *_, b = sgd(fun, np.zeros(3), 250, batch_size=50, n_epochs=2, replace=True, random_state=5,
                    nesterov=name is nesterov, **options, **extra)
        assert np.array_equal(a.parameters, b.parameters) and a.samples == b.samples == 500


def test_sgd_comes_near_the_minimum_and_makes_all_its_steps(regression):
    fun, minimizer = regression
    *_, last = sgd(fun, np.zeros(3), 250, batch_size=10, learning_rate=0.02, n_epochs=60, random_state=0)
    assert last.iteration == 60 * 25 > 1000  # the other optimisers' default limit does not count here
    assert np.abs(last.parameters - minimizer).max() < 0.03
    *_, all_of_them = sgd(fun, np.zeros(3), 250, batch_size=250, learning_rate=0.5, n_epochs=200, random_state=0)
    np.testing.assert_allclose(all_of_them.parameters, minimizer, rtol=1e-9)


def test_sgd_is_decided_by_its_seed(regression):
    fun, _ = regression
    ends = [list(sgd(fun, np.zeros(3), 250, learning_rate=0.1, random_state=s))[-1].parameters.tolist() for s in (1, 1, 2)]
    assert ends[0] == ends[1] != ends[2]


@pytest.mark.parametrize(
    "options, error, message",
    [
        ({"learning_rate": 0}, ValueError, "0 < learning_rate"),
        ({"learning_rate": "fast"}, TypeError, "learning_rate must be a number"),
        ({"learning_rate": np.inf}, ValueError, "learning_rate"),
        ({"momentum": 1.0}, ValueError, "momentum < 1"),
        ({"momentum": -0.1}, ValueError, "0 <= momentum"),
        ({"momentum": None}, TypeError, "momentum"),
        ({"n_epochs": None}, TypeError, "n_epochs must be an integer"),
        ({"batch_size": 251}, ValueError, "n_samples = 250"),
    ],
)
def test_bad_parameters_of_sgd(regression, options, error, message):
    with pytest.raises(error, match=message):
        sgd(regression[0], np.zeros(3), 250, **{"learning_rate": 0.1} | options)


def test_bad_batches():
    fun = lambda x, batch: (0.0, x)
    with pytest.raises(TypeError, match="batches must be an iterable of index arrays"):
        gradient_descent(fun, [1.0], learning_rate=0.1, batches=100)
    with pytest.raises(ValueError, match=r"tol must be 0 with batches \(it was 0.1\)"):
        gradient_descent(fun, [1.0], learning_rate=0.1, tol=0.1, batches=[[0]])
    with pytest.raises(TypeError, match=r"batches must yield index arrays \(batch 1 was 7\)"):
        list(gradient_descent(fun, [1.0], learning_rate=0.1, batches=[[0], 7]))
    with pytest.raises(ValueError, match=r"not empty \(batch 0 was\)"):
        list(gradient_descent(fun, [1.0], learning_rate=0.1, batches=[[]]))
