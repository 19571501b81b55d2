"""The parabolic microdisk: shape, regions, coat, consistency with its exposure."""

from __future__ import annotations

import math
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cavities import Exposure, LayeredBackground, ParabolicMicrodisk
from cavities.outline import Line, Outline, Parabola, Spline


def swept_volume(polygon: shapely.Polygon) -> float:
    """Pappus: area times the path of the centroid."""
    return float(polygon.area * 2 * math.pi * polygon.centroid.x)


def plain(**fields: Any) -> ParabolicMicrodisk:
    sizes = {"top_radius": 7.5, "base_radius": 6.27, "height": 5.0}
    return ParabolicMicrodisk(**{**sizes, **fields})


def layers_of(disk: ParabolicMicrodisk) -> LayeredBackground:
    background = disk.body().background
    assert isinstance(background, LayeredBackground)
    return background


def test_from_exposure_takes_the_profile() -> None:
    shot = Exposure(absorber_mg_per_ml=40.0)
    disk, profile = ParabolicMicrodisk.from_exposure(shot), shot.profile()
    for name in ("top_radius", "base_radius", "height", "undercut", "wall_tilt_deg", "volume"):
        assert getattr(disk, name) == pytest.approx(getattr(profile, name), rel=1e-14)
    assert disk.exposure == shot
    assert disk.outline() == profile.outline()
    assert isinstance(disk.wall()[1], Parabola)


@pytest.mark.parametrize(
    "refinement", [{"diffusion_length": 0.3}, {"substrate_reflectance": 0.3, "shrinkage": 0.05}]
)
def test_from_refined_exposure(refinement: dict[str, float]) -> None:
    shot = Exposure(**refinement)
    disk, profile = ParabolicMicrodisk.from_exposure(shot), shot.profile()
    assert isinstance(disk.wall()[1], Spline)
    assert disk.outline() == profile.outline()
    assert disk.volume == pytest.approx(profile.volume, rel=1e-14)
    assert len(disk.body().regions) == 2


def test_without_absorber_the_wall_is_a_line() -> None:
    disk = ParabolicMicrodisk.from_exposure(Exposure(absorber_mg_per_ml=0.0))
    assert isinstance(disk.wall()[1], Line)
    assert disk.wall_tilt_deg == 0


def test_body_names_and_order() -> None:
    """Coat first, so that the resist painted over it leaves the film."""
    body = plain(coat_floor=True).body()
    assert [region.name for region in body.regions] == ["gain", "resist"]
    background = layers_of(plain(coat_floor=True))
    assert [layer.name for layer in background.layers] == ["adhesion", "reflector", "gain"]
    assert [layer.thickness for layer in background.layers] == [0.01, 0.2, 0.075]
    assert background.interfaces() == pytest.approx([-0.21, -0.2, 0.0, 0.075], abs=1e-15)
    assert background.substrate.name == "glass"
    assert background.superstrate.name == "air"
    assert body.regions[0].material.name == "nanocrystal_film"
    assert body.regions[1].material.name == "SU8"


def test_reflector_top_is_at_zero() -> None:
    assert layers_of(plain()).interfaces() == pytest.approx([-0.21, -0.2, 0.0], abs=1e-15)
    bare = plain(reflector_thickness=0, adhesion_thickness=0)
    assert layers_of(bare).layers == ()
    assert layers_of(bare).interfaces() == [0.0]


def test_without_coat_there_is_no_gain_region() -> None:
    disk = plain(coat_thickness=0.0, coat_floor=True)
    assert [region.name for region in disk.body().regions] == ["resist"]
    assert "gain" not in [layer.name for layer in layers_of(disk).layers]
    assert disk.coat_volume == 0


def test_floor_only() -> None:
    disk = plain(coat_top=False, coat_wall=False, coat_floor=True)
    assert [region.name for region in disk.body().regions] == ["resist"]
    assert layers_of(disk).layers[-1].name == "gain"
    assert disk.coat_volume == 0


@pytest.mark.parametrize("faces", [(True, True), (True, False), (False, True)])
@pytest.mark.parametrize("base_radius", [0.4, 4.0, 7.5])
def test_coat_volume_against_a_grown_polygon(base_radius: float, faces: tuple[bool, bool]) -> None:
    top, wall = faces
    disk = plain(base_radius=base_radius, coat_thickness=0.2, coat_top=top, coat_wall=wall)
    resist = disk.outline().polygon(1e-8)
    grown = resist.buffer(0.2, quad_segs=500)
    room = shapely.box(0, 0, 20, 20 if top else 5.0)
    if not wall:
        grown, room = shapely.box(0, 5.0, 7.5, 5.2), shapely.box(0, 0, 20, 20)
    film = shapely.difference(shapely.intersection(grown, room), resist)
    assert disk.coat_volume == pytest.approx(swept_volume(film), rel=2e-5)


@given(st.floats(0.3, 20.0), st.floats(0.02, 1.0), st.floats(0.2, 10.0))
def test_sizes(top: float, ratio: float, height: float) -> None:
    disk = ParabolicMicrodisk(
        top_radius=top, base_radius=ratio * top, height=height, coat_thickness=0.0
    )
    assert disk.diameter == 2 * top
    closed = math.pi * height * (top**2 + (ratio * top) ** 2) / 2
    assert disk.volume == pytest.approx(closed, rel=1e-11)
    slope = (1 - ratio**2) * top / (2 * height)  # dr/dz at the rim
    assert disk.wall_tilt_deg == pytest.approx(math.degrees(math.atan(slope)), abs=1e-9)
    assert swept_volume(disk.outline().polygon(1e-5)) == pytest.approx(closed, rel=1e-3)


def test_tiny_foot() -> None:
    body = plain(base_radius=1e-3).body()
    coat = body.regions[0].outline.polygon(1e-5)
    assert coat.covers(body.regions[1].outline.polygon(1e-5).buffer(-1e-4))
    assert coat.bounds[1] == 0


def test_changed_shape_forgets_the_exposure() -> None:
    disk = ParabolicMicrodisk.from_exposure(Exposure(), coat_thickness=0.05)
    wider = disk.changed(top_radius=8.0)
    assert wider.exposure is None
    assert wider.coat_thickness == 0.05
    assert disk.changed(coat_thickness=0.06).exposure == disk.exposure


def test_changed_exposure_changes_the_shape() -> None:
    disk = ParabolicMicrodisk.from_exposure(Exposure(diffusion_length=0.2), coat_thickness=0.05)
    other = disk.changed(exposure=Exposure(time_ms=80.0))
    assert other == ParabolicMicrodisk.from_exposure(Exposure(time_ms=80.0), coat_thickness=0.05)


def test_exposure_must_match_the_shape() -> None:
    with pytest.raises(ValidationError, match=r"top_radius: must be 7\.4998\d+ um as the exposure"):
        plain(exposure=Exposure())


def test_wall_must_match_the_exposure() -> None:
    """A parabola is not what a blurred exposure writes, even between the right radii."""
    shot = Exposure(diffusion_length=0.3)
    disk = ParabolicMicrodisk.from_exposure(shot)
    with pytest.raises(ValidationError, match=r"wall_points: must be the .* the exposure gives"):
        ParabolicMicrodisk(
            top_radius=disk.top_radius,
            base_radius=disk.base_radius,
            height=disk.height,
            exposure=shot,
        )


def test_sizes_and_exposure_at_once() -> None:
    with pytest.raises(ValueError, match="top_radius: must not be given, the exposure sets it"):
        ParabolicMicrodisk.from_exposure(Exposure(), top_radius=3.0)


def test_detaching_exposure() -> None:
    with pytest.raises(ValueError, match="detached and lost at development"):
        ParabolicMicrodisk.from_exposure(Exposure(absorber_mg_per_ml=80.0))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"base_radius": 8.0}, "base_radius: must be <= top_radius = 7.5 um, got 8"),
        ({"coat_top": False, "coat_wall": False}, "must be 0 when the coat covers nothing"),
        ({"base_radius": 0.5, "height": 0.5, "coat_thickness": 0.6}, "got 0.6; use a thinner"),
        ({"wall_points": ((6.27, 0.0), (7.5, 5.0))}, "at least 4 points, got 2"),
        (
            {"wall_points": ((6.27, 0.0), (7.0, 3.0), (7.2, 2.0), (7.5, 5.0))},
            "z must rise from foot to rim",
        ),
        (
            {"wall_points": ((6.0, 0.0), (7.0, 2.0), (7.2, 3.0), (7.5, 5.0))},
            r"must run from \(base_radius, 0\)",
        ),
    ],
)
def test_impossible_disks(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        plain(**fields)


@pytest.mark.parametrize("field", ["top_radius", "base_radius", "height", "coat_thickness"])
def test_negative_sizes_are_named(field: str) -> None:
    with pytest.raises(ValidationError) as error:
        plain(**{field: -1.0})
    assert error.value.errors()[0]["loc"] == (field,)


def test_unknown_material_is_named() -> None:
    with pytest.raises(ValidationError, match="unobtainium"):
        plain(resist_material="unobtainium")


def test_measured_wall() -> None:
    points = ((6.2, 0.0), (6.6, 1.5), (7.0, 3.0), (7.3, 4.2), (7.5, 5.0))
    disk = plain(base_radius=6.2, wall_points=points)
    start, wall = disk.wall()
    assert start == points[0]
    assert isinstance(wall, Spline)
    assert disk.body().regions[0].outline.polygon(1e-4).is_valid


def test_json_round_trip() -> None:
    disk = ParabolicMicrodisk.from_exposure(Exposure(diffusion_length=0.2))
    again = ParabolicMicrodisk.model_validate_json(disk.model_dump_json())
    assert again == disk
    assert again.content_hash() == disk.content_hash()
    assert hash(again) == hash(disk)


def test_outlines_are_outlines() -> None:
    disk = plain()
    assert isinstance(disk.coat_outline(), Outline)
    kinds = [segment.kind for segment in disk.coat_outline().segments]
    assert kinds == ["line", "spline", "arc", "line", "line"]
