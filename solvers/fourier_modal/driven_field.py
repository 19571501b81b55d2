"""The field that incident waves set up in one sector."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.fourier_modal.cell_problem import SectorProblem
from solvers.fourier_modal.energy_balance import part_intensities
from solvers.fourier_modal.half_stack import half_stack
from solvers.fourier_modal.modal_field import CellField

__all__ = ["DrivenField"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class DrivenField:
    """Response of one sector to waves from one side.

    Attributes:
        reflected, transmitted: tangential E of the leaving waves at the stack's faces (n, m).
        absorption: k0 Im(eps) int |E|^2 by region (m,): the absorbed power in units of
            Re(h* E).
    """

    reflected: Complexes
    transmitted: Complexes
    absorption: dict[str, Floats]

    @classmethod
    def of(cls, problem: SectorProblem, k: float, incident: Complexes, *, top: bool) -> DrivenField:
        """Return the response to incident tangential E (n, m) at real k0 (rad/um)."""
        number = complex(k)
        sections = problem.sections(number)
        entrance = problem.outer(number, top=top)
        leaving = problem.outer(number, top=not top)
        half = half_stack(sections[::-1] if top else sections, leaving, entrance)
        waves = half.waves(incident)
        back = half.reflection
        reflected = back[:, None] * incident if back.ndim == 1 else back @ incident
        pairs = list(zip(waves.near, waves.far, strict=True))
        if top:  # what goes away from the entrance goes down
            pairs = [(far, near) for near, far in pairs][::-1]
        absorbed: dict[str, Floats] = {}
        for place, layer in enumerate(problem.cell.layers):
            media = problem.media_of(place, number)
            if not any(medium.eps.imag for medium in media):
                continue
            for column in range(incident.shape[1]):
                single = tuple((up[:, [column]], down[:, [column]]) for up, down in pairs)
                field = CellField(
                    problem=problem, k=number, sections=tuple(sections), amplitudes=single
                )
                tangential, along = part_intensities(field, place, field.layer(place))
                for region, medium, square in zip(
                    layer.regions, media, tangential + along, strict=True
                ):
                    if medium.eps.imag:
                        values = absorbed.setdefault(region, np.zeros(incident.shape[1]))
                        values[column] += k * medium.eps.imag * square
        return cls(reflected=reflected, transmitted=waves.outer, absorption=absorbed)
