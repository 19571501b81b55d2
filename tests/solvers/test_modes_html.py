"""The notebook table of a mode set: well-formed, complete, escaped, self-contained."""

import math
from xml.etree import ElementTree as ET

from solvers.modes import Mode, ModeSet


def table(modes: ModeSet) -> list[list[str]]:
    """Return the cells' texts, row by row; fails on HTML that is not well-formed."""
    root = ET.fromstring(modes._repr_html_())
    return [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")]


def test_rows_hold_the_numbers() -> None:
    mode = Mode(
        wavenumber=10 - 5e-5j,
        polarization="TE",
        azimuthal_order=75,
        quality_factors={"radiation": 1e7, "absorption:gold": 1e7 / 99},
        confinement={"resist": 0.9, "gain": 0.05, "gold": 2e-5},
        mode_volume=31.25,
    )
    head, row = table(ModeSet(modes=(mode,)))
    assert head[1:5] == ["mode", "wavelength (um)", "Q", "main loss"]
    assert head[5:] == ["in resist", "in gain", "in gold", "volume (um3)"]
    assert row[:4] == ["0", "TE m=75", "0.628319", "1.00×105"]
    assert row[4] == "absorption:gold 99%"
    assert row[5:] == ["0.9000", "0.0500", "2.0e-05", "31.25"]


def test_extremes() -> None:
    modes = (
        Mode(wavenumber=10, quality_factors={"radiation": math.inf}),
        Mode(wavenumber=10 + 0.01j, quality_factors={"radiation": 1e3, "gain": -333.0}),
        Mode(wavenumber=10 - 0.01j),
    )
    _, lossless, gaining, bare = table(ModeSet(modes=modes))
    assert lossless[3:5] == ["∞", ""]
    assert gaining[3:5] == ["-500", "radiation"]
    assert bare[3:] == ["500", "", ""]
    assert len(table(ModeSet(modes=()))) == 1


def test_names_are_escaped_and_nothing_is_fetched() -> None:
    mode = Mode(wavenumber=10, polarization="<b>&", confinement={"<script>": 1.0})
    text = ModeSet(modes=(mode,))._repr_html_()
    assert "<script>" not in text
    assert "<b>" not in text
    assert "http" not in text


def test_long_sets_are_cut_and_say_so() -> None:
    modes = ModeSet(modes=tuple(Mode(wavenumber=0.1 * m + 1) for m in range(100)))
    assert len(table(modes)) == 25
    assert "and 76 more" in modes._repr_html_()
