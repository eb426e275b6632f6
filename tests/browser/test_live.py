"""The notebooks as `make lab` gives them to a reader: a double click, all cells, every slider; and opened again another day.

A notebook takes half a minute or more. So only the front page and one of each chapter are tried, the one with the fewest figures, unless
MLCOURSE_LIVE=all asks for every one: do that when a chapter is new.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import lab as tool  # noqa: E402

FIGURES_OF = {page: (ROOT / f"book/{page}.md").read_text("utf-8").count("@explore(") for page in tool.pages(ROOT)}
NOTEBOOKS = sorted(page for page, count in FIGURES_OF.items() if count)
if os.environ.get("MLCOURSE_LIVE") != "all":
    chapters = {page.rpartition("/")[0] for page in NOTEBOOKS}
    NOTEBOOKS = sorted(min((page for page in NOTEBOOKS if page.rpartition("/")[0] == each), key=FIGURES_OF.get) for each in chapters)
# The settings of the course; and all cells in the page at once, so that they can be looked at.
SETTINGS = {
    **json.loads((ROOT / "tools/jupyterlab.json").read_text("utf-8")),
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
FIGURES = ".jp-OutputArea .widget-vbox"
IDLE = "() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
RUN_FOR_EACH_VALUE = "perplexity"  # the slider each of whose values is another run of t-SNE: the slowest there is
LEFT = """() => jupyterapp.shell.currentWidget.content.widgets
    .filter((cell) => cell.model.type === "code" && cell.model.executionCount === null).map((cell) => cell.model.sharedModel.getSource())"""
FAILURES = """() => jupyterapp.shell.currentWidget.content.widgets
    .flatMap((cell) => cell.model.outputs?.toJSON() ?? []).filter((output) => output.output_type === "error")"""
# Notes every dialog (which kernel? save? overwrite?) and every note in the corner, however soon it is gone again.
QUESTIONS = """
    new MutationObserver((changes) => {
        for (const node of changes.flatMap((change) => [...change.addedNodes])) {
            const question = ".jp-Dialog, .Toastify__toast";
            const asked = node.nodeType === 1 && (node.closest(question) ?? node.querySelector(question));
            if (asked) window.noteQuestion(asked.textContent);
        }
    }).observe(document, {childList: true, subtree: true});
"""
# Starts a clock, and stops it when the figure's picture has been replaced and is decoded.
WATCH = """(figure) => {
    const before = figure.querySelector("img").src, start = performance.now();
    window.frame = new Promise((done, fail) => {
        setTimeout(() => fail(new Error("no new picture within two minutes")), 120_000);
        const look = () => {
            const img = figure.querySelector("img");
            if (img && img.src !== before) img.decode().then(() => requestAnimationFrame(() => done(performance.now() - start)));
            else requestAnimationFrame(look);
        };
        look();
    });
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab of its own, over copies of the chapters: ``(address, token, folder of the copies)``."""
    folder = tmp_path_factory.mktemp("lab")
    notebooks = folder / "notebooks"
    tool.prepare(ROOT, notebooks)
    settings = folder / "config/labconfig/default_setting_overrides.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(SETTINGS))
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    options = ["--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    command, environment = tool.call(notebooks, tool.FRONT, [*options, "--LabApp.expose_app_in_browser=True"])
    environment.update(
        JUPYTER_CONFIG_PATH=str(folder / "config"),
        JUPYTER_CONFIG_DIR=str(folder / "own"),
        JUPYTER_DATA_DIR=str(folder / "data"),
        JUPYTER_RUNTIME_DIR=str(folder / "runtime"),
        JUPYTERLAB_WORKSPACES_DIR=str(folder / "workspaces"),
        OPENBLAS_NUM_THREADS="1",
    )
    with open(folder / "log", "w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://localhost:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/api?token={token}", timeout=2).close()
                break
            except OSError:
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.25)
        else:
            pytest.fail("JupyterLab did not start:\n" + (folder / "log").read_text())
        yield address, token, notebooks
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture
def tab(chromium, lab):
    """A page of a browser that knows nothing yet; in the end, nothing must have gone wrong in it and nobody have been asked anything."""
    context = chromium.new_context(viewport={"width": 1400, "height": 1000})
    context.add_init_script(QUESTIONS)
    page = context.new_page()
    errors, questions = [], []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.expose_function("noteQuestion", lambda question: questions.append(question))
    yield page
    page.evaluate("() => 0")  # so that what was noted last has arrived
    context.close()
    assert errors == [] and questions == []


def open_by_double_click(page, lab, path):
    """From the file browser, as a reader does; then the notebook is there and its kernel waits."""
    address, token, _ = lab
    page.goto(f"{address}/lab?token={token}&reset", timeout=60_000)
    page.wait_for_selector(".jp-DirListing-content .jp-DirListing-item", timeout=60_000)
    for entry in path.split("/"):
        item = page.locator(".jp-DirListing-item", has=page.get_by_text(entry, exact=True))
        item.dblclick(timeout=60_000)
    wait_for_notebook(page)


def wait_for_notebook(page):
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    page.wait_for_function(IDLE, timeout=60_000)


def run_all(page):
    page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")  # until they have run
    page.wait_for_function(IDLE, timeout=60_000)
    assert page.evaluate(LEFT) == [] and page.evaluate(FAILURES) == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_slider_answers_in_jupyterlab(tab, lab, name, record_property):
    open_by_double_click(tab, lab, f"{name}.ipynb")
    recomputed = recompute(tab)
    run_all(tab)
    figures = tab.locator(FIGURES, has=tab.locator("img"))
    assert figures.count() == FIGURES_OF[name], "one live figure for each @explore"
    first, cached = [], []
    for k in range(figures.count()):
        figure = figures.nth(k)
        for handle in figure.locator(".noUi-handle").all():
            there, back = ("ArrowLeft", "ArrowRight") if at_end(handle) else ("ArrowRight", "ArrowLeft")
            for key, times in ((there, first), (back, cached), (there, cached)):
                times.append(move(tab, figure, handle, key))
    measurements = {"first": first, "cached": cached, "recomputed": recomputed}
    for what, times in measurements.items():
        if times:
            record_property(f"slider to {what} frame, worst of {len(times)}, ms", round(max(times)))
    measured = ROOT / "_build/live.json"
    measured.parent.mkdir(exist_ok=True)
    known = json.loads(measured.read_text()) if measured.exists() else {}
    known[f"{name}.md"] = {f"{what}_ms": [round(t) for t in times] for what, times in measurements.items() if times}
    measured.write_text(json.dumps(known, indent=1))


def test_the_notebook_that_is_asked_for_opens_by_itself(tab, lab):
    address, token, _ = lab
    tab.goto(f"{address}/?token={token}", timeout=60_000)
    wait_for_notebook(tab)
    assert tab.evaluate("() => jupyterapp.shell.currentWidget.context.path") == f"{tool.FRONT}.ipynb"
    tab.wait_for_timeout(2000)  # for a question that comes late


def test_the_source_of_a_chapter_opens_as_a_notebook_too(tab, lab):
    _, _, folder = lab
    (folder / "book").mkdir()
    for file in ("book/index.md", "jupytext.toml"):
        shutil.copy(ROOT / file, folder / "book")
    open_by_double_click(tab, lab, "book/index.md")
    assert tab.evaluate("() => jupyterapp.shell.currentWidget.context.path") == "book/index.md"


def test_a_notebook_opened_another_day_shows_its_pictures_until_it_runs(tab, lab):
    address, token, folder = lab
    name = min(NOTEBOOKS, key=FIGURES_OF.get)
    open_by_double_click(tab, lab, f"{name}.ipynb")
    run_all(tab)
    live, saved, lost = tab.locator(FIGURES, has=tab.locator("img")), tab.locator(".mlcourse-saved"), tab.get_by_text("model not found")
    assert (live.count(), saved.count()) == (FIGURES_OF[name],) * 2
    assert seen(live) == FIGURES_OF[name] and seen(saved) == 0
    tab.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    tab.wait_for_function("() => !jupyterapp.shell.currentWidget.context.model.dirty")
    assert tool.is_untouched(folder / f"{name}.ipynb"), "running is no change"

    end_kernels(address, token)
    open_by_double_click(tab, lab, f"{name}.ipynb")
    lost.nth(FIGURES_OF[name] - 1).wait_for(state="attached", timeout=60_000)
    assert live.count() == 0 and seen(saved) == FIGURES_OF[name] and seen(lost) == 0
    assert saved.locator("img").first.evaluate("(img) => img.decode().then(() => img.naturalWidth)") > 100
    run_all(tab)
    assert seen(live) == FIGURES_OF[name] and seen(saved) == 0 and lost.count() == 0


def seen(locator):
    return sum(element.is_visible() for element in locator.all())


def end_kernels(address, token):
    """As if JupyterLab had been closed and started again."""

    def ask(path, method):
        request = urllib.request.Request(f"{address}/api/{path}", method=method, headers={"Authorization": f"token {token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    for session in json.loads(ask("sessions", "GET")):
        ask(f"sessions/{session['id']}", "DELETE")


def recompute(page):
    """Run the notebook down to its first figure; how long each value takes that nobody has asked for before, in ms.

    Only of a slider each of whose values is a run of its own. Cells further down might ask for some of them.
    """
    page.evaluate("""async () => {
        const notebook = jupyterapp.shell.currentWidget.content;
        notebook.activeCellIndex = notebook.widgets.findIndex((cell) => cell.model.sharedModel.getSource().includes("@explore("));
        await jupyterapp.commands.execute("notebook:run-all-above");
        await jupyterapp.commands.execute("notebook:run-cell");
    }""")
    figure = page.locator(FIGURES, has=page.locator("img")).first
    figure.wait_for(timeout=60_000)
    page.wait_for_function(IDLE, timeout=60_000)
    page.wait_for_timeout(1000)  # for what the page itself has still to do
    times = []
    for handle in figure.locator(".noUi-handle").all():
        if label(handle) != RUN_FOR_EACH_VALUE:
            continue
        seen = {place(handle)}
        for key in ("ArrowRight", "ArrowLeft"):
            while not at_end(handle, key):
                time_to_picture = move(page, figure, handle, key)
                if place(handle) not in seen:
                    times.append(time_to_picture)
                seen.add(place(handle))
        assert len(seen) > 2, "a slider with hardly any values"
    return times


def move(page, figure, handle, key):
    """Press a key on a slider, and wait for the new picture: how long it took, in ms."""
    before = figure.locator("img").get_attribute("alt")
    figure.evaluate(WATCH)
    handle.press(key)
    time_to_picture = page.evaluate("() => window.frame")
    assert figure.locator("img").get_attribute("alt") not in ("", before)
    return time_to_picture


def place(handle):
    return float(handle.get_attribute("aria-valuenow"))


def label(handle):
    return handle.evaluate("handle => handle.closest('.widget-inline-hbox').querySelector('.widget-label').textContent.trim()")


def at_end(handle, key="ArrowRight"):
    if key == "ArrowLeft":
        return place(handle) <= float(handle.get_attribute("aria-valuemin"))
    return place(handle) >= float(handle.get_attribute("aria-valuemax"))
