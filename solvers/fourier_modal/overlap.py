"""How the mismatch at the plane answers to a change of the structure or of k0.

With u = (E, h), u' = i H u and the left solution v' = -i H^T v, d(v^T du)/dz = i v^T dH u: every
change is an overlap of v and u without complex conjugation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.fourier_modal.cell_problem import TwoSides
from solvers.fourier_modal.half_stack import DualWaves, HalfStack, Waves
from solvers.fourier_modal.sections import PatternedSection, Section, UniformSection

__all__ = ["Pairing", "SectionChange", "quadrature", "section_fields"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


Linear = Complexes | Callable[[Complexes], Complexes]
"""A matrix (n, n), or what it does to columns (n, m); diagonals (n,) in uniform sections."""


@dataclass(frozen=True, kw_only=True, eq=False)
class SectionChange:
    """Changes of L and P of one section.

    Attributes:
        left: of L.
        right: of P on p functions.
        right_all: of P, a multiple of the identity on all functions.
    """

    left: Linear
    right: Linear
    right_all: complex = 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Pairing:
    """Right solutions u and left solutions v on both sides of the plane.

    Attributes:
        sides: both sides.
        waves, duals: right and left solutions above and below the plane.
    """

    sides: TwoSides
    waves: tuple[Waves, Waves]
    duals: tuple[DualWaves, DualWaves]

    @classmethod
    def of(cls, sides: TwoSides, right: Complexes, left: Complexes) -> Pairing:
        """Return the pairing of amplitudes a and w at the plane (n, m)."""
        up, down = sides.up, sides.down
        return cls(
            sides=sides,
            waves=(up.waves(right), down.waves(_reflected(up.reflection, right))),
            duals=(up.dual_waves(-_reflected(down.reflection.T, left)), down.dual_waves(left)),
        )

    def response(
        self,
        changes: Mapping[int, SectionChange],
        *,
        bottom: Complexes | None = None,
        top: Complexes | None = None,
    ) -> Complexes:
        """Return the change of w^T M a (m, m): row w, column a.

        Args:
            changes: by the number of the section from the bottom.
            bottom, top: changes of the admittances (n,) of substrate and superstrate.
        """
        total = np.zeros((self.duals[0].outer.shape[1], self.waves[0].outer.shape[1]), complex)
        for number, change in changes.items():
            half, sign, place = self._where(number)
            waves, duals = self.waves[half], self.duals[half]
            total -= sign * _section_overlap(
                self._half(half).sections[place],
                waves.near[place],
                waves.far[place],
                duals.near[place],
                duals.far[place],
                change,
            )
        for outer, half, sign in ((top, 0, 1), (bottom, 1, -1)):
            if outer is not None:
                driven = outer[:, None] * self.waves[half].outer
                total += sign * (self.duals[half].outer.T @ driven)
        return total

    def thickness_response(self, number: int) -> Complexes:
        """Return the change of w^T M a (m, m) per change of one section's thickness (1/um)."""
        half, sign, place = self._where(number)
        section = self._half(half).sections[place]
        waves, duals = self.waves[half], self.duals[half]
        # v^T H u is the same everywhere in a section
        decay = (section.q * np.exp(1j * section.q * section.thickness))[:, None]
        flow = duals.far[place].T @ (decay * waves.near[place])
        flow -= duals.near[place].T @ (decay * waves.far[place])
        return np.asarray(-1j * sign * flow)

    def _half(self, half: int) -> HalfStack:
        return (self.sides.up, self.sides.down)[half]

    def _where(self, number: int) -> tuple[int, int, int]:
        """Return the side (0 above), its sign and the place of a section counted from the plane."""
        below = len(self.sides.down.sections)
        return (1, -1, below - 1 - number) if number < below else (0, 1, number - below)


def _reflected(matrix: Complexes, columns: Complexes) -> Complexes:
    return matrix[:, None] * columns if matrix.ndim == 1 else matrix @ columns


def _applied(linear: Linear, columns: Complexes) -> Complexes:
    return linear(columns) if callable(linear) else linear @ columns


def _section_overlap(
    section: Section,
    near: Complexes,
    far: Complexes,
    dual_near: Complexes,
    dual_far: Complexes,
    change: SectionChange,
) -> Complexes:
    """Return i int v^T dH u dz over one section (m, m): row: left solution, column: right one."""
    if isinstance(section, UniformSection):
        return _uniform_overlap(section, near, far, dual_near, dual_far, change)
    heights, weights = quadrature(section)
    electric, magnetic = section_fields(section, near, far, heights)
    left_e, left_h = _dual_fields(section, dual_near, dual_far, heights)
    p = section.p_count
    n, points, m = electric.shape
    driven = _applied(change.left, electric.reshape(n, -1)).reshape(electric.shape)
    first = np.einsum("ngi,ngj,g->ij", left_h, driven, weights, optimize=True)
    turned = change.right_all * magnetic
    turned[:p] += _applied(change.right, magnetic[:p].reshape(p, points * m)).reshape(p, points, m)
    second = np.einsum("ngi,ngj,g->ij", left_e, turned, weights, optimize=True)
    return np.asarray(1j * (first + second))


def _uniform_overlap(
    section: UniformSection,
    near: Complexes,
    far: Complexes,
    dual_near: Complexes,
    dual_far: Complexes,
    change: SectionChange,
) -> Complexes:
    assert not callable(change.left)
    assert not callable(change.right)
    y, q, d = section.admittance, section.q, section.thickness
    right = np.full(len(q), change.right_all, dtype=np.complex128)
    right[: section.p_count] += change.right
    phase = np.exp(1j * q * d)
    same = (y * right + change.left / y) / 2 * d * phase
    cross = (y * right - change.left / y) / 2 * phase * d * np.sinc(q * d / np.pi)
    total = dual_far.T @ (same[:, None] * near) - dual_near.T @ (same[:, None] * far)
    total += dual_near.T @ (cross[:, None] * near) - dual_far.T @ (cross[:, None] * far)
    return np.asarray(1j * total)


def quadrature(section: Section) -> tuple[Floats, Floats]:
    """Return Gauss points (g,) above the near end (um) and weights for products of two fields."""
    steepest = float(np.max(np.abs(section.q))) * section.thickness
    points, weights = _gauss(12 + int(0.8 * min(steepest, 200.0)))
    half = section.thickness / 2
    return half * (points + 1), half * weights


_RULES: dict[int, tuple[Floats, Floats]] = {}


def _gauss(count: int) -> tuple[Floats, Floats]:
    if count not in _RULES:
        _RULES[count] = np.polynomial.legendre.leggauss(count)
    return _RULES[count]


def section_fields(
    section: Section, near: Complexes, far: Complexes, heights: Floats
) -> tuple[Complexes, Complexes]:
    """Return E and h (n, g, m) at heights (um) above the near end."""
    up = np.exp(1j * section.q[:, None] * heights)[:, :, None]
    down = np.exp(1j * section.q[:, None] * (section.thickness - heights))[:, :, None]
    a, b = up * near[:, None], down * far[:, None]
    if isinstance(section, UniformSection):
        return a + b, section.admittance[:, None, None] * (a - b)
    shape = a.shape
    electric = section.electric @ (a + b).reshape(len(a), -1)
    magnetic = section.magnetic @ (a - b).reshape(len(a), -1)
    return electric.reshape(shape), magnetic.reshape(shape)


def _dual_fields(
    section: PatternedSection, near: Complexes, far: Complexes, heights: Floats
) -> tuple[Complexes, Complexes]:
    up = np.exp(1j * section.q[:, None] * heights)[:, :, None]
    down = np.exp(1j * section.q[:, None] * (section.thickness - heights))[:, :, None]
    b, a = up * near[:, None], down * far[:, None]
    shape = a.shape
    electric, magnetic = section.dual_fields(a.reshape(len(a), -1), b.reshape(len(b), -1))
    return electric.reshape(shape), magnetic.reshape(shape)
