"""Look into the HTML that a page's cells have put out."""

import re
from html.parser import HTMLParser

from docutils import nodes


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self._script = [], None

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, {name: value or "" for name, value in attributes}))
        self._script = [] if tag == "script" else None

    def handle_data(self, data):
        if self._script is not None:
            self._script.append(data)

    def handle_endtag(self, tag):
        if tag == "script" and self._script is not None:
            self.tags[-1][1]["#text"] = "".join(self._script)
            self._script = None


def tags(html):
    """List of ``(tag, attributes)``; a script's text is its attribute ``#text``."""
    parser = _Tags()
    parser.feed(html)
    return parser.tags


def has_class(attributes, name):
    return name in attributes.get("class", "").split()


def html_outputs(doctree):
    """Raw HTML nodes of a page, in order."""
    return [node for node in doctree.findall(nodes.raw) if "html" in node.get("format", "").split()]


def number_claims(html, first):
    """Give each claim the id by which the Evidence page links to it: ``claim-1``, ``claim-2``, …"""
    count = first - 1

    def with_id(match):
        nonlocal count
        count += 1
        return f'<div id="claim-{count}"{match.group(1)}'

    return re.sub(r'<div(?=[^>]*\sclass="claim")(?![^>]*\sid=)([^>]*\sdata-claim=)', with_id, html)
