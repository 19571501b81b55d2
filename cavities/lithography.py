"""Lithography: one Gaussian laser exposure of an absorbing resist, and its inverse."""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from cavities.depth_dose import depth_dose
from cavities.spec import Spec

if TYPE_CHECKING:
    from cavities.resist_profile import ResistProfile

__all__ = ["Exposure"]

Floats = NDArray[np.float64]
logger = logging.getLogger(__name__)


class Exposure(Spec):
    """One laser shot into a negative resist film that holds an absorber.

    The dose is W(r, z) = D0 exp(-2 r^2/w0^2) exp(-a (z0 - z)) with the peak surface dose
    D0 = 2 P tau/(pi w0^2), z counted from the substrate, light entering at z0. What reaches
    the cross-linking dose W_cl stays: r <= w0 sqrt((L - a (z0 - z))/2), L = ln(D0/W_cl), a
    paraboloid wide at the top. That is equation (3) of Kersuzan et al. (hal-05014673, 2025)
    with the absorption length put back in front of its logarithm:
    z = z0 + (1/a) [2 r^2/w0^2 + ln(W_cl pi w0^2/(2 P tau))].

    Valid for a beam that does not spread in the film (pi n w0^2/lambda >> z0), no bleaching,
    a sharp threshold and dose reciprocity. Three refinements are off by default: light sent
    back by the substrate, diffusion blur during the post-exposure bake, uniform shrinkage.

    The defaults are the paper's typical disk. Only power, time and absorber come from the
    paper; waist, absorptivity, film thickness and cross-linking dose are guesses that only
    their combinations constrain: calibrate them on a dose series of your own.

    Example:
        >>> disk = Exposure().profile()
        >>> round(2 * disk.top_radius, 2), round(disk.base_radius, 2)
        (15.0, 6.27)
    """

    power_uw: float = Field(
        default=500.0, gt=0, description="laser power at the resist (uW); paper, Methods"
    )
    time_ms: float = Field(default=50.0, gt=0, description="exposure time (ms); paper, Methods")
    beam_waist: float = Field(
        default=7.0,
        gt=0,
        description="w0, 1/e^2 intensity radius in the film (um); guess: disks of 10-30 um need "
        "several um, so the NA 0.3 objective is underfilled or defocused (its diffraction "
        "limit, 0.43 um, would need 10^265 times the threshold dose)",
    )
    absorber_mg_per_ml: float = Field(
        default=20.0,
        ge=0,
        description="absorber in the liquid mix (mg/mL); paper, Methods (its figure text also "
        "says wt%)",
    )
    absorptivity_ml_per_mg_per_um: float = Field(
        default=0.0069,
        ge=0,
        description="Napierian absorption of the dried film at the exposure wavelength per "
        "mg/mL in the liquid mix (1/um per mg/mL); guess: 0.138/um at 20 mg/mL, plausible "
        "range 0.03-0.3/um; holds the unknown concentration on drying",
    )
    resist_absorption_per_um: float = Field(
        default=0.0,
        ge=0,
        description="Napierian absorption of the bare resist (1/um); assumed negligible at 405 nm",
    )
    film_thickness: float = Field(
        default=5.0, gt=0, description="z0, resist thickness after soft bake (um); guess"
    )
    cross_linking_dose_j_per_cm2: float = Field(
        default=3.27,
        gt=0,
        description="dose above which the resist survives development (J/cm2); guess, set so "
        "that the typical exposure gives a 15 um disk with the waist above (only the pair "
        "counts)",
    )
    wavelength: float = Field(default=0.405, gt=0, description="exposure wavelength (um); paper")
    resist_index: float = Field(
        default=1.606,
        gt=0,
        description="resist index at the exposure wavelength; SU-8 3000 Cauchy fit of the "
        "manufacturer at 0.405 um; enters the validity check only",
    )
    substrate_reflectance: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="intensity reflected by the substrate into the resist, no fringes; off "
        "(bare gold under SU-8 at 405 nm: about 0.3)",
    )
    diffusion_length: float = Field(
        default=0.0,
        ge=0,
        description="standard deviation of the bake's diffusion blur along each axis (um); off",
    )
    shrinkage: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="uniform linear shrinkage of the finished disk (fraction); off",
    )

    @property
    def energy_uj(self) -> float:
        """Energy of the shot, P tau (uJ)."""
        return self.power_uw * self.time_ms * 1e-3

    @property
    def peak_dose_j_per_cm2(self) -> float:
        """D0 = 2 P tau/(pi w0^2): incident dose at the centre of the top face (J/cm2)."""
        return 200.0 * self.energy_uj / (math.pi * self.beam_waist**2)

    @property
    def absorption_per_um(self) -> float:
        """a: absorption of resist and absorber (1/um, Napierian)."""
        absorber = self.absorptivity_ml_per_mg_per_um * self.absorber_mg_per_ml
        return absorber + self.resist_absorption_per_um

    @property
    def rayleigh_range(self) -> float:
        """Rayleigh range pi n w0^2/lambda: depth over which the beam keeps its width (um)."""
        return math.pi * self.resist_index * self.beam_waist**2 / self.wavelength

    @property
    def blurred_waist(self) -> float:
        """sqrt(w0^2 + 4 s^2): 1/e^2 radius of the dose after diffusion (um)."""
        return math.hypot(self.beam_waist, 2 * self.diffusion_length)

    @property
    def is_ideal(self) -> bool:
        """Whether the wall is exactly a parabola: neither reflection nor diffusion."""
        return self.substrate_reflectance == 0 and self.diffusion_length == 0

    def dose_j_per_cm2(self, r: ArrayLike, z: ArrayLike) -> Floats:
        """Return the dose W(r, z) that acts on the resist (J/cm2).

        Args:
            r: distance from the axis (um).
            z: height above the substrate (um), 0..film_thickness; broadcasts with `r`.
        """
        radial = np.exp(-2 * (np.asarray(r, dtype=np.float64) / self.blurred_waist) ** 2)
        return np.asarray(self._axis_dose(z) * radial)

    def log_overdose(self, z: ArrayLike) -> Floats:
        """Return ln(W(0, z)/W_cl): positive where the resist cross-links on the axis.

        The iso-dose surface is r(z)^2 = (w^2/2) log_overdose(z), w the blurred waist.

        Args:
            z: height above the substrate (um), 0..film_thickness.
        """
        z = np.asarray(z, dtype=np.float64)
        if self.is_ideal:
            surface = math.log(self.peak_dose_j_per_cm2 / self.cross_linking_dose_j_per_cm2)
            return np.asarray(surface - self.absorption_per_um * (self.film_thickness - z))
        ratio = self._axis_dose(z) / self.cross_linking_dose_j_per_cm2
        return np.asarray(np.log(np.maximum(ratio, 1e-300)))

    def profile(self, *, allow_detached: bool = False) -> ResistProfile:
        """Return the shape that survives development.

        Args:
            allow_detached: return a cap without a foot instead of raising.

        Raises:
            ValueError: nothing cross-links, or nothing does at the substrate (the disk would
                be lost at development).
        """
        from cavities.resist_profile import resist_profile

        profile = resist_profile(self, allow_detached=allow_detached)
        for message in profile.warnings:
            logger.warning(message)
        return profile

    def energy_for_diameter_uj(self, diameter: float) -> float:
        """Return the energy (uJ) for a wanted top diameter (um).

        E = (pi w0^2 W_cl/2) exp(D^2/(2 w0^2)) without refinements: exponential in D^2, so a
        beam of waist w0 writes no disk much wider than 3 w0.

        Raises:
            ValueError: the diameter is not positive, or needs more than 1e300 uJ.

        Example:
            >>> [round(Exposure().energy_for_diameter_uj(d), 1) for d in (10, 15, 20)]
            [7.0, 25.0, 149.1]
        """
        if not (math.isfinite(diameter) and diameter > 0):
            raise ValueError(f"diameter: must be > 0, got {diameter}; give it in um")
        radius = diameter / 2 / (1 - self.shrinkage)
        surface = float(self.log_overdose(self.film_thickness))
        log_energy = 2 * (radius / self.blurred_waist) ** 2 - surface + math.log(self.energy_uj)
        if log_energy > 690.0:
            raise ValueError(
                f"diameter: must be within reach of the beam_waist of {self.beam_waist:g} um, got "
                f"{diameter:g} um (10^{log_energy / math.log(10):.0f} uJ); use a wider beam"
            )
        return math.exp(log_energy)

    def time_for_diameter_ms(self, diameter: float) -> float:
        """Return the exposure time (ms) for a wanted top diameter (um) at this power."""
        return self.energy_for_diameter_uj(diameter) / self.power_uw * 1e3

    def with_diameter(self, diameter: float) -> Exposure:
        """Return this exposure with the time that gives the wanted top diameter (um)."""
        changed: Any = self.changed(time_ms=self.time_for_diameter_ms(diameter))
        assert isinstance(changed, Exposure)
        return changed

    def _axis_dose(self, z: ArrayLike) -> Floats:
        spread = (self.beam_waist / self.blurred_waist) ** 2
        return (
            self.peak_dose_j_per_cm2
            * spread
            * depth_dose(
                z,
                thickness=self.film_thickness,
                absorption_per_um=self.absorption_per_um,
                reflectance=self.substrate_reflectance,
                diffusion_length=self.diffusion_length,
            )
        )
