"""Minibatches: which examples a step looks at."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import numpy as np

from mlcourse._validation import check_number, check_random_state

__all__ = ["minibatches"]


def minibatches(
    n_samples: int,
    batch_size: int = 100,
    *,
    replace: bool = False,
    n_epochs: int | None = None,
    drop_last: bool = False,
    random_state: int | np.random.Generator | None = None,
) -> Iterator[np.ndarray]:
    """Draw minibatches, as arrays of the numbers of their examples.

    An epoch has ⌈n_samples / batch_size⌉ batches.  Without replacement it is a new shuffle of all
    examples, cut into pieces: each is seen exactly once, and the last batch is short if the sizes
    do not fit.  With replacement every example of every batch is drawn independently and uniformly,
    and all batches are full.

    Parameters
    ----------
    n_samples : int
        Number of examples n, ≥ 1.
    batch_size : int, default=100
        Examples in a batch b, 1 ≤ b, and b ≤ n without replacement.
    replace : bool, default=False
        Whether an example can be drawn again before all others were.
    n_epochs : int or None, default=None
        How many epochs, ≥ 0; None: without end.
    drop_last : bool, default=False
        Whether the batch that would be short is left out of every epoch (with replacement: one
        batch less, if the sizes do not fit); then b ≤ n.
    random_state : int, Generator or None, default=None
        What to draw with; an epoch is drawn when its first batch is asked for.

    Yields
    ------
    array of intp, shape (batch_size,)
        Numbers of examples, 0 ≤ i < n_samples.

    Raises
    ------
    TypeError, ValueError
        At the call, if a parameter is out of range.

    Examples
    --------
    >>> [len(batch) for batch in minibatches(250, 100, n_epochs=2, random_state=0)]
    [100, 100, 50, 100, 100, 50]
    >>> first_epoch = minibatches(6, 2, n_epochs=1, random_state=0)
    >>> sorted(int(i) for batch in first_epoch for i in batch)
    [0, 1, 2, 3, 4, 5]
    """
    n_samples = check_number(n_samples, "n_samples", low=1, integer=True)
    most = None if replace and not drop_last else n_samples
    batch_size = check_number(
        batch_size, "batch_size", low=1, high=most, integer=True, high_name="n_samples"
    )
    if n_epochs is not None:
        n_epochs = check_number(n_epochs, "n_epochs", low=0, integer=True)
    rng = check_random_state(random_state)
    n_batches = n_samples // batch_size
    if not drop_last and n_samples % batch_size:
        n_batches += 1

    def drawn():
        for _ in count() if n_epochs is None else range(n_epochs):
            # A whole epoch at once: drawing each batch would cost more than a small batch's step.
            if replace:
                yield from rng.integers(n_samples, size=(n_batches, batch_size), dtype=np.intp)
            else:
                order = rng.permutation(n_samples).astype(np.intp, copy=False)
                for start in range(0, n_batches * batch_size, batch_size):
                    yield order[start : start + batch_size]

    return drawn()  # a generator inside, so that parameters are checked at the call
