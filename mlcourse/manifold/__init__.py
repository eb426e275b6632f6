"""Maps of high-dimensional data: affinities, the SNE family, t-SNE."""

from mlcourse.manifold.affinities import *  # noqa: F403
from mlcourse.manifold.affinities import __all__ as _affinities
from mlcourse.manifold.divergences import *  # noqa: F403
from mlcourse.manifold.divergences import __all__ as _divergences

__all__ = [*_affinities, *_divergences]
