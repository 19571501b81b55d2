"""Materials, lithography and the parametric cavities: frozen, validated data.

Everything here loads on first use, so that importing the package costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cavities.body_of_revolution import BodyOfRevolution, Layer, LayeredBackground, Region
    from cavities.exciton_material import ExcitonResonance, exciton_film, exciton_line
    from cavities.lithography import Exposure
    from cavities.material import Material, MaterialLike, material_names
    from cavities.microdisk import Microdisk
    from cavities.micropillar import Micropillar
    from cavities.mirrors import LayerMirror, MetalMirror, QuarterWaveMirror
    from cavities.outline import Arc, Line, Outline, Parabola, Spline
    from cavities.parabolic_microdisk import ParabolicMicrodisk
    from cavities.planar_microcavity import PlanarMicrocavity
    from cavities.planar_stack import PlanarStack
    from cavities.plot_profile import plot_dose_map, plot_profiles
    from cavities.resist_profile import ResistProfile
    from cavities.spec import Spec
    from cavities.sphere import Sphere
    from cavities.torus import Torus
    from cavities.two_mirror_cavity import TwoMirrorCavity

__all__ = [
    "Arc",
    "BodyOfRevolution",
    "ExcitonResonance",
    "Exposure",
    "Layer",
    "LayerMirror",
    "LayeredBackground",
    "Line",
    "Material",
    "MaterialLike",
    "MetalMirror",
    "Microdisk",
    "Micropillar",
    "Outline",
    "Parabola",
    "ParabolicMicrodisk",
    "PlanarMicrocavity",
    "PlanarStack",
    "QuarterWaveMirror",
    "Region",
    "ResistProfile",
    "Spec",
    "Sphere",
    "Spline",
    "Torus",
    "TwoMirrorCavity",
    "exciton_film",
    "exciton_line",
    "material_names",
    "plot_dose_map",
    "plot_profiles",
]

_MODULES = {
    "body_of_revolution": ("BodyOfRevolution", "Layer", "LayeredBackground", "Region"),
    "exciton_material": ("ExcitonResonance", "exciton_line", "exciton_film"),
    "lithography": ("Exposure",),
    "material": ("Material", "MaterialLike", "material_names"),
    "microdisk": ("Microdisk",),
    "micropillar": ("Micropillar",),
    "mirrors": ("LayerMirror", "MetalMirror", "QuarterWaveMirror"),
    "outline": ("Arc", "Line", "Outline", "Parabola", "Spline"),
    "parabolic_microdisk": ("ParabolicMicrodisk",),
    "planar_microcavity": ("PlanarMicrocavity",),
    "planar_stack": ("PlanarStack",),
    "plot_profile": ("plot_dose_map", "plot_profiles"),
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
