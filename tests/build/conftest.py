"""Small courses in a temporary folder, with the real conftest.py, configuration and extension."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEADER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3 (ipykernel)
  language: python
  name: python3
---

"""


def notebook(*cells, title="A chapter"):
    """Text of a MyST-Markdown notebook with these code cells."""
    return HEADER + f"# {title}\n\n" + "\n\n".join(f"```{{code-cell}} ipython3\n{cell}\n```" for cell in cells) + "\n"


@pytest.fixture(name="notebook")
def notebook_fixture():
    return notebook


class Book:
    """A tiny book that is built with the project's own configuration."""

    notebook = staticmethod(notebook)

    def __init__(self, root):
        self.root = root
        for name in ("_config.yml", "jupytext.toml"):
            shutil.copy(ROOT / name, root / name)
        for name in ("book/_ext", "book/_static", "book/_templates"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        self.write("book/references.bib", "@book{b, title={B}, author={A. Author}, publisher={P}, year={2000}}\n")
        self.write("mlcourse/value.py", "VALUE = 1\n")
        self.chapters = []

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def chapter(self, name, text, listed=True):
        self.write(f"book/{name}.md", text)
        if listed and name not in self.chapters:
            self.chapters.append(name)

    def build(self):
        """Run the build with warnings as errors; the process, with both its streams in ``stdout``."""
        first, *others = self.chapters
        toc = f"format: jb-book\nroot: book/{first}\n"
        if others:
            toc += "chapters:\n" + "".join(f"  - file: book/{name}\n" for name in others)
        self.write("_toc.yml", toc)
        command = [Path(sys.executable).with_name("jupyter-book"), "build", ".", "-W", "-n", "--keep-going"]
        quick = {**os.environ, "MLBOOK_LITE": "0"}
        return subprocess.run(command, cwd=self.root, env=quick, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def html(self, name):
        return (self.root / f"_build/html/book/{name}.html").read_text("utf-8")


@pytest.fixture
def book(tmp_path):
    return Book(tmp_path)
