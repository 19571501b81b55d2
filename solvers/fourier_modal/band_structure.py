"""Bands along a path through the Brillouin zone, branches matched by the overlap of fields.

Every point is searched afresh: following a vector along k loses branches where a degenerate pair
splits. Modes of neighbouring points are then assigned to each other by the overlap of their
periodic parts.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cavities.periodic_stack import PeriodicStack
from solvers.fourier_modal.bloch_point import BlochInput, bloch_vector
from solvers.fourier_modal.near_field import NearField
from solvers.fourier_modal.prepare import as_unit_cell
from solvers.fourier_modal.settings import Accuracy, PeriodicSettings
from solvers.fourier_modal.solve import solve_periodic
from solvers.modes import Mode

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

__all__ = ["BandStructure", "bands", "field_overlap"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_LEAST_OVERLAP = 0.25
_FARTHEST = 0.03


@dataclass(frozen=True, kw_only=True, eq=False)
class BandStructure:
    """Modes along a path.

    Attributes:
        bloch: Bloch vectors (K, 2), rad/um.
        distance: length of the path up to each point (K,), rad/um.
        ticks: distance and name of the path's corners.
        branches: one tuple per branch with a mode or None for every point.
        light_lines: k0 (rad/um) at which the first order opens in "substrate" and "superstrate"
            (K,) each: modes below the lower one do not radiate.
    """

    bloch: Floats
    distance: Floats
    ticks: tuple[tuple[float, str], ...]
    branches: tuple[tuple[Mode | None, ...], ...]
    light_lines: dict[str, Floats]

    @property
    def wavenumber(self) -> Complexes:
        """k0 (rad/um) of every branch and point (B, K), nan where a branch has no mode."""
        return np.array(
            [[mode.wavenumber if mode else np.nan for mode in row] for row in self.branches],
            dtype=np.complex128,
        ).reshape(len(self.branches), len(self.distance))

    def to_dataset(self) -> xr.Dataset:
        """Return wavelength, Q and light lines over (branch, point), units in attrs."""
        import xarray as xr

        k = self.wavenumber
        with np.errstate(divide="ignore", invalid="ignore"):
            quality = -k.real / (2 * k.imag)
        axes = ("branch", "point")
        variables: dict[str, Any] = {
            "wavenumber": (axes, k, {"units": "rad/um"}),
            "wavelength": (axes, 2 * np.pi / k.real, {"units": "um"}),
            "quality_factor": (axes, np.abs(quality), {"units": "1"}),
        }
        for name, values in self.light_lines.items():
            variables[f"light_line_{name}"] = (("point",), values, {"units": "rad/um"})
        coords = {
            "distance": ("point", self.distance, {"units": "rad/um"}),
            "k_x": ("point", self.bloch[:, 0], {"units": "rad/um"}),
            "k_y": ("point", self.bloch[:, 1], {"units": "rad/um"}),
        }
        return xr.Dataset(variables, coords=coords)

    def plot(self, ax: Axes | None = None, *, wavelength: bool = True) -> Axes:
        """Plot the bands, colour is log10 Q; wavelength (nm) upwards or k0 (rad/um)."""
        from solvers.fourier_modal.band_plot import plot_bands

        return plot_bands(self, ax=ax, wavelength=wavelength)


def bands(
    cavity: Any,
    wavelength: tuple[float, float],
    *,
    path: Sequence[BlochInput] | None = None,
    points: int = 20,
    reach: float = 1.0,
    quality_factor_floor: float = 30.0,
    accuracy: Accuracy = "fast",
    settings: PeriodicSettings | None = None,
) -> BandStructure:
    """Return the bands of a periodic cavity along a path.

    Args:
        cavity: a PeriodicStack, or a cavity with `.unit_cell()`.
        wavelength: window (um), low and high.
        path: corners by name or as (kx, ky) in rad/um; default: the lattice's own path, such as
            X, Gamma, M.
        points: points on the longest straight piece; the others have as many per length.
        reach: how far from Gamma towards the other corners (1: all the way), for a path in which
            Gamma is the only inner corner.
        quality_factor_floor: modes of lower Q are left out.
        accuracy, settings: of every point.

    Raises:
        ValueError: fewer than two corners or points.
    """
    stack = as_unit_cell(cavity)
    vectors, distance, ticks = _path(stack, path or stack.lattice.path, points, reach)
    modes = [
        tuple(
            solve_periodic(
                cavity,
                wavelength,
                bloch=(float(vector[0]), float(vector[1])),
                quality_factor_floor=quality_factor_floor,
                accuracy=accuracy,
                settings=settings,
            )
        )
        for vector in vectors
    ]
    return BandStructure(
        bloch=vectors,
        distance=distance,
        ticks=ticks,
        branches=_linked(modes),
        light_lines=_light_lines(stack, vectors, wavelength),
    )


def field_overlap(one: Mode, other: Mode) -> float:
    """Return |<u, v>|^2/(<u, u> <v, v>) of the periodic parts of two modes' electric fields.

    Args:
        one, other: modes of one cavity at neighbouring Bloch vectors, with their fields.
    """
    first, second = one.sampler, other.sampler
    assert isinstance(first, NearField)
    assert isinstance(second, NearField)
    heights, weights = _heights(first.bottoms)
    shared, left, right = np.intersect1d(
        _keys(first), _keys(second), assume_unique=True, return_indices=True
    )
    del shared
    u = first.amplitudes(heights)[:3] * np.sqrt(weights)
    v = second.amplitudes(heights)[:3] * np.sqrt(weights)
    product = np.vdot(u[:, left], v[:, right])
    return float(abs(product) ** 2 / (np.vdot(u, u).real * np.vdot(v, v).real))


def _keys(field: NearField) -> NDArray[np.int64]:
    """Return one number per order, the same for the same G."""
    i, j = field.indices.T
    return np.asarray((i + 1000) * 10000 + (j + 1000))


def _heights(bottoms: Floats) -> tuple[Floats, Floats]:
    points, weights = np.polynomial.legendre.leggauss(4)
    pieces = [
        (low + (high - low) * (points + 1) / 2, (high - low) * weights / 2)
        for low, high in itertools.pairwise(bottoms)
    ]
    return np.concatenate([p for p, _ in pieces]), np.concatenate([w for _, w in pieces])


def _path(
    stack: PeriodicStack, path: Sequence[BlochInput], points: int, reach: float
) -> tuple[Floats, Floats, tuple[tuple[float, str], ...]]:
    if len(path) < 2 or points < 2:
        raise ValueError(
            f"path, points: must have at least two corners and points, got {len(path)} corners "
            f"and {points} points"
        )
    if not 0 < reach <= 1:
        raise ValueError(f"reach: must be between 0 and 1, got {reach:g}; 1 is the whole path")
    corners = [bloch_vector(stack.lattice, corner) for corner in path]
    if reach < 1:
        corners = [reach * corner for corner in corners]
    longest = max(math.dist(a, b) for a, b in itertools.pairwise(corners))
    vectors, distance, ticks, travelled = [], [], [], 0.0
    for number, (start, end) in enumerate(itertools.pairwise(corners)):
        length = math.dist(start, end)
        count = max(2, round(points * length / longest))
        steps = np.linspace(0, 1, count)[0 if number == 0 else 1 :]
        vectors += [start + step * (end - start) for step in steps]
        distance += [travelled + step * length for step in steps]
        ticks.append((travelled, _name(path[number], reach)))
        travelled += length
    ticks.append((travelled, _name(path[-1], reach)))
    return np.array(vectors), np.array(distance), tuple(ticks)


def _name(corner: BlochInput, reach: float) -> str:
    name = corner if isinstance(corner, str) else f"({corner[0]:.3g}, {corner[1]:.3g})"
    return name if reach == 1 or name == "Gamma" else f"{reach:g} {name}"


def _linked(modes: Sequence[tuple[Mode, ...]]) -> tuple[tuple[Mode | None, ...], ...]:
    """Return branches: modes of neighbouring points joined where their fields agree best."""
    from scipy.optimize import linear_sum_assignment

    rows: list[list[Mode | None]] = []
    ends: list[int] = []
    for place, found in enumerate(modes):
        active = [row for row in range(len(rows)) if ends[row] == place - 1]
        taken: set[int] = set()
        if active and found:
            overlap = np.zeros((len(active), len(found)))
            for i, row in enumerate(active):
                last = rows[row][place - 1]
                assert last is not None
                for j, mode in enumerate(found):
                    near = abs(mode.wavenumber.real / last.wavenumber.real - 1) < _FARTHEST
                    overlap[i, j] = field_overlap(last, mode) if near else 0.0
            for a, b in zip(*linear_sum_assignment(-overlap), strict=True):
                if overlap[a, b] >= _LEAST_OVERLAP:
                    rows[active[int(a)]].append(found[int(b)])
                    ends[active[int(a)]] = place
                    taken.add(int(b))
        for branch in rows:
            if len(branch) == place:
                branch.append(None)
        for j, mode in enumerate(found):
            if j not in taken:
                rows.append([None] * place + [mode])
                ends.append(place)
    return tuple(tuple(row) for row in rows)


def _light_lines(
    stack: PeriodicStack, vectors: Floats, wavelength: tuple[float, float]
) -> dict[str, Floats]:
    """Return the k0 at which the lowest order opens, with the index at the window's middle."""
    middle = 2 / (1 / wavelength[0] + 1 / wavelength[1])
    basis = stack.lattice.reciprocal
    steps = np.array([(i, j) for i in range(-2, 3) for j in range(-2, 3)]) @ basis
    nearest = np.hypot(*(vectors[:, None] + steps).transpose(2, 0, 1)).min(axis=1)
    outer = {"substrate": stack.substrate, "superstrate": stack.superstrate}
    return {name: nearest / float(m.index(middle).real) for name, m in outer.items()}
