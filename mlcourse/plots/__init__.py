"""The drawing code of the book's figures: functions that draw given data and compute no results.

Every function takes a matplotlib figure or axes first, draws on it and returns None. They need
matplotlib (``pip install "mlcourse[widgets]"``), but import nothing of it themselves: the figure
brings its own methods.
"""

from mlcourse.plots.maps import draw_learning_rate, draw_map, draw_two_maps, format_width
from mlcourse.plots.style import PALETTE, RC
from mlcourse.plots.tsne import draw_kernels, draw_pair_force, draw_shells

__all__ = [
    "PALETTE",
    "RC",
    "draw_kernels",
    "draw_learning_rate",
    "draw_map",
    "draw_pair_force",
    "draw_shells",
    "draw_two_maps",
    "format_width",
]
