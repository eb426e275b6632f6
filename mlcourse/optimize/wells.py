"""A function with two wells, whose depths and widths are chosen."""

from __future__ import annotations

import numpy as np

from mlcourse._validation import check_array, check_number
from mlcourse.optimize.objective import Objective

__all__ = ["double_well"]


def double_well(
    *,
    levels: tuple[float, float] = (0.0, 0.0),
    widths: tuple[float, float] = (0.25, 0.75),
    centers: tuple[float, float] = (-1.0, 1.0),
    smoothing: float = 0.25,
    n_features: int = 1,
) -> Objective:
    """−τ log Σ_k exp(−(v_k + ‖θ − c_k‖² / 2w_k²) / τ): two bowls, joined by a soft minimum.

    Near each centre it is the bowl v_k + ‖θ − c_k‖² / 2w_k² of curvature 1/w_k²; between them the
    lower bowl counts.  At temperature T the Boltzmann distribution exp(−f/T) gives a well about
    the weight w_k^d exp(−v_k/T): of two equally deep wells the wide one has the more, and at
    T = τ this is exact, for then the distribution is a mixture of two Gaussians.  Nowhere is the
    curvature above 1/w² of the narrower well.

    Parameters
    ----------
    levels : pair of float, default=(0.0, 0.0)
        v: the values at the bottoms of the two bowls.
    widths : pair of float, default=(0.25, 0.75)
        w, > 0: the standard deviations that Boltzmann's distribution at T = 1 has in them.
    centers : pair of float, default=(-1.0, 1.0)
        c, the left one first; on the first axis if there are two.
    smoothing : float, default=0.25
        τ, > 0: over which range of values the bowls are blended.
    n_features : {1, 2}, default=1
        The number of variables.

    Returns
    -------
    Objective
        `minimizers` holds the left and the right minimum, which lie within rounding of where the
        gradient is 0, a little towards each other from the centres.  `saddle` is the top of the
        pass between them.  The start is the left minimum.

    Raises
    ------
    ValueError
        If there are not two minima, because one bowl lies inside the other or both overlap.

    Examples
    --------
    >>> f = double_well()
    >>> f.minimizers.round(3).tolist()
    [[-1.0], [1.0]]
    >>> print(f"{f.value(f.saddle) - f.minimum:.2f}")
    1.86
    """
    v, w, c = _pair(levels, "levels"), _pair(widths, "widths"), _pair(centers, "centers")
    if not (w > 0).all():
        raise ValueError(f"widths must both be > 0 (they were {widths})")
    if not c[0] < c[1]:
        raise ValueError(f"centers must be the left and the right one (they were {centers})")
    tau = check_number(smoothing, "smoothing", low=0, closed="right")
    d = check_number(n_features, "n_features", low=1, high=2, integer=True)
    places = np.zeros((2, d))
    places[:, 0] = c

    def bowls(x):
        """Each bowl's share of the soft minimum, its slope, and the soft minimum itself."""
        offsets = x[..., None, :] - places
        heights = v + 0.5 * (offsets**2).sum(axis=-1) / w**2
        low = heights.min(axis=-1, keepdims=True)
        weights = np.exp((low - heights) / tau)
        total = weights.sum(axis=-1, keepdims=True)
        return weights / total, offsets / w[:, None] ** 2, low[..., 0] - tau * np.log(total[..., 0])

    def value(x):
        return bowls(x)[2]

    def gradient(x):
        shares, slopes, _ = bowls(x)
        return (shares[..., None] * slopes).sum(axis=-2)

    def hessian(x):
        shares, slopes, _ = bowls(x)
        apart = slopes[..., 0, :] - slopes[..., 1, :]
        product = shares[..., 0] * shares[..., 1] / tau
        curvature = (shares / w**2).sum(axis=-1)
        return curvature[..., None, None] * np.eye(d) - (
            product[..., None, None] * (apart[..., :, None] * apart[..., None, :])
        )

    minimizers, saddle = _two_minima(gradient, lambda x: bowls(x)[0] / w**2, c, d)
    if minimizers is None:
        raise ValueError(
            f"levels = {levels}, widths = {widths}, centers = {centers}, smoothing = {smoothing} "
            "give one minimum only: move the centers apart, or make widths or smoothing smaller"
        )
    margin = 1.5 * w
    x_limits = (float(c[0] - margin[0] - 0.25 * w[1]), float(c[1] + margin[1]))
    half = float(margin.max())
    limits = (x_limits, (-half, half))[:d]
    formulas = (value, gradient, hessian)
    return Objective("double well", formulas, minimizers, minimizers[0].copy(), limits, saddle)


def _two_minima(gradient, strengths, c, d):
    """Find both minima, and the top between them; (None, None) if there is only one minimum.

    All lie between the centres.  There every bowl pulls with a strength; the point where the pulls
    would balance, did the strengths stay as they are, is nearer to a minimum and never beyond it.
    """

    def at(t):
        return np.array([t] + [0.0] * (d - 1))

    ends = []
    for t in c:
        for _ in range(10_000):
            pulls = strengths(at(t))
            before, t = t, (pulls * c).sum() / pulls.sum()
            if t == before:
                break
        ends.append(t)
    low, high = ends
    reach = c[1] - c[0]
    if high - low <= 1e-6 * reach:
        return None, None
    while True:  # the gradient points away from either minimum: it changes sign at the top
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if gradient(at(middle))[0] > 0 else (low, middle)
    return np.array([at(t) for t in ends]), at(middle)


def _pair(values, name) -> np.ndarray:
    array = check_array(values, name=name, ndim=1)
    if len(array) != 2:
        raise ValueError(f"{name} must be a pair of numbers (it had {len(array)})")
    return array
