"""First-order change of a planar mode with every thickness and every index.

For f = U_low V_up - V_low U_up, Lagrange's identity gives, with the mode's own field U, V,

    df = i int [V^2 da - U^2 d(q/a)] dz + U_N^2 dy_superstrate + U_0^2 dy_substrate

(a, q and y as in `characteristic`): an overlap without complex conjugation. A layer that gets
thicker by dd adds i (a V^2 - (q/a) U^2) dd, which is the same at every height in it. The mode
moves by dk = -(df/dp)/(df/dk) dp.

Source: P. T. Leung, S. Y. Liu and K. Young, Phys. Rev. A 49, 3982 (1994),
doi:10.1103/PhysRevA.49.3982 (perturbation theory of quasi-normal modes).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from solvers.modes import Mode
from solvers.multilayer.modal_field import ModalField
from solvers.multilayer.open_stack import OpenStack
from solvers.multilayer.stack_arrays import as_stack

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PlanarDerivative", "field_slopes", "planar_derivative", "problem_of"]

Complexes = NDArray[np.complex128]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class PlanarDerivative:
    """Derivatives of one mode.

    Attributes:
        mode: the mode.
        layers: regions of the layers from bottom to top.
        wavenumber_by_thickness: dk0/dd of each layer (rad/um^2) (L,), complex.
        wavenumber_by_index: dk0/dn of each layer (rad/um) (L,); n may change in both parts.
        wavenumber_by_outer_index: dk0/dn of substrate and superstrate (2,), at fixed k_x.
        wavenumber_by_in_plane_square: dk0/d(k_x^2) (um/rad), complex.
    """

    mode: Mode
    layers: tuple[str, ...]
    wavenumber_by_thickness: Complexes
    wavenumber_by_index: Complexes
    wavenumber_by_outer_index: Complexes
    wavenumber_by_in_plane_square: complex

    @property
    def wavelength_by_thickness(self) -> Floats:
        """D lambda/dd of each layer (um/um)."""
        return self._wavelength(self.wavenumber_by_thickness)

    @property
    def wavelength_by_index(self) -> Floats:
        """D lambda/dn of each layer (um), n real."""
        return self._wavelength(self.wavenumber_by_index)

    @property
    def inverse_quality_by_thickness(self) -> Floats:
        """d(1/Q)/dd of each layer (1/um)."""
        return self._inverse_quality(self.wavenumber_by_thickness)

    @property
    def inverse_quality_by_index(self) -> Floats:
        """d(1/Q)/dn of each layer, n real."""
        return self._inverse_quality(self.wavenumber_by_index)

    def _wavelength(self, slope: Complexes) -> Floats:
        return np.asarray(-2 * math.pi / self.mode.wavenumber.real**2 * slope.real)

    def _inverse_quality(self, slope: Complexes) -> Floats:
        k = self.mode.wavenumber
        return np.asarray(-2 * (slope.imag / k.real - k.imag * slope.real / k.real**2))

    def to_dataframe(self) -> pd.DataFrame:
        """Return one row per layer from bottom to top, units in the column names."""
        import pandas as pd

        return pd.DataFrame(
            {
                "name": self.layers,
                "wavelength_by_thickness_um_per_um": self.wavelength_by_thickness,
                "wavelength_by_index_um": self.wavelength_by_index,
                "inverse_quality_by_thickness_per_um": self.inverse_quality_by_thickness,
                "inverse_quality_by_index": self.inverse_quality_by_index,
            }
        )


def planar_derivative(
    cavity: Any,
    mode: Mode,
    *,
    hold: Literal["in_plane_wavenumber", "angle"] = "in_plane_wavenumber",
) -> PlanarDerivative:
    """Return the first-order derivatives of a mode of a planar cavity.

    Args:
        cavity: what the mode was solved for.
        mode: a mode of method "multilayer".
        hold: what stays fixed: k_x, or the angle in the superstrate (k_x then follows Re k0).

    Example:
        >>> from cavities import Layer, PlanarStack
        >>> from solvers import solve_modes
        >>> film = PlanarStack(substrate=1.0, superstrate=1.0,
        ...                    layers=(Layer(name="film", material=3.5, thickness=1.0),))
        >>> (mode,) = solve_modes(film, (0.95, 1.05), quality_factor_floor=1)
        >>> planar_derivative(film, mode).wavelength_by_thickness.round(9)  # lambda = 2 n d/7
        array([1.])
    """
    problem = problem_of(cavity, mode)
    field = ModalField(problem, mode.wavenumber, problem.in_plane_wavenumber or 0.0)
    slopes = field_slopes(field)
    layer_index = np.sqrt(np.array([m.eps for m in field.media], dtype=np.complex128))
    by_eps = np.array(slopes.by_permittivity)
    by_index = -2 * layer_index * by_eps / slopes.by_wavenumber
    by_thickness = -np.array(slopes.by_thickness) / slopes.by_wavenumber
    by_square = -slopes.by_in_plane_square / slopes.by_wavenumber
    k, kx = mode.wavenumber, field.in_plane
    tilt = np.sum(2 * layer_index * np.array(problem.index_tilts(k)) * by_eps)
    # What follows Re dk, or Re d lambda with d lambda = -(lambda/k) dk, instead of dk.
    pulls = [(complex(-tilt / slopes.by_wavenumber), -2 * math.pi / k**2)]
    by_square = complex(_resolved(np.array([by_square]), pulls)[0])
    if hold == "angle":
        # k_x = s Re k0: d k_x^2 = 2 k_x (d k_x/d Re k0) Re dk.
        direct = -slopes.by_in_plane_square / slopes.by_wavenumber
        pulls.append((direct * 2 * kx * kx / k.real, 1 + 0j))
    by_index, by_thickness = _resolved(by_index, pulls), _resolved(by_thickness, pulls)
    outer = by_index[[0, -1]]
    return PlanarDerivative(
        mode=mode,
        layers=tuple(layer.name for layer in problem.stack.layers),
        wavenumber_by_thickness=by_thickness,
        wavenumber_by_index=by_index[1:-1],
        wavenumber_by_outer_index=outer,
        wavenumber_by_in_plane_square=complex(by_square),
    )


def _resolved(direct: Complexes, pulls: list[tuple[complex, complex]]) -> Complexes:
    """Return dk from dk = direct + sum pull Re(weight dk), two real equations."""
    matrix = np.eye(2)
    for pull, weight in pulls:
        matrix -= np.outer([pull.real, pull.imag], [weight.real, -weight.imag])
    real, imag = np.linalg.solve(matrix, np.array([direct.real, direct.imag]))
    return np.asarray(real + 1j * imag, dtype=np.complex128)


def problem_of(cavity: Any, mode: Mode) -> OpenStack:
    """Return the stack at the mode's polarisation and k_x.

    Raises:
        ValueError: the mode is not of a planar cavity.
    """
    if mode.in_plane_wavenumber is None or mode.polarization not in ("TE", "TM"):
        raise ValueError(
            f"mode: must be a TE or TM mode of a planar cavity, got {mode.label!r} of method "
            f"{mode.method!r}; solve the cavity with solve_modes"
        )
    return OpenStack(
        stack=as_stack(cavity),
        polarization="TE" if mode.polarization == "TE" else "TM",
        in_plane_wavenumber=float(mode.in_plane_wavenumber),
    )


@dataclass(frozen=True, kw_only=True)
class FieldSlopes:
    """Partial derivatives of f, all in the scale of the field: by eps of each medium, ..."""

    by_permittivity: tuple[complex, ...]
    by_thickness: tuple[complex, ...]
    by_wavenumber: complex
    by_in_plane_square: complex


def field_slopes(field: ModalField) -> FieldSlopes:
    """Return the derivatives of the characteristic function from the mode's field."""
    k, square, te = field.k, field.in_plane**2, field.stack.polarization == "TE"
    by_eps: list[complex] = []
    by_thickness: list[complex] = []
    by_k, by_square = 0j, 0j
    squares_u, squares_v = field.sums(field.samples.u**2), field.sums(field.samples.v**2)
    for place, medium in enumerate(field.media):
        eps, slope = medium
        q, a = eps * k**2 - square, field.admittance(place)
        q_by_k = 2 * eps * k
        if 0 < place < len(field.media) - 1:
            uu, vv = complex(squares_u[place - 1]), complex(squares_v[place - 1])
            if te:
                local = -1j * k**2 * uu
                by_k += -1j * q_by_k * uu
            else:
                local = 1j * (vv - square / eps**2 * uu)
                by_k += -1j * q_by_k / eps * uu
            by_square += 1j * uu / a
            top_u, top_v = field.states[place]
            by_thickness.append(complex(1j * (a * top_v**2 - q / a * top_u**2)))
        else:
            side = 0 if place == 0 else -1
            uu = complex(field.states[side][0] ** 2)
            kz = field.wavenumber_z(side)
            direct = 0 if te else kz / eps**2
            local = (k**2 / (2 * kz * a) - direct) * uu
            by_k += q_by_k / (2 * kz * a) * uu
            by_square += -uu / (2 * kz * a)
        by_k += slope * local
        by_eps.append(complex(local))
    return FieldSlopes(
        by_permittivity=tuple(by_eps),
        by_thickness=tuple(by_thickness),
        by_wavenumber=complex(by_k),
        by_in_plane_square=complex(by_square),
    )
