"""Explorable figures: one drawing function, moved by sliders on the page and in a live notebook.

Drawing needs matplotlib, and live sliders need ipywidgets: ``pip install "mlcourse[widgets]"``. Both are imported when they are
first used, so that importing this package costs nothing.
"""

from mlcourse.widgets.decorator import explore
from mlcourse.widgets.explorable import Explorable

__all__ = ["Explorable", "explore"]
