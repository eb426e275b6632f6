"""The EM algorithm for all kinds of covariances: two matrix products an iteration.

The logarithm of a Gaussian's density is linear in the products of a point's coordinates,
log π N(x) = θ · φ(x) with φ(x) = (1, x, x xᵀ) (an exponential family), and the M step needs only
the weighted sums of φ.  With the matrix Φ of all φ(x_i), the E step is θ Φᵀ and the M step Rᵀ Φ.

That expands (x − μ)², which cancels where means are far apart for their widths.  The data are
centred first; where digits would still be lost, the steps use the differences x − μ themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mlcourse import _mixture_covariances as cov

__all__ = ["Mixture", "MixtureState", "Parameters", "Step"]

_LARGEST_TABLE = 2**24  # numbers in Φ: 128 MB
# The expanded square's rounding error is at most some 1e-15 of its largest terms: 1e-8 of a nat.
_LARGEST_TERMS = 1e7
_NOTHING = 10 * np.finfo(float).eps  # fewer points than this are none


@dataclass(frozen=True)
class Parameters:
    """What EM improves, about the centre of the data."""

    weights: np.ndarray
    means: np.ndarray
    covariances: np.ndarray
    factors: np.ndarray


@dataclass(frozen=True)
class MixtureState:
    """A mixture after some steps of EM.

    Parameters
    ----------
    iteration : int
        M steps done; 0 is the start.
    weights : array of shape (n_components,)
        The share of each component.
    means : array of shape (n_components, n_features)
        Their means.
    covariances : array
        Their covariances, in the shape of the covariance type.
    log_likelihood : float
        Mean over the points of the logarithm of this mixture's density, in nats.
    responsibilities : array of shape (n_samples, n_components)
        How probable it is, by this mixture, that each component made each point.
    """

    iteration: int
    weights: np.ndarray
    means: np.ndarray
    covariances: np.ndarray
    log_likelihood: float
    responsibilities: np.ndarray


@dataclass(frozen=True)
class Step:
    """A state, its parameters, and whether the iteration has converged with it."""

    iteration: int
    state: MixtureState
    parameters: Parameters
    converged: bool


class Mixture:
    """E and M steps on one data set.

    Parameters
    ----------
    X : array of shape (n, d)
        The data, float64.
    covariance_type : str
        "full", "tied", "diag" or "spherical".
    reg_covar : float
        Added to the variances.
    """

    def __init__(self, X: np.ndarray, covariance_type: str, reg_covar: float):
        self.covariance_type, self.reg_covar = covariance_type, reg_covar
        self.original = X
        self.center = X[0] + (X - X[0]).mean(axis=0)  # exact for constant features
        self.X = X - self.center
        self.extent = np.abs(self.X).max(axis=0)
        n, d = X.shape
        second = {"full": d * (d + 1) // 2, "tied": 0, "diag": d, "spherical": 1}[covariance_type]
        self.table = self._products(second) if n * (1 + d + second) <= _LARGEST_TABLE else None
        self.expanded = self.table is not None
        if covariance_type == "tied":
            self.scatter = self.X.T @ self.X / n

    def _products(self, second: int) -> np.ndarray:
        n, d = self.X.shape
        table = np.empty((1 + d + second, n))
        table[0] = 1
        x = table[1 : d + 1]
        x[:] = self.X.T
        products = table[d + 1 :]
        if self.covariance_type == "full":
            self.upper = np.triu_indices(d)
            stop = 0
            for i in range(d):
                start, stop = stop, stop + d - i
                np.multiply(x[i], x[i:], out=products[start:stop])
        elif self.covariance_type == "diag":
            np.square(x, out=products)
        elif self.covariance_type == "spherical":
            np.einsum("ij,ij->j", x, x, out=products[0])
        return table

    def steps(
        self, first: Parameters, *, tol: float, max_iter: int, bound: float = -np.inf
    ) -> Iterator[Step]:
        """Run EM.

        Parameters
        ----------
        first : Parameters
            The start.
        tol : float
            It has converged when the log-likelihood that two E steps find differs by less; the
            M step after the second is the last.
        max_iter : int
            M steps at most.
        bound : float
            The log-likelihood before the start, if there is one.

        Yields
        ------
        Step
            The start, and every state after an M step.
        """
        p, converged, iteration = first, False, 0
        while True:
            R, log_likelihood = self.expect(p)
            means = p.means + self.center
            state = MixtureState(iteration, p.weights, means, p.covariances, log_likelihood, R.T)
            yield Step(iteration, state, p, converged)
            if converged or iteration == max_iter:
                return
            converged = abs(log_likelihood - bound) < tol
            bound = log_likelihood
            p = self.maximise(R)
            iteration += 1

    def expect(self, p: Parameters) -> tuple[np.ndarray, float]:
        """E step: responsibilities (k, n) and the mean log-likelihood."""
        self.expanded = self.expanded and self._keeps_digits(p)
        with np.errstate(divide="ignore"):
            log_weights = np.log(p.weights)
        common = 0.0
        if self.expanded:
            theta, common = self._natural_parameters(p, log_weights)
            Z = theta @ self.table
        else:
            Z = cov.log_densities(self.X, p.means, p.factors, self.covariance_type).T
            Z = np.ascontiguousarray(Z) + log_weights[:, None]
        largest = Z.max(axis=0)
        Z -= largest
        np.exp(Z, out=Z)
        total = Z.sum(axis=0)
        Z /= total
        return Z, float((np.log(total) + largest).mean()) + common

    def maximise(self, R: np.ndarray) -> Parameters:
        """M step from responsibilities (k, n)."""
        if self.expanded:
            try:
                found = self._maximise_expanded(R)
            except ValueError:  # no inverse, perhaps only by rounding: the differences will tell
                found = None
            if found is not None and self._keeps_digits(found):
                return found
            self.expanded = False
        n_k = np.maximum(R.sum(axis=1), _NOTHING)
        shares = np.ascontiguousarray((R / n_k[:, None]).T)
        means = shares.T @ self.X
        covariances = cov.soft_covariances(self.X, shares, n_k, means, self.covariance_type)
        return self._parameters(n_k, means, covariances)

    def _parameters(self, n_k, means, covariances) -> Parameters:
        cov.add_to_variances(covariances, self.covariance_type, self.reg_covar)
        factors = cov.factor_precisions(
            covariances, self.covariance_type, self.reg_covar, self.original
        )
        return Parameters(n_k / n_k.sum(), means, covariances, factors)

    def _maximise_expanded(self, R: np.ndarray) -> Parameters:
        d = self.X.shape[1]
        sums = R @ self.table.T
        n_k = np.maximum(sums[:, 0], _NOTHING)
        sums /= n_k[:, None]
        means, second = sums[:, 1 : d + 1].copy(), sums[:, d + 1 :]
        if self.covariance_type == "full":
            covariances = np.empty((len(means), d, d))
            i, j = self.upper
            covariances[:, i, j] = covariances[:, j, i] = second - means[:, i] * means[:, j]
        elif self.covariance_type == "tied":
            covariances = self.scatter - (n_k / n_k.sum() * means.T) @ means
        elif self.covariance_type == "diag":
            covariances = second - means**2
        else:
            covariances = (second[:, 0] - (means**2).sum(axis=1)) / d
        return self._parameters(n_k, means, covariances)

    def _natural_parameters(self, p: Parameters, log_weights) -> tuple[np.ndarray, float]:
        """θ, and what it leaves out: the tied square x Σ⁻¹ x, the same for all components."""
        d = self.X.shape[1]
        P = cov.precision_matrices(p.factors, self.covariance_type)
        if self.covariance_type == "full":
            linear = np.einsum("kij,kj->ki", P, p.means)
            i, j = self.upper
            second = np.where(i == j, -0.5, -1.0) * P[:, i, j]
        elif self.covariance_type == "tied":
            linear, second = p.means @ P, np.empty((len(p.means), 0))
        elif self.covariance_type == "diag":
            linear, second = P * p.means, -0.5 * P
        else:
            linear, second = P[:, None] * p.means, -0.5 * P[:, None]
        constant = log_weights - 0.5 * np.einsum("ki,ki->k", linear, p.means)
        constant += cov.log_determinants(p.factors, self.covariance_type, d)
        constant -= 0.5 * d * np.log(2 * np.pi)
        common = -0.5 * np.vdot(P, self.scatter) if self.covariance_type == "tied" else 0.0
        return np.column_stack([constant, linear, second]), float(common)

    def _keeps_digits(self, p: Parameters) -> bool:
        """Whether the largest terms of the expanded square are small enough."""
        P = np.abs(cov.precision_matrices(p.factors, self.covariance_type))
        if self.covariance_type == "spherical":
            terms = P * (self.extent @ self.extent)
        elif self.covariance_type == "diag":
            terms = P @ self.extent**2
        else:
            terms = P @ self.extent @ self.extent
        return bool(np.max(terms) <= _LARGEST_TERMS)
