"""Occupation along the lower branch: Maxwell-Boltzmann and Bose-Einstein, with fits.

From a map of emission the occupation is N(k) ~ I(k)/(|C(k)|^2/tau_c): the photon share sets the
rate at which a polariton leaks. Energies are counted from the bottom of the branch. Models:

    Maxwell-Boltzmann   N = A exp(-E/kT)
    Bose-Einstein       N = A/(exp((E - mu)/kT) - 1),  mu < 0

The first is the limit N << A of the second: at low occupation exp(mu/kT) and A cannot be told
apart, and mu is not determined. With occupations in absolute numbers fix A = 1 (the degeneracy).
Neither says that the polaritons are in equilibrium: an exponential decay of the occupation is
compatible with any cascade whose rates fall with energy, and T is then only a slope.

Source: J. Kasprzak et al., Nature 443, 409 (2006), doi:10.1038/nature05131 (the analysis).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cavities.constants import BOLTZMANN_EV_PER_K
from gain.batched_least_squares import Floats, Integers, least_squares

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gain.polariton_branches import PolaritonBranches

__all__ = [
    "OccupationFit",
    "bose_einstein",
    "fit_occupation",
    "maxwell_boltzmann",
    "occupation_from_emission",
]

Statistics = Literal["maxwell_boltzmann", "bose_einstein"]

_BOLTZMANN_MEV_PER_K = 1e3 * BOLTZMANN_EV_PER_K


def maxwell_boltzmann(
    energy_mev: ArrayLike, *, temperature_k: float, amplitude: float = 1.0
) -> Floats:
    """Return A exp(-E/kT) at energies above the bottom of the branch (meV), same shape.

    Raises:
        ValueError: a temperature that is not positive.
    """
    _check_temperature(temperature_k)
    energy = np.asarray(energy_mev, dtype=np.float64)
    return np.asarray(amplitude * np.exp(-energy / (_BOLTZMANN_MEV_PER_K * temperature_k)))


def bose_einstein(
    energy_mev: ArrayLike,
    *,
    temperature_k: float,
    chemical_potential_mev: float,
    amplitude: float = 1.0,
) -> Floats:
    """Return A/(exp((E - mu)/kT) - 1) at energies above the bottom (meV), same shape.

    Args:
        energy_mev: E (meV), > mu.
        temperature_k: T (K).
        chemical_potential_mev: mu (meV), below the lowest energy.
        amplitude: A; 1 for occupation numbers.

    Raises:
        ValueError: mu not below every energy, or a temperature that is not positive.

    Example:
        >>> n = bose_einstein([0.0, 25.0], temperature_k=295.0, chemical_potential_mev=-0.5)
        >>> n.round(3).tolist()
        [50.344, 0.579]
    """
    _check_temperature(temperature_k)
    energy = np.asarray(energy_mev, dtype=np.float64)
    if not np.all(energy > chemical_potential_mev):
        raise ValueError(
            "chemical_potential_mev: must lie below every energy, got "
            f"{chemical_potential_mev:g} against {np.min(energy):g} meV; a boson's mu is < E_0"
        )
    reduced = (energy - chemical_potential_mev) / (_BOLTZMANN_MEV_PER_K * temperature_k)
    return np.asarray(amplitude / np.expm1(reduced))


def occupation_from_emission(
    intensity: ArrayLike, branches: PolaritonBranches, *, branch: int = 0
) -> Floats:
    """Return the relative occupation I/|C|^2 along a branch, largest value 1.

    Args:
        intensity: emission of the branch, integrated over its line, (points,).
        branches: the model at the same points.
        branch: its number, 0 the lowest.

    Raises:
        ValueError: shapes that differ.
    """
    values = np.asarray(intensity, dtype=np.float64)
    share = branches.photon_weight[..., branch]
    if values.shape != share.shape:
        raise ValueError(
            f"intensity: must have the shape {share.shape} of the branch, got {values.shape}; "
            "give one value per angle"
        )
    occupation = values / share
    return np.asarray(occupation / occupation.max())


@dataclass(frozen=True, kw_only=True, eq=False)
class OccupationFit:
    """A fitted occupation; leading axes for repeats.

    Attributes:
        statistics: "maxwell_boltzmann" or "bose_einstein".
        energy_mev, occupation, relative_error: the data, (n,), (..., n), (..., n).
        amplitude, temperature_k, chemical_potential_mev: (...); mu is 0 for Maxwell-Boltzmann.
        covariance: of the free ones among (ln A, ln T, ln(-mu)), (..., 3, 3), zero where fixed.
        chi_square, degrees_of_freedom, converged: (...), one number, (...).
    """

    statistics: Statistics
    energy_mev: Floats
    occupation: Floats
    relative_error: Floats
    amplitude: Floats
    temperature_k: Floats
    chemical_potential_mev: Floats
    covariance: Floats
    chi_square: Floats
    degrees_of_freedom: int
    converged: NDArray[np.bool_]

    @property
    def temperature_error_k(self) -> Floats:
        """Standard deviation of the temperature (K), (...)."""
        return np.asarray(self.temperature_k * np.sqrt(self.covariance[..., 1, 1]))

    @property
    def chemical_potential_error_mev(self) -> Floats:
        """Standard deviation of mu (meV), (...); nan where the data do not determine it."""
        return np.asarray(-self.chemical_potential_mev * np.sqrt(self.covariance[..., 2, 2]))

    def curve(self, energy_mev: ArrayLike) -> Floats:
        """Return the fitted occupation at energies (meV), (m,), for a single data set."""
        if self.temperature_k.ndim:
            raise ValueError("fit: must be one data set here, got a batch; fit one curve")
        temperature, amplitude = float(self.temperature_k), float(self.amplitude)
        if self.statistics == "maxwell_boltzmann":
            return maxwell_boltzmann(energy_mev, temperature_k=temperature, amplitude=amplitude)
        return bose_einstein(
            energy_mev,
            temperature_k=temperature,
            chemical_potential_mev=float(self.chemical_potential_mev),
            amplitude=amplitude,
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot the occupation with the fitted law."""
        from gain.polariton_laser_plots import plot_occupation

        return plot_occupation(self, ax=ax)


def fit_occupation(
    energy_mev: ArrayLike,
    occupation: ArrayLike,
    *,
    relative_error: ArrayLike = 0.1,
    statistics: Statistics = "maxwell_boltzmann",
    amplitude: float | None = None,
) -> OccupationFit:
    """Fit temperature (and chemical potential) to occupations along a branch, in the logarithm.

    Args:
        energy_mev: energies above the bottom of the branch (meV), (n,).
        occupation: occupations, absolute or relative, (..., n), > 0.
        relative_error: their relative standard deviations, broadcast to them.
        statistics: the law.
        amplitude: A when known (1 for absolute occupation numbers); None: fitted.

    Raises:
        ValueError: too few points, energies below 0, or occupations that are not positive.

    Example:
        >>> energy = np.linspace(0, 60, 16)
        >>> data = bose_einstein(energy, temperature_k=320.0, chemical_potential_mev=-2.0)
        >>> fit = fit_occupation(energy, data, statistics="bose_einstein", amplitude=1.0)
        >>> round(float(fit.temperature_k), 3), round(float(fit.chemical_potential_mev), 4)
        (320.0, -2.0)
    """
    energy = np.asarray(energy_mev, dtype=np.float64)
    values = np.asarray(occupation, dtype=np.float64)
    free = np.array([amplitude is None, True, statistics == "bose_einstein"])
    count = int(np.count_nonzero(free))
    if energy.ndim != 1 or values.shape[-1:] != energy.shape or energy.size < count:
        raise ValueError(
            f"energy_mev, occupation: must be columns of the same length of at least {count}, got "
            f"shapes {energy.shape} and {values.shape}; give one occupation per energy"
        )
    if energy.min() < 0:
        raise ValueError(
            f"energy_mev: must be >= 0, got {energy.min():g}; count from the bottom of the branch"
        )
    error = np.broadcast_to(np.asarray(relative_error, dtype=np.float64), values.shape)
    for name, column in (("occupation", values), ("relative_error", error)):
        if not np.all(column > 0):
            raise ValueError(f"{name}: must be > 0, got {np.min(column):g}; drop such points")
    lead = values.shape[:-1]
    data, weight = np.log(values).reshape(-1, energy.size), 1 / error.reshape(-1, energy.size)
    whole = _first_guess(energy, data, statistics)
    if amplitude is not None:
        whole[:, 0] = np.log(amplitude)

    def model(part: Floats, rows: Integers) -> tuple[Floats, Floats]:
        everything = whole[rows]
        everything[:, free] = part
        kt = _BOLTZMANN_MEV_PER_K * np.exp(everything[:, 1, None])
        if statistics == "maxwell_boltzmann":
            x = energy / kt
            curve = everything[:, :1] - x
            slope = np.ones_like(x)
            depth = np.zeros_like(x)
        else:
            depth = np.exp(everything[:, 2, None]) / kt  # -mu/kT
            x = energy / kt + depth
            curve = everything[:, :1] - np.log(-np.expm1(-x)) - x
            slope = -1 / np.expm1(-x)  # -d curve/dx
        jacobian = np.stack([np.ones_like(x), x * slope, -depth * slope], axis=-1)
        scale = weight[rows]
        return (curve - data[rows]) * scale, jacobian[..., free] * scale[..., None]

    lower = np.array([-np.inf, np.log(1e-2), np.log(1e-9)])[free]
    upper = np.array([np.inf, np.log(1e6), np.log(1e4)])[free]
    fit = least_squares(model, whole[:, free], lower=lower, upper=upper, max_steps=300)
    whole[:, free] = fit.values
    covariance = np.zeros((len(data), 3, 3))
    covariance[:, np.outer(free, free)] = fit.covariance.reshape(len(data), -1)
    mu = -np.exp(whole[:, 2]) if free[2] else np.zeros(len(data))
    return OccupationFit(
        statistics=statistics,
        energy_mev=energy,
        occupation=values,
        relative_error=error,
        amplitude=np.exp(whole[:, 0]).reshape(lead),
        temperature_k=np.exp(whole[:, 1]).reshape(lead),
        chemical_potential_mev=mu.reshape(lead),
        covariance=covariance.reshape(*lead, 3, 3),
        chi_square=fit.chi_square.reshape(lead),
        degrees_of_freedom=energy.size - count,
        converged=fit.converged.reshape(lead),
    )


def _first_guess(energy: Floats, data: Floats, statistics: Statistics) -> Floats:
    """Straight line through the upper half of the energies; mu from the excess at the bottom."""
    high = energy >= np.median(energy)
    x = energy[high] - energy[high].mean()
    spread = max(float(x @ x), 1e-12)
    slope = np.minimum((data[:, high] @ x) / spread, -1e-6)
    kt = np.clip(-1 / slope, 0.05, 500.0)
    top = data[:, high].mean(axis=1) + energy[high].mean() / kt
    depth = 0.3 * kt if statistics == "bose_einstein" else np.ones_like(kt)
    return np.stack([top, np.log(kt / _BOLTZMANN_MEV_PER_K), np.log(depth)], axis=1)


def _check_temperature(temperature_k: float) -> None:
    if not temperature_k > 0:
        raise ValueError(f"temperature_k: must be > 0, got {temperature_k:g}; give kelvin")
