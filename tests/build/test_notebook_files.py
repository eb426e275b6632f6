"""The book's pages as plain notebooks: each rule of the translation on a small text, and what holds for every real page."""

import hashlib
import json
import re
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from mlbook import listings, notebooks  # noqa: E402
from mlbook.notebook_facts import Book, glue_names, without_code  # noqa: E402
from mlbook.notebook_text import Translator, fence_after  # noqa: E402

BIB = """
@article{ant1901walk, author={Ant, Ada and de la Bee, Bo}, title={A Walk}, journal={Ways}, year={1901}, doi={10.1/walk}}
@article{cat1999nap, author={Cat, Cy and Dog, Di and Elk, Ed}, title={On *Naps*}, journal={Rest}, year={1999}, url={https://nap.example/x}}
"""
FIRST = """
# 1.1 First

```text
$$ this is shown as it is written $$ (eq-shown)
```

$$ a = b $$ (eq-first)

:::{exercise-start} Walk
:label: ex-walk
:::

:::{exercise-end}
:::
"""


@pytest.fixture
def course(tmp_path, notebook):
    """A course of two notebooks, ``one/first`` and ``one/second``, and a page of words; returns the folder."""
    (tmp_path / "book/one").mkdir(parents=True)
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: book/front\nparts:\n  - caption: The part\n    chapters:\n      - file: book/words\n      - file: book/one/index\n"
        "        sections:\n          - file: book/one/first\n          - file: book/one/second\n"
        "  - caption: Reference\n    chapters:\n      - file: book/list\n"
    )
    (tmp_path / "book/references.bib").write_text(BIB)
    for name in ("words", "one/index", "list"):
        (tmp_path / f"book/{name}.md").write_text(f"(at-{name.replace('/', '-')})=\n# Page {name}\n")
    (tmp_path / "book/front.md").write_text(notebook("1", title="Front"))
    (tmp_path / "book/one/first.md").write_text(notebook("1").replace("# A chapter\n", FIRST))
    second = "# 1.2 Second\n\n(sec-here)=\n## Here\n\n$$\nc\n$$ (eq-second)\n\n"
    second += ":::{exercise-start} Run\n:label: ex-run\n:::\n\n:::{exercise-end}\n:::\n"
    (tmp_path / "book/one/second.md").write_text(notebook("glue('n', 1)").replace("# A chapter\n", second))
    record = [{"source": "glue('n', 1)", "outputs": [{"output_type": "display_data", "data": {"application/papermill.record/text/plain": "42%"}}]}]
    (tmp_path / "tests/outputs/one").mkdir(parents=True)
    (tmp_path / "tests/outputs/one/second.json").write_text(json.dumps(record))
    return tmp_path


@pytest.fixture
def translate(course):
    """Translates a text as if it stood on the page ``one/second``."""
    return lambda text: Translator(Book(course), "one/second").cell(text)


# ------------------------------------------------------------------------------------------------------------ rules

INLINE = {
    "plain *text* with `{code}` and $x_{i}$, {braces} too": "plain *text* with `{code}` and $x_{i}$, {braces} too",
    "a {term}`tail`, {term}`tails <tail>`": "a tail, tails",
    "{glue:text}`n` of them": "42% of them",
    "{eq}`eq-second` and {eq}`eq-first`": "(2) and [(1)](first.ipynb)",
    "{cite:t}`ant1901walk` say": "Ant and de la Bee [1901] say",
    "so {cite:p}`cat1999nap,ant1901walk`.": "so [Ant and de la Bee, 1901, Cat et al., 1999].",
    "so {cite}`cat1999nap`.": "so [Cat et al., 1999].",
    "{doc}`first`, {doc}`that <first>`, {doc}`../words`": "[1.1 First](first.ipynb), [that](first.ipynb), *Page words*",
    "{ref}`sec-here`, {ref}`there <at-words>`, {numref}`ex-walk`": "Here, there, [Exercise 1](first.ipynb)",
    "{py:class}`~mlcourse.manifold.TSNE` {py:func}`a.b` {py:func}`text <a.b>`": "`TSNE` `a.b` `text`",
    "{kbd}`←` {kbd}`<`": "<kbd>←</kbd> <kbd>&lt;</kbd>",
    "[one](first.md), [front](../front.md#top), [w *s*](../words.md), [page words](../words.md), [here](sec-here), [](../front.md)": (
        "[one](first.ipynb), [front](../front.ipynb), w *s*, *page words*, here, [Front](../front.ipynb)"
    ),
    "[out](https://example.org/a.md) <https://example.org>": "[out](https://example.org/a.md) <https://example.org>",
    '<a href="first.html?x=1#y">that</a>, <a href="../words.html">words</a>': "[that](first.ipynb), words",
    "[with `code` and $[0, 1]$](first.md)": "[with `code` and $[0, 1]$](first.ipynb)",
    "{term}`over\ntwo lines`": "over two lines",
    r"it costs \$5, {term}`a`, \$6": r"it costs \$5, a, \$6",
    "``{term}`x` `` stays": "``{term}`x` `` stays",
    "- {term}`a`\n- `b\n- {term}`c`": "- a\n- `b\n- c",
    "% a comment\nText": "Text",
    "(a-label)=\n## Heading": "## Heading",
}


@pytest.mark.parametrize("text", INLINE)
def test_text_and_roles(translate, text):
    assert translate(text) == INLINE[text]


BLOCKS = {
    "$$\na\n$$": "$$\na\n$$",
    "$$ a $$": "$$\na\n$$",
    "$$\na \\\\\nb\n$$ (eq-second)\n\nText": "$$\na \\\\\nb\n\\tag{2}\n$$\n\nText",
    "```{math}\n:label: eq-second\nc\n```": "$$\nc\n\\tag{2}\n$$",
    ":::{note}\nMind.\n:::": "> **Note**\n>\n> Mind.",
    ":::{admonition} A {term}`title`\n:class: seealso\n\nOne $a\n= b$.\n\n$$\na\n+ b\n$$ (eq-second)\n:::": (
        "> **A title**\n>\n> One $a = b$.\n>\n> $$ a + b \\tag{2} $$"
    ),
    ":::{admonition} Answer\n:class: dropdown tip\nNo {term}`way`.\n:::": (
        "<details>\n<summary><b>Answer</b></summary>\n\nNo way.\n\n</details>"
    ),
    "::::{note}\nA\n\n:::{tip}\nB\n:::\n::::": "> **Note**\n>\n> A\n>\n> > **Tip**\n> >\n> > B",
    "```python\n{term}`x`\n\n\n# (a)=\n```": "```python\n{term}`x`\n\n\n# (a)=\n```",
    "````text\n```{note}\n```\n````": "````text\n```{note}\n```\n````",
    "````text\n```\n\n\na\n```\n\n\nb\n````": "````text\n```\n\n\na\n```\n\n\nb\n````",
    "~~~text\n~~~a\n\n\nb\n~~~": "~~~text\n~~~a\n\n\nb\n~~~",
    "```{code-block} python\nx = 1\n```": "```python\nx = 1\n```",
    "- An item\n\n  ```{note}\n  Within.\n  ```\n- Another": "- An item\n\n  > **Note**\n  >\n  > Within.\n\n- Another",
    ":::{list-table}\n:header-rows: 1\n:widths: 1 2\n\n* - Key\n  - What it\n    does\n* - {kbd}`←`\n  - $p_{j|i}$ | back\n:::": (
        "| Key | What it does |\n| --- | --- |\n| <kbd>←</kbd> | $p_{j\\vert i}$ \\| back |"
    ),
    ":::{exercise-start} Run\n:label: ex-run\n:::\n\nGo.\n\n:::{exercise-end}\n:::": "## Exercise 2: Run\n\nGo.",
    ":::{tableofcontents}\n:::": "- [Front](../front.ipynb)\n\n**The part**\n\n- Page one/index\n  - [1.1 First](first.ipynb)",
    "Said {cite:p}`cat1999nap`.\n\n:::{bibliography}\n:::": (
        "Said [Cat et al., 1999].\n\n- Cy Cat, Di Dog, and Ed Elk. On \\*naps\\*. *Rest*, 1999. URL: [https://nap.example/x](https://nap.example/x)."
    ),
}


@pytest.mark.parametrize("text", BLOCKS)
def test_blocks_and_directives(translate, text):
    assert translate(text) == BLOCKS[text]


UNKNOWN = {
    "{newrole}`x`": "the role {newrole}",
    "```{newdirective}\n```": "the directive {newdirective}",
    ":::{note}\n:newoption: 1\nText\n:::": ":newoption: of {note}",
    "::: aside\n:::": "colons",
    ":::{note}\nno end": "not closed",
    "$$\nno end": "not closed",
    "{term}`no end": "a role",
    "{{ value }}": "a substitution",
    "[x]{.red}": "attributes",
    "{#here}\n# Title": "attributes",
    "text[^1]": "a footnote",
    "[^1]: text": "a footnote",
    "word\n: its meaning": "definition list",
    "\\begin{align}\nx\n\\end{align}": "environment",
    "![p](p.png)": "a picture",
    "[x](nowhere.md)": "leads nowhere",
    "{glue:text}`lost`": "make outputs",
    "{eq}`eq-lost`": "eq-lost",
    "$$ x $$ (eq-lost)": "eq-lost",
    "{cite:t}`nobody`": "nobody",
    "{doc}`nowhere`": "nowhere",
    "{ref}`nowhere`": "nowhere",
    ":::{exercise-start} X\n:label: ex-lost\n:::": "ex-lost",
}


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_is_unknown_is_an_error(translate, text):
    with pytest.raises(ValueError, match=re.escape(UNKNOWN[text])):
        translate(text)


def test_code_is_shown_from_the_files(course, translate):
    (course / "book/part.md").write_text("An {term}`included` line.\n")
    (course / "code.py").write_text('import os\n\n\n@os.x\ndef f(x):\n    """Doc."""\n    # from here\n    y = x\n\n\n    return y\n\n\nz = 1\n')
    assert translate("```{include} ../part.md\n```") == "An included line."
    whole = translate("```{literalinclude} ../../code.py\n:language: python\n:pyobject: f\n```")
    assert whole == (
        '```python\n@os.x\ndef f(x):\n    """Doc."""\n    # from here\n    y = x\n\n\n    return y\n```\n\nFrom `f` in `code.py`'
    )
    part = translate('```{literalinclude} ../../code.py\n:start-at: "# from"\n:end-before: return\n:dedent: 4\n```')
    assert part.startswith("```\n# from here\ny = x\n```\n")
    for lost in (":pyobject: g", ":start-at: nothing"):
        with pytest.raises(ValueError, match="code.py"):
            translate(f"```{{literalinclude}} ../../code.py\n{lost}\n```")
    source = translate("```{source} mlcourse.manifold.joint_probabilities\n```")
    assert re.match(r'```python\ndef joint_probabilities\(.*\n    """[^\n]*"""\n', source) and "Parameters" not in source
    assert source.endswith("```\n\nSource of `mlcourse.manifold.joint_probabilities`")


def cells_of(course, text, page="one/second", **options):
    path = course / f"book/{page}.md"
    header = path.read_text("utf-8").partition("\n---\n")[0] + "\n---\n\n"
    path.write_text(header + text, "utf-8")
    return notebooks.notebook(course, page, **options)


CODE = "```{code-cell} ipython3\n%s1 + 1\n```\n"


def test_cells_and_their_metadata(course):
    tags = {
        tag: CODE % f":tags: [{tag}]\n\n" for tag in ("hide-input", "remove-input", "hide-cell", "hide-output", "other")
    }
    nb = cells_of(course, "# T\n\nWord.\n\n## H\n\nText.\n\n" + "\n".join(tags.values()) + "\n" + CODE % "", setup=lambda files: "import micropip")
    nbformat.validate(nb)
    assert [cell.source.split("\n")[0] for cell in nb.cells[:3]] == ["import micropip", "# T", "## H"]
    assert nb.cells[0].metadata == {"tags": ["setup"], "jupyter": {"source_hidden": True}}
    assert "Run all cells" in nb.cells[1].source and nb.cells[1].source.endswith("\n\nWord.")
    code = [cell for cell in nb.cells[1:] if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None and cell.source == "1 + 1" for cell in code)
    folded = {"jupyter": {"source_hidden": True}, "cellView": "form"}
    assert [dict(cell.metadata) for cell in code] == [
        {"tags": ["hide-input"], **folded},
        {"tags": ["remove-input"], **folded},
        {"tags": ["hide-cell"], "jupyter": {"source_hidden": True, "outputs_hidden": True}, "cellView": "form"},
        {"tags": ["hide-output"], "jupyter": {"outputs_hidden": True}},
        {"tags": ["other"]},
        {},
    ]
    assert nb.metadata.kernelspec == notebooks.LOCAL
    other = {"name": "python", "display_name": "Python", "language": "python"}
    assert notebooks.notebook(course, "one/second", kernelspec=other).metadata.kernelspec == other


def test_sections_are_cells_and_comments_in_listings_are_no_headings(course):
    nb = cells_of(course, "# T\n\nA.\n\n```python\n# B\nb\n```\n\n### C\n\nc\n#d\n")
    assert [cell.source.split("\n")[0] for cell in nb.cells] == ["# T", "### C"]


def test_a_solution_is_folded_away_and_what_follows_is_not(course):
    text = (
        "# T\n\n## Exercises\n\n:::{exercise-start} Run\n:label: ex-run\n:::\n\nDo it.\n\n" + CODE % "" + "\n:::{exercise-end}\n:::\n\n"
        ":::{solution-start} ex-run\n:class: dropdown\n:::\n\nThe idea.\n\n" + CODE % ""
        + "\nThe reason.\n\n:::{solution-end}\n:::\n\nGo on.\n\n" + CODE % ""
    )
    nb = cells_of(course, text)
    told = [cell.source for cell in nb.cells if cell.cell_type == "markdown"]
    folded = "<details>\n<summary><b>In words</b></summary>\n\n%s\n\n</details>"
    assert told[1:] == [
        "## Exercises",
        "### Exercise 2: Run\n\nDo it.",
        "#### Solution of exercise 2\n\n" + folded % "The idea.",
        folded % "The reason." + "\n\n---\n\nGo on.",
    ]
    assert [bool(cell.metadata) for cell in nb.cells if cell.cell_type == "code"] == [False, True, False]


def test_sources_stand_at_the_end(course):
    both = "{cite:t}`cat1999nap` and {cite:p}`ant1901walk`"
    assert cells_of(course, f"# T\n\n{both}\n").cells[-1].source.startswith("## References\n\n- Ada Ant and Bo de la Bee.")
    nb = cells_of(course, f"# T\n\n{both}\n\n## References\n\n- {{cite:t}}`cat1999nap`\n")
    assert nb.cells[-1].source.startswith("**In full**\n\n- Ada Ant") and "(https://doi.org/10.1/walk)" in nb.cells[-1].source
    nb = cells_of(course, f"# T\n\n{both}\n\n## References\n\n:::{{bibliography}}\n:::\n")
    assert sum("Ada Ant" in cell.source for cell in nb.cells) == 1


GLUES = {
    "glue('a', 1)\nmlcourse.claims.glue('b', 2)": ["a", "b"],
    "for k, v in (('x', y), ('z', y)):\n    glue(f'at_{k}', v)\nglue('last', 1)": ["at_x", "at_z", "last"],
    "for k in [1, 2]:\n    glue(f'n{k}', 0)": ["n1", "n2"],
    "%matplotlib inline\nif True:\n    glue('a', 1)": ["a"],
}


def test_names_of_computed_values():
    for code, names in GLUES.items():
        assert glue_names(code, len(names), "page") == names
    for code, count in (("for k in names:\n    glue(k, 1)", 2), ("glue('a', 1)", 2), ("glue(name(), 1)", 1)):
        with pytest.raises(ValueError, match="cannot be told"):
            glue_names(code, count, "page")


def test_labels_within_code_do_not_count():
    text = "a\n```{code-cell} x\n$$ a $$ (eq-x)\n```\nb\n```{source} f\n```\nc\n````text\n```{note}\n(l)=\n```\n````\nd\n"
    assert [line for line in without_code(text).splitlines() if line.isalpha()] == list("abcd")
    assert "eq-x" not in without_code(text) and "(l)" not in without_code(text)


def test_the_hash_tells_cells_and_nothing_else(course):
    nb = cells_of(course, "# T\n\n" + CODE % "")
    before = nb.metadata.mlcourse.source
    nb.cells[-1].update(execution_count=3, outputs=[nbformat.v4.new_output("stream", text="2")])
    nb.cells[-1].metadata["collapsed"] = True
    nb.cells.append(nbformat.v4.new_code_cell(" \n"))
    as_saved = json.loads(nbformat.writes(nb))  # sources are lists of lines there
    assert notebooks.fingerprint(nb.cells) == notebooks.fingerprint(as_saved["cells"]) == before
    nb.cells[-2].source += " "
    assert notebooks.fingerprint(nb.cells) != before


# ------------------------------------------------------------------------------------------------------- real pages


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    notebooks.write(ROOT, folder)
    return folder


PAGES = notebooks.pages(ROOT)


def test_every_notebook_of_the_book_is_written(written):
    book = ROOT / "book"
    files = [path for path in book.rglob("*.md") if ".ipynb_checkpoints" not in path.parts and notebooks.is_notebook(path)]
    of_the_book = {path.relative_to(book).with_suffix("").as_posix() for path in files}
    assert of_the_book == set(PAGES) == {path.relative_to(written).with_suffix("").as_posix() for path in written.rglob("*.ipynb")}
    assert PAGES[0] == "index" and PAGES.index("01-tsne/02-sne") < PAGES.index("01-tsne/03-tsne")
    assert not list(written.rglob("*.part"))


def prose(text):
    """A Markdown text without its fenced code, code spans and formulas."""
    lines, fence = [], None
    for line in text.splitlines():
        before, fence = fence, fence_after(line, fence)
        if before is None and fence is None:
            lines.append(line)
    assert fence is None, "a listing that is not closed"
    return re.sub(r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`", "", "\n".join(lines), flags=re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_a_real_page_is_a_plain_notebook(written, page):
    path = written / f"{page}.ipynb"
    nb = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(nb)
    assert (nb.nbformat, nb.nbformat_minor) == (4, 5)
    assert nb.metadata.mlcourse == {"page": page, "source": notebooks.fingerprint(nb.cells)}
    chapter = jupytext.read(ROOT / f"book/{page}.md")
    assert [c.source for c in nb.cells if c.cell_type == "code"] == [c.source for c in chapter.cells if c.cell_type == "code"]
    texts = [prose(cell.source) for cell in nb.cells if cell.cell_type == "markdown"]
    whole = "\n".join(texts)
    for raw in (r"\{[\w:.-]+\}", r":::", r"^\(\S+\)=", r"^%", r"\(eq-", r"\{\{", "\0"):
        assert not re.search(raw, whole, re.MULTILINE), raw
    for target in re.findall(r"\]\(([^)\s]+)\)", whole):
        assert target.startswith("https://") or (path.parent / target).resolve().is_file(), target
    assert 'href="' not in whole
    math = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    tags = [int(number) for number in re.findall(r"\\tag\{(\d+)\}", math)]
    assert tags == list(range(tags[0], tags[0] + len(tags))) if tags else page == "index"
    for file in notebooks.data_files(ROOT, page):
        assert (path.parent / file.name).read_bytes() == file.read_bytes()


def test_numbers_and_data_of_real_pages(written):
    """Equations and exercises are counted through the book, as on the built pages."""
    text = (written / "01-tsne/02-sne.ipynb").read_text("utf-8")
    first = (written / "01-tsne/01-linear.ipynb").read_text("utf-8")
    tags = [int(number) for number in re.findall(r"\\\\tag\{(\d+)\}", first)]
    assert f"\\\\tag{{{tags[-1] + 1}}}" in text and tags[0] == 1
    assert [file.name for file in notebooks.data_files(ROOT, "01-tsne/04-optimisation")] == ["benchmarks.json"]
    assert (written / "01-tsne/benchmarks.json").exists() and notebooks.data_files(ROOT, "01-tsne/03-tsne") == []


def test_the_same_page_gives_the_same_bytes(written):
    page = PAGES[1]
    again = notebooks.serialise(notebooks.notebook(ROOT, page))
    assert hashlib.sha256(again).digest() == hashlib.sha256((written / f"{page}.ipynb").read_bytes()).digest()


def test_listings_show_docstrings_in_short_and_no_labels():
    code = 'def f():\n    """The cost (eq-sne-cost).\n\n    More.\n    """\n    return 1\n\ndef g():\n    """One (eq-a-b)."""'
    short = 'def f():\n    """The cost."""\n    return 1\n\ndef g():\n    """One."""'
    assert listings.summary_only(code) == short
