"""Docstrings name the book's equations by their labels, such as ``eq-student``; in the API reference these become links."""

import re

LABEL = re.compile(r"\(eq-([a-z-]+)\)|\beq-([a-z-]+)\b")


def link_equations(app, what, name, obj, options, lines):
    lines[:] = [LABEL.sub(lambda found: f":eq:`eq-{found[1] or found[2]}`", line) for line in lines]


def setup(app):
    app.connect("autodoc-process-docstring", link_equations, priority=900)  # after numpydoc, which makes its own text of them
