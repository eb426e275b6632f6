"""Exceptions and warnings that have a name of their own."""

import sys

__all__ = ["ConvergenceWarning", "DataConversionWarning", "NotFittedError"]


class _KnownToSklearn:
    """An exception that is scikit-learn's one of the same name too, in a program that uses scikit-learn.

    Its tools catch their own classes only. They are looked up in what is already imported: this package never imports it.
    """

    def __new__(cls, *args):
        theirs = getattr(sys.modules.get("sklearn.exceptions"), cls.__name__, None)
        if theirs is not None and not issubclass(cls, theirs):
            cls = type(cls.__name__, (cls, theirs), {"__module__": cls.__module__})
        return super().__new__(cls, *args)

    def __reduce__(self):
        # The class above has no importable name; a pickle keeps ours, and unpickling finds scikit-learn's again.
        return globals()[type(self).__name__], self.args


class NotFittedError(_KnownToSklearn, ValueError, AttributeError):
    """A method that needs ``fit`` was called before it."""


class ConvergenceWarning(_KnownToSklearn, UserWarning):
    """An iteration stopped at its limit before it converged."""


class DataConversionWarning(_KnownToSklearn, UserWarning):
    """The data was taken in another shape than it came in."""
