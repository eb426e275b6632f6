"""How good is a result? How far to believe a map, what one sees in it, and how good a clustering is."""

from mlcourse.metrics.agreement import neighbor_agreement
from mlcourse.metrics.appearance import (
    center_distances,
    clark_evans_index,
    cluster_widths,
    convex_hull_area,
    largest_gap,
)
from mlcourse.metrics.clustering import (
    adjusted_rand_score,
    contingency_matrix,
    normalized_mutual_info_score,
    pair_confusion_matrix,
    rand_score,
)
from mlcourse.metrics.compactness import (
    calinski_harabasz_score,
    davies_bouldin_score,
    within_cluster_sum_of_squares,
)
from mlcourse.metrics.curves import count_crossings, straightness
from mlcourse.metrics.embedding import (
    continuity,
    neighbor_ranks,
    neighborhood_preservation,
    one_nn_accuracy,
    trustworthiness,
)
from mlcourse.metrics.gap import GapResult, gap_statistic
from mlcourse.metrics.silhouette import silhouette_samples, silhouette_score

__all__ = [
    "GapResult",
    "adjusted_rand_score",
    "calinski_harabasz_score",
    "center_distances",
    "clark_evans_index",
    "cluster_widths",
    "contingency_matrix",
    "continuity",
    "convex_hull_area",
    "count_crossings",
    "davies_bouldin_score",
    "gap_statistic",
    "largest_gap",
    "neighbor_agreement",
    "neighbor_ranks",
    "neighborhood_preservation",
    "normalized_mutual_info_score",
    "one_nn_accuracy",
    "pair_confusion_matrix",
    "rand_score",
    "silhouette_samples",
    "silhouette_score",
    "straightness",
    "trustworthiness",
    "within_cluster_sum_of_squares",
]
