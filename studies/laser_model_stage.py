"""The rate-equation model of a run: the modes that compete, the medium, the decay rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gain.exciton_kinetics import ExcitonKinetics
    from gain.laser_model import LaserModel
    from gain.lasing_threshold import ThresholdResult

__all__ = ["competing_modes", "laser_model"]

LEVELS = (0.05, 0.1, 0.2, 0.4, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 15.0, 30.0)
"""Excitations per nanocrystal and coherence area at which modes are ranked."""


def competing_modes(result: ThresholdResult, count: int) -> NDArray[np.intp]:
    """Return the numbers of the modes that may lead at some excitation, by wavelength.

    Modes are ranked by their net gain K g - 1 right after pulses of several strengths, and by
    their static thresholds; those with the best places are kept. A choice by threshold alone would
    leave out the blue modes, which lead far above it.

    Args:
        result: the static thresholds.
        count: how many modes are kept at most.
    """
    from gain.populations import poisson_populations

    medium, states = result.medium, result.medium.states
    scale = max(1.0, (states - 1) / 2)
    populations = poisson_populations(scale * np.array(LEVELS), states=states)
    gain = medium.gain_coefficients(result.wavelength) @ populations.T
    net = gain * result.figure_of_merit[:, None]
    places = [np.argsort(np.argsort(-net[:, level])) for level in range(net.shape[1])]
    photons = np.where(np.isnan(result.absorbed_photons), np.inf, result.absorbed_photons)
    places.append(np.argsort(np.argsort(photons, kind="stable")))
    best = np.min(places, axis=0)
    kept = np.lexsort((photons, best))[:count]
    return np.asarray(kept[np.argsort(result.wavelength[kept], kind="stable")])


def laser_model(
    result: ThresholdResult, kinetics: ExcitonKinetics, *, count: int, spontaneous: float
) -> LaserModel:
    """Return the laser: the figures of merit of the static thresholds, these decay rates.

    Args:
        result: the static thresholds, whose medium and K are taken.
        kinetics: decay rates.
        count: modes that compete.
        spontaneous: factor beta.
    """
    from gain.laser_model import LaserModel
    from gain.laser_modes import LaserModes

    kept = competing_modes(result, count)
    modes = LaserModes.explicit(
        result.wavelength[kept],
        quality_factor=result.quality_factor[kept],
        figure_of_merit=result.figure_of_merit[kept],
        labels=[result.labels[i] for i in kept],
    )
    return LaserModel(medium=result.medium, kinetics=kinetics, modes=modes, spontaneous=spontaneous)
