"""Is it strong coupling? Criteria, observable splittings and the exceptional point.

For one photon and one exciton at zero detuning, with V = Om/2, g = g_x/2 and c = g_c/2:

- the eigenvalues split in energy when Om > |g_x - g_c|/2, by sqrt(Om^2 - (g_x - g_c)^2/4);
  at equality they coalesce (exceptional point);
- absorption shows two peaks when Om^2 > (g_x^2 + g_c^2)/2, split by
  2 sqrt(V^2 - (g^2 + c^2)/2);
- transmission shows two peaks when V^4 + 2 V^2 g (g + c) > g^4, split by
  2 sqrt(sqrt(V^4 + 2 V^2 g (g + c)) - g^2).

Source: V. Savona, L. C. Andreani, P. Schwendimann and A. Quattropani, Solid State Commun. 93, 733
(1995), doi:10.1016/0038-1098(94)00865-5; the closed forms are those of two coupled modes of which
one is driven and observed. Valid for Lorentzian lines; an inhomogeneous (Gaussian) exciton line
broadens the polaritons less (R. Houdre, R. P. Stanley and M. Ilegems, Phys. Rev. A 53, 2711
(1996), doi:10.1103/PhysRevA.53.2711).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = [
    "ExceptionalPoint",
    "StrongCoupling",
    "exceptional_point",
    "strong_coupling_criteria",
]


@dataclass(frozen=True, kw_only=True)
class StrongCoupling:
    """What the widths leave of a Rabi splitting; all in meV, full widths.

    Attributes:
        rabi_splitting_mev, photon_fwhm_mev, exciton_fwhm_mev: the inputs.
        eigenvalue_splitting_mev: distance of the real energies at resonance; 0: weak coupling.
        absorption_splitting_mev: distance of the peaks in absorption; 0: one peak.
        transmission_splitting_mev: distance of the peaks in transmission; 0: one peak.
        cooperativity: Om^2/(g_c g_x); inf without widths.
    """

    rabi_splitting_mev: float
    photon_fwhm_mev: float
    exciton_fwhm_mev: float
    eigenvalue_splitting_mev: float
    absorption_splitting_mev: float
    transmission_splitting_mev: float
    cooperativity: float

    @property
    def is_strong(self) -> bool:
        """Whether the real energies split: Om > |g_x - g_c|/2."""
        return self.eigenvalue_splitting_mev > 0

    @property
    def is_resolved_in_absorption(self) -> bool:
        """Whether absorption shows two peaks: Om^2 > (g_x^2 + g_c^2)/2."""
        return self.absorption_splitting_mev > 0

    @property
    def is_resolved_in_transmission(self) -> bool:
        """Whether transmission shows two peaks."""
        return self.transmission_splitting_mev > 0

    @property
    def exceeds_mean_width(self) -> bool:
        """Whether Om > (g_x + g_c)/2, a rule of thumb often quoted; no threshold of anything."""
        return self.rabi_splitting_mev > 0.5 * (self.photon_fwhm_mev + self.exciton_fwhm_mev)

    def report(self) -> str:
        """Return a text table of the criteria."""
        rows = (
            ("real energies split", self.is_strong, self.eigenvalue_splitting_mev),
            (
                "two peaks in absorption",
                self.is_resolved_in_absorption,
                self.absorption_splitting_mev,
            ),
            (
                "two peaks in transmission",
                self.is_resolved_in_transmission,
                self.transmission_splitting_mev,
            ),
        )
        head = (
            f"Rabi splitting {self.rabi_splitting_mev:g} meV, widths {self.photon_fwhm_mev:.3g} "
            f"(photon) and {self.exciton_fwhm_mev:.3g} meV (exciton), cooperativity "
            f"{self.cooperativity:.3g}"
        )
        lines = [
            f"{name:<26} {'yes' if holds else 'no':<4} {gap:6.2f} meV" for name, holds, gap in rows
        ]
        return "\n".join([head, *lines])


def strong_coupling_criteria(
    rabi_splitting_mev: float, *, photon_fwhm_mev: float, exciton_fwhm_mev: float
) -> StrongCoupling:
    """Return the criteria and observable splittings at zero detuning.

    Args:
        rabi_splitting_mev: Om (meV), without widths.
        photon_fwhm_mev: g_c, full width of the empty cavity's mode (meV).
        exciton_fwhm_mev: g_x, full width of the exciton (meV).

    Raises:
        ValueError: a negative value.

    Example:
        >>> found = strong_coupling_criteria(45.0, photon_fwhm_mev=2.23, exciton_fwhm_mev=66.0)
        >>> print(found.report())
        Rabi splitting 45 meV, widths 2.23 (photon) and 66 meV (exciton), cooperativity 13.8
        real energies split        yes   31.75 meV
        two peaks in absorption    no     0.00 meV
        two peaks in transmission  yes   19.24 meV
    """
    _check(
        rabi_splitting_mev=rabi_splitting_mev,
        photon_fwhm_mev=photon_fwhm_mev,
        exciton_fwhm_mev=exciton_fwhm_mev,
    )
    v2 = rabi_splitting_mev**2 / 4
    g, c = exciton_fwhm_mev / 2, photon_fwhm_mev / 2
    transmission = math.sqrt(v2 * v2 + 2 * v2 * g * (g + c)) - g * g
    product = exciton_fwhm_mev * photon_fwhm_mev
    return StrongCoupling(
        rabi_splitting_mev=rabi_splitting_mev,
        photon_fwhm_mev=photon_fwhm_mev,
        exciton_fwhm_mev=exciton_fwhm_mev,
        eigenvalue_splitting_mev=2 * math.sqrt(max(0.0, v2 - (g - c) ** 2 / 4)),
        absorption_splitting_mev=2 * math.sqrt(max(0.0, v2 - (g * g + c * c) / 2)),
        transmission_splitting_mev=2 * math.sqrt(max(0.0, transmission)),
        cooperativity=rabi_splitting_mev**2 / product if product else math.inf,
    )


@dataclass(frozen=True, kw_only=True)
class ExceptionalPoint:
    """Where both polaritons coalesce in energy, width and character, at zero detuning.

    Attributes:
        rabi_splitting_mev: Om at the point for the given widths, |g_x - g_c|/2.
        exciton_fwhm_mev: g_x at the point for the given Om and g_c, g_c + 2 Om.
        fwhm_mev: common width there at the given widths, (g_x + g_c)/2.
    """

    rabi_splitting_mev: float
    exciton_fwhm_mev: float
    fwhm_mev: float


def exceptional_point(
    rabi_splitting_mev: float, *, photon_fwhm_mev: float, exciton_fwhm_mev: float
) -> ExceptionalPoint:
    """Return the exceptional point beside a cavity: in Om at its widths, in g_x at its Om.

    Args and errors: as `strong_coupling_criteria`.

    Example:
        >>> point = exceptional_point(45.0, photon_fwhm_mev=2.23, exciton_fwhm_mev=66.0)
        >>> round(point.exciton_fwhm_mev, 2), round(point.rabi_splitting_mev, 2)
        (92.23, 31.89)
    """
    _check(
        rabi_splitting_mev=rabi_splitting_mev,
        photon_fwhm_mev=photon_fwhm_mev,
        exciton_fwhm_mev=exciton_fwhm_mev,
    )
    return ExceptionalPoint(
        rabi_splitting_mev=abs(exciton_fwhm_mev - photon_fwhm_mev) / 2,
        exciton_fwhm_mev=photon_fwhm_mev + 2 * rabi_splitting_mev,
        fwhm_mev=(photon_fwhm_mev + exciton_fwhm_mev) / 2,
    )


def _check(**values: float) -> None:
    for name, value in values.items():
        if not (value >= 0 and math.isfinite(value)):
            raise ValueError(f"{name}: must be >= 0 and finite, got {value:g}; check its sign")
