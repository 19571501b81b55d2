"""Eigenmodes of one layer: waves exp(+-i q z) and the fields that belong to them.

E = W (a + b), h = V (a - b), a going away from the reference plane and b coming back. In a
uniform layer W = 1 and V is diagonal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.fourier_modal.layer_matrices import Permittivity

__all__ = ["PatternedSection", "Section", "UniformSection", "outgoing_root"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_SMALLEST = 1e-6
"""Smallest |q| / k0 inside the stack; results depend on q^2 there."""


def outgoing_root(square: NDArray[Any]) -> Complexes:
    """Return the root q of q^2 with Re q + Im q > 0."""
    return np.asarray(np.sqrt(square * -1j) * np.exp(0.25j * np.pi))


def _away_from_zero(q: Complexes, floor: float) -> Complexes:
    size = np.abs(q)
    small = size < floor
    if not np.any(small):
        return q
    direction = np.where(size > 0, q / np.where(size > 0, size, 1.0), 1.0)
    return np.where(small, floor * direction, q)


@dataclass(frozen=True, kw_only=True, eq=False)
class UniformSection:
    """A uniform layer in one sector at one k0.

    Attributes:
        k: k0 (rad/um).
        eps: permittivity.
        thickness: um.
        q: wavenumbers along z (n,), rad/um.
        admittance: h/E of a wave going away (n,).
        lengths, p_count: of the sector.
    """

    k: complex
    eps: complex
    thickness: float
    q: Complexes
    admittance: Complexes
    lengths: Floats
    p_count: int

    @classmethod
    def of(
        cls,
        k: complex,
        eps: complex,
        thickness: float,
        lengths: Floats,
        p_count: int,
        *,
        q: Complexes | None = None,
        floor: float = _SMALLEST,
    ) -> UniformSection:
        """Return the section; q can be given where its sign is known."""
        if q is None:
            q = outgoing_root(eps * k * k - lengths**2 + 0j)
        q = _away_from_zero(q, floor * abs(k))
        admittance = q / k
        admittance[:p_count] = eps * k / q[:p_count]
        return cls(
            k=k,
            eps=eps,
            thickness=thickness,
            q=q,
            admittance=admittance,
            lengths=lengths,
            p_count=p_count,
        )

    def amplitudes(self, electric: Complexes, magnetic: Complexes) -> tuple[Complexes, Complexes]:
        """Return a and b of fields (n,) (diagonal) or (n, m)."""
        other = magnetic / _along(self.admittance, magnetic)
        return (electric + other) / 2, (electric - other) / 2

    def fields(self, a: Complexes, b: Complexes) -> tuple[Complexes, Complexes]:
        """Return E and h of amplitudes."""
        return a + b, _along(self.admittance, a) * (a - b)

    def dual_amplitudes(self, electric: Complexes, magnetic: Complexes) -> Complexes:
        """Return v_b = W^T v_E - V^T v_h."""
        return electric - _along(self.admittance, electric) * magnetic

    def dual_fields(self, a: Complexes, b: Complexes) -> tuple[Complexes, Complexes]:
        """Return v_E and v_h of dual amplitudes."""
        return (a + b) / 2, (a - b) / (2 * _along(self.admittance, a))


@dataclass(frozen=True, kw_only=True, eq=False)
class PatternedSection:
    """A patterned layer in one sector at one k0; attributes as in `UniformSection`.

    Attributes:
        permittivity: the layer's matrices.
        electric, magnetic: W and V (n, n).
        inverse_electric, inverse_magnetic: their inverses.
    """

    k: complex
    thickness: float
    q: Complexes
    permittivity: Permittivity
    electric: Complexes
    magnetic: Complexes
    inverse_electric: Complexes
    inverse_magnetic: Complexes
    lengths: Floats
    p_count: int

    @classmethod
    def of(
        cls,
        k: complex,
        permittivity: Permittivity,
        thickness: float,
        lengths: Floats,
        p_count: int,
    ) -> PatternedSection:
        """Return the section by solving the layer's eigenproblem P L W = W q^2."""
        right = k * permittivity.tangential
        square = lengths[p_count:] ** 2
        rows = np.arange(p_count, len(lengths))
        right[rows, rows] -= square / k
        along = lengths[:p_count]
        grad = (along[:, None] * permittivity.inverse_axial[:p_count, :p_count]) * (along / k)
        product = k * right
        product[:p_count] -= grad @ right[:p_count]
        values, vectors = np.linalg.eig(product)
        q = _away_from_zero(outgoing_root(values), _SMALLEST * abs(k))
        inverse = np.linalg.inv(vectors)
        back = k * inverse
        back[:, :p_count] -= inverse[:, :p_count] @ grad
        return cls(
            k=k,
            thickness=thickness,
            q=q,
            permittivity=permittivity,
            electric=vectors,
            magnetic=(right @ vectors) / q,
            inverse_electric=inverse,
            inverse_magnetic=back / q[:, None],
            lengths=lengths,
            p_count=p_count,
        )

    def amplitudes(self, electric: Complexes, magnetic: Complexes) -> tuple[Complexes, Complexes]:
        """Return a and b of fields (n,) (diagonal) or (n, m)."""
        if electric.ndim == 1:
            first, second = self.inverse_electric * electric, self.inverse_magnetic * magnetic
        else:
            first, second = self.inverse_electric @ electric, self.inverse_magnetic @ magnetic
        return (first + second) / 2, (first - second) / 2

    def fields(self, a: Complexes, b: Complexes) -> tuple[Complexes, Complexes]:
        """Return E and h of amplitudes (n, m)."""
        return self.electric @ (a + b), self.magnetic @ (a - b)

    def dual_amplitudes(self, electric: Complexes, magnetic: Complexes) -> Complexes:
        """Return v_b = W^T v_E - V^T v_h."""
        return self.electric.T @ electric - self.magnetic.T @ magnetic

    def dual_fields(self, a: Complexes, b: Complexes) -> tuple[Complexes, Complexes]:
        """Return v_E and v_h of dual amplitudes."""
        return self.inverse_electric.T @ (a + b) / 2, self.inverse_magnetic.T @ (a - b) / 2


Section = UniformSection | PatternedSection


def _along(diagonal: Complexes, like: Complexes) -> Complexes:
    return diagonal if like.ndim == 1 else diagonal[:, None]
