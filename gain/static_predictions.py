"""Predictions of the static model, as claims over its unknown inputs, and the ranges of these.

Width, Stokes shift, biexciton shift and background of the published samples are not known, so a
prediction is a statement over ranges of them (`gain.sensitivity_map`), not one number.
"""

from __future__ import annotations

import math
from typing import Final

from cavities.constants import BOLTZMANN_EV_PER_K, HC_EV_NM
from gain.line_shape import GaussianLine
from gain.merit_curve import threshold_curve
from gain.nanocrystal_medium import NanocrystalMedium
from gain.presets import quantum_shells
from gain.sensitivity_map import ParameterRange
from gain.spectral_shift import Shift

__all__ = [
    "LOW_QUALITY_RANGES",
    "SINGLE_EXCITON_RANGES",
    "lases_blue",
    "redshift_is_10_to_25_nm",
    "shells_with",
]

_SAMPLE: Final = (
    ParameterRange(name="fwhm_nm", low=22, high=36, label="line width, FWHM (nm)"),
    ParameterRange(
        name="stokes_ratio", low=0.4, high=1.4, label="Stokes shift over Kennard-Stepanov's"
    ),
    ParameterRange(name="biexciton_shift_nm", low=5, high=30, label="biexciton shift (nm)"),
    ParameterRange(name="background", low=0, high=0.05, label="background over peak absorption"),
)

LOW_QUALITY_RANGES: Final = (
    ParameterRange(
        name="figure_of_merit", low=1.2, high=30, scale="log", label="figure of merit K"
    ),
    *_SAMPLE,
)
"""Cavities from hopeless to good, shells of the widths and shifts found in the literature."""

SINGLE_EXCITON_RANGES: Final = (
    ParameterRange(
        name="figure_of_merit", low=10, high=1000, scale="log", label="figure of merit K"
    ),
    *_SAMPLE,
)
"""Cavities that may lase below half an exciton, the same shells."""


def shells_with(
    *,
    fwhm_nm: float,
    stokes_ratio: float,
    biexciton_shift_nm: float,
    background: float = 0.0,
    temperature_k: float = 295.0,
) -> NanocrystalMedium:
    """Return quantum shells with the inputs that the claims vary.

    Args:
        fwhm_nm: width of the line (nm).
        stokes_ratio: Stokes shift over s^2/kT, the shift that detailed balance asks for if all
            of the width is homogeneous; below 1 where part of it is the ensemble's.
        biexciton_shift_nm: blue shift of the biexciton (nm).
        background: non-saturable absorption over the peak's.
        temperature_k: temperature (K).

    Example:
        >>> film = shells_with(fwhm_nm=27.0, stokes_ratio=1.0, biexciton_shift_nm=21.5)
        >>> round(film.stokes_redshift, 1)
        14.8
    """
    line = GaussianLine(fwhm_nm=fwhm_nm)
    peak_nm = 650.0
    std_mev = line.std("mev", nm_per_mev=peak_nm**2 / (1e3 * HC_EV_NM))
    mev = stokes_ratio * std_mev**2 / (1e3 * BOLTZMANN_EV_PER_K * temperature_k)
    return quantum_shells(
        emission_wavelength=1e-3 * peak_nm,
        line=line,
        stokes=Shift(mev=mev),
        biexciton_shift=Shift(nm=biexciton_shift_nm),
        background=background,
        temperature_k=temperature_k,
    )


def lases_blue(*, figure_of_merit: float, **sample: float) -> float:
    """Cavities of low quality lase blue of the emission peak.

    Args:
        figure_of_merit: K, with a mode at every wavelength.
        sample: arguments of `shells_with`.

    Returns:
        1 blue, 0 red, nan where the cavity never lases.

    Example:
        >>> shells = {"fwhm_nm": 27.0, "stokes_ratio": 1.0, "biexciton_shift_nm": 21.5}
        >>> lases_blue(figure_of_merit=3.0, **shells), lases_blue(figure_of_merit=50.0, **shells)
        (1.0, 0.0)
    """
    curve = threshold_curve(shells_with(**sample), [figure_of_merit])
    shift = float(curve.redshift_nm[0])
    return math.nan if math.isnan(shift) else float(shift < 0)


def redshift_is_10_to_25_nm(*, figure_of_merit: float, **sample: float) -> float:
    """Cavities with a threshold below N = 0.5 lase 10 to 25 nm red of the emission peak.

    Args, example: as for `lases_blue`.

    Returns:
        1 within, 0 outside, nan where the threshold is above 0.5.
    """
    curve = threshold_curve(shells_with(**sample), [figure_of_merit])
    if not curve.absorbed_photons[0] < 0.5:
        return math.nan
    return float(10 <= curve.redshift_nm[0] <= 25)
