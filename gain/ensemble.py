"""Ensembles of nanocrystals of unequal size: inhomogeneous apart from homogeneous broadening.

Each nanocrystal has the homogeneous line at its own transition energy; over the ensemble these
energies are spread as a Gaussian, so every line of the film is the homogeneous line convolved with
it. Detailed balance (Kennard-Stepanov) ties absorption and emission of one nanocrystal, hence of
each size class, not those of the ensemble.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.line_shape import GaussianLine, SpectralUnit, TabulatedLine

if TYPE_CHECKING:
    from gain.nanocrystal_medium import NanocrystalMedium

__all__ = [
    "SizeClass",
    "broadened_profile",
    "broadened_std",
    "homogeneous_line",
    "size_classes",
    "with_size_dispersion",
]

Floats = NDArray[np.float64]

_REACH: Final = 6.5
_STEPS_PER_WIDTH: Final = 5.0
_NODE_LIMITS: Final = (41, 2001)


def broadened_profile(
    line: GaussianLine | TabulatedLine,
    dispersion: GaussianLine | None,
    redshift: ArrayLike,
    unit: SpectralUnit,
    *,
    nm_per_mev: float,
) -> Floats:
    """Return a line convolved with the spread of transition energies, any shape of `redshift`.

    The area is that of the homogeneous line, whose peak is 1: the ensemble's peak is lower.
    Two Gaussians give s/S exp(-x^2/2S^2), S^2 = s^2 + s_i^2, exactly; a table is summed over
    equal steps of the spread (five per width, error below 1e-3 of the peak).

    Args:
        line: homogeneous line.
        dispersion: spread of the transition energies; None: the line itself.
        redshift: distances from the peak, in `unit`, positive to the red.
        unit: axis on which lines shift; nm_per_mev: lambda_0^2/hc (nm/meV).

    Example:
        >>> narrow, spread = GaussianLine(std_nm=3.0), GaussianLine(std_nm=4.0)
        >>> broadened_profile(narrow, spread, [0.0, 5.0], "nm", nm_per_mev=0.34).round(4).tolist()
        [0.6, 0.3639]
    """
    x = np.asarray(redshift, dtype=np.float64)
    if dispersion is None:
        return line.profile(x, unit, nm_per_mev=nm_per_mev)
    spread = dispersion.std(unit, nm_per_mev=nm_per_mev)
    if isinstance(line, GaussianLine):
        own = line.std(unit, nm_per_mev=nm_per_mev)
        total = math.hypot(own, spread)
        return np.asarray(own / total * np.exp(-0.5 * (x / total) ** 2))
    own = broadened_std(line, None, unit, nm_per_mev=nm_per_mev)
    steps = 2 * _REACH * spread / min(spread, own) * _STEPS_PER_WIDTH
    nodes = np.linspace(-_REACH, _REACH, int(np.clip(steps, *_NODE_LIMITS)))
    weights = np.exp(-0.5 * nodes**2)
    weights /= weights.sum()
    result = np.zeros(x.shape)
    for node, weight in zip(nodes, weights, strict=True):
        result += weight * line.profile(x - spread * node, unit, nm_per_mev=nm_per_mev)
    return result


def broadened_std(
    line: GaussianLine | TabulatedLine,
    dispersion: GaussianLine | None,
    unit: SpectralUnit,
    *,
    nm_per_mev: float,
) -> float:
    """Return the standard deviation of the broadened line in `unit`.

    For a table it is that of the Gaussian of equal area and peak, broadened by the spread.
    """
    if isinstance(line, GaussianLine):
        own = line.std(unit, nm_per_mev=nm_per_mev)
    else:
        samples = line.redshift_nm if line.redshift_nm is not None else line.redshift_mev
        assert samples is not None
        span = 4 * (samples[-1] - samples[0])
        if (line.redshift_nm is not None) != (unit == "nm"):
            span *= nm_per_mev if unit == "nm" else 1 / nm_per_mev
        x = np.linspace(-span, span, 20_001)
        area = line.profile(x, unit, nm_per_mev=nm_per_mev).sum() * (x[1] - x[0])
        own = float(area) / math.sqrt(2 * math.pi)
    if dispersion is None:
        return own
    return math.hypot(own, dispersion.std(unit, nm_per_mev=nm_per_mev))


def with_size_dispersion(
    medium: NanocrystalMedium, dispersion: GaussianLine | None
) -> NanocrystalMedium:
    """Return the same nanocrystals with their transition energies spread over the ensemble.

    Args:
        medium: its `line` is taken as homogeneous, the line of one nanocrystal.
        dispersion: Gaussian spread of the transition energies; None: all alike.

    Example:
        >>> from gain import quantum_shells
        >>> film = with_size_dispersion(quantum_shells(), GaussianLine(std_nm=10.0))
        >>> round(film.line_width, 3), round(film.stokes_redshift, 1)
        (15.24, 15.0)
    """
    changed: NanocrystalMedium = medium.changed(inhomogeneous=dispersion)
    return changed


def homogeneous_line(
    ensemble: GaussianLine, dispersion: GaussianLine, *, emission_wavelength: float
) -> GaussianLine:
    """Return the homogeneous line that, with a dispersion, gives a measured ensemble line.

    Args:
        ensemble: Gaussian fitted to the ensemble's absorption or emission.
        dispersion: spread of the transition energies (from sizes, or site-selective spectra).
        emission_wavelength: where widths convert between nm and meV (um).

    Returns:
        A line in nm.

    Errors: ValueError unless the ensemble is wider than the dispersion.

    Example:
        >>> wide, spread = GaussianLine(std_nm=5.0), GaussianLine(std_nm=4.0)
        >>> homogeneous_line(wide, spread, emission_wavelength=0.65).std_nm
        3.0
    """
    from cavities.constants import HC_EV_NM

    per_mev = (1e3 * emission_wavelength) ** 2 / (1e3 * HC_EV_NM)
    total, spread = (x.std("nm", nm_per_mev=per_mev) for x in (ensemble, dispersion))
    if not total > spread:
        raise ValueError(
            "ensemble: must be wider than the dispersion, got standard deviations of "
            f"{total:g} and {spread:g} nm; lower the dispersion"
        )
    return GaussianLine(std_nm=math.sqrt((total - spread) * (total + spread)))


@dataclass(frozen=True, kw_only=True)
class SizeClass:
    """One of the size classes that stand for the ensemble.

    Attributes:
        weight: share of the nanocrystals; the weights of all classes sum to 1.
        redshift: of its transitions from the mean, in the medium's `shifts_in`.
        medium: nanocrystals of this size only, homogeneous.
    """

    weight: float
    redshift: float
    medium: NanocrystalMedium


def size_classes(medium: NanocrystalMedium, *, count: int = 21) -> tuple[SizeClass, ...]:
    """Return the Gauss-Hermite size classes of an ensemble.

    Sums of anything over the classes, weighted, converge to the ensemble's mean exponentially
    in `count` while the spread is not much wider than the homogeneous line.

    Args:
        medium: nanocrystals with a dispersion (`inhomogeneous`); without one: one class.
        count: number of classes.

    Errors: ValueError for a count below 1.

    Example:
        >>> from gain import quantum_shells
        >>> film = quantum_shells(inhomogeneous=GaussianLine(std_nm=8.0))
        >>> classes = size_classes(film, count=21)
        >>> mean = sum(c.weight * c.medium.gain(0.66, absorbed_photons=0.5) for c in classes)
        >>> bool(abs(mean - film.gain(0.66, absorbed_photons=0.5)) < 1e-9)
        True
    """
    from gain.spectrum import wavelength_at

    if count < 1:
        raise ValueError(f"count: must be at least 1, got {count}; 21 is plenty")
    if medium.inhomogeneous is None:
        return (SizeClass(weight=1.0, redshift=0.0, medium=medium),)
    nodes, weights = np.polynomial.hermite_e.hermegauss(count)
    weights = weights / weights.sum()
    shifts = nodes * medium.inhomogeneous.std(medium.shifts_in, nm_per_mev=medium.nm_per_mev)
    return tuple(
        SizeClass(
            weight=float(weight),
            redshift=float(shift),
            medium=medium.changed(
                inhomogeneous=None, emission_wavelength=float(wavelength_at(medium, shift))
            ),
        )
        for weight, shift in zip(weights, shifts, strict=True)
    )
