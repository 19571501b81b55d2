"""Modes of a periodic cavity from its bands: `solve_modes(cavity, ..., method="bands")`."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np

from cavities.periodic_stack import PeriodicStack
from solvers.band_structure.band_structure import BandStructure
from solvers.band_structure.radiation import cannot_radiate
from solvers.band_structure.settings import BandSettings
from solvers.band_structure.solve import solve_bands
from solvers.engines.run_worker import RunOptions
from solvers.fourier_modal.bloch_point import BlochInput, bloch_vector, point_name
from solvers.fourier_modal.cell_symmetry import cell_symmetry, little_group
from solvers.fourier_modal.labels import labelled
from solvers.fourier_modal.prepare import as_unit_cell
from solvers.modes import Mode, ModeSet

__all__ = ["band_modes"]

METHOD = "bands"
_COARSE = (0.7, 0.85)
"""Grids of the runs for the error, over that of the result."""

_CONFINED = 2.0
"""How many times its share of the height a mode's energy share in the layers must be."""

_MOST_BANDS = 200
_SPARE_BANDS = 4


def band_modes(
    cavity: Any,
    wavelength: tuple[float, float],
    *,
    bloch: BlochInput = "Gamma",
    settings: BandSettings | None = None,
    options: RunOptions | None = None,
) -> ModeSet:
    """Return the lossless modes of a periodic cavity in a window at one Bloch vector.

    Plane waves in a closed supercell know no radiation, so only modes without it are returned:
    guided ones below the light cone, and at Gamma those whose symmetry forbids them to radiate
    while no diffracted order is open. Leaky ones are counted in the warnings.

    Args:
        cavity: a periodic cavity of lossless media.
        wavelength: window (um), low and high.
        bloch: "Gamma", "X", ... or (kx, ky) in rad/um.
        settings: numerical settings; without `bands`, as many as the window needs.
        options: how the engine is run.

    Returns:
        Modes of infinite Q with polarization, symmetry and band as of the Fourier modal method,
        and an error: twice the largest relative difference of all of them to two runs with
        coarser grids and lower supercells, and what dispersion can do to media that are taken in
        the middle of the window.

    Raises:
        ValueError: media with loss or gain, metals, or a window that needs too many bands.
        TypeError: no periodic cavity, or settings of another method.
        EngineError: MPB is missing, or the run ended without a result.
    """
    started = time.perf_counter()
    if settings is not None and not isinstance(settings, BandSettings):
        raise TypeError(
            f'settings: must be BandSettings for method="bands", got {type(settings).__name__}'
        )
    stack = as_unit_cell(cavity)
    vector = bloch_vector(stack.lattice, bloch)
    middle = 2 / (1 / wavelength[0] + 1 / wavelength[1])
    chosen = settings or BandSettings()
    chosen = chosen.changed(
        bands=chosen.bands or _bands_needed(stack, wavelength[0], chosen, middle),
        resolution=chosen.resolution or 16.0,
        group_velocity=False,
    )
    point = (float(vector[0]), float(vector[1]))

    def bands_of(detail: BandSettings) -> BandStructure:
        return solve_bands(
            stack,
            path=[point],
            points_between=0,
            wavelength=middle,
            settings=detail,
            options=options,
        )

    found = bands_of(chosen)
    coarser = [bands_of(_coarser(chosen, share)) for share in _COARSE]
    name = point_name(stack.lattice, vector)
    warnings = list(found.provenance["warnings"])
    if found.wavelength[0, -1] > wavelength[0]:
        warnings.append(
            f"{found.bands} bands end at {found.wavelength[0, -1]:.6g} um, within the window; "
            "raise settings.bands"
        )
    _, whole = cell_symmetry(stack)
    group = little_group(whole, stack.lattice, vector)
    accepted: list[int] = []
    leaky = 0
    for band in range(found.bands):
        inside = wavelength[0] <= found.wavelength[0, band] <= wavelength[1]
        confined = _share(found, band) > _CONFINED * found.core_fraction
        bound = inside and cannot_radiate(
            stack,
            vector,
            float(found.wavelength[0, band]),
            found.symmetry[0][band] if confined else None,
            group,
        )
        if bound:
            accepted.append(band)
        elif inside and confined:
            leaky += 1
    differences = [_difference(found, one, band) for one in coarser for band in accepted]
    error = 2 * max(differences, default=float("nan"))
    modes = [_mode(found, stack, band, name, middle, error) for band in accepted]
    if leaky:
        warnings.append(
            f"{leaky} leaky bands of the layers are left out; method='fourier-modal' or 'fdtd' "
            "gives them with their Q"
        )
    return ModeSet(
        modes=labelled(modes),
        cavity={"type": type(cavity).__name__, **cavity.model_dump(mode="json")},
        window=wavelength,
        settings={**found.settings, "bloch": list(point), "lattice_point": name, "method": METHOD},
        provenance={
            **{key: found.provenance[key] for key in ("engine", "grid")},
            "wall_time_s": time.perf_counter() - started,
            "warnings": warnings,
        },
    )


def _bands_needed(
    stack: PeriodicStack, shortest: float, settings: BandSettings, middle: float
) -> int:
    """Return the number of plane waves of the supercell up to the window's short end."""
    period = stack.lattice.period
    density = [
        (settings.padding * period, stack.substrate),
        *((layer.thickness, layer.material) for layer in stack.slices()),
        (settings.padding * period, stack.superstrate),
    ]
    cubes = sum(d * float(np.real(m.index(middle))) ** 3 for d, m in density)
    count = 8 * math.pi / 3 * stack.lattice.area * cubes / shortest**3
    needed = math.ceil(1.15 * count) + _SPARE_BANDS
    if needed > _MOST_BANDS:
        raise ValueError(
            f"wavelength: must need at most {_MOST_BANDS} bands of the supercell, got about "
            f"{needed} down to {shortest:g} um; give a window of longer wavelengths, a smaller "
            "settings.padding, or settings.bands itself"
        )
    return needed


def _share(found: BandStructure, band: int) -> float:
    assert found.core_share is not None
    return float(found.core_share[0, band])


def _coarser(settings: BandSettings, share: float) -> BandSettings:
    """Return the settings of a run for the error: a coarser grid and a lower supercell."""
    z = settings.resolution_z
    coarser: BandSettings = settings.changed(
        resolution=share * (settings.resolution or 16.0),
        resolution_z=None if z is None else share * z,
        padding=share * settings.padding,
    )
    return coarser


def _difference(found: BandStructure, coarse: BandStructure, band: int) -> float:
    """Return the relative difference of a band's wavelength to the nearest like it."""
    wavelength = float(found.wavelength[0, band])
    return min(
        (
            abs(float(coarse.wavelength[0, other]) / wavelength - 1)
            for other in range(coarse.bands)
            if coarse.symmetry[0][other] == found.symmetry[0][band]
            and (coarse.axial_share[0, other] > 0.5) == (found.axial_share[0, band] > 0.5)
        ),
        default=float("nan"),
    )


def _mode(
    found: BandStructure,
    stack: PeriodicStack,
    band: int,
    name: str,
    middle: float,
    error: float,
) -> Mode:
    wavelength = float(found.wavelength[0, band])
    share = _share(found, band)
    slopes = [
        abs(complex(m.index(wavelength)).real / complex(m.index(middle)).real - 1)
        for m in stack.media
        if m.is_dispersive
    ]
    return Mode(
        wavenumber=complex(2 * math.pi / wavelength),
        quality_factors={"radiation": math.inf},
        confinement={"layers": share, "outside": 1 - share},
        polarization="TM" if found.axial_share[0, band] > 0.5 else "TE",
        lattice_point=name,
        symmetry=found.symmetry[0][band],
        wavelength_error=wavelength * (error + max(slopes, default=0.0)),
        quality_factor_error=0.0,
        method=METHOD,
        settings={"method": METHOD, "band_of_supercell": band + 1},
    )
