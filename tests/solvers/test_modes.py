"""The conventions of Mode and ModeSet: signs, units, labels, order, choice, union."""

import copy
import functools
import math
import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvers.modes import Mode, ModeSet

POSITIVE = st.floats(1e-3, 1e3)


def whisper(m: int, *, quality: float = 1e5, polarization: str = "TE", radial: int = 1) -> Mode:
    real = 0.13 * m + 0.5 * radial + (0.01 if polarization == "TM" else 0)
    return Mode(
        wavenumber=complex(real, 0 if math.isinf(quality) else -real / (2 * quality)),
        polarization=polarization,
        azimuthal_order=m,
        radial_order=radial,
        axial_order=0,
    )


def set_of(*modes: Mode) -> ModeSet:
    return ModeSet(modes=modes, cavity={"radius": 10.0}, window=(0.6, 0.68))


# Conventions


@given(POSITIVE)
def test_wavelength_is_two_pi_over_the_real_wavenumber(wavelength: float) -> None:
    mode = Mode(wavenumber=complex(2 * np.pi / wavelength, -0.1))
    assert mode.wavelength == pytest.approx(wavelength, rel=1e-14)


def test_decay_in_time_gives_positive_q_equal_to_the_energy_lifetime() -> None:
    """exp(-i omega t) with Im omega < 0: |E|^2 falls by exp(-omega_r t / Q) (c = 1)."""
    mode = Mode(wavenumber=10 - 0.01j)
    time = 3.0
    energy = abs(np.exp(-1j * mode.wavenumber * time)) ** 2
    assert mode.quality_factor > 0
    assert energy == pytest.approx(np.exp(-mode.wavenumber.real * time / mode.quality_factor))


def test_gain_gives_negative_q_and_no_loss_gives_infinite_q() -> None:
    assert Mode(wavenumber=10 + 0.01j).quality_factor == pytest.approx(-500)
    assert Mode(wavenumber=10).quality_factor == math.inf
    assert Mode(wavenumber=complex(10, -0.0)).quality_factor == math.inf


@pytest.mark.parametrize("wavenumber", [0, -3, 1j, math.nan, math.inf, complex(1, math.nan)])
def test_impossible_wavenumbers_are_errors(wavenumber: complex) -> None:
    with pytest.raises(ValueError, match=r"^wavenumber: must be finite .* got .*; give"):
        Mode(wavenumber=wavenumber)


def test_label() -> None:
    assert whisper(75).label == "TE m=75 (1, 0)"
    assert Mode(wavenumber=1, azimuthal_order=0).label == "hybrid m=0"
    assert Mode(wavenumber=1, polarization="TM", radial_order=2).label == "TM (2)"


def test_repr_is_one_readable_line() -> None:
    mode = Mode(wavenumber=10 - 5e-5j, polarization="TM", azimuthal_order=75, method="fem")
    assert repr(mode) == "Mode(TM m=75, 0.6283185 um, Q=1e+05, fem)"
    modes = ModeSet(modes=tuple(whisper(m) for m in range(2000)))
    assert len(repr(modes)) < 120
    assert "2000 modes" in repr(modes)
    assert repr(ModeSet(modes=(), window=(0.6, 0.7))) == "ModeSet(0 modes, searched 0.6-0.7 um)"


def test_numpy_values_become_plain_ones() -> None:
    mode = Mode(
        wavenumber=np.complex128(10 - 1j),
        azimuthal_order=np.int64(7),  # type: ignore[arg-type]
        confinement={"gain": np.float64(0.1)},
    )
    assert type(mode.wavenumber) is complex
    assert type(mode.azimuthal_order) is int
    assert type(mode.confinement["gain"]) is float
    with pytest.raises(TypeError):
        Mode(wavenumber=1, azimuthal_order=7.5)  # type: ignore[arg-type]


def test_a_mode_cannot_be_changed() -> None:
    mode = Mode(wavenumber=10, confinement={"gain": 0.1})
    with pytest.raises(AttributeError):
        mode.wavenumber = 3  # type: ignore[misc]
    with pytest.raises(TypeError):
        mode.confinement["gain"] = 1.0  # type: ignore[index]


def test_pickle_keeps_everything_and_the_field() -> None:
    sampler = functools.partial(np.full_like, fill_value=1.0)  # found by name when unpickled
    mode = Mode(
        wavenumber=10 - 1j,
        confinement={"gain": 0.1},
        sampler=sampler,
    )
    assert copy.copy(mode) is mode
    assert copy.deepcopy(mode) is mode
    modes = ModeSet(modes=(mode,), settings={"order": 4})
    again = pickle.loads(pickle.dumps(modes))
    assert again[0].wavenumber == mode.wavenumber
    assert dict(again[0].confinement) == {"gain": 0.1}
    assert isinstance(again[0].sampler, functools.partial)
    assert again[0].sampler.func is np.full_like
    assert dict(again.settings) == {"order": 4}


def test_a_sampler_that_cannot_travel_is_an_error_not_a_loss() -> None:
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(Mode(wavenumber=10, sampler=lambda r, z: {}))


def test_importing_the_result_types_is_light() -> None:
    heavy = "{'xarray', 'pandas', 'matplotlib', 'h5py', 'scipy', 'ngsolve', 'pydantic'}"
    code = f"import sys, solvers.modes; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# Loss bookkeeping


@given(st.lists(st.floats(1e2, 1e12), min_size=1, max_size=5))
def test_parallel_losses_balance(parts: list[float]) -> None:
    loss = math.fsum(1 / part for part in parts)
    channels = {f"absorption:{i}": part for i, part in enumerate(parts)}
    mode = Mode(wavenumber=complex(10, -10 * loss / 2), quality_factors=channels)
    assert mode.quality_factor_balance() < 1e-12


def test_missing_losses_show_in_the_balance() -> None:
    """Q = 1e4 with one listed channel of 2e4: half of the loss is missing."""
    mode = Mode(wavenumber=10 - 5e-4j, quality_factors={"radiation": 2e4})
    assert mode.quality_factor_balance() == pytest.approx(0.5)


def test_balance_without_loss_or_channels() -> None:
    assert math.isnan(Mode(wavenumber=10).quality_factor_balance())
    lossless = Mode(wavenumber=10, quality_factors={"radiation": math.inf})
    assert lossless.quality_factor_balance() == 0
    wrong = Mode(wavenumber=10, quality_factors={"radiation": 1e6})
    assert wrong.quality_factor_balance() == math.inf
    with pytest.raises(ValueError, match=r"quality_factors: .* got 0 for 'radiation'"):
        Mode(wavenumber=10, quality_factors={"radiation": 0.0})


# Sequences


def test_slices_are_mode_sets_that_keep_their_provenance() -> None:
    modes = set_of(whisper(75), whisper(76), whisper(77))
    assert modes[1] is modes.modes[1]
    assert [mode.azimuthal_order for mode in modes[::-1]] == [77, 76, 75]
    assert modes[:2].cavity == modes.cavity
    assert modes[:2].window == (0.6, 0.68)
    assert modes[-1] in modes
    with pytest.raises(IndexError):
        modes[3]


def test_wrong_members_and_windows_are_errors() -> None:
    with pytest.raises(TypeError, match=r"modes: must hold Mode objects, got float"):
        ModeSet(modes=(1.0,))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"window: must be \(low, high\)"):
        ModeSet(modes=(), window=(0.7, 0.6))


# Choice


def test_select_combines_conditions() -> None:
    modes = set_of(
        *(whisper(m, polarization=p, quality=10**q) for m in (75, 76) for p in ("TE", "TM")
          for q in (3, 5))
    )  # fmt: skip
    chosen = modes.select(polarization="TM", azimuthal_order=76, min_quality_factor=1e4)
    assert [mode.label for mode in chosen] == ["TM m=76 (1, 0)"]
    assert chosen[0].quality_factor == pytest.approx(1e5)
    assert chosen.window == modes.window
    assert len(modes.select()) == len(modes)
    assert len(modes.select(azimuthal_order=range(70, 76))) == 4
    assert len(modes.select(azimuthal_order=[75, 76], polarization=["TE", "TM"])) == 8
    assert len(modes.select(radial_order=2)) == 0
    wavelength = modes[0].wavelength
    assert {m.label for m in modes.select(wavelength=(wavelength, wavelength))} == {
        "TE m=75 (1, 0)"
    }


@given(st.floats(1, 1e12))
def test_a_mode_has_at_least_its_own_quality(quality: float) -> None:
    mode = whisper(75, quality=quality)
    assert len(set_of(mode).select(min_quality_factor=mode.quality_factor)) == 1
    assert len(set_of(mode).select(min_quality_factor=1.0001 * mode.quality_factor)) == 0


def test_lossless_and_amplified_modes_pass_every_quality_floor() -> None:
    modes = set_of(whisper(75, quality=math.inf), whisper(76, quality=-1e3), whisper(77))
    kept = modes.select(min_quality_factor=1e9)
    assert [mode.azimuthal_order for mode in kept] == [75, 76]


def test_impossible_selections_are_errors() -> None:
    modes = set_of(whisper(75))
    with pytest.raises(ValueError, match=r"polarization: must be among .*'TE'.* got \['te'\]"):
        modes.select(polarization="te")
    with pytest.raises(ValueError, match=r"min_quality_factor: must be > 0, got -1"):
        modes.select(min_quality_factor=-1)
    with pytest.raises(ValueError, match=r"wavelength: must be \(low, high\)"):
        modes.select(wavelength=(0.7, 0.6))
    with pytest.raises(TypeError):
        modes.select(azimuthal_order=75.5)  # type: ignore[arg-type]


# Order


def test_quality_factors_go_by_falling_loss() -> None:
    qualities = [1e5, -1e4, math.inf, 1e3, -1e7]
    modes = set_of(*(whisper(70 + i, quality=q) for i, q in enumerate(qualities)))
    rising = [mode.quality_factor for mode in modes.sorted_by("quality_factor")]
    assert rising == pytest.approx([1e3, 1e5, math.inf, -1e7, -1e4])
    falling = [mode.quality_factor for mode in modes.sorted_by("quality_factor", reverse=True)]
    assert falling == rising[::-1]


@given(st.permutations(range(6)), st.booleans())
def test_sorting_by_order_and_by_wavelength_agree_for_one_family(
    order: list[int], reverse: bool
) -> None:
    """Within a family the wavelength falls as m rises."""
    modes = set_of(*(whisper(70 + i) for i in order))
    by_order = modes.sorted_by("azimuthal_order", reverse=reverse)
    by_wavelength = modes.sorted_by("wavelength", reverse=not reverse)
    assert by_order.modes == by_wavelength.modes
    assert set(by_order) == set(modes)


def test_modes_without_the_property_come_last() -> None:
    full = Mode(wavenumber=1, confinement={"gain": 0.2}, mode_volume=3.0, azimuthal_order=1)
    more = Mode(wavenumber=1, confinement={"gain": 0.4}, mode_volume=1.0, azimuthal_order=2)
    bare = Mode(wavenumber=1)
    modes = set_of(bare, full, more)
    assert modes.sorted_by("confinement:gain").modes == (full, more, bare)
    assert modes.sorted_by("confinement:gain", reverse=True).modes == (more, full, bare)
    assert modes.sorted_by("mode_volume").modes == (more, full, bare)
    assert modes.sorted_by("free_spectral_range").modes == (bare, full, more)
    assert modes.sorted_by("azimuthal_order").modes == (full, more, bare)


@pytest.mark.parametrize("key", ["q", "confinement", "confinement:", "settings", "label:x"])
def test_unknown_sort_keys_list_the_valid_ones(key: str) -> None:
    with pytest.raises(ValueError, match=r"key: must be one of wavelength, quality_factor"):
        set_of(whisper(75)).sorted_by(key)


# Union


def test_merging_a_set_with_itself_changes_nothing() -> None:
    twins = (whisper(75), whisper(75))  # a degenerate pair within one set stays a pair
    modes = set_of(*twins, whisper(76)).sorted_by("wavelength")
    merged = modes.merged(modes)
    assert merged.modes == modes.modes
    assert merged.window == modes.window
    assert merged.cavity == modes.cavity


def test_merging_drops_near_duplicates_only() -> None:
    mode = whisper(75)
    nearly = Mode(
        wavenumber=mode.wavenumber * (1 + 1e-8),
        polarization="TE",
        azimuthal_order=75,
        radial_order=1,
        axial_order=0,
    )
    other_family = whisper(75, radial=2)
    merged = set_of(mode).merged(set_of(nearly, other_family))
    assert set(merged) == {mode, other_family}
    assert len(set_of(mode).merged(set_of(nearly), tolerance=1e-9)) == 2
    assert merged.modes == merged.sorted_by("wavelength").modes


def test_one_mode_stands_for_one_duplicate_only() -> None:
    """The second search resolved a degenerate pair of which the first had found one."""
    assert len(set_of(whisper(75)).merged(set_of(whisper(75), whisper(75)))) == 2


def test_merged_windows_settings_and_provenance() -> None:
    def searched(low: float, high: float, order: int) -> ModeSet:
        return ModeSet(modes=(), window=(low, high), settings={"order": order})

    joint = searched(0.60, 0.65, 4).merged(searched(0.64, 0.68, 4))
    assert joint.window == (0.60, 0.68)
    assert dict(joint.settings) == {"order": 4}
    gap = searched(0.60, 0.62, 4).merged(searched(0.64, 0.68, 5))
    assert all(math.isnan(edge) for edge in gap.window)
    assert gap.settings["merged"] == [{"order": 4}, {"order": 5}]
    for unknown in (ModeSet(modes=()).merged(joint), joint.merged(ModeSet(modes=()))):
        assert all(math.isnan(edge) for edge in unknown.window)
    third = gap.merged(searched(0.6, 0.7, 6))
    assert third.settings["merged"] == [{"order": 4}, {"order": 5}, {"order": 6}]


def test_modes_of_different_cavities_do_not_merge() -> None:
    with pytest.raises(ValueError, match=r"other: must hold modes of the same cavity"):
        set_of(whisper(75)).merged(ModeSet(modes=(whisper(76),), cavity={"radius": 5.0}))
