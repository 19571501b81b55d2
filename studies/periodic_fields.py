"""Fields of periodic modes: a plan and a section of the unit cell, and the far field."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from studies.design import Design
from studies.mode_stage import Solve, solve_again
from studies.report_section import ReportSection, SectionFigure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from solvers.modes import Mode, ModeSet

__all__ = ["draw_far_field", "draw_unit_cell_field", "far_intensity", "field_section"]

Floats = NDArray[np.float64]
_REPEATS = 2
_DIFFRACTION = 2.0
"""Half the angles shown, in units of wavelength over width."""


def field_section(
    design: Design, modes: ModeSet, chosen: Sequence[int], *, solve: Solve | None = None
) -> ReportSection:
    """Return the section with near and far fields of some modes.

    Args:
        design: their cavity's; modes: all of them; chosen: numbers of those to show; of a
            degenerate pair the first is shown.
        solve: the solver, default `solvers.solve_modes`.
    """
    live: list[Mode] = []
    seen: set[tuple[Any, ...]] = set()
    for index in chosen:
        mode = modes[index]
        name = (mode.polarization, mode.symmetry, round(mode.wavelength, 7))
        if name in seen:
            continue
        seen.add(name)
        found = mode if mode.sampler is not None else solve_again(design, mode, solve=solve)
        if found is not None and found.sampler is not None:
            live.append(dataclasses.replace(found, band=mode.band))
    points = design.output.field_points
    width = _width(design)
    figures = []
    for number, mode in enumerate(live, start=1):
        label = f"{mode.label} at {1e3 * mode.wavelength:.3f} nm"
        figures.append(
            SectionFigure(
                name=f"mode_field_{number}",
                draw=lambda mode=mode: draw_unit_cell_field(mode, points),  # type: ignore[misc]
                caption=f"{label}: |E|² in the plane where it is largest, and in the section "
                "through that maximum; white lines: materials.",
                alt=f"Near field of {mode.label}",
                vector=False,
            )
        )
        figures.append(
            SectionFigure(
                name=f"far_field_{number}",
                draw=lambda mode=mode: draw_far_field(mode, width),  # type: ignore[misc]
                caption=f"{label}: far field upwards of a device with a Gaussian envelope of "
                f"{width:g} µm (1/e²)" + (_DARK if _dark(mode) else "."),
                alt=f"Far field of {mode.label}",
                vector=False,
            )
        )
    return ReportSection(
        anchor="fields",
        title="Near and far fields",
        short="Fields",
        sentences=(
            "Fields of up to "
            f"{design.output.field_count} modes, those with the lowest thresholds first; of a "
            "degenerate pair one. Modes that are dark along the axis (all but E on a square "
            "lattice) are emitted upwards by a finite device only, with a hole on the axis.",
        ),
        figures=tuple(figures),
        numbers={
            "modes": [
                {
                    "label": mode.label,
                    "wavelength_um": mode.wavelength,
                    "dark": _dark(mode),
                    "share_up": _share_up(mode),
                }
                for mode in live
            ],
        },
    )


_DARK = "; dark on the axis: it radiates at the Bloch vectors that the envelope holds."


def _width(design: Design) -> float:
    """Return the envelope's diameter (um): half the smallest device."""
    return 0.5 * min(design.periodic.device_length)


def _dark(mode: Mode) -> bool:
    return math.isinf(mode.quality_factors.get("radiation:superstrate", math.inf)) or (
        mode.quality_factors["radiation:superstrate"] > 1e9
    )


def _share_up(mode: Mode) -> float:
    """Return the share of the radiation that leaves upwards."""
    losses = {n: 1 / q for n, q in mode.quality_factors.items() if n.startswith("radiation")}
    total = sum(losses.values())
    return losses.get("radiation:superstrate", 0.0) / total if total > 0 else math.nan


def draw_unit_cell_field(mode: Mode, points: int = 121) -> Figure:
    """Return |E|^2 in plan and section over two periods.

    Args:
        mode: with its field; points: samples along each side.
    """
    from matplotlib.figure import Figure

    from solvers.fourier_modal import sampled_field

    sampler: Any = mode.sampler
    stack = sampler.stack
    reach = _REPEATS * stack.lattice.period / 2
    x = np.linspace(-reach, reach, points)
    margin = 0.15
    z = np.linspace(-margin, stack.thickness + margin, points)
    coarse = sampled_field(mode, x[::4], x[::4], z[::4])
    intensity = _intensity(coarse)
    place = np.unravel_index(int(np.argmax(intensity)), intensity.shape)
    height, across = float(z[::4][place[2]]), float(x[::4][place[1]])
    plan = sampled_field(mode, x, x, height)
    section = sampled_field(mode, x, across, z)
    new = Figure(figsize=(5.8, 2.9), layout="constrained")
    left, right = new.subplots(1, 2)
    peak = max(_intensity(plan).max(), _intensity(section).max())
    _panel(left, x, x, _intensity(plan)[:, :, 0] / peak, plan["eps"].values[:, :, 0].real)
    image = _panel(
        right, x, z, _intensity(section)[:, 0] / peak, section["eps"].values[:, 0].real
    )  # fmt: skip
    left.set_ylabel("y (µm)")
    left.set_title(f"z = {height:.2f} µm")
    right.set_ylabel("z (µm)")
    right.set_title(f"y = {across:.2f} µm")
    new.colorbar(image, ax=[left, right], label="|E|² over its maximum")
    return new


def _intensity(field: Any) -> Floats:
    return np.asarray(sum(np.abs(field[name].values) ** 2 for name in ("E_x", "E_y", "E_z")))


def _panel(ax: Axes, x: Any, y: Any, values: Any, eps: Any) -> Any:
    image = ax.pcolormesh(x, y, values.T, cmap="magma", vmin=0, vmax=1, shading="nearest")
    levels = np.unique(np.round(eps, 3))
    if len(levels) > 1:
        between = np.sort((levels[1:] + levels[:-1]) / 2)
        ax.contour(x, y, eps.T, levels=between, colors="white", linewidths=0.5, alpha=0.8)
    ax.set_aspect("equal")
    ax.set_xlabel("x (µm)")
    return image


def draw_far_field(mode: Mode, width: float) -> Figure:
    """Return the far field upwards of a finite device with a Gaussian envelope.

    Args:
        mode: with its field; width: 1/e^2 diameter of the envelope's intensity (um).
    """
    from matplotlib.figure import Figure

    from studies.pictures import legend_above

    half = math.degrees(_DIFFRACTION * mode.wavelength / width)
    angles = np.linspace(-half, half, 121)
    pattern = far_intensity(mode, angles, width)
    pattern = pattern / pattern.max()
    new = Figure(figsize=(5.8, 2.9), layout="constrained")
    ax, cut = new.subplots(1, 2, width_ratios=(1.35, 1))
    image = ax.pcolormesh(
        angles, angles, pattern.T, cmap="inferno", vmin=0, vmax=1, shading="nearest"
    )
    new.colorbar(image, ax=ax, shrink=0.85, label="radiant intensity (relative)")
    ax.set_aspect("equal")
    ax.set_xlabel("angle along x (°)")
    ax.set_ylabel("angle along y (°)")
    cut.plot(angles, pattern[:, len(angles) // 2], color="#22577a", label="along x")
    cut.plot(angles, pattern[len(angles) // 2], "--", color="#c9184a", label="along y")
    cut.set_xlabel("angle (°)")
    cut.set_ylim(0, 1.05)
    legend_above(cut)
    return new


def far_intensity(mode: Mode, angles_deg: Floats, width: float) -> Floats:
    """Return the far field (A, A) over angles along x and y, in arbitrary units.

    A mode that is dark at Gamma radiates at first order in k: along x and along y with
    polarisations that the mirrors make orthogonal, so that the powers add,
    I = |A(k)|^2 (P_x k_x^2 + P_y k_y^2), A the envelope's transform. P_x and P_y come from the
    modes at small Bloch vectors, solved here.
    """
    from solvers.fourier_modal import far_field

    if not _dark(mode):
        found = far_field(mode, "up").pattern(angles_deg, angles_deg, width=width)
        return np.asarray(found["intensity"].values)
    k = mode.wavenumber.real * np.sin(np.radians(angles_deg))
    envelope = np.exp(-(k**2) * width**2 / 8)
    along, across = (_power_beside(mode, axis, 1 / width) for axis in (0, 1))
    return np.asarray(
        np.outer(envelope * along * k**2, envelope) + np.outer(envelope, envelope * across * k**2)
    )


def _power_beside(mode: Mode, axis: int, step: float) -> float:
    """Return the zeroth order's power over k^2 at a Bloch vector beside Gamma."""
    from solvers.fourier_modal import PeriodicSettings, far_field, solve_periodic
    from solvers.fourier_modal.band_structure import field_overlap

    sampler: Any = mode.sampler
    beside = solve_periodic(
        sampler.stack,
        (mode.wavelength * 0.99, mode.wavelength * 1.01),
        bloch=(step, 0.0) if axis == 0 else (0.0, step),
        quality_factor_floor=30.0,
        settings=PeriodicSettings(orders=49, search_orders=25),
    )
    if not len(beside):
        return 1.0
    twin = max(beside, key=lambda other: field_overlap(mode, other))
    return float(np.sum(np.abs(far_field(twin, "up").amplitude) ** 2)) / step**2
