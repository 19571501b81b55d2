"""Near field of a periodic mode on x, y, z: a compact sampler and a grid function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cavities.periodic_stack import PatternedLayer, PeriodicStack
from solvers.fourier_modal.modal_field import ModalField
from solvers.fourier_modal.overlap import quadrature
from solvers.fourier_modal.sections import UniformSection

if TYPE_CHECKING:
    import xarray as xr

    from solvers.modes import Mode

__all__ = ["NearField", "near_field", "sampled_field"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_BLOCK = 4_000_000


@dataclass(frozen=True, kw_only=True, eq=False)
class OuterWaves:
    """Plane waves in an outer medium: q (N,) along z, and E and H (3, N) at the face."""

    q: Complexes
    electric: Complexes
    magnetic: Complexes


@dataclass(frozen=True, kw_only=True, eq=False)
class NearField:
    """The field of a mode in plane waves: exact in the plane, interpolated between z points.

    Callable as the sampler of a `Mode`: along x (at y = 0) and z.

    Attributes:
        stack: the unit cell.
        wavenumber: k0 (rad/um).
        wavevectors: k + G (N, 2), rad/um.
        indices: G in reduced reciprocal vectors (N, 2).
        origin: point (um) from which phases count.
        bottoms: z of every layer's bottom, and of the top (um) (L + 1,).
        heights: points in each layer above its bottom (um).
        electric, magnetic: E and H at these points, one array (3, N, g) per layer.
        below, above: waves in the substrate and the superstrate.
    """

    stack: PeriodicStack
    wavenumber: complex
    wavevectors: Floats
    indices: NDArray[np.int64]
    origin: tuple[float, float]
    bottoms: Floats
    heights: tuple[Floats, ...]
    electric: tuple[Complexes, ...]
    magnetic: tuple[Complexes, ...]
    below: OuterWaves
    above: OuterWaves

    def __call__(self, r: Floats, z: Floats) -> Mapping[str, NDArray[Any]]:
        """Return E_r = E_x, E_phi = E_y, E_z and eps at x = r, y = 0 and z, arrays (n,)."""
        x, heights = np.asarray(r, dtype=np.float64), np.asarray(z, dtype=np.float64)
        field = self.at(x, np.zeros_like(x), heights)
        names = ("E_r", "E_phi", "E_z")
        values: dict[str, NDArray[Any]] = dict(zip(names, field[:3], strict=True))
        values["eps"] = self.permittivity(x, np.zeros_like(x), heights)
        return values

    def at(self, x: Floats, y: Floats, z: Floats) -> Complexes:
        """Return E and H (times the vacuum impedance) at points (n,) each: (6, n)."""
        found = np.empty((6, len(z)), dtype=np.complex128)
        step = max(1, _BLOCK // (6 * len(self.wavevectors)))
        for start in range(0, len(z), step):
            part = slice(start, start + step)
            places, inverse = np.unique(z[part], return_inverse=True)
            amplitudes = self.amplitudes(places)[:, :, inverse]
            points = np.stack([x[part] - self.origin[0], y[part] - self.origin[1]])
            waves = np.exp(1j * (self.wavevectors @ points))
            found[:, part] = np.einsum("cnp,np->cp", amplitudes, waves)
        return found

    def amplitudes(self, z: Floats) -> Complexes:
        """Return the plane-wave amplitudes of E and H at heights z (um): (6, N, len(z))."""
        found = np.empty((6, len(self.wavevectors), len(z)), dtype=np.complex128)
        top = self.bottoms[-1]
        for mask, waves, distance in (
            (z < 0, self.below, -z),
            (z > top, self.above, z - top),
        ):
            phase = np.exp(1j * waves.q[:, None] * distance[mask])
            found[:3, :, mask] = waves.electric[:, :, None] * phase
            found[3:, :, mask] = waves.magnetic[:, :, None] * phase
        layer = np.clip(
            np.searchsorted(self.bottoms, z, side="right") - 1, 0, len(self.heights) - 1
        )
        for number, heights in enumerate(self.heights):
            mask = (layer == number) & (z >= 0) & (z <= top)
            if np.any(mask):
                weights = _barycentric(heights, z[mask] - self.bottoms[number])
                found[:3, :, mask] = self.electric[number] @ weights
                found[3:, :, mask] = self.magnetic[number] @ weights
        return found

    def permittivity(self, x: Floats, y: Floats, z: Floats) -> Complexes:
        """Return the relative permittivity at points (n,)."""
        return _permittivity(self.stack, self.wavenumber, self.bottoms, x, y, z)


def near_field(field: ModalField, partner: int = 0) -> NearField:
    """Return the plane-wave form of a mode's field.

    Args:
        field: the field.
        partner: which of the degenerate partners.
    """
    problem = field.problem
    cell, sector = problem.cell, problem.sector
    basis = sector.vector_basis(partner)
    p = sector.p_count
    p_basis = sector.scalar if partner == 0 else sector.bases[partner][0][:, :p]
    s_basis = sector.bases[partner][1][:, p:]
    heights, electric, magnetic = [], [], []
    for number in range(len(cell.layers)):
        points = _nodes(field, number)
        samples = field.layer(number, points)
        heights.append(points)
        ex, ey = basis @ samples.electric
        hx, hy = _turned(basis @ samples.magnetic)
        ez = p_basis @ samples.axial[: p_basis.shape[1]]
        hz = s_basis @ samples.magnetic_axial
        electric.append(np.stack([ex, ey, ez]))
        magnetic.append(np.stack([hx, hy, hz]))
    bottom, top = field.outer
    edges = np.cumsum([0.0, *(layer.thickness for layer in cell.layers)])
    return NearField(
        stack=cell.stack,
        wavenumber=field.k,
        wavevectors=cell.orders.wavevectors,
        indices=cell.orders.indices,
        origin=cell.centre,
        bottoms=edges,
        heights=tuple(heights),
        electric=tuple(electric),
        magnetic=tuple(magnetic),
        below=_outer_waves(field, field.sides.down.outer, bottom, partner, -1),
        above=_outer_waves(field, field.sides.up.outer, top, partner, 1),
    )


def _turned(magnetic: Complexes) -> Complexes:
    """Return H_x, H_y from h = (H_y, -H_x)."""
    return np.stack([-magnetic[1], magnetic[0]])


def _nodes(field: ModalField, number: int) -> Floats:
    """Return Chebyshev points of a layer, ends included."""
    section = field.sections[number]
    count = len(quadrature(section)[0]) + 4
    return section.thickness * (1 - np.cos(np.pi * np.arange(count) / (count - 1))) / 2


def _barycentric(nodes: Floats, points: Floats) -> Floats:
    """Return interpolation weights (nodes, points) from Chebyshev points."""
    signs = (-1.0) ** np.arange(len(nodes))
    signs[[0, -1]] /= 2
    gap = points - nodes[:, None]
    exact = gap == 0
    weights = signs[:, None] / np.where(exact, 1.0, gap)
    weights = weights / weights.sum(axis=0)
    hit = exact.any(axis=0)
    weights[:, hit] = exact[:, hit]
    return np.asarray(weights)


def _outer_waves(
    field: ModalField, outer: UniformSection, amplitude: Complexes, partner: int, sign: int
) -> OuterWaves:
    sector, orders = field.problem.sector, field.problem.cell.orders
    p, k = sector.p_count, outer.k
    basis = sector.vector_basis(partner)
    h = sign * outer.admittance * amplitude
    ex, ey = basis @ amplitude
    hx, hy = _turned(basis @ h)
    axial = -outer.lengths[:p] * h[:p] / (k * outer.eps)
    curl = outer.lengths[p:] * amplitude[p:] / k
    ez = sector.bases[partner][0][:, :p] @ axial
    hz = sector.bases[partner][1][:, p:] @ curl
    # q of every order, from the function of its length
    nearest = np.argmin(np.abs(orders.lengths[:, None] - outer.lengths), axis=1)
    return OuterWaves(
        q=outer.q[nearest], electric=np.stack([ex, ey, ez]), magnetic=np.stack([hx, hy, hz])
    )


def _permittivity(
    stack: PeriodicStack, k: complex, bottoms: Floats, x: Floats, y: Floats, z: Floats
) -> Complexes:
    import shapely

    wavelength = 2 * np.pi / k.real
    found = np.full(len(z), complex(stack.substrate.permittivity(wavelength)))
    found[z > bottoms[-1]] = complex(stack.superstrate.permittivity(wavelength))
    layers = stack.slices()
    number = np.clip(np.searchsorted(bottoms, z, side="right") - 1, 0, len(layers) - 1)
    inside_stack = (z >= 0) & (z <= bottoms[-1])
    for place, layer in enumerate(layers):
        mask = inside_stack & (number == place)
        if not np.any(mask):
            continue
        found[mask] = complex(layer.material.permittivity(wavelength))
        if not isinstance(layer, PatternedLayer):
            continue
        points = np.stack([x[mask], y[mask]], axis=1)
        at = np.flatnonzero(mask)
        for part in layer.inclusions:
            polygon = part.shape.polygon(1e-4 * part.shape.reach)
            local = points - np.array(part.shape.centroid)
            fraction = stack.lattice.fractional(local)
            local = local - np.round(fraction) @ stack.lattice.vectors
            hit = np.zeros(len(at), dtype=bool)
            for shift in stack.lattice.translations(part.shape.reach + stack.lattice.period):
                moved = local + shift + np.array(part.shape.centroid)
                hit |= shapely.contains_xy(polygon, moved[:, 0], moved[:, 1])
            found[at[hit]] = complex(part.material.permittivity(wavelength))
    return found


def sampled_field(mode: Mode, x: ArrayLike, y: ArrayLike, z: ArrayLike) -> xr.Dataset:
    """Return the field of a periodic mode on the grid x by y by z.

    Args:
        mode: a mode of method "fourier-modal" that carries its field.
        x, y, z: coordinates (um), numbers or arrays.

    Returns:
        Dataset over (x, y, z) with complex E_x, E_y, E_z and H_x, H_y, H_z (times the vacuum
        impedance) in one arbitrary common scale, and eps (relative permittivity).

    Raises:
        ValueError: the mode carries no such field.
    """
    import xarray as xr

    if not isinstance(mode.sampler, NearField):
        raise ValueError(
            f"mode: must carry the field of a periodic cavity, got none for {mode.label!r}; "
            "solve again (files and tables keep no fields)"
        )
    axes = [np.atleast_1d(np.asarray(axis, dtype=np.float64)) for axis in (x, y, z)]
    grid = [part.ravel() for part in np.meshgrid(*axes, indexing="ij")]
    shape = tuple(len(axis) for axis in axes)
    values = mode.sampler.at(*grid)
    names = ("E_x", "E_y", "E_z", "H_x", "H_y", "H_z")
    variables: dict[str, Any] = {
        name: (("x", "y", "z"), value.reshape(shape), {"units": "arbitrary"})
        for name, value in zip(names, values, strict=True)
    }
    eps = mode.sampler.permittivity(*grid)
    variables["eps"] = (("x", "y", "z"), eps.reshape(shape), {"units": "1"})
    coords = {name: (name, axis, {"units": "um"}) for name, axis in zip("xyz", axes, strict=True)}
    return xr.Dataset(variables, coords=coords, attrs={"label": mode.label})
