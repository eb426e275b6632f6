"""Placeholders for what a NumPy-only Python lacks, so that the tests around a missing package still run.

Many test modules compare with scikit-learn or SciPy in one test and need NumPy alone in the others. While they are imported, a
package that is missing is a placeholder: it can be imported from, its attributes and what its functions return are
placeholders again, and a function that is decorated with one becomes a test that is skipped. Anything that would need the
value (a comparison, a loop, an array of it) skips the module. While a test *runs*, every touch of a placeholder skips the
test, with "needs scikit-learn" as the reason; a test that caught the skip and passed is reported as skipped all the same
(``session.py``), and so is a case whose parameters hold a placeholder. So no test passes with a placeholder in its hands.
"""

import builtins
import functools
import sys
import types
from pathlib import Path
from typing import ClassVar

import pytest

# What the tests may import; every other package is a placeholder to them, whether it is installed or not.
AT_HAND = frozenset(sys.stdlib_module_names) | {"_pytest", "mlcourse", "numpy", "pytest"}
DISTRIBUTIONS = {"PIL": "Pillow", "scipy": "SciPy", "sklearn": "scikit-learn"}  # where the package has another name


def distribution(module):
    """What is to be installed for a module."""
    top = module.partition(".")[0]
    return DISTRIBUTIONS.get(top, top)


class State:
    """Whether a test is running, and what it lacked so far."""

    running = False
    lacked: ClassVar[list[str]] = []  # the reasons


def lack(need):
    """Skip the test that runs, or the module that is being imported, because it needs ``need``."""
    reason = f"needs {need}"
    if State.running:
        State.lacked.append(reason)
    pytest.skip(reason, allow_module_level=True)


def lacked_by(value, depth=4):
    """Say what the placeholders need that are in ``value`` or, some levels deep, in its items: a text, or None."""
    if type(value) is Placeholder:
        return object.__getattribute__(value, "_need")
    if depth and isinstance(value, (tuple, list, set, frozenset, dict)):
        items = [*value.keys(), *value.values()] if isinstance(value, dict) else value
        return next(filter(None, (lacked_by(item, depth - 1) for item in items)), None)
    return None


def skipped(function, need):
    """A function of the same name without arguments that is skipped: what is left of one with a missing decorator."""

    def needs_more():
        lack(need)

    for name in ("__name__", "__qualname__", "__module__", "__doc__"):
        setattr(needs_more, name, getattr(function, name))
    return needs_more


class Placeholder:
    """Stands for a module that is missing, or for anything in it."""

    __slots__ = ("_need", "_path")

    def __init__(self, need, path):
        object.__setattr__(self, "_need", need)
        object.__setattr__(self, "_path", path)

    def __repr__(self):
        return f"<placeholder of {object.__getattribute__(self, '_path')}>"

    def __getattribute__(self, name):
        need, path = object.__getattribute__(self, "_need"), object.__getattribute__(self, "_path")
        if State.running:
            lack(need)
        if name == "__class__":
            return Placeholder
        if name in OPERATORS:
            return object.__getattribute__(self, name)
        if name.startswith("__") and name.endswith("__"):  # what Python, NumPy and pytest ask of any object
            raise AttributeError(f"{path} is missing, and so is its {name}")
        return Placeholder(need, f"{path}.{name}")

    def __call__(self, *arguments, **options):
        need, path = object.__getattribute__(self, "_need"), object.__getattribute__(self, "_path")
        if State.running:
            lack(need)
        if len(arguments) == 1 and not options:
            [only] = arguments
            if isinstance(only, types.FunctionType):
                return skipped(only, need)
            if isinstance(only, type):
                return pytest.mark.skip(reason=f"needs {need}")(only)
        return Placeholder(need, f"{path}()")

    def __hash__(self):
        if State.running:
            lack(object.__getattribute__(self, "_need"))
        return id(self)


# What operators, built-in functions, statements and NumPy call. A base class is among it: a class without its base is no test.
OPERATORS = [f"__{name}__" for name in """
bool len length_hint iter next reversed contains getitem setitem delitem missing index int float complex round trunc floor ceil
eq ne lt le gt ge instancecheck subclasscheck mro_entries enter exit aenter aexit await aiter anext setattr delattr
array array_ufunc array_function buffer str format bytes dir fspath copy deepcopy reduce_ex
neg pos abs invert add sub mul matmul truediv floordiv mod divmod pow lshift rshift and xor or
radd rsub rmul rmatmul rtruediv rfloordiv rmod rdivmod rpow rlshift rrshift rand rxor ror
iadd isub imul imatmul itruediv ifloordiv imod ipow ilshift irshift iand ixor ior
""".split()]


def _operator(self, *arguments, **options):
    lack(object.__getattribute__(self, "_need"))


for _name in OPERATORS:
    setattr(Placeholder, _name, _operator)


def install(folder, at_hand=AT_HAND):
    """Give placeholders to the modules in ``folder`` that import something missing; return a function that undoes it.

    Only they get them. The package, and whoever else asks whether something is installed, sees what is there.
    """
    folder, true_import = Path(folder).resolve(), builtins.__import__

    @functools.cache
    def inside(file):
        return folder in Path(file).resolve().parents

    def importing(name, globals=None, locals=None, fromlist=(), level=0):
        file = (globals or {}).get("__file__")
        if level or not file or not inside(file):
            return true_import(name, globals, locals, fromlist, level)
        top = name.partition(".")[0]
        if top in at_hand:
            try:
                return true_import(name, globals, locals, fromlist, level)
            except ModuleNotFoundError as error:
                if top not in sys.stdlib_module_names or (error.name or "").partition(".")[0] not in sys.stdlib_module_names:
                    raise  # a mistake of ours; parts of the standard library may be missing
        need = f"the module {name}" if top in sys.stdlib_module_names else distribution(name)
        if State.running:
            lack(need)
        return Placeholder(need, name if fromlist else top)

    builtins.__import__ = importing

    def undo():
        builtins.__import__ = true_import

    return undo
