"""All modes of one azimuthal order in a wavelength window."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.axisymmetric.description import described
from solvers.axisymmetric.factorization import Factorization
from solvers.axisymmetric.refine import RefinedModes, refine
from solvers.axisymmetric.search import Candidates, Window, search_window
from solvers.axisymmetric.system import System
from solvers.modes import Mode

__all__ = ["FoundModes", "modes_of_order"]

# Relative error of k^2 from an unfinished iteration that is worth a warning.
_DOUBTFUL = 1e-6

# How far, relatively, k may lie from its place in the window while it is only searched for.
_SEARCH_MARGIN = 0.004

# Farther from a shift by this factor costs less than a new factorisation.
_HARDLY_FARTHER = 1.6

# Relative residual of what is no eigenpair; those of modes of low Q reach some 1e-3.
_NO_EIGENPAIR = 0.03

# Modes refined with one factorisation, and neighbours on either side that enrich their space.
_CLUSTER, _MARGIN = 16, 4

# Columns of such a space, unwanted modes between the wanted ones included, that are enough.
_BLOCK = 32


class FoundModes(NamedTuple):
    """Modes by ascending Re k, and doubts about them in words."""

    modes: list[Mode]
    warnings: list[str]


def modes_of_order(system: System, azimuthal_order: int, window: Window) -> FoundModes:
    """Return every mode of one azimuthal order in the window."""
    discs = search_window(system.pencil, azimuthal_order, window.widened(_SEARCH_MARGIN))
    known: list[tuple[complex, NDArray[np.complex128]]] = []
    found = FoundModes([], [])
    for refined in _refined(system, azimuthal_order, window, discs):
        _add(found, system, azimuthal_order, window, refined, known)
    return FoundModes(sorted(found.modes, key=lambda mode: mode.wavenumber.real), found.warnings)


def _add(
    found: FoundModes,
    system: System,
    azimuthal_order: int,
    window: Window,
    refined: RefinedModes,
    known: list[tuple[complex, NDArray[np.complex128]]],
) -> None:
    """Add the refined modes that lie in the window and are new, with doubts about them."""
    kept = _new_modes(window, refined, known)
    found.modes.extend(
        described(
            system,
            azimuthal_order,
            refined.wavenumbers[kept],
            refined.vectors[:, kept],
            refined.residuals[kept],
            refined.remaining[kept],
        )
    )
    found.warnings.extend(
        f"azimuthal order {azimuthal_order}, wavelength "
        f"{2 * math.pi / refined.wavenumbers[n].real:.6f} um: not converged, k^2 is expected "
        f"to move by {refined.remaining[n]:.1e}; its error estimates include this"
        for n in kept
        if refined.remaining[n] > _DOUBTFUL
    )


def _merged(
    discs: list[Candidates], window: Window
) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Return (wavenumbers, vectors) of all discs near the window, each mode once, by Re k.

    A mode found by several discs is taken from the one whose shift is nearest. Pairs of one
    disc are different modes, however near and alike.
    """
    found = []
    for number, disc in enumerate(discs):
        for k, vector in zip(disc.wavenumbers, disc.vectors.T, strict=True):
            # Lossier neighbours are not wanted, but close to what is: they enrich the subspace.
            if 0.98 * window.low <= k.real <= 1.02 * window.high:
                unit = vector / np.linalg.norm(vector)
                found.append((abs(k - disc.shift), number, complex(k), unit))
    kept: list[tuple[int, complex, NDArray[np.complex128]]] = []
    for _, number, k, vector in sorted(found, key=lambda entry: entry[0]):
        others = [(other, unit) for owner, other, unit in kept if owner != number]
        if not _repeats(k, vector, others, tolerance=2e-3):
            kept.append((number, k, vector))
    kept.sort(key=lambda entry: entry[1].real)
    if not kept:
        return np.empty(0, dtype=np.complex128), np.empty((0, 0), dtype=np.complex128)
    return np.asarray([k for _, k, _ in kept]), np.stack([vector for *_, vector in kept], axis=1)


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
    discs: list[Candidates],
) -> Iterator[RefinedModes]:
    """Refine the candidates of all discs in clusters.

    Each cluster has a shift of its own in its middle: the farther a mode is from the shift, the
    slower its iteration drops its neighbours. A disc's shift and factors serve where they are
    hardly farther.
    """
    wavenumbers, vectors = _merged(discs, window)
    near = window.widened(_SEARCH_MARGIN)
    wanted = np.asarray([near.contains(complex(k)) for k in wavenumbers])
    places = np.flatnonzero(wanted)
    among = int(np.ptp(places)) + 1 if len(places) else 0
    clusters = max(math.ceil(len(places) / _CLUSTER), min(len(places), among // _BLOCK))

    def run(
        block: NDArray[np.intp],
        cluster: NDArray[np.intp],
        shift: complex,
        inverse: Factorization | None = None,
    ) -> RefinedModes:
        return refine(
            system.pencil,
            azimuthal_order,
            shift,
            wavenumbers[block],
            vectors[:, block],
            wanted=np.isin(block, cluster),
            quality_tolerance=system.settings.quality_tolerance,
            inverse=inverse,
        )

    for cluster in np.array_split(places, clusters) if clusters else []:
        block = np.arange(
            max(cluster[0] - _MARGIN, 0), min(cluster[-1] + _MARGIN + 1, len(wavenumbers))
        )
        middle = float(wavenumbers[cluster].real.mean())
        shift, inverse = complex(middle, 0.002 * middle), None
        reach = float(np.abs(wavenumbers[cluster] - shift).max())
        for disc in discs:
            if np.abs(wavenumbers[cluster] - disc.shift).max() < _HARDLY_FARTHER * reach:
                shift, inverse = disc.shift, disc.inverse
        refined = run(block, cluster, shift, inverse)
        strayed = _strayed(refined, wavenumbers[cluster])
        yield _chosen(refined, ~strayed)
        for one in cluster[strayed]:
            # Alone, with a shift of its own, it cannot be taken for another.
            nearest = np.argsort(np.abs(wavenumbers - wavenumbers[one]))[: 2 * _MARGIN]
            yield run(np.sort(nearest), np.asarray([one]), wavenumbers[one] * (1 + 1e-4j))


def _strayed(refined: RefinedModes, start: NDArray[np.complex128]) -> NDArray[np.bool_]:
    """Return which pairs are no eigenpairs, or others than those that they started as.

    Among many modes of low Q a Ritz vector can settle between them.
    """
    moved = np.abs(refined.wavenumbers - start) > _SEARCH_MARGIN * np.abs(start)
    return np.asarray(moved | (refined.residuals > _NO_EIGENPAIR))


def _chosen(refined: RefinedModes, which: NDArray[np.bool_]) -> RefinedModes:
    """Return some of the refined modes."""
    return RefinedModes(
        wavenumbers=refined.wavenumbers[which],
        vectors=refined.vectors[:, which],
        residuals=refined.residuals[which],
        remaining=refined.remaining[which],
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
