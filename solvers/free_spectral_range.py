"""Free spectral ranges: the spacing of neighbouring azimuthal orders of each mode family."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.modes import Mode, ModeSet

__all__ = ["FamilySpacing", "free_spectral_range", "mode_families", "ring_free_spectral_range"]

Family = tuple[str, int | None, int | None]


@dataclass(frozen=True, kw_only=True, eq=False)
class FamilySpacing:
    """The free spectral ranges of one family of modes.

    Attributes:
        polarization, radial_order, axial_order: what the modes of the family share.
        azimuthal_order: the lower order m of each pair (m, m + 1), integers (n,).
        wavelength: geometric mean of the pair's wavelengths (um), (n,).
        spacing: free spectral range, wavelength(m) - wavelength(m + 1) (um), (n,).
        ambiguous_orders: orders at which the family holds several modes (labels that
            are not unique); the pairs that involve them are left out.
    """

    polarization: str
    radial_order: int | None
    axial_order: int | None
    azimuthal_order: NDArray[np.int64]
    wavelength: NDArray[np.float64]
    spacing: NDArray[np.float64]
    ambiguous_orders: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """Text label such as "TE (1, 0)": the mode's label without m."""
        return family_label(self.polarization, self.radial_order, self.axial_order)

    def group_index(self, diameter: float) -> NDArray[np.float64]:
        """Return the group index (n,) of light that runs around at the given diameter (um).

        n_g = wavelength(m) wavelength(m + 1) / (pi diameter spacing), exactly 2 / (diameter
        (k(m + 1) - k(m))). Choose the rim's diameter to compare with a ring resonator.

        Raises:
            ValueError: diameter <= 0.
        """
        _check_positive("diameter", diameter)
        return self.wavelength**2 / (math.pi * diameter * self.spacing)


def family_label(polarization: str, radial_order: int | None, axial_order: int | None) -> str:
    """Return text such as "TE (1, 0)" for a family."""
    family = Mode(
        wavenumber=1, polarization=polarization, radial_order=radial_order, axial_order=axial_order
    )
    return family.label


def mode_families(modes: ModeSet) -> dict[Family, list[Mode]]:
    """Return the modes with an azimuthal order by (polarisation, radial, axial order).

    The families and the modes of each (by azimuthal order) are sorted.
    """
    families: dict[Family, list[Mode]] = {}
    for mode in modes:
        if mode.azimuthal_order is not None:
            key = (mode.polarization, mode.radial_order, mode.axial_order)
            families.setdefault(key, []).append(mode)

    def rank(family: Family) -> tuple[str, float, float]:
        name, *orders = family
        radial, axial = (math.inf if order is None else order for order in orders)
        return name, radial, axial

    return {
        family: sorted(families[family], key=lambda mode: mode.azimuthal_order or 0)
        for family in sorted(families, key=rank)
    }


def free_spectral_range(modes: ModeSet) -> tuple[FamilySpacing, ...]:
    """Return the free spectral ranges of every family with two neighbouring orders.

    Args:
        modes: modes of one cavity; those without an azimuthal order do not count.

    Returns:
        One entry per family (same polarisation, radial and axial order), sorted; the arrays
        are empty for a family all of whose pairs are ambiguous.

    Example:
        >>> comb = [Mode(wavenumber=0.13 * m, azimuthal_order=m) for m in (75, 76)]
        >>> (family,) = free_spectral_range(ModeSet(modes=tuple(comb)))
        >>> float(family.group_index(diameter=10.0)[0].round(6))  # 2 / (10 um 0.13 / um)
        1.538462
    """
    spacings = []
    for (polarization, radial, axial), members in mode_families(modes).items():
        by_order: dict[int, list[Mode]] = {}
        for mode in members:
            if mode.azimuthal_order is not None:
                by_order.setdefault(mode.azimuthal_order, []).append(mode)
        single = {m: found[0] for m, found in by_order.items() if len(found) == 1}
        pairs = [(m, single[m], single[m + 1]) for m in single if m + 1 in single]
        ambiguous = tuple(m for m, found in by_order.items() if len(found) > 1)
        if not pairs and not ambiguous:
            continue
        low = np.array([mode.wavelength for _, mode, _ in pairs])
        high = np.array([mode.wavelength for _, _, mode in pairs])
        spacing = FamilySpacing(
            polarization=polarization,
            radial_order=radial,
            axial_order=axial,
            azimuthal_order=np.array([m for m, _, _ in pairs], dtype=np.int64),
            wavelength=np.sqrt(low * high),
            spacing=low - high,
            ambiguous_orders=ambiguous,
        )
        spacings.append(spacing)
    return tuple(spacings)


def ring_free_spectral_range(
    wavelength: ArrayLike, *, diameter: float, group_index: float
) -> NDArray[np.float64]:
    """Return the free spectral range (um) of a ring: wavelength^2 / (pi diameter n_g).

    Args:
        wavelength: vacuum wavelength (um), any shape: the geometric mean of the pair.
        diameter: diameter of the light's path (um), > 0.
        group_index: group index, > 0.

    Raises:
        ValueError: an argument that is not positive.

    Example:
        >>> round(float(ring_free_spectral_range(0.64, diameter=20.0, group_index=1.6)), 6)
        0.004074
    """
    _check_positive("diameter", diameter)
    _check_positive("group_index", group_index)
    squared = np.asarray(wavelength, dtype=np.float64) ** 2
    return np.asarray(squared / (math.pi * diameter * group_index))


def _check_positive(name: str, value: float) -> None:
    if not value > 0:
        unit = "um" if name == "diameter" else "no unit"
        raise ValueError(f"{name}: must be > 0 ({unit}), got {value}; give a positive number")
