"""Multi-exponential decay of a transient-absorption signal, and what follows from it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator

from cavities.spec import Spec

__all__ = ["BleachDecay"]

Floats = NDArray[np.float64]

_GRID = 4001


class BleachDecay(Spec):
    """dA(t) = offset + sum_i A_i exp(-t/tau_i), an absorbance change at one wavelength.

    A bleach is negative. With the absorbance A_0 of the unexcited sample the excited one is
    A_0 + dA(t): negative where the sample amplifies.

    Attributes:
        offset: what stays at long delays (absorbance).
        amplitudes: A_i (absorbance).
        lifetimes_ps: tau_i (ps), positive.

    Errors: ValueError for lists of different lengths or lifetimes that are not positive.

    Example:
        >>> decay = BleachDecay(offset=0.0, amplitudes=(-0.03, -0.01), lifetimes_ps=(100.0, 1000.0))
        >>> decay.fractions.tolist(), decay.amplitude_lifetime_ps, decay.intensity_lifetime_ps
        ([0.75, 0.25], 325.0, 792.3...)
    """

    offset: float = 0.0
    amplitudes: tuple[float, ...] = Field(min_length=1)
    lifetimes_ps: tuple[float, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _pairs(self) -> BleachDecay:
        if len(self.amplitudes) != len(self.lifetimes_ps) or min(self.lifetimes_ps) <= 0:
            raise ValueError(
                "lifetimes_ps: must be > 0 and one per amplitude "
                f"({len(self.amplitudes)}), got {self.lifetimes_ps}; pair them"
            )
        return self

    @property
    def _terms(self) -> tuple[Floats, Floats]:
        return np.array(self.amplitudes), np.array(self.lifetimes_ps)

    def absorbance_change(self, delay_ps: ArrayLike) -> Floats:
        """Return dA at delays (ps) after the pump, same shape.

        Errors: ValueError for a negative delay.
        """
        t = np.asarray(delay_ps, dtype=np.float64)
        if not np.all(t >= 0):
            raise ValueError(f"delay_ps: must be >= 0, got {np.min(t):g}; the pump comes at 0")
        amplitude, tau = self._terms
        return np.asarray(self.offset + np.exp(-t[..., None] / tau) @ amplitude)

    @property
    def initial(self) -> float:
        """Signal right after the pump, dA(0)."""
        return self.offset + sum(self.amplitudes)

    @property
    def fractions(self) -> Floats:
        """A_i over their sum, (terms,), without the offset."""
        amplitude, _ = self._terms
        return np.asarray(amplitude / amplitude.sum())

    @property
    def amplitude_lifetime_ps(self) -> float:
        """Mean lifetime weighted with the amplitudes, sum A tau/sum A (ps)."""
        amplitude, tau = self._terms
        return float(amplitude @ tau / amplitude.sum())

    @property
    def intensity_lifetime_ps(self) -> float:
        """Mean lifetime weighted with the areas, sum A tau^2/sum A tau (ps)."""
        amplitude, tau = self._terms
        return float(amplitude @ tau**2 / (amplitude @ tau))

    def excited_absorbance(self, delay_ps: ArrayLike, unexcited_absorbance: float) -> Floats:
        """Return A_0 + dA at delays (ps); negative: gain."""
        return np.asarray(unexcited_absorbance + self.absorbance_change(delay_ps))

    def gain_intervals_ps(
        self, unexcited_absorbance: float, *, until_ps: float | None = None
    ) -> tuple[tuple[float, float], ...]:
        """Return the delays between which the sample amplifies, A_0 + dA < 0.

        Args:
            unexcited_absorbance: A_0 of the unexcited sample at the same wavelength.
            until_ps: last delay looked at (ps); None: twenty times the longest lifetime.

        Returns:
            Pairs (onset, end) in ps; empty: never. An end of inf: the signal at long delays
            still amplifies.

        Errors: ValueError for a negative A_0.

        Example:
            >>> decay = BleachDecay(amplitudes=(-0.05,), lifetimes_ps=(1000.0,))
            >>> [(a, round(b, 1)) for a, b in decay.gain_intervals_ps(0.025)]
            [(0.0, 693.1)]
        """
        from scipy.optimize import brentq

        if not unexcited_absorbance >= 0:
            raise ValueError(
                f"unexcited_absorbance: must be >= 0, got {unexcited_absorbance:g}; give A_0"
            )
        stop = 20 * max(self.lifetimes_ps) if until_ps is None else until_ps
        start = min(1e-3 * min(self.lifetimes_ps), stop / 10)
        delays = np.concatenate([[0.0], np.geomspace(start, stop, _GRID)])
        excited = self.excited_absorbance(delays, unexcited_absorbance)
        edges = [
            float(
                brentq(
                    lambda t: float(self.excited_absorbance(t, unexcited_absorbance)),
                    delays[i],
                    delays[i + 1],
                    xtol=1e-9,
                )
            )
            for i in np.flatnonzero((excited[:-1] < 0) != (excited[1:] < 0))
        ]
        if excited[0] < 0:
            edges.insert(0, 0.0)
        if excited[-1] < 0:
            forever = until_ps is None and unexcited_absorbance + self.offset < 0
            edges.append(float("inf") if forever else stop)
        return tuple(zip(edges[::2], edges[1::2], strict=True))

    def gain_lifetime_ps(self, unexcited_absorbance: float) -> float:
        """Return the total time with gain (ps); 0: none, inf: it stays."""
        intervals = self.gain_intervals_ps(unexcited_absorbance)
        return float(sum(end - onset for onset, end in intervals))
