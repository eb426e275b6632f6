"""A page's MyST Markdown as plain Markdown, which every notebook program reads.

Lines become blocks here, and blocks without markup of MyST's own pass as they are; roles and links within a line are
the business of :mod:`mlbook.notebook_inline`, directives that of :mod:`mlbook.notebook_directives`. Whatever is unknown is an
error: on a plain notebook it would stand there raw.
"""

import re
import textwrap

from mlbook.notebook_directives import DIRECTIVES, SOLUTION_ENDS, SOLUTION_STARTS, Directive
from mlbook.notebook_inline import Inline

FENCE = re.compile(r"(?P<indent>\s*)(?P<mark>`{3,}(?=[^`]*$)|~{3,}|:{3,})(?P<info>.*)")
INFO = re.compile(r"\{(?P<name>[\w:.-]+)\}\s*(?P<argument>.*)")
OPTION = re.compile(r":([\w-]+):\s*(.*)")
MATH = re.compile(r"(?P<indent>\s*)\$\$(?P<rest>.*)")
MATH_END = re.compile(r"(?P<body>.*?)\$\$\s*(?:\((?P<label>[\w:.-]+)\))?\s*")
LABEL = re.compile(r"\([\w:.-]+\)=\s*")
ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s")
HEADING = re.compile(r"(#+)\s")
UNKNOWN = {  # markup that no plain notebook program reads, and that nothing here translates
    r"\{[.#][^}]*\}\s*$": "attributes in braces",
    r"\\begin\{(?!aligned)": "an environment outside of $$",
    r"\[\^[^\]]+\]:": "a footnote",
    r":\s+\S": "a definition list",
}


class Translator:
    """Translates the Markdown cells of one page, in order.

    Attributes
    ----------
    cited : list of str
        Keys of the sources named so far.
    in_solution : bool
        Whether what follows belongs to the solution of an exercise.
    """

    def __init__(self, book, page):
        self.book, self.page = book, page
        self.cited, self.in_solution = [], False
        self.listed = False  # whether the sources have been listed
        self.level = 1  # of the heading above
        self.inline = Inline(self)

    def error(self, message):
        return ValueError(f"{self.page}: {message}")

    def cell(self, text):
        """The text of a Markdown cell, translated."""
        folding, parts, written = self.in_solution, [], []

        def finish():
            written.extend(self.folded("In words", parts) if folding else parts)
            parts.clear()

        for line in self.lines(text.splitlines()):
            if line in (SOLUTION_STARTS, SOLUTION_ENDS):
                finish()
                folding = line == SOLUTION_STARTS
                written.append("" if folding else line)
            else:
                parts.append(line)
        finish()
        ruled = [self._rule(written[k + 1 :]) if line == SOLUTION_ENDS else line for k, line in enumerate(written)]
        return "\n".join(_without_double_spaces(ruled)).strip("\n")

    def lines(self, lines, quoted=False):
        """Lines of Markdown, translated; ``quoted`` says that they will stand behind ``>``, where a formula must be one line."""
        written, paragraph, k = [], [], 0

        def finish():
            written.extend(self.inline.text("\n".join(paragraph), quoted).split("\n") if paragraph else ())
            paragraph.clear()

        while k < len(lines):
            line = lines[k]
            fence, math = FENCE.fullmatch(line), MATH.fullmatch(line)
            if fence:
                finish()
                k, block = self._fence(lines, k, fence, quoted)
                written += block
                continue
            if math:
                finish()
                k, block = self._math(lines, k, math, quoted)
                written += block
                continue
            if not line.strip() or line.startswith("%") or LABEL.fullmatch(line):
                finish()
                if not line.strip():
                    written.append("")
            else:
                for pattern, what in UNKNOWN.items():
                    if re.match(pattern, line):
                        raise self.error(f"{what} cannot be translated: {line.strip()}")
                heading = HEADING.match(line)
                if heading or ITEM.match(line):
                    finish()
                paragraph.append(line)
                if heading:
                    self.level = len(heading[1])
                    finish()
            k += 1
        finish()
        return _without_double_spaces(written)

    # ------------------------------------------------------------------------------------------------------- blocks

    def _fence(self, lines, start, fence, quoted):
        """``(next line, block)`` of the fenced block that begins at line ``start``."""
        mark, indent = fence["mark"], fence["indent"]
        closing = re.compile(rf"\s*{re.escape(mark[0])}{{{len(mark)},}}\s*")
        end = next((k for k in range(start + 1, len(lines)) if closing.fullmatch(lines[k])), None)
        if end is None:
            raise self.error(f"a fence is not closed: {lines[start].strip()}")
        body = [line.removeprefix(indent) for line in lines[start + 1 : end]]
        info = INFO.fullmatch(fence["info"].strip())
        if info:
            block = self._directive(info["name"], info["argument"], body, quoted)
        elif mark[0] == ":":
            raise self.error(f"a fence of colons without a directive: {lines[start].strip()}")
        else:
            block = [mark + fence["info"], *body, mark]
        return end + 1, [indent + line if line else line for line in block]

    def _directive(self, name, argument, body, quoted):
        if name not in DIRECTIVES:
            raise self.error(f"the directive {{{name}}} cannot be translated to plain Markdown")
        options = {}
        while body and (option := OPTION.fullmatch(body[0])):
            options[option[1]] = option[2].strip()
            body = body[1:]
        translate, known = DIRECTIVES[name]
        if unknown := set(options) - known:
            raise self.error(f"the option :{min(unknown)}: of {{{name}}} cannot be translated")
        text = textwrap.dedent("\n".join(body)).strip("\n").split("\n") if any(body) else []
        return ["", *translate(self, Directive(name, argument.strip(), options, text, quoted)), ""]

    def _math(self, lines, start, math, quoted):
        """``(next line, block)`` of the formula between double dollars that begins at line ``start``."""
        indent, body, rest = math["indent"], [], math["rest"]
        for k in range(start, len(lines)):
            text = rest if k == start else lines[k].strip()
            if end := MATH_END.fullmatch(text):
                body.append(end["body"])
                return k + 1, [indent + line for line in self.formula(body, end["label"], quoted)]
            body.append(text)
        raise self.error("a formula is not closed: " + " ".join(lines[start : start + 3]))

    def formula(self, body, label, quoted):
        """Lines of a displayed formula, with its number if it has a label."""
        body = [line.strip() for line in body if line.strip()]
        if label:
            if label not in self.book.equations:
                raise self.error(f"the equation {label} is not among those of the book")
            body.append(rf"\tag{{{self.book.equations[label][1]}}}")
        return [f"$$ {' '.join(body)} $$"] if quoted else ["$$", *body, "$$"]

    # ---------------------------------------------------------------------------------------------------- solutions

    def folded(self, title, lines):
        """``lines`` in a box that opens at a click, under its title; nothing if there is no text."""
        if not any(line.strip() for line in lines):
            return []
        return ["<details>", f"<summary><b>{title}</b></summary>", "", *lines, "", "</details>", ""]

    @staticmethod
    def _rule(following):
        """A line is drawn below a solution, unless a heading or nothing follows."""
        first = next((line for line in following if line.strip()), "#")
        return "" if first.startswith(("#", SOLUTION_ENDS)) else "---"


def _without_double_spaces(lines):
    """One empty line where several follow each other, but for those within a fence."""
    kept, fence = [], None
    for line in lines:
        fence = fence_after(line, fence)
        if line or fence or (kept and kept[-1]):
            kept.append(line)
    return kept


def fence_after(line, fence):
    """The fence of code in which one is after a line, given the one before it; None outside of code."""
    mark = re.match(r"[>\s]*(`{3,}|~{3,})(.*)", line)
    if not mark:
        return fence
    if fence is None:
        return mark[1]
    return None if mark[1].startswith(fence) and not mark[2].strip() else fence
