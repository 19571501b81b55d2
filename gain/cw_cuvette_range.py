"""How far a continuously pumped cuvette stays from transparency, over the unknown inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from gain.cw_cuvette import CwCuvette
from gain.cw_threshold import ase_intensity_w_per_cm2, transparency_intensity_w_per_cm2
from gain.exciton_kinetics import ExcitonKinetics

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["DECAY_SCENARIOS", "CuvetteRange", "cuvette_range"]

Floats = NDArray[np.float64]

_BIEXCITON_NS = 0.6


def _independent(lifetime_ns: float) -> ExcitonKinetics:
    return ExcitonKinetics(
        radiative_lifetime_ns=lifetime_ns,
        auger_lifetime_ns=None,
        radiative_exponent=1.0,
        max_excitons=30,
    )


def _quadruple(lifetime_ns: float) -> ExcitonKinetics:
    return ExcitonKinetics(
        radiative_lifetime_ns=lifetime_ns, auger_lifetime_ns=None, max_excitons=30
    )


def _auger(lifetime_ns: float) -> ExcitonKinetics:
    return ExcitonKinetics.from_lifetimes(
        exciton_lifetime_ns=lifetime_ns,
        biexciton_lifetime_ns=min(_BIEXCITON_NS, lifetime_ns / 4),
        max_excitons=30,
    )


DECAY_SCENARIOS: Final = MappingProxyType(
    {
        "independent excitons": _independent,
        "quadruple biexciton rate": _quadruple,
        "biexciton lifetime 0.6 ns": _auger,
    }
)
"""Decay of several excitons for a given exciton lifetime (ns), from the most favourable (no Auger
recombination, each exciton on its own) to the one that was measured."""


@dataclass(frozen=True, kw_only=True, eq=False)
class CuvetteRange:
    """Every combination of inputs; arrays have one entry per combination.

    Attributes:
        cuvette: the device whose inputs are varied.
        intensity_w_per_cm2: the pump intensity judged (W/cm^2).
        pump_cross_section_cm2, exciton_lifetime_ns, scenario: the inputs.
        mean_excitons: per nanocrystal at that intensity.
        bleach: share of the absorption at the emission peak removed there.
        transparency_w_per_cm2: at the emission peak, with the Stokes shift.
        unshifted_transparency_w_per_cm2: p_0 = p_(N >= 2).
        ase_w_per_cm2: g L = 1 at any wavelength; nan: not at any intensity.
    """

    cuvette: CwCuvette
    intensity_w_per_cm2: float
    pump_cross_section_cm2: Floats
    exciton_lifetime_ns: Floats
    scenario: tuple[str, ...]
    mean_excitons: Floats
    bleach: Floats
    transparency_w_per_cm2: Floats
    unshifted_transparency_w_per_cm2: Floats
    ase_w_per_cm2: Floats

    @property
    def shortfall(self) -> tuple[float, float]:
        """Smallest and largest factor by which the intensity misses transparency."""
        return _span(self.transparency_w_per_cm2 / self.intensity_w_per_cm2)

    @property
    def unshifted_shortfall(self) -> tuple[float, float]:
        """The same for p_0 = p_(N >= 2)."""
        return _span(self.unshifted_transparency_w_per_cm2 / self.intensity_w_per_cm2)

    @property
    def amplifies(self) -> bool:
        """Whether any combination has gain at the emission peak at this intensity."""
        return bool(np.any(self.transparency_w_per_cm2 <= self.intensity_w_per_cm2))

    def to_dataframe(self) -> pd.DataFrame:
        """Return one row per combination, units in the column names."""
        import pandas as pd

        return pd.DataFrame(
            {
                "scenario": self.scenario,
                "pump_cross_section_cm2": self.pump_cross_section_cm2,
                "exciton_lifetime_ns": self.exciton_lifetime_ns,
                "mean_excitons": self.mean_excitons,
                "bleach": self.bleach,
                "transparency_w_per_cm2": self.transparency_w_per_cm2,
                "unshifted_transparency_w_per_cm2": self.unshifted_transparency_w_per_cm2,
                "ase_w_per_cm2": self.ase_w_per_cm2,
            }
        )

    def report(self) -> str:
        """Return the ranges in words."""
        low, high = _span(self.mean_excitons)
        sigma, tau = _span(self.pump_cross_section_cm2), _span(self.exciton_lifetime_ns)
        first, last = self.shortfall
        ase = self.ase_w_per_cm2[~np.isnan(self.ase_w_per_cm2)]
        verdict = "amplifies for some of them" if self.amplifies else "absorbs for all of them"
        lines = [
            f"{self.intensity_w_per_cm2:.3g} W/cm^2, cross-sections of {sigma[0]:.1e} to "
            f"{sigma[1]:.1e} cm^2, lifetimes of {tau[0]:g} to {tau[1]:g} ns, "
            f"{len(set(self.scenario))} decay laws: the solution {verdict}.",
            f"Mean excitons {low:.1e} to {high:.1e}; {100 * self.bleach.max():.2g} % of the "
            "absorption bleached at most.",
            f"Transparency takes {first:.3g} to {last:.3g} times the intensity "
            f"({self.unshifted_shortfall[0]:.3g} to {self.unshifted_shortfall[1]:.3g} without the "
            "Stokes shift).",
        ]
        if len(ase):
            lines.append(f"Amplification to g L = 1 takes at least {ase.min():.2g} W/cm^2.")
        return "\n".join(lines)

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Plot the transparency intensities of every combination."""
        from gain.cw_cuvette_plots import plot_cuvette_range

        return plot_cuvette_range(self, ax=ax)


def cuvette_range(
    cuvette: CwCuvette,
    *,
    intensity_w_per_cm2: float,
    pump_cross_section_cm2: Sequence[float] = (1e-15, 9.6e-15),
    exciton_lifetime_ns: Sequence[float] = (3.5, 20.0),
    scenarios: dict[str, Callable[[float], ExcitonKinetics]] | None = None,
) -> CuvetteRange:
    """Return excitons and transparency for every combination of the unknown inputs.

    Defaults for the CdZnSe dots: sigma_532 from 1e-15 (zinc-rich dots absorb little there) to
    9.6e-15 cm^2 (a CdSe sphere of the same size), exciton lifetimes from the 3.5 ns of the
    transient absorption to the 20 ns of good CdSe/CdS dots, decay laws `DECAY_SCENARIOS`.

    Errors: ValueError for an intensity that is not positive.

    Example:
        >>> from gain.cw_cuvette import cdznse_cuvette
        >>> found = cuvette_range(cdznse_cuvette(), intensity_w_per_cm2=31.83)
        >>> found.amplifies, [round(x) for x in found.shortfall]
        (False, [49, 4426])
    """
    if not intensity_w_per_cm2 > 0:
        raise ValueError(
            f"intensity_w_per_cm2: must be > 0, got {intensity_w_per_cm2:g}; check the sign"
        )
    laws = dict(DECAY_SCENARIOS) if scenarios is None else scenarios
    rows = [
        (sigma, tau, name, cuvette.changed(pump_cross_section_cm2=sigma, kinetics=law(tau)))
        for sigma in pump_cross_section_cm2
        for tau in exciton_lifetime_ns
        for name, law in laws.items()
    ]
    devices = [device for *_, device in rows]
    peak = cuvette.medium.emission_wavelength

    def each(function: Callable[[CwCuvette], float]) -> Floats:
        return np.array([function(device) for device in devices])

    return CuvetteRange(
        cuvette=cuvette,
        intensity_w_per_cm2=float(intensity_w_per_cm2),
        pump_cross_section_cm2=np.array([row[0] for row in rows]),
        exciton_lifetime_ns=np.array([row[1] for row in rows]),
        scenario=tuple(row[2] for row in rows),
        mean_excitons=each(lambda d: float(d.mean_excitons(intensity_w_per_cm2))),
        bleach=each(
            lambda d: float(1 - d.gain_per_cm(peak, intensity_w_per_cm2) / d.gain_per_cm(peak, 0.0))
        ),
        transparency_w_per_cm2=each(transparency_intensity_w_per_cm2),
        unshifted_transparency_w_per_cm2=each(
            lambda d: transparency_intensity_w_per_cm2(d, "unshifted")
        ),
        ase_w_per_cm2=each(ase_intensity_w_per_cm2),
    )


def _span(values: Floats) -> tuple[float, float]:
    return float(np.min(values)), float(np.max(values))
