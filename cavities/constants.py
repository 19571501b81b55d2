"""Physical constants used across the packages (CODATA 2018, exact in the SI of 2019).

Source: E. Tiesinga et al., Rev. Mod. Phys. 93, 025010 (2021), doi:10.1103/RevModPhys.93.025010.

Example:
    >>> round(HC_EV_NM, 5)
    1239.84198
    >>> round(1e3 * BOLTZMANN_EV_PER_K * 295.0, 2)
    25.42
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "BOLTZMANN_EV_PER_K",
    "BOLTZMANN_J_PER_K",
    "ELEMENTARY_CHARGE_C",
    "HBAR_EV_S",
    "HBAR_J_S",
    "HC_EV_NM",
    "HC_EV_UM",
    "HC_J_UM",
    "PLANCK_EV_S",
    "PLANCK_J_S",
    "SPEED_OF_LIGHT_M_PER_S",
    "SPEED_OF_LIGHT_UM_PER_S",
]

SPEED_OF_LIGHT_M_PER_S: Final = 299_792_458.0
"""Speed of light in vacuum (m/s), exact."""

SPEED_OF_LIGHT_UM_PER_S: Final = 1e6 * SPEED_OF_LIGHT_M_PER_S
"""Speed of light in vacuum (um/s), exact."""

PLANCK_J_S: Final = 6.626_070_15e-34
"""Planck constant (J s), exact."""

HBAR_J_S: Final = PLANCK_J_S / (2 * 3.141_592_653_589_793)
"""Reduced Planck constant (J s)."""

ELEMENTARY_CHARGE_C: Final = 1.602_176_634e-19
"""Elementary charge (C), exact: also the number of joules in one electronvolt."""

BOLTZMANN_J_PER_K: Final = 1.380_649e-23
"""Boltzmann constant (J/K), exact."""

BOLTZMANN_EV_PER_K: Final = BOLTZMANN_J_PER_K / ELEMENTARY_CHARGE_C
"""Boltzmann constant (eV/K)."""

PLANCK_EV_S: Final = PLANCK_J_S / ELEMENTARY_CHARGE_C
"""Planck constant (eV s)."""

HBAR_EV_S: Final = HBAR_J_S / ELEMENTARY_CHARGE_C
"""Reduced Planck constant (eV s)."""

HC_J_UM: Final = PLANCK_J_S * SPEED_OF_LIGHT_UM_PER_S
"""h c (J um): photon energy in J times vacuum wavelength in um."""

HC_EV_UM: Final = HC_J_UM / ELEMENTARY_CHARGE_C
"""h c (eV um): photon energy in eV times vacuum wavelength in um."""

HC_EV_NM: Final = 1e3 * HC_EV_UM
"""h c (eV nm): photon energy in eV times vacuum wavelength in nm."""
