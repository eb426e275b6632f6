"""``make lab`` works on copies: they follow the book until the reader changes them, and then nothing of the reader's is ever lost."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import lab  # noqa: E402

PAGES = ("index", "one/first", "one/second")


class Desk:
    """A small course and the folder with the reader's copies."""

    def __init__(self, root, notebook):
        self.root, self.folder, self._notebook = root, root / "notebooks", notebook
        (root / "book/one").mkdir(parents=True)
        (root / "_toc.yml").write_text("format: jb-book\nroot: book/index\nchapters:\n  - file: book/one/first\n  - file: book/one/second\n")
        (root / "book/one/data.json").write_text("[1]")
        for page in PAGES:
            self.chapter(page, "x = 1")

    def chapter(self, page, code):
        """Write a chapter of the book: one cell of text, one of code."""
        code = 'open("data.json")\n' + code if page == "one/second" else code
        (self.root / f"book/{page}.md").write_text(self._notebook(code, title=page), "utf-8")

    def path(self, page):
        return self.folder / f"{page}.ipynb"

    def read(self, page):
        return nbformat.read(self.path(page), as_version=4)

    def code(self, page):
        return [cell.source.split("\n")[-1] for cell in self.read(page).cells if cell.cell_type == "code"]

    def edit(self, page, code="mine = 1"):
        """Change a copy as the reader does in JupyterLab."""
        nb = self.read(page)
        nb.cells[-1].source = code
        self.save(page, nb)

    def save(self, page, nb):
        nbformat.write(nb, self.path(page))

    def run(self, page):
        """What JupyterLab saves after a notebook ran to its end: outputs, metadata, an empty cell."""
        nb = self.read(page)
        nb.cells[-1].update(execution_count=7, outputs=[nbformat.v4.new_output("stream", text="done")])
        nb.cells[-1].metadata["execution"] = {"iopub.status.busy": "2026"}
        nb.cells[0].metadata["jp-MarkdownHeadingCollapsed"] = True
        nb.cells.append(nbformat.v4.new_code_cell(""))
        nb.metadata.language_info = {"name": "python", "version": "3.12.1"}
        nb.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
        self.save(page, nb)

    def prepare(self):
        """The lines that are printed."""
        lines = []
        lab.prepare(self.root, self.folder, lines.append)
        return lines

    def files(self):
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}


@pytest.fixture
def desk(tmp_path, notebook):
    return Desk(tmp_path, notebook)


@pytest.fixture
def used(desk):
    """A desk with all copies made."""
    desk.prepare()
    return desk


def test_what_is_missing_is_made_and_a_second_time_nothing_happens(desk):
    assert desk.prepare() == ["Notebooks in notebooks/: 3 new."]
    made = desk.files()
    assert set(made) == {*(f"{page}.ipynb" for page in PAGES), "one/data.json", lab.STATE}
    stamps = {name: (desk.folder / name).stat().st_mtime_ns for name in made}
    assert desk.prepare() == ["Notebooks in notebooks/: 3 as they were."]
    assert desk.files() == made and {name: (desk.folder / name).stat().st_mtime_ns for name in made} == stamps
    desk.path("one/first").unlink()
    assert desk.prepare() == ["Notebooks in notebooks/: 1 new, 2 as they were."]
    assert desk.files() == made


def test_an_untouched_copy_follows_the_book(used):
    used.run("one/first")
    used.chapter("one/first", "x = 2")
    used.chapter("one/second", "x = 2")
    assert used.prepare() == ["Notebooks in notebooks/: 2 brought up to date, 1 as they were."]
    assert used.code("one/first") == used.code("one/second") == ["x = 2"]


def test_outputs_stay_while_the_chapter_does(used):
    used.run("one/first")
    before = used.files()
    assert used.prepare() == ["Notebooks in notebooks/: 3 as they were."]
    assert used.files() == before and b"done" in before["one/first.ipynb"]


def touch_code(nb):
    nb.cells[-1].source += " "


def touch_text(nb):
    nb.cells[0].source += "A note."


def touch_kind(nb):
    nb.cells[-1] = nbformat.v4.new_raw_cell(nb.cells[-1].source)


def touch_number(nb):
    nb.cells.append(nbformat.v4.new_code_cell("2"))


def touch_order(nb):
    nb.cells.reverse()


def touch_away(nb):
    del nb.cells[-1]


@pytest.mark.parametrize("touch", [touch_code, touch_text, touch_kind, touch_number, touch_order, touch_away])
def test_what_the_reader_changed_is_never_overwritten(used, touch):
    nb = used.read("one/first")
    touch(nb)
    used.save("one/first", nb)
    mine = used.files()
    assert used.prepare() == ["Notebooks in notebooks/: 3 as they were."], "the chapter is the same: there is nothing to tell"
    assert used.files() == mine
    used.chapter("one/first", "x = 2")
    summary, line = used.prepare()
    assert summary == "Notebooks in notebooks/: 3 as they were."
    assert line.startswith("one/first.ipynb has your changes and stays.") and "first.new.ipynb" in line and "delete or rename" in line
    assert used.code("one/first.new") == ["x = 2"]
    assert {name: content for name, content in used.files().items() if name != "one/first.new.ipynb"} == mine


@pytest.fixture
def changed(used):
    """A desk with a changed copy of ``one/first`` and the newer version beside it."""
    used.edit("one/first")
    used.chapter("one/first", "x = 2")
    used.prepare()
    return used


def test_the_version_beside_follows_the_book(changed):
    changed.run("one/first.new")
    changed.chapter("one/first", "x = 3")
    assert len(changed.prepare()) == 2
    assert changed.code("one/first.new") == ["x = 3"] and changed.code("one/first") == ["mine = 1"]
    changed.run("one/first.new")
    before = changed.files()
    assert len(changed.prepare()) == 2, "it is said every time"
    assert changed.files() == before, "outputs of the new version stay, too"


def test_the_version_beside_is_the_readers_too_once_it_is_changed(changed):
    changed.edit("one/first.new", "also_mine = 1")
    changed.chapter("one/first", "x = 3")
    before = changed.files()
    summary, line = changed.prepare()
    assert "first.new.ipynb" in line and "changed too" in line
    assert changed.files() == before
    # Whatever becomes of the copy, this one stays.
    changed.path("one/first").unlink()
    changed.prepare()
    assert changed.code("one/first") == ["x = 3"] and changed.code("one/first.new") == ["also_mine = 1"]


@pytest.mark.parametrize("how", ["delete", "rename", "move over", "edit"])
def test_taking_over_the_newer_version(changed, how):
    path, beside = changed.path("one/first"), changed.path("one/first.new")
    if how == "delete":
        path.unlink()
    elif how == "rename":
        path.rename(path.with_name("mine.ipynb"))
    elif how == "move over":
        beside.replace(path)
    else:
        changed.edit("one/first", changed.read("one/first.new").cells[-1].source)
    assert len(changed.prepare()) == 1
    assert changed.code("one/first") == ["x = 2"] and not beside.exists()
    assert path.with_name("mine.ipynb").exists() == (how == "rename")
    # From now on the copy follows the book again; one that was typed in still has the old note of its origin.
    changed.chapter("one/first", "x = 3")
    changed.prepare()
    assert changed.code("one/first") == (["x = 2"] if how == "edit" else ["x = 3"])


def test_a_chapter_that_goes_back_leaves_nothing_beside(changed):
    changed.chapter("one/first", "x = 1")
    assert len(changed.prepare()) == 1
    assert changed.code("one/first") == ["mine = 1"] and not changed.path("one/first.new").exists()


DAMAGE = {
    "not json": lambda text: text[: len(text) // 2],
    "empty": lambda text: "",
    "another thing": lambda text: "[1, 2]",
    "not text": lambda text: b"\xff\xfe\x00",
    "no cells": lambda text: json.dumps({key: value for key, value in json.loads(text).items() if key != "cells"}),
    "strange cells": lambda text: json.dumps({**json.loads(text), "cells": [None]}),
    "no note": lambda text: json.dumps({**json.loads(text), "metadata": {}, "cells": json.loads(text)["cells"][:1]}),
    "strange note": lambda text: json.dumps({**json.loads(text), "metadata": {"mlcourse": 3}, "cells": json.loads(text)["cells"][:1]}),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_cannot_be_told_counts_as_changed(used, damage):
    path = used.path("one/first")
    damaged = DAMAGE[damage](path.read_text("utf-8"))
    damaged = damaged if isinstance(damaged, bytes) else damaged.encode()
    path.write_bytes(damaged)
    _, line = used.prepare()
    assert line.startswith("one/first.ipynb " + ("has your changes" if "note" in damage else "cannot be read")) and "first.new.ipynb" in line
    assert path.read_bytes() == damaged and used.code("one/first.new") == ["x = 1"]
    used.path("one/first.new").write_bytes(damaged)
    used.prepare()
    assert path.read_bytes() == damaged and used.path("one/first.new").read_bytes() == damaged


def test_a_lost_note_alone_does_no_harm(used):
    nb = used.read("one/first")
    del nb.metadata["mlcourse"]
    used.save("one/first", nb)
    assert len(used.prepare()) == 1 and not used.path("one/first.new").exists()


def test_files_of_the_readers_own_and_of_chapters_that_are_gone_stay(used):
    shutil.copy(used.path("one/first"), used.folder / "one/my-notes.ipynb")
    (used.folder / "own").mkdir()
    (used.folder / "own/thing.txt").write_text("mine")
    (used.root / "_toc.yml").write_text("format: jb-book\nroot: book/index\nchapters:\n  - file: book/one/first\n")
    (used.root / "book/one/second.md").unlink()
    before = used.files()
    assert used.prepare() == ["Notebooks in notebooks/: 2 as they were."]
    assert used.files() == before and "one/second.ipynb" in before


def test_data_beside_a_notebook(used):
    data, of_the_book = used.folder / "one/data.json", used.root / "book/one/data.json"
    of_the_book.write_text("[2]")
    used.edit("one/second")  # the notebook is the reader's; the data is not
    used.prepare()
    assert data.read_text() == "[2]"
    data.write_text("[mine]")
    of_the_book.write_text("[3]")
    assert any(line.startswith("one/data.json has your changes and stays") for line in used.prepare())
    assert data.read_text() == "[mine]"
    (used.folder / lab.STATE).write_text("{half")
    used.prepare()
    assert data.read_text() == "[mine]"
    data.unlink()
    used.prepare()
    assert data.read_text() == "[3]"


@pytest.mark.parametrize("moment", ["write", "replace"])
def test_an_interruption_loses_nothing(used, monkeypatch, moment):
    used.run("one/first")
    before = used.files()
    used.chapter("one/first", "x = 2")

    def interrupt(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        if moment == "replace":
            patched.setattr(os, "replace", interrupt)
        else:
            patched.setattr(os, "chmod", interrupt)
        with pytest.raises(KeyboardInterrupt):
            used.prepare()
    assert used.files() == before, "neither a half-written notebook nor a remainder"
    assert "1 brought up to date" in used.prepare()[0]


def test_remains_of_a_run_that_was_killed_are_removed(used):
    old, now = (used.folder / f"one/.first.ipynb.{name}.part" for name in ("old", "now"))
    for part in (old, now):
        part.write_text("{")
    os.utime(old, (time.time() - 3600,) * 2)
    used.prepare()
    assert not old.exists() and now.exists(), "another run may be writing the new one at this moment"


def test_chapters_are_found_by_name(desk):
    for wanted in ("one/first", "first", "book/one/first.md", "notebooks/one/first.ipynb"):
        assert lab.chapter_name(wanted, desk.root) == "one/first"
    with pytest.raises(SystemExit, match="no chapter third. The chapters are: index, one/first, one/second"):
        lab.chapter_name("third", desk.root)


def test_jupyterlab_is_started_on_the_copies_with_live_figures(monkeypatch, tmp_path):
    started = []
    monkeypatch.setattr(os, "execve", lambda *call: started.append(call))
    monkeypatch.setattr(lab, "prepare", lambda *where: started.append(where))
    monkeypatch.setenv("MLCOURSE_FIGURES", "static")
    monkeypatch.setattr(sys, "argv", ["lab.py", "--folder", str(tmp_path), "--chapter", "01-tsne/03-tsne", "--", "--port=1", "--no-browser"])
    lab.main()
    prepared, (program, command, environment) = started
    assert prepared == (ROOT, tmp_path.resolve())
    assert program == sys.executable and command[1:3] == ["-m", "jupyterlab"] and command[-2:] == ["--port=1", "--no-browser"]
    assert f"--ServerApp.root_dir={tmp_path.resolve()}" in command and "--LabApp.default_url=/lab/tree/01-tsne/03-tsne.ipynb" in command
    assert "MLCOURSE_FIGURES" not in environment and environment["PATH"]
    monkeypatch.setattr(sys, "argv", ["lab.py", "--prepare"])
    lab.main()
    assert started[2:] == [(ROOT, ROOT / "notebooks")], "nothing is started, and the front page is a chapter"


def test_nothing_is_lost_that_was_said_before_jupyterlab_took_over():
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    code = """if True:
        import os, sys, lab
        lab.call = lambda *_: ([sys.executable, "-c", "print('JupyterLab')"], os.environ)
        print("Notebooks")
        lab.start("folder", "index", ["--allow-root"])
    """
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT / "tools", env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["Notebooks", "JupyterLab"]


@pytest.mark.parametrize("user, options, told", [(0, [], 1), (0, ["--port=1", "--allow-root"], 0), (1000, [], 0)])
def test_root_is_told_how_to_start(monkeypatch, tmp_path, user, options, told):
    lines, started = [], []
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    monkeypatch.setattr(os, "execve", lambda *call: started.append(call))
    lab.start(tmp_path, "index", options, lines.append)
    assert len(started) == 1, "JupyterLab decides, not we: its configuration may say that root is welcome"
    assert len(lines) == told and all("make lab LAB=--allow-root" in line for line in lines)


def test_a_chapter_that_cannot_be_translated_is_said_plainly(desk, monkeypatch):
    desk.chapter("one/first", "1\n```\n\n{newrole}`x`\n\n```{code-cell} ipython3\n1")
    monkeypatch.setattr(lab, "ROOT", desk.root)
    monkeypatch.setattr(sys, "argv", ["lab.py", "--prepare"])
    with pytest.raises(SystemExit, match="cannot be made into a notebook: one/first: the role {newrole}"):
        lab.main()
