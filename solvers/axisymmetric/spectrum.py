"""All modes of one azimuthal order in a wavelength window."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.axisymmetric.energies import energy_balances
from solvers.axisymmetric.error_estimate import error_estimates
from solvers.axisymmetric.fields import ResolvedField
from solvers.axisymmetric.labels import label_mode
from solvers.axisymmetric.refine import RefinedModes, refine
from solvers.axisymmetric.search import Candidates, Window, search_window
from solvers.axisymmetric.system import System
from solvers.modes import Mode

__all__ = ["FoundModes", "described", "modes_of_order"]

METHOD = "axisymmetric-fem"

# Relative rounding error of an eigenvalue k, measured on spheres with Q from 1e9 to 1e12.
_ROUNDING = 2e-15

# Relative error of k^2 from an unfinished iteration that is worth a warning.
_DOUBTFUL = 1e-6

# Modes refined with one factorisation, and neighbours on either side that enrich their space.
_CLUSTER, _MARGIN = 16, 8


class FoundModes(NamedTuple):
    """Modes by ascending Re k, and doubts about them in words."""

    modes: list[Mode]
    warnings: list[str]


def modes_of_order(system: System, azimuthal_order: int, window: Window) -> FoundModes:
    """Return every mode of one azimuthal order in the window."""
    discs = search_window(system.coarse_pencil, azimuthal_order, window)
    modes: list[Mode] = []
    warnings: list[str] = []
    known: list[tuple[complex, NDArray[np.complex128]]] = []
    for refined in _refined(system, azimuthal_order, window, _merged(discs, window)):
        kept = _new_modes(window, refined, known)
        modes += described(
            system,
            azimuthal_order,
            refined.wavenumbers[kept],
            refined.vectors[:, kept],
            refined.residuals[kept],
            refined.remaining[kept],
        )
        warnings += [
            f"azimuthal order {azimuthal_order}, wavelength "
            f"{2 * math.pi / refined.wavenumbers[n].real:.6f} um: not converged, k^2 is expected "
            f"to move by {refined.remaining[n]:.1e}; its error estimates include this"
            for n in kept
            if refined.remaining[n] > _DOUBTFUL
        ]
    return FoundModes(sorted(modes, key=lambda mode: mode.wavenumber.real), warnings)


def _merged(discs: list[Candidates], window: Window) -> tuple[NDArray[np.complex128], ...]:
    """Return (wavenumbers, vectors) of all discs near the window, each mode once, by Re k.

    A mode found by several discs is taken from the one whose shift is nearest.
    """
    found = []
    for disc in discs:
        for k, vector in zip(disc.wavenumbers, disc.vectors.T, strict=True):
            # Lossier neighbours are not wanted, but close to what is: they enrich the subspace.
            if 0.98 * window.low <= k.real <= 1.02 * window.high:
                found.append((abs(k - disc.shift), complex(k), vector / np.linalg.norm(vector)))
    kept: list[tuple[complex, NDArray[np.complex128]]] = []
    for _, k, vector in sorted(found, key=lambda entry: entry[0]):
        if not _repeats(k, vector, kept, tolerance=2e-3):
            kept.append((k, vector))
    kept.sort(key=lambda entry: entry[0].real)
    if not kept:
        return np.empty(0, dtype=np.complex128), np.empty((0, 0), dtype=np.complex128)
    return np.asarray([k for k, _ in kept]), np.stack([vector for _, vector in kept], axis=1)


def _new_modes(
    window: Window,
    refined: RefinedModes,
    known: list[tuple[complex, NDArray[np.complex128]]],
) -> list[int]:
    """Return which refined modes lie in the window and are new; add them to the known ones."""
    kept = []
    for n, k in enumerate(refined.wavenumbers):
        vector = refined.vectors[:, n] / np.linalg.norm(refined.vectors[:, n])
        if window.contains(complex(k)) and not _repeats(complex(k), vector, known):
            kept.append(n)
            known.append((complex(k), vector))
    return kept


def _refined(
    system: System,
    azimuthal_order: int,
    window: Window,
    candidates: tuple[NDArray[np.complex128], ...],
) -> Iterator[RefinedModes]:
    """Refine the candidates in clusters, each with a shift of its own in its middle.

    The farther a mode is from the shift, the slower its iteration drops its neighbours.
    """
    wavenumbers, vectors = candidates
    wanted = np.asarray([window.contains(complex(k), margin=0.004) for k in wavenumbers])
    places = np.flatnonzero(wanted)
    clusters = math.ceil(len(places) / _CLUSTER)
    for cluster in np.array_split(places, clusters) if clusters else []:
        block = np.arange(
            max(cluster[0] - _MARGIN, 0), min(cluster[-1] + _MARGIN + 1, len(wavenumbers))
        )
        middle = float(wavenumbers[cluster].real.mean())
        yield refine(
            system.pencil,
            azimuthal_order,
            complex(middle, 0.002 * middle),
            wavenumbers[block],
            system.prolonged(vectors[:, block]),
            wanted=np.isin(block, cluster),
            quality_tolerance=system.settings.quality_tolerance,
        )


def _repeats(
    wavenumber: complex,
    vector: NDArray[np.complex128],
    known: list[tuple[complex, NDArray[np.complex128]]],
    tolerance: float = 1e-5,
) -> bool:
    """Whether a mode is known already: equal k and parallel (normalised) vectors."""
    return any(
        abs(wavenumber - k) < tolerance * abs(k) and abs(np.vdot(vector, other)) > 0.9
        for k, other in known
    )


def described(
    system: System,
    azimuthal_order: int,
    wavenumbers: NDArray[np.complex128],
    vectors: NDArray[np.complex128],
    residuals: NDArray[np.float64],
    remaining: NDArray[np.float64],
) -> list[Mode]:
    """Return refined eigenpairs (columns of `vectors`) as modes with everything known of them."""
    if not len(wavenumbers):
        return []
    balances = energy_balances(system.pencil, azimuthal_order, wavenumbers, vectors)
    k_errors, q_errors = error_estimates(system, azimuthal_order, wavenumbers, vectors)
    k_errors = k_errors + remaining / 2
    q_errors = q_errors + remaining * np.abs(wavenumbers**2) / np.abs((wavenumbers**2).imag)
    # Rounding leaves some 1e-15 of |k|, which is all there is of Im k at very high Q.
    k_errors = k_errors + _ROUNDING
    q_errors = q_errors + _ROUNDING * np.abs(wavenumbers) / np.abs(wavenumbers.imag)
    settings = system.settings.model_dump(mode="json")
    modes = []
    for number, k in enumerate(wavenumbers):
        wavelength = 2 * math.pi / k.real
        label = label_mode(system, vectors[:, number], wavelength)
        balance = balances[number]
        parts = {n: 1 / loss if loss else math.inf for n, loss in balance.inverse_quality.items()}
        modes.append(
            Mode(
                wavenumber=complex(k),
                quality_factors=parts,
                confinement=balance.confinement,
                free_spectral_range=wavelength**2 * balance.azimuthal_slope / (2 * math.pi),
                mode_volume=2 * math.pi * balance.electric_energy / label.peak_energy,
                polarization=label.polarization,
                azimuthal_order=azimuthal_order,
                radial_order=label.radial_order,
                axial_order=label.axial_order,
                residual=float(residuals[number]),
                wavelength_error=float(k_errors[number]) * wavelength,
                quality_factor_error=float(q_errors[number]),
                method=METHOD,
                settings=settings,
                sampler=ResolvedField(
                    body=system.body,
                    wavelength=system.wavelength,
                    azimuthal_order=azimuthal_order,
                    lowest_order=system.lowest_order,
                    settings=system.settings,
                    wavenumber=(k.real, k.imag),
                ),
            )
        )
    return modes
