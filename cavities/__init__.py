"""Materials, lithography and the parametric cavities: frozen, validated data.

Everything here loads on first use, so that importing the package costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cavities.body_of_revolution import BodyOfRevolution, Layer, LayeredBackground, Region
    from cavities.cell_shape import (
        Circle,
        Ellipse,
        Polygon,
        RoundedPolygon,
        shape_from_shapely,
    )
    from cavities.cover_film import ConformalFilm, PlanarFilm
    from cavities.exciton_material import ExcitonResonance, exciton_film, exciton_line
    from cavities.lattice import Lattice
    from cavities.lithography import Exposure
    from cavities.material import Material, MaterialLike, material_names
    from cavities.microdisk import Microdisk
    from cavities.micropillar import Micropillar
    from cavities.mirrors import LayerMirror, MetalMirror, QuarterWaveMirror
    from cavities.nanopillar_array import NanopillarArray
    from cavities.outline import Arc, Line, Outline, Parabola, Spline
    from cavities.parabolic_microdisk import ParabolicMicrodisk
    from cavities.pattern_process import diameter_from_duty_cycle
    from cavities.periodic_presets import (
        hsu_slab,
        infilled_slab,
        nanopillar_quantum_shells,
        pcsel_sin_quantum_shells,
        periodic_preset_names,
        preset_provenance,
    )
    from cavities.periodic_stack import Inclusion, PatternedLayer, PeriodicStack
    from cavities.photonic_crystal_slab import PhotonicCrystalSlab
    from cavities.planar_microcavity import PlanarMicrocavity
    from cavities.planar_stack import PlanarStack
    from cavities.plot_profile import plot_dose_map, plot_profiles
    from cavities.plot_unit_cell import plot_unit_cell
    from cavities.resist_profile import ResistProfile
    from cavities.spec import Spec
    from cavities.sphere import Sphere
    from cavities.torus import Torus
    from cavities.two_mirror_cavity import TwoMirrorCavity

__all__ = [
    "Arc",
    "BodyOfRevolution",
    "Circle",
    "ConformalFilm",
    "Ellipse",
    "ExcitonResonance",
    "Exposure",
    "Inclusion",
    "Lattice",
    "Layer",
    "LayerMirror",
    "LayeredBackground",
    "Line",
    "Material",
    "MaterialLike",
    "MetalMirror",
    "Microdisk",
    "Micropillar",
    "NanopillarArray",
    "Outline",
    "Parabola",
    "ParabolicMicrodisk",
    "PatternedLayer",
    "PeriodicStack",
    "PhotonicCrystalSlab",
    "PlanarFilm",
    "PlanarMicrocavity",
    "PlanarStack",
    "Polygon",
    "QuarterWaveMirror",
    "Region",
    "ResistProfile",
    "RoundedPolygon",
    "Spec",
    "Sphere",
    "Spline",
    "Torus",
    "TwoMirrorCavity",
    "diameter_from_duty_cycle",
    "exciton_film",
    "exciton_line",
    "hsu_slab",
    "infilled_slab",
    "material_names",
    "nanopillar_quantum_shells",
    "pcsel_sin_quantum_shells",
    "periodic_preset_names",
    "plot_dose_map",
    "plot_profiles",
    "plot_unit_cell",
    "preset_provenance",
    "shape_from_shapely",
]

_MODULES = {
    "body_of_revolution": ("BodyOfRevolution", "Layer", "LayeredBackground", "Region"),
    "cell_shape": ("Circle", "Ellipse", "Polygon", "RoundedPolygon", "shape_from_shapely"),
    "cover_film": (
        "ConformalFilm",
        "PlanarFilm",
    ),
    "exciton_material": ("ExcitonResonance", "exciton_line", "exciton_film"),
    "lattice": ("Lattice",),
    "lithography": ("Exposure",),
    "material": ("Material", "MaterialLike", "material_names"),
    "microdisk": ("Microdisk",),
    "micropillar": ("Micropillar",),
    "mirrors": ("LayerMirror", "MetalMirror", "QuarterWaveMirror"),
    "nanopillar_array": ("NanopillarArray",),
    "outline": ("Arc", "Line", "Outline", "Parabola", "Spline"),
    "parabolic_microdisk": ("ParabolicMicrodisk",),
    "pattern_process": ("diameter_from_duty_cycle",),
    "periodic_presets": (
        "hsu_slab",
        "infilled_slab",
        "nanopillar_quantum_shells",
        "pcsel_sin_quantum_shells",
        "periodic_preset_names",
        "preset_provenance",
    ),
    "periodic_stack": ("Inclusion", "PatternedLayer", "PeriodicStack"),
    "photonic_crystal_slab": ("PhotonicCrystalSlab",),
    "planar_microcavity": ("PlanarMicrocavity",),
    "planar_stack": ("PlanarStack",),
    "plot_profile": ("plot_dose_map", "plot_profiles"),
    "plot_unit_cell": ("plot_unit_cell",),
    "resist_profile": ("ResistProfile",),
    "spec": ("Spec",),
    "sphere": ("Sphere",),
    "torus": ("Torus",),
    "two_mirror_cavity": ("TwoMirrorCavity",),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'cavities' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"cavities.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
