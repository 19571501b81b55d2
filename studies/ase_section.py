"""Report section of amplified spontaneous emission: threshold against concentration and length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from studies.gain_design import GainDesign
from studies.number_text import readable, rounded
from studies.report_section import ReportSection, SectionFigure, SectionTable, table_of_frame

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from gain.ase import AseThreshold
    from gain.pump import Pump
    from gain.stripe_spectrum import AseSpectrum
    from studies.gain_settings import AseSettings

__all__ = ["ase_section"]

RATIOS = (0.9, 1.05, 1.2, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 20.0, 50.0, 100.0)
"""C/C_min where the design names none."""


def ase_section(design: GainDesign) -> ReportSection:
    """Return the section: pulsed thresholds, and those of the continuous pump of a cuvette."""
    from gain.ase import ase_threshold, minimum_concentration_per_cm3
    from gain.stripe_spectrum import ase_spectrum

    settings, medium = design.ase, design.gain
    assert settings is not None
    stripe, pump = settings.stripe, _pump(settings)
    lowest = minimum_concentration_per_cm3(stripe, medium)
    ratios = np.array(settings.concentration_ratios or RATIOS)
    by_density = ase_threshold(
        stripe, medium, concentration_per_cm3=lowest * np.sort(ratios), pump=pump
    )
    by_length = ase_threshold(stripe, medium, length=np.sort(settings.lengths), pump=pump)
    peak = medium.emission_wavelength
    window = np.linspace(0.93 * peak, 1.07 * peak, 501)
    own = medium.concentration_per_cm3
    dense = medium.changed(concentration_per_cm3=settings.spectrum_ratio * lowest)
    spectra = ase_spectrum(stripe, dense, np.sort(settings.absorbed_photons), window)
    numbers: dict[str, Any] = {
        "gain_length_needed": stripe.gain_length_needed,
        "minimum_concentration_per_cm3": lowest,
        "concentration_per_cm3": own,
        "concentration_ratio": own / lowest,
        "by_concentration": by_density.to_dataframe().to_dict("records"),
        "by_length": by_length.to_dataframe().to_dict("records"),
        "spectra": spectra.to_dataframe().to_dict("records"),
    }
    sentences = [
        f"ASE shows where g L reaches {stripe.gain_length_needed:.3g} over "
        f"{stripe.length / 1e3:g} mm right after a short pulse. Below "
        f"C_min = {readable(lowest, 3)} /cm³ no pump is enough; this sample has "
        f"{readable(own, 3)} /cm³, {readable(own / lowest, 3)} C_min. Only C σ₀ L counts.",
        _walk(by_density),
    ]
    tables = [
        _table(by_density, "Against concentration"),
        _table(by_length, "Against length, at the sample's concentration"),
    ]
    if design.cuvette is not None:
        rows = _continuous(design, lowest, settings)
        tables.append(rows[0])
        numbers["continuous"] = rows[1]
        least = min((row["intensity_w_per_cm2"] for row in rows[1]), default=float("nan"))
        sentences.append(
            "Under the continuous pump of the cuvette the same criterion takes at least "
            f"{rounded(float(least))} W/cm², at any of the concentrations and lengths below."
        )
    return ReportSection(
        anchor="ase",
        title="Amplified spontaneous emission",
        short="ASE",
        sentences=tuple(sentences),
        figures=(
            SectionFigure(
                name="ase_threshold",
                draw=lambda: _draw(by_density),
                caption="Threshold against concentration, coloured by the wavelength at which ASE "
                "appears; dashed: the argument in the source's text, without degeneracy.",
                alt="ASE threshold against concentration",
            ),
            SectionFigure(
                name="ase_spectra",
                draw=lambda: _draw(spectra),
                caption=f"Spectra at the end of the stripe at {settings.spectrum_ratio:g} C_min, "
                "each over its peak, right after a pulse of N absorbed photons per dot.",
                alt="ASE spectra for several pumps",
            ),
        ),
        tables=tuple(tables),
        numbers=numbers,
    )


def _pump(settings: AseSettings) -> Pump | None:
    from gain.pump import Pump

    if settings.pump_wavelength is None or settings.pump_cross_section_cm2 is None:
        return None
    return Pump(
        wavelength=settings.pump_wavelength, cross_section_cm2=settings.pump_cross_section_cm2
    )


def _walk(found: AseThreshold) -> str:
    """Where ASE appears as the concentration rises."""
    there = np.flatnonzero(~np.isnan(found.absorbed_photons))
    if not len(there):
        return "None of these concentrations shows ASE."
    first, last = int(there[0]), int(there[-1])
    return (
        f"From {readable(float(found.concentration_ratio[first]), 3)} to "
        f"{readable(float(found.concentration_ratio[last]), 3)} C_min the threshold falls from "
        f"{readable(float(found.absorbed_photons[first]), 3)} to "
        f"{readable(float(found.absorbed_photons[last]), 3)} absorbed photons per dot, and the "
        f"line moves from {found.redshift_nm[first]:+.1f} to {found.redshift_nm[last]:+.1f} nm of "
        "the emission peak.".replace("-", "−")
    )


def _table(found: AseThreshold, title: str) -> SectionTable:
    frame = found.to_dataframe()
    frame["length_mm"] = 1e-3 * frame["length_um"]
    columns = {
        "concentration_per_cm3": ("concentration", "/cm³", ".2e"),
        "concentration_ratio": ("C/C_min", "", ".3g"),
        "length_mm": ("length", "mm", ".3g"),
        "absorbed_photons": ("threshold N", "photons", ".3f"),
        "redshift_nm": ("shift of the line", "nm", "+.1f"),
    }
    if "fluence_uj_per_cm2" in frame:
        columns["fluence_uj_per_cm2"] = ("fluence", "µJ/cm²", ".1f")
    return table_of_frame(frame, columns, title=title)


def _continuous(
    design: GainDesign, lowest: float, settings: AseSettings
) -> tuple[SectionTable, list[dict[str, float]]]:
    """Intensities of the continuous pump that reach the criterion, by concentration and length."""
    import pandas as pd

    from gain.cw_threshold import ase_intensity_w_per_cm2
    from studies.cuvette_section import cuvette_of

    cuvette, stripe = cuvette_of(design), settings.stripe
    own = design.gain.concentration_per_cm3
    cases = [(own, float(length)) for length in sorted(settings.lengths)]
    cases += [(factor * lowest, stripe.length) for factor in (1.2, 2.0, 5.0, 20.0, 100.0)]
    rows = [
        {
            "concentration_per_cm3": density,
            "length_um": length,
            "intensity_w_per_cm2": ase_intensity_w_per_cm2(
                cuvette.changed(medium=design.gain.changed(concentration_per_cm3=density)),
                kappa=stripe.gain_length_needed,
                length=length,
            ),
        }
        for density, length in cases
    ]
    frame = pd.DataFrame(rows)
    frame["length_mm"] = 1e-3 * frame["length_um"]
    columns = {
        "concentration_per_cm3": ("concentration", "/cm³", ".2e"),
        "length_mm": ("length", "mm", ".3g"),
        "intensity_w_per_cm2": ("intensity", "W/cm²", ".2e"),
    }
    table = table_of_frame(frame, columns, title="Continuous pump: intensity with g L enough")
    return table, [row for row in rows if not np.isnan(row["intensity_w_per_cm2"])]


def _draw(found: AseThreshold | AseSpectrum) -> Figure:
    from studies.pictures import figure

    new, ax = figure(5.6, 4.0)
    found.plot(ax=ax)
    return new
