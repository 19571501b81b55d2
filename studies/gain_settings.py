"""Tables of a design file without a cavity: cuvette, ASE stripe, transient absorption, output."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from cavities.spec import Spec
from gain.ase_stripe import AseStripe

__all__ = ["AseSettings", "CuvetteSettings", "GainOutputSettings", "TransientSettings"]

Positive = Annotated[float, Field(gt=0)]
Powers = Annotated[tuple[Positive, ...], Field(min_length=1, max_length=8)]


class CuvetteSettings(Spec):
    """Nanocrystals in a cuvette under a continuous pump, with a lamp and a mirror.

    Attributes:
        amount_mmol, volume_ml: amount of nanocrystals in a volume of solvent, which sets their
            concentration; None: that of [gain].
        pump_wavelength: of the pump (um).
        pump_cross_section_cm2: sigma_p of one nanocrystal there (cm^2).
        spot_diameter: of the pump (um); spot_profile: see `gain.CwCuvette`.
        amplified_length: path of the fed-back light through the pumped solution (um).
        mirror_reflectance: of the mirror; pump_recycling: whether it returns the pump, too.
        pump_length: path of the pump through the cuvette (um).
        lamp_fwhm_nm: width of the lamp's line; lamp_matched_power_mw: pump power at which it is as
            bright as the emission (mW).
        largest_power_mw: end of the powers (mW); power_points: how many.
        spectrum_powers_mw: powers whose spectra are shown (mW).
        judged_power_mw: power whose intensity is judged over the ranges below (mW).
        reported_powers_mw: printed thresholds (mW), drawn beside the model; may be empty.
        cross_section_range_cm2: smallest and largest sigma_p (cm^2).
        lifetime_range_ns: shortest and longest exciton lifetime (ns).
    """

    amount_mmol: float | None = Field(default=None, gt=0)
    volume_ml: float | None = Field(default=None, gt=0)
    pump_wavelength: float = Field(gt=0, lt=100)
    pump_cross_section_cm2: float = Field(gt=0, lt=1e-8)
    spot_diameter: float = Field(gt=0)
    spot_profile: Literal["top_hat", "gaussian"] = "top_hat"
    amplified_length: float = Field(default=1000.0, gt=0)
    mirror_reflectance: float = Field(default=0.95, ge=0, le=1)
    pump_recycling: bool = False
    pump_length: float = Field(default=10_000.0, gt=0)
    lamp_fwhm_nm: float = Field(default=18.0, gt=0)
    lamp_matched_power_mw: float = Field(default=10.0, gt=0)
    largest_power_mw: float = Field(gt=0)
    power_points: int = Field(default=40, ge=3, le=10_000)
    spectrum_powers_mw: Powers = (10.0, 100.0, 250.0, 400.0)
    judged_power_mw: float = Field(gt=0)
    reported_powers_mw: tuple[Positive, ...] = ()
    cross_section_range_cm2: tuple[Positive, Positive]
    lifetime_range_ns: tuple[Positive, Positive]

    @model_validator(mode="after")
    def _together(self) -> CuvetteSettings:
        if (self.amount_mmol is None) != (self.volume_ml is None):
            raise ValueError(
                "amount_mmol: must be given together with volume_ml, got "
                f"{self.amount_mmol} mmol in {self.volume_ml} mL; give both or neither"
            )
        for name in ("cross_section_range_cm2", "lifetime_range_ns"):
            low, high = getattr(self, name)
            if not low < high:
                raise ValueError(f"{name}: must be (low, high), got ({low:g}, {high:g}); swap them")
        if self.largest_power_mw <= self.lamp_matched_power_mw:
            raise ValueError(
                "largest_power_mw: must be above lamp_matched_power_mw = "
                f"{self.lamp_matched_power_mw:g} mW, got {self.largest_power_mw:g} mW; raise it"
            )
        return self


class AseSettings(Spec):
    """Amplified spontaneous emission of a pumped stripe of the same nanocrystals.

    Attributes:
        stripe: geometry and criterion, a `gain.AseStripe`.
        concentration_ratios: C/C_min to compute, empty: 0.9 to 100.
        lengths: stripe lengths at the medium's concentration (um).
        pump_wavelength: adds fluences (um); pump_cross_section_cm2: sigma_p there (cm^2).
        absorbed_photons: N of the spectra; spectrum_ratio: their C/C_min.
    """

    stripe: AseStripe = AseStripe()
    concentration_ratios: tuple[Positive, ...] = ()
    lengths: Annotated[tuple[Positive, ...], Field(min_length=2)] = (1e3, 2e3, 3e3, 5e3, 1e4)
    pump_wavelength: float | None = Field(default=None, gt=0, lt=100)
    pump_cross_section_cm2: float | None = Field(default=None, gt=0, lt=1e-8)
    absorbed_photons: Annotated[tuple[Positive, ...], Field(min_length=1, max_length=6)] = (
        0.05, 1.0, 2.0, 5.0,
    )  # fmt: skip
    spectrum_ratio: float = Field(default=20.0, gt=0)

    @model_validator(mode="after")
    def _pump(self) -> AseSettings:
        if (self.pump_wavelength is None) != (self.pump_cross_section_cm2 is None):
            missing = (
                "pump_wavelength" if self.pump_wavelength is None else "pump_cross_section_cm2"
            )
            raise ValueError(f"{missing}: must be given with the other one, got none; give both")
        return self


class TransientSettings(Spec):
    """Transient absorption of the same nanocrystals.

    Attributes:
        absorbed_photons: N of each pump pulse.
        path_length: of the probe through the sample (um).
        wavelength: window of the probe, low and high (um).
        probe_wavelength: where traces and fits are taken (um).
        longest_delay_ps: last delay (ps).
        published: a published table to judge beside the model.
    """

    absorbed_photons: Annotated[tuple[Positive, ...], Field(min_length=1, max_length=4)] = (1, 3)
    path_length: float = Field(default=1000.0, gt=0)
    wavelength: tuple[float, float]
    probe_wavelength: float = Field(gt=0, lt=100)
    longest_delay_ps: float = Field(default=1e4, gt=1)
    published: Literal["cdznse"] | None = None

    @model_validator(mode="after")
    def _window(self) -> TransientSettings:
        low, high = self.wavelength
        if not 0 < low <= self.probe_wavelength <= high or low == high:
            raise ValueError(
                "wavelength: must be (low, high) around probe_wavelength = "
                f"{self.probe_wavelength:g} um, got ({low:g}, {high:g}) um; widen it"
            )
        return self


class GainOutputSettings(Spec):
    """What a run of a design without a cavity writes.

    Attributes:
        pictures: whether pictures are made at all.
        paper: the paper that the report compares with, line by line.
    """

    pictures: bool = True
    paper: Literal["cw_ase_cuvette", "quantum_shell_devices"] | None = None
