"""Maps of high-dimensional data: classical MDS, Sammon mapping, affinities, the SNE family, t-SNE."""

from mlcourse.manifold.affinities import (
    conditional_probabilities,
    entropy,
    gaussian_conditional,
    gaussian_joint,
    joint_probabilities,
    perplexity_search,
    row_perplexities,
    squared_distances,
)
from mlcourse.manifold.attraction import SparseAttraction
from mlcourse.manifold.barnes_hut import BarnesHutCells, barnes_hut_cells
from mlcourse.manifold.dense import DenseGradient
from mlcourse.manifold.descent import DescentState, descend
from mlcourse.manifold.divergences import (
    attraction_and_repulsion,
    gaussian_map_conditional,
    gaussian_map_joint,
    kl_divergence,
    kl_divergence_and_gradient,
    sne_divergence_and_gradient,
    student_joint,
    symmetric_sne_divergence_and_gradient,
    unisne_divergence_and_gradient,
    unisne_map_joint,
)
from mlcourse.manifold.exact import ExactGradient
from mlcourse.manifold.fft_gradient import FFTGradient
from mlcourse.manifold.mds import ClassicalMDS, classical_mds, double_centering
from mlcourse.manifold.mesh import MeshConvolution, cubic_spline_weights, kernel_transform
from mlcourse.manifold.momentum import momentum_step
from mlcourse.manifold.repulsion import MeshRepulsion
from mlcourse.manifold.sammon import (
    SammonMapping,
    SammonState,
    sammon_stress,
    sammon_stress_and_gradient,
)
from mlcourse.manifold.sne import SNE, UNISNE, SymmetricSNE
from mlcourse.manifold.sparse_affinities import (
    SparseAffinities,
    joint_neighbor_probabilities,
    neighbor_probabilities,
)
from mlcourse.manifold.tsne import TSNE

__all__ = [
    "SNE",
    "TSNE",
    "UNISNE",
    "BarnesHutCells",
    "ClassicalMDS",
    "DenseGradient",
    "DescentState",
    "ExactGradient",
    "FFTGradient",
    "MeshConvolution",
    "MeshRepulsion",
    "SammonMapping",
    "SammonState",
    "SparseAffinities",
    "SparseAttraction",
    "SymmetricSNE",
    "attraction_and_repulsion",
    "barnes_hut_cells",
    "classical_mds",
    "conditional_probabilities",
    "cubic_spline_weights",
    "descend",
    "double_centering",
    "entropy",
    "gaussian_conditional",
    "gaussian_joint",
    "gaussian_map_conditional",
    "gaussian_map_joint",
    "joint_neighbor_probabilities",
    "joint_probabilities",
    "kernel_transform",
    "kl_divergence",
    "kl_divergence_and_gradient",
    "momentum_step",
    "neighbor_probabilities",
    "perplexity_search",
    "row_perplexities",
    "sammon_stress",
    "sammon_stress_and_gradient",
    "sne_divergence_and_gradient",
    "squared_distances",
    "student_joint",
    "symmetric_sne_divergence_and_gradient",
    "unisne_divergence_and_gradient",
    "unisne_map_joint",
]
