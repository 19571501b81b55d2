"""Users' data: tables, CSV files and refractiveindex.info YAML files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cavities.constants import HC_EV_NM
from cavities.database_yaml import parse_database_yaml
from cavities.index_csv import parse_index_csv
from cavities.index_table import TableIndex
from cavities.material import Material

EXPECTED = ((0.5, 0.6, 0.8), (1.90, 1.86, 1.84), (0.02, 0.01, 0.0))


@pytest.mark.parametrize(
    "text",
    [
        "wavelength_um,n,k\n0.5,1.90,0.02\n0.6,1.86,0.01\n0.8,1.84,0\n",
        "wavelength_nm,n,k\n500,1.90,0.02\n600,1.86,0.01\n800,1.84,0\n",
        "wavelength_nm;k;n\n800;0;1.84\n500;0.02;1.90\n600;0.01;1.86\n",
        "# my film\nWavelength (um)\tn\tk\n0.5\t1.90\t0.02\n0.6\t1.86\t0.01\n\n0.8\t1.84\t0\n",
        "wl,n\n0.5,1.90\n0.6,1.86\n0.8,1.84\n\nwl,k\n0.5,0.02\n0.6,0.01\n0.8,0\n",
    ],
)
def test_csv_dialects(text: str) -> None:
    table = parse_index_csv(text)
    assert (table.wavelength, table.n, table.k) == EXPECTED


def test_csv_energies() -> None:
    table = parse_index_csv("energy_eV,n\n1.55,1.8\n2.48,1.9\n")
    assert table.wavelength == pytest.approx((HC_EV_NM / 2480, HC_EV_NM / 1550))
    assert table.n == (1.9, 1.8)
    assert table.k == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must have a header and rows, got an empty text"),
        ("wavelength_um,n\n", "must have rows, got only a header"),
        ("0.5,1.9\n0.6,1.8\n", "add a header"),
        ("wavelength,n\n0.5,1.9\n", "the header must be wavelength_um"),
        ("wavelength_um,index\n0.5,1.9\n", "the header must be wavelength_um"),
        ("wavelength_um,k\n0.5,1.9\n", "must have a column n, got only k"),
        ("wavelength_um,n\n0.5,1.9\n0.6\n", "row 3 must hold the numbers wavelength_um, n"),
        ("wavelength_um,n\n0.5,abc\n", "row 2 must hold the numbers"),
        ("wavelength_um,n\n500,1.9\n600,1.8\n", "name the column wavelength_nm for nm"),
        ("wavelength_um,n\n-0.5,1.9\n", "wavelength_um must be > 0, got -0.5"),
        ("wavelength_um,n\n0.5,1.9\n0.5,1.8\n", "must not repeat a value"),
        ("wl,n\n0.5,1.9\nwl,k\n0.6,0.1\n", "must be given on the same wavelengths"),
    ],
)
def test_csv_errors_are_one_line_and_name_the_file(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        parse_index_csv(text, where="film.csv")
    assert str(caught.value).startswith("film.csv: ")
    assert "\n" not in str(caught.value)


def test_from_csv(tmp_path: Path) -> None:
    file = tmp_path / "my_film.csv"
    file.write_text("wavelength_nm,n,k\n500,1.9,0.1\n600,1.8,0.0\n", encoding="utf-8-sig")
    film = Material.from_csv(file, citation="ellipsometry, this work")
    assert (film.name, film.source) == ("my_film", "ellipsometry, this work")
    assert film.wavelength_range == (0.5, 0.6)
    assert complex(film.index(0.5)) == 1.9 + 0.1j
    with pytest.raises(FileNotFoundError):
        Material.from_csv(tmp_path / "absent.csv")


YAML = """
REFERENCES: |
    A. Author, <a href="https://doi.org/10.1000/xyz"><i>J. Index</i> <b>1</b>, 2 (1999)</a><br>
COMMENTS: "SiO<sub>2</sub> &amp; more"
DATA:
  - type: tabulated n
    data: |
        0.8 1.84
        0.5 1.90
        0.6 1.86
        0.6 1.99
  - type: tabulated k
    data: |
        0.45 0.02
        0.70 0.00
"""


def test_yaml_tables_of_n_and_k_on_different_grids(tmp_path: Path) -> None:
    file = tmp_path / "Author.yml"
    file.write_text(YAML)
    for material in (Material.from_refractiveindex(file), Material.from_refractiveindex(YAML)):
        assert material.source == "A. Author, J. Index 1, 2 (1999), doi:10.1000/xyz"
        assert material.wavelength_range == (0.5, 0.7)  # where both n and k are known
        assert complex(material.index(0.6)).real == 1.86  # the first of repeated rows
        assert complex(material.index(0.575)).imag == pytest.approx(0.01)
        again = Material.model_validate_json(material.model_dump_json())
        assert again == material
    assert Material.from_refractiveindex(file).name == "Author"
    assert parse_database_yaml(YAML).comments == "SiO2 & more"


def test_yaml_of_a_database_file_equals_its_page() -> None:
    text = (
        "REFERENCES: 'I. H. Malitson'\nDATA:\n  - type: formula 1\n"
        "    wavelength_range: 0.21 6.7\n    coefficients: "
        "0 0.6961663 0.0684043 0.4079426 0.1162414 0.8974794 9.896161\n"
    )
    x = np.linspace(0.21, 6.7, 20)
    ours = Material.from_refractiveindex(text).index(x)
    assert np.array_equal(ours, Material.named("SiO2").index(x))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1\n", "must be YAML"),
        ("just text\nand more\n", "must have a DATA list"),
        ("DATA: 5\n", "must have a DATA list"),
        ("DATA: []\n", "must give n"),
        ("DATA:\n - {type: tabulated n2, data: '1 2'}\n", "got 'tabulated n2'"),
        ("DATA:\n - {type: tabulated nk, data: '0.5 1.5'}\n", "must have 3 numbers"),
        ("DATA:\n - {type: tabulated n, data: '0.5 x'}\n", "must hold numbers"),
        ("DATA:\n - {type: tabulated n, data: ''}\n", "must have rows"),
        ("DATA:\n - {type: tabulated n, data: '-0.5 1.5'}\n", "must be > 0 um"),
        ("DATA:\n - {type: tabulated k, data: '0.5 1.5'}\n", "got only k"),
        ("DATA:\n - {type: formula 1}\n", "wavelength_range and coefficients"),
        ("DATA:\n - {type: formula 1, range: '1', coefficients: '0'}\n", "two wavelengths"),
        ("DATA:\n - {type: formula 12, range: '1 2', coefficients: '0'}\n", "less than or equal"),
        ("DATA:\n - {type: formula 2, range: '1 2', coefficients: '0 1'}\n", "an odd number"),
        ("DATA:\n - {type: formula 5, range: '2 1', coefficients: '1'}\n", "must be below"),
    ],
)
def test_yaml_errors_are_one_line_and_name_the_file(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        parse_database_yaml(text, where="page.yml")
    assert str(caught.value).startswith("page.yml: ")
    assert "\n" not in str(caught.value)


columns = st.lists(st.floats(0.0, 5.0), min_size=3, max_size=12)


@given(k=columns, position=st.floats(0, 1))
def test_interpolated_k_hits_the_table_and_stays_between_neighbours(
    k: list[float], position: float
) -> None:
    x = np.linspace(0.4, 0.8, len(k))
    table = TableIndex(wavelength=tuple(x.tolist()), n=(1.5,) * len(k), k=tuple(k))
    assert np.allclose(table.index(x).imag, k, atol=1e-12)
    at = 0.4 + 0.4 * position
    left = min(int(np.searchsorted(x, at, side="right")) - 1, len(k) - 2)
    low, high = sorted(k[left : left + 2])
    assert low - 1e-9 <= float(table.index(np.array(at)).imag) <= high + 1e-9


def test_interpolation_of_a_straight_line_is_exact() -> None:
    table = Material.from_table([0.4, 0.5, 0.9], [2.0, 1.9, 1.5])
    x = np.linspace(0.4, 0.9, 11)
    assert table.index(x).real == pytest.approx(2.4 - x, abs=1e-14)
    assert table.group_index(x) == pytest.approx(np.full(11, 2.4), abs=1e-12)


def test_single_row_is_a_constant() -> None:
    table = Material.from_table([0.63], [1.7], [0.1])
    assert not table.is_dispersive
    assert complex(table.changed(allow_extrapolation=True).index(0.5)) == 1.7 + 0.1j
    assert float(table.group_permittivity(0.63)) == pytest.approx(1.7**2 - 0.1**2)


@pytest.mark.parametrize(
    ("wavelength", "n", "k", "message"),
    [
        ([0.5, 0.4], [1.5, 1.5], [], "must increase strictly"),
        ([0.5, 0.5], [1.5, 1.5], [], "must increase strictly"),
        ([0.0, 0.5], [1.5, 1.5], [], "must be > 0 um"),
        ([0.4, 0.5], [1.5], [], "n: must have one value per wavelength"),
        ([0.4, 0.5], [1.5, 1.5], [0.0], "k: must have one value per wavelength"),
        ([0.4, 0.5], [1.5, float("nan")], [], "finite"),
    ],
)
def test_bad_tables_are_refused(
    wavelength: list[float], n: list[float], k: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Material.from_table(wavelength, n, k)


def test_long_tables_have_a_short_repr() -> None:
    x = np.linspace(0.4, 0.8, 1000)
    assert len(repr(Material.from_table(x, 1.5 + 0 * x))) < 200
