"""Every explorable figure of the built book, found by itself, moved as a reader moves it."""

import pytest

STATE = """(name) => {
    const figure = document.getElementById("explore-" + name);
    const img = figure.querySelector("img.xf-frame");
    return {src: img.src, alt: img.alt, caption: figure.querySelector(".xf-caption").textContent,
            at: [...figure.querySelectorAll("input")].map((i) => +i.value),
            said: [...figure.querySelectorAll("input")].map((i) => i.getAttribute("aria-valuetext")),
            shown: [...figure.querySelectorAll("output")].map((o) => o.textContent),
            pressed: [...figure.querySelectorAll("button")].map((b) => b.getAttribute("aria-pressed"))};
}"""


PRESSED = 'button.getAttribute("aria-pressed")'

RESET = """(root) => root.querySelectorAll("input").forEach((input) => {
    input.value = input.defaultValue;
    input.dispatchEvent(new Event("input", {bubbles: true}));
})"""


def open_figure(shared_tab, address, figure):
    """The figure's tab, the figure with all sliders where they start, and its name."""
    if figure is None:
        pytest.skip("the book is not built, or has no explorable figure")
    page_name, name = figure
    tab = shared_tab(f"{address}/{page_name}")
    root = tab.page.locator(f"#explore-{name}")
    root.evaluate(RESET)
    return tab, root, name


@pytest.fixture
def opened(shared_tab, site, figure):
    """The figure on its page, opened from the disk, where a browser allows least."""
    return open_figure(shared_tab, site.as_uri(), figure)


def test_the_keyboard_moves_every_slider(opened, site):
    tab, root, name = opened
    for k in range(root.locator("input").count()):
        slider = root.locator("input").nth(k)
        slider.focus()
        tab.page.keyboard.press("Home")
        seen = [tab.page.evaluate(STATE, name)]
        for _ in range(int(slider.get_attribute("max"))):
            tab.page.keyboard.press("ArrowRight")
            seen.append(tab.page.evaluate(STATE, name))
        for step, state in enumerate(seen):
            assert state["at"][k] == step
            assert state["said"] == state["shown"]
            assert state["alt"] == state["caption"] and state["alt"].strip()
        for before, after in zip(seen, seen[1:]):
            assert before["src"] != after["src"], "another value, the same picture"
            assert before["alt"] != after["alt"], "another value, the same sentence"
            assert before["said"][k] != after["said"][k]
        assert root.locator("img.xf-frame").evaluate("img => img.decode().then(() => img.naturalWidth)") > 0
    assert tab.complaints == []
    assert tab.foreign_requests(site.as_uri()) == []


def test_sliders_and_buttons_have_names(opened):
    tab, root, name = opened
    for k in range(root.locator("input").count()):
        slider = root.locator("input").nth(k)
        label = root.locator(f'label[for="{slider.get_attribute("id")}"]').text_content()
        assert label.strip()
        assert label.strip() in root.locator("button").nth(k).get_attribute("aria-label")
    assert root.get_attribute("aria-label").strip()
    for identifier in [root.get_attribute("id"), *root.locator("[id]").evaluate_all("all => all.map((e) => e.id)")]:
        assert tab.page.locator(f'[id="{identifier}"]').count() == 1, "two elements of the page share an id"


def test_the_address_restores_the_state_of_all_figures(open_tab, site, figures):
    if figures is None:
        pytest.skip("the book is not built, or has no explorable figure")
    page_name, names = figures
    tab = open_tab(f"{site.as_uri()}/{page_name}", reduced_motion="reduce")
    for name in names:
        root = tab.page.locator(f"#explore-{name}")
        for k in range(root.locator("input").count()):
            slider = root.locator("input").nth(k)
            slider.focus()
            tab.page.keyboard.press("End" if slider.input_value() != slider.get_attribute("max") else "Home")
    left = {name: tab.page.evaluate(STATE, name) for name in names}
    tab.page.wait_for_function("(names) => names.every((name) => new URLSearchParams(location.search).toString().includes(name))",
                               arg=[f"{name}." for name in names])
    tab.page.wait_for_timeout(300)  # the address is written at most every 120 ms
    fresh = open_tab(tab.page.url, reduced_motion="reduce")
    for name in names:
        found = fresh.page.evaluate(STATE, name)
        assert {key: found[key] for key in ("alt", "at", "said")} == {key: left[name][key] for key in ("alt", "at", "said")}
    assert fresh.complaints == []


def test_a_server_makes_no_difference(shared_tab, site_address, figures):
    """The first figure of each page, moved by the keyboard on a page that came from a server."""
    if figures is None:
        pytest.skip("the book is not built, or has no explorable figure")
    page_name, (first, *_) = figures
    tab, root, name = open_figure(shared_tab, site_address, (page_name, first))
    before = tab.page.evaluate(STATE, name)
    slider = root.locator("input").first
    slider.press("Home" if before["at"][0] else "End")
    after = tab.page.evaluate(STATE, name)
    assert all(before[key] != after[key] for key in ("src", "alt", "caption", "at", "said"))
    tab.page.wait_for_function("(name) => location.search.includes(name + '.')", arg=name)
    assert tab.page.locator(f"#explore-{name} img.xf-frame").evaluate("img => img.decode().then(() => img.naturalWidth)") > 0
    assert tab.complaints == []
    assert tab.foreign_requests(site_address) == []


def test_play_moves_and_pause_holds(opened):
    tab, root, name = opened
    for k in range(root.locator("input").count()):
        root.locator("input").nth(k).press("Home")
        button = root.locator("button").nth(k)
        assert button.evaluate(f"(button) => {{ button.click(); return {PRESSED}; }}") == "true"
        tab.page.wait_for_function(f"(name) => ({STATE})(name).at[{k}] >= 1", arg=name, timeout=5000)
        # In one go: a short ladder is at its end at any moment, and its button then plays it again.
        assert button.evaluate(f"(button) => {{ if ({PRESSED} === 'true') button.click(); return {PRESSED}; }}") == "false"
        held = tab.page.evaluate(STATE, name)
        tab.page.wait_for_timeout(250)  # two steps and a half, in a tab in a hurry
        assert tab.page.evaluate(STATE, name) == held


def test_a_figure_needs_no_script_to_show_its_first_frame(open_tab, site, figure):
    if figure is None:
        pytest.skip("the book is not built, or has no explorable figure")
    page_name, name = figure
    text = (site / page_name).read_text("utf-8")
    start = text.index(f'id="explore-{name}"')
    head = text[start : text.index("</figure>", start)]
    assert 'alt="' in head and "<figcaption" in head and 'src="data:image/' in head
