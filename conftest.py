"""A bare ``pytest`` also runs every notebook of ``book/``, cell by cell, with nbval.

Notebooks are text and store no outputs, so nbval would have nothing to compare. Their text outputs are therefore recorded in
``tests/outputs/`` and handed to nbval as if they were stored in the notebook. Texts must be equal, but for numbers: these
may differ by one unit of the last place that is printed, which is what another BLAS may change. Pictures, widgets
and HTML are not compared. ``make outputs`` records anew; read the difference before committing it.
"""

import json
import os
import re
from decimal import Decimal
from pathlib import Path
from unittest import mock

import jupytext
import nbformat
import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
ENVIRONMENT = {"MLCOURSE_FIGURES": "test", "PYDEVD_DISABLE_FILE_VALIDATION": "1", **ONE_THREAD}  # what the notebooks' kernels inherit
NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|(?<![\w.])[-+]?\.\d+(?:[eE][-+]?\d+)?")
GLUED = "application/papermill.record/text/plain"  # a number that the prose quotes


# ----------------------------------------------------------------------------------------------- texts and numbers


def last_place(number):
    """One unit of the last printed place of ``number``: 0.01 for "3.14", 1 for "7", 1e-5 for "1.2345e-1"."""
    return Decimal(1).scaleb(Decimal(number).as_tuple().exponent)


def same_text(reference, text):
    """Whether two outputs say the same: every character, but numbers within one unit of the last place.

    Integers are counts, sizes or labels and must be equal, unless they are rounded percentages.
    """
    if reference == text:
        return True
    around = [re.sub(f" *(?:{NUMBER.pattern}) *", "0", words) for words in (reference, text)]  # NumPy pads columns with spaces
    if around[0] != around[1]:
        return False
    pairs = zip(NUMBER.finditer(reference), NUMBER.finditer(text))
    return all(_same_number(a.group(), b.group(), reference[a.end() : a.end() + 1] == "%") for a, b in pairs)


def _same_number(a, b, percentage):
    if a == b:
        return True
    if not percentage and not any(mark in a + b for mark in ".eE"):
        return False
    # NumPy drops zeros at the end, "0.5" for 0.50 and "1." for 1.00: the finer place of the two is the printed one
    places = [last_place(number) for number in (a, b) if not number.endswith(".")]
    return abs(Decimal(a) - Decimal(b)) <= min(places, default=0)


class Output(str):
    """A text output that compares as :func:`same_text` does."""

    def __eq__(self, other):
        return same_text(str(self), str(other))

    def __ne__(self, other):
        return not self == other

    __hash__ = str.__hash__


def text_only(outputs):
    """What is recorded of a cell's outputs: printed text, text/plain, glued numbers, and the kind of an error that was asked for."""
    kept = []
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream" and output["name"] == "stdout":
            kept.append({"output_type": kind, "name": "stdout", "text": output["text"]})
        elif kind in ("execute_result", "display_data"):
            for mime in {"text/plain", GLUED} & set(output["data"]):
                text = output["data"][mime]
                if not re.fullmatch(r"<(Figure|IPython)[^\n]*>", text):
                    kept.append({"output_type": kind, "data": {mime: text}})
        elif kind == "error":
            kept.append({"output_type": kind, "ename": output["ename"], "evalue": output["evalue"]})
    return kept


# ------------------------------------------------------------------------------------------------------- chapters


class ChapterCell(IPyNbCell):
    """A cell of a chapter: runs as any nbval cell, then compares with the record."""

    def runtest(self):
        recording = self.config.option.record_outputs
        super().runtest()
        if recording:
            self.parent.recorded[self.cell_num] = {"source": self.cell.source, "outputs": text_only(self.test_outputs)}
        elif self.cell_num == 0 and self.parent.record_error:  # said once; the other cells run and are not compared
            pytest.fail(self.parent.record_error, pytrace=False)

    def compare_outputs(self, test, ref, skip_compare=None):
        if self.config.option.record_outputs:
            return True
        test, ref = text_only(test), text_only(ref)
        for output in ref:
            data = output.get("data", output)
            for key in ("text", "text/plain", GLUED, "evalue"):
                if key in data:
                    data[key] = Output(data[key])
        notebook = [nbformat.from_dict(output) for output in test], [nbformat.from_dict(output) for output in ref]
        return super().compare_outputs(*notebook, skip_compare)

    def sanitize(self, s):
        return s

    def repr_failure(self, excinfo):
        if isinstance(excinfo.value, pytest.fail.Exception):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class Chapter(IPyNbFile):
    """A MyST-Markdown notebook with its record of outputs."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.recorded, self.record_error = {}, None

    def setup(self):
        with mock.patch.dict(os.environ, ENVIRONMENT):
            super().setup()

    @property
    def record_path(self):
        inside = self.path.relative_to(self.config.rootpath / "book")
        return self.config.rootpath / "tests" / "outputs" / inside.with_suffix(".json")

    def collect(self):
        notebook = jupytext.read(self.path)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        record = json.loads(self.record_path.read_text("utf-8")) if self.record_path.exists() else None
        name = self.path.relative_to(self.config.rootpath).as_posix()
        if record is None:
            self.record_error = f"no outputs are recorded for {name}: run `make outputs`"
        elif [cell.source for cell in code] != [cell["source"] for cell in record]:
            self.record_error = f"{name} has changed since its outputs were recorded: run `make outputs` and read the difference"
        else:
            for cell, known in zip(code, record):
                cell.execution_count = 1
                cell.outputs = [nbformat.from_dict({**_blank(output), **output}) for output in known["outputs"]]
        with mock.patch("nbval.plugin.nbformat.read", lambda *args, **kwargs: notebook):
            self.cells = list(super().collect())
        for cell in self.cells:
            cell.__class__ = ChapterCell  # nbval makes its own kind and offers no other way
        return self.cells

    def teardown(self):
        super().teardown()
        if self.config.option.record_outputs and len(self.recorded) == len(self.cells):
            self.record_path.parent.mkdir(parents=True, exist_ok=True)
            cells = [self.recorded[number] for number in sorted(self.recorded)]
            self.record_path.write_text(json.dumps(cells, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _blank(output):
    """The fields that the notebook format wants and the record leaves out."""
    return {"execute_result": {"metadata": {}, "execution_count": 1}, "display_data": {"metadata": {}}, "error": {"traceback": []}}.get(
        output["output_type"], {}
    )


# ---------------------------------------------------------------------------------------------------------- pytest


def is_notebook(path):
    return path.suffix == ".md" and "\nkernelspec:" in path.read_text("utf-8")[:700]


def pytest_addoption(parser):
    parser.addoption("--record-outputs", action="store_true", help="record the text outputs of the notebooks that run, in tests/outputs/")


def pytest_ignore_collect(collection_path, config):
    """The book's extension, its pictures and what JupyterLab leaves behind are not notebooks."""
    if collection_path.name in ("_ext", "_static", ".ipynb_checkpoints", "_build"):
        return True


def pytest_collect_file(file_path, parent):
    if parent.config.rootpath / "book" in file_path.parents and is_notebook(file_path):
        return Chapter.from_parent(parent, path=file_path)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """``-k``, ``--lf`` and ``chapter.md::Cell 5`` also run the cells before: a cell alone has none of its names."""
    wanted = {}
    for item in items:
        before = item.parent.cells[: item.cell_num] if isinstance(item, ChapterCell) else []
        wanted.update(dict.fromkeys([*before, item]))
    items[:] = wanted


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """With ``-n``, the cells of a chapter stay in one worker, hence in one kernel; and workers do not fight for the cores."""
    if getattr(config.option, "numprocesses", None):
        if config.option.dist in ("no", "load"):
            config.option.dist = "loadfile"
        os.environ.update(ONE_THREAD)


def pytest_sessionfinish(session):
    """A record whose chapter is gone would never be compared again."""
    config = session.config
    if not config.option.record_outputs or hasattr(config, "workerinput"):
        return
    root = config.rootpath
    for record in sorted((root / "tests" / "outputs").rglob("*.json")):
        if not (root / "book" / record.relative_to(root / "tests" / "outputs")).with_suffix(".md").exists():
            record.unlink()
