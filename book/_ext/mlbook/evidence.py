"""``{evidence}``: every claim of the book, its numbers, and a link to the cell that computed it.

Claims are read from the outputs in a page's doctree, so pages that were not executed again count as well; the list is
written anew at every build.
"""

import json

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from mlbook.pages import has_class, html_outputs, number_claims, tags


class EvidenceList(nodes.General, nodes.Element):
    """Stands where the list goes until every page has been read."""


class Evidence(SphinxDirective):
    """``:::{evidence}`` lists all claims; it takes no argument."""

    def run(self):
        _pages(self.env, "evidence_pages").add(self.env.docname)
        return [EvidenceList()]


def _pages(env, name):
    """The environment's record ``name``, made at first use: claims by page, or the set of pages that list them."""
    key = f"mlbook_{name}"
    if not hasattr(env, key):
        setattr(env, key, set() if name == "evidence_pages" else {})
    return getattr(env, key)


def collect(app, doctree):
    found = []
    for output in html_outputs(doctree):
        html = output.astext()
        if "data-claim" not in html:
            continue
        claims = [json.loads(a["data-claim"]) for tag, a in tags(html) if has_class(a, "claim") and "data-claim" in a]
        output.children = [nodes.Text(number_claims(html, len(found) + 1))]
        output.rawsource = output.children[0]
        found += claims
    if found:
        _pages(app.env, "claims")[app.env.docname] = found


def purge(app, env, docname):
    _pages(env, "claims").pop(docname, None)
    _pages(env, "evidence_pages").discard(docname)


def merge(app, env, docnames, other):
    theirs = _pages(other, "claims")
    _pages(env, "claims").update({name: theirs[name] for name in docnames if name in theirs})
    _pages(env, "evidence_pages").update(_pages(other, "evidence_pages") & set(docnames))


def write_again(app, env):
    return sorted(_pages(env, "evidence_pages"))


def reading_order(env):
    """Page names in the order of the table of contents."""
    order, waiting = [], [env.config.root_doc]
    while waiting:
        name = waiting.pop(0)
        if name not in order:
            order.append(name)
            waiting = list(env.toctree_includes.get(name, [])) + waiting
    return order + sorted(set(env.found_docs) - set(order))


def number_text(value):
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def count(number, thing):
    return f"{number} {thing}" + "s" * (number != 1)


def _listing(app, env, here):
    claims = _pages(env, "claims")
    if not claims:
        return [nodes.paragraph("", "No page has made a claim yet.")]
    total, pages = count(sum(map(len, claims.values())), "claim"), count(len(claims), "page")
    listing = [nodes.paragraph("", f"{total} on {pages}, computed and checked when the book was built.")]
    for page in reading_order(env):
        if page not in claims:
            continue
        uri = app.builder.get_relative_uri(here, page)
        title = env.titles[page].astext() if page in env.titles else page
        listing.append(nodes.rubric("", "", nodes.reference("", title, internal=True, refuri=uri)))
        items = nodes.bullet_list(classes=["evidence"])
        for number, claim in enumerate(claims[page], start=1):
            link = nodes.reference("", claim["sentence"], internal=True, refuri=f"{uri}#claim-{number}")
            line = nodes.paragraph("", "", nodes.Text("✓ "), link)
            for name, value in claim.get("numbers", {}).items():
                line += [nodes.Text(" · "), nodes.Text(f"{name.replace('_', ' ')} = {number_text(value)}")]
            items += nodes.list_item("", line)
        listing.append(items)
    return listing


def resolve(app, doctree, docname):
    for placeholder in list(doctree.findall(EvidenceList)):
        placeholder.replace_self(_listing(app, app.env, docname))


def setup(app):
    app.add_node(EvidenceList)
    app.add_directive("evidence", Evidence)
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", write_again)
    app.connect("doctree-resolved", resolve)
