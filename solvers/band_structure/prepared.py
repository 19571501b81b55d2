"""From a crystal or a periodic cavity to MPB's job, with all that the result has to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cavities.lattice import Lattice
from cavities.periodic_stack import PatternedLayer, PeriodicLayer, PeriodicStack
from solvers.band_structure.crystal_objects import pattern_objects
from solvers.band_structure.crystals import LayerCrystal, PlaneCrystal
from solvers.band_structure.job import BandJob, CrystalLayer, CrystalObject, Parity
from solvers.band_structure.k_path import KPath
from solvers.band_structure.lossless_media import lossless_media
from solvers.band_structure.settings import BandSettings
from solvers.fourier_modal.cell_symmetry import cell_symmetry, little_group
from solvers.fourier_modal.point_group import PointGroup

__all__ = ["PreparedBands", "layer_bands", "plane_bands", "slab_bands", "slab_is_mirrored"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class PreparedBands:
    """A job and what its numbers mean.

    Attributes:
        job: for MPB; unit: its length unit (um).
        path: Bloch vectors (rad/um).
        groups: by number of the Bloch vector, its little group (those with more than identity).
        outer_index: of the light cone; None without one.
        core: heights of the lowest and highest interface over the supercell's middle, in the
            job's unit; None without layers across z.
        centre: point of the cavity that lies at the job's origin: x, y and z (um).
        wavelength: where media were evaluated (um); None: they do not depend on it.
    """

    job: BandJob
    unit: float
    path: KPath
    groups: Mapping[int, PointGroup]
    outer_index: float | None
    core: tuple[float, float] | None
    centre: tuple[float, float, float]
    wavelength: float | None


def layer_bands(
    crystal: LayerCrystal,
    path: KPath,
    parity: Parity,
    unit: float,
    settings: BandSettings,
    wavelength: float | None,
) -> PreparedBands:
    """Return the job of layers that repeat along x; all its arguments as of `solve_bands`."""
    media = lossless_media(crystal.media, wavelength, drop_losses=settings.drop_losses)
    objects: list[CrystalObject] = []
    x = -crystal.period / 2
    for layer in crystal.layers:
        objects.append(
            CrystalLayer(
                epsilon=media.epsilon(layer.material),
                axis=0,
                middle=(x + layer.thickness / 2) / unit,
                thickness=layer.thickness / unit,
            )
        )
        x += layer.thickness
    pixels = settings.resolution or 32.0
    job = BandJob(
        vectors=((crystal.period / unit, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
        periodic=(True, False, False),
        background=media.epsilon(crystal.layers[0].material),
        objects=tuple(objects),
        k_points=tuple(
            (float(k) * crystal.period / (2 * np.pi), 0.0, 0.0) for k, _ in path.vectors
        ),
        parity=parity,
        bands=settings.bands or 8,
        resolution=(pixels, 1.0, 1.0),
        mesh_size=settings.mesh_size or 3,
        tolerance=settings.tolerance,
        group_velocity=settings.group_velocity,
    )
    return PreparedBands(
        job=job,
        unit=unit,
        path=path,
        groups={},
        outer_index=None,
        core=None,
        centre=(crystal.period / 2, 0.0, 0.0),
        wavelength=wavelength,
    )


def plane_bands(
    crystal: PlaneCrystal,
    path: KPath,
    parity: Parity,
    unit: float,
    settings: BandSettings,
    wavelength: float | None,
) -> PreparedBands:
    """Return the job of a plane crystal."""
    media = lossless_media(crystal.media, wavelength, drop_losses=settings.drop_losses)
    vectors = np.array(crystal.lattice.reduced())
    centre, groups = _symmetry(crystal.stack(), path, settings)
    objects = pattern_objects(crystal.inclusions, media, vectors=vectors, centre=centre, unit=unit)
    pixels = settings.resolution or 32.0
    job = BandJob(
        vectors=(*_in_space(vectors / unit), (0.0, 0.0, 1.0)),
        background=media.epsilon(crystal.material),
        objects=tuple(objects),
        k_points=_k_points(path, vectors),
        parity=parity,
        bands=settings.bands or 8,
        resolution=(pixels, pixels, pixels),
        mesh_size=settings.mesh_size or 3,
        tolerance=settings.tolerance,
        group_velocity=settings.group_velocity,
        operations=_operations(groups),
    )
    return PreparedBands(
        job=job,
        unit=unit,
        path=path,
        groups=groups,
        outer_index=None,
        core=None,
        centre=(*centre, 0.0),
        wavelength=wavelength,
    )


def slab_bands(
    stack: PeriodicStack,
    path: KPath,
    parity: Parity,
    unit: float,
    settings: BandSettings,
    wavelength: float | None,
) -> PreparedBands:
    """Return the job of a stack in a supercell: the stack in the middle, padding on both sides."""
    media = lossless_media(stack.media, wavelength, drop_losses=settings.drop_losses)
    vectors = np.array(stack.lattice.reduced())
    centre, groups = _symmetry(stack, path, settings)
    thickness = stack.thickness / unit
    height = thickness + 2 * settings.padding
    bottom, edge = -thickness / 2, -height / 2
    below, above = media.epsilon(stack.substrate), media.epsilon(stack.superstrate)
    objects: list[CrystalObject] = []
    if below != above:
        objects.append(
            CrystalLayer(epsilon=below, middle=(edge + bottom) / 2, thickness=bottom - edge)
        )
    z = bottom
    for layer in stack.slices():
        top = z + layer.thickness / unit
        objects.append(
            CrystalLayer(
                epsilon=media.epsilon(layer.material), middle=(z + top) / 2, thickness=top - z
            )
        )
        if isinstance(layer, PatternedLayer):
            objects += pattern_objects(
                layer.inclusions,
                media,
                vectors=vectors,
                centre=centre,
                unit=unit,
                heights=(z, top),
            )
        z = top
    pixels = settings.resolution or 16.0
    job = BandJob(
        vectors=(*_in_space(vectors / unit), (0.0, 0.0, height)),
        periodic=(True, True, True),
        background=above,
        objects=tuple(objects),
        k_points=_k_points(path, vectors),
        parity=parity,
        bands=settings.bands or 12,
        resolution=(pixels, pixels, settings.resolution_z or pixels),
        mesh_size=settings.mesh_size or 15,
        tolerance=settings.tolerance,
        group_velocity=settings.group_velocity,
        profile=True,
        operations=_operations(groups),
    )
    return PreparedBands(
        job=job,
        unit=unit,
        path=path,
        groups=groups,
        outer_index=max(below, above) ** 0.5,
        core=(bottom, z),
        centre=(*centre, stack.thickness / 2),
        wavelength=wavelength,
    )


def slab_is_mirrored(stack: PeriodicStack) -> bool:
    """Return whether the plane in the middle of a stack is a mirror plane."""
    if stack.substrate != stack.superstrate:
        return False
    layers = stack.slices()
    return all(
        _content(low) == _content(high) and abs(low.thickness - high.thickness) < 1e-9
        for low, high in zip(layers, reversed(layers), strict=True)
    )


def _content(layer: PeriodicLayer) -> tuple[object, ...]:
    parts = layer.inclusions if isinstance(layer, PatternedLayer) else ()
    return layer.material, tuple((part.shape, part.material) for part in parts)


def _symmetry(
    stack: PeriodicStack, path: KPath, settings: BandSettings
) -> tuple[tuple[float, float], dict[int, PointGroup]]:
    """Return the centre of symmetry (um) and the little groups of the Bloch vectors."""
    if not settings.symmetry:
        return (0.0, 0.0), {}
    centre, group = cell_symmetry(stack)
    lattice: Lattice = stack.lattice
    found = {
        index: little_group(group, lattice, vector) for index, vector in enumerate(path.vectors)
    }
    return centre, {index: one for index, one in found.items() if len(one.operations) > 1}


def _operations(
    groups: Mapping[int, PointGroup],
) -> dict[int, tuple[tuple[tuple[float, float, float], ...], ...]]:
    """Return the operations of every group as 3 x 3 matrices that leave z as it is."""
    return {
        index: tuple(
            (
                (float(m[0, 0]), float(m[0, 1]), 0.0),
                (float(m[1, 0]), float(m[1, 1]), 0.0),
                (0.0, 0.0, 1.0),
            )
            for m in group.operations
        )
        for index, group in groups.items()
    }


def _in_space(vectors: Floats) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    (a, b), (c, d) = vectors.tolist()
    return (a, b, 0.0), (c, d, 0.0)


def _k_points(path: KPath, vectors: Floats) -> tuple[tuple[float, float, float], ...]:
    return tuple((float(u), float(v), 0.0) for u, v in path.fractional(vectors))
