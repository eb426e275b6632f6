"""The drawing code of the book's figures: functions that draw given data and compute no results.

Every function takes a matplotlib figure or axes first, draws on it and returns None. They need
matplotlib (``pip install "mlcourse[widgets]"``), but import nothing of it themselves: the figure
brings its own methods.
"""

from mlcourse.plots.adaptive import draw_optimiser_curves, draw_race, draw_rotation
from mlcourse.plots.affinities import draw_bandwidth, draw_moved_neighbor, draw_sne_run, draw_springs
from mlcourse.plots.batch_runs import draw_first_run, draw_path_and_cost
from mlcourse.plots.choosing_k import (
    draw_choice,
    draw_elbow,
    draw_gap,
    draw_groups_of,
    draw_silhouettes,
)
from mlcourse.plots.classical import (
    draw_globe_map,
    draw_reconstructions,
    draw_roll,
    draw_roll_and_map,
    draw_shadow,
    draw_shepard,
)
from mlcourse.plots.clocks import draw_two_clocks
from mlcourse.plots.colours import draw_colours
from mlcourse.plots.estimates import draw_downhill, draw_error_and_price, draw_gradient_cloud
from mlcourse.plots.kmeans import (
    draw_basins,
    draw_clusters,
    draw_lloyd,
    draw_stuck,
)
from mlcourse.plots.maps import draw_learning_rate, draw_map, draw_two_maps, format_width, frame_map
from mlcourse.plots.mixtures import (
    draw_bound,
    draw_ellipses,
    draw_em,
    draw_found_groups,
    draw_soft_groups,
    draw_soft_to_hard,
)
from mlcourse.plots.momentum import draw_cycle, draw_plane_and_roots, draw_valley
from mlcourse.plots.noise import draw_noise_ball, draw_range_test, draw_schedule, draw_wells
from mlcourse.plots.optimisation import (
    draw_anatomy,
    draw_cells,
    draw_descents,
    draw_mesh_line,
    draw_times,
)
from mlcourse.plots.puzzles import draw_agreement, draw_groups, draw_kept, draw_puzzle, draw_scores
from mlcourse.plots.rates import draw_factors, draw_quadratic_run, draw_radii
from mlcourse.plots.restarts import draw_restarts
from mlcourse.plots.scaling import draw_scaling
from mlcourse.plots.second_order import draw_model, draw_newton_walk, draw_parabola_steps
from mlcourse.plots.second_order_maps import draw_start_map, draw_trust_region
from mlcourse.plots.second_order_runs import (
    draw_accuracy_race,
    draw_noisy_newton,
    draw_right_digits,
)
from mlcourse.plots.seeding import draw_run_among_runs, draw_seeding, draw_strips
from mlcourse.plots.style import PALETTE, RC
from mlcourse.plots.surfaces import draw_path, draw_surface
from mlcourse.plots.trees import draw_dendrogram, draw_points_and_tree
from mlcourse.plots.tsne import draw_kernels, draw_pair_force, draw_shells
from mlcourse.plots.voronoi import surrounding_box, voronoi_cells

__all__ = [
    "PALETTE",
    "RC",
    "draw_accuracy_race",
    "draw_agreement",
    "draw_anatomy",
    "draw_bandwidth",
    "draw_basins",
    "draw_bound",
    "draw_cells",
    "draw_choice",
    "draw_clusters",
    "draw_colours",
    "draw_cycle",
    "draw_dendrogram",
    "draw_descents",
    "draw_downhill",
    "draw_elbow",
    "draw_ellipses",
    "draw_em",
    "draw_error_and_price",
    "draw_factors",
    "draw_first_run",
    "draw_found_groups",
    "draw_gap",
    "draw_globe_map",
    "draw_gradient_cloud",
    "draw_groups",
    "draw_groups_of",
    "draw_kept",
    "draw_kernels",
    "draw_learning_rate",
    "draw_lloyd",
    "draw_map",
    "draw_mesh_line",
    "draw_model",
    "draw_moved_neighbor",
    "draw_newton_walk",
    "draw_noise_ball",
    "draw_noisy_newton",
    "draw_optimiser_curves",
    "draw_pair_force",
    "draw_parabola_steps",
    "draw_path",
    "draw_path_and_cost",
    "draw_plane_and_roots",
    "draw_points_and_tree",
    "draw_puzzle",
    "draw_quadratic_run",
    "draw_race",
    "draw_radii",
    "draw_range_test",
    "draw_reconstructions",
    "draw_restarts",
    "draw_right_digits",
    "draw_roll",
    "draw_roll_and_map",
    "draw_rotation",
    "draw_run_among_runs",
    "draw_scaling",
    "draw_schedule",
    "draw_scores",
    "draw_seeding",
    "draw_shadow",
    "draw_shells",
    "draw_shepard",
    "draw_silhouettes",
    "draw_sne_run",
    "draw_soft_groups",
    "draw_soft_to_hard",
    "draw_springs",
    "draw_start_map",
    "draw_strips",
    "draw_stuck",
    "draw_surface",
    "draw_times",
    "draw_trust_region",
    "draw_two_clocks",
    "draw_two_maps",
    "draw_valley",
    "draw_wells",
    "format_width",
    "frame_map",
    "surrounding_box",
    "voronoi_cells",
]
