"""Report section of strong coupling: transmission map, branches, Hopfield weights, criteria."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from cavities.constants import HC_EV_UM
from studies.number_text import readable
from studies.polariton_coupling import StrongCavity, branch_numbers, without_widths
from studies.report_section import ReportSection, SectionFigure, SectionTable
from studies.report_tables import Cell, Column, Row

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["coupling_section", "overlay"]


def coupling_section(cavity: StrongCavity) -> ReportSection:
    """Return the section of a cavity with its exciton."""
    settings, criteria = cavity.settings, cavity.criteria
    fitted = _fitted(cavity)
    sentences = [
        f"The exciton at {settings.exciton_energy_ev:g} eV couples to {cavity.photon.label} of the "
        f"empty cavity ({HC_EV_UM / cavity.photon.wavelength:.4f} eV, Q "
        f"{cavity.photon.quality_factor:.0f}, {100 * cavity.confinement:.1f} % of its energy in "
        f"the film): detuning {_signed(cavity.detuning_mev, 1)} meV. A Rabi splitting of "
        f"{settings.rabi_splitting_mev:g} meV in the cavity takes one of "
        f"{settings.rabi_splitting_mev / math.sqrt(cavity.confinement):.1f} meV in the bulk film.",
        f"Lower polariton at normal incidence: {cavity.lower_ev:.4f} eV "
        f"({1e3 * HC_EV_UM / cavity.lower_ev:.1f} nm), {100 * cavity.photon_weight:.1f} % photon."
        + _with_widths(cavity)
        + _observed(cavity),
        _criteria_sentence(cavity),
    ]
    if settings.inhomogeneous_fwhm_mev == 0:
        sentences.append(
            "The exciton is a Lorentzian of the full width of the ensemble. A Gaussian ensemble "
            "([strong_coupling] inhomogeneous_fwhm) absorbs more inside that width and less "
            "outside."
        )
    numbers: dict[str, Any] = branch_numbers(cavity)
    if fitted is not None:
        numbers["lower_polariton_of_printed_fit_ev"] = fitted
        numbers["lower_polariton_of_printed_fit_nm"] = 1e3 * HC_EV_UM / fitted
    if settings.observed_wavelength is not None:
        numbers["observed_ev"] = HC_EV_UM / settings.observed_wavelength
    return ReportSection(
        anchor="strong_coupling",
        title="Strong coupling",
        short="Strong coupling",
        sentences=tuple(text for text in sentences if text),
        figures=(
            SectionFigure(
                name="transmission_map",
                draw=lambda: _draw_map(cavity),
                caption="Transmission of the layers with the exciton in them (TE), with the bare "
                "cavity, the exciton and both polaritons of the coupled oscillators.",
                alt="Transmission over angle and energy with the polariton branches",
                vector=False,
            ),
            SectionFigure(
                name="branches",
                draw=lambda: _draw_branches(cavity),
                caption="Branches of the coupled oscillators (lines; grey: full widths) and the "
                "lower polariton of the layers, found as a pole (circles).",
                alt="Polariton branches of oscillators and of the multilayer",
            ),
            SectionFigure(
                name="hopfield_weights",
                draw=lambda: _draw_weights(cavity),
                caption="Hopfield weights of the lower polariton: photon and exciton share, which "
                "sum to 1.",
                alt="Photon and exciton share of the lower polariton over angle",
            ),
        ),
        tables=(_table(cavity, fitted), _criteria_table(criteria)),
        cards=(
            (
                "Lower polariton",
                f"{1e3 * HC_EV_UM / cavity.lower_ev:.1f}",
                "nm",
                f"at normal incidence, {100 * cavity.photon_weight:.0f} % photon",
            ),
        ),
        numbers=numbers,
    )


def overlay(cavity: StrongCavity, largest: float) -> Any:
    """Return the branches without widths over -largest to largest (degrees), for maps."""
    angles = np.linspace(-largest, largest, 121)
    return without_widths(cavity.oscillators).branches(angle_deg=angles)


def _fitted(cavity: StrongCavity) -> float | None:
    """Return the lower polariton (eV) that the printed fit gives, None without one."""
    settings = cavity.settings
    if settings.fitted_detuning_mev is None:
        return None
    root = math.hypot(settings.rabi_splitting_mev, settings.fitted_detuning_mev)
    return settings.exciton_energy_ev + 5e-4 * (settings.fitted_detuning_mev - root)


def _signed(value: float, digits: int) -> str:
    return f"{value:+.{digits}f}".replace("-", "−")


def _with_widths(cavity: StrongCavity) -> str:
    found = cavity.oscillators.branches(angle_deg=0.0)
    energy, width = float(found.lower), float(found.fwhm_mev[0])
    solver = complex(cavity.solver_energy_ev[0])
    text = (
        f" That is without widths, as papers fit dispersions; the exciton's width of "
        f"{cavity.oscillators.excitons[0].fwhm_mev:.3g} meV moves it to {energy:.4f} eV "
        f"({1e3 * HC_EV_UM / energy:.1f} nm) and makes it {width:.1f} meV wide"
    )
    if math.isfinite(solver.real):
        text += f" (pole of the layers: {solver.real:.4f} eV, {-2e3 * solver.imag:.1f} meV)"
    return text + "."


def _observed(cavity: StrongCavity) -> str:
    settings, fitted = cavity.settings, _fitted(cavity)
    text = ""
    if fitted is not None:
        text += (
            f" The printed numbers (detuning {_signed(settings.fitted_detuning_mev or 0, 0)} meV) "
            f"give {fitted:.4f} eV ({1e3 * HC_EV_UM / fitted:.1f} nm)."
        )
    if settings.observed_wavelength is not None:
        seen = HC_EV_UM / settings.observed_wavelength
        photon = HC_EV_UM / cavity.photon.wavelength
        reference = cavity.lower_ev if fitted is None else fitted
        text += (
            f" The emission is reported at {1e3 * settings.observed_wavelength:g} nm "
            f"({seen:.4f} eV), {1e3 * abs(seen - reference):.1f} meV "
            f"{'above' if seen > reference else 'below'} that, and "
            f"{1e3 * abs(seen - photon):.1f} meV from the empty cavity's mode: nothing here is "
            "adjusted to close the gap."
        )
    return text


def _criteria_sentence(cavity: StrongCavity) -> str:
    found = cavity.criteria
    if not found.is_strong:
        return (
            "With these widths there is no strong coupling: the real energies coincide at "
            "resonance."
        )
    seen = "two peaks" if found.is_resolved_in_transmission else "one peak only"
    return (
        f"With the exciton's width the real energies still split by "
        f"{found.eigenvalue_splitting_mev:.1f} meV at resonance, and transmission shows {seen}; "
        f"cooperativity {found.cooperativity:.3g}."
    )


def _table(cavity: StrongCavity, fitted: float | None) -> SectionTable:
    widths = cavity.oscillators.branches(angle_deg=0.0)
    solver = complex(cavity.solver_energy_ev[0])
    rows: list[tuple[str, float, float]] = [
        ("coupled oscillators, no widths", cavity.lower_ev, math.nan),
        ("coupled oscillators with widths", float(widths.lower), float(widths.fwhm_mev[0])),
        ("pole of the layers with the exciton", solver.real, -2e3 * solver.imag),
    ]
    if fitted is not None:
        rows.append(("the printed fit as it stands", fitted, math.nan))
    if cavity.settings.observed_wavelength is not None:
        rows.append(("reported emission", HC_EV_UM / cavity.settings.observed_wavelength, math.nan))
    empty = HC_EV_UM / cavity.photon.wavelength
    rows.append(("mode of the empty cavity", empty, 1e3 * empty / cavity.photon.quality_factor))
    body = tuple(
        Row(
            (
                Cell(name, text=True),
                Cell("–" if math.isnan(energy) else f"{energy:.4f}", sort=energy),
                Cell("–" if math.isnan(energy) else f"{1e3 * HC_EV_UM / energy:.2f}",
                     sort=HC_EV_UM / energy),
                Cell(readable(width, 3), sort=width),
            )
        )
        for name, energy, width in rows
    )  # fmt: skip
    return SectionTable(
        title="Lower polariton at normal incidence",
        columns=(
            Column("from", text=True),
            Column("energy", "eV"),
            Column("wavelength", "nm"),
            Column("full width", "meV"),
        ),
        rows=body,
    )


def _criteria_table(found: Any) -> SectionTable:
    rows = [
        ("real energies split", found.is_strong, found.eigenvalue_splitting_mev),
        ("two peaks in absorption", found.is_resolved_in_absorption,
         found.absorption_splitting_mev),
        ("two peaks in transmission", found.is_resolved_in_transmission,
         found.transmission_splitting_mev),
    ]  # fmt: skip
    body = tuple(
        Row(
            (
                Cell(name, text=True),
                Cell("yes" if holds else "no", text=True),
                Cell(f"{gap:.2f}", sort=gap),
            )
        )
        for name, holds, gap in rows
    )
    return SectionTable(
        title="Criteria of strong coupling at zero detuning",
        columns=(
            Column("criterion", text=True),
            Column("holds", text=True),
            Column("splitting", "meV"),
        ),
        rows=body,
    )


def _draw_map(cavity: StrongCavity) -> Figure:
    from gain import plot_dispersion_map
    from studies.pictures import figure

    new, ax = figure(5.8, 4.6)
    largest = float(cavity.angle_deg[-1])
    plot_dispersion_map(cavity.transmission, overlay(cavity, largest), ax=ax)
    return new


def _draw_branches(cavity: StrongCavity) -> Figure:
    from gain import plot_dispersion
    from studies.pictures import figure

    new, ax = figure(5.8, 4.6)
    angles = np.linspace(0.0, float(cavity.angle_deg[-1]), 121)
    plot_dispersion(cavity.oscillators.branches(angle_deg=angles), widths=True, ax=ax)
    ax.plot(
        cavity.angle_deg,
        cavity.solver_energy_ev.real,
        "o",
        ms=4,
        mfc="none",
        color="#7a1022",
        label="layers (pole)",
    )
    ax.set_ylim(*cavity.settings.energy_ev)
    ax.legend(loc="upper left", fontsize="small", frameon=True, framealpha=0.85)
    return new


def _draw_weights(cavity: StrongCavity) -> Figure:
    from gain import plot_hopfield_weights
    from studies.pictures import figure

    new, ax = figure(5.6, 4.0)
    plot_hopfield_weights(cavity.branches, ax=ax)
    return new
