"""A stack at complex wavenumbers: permittivities, in-plane wavenumber, outgoing waves."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cavities.material import Material
from cavities.planar_stack import PlanarStack
from solvers.multilayer.incidence import Polarization, outgoing

__all__ = ["Medium", "OpenStack"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_RELATIVE_STEP = 1e-5
_LARGE_PERMITTIVITY = 20.0


class Medium(NamedTuple):
    """Permittivity at each point and its derivative d eps/dk (um/rad)."""

    eps: Complexes
    slope: Complexes


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenStack:
    """A stack in one polarisation with a rule for its in-plane wavenumber.

    Attributes:
        stack: the layers.
        polarization: "TE" or "TM".
        in_plane_wavenumber: k_x (rad/um), real; None: given by the angle.
        sine: sin of the angle in the superstrate; k_x = sine Re n(superstrate) Re k0.
        gain_layers: layers that carry additional gain.
        gain: intensity gain g (1/um) in those layers, Im n = -g/(2 k0).
        thicknesses: layer thicknesses (um) instead of the stack's own.
        index_shift: added to the index of each layer.
    """

    stack: PlanarStack
    polarization: Polarization
    in_plane_wavenumber: float | None = None
    sine: float = 0.0
    gain_layers: frozenset[int] = frozenset()
    gain: float = 0.0
    thicknesses: tuple[float, ...] | None = None
    index_shift: tuple[complex, ...] | None = None

    def with_gain(self, gain: float) -> OpenStack:
        """Return the stack with another gain (1/um)."""
        return replace(self, gain=gain)

    def at_in_plane_wavenumber(self, value: float) -> OpenStack:
        """Return the stack at a fixed k_x (rad/um)."""
        return replace(self, in_plane_wavenumber=value, sine=0.0)

    @cached_property
    def thickness(self) -> Floats:
        """Layer thicknesses (um) (L,)."""
        if self.thicknesses is not None:
            return np.array(self.thicknesses)
        return np.array([layer.thickness for layer in self.stack.layers])

    @property
    def follows_angle(self) -> bool:
        """Whether k_x changes with k0."""
        return self.in_plane_wavenumber is None and self.sine != 0

    def shift(self, place: int) -> complex:
        """Return what is added to the index of a medium (0: substrate)."""
        inner = self.index_shift is not None and 0 < place <= len(self.index_shift)
        return complex(self.index_shift[place - 1]) if inner and self.index_shift else 0j

    def media(self, k: Complexes) -> list[Medium]:
        """Return substrate, layers and superstrate at complex k0 (rad/um) (N,)."""
        known: dict[Any, Medium] = {}
        result = []
        for place, material in enumerate(self.stack.media):
            amplified = place - 1 in self.gain_layers and self.gain != 0
            key = (material, amplified, self.shift(place))
            if key not in known:
                known[key] = self._medium(material, k, amplified=amplified, shift=key[2])
            result.append(known[key])
        return result

    def index_tilts(self, k: complex) -> list[complex]:
        """Return dn/d(Re lambda) - dn/d(i Im lambda) (1/um) of each medium: 0 if analytic.

        A continuation to first order, n(x + iy) = n(x) + iy n'(x), is not: n' changes along x.
        """
        wavelength = 2 * math.pi / complex(k)
        known: dict[Material, complex] = {}
        for material in self.stack.media:
            if material in known or not material.is_dispersive:
                continue
            low, high = material.wavelength_range
            step = _RELATIVE_STEP * wavelength.real
            ends = np.array([max(wavelength.real - step, low), min(wavelength.real + step, high)])
            sides = wavelength + 1j * step * np.array([1, -1])
            index = material.model.continued_index
            right_left = index(ends + 1j * wavelength.imag)
            up_down = index(sides)
            along = complex(right_left[1] - right_left[0]) / (ends[1] - ends[0])
            known[material] = along - complex(up_down[0] - up_down[1]) / (2j * step)
        return [known.get(material, 0j) for material in self.stack.media]

    def in_plane(self, k: Complexes) -> tuple[Floats, Floats]:
        """Return k_x (rad/um) (N,) and d k_x/d Re k."""
        if not self.follows_angle:
            value = self.in_plane_wavenumber or 0.0
            return np.full(k.shape, value), np.zeros(k.shape)
        superstrate = self.stack.superstrate
        real = np.ascontiguousarray(k.real)
        wavelength = 2 * math.pi / real
        index = np.asarray(superstrate.model.index(wavelength)).real
        group = index - wavelength * np.asarray(superstrate.model.slope(wavelength)).real
        return self.sine * index * real, self.sine * group

    def outer_wavenumber(
        self, eps: Complexes, k: Complexes, in_plane: Floats, side: int
    ) -> Complexes:
        """Return k_z (N,) of the outgoing wave in an outer medium.

        The branch is that of the real axis below or above k, so that it changes only where the
        medium's light line crosses Re k.

        Args:
            eps: permittivity at k.
            k: complex wavenumbers (rad/um).
            in_plane: k_x (rad/um).
            side: 0 for the substrate, -1 for the superstrate.
        """
        root = np.sqrt(eps * k**2 - in_plane**2)
        real = np.ascontiguousarray(k.real).astype(np.complex128)
        material = self.stack.media[side]
        on_axis = self._medium(material, real).eps if material.is_dispersive else eps
        reference = outgoing(on_axis * real**2 - in_plane**2)
        aligned = (root * np.conj(reference)).real >= 0
        return np.asarray(np.where(aligned, root, -root))

    def singular_points(self) -> list[tuple[complex, float]]:
        """Return poles k0 (rad/um) of the layers' permittivity, and how far from them |eps| is 20.

        They are those of exciton lines without spread, at E_x - i g_x/2. There the wavelength in
        the layer goes to 0 and modes accumulate without end: waves of the bare exciton, damped by
        half the line's width, that light hardly drives.
        """
        found = []
        for material in {layer.material for layer in self.stack.layers}:
            for pole in material.model.poles:
                step = _RELATIVE_STEP * pole
                index = complex(material.model.continued_index(np.array([pole + step]))[0])
                reach = abs(index**2 * step) / _LARGE_PERMITTIVITY
                found.append((2 * math.pi / pole, 2 * math.pi * reach / abs(pole) ** 2))
        return found

    def light_lines(self, low: float, high: float) -> list[float]:
        """Return Re k0 (rad/um) in a window where a wave in an outer medium turns evanescent."""
        in_plane = self.in_plane_wavenumber
        if not in_plane:
            return []
        found = []
        grid = np.linspace(low, high, 257).astype(np.complex128)
        for material in (self.stack.substrate, self.stack.superstrate):
            values = (self._medium(material, grid).eps * grid**2).real
            values = values - in_plane**2
            for i in np.flatnonzero(values[:-1] * values[1:] < 0):
                found.append(self._crossing(material, grid[i].real, grid[i + 1].real))
        return sorted(set(found))

    def _crossing(self, material: Material, low: float, high: float) -> float:
        assert self.in_plane_wavenumber is not None
        for _ in range(60):
            middle = (low + high) / 2
            at = np.array([low, middle], dtype=np.complex128)
            eps = self._medium(material, at).eps
            first, second = (eps * at**2).real - self.in_plane_wavenumber**2
            low, high = (middle, high) if first * second > 0 else (low, middle)
        return (low + high) / 2

    def _medium(
        self, material: Material, k: Complexes, *, amplified: bool = False, shift: complex = 0j
    ) -> Medium:
        """Return eps and d eps/dk, continued off the real axis by the material's model."""
        model = material.model
        wavelength = 2 * math.pi / k
        if model.is_dispersive:
            # Along the imaginary axis: no step leaves the range of the data.
            step = _RELATIVE_STEP * np.abs(wavelength)
            index = model.continued_index(wavelength)
            ahead = model.continued_index(wavelength + 1j * step)
            behind = model.continued_index(wavelength - 1j * step)
            slope = (ahead - behind) / (2j * step) * (-wavelength / k)
        else:
            index = np.asarray(model.index(np.ascontiguousarray(wavelength.real)))
            slope = np.zeros_like(index)
        index = index + shift
        if amplified:
            index = index - 0.5j * self.gain / k
            slope = slope + 0.5j * self.gain / k**2
        return Medium(np.asarray(index**2), np.asarray(2 * index * slope))
