"""The data set of a sweep: its numbers over the swept parameters."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from studies.point import QUANTITIES
from studies.study import Parameter
from studies.units import base_name
from studies.versions import versions

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from studies.sweep_run import PointResult, SweepResult

__all__ = ["sweep_dataset", "sweep_table"]

FORMAT = 1


def sweep_dataset(result: SweepResult) -> xr.Dataset:
    """Return an xarray Dataset over the swept parameters.

    Dimensions are the parameters of a grid, or "point" for a zipped study (the parameters are
    then coordinates along it). Variables are those of `studies.point.QUANTITIES` that any
    point has, "quality_factor" over the loss "channel" of the mode that lases first, and
    "error" (text, empty for points without); numbers that a point lacks are nan.
    """
    import xarray as xr

    study = result.study
    zipped = study.combine == "zip"
    dims = ["point"] if zipped else [parameter.name for parameter in study.parameters]
    shape = study.shape
    coords: dict[str, Any] = {}
    for parameter in study.parameters:
        along = "point" if zipped else parameter.name
        coords[parameter.name] = (along, _values(parameter), _attrs(parameter))
    variables: dict[str, Any] = {}
    for name, (unit, meaning) in QUANTITIES.items():
        column = [_number(point, name) for point in result.points]
        if not all(math.isnan(value) for value in column):
            data = np.array(column).reshape(shape)
            variables[name] = (dims, data, {"units": unit, "long_name": meaning})
    channels = list(
        dict.fromkeys(c for point in result.points for c in point.record.get("quality_parts", {}))
    )
    if channels:
        parts = [[_part(point, channel) for channel in channels] for point in result.points]
        data = np.array(parts).reshape(*shape, len(channels))
        about = {"units": "1", "long_name": "Q by loss channel of the mode that lases first"}
        variables["quality_factor"] = ([*dims, "channel"], data, about)
        coords["channel"] = ("channel", np.array(channels, dtype=object))
    errors = np.array([point.error or "" for point in result.points], dtype=object)
    variables["error"] = (dims, errors.reshape(shape), {"long_name": "why a point has no numbers"})
    attrs: dict[str, Any] = {
        "format": FORMAT,
        "study": study.name,
        "description": study.description,
        "versions": json.dumps(versions()),
    }
    return xr.Dataset(variables, coords=coords, attrs=attrs)


def sweep_table(result: SweepResult) -> pd.DataFrame:
    """Return one row per point: its values, its numbers, its error; units in "units" of attrs."""
    import pandas as pd

    rows, parameters = [], result.study.parameters
    for point in result.points:
        row: dict[str, Any] = dict(
            zip([parameter.name for parameter in parameters], point.point.values, strict=True)
        )
        row |= {name: _number(point, name) for name in QUANTITIES}
        row |= {f"q_{channel}": q for channel, q in point.record.get("quality_parts", {}).items()}
        row["error"] = point.error or ""
        rows.append(row)
    table = pd.DataFrame(rows)
    empty = [name for name in QUANTITIES if table[name].isna().all()]
    table = table.drop(columns=empty)
    names = [name for name in table.columns if name != "error"]
    return table[[*names, "error"]]


def _values(parameter: Parameter) -> np.ndarray[Any, Any]:
    """Return the values of a parameter as a coordinate."""
    kind = float if parameter.is_numeric else object
    values = parameter.values if parameter.is_numeric else [str(v) for v in parameter.values]
    return np.array(values, dtype=kind)


def _attrs(parameter: Parameter) -> dict[str, str]:
    """Return unit, label and path of a parameter."""
    label = parameter.label or base_name(parameter.name).replace("_", " ")
    return {"units": parameter.unit or "1", "long_name": label, "key": parameter.key}


def _number(point: PointResult, name: str) -> float:
    """Return a number of a point, nan where it has none."""
    value = point.record.get("numbers", {}).get(name)
    return math.nan if value is None else float(value)


def _part(point: PointResult, channel: str) -> float:
    """Return the Q of a loss channel, nan where unknown."""
    value = point.record.get("quality_parts", {}).get(channel)
    return math.nan if value is None else float(value)
