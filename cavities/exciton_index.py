"""A host with exciton lines: Lorentzian, or Lorentzian under a Gaussian spread (Voigt)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator

from cavities.constants import HC_EV_UM
from cavities.index_model import ComplexArray, FloatArray, IndexModelBase
from cavities.spec import Spec

if TYPE_CHECKING:
    from cavities.dispersion import IndexModel

__all__ = ["ExcitonIndex", "ExcitonResonance"]

FWHM_PER_STD: Final = 2 * math.sqrt(2 * math.log(2))


class ExcitonResonance(Spec):
    """One exciton line in the permittivity: strength / (E_x^2 - E^2 - i E g_x).

    With an inhomogeneous width the Lorentzian is averaged over a Gaussian distribution of
    E_x: the line is then a Voigt profile, and in the limit g_x -> 0 a Gaussian.

    How to get the strength from a Rabi splitting, an integrated absorption or a cross-section:
    `cavities.exciton_material`.

    Attributes:
        energy_ev: centre E_x of the line (eV).
        strength_ev2: A (eV^2), > 0 absorbs, < 0 amplifies (an inverted transition).
        fwhm_mev: homogeneous full width g_x (meV).
        inhomogeneous_fwhm_mev: full width of the Gaussian distribution of E_x (meV); 0: none.

    Raises:
        ValueError: no width at all (a pole on the real axis), or a spread that reaches zero
            energy.

    Source: Lorentz oscillator; its Gaussian average is the model of R. Brendel and
    D. Bormann, J. Appl. Phys. 71, 1 (1992), doi:10.1063/1.350737, here with the exact
    partial fractions of the oscillator.

    Example:
        >>> line = ExcitonResonance(energy_ev=2.0, strength_ev2=0.01, fwhm_mev=50.0)
        >>> round(float(line.susceptibility(np.array(2.0 + 0j)).imag), 12)  # A/(E_x g_x)
        0.1
    """

    energy_ev: float = Field(gt=0)
    strength_ev2: float
    fwhm_mev: float = Field(ge=0)
    inhomogeneous_fwhm_mev: float = Field(default=0.0, ge=0)

    @model_validator(mode="after")
    def _checks(self) -> ExcitonResonance:
        if self.fwhm_mev == 0 and self.inhomogeneous_fwhm_mev == 0:
            raise ValueError(
                "fwhm_mev: must be > 0 without an inhomogeneous width, got 0 (a pole at real "
                "energy); give the measured width"
            )
        if 1e-3 * self.inhomogeneous_fwhm_mev > 0.5 * self.energy_ev:
            raise ValueError(
                "inhomogeneous_fwhm_mev: must be below half the energy "
                f"({500 * self.energy_ev:g} meV), got {self.inhomogeneous_fwhm_mev:g}; "
                "check the unit (meV)"
            )
        return self

    @property
    def pole_ev(self) -> complex | None:
        """Complex energy (eV) where a Lorentzian line diverges; None under a Gaussian spread.

        Below a Gaussian line the continuation has no pole but grows without bound: modes that
        decay faster than the line's width have no meaning there.
        """
        if not self._is_lorentzian:
            return None
        half = 5e-4 * self.fwhm_mev
        return complex(np.sqrt(complex(self.energy_ev**2 - half**2)) - 1j * half)

    def susceptibility(self, energy_ev: ArrayLike) -> ComplexArray:
        """Return the line's part of eps at complex energies (eV), any shape.

        Analytic in the right half-plane: below the real axis it is the continuation that
        decaying modes need.
        """
        e = np.asarray(energy_ev, dtype=np.complex128)
        square = e * (e + 1e-3j * self.fwhm_mev)
        if self._is_lorentzian:
            return np.asarray(self.strength_ev2 / (self.energy_ev**2 - square))
        from scipy.special import wofz

        z, near, far, scale = self._reduced(square)
        return np.asarray(self.strength_ev2 * scale * (wofz(near) + wofz(far)) / z)

    def slope(self, energy_ev: ArrayLike) -> ComplexArray:
        """Return d(susceptibility)/dE (1/eV), exact, at complex energies (eV), any shape."""
        e = np.asarray(energy_ev, dtype=np.complex128)
        square, twice = e * (e + 1e-3j * self.fwhm_mev), 2 * e + 1e-3j * self.fwhm_mev
        if self._is_lorentzian:
            return np.asarray(self.strength_ev2 * twice / (self.energy_ev**2 - square) ** 2)
        from scipy.special import wofz

        z, near, far, scale = self._reduced(square)
        w_near, w_far = wofz(near), wofz(far)
        # d(near)/dz = d(far)/dz = 1/(sqrt(2) s)
        bend = _faddeeva_slope(near, w_near) + _faddeeva_slope(far, w_far)
        by_z = scale * (bend / self._width() - (w_near + w_far) / z) / z
        return np.asarray(self.strength_ev2 * by_z * twice / (2 * z))

    @property
    def _is_lorentzian(self) -> bool:
        # A spread changes the line by (spread/width)^2: below 1e-8 it is rounding.
        return self.inhomogeneous_fwhm_mev <= 1e-8 * self.fwhm_mev

    def _width(self) -> float:
        """sqrt(2) s (eV), s the standard deviation of the distribution of E_x."""
        return math.sqrt(2) * 1e-3 * self.inhomogeneous_fwhm_mev / FWHM_PER_STD

    def _reduced(
        self, square: ComplexArray
    ) -> tuple[ComplexArray, ComplexArray, ComplexArray, complex]:
        # 1/(x^2 - z^2) = [1/(x - z) - 1/(x + z)]/2z, each averaged over x: Faddeeva functions.
        z = np.asarray(np.sqrt(square), dtype=np.complex128)
        width = self._width()
        near = np.asarray((z - self.energy_ev) / width, dtype=np.complex128)
        far = np.asarray((z + self.energy_ev) / width, dtype=np.complex128)
        return z, near, far, 0.5j * math.sqrt(math.pi) / width


class ExcitonIndex(IndexModelBase):
    """A background model plus exciton lines: eps = n_b^2 + sum of the lines.

    Attributes:
        background: index model of the host without these lines (n_b, or n_b + i k_b).
        resonances: the lines.
    """

    kind: Literal["exciton"] = "exciton"
    background: IndexModel
    resonances: tuple[ExcitonResonance, ...] = Field(min_length=1)

    @property
    def wavelength_range(self) -> tuple[float, float]:
        """The background's range (um)."""
        return self.background.wavelength_range

    @property
    def source(self) -> str:
        """The background's source."""
        return self.background.source

    @property
    def poles(self) -> tuple[complex, ...]:
        """Complex wavelengths (um) of the Lorentzian lines; Gaussian averages have no pole."""
        own = (line.pole_ev for line in self.resonances)
        found = tuple(HC_EV_UM / energy for energy in own if energy is not None)
        return (*self.background.poles, *found)

    def index(self, wavelength: FloatArray) -> ComplexArray:
        """Return the square root of eps with Re n >= 0."""
        return self.continued_index(np.asarray(wavelength, dtype=np.complex128))

    def continued_index(self, wavelength: ComplexArray) -> ComplexArray:
        """Return the index at complex wavelengths (um): the lines exactly, not to first order."""
        x = np.asarray(wavelength, dtype=np.complex128)
        eps = self.background.continued_index(x) ** 2 + self._sum(x)
        return np.asarray(np.sqrt(eps), dtype=np.complex128)

    def slope(self, wavelength: FloatArray) -> ComplexArray:
        """Return dn/dlambda (1/um), exact."""
        x = np.asarray(wavelength, dtype=np.float64)
        energy = (HC_EV_UM / x).astype(np.complex128)
        by_energy: NDArray[np.complex128] = np.zeros(x.shape, dtype=np.complex128)
        for line in self.resonances:
            by_energy = by_energy + line.slope(energy)
        background = 2 * self.background.index(x) * self.background.slope(x)
        total = background - by_energy * energy / x
        return np.asarray(total / (2 * self.index(x)), dtype=np.complex128)

    def _sum(self, wavelength: ComplexArray) -> ComplexArray:
        energy = HC_EV_UM / wavelength
        total: NDArray[np.complex128] = np.zeros(wavelength.shape, dtype=np.complex128)
        for line in self.resonances:
            total = total + line.susceptibility(energy)
        return total


def _faddeeva_slope(x: ComplexArray, w: ComplexArray) -> ComplexArray:
    """Return w'(x) = 2 i/sqrt(pi) - 2 x w(x); far out by its series, where that cancels."""
    unit = 2j / math.sqrt(math.pi)
    far = (np.abs(x) > 20) & ((x.imag >= 0) | (np.abs(x.real) > 2 * np.abs(x.imag)))
    inverse = 1 / np.where(far, x, 1.0) ** 2
    # Asymptotic series of -2 x w + 2i/sqrt(pi): (2 m - 1)!!/(2 x^2)^m, the next term 1e-13.
    series = inverse * (0.5 + inverse * (0.75 + inverse * (1.875 + inverse * 6.5625)))
    return np.asarray(np.where(far, -unit * series, unit - 2 * x * w))
