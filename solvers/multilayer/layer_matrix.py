"""The transfer matrix of one layer on a block of points, without growing exponentials.

In a layer of permittivity eps the tangential field U (E_y in TE, H_y in TM) and its partner V,
V = y U for a wave along the propagation direction with admittance y = w/a, a = 1 (TE) or eps
(TM), w = sqrt(eps - s^2), s = k_x/k0, are carried backwards through the layer by

    U' = C U + A V,   V' = -B U + C V   with V = i V~,
    C = cos(k0 w d),  A = a sin(k0 w d)/w,  B = w sin(k0 w d)/a,

all three even in w: the branch of w does not matter inside a layer. Every entry is divided by
exp(|Im k0 w d|), whose logarithm is returned. Sine and cosine come from one tangent of the half
angle, which keeps C^2 + A B = 1 to rounding (and NumPy has it in vector form).

Source: M. Born and E. Wolf, Principles of Optics, section 1.6, doi:10.1017/CBO9781139644181.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["LayerMatrix", "Workspace", "layer_matrix"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_TINY = 1e-280


class LayerMatrix(NamedTuple):
    """Entries for TE on a block: cosine C, sin/w, w sin, and the logarithm of their scale."""

    cosine: Complexes
    over: Complexes
    times: Complexes
    log_scale: Floats | None


class Workspace:
    """Arrays of one block, made once and used again for every layer.

    Attributes:
        shape: shape of the block.
        floats: scratch.
        conjugate: scratch.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self.floats = [np.empty(shape) for _ in range(9)]
        self.conjugate = np.empty(shape, dtype=np.complex128)

    def entries(self) -> tuple[Complexes, Complexes, Complexes]:
        """Return three new complex arrays of zeros: entries to fill."""
        first, second, third = np.zeros((3, *self.shape), dtype=np.complex128)
        return first, second, third


def layer_matrix(
    eps: Complexes | Floats,
    square: Floats,
    phase: Floats,
    work: Workspace,
    out: tuple[Complexes, Complexes, Complexes],
    *,
    real: bool,
) -> LayerMatrix:
    """Return the matrix of one layer at every point of a block.

    Args:
        eps: permittivity, broadcastable to the block; float if `real`.
        square: s^2 = (k_x/k0)^2 on the block.
        phase: k0 d, broadcastable to the block.
        work: scratch arrays.
        out: where the entries go; their imaginary parts must be zero if `real`.
        real: eps is real: the entries are real too.
    """
    if not real:
        return _complex_layer(eps, square, phase, work, out)
    q = np.subtract(eps, square, out=work.floats[0])
    if q.min() > 0:
        w = np.sqrt(q, out=q)
        half = np.multiply(w, 0.5 * phase, out=work.floats[1])
        cosine, sine = _trigonometric(half, work)
        out[0].real = cosine
        np.divide(sine, w, out=out[1].real)
        np.multiply(sine, w, out=out[2].real)
        return LayerMatrix(*out, None)
    return _partly_evanescent(q, phase, work, out)


def _trigonometric(half: Floats, work: Workspace) -> tuple[Floats, Floats]:
    """Return cos and sin of twice an angle; `half` is overwritten."""
    tangent = np.tan(half, out=half)
    square = np.multiply(tangent, tangent, out=work.floats[2])
    inverse = np.add(square, 1.0, out=work.floats[3])
    np.divide(1.0, inverse, out=inverse)
    cosine = np.subtract(1.0, square, out=square)
    cosine *= inverse
    tangent *= inverse
    tangent += tangent
    return cosine, tangent


def _partly_evanescent(
    q: Floats, phase: Floats, work: Workspace, out: tuple[Complexes, Complexes, Complexes]
) -> LayerMatrix:
    """Real eps below the light line at some points: hyperbolic functions there."""
    evanescent = q < 0
    w = np.abs(q, out=q)
    np.maximum(w, _TINY, out=w)
    np.sqrt(w, out=w)
    angle = np.multiply(w, phase, out=work.floats[4])
    half = np.multiply(angle, 0.5, out=work.floats[1])
    half[evanescent] = 0.0
    cosine, sine = _trigonometric(half, work)
    depth = angle[evanescent]
    fall = np.expm1(-2 * depth)
    cosine[evanescent] = 1 + fall / 2
    sine[evanescent] = -fall / 2
    out[0].real = cosine
    np.divide(sine, w, out=out[1].real)
    np.multiply(sine, w, out=out[2].real)
    out[2].real[evanescent] *= -1
    angle[~evanescent] = 0.0
    return LayerMatrix(*out, angle)


def _complex_layer(
    eps: Complexes | Floats,
    square: Floats,
    phase: Floats,
    work: Workspace,
    out: tuple[Complexes, Complexes, Complexes],
) -> LayerMatrix:
    f = work.floats
    real = np.subtract(eps.real, square, out=f[0])
    imag = np.add(eps.imag, np.zeros_like(square), out=f[1])
    norm = np.multiply(real, real, out=f[8])
    norm += np.multiply(imag, imag, out=f[2])
    np.maximum(np.sqrt(norm, out=norm), _TINY, out=norm)
    big = np.abs(real, out=f[3])
    big += norm
    big *= 0.5
    np.sqrt(big, out=big)
    small = np.divide(imag, big, out=imag)
    small *= 0.5
    c, over, w = out
    above = real >= 0
    w.real = np.where(above, big, small)
    w.imag = np.where(above, small, big)
    half = np.multiply(w.real, 0.5 * phase, out=f[1])
    depth = np.multiply(w.imag, phase, out=f[4])
    log_scale = np.abs(depth, out=f[5])
    cosine, sine = _trigonometric(half, work)
    fall = np.multiply(log_scale, -2.0, out=f[6])
    np.expm1(fall, out=fall)
    fall *= 0.5
    hyper_sine = np.copysign(fall, depth, out=f[7])
    hyper_cosine = np.add(fall, 1.0, out=fall)
    np.multiply(cosine, hyper_cosine, out=c.real)
    np.multiply(sine, hyper_sine, out=c.imag)
    np.negative(c.imag, out=c.imag)
    np.multiply(sine, hyper_cosine, out=over.real)
    np.multiply(cosine, hyper_sine, out=over.imag)
    inverse = np.conjugate(w, out=work.conjugate)
    inverse.real /= norm
    inverse.imag /= norm
    np.multiply(over, w, out=w)
    np.multiply(over, inverse, out=over)
    return LayerMatrix(c, over, w, log_scale)
