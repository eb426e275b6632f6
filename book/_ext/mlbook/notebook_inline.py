"""Roles, links and formulas within a line, as plain Markdown."""

import posixpath
import re
from html import escape, unescape

TOKEN = re.compile(
    r"""
    (?P<escaped>\\[^\w\s])
  | \{(?P<role>[\w:.-]+)\}(?P<ticks>`+)(?P<content>.+?)(?<!`)(?P=ticks)(?!`)
  | (?P<code>(?P<marks>`+)(?!`).+?(?<!`)(?P=marks)(?!`))
  | (?P<math>\$\$.+?\$\$|\$(?=\S)[^$]*?(?<=\S)\$)
  | (?P<picture>!\[[^\]]*\]\([^)]*\))
  | (?P<address><https?://[^>\s]+>)
  | \[(?P<words>(?:[^\[\]`$]|`[^`]*`|\$[^$]*\$|\[[^\[\]]*\])*)\]\((?P<target>[^()\s]+)\)
  | <a\s[^>]*?href="(?P<href>[^"]*)"[^>]*>(?P<anchored>.*?)</a>
    """,
    re.VERBOSE | re.DOTALL,
)
LEFT_OVER = {
    r"\{[\w:.-]+\}`": "a role",
    r"\{\{.*?\}\}": "a substitution",
    r"(?<=[\])*`])\{[.#][^}]*\}": "attributes in braces",
    r"\[\^[^\]]+\]": "a footnote",
}
WITH_TARGET = re.compile(r"(?P<text>.+?)\s*<(?P<target>[^<>]+)>", re.DOTALL)


class Inline:
    """Translates running text of one page."""

    def __init__(self, translator):
        self.translator, self.book, self.page = translator, translator.book, translator.page
        self._values = None

    def text(self, text, quoted=False):
        """``text`` without MyST's markup; ``quoted``: every formula on one line."""
        parts, position = [], 0
        for token in TOKEN.finditer(text):
            parts += [self._plain(text[position : token.start()]), self._token(token, quoted)]
            position = token.end()
        return "".join(parts) + self._plain(text[position:])

    def _plain(self, text):
        for pattern, what in LEFT_OVER.items():
            if found := re.search(pattern, text):
                raise self.translator.error(f"{what} cannot be translated: {found[0]} in {text.strip()[:80]!r}")
        return text

    def _token(self, token, quoted):
        if token["role"]:
            return self._role(token["role"], " ".join(token["content"].split()))
        if token["math"]:
            return " ".join(token["math"].split()) if quoted else token["math"]
        if token["target"]:
            return self._link(self.text(token["words"], quoted), token["target"])
        if token["href"] is not None:
            return self._link(self.text(token["anchored"], quoted), unescape(token["href"]))
        if token["picture"] and not re.search(r"\]\((https?:|data:)", token["picture"]):
            raise self.translator.error(f"a picture beside the page would be lost: {token['picture']}")
        return token[0]

    # -------------------------------------------------------------------------------------------------------- links

    def _link(self, words, target):
        """A link to a notebook leads to the notebook beside this one; one to another page of the book is its text alone."""
        if re.match(r"(https?|mailto):", target):
            return f"[{words}]({target})"
        if target in self.book.labels:
            return self.to_page(words, self.book.labels[target][0])
        path = target.partition("#")[0].partition("?")[0]
        if not path:  # another place on this page
            return words
        stem, suffix = posixpath.splitext(path)
        page = self._page(stem)
        if suffix not in (".md", ".html", "") or page not in self.book.pages:
            raise self.translator.error(f"the link to {target} leads nowhere")
        return self.to_page(words or self.book.titles[page], page)

    def _page(self, relative):
        """Name of the page at a path that is relative to this page."""
        if relative.startswith("/"):
            return relative.lstrip("/").removeprefix("book/")
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.page), relative))

    def to_page(self, words, page):
        """A link with these words to the notebook of ``page``; the words alone, if it has none or is this one."""
        if page == self.page:
            return words
        if page not in self.book.notebooks:
            return f"*{words}*" if words.lower() == self.book.titles[page].lower() else words
        return f"[{words}]({posixpath.relpath(page, posixpath.dirname(self.page) or '.')}.ipynb)"

    # -------------------------------------------------------------------------------------------------------- roles

    def _role(self, name, content):
        handler = ROLES.get(name)
        if handler is None:
            raise self.translator.error(f"the role {{{name}}} cannot be translated to plain Markdown: {content}")
        return handler(self, content)

    def _split(self, content):
        """``(text, target)`` of ``text <target>``; the text is None if there is none."""
        with_target = WITH_TARGET.fullmatch(content)
        return (with_target["text"], with_target["target"]) if with_target else (None, content)

    def term(self, content):
        text, target = self._split(content)
        return text or target

    def glue(self, content):
        if self._values is None:
            self._values = self.book.glued(self.page)
        if content not in self._values:
            raise self.translator.error(f"no value is recorded for {content}: run `make outputs`")
        return self._values[content]

    def equation(self, content):
        if content not in self.book.equations:
            raise self.translator.error(f"no equation has the label {content}")
        page, number = self.book.equations[content]
        return self.to_page(f"({number})", page)

    def cite(self, content, textual=False):
        keys = [key.strip() for key in content.split(",")]
        self.translator.cited += keys
        return self.book.bibliography.cite(keys, textual)

    def cite_text(self, content):
        return self.cite(content, textual=True)

    def document(self, content):
        text, target = self._split(content)
        page = self._page(target)
        if page not in self.book.pages:
            raise self.translator.error(f"there is no page {target}")
        return self.to_page(text or self.book.titles[page], page)

    def reference(self, content):
        text, target = self._split(content)
        if target in self.book.exercises:
            page, number, _ = self.book.exercises[target]
            return self.to_page(text or f"Exercise {number}", page)
        if target not in self.book.labels:
            raise self.translator.error(f"nothing has the label {target}")
        page, title = self.book.labels[target]
        if not (text or title):
            raise self.translator.error(f"the reference to {target} has no text, and no heading follows the label")
        return self.to_page(text or title, page)

    def python(self, content):
        text, target = self._split(content)
        name = target.lstrip("!")
        return f"`{text or (name[1:].rpartition('.')[2] if name.startswith('~') else name)}`"

    def code(self, content):
        return f"`{content}`"

    def math(self, content):
        return f"${content}$"

    def marked(tag):
        return lambda self, content: f"<{tag}>{escape(content, quote=False)}</{tag}>"

    ROLES = {
        "term": term, "glue:text": glue, "eq": equation, "math:numref": equation,
        "cite": cite, "cite:p": cite, "cite:t": cite_text,
        "doc": document, "ref": reference, "numref": reference,
        "py:func": python, "py:class": python, "py:meth": python, "py:mod": python, "py:attr": python, "py:obj": python,
        "kbd": marked("kbd"), "code": code, "file": code, "samp": code, "math": math, "sub": marked("sub"), "sup": marked("sup"),
    }  # fmt: skip


ROLES = Inline.ROLES
