"""Notebooks are compared with what was recorded of them, and a difference is a failure.

Each test writes small notebooks, records them, changes something, and looks at what pytest says.
"""

import json
import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytest_plugins = ["pytester"]


class Course:
    """A course that the project's own conftest.py tests; each run costs seconds, so it says much."""

    def __init__(self, pytester, notebook):
        self.pytester, self.notebook = pytester, notebook
        shutil.copy(ROOT / "conftest.py", pytester.path)
        pytester.makeini("[pytest]\ntestpaths = book\naddopts = -v --nbval-current-env --nbval-cell-timeout=60 -p no:cacheprovider")
        (pytester.path / "book").mkdir()

    def write(self, name, *cells):
        (self.pytester.path / f"book/{name}.md").write_text(self.notebook(*cells), "utf-8")

    def record(self, name):
        path = self.pytester.path / f"tests/outputs/{name}.json"
        return json.loads(path.read_text("utf-8")) if path.exists() else None

    def run(self, *options):
        """``{"chapter 2": "PASSED", ...}`` and all that pytest printed."""
        printed = self.pytester.runpytest_subprocess(*options).stdout.str()
        cells = re.findall(r"^book/(\w+)::md::Cell (\d+) (PASSED|FAILED|SKIPPED|ERROR)", printed, re.MULTILINE)
        return {f"{name} {cell}": outcome for name, cell, outcome in cells}, printed


@pytest.fixture
def course(pytester, notebook):
    return Course(pytester, notebook)


# What a cell prints comes from a file, so that it can change while the notebook stays; what is expected of the change.
COMPARED = {
    "print('score', value['score'])": ("0.37", "0.38", "PASSED"),
    "print('count', value['count'])": ("0.37", "0.39", "FAILED"),
    "from mlcourse.claims import glue; glue('quoted', value['glued'])": ("0.37", "0.39", "FAILED"),
    "value['word']": ("hare", "tortoise", "FAILED"),
    "if value['silent']: print('spoken')": ("1", "", "FAILED"),
    "if value['spoken']: print('spoken')": ("", "1", "FAILED"),
    "print(value['warning'], file=sys.stderr)": ("careful", "beware", "PASSED"),
    "# NBVAL_RAISES_EXCEPTION\nraise ValueError(value['error'])": ("lost", "found", "FAILED"),
}


def test_a_difference_is_a_failure_and_a_rounding_is_not(course):
    names = [cell.split("value['")[1].split("']")[0] for cell in COMPARED]

    def set_values(which):
        values = dict(zip(names, [case[which] for case in COMPARED.values()]))
        (course.pytester.path / "values.json").write_text(json.dumps(values))

    course.write("compared", "import json, sys\nvalue = json.load(open('../values.json'))", *COMPARED)
    course.write("edited", "print(1)", "print(2)")
    stale = course.pytester.path / "tests/outputs/gone.json"
    stale.parent.mkdir(parents=True)
    stale.write_text("[]")
    set_values(0)
    outcomes, _ = course.run("--record-outputs")
    assert set(outcomes.values()) == {"PASSED"} and len(outcomes) == len(COMPARED) + 3
    assert course.record("compared")[1]["outputs"] == [{"output_type": "stream", "name": "stdout", "text": "score 0.37\n"}]
    assert "careful" not in json.dumps(course.record("compared")), "what stderr says depends on the machine"
    assert not stale.exists(), "a record without its chapter would never be read again"
    outcomes, _ = course.run()
    assert set(outcomes.values()) == {"PASSED"}

    set_values(1)
    course.write("edited", "print(1)", "print(1 + 1)")
    course.write("new", "print(1)", "print(2)")
    outcomes, printed = course.run()
    assert [outcomes[f"compared {k}"] for k in range(1, len(COMPARED) + 1)] == [case[2] for case in COMPARED.values()]
    assert "Cell outputs differ" in printed and "tortoise" in printed
    assert outcomes["edited 0"] == outcomes["new 0"] == "FAILED"
    assert "book/edited.md has changed since its outputs were recorded: run `make outputs`" in printed
    assert "no outputs are recorded for book/new.md: run `make outputs`" in printed
    assert course.record("new") is None, "only --record-outputs records"


FIGURE = """\
from mlcourse.widgets import explore
@explore(k=[1, 2, 3, 4, 0])
def figure(fig, k):
    return f'one over k is {1 / k:.2f}'"""


def test_a_cell_that_fails_fails_and_is_not_recorded(course):
    course.write("failing", "print('before')", FIGURE, "print('after')")
    outcomes, printed = course.run("--record-outputs")
    assert list(outcomes.values()) == ["PASSED", "FAILED", "PASSED"]
    assert "ZeroDivisionError" in printed, "the last frame of a figure is drawn as well"
    assert course.record("failing") is None


def test_a_chosen_cell_runs_those_before(course):
    course.write("chapter", "x = 3", "y = x + 1", "print(y)", "print('not asked for')")
    course.run("--record-outputs", "-n", "2")
    assert len(course.record("chapter")) == 4, "the workers of xdist keep a chapter together"
    for choice in (["book/chapter.md::Cell 2"], ["-k", "chapter and 2"]):
        outcomes, _ = course.run(*choice)
        assert outcomes == {f"chapter {k}": "PASSED" for k in range(3)}


@pytest.fixture
def same_text(request):
    """The comparison itself, from the project's conftest.py."""
    for plugin in request.config.pluginmanager.get_plugins():
        if getattr(plugin, "__file__", None) == str(ROOT / "conftest.py"):
            return plugin.same_text
    pytest.fail("conftest.py is not loaded")


@pytest.mark.parametrize(
    "reference, text, same",
    [
        ("0.37", "0.38", True),
        ("0.37", "0.39", False),
        ("a 0.37", "b 0.37", False),
        ("[1.  2.5]", "[1.  2.6]", True),
        ("[1.  2.5]", "[1.  2.7]", False),
        ("[1. 2.]", "[1. 3.]", False),
        ("[0.5]", "[0.50000001]", True),
        ("[0.5]", "[0.4]", True),
        ("[0.50]", "[0.4]", False),
        ("[ 0.00]", "[-0.00]", True),
        ("[ 0.01]", "[-0.01]", False),
        ("1.234e-05", "1.235e-05", True),
        ("1.234e-05", "1.234e-04", False),
        ("(500, 64)", "(501, 64)", False),
        ("label 3", "label 4", False),
        ("x1", "x2", False),
        ("93%", "94%", True),
        ("93%", "95%", False),
        ("nan", "0.5", False),
        ("0.5", "nan", False),
        ("0.5 0.5", "0.5", False),
        ("kept 0.5", "kept 0.5 ", True),
        ("one\ntwo", "one two", False),
    ],
)
def test_what_counts_as_the_same(same_text, reference, text, same):
    assert same_text(reference, text) is same
