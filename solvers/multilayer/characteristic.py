"""The characteristic function of a stack: entire, with zeros at the quasi-normal modes.

With U the tangential field (E_y in TE, H_y in TM), U' = i a V and V' = i (q/a) U, a = 1 (TE) or
eps (TM), q = eps k^2 - k_x^2, the wave that leaves through the substrate and the one that leaves
through the superstrate are carried to a common interface. Their Wronskian

    f(k) = U_low V_up - V_low U_up

does not depend on that interface, vanishes where both are one solution, and has no pole; the
square roots of the layers drop out, those of the outer media carry the radiation condition.
Values are divided by a positive factor whose logarithm is returned: windings do not see it.

Source: P. T. Leung, S. Y. Liu and K. Young, Phys. Rev. A 49, 3057 (1994),
doi:10.1103/PhysRevA.49.3057 (open cavities in one dimension).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.multilayer.layer_entries import layer_entries, sinc_slope
from solvers.multilayer.open_stack import Medium, OpenStack

__all__ = ["Characteristic", "Side", "carried", "characteristic", "outer_state"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


class Side(NamedTuple):
    """Field, partner and their tangents: arrays (3, N): value, by k, by K = k_x^2."""

    u: Complexes
    v: Complexes
    log_scale: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Characteristic:
    """f at N points, with derivatives in the same scale.

    Attributes:
        value: f exp(-log_scale).
        by_wavenumber: partial derivative by k at fixed k_x.
        by_in_plane_square: partial derivative by K = k_x^2.
        along_real: what a real step in k adds through k_x(Re k): df = by_wavenumber dk +
            along_real Re dk.
        log_scale: logarithm of the positive factor taken out.
        size: (|k U_low| + |V_low|)(|k U_up| + |V_up|)/|k|: rounding makes an error of some
            1e-16 of it.
    """

    value: Complexes
    by_wavenumber: Complexes
    by_in_plane_square: Complexes
    along_real: Complexes
    log_scale: Floats
    size: Floats


def characteristic(
    stack: OpenStack,
    k: Complexes,
    *,
    interface: int | None = None,
    in_plane: tuple[Floats, Floats] | None = None,
) -> Characteristic:
    """Return f at complex wavenumbers.

    Args:
        stack: the stack, polarisation and in-plane wavenumber.
        k: k0 (rad/um) (N,).
        interface: where the two solutions meet, 0 (substrate) to L; None: half-way.
        in_plane: k_x (rad/um) and dk_x/d Re k at each point, instead of the stack's own.
    """
    k = np.asarray(k, dtype=np.complex128)
    kx, kx_slope = stack.in_plane(k) if in_plane is None else in_plane
    media = stack.media(k)
    thickness = stack.thickness
    count = len(thickness)
    meet = count // 2 if interface is None else interface
    known: dict[tuple[int, float], _Layer] = {}

    def layer(i: int) -> _Layer:
        # Media are shared between layers: equal layers of a mirror are computed once.
        key = (id(media[i + 1]), float(thickness[i]))
        if key not in known:
            known[key] = _layer(stack, media[i + 1], k, kx, thickness[i])
        return known[key]

    low = outer_state(stack, media[0], k, kx, side=0)
    for i in range(meet):
        low = _carried(low, layer(i), up=True)
    high = outer_state(stack, media[-1], k, kx, side=-1)
    for i in range(count - 1, meet - 1, -1):
        high = _carried(high, layer(i), up=False)
    first, second = low.u * high.v[0], low.v * high.u[0]
    value = first[0] - second[0]
    tangents = first[1:] - second[1:] + low.u[0] * high.v[1:] - low.v[0] * high.u[1:]
    return Characteristic(
        value=value,
        by_wavenumber=tangents[0],
        by_in_plane_square=tangents[1],
        along_real=tangents[1] * (2 * kx * kx_slope),
        log_scale=low.log_scale + high.log_scale,
        size=_size(low, k) * _size(high, k) / np.abs(k),
    )


def _size(side: Side, k: Complexes) -> Floats:
    return np.asarray(np.abs(k * side.u[0]) + np.abs(side.v[0]))


def outer_state(
    stack: OpenStack, medium: Medium, k: Complexes, in_plane: Floats, *, side: int
) -> Side:
    """Return the outgoing wave at the outer face of the substrate (0) or superstrate (-1)."""
    kz = stack.outer_wavenumber(medium.eps, k, in_plane, side)
    kz_by_k = (2 * medium.eps * k + medium.slope * k**2) / (2 * kz)
    kz_by_square = -1 / (2 * kz)
    if stack.polarization == "TE":
        rows = [kz, kz_by_k, kz_by_square]
    else:
        eps = medium.eps
        rows = [kz / eps, kz_by_k / eps - kz * medium.slope / eps**2, kz_by_square / eps]
    v = np.array(rows) * (-1 if side == 0 else 1)
    u = np.zeros_like(v)
    u[0] = 1.0
    return Side(u, v, np.zeros(k.shape))


def carried(
    stack: OpenStack, state: Side, medium: Medium, k: Complexes, in_plane: Floats, thickness: float
) -> Side:
    """Return a state carried upwards through a layer."""
    return _carried(state, _layer(stack, medium, k, in_plane, thickness), up=True)


class _Layer(NamedTuple):
    """Entries of a layer's matrix and their tangents by k and by K, scaled; arrays (3, N)."""

    cosine: Complexes
    over: Complexes
    back: Complexes
    log_scale: Floats


def _layer(
    stack: OpenStack, medium: Medium, k: Complexes, in_plane: Floats, thickness: float
) -> _Layer:
    eps, slope = medium
    q = eps * k**2 - in_plane**2
    entries = layer_entries(q, thickness)
    c, s, log_scale = entries
    s_q = sinc_slope(q, thickness, entries)
    cosine, over, back = np.empty((3, 3, len(k)), dtype=np.complex128)
    cosine[0], over[0], back[0] = c, 1j * s, 1j * q * s
    rates = np.stack([2 * eps * k + slope * k**2, np.full_like(eps, -1.0)])
    for row, rate in enumerate(rates, start=1):
        cosine[row] = -0.5 * thickness * rate * s
        over[row] = 1j * rate * s_q
        back[row] = 0.5j * rate * (thickness * c + s)
    if stack.polarization == "TM":
        over *= eps
        over[1] += 1j * slope * s
        back /= eps
        back[1] -= back[0] * slope / eps
    return _Layer(cosine, over, back, log_scale)


def _carried(state: Side, layer: _Layer, *, up: bool) -> Side:
    """Return U' = C U + O V, V' = B U + C V; downwards O and B change sign."""
    c, o, b = layer.cosine, layer.over, layer.back
    u, v = state.u, state.v
    ou, bu = o[0] * v, b[0] * u
    ou[1:] += o[1:] * v[0]
    bu[1:] += b[1:] * u[0]
    new_u, new_v = c[0] * u, c[0] * v
    new_u[1:] += c[1:] * u[0]
    new_v[1:] += c[1:] * v[0]
    if up:
        new_u += ou
        new_v += bu
    else:
        new_u -= ou
        new_v -= bu
    size = np.abs(new_u[0]) + np.abs(new_v[0])
    new_u /= size
    new_v /= size
    return Side(new_u, new_v, state.log_scale + layer.log_scale + np.log(size))
