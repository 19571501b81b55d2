"""Real permittivities for MPB, which knows neither loss nor dispersion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cavities.material import Material

__all__ = ["LosslessMedia", "lossless_media"]

_TRANSPARENT = 1e-9
_ANY_WAVELENGTH = 1.0


@dataclass(frozen=True, kw_only=True)
class LosslessMedia:
    """Permittivities at one wavelength (um); None when no medium is dispersive."""

    wavelength: float | None

    def epsilon(self, material: Material) -> float:
        """Return the permittivity of a material that `lossless_media` has accepted."""
        return _permittivity(material, self.wavelength).real


def lossless_media(
    media: Iterable[Material], wavelength: float | None, *, drop_losses: bool = False
) -> LosslessMedia:
    """Return the permittivities that MPB gets, after checking that it can represent them.

    Args:
        media: every material of the structure.
        wavelength: where dispersive media are evaluated (um).
        drop_losses: take the real part of media with loss or gain.

    Raises:
        ValueError: a dispersive medium without a wavelength, a lossy or amplifying one, or one
            with Re eps <= 0.

    Example:
        >>> lossless_media([Material.constant(1.5)], None).epsilon(Material.constant(1.5))
        2.25
    """
    for material in media:
        if material.is_dispersive and wavelength is None:
            raise ValueError(
                f"wavelength: must be given for a dispersive medium, got None with "
                f"{material.name}; MPB takes one permittivity, that at `wavelength` (um)"
            )
        eps = _permittivity(material, wavelength)
        if abs(eps.imag) > _TRANSPARENT * abs(eps) and not drop_losses:
            raise ValueError(
                f"material: must be without loss and gain for MPB, got {material.name} with "
                f"permittivity {eps:.4g}; use settings=BandSettings(drop_losses=True) to take "
                "the real part, or method='fourier-modal'"
            )
        if not eps.real > 0:
            raise ValueError(
                f"material: must have a permittivity with a real part > 0 for MPB, got "
                f"{material.name} with {eps:.4g}; metals need method='fourier-modal' or 'fdtd'"
            )
    return LosslessMedia(wavelength=wavelength)


def _permittivity(material: Material, wavelength: float | None) -> complex:
    if wavelength is None:
        low, high = material.wavelength_range
        wavelength = min(max(_ANY_WAVELENGTH, low), high)
    return complex(material.permittivity(wavelength))
