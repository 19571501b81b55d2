"""Mode sets as pandas tables (behind the methods of `ModeSet`)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from solvers.modes import Mode, ModeSet
from solvers.modes_io import NUMBERS, OPTIONAL_TEXTS, ORDERS, TEXTS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["dataframe_from_modes", "modes_from_dataframe"]

_MAPPINGS = ("quality_factors", "confinement", "gain_overlap")
_UNITS = {
    "wavelength": "um",
    "wavenumber_real": "rad/um",
    "wavenumber_imag": "rad/um",
    **{name: units for name, (units, _) in NUMBERS.items()},
}


def dataframe_from_modes(modes: ModeSet) -> pd.DataFrame:
    """Return one row per mode; see `ModeSet.to_dataframe`.

    Columns: label, wavelength, quality_factor, wavenumber_real, wavenumber_imag, the orders
    (nullable integers), texts and numbers of `Mode`, and one "quality_factors:<channel>",
    "confinement:<region>" or "gain_overlap:<region>" per entry. Settings and provenance are left
    out.
    """
    import pandas as pd

    columns: dict[str, Any] = {
        "label": pd.array([mode.label for mode in modes], dtype="str"),
        "wavelength": [mode.wavelength for mode in modes],
        "quality_factor": [mode.quality_factor for mode in modes],
    }
    for name in ORDERS:
        columns[name] = pd.array([getattr(mode, name) for mode in modes], dtype="Int64")
    for name in NUMBERS:
        columns[name] = [getattr(mode, name) for mode in modes]
    columns["wavenumber_real"] = [mode.wavenumber.real for mode in modes]
    columns["wavenumber_imag"] = [mode.wavenumber.imag for mode in modes]
    for name in TEXTS:
        columns[name] = pd.array([getattr(mode, name) or "" for mode in modes], dtype="str")
    for name in _MAPPINGS:
        for entry in dict.fromkeys(entry for mode in modes for entry in getattr(mode, name)):
            values = [getattr(mode, name).get(entry, math.nan) for mode in modes]
            columns[f"{name}:{entry}"] = values
    table = pd.DataFrame(columns, index=pd.RangeIndex(len(modes), name="mode"))
    table.attrs["units"] = {name: _UNITS.get(name, "1") for name in table.columns}
    return table


def modes_from_dataframe(table: pd.DataFrame) -> ModeSet:
    """Return the modes of a table; see `ModeSet.from_dataframe`.

    Where a row has wavenumber_real and wavenumber_imag they count; otherwise
    k0 = (2 pi / wavelength) (1 - i / (2 quality_factor)).
    """
    # the number of the row, when the table came back from a file
    table = table.drop(columns="mode", errors="ignore")
    names = [str(name) for name in table.columns]
    exact = {"wavenumber_real", "wavenumber_imag"} <= set(names)
    known = {"label", "wavelength", "quality_factor", "wavenumber_real", "wavenumber_imag"}
    known |= {*NUMBERS, *ORDERS, *TEXTS}
    missing = [] if exact else [n for n in ("wavelength", "quality_factor") if n not in names]
    unknown = [n for n in names if n not in known and n.partition(":")[0] not in _MAPPINGS]
    if missing or unknown:
        rule = "must have the columns wavelength (um) and quality_factor, and no unknown ones"
        raise ValueError(
            f"table: {rule}, got {'no ' + ', '.join(missing) if missing else unknown}; "
            f"known are {', '.join(sorted(known))}, quality_factors:<channel>, "
            "confinement:<region>, gain_overlap:<region>"
        )
    modes = []
    for _, row in table.iterrows():
        given = {name: value for name, value in row.items() if not _is_missing(value)}
        if exact:
            wavenumber = complex(given["wavenumber_real"], given["wavenumber_imag"])
        else:
            real = 2 * math.pi / given["wavelength"]
            wavenumber = complex(real, -real / (2 * given["quality_factor"]))
        fields: dict[str, Any] = {name: float(given[name]) for name in NUMBERS if name in given}
        fields |= {name: int(given[name]) for name in ORDERS if name in given}
        fields |= {name: str(given[name]) for name in TEXTS if name in given}
        fields |= {name: fields[name] or None for name in OPTIONAL_TEXTS if name in fields}
        for name in _MAPPINGS:
            entries = {n: v for n, v in given.items() if str(n).startswith(f"{name}:")}
            fields[name] = {str(n).partition(":")[2]: float(v) for n, v in entries.items()}
        modes.append(Mode(wavenumber=wavenumber, **fields))
    return ModeSet(modes=tuple(modes))


def _is_missing(value: Any) -> bool:
    import pandas as pd

    return bool(pd.isna(value))
