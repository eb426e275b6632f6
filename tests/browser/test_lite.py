"""Python in the browser, as far as this goes without Python: JupyterLite opens the chapters of the built site.

Python itself comes from a public server, which these tests never reach: they hold every request to another host. Where the site was
built with a folder of Pyodide that has NumPy and Matplotlib (``make book PYODIDE=/folder``), the last test also runs a chapter.
"""

import json
import os
import re
import sys
import zipfile
from pathlib import Path

import pytest
from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from mlbook import lite, notebooks  # noqa: E402

PAGES = notebooks.pages(ROOT)
PAGE = "01-tsne/02-sne"
BAR = "#mlcourse-bar"
KERNEL = f"{lite.KERNEL}:kernel"


@pytest.fixture(scope="module")
def folder(site):
    if not (site / "lite").exists():
        pytest.fail("the book was built without JupyterLite", pytrace=False)
    return site / "lite"


@pytest.fixture(scope="module")
def config(folder):
    return json.loads((folder / "jupyter-lite.json").read_text("utf-8"))["jupyter-config-data"]


def package_in(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.startswith("mlcourse/")}


@pytest.fixture(scope="module")
def fresh(folder):
    """The folder, if it was built from the files as they are now; where the browser tests are asked for, it must be."""
    (wheel,) = (folder / "pypi").glob("mlcourse-*.whl")
    ours = [path for path in (ROOT / "mlcourse").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    if package_in(wheel) != {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in ours}:
        reason = f"{wheel.name} in the site is not the package as it is: run `make book`"
        pytest.fail(reason, pytrace=False) if os.environ.get("MLCOURSE_BROWSER") == "1" else pytest.skip(reason)
    return folder


# -------------------------------------------------------------------------------------------------- what it holds


@pytest.mark.parametrize("page", PAGES)
def test_every_chapter_has_a_button_for_its_notebook(site, folder, page):
    html = (site / "book" / f"{page}.html").read_text("utf-8")
    target = re.search(r'<a href="([^"]+)"[^>]*btn-run-in-browser', html)
    assert target and "Run in your browser" in html
    address, _, query = target[1].partition("?")
    assert (site / "book" / f"{page}.html").parent.joinpath(address).resolve() == folder / "notebooks" / "index.html"
    assert query == f"path={page}.ipynb"
    nb = json.loads((folder / "files" / f"{page}.ipynb").read_text("utf-8"))
    assert nb["metadata"]["kernelspec"]["name"] == "python"  # any other name, and the reader is asked for a kernel
    assert not any(cell.get("outputs") for cell in nb["cells"])
    assert nb["cells"][0]["metadata"]["tags"] == ["setup"] and "mlcourse" in "".join(nb["cells"][0]["source"])
    parent, _, name = f"{page}.ipynb".rpartition("/")
    listing = json.loads((folder / "api" / "contents" / parent / "all.json").read_text("utf-8"))
    assert name in [item["name"] for item in listing["content"]]


def test_pages_without_code_have_no_button(site):
    assert "btn-run-in-browser" not in (site / "book" / "glossary.html").read_text("utf-8")


def test_data_beside_the_notebooks(folder):
    files = [file.relative_to(ROOT / "book") for page in PAGES for file in notebooks.data_files(ROOT, page)]
    assert files
    for file in files:
        assert (folder / "files" / file).read_bytes() == (ROOT / "book" / file).read_bytes()


def test_data_reaches_python_also_where_it_sees_no_files(fresh, tmp_path, monkeypatch):
    (cell, *_) = json.loads((fresh / "files" / "01-tsne" / "04-optimisation.ipynb").read_text("utf-8"))["cells"]
    monkeypatch.chdir(tmp_path)
    code = "".join(cell["source"])
    exec(code[code.index("from pathlib") :])
    assert (tmp_path / "benchmarks.json").read_bytes() == (ROOT / "book" / "01-tsne" / "benchmarks.json").read_bytes()


def test_wheels_travel_with_the_site(fresh):
    known = json.loads((fresh / "pypi" / "all.json").read_text("utf-8"))
    assert {"mlcourse", "comm", "ipywidgets", "jupyterlab-widgets"} <= {name.replace("_", "-") for name in known}


def test_no_foreign_address_but_that_of_python(folder, config):
    settings = config["litePluginSettings"][KERNEL]
    assert settings["disablePyPIFallback"] is True
    python = settings.pop("pyodideUrl")
    assert python in (f"{PYODIDE_CDN_URL}/pyodide.mjs", "./static/pyodide/pyodide.mjs")
    texts = {"jupyter-lite.json": json.dumps(config)}
    settings["pyodideUrl"] = python
    texts |= {name: (folder / name).read_text("utf-8") for name in ("overrides.json", "run.js")}
    texts |= {app: (folder / app / "jupyter-lite.json").read_text("utf-8") for app in lite.APPS}
    for app in (".", *lite.APPS):  # notebooks that explain the settings, and may hold some
        nb = json.loads((folder / app / "jupyter-lite.ipynb").read_text("utf-8"))
        texts[f"{app}/ipynb"] = json.dumps(nb["metadata"]["jupyter-lite"])
    for name, text in texts.items():
        assert not re.search(r"//[a-z0-9-]+\.[a-z]", text), name
    for page in folder.rglob("index.html"):
        loaded = re.findall(r'<(?:script|img|iframe|link)[^>]*\s(?:src|href)="([^"]*)', page.read_text("utf-8"))
        assert not [address for address in loaded if "//" in address], page


def test_extensions_that_need_a_server_stay_out(folder, config):
    assert {extension["name"] for extension in config["federated_extensions"]} == lite.EXTENSIONS
    there = {path.parent.relative_to(folder / "extensions").as_posix() for path in (folder / "extensions").rglob("package.json")}
    assert there == lite.EXTENSIONS


def test_size_of_the_site(site):
    total = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    python = sum(path.stat().st_size for path in (site / "lite").rglob("*") if path.is_file())
    assert total - python <= 40e6 and total <= 120e6


# ------------------------------------------------------------------------------------------------- what readers see


class Reader:
    """A browser with storage of its own, for which other hosts do not answer."""

    def __init__(self, chromium, address, folder):
        self.context = chromium.new_context(viewport={"width": 1200, "height": 900}, service_workers="block")
        self.address, self.folder, self.foreign, self.page = address, folder, [], None
        self.context.route(lambda url: not url.startswith((address, "data:", "blob:")), self._refuse)

    def _refuse(self, route):
        self.foreign.append(route.request.url)
        route.abort()

    def open(self, page=PAGE):
        self.page = self.page or self.context.new_page()
        self.page.goto(f"{self.address}/lite/notebooks/index.html?path={page}.ipynb")
        self.page.wait_for_selector(f"{BAR}[data-state=failed]", timeout=60_000)
        self.page.wait_for_function("window.jupyterapp?.shell.currentWidget?.content?.widgets?.length > 3")
        return self.page

    def edit(self, text):
        """Write into the second cell, as the notebook's own editor does, and save."""
        script = """async (text) => {
            const panel = jupyterapp.shell.currentWidget;
            panel.content.widgets[1].model.sharedModel.setSource(text);
            await panel.context.save();
        }"""
        self.page.evaluate(script, text)

    def second_cell(self):
        return self.page.evaluate("jupyterapp.shell.currentWidget.content.widgets[1].model.sharedModel.getSource()")

    def publish(self, text):
        """From now on the book has another version of the chapter."""
        def answer(route):
            nb = json.loads((self.folder / "files" / f"{PAGE}.ipynb").read_text("utf-8"))
            nb["cells"][1]["source"] = text
            nb["metadata"]["mlcourse"]["source"] = notebooks.fingerprint(nb["cells"])
            route.fulfill(body=json.dumps(nb), content_type="application/json")

        self.context.route(lambda url: f"/lite/files/{PAGE}.ipynb" in url, answer)


@pytest.fixture
def reader(chromium, site_address, folder):
    reader = Reader(chromium, site_address, folder)
    yield reader
    reader.context.close()


def test_a_chapter_opens_and_says_that_python_cannot_be_had(reader):
    page = reader.open()
    assert page.locator(".jp-Notebook h1").first.inner_text().startswith("1.2")
    assert page.locator(".jp-Dialog").count() == 0  # no question which kernel
    bar = page.locator(BAR)
    assert "could not be loaded from cdn.jsdelivr.net" in bar.inner_text() and bar.get_attribute("role") == "status"
    assert bar.locator("a").get_attribute("href") == f"{reader.address}/book/how-to-use.html#run-the-notebooks"
    assert reader.foreign and all(url.startswith(f"{PYODIDE_CDN_URL}/") for url in reader.foreign)
    bar.get_by_role("button", name="Close").click()
    assert page.locator(BAR).count() == 0


def test_the_help_that_is_offered_is_there(site):
    assert 'id="run-the-notebooks"' in (site / "book" / "how-to-use.html").read_text("utf-8")


def test_changes_stay_and_give_way_only_when_told_to(reader):
    page = reader.open()
    ours = reader.second_cell()
    assert page.locator(f"{BAR} .note").count() == 0
    reader.edit("My own words.")
    reader.open()
    assert reader.second_cell() == "My own words."
    assert "with your changes, kept in this browser" in page.locator(f"{BAR} .note").inner_text()

    reader.publish("# A newer version")
    reader.open()
    assert reader.second_cell() == "My own words."
    assert "the book has a newer version" in page.locator(f"{BAR} .note").inner_text()
    with page.expect_navigation():
        page.get_by_role("button", name="Take the book's").click()
    page.wait_for_selector(f"{BAR}[data-state=failed]", timeout=60_000)
    assert reader.second_cell() == "# A newer version" != ours
    reader.open(f"{PAGE}.mine")
    assert reader.second_cell() == "My own words."


def test_an_untouched_copy_follows_the_book(reader):
    reader.open()
    reader.edit(reader.second_cell())  # saved as it was, as by a run of its cells
    reader.publish("# A newer version")
    page = reader.page
    page.goto(f"{reader.address}/lite/notebooks/index.html?path={PAGE}.ipynb")
    page.wait_for_function(
        "window.jupyterapp?.shell.currentWidget?.content?.widgets?.[1]?.model.sharedModel.getSource() === '# A newer version'", timeout=60_000
    )


def test_from_the_disk_it_says_that_it_needs_a_server(chromium, site, folder):
    page = chromium.new_page()
    page.goto(f"{folder.as_uri()}/notebooks/index.html?path={PAGE}.ipynb")
    page.wait_for_selector(f"{BAR}[data-state=failed]")
    assert "opened as a file" in page.locator(BAR).inner_text()
    page.close()


def test_the_bar_fits_a_telephone(chromium, site_address, folder):
    reader = Reader(chromium, site_address, folder)
    reader.page = reader.context.new_page()
    reader.page.set_viewport_size({"width": 375, "height": 700})
    box = reader.open().locator(BAR).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 375
    reader.context.close()


# --------------------------------------------------------------------------------------------------- with Python


def test_python_runs_the_chapter(chromium, site_address, config):
    if not config["litePluginSettings"][KERNEL]["pyodideUrl"].startswith("."):
        pytest.skip("the site has no Python of its own: build it with PYODIDE=/folder")
    context = chromium.new_context(viewport={"width": 1200, "height": 900})
    page, foreign = context.new_page(), []
    page.on("request", lambda request: None if request.url.startswith((site_address, "data:", "blob:")) else foreign.append(request.url))
    page.goto(f"{site_address}/lite/notebooks/index.html?path=01-tsne/03-tsne.ipynb")
    page.wait_for_selector(f"{BAR}[data-state=ready]", timeout=240_000)
    page.locator(BAR).get_by_role("button", name="Run all cells").click()
    figure = page.locator(".jp-OutputArea .widget-vbox").first
    figure.locator("img").wait_for(timeout=120_000)
    before = figure.locator("img").get_attribute("src")
    figure.locator(".noUi-handle").first.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("(before) => document.querySelector('.jp-OutputArea .widget-vbox img').src !== before", arg=before, timeout=120_000)
    assert not foreign
    context.close()
