"""``{source}``: a function or class as it stands in the package, never retyped.

Long docstrings are cut to their first line: the page explains, and the API reference, to which the listing links, holds
the rest.
"""

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from mlbook.listings import source_of, summary_only


class Source(SphinxDirective):
    """``:::{source} mlcourse.manifold.kl_divergence_and_gradient``; the option ``docstring`` keeps the whole docstring."""

    required_arguments = 1
    option_spec = {"docstring": directives.flag}

    def run(self):
        name = self.arguments[0]
        try:
            file, code = source_of(name)
        except (ImportError, AttributeError, TypeError, OSError) as error:
            raise self.error(f"cannot show the source of {name}: {error}") from error
        self.env.note_dependency(file)
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
