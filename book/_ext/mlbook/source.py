"""``{source}``: a function or class as it stands in the package, never retyped.

Long docstrings are cut to their first line: the page explains, and the API reference, to which the listing links, holds
the rest.
"""

import ast
import importlib
import inspect
import textwrap

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective


def find(dotted):
    """The object with the dotted name ``dotted``."""
    parts = dotted.split(".")
    for split in range(len(parts), 0, -1):
        module = ".".join(parts[:split])
        try:
            found = importlib.import_module(module)
        except ModuleNotFoundError as error:
            if error.name and not module.startswith(error.name):
                raise  # the module is there, and something that it imports is not
            continue
        for part in parts[split:]:
            found = getattr(found, part)
        return found
    raise ModuleNotFoundError(f"no module holds {dotted}")


def summary_only(code):
    """``code`` with every docstring cut to its first line."""
    lines = code.splitlines()
    owners = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for node in sorted(
        (node for node in ast.walk(ast.parse(code)) if isinstance(node, owners) and ast.get_docstring(node)),
        key=lambda node: -node.lineno,  # from the end, so that line numbers stay true
    ):
        docstring = node.body[0]
        first = lines[docstring.lineno - 1].rstrip()
        if docstring.end_lineno > docstring.lineno:
            quotes = "'''" if first.lstrip(" rRuU").startswith("'''") else '"""'
            lines[docstring.lineno - 1 : docstring.end_lineno] = [first + quotes]
    return "\n".join(lines)


class Source(SphinxDirective):
    """``:::{source} mlcourse.manifold.kl_divergence_and_gradient``; the option ``docstring`` keeps the whole docstring."""

    required_arguments = 1
    option_spec = {"docstring": directives.flag}

    def run(self):
        name = self.arguments[0]
        try:
            found = inspect.unwrap(find(name))
            code = textwrap.dedent(inspect.getsource(found))
        except (ImportError, AttributeError, TypeError, OSError) as error:
            raise self.error(f"cannot show the source of {name}: {error}") from error
        self.env.note_dependency(inspect.getsourcefile(found))
        block = nodes.literal_block(code, code if "docstring" in self.options else summary_only(code))
        block["language"] = "python"
        self.set_source_info(block)
        link = addnodes.pending_xref(
            "",
            nodes.literal("", name, classes=["xref", "py"]),
            refdomain="py", reftype="obj", reftarget=name, refexplicit=True, refwarn=True, refdoc=self.env.docname,
        )
        self.set_source_info(link)
        note = nodes.paragraph("", "", nodes.Text("Source of "), link, classes=["source-of"])
        return [nodes.container("", block, note, classes=["package-source"])]


def setup(app):
    app.add_directive("source", Source)
