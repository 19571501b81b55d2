"""Free spectral ranges against combs whose group index is known in closed form."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvers.free_spectral_range import (
    free_spectral_range,
    mode_families,
    ring_free_spectral_range,
)
from solvers.modes import Mode, ModeSet


def ring_mode(m: int, *, radius: float, index: float, slope: float = 0.0, **labels: object) -> Mode:
    """The mode k n(k) R = m of a ring with n(k) = index + slope k.

    The root is written without the cancellation of -index + sqrt(...), whose error the
    difference of neighbouring orders would magnify about m times.
    """
    optical = m / radius
    k = 2 * optical / (index + np.sqrt(index**2 + 4 * slope * optical))
    return Mode(wavenumber=k, azimuthal_order=m, **labels)  # type: ignore[arg-type]


@given(
    radius=st.floats(2, 30),
    index=st.floats(1.3, 3.5),
    slope=st.floats(1e-4, 0.02),
    first=st.integers(20, 150),
)
def test_group_index_of_a_dispersive_ring(
    radius: float, index: float, slope: float, first: int
) -> None:
    """n_g = d(k n)/dk = index + 2 slope k, exact at the mean wavenumber of a pair.

    The difference quotient of a quadratic is its derivative at the midpoint. Rounding:
    about m eps = 150 x 2e-16, so 1e-11 leaves a wide margin.
    """
    modes = [ring_mode(m, radius=radius, index=index, slope=slope) for m in range(first, first + 4)]
    (family,) = free_spectral_range(ModeSet(modes=tuple(modes)))
    k = np.array([mode.wavenumber.real for mode in modes])
    middle = (k[1:] + k[:-1]) / 2
    np.testing.assert_allclose(
        family.group_index(2 * radius), index + 2 * slope * middle, rtol=1e-11
    )
    np.testing.assert_array_equal(family.azimuthal_order, range(first, first + 3))


def test_the_ring_formula_is_exact_without_dispersion() -> None:
    modes = ModeSet(modes=tuple(ring_mode(m, radius=10, index=1.6) for m in range(140, 150)))
    (family,) = free_spectral_range(modes)
    ring = ring_free_spectral_range(family.wavelength, diameter=20, group_index=1.6)
    np.testing.assert_allclose(family.spacing, ring, rtol=1e-11)
    differences = -np.diff([mode.wavelength for mode in modes])
    np.testing.assert_allclose(family.spacing, differences, rtol=1e-12)


@pytest.mark.parametrize("m", [20, 150])
def test_the_derivative_at_a_mode_exceeds_the_spacing_by_one_over_m(m: int) -> None:
    """k n R = m: lambda_m^2/(2 pi) dk/dm over lambda_m - lambda_(m+1) is (m + 1)/m."""
    radius, index = 10.0, 1.6
    pair = tuple(ring_mode(order, radius=radius, index=index) for order in (m, m + 1))
    (family,) = free_spectral_range(ModeSet(modes=pair))
    derivative = pair[0].wavelength ** 2 / (2 * np.pi) / (index * radius)
    np.testing.assert_allclose(derivative / family.spacing, 1 + 1 / m, rtol=1e-11)


def test_families_do_not_mix_and_gaps_make_no_pairs() -> None:
    modes = [
        *(
            ring_mode(m, radius=10, index=1.6, polarization="TE", radial_order=1)
            for m in (7, 8, 10)
        ),
        *(ring_mode(m, radius=10, index=1.5, polarization="TE", radial_order=2) for m in (5, 6)),
        *(ring_mode(m, radius=10, index=1.4, polarization="TM", radial_order=1) for m in (5, 7)),
        Mode(wavenumber=3.0),
    ]
    modes.reverse()
    first, second = free_spectral_range(ModeSet(modes=tuple(modes)))
    assert (first.label, second.label) == ("TE (1)", "TE (2)")
    assert first.azimuthal_order.tolist() == [7]
    assert second.azimuthal_order.tolist() == [5]
    np.testing.assert_allclose(first.group_index(20.0), 1.6)
    np.testing.assert_allclose(second.group_index(20.0), 1.5)
    families = mode_families(ModeSet(modes=tuple(modes)))
    assert list(families) == [("TE", 1, None), ("TE", 2, None), ("TM", 1, None)]
    assert [mode.azimuthal_order for mode in families["TE", 1, None]] == [7, 8, 10]


def test_doubled_labels_are_left_out_and_reported() -> None:
    modes = [ring_mode(m, radius=10, index=1.6) for m in (7, 8, 9, 10)]
    modes.append(ring_mode(8, radius=10, index=1.5))
    (family,) = free_spectral_range(ModeSet(modes=tuple(modes)))
    assert family.azimuthal_order.tolist() == [9]
    assert family.ambiguous_orders == (8,)
    (empty,) = free_spectral_range(ModeSet(modes=(modes[0], modes[1], modes[4])))
    assert empty.spacing.shape == (0,)
    assert empty.ambiguous_orders == (8,)


def test_no_modes_no_families() -> None:
    assert free_spectral_range(ModeSet(modes=())) == ()


@pytest.mark.parametrize(
    ("diameter", "group_index", "name"), [(0, 1.5, "diameter"), (20, -1, "group_index")]
)
def test_impossible_rings_are_errors(diameter: float, group_index: float, name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name}: must be > 0"):
        ring_free_spectral_range(0.6, diameter=diameter, group_index=group_index)
