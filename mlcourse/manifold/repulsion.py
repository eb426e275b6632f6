"""t-SNE's repulsion from a mesh: all pairs by one pass over the points and one Fourier transform.

Repulsion is the slope of a potential.  Every point carries a charge 1, and at y the charges make

    φ(y) = Σ_j k(‖y − y_j‖),    k(d) = (1 + d²/ν)^(−(ν+1)/2),

the kernel whose sum over all pairs is t-SNE's normaliser, Z = Σ_i φ(y_i) − n.  The force is its
slope, times −2/Z: ∇φ(y_i) = −(ν+1)/ν Σ_j k w (y_i − y_j) with w = (1 + d²/ν)^(−1).  So one smooth
function gives both.  It is found as in a simulation of stars: spread each charge over the nearest points of
a mesh, convolve the mesh with the kernel (which a Fourier transform makes a product), and read
value and slope off the mesh at the points.
"""

from __future__ import annotations

import warnings

import numpy as np

from mlcourse._validation import check_number
from mlcourse.manifold.mesh import (
    MeshConvolution,
    cubic_spline_weights,
    kernel_transform,
    smooth_number,
)

__all__ = ["MeshRepulsion"]

_SUPPORT = 4  # mesh points that a cubic B-spline reaches along each axis
_FEWEST = 20  # mesh steps that a map is wide at least, however small it is
_MOST = 2**22  # mesh points in all: beyond them the step is widened
_LEVELS = 64  # places between two mesh points for which a point's effect on itself is tabulated


class MeshRepulsion:
    """Z and Σ_j k w (y_i − y_j) of every point, by a cubic B-spline mesh and an FFT.

    The repulsive part of t-SNE's gradient is 2(ν+1)/ν times the sum, divided by Z (eq-forces).
    One call costs O(n + M log M) for M mesh points, about (width of the map / mesh_step)².

    Parameters
    ----------
    n_samples : int
        Number of points of the maps.
    n_components : {1, 2}, default=2
        Dimensions of the maps.
    mesh_step : float, default=0.45
        Distance of mesh points, > 0, in units of the kernel's width (1; √ν for ν < 1).
    degrees_of_freedom : float, default=1.0
        ν > 0.
    low_pass : bool, default=True
        Whether to leave out the waves that the mesh can hardly carry (see `kernel_transform` and the
        notes).

    Warns
    -----
    RuntimeWarning
        Once, if a map is so wide that the mesh would need more than four million points.  The step
        is then doubled until it needs fewer, and the repulsion is less exact.

    Notes
    -----
    Measured on maps of 1,797 digits and of 5,000 points from ten Gaussians: the root mean square
    error of the sums and the error of Z, both relative.  (The larger values are from maps that were
    themselves found with this mesh: their points have settled where it errs.)  The last column is
    by how much the final divergence of the digits, after 750 steps, exceeds that with exact sums.

    ========= ======== ========= ========= ==========
    mesh_step low_pass sums      Z         divergence
    ========= ======== ========= ========= ==========
    0.25      yes      0.5–0.8 % 2–7e-5    0.0 %
    0.35      yes      2–4 %     1–7e-4    0.3 %
    0.45      yes      5–10 %    2–22e-4   0.9 %
    0.6       yes      10–18 %   3–40e-4   2.2 %
    0.25      no       0.1–0.2 % 3–20e-6   0.0 %
    0.35      no       0.4–0.8 % 2–9e-5    0.6 %
    0.45      no       1–2 %     7–30e-5   2.3 %
    0.6       no       3–5 %     1–8e-4    4.9 %
    ========= ======== ========= ========= ==========

    So the filter makes the sums worse and the map better: what it leaves out is a force between
    points closer than about a step, always the same; what it prevents is a force towards the points
    of the mesh, in which a map that still wants to grow gets caught.

    The spread charge of a point also acts on the point itself.  What it feels depends only on where
    between mesh points it is; that is tabulated and taken off, in the sums and in Z.

    The mesh stays in its place while the map moves, so what error there is belongs to a potential
    that does not change from step to step; noise would make the gains of `descend` shrink.  Its
    transforms are kept until the map has outgrown it.

    References
    ----------
    G. C. Linderman et al. (2019), Fast interpolation-based t-SNE (a mesh and an FFT, with another
    interpolation and four charges); U. Essmann et al. (1995), A smooth particle mesh Ewald method.
    """

    def __init__(
        self,
        n_samples: int,
        n_components: int = 2,
        *,
        mesh_step: float = 0.45,
        degrees_of_freedom: float = 1.0,
        low_pass: bool = True,
    ):
        self.n_samples = n_samples
        self.n_components = check_number(n_components, "n_components", low=1, high=2, integer=True)
        self.nu = float(
            check_number(degrees_of_freedom, "degrees_of_freedom", low=0, closed="right")
        )
        mesh_step = check_number(mesh_step, "mesh_step", low=0, closed="right")
        self.widest_step = mesh_step * min(1.0, float(np.sqrt(self.nu)))
        self.low_pass = low_pass
        self._warned = False
        self.step = 0.0
        self.shape = np.zeros(self.n_components, int)
        taps = (_SUPPORT, _SUPPORT if self.n_components == 2 else 1, n_samples)
        self._places = np.empty(taps, np.intp)
        self._weights = np.empty(taps, np.float32)
        self._values = np.empty(taps, np.float32)

    def __call__(self, Y: np.ndarray) -> tuple[float, np.ndarray]:
        """The normaliser and the sums at a map.

        Parameters
        ----------
        Y : array of shape (n_components, n_samples), of type float32
            The map, a coordinate a row.

        Returns
        -------
        Z : float
            Σ_{k≠l} k(‖y_k − y_l‖).
        sums : array of shape (n_components, n_samples)
            Σ_j k w (y_i − y_j).
        """
        position = self._on_mesh(Y)
        # Rounding may bring a point at the edge beyond it, but hardly its fraction beyond 0 or 1.
        cell = np.clip(np.floor(position), 1, self.shape[:, None] - 3)
        fraction = position - cell
        splines = self._splines(fraction)
        self._spread(cell.astype(np.intp), splines)
        potential, slopes = self._read_off(self._mesh(), splines)
        # A point neither pushes itself nor counts in Z.
        own = np.zeros(self.n_samples, np.intp)
        for level in np.minimum((fraction * _LEVELS).astype(np.intp), _LEVELS - 1):
            own = own * _LEVELS + level
        slopes -= np.take(self._own_slopes, own, axis=1)
        n = self.n_samples
        Z = float(potential.sum(dtype=float) - self._own_potential[own].sum())
        Z += self._mesh.smallest * n * n
        # Where a few points lie far apart, rounding could leave nothing of it: no pair is farther
        # apart than the corners.
        farthest = float(np.sum(np.ptp(Y, axis=1).astype(float) ** 2))
        Z = max(Z, n * (n - 1) * (1 + farthest / self.nu) ** (-(self.nu + 1) / 2))
        return Z, slopes * np.float32(-self.nu / (self.nu + 1) / self.step)

    def _on_mesh(self, Y: np.ndarray) -> np.ndarray:
        """Positions in units of mesh points, on a mesh with room for all of them."""
        low, high = Y.min(axis=1).astype(float), Y.max(axis=1).astype(float)
        span = high - low
        step = self.widest_step
        if span.max() < _FEWEST * step:  # by halves: step and tables then stay for many calls
            step *= 0.5 ** np.ceil(np.log2(_FEWEST * step / max(span.max(), 1e-9)))
        elif np.prod(span / step + _SUPPORT) > _MOST:
            while np.prod(span / step + _SUPPORT) > _MOST:
                step *= 2
            if not self._warned:  # once, not at every step
                warnings.warn(
                    f"the map is {span.max():.3g} wide: the mesh step is widened to {step:.2g}, and "
                    "the repulsion is less exact; lower learning_rate, or set max_step_norm",
                    RuntimeWarning,
                    stacklevel=3,
                )
            self._warned = True
        # Corners lie at multiples of the step: the mesh stays where it is when the map moves.
        needed = (np.floor(high / step) - np.floor(low / step)).astype(int) + _SUPPORT
        if step != self.step:
            self._tabulate_own_share(step)
        if step != self.step or (needed > self.shape).any() or (1.25 * needed < self.shape).any():
            self.step, self.shape = step, np.array([smooth_number(int(size)) for size in needed])
            columns = self.shape[1] if self.n_components == 2 else 1
            self._mesh = MeshConvolution(
                (self.shape[0], columns), step, self.nu, self.low_pass
            )
        corner = np.floor(low / step) - 1 - (self.shape - needed) // 2
        return Y * np.float32(1 / step) - corner[:, None].astype(np.float32)

    def _splines(self, fraction: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """Weights and slopes along both axes; across a one-dimensional map, the weight 1."""
        n = fraction.shape[1]
        weights, slopes = cubic_spline_weights(fraction.ravel())
        if self.n_components == 1:
            return [(weights, slopes), (np.ones((1, n), np.float32), np.zeros((1, n), np.float32))]
        return [(weights[:, :n], slopes[:, :n]), (weights[:, n:], slopes[:, n:])]

    def _spread(self, cell: np.ndarray, splines: list[tuple[np.ndarray, np.ndarray]]) -> None:
        """Distribute every charge over the mesh points around it."""
        (wx, _), (wy, _) = splines
        charges = self._mesh.charges
        wide = charges.shape[1]
        first = (cell[0] - 1) * wide + (cell[1] - 1 if len(cell) == 2 else 0)
        offsets = np.add.outer(np.arange(len(wx)) * wide, np.arange(len(wy)))
        np.add(first, offsets[:, :, None], out=self._places)
        np.multiply(wx[:, None], wy, out=self._weights)
        charges.ravel()[:] = np.bincount(
            self._places.ravel(), self._weights.ravel(), minlength=charges.size
        )

    def _read_off(
        self, field: np.ndarray, splines: list[tuple[np.ndarray, np.ndarray]]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The potential and its slopes at every point, from the mesh points around it."""
        (wx, dx), (wy, dy) = splines
        values = np.take(field.ravel(), self._places, out=self._values, mode="clip")
        along_y = np.einsum("abn,bn->an", values, wy)
        slopes = np.empty((self.n_components, self.n_samples), np.float32)
        np.einsum("an,an->n", along_y, dx, out=slopes[0])
        if self.n_components == 2:
            np.einsum("an,an->n", np.einsum("abn,bn->an", values, dy), wx, out=slopes[1])
        return np.einsum("an,an->n", along_y, wx), slopes

    def _tabulate_own_share(self, step: float) -> None:
        """What a point feels of its own charge, for _LEVELS places a mesh step and axis."""
        padded = (64, 64 if self.n_components == 2 else 1)
        transform, smallest = kernel_transform(padded, step, self.nu, self.low_pass)
        # The potential on the mesh of a charge on a mesh point, indices modulo the mesh's shape.
        kernel = np.fft.irfft2(transform, padded)
        place = np.tile((np.arange(_LEVELS) + 0.5) / _LEVELS, (self.n_components, 1))
        (wx, dx), (wy, _) = self._splines(place)
        if self.n_components == 1:
            wy = wy[:, :1]
        apart_x, apart_y = (np.subtract.outer(*[np.arange(len(w))] * 2) for w in (wx, wy))
        between = kernel[apart_x[:, :, None, None], apart_y]  # of charges at (b, d) at (a, c)
        share = "ax,bx,abcd,cy,dy->xy"
        potential = np.einsum(share, wx, wx, between, wy, wy, optimize=True)
        self._own_potential = potential.ravel() + smallest
        slope = np.einsum(share, dx, wx, between, wy, wy, optimize=True)
        # By symmetry, x and y exchanged: the slope along y.
        slopes = [slope, slope.T][: self.n_components]
        self._own_slopes = np.stack(slopes).reshape(len(slopes), -1).astype(np.float32)
