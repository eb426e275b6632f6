"""What a page says of others, for the plain notebooks: titles, numbers of equations and exercises, computed values, sources.

All of it is read from the files of the book; nothing is built, and Sphinx is not needed. Numbers are those of the built pages:
equations and exercises are counted through the whole book, in the order of ``_toc.yml``.
"""

import ast
import json
import re
from pathlib import Path

import yaml

GLUED = "application/papermill.record/text/plain"
EQUATION = re.compile(r"\$\$[ \t]*\(([\w:.-]+)\)[ \t]*$|^[ \t]*[`:]{3,}\{math\}\s*\n[ \t]*:label:[ \t]*(\S+)", re.MULTILINE)
EXERCISE = re.compile(r"^[`:]{3,}\{exercise(?:-start)?\}[ \t]*(.*)\n((?:[ \t]*:[\w-]+:.*\n)*)", re.MULTILINE)
LABEL = re.compile(r"^\(([\w:.-]+)\)=[ \t]*$\s*(?:^#+[ \t]+(.+?)[ \t]*$)?", re.MULTILINE)


def is_notebook(path):
    """Whether the file is a chapter with code: a jupytext notebook."""
    path = Path(path)
    return path.suffix == ".md" and "\nkernelspec:" in path.read_text("utf-8")[:700]


def without_code(text):
    """The text of a page without its cells of code and its listings."""
    kept, open_fences = [], []  # each with whether it holds code
    for line in text.splitlines():
        fence = re.match(r"\s*(`{3,}|~{3,})(.*)", line)
        if fence and not fence[2].strip() and open_fences and fence[1].startswith(open_fences[-1][0]):
            open_fences.pop()
        elif fence and not (open_fences and open_fences[-1][1]):
            open_fences.append((fence[1], not re.match(r"\{(?!code-cell)", fence[2].strip())))
        if not (open_fences and open_fences[-1][1]):
            kept.append(line)
    return "\n".join(kept) + "\n"


class Book:
    """The pages of the book in the folder ``root``, in reading order, and what is known of them."""

    def __init__(self, root):
        self.root = Path(root)
        self.folder = self.root / "book"
        self.contents = list(self._contents())
        self.pages = [name for _, name, _ in self.contents if name]
        self.notebooks = [name for name in self.pages if is_notebook(self.file(name))]
        self.equations, self.exercises, self.labels, self.titles = {}, {}, {}, {}
        for name in self.pages:
            self._read(name)
        self._bibliography = None

    def file(self, page):
        return self.folder / f"{page}.md"

    def _contents(self):
        """``(depth, page, None)`` for each page of the table of contents, ``(0, None, caption)`` for each part."""
        toc = yaml.safe_load((self.root / "_toc.yml").read_text("utf-8"))

        def entries(tree, depth):
            for part in tree.get("parts", ()):
                if "caption" in part:
                    yield 0, None, part["caption"]
                yield from entries(part, depth)
            for entry in [*tree.get("chapters", ()), *tree.get("sections", ())]:
                yield depth, entry["file"].removeprefix("book/"), None
                yield from entries(entry, depth + 1)

        yield 0, toc["root"].removeprefix("book/"), None
        yield from entries(toc, 0)

    def _read(self, page):
        text = without_code(self.file(page).read_text("utf-8"))
        title = re.search(r"^# (.+)$", text, re.MULTILINE)
        self.titles[page] = title.group(1).strip() if title else page
        for equation in EQUATION.finditer(text):
            self.equations[equation[1] or equation[2]] = (page, len(self.equations) + 1)
        for exercise in EXERCISE.finditer(text):
            label = re.search(r":label:[ \t]*(\S+)", exercise[2])
            name = label[1] if label else f"{page} {exercise.start()}"
            self.exercises[name] = (page, len(self.exercises) + 1, exercise[1].strip())
        for label in LABEL.finditer(text):
            self.labels[label[1]] = (page, label[2])

    def glued(self, page):
        """``{name: text}`` of what the cells of a page have glued, from its recorded outputs."""
        record = self.root / "tests" / "outputs" / f"{page}.json"
        values = {}
        for cell in json.loads(record.read_text("utf-8")) if record.exists() else ():
            texts = [output["data"][GLUED] for output in cell["outputs"] if GLUED in output.get("data", {})]
            if texts:
                values.update(zip(glue_names(cell["source"], len(texts), page), texts))
        return values

    @property
    def bibliography(self):
        if self._bibliography is None:
            self._bibliography = Bibliography(self.folder / "references.bib")
        return self._bibliography


# ------------------------------------------------------------------------------------------------- computed values


def glue_names(code, count, page):
    """Names of the ``count`` values that a cell glues, in order.

    The record of a cell's outputs holds the values alone. A name is a string, or made of the names that a loop over a written
    list gives.
    """
    code = re.sub(r"^[%!].*$", "pass", code, flags=re.MULTILINE)
    names = []
    for statement in ast.parse(code).body:
        _collect_names(statement, {}, names)
    if None in names or len(names) != count:
        raise ValueError(
            f"{page}: a cell glues {count} values, and their names cannot be told from its code. Write each name out, or loop over "
            f"a written list of them; if the code is right, run `make outputs`. The cell:\n{code}"
        )
    return names


def _collect_names(node, known, names):
    if isinstance(node, ast.For) and isinstance(node.iter, (ast.Tuple, ast.List)):
        for item in node.iter.elts:
            inside = {**known, **_bound(node.target, item)}
            for statement in node.body:
                _collect_names(statement, inside, names)
        return
    for child in ast.iter_child_nodes(node):
        _collect_names(child, known, names)
    if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", None)) == "glue":
        names.append(_text(node.args[0], known))


def _bound(target, item):
    """``{name: text}`` of the loop variables that take a written string."""
    if isinstance(target, ast.Name):
        return {target.id: _text(item, {})}
    if isinstance(target, ast.Tuple) and isinstance(item, (ast.Tuple, ast.List)):
        return {name: text for pair in zip(target.elts, item.elts) for name, text in _bound(*pair).items()}
    return {}


def _text(node, known):
    """The string that an expression is, or None."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.JoinedStr):
        parts = [_text(part.value if isinstance(part, ast.FormattedValue) else part, known) for part in node.values]
        return None if None in parts else "".join(parts)
    return None


# --------------------------------------------------------------------------------------------------------- sources


class Bibliography:
    """The sources of the book, in the words of the built pages."""

    def __init__(self, path):
        from pybtex.database import parse_file
        from pybtex.style.formatting.alpha import Style

        data = parse_file(str(path))
        self._entries = data.entries
        backend = _backend()
        formatted = Style().format_bibliography(data).entries
        self._texts = {entry.key: entry.text.render(backend).replace("\n", " ") for entry in formatted}  # sorted by author
        self._order = list(self._texts)

    def cite(self, keys, textual):
        """``Hinton and Roweis [2002]``, or in brackets ``[Hinton and Roweis, 2002]``; several in the order of their authors."""
        for key in keys:
            if key not in self._texts:
                raise ValueError(f"no source is called {key!r}")
        cited = [(self._authors(key), self._entries[key].fields["year"]) for key in sorted(keys, key=self._order.index)]
        if textual:
            return ", ".join(f"{authors} [{year}]" for authors, year in cited)
        return "[" + ", ".join(f"{authors}, {year}" for authors, year in cited) + "]"

    def _authors(self, key):
        persons = self._entries[key].persons
        names = [
            " ".join(str(part) for part in [*person.rich_prelast_names, *person.rich_last_names])
            for person in persons.get("author") or persons["editor"]
        ]
        if len(names) > 2:
            return f"{names[0]} et al."
        return " and ".join(names)

    def listed(self, keys):
        """Lines of a Markdown list of these sources in full, by author."""
        return [f"- {self._texts[key]}" for key in self._order if key in keys]


def _backend():
    from pybtex.backends.markdown import Backend

    class Plain(Backend):
        """Escapes only what would be read as Markdown in a list of sources."""

        def format_str(self, text):
            return re.sub(r"([\\`*_\[\]<])", r"\\\1", text)

    return Plain()
