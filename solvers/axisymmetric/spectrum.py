"""All modes of one azimuthal order in a wavelength window."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.axisymmetric.description import described
from solvers.axisymmetric.refine import RefinedModes, corrected, refine
from solvers.axisymmetric.search import Candidates, Window, search_window
from solvers.axisymmetric.system import System
from solvers.modes import Mode

__all__ = ["FoundModes", "modes_of_order"]

# Relative error of k^2 from an unfinished iteration that is worth a warning.
_DOUBTFUL = 1e-6

# How far, relatively, k may lie from its place in the window while it is only searched for.
_SEARCH_MARGIN = 0.004

# Relative residual of what is no eigenpair; those of modes of low Q reach some 1e-3.
_NO_EIGENPAIR = 0.03

# Modes refined with one factorisation, and how far they may span (over k).
_CLUSTER, _SPAN = 16, 0.06

# Neighbours on either side that enrich their space, those not much farther (over the farthest
# mode) from the shift.
_MARGIN, _NEAR = 4, 1.3

# Columns of such a space, unwanted modes between the wanted ones included, that are enough.
_BLOCK = 32

# How far (over k) outside the window a mode may seem to be after the correction and yet be inside.
_NEAR_WINDOW = 3e-4

# A mode of a cluster that takes more sweeps than this is cheaper with a shift of its own; what is
# so close to it (over k) stays beside it.
_PATIENCE, _CLOSE = 4, 0.002

# Modes described together: some of the work is one for all, and the materials' dispersion too.
_DESCRIBED = 32


class _Candidates(NamedTuple):
    """Eigenpairs of the space of the search by ascending Re k, and its unknowns in the full one."""

    wavenumbers: NDArray[np.complex128]
    lower_vectors: NDArray[np.complex128]
    unknowns: NDArray[np.int64]
    size: int

    def vectors(self, some: NDArray[np.intp]) -> NDArray[np.complex128]:
        """Return some of the vectors in the full space."""
        full = np.zeros((self.size, len(some)), dtype=np.complex128)
        full[self.unknowns] = self.lower_vectors[:, some]
        return full


class FoundModes(NamedTuple):
    """Modes by ascending Re k, and doubts about them in words."""

    modes: list[Mode]
    warnings: list[str]


def modes_of_order(system: System, azimuthal_order: int, window: Window) -> FoundModes:
    """Return every mode of one azimuthal order in the window."""
    near = window.widened(_SEARCH_MARGIN)
    order = system.search_order(window.quality_factor_floor)
    discs = search_window(system.lower_pencil(order), azimuthal_order, near)
    known: list[tuple[complex, NDArray[np.complex128]]] = []
    found = FoundModes([], [])
    waiting: list[RefinedModes] = []
    candidates = _Candidates(*_merged(discs, window), system.nested(order), system.pencil.size)
    for refined in _refined(system, azimuthal_order, window, candidates, found.warnings):
        waiting.append(refined.chosen(_new_modes(window, refined, known)))
        if sum(map(len, waiting)) >= _DESCRIBED:
            _add(found, system, azimuthal_order, waiting)
            waiting = []
    _add(found, system, azimuthal_order, waiting)
    return FoundModes(sorted(found.modes, key=lambda mode: mode.wavenumber.real), found.warnings)


def _add(
    found: FoundModes, system: System, azimuthal_order: int, waiting: list[RefinedModes]
) -> None:
    """Add refined modes, with doubts about them."""
    if not waiting:
        return
    refined = RefinedModes.joined(waiting)
    found.modes.extend(described(system, azimuthal_order, refined))
    found.warnings.extend(
        f"azimuthal order {azimuthal_order}, wavelength {2 * math.pi / k.real:.6f} um: not "
        f"converged, k^2 is expected to move by {remaining:.1e}; its error estimates include this"
        for k, remaining in zip(refined.wavenumbers, refined.remaining, strict=True)
        if remaining > _DOUBTFUL
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
) -> NDArray[np.bool_]:
    """Return which refined modes lie in the window and are new; add them to the known ones."""
    new = np.zeros(len(refined), dtype=bool)
    for n, k in enumerate(refined.wavenumbers):
        vector = refined.vectors[:, n] / np.linalg.norm(refined.vectors[:, n])
        if window.contains(complex(k)) and not _repeats(complex(k), vector, known):
            new[n] = True
            known.append((complex(k), vector))
    return new


def _refined(
    system: System,
    azimuthal_order: int,
    window: Window,
    candidates: _Candidates,
    warnings: list[str],
) -> Iterator[RefinedModes]:
    """Refine the candidates of all discs in clusters, in the full space; add to the warnings.

    Each cluster has a shift of its own in its middle: the farther a mode is from the shift, the
    slower its iteration drops its neighbours.
    """
    wavenumbers, vectors = candidates.wavenumbers, candidates.vectors
    near = window.widened(_SEARCH_MARGIN)
    places = np.flatnonzero([near.contains(complex(k)) for k in wavenumbers])

    run = functools.partial(
        refine,
        system.pencil,
        azimuthal_order,
        quality_tolerance=system.settings.quality_tolerance,
        window=window,
    )
    factorize = functools.partial(system.pencil.factorize, azimuthal_order, single=True)

    for cluster in _clusters(places, wavenumbers):
        middle = float(wavenumbers[cluster].real.mean())
        shift = complex(middle, 0.002 * middle)
        inverse = factorize(shift)
        start = wavenumbers[cluster]
        k, own = corrected(system.pencil, azimuthal_order, inverse, start, vectors(cluster))
        moves = np.abs(k / start - 1)
        # Where the step leads far away it may have met another mode: nothing is left out then.
        inside = (window.distance(k) <= _NEAR_WINDOW) | (moves > _SEARCH_MARGIN)
        if not inside.any():
            continue
        cluster, start = cluster[inside], start[inside]
        k, own = k[inside], own[:, inside]
        others = _neighbours(cluster, wavenumbers, shift)
        refined = run(
            inverse,
            np.concatenate([k, wavenumbers[others]]),
            np.hstack([own, vectors(others)]),
            wanted=np.arange(len(cluster) + len(others)) < len(cluster),
            last_changes=2 * moves[inside],
            patience=_PATIENCE,
        )
        strayed = _strayed(refined, k)
        slow = refined.unfinished & ~strayed
        moved = np.abs(refined.wavenumbers / start - 1)[
            ~strayed & (window.distance(refined.wavenumbers) == 0)
        ]
        if moved.max(initial=0) > _SEARCH_MARGIN / 2:
            warnings.append(
                f"azimuthal order {azimuthal_order}: from the space of the search to the full one "
                f"modes move by up to {moved.max():.1e} of k, so that some at the edges of the "
                "window may be missing; lower mesh_size"
            )
        yield refined.chosen(~strayed & ~slow)
        for one in np.flatnonzero(slow):
            # Too far from the shift, or among too many neighbours: one of its own does it.
            k_one = refined.wavenumbers[one]
            close = ~strayed & (np.abs(refined.wavenumbers - k_one) < _CLOSE * abs(k_one))
            beside = refined.chosen(close)
            alone = np.flatnonzero(close) == one
            inverse = factorize(k_one * (1 + 1e-4j))
            yield run(inverse, beside.wavenumbers, beside.vectors, wanted=alone)
        for one in cluster[strayed]:
            # With few others and a shift of its own it cannot be taken for another.
            k_one = wavenumbers[one]
            block = np.argsort(np.abs(wavenumbers - k_one))[: 2 * _MARGIN]
            inverse = factorize(k_one * (1 + 1e-4j))
            yield run(inverse, wavenumbers[block], vectors(block), wanted=block == one)


def _neighbours(
    cluster: NDArray[np.intp], wavenumbers: NDArray[np.complex128], shift: complex
) -> NDArray[np.intp]:
    """Return which candidates are to be kept apart from those of a cluster in their refinement."""
    first, last = max(cluster[0] - _MARGIN, 0), cluster[-1] + _MARGIN + 1
    block = np.setdiff1d(np.arange(first, min(last, len(wavenumbers))), cluster)
    distance = np.abs(wavenumbers - shift)
    return np.asarray(block[distance[block] < _NEAR * distance[cluster].max()])


def _clusters(
    places: NDArray[np.intp], wavenumbers: NDArray[np.complex128]
) -> list[NDArray[np.intp]]:
    """Split the wanted ones (`places`) of all candidates, ascending in Re k, into clusters."""
    clusters: list[list[int]] = []
    for place in places.tolist():
        first = clusters[-1][0] if clusters else place
        k, start = wavenumbers[place].real, wavenumbers[first].real
        full = bool(clusters) and len(clusters[-1]) == _CLUSTER
        if not clusters or full or place - first >= _BLOCK or k - start > _SPAN * k:
            clusters.append([])
        clusters[-1].append(place)
    return [np.asarray(cluster) for cluster in clusters]


def _strayed(refined: RefinedModes, start: NDArray[np.complex128]) -> NDArray[np.bool_]:
    """Return which pairs are no eigenpairs, or others than those that they started as.

    Among many modes of low Q a Ritz vector can settle between them.
    """
    moved = np.abs(refined.wavenumbers - start) > _SEARCH_MARGIN * np.abs(start)
    return np.asarray(moved | (refined.residuals > _NO_EIGENPAIR))


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
