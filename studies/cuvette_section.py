"""Report sections of a cuvette under a continuous pump: populations, gain, lamp, mirror, range."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from studies.gain_design import GainDesign
from studies.number_text import readable, rounded, signed, with_signs
from studies.report_section import ReportSection, SectionFigure, table_of_frame

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from gain.cw_cuvette import CwCuvette
    from gain.cw_cuvette_range import CuvetteRange
    from gain.cw_cuvette_result import CuvetteResponse
    from studies.gain_settings import CuvetteSettings

__all__ = ["cuvette_of", "cuvette_sections"]

MEASURED = "#b5322a"
"""Colour of what was measured."""


def cuvette_of(design: GainDesign) -> CwCuvette:
    """Return the cuvette of a design with the table [cuvette]."""
    from gain.cw_cuvette import CwCuvette

    settings = _settings(design)
    return CwCuvette(
        medium=design.gain,
        kinetics=design.kinetics,
        pump_wavelength=settings.pump_wavelength,
        pump_cross_section_cm2=settings.pump_cross_section_cm2,
        spot_diameter=settings.spot_diameter,
        spot_profile=settings.spot_profile,
        amplified_length=settings.amplified_length,
        mirror_reflectance=settings.mirror_reflectance,
        pump_recycling=settings.pump_recycling,
        pump_path=settings.pump_length,
        lamp_fwhm_nm=settings.lamp_fwhm_nm,
        lamp_matched_power_mw=settings.lamp_matched_power_mw,
    )


def _settings(design: GainDesign) -> CuvetteSettings:
    assert design.cuvette is not None
    return design.cuvette


def cuvette_sections(design: GainDesign) -> Iterator[ReportSection]:
    """Yield the sections: what the cuvette does, its spectra, and over which inputs that holds."""
    from gain.cw_cuvette_range import cuvette_range
    from gain.cw_cuvette_result import pump_cuvette

    settings, cuvette = _settings(design), cuvette_of(design)
    powers = np.linspace(
        settings.lamp_matched_power_mw, settings.largest_power_mw, settings.power_points
    )
    response = pump_cuvette(cuvette, powers)
    judged = float(cuvette.intensity_w_per_cm2(settings.judged_power_mw))
    yield _pumping(settings, response, judged)
    yield _spectra(settings, cuvette)
    yield _range(
        cuvette_range(
            cuvette,
            intensity_w_per_cm2=judged,
            pump_cross_section_cm2=settings.cross_section_range_cm2,
            exciton_lifetime_ns=settings.lifetime_range_ns,
        )
    )


def _pumping(settings: CuvetteSettings, response: CuvetteResponse, judged: float) -> ReportSection:
    from gain.cw_cuvette_result import chord_departure, pump_cuvette

    cuvette = response.cuvette
    below = np.linspace(0.04 * settings.judged_power_mw, settings.judged_power_mw, 25)
    report = pump_cuvette(cuvette, below).report()
    peak = cuvette.medium.emission_wavelength
    excitons = float(cuvette.mean_excitons(judged))
    gain = float(cuvette.gain_per_cm(peak, judged))
    shortfall = response.transparency_w_per_cm2 / judged
    reported = [
        {"power_mw": power, "intensity_w_per_cm2": float(cuvette.intensity_w_per_cm2(power))}
        for power in settings.reported_powers_mw
    ]
    cards = (
        ("Excitons per dot", readable(excitons, 2), "", f"mean, at {readable(judged, 3)} W/cm²"),
        (
            "Net gain" if gain > 0 else "Net absorption",
            readable(abs(gain), 3),
            "/cm",
            f"at {1e3 * peak:g} nm, the same pump",
        ),
        (
            "Transparent at",
            rounded(response.transparency_w_per_cm2),
            "W/cm²",
            f"{rounded(shortfall)} times as much",
        ),
    )
    table = table_of_frame(
        response.to_dataframe().iloc[:: max(1, len(response.power_mw) // 12)],
        {
            "power_mw": ("pump", "mW", ".0f"),
            "intensity_w_per_cm2": ("intensity", "W/cm²", ".2f"),
            "mean_excitons": ("excitons per dot", "", ".2e"),
            "gain_per_cm": ("gain at the peak", "/cm", ".3f"),
            "bleach": ("bleached", "share", ".2e"),
            "emission": ("emission", "matched", ".2f"),
            "lamp_enhancement": ("added to the lamp", "matched", ".2e"),
            "mirror_enhancement": ("added by the mirror", "matched", ".2f"),
            "shortfall": ("transparency over pump", "", ".0f"),
        },
        title="Pump powers",
    )
    return ReportSection(
        anchor="cuvette",
        title="Continuous pumping",
        short="Pumping",
        sentences=(
            *(with_signs(line) for line in report.split("\n")),
            "Populations are the exact steady state of the exciton ladder where the pump enters, "
            "the most favourable place.",
        ),
        figures=(
            SectionFigure(
                name="cuvette_populations",
                draw=lambda: _draw_populations(response, reported),
                caption="Populations and gain at the emission peak against intensity, far beyond "
                "the experiment: transparent where the gain crosses zero. Red: reported "
                "thresholds.",
                alt="Populations and gain against pump intensity",
                full=True,
            ),
            SectionFigure(
                name="cuvette_signals",
                draw=lambda: _draw_signals(settings, response),
                caption="Emission, what the mirror adds, and what the pump adds to the light of "
                "the lamp, in units of the emission at the matched power. Red: reported kinks.",
                alt="Signals against pump power",
                full=True,
            ),
        ),
        tables=(table,),
        cards=cards,
        numbers={
            "judged_intensity_w_per_cm2": judged,
            "reported": reported,
            "mean_excitons": excitons,
            "gain_per_cm": gain,
            "unpumped_gain_per_cm": response.unpumped_gain_per_cm,
            "bleach": 1 - gain / response.unpumped_gain_per_cm,
            "net_absorption": bool(gain < 0),
            "transparency_w_per_cm2": response.transparency_w_per_cm2,
            "unshifted_transparency_w_per_cm2": response.unshifted_transparency_w_per_cm2,
            "transparency_over_judged": shortfall,
            "ase_w_per_cm2": response.ase_w_per_cm2,
            "concentration_per_cm3": cuvette.medium.concentration_per_cm3,
            "departure_from_a_line": {
                "lamp": chord_departure(response.power_mw, response.lamp_enhancement),
                "mirror": chord_departure(response.power_mw, response.mirror_enhancement),
            },
            "powers": {name: values.tolist() for name, values in response.to_dataframe().items()},
        },
    )


def _spectra(settings: CuvetteSettings, cuvette: CwCuvette) -> ReportSection:
    from gain.cuvette_spectrum import cuvette_spectra

    peak, width = cuvette.medium.emission_wavelength, 1e-3 * settings.lamp_fwhm_nm
    window = np.linspace(peak - 4 * width, peak + 4 * width, 321)
    found = cuvette_spectra(cuvette, settings.spectrum_powers_mw, window)
    tops = [
        {
            "power_mw": float(power),
            "peak_alone_nm": float(1e3 * window[found.emission[i].argmax()]),
            "peak_with_lamp_nm": float(1e3 * window[found.with_lamp[i].argmax()]),
            "peak_with_mirror_nm": float(1e3 * window[found.mirror[i].argmax()]),
            "largest_gain_per_cm": float(found.gain_per_cm[i].max()),
        }
        for i, power in enumerate(found.power_mw)
    ]
    last = tops[-1]
    shift = last["peak_with_mirror_nm"] - last["peak_alone_nm"]

    def draw() -> Figure:
        from gain.cuvette_spectrum_plot import plot_cuvette_spectra
        from studies.pictures import figure

        new, ax = figure(6.6, 4.2)
        plot_cuvette_spectra(found, ax=ax)
        return new

    return ReportSection(
        anchor="cuvette_spectra",
        title="Spectra with and without lamp and mirror",
        short="Spectra",
        sentences=(
            f"The mirror's light crosses {settings.amplified_length / 1e3:g} mm of solution, which "
            f"absorbs its blue side: the peak moves by {signed(shift, 2)} nm. No line narrows "
            f"(largest gain at any wavelength: {signed(last['largest_gain_per_cm'], 2)} /cm at "
            f"{last['power_mw']:g} mW).",
        ),
        figures=(
            SectionFigure(
                name="cuvette_spectra",
                draw=draw,
                caption="Emission alone, with the lamp behind the solution, and with the mirror.",
                alt="Spectra of the cuvette for several pump powers",
                full=True,
            ),
        ),
        numbers={"spectra": tops},
    )


def _range(found: CuvetteRange) -> ReportSection:
    from studies.pictures import figure

    def draw() -> Figure:
        new, ax = figure(7.0, 3.2)
        found.plot(ax=ax)
        return new

    table = table_of_frame(
        found.to_dataframe(),
        {
            "scenario": ("decay of several excitons", "", ""),
            "pump_cross_section_cm2": ("σ pump", "cm²", ".1e"),
            "exciton_lifetime_ns": ("lifetime", "ns", ".1f"),
            "mean_excitons": ("excitons per dot", "", ".1e"),
            "bleach": ("bleached", "share", ".1e"),
            "transparency_w_per_cm2": ("transparent at", "W/cm²", ".2e"),
            "unshifted_transparency_w_per_cm2": ("without Stokes shift", "W/cm²", ".2e"),
            "ase_w_per_cm2": ("g L = 1 at", "W/cm²", ".2e"),
        },
        title="Every combination of the unknown inputs",
    )
    low, high = found.shortfall
    return ReportSection(
        anchor="input_range",
        title="Transparency over the range of unknown inputs",
        short="Input range",
        sentences=tuple(with_signs(line) for line in found.report().split("\n")),
        figures=(
            SectionFigure(
                name="cuvette_range",
                draw=draw,
                caption="Intensity that makes the solution transparent at its emission peak, for "
                "every combination of cross-section, lifetime and decay law, beside the reported "
                "intensity.",
                alt="Transparency intensities of all combinations",
                full=True,
            ),
        ),
        tables=(table,),
        cards=(
            (
                "Transparency over pump",
                f"{rounded(low)} to {rounded(high)}",
                "",
                "over all unknown inputs",
            ),
        ),
        numbers={
            "intensity_w_per_cm2": found.intensity_w_per_cm2,
            "amplifies_for_any": found.amplifies,
            "shortfall": list(found.shortfall),
            "unshifted_shortfall": list(found.unshifted_shortfall),
            "mean_excitons": [found.mean_excitons.min(), found.mean_excitons.max()],
            "lowest_ase_w_per_cm2": float(np.nanmin(found.ase_w_per_cm2))
            if not np.all(np.isnan(found.ase_w_per_cm2))
            else None,
            "combinations": found.to_dataframe().to_dict("records"),
        },
    )


def _draw_populations(response: CuvetteResponse, reported: list[dict[str, float]]) -> Figure:
    from matplotlib.figure import Figure

    cuvette = response.cuvette
    intensity = np.geomspace(1.0, 1e7, 300)
    new = Figure(figsize=(7.4, 3.4), layout="constrained")
    left, right = new.subplots(1, 2)
    p = cuvette.populations(intensity)
    for label, row in (("ground state", p[:, 0]), ("X", p[:, 1]), ("XX", p[:, 2])):
        left.loglog(intensity, row, label=label)
    if p.shape[1] > 3:
        left.loglog(intensity, p[:, 3:].sum(axis=1), label="3 and more")
    left.loglog(intensity, cuvette.mean_excitons(intensity), "k--", lw=1, label="mean number")
    left.set_ylim(1e-6, 20)
    left.set_ylabel("population, excitons per dot")
    gain = cuvette.gain_per_cm(cuvette.medium.emission_wavelength, intensity)
    right.semilogx(intensity, gain, color="tab:green")
    right.axhline(0, color="0.5", lw=0.8)
    right.set_ylabel("gain at the emission peak (cm$^{-1}$)")
    for ax in (left, right):
        for item in reported:
            ax.axvline(item["intensity_w_per_cm2"], color=MEASURED, lw=0.9, ls=":")
        ax.set_xlabel("pump intensity (W/cm$^2$)")
    left.legend(fontsize="small")
    return new


def _draw_signals(settings: CuvetteSettings, response: CuvetteResponse) -> Figure:
    from studies.pictures import figure

    new, ax = figure(6.4, 4.0)
    response.plot(ax=ax)
    for power in settings.reported_powers_mw:
        ax.axvline(power, color=MEASURED, lw=0.9, ls=":")
    return new
