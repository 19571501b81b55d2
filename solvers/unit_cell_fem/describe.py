"""From an eigenpair to a Mode; from two orders to its error."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.modes import Mode
from solvers.unit_cell_fem.dispersion import dispersive_wavenumber
from solvers.unit_cell_fem.energies import (
    ModeEnergies,
    confinement,
    gain_overlap,
    mode_energies,
)
from solvers.unit_cell_fem.pencil import Pencil
from solvers.unit_cell_fem.search import Found

__all__ = [
    "METHOD",
    "Differences",
    "Eigenmode",
    "described",
    "partner",
    "sector_modes",
    "typical_differences",
]

METHOD = "unit-cell-fem"

# Two orders agree to this at best: rounding of k^2 and of the balance.
_ROUNDING = 1e-12


@dataclass(frozen=True, kw_only=True, eq=False)
class Eigenmode:
    """An eigenpair with its integrals and its wavenumber k (rad/um) in dispersive media."""

    pencil: Pencil
    wavenumber: complex
    vector: NDArray[np.complex128]
    residual: float
    energies: ModeEnergies


def sector_modes(pencil: Pencil, found: Found, energy_floor: float) -> list[Eigenmode]:
    """Return the eigenpairs that have enough of their energy in the layers."""
    kept = []
    for number, k in enumerate(found.wavenumbers):
        vector = found.vectors[:, number]
        energies = mode_energies(pencil, complex(k), vector)
        if energies.layer_share >= energy_floor:
            kept.append(
                Eigenmode(
                    pencil=pencil,
                    wavenumber=dispersive_wavenumber(pencil, complex(k), energies),
                    vector=vector,
                    residual=float(found.residuals[number]),
                    energies=energies,
                )
            )
    return kept


def partner(mode: Eigenmode, others: Sequence[Eigenmode]) -> Eigenmode | None:
    """Return the mode of another order that is most like this one, None if there is none."""
    own = _fingerprint(mode)

    def distance(other: Eigenmode) -> float:
        apart = abs(other.wavenumber / mode.wavenumber - 1)
        return 10 * apart + float(np.abs(_fingerprint(other) - own).sum())

    near = [one for one in others if abs(one.wavenumber / mode.wavenumber - 1) < 0.02]
    return min(near, key=distance, default=None)


def _fingerprint(mode: Eigenmode) -> NDArray[np.float64]:
    parts = mode.pencil.cell.parts
    weights = np.array([mode.energies.electric[part.label] for part in parts])
    return np.append(weights / weights.sum(), mode.energies.axial_share)


class Differences(NamedTuple):
    """Relative differences of wavelength and of loss between two orders."""

    wavelength: float
    loss: float

    @classmethod
    def of(cls, mode: Eigenmode, coarse: Eigenmode | None) -> Differences:
        """Return the differences of a mode from its partner; nan without one."""
        if coarse is None:
            return cls(math.nan, math.nan)
        k, other = mode.wavenumber, coarse.wavenumber
        loss, other_loss = abs(k.imag / k.real), abs(other.imag / other.real)
        floor = _ROUNDING / max(loss, _ROUNDING)
        return cls(abs(k.real / other.real - 1) + _ROUNDING, abs(other_loss / loss - 1) + floor)


def typical_differences(pairs: Sequence[tuple[Eigenmode, Eigenmode | None]]) -> Differences:
    """Return the mean differences of a window: one's own can be small by chance.

    The loss is averaged over the modes that have one, Q < 1e6.
    """
    parts = [(mode, Differences.of(mode, other)) for mode, other in pairs if other is not None]
    lossy = [one.loss for mode, one in parts if -2e6 * mode.wavenumber.imag > mode.wavenumber.real]
    return Differences(
        statistics.fmean([one.wavelength for _, one in parts] or [0.0]),
        statistics.fmean(lossy or [0.0]),
    )


def described(
    mode: Eigenmode, coarse: Eigenmode | None, typical: Differences, lattice_point: str
) -> Mode:
    """Return the Mode of an eigenpair.

    Errors are the differences from the solution of one order less, or the window's mean where
    that is larger: what that solution lacks, so more than what this one does. What the absorbing
    layers reflect is not in them.

    Args:
        mode: eigenpair of the higher order.
        coarse: its partner of the lower order.
        typical: `typical_differences` of the window.
        lattice_point: name of the Bloch vector.
    """
    pencil, k = mode.pencil, mode.wavenumber
    wavelength = 2 * math.pi / k.real
    loss = -2 * k.imag / k.real
    parts = mode.energies.inverse_quality
    if loss < 0 and _is_passive(pencil):
        # less loss than rounding and the absorbing layers leave to be seen
        parts = {name: abs(value) for name, value in parts.items()}
        k, loss = k.conjugate(), -loss
    scale = loss / math.fsum(parts.values()) if math.fsum(parts.values()) else 1.0
    own = Differences.of(mode, coarse)
    names = {1: "even", -1: "odd"}
    settings: dict[str, Any] = {
        "method": METHOD,
        "order": pencil.space.globalorder,
        "unknowns": len(pencil.free),
        "parities": {
            axis: names[parity]
            for axis, parity in zip(("a", "b", "z"), pencil.parities, strict=True)
            if parity
        },
        "layer_share": mode.energies.layer_share,
    }
    real = pencil.cell.domain.is_real
    return Mode(
        wavenumber=k,
        quality_factors={
            name: (1 / (value * scale) if value else math.inf) for name, value in parts.items()
        },
        confinement=confinement(pencil, mode.energies, wavelength),
        gain_overlap=gain_overlap(pencil, mode.energies.bilinear, wavelength) if real else {},
        polarization="TM" if mode.energies.axial_share > 0.5 else "TE",
        lattice_point=lattice_point,
        residual=mode.residual,
        wavelength_error=wavelength * max(own.wavelength, typical.wavelength),
        quality_factor_error=max(own.loss, typical.loss),
        method=METHOD,
        settings=settings,
    )


def _is_passive(pencil: Pencil) -> bool:
    return all(eps.imag >= 0 for eps in pencil.permittivity.values())
