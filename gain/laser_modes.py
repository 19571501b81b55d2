"""Cavity modes as a laser model needs them: loss, figure of merit, where each is strong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cavities.constants import SPEED_OF_LIGHT_UM_PER_S
from gain.gain_film import GainFilm

if TYPE_CHECKING:
    from solvers.modes import Mode

__all__ = ["LaserModes"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class LaserModes:
    """Modes that share one gain medium, which may be divided into groups of nanocrystals.

    Attributes:
        labels: one per mode.
        wavelength: vacuum wavelengths (um), (modes,).
        quality_factor: cold-cavity Q, (modes,).
        figure_of_merit: K = Gamma lambda Q C sigma_0/(2 pi n), (modes,).
        profile: intensity of each mode at each group over its mean over all nanocrystals,
            (groups, modes): sum_g f_g w_gm = 1. One group of ones: no spatial hole burning.
        group_fraction: share f_g of the nanocrystals in each group, (groups,), sums to 1.
        pump_profile: pump at each group over its mean, (groups,).

    Example:
        >>> modes = LaserModes.comb(0.650, spacing_nm=4.05, count=5, quality_factor=6000,
        ...                         figure_of_merit=50)
        >>> modes.wavelength.round(4).tolist(), modes.photon_lifetime_ps.round(2).tolist()[2]
        ([0.6419, 0.646, 0.65, 0.654, 0.6581], 2.07)
    """

    labels: tuple[str, ...]
    wavelength: Floats
    quality_factor: Floats
    figure_of_merit: Floats
    profile: Floats
    group_fraction: Floats
    pump_profile: Floats

    def __post_init__(self) -> None:
        for name in ("wavelength", "quality_factor"):
            values = getattr(self, name)
            if values.ndim != 1 or len(values) == 0 or not np.all(values > 0):
                raise ValueError(
                    f"{name}: must be > 0 for every one of at least one mode, got "
                    f"{values.tolist()[:3]}; solve the cold cavity, without gain"
                )
            if not np.all(np.isfinite(values)):
                raise ValueError(f"{name}: must be finite, got inf; a laser emits: give its Q")
        count = len(self.wavelength)
        for name in ("quality_factor", "figure_of_merit", "labels"):
            if len(getattr(self, name)) != count:
                raise ValueError(
                    f"{name}: must have one entry for each of {count} modes, got "
                    f"{len(getattr(self, name))}; give one per mode"
                )
        if not np.all(self.figure_of_merit >= 0):
            raise ValueError(
                f"figure_of_merit: must be >= 0, got {self.figure_of_merit.min():g}; "
                "check Q and confinement"
            )
        self._check_groups(count)

    def _check_groups(self, count: int) -> None:
        fraction, groups = self.group_fraction, len(self.group_fraction)
        if not np.all(fraction > 0) or abs(fraction.sum() - 1) > 1e-9:
            raise ValueError(
                "group_fraction: must be > 0 and sum to 1, got a sum of "
                f"{fraction.sum():g}; give the share of nanocrystals in each group"
            )
        for name, shape in (("profile", (groups, count)), ("pump_profile", (groups,))):
            values = getattr(self, name)
            if values.shape != shape or not np.all(values >= 0):
                raise ValueError(
                    f"{name}: must be >= 0 and of shape {shape}, got shape {values.shape}; "
                    "give one row per group"
                )
            if not np.allclose(fraction @ values, 1, atol=1e-6):
                raise ValueError(
                    f"{name}: must have a mean of 1 over the nanocrystals, got "
                    f"{np.ravel(fraction @ values)[0]:g}; use with_profile, which scales it"
                )

    @classmethod
    def explicit(
        cls,
        wavelength: ArrayLike,
        *,
        quality_factor: ArrayLike,
        figure_of_merit: ArrayLike | None = None,
        medium: GainFilm | None = None,
        confinement: ArrayLike = 1.0,
        labels: Sequence[str] | None = None,
    ) -> LaserModes:
        """Return modes from their numbers; K given, or worked out from medium and confinement.

        Args:
            wavelength: vacuum wavelengths (um), (modes,).
            quality_factor, figure_of_merit, confinement: one number or one per mode.
            medium: the nanocrystals; needed where K is not given.
            labels: names; None: wavelengths in nm.

        Raises:
            ValueError: neither or both of medium and K, or values out of range.
        """
        from gain.merit import figure_of_merit as merit

        x = np.atleast_1d(np.asarray(wavelength, dtype=np.float64))
        q = np.array(np.broadcast_to(np.asarray(quality_factor, dtype=np.float64), x.shape))
        if (figure_of_merit is None) == (medium is None):
            raise ValueError(
                "figure_of_merit, medium: must have exactly one of them, got "
                f"{'neither' if medium is None else 'both'}; give K, or the medium it follows from"
            )
        if medium is not None:
            figure_of_merit = merit(
                x,
                q,
                medium.phase_index(x),
                peak_gain_per_cm=medium.peak_gain_per_cm,
                confinement=confinement,
            )
        return cls(
            labels=tuple(labels) if labels else tuple(f"{1e3 * value:.2f} nm" for value in x),
            wavelength=x,
            quality_factor=q,
            figure_of_merit=np.array(np.broadcast_to(np.asarray(figure_of_merit), x.shape), float),
            profile=np.ones((1, len(x))),
            group_fraction=np.ones(1),
            pump_profile=np.ones(1),
        )

    @classmethod
    def comb(
        cls,
        centre: float,
        *,
        spacing_nm: float,
        count: int,
        quality_factor: float,
        figure_of_merit: float,
        offset_nm: float = 0.0,
    ) -> LaserModes:
        """Return `count` equidistant modes of equal Q and K around `centre` (um)."""
        place = np.arange(count) - (count - 1) // 2
        return cls.explicit(
            centre + 1e-3 * (offset_nm + spacing_nm * place),
            quality_factor=quality_factor,
            figure_of_merit=figure_of_merit,
        )

    @classmethod
    def from_modes(
        cls,
        modes: Sequence[Mode],
        medium: GainFilm,
        *,
        region: str = "gain",
        keep: int | None = None,
    ) -> LaserModes:
        """Return the modes of a solver with the figures of merit that `gain.threshold` finds.

        Args:
            modes: a ModeSet or any sequence of modes.
            medium: the nanocrystals.
            region: name of the region that holds them.
            keep: only so many modes, those with the lowest static thresholds; None: all.
        """
        from gain.lasing_threshold import threshold

        static = threshold(modes, medium, region=region)
        order = np.arange(len(static.labels))
        if keep is not None:
            first = np.argsort(static.absorbed_photons, kind="stable")[:keep]
            order = np.sort(first)
        order = order[np.argsort(static.wavelength[order], kind="stable")]
        return cls(
            labels=tuple(static.labels[i] for i in order),
            wavelength=static.wavelength[order],
            quality_factor=static.quality_factor[order],
            figure_of_merit=static.figure_of_merit[order],
            profile=np.ones((1, len(order))),
            group_fraction=np.ones(1),
            pump_profile=np.ones(1),
        )

    def with_profile(
        self,
        profile: ArrayLike,
        *,
        group_fraction: ArrayLike | None = None,
        pump_profile: ArrayLike | None = None,
    ) -> LaserModes:
        """Return the same modes with spatial groups of nanocrystals.

        Args:
            profile: intensity of each mode at each group, any scale per mode, (groups, modes).
            group_fraction: share of the nanocrystals in each group; None: equal shares.
            pump_profile: pump at each group, any scale; None: uniform.

        Raises:
            ValueError: wrong shapes, negative entries, or a mode that is zero everywhere.
        """
        w = np.asarray(profile, dtype=np.float64)
        if w.ndim != 2 or w.shape[1] != len(self.wavelength):
            raise ValueError(
                f"profile: must be of shape (groups, {len(self.wavelength)}), got {w.shape}; "
                "give one column per mode"
            )
        groups = len(w)
        given = np.ones(groups) if group_fraction is None else np.asarray(group_fraction, float)
        if given.shape != (groups,) or not np.all(given > 0):
            raise ValueError(
                f"group_fraction: must be > 0 for each of {groups} groups, got {given.tolist()}; "
                "drop empty groups"
            )
        fraction = given / given.sum()
        pump = np.ones(groups) if pump_profile is None else np.asarray(pump_profile, float)
        if pump.shape != (groups,) or not np.all(fraction @ w > 0) or not fraction @ pump > 0:
            raise ValueError(
                "profile, pump_profile: must be > 0 somewhere for every mode and for the pump, "
                f"got pump shape {pump.shape} and means {np.round(fraction @ w, 3).tolist()[:4]}; "
                "drop modes without overlap"
            )
        return LaserModes(
            labels=self.labels,
            wavelength=self.wavelength,
            quality_factor=self.quality_factor,
            figure_of_merit=self.figure_of_merit,
            profile=w / (fraction @ w),
            group_fraction=fraction,
            pump_profile=pump / (fraction @ pump),
        )

    @property
    def loss_per_ns(self) -> Floats:
        """Photon loss rate kappa = 2 pi c/(lambda Q) (1/ns), (modes,)."""
        length = self.wavelength * self.quality_factor
        return np.asarray(2e-9 * np.pi * SPEED_OF_LIGHT_UM_PER_S / length)

    @property
    def photon_lifetime_ps(self) -> Floats:
        """1/kappa (ps), (modes,)."""
        return np.asarray(1e3 / self.loss_per_ns)

    @property
    def linewidth_nm(self) -> Floats:
        """Cold-cavity full width lambda/Q (nm), (modes,)."""
        return np.asarray(1e3 * self.wavelength / self.quality_factor)
