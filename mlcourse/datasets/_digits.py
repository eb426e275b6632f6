"""The handwritten digits that come with the package."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from mlcourse._validation import check_number, check_random_state
from mlcourse.datasets._common import check_bool

DESCRIPTION = """\
Optical Recognition of Handwritten Digits, test set.

1,797 images of 8 x 8 pixels, each a digit written by one of 13 people who do not occur in the training set.
Bitmaps of 32 x 32 pixels were divided into blocks of 4 x 4; a value is the number of inked pixels of its block, 0 to 16.
No value is missing. Images of each digit, 0 to 9: 178, 182, 177, 183, 181, 182, 181, 179, 174, 180.

Source: E. Alpaydin, C. Kaynak (1998). Optical Recognition of Handwritten Digits. UCI Machine Learning Repository.
https://doi.org/10.24432/C50P49. Licence: CC BY 4.0.
"""


class Bunch(dict):
    """A dictionary whose entries can also be read as attributes, as scikit-learn's data sets are.

    Parameters
    ----------
    **entries : object
        What the bunch holds: ``Bunch(data=X)["data"]`` and ``Bunch(data=X).data`` are the same.
    """

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"this data set has no {name!r}; it has {', '.join(map(str, self))}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self]


@cache
def _read() -> tuple[np.ndarray, np.ndarray]:
    """The packed file, read once; callers copy."""
    # open(), not a path: the package may lie inside a zip file.
    from importlib.resources import files  # here: it costs a third of the package's import

    with files("mlcourse.datasets").joinpath("digits.npz").open("rb") as file, np.load(file) as packed:
        return packed["images"], packed["target"]


def _stratified_order(y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Order the samples at random, but so that every beginning holds the classes in their proportions.

    The member that comes p-th (p = 0, 1, …) in the random order of its class of c gets the key (p + 1/2) / c, and
    the keys are sorted. Classes of nearly one size thus take turns: the first ten samples show the ten digits.
    """
    order = rng.permutation(y.size)  # also the random order of equal keys, since the sort is stable
    shuffled = y[order]
    keys = np.empty(y.size)
    for label, count in zip(*np.unique(y, return_counts=True), strict=True):
        keys[shuffled == label] = (np.arange(count) + 0.5) / count
    return order[np.argsort(keys, kind="stable")]


def load_digits(
    *,
    n_class: int = 10,
    n_samples: int | None = None,
    random_state: int | np.random.Generator | None = None,
    return_X_y: bool = False,
) -> Bunch | tuple[np.ndarray, np.ndarray]:
    """Load the 1,797 handwritten digits of the UCI test set: 8 × 8 pixels, values 0 to 16.

    Values and order are those of scikit-learn's ``load_digits``. The file is inside the package.

    Parameters
    ----------
    n_class : int, default=10
        Load only the digits 0, …, n_class − 1; 1 to 10.
    n_samples : int or None, default=None
        Load a random part of so many images; None loads all of them. The part is stratified: each digit has its share of
        the whole set, up to one image, and every digit is present (so n_samples ≥ n_class). With one seed, a smaller
        part lies inside every larger one. The images keep their order.
    random_state : int, Generator or None, default=None
        The seed of the random part.
    return_X_y : bool, default=False
        Return only ``(data, target)``.

    Returns
    -------
    digits : Bunch
        With ``data`` (n_samples, 64), float64, the pixels row by row; ``target`` (n_samples,), int, the digits;
        ``images`` (n_samples, 8, 8); ``feature_names``; ``target_names``; ``DESCR``.
    (data, target) : tuple of arrays
        Instead, if `return_X_y` is true.

    References
    ----------
    E. Alpaydin and C. Kaynak (1998). Optical Recognition of Handwritten Digits. UCI Machine Learning Repository,
    https://doi.org/10.24432/C50P49. Licence: CC BY 4.0.

    Examples
    --------
    >>> from mlcourse.datasets import load_digits
    >>> load_digits().data.shape
    (1797, 64)
    >>> X, y = load_digits(n_samples=500, random_state=0, return_X_y=True)
    >>> X.shape, y.shape
    ((500, 64), (500,))
    """
    n_class = check_number(n_class, "n_class", low=1, high=10, integer=True)
    return_X_y = check_bool(return_X_y, "return_X_y")
    rng = check_random_state(random_state)
    pixels, target = _read()
    chosen = np.flatnonzero(target < n_class)
    if n_samples is not None:
        n_samples = check_number(n_samples, "n_samples", low=n_class, high=chosen.size, integer=True)
        chosen = np.sort(chosen[_stratified_order(target[chosen], rng)[:n_samples]])
    data, target = pixels[chosen].astype(np.float64), target[chosen].astype(int)
    if return_X_y:
        return data, target
    return Bunch(
        data=data,
        target=target,
        images=data.reshape(-1, 8, 8),
        feature_names=[f"pixel_{row}_{column}" for row in range(8) for column in range(8)],
        target_names=np.arange(n_class),
        DESCR=DESCRIPTION,
    )
