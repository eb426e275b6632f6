"""The picture that comes with the package."""

from __future__ import annotations

from functools import cache

import numpy as np

from mlcourse._validation import check_choice

NAMES = ("coffee",)


@cache
def _read(name: str) -> np.ndarray:
    """The packed picture, read once; callers copy."""
    # open(), not a path: the package may lie inside a zip file.
    from importlib.resources import files  # here: it costs a third of the package's import

    path = files("mlcourse.datasets").joinpath("pictures.npz")
    with path.open("rb") as file, np.load(file) as packed:
        return packed[name]


def load_sample_image(image_name: str = "coffee") -> np.ndarray:
    """Load a small colour picture: a red cup of coffee on a wooden table.

    Most of its 17,120 pixels are wood, cup and saucer; the orange of the coffee itself, which one
    sees at once, is on few of them.

    Parameters
    ----------
    image_name : {"coffee"}, default="coffee"
        Which picture.

    Returns
    -------
    uint8 array of shape (107, 160, 3)
        Height, width, and red, green and blue from 0 to 255 (sRGB).  A new array at every call.

    Raises
    ------
    ValueError
        If there is no picture of that name.

    References
    ----------
    Photograph by Rachel Michetti, courtesy of Pikolo Espresso Bar, CC0 (no copyright restrictions);
    from the sample data of scikit-image (``skimage.data.coffee``), there 400 × 600 pixels.

    Examples
    --------
    >>> from mlcourse.datasets import load_sample_image
    >>> picture = load_sample_image("coffee")
    >>> picture.shape, picture.dtype
    ((107, 160, 3), dtype('uint8'))
    """
    return _read(check_choice(image_name, "image_name", NAMES)).copy()
