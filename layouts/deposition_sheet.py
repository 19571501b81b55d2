"""The process sheet of a planar cavity: what is deposited, in which order, how thick."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cavities.spec import Spec
from layouts.files import replace_when_complete
from layouts.planar_parts import is_transferred, planar_stack, reference_wavelength, sections

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "TOLERANCE_COLUMNS", "ProcessSheet", "process_sheet"]

COLUMNS = {
    "step": "order of the work, from 1",
    "part": "what the layer grows on: substrate, carrier (of a transferred mirror), superstrate",
    "action": "deposit, coat (from solution), glue or leave gap",
    "region": "name of the layer in the cavity",
    "layer": "place in the finished stack, from 1 at the substrate",
    "material": "name of the material",
    "thickness_nm": "geometrical thickness",
    "index": "real part of the refractive index at the reference wavelength",
    "extinction": "its imaginary part (loss is positive)",
    "quarter_waves": "optical thickness Re(n) d in quarters of the reference wavelength",
    "total_nm": "thickness on the part when the step is done",
}
"""Columns of every sheet, with their meaning."""

TOLERANCE_COLUMNS = {
    "shift_nm_per_nm": "shift of the resonance per nm of this layer",
    "shift_nm_per_percent": "shift of the resonance for 1 % of this layer's thickness",
    "tolerance_nm": "thickness error of this layer alone that uses up the allowed shift",
}
"""Columns that come with the derivatives of a resonance."""

_DECIMALS = {
    "thickness_nm": 2,
    "index": 4,
    "extinction": 4,
    "quarter_waves": 4,
    "total_nm": 2,
    "shift_nm_per_nm": 5,
    "shift_nm_per_percent": 4,
    "tolerance_nm": 3,
}


_STYLE = (
    "<style>body{font-family:sans-serif}table{border-collapse:collapse}"
    "th,td{padding:2px 8px;border-bottom:1px solid #ddd;font-size:80%}</style>"
)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ProcessSheet:
    """A deposition table with the statements that belong to it.

    Attributes:
        title: what it is for.
        wavelength: reference wavelength (um) of indices and optical thicknesses.
        table: one row per layer in the order of the work; columns `COLUMNS`, and
            `TOLERANCE_COLUMNS` where the derivatives of a resonance were given.
        notes: sentences that the table needs to be read rightly.
    """

    title: str
    wavelength: float
    table: pd.DataFrame
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<ProcessSheet of {len(self.table)} steps: {self.title}>"

    def __str__(self) -> str:
        return "\n".join([self.title, *self.notes, self.table.to_string(index=False)])

    def shift_nm(self, percent: float = 1.0, *, common: bool = False) -> float:
        """Return the shift of the resonance (nm) when every layer is off by `percent`.

        Args:
            percent: relative error of the thicknesses, one standard deviation.
            common: all layers off together (a calibration of the tool) rather than each on its
                own, where the squares add up.

        Raises:
            ValueError: the sheet was made without the derivatives.
        """
        if "shift_nm_per_percent" not in self.table:
            raise ValueError(
                "shift_nm_per_nm: must have been given to process_sheet(), got none; pass the "
                "derivatives of a resonance"
            )
        shifts = percent * self.table["shift_nm_per_percent"].to_numpy(float)
        return float(shifts.sum() if common else np.sqrt(np.sum(shifts**2)))

    def to_html(self) -> str:
        """Return the sheet as an HTML fragment: heading, notes, table."""
        from html import escape

        formats = {
            name: _decimal(places) for name, places in _DECIMALS.items() if name in self.table
        }
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        table = self.table.to_html(
            index=False, border=0, classes="process-sheet", justify="left", formatters=formats
        )
        return f'<div class="process-sheet"><h4>{escape(self.title)}</h4>{notes}{table}</div>'

    def _repr_html_(self) -> str:
        return self.to_html()

    def write(self, path: str | Path) -> Path:
        """Write the table as CSV, or the whole sheet as an HTML page; complete or not at all.

        Raises:
            ValueError: the path ends neither in ".csv" nor in ".html".
            OSError: the folder cannot be written.
        """
        from html import escape

        with replace_when_complete(path, suffixes=(".csv", ".html")) as temporary:
            if temporary.suffix == ".csv":
                self.table.to_csv(temporary, index=False, float_format="%.9g", lineterminator="\n")
            else:
                head = f'<meta charset="utf-8"><title>{escape(self.title)}</title>{_STYLE}'
                page = f"<!doctype html>\n<html><head>{head}</head><body>{self.to_html()}</body>"
                temporary.write_text(f"{page}</html>\n", encoding="utf-8")
        return Path(path)


def process_sheet(
    cavity: Spec,
    *,
    wavelength: float | None = None,
    shift_nm_per_nm: ArrayLike | None = None,
    allowed_shift_nm: float | None = None,
) -> ProcessSheet:
    """Return the deposition table of a planar cavity.

    A transferred top mirror (`PlanarMicrocavity.gap_material`) is listed as a part of its own,
    in the order in which it grows: it is laid on upside down, so its outermost layer comes
    first. A `TwoMirrorCavity` has two parts as well: the coated mirror, and the mirror that
    carries the spacer.

    Args:
        cavity: any cavity with `.stack()`.
        wavelength: reference wavelength (um); None: the design wavelength of the (bottom)
            quarter-wave mirror.
        shift_nm_per_nm: derivative of the resonance wavelength by the thickness of each layer
            of `cavity.stack()` from bottom to top, shape (layers,); adds the columns of
            `TOLERANCE_COLUMNS`.
        allowed_shift_nm: shift of the resonance (nm) that may come from one layer.

    Raises:
        TypeError: the cavity has no method `stack()`.
        ValueError: no layers, no reference wavelength, derivatives that do not fit the layers.

    Example:
        >>> from cavities import Layer, PlanarMicrocavity, QuarterWaveMirror
        >>> mirror = QuarterWaveMirror(design_wavelength=0.6, high_material=2.3,
        ...                            low_material=1.46, pairs=6.5)
        >>> sheet = process_sheet(PlanarMicrocavity(
        ...     bottom_mirror=mirror, top_mirror=mirror,
        ...     cavity=(Layer(name="gain", material=1.85, thickness=0.8),)))
        >>> len(sheet.table), f"{sheet.table['quarter_waves'].iloc[0]:.6f}"
        (27, '1.000000')
        >>> f"{sheet.table['total_nm'].iloc[-1]:.2f}"
        '2945.92'
    """
    stack = planar_stack(cavity)
    count = len(stack.layers)
    if count == 0:
        raise ValueError("cavity: must have at least one layer, got none; add a layer")
    if wavelength is None:
        wavelength = reference_wavelength(cavity)
        if wavelength is None:
            raise ValueError(
                "wavelength: must be given for a cavity without a quarter-wave mirror, got None; "
                "pass the wavelength (um) of the resonance"
            )
    if not (wavelength > 0 and math.isfinite(wavelength)):
        raise ValueError(f"wavelength: must be > 0 um, got {wavelength}; give micrometres")
    derivative = _derivatives(shift_nm_per_nm, count, allowed_shift_nm)
    table = _table(cavity, wavelength)
    notes = _notes(cavity, wavelength)
    if derivative is not None:
        own = derivative[table["layer"].to_numpy() - 1]
        table["shift_nm_per_nm"] = own
        table["shift_nm_per_percent"] = own * table["thickness_nm"] / 100
        if allowed_shift_nm is not None:
            with np.errstate(divide="ignore"):
                table["tolerance_nm"] = allowed_shift_nm / np.abs(own)
    sheet = ProcessSheet(
        title=f"{type(cavity).__name__}: {count} layers, {1e3 * stack.thickness:.1f} nm",
        wavelength=wavelength,
        table=table,
        notes=notes,
    )
    if derivative is None:
        return sheet
    tolerance = (
        f"1 % on every layer moves the resonance by {sheet.shift_nm():.3g} nm when the errors "
        f"are independent, by {sheet.shift_nm(common=True):.3g} nm when they are common."
    )
    return ProcessSheet(
        title=sheet.title, wavelength=wavelength, table=table, notes=(*notes, tolerance)
    )


def _table(cavity: Spec, wavelength: float) -> pd.DataFrame:
    """Return the rows in the order of the work."""
    import pandas as pd

    layers = planar_stack(cavity).layers
    rows: list[dict[str, object]] = []
    for part, places in _parts(cavity):
        total = 0.0
        for place in places:
            layer = layers[place]
            index = complex(layer.material.index(wavelength))
            total += layer.thickness
            rows.append(
                {
                    "step": len(rows) + 1,
                    "part": part,
                    "action": _action(layer.name, index, cavity),
                    "region": layer.name,
                    "layer": place + 1,
                    "material": layer.material.name,
                    "thickness_nm": 1e3 * layer.thickness,
                    "index": index.real,
                    "extinction": index.imag,
                    "quarter_waves": 4 * index.real * layer.thickness / wavelength,
                    "total_nm": 1e3 * total,
                }
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _parts(cavity: Spec) -> list[tuple[str, list[int]]]:
    """Return, for each part, its name and its layers (places in the stack) as they grow."""
    from cavities.two_mirror_cavity import TwoMirrorCavity

    bottom, middle, top = (len(section) for section in sections(cavity))
    count = bottom + middle + top
    if not is_transferred(cavity):
        return [("substrate", list(range(count)))]
    if isinstance(cavity, TwoMirrorCavity):
        coated = bottom + middle - 1  # the spacer grows on the front mirror
        return [
            ("substrate", list(range(coated))),
            ("superstrate", list(range(count - 1, coated - 1, -1))),
        ]
    return [
        ("substrate", list(range(bottom + middle))),
        ("carrier", list(range(count - 1, bottom + middle - 1, -1))),
    ]


def _action(name: str, index: complex, cavity: Spec) -> str:
    from cavities.two_mirror_cavity import TwoMirrorCavity

    if name == "gap" and is_transferred(cavity):
        return "leave gap" if index.real < 1.01 else "glue"
    if name == "gain" or (name == "spacer" and isinstance(cavity, TwoMirrorCavity)):
        return "coat"
    return "deposit"


def _notes(cavity: Spec, wavelength: float) -> tuple[str, ...]:
    from cavities.two_mirror_cavity import TwoMirrorCavity

    stack = planar_stack(cavity)
    first = (
        f"Index, extinction and optical thickness at {1e3 * wavelength:g} nm; substrate "
        f"{stack.substrate.name}, superstrate {stack.superstrate.name}."
    )
    if isinstance(cavity, TwoMirrorCavity):
        return (first, "Two parts: the second is turned over and laid on the first, face to face.")
    if is_transferred(cavity):
        return (
            first,
            "The top mirror grows on a carrier, outermost layer first, and is laid on upside down.",
        )
    return (first,)


def _derivatives(
    values: ArrayLike | None, count: int, allowed_shift_nm: float | None
) -> NDArray[np.float64] | None:
    """Return the derivatives as an array (layers,)."""
    if values is None:
        if allowed_shift_nm is not None:
            raise ValueError(
                "allowed_shift_nm: needs shift_nm_per_nm, got none; pass the derivatives of the "
                "resonance"
            )
        return None
    given = np.asarray(values)
    if np.iscomplexobj(given):
        raise ValueError(
            "shift_nm_per_nm: must be real, got complex values; pass the derivatives of the real "
            "wavelength"
        )
    array = np.asarray(given, dtype=np.float64)
    if array.shape != (count,) or not np.all(np.isfinite(array)):
        raise ValueError(
            f"shift_nm_per_nm: must hold {count} finite numbers, one per layer from bottom to "
            f"top, got shape {array.shape}; use the order of cavity.stack().layers"
        )
    if allowed_shift_nm is not None and not 0 < allowed_shift_nm < math.inf:
        raise ValueError(
            f"allowed_shift_nm: must be > 0 nm, got {allowed_shift_nm}; half a linewidth is usual"
        )
    return array


def _decimal(places: int) -> Callable[[object], str]:
    return lambda value: f"{value:.{places}f}"
