"""What FDTD modes and mode sets say about how they were found."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from solvers.fdtd.ladder import FoundMode, Ladder
from solvers.fdtd.material_fit import MaterialFit

__all__ = ["error_of_fits", "losses_by_channel", "mode_settings", "provenance", "shared_fields"]


class _Balance(Protocol):
    @property
    def inverse_quality(self) -> Mapping[str, float]: ...
    @property
    def confinement(self) -> Mapping[str, float]: ...


def error_of_fits(
    fits: Mapping[str, MaterialFit],
    confinement: Mapping[str, float],
    quality_factors: Mapping[str, float],
) -> complex:
    """Return the relative errors that the material fits cause in wavelength and Q.

    A relative change e of the permittivity in a region that holds the share G of the electric
    energy changes the wavelength by e G/2; an absorption that is e off changes 1/Q by e of that
    channel.

    Args:
        fits: by region name; confinement, quality_factors: of the mode; without them the worst
            fit counts in full.
    """
    if not confinement:
        return complex(
            max((fit.error for fit in fits.values()), default=0.0) / 2,
            max((fit.loss_error for fit in fits.values()), default=0.0),
        )
    real = sum(fits[name].error * share / 2 for name, share in confinement.items() if name in fits)
    total = sum(1 / q for q in quality_factors.values())
    lost = sum(
        fits[name].loss_error / quality_factors[f"absorption:{name}"]
        for name in fits
        if f"absorption:{name}" in quality_factors
    )
    return complex(real, lost / total if total > 0 else 0.0)


def losses_by_channel(parts: Mapping[str, float], total: float) -> dict[str, float]:
    """Return Q by channel: the shares of flux and dissipation in the total 1/Q of the decay.

    Args:
        parts: 1/Q of every channel from the fields; total: 1/Q from the decay in time.
    """
    together = sum(parts.values())
    if not together > 0:
        return {"radiation": 1 / total} if total > 0 else {}
    return {
        name: together / (total * value) if value > 0 else math.inf for name, value in parts.items()
    }


def mode_settings(found: FoundMode, ladder: Ladder) -> dict[str, Any]:
    """Return what every run saw of a mode."""
    finest = found.rungs[-1]
    return {
        "amplitude": finest.amplitude,
        "harmonic_inversion_error": finest.error,
        "rungs": [
            {
                "resolution": resolution,
                "wavelength_um": one.wavelength,
                "quality_factor": one.quality_factor,
            }
            for resolution, one in zip(ladder.resolutions, found.rungs, strict=True)
        ],
        "repeat": None
        if found.repeat is None
        else {
            "wavelength_um": found.repeat.wavelength,
            "quality_factor": found.repeat.quality_factor,
        },
        "largest_quality_factor": finest.largest_quality_factor,
    }


def shared_fields(
    found: FoundMode, ladder: Ladder, balance: _Balance | None, fits: Mapping[str, MaterialFit]
) -> dict[str, Any]:
    """Return the arguments of `Mode` that follow alike for every leaky mode.

    Args:
        found: the mode; ladder: its runs; fits: of the materials by region.
        balance: 1/Q by channel and confinement from the field, where one was kept.
    """
    f, wavelength = found.frequency, 1 / found.frequency.real
    parts: dict[str, float] = {}
    settings = mode_settings(found, ladder)
    if balance is not None:
        parts = losses_by_channel(balance.inverse_quality, -2 * f.imag / f.real)
        settings["flux_and_dissipation"] = balance.inverse_quality
    confinement = {} if balance is None else balance.confinement
    fit_error = error_of_fits(fits, confinement, parts)
    return {
        "wavenumber": 2 * math.pi * f,
        "quality_factors": parts,
        "confinement": confinement,
        "wavelength_error": wavelength * (found.error.real / f.real + fit_error.real),
        "quality_factor_error": found.error.imag / abs(f.imag) + fit_error.imag,
        "residual": found.rungs[-1].error,
        "settings": settings,
    }


def provenance(
    ladders: Sequence[Ladder],
    fits: Mapping[str, MaterialFit],
    wall_time_s: float,
    warnings: Sequence[str],
) -> dict[str, Any]:
    """Return versions, times, rejected resonances and fits of a mode set."""
    results = [result for ladder in ladders for result in ladder.results]
    texts = list(warnings)
    for result in results:
        residual = result.report.get("field_residual")
        if residual is not None and residual > 0.1:
            texts.append(
                f"fields: a share of {residual:.2g} of the snapshots is not explained by the "
                "resonances found; confinement and Q by channel are rough"
            )
    return {
        "meep": results[0].engine if results else "",
        "wall_time_s": wall_time_s,
        "engine_time_s": sum(result.wall_s for result in results),
        "runs": [
            {"folder": str(r.folder), "reused": r.reused, "wall_s": r.wall_s, "ranks": r.ranks}
            for r in results
        ],
        "rejected": [one.report() for ladder in ladders for one in ladder.rejected],
        "material_fits": [fit.report() for fit in fits.values()],
        "warnings": texts,
    }
