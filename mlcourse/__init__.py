"""The foundations of machine learning as short, tested NumPy functions.

Every idea of the course is a function or a small estimator here, under the name scikit-learn gives it where it has one.
The submodules are loaded when first used, so that ``import mlcourse`` costs next to nothing; all of them but ``plots`` and
``widgets`` need only NumPy.
"""

from importlib import import_module

__version__ = "0.1.0"

__all__ = [
    "base",
    "claims",
    "cluster",
    "datasets",
    "decomposition",
    "exceptions",
    "exercises",
    "linear_model",
    "manifold",
    "metrics",
    "mixture",
    "neighbors",
    "optimize",
    "preprocessing",
    "progress",
]

# Reachable in the same way, but not part of ``from mlcourse import *``, which must work where only NumPy is installed.
_NEED_MATPLOTLIB = ["plots", "widgets"]


def __getattr__(name: str):
    if name in __all__ or name in _NEED_MATPLOTLIB:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_NEED_MATPLOTLIB})
