"""What is measured against what: the tables and their rows. A ratio counts only at the same quality, which each row states."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.clustering import AS_GOOD, FEATURES, kmeans
from benchmarks.clustering import CLOSE as SAME_INERTIA
from benchmarks.eigenmaps import CLOSE, SAME_DISTANCES, eigenmaps
from benchmarks.maps import MANY, SOME
from benchmarks.mixtures import CLOSE as SAME_LIKELIHOOD
from benchmarks.mixtures import mixture
from benchmarks.optimizers import ALPHA, OUR_RATE, STRENGTH, THEIR_RATE, THEIR_TOL, WORSE, optimizers
from benchmarks.optimizers import CLOSE as SAME_OBJECTIVE
from benchmarks.pairs import Agreement, Contest, Pair
from benchmarks.silhouettes import SAME as SAME_SILHOUETTES
from benchmarks.silhouettes import silhouettes
from benchmarks.trees import CLOSE as SAME_HEIGHTS
from benchmarks.trees import N_CLUSTERS, agglomerative
from benchmarks.tsne import BARNES_HUT, slider, tsne


@dataclass(frozen=True)
class Table:
    """Rows that belong together.

    Parameters
    ----------
    title : str
        Their heading.
    note : str
        What they have in common.
    rows : callable
        Yields them; what is costly happens only when a row is prepared.
    """

    title: str
    note: str
    rows: Callable[[], Iterator[Pair]]


def pca() -> Iterator[Pair]:
    """Principal components of correlated points.

    Yields
    ------
    Pair
        The only row.
    """

    def prepare() -> Contest:
        import sklearn.decomposition

        from mlcourse.decomposition import PCA

        rng = np.random.default_rng(0)
        X = rng.normal(size=(20_000, 50)) @ rng.normal(size=(50, 50))

        def agree(ours, theirs):
            return Agreement({"components differ by": f"{max(np.abs(a - b).max() for a, b in zip(ours, theirs)):.0e}"})

        return Contest(
            inputs=lambda k: X,
            ours=lambda X: PCA(n_components=10).fit(X),
            theirs=lambda X: sklearn.decomposition.PCA(n_components=10, svd_solver="full").fit(X),
            judge=lambda X, fitted: fitted.components_,
            agree=agree,
        )

    yield Pair("20,000 × 50", "scikit-learn (full SVD)", 20_000, prepare, target=0.8)


ALL = {
    "tsne": Table(
        "t-SNE",
        "Perplexity 30 and a PCA start; the mixture is of ten Gaussians in 50 dimensions. Against scikit-learn's Barnes–Hut method: "
        "1,000 steps by the defaults, without stopping early. Against openTSNE: its own schedule of 250 + 500 steps, learning rates and "
        "momentum, and the faster of its methods (Barnes–Hut below "
        f"{BARNES_HUT:,} points, the Fourier transform from there on). Of both maps, ours / theirs: KL(P‖Q) with the same sparse P "
        "and the exact normaliser; the share of the ten nearest neighbours that the map keeps (10-NN); and trustworthiness (of ten "
        f"neighbours; beyond {MANY:,} points an average over {SOME:,} rows). Quality holds if our KL is at most 1 % higher and the other "
        "two are at most 0.005 lower, on average over the pairs, each of which has its own order of the points.",
        tsne,
    ),
    "slider": Table(
        "t-SNE for a slider",
        "The run behind a slider takes fewer and larger steps than the full one, here the 1,000 steps by the defaults. Quality holds if "
        "it keeps as large a share of the ten nearest neighbours (10-NN, quick / full), within 0.005.",
        slider,
    ),
    "pca": Table("Principal components", "Ten components of correlated points.", pca),
    "eigenmaps": Table(
        "Classical MDS, Isomap and LLE",
        "Two components, by the defaults of both sides otherwise. The Swiss roll has noise of standard deviation 0.1. The digits "
        "have noise of 0.001, for pixels are whole numbers: distances would tie, and each side could take other neighbours. "
        f"Quality holds if no coordinate of the maps, which may be mirrored, differs by more than {CLOSE:.0e} of the largest one, and no path "
        f"of Isomap by more than {SAME_DISTANCES:.0e} of the longest.",
        eigenmaps,
    ),
    "kmeans": Table(
        "k-means",
        f"Overlapping Gaussian groups in {FEATURES} dimensions, as many as clusters are asked for. Lloyd's algorithm by the defaults of both sides, "
        "from the same points drawn at random, which change from pair to pair; scikit-learn's is its algorithm \"lloyd\". Quality holds if "
        f"the inertias differ by no more than {SAME_INERTIA:.0e} of them and the numbers of steps (ours / theirs) are equal. The greedy k-means++ "
        "draws its starts with other random numbers on either side; quality holds if the average inertia of ours is at most "
        f"{100 * (AS_GOOD - 1):.0f} % larger.",
        kmeans,
    ),
    "silhouette": Table(
        "Silhouettes",
        "Of Gaussian groups, by their true labels; columns are features. Quality holds if no silhouette differs by more than "
        f"{SAME_SILHOUETTES:.0e}.",
        silhouettes,
    ),
    "mixture": Table(
        "Gaussian mixtures",
        "Overlapping Gaussian groups, by the defaults of both sides from the same weights, means and precisions; the means are points drawn at "
        f"random, which change from pair to pair. Quality holds if the log-likelihoods differ by no more than {SAME_LIKELIHOOD:.0e} of them and "
        "the numbers of iterations are equal.",
        mixture,
    ),
    "agglomerative": Table(
        "Agglomerative clustering",
        f"The whole tree with its heights, cut into {N_CLUSTERS} clusters; the digits have noise of 0.001, so that no distances tie. Quality holds "
        f"if no height differs by more than {SAME_HEIGHTS:.0e} of itself and the clusters are the same.",
        agglomerative,
    ),
    "optimizers": Table(
        "Optimisers on logistic regression",
        "Gaussian features, labels drawn from the model, no intercept, everything starts from 0; the time of both sides includes the checks of "
        "the data. A pass of SGD looks at every example once, in an order that changes from pair to pair: ours in batches, scikit-learn's "
        f"SGDClassifier one by one, with a penalty of {ALPHA:g} and each with the best constant learning rate of 1, 2 and 5 times the powers of "
        f"ten ({OUR_RATE:g} and {THEIR_RATE:g}). Quality holds if the mean loss on the training set after it is at most "
        f"{100 * (WORSE - 1):.0f} % larger than theirs, on average. L-BFGS and Newton's method run with C = {STRENGTH:g} to "
        f"scikit-learn's tolerance of {THEIR_TOL['lbfgs']:g} and {THEIR_TOL['newton-cholesky']:g}; our L-BFGS until the gradient is as short as it is "
        f"where theirs ends. Quality holds if the objectives differ by no more than "
        f"{SAME_OBJECTIVE:.0e} of them.",
        optimizers,
    ),
}
