"""Every picture says what it shows, and no two explorable figures of a page share a name.

Both are warnings, and the book is built with warnings as errors.
"""

import json
from collections import Counter

from docutils import nodes
from sphinx.util import logging

from mlbook.pages import has_class, html_outputs, tags

logger = logging.getLogger(__name__)
WIDGET = "application/vnd.jupyter.widget"


def _warn(message, doctree, env):
    logger.warning(message, location=env.docname, type="mlbook")


def frame_texts(script):
    """Alternative texts of all frames of an explorable figure, from its JSON."""
    return json.loads(script)["texts"]


def check_page(app, doctree):
    env = app.env
    names = Counter()
    for picture in doctree.findall(nodes.image):
        if not picture.get("alt", "").strip():
            _warn(f"picture without alternative text: {picture.get('uri', '?')}", doctree, env)
    for output in html_outputs(doctree):
        html = output.astext()
        if WIDGET in html:
            _warn("a widget on a static page would stay blank: draw the figure with mlcourse.widgets.explore", doctree, env)
        name = None
        for tag, attributes in tags(html):
            if tag == "figure" and has_class(attributes, "explorable"):
                name = attributes.get("data-name", "")
                names[name] += 1
            elif tag == "img" and not attributes.get("alt", "").strip():
                _warn("picture without alternative text in the output of a cell", doctree, env)
            elif tag == "script" and name is not None and attributes.get("type") == "application/json":
                empty = sum(not str(text).strip() for text in frame_texts(attributes.get("#text", "")))
                if empty:
                    _warn(f"explorable figure {name}: {empty} of its frames have no alternative text", doctree, env)
    for name, count in names.items():
        if count > 1:
            _warn(f"{count} explorable figures are called {name!r}: the page's address could not tell them apart", doctree, env)


def setup(app):
    app.connect("doctree-read", check_page)
