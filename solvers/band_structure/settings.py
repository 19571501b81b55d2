"""Settings of band structures."""

from __future__ import annotations

from pydantic import Field

from cavities.spec import Spec

__all__ = ["BandSettings"]


class BandSettings(Spec):
    """Numerical settings of MPB.

    Attributes:
        bands: number of bands; None: 8 for plane and layer crystals, 12 for slabs.
        resolution: grid points per period; None: 32 for plane and layer crystals, 16 for slabs.
        resolution_z: grid points per period along z (slabs); None: as `resolution`.
        padding: of a slab's supercell, below and above the layers, in periods.
        mesh_size: points per grid point and axis of the sub-pixel average; None: 3 (MPB's own)
            for plane and layer crystals, 15 for slabs, where MPB averages by counting points:
            with 3 of them the heights of layers are rounded to thirds of a grid step.
        tolerance: relative change of the eigenvalues at which the iteration ends.
        group_velocity: whether to compute d omega/dk.
        symmetry: whether to label bands by irreducible representations.
        drop_losses: take the real part of lossy or amplifying media instead of refusing them.
    """

    bands: int | None = Field(default=None, ge=1)
    resolution: float | None = Field(default=None, gt=0)
    resolution_z: float | None = Field(default=None, gt=0)
    padding: float = Field(default=2.0, gt=0)
    mesh_size: int | None = Field(default=None, ge=1)
    tolerance: float = Field(default=1e-7, gt=0)
    group_velocity: bool = True
    symmetry: bool = True
    drop_losses: bool = False
