"""The session of ``make test-wasm``, tried without WebAssembly: a placeholder skips whatever touches it and lets nothing pass."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

# Each function touches a placeholder in another way. They would pass if the placeholder were a value like any other, or if the
# skip were an ordinary exception.
TOUCHES = '''
import warnings
from contextlib import suppress

import absent
import absent.part.deeper
import matplotlib.pyplot as plt
import numpy as np
import pytest
import sklearn.datasets
from absent.part import thing
from scipy.sparse import csr_array

computed = sklearn.datasets.load_digits().data
ROWS = {"few": csr_array([[1]])}
maker = pytest.fixture(lambda: thing)


@pytest.fixture
def made():
    return absent.part.deeper.make(3)


def test_calls(): thing(3)
def test_truth(): assert thing
def test_falsehood(): assert not (not thing)
def test_equal(): assert not thing == 1
def test_not_equal(): assert thing != 1
def test_reflected(): assert not 1 == thing
def test_order(): assert thing < 3 or thing >= 3
def test_loop():
    for _ in thing: pass
def test_index(): thing[0]
def test_length(): len(thing)
def test_member(): assert 3 not in thing
def test_attribute(): assert hasattr(thing, "toarray")
def test_no_attribute(): assert not hasattr(thing, "__len__")
def test_set_attribute(): thing.size = 3
def test_array(): np.asarray(thing)
def test_array_of_computed(): np.testing.assert_array_equal(computed, computed)
def test_arithmetic(): 1 + thing * 2
def test_ufunc(): np.exp(thing)
def test_is_instance(): assert not isinstance(thing, (int, list))
def test_is_not_an_instance(): assert not isinstance(3, thing)
def test_subclass(): assert not issubclass(int, thing)
def test_base_class():
    class Derived(thing): pass
def test_context():
    with thing: pass
def test_hash(): {thing}
def test_text(): f"{thing}"
def test_approx(): assert thing != pytest.approx(3)
def test_warns():
    with pytest.warns(thing): warnings.warn("so")
def test_raises():
    with pytest.raises(thing): raise ValueError
def test_decorates():
    @thing
    def inside(): pass
def test_caught():
    try: thing()
    except BaseException: pass
def test_import_inside():
    from absent.other import more
def test_import_inside_caught():
    with suppress(BaseException): import absent.other
def test_plain_import_inside(): import sklearn
def test_fixture(made): pass
def test_pyplot(): plt.figure()
def test_importorskip(): pytest.importorskip("absent")


@thing.parametrize("estimator", [1, 2])
@pytest.mark.filterwarnings("ignore::absent.Warned")
def test_decorated(estimator, check): pass


@thing
def test_decorated_plainly(): pass


@thing
class TestDecorated:
    def test_method(self): pass


@pytest.mark.parametrize("matrix", [csr_array([[1]]), (1, [thing]), ROWS])
def test_case(matrix): pass
'''

# These need nothing and must run, beside those that do.
RUNS = '''
import builtins
import tracemalloc
import numpy as np
import pytest
import sklearn.exceptions
from importlib.util import find_spec
from scipy.spatial.distance import cdist
from sklearn.utils.estimator_checks import parametrize_with_checks

checks = parametrize_with_checks([1])


@pytest.mark.parametrize("value", [1, pytest.param(2, id="two"), [], [(1, {"a": 2})]])
def test_values(value): assert value == value

@pytest.mark.filterwarnings("ignore::absent.warnings.OfIts")
def test_void_filter(): assert True

def test_the_package_sees_what_is_there():
    from mlcourse.claims import claim
    claim("one is one", True)
    assert find_spec("absent") is None

def test_true_failure(): assert np.ones(2).sum() == 3
def test_own_mistake(): import mlcourse.absent

@pytest.mark.parametrize("value", [1, cdist])
def test_one_case_of_two(value): assert value == 1
'''

# What is needed while the module is imported, skips all of it.
WHILE_IMPORTED = {
    "loop": "rows = [row for row in thing]",
    "array": "import numpy as np\nX = np.asarray(thing)",
    "truth": "if thing: pass",
    "base": "class Derived(thing): pass",
    "compared": "old = thing < '1.0'",
    "indexed": "first = thing[0]",
}

SESSION = "import sys; sys.path[:0] = [{wasm!r}, {root!r}]; from session import NumPyOnly, main; from pathlib import Path\n"
REFUSED = '''
import errno

def test_processes(): raise OSError(errno.ENOTSUP, "no processes here")
def test_threads(): raise RuntimeError("can't start new thread")
def test_other_error(): raise OSError(errno.ENOENT, "no such file")

elsewhere = {}  # not one of the tests: what is missing is missing
exec("def __sklearn_tags__(): from absent.utils import Tags", elsewhere)
exec("def fit(): from absent.utils import Tags", elsewhere)

def test_tags(): elsewhere["__sklearn_tags__"]()
def test_mistake_of_the_package(): elsewhere["fit"]()
'''


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """The outcome of each test of the modules above: its name, with the reason of a skip."""
    folder = tmp_path_factory.mktemp("suite")
    (folder / "test_touches.py").write_text(TOUCHES)
    (folder / "test_runs.py").write_text(RUNS)
    (folder / "test_refused.py").write_text(REFUSED)
    for name, code in WHILE_IMPORTED.items():
        (folder / f"test_import_{name}.py").write_text(f"from absent import thing\n{code}\ndef test_never(): pass\n")
    wasm = Path(__file__).parent
    code = SESSION.format(wasm=str(wasm), root=str(wasm.parents[1])) + (
        f"folder = {str(folder)!r}; sys.exit(main(['-v', '-p', 'no:xdist', '--rootdir', folder, '--confcutdir', folder, folder],"
        " NumPyOnly(Path(folder))))"
    )
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "250", "NO_COLOR": "1"}
    environment.pop("PYTEST_ADDOPTS", None)
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr  # tests have failed, and the session has not
    return done.stdout


def lines(outcomes, module, outcome):
    """The names of the tests of a module with this outcome."""
    return re.findall(rf"^(?:\S*/)?{module}\.py::(\S+) {outcome}", outcomes, flags=re.MULTILINE)


def test_whatever_touches_a_placeholder_is_skipped(outcomes):
    names = re.findall(r"^    ?def (test_\w+)|^def (test_\w+)", TOUCHES, flags=re.MULTILINE)
    skipped = {name.partition("[")[0].rpartition("::")[2] for name in lines(outcomes, "test_touches", "SKIPPED")}
    assert skipped == {first or second for first, second in names}
    for outcome in ("PASSED", "FAILED", "ERROR"):
        assert lines(outcomes, "test_touches", outcome) == []
    assert len(lines(outcomes, "test_touches", "SKIPPED")) == len(names) + 2  # a test with three cases


def test_the_reason_names_what_is_needed(outcomes):
    reasons = dict(re.findall(r"^(?:\S*/)?test_touches\.py::(\S+) SKIPPED \((.*?)\)", outcomes, flags=re.MULTILINE))
    assert reasons["test_array_of_computed"] == reasons["test_plain_import_inside"] == "needs scikit-learn"
    assert reasons["test_case[matrix0]"] == "needs SciPy"
    assert reasons["test_pyplot"] == "needs matplotlib"
    assert reasons["test_decorated"] == reasons["test_caught"] == reasons["test_fixture"] == "needs absent"
    counts = {reason: int(number) for number, reason in re.findall(r"^ +(\d+)  (.*)$", outcomes, flags=re.MULTILINE)}
    assert counts["needs scikit-learn"] == 2 and counts["needs SciPy"] == 3 and counts["needs absent"] > 40


def test_what_needs_nothing_runs(outcomes):
    passed = lines(outcomes, "test_runs", "PASSED")
    assert passed == [
        *("test_values[1]", "test_values[two]", "test_values[value2]", "test_values[value3]"),
        *("test_void_filter", "test_the_package_sees_what_is_there", "test_one_case_of_two[1]"),
    ]
    assert lines(outcomes, "test_runs", "FAILED") == ["test_true_failure", "test_own_mistake"]
    assert len(lines(outcomes, "test_runs", "SKIPPED")) == 1


def test_what_is_needed_for_the_import_skips_the_module(outcomes):
    for name in WHILE_IMPORTED:
        assert re.search(rf"^SKIPPED \[1\] \S*test_import_{name}\.py:1: needs absent$", outcomes, flags=re.MULTILINE), name
    assert "test_never" not in outcomes


def test_a_platform_without_processes_skips_and_other_errors_fail(outcomes):
    assert lines(outcomes, "test_refused", "SKIPPED") == ["test_processes", "test_threads", "test_tags"]
    assert lines(outcomes, "test_refused", "FAILED") == ["test_other_error", "test_mistake_of_the_package"]
