"""Where the pump of a planar cavity is absorbed, and what that does to the threshold."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cavities.constants import HC_J_UM
from cavities.material import Material
from cavities.planar_stack import PlanarStack
from studies.cavity_table import is_periodic, is_planar
from studies.design import Design
from studies.number_text import readable
from studies.report_section import ReportSection, SectionFigure
from studies.stack_pictures import draw_layers, intensity

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from gain.pump import Pump
    from solvers.modes import Mode

__all__ = ["PumpProfile", "depth_resolved_threshold", "effective_pump", "pump_profile",
           "pump_section"]  # fmt: skip

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class PumpProfile:
    """Absorption of the pump in the stack.

    Attributes:
        stack: the layers, the film with its absorption at the pump's wavelength.
        wavelength: of the pump (um).
        absorption_per_cm: of the film, C sigma_p (1/cm).
        thickness: of the film (um).
        z, weights: quadrature nodes in the film (um) and their weights (um), (n,).
        density: absorbed fraction of the incident power per height there (1/um), (n,).
        absorbed: fraction of the incident power that the film absorbs.
        reflected: fraction that is reflected; elsewhere: fraction absorbed by other layers.
        concentration_per_cm3: nanocrystals per volume.
    """

    stack: PlanarStack
    wavelength: float
    absorption_per_cm: float
    thickness: float
    z: Floats
    weights: Floats
    density: Floats
    absorbed: float
    reflected: float
    elsewhere: float
    concentration_per_cm3: float

    @property
    def field_factor(self) -> float:
        """Mean flux in the film over the incident one: absorbed/(alpha L)."""
        return self.absorbed / (1e-4 * self.absorption_per_cm * self.thickness)

    @property
    def top_over_mean(self) -> float:
        """Largest absorption density in the film over its mean."""
        return float(self.density.max() * self.thickness / self.absorbed)

    def photons(self, fluence_uj_per_cm2: float) -> Floats:
        """Return the absorbed photons per nanocrystal at `z` for a fluence (uJ/cm^2), (n,)."""
        incident = 1e-6 * fluence_uj_per_cm2 * self.wavelength / HC_J_UM
        return np.asarray(incident * 1e4 * self.density / self.concentration_per_cm3)

    def mean_photons(self, fluence_uj_per_cm2: float) -> float:
        """Return the mean absorbed photons per nanocrystal of the film."""
        return float(self.weights @ self.photons(fluence_uj_per_cm2) / self.thickness)


def pump_profile(design: Design) -> PumpProfile | None:
    """Return the absorption of the pump; None without a medium, a pump or a film.

    The film absorbs with C sigma_p at the pump's wavelength, on top of its index.
    """
    if design.gain is None or design.pump is None or not is_planar(design.cavity):
        return None
    from solvers.multilayer import field_profile, spectrum

    pump: Any = design.pump
    medium: Any = design.gain
    stack = design.cavity.stack()  # type: ignore[attr-defined]
    if "gain" not in stack.regions:
        return None
    film = next(layer.material for layer in stack.layers if layer.name == "gain")
    alpha = pump.cross_section_cm2 * medium.concentration_per_cm3
    index = complex(film.index(pump.wavelength))
    extinction = 1e-4 * alpha * pump.wavelength / (4 * math.pi)
    pumped = stack.with_material("gain", Material.constant(complex(index.real, extinction)))
    settings = design.planar
    at: dict[str, Any] = {"angle_deg": settings.pump_angle_deg, "side": settings.pump_side}
    profile = field_profile(pumped, pump.wavelength, **at)
    inside = profile.in_region("gain")
    assert profile.weights is not None
    balance = spectrum(pumped, pump.wavelength, **at)
    share = profile.absorbed("gain")
    return PumpProfile(
        stack=pumped,
        wavelength=pump.wavelength,
        absorption_per_cm=alpha,
        thickness=sum(layer.thickness for layer in stack.layers if layer.name == "gain"),
        z=profile.z[inside],
        weights=profile.weights[inside],
        density=profile.absorption_density[inside],
        absorbed=share,
        reflected=float(balance.reflectance),
        elsewhere=float(balance.absorption) - share,
        concentration_per_cm3=medium.concentration_per_cm3,
    )


def effective_pump(design: Design) -> Pump | None:
    """Return the design's pump; for a planar or periodic cavity with the film's field factor.

    A field_factor that the design gives is kept.
    """
    pump: Any = design.pump
    if pump is None or "field_factor" in pump.model_fields_set:
        return pump  # type: ignore[no-any-return]
    if is_periodic(design.cavity):
        from studies.periodic_pump import periodic_pump

        return periodic_pump(design)
    profile = pump_profile(design)
    if profile is None:
        return pump  # type: ignore[no-any-return]
    changed: Pump = pump.changed(field_factor=profile.field_factor)
    return changed


def depth_resolved_threshold(
    design: Design, profile: PumpProfile, mode: Mode, figure_of_merit: float
) -> float:
    """Return the threshold fluence (uJ/cm^2) with the gain of every depth; nan if never.

    Gain at each depth follows from the photons absorbed there, and counts with the mode's
    |E|^2 there; first root from below.

    Args:
        design: with a medium; profile: its pump; mode: with its field.
        figure_of_merit: K of the mode, with its confinement.
    """
    from gain import absorbed_photons_at_threshold, depth_profile

    medium: Any = design.gain
    excitation = depth_profile(profile.photons(1.0), intensity(mode, profile.z), profile.weights)
    photons = absorbed_photons_at_threshold(
        medium, mode.wavelength, figure_of_merit, excitation=excitation
    )
    return float(photons) / profile.mean_photons(1.0)


def pump_section(
    design: Design, profile: PumpProfile, mode: Mode, *, figure_of_merit: float, uniform: float
) -> ReportSection:
    """Return the section: the absorption over height, photons per nanocrystal, the threshold.

    Args:
        design: with a medium and a pump; profile: its absorption.
        mode: the coupled or lasing mode, with its field.
        figure_of_merit: K of that mode.
        uniform: its threshold fluence with the mean excitation (uJ/cm^2).
    """
    resolved = depth_resolved_threshold(design, profile, mode, figure_of_merit)
    laser = design.polariton_laser
    printed = None if laser is None else laser.threshold_uj_per_cm2
    sentences = [
        f"At {1e3 * profile.wavelength:g} nm the film absorbs with "
        f"{readable(profile.absorption_per_cm, 3)} /cm (C σ of the pump): "
        f"{100 * profile.absorbed:.1f} % of the incident light, "
        f"{100 * profile.reflected:.1f} % are reflected, {100 * profile.elsewhere:.2g} % are lost "
        f"in other layers. The first layers of the film get {profile.top_over_mean:.2f} times the "
        f"mean. Mean flux in the film over the incident one: {profile.field_factor:.3f}.",
        f"Photon-laser threshold of {mode.label} at {1e3 * mode.wavelength:.2f} nm: "
        f"{readable(uniform, 3)} µJ/cm² with the mean excitation, {readable(resolved, 3)} µJ/cm² "
        "with the gain of every depth weighted with the mode's intensity there.",
    ]
    numbers: dict[str, Any] = {
        "wavelength_um": profile.wavelength,
        "film_absorption_per_cm": profile.absorption_per_cm,
        "absorbed_share": profile.absorbed,
        "reflected_share": profile.reflected,
        "absorbed_elsewhere": profile.elsewhere,
        "field_factor": profile.field_factor,
        "largest_over_mean": profile.top_over_mean,
        "threshold_uniform_uj_per_cm2": uniform,
        "threshold_depth_resolved_uj_per_cm2": resolved,
    }
    if printed is not None:
        local = profile.photons(printed)
        sentences.append(
            f"At the measured threshold of {printed:g} µJ/cm² this is "
            f"{profile.mean_photons(printed):.2f} absorbed photons per nanocrystal on average, "
            f"{local.max():.2f} where most is absorbed and {local.min():.2f} where least is."
        )
        numbers["measured_threshold_uj_per_cm2"] = printed
        numbers["photons_per_dot_at_measured_threshold"] = profile.mean_photons(printed)
        numbers["photons_per_dot_largest"] = float(local.max())
    return ReportSection(
        anchor="pump",
        title="Absorption of the pump",
        short="Pump",
        sentences=tuple(sentences),
        figures=(
            SectionFigure(
                name="pump_absorption",
                draw=lambda: _draw(profile, mode),
                caption="Absorbed pump power per height in the film (filled) and the intensity of "
                "the mode (red, scaled): gain is wanted where the mode is.",
                alt="Absorption of the pump over height",
                full=True,
            ),
        ),
        numbers=numbers,
    )


def _draw(profile: PumpProfile, mode: Mode) -> Figure:
    from studies.pictures import figure

    new, ax = figure(7.4, 3.4)
    draw_layers(ax, profile.stack, profile.wavelength)
    for band in ax.patches:
        band.set_alpha(0.35)
        band.set_label("_")
    order = np.argsort(profile.z)
    z, density = profile.z[order], profile.density[order]
    ax.fill_between(z, density, color="#2b5d8a", alpha=0.75, label="absorbed pump", lw=0)
    values = intensity(mode, z)
    ax.plot(
        z, values / values.max() * density.max(), color="#7a1022", lw=1.2, label="|E|² of the mode"
    )
    ax.set_ylim(0, 1.1 * float(density.max()))
    ax.set_ylabel("absorbed share of the pump (1/µm)")
    ax.legend(loc="upper right", frameon=True, framealpha=0.9)
    return new
