"""Threshold gain of a planar mode: the pole brought to the real axis, beside the formula."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from solvers.modes import Mode
from solvers.multilayer.characteristic import characteristic
from solvers.multilayer.energy_balance import planar_balance
from solvers.multilayer.modal_field import ModalField
from solvers.multilayer.mode_derivative import field_slopes, problem_of

__all__ = ["ThresholdGain", "threshold_gain"]

_STEPS = 60


@dataclass(frozen=True, kw_only=True)
class ThresholdGain:
    """The gain at which a mode's loss is made up for.

    Attributes:
        region: the layers that amplify.
        gain_per_cm: intensity gain g = -4 pi Im(n)/lambda of these layers (1/cm), exact.
        wavelength: of the mode at threshold (um); the gain pulls it a little.
        residual: mismatch of the mode at real k0, relative to its field: rounding.
        formula_per_cm: 2 pi n/(Gamma lambda Q) with the cold mode's Q and confinement (1/cm).
        overlap_per_cm: the same with Gamma = n^2 int_region |E|^2 / (mean of electric and
            magnetic energy), which is first-order perturbation theory also where media are
            dispersive (1/cm).
        mode: the cold mode.
    """

    region: str
    gain_per_cm: float
    wavelength: float
    residual: float
    formula_per_cm: float
    overlap_per_cm: float
    mode: Mode


def threshold_gain(cavity: Any, mode: Mode, *, region: str = "gain") -> ThresholdGain:
    """Return the gain that brings a mode's pole to the real axis, at the mode's k_x.

    Newton's method on the pole k0(g): one step of the characteristic function towards the pole,
    one of g towards Im k0 = 0 with dk0/dg from the field. The gain is the same at every
    wavelength and comes on top of the region's index, so an absorbing film must first be
    bleached: give it a real index if the resonant absorption is part of a gain spectrum.

    Args:
        cavity: planar cavity that the mode belongs to.
        mode: a mode of it with loss.
        region: name of the layers that amplify.

    Raises:
        ValueError: no such region, or the mode does not decay.
        RuntimeError: no threshold was reached, for instance because the mode has no field there.

    Example:
        >>> from cavities import Layer, PlanarStack
        >>> from solvers import solve_modes
        >>> film = PlanarStack(substrate=1.0, superstrate=1.0,
        ...                    layers=(Layer(name="gain", material=3.5, thickness=1.0),))
        >>> (mode,) = solve_modes(film, (0.95, 1.05), quality_factor_floor=1)
        >>> found = threshold_gain(film, mode)
        >>> round(found.gain_per_cm), round(1e4 * 2 * math.log(4.5 / 2.5))  # ln(1/R^2)/(2 d)
        (11746, 11756)
    """
    problem = problem_of(cavity, mode)
    layers = problem.stack.layers
    chosen = frozenset(i for i, layer in enumerate(layers) if layer.name == region)
    if not chosen:
        raise ValueError(
            f"region: must be one of {list(problem.stack.regions)}, got {region!r}; "
            "name the layers that amplify"
        )
    if not 0 < mode.quality_factor < math.inf:
        raise ValueError(
            f"mode: must decay to have a threshold, got Q = {mode.quality_factor:.4g}; "
            "solve the cold cavity, without gain"
        )
    kx = problem.in_plane_wavenumber or 0.0
    balance = planar_balance(ModalField(problem, mode.wavenumber, kx))
    index = {i: float(layers[i].material.index(mode.wavelength).real) for i in chosen}
    loss = mode.wavenumber.real / mode.quality_factor
    by_energy = loss / sum(balance.electric_by_layer[i] / index[i] for i in chosen)
    by_overlap = loss / sum(balance.fill[i] / index[i] for i in chosen)
    k, gain = mode.wavenumber, 0.0
    for _ in range(_STEPS):
        pumped = replace(problem, gain_layers=chosen, gain=gain)
        f = characteristic(pumped, np.array([k]))
        offset = complex(-f.value[0] / f.by_wavenumber[0])
        slopes = field_slopes(ModalField(pumped, k, kx))
        # n = n0 - i g/(2 k0): d eps/dg = -i n/k0
        media = pumped.media(np.array([k]))
        by_gain = sum(
            slopes.by_permittivity[i + 1] * -1j * complex(np.sqrt(media[i + 1].eps[0])) / k
            for i in chosen
        )
        rate = complex(-by_gain / slopes.by_wavenumber)
        change = -(k + offset).imag / rate.imag if rate.imag > 0 else math.nan
        if not math.isfinite(change) or gain > 1e3 * by_overlap:
            break
        # From far away at most as far again as the formula says.
        change = math.copysign(min(abs(change), 0.5 * by_overlap + 0.5 * gain), change)
        step = offset + rate * change
        k, gain = k + step, gain + change
        if abs(step) < 4e-15 * abs(k) and abs(change) < 1e-12 * abs(gain):
            break
    on_axis = complex(k.real)
    final = ModalField(replace(problem, gain_layers=chosen, gain=gain), on_axis, kx)
    if not final.residual < 1e-9:
        raise RuntimeError(
            f"threshold: no gain in {region!r} was found that makes up for the loss of "
            f"{mode.label}, residual {final.residual:.1e}; check the mode's confinement there"
        )
    return ThresholdGain(
        region=region,
        gain_per_cm=1e4 * gain,
        wavelength=2 * math.pi / k.real,
        residual=final.residual,
        formula_per_cm=1e4 * by_energy,
        overlap_per_cm=1e4 * by_overlap,
        mode=mode,
    )
