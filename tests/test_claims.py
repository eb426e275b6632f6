"""Claims are shown with their numbers, or fail."""

import html
import json
import re
import subprocess
import sys

import numpy as np
import pytest

from mlcourse.claims import claim, format_number, glue


class Shell:
    """Enough of a running notebook: what is displayed is kept."""

    def __init__(self, monkeypatch):
        IPython = pytest.importorskip("IPython")
        self.shown = []
        monkeypatch.setattr(IPython, "get_ipython", lambda: self)
        monkeypatch.setattr(
            "IPython.display.display", lambda data, raw, metadata=None: self.shown.append((data, metadata or {}))
        )


@pytest.fixture
def shell(monkeypatch):
    return Shell(monkeypatch)


def test_a_true_claim_is_shown_with_its_numbers(shell):
    claim("t-SNE keeps more neighbours than PCA", np.bool_(True), tsne=0.9314, pca=np.float32(0.55), n=np.int64(1797))
    [(data, _)] = shell.shown
    assert data["text/plain"] == "✓ t-SNE keeps more neighbours than PCA (tsne = 0.931, pca = 0.55, n = 1797)"
    attribute = re.search(r'data-claim="([^"]*)"', data["text/html"])[1]
    assert json.loads(html.unescape(attribute)) == {
        "sentence": "t-SNE keeps more neighbours than PCA",
        "numbers": {"tsne": "0.931", "pca": "0.55", "n": "1797"},
    }
    assert "tsne = 0.931" in data["text/html"]


def test_a_claim_without_numbers_has_no_brackets(shell):
    claim("A row of p sums to 1.", True)
    assert shell.shown[0][0]["text/plain"] == "✓ A row of p sums to 1."


def test_a_false_claim_names_its_numbers():
    with pytest.raises(AssertionError, match=r"false: PCA wins \(tsne = 0\.93, pca = 0\.55\)"):
        claim("PCA wins", 0.55 > 0.93, tsne=0.93, pca=0.55)


def test_where_a_reader_changes_settings_a_false_claim_stops_nothing(shell, monkeypatch):
    monkeypatch.delenv("MLCOURSE_FIGURES", raising=False)
    claim("PCA <wins>", 0.55 > 0.93, tsne=0.93, pca=0.55)
    [(data, _)] = shell.shown
    assert data["text/plain"] == "✗ not so in this run: PCA <wins> (tsne = 0.93, pca = 0.55)"
    assert "PCA &lt;wins&gt;" in data["text/html"] and "data-claim" not in data["text/html"]  # the page Evidence counts no such thing
    with pytest.raises(TypeError, match="must be True or False"):
        claim("something", None)


@pytest.mark.parametrize("mode", ["static", "test"])
def test_in_the_book_and_its_tests_a_false_claim_fails(shell, monkeypatch, mode):
    monkeypatch.setenv("MLCOURSE_FIGURES", mode)
    with pytest.raises(AssertionError, match="this claim is false"):
        claim("PCA wins", False)
    assert shell.shown == []


def test_markup_in_a_claim_is_text(shell):
    claim("p < q & \"r\" isn't <b>bold</b>", True, note="<i>")
    page = shell.shown[0][0]["text/html"]
    assert "<b>" not in page and "<i>" not in page
    attribute = re.search(r'data-claim="([^"]*)"', page)[1]
    assert json.loads(html.unescape(attribute))["sentence"] == "p < q & \"r\" isn't <b>bold</b>"


@pytest.mark.parametrize("truth", [np.array([True, False]), np.array([True]), 1, "yes", None, 0.5])
def test_truth_must_be_one_truth_value(truth):
    with pytest.raises(TypeError, match="must be True or False"):
        claim("something", truth)


def test_an_array_of_truths_is_told_how_to_become_one():
    with pytest.raises(TypeError, match=r"array of shape \(3,\): reduce it with \.all\(\)"):
        claim("something", np.ones(3) > 0)


@pytest.mark.parametrize("number", [float("nan"), np.float32("nan"), (1.0, np.nan)])
def test_nan_is_no_number(number):
    with pytest.raises(ValueError, match="kl must be a number .*NaN"):
        claim("The divergence is small", True, kl=number)


@pytest.mark.parametrize("sentence", ["", "  ", None])
def test_a_claim_says_something(sentence):
    with pytest.raises(ValueError, match="sentence must say"):
        claim(sentence, True)


@pytest.mark.parametrize("number", [np.arange(3), None, {"a": 1}])
def test_numbers_are_numbers(number):
    with pytest.raises(TypeError, match="sizes must be a number, a string or a short tuple"):
        claim("something", True, sizes=number)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.93456, "0.935"), (0.5, "0.5"), (1797, "1797"), (np.int32(3), "3"), (1797.3, "1800"), (999.7, "1000"), (123.4, "123"),
        (1.234e-5, "1.23e-05"), (1.5e7, "1.5e+07"), (-0.0, "0"), (-2.345, "-2.35"), (float("inf"), "inf"), (True, "true"),
        ("12.50 %", "12.50 %"), ((0.1234, 2), "(0.123, 2)"), (np.array(0.25), "0.25"), (np.float64(2.0), "2"),
    ],
)  # fmt: skip
def test_how_numbers_are_written(value, text):
    assert format_number(value) == text


def test_outside_a_notebook_a_claim_is_printed(capsys):
    code = "from mlcourse.claims import claim, glue; claim('Two is two', 2 == 2, two=2); glue('two', 2); import sys; print('IPython' in sys.modules)"
    result = subprocess.run([sys.executable, "-X", "utf8", "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert result.stdout.splitlines() == ["✓ Two is two (two = 2)", "False"]


def test_glue_is_stored_unseen(shell):
    glue("kl", 0.93456)
    glue("shape", "500 × 64")
    assert [data for data, _ in shell.shown] == [
        {"application/papermill.record/text/plain": "0.935"},
        {"application/papermill.record/text/plain": "500 × 64"},
    ]
    assert shell.shown[0][1]["scrapbook"] == {"name": "kl", "mime_prefix": "application/papermill.record/"}


def test_glue_has_the_keys_that_myst_nb_looks_for():
    myst_nb_glue = pytest.importorskip("myst_nb.ext.glue")
    assert myst_nb_glue.GLUE_PREFIX == "application/papermill.record/"


@pytest.mark.parametrize(("name", "text", "error"), [("", "x", ValueError), (3, "x", TypeError), ("x", None, TypeError), ("x", np.nan, ValueError)])
def test_glue_wants_a_name_and_a_text(name, text, error):
    with pytest.raises(error):
        glue(name, text)
