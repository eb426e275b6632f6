"""The live front end, without a browser: its widgets hold the right things."""

import re
import time

import pytest

from mlcourse.widgets import explore
from mlcourse.widgets.live import LiveFigure

pytest.importorskip("ipywidgets")
pytest.importorskip("matplotlib")


@pytest.fixture
def drawn():
    return []


@pytest.fixture
def live(drawn):
    @explore(power=[1, 2, 3], base=[0.5, 2.0], start={"power": 1}, labels={"base": "base <b>"})
    def powers(fig, power, base):
        drawn.append((power, base))
        if (power, base) == (3, 0.5):
            raise ValueError("no <cube> of a half")
        fig.subplots().plot([0, base**power])
        return f'{base} to the "{power}" & more.'

    return LiveFigure(powers)


def test_the_start_is_drawn_at_once_and_nothing_else(live, drawn):
    assert drawn == [(1, 2.0)]
    assert 'alt="2.0 to the &quot;1&quot; &amp; more."' in live.picture.value
    assert re.search(r'src="data:image/png;base64,iVBOR', live.picture.value)
    assert "2.0 to the" in live.caption.value


def test_a_slider_draws_when_first_asked_and_remembers(live, drawn):
    first = live.picture.value
    live.sliders["power"].index = 1
    assert drawn[-1] == (2, 2.0) and live.picture.value != first
    live.sliders["power"].index = 0
    live.sliders["power"].index = 1
    assert len(drawn) == 2 and "to the &quot;2&quot;" in live.caption.value


def test_a_remembered_frame_comes_in_milliseconds(live):
    live.sliders["power"].index = 1
    started = time.perf_counter()
    for _ in range(10):
        live.sliders["power"].index = 0
        live.sliders["power"].index = 1
    assert (time.perf_counter() - started) / 20 < 0.02


def test_an_error_is_shown_and_passes(live):
    live.sliders["base"].index = 0
    live.sliders["power"].index = 2
    assert "ValueError: no &lt;cube&gt; of a half" in live.status.value and 'role="alert"' in live.status.value
    assert live.caption.value == "" and "<img" not in live.picture.value and "aspect-ratio: 560 / 440" in live.picture.value
    live.sliders["power"].index = 1
    assert live.status.value == "" and "0.5 to the" in live.caption.value


def test_a_figure_that_computes_says_so(live):
    seen = []
    live.status.observe(lambda change: seen.append(change["new"]), "value")
    live.sliders["power"].index = 1
    assert ["computing" in text for text in seen] == [True, False]
    live.sliders["power"].index = 0  # remembered: nothing to say
    assert len(seen) == 2


def test_every_slider_can_be_played(live):
    import ipywidgets

    rows = [child for child in live.box.children if isinstance(child, ipywidgets.HBox)]
    assert [[type(widget).__name__ for widget in row.children] for row in rows] == [["SelectionSlider", "Play"]] * 2
    assert [row.children[1].max for row in rows] == [2, 1]
    assert [row.children[0].description for row in rows] == ["power", "base <b>"]
    assert rows[0].children[0].options == (("1", 1), ("2", 2), ("3", 3))


def test_an_error_at_the_start_is_shown_too():
    @explore(a=[1])
    def broken(fig, a):
        raise KeyError("lost")

    assert "KeyError" in LiveFigure(broken).status.value


@pytest.fixture
def shown(monkeypatch):
    """What is displayed, as if inside a notebook with a kernel."""
    shown = []
    monkeypatch.delenv("MLCOURSE_FIGURES", raising=False)
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    return shown


def test_what_is_displayed_is_a_widget_with_a_name(shown):
    @explore(a=[1, 2])
    def one(fig, a):
        return f"{a}."

    assert shown == []
    one._ipython_display_()
    assert shown[0]["text/plain"] == "<Explorable one: a (2)>"
    assert "application/vnd.jupyter.widget-view+json" in shown[0]


def test_beside_it_goes_a_picture_for_when_the_kernel_is_gone(shown):
    drawn = []

    @explore(a=[1, 2, 3], size=(2, 1))
    def one(fig, a):
        drawn.append(a)
        return f"{a} < {a + 1}."

    one._ipython_display_()
    assert drawn == [2], "it is the picture of the start, and not drawn once more"
    _, saved = shown
    assert list(saved) == ["text/html"], "a second name would be printed where there are no pictures"
    html = saved["text/html"]
    assert 'src="data:image/png;base64,iVBOR' in html and 'alt="2 &lt; 3."' in html and "2 &lt; 3.</span>" in html
    assert 'class="mlcourse-saved" style="max-width: 200px"' in html and "Run all cells" in html
    # That browsers read the style as it is meant, tests/browser/test_live.py tries.
    assert html.startswith("<style>\n.mlcourse-saved {display: none}\n")


def test_of_a_figure_that_cannot_be_drawn_nothing_is_kept(shown):
    @explore(a=[1])
    def broken(fig, a):
        raise KeyError("lost")

    broken._ipython_display_()
    assert len(shown) == 1
