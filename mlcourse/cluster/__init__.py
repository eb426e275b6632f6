"""Groups without labels: k-means, its starting centres, and trees of merges."""

from mlcourse.cluster.kmeans import KMeans
from mlcourse.cluster.lloyd import KMeansState, assign_labels, inertia, lloyd, update_centers
from mlcourse.cluster.seeding import SeedingState, d2_probabilities, kmeans_plusplus, seeding_steps

__all__ = [
    "KMeans",
    "KMeansState",
    "SeedingState",
    "assign_labels",
    "d2_probabilities",
    "inertia",
    "kmeans_plusplus",
    "lloyd",
    "seeding_steps",
    "update_centers",
]
