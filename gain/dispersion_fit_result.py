"""Result of a dispersion fit: values, covariance, error bars, intervals, report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from gain.coupled_oscillators import CavityPhoton, CoupledOscillators, Exciton
from gain.dispersion_peaks import DispersionPeaks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PARAMETERS", "DispersionFit"]

Floats = NDArray[np.float64]

PARAMETERS: Final = (
    "rabi_splitting_mev",
    "cavity_energy_ev",
    "exciton_energy_ev",
    "effective_index",
)
"""The parameters of a fit, in the order of its values."""

_DERIVED: Final = "detuning_mev"


@dataclass(frozen=True, kw_only=True, eq=False)
class DispersionFit:
    """A cavity mode and an exciton fitted to a dispersion; leading axes for repeats.

    Attributes:
        values: parameters (..., 4) in the order of `PARAMETERS`.
        covariance: (..., 4, 4), zero for fixed parameters, nan where not determined.
        chi_square, degrees_of_freedom, converged: (...).
        scaled: whether the covariance was scaled by chi^2 per degree of freedom.
        fixed: names of the parameters that were held.
        photon_fwhm_mev, exciton_fwhm_mev: widths assumed (meV).
        peaks: the data.
    """

    values: Floats
    covariance: Floats
    chi_square: Floats
    degrees_of_freedom: NDArray[np.intp]
    converged: NDArray[np.bool_]
    scaled: bool
    fixed: tuple[str, ...]
    photon_fwhm_mev: float
    exciton_fwhm_mev: float
    peaks: DispersionPeaks

    def value(self, name: str) -> Floats:
        """Return a parameter, or "detuning_mev", (...)."""
        direction = self._direction(name)
        return np.asarray(self.values @ direction)

    def error(self, name: str) -> Floats:
        """Return the standard deviation of a parameter, or of "detuning_mev", (...)."""
        direction = self._direction(name)
        return np.asarray(np.sqrt(direction @ self.covariance @ direction))

    def interval(self, name: str, *, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return the confidence interval, two arrays (...).

        Normal where the peaks' errors were given, Student where they were scaled. Linearised:
        right while the error is small against the parameter.

        Raises:
            ValueError: a level outside 0-1.
        """
        if not 0 < level < 1:
            raise ValueError(f"level: must lie in 0-1, got {level:g}; give a fraction")
        from scipy import special

        upper = 0.5 * (1 + level)
        degrees = np.where(self.scaled, np.maximum(self.degrees_of_freedom, 1), np.inf)
        factor = special.stdtrit(degrees, upper)
        value, half = self.value(name), factor * self.error(name)
        return np.asarray(value - half), np.asarray(value + half)

    def correlation(self, first: str, second: str) -> Floats:
        """Return the correlation coefficient of two parameters, (...)."""
        a, b = self._direction(first), self._direction(second)
        return np.asarray(a @ self.covariance @ b / (self.error(first) * self.error(second)))

    @property
    def oscillators(self) -> CoupledOscillators:
        """The fitted model. Errors: ValueError for a batch of repeats."""
        self._single()
        rabi, cavity, exciton, index = (float(value) for value in self.values)
        return CoupledOscillators(
            photons=(
                CavityPhoton(
                    energy_ev=cavity, effective_index=index, fwhm_mev=self.photon_fwhm_mev
                ),
            ),
            excitons=(Exciton(energy_ev=exciton, fwhm_mev=self.exciton_fwhm_mev),),
            rabi_splittings_mev=rabi,
        )

    def report(self) -> str:
        """Return a text table of the parameters with their standard deviations."""
        self._single()
        lines = [
            f"{int(np.sum(np.isfinite(self.peaks.energy_ev)))} peaks, chi^2 "
            f"{float(self.chi_square):.4g} for {int(self.degrees_of_freedom)} degrees of freedom"
            f"{'' if self.converged else ', NOT CONVERGED'}"
        ]
        for name in (*PARAMETERS, _DERIVED):
            note = "fixed" if name in self.fixed else f"+- {float(self.error(name)):.2g}"
            lines.append(f"{name:<20} {float(self.value(name)):10.5g} {note}")
        return "\n".join(lines)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot the peaks with the fitted branches, the bare cavity and the exciton."""
        from gain.polariton_plots import plot_dispersion_fit

        return plot_dispersion_fit(self, ax=ax)

    def _direction(self, name: str) -> Floats:
        if name == _DERIVED:
            return np.array([0.0, 1e3, -1e3, 0.0])
        if name not in PARAMETERS:
            raise ValueError(
                f"name: must be one of {', '.join((*PARAMETERS, _DERIVED))}, got {name!r}; "
                "correct the name"
            )
        return np.array([float(name == other) for other in PARAMETERS])

    def _single(self) -> None:
        if self.values.ndim != 1:
            raise ValueError(
                f"fit: must be one data set here, got a batch of shape {self.values.shape[:-1]}; "
                "fit one map"
            )
