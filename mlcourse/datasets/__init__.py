"""Data sets: seeded generators, the bundled handwritten digits, and a picture.

Every generator returns ``(X, y)``: the points, one in a row, and for each point its label, its position on the
curve or surface, or the quantity to predict. The same ``random_state`` gives the same data; nothing is downloaded.
"""

from mlcourse.datasets._clusters import make_blobs, make_two_gaussians
from mlcourse.datasets._digits import Bunch, load_digits
from mlcourse.datasets._groups import make_anisotropic_blobs, make_norm25
from mlcourse.datasets._logistic import make_logistic
from mlcourse.datasets._manifolds import make_linked_rings, make_s_curve, make_swiss_roll, make_trefoil
from mlcourse.datasets._physics import GRAVITATIONAL_CONSTANT, make_gravitation
from mlcourse.datasets._pictures import load_sample_image
from mlcourse.datasets._puzzles import make_gaussian, make_grid, make_random_walk, make_unlinked_rings
from mlcourse.datasets._rings import make_circles, make_disc_in_ring, make_moons, make_rings, make_spirals

__all__ = [
    "Bunch",
    "GRAVITATIONAL_CONSTANT",
    "load_digits",
    "load_sample_image",
    "make_anisotropic_blobs",
    "make_blobs",
    "make_circles",
    "make_disc_in_ring",
    "make_gaussian",
    "make_gravitation",
    "make_grid",
    "make_linked_rings",
    "make_logistic",
    "make_moons",
    "make_norm25",
    "make_random_walk",
    "make_rings",
    "make_s_curve",
    "make_spirals",
    "make_swiss_roll",
    "make_trefoil",
    "make_two_gaussians",
    "make_unlinked_rings",
]
