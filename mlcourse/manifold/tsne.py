"""t-SNE as an estimator."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_choice, check_number
from mlcourse.manifold._embedding import _NeighborEmbedding
from mlcourse.manifold._objectives import StudentObjective
from mlcourse.manifold.dense import DenseGradient
from mlcourse.manifold.fft_gradient import FFTGradient
from mlcourse.manifold.sparse_affinities import (
    joint_neighbor_probabilities,
    neighbor_probabilities,
)
from mlcourse.neighbors import nearest_neighbors
from mlcourse.progress import Progress

__all__ = ["TSNE"]

_GAUSSIAN = 1000  # degrees of freedom beyond which "dense" loses digits
_FEWEST = 50  # points that the mesh needs
_FEW = 1000  # points up to which all pairs are faster than a mesh


class TSNE(_NeighborEmbedding):
    """t-distributed stochastic neighbour embedding.

    Minimises KL(P‖Q) between the symmetrised affinities p_ij of the data (eq-symmetrised) and
    Student's t in the map (eq-student), by gradient descent (eq-tsne-gradient) with momentum,
    gains and early exaggeration.

    Parameters
    ----------
    n_components : int, default=2
        Dimensions of the map.
    perplexity : float, default=30.0
        Effective number of neighbours, 1 <= perplexity <= n_samples - 1; perplexity 1 is the limit
        in which the nearest neighbour has everything.
    early_exaggeration : float, default=12.0
        Factor of the affinities in the early phase, >= 1.
    early_exaggeration_iter : int, default=250
        Steps of the early phase, >= 0.
    early_compression : float, default=0.0
        Weight of the penalty early_compression · Σ‖y_i‖² in the early phase, >= 0: it keeps the
        map small, so that points can pass each other (van der Maaten and Hinton 2008, §3.4).
    learning_rate : float, pair of floats or "auto", default="auto"
        > 0; a pair: in the early phase and after it.  "auto" is
        max(n_samples / early_exaggeration / 4, 50), scikit-learn's choice after Belkina et al.:
        their gradient has no factor 4, and n_samples / early_exaggeration is n_samples / 12.
    momentum : float or pair of floats, default=(0.5, 0.8)
        0 <= momentum < 1; a pair: in the early phase and after it.
    max_step_norm : float, default=None
        > 0; a longer step of a point is shortened to this length, in units of the map.
    max_iter : int, default=1000
        Largest number of steps, the early phase included.  Reaching it is no failure and gives no
        warning, as in scikit-learn: after it the map still moves a little.
    n_iter_without_progress : int, default=300
        After the early phase and at every 50th step, the descent stops when the divergence has
        found no new minimum for more than this number of steps.
    min_grad_norm : float, default=1e-7
        At the same steps the descent also stops when the gradient's norm is not above this.
    init : {"pca", "random"} or array of shape (n_samples, n_components), default="pca"
        Start: the first principal components, scaled so that the first has the standard deviation
        1e-4; Gaussian noise of that size; or any map, of which only the centre is moved, to 0
        (so several methods can begin with the same one).  It is rounded to single precision.
    method : {"auto", "fft", "dense", "exact"}, default="auto"
        "fft": P on the ⌈3 · perplexity⌉ nearest neighbours, attraction along these edges,
        repulsion from a mesh by a Fourier transform.  O(n · perplexity + M log M) time a step for M
        mesh points, nearly proportional to n, after O(n² n_features) once for the neighbours; O(n)
        memory (at perplexity 30 at most about 10 kB a point).  One or two components, and at least
        50 points.

        "dense": the same P, all pairs of the map by matrix products.  O(n²) time a step and
        4 n² bytes; the fastest for some hundred points.

        "exact": P of all pairs as well, O(n²) time and memory (25 n² bytes during the descent,
        60 n² before it; during the descent half of it if X is float32).  For X of float64 all is
        computed in double precision.  See the notes on what makes it reproducible.

        With "fft" and "dense" a point that coincides with more than ⌈3 · perplexity⌉ others has its
        affinity to that many of them.

        "auto": "dense" up to 1,000 points or with more than two components ("exact" if there are
        more than 1,000 degrees of freedom), otherwise "fft".
    mesh_step : float, default=0.45
        Of "fft": largest distance of mesh points in units of the kernel's width, > 0
        (`MeshRepulsion` quotes the errors).  In the plane the transform's time grows as
        1/mesh_step².
    weak_edge_period : int, default=8
        Of "fft": the weak edges of P are looked at every so many steps, >= 1 (`SparseAttraction`
        says which and quotes the errors); 1 is exact.
    degrees_of_freedom : float, default=1.0
        ν > 0 of Student's t; towards 0 the tail gets heavier, towards infinity the map becomes
        symmetric SNE's, √2 times as large.  (scikit-learn takes max(n_components - 1, 1).)
    verbose : int, default=0
        1: a progress bar if the package tqdm is installed, lines if not; 2: lines.
    callback : callable, default=None
        Called with a `mlcourse.progress.Progress` every `callback_every` steps and at the last; the
        descent ends if it returns True.
    callback_every : int, default=50
        Steps between two calls, and between two reports of `verbose`.
    random_state : int, Generator, RandomState or None, default=None
        For the random start.

    Attributes
    ----------
    embedding_ : array of shape (n_samples, n_components)
        The map.
    kl_divergence_ : float
        KL(P‖Q) at the end, in nats; of the P that the method has, so that "exact" is not to be
        compared with the others.
    method_ : {"fft", "dense", "exact"}
        The method that was used.
    n_iter_ : int
        Number of steps done.
    learning_rate_ : float or pair of floats
        The learning rate that was used.
    n_features_in_ : int
        Number of features of X.

    See Also
    --------
    mlcourse.manifold.kl_divergence_and_gradient : The divergence and gradient, as the page has them.
    mlcourse.manifold.FFTGradient, mlcourse.manifold.DenseGradient : The fast forms.
    mlcourse.manifold.descend : The descent.

    Notes
    -----
    What happens with "fft": `nearest_neighbors`, `neighbor_probabilities` and
    `joint_neighbor_probabilities` make P; `FFTGradient`, which is `SparseAttraction` and
    `MeshRepulsion`, gives the gradient; `descend` goes down.

    t-SNE amplifies the smallest differences.  With "exact" the affinities and the start are rounded
    to single precision, and the descent with one degree of freedom uses only operations that
    IEEE 754 defines to the last bit: the map does not change with the processor, the BLAS or the
    number of threads (save in the rare case that a value lies on the edge of rounding, and with
    more data than n_samples² · n_features = 2^28, whose distances take a matrix product).  With the
    other methods two machines draw maps of the same quality that differ as if from another seed.

    "fft" and "dense" compute in single precision whatever X is; the states of `steps` have it.  If
    all points of X are equal, so are those of the map (unless init="random").

    References
    ----------
    L. van der Maaten and G. Hinton (2008), Visualizing data using t-SNE;
    L. van der Maaten (2014), Accelerating t-SNE using tree-based algorithms (3 · perplexity
    neighbours);
    G. C. Linderman et al. (2019), Fast interpolation-based t-SNE for improved visualization of
    single-cell RNA-seq data ("fft");
    A. C. Belkina et al. (2019), Automated optimized parameters for t-distributed stochastic
    neighbor embedding improve visualization and analysis of large datasets (learning rate);
    D. Kobak and P. Berens (2019), The art of using t-SNE for single-cell transcriptomics (PCA
    start); Z. Yang et al. (2009) and L. van der Maaten (2009) (degrees of freedom).

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(20, 5))
    >>> TSNE(perplexity=5, max_iter=300).fit_transform(X).shape
    (20, 2)
    """

    _dtypes = (np.float64, np.float32)
    _preserves_dtype = ("float64", "float32")

    def __init__(
        self,
        n_components: int = 2,
        *,
        perplexity: float = 30.0,
        early_exaggeration: float = 12.0,
        early_exaggeration_iter: int = 250,
        early_compression: float = 0.0,
        learning_rate: float | tuple[float, float] | str = "auto",
        momentum: float | tuple[float, float] = (0.5, 0.8),
        max_step_norm: float | None = None,
        max_iter: int = 1000,
        n_iter_without_progress: int = 300,
        min_grad_norm: float = 1e-7,
        init: str | ArrayLike = "pca",
        method: str = "auto",
        mesh_step: float = 0.45,
        weak_edge_period: int = 8,
        degrees_of_freedom: float = 1.0,
        verbose: int = 0,
        callback: Callable[[Progress], bool | None] | None = None,
        callback_every: int = 50,
        random_state: int | np.random.Generator | None = None,
    ):
        self.n_components = n_components
        self.perplexity = perplexity
        self.early_exaggeration = early_exaggeration
        self.early_exaggeration_iter = early_exaggeration_iter
        self.early_compression = early_compression
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.max_step_norm = max_step_norm
        self.max_iter = max_iter
        self.n_iter_without_progress = n_iter_without_progress
        self.min_grad_norm = min_grad_norm
        self.init = init
        self.method = method
        self.mesh_step = mesh_step
        self.weak_edge_period = weak_edge_period
        self.degrees_of_freedom = degrees_of_freedom
        self.verbose = verbose
        self.callback = callback
        self.callback_every = callback_every
        self.random_state = random_state

    def _objective_of_data(self, X: np.ndarray, dtype: np.dtype) -> Callable:
        nu = check_number(self.degrees_of_freedom, "degrees_of_freedom", low=0, closed="right")
        mesh_step = check_number(self.mesh_step, "mesh_step", low=0, closed="right")
        period = check_number(self.weak_edge_period, "weak_edge_period", low=1, integer=True)
        method = check_choice(self.method, "method", ("auto", "fft", "dense", "exact"))
        if method == "auto":
            method = "dense" if len(X) <= _FEW or self.n_components > 2 else "fft"
            if method == "dense" and nu > _GAUSSIAN:
                method = "exact"
        if method == "fft" and self.n_components > 2:
            raise ValueError(
                'method="fft" makes maps of one or two dimensions (n_components was '
                f'{self.n_components}); method="dense" makes others'
            )
        if method == "fft" and len(X) < _FEWEST:
            raise ValueError(
                f'method="fft" needs n_samples >= {_FEWEST}: the mesh errs by more than the few '
                f'points there are repel each other (n_samples was {len(X)}); '
                'method="auto" takes all pairs'
            )
        self.method_ = method
        if method == "exact":
            return StudentObjective(self._affinities(X).astype(dtype, copy=False), nu)
        n_neighbors = min(len(X) - 1, math.ceil(3 * self.perplexity))
        neighbors, sq_distances = nearest_neighbors(X, n_neighbors)
        P = joint_neighbor_probabilities(
            neighbors, neighbor_probabilities(sq_distances, self.perplexity)
        )
        if method == "dense":
            return DenseGradient(P, nu)
        return FFTGradient(
            P,
            self.n_components,
            degrees_of_freedom=nu,
            mesh_step=mesh_step,
            weak_edge_period=period,
        )

    def _descent_options(self) -> dict[str, Any]:
        return {
            "compression": check_number(self.early_compression, "early_compression", low=0),
            "momentum": self.momentum,
            "max_step_norm": self.max_step_norm,
        }

    def _auto_learning_rate(self, n_samples: int) -> float:
        return max(n_samples / self.early_exaggeration / 4, 50.0)
