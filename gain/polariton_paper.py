"""The polariton laser paper's numbers, as printed, and what the models make of them.

J. Dong et al., Nanoscale 17, 10187 (2025), doi:10.1039/D4NR05185H: CdSe/ZnSe/ZnS dots between two
dielectric mirrors. `PRINTED` holds the numbers as they stand there; `ASSUMED` what the paper does
not give and the comparison needs, each with its provenance. Nothing is adjusted to meet a printed
number: the lower polariton of the printed Rabi splitting, detuning and exciton energy lies at
604.7 nm, not at the printed 601 nm, and that is what the functions return.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from cavities.constants import HC_EV_NM
from gain.coupled_oscillators import CoupledOscillators
from gain.polariton_laser import PolaritonLaser
from gain.pump import Pump

__all__ = [
    "ASSUMED",
    "PRINTED",
    "PaperNumber",
    "absorbed_photons_per_dot",
    "assumed",
    "paper_laser",
    "paper_oscillators",
    "photon_laser_threshold",
]


@dataclass(frozen=True, kw_only=True)
class PaperNumber:
    """A number with its unit and where it comes from."""

    value: float
    unit: str
    where: str


def _table(rows: dict[str, tuple[float, str, str]]) -> Mapping[str, PaperNumber]:
    numbers = {
        name: PaperNumber(value=value, unit=unit, where=where)
        for name, (value, unit, where) in rows.items()
    }
    return MappingProxyType(numbers)


PRINTED: Final = _table(
    {
        "exciton_line_nm": (636.5, "nm", "X -> 0 emission of the bare dots, text on figure 1c"),
        "biexciton_line_nm": (601.6, "nm", "XX emission of the bare dots, text on figure 1c"),
        "interaction_mev": (113.0, "meV", "distance of the two lines, text on figure 1c"),
        "exciton_energy_ev": (2.09, "eV", "coupled exciton from the fit, text on figure 2"),
        "exciton_wavelength_nm": (592.0, "nm", "the same, in brackets"),
        "detuning_mev": (-27.0, "meV", "from the fit, text on figure 2"),
        "rabi_splitting_mev": (45.0, "meV", "from the fit, text on figure 2"),
        "emission_nm": (601.0, "nm", "table 1"),
        "linewidth_nm": (0.65, "nm", "abstract, at 1.13 times threshold"),
        "quality_factor": (930.0, "", "text: about 930; 920 in table 1"),
        "beta_inverse": (18_000.0, "", "text on figure 2d"),
        "threshold_uj_per_cm2": (49.0, "uJ/cm^2", "abstract"),
        "pump_wavelength_nm": (400.0, "nm", "experimental section"),
        "pump_pulse_fs": (100.0, "fs", "experimental section"),
        "blueshift_mev": (3.1, "meV", "introduction"),
        "film_thickness": (0.8, "um", "text on figure 1a"),
        "dot_diameter_nm": (12.5, "nm", "text on figure 1a"),
        "low_fluence_uj_per_cm2": (40.0, "uJ/cm^2", "figure 4b, given as 0.8 times threshold"),
        "high_fluence_uj_per_cm2": (80.0, "uJ/cm^2", "figure 4b, given as 1.6 times threshold"),
        "lifetime_below_ps": (1300.0, "ps", "text on figure 4b"),
        "lifetime_above_ps": (68.0, "ps", "text on figure 4b"),
        "lifetime_ratio": (50.0, "", "introduction: reduced to 1/50"),
        "bare_lifetime_ps": (980.0, "ps", "figure 4a, low power (981 in the text)"),
        "time_resolution_ps": (50.0, "ps", "text on figure 4b"),
        "polarization_low": (0.3, "", "text on figure 5d"),
        "polarization_high": (0.4, "", "text on figure 5d"),
    }
)
"""Numbers as printed."""

ASSUMED: Final = _table(
    {
        "effective_index": (1.75, "", "guess: between the film (1.85) and the mirrors' mean"),
        "film_index": (1.85, "", "guess: effective medium of such dots, 1.7 to 1.9"),
        "packing": (0.6, "", "guess: volume share of the dots, near random close packing"),
        "absorbed_share": (
            0.82,
            "",
            "computed: transfer matrix of the stack at 400 nm for 5e4 to 1e5 /cm; 1 is the bound",
        ),
        "confinement": (
            0.694,
            "",
            "computed: multilayer model of a 0.8 um film, TiO2/SiO2 mirrors",
        ),
        "cold_quality_factor": (
            925.0,
            "",
            "stand-in: the width of the line above threshold; the cold cavity's Q is not given",
        ),
        "cross_section_cm2": (
            3.7e-15,
            "cm^2",
            "derived: sizing of CdSe dots, doi:10.1021/cm034081k",
        ),
        "line_fwhm_mev": (90.0, "meV", "guess: ensemble width of such dots, 60 to 110"),
        "stokes_nm": (15.0, "nm", "measured on similar dots (639 and 654 nm)"),
    }
)
"""What the paper does not give: overridable, and marked in every verdict that uses it."""


def assumed(**changes: float) -> dict[str, float]:
    """Return the assumed values with some replaced.

    Raises:
        ValueError: an unknown name.

    Example:
        >>> assumed(packing=0.5)["packing"]
        0.5
    """
    values = {name: number.value for name, number in ASSUMED.items()}
    for name in changes:
        if name not in values:
            raise ValueError(
                f"assumed: must name one of {', '.join(values)}, got {name!r}; correct the name"
            )
    return {**values, **changes}


def _printed(name: str) -> float:
    return PRINTED[name].value


def paper_oscillators(
    *,
    exciton_energy_ev: float | None = None,
    exciton_fwhm_mev: float = 0.0,
    quality_factor: float = math.inf,
    **changes: float,
) -> CoupledOscillators:
    """Return the paper's cavity mode and exciton, from its fitted numbers as given.

    Args:
        exciton_energy_ev: None: the printed 2.09 eV; 2.0943 eV is its 592 nm.
        exciton_fwhm_mev: width of the exciton, which the paper does not give (meV).
        quality_factor: Q of the cold cavity, which it does not give either.
        **changes: other assumed values (`ASSUMED`), such as effective_index.

    Example:
        >>> lower = float(paper_oscillators().branches(angle_deg=0.0).lower)
        >>> round(lower, 4), round(HC_EV_NM / lower, 1)
        (2.0503, 604.7)
    """
    return CoupledOscillators.from_quality_factor(
        exciton_energy_ev=exciton_energy_ev or _printed("exciton_energy_ev"),
        detuning_mev=_printed("detuning_mev"),
        rabi_splitting_mev=_printed("rabi_splitting_mev"),
        effective_index=assumed(**changes)["effective_index"],
        quality_factor=quality_factor,
        exciton_fwhm_mev=exciton_fwhm_mev,
    )


def paper_laser(*, reservoir_lifetime_ns: float | None = None) -> PolaritonLaser:
    """Return the rate model with the printed beta, linewidth and lifetimes.

    The condensate leaks at the rate of the printed linewidth times the photon share of the
    lower polariton; the reservoir decays with the printed lifetime below threshold.
    """
    photon = float(paper_oscillators().branches(angle_deg=0.0).photon_weight[0])
    return PolaritonLaser.from_lower_polariton(
        beta=1 / _printed("beta_inverse"),
        reservoir_lifetime_ns=reservoir_lifetime_ns or 1e-3 * _printed("lifetime_below_ps"),
        wavelength=1e-3 * _printed("emission_nm"),
        quality_factor=_printed("emission_nm") / _printed("linewidth_nm"),
        photon_weight=photon,
    )


def absorbed_photons_per_dot(
    fluence_uj_per_cm2: float | None = None,
    *,
    absorbed_share: float | None = None,
    **changes: float,
) -> float:
    """Return the mean number of absorbed pump photons per dot and pulse at a fluence.

    Incident photons per area times the absorbed share, over the dots per area of the film. A
    mean over the depth: at the front of the film it is several times as much.

    Args:
        fluence_uj_per_cm2: None: the printed threshold.
        absorbed_share: of the incident photons, 0-1; None: the assumed one; 1 is the bound.
        **changes: other assumed values (`ASSUMED`), such as packing.

    Example:
        >>> round(absorbed_photons_per_dot(absorbed_share=1.0), 2)
        2.1
        >>> round(absorbed_photons_per_dot(), 2)
        1.72
    """
    values = assumed(**changes)
    share = values["absorbed_share"] if absorbed_share is None else absorbed_share
    fluence = fluence_uj_per_cm2 or _printed("threshold_uj_per_cm2")
    pump = Pump(wavelength=1e-3 * _printed("pump_wavelength_nm"), cross_section_cm2=1e-14)
    photons = 1e-6 * fluence / pump.photon_energy_j
    return share * photons / (dots_per_cm3(values["packing"]) * 1e-4 * _printed("film_thickness"))


def dots_per_cm3(packing: float) -> float:
    """Return the density of the printed dots at a packing fraction (1/cm^3)."""
    return packing / (math.pi / 6 * (1e-7 * _printed("dot_diameter_nm")) ** 3)


def photon_laser_threshold(**changes: float) -> dict[str, Any]:
    """Return the photon-laser threshold of the same cavity from the gain of biexcitons.

    The dots of the paper with their X and XX lines, the mode at 601 nm, no strong coupling: the
    static threshold of `gain.threshold`, with the fluence that gives as many absorbed photons.

    Args:
        **changes: assumed values (`ASSUMED`) to replace.

    Returns:
        "absorbed_photons" per dot at threshold, "fluence_uj_per_cm2" and "figure_of_merit".

    Example:
        >>> found = photon_laser_threshold()
        >>> round(found["absorbed_photons"], 2), round(found["fluence_uj_per_cm2"])
        (1.09, 31)
    """
    from gain.lasing_threshold import absorbed_photons_at_threshold
    from gain.line_shape import GaussianLine
    from gain.merit import figure_of_merit
    from gain.nanocrystal_medium import NanocrystalMedium
    from gain.spectral_shift import Shift

    values = assumed(**changes)
    medium = NanocrystalMedium(
        name="CdSe/ZnSe/ZnS dots",
        emission_wavelength=1e-3 * _printed("exciton_line_nm"),
        line=GaussianLine(fwhm_mev=values["line_fwhm_mev"]),
        stokes=Shift(nm=values["stokes_nm"]),
        biexciton_shift=Shift(mev=_printed("interaction_mev")),
        shifts_in="mev",
        cross_section_cm2=values["cross_section_cm2"],
        concentration_per_cm3=dots_per_cm3(values["packing"]),
        film_index=values["film_index"],
    )
    wavelength = 1e-3 * _printed("emission_nm")
    merit = figure_of_merit(
        wavelength,
        values["cold_quality_factor"],
        values["film_index"],
        peak_gain_per_cm=medium.peak_gain_per_cm,
        confinement=values["confinement"],
    )
    photons = float(absorbed_photons_at_threshold(medium, wavelength, merit))
    at_threshold = absorbed_photons_per_dot(**changes)
    return {
        "absorbed_photons": photons,
        "fluence_uj_per_cm2": _printed("threshold_uj_per_cm2") * photons / at_threshold,
        "figure_of_merit": float(merit),
    }


def energy_ev(wavelength_nm: float) -> float:
    """Return the photon energy (eV) of a vacuum wavelength (nm)."""
    return HC_EV_NM / wavelength_nm
