"""Maps of high-dimensional data: classical MDS, Sammon mapping, Isomap, LLE, affinities, the SNE family, t-SNE."""

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
from mlcourse.manifold.graph import connect_components, connected_components, neighbors_graph
from mlcourse.manifold.isomap import Isomap
from mlcourse.manifold.lle import (
    LocallyLinearEmbedding,
    barycenter_weights,
    bottom_eigenvectors,
    lle_cost_matrix,
)
from mlcourse.manifold.mds import ClassicalMDS, classical_mds, double_centering
from mlcourse.manifold.mesh import MeshConvolution, cubic_spline_weights, kernel_transform
from mlcourse.manifold.momentum import momentum_step
from mlcourse.manifold.paths import edge_lengths, floyd_warshall, shortest_paths
from mlcourse.manifold.repulsion import MeshRepulsion
from mlcourse.manifold.sammon import SammonMapping, SammonState
from mlcourse.manifold.sne import SNE, UNISNE, SymmetricSNE
from mlcourse.manifold.sparse_affinities import (
    SparseAffinities,
    joint_neighbor_probabilities,
    neighbor_probabilities,
)
from mlcourse.manifold.stress import sammon_stress, sammon_stress_and_gradient
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
    "Isomap",
    "LocallyLinearEmbedding",
    "MeshConvolution",
    "MeshRepulsion",
    "SammonMapping",
    "SammonState",
    "SparseAffinities",
    "SparseAttraction",
    "SymmetricSNE",
    "attraction_and_repulsion",
    "barnes_hut_cells",
    "barycenter_weights",
    "bottom_eigenvectors",
    "classical_mds",
    "conditional_probabilities",
    "connect_components",
    "connected_components",
    "cubic_spline_weights",
    "descend",
    "double_centering",
    "edge_lengths",
    "entropy",
    "floyd_warshall",
    "gaussian_conditional",
    "gaussian_joint",
    "gaussian_map_conditional",
    "gaussian_map_joint",
    "joint_neighbor_probabilities",
    "joint_probabilities",
    "kernel_transform",
    "kl_divergence",
    "kl_divergence_and_gradient",
    "lle_cost_matrix",
    "momentum_step",
    "neighbor_probabilities",
    "neighbors_graph",
    "perplexity_search",
    "row_perplexities",
    "sammon_stress",
    "sammon_stress_and_gradient",
    "shortest_paths",
    "sne_divergence_and_gradient",
    "squared_distances",
    "student_joint",
    "symmetric_sne_divergence_and_gradient",
    "unisne_divergence_and_gradient",
    "unisne_map_joint",
]
