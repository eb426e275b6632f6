"""Claims: sentences of the book that are computed and shown with their numbers, or fail.

Every comparison in the book's prose rests on a :func:`claim`, and every number in it comes from :func:`glue`, so that the text
cannot say what the code beside it does not.
"""

from __future__ import annotations

import json
import math
import os
from html import escape
from numbers import Integral, Real
from typing import Any

import numpy as np

from mlcourse.widgets.checks import in_notebook

# The part of a notebook's output that myst-nb looks up by name, as papermill's "scrapbook" defined it.
_GLUE_PREFIX = "application/papermill.record/"


def claim(sentence: str, truth: bool, /, **numbers: Any) -> None:
    """State a sentence that has just been computed, and fail if it is false.

    Parameters
    ----------
    sentence : str
        What is claimed.
    truth : bool
        Whether it is true: one truth value, not an array of them.
    **numbers : numbers, strings, or short tuples of them
        What the claim rests on. Numbers are shown with three significant digits (whole numbers in full), strings as they are.
        An underscore in a name is shown as a space.

    Returns
    -------
    None
        The sentence, a tick and the numbers are displayed; outside a notebook they are printed.

    Raises
    ------
    AssertionError
        If the claim is false: in the book, in its tests and in programs. In a notebook that a reader runs it is shown with a
        cross instead, and the cells below still run: there, settings are changed to see what becomes of a claim.
    TypeError
        If ``truth`` is no truth value, or a number is an array.
    ValueError
        If the sentence is empty or a number is NaN.

    Examples
    --------
    >>> claim("Three quarters are more than a half", 3 / 4 > 1 / 2, three_quarters=0.75)
    ✓ Three quarters are more than a half (three_quarters = 0.75)
    """
    if not isinstance(sentence, str) or not sentence.strip():
        raise ValueError(f"sentence must say what is claimed (it was {sentence!r})")
    sentence = sentence.strip()
    shown = {name: format_number(value, name) for name, value in numbers.items()}
    in_brackets = ", ".join(f"{name.replace('_', ' ')} = {text}" for name, text in shown.items())
    text = f"{sentence} ({in_brackets})" if shown else sentence
    if not isinstance(truth, (bool, np.bool_)):
        hint = "reduce it with .all() or .any()" if isinstance(truth, np.ndarray) else "write a comparison"
        raise TypeError(f"the truth of a claim must be True or False (it was {_kind(truth)}: {hint})")
    if not truth and not _is_explored():
        raise AssertionError(f"this claim is false: {text}")
    numbers_html = f' <span class="claim-numbers">({escape(in_brackets)})</span>' if shown else ""
    if truth:
        data = escape(json.dumps({"sentence": sentence, "numbers": shown}, ensure_ascii=False))
        mark, words = "✓", ""
        opening = f'<div class="claim" data-claim="{data}"><span class="claim-tick" role="img" aria-label="Checked">✓</span> '
    else:
        mark, words = "✗", "not so in this run: "
        opening = '<div class="claim-false" style="border-left: 4px solid #d32f2f; padding-left: .5em"><span role="img" aria-label="False">✗</span> '
    html = f"{opening}{words}{escape(sentence)}{numbers_html}</div>"
    _show({"text/plain": f"{mark} {words}{text}", "text/html": html}, otherwise=f"{mark} {words}{text}")


def glue(name: str, text: Any) -> None:
    """Store a piece of text under a name, for the prose to quote as ``{glue:text}`name```.

    Parameters
    ----------
    name : str
        The name.
    text : str or number
        What is quoted. A number is written as :func:`claim` writes it; format it yourself for another precision.

    Returns
    -------
    None
        The text becomes part of the cell's output, unseen.

    Raises
    ------
    TypeError
        If the name is no string, or the text neither a string nor a number.
    ValueError
        If the name is empty or the number is NaN.
    """
    if not isinstance(name, str):
        raise TypeError(f"name must be a string (it was {_kind(name)})")
    if not name.strip():
        raise ValueError("name must not be empty")
    data = {f"{_GLUE_PREFIX}text/plain": format_number(text, name)}
    _show(data, metadata={"scrapbook": {"name": name, "mime_prefix": _GLUE_PREFIX}})


def format_number(value: Any, name: str = "value") -> str:
    """Write a number as the book shows it.

    Parameters
    ----------
    value : number, str, bool, or tuple or list of them
        What to write. Whole numbers are written in full, others with three significant digits; strings stay.
    name : str
        What the number is called in an error message.

    Returns
    -------
    str
        The text, such as ``"0.93"``, ``"1797"`` or ``"1.2e-05"``.

    Raises
    ------
    TypeError
        If it is none of these, such as an array or None.
    ValueError
        If it is NaN.
    """
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (tuple, list)):
        return "(" + ", ".join(format_number(item, name) for item in value) + ")"
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Real):
        return _format_float(float(value), name)
    raise TypeError(f"{name} must be a number, a string or a short tuple of them (it was {_kind(value)})")


def _format_float(value: float, name: str) -> str:
    if math.isnan(value):
        raise ValueError(f"{name} must be a number (it was NaN)")
    if 999.5 <= abs(value) < 1e6:
        # Three digits of 1797.3 would be "1.8e+03"; nobody reads that.
        return f"{float(f'{value:.3g}'):.0f}"
    text = f"{value:.3g}"
    return "0" if text == "-0" else text


def _kind(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    return f"{value!r} of type {type(value).__name__}"


def _is_explored() -> bool:
    """Whether a reader runs a notebook; the kernels of the book and of its tests have ``MLCOURSE_FIGURES`` set."""
    return in_notebook() and os.environ.get("MLCOURSE_FIGURES", "live") == "live"


def _show(data: dict[str, str], *, metadata: dict[str, Any] | None = None, otherwise: str = "") -> None:
    """Display in a notebook; elsewhere print what there is to print."""
    if in_notebook():
        from IPython.display import display

        display(data, raw=True, metadata=metadata)
    elif otherwise:
        print(otherwise)
