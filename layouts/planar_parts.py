"""What a planar cavity is made of, for sheets and masks: mirrors, middle, wavelength."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cavities.spec import Spec

if TYPE_CHECKING:
    from cavities.body_of_revolution import Layer
    from cavities.mirrors import Mirror
    from cavities.planar_stack import PlanarStack

__all__ = ["is_planar", "is_transferred", "planar_stack", "reference_wavelength", "sections"]

Sections = tuple[tuple["Layer", ...], tuple["Layer", ...], tuple["Layer", ...]]
"""Bottom mirror, what lies between the mirrors, top mirror; each from bottom to top."""


def is_planar(cavity: object) -> bool:
    """Return whether a cavity has two mirrors and no shape in the plane."""
    from cavities.planar_microcavity import PlanarMicrocavity
    from cavities.two_mirror_cavity import TwoMirrorCavity

    return isinstance(cavity, PlanarMicrocavity | TwoMirrorCavity)


def planar_stack(cavity: Spec) -> PlanarStack:
    """Return `cavity.stack()`.

    Raises:
        TypeError: the cavity has no such method.
    """
    method = getattr(cavity, "stack", None)
    if not callable(method):
        raise TypeError(
            f"cavity: must have a method stack(), got {type(cavity).__name__}; use a planar "
            "cavity such as PlanarMicrocavity"
        )
    stack: PlanarStack = method()
    return stack


def sections(cavity: Spec) -> Sections:
    """Return bottom mirror, middle and top mirror; a stack without mirrors is all middle.

    Example:
        >>> from cavities import TwoMirrorCavity
        >>> [len(part) for part in sections(TwoMirrorCavity(spacer_thickness=5.0))]
        [15, 2, 15]
    """
    layers = planar_stack(cavity).layers
    pair = _mirrors(cavity)
    if pair is None:
        return (), layers, ()
    bottom, top = (len(mirror.layers("mirror")) for mirror in pair)
    end = len(layers) - top
    return layers[:bottom], layers[bottom:end], layers[end:]


def is_transferred(cavity: Spec) -> bool:
    """Return whether the top mirror is made on a part of its own and laid on."""
    from cavities.planar_microcavity import PlanarMicrocavity
    from cavities.two_mirror_cavity import TwoMirrorCavity

    if isinstance(cavity, PlanarMicrocavity):
        return cavity.gap_material is not None
    return isinstance(cavity, TwoMirrorCavity)


def reference_wavelength(cavity: Spec) -> float | None:
    """Return the design wavelength (um) of the first quarter-wave mirror, None without one.

    The bottom mirror comes before the top one.
    """
    from cavities.mirrors import QuarterWaveMirror

    for mirror in _mirrors(cavity) or ():
        if isinstance(mirror, QuarterWaveMirror):
            return mirror.design_wavelength
    return None


def _mirrors(cavity: Spec) -> tuple[Mirror, Mirror] | None:
    """Return the mirrors, bottom one first."""
    from cavities.planar_microcavity import PlanarMicrocavity
    from cavities.two_mirror_cavity import TwoMirrorCavity

    if isinstance(cavity, PlanarMicrocavity):
        return cavity.bottom_mirror, cavity.top_mirror
    if isinstance(cavity, TwoMirrorCavity):
        return cavity.back_mirror, cavity.front_mirror
    return None
