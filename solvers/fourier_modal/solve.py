"""`solve_periodic`: every mode of a periodic cavity in a window at one Bloch vector."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np

from solvers.fourier_modal.bloch_point import BlochInput, bloch_vector, point_name
from solvers.fourier_modal.description import METHOD, described_modes, typical_differences
from solvers.fourier_modal.find_modes import find_poles
from solvers.fourier_modal.media import Media
from solvers.fourier_modal.mode_set import bloch_mode_set
from solvers.fourier_modal.prepare import as_unit_cell
from solvers.fourier_modal.settings import Accuracy, PeriodicSettings
from solvers.modes import ModeSet

__all__ = ["solve_periodic"]


def solve_periodic(
    cavity: Any,
    wavelength: tuple[float, float],
    *,
    bloch: BlochInput = "Gamma",
    quality_factor_floor: float = 100.0,
    accuracy: Accuracy = "default",
    settings: PeriodicSettings | None = None,
    media: Media | None = None,
) -> ModeSet:
    """Return every mode of a periodic cavity in a window at one Bloch vector.

    The search is blind: it needs no start values and finds dark modes (bound states in the
    continuum) like bright ones. Degenerate pairs are two modes of one wavenumber.

    Args:
        cavity: a PeriodicStack, or a cavity with `.unit_cell()`.
        wavelength: window (um), low and high.
        bloch: "Gamma", "X", ... or (kx, ky) in rad/um.
        quality_factor_floor: modes of lower |Q| are left out.
        accuracy: "fast" (81 plane waves), "default" (121) or "reference" (225).
        settings: all numerical settings at once, instead of `accuracy`.
        media: additional gain or index shifts by region.

    Returns:
        Modes by wavelength with Q by channel ("radiation:substrate", "radiation:superstrate",
        "absorption:<region>"), confinement, `gain_overlap`, `lattice_point`, `symmetry`, `band`,
        an error estimate from two truncations, and the field (`sampled_field`, `far_field`).
        An empty set is a valid answer.

    Raises:
        ValueError: unknown lattice point, a wavelength outside the range of a material, or an
            estimated error above `settings.largest_error`.
        TypeError: not a periodic cavity.

    Example:
        >>> from cavities.cell_shape import Circle
        >>> from cavities.lattice import Lattice
        >>> from cavities.periodic_stack import Inclusion, PatternedLayer, PeriodicStack
        >>> hole = Inclusion(shape=Circle(radius=0.08), material=1.46, name="hole")
        >>> slab = PatternedLayer(name="slab", material=2.02, thickness=0.18, inclusions=(hole,))
        >>> stack = PeriodicStack(lattice=Lattice.square(0.336), substrate=1.46, layers=(slab,),
        ...                       superstrate=1.46)
        >>> for mode in solve_periodic(stack, (0.565, 0.595)):
        ...     print(mode.label, round(1e3 * mode.wavelength, 1), f"{mode.quality_factor:.4g}")
        TM Gamma E 2 566.7 1671
        TM Gamma E 3 566.7 1671
        TE Gamma E 3 572.3 249.4
        TE Gamma E 4 572.3 249.4
        TM Gamma B1 1 575.2 inf
        TE Gamma B2 2 584.2 inf
        TE Gamma A2 1 590.2 inf
    """
    started = time.perf_counter()
    stack = as_unit_cell(cavity)
    chosen = settings or PeriodicSettings.for_accuracy(accuracy)
    low, high = wavelength
    for material in stack.media:
        material.index(np.array([low, high]))
    vector = bloch_vector(stack.lattice, bloch)
    window = 2 * math.pi / high, 2 * math.pi / low
    depth = window[1] / (2 * quality_factor_floor)
    found, warnings = find_poles(stack, vector, window, depth=depth, settings=chosen, media=media)
    name = point_name(stack.lattice, vector)
    typical = typical_differences(found)
    modes = []
    for one in found:
        for mode in described_modes(one, name, typical):
            if low <= mode.wavelength <= high and abs(mode.quality_factor) >= quality_factor_floor:
                modes.append(mode)
    for mode in modes:
        if chosen.largest_error is not None and mode.wavelength_error > chosen.largest_error:
            raise ValueError(
                f"orders: must be enough for an error of {chosen.largest_error:g} um, got an "
                f"estimate of {mode.wavelength_error:.2g} um with {chosen.orders} orders at "
                f"{mode.wavelength:.6g} um; use more orders"
            )
    return bloch_mode_set(
        cavity,
        modes,
        window=(low, high),
        method=METHOD,
        bloch=vector,
        lattice_point=name,
        quality_factor_floor=quality_factor_floor,
        settings=chosen,
        started=started,
        warnings=warnings,
        provenance={"numpy": np.__version__},
    )
