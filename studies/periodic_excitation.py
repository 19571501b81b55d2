"""Populations that the pumps of a periodic design make, and the thresholds they give.

A femtosecond pulse leaves Poisson populations. A pulse of nanoseconds fills the ladder while it
empties by radiation and Auger recombination; its threshold is the smallest pump with net gain in a
mode at some time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from studies.design import Design

if TYPE_CHECKING:
    from gain.gain_film import GainFilm
    from gain.nanocrystal_medium import NanocrystalMedium
    from gain.population_trace import PopulationTrace

__all__ = ["LASING_MEDIA", "LongPulse", "Transition", "lasing_media", "long_pulse", "transition"]

Floats = NDArray[np.float64]
Transition = Literal["X", "XX", "MX"]

LASING_MEDIA = "X and XX: excitons at the band edge; MX: an electron-hole plasma"
_LEVELS = np.geomspace(0.02, 2000.0, 61)
_LADDER = 60


def lasing_media(design: Design, temperature_k: float) -> dict[str, GainFilm]:
    """Return the media at a temperature: "excitons", and "plasma" where the design has one.

    They are two pictures of one film, each valid where the other is not: excitons up to two pairs
    per nanocrystal, the plasma from about three. Of a mode the lower threshold counts.

    Raises:
        DesignError: a medium that cannot be moved to the temperature.
    """
    from gain.medium_temperature import medium_at_temperature
    from gain.plasma_gain import PlasmaMedium
    from studies.validation import first_error

    medium: Any = design.gain
    try:
        moved: NanocrystalMedium = medium_at_temperature(
            medium, temperature_k, design.periodic.temperature
        )
    except ValueError as error:
        raise first_error(error, key="periodic.temperature_k") from None
    found: dict[str, GainFilm] = {"excitons": moved}
    plasma = design.periodic.plasma
    if plasma is not None:
        found["plasma"] = PlasmaMedium(
            name="plasma",
            emission_wavelength=moved.emission_wavelength,
            cross_section_cm2=moved.cross_section_cm2,
            concentration_per_cm3=moved.concentration_per_cm3,
            film_index=moved.film_index,
            background=moved.background,
            shell_radius_nm=plasma.shell_radius_nm,
            broadening_mev=plasma.broadening_mev,
            renormalisation_mev=plasma.renormalisation_mev,
            max_pairs=plasma.max_pairs,
            temperature_k=temperature_k,
        )
    return found


def transition(medium: GainFilm, wavelength: float, populations: Floats) -> Transition:
    """Return which transition emits most at a wavelength (um) for populations (states,)."""
    from gain.plasma_gain import PlasmaMedium

    if isinstance(medium, PlasmaMedium):
        return "MX"
    emission = medium.emission_coefficients(wavelength) * populations
    state = int(np.argmax(emission))
    return "X" if state <= 1 else ("XX" if state == 2 else "MX")


@dataclass(frozen=True, kw_only=True, eq=False)
class LongPulse:
    """Populations during and after a pulse of nanoseconds, for many pump levels.

    Attributes:
        fwhm_ns: length of the pulse.
        trace: populations (levels, times, states), without stimulated emission.
    """

    fwhm_ns: float
    trace: PopulationTrace

    def threshold(
        self, medium: GainFilm, wavelength: float, figure_of_merit: float
    ) -> tuple[float, Floats]:
        """Return N at threshold and the populations there at the best time, by medium state.

        N counts the photons that a nanocrystal would absorb if none of its excitons decayed; nan
        without a threshold.
        """
        from gain.ladder_spectrum import ladder_cross_sections

        populations = self.trace.populations
        states = populations.shape[-1]
        coefficients = ladder_cross_sections(medium, wavelength, states).gain
        gain = populations @ coefficients
        net = gain.max(axis=1) * figure_of_merit - 1
        above = np.flatnonzero(net > 0)
        if not math.isfinite(figure_of_merit):
            above = np.flatnonzero(gain.max(axis=1) > 0)
            net = gain.max(axis=1)
        if len(above) == 0 or above[0] == 0:
            return math.nan, np.zeros(medium.states)
        i = int(above[0])
        share = net[i - 1] / (net[i - 1] - net[i])
        levels = np.log(self.trace.absorbed_photons)
        n = math.exp(levels[i - 1] + share * (levels[i] - levels[i - 1]))
        best = populations[i, int(np.argmax(gain[i]))]
        folded = np.array(best[: medium.states])
        folded[-1] += best[medium.states :].sum()
        return n, folded


def long_pulse(design: Design) -> LongPulse:
    """Return the populations of the design's quasi-continuous pump, 61 levels of it."""
    from gain.kinetics_presets import kinetics_preset
    from gain.population_dynamics import evolve_populations
    from gain.pulse_shape import RectangularPulse

    study = design.periodic
    kinetics = kinetics_preset(study.quasi_cw_kinetics, max_excitons=_LADDER)
    half = study.quasi_cw_fwhm_ns / 2
    trace = evolve_populations(
        kinetics,
        RectangularPulse(fwhm_ns=study.quasi_cw_fwhm_ns),
        _LEVELS,
        times_ns=np.linspace(-half, 4 * half, 56),
        rtol=1e-6,
    )
    return LongPulse(fwhm_ns=study.quasi_cw_fwhm_ns, trace=trace)
