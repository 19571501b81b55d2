"""Exciton films as materials: the line's strength from what one knows of it.

The permittivity is eps(E) = n_b^2 + A/(E_x^2 - E^2 - i E g_x) (exp(-i omega t), loss is
Im eps > 0). Three ways to the strength A:

- the Rabi splitting of the bulk film, the distance of the two polaritons at resonance when
  the light fills nothing but the film: A = n_b^2 Om_bulk^2, exact without damping. A cavity
  with the fraction Gamma of its energy in the film splits by Om_bulk sqrt(Gamma);
- the integrated absorption, int alpha dE = pi A/(2 hbar c n_b) = pi n_b Om_bulk^2/(2 hbar c),
  where the line does not change the index by much;
- the peak absorption cross-section and the density of the absorbers.

Source: M. S. Skolnick, T. A. Fisher and D. M. Whittaker, Semicond. Sci. Technol. 13, 645
(1998), doi:10.1088/0268-1242/13/7/003; V. Savona et al., Solid State Commun. 93, 733 (1995),
doi:10.1016/0038-1098(94)00865-5.

Example:
    >>> from cavities.exciton_material import exciton_line, exciton_film
    >>> line = exciton_line(
    ...     energy_ev=2.09, fwhm_mev=90.0, background_index=1.85, bulk_rabi_splitting_mev=54.0
    ... )
    >>> film = exciton_film(1.85, line, name="dots")
    >>> round(float(film.index(0.5932).imag), 3)
    0.014
"""

from __future__ import annotations

import math
from typing import Final

from cavities.constants import HBAR_EV_S, HC_EV_UM, SPEED_OF_LIGHT_M_PER_S
from cavities.exciton_index import FWHM_PER_STD, ExcitonIndex, ExcitonResonance
from cavities.material import Material, MaterialInput, as_material

__all__ = [
    "ExcitonResonance",
    "bulk_rabi_splitting_mev",
    "exciton_film",
    "exciton_line",
    "integrated_absorption_ev_per_cm",
    "peak_absorption_per_cm",
]

_HBAR_C_EV_CM: Final = 100 * HBAR_EV_S * SPEED_OF_LIGHT_M_PER_S


def exciton_line(
    *,
    energy_ev: float,
    background_index: float,
    fwhm_mev: float = 0.0,
    inhomogeneous_fwhm_mev: float = 0.0,
    bulk_rabi_splitting_mev: float | None = None,
    cavity_rabi_splitting_mev: float | None = None,
    confinement: float | None = None,
    integrated_absorption_ev_per_cm: float | None = None,
    cross_section_cm2: float | None = None,
    concentration_per_cm3: float | None = None,
) -> ExcitonResonance:
    """Return an exciton line from one measure of its strength.

    Args:
        energy_ev: centre of the line E_x (eV).
        background_index: n_b of the film at E_x without the line.
        fwhm_mev: homogeneous (Lorentzian) full width (meV).
        inhomogeneous_fwhm_mev: Gaussian full width (meV).
        bulk_rabi_splitting_mev: Om_bulk (meV), or
        cavity_rabi_splitting_mev: Om = Om_bulk sqrt(Gamma) (meV) with
            confinement: Gamma, energy fraction of the cavity mode in the film, or
        integrated_absorption_ev_per_cm: int alpha dE over the line (eV/cm, Napierian), or
        cross_section_cm2: peak absorption cross-section of one absorber (cm^2) with
            concentration_per_cm3: absorbers per volume (1/cm^3).

    Raises:
        ValueError: not exactly one measure of the strength, or a value that is not positive.

    Example:
        >>> line = exciton_line(
        ...     energy_ev=2.09, fwhm_mev=90.0, background_index=1.85,
        ...     cavity_rabi_splitting_mev=45.0, confinement=0.6944,
        ... )
        >>> round(bulk_rabi_splitting_mev(line, 1.85), 3)
        54.002
    """
    values = {
        "energy_ev": energy_ev,
        "background_index": background_index,
        "bulk_rabi_splitting_mev": bulk_rabi_splitting_mev,
        "cavity_rabi_splitting_mev": cavity_rabi_splitting_mev,
        "confinement": confinement,
        "integrated_absorption_ev_per_cm": integrated_absorption_ev_per_cm,
        "cross_section_cm2": cross_section_cm2,
        "concentration_per_cm3": concentration_per_cm3,
    }
    for name, value in values.items():
        if value is not None and not (value > 0 and math.isfinite(value)):
            raise ValueError(f"{name}: must be > 0 and finite, got {value:g}; check its sign")
    if confinement is not None and confinement > 1:
        raise ValueError(f"confinement: must lie in 0-1, got {confinement:g}; give a fraction")
    _exactly_one_measure(values)
    n = background_index
    if bulk_rabi_splitting_mev is not None:
        strength = (n * 1e-3 * bulk_rabi_splitting_mev) ** 2
    elif cavity_rabi_splitting_mev is not None and confinement is not None:
        strength = (n * 1e-3 * cavity_rabi_splitting_mev) ** 2 / confinement
    else:
        area = integrated_absorption_ev_per_cm
        if area is None:
            assert cross_section_cm2 is not None
            assert concentration_per_cm3 is not None
            peak = cross_section_cm2 * concentration_per_cm3
            area = peak * _area_over_peak_ev(fwhm_mev, inhomogeneous_fwhm_mev)
        strength = 2 * _HBAR_C_EV_CM * n * area / math.pi
    return ExcitonResonance(
        energy_ev=energy_ev,
        strength_ev2=strength,
        fwhm_mev=fwhm_mev,
        inhomogeneous_fwhm_mev=inhomogeneous_fwhm_mev,
    )


def exciton_film(
    background: MaterialInput, *lines: ExcitonResonance, name: str = "", citation: str = ""
) -> Material:
    """Return a material with exciton lines on top of a background.

    The lines are resonant absorption inside the passive cavity: in a laser threshold
    calculation they belong to the gain spectrum and must not be counted here as well.

    Args:
        background: host without the lines (MaterialLike).
        *lines: the exciton lines; one near the wavelengths of interest, more for a ladder.
        name: name in results and legends.
        citation: where the lines come from.

    Raises:
        ValueError: no lines, or a line outside the background's wavelength range.

    Example:
        >>> line = ExcitonResonance(energy_ev=2.0, strength_ev2=0.01, fwhm_mev=40.0)
        >>> film = exciton_film("PMMA", line)
        >>> film == Material.model_validate_json(film.model_dump_json())
        True
    """
    host = as_material(background)
    if not lines:
        raise ValueError("lines: must hold at least one exciton line, got none; add one")
    low, high = host.wavelength_range
    for line in lines:
        wavelength = HC_EV_UM / line.energy_ev
        if not (low <= wavelength <= high or host.allow_extrapolation):
            raise ValueError(
                f"energy_ev: must lie in {HC_EV_UM / high:.4g}-{HC_EV_UM / low:.4g} eV where "
                f"{host.name} is known, got {line.energy_ev:g} eV; choose another background"
            )
    return Material(
        name=name or f"excitons in {host.name}",
        model=ExcitonIndex(background=host.model, resonances=lines),
        citation=citation or host.source,
        allow_extrapolation=host.allow_extrapolation,
    )


def bulk_rabi_splitting_mev(line: ExcitonResonance, background_index: float) -> float:
    """Return the bulk Rabi splitting sqrt(A)/n_b (meV); multiply by sqrt(Gamma) for a cavity.

    Args:
        line: an absorbing exciton line.
        background_index: n_b of the film at E_x.

    Raises:
        ValueError: an amplifying line (strength < 0) has no splitting.

    Example:
        >>> line = ExcitonResonance(energy_ev=2.0, strength_ev2=0.01, fwhm_mev=40.0)
        >>> bulk_rabi_splitting_mev(line, 2.0)
        50.0
    """
    if line.strength_ev2 < 0:
        raise ValueError(
            f"line: must absorb (strength_ev2 >= 0), got {line.strength_ev2:g}; "
            "an inverted transition amplifies and does not split"
        )
    return 1e3 * math.sqrt(line.strength_ev2) / background_index


def integrated_absorption_ev_per_cm(line: ExcitonResonance, background_index: float) -> float:
    """Return int alpha dE = pi A/(2 hbar c n_b) (eV/cm), with the index n_b across the line.

    Example:
        >>> line = exciton_line(
        ...     energy_ev=2.09, fwhm_mev=90.0, background_index=1.85, bulk_rabi_splitting_mev=45.0
        ... )
        >>> round(integrated_absorption_ev_per_cm(line, 1.85), 1)
        298.2
    """
    return math.pi * line.strength_ev2 / (2 * _HBAR_C_EV_CM * background_index)


def peak_absorption_per_cm(line: ExcitonResonance, background_index: float) -> float:
    """Return the peak absorption coefficient (1/cm): the integrated one over the line's area.

    Example:
        >>> line = exciton_line(
        ...     energy_ev=2.09, inhomogeneous_fwhm_mev=90.0, background_index=1.85,
        ...     bulk_rabi_splitting_mev=45.0,
        ... )
        >>> round(peak_absorption_per_cm(line, 1.85))
        3113
    """
    area = _area_over_peak_ev(line.fwhm_mev, line.inhomogeneous_fwhm_mev)
    return integrated_absorption_ev_per_cm(line, background_index) / area


def _area_over_peak_ev(fwhm_mev: float, inhomogeneous_fwhm_mev: float) -> float:
    """Area of a Lorentzian, Gaussian or Voigt profile of peak 1 (eV)."""
    if fwhm_mev == 0 and inhomogeneous_fwhm_mev == 0:
        raise ValueError("fwhm_mev: must be > 0 without an inhomogeneous width, got 0; give one")
    if inhomogeneous_fwhm_mev == 0:
        return 1e-3 * math.pi * fwhm_mev / 2
    from scipy.special import erfcx

    width = math.sqrt(2) * inhomogeneous_fwhm_mev / FWHM_PER_STD
    return 1e-3 * math.sqrt(math.pi) * width / float(erfcx(0.5 * fwhm_mev / width))


def _exactly_one_measure(values: dict[str, float | None]) -> None:
    groups = (
        ("bulk_rabi_splitting_mev",),
        ("cavity_rabi_splitting_mev", "confinement"),
        ("integrated_absorption_ev_per_cm",),
        ("cross_section_cm2", "concentration_per_cm3"),
    )
    given = [group for group in groups if any(values[name] is not None for name in group)]
    names = "; ".join(" with ".join(group) for group in groups)
    if len(given) != 1:
        got = "; ".join(" with ".join(group) for group in given) or "none"
        raise ValueError(f"strength: must have exactly one of {names}, got {got}; keep one")
    missing = [name for name in given[0] if values[name] is None]
    if missing:
        raise ValueError(f"{missing[0]}: must be given with the others, got None; add it")
