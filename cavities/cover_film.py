"""Films over an etched pattern: planarised (liquid, then flat) or conformal (on every face)."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from cavities.material import MaterialLike
from cavities.spec import Spec

__all__ = ["ConformalFilm", "CoverFilm", "PlanarFilm"]


class PlanarFilm(Spec):
    """A film that fills the openings from their floor and ends in a plane.

    Attributes:
        material: of the film.
        overcoat: height (um) of the film's top over the pattern's top face; 0: flush; < 0: it
            ends that far inside the openings.
        name: its region.
    """

    kind: Literal["planar"] = "planar"
    material: MaterialLike = Field(default="nanocrystal_film", validate_default=True)
    overcoat: float = 0.0
    name: str = Field(default="gain", min_length=1)


class ConformalFilm(Spec):
    """A film on top faces, floors and walls; what is left of the openings stays open.

    Edges are taken as sharp: top and floor films are flat, the wall's film has its own
    thickness over the whole height, measured in the plane.

    Attributes:
        material: of the film.
        thickness: on top faces and floors (um).
        wall_thickness: on the walls (um); None: `thickness`; 0: bare walls (evaporation).
        name: its region.
    """

    kind: Literal["conformal"] = "conformal"
    material: MaterialLike = Field(default="nanocrystal_film", validate_default=True)
    thickness: float = Field(gt=0)
    wall_thickness: float | None = Field(default=None, ge=0)
    name: str = Field(default="gain", min_length=1)

    @model_validator(mode="after")
    def _name(self) -> ConformalFilm:
        if self.name == "opening":
            raise ValueError(
                "name: must not be 'opening', got it for the film; that is the region of what "
                "the film leaves open"
            )
        return self

    @property
    def on_walls(self) -> float:
        """Thickness on the walls (um)."""
        return self.thickness if self.wall_thickness is None else self.wall_thickness


CoverFilm: TypeAlias = Annotated[PlanarFilm | ConformalFilm, Field(discriminator="kind")]
"""A field that takes either film; in design files `kind` tells which."""
