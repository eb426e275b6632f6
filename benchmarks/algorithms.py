"""What is measured against what. A ratio counts only at the same quality, which each row states."""

from collections.abc import Iterator

import numpy as np

from benchmarks.pairs import Pair


def pca() -> Iterator[Pair]:
    """Principal components of correlated points."""
    import sklearn.decomposition

    from mlcourse.decomposition import PCA

    rng = np.random.default_rng(0)
    X = rng.normal(size=(20_000, 50)) @ rng.normal(size=(50, 50))

    def agreement(ours, theirs):
        return f"components differ by {np.abs(ours.components_ - theirs.components_).max():.0e}"

    yield Pair(
        "PCA, 20,000 × 50",
        "scikit-learn (full SVD)",
        lambda: PCA(n_components=10).fit(X),
        lambda: sklearn.decomposition.PCA(n_components=10, svd_solver="full").fit(X),
        agreement,
        0.8,
    )


def tsne() -> Iterator[Pair]:
    """Maps of the digits after 1,000 iterations from the same kind of start (PCA), at perplexity 30."""
    import sklearn.manifold

    from mlcourse.datasets import load_digits
    from mlcourse.manifold import TSNE, conditional_probabilities, joint_probabilities, kl_divergence_and_gradient, squared_distances
    from mlcourse.metrics import neighborhood_preservation, trustworthiness

    def pair(n, method, target):
        X, _ = load_digits(n_samples=n, random_state=0, return_X_y=True)
        P = joint_probabilities(conditional_probabilities(squared_distances(X), perplexity=30))

        def quality(Y):
            Y = np.asarray(Y, dtype=float)
            divergence, _ = kl_divergence_and_gradient(P, Y)
            return f"KL {divergence:.3f}, 10-NN {neighborhood_preservation(X, Y, n_neighbors=10):.3f}, trust {trustworthiness(X, Y):.3f}"

        common = {"perplexity": 30, "init": "pca", "random_state": 0, "max_iter": 1000, "learning_rate": "auto"}
        return Pair(
            f"t-SNE, {n:,} digits",
            f"scikit-learn ({method.replace('_', '–')})",
            lambda: TSNE(**common, n_iter_without_progress=1000).fit_transform(X),
            lambda: sklearn.manifold.TSNE(**common, n_iter_without_progress=1000, min_grad_norm=0, method=method).fit_transform(X),
            lambda ours, theirs: f"ours {quality(ours)}; theirs {quality(theirs)}",
            target,
        )

    for n, target in ((300, 0.18), (500, 0.20), (1797, 0.27)):
        yield pair(n, "barnes_hut", target)
    yield pair(500, "exact", None)


ALL = {"pca": pca, "tsne": tsne}
