"""`coupling`: the coupled-wave constants and the band edges of a periodic cavity."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cavities.periodic_stack import PeriodicStack
from solvers.coupled_wave.band_edge import BandEdge, band_edges_of
from solvers.coupled_wave.basic_waves import basic_waves
from solvers.coupled_wave.coupling_matrix import CouplingMatrix, bragg_wavenumber, coupling_matrix
from solvers.coupled_wave.unit_cell import UnitCell
from solvers.coupled_wave.validity import validity_notes
from solvers.fourier_modal.media import Media
from solvers.fourier_modal.prepare import as_unit_cell

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Coupling", "coupling"]

Complexes = NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class Coupling:
    """Coupling of the guided waves of a periodic cavity at its second-order Gamma point.

    Attributes:
        cavity: the unit cell.
        cell: its Fourier coefficients.
        matrix: C and its parts, at one wavelength.
        notes: where the theory is known to be off for this structure.
    """

    cavity: PeriodicStack
    cell: UnitCell
    matrix: CouplingMatrix
    notes: tuple[str, ...]

    @cached_property
    def band_edges(self) -> tuple[BandEdge, ...]:
        """Modes of the infinite structure, longest wavelength first."""
        return band_edges_of(self.matrix)

    def band_edge(self, name: str) -> BandEdge:
        """Return a band edge by its name, "A" to "D".

        Raises:
            ValueError: there is none of that name.
        """
        for edge in self.band_edges:
            if edge.name == name:
                return edge
        names = sorted(edge.name for edge in self.band_edges)
        raise ValueError(f"name: must be one of {names}, got {name!r}; name a band edge")

    @property
    def wavelength(self) -> float:
        """Wavelength (um) at which C was evaluated: the Bragg wavelength if not said otherwise."""
        return 2 * math.pi / complex(self.matrix.mode.k).real

    @property
    def effective_index(self) -> float:
        """Index of the mean stack's TE mode."""
        return self.matrix.mode.effective_index

    @property
    def group_index(self) -> float:
        """Group index of that mode, dispersion of the media included."""
        return self.matrix.mode.group_index.real

    @property
    def constants_per_cm(self) -> Mapping[str, complex]:
        """Coupling constants (1/cm), amplitude.

        "backward": between waves that run against each other, C_1D + C_2D; "across": from one
        direction to the next, C_2D; "self": shift by the higher orders; "radiation": C_rad of one
        wave, whose imaginary part is minus its radiation loss.
        """
        guided = self.matrix.direct + self.matrix.indirect
        return {
            "backward": 1e4 * complex(guided[0, 1]),
            "across": 1e4 * complex(guided[0, 2]),
            "self": 1e4 * complex(guided[0, 0]),
            "radiation": 1e4 * complex(self.matrix.radiative[0, 0]),
        }

    @property
    def confinement(self) -> Mapping[str, float]:
        """Share of int |Theta|^2 dz by slice, numbered from the bottom, names as in the stack."""
        shares: dict[str, float] = {}
        pieces = self.cavity.slices()
        for piece, share in zip(pieces, self.matrix.mode.shares.real, strict=True):
            shares[piece.name] = shares.get(piece.name, 0.0) + float(share)
        outer = self.matrix.mode.outer_shares.real
        return {"substrate": float(outer[0]), **shares, "superstrate": float(outer[1])}

    def with_modes(self, modes: Mapping[str, complex]) -> Coupling:
        """Return the coupling whose band edges have given complex wavenumbers.

        The eigenvectors stay, which is exact where symmetry fixes them, so a finite area can be
        calculated from the band edges of a full-vector solver. Radiation is scaled in proportion.

        Args:
            modes: k0 (rad/um) by name of band edge; those not named stay.

        Raises:
            ValueError: an unknown name.
        """
        for name in modes:
            self.band_edge(name)
        old = self.matrix
        vectors = np.array([edge.vector for edge in self.band_edges]).T
        values = []
        for edge in self.band_edges:
            k = complex(modes.get(edge.name, edge.wavenumber))
            values.append(old.detuning + (k - old.mode.k) * old.per_wavenumber)
        wanted = vectors @ np.diag(values) @ np.linalg.inv(vectors)
        kept = (0.0 if old.correction is None else old.correction) + wanted - old.total
        moved = dataclasses.replace(old, correction=kept)
        before = float(np.trace(old.radiation.sum(axis=0)).real)
        after = float(np.trace(moved.loss).real - np.trace(old.loss).real) + before
        scale = math.sqrt(max(after, 0.0) / before) if before > 0 else 1.0
        moved = dataclasses.replace(moved, emission=old.emission * scale)
        note = f"band edges {sorted(modes)} set to given wavenumbers"
        return dataclasses.replace(self, matrix=moved, notes=(*self.notes, note))

    def report(self) -> str:
        """Return constants and band edges as text."""
        from solvers.coupled_wave.report import coupling_report

        return coupling_report(self)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot the vertical mode over the index of the mean stack."""
        from solvers.coupled_wave.plot_vertical import plot_vertical_mode

        return plot_vertical_mode(self, ax=ax)


def coupling(
    cavity: Any,
    wavelength: float | Sequence[float] | None = None,
    *,
    truncation: int = 10,
    evaluate_at: float | None = None,
    media: Media | None = None,
) -> Coupling:
    """Return the coupled-wave constants of a cavity at its second-order Gamma point.

    Three-dimensional coupled-wave theory of TE-like modes, doi:10.1103/PhysRevB.84.195119: four
    waves on a square lattice, six on a triangular one.

    Args:
        cavity: PeriodicStack or a cavity with `unit_cell()`.
        wavelength: near which to look for the Bragg wavelength (um), or a window it must lie in.
            Only needed if materials are dispersive.
        truncation: higher orders up to this many times the shortest reciprocal vector.
        evaluate_at: wavelength (um) at which C is evaluated; None: the Bragg wavelength.
        media: additional gain or index by region.

    Raises:
        TypeError: no periodic cavity.
        ValueError: no square or triangular lattice, no guided TE mode, a Bragg wavelength outside
            the window.

    Example:
        >>> from cavities.periodic_presets import infilled_slab
        >>> found = coupling(infilled_slab())
        >>> [(edge.name, round(1e3 * edge.wavelength, 1)) for edge in found.band_edges]
        [('C', 687.1), ('D', 687.1), ('A', 685.8), ('B', 685.1)]
    """
    stack = as_unit_cell(cavity)
    waves = basic_waves(stack.lattice, truncation)
    cell = UnitCell(stack, waves, media)
    window = None if wavelength is None or np.ndim(wavelength) == 0 else np.asarray(wavelength)
    start = _start(stack, wavelength)
    bragg = bragg_wavenumber(cell, 2 * math.pi / start)
    found = 2 * math.pi / bragg
    if window is not None and not window.min() <= found <= window.max():
        raise ValueError(
            f"wavelength: must hold the Bragg wavelength {found:.5g} um, got "
            f"({window.min():g}, {window.max():g}); change the window or the period"
        )
    k = bragg if evaluate_at is None else 2 * math.pi / evaluate_at
    matrix = coupling_matrix(cell, k)
    return Coupling(cavity=stack, cell=cell, matrix=matrix, notes=validity_notes(cell, matrix))


def _start(stack: PeriodicStack, wavelength: float | Sequence[float] | None) -> float:
    if wavelength is not None:
        value = float(np.mean(wavelength))
        if not (math.isfinite(value) and value > 0):
            raise ValueError(
                f"wavelength: must be finite and > 0 um, got {wavelength}; give micrometres"
            )
        return value
    low = max(medium.wavelength_range[0] for medium in stack.media)
    high = min(medium.wavelength_range[1] for medium in stack.media)
    guess = 1.7 * stack.lattice.period
    return float(min(max(guess, low), high))
