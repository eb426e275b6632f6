"""SNE, symmetric SNE and UNI-SNE as estimators; their maps have Gaussian affinities."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcourse._validation import check_number
from mlcourse.manifold._embedding import _NeighborEmbedding
from mlcourse.manifold._objectives import ConditionalObjective, UniformBackgroundObjective

__all__ = ["SNE", "UNISNE", "SymmetricSNE"]


class SymmetricSNE(_NeighborEmbedding):
    """Symmetric stochastic neighbour embedding: one joint distribution over all pairs.

    Minimises KL(P‖Q) with the symmetrised p_ij (eq-symmetrised) and Gaussian q_ij in the map.

    Parameters
    ----------
    n_components : int, default=2
        Dimensions of the map.
    perplexity : float, default=30.0
        Effective number of neighbours, 1 <= perplexity <= n_samples - 1; perplexity 1 is the limit
        in which the nearest neighbour has everything.
    early_exaggeration : float, default=1.0
        Factor of the affinities in the first 250 steps, >= 1.
    learning_rate : float or "auto", default="auto"
        > 0; "auto" is n_samples / 4 / early_exaggeration, about the step that takes a point to
        the weighted mean of its neighbours.
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
    noise : float, default=0.0
        Standard deviation of the noise that is added to the map in the first step; it falls
        to 0 over the first 250 steps (annealing).
    verbose : int, default=0
        Every 50 steps; 1: a progress bar if the package tqdm is installed, lines if not; 2: lines.
    random_state : int, Generator, RandomState or None, default=None
        For the random start and the noise.

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

    References
    ----------
    L. van der Maaten and G. Hinton (2008), Visualizing data using t-SNE, §3.1.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(20, 5))
    >>> SymmetricSNE(perplexity=5, max_iter=50).fit_transform(X).shape
    (20, 2)
    """

    def __init__(
        self,
        n_components: int = 2,
        *,
        perplexity: float = 30.0,
        early_exaggeration: float = 1.0,
        learning_rate: float | str = "auto",
        max_iter: int = 1000,
        n_iter_without_progress: int = 300,
        min_grad_norm: float = 1e-7,
        init: str | ArrayLike = "pca",
        noise: float = 0.0,
        verbose: int = 0,
        random_state: int | np.random.Generator | None = None,
    ):
        self.n_components = n_components
        self.perplexity = perplexity
        self.early_exaggeration = early_exaggeration
        self.learning_rate = learning_rate
        self.max_iter = max_iter
        self.n_iter_without_progress = n_iter_without_progress
        self.min_grad_norm = min_grad_norm
        self.init = init
        self.noise = noise
        self.verbose = verbose
        self.random_state = random_state

    def _objective(self, P: np.ndarray) -> UniformBackgroundObjective:
        return UniformBackgroundObjective(P)

    def _auto_learning_rate(self, n_samples: int) -> float:
        # The springs that pull at a point have the stiffness 4 Σ_j p_ij ≈ 4/n together.
        return n_samples / 4 / self.early_exaggeration

    def _descent_options(self) -> dict[str, Any]:
        return {"noise": self.noise}


class SNE(SymmetricSNE):
    """Stochastic neighbour embedding: every point's neighbours as a distribution of its own.

    Minimises Σ_i KL(P_i‖Q_i) (eq-sne-cost) with p(j|i) as in eq-conditional and Gaussians of one
    width in the map.  Parameters and attributes are those of `SymmetricSNE`, but for:

    Parameters
    ----------
    n_components, perplexity, early_exaggeration, max_iter, n_iter_without_progress, min_grad_norm,\
    init, noise, verbose, random_state
        See `SymmetricSNE`.
    learning_rate : float or "auto", default="auto"
        > 0; "auto" is 1/4 / early_exaggeration: the cost is about n times symmetric SNE's.

    Attributes
    ----------
    embedding_, n_iter_, learning_rate_, n_features_in_
        See `SymmetricSNE`.
    kl_divergence_ : float
        Σ_i KL(P_i‖Q_i) at the end, in nats.

    References
    ----------
    G. Hinton and S. Roweis (2002), Stochastic neighbor embedding.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(20, 5))
    >>> SNE(perplexity=5, max_iter=50).fit_transform(X).shape
    (20, 2)
    """

    _conditional = True

    def _objective(self, P: np.ndarray) -> ConditionalObjective:
        return ConditionalObjective(P)

    def _auto_learning_rate(self, n_samples: int) -> float:
        return 1 / 4 / self.early_exaggeration


class UNISNE(SymmetricSNE):
    """UNI-SNE: symmetric SNE with a uniform background in the map, a first relief of crowding.

    Minimises KL(P‖Q) with q_ij as in eq-unisne: however far apart two points are drawn, q_ij stays
    above λ / (n(n − 1)), so that moderately far points need not be crushed together.

    Parameters
    ----------
    n_components : int, default=2
        Dimensions of the map.
    perplexity : float, default=30.0
        Effective number of neighbours, 1 <= perplexity <= n_samples - 1; perplexity 1 is the limit
        in which the nearest neighbour has everything.
    early_exaggeration : float, default=1.0
        Factor of the affinities in the first 250 steps, >= 1.
    learning_rate : float or "auto", default="auto"
        > 0; "auto" is n_samples / 4 / early_exaggeration, about the step that takes a point to
        the weighted mean of its neighbours.
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
    background : float, default=0.2
        λ, the background's share of all q, 0 <= background < 1.  0 is symmetric SNE.
    noise : float, default=0.0
        Standard deviation of the noise that is added to the map in the first step; it falls
        to 0 over the first 250 steps (annealing).
    verbose : int, default=0
        Every 50 steps; 1: a progress bar if the package tqdm is installed, lines if not; 2: lines.
    random_state : int, Generator, RandomState or None, default=None
        For the random start and the noise.

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

    References
    ----------
    J. Cook, I. Sutskever, A. Mnih and G. Hinton (2007), Visualizing similarity data with a mixture
    of maps, §3.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(20, 5))
    >>> UNISNE(perplexity=5, max_iter=50).fit_transform(X).shape
    (20, 2)
    """

    def __init__(
        self,
        n_components: int = 2,
        *,
        perplexity: float = 30.0,
        early_exaggeration: float = 1.0,
        learning_rate: float | str = "auto",
        max_iter: int = 1000,
        n_iter_without_progress: int = 300,
        min_grad_norm: float = 1e-7,
        init: str | ArrayLike = "pca",
        background: float = 0.2,
        noise: float = 0.0,
        verbose: int = 0,
        random_state: int | np.random.Generator | None = None,
    ):
        self.n_components = n_components
        self.perplexity = perplexity
        self.early_exaggeration = early_exaggeration
        self.learning_rate = learning_rate
        self.max_iter = max_iter
        self.n_iter_without_progress = n_iter_without_progress
        self.min_grad_norm = min_grad_norm
        self.init = init
        self.background = background
        self.noise = noise
        self.verbose = verbose
        self.random_state = random_state

    def _objective(self, P: np.ndarray) -> UniformBackgroundObjective:
        check_number(self.background, "background", low=0, high=1, closed="left")
        return UniformBackgroundObjective(P, self.background)
