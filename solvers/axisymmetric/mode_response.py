"""What all derivatives of one mode have in common: electric energies, norm, shape gradient."""

from __future__ import annotations

import functools

import numpy as np

from cavities.material import Material
from solvers.axisymmetric.fields import ResolvedField
from solvers.axisymmetric.interface_motion import (
    Attachment,
    attach,
    material_entries,
    material_key,
)
from solvers.axisymmetric.pencil import continued_permittivity
from solvers.axisymmetric.shape_gradient import ShapeGradient, mass_shares, shape_gradient

__all__ = ["ModeResponse"]


class ModeResponse:
    """The response of a mode's wavenumber to any change x^T dT x of its pencil.

    Args:
        sampler: the mode's field; its eigenvector is computed once.
    """

    def __init__(self, sampler: ResolvedField) -> None:
        self._sampler = sampler
        self.body = sampler.body
        self.wavenumber = complex(*sampler.wavenumber)
        system = sampler.system()
        self._vector = sampler.vector(system)
        self._shares = mass_shares(system, self._vector)

    @functools.cached_property
    def shape(self) -> tuple[ShapeGradient, tuple[Attachment, ...]]:
        """The weights of the interface points, and where on the outlines they lie."""
        order = self._sampler.azimuthal_order
        gradient = shape_gradient(self._sampler.system(), self._vector, order, self.wavenumber)
        return gradient, attach(self.body, gradient.points)

    def mass_change(self, changes: dict[tuple[str, str], complex]) -> complex:
        """Return x^T dT x for changes of the permittivities by (region, material)."""
        total = sum(self._shares.get(key, 0j) * change for key, change in changes.items())
        return complex(-(self.wavenumber**2) * total)

    def slope(self, change: complex) -> complex:
        """Return dk (rad/um) for a change x^T dT x at fixed k.

        The permittivity is continued from real to complex k to first order, which is not
        analytic in a lossy dispersive medium: the two parts of dk follow from two real equations.
        """
        along, across = self._slopes
        matrix = np.asarray([[along.real, across.real], [along.imag, across.imag]])
        real, imag = np.linalg.solve(matrix, [-change.real, -change.imag])
        return complex(real, imag)

    @functools.cached_property
    def _slopes(self) -> tuple[complex, complex]:
        """x^T dT x for unit changes of Re k and of Im k."""
        k = self.wavenumber
        square = np.asarray([k**2])
        norm = along = across = 0j
        entries = {material_key(*entry): entry[1] for entry in material_entries(self.body)}
        for key, material in entries.items():
            share = self._shares.get(key, 0j)
            eps, slope = (complex(a[0]) for a in continued_permittivity(material, square))
            norm += share * eps
            along += share * _slope_along(material, k)
            across += share * 1j * slope.real / k.real
        return -2 * k * norm - k**2 * along, -2j * k * norm - k**2 * across


def _slope_along(material: Material, k: complex) -> complex:
    """Return d eps/d Re k of the continued permittivity, by differences inside its range."""
    if not material.is_dispersive:
        return 0j
    wavelengths = 2 * np.pi / k.real * np.asarray([1 + 1e-5, 1 - 1e-5])
    if not material.allow_extrapolation:
        wavelengths = np.clip(wavelengths, *material.wavelength_range)
    ends = 2 * np.pi / wavelengths
    squares = np.asarray((ends + 1j * k.imag) ** 2, dtype=np.complex128)
    eps, _ = continued_permittivity(material, squares)
    return complex((eps[1] - eps[0]) / (ends[1] - ends[0]))
