"""A descent on all digits, of which several tests look at single maps."""

from types import SimpleNamespace

import pytest

from mlcourse.datasets import load_digits
from mlcourse.manifold import TSNE, joint_neighbor_probabilities, neighbor_probabilities
from mlcourse.neighbors import nearest_neighbors


@pytest.fixture(scope="session")
def digits_descent():
    """The sparse affinities of 1,797 digits, and the maps of a descent: maps[step], (n_samples, 2)."""
    X, labels = load_digits(return_X_y=True)
    indices, sq_distances = nearest_neighbors(X, 90)
    P = joint_neighbor_probabilities(indices, neighbor_probabilities(sq_distances, 30.0))
    options = {"method": "fft", "max_iter": 600, "weak_edge_period": 1}
    return SimpleNamespace(X=X, labels=labels, P=P, maps=[state.Y for state in TSNE(**options).steps(X)])
