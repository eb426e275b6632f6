"""The static front end's HTML, read as a browser would."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from mlcourse.widgets import explore
from mlcourse.widgets.static import MAX_BYTES, value_texts

pytest.importorskip("matplotlib")


class Page(HTMLParser):
    """All elements with their attributes and text."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        element = {"tag": tag, "text": "", **dict(attributes)}
        self.elements.append(element)
        if tag not in ("img", "input", "meta", "br"):
            self.open.append(element)

    def handle_data(self, data):
        if self.open:
            self.open[-1]["text"] += data

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def all(self, tag):
        return [element for element in self.elements if element["tag"] == tag]

    def one(self, tag):
        [element] = self.all(tag)
        return element


def scatter(fig, spread, seed):
    import numpy as np

    fig.subplots().plot(*np.random.default_rng(seed).normal(scale=spread, size=(2, 40)), "o")
    return f'Spread "{spread}" & seed {seed}: </script><b>it\'s $5 <!-- here.'


@pytest.fixture(scope="module")
def figure():
    return explore(
        spread=[0.5, 1, 2], seed=[0, 1], start={"spread": 2}, labels={"seed": "random <seed>"}, title='Points "at random"', autoplay="seed"
    )(scatter)


@pytest.fixture(scope="module")
def page(figure):
    return Page(figure.static_html())


@pytest.fixture(scope="module")
def data(page):
    [text] = [script["text"] for script in page.all("script") if script.get("type") == "application/json"]
    return json.loads(text)


def test_the_figure_is_named_for_everybody(page):
    element = page.one("figure")
    assert element["class"].split()[0] == "explorable"
    assert element["id"] == "explore-scatter" and element["data-name"] == "scatter"
    assert element["aria-label"] == 'Explorable figure: Points "at random"'


def test_without_javascript_the_start_is_there(page):
    image = page.one("img")
    assert image["alt"] == page.one("figcaption")["text"] == 'Spread "2" & seed 1: </script><b>it\'s $5 <!-- here.'
    assert (image["width"], image["height"]) == ("560", "440")
    assert unquote(image["src"]).startswith("data:image/svg+xml,<svg ")
    assert {"xf-frame", "dark-light"} == set(image["class"].split())


def test_every_slider_has_its_row(page):
    spread, seed = page.all("input")
    assert [label["text"] for label in page.all("label")] == ["spread", "random <seed>"]
    assert [label["for"] for label in page.all("label")] == [spread["id"], seed["id"]] == [o["for"] for o in page.all("output")]
    assert (spread["data-slider"], spread["type"], spread["min"], spread["max"], spread["step"]) == ("spread", "range", "0", "2", "1")
    assert (spread["value"], spread["aria-valuetext"], seed["value"]) == ("2", "2", "1")
    assert [(b["aria-label"], b["aria-pressed"], b["type"]) for b in page.all("button")] == [
        ("Play spread", "false", "button"),
        ("Play random <seed>", "false", "button"),
    ]


def test_the_frames_survive_the_table(figure, data):
    assert [slider["values"] for slider in data["sliders"]] == [["0.5", "1", "2"], ["0", "1"]]
    assert data["autoplay"] == "seed"
    for values, frame, text in zip(figure.settings(), data["frames"], data["texts"], strict=True):
        picture, sentence = figure.frame(**values)
        assert "\n".join(data["lines"][i] for i in frame).encode() == picture
        assert text == sentence
    assert len(set(data["texts"])) == 6


def test_the_table_holds_each_line_once(data):
    assert len(set(data["lines"])) == len(data["lines"])
    assert len(data["lines"]) < 0.5 * sum(map(len, data["frames"]))


def test_the_first_picture_is_the_frame_at_the_start(page, data):
    at_start = "\n".join(data["lines"][i] for i in data["frames"][5])
    assert unquote(page.one("img")["src"]).removeprefix("data:image/svg+xml,") == at_start


def test_nothing_is_asked_of_another_host(figure):
    html = unquote(figure.static_html())
    assert set(re.findall(r"https?://[^\"'\s<)\\]+", html)) == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_only_the_figures_own_scripts_run(page):
    assert [script.get("type") for script in page.all("script")] == ["application/json", None]
    assert not page.open
    # In a script element "<!--" and "<script" together would swallow its end.
    assert "<!--" not in page.all("script")[0]["text"]


def test_the_html_is_drawn_once_and_is_the_same_every_time(figure):
    assert figure.static_html() is figure.static_html()
    options = {"labels": {"seed": "random <seed>"}, "title": 'Points "at random"', "autoplay": "seed"}
    again = explore(spread=[0.5, 1, 2], seed=[0, 1], start={"spread": 2}, **options)(scatter)
    assert again.static_html() == figure.static_html()


def test_too_many_frames_name_the_ladder_to_thin():
    figure = explore(spread=range(1, 17), seed=range(10))(scatter)
    with pytest.raises(ValueError, match=r"scatter has 160 frames, more than 150: thin the ladder 'spread' \(16 values\)"):
        figure.static_html()


def test_too_many_bytes_name_the_ladder_to_thin(monkeypatch):
    monkeypatch.setattr("mlcourse.widgets.static.MAX_BYTES", 60_000)

    @explore(seed=[0, 1, 2])
    def heavy(fig, seed):
        import numpy as np

        fig.subplots().plot(*np.random.default_rng(seed).normal(size=(2, 3_000)), "o")
        return f"{seed}"

    with pytest.raises(ValueError, match=r"heavy takes 0\.\d\d MB in 3 frames, more than 0\.06 MB: thin the ladder 'seed' \(3 values\)"):
        heavy.static_html()
    assert MAX_BYTES == 1_000_000


def test_webp_frames_are_addresses():
    @explore(seed=[0, 1], format="webp")
    def pixels(fig, seed):
        import numpy as np

        fig.subplots().imshow(np.random.default_rng(seed).random((9, 9)))
        return f"Nine by nine random pixels, seed {seed}."

    page = Page(pixels.static_html())
    frames = json.loads(page.all("script")[0]["text"])["frames"]
    assert all(frame.startswith("data:image/webp;base64,UklGR") for frame in frames)
    assert page.one("img")["src"] == frames[1]


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([1, 2], ["1", "2"]), ([0.1, 1.0], ["0.1", "1"]), (["a", None, True], ["a", "None", "True"]), ([1e-6, 1e6], ["1e-06", "1e+06"]),
        ([0.12345678, 0.12345679], ["0.12345678", "0.12345679"]), ([1, "1"], ["1", "'1'"]),
    ],
)  # fmt: skip
def test_values_are_written_for_readers_but_never_alike(values, texts):
    assert value_texts(values) == texts
