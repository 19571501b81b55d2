"""The condition for a mode, (1 - R_down R_up) a = 0, solved by bordered Newton steps.

For left and right border vectors the system [M, -J; C^T, 0] defines s(k0), an m x m matrix that
is singular at a pole; its derivative comes from the fields of the left and right solutions
(`overlap`), so a Newton step costs one evaluation.

Source: V. N. Kublanovskaya's and H. Unger's methods in the form of W.-J. Beyn, V. Thuemmler, in
Numerical Continuation Methods, doi:10.1007/978-1-4020-6356-5_3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.fourier_modal.cell_problem import SectorProblem, TwoSides
from solvers.fourier_modal.media import Medium
from solvers.fourier_modal.overlap import Pairing, SectionChange
from solvers.fourier_modal.sections import PatternedSection, Section, UniformSection

__all__ = ["Bordered", "bordered", "mismatch_matrix", "wavenumber_slope"]

Complexes = NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class Bordered:
    """Solutions of the bordered system at one k0.

    Attributes:
        sides: both sides of the plane.
        mismatch: s (m, m).
        right: amplitudes a at the plane (n, m), M a = J s.
        left: left amplitudes w (n, m), w^T J = 1.
        slope: ds/dk0 (m, m).
    """

    sides: TwoSides
    mismatch: Complexes
    right: Complexes
    left: Complexes
    slope: Complexes


def mismatch_matrix(sides: TwoSides) -> Complexes:
    """Return M = 1 - R_down R_up (n, n)."""
    up, down = sides.up.reflection, sides.down.reflection
    if up.ndim == 1 and down.ndim == 1:
        return np.diag(1 - down * up)
    if down.ndim == 1:
        product = down[:, None] * up
    elif up.ndim == 1:
        product = down * up
    else:
        product = down @ up
    product = -product
    product[np.diag_indices(len(product))] += 1
    return np.asarray(product)


def bordered(problem: SectorProblem, k: complex, guess: Complexes) -> Bordered:
    """Return the bordered solutions at k0 with borders from approximate right vectors (n, m)."""
    from scipy.linalg import lu_factor, lu_solve

    sides = problem.sides(k)
    factors = lu_factor(mismatch_matrix(sides), check_finite=False)
    basis = np.linalg.qr(guess)[0]
    rows = basis.conj()
    left = lu_solve(factors, rows, trans=1, check_finite=False)
    columns = np.linalg.qr(left)[0].conj()
    response = lu_solve(factors, columns, check_finite=False)
    mismatch = np.linalg.inv(rows.T @ response)
    right = response @ mismatch
    dual = lu_solve(factors, rows, trans=1, check_finite=False) @ mismatch.T
    slope = wavenumber_slope(problem, sides, right, dual)
    return Bordered(sides=sides, mismatch=mismatch, right=right, left=dual, slope=slope)


def wavenumber_slope(
    problem: SectorProblem, sides: TwoSides, right: Complexes, left: Complexes
) -> Complexes:
    """Return d(w^T M a)/dk0 (m, m) at fixed a and w."""
    k = sides.k
    sections = [*sides.down.sections[::-1], *sides.up.sections]
    changes = {i: _by_wavenumber(problem, i, section) for i, section in enumerate(sections)}
    stack, media = problem.cell.stack, problem.cell.media
    top = media.at("superstrate", stack.superstrate, k)
    bottom = media.at("substrate", stack.substrate, k)
    return Pairing.of(sides, right, left).response(
        changes,
        bottom=_outer_by_wavenumber(sides.down.outer, bottom),
        top=_outer_by_wavenumber(sides.up.outer, top),
    )


def _by_wavenumber(problem: SectorProblem, number: int, section: Section) -> SectionChange:
    k, p = section.k, section.p_count
    media = problem.media_of(number, k)
    square = section.lengths**2
    across = square.astype(np.complex128) / k**2
    across[:p] = 0
    if isinstance(section, UniformSection):
        ((eps, slope),) = media
        along = np.asarray(square[:p] / (eps * k**2) * (1 + k * slope / eps), dtype=complex)
        return SectionChange(left=eps + k * slope + across, right=along, right_all=1.0)
    assert isinstance(section, PatternedSection)
    matrices = problem.matrices[number]
    assert matrices is not None
    at = section.permittivity
    lengths = section.lengths[:p, None]
    parts, slopes = [m.eps for m in media], [m.slope for m in media]
    dispersive = any(slopes)

    def left(columns: Complexes) -> Complexes:
        changed = at.tangential @ columns + across[:, None] * columns
        if dispersive:
            changed = changed + k * matrices.slope_times(parts, slopes, at, columns)
        return changed

    def right(columns: Complexes) -> Complexes:
        inner = at.inverse_axial[:p, :p] @ (lengths * columns) / k**2
        if dispersive:
            inner = inner - matrices.axial_slope_times(slopes, at, lengths * columns) / k
        return lengths * inner

    return SectionChange(left=left, right=right, right_all=1.0)


def _outer_by_wavenumber(outer: UniformSection, medium: Medium) -> Complexes:
    k, q, p = outer.k, outer.q, outer.p_count
    eps, slope = medium
    by_k = (eps * k + slope * k**2 / 2) / q
    change = by_k / k - q / k**2
    change[:p] = (slope * k + eps) / q[:p] - eps * k * by_k[:p] / q[:p] ** 2
    return change
