"""t-SNE as an estimator."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_choice, check_number
from mlcourse.manifold._embedding import _NeighborEmbedding
from mlcourse.manifold._objectives import StudentObjective

__all__ = ["TSNE"]


class TSNE(_NeighborEmbedding):
    """t-distributed stochastic neighbour embedding.

    Minimises KL(P‖Q) between the symmetrised affinities p_ij of the data (eq-symmetrised) and
    Student's t in the map (eq-student), by gradient descent (eq-tsne-gradient) with momentum (0.5,
    from step 250 on 0.8), gains and early exaggeration: scikit-learn's schedule.

    t-SNE multiplies the smallest differences, so the affinities and the start are rounded to single
    precision, and the descent with one degree of freedom uses only operations that IEEE 754 defines
    to the last bit: the map does not change with the processor, the BLAS or the number of threads
    (save in the rare case that a value lies on the edge of rounding, and with more data than
    n_samples² · n_features = 2^28, whose distances take a matrix product).

    Parameters
    ----------
    n_components : int, default=2
        Dimensions of the map.
    perplexity : float, default=30.0
        Effective number of neighbours, 1 <= perplexity <= n_samples - 1; perplexity 1 is the limit
        in which the nearest neighbour has everything.
    early_exaggeration : float, default=12.0
        Factor of the affinities in the first 250 steps, >= 1.
    early_compression : float, default=0.0
        Weight of the penalty early_compression · Σ‖y_i‖² in the first 250 steps, >= 0: it keeps the
        map small, so that points can pass each other (van der Maaten and Hinton 2008, §3.4).
    learning_rate : float or "auto", default="auto"
        > 0; "auto" is max(n_samples / early_exaggeration / 4, 50), scikit-learn's choice after
        Belkina et al.: their gradient has no factor 4, and n_samples / early_exaggeration is
        n_samples / 12.
    max_iter : int, default=1000
        Largest number of steps, the first 250 included.
    n_iter_without_progress : int, default=300
        After the first 250 steps and at every 50th, the descent stops when the divergence has
        found no new minimum for more than this number of steps.
    min_grad_norm : float, default=1e-7
        The descent also stops when the gradient's norm is not above this.  Reaching `max_iter` is no failure and gives
        no warning, as in scikit-learn: after it the map still moves a little.
    init : {"pca", "random"} or array of shape (n_samples, n_components), default="pca"
        Start: the first principal components, scaled so that the first has the standard deviation
        1e-4; Gaussian noise of that size; or any map, of which only the centre is moved, to 0
        (so several methods can begin with the same one).  It is rounded to single precision.
    method : {"exact"}, default="exact"
        All pairs, O(n²) time and memory: 25 n² bytes during the descent (half of it if X is
        float32), 60 n² bytes while the affinities are found.
    degrees_of_freedom : float, default=1.0
        ν > 0 of Student's t; towards 0 the tail gets heavier, towards infinity the map becomes
        symmetric SNE's, √2 times as large.  (scikit-learn takes max(n_components - 1, 1).)
    verbose : int, default=0
        If not 0, a line is printed every 50 steps.
    random_state : int, Generator, RandomState or None, default=None
        For the random start.

    Attributes
    ----------
    embedding_ : array of shape (n_samples, n_components)
        The map.
    kl_divergence_ : float
        KL(P‖Q) at the end, in nats.
    n_iter_ : int
        Number of steps done.
    learning_rate_ : float
        The learning rate that was used.
    n_features_in_ : int
        Number of features of X.

    See Also
    --------
    mlcourse.manifold.kl_divergence_and_gradient : The divergence and gradient, as the page has them.
    mlcourse.manifold.descend : The descent.

    Notes
    -----
    X of type float32 is computed with in single precision, in about 60 % of the time.  If all points
    of X are equal, so are those of the map (unless init="random").

    References
    ----------
    L. van der Maaten and G. Hinton (2008), Visualizing data using t-SNE;
    A. C. Belkina et al. (2019), Automated optimized parameters for t-distributed stochastic
    neighbor embedding (learning rate);
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
        early_compression: float = 0.0,
        learning_rate: float | str = "auto",
        max_iter: int = 1000,
        n_iter_without_progress: int = 300,
        min_grad_norm: float = 1e-7,
        init: str | ArrayLike = "pca",
        method: str = "exact",
        degrees_of_freedom: float = 1.0,
        verbose: int = 0,
        random_state: int | np.random.Generator | None = None,
    ):
        self.n_components = n_components
        self.perplexity = perplexity
        self.early_exaggeration = early_exaggeration
        self.early_compression = early_compression
        self.learning_rate = learning_rate
        self.max_iter = max_iter
        self.n_iter_without_progress = n_iter_without_progress
        self.min_grad_norm = min_grad_norm
        self.init = init
        self.method = method
        self.degrees_of_freedom = degrees_of_freedom
        self.verbose = verbose
        self.random_state = random_state

    def _objective(self, P: np.ndarray) -> StudentObjective:
        check_choice(self.method, "method", ("exact",))
        nu = check_number(self.degrees_of_freedom, "degrees_of_freedom", low=0, closed="right")
        return StudentObjective(P, nu)

    def _descent_options(self) -> dict[str, float]:
        return {"compression": check_number(self.early_compression, "early_compression", low=0)}

    def _auto_learning_rate(self, n_samples: int) -> float:
        return max(n_samples / self.early_exaggeration / 4, 50.0)
