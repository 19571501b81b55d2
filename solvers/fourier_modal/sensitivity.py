"""How poles answer to permittivities: overlaps of their left and right fields."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from solvers.fourier_modal.cell_problem import SectorProblem
from solvers.fourier_modal.overlap import Pairing, SectionChange
from solvers.fourier_modal.refine import Pole
from solvers.fourier_modal.sections import PatternedSection, Section, UniformSection

__all__ = ["gain_overlap", "index_of", "pairing_of", "permittivity_response"]

Complexes = NDArray[np.complex128]


def pairing_of(poles: list[Pole]) -> Pairing:
    """Return the right and left fields of poles of one k0."""
    return Pairing.of(
        poles[0].sides,
        np.stack([pole.right for pole in poles], axis=1),
        np.stack([pole.left for pole in poles], axis=1),
    )


def permittivity_response(
    problem: SectorProblem, pairing: Pairing, slopes: Mapping[str, complex]
) -> Complexes:
    """Return the change of w^T M a (m, m) when permittivities of regions change by `slopes`."""
    sides = pairing.sides
    sections = (*sides.down.sections[::-1], *sides.up.sections)
    changes = {}
    for number, layer in enumerate(problem.cell.layers):
        weights = [slopes.get(region, 0j) for region in layer.regions]
        if any(weights):
            changes[number] = _permittivity_change(problem, number, sections[number], weights)
    bottom, top = (
        _outer_change(outer, slopes[name]) if slopes.get(name) else None
        for outer, name in ((sides.down.outer, "substrate"), (sides.up.outer, "superstrate"))
    )
    return pairing.response(changes, bottom=bottom, top=top)


def index_of(problem: SectorProblem, region: str, k: complex) -> complex:
    """Return a region's complex index at k0 (rad/um); of its first part if they differ.

    Raises:
        ValueError: there is no such region.
    """
    cell = problem.cell
    named = {"substrate": cell.stack.substrate, "superstrate": cell.stack.superstrate}
    for layer in reversed(cell.layers):
        named.update(zip(layer.regions, layer.materials, strict=True))
    if region not in named:
        raise ValueError(f"region: must be one of {sorted(named)}, got {region!r}")
    return complex(cell.media.at(region, named[region], k).eps ** 0.5)


def gain_overlap(problem: SectorProblem, pairing: Pairing, region: str) -> float:
    """Return 2 n d(Im k0)/dg for intensity gain g in a region, of the first pole."""
    k = pairing.sides.k
    index = index_of(problem, region, k)
    by_gain = -permittivity_response(problem, pairing, {region: -1j * index / k})
    return 2 * index.real * float(by_gain[0, 0].imag)


def _permittivity_change(
    problem: SectorProblem, number: int, section: Section, slopes: list[complex]
) -> SectionChange:
    k, p = section.k, section.p_count
    if isinstance(section, UniformSection):
        along = np.asarray(
            section.lengths[:p] ** 2 * slopes[0] / (section.eps**2 * k), dtype=complex
        )
        return SectionChange(left=np.full(len(section.q), k * slopes[0]), right=along)
    assert isinstance(section, PatternedSection)
    matrices, at = problem.matrices[number], section.permittivity
    assert matrices is not None
    eps = [medium.eps for medium in problem.media_of(number, k)]
    lengths = section.lengths[:p, None]
    return SectionChange(
        left=lambda x: k * matrices.slope_times(eps, slopes, at, x),
        right=lambda x: -lengths * matrices.axial_slope_times(slopes, at, lengths * x) / k,
    )


def _outer_change(outer: UniformSection, slope: complex) -> Complexes:
    k, q, p = outer.k, outer.q, outer.p_count
    by_eps = slope * k**2 / (2 * q)
    change = by_eps / k
    change[:p] = slope * k / q[:p] - outer.eps * k * by_eps[:p] / q[:p] ** 2
    return change
