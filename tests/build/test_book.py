"""The traps of the build: each was met once, and is shut.

A build takes seconds whatever it builds, so one book is built for several traps.
"""

import re
import sys
from html import escape
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "book" / "_ext"))
from mlbook import ahead  # noqa: E402

FIGURE = """\
import json
from IPython.display import HTML, display
def figure(name, texts=("a sentence",), alt="a sentence"):
    data = json.dumps(dict(name=name, texts=texts))
    display(HTML(f'<figure class="explorable" data-name="{name}"><img class="xf-frame" src="data:," alt="{alt}">'
                 f'<script type="application/json">{data}</script></figure>'))
"""
SHOW_VALUE = """\
import runpy, pathlib
print("value", runpy.run_path(pathlib.Path("../mlcourse/value.py"))["VALUE"])
with open("../runs", "a") as file:
    file.write("x")"""


def claim_cells(*pairs):
    for sentence, number in pairs:
        data = escape(f'{{"sentence": "{sentence}", "numbers": {{"p_value": {number}}}}}')
        html = f'<div class="claim" data-claim="{data}">✓ {sentence}</div>'
        yield f"from IPython.display import HTML\nHTML({html!r})"


def test_what_is_built_follows_the_pages_and_the_package(book):
    def build():
        done = book.build()
        assert done.returncode == 0, done.stdout
        return book.html("index")

    book.chapter("index", "# Book\n\n$$ x^2 $$\n\n```{evidence}\n```\n")
    book.chapter("a", book.notebook(SHOW_VALUE, FIGURE, "figure('one')", "figure('two')", *claim_cells(("Ants walk", 0.123456))))
    book.chapter("b", book.notebook(*claim_cells(("Bees fly", 1), ("Bears sleep", 2))))
    evidence = build()

    # All claims of the book with their numbers, each with a link to its place.
    assert "3 claims on 2 pages" in evidence
    assert "Ants walk" in evidence and "p value = 0.123" in evidence
    assert 'href="b.html#claim-2"' in evidence and 'id="claim-2"' in book.html("b")

    # Nothing is loaded from another server, formulas least of all.
    for page in (book.root / "_build/html").rglob("*.html"):
        loaded = re.findall(r'<(?:script|img|iframe)[^>]*\ssrc="([^"]*)|<link[^>]*\shref="([^"]*)', page.read_text("utf-8"))
        assert not [address for pair in loaded for address in pair if "//" in address]
        assert "thebe.js" not in page.read_text("utf-8")
    static = book.root / "_build/html/_static"
    assert "mathjax/startup.js" in evidence and (static / "mathjax/startup.js").exists()
    assert list((static / "mathjax/output/chtml/fonts/woff-v2").glob("*.woff"))

    # Prose alone does not run the cells again; a changed package does. Evidence follows pages that are read again, and
    # pages that are gone.
    runs = book.root / "runs"
    book.write("book/a.md", (book.root / "book/a.md").read_text("utf-8").replace("# A chapter", "# Another title"))
    assert "Another title" in build()
    assert "value 1" in book.html("a")
    assert len(runs.read_text()) == 1
    book.write("mlcourse/value.py", "VALUE = 2\n")
    book.chapter("a", book.notebook(SHOW_VALUE, *claim_cells(("Ants run", 7))))
    (book.root / "book/b.md").unlink()
    book.chapters.remove("b")
    evidence = build()
    assert "value 2" in book.html("a")
    assert len(runs.read_text()) == 2
    assert "1 claim on 1 page" in evidence and "Ants run" in evidence
    assert "Ants walk" not in evidence and "Bears" not in evidence


def test_outputs_of_an_older_package_are_not_shown(book):
    """The notebook stays as it is, byte for byte: the execution cache alone would not see the change."""
    book.chapter("index", book.notebook(SHOW_VALUE))
    for value in (1, 2):
        book.write("mlcourse/value.py", f"VALUE = {value}\n")
        done = book.build()
        assert done.returncode == 0, done.stdout
        assert f"value {value}" in book.html("index")


def test_notebooks_run_side_by_side(book):
    """Each of the two waits for the other to begin: one after the other, the first would wait in vain."""
    if ahead.cores() < 2:
        pytest.skip("with one core they run one after the other")
    meeting = """\
import pathlib, time
mine, other = pathlib.Path("{mine}"), pathlib.Path("{other}")
mine.touch()
end = time.monotonic() + 30
while not other.exists():
    if time.monotonic() > end:
        mine.unlink()
        raise TimeoutError("nobody came")
    time.sleep(0.05)
print("{mine} has met {other}")"""
    book.chapter("index", book.notebook(meeting.format(mine="hare", other="tortoise")))
    book.chapter("a", book.notebook(meeting.format(mine="tortoise", other="hare")))
    book.chapter("b", book.notebook("print('a third')"))
    done = book.build()
    assert done.returncode == 0, done.stdout
    assert "hare has met tortoise" in book.html("index") and "tortoise has met hare" in book.html("a")
    assert "a third" in book.html("b")


def test_a_failing_notebook_fails_every_time(book):
    book.chapter("index", book.notebook("print('well')"))
    book.chapter("a", book.notebook("1 / 0"))
    for _ in range(2):
        done = book.build()
        assert done.returncode != 0
        assert "ZeroDivisionError" in done.stdout and "a.md" in done.stdout


def test_warnings_fail_every_time(book):
    book.chapter("index", "# Title\n\n{ref}`nowhere-at-all`\n\n![](_static/logo.svg)\n")
    book.chapter("forgotten", "# Forgotten\n", listed=False)
    book.chapter(
        "figures",
        book.notebook(
            FIGURE,
            "figure('one')",
            "figure('one')",
            "figure('three', texts=['said', ' '])",
            "figure('four', alt='')",
            "import ipywidgets\nipywidgets.IntSlider()",
        ),
    )
    for _ in range(2):
        done = book.build()
        assert done.returncode != 0
        for warning in (
            "undefined label: 'nowhere-at-all'",
            "forgotten.md: WARNING: document isn't included in any toctree",
            "picture without alternative text: ",
            "2 explorable figures are called 'one'",
            "explorable figure three: 1 of its frames have no alternative text",
            "picture without alternative text in the output of a cell",
            "a widget on a static page would stay blank",
        ):
            assert warning in done.stdout
