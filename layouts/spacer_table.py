"""Spacer tables: which spacer thickness puts which longitudinal mode at which wavelength.

At normal incidence, seen from inside the spacer, a mode closes its phase after a round trip,

    arg r_below + arg r_above + 4 pi Re(n) d / lambda = 2 pi m,

with r_below and r_above the reflection amplitudes of everything below and above the spacer,
computed from the layers (film, mirrors and outer media included) by the recursion of Fresnel
coefficients (M. Born and E. Wolf, Principles of Optics, section 1.6,
doi:10.1017/CBO9781139644181). Nothing is approximated but that the mode's wavelength is taken
real. With Phi the left-hand side,

    free spectral range = 2 pi / |d Phi / d lambda|,  L = lambda^2 / (2 free spectral range),

where L is the effective optical length: group indices and penetration into the mirrors are in
it, so that L = n_g L_eff of the usual formula lambda^2 / (2 n_g L_eff). The order m counts the
half waves between the mirrors with the phases of the mirrors taken within [-pi/2, 3 pi/2).
"""

from __future__ import annotations

import cmath
import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cavities.spec import Spec
from layouts.planar_parts import planar_stack, reference_wavelength, sections

if TYPE_CHECKING:
    import pandas as pd

    from cavities.body_of_revolution import Layer
    from cavities.material import Material

__all__ = ["longitudinal_modes", "spacer_thicknesses"]

STEP = 1e-6
"""Relative step of the wavelength for the numerical derivative of the phase."""


@dataclass(frozen=True, kw_only=True)
class _Resonator:
    """A spacer with the layers on either side, each from the spacer outwards."""

    spacer: Layer
    below: tuple[Layer, ...]
    above: tuple[Layer, ...]
    mirrors: tuple[int, int]
    outside: tuple[Material, Material]
    reference: float

    def mirror_phases(self, wavelength: float) -> float:
        """Return arg r_below + arg r_above on the branch that counts half waves."""
        return sum(self._side_phase(side, wavelength) for side in range(2))

    def round_trip(self, wavelength: float, thickness: float) -> float:
        """Return the modulus of the amplitude that is left after a round trip."""
        index = complex(self.spacer.material.index(wavelength))
        loss = math.exp(-4 * math.pi * index.imag * thickness / wavelength)
        return loss * abs(self._reflection(0, wavelength) * self._reflection(1, wavelength))

    def phase(self, wavelength: float, thickness: float) -> float:
        """Return Phi, the phase of a round trip."""
        index = float(self.spacer.material.index(wavelength).real)
        return self.mirror_phases(wavelength) + 4 * math.pi * index * thickness / wavelength

    def slope(self, wavelength: float, thickness: float) -> float:
        """Return d Phi / d lambda (rad/um)."""
        step = STEP * wavelength
        up, down = (self.phase(wavelength + s, thickness) for s in (step, -step))
        return _wrapped(up - down) / (2 * step)

    def _layers(self, side: int) -> tuple[Layer, ...]:
        return self.above if side else self.below

    def _reflection(self, side: int, wavelength: float) -> complex:
        return _reflection(self.spacer.material, self._layers(side), self.outside[side], wavelength)

    def _side_phase(self, side: int, wavelength: float) -> float:
        layers = self._layers(side)
        between = layers[: len(layers) - self.mirrors[side]]
        beside = between[-1].material if between else self.spacer.material
        mirror = _reflection(beside, layers[len(between) :], self.outside[side], wavelength)
        guess = (cmath.phase(mirror) + math.pi / 2) % (2 * math.pi) - math.pi / 2
        for layer in between:
            index = float(layer.material.index(wavelength).real)
            guess += 4 * math.pi * index * layer.thickness / wavelength
        return guess + _wrapped(cmath.phase(self._reflection(side, wavelength)) - guess)


def spacer_thicknesses(
    cavity: Spec,
    *,
    wavelength: float | None = None,
    thickness: tuple[float, float] | None = None,
    spacer: str | None = None,
) -> pd.DataFrame:
    """Return the spacer thicknesses that put a longitudinal mode at a wavelength.

    Args:
        cavity: a TwoMirrorCavity or a PlanarMicrocavity.
        wavelength: where the mode shall be (um); None: the design wavelength of the mirrors.
        thickness: (low, high) spacer thickness (um); None: 0 to twice the cavity's own.
        spacer: name of the layer that varies; None: "spacer", or the only layer there is.

    Returns:
        One row per order: order, spacer_nm, free_spectral_range_nm, effective_length_um (L, an
        optical length), shift_nm_per_nm (of the mode with the spacer), linewidth_nm (of a
        Fabry-Perot resonator, FSR (1 - a)/(pi sqrt(a)), a the amplitude left after a round
        trip; without scattering and without what a real film absorbs beyond its index).

    Raises:
        TypeError: not a cavity of two mirrors.
        ValueError: an unknown spacer, or a range in which no thickness fits.

    Example:
        >>> from cavities import TwoMirrorCavity
        >>> table = spacer_thicknesses(TwoMirrorCavity(spacer_thickness=5.0),
        ...                            thickness=(4.5, 5.5))
        >>> table["order"].tolist()
        [26, 27, 28, 29, 30]
    """
    resonator = _resonator(cavity, spacer)
    target = _wavelength(wavelength, resonator)
    low, high = (0.0, 2 * resonator.spacer.thickness) if thickness is None else thickness
    if not 0 <= low < high < math.inf:
        raise ValueError(
            f"thickness: must be (low, high) with 0 <= low < high in um, got ({low:g}, {high:g}); "
            "swap them or check the unit"
        )
    index = float(resonator.spacer.material.index(target).real)
    per_um = 4 * math.pi * index / target
    fixed = resonator.mirror_phases(target)
    first = math.ceil((fixed + per_um * low) / (2 * math.pi) - 1e-12)
    last = math.floor((fixed + per_um * high) / (2 * math.pi) + 1e-12)
    rows = [
        (order, target, (2 * math.pi * order - fixed) / per_um) for order in range(first, last + 1)
    ]
    if not rows:
        raise ValueError(
            f"thickness: must hold a spacer with a mode at {1e3 * target:g} nm, got "
            f"({low:g}, {high:g}) um without one; widen it to {target / 2 / index:.3g} um"
        )
    return _frame(resonator, rows).drop(columns="wavelength_nm")


def longitudinal_modes(
    cavity: Spec,
    *,
    wavelength: tuple[float, float],
    thickness: Iterable[float] | None = None,
    spacer: str | None = None,
) -> pd.DataFrame:
    """Return the longitudinal modes within a window for a series of spacer thicknesses.

    Args:
        cavity: a TwoMirrorCavity or a PlanarMicrocavity.
        wavelength: window (low, high) (um).
        thickness: spacer thicknesses (um); None: the cavity's own.
        spacer: name of the layer that varies; None: "spacer", or the only layer there is.

    Returns:
        One row per mode, by spacer and wavelength: the columns of `spacer_thicknesses` and
        wavelength_nm. Empty where no mode is in the window. Where a line would be wider than
        the free spectral range (outside the mirrors' band) there is no mode to speak of, and no
        row.

    Raises:
        TypeError: not a cavity of two mirrors.
        ValueError: an unknown spacer, a window or a thickness out of range.

    Example:
        >>> from cavities import TwoMirrorCavity
        >>> table = longitudinal_modes(TwoMirrorCavity(spacer_thickness=5.0),
        ...                            wavelength=(0.65, 0.73))
        >>> table["order"].tolist()
        [29, 28, 27]
    """
    resonator = _resonator(cavity, spacer)
    low, high = wavelength
    if not 0 < low < high < math.inf:
        raise ValueError(
            f"wavelength: must be (low, high) with 0 < low < high in um, got ({low:g}, {high:g}); "
            "swap them or check the unit"
        )
    series = [resonator.spacer.thickness] if thickness is None else [float(d) for d in thickness]
    for value in series:
        if not 0 < value < math.inf:
            raise ValueError(f"thickness: must be > 0 um, got {value:g}; give micrometres")
    rows: list[tuple[int, float, float]] = []
    for value in series:
        rows += [(order, x, value) for order, x in _modes(resonator, low, high, value)]
    table = _frame(resonator, rows)
    lines = table["linewidth_nm"] < table["free_spectral_range_nm"]
    return table[lines].reset_index(drop=True)


def _modes(
    resonator: _Resonator, low: float, high: float, thickness: float
) -> list[tuple[int, float]]:
    """Return order and wavelength (um) of every mode, by wavelength."""
    from scipy.optimize import brentq

    def index_length(layers: tuple[Layer, ...]) -> float:
        return sum(float(x.material.index(low).real) * x.thickness for x in layers)

    length = index_length((*resonator.below, *resonator.above))
    length += float(resonator.spacer.material.index(low).real) * thickness
    count = 64 + math.ceil(32 * 2 * length * (1 / low - 1 / high))
    grid = np.linspace(low, high, count)
    phase = np.unwrap([resonator.phase(float(x), thickness) for x in grid])
    anchor = int(np.argmin(np.abs(grid - resonator.reference)))
    turns: NDArray[np.float64] = phase / (2 * math.pi)
    turns -= np.round(
        turns[anchor] - resonator.phase(float(grid[anchor]), thickness) / (2 * math.pi)
    )
    found = []
    for start, (one, two) in enumerate(itertools.pairwise(turns)):
        for order in range(math.ceil(min(one, two)), math.floor(max(one, two)) + 1):
            if two == order and start + 2 < count:
                continue  # counted as the start of the next interval

            def excess(x: float, order: int = order) -> float:
                return _wrapped(resonator.phase(x, thickness) - 2 * math.pi * order)

            found.append((order, float(brentq(excess, grid[start], grid[start + 1], xtol=1e-14))))
    return found


def _frame(resonator: _Resonator, rows: list[tuple[int, float, float]]) -> pd.DataFrame:
    """Return the table of modes given by order, wavelength and spacer thickness (um)."""
    import pandas as pd

    table: dict[str, list[float]] = {
        name: []
        for name in (
            "spacer_nm",
            "order",
            "wavelength_nm",
            "free_spectral_range_nm",
            "effective_length_um",
            "shift_nm_per_nm",
            "linewidth_nm",
        )
    }
    for order, wavelength, thickness in rows:
        slope = abs(resonator.slope(wavelength, thickness))
        spacing = 2 * math.pi / slope
        index = float(resonator.spacer.material.index(wavelength).real)
        kept = resonator.round_trip(wavelength, thickness)
        values = (
            1e3 * thickness,
            order,
            1e3 * wavelength,
            1e3 * spacing,
            wavelength**2 / (2 * spacing),
            4 * math.pi * index / wavelength / slope,
            1e3 * spacing * (1 - kept) / (math.pi * math.sqrt(kept)),
        )
        for column, value in zip(table.values(), values, strict=True):
            column.append(value)
    frame = pd.DataFrame(table)
    frame["order"] = frame["order"].astype(int)
    return frame


def _resonator(cavity: Spec, name: str | None) -> _Resonator:
    bottom, middle, top = sections(cavity)
    if not bottom or not top:
        raise TypeError(
            "cavity: must have a mirror below and above, got "
            f"{type(cavity).__name__}; use a TwoMirrorCavity or a PlanarMicrocavity"
        )
    names = [layer.name for layer in middle]
    wanted = name or ("spacer" if "spacer" in names else names[0] if len(names) == 1 else None)
    if wanted is None or names.count(wanted) != 1:
        raise ValueError(
            f"spacer: must name one of the layers between the mirrors, {', '.join(names)}, got "
            f"{wanted!r}; choose a name that occurs once"
        )
    place = names.index(wanted)
    stack = planar_stack(cavity)
    return _Resonator(
        spacer=middle[place],
        below=(*bottom, *middle[:place])[::-1],
        above=(*middle[place + 1 :], *top),
        mirrors=(len(bottom), len(top)),
        outside=(stack.substrate, stack.superstrate),
        reference=reference_wavelength(cavity) or math.nan,
    )


def _wavelength(given: float | None, resonator: _Resonator) -> float:
    target = resonator.reference if given is None else given
    if not 0 < target < math.inf:
        raise ValueError(
            "wavelength: must be > 0 um (and given, for a cavity without a quarter-wave mirror), "
            f"got {given}; pass the wavelength of the mode"
        )
    return target


def _reflection(
    inside: Material, layers: tuple[Layer, ...], outside: Material, wavelength: float
) -> complex:
    """Return the reflection amplitude of layers seen from `inside`, nearest layer first."""
    index = [complex(layer.material.index(wavelength)) for layer in layers]
    media = [complex(inside.index(wavelength)), *index, complex(outside.index(wavelength))]
    amplitude = 0.0 + 0.0j
    for number in range(len(media) - 2, -1, -1):
        near, far = media[number], media[number + 1]
        if number + 1 < len(media) - 1:
            path = 4 * math.pi * far * layers[number].thickness / wavelength
            amplitude *= cmath.exp(1j * path)
        step = (near - far) / (near + far)
        amplitude = (step + amplitude) / (1 + step * amplitude)
    return amplitude


def _wrapped(phase: float) -> float:
    """Return a phase within [-pi, pi)."""
    return (phase + math.pi) % (2 * math.pi) - math.pi
