"""The largest eigenpairs against numpy.linalg.eigh, of matrices that a fast method may get wrong."""

from functools import cache

import numpy as np
import pytest

from mlcourse import _eigen
from mlcourse._eigen import largest_eigenpairs
from mlcourse.datasets import make_swiss_roll


def with_spectrum(values, seed=0):
    values = np.asarray(values, dtype=float)
    Q = np.linalg.qr(np.random.default_rng(seed).normal(size=(len(values), len(values))))[0]
    A = (Q * values) @ Q.T
    return (A + A.T) / 2


def assert_are_the_largest(A, k, tolerance=1e-12):
    values, vectors = largest_eigenpairs(A, k)
    assert values.shape == (k,) and vectors.shape == (len(A), k)
    reference = np.linalg.eigvalsh(A)
    scale = max(np.abs(reference).max(), np.finfo(float).tiny)
    np.testing.assert_allclose(values / scale, reference[::-1][:k] / scale, rtol=0, atol=tolerance)
    assert (np.diff(values) <= 0).all()
    np.testing.assert_allclose(A @ vectors / scale, vectors * (values / scale), rtol=0, atol=tolerance)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(k), rtol=0, atol=1e-12)
    peaks = np.take_along_axis(vectors, np.abs(vectors).argmax(axis=0)[None], axis=0)
    assert (peaks > 0).all()


N = 400
SPECTRA = {
    "falling fast": 0.5 ** np.arange(N),
    "falling slowly": 1 / np.arange(1.0, N + 1),
    "negative ones larger in magnitude": np.r_[5, 4, 3, np.zeros(N - 6), -50, -80, -100],
    "all negative": -np.arange(1.0, N + 1),
    "many negative, few positive": np.r_[3, 2, 1, -np.linspace(1, 100, N - 3)],
    "two equal": np.r_[9, 9, np.linspace(5, 0, N - 2)],
    "more equal ones than a block has columns": np.r_[np.full(30, 7.0), np.linspace(5, 0, N - 30)],
    "nearly equal": np.r_[9, 9 - 1e-7, 9 - 2e-7, np.linspace(5, -5, N - 3)],
    "of rank 1": np.r_[3, np.zeros(N - 1)],
    "of rank 1, negative": np.r_[np.zeros(N - 1), -3],
    "zero": np.zeros(N),
    "a multiple of the identity": np.full(N, 2.0),
    "two values only": np.r_[np.full(N // 2, 1.0), np.full(N // 2, -1.0)],
    "one large, the rest rounding": np.r_[1, np.random.default_rng(0).normal(size=N - 1) * 1e-15],
    "evenly spaced, hard": np.linspace(1, -1, N),
}


@cache
def example(name):
    A = with_spectrum(SPECTRA[name])
    A.flags.writeable = False  # all tests share it
    return A


@pytest.mark.parametrize("k", [1, 2, 3, 10])
@pytest.mark.parametrize("name", SPECTRA)
def test_as_eigh(name, k):
    assert_are_the_largest(example(name), k)


@pytest.mark.parametrize("block", range(5))
def test_random_matrices(block):
    for seed in range(20 * block, 20 * (block + 1)):
        rng = np.random.default_rng(seed)
        n = int(rng.choice([1, 2, 3, 10, 150, 201, 230, 300]))
        k = int(rng.integers(1, min(n, 12) + 1))
        factor = rng.normal(size=(n, int(rng.integers(1, n + 1))))
        A = factor @ (rng.choice([-1.0, 1.0, 1.0], size=factor.shape[1])[:, None] * factor.T) * 10.0 ** rng.integers(-5, 6)
        assert_are_the_largest((A + A.T) / 2, k)


@pytest.mark.parametrize("n", [1, 2, 5, 200, 230])
def test_all_of_them(n):
    A = with_spectrum(np.linspace(-2, 3, n))
    assert_are_the_largest(A, n)


def test_diagonal_and_block_matrices():
    # The start must not be orthogonal to what is looked for, however the matrix lies.
    for place in (0, 7, 299):
        A = np.zeros((300, 300))
        A[place, place] = 2
        values, vectors = largest_eigenpairs(A, 1)
        assert values[0] == pytest.approx(2) and vectors[place, 0] == pytest.approx(1)
    A = np.kron(np.eye(20), np.ones((15, 15)))  # twenty times the eigenvalue 15
    assert_are_the_largest(A, 5)


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1e-5, 1e10, 1e160, 1e305])
def test_units(scale):
    A = with_spectrum(np.linspace(2, -3, 300) ** 3)
    values, vectors = largest_eigenpairs(A, 3)
    scaled, same = largest_eigenpairs(A * scale, 3)
    np.testing.assert_allclose(scaled, values * scale, rtol=1e-10)
    np.testing.assert_allclose(same, vectors, atol=1e-8)


def test_fast_where_it_can_be(monkeypatch):
    """Neither of these needs all eigenvalues."""

    def refuse(A):
        if len(A) > 200:
            raise AssertionError("all eigenvalues were computed")
        return eigh(A)

    eigh = np.linalg.eigh
    monkeypatch.setattr(np.linalg, "eigh", refuse)
    X = make_swiss_roll(600, random_state=0)[0]
    X -= X.mean(axis=0)
    largest_eigenpairs(X @ X.T, 2)
    for name in ("falling fast", "negative ones larger in magnitude", "two equal", "zero", "of rank 1", "two values only"):
        largest_eigenpairs(example(name), 2)


def test_where_it_does_not_converge_all_are_computed():
    A = example("evenly spaced, hard")
    assert _eigen._block_lanczos(A, 60, 0) is None
    assert_are_the_largest(A, 60)


def test_deterministic_and_leaves_the_matrix_alone():
    A = example("falling slowly")
    before = A.copy()
    first, second = largest_eigenpairs(A, 4), largest_eigenpairs(A, 4)
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(A, before)


@pytest.mark.parametrize(
    ("A", "k", "message"),
    [
        (np.ones((3, 2)), 1, "A must be square"),
        (np.full((3, 3), np.nan), 1, "A must hold finite numbers"),
        (np.eye(3), 0, "k must be an integer with 1 <= k <= n = 3"),
        (np.eye(3), 4, "k must be an integer with 1 <= k <= n = 3"),
        (np.eye(3), 1.5, "k must be an integer"),
        (np.eye(3), True, "k must be an integer"),
        (np.ones(3), 1, "A must be a 2-D array"),
    ],
)
def test_bad_input(A, k, message):
    with pytest.raises((ValueError, TypeError), match=message):
        largest_eigenpairs(A, k)
