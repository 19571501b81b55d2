"""Settings of a design besides cavity and medium: solver, losses, Monte Carlo, layout, output."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from cavities.spec import Spec
from layouts.dose_plan import DoseArray
from layouts.lattice_settings import LatticeSettings
from layouts.planar_settings import PlanarSettings
from layouts.settings import ChipSettings

__all__ = [
    "LayoutSettings",
    "LossSettings",
    "MonteCarloSettings",
    "OutputSettings",
    "SolverSettings",
]


class SolverSettings(Spec):
    """What is asked of the mode solver.

    Attributes:
        wavelength: window (low, high) of vacuum wavelengths (um).
        azimuthal_order: "all" that can matter, one m, or a list of them.
        quality_factor_floor: modes with a smaller Q are left out.
        accuracy: "fast", "default" or "reference".
        workers: processes; None: the command takes one for each core, `run` in a script takes
            one in all (processes need a script with a main guard). The number does not change
            the result and is no part of the key of the store.
        angle_deg: angle in the superstrate (degrees), for planar cavities; default 0.
        in_plane_wavenumber: k_x (rad/um) instead of that angle.
        polarization: "TE", "TM" or both, for planar cavities.
        bloch: "Gamma" (default), "X", ... or (kx, ky) in rad/um, for periodic cavities.
        orders: plane waves of periodic cavities, instead of those of `accuracy`.
        search_orders: plane waves of their blind search and of the error estimate; default 49,
            at most half of `orders`.
        largest_error_nm: largest estimated error of a wavelength (nm) that is accepted, for
            periodic cavities; None: any.

    Example:
        >>> SolverSettings(wavelength=(0.63, 0.67)).azimuthal_order
        'all'
    """

    wavelength: tuple[float, float]
    azimuthal_order: Literal["all"] | int | tuple[int, ...] = "all"
    quality_factor_floor: float = Field(default=100.0, gt=0)
    accuracy: Literal["fast", "default", "reference"] = "default"
    workers: int | None = Field(default=None, ge=1)
    angle_deg: float | None = Field(default=None, ge=0, lt=90)
    in_plane_wavenumber: float | None = Field(default=None, ge=0, description="k_x (rad/um)")
    polarization: (
        Literal["TE", "TM"] | Annotated[tuple[Literal["TE", "TM"], ...], Field(min_length=1)] | None
    ) = None
    bloch: str | tuple[float, float] | None = None
    orders: int | None = Field(default=None, ge=9, le=2000)
    search_orders: int | None = Field(default=None, ge=5, le=2000)
    largest_error_nm: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _window(self) -> SolverSettings:
        low, high = self.wavelength
        if not 0 < low < high:
            raise ValueError(
                "wavelength: must be (low, high) with 0 < low < high in um, got "
                f"({low:g}, {high:g}); swap them, or give the unit: a bare number is um"
            )
        if isinstance(self.azimuthal_order, tuple) and not self.azimuthal_order:
            raise ValueError(
                'azimuthal_order: must hold at least one order, got none; use "all" for every m'
            )
        if self.angle_deg is not None and self.in_plane_wavenumber is not None:
            raise ValueError(
                "in_plane_wavenumber: must be left out with angle_deg, got both; give one of them"
            )
        if self.search_orders is not None and self.search_orders >= (self.orders or 121):
            raise ValueError(
                f"search_orders: must be below orders ({self.orders or 121}), got "
                f"{self.search_orders}; about half or less is right"
            )
        return self

    def content(self) -> dict[str, Any]:
        """Return what decides the result, JSON-able: everything but `workers`."""
        return self.model_dump(mode="json", exclude={"workers"})

    def arguments(self, *, planar: bool = False, periodic: bool = False) -> dict[str, Any]:
        """Return the keyword arguments of `solvers.solve_modes` for a kind of cavity."""
        if periodic:
            from studies.periodic_settings import solver_settings

            return {
                "wavelength": self.wavelength,
                "quality_factor_floor": self.quality_factor_floor,
                "bloch": self.bloch or "Gamma",
                "settings": solver_settings(self),
            }
        if planar:
            return {
                "wavelength": self.wavelength,
                "quality_factor_floor": self.quality_factor_floor,
                "angle_deg": self.angle_deg,
                "in_plane_wavenumber": self.in_plane_wavenumber,
                "polarization": self.polarization,
            }
        order = self.azimuthal_order
        return {
            "wavelength": self.wavelength,
            "azimuthal_order": None if order == "all" else order,
            "quality_factor_floor": self.quality_factor_floor,
            "accuracy": self.accuracy,
            "workers": self.workers or 1,
        }


class LossSettings(Spec):
    """Losses that no solver of a smooth, ideal cavity can see.

    Attributes:
        scattering_quality_factor: Q of scattering by roughness and particles, and of whatever
            else the model leaves out; it adds 1/Q to every mode, as the channel "scattering".
            None: none. It acts on thresholds, not on the solver.
    """

    scattering_quality_factor: float | None = Field(default=None, gt=0)


class MonteCarloSettings(Spec):
    """Thresholds of many nominally equal cavities, for `gain.lasing_cloud`.

    Attributes:
        cavities: how many are drawn; 0 leaves the study out.
        median_quality_factor: median Q; None: that of the mode that lases first, all
            losses included.
        sigma_ln_quality_factor: standard deviation of ln Q.
        tail_fraction: share of poor cavities; tail_quality_factor: (low, high) Q of those.
        sigma_ln_concentration: standard deviation of ln C between cavities.
        mode_spacing_nm: spacing of each cavity's modes (nm); None: the free spectral range of
            the modes found, of the family of the one that lases first.
        confinement: Gamma of the modes; None: that of the mode that lases first.
        seed: of the random numbers.
    """

    cavities: int = Field(default=1000, ge=0, le=1_000_000)
    median_quality_factor: float | None = Field(default=None, gt=0)
    sigma_ln_quality_factor: float = Field(default=0.5, ge=0)
    tail_fraction: float = Field(default=0.0, ge=0, le=1)
    tail_quality_factor: tuple[float, float] | None = None
    sigma_ln_concentration: float = Field(default=0.0, ge=0)
    mode_spacing_nm: float | None = Field(default=None, gt=0)
    confinement: float | None = Field(default=None, gt=0, le=1)
    seed: int = Field(default=1, ge=0)


class LayoutSettings(Spec):
    """The mask that comes with the design.

    Attributes:
        array: the disks or mesas: diameters, doses (of disks), repeats.
        chip: grid, lettering, marks, limits of the rules.
        planar: mesas or traps, test areas, dicing street (planar cavities only).
        lattice: periods, sizes, biases, doses and write fields (periodic cavities only).
        formats: the files that are written.
    """

    array: DoseArray = DoseArray()
    chip: ChipSettings = ChipSettings()
    planar: PlanarSettings = PlanarSettings()
    lattice: LatticeSettings = LatticeSettings()
    formats: tuple[Literal["gds", "oas"], ...] = Field(default=("gds", "oas"), min_length=1)


class OutputSettings(Spec):
    """What `lasewright run` writes.

    Attributes:
        field_count: how many modes are pictured with their fields: the one that lases first,
            then the next thresholds.
        field_points: samples along the longer side of a field picture.
        table_rows: modes in the report's first table (all are in the folded one).
        pictures: whether pictures are made at all.
        paper: the paper that the report compares with, line by line.
    """

    field_count: int = Field(default=4, ge=0, le=24)
    field_points: int = Field(default=360, ge=20, le=4000)
    table_rows: int = Field(default=15, ge=1, le=200)
    pictures: bool = True
    paper: (
        Literal[
            "polariton_dbr_microcavity",
            "two_photon_two_mirror",
            "monoexciton_microdisk",
            "nanopillar_quantum_shells",
            "pcsel_sin_quantum_shells",
        ]
        | None
    ) = None
