"""Every page of the built book, found by itself."""

import os
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

PHONE, WIDE = 375, 1200
TYPESET = "() => !window.MathJax || Boolean(MathJax.startup?.promise) && MathJax.startup.promise.then(() => true)"
RAW_FORMULAS = r"""() => [...document.querySelectorAll("article *, main *")]
    .filter((e) => !e.closest("code, pre, script, style, mjx-container"))
    .flatMap((e) => [...e.childNodes]).filter((n) => n.nodeType === 3).map((n) => n.textContent)
    .filter((t) => /\\\(|\\\[|\\begin\{|\$\$|\$[^$\s][^$]*\$/.test(t))"""
# Elements that reach beyond the screen and that no box around them scrolls.
TOO_WIDE = """(width) => {
    const scrolls = (e) => {
        for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
            if (getComputedStyle(p).overflowX !== "visible" || getComputedStyle(p).position === "fixed") return true;
        }
        return false;
    };
    return [...document.querySelectorAll("main *")].filter((e) => {
        const box = e.getBoundingClientRect();
        return box.width > 1 && box.height > 1 && (box.right > width + 1 || box.left < -1);
    }).filter((e) => getComputedStyle(e).position !== "fixed" && !e.closest("svg, mjx-assistive-mml") && !scrolls(e))
      .map((e) => e.outerHTML.slice(0, 120));
}"""


def wait_for_formulas(page):
    page.wait_for_function(TYPESET, timeout=30_000)


def test_a_page_is_whole(open_tab, address, page_name):
    """From a server and from the disk: no complaint, nothing from elsewhere, all formulas set, every picture described."""
    tab = open_tab(f"{address}/{page_name}")
    page = tab.page
    wait_for_formulas(page)
    assert tab.complaints == []
    assert tab.foreign_requests(address) == []

    sources = page.locator("span.math, div.math").count()
    assert page.locator("mjx-container").count() >= sources
    assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
    assert page.evaluate(RAW_FORMULAS) == []
    if sources:  # with the fonts of this site: in a fallback font sizes and signs are wrong
        loaded = "document.fonts.ready.then((fonts) => [...fonts].some((f) => f.family.startsWith('MJX') && f.status === 'loaded'))"
        assert page.evaluate(loaded)

    pictures = page.locator("img").evaluate_all("all => all.map((i) => [i.alt, i.src.slice(0, 80), i.complete && i.naturalWidth])")
    assert [src for alt, src, _ in pictures if not alt.strip()] == []
    assert [src for _, src, width in pictures if not width] == []


def test_a_page_fits_a_phone_and_has_two_themes(open_tab, site, page_name, screenshots):
    """How it looks is for the eye: with MLCOURSE_SCREENSHOTS=1 the pictures are in _build/screenshots."""
    page = open_tab(f"{site.as_uri()}/{page_name}", reduced_motion="reduce").page
    wait_for_formulas(page)
    papers = {}
    for width in (WIDE, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.wait_for_function("(theme) => [theme, undefined].includes(document.documentElement.dataset.theme)", arg=theme)
            papers[theme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
            screenshots(page, f"{page_name.removesuffix('.html').replace('/', '-')}-{width}-{theme}.png", width)
    assert papers["light"] != papers["dark"]
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE
    assert page.evaluate(TOO_WIDE, PHONE) == []


def test_icons_are_drawn(open_tab, site_address):
    page = open_tab(f"{site_address}/book/index.html").page
    page.wait_for_function("document.fonts.check('900 16px \"Font Awesome 6 Free\"', '\\uf002')")
    icon = page.locator(".fa-magnifying-glass:visible").first
    assert icon.evaluate("i => getComputedStyle(i, '::before').content") not in ("none", "normal")


@pytest.fixture(scope="session")
def screenshots(site):
    """``screenshots(page, name, width)`` keeps a picture of the page, if that is asked for: a long page takes seconds."""
    folder = site.parent / "screenshots"

    def take(page, name, width):
        if os.environ.get("MLCOURSE_SCREENSHOTS") == "1":
            folder.mkdir(exist_ok=True)
            height = min(page.evaluate("document.documentElement.scrollHeight"), 16_000)
            page.screenshot(path=folder / name, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})

    return take


# ----------------------------------------------------------------------------------------------------- without a browser


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.anchors = [], set()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.anchors.update(filter(None, (attributes.get("id"), attributes.get("name"))))
        for name in ("href", "src"):
            if attributes.get(name) is not None:
                self.links.append(attributes[name])


_parsed = {}


def parsed(path):
    if path not in _parsed:
        _parsed[path] = Links()
        _parsed[path].feed(path.read_text("utf-8"))
    return _parsed[path]


def test_every_link_inside_the_site_leads_somewhere(site, page_name):
    page = site / page_name
    broken = []
    for link in parsed(page).links:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or link == "#":
            continue
        target = Path(os.path.normpath(page.parent / unquote(parts.path))) if parts.path else page
        if target.is_dir():
            target /= "index.html"
        if not target.exists():
            broken.append(link)
        elif parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in parsed(target).anchors:
            broken.append(link)
    assert broken == []


def test_no_page_would_load_anything_from_elsewhere(site, page_name):
    """What a click or another browser might load: sources, style sheets, fonts; links that a reader follows may lead out."""
    text = re.sub(r"<script type=\"application/json\">.*?</script>", "", (site / page_name).read_text("utf-8"), flags=re.DOTALL)
    loaded = re.findall(r"<(?:script|img|iframe|source|video|audio)[^>]*\ssrc=[\"']([^\"']*)|<link[^>]*\shref=[\"']([^\"']*)", text)
    assert [address for pair in loaded for address in pair if re.match(r"(https?:)?//", address)] == []


def test_search_finds_a_page(open_tab, address):
    page = open_tab(f"{address}/search.html?q=perplexity").page
    page.wait_for_selector("#search-results li a", timeout=10_000)
    assert page.locator("#search-results li a").count() >= 1


def test_no_page_asks_for_anything_but_its_own_files_in_style_sheets(site):
    """Fonts and images named in style sheets."""
    foreign = []
    for sheet in site.rglob("*.css"):
        foreign += [(sheet.name, url) for url in re.findall(r"(?:url\(|@import )['\"]?((?:https?:)?//[^'\")]+)", sheet.read_text("utf-8"))]
    assert foreign == []
