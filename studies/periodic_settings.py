"""The table [periodic] of a design file: what a run computes of every periodic cavity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from cavities.spec import Spec
from gain.medium_temperature import TemperatureLaw

if TYPE_CHECKING:
    from solvers.fourier_modal.settings import PeriodicSettings
    from studies.settings import SolverSettings

__all__ = ["PeriodicStudy", "PlasmaSettings", "UnknownRange", "solver_settings"]

Positive = Annotated[float, Field(gt=0)]
Lengths = Annotated[tuple[Positive, ...], Field(max_length=60)]
Ratios = tuple[Annotated[float, Field(gt=0, lt=1)], ...]


class UnknownRange(Spec):
    """An assumption about the cavity and the range that it may lie in.

    Attributes:
        key: what varies: "pattern_ratio" (diameter of the hole or pillar over the period),
            "film_thickness", or a field of the cavity, such as "residual_thickness",
            "film.material" (an index) or "layers[0].material".
        start, end: of the range; lengths in um or with a unit.
        name: in tables and pictures; default: the key in words.
    """

    key: str = Field(min_length=1)
    start: float
    end: float
    name: str = ""

    @model_validator(mode="after")
    def _order(self) -> UnknownRange:
        if not self.start < self.end:
            raise ValueError(
                f"start: must be below end, got {self.start:g} and {self.end:g}; swap them"
            )
        return self

    @property
    def words(self) -> str:
        """What it is called."""
        return self.name or self.key.replace("_", " ").replace(".", " ")


class PlasmaSettings(Spec):
    """Many pairs in one shell (MX): the plasma of `gain.PlasmaMedium` on the medium's band edge.

    Attributes:
        shell_radius_nm: mean radius of the well (nm).
        renormalisation_mev: red shift of the band edge at 1e12 pairs per cm^2 (meV).
        broadening_mev: standard deviation of the broadened step (meV).
        max_pairs: states.
    """

    shell_radius_nm: float = Field(default=4.5, gt=0, lt=100)
    renormalisation_mev: float = Field(default=0.0, ge=0)
    broadening_mev: float = Field(default=25.0, gt=0)
    max_pairs: int = Field(default=60, ge=2, le=100)


class PeriodicStudy(Spec):
    """What a run computes of every periodic cavity besides its modes.

    Attributes:
        periods: of the sweep (um); empty: from 10 % below the design's own to 10 % above.
        published_periods: periods (um) of published devices, marked and judged.
        pattern_ratios: diameters of hole or pillar over the period; empty: 0.3 to 1.3 times the
            design's own, where shapes do not touch.
        film_thickness: of the film over the pattern (um); empty: 0 to 2.5 times the design's own.
        residual_thickness: of a nanopillar array (um); empty: 0 to 500 nm.
        study_orders: plane waves of sweeps and bands.
        band_reach: how far from Gamma the bands go (1: to the edge of the Brillouin zone).
        band_points: Bloch vectors on each straight piece.
        device_length: sides of finite devices (um).
        temperature_k: temperatures (K) of the thresholds, the medium's own first.
        temperature: how the medium depends on it.
        plasma: many pairs per nanocrystal; None: excitons only.
        quasi_cw_fwhm_ns: length of the quasi-continuous pump pulse (ns).
        quasi_cw_wavelength: of that pump (um); None: that of [pump].
        quasi_cw_cross_section_cm2: absorption cross-section there (cm^2); None: that of [pump].
        quasi_cw_kinetics: preset of decay rates for it.
        largest_pump_angle_deg: end of the pump's angles of incidence (degrees); pump_points:
            how many.
        unknown: assumptions and their ranges.
    """

    periods: Lengths = ()
    published_periods: Lengths = ()
    pattern_ratios: Ratios = ()
    film_thickness: tuple[Annotated[float, Field(ge=0)], ...] = ()
    residual_thickness: tuple[Annotated[float, Field(ge=0)], ...] = ()
    study_orders: int = Field(default=49, ge=9, le=1000)
    band_reach: float = Field(default=0.12, gt=0, le=1)
    band_points: int = Field(default=9, ge=2, le=400)
    device_length: Lengths = (50.0, 100.0, 200.0, 400.0, 1000.0)
    temperature_k: Annotated[tuple[Positive, ...], Field(min_length=1, max_length=4)] = (293.0,)
    temperature: TemperatureLaw = TemperatureLaw()
    plasma: PlasmaSettings | None = None
    quasi_cw_fwhm_ns: float = Field(default=7.0, gt=0)
    quasi_cw_wavelength: float | None = Field(default=None, gt=0, lt=100)
    quasi_cw_cross_section_cm2: float | None = Field(default=None, gt=0, lt=1e-8)
    quasi_cw_kinetics: str = "quantum_shells_8.0nm"
    largest_pump_angle_deg: float = Field(default=30.0, ge=0, lt=90)
    pump_points: int = Field(default=61, ge=2, le=2000)
    unknown: tuple[UnknownRange, ...] = ()

    @model_validator(mode="after")
    def _together(self) -> PeriodicStudy:
        if (self.quasi_cw_wavelength is None) != (self.quasi_cw_cross_section_cm2 is None):
            raise ValueError(
                "quasi_cw_wavelength: must be given together with quasi_cw_cross_section_cm2, "
                "got one of them; give both or neither"
            )
        return self


def solver_settings(solver: SolverSettings, *, orders: int | None = None) -> PeriodicSettings:
    """Return the numerical settings of the periodic solver for a table [solver].

    Args:
        solver: the table.
        orders: plane waves, instead of those of the table, with a search at half as many.
    """
    from solvers.fourier_modal.settings import PeriodicSettings

    if orders is not None:
        return PeriodicSettings(orders=orders, search_orders=_half(orders))
    level = PeriodicSettings.for_accuracy(solver.accuracy)
    orders = solver.orders or level.orders
    search = solver.search_orders or min(level.search_orders, _half(orders))
    error = solver.largest_error_nm
    return PeriodicSettings(
        orders=orders,
        search_orders=search,
        largest_error=None if error is None else 1e-3 * error,
    )


def _half(orders: int) -> int:
    """Return the plane waves of the search: about half, but not less than the first shells."""
    return max(5, orders // 2 + 1 if orders < 100 else 49)
