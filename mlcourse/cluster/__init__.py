"""Groups without labels: k-means, its starting centres, and trees of merges."""

from mlcourse.cluster.agglomerative import AgglomerativeClustering
from mlcourse.cluster.kmeans import KMeans
from mlcourse.cluster.linkage import cut_tree, leaf_order, linkage_tree
from mlcourse.cluster.lloyd import KMeansState, assign_labels, inertia, lloyd, update_centers
from mlcourse.cluster.seeding import SeedingState, d2_probabilities, kmeans_plusplus, seeding_steps

__all__ = [
    "AgglomerativeClustering",
    "KMeans",
    "KMeansState",
    "SeedingState",
    "assign_labels",
    "cut_tree",
    "d2_probabilities",
    "inertia",
    "kmeans_plusplus",
    "leaf_order",
    "linkage_tree",
    "lloyd",
    "seeding_steps",
    "update_centers",
]
