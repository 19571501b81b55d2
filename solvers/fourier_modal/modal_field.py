"""The field of one pole: amplitudes in every layer, and fields at heights inside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.fourier_modal.cell_problem import SectorProblem, TwoSides
from solvers.fourier_modal.overlap import quadrature, section_fields
from solvers.fourier_modal.sections import PatternedSection, Section, UniformSection

__all__ = ["CellField", "LayerField", "ModalField"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


class LayerField(NamedTuple):
    """Fields of one layer in the sector's functions, at g heights.

    Attributes:
        heights: above the layer's bottom (um) (g,).
        weights: of an integral over the layer (um) (g,).
        electric: tangential E (n, g).
        magnetic: h = (H_y, -H_x) (n, g).
        axial: E_z in the functions of E_z (n_z, g).
        magnetic_axial: H_z in the s functions (n - n_p, g).
    """

    heights: Floats
    weights: Floats
    electric: Complexes
    magnetic: Complexes
    axial: Complexes
    magnetic_axial: Complexes


@dataclass(frozen=True, kw_only=True, eq=False)
class CellField:
    """A field in the layers of one sector at one k0.

    Attributes:
        problem: the sector.
        k: k0 (rad/um).
        sections: of the layers from bottom to top.
        amplitudes: of each layer, of the wave that goes up at its bottom and of the one that
            goes down at its top (n, 1) each.
    """

    problem: SectorProblem
    k: complex
    sections: tuple[Section, ...]
    amplitudes: tuple[tuple[Complexes, Complexes], ...]

    def layer(self, number: int, heights: Floats | None = None) -> LayerField:
        """Return the fields in a layer, by default at the points of a quadrature.

        Args:
            number: of the layer, from the bottom.
            heights: above the layer's bottom (um) (g,).
        """
        section = self.sections[number]
        weights = np.zeros(0)
        if heights is None:
            heights, weights = quadrature(section)
        up, down = self.amplitudes[number]
        electric, magnetic = (f[:, :, 0] for f in section_fields(section, up, down, heights))
        lengths, p, k = section.lengths, section.p_count, self.k
        divergence = lengths[:p, None] * magnetic[:p] / -k
        if isinstance(section, UniformSection):
            axial = np.zeros((self.problem.sector.scalar.shape[1], len(heights)), dtype=complex)
            axial[:p] = divergence / section.eps
        else:
            assert isinstance(section, PatternedSection)
            axial = section.permittivity.inverse_axial[:, :p] @ divergence
        curl = lengths[p:, None] * electric[p:] / k
        return LayerField(heights, weights, electric, magnetic, axial, curl)


@dataclass(frozen=True, kw_only=True, eq=False)
class ModalField(CellField):
    """The field that amplitudes at the plane set up.

    Attributes:
        sides: both sides of the plane.
        outer: E at the bottom and at the top of the stack (n,) each.
    """

    sides: TwoSides
    outer: tuple[Complexes, Complexes]

    @classmethod
    def of(cls, problem: SectorProblem, sides: TwoSides, amplitude: Complexes) -> ModalField:
        """Return the field of amplitudes a (n,) at the plane."""
        a = amplitude[:, None]
        up = sides.up.waves(a)
        back = sides.up.reflection
        down = sides.down.waves(back[:, None] * a if back.ndim == 1 else back @ a)
        # below the plane, what goes away from it goes down
        pairs = [*zip(down.far, down.near, strict=True)][::-1]
        pairs += [*zip(up.near, up.far, strict=True)]
        return cls(
            problem=problem,
            k=sides.k,
            sections=(*sides.down.sections[::-1], *sides.up.sections),
            amplitudes=tuple(pairs),
            sides=sides,
            outer=(down.outer[:, 0], up.outer[:, 0]),
        )
