"""Strong coupling of a design: the exciton in the stack, the coupled oscillators beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cavities.constants import HC_EV_UM
from cavities.planar_stack import PlanarStack
from studies.design import Design
from studies.errors import DesignError
from studies.planar_settings import StrongCouplingSettings
from studies.planar_spectra import PassiveDispersion
from studies.validation import first_error

if TYPE_CHECKING:
    from gain.coupled_oscillators import CoupledOscillators
    from gain.dispersion_map import DispersionMap
    from gain.polariton_branches import PolaritonBranches
    from gain.strong_coupling import StrongCoupling
    from solvers.modes import Mode, ModeSet

__all__ = ["StrongCavity", "coupled_mode", "strong_cavity"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class StrongCavity:
    """A cavity mode and an exciton, as layers and as coupled oscillators.

    Attributes:
        settings: the table [strong_coupling].
        photon: the mode of the cavity without the exciton.
        confinement: its energy fraction in the exciton's layers.
        stack: the layers with the exciton line in them.
        effective_index: of the photon's dispersion, fitted to the solver's.
        oscillators: photon and exciton with their widths.
        criteria: what the widths leave of the splitting.
        angle_deg: angles (A,); branches: of the oscillators there.
        solver_energy_ev: complex energy of the lower polariton of the layers (A,), nan where the
            mode is too broad to be told from the exciton's absorption.
        transmission: map over -angle to angle.
    """

    settings: StrongCouplingSettings
    photon: Mode
    confinement: float
    stack: PlanarStack
    effective_index: float
    oscillators: CoupledOscillators
    criteria: StrongCoupling
    angle_deg: Floats
    branches: PolaritonBranches
    solver_energy_ev: NDArray[np.complex128]
    transmission: DispersionMap

    @property
    def detuning_mev(self) -> float:
        """E_c - E_x at normal incidence (meV)."""
        return 1e3 * (HC_EV_UM / self.photon.wavelength - self.settings.exciton_energy_ev)

    @property
    def lower_ev(self) -> float:
        """Energy of the lower polariton at normal incidence, without widths in the coupling."""
        return float(self.branches.lower[0])

    @property
    def photon_weight(self) -> float:
        """Photon share of the lower polariton at normal incidence."""
        return float(self.branches.photon_weight[0, 0])


def coupled_mode(design: Design, modes: ModeSet) -> int:
    """Return the number of the mode that the exciton couples to: the nearest in energy.

    Modes with less than a tenth of their energy in the exciton's layers do not count.

    Raises:
        DesignError: no mode reaches into the exciton's layers.
    """
    settings = design.strong_coupling
    assert settings is not None
    inside = [i for i, mode in enumerate(modes) if mode.confinement.get(settings.region, 0.0) > 0.1]
    if not inside:
        raise DesignError(
            f"must hold the field of a mode, got no mode with 10 % of its energy in "
            f"{settings.region!r}; move the window of [solver]",
            key="strong_coupling.region",
        )
    target = settings.exciton_energy_ev
    return min(inside, key=lambda i: abs(HC_EV_UM / modes[i].wavelength - target))


def strong_cavity(design: Design, photon: Mode, passive: PassiveDispersion) -> StrongCavity:
    """Return the cavity with its exciton.

    Args:
        design: with [strong_coupling].
        photon: the mode of the cavity as designed, at normal incidence.
        passive: its dispersion.

    Raises:
        DesignError: the line cannot be put into the film, or the map leaves the materials' range.
    """
    from cavities.exciton_material import exciton_film, exciton_line
    from gain import CavityPhoton, CoupledOscillators, Exciton, strong_coupling_criteria

    settings = design.strong_coupling
    assert settings is not None
    stack = design.cavity.stack()  # type: ignore[attr-defined]
    film = next(layer.material for layer in stack.layers if layer.name == settings.region)
    confinement = photon.confinement[settings.region]
    energy = HC_EV_UM / photon.wavelength
    try:
        line = exciton_line(
            energy_ev=settings.exciton_energy_ev,
            background_index=float(film.index(HC_EV_UM / settings.exciton_energy_ev).real),
            fwhm_mev=settings.exciton_fwhm_mev,
            inhomogeneous_fwhm_mev=settings.inhomogeneous_fwhm_mev,
            cavity_rabi_splitting_mev=settings.rabi_splitting_mev,
            confinement=confinement,
        )
        material = exciton_film(film, line, name=f"{film.name} with excitons")
        coupled = stack.with_material(settings.region, material)
    except (ValueError, TypeError) as error:
        raise first_error(error, key="strong_coupling") from None
    branch = passive.branches.branch("TE", photon.axial_order or 0)
    assert passive.branches.angle_deg is not None
    angles = passive.branches.angle_deg
    index = _effective_index(angles, branch.energy_ev)
    width = _voigt_fwhm(settings.exciton_fwhm_mev, settings.inhomogeneous_fwhm_mev)
    oscillators = CoupledOscillators(
        photons=(
            CavityPhoton(
                energy_ev=energy,
                effective_index=index,
                fwhm_mev=1e3 * energy / photon.quality_factor,
            ),
        ),
        excitons=(Exciton(energy_ev=settings.exciton_energy_ev, fwhm_mev=width),),
        rabi_splittings_mev=settings.rabi_splitting_mev,
    )
    return StrongCavity(
        settings=settings,
        photon=photon,
        confinement=confinement,
        stack=coupled,
        effective_index=index,
        oscillators=oscillators,
        criteria=strong_coupling_criteria(
            settings.rabi_splitting_mev,
            photon_fwhm_mev=1e3 * energy / photon.quality_factor,
            exciton_fwhm_mev=width,
        ),
        angle_deg=angles,
        branches=without_widths(oscillators).branches(angle_deg=angles),
        solver_energy_ev=_solver_branch(coupled, oscillators, angles),
        transmission=_transmission(coupled, design, settings),
    )


def without_widths(oscillators: CoupledOscillators) -> CoupledOscillators:
    """Return the same oscillators without widths: the form in which papers fit dispersions."""
    bare: CoupledOscillators = oscillators.changed(
        photons=tuple(photon.changed(fwhm_mev=0.0) for photon in oscillators.photons),
        excitons=tuple(exciton.changed(fwhm_mev=0.0) for exciton in oscillators.excitons),
    )
    return bare


def _voigt_fwhm(lorentzian: float, gaussian: float) -> float:
    """Return the full width of a Voigt profile, within 0.02 %.

    Source: J. J. Olivero and R. L. Longbothum, J. Quant. Spectrosc. Radiat. Transf. 17, 233
    (1977), doi:10.1016/0022-4073(77)90161-3.
    """
    return 0.5346 * lorentzian + math.sqrt(0.2166 * lorentzian**2 + gaussian**2)


def _effective_index(angle_deg: Floats, energy_ev: Floats) -> float:
    """Return n_eff of E_c(0)/sqrt(1 - (sin/n_eff)^2), a least-squares line in sin^2."""
    good = np.isfinite(energy_ev)
    sine = np.sin(np.radians(angle_deg[good])) ** 2
    fall = 1 - (energy_ev[good][0] / energy_ev[good]) ** 2
    slope = float(sine @ fall / (sine @ sine))
    return 1 / math.sqrt(slope)


def _solver_branch(
    stack: PlanarStack, oscillators: CoupledOscillators, angles: Floats
) -> NDArray[np.complex128]:
    """Return the lower polariton's complex energies (eV) of the layers with the exciton (A,).

    Poles next to the exciton's own, an endless series, are kept out by a floor for Q.
    """
    from solvers.multilayer import planar_dispersion

    expected = oscillators.branches(angle_deg=angles)
    energy, width = expected.lower, 1e-3 * expected.fwhm_mev[:, 0]
    exciton = oscillators.excitons[0]
    widest = float(np.max(width / energy))
    limit = 0.85e-3 * exciton.fwhm_mev / exciton.energy_ev
    floor = 1 / min(1.15 * widest, max(limit, 1.05 * float(width[0] / energy[0])))
    reach = 0.02
    window = (
        HC_EV_UM / min(float(energy.max()) + reach, exciton.energy_ev - 1e-3),
        HC_EV_UM / (float(energy.min()) - reach),
    )
    result = np.full(angles.shape, complex(np.nan, np.nan))
    try:
        found = planar_dispersion(
            stack, window, angle_deg=angles, polarization="TE", quality_factor_floor=floor
        )
    except (ValueError, RuntimeError):
        return result
    poles = np.array([HC_EV_UM * b.wavenumber / (2 * math.pi) for b in found.branches])
    for i in range(len(angles)):
        column = poles[:, i][np.isfinite(poles[:, i])]
        if len(column):
            distance = np.abs(column - (expected.energy_ev[i, 0]))
            best = int(np.argmin(distance))
            if distance[best] < 0.02:
                result[i] = column[best]
    return result


def _transmission(
    stack: PlanarStack, design: Design, settings: StrongCouplingSettings
) -> DispersionMap:
    """Return the transmission (TE) over -angle to angle and the window of energies."""
    from gain import DispersionMap
    from solvers.multilayer import spectrum

    half = np.linspace(0.0, design.planar.largest_angle_deg, 81)
    energy = np.linspace(*settings.energy_ev, 361)
    try:
        found = spectrum(stack, HC_EV_UM / energy, angle_deg=half)
    except (ValueError, TypeError) as error:
        raise first_error(error, key="strong_coupling") from None
    values = found.transmittance
    return DispersionMap(
        angle_deg=np.concatenate([-half[:0:-1], half]),
        energy_ev=energy,
        intensity=np.concatenate([values[:0:-1], values]),
        kind="transmission",
    )


def branch_numbers(cavity: StrongCavity) -> dict[str, Any]:
    """Return the numbers of the coupled cavity for result.json."""
    settings = cavity.settings
    solver = complex(cavity.solver_energy_ev[0])
    widths = cavity.oscillators.branches(angle_deg=0.0)
    return {
        "photon_mode": cavity.photon.label,
        "photon_energy_ev": HC_EV_UM / cavity.photon.wavelength,
        "photon_q": cavity.photon.quality_factor,
        "confinement": cavity.confinement,
        "effective_index": cavity.effective_index,
        "exciton_energy_ev": settings.exciton_energy_ev,
        "rabi_splitting_mev": settings.rabi_splitting_mev,
        "bulk_rabi_splitting_mev": settings.rabi_splitting_mev / math.sqrt(cavity.confinement),
        "detuning_mev": cavity.detuning_mev,
        "lower_polariton_ev": cavity.lower_ev,
        "lower_polariton_nm": 1e3 * HC_EV_UM / cavity.lower_ev,
        "lower_polariton_with_widths_ev": float(widths.lower),
        "lower_polariton_fwhm_mev": float(widths.fwhm_mev[0]),
        "lower_polariton_of_layers_ev": solver.real,
        "lower_polariton_of_layers_fwhm_mev": -2e3 * solver.imag,
        "upper_polariton_ev": float(cavity.branches.upper[0]),
        "photon_weight": cavity.photon_weight,
        "exciton_weight": 1 - cavity.photon_weight,
        "eigenvalue_splitting_mev": cavity.criteria.eigenvalue_splitting_mev,
        "transmission_splitting_mev": cavity.criteria.transmission_splitting_mev,
        "absorption_splitting_mev": cavity.criteria.absorption_splitting_mev,
        "cooperativity": cavity.criteria.cooperativity,
    }
