"""A pulsed polariton laser: emission in time, its lifetime as an instrument reads it, its width.

The equations are those of `gain.polariton_laser`, with x = n_R/n_R,th:

    dx/dt = p(t) - g_R x - beta g_R x (n_0 + 1),    dn_0/dt = g_0 [x (n_0 + 1) - n_0].

Below x = 1 the mode follows the reservoir, n_0 = x/(1 - x); above it grows by exp(g_0 (x - 1) t)
and takes the reservoir below threshold within some ten condensate lifetimes. What remains decays
slowly: above threshold the emission has a fast and a slow part.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cavities.constants import HBAR_EV_S

__all__ = ["LifetimeCurve", "PolaritonPulse", "pulse_response"]

Floats = NDArray[np.float64]

_STD_PER_FWHM = 1 / (2 * math.sqrt(2 * math.log(2)))
_HBAR_MEV_PS = 1e15 * HBAR_EV_S


@dataclass(frozen=True, kw_only=True, eq=False)
class PolaritonPulse:
    """Emission after one pump pulse. Arrays (times,), not evenly spaced.

    Attributes:
        time_ps: times (ps), 0 at the centre of the pump pulse.
        occupation: n_0.
        reservoir_ratio: n_R/n_R,th.
        emitted: photons emitted until then.
        pump_ratio: excitons per pulse over n_R,th.
        threshold_reservoir: n_R,th.
        condensate_lifetime_ps: 1/g_0.
        reservoir_decays: excitons of the reservoir lost other than into the mode.
    """

    time_ps: Floats
    occupation: Floats
    reservoir_ratio: Floats
    emitted: Floats
    pump_ratio: float
    threshold_reservoir: float
    condensate_lifetime_ps: float
    reservoir_decays: float

    @property
    def photons(self) -> float:
        """Photons emitted from the mode during the simulated time."""
        return float(self.emitted[-1])

    @property
    def peak_time_ps(self) -> float:
        """Time of the highest emission (ps)."""
        return float(self.time_ps[np.argmax(self.occupation)])

    def decay_time_ps(self) -> float:
        """Return the time from the peak to 1/e of it (ps): the true emission."""
        return _decay_time(self.time_ps, self.occupation)

    def detected(self, time_ps: Floats, *, irf_fwhm_ps: float) -> Floats:
        """Return the trace behind a Gaussian instrument response, at `time_ps`, (times,).

        The photons of each short interval are spread over the response: nothing is lost however
        short the emission is.

        Args:
            time_ps: channels (ps).
            irf_fwhm_ps: full width of the response (ps), > 0.
        """
        if not irf_fwhm_ps > 0:
            raise ValueError(f"irf_fwhm_ps: must be > 0, got {irf_fwhm_ps:g}; use occupation")
        from scipy.special import erf

        # Between two samples the emission is taken as even: integrate it over each channel.
        std = irf_fwhm_ps * _STD_PER_FWHM
        edges, photons = self.time_ps, np.diff(self.emitted)
        lengths = np.diff(edges)
        density = np.divide(photons, lengths, out=np.zeros_like(photons), where=lengths > 0)
        at = np.asarray(time_ps, dtype=np.float64)
        steps = 0.5 * erf((at[:, None] - edges) / (math.sqrt(2) * std))
        return np.asarray((steps[:, :-1] - steps[:, 1:]) @ density)

    def detected_lifetime_ps(self, *, irf_fwhm_ps: float) -> float:
        """Return the time from the peak to 1/e of the detected trace (ps), not deconvolved."""
        std = irf_fwhm_ps * _STD_PER_FWHM
        late = np.geomspace(max(0.02 * std, 0.1), max(self.time_ps[-1], 8 * std), 1500)
        early = np.linspace(-4 * std, 0.0, 200)
        grid = self.peak_time_ps + np.concatenate([early, late])
        return _decay_time(grid, self.detected(grid, irf_fwhm_ps=irf_fwhm_ps))

    def coherent_fwhm_mev(self, *, reservoir_shift_mev: float = 0.0) -> float:
        """Return the spectral full width of the pulse as one coherent field (meV).

        The field is sqrt(n_0) exp(-i phi) with hbar dphi/dt = reservoir_shift_mev x(t): the
        length of the pulse and its chirp by the emptying reservoir. Only above threshold; it
        leaves out phase noise.

        Args:
            reservoir_shift_mev: blueshift of the mode by a reservoir at threshold (meV).

        Raises:
            ValueError: below threshold, where the emission is not one coherent pulse.
        """
        if self.pump_ratio <= 1:
            raise ValueError(
                f"pump_ratio: must be above 1 for a coherent pulse, got {self.pump_ratio:g}; "
                "use PolaritonLaser.linewidth_mev below threshold"
            )
        n = self.occupation
        strong = np.flatnonzero(n > 1e-4 * n.max())
        start, stop = self.time_ps[strong[0]], self.time_ps[strong[-1]]
        count = 1 << 14
        time = np.linspace(start, start + min(stop - start, 400 * self.decay_time_ps()), count)
        envelope = np.sqrt(np.interp(time, self.time_ps, n))
        shift = reservoir_shift_mev * np.interp(time, self.time_ps, self.reservoir_ratio)
        step = time[1] - time[0]
        phase = np.cumsum(shift) * step / _HBAR_MEV_PS
        padded = np.zeros(16 * count, dtype=np.complex128)
        padded[:count] = envelope * np.exp(-1j * phase)
        spectrum = np.abs(np.fft.fftshift(np.fft.fft(padded))) ** 2
        energy = 2 * math.pi * _HBAR_MEV_PS * np.fft.fftshift(np.fft.fftfreq(len(padded), step))
        above = np.flatnonzero(spectrum > 0.5 * spectrum.max())
        return float(energy[above[-1]] - energy[above[0]])


@dataclass(frozen=True, kw_only=True, eq=False)
class LifetimeCurve:
    """Lifetime of the emission against pump, (n,).

    Attributes:
        pump_ratio: excitons per pulse over the threshold.
        decay_time_ps: peak to 1/e of the emission itself.
        detected_ps: the same behind the instrument response.
        irf_fwhm_ps: full width of that response.
        irf_only_ps: what an instantaneous flash would read: shorter values cannot be told apart.
    """

    pump_ratio: Floats
    decay_time_ps: Floats
    detected_ps: Floats
    irf_fwhm_ps: float

    @property
    def irf_only_ps(self) -> float:
        """Peak to 1/e of the Gaussian response itself."""
        return self.irf_fwhm_ps / (2 * math.sqrt(math.log(2)))

    @classmethod
    def of(cls, pulses: Sequence[PolaritonPulse], *, irf_fwhm_ps: float) -> LifetimeCurve:
        """Return the curve of simulated pulses.

        Example:
            >>> from gain.polariton_laser import PolaritonLaser
            >>> laser = PolaritonLaser(
            ...     beta=1 / 18_000, reservoir_lifetime_ns=1.3, condensate_lifetime_ps=0.39
            ... )
            >>> pulses = [laser.pulsed(ratio) for ratio in (0.1, 2.0)]
            >>> curve = LifetimeCurve.of(pulses, irf_fwhm_ps=50.0)
            >>> bool(curve.decay_time_ps[0] > 1000), bool(curve.decay_time_ps[1] < 10)
            (True, True)
        """
        return cls(
            pump_ratio=np.array([pulse.pump_ratio for pulse in pulses]),
            decay_time_ps=np.array([pulse.decay_time_ps() for pulse in pulses]),
            detected_ps=np.array(
                [pulse.detected_lifetime_ps(irf_fwhm_ps=irf_fwhm_ps) for pulse in pulses]
            ),
            irf_fwhm_ps=irf_fwhm_ps,
        )


def pulse_response(
    *,
    beta: float,
    reservoir_lifetime_ps: float,
    condensate_lifetime_ps: float,
    pump_ratio: float,
    pulse_fwhm_ps: float = 0.0,
    duration_ps: float | None = None,
    samples: int = 2000,
) -> PolaritonPulse:
    """Return the response to one pump pulse: see `gain.polariton_laser.PolaritonLaser.pulsed`."""
    if not pump_ratio > 0:
        raise ValueError(f"pump_ratio: must be > 0, got {pump_ratio:g}; give excitons/threshold")
    if pulse_fwhm_ps < 0:
        raise ValueError(f"pulse_fwhm_ps: must be >= 0, got {pulse_fwhm_ps:g}; 0: instantaneous")
    duration = 6 * reservoir_lifetime_ps if duration_ps is None else duration_ps
    std = pulse_fwhm_ps * _STD_PER_FWHM
    if not duration > 6 * std:
        raise ValueError(
            f"duration_ps: must be longer than the pump pulse ({6 * std:g} ps), got {duration:g}; "
            "simulate longer"
        )
    from scipy.integrate import solve_ivp

    slow, fast, spontaneous = 1 / reservoir_lifetime_ps, 1 / condensate_lifetime_ps, beta
    threshold = reservoir_lifetime_ps / condensate_lifetime_ps / beta
    peak = pump_ratio / (std * math.sqrt(2 * math.pi)) if std else 0.0

    def rates(time: float, state: Floats) -> list[float]:
        x, n = state[0], state[1]
        pump = peak * math.exp(-0.5 * (time / std) ** 2) if std else 0.0
        gain = x * (n + 1)
        return [
            pump - slow * (x + spontaneous * gain),
            fast * (gain - n),
            fast * n,
            slow * x,
        ]

    def jacobian(_: float, state: Floats) -> list[list[float]]:
        x, n = state[0], state[1]
        return [
            [-slow * (1 + spontaneous * (n + 1)), -slow * spontaneous * x, 0, 0],
            [fast * (n + 1), fast * (x - 1), 0, 0],
            [0, fast, 0, 0],
            [slow, 0, 0, 0],
        ]

    start, state = -5 * std, np.array([0.0 if std else pump_ratio, 0.0, 0.0, 0.0])
    pieces = [(start, 5 * std, 0.2 * std)] if std else []
    pieces.append((5 * std, duration, math.inf))
    times, states = [], []
    for begin, end, step in pieces:
        done = solve_ivp(
            rates,
            (begin, end),
            state,
            method="LSODA",
            jac=jacobian,
            rtol=1e-8,
            atol=[1e-13, 1e-9, 1e-9, 1e-13],
            max_step=step,
            dense_output=True,
        )
        if not done.success or done.sol is None:
            raise ValueError(f"pulse: the rate equations failed at {begin:g} ps: {done.message}")
        grid = _times(begin, end, condensate_lifetime_ps, samples, done.t)
        times.append(grid)
        states.append(done.sol(grid))
        state = done.y[:, -1]
    time, values = np.concatenate(times), np.concatenate(states, axis=1)
    keep = np.concatenate([[True], np.diff(time) > 0])
    time, values = time[keep], values[:, keep]
    return PolaritonPulse(
        time_ps=time,
        occupation=np.maximum(values[1], 0.0),
        reservoir_ratio=values[0],
        emitted=np.maximum.accumulate(values[2]),
        pump_ratio=pump_ratio,
        threshold_reservoir=threshold,
        condensate_lifetime_ps=condensate_lifetime_ps,
        reservoir_decays=float(threshold * values[3, -1]),
    )


def _times(begin: float, end: float, fast: float, samples: int, own: Floats) -> Floats:
    """Samples from fractions of the fast lifetime to the end, plus the solver's own steps."""
    first = min(0.02 * fast, 0.1 * (end - begin))
    grid = begin + np.geomspace(first, end - begin, samples)
    return np.unique(np.concatenate([[begin], grid, own]))


def _decay_time(time: Floats, trace: Floats) -> float:
    """Time from the maximum to the first crossing of 1/e of it; nan where it never falls so far."""
    top = int(np.argmax(trace))
    level = trace[top] / math.e
    below = np.flatnonzero(trace[top:] < level)
    if not len(below):
        return math.nan
    j = top + int(below[0])
    share = (trace[j - 1] - level) / (trace[j - 1] - trace[j])
    return float(time[j - 1] + share * (time[j] - time[j - 1]) - time[top])
