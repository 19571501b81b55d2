"""The layer map: every layer of a chip by name, with its GDS numbers and its meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import klayout.db as kdb

__all__ = [
    "DOSE_CLASSES",
    "LATTICE_LAYERS",
    "LAYERS",
    "PLANAR_LAYERS",
    "Layer",
    "dose_layer",
    "layer",
    "layer_info",
    "layer_name",
]


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One layer of the map.

    Attributes:
        name: the name used everywhere in the package, and stored in OASIS files.
        number, datatype: the pair of integers that stands for it in GDS and OASIS.
        meaning: one line for legends and documentation.
        color: matplotlib colour of the layer in previews.
    """

    name: str
    number: int
    datatype: int
    meaning: str
    color: str


LAYERS: Mapping[str, Layer] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Layer(
                name="rim",
                number=1,
                datatype=0,
                meaning="outer rim (top circle) of every disk, as predicted",
                color="#31688e",
            ),
            Layer(
                name="base",
                number=2,
                datatype=0,
                meaning="circle where the disk meets the substrate, as predicted",
                color="#fde725",
            ),
            Layer(
                name="device",
                number=3,
                datatype=0,
                meaning="text: the manifest name of each disk, at its exposure spot",
                color="#000000",
            ),
            Layer(
                name="label",
                number=10,
                datatype=0,
                meaning="lettering and vernier scale written together with the disks",
                color="#4d4d4d",
            ),
            Layer(
                name="marks",
                number=20,
                datatype=0,
                meaning="alignment marks made before the disks (metal)",
                color="#b5651d",
            ),
            Layer(
                name="floorplan",
                number=99,
                datatype=0,
                meaning="outline of the chip",
                color="#9e9e9e",
            ),
        )
    }
)
"""Layers of every chip of disks, by name."""

PLANAR_LAYERS: Mapping[str, Layer] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Layer(
                name="mesa",
                number=4,
                datatype=0,
                meaning="mesas or trap disks: the cavity is whole inside",
                color="#31688e",
            ),
            Layer(
                name="mesa_area",
                number=5,
                datatype=0,
                meaning="test areas, treated like the inside of a mesa",
                color="#7ad151",
            ),
            Layer(
                name="no_bottom_mirror",
                number=31,
                datatype=0,
                meaning="windows that the bottom mirror leaves free (shadow mask or lift-off)",
                color="#440154",
            ),
            Layer(
                name="no_cavity",
                number=32,
                datatype=0,
                meaning="windows that spacers and gain film leave free",
                color="#d55e00",
            ),
            Layer(
                name="no_top_mirror",
                number=33,
                datatype=0,
                meaning="windows that the top mirror leaves free",
                color="#cc79a7",
            ),
            Layer(
                name="dicing",
                number=98,
                datatype=0,
                meaning="dicing street around the floorplan: nothing is written there",
                color="#bdbdbd",
            ),
        )
    }
)
"""Layers that only chips of planar cavities have, by name."""

DOSE_CLASSES = 10
"""Dose classes of a pattern: datatypes 0 to 9 of its layer."""


def _pattern_layers(name: str, number: int, meaning: str, color: str) -> tuple[Layer, ...]:
    """Return the layers of one pattern, a datatype for each dose class."""
    return tuple(
        Layer(
            name=dose_layer(name, dose_class),
            number=number,
            datatype=dose_class,
            meaning=f"{meaning}, dose class {dose_class} (factors are in the manifest)",
            color=color,
        )
        for dose_class in range(DOSE_CLASSES)
    )


def dose_layer(pattern: str, dose_class: int) -> str:
    """Return the name of the layer of a pattern ("hole", "pillar") in a dose class from 0 to 9.

    Example:
        >>> dose_layer("hole", 0), dose_layer("hole", 2)
        ('hole', 'hole_dose_2')
    """
    return pattern if dose_class == 0 else f"{pattern}_dose_{dose_class}"


LATTICE_LAYERS: Mapping[str, Layer] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            *_pattern_layers("hole", 6, "holes of a lattice: etched inside", "#31688e"),
            *_pattern_layers("pillar", 7, "pillars of a lattice: etched outside", "#31688e"),
            Layer(
                name="device_area",
                number=41,
                datatype=0,
                meaning="outline of each lattice device, not written",
                color="#7ad151",
            ),
            Layer(
                name="write_field",
                number=42,
                datatype=0,
                meaning="outline of each write field, not written",
                color="#d55e00",
            ),
        )
    }
)
"""Layers that only chips of periodic cavities have, by name."""


def layer(name: str) -> Layer:
    """Return the layer called `name`.

    Raises:
        ValueError: there is no such layer.

    Example:
        >>> layer("rim").number, layer("rim").datatype
        (1, 0)
    """
    known = {**LAYERS, **PLANAR_LAYERS, **LATTICE_LAYERS}
    try:
        return known[name]
    except KeyError:
        raise ValueError(
            f"layer: must be one of {', '.join(known)}, got {name!r}; choose one of them"
        ) from None


def layer_name(number: int, datatype: int) -> str | None:
    """Return the name of a layer by its GDS numbers, None when it is not in the map.

    Example:
        >>> layer_name(4, 0), layer_name(4, 1)
        ('mesa', None)
    """
    for entry in (*LAYERS.values(), *PLANAR_LAYERS.values(), *LATTICE_LAYERS.values()):
        if (entry.number, entry.datatype) == (number, datatype):
            return entry.name
    return None


def layer_info(name: str) -> kdb.LayerInfo:
    """Return the layer called `name` as klayout's LayerInfo (number, datatype and name).

    Raises:
        ValueError: there is no such layer.
    """
    import klayout.db as kdb

    entry = layer(name)
    return kdb.LayerInfo(entry.number, entry.datatype, entry.name)
