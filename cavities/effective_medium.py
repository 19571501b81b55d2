"""Effective permittivity of mixtures of spheres much smaller than the wavelength."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from cavities.index_model import ComplexArray

__all__ = [
    "bruggeman",
    "maxwell_garnett",
    "multishell_permittivity",
    "shell_fraction",
    "wiener_bounds",
]


def maxwell_garnett(inclusion: ArrayLike, host: ArrayLike, fraction: float) -> ComplexArray:
    """Return the Maxwell-Garnett permittivity of spheres in a host.

    (e - h) / (e + 2h) = f (i - h) / (i + 2h), with i, h, f the inclusion, the host and the
    volume fraction. With f = (r_in / r_out)^3 it is, exactly, the equivalent permittivity
    of a sphere of radius r_in under a shell of outer radius r_out in the quasi-static limit.

    Source: J. C. Maxwell Garnett, Philos. Trans. R. Soc. A 203, 385 (1904),
    doi:10.1098/rsta.1904.0024. Valid for spheres well below the wavelength, isotropic,
    randomly placed; it keeps the topology (spheres in a matrix) at any fraction, but real
    films beyond f = 0.5 have contacts between the spheres that it ignores.

    Args:
        inclusion: relative permittivity of the spheres (any shape).
        host: relative permittivity of the host (shape broadcastable).
        fraction: volume fraction of the spheres, 0-1.

    Returns:
        The effective relative permittivity, complex, broadcast shape.

    Raises:
        ValueError: `fraction` is outside 0-1.

    Example:
        >>> complex(maxwell_garnett(6.25, 2.25, 0.0)), complex(maxwell_garnett(6.25, 2.25, 1.0))
        ((2.25+0j), (6.25+0j))
    """
    _check_fraction(fraction)
    i, h = _complex(inclusion), _complex(host)
    spheres = i + 2 * h + 2 * fraction * (i - h)
    return np.asarray(h * spheres / (i + 2 * h - fraction * (i - h)), dtype=np.complex128)


def bruggeman(inclusion: ArrayLike, host: ArrayLike, fraction: float) -> ComplexArray:
    """Return the Bruggeman (symmetric) permittivity of two phases of spheres.

    f (i - e) / (i + 2e) + (1 - f) (h - e) / (h + 2e) = 0. Of the two roots the physical one
    lies in the same angular sector of the complex plane as i and h: the one that is
    positive for positive phases and absorbs for absorbing ones.

    Source: D. A. G. Bruggeman, Ann. Phys. 416, 636 (1935), doi:10.1002/andp.19354160705.
    Valid for grains well below the wavelength; both phases alike, percolating at f = 1/3.

    Args:
        inclusion: relative permittivity of the first phase (any shape).
        host: relative permittivity of the second phase (shape broadcastable).
        fraction: volume fraction of the first phase, 0-1.

    Returns:
        The effective relative permittivity, complex, broadcast shape.

    Raises:
        ValueError: `fraction` is outside 0-1.

    Example:
        >>> complex(bruggeman(4.0, 1.0, 0.5)).real == complex(bruggeman(1.0, 4.0, 0.5)).real
        True
    """
    _check_fraction(fraction)
    i, h = np.broadcast_arrays(_complex(inclusion), _complex(host))
    b = (3 * fraction - 1) * i + (2 - 3 * fraction) * h
    root = np.sqrt(b**2 + 8 * i * h)
    tiny = np.finfo(np.float64).tiny
    bisector = i / np.maximum(np.abs(i), tiny) + h / np.maximum(np.abs(h), tiny)
    # Phases of opposite signs: take the absorbing root.
    bisector = np.where(np.abs(bisector) < 1e-12, 1j, bisector)
    chosen = np.where((root * np.conj(bisector)).real >= 0, root, -root)
    return np.asarray((b + chosen) / 4, dtype=np.complex128)


def multishell_permittivity(
    permittivities: Sequence[ArrayLike], radii: Sequence[float]
) -> ComplexArray:
    """Return the permittivity of the homogeneous sphere equivalent to a layered sphere.

    In the quasi-static limit a sphere of radius r1 under a shell to r2 responds as one
    homogeneous sphere of radius r2 with the Maxwell-Garnett permittivity for
    f = (r1 / r2)^3; the recursion runs outwards, shell by shell.

    Source: C. F. Bohren and D. R. Huffman, Absorption and Scattering of Light by Small
    Particles, section 5.4, doi:10.1002/9783527618156. Valid for radii much below the
    wavelength in every layer.

    Args:
        permittivities: relative permittivity per layer, core first.
        radii: outer radius per layer, increasing, any length unit.

    Returns:
        The equivalent relative permittivity, complex, broadcast shape.

    Raises:
        ValueError: the lists differ in length, are empty, or the radii do not increase.

    Example:
        >>> complex(multishell_permittivity([4.0, 4.0], [1.0, 2.0]))
        (4+0j)
    """
    if len(permittivities) != len(radii) or not radii:
        raise ValueError(
            f"radii: must have one outer radius per layer ({len(permittivities)}), "
            f"got {len(radii)}; give the layers core first"
        )
    equivalent = _complex(permittivities[0])
    for shell, inner, outer in zip(permittivities[1:], radii, radii[1:], strict=False):
        equivalent = maxwell_garnett(equivalent, shell, shell_fraction(inner, outer))
    return equivalent


def shell_fraction(inner: float, outer: float) -> float:
    """Return the volume fraction (inner / outer)^3 of a sphere within its shell.

    Args:
        inner: radius of the sphere, any length unit.
        outer: outer radius of the shell, the same unit.

    Raises:
        ValueError: not 0 < inner <= outer.

    Example:
        >>> shell_fraction(1.0, 2.0)
        0.125
    """
    if not 0 < inner <= outer:
        raise ValueError(
            f"radii: must be > 0 and increase outwards, got {inner:g} then {outer:g}; "
            "give the outer radius of each layer, core first"
        )
    return (inner / outer) ** 3


def wiener_bounds(inclusion: float, host: float, fraction: float) -> tuple[float, float]:
    """Return the Wiener bounds of the permittivity of any two-phase mixture.

    The layered limits: 1 / (f/i + (1-f)/h) (field across) and f i + (1-f) h (field along).

    Source: O. Wiener, Abh. Math.-Phys. Kl. Koenigl. Saechs. Ges. Wiss. 32, 509 (1912).

    Args:
        inclusion: real relative permittivity > 0 of the first phase.
        host: real relative permittivity > 0 of the second phase.
        fraction: volume fraction of the first phase, 0-1.

    Raises:
        ValueError: a permittivity is not > 0 or `fraction` is outside 0-1.

    Example:
        >>> wiener_bounds(4.0, 1.0, 0.5)
        (1.6, 2.5)
    """
    _check_fraction(fraction)
    if min(inclusion, host) <= 0:
        raise ValueError(
            f"permittivity: must be real and > 0 for the Wiener bounds, got {inclusion:g} and "
            f"{host:g}; they do not exist for metals"
        )
    low = 1 / (fraction / inclusion + (1 - fraction) / host)
    return low, fraction * inclusion + (1 - fraction) * host


def _complex(value: ArrayLike) -> ComplexArray:
    return np.asarray(value, dtype=np.complex128)


def _check_fraction(fraction: float) -> None:
    if not 0 <= fraction <= 1:
        raise ValueError(
            f"fraction: must lie in 0-1, got {fraction:g}; give a volume fraction, not per cent"
        )
