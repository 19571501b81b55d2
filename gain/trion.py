"""Charged nanocrystals: an extra carrier bleaches part of the band edge before the pump does.

With z extra electrons (or holes) on a 2M-fold degenerate band edge and N excitons, one kind of
carrier fills min((N + z)/2M, 1) of its states and the other min(N/2M, 1); without shifts the net
gain of state N is the sum of both less 1:

    z = 0: -1, 0, 1      z = 1: -1/2, 1/2, 1      z = 2: 0, 1/2, 1      (M = 1, N = 0, 1, 2)

A singly charged dot absorbs half as much, its trion amplifies with half the cross-section, its
charged biexciton with all of it. Under Poisson excitation transparency is at exp(N) = 2 + N
(neutral, 1.146), exp(N) = (3 + N)/2 (z = 1, 0.583), N = 0 (z = 2).

Source: K. Wu, Y.-S. Park, J. Lim and V. I. Klimov, Nature Nanotechnology 12, 1140 (2017),
doi:10.1038/nnano.2017.189.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from pydantic import Field, model_validator

from gain.nanocrystal_medium import NanocrystalMedium
from gain.spectral_shift import Shift, ShiftLike
from gain.spectrum import Species

__all__ = ["ChargedMedium", "charged", "transparency_photons", "trion_provenance"]

_PROVENANCE: Final = {
    "extra_carriers": "measured: about one electron per dot by photodoping, "
    "doi:10.1038/nnano.2017.189",
    "charged_fraction": "guess: all nanocrystals charged; photodoping leaves a distribution",
    "trion_shift": "guess: no shift; trions of thick-shell CdSe/CdS lie within 10 meV of the "
    "exciton, far less than the line width",
    "charged_biexciton_shift": "guess: trion shift and biexciton shift add up",
}


class ChargedMedium(NanocrystalMedium):
    """Nanocrystals of which a fraction carries extra electrons or holes.

    States still count the excitons made by the pump: 0, 1, ... 2M, in neutral and charged ones
    alike, whose mean spectra the coefficients are.

    Attributes:
        extra_carriers: z, electrons (or holes) per charged nanocrystal, 1 to 2M.
        charged_fraction: share of charged nanocrystals, 0 to 1.
        trion_shift: blue shift of the charged lines against the neutral ones (binding: negative).
        charged_biexciton_shift: blue shift of XX- -> X- against the neutral X line; None: that
            of the trion and that of the neutral biexciton add up.
        (the others): as for `NanocrystalMedium`.

    Errors: ValueError naming the field, the rule and the value.
    Validity: extra carriers in the band-edge states, of one kind, the same at any pump (no
        ionisation by it); selection rules of uncoupled electrons and holes.

    Example:
        >>> from gain import quantum_dots
        >>> dots = charged(quantum_dots())
        >>> round(float(dots.gain(0.639, absorbed_photons=0.0)), 3)
        -0.5
    """

    name: str = "charged nanocrystals"
    extra_carriers: int = Field(default=1, ge=1)
    charged_fraction: float = Field(default=1.0, ge=0, le=1)
    trion_shift: ShiftLike = Shift(mev=0.0)
    charged_biexciton_shift: ShiftLike | None = None

    @model_validator(mode="after")
    def _carriers(self) -> ChargedMedium:
        if self.extra_carriers > 2 * self.coherence_areas:
            raise ValueError(
                "extra_carriers: must fit the band edge, at most 2M = "
                f"{2 * self.coherence_areas}, got {self.extra_carriers}; more fill higher states"
            )
        return self

    @property
    def species(self) -> tuple[Species, ...]:
        """The neutral and the charged nanocrystals."""
        peak_nm = 1e3 * self.emission_wavelength
        biexciton = self.charged_biexciton_shift
        charge = Species(
            fraction=self.charged_fraction,
            extra_carriers=self.extra_carriers,
            charge_shift=self.trion_shift.to(self.shifts_in, emission_wavelength_nm=peak_nm),
            biexciton_shift=None
            if biexciton is None
            else biexciton.to(self.shifts_in, emission_wavelength_nm=peak_nm),
        )
        kinds = (Species(fraction=1 - self.charged_fraction), charge)
        return tuple(kind for kind in kinds if kind.fraction > 0)


def charged(medium: NanocrystalMedium, **fields: Any) -> ChargedMedium:
    """Return a medium with extra carriers; keywords are the fields of `ChargedMedium`.

    Example:
        >>> from gain import quantum_shells
        >>> charged(quantum_shells(), charged_fraction=0.5).name
        'charged quantum_shells'
    """
    own = {name: getattr(medium, name) for name in type(medium).model_fields}
    name = medium.name if medium.name.startswith("charged") else f"charged {medium.name}"
    return ChargedMedium(**{**own, "name": name, **fields})


def transparency_photons(extra_carriers: int = 0, *, charged_fraction: float = 1.0) -> float:
    """Return the mean absorbed photons at transparency without shifts, for M = 1.

    A share x with z extra carriers: p0 (z x/2 - 1) + p1 x min(z, 1)/2 + p2 = 0 with Poisson
    populations, that is exp(N) = a + b N with a = 2 - z x/2, b = 1 - x min(z, 1)/2, hence
    N = -a/b - W_-1(-exp(-a/b)/b), the lower branch of Lambert's W.

    Args:
        extra_carriers: z, 0, 1 or 2.
        charged_fraction: x, 0 to 1.

    Errors: ValueError for another number of carriers or a fraction outside 0 to 1.

    Example:
        >>> [round(transparency_photons(z), 4) for z in (0, 1, 2)]
        [1.1462, 0.5831, 0.0]
    """
    from scipy.special import lambertw

    if extra_carriers not in (0, 1, 2):
        raise ValueError(f"extra_carriers: must be 0, 1 or 2 for M = 1, got {extra_carriers}")
    if not 0 <= charged_fraction <= 1:
        raise ValueError(
            f"charged_fraction: must lie in 0 to 1, got {charged_fraction:g}; give a share"
        )
    a = 2 - 0.5 * extra_carriers * charged_fraction
    b = 1 - 0.5 * min(extra_carriers, 1) * charged_fraction
    if a <= 1:
        return 0.0
    return float(-a / b - lambertw(-np.exp(-a / b) / b, k=-1).real)


def trion_provenance() -> Mapping[str, str]:
    """Return where the defaults of the charge come from, by field."""
    return MappingProxyType(_PROVENANCE)
