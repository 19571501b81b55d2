"""The computational domain: the unit cell or the part of it that its mirror planes leave."""

from __future__ import annotations

import cmath
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cavities.lattice import Lattice
from cavities.material import Material
from cavities.periodic_stack import PatternedLayer, PeriodicStack
from solvers.fourier_modal.cell_symmetry import cell_symmetry
from solvers.unit_cell_fem.settings import UnitCellSettings

__all__ = ["Domain", "Parities", "unit_cell_domain"]

Floats = NDArray[np.float64]
Parities = tuple[int, int, int]

_SAME = 1e-9

# Longest absorbing layer (periods); exponent by which a wave has to decay within one.
_LONGEST = 3.0
_DECAY = 4.0

# Wavelengths in the medium that lengths of absorbing layers count where they are below a period.
_LOCAL = 1.2
_SAMPLES = 21


@dataclass(frozen=True, kw_only=True, eq=False)
class Domain:
    """A parallelogram times a stretch of z (um).

    Attributes:
        stack: the unit cell.
        origin: corner of the parallelogram (2,).
        sides: its two sides as rows (2, 2).
        centre: point of symmetry of the stack (2,).
        mirrored: for the two sides and z: whether walls on mirror planes end the domain.
        phases: Bloch phase across each side.
        bottom, top: of the physical part; the lower wall is a mirror where z is mirrored.
        pml_below, pml_above: thickness of the absorbing layers; 0 below a mirror.
    """

    stack: PeriodicStack
    origin: Floats
    sides: Floats
    centre: Floats
    mirrored: tuple[bool, bool, bool]
    phases: tuple[complex, complex]
    bottom: float
    top: float
    pml_below: float
    pml_above: float

    @property
    def is_real(self) -> bool:
        """Whether all Bloch phases are real, so that the matrices are symmetric."""
        return all(abs(phase.imag) < _SAME for phase in self.phases)

    def sectors(self) -> Iterator[Parities]:
        """Yield the parities of E under the mirrors; 0 where there is none."""
        yield from itertools.product(*(((1, -1) if m else (0,)) for m in self.mirrored))

    def conducting(self, parities: Parities) -> list[str]:
        """Return the names of the walls on which the tangential E vanishes.

        E of even parity is tangential to its mirror plane, which is a magnetic wall; at the
        zone edge the parity about the opposite plane is the other one.
        """
        walls = ["bottom"] if self.pml_below else []
        for name, parity, phase in zip("ab", parities[:2], self.phases, strict=True):
            if parity == -1:
                walls.append(f"{name}0")
            if parity * phase.real < -0.5:
                walls.append(f"{name}1")
        if parities[2] == -1:
            walls.append("bottom")
        return [*walls, "top"]


def unit_cell_domain(
    stack: PeriodicStack,
    bloch: Floats,
    wavelength: tuple[float, float],
    settings: UnitCellSettings,
) -> Domain:
    """Return the smallest domain whose walls the symmetry of the stack allows.

    Args:
        stack: the unit cell.
        bloch: Bloch vector (2,), rad/um.
        wavelength: window (um), which decides how thick the absorbing layers are.
        settings: of the solver.
    """
    point, group = cell_symmetry(stack)
    centre = np.array(point)
    vectors = _cell_vectors(stack.lattice)
    phases = [cmath.exp(1j * float(bloch @ vector)) for vector in vectors]
    mirrored = [False, False, False]
    if settings.use_mirrors:
        for side, vector in enumerate(vectors):
            unit = vector / math.hypot(*vector)
            mirror = np.eye(2) - 2 * np.outer(unit, unit)
            own = any(np.allclose(mirror, one, atol=1e-7) for one in group.operations)
            straight = abs(vectors[0] @ vectors[1]) < _SAME * stack.lattice.area
            mirrored[side] = own and straight and abs(phases[side].imag) < _SAME
        mirrored[2] = _is_mirrored(stack)
    sides = np.array([v / 2 if half else v for v, half in zip(vectors, mirrored[:2], strict=True)])
    origin = centre.copy()
    for side, vector in enumerate(vectors):
        origin -= 0.0 if mirrored[side] else vector / 2
    below, above = (
        _open_space(stack, above, bloch, wavelength, settings) for above in (False, True)
    )
    half = mirrored[2]
    return Domain(
        stack=stack,
        origin=origin,
        sides=sides,
        centre=centre,
        mirrored=(mirrored[0], mirrored[1], mirrored[2]),
        phases=(phases[0], phases[1]),
        bottom=stack.thickness / 2 if half else -below[0],
        top=stack.thickness + above[0],
        pml_below=0.0 if half else below[1],
        pml_above=above[1],
    )


def _cell_vectors(lattice: Lattice) -> Floats:
    """Return the shortest vectors, the one nearer to the x axis first."""
    u, v = (np.array(vector) for vector in lattice.reduced())
    if abs(u[0]) * math.hypot(*v) < abs(v[0]) * math.hypot(*u):
        u, v = v, u
    return np.array([u if u[0] > 0 else -u, v if v[1] > 0 else -v])


def _is_mirrored(stack: PeriodicStack) -> bool:
    pieces = stack.slices()
    upside_down = [
        (p.material, p.thickness, p.inclusions if isinstance(p, PatternedLayer) else ())
        for p in pieces
    ]
    return stack.substrate == stack.superstrate and all(
        a[0] == b[0] and abs(a[1] - b[1]) < _SAME * stack.thickness and a[2] == b[2]
        for a, b in zip(upside_down, reversed(upside_down), strict=True)
    )


def _open_space(
    stack: PeriodicStack,
    above: bool,
    bloch: Floats,
    wavelength: tuple[float, float],
    settings: UnitCellSettings,
) -> tuple[float, float]:
    """Return distance and thickness (um) of an absorbing layer.

    Every diffraction order has to decay on the way to the layer's end if it is bound, and to be
    absorbed if it is open; the one with the smallest wave number q along z decides. What an
    order has decayed by in uniform layers on its way out counts.
    """
    period = stack.lattice.period
    k = 2 * math.pi / np.linspace(*wavelength, _SAMPLES)
    material = stack.superstrate if above else stack.substrate
    waves = _orders(stack, bloch, float(k.max()))
    q = _axial(material, k, waves)
    decayed = np.zeros(q.shape)
    for layer in stack.slices()[:: -1 if above else 1]:
        if isinstance(layer, PatternedLayer):
            break
        decayed += layer.thickness * _axial(layer.material, k, waves).imag
    left = np.clip(_DECAY - decayed, 0.0, None)
    # an order that opens between two samples has q = 0 there
    opens = np.any(np.diff(np.sign((q**2).real), axis=0) != 0, axis=0) & (np.abs(q.imag) < 1e-9)[0]
    needed = float(np.max(left / np.abs(q)))
    if np.any(opens & (left[0] > 0)):
        needed = _LONGEST * period
    needed = min(needed, _LONGEST * period)
    index = float(np.sqrt(np.abs(material.permittivity(np.array(wavelength)))).max())
    unit = min(period, _LOCAL * min(wavelength) / index)
    return (
        max(settings.pml_distance * unit, 0.75 * needed),
        max(settings.pml_thickness * unit, needed),
    )


def _orders(stack: PeriodicStack, bloch: Floats, k: float) -> Floats:
    """Return k + G (n, 2) of all orders that are open somewhere, and of some more."""
    wavelength = 2 * math.pi / k
    highest = max(abs(complex(one.permittivity(wavelength))) for one in stack.media)
    lattice = stack.lattice
    reach = math.sqrt(highest) * k + 4 * math.pi / lattice.period
    longest = max(math.hypot(*lattice.a1), math.hypot(*lattice.a2))
    count = math.ceil(reach * longest / (2 * math.pi))
    i, j = np.meshgrid(range(-count, count + 1), range(-count, count + 1))
    steps = np.stack([i.ravel(), j.ravel()], axis=1)
    return np.asarray(bloch + steps @ lattice.reciprocal)


def _axial(material: Material, k: Floats, waves: Floats) -> NDArray[np.complex128]:
    """Return q along z of every k (rad/um) and order, Im q >= 0: (k, n)."""
    eps = material.permittivity(2 * math.pi / k)
    square = (eps * k**2)[:, None] - (waves**2).sum(axis=1)
    return np.sqrt(np.asarray(square, dtype=np.complex128))
