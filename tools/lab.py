"""Open the chapters in JupyterLab: ``python tools/lab.py --chapter 01-tsne/03-tsne -- --port=8899``.

The reader works on copies in ``notebooks/``, which git ignores. What is missing there is made. A copy whose cells the reader has not
changed follows the book; one that was changed is never written to: a newer version of its chapter comes to lie beside it. Having run
a notebook, or moved a slider, is no change. ``--prepare`` writes the files and does not start JupyterLab.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from mlbook.notebooks import data_files, fingerprint, notebooks, pages, replace, serialise  # noqa: E402

FRONT = "index"
STATE = ".mlcourse.json"  # hashes of the data files as they were written: these have no place for a note of their own


def told(path):
    """``(hash of the cells, hash that the book gave them)`` of a notebook's file; None for what cannot be read."""
    try:
        nb = json.loads(path.read_text("utf-8"))
        cells = fingerprint(nb["cells"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None, None
    try:
        return cells, nb["metadata"]["mlcourse"]["source"]
    except (KeyError, TypeError):
        return cells, None


def is_untouched(path):
    """Whether the cells of a notebook are those that the book once wrote."""
    cells, written = told(path)
    return cells is not None and cells == written


def prepare(root, folder, say=print):
    """Make or update the copies of all chapters in ``folder``, and say in few lines what was done."""
    folder = Path(folder)
    _remove_remains(folder)
    counts = dict.fromkeys(("made", "updated", "kept"), 0)
    news = []
    for page, nb in notebooks(root):
        counts[update(folder / f"{page}.ipynb", nb, news.append)] += 1
        update_data(folder, page, data_files(root, page, nb.cells), news.append)
    words = {"made": "new", "updated": "brought up to date", "kept": "as they were"}
    say(f"Notebooks in {folder.name}/: " + ", ".join(f"{count} {words[kind]}" for kind, count in counts.items() if count) + ".")
    for line in news:
        say(line)


def update(path, nb, say):
    """Make or update one copy; ``"made"``, ``"updated"`` or ``"kept"``."""
    beside = path.with_suffix(".new.ipynb")
    newest = nb.metadata["mlcourse"]["source"]
    if not path.exists():
        replace(path, serialise(nb))
        _remove_untouched(beside)
        return "made"
    cells, written = told(path)
    if cells == newest or (cells is not None and written == newest):  # the chapter has not changed since
        _remove_untouched(beside)
        return "kept"
    if cells is not None and cells == written:
        replace(path, serialise(nb))
        _remove_untouched(beside)
        return "updated"
    name = f"{nb.metadata['mlcourse']['page']}.ipynb"
    why = "cannot be read" if cells is None else "has your changes"
    if beside.exists() and not is_untouched(beside):
        say(f"{name} {why} and stays; so does {beside.name}, which you changed too. For the book's newest version, rename either of the two and run this again.")
        return "kept"
    if not beside.exists() or told(beside)[0] != newest:
        replace(beside, serialise(nb))
    say(f"{name} {why} and stays. The book's newer version is {beside.name}; to take it over, delete or rename yours and run this again.")
    return "kept"


def update_data(folder, page, files, say):
    """Bring the data beside a notebook up to date, unless the reader changed it."""
    state = _read_state(folder)
    for file in files:
        path = (folder / f"{page}.ipynb").parent / file.name
        name, content = path.relative_to(folder).as_posix(), file.read_bytes()
        old = path.read_bytes() if path.exists() else None
        if old not in (None, content) and _hash(old) != state.get(name):
            say(f"{name} has your changes and stays; to have the book's, delete or rename yours and run this again.")
            continue
        if old != content:
            replace(path, content)
        if state.get(name) != _hash(content):
            state[name] = _hash(content)
            replace(folder / STATE, json.dumps(state, indent=1, sort_keys=True).encode())


def _hash(content):
    return hashlib.sha256(content).hexdigest()


def _read_state(folder):
    try:
        state = json.loads((folder / STATE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def _remove_untouched(path):
    if path.exists() and is_untouched(path):
        path.unlink()


def _remove_remains(folder):
    """Half-written files of a run that was killed; not those of one that runs now."""
    for part in folder.rglob(".*.part"):
        if time.time() - part.stat().st_mtime > 60:
            part.unlink(missing_ok=True)


def chapter_name(wanted, root):
    """The page that ``wanted`` means: its name, with or without its folder and suffix."""
    names = pages(root)
    stem = wanted.removeprefix("book/").removeprefix("notebooks/")
    stem = stem.removesuffix(".md").removesuffix(".ipynb")
    found = [name for name in names if stem in (name, name.rpartition("/")[2])]
    if len(found) != 1:
        sys.exit(f"There is no chapter {wanted}. The chapters are: " + ", ".join(names))
    return found[0]


def call(folder, chapter, options=()):
    """``(command, environment)`` of JupyterLab with ``folder`` as its root and a chapter open."""
    environment = {name: value for name, value in os.environ.items() if name != "MLCOURSE_FIGURES"}  # figures are to be live
    environment["JUPYTER_PREFER_ENV_PATH"] = "1"  # the kernel of this environment, whatever kernels the user has elsewhere
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}", f"--LabApp.default_url=/lab/tree/{chapter}.ipynb"]
    return [*command, *options], environment


def start(folder, chapter, options, say=print):
    """Become JupyterLab."""
    # Whether root may do so is for the user to say, here or in a configuration file of Jupyter's; how, its own message leaves open.
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in options:
        say("You are root, for whom JupyterLab starts only when told to: make lab LAB=--allow-root")
    command, environment = call(folder, chapter, options)
    sys.stdout.flush()  # whoever becomes another program loses what is still to be written
    if os.name == "nt":  # Windows cannot become another program
        sys.exit(subprocess.call(command, env=environment))
    os.execve(sys.executable, command, environment)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chapter", default=FRONT, help="the chapter that opens, such as 01-tsne/03-tsne")
    parser.add_argument("--prepare", action="store_true", help="write the notebooks and do not start JupyterLab")
    parser.add_argument("--folder", type=Path, default=ROOT / "notebooks", help="where the notebooks go (default: notebooks)")
    parser.add_argument("options", nargs="*", metavar="-- OPTIONS", help="options for JupyterLab, such as --port=8899 --no-browser")
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    chapter = chapter_name(arguments.chapter or FRONT, ROOT)
    try:
        prepare(ROOT, folder)
    except ValueError as error:
        sys.exit(f"A chapter cannot be made into a notebook: {error}")
    if not arguments.prepare:
        start(folder, chapter, arguments.options)


if __name__ == "__main__":
    main()
