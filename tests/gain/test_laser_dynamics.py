"""Coupled rate equations: Jacobian, two integrators, balance, closed forms, limits."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from gain import (
    ContinuousPump,
    ExcitonKinetics,
    GaussianPulse,
    InstantPulse,
    LaserModel,
    LaserModes,
    RectangularPulse,
    kinetics_preset,
    light_light,
    net_gain_threshold,
    quantum_shells,
    run_lasers,
    simulate_laser,
)
from gain.pulse_shape import PulseShape
from gain.rate_equations import RateEquations

SHELLS = kinetics_preset("microdisk_shells")


def model(count: int = 9, merit: float = 50.0, **fields: object) -> LaserModel:
    modes = LaserModes.comb(
        0.654, spacing_nm=4.05, count=count, quality_factor=6000, figure_of_merit=merit
    )
    arguments = {"medium": quantum_shells(), "kinetics": SHELLS, "modes": modes, **fields}
    return LaserModel(**arguments)  # type: ignore[arg-type]


def burnt(base: LaserModel, groups: int = 3) -> LaserModel:
    """Groups of unequal size, pump and light."""
    rng = np.random.default_rng(3)
    modes = base.modes.with_profile(
        rng.uniform(0.1, 2, (groups, len(base.modes.labels))),
        group_fraction=rng.uniform(0.5, 1, groups),
        pump_profile=rng.uniform(0.5, 1.5, groups),
    )
    return dataclasses.replace(base, modes=modes)


@pytest.mark.parametrize("spontaneous", [1e-3, "einstein"])
def test_jacobian_is_the_derivative_of_the_rates(spontaneous: float | str) -> None:
    laser = burnt(model(count=4, spontaneous=spontaneous, nanocrystals=1e5,
                        medium=quantum_shells(background=0.02)))  # fmt: skip
    equations = RateEquations.of(laser)
    rng = np.random.default_rng(1)
    y = np.zeros((2, equations.size))
    y[:, : equations.unknowns] = rng.random((2, equations.unknowns))
    pump = np.array([0.3, 5.0])
    blocks = equations.jacobian(pump, y)
    split, states = equations.photons.start, equations.states
    dense = np.zeros((2, equations.unknowns, equations.unknowns))
    for g in range(equations.groups):
        place = slice(g * states, (g + 1) * states)
        dense[:, place, place] = blocks.ladder[:, g]
        dense[:, place, split:] = blocks.by_photons[:, g]
        dense[:, split:, place] = blocks.by_populations[:, :, g]
    i = np.arange(split, equations.unknowns)
    dense[:, i, i] = blocks.net_gain
    eye = np.eye(equations.unknowns)
    for j in range(equations.unknowns):
        step = np.zeros_like(y)
        step[:, j] = 1e-3  # the rates are quadratic: central differences are exact
        slope = (equations.rates(pump, y + step) - equations.rates(pump, y - step)) / 2e-3
        scale = np.abs(dense).max()
        np.testing.assert_allclose(slope[:, : len(eye)], dense[:, :, j], atol=1e-9 * scale)
        carried = equations.integrals_of(pump, np.tile(eye[j], (2, 1)))
        np.testing.assert_allclose(slope[:, len(eye) :], carried, atol=1e-6)


@pytest.mark.parametrize(
    "pulse",
    [InstantPulse(), GaussianPulse(fwhm_ns=1.0), RectangularPulse(fwhm_ns=7.0, edge_ns=1.0)],
)
def test_both_integrators_agree(pulse: PulseShape) -> None:
    pumps = np.array([0.1, 0.3, 2.0])
    ours = run_lasers(burnt(model(count=5)), pulse, pumps)
    scipy = run_lasers(burnt(model(count=5)), pulse, pumps, method="LSODA", rtol=1e-6)
    np.testing.assert_allclose(ours.emitted.sum(axis=1), scipy.emitted.sum(axis=1), rtol=1e-4)
    np.testing.assert_allclose(ours.emitted, scipy.emitted, rtol=1e-3, atol=1e-9)
    np.testing.assert_allclose(ours.state_time_ns, scipy.state_time_ns, rtol=1e-3, atol=1e-6)


def test_tighter_tolerances_converge() -> None:
    runs = [
        run_lasers(
            model(count=3), InstantPulse(), [0.28, 1.0], rtol=r, duration_ns=1.0
        ).emitted.sum(axis=1)
        for r in (1e-2, 1e-4, 1e-6, 1e-8)
    ]
    errors = [np.abs(run / runs[-1] - 1).max() for run in runs[:-1]]
    assert errors[0] < 1e-2
    assert errors[1] < 1e-4
    assert errors[2] < 1e-6


@pytest.mark.parametrize(("spontaneous", "groups"), [(1e-2, 1), (1e-5, 3), ("einstein", 3)])
def test_excitons_in_are_excitons_out_and_photons(spontaneous: float | str, groups: int) -> None:
    """The requirement is 0.1 %; the integrals are linear, so it holds to rounding."""
    laser = model(
        count=4, spontaneous=spontaneous, nanocrystals=1e6, medium=quantum_shells(background=0.01)
    )
    laser = burnt(laser, groups) if groups > 1 else laser
    pumps = np.array([0.1, 0.5, 8.0])
    for pulse in (InstantPulse(), GaussianPulse(fwhm_ns=1.0)):
        runs = run_lasers(laser, pulse, pumps)
        assert runs.balance_error().max() < 1e-9
        assert (runs.background > 0).all()
    trace = simulate_laser(laser, GaussianPulse(fwhm_ns=1.0), 0.5)
    assert trace.balance_error() < 1e-9


def test_balance_by_quadrature_of_the_trace() -> None:
    """Nothing of the integrals used: photons and decays summed from the samples."""
    laser = model(count=3)
    times = np.unique(np.concatenate([np.linspace(-3, 8, 20_001), np.linspace(8, 150, 3000)]))
    trace = simulate_laser(laser, GaussianPulse(fwhm_ns=1.0), 0.5, times_ns=times, rtol=1e-7)
    decay = trace.mean_populations @ SHELLS.decay_rates_per_ns()
    into_modes = (trace.mean_populations @ laser.spontaneous_per_ns().T).sum(axis=1)
    photons = np.trapezoid(trace.output_per_ns.sum(axis=1), times)
    lost = np.trapezoid(decay - into_modes, times)
    pumped = 0.5 * np.trapezoid(
        GaussianPulse(fwhm_ns=1.0).flux_per_ns(times) * (1 - trace.mean_populations[:, -1]), times
    )
    total = photons + lost + trace.mean_excitons[-1] + trace.photons[-1].sum()
    assert total == pytest.approx(pumped, rel=1e-3)


def test_without_light_the_populations_are_those_of_the_ladder() -> None:
    """K -> 0: no stimulated transitions; the pump acts alone."""
    from gain import evolve_populations

    times = [0.0, 1.0, 10.0]
    laser = model(merit=1e-9)
    trace = simulate_laser(laser, GaussianPulse(fwhm_ns=1.0), 3.0, times_ns=times)
    alone = evolve_populations(SHELLS, GaussianPulse(fwhm_ns=1.0), 3.0, times_ns=times)
    np.testing.assert_allclose(trace.mean_populations, alone.populations, atol=2e-6)


def test_photons_decay_with_the_cavity_lifetime() -> None:
    """Far red of all lines the mode is empty but for its decay: kappa = omega/Q."""
    modes = LaserModes.explicit([0.666], quality_factor=6000, figure_of_merit=50)
    assert modes.photon_lifetime_ps[0] == pytest.approx(0.666 * 6000 / (2 * np.pi * 299.792458))
    assert modes.linewidth_nm[0] == pytest.approx(0.111)


@pytest.mark.parametrize("beta", [1e-2, 1e-3, 1e-5])
def test_steepest_rise_of_the_full_model_is_the_net_gain_threshold(beta: float) -> None:
    """The prototype found 0.280 for beta = 1e-5 to 1e-2."""
    curve = light_light(model(spontaneous=beta), InstantPulse(), np.geomspace(0.15, 0.6, 30))
    assert curve.slope_threshold == pytest.approx(curve.net_gain_threshold, rel=1e-2)
    assert curve.slope_threshold == pytest.approx(0.280, rel=1.5e-2)


def test_short_pulse_and_small_beta_reduce_to_the_static_threshold() -> None:
    laser = model(spontaneous=1e-7, count=12)
    curve = light_light(laser, GaussianPulse(fwhm_ns=1e-3), np.geomspace(0.2, 0.4, 30))
    assert curve.slope_threshold == pytest.approx(0.2774, rel=1e-2)


def test_linear_extrapolation_moves_with_its_range() -> None:
    from gain import linear_threshold

    curve = light_light(model(), InstantPulse(), np.geomspace(0.1, 3.0, 60))
    n, out, start = curve.absorbed_photons, curve.output, curve.net_gain_threshold
    found = [linear_threshold(n, out, fit=(a * start, b * start)) for a, b in ((1.2, 2), (2, 5))]
    assert found[0] == curve.linear_threshold
    assert found[0] < 0.9 * start
    assert found[1] > 1.3 * start


def test_modes_of_equal_quality_argmax_lases() -> None:
    laser = model(count=12)
    first = net_gain_threshold(laser, InstantPulse())
    just_above = run_lasers(laser, InstantPulse(), [1.05 * first.absorbed_photons])
    assert int(just_above.emitted.argmax()) == first.mode


def test_models_side_by_side_are_the_models_alone() -> None:
    fast = kinetics_preset("microdisk_shells", auger_lifetime_ns=0.5)
    lasers = [model(), model(merit=20.0), model(kinetics=fast, spontaneous=1e-2)]
    pumps = [1.0, 2.0, 3.0]
    together = run_lasers(lasers, GaussianPulse(fwhm_ns=1.0), pumps)
    for i, (laser, n) in enumerate(zip(lasers, pumps, strict=True)):
        alone = run_lasers(laser, GaussianPulse(fwhm_ns=1.0), [n])
        np.testing.assert_allclose(together.emitted[i], alone.emitted[0], rtol=1e-3, atol=1e-9)
        assert together.decayed()[i] == pytest.approx(alone.decayed()[0], rel=1e-3)


def test_blocks_of_a_long_batch_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    from gain import laser_batch

    lasers = [model(count=3, merit=k) for k in (20.0, 40.0, 60.0)]
    whole = run_lasers(lasers, InstantPulse(), [1.0, 2.0, 3.0], duration_ns=5.0).emitted
    monkeypatch.setattr(laser_batch, "_BLOCK", 2)
    parts = run_lasers(lasers, InstantPulse(), [1.0, 2.0, 3.0], duration_ns=5.0).emitted
    np.testing.assert_allclose(parts, whole, rtol=1e-4, atol=1e-9)


def test_two_photons_act_like_a_shorter_pulse() -> None:
    two = run_lasers(model(count=3), GaussianPulse(fwhm_ns=1.0), [0.6], photons=2)
    one = run_lasers(model(count=3), GaussianPulse(fwhm_ns=0.5**0.5), [0.6])
    np.testing.assert_allclose(two.emitted, one.emitted, rtol=1e-3, atol=1e-9)


def test_full_nanocrystals_block_the_pump() -> None:
    runs = run_lasers(model(count=3), InstantPulse(), [0.0, 0.5, 20.0], duration_ns=5.0)
    assert runs.blocked[0] == 0
    assert runs.blocked[1] < 1e-6
    assert runs.blocked[2] == pytest.approx(12 / 20, abs=0.01)  # eight of twenty find room


def test_equal_groups_are_one_group() -> None:
    one = model()
    same = dataclasses.replace(one, modes=one.modes.with_profile(np.ones((3, 9))))
    pulse, pumps = GaussianPulse(fwhm_ns=1.0), [0.5, 3.0]
    first, second = (run_lasers(laser, pulse, pumps).emitted for laser in (one, same))
    np.testing.assert_allclose(first, second, rtol=1e-4, atol=1e-9)


def test_hole_burning_lets_a_second_mode_lase() -> None:
    """Two modes in separate halves do not compete; in the same half the weaker stays dark."""
    modes = LaserModes.explicit([0.6662, 0.6621], quality_factor=6000, figure_of_merit=[50, 50])
    base = model(modes=modes)
    apart = modes.with_profile([[1, 0], [0, 1]])
    pulse = RectangularPulse(fwhm_ns=10.0)
    together = run_lasers(base, pulse, [0.8]).emitted[0]
    split = run_lasers(dataclasses.replace(base, modes=apart), pulse, [0.8]).emitted[0]
    assert together.min() < 0.02 * together.max()
    assert split.min() > 0.5 * split.max()


def test_fuchtbauer_ladenburg_ratio() -> None:
    """tau 20, 40, 66 ns: 1.6e-16, 8.1e-17, 4.9e-17 cm^2, 11 to 100 below sigma_0/2."""
    for tau, expected in ((20.0, 1.6e-16), (40.0, 8.1e-17), (66.0, 4.9e-17)):
        kinetics = ExcitonKinetics(radiative_lifetime_ns=tau, auger_lifetime_ns=None)
        for sigma in (3.7e-15, 1e-14):
            laser = model(kinetics=kinetics, medium=quantum_shells(cross_section_cm2=sigma))
            ratio = laser.fuchtbauer_ladenburg_ratio(index=1.6)
            assert ratio * sigma / 2 == pytest.approx(expected, rel=2e-2)
            assert 1 / 105 < ratio < 1 / 11


def test_einstein_emission_smears_the_threshold() -> None:
    """beta of order 0.3: slope 2 instead of 7."""
    laser = model(spontaneous="einstein", nanocrystals=8e5)
    assert laser.einstein_factor()[4] == pytest.approx(0.3, abs=0.02)
    pumps = np.geomspace(0.05, 2, 25)
    smooth = light_light(laser, InstantPulse(), pumps).slope.max()
    sharp = light_light(model(spontaneous=1e-3), InstantPulse(), pumps).slope.max()
    assert smooth < 0.35 * sharp


def test_continuous_pump_in_time_settles() -> None:
    trace = simulate_laser(model(), ContinuousPump(period_ns=20.0), 0.5, duration_ns=150.0)
    lasing = int(trace.net_gain[-1].argmax())
    assert lasing == trace.brightest
    seeds = trace.mean_populations[-1] @ trace.model.spontaneous_per_ns()[lasing]
    expected = -seeds / trace.output_per_ns[-1, lasing]  # spontaneous photons make up the rest
    assert trace.net_gain[-1, lasing] == pytest.approx(expected, rel=1e-2)
    assert trace.net_gain.max() > 0.01  # it overshoots first
    assert trace.output_fwhm_ns() < 5.0  # the first spike
