"""Fields of periodic FDTD modes: energy by region, losses by flux and dissipation, pictures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cavities.material import Material
from cavities.periodic_stack import PatternedLayer, PeriodicStack
from solvers.fdtd.periodic_request import rectangular_periods

if TYPE_CHECKING:
    from solvers.fdtd.ladder import FoundMode, Ladder
    from solvers.fdtd.periodic_request import PeriodicRequest

__all__ = ["CellBalance", "PeriodicField", "regions_at"]

Floats = NDArray[np.float64]
_OUTER = ("substrate", "superstrate")
SUBDIVISION = 3
"""Pixels are divided into so many parts each way to share them among regions."""


@dataclass(frozen=True, kw_only=True)
class CellBalance:
    """Energy and losses of a field.

    Attributes:
        confinement: electric energy by region, sums to 1.
        inverse_quality: 1/Q by channel from flux and dissipation.
        axial_share: share of E_z in the squared electric field of the layers.
        mode_volume: int(eps |E|^2) / max(eps |E|^2) (um^3); nan in an endless array.
    """

    confinement: dict[str, float]
    inverse_quality: dict[str, float]
    axial_share: float
    mode_volume: float


@dataclass(frozen=True, kw_only=True, eq=False)
class PeriodicField:
    """The complex field of a mode on pixel centres; a sampler for `Mode.field` (x at y = 0, z).

    Attributes:
        stack: the unit cell.
        x, y, z: pixel centres (um), in the stack's coordinates.
        values: E_x, E_y, E_z, H_x, H_y, H_z, each (nx, ny, nz).
        wavelength: of the mode (um); bloch: Bloch vector (rad/um).
    """

    stack: PeriodicStack
    x: Floats
    y: Floats
    z: Floats
    values: NDArray[np.complex64]
    wavelength: float
    bloch: tuple[float, float]
    endless: ClassVar[bool] = True

    @classmethod
    def of(cls, found: FoundMode, request: PeriodicRequest, ladder: Ladder) -> PeriodicField | None:
        """Return the field of a mode; None where the run kept none."""
        if ladder.field_result is None or found.field_number is None:
            return None
        arrays = ladder.field_result.arrays()
        if "fields" not in arrays:
            return None
        values = np.asarray(arrays["fields"][found.field_number], dtype=np.complex64)
        # the grid that comes back has points beyond both ends of a period
        periods = rectangular_periods(request.stack)
        inside = [
            np.abs(np.asarray(arrays[name])) < period / 2 * (1 - 1e-9)
            for name, period in zip("xy", periods, strict=True)
        ]
        return cls(
            stack=request.stack,
            x=np.asarray(arrays["x"], dtype=np.float64)[inside[0]] + request.centre[0],
            y=np.asarray(arrays["y"], dtype=np.float64)[inside[1]] + request.centre[1],
            z=np.asarray(arrays["z"], dtype=np.float64),
            values=values[:, inside[0]][:, :, inside[1]],
            wavelength=1 / found.frequency.real,
            bloch=(float(request.bloch[0]), float(request.bloch[1])),
        )

    def __call__(self, r: Floats, z: Floats) -> Mapping[str, NDArray[Any]]:
        """Return E_r = E_x, E_phi = E_y, E_z and eps at x = r, y = 0 and z, arrays (n,)."""
        x, heights = np.asarray(r, dtype=np.float64), np.asarray(z, dtype=np.float64)
        found = self.at(x, np.zeros_like(x), heights)
        values: dict[str, NDArray[Any]] = dict(zip(("E_r", "E_phi", "E_z"), found[:3], strict=True))
        _, materials = _media(self.stack)
        eps = np.array([complex(m.permittivity(self.wavelength)) for m in materials])
        values["eps"] = eps[regions_at(self.stack, x, np.zeros_like(x), heights)]
        return values

    def at(self, x: Floats, y: Floats, z: Floats) -> NDArray[np.complex128]:
        """Return E and H at points (n,) each: (6, n); nan above and below the grid."""
        from scipy.interpolate import RegularGridInterpolator

        kx, ky = self.bloch
        steps = [_step(axis) for axis in (self.x, self.y)]
        starts = [axis[0] - step / 2 for axis, step in zip((self.x, self.y), steps, strict=True)]
        spans = [len(axis) * step for axis, step in zip((self.x, self.y), steps, strict=True)]
        home_x = starts[0] + np.mod(x - starts[0], spans[0])
        home_y = starts[1] + np.mod(y - starts[1], spans[1])
        carried = np.exp(1j * (kx * (x - home_x) + ky * (y - home_y)))
        grid = self.values.astype(np.complex128)
        axes: list[Floats] = []
        for number, (axis, k) in enumerate(zip((self.x, self.y), (kx, ky), strict=True)):
            span = spans[number]
            where = number + 1
            low = np.take(grid, [-1], axis=where) * np.exp(-1j * k * span)
            high = np.take(grid, [0], axis=where) * np.exp(1j * k * span)
            grid = np.concatenate([low, grid, high], axis=where)
            axes.append(np.concatenate([[axis[-1] - span], axis, [axis[0] + span]]))
        look = RegularGridInterpolator(
            (axes[0], axes[1], self.z),
            np.moveaxis(grid, 0, -1),
            bounds_error=False,
            fill_value=np.nan,
        )
        return np.asarray(look(np.column_stack([home_x, home_y, z])).T * carried)

    def balance(self) -> CellBalance:
        """Return energies and losses per unit cell.

        With amplitudes E, H the energy density is (d(omega eps')/d omega |E|^2 + |H|^2)/4, the
        dissipation omega eps'' |E|^2/2 and the flux Re(E x H*)/2 (vacuum units); 1/Q = P/(omega U).
        """
        names, materials, numbers = _merged(*_media(self.stack))
        shares = self._shares(numbers, len(names))
        area = _step(self.x) * _step(self.y)
        volume = area * _step(self.z)
        square = np.abs(self.values.astype(np.complex128)) ** 2
        electric, magnetic = square[:3].sum(axis=0), square[3:].sum(axis=0)
        omega = 2 * math.pi / self.wavelength
        stored = float(magnetic.sum()) * volume / 4
        energy: dict[str, float] = {}
        losses: dict[str, float] = {}
        inside, density = np.zeros(electric.shape), np.zeros(electric.shape)
        for name, material, share in zip(names, materials, shares, strict=True):
            eps = complex(material.permittivity(self.wavelength))
            group = float(material.group_permittivity(self.wavelength))
            weight = float((electric * share).sum()) * volume
            stored += group * weight / 4
            positive = group if group > 0 else abs(eps.real)
            energy[name] = energy.get(name, 0.0) + positive * weight
            density += positive * electric * share
            if eps.imag > 0 and name not in _OUTER:
                channel = f"absorption:{name}"
                losses[channel] = losses.get(channel, 0.0) + omega * eps.imag * weight / 2
            if name not in _OUTER:
                inside += share
        e_x, e_y, _, h_x, h_y, _ = self.values.astype(np.complex128)
        flux = (e_x * h_y.conj() - e_y * h_x.conj()).real.sum(axis=(0, 1)) * area / 2
        # what enters the outer media counts as radiated, also where they absorb it
        below, above = self.faces()
        radiation = {
            "radiation:substrate": max(-float(flux[below]), 0.0),
            "radiation:superstrate": max(float(flux[above]), 0.0),
            **self.side_flux(),
        }
        total = sum(energy.values())
        axial = float((square[2] * inside).sum() / (electric * inside).sum())
        return CellBalance(
            confinement={name: value / total for name, value in energy.items()},
            inverse_quality={
                name: value / (omega * stored) for name, value in (radiation | losses).items()
            },
            axial_share=axial,
            mode_volume=math.nan if self.endless else total / float(density.max()),
        )

    def faces(self) -> tuple[int, int]:
        """Return the numbers of the pixels just below and just above the layers."""
        below = int(np.searchsorted(self.z, 0.0)) - 1
        return below, int(np.searchsorted(self.z, self.stack.thickness))

    def side_flux(self) -> dict[str, float]:
        """Return what leaves through the sides of the cell: nothing here."""
        return {}

    def _shares(self, numbers: NDArray[np.intp], count: int) -> Floats:
        """Return the share (count, nx, ny, nz) of every part of the cavity in every pixel.

        Args:
            numbers: part of every region of `regions_at`; count: of the parts.
        """
        places = (np.arange(SUBDIVISION) + 0.5) / SUBDIVISION - 0.5
        shape = (len(self.x), len(self.y), len(self.z))
        shares = np.zeros((count, *shape))
        x, y, z = np.meshgrid(self.x, self.y, self.z, indexing="ij")
        steps = _step(self.x), _step(self.y), _step(self.z)
        for i in places:
            for j in places:
                for k in places:
                    found = regions_at(
                        self.stack,
                        (x + i * steps[0]).ravel(),
                        (y + j * steps[1]).ravel(),
                        (z + k * steps[2]).ravel(),
                    )
                    region = numbers[found].reshape(shape)
                    for number in range(count):
                        shares[number] += region == number
        return np.asarray(shares / SUBDIVISION**3)


def _step(axis: Floats) -> float:
    return float(axis[1] - axis[0])


def _media(stack: PeriodicStack) -> tuple[list[str], list[Material]]:
    """Return names and materials in the order of `regions_at`."""
    names, materials = ["substrate", "superstrate"], [stack.substrate, stack.superstrate]
    for layer in stack.slices():
        names.append(layer.name)
        materials.append(layer.material)
        if isinstance(layer, PatternedLayer):
            names += [part.name for part in layer.inclusions]
            materials += [part.material for part in layer.inclusions]
    return names, materials


def _merged(
    names: list[str], materials: list[Material]
) -> tuple[list[str], list[Material], NDArray[np.intp]]:
    """Return every pair of name and material once, and the number of the pair of each region."""
    pairs = list(zip(names, materials, strict=True))
    each = list(dict.fromkeys(pairs))
    numbers = np.array([each.index(pair) for pair in pairs], dtype=np.intp)
    return [name for name, _ in each], [material for _, material in each], numbers


def regions_at(stack: PeriodicStack, x: Floats, y: Floats, z: Floats) -> NDArray[np.intp]:
    """Return the number of the medium at points (n,): substrate 0, superstrate 1, then upwards.

    A layer comes before its inclusions; later inclusions lie in earlier ones.
    """
    import shapely

    found = np.where(z < 0, 0, 1).astype(np.intp)
    bottom, number = 0.0, 2
    for layer in stack.slices():
        top = bottom + layer.thickness
        mask = (z >= bottom) & (z < top)
        found[mask] = number
        number += 1
        if isinstance(layer, PatternedLayer):
            at = np.flatnonzero(mask)
            points = np.stack([x[at], y[at]], axis=1)
            for part in layer.inclusions:
                centre = np.array(part.shape.centroid)
                polygon = part.shape.polygon(1e-4 * part.shape.reach)
                shapely.prepare(polygon)
                local = points - centre
                local -= np.round(stack.lattice.fractional(local)) @ stack.lattice.vectors
                hit = np.zeros(len(at), dtype=bool)
                for shift in stack.lattice.translations(part.shape.reach + stack.lattice.period):
                    moved = local + shift
                    near = np.flatnonzero(np.hypot(*moved.T) <= part.shape.reach * (1 + 1e-9))
                    hit[near] |= shapely.contains_xy(polygon, *(moved[near] + centre).T)
                found[at[hit]] = number
                number += 1
        bottom = top
    return found
