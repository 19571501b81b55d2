"""Which mode of a periodic cavity lases at each period, on which transition, at what pump."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cavities.spec import Spec
from studies.design import Design
from studies.errors import DesignError
from studies.mode_stage import Solve, with_losses
from studies.periodic_excitation import LongPulse, lasing_media, long_pulse, transition
from studies.periodic_pump import periodic_pump
from studies.periodic_sweep import ModeSweep, sweep_over
from studies.periodic_variants import parameter, period, with_parameter, with_period

if TYPE_CHECKING:
    from gain.gain_film import GainFilm
    from gain.pump import Pump

__all__ = ["LasingPoint", "PeriodLasing", "cold_cavity", "period_lasing"]


@dataclass(frozen=True, kw_only=True)
class LasingPoint:
    """Threshold of one mode under one pump.

    Attributes:
        period: um; temperature_k: K; pump: "fs" or "quasi-CW".
        family: of the mode; wavelength: of it (um); quality_factor: with the design's losses.
        transition: "X", "XX" or "MX"; None: never lases.
        absorbed_photons: N at threshold; nan: never.
        fluence_uj_per_cm2: incident, per pulse.
        intensity_kw_per_cm2: of the quasi-continuous pulse; nan for fs.
        first: whether it is the mode of lowest threshold.
    """

    period: float
    temperature_k: float
    pump: str
    family: str
    wavelength: float
    quality_factor: float
    transition: str | None
    absorbed_photons: float
    fluence_uj_per_cm2: float
    intensity_kw_per_cm2: float
    first: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class PeriodLasing:
    """Thresholds over the period.

    Attributes:
        sweeps: modes over the period by temperature (K).
        media: by temperature and picture.
        pumps: "fs" and "quasi-CW" where the design has them, at its own period.
        field_factors: over the period, by pump.
        points: every mode, period, temperature and pump.
    """

    sweeps: dict[float, ModeSweep]
    media: dict[float, dict[str, GainFilm]]
    pumps: dict[str, Pump]
    field_factors: dict[str, list[float]]
    points: tuple[LasingPoint, ...]

    def lasing(self, temperature_k: float, pump: str) -> tuple[LasingPoint, ...]:
        """Return the points that lase first, one for each period at which something lases."""
        return tuple(
            point
            for point in self.points
            if (point.temperature_k, point.pump) == (temperature_k, pump) and point.first
        )


def cold_cavity(design: Design, cavity: Spec, temperature_k: float) -> Spec:
    """Return the cavity with the film's index at a temperature.

    Raises:
        DesignError: an index per kelvin for a film that is not a planar one of constant index.
    """
    change = design.periodic.temperature.film_index_change(temperature_k)
    if change == 0:
        return cavity
    key = "film.material"
    index = parameter(cavity, key) if getattr(cavity, "film", None) is not None else None
    if index is None:
        raise DesignError(
            "must be 0 unless the film has a constant index, got "
            f"{design.periodic.temperature.index_per_k:g} /K; give the film a number as material",
            key="periodic.temperature.index_per_k",
        )
    return with_parameter(cavity, key, index + change)


def period_lasing(
    design: Design, sweep: ModeSweep, *, solve: Solve | None = None
) -> PeriodLasing | None:
    """Return the thresholds over the period; None without a medium or a pump.

    Args:
        design: with medium and pump.
        sweep: its modes over the period, at the medium's own temperature.
        solve: the solver, default `solvers.solve_modes`.
    """
    if design.gain is None or design.pump is None:
        return None
    study = design.periodic
    slow = long_pulse(design)
    pumps = _pumps(design)
    own: dict[str, list[Any]] = {
        name: [periodic_pump(design.changed(pump=pump), cavity) for cavity in sweep.cavities]
        for name, pump in pumps.items()
    }
    sweeps = {t: _at_temperature(design, sweep, t, solve) for t in study.temperature_k}
    media = {t: lasing_media(design, t) for t in study.temperature_k}
    points = [
        point
        for t, found in sweeps.items()
        for name, by_period in own.items()
        for i, pump in enumerate(by_period)
        for point in _marked(
            list(_points(design, found, i, media[t], pump, name, t, slow if name != "fs" else None))
        )
    ]
    place = min(range(len(sweep.values)), key=lambda i: abs(sweep.values[i] - sweep.own))
    return PeriodLasing(
        sweeps=sweeps,
        media=media,
        pumps={name: by_period[place] for name, by_period in own.items()},
        field_factors={name: [p.field_factor for p in found] for name, found in own.items()},
        points=tuple(points),
    )


def _pumps(design: Design) -> dict[str, Pump]:
    """Return the design's pump and its quasi-continuous one, without field factors."""
    study = design.periodic
    pump: Any = design.pump
    found = {"fs": pump}
    if study.quasi_cw_wavelength is not None:
        fields = {
            "wavelength": study.quasi_cw_wavelength,
            "cross_section_cm2": study.quasi_cw_cross_section_cm2,
            "beam_radius": pump.beam_radius,
            "profile": pump.profile,
        }
        found["quasi-CW"] = type(pump)(**fields)
    return found


def _at_temperature(
    design: Design, sweep: ModeSweep, temperature_k: float, solve: Solve | None
) -> ModeSweep:
    """Return the sweep with the film's index at a temperature."""
    if design.periodic.temperature.film_index_change(temperature_k) == 0:
        return sweep
    return sweep_over(
        design, sweep.values,
        lambda value: cold_cavity(design, with_period(design.cavity, value), temperature_k),
        name="period", own=period(design.cavity), widened=0.0, solve=solve,
    )  # fmt: skip


def _points(
    design: Design,
    sweep: ModeSweep,
    place: int,
    media: dict[str, GainFilm],
    pump: Pump,
    name: str,
    temperature_k: float,
    slow: LongPulse | None,
) -> Iterator[LasingPoint]:
    """Yield the threshold of every family at one period."""
    from gain import threshold
    from gain.populations import poisson_populations
    from solvers.modes import ModeSet

    found = sweep.modes[place]
    if not found:
        return
    modes = with_losses(design, ModeSet(modes=tuple(found.values())))
    usable = [i for i, mode in enumerate(modes) if mode.quality_factor > 0]
    names = list(found)
    results = {key: threshold([modes[i] for i in usable], m) for key, m in media.items()}
    for row, i in enumerate(usable):
        best, which = math.nan, None
        for key, medium in media.items():
            result = results[key]
            wave, merit = float(result.wavelength[row]), float(result.figure_of_merit[row])
            if slow is None:
                n = float(result.absorbed_photons[row])
                p = poisson_populations(0.0 if math.isnan(n) else n, states=medium.states)
            else:
                n, p = slow.threshold(medium, wave, merit)
            if not math.isnan(n) and not n >= best:
                best, which = n, transition(medium, wave, p)
        fluence = float(pump.fluence_uj_per_cm2(best))
        yield LasingPoint(
            period=sweep.values[place],
            temperature_k=temperature_k,
            pump=name,
            family=names[i],
            wavelength=modes[i].wavelength,
            quality_factor=modes[i].quality_factor,
            transition=which,
            absorbed_photons=best,
            fluence_uj_per_cm2=fluence,
            # 1 uJ/cm^2 in 1 ns is 1 kW/cm^2
            intensity_kw_per_cm2=math.nan if slow is None else fluence / slow.fwhm_ns,
            first=False,
        )


def _marked(points: list[LasingPoint]) -> list[LasingPoint]:
    """Return the points with the lowest threshold marked."""
    import dataclasses

    lasing = [p for p in points if not math.isnan(p.absorbed_photons)]
    if not lasing:
        return points
    first = min(lasing, key=lambda p: p.absorbed_photons)
    return [dataclasses.replace(p, first=p is first) for p in points]
