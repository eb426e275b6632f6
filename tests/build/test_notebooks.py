"""Notebooks are compared with what was recorded of them, and a difference is a failure.

Each test writes a small notebook, records it, changes something, and looks at what pytest says.
"""

import json
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytest_plugins = ["pytester"]


class Course:
    """A course of one chapter, tested by the project's own conftest.py."""

    def __init__(self, pytester, notebook):
        self.pytester, self.notebook = pytester, notebook
        shutil.copy(ROOT / "conftest.py", pytester.path)
        pytester.makeini("[pytest]\ntestpaths = book\naddopts = --nbval-current-env --nbval-cell-timeout=60 -p no:cacheprovider")
        self.chapter = pytester.path / "book/01-part/chapter.md"
        self.record = pytester.path / "tests/outputs/01-part/chapter.json"
        self.chapter.parent.mkdir(parents=True)

    def write(self, *cells):
        self.chapter.write_text(self.notebook(*cells), "utf-8")

    def run(self, *options, **outcomes):
        result = self.pytester.runpytest_subprocess(*options)
        result.assert_outcomes(**outcomes)
        return result.stdout.str()


@pytest.fixture
def course(pytester, notebook):
    return Course(pytester, notebook)


def test_numbers_may_differ_by_one_unit_of_the_last_place_and_texts_not_at_all(course):
    # The value is read from a file, so that it can change while the notebook, and hence its record, stays.
    (course.pytester.path / "value").write_text("0.37 hare")
    read = "number, animal = open('../../value').read().split()"
    course.write(read, "print('score', number)\nprint('warned', file=__import__('sys').stderr)", "animal", "float(number)")
    course.run("--record-outputs", passed=4)
    texts = json.loads(course.record.read_text("utf-8"))[1]["outputs"]
    assert texts == [{"output_type": "stream", "name": "stdout", "text": "score 0.37\n"}], "what stderr says is not recorded"
    course.run(passed=4)
    (course.pytester.path / "value").write_text("0.38 hare")
    course.run(passed=4)
    (course.pytester.path / "value").write_text("0.39 hare")
    assert "Cell outputs differ" in course.run(passed=2, failed=2)
    (course.pytester.path / "value").write_text("0.37 tortoise")
    assert "tortoise" in course.run(passed=3, failed=1)


def test_a_notebook_needs_a_record_of_its_present_cells(course):
    course.write("print(1)", "print(2)")
    assert "no outputs are recorded for book/01-part/chapter.md: run `make outputs`" in course.run(passed=1, failed=1)
    assert not course.record.exists(), "only --record-outputs records"
    course.run("--record-outputs", passed=2)
    course.write("print(1)", "print(1 + 1)")
    assert "changed since its outputs were recorded: run `make outputs`" in course.run(passed=1, failed=1)


def test_a_failing_cell_fails_and_is_not_recorded(course):
    course.write("print('before')", "1 / 0", "print('after')")
    assert "ZeroDivisionError" in course.run("--record-outputs", passed=2, failed=1)
    assert not course.record.exists()


def test_an_error_that_the_page_asks_for_is_compared(course):
    (course.pytester.path / "value").write_text("lost")
    fail = "# NBVAL_RAISES_EXCEPTION\nraise ValueError(open('../../value').read())"
    course.write(fail)
    course.run("--record-outputs", passed=1)
    course.run(passed=1)
    (course.pytester.path / "value").write_text("found")
    course.run(failed=1)


def test_missing_and_unexpected_outputs_fail(course):
    (course.pytester.path / "value").write_text("1")
    course.write("if int(open('../../value').read()): print('spoken')")
    course.run("--record-outputs", passed=1)
    (course.pytester.path / "value").write_text("0")
    course.run(failed=1)
    course.run("--record-outputs", passed=1)
    (course.pytester.path / "value").write_text("1")
    course.run(failed=1)


def test_an_explorable_figure_that_cannot_be_drawn_fails(course):
    draw = "from mlcourse.widgets import explore\n@explore(k=[1, 2, 3, 0])\ndef figure(fig, k):\n    return f'one over k is {1 / k:.2f}'"
    course.write(draw)
    assert "ZeroDivisionError" in course.run("--record-outputs", failed=1)


def test_a_chosen_cell_runs_those_before(course):
    course.write("x = 3", "y = x + 1", "print(y)", "print('not asked for')")
    course.run("--record-outputs", passed=4)
    course.run("book/01-part/chapter.md::Cell 2", passed=3)
    course.run("-k", "chapter and 2", passed=3)
    course.run("-n", "2", passed=4)


def test_records_of_chapters_that_are_gone_are_removed(course):
    course.write("print(1)")
    stale = course.record.with_name("gone.json")
    stale.parent.mkdir(parents=True)
    stale.write_text("[]")
    course.run("--record-outputs", passed=1)
    assert course.record.exists() and not stale.exists()


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
