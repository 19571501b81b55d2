"""Named materials against numbers printed in their sources or in standard tables."""

from __future__ import annotations

import numpy as np
import pytest

from cavities.material import Material

FRAUNHOFER_D = 0.5875618


@pytest.mark.parametrize(
    ("name", "wavelength", "printed", "last_digit"),
    [
        # Malitson 1965, table of computed indices, fused silica at 20 C.
        ("SiO2", 0.213856, 1.53430, 1e-5),
        ("SiO2", 0.404656, 1.46961, 1e-5),
        ("SiO2", FRAUNHOFER_D, 1.45846, 1e-5),
        ("SiO2", 1.0140, 1.45024, 1e-5),
        # Johnson and Christy 1972, table I: 2.01 eV, 1.88 eV and 2.26 eV.
        ("Au", 0.6168, 0.21 + 3.272j, 1e-12),
        ("Au", 0.6595, 0.14 + 3.697j, 1e-12),
        ("Au", 0.5486, 0.43 + 2.455j, 1e-12),
        # Johnson and Christy 1974.
        ("Ti", 0.188, 1.10 + 1.62j, 1e-12),
        # Green 2008, table at 300 K.
        ("Si", 0.63, 3.879 + 0.016444j, 1e-12),
        # SCHOTT data sheets: n_d.
        ("BK7", FRAUNHOFER_D, 1.51680, 1e-5),
        ("coverslip", FRAUNHOFER_D, 1.523303, 1e-6),
        # Ciddor 1996: standard air at 633 nm.
        ("air_standard", 0.633, 1.00027653, 1e-8),
        # Franta 2015: the e-beam film at 0.80 um.
        ("TiO2", 0.80, 2.261, 5e-4),
        # Ninomiya and Adachi 1995: rows of the tables computed from their fits.
        ("CdSe", 0.53124, 2.5435 + 0.44463j, 1e-12),
        ("CdS", 0.40075, 2.3662 + 0.48974j, 1e-12),
    ],
)
def test_printed_value(name: str, wavelength: float, printed: complex, last_digit: float) -> None:
    index = complex(Material.named(name).index(wavelength))
    assert abs(index.real - printed.real) <= last_digit
    if printed.imag:
        assert abs(index.imag - printed.imag) <= last_digit


@pytest.mark.parametrize(("name", "abbe"), [("BK7", 64.17), ("coverslip", 54.517)])
def test_abbe_number_of_the_data_sheet(name: str, abbe: float) -> None:
    d, f, c = Material.named(name).index([FRAUNHOFER_D, 0.4861327, 0.6562725]).real
    assert (d - 1) / (f - c) == pytest.approx(abbe, abs=0.005)


@pytest.mark.parametrize("wavelength", [0.35, 0.45, 0.63, 1.0, 3.0])
def test_silicon_nitride_is_the_formula_of_luke(wavelength: float) -> None:
    square = wavelength**2
    n2 = 1 + 3.0249 * square / (square - 0.1353406**2) + 40314 * square / (square - 1239.842**2)
    assert complex(Material.named("SiNx").permittivity(wavelength)) == pytest.approx(n2, rel=1e-13)


def test_su8_is_the_cauchy_formula_of_its_data_sheet() -> None:
    x = np.linspace(0.33, 1.69, 7)
    n = 1.5525 + 0.00629 / x**2 + 0.0004 / x**4
    assert Material.named("SU8").index(x) == pytest.approx(n, rel=1e-14)
    assert float(Material.named("SU8").group_index(0.64)) == pytest.approx(1.6105, abs=5e-5)


def test_hafnia_is_the_cauchy_formula_of_al_kuhaili() -> None:
    x = np.linspace(0.25, 1.9, 7)
    n = 1.875 + 0.00628 / x**2 + 0.00058 / x**4
    assert Material.named("HfO2").index(x) == pytest.approx(n, rel=1e-14)


@pytest.mark.parametrize(("name", "gap"), [("CdS", 0.512), ("CdSe", 0.713)])
def test_semiconductors_are_clear_beyond_the_gap_only(name: str, gap: float) -> None:
    clear, raw = Material.named(name), Material.named(f"{name}_tabulated")
    above, below = np.linspace(0.3, gap, 50), np.linspace(gap + 1e-4, 1.0, 50)
    assert np.array_equal(clear.index(above), raw.index(above))
    assert np.array_equal(clear.index(below).real, raw.index(below).real)
    assert np.all(clear.index(below).imag == 0)
    assert np.all(raw.index(below).imag > 0.02)
