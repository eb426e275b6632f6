"""The site as it is delivered: complete in itself (MathJax is inside, nothing is asked of another server), and light."""

import html
from importlib.metadata import distribution
from pathlib import Path

from sphinx.errors import ExtensionError
from sphinx.util.fileutil import copy_asset

PACKAGE = "sphinx-mathjax-offline"  # MathJax 3.2.2 (Apache licence 2.0) as a Python package
# Single components are two thirds of the size of MathJax's ready-made bundle: no menu, no speech engine.
COMPONENTS = ["core", "input/tex", "output/chtml", "a11y/assistive-mml"]
FONT = "output/chtml/fonts/tex"  # output/chtml asks for it by itself, when it is ready
# Without these the browser runs the pieces in the order in which they happen to arrive.
DEPENDENCIES = {
    "input/tex": ["core"],
    "output/chtml": ["core"],
    "a11y/assistive-mml": ["input/tex", "output/chtml"],
}
FILES = ["startup.js", *(f"{name}.js" for name in [*COMPONENTS, FONT]), "output/chtml/fonts/woff-v2", "input/tex/extensions"]


def _mathjax():
    folder = Path(distribution(PACKAGE).locate_file(f"{PACKAGE}/static/mathjax"))
    if not (folder / "startup.js").exists():
        raise ExtensionError(f"the package {PACKAGE} no longer holds {folder}")
    return folder


def configure(app, config):
    config.mathjax_path = "mathjax/startup.js"
    config.mathjax3_config = {**(config.mathjax3_config or {}), "loader": {"load": COMPONENTS, "dependencies": DEPENDENCIES}}


def copy_mathjax(app, exception):
    if exception is not None or app.builder.format != "html":
        return
    source, target = _mathjax(), Path(app.outdir, "_static", "mathjax")
    for name in FILES:
        destination = target / name
        if not destination.exists():
            (destination if (source / name).is_dir() else destination.parent).mkdir(parents=True, exist_ok=True)
            copy_asset(source / name, destination if (source / name).is_dir() else destination.parent)


FRONT_DOOR = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="icon" href="_static/favicon.svg"><meta http-equiv="refresh" content="0; url={first}"></head>
<body><a href="{first}">{title}</a></body></html>
"""


def write_front_door(app, exception):
    """The site's index.html leads to the book's first page; Jupyter Book's own has no title and no icon, which browsers miss."""
    first = app.config.root_doc
    if exception is None and app.builder.format == "html" and first != "index":
        page = FRONT_DOOR.format(title=html.escape(app.config.html_title), first=app.builder.get_target_uri(first))
        Path(app.outdir, "index.html").write_text(page, "utf-8")


def icons_from_the_font_alone(app, exception):
    """The theme brings each icon twice, as a font (157 kB) and in a script with all 2,000 of them (543 kB, compressed)."""
    script = Path(app.outdir, "_static", "scripts", "fontawesome.js")
    if exception is None and script.exists():
        script.write_text("// The icons come from the font.\n", "utf-8")


def lighter_head(app, pagename, templatename, context, doctree):
    """Jupyter Book adds Thebe to every page, which would run our cells on somebody's server; and no script needs to come first."""
    context["script_files"] = [s for s in context["script_files"] if "thebe" not in str(s.filename) + s.attributes.get("body", "")]
    context["css_files"] = [c for c in context["css_files"] if "thebe" not in str(getattr(c, "filename", c))]
    for script in context["script_files"]:  # the same objects on every page
        if pagename == "search":
            script.attributes.pop("defer", None)  # its search runs while the page is read
        elif script.filename and "documentation_options" not in str(script.filename):
            script.attributes.setdefault("defer", "defer")  # copy buttons and the like can wait for the page


def setup(app):
    app.connect("config-inited", configure)
    app.connect("build-finished", copy_mathjax)
    app.connect("build-finished", write_front_door, priority=100)  # before the others' redirect
    app.connect("build-finished", icons_from_the_font_alone)
    app.connect("html-page-context", lighter_head, priority=900)
