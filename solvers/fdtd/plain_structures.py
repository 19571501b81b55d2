"""Plain two-dimensional structures whose resonances Meep's own documentation prints.

They are run through the same worker as every cavity, with the documentation's resolution, pulse,
probe and absorber, so that its digits can be compared one by one. Units: a = 1 um.
Sources: Meep's tutorials "Basics" and "Cylindrical coordinates" and its tests test_ring_cyl.py and
test_holey_wvg_cavity.py (https://meep.readthedocs.io).
"""

from __future__ import annotations

from typing import Any

from solvers.engines.job import EngineJob

__all__ = ["cartesian_ring", "cylindrical_ring", "holey_waveguide"]

RING_INDEX, INNER, OUTER = 3.4, 1.0, 2.0


def cylindrical_ring(
    azimuthal_order: int,
    *,
    resolution: float = 10.0,
    padding: float = 4.0,
    pml_thickness: float = 2.0,
    ring_down: float = 200.0,
) -> EngineJob:
    """Return the ring n = 3.4, 1 <= r <= 2, endless in z, at one azimuthal order (E_z modes).

    Args:
        azimuthal_order: m; resolution: pixels per um.
        padding, pml_thickness: gap and absorber beyond the ring (um). The documentation's 4 and
            2 disturb the near field: its Q is 11 % high at m = 3.
        ring_down: record after the pulse (um/c).
    """
    point = [INNER + 0.1, 0.0, 0.0]
    edge = OUTER + padding + pml_thickness
    ring = {
        "kind": "block",
        "medium": "ring",
        "low": [INNER, None, None],
        "high": [OUTER, None, None],
    }
    return EngineJob(
        kind="meep",
        title=f"ring, m = {azimuthal_order}",
        request={
            **_common(resolution, 0.15, 0.1, ring_down),
            "dimensions": "cylindrical",
            "azimuthal_order": azimuthal_order,
            "complex_fields": True,
            "low": [0.0, 0.0, 0.0],
            "high": [edge, 0.0, 0.0],
            "pml": [{"axis": "R", "thickness": pml_thickness, "side": "high"}],
            "media": {"air": {"epsilon": 1.0}, "ring": {"epsilon": RING_INDEX**2}},
            "shapes": [ring],
            "sources": [{"component": "Ez", "point": point}],
            "probes": [{"component": "Ez", "point": point}],
        },
    )


def cartesian_ring(
    *, resolution: float = 10.0, ring_down: float = 300.0, basis_functions: int = 100
) -> EngineJob:
    """Return the same ring in the plane, with one mirror, as in the tutorial.

    Args:
        resolution: pixels per um; ring_down: record after the pulse (um/c).
        basis_functions: of the harmonic inversion. The tutorial's 100 are three times what its
            record tells apart: at m = 4 they give Q = 316, and 344 when the time step changes in
            its thirteenth digit (exact: 343.9); 33 give 342 either way.
    """
    half = OUTER + 4.0 + 2.0
    shapes = [
        {"kind": "cylinder", "medium": "ring", "center": [0, 0, 0], "radius": OUTER},
        {"kind": "cylinder", "medium": "air", "center": [0, 0, 0], "radius": INNER},
    ]
    point = [INNER + 0.1, 0.0, 0.0]
    return EngineJob(
        kind="meep",
        title="ring in the plane",
        request={
            **_common(resolution, 0.15, 0.1, ring_down, basis_functions),
            "dimensions": 2,
            "low": [-half, -half, 0.0],
            "high": [half, half, 0.0],
            "pml": [{"axis": axis, "thickness": 2.0} for axis in "XY"],
            "symmetries": [{"axis": "Y", "phase": 1}],
            "media": {"air": {"epsilon": 1.0}, "ring": {"epsilon": RING_INDEX**2}},
            "shapes": shapes,
            "sources": [{"component": "Ez", "point": point}],
            "probes": [{"component": "Ez", "point": point}],
        },
    )


def holey_waveguide(*, resolution: float = 20.0, ring_down: float = 400.0) -> EngineJob:
    """Return the cavity in a waveguide with three holes on each side (H_z mode).

    Args:
        resolution: pixels per um; ring_down: record after the pulse (um/c).
    """
    width, radius, defect, holes, height, padding, absorber = 1.2, 0.36, 1.4, 3, 6.0, 2.0, 1.0
    length = 2 * (padding + absorber + holes) + defect - 1
    shapes: list[dict[str, Any]] = [
        {
            "kind": "block",
            "medium": "guide",
            "low": [None, -width / 2, None],
            "high": [None, width / 2, None],
        }
    ]
    for number in range(holes):
        for side in (-1, 1):
            x = side * (defect / 2 + number)
            shapes.append(
                {"kind": "cylinder", "medium": "air", "center": [x, 0, 0], "radius": radius}
            )
    return EngineJob(
        kind="meep",
        title="holey waveguide",
        request={
            **_common(resolution, 0.25, 0.2, ring_down),
            "dimensions": 2,
            "low": [-length / 2, -height / 2, 0.0],
            "high": [length / 2, height / 2, 0.0],
            "pml": [{"axis": axis, "thickness": absorber} for axis in "XY"],
            "symmetries": [{"axis": "Y", "phase": -1}, {"axis": "X", "phase": -1}],
            "media": {"air": {"epsilon": 1.0}, "guide": {"epsilon": 13.0}},
            "shapes": shapes,
            "sources": [{"component": "Hz", "point": [0.0, 0.0, 0.0]}],
            "probes": [{"component": "Hz", "point": [0.0, 0.0, 0.0]}],
        },
    )


def _common(
    resolution: float, frequency: float, width: float, ring_down: float, basis_functions: int = 100
) -> dict[str, Any]:
    return {
        "resolution": resolution,
        "courant": 0.5,
        "background": "air",
        "snapshots": None,
        "pulse": {"frequency": frequency, "width": width, "cutoff": 5.0},
        "band": [frequency - width / 2, frequency + width / 2],
        # the documentation's own record and harmonic inversion
        "record": {
            "shortest": ring_down,
            "longest": ring_down,
            "decay": 0.5,
            "sampling": 1e9,
            "thresholds": [50.0, 0.01, basis_functions],
        },
    }
