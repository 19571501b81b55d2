"""Report section: bands around Gamma with Q as colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studies.design import Design
from studies.periodic_settings import solver_settings
from studies.report_section import ReportSection, SectionFigure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from solvers.fourier_modal import BandStructure

__all__ = ["bands_section", "design_bands"]


def design_bands(design: Design) -> BandStructure:
    """Return the bands of a design in its window, along its lattice's path."""
    from solvers.fourier_modal import bands

    study = design.periodic
    return bands(
        design.cavity,
        design.solver.wavelength,
        points=study.band_points,
        reach=study.band_reach,
        quality_factor_floor=design.solver.quality_factor_floor,
        settings=solver_settings(design.solver, orders=study.study_orders),
    )


def bands_section(design: Design, structure: BandStructure) -> ReportSection:
    """Return the section of a design's bands."""
    study = design.periodic
    data = structure.to_dataset()
    return ReportSection(
        anchor="bands",
        title="Bands",
        sentences=(
            f"Every mode of the window with Q > {design.solver.quality_factor_floor:g}, searched "
            f"blind at {len(structure.distance)} Bloch vectors with {study.study_orders} plane "
            "waves; colour is Q. Points are joined where the fields of neighbours agree.",
        ),
        figures=(
            SectionFigure(
                name="bands",
                draw=lambda: _draw(structure, study.band_reach),
                caption="Bands around Γ; the lighter a mode, the less it loses.",
                alt="Bands with Q as colour",
                full=True,
            ),
        ),
        numbers={
            "bloch_vectors_rad_per_um": structure.bloch,
            "wavelength_um": data["wavelength"].values,
            "q": data["quality_factor"].values,
            "plane_waves": study.study_orders,
        },
    )


def _draw(structure: BandStructure, reach: float) -> Figure:
    from solvers.fourier_modal import plot_bands
    from studies.pictures import figure

    new, ax = figure(8.4, 4.4)
    plot_bands(structure, ax=ax)
    names = [(at, name.replace("Gamma", "Γ")) for at, name in structure.ticks]
    ax.set_xticks([at for at, _ in names], [name for _, name in names])
    ax.set_xlabel(
        f"Bloch vector, {100 * reach:g} % of the way to the zone's edge"
        if reach < 1
        else "Bloch vector"
    )
    return new
