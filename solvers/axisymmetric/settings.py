"""Numerical settings of the axisymmetric finite-element solver and their named levels."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cavities.spec import Spec

__all__ = ["Accuracy", "AxisymmetricSettings"]

Accuracy = Literal["fast", "default", "reference"]


class AxisymmetricSettings(Spec):
    """How finely the (r, z) plane is discretised and how the open space is closed.

    On the fundamental modes of the dielectric sphere the defaults reach 1e-7 in wavelength and
    1e-3 in Q (`docs/axisymmetric.md` has measured errors); each mode carries its own estimate.

    Attributes:
        order: order p of the H(curl) space; the azimuthal field has order p + 1.
        mesh_size: largest element size in wavelengths inside the local medium.
        pml_distance: gap between the body and the absorbing layer (vacuum wavelengths).
        pml_thickness: thickness of the absorbing layer (vacuum wavelengths).
        pml_strength: S of the complex stretch 1 + i S t^2, t from 0 to 1 through the layer.
        inner_wall_tolerance: relative amplitude a high-m mode may have on the inner wall that
            replaces the neighbourhood of the axis; its effect on k is this number squared.
        quality_tolerance: relative error of Q at which the iteration for a mode stops.
    """

    order: int = Field(default=6, ge=2, le=12)
    mesh_size: float = Field(default=0.7, gt=0, le=2)
    pml_distance: float = Field(default=1.5, gt=0)
    pml_thickness: float = Field(default=2.0, gt=0)
    pml_strength: float = Field(default=5.0, gt=0)
    inner_wall_tolerance: float = Field(default=1e-6, gt=0, lt=1)
    quality_tolerance: float = Field(default=1e-6, gt=0)

    @classmethod
    def for_accuracy(cls, accuracy: Accuracy) -> AxisymmetricSettings:
        """Return the settings of a named accuracy level."""
        levels = {
            "fast": cls(
                order=4,
                mesh_size=0.7,
                pml_distance=1.0,
                pml_thickness=1.5,
                quality_tolerance=1e-4,
            ),
            "default": cls(),
            "reference": cls(
                order=7,
                mesh_size=0.6,
                pml_thickness=2.5,
                inner_wall_tolerance=1e-8,
                quality_tolerance=1e-8,
            ),
        }
        if accuracy not in levels:
            raise ValueError(f"accuracy: must be one of {sorted(levels)}, got {accuracy!r}")
        return levels[accuracy]
