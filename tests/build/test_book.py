"""The traps of the build: each was met once, and is shut."""

import re
from html import escape

SHOW_VALUE = """\
import runpy, pathlib
print("value", runpy.run_path(pathlib.Path("../mlcourse/value.py"))["VALUE"])"""


def test_outputs_follow_the_package_and_nothing_else(book):
    book.chapter("index", book.notebook(SHOW_VALUE, "import pathlib\npathlib.Path('../runs').open('a').write('x');"))
    runs = book.root / "runs"

    def build():
        done = book.build()
        assert done.returncode == 0, done.stdout
        return book.html("index")

    assert "value 1" in build()
    book.write("book/index.md", (book.root / "book/index.md").read_text().replace("# A chapter", "# Another title"))
    assert "Another title" in build()
    assert len(runs.read_text()) == 1, "a change of the prose must not run the cells again"
    book.write("mlcourse/value.py", "VALUE = 2\n")
    assert "value 2" in build()
    assert len(runs.read_text()) == 2


def test_a_failing_notebook_fails_every_time(book):
    book.chapter("index", book.notebook("1 / 0"))
    for _ in range(2):
        done = book.build()
        assert done.returncode != 0
        assert "ZeroDivisionError" in done.stdout


def test_a_warning_fails_every_time(book):
    book.chapter("index", "# Title\n\n{ref}`nowhere-at-all`\n")
    for _ in range(2):
        done = book.build()
        assert done.returncode != 0
        assert "nowhere-at-all" in done.stdout


def test_a_chapter_that_the_contents_forget_is_an_error(book):
    book.chapter("index", "# Title\n")
    book.chapter("forgotten", "# Forgotten\n", listed=False)
    done = book.build()
    assert done.returncode != 0
    assert "forgotten" in done.stdout and "toctree" in done.stdout


def test_no_page_names_a_script_of_another_server(book):
    widget = "from IPython.display import display\nimport ipywidgets\nprint('$x$')"
    book.chapter("index", book.notebook(widget).replace("# A chapter", "# A chapter\n\n$$ x^2 $$"))
    done = book.build()
    assert done.returncode == 0, done.stdout
    for page in (book.root / "_build/html").rglob("*.html"):
        loaded = re.findall(r'<(?:script|img|iframe)[^>]*\ssrc="([^"]*)|<link[^>]*\shref="([^"]*)', page.read_text("utf-8"))
        assert not [address for pair in loaded for address in pair if "//" in address]
    static = book.root / "_build/html/_static"
    assert "mathjax/startup.js" in book.html("index")
    assert (static / "mathjax/startup.js").exists()
    assert list((static / "mathjax/output/chtml/fonts/woff-v2").glob("*.woff"))


FIGURE = """\
from IPython.display import HTML, display
def figure(name, texts=("a sentence",), alt="a sentence"):
    import json
    data = json.dumps(dict(name=name, texts=texts))
    display(HTML(f'<figure class="explorable" data-name="{name}"><img class="xf-frame" src="data:," alt="{alt}">'
                 f'<script type="application/json">{data}</script></figure>'))
"""


def test_figures_need_texts_and_names_of_their_own(book):
    book.chapter("index", book.notebook(FIGURE, "figure('one')", "figure('two')"))
    done = book.build()
    assert done.returncode == 0, done.stdout
    book.chapter("index", book.notebook(FIGURE, "figure('one')", "figure('one')", "figure('three', texts=['said', ' '])", "figure('four', alt='')"))
    book.chapter("picture", "# Picture\n\n![](_static/logo.svg)\n")
    done = book.build()
    assert done.returncode != 0
    assert "2 explorable figures are called 'one'" in done.stdout
    assert "explorable figure three: 1 of its frames have no alternative text" in done.stdout
    assert "picture without alternative text in the output of a cell" in done.stdout
    assert "picture without alternative text: " in done.stdout and "logo.svg" in done.stdout


def test_a_widget_on_a_page_is_an_error(book):
    book.chapter("index", book.notebook("import ipywidgets\nipywidgets.IntSlider()"))
    done = book.build()
    assert done.returncode != 0 and "stay blank" in done.stdout


def claims(book, *pairs):
    made = []
    for sentence, number in pairs:
        data = escape(f'{{"sentence": "{sentence}", "numbers": {{"p_value": {number}}}}}')
        made.append(f"<div class='claim' data-claim='{data}'>✓ {sentence}</div>".replace("'", '"'))
    cells = [f"from IPython.display import HTML\nHTML({html!r})" for html in made]
    return book.notebook(*cells)


def test_evidence_follows_the_pages(book):
    book.chapter("index", "# Book\n\n```{evidence}\n```\n")
    book.chapter("a", claims(book, ("Ants walk", 0.123456)))
    book.chapter("b", claims(book, ("Bees fly", 1), ("Bears sleep", 2)))
    done = book.build()
    assert done.returncode == 0, done.stdout
    page = book.html("index")
    assert "3 claims on 2 pages" in page
    assert "Ants walk" in page and "p value = 0.123" in page
    assert 'href="b.html#claim-2"' in page and 'id="claim-2"' in book.html("b")

    book.chapter("a", claims(book, ("Ants run", 7)))  # only this page is read again
    done = book.build()
    assert done.returncode == 0, done.stdout
    page = book.html("index")
    assert "Ants run" in page and "Ants walk" not in page and "Bears sleep" in page

    (book.root / "book/b.md").unlink()
    book.chapters.remove("b")
    done = book.build()
    assert done.returncode == 0, done.stdout
    page = book.html("index")
    assert "1 claim on 1 page" in page
    assert "Bears" not in page
