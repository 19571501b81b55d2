"""A field in a stack, of a mode or of an incident wave, at any height and over layers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.multilayer.layer_entries import layer_entries
from solvers.multilayer.open_stack import OpenStack

__all__ = ["Intensity", "LayeredField", "Samples", "State"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)
_TURN_PER_PANEL = 1.5


class PointMedium(NamedTuple):
    """Permittivity at one wavenumber and its derivative d eps/dk (um/rad)."""

    eps: complex
    slope: complex


class State(NamedTuple):
    """U and V at an interface, divided by exp(log_scale)."""

    u: complex
    v: complex
    log_scale: float


class Samples(NamedTuple):
    """Nodes of a quadrature in all layers, from bottom to top, with the field there; (n,).

    `first` is the number of the first node of each layer (L,).
    """

    first: NDArray[np.intp]
    layer: NDArray[np.intp]
    height: Floats
    weight: Floats
    u: Complexes
    v: Complexes
    intensity: Intensity


class Intensity(NamedTuple):
    """|E|^2 and |Z0 H|^2, integrated (um) or at points, in the scale of the field."""

    electric: Floats
    magnetic: Floats


@dataclass(frozen=True, eq=False)
class LayeredField:
    """A field U, V in a stack at k0 and k_x, known at its interfaces.

    Attributes:
        stack: the stack with its polarisation.
        k: complex wavenumber (rad/um).
        in_plane: k_x (rad/um).
    """

    stack: OpenStack
    k: complex
    in_plane: float

    @cached_property
    def scaled_states(self) -> tuple[Complexes, Floats]:
        """U and V at all interfaces (L + 1, 2) over exp(log_scale), and log_scale (L + 1,)."""
        raise NotImplementedError

    @cached_property
    def states(self) -> Complexes:
        """U and V at all interfaces (L + 1, 2); 0 where they are too small for a number."""
        scaled, log_scale = self.scaled_states
        return np.asarray(scaled * np.exp(log_scale)[:, None])

    @cached_property
    def interface(self) -> int:
        """Interface below which the field was carried upwards, above which downwards."""
        raise NotImplementedError

    @cached_property
    def media(self) -> list[PointMedium]:
        """Permittivities at k, from bottom to top."""
        media = self.stack.media(self._point)
        return [PointMedium(complex(m.eps[0]), complex(m.slope[0])) for m in media]

    @property
    def _point(self) -> Complexes:
        return np.array([self.k], dtype=np.complex128)

    def wavenumber_z(self, side: int) -> complex:
        """Return k_z of the outgoing wave in the substrate (0) or the superstrate (-1)."""
        eps = np.array([self.media[side].eps])
        kx = np.array([self.in_plane])
        return complex(self.stack.outer_wavenumber(eps, self._point, kx, side)[0])

    def admittance(self, medium: int) -> complex:
        """Return a of a medium: 1 in TE, eps in TM."""
        return 1.0 if self.stack.polarization == "TE" else complex(self.media[medium].eps)

    @cached_property
    def _layers(self) -> tuple[Complexes, Complexes]:
        """Q and a of every layer (L,)."""
        eps = np.array([medium.eps for medium in self.media[1:-1]], dtype=np.complex128)
        a = np.ones_like(eps) if self.stack.polarization == "TE" else eps
        return eps * self.k**2 - self.in_plane**2, a

    def chain(self, *, upwards: bool) -> list[State]:
        """Return the wave that leaves below (or above) at all interfaces from bottom to top."""
        q, a = self._layers
        entries = layer_entries(q, self.stack.thickness)
        sign = 1j if upwards else -1j
        over, back = sign * a * entries.sinc, sign * q / a * entries.sinc
        rows = list(
            zip(
                entries.cosine.tolist(),
                over.tolist(),
                back.tolist(),
                entries.log_scale.tolist(),
                strict=True,
            )
        )
        side = 0 if upwards else -1
        y = self.wavenumber_z(side) / self.admittance(side)
        states = [State(1 + 0j, -y if upwards else y, 0.0)]
        for c, o, b, scale in rows if upwards else rows[::-1]:
            u, v, log_scale = states[-1]
            u, v = c * u + o * v, b * u + c * v
            size = abs(u) + abs(v)
            states.append(State(u / size, v / size, log_scale + scale + math.log(size)))
        return states if upwards else states[::-1]

    def inside(self, layer: int, height: Floats) -> tuple[Complexes, Complexes]:
        """Return U and V in a layer at heights (um) above its lower face."""
        return self._within(np.full(height.shape, layer), height)

    def _within(self, layer: NDArray[np.intp], height: Floats) -> tuple[Complexes, Complexes]:
        """Return U and V at heights (um) above the lower faces of layers (n,).

        They are carried in the direction in which the field's own solution grows.
        """
        upwards = layer < self.interface
        scaled, log_scale = self.scaled_states
        face = np.where(upwards, layer, layer + 1)
        u, v = scaled[face].T
        step = np.where(upwards, height, height - self.stack.thickness[layer])
        q, a = (array[layer] for array in self._layers)
        entries = layer_entries(q, step)
        # What is small at the face may have grown by as much as that.
        grown = np.exp(entries.log_scale + log_scale[face])
        c, s = entries.cosine * grown, entries.sinc * grown
        return c * u + 1j * a * s * v, 1j * (q / a) * s * u + c * v

    @cached_property
    def samples(self) -> Samples:
        """Return the nodes of a fine quadrature in every layer."""
        rules = [self.quadrature(i) for i in range(len(self.stack.thickness))]
        sizes = [len(heights) for heights, _ in rules]
        layer = np.repeat(np.arange(len(rules)), sizes)
        height = np.concatenate([np.zeros(0), *(heights for heights, _ in rules)])
        u, v = self._within(layer, height)
        return Samples(
            first=np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp),
            layer=layer,
            height=height,
            weight=np.concatenate([np.zeros(0), *(weights for _, weights in rules)]),
            u=u,
            v=v,
            intensity=self._intensities(layer, u, v),
        )

    def _intensities(self, layer: NDArray[np.intp], u: Complexes, v: Complexes) -> Intensity:
        square = abs(self.k) ** 2
        normal = self.in_plane**2 * np.abs(u) ** 2
        if self.stack.polarization == "TE":
            return Intensity(np.abs(u) ** 2, (np.abs(v) ** 2 + normal) / square)
        norm = np.abs(self._layers[1][layer]) ** 2
        return Intensity((np.abs(v) ** 2 + normal / norm) / square, np.abs(u) ** 2)

    def sums(self, values: Any) -> Any:
        """Return the integral over each layer (L,) of values at the samples."""
        if not len(self.stack.thickness):
            return np.zeros(0)
        return np.add.reduceat(self.samples.weight * values, self.samples.first)

    def intensity(self, medium: int, u: Complexes, v: Complexes) -> Intensity:
        """Return |E|^2 and |Z0 H|^2 from U and V in a medium (0: substrate)."""
        square = abs(self.k) ** 2
        normal = self.in_plane**2 * np.abs(u) ** 2
        if self.stack.polarization == "TE":
            return Intensity(np.abs(u) ** 2, (np.abs(v) ** 2 + normal) / square)
        eps = self.media[medium].eps
        return Intensity((np.abs(v) ** 2 + normal / abs(eps) ** 2) / square, np.abs(u) ** 2)

    def flux(self, interface: int) -> float:
        """Return Re(E x Z0 H*)_z at an interface."""
        u, v = self.states[interface]
        if self.stack.polarization == "TE":
            return float((u * np.conj(v) / np.conj(self.k)).real)
        return float((v * np.conj(u) / self.k).real)

    def quadrature(self, layer: int) -> tuple[Floats, Floats]:
        """Return heights (um) above a layer's lower face and weights (um) of a fine rule."""
        thickness = float(self.stack.thickness[layer])
        q = self.media[layer + 1].eps * self.k**2 - self.in_plane**2
        panels = 1 + math.ceil(abs(np.sqrt(q)) * thickness / _TURN_PER_PANEL)
        edges = np.linspace(0, thickness, panels + 1)
        half = thickness / panels / 2
        heights = (edges[:-1, None] + half * (1 + _NODES)).ravel()
        return heights, np.tile(half * _WEIGHTS, panels)

    def is_bound(self, side: int) -> bool:
        """Whether the field in an outer medium falls off faster than it turns."""
        kz = self.wavenumber_z(side)
        return kz.imag > abs(kz.real)

    def tail_integral(self, side: int) -> Intensity:
        """Return the integrals over an outer medium in which the mode is bound."""
        u, v = self.states[side]
        electric, magnetic = self.intensity(side, np.array(u), np.array(v))
        length = 1 / (2 * self.wavenumber_z(side).imag)
        return Intensity(electric * length, magnetic * length)

    def at(self, z: Floats) -> tuple[Complexes, Complexes, Complexes]:
        """Return U, V and eps at heights z (um) above the substrate, outer media included."""
        edges = np.array(self.stack.stack.interfaces())
        z = np.asarray(z, dtype=np.float64)
        place = np.searchsorted(edges, z, side="right")
        u, v, eps = (np.empty(z.shape, dtype=np.complex128) for _ in range(3))
        for medium in np.unique(place):
            here = place == medium
            eps[here] = self.media[medium].eps
            if 0 < medium < len(edges):
                u[here], v[here] = self.inside(medium - 1, z[here] - edges[medium - 1])
            else:
                side = 0 if medium == 0 else -1
                u[here], v[here] = self.outside(side, np.abs(z[here] - edges[side]))
        return u, v, eps

    def outside(self, side: int, distance: Floats) -> tuple[Complexes, Complexes]:
        """Return U and V in an outer medium at distances (um) from the layers."""
        u, v = self.states[side]
        wave = np.exp(1j * self.wavenumber_z(side) * distance)
        return u * wave, v * wave

    def components(self, z: Floats) -> dict[str, Complexes]:
        """Return E_x, E_y, E_z (one common scale) and eps at heights z (um)."""
        u, v, eps = self.at(z)
        zero = np.zeros_like(u)
        if self.stack.polarization == "TE":
            return {"E_x": zero, "E_y": u, "E_z": zero.copy(), "eps": eps}
        return {
            "E_x": v / self.k,
            "E_y": zero,
            "E_z": -self.in_plane * u / (self.k * eps),
            "eps": eps,
        }
