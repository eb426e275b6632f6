"""Every page of the built book, found by itself."""

import os
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

PHONE = {"viewport": {"width": 375, "height": 700}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
TYPESET = "!window.MathJax || (MathJax.startup && MathJax.startup.promise ? MathJax.startup.promise.then(() => true) : false)"


def wait_for_formulas(page):
    page.wait_for_function(f"() => {TYPESET}", timeout=30_000)


def test_a_page_loads_without_complaint_from_this_site_alone(open_tab, address, page_name):
    tab = open_tab(f"{address}/{page_name}")
    wait_for_formulas(tab.page)
    assert tab.complaints == []
    assert tab.foreign_requests(address) == []


def test_every_formula_is_typeset(open_tab, site, page_name):
    page = open_tab(f"{site.as_uri()}/{page_name}").page
    wait_for_formulas(page)
    sources = page.locator("span.math, div.math").count()
    assert page.locator("mjx-container").count() >= sources
    assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
    raw = page.evaluate(
        r"""() => [...document.querySelectorAll("article *, main *")]
            .filter((e) => !e.closest("code, pre, script, style, mjx-container"))
            .flatMap((e) => [...e.childNodes]).filter((n) => n.nodeType === 3)
            .map((n) => n.textContent).filter((t) => /\\\(|\\\[|\\begin\{|\$\$|(?<!\\)\$[^$\s][^$]*\$/.test(t))"""
    )
    assert raw == []
    # The fonts come from the site as well: a formula in a fallback font is wrong in size and glyphs.
    if sources:
        assert page.evaluate("document.fonts.ready.then(f => [...f].some(x => x.family.startsWith('MJX') && x.status === 'loaded'))")


def test_nothing_is_wider_than_a_phone(open_tab, site, page_name):
    page = open_tab(f"{site.as_uri()}/{page_name}", **PHONE).page
    wait_for_formulas(page)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 375
    outside = page.evaluate(
        """() => {
            const scrolls = (e) => {
                for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
                    const o = getComputedStyle(p);
                    if (o.overflowX !== "visible" || o.position === "fixed") return true;
                }
                return false;
            };
            return [...document.querySelectorAll("main *")]
                .filter((e) => { const b = e.getBoundingClientRect(); return b.width > 1 && b.height > 1 && (b.right > 376 || b.left < -1); })
                .filter((e) => getComputedStyle(e).position !== "fixed" && !e.closest("svg, mjx-assistive-mml") && !scrolls(e))
                .map((e) => e.outerHTML.slice(0, 120));
        }"""
    )
    assert outside == []


def test_every_picture_says_what_it_shows(open_tab, site, page_name):
    page = open_tab(f"{site.as_uri()}/{page_name}").page
    pictures = page.locator("img").evaluate_all("all => all.map(i => [i.alt, i.src.slice(0, 80)])")
    assert [src for alt, src in pictures if not alt.strip()] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_page_renders_in_either_theme(open_tab, site, page_name, theme, screenshots):
    """Looked at by eye: the pictures are in _build/screenshots."""
    for name, options in (("wide", {}), ("phone", PHONE)):
        page = open_tab(f"{site.as_uri()}/{page_name}", color_scheme=theme, reduced_motion="reduce", **options).page
        wait_for_formulas(page)
        assert page.evaluate("document.documentElement.dataset.theme") == theme
        height = page.evaluate("document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": min(height, 16_000)}
        target = screenshots / f"{page_name.removesuffix('.html').replace('/', '-')}-{name}-{theme}.png"
        page.screenshot(path=target, full_page=True, clip=clip, scale="css")
        assert target.stat().st_size > 1000


@pytest.fixture(scope="session")
def screenshots(site):
    folder = site.parent / "screenshots"
    folder.mkdir(exist_ok=True)
    return folder


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
