"""What is known of a refined eigenpair: Q and its parts, confinement, errors, label."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from solvers.axisymmetric.energies import EnergyBalance, energy_balances
from solvers.axisymmetric.error_estimate import error_estimates
from solvers.axisymmetric.fields import ResolvedField
from solvers.axisymmetric.labels import label_mode
from solvers.axisymmetric.refine import RefinedModes
from solvers.axisymmetric.system import System
from solvers.modes import Mode

__all__ = ["described", "with_balanced_loss"]

METHOD = "axisymmetric-fem"

# Relative rounding error of an eigenvalue k, measured on spheres with Q from 1e9 to 1e12.
_ROUNDING = 2e-15

# Beyond this Q even the energy balance is rounding noise.
_LARGEST_QUALITY = 1e15


def described(system: System, azimuthal_order: int, refined: RefinedModes) -> list[Mode]:
    """Return refined eigenpairs as modes with everything known of them."""
    if not len(refined):
        return []
    wavenumbers, vectors, remaining = refined.wavenumbers, refined.vectors, refined.remaining
    balances = energy_balances(system.pencil, azimuthal_order, wavenumbers, vectors)
    inertia = np.asarray([balance.inertia for balance in balances])
    k_errors, q_errors = error_estimates(system, azimuthal_order, wavenumbers, vectors, inertia)
    k_errors = k_errors + remaining / 2
    loss = np.maximum(np.abs((wavenumbers**2).imag), _ROUNDING * np.abs(wavenumbers**2))
    q_errors = q_errors + remaining * np.abs(wavenumbers**2) / loss
    # Rounding leaves some 1e-15 of |k|, which is all there is of Im k at very high Q.
    k_errors = k_errors + _ROUNDING
    wavenumbers, rounding = with_balanced_loss(wavenumbers, balances)
    q_errors = q_errors + rounding
    settings = system.settings.model_dump(mode="json")
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
                gain_overlap=balance.gain_overlap,
                free_spectral_range=wavelength**2 * balance.azimuthal_slope / (2 * math.pi),
                mode_volume=2 * math.pi * balance.electric_energy / label.peak_energy,
                polarization=label.polarization,
                azimuthal_order=azimuthal_order,
                radial_order=label.radial_order,
                axial_order=label.axial_order,
                residual=float(refined.residuals[number]),
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


def with_balanced_loss(
    wavenumbers: NDArray[np.complex128], balances: list[EnergyBalance]
) -> tuple[NDArray[np.complex128], NDArray[np.float64]]:
    """Return k with Im k from the energy balance where the eigenvalue's is rounding noise.

    The balance adds up what is lost in the absorbing layer and in lossy materials only, which
    keeps its sign up to Q of 1e15. Beyond it Q is given as 1e15, with an infinite error.

    Returns:
        k (n,), and the relative error of Q by rounding (n,).
    """
    balanced, rounding = wavenumbers.copy(), np.zeros(len(wavenumbers))
    for number, (k, balance) in enumerate(zip(wavenumbers, balances, strict=True)):
        rounding[number] = _ROUNDING * abs(k) / max(abs(k.imag), _ROUNDING * abs(k))
        if rounding[number] < 0.01:
            continue
        loss = sum(balance.inverse_quality.values())
        if abs(loss) > 1 / _LARGEST_QUALITY:
            rounding[number] = 0.1 / (_LARGEST_QUALITY * abs(loss))
        else:
            loss, rounding[number] = 1 / _LARGEST_QUALITY, math.inf
        balanced[number] = complex(k.real, -k.real * loss / 2)
    return balanced, rounding
