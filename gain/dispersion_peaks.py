"""Peaks of a dispersion map: Lorentzians fitted to every spectrum, with error bars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.batched_least_squares import BatchFit, Floats, Integers, least_squares, row_blocks
from gain.dispersion_map import DispersionMap

__all__ = ["DispersionPeaks", "find_peaks"]

Noise = Literal["uniform", "counts"]
Bools = NDArray[np.bool_]

_BLOCK = 256
_TOLERANCE = 1e-7


@dataclass(frozen=True, kw_only=True, eq=False)
class DispersionPeaks:
    """Peak energies along the branches: what a dispersion is fitted to.

    Attributes:
        angle_deg: angle of each peak (deg), (n,).
        branch: 0 for the lower, 1 for the upper polariton, (n,).
        energy_ev: energies (eV), (..., n), leading axes for repeats; nan: no peak.
        error_ev: standard deviations (eV), (..., n).
        fwhm_mev: full widths (meV), (..., n), nan where not fitted.
        energy_window_ev: energies the spectra covered (eV).

    Raises:
        ValueError: shapes that do not fit, errors that are not positive, an unknown branch.
    """

    angle_deg: Floats
    branch: Integers
    energy_ev: Floats
    error_ev: Floats
    fwhm_mev: Floats | None = None
    energy_window_ev: tuple[float, float] = (0.0, np.inf)

    def __post_init__(self) -> None:
        object.__setattr__(self, "branch", np.asarray(self.branch, dtype=np.intp))
        for name in ("angle_deg", "energy_ev", "error_ev"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.float64))
        count = self.angle_deg.size
        if self.angle_deg.shape != (count,) or self.branch.shape != (count,):
            raise ValueError(
                "angle_deg, branch: must be columns of the same length, got shapes "
                f"{self.angle_deg.shape} and {self.branch.shape}; give one row per peak"
            )
        if self.energy_ev.shape[-1:] != (count,) or self.error_ev.shape != self.energy_ev.shape:
            raise ValueError(
                f"energy_ev, error_ev: must end in the shape ({count},), got shapes "
                f"{self.energy_ev.shape} and {self.error_ev.shape}; give one per angle"
            )
        if not np.all(np.isin(self.branch, (0, 1))):
            raise ValueError("branch: must be 0 (lower) or 1 (upper); check the column")
        if not np.all(self.error_ev[np.isfinite(self.energy_ev)] > 0):
            raise ValueError("error_ev: must be > 0 for every peak; give standard deviations")

    @classmethod
    def single(
        cls,
        angle_deg: ArrayLike,
        energy_ev: ArrayLike,
        *,
        error_mev: ArrayLike,
        branch: Literal["lower", "upper"] = "lower",
    ) -> DispersionPeaks:
        """Return peaks of one branch: angles (n,), energies (..., n), errors broadcast to them."""
        energy = np.asarray(energy_ev, dtype=np.float64)
        angle = np.asarray(angle_deg, dtype=np.float64)
        error = np.broadcast_to(1e-3 * np.asarray(error_mev, dtype=np.float64), energy.shape)
        number = np.full(angle.shape, int(branch == "upper"), dtype=np.intp)
        return cls(angle_deg=angle, branch=number, energy_ev=energy, error_ev=error)

    def joined(self, other: DispersionPeaks) -> DispersionPeaks:
        """Return the peaks of both: lower and upper branch of one measurement."""
        pairs = (
            (self.energy_window_ev[0], other.energy_window_ev[0]),
            (self.energy_window_ev[1], other.energy_window_ev[1]),
        )
        return DispersionPeaks(
            angle_deg=np.concatenate([self.angle_deg, other.angle_deg]),
            branch=np.concatenate([self.branch, other.branch]),
            energy_ev=np.concatenate([self.energy_ev, other.energy_ev], axis=-1),
            error_ev=np.concatenate([self.error_ev, other.error_ev], axis=-1),
            energy_window_ev=(min(pairs[0]), max(pairs[1])),
        )


def find_peaks(
    measured: DispersionMap,
    *,
    branches: Literal["lower", "upper", "both"] = "lower",
    noise: Noise = "uniform",
    smoothing: int = 3,
    significance: float = 10.0,
) -> DispersionPeaks:
    """Fit each spectrum of a map by one or two Lorentzians and a constant background.

    All spectra (and repeats) are one batch with analytic derivatives. The errors of the centres
    are those of least squares: with uniform noise its size is taken from the residuals of the
    spectrum; with counts the variance is the fitted intensity itself (Poisson, also correct for
    few counts on average).

    Args:
        measured: the map; transmission and emission have peaks, reflection must be given as
            1 - R.
        branches: which polaritons the map shows.
        noise: "uniform" or "counts".
        smoothing: half width of the running mean (samples) in which the peaks are first looked
            for; not used in the fit.
        significance: least height of a peak, in standard deviations of that height. Of a spectrum
            in which one of two peaks is weaker, neither is used: one peak alone does not say
            which branch it is.

    Returns:
        Peaks, the lower branch of all angles first; nan where a fit did not converge inside the
        map's energy range, or its peaks are not significant.

    Raises:
        ValueError: fewer energies than parameters.
    """
    count = 2 if branches == "both" else 1
    energy = measured.energy_ev
    size = 3 * count + 1
    if energy.size <= size:
        raise ValueError(
            f"energy_ev: must have more than {size} samples for {count} peaks, got "
            f"{energy.size}; take a finer map"
        )
    lead = measured.intensity.shape[:-2]
    spectra = measured.intensity.reshape(-1, energy.size)
    parts = [
        _fit_block(energy, spectra[block], count, noise, smoothing, significance)
        for block in row_blocks(len(spectra), _BLOCK)
    ]
    centre, error, fwhm = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    shape = (*lead, measured.angle_deg.size, count)

    def ordered(values: Floats) -> Floats:
        moved = np.moveaxis(values.reshape(shape), -1, -2)  # (..., branch, angle)
        return moved.reshape(*lead, -1)

    first = 1 if branches == "upper" else 0
    number = np.repeat(np.arange(first, first + count), measured.angle_deg.size)
    return DispersionPeaks(
        angle_deg=np.tile(measured.angle_deg, count),
        branch=number,
        energy_ev=ordered(centre),
        error_ev=ordered(error),
        fwhm_mev=1e3 * ordered(fwhm),
        energy_window_ev=(float(energy[0]), float(energy[-1])),
    )


def _fit_block(
    energy: Floats,
    spectra: Floats,
    count: int,
    noise: Noise,
    smoothing: int,
    significance: float,
) -> tuple[Floats, Floats, Floats]:
    """Centres, errors and widths (rows, count), sorted by centre; nan where it failed."""
    middle, span = 0.5 * (energy[0] + energy[-1]), energy[-1] - energy[0]
    x = (energy - middle) / span
    top = np.max(np.abs(spectra), axis=1, keepdims=True)
    y = spectra / np.where(top > 0, top, 1.0)
    weight = np.ones_like(y)
    start = _first_guess(x, y, count, smoothing)
    narrow = 0.5 * np.min(np.diff(x))
    lower = np.array([-np.inf, *((0.0, -1.0, narrow) * count)])
    upper = np.array([np.inf, *((np.inf, 1.0, 2.0) * count)])

    def model(values: Floats, rows: Integers) -> tuple[Floats, Floats]:
        curve, jacobian = _lorentzians(x, values, count)
        scale = weight[rows]
        jacobian *= scale[..., None]
        return (curve - y[rows]) * scale, jacobian

    fit = least_squares(model, start, lower=lower, upper=upper, tolerance=_TOLERANCE, max_steps=40)
    if noise == "counts":
        for _ in range(2):  # the variance is that of the fitted curve
            curve, _ = _lorentzians(x, fit.values, count)
            weight = 1 / np.sqrt(np.maximum(curve, 0.25 / np.maximum(top, 1)) / top)
            fit = least_squares(
                model, fit.values, lower=lower, upper=upper, tolerance=_TOLERANCE, max_steps=40
            )
        variance = np.ones(len(y))
    else:
        variance = fit.chi_square / (x.size - start.shape[1])
    return _peaks(fit, variance, count, middle, span, significance)


def _peaks(
    fit: BatchFit, variance: Floats, count: int, middle: float, span: float, significance: float
) -> tuple[Floats, Floats, Floats]:
    place = 3 * np.arange(count) + 2
    centre = fit.values[:, place]
    deviation = np.sqrt(np.einsum("kii->ki", fit.covariance) * variance[:, None])
    error, fwhm = deviation[:, place], fit.values[:, place + 1]
    inside = (np.abs(centre) < 0.5) & (error < 0.5) & (error > 0)
    inside &= fit.values[:, place - 1] > significance * deviation[:, place - 1]
    inside = np.repeat((fit.converged & inside.all(axis=1))[:, None], count, axis=1)
    order = np.argsort(centre, axis=1)
    columns = (middle + span * centre, span * error, span * fwhm)
    masked = (np.where(inside, column, np.nan) for column in columns)
    first, second, third = (np.take_along_axis(column, order, axis=1) for column in masked)
    return first, np.where(np.isnan(first), np.inf, second), third


def _lorentzians(x: Floats, values: Floats, count: int) -> tuple[Floats, Floats]:
    """Background plus peaks (rows, m), and derivatives (rows, m, 1 + 3 count)."""
    curve = np.repeat(values[:, :1], x.size, axis=1)
    jacobian = np.empty((*curve.shape, values.shape[1]))
    jacobian[..., 0] = 1.0
    for j in range(count):
        height, centre, fwhm = (values[:, 3 * j + i, None] for i in (1, 2, 3))
        u = 2 * (x - centre) / fwhm
        unit = 1 / (1 + u * u)
        bend = 2 * height * u * unit * unit
        curve += height * unit
        jacobian[..., 3 * j + 1] = unit
        jacobian[..., 3 * j + 2] = bend * 2 / fwhm
        jacobian[..., 3 * j + 3] = bend * u / fwhm
    return curve, jacobian


def _first_guess(x: Floats, y: Floats, count: int, smoothing: int) -> Floats:
    """Highest local maxima of the smoothed spectra, widths at their half height."""
    kernel = 2 * smoothing + 1
    padded = np.pad(y, ((0, 0), (smoothing + 1, smoothing)), mode="edge")
    total = np.cumsum(padded, axis=1)
    smooth = (total[:, kernel:] - total[:, :-kernel]) / kernel
    floor = np.quantile(smooth, 0.1, axis=1)
    rows = np.arange(len(y))
    peak = np.zeros_like(smooth, dtype=bool)
    peak[:, 1:-1] = (smooth[:, 1:-1] >= smooth[:, :-2]) & (smooth[:, 1:-1] > smooth[:, 2:])
    candidate = np.where(peak, smooth, -np.inf)
    guess = [floor]
    for _ in range(count):
        at = np.argmax(candidate, axis=1)
        height = np.maximum(smooth[rows, at] - floor, 1e-3)
        above = smooth > (floor + 0.5 * height)[:, None]
        left = _run(above, at, -1)
        right = _run(above, at, +1)
        width = np.maximum(x[right] - x[left], 2 * (x[1] - x[0]))
        guess += [height, x[at], width]
        near = (np.arange(x.size) >= left[:, None]) & (np.arange(x.size) <= right[:, None])
        candidate = np.where(near, -np.inf, candidate)
    return np.stack(guess, axis=1)


def _run(above: Bools, at: Integers, direction: int) -> Integers:
    """Index of the last sample of the run of True that holds `at`, towards `direction`."""
    index = np.arange(above.shape[1])
    if direction > 0:
        stop = np.where(~above & (index > at[:, None]), index, above.shape[1])
        return np.asarray(stop.min(axis=1) - 1, dtype=np.intp)
    stop = np.where(~above & (index < at[:, None]), index, -1)
    return np.asarray(stop.max(axis=1) + 1, dtype=np.intp)
