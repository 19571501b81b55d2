"""Families over azimuthal orders: linked by their slopes, labelled once, never confused."""

from __future__ import annotations

import math

from solvers.axisymmetric.families import link_families, with_family_labels
from solvers.modes import Mode


def ring_mode(azimuthal: int, index: float, radial: int, axial: int) -> Mode:
    """Return a mode of a ring of radius 10 um: k = m / (n R), so that dk/dm = 1/(n R)."""
    k, slope = azimuthal / (index * 10), 1 / (index * 10)
    wavelength = 2 * math.pi / k
    return Mode(
        wavenumber=k - 1e-5j,
        azimuthal_order=azimuthal,
        polarization="TE",
        radial_order=radial,
        axial_order=axial,
        free_spectral_range=wavelength**2 * slope / (2 * math.pi),
    )


def test_two_rings_are_two_families() -> None:
    modes = [ring_mode(m, n, 0, 0) for m in range(150, 158) for n in (1.50, 1.53)]
    families = link_families(modes)
    assert sorted(len(family) for family in families) == [8, 8]
    assert all(index % 2 == family[0] % 2 for family in families for index in family)


def test_a_missing_order_breaks_a_family() -> None:
    modes = [ring_mode(m, 1.5, 0, 0) for m in (150, 151, 153, 154)]
    assert sorted(len(family) for family in link_families(modes)) == [2, 2]


def test_the_majority_names_the_family_and_no_two_share_a_name() -> None:
    modes = [ring_mode(m, 1.50, 0, 3 if m == 152 else 0) for m in range(150, 158)]
    modes += [ring_mode(m, 1.53, 0, 0) for m in range(152, 156)]
    labelled = with_family_labels(modes)
    assert {(mode.radial_order, mode.axial_order) for mode in labelled[:8]} == {(0, 0)}
    assert {(mode.radial_order, mode.axial_order) for mode in labelled[8:]} == {(0, 1)}


def test_families_that_follow_each_other_keep_apart() -> None:
    # The second ring begins at the order after the last one of the first.
    modes = [ring_mode(m, 1.50, 0, 0) for m in range(150, 154)]
    modes += [ring_mode(m, 1.60, 0, 0) for m in range(154, 157)]
    labelled = with_family_labels(modes)
    assert labelled[3].axial_order != labelled[4].axial_order
