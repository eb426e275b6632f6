"""A pytest session where only NumPy is at hand, as in WebAssembly: what a test lacks skips it, with the reason."""

import errno
import traceback
from collections import Counter
from pathlib import Path

import placeholders
import pytest
from placeholders import State, install, lack, lacked_by

TESTS = Path(__file__).resolve().parents[1]


def refused(error):
    """Name what was refused, if ``error`` says so: WebAssembly has no processes and no threads."""
    if isinstance(error, OSError) and error.errno == errno.ENOTSUP:
        return "processes"
    if isinstance(error, RuntimeError) and str(error) == "can't start new thread":
        return "threads"
    if isinstance(error, ModuleNotFoundError) and error.name:
        # scikit-learn calls this method of an estimator, nothing else does, and it imports scikit-learn.
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != placeholders.__file__]
        return placeholders.distribution(error.name) if frames[-1].name == "__sklearn_tags__" else None
    return None


class NumPyOnly:
    """The pytest plugin: placeholders for missing packages, and skips where the platform has no processes or threads."""

    def __init__(self, tests=TESTS):
        self.undo = install(tests)
        self.skips = Counter()

    def pytest_collection_modifyitems(self, items):
        for item in items:
            need = lacked_by(item.callspec.params) if hasattr(item, "callspec") else None
            if need:
                item.add_marker(pytest.mark.skip(reason=f"needs {need}"))
            # A filter for the warnings of a package that is missing filters nothing, but pytest would try to import it.
            item.own_markers = [mark for mark in item.own_markers if not filters_what_is_missing(mark)]

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self):
        State.lacked.clear()
        return (yield from self.running())

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self):
        return (yield from self.running())

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self):
        return (yield from self.running())

    def running(self):
        State.running = True
        try:
            return (yield)
        except (OSError, RuntimeError, ModuleNotFoundError) as error:
            need = refused(error)
            if need is None:
                raise
            lack(need)
        finally:
            State.running = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item):
        report = yield
        if State.lacked and (report.skipped or (report.when == "call" and report.passed)):  # passed: somebody caught the skip
            path, line, _ = item.reportinfo()
            report.outcome, report.longrepr = "skipped", (str(path), line + 1, f"Skipped: {State.lacked[0]}")
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector):
        report = yield
        if report.skipped and report.longrepr[0] == placeholders.__file__:  # say which module, not who found out
            report.longrepr = (str(collector.path), 1, report.longrepr[2])
        return report

    def pytest_runtest_logreport(self, report):
        self.count(report)

    def pytest_collectreport(self, report):
        self.count(report)

    def count(self, report):
        if report.skipped and isinstance(report.longrepr, tuple):
            self.skips[report.longrepr[2].removeprefix("Skipped: ")] += 1

    def pytest_terminal_summary(self, terminalreporter):
        terminalreporter.section("reasons of the skips")
        for reason, number in self.skips.most_common():
            terminalreporter.line(f"{number:5}  {reason}")

    def pytest_unconfigure(self):
        self.undo()


def filters_what_is_missing(mark):
    """Whether a mark filters a category of warnings whose package cannot be imported."""
    if mark.name != "filterwarnings" or not mark.args:
        return False
    category = (mark.args[0].split(":") + ["", ""])[2].strip()
    if "." not in category:
        return False
    try:
        __import__(category.rpartition(".")[0])
    except ModuleNotFoundError:
        return True
    return False


def main(arguments, plugin=None):
    """Run pytest on ``arguments`` and return its exit code. The root's configuration needs more than NumPy and stays out."""
    settings = Path(__file__).with_name("settings.ini")
    fixed = ["-c", str(settings), "--rootdir", str(TESTS.parent), "--confcutdir", str(TESTS)]
    return int(pytest.main([*fixed, *arguments], plugins=[plugin or NumPyOnly()]))
