"""OUT/result.json: the numbers of a run, for other programs. Its format has a number.

Strict JSON: numbers that are not finite (a mode that never lases, a channel without loss) are
null. Units are in the keys.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from gain.lasing_threshold import ThresholdResult
    from gain.monte_carlo import LasingCloud
    from layouts.chip_layout import Layout
    from layouts.verification import ReadBack
    from solvers.modes import Mode, ModeSet

__all__ = ["SCHEMA", "layout_entry", "mode_entries", "plain", "result_text", "threshold_entry"]

SCHEMA = 1


def plain(value: Any) -> Any:
    """Return a value as strict JSON holds it: no NumPy types, null for nan and infinities.

    Example:
        >>> plain({"q": np.float64(2.0), "never": float("nan")})
        {'q': 2.0, 'never': None}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, complex):
        return [plain(value.real), plain(value.imag)]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)


def result_text(
    *,
    design: Mapping[str, Any],
    modes: Sequence[Mapping[str, Any]],
    threshold: Mapping[str, Any] | None,
    layout: Mapping[str, Any] | None,
    provenance: Mapping[str, Any],
    extra: Mapping[str, Any] | None = None,
) -> str:
    """Return the text of result.json."""
    content = {
        "schema": SCHEMA,
        "design": design,
        "modes": modes,
        "threshold": threshold,
        "layout": layout,
        "provenance": provenance,
        **(extra or {}),
    }
    return json.dumps(plain(content), indent=1, allow_nan=False, ensure_ascii=False) + "\n"


def mode_entries(modes: ModeSet, result: ThresholdResult | None = None) -> list[dict[str, Any]]:
    """Return one entry per mode, with its threshold where there is a medium."""
    entries = [_mode_entry(mode) for mode in modes]
    if result is not None:
        for index, entry in enumerate(entries):
            entry["figure_of_merit"] = result.figure_of_merit[index]
            entry["threshold_absorbed_photons"] = result.absorbed_photons[index]
            if result.fluence_uj_per_cm2 is not None:
                entry["threshold_fluence_uj_per_cm2"] = result.fluence_uj_per_cm2[index]
            if result.intensity_w_per_cm2 is not None:
                entry["threshold_intensity_w_per_cm2"] = result.intensity_w_per_cm2[index]
    return entries


def _mode_entry(mode: Mode) -> dict[str, Any]:
    """Return the numbers of one mode."""
    return {
        "wavelength_um": mode.wavelength,
        "q": mode.quality_factor,
        "q_parts": dict(mode.quality_factors),
        "confinement": dict(mode.confinement),
        "gain_overlap": dict(mode.gain_overlap),
        "label": mode.label,
        "method": mode.method,
        "polarization": mode.polarization,
        "lattice_point": mode.lattice_point,
        "band": mode.band,
        "symmetry": mode.symmetry,
        "azimuthal_order": mode.azimuthal_order,
        "radial_order": mode.radial_order,
        "axial_order": mode.axial_order,
        "mode_volume_um3": mode.mode_volume,
        "mode_length_um": mode.mode_length,
        "in_plane_wavenumber_rad_per_um": mode.in_plane_wavenumber,
        "wavenumber_rad_per_um": mode.wavenumber,
        "wavelength_error_um": mode.wavelength_error,
        "q_relative_error": mode.quality_factor_error,
        "residual": mode.residual,
    }


def threshold_entry(
    result: ThresholdResult | None, cloud: LasingCloud | None = None
) -> dict[str, Any] | None:
    """Return the threshold: which mode lases first and at what pump; None without a medium."""
    if result is None:
        return None
    index = result.lasing_index
    entry: dict[str, Any] = {
        "lases": result.lases,
        "lasing_mode": index,
        "lasing_label": result.lasing_label,
        "lasing_wavelength_um": result.lasing_wavelength,
        "lasing_redshift_nm": result.lasing_redshift_nm if index is not None else None,
        "absorbed_photons": result.lasing_absorbed_photons,
        "fluence_uj_per_cm2": result.lasing_fluence_uj_per_cm2,
        "intensity_w_per_cm2": result.lasing_intensity_w_per_cm2,
        "figure_of_merit": None if index is None else result.figure_of_merit[index],
        "q": None if index is None else result.quality_factor[index],
        "confinement": None if index is None else result.confinement[index],
        "gain_overlap": None if index is None else result.gain_overlap[index],
        "material_gain_per_cm": None if index is None else result.material_gain_per_cm[index],
        "modes_that_can_lase": int(np.count_nonzero(~np.isnan(result.absorbed_photons))),
    }
    if cloud is not None:
        entry["monte_carlo"] = {
            "cavities": len(cloud.absorbed_photons),
            "seed": cloud.seed,
            "population": cloud.population.model_dump(mode="json"),
            "lasing_fraction": cloud.lasing_fraction,
            "fraction_below_half_a_photon": cloud.fraction_below(0.5),
            "blue_fraction": cloud.blue_fraction,
            "worst_ratio": cloud.worst_ratio,
            "spearman": cloud.spearman,
        }
    return entry


def layout_entry(chip: Layout | None, files: Mapping[str, ReadBack]) -> dict[str, Any] | None:
    """Return what the mask holds, as read back from its files; None without a layout."""
    if chip is None or not files:
        return None
    first = next(iter(files.values()))
    entry: dict[str, Any] = {
        "file": next(iter(files)),
        "files": list(files),
        "top_cell": first.top_cell,
        "cells": dict(first.cells),
        "bounding_box_um": list(first.bounding_box),
        "device_count": len(chip.devices),
        "content_hash": chip.content_hash,
    }
    lattice: Any = first
    if hasattr(lattice, "shape_counts"):
        entry["shape_counts"] = dict(lattice.shape_counts)
        entry["outline_error_um"] = lattice.outline_error
        entry["position_error_um"] = lattice.position_error
    else:
        entry["device_count"] = first.device_count
        entry["off_grid_vertices"] = first.off_grid_vertices
    return entry
