"""What an explorable figure needs: the right packages around it, and sliders that fit its drawing function."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np


def in_notebook() -> bool:
    """Say whether this code runs inside IPython, without importing it.

    Returns
    -------
    bool
        Whether an IPython shell is running.
    """
    ipython = sys.modules.get("IPython")
    return ipython is not None and ipython.get_ipython() is not None


def require(package: str) -> None:
    """Fail with advice if an optional package is not installed.

    Parameters
    ----------
    package : str
        The name it is imported by.

    Returns
    -------
    None

    Raises
    ------
    ImportError
        If it is not installed.
    """
    from importlib.util import find_spec

    if package not in sys.modules and find_spec(package) is None or sys.modules.get(package, package) is None:
        raise ImportError(f'explorable figures need {package}: pip install "mlcourse[widgets]"')


def check_ladder(name: str, values: Iterable[Any]) -> list[Any]:
    """Turn what was given for a slider into its list of values.

    Parameters
    ----------
    name : str
        The slider.
    values : iterable
        Its values in order.

    Returns
    -------
    list
        The values, NumPy's scalars as Python's.

    Raises
    ------
    TypeError
        If it is not a sequence.
    ValueError
        If it is empty or repeats a value.
    """
    if isinstance(values, (str, bytes, Mapping, set, frozenset)) or not isinstance(values, Iterable):
        raise TypeError(f"the ladder {name} must be a sequence of values in their order (it was {values!r})")
    ladder = [value.item() if isinstance(value, np.generic) else value for value in values]
    if not ladder:
        raise ValueError(f"the ladder {name} must have at least one value (it was empty)")
    repeated = [value for i, value in enumerate(ladder) if value in ladder[:i]]
    if repeated:
        raise ValueError(f"the ladder {name} must not repeat a value (it has {repeated[0]!r} twice)")
    return ladder


def check_parameters(draw: Callable[..., str], ladders: Mapping[str, Any]) -> None:
    """Check that a drawing function takes the figure and then exactly the sliders.

    Parameters
    ----------
    draw : callable
        The drawing function.
    ladders : mapping
        The sliders by name.

    Returns
    -------
    None

    Raises
    ------
    TypeError
        If it does not.
    """
    figure, *parameters = inspect.signature(draw).parameters.values() or [None]
    if figure is None or figure.name in ladders:
        raise TypeError(f"{draw.__name__} must take the figure to draw on as its first parameter")
    kinds = {parameter.kind for parameter in parameters}
    names = [parameter.name for parameter in parameters]
    missing = [p.name for p in parameters if p.name not in ladders and p.default is p.empty and p.kind not in (2, 4)]
    surplus = [name for name in ladders if name not in names and inspect.Parameter.VAR_KEYWORD not in kinds]
    if missing:
        raise TypeError(f"{draw.__name__} has the parameters {missing}, but no ladder of that name was given")
    if surplus:
        raise TypeError(f"the ladders {surplus} are no parameters of {draw.__name__}({', '.join([figure.name, *names])})")
