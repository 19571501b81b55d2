"""Thresholds of amplified spontaneous emission in a stripe, against concentration and length.

ASE is visible where the gain of some wavelength reaches g L = kappa. Since g = C sigma_0 g_hat,
this is the laser threshold with the figure of merit K replaced by C/C_min, with C_min the lowest
concentration that reaches it at any pump.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.ase_stripe import AseStripe
from gain.depleted_threshold import depleted_threshold
from gain.gain_film import GainFilm
from gain.merit_curve import gain_window, threshold_curve
from gain.poisson_mixture import first_root
from gain.pump import Pump
from gain.spectrum import wavelength_at

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = [
    "AseThreshold",
    "ase_threshold",
    "biexciton_inversion_threshold",
    "minimum_concentration_per_cm3",
]

Floats = NDArray[np.float64]


def biexciton_inversion_threshold(concentration_ratio: ArrayLike) -> Floats:
    """Return N at which p_2 - p_1 = C_min/C: the argument in the source's text.

    It leaves out the degeneracy of equations (4) and (5) and every line but XX -> X; thresholds
    of this package (`ase_threshold`) do not use it. For C -> inf it tends to 1.25643.

    Args:
        concentration_ratio: C/C_min (...).

    Returns:
        N (...); nan for C <= C_min: no pump is enough.

    Errors: ValueError for a negative ratio.

    Example:
        >>> biexciton_inversion_threshold([0.9, 1.05, 2.0, 100.0]).round(2).tolist()
        [nan, 5.54, 2.48, 1.28]
    """
    ratio = np.asarray(concentration_ratio, dtype=np.float64)
    if not np.all(ratio >= 0):
        raise ValueError(f"concentration_ratio: must be >= 0, got {np.min(ratio):g}; give C/C_min")
    with np.errstate(divide="ignore"):
        level = 1 / ratio.ravel()
    inversion = np.tile([0.0, -1.0, 1.0], (level.size, 1))
    return first_root(inversion, level).reshape(ratio.shape)


def minimum_concentration_per_cm3(stripe: AseStripe, medium: GainFilm) -> float:
    """Return C_min (1/cm^3): below it no pump makes ASE visible.

    C_min = (kappa/L + loss)/(confinement sigma_0 (1 - b)), b the background absorption where the
    inverted nanocrystals emit: kappa/(sigma_0 L) in a solution without background.

    Errors: ValueError when the background exceeds every gain.

    Example:
        >>> from gain.presets import quantum_shells
        >>> shells = quantum_shells(cross_section_cm2=1e-14)
        >>> micromolar = minimum_concentration_per_cm3(AseStripe(length=3000.0), shells) / 6.022e14
        >>> round(micromolar, 3)
        0.554
    """
    largest = _largest_gain(medium)
    if largest <= 0:
        raise ValueError(
            "background: must leave some gain to the inverted nanocrystals, got a largest "
            f"normalised gain of {largest:g}; lower it"
        )
    return stripe.material_gain_needed_per_cm / (medium.cross_section_cm2 * largest)


def _largest_gain(medium: GainFilm) -> float:
    """Largest normalised gain of any state, at the lines and on a grid between them."""
    lines = wavelength_at(medium, medium.line_positions)
    window = np.concatenate([lines, np.linspace(*gain_window(medium), 2001)])
    return float(medium.gain_coefficients(window).max())


@dataclass(frozen=True, kw_only=True, eq=False)
class AseThreshold:
    """ASE thresholds of one medium; arrays have one entry per concentration or length.

    Attributes:
        medium: the nanocrystals (their own concentration is not used).
        stripes: the stripe of each entry (they differ in length at most).
        pump: how it is pumped; None: no fluences.
        concentration_per_cm3: C (points,).
        minimum_concentration_per_cm3: C_min (points,).
        optical_depth: of the stripe for the pump, across its depth (points,); 0: pump taken as
            uniform.
        absorbed_photons: N at threshold where the pump enters (points,); nan: not reached at any
            pump.
        wavelength: where ASE appears (um), (points,); nan as above.
    """

    medium: GainFilm
    stripes: tuple[AseStripe, ...]
    pump: Pump | None
    concentration_per_cm3: Floats
    minimum_concentration_per_cm3: Floats
    optical_depth: Floats
    absorbed_photons: Floats
    wavelength: Floats

    @property
    def concentration_ratio(self) -> Floats:
        """C/C_min (points,)."""
        return np.asarray(self.concentration_per_cm3 / self.minimum_concentration_per_cm3)

    @property
    def length(self) -> Floats:
        """Length of the stripe (um), (points,)."""
        return np.array([stripe.length for stripe in self.stripes])

    @property
    def redshift_nm(self) -> Floats:
        """ASE wavelength minus emission peak (nm), positive to the red, (points,)."""
        return np.asarray(1e3 * (self.wavelength - self.medium.emission_wavelength))

    @property
    def fluence_uj_per_cm2(self) -> Floats | None:
        """Incident peak fluence at threshold (points,); None without a pulsed pump."""
        if self.pump is None or self.pump.kind != "pulse":
            return None
        return self.pump.fluence_uj_per_cm2(self.absorbed_photons)

    def to_dataframe(self) -> pd.DataFrame:
        """Return one row per concentration or length, units in the column names."""
        import pandas as pd

        columns = {
            "concentration_per_cm3": self.concentration_per_cm3,
            "length_um": self.length,
            "concentration_ratio": self.concentration_ratio,
            "optical_depth": self.optical_depth,
            "absorbed_photons": self.absorbed_photons,
            "wavelength_um": self.wavelength,
            "redshift_nm": self.redshift_nm,
        }
        if self.fluence_uj_per_cm2 is not None:
            columns["fluence_uj_per_cm2"] = self.fluence_uj_per_cm2
        return pd.DataFrame(columns)

    def report(self) -> str:
        """Return a text table with one line per concentration or length."""
        stripe = self.stripes[0]
        lines = [
            f"ASE of {self.medium.name}: g L = {stripe.gain_length_needed:.3g} over "
            f"{stripe.length:g} um, C_min = {self.minimum_concentration_per_cm3[0]:.3g} /cm^3.",
            " C/C_min   length (um)        N    shift (nm)",
        ]
        rows = zip(
            self.concentration_ratio,
            self.length,
            self.absorbed_photons,
            self.redshift_nm,
            strict=True,
        )
        for ratio, length, photons, shift in rows:
            end = "  no ASE at any pump" if np.isnan(photons) else f"{photons:9.4f}{shift:+14.1f}"
            lines.append(f"{ratio:8.4g}{length:14g}{end}")
        return "\n".join(lines)

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Plot the threshold over the concentration (or length)."""
        from gain.ase_plots import plot_ase_threshold

        return plot_ase_threshold(self, ax=ax)


def ase_threshold(
    stripe: AseStripe,
    medium: GainFilm,
    *,
    concentration_per_cm3: ArrayLike | None = None,
    length: ArrayLike | None = None,
    pump: Pump | None = None,
    depletion: bool = False,
) -> AseThreshold:
    """Return the ASE threshold for concentrations and stripe lengths.

    The lowest N for which the gain of any wavelength reaches (kappa/L + loss)/confinement. With
    `depletion` the populations, not N, are averaged over the depth of the stripe, the pump
    falling off as exp(-C sigma_p z).

    Args:
        stripe: geometry and criterion.
        medium: the nanocrystals.
        concentration_per_cm3: C, one or several (1/cm^3); None: the medium's.
        length: stripe length, one or several (um), broadcast against C; None: the stripe's.
        pump: adds fluences, and the cross-section that depletes the pump.
        depletion: whether the pump is depleted across the stripe's depth.

    Errors: ValueError for values that are not positive, or for depletion without a pump.
    Source: equation (1) and below, HAL hal-05014673 (2025).
    Validity: with depletion, light that spreads over the whole depth (a guided film, a stripe
        thinner than its diffraction). Where rays keep their depth the front layer amplifies on
        its own and the threshold is that of a uniform pump.

    Example:
        >>> from gain.presets import quantum_shells
        >>> shells, stripe = quantum_shells(), AseStripe(length=3000.0)
        >>> lowest = minimum_concentration_per_cm3(stripe, shells)
        >>> result = ase_threshold(stripe, shells, concentration_per_cm3=[1.2*lowest, 50*lowest])
        >>> result.redshift_nm.round(1).tolist()
        [-21.1, 15.8]
    """
    if depletion and pump is None:
        raise ValueError(
            "pump: must be given when depletion=True, got None; its cross-section sets how fast "
            "the pump is absorbed, see pump_at"
        )
    density = medium.concentration_per_cm3 if concentration_per_cm3 is None else None
    concentration = np.asarray(
        concentration_per_cm3 if density is None else density, dtype=np.float64
    )
    lengths = np.asarray(stripe.length if length is None else length, dtype=np.float64)
    for name, value in (("concentration_per_cm3", concentration), ("length", lengths)):
        if not np.all(value > 0) or not np.all(np.isfinite(value)):
            raise ValueError(
                f"{name}: must be positive, got {np.min(value):g}; check sign and unit"
            )
    concentration, lengths = (
        array.ravel() for array in np.broadcast_arrays(concentration, lengths)
    )
    stripes = tuple(stripe.changed(length=float(value)) for value in lengths)
    needed = np.array([entry.material_gain_needed_per_cm for entry in stripes])
    lowest = np.array([minimum_concentration_per_cm3(entry, medium) for entry in stripes])
    merit = concentration * medium.cross_section_cm2 / needed
    depth = np.zeros(len(stripes))
    if depletion and pump is not None:
        depth = concentration * pump.cross_section_cm2 * stripe.depth * 1e-4
    photons, wavelength = _thresholds(medium, merit, depth)
    return AseThreshold(
        medium=medium,
        stripes=stripes,
        pump=pump,
        concentration_per_cm3=concentration,
        minimum_concentration_per_cm3=lowest,
        optical_depth=depth,
        absorbed_photons=photons,
        wavelength=wavelength,
    )


def _thresholds(medium: GainFilm, merit: Floats, depth: Floats) -> tuple[Floats, Floats]:
    if not np.any(depth):
        curve = threshold_curve(medium, merit)
        return curve.absorbed_photons, curve.wavelength
    pairs: Sequence[tuple[float, float]] = [
        depleted_threshold(medium, float(k), float(a)) for k, a in zip(merit, depth, strict=True)
    ]
    return np.array([n for n, _ in pairs]), np.array([x for _, x in pairs])
