"""The bundled picture: its shape, its colours, its licence."""

from importlib.resources import files

import numpy as np
import pytest

from mlcourse.datasets import load_sample_image


def test_the_picture():
    picture = load_sample_image()
    assert picture.shape == (107, 160, 3) and picture.dtype == np.uint8
    np.testing.assert_array_equal(picture, load_sample_image("coffee"))
    assert picture.min() < 10 and picture.max() > 245
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 10_000


def test_the_coffee_is_orange_and_small():
    """What makes it worth reducing to k colours: the eye sees this colour at once, and few pixels have it."""
    colours = load_sample_image().reshape(-1, 3).astype(float)
    near = np.linalg.norm(colours - [231, 145, 54], axis=1) < 30
    rows, columns = np.divmod(np.flatnonzero(near), 160)
    assert 0.02 < near.mean() < 0.04
    assert np.median(rows) == pytest.approx(40, abs=8) and np.median(columns) == pytest.approx(77, abs=8)


def test_nobody_can_spoil_the_picture_of_another():
    load_sample_image()[:] = 0
    assert load_sample_image().max() > 245


def test_unknown_name():
    for name in ("china", None, 3):
        with pytest.raises(ValueError, match="image_name must be one of 'coffee'"):
            load_sample_image(name)


def test_file_is_small_and_says_whose_it_is():
    folder = files("mlcourse.datasets")
    assert len(folder.joinpath("pictures.npz").read_bytes()) < 60_000
    for text in (load_sample_image.__doc__, folder.joinpath("pictures_LICENSE.md").read_text("utf-8")):
        assert "Rachel Michetti" in text and "Pikolo Espresso Bar" in text and "CC0" in text and "skimage.data.coffee" in text
