"""One side of the reference plane: its reflection, and the waves inside it.

Seen from the plane, sections follow each other outwards; z points away from the plane and h has
the sign that goes with it, so both sides are treated alike. Reflection matrices are carried from
the outermost interface to the plane: b = R a, with exponentials that only decay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.fourier_modal.sections import Section, UniformSection

__all__ = ["DualWaves", "HalfStack", "Waves", "half_stack"]

Complexes = NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Step:
    """A section with the reflection at its far end and what takes a there to a outside."""

    section: Section
    phase: Complexes
    reflection: Complexes
    factors: Any


@dataclass(frozen=True, kw_only=True, eq=False)
class Waves:
    """Amplitudes in the sections of a half stack, columns for several solutions.

    Attributes:
        near: a at the near end of each section (n, m).
        far: b at the far end of each section (n, m).
        outer: E at the outermost interface (n, m).
    """

    near: tuple[Complexes, ...]
    far: tuple[Complexes, ...]
    outer: Complexes


@dataclass(frozen=True, kw_only=True, eq=False)
class DualWaves:
    """Left (adjoint) amplitudes, decaying like their counterparts.

    Attributes:
        far: v_a at the far end of each section; near: v_b at its near end.
        outer: v_h at the outermost interface.
    """

    far: tuple[Complexes, ...]
    near: tuple[Complexes, ...]
    outer: Complexes


@dataclass(frozen=True, kw_only=True, eq=False)
class HalfStack:
    """Sections from the plane outwards, and the outer medium.

    Attributes:
        steps: sections from the plane outwards.
        outer: the outer medium.
        reference: the medium of the plane in which amplitudes are counted.
        reflection: b = R a at the plane (n, n).
    """

    steps: tuple[_Step, ...]
    outer: UniformSection
    reference: UniformSection
    reflection: Complexes
    factors: Any

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections from the plane outwards."""
        return tuple(step.section for step in self.steps)

    def waves(self, a: Complexes) -> Waves:
        """Return the waves that an amplitude a (n, m) at the plane sets up."""
        amplitude = _solve(self.factors, a)
        near, far = [], []
        for step in self.steps:
            near.append(amplitude)
            moved = _column(step.phase) * amplitude
            far.append(_times(step.reflection, moved))
            amplitude = _solve(step.factors, moved)
        return Waves(near=tuple(near), far=tuple(far), outer=amplitude)

    def dual_waves(self, b: Complexes) -> DualWaves:
        """Return the left solution with v_b = b (n, m) at the plane."""
        a = -_times(self.reflection.T, b)
        electric, magnetic = self.reference.dual_fields(a, b)
        near, far = [], []
        for step in self.steps:
            section, phase = step.section, _column(step.phase)
            at_near = section.dual_amplitudes(electric, magnetic)
            at_far = phase * at_near
            a = -_times(step.reflection.T, at_far)
            near.append(at_near)
            far.append(a)
            electric, magnetic = section.dual_fields(a, at_far)
        return DualWaves(near=tuple(near), far=tuple(far), outer=magnetic)


def half_stack(
    sections: Sequence[Section], outer: UniformSection, reference: UniformSection
) -> HalfStack:
    """Return a half stack with its reflection at the plane.

    Args:
        sections: from the plane outwards.
        outer: the outer medium.
        reference: the medium in which amplitudes at the plane are counted.
    """
    electric, magnetic = np.ones_like(outer.admittance), outer.admittance
    steps = []
    for section in reversed(sections):
        forward, backward = section.amplitudes(electric, magnetic)
        reflection, factors = _quotient(backward, forward)
        phase = np.exp(1j * section.q * section.thickness)
        steps.append(_Step(section=section, phase=phase, reflection=reflection, factors=factors))
        if reflection.ndim == 1:
            turned = phase * reflection * phase
        else:
            turned = phase[:, None] * reflection * phase
        electric, magnetic = _one_plus_minus(section, turned)
    forward, backward = reference.amplitudes(electric, magnetic)
    reflection, factors = _quotient(backward, forward)
    return HalfStack(
        steps=tuple(reversed(steps)),
        outer=outer,
        reference=reference,
        reflection=reflection,
        factors=factors,
    )


def _one_plus_minus(section: Section, turned: Complexes) -> tuple[Complexes, Complexes]:
    """Return E and h per amplitude a, given b = turned a."""
    if isinstance(section, UniformSection):
        y = section.admittance
        if turned.ndim == 1:
            return 1 + turned, y * (1 - turned)
        electric = turned.copy()
        electric[np.diag_indices(len(y))] += 1
        return electric, -y[:, None] * turned + np.diag(y)
    if turned.ndim == 1:
        return section.electric * (1 + turned), section.magnetic * (1 - turned)
    return (
        section.electric + section.electric @ turned,
        section.magnetic - section.magnetic @ turned,
    )


def _quotient(backward: Complexes, forward: Complexes) -> tuple[Complexes, Any]:
    """Return backward forward^-1 and the factors of `forward`."""
    if forward.ndim == 1:
        return backward / forward, forward
    from scipy.linalg import lu_factor, lu_solve

    factors = lu_factor(forward, check_finite=False)
    return lu_solve(factors, backward.T, trans=1, check_finite=False).T, factors


def _solve(factors: Any, right: Complexes) -> Complexes:
    if isinstance(factors, np.ndarray):
        return np.asarray(right / _column(factors))
    from scipy.linalg import lu_solve

    return np.asarray(lu_solve(factors, right, check_finite=False))


def _times(matrix: Complexes, columns: Complexes) -> Complexes:
    return matrix[:, None] * columns if matrix.ndim == 1 else matrix @ columns


def _column(diagonal: Complexes) -> Complexes:
    return diagonal[:, None]
