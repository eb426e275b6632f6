"""What the generators share: checks of their parameters, noise, equal shares, one shuffle."""

from __future__ import annotations

import numpy as np

from mlcourse._validation import check_number


def check_bool(value: object, name: str) -> bool:
    """Return a truth value, or say that the parameter is not one."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    raise TypeError(f"{name} must be True or False (it was {value!r})")


def check_count(n_samples: object, low: int = 1) -> int:
    """Return the number of points of a generator."""
    return check_number(n_samples, "n_samples", low=low, integer=True)


def check_noise(noise: object, name: str = "noise") -> float:
    """Return a standard deviation; None, scikit-learn's word for no noise, is 0."""
    return 0.0 if noise is None else check_number(noise, name, low=0)


def check_interval(interval: object, name: str, low: float = -np.inf) -> tuple[float, float]:
    """Return the two ends of a range, both finite, low < first ≤ second."""
    try:
        first, second = interval
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a pair (smallest, largest) (it was {interval!r})") from None
    first, second = check_number(first, f"{name}[0]"), check_number(second, f"{name}[1]")
    if not low < first <= second:
        allowed = "smallest <= largest" if low == -np.inf else f"{low:g} < smallest <= largest"
        raise ValueError(f"{name} must be a pair with {allowed} (it was {interval!r})")
    return first, second


def shares(n_samples: int, n_parts: int) -> np.ndarray:
    """Divide the points into parts of equal size; what is left over goes to the first ones."""
    return np.full(n_parts, n_samples // n_parts) + (np.arange(n_parts) < n_samples % n_parts)


def two_counts(n_samples: object) -> tuple[int, int]:
    """Read ``n_samples`` of a generator with two parts: a total, or a pair of numbers."""
    if not isinstance(n_samples, (tuple, list)):
        n_samples = check_count(n_samples)
        return n_samples // 2, n_samples - n_samples // 2
    if len(n_samples) != 2:
        raise ValueError(f"n_samples must be an int or a pair of ints (it had {len(n_samples)} entries)")
    first, second = (check_number(n, f"n_samples[{i}]", low=0, integer=True) for i, n in enumerate(n_samples))
    if first + second == 0:
        raise ValueError("n_samples must ask for at least 1 point (it was (0, 0))")
    return first, second


def finish(
    X: np.ndarray, y: np.ndarray, noise: float, rng: np.random.Generator, shuffle: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Shuffle the rows if wanted, then add Gaussian noise of standard deviation ``noise`` to every coordinate."""
    if shuffle:
        order = rng.permutation(len(X))
        X, y = X[order], y[order]
    return (X + noise * rng.standard_normal(X.shape) if noise else X), y


def random_directions(n_samples: int, n_features: int, rng: np.random.Generator) -> np.ndarray:
    """Draw unit vectors, uniform on the sphere: normalised Gaussian vectors, whose density knows no direction."""
    vectors = rng.standard_normal((n_samples, n_features))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
