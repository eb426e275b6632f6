"""Explorable figures: what may be decorated, what a frame is, and which front end shows it."""

import subprocess
import sys

import numpy as np
import pytest

from mlcourse.widgets import Explorable, explore

pytest.importorskip("matplotlib")


def lines(fig, slope, shift=0):
    fig.subplots().plot([0, 1], [shift, shift + slope])
    return f"A line of slope {slope}, shifted by {shift}."


@pytest.fixture
def figure():
    return explore(slope=[-1, 0, 1], shift=range(2), start={"slope": 1})(lines)


@pytest.fixture
def displayed(monkeypatch):
    """What is displayed, as if inside a notebook."""
    shown = []
    IPython = pytest.importorskip("IPython")
    monkeypatch.setattr(IPython, "get_ipython", lambda: object())
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    return shown


def test_an_explorable_knows_its_sliders(figure):
    assert isinstance(figure, Explorable)
    assert figure.name == "lines"
    assert figure.n_frames == 6
    assert figure.start == {"slope": 1, "shift": 1}
    assert figure.labels == {"slope": "slope", "shift": "shift"}
    assert repr(figure) == "<Explorable lines: slope (3) × shift (2)>"
    assert figure.settings()[:3] == [{"slope": -1, "shift": 0}, {"slope": -1, "shift": 1}, {"slope": 0, "shift": 0}]


def test_a_frame_is_a_picture_and_its_sentence(figure):
    picture, sentence = figure.frame(slope=-1)
    assert picture.startswith(b"<svg ")
    assert sentence == "A line of slope -1, shifted by 1."
    assert figure.frame(slope=0)[0] != picture


@pytest.mark.parametrize(("format", "magic"), [("svg", b"<svg"), ("webp", b"RIFF"), ("png", b"\x89PNG")])
def test_frames_are_the_same_on_every_run(figure, format, magic):
    first, again = (figure.frame(format=format)[0] for _ in range(2))
    assert first == again and first.startswith(magic)


def test_frames_are_the_same_in_another_process(figure):
    code = (
        "import sys; sys.path.insert(0, 'tests/widgets'); from test_explorable import lines; from mlcourse.widgets import explore;"
        "f = explore(slope=[1])(lines); sys.stdout.buffer.write(f.frame()[0])"
    )
    environment = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "PATH": "", "MPLBACKEND": "svg"}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment, cwd=_root())
    assert run.stdout == explore(slope=[1])(lines).frame()[0]


def _root():
    from pathlib import Path

    return Path(__file__).parents[2]


def test_the_readers_settings_do_not_change_a_figure(figure):
    import matplotlib

    plain = figure.frame()[0]
    with matplotlib.rc_context({"font.size": 30, "figure.facecolor": "red", "svg.fonttype": "none", "axes.grid": True}):
        assert figure.frame()[0] == plain


def test_numpy_values_become_pythons():
    figure = explore(slope=np.array([1, 2]), shift=np.linspace(0, 1, 3))(lines)
    assert figure.ladders == {"slope": [1, 2], "shift": [0.0, 0.5, 1.0]}
    assert type(figure.ladders["slope"][0]) is int and type(figure.ladders["shift"][1]) is float


def test_a_sentence_is_put_on_one_line():
    @explore(a=[1])
    def figure(fig, a):
        return """  First,
            second. """

    assert figure.frame()[1] == "First, second."


@pytest.mark.parametrize("answer", [None, "", "  ", 3, ["a"]])
def test_a_drawing_without_a_sentence_is_refused(answer):
    with pytest.raises(TypeError, match=r"silent must return a sentence .* for \{'a': 1\}"):

        @explore(a=[1])
        def silent(fig, a):
            return answer

        silent.frame()


def one(fig, a):
    return "One."


@pytest.mark.parametrize(
    ("ladders", "options", "error", "words"),
    [
        ({}, {}, ValueError, r"1 to 3 ladders \(it has 0\)"),
        ({name: [1] for name in "abcd"}, {}, ValueError, r"1 to 3 ladders \(it has 4\)"),
        ({"a": []}, {}, ValueError, "ladder a must have at least one value"),
        ({"a": [1, 2, 1]}, {}, ValueError, "must not repeat a value .it has 1 twice"),
        ({"a": [1, 1.0]}, {}, ValueError, "must not repeat"),
        ({"a": 3}, {}, TypeError, r"must be a sequence of values in their order \(it was 3\)"),
        ({"a": "low"}, {}, TypeError, "must be a sequence"),
        ({"a": {1, 2}}, {}, TypeError, "must be a sequence"),
        ({"a": [1, 2]}, {"start": {"a": 3}}, ValueError, r"start\['a'\] must be one of \[1, 2\] \(it was 3\)"),
        ({"a": [1, 2]}, {"start": {"b": 1}}, ValueError, r"start names \['b'\], but the sliders of one are \['a'\]"),
        ({"a": [1, 2]}, {"labels": {"b": "x"}}, ValueError, r"labels names \['b'\]"),
        ({"b": [1, 2]}, {}, TypeError, r"one has the parameters \['a'\], but no ladder"),
        ({"a": [1], "b": [1, 2]}, {}, TypeError, r"the ladders \['b'\] are no parameters of one\(fig, a\)"),
        ({"fig": [1], "a": [1]}, {}, TypeError, "must take the figure"),
        ({"a": [1]}, {"format": "gif"}, ValueError, r"format must be one of \('svg', 'webp'\) \(it was 'gif'\)"),
        ({"a": [1]}, {"autoplay": "b"}, ValueError, r"autoplay must name one of the sliders \['a'\]"),
        ({"a": [1]}, {"size": (0, 3)}, ValueError, "size must be a width and a height"),
    ],
)
def test_a_bad_decoration_says_what_is_wrong(ladders, options, error, words):
    with pytest.raises(error, match=words):
        explore(**options, **ladders)(one)


def test_parameters_with_defaults_and_keywords_need_no_ladder():
    assert explore(a=[1])(lambda fig, a, colour="red", **more: "One.").frame()[1] == "One."
    with pytest.raises(TypeError, match="must take the figure"):
        explore(a=[1])(lambda: "One.")


def test_a_frame_for_an_unknown_slider_is_refused(figure):
    with pytest.raises(ValueError, match=r"frame names \['sloap'\]"):
        figure.frame(sloap=3)
    with pytest.raises(ValueError, match="format must be one of"):
        figure.frame(format="gif")


def test_without_a_notebook_nothing_is_drawn():
    @explore(a=[1])
    def never(fig, a):
        raise AssertionError("drawn")

    assert never.name == "never"


def test_static_mode_shows_html_alone(displayed, monkeypatch):
    monkeypatch.setenv("MLCOURSE_FIGURES", "static")
    figure = explore(slope=[1, 2])(lines)
    assert displayed == [{"text/html": figure.static_html()}]


def test_test_mode_draws_first_middle_and_last(displayed, monkeypatch):
    monkeypatch.setenv("MLCOURSE_FIGURES", "test")
    drawn = []

    @explore(a=[1, 2, 3, 4, 5], b=["x", "y"])
    def figure(fig, a, b):
        drawn.append((a, b))
        return f"{a}{b}"

    assert drawn == [(1, "x"), (3, "y"), (5, "y")]
    assert displayed == [{"text/plain": "<Explorable figure: a (5) × b (2)>\n1x\n3y\n5y"}]


@pytest.mark.parametrize("mode", ["test", "static"])
@pytest.mark.parametrize("bad", [1, 2, 3])
def test_an_error_in_any_of_the_three_fails(displayed, monkeypatch, mode, bad):
    monkeypatch.setenv("MLCOURSE_FIGURES", mode)
    with pytest.raises(ZeroDivisionError):

        @explore(a=[1, 2, 3])
        def figure(fig, a):
            return str(1 / (a - bad))


def test_an_unknown_mode_is_refused(displayed, monkeypatch):
    monkeypatch.setenv("MLCOURSE_FIGURES", "statik")
    with pytest.raises(ValueError, match="MLCOURSE_FIGURES must be live, static or test .it was 'statik'"):
        explore(slope=[1])(lines)


def test_importing_costs_no_drawing_library():
    code = "import sys, mlcourse.widgets; print({'matplotlib', 'ipywidgets', 'IPython', 'PIL'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


@pytest.mark.parametrize("package", ["matplotlib", "ipywidgets"])
def test_a_missing_library_is_named_with_the_cure(package, monkeypatch, figure):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=package + r': pip install "mlcourse\[widgets\]"'):
        explore(slope=[1])(lines)
        figure.widget()


def test_a_character_that_the_font_lacks_is_an_error():
    @explore(a=[1])
    def boxes(fig, a):
        fig.suptitle("次元")
        return "A title in Japanese."

    with pytest.raises(UserWarning, match="Glyph"):
        boxes.frame()
