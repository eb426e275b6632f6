"""Directives as plain Markdown: one function for each kind, from a directive to lines."""

import posixpath
import re
from typing import NamedTuple

from mlbook.listings import excerpt, source_of, summary_only


class Directive(NamedTuple):
    """A directive of a page: its name, the words behind it, its options, its body, and whether it stands in a quotation."""

    name: str
    argument: str
    options: dict
    body: list
    quoted: bool


DIRECTIVES = {}  # name → (translation, its options)
SOLUTION_STARTS, SOLUTION_ENDS = "\0solution", "\0end of solution"  # lines that the translator replaces


def directive(*names, options=()):
    def register(translate):
        DIRECTIVES.update(dict.fromkeys(names, (translate, set(options))))
        return translate

    return register


def quotation(lines):
    return [f"> {line}".rstrip() for line in lines]


def fenced(code, language):
    """Code in a fence that is longer than any within."""
    mark = "`" * max(3, 1 + max(map(len, re.findall("`+", code)), default=0))
    return [mark + language, *code.splitlines(), mark]


@directive("note", "tip", "hint", "important", "warning", "caution", "danger", "seealso", "admonition", options=["class", "name"])
def admonition(translator, this):
    """A box: a quotation under its title, or folded away if it is so on the page."""
    if this.name == "admonition":
        title, body = translator.inline.text(this.argument, quoted=True), this.body
    else:  # the words behind the name belong to the text
        title, body = this.name.capitalize().replace("Seealso", "See also"), [this.argument, *this.body]
    if "dropdown" in this.options.get("class", "").split():
        return translator.folded(title, translator.lines(body))
    lines = translator.lines(body, quoted=True)
    while lines and not lines[0]:
        del lines[0]
    while lines and not lines[-1]:
        del lines[-1]
    return quotation([f"**{title}**", "", *lines])


@directive("source", options=["docstring"])
def source(translator, this):
    _, code = source_of(this.argument)
    code = code if "docstring" in this.options else summary_only(code)
    return [*fenced(code, "python"), "", f"Source of `{this.argument}`"]


@directive("literalinclude", options=["language", "pyobject", "start-at", "start-after", "end-at", "end-before", "dedent"])
def literal_include(translator, this):
    path = translator.book.file(translator.page).parent / this.argument
    code = excerpt(path, this.options)
    inside = path.resolve().relative_to(translator.book.root.resolve()).as_posix()
    place = f"`{this.options['pyobject']}` in `{inside}`" if "pyobject" in this.options else f"`{inside}`"
    return [*fenced(code, this.options.get("language", "")), "", f"From {place}"]


@directive("include")
def include(translator, this):
    path = translator.book.file(translator.page).parent / this.argument
    return translator.lines(path.read_text("utf-8").splitlines(), this.quoted)


@directive("code-block", "code", options=["caption", "linenos", "emphasize-lines", "name"])
def code_block(translator, this):
    return fenced("\n".join(this.body), this.argument)


@directive("math", options=["label"])
def formula(translator, this):
    return translator.formula([this.argument, *this.body], this.options.get("label"), this.quoted)


@directive("list-table", options=["header-rows", "widths", "class", "name", "align"])
def list_table(translator, this):
    """A list of lists as a Markdown table, whose cells must be of one line."""
    rows = []
    for line in this.body:
        if line.startswith("* - "):
            rows.append([[line[4:]]])
        elif line.startswith("  - "):
            rows[-1].append([line[4:]])
        elif line.strip() in ("* -", "-"):
            (rows.append([[]]) if line.startswith("*") else rows[-1].append([]))
        elif line.strip():
            rows[-1][-1].append(line.strip())
        elif rows and rows[-1][-1]:
            rows[-1][-1].append("")
    cells = [[_one_line(translator, cell) for cell in row] for row in rows]
    if len({len(row) for row in cells}) != 1:
        raise translator.error("the rows of a table differ in length")
    heads = cells.pop(0) if this.options.get("header-rows", "0") != "0" else [""] * len(cells[0])
    return ["| " + " | ".join(row) + " |" for row in (heads, ["---"] * len(heads), *cells)]


def _one_line(translator, lines):
    text = translator.inline.text(" ".join(lines).strip(), quoted=True)
    in_formulas = re.sub(r"\$[^$]*\$", lambda formula: formula[0].replace(r"\|", r"\Vert ").replace("|", r"\vert "), text)
    return in_formulas.replace("|", r"\|")


@directive("exercise-start", options=["label", "class", "nonumber"])
def exercise_start(translator, this):
    _, number, title = _exercise(translator, this.options.get("label"))
    return [f"{'#' * min(translator.level + 1, 6)} Exercise {number}: {translator.inline.text(title)}"]


@directive("exercise-end", options=[])
def exercise_end(translator, this):
    return []


@directive("solution-start", options=["label", "class"])
def solution_start(translator, this):
    _, number, _ = _exercise(translator, this.argument)
    translator.in_solution = True
    rest = min(translator.level + 2, 6)
    return [f"{'#' * rest} Solution of exercise {number}", "", SOLUTION_STARTS]


@directive("solution-end", options=[])
def solution_end(translator, this):
    translator.in_solution = False
    return [SOLUTION_ENDS]


def _exercise(translator, label):
    if label not in translator.book.exercises:
        raise translator.error(f"no exercise has the label {label}")
    return translator.book.exercises[label]


@directive("tableofcontents", options=[])
def contents(translator, this):
    """All notebooks of the book, under the parts and chapters that they belong to."""
    book, lines, waiting = translator.book, [], []
    for depth, page, caption in book.contents:
        if page == translator.page:
            continue
        if page is None:
            waiting = [f"\n**{caption}**\n"]
        elif page in book.notebooks:
            lines += [*waiting, f"{'  ' * depth}- {translator.inline.to_page(book.titles[page], page)}"]
            waiting = []
        else:  # stands above its notebooks, if there are any
            waiting = [entry for entry in waiting if not entry.startswith("  " * depth + "- ")]
            waiting.append(f"{'  ' * depth}- {book.titles[page]}")
    return "\n".join(lines).strip("\n").split("\n")


@directive("bibliography", options=["all", "style", "filter", "cited"])
def bibliography(translator, this):
    translator.listed = True
    translator.listed = True
    return translator.book.bibliography.listed(translator.cited)
