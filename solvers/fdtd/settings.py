"""Numerical settings of the FDTD runs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from pydantic import Field, model_validator

from cavities.spec import Spec

__all__ = ["FdtdSettings"]


class FdtdSettings(Spec):
    """Resolutions, domain and record of the FDTD runs behind `method="fdtd"`.

    Each cavity is run at every resolution of a ladder; wavelength and 1/Q are extrapolated to
    zero pixel size. At the coarsest one a second run with other sources, other probes and another
    distance of the absorber tells real resonances from false ones.

    Attributes:
        resolutions: pixels per um, rising; None: chosen by `pixels_per_wavelength`.
        pixels_per_wavelength: of the coarsest run, at the shortest wavelength in the medium of
            the highest index; the finest of four has twice as many.
        courant: time step in units of pixel/c; None: 0.5 or what a high azimuthal order needs.
        padding: gap between the cavity and the absorber (longest vacuum wavelengths).
        pml_thickness: thickness of the absorber (longest vacuum wavelengths).
        quality_factor_goal: the record is long enough for Q up to this one; resonances beyond
            what the record supports are listed in `provenance["rejected"]`.
        decay: exponent of the amplitude's decay over the record at that Q.
        shortest_record: length of the record (periods of the window's centre).
        repeat: make the second run; without it nothing is known about false resonances.
        fields: split fields at resonance: confinement, Q by channel, pictures.
        fit_tolerance: largest relative error of a material's Lorentz-Drude fit.
    """

    resolutions: tuple[float, ...] | None = None
    pixels_per_wavelength: float = Field(default=10.0, ge=4)
    courant: float | None = Field(default=None, gt=0, le=0.7)
    padding: float = Field(default=0.75, gt=0)
    pml_thickness: float = Field(default=1.0, gt=0)
    quality_factor_goal: float = Field(default=1e4, gt=1)
    decay: float = Field(default=0.5, gt=0)
    shortest_record: float = Field(default=100.0, gt=0)
    repeat: bool = True
    fields: bool = True
    fit_tolerance: float = Field(default=0.05, gt=0)

    @model_validator(mode="after")
    def _rising(self) -> FdtdSettings:
        values = self.resolutions
        if values is not None:
            rising = all(a < b for a, b in itertools.pairwise(values))
            if not values or not rising or values[0] <= 0:
                raise ValueError(
                    f"resolutions: must be > 0 and rise (pixels per um), got {values}; "
                    "give the coarsest first"
                )
        return self

    def ladder(
        self,
        shortest_wavelength: float,
        highest_index: float,
        walls: Sequence[tuple[float, float]] = (),
    ) -> tuple[float, ...]:
        """Return the resolutions (pixels per um): four of them, over a factor of two.

        Args:
            shortest_wavelength: of the window (um); highest_index: of all media.
            walls: places (um) of flat walls and where they should be in a pixel (0 to 1). An
                averaged permittivity moves a wall by a part of a pixel that depends on where the
                wall cuts it. Each resolution is chosen within 8 % so that all rungs cut alike.
        """
        if self.resolutions is not None:
            return self.resolutions
        base = self.pixels_per_wavelength * highest_index / shortest_wavelength
        return tuple(_aligned(base * 2 ** (rung / 3), walls) for rung in range(4))


def _aligned(resolution: float, walls: Sequence[tuple[float, float]]) -> float:
    """Return the resolution near the given one at which walls are best placed in their pixels."""

    def misfit(trial: float) -> float:
        pixels = [place * trial - wanted for place, wanted in walls]
        return sum(abs(value - round(value)) for value in pixels)

    trials = [resolution * (1 + step / 4000) for step in range(-320, 321)]
    return min(trials, key=lambda trial: (round(misfit(trial), 2), abs(trial - resolution)))
