"""The book's own Sphinx extension, switched on by ``_config.yml``.

=============  ===========================================================================
kernels        figures are built static; a change of mlcourse/ drops stale outputs
ahead          notebooks run side by side, before their pages are read
figures        every picture has its alternative text, every explorable its own name
evidence       the ``{evidence}`` directive: all claims of the book with their numbers
equations      labels of equations in docstrings become links
source         the ``{source}`` directive: a function as it stands in the package
offline        MathJax inside the site, no script of anybody else's server, light
lite           Python in the browser: JupyterLite under lite/, every chapter a notebook
launch         the buttons that open a chapter there, in Colab and in Binder
=============  ===========================================================================
"""

from mlbook import ahead, equations, evidence, figures, kernels, launch, lite, offline, source


def setup(app):
    for part in (kernels, ahead, figures, evidence, equations, source, offline, lite, launch):
        part.setup(app)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
