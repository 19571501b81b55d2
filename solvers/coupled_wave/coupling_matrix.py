"""The coupling matrix of the basic waves: C = C_1D + C_rad + C_2D."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from solvers.coupled_wave.basic_waves import BasicWaves
from solvers.coupled_wave.mean_stack import MeanStack
from solvers.coupled_wave.unit_cell import UnitCell
from solvers.coupled_wave.vertical_mode import VerticalMode, modes_beyond, vertical_mode
from solvers.coupled_wave.vertical_response import vertical_response

__all__ = ["CouplingMatrix", "bragg_wavenumber", "coupling_matrix"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_STEPS = 60


@dataclass(frozen=True, kw_only=True, eq=False)
class CouplingMatrix:
    """Coupling of the basic waves at one vacuum wavenumber, amplitudes per um.

    A mode of the infinite structure is an eigenvector of `total`, and its eigenvalue is
    (beta^2 - beta_0^2)/(2 beta_0) with beta(k0) of the mean stack.

    Attributes:
        waves: the basic waves.
        mode: the vertical mode at this k0.
        direct: C_1D, straight from one basic wave to another (n, n), 1/um.
        radiative: C_rad, by way of normal emission.
        indirect: C_2D, by way of the higher orders.
        emission: fields of normal emission at the substrate's and the superstrate's face for
            unit basic waves (2 sides, 2 components x and y, n).
        correction: added to C, to meet modes known from elsewhere (n, n), 1/um.
    """

    waves: BasicWaves
    mode: VerticalMode
    direct: Complexes
    radiative: Complexes
    indirect: Complexes
    emission: Complexes
    correction: Complexes | None = None

    @property
    def total(self) -> Complexes:
        """C (n, n), 1/um."""
        found = self.direct + self.radiative + self.indirect
        return found if self.correction is None else found + self.correction

    @property
    def detuning(self) -> complex:
        """(beta^2 - beta_0^2)/(2 beta_0) of the mean stack (1/um)."""
        bragg = self.waves.bragg
        return complex((self.mode.beta**2 - bragg**2) / (2 * bragg))

    @cached_property
    def per_wavenumber(self) -> complex:
        """Rate of `detuning` with k0: the group index, times beta/beta_0."""
        return self.mode.group_index * self.mode.beta / self.waves.bragg

    @cached_property
    def radiation(self) -> Complexes:
        """Loss by normal emission into substrate and superstrate (2, n, n), Hermitian, 1/um.

        v^H radiation v / v^H v is the amplitude loss of a mode v on that side.
        """
        index = np.sqrt(self.mode.stack.outer).real
        weight = complex(self.mode.k).real * index / (2 * self.waves.bragg)
        field = self.emission
        return np.asarray(np.einsum("s,scj,sck->sjk", weight, field.conj(), field))

    @cached_property
    def loss(self) -> Complexes:
        """All of the loss that C itself describes (n, n), Hermitian, 1/um."""
        total = self.total
        return (total.conj().T - total) / 2j

    @property
    def remainder(self) -> str:
        """Name of the loss that is not normal emission: "absorption" or "diffraction"."""
        stack = self.mode.stack
        absorbs = bool(np.any(stack.permittivity.imag != 0) or np.any(stack.outer.imag != 0))
        return "absorption" if absorbs else "diffraction"

    def wavenumber(self, eigenvalue: complex | Complexes) -> Complexes:
        """Return the complex k0 (rad/um) of eigenvalues of `total`, to first order."""
        offset = (np.asarray(eigenvalue) - self.detuning) / self.per_wavenumber
        return np.asarray(self.mode.k + offset)


def coupling_matrix(cell: UnitCell, k: float, beta: complex | None = None) -> CouplingMatrix:
    """Return the coupling matrix at a vacuum wavenumber.

    After Liang et al., Phys. Rev. B 84, 195119 (2011), doi:10.1103/PhysRevB.84.195119, with
    exp(-i omega t), the Green functions of the whole mean stack in place of those of an unbounded
    medium, and any number of patterned layers: the basic waves drive the orders (0, 0) and higher,
    which act back on the basic waves; orders do not act on each other.

    Args:
        cell: the structure.
        k: k0, rad/um.
        beta: start for the vertical mode.
    """
    waves, stack = cell.waves, cell.mean(k)
    mode = vertical_mode(stack, k, beta)
    pattern = cell.pattern(k)
    prefactor = -(k**2) / (2 * waves.bragg)
    shares = mode.shares[list(cell.patterned)]
    alike = waves.polarization @ waves.polarization.T
    direct = prefactor * alike * np.einsum("lij,l->ij", pattern.between, shares)
    length = np.hypot(*waves.others.T)
    shells, place = _shells(length)
    squares = np.concatenate([[0.0], shells**2])
    response = vertical_response(mode, squares, cell.patterned)
    first = k**2 * response.overlap[0]
    radiative = (
        prefactor
        * alike
        * np.einsum("li,lm,mj->ij", pattern.outward, first, pattern.inward, optimize=True)
    )
    along = waves.others / length[:, None]
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    side = across @ waves.polarization.T  # (N, n)
    ahead = along @ waves.polarization.T
    indirect = np.zeros_like(direct)
    scattered = k**2 * response.overlap[1:]
    eps = stack.permittivity[list(cell.patterned)]
    for row in range(len(cell.patterned)):
        down = pattern.down[row] * side.T
        for column in range(len(cell.patterned)):
            weight = scattered[place, row, column]
            indirect += (down * weight) @ (pattern.up[column] * side)
        local = shares[row] / eps[row]
        indirect -= local * (pattern.down[row] * ahead.T) @ (pattern.up[row] * ahead)
    indirect *= prefactor
    ends = np.stack([response.bottom[0], response.top[0]])
    emission = k**2 * np.einsum("sm,mj,jc->scj", ends, pattern.inward, waves.polarization)
    return CouplingMatrix(
        waves=waves,
        mode=mode,
        direct=direct,
        radiative=radiative,
        indirect=indirect,
        emission=emission,
    )


def bragg_wavenumber(cell: UnitCell, start: float) -> float:
    """Return k0 (rad/um) at which the mean stack's mode has Re beta = beta_0.

    Args:
        cell: the structure.
        start: where to begin; any k0 at which the media are known will do.

    Raises:
        ValueError: no guided mode.
        RuntimeError: no such k0 was found.
    """
    bragg = cell.waves.bragg
    k = _first_guess(cell.mean(start), bragg)
    beta: complex | None = None
    for _ in range(_STEPS):
        mode = vertical_mode(cell.mean(k), k, beta)
        beta = mode.beta
        step = (bragg - beta.real) / mode.group_index.real
        k += step
        if abs(step) < 1e-14 * k:
            return k
    if abs(step) < 1e-10 * k:
        return k
    raise RuntimeError(
        f"Bragg wavelength: no k0 with beta = {bragg:.5g} rad/um was found near "
        f"{2 * np.pi / start:.4g} um; give a wavelength closer to it"
    )


def _first_guess(stack: MeanStack, bragg: float) -> float:
    """Return k0 by bisection in a stack without dispersion; beta(k)/k rises with k."""
    top = float(stack.permittivity.real.max())
    low, high = bragg / np.sqrt(top), bragg / np.sqrt(max(float(stack.outer.real.max()), 1e-3))
    real = stack.real()
    if not high > low:
        raise ValueError(
            "cavity: its mean stack must guide a TE mode, got a core whose mean index "
            f"{np.sqrt(top):.4g} is not above that of substrate and superstrate; choose another "
            "film, or use the Fourier modal solver"
        )
    for _ in range(60):
        middle = 0.5 * (low + high)
        above = modes_beyond(real, middle, bragg) > 0
        low, high = (low, middle) if above else (middle, high)
        if high - low < 1e-6 * high:
            break
    return float(0.5 * (low + high))


def _shells(length: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Return the distinct lengths (S,) and the place of every order among them (N,)."""
    scale = length.min()
    shells, place = np.unique(np.round(length / scale, 7), return_inverse=True)
    return np.asarray(shells * scale), place.reshape(-1)
