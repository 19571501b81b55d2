"""Where a mode's energy sits and where it goes: confinement and Q by loss channel.

For an eigenpair A x = k^2 M x with A real in the physical domain, the imaginary part of the
conjugated form x^H A x = k^2 x^H M x is an exact energy balance,

    1/Q = -Im(k^2)/(Re k)^2 = sum over channels,   1/Q_j = Re(k^2) eps''_j w_j / ((Re k)^2 U),

with w_j = x^H M_j x of part j. The radiation channel is what is left in the absorbing layer.
U is the mean of electric and magnetic energy, with d(omega eps)/d omega in dispersive media.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from solvers.axisymmetric.pencil import Pencil

__all__ = ["EnergyBalance", "energy_balances"]


@dataclass(frozen=True, kw_only=True)
class EnergyBalance:
    """Losses 1/Q by channel, electric energy by region (sums to 1), and their total.

    `gain_overlap` is 2 n d(Im k)/dg by region, with n = n' - i g/(2 k): the first-order modal
    overlap, without complex conjugation; regions with Re eps <= 0 are left out.
    `azimuthal_slope` is d Re k/dm (rad/um), by the Hellmann-Feynman theorem. `inertia` is the
    unconjugated x^T d(k^2 M)/dk x, by which a change of the form moves k.
    """

    inverse_quality: dict[str, float]
    confinement: dict[str, float]
    electric_energy: float
    azimuthal_slope: float
    inertia: complex
    gain_overlap: dict[str, float] = field(default_factory=dict)


def energy_balances(
    pencil: Pencil,
    azimuthal_order: int,
    wavenumbers: NDArray[np.complex128],
    vectors: NDArray[np.complex128],
) -> list[EnergyBalance]:
    """Return the balance of every mode (columns of `vectors`, wavenumbers in rad/um)."""
    stiffness = pencil.split_stiffness(azimuthal_order)
    curl_energy = np.einsum("ij,ij->j", vectors.conj(), stiffness @ vectors)
    turned = pencil.stiffness_slope(azimuthal_order) @ vectors
    turning = np.einsum("ij,ij->j", vectors, turned)
    products = [matrix @ vectors for matrix in pencil.part_matrices]
    shares = [np.einsum("ij,ij->j", vectors.conj(), product) for product in products]
    norms = [np.einsum("ij,ij->j", vectors, product) for product in products]
    balances = []
    for number, k in enumerate(wavenumbers):
        wavelength = 2 * np.pi / k.real
        square, scale = k.real**2 - k.imag**2, k.real**2
        losses: dict[str, float] = defaultdict(float)
        electric: dict[str, float] = defaultdict(float)
        own_inertia: dict[str, complex] = defaultdict(complex)
        stored, inertia = 0.0, 0j
        lost_in_layer = -curl_energy[number].imag
        for part, share, norm in zip(pencil.masses, shares, norms, strict=True):
            eps = complex(part.material.permittivity(wavelength))
            group = float(part.material.group_permittivity(wavelength))
            weight = complex(share[number])
            stored += (
                eps.real * weight.real
                + (group - eps.real) / 2 * (1 + square / scale) / 2 * weight.real
            )
            inertia += k * (2 * eps + group - eps.real) * complex(norm[number])
            if part.pml:
                lost_in_layer += square * (eps * weight).imag
            else:
                # A strongly absorbing metal has no energy density; |Re eps| keeps shares positive.
                density = group if group > 0 else abs(eps.real)
                electric[part.region] += density * weight.real
                if eps.real > 0:
                    own_inertia[part.region] += 2 * k * eps.real * complex(norm[number])
                if eps.imag != 0:
                    losses[f"absorption:{part.region}"] += square * eps.imag * weight.real
        losses["radiation"] = lost_in_layer
        total = sum(electric.values())
        balances.append(
            EnergyBalance(
                inverse_quality={name: loss / (scale * stored) for name, loss in losses.items()},
                confinement={name: value / total for name, value in electric.items()},
                gain_overlap={n: float((own / inertia).real) for n, own in own_inertia.items()},
                electric_energy=total,
                azimuthal_slope=float((turning[number] / inertia).real),
                inertia=inertia,
            )
        )
    return balances
