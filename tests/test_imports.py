"""What the package needs: NumPy alone for all but drawing, and no module that is not used."""

import json
import os
import pkgutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import mlcourse

NEED_MATPLOTLIB = ("mlcourse.plots", "mlcourse.widgets")
MODULES = [info.name for info in pkgutil.walk_packages(mlcourse.__path__, "mlcourse.")]
ALGORITHMS = [name for name in MODULES if not name.startswith(NEED_MATPLOTLIB)]

# Modules that no algorithm may load, whether they are installed or not.
HEAVY = ["matplotlib", "sklearn", "scipy", "pandas", "IPython", "ipywidgets", "PIL"]


@pytest.fixture(scope="module")
def numpy_only(tmp_path_factory):
    """Give a function that runs Python code where only the standard library, NumPy and this package can be imported."""
    folder = tmp_path_factory.mktemp("numpy_only")
    numpy = Path(np.__file__).parent
    # Its compiled libraries lie beside it where it came as a wheel.
    for source in (numpy, numpy.with_name("numpy.libs"), Path(mlcourse.__file__).parent):
        if source.exists():
            (folder / source.name).symlink_to(source, target_is_directory=True)

    def run(code):
        # Isolated (-I) and without the site packages (-S); the folder is all that is added.
        setup = f"import sys; sys.path.insert(0, {str(folder)!r})\n"
        return subprocess.run(
            [sys.executable, "-I", "-S", "-c", setup + code], capture_output=True, text=True, timeout=120, check=False
        )

    return run


def output(finished):
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_the_environment_has_only_numpy(numpy_only):
    code = f"""
from importlib.util import find_spec
print([name for name in {HEAVY + ["pytest", "pip", "setuptools"]!r} if find_spec(name)])
"""
    assert output(numpy_only(code)).strip() == "[]"


def test_every_algorithm_module_imports_with_numpy_only(numpy_only):
    code = f"""
import importlib
for name in {["mlcourse", *ALGORITHMS]!r}:
    try:
        importlib.import_module(name)
    except Exception as error:
        print(name, repr(error))
"""
    assert output(numpy_only(code)) == ""


def test_star_import_with_numpy_only(numpy_only):
    assert output(numpy_only("from mlcourse import *\nprint(decomposition.PCA().__class__.__name__)")).strip() == "PCA"


def test_pca_works_with_numpy_only(numpy_only):
    code = """
import numpy as np, mlcourse
X = np.random.default_rng(0).normal(size=(30, 4))
print(mlcourse.decomposition.PCA(2).fit_transform(mlcourse.preprocessing.StandardScaler().fit_transform(X)).shape)
try:
    mlcourse.decomposition.PCA().transform(X)
except mlcourse._validation.NotFittedError as error:
    print(error)
"""
    assert output(numpy_only(code)).splitlines() == ["(30, 2)", "This PCA is not fitted yet: call fit with the data first"]


def test_tsne_works_with_numpy_only(numpy_only):
    code = """
import numpy as np, mlcourse
X = np.random.default_rng(0).normal(size=(30, 4))
Y = mlcourse.manifold.TSNE(perplexity=5, max_iter=50, random_state=0).fit_transform(X)
print(Y.shape, np.isfinite(Y).all())
"""
    assert output(numpy_only(code)).strip() == "(30, 2) True"


def test_digits_load_with_numpy_only(numpy_only):
    code = """
import mlcourse
digits = mlcourse.datasets.load_digits(n_samples=50, random_state=0)
print(digits.data.shape)
"""
    assert output(numpy_only(code)).strip() == "(50, 64)"


def test_widgets_name_the_extra_they_need(numpy_only):
    # Whether the module or the first figure asks for matplotlib, what the reader is told is what to install.
    code = """
try:
    from mlcourse.widgets import explore

    @explore(slope=[1, 2])
    def line(fig, slope):
        return "A line."

    line.frame(slope=1)
except ImportError as error:
    print(error)
"""
    assert "mlcourse[widgets]" in output(numpy_only(code))


def test_algorithms_load_nothing_heavy():
    code = f"""
import importlib, json, sys
for name in {["mlcourse", *ALGORITHMS]!r}:
    importlib.import_module(name)
print(json.dumps(sorted({set(HEAVY)!r} & set(sys.modules))))
"""
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ)
    assert json.loads(output(finished)) == []


def test_import_loads_no_submodule():
    code = "import sys, mlcourse; print([name for name in sys.modules if name.startswith('mlcourse.')], 'numpy' in sys.modules)"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert output(finished).strip() == "[] False"


def test_every_public_submodule_is_offered():
    on_disk = {info.name for info in pkgutil.iter_modules(mlcourse.__path__) if not info.name.startswith("_")}
    offered = {*mlcourse.__all__, *(name.removeprefix("mlcourse.") for name in NEED_MATPLOTLIB)}
    assert on_disk == offered
    assert offered <= set(dir(mlcourse))
    assert mlcourse.decomposition is sys.modules["mlcourse.decomposition"]


def test_unknown_submodule():
    with pytest.raises(AttributeError, match="module 'mlcourse' has no attribute 'astrology'"):
        mlcourse.astrology  # noqa: B018


def test_type_hints_are_shipped():
    assert Path(find_spec("mlcourse").origin).with_name("py.typed").exists()
