"""Composite index models: n and k from two data sets, k removed, and mixtures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field, model_validator

from cavities.effective_medium import bruggeman, maxwell_garnett
from cavities.index_model import ComplexArray, FloatArray, IndexModelBase, overlap

if TYPE_CHECKING:
    from cavities.dispersion import IndexModel

__all__ = ["CombinedIndex", "MixtureIndex", "TransparentIndex"]

MixingRule = Literal["maxwell_garnett", "bruggeman"]


class CombinedIndex(IndexModelBase):
    """n from one model and k from another, on the range that both share.

    Attributes:
        n: the real part of this model's index is used.
        k: the imaginary part of this model's index is used.
    """

    kind: Literal["combined"] = "combined"
    n: IndexModel
    k: IndexModel

    @model_validator(mode="after")
    def _checks(self) -> CombinedIndex:
        overlap(self.n, self.k)
        return self

    @property
    def wavelength_range(self) -> tuple[float, float]:
        """The shared range (um)."""
        return overlap(self.n, self.k)

    @property
    def source(self) -> str:
        """The sources of both parts."""
        return _join(self.n.source, self.k.source)

    def index(self, wavelength: FloatArray) -> ComplexArray:
        """Return n + ik at the wavelengths (um)."""
        real, imag = self.n.index(wavelength).real, self.k.index(wavelength).imag
        return np.asarray(real + 1j * imag, dtype=np.complex128)

    def slope(self, wavelength: FloatArray) -> ComplexArray:
        """Return dn/dlambda (1/um)."""
        real, imag = self.n.slope(wavelength).real, self.k.slope(wavelength).imag
        return np.asarray(real + 1j * imag, dtype=np.complex128)


class TransparentIndex(IndexModelBase):
    """A model with k set to zero, everywhere or beyond a wavelength (below a gap).

    Attributes:
        base: the model whose real part is kept.
        beyond: k is zero at wavelengths (um) above this one; 0: everywhere.
    """

    kind: Literal["transparent"] = "transparent"
    base: IndexModel
    beyond: float = Field(default=0.0, ge=0)

    @property
    def wavelength_range(self) -> tuple[float, float]:
        """The base model's range (um)."""
        return self.base.wavelength_range

    @property
    def is_dispersive(self) -> bool:
        """As the base model."""
        return self.base.is_dispersive

    @property
    def source(self) -> str:
        """The base model's source."""
        return self.base.source

    def index(self, wavelength: FloatArray) -> ComplexArray:
        """Return the index with k removed."""
        return self._clear(self.base.index(wavelength), wavelength)

    def slope(self, wavelength: FloatArray) -> ComplexArray:
        """Return dn/dlambda (1/um) with dk/dlambda removed."""
        return self._clear(self.base.slope(wavelength), wavelength)

    def _clear(self, values: ComplexArray, wavelength: FloatArray) -> ComplexArray:
        kept = np.where(np.asarray(wavelength) > self.beyond, values.real, values)
        return np.asarray(kept, dtype=np.complex128)


class MixtureIndex(IndexModelBase):
    """Spherical inclusions, much smaller than the wavelength, in a host.

    Attributes:
        host: model of the continuous phase.
        inclusion: model of the spheres; itself a mixture for core-shell spheres.
        fraction: volume fraction of the inclusions, 0-1.
        rule: "maxwell_garnett" (separate spheres in a matrix) or "bruggeman" (both phases
            alike, interpenetrating); see `cavities.effective_medium`.
    """

    kind: Literal["mixture"] = "mixture"
    host: IndexModel
    inclusion: IndexModel
    fraction: float = Field(ge=0, le=1)
    rule: MixingRule = "maxwell_garnett"

    @model_validator(mode="after")
    def _checks(self) -> MixtureIndex:
        overlap(self.host, self.inclusion)
        return self

    @property
    def wavelength_range(self) -> tuple[float, float]:
        """The range (um) that host and inclusion share."""
        return overlap(self.host, self.inclusion)

    @property
    def is_dispersive(self) -> bool:
        """Whether host or inclusion is dispersive."""
        return self.host.is_dispersive or self.inclusion.is_dispersive

    @property
    def source(self) -> str:
        """The sources of both phases."""
        return _join(self.inclusion.source, self.host.source)

    def index(self, wavelength: FloatArray) -> ComplexArray:
        """Return the effective index, the square root with Re n >= 0."""
        inclusion, host = self.inclusion.index(wavelength), self.host.index(wavelength)
        return np.asarray(np.sqrt(self._mix(inclusion**2, host**2)), dtype=np.complex128)

    def continued_index(self, wavelength: ComplexArray) -> ComplexArray:
        """Return the effective index of the phases at complex wavelengths (um)."""
        inclusion = self.inclusion.continued_index(wavelength)
        host = self.host.continued_index(wavelength)
        return np.asarray(np.sqrt(self._mix(inclusion**2, host**2)), dtype=np.complex128)

    def slope(self, wavelength: FloatArray) -> ComplexArray:
        """Return dn/dlambda (1/um) by the chain rule.

        The mixing rules are analytic in both permittivities, so their derivative along the
        phases' own (exact) slopes is taken on a small circle in the complex plane: four
        points, error O(step^4).
        """
        inclusion, host = self.inclusion.index(wavelength), self.host.index(wavelength)
        d_inclusion = 2 * inclusion * self.inclusion.slope(wavelength)
        d_host = 2 * host * self.host.slope(wavelength)
        scale = np.abs(d_inclusion) + np.abs(d_host)
        size = np.minimum(np.abs(inclusion), np.abs(host)) ** 2
        step = 1e-4 * size / np.where(scale > 0, scale, 1.0)
        total = np.zeros(np.shape(wavelength), dtype=np.complex128)
        for turn in (1, 1j, -1, -1j):
            mixed = self._mix(
                inclusion**2 + turn * step * d_inclusion, host**2 + turn * step * d_host
            )
            total = total + mixed / turn
        return np.asarray(total / (4 * step) / (2 * self.index(wavelength)), dtype=np.complex128)

    def _mix(self, inclusion: ComplexArray, host: ComplexArray) -> ComplexArray:
        mix = maxwell_garnett if self.rule == "maxwell_garnett" else bruggeman
        return mix(inclusion, host, self.fraction)


def _join(*sources: str) -> str:
    parts = (part for source in sources for part in source.split(" + ") if part)
    return " + ".join(dict.fromkeys(parts))
