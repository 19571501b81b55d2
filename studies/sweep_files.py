"""What a sweep writes: data set, table, pictures, report."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studies.files import atomic_path, write_text
from studies.number_text import readable, symbol
from studies.point import QUANTITIES
from studies.report_page import data_address, inline_images, render
from studies.report_tables import Cell, Column, Row
from studies.result_json import SCHEMA, plain
from studies.sweep_dataset import sweep_dataset, sweep_table
from studies.sweep_pictures import write_sweep_pictures
from studies.versions import versions

if TYPE_CHECKING:
    from studies.sweep_run import SweepResult

__all__ = ["write_sweep"]

SHOWN = (
    "lasing_wavelength",
    "absorbed_photons",
    "fluence_uj_per_cm2",
    "lasing_quality_factor",
    "lasing_confinement",
    "best_quality_factor",
    "free_spectral_range_nm",
    "mode_count",
    "diameter",
    "wall_time_s",
)


def write_sweep(result: SweepResult, folder: Path) -> None:
    """Write sweep.h5, sweep.csv, result.json, pictures and report.html, each one whole."""
    dataset, table = sweep_dataset(result), sweep_table(result)
    with atomic_path(folder / "sweep.h5") as path:
        dataset.to_netcdf(path, engine="h5netcdf")
    with atomic_path(folder / "sweep.csv") as path:
        table.to_csv(path, index=False)
    pictures = write_sweep_pictures(result, dataset, folder / "pictures")
    provenance = {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions(),
        "wall_time_s": round(result.seconds, 3),
        "points_from_before": sum(point.stored for point in result.points),
        "warnings": _warnings(result),
    }
    content = {
        "schema": SCHEMA,
        "study": result.study.model_dump(mode="json", exclude={"tables"}),
        "design": result.study.tables,
        "points": [_point_entry(result, number) for number in range(len(result.points))],
        "provenance": provenance,
    }
    text = json.dumps(plain(content), indent=1, allow_nan=False, ensure_ascii=False, default=str)
    write_text(folder / "result.json", text + "\n")
    page = _page(result, provenance, pictures, table.to_csv(index=False).encode())
    write_text(folder / "report.html", page)


def _point_entry(result: SweepResult, number: int) -> dict[str, Any]:
    """Return one point for result.json."""
    point = result.points[number]
    names = [parameter.key for parameter in result.study.parameters]
    values = dict(zip(names, point.point.values, strict=True))
    return {"values": values, **{k: v for k, v in point.record.items() if k != "modes"}}


def _warnings(result: SweepResult) -> list[str]:
    """Return the warnings of the points and a line for each kind of failure."""
    found = [text for point in result.points for text in point.record.get("warnings", ())]
    for number, point in enumerate(result.points):
        if point.error is not None:
            values = ", ".join(
                f"{parameter.axis_label} = {_shown(value)}"
                for parameter, value in zip(
                    result.study.parameters, point.point.values, strict=True
                )
            )
            found.append(f"point {number + 1} ({values}): {point.error}")
    return list(dict.fromkeys(found))


def _column(name: str) -> Column:
    """Return the head of a quantity's column."""
    unit, meaning = QUANTITIES[name]
    short = meaning.replace("the mode that lases first", "lasing mode")
    return Column(short, "" if unit == "1" else symbol(unit))


def _shown(value: Any) -> str:
    return readable(value) if isinstance(value, int | float) else str(value)


def _page(
    result: SweepResult, provenance: dict[str, Any], pictures: dict[str, Path], csv: bytes
) -> str:
    """Return the report of a sweep."""
    study = result.study
    known = {name for point in result.points for name in point.record.get("numbers", {})}
    names = [name for name in SHOWN if name in known]
    columns = [Column(parameter.axis_label) for parameter in study.parameters]
    columns += [_column(name) for name in names]
    rows = []
    for point in result.points:
        cells = [
            Cell(_shown(value), sort=float(value) if isinstance(value, int | float) else None)
            for value in point.point.values
        ]
        for name in names:
            value = point.record.get("numbers", {}).get(name)
            shown = "failed" if point.error is not None else readable(value)
            cells.append(Cell(shown, sort=float("nan") if value is None else float(value)))
        rows.append(Row(tuple(cells)))
    images = inline_images(pictures)
    return render(
        "sweep.html",
        title=study.name,
        kicker="Lasewright sweep report",
        description=study.description,
        reference="",
        created=provenance["created"].replace("T", " "),
        versions=provenance["versions"],
        sections=[("results", "Results"), ("table", "Points"), ("provenance", "Provenance")],
        summary=result.summary(reasons=False),
        warnings=provenance["warnings"],
        images=list(images.items()),
        captions=CAPTIONS,
        columns=columns,
        rows=rows,
        csv=data_address(csv, ".csv"),
        parameters=[
            (
                p.key,
                ", ".join(_shown(v) for v in p.values[:12])
                + (", …" if len(p.values) > 12 else "")
                + f" {p.unit}",
            )
            for p in study.parameters
        ],
        version_rows=list(provenance["versions"].items()),
        design_json=json.dumps(plain(study.tables), indent=1, ensure_ascii=False, default=str),
    )


CAPTIONS = {
    "quality_factors": "Q of the mode that lases first, in total and by loss channel.",
    "quality": "Q of the mode that lases first.",
    "threshold": "Laser threshold: absorbed pump photons per nanocrystal.",
    "fluence": "Laser threshold: incident pump fluence.",
    "wavelength": "Wavelength of the mode that lases first.",
    "confinement": "Energy fraction of the lasing mode in the gain film.",
    "geometry": "Size of the cavity.",
    "map_quality_factor": "Q of the mode that lases first.",
    "map_threshold": "Laser threshold: absorbed pump photons per nanocrystal.",
    "map_wavelength": "Wavelength of the mode that lases first.",
}
