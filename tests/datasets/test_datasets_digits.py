"""The bundled digits: the same as scikit-learn's, and fair parts of them."""

import subprocess
import sys
import zipfile
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
import sklearn.datasets

import mlcourse
from mlcourse.datasets import Bunch, load_digits


def test_values_and_order_are_sklearns():
    ours, theirs = load_digits(), sklearn.datasets.load_digits()
    for name in ("data", "target", "images", "target_names"):
        np.testing.assert_array_equal(ours[name], theirs[name])
        assert ours[name].dtype == theirs[name].dtype
    assert ours.feature_names == theirs.feature_names
    assert ours.data.shape == (1797, 64) and ours.data.min() == 0 and ours.data.max() == 16
    np.testing.assert_array_equal(ours.images.reshape(1797, 64), ours.data)


@pytest.mark.parametrize("n_class", [1, 3, 10])
def test_first_classes(n_class):
    X, y = load_digits(n_class=n_class, return_X_y=True)
    theirs_X, theirs_y = sklearn.datasets.load_digits(n_class=n_class, return_X_y=True)
    np.testing.assert_array_equal(X, theirs_X)
    np.testing.assert_array_equal(y, theirs_y)


def test_description_gives_source_licence_and_counts():
    digits = load_digits()
    for text in (digits.DESCR, load_digits.__doc__, files("mlcourse.datasets").joinpath("digits_LICENSE.md").read_text("utf-8")):
        assert "Alpaydin" in text and "Kaynak" in text and "10.24432/C50P49" in text and "CC BY 4.0" in text
    assert ", ".join(map(str, np.bincount(digits.target))) in digits.DESCR


def test_file_is_small():
    assert len(files("mlcourse.datasets").joinpath("digits.npz").read_bytes()) < 50_000


def test_reads_from_a_zip(tmp_path):
    """Where a package is imported from a zip file, there is no path to open."""
    source, archive = Path(mlcourse.__file__).parent, tmp_path / "package.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in [*source.glob("*.py"), *(source / "datasets").glob("*.*")]:
            packed.write(file, f"mlcourse/{file.relative_to(source).as_posix()}")
    program = (
        f"import sys; sys.path.insert(0, {str(archive)!r}); import mlcourse; from mlcourse.datasets import load_digits; "
        "print(mlcourse.__file__, load_digits().data.sum())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "package.zip" in done.stdout and str(load_digits().data.sum()) in done.stdout


def test_nobody_can_spoil_the_data_of_another():
    load_digits().data[:] = -1
    load_digits(return_X_y=True)[1][:] = -1
    assert load_digits().data.min() == 0 and load_digits().target.min() == 0


def test_bunch():
    digits = load_digits(n_samples=10, random_state=0)
    assert isinstance(digits, dict) and digits.data is digits["data"] and "images" in dir(digits)
    with pytest.raises(AttributeError, match="no 'labels'; it has data, target"):
        digits.labels
    bunch = Bunch(a=1)
    bunch.b = 2
    assert bunch == {"a": 1, "b": 2}


def test_part_is_stratified_and_nested():
    """Each digit has its share up to one image, all are there from ten images on, and more images only add some."""
    X, y = load_digits(return_X_y=True)
    share = np.bincount(y) / y.size
    for seed in range(5):
        before = set()
        for n_samples in [*range(10, 60), 100, 300, 500, 1000, 1796, 1797]:
            part_X, part_y = load_digits(n_samples=n_samples, random_state=seed, return_X_y=True)
            assert part_X.shape == (n_samples, 64) and part_y.shape == (n_samples,)
            counts = np.bincount(part_y, minlength=10)
            assert counts.min() >= 1
            assert np.abs(counts - share * n_samples).max() <= 1
            now = set(map(bytes, part_X.astype(np.uint8)))
            assert before <= now
            before = now
    np.testing.assert_array_equal(part_X, X)  # all of them, in the file's order
    np.testing.assert_array_equal(part_y, y)


def test_part_belongs_to_its_labels_and_keeps_the_order():
    X, y = load_digits(return_X_y=True)
    part = load_digits(n_samples=400, random_state=3)
    where = {bytes(row): i for i, row in enumerate(X.astype(np.uint8))}
    places = [where[bytes(row)] for row in part.data.astype(np.uint8)]
    assert places == sorted(places) and len(set(places)) == 400
    np.testing.assert_array_equal(y[places], part.target)
    np.testing.assert_array_equal(part.images.reshape(400, 64), part.data)


def test_every_image_can_be_in_a_part():
    drawn = np.concatenate([load_digits(n_samples=900, random_state=seed).data for seed in range(20)])
    assert len(np.unique(drawn, axis=0)) == 1797


def test_seeds():
    def part(seed):
        return load_digits(n_samples=50, random_state=seed).data

    np.testing.assert_array_equal(part(1), part(1))
    np.testing.assert_array_equal(part(1), part(np.random.default_rng(1)))
    assert not np.array_equal(part(1), part(2))
    assert not np.array_equal(part(None), part(None))


def test_bad_parameters():
    for bad in (9, 0, 1798):
        with pytest.raises(ValueError, match=rf"n_samples must be an integer with 10 <= n_samples <= 1797 \(it was {bad}\)"):
            load_digits(n_samples=bad)
    with pytest.raises(ValueError, match="3 <= n_samples <= 537"):
        load_digits(n_class=3, n_samples=2)
    for bad in (0, 11):
        with pytest.raises(ValueError, match="1 <= n_class <= 10"):
            load_digits(n_class=bad)
    with pytest.raises(TypeError, match="n_samples must be an integer"):
        load_digits(n_samples=10.5)
    with pytest.raises(TypeError, match="return_X_y must be True or False"):
        load_digits(return_X_y="yes")
    with pytest.raises(ValueError, match="random_state"):
        load_digits(random_state="seed")
