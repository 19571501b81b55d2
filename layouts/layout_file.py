"""GDS and OASIS files that depend on the chip alone, not on what was drawn before it.

gdsfactory keeps every cell of a session in one shared layout, whose layer table and cell order
reflect the session's history. The file is written from a fresh copy with its own layers (named
by our map) and its cells in alphabetical order, without timestamps: same chip, same bytes.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import klayout.db as kdb

from layouts.layers import layer_info, layer_name

if TYPE_CHECKING:
    import gdsfactory as gf

__all__ = ["SUFFIXES", "read_layout_file", "to_klayout", "write_layout_file"]

SUFFIXES = (".gds", ".oas")
"""Endings of the file names that `write_layout_file` knows."""


def to_klayout(component: gf.Component, *, metadata: bool = True) -> kdb.Layout:
    """Return a fresh klayout layout with the component and the cells it refers to.

    Args:
        component: the top cell.
        metadata: whether to carry settings and `info` of every cell along.

    Raises:
        ValueError: two different cells share one name.
    """
    source: kdb.Layout = component.kcl.layout
    indices = [*component.called_cells(), component.cell_index()]
    cells = sorted((source.cell(index) for index in indices), key=lambda cell: str(cell.name))
    names = [cell.name for cell in cells]
    for name, following in itertools.pairwise(names):
        if name == following:
            raise ValueError(
                f"component: every cell must have its own name, got {name!r} twice; "
                "rename one of the two cells"
            )
    target = kdb.Layout()
    target.dbu = source.dbu
    if metadata:
        for index in indices:
            component.kcl[index].set_meta_data()
        for key in ("version", "meta_format"):
            target.add_meta_info(_kfactory_setting(component, key))
    layers: dict[int, int] = {}
    for info, index in sorted(
        ((source.get_info(index), index) for index in source.layer_indexes()),
        key=lambda pair: (pair[0].layer, pair[0].datatype),
    ):
        if any(not cell.shapes(index).is_empty() for cell in cells):
            known = layer_name(info.layer, info.datatype)
            layers[index] = target.layer(layer_info(known) if known else info)
    copies = {cell.cell_index(): target.create_cell(cell.name) for cell in cells}
    for cell in cells:
        copy = copies[cell.cell_index()]
        for old, new in layers.items():
            copy.shapes(new).insert(cell.shapes(old))
        for instance in cell.each_inst():
            array = instance.cell_inst.dup()
            array.cell_index = copies[instance.cell_index].cell_index()
            copy.insert(array)
        if metadata:
            for item in cell.each_meta_info():
                copy.add_meta_info(item)
    return target


def write_layout_file(layout: kdb.Layout, path: Path, *, metadata: bool = True) -> None:
    """Write a klayout layout as GDS or OASIS, by the ending of the name, without timestamps.

    Args:
        layout: what to write.
        path: must end in ".gds" or ".oas".
        metadata: whether to write settings and `info` (in GDS they become one more cell,
            "$$$CONTEXT_INFO$$$", that other readers may show).
    """
    options = kdb.SaveLayoutOptions()
    options.set_format_from_filename(str(path))
    options.gds2_write_timestamps = False
    options.gds2_write_file_properties = False
    options.gds2_libname = "LASEWRIGHT"
    options.oasis_compression_level = 10
    options.oasis_write_cblocks = True
    options.write_context_info = metadata
    layout.write(str(path), options)


def read_layout_file(path: str | Path) -> kdb.Layout:
    """Return the klayout layout in a GDS or OASIS file.

    Raises:
        ValueError: the file is not there, or is neither GDS nor OASIS.
    """
    source = Path(path)
    if not source.is_file():
        raise ValueError(f"path: must be a GDS or OASIS file, got {str(path)!r}; check the name")
    layout = kdb.Layout()
    try:
        layout.read(str(source))
    except RuntimeError as error:
        reason = str(error).split("\n")[0]
        raise ValueError(
            f"path: must be a GDS or OASIS file, got {str(path)!r} ({reason}); write it again"
        ) from None
    return layout


def _kfactory_setting(component: gf.Component, key: str) -> kdb.LayoutMetaInfo:
    value = component.kcl.settings.model_dump()[key]
    return kdb.LayoutMetaInfo(f"kfactory:settings:{key}", value, None, True)
