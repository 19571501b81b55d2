"""Families: the same mode at consecutive azimuthal orders, and one label for each of them.

Counting nodes along two lines is exact for separable fields only; in a bowl-shaped disk it
wavers from one m to the next and gives the same pair of orders to different modes. The family
is not ambiguous: with the Hellmann-Feynman slopes s = d Re k/dm of both ends, a mode and its
successor obey k(m + 1) - k(m) = (s(m) + s(m + 1))/2 up to third order in 1/m.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from solvers.modes import Mode

__all__ = ["link_families", "with_family_labels"]

Orders = tuple[str, int, int]

# Accepted mismatch of the trapezoidal rule, as a share of the slope.
_TOLERANCE = 0.02


def link_families(modes: Sequence[Mode]) -> list[list[int]]:
    """Return the families as lists of indices into `modes`, by ascending azimuthal order."""
    by_order: dict[int, list[int]] = defaultdict(list)
    for index, mode in enumerate(modes):
        if mode.azimuthal_order is not None:
            by_order[mode.azimuthal_order].append(index)
    chains: dict[int, list[int]] = {}
    families: list[list[int]] = []
    for order in sorted(by_order):
        successors = _matches(modes, by_order.get(order - 1, []), by_order[order])
        for index in by_order[order]:
            chain = chains.get(successors.get(index, -1))
            if chain is None:
                chain = []
                families.append(chain)
            chain.append(index)
            chains[index] = chain
    return families


def with_family_labels(modes: Sequence[Mode]) -> list[Mode]:
    """Return the modes with the orders of their family, distinct at every azimuthal order.

    A family takes the label that most of its modes were given; of two families with the same
    label at the same m, the one with fewer votes moves to the next free axial order.
    """
    labelled = list(modes)
    taken: dict[int, set[Orders]] = defaultdict(set)
    ranked = []
    for family in link_families(modes):
        votes = Counter(_orders(modes[index]) for index in family)
        label, count = max(votes.items(), key=lambda item: (item[1], item[0]))
        ranked.append((-count, modes[family[0]].wavelength, family, label))
    for _, _, family, label in sorted(ranked, key=lambda entry: entry[:2]):
        azimuthal = [modes[index].azimuthal_order or 0 for index in family]
        # A label is kept free beyond both ends, so that two families never look like one.
        reserved = range(min(azimuthal) - 1, max(azimuthal) + 2)
        polarization, radial, axial = label
        while any((polarization, radial, axial) in taken[m] for m in reserved):
            axial += 1
        for m in reserved:
            taken[m].add((polarization, radial, axial))
        for index in family:
            labelled[index] = replace(
                modes[index], polarization=polarization, radial_order=radial, axial_order=axial
            )
    return labelled


def _orders(mode: Mode) -> Orders:
    return mode.polarization, mode.radial_order or 0, mode.axial_order or 0


def _slope(mode: Mode) -> float:
    return 2 * math.pi * mode.free_spectral_range / mode.wavelength**2


def _matches(modes: Sequence[Mode], before: Sequence[int], after: Sequence[int]) -> dict[int, int]:
    """Return, for modes of order m, their predecessors of order m - 1: mutual best pairs."""
    pairs = []
    for new in after:
        for old in before:
            step = modes[new].wavenumber.real - modes[old].wavenumber.real
            slope = (_slope(modes[new]) + _slope(modes[old])) / 2
            mismatch = abs(step - slope)
            if mismatch < _TOLERANCE * abs(slope):
                pairs.append((mismatch, new, old))
    found: dict[int, int] = {}
    used: set[int] = set()
    for _, new, old in sorted(pairs):
        if new not in found and old not in used:
            found[new] = old
            used.add(old)
    return found
