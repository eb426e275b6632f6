"""Code as it stands in the package: what ``{source}`` and ``{literalinclude}`` show, as text."""

import ast
import importlib
import inspect
import re
import textwrap


def find(dotted):
    """The object with the dotted name ``dotted``."""
    parts = dotted.split(".")
    for split in range(len(parts), 0, -1):
        module = ".".join(parts[:split])
        try:
            found = importlib.import_module(module)
        except ModuleNotFoundError as error:
            if error.name and not module.startswith(error.name):
                raise  # the module is there, and something that it imports is not
            continue
        for part in parts[split:]:
            found = getattr(found, part)
        return found
    raise ModuleNotFoundError(f"no module holds {dotted}")


def source_of(dotted):
    """``(file, code)``: where the function or class with this dotted name stands, and its lines."""
    found = inspect.unwrap(find(dotted))
    return inspect.getsourcefile(found), textwrap.dedent(inspect.getsource(found))


def summary_only(code):
    """``code`` with every docstring cut to its first line, without labels of equations."""
    lines = code.splitlines()
    owners = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for node in sorted(
        (node for node in ast.walk(ast.parse(code)) if isinstance(node, owners) and ast.get_docstring(node)),
        key=lambda node: -node.lineno,  # from the end, so that line numbers stay true
    ):
        docstring = node.body[0]
        # Labels of equations are links in the reference and nothing here.
        first = lines[docstring.lineno - 1] = re.sub(r"\s*\(eq-[a-z-]+\)", "", lines[docstring.lineno - 1].rstrip())
        if docstring.end_lineno > docstring.lineno:
            quotes = "'''" if first.lstrip(" rRuU").startswith("'''") else '"""'
            lines[docstring.lineno - 1 : docstring.end_lineno] = [first + quotes]
    return "\n".join(lines)


def excerpt(path, options):
    """The lines of the file ``path`` that the options of a ``{literalinclude}`` choose."""
    code = path.read_text("utf-8")
    lines = code.splitlines()
    if "pyobject" in options:
        lines = _definition(code, lines, options["pyobject"], path)
    for option, keep_mark in (("start-at", True), ("start-after", False)):
        if option in options:
            lines = lines[_line_with(options[option], lines, path) + (not keep_mark) :]
    for option, keep_mark in (("end-at", True), ("end-before", False)):
        if option in options:
            lines = lines[: _line_with(options[option], lines, path) + keep_mark]
    if "dedent" in options:
        width = options["dedent"]
        lines = [line[int(width) :] for line in lines] if width else textwrap.dedent("\n".join(lines)).splitlines()
    return "\n".join(lines).strip("\n")


def _definition(code, lines, name, path):
    body = ast.parse(code).body
    for part in name.split("."):
        found = [node for node in body if getattr(node, "name", None) == part]
        if not found:
            raise ValueError(f"{path.name} defines no {name}")
        body = found[0].body
    first = min([found[0].lineno, *(decorator.lineno for decorator in found[0].decorator_list)])
    return lines[first - 1 : found[0].end_lineno]


def _line_with(words, lines, path):
    words = words.strip("\"'")
    for number, line in enumerate(lines):
        if words in line:
            return number
    raise ValueError(f"{path.name}: no line with {words!r}")
