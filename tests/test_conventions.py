"""One test per line of docs/conventions.md."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from pydantic import ValidationError

from cavities import (
    BodyOfRevolution,
    Exposure,
    LayeredBackground,
    Material,
    Outline,
    ParabolicMicrodisk,
    Region,
    Sphere,
    material_names,
)
from cavities.spec import Spec
from solvers.modes import Mode, ModeSet

PAGE = Path(__file__).parents[1] / "docs" / "conventions.md"
PACKAGES = ("cavities", "solvers", "gain", "layouts", "studies")
LENGTHS = frozenset(
    "a1 a2 aperture beyond bottom center control cross depth distance diameter diameters end error "
    "feature field gap grid height length overcoat pitch proximity radius range size spacing start "
    "thickness through top waist wavelength width x y".split()
)
IN_WAVELENGTHS = {"mesh_size", "pml_distance", "pml_thickness"}
PURE_NUMBERS = {"coefficients", "confinement", "constant", "formula", "k", "n", "pml_strength"}
PURE_NUMBERS |= {"value"}
UNITS_THEMSELVES = {"nm", "mev"}
EXCEPTIONS = IN_WAVELENGTHS | PURE_NUMBERS | UNITS_THEMSELVES | {"wavenumber"}


def modules() -> Iterator[Any]:
    for name in PACKAGES:
        for found in pkgutil.walk_packages([str(PAGE.parents[1] / name)], name + "."):
            yield importlib.import_module(found.name)


def descriptions() -> list[type[Spec]]:
    """Every Spec of the suite."""
    list(modules())
    found, queue = set(), [Spec]
    while queue:
        below = queue.pop().__subclasses__()
        found.update(below)
        queue.extend(below)
    return sorted(
        (spec for spec in found if spec.__module__.partition(".")[0] in PACKAGES),
        key=lambda spec: f"{spec.__module__}.{spec.__name__}",
    )


def is_number(annotation: Any) -> bool:
    inner = [part for part in get_args(annotation) if part is not type(None)]
    return annotation is float or (bool(inner) and all(is_number(part) for part in inner))


def sphere_modes(index: complex = 1.5) -> ModeSet:
    """Modes of l = m = 20 near kR = 16.2 (TE) and 16.6 (TM) of a sphere of radius 1 um."""
    from solvers import solve_modes

    sphere = Sphere(radius=1.0, material=Material.constant(index))
    return solve_modes(sphere, wavelength=(0.372, 0.392), azimuthal_order=20)


@pytest.fixture(scope="module")
def absorbing_modes() -> ModeSet:
    return sphere_modes(1.5 + 1e-4j)


def test_every_line_of_the_page_has_its_test() -> None:
    named = re.findall(r"\[`(test_\w+)`\]", PAGE.read_text())
    here = [name for name in globals() if name.startswith("test_")]
    here.remove("test_every_line_of_the_page_has_its_test")
    assert named == here
    assert len(re.findall(r"^- ", PAGE.read_text(), re.MULTILINE)) == len(named)


def test_field_names_tell_their_units() -> None:
    """A bare number is a length by its last words, or else a known pure number."""
    from studies.units import LENGTH, field_unit

    odd = [
        f"{spec.__module__}.{spec.__name__}.{name}"
        for spec in descriptions()
        for name, field in spec.model_fields.items()
        if is_number(field.annotation)
        and field_unit(name) == LENGTH
        and not LENGTHS & set(name.split("_"))
        and name not in EXCEPTIONS
    ]
    assert not odd, "\n".join(odd)


def test_design_strings_become_numbers_in_the_unit_of_the_field() -> None:
    from studies.units import convert, field_unit

    for name, text, number in [
        ("wavelength", "650 nm", 0.65),
        ("diameter", "20 um", 20.0),
        ("fluence_uj_per_cm2", "0.049 mJ/cm^2", 49.0),
    ]:
        converted = convert(text, unit=field_unit(name), key=name)
        assert converted == pytest.approx(number, rel=1e-14)


def test_wavelength_of_a_mode() -> None:
    assert Mode(wavenumber=2 * np.pi / 0.65 - 0.001j).wavelength == pytest.approx(0.65, rel=1e-14)


def test_loss_is_positive_imaginary_index() -> None:
    for name in material_names():
        material = Material.named(name)
        low, high = material.wavelength_range
        wavelengths = np.linspace(max(low, 0.2), min(high, 2.0), 50)
        assert np.all(material.index(wavelengths).imag > -1e-15), name
    assert Material.named("Au").index(0.65).imag > 2


def test_decay_is_negative_imaginary_wavenumber() -> None:
    assert Mode(wavenumber=10 - 0.005j).quality_factor == pytest.approx(1000, rel=1e-14)


def test_net_gain_is_negative_quality_factor() -> None:
    assert Mode(wavenumber=10 + 0.005j).quality_factor == pytest.approx(-1000, rel=1e-14)
    assert Material.constant(1.5 - 1e-3j).index(0.65).imag == -1e-3


def test_azimuthal_sign(absorbing_modes: ModeSet) -> None:
    """Inside the sphere: (1/r) d(r E_r)/dr + (i m / r) E_phi + d E_z/dz = 0, by differences."""
    # TM (electric multipole): E_r and E_phi are both large.
    mode = max(absorbing_modes, key=lambda mode: mode.wavenumber.real)
    step = 1e-3
    r, z = 0.8 + step * np.arange(-1, 2), 0.05 + step * np.arange(-1, 2)
    field = mode.field(r, z)
    e_r, e_phi, e_z = (
        field[name].transpose("r", "z").to_numpy() for name in ("E_r", "E_phi", "E_z")
    )
    radial = (r[2] * e_r[2, 1] - r[0] * e_r[0, 1]) / (2 * step * r[1])
    axial = (e_z[1, 2] - e_z[1, 0]) / (2 * step)
    around = 20j / r[1] * e_phi[1, 1]
    scale = abs(radial) + abs(axial) + abs(around)
    assert abs(radial + axial + around) < 1e-2 * scale
    assert abs(radial + axial - around) > 0.5 * scale


def test_height_zero_is_the_top_of_the_substrate() -> None:
    body = ParabolicMicrodisk(top_radius=5.0, base_radius=4.0, height=1.5).body()
    assert isinstance(body.background, LayeredBackground)
    assert body.background.interfaces()[-1] == 0
    bottom = min(region.outline.polygon(1e-3).bounds[1] for region in body.regions)
    assert bottom == pytest.approx(0, abs=1e-9)


def test_outlines_stay_at_positive_r() -> None:
    with pytest.raises(ValidationError, match=r"r must be >= 0 everywhere, got r = -1 um"):
        Outline.rectangle(inner=-1, outer=1, bottom=0, top=1)


def test_confinement_adds_up_to_one(absorbing_modes: ModeSet) -> None:
    for mode in absorbing_modes:
        assert sum(mode.confinement.values()) == pytest.approx(1, abs=1e-9)
        assert all(0 <= share <= 1 for share in mode.confinement.values())


def test_loss_channels_add_up(absorbing_modes: ModeSet) -> None:
    """Im n = 1e-4 against Q = 850 of radiation: both channels are there, neither is all."""
    for mode in absorbing_modes:
        parts = mode.quality_factors
        assert "radiation" in parts
        assert any(name.startswith("absorption:") for name in parts)
        total = sum(1 / part for part in parts.values())
        assert total == pytest.approx(1 / mode.quality_factor, rel=1e-2)


def test_gain_film_is_transparent_by_default() -> None:
    body = ParabolicMicrodisk(
        top_radius=5.0, base_radius=4.0, height=1.5, coat_thickness=0.075
    ).body()
    films = [region for region in body.regions if region.name == "gain"]
    assert films
    assert all(region.material.index(0.65).imag == 0 for region in films)


def test_descriptions_are_frozen_and_strict() -> None:
    make: Any = Sphere
    disk = make(radius=1.0, material=1.5)
    with pytest.raises(ValidationError, match="frozen"):
        disk.radius = 2.0
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        make(radius=1.0, material=1.5, color="red")
    with pytest.raises(TypeError):
        make(1.0, 1.5)
    for spec in descriptions():
        assert spec.model_config.get("frozen"), spec
        assert spec.model_config.get("extra") == "forbid", spec
    again = Sphere.model_validate_json(disk.model_dump_json())
    assert again == disk
    assert hash(again) == hash(disk)
    assert again.content_hash() == disk.content_hash() != disk.changed(radius=1.1).content_hash()


def test_pictures_have_one_signature() -> None:
    pictures = {
        name: value
        for package in (importlib.import_module(name) for name in PACKAGES)
        for name in package.__all__
        if name.startswith("plot_") and callable(value := getattr(package, name))
    }
    assert pictures
    for name, picture in pictures.items():
        signature = inspect.signature(picture)
        first, *_ = signature.parameters.values()
        ax = signature.parameters["ax"]
        assert first.kind in {first.POSITIONAL_OR_KEYWORD, first.POSITIONAL_ONLY}, name
        assert ax.kind is ax.KEYWORD_ONLY, name
        assert ax.default is None, name
        assert signature.return_annotation in {"Axes", "matplotlib.axes.Axes"}, name


def test_errors_are_one_line_with_the_value() -> None:
    cases = [
        (lambda: Material.named("SiO3"), "SiO3"),
        (lambda: Material.named("Au").index(50.0), "50"),
        (lambda: Outline.rectangle(inner=1, outer=1, bottom=0, top=1), "got"),
        (lambda: Exposure(power_uw=-1.0, time_ms=1.0), "-1"),
        (lambda: BodyOfRevolution(regions=(region("pml"),), background=1.0), "'pml'"),
    ]
    for call, value in cases:
        with pytest.raises((ValueError, TypeError)) as caught:
            call()
        if isinstance(caught.value, ValidationError):
            assert all(value in str(error) for error in caught.value.errors()), value
            texts = [error["msg"] for error in caught.value.errors()]
        else:
            assert value in str(caught.value)
            texts = [str(caught.value)]
        assert all("\n" not in text for text in texts)


def region(name: str) -> Region:
    outline = Outline.rectangle(inner=0, outer=1, bottom=0, top=1)
    return Region(name=name, outline=outline, material=1.5)
