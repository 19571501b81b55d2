"""Fit of Rabi splitting, detuning, exciton energy and effective index to a dispersion.

The model is one cavity mode and one exciton (`gain.coupled_oscillators`), the data are peak
energies with error bars. The four parameters are Om, E_c(0), E_x and n_eff; the detuning
E_c(0) - E_x is derived, with its error from the covariance. Derivatives are analytic:
dE/dE_c = 1/2 +- delta/(2 r), dE/dOm = +- Om/(2 r), r = sqrt(Om^2 + delta^2),
delta = E_c - E_x - i (g_c - g_x)/2, real parts taken.

One branch alone hardly determines all four: a lower branch follows almost the same curve for a
larger splitting and a higher exciton. Fix what is known from elsewhere (the exciton from
absorption, n_eff from the empty cavity) and look at the errors, which say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from gain.batched_least_squares import Floats, Integers, least_squares
from gain.coupled_oscillators import CoupledOscillators
from gain.dispersion_fit_result import PARAMETERS, DispersionFit
from gain.dispersion_map import DispersionMap
from gain.dispersion_peaks import DispersionPeaks, Noise, find_peaks

__all__ = ["fit_dispersion"]

_INDICES = np.geomspace(1.2, 3.0, 12)
_EXCITONS = 24
_LOWER = np.array([0.0, 1e-3, 1e-3, 1.0001])
_UPPER = np.array([1e4, 1e2, 1e2, 20.0])


def fit_dispersion(
    data: DispersionPeaks | DispersionMap,
    *,
    fixed: Mapping[str, float] | None = None,
    photon_fwhm_mev: float = 0.0,
    exciton_fwhm_mev: float = 0.0,
    start: CoupledOscillators | None = None,
    branches: Literal["lower", "upper", "both"] = "lower",
    noise: Noise = "uniform",
    errors: Literal["given", "scaled"] | None = None,
) -> DispersionFit:
    """Fit a cavity mode coupled to an exciton to peak energies or to a map.

    Repeats (leading axes of the data) are fitted as one batch; each has its own result.

    Args:
        data: peaks, or a map whose peaks are found first (`gain.dispersion_peaks.find_peaks`).
        fixed: parameters held, by name: rabi_splitting_mev, cavity_energy_ev,
            exciton_energy_ev, effective_index.
        photon_fwhm_mev, exciton_fwhm_mev: known widths that enter the complex energies.
        start: first guess; None: found on a grid of exciton energies and indices.
        branches, noise: which branches a map shows and its noise (maps only).
        errors: "given": the peaks' errors are standard deviations; "scaled": only relative,
            scaled so that chi^2 equals the degrees of freedom. None: "given" for peaks, "scaled"
            for a map, whose peaks have estimated errors.

    Raises:
        ValueError: an unknown parameter, an exciton outside the map, or fewer peaks than free
            parameters.

    Example:
        >>> from gain.coupled_oscillators import CoupledOscillators
        >>> truth = CoupledOscillators.from_quality_factor(
        ...     exciton_energy_ev=2.09, detuning_mev=-27.0, rabi_splitting_mev=45.0,
        ...     effective_index=1.7,
        ... )
        >>> angle = np.linspace(0, 40, 21)
        >>> found = truth.branches(angle_deg=angle)
        >>> peaks = DispersionPeaks.single(angle, found.lower, error_mev=0.5).joined(
        ...     DispersionPeaks.single(angle, found.upper, error_mev=0.5, branch="upper")
        ... )
        >>> fit = fit_dispersion(peaks)
        >>> round(float(fit.value("detuning_mev")), 6), round(float(fit.error("detuning_mev")), 2)
        (-27.0, 0.34)
    """
    peaks = (
        data
        if isinstance(data, DispersionPeaks)
        else find_peaks(data, branches=branches, noise=noise)
    )
    held = dict(fixed or {})
    _check_names(held, peaks)
    lead = peaks.energy_ev.shape[:-1]
    energy = peaks.energy_ev.reshape(-1, peaks.angle_deg.size)
    error = peaks.error_ev.reshape(energy.shape)
    weight = np.where(np.isfinite(energy), 1 / error, 0.0)
    energy = np.where(np.isfinite(energy), energy, 0.0)
    free = np.array([name not in held for name in PARAMETERS])
    degrees = np.count_nonzero(weight, axis=1) - np.count_nonzero(free)
    enough = degrees >= 0
    if not np.any(enough):
        raise ValueError(
            f"data: must have at least {np.count_nonzero(free)} peaks for as many free "
            f"parameters, got {np.count_nonzero(weight, axis=1).max()}; fix parameters or widen "
            "the map"
        )
    sine = np.sin(np.radians(peaks.angle_deg))
    sign = np.where(peaks.branch == 0, -1.0, 1.0)
    width = -0.5e-3j * (photon_fwhm_mev - exciton_fwhm_mev)
    whole = (
        np.tile(_start_of(start), (len(energy), 1))
        if start is not None
        else _grid_start(energy, weight, sine, sign, held)
    )
    for name, value in held.items():
        whole[:, PARAMETERS.index(name)] = value

    def model(values: Floats, rows: Integers) -> tuple[Floats, Floats]:
        everything = whole[rows]
        everything[:, free] = values
        curve, jacobian = _energies(everything, sine, sign, width)
        scale = weight[rows]
        return (curve - energy[rows]) * scale, jacobian[..., free] * scale[..., None]

    fit = least_squares(
        model, whole[:, free], lower=_LOWER[free], upper=_UPPER[free], max_steps=200
    )
    values = np.where(enough[:, None], whole, np.nan)
    values[:, free] = np.where(enough[:, None], fit.values, np.nan)
    covariance = np.zeros((len(energy), len(PARAMETERS), len(PARAMETERS)))
    covariance[:, np.outer(free, free)] = fit.covariance.reshape(len(energy), -1)
    scaled = errors == "scaled" or (errors is None and peaks is not data)
    if scaled:
        scale = fit.chi_square / np.maximum(degrees, 1)
        covariance = covariance * scale[:, None, None]
    result = DispersionFit(
        values=values.reshape(*lead, -1),
        covariance=covariance.reshape(*lead, len(PARAMETERS), len(PARAMETERS)),
        chi_square=fit.chi_square.reshape(lead),
        degrees_of_freedom=degrees.reshape(lead),
        converged=(fit.converged & enough).reshape(lead),
        scaled=scaled,
        fixed=tuple(held),
        photon_fwhm_mev=photon_fwhm_mev,
        exciton_fwhm_mev=exciton_fwhm_mev,
        peaks=peaks,
    )
    if not lead:
        _check_exciton(float(result.value("exciton_energy_ev")), peaks, "fitted")
    return result


def _energies(values: Floats, sine: Floats, sign: Floats, width: complex) -> tuple[Floats, Floats]:
    """Peak energies (rows, n) and derivatives (rows, n, 4) by Om (meV), E_c, E_x (eV), n."""
    rabi, cavity, exciton, index = (values[:, j, None] for j in range(4))
    slow = 1 - (sine / index) ** 2
    photon = cavity / np.sqrt(slow)
    delta = photon - exciton + width
    root = np.sqrt((1e-3 * rabi) ** 2 + delta**2)
    small = np.abs(root) < 1e-12
    root = np.where(small, 1e-12, root)
    tilt = (sign * delta / root).real
    curve = 0.5 * (photon + exciton) + 0.5 * (sign * root).real
    jacobian = np.empty((*curve.shape, 4))
    by_photon = 0.5 * (1 + tilt)
    jacobian[..., 0] = 0.5e-6 * rabi * (sign / root).real
    jacobian[..., 1] = by_photon / np.sqrt(slow)
    jacobian[..., 2] = 0.5 * (1 - tilt)
    jacobian[..., 3] = -by_photon * photon / slow * sine**2 / index**3
    return curve, jacobian


def _grid_start(
    energy: Floats, weight: Floats, sine: Floats, sign: Floats, held: Mapping[str, float]
) -> Floats:
    """First guess (rows, 4): for given E_x and n the secular equation is linear.

    (E_c(0) f - E)(E_x - E) = Om^2/4, with f = 1/sqrt(1 - (sin/n)^2), divided by E_x - E: a
    straight line with unknowns E_c(0) and q = Om^2/4, on a grid of E_x and n.
    """
    used = weight > 0
    lower = np.where(used & (sign < 0), energy, -np.inf).max(axis=1)
    upper = np.where(used & (sign > 0), energy, np.inf).min(axis=1)
    lower = np.where(np.isfinite(lower), lower, upper - 0.3)
    upper = np.where(np.isfinite(upper), upper, lower + 0.3)
    gap = np.maximum(upper - lower, 2e-3)
    indices = [held["effective_index"]] if "effective_index" in held else list(_INDICES)
    best = np.full(len(energy), np.inf)
    result = np.empty((len(energy), 4))
    w2 = weight**2
    for step in range(1 if "exciton_energy_ev" in held else _EXCITONS):
        # Denser near the branch: E_x - E_lower from 1 % to 99 % of the gap.
        share = ((step + 0.5) / _EXCITONS) ** 2 if np.all(sign < 0) else (step + 0.5) / _EXCITONS
        exciton = np.full(len(energy), held.get("exciton_energy_ev", np.nan))
        exciton = np.where(np.isnan(exciton), lower + share * gap, exciton)
        inverse = exciton[:, None] - energy
        inverse = 1 / np.where(np.abs(inverse) < 1e-4, np.copysign(1e-4, inverse), inverse)
        for index in indices:
            f = 1 / np.sqrt(1 - (sine / index) ** 2)
            aa, ab, bb = (w2 * f * f).sum(1), (w2 * f * inverse).sum(1), (w2 * inverse**2).sum(1)
            ay, by = (w2 * f * energy).sum(1), (w2 * inverse * energy).sum(1)
            determinant = aa * bb - ab * ab
            determinant = np.where(determinant > 0, determinant, 1.0)
            cavity = (bb * ay - ab * by) / determinant
            q = np.maximum(-(aa * by - ab * ay) / determinant, 1e-8)
            miss = w2 * (cavity[:, None] * f - q[:, None] * inverse - energy) ** 2
            total = miss.sum(axis=1)
            better = (total < best) & (cavity > 0)
            best = np.where(better, total, best)
            guess = np.stack(
                [2e3 * np.sqrt(q), cavity, exciton, np.full(len(energy), index)], axis=1
            )
            result[better] = guess[better]
    return result


def _start_of(start: CoupledOscillators) -> Floats:
    if len(start.photons) != 1 or len(start.excitons) != 1:
        raise ValueError(
            f"start: must have one photon and one exciton, got {len(start.photons)} and "
            f"{len(start.excitons)}; fits of more oscillators are not offered"
        )
    rabi = np.ravel(np.asarray(start.rabi_splittings_mev, dtype=np.float64))[0]
    photon = start.photons[0]
    return np.array([rabi, photon.energy_ev, start.excitons[0].energy_ev, photon.effective_index])


def _check_names(held: Mapping[str, float], peaks: DispersionPeaks) -> None:
    for name in held:
        if name not in PARAMETERS:
            raise ValueError(
                f"fixed: must name one of {', '.join(PARAMETERS)}, got {name!r}; correct the name"
            )
    if len(held) == len(PARAMETERS):
        raise ValueError("fixed: must leave a parameter free, got all four; drop one")
    if "exciton_energy_ev" in held:
        _check_exciton(held["exciton_energy_ev"], peaks, "fixed")


def _check_exciton(energy_ev: float, peaks: DispersionPeaks, what: str) -> None:
    low, high = peaks.energy_window_ev
    if not low <= energy_ev <= high:
        raise ValueError(
            f"exciton_energy_ev: must lie inside the map ({low:.4g}-{high:.4g} eV), got "
            f"{energy_ev:.4g} eV ({what}); widen the map, or fix the exciton at its absorption line"
        )
