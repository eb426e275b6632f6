"""Rules of one's own on the common loop; the first chapter's is one of them."""

import itertools
import math

import numpy as np
import pytest

from mlcourse.manifold import conditional_probabilities, descend, joint_probabilities, kl_divergence_and_gradient
from mlcourse.manifold import momentum_step, squared_distances
from mlcourse.optimize import adam, adam_step, descend_with, gradient_descent, minibatches, run, stop_when, value_below

pytestmark = pytest.mark.filterwarnings("error")


def bowl(x):
    return float(np.vdot(x, x)) / 2, x


def plain(t, eta, theta, gradient):
    return theta - eta * gradient


def test_the_tsne_of_chapter_1_with_its_gains():
    rng = np.random.default_rng(0)
    P = joint_probabilities(conditional_probabilities(squared_distances(rng.normal(size=(30, 5))), perplexity=8))
    Y0 = rng.normal(size=(30, 2))
    Y0 -= Y0.mean(axis=0)
    gains_seen = []

    def centred(t, eta, Y, gradient, update, gains):
        assert Y.shape == update.shape == gains.shape == (30, 2)
        Y, update, gains = momentum_step(Y, update, gains, gradient, learning_rate=eta, momentum=0.5 if t < 20 else 0.8)
        gains_seen.append(gains)
        return Y - Y.mean(axis=0), update, gains

    fun = lambda Y: kl_divergence_and_gradient(P, Y)  # noqa: E731
    theirs = descend(fun, Y0, learning_rate=1.0, momentum=(0.5, 0.8), momentum_switch=20, max_iter=40, gains=True)
    ours = list(descend_with(centred, fun, Y0, memory=(0, 1), learning_rate=1.0, max_iter=40))
    for a, b in itertools.zip_longest(theirs, ours):
        np.testing.assert_allclose(b.parameters, a.Y, rtol=0, atol=1e-9)
        assert b.value == pytest.approx(a.kl_divergence) and b.gradient_norm == pytest.approx(a.gradient_norm)
    assert ours[-1].value < 0.9 * ours[0].value
    assert np.min(gains_seen) < 0.5 and np.max(gains_seen) > 3  # the gains had something to do


def test_a_rule_of_the_book_written_again_is_the_same():
    scales = np.array([1.0, 30.0])
    fun = lambda x, batch=None: (float(scales @ x**2) / 2, scales * x)  # noqa: E731

    def again(t, eta, theta, gradient, mean, squares):
        return adam_step(theta, mean, squares, gradient, t + 1, learning_rate=eta)

    for options in ({}, {"batches": list(minibatches(100, 10, n_epochs=3, random_state=0))}):
        rate = lambda t: 0.1 / (1 + t)  # noqa: E731
        ours = run(descend_with(again, fun, [1.0, 2.0], memory=(0, 0), learning_rate=rate, max_iter=25, **options), path=True)
        theirs = run(adam(fun, [1.0, 2.0], learning_rate=rate, max_iter=25, **options), path=True)
        assert len(ours.path) == 26 and np.array_equal(ours.path, theirs.path)
        assert ours.samples.tolist() == theirs.samples.tolist()


def test_structures_are_vectors_and_float32_stays():
    x0 = {"W": np.ones((2, 3), np.float32), "b": np.full(2, 4.0, np.float32)}
    fun = lambda p: (0.0, p)  # noqa: E731
    shapes = []

    def double(t, eta, theta, gradient):
        shapes.append(theta.shape)
        return theta - np.float64(eta) * gradient.astype(float)

    *_, last = descend_with(double, fun, x0, learning_rate=0.5, max_iter=2)
    assert shapes == [(8,), (8,)] and last.parameters["b"].dtype == np.float32
    assert (last.parameters["W"] == 0.25).all() and (last.parameters["b"] == 1.0).all()
    *_, scalar = descend_with(plain, lambda x: (float(x) ** 2, 2 * x), 3.0, learning_rate=0.25, max_iter=2)
    assert scalar.parameters.shape == () and scalar.parameters == 0.75


def test_it_ends_as_the_others_do():
    assert run(descend_with(plain, bowl, [8.0], learning_rate=0.5, tol=1.0)).final.iteration == 3
    assert run(stop_when(descend_with(plain, bowl, [8.0], learning_rate=0.5), value_below(3))).final.iteration == 2
    assert len(list(descend_with(plain, bowl, [8.0], learning_rate=0.5))) == 1001


def test_a_rule_that_writes_to_its_arrays_does_no_harm():
    def rude(t, eta, theta, gradient, total):
        total += gradient
        theta -= eta * gradient
        gradient[:] = math.nan
        return theta, total

    x0 = np.array([8.0])
    ours = run(descend_with(rude, bowl, x0, memory=[0], learning_rate=0.5, max_iter=5), path=True)
    assert np.array_equal(ours.path, run(gradient_descent(bowl, x0, learning_rate=0.5, max_iter=5), path=True).path)
    assert x0[0] == 8.0


def test_what_is_not_finite_is_said_with_its_step():
    with pytest.raises(FloatingPointError, match=r"the value is not finite after step \d+: lower learning_rate \(it was 3\)"):
        list(descend_with(plain, bowl, [1.0], learning_rate=3.0))

    def raising(t, eta, theta, gradient):
        if t == 2:
            raise FloatingPointError("the map is not finite")
        return theta

    with pytest.raises(FloatingPointError, match="in step 3: the map is not finite"):
        list(descend_with(raising, bowl, [1.0], learning_rate=3.0))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"step": 3}, r"step must be callable \(it was 3\)"),
        ({"memory": 2}, r"memory must be a sequence .* \(it was 2\)"),
        ({"memory": (0, math.nan)}, r"memory\[1\]"),
        ({"fun": 3}, "fun must be callable"),
        ({"learning_rate": -1}, "learning_rate"),
        ({"tol": 1.0, "batches": [[0]]}, "tol must be 0 with batches"),
    ],
)
def test_bad_input_is_said_at_the_call(change, message):
    with pytest.raises((TypeError, ValueError), match=message):
        descend_with(**{"step": plain, "fun": bowl, "x0": [1.0], "learning_rate": 0.1, **change})


@pytest.mark.parametrize(
    ("returned", "memory", "message"),
    [
        (np.ones(2), (0,), r"tuple of 2 array\(s\), \(parameters, memory 0\) \(it returned an object of type ndarray\)"),
        ((np.ones(2),), (0,), r"\(it returned a tuple of 1\)"),
        ((np.ones(2), np.ones(3)), (0,), r"shape \(2,\) \(array 1 was of dtype float64 and shape \(3,\)\)"),
        (None, (), r"shape \(2,\) \(array 0 was of dtype object"),
        (1.0, (), r"shape \(2,\) \(array 0 was of dtype float64 and shape \(\)\)"),
    ],
)
def test_a_step_that_returns_something_else_is_told(returned, memory, message):
    with pytest.raises((TypeError, ValueError), match=message):
        list(descend_with(lambda *_: returned, bowl, [1.0, 1.0], memory=memory, learning_rate=0.1))
