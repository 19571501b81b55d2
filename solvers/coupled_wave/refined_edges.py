"""Band edges with the coupling constants of their own wavelengths."""

from __future__ import annotations

import dataclasses

from solvers.coupled_wave.band_edge import BandEdge, band_edges_of
from solvers.coupled_wave.coupling_matrix import CouplingMatrix, coupling_matrix
from solvers.coupled_wave.solve_coupling import Coupling

__all__ = ["refined_band_edges"]

_STEPS = 8
_CONVERGED = 1e-9
_STEP = 1e-5


def refined_band_edges(found: Coupling) -> tuple[BandEdge, ...]:
    """Return the band edges with C evaluated at each one's own wavelength.

    Matters where band edges lie more than a per cent from the Bragg wavelength: C grows like k0^2,
    and its rate with k0 adds to the group index. A correction by `with_modes` does not enter.

    Example:
        >>> from cavities.periodic_presets import hsu_slab
        >>> from solvers.coupled_wave import coupling
        >>> first = coupling(hsu_slab())
        >>> [round(1e3 * edge.wavelength, 1) for edge in first.band_edges[:2]]
        [590.8, 584.4]
        >>> [round(1e3 * edge.wavelength, 1) for edge in refined_band_edges(first)[:2]]
        [590.4, 584.4]
    """
    refined = []
    for place, edge in enumerate(found.band_edges):
        k, beta = edge.wavenumber.real, found.matrix.mode.beta
        for _ in range(_STEPS):
            edge, slope, matrix = _with_slope(found, place, k, beta)
            # eigenvalue(k) = detuning(k), to first order around a real k
            rate = matrix.per_wavenumber - slope
            root = k + (edge.eigenvalue - matrix.detuning) / rate
            change = root.real - k
            k += change
            if abs(change) < _CONVERGED * k:
                break
        lossless = edge.loss_per_cm == 0
        refined.append(
            dataclasses.replace(edge, wavenumber=complex(root.real) if lossless else root)
        )
    return tuple(refined)


def _with_slope(
    found: Coupling, place: int, k: float, beta: complex
) -> tuple[BandEdge, complex, CouplingMatrix]:
    """Return a band edge at k0, the rate of its eigenvalue with k0, and the matrix."""
    matrix = coupling_matrix(found.cell, k, beta)
    ahead = coupling_matrix(found.cell, k * (1 + _STEP), beta)
    edge = band_edges_of(matrix)[place]
    other = band_edges_of(ahead)[place]
    return edge, (other.eigenvalue - edge.eigenvalue) / (k * _STEP), matrix
