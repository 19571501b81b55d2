"""Straight-walled disks, spheres and tori: shapes, names, impossible sizes."""

from __future__ import annotations

import math
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cavities import LayeredBackground, Microdisk, Sphere, Torus


def swept_volume(polygon: shapely.Polygon) -> float:
    """Pappus: area times the path of the centroid."""
    return float(polygon.area * 2 * math.pi * polygon.centroid.x)


@given(st.floats(0.5, 20.0), st.floats(0.1, 5.0), st.floats(-60.0, 5.0))
def test_microdisk_sizes(radius: float, height: float, angle_deg: float) -> None:
    disk = Microdisk(radius=radius, height=height, wall_angle_deg=angle_deg)
    polygon = disk.outline().polygon(1e-6)
    assert polygon.bounds == pytest.approx((0, 0, max(radius, disk.base_radius), height))
    assert disk.volume == pytest.approx(swept_volume(polygon), rel=1e-9)
    slope = (radius - disk.base_radius) / height
    assert math.degrees(math.atan(slope)) == pytest.approx(angle_deg, abs=1e-9)


def test_microdisk_on_the_substrate() -> None:
    body = Microdisk(radius=2.5, height=0.5, material=2.0).body()
    assert [region.name for region in body.regions] == ["disk"]
    assert isinstance(body.background, LayeredBackground)
    assert body.background.interfaces() == [0.0]
    assert body.background.substrate.name == "glass"


def test_microdisk_on_a_pedestal() -> None:
    disk = Microdisk(
        radius=2.5,
        height=0.5,
        material="SiO2",
        pedestal_radius=1.0,
        pedestal_height=2.0,
        substrate="Si",
        coat_thickness=0.1,
    )
    pedestal, coat, body = disk.body().regions
    assert (pedestal.name, coat.name, body.name) == ("pedestal", "gain", "disk")
    assert pedestal.material.name == "Si"
    assert pedestal.outline.polygon(1e-3).bounds == (0, 0, 1.0, 2.0)
    assert body.outline.polygon(1e-3).bounds == (0, 2.0, 2.5, 2.5)
    assert coat.outline.polygon(1e-6).bounds == pytest.approx((0, 2.0, 2.6, 2.6))


@pytest.mark.parametrize("angle_deg", [-30.0, 0.0, 20.0])
def test_microdisk_coat_has_its_thickness(angle_deg: float) -> None:
    disk = Microdisk(radius=2.5, height=0.5, wall_angle_deg=angle_deg, coat_thickness=0.1)
    coat, body = (region.outline.polygon(1e-8) for region in disk.body().regions)
    grown = shapely.intersection(body.buffer(0.1, quad_segs=1000), shapely.box(0, 0, 9, 9))
    assert shapely.symmetric_difference(coat, grown).area < 1e-7


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"wall_angle_deg": 80.0}, r"must be < 78\.69 deg = atan\(radius/height\), got 80"),
        ({"pedestal_radius": 1.0}, "pedestal_height: must be > 0 with a pedestal_radius"),
        ({"pedestal_height": 1.0}, "pedestal_height: must be > 0 with a pedestal_radius"),
        ({"pedestal_radius": 3.0, "pedestal_height": 1.0}, "must be <= the disk's foot of 2.5 um"),
        (
            {"coat_thickness": 0.1, "coat_top": False, "coat_wall": False},
            "must be 0 when the coat covers nothing, got 0.1 um",
        ),
        ({"coat_thickness": 2.0, "wall_angle_deg": 30.0}, "must be < 1 um = height/sin"),
    ],
)
def test_impossible_microdisks(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Microdisk(radius=2.5, height=0.5, **fields)


@given(st.floats(0.1, 50.0))
def test_sphere(radius: float) -> None:
    sphere = Sphere(radius=radius, material=1.5)
    (region,) = sphere.body().regions
    polygon = region.outline.polygon(1e-5 * radius)
    assert polygon.bounds == pytest.approx((0, -radius, radius, radius), abs=1e-9 * radius)
    assert swept_volume(polygon) == pytest.approx(sphere.volume, rel=1e-4)
    assert region.name == "sphere"
    assert complex(sphere.background.index(0.6)) == 1.0


def test_sphere_takes_any_background() -> None:
    sphere = Sphere(radius=1.0, material=1.5 + 1e-4j, background=1.33)
    assert complex(sphere.material.index(0.6)) == 1.5 + 1e-4j
    assert sphere.body().background.index(0.6) == 1.33  # type: ignore[union-attr]


@given(st.floats(2.0, 50.0), st.floats(0.01, 1.9))
def test_torus(major: float, minor: float) -> None:
    torus = Torus(major_radius=major, minor_radius=minor, material="SiO2")
    (region,) = torus.body().regions
    polygon = region.outline.polygon(1e-5 * minor)
    assert polygon.bounds == pytest.approx((major - minor, -minor, major + minor, minor), rel=1e-9)
    assert swept_volume(polygon) == pytest.approx(torus.volume, rel=1e-4)
    assert torus.outer_radius == major + minor


def test_torus_without_a_hole() -> None:
    with pytest.raises(ValidationError, match="minor_radius: must be < major_radius = 1 um, got 2"):
        Torus(major_radius=1.0, minor_radius=2.0, material=1.5)


@pytest.mark.parametrize("radius", [0.0, -1.0, math.nan])
def test_sphere_needs_a_radius(radius: float) -> None:
    with pytest.raises(ValidationError) as error:
        Sphere(radius=radius, material=1.5)
    assert error.value.errors()[0]["loc"] == ("radius",)
