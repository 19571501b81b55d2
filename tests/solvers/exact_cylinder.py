"""Exact modes of cylinders: the two-dimensional disk, and the step-index fibre.

Disk of radius R, index n, in vacuum, x = k R, field exp(i m phi) independent of z:

    Ez:  n J_m'(n x) H_m(x) = J_m(n x) H_m'(x)
    Hz:  J_m'(n x) H_m(x) = n J_m(n x) H_m'(x)

Fibre of radius a, field exp(i beta z + i nu phi), u = a sqrt(n^2 k^2 - beta^2),
w = a sqrt(beta^2 - k^2), j = J_nu'(u)/(u J_nu(u)), h = K_nu'(w)/(w K_nu(w)):

    (j + h) (n^2 j + h) = (nu beta / k)^2 (1/u^2 + 1/w^2)^2

(E. Snitzer, J. Opt. Soc. Am. 51, 491 (1961), doi:10.1364/JOSA.51.000491).
"""

from __future__ import annotations

from typing import Literal

import mpmath

__all__ = ["disk_root", "fibre_wavenumber"]

DIGITS = 40


def disk_root(
    order: int, component: Literal["Ez", "Hz"], index: complex, guess: complex
) -> complex:
    """Return the root x = k R of the two-dimensional disk nearest to a guess."""
    with mpmath.workdps(DIGITS):
        n = mpmath.mpc(index)
        inside, outside = (n, 1) if component == "Ez" else (1, n)

        def characteristic(x: mpmath.mpc) -> mpmath.mpc:
            j, j_slope = (mpmath.besselj(order, n * x, derivative=d) for d in (0, 1))
            h = mpmath.hankel1(order, x)
            h_slope = mpmath.hankel1(order - 1, x) - order / x * h
            return inside * j_slope * h - outside * j * h_slope

        return complex(mpmath.findroot(characteristic, mpmath.mpc(guess), tol=1e-50))


def fibre_wavenumber(
    order: int, propagation: float, radius: float, index: float, guess: float
) -> float:
    """Return k (rad/um) of the guided mode with propagation constant beta (rad/um).

    Args:
        order: nu, 1 for HE and EH modes of the first kind.
        propagation: beta.
        radius: of the core (um).
        index: of the core, in vacuum.
        guess: beta/index < guess < beta.
    """
    with mpmath.workdps(DIGITS):
        beta, a, n = (mpmath.mpf(value) for value in (propagation, radius, index))

        def characteristic(k: mpmath.mpf) -> mpmath.mpf:
            u, w = a * mpmath.sqrt(n**2 * k**2 - beta**2), a * mpmath.sqrt(beta**2 - k**2)
            j = mpmath.besselj(order, u, derivative=1) / (u * mpmath.besselj(order, u))
            k_slope = -mpmath.besselk(order - 1, w) - order / w * mpmath.besselk(order, w)
            h = k_slope / (w * mpmath.besselk(order, w))
            return (j + h) * (n**2 * j + h) - (order * beta / k) ** 2 * (1 / u**2 + 1 / w**2) ** 2

        step = mpmath.mpf(10) ** -8 * (beta - beta / n)
        starts = (mpmath.mpf(guess), guess + step)
        root = mpmath.findroot(characteristic, starts, solver="secant", tol=1e-60, verify=False)
        change = mpmath.mpf(10) ** -25 * root
        assert characteristic(root - change) * characteristic(root + change) < 0, "no root found"
        assert beta / n < root < beta, "not a guided mode"
        return float(root)
