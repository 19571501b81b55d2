"""The devices of the source papers and two reference structures, with the source of every number.

The papers' own tables are not public, so most numbers are guesses. `preset_provenance` says
which: each entry begins with "measured", "stated", "reference" or "guess". Nothing was adjusted
to meet a published wavelength, Q or threshold; override any of them by keyword.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Literal

from cavities.body_of_revolution import Layer
from cavities.cell_shape import Circle
from cavities.cover_film import PlanarFilm
from cavities.lattice import Lattice
from cavities.material import MaterialInput, as_material
from cavities.nanopillar_array import NanopillarArray
from cavities.pattern_process import DutyCycle, diameter_from_duty_cycle
from cavities.photonic_crystal_slab import PhotonicCrystalSlab

__all__ = [
    "NANOPILLAR_PERIODS",
    "PCSEL_PERIODS",
    "hsu_slab",
    "infilled_slab",
    "nanopillar_quantum_shells",
    "pcsel_sin_quantum_shells",
    "periodic_preset_names",
    "preset_provenance",
]

NANOPILLAR_PERIODS: Final = (0.315, 0.335, 0.365)
"""Periods (um) of the published nanopillar arrays."""

PCSEL_PERIODS: Final = (0.32, 0.34, 0.36, 0.38, 0.40, 0.42, 0.44, 0.46)
"""Periods (um) over the published range, 320 to 460 nm; the steps of 20 nm are ours."""

_REVIEW = "review of quantum-shell lasers, doi:10.1039/D4NR04653F"
_PILLARS = "Zhao et al., ACS Nano 18, 10946 (2024)"
_HSU = "Hsu et al., Nature 499, 188 (2013), doi:10.1038/nature12289"

_PROVENANCE: Final[dict[str, dict[str, str]]] = {
    "pcsel_sin_quantum_shells": {
        "period": f"stated: 320 to 460 nm, {_REVIEW}",
        "lattice": f"stated: square, {_REVIEW}",
        "slab_thickness": f"stated: 170 nm of SiNx, {_REVIEW}",
        "slab_material": "guess: a plasma-deposited nitride on oxide, n = 2.02 at 640 nm "
        "(material 'SiNx_pecvd'); the paper's is not given, stoichiometric is 2.04",
        "duty_cycle": f"stated: 70 % from cross-section pictures, {_REVIEW}",
        "duty_cycle_of": "guess: hole diameter over period; the paper does not say what it is "
        "the share of ('gap', 'area' and 'gap_area' are the other readings)",
        "shape": "guess: one round hole per cell",
        "etch_depth": "guess: through the whole nitride, and no further (None)",
        "wall_angle_deg": "guess: vertical",
        "filling": f"stated: the holes are filled completely, {_REVIEW}",
        "overcoat": "guess: 80 nm of film over the nitride",
        "film_material": "guess: n = 1.9, dispersionless; close-packed shells with ligands lie "
        "between 1.8 and 2.0",
        "substrate": "guess: silicon oxide so thick that the wafer under it does not matter",
        "superstrate": "guess: air",
    },
    "nanopillar_quantum_shells": {
        "period": f"stated: 315, 335 and 365 nm, {_PILLARS}",
        "lattice": "guess: square; the review's text does not say",
        "shape": "guess: round",
        "diameter_ratio": "guess: diameter half the period",
        "height": "guess: 200 nm",
        "pillar_material": "stated: SiO2 pillars on silicon, conference abstract of the same group",
        "residual_oxide": "guess: 200 nm of oxide left below the pillars; decides Q, for the "
        "silicon takes the light through a thinner one",
        "wall_angle_deg": "guess: vertical",
        "filling": "stated: filled with a close-packed film of quantum shells, same abstract",
        "overcoat": "guess: 100 nm of film over the pillars",
        "film_material": "guess: n = 1.95, dispersionless",
        "substrate": "stated: silicon, same abstract",
        "superstrate": "guess: air",
    },
    "hsu_slab": {
        "geometry": f"reference: slab n = 2.02, 180 nm, square lattice of 336 nm, holes of 160 nm, "
        f"all in n = 1.46, {_HSU}",
        "dispersion": "reference: none, indices are constants",
    },
    "infilled_slab": {
        "geometry": "reference: test structure of this suite: 170 nm of n = 2.0 on n = 1.46, holes "
        "through it of 0.7 periods, filled and covered with 80 nm of n = 1.9, air above",
        "dispersion": "reference: none, indices are constants",
    },
}


def pcsel_sin_quantum_shells(
    period: float = 0.40,
    *,
    duty_cycle: float = 0.7,
    duty_cycle_of: DutyCycle = "diameter",
    slab_thickness: float = 0.17,
    slab_material: MaterialInput = "SiNx_pecvd",
    etch_depth: float | None = None,
    wall_angle_deg: float = 90.0,
    overcoat: float = 0.08,
    film_material: MaterialInput = 1.9,
    substrate: MaterialInput = "SiO2",
    superstrate: MaterialInput = "air",
) -> PhotonicCrystalSlab:
    """Return the photonic-crystal surface-emitting laser: SiNx on oxide, filled with shells.

    Args:
        period: 0.32 to 0.46 um in the paper.
        duty_cycle, duty_cycle_of: size of the holes, see `diameter_from_duty_cycle`.
        slab_thickness: of the nitride (um).
        etch_depth: None: through the nitride.
        overcoat: film above the nitride (um).

    Validity: `preset_provenance("pcsel_sin_quantum_shells")` says which numbers are published.

    Example:
        >>> pcsel_sin_quantum_shells(0.40).unit_cell().regions
        ('slab', 'gain')
    """
    lattice = Lattice.square(period)
    diameter = diameter_from_duty_cycle(lattice, duty_cycle, duty_cycle_of)
    slab = Layer(name="slab", material=as_material(slab_material), thickness=slab_thickness)
    return PhotonicCrystalSlab(
        lattice=lattice,
        substrate=as_material(substrate),
        layers=(slab,),
        shapes=(Circle(radius=diameter / 2),),
        etch_depth=etch_depth,
        wall_angle_deg=wall_angle_deg,
        film=PlanarFilm(material=as_material(film_material), overcoat=overcoat),
        superstrate=as_material(superstrate),
    )


def nanopillar_quantum_shells(
    period: float = 0.335,
    *,
    lattice: Literal["square", "triangular"] = "square",
    diameter_ratio: float = 0.5,
    height: float = 0.2,
    residual_oxide: float = 0.2,
    pillar_material: MaterialInput = "SiO2",
    wall_angle_deg: float = 90.0,
    overcoat: float = 0.1,
    film_material: MaterialInput = 1.95,
    substrate: MaterialInput = "Si",
    superstrate: MaterialInput = "air",
) -> NanopillarArray:
    """Return the nanopillar array: SiO2 pillars on silicon, filled with quantum shells.

    Args:
        period: 0.315, 0.335 or 0.365 um in the paper.
        lattice: "square" or "triangular".
        diameter_ratio: pillar diameter over period.
        height: of the pillars (um).
        residual_oxide: oxide left between the pillars and the silicon (um).
        overcoat: film above the pillars (um).

    Validity: `preset_provenance("nanopillar_quantum_shells")` says which numbers are published;
    the residual oxide is not, and decides Q.

    Example:
        >>> nanopillar_quantum_shells(0.335, residual_oxide=0.3).unit_cell().thickness
        0.6
    """
    kinds = {"square": Lattice.square, "triangular": Lattice.triangular}
    if lattice not in kinds:
        raise ValueError(
            f"lattice: must be one of {list(kinds)}, got {lattice!r}; build a NanopillarArray for "
            "others"
        )
    return NanopillarArray(
        lattice=kinds[lattice](period),
        diameter=diameter_ratio * period,
        height=height,
        pillar_material=as_material(pillar_material),
        residual_thickness=residual_oxide,
        wall_angle_deg=wall_angle_deg,
        film=PlanarFilm(material=as_material(film_material), overcoat=overcoat),
        substrate=as_material(substrate),
        superstrate=as_material(superstrate),
    )


def hsu_slab(
    *,
    period: float = 0.336,
    hole_diameter: float = 0.16,
    thickness: float = 0.18,
    index: complex = 2.02,
    surrounding_index: complex = 1.46,
) -> PhotonicCrystalSlab:
    """Return the slab with bound states in the continuum of Hsu et al. (doi:10.1038/nature12289).

    Example:
        >>> hsu_slab().unit_cell().regions
        ('slab', 'opening')
    """
    around = as_material(surrounding_index)
    return PhotonicCrystalSlab(
        lattice=Lattice.square(period),
        substrate=around,
        layers=(Layer(name="slab", material=as_material(index), thickness=thickness),),
        shapes=(Circle(radius=hole_diameter / 2),),
        superstrate=around,
    )


def infilled_slab(
    *,
    period: float = 0.39,
    duty_cycle: float = 0.7,
    thickness: float = 0.17,
    index: complex = 2.0,
    film_index: complex = 1.9,
    overcoat: float = 0.08,
    substrate_index: complex = 1.46,
) -> PhotonicCrystalSlab:
    """Return the reference structure A1: a slab with holes filled and covered by a film.

    Example:
        >>> infilled_slab().film_on_flat.__round__(4)
        0.1454
    """
    return pcsel_sin_quantum_shells(
        period,
        duty_cycle=duty_cycle,
        slab_thickness=thickness,
        slab_material=index,
        overcoat=overcoat,
        film_material=film_index,
        substrate=substrate_index,
    )


_PRESETS: Final[dict[str, Callable[..., PhotonicCrystalSlab | NanopillarArray]]] = {
    "pcsel_sin_quantum_shells": pcsel_sin_quantum_shells,
    "nanopillar_quantum_shells": nanopillar_quantum_shells,
    "hsu_slab": hsu_slab,
    "infilled_slab": infilled_slab,
}


def periodic_preset_names() -> tuple[str, ...]:
    """Return the names of the presets: functions of this module."""
    return tuple(_PRESETS)


def preset_provenance(name: str) -> Mapping[str, str]:
    """Return where every number of a preset comes from, by parameter.

    Each text begins with "measured", "stated", "reference" or "guess".

    Raises:
        ValueError: no such preset.

    Example:
        >>> preset_provenance("nanopillar_quantum_shells")["height"]
        'guess: 200 nm'
    """
    if name not in _PROVENANCE:
        raise ValueError(f"name: must be one of {list(_PROVENANCE)}, got {name!r}; choose one")
    return MappingProxyType(_PROVENANCE[name])
