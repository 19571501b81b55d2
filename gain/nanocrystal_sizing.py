"""CdSe dots from their first absorption peak: diameter, molar extinction and sigma_0.

Two published calibrations, both per mole of dots and for the first exciton (1S) peak:

- "yu", 1.5 to 8 nm: W. W. Yu et al., Chem. Mater. 15, 2854 (2003), doi:10.1021/cm034081k;
- "jasieniak", 2 to 8 nm: J. Jasieniak et al., J. Phys. Chem. C 113, 19468 (2009),
  doi:10.1021/jp906827m.

Both extinctions are of a peak of standard width (half width at half maximum 14 nm and 0.06 eV):
a broader ensemble has a lower peak of the same area. They agree within 25 % for peaks at 0.59 to
0.65 um and differ by a factor 2 at 0.54 um: that is what such numbers are worth. Alloys and
shells move the peak: then the diameter is that of the CdSe dot with the same peak, not that of
the sample.
"""

from __future__ import annotations

import math
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cavities.constants import HC_EV_UM

__all__ = [
    "AVOGADRO_PER_MOL",
    "Calibration",
    "cdse_diameter_nm",
    "cdse_extinction_per_m_cm",
    "cdse_peak_cross_section_cm2",
    "cross_section_from_extinction_cm2",
    "extinction_from_cross_section_per_m_cm",
]

Floats = NDArray[np.float64]
Calibration = Literal["yu", "jasieniak"]

AVOGADRO_PER_MOL: Final = 6.022_140_76e23
"""Avogadro constant (1/mol), exact."""

# Polynomials in the wavelength in nm, highest power first.
_SIZING: Final[dict[str, tuple[float, ...]]] = {
    "yu": (1.6122e-9, -2.6575e-6, 1.6242e-3, -0.4277, 41.57),
    "jasieniak": (1.62974e-9, -2.85743e-6, 1.8873e-3, -0.54736, 59.60816),
}
_RANGE_NM: Final[dict[str, tuple[float, float]]] = {"yu": (1.5, 8.0), "jasieniak": (2.0, 8.0)}

_CM3_PER_LITRE = 1e3


def cross_section_from_extinction_cm2(extinction_per_m_cm: ArrayLike) -> Floats:
    """Return sigma = 1000 ln(10) eps/N_A (cm^2) of a decadic molar extinction (1/(M cm)).

    Errors: ValueError for a negative extinction.

    Example:
        >>> f"{float(cross_section_from_extinction_cm2(9.69e5)):.2e}"
        '3.71e-15'
    """
    return _not_negative("extinction_per_m_cm", extinction_per_m_cm) * _CM2_PER_EXTINCTION


def extinction_from_cross_section_per_m_cm(cross_section_cm2: ArrayLike) -> Floats:
    """Return the decadic molar extinction (1/(M cm)) of a cross-section (cm^2): the inverse.

    Errors: ValueError for a negative cross-section.
    """
    return _not_negative("cross_section_cm2", cross_section_cm2) / _CM2_PER_EXTINCTION


_CM2_PER_EXTINCTION: Final = math.log(10) * _CM3_PER_LITRE / AVOGADRO_PER_MOL


def cdse_diameter_nm(peak_wavelength: ArrayLike, *, calibration: Calibration = "yu") -> Floats:
    """Return the diameter (nm) of CdSe dots with the first absorption peak at a wavelength (um).

    Args:
        peak_wavelength: vacuum wavelength of the 1S peak (um), any shape.
        calibration: "yu" or "jasieniak".

    Errors: ValueError outside the calibrated diameters, or for another calibration.

    Example:
        >>> round(float(cdse_diameter_nm(0.639)), 2)
        6.87
    """
    nm = 1e3 * np.asarray(peak_wavelength, dtype=np.float64)
    if calibration not in _SIZING:
        raise ValueError(
            f"calibration: must be one of {', '.join(_SIZING)}, got {calibration!r}; choose one"
        )
    diameter = np.asarray(np.polyval(_SIZING[calibration], nm))
    low, high = _RANGE_NM[calibration]
    # The polynomials turn over far from the calibrated peaks, hence the bounds on both.
    bad = ~((nm > 400) & (nm < 700) & (diameter >= low) & (diameter <= high))
    if np.any(bad):
        first = float(np.atleast_1d(nm)[np.atleast_1d(bad)][0])
        raise ValueError(
            f"peak_wavelength: must give a diameter of {low:g} to {high:g} nm ({calibration}), got "
            f"a peak at {first / 1e3:g} um; give the 1S absorption peak of CdSe in um"
        )
    return diameter


def cdse_extinction_per_m_cm(
    peak_wavelength: ArrayLike, *, calibration: Calibration = "yu"
) -> Floats:
    """Return the decadic molar extinction (1/(M cm)) at the 1S peak of CdSe dots.

    Args, errors: as for `cdse_diameter_nm`.

    Example:
        >>> [f"{float(cdse_extinction_per_m_cm(0.639, calibration=c)):.2e}"
        ...  for c in ("yu", "jasieniak")]
        ['9.69e+05', '8.44e+05']
    """
    diameter = cdse_diameter_nm(peak_wavelength, calibration=calibration)
    if calibration == "yu":
        return np.asarray(5857 * diameter**2.65)
    energy_ev = HC_EV_UM / np.asarray(peak_wavelength, dtype=np.float64)
    return np.asarray(155_507 + 6.67054e13 * np.exp(-energy_ev / 0.10551))


def cdse_peak_cross_section_cm2(
    peak_wavelength: ArrayLike, *, calibration: Calibration = "yu"
) -> Floats:
    """Return sigma_0 (cm^2), the cross-section at the 1S peak of CdSe dots.

    Args, errors: as for `cdse_diameter_nm`.

    Example:
        >>> [f"{float(cdse_peak_cross_section_cm2(0.639, calibration=c)):.1e}"
        ...  for c in ("yu", "jasieniak")]
        ['3.7e-15', '3.2e-15']
    """
    extinction = cdse_extinction_per_m_cm(peak_wavelength, calibration=calibration)
    return cross_section_from_extinction_cm2(extinction)


def _not_negative(name: str, value: ArrayLike) -> Floats:
    array = np.asarray(value, dtype=np.float64)
    if not np.all(array >= 0):
        raise ValueError(f"{name}: must be >= 0, got {np.min(array):g}; check sign and unit")
    return array
