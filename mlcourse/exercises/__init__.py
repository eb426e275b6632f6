"""Self-checking exercises: hand :func:`check` your function, and it answers like a tutor."""

from mlcourse.exercises import tsne as _tsne  # noqa: F401 - importing the module registers its exercises
from mlcourse.exercises.core import Exercise, Feedback, Mistake, check, names, register

__all__ = ["Exercise", "Feedback", "Mistake", "check", "names", "register"]
