"""What a chip of a planar cavity holds besides mesas: test areas, dicing street, process."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from cavities.spec import Spec

__all__ = ["TEST_AREAS", "WINDOWS", "AreaKind", "PlanarSettings"]

AreaKind = Literal[
    "bare_stack", "bare_film", "bottom_mirror", "top_mirror", "half_cavity", "substrate"
]

TEST_AREAS: dict[AreaKind, tuple[str, ...]] = {
    "bare_stack": (),
    "bare_film": ("no_bottom_mirror", "no_top_mirror"),
    "bottom_mirror": ("no_cavity", "no_top_mirror"),
    "top_mirror": ("no_bottom_mirror", "no_cavity"),
    "half_cavity": ("no_top_mirror",),
    "substrate": ("no_bottom_mirror", "no_cavity", "no_top_mirror"),
}
"""Kinds of test area, with the window layers that keep the other deposits out of it."""

WINDOWS = ("no_bottom_mirror", "no_cavity", "no_top_mirror")
"""The window layers, in the order of the deposits."""


class PlanarSettings(Spec):
    """Mesas or traps, test areas and dicing street of a chip of a planar cavity.

    Attributes:
        structure: "mesa": outside the circles everything above the bottom mirror is removed
            (of a two-mirror cavity: the film, before the second mirror is laid on). "trap":
            outside the circles the layers between the mirrors are made thinner by `step_nm`
            before the top mirror goes on, so that the circles confine the mode in a well.
        step_nm: depth of the trap's step; its optimum depends on the wanted confinement, the
            default of 10 nm is a placeholder.
        test_areas: what stands beside the array, from top to bottom; each a square in which
            only the named part is deposited. Empty: none.
        test_area_size: side (um) of the squares: wider than the spot of the spectrometer.
        dicing_width: width (um) of the dicing street around the chip; 0: none.

    Example:
        >>> PlanarSettings(test_areas=("bare_film", "substrate")).structure
        'mesa'
    """

    structure: Literal["mesa", "trap"] = "mesa"
    step_nm: float = Field(default=10.0, gt=0)
    test_areas: tuple[AreaKind, ...] = (
        "bare_stack",
        "bare_film",
        "bottom_mirror",
        "top_mirror",
        "substrate",
    )
    test_area_size: float = Field(default=300.0, ge=20)
    dicing_width: float = Field(default=100.0, ge=0)

    @model_validator(mode="after")
    def _once(self) -> PlanarSettings:
        twice = [kind for kind in self.test_areas if self.test_areas.count(kind) > 1]
        if twice:
            raise ValueError(
                f"test_areas: must name each area once, got {twice[0]!r} twice; remove one"
            )
        return self
