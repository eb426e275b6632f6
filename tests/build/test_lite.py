"""What goes into Python in the browser, and where the buttons lead; the site itself is tested in tests/browser/test_lite.py."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from sphinx.errors import ConfigError, ExtensionError

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from mlbook import launch, lite, notebooks, wheels  # noqa: E402

# ------------------------------------------------------------------------------------------------------- wheels


def test_the_package_builds_the_same_wheel_twice(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = (wheels.build(ROOT, tmp_path / name) for name in "ab")
    assert one.name == two.name and one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        assert "mlcourse/manifold/tsne.py" in archive.namelist()


def test_an_installed_package_is_packed_as_pip_wants_it(tmp_path):
    wheel = wheels.of_installed("comm", tmp_path)
    with zipfile.ZipFile(wheel) as archive:
        assert {info.date_time for info in archive.infolist()} == {wheels.DATE}  # else the bytes would change with the time
    installed = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--target", installed, wheel]
    subprocess.run(command, check=True, capture_output=True)
    code = f"import sys; sys.path.insert(0, {str(installed)!r}); import comm; print(comm.__file__)"
    found = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout
    assert str(installed) in found


def test_a_package_with_compiled_parts_is_refused(tmp_path):
    with pytest.raises(ValueError, match="numpy .* is not pure Python"):
        wheels.of_installed("numpy", tmp_path)


# ---------------------------------------------------------------------------------------------- a folder of Pyodide


@pytest.fixture
def pyodide(tmp_path):
    """A folder that looks like a Pyodide with all that the course needs, and more."""
    depends = {"matplotlib": ["numpy", "Pillow"], "ipython": ["prompt_toolkit"], "scipy": ["numpy"]}
    names = [*lite.PACKAGES, "pillow", "prompt-toolkit", "scipy"]
    packages = {name: {"name": name, "file_name": f"{name}-1.whl", "depends": depends.get(name, [])} for name in names}
    info = {"python": f"{lite.PYODIDE_PYTHON_VERSION}.2"}
    (tmp_path / "pyodide-lock.json").write_text(json.dumps({"info": info, "packages": packages}))
    for name in [f"{name}-1.whl" for name in names] + ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide.d.ts", "python_stdlib.zip"]:
        (tmp_path / name).write_text(name)
    return tmp_path


def test_of_a_pyodide_only_what_is_needed_is_copied(pyodide, tmp_path):
    target = tmp_path / "site" / "pyodide"
    lite.copy_pyodide(pyodide, target)
    names = {path.name for path in target.iterdir()}
    assert {"numpy-1.whl", "pillow-1.whl", "prompt-toolkit-1.whl", "pyodide.asm.wasm", "python_stdlib.zip"} <= names
    assert not {"scipy-1.whl", "pyodide.d.ts"} & names
    lock = json.loads((target / "pyodide-lock.json").read_text())
    assert "scipy" not in lock["packages"] and "pillow" in lock["packages"] and lock["info"]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "pyodide.mjs").unlink(), "this folder holds no Pyodide"),
        (lambda folder: (folder / "numpy-1.whl").unlink(), "also needs numpy-1.whl"),
        (lambda folder: (folder / "python_stdlib.zip").unlink(), "also needs python_stdlib.zip"),
        (lambda folder: _set_python(folder, "3.9.1"), "its Python is 3.9.1, and the kernel needs"),
    ],
)
def test_a_pyodide_that_will_not_do_is_refused_in_words(pyodide, spoil, message):
    spoil(pyodide)
    with pytest.raises(ExtensionError, match=message):
        lite.pyodide_files(pyodide)


def _set_python(folder, version):
    lock = json.loads((folder / "pyodide-lock.json").read_text())
    lock["info"]["python"] = version
    (folder / "pyodide-lock.json").write_text(json.dumps(lock))


# ------------------------------------------------------------------------------------------------------- the site


def test_a_page_that_is_not_what_was_expected_is_an_error(tmp_path):
    extensions = [{"name": name} for name in lite.EXTENSIONS]
    config = {"litePluginSettings": {f"{lite.KERNEL}:kernel": {}}, "federated_extensions": extensions}
    (tmp_path / "jupyter-lite.json").write_text(json.dumps({"jupyter-config-data": config}))
    for app in lite.APPS:
        (tmp_path / app).mkdir()
        (tmp_path / app / "jupyter-lite.json").write_text(json.dumps({"jupyter-config-data": {}}))
    page = tmp_path / lite.APP / "index.html"
    page.write_text("<html></html>")
    with pytest.raises(ExtensionError, match="not the page that was expected"):
        lite.finish(tmp_path, "https://python.example/pyodide.mjs")
    page.write_text("<html><head></head></html>")
    lite.finish(tmp_path, "https://python.example/pyodide.mjs")
    assert '<script src="../run.js" defer>' in page.read_text()
    config["federated_extensions"] = extensions[:1]
    (tmp_path / "jupyter-lite.json").write_text(json.dumps({"jupyter-config-data": config}))
    with pytest.raises(ExtensionError, match="was built without"):
        lite.finish(tmp_path, "https://python.example/pyodide.mjs")


def test_a_quick_build_leaves_it_out(tmp_path, monkeypatch):
    out = tmp_path / "html" / "lite"
    out.mkdir(parents=True)
    app = SimpleNamespace(outdir=out.parent, srcdir=ROOT, builder=SimpleNamespace(format="html"))
    monkeypatch.setenv("MLBOOK_LITE", "0")
    lite.build_site(app, None)
    assert not out.exists()
    assert labels(buttons()) == []


# ------------------------------------------------------------------------------------------------------ the buttons


def buttons(pagename="book/01-tsne/03-tsne", **config):
    config = {"mlbook_repository": "", "mlbook_branch": "main", "mlbook_site_branch": "gh-pages", **config}
    app = SimpleNamespace(srcdir=ROOT, config=SimpleNamespace(**config))
    context = {"header_buttons": ["others"], "pathto": lambda name, resource: f"../../{name}"}
    launch.add_buttons(app, pagename, "page.html", context, object())
    assert context["header_buttons"].pop() == "others"
    return context["header_buttons"]


def labels(found):
    return [each["label"] for each in found]


def test_without_an_address_only_the_own_button():
    (button,) = buttons()
    assert (button["label"], button["text"]) == ("run-in-browser", "Run in your browser")
    assert button["url"] == "../../lite/notebooks/index.html?path=01-tsne/03-tsne.ipynb"
    assert buttons("book/glossary") == []


def test_with_an_address_colab_and_binder_open_notebooks():
    found = buttons(mlbook_repository="https://github.com/a-fork/ml.course.git", mlbook_branch="next/2", mlbook_site_branch="site")
    assert labels(found) == ["run-in-browser", "launch-buttons"]
    colab, binder = found[1]["buttons"]
    assert colab["url"] == "https://colab.research.google.com/github/a-fork/ml.course/blob/site/notebooks/01-tsne/03-tsne.ipynb"
    start = "https://mybinder.org/v2/gh/a-fork/ml.course/next%2F2?"
    assert binder["url"] == start + "urlpath=lab%2Ftree%2Fnotebooks%2F01-tsne%2F03-tsne.ipynb"


@pytest.mark.parametrize("url", ["github.com/owner/name", "https://gitlab.com/owner/name", "https://github.com/owner"])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(ConfigError, match="https://github.com/owner/name"):
        launch.address(SimpleNamespace(mlbook_repository=url))


def test_the_notebooks_for_colab_bring_what_they_need(tmp_path):
    config = SimpleNamespace(mlbook_repository="https://github.com/owner/name", mlbook_branch="main", mlbook_site_branch="gh-pages")
    app = SimpleNamespace(outdir=tmp_path, srcdir=ROOT, builder=SimpleNamespace(format="html"), config=config)
    launch.write_notebooks(app, None)
    written = {path.relative_to(tmp_path / "notebooks").with_suffix("").as_posix() for path in tmp_path.rglob("*.ipynb")}
    assert written == set(notebooks.pages(ROOT))
    nb = nbformat.read(tmp_path / "notebooks" / "01-tsne" / "04-optimisation.ipynb", as_version=4)
    assert 'mlcourse[widgets] @ git+https://github.com/owner/name@main"' in nb.cells[0].source
    assert "https://raw.githubusercontent.com/owner/name/main/book/01-tsne/benchmarks.json" in nb.cells[0].source
    assert nb.metadata.kernelspec.name == "python3"


def test_binder_starts_with_the_chapters():
    start = ROOT / "binder" / "postBuild"
    assert start.stat().st_mode & 0o111 and "tools/lab.py --prepare" in start.read_text("utf-8")
    assert "-e .[book]" in (ROOT / "binder" / "requirements.txt").read_text("utf-8")
