"""The pumped stripe of an amplified-spontaneous-emission experiment: geometry and criterion."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from cavities.spec import Spec
from gain.gain_film import GainFilm

__all__ = ["AseStripe", "amplified_emission", "equal_emission_kappa"]

Floats = NDArray[np.float64]

_CM_PER_UM = 1e-4


def equal_emission_kappa(solid_angle_ratio: ArrayLike) -> Floats:
    """Return x > 0 with (e^x - 1)/x = r: the gain-length product at which ASE equals SE.

    Closed form x = -1/r - W_{-1}(-exp(-1/r)/r), with the lower branch of Lambert's function.

    Args:
        solid_angle_ratio: r = Omega_coll/Omega_ASE > 1, any shape.

    Errors: ValueError for r not above 1 (the directed emission then exceeds the rest unpumped).

    Example:
        >>> equal_emission_kappa([28.6, 448.0]).round(2).tolist()
        [4.96, 8.21]
    """
    from scipy.special import lambertw

    ratio = np.asarray(solid_angle_ratio, dtype=np.float64)
    if not np.all(ratio > 1):
        raise ValueError(
            f"solid_angle_ratio: must be > 1, got {np.min(ratio):g}; the collection must see more "
            "than the stripe's own solid angle: raise numerical_aperture or lengthen the stripe"
        )
    exact = -1 / ratio - lambertw(-np.exp(-1 / ratio) / ratio, k=-1).real
    # Near r = 1, the branch point, x = 2 (r - 1) starts better; Newton steps in
    # log((e^x - 1)/x) remove the rounding.
    x = np.where(ratio < 1.01, 2 * (ratio - 1), exact)
    for _ in range(3):
        value = np.log(np.expm1(x) / x) - np.log(ratio)
        x = x - value / (1 / -np.expm1(-x) - 1 / x)
    return np.asarray(x)


def amplified_emission(gain_length: ArrayLike) -> Floats:
    """Return (e^x - 1)/x: emission at the end of a stripe over that without gain, x = g L.

    x < 0 is absorption. Exact near x = 0; inf where e^x overflows.

    Example:
        >>> amplified_emission([-1.0, 0.0, 5.0]).round(4).tolist()
        [0.6321, 1.0, 29.4826]
    """
    from scipy.special import exprel

    with np.errstate(over="ignore"):
        return np.asarray(exprel(np.asarray(gain_length, dtype=np.float64)))


class AseStripe(Spec):
    """A uniformly pumped stripe in a solution or a film, seen from its end.

    The detected intensity is equation (1) of the source with its dimension put right,

        I = I_sp S [Omega_coll L + Omega_ASE (e^{gL} - 1)/g],   Omega_ASE = S/L^2,

    I_sp the spontaneous emission per volume and solid angle, S = width * depth the section.

    Attributes:
        length: L along the direction of detection (um).
        width: across pump and detection (um).
        depth: along the pump, where it is absorbed (um).
        numerical_aperture: NA of the collection, Omega_coll = 2 pi (1 - sqrt(1 - NA^2)).
        kappa: gain-length product at which ASE counts as visible. 1 is the source's criterion;
            "physical": where the amplified part equals the spontaneous part,
            (e^kappa - 1)/kappa = Omega_coll/Omega_ASE, five to ten for common stripes.
        confinement: fraction of the guided light in the gain material; 1 in a solution.
        loss_per_cm: passive loss along the stripe (scattering in a film), napierian (1/cm).

    Errors: ValueError naming the field, the rule and the value.
    Source: equation (1), HAL hal-05014673 (2025); as printed its two terms differ by a length.
    Validity: gain uniform along the stripe and not saturated, light in straight lines.

    Example:
        >>> stripe = AseStripe(length=3000.0, width=100.0, depth=100.0, kappa="physical",
        ...                    numerical_aperture=0.39)
        >>> round(stripe.gain_length_needed, 2)
        8.21
    """

    length: float = Field(default=3000.0, gt=0)
    width: float = Field(default=100.0, gt=0)
    depth: float = Field(default=100.0, gt=0)
    numerical_aperture: float = Field(default=0.2, gt=0, lt=1)
    kappa: Annotated[float, Field(gt=0)] | Literal["physical"] = 1.0
    confinement: float = Field(default=1.0, gt=0, le=1)
    loss_per_cm: float = Field(default=0.0, ge=0)

    @property
    def collection_solid_angle(self) -> float:
        """Omega_coll (sr)."""
        return 2 * math.pi * (1 - math.sqrt(1 - self.numerical_aperture**2))

    @property
    def amplification_solid_angle(self) -> float:
        """Omega_ASE = S/L^2 (sr)."""
        return self.width * self.depth / self.length**2

    @property
    def gain_length_needed(self) -> float:
        """The kappa of the criterion.

        Errors: ValueError for "physical" when Omega_ASE is not the smaller solid angle.
        """
        if self.kappa != "physical":
            return float(self.kappa)
        ratio = self.collection_solid_angle / self.amplification_solid_angle
        return float(equal_emission_kappa(ratio))

    @property
    def material_gain_needed_per_cm(self) -> float:
        """Gain of the material at threshold, (kappa/L + loss)/confinement (1/cm)."""
        per_length = self.gain_length_needed / (self.length * _CM_PER_UM)
        return (per_length + self.loss_per_cm) / self.confinement

    def modal_gain_per_cm(self, material_gain_per_cm: ArrayLike) -> Floats:
        """Return confinement * gain - loss (1/cm), what amplifies along the stripe."""
        gain = np.asarray(material_gain_per_cm, dtype=np.float64)
        return np.asarray(self.confinement * gain - self.loss_per_cm)

    def gain_length(self, material_gain_per_cm: ArrayLike) -> Floats:
        """Return g L of the stripe, g the modal gain (1/cm)."""
        return self.modal_gain_per_cm(material_gain_per_cm) * self.length * _CM_PER_UM

    def detected(self, material_gain_per_cm: ArrayLike) -> tuple[Floats, Floats]:
        """Return the detected intensity over I_sp S L (sr): spontaneous and amplified part.

        Args:
            material_gain_per_cm: gain of the material (1/cm), (...).

        Returns:
            Omega_coll and Omega_ASE (e^{gL} - 1)/(gL), both (...). Their sum is equation (1).
        """
        amplified = self.amplification_solid_angle * amplified_emission(
            self.gain_length(material_gain_per_cm)
        )
        return np.full_like(amplified, self.collection_solid_angle), amplified

    def pump_optical_depth(self, medium: GainFilm, pump_cross_section_cm2: float) -> float:
        """Return C sigma_p depth, the napierian optical depth of the stripe for the pump."""
        per_cm = medium.concentration_per_cm3 * pump_cross_section_cm2
        return per_cm * self.depth * _CM_PER_UM
