"""The resist left by an exposure: iso-dose wall, sizes, diagnostics."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cavities.outline import Line, Outline, Parabola, Point, Spline
from cavities.wall import parabolic_wall, segment_derivative, spline_through, wall_volume

if TYPE_CHECKING:
    from cavities.lithography import Exposure

__all__ = ["ResistProfile", "resist_profile"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class ResistProfile:
    """The developed disk: a solid of revolution, wide at the top.

    Attributes:
        exposure: the exposure it comes from.
        top_radius: radius of the top face (um).
        base_radius: radius of the foot (um), 0 when detached.
        bottom: lowest z of the solid (um): 0 when attached.
        top: z of the top face (um).
        wall_start: lowest point of the wall (um).
        wall: the wall from `wall_start` to the rim, a segment for an `Outline`.
        vertex_height: z (um) where the iso-dose surface meets the axis, below the substrate
            for an attached disk; extrapolated by the parabola, -inf for a vertical wall, nan
            for an attached disk with reflection or diffusion (no closed form down there).
        warnings: doubts about the model for this exposure, with the numbers.
    """

    exposure: Exposure
    top_radius: float
    base_radius: float
    bottom: float
    top: float
    wall_start: Point
    wall: Line | Parabola | Spline
    vertex_height: float
    warnings: tuple[str, ...] = ()

    @property
    def attached(self) -> bool:
        """Whether the disk stands on the substrate."""
        return self.base_radius > 0

    @property
    def diameter(self) -> float:
        """Diameter of the top face (um)."""
        return 2 * self.top_radius

    @property
    def height(self) -> float:
        """Height of the solid (um)."""
        return self.top - self.bottom

    @property
    def undercut(self) -> float:
        """Overhang of the rim over the foot (um)."""
        return self.top_radius - self.base_radius

    @property
    def wall_tilt_deg(self) -> float:
        """Angle of the wall from the vertical at the rim (deg): atan(a w0^2/(4 R)) when ideal."""
        slope = segment_derivative(self.wall_start, self.wall, np.array([1.0]))[0]
        return math.degrees(math.atan2(slope[0], slope[1]))

    @property
    def mean_tilt_deg(self) -> float:
        """Angle of the straight line from foot to rim, from the vertical (deg)."""
        return math.degrees(math.atan2(self.undercut, self.height))

    @property
    def volume(self) -> float:
        """Volume (um^3): pi z0 (R_top^2 - a w0^2 z0/4) when attached and ideal."""
        return wall_volume(self.wall_start, self.wall)

    @property
    def dose_latitude(self) -> float:
        """dR_top/dlnE = w0^2/(4 R_top): growth of the top radius (um) per e-fold of dose."""
        return self._latitude(self.top_radius)

    @property
    def base_latitude(self) -> float:
        """dR_base/dlnE (um per e-fold of dose); nan when detached."""
        return self._latitude(self.base_radius) if self.attached else math.nan

    def radius(self, z: ArrayLike) -> Floats:
        """Return the radius (um) of the solid at height z (um); nan outside the solid."""
        scale = 1 - self.exposure.shrinkage
        z = np.asarray(z, dtype=np.float64)
        inside = (z >= self.bottom) & (z <= self.top)
        overdose = self.exposure.log_overdose(np.where(inside, z / scale, self.top / scale))
        radius = scale * self.exposure.blurred_waist * np.sqrt(np.maximum(overdose, 0.0) / 2)
        return np.where(inside, radius, np.nan)

    def outline(self) -> Outline:
        """Return the closed outline of the solid in the (r, z) half-plane."""
        foot: tuple[Line, ...] = (Line(end=self.wall_start),) if self.attached else ()
        closing = (Line(end=(0.0, self.top)), Line(end=(0.0, self.bottom)))
        return Outline(start=(0.0, self.bottom), segments=(*foot, self.wall, *closing))

    def summary(self) -> str:
        """Return the sizes and doubts as text, one per line."""
        rows = [
            f"diameter      {self.diameter:.3f} um",
            f"foot          {2 * self.base_radius:.3f} um",
            f"height        {self.height:.3f} um",
            f"wall tilt     {self.wall_tilt_deg:.2f} deg at the rim, {self.mean_tilt_deg:.2f} mean",
            f"undercut      {self.undercut:.3f} um",
            f"volume        {self.volume:.1f} um^3",
            f"dose latitude {self.dose_latitude:.3f} um per e-fold of dose",
            f"state         {'attached' if self.attached else 'detached (lost at development)'}",
        ]
        return "\n".join([*rows, *(f"warning: {text}" for text in self.warnings)])

    def _latitude(self, radius: float) -> float:
        scale = 1 - self.exposure.shrinkage
        return (scale * self.exposure.blurred_waist) ** 2 / (4 * radius)


def resist_profile(exposure: Exposure, *, allow_detached: bool = False) -> ResistProfile:
    """Return the profile of an exposure; `Exposure.profile` is the usual way to call it.

    Raises:
        ValueError: nothing cross-links, or the disk has no foot (unless allowed).
    """
    z0, scale, waist = exposure.film_thickness, 1 - exposure.shrinkage, exposure.blurred_waist
    top_overdose, base_overdose = (float(exposure.log_overdose(z)) for z in (z0, 0.0))
    limit = exposure.cross_linking_dose_j_per_cm2
    if top_overdose <= 0:
        raise ValueError(
            f"exposure: the dose on the axis must exceed cross_linking_dose_j_per_cm2 = {limit:g}, "
            f"got at most {limit * math.exp(top_overdose):.4g} J/cm2, so nothing cross-links; "
            f"raise power_uw x time_ms above {_raised(exposure.energy_uj, -top_overdose)} uJ"
        )
    vertex = _vertex(exposure, base_overdose) * scale
    attached = base_overdose > 0
    if not attached and not allow_detached:
        raise ValueError(
            "exposure: the dose on the axis at the substrate must exceed "
            f"cross_linking_dose_j_per_cm2 = {limit:g}, got {limit * math.exp(base_overdose):.4g} "
            f"J/cm2 (iso-dose vertex {vertex:.3g} um above the substrate), so the disk is detached "
            "and lost at development; raise power_uw x time_ms above "
            f"{_raised(exposure.energy_uj, -base_overdose)} uJ or lower absorber_mg_per_ml "
            "or film_thickness"
        )
    rim = scale * waist * math.sqrt(top_overdose / 2)
    foot = scale * waist * math.sqrt(base_overdose / 2) if attached else 0.0
    bottom = 0.0 if attached else vertex
    start, wall = _wall(exposure, (foot, bottom), (rim, scale * z0))
    return ResistProfile(
        exposure=exposure,
        top_radius=rim,
        base_radius=foot,
        bottom=bottom,
        top=scale * z0,
        wall_start=start,
        wall=wall,
        vertex_height=vertex,
        warnings=_doubts(exposure),
    )


def _vertex(exposure: Exposure, base_overdose: float) -> float:
    """Return z (um, before shrinkage) where the iso-dose surface meets the axis."""
    if exposure.is_ideal:
        a = exposure.absorption_per_um
        return -base_overdose / a if a > 0 else -math.inf
    if base_overdose > 0:
        return math.nan
    from scipy.optimize import brentq

    def overdose(z: float) -> float:
        return float(exposure.log_overdose(z))

    return float(brentq(overdose, 0.0, exposure.film_thickness, xtol=1e-13, rtol=1e-14))


def _wall(exposure: Exposure, start: Point, end: Point) -> tuple[Point, Line | Parabola | Spline]:
    if exposure.is_ideal:
        return start, parabolic_wall(start, end)
    bottom, top = start[1], end[1]
    scale = 1 - exposure.shrinkage

    def curve(t: Floats) -> Floats:
        # the square keeps r smooth in t where the solid ends in a point on the axis
        z = bottom + (top - bottom) * (t if start[0] > 0 else t**2)
        overdose = np.maximum(exposure.log_overdose(z / scale), 0.0)
        return np.column_stack([scale * exposure.blurred_waist * np.sqrt(overdose / 2), z])

    _, spline = spline_through(curve, tolerance=1e-6)
    return start, Spline(knots=(*spline.knots[:-1], end))


def _raised(energy_uj: float, exponent: float) -> str:
    """Return energy x exp(exponent) as text, as a power of ten where it is astronomic."""
    log_energy = math.log(energy_uj) + exponent
    return f"{math.exp(log_energy):.4g}" if log_energy < 600 else f"10^{log_energy / 2.302585:.0f}"


def _doubts(exposure: Exposure) -> tuple[str, ...]:
    need = 5 * exposure.film_thickness
    if exposure.rayleigh_range >= need:
        return ()
    return (
        f"beam_waist: the Rayleigh range pi n w0^2/lambda must be >= 5 film_thickness = {need:.3g} "
        f"um for a beam of constant width, got {exposure.rayleigh_range:.3g} um; the wall will "
        "differ from this profile, use a wider beam or a thinner film",
    )
