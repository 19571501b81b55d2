"""Reflection of a mirror seen from inside the cavity, and how deep the light gets into it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cavities.body_of_revolution import Layer
from cavities.material import MaterialInput, as_material
from cavities.planar_stack import PlanarStack
from solvers.multilayer.characteristic import carried, outer_state
from solvers.multilayer.incidence import Polarization
from solvers.multilayer.open_stack import OpenStack

__all__ = ["MirrorResponse", "mirror_response"]


@dataclass(frozen=True, kw_only=True)
class MirrorResponse:
    """A mirror at one wavelength.

    Attributes:
        r: amplitude reflection of E_y (TE) or H_y (TM), seen from inside.
        reflectance: |r|^2.
        penetration_depth: d(arg r)/d(2 k_z) (um): how far behind its face a hard mirror would
            lie that delays the light as much; k_z in the inner medium.
    """

    r: complex
    reflectance: float
    penetration_depth: float


def mirror_response(
    layers: Sequence[Layer],
    inside: MaterialInput,
    outside: MaterialInput,
    wavelength: float,
    *,
    in_plane_wavenumber: float = 0.0,
    polarization: Polarization = "TE",
) -> MirrorResponse:
    """Return what a mirror does to light from inside the cavity.

    For quarter waves of many pairs the depth tends to lambda/(4 (n_h - n_l)) if the high-index
    material comes first and to n_h n_l lambda/(4 n^2 (n_h - n_l)) if the low one does, n inside
    (D. I. Babic and S. W. Corzine, IEEE J. Quantum Electron. 28, 514 (1992),
    doi:10.1109/3.123281).

    Args:
        layers: from the cavity outwards.
        inside: material that the light comes from (MaterialLike).
        outside: material behind the mirror (MaterialLike).
        wavelength: vacuum wavelength (um).
        in_plane_wavenumber: k_x (rad/um).
        polarization: "TE" or "TM".

    Raises:
        ValueError: no propagating wave inside at this k_x.

    Example:
        >>> from cavities import QuarterWaveMirror
        >>> mirror = QuarterWaveMirror(design_wavelength=0.6, high_material=2.3,
        ...                            low_material=1.46, pairs=20)
        >>> found = mirror_response(mirror.layers("mirror"), 1.85, 1.5, 0.6)
        >>> round(found.penetration_depth, 4), round(0.6 / 4 / (2.3 - 1.46), 4)
        (0.1786, 0.1786)
    """
    inner = as_material(inside)
    stack = PlanarStack(
        substrate=as_material(outside), layers=tuple(layers)[::-1], superstrate=inner
    )
    problem = OpenStack(
        stack=stack, polarization=polarization, in_plane_wavenumber=in_plane_wavenumber
    )
    k = np.array([2 * math.pi / wavelength], dtype=np.complex128)
    media, kx = problem.media(k), np.array([in_plane_wavenumber])
    side = outer_state(problem, media[0], k, kx, side=0)
    for i, thickness in enumerate(problem.thickness):
        side = carried(problem, side, media[i + 1], k, kx, thickness)
    wave = outer_state(problem, media[-1], k, kx, side=-1)
    u, v, y = side.u[:2, 0], side.v[:2, 0], wave.v[:2, 0]
    if not y[0].real > 0:
        raise ValueError(
            f"in_plane_wavenumber: must leave a propagating wave inside, got "
            f"{in_plane_wavenumber:g} rad/um; stay below n k0"
        )
    # The wave meets the mirror from above: incident U - V/y, reflected U + V/y.
    plus, minus = y[0] * u[0] + v[0], y[0] * u[0] - v[0]
    plus_k = y[1] * u[0] + y[0] * u[1] + v[1]
    minus_k = y[1] * u[0] + y[0] * u[1] - v[1]
    eps = complex(media[-1].eps[0])
    q_by_k = 2 * eps * k[0] + complex(media[-1].slope[0]) * k[0] ** 2
    kz_by_k = (q_by_k / (2 * np.sqrt(eps * k[0] ** 2 - in_plane_wavenumber**2))).real
    phase_by_k = (plus_k / plus - minus_k / minus).imag
    r = complex(plus / minus)
    return MirrorResponse(
        r=r, reflectance=abs(r) ** 2, penetration_depth=float(phase_by_k / (2 * kz_by_k))
    )
