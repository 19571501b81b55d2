"""Where a planar mode's energy sits and where it goes.

With fields of exp(-i k c t), k = k' + i k'', Poynting's theorem over the stack reads

    k'' int(|Z0 H|^2 + eps_g |E|^2) + k' int(Im eps |E|^2) + flux out = 0,

exact when eps_g = [Im(k eps(k)) - k' Im eps(k')]/k'', which tends to d(omega Re eps)/d omega.
It is 1/Q as a sum over channels, and gives k'' with full relative precision however high Q is.
An outer medium in which the mode is bound is part of the integrals; through the face of any
other one flows the radiation.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from solvers.multilayer.layered_field import Intensity
from solvers.multilayer.modal_field import ModalField

__all__ = ["PlanarBalance", "planar_balance"]

_SMALL_DAMPING = 1e-7


@dataclass(frozen=True, kw_only=True)
class PlanarBalance:
    """Energy and losses of a mode.

    Attributes:
        inverse_quality: 1/Q by channel ("radiation:substrate", "absorption:gain", ...); < 0
            for gain.
        confinement: electric energy fraction by region (sums to 1).
        electric_by_layer: int eps_g |E|^2 dz of each layer over the total of the stack.
        fill: n^2 int |E|^2 of each layer over the mean of electric and magnetic energy: what
            first-order perturbation theory takes for Gamma.
        mode_length: int(eps_g |E|^2) dz / max(eps |E|^2) (um), mode volume per area.
        damping: k'' from the balance (rad/um).
    """

    inverse_quality: dict[str, float]
    confinement: dict[str, float]
    electric_by_layer: tuple[float, ...]
    fill: tuple[float, ...]
    mode_length: float
    damping: float


def planar_balance(field: ModalField) -> PlanarBalance:
    """Return the energy balance of a mode."""
    k = field.k
    names = ["substrate", *(layer.name for layer in field.stack.stack.layers), "superstrate"]
    totals = (field.sums(part) for part in field.samples.intensity)
    parts: list[tuple[int, Intensity]] = [
        (i + 1, Intensity(electric, magnetic))
        for i, (electric, magnetic) in enumerate(zip(*totals, strict=True))
    ]
    outgoing: dict[str, float] = {}
    for side, sign in ((0, -1), (-1, 1)):
        if field.is_bound(side):
            parts.append((len(names) - 1 if side else 0, field.tail_integral(side)))
        else:
            outgoing[f"radiation:{names[side]}"] = sign * field.flux(side)
    losses: dict[str, float] = defaultdict(float, outgoing)
    electric: dict[str, float] = defaultdict(float)
    by_layer, fill = np.zeros(len(names) - 2), np.zeros(len(names) - 2)
    stored = 0.0
    energy = _energy_permittivities(field)
    for medium, integral in parts:
        eps_axis, group = energy[medium]
        square = float(integral.electric)
        stored += float(integral.magnetic) + group * square
        density = group if group > 0 else abs(eps_axis.real)
        electric[names[medium]] += density * square
        if eps_axis.imag != 0:
            losses[f"absorption:{names[medium]}"] += k.real * eps_axis.imag * square
        if 0 < medium < len(names) - 1:
            by_layer[medium - 1] = density * square
            fill[medium - 1] = abs(eps_axis.real) * square
    total = sum(electric.values())
    # 1/Q = -2 k''/k'
    inverse = {name: 2 * loss / (k.real * stored) for name, loss in losses.items()}
    return PlanarBalance(
        inverse_quality=inverse,
        confinement={name: value / total for name, value in electric.items()},
        electric_by_layer=tuple(float(x) for x in by_layer / total),
        fill=tuple(float(x) for x in 2 * fill / stored),
        mode_length=total / _highest_density(field),
        damping=-sum(losses.values()) / stored,
    )


def _energy_permittivities(field: ModalField) -> list[tuple[complex, float]]:
    """Return eps at Re k, additional gain included, and eps_g of each medium."""
    k = field.k
    result = []
    axis = field.stack.media(np.array([k.real], dtype=np.complex128))
    for material, here, on_axis in zip(field.stack.stack.media, field.media, axis, strict=True):
        eps = complex(on_axis.eps[0])
        if not material.is_dispersive and here.eps == eps:
            group = eps.real
        elif abs(k.imag) > _SMALL_DAMPING * k.real:
            group = ((k * here.eps).imag - k.real * eps.imag) / k.imag
        else:
            group = eps.real + k.real * complex(on_axis.slope[0]).real
        result.append((eps, group))
    return result


def _highest_density(field: ModalField) -> float:
    """Return the largest |Re eps| |E|^2 in the layers, refined between samples."""
    samples = field.samples
    eps = np.array([abs(medium.eps.real) for medium in field.media[1:-1]])
    density = eps[samples.layer] * samples.intensity.electric
    top = int(np.argmax(density))
    best = float(density[top])
    # The maximum of a layer lies between two samples, or at one of its faces.
    layer = int(samples.layer[top])
    inside = samples.height[samples.layer == layer]
    around = np.concatenate([[0.0], inside, [float(field.stack.thickness[layer])]])
    place = int(np.searchsorted(around, samples.height[top]))
    fine = np.linspace(around[place - 1], around[place + 1], 65)
    close = field.intensity(layer + 1, *field.inside(layer, fine)).electric
    faces = []
    for number in range(len(eps)):
        ends = field.states[[number, number + 1]].T
        faces.append(eps[number] * field.intensity(number + 1, *ends).electric)
    return max(best, float(eps[layer] * np.max(close)), float(np.max(faces)))
