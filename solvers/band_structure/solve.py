"""`solve_bands`: bands of crystals and of periodic cavities by plane waves (MPB)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.band_structure.band_labels import band_symmetries
from solvers.band_structure.band_structure import BandStructure
from solvers.band_structure.crystals import LayerCrystal, PlaneCrystal
from solvers.band_structure.job import Parity
from solvers.band_structure.k_path import PathPoint, layer_path, plane_path
from solvers.band_structure.prepared import (
    PreparedBands,
    layer_bands,
    plane_bands,
    slab_bands,
    slab_is_mirrored,
)
from solvers.band_structure.settings import BandSettings
from solvers.engines.job import EngineResult
from solvers.engines.run_worker import RunOptions, run_job
from solvers.fourier_modal.prepare import as_unit_cell

__all__ = ["solve_bands"]

Floats = NDArray[np.float64]

_STATIC = 1e-4


def solve_bands(
    crystal: Any,
    *,
    polarization: str | None = None,
    path: Sequence[PathPoint] | None = None,
    points_between: int = 7,
    wavelength: float | None = None,
    period: float | None = None,
    fields: Sequence[tuple[str | int, int]] = (),
    settings: BandSettings | None = None,
    options: RunOptions | None = None,
) -> BandStructure:
    """Return the bands along a path of Bloch vectors.

    Args:
        crystal: a PlaneCrystal or LayerCrystal, or a periodic cavity (PeriodicStack,
            PhotonicCrystalSlab, NanopillarArray), which is put into a supercell.
        polarization: "TE" (E in the plane) or "TM" (E along z) alone; None: all bands. Slabs
            need a mirror plane in their middle for it ("TE" even, "TM" odd in z).
        path: names of lattice points or (kx, ky) in rad/um; None: round the irreducible part of
            the zone (X-Gamma-M-X of a square, M-Gamma-K-M of a triangular lattice).
        points_between: Bloch vectors between two points of the path.
        wavelength: where dispersive media are evaluated (um).
        period: length unit of frequencies and grid (um); None: the lattice's period. The period
            of the plain lattice is right for a supercell with a defect.
        fields: (point or number on the path, band from 1) of fields to return.
        settings: numerical settings.
        options: how the engine is run.

    Raises:
        ValueError: media with loss or gain, metals, a dispersive medium without wavelength, an
            unknown point or polarisation.
        TypeError: no crystal.
        EngineError: MPB is missing, or the run ended without a result.
    """
    chosen = settings or BandSettings()
    prepared = _prepared(crystal, polarization, path, points_between, wavelength, period, chosen)
    job = prepared.job
    if fields:
        numbers = tuple((_number(prepared, point), band) for point, band in fields)
        job = job.changed(fields=numbers)
    title = f"bands of {type(crystal).__name__}"
    result = run_job(job.engine_job(title), options)
    return _structure(crystal, polarization, prepared, result, chosen, job.fields)


def _prepared(
    crystal: Any,
    polarization: str | None,
    path: Sequence[PathPoint] | None,
    points_between: int,
    wavelength: float | None,
    period: float | None,
    settings: BandSettings,
) -> PreparedBands:
    if polarization not in (None, "TE", "TM"):
        raise ValueError(f"polarization: must be 'TE', 'TM' or None (all), got {polarization!r}")
    if period is not None and not period > 0:
        raise ValueError(f"period: must be > 0 um, got {period}")
    parity: Parity = "none"
    if isinstance(crystal, LayerCrystal):
        if path is not None:
            raise ValueError(
                f"path: must be left out for layers, got {path!r}; they have one, Gamma to X"
            )
        line = layer_path(crystal.period, points_between)
        # both polarisations are the same along the axis of layers
        parity = "TE" if polarization == "TE" else "TM"
        unit = period or crystal.period
        return layer_bands(crystal, line, parity, unit, settings, wavelength)
    if isinstance(crystal, PlaneCrystal):
        line = plane_path(crystal.lattice, path, points_between)
        parity = "TE" if polarization == "TE" else "TM" if polarization == "TM" else "none"
        unit = period or crystal.lattice.period
        return plane_bands(crystal, line, parity, unit, settings, wavelength)
    stack = as_unit_cell(crystal)
    if polarization is not None:
        if not slab_is_mirrored(stack):
            raise ValueError(
                f"polarization: must be None for a stack without a mirror plane in its middle, "
                f"got {polarization!r}; ask for all bands and tell them apart by axial_share"
            )
        parity = "even-z" if polarization == "TE" else "odd-z"
    line = plane_path(stack.lattice, path, points_between)
    return slab_bands(stack, line, parity, period or stack.lattice.period, settings, wavelength)


def _number(prepared: PreparedBands, point: str | int) -> int:
    if isinstance(point, int):
        return point
    for index, name in prepared.path.corners:
        if name == point:
            return index
    names = [name for _, name in prepared.path.corners]
    raise ValueError(f"fields: points must be among {names} or numbers, got {point!r}")


def _structure(
    crystal: Any,
    polarization: str | None,
    prepared: PreparedBands,
    result: EngineResult,
    settings: BandSettings,
    fields: Sequence[tuple[int, int]],
) -> BandStructure:
    arrays = result.arrays()
    frequency = arrays["frequency"]
    core_share, core_fraction = _core(prepared, arrays)
    velocity = arrays.get("group_velocity")
    warnings = []
    if core_share is not None:
        outside = core_share < 2 * core_fraction
        light = prepared.path.vectors
        line = np.hypot(*light.T) * prepared.unit / (2 * np.pi * (prepared.outer_index or 1.0))
        poor = (frequency < line[:, None]) & outside & (frequency > _STATIC)
        if poor.any():
            warnings.append(
                f"{int(poor.sum())} guided bands reach far out of the layers; raise "
                "settings.padding"
            )
    return BandStructure(
        period=prepared.unit,
        bloch=prepared.path.vectors,
        corners=prepared.path.corners,
        frequency=frequency,
        polarization=polarization or "all",
        axial_share=arrays["axial_share"],
        group_velocity=None if velocity is None else velocity[:, :, :2],
        core_share=core_share,
        core_fraction=core_fraction,
        symmetry=_symmetry(prepared, arrays),
        point_groups=tuple(
            prepared.groups[index].name if index in prepared.groups else ""
            for index in range(len(frequency))
        ),
        outer_index=prepared.outer_index,
        fields={
            key: {name: arrays[f"{name}_{key[0]}_{key[1]}"] for name in "EH"} for key in fields
        },
        field_places=_places(prepared, result.report["grid"]) if fields else (),
        crystal={"type": type(crystal).__name__, **crystal.model_dump(mode="json")},
        settings={
            "method": "bands",
            "media_wavelength": prepared.wavelength,
            **settings.model_dump(mode="json"),
        },
        provenance={
            "engine": f"MPB of Meep {result.engine}",
            "wall_time_s": result.wall_s,
            "grid": list(result.report["grid"]),
            "warnings": warnings,
        },
    )


def _core(prepared: PreparedBands, arrays: dict[str, Any]) -> tuple[Floats | None, float]:
    """Return the share of the energy in the layers and the share of the height they take."""
    if prepared.core is None:
        return None, float("nan")
    profile = arrays["profile"]
    count = profile.shape[-1]
    height = prepared.job.vectors[2][2]
    edges = (np.arange(count + 1) - 0.5) / count * height - height / 2
    low, high = prepared.core
    weights = np.clip(
        (np.minimum(edges[1:], high) - np.maximum(edges[:-1], low)) / np.diff(edges), 0, 1
    )
    return np.asarray(profile @ weights), float(weights.mean())


def _symmetry(
    prepared: PreparedBands, arrays: dict[str, Any]
) -> tuple[tuple[str | None, ...], ...]:
    rows = []
    for index, frequencies in enumerate(arrays["frequency"]):
        names: list[str | None] = [None] * len(frequencies)
        group = prepared.groups.get(index)
        if group is not None:
            moving = np.flatnonzero(frequencies > _STATIC)
            labels = band_symmetries(group, arrays[f"overlaps_{index}"][:, moving])
            for band, label in zip(moving, labels, strict=True):
                names[band] = label
        rows.append(tuple(names))
    return tuple(rows)


def _places(prepared: PreparedBands, grid: Sequence[int]) -> tuple[Floats, ...]:
    """Return the x, y and z (um) of MPB's grid points, whose origin is the middle of the cell."""
    vectors = np.array(prepared.job.vectors) * prepared.unit
    counts = [*grid, *([1] * (3 - len(grid)))]
    steps = [np.arange(n) / n - 0.5 if n > 1 else np.zeros(1) for n in counts]
    i, j, k = np.meshgrid(*steps, indexing="ij")
    place = i[..., None] * vectors[0] + j[..., None] * vectors[1] + k[..., None] * vectors[2]
    return tuple(place[..., axis] + prepared.centre[axis] for axis in range(3))
