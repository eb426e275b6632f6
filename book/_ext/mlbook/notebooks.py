"""The pages of the book as plain Jupyter notebooks, for JupyterLab, JupyterLite, Colab and Binder, none of which knows MyST.

A page's code stays as it is; its text is translated (:mod:`mlbook.notebook_text`). No outputs are stored: figures become live when the
cells run. The same page always gives the same bytes.
"""

import ast
import hashlib
import json
import os
import re
import tempfile
from pathlib import Path

import jupytext
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from mlbook.notebook_facts import Book, is_notebook
from mlbook.notebook_text import Translator, fence_after

__all__ = ["LOCAL", "data_files", "fingerprint", "is_notebook", "notebook", "notebooks", "pages", "replace", "serialise", "write"]

LOCAL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
FOLDED = {"hide-input", "remove-input", "hide-cell", "remove-cell"}
OUTPUT_FOLDED = {"hide-output", "remove-output", "hide-cell", "remove-cell"}
FIRST_STEPS = (
    "> **Run all cells first**, whenever you open this notebook (menu *Run*, in Colab *Runtime*): then the figures appear, and their sliders "
    "move. Code that only draws or checks is folded away, and so are solutions; a click on the bar in its place opens it. "
    "Numbers in the text are those of the book's own run; those of your run may differ a little. A line with ✓ is a claim that your run has "
    "just checked; with ✗, it did not hold in your run."
)


def pages(root):
    """Names of all pages that are notebooks, such as ``01-tsne/03-tsne``, in reading order."""
    return Book(root).notebooks


def notebook(root, page, *, kernelspec=LOCAL, setup=None):
    """The page as a plain notebook.

    Parameters
    ----------
    root : path
        The folder of the course.
    page : str
        Name of the page, relative to ``book/`` and without its suffix.
    kernelspec : dict
        The kernel that the notebook asks for.
    setup : callable, optional
        Gives the code that goes before everything else, for the list of data files that the notebook reads.
    """
    return _notebook(Book(root), page, kernelspec, setup)


def notebooks(root, **options):
    """``(page, notebook)`` for every page that is a notebook; the options are those of :func:`notebook`."""
    book = Book(root)
    for page in book.notebooks:
        yield page, _notebook(book, page, **options)


def _notebook(book, page, kernelspec=LOCAL, setup=None):
    translator = Translator(book, page)
    cells, written = [], jupytext.read(book.file(page)).cells
    if setup:
        code = setup(data_files(book.root, page, written))
        cells.append(new_code_cell(code, metadata={"tags": ["setup"], "jupyter": {"source_hidden": True}}))
    for cell in written:
        if cell.cell_type == "code":
            cells.append(new_code_cell(cell.source, metadata=_metadata(cell, translator.in_solution)))
        else:
            cells += [new_markdown_cell(text) for text in at_headings(translator.cell(cell.source))]
    first = next(k for k, cell in enumerate(cells) if cell.cell_type == "markdown")
    title, _, rest = cells[first].source.partition("\n")
    cells[first].source = f"{title}\n\n{FIRST_STEPS}\n{rest}"
    if translator.cited and not translator.listed:
        cells.append(new_markdown_cell("\n".join(_sources(translator, cells))))
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    metadata = {
        "kernelspec": dict(kernelspec),
        "language_info": {"name": "python"},
        "mlcourse": {"page": page, "source": fingerprint(cells)},
    }
    return new_notebook(cells=cells, metadata=metadata, nbformat_minor=5)


def _metadata(cell, in_solution):
    """Of a code cell: its tags, and for each program its own way of folding code."""
    tags = cell.metadata.get("tags", [])
    metadata, jupyter = {"tags": list(tags)} if tags else {}, {}
    if in_solution or FOLDED & set(tags):
        jupyter["source_hidden"] = True
        metadata["cellView"] = "form"  # Colab
    if OUTPUT_FOLDED & set(tags):
        jupyter["outputs_hidden"] = True
    return {**metadata, **({"jupyter": jupyter} if jupyter else {})}


def at_headings(text):
    """Parts of a Markdown text, each with its heading: JupyterLab folds sections by cells."""
    parts, fence = [[]], None
    for line in text.split("\n"):
        fence = fence_after(line, fence)
        if fence is None and re.match(r"#+ ", line):
            parts.append([])
        parts[-1].append(line)
    return [part for part in ("\n".join(part).strip("\n") for part in parts) if part]


def _sources(translator, cells):
    """The sources of a page in full; where the page has a section of references they continue it."""
    headed = any(re.match(r"#+ References", cell.source) for cell in cells)
    return ["**In full**" if headed else "## References", "", *translator.book.bibliography.listed(translator.cited)]


def fingerprint(cells):
    """Hash of what a reader writes: kinds and sources of the cells that are not empty."""
    told = [[cell["cell_type"], _source(cell)] for cell in cells]
    told = json.dumps([pair for pair in told if pair[1].strip()], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _source(cell):
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def data_files(root, page, cells=None):
    """Files beside the page that its code names: a notebook needs them where it is. ``cells``: those of the notebook, if it is there."""
    path = Path(root) / "book" / f"{page}.md"
    names = set()
    for cell in jupytext.read(path).cells if cells is None else cells:
        if cell.cell_type == "code":
            code = re.sub(r"^[%!].*$", "pass", cell.source, flags=re.MULTILINE)
            names |= {node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return [file for file in sorted(path.parent.iterdir()) if file.is_file() and file.name in names]


def serialise(nb):
    """The bytes of a notebook's file."""
    return (nbformat.writes(nb).rstrip("\n") + "\n").encode()


def replace(path, content):
    """Write a file as a whole or not at all: an interruption leaves the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def write(root, folder, **options):
    """Write all notebooks as ``folder/<page>.ipynb``, with the data that they read."""
    folder = Path(folder)
    for page, nb in notebooks(root, **options):
        path = folder / f"{page}.ipynb"
        replace(path, serialise(nb))
        for file in data_files(root, page, nb.cells):
            replace(path.parent / file.name, file.read_bytes())
