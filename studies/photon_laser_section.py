"""Report section: the same cavity as a polariton laser and as a photon laser, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cavities.constants import HC_EV_UM
from studies.design import Design
from studies.number_text import readable
from studies.polariton_coupling import StrongCavity
from studies.polariton_lasing import LaserStudy
from studies.pump_profile import PumpProfile
from studies.report_section import ReportSection, SectionTable
from studies.report_tables import Cell, Column, Row

if TYPE_CHECKING:
    from gain.lasing_threshold import ThresholdResult

__all__ = ["photon_laser_section"]

_DECIDES = (
    "What decides is the dispersion above threshold: emission that stays on the lower polariton, "
    "away from the empty cavity's mode, an anticrossing over several detunings, or a second "
    "threshold at higher pump where the line jumps to the cavity's mode. Threshold, S-curve, "
    "narrowing and shortening are those of any single-mode laser and decide nothing."
)


def photon_laser_section(
    design: Design,
    cavity: StrongCavity,
    index: int,
    result: ThresholdResult,
    study: LaserStudy | None,
    profile: PumpProfile | None,
) -> ReportSection:
    """Return the section.

    Args:
        design: with [strong_coupling] and a medium.
        cavity: the coupled cavity; index: number of its photon mode.
        result: thresholds of the empty cavity's modes by the gain of the medium.
        study: the polariton laser; profile: the absorption of the pump.
    """
    photons = float(result.absorbed_photons[index])
    fluence = None if result.fluence_uj_per_cm2 is None else float(result.fluence_uj_per_cm2[index])
    measured = None if study is None else study.settings.threshold_uj_per_cm2
    at_measured = None
    if measured is not None and profile is not None:
        at_measured = profile.mean_photons(measured)
    photon_ev, lower = HC_EV_UM / cavity.photon.wavelength, cavity.lower_ev
    sentences = []
    lases = photons == photons
    if lases:
        text = (
            f"As a photon laser (exciton bleached, gain of {result.medium.name}), "
            f"{cavity.photon.label} starts at {readable(photons, 3)} absorbed photons per "
            "nanocrystal"
        )
        text += f", {readable(fluence, 3)} µJ/cm²." if fluence is not None else "."
        first = result.lasing_index
        if first is not None and first != index:
            text += (
                f" Another mode would start before it: {result.lasing_label} at "
                f"{1e3 * result.lasing_wavelength:.1f} nm with "
                f"{readable(result.lasing_absorbed_photons, 3)}."
            )
        sentences.append(text)
    else:
        sentences.append(
            f"As a photon laser {cavity.photon.label} does not start at any pump with this medium."
        )
    if at_measured is not None and lases:
        relation = "exceed" if at_measured > photons else "are fewer than"
        sentences.append(
            f"The {at_measured:.2f} photons per nanocrystal at the measured {measured:g} µJ/cm² "
            f"{relation} what the gain of the medium needs: the threshold "
            + (
                "is compatible with both lasers and does not tell them apart."
                if at_measured > photons
                else "speaks against the photon laser of this model."
            )
        )
    seen = cavity.settings.observed_wavelength
    if seen is not None:
        energy = HC_EV_UM / seen
        sentences.append(
            f"The emission reported at {1e3 * seen:g} nm is {1e3 * abs(energy - lower):.1f} meV "
            f"from the lower polariton and {1e3 * abs(energy - photon_ev):.1f} meV from the mode "
            "of the empty cavity of this design."
        )
    sentences.append(_DECIDES)
    rows: list[tuple[str, str, str]] = [
        (
            "emission at normal incidence",
            f"{1e3 * HC_EV_UM / lower:.1f} nm, lower polariton",
            f"{1e3 * cavity.photon.wavelength:.1f} nm, empty cavity",
        ),
        (
            "threshold, absorbed photons per nanocrystal",
            "–" if at_measured is None else f"{at_measured:.2f} at the measured fluence",
            readable(photons, 3) if lases else "never",
        ),
        (
            "threshold fluence (µJ/cm²)",
            "–" if measured is None else f"{measured:g}, measured",
            "–" if fluence is None or not lases else readable(fluence, 3),
        ),
        (
            "needs",
            "the exciton unbleached: n < n_s",
            "population inversion of the band edge",
        ),
        ("output above threshold", "slopes in the ratio 1/β", "slopes in the ratio 1/β"),
        (
            "blueshift",
            "interactions, at most until the coupling is bleached",
            "index change by bleaching and carriers",
        ),
    ]
    table = SectionTable(
        title="Side by side",
        columns=(
            Column("quantity", text=True),
            Column("polariton laser", text=True),
            Column("photon laser", text=True),
        ),
        rows=tuple(Row(tuple(Cell(text, text=True) for text in row)) for row in rows),
    )
    numbers: dict[str, Any] = {
        "photon_laser_wavelength_um": cavity.photon.wavelength,
        "photon_laser_absorbed_photons": photons,
        "photon_laser_fluence_uj_per_cm2": fluence,
        "polariton_wavelength_um": HC_EV_UM / lower,
        "distance_mev": 1e3 * (photon_ev - lower),
        "measured_threshold_uj_per_cm2": measured,
        "absorbed_photons_at_measured_threshold": at_measured,
        "deciding_evidence": _DECIDES,
    }
    return ReportSection(
        anchor="polariton_or_photon_laser",
        title="Polariton laser or photon laser?",
        short="Which laser?",
        sentences=tuple(sentences),
        tables=(table,),
        numbers=numbers,
    )
