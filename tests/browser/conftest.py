"""The built book in Chromium.

Without a built book, or without Chromium, these tests are skipped and say so; with ``MLCOURSE_BROWSER=1`` in the environment, as
in continuous integration, that is a failure. ``CHROMIUM`` names a browser that is not on the search path.
"""

import importlib.util
import os
import shutil
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SITE = Path(os.environ.get("MLCOURSE_SITE", ROOT / "_build" / "html")).resolve()
# No window, no sandbox (tests often run as root in a container), and no conversation with the browser's maker.
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]


def missing(reason):
    """Skip, or fail where the browser tests are asked for."""
    if os.environ.get("MLCOURSE_BROWSER") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def built_pages():
    """All pages of the built book, as paths from the site's folder; JupyterLite's are not ours."""
    others = {SITE / "_static", SITE / "lite"}
    return sorted(page.relative_to(SITE).as_posix() for page in SITE.rglob("*.html") if others.isdisjoint(page.parents))


def figures_of(page):
    """Names of the explorable figures of a built page."""
    from html.parser import HTMLParser

    names = []

    class Figures(HTMLParser):
        def handle_starttag(self, tag, attributes):
            attributes = dict(attributes)
            if tag == "figure" and "explorable" in (attributes.get("class") or "").split():
                names.append(attributes["data-name"])

    Figures().feed((SITE / page).read_text("utf-8"))
    return names


def pytest_generate_tests(metafunc):
    """What tests run over.

    ``page_name``: all pages of the site; ``figure``: all explorable figures as (page, name); ``figures``: those of a page, as
    (page, names).
    """
    if "page_name" in metafunc.fixturenames:
        metafunc.parametrize("page_name", built_pages() or [None])
    if "figure" in metafunc.fixturenames:
        figures = [(page, name) for page in built_pages() for name in figures_of(page)]
        metafunc.parametrize("figure", figures or [None], ids=lambda figure: "-".join(figure) if figure else "none")
    if "figures" in metafunc.fixturenames:
        pages = [(page, names) for page in built_pages() if (names := figures_of(page))]
        metafunc.parametrize("figures", pages or [None], ids=lambda figures: figures[0] if figures else "none")


@pytest.fixture(scope="session")
def chromium():
    """A running browser, from the variable CHROMIUM or the search path."""
    sync_api = pytest.importorskip("playwright.sync_api")
    names = ("chromium", "chromium-browser", "google-chrome")
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if executable is None:
        missing("no Chromium found: install one, or name it in the environment variable CHROMIUM")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site():
    """The folder of the built book."""
    if not (SITE / "index.html").exists():
        missing("the book is not built: run `make book` first")
    return SITE


@pytest.fixture(scope="session")
def site_address(site):
    """The built book on localhost."""
    spec = importlib.util.spec_from_file_location("serve", ROOT / "tools" / "serve.py")
    serve = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(serve)
    running = serve.server(site)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://localhost:{running.server_address[1]}"
    running.shutdown()


@pytest.fixture(params=["http", "file"])
def address(request, site):
    """Where the site is: once from a server, once from the disk."""
    return request.getfixturevalue("site_address") if request.param == "http" else site.as_uri()


# Playing figures step on after 700 ms; what the tests look at does not depend on how long that is.
HURRY = "{ const slow = window.setInterval; window.setInterval = (step, ms) => slow(step, ms / 7); }"


class Tab:
    """A page in a browser context of its own, with all that it complained of and asked for."""

    def __init__(self, browser, *, hurry=False, **options):
        self.context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **options})
        if hurry:
            self.context.add_init_script(HURRY)
        self.page = self.context.new_page()
        self.complaints, self.requests = [], []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("requestfailed", self._failed)

    def _console(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _failed(self, request):
        if request.failure != "net::ERR_ABORTED":  # a page that leads on gives up what it was loading
            self.complaints.append(f"failed: {request.url}")

    def open(self, url):
        self.page.goto(url, wait_until="load")
        self.page.wait_for_function("!document.querySelector('.explorable:not(.xf-ready)')")
        return self.page

    def foreign_requests(self, address):
        """What was asked of anybody but the site itself."""
        own = (address, "data:", "blob:", "about:")
        return [url for url in self.requests if not url.startswith(own)]


@pytest.fixture(scope="session")
def shared_tab(chromium):
    """``shared_tab(url)``: one tab for all tests of a page, which takes long to load and whose figures know nothing of each other.

    The browser asks for little motion: nothing plays by itself. What is told to play plays seven times as fast.
    """
    tabs = {}

    def open_once(url):
        if url not in tabs:
            tabs[url] = Tab(chromium, hurry=True, reduced_motion="reduce")
            tabs[url].open(url)
        return tabs[url]

    yield open_once
    for tab in tabs.values():
        tab.context.close()


@pytest.fixture
def open_tab(chromium):
    """``open_tab(url, **options of the context)``; every tab is closed at the end of the test."""
    tabs = []

    def open_one(url, **options):
        tabs.append(Tab(chromium, **options))
        tabs[-1].open(url)
        return tabs[-1]

    yield open_one
    for tab in tabs:
        tab.context.close()
