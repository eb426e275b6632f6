"""The pages around the chapters: what they show runs, and what they list is in order."""

import re
import unicodedata
from pathlib import Path

import pytest

BOOK = Path(__file__).parents[2] / "book"
VOWELS = {kana: row[0] for row in ("あかさたなはまやらわ", "いきしちにひみり", "うくすつぬふむゆる", "えけせてねへめれ",
                                    "おこそとのほもよろを") for kana in row}
SMALL = dict(zip("ぁぃぅぇぉっゃゅょ", "あいうえおつやゆよ", strict=True))


def read(page):
    return (BOOK / page).read_text(encoding="utf-8")


def python_blocks(page):
    return re.findall(r"^```python\n(.*?)^```", read(page), re.M | re.S)


def kana_order(reading):
    """The order of Japanese dictionaries: voicing and size of a kana do not count, ー repeats the vowel."""
    key = ""
    for kana in unicodedata.normalize("NFD", reading):
        if not unicodedata.combining(kana) and kana not in "（）":
            kana = SMALL.get(kana, kana)
            key += VOWELS[key[-1]] if kana == "ー" else kana
    return key


def japanese_index():
    """Rows (word, reading, English term) of the glossary's index from Japanese."""
    row = re.compile(r'^\| <span lang="ja">(.+?)</span> \| <span lang="ja">(.+?)</span> \| \{term\}`(.+?)` \|$', re.M)
    return row.findall(read("glossary.md"))


def glossary_entries():
    """The entries of the glossary: a list of terms, and the text that explains them."""
    body = re.search(r"^:::\{glossary\}\n:sorted:\n\n(.*?)^:::", read("glossary.md"), re.M | re.S)[1]
    entries = [block.splitlines() for block in body.strip().split("\n\n")]
    return [([line for line in lines if line[0] != " "], "\n".join(line for line in lines if line[0] == " "))
            for lines in entries]


def test_example_of_the_library_runs(capsys):
    (example,) = [block for block in python_blocks("how-to-use.md") if "TSNE" in block]
    assert len([line for line in example.splitlines() if line]) == 6
    exec(compile(example, "how-to-use.md", "exec"), {})  # noqa: S102 - it is our own page
    shape, trust = capsys.readouterr().out.strip().rsplit(" ", 1)
    assert shape == "(300, 2)"
    assert float(trust) > 0.95


def test_example_of_an_exercise_names_one():
    from mlcourse.exercises import names

    (name,) = re.findall(r'check\("(.+?)"', read("how-to-use.md"))
    assert name in names()


def test_example_of_a_claim_runs(capsys):
    (example,) = python_blocks("evidence.md")
    exec(compile(example, "evidence.md", "exec"), {})  # noqa: S102 - it is our own page
    assert "✓" in capsys.readouterr().out


def test_each_glossary_term_stands_once_and_is_explained():
    entries = glossary_entries()
    terms = [term.lower() for names, _ in entries for term in names]
    assert len(terms) > 60
    assert len(set(terms)) == len(terms)
    assert all(names and len(text) > 30 for names, text in entries)


def test_japanese_index_is_in_the_order_of_the_kana():
    rows = japanese_index()
    assert len(rows) > 50
    assert rows == sorted(rows, key=lambda row: (kana_order(row[1]), row[1]))


def test_japanese_words_stand_in_the_entry_that_the_index_names():
    text_of = {term: text for names, text in glossary_entries() for term in names}
    lost = [(word, term) for word, _, term in japanese_index() if word not in text_of.get(term, "")]
    assert not lost


def test_sources_can_be_found_and_are_named_alike():
    pybtex = pytest.importorskip("pybtex.database")
    entries = pybtex.parse_file(BOOK / "references.bib").entries
    for key, entry in entries.items():
        doi, url = entry.fields.get("doi", ""), entry.fields.get("url", "")
        assert re.fullmatch(r"10\.\d{4,5}/\S+", doi) or url.startswith("https://"), key
        plain = unicodedata.normalize("NFKD", "".join(entry.persons["author"][0].prelast_names
                                                      + entry.persons["author"][0].last_names))
        author = re.sub(r"[^a-z]", "", plain.lower().replace("\\\"o", "oe"))
        assert re.fullmatch(rf"{author}{entry.fields['year']}[a-z]+", key), key
