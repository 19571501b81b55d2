"""docs/materials.md: its table is the registry, its examples run, its numbers are ours.

`python tests/cavities/test_material_docs.py` rewrites the table.
"""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import numpy as np
import pytest

from cavities.material import Material, material_names
from cavities.named_materials import named_materials, nanocrystal_film_index

PAGE = Path(__file__).parents[2] / "docs" / "materials.md"
TABLE = re.compile(r"(<!-- names: .*? -->\n)(.*?)(<!-- end of names -->)", re.DOTALL)


def table() -> str:
    """Return the table of names as Markdown."""
    rows = ["| name | range | n | k | source | note |", "|---|---|---|---|---|---|"]
    for name in material_names():
        material, entry = Material.named(name), named_materials()[name]
        low, high = material.wavelength_range
        span = f"{low:.3g}-{high:.4g}" if np.isfinite(high) else "any"
        index = complex(material.index(0.63))
        k = f"{index.imag:.3g}" if index.imag > 1e-12 else "0"
        rows.append(
            f"| `{name}` | {span} | {index.real:.4f} | {k} | {entry.source} | {entry.note} |"
        )
    return "\n".join(rows) + "\n"


def test_table_of_names_is_the_registry() -> None:
    found = TABLE.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None
    assert found[2] == table()


def test_examples_run() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert tried > 10
    assert failed == 0


def test_film_index_against_fraction() -> None:
    text = PAGE.read_text(encoding="utf-8")
    fractions, indices = (
        [float(cell) for cell in row.split("|")[2:-1]]
        for row in re.findall(r"^\| (?:fraction|n at 0\.65 um) \|.*$", text, re.MULTILINE)
    )
    for fraction, printed in zip(fractions, indices, strict=True):
        index = nanocrystal_film_index(fraction=fraction).index(np.array(0.65))
        assert complex(index).real == pytest.approx(printed, abs=6e-4)


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(TABLE.sub(lambda m: m[1] + table() + m[3], text), encoding="utf-8")
