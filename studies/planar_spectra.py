"""Report section of every planar cavity: spectra with the modes marked, dispersion, lengths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cavities.constants import HC_EV_UM
from cavities.planar_stack import PlanarStack
from studies.design import Design
from studies.errors import DesignError
from studies.number_text import quantity, readable
from studies.report_section import ReportSection, SectionFigure, SectionTable
from studies.report_tables import Cell, Column, Row
from studies.validation import first_error

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from solvers.modes import Mode, ModeSet
    from solvers.multilayer import Dispersion, SpectrumResult

__all__ = ["PassiveDispersion", "axial_spacing", "passive_dispersion", "spectra_section"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class PassiveDispersion:
    """Branches of the cavity as designed, TE and TM, over angle.

    Attributes:
        branches: what `solvers.multilayer.planar_dispersion` returned.
    """

    branches: Dispersion


def passive_dispersion(design: Design) -> PassiveDispersion:
    """Return the branches over the angles of the design's [planar], from its window upwards.

    Angles shift modes to the blue: the window is widened on that side.

    Raises:
        DesignError: no branch in the window.
    """
    from solvers.multilayer import planar_dispersion

    low, high = design.solver.wavelength
    settings = design.planar
    stack = design.cavity.stack()  # type: ignore[attr-defined]
    angles = np.linspace(0.0, settings.largest_angle_deg, settings.angle_points)
    bluest = low * float(np.sqrt(1 - (np.sin(np.radians(angles[-1])) / 1.5) ** 2))
    first = max(material.wavelength_range[0] for material in stack.media)
    try:
        found = planar_dispersion(
            stack,
            (max(bluest, first), high),
            angle_deg=angles,
            quality_factor_floor=design.solver.quality_factor_floor,
        )
    except (ValueError, TypeError) as error:
        raise first_error(error, key="planar") from None
    return PassiveDispersion(branches=found)


def axial_spacing(modes: ModeSet, index: int) -> float | None:
    """Return the distance (um) of a planar mode to its neighbours in axial order, None without.

    The mean where it has two; modes of its polarisation, next in wavelength.
    """
    mine = modes[index]
    others = sorted(mode.wavelength for mode in modes if mode.polarization == mine.polarization)
    place = others.index(mine.wavelength)
    near = [
        abs(others[i] - mine.wavelength) for i in (place - 1, place + 1) if 0 <= i < len(others)
    ]
    return float(np.mean(near)) if near else None


def spectra_section(design: Design, modes: ModeSet, passive: PassiveDispersion) -> ReportSection:
    """Return the section: R, T and A with the modes, the reflectance over angle, the lengths.

    Raises:
        DesignError: an amplifying layer above its threshold: no steady spectrum exists.
    """
    from solvers.multilayer import spectrum

    dispersion = passive.branches
    stack = design.cavity.stack()  # type: ignore[attr-defined]
    waves = _wavelengths(design, stack, modes)
    tilt = _incidence(design)
    try:
        flat = spectrum(stack, waves, **tilt)
        angles = np.linspace(0.0, design.planar.largest_angle_deg, 121)
        map_ = _reflectance_map(stack, waves, angles)
    except (ValueError, TypeError) as error:
        raise _no_spectrum(error) from None
    lengths = [_lengths(design, mode) for mode in modes]
    deepest = float(np.max(flat.absorption)) if flat.absorbing_layers else 0.0
    name, value = next(iter(tilt.items()), ("angle_deg", 0.0))
    where = f"at {value:g}°" if name == "angle_deg" else f"with k_x = {value:g} rad/µm"
    sentences = [
        f"Light comes from the superstrate {where}. R + T + A = 1 holds to {_closure(flat):.0e}"
        + (" (the superstrate itself absorbs)" if _lossy(stack, waves) else "")
        + f"; the layers absorb at most {readable(100 * deepest, 2)} % of it.",
    ]
    orders = sorted({mode.axial_order for mode in modes if mode.axial_order is not None})
    splitting = _splittings(dispersion, orders)
    return ReportSection(
        anchor="spectra",
        title="Spectra and dispersion",
        short="Spectra",
        sentences=tuple(sentences),
        figures=(
            SectionFigure(
                name="reflectance",
                draw=lambda: _draw_spectrum(flat, modes),
                caption="Reflectance and transmittance of the stack. Dotted lines are the modes "
                "of the solver, labelled with Q.",
                alt="Reflectance and transmittance over wavelength with the modes marked",
                full=True,
            ),
            SectionFigure(
                name="reflectance_map",
                draw=lambda: _draw_map(map_, dispersion),
                caption="Reflectance over angle (TE; the lowest value in each pixel, so that no "
                "line is lost) with the modes of the solver in red: solid TE, dashed TM.",
                alt="Reflectance over angle and photon energy with the dispersion of the modes",
                vector=False,
            ),
            SectionFigure(
                name="te_tm_splitting",
                draw=lambda: _draw_splitting(dispersion, splitting),
                caption="Energy of TM minus TE of each mode over angle.",
                alt="TE-TM splitting over angle",
            ),
        ),
        tables=(_length_table(modes, lengths),),
        numbers={
            **tilt,
            "energy_balance_error": _closure(flat),
            "modes": [_entry(mode, row) for mode, row in zip(modes, lengths, strict=True)],
            "angle_deg": dispersion.angle_deg,
            "te_tm_splitting_mev": {str(order): values for order, values in splitting.items()},
        },
    )


def _no_spectrum(error: Exception) -> DesignError:
    """Return the error of a stack without a steady spectrum in a design's terms."""
    found = first_error(error, key="cavity")
    if found.key != "cavity.stack":
        return found
    rule = found.rule.partition("; ")[0]
    return DesignError(f"{rule}; lower the gain: give a smaller -Im n", key="cavity")


def _incidence(design: Design) -> dict[str, Any]:
    """Return the argument of `spectrum` that the solver's angle or k_x means."""
    if design.solver.in_plane_wavenumber:
        return {"in_plane_wavenumber": design.solver.in_plane_wavenumber}
    return {"angle_deg": design.solver.angle_deg or 0.0}


def _lossy(stack: PlanarStack, waves: Floats) -> bool:
    """Return whether the superstrate absorbs."""
    return bool(np.any(stack.superstrate.index(waves).imag != 0))


def _reflectance_map(stack: PlanarStack, waves: Floats, angles: Floats) -> tuple[Floats, ...]:
    """Return angles (A,), energies (E,) in eV and the reflectance (A, E).

    Computed ten times finer in energy than it is shown; the lowest of ten is kept.
    """
    from solvers.multilayer import spectrum

    edges = HC_EV_UM / float(waves.max()), HC_EV_UM / float(waves.min())
    energy = np.linspace(*edges, 4000).reshape(400, 10)
    found = spectrum(stack, HC_EV_UM / energy.ravel(), angle_deg=angles, absorption=False)
    lowest = found.reflectance.reshape(len(angles), *energy.shape).min(axis=2)
    return angles, energy.mean(axis=1), lowest


def _splittings(dispersion: Dispersion, orders: list[int]) -> dict[int, Floats]:
    """Return E(TM) - E(TE) (meV) over angle of the axial orders that have both branches."""
    found = {}
    for order in orders:
        try:
            found[order] = dispersion.te_tm_splitting_mev(order)
        except ValueError:
            continue
    return found


def _wavelengths(design: Design, stack: PlanarStack, modes: ModeSet) -> Floats:
    """Return wavelengths of the window and a fifth beyond, dense at every mode."""
    from solvers import solve_modes

    low, high = design.solver.wavelength
    wide = 0.2 * (high - low)
    first = max(material.wavelength_range[0] for material in stack.media)
    last = min(material.wavelength_range[1] for material in stack.media)
    window = max(low - wide, first), min(high + wide, last)
    tilt = {name: value for name, value in _incidence(design).items() if value}
    beyond = solve_modes(stack, window, quality_factor_floor=100.0, **tilt)
    even = HC_EV_UM / np.linspace(HC_EV_UM / window[0], HC_EV_UM / window[1],
                                  design.planar.spectrum_points)  # fmt: skip
    around = np.sinh(np.linspace(-4.5, 4.5, 61))
    dense = [m.wavelength * (1 + around / m.quality_factor) for m in (*modes, *beyond)]
    waves = np.unique(np.concatenate([even, *dense]))
    return np.asarray(waves[(waves >= window[0]) & (waves <= window[1])])


def _closure(flat: SpectrumResult) -> float:
    """Return the largest deviation of R + T + A from 1."""
    return float(np.max(np.abs(flat.reflectance + flat.transmittance + flat.absorption - 1)))


def _lengths(design: Design, mode: Mode) -> Any:
    """Return the cavity lengths of a mode; None where the stack has no inner layers."""
    from solvers.multilayer import cavity_lengths

    try:
        return cavity_lengths(design.cavity, mode)
    except ValueError:
        return None


def _entry(mode: Mode, row: Any) -> dict[str, Any]:
    """Return the numbers of one mode for result.json."""
    entry: dict[str, Any] = {
        "label": mode.label,
        "wavelength_um": mode.wavelength,
        "energy_ev": HC_EV_UM / mode.wavelength,
        "linewidth_nm": 1e3 * mode.wavelength / mode.quality_factor,
        "mode_length_um": mode.mode_length,
    }
    if row is not None:
        entry |= {
            "effective_length_um": row.effective_length,
            "group_index": row.group_index,
            "free_spectral_range_nm": 1e3 * row.free_spectral_range,
            "penetration_bottom_um": row.bottom.penetration_depth,
            "penetration_top_um": row.top.penetration_depth,
            "effective_mass_electron_masses": row.effective_mass,
        }
    return entry


def _length_table(modes: ModeSet, lengths: list[Any]) -> SectionTable:
    columns = (
        Column("mode", text=True),
        Column("energy", "eV"),
        Column("linewidth", "nm"),
        Column("mode length", "µm"),
        Column("penetration", "bottom, nm"),
        Column("penetration", "top, nm"),
        Column("effective length", "µm"),
        Column("FSR", "λ²/(2 n_g L), nm"),
        Column("effective mass", "electron masses"),
    )
    rows = []
    for mode, row in zip(modes, lengths, strict=True):
        numbers = [HC_EV_UM / mode.wavelength, 1e3 * mode.wavelength / mode.quality_factor]
        numbers.append(mode.mode_length)
        if row is None:
            numbers += [float("nan")] * 5
        else:
            numbers += [
                1e3 * row.bottom.penetration_depth,
                1e3 * row.top.penetration_depth,
                row.effective_length,
                1e3 * row.free_spectral_range,
                row.effective_mass,
            ]
        digits = (5, 3, 3, 3, 3, 4, 4, 3)
        cells = [Cell(quantity(x, "", d), sort=x) for x, d in zip(numbers, digits, strict=True)]
        rows.append(Row((Cell(mode.label), *cells)))
    return SectionTable(title="Lengths and masses", columns=columns, rows=tuple(rows))


def _draw_spectrum(flat: SpectrumResult, modes: ModeSet) -> Figure:
    from studies.pictures import figure

    new, ax = figure(7.4, 3.8)
    waves = 1e3 * flat.wavelength
    ax.plot(waves, flat.reflectance, color="#1f4e79", lw=1.2, label="reflectance")
    ax.plot(waves, flat.transmittance, color="#c0561b", lw=1.2, label="transmittance")
    if flat.absorbing_layers and np.max(flat.absorption) > 1e-3:
        ax.plot(waves, flat.absorption, color="#4d7c3a", lw=1.0, label="absorption")
    few = len(modes) <= 12
    for mode in modes:
        ax.axvline(1e3 * mode.wavelength, color="0.35", lw=0.9, ls=":")
        if few:
            ax.annotate(
                f"{mode.polarization} q={mode.axial_order}\nQ {mode.quality_factor:.0f}",
                (1e3 * mode.wavelength, 1.02),
                xycoords=("data", "axes fraction"),
                ha="center",
                va="bottom",
                fontsize="small",
                color="0.25",
            )
    ax.set_xlim(waves.min(), waves.max())
    ax.set_ylim(0, 1)
    ax.set_xlabel("wavelength (nm)")
    ax.set_ylabel("fraction of the incident power")
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return new


def _draw_map(map_: tuple[Floats, ...], dispersion: Dispersion) -> Figure:
    from studies.pictures import figure

    new, ax = figure(5.8, 4.4)
    angles, energy, reflectance = map_
    mesh = ax.pcolormesh(
        angles, energy, reflectance.T, cmap="viridis", shading="nearest", vmin=0, vmax=1
    )
    new.colorbar(mesh, ax=ax, label="reflectance (TE)")
    assert dispersion.angle_deg is not None
    for branch in dispersion.branches:
        style = "-" if branch.polarization == "TE" else "--"
        ax.plot(dispersion.angle_deg, branch.energy_ev, style, color="#e4572e", lw=0.8)
    ax.set_ylim(energy.min(), energy.max())
    ax.set_xlabel("angle in the superstrate (degrees)")
    ax.set_ylabel("photon energy (eV)")
    return new


def _draw_splitting(dispersion: Dispersion, splitting: dict[int, Floats]) -> Figure:
    from studies.pictures import figure

    new, ax = figure(5.8, 4.4)
    assert dispersion.angle_deg is not None
    for order, values in splitting.items():
        ax.plot(dispersion.angle_deg, values, lw=1.3, label=f"q = {order}")
    ax.axhline(0, color="0.7", lw=0.8)
    ax.set_xlabel("angle in the superstrate (degrees)")
    ax.set_ylabel("E(TM) − E(TE) (meV)")
    if 0 < len(splitting) <= 12:
        ax.legend()
    return new
