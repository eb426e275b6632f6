"""The largest eigenvalues of a symmetric matrix, without computing all of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlcourse._principal_axes import _with_positive_peaks
from mlcourse._validation import check_array, check_number

__all__ = ["largest_eigenpairs"]

_SMALL = 200  # rows up to which all eigenvalues cost no more than a few
_GUARDS = 8  # columns of a block beyond those wanted: they cost little, and save steps
_TOLERANCE = 1e-13  # of a residual, in units of the matrix's norm


def largest_eigenpairs(A: NDArray, k: int) -> tuple[NDArray, NDArray]:
    """Find the k algebraically largest eigenvalues of a symmetric matrix and their eigenvectors.

    Block Lanczos iteration: a basis of the space spanned by Q, AQ, A²Q, … grows from a random block
    Q, until the best approximations in it (Rayleigh–Ritz: the eigenvectors of A projected on the
    basis) satisfy A v = λ v.  The largest eigenvalues are among the first that are found, also
    where negative ones are larger in magnitude: adding a multiple of the identity to A does not
    change that space.  A block has more columns than eigenvectors are wanted, so that equal
    eigenvalues are all found.

    Where that needs a large basis (close eigenvalues, or many wanted), and for small matrices,
    `numpy.linalg.eigh` computes all eigenvalues.

    Parameters
    ----------
    A : ndarray, shape (n, n)
        A symmetric matrix of float64; that it is symmetric is not checked.
    k : int
        How many, 1 <= k <= n.

    Returns
    -------
    values : ndarray, shape (k,)
        The eigenvalues, in descending order.
    vectors : ndarray, shape (n, k)
        Orthonormal eigenvectors as columns; in each, the entry of largest magnitude is positive.
        Of equal eigenvalues, any orthonormal basis of their space.  The same matrix always gives
        the same vectors.

    Raises
    ------
    ValueError
        If `A` is not square or not finite, or `k` is out of range.

    Notes
    -----
    The residuals A v − λ v are at most 4e-13 of the norm of A.  The time is that of some ten to
    some tens of products of A with k + 8 vectors; beside A, the memory is that of n / 4 + 100
    vectors at most, where it does not come to `eigh`.

    References
    ----------
    G. H. Golub and C. F. Van Loan (2013), Matrix Computations, 4th ed., section 10.3.
    """
    A = check_array(A, name="A")
    n = len(A)
    if A.shape[1] != n:
        raise ValueError(f"A must be square (its shape was {A.shape})")
    k = check_number(k, "k", low=1, high=n, high_name="n", integer=True)
    # In units of a power of two no digit is lost, and no square leaves the range of floats.
    exponent = int(np.frexp(max(A.max(), -A.min()))[1])
    found = _block_lanczos(A, k, exponent) if n > _SMALL else None
    if found is None:
        values, vectors = np.linalg.eigh(np.ldexp(A, -exponent))
        found = values[: -k - 1 : -1], vectors[:, : -k - 1 : -1]
    values, vectors = found
    return np.ldexp(values, exponent), _with_positive_peaks(vectors.T).T


def _block_lanczos(A: NDArray, k: int, exponent: int) -> tuple[NDArray, NDArray] | None:
    """The k largest eigenpairs of A / 2^exponent, or None if the basis would become too large."""
    n, width = len(A), k + _GUARDS
    largest = n // 4 + 100
    basis = np.empty((n, largest), order="F")
    projected = np.zeros((largest, largest))  # basis.T @ A @ basis
    block, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((n, width)))
    size = look = 0
    while size + width <= largest:
        new = slice(size, size + width)
        size += width
        basis[:, new] = block
        Q = basis[:, :size]
        image = np.ldexp(A @ block, -exponent)
        part = Q.T @ image
        projected[:size, new] = part
        projected[new, :size] = part.T
        image -= Q @ part
        if size >= look:
            look = 1.1 * size  # the larger the basis, the more costly is a look
            values, mix = np.linalg.eigh(projected[:size, :size])
            allowed = _TOLERANCE * np.abs(values).max()
            values, mix = values[: -k - 1 : -1], mix[:, : -k - 1 : -1]
            # A Q = Q projected + (what is left of the newest block's image), so this is the
            # residual A v − λ v, but for rounding.
            if np.linalg.norm(image @ mix[new], axis=0).max() <= allowed:
                vectors = Q @ mix
                residuals = np.ldexp(A @ vectors, -exponent) - values * vectors
                if np.linalg.norm(residuals, axis=0).max() <= 4 * allowed:
                    return values, vectors
        block = _orthonormal(image, Q)
    return None


def _orthonormal(block: NDArray, Q: NDArray) -> NDArray:
    """An orthonormal basis of the block's columns, orthogonal to those of Q."""
    # Once more, because rounding leaves something of Q in columns that become short (or 0, where A
    # has few different eigenvalues).
    for _ in range(2):
        block, _ = np.linalg.qr(block - Q @ (Q.T @ block))
    return block
