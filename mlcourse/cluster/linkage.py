"""Trees of merges: from single points to one cluster, the nearest two clusters at a time.

How near two clusters are is what the linkage says.  After a merge, the distances to the new cluster
follow from those to its two parts (Lance and Williams), so that the points are not needed again.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_choice, check_number
from mlcourse.cluster._dissimilarities import distances_to_the_rest, pairwise

__all__ = ["cut_tree", "leaf_order", "linkage_tree"]

LINKAGES = ("ward", "complete", "average", "single")


def linkage_tree(
    X: ArrayLike, linkage: str = "ward", metric: str | Callable = "euclidean"
) -> tuple[np.ndarray, np.ndarray]:
    """Merge the nearest two clusters, again and again, until there is one.

    With the distance d between points, that between clusters A and B of n_A and n_B points is
    for "single" the least d(a, b), for "complete" the greatest, for "average" their mean over all
    pairs a ∈ A, b ∈ B; for "ward" √(2 n_A n_B / (n_A + n_B)) times the Euclidean distance of the
    means: half its square is what the merge adds to the sum of squares within the clusters.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        The data, two points or more; or their distances (n_samples, n_samples), if `metric` is
        "precomputed".
    linkage : {"ward", "complete", "average", "single"}, default="ward"
        How near two clusters are.
    metric : str or callable, default="euclidean"
        How near two points are: "euclidean" (or "l2"), "manhattan" ("l1", "cityblock"), "cosine",
        "precomputed", or a function that gives the matrix of distances for X.  Ward's linkage needs
        the first.

    Returns
    -------
    children : array of int, shape (n_samples − 1, 2)
        The two nodes of each merge, the smaller number first.  Node i < n_samples is point i; node
        n_samples + i is made by merge i.
    heights : array of shape (n_samples − 1,)
        The distance at each merge, ascending, in the unit of the data.

    Raises
    ------
    ValueError
        If there is one point only, distances are not symmetric, or linkage and metric do not fit.

    Notes
    -----
    Time O(n²) beside that of the distances: by chains of nearest neighbours (F. Murtagh 1983), for
    single linkage by a minimum spanning tree (J. C. Gower and G. J. S. Ross 1969).  Memory: the
    matrix of distances, 8 n² bytes, and a quarter more; a given matrix is copied, and three more
    come and go while it is checked.  Single linkage of up to 8 features needs no matrix.  Where
    distances tie, another order of the points may give another tree.

    References
    ----------
    G. N. Lance and W. T. Williams (1967), A general theory of classificatory sorting strategies.
    J. H. Ward (1963), Hierarchical grouping to optimize an objective function.
    D. Müllner (2011), Modern hierarchical, agglomerative clustering algorithms, figure 3.

    Examples
    --------
    >>> children, heights = linkage_tree([[0.0], [1.0], [5.0], [7.0]], linkage="single")
    >>> children
    array([[0, 1],
           [2, 3],
           [4, 5]])
    >>> heights
    array([1., 2., 4.])
    """
    check_choice(linkage, "linkage", LINKAGES)
    euclidean = isinstance(metric, str) and metric in ("euclidean", "l2")
    if linkage == "ward" and not euclidean:
        raise ValueError(
            f'linkage="ward" needs metric="euclidean", for it is about means (it was {metric!r})'
        )
    squared = euclidean and linkage != "average"  # the order of squares is that of the distances
    if linkage == "single":
        ends, heights = _spanning_tree(*distances_to_the_rest(X, metric, squared=squared))
    else:
        ends, heights = _chains(pairwise(X, metric, squared=squared), linkage)
    if squared:
        heights = np.sqrt(np.maximum(heights, 0))  # of duplicates, rounding can leave −1e-16 for 0
    order = np.argsort(heights, kind="stable")
    return _numbered(ends[order]), heights[order]


def _spanning_tree(take: Callable[[int], np.ndarray], n: int) -> tuple[np.ndarray, np.ndarray]:
    """Edges of a minimum spanning tree (Prim): the point nearest to the tree joins it, n − 1 times.

    `take` is that of `distances_to_the_rest`.  An edge is given from the point that joined before,
    wherever it truly begins: below its height, both are in one cluster already.
    """
    ends, heights = np.empty((n - 1, 2), dtype=np.intp), np.empty(n - 1)
    nearest = np.full(n, np.inf)
    new = 0
    for i in range(n - 1):
        nearest[new] = np.inf
        np.minimum(nearest, take(new), out=nearest)
        ends[i] = new, nearest.argmin()
        new = ends[i, 1]
        heights[i] = nearest[new]
    return ends, heights


def _chains(D: np.ndarray, linkage: str) -> tuple[np.ndarray, np.ndarray]:
    """Merges found by following nearest neighbours until two are each other's; overwrites D.

    A merge never brings clusters nearer to others (the linkages are reducible), so two that are
    each other's nearest can be merged at once, and the rest of the chain remains a chain.
    """
    n = len(D)
    np.fill_diagonal(D, np.inf)
    names = np.arange(n)  # a point of the cluster in each row of D
    sizes, merged = np.ones(n), np.zeros(n)  # merged: infinity for rows that are no more
    buffers = np.empty((3, n))
    ends, heights = np.empty((n - 1, 2), dtype=np.intp), np.empty(n - 1)
    chain: list[int] = []
    for merge in range(n - 1):
        if not chain:
            chain.append(int(merged.argmin()))
        while True:
            row = np.add(D[chain[-1]], merged, out=buffers[0])
            nearest = int(row.argmin())
            # The one before has precedence among equals: no chain runs in a circle.
            if len(chain) > 1 and row[nearest] >= row[chain[-2]]:
                break
            chain.append(nearest)
        i, j = sorted((chain.pop(), chain.pop()))
        ends[merge] = names[i], names[j]
        heights[merge] = between = D[i, j]
        new = lance_williams(D[i], D[j], between, sizes[i], sizes[j], sizes, linkage, buffers)
        new[j] = np.inf
        D[j] = D[:, j] = new
        sizes[j] += sizes[i]
        merged[i] = np.inf
        left = n - merge - 1
        if 64 < 2 * left <= len(D):  # half the rows are no more: short ones are quicker to search
            kept = np.flatnonzero(merged == 0)
            chain = np.searchsorted(kept, chain).tolist()
            D, names, sizes, merged = D[np.ix_(kept, kept)], names[kept], sizes[kept], merged[kept]
            buffers = buffers[:, :left]
    return ends, heights


def lance_williams(
    to_a: np.ndarray,
    to_b: np.ndarray,
    between: float,
    size_a: float,
    size_b: float,
    sizes: np.ndarray,
    linkage: str,
    buffers: np.ndarray | None = None,
) -> np.ndarray:
    """Distances from the union of clusters a and b to others, from those of a and of b.

    Parameters
    ----------
    to_a, to_b : array of shape (n,)
        Distances of a, and of b, to the others; for Ward's linkage all distances are squared.
    between : float
        The distance between a and b.
    size_a, size_b : float
        Their numbers of points.
    sizes : array of shape (n,)
        Those of the others.
    linkage : str
        "ward": ((|A| + |C|) d_AC + (|B| + |C|) d_BC − |C| d_AB) / (|A| + |B| + |C|); "average":
        (|A| d_AC + |B| d_BC) / (|A| + |B|); "complete": the greater, "single": the less of the two.
    buffers : array of shape (3, n), default=None
        Room to work in; the result is the first of them.

    Returns
    -------
    array of shape (n,)
    """
    out, other, third = np.empty((3, len(to_a))) if buffers is None else buffers
    if linkage == "complete":
        return np.maximum(to_a, to_b, out=out)
    if linkage == "single":
        return np.minimum(to_a, to_b, out=out)
    if linkage == "average":
        np.multiply(to_a, size_a / (size_a + size_b), out=out)
        np.multiply(to_b, size_b / (size_a + size_b), out=other)
        return np.add(out, other, out=out)
    np.multiply(np.add(sizes, size_a, out=third), to_a, out=out)
    np.multiply(np.add(sizes, size_b, out=third), to_b, out=other)
    np.add(out, other, out=out)
    np.subtract(out, np.multiply(sizes, between, out=other), out=out)
    return np.divide(out, np.add(third, size_a, out=third), out=out)


def _numbered(ends: np.ndarray) -> np.ndarray:
    """Merges as pairs of nodes, from merges as pairs of points in the two clusters."""
    n = len(ends) + 1
    parent = list(range(2 * n - 1))

    def root(node: int) -> int:
        top = node
        while parent[top] != top:
            top = parent[top]
        while parent[node] != top:  # the next search is short
            parent[node], node = top, parent[node]
        return top

    children = np.empty((n - 1, 2), dtype=np.intp)
    for i, (a, b) in enumerate(ends.tolist()):
        children[i] = a, b = sorted((root(a), root(b)))
        parent[a] = parent[b] = n + i
    return children


def cut_tree(children: ArrayLike, n_clusters: int) -> np.ndarray:
    """Undo the last merges of a tree, so that `n_clusters` clusters are left.

    Parameters
    ----------
    children : array_like of int, shape (n_samples − 1, 2)
        The tree, as `linkage_tree` gives it.
    n_clusters : int
        How many clusters, from 1 to n_samples.

    Returns
    -------
    array of int, shape (n_samples,)
        The cluster of each point, numbered by their first points: point 0 is in cluster 0.

    Examples
    --------
    >>> cut_tree([[0, 1], [2, 3], [4, 5]], n_clusters=2)
    array([0, 0, 1, 1])
    """
    children = _check_tree(children)
    n = len(children) + 1
    n_clusters = check_number(
        n_clusters, "n_clusters", low=1, high=n, high_name="n_samples", integer=True
    )
    top = np.arange(2 * n - 1)
    for i in range(n - n_clusters - 1, -1, -1):  # from the top down: parents know first
        top[children[i]] = top[n + i]
    _, first, labels = np.unique(top[:n], return_index=True, return_inverse=True)
    rank = np.empty(n_clusters, dtype=np.intp)
    rank[np.argsort(first)] = np.arange(n_clusters)
    return rank[labels]


def leaf_order(children: ArrayLike) -> np.ndarray:
    """Order the points so that a drawing of the tree has no crossings.

    Parameters
    ----------
    children : array_like of int, shape (n_samples − 1, 2)
        The tree, as `linkage_tree` gives it.

    Returns
    -------
    array of int, shape (n_samples,)
        The points from left to right: those of each node side by side, its first child's first.

    Examples
    --------
    >>> leaf_order([[1, 3], [0, 2], [4, 5]])
    array([1, 3, 0, 2])
    """
    children = _check_tree(children)
    n = len(children) + 1
    order, open_nodes = [], [2 * n - 2]
    while open_nodes:
        node = open_nodes.pop()
        if node < n:
            order.append(node)
        else:
            open_nodes += children[node - n, ::-1].tolist()
    return np.array(order, dtype=np.intp)


def _check_tree(children: ArrayLike) -> np.ndarray:
    tree = np.asarray(children)
    if good := tree.ndim == 2 and tree.shape[1] == 2 and len(tree) > 0 and tree.dtype.kind in "iu":
        n = len(tree) + 1
        good = (np.sort(tree, axis=None) == np.arange(2 * n - 2)).all()
        good = good and (tree.max(axis=1) < np.arange(n, 2 * n - 1)).all()
    if not good:
        raise ValueError(
            "children must be the merges of a tree, (n_samples - 1, 2): every node but the last "
            f"once, and after the merge that makes it (it was {children!r:.80})"
        )
    return tree.astype(np.intp, copy=False)
