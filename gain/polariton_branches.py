"""Polariton branches: complex energies, weights, widths and lifetimes along the dispersion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cavities.constants import HBAR_EV_S

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from gain.coupled_oscillators import CoupledOscillators

__all__ = ["PolaritonBranches"]

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class PolaritonBranches:
    """Branches of coupled oscillators over angle or wavenumber.

    Attributes:
        oscillators: what was coupled.
        angle_deg: angles in air (deg), (...), or None.
        in_plane_wavenumber: k (rad/um), (...), or None.
        photon_energy_ev: bare cavity modes (eV), (..., photons).
        exciton_energy_ev: excitons (eV), (excitons,).
        energy_ev: complex energies (eV), (..., branches), ordered by real part; Im < 0 decays.
        weights: share of each oscillator, |v_j|^2/sum |v|^2, (..., branches, oscillators); sums
            to 1 over the oscillators.
        response: v_j^2/sum v^2, complex, (..., branches, oscillators): the derivative of the
            complex energy of the branch with respect to that of the oscillator, exact also
            with widths; sums to 1; nan at an exceptional point.
    """

    oscillators: CoupledOscillators
    angle_deg: Floats | None
    in_plane_wavenumber: Floats | None
    photon_energy_ev: Floats
    exciton_energy_ev: Floats
    energy_ev: Complex
    weights: Floats
    response: Complex

    @property
    def axis(self) -> Floats:
        """The angles (deg) or wavenumbers (rad/um)."""
        axis = self.angle_deg if self.angle_deg is not None else self.in_plane_wavenumber
        assert axis is not None
        return axis

    @property
    def axis_label(self) -> str:
        """What `axis` is, with its unit."""
        return "Angle (deg)" if self.angle_deg is not None else r"In-plane wavenumber (rad/µm)"

    @property
    def lower(self) -> Floats:
        """Energy of the lowest branch (eV), (...)."""
        return np.asarray(self.energy_ev[..., 0].real)

    @property
    def upper(self) -> Floats:
        """Energy of the highest branch (eV), (...)."""
        return np.asarray(self.energy_ev[..., -1].real)

    @property
    def photon_weight(self) -> Floats:
        """Photon share of each branch, |C|^2, (..., branches)."""
        count = self.photon_energy_ev.shape[-1]
        return np.asarray(self.weights[..., :count].sum(axis=-1))

    @property
    def exciton_weight(self) -> Floats:
        """Exciton share of each branch, |X|^2, (..., branches)."""
        return np.asarray(1 - self.photon_weight)

    @property
    def fwhm_mev(self) -> Floats:
        """Full widths -2 Im E (meV), (..., branches)."""
        return np.asarray(-2e3 * self.energy_ev.imag)

    @property
    def lifetime_ps(self) -> Floats:
        """Lifetimes hbar/width (ps), (..., branches); inf without widths."""
        with np.errstate(divide="ignore"):
            return np.asarray(1e12 * HBAR_EV_S / (1e-3 * self.fwhm_mev))

    def to_dataframe(self) -> pd.DataFrame:
        """Return one row per point and branch, units in the column names."""
        import pandas as pd

        name = "angle_deg" if self.angle_deg is not None else "in_plane_wavenumber_per_um"
        count = self.energy_ev.shape[-1]
        columns: dict[str, NDArray[np.float64]] = {
            name: np.repeat(self.axis.ravel(), count),
            "branch": np.tile(np.arange(count), self.axis.size).astype(np.float64),
            "energy_ev": self.energy_ev.real.ravel(),
            "fwhm_mev": self.fwhm_mev.ravel(),
        }
        for j, oscillator in enumerate(self.oscillators.names):
            columns[f"weight_{oscillator}"] = self.weights[..., j].ravel()
        return pd.DataFrame(columns).astype({"branch": int})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot the branches with the bare cavity modes and the excitons."""
        from gain.polariton_plots import plot_dispersion

        return plot_dispersion(self, ax=ax)
