"""Dispersion of planar modes: every branch in a window, over angle or in-plane wavenumber."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cavities.constants import HC_EV_UM
from solvers.multilayer.branch_linking import in_plane_of, linked
from solvers.multilayer.family import joint_function
from solvers.multilayer.find_modes import find_all, open_stacks
from solvers.multilayer.lengths import ELECTRON_MASS_KG, effective_mass_kg
from solvers.multilayer.mode_description import mode_field_of, nodes
from solvers.multilayer.open_stack import OpenStack
from solvers.multilayer.stack_arrays import as_stack

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

__all__ = ["Branch", "Dispersion", "planar_dispersion"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class Branch:
    """One mode followed over angle or in-plane wavenumber; arrays (N,), nan outside the window.

    Attributes:
        polarization: "TE" or "TM".
        axial_order: nodes of the tangential E where the branch begins.
        wavenumber: complex k0 (rad/um).
        in_plane_wavenumber: k_x (rad/um).
        by_in_plane_square: dk0/d(k_x^2) (um/rad), complex.
    """

    polarization: str
    axial_order: int
    wavenumber: Complexes
    in_plane_wavenumber: Floats
    by_in_plane_square: Complexes

    @property
    def wavelength(self) -> Floats:
        """Vacuum wavelength (um)."""
        return np.asarray(2 * math.pi / self.wavenumber.real)

    @property
    def energy_ev(self) -> Floats:
        """Photon energy (eV)."""
        return np.asarray(HC_EV_UM / self.wavelength)

    @property
    def linewidth_mev(self) -> Floats:
        """Full width at half maximum -2 Im(hbar omega) (meV)."""
        return np.asarray(-1e3 * HC_EV_UM / math.pi * self.wavenumber.imag)

    @property
    def quality_factor(self) -> Floats:
        """Q."""
        return np.asarray(-self.wavenumber.real / (2 * self.wavenumber.imag))

    @property
    def effective_mass(self) -> Floats:
        """Hbar k_x/v_g in electron masses."""
        slopes = [float(slope.real) for slope in self.by_in_plane_square]
        return np.array([effective_mass_kg(slope) / ELECTRON_MASS_KG for slope in slopes])

    @property
    def group_velocity(self) -> Floats:
        """D Re k0/dk_x, over c."""
        return np.asarray(2 * self.in_plane_wavenumber * self.by_in_plane_square.real)


@dataclass(frozen=True, kw_only=True, eq=False)
class Dispersion:
    """All branches of a cavity.

    Attributes:
        branches: by polarisation and rising energy.
        angle_deg: angles in the superstrate (degrees) (N,), None if k_x was given.
        in_plane_wavenumber: k_x (rad/um) (N,), None if angles were given.
        window: wavelengths searched (um).
    """

    branches: tuple[Branch, ...]
    angle_deg: Floats | None
    in_plane_wavenumber: Floats | None
    window: tuple[float, float]

    def branch(self, polarization: str, axial_order: int) -> Branch:
        """Return one branch.

        Raises:
            ValueError: no such branch.
        """
        for branch in self.branches:
            if (branch.polarization, branch.axial_order) == (polarization, axial_order):
                return branch
        known = [(branch.polarization, branch.axial_order) for branch in self.branches]
        raise ValueError(
            f"branch: must be one of {known}, got {(polarization, axial_order)!r}; "
            "widen the window or the angles"
        )

    def te_tm_splitting_mev(self, axial_order: int) -> Floats:
        """Return the energy of TM minus that of TE (meV) (N,) for one axial order."""
        te, tm = (self.branch(name, axial_order) for name in ("TE", "TM"))
        return np.asarray(1e3 * (tm.energy_ev - te.energy_ev))

    def to_dataset(self) -> xr.Dataset:
        """Return the branches over (branch, angle or in_plane_wavenumber), units in attrs."""
        import xarray as xr

        axis = "angle" if self.angle_deg is not None else "in_plane_wavenumber"
        values = self.angle_deg if self.angle_deg is not None else self.in_plane_wavenumber
        columns = {
            "wavelength": "um",
            "energy_ev": "eV",
            "linewidth_mev": "meV",
            "quality_factor": "1",
            "effective_mass": "electron masses",
        }
        shape = (len(self.branches), 0 if values is None else len(values))
        return xr.Dataset(
            {
                name: (
                    ("branch", axis),
                    np.array([getattr(b, name) for b in self.branches]).reshape(shape),
                    {"units": units},
                )
                for name, units in columns.items()
            },
            coords={
                axis: (axis, values, {"units": "degree" if axis == "angle" else "rad/um"}),
                "polarization": ("branch", [b.polarization for b in self.branches]),
                "axial_order": ("branch", [b.axial_order for b in self.branches]),
            },
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot photon energy over angle or k_x, line style by polarisation."""
        from solvers.multilayer.dispersion_plot import plot_dispersion

        return plot_dispersion(self, ax=ax)


def planar_dispersion(
    cavity: Any,
    wavelength: tuple[float, float],
    *,
    angle_deg: ArrayLike | None = None,
    in_plane_wavenumber: ArrayLike | None = None,
    polarization: str | Sequence[str] = ("TE", "TM"),
    quality_factor_floor: float = 100.0,
) -> Dispersion:
    """Return every branch in a window: each point is searched completely, then they are linked.

    Args:
        cavity: PlanarStack or planar cavity.
        wavelength: window (um), low and high.
        angle_deg: angles in the superstrate (degrees) (N,), rising; or
        in_plane_wavenumber: k_x (rad/um) (N,), rising.
        polarization: "TE", "TM" or both.
        quality_factor_floor: modes of lower Q are left out.

    Raises:
        ValueError: neither or both of angles and k_x, an angle outside 0 <= angle < 90, or no
            modes in the window at any of the points.

    Example:
        >>> from cavities import Layer, PlanarStack
        >>> film = PlanarStack(substrate=1.0, superstrate=1.0,
        ...                    layers=(Layer(name="film", material=3.5, thickness=1.0),))
        >>> found = planar_dispersion(film, (0.95, 1.05), angle_deg=[0, 10, 20],
        ...                           quality_factor_floor=1)
        >>> found.te_tm_splitting_mev(found.branches[0].axial_order).round(3)
        array([0.   , 0.053, 0.23 ])
    """
    low, high = (float(edge) for edge in wavelength)
    points = _points(angle_deg, in_plane_wavenumber)
    stack = as_stack(cavity)
    for material in stack.media:
        material.index(np.array([low, high]))
    problems: list[OpenStack] = []
    for value in points:
        problems += open_stacks(
            stack,
            angle_deg=float(value) if angle_deg is not None else None,
            in_plane_wavenumber=None if angle_deg is not None else float(value),
            polarization=polarization,
        )
    roots = find_all(problems, (low, high), quality_factor_floor)
    inside = [
        root
        for root in roots
        if low <= 2 * math.pi / root.wavenumber.real <= high
        and abs(root.wavenumber.imag) <= root.wavenumber.real / (2 * quality_factor_floor)
    ]
    if not inside:
        raise ValueError(
            f"wavelength: must hold at least one mode with Q >= {quality_factor_floor:g}, got none "
            f"in {low:g}-{high:g} um; widen the window or lower quality_factor_floor"
        )
    k = np.array([root.wavenumber for root in inside])
    which = np.array([root.problem for root in inside], dtype=np.intp)
    f = joint_function(problems)(k, which)
    slopes = -f.by_in_plane_square / f.by_wavenumber
    names = [problem.polarization for problem in problems[: len(problems) // len(points)]]
    branches: list[Branch] = []
    for offset, name in enumerate(names):
        chains = linked(k, slopes, which, offset, len(names), problems)
        branches += [
            _branch(chain, name, k, slopes, which, problems, len(names)) for chain in chains
        ]
    values = np.asarray(points)
    return Dispersion(
        branches=tuple(branches),
        angle_deg=values if angle_deg is not None else None,
        in_plane_wavenumber=None if angle_deg is not None else values,
        window=(low, high),
    )


def _points(angle_deg: ArrayLike | None, in_plane_wavenumber: ArrayLike | None) -> Floats:
    given = [x for x in (angle_deg, in_plane_wavenumber) if x is not None]
    if len(given) != 1:
        raise ValueError(
            f"angle_deg, in_plane_wavenumber: must give exactly one of them, got {len(given)}; "
            "angles are those in the superstrate"
        )
    points = np.atleast_1d(np.asarray(given[0], dtype=np.float64))
    if points.ndim != 1 or np.any(np.diff(points) <= 0):
        raise ValueError(
            "angle_deg, in_plane_wavenumber: must be a rising list of numbers, got "
            f"{points!r:.60}; sort them"
        )
    return points


def _branch(
    chain: list[int],
    name: str,
    k: Complexes,
    slopes: Complexes,
    which: NDArray[np.intp],
    problems: Sequence[OpenStack],
    step: int,
) -> Branch:
    count = len(problems) // step
    wavenumber = np.full(count, complex(np.nan, np.nan))
    slope = np.full(count, complex(np.nan, np.nan))
    in_plane = np.full(count, np.nan)
    for i in chain:
        place = int(which[i]) // step
        wavenumber[place], slope[place] = k[i], slopes[i]
        in_plane[place] = in_plane_of(problems[which[i]], k[i])
    first = chain[0]
    start = replace(
        problems[which[first]],
        in_plane_wavenumber=in_plane_of(problems[which[first]], k[first]),
        sine=0.0,
    )
    return Branch(
        polarization=name,
        axial_order=nodes(mode_field_of(start, complex(k[first]))),
        wavenumber=wavenumber,
        in_plane_wavenumber=in_plane,
        by_in_plane_square=slope,
    )
