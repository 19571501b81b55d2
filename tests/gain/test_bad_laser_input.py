"""Bad input to kinetics, pulses and lasers: one line that names argument, rule and value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from gain import (
    ContinuousPump,
    ExcitonKinetics,
    GaussianPulse,
    InstantPulse,
    LaserModel,
    LaserModes,
    RectangularPulse,
    TabulatedPulse,
    evolve_populations,
    fuchtbauer_ladenburg_cross_section_cm2,
    kinetics_preset,
    ladder_cross_sections,
    light_light,
    net_gain_threshold,
    output_spectra,
    quantum_shells,
    run_lasers,
    simulate_laser,
    steady_laser,
)

SHELLS = kinetics_preset("microdisk_shells")
MODES = LaserModes.explicit([0.662, 0.666], quality_factor=6000, figure_of_merit=50)
MODEL = LaserModel(medium=quantum_shells(), kinetics=SHELLS, modes=MODES)
PULSE = GaussianPulse(fwhm_ns=1.0)


def laser(**fields: Any) -> LaserModel:
    return LaserModel(**{"medium": quantum_shells(), "kinetics": SHELLS, "modes": MODES, **fields})


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (
            lambda: ExcitonKinetics.model_validate({"auger_lifetime_ns": 1.0}),
            "radiative_lifetime_ns: must be given",
        ),
        (
            lambda: ExcitonKinetics.model_validate({"radiative_lifetime_ns": 9}),
            "auger_lifetime_ns: .*None for no",
        ),
        (lambda: kinetics_preset("microdisk_shells", quantum_yield=1.1), "quantum_yield"),
        (lambda: kinetics_preset("microdisk_shells", quantum_yield=0.0), "quantum_yield"),
        (lambda: kinetics_preset("microdisk_shells", auger_lifetime_ns=-1.0), "auger_lifetime_ns"),
        (lambda: kinetics_preset("microdisk_shells", auger_scaling="odd"), "auger_scaling"),
        (lambda: kinetics_preset("microdisk_shells", max_excitons=0), "max_excitons"),
        (lambda: GaussianPulse(fwhm_ns=-1.0), "fwhm_ns"),
        (lambda: GaussianPulse(fwhm_ns=0.0), "fwhm_ns"),
        (lambda: ContinuousPump(period_ns=0.0), "period_ns"),
        (lambda: RectangularPulse(fwhm_ns=1.0, edge_ns=2.0), "edge_ns: .* got 2"),
        (lambda: TabulatedPulse(time_ns=(0, 1), power=(0, 0)), "power"),
        (lambda: TabulatedPulse(time_ns=(1, 0), power=(1, 1)), "time_ns must increase"),
        (lambda: TabulatedPulse(time_ns=(0, 1), power=(1, -1)), "power"),
    ],
)
def test_fields(build: Callable[[], object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        build()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: kinetics_preset("gold"), "kinetics: must be one of .* got 'gold'"),
        (
            lambda: ExcitonKinetics.from_yield_ratio(yield_ratio=1.0, auger_lifetime_ns=22.0),
            "yield_ratio: .* got 1",
        ),
        (
            lambda: ExcitonKinetics.from_yield_ratio(yield_ratio=0.5, auger_lifetime_ns=-2.0),
            "auger_lifetime_ns: .* got -2",
        ),
        (
            lambda: ExcitonKinetics.from_lifetimes(
                exciton_lifetime_ns=20.0, biexciton_lifetime_ns=6.0
            ),
            "biexciton_lifetime_ns: must be at most 5, .* got 6",
        ),
        (
            lambda: ExcitonKinetics.from_lifetimes(
                exciton_lifetime_ns=20.0, biexciton_lifetime_ns=1.0, quantum_yield=1.5
            ),
            "quantum_yield: .* got 1.5",
        ),
        (lambda: SHELLS.cw_populations(-1.0), "excitation_per_ns: .* got -1"),
        (lambda: PULSE.excitation_per_ns(0.0, photons=3), "photons: must be 1 or 2 .* got 3"),
        (lambda: evolve_populations(SHELLS, PULSE, -1.0), "absorbed_photons: .* got -1"),
        (lambda: evolve_populations(SHELLS, PULSE, 1.0, times_ns=[1, 0]), "times_ns: .* increase"),
        (lambda: evolve_populations(SHELLS, PULSE, 1.0, times_ns=[-9, 0]), "times_ns: .* -3 ns"),
        (lambda: evolve_populations(SHELLS, PULSE, 1.0, duration_ns=-1), "duration_ns: .* got -1"),
        (lambda: evolve_populations(SHELLS, PULSE, 1.0, initial=[1, 0]), "initial: .* 9 popul"),
        (lambda: ladder_cross_sections(quantum_shells(), 0.65, 1), "states: .* got 1"),
        (lambda: laser(spontaneous=0.0), r"spontaneous: must lie in \(0, 1\], got 0"),
        (lambda: laser(spontaneous=1.5), "spontaneous: .* got 1.5"),
        (lambda: laser(spontaneous="Einstein"), "spontaneous: .* got 'Einstein'"),
        (lambda: laser(spontaneous="einstein"), "nanocrystals: must be given .* got None"),
        (lambda: laser(nanocrystals=-1.0), "nanocrystals: must be > 0, got -1"),
        (lambda: MODEL.einstein_factor(), "nanocrystals: must be given"),
        (lambda: fuchtbauer_ladenburg_cross_section_cm2(0.65, 29.0, 0.0, 1.6), "lifetime.* got 0"),
        (lambda: net_gain_threshold(MODEL, PULSE, search=(2.0, 1.0)), r"search: .*\(2, 1\)"),
        (lambda: net_gain_threshold(MODEL, PULSE, photons=0), "photons: .* got 0"),
        (lambda: run_lasers(MODEL, PULSE, [-1.0]), "absorbed_photons: must be >= 0"),
        (lambda: run_lasers([MODEL] * 2, PULSE, [1.0] * 3), "models: .* 3 runs, got 2"),
        (lambda: run_lasers(MODEL, PULSE, [1.0], method="Euler"), "method: .* got 'Euler'"),  # type: ignore[arg-type]
        (lambda: run_lasers(MODEL, PULSE, [1.0], duration_ns=0.0), "duration_ns: .* got 0"),
        (lambda: run_lasers(MODEL, ContinuousPump(period_ns=1.0), [1.0]), "use steady_laser"),
        (
            lambda: run_lasers(
                [MODEL, laser(kinetics=kinetics_preset("microdisk_shells", max_excitons=3))],
                PULSE,
                [1.0, 1.0],
            ),
            "models: must have as many modes, groups and states",
        ),
        (lambda: simulate_laser(MODEL, PULSE, -2.0), "absorbed_photons: .* got -2"),
        (lambda: simulate_laser(MODEL, PULSE, 1.0, times_ns=[-99.0]), "times_ns: .* -3 ns"),
        (lambda: light_light(MODEL, PULSE, [1.0, 2.0]), "absorbed_photons: .* four increasing"),
        (lambda: light_light(MODEL, PULSE, [0.0, 1, 2, 3]), "absorbed_photons: .*> 0"),
        (lambda: steady_laser(MODEL, [0.0]), "absorbed_photons: must be > 0"),
        (
            lambda: LaserModes.explicit([0.65], quality_factor=-5.0, figure_of_merit=1.0),
            "quality_factor: must be > 0",
        ),
        (
            lambda: LaserModes.explicit([0.65], quality_factor=np.inf, figure_of_merit=1.0),
            "quality_factor: must be finite",
        ),
        (
            lambda: LaserModes.explicit([0.65], quality_factor=5.0, figure_of_merit=-1.0),
            "figure_of_merit: must be >= 0, got -1",
        ),
        (
            lambda: LaserModes.explicit([0.65], quality_factor=5.0),
            "figure_of_merit, medium: .* got neither",
        ),
        (
            lambda: LaserModes.explicit(
                [0.65], quality_factor=5.0, medium=quantum_shells(), confinement=1.2
            ),
            "confinement: .* 1.2",
        ),
        (lambda: MODES.with_profile([[1.0]]), r"profile: must be of shape \(groups, 2\)"),
        (lambda: MODES.with_profile([[1.0, 0.0]]), "profile, pump_profile: .* > 0 somewhere"),
        (lambda: MODES.with_profile([[1, -1], [1, 5]]), "profile: must be >= 0"),
        (
            lambda: MODES.with_profile(np.ones((2, 2)), group_fraction=[1, 0]),
            "group_fraction: .* drop empty groups",
        ),
    ],
)
def test_arguments(call: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_spectra_need_positive_widths() -> None:
    curve = light_light(MODEL, InstantPulse(), [0.1, 0.2, 0.3, 0.4])
    for bad in ({"linewidth_nm": 0.0}, {"instrument_nm": -1.0}, {"background_share": -0.1}):
        with pytest.raises(ValueError, match="must be"):
            output_spectra(curve, [0.66], **bad)
