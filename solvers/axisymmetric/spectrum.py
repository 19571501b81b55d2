"""All modes of one azimuthal order in a wavelength window."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from solvers.axisymmetric.energies import energy_balances
from solvers.axisymmetric.error_estimate import error_estimates
from solvers.axisymmetric.fields import ResolvedField
from solvers.axisymmetric.labels import label_mode
from solvers.axisymmetric.refine import RefinedModes, refine
from solvers.axisymmetric.search import Candidates, Window, search_window
from solvers.axisymmetric.system import System
from solvers.modes import Mode

__all__ = ["modes_of_order"]

METHOD = "axisymmetric-fem"

def modes_of_order(system: System, azimuthal_order: int, window: Window) -> list[Mode]:
    """Return every mode of one azimuthal order in the window, by ascending Re k."""
    discs = search_window(system.coarse_pencil, azimuthal_order, window)
    modes: list[Mode] = []
    known = np.zeros(0, dtype=np.complex128)
    for number, disc in enumerate(discs):
        refined = _refine_disc(system, azimuthal_order, window, disc, discs[:number])
        if refined is None:
            continue
        kept = [n for n, k in enumerate(refined.wavenumbers) if window.contains(complex(k))]
        kept = [n for n in kept if not _repeats(refined.wavenumbers[n], known)]
        known = np.concatenate([known, refined.wavenumbers[kept]])
        modes += _described(
            system, azimuthal_order, window, refined.wavenumbers[kept],
            refined.vectors[:, kept], refined.residuals[kept],
        )
    return sorted(modes, key=lambda mode: mode.wavenumber.real)


def _refine_disc(
    system: System,
    azimuthal_order: int,
    window: Window,
    disc: Candidates,
    earlier: list[Candidates],
) -> RefinedModes | None:
    near = np.asarray([window.contains(complex(k), margin=0.02) for k in disc.wavenumbers])
    wanted = np.asarray([window.contains(complex(k), margin=0.004) for k in disc.wavenumbers])
    wanted &= disc.covers(disc.wavenumbers, share=1.0)
    for other in earlier:
        # What lies well inside an earlier disc was refined there.
        wanted &= ~other.covers(disc.wavenumbers, share=0.9)
    if not wanted.any():
        return None
    return refine(
        system.pencil,
        azimuthal_order,
        complex(disc.shift.real, 0.002 * disc.shift.real),
        disc.wavenumbers[near],
        system.prolonged(disc.vectors[:, near]),
        wanted=wanted[near],
        quality_tolerance=system.settings.quality_tolerance,
    )


def _repeats(wavenumber: complex, known: NDArray[np.complex128]) -> bool:
    return bool(known.size and np.abs(known - wavenumber).min() < 1e-8 * abs(wavenumber))


def _described(
    system: System,
    azimuthal_order: int,
    window: Window,
    wavenumbers: NDArray[np.complex128],
    vectors: NDArray[np.complex128],
    residuals: NDArray[np.float64],
) -> list[Mode]:
    if not len(wavenumbers):
        return []
    balances = energy_balances(system.pencil, azimuthal_order, wavenumbers, vectors)
    k_errors, q_errors = error_estimates(system, azimuthal_order, wavenumbers, vectors)
    settings = system.settings.model_dump()
    modes = []
    for number, k in enumerate(wavenumbers):
        wavelength = 2 * math.pi / k.real
        label = label_mode(system, vectors[:, number], wavelength)
        balance = balances[number]
        parts = {n: 1 / loss if loss else math.inf for n, loss in balance.inverse_quality.items()}
        modes.append(
            Mode(
                wavenumber=complex(k),
                quality_factors=parts,
                confinement=balance.confinement,
                free_spectral_range=wavelength**2 * balance.azimuthal_slope / (2 * math.pi),
                mode_volume=2 * math.pi * balance.electric_energy / label.peak_energy,
                polarization=label.polarization,
                azimuthal_order=azimuthal_order,
                radial_order=label.radial_order,
                axial_order=label.axial_order,
                residual=float(residuals[number]),
                wavelength_error=float(k_errors[number]) * wavelength,
                quality_factor_error=float(q_errors[number]),
                method=METHOD,
                settings=settings,
                sampler=ResolvedField(
                    body=system.body,
                    wavelength=system.wavelength,
                    azimuthal_order=azimuthal_order,
                    lowest_order=system.lowest_order,
                    settings=system.settings,
                    wavenumber=(k.real, k.imag),
                ),
            )
        )
    return modes
