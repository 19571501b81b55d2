"""Structures for the tests of coupled-wave theory."""

from __future__ import annotations

import math

import numpy as np

from cavities.body_of_revolution import Layer
from cavities.cell_shape import CellShape, Circle, Polygon
from cavities.lattice import Lattice
from cavities.periodic_presets import infilled_slab
from cavities.periodic_stack import Inclusion, PatternedLayer, PeriodicStack
from solvers.coupled_wave.basic_waves import BasicWaves, basic_waves

TRIANGLE = Polygon.regular(3, 0.1, angle_deg=20.0)


def film(
    hole: CellShape | None = None,
    *,
    index: complex = 2.0,
    filling: complex = 1.9,
    lattice: Lattice | None = None,
    cover: complex = 1.9,
) -> PeriodicStack:
    """A film with one hole per cell on glass, covered, in air."""
    shape = hole or Circle(radius=0.1365)
    layer = PatternedLayer(
        name="slab",
        thickness=0.17,
        material=index,
        inclusions=(Inclusion(shape=shape, material=filling, name="gain"),),
    )
    return PeriodicStack(
        lattice=lattice or Lattice.square(0.39),
        substrate=1.46,
        layers=(layer, Layer(name="gain", material=cover, thickness=0.08)),
        superstrate=1.0,
    )


def reference() -> PeriodicStack:
    """Structure A1 of the presets."""
    return infilled_slab().unit_cell()


def gallium_arsenide(thicknesses: dict[str, float], order: tuple[str, ...]) -> PeriodicStack:
    """The laser of the published table: round air holes, filling 0.16, a = 295 nm."""
    clad, dense = math.sqrt(11.0224), math.sqrt(12.7449)
    hole = Inclusion(shape=Circle(radius=0.295 * math.sqrt(0.16 / math.pi)), material=1.0)
    layers: list[Layer | PatternedLayer] = []
    for name in order:
        thick = thicknesses[name]
        if name == "crystal":
            layers.append(
                PatternedLayer(name=name, thickness=thick, material=dense, inclusions=(hole,))
            )
        else:
            index = math.sqrt(12.8603) if name == "active" else dense
            layers.append(Layer(name=name, material=index, thickness=thick))
    clads = [Layer(name=n, material=clad, thickness=1.5) for n in ("n-clad", "p-clad")]
    return PeriodicStack(
        lattice=Lattice.square(0.295),
        substrate=clad,
        layers=(clads[0], *layers, clads[1]),
        superstrate=clad,
    )


def square_waves() -> BasicWaves:
    return basic_waves(Lattice.square(0.4), 2)


def sorted_by_size(values: np.ndarray) -> np.ndarray:
    return values[np.lexsort((np.round(values.imag, 9), np.round(values.real, 9)))]
