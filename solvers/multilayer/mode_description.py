"""From a zero of the characteristic function to a Mode."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.modes import Mode
from solvers.multilayer.characteristic import characteristic
from solvers.multilayer.energy_balance import planar_balance
from solvers.multilayer.gain_overlap import gain_overlaps
from solvers.multilayer.modal_field import ModalField
from solvers.multilayer.open_stack import OpenStack

__all__ = ["described_mode", "mode_field_of", "nodes"]


def described_mode(problem: OpenStack, k: complex, method: str) -> Mode:
    """Return the Mode at a zero k (rad/um), its damping taken from the energy balance."""
    field = mode_field_of(problem, k)
    balance = planar_balance(field)
    damping = balance.damping
    f = characteristic(problem, np.array([k]), interface=field.interface)
    noise = 4e-16 * math.sqrt(len(problem.thickness)) * f.size[0] / abs(f.by_wavenumber[0])
    wavenumber = complex(k.real, damping)
    settings: dict[str, Any] = {"method": method, "in_plane_wavenumber": field.in_plane}
    if problem.follows_angle or problem.in_plane_wavenumber == 0:
        settings["angle_deg"] = math.degrees(math.asin(problem.sine))
    return Mode(
        wavenumber=wavenumber,
        quality_factors={
            name: (1 / loss if loss else math.inf) for name, loss in balance.inverse_quality.items()
        },
        confinement=balance.confinement,
        gain_overlap=gain_overlaps(field),
        mode_length=balance.mode_length,
        in_plane_wavenumber=field.in_plane,
        polarization=problem.polarization,
        axial_order=nodes(field),
        residual=field.residual,
        wavelength_error=2 * math.pi / k.real**2 * float(noise),
        quality_factor_error=abs(k.imag / damping - 1) if damping else math.nan,
        method=method,
        settings=settings,
        sampler=_Sampler(field),
    )


def mode_field_of(problem: OpenStack, k: complex) -> ModalField:
    """Return the field of the mode at a zero k (rad/um)."""
    return ModalField(problem, k, float(problem.in_plane(np.array([k]))[0][0]))


def nodes(field: ModalField) -> int:
    """Return how often the tangential E changes sign between the outermost interfaces."""
    tangential = field.samples.u if field.stack.polarization == "TE" else field.samples.v
    real = (tangential / tangential[np.argmax(np.abs(tangential))]).real
    return int(np.sum(real[:-1] * real[1:] < 0))


class _Sampler:
    """Field of a planar mode in the plane of k_x and z: r is the coordinate along k_x."""

    def __init__(self, field: ModalField) -> None:
        self.field = field

    def __call__(
        self, r: NDArray[np.float64], z: NDArray[np.float64]
    ) -> dict[str, NDArray[np.complex128]]:
        parts = self.field.components(np.asarray(z, dtype=np.float64))
        wave = np.exp(1j * self.field.in_plane * np.asarray(r))
        return {
            "E_r": parts["E_x"] * wave,
            "E_phi": parts["E_y"] * wave,
            "E_z": parts["E_z"] * wave,
            "eps": parts["eps"],
        }
