"""Report section: where the pump is absorbed, over its angle and over the period, and in depth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from studies.design import Design
from studies.mode_stage import Solve
from studies.number_text import quantity, readable
from studies.periodic_lasing import PeriodLasing
from studies.periodic_pump import PumpAbsorption, film_volume, pump_absorption, sliced_film
from studies.report_section import ReportSection, SectionFigure

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from gain.nonuniform_pump import ExcitationProfile
    from solvers.modes import Mode

__all__ = ["DepthResolved", "depth_resolved", "periodic_pump_section"]

SLICES = 4


@dataclass(frozen=True, kw_only=True, eq=False)
class DepthResolved:
    """Pump and mode by slice of the film, and the threshold with every slice on its own.

    Attributes:
        names: of the slices, from below; volume: of each per area (um), (n,).
        absorbed: share of the pump in each (n,); overlap: of the mode (n,).
        profile: excitation as the gain model takes it.
        absorbed_photons: N of the film's mean at threshold; nan: never.
    """

    names: tuple[str, ...]
    volume: NDArray[np.float64]
    absorbed: NDArray[np.float64]
    overlap: NDArray[np.float64]
    profile: ExcitationProfile
    absorbed_photons: float


def depth_resolved(
    design: Design, mode: Mode, figure_of_merit: float, *, solve: Solve | None = None
) -> DepthResolved | None:
    """Return the threshold of a mode with uneven pumping; None when the mode is not found again.

    Args:
        design: with medium and pump; mode: of its cavity; figure_of_merit: K of the mode.
        solve: the solver, default `solvers.solve_modes`.
    """
    import solvers
    from gain import absorbed_photons_at_threshold, depth_profile
    from studies.periodic_settings import solver_settings

    cut, names = sliced_film(design.cavity.unit_cell(), SLICES)  # type: ignore[attr-defined]
    if len(names) < 2:
        return None
    pump: Any = design.pump
    medium: Any = design.gain
    orders = design.periodic.study_orders
    absorption = pump_absorption(
        cut,
        wavelength=pump.wavelength,
        absorption_per_cm=pump.cross_section_cm2 * medium.concentration_per_cm3,
        orders=orders,
    )
    found = (solve or solvers.solve_modes)(
        cut,
        wavelength=(mode.wavelength * 0.995, mode.wavelength * 1.005),
        quality_factor_floor=design.solver.quality_factor_floor,
        bloch=design.solver.bloch or "Gamma",
        settings=solver_settings(design.solver, orders=orders),
    )
    alike = [m for m in found if (m.polarization, m.symmetry) == (mode.polarization, mode.symmetry)]
    if not alike:
        return None
    twin = min(alike, key=lambda other: abs(other.wavelength - mode.wavelength))
    volume = np.array([film_volume(cut, name) for name in names])
    absorbed = np.array([float(absorption.parts[name][0]) for name in names])
    overlap = np.array([twin.gain_overlap[name] for name in names])
    profile = depth_profile(absorbed / volume, overlap / volume, volume)
    photons = absorbed_photons_at_threshold(
        medium, mode.wavelength, figure_of_merit, excitation=profile
    )
    return DepthResolved(
        names=names,
        volume=volume,
        absorbed=absorbed,
        overlap=overlap,
        profile=profile,
        absorbed_photons=float(photons),
    )


def periodic_pump_section(
    design: Design,
    lasing: PeriodLasing,
    depth: DepthResolved | None,
    *,
    mode: Mode,
    uniform: float,
) -> ReportSection:
    """Return the section.

    Args:
        design: with medium and pump; lasing: its thresholds over the period.
        depth: pump and mode by slice.
        mode: the one that lases first at the design's period.
        uniform: its threshold with the mean excitation (uJ/cm^2).
    """
    study = design.periodic
    angles = np.linspace(0.0, study.largest_pump_angle_deg, study.pump_points)
    medium: Any = design.gain
    found: dict[str, PumpAbsorption] = {
        name: pump_absorption(
            design.cavity.unit_cell(),  # type: ignore[attr-defined]
            wavelength=pump.wavelength,
            absorption_per_cm=pump.cross_section_cm2 * medium.concentration_per_cm3,
            angle_deg=tuple(angles),
            orders=study.study_orders,
        )
        for name, pump in lasing.pumps.items()
    }
    sentences = []
    numbers: dict[str, Any] = {}
    for name, one in found.items():
        best = int(np.argmax(one.absorbed))
        sentences.append(
            f"{name} pump, {1e3 * one.wavelength:g} nm: the film absorbs with "
            f"{readable(one.absorption_per_cm, 3)}\u00a0/cm. It takes {_percent(one.absorbed[0])} "
            f"of the light at normal incidence ({_percent(one.reflected[0])} are reflected, "
            f"{_percent(one.transmitted[0])} enter the substrate), at most "
            f"{_percent(one.absorbed[best])} at {angles[best]:.1f}°. Mean flux in the film over "
            f"the incident one: {one.field_factor[0]:.3f}."
        )
        numbers[name] = {
            "wavelength_um": one.wavelength,
            "film_absorption_per_cm": one.absorption_per_cm,
            "angle_deg": one.angle_deg,
            "absorbed_share": one.absorbed,
            "reflected_share": one.reflected,
            "transmitted_share": one.transmitted,
            "field_factor": float(one.field_factor[0]),
            "balance_error": float(np.abs(one.absorbed + one.reflected + one.transmitted
                                          + _elsewhere(one) - 1).max()),
        }  # fmt: skip
    sentences.append(_over_period(lasing))
    if depth is not None:
        pump = lasing.pumps["fs"]
        resolved = float(pump.fluence_uj_per_cm2(depth.absorbed_photons))
        sentences.append(
            f"Threshold of {mode.label} at {1e3 * mode.wavelength:.2f} nm: "
            f"{quantity(uniform, 'uJ/cm^2', 3)} with the mean excitation, "
            f"{quantity(resolved, 'uJ/cm^2', 3)} with the gain of every slice of the film weighted "
            "with the mode there."
        )
        numbers["threshold_uniform_uj_per_cm2"] = uniform
        numbers["threshold_depth_resolved_uj_per_cm2"] = resolved
        numbers["excitation_over_mean"] = depth.profile.share
        numbers["mode_weight"] = depth.profile.weight
    return ReportSection(
        anchor="pump",
        title="Absorption of the pump",
        short="Pump",
        sentences=tuple(sentences),
        figures=(
            SectionFigure(
                name="pump_absorption",
                draw=lambda: _draw(found, lasing),
                caption="Share of the pump that the film absorbs, over the angle of incidence"
                " (left) and over the period at normal incidence (right): peaks are resonances at "
                "the pump's wavelength.",
                alt="Absorbed share of the pump",
                full=True,
            ),
            *(() if depth is None else (_depth_figure(depth),)),
        ),
        numbers=numbers,
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f}\u00a0%"


def _over_period(lasing: PeriodLasing) -> str:
    """Return what the period does to the absorption."""
    periods = next(iter(lasing.sweeps.values())).values
    parts = []
    for name, factors in lasing.field_factors.items():
        best, least = int(np.argmax(factors)), min(factors)
        parts.append(
            f"{name}, from {least:.3f} to {factors[best]:.3f} at {1e3 * periods[best]:.0f} nm"
        )
    return (
        "Over the period, where the lattice comes into resonance with the pump, that flux varies: "
        + "; ".join(parts)
        + "."
    )


def _elsewhere(one: PumpAbsorption) -> NDArray[np.float64]:
    """Return what regions beside the film absorb."""
    others = [values for name, values in one.parts.items() if not name.startswith("gain")]
    return np.asarray(np.sum(others, axis=0) if others else np.zeros(len(one.angle_deg)))


def _depth_figure(depth: DepthResolved) -> SectionFigure:
    return SectionFigure(
        name="pump_depth",
        draw=lambda: _draw_depth(depth),
        caption="Slices of every layer that holds film: excitation over that of the whole film, "
        "and the mode's energy in the slice over the mean of the slices.",
        alt="Excitation and mode by slice",
    )


def _draw(found: dict[str, PumpAbsorption], lasing: PeriodLasing) -> Figure:
    from matplotlib.figure import Figure

    from studies.pictures import legend_above

    new = Figure(figsize=(9.2, 3.4), layout="constrained")
    left, right = new.subplots(1, 2, sharey=True)
    periods = [1e3 * value for value in next(iter(lasing.sweeps.values())).values]
    for (name, one), color in zip(found.items(), ("#22577a", "#c9184a"), strict=False):
        label = f"{name}, {1e3 * one.wavelength:g} nm"
        left.plot(one.angle_deg, one.absorbed, color=color, label=label)
        thickness = 1e-4 * one.absorption_per_cm
        cavities = next(iter(lasing.sweeps.values())).cavities
        share = [
            factor * thickness * film_volume(cavity.unit_cell())  # type: ignore[attr-defined]
            for factor, cavity in zip(lasing.field_factors[name], cavities, strict=True)
        ]
        right.plot(periods, share, "o-", ms=4, color=color, label=label)
    left.set_xlabel("angle of incidence (degrees)")
    left.set_ylabel("absorbed share of the pump")
    left.set_ylim(bottom=0)
    right.set_xlabel("period (nm)")
    legend_above(left)
    return new


def _draw_depth(depth: DepthResolved) -> Figure:
    from studies.pictures import figure, legend_above

    new, ax = figure(5.6, 3.8)
    at = np.arange(1, len(depth.names) + 1)
    ax.bar(at - 0.2, depth.profile.share, width=0.4, color="#2b5d8a", label="excitation")
    weight = depth.overlap / depth.overlap.sum()
    ax.bar(at + 0.2, weight * len(at), width=0.4, color="#7a1022", label="energy of the mode")
    ax.set_xticks(at)
    ax.set_xlabel("slice of the film, from below")
    ax.set_ylabel("over the mean")
    ax.axhline(1, color="0.6", lw=0.8)
    legend_above(ax)
    return new
