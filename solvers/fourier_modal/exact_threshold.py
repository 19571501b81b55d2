"""Threshold gain of a periodic mode: the pole brought to the real axis, beside the formula."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from solvers.fourier_modal.cell_problem import SectorProblem
from solvers.fourier_modal.one_pole import followed, poles_of_mode
from solvers.fourier_modal.refine import Pole
from solvers.fourier_modal.sensitivity import index_of, pairing_of, permittivity_response
from solvers.modes import Mode
from solvers.multilayer.exact_threshold import ThresholdGain

__all__ = ["threshold_gain"]

_STEPS = 40
_TOLERANCE = 1e-13


def threshold_gain(cavity: Any, mode: Mode, *, region: str = "gain") -> ThresholdGain:
    """Return the gain that brings a mode's pole to the real axis, at the mode's Bloch vector.

    Newton's method on the pole k0(g), with dk0/dg from the left and right fields. The gain is the
    same at every wavelength and comes on top of the region's index, so an absorbing film must
    first be bleached: give it a real index if the resonant absorption is part of a gain spectrum.

    Args:
        cavity: what the mode was solved for.
        mode: a mode of it with loss. A dark mode of an endless lattice has none; its threshold
            is set by the lattice's size.
        region: name of what amplifies.

    Returns:
        Gain (1/cm), wavelength at threshold, and the first-order formulas beside them, as in
        `solvers.multilayer.threshold_gain`.

    Raises:
        ValueError: no such region, or the mode does not decay.
        RuntimeError: no threshold was reached, for instance because the mode has no field there.
    """
    if not 0 < mode.quality_factor < 1e13:
        raise ValueError(
            f"mode: must decay to have a threshold, got Q = {mode.quality_factor:.4g}; "
            "solve the cold cavity, without gain; a dark mode's loss is that of a finite lattice"
        )
    problem, poles = poles_of_mode(cavity, mode)
    index = index_of(problem, region, mode.wavenumber).real
    regions = {name for layer in problem.cell.layers for name in layer.regions}
    if region not in regions:
        raise ValueError(f"region: must be one of {sorted(regions)}, got {region!r}")
    loss = mode.wavenumber.real / mode.quality_factor
    share, overlap = (part.get(region, 0.0) for part in (mode.confinement, mode.gain_overlap))
    gain = 0.0
    pole = poles[0]
    for _ in range(_STEPS):
        rate = _by_gain(problem, poles, region)
        change = -pole.k.imag / rate.imag if rate.imag > 0 else math.nan
        if not math.isfinite(change) or abs(gain + change) > 1e4 * loss:
            break
        gain += change
        media = dataclasses.replace(problem.cell.media, gain={region: gain})
        problem = dataclasses.replace(problem, cell=dataclasses.replace(problem.cell, media=media))
        poles = followed(problem, poles)
        pole = min(poles, key=lambda one: abs(one.k.imag))
        if abs(pole.k.imag) < _TOLERANCE * pole.k.real:
            break
    if not abs(pole.k.imag) < 1e-9 * pole.k.real:
        raise RuntimeError(
            f"threshold: no gain in {region!r} was found that makes up for the loss of "
            f"{mode.label}; check the mode's confinement there ({share:.3g})"
        )
    return ThresholdGain(
        region=region,
        gain_per_cm=1e4 * gain,
        wavelength=2 * math.pi / pole.k.real,
        residual=pole.residual,
        formula_per_cm=1e4 * index * loss / share if share else math.inf,
        overlap_per_cm=1e4 * index * loss / overlap if overlap else math.inf,
        mode=mode,
    )


def _by_gain(problem: SectorProblem, poles: list[Pole], region: str) -> complex:
    """Return dk0/dg of the first pole."""
    pairing = pairing_of(poles[:1])
    k = pairing.sides.k
    slope = -1j * index_of(problem, region, k) / k
    return -complex(permittivity_response(problem, pairing, {region: slope})[0, 0])
