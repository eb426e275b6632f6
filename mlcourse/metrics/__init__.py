"""How good is a result? So far: how far to believe a map."""

from mlcourse.metrics.embedding import (
    continuity,
    neighbor_ranks,
    neighborhood_preservation,
    one_nn_accuracy,
    trustworthiness,
)

__all__ = [
    "continuity",
    "neighbor_ranks",
    "neighborhood_preservation",
    "one_nn_accuracy",
    "trustworthiness",
]
