"""The notebooks as JupyterLab opens them: a double click, all cells, every slider."""

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
BOOK = ROOT / "book"
NOTEBOOKS = sorted(
    page.relative_to(BOOK).as_posix()
    for page in BOOK.rglob("*.md")
    if "\nkernelspec:" in page.read_text("utf-8")[:700] and "explore(" in page.read_text("utf-8")
)
QUIET = {  # no questions, no news from the network, and all cells in the page at once
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
FIGURES = ".jp-OutputArea .widget-vbox"
IDLE = "() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
RUN_FOR_EACH_VALUE = "perplexity"  # the slider each of whose values is another run of t-SNE: the slowest there is
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
    """A JupyterLab of its own, over a copy of the book: ``(address, token)``."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(BOOK, folder / "book", ignore=shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__", "_ext"))
    shutil.copy(ROOT / "jupytext.toml", folder / "book")
    settings = folder / "config/labconfig/default_setting_overrides.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(QUIET))
    programs = Path(sys.executable).parent
    subprocess.run(
        [programs / "jupytext-config", "--settings-file", settings, "set-default-viewer", "markdown"], check=True, stdout=subprocess.DEVNULL
    )
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    environment = {key: value for key, value in os.environ.items() if key != "MLCOURSE_FIGURES"}
    environment.update(
        JUPYTER_CONFIG_PATH=str(folder / "config"),
        JUPYTER_CONFIG_DIR=str(folder / "own"),
        JUPYTER_RUNTIME_DIR=str(folder / "runtime"),
        JUPYTERLAB_WORKSPACES_DIR=str(folder / "workspaces"),
        OPENBLAS_NUM_THREADS="1",
    )
    with open(folder / "log", "w") as log:
        server = subprocess.Popen(
            [
                programs / "jupyter-lab",
                "--no-browser",
                "--allow-root",
                f"--port={port}",
                "--ServerApp.port_retries=0",
                f"--IdentityProvider.token={token}",
                f"--ServerApp.root_dir={folder / 'book'}",
                "--LabApp.expose_app_in_browser=True",
            ],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
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
        yield address, token
    finally:
        server.terminate()
        server.wait(20)


def open_by_double_click(page, path):
    """From the file browser, as a reader does; then the notebook is there and its kernel waits."""
    *folders, name = path.split("/")
    for entry in [*folders, name]:
        item = page.locator(".jp-DirListing-item", has=page.get_by_text(entry, exact=True))
        item.dblclick(timeout=60_000)
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    page.wait_for_function(IDLE, timeout=60_000)


def run_all(page):
    page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].every((p) => /\\[\\d+\\]/.test(p.textContent))",
        timeout=240_000,
    )


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_every_slider_answers_in_jupyterlab(chromium, lab, path, record_property):
    address, token = lab
    context = chromium.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        page.goto(f"{address}/lab?token={token}&reset", timeout=60_000)
        page.wait_for_selector(".jp-DirListing-content .jp-DirListing-item", timeout=60_000)
        open_by_double_click(page, path)
        recomputed = recompute(page)
        run_all(page)
        assert page.locator("[data-mime-type='application/vnd.jupyter.error']").all_text_contents() == []
        figures = page.locator(FIGURES, has=page.locator("img"))
        assert figures.count() == (BOOK / path).read_text("utf-8").count("@explore("), "one live figure for each @explore"
        first, cached = [], []
        for k in range(figures.count()):
            figure = figures.nth(k)
            for handle in figure.locator(".noUi-handle").all():
                there, back = ("ArrowLeft", "ArrowRight") if at_end(handle) else ("ArrowRight", "ArrowLeft")
                for key, times in ((there, first), (back, cached), (there, cached)):
                    times.append(move(page, figure, handle, key))
        measurements = {"first": first, "cached": cached, "recomputed": recomputed}
        for name, times in measurements.items():
            if times:
                record_property(f"slider to {name} frame, worst of {len(times)}, ms", round(max(times)))
        measured = ROOT / "_build/live.json"
        measured.parent.mkdir(exist_ok=True)
        known = json.loads(measured.read_text()) if measured.exists() else {}
        known[path] = {f"{name}_ms": [round(t) for t in times] for name, times in measurements.items() if times}
        measured.write_text(json.dumps(known, indent=1))
        assert errors == []
    finally:
        context.close()


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
