"""Tables of a design with a cavity and [kinetics]: how the laser is pumped, media to compare."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SerializeAsAny, model_validator

from cavities.spec import Spec
from gain.pulse_shape import GaussianPulse, InstantPulse, PulseShape

__all__ = ["ComparedMedium", "DynamicsSettings", "pulse_name"]


class DynamicsSettings(Spec):
    """What is computed of the laser in time.

    Attributes:
        pulses: pump pulses, each with its own curve and map; "continuous" is the steady state.
        spontaneous: factor beta, share of the spontaneous emission of a line's peak in each mode.
        mode_count: modes that compete: those that lead at some excitation. Time grows with it.
        pump_ratios: lowest and highest pump over each pulse's threshold; pump_points: how many.
        trace_ratio: pump of the traces in time, over the threshold.
        instrument_nm: width of the spectrometer's line (nm).
    """

    pulses: Annotated[tuple[PulseShape, ...], Field(min_length=1, max_length=6)] = (
        InstantPulse(),
        GaussianPulse(fwhm_ns=1.0),
    )
    spontaneous: float = Field(default=1e-3, gt=0, le=1)
    mode_count: int = Field(default=25, ge=1, le=200)
    pump_ratios: tuple[float, float] = (0.3, 30.0)
    pump_points: int = Field(default=40, ge=8, le=1000)
    trace_ratio: float = Field(default=3.0, gt=1)
    instrument_nm: float = Field(default=0.2, ge=0)

    @model_validator(mode="after")
    def _ratios(self) -> DynamicsSettings:
        low, high = self.pump_ratios
        if not 0 < low < 1 < high:
            raise ValueError(
                f"pump_ratios: must be (low, high) around 1, got ({low:g}, {high:g}); widen them"
            )
        names = [pulse_name(pulse) for pulse in self.pulses]
        if len(set(names)) < len(names):
            raise ValueError(f"pulses: must differ, got {', '.join(names)}; remove one")
        return self


class ComparedMedium(Spec):
    """Other nanocrystals in the same cavity, pumped by the first pulse of [dynamics].

    Attributes:
        name: of the medium.
        gain: the nanocrystals; kinetics: their decay rates.
        pump_cross_section_cm2: sigma_p at the wavelength of [pump] (cm^2); None: no fluences.
    """

    name: str = Field(min_length=1)
    gain: SerializeAsAny[Spec]
    kinetics: SerializeAsAny[Spec]
    pump_cross_section_cm2: float | None = Field(default=None, gt=0, lt=1e-8)


def pulse_name(pulse: PulseShape) -> str:
    """Return a pulse in words.

    Example:
        >>> pulse_name(InstantPulse()), pulse_name(GaussianPulse(fwhm_ns=5.0))
        ('femtosecond pulse', '5 ns pulse')
    """
    if pulse.kind == "instant":
        return "femtosecond pulse"
    if pulse.kind == "continuous":
        return "continuous"
    if pulse.kind == "tabulated":
        return f"measured pulse of {pulse.time_ns[-1] - pulse.time_ns[0]:g} ns"
    return f"{_duration(pulse.fwhm_ns)} {'' if pulse.kind == 'gaussian' else pulse.kind + ' '}pulse"


def _duration(nanoseconds: float) -> str:
    for factor, unit in ((1.0, "ns"), (1e3, "ps"), (1e6, "fs")):
        if nanoseconds * factor >= 1 or unit == "fs":
            return f"{nanoseconds * factor:g} {unit}"
    raise AssertionError("the last unit takes every duration")
