"""A field on a mesh: spreading charges with splines, and convolving them with a kernel by FFT."""

from __future__ import annotations

import numpy as np

__all__ = ["MeshConvolution", "cubic_spline_weights", "kernel_transform", "smooth_number"]

# The four weights and the four slopes of a cubic B-spline as polynomials in the position between
# two mesh points: row by row the factors of 1, f, f², f³.
_SPLINE = np.float32(
    [
        [1, -3, 3, -1],
        [4, 0, -6, 3],
        [1, 3, 3, -3],
        [0, 0, 0, 1],
        [-3, 6, -3, 0],
        [0, -12, 9, 0],
        [3, 6, -9, 0],
        [0, 0, 3, 0],
    ]
) / np.float32(6)
_PASS, _STOP = 0.4, 0.75  # the low-pass filter falls from 1 to 0 between these frequencies


def cubic_spline_weights(position: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How a cubic B-spline spreads a charge over the four nearest points of a mesh.

    Parameters
    ----------
    position : array of shape (n,)
        Where between the second and the third of the four points the charge is, 0 ≤ f < 1, in
        units of the mesh step.

    Returns
    -------
    weights : array of shape (4, n), of type float32
        None negative (but for rounding), each column sums to 1.
    slopes : array of shape (4, n), of type float32
        The derivative of the weights by f; each column sums to 0.

    References
    ----------
    U. Essmann et al. (1995), A smooth particle mesh Ewald method, equation 4.1.

    Examples
    --------
    >>> weights, slopes = cubic_spline_weights([0.0])
    >>> (6 * weights).ravel().round(3), (2 * slopes).ravel().round(3)
    (array([1., 4., 1., 0.], dtype=float32), array([-1.,  0.,  1.,  0.], dtype=float32))
    """
    f = np.asarray(position, np.float32)
    powers = np.ones((4, len(f)), np.float32)
    powers[1] = f
    np.multiply(f, f, out=powers[2])
    np.multiply(powers[2], f, out=powers[3])
    both = np.empty((8, len(f)), np.float32)
    for start in range(0, len(f), 4000):  # a product that BLAS does not spread over threads
        some = slice(start, start + 4000)
        np.matmul(_SPLINE, powers[:, some], out=both[:, some])
    return both[:4], both[4:]


def kernel_transform(
    shape: tuple[int, int], step: float, degrees_of_freedom: float = 1.0, low_pass: bool = True
) -> tuple[np.ndarray, float]:
    """The Fourier transform of t-SNE's kernel on a periodic mesh, made ready for splines.

    The kernel is k(d) = (1 + d²/ν)^(−(ν+1)/2).  Three things are done:

    - The kernel's smallest value is taken off first.  A constant exerts no force; but at the start
      the map is so small that k is 1 to six digits everywhere, and in single precision nothing
      else would be left.
    - Spreading charges with splines smooths them, and reading off with splines smooths the field
      again.  Both are undone in advance: divided twice by the transform of (1/6, 4/6, 1/6), the
      spline's values on the mesh, so that what is read off is the cubic spline through the field.
    - A mesh confuses waves shorter than two steps with longer ones, so a point feels where between
      mesh points it lies: the field has a small well at every mesh point, and a map that still
      wants to grow sticks in them.  The low-pass filter leaves out the shortest waves, which suffer
      most.  The field is then smoother than it should be between points closer than about a step,
      but it hardly depends on the mesh.

    Parameters
    ----------
    shape : pair of ints
        Rows and columns of the mesh, padding included; one column for a one-dimensional map.
    step : float
        Distance of mesh points, > 0, in units of the map.
    degrees_of_freedom : float, default=1.0
        ν > 0.
    low_pass : bool, default=True
        Whether to filter.

    Returns
    -------
    transform : array of shape (rows, columns // 2 + 1)
        As of `numpy.fft.rfft2`, but real, because the kernel is symmetric.
    smallest : float
        What was taken off the kernel.

    References
    ----------
    U. Essmann et al. (1995), A smooth particle mesh Ewald method, section 4 (division by the
    spline's transform).
    """
    nu, (rows, columns) = degrees_of_freedom, shape
    k_x, k_y = (np.minimum(np.arange(size), size - np.arange(size)) for size in shape)
    sq_distances = np.add.outer((k_x * step) ** 2, (k_y * step) ** 2)
    kernel = (1 + sq_distances / nu) ** (-(nu + 1) / 2)
    smallest = float(kernel.min())
    # 1 is the highest frequency that the mesh can carry.
    frequency_x, frequency_y = 2 * k_x / rows, 2 * k_y[: columns // 2 + 1] / columns
    spline_x, spline_y = ((2 + np.cos(np.pi * f)) / 3 for f in (frequency_x, frequency_y))
    transform = np.fft.rfft2(kernel - smallest).real
    transform /= np.multiply.outer(spline_x, spline_y) ** 2
    if low_pass:
        frequency = np.hypot.outer(frequency_x, frequency_y)
        fall = np.clip((frequency - _PASS) / (_STOP - _PASS), 0, 1)
        transform *= np.cos(np.pi / 2 * fall) ** 2
    return transform, smallest


class MeshConvolution:
    """The field that charges on a mesh make, O(M log M) for M mesh points.

    A product of transforms convolves periodically.  So that no charge is felt around the edge, the
    mesh is padded with as many zeros as it has points, along each axis.

    Parameters
    ----------
    shape : pair of ints
        Rows and columns of the mesh; one column for a one-dimensional map.
    step, degrees_of_freedom, low_pass
        As of `kernel_transform`.

    Attributes
    ----------
    charges : array of shape (rows, 2 · columns), of type float32
        To be filled before each call; the right half is padding and has to be 0.  If there is one
        column it has no padding.
    smallest : float
        See `kernel_transform`.
    """

    def __init__(
        self,
        shape: tuple[int, int],
        step: float,
        degrees_of_freedom: float = 1.0,
        low_pass: bool = True,
    ):
        rows, columns = shape
        long, wide = 2 * rows, 2 * columns if columns > 1 else 1
        transform, self.smallest = kernel_transform(
            (long, wide), step, degrees_of_freedom, low_pass
        )
        half = transform.shape[1]
        kept = int(np.ceil(_STOP * (half - 1))) + 1 if low_pass else half  # the others are 0
        self.charges = np.zeros((rows, wide), np.float32)
        self._field = np.empty((rows, wide), np.float32)
        self._by_rows = np.zeros((rows, half), np.complex64)
        self._padded = np.zeros((kept, long), np.complex64)
        self._by_columns = np.empty((kept, long), np.complex64)
        # Both forward transforms and both inverse ones divide by their lengths: undone once here.
        self._transform = (transform.T[:kept] * (long * wide)).astype(np.complex64)

    def __call__(self) -> np.ndarray:
        """The field of the charges.

        Returns
        -------
        array of the shape of `charges`
            The potential at every mesh point (the padding holds nothing of use); overwritten by
            the next call.
        """
        # NumPy's own padding, strided axes and, in single precision, default norm are slow: zeros
        # are written by hand, arrays transposed by hand, and the norm is part of the kernel.
        (rows, wide), kept = self.charges.shape, len(self._padded)
        np.fft.rfft(self.charges, axis=1, norm="forward", out=self._by_rows)
        self._padded[:, :rows] = self._by_rows[:, :kept].T
        np.fft.fft(self._padded, axis=1, norm="forward", out=self._by_columns)
        self._by_columns *= self._transform
        np.fft.ifft(self._by_columns, axis=1, norm="backward", out=self._by_columns)
        self._by_rows[:, :kept] = self._by_columns[:, :rows].T
        self._by_rows[:, kept:] = 0
        return np.fft.irfft(self._by_rows, wide, axis=1, norm="backward", out=self._field)


def smooth_number(at_least: int) -> int:
    """The smallest number without other prime factors than 2, 3 and 5: transforms of it are fast.

    Parameters
    ----------
    at_least : int
        ≥ 1.

    Returns
    -------
    int
        The number.

    Examples
    --------
    >>> smooth_number(7), smooth_number(97)
    (8, 100)
    """
    while True:
        rest = at_least
        for prime in (2, 3, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return at_least
        at_least += 1
