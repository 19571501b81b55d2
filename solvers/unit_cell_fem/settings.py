"""Numerical settings of the unit-cell finite-element solver."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cavities.spec import Spec

__all__ = ["UnitCellAccuracy", "UnitCellSettings"]

UnitCellAccuracy = Literal["fast", "default", "reference"]


class UnitCellSettings(Spec):
    """How the unit cell is discretised and how the open space above and below is closed.

    Attributes:
        order: order p of the H(curl) space; errors are read off a second solution with p - 1.
        mesh_size: largest element size in wavelengths inside the local medium.
        edge_refinement: element size along the rims of inclusions, relative to the size around;
            1 leaves it. Fields are singular there, the more so the higher the contrast.
        pml_distance: gap between the layers and the absorbing layers, in periods. It becomes
            longer, up to 3, where a diffraction order is about to open.
        pml_thickness: thickness of the absorbing layers, in periods; grows likewise.
        pml_strength: S of the complex stretch 1 + i S t^2, t from 0 to 1 through the layer.
        energy_floor: smallest share of the electric energy (absorbing layers included) that a
            mode has in the layers of the stack; what has less is a mode of the open space.
        use_mirrors: whether to cut the cell along its mirror planes.
        largest_unknowns: a larger problem is refused before it takes the memory; 20 000 take
            about 1.3 GB.

    Example:
        >>> UnitCellSettings.for_accuracy("fast").order
        4
    """

    order: int = Field(default=5, ge=3, le=8)
    mesh_size: float = Field(default=0.7, gt=0, le=2)
    edge_refinement: float = Field(default=1.0, gt=0, le=1)
    pml_distance: float = Field(default=0.9, gt=0)
    pml_thickness: float = Field(default=1.2, gt=0)
    pml_strength: float = Field(default=5.0, gt=0)
    energy_floor: float = Field(default=0.3, ge=0, lt=1)
    use_mirrors: bool = True
    largest_unknowns: int = Field(default=45_000, gt=0)

    @classmethod
    def for_accuracy(cls, accuracy: UnitCellAccuracy) -> UnitCellSettings:
        """Return the settings of a level: p = 4, 5 or 6."""
        levels = {"fast": 4, "default": 5, "reference": 6}
        if accuracy not in levels:
            raise ValueError(f"accuracy: must be one of {list(levels)}, got {accuracy!r}")
        return cls(order=levels[accuracy])
