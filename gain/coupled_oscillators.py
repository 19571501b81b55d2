"""Coupled oscillators: any number of cavity modes and excitons, their polariton branches.

At each angle or in-plane wavenumber the energies are the eigenvalues of the complex symmetric
matrix with E_j - i g_j/2 on the diagonal (g full width at half maximum) and Om_pj/2 between
photon p and exciton j. For one of each,

    E_pm = (E_c + E_x)/2 - i (g_c + g_x)/4 +- sqrt(Om^2 + (Delta - i (g_c - g_x)/2)^2)/2,

Delta = E_c - E_x. An oscillator's weight in a branch is |v_j|^2 of the normalised eigenvector
(Hopfield coefficient squared); without widths |C|^2 = (1 -+ Delta/sqrt(Delta^2 + Om^2))/2.

Source: J. J. Hopfield, Phys. Rev. 112, 1555 (1958), doi:10.1103/PhysRev.112.1555; M. S. Skolnick,
T. A. Fisher and D. M. Whittaker, Semicond. Sci. Technol. 13, 645 (1998),
doi:10.1088/0268-1242/13/7/003. Valid in the rotating-wave approximation, Om much below E_x, and
for oscillators that do not share a decay channel.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator

from cavities.constants import HBAR_EV_S, SPEED_OF_LIGHT_UM_PER_S
from cavities.spec import Spec
from gain.polariton_branches import PolaritonBranches

__all__ = ["CavityPhoton", "CoupledOscillators", "Exciton"]

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]

HBAR_C_EV_UM = HBAR_EV_S * SPEED_OF_LIGHT_UM_PER_S
"""hbar c (eV um)."""


class Exciton(Spec):
    """An exciton line without dispersion.

    Attributes:
        energy_ev: E_x (eV).
        fwhm_mev: g_x, full width (meV); of an ensemble broadened by size, its Gaussian width is
            only a rough stand-in.
        name: name in results and legends.
    """

    energy_ev: float = Field(gt=0)
    fwhm_mev: float = Field(default=0.0, ge=0)
    name: str = Field(default="exciton", min_length=1)


class CavityPhoton(Spec):
    """A mode of the planar cavity: E_c(theta) = E_c(0)/sqrt(1 - (sin theta/n_eff)^2).

    The same dispersion against the in-plane wavenumber is
    E_c(k) = sqrt(E_c(0)^2 + (hbar c k/n_eff)^2), with k = (E_c/hbar c) sin theta.

    Attributes:
        energy_ev: E_c(0), energy at normal incidence (eV).
        effective_index: n_eff, between the indices of the cavity and of the mirrors.
        fwhm_mev: g_c = E_c/Q (meV), the same at every angle.
        name: name in results and legends.

    Example:
        >>> photon = CavityPhoton(energy_ev=2.063, effective_index=1.7)
        >>> round(float(photon.energy_at(angle_deg=30.0)), 4)
        2.1585
    """

    energy_ev: float = Field(gt=0)
    effective_index: float = Field(gt=1)
    fwhm_mev: float = Field(default=0.0, ge=0)
    name: str = Field(default="photon", min_length=1)

    def energy_at(
        self,
        *,
        angle_deg: ArrayLike | None = None,
        in_plane_wavenumber: ArrayLike | None = None,
    ) -> Floats:
        """Return E_c (eV) at angles in air (deg) or in-plane wavenumbers (rad/um), any shape.

        Raises:
            ValueError: not exactly one of them, or an angle beyond 90 degrees.
        """
        angle, k = _one_axis(angle_deg, in_plane_wavenumber)
        if angle is not None:
            sine = np.sin(np.radians(angle)) / self.effective_index
            return np.asarray(self.energy_ev / np.sqrt(1 - sine**2))
        assert k is not None
        return np.asarray(np.hypot(self.energy_ev, HBAR_C_EV_UM * k / self.effective_index))

    @property
    def effective_mass(self) -> float:
        """Mass E_c n_eff^2/c^2 at k = 0, in units of the electron's rest mass."""
        return self.energy_ev * self.effective_index**2 / ELECTRON_REST_ENERGY_EV


ELECTRON_REST_ENERGY_EV = 510_998.95
"""Rest energy of the electron (eV), CODATA 2018."""


class CoupledOscillators(Spec):
    """Cavity modes and excitons with their Rabi splittings.

    Attributes:
        photons: the cavity modes, at least one.
        excitons: the excitons, at least one.
        rabi_splittings_mev: Om (meV): one number for every pair, or one row per photon with one
            number per exciton. Om is the splitting at zero detuning without widths (twice the
            coupling energy).

    Raises:
        ValueError: a table of the wrong shape, a negative splitting, a name used twice.

    Example:
        >>> polaritons = CoupledOscillators(
        ...     photons=(CavityPhoton(energy_ev=2.063, effective_index=1.7),),
        ...     excitons=(Exciton(energy_ev=2.09),),
        ...     rabi_splittings_mev=45.0,
        ... )
        >>> branches = polaritons.branches(angle_deg=[0.0, 30.0])
        >>> branches.energy_ev.real.round(4).tolist()
        [[2.0503, 2.1027], [2.0833, 2.1652]]
        >>> branches.weights[0, 0].round(3).tolist()  # lower branch: photon, exciton
        [0.757, 0.243]
    """

    photons: tuple[CavityPhoton, ...] = Field(min_length=1)
    excitons: tuple[Exciton, ...] = Field(min_length=1)
    rabi_splittings_mev: float | tuple[tuple[float, ...], ...]

    @model_validator(mode="after")
    def _checks(self) -> CoupledOscillators:
        table = self.rabi_splittings_mev
        rows = [[table]] if isinstance(table, float) else [list(row) for row in table]
        shape = (len(self.photons), len(self.excitons))
        if not isinstance(table, float) and [len(row) for row in rows] != [shape[1]] * shape[0]:
            raise ValueError(
                f"rabi_splittings_mev: must be a number or {shape[0]} rows of {shape[1]}, got "
                f"rows of {[len(row) for row in rows]}; give one row per photon"
            )
        low = min(min(row) for row in rows)
        if low < 0:
            raise ValueError(f"rabi_splittings_mev: must be >= 0, got {low:g}; its sign is free")
        if len(set(self.names)) != len(self.names):
            raise ValueError(
                f"name: must be different for every oscillator, got {', '.join(self.names)}; "
                "name them"
            )
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the oscillators: photons, then excitons."""
        photons, excitons = self.photons, self.excitons
        return (*(part.name for part in photons), *(part.name for part in excitons))

    def hamiltonian_ev(
        self,
        *,
        angle_deg: ArrayLike | None = None,
        in_plane_wavenumber: ArrayLike | None = None,
    ) -> Complex:
        """Return the complex symmetric matrices (..., n, n) in eV; arguments as `branches`."""
        axis = {"angle_deg": angle_deg, "in_plane_wavenumber": in_plane_wavenumber}
        energies = [photon.energy_at(**axis) for photon in self.photons]
        points, count = energies[0].shape, len(self.photons)
        size = count + len(self.excitons)
        matrix = np.zeros((*points, size, size), dtype=np.complex128)
        coupling = 5e-4 * np.broadcast_to(
            np.asarray(self.rabi_splittings_mev, dtype=np.float64), (count, len(self.excitons))
        )
        matrix[..., :count, count:] = coupling
        matrix[..., count:, :count] = coupling.T
        for j, photon in enumerate(self.photons):
            matrix[..., j, j] = energies[j] - 5e-4j * photon.fwhm_mev
        for j, exciton in enumerate(self.excitons, start=count):
            matrix[..., j, j] = exciton.energy_ev - 5e-4j * exciton.fwhm_mev
        return matrix

    def branches(
        self,
        *,
        angle_deg: ArrayLike | None = None,
        in_plane_wavenumber: ArrayLike | None = None,
    ) -> PolaritonBranches:
        """Return the polariton branches, ordered by energy at each point.

        In weak coupling the real energies may cross: the order is that of the energy (of equal
        ones the longer-lived first), not of the character: look at the weights.

        Args:
            angle_deg: angles in air (deg), (...), or
            in_plane_wavenumber: k (rad/um), (...).

        Raises:
            ValueError: not exactly one of them, or an angle beyond 90 degrees.
        """
        axis = {"angle_deg": angle_deg, "in_plane_wavenumber": in_plane_wavenumber}
        matrix = self.hamiltonian_ev(**axis)
        energy, vectors = _eigen(matrix)
        square = np.swapaxes(vectors**2, -1, -2)  # (..., branch, oscillator)
        weights = np.abs(square) / np.sum(np.abs(square), axis=-1, keepdims=True)
        total = np.sum(square, axis=-1, keepdims=True)
        defective = np.abs(total) < 1e-12
        response = np.where(defective, np.nan, square / np.where(defective, 1.0, total))
        angle, k = _one_axis(angle_deg, in_plane_wavenumber)
        bare = np.stack([photon.energy_at(**axis) for photon in self.photons], axis=-1)
        excitons = np.array([exciton.energy_ev for exciton in self.excitons])
        return PolaritonBranches(
            oscillators=self,
            angle_deg=angle,
            in_plane_wavenumber=k,
            photon_energy_ev=bare,
            exciton_energy_ev=excitons,
            energy_ev=energy,
            weights=weights,
            response=response,
        )

    def effective_masses(self) -> Floats:
        """Return the masses of the branches at k = 0 in electron masses (branches,).

        1/m = sum over photons of weight/m_c: excitons are infinitely heavy here. Exact without
        widths; inf for a branch without photon.

        Example:
            >>> polaritons = CoupledOscillators(
            ...     photons=(CavityPhoton(energy_ev=2.063, effective_index=1.7),),
            ...     excitons=(Exciton(energy_ev=2.09),),
            ...     rabi_splittings_mev=45.0,
            ... )
            >>> [f"{mass:.3g}" for mass in polaritons.effective_masses()]
            ['1.54e-05', '4.81e-05']
        """
        weights = self.branches(in_plane_wavenumber=0.0).weights[:, : len(self.photons)]
        inverse = weights @ np.array([1 / photon.effective_mass for photon in self.photons])
        with np.errstate(divide="ignore"):
            return np.asarray(1 / inverse)

    @classmethod
    def from_quality_factor(
        cls,
        *,
        exciton_energy_ev: float,
        detuning_mev: float,
        rabi_splitting_mev: float,
        effective_index: float,
        quality_factor: float = math.inf,
        exciton_fwhm_mev: float = 0.0,
    ) -> CoupledOscillators:
        """Return one mode and one exciton: the four numbers of a fit, plus the widths.

        Args:
            exciton_energy_ev: E_x (eV).
            detuning_mev: E_c(0) - E_x (meV).
            rabi_splitting_mev: Om (meV).
            effective_index: n_eff of the cavity's dispersion.
            quality_factor: Q of the empty cavity.
            exciton_fwhm_mev: g_x (meV).
        """
        energy = exciton_energy_ev + 1e-3 * detuning_mev
        return cls(
            photons=(
                CavityPhoton(
                    energy_ev=energy,
                    effective_index=effective_index,
                    fwhm_mev=1e3 * energy / quality_factor,
                ),
            ),
            excitons=(Exciton(energy_ev=exciton_energy_ev, fwhm_mev=exciton_fwhm_mev),),
            rabi_splittings_mev=float(rabi_splitting_mev),
        )


def _eigen(matrix: Complex) -> tuple[Complex, Complex]:
    """Eigenvalues in order and eigenvectors (columns) of complex symmetric matrices."""
    if not np.any(matrix.imag):
        values, vectors = np.linalg.eigh(matrix.real)  # orthogonal also where degenerate
        return values.astype(np.complex128), vectors.astype(np.complex128)
    energy, columns = np.linalg.eig(matrix)
    order = np.lexsort((-energy.imag, np.round(energy.real, 12)), axis=-1)
    ordered = np.take_along_axis(columns, order[..., None, :], axis=-1)
    return np.take_along_axis(energy, order, axis=-1), ordered


def _one_axis(
    angle_deg: ArrayLike | None, in_plane_wavenumber: ArrayLike | None
) -> tuple[Floats | None, Floats | None]:
    if (angle_deg is None) == (in_plane_wavenumber is None):
        got = "neither" if angle_deg is None else "both"
        raise ValueError(
            f"angle_deg, in_plane_wavenumber: must have exactly one of them, got {got}; give one"
        )
    if angle_deg is not None:
        angle = np.asarray(angle_deg, dtype=np.float64)
        if not np.all(np.abs(angle) <= 90):
            worst = float(angle.flat[np.argmax(np.abs(angle))])
            raise ValueError(
                f"angle_deg: must lie in -90 to 90 degrees, got {worst:g}; give angles in air"
            )
        return angle, None
    k = np.asarray(in_plane_wavenumber, dtype=np.float64)
    if not np.all(np.isfinite(k)):
        raise ValueError("in_plane_wavenumber: must be finite, got inf or nan; check the axis")
    return None, k
