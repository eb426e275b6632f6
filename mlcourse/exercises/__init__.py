"""Self-checking exercises: hand :func:`check` your function, and it answers like a tutor."""

from mlcourse.exercises import batches as _batches  # noqa: F401 - importing the module registers its exercises
from mlcourse.exercises import choosing_k as _choosing_k  # noqa: F401 - importing the module registers its exercises
from mlcourse.exercises import kmeans as _kmeans  # noqa: F401 - importing the module registers its exercises
from mlcourse.exercises import linear as _linear  # noqa: F401 - importing the module registers its exercises
from mlcourse.exercises import mixtures as _mixtures  # noqa: F401 - importing the module registers its exercises
from mlcourse.exercises import momentum as _momentum  # noqa: F401 - importing the module registers its exercises
from mlcourse.exercises import optimisation as _optimisation  # noqa: F401 - importing the module registers its exercises
from mlcourse.exercises import rates as _rates  # noqa: F401 - importing the module registers its exercises
from mlcourse.exercises import reading as _reading  # noqa: F401 - importing the module registers its exercises
from mlcourse.exercises import second_order as _second_order  # noqa: F401 - importing the module registers its exercises
from mlcourse.exercises import seeding as _seeding  # noqa: F401 - importing the module registers its exercises
from mlcourse.exercises import sne as _sne  # noqa: F401 - importing the module registers its exercises
from mlcourse.exercises import tsne as _tsne  # noqa: F401 - importing the module registers its exercises
from mlcourse.exercises.core import Construction, Exercise, Feedback, Mistake, check, names, register

__all__ = ["Construction", "Exercise", "Feedback", "Mistake", "check", "names", "register"]
