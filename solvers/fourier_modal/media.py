"""Permittivities at complex k0, with additional gain or a changed index."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from cavities.material import Material

__all__ = ["Media", "Medium", "index_tilt"]

_RELATIVE_STEP = 1e-5


class Medium(NamedTuple):
    """Permittivity and its derivative d eps/dk (um/rad)."""

    eps: complex
    slope: complex


@dataclass(frozen=True, kw_only=True, eq=False)
class Media:
    """How regions answer to light.

    Attributes:
        gain: intensity gain g (1/um) by region, n = n0 - i g/(2 k0).
        index_shift: added to the index, by region.
    """

    gain: Mapping[str, float] = field(default_factory=dict)
    index_shift: Mapping[str, complex] = field(default_factory=dict)

    def at(self, region: str, material: Material, k: complex) -> Medium:
        """Return the medium of a region at complex k0 (rad/um), continued by its model."""
        index, slope = _index(material, complex(k))
        shift = self.index_shift.get(region)
        if shift:
            index += shift
        gain = self.gain.get(region)
        if gain:
            index -= 0.5j * gain / k
            slope += 0.5j * gain / k**2
        return Medium(index**2, 2 * index * slope)


def _index(material: Material, k: complex) -> tuple[complex, complex]:
    model = material.model
    wavelength = 2 * math.pi / k
    if not model.is_dispersive:
        return complex(model.index(np.array([wavelength.real]))[0]), 0j
    # Along the imaginary axis: no step leaves the range of the data.
    step = _RELATIVE_STEP * abs(wavelength)
    points = np.array([wavelength, wavelength + 1j * step, wavelength - 1j * step])
    here, ahead, behind = model.continued_index(points)
    slope = (ahead - behind) / (2j * step) * (-wavelength / k)
    return complex(here), complex(slope)


def index_tilt(material: Material, k: complex) -> complex:
    """Return dn/d(Re lambda) - dn/d(i Im lambda) (1/um) at k0 (rad/um): 0 if n is analytic.

    A continuation to first order, n(x + iy) = n(x) + iy n'(x), is not: n' changes along x.
    """
    if not material.is_dispersive:
        return 0j
    wavelength = 2 * math.pi / complex(k)
    low, high = material.wavelength_range
    step = _RELATIVE_STEP * wavelength.real
    ends = max(wavelength.real - step, low), min(wavelength.real + step, high)
    index = material.model.continued_index
    left, right = index(np.array(ends) + 1j * wavelength.imag)
    above, below = index(wavelength + 1j * step * np.array([1, -1]))
    return complex((right - left) / (ends[1] - ends[0]) - (above - below) / (2j * step))
