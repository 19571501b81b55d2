"""Pumping that is not the same everywhere: averages of the populations over depth and spot.

Where the pump is weak, nanocrystals absorb; where it is strong they amplify. What a mode sees is
the average of the *gain*, hence of the populations <p_k>, weighted with its own intensity there:
not the populations p_k(<N>) at the average excitation.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.poisson_mixture import Spread
from gain.populations import poisson_populations

__all__ = ["ExcitationProfile", "depth_profile", "gaussian_disk_profile", "gaussian_rim_profile"]

Floats = NDArray[np.float64]

_NODES: Final = 48


@dataclass(frozen=True, kw_only=True, eq=False)
class ExcitationProfile:
    """How the nanocrystals that a mode sees share the pump.

    Attributes:
        share: local excitation over the reference N, (n,), not negative.
        weight: what the mode gives each part (its |E|^2 times the volume), (n,); scaled to
            sum 1.
        reference: what N stands for, "beam peak" or "film mean", for reports.

    Errors: ValueError for shapes that differ, negative or non-finite entries, no weight.

    Example:
        >>> profile = ExcitationProfile(share=[2.0, 0.0], weight=[1, 1])
        >>> profile.effective_photons(1.0), profile.populations(1.0).round(4).tolist()
        (1.0, [0.5677, 0.1353, 0.297])
    """

    share: Floats
    weight: Floats
    reference: str = "film mean"

    def __post_init__(self) -> None:
        share = np.atleast_1d(np.asarray(self.share, dtype=np.float64))
        weight = np.atleast_1d(np.asarray(self.weight, dtype=np.float64))
        if share.shape != weight.shape or share.ndim != 1:
            raise ValueError(
                "share, weight: must be one-dimensional and equally long, got shapes "
                f"{share.shape} and {weight.shape}; give one weight per part"
            )
        for name, values in (("share", share), ("weight", weight)):
            if not np.all(np.isfinite(values) & (values >= 0)):
                raise ValueError(f"{name}: must be finite and >= 0, got {np.min(values):g}")
        if not weight.sum() > 0:
            raise ValueError("weight: must have a positive sum, got 0; the mode is elsewhere")
        kept = weight > 0
        object.__setattr__(self, "share", share[kept])
        object.__setattr__(self, "weight", weight[kept] / weight[kept].sum())

    @property
    def mean_share(self) -> float:
        """Weighted mean of the local excitation over the reference, N_eff/N."""
        return float(self.weight @ self.share)

    @property
    def spread(self) -> Spread:
        """The form that the search for thresholds takes."""
        return Spread(self.share, self.weight)

    def effective_photons(self, absorbed_photons: ArrayLike) -> Floats | float:
        """Return N_eff, the mean excitation of what the mode sees, for reference N (...)."""
        result = np.asarray(absorbed_photons, dtype=np.float64) * self.mean_share
        return float(result) if result.ndim == 0 else result

    def average(self, function: Callable[[Floats], Floats], absorbed_photons: ArrayLike) -> Floats:
        """Return the weighted average of any function of the local excitation.

        Args:
            function: takes excitations of any shape (..., n) and returns (..., n, ...) with
                further axes behind, populations or gains say, from statics or kinetics.
            absorbed_photons: reference N, (...).

        Returns:
            (...) followed by the function's further axes.
        """
        mean = np.asarray(absorbed_photons, dtype=np.float64)
        values = function(mean[..., None] * self.share)
        return np.asarray(np.tensordot(values, self.weight, axes=([mean.ndim], [0])))

    def populations(self, absorbed_photons: ArrayLike, *, states: int = 3) -> Floats:
        """Return the averaged Poisson populations (..., states) at reference N (...)."""
        return self.average(lambda n: poisson_populations(n, states=states), absorbed_photons)

    def two_photon(self) -> ExcitationProfile:
        """Return the profile for two-photon pumping: excitation as the square of the flux.

        `share` must then be the flux over the reference flux; N is that of the reference.
        """
        return ExcitationProfile(share=self.share**2, weight=self.weight, reference=self.reference)

    def times(self, other: ExcitationProfile) -> ExcitationProfile:
        """Return the product of two independent profiles: depth times spot."""
        return ExcitationProfile(
            share=np.outer(self.share, other.share).ravel(),
            weight=np.outer(self.weight, other.weight).ravel(),
            reference=f"{self.reference}, {other.reference}",
        )


def depth_profile(
    absorption: ArrayLike, mode_intensity: ArrayLike, step: ArrayLike | float = 1.0
) -> ExcitationProfile:
    """Return the profile of a film whose pump is absorbed unevenly over its depth.

    N(z) = F a(z)/(C h nu): the reference N is the film's mean, which `Pump` gives with
    `field_factor` = absorbed share/(C sigma_p L).

    Args:
        absorption: a(z), absorbed pump power per depth at n heights in the film, any unit, (n,).
        mode_intensity: |E|^2 of the mode at the same heights, any unit, (n,).
        step: quadrature weights of the heights (um), (n,); or one number: equal steps.

    Errors: ValueError for shapes that differ or negative entries.

    Example:
        >>> z = (np.arange(200) + 0.5) / 200
        >>> profile = depth_profile(np.exp(-3 * z), np.ones(200))
        >>> round(profile.mean_share, 9), round(float(profile.share.max()), 2)
        (1.0, 3.13)
    """
    density, intensity = (np.asarray(x, dtype=np.float64) for x in (absorption, mode_intensity))
    steps = np.broadcast_to(np.asarray(step, dtype=np.float64), density.shape)
    if density.shape != intensity.shape or density.ndim != 1:
        raise ValueError(
            "absorption, mode_intensity: must be one-dimensional and equally long, got shapes "
            f"{density.shape} and {intensity.shape}; sample both at the same heights"
        )
    mean = float(density @ steps / steps.sum())
    if not mean > 0:
        raise ValueError(f"absorption: must have a positive mean, got {mean:g}; check the pump")
    return ExcitationProfile(share=density / mean, weight=intensity * steps)


def gaussian_rim_profile(
    rim_radius: float, beam_radius: float, *, offset: float = 0.0
) -> ExcitationProfile:
    """Return the profile of a whispering-gallery mode at a rim under a Gaussian beam.

    Along the rim the fluence is exp(-2 d^2/w^2) of the beam's peak, d^2 = r^2 + s^2 - 2 r s
    cos(phi) with the beam's centre at a distance s: one value for a centred beam.

    Args:
        rim_radius: radius of the rim, r (um).
        beam_radius: 1/e^2 intensity radius, w (um).
        offset: distance of the beam's axis from the disk's, s (um).

    Errors: ValueError for a negative radius or offset, or a beam without width.

    Example:
        >>> round(gaussian_rim_profile(7.5, 20.0).mean_share, 4)  # `gaussian_overlap`
        0.7548
    """
    _check_lengths(rim_radius=rim_radius, offset=offset)
    _check_beam(beam_radius)
    count = 1 if offset == 0 or rim_radius == 0 else 4 * _NODES
    angle = 2 * np.pi * (np.arange(count) + 0.5) / count
    square = rim_radius**2 + offset**2 - 2 * rim_radius * offset * np.cos(angle)
    if count == 1:
        square = np.array([rim_radius**2 + offset**2])
    share = np.exp(-2 * square / beam_radius**2)
    return ExcitationProfile(share=share, weight=np.ones(count), reference="beam peak")


def gaussian_disk_profile(
    mode_radius: float, beam_radius: float, *, mode: str = "top_hat"
) -> ExcitationProfile:
    """Return the profile of a mode that fills an area under a centred Gaussian beam.

    Args:
        mode_radius: radius of the area (um): of a uniform mode ("top_hat"), or the 1/e^2
            intensity radius of a Gaussian mode ("gaussian").
        beam_radius: 1/e^2 intensity radius of the pump, w (um).
        mode: "top_hat" or "gaussian".

    Errors: ValueError for radii that are not positive or another mode.

    Example:
        >>> profile = gaussian_disk_profile(10.0, 20.0)
        >>> round(profile.mean_share, 6), round(2 * (1 - math.exp(-0.5)), 6)
        (0.786939, 0.786939)
    """
    _check_beam(beam_radius)
    if not mode_radius > 0:
        raise ValueError(f"mode_radius: must be positive, got {mode_radius:g} um")
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    x, dx = 0.5 * (nodes + 1), 0.5 * weights
    ratio = 2 * (mode_radius / beam_radius) ** 2
    if mode == "top_hat":
        return ExcitationProfile(share=np.exp(-ratio * x), weight=dx, reference="beam peak")
    if mode == "gaussian":
        # With y = exp(-2 r^2/w_mode^2) uniform on 0..1 the fluence is y^((w_mode/w)^2).
        return ExcitationProfile(share=x ** (0.5 * ratio), weight=dx, reference="beam peak")
    raise ValueError(f"mode: must be 'top_hat' or 'gaussian', got {mode!r}; choose one")


def _check_lengths(**lengths: float) -> None:
    for name, value in lengths.items():
        if not (math.isfinite(value) and value >= 0):
            raise ValueError(f"{name}: must be >= 0, got {value:g}; give a length in um")


def _check_beam(beam_radius: float) -> None:
    if not beam_radius > 0:
        raise ValueError(f"beam_radius: must be positive, got {beam_radius:g}; give w in um")
