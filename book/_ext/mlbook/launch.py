"""Buttons at the top of a chapter: "Run in your browser", and, once the course has a public address, Colab and Binder.

The address stands in one place, ``mlbook_repository`` in ``_config.yml``. Colab opens the notebook that the site's branch holds (the
built site, published as it is); Binder opens the copy that ``binder/postBuild`` makes. Neither is ever given the chapter's text.
"""

import re
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlencode

from sphinx.errors import ConfigError

from mlbook import lite, notebooks

FOLDER = "notebooks"  # of the site, and of a folder in which `make lab` works


def page_of(pagename):
    """The notebook's name of the Sphinx document ``book/01-tsne/03-tsne``."""
    return pagename.removeprefix("book/")


def address(config):
    """``owner/name`` of the repository on GitHub; None as long as it has no public address."""
    url = (config.mlbook_repository or "").strip()
    if not url:
        return None
    found = re.fullmatch(r"https://github\.com/([\w.-]+)/([\w.-]+?)(?:\.git)?/?", url)
    if not found:
        raise ConfigError(f"mlbook_repository must look like https://github.com/owner/name; it is {url!r}")
    return f"{found[1]}/{found[2]}"


def run_url(context, page):
    target = context["pathto"](f"lite/{lite.APP}/index.html", 1)
    return f"{target}?{urlencode({'path': f'{page}.ipynb'}, quote_via=quote, safe='/')}"


def colab_url(repository, branch, page):
    return f"https://colab.research.google.com/github/{repository}/blob/{quote(branch)}/{FOLDER}/{quote(page)}.ipynb"


def binder_url(repository, branch, page):
    where = urlencode({"urlpath": f"lab/tree/{FOLDER}/{page}.ipynb"}, quote_via=quote, safe="")
    return f"https://mybinder.org/v2/gh/{repository}/{quote(branch, safe='')}?{where}"


def colab_setup(repository, branch, root, files):
    """The first cell of a notebook in Colab: it has nothing but the notebook itself."""
    lines = [
        "# In Colab, this fetches the course's package and what the notebook reads.",
        f'%pip install -q "mlcourse[widgets] @ git+https://github.com/{repository}@{branch}"',
    ]
    lines += [f"!curl -fsSLO https://raw.githubusercontent.com/{repository}/{branch}/{file.relative_to(root).as_posix()}" for file in files]
    return "\n".join(lines)


def add_buttons(app, pagename, templatename, context, doctree):
    page = Path(app.srcdir, f"{pagename}.md")
    if doctree is None or "header_buttons" not in context or not page.exists() or not notebooks.is_notebook(page):
        return
    name, repository, buttons = page_of(pagename), address(app.config), []
    if lite.is_wanted():
        tip = "Run this page as a notebook in your browser, with nothing to install"
        buttons.append(_link("Run in your browser", "fas fa-play", "run-in-browser", tip, run_url(context, name)))
    if repository:
        elsewhere = [
            _link("Colab", "fas fa-cloud", "colab", "Run this page on Google's computers", colab_url(repository, app.config.mlbook_site_branch, name)),
            _link("Binder", "fas fa-cloud", "binder", "Run this page on mybinder.org", binder_url(repository, app.config.mlbook_branch, name)),
        ]
        label = "Run this page elsewhere"
        buttons.append({"type": "group", "buttons": elsewhere, "icon": "fas fa-rocket", "tooltip": label, "label": "launch-buttons"})
    context["header_buttons"][:0] = buttons


def _link(text, icon, label, tooltip, url):
    return {"type": "link", "text": text, "icon": icon, "label": label, "tooltip": tooltip, "url": url}


def write_notebooks(app, exception):
    """The chapters for Colab go into the site, from where its branch has them."""
    repository = address(app.config)
    if exception is not None or app.builder.format != "html" or not repository or not lite.is_wanted():
        return
    root = Path(app.srcdir)
    for page, nb in notebooks.notebooks(root, setup=partial(colab_setup, repository, app.config.mlbook_branch, root)):
        notebooks.replace(Path(app.outdir, FOLDER, f"{page}.ipynb"), notebooks.serialise(nb))


def settle(app, config):
    address(config)  # a wrong one is an error at once
    config.mlbook_lite = lite.is_wanted()


def setup(app):
    app.add_config_value("mlbook_repository", "", "html")
    app.add_config_value("mlbook_branch", "main", "html")
    app.add_config_value("mlbook_site_branch", "gh-pages", "html")
    app.add_config_value("mlbook_lite", True, "html")  # set from the environment: pages are written again when it changes
    app.connect("config-inited", settle)
    app.connect("html-page-context", add_buttons, priority=900)  # after the theme's own
    app.connect("build-finished", write_notebooks)
