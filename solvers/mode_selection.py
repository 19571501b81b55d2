"""Choosing, ordering and joining the modes of mode sets (behind the methods of `ModeSet`)."""

from __future__ import annotations

import dataclasses
import math
import operator
from collections.abc import Collection, Mapping
from typing import Any

from solvers.modes import POLARIZATIONS, Mode, ModeSet

__all__ = ["SORT_KEYS", "merge_modes", "select_modes", "sort_modes"]

SORT_KEYS = (
    *("wavelength", "quality_factor", "mode_volume", "free_spectral_range", "polarization"),
    *("azimuthal_order", "radial_order", "axial_order", "residual", "wavelength_error"),
    *("quality_factor_error", "label", "method"),
)
_SORT_MAPPINGS = ("confinement", "gain_overlap", "quality_factors")
_ORDERS = ("azimuthal_order", "radial_order", "axial_order")


def select_modes(
    modes: ModeSet,
    *,
    polarization: str | Collection[str] | None = None,
    azimuthal_order: int | Collection[int] | None = None,
    radial_order: int | Collection[int] | None = None,
    axial_order: int | Collection[int] | None = None,
    min_quality_factor: float | None = None,
    wavelength: tuple[float, float] | None = None,
) -> ModeSet:
    """Return the modes that meet every given condition; see `ModeSet.select`."""
    wanted: dict[str, set[Any]] = {}
    if polarization is not None:
        names = {polarization} if isinstance(polarization, str) else set(polarization)
        known = {*POLARIZATIONS, *(mode.polarization for mode in modes)}
        if not names <= known:
            raise ValueError(
                f"polarization: must be among {sorted(known)}, got {sorted(names - known)}; "
                "check the spelling"
            )
        wanted["polarization"] = names
    for name, order in zip(_ORDERS, (azimuthal_order, radial_order, axial_order), strict=True):
        if order is not None:
            several = order if isinstance(order, Collection) else (order,)
            wanted[name] = {operator.index(number) for number in several}
    if min_quality_factor is not None and not min_quality_factor > 0:
        raise ValueError(
            f"min_quality_factor: must be > 0, got {min_quality_factor}; "
            "leave it out to keep every mode"
        )
    most_loss = math.inf if min_quality_factor is None else 1 / min_quality_factor
    low, high = (0.0, math.inf) if wavelength is None else wavelength
    if not low <= high:
        raise ValueError(
            f"wavelength: must be (low, high) in um, got {wavelength}; swap the limits"
        )
    kept = tuple(
        mode
        for mode in modes
        if all(getattr(mode, name) in values for name, values in wanted.items())
        and 1 / mode.quality_factor <= most_loss
        and low <= mode.wavelength <= high
    )
    return dataclasses.replace(modes, modes=kept)


def sort_modes(modes: ModeSet, key: str, *, reverse: bool = False) -> ModeSet:
    """Return the modes in the order of a property; see `ModeSet.sorted_by`."""
    name, _, entry = key.partition(":")
    if key not in SORT_KEYS and not (name in _SORT_MAPPINGS and entry):
        valid = ", ".join([*SORT_KEYS, *(f"{mapping}:<name>" for mapping in _SORT_MAPPINGS)])
        raise ValueError(f"key: must be one of {valid}, got {key!r}; check the spelling")

    def rank(mode: Mode) -> Any:
        found = getattr(mode, name).get(entry) if entry else getattr(mode, name)
        if found is None or found != found:
            return None
        return -1 / found if name in ("quality_factor", "quality_factors") else found

    present = sorted((m for m in modes if rank(m) is not None), key=rank, reverse=reverse)
    absent = (m for m in modes if rank(m) is None)
    return dataclasses.replace(modes, modes=(*present, *absent))


def merge_modes(first: ModeSet, second: ModeSet, *, tolerance: float = 1e-6) -> ModeSet:
    """Return the union of two sets of one cavity, without duplicates; see `ModeSet.merged`."""
    if not tolerance >= 0:
        raise ValueError(f"tolerance: must be >= 0, got {tolerance}; the default is 1e-6")
    if dict(first.cavity) != dict(second.cavity):
        raise ValueError(
            "other: must hold modes of the same cavity, got a different `cavity` description; "
            "keep the sets of different cavities apart"
        )
    unmatched: dict[tuple[Any, ...], list[Mode]] = {}
    for mode in first:
        unmatched.setdefault(_identity(mode), []).append(mode)
    added = []
    for mode in second:
        candidates = unmatched.get(_identity(mode), [])
        twin = min(candidates, key=lambda other: _distance(mode, other), default=None)
        if twin is None or _distance(mode, twin) > tolerance:
            added.append(mode)
        else:
            candidates.remove(twin)
    return ModeSet(
        modes=tuple(sorted((*first, *added), key=lambda mode: mode.wavelength)),
        cavity=first.cavity,
        window=_joint_window(first.window, second.window),
        settings=_side_by_side(first.settings, second.settings),
        provenance=_side_by_side(first.provenance, second.provenance),
    )


def _identity(mode: Mode) -> tuple[Any, ...]:
    """Return what two records of one mode have exactly in common."""
    return (mode.polarization, *(getattr(mode, name) for name in _ORDERS))


def _distance(mode: Mode, other: Mode) -> float:
    """Return the relative difference of the complex wavenumbers."""
    return abs(mode.wavenumber - other.wavenumber) / abs(other.wavenumber)


def _joint_window(first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float]:
    """Return the union of two wavelength windows (um), nan when it is not one interval."""
    touching = first[0] <= second[1] and second[0] <= first[1]  # False with any nan
    if touching:
        return min(first[0], second[0]), max(first[1], second[1])
    return float("nan"), float("nan")


def _side_by_side(first: Mapping[str, Any], second: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the common mapping, or both under "merged" when they differ."""
    if dict(first) == dict(second):
        return first
    parts: list[Any] = []
    for mapping in (first, second):
        plain = dict(mapping)
        parts += plain["merged"] if set(plain) == {"merged"} else [plain]
    return {"merged": parts}
