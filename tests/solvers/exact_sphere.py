"""Exact modes of a dielectric sphere: roots of the spherical Bessel characteristic equations.

With Riccati-Bessel functions psi(z) = z j_l(z) and xi(z) = z h1_l(z), index n inside and n_o
outside, x = k R, a free oscillation of degree l satisfies

    TE:  n psi'(n x) xi(n_o x) = n_o psi(n x) xi'(n_o x)
    TM:  n_o psi'(n x) xi(n_o x) = n psi(n x) xi'(n_o x)

(C. F. Bohren and D. R. Huffman, Absorption and Scattering of Light by Small Particles, Wiley
1983, chapter 4, doi:10.1002/9783527618156: the poles of b_l and a_l). Roots are located in
double precision, counted by the argument principle and polished to 30 digits and more.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import mpmath
import numpy as np

from tests.solvers.exact_roots import all_roots

__all__ = [
    "ExactMode",
    "Polarization",
    "dispersive_root",
    "index_derivative",
    "sphere_modes",
    "sphere_root",
    "sphere_roots",
]

Polarization = Literal["TE", "TM"]
DIGITS = 40


@dataclass(frozen=True, kw_only=True)
class ExactMode:
    """A free oscillation of a sphere of radius 1 um: degree l, polarisation, k (rad/um)."""

    degree: int
    polarization: Polarization
    wavenumber: complex

    @property
    def quality_factor(self) -> float:
        """Q = -Re k / (2 Im k)."""
        return -self.wavenumber.real / (2 * self.wavenumber.imag)


def sphere_root(
    degree: int,
    polarization: Polarization,
    index: complex,
    guess: complex,
    *,
    outside: complex = 1.0,
) -> complex:
    """Return the root x = k R nearest to a guess, correct in every digit of both parts."""
    with mpmath.workdps(DIGITS):
        n, n_o, x = mpmath.mpc(index), mpmath.mpc(outside), mpmath.mpc(guess)
        for _ in range(60):
            terms = _Terms.at(degree, polarization, n, n_o, x)
            step = terms.value / terms.slope_in_x()
            x -= step
            if abs(step) < mpmath.mpf(10) ** (-DIGITS + 8) * abs(x):
                return complex(x)
    raise RuntimeError(f"no root of {polarization} {degree} near {guess}")


def index_derivative(
    degree: int, polarization: Polarization, index: complex, root: complex
) -> complex:
    """Return dx/dn at a root in vacuum, by implicit differentiation."""
    with mpmath.workdps(DIGITS):
        n, x = mpmath.mpc(index), mpmath.mpc(root)
        terms = _Terms.at(degree, polarization, n, mpmath.mpc(1), x)
        return complex(-terms.slope_in_n() / terms.slope_in_x())


def dispersive_root(
    degree: int,
    polarization: Polarization,
    index: Callable[[complex], complex],
    guess: complex,
) -> complex:
    """Return the root x of a sphere whose index depends on x, by fixed-point iteration.

    The iteration contracts by the share of dispersion in the group index (a few percent).
    """
    x = guess
    for _ in range(80):
        following = sphere_root(degree, polarization, index(x), x)
        change = abs(following - x)
        x = following
        if change < 1e-15 * abs(x):
            return x
    raise RuntimeError(f"no self-consistent root of {polarization} {degree} near {guess}")


def sphere_roots(
    degree: int,
    polarization: Polarization,
    index: float,
    *,
    low: float,
    high: float,
    lowest_quality: float,
) -> list[complex]:
    """Return every root with low <= Re x <= high and Q >= lowest_quality (all radial orders)."""
    depth = 1.05 * high / (2 * lowest_quality)

    def value(x: complex) -> complex:
        return _double_precision(degree, polarization, index, x)

    rough = all_roots(value, low=low, high=high, depth=depth)
    exact = [sphere_root(degree, polarization, index, x) for x in rough]
    assert len({(round(x.real, 9), round(x.imag, 9)) for x in exact}) == len(rough)
    inside = [x for x in exact if low <= x.real <= high]
    return sorted(
        (x for x in inside if -x.real / (2 * x.imag) >= lowest_quality), key=lambda x: x.real
    )


def sphere_modes(
    index: float,
    *,
    low: float,
    high: float,
    lowest_quality: float,
    lowest_degree: int = 1,
) -> list[ExactMode]:
    """Return every mode of degree >= `lowest_degree` in the window, by rising Re k (R = 1)."""
    modes: list[ExactMode] = []
    # A degree whose turning point l/n lies beyond the window's end has no mode in it.
    for degree in range(max(lowest_degree, 1), math.ceil(index * high) + 2):
        for polarization in ("TE", "TM"):
            roots = sphere_roots(
                degree, polarization, index, low=low, high=high, lowest_quality=lowest_quality
            )
            modes += [
                ExactMode(degree=degree, polarization=polarization, wavenumber=x) for x in roots
            ]
    return sorted(modes, key=lambda mode: mode.wavenumber.real)


@dataclass(frozen=True, kw_only=True)
class _Terms:
    """psi, psi' at n x and xi, xi' at n_o x, with the factors a, b of f = a psi' xi - b psi xi'."""

    degree: int
    polarization: Polarization
    n: Any
    n_o: Any
    x: Any
    psi: Any
    psi_slope: Any
    xi: Any
    xi_slope: Any

    @classmethod
    def at(cls, degree: int, polarization: Polarization, n: Any, n_o: Any, x: Any) -> _Terms:
        psi, psi_slope = _riccati(mpmath.besselj, degree, n * x)
        xi, xi_slope = _riccati(mpmath.hankel1, degree, n_o * x)
        return cls(
            degree=degree,
            polarization=polarization,
            n=n,
            n_o=n_o,
            x=x,
            psi=psi,
            psi_slope=psi_slope,
            xi=xi,
            xi_slope=xi_slope,
        )

    @property
    def factors(self) -> tuple[Any, Any]:
        return (self.n, self.n_o) if self.polarization == "TE" else (self.n_o, self.n)

    @property
    def value(self) -> Any:
        a, b = self.factors
        return a * self.psi_slope * self.xi - b * self.psi * self.xi_slope

    def _bend(self, z: Any) -> Any:
        """psi''/psi at z, from the Riccati-Bessel equation."""
        return self.degree * (self.degree + 1) / z**2 - 1

    def slope_in_x(self) -> Any:
        a, b = self.factors
        psi_bend = self._bend(self.n * self.x) * self.psi
        xi_bend = self._bend(self.n_o * self.x) * self.xi
        inside = a * psi_bend * self.xi - b * self.psi_slope * self.xi_slope
        outside = a * self.psi_slope * self.xi_slope - b * self.psi * xi_bend
        return self.n * inside + self.n_o * outside

    def slope_in_n(self) -> Any:
        a, b = self.factors
        psi_bend = self._bend(self.n * self.x) * self.psi
        through_argument = a * psi_bend * self.xi - b * self.psi_slope * self.xi_slope
        if self.polarization == "TE":
            through_factor = self.psi_slope * self.xi
        else:
            through_factor = -self.psi * self.xi_slope
        return self.x * through_argument + through_factor


def _riccati(cylinder: Callable[[Any, Any], Any], degree: int, z: Any) -> tuple[Any, Any]:
    """Return z f_l(z) and its derivative, up to the constant sqrt(pi/2)."""
    half = mpmath.mpf(1) / 2
    here, below = cylinder(degree + half, z), cylinder(degree - half, z)
    root = mpmath.sqrt(z)
    return root * here, root * (below - degree / z * here)


def _double_precision(degree: int, polarization: Polarization, index: float, x: complex) -> complex:
    """Return the characteristic function over psi xi's size, in double precision."""
    from scipy.special import spherical_jn, spherical_yn

    z = index * x
    j, j_slope = spherical_jn(degree, z), spherical_jn(degree, z, derivative=True)
    h = spherical_jn(degree, x) + 1j * spherical_yn(degree, x)
    h_slope = spherical_jn(degree, x, derivative=True) + 1j * spherical_yn(
        degree, x, derivative=True
    )
    psi, psi_slope = z * j, j + z * j_slope
    xi, xi_slope = x * h, h + x * h_slope
    a, b = (index, 1.0) if polarization == "TE" else (1.0, index)
    # Dividing by xi, which has no zeros near the real axis, keeps the numbers in range.
    value = complex(a * psi_slope - b * psi * xi_slope / xi)
    return value if np.isfinite(value) else cmath.inf
