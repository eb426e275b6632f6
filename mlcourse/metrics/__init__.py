"""How good is a result? So far: how far to believe a map, and what one sees in it."""

from mlcourse.metrics.agreement import neighbor_agreement
from mlcourse.metrics.appearance import (
    center_distances,
    clark_evans_index,
    cluster_widths,
    convex_hull_area,
    largest_gap,
)
from mlcourse.metrics.curves import count_crossings, straightness
from mlcourse.metrics.embedding import (
    continuity,
    neighbor_ranks,
    neighborhood_preservation,
    one_nn_accuracy,
    trustworthiness,
)

__all__ = [
    "center_distances",
    "clark_evans_index",
    "cluster_widths",
    "continuity",
    "convex_hull_area",
    "count_crossings",
    "largest_gap",
    "neighbor_agreement",
    "neighbor_ranks",
    "neighborhood_preservation",
    "one_nn_accuracy",
    "straightness",
    "trustworthiness",
]
