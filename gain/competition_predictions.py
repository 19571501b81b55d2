"""Where nanosecond pulses keep a laser red and femtosecond pulses turn it blue: sensitivity maps.

Widths, shifts, lifetimes and figures of merit of the published samples are not known, so both
statements are predictions over ranges of them. All points of a map run side by side.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.exciton_kinetics import ExcitonKinetics
from gain.laser_model import LaserModel
from gain.laser_modes import LaserModes
from gain.lasing_threshold import absorbed_photons_at_threshold
from gain.mode_competition import leading_redshift_map
from gain.pulse_shape import PulseShape
from gain.sensitivity_map import ParameterRange, SensitivityMap, map_sensitivity
from gain.static_predictions import shells_with

__all__ = ["COMPETITION_RANGES", "competition_map"]

Floats = NDArray[np.float64]

COMPETITION_RANGES: Final = (
    ParameterRange(
        name="figure_of_merit", low=10, high=200, scale="log", label="figure of merit K"
    ),
    ParameterRange(
        name="auger_lifetime_ns",
        low=0.3,
        high=30,
        scale="log",
        label="biexciton Auger lifetime (ns)",
    ),
    ParameterRange(
        name="radiative_lifetime_ns", low=10, high=60, scale="log", label="radiative lifetime (ns)"
    ),
    ParameterRange(name="fwhm_nm", low=22, high=36, label="line width, FWHM (nm)"),
    ParameterRange(
        name="stokes_ratio", low=0.4, high=1.4, label="Stokes shift over Kennard-Stepanov's"
    ),
    ParameterRange(name="biexciton_shift_nm", low=5, high=30, label="biexciton shift (nm)"),
)
"""Cavities that lase on single excitons, shells of the widths and shifts found in the literature,
Auger lifetimes from those of thick-shell dots to those of the largest shells."""

_PHOTON_LIFETIME_Q = 6000.0
_SPACING_NM, _MODES, _LADDER = 4.05, 19, 14
_NAMES = tuple(one.name for one in COMPETITION_RANGES)


def competition_map(
    pulse: PulseShape,
    *,
    stays: Literal["red", "blue"],
    absorbed_photons: ArrayLike = (1.0, 3.0, 10.0),
    ranges: Sequence[ParameterRange] = COMPETITION_RANGES,
    count: int = 64,
    seed: int = 0,
    rtol: float = 1e-3,
) -> SensitivityMap:
    """Return where the brightest mode is red at every pump, or blue at the strongest.

    The cavity has equal modes every 4.05 nm from 36 nm blue to 36 nm red of the emission, Q = 6000.
    The claim applies where the first mode to lase, by its static threshold, is red of the emission
    peak and lases below the weakest pump.

    Args:
        pulse: the pump in time.
        stays: "red": red of the emission peak at every pump; "blue": blue at the strongest.
        absorbed_photons: pump levels N, increasing (pumps,).
        ranges: of all parameters of `COMPETITION_RANGES`.
        count: number of points, rounded up to a power of 2.
        seed: of the points.
        rtol: relative tolerance of the integration.

    Errors: ValueError for other parameters, or pumps that do not increase.

    Example:
        >>> from gain.pulse_shape import InstantPulse
        >>> found = competition_map(InstantPulse(), stays="blue", count=8)
        >>> len(found.values), bool(found.fraction > 0.3)
        (8, True)
    """
    pumps = np.atleast_1d(np.asarray(absorbed_photons, dtype=np.float64))
    if pumps.ndim != 1 or not np.all(np.diff(pumps) > 0) or not pumps[0] > 0:
        raise ValueError(
            f"absorbed_photons: must increase from above 0, got {pumps.tolist()[:4]}; sort them"
        )
    names = tuple(one.name for one in ranges)
    if set(names) != set(_NAMES):
        raise ValueError(
            f"ranges: must hold {', '.join(_NAMES)}, got {', '.join(names)}; narrow ranges instead"
        )
    box = map_sensitivity(lambda **_: math.nan, ranges, count=count, seed=seed)
    models = [_laser(**dict(zip(names, map(float, row), strict=True))) for row in box.samples]
    shift = leading_redshift_map(models, pulse, pumps, rtol=rtol)
    values = np.all(shift >= 0, axis=1) if stays == "red" else shift[:, -1] < 0
    applies = np.array([_starts_red(model, float(pumps[0])) for model in models])
    pump_text = f"N = {pumps[-1]:g}"
    claim = f"red up to {pump_text}" if stays == "red" else f"blue at {pump_text}"
    return SensitivityMap(
        claim=f"The laser is {claim}",
        ranges=box.ranges,
        samples=box.samples,
        values=np.where(applies, values.astype(float), np.nan),
    )


def _laser(
    *,
    figure_of_merit: float,
    auger_lifetime_ns: float,
    radiative_lifetime_ns: float,
    **sample: float,
) -> LaserModel:
    medium = shells_with(**sample)
    modes = LaserModes.comb(
        medium.emission_wavelength,
        spacing_nm=_SPACING_NM,
        count=_MODES,
        quality_factor=_PHOTON_LIFETIME_Q,
        figure_of_merit=figure_of_merit,
    )
    kinetics = ExcitonKinetics(
        radiative_lifetime_ns=radiative_lifetime_ns,
        auger_lifetime_ns=auger_lifetime_ns,
        max_excitons=_LADDER,
    )
    return LaserModel(medium=medium, kinetics=kinetics, modes=modes)


def _starts_red(model: LaserModel, weakest: float) -> bool:
    modes = model.modes
    photons = absorbed_photons_at_threshold(model.medium, modes.wavelength, modes.figure_of_merit)
    first = int(np.argmin(np.where(np.isnan(photons), np.inf, photons)))
    red = modes.wavelength[first] > model.medium.emission_wavelength
    return bool(red and photons[first] < weakest)
