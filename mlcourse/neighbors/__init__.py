"""Who is near whom."""

from mlcourse.neighbors.brute import nearest_neighbors

__all__ = ["nearest_neighbors"]
