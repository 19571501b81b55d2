"""From a pole to the Mode or the degenerate Modes that it stands for."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Any, NamedTuple

from solvers.fourier_modal.energy_balance import periodic_balance
from solvers.fourier_modal.find_modes import FoundPole
from solvers.fourier_modal.modal_field import ModalField
from solvers.fourier_modal.near_field import near_field
from solvers.fourier_modal.sensitivity import gain_overlap, pairing_of
from solvers.modes import Mode

__all__ = ["METHOD", "Differences", "described_modes", "typical_differences"]

METHOD = "fourier-modal"

_ROUNDING = 1e-13
_LOSSLESS = 1e-10


_WAVELENGTH_SAFETY = 2.0
_QUALITY_SAFETY = 4.0


class Differences(NamedTuple):
    """Relative differences of wavelength and of loss between two truncations."""

    wavelength: float
    loss: float

    @classmethod
    def of(cls, found: FoundPole) -> Differences:
        """Return the differences of one pole; nan for the loss of a lossless one."""
        k, coarse = found.pole.k, found.coarse
        lossy = -k.imag > _LOSSLESS * k.real
        ratio = coarse.imag / coarse.real * k.real / k.imag if lossy else math.nan
        return cls(abs(k.real / coarse.real - 1), abs(ratio - 1))


def typical_differences(found: Sequence[FoundPole]) -> Differences:
    """Return the mean and the largest over all poles: one's own can be small by chance."""
    parts = [Differences.of(one) for one in found]
    losses = [part.loss for part in parts if not math.isnan(part.loss)]
    return Differences(
        statistics.fmean([part.wavelength for part in parts] or [0.0]),
        max(losses, default=math.nan),
    )


def described_modes(found: FoundPole, lattice_point: str, typical: Differences) -> list[Mode]:
    """Return one Mode per degenerate partner, damping taken from the energy balance.

    The error of the wavelength is twice the larger of its own difference between two truncations
    and of the typical one; that of Q is four times the largest of the window, for Q converges
    less evenly.

    Args:
        found: a pole.
        lattice_point: name of the Bloch vector.
        typical: `typical_differences` of all poles of the window.
    """
    problem, pole = found.problem, found.pole
    field = ModalField.of(problem, pole.sides, pole.right)
    balance = periodic_balance(field, pole.k)
    damping = balance.damping
    if abs(damping) < _ROUNDING**2 * pole.k.real:
        damping = 0.0
    k = complex(pole.k.real, damping)
    pairing = pairing_of([pole])
    stack = problem.cell.stack
    overlaps = {region: gain_overlap(problem, pairing, region) for region in stack.regions}
    own = Differences.of(found)
    settings: dict[str, Any] = {
        "method": METHOD,
        "bloch": [float(x) for x in problem.cell.orders.bloch],
        "orders": len(problem.cell.orders),
        "factorization": problem.cell.factorization,
    }
    return [
        Mode(
            wavenumber=k,
            quality_factors={
                name: (1 / value if value else math.inf)
                for name, value in balance.inverse_quality.items()
            },
            confinement=balance.confinement,
            gain_overlap=overlaps,
            polarization="TM" if balance.axial_share > 0.5 else "TE",
            lattice_point=lattice_point,
            symmetry=problem.sector.name or None,
            residual=pole.residual,
            wavelength_error=_WAVELENGTH_SAFETY
            * (2 * math.pi / k.real)
            * max(own.wavelength, typical.wavelength),
            quality_factor_error=_QUALITY_SAFETY * max(own.loss, typical.loss),
            method=METHOD,
            settings=settings,
            sampler=near_field(field, partner),
        )
        for partner in range(problem.sector.partners)
    ]
