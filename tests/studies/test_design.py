"""Design files: what they mean, and the one-line error for everything they may not say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cavities import BodyOfRevolution, Exposure, ParabolicMicrodisk, Sphere
from cavities.material import Material
from gain.presets import quantum_shells
from gain.pump import Pump
from studies import Design, DesignError, SolverSettings, load_design
from studies.checks import check_design

Write = Callable[..., Path]
DEFAULT = Path(__file__).parents[2] / "designs" / "parabolic_su8_microdisk.toml"


def _text(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "other.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_design_file_means_what_the_python_objects_mean(design_file: Write) -> None:
    exposure = Exposure(power_uw=500, time_ms=50, absorber_mg_per_ml=20)
    cavity = ParabolicMicrodisk.from_exposure(exposure, coat_thickness=0.075)
    design = load_design(design_file())
    assert design.cavity == cavity
    assert design.cavity.content_hash() == cavity.content_hash()
    assert design.gain == quantum_shells(film_index=Material.named("nanocrystal_film"))
    assert design.pump == Pump(wavelength=0.532, cross_section_cm2=3.6e-14)
    assert design.solver.wavelength == (0.64, 0.67)


def test_unit_in_the_name_and_unit_in_the_value_are_the_same(design_file: Write) -> None:
    other = design_file(
        ('power = "500 uW"', "power_uw = 500"), ('time = "50 ms"', 'time_ms = "0.05 s"')
    )
    assert load_design(other) == load_design(design_file(name="same.toml"))


def test_a_diameter_sets_the_exposure_time(design_file: Write) -> None:
    path = design_file(('coat_thickness = "75 nm"', 'diameter = "12 um"'), ('time = "50 ms"\n', ""))
    cavity = load_design(path).cavity
    assert isinstance(cavity, ParabolicMicrodisk)
    assert cavity.diameter == pytest.approx(12.0, abs=1e-9)
    assert cavity.exposure is not None
    assert cavity.exposure.time_ms != 50


def test_overrides_of_a_preset_replace_its_fields(design_file: Write) -> None:
    path = design_file(
        (
            'preset = "quantum_shells"',
            'preset = "quantum_shells"\ncross_section = "1e-14 cm^2"\nstokes = "12 nm"\n'
            'line = { kind = "gaussian", fwhm = "30 nm" }',
        )
    )
    medium = load_design(path).gain
    film = Material.named("nanocrystal_film")
    line = {"kind": "gaussian", "fwhm_nm": 30}
    expected = quantum_shells(cross_section_cm2=1e-14, stokes="12 nm", line=line, film_index=film)
    assert medium == expected


def test_every_cavity_type_has_a_table(tmp_path: Path) -> None:
    tables = {
        "sphere": 'radius = "2 um"\nmaterial = 1.5',
        "torus": 'major_radius = 5\nminor_radius = "500 nm"\nmaterial = "SiO2"',
        "microdisk": 'radius = 2.5\nheight = "200 nm"\nmaterial = 3.4\nwall_angle = "5 deg"',
        "micropillar": 'design_wavelength = "600 nm"\nradius = 1.5\noxide_material = 1.6',
        "parabolic_microdisk": "top_radius = 7.5\nbase_radius = 6.3\nheight = 5.0",
        "body_of_revolution": (
            'background = "air"\n[[cavity.regions]]\nname = "wedge"\nmaterial = "Si"\n'
            'outline = { polygon = [[0, 0], ["2 um", 0], [2, 0.4], [0, 0.4]] }'
        ),
    }
    for kind, table in tables.items():
        text = f'[cavity]\ntype = "{kind}"\n{table}\n[solver]\nwavelength = [0.62, 0.64]\n'
        design = load_design(_text(tmp_path, text))
        check_design(design)
        assert design.content()["cavity"]["type"] == kind


def test_a_layered_background_is_told_from_a_material(tmp_path: Path) -> None:
    text = """
[cavity]
type = "body_of_revolution"
background = { substrate = "glass", superstrate = "air", layers = [
    { name = "film", material = 1.9, thickness = "120 nm" }] }
[[cavity.regions]]
name = "post"
material = 1.5
outline = { rectangle = { inner = 0, outer = "1 um", bottom = 0, top = 0.5 } }
[solver]
wavelength = ["600 nm", "650 nm"]
"""
    cavity = load_design(_text(tmp_path, text)).cavity
    assert isinstance(cavity, BodyOfRevolution)
    assert cavity.background.layers[0].thickness == 0.12  # type: ignore[union-attr]


def test_a_material_table_is_read_beside_the_design(tmp_path: Path) -> None:
    (tmp_path / "film.csv").write_text("wavelength_um,n,k\n0.5,1.8,0\n0.6,1.79,0\n0.7,1.78,0\n")
    text = """
[cavity]
type = "sphere"
radius = 2
material = { csv = "film.csv" }
[solver]
wavelength = [0.62, 0.64]
"""
    design = load_design(_text(tmp_path, text))
    assert isinstance(design.cavity, Sphere)
    assert design.cavity.material.index(0.6).real == pytest.approx(1.79)


BAD = [
    # what is changed, the key the message must name, what it must say
    ((('absorber = "20 mg/mL"', 'absorber = "-20 mg/mL"'),), "cavity.exposure.absorber_mg_per_ml",
     ("must be >= 0", "-20")),
    ((('"640 nm"', '"150 nm"'),), "solver.wavelength", ("SU8", "0.32", "0.15")),
    ((('coat_thickness = "75 nm"', 'resist_material = "SU9"'),), "cavity.resist_material",
     ("SU8", "'SU9'")),
    ((('coat_thickness = "75 nm"', 'coat_thicknes = "75 nm"'),), "cavity.coat_thicknes",
     ("unknown key", '"coat_thickness"')),
    ((('time = "50 ms"', 'time = "8 ms"'),), "cavity.exposure", ("detached", "raise power_uw")),
    ((('time = "50 ms"', 'time = "50 um"'),), "cavity.exposure.time", ("in ms", "'50 um'")),
    ((('time = "50 ms"', "time = 50"),), "cavity.exposure.time", ("time_ms", "got 50")),
    ((('time = "50 ms"', 'time_ms = "50"'),), "cavity.exposure.time_ms", ("unit", "'50'")),
    ((('time = "50 ms"', 'time = "50 ms"\ntime_ms = 50'),), "cavity.exposure.time_ms", ("once",)),
    ((('"parabolic_microdisk"', '"parabolic_disk"'),), "cavity.type", ('"parabolic_microdisk"',)),
    ((('type = "parabolic_microdisk"\n', ""),), "cavity.type", ("required", "sphere")),
    ((("[solver]", "[sovler]"),), "sovler", ("unknown key", '"solver"')),
    ((('"640 nm", "670 nm"', '"670 nm", "640 nm"'),), "solver.wavelength", ("low < high",)),
    ((('"640 nm", "670 nm"', '"640 nm"'),), "solver.wavelength", ("required",)),
    ((("quality_factor_floor = 100", "quality_factor_floor = 0"),), "solver.quality_factor_floor",
     ("> 0", "got 0")),
    ((("quality_factor_floor = 100", 'accuracy = "best"'),), "solver.accuracy", ("'best'", "fast")),
    ((("quality_factor_floor = 100", "azimuthal_order = 1.5"),), "solver.azimuthal_order",
     ("whole number", "1.5")),
    ((("quality_factor_floor = 100", 'azimuthal_order = "some"'),), "solver.azimuthal_order",
     ("'all'", "'some'")),
    ((('"quantum_shells"', '"quantum_shell"'),), "gain.preset", ('"quantum_shells"',)),
    ((('preset = "quantum_shells"', 'preset = "quantum_shells"\nsigma = 1'),), "gain.sigma",
     ("unknown key",)),
    ((('cross_section = "3.6e-14 cm^2"', 'cross_section = "3.6e-14 cm"'),), "pump.cross_section",
     ("cm^2", "3.6e-14 cm")),
    ((('wavelength = "532 nm"\n', ""),), "pump.wavelength", ("required",)),
    ((("cavities = 60", "cavities = -1"),), "monte_carlo.cavities", (">= 0", "-1")),
    ((("cavities = 60", "cavities = inf"),), "monte_carlo.cavities", ("inf",)),
    ((("field_count = 2", "field_count = true"),), "output.field_count", ("a number", "True")),
    ((('coat_thickness = "75 nm"', 'coat_thickness = "0 nm"'),), "gain", ('region named "gain"',)),
    ((('coat_thickness = "75 nm"', "top_radius = 7.5"),), "cavity.top_radius", ("exposure",)),
    ((('coat_thickness = "75 nm"', 'diameter = "12 um"'),), "cavity.diameter", ("time_ms",)),
    ((('name = "Test disk"', "format = 7"),), "format", ("must be 1", "got 7")),
    ((('name = "Test disk"', "name = 7"),), "name", ("string", "7")),
    ((('[cavity.exposure]\npower = "500 uW"', '[cavity.exposure]\npower = "500 uW"\nlayout = 1'),),
     "cavity.exposure.layout", ("unknown key",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "key", "says"), BAD, ids=[f"{b[1]}-{i}" for i, b in enumerate(BAD)]
)
def test_bad_values_are_one_line_naming_file_key_rule_and_value(
    design_file: Write, changes: tuple[tuple[str, str], ...], key: str, says: tuple[str, ...]
) -> None:
    path = design_file(*changes)

    def load() -> None:
        try:
            check_design(load_design(path))
        except DesignError as error:
            raise error.located(source=str(path)) from None

    with pytest.raises(DesignError) as caught:
        load()
    message = str(caught.value)
    assert message.startswith(f"{path}: {key}"), message
    assert "\n" not in message
    for part in says:
        assert part in message
    assert "validation error" not in message
    assert "pydantic" not in message


def test_a_self_intersecting_outline_says_where(tmp_path: Path) -> None:
    text = """
[cavity]
type = "body_of_revolution"
background = "air"
[[cavity.regions]]
name = "bow"
material = 1.5
outline = { polygon = [[1, 0], [2, 1], [2, 0], [1, 1]] }
[solver]
wavelength = [0.6, 0.7]
"""
    with pytest.raises(DesignError, match=r"outline.*must not cross itself.*1\.5 0\.5"):
        load_design(_text(tmp_path, text))


def test_a_nested_outline_error_names_its_region(tmp_path: Path) -> None:
    text = """
[cavity]
type = "body_of_revolution"
background = "air"
[[cavity.regions]]
name = "bow"
material = 1.5
[cavity.regions.outline]
start = [1, 0]
segments = [
  { kind = "line", end = [2, 1] }, { kind = "line", end = ["2 um", 0] },
  { kind = "line", end = [1, 1] }, { kind = "line", end = [1, 0] }]
[solver]
wavelength = [0.6, 0.7]
"""
    with pytest.raises(
        DesignError, match=r"cavity\.regions\[0\]\.outline: .*must not cross itself"
    ):
        load_design(_text(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "cavity: is required"),
        ('[cavity]\ntype = "sphere"\nradius = 1\nmaterial = 1.5', "solver: is required"),
        ("[cavity\n", "must be TOML"),
        ("cavity = 3", "cavity: must be a table, got 3"),
    ],
)
def test_incomplete_files(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(DesignError, match=says.replace("(", r"\(")):
        load_design(_text(tmp_path, text))


def test_missing_binary_and_folder_files(tmp_path: Path) -> None:
    with pytest.raises(DesignError, match=r"nothing\.toml: no such file"):
        load_design(tmp_path / "nothing.toml")
    with pytest.raises(DesignError, match="cannot be read"):
        load_design(tmp_path)
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DesignError, match="must be TOML"):
        load_design(tmp_path / "binary.toml")


def test_a_cavity_without_a_body_is_refused() -> None:
    with pytest.raises(ValueError, match=r"must have a method body\(\), got Exposure"):
        Design(cavity=Exposure(), solver=SolverSettings(wavelength=(0.6, 0.7)))


def test_the_default_design_loads_and_passes_every_check() -> None:
    design = load_design(DEFAULT)
    check_design(design)
    assert isinstance(design.cavity, ParabolicMicrodisk)
    assert design.cavity.diameter == pytest.approx(15.0, abs=0.01)
    assert design.gain is not None
