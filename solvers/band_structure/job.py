"""The job that the MPB worker takes: a crystal in its own units, Bloch vectors, what to return."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, model_validator

from cavities.spec import Spec
from solvers.engines.job import EngineJob, JobSize

__all__ = [
    "BandJob",
    "CrystalCylinder",
    "CrystalLayer",
    "CrystalObject",
    "CrystalPrism",
    "CrystalSphere",
    "Parity",
]

Triple = tuple[float, float, float]
Parity = Literal["none", "TE", "TM", "even-z", "odd-z"]

_SECONDS_PER_VALUE = 1e-5
"""Time per grid point, band and Bloch vector, measured on one core: 5e-6 (2D) to 2e-5 (slabs)."""

_COPIES = 8
"""Complex two-component fields of all bands that the eigensolver holds."""


class CrystalCylinder(Spec):
    """A cylinder along z; height None: without end."""

    kind: Literal["cylinder"] = "cylinder"
    epsilon: float = Field(gt=0)
    center: Triple = (0.0, 0.0, 0.0)
    radius: float = Field(gt=0)
    height: float | None = Field(default=None, gt=0)


class CrystalPrism(Spec):
    """A polygon drawn out along z from `bottom` by `height`; height None: without end."""

    kind: Literal["prism"] = "prism"
    epsilon: float = Field(gt=0)
    corners: tuple[tuple[float, float], ...] = Field(min_length=3)
    bottom: float = 0.0
    height: float | None = Field(default=None, gt=0)


class CrystalSphere(Spec):
    """A sphere."""

    kind: Literal["sphere"] = "sphere"
    epsilon: float = Field(gt=0)
    center: Triple = (0.0, 0.0, 0.0)
    radius: float = Field(gt=0)


class CrystalLayer(Spec):
    """A layer across one axis (0, 1 or 2), endless along the others."""

    kind: Literal["layer"] = "layer"
    epsilon: float = Field(gt=0)
    axis: int = Field(default=2, ge=0, le=2)
    middle: float
    thickness: float = Field(gt=0)


CrystalObject: TypeAlias = Annotated[
    CrystalCylinder | CrystalPrism | CrystalSphere | CrystalLayer, Field(discriminator="kind")
]


class BandJob(Spec):
    """Everything that MPB needs; lengths in a unit of the caller's choice.

    Attributes:
        vectors: primitive vectors as rows; the middle of the cell is the origin.
        periodic: along which of them the structure repeats; 2D crystals have (True, True, False).
        background: permittivity outside the objects.
        objects: later ones replace earlier ones where they overlap.
        k_points: in the basis of the reciprocal vectors (0.5: zone edge).
        parity: solved for alone; "none": all.
        bands: number of bands.
        resolution: pixels per unit length along the three vectors.
        mesh_size: points per pixel and axis of the sub-pixel average.
        tolerance: relative change of the eigenvalues at which the iteration ends.
        group_velocity: whether to return d omega/dk.
        profile: whether to return the electric energy in every plane across z.
        operations: by number of the Bloch vector, matrices whose expectation values to return.
        fields: (number of the Bloch vector, band from 1) of fields to return.

    Example:
        >>> job = BandJob(vectors=((1, 0, 0), (0, 1, 0), (0, 0, 1)), background=1.0, bands=4,
        ...               objects=(CrystalCylinder(epsilon=12.0, radius=0.2),), parity="TM",
        ...               k_points=((0.5, 0, 0),), resolution=(32, 32, 32))
        >>> job.grid
        (32, 32, 1)
    """

    vectors: tuple[Triple, Triple, Triple]
    periodic: tuple[bool, bool, bool] = (True, True, False)
    background: float = Field(gt=0)
    objects: tuple[CrystalObject, ...] = ()
    k_points: tuple[Triple, ...] = Field(min_length=1)
    parity: Parity = "none"
    bands: int = Field(ge=1)
    resolution: Triple
    mesh_size: int = Field(default=3, ge=1)
    tolerance: float = Field(default=1e-7, gt=0)
    group_velocity: bool = True
    profile: bool = False
    operations: Mapping[int, tuple[tuple[Triple, Triple, Triple], ...]] = Field(
        default_factory=dict
    )
    fields: tuple[tuple[int, int], ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> BandJob:
        for index, band in self.fields:
            if not (0 <= index < len(self.k_points) and 1 <= band <= self.bands):
                raise ValueError(
                    f"fields: must name a Bloch vector below {len(self.k_points)} and a band of 1 "
                    f"to {self.bands}, got ({index}, {band}); bands count from 1"
                )
        return self

    @property
    def grid(self) -> tuple[int, int, int]:
        """Grid points along the three vectors, before MPB rounds them up to products of 2 to 7."""
        lengths = [math.hypot(*vector) for vector in self.vectors]
        first, second, third = (
            max(1, math.ceil(length * pixels - 1e-9)) if on else 1
            for length, pixels, on in zip(lengths, self.resolution, self.periodic, strict=True)
        )
        return first, second, third

    def request(self) -> dict[str, Any]:
        """Return the job as the worker reads it; operations in the lattice's basis, by columns."""
        import numpy as np

        request: dict[str, Any] = self.model_dump(mode="json")
        # MPB rounds up: a hair less keeps 16.000000001 points from becoming 18
        request["resolution"] = [value * (1 - 1e-9) for value in self.resolution]
        rows = np.array(self.vectors)
        basis = (rows / np.linalg.norm(rows, axis=1)[:, None]).T
        inverse = np.linalg.inv(basis)
        request["operations"] = {
            str(index): [(inverse @ np.array(matrix) @ basis).T.tolist() for matrix in matrices]
            for index, matrices in self.operations.items()
        }
        return request

    def engine_job(self, title: str) -> EngineJob:
        """Return the job for `solvers.engines.run_worker.run_job`."""
        points = math.prod(self.grid)
        values = float(points * self.bands)
        time_s = values * _SECONDS_PER_VALUE * len(self.k_points)
        memory = values * 32 * _COPIES + 200.0 * points
        size = JobSize(
            memory_gb=0.1 + memory / 1e9,
            time_s=1.0 + time_s,
            text=f"{points:.3g} grid points x {self.bands} bands x {len(self.k_points)} k",
        )
        return EngineJob(kind="mpb", request=self.request(), size=size, title=title)
