"""The Monte Carlo of a run: a population of cavities around the mode that lases first."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np

from studies.design import Design

if TYPE_CHECKING:
    from gain.lasing_threshold import ThresholdResult
    from gain.monte_carlo import LasingCloud
    from solvers.modes import ModeSet

__all__ = ["family_spacing", "lasing_population"]

logger = logging.getLogger(__name__)


def lasing_population(
    design: Design, modes: ModeSet, result: ThresholdResult
) -> LasingCloud | None:
    """Return the cloud of thresholds that the design's [monte_carlo] asks for.

    What the table leaves open comes from the mode that lases first: its Q, its confinement and
    the free spectral range of its family.

    Args:
        design: with a gain medium.
        modes: the modes; result: their thresholds.

    Returns:
        None when no mode lases, no cavities are asked for, or no mode spacing is known.
    """
    from gain.monte_carlo import CavityPopulation, lasing_cloud

    settings, index = design.monte_carlo, result.lasing_index
    if index is None or settings.cavities == 0:
        return None
    spacing = settings.mode_spacing_nm
    if spacing is None:
        spacing = family_spacing(modes, index)
    if spacing is None:
        logger.warning(
            "monte_carlo.mode_spacing_nm: must be given where the solved modes have no neighbour "
            "in azimuthal or axial order, got none; the Monte Carlo is left out: give it, or solve "
            "two neighbouring orders"
        )
        return None
    population = CavityPopulation(
        median_quality_factor=settings.median_quality_factor or float(result.quality_factor[index]),
        sigma_ln_quality_factor=settings.sigma_ln_quality_factor,
        tail_fraction=settings.tail_fraction,
        tail_quality_factor=settings.tail_quality_factor,
        mode_spacing_nm=spacing,
        confinement=settings.confinement or float(result.gain_overlap[index]),
        sigma_ln_concentration=settings.sigma_ln_concentration,
    )
    return lasing_cloud(population, result.medium, count=settings.cavities, seed=settings.seed)


def family_spacing(modes: ModeSet, index: int) -> float | None:
    """Return the free spectral range (nm) near a mode: of its family, else of any; or None.

    Args:
        modes: the modes of one cavity.
        index: number of the mode.
    """
    from solvers.free_spectral_range import free_spectral_range
    from studies.planar_spectra import axial_spacing

    mode = modes[index]
    if mode.azimuthal_order is None and mode.axial_order is not None:
        spacing = axial_spacing(modes, index)
        return None if spacing is None else 1e3 * spacing
    families = [family for family in free_spectral_range(modes) if len(family.spacing)]
    own = [
        family
        for family in families
        if (family.polarization, family.radial_order, family.axial_order)
        == (mode.polarization, mode.radial_order, mode.axial_order)
    ]
    for family in own or families[:1]:
        nearest = int(np.argmin(np.abs(family.wavelength - mode.wavelength)))
        return float(1e3 * family.spacing[nearest])
    return None
