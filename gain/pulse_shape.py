"""Pump pulses in time: unit-area shapes, one-photon and two-photon excitation rates.

A pulse that would make N absorbed photons per nanocrystal excites it at the rate

    W(t) = N Phi(t)                     one photon
    W(t) = N Phi(t)^2/int Phi^2 dt      two photons,

with int Phi dt = 1. Time 0 is the pulse's centre.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import Annotated, Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator

from cavities.spec import Spec

__all__ = [
    "ContinuousPump",
    "GaussianPulse",
    "InstantPulse",
    "PulseShape",
    "RectangularPulse",
    "Sech2Pulse",
    "TabulatedPulse",
]

Floats = NDArray[np.float64]

_SECH_FWHM: Final = 2 * math.acosh(math.sqrt(2))
_ROOT_TAU: Final = math.sqrt(2 * math.pi)
_STD: Final = 1 / (2 * math.sqrt(2 * math.log(2)))


class _Shape(Spec):
    """What every shape has in common."""

    @property
    def window_ns(self) -> tuple[float, float]:
        """Times between which all but 1e-11 of the pulse lies (ns)."""
        raise NotImplementedError

    @property
    def corners_ns(self) -> tuple[float, ...]:
        """Times inside the window at which the shape jumps or bends (ns)."""
        return ()

    @property
    def longest_step_ns(self) -> float:
        """Step (ns) with which an integrator cannot miss the pulse."""
        start, stop = self.window_ns
        return (stop - start) / 60

    def flux_per_ns(self, time_ns: ArrayLike) -> Floats:
        """Return Phi (1/ns) at times (ns), same shape: its integral is 1."""
        raise NotImplementedError

    @property
    def two_photon_moment_per_ns(self) -> float:
        """Return int Phi^2 dt (1/ns): N of a two-photon pump is delta (F/h nu)^2/2 times it."""
        raise NotImplementedError

    def excitation_per_ns(self, time_ns: ArrayLike, *, photons: int = 1) -> Floats:
        """Return W/N (1/ns) at times (ns), same shape.

        Args:
            time_ns: times (ns), 0 at the pulse's centre.
            photons: 1 or 2 photons for an exciton.

        Raises:
            ValueError: another number of photons.
        """
        check_photons(photons)
        flux = self.flux_per_ns(time_ns)
        return flux if photons == 1 else np.asarray(flux * flux / self.two_photon_moment_per_ns)


class InstantPulse(_Shape):
    """A pulse short against everything that happens in the nanocrystals (femtoseconds)."""

    kind: Literal["instant"] = "instant"

    @property
    def window_ns(self) -> tuple[float, float]:
        """(0, 0)."""
        return 0.0, 0.0

    def flux_per_ns(self, time_ns: ArrayLike) -> Floats:
        """Not defined: the excitation is part of the initial state."""
        raise ValueError("pulse: must last for a rate to exist, got 'instant'; set a fwhm_ns")

    @property
    def two_photon_moment_per_ns(self) -> float:
        """Infinite."""
        return math.inf


class GaussianPulse(_Shape):
    """A Gaussian pulse.

    Attributes:
        fwhm_ns: full width at half maximum of the intensity (ns).

    Example:
        >>> round(GaussianPulse(fwhm_ns=1e-4).two_photon_moment_per_ns)
        6643
    """

    kind: Literal["gaussian"] = "gaussian"
    fwhm_ns: float = Field(gt=0)

    @property
    def window_ns(self) -> tuple[float, float]:
        """Three full widths, seven standard deviations, each way."""
        return -3 * self.fwhm_ns, 3 * self.fwhm_ns

    def flux_per_ns(self, time_ns: ArrayLike) -> Floats:
        """Return Phi (1/ns)."""
        std = _STD * self.fwhm_ns
        x = np.asarray(time_ns, dtype=np.float64) / std
        return np.asarray(np.exp(-0.5 * x * x) / (std * _ROOT_TAU))

    @property
    def two_photon_moment_per_ns(self) -> float:
        """sqrt(2 ln 2/pi)/FWHM."""
        return math.sqrt(2 * math.log(2) / math.pi) / self.fwhm_ns


class Sech2Pulse(_Shape):
    """A pulse sech^2(t/t_0), of a soliton or mode-locked laser.

    Attributes:
        fwhm_ns: full width at half maximum of the intensity (ns), 1.763 t_0.
    """

    kind: Literal["sech2"] = "sech2"
    fwhm_ns: float = Field(gt=0)

    @property
    def window_ns(self) -> tuple[float, float]:
        """Thirteen t_0 each way."""
        half = 13 * self.fwhm_ns / _SECH_FWHM
        return -half, half

    def flux_per_ns(self, time_ns: ArrayLike) -> Floats:
        """Return Phi (1/ns)."""
        unit = self.fwhm_ns / _SECH_FWHM
        x = np.abs(np.asarray(time_ns, dtype=np.float64)) / unit
        decay = np.exp(-2 * x)
        return np.asarray(2 * decay / (unit * (1 + decay) ** 2))

    @property
    def two_photon_moment_per_ns(self) -> float:
        """0.588/FWHM."""
        return _SECH_FWHM / 3 / self.fwhm_ns


class RectangularPulse(_Shape):
    """A flat pulse, of a quasi-CW laser; edges vertical or rounded.

    Attributes:
        fwhm_ns: full width at half maximum (ns).
        edge_ns: duration of each edge, half a cosine period (ns), at most the full width.

    Example:
        >>> RectangularPulse(fwhm_ns=7.0).two_photon_moment_per_ns * 7.0
        1.0
    """

    kind: Literal["rectangular"] = "rectangular"
    fwhm_ns: float = Field(gt=0)
    edge_ns: float = Field(default=0.0, ge=0)

    @model_validator(mode="after")
    def _edges_fit(self) -> RectangularPulse:
        if self.edge_ns > self.fwhm_ns:
            raise ValueError(
                f"edge_ns: must be at most fwhm_ns = {self.fwhm_ns:g}, got {self.edge_ns:g}; "
                "shorten the edges or use GaussianPulse"
            )
        return self

    @property
    def window_ns(self) -> tuple[float, float]:
        """From the start of the first edge to the end of the second."""
        half = 0.5 * (self.fwhm_ns + self.edge_ns)
        return -half, half

    @property
    def corners_ns(self) -> tuple[float, ...]:
        """Ends of the edges."""
        half = 0.5 * (self.fwhm_ns - self.edge_ns)
        return (-half, half) if self.edge_ns and half else ()

    def flux_per_ns(self, time_ns: ArrayLike) -> Floats:
        """Return Phi (1/ns)."""
        t = np.abs(np.asarray(time_ns, dtype=np.float64))
        outer, inner = 0.5 * (self.fwhm_ns + self.edge_ns), 0.5 * (self.fwhm_ns - self.edge_ns)
        if self.edge_ns == 0:
            return np.where(t <= outer, 1.0, 0.0) / self.fwhm_ns
        phase = np.clip((t - inner) / self.edge_ns, 0, 1)
        return np.asarray(0.5 * (1 + np.cos(np.pi * phase)) / self.fwhm_ns)

    @property
    def two_photon_moment_per_ns(self) -> float:
        """1/FWHM, less a quarter edge."""
        return (self.fwhm_ns - 0.25 * self.edge_ns) / self.fwhm_ns**2


class TabulatedPulse(_Shape):
    """A measured pulse: monotone cubic interpolation (PCHIP), 0 outside, scaled to unit area.

    Attributes:
        time_ns: increasing times (ns), (n,); shifted so that the centre of gravity is at 0.
        power: power at those times, any unit, (n,), >= 0.

    Example:
        >>> pulse = TabulatedPulse(time_ns=(0.0, 1.0, 2.0), power=(0.0, 5.0, 0.0))
        >>> pulse.window_ns, round(float(pulse.flux_per_ns(0.0)), 6)
        ((-1.0, 1.0), 0.75)
    """

    kind: Literal["tabulated"] = "tabulated"
    time_ns: tuple[float, ...] = Field(min_length=2)
    power: tuple[Annotated[float, Field(ge=0)], ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _table(self) -> TabulatedPulse:
        rising = all(a < b for a, b in zip(self.time_ns, self.time_ns[1:], strict=False))
        if len(self.time_ns) != len(self.power) or not rising or not max(self.power) > 0:
            raise ValueError(
                "pulse: time_ns must increase and be as long as power, which must be > 0 somewhere,"
                f" got {len(self.time_ns)} and {len(self.power)} entries; sort and pair them"
            )
        return self

    @cached_property
    def _fit(self) -> tuple[Any, float, float]:
        from scipy.interpolate import PchipInterpolator

        raw = PchipInterpolator(np.array(self.time_ns), np.array(self.power), extrapolate=False)
        area, first, second = (self._integral(raw, order) for order in (1, 0, 2))
        return raw, first / area, second / area**2

    def _integral(self, raw: Any, order: int) -> float:
        """Integrate t f (order 0), f (1) or f^2 (2): exact for cubics."""
        x, weights = np.polynomial.legendre.leggauss(4)
        left, right = np.array(self.time_ns)[:-1, None], np.array(self.time_ns)[1:, None]
        t = 0.5 * (left + right + (right - left) * x)
        values = raw(t) * t if order == 0 else raw(t) ** order
        return float((0.5 * (right - left) * weights * values).sum())

    @property
    def _area(self) -> float:
        return self._integral(self._fit[0], 1)

    @property
    def window_ns(self) -> tuple[float, float]:
        """Ends of the table."""
        return self.time_ns[0] - self._fit[1], self.time_ns[-1] - self._fit[1]

    def flux_per_ns(self, time_ns: ArrayLike) -> Floats:
        """Return Phi (1/ns)."""
        raw, centre, _ = self._fit
        values = raw(np.asarray(time_ns, dtype=np.float64) + centre)
        return np.asarray(np.nan_to_num(values)) / self._area

    @property
    def two_photon_moment_per_ns(self) -> float:
        """Return int Phi^2 dt (1/ns)."""
        return float(self._fit[2])


class ContinuousPump(_Shape):
    """A pump switched on at t = 0 and left on: N absorbed photons per `period_ns`.

    Attributes:
        period_ns: the time to which N refers (ns); with the exciton lifetime, N is the mean
            number of excitons without Auger recombination, sigma_p I tau/(h nu).
    """

    kind: Literal["continuous"] = "continuous"
    period_ns: float = Field(gt=0)

    @property
    def window_ns(self) -> tuple[float, float]:
        """From 0 on."""
        return 0.0, math.inf

    @property
    def longest_step_ns(self) -> float:
        """No limit."""
        return math.inf

    def flux_per_ns(self, time_ns: ArrayLike) -> Floats:
        """Return 1/period (1/ns) from t = 0 on."""
        t = np.asarray(time_ns, dtype=np.float64)
        return np.where(t >= 0, 1 / self.period_ns, 0.0)

    @property
    def two_photon_moment_per_ns(self) -> float:
        """1/period: Phi^2 over one period."""
        return 1 / self.period_ns


PulseShape = Annotated[
    InstantPulse | GaussianPulse | Sech2Pulse | RectangularPulse | TabulatedPulse | ContinuousPump,
    Field(discriminator="kind"),
]
"""Any of the shapes above."""


def check_photons(photons: int) -> None:
    """Raise ValueError unless one or two photons make an exciton."""
    if photons not in (1, 2):
        raise ValueError(f"photons: must be 1 or 2 per exciton, got {photons}; choose one")
