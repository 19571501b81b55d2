"""Irreducible representations of bands from the expectation values of symmetry operations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solvers.fourier_modal.point_group import PointGroup

__all__ = ["band_symmetries"]

Complexes = NDArray[np.complex128]

_NEAR_WHOLE = 0.15
"""Largest distance of a multiplicity from a whole number."""

_MOST_TOGETHER = 4
"""Largest number of bands that are taken as degenerate."""


def band_symmetries(group: PointGroup, overlaps: Complexes) -> list[str | None]:
    """Return the representation of every band, None where it is not clear.

    Bands are taken together, from the lowest, until their characters are those of a sum of
    representations: multiplicity m = (1/g) sum_O chi(O)* tr <O>.

    Args:
        group: little group of the Bloch vector.
        overlaps: <band | O band> of every operation and band (g, bands).

    Example:
        >>> from solvers.fourier_modal.point_group import plane_group
        >>> overlaps = np.array([[1, 1], [1, 1], [1, 1], [1, -1]], dtype=complex)
        >>> band_symmetries(plane_group(2, 0.0), overlaps)
        ['A1', None]
    """
    irreps = group.irreps()
    characters = np.array([np.trace(i.matrices, axis1=1, axis2=2) for i in irreps])
    sizes = np.array([irrep.dimension for irrep in irreps])
    multiplicities = (characters.conj() @ overlaps).real / len(group.operations)
    found: list[str | None] = []
    bands = overlaps.shape[1]
    while len(found) < bands:
        start = len(found)
        for count in range(1, min(_MOST_TOGETHER, bands - start) + 1):
            sums = multiplicities[:, start : start + count].sum(axis=1)
            whole = np.rint(sums)
            if np.max(np.abs(sums - whole)) < _NEAR_WHOLE and whole @ sizes == count:
                found += _ordered(irreps, sizes, whole, multiplicities[:, start : start + count])
                break
        else:
            found.append(None)
    return found


def _ordered(
    irreps: tuple[object, ...],
    sizes: NDArray[np.int64],
    whole: NDArray[np.float64],
    parts: NDArray[np.float64],
) -> list[str | None]:
    """Return one name per band of a set, the likeliest first where bands can be told apart."""
    left = (whole * sizes).astype(int)
    names: list[str | None] = []
    for column in parts.T:
        weights = np.where(left > 0, column, -np.inf)
        best = int(np.argmax(weights))
        left[best] -= 1
        names.append(getattr(irreps[best], "name", None))
    return names
