"""Report section of a polariton laser: S-curve, linewidth, blueshift, occupation, lifetime."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cavities.constants import BOLTZMANN_EV_PER_K
from studies.coupling_section import overlay
from studies.number_text import readable
from studies.planar_settings import PolaritonLaserSettings
from studies.polariton_coupling import StrongCavity
from studies.report_section import ReportSection, SectionFigure, SectionTable
from studies.report_tables import Cell, Column, Row

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from gain.dispersion_map import DispersionMap
    from gain.polariton_laser import PolaritonLaser
    from gain.polariton_occupation import OccupationFit
    from gain.polariton_pulse import LifetimeCurve, PolaritonPulse
    from gain.s_curve import SCurveFit

__all__ = ["LaserStudy", "emission_maps", "laser_section", "laser_study"]

Floats = NDArray[np.float64]

_CLOUD_PUMP = 0.9
_RATIOS = np.geomspace(0.05, 5.0, 25)
_ENERGIES_MEV = np.linspace(0.0, 40.0, 21)


@dataclass(frozen=True, kw_only=True, eq=False)
class LaserStudy:
    """The polariton laser of a coupled cavity.

    Attributes:
        settings: the table [polariton_laser].
        cavity: where it is.
        laser: the rate model.
        pulses: responses to instantaneous pulses at `ratios`.
        fit: S-curve fitted to the photons of these pulses.
        lifetimes: of the pulses, behind the instrument.
        occupations: fits to the model's occupation: (pump, Maxwell-Boltzmann, Bose-Einstein).
    """

    settings: PolaritonLaserSettings
    cavity: StrongCavity
    laser: PolaritonLaser
    pulses: tuple[PolaritonPulse, ...]
    fit: SCurveFit
    lifetimes: LifetimeCurve
    occupations: tuple[tuple[float, OccupationFit, OccupationFit], ...]


def laser_study(cavity: StrongCavity, settings: PolaritonLaserSettings) -> LaserStudy:
    """Return the rate model of the lower polariton and what it does with CW light and pulses."""
    from gain import LifetimeCurve, PolaritonLaser, bose_einstein, fit_occupation, fit_s_curve

    laser = PolaritonLaser.from_lower_polariton(
        beta=settings.beta,
        reservoir_lifetime_ns=settings.reservoir_lifetime_ns,
        wavelength=cavity.photon.wavelength,
        quality_factor=cavity.photon.quality_factor,
        photon_weight=cavity.photon_weight,
    )
    pulses = tuple(laser.pulsed(float(ratio), samples=600) for ratio in _RATIOS)
    fit = fit_s_curve(_RATIOS, [pulse.photons for pulse in pulses])
    lifetimes = LifetimeCurve.of(pulses, irf_fwhm_ps=settings.instrument_fwhm_ps)
    occupations = []
    for pump in (0.02, 0.88, 1.13):
        n = bose_einstein(
            _ENERGIES_MEV,
            temperature_k=settings.temperature_k,
            chemical_potential_mev=_potential_mev(laser, pump, settings.temperature_k),
        )
        boltzmann = fit_occupation(_ENERGIES_MEV, n, statistics="maxwell_boltzmann")
        bose = fit_occupation(_ENERGIES_MEV, n, statistics="bose_einstein", amplitude=1.0)
        occupations.append((pump, boltzmann, bose))
    return LaserStudy(
        settings=settings,
        cavity=cavity,
        laser=laser,
        pulses=pulses,
        fit=fit,
        lifetimes=lifetimes,
        occupations=tuple(occupations),
    )


def _potential_mev(laser: PolaritonLaser, pump: float, temperature_k: float) -> float:
    """Return mu (meV) for which the ground state holds the occupation of the rate model."""
    kt = 1e3 * BOLTZMANN_EV_PER_K * temperature_k
    return -kt * math.log1p(1 / float(laser.occupation(pump)))


def emission_maps(study: LaserStudy) -> tuple[tuple[float, DispersionMap], ...]:
    """Return (pump, emission map) for every pump ratio of the settings.

    The cloud is a Bose-Einstein occupation whose ground state holds what the rate model gives at
    the pump, at most at 0.9 of threshold: above, the reservoir is clamped. The rest of n_0 is
    the condensate: one narrow line at k = 0, as wide in angle as the settings say. Each part
    emits in proportion to its occupation and photon share. A picture of the rate model in
    equilibrium, not a theory of relaxation.
    """
    from gain import DispersionMap, bose_einstein, mean_field_blueshift_mev

    settings, cavity, laser = study.settings, study.cavity, study.laser
    low, high = cavity.settings.energy_ev
    energy = np.linspace(low, high, 701)
    largest = float(cavity.angle_deg[-1])
    angles = np.linspace(-largest, largest, 161)
    branches = cavity.oscillators.branches(angle_deg=angles)
    bottom = branches.lower - branches.lower.min()
    width = 1e-3 * (branches.fwhm_mev[:, 0] + settings.resolution_mev)
    maps = []
    for pump in settings.pump_ratios:
        mu = _potential_mev(laser, min(pump, _CLOUD_PUMP), settings.temperature_k)
        cloud = bose_einstein(
            1e3 * bottom, temperature_k=settings.temperature_k, chemical_potential_mev=mu
        )
        shift = 1e-3 * float(
            mean_field_blueshift_mev(
                pump, beta=settings.beta, reservoir_shift_mev=settings.blueshift_mev
            )
        )
        share = branches.photon_weight[:, 0]
        rows = (share * cloud)[:, None] * _lorentzian(energy, branches.lower + shift, width)
        extra = float(laser.occupation(pump)) - float(cloud.max())
        if extra > 0:
            spread = np.exp(-4 * math.log(2) * (angles / settings.condensate_fwhm_deg) ** 2)
            line = 1e-3 * (float(laser.linewidth_mev(pump)) + settings.resolution_mev)
            ground = np.full(angles.shape, branches.lower.min() + shift)
            narrow = _lorentzian(energy, ground, np.full(angles.shape, line))
            rows = rows + extra * (float(share.max()) * spread)[:, None] * narrow
        maps.append((pump, DispersionMap(angle_deg=angles, energy_ev=energy, intensity=rows)))
    return tuple(maps)


def _lorentzian(energy: Floats, centre: Floats, fwhm: Floats) -> Floats:
    half = 0.5 * fwhm[:, None]
    return np.asarray(half / np.pi / ((energy - centre[:, None]) ** 2 + half**2))


def laser_section(study: LaserStudy) -> ReportSection:
    """Return the section of a polariton laser."""
    settings, laser, cavity = study.settings, study.laser, study.cavity
    low, high = laser.slopes()
    boltzmann = study.occupations[0][1]
    warm, hot = study.occupations[-2], study.occupations[-1][2]
    limit = _largest_shift(cavity)
    sentences = [
        f"Condensate: {laser.condensate_lifetime_ps:.3f} ps (the empty cavity's photon lifetime "
        f"over the photon share), reservoir {settings.reservoir_lifetime_ns:g} ns, "
        f"β = {_inverse(settings.beta)}: threshold at {readable(laser.threshold_reservoir, 3)} "
        f"reservoir excitons, {float(laser.occupation(1.0)):.0f} polaritons in the ground state "
        f"there, slopes of the S-curve in the ratio {high / low:.0f}.",
        "Under short pulses the output jumps by more than 1/β, because the reservoir is emptied "
        f"below its threshold: the CW law fitted to it reads β = {_inverse(float(study.fit.beta))} "
        f"for the true {_inverse(settings.beta)}.",
        f"At {study.occupations[0][0]:g} of threshold a Maxwell-Boltzmann fit along the branch "
        f"returns {float(boltzmann.temperature_k):.0f} K of the {settings.temperature_k:g} K put "
        f"in, at {warm[0]:g} only {float(warm[1].temperature_k):.0f} K: it is the limit of small "
        "occupation of the Bose-Einstein law, whose fit returns "
        f"{float(hot.temperature_k):.0f} K above threshold, too. Neither fit shows equilibrium.",
    ]
    if settings.blueshift_mev:
        sentences.append(
            f"The blueshift of {settings.blueshift_mev:g} meV at threshold is put in; it "
            "saturates above because gain clamps the reservoir. As saturation of the transition "
            f"it could reach {limit:.1f} meV at most, where strong coupling is lost."
        )
    return ReportSection(
        anchor="polariton_laser",
        title="Polariton laser",
        sentences=tuple(sentences),
        figures=(
            SectionFigure(
                name="emission_maps",
                draw=lambda: _draw_maps(study),
                caption="Emission of the model over angle and energy below, at and above threshold "
                "(six decades of colour): a thermal cloud on the lower polariton, above threshold "
                "with the condensate at normal incidence. Lines as in the transmission map: the "
                "branches without widths. The exciton's width moves the emission up from them, the "
                "blueshift further.",
                alt="Emission over angle and energy for several pump powers",
                full=True,
                vector=False,
            ),
            SectionFigure(
                name="s_curve",
                draw=lambda: _draw_s_curve(study),
                caption="Photons of the mode against pump: CW law and pulses (circles), each over "
                "its value far below threshold, with the CW law fitted to the pulses (dashed).",
                alt="S-curve of the polariton laser",
            ),
            SectionFigure(
                name="linewidth",
                draw=lambda: _draw_linewidth(study),
                caption="Quantum-limited linewidth under CW pumping and the occupation of the "
                "ground state. Pulses, interactions and spectrometers add to it.",
                alt="Linewidth and occupation over pump",
            ),
            SectionFigure(
                name="blueshift",
                draw=lambda: _draw_blueshift(study),
                caption="Blueshift of the lower polariton: mean field with a clamped reservoir, "
                "phase-space filling with the same shift at threshold, and its limit.",
                alt="Blueshift over pump",
            ),
            SectionFigure(
                name="occupation",
                draw=lambda: _draw_occupation(study),
                caption="Occupation along the lower polariton (model, points) with fits: "
                "Maxwell-Boltzmann (MB) is read off wrongly as the ground state fills.",
                alt="Occupation over energy for three pumps with fits",
            ),
            SectionFigure(
                name="lifetime",
                draw=lambda: _draw_lifetime(study),
                caption="Lifetime of the emission after a pulse, true and behind the instrument.",
                alt="Lifetime over pump",
            ),
        ),
        tables=(_pump_table(study),),
        numbers=_numbers(study, limit),
    )


def _inverse(beta: float) -> str:
    """Return a small share as one over a number of three digits.

    Example:
        >>> _inverse(5.55556e-5)
        '1/18000'
    """
    digits = 2 - math.floor(math.log10(1 / beta))
    return f"1/{round(1 / beta, digits):.{max(digits, 0)}f}"


def _largest_shift(cavity: StrongCavity) -> float:
    from gain import largest_blueshift_mev

    return largest_blueshift_mev(
        rabi_splitting_mev=cavity.settings.rabi_splitting_mev, detuning_mev=cavity.detuning_mev
    )


def _shift_at(study: LaserStudy, pump: Any) -> Floats:
    from gain import mean_field_blueshift_mev

    return mean_field_blueshift_mev(
        pump, beta=study.settings.beta, reservoir_shift_mev=study.settings.blueshift_mev
    )


def _numbers(study: LaserStudy, limit: float) -> dict[str, Any]:
    settings, laser = study.settings, study.laser
    low, high = laser.slopes()
    return {
        "beta": settings.beta,
        "condensate_lifetime_ps": laser.condensate_lifetime_ps,
        "reservoir_lifetime_ns": settings.reservoir_lifetime_ns,
        "threshold_reservoir_excitons": laser.threshold_reservoir,
        "occupation_at_threshold": float(laser.occupation(1.0)),
        "slope_ratio": high / low,
        "beta_fitted_to_pulses": float(study.fit.beta),
        "largest_blueshift_mev": limit,
        "pumps": [
            {
                "pump_ratio": pump,
                "occupation": float(laser.occupation(pump)),
                "linewidth_mev": float(laser.linewidth_mev(pump)),
                "blueshift_mev": float(_shift_at(study, pump)),
            }
            for pump in settings.pump_ratios
        ],
        "occupations": [
            {
                "pump_ratio": pump,
                "temperature_k": settings.temperature_k,
                "maxwell_boltzmann_temperature_k": float(boltzmann.temperature_k),
                "bose_einstein_temperature_k": float(bose.temperature_k),
                "chemical_potential_mev": float(bose.chemical_potential_mev),
            }
            for pump, boltzmann, bose in study.occupations
        ],
        "pulses": [
            {
                "pump_ratio": float(ratio),
                "photons": pulse.photons,
                "decay_time_ps": float(decay),
                "detected_ps": float(read),
            }
            for ratio, pulse, decay, read in zip(
                _RATIOS,
                study.pulses,
                study.lifetimes.decay_time_ps,
                study.lifetimes.detected_ps,
                strict=True,
            )
        ],
    }


def _pump_table(study: LaserStudy) -> SectionTable:
    rows = []
    for pump in study.settings.pump_ratios:
        pulse = study.laser.pulsed(pump, samples=600)
        n = float(study.laser.occupation(pump))
        values = (
            n,
            float(study.laser.linewidth_mev(pump)),
            float(_shift_at(study, pump)),
            pulse.decay_time_ps(),
            pulse.detected_lifetime_ps(irf_fwhm_ps=study.settings.instrument_fwhm_ps),
        )
        cells = [Cell(readable(value, 3), sort=value) for value in values]
        rows.append(Row((Cell(f"{pump:g}", sort=pump), *cells)))
    columns = (
        Column("P/P_th"),
        Column("n₀", "CW"),
        Column("linewidth", "quantum limit, meV"),
        Column("blueshift", "meV"),
        Column("decay after a pulse", "ps"),
        Column("as read", f"{study.settings.instrument_fwhm_ps:g} ps instrument, ps"),
    )
    return SectionTable(title="At the pumps of the maps", columns=columns, rows=tuple(rows))


def _draw_maps(study: LaserStudy) -> Figure:
    from matplotlib.colors import LogNorm
    from matplotlib.figure import Figure

    maps = emission_maps(study)
    new = Figure(figsize=(3.1 * len(maps) + 0.8, 4.0), layout="constrained")
    branches = overlay(study.cavity, float(study.cavity.angle_deg[-1]))
    panels = new.subplots(1, len(maps), sharey=True, squeeze=False)[0]
    norm = LogNorm(1e-6, 1)
    style: dict[str, Any] = {"lw": 1.0, "alpha": 0.9}
    for ax, (pump, found) in zip(panels, maps, strict=True):
        values = np.maximum(found.intensity / found.intensity.max(), 1e-6)
        mesh = ax.pcolormesh(
            found.angle_deg, found.energy_ev, values.T, norm=norm, cmap="inferno", shading="nearest"
        )
        cavity, x = branches.photon_energy_ev[:, 0], branches.axis
        ax.plot(x, cavity, "--", color="#7fd3ff", label="bare cavity", **style)
        exciton = branches.exciton_energy_ev[0]
        ax.axhline(exciton, color="#ff8fb0", ls=":", label="exciton", **style)
        ax.plot(x, branches.lower, color="#ffe45c", label="lower polariton", **style)
        dashes = (0, (6, 1))
        ax.plot(x, branches.upper, color="#ffe45c", ls=dashes, label="upper polariton", **style)
        ax.set_title(rf"{pump:g} $P_\mathrm{{th}}$")
        ax.set_xlabel("angle (degrees)")
    panels[0].set_ylabel("energy (eV)")
    panels[0].set_ylim(*study.cavity.settings.energy_ev)
    handles, labels = panels[0].get_legend_handles_labels()
    legend = new.legend(
        handles,
        labels,
        loc="outside lower center",
        ncols=4,
        facecolor="0.2",
        labelcolor="white",
        frameon=True,
    )
    legend.get_frame().set_linewidth(0)
    new.colorbar(mesh, ax=list(panels), label="emission over its maximum")
    return new


def _draw_s_curve(study: LaserStudy) -> Figure:
    from studies.pictures import figure

    new, ax = figure(5.8, 4.2)
    x = np.geomspace(_RATIOS[0], _RATIOS[-1], 300)
    first = float(study.laser.occupation(_RATIOS[0]))
    ax.loglog(x, study.laser.occupation(x) / first, color="#3b528b", lw=1.4, label="CW")
    photons = np.array([pulse.photons for pulse in study.pulses])
    ax.loglog(_RATIOS, photons / photons[0], "o", color="0.35", ms=4, label="pulses")
    ax.loglog(x, study.fit.curve(x) / photons[0], "--", color="#b5367a", lw=1.0,
              label=f"CW law fitted, β = {_inverse(float(study.fit.beta))}")  # fmt: skip
    ax.axvline(1, color="0.6", lw=0.8, ls=":")
    ax.set_xlabel(r"pump $P/P_\mathrm{th}$")
    ax.set_ylabel(f"output over that at {_RATIOS[0]:g} threshold")
    ax.legend(loc="upper left")
    return new


def _draw_linewidth(study: LaserStudy) -> Figure:
    from gain import plot_linewidth
    from studies.pictures import figure

    new, ax = figure(5.8, 4.2)
    plot_linewidth(study.laser, np.geomspace(0.05, 5, 300), ax=ax)
    return new


def _draw_blueshift(study: LaserStudy) -> Figure:
    from gain import bleached_fraction, saturation_blueshift_mev
    from studies.pictures import figure

    settings, cavity = study.settings, study.cavity
    pair = {
        "rabi_splitting_mev": cavity.settings.rabi_splitting_mev,
        "detuning_mev": cavity.detuning_mev,
    }
    new, ax = figure(5.8, 4.2)
    pump = np.linspace(0.0, 2.6, 300)
    ax.plot(pump, _shift_at(study, pump), color="#3b528b", lw=1.4, label="mean field, clamped")
    limit = _largest_shift(cavity)
    if 0 < settings.blueshift_mev < limit:
        full = float(bleached_fraction(settings.blueshift_mev, **pair))
        filled = full * study.laser.reservoir_ratio(pump)
        ax.plot(pump, saturation_blueshift_mev(filled, **pair), "--", color="#b5367a", lw=1.2,
                label=f"phase-space filling, n/n_s = {full:.2f} at threshold")  # fmt: skip
    ax.axhline(limit, color="0.4", ls=":", lw=1, label="limit of saturation")
    ax.axvline(1, color="0.7", lw=0.8, ls=":")
    ax.set_xlim(0, 2.6)
    ax.set_ylim(0, 1.15 * max(limit, settings.blueshift_mev))
    ax.set_xlabel(r"pump $P/P_\mathrm{th}$")
    ax.set_ylabel("blueshift (meV)")
    ax.legend(loc="center right")
    return new


def _draw_occupation(study: LaserStudy) -> Figure:
    from gain import plot_occupation
    from studies.pictures import figure

    new, ax = figure(5.8, 4.2)
    fits, labels = [], []
    for pump, boltzmann, bose in study.occupations:
        fits.append(boltzmann if pump < 0.5 else bose)
        labels.append(f"{pump:g} P_th")
    plot_occupation(fits, labels=labels, ax=ax)
    wrong = study.occupations[-2]
    x = np.linspace(0, float(_ENERGIES_MEV[-1]), 100)
    ax.plot(x, wrong[1].curve(x), color="0.5", ls="--", lw=1,
            label=f"{wrong[0]:g} P_th: MB, T = {float(wrong[1].temperature_k):.0f} K")  # fmt: skip
    ax.legend(fontsize="small")
    return new


def _draw_lifetime(study: LaserStudy) -> Figure:
    from gain import plot_lifetime
    from studies.pictures import figure

    new, ax = figure(5.8, 4.2)
    plot_lifetime(study.lifetimes, ax=ax)
    return new
