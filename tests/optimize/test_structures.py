"""Parameters in any arrangement, what fun may do with them and return, and starts that are none."""

from collections import namedtuple

import numpy as np
import pytest

from mlcourse.optimize import adam, gradient_descent, heavy_ball, nesterov, sgd
from mlcourse.optimize._problem import euclidean_norm
from mlcourse.optimize._structure import Structure

pytestmark = pytest.mark.filterwarnings("error")

Pair = namedtuple("Pair", "weights bias")
SHAPES = [(2, 3), (), (4,)]


def arrangements():
    """The same twelve numbers as a dict, a list, a tuple, a named tuple, nested, and as a vector."""
    rng = np.random.default_rng(0)
    a, b, c = (rng.normal(size=shape) for shape in SHAPES)
    vector = np.concatenate([a.ravel(), [b], c])
    return vector, [{"a": a, "b": b, "c": c}, [a, b, c], (a, [b, c]), {"a": Pair(a, b), "c": (c,)}, [{"x": [a]}, b, c]]


def leaves(tree):
    if isinstance(tree, np.ndarray):
        return [tree]
    return [leaf for child in (tree.values() if isinstance(tree, dict) else tree) for leaf in leaves(child)]


def kinds(tree):
    if isinstance(tree, dict):
        return {key: kinds(child) for key, child in tree.items()}
    return (type(tree), *map(kinds, tree)) if isinstance(tree, (list, tuple)) else "array"


def mapped(tree, function):
    if isinstance(tree, dict):
        return {key: mapped(child, function) for key, child in tree.items()}
    if isinstance(tree, Pair):
        return Pair(*(mapped(child, function) for child in tree))
    if isinstance(tree, (list, tuple)):
        return type(tree)(mapped(child, function) for child in tree)
    return function(tree)


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("optimizer", [gradient_descent, nesterov, adam])
def test_every_arrangement_gives_the_path_of_the_vector(number, optimizer):
    vector, trees = arrangements()
    tree = trees[number]
    quartic = lambda x: (float((x**4).sum()), 4 * x**3)

    def fun(parameters):
        assert [leaf.shape for leaf in leaves(parameters)] == SHAPES
        return sum(float((leaf**4).sum()) for leaf in leaves(parameters)), mapped(parameters, lambda leaf: 4 * leaf**3)

    plain = list(optimizer(quartic, vector, learning_rate=0.01, max_iter=10))
    arranged = list(optimizer(fun, tree, learning_rate=0.01, max_iter=10))
    for p, q in zip(plain, arranged, strict=True):
        assert kinds(q.parameters) == kinds(tree)
        np.testing.assert_allclose(np.concatenate([leaf.ravel() for leaf in leaves(q.parameters)]), p.parameters, rtol=1e-12)
        assert q.value == pytest.approx(p.value) and q.gradient_norm == pytest.approx(p.gradient_norm)


def test_a_list_of_numbers_is_an_array_and_a_matrix_stays_one():
    seen = []

    def fun(x):
        seen.append(x)
        return float((x**2).sum()), 2 * x

    for x0, shape in ([1, 2], (2,)), ([[1, 2], [3, 4]], (2, 2)), ((1.0, 2.0), (2,)), (np.ones((2, 1, 3)), (2, 1, 3)), (3, ()):
        *_, last = gradient_descent(fun, x0, learning_rate=0.1, max_iter=3)
        assert last.parameters.shape == seen[-1].shape == shape and last.parameters.dtype == np.float64
        np.testing.assert_allclose(last.parameters, np.asarray(x0) * 0.8**3)


def test_arrays_of_two_types_get_the_wider():
    assert Structure({"a": np.ones(2, np.float32), "b": np.ones(1)}).start.dtype == np.float64
    assert Structure([np.ones(2, np.float32), np.ones(1, np.float32)]).start.dtype == np.float32


def test_a_state_is_safe_to_keep_and_to_change():
    bowl = lambda x: (x @ x / 2, x)
    expected = [s.parameters.tolist() for s in heavy_ball(bowl, [1.0, 2.0], learning_rate=0.1, max_iter=5)]
    x0, kept = np.array([1.0, 2.0]), []
    for state in heavy_ball(bowl, x0, learning_rate=0.1, max_iter=5):
        kept.append(state.parameters.tolist())
        state.parameters[:] = 77
    assert kept == expected and x0.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("optimizer", [gradient_descent, heavy_ball, adam])
def test_fun_may_keep_its_buffer_and_write_to_what_it_gets(optimizer):
    buffer = np.empty(2)

    def careless(x, batch=None):
        buffer[:] = x
        x[:] = np.nan
        return float(buffer @ buffer) / 2, buffer

    for options in {"max_iter": 6}, {"batches": [[0]] * 6}:
        plain = list(optimizer(lambda x, batch=None: (float(x @ x) / 2, x), [1.0, 2.0], learning_rate=0.1, **options))
        ours = []
        for state in optimizer(careless, [1.0, 2.0], learning_rate=0.1, **options):
            ours.append(state)
            careless(np.array([5.0, 5.0]))  # the reader asks elsewhere, between two steps
        assert [s.parameters.tolist() for s in ours] == [s.parameters.tolist() for s in plain]


@pytest.mark.parametrize(
    "returned, error, message",
    [
        (None, TypeError, r"fun must return a pair \(value, gradient\) \(it returned None\)"),
        (1.0, TypeError, "must return a pair"),
        (np.ones(2), TypeError, "it returned an array of shape"),
        ((1.0, np.ones(2), 3), TypeError, "must return a pair"),
        ((np.ones(2), np.ones(2)), TypeError, r"value is one real number \(it was an array of shape \(2,\)\)"),
        ((1j, np.ones(2)), TypeError, "one real number"),
        (("1", np.ones(2)), TypeError, "one real number"),
        ((None, np.ones(2)), TypeError, r"one real number \(it was None\)"),
        ((1.0, None), TypeError, r"gradient must be an array of real numbers \(it was None\)"),
        ((1.0, np.ones(2) * 1j), TypeError, "gradient must be an array of real numbers"),
        ((1.0, np.ones(1)), ValueError, r"gradient must have the shape of the parameters, \(2,\) \(it had shape \(1,\)\)"),
        ((1.0, 3.0), ValueError, r"it had shape \(\)"),
        ((1.0, np.ones((2, 1))), ValueError, r"it had shape \(2, 1\)"),
        ((1.0, np.ones((1, 2))), ValueError, r"it had shape \(1, 2\)"),
        ((1.0, {"a": np.ones(2)}), TypeError, "gradient must be an array"),
    ],
)
def test_what_fun_returns_is_looked_at(returned, error, message):
    for states in (
        gradient_descent(lambda x: returned, np.ones(2), learning_rate=0.1),
        sgd(lambda x, batch: returned, np.ones(2), 10, batch_size=5, learning_rate=0.1),
    ):
        with pytest.raises(error, match=message):
            list(states)


@pytest.mark.parametrize(
    "gradient, message",
    [
        ({"w": np.ones((2, 2))}, r"gradient must be a dict with the keys \['w', 'b'\], as the parameters are"),
        ({"w": np.ones((2, 2)), "b": [np.ones(3), np.ones(2)]}, r"gradient\['b'\]\[1\] must have the shape of the parameters, \(1,\)"),
        ({"w": np.ones((2, 2)), "b": [np.ones(3)]}, r"gradient\['b'\] must be a list of 2 arrays.*a list of length 1"),
        ({"w": np.ones(4), "b": [np.ones(3), np.ones(1)]}, r"gradient\['w'\] must have the shape of the parameters, \(2, 2\)"),
        ({"w": 1.0, "b": [np.ones(3), np.ones(1)]}, r"gradient\['w'\].* \(it had shape \(\)\)"),
        (np.ones(8), "gradient must be a dict"),
    ],
)
def test_a_wrong_gradient_is_told_by_its_place(gradient, message):
    x0 = {"w": np.zeros((2, 2)), "b": [np.zeros(3), np.zeros(1)]}
    with pytest.raises(ValueError, match=message):
        next(gradient_descent(lambda p: (0.0, gradient), x0, learning_rate=0.1))


def test_what_can_be_taken_is_taken():
    first = next(gradient_descent(lambda x: (np.array([[2]]), [1, 2]), np.ones(2), learning_rate=0.1))
    assert first.value == 2.0 and first.gradient_norm == pytest.approx(5**0.5)
    keys_in_another_order = lambda p: (0.0, {"b": p["b"], "a": p["a"]})
    *_, last = gradient_descent(keys_in_another_order, {"a": np.ones(2), "b": np.zeros(2)}, learning_rate=0.5, max_iter=1)
    assert last.parameters["a"].tolist() == [0.5, 0.5] and last.parameters["b"].tolist() == [0, 0]


@pytest.mark.parametrize(
    "x0, error, message",
    [
        ([], ValueError, "x0 must hold at least one array"),
        ({}, ValueError, "x0 must hold at least one array"),
        (np.empty((0, 3)), ValueError, r"x0 must not be empty \(it had shape \(0, 3\)\)"),
        (None, TypeError, "x0 must be an array of numbers"),
        ("here", ValueError, "x0 must hold numbers"),
        ([1j, 0], ValueError, "Complex data not supported: x0"),
        ([1.0, np.nan], ValueError, "x0 must hold finite numbers"),
        ({"a": np.ones(2), "b": [np.ones(1), np.array([np.inf])]}, ValueError, r"x0\['b'\]\[1\] must hold finite numbers"),
        ({"a": None}, TypeError, r"x0\['a'\] must be an array of numbers"),
    ],
)
def test_bad_starts_are_told_at_the_call(x0, error, message):
    with pytest.raises(error, match=message):
        gradient_descent(lambda x: (0.0, x), x0, learning_rate=0.1)


def test_length_of_a_vector_at_the_ends_of_the_range():
    for scale in (1e-320, 1e-200, 1e-5, 1.0, 1e200, 1e307):
        assert euclidean_norm(np.array([3.0, -4.0]) * scale) == pytest.approx(5 * scale, rel=1e-3)
    assert euclidean_norm(np.zeros(3)) == 0 and euclidean_norm(np.array([1.0, np.inf])) == np.inf
    assert np.isnan(euclidean_norm(np.array([np.inf, np.nan])))
    assert euclidean_norm(np.float32([3e30, 4e30])) == pytest.approx(5e30)
