"""Where a periodic mode's energy sits and where it goes.

With fields of exp(-i k c t), k = k' + i k'', Poynting's theorem over the cell reads

    k'' int(|Z0 H|^2 + eps_g |E|^2) + k' int(Im eps |E|^2) + flux out = 0,

exact for the truncated series too when |E|^2 of a part of a patterned layer is taken from the
continuous fields, int_part |E_t|^2 + |D_n|^2/|eps|^2, with the matrices of the factorisation. It is
1/Q as a sum over channels, and gives k'' with full relative precision however high Q is. Orders
that are bound in an outer medium are part of the integrals; the others carry the radiation.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cavities.material import Material
from solvers.fourier_modal.media import Medium
from solvers.fourier_modal.modal_field import CellField, LayerField, ModalField
from solvers.fourier_modal.sections import PatternedSection, UniformSection

__all__ = ["PeriodicBalance", "part_intensities", "periodic_balance"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_SMALL_DAMPING = 1e-7


@dataclass(frozen=True, kw_only=True)
class PeriodicBalance:
    """Energy and losses of a mode.

    Attributes:
        inverse_quality: 1/Q by channel ("radiation:substrate", "absorption:gain", ...).
        confinement: electric energy fraction by region (sums to 1).
        damping: k'' from the balance (rad/um).
        axial_share: share of E_z in the squared field of the layers.
    """

    inverse_quality: dict[str, float]
    confinement: dict[str, float]
    damping: float
    axial_share: float


def periodic_balance(field: ModalField, k: complex) -> PeriodicBalance:
    """Return the energy balance of a mode at k0 (rad/um)."""
    cell = field.problem.cell
    losses: dict[str, float] = defaultdict(float)
    electric: dict[str, float] = defaultdict(float)
    stored, axial, total = 0.0, 0.0, 0.0

    def add(region: str, material: Material, square: float) -> float:
        eps, group = _energy_permittivity(cell.media.at(region, material, k), region, material)
        electric[region] += (group if group > 0 else abs(eps.real)) * square
        if eps.imag != 0:
            losses[f"absorption:{region}"] += k.real * eps.imag * square
        return group * square

    def _energy_permittivity(
        here: Medium, region: str, material: Material
    ) -> tuple[complex, float]:
        on_axis = cell.media.at(region, material, complex(k.real))
        eps = on_axis.eps
        if here.eps == eps and here.slope == 0:
            return eps, eps.real
        if abs(k.imag) > _SMALL_DAMPING * k.real:
            return eps, ((k * here.eps).imag - k.real * eps.imag) / k.imag
        return eps, eps.real + k.real * on_axis.slope.real

    for number, layer in enumerate(cell.layers):
        samples = field.layer(number)
        stored += _magnetic(samples)
        tangential, along = part_intensities(field, number, samples)
        for part, (region, material) in enumerate(zip(layer.regions, layer.materials, strict=True)):
            stored += add(region, material, float(tangential[part] + along[part]))
        axial += float(along.sum())
        total += float(tangential.sum() + along.sum())
    stack = cell.stack
    outers = (
        ("substrate", stack.substrate, field.sides.down.outer, field.outer[0]),
        ("superstrate", stack.superstrate, field.sides.up.outer, field.outer[1]),
    )
    for region, material, outer, amplitude in outers:
        flux, square, magnetic = _outer_energy(outer, amplitude)
        losses[f"radiation:{region}"] = flux
        stored += magnetic + (add(region, material, square) if square else 0.0)
    energy = sum(electric.values())
    return PeriodicBalance(
        inverse_quality={name: 2 * loss / (k.real * stored) for name, loss in losses.items()},
        confinement={name: value / energy for name, value in electric.items()},
        damping=-sum(losses.values()) / stored,
        axial_share=axial / total,
    )


def part_intensities(field: CellField, number: int, samples: LayerField) -> tuple[Floats, Floats]:
    """Return int |E_t|^2 and int |E_z|^2 (um) over every part of a layer (parts,)."""
    weights = samples.weights
    section = field.sections[number]
    if isinstance(section, UniformSection):
        return (
            np.array([np.sum(weights * np.sum(np.abs(samples.electric) ** 2, axis=0))]),
            np.array([np.sum(weights * np.sum(np.abs(samples.axial) ** 2, axis=0))]),
        )
    assert isinstance(section, PatternedSection)
    matrices = field.problem.matrices[number]
    assert matrices is not None
    media = field.problem.media_of(number, field.k)
    root = np.sqrt(weights)
    whole, axial = samples.electric * root, samples.axial * root
    normal = matrices.normal @ whole
    displaced, displaced_normal = (section.permittivity.continuous @ f for f in (whole, normal))
    tangential, along = [], []
    for vector, scalar, medium in zip(matrices.vector, matrices.axial, media, strict=True):
        inside = vector @ whole
        jump = (
            np.vdot(normal, inside)
            - np.vdot(displaced_normal, vector @ displaced) / abs(medium.eps) ** 2
        )
        tangential.append((np.vdot(whole, inside) - jump).real)
        along.append(np.vdot(axial, scalar @ axial).real)
    return np.array(tangential), np.array(along)


def _magnetic(samples: LayerField) -> float:
    square = np.sum(np.abs(samples.magnetic) ** 2, axis=0)
    square = square + np.sum(np.abs(samples.magnetic_axial) ** 2, axis=0)
    return float(np.sum(samples.weights * square))


def _outer_energy(outer: UniformSection, amplitude: Complexes) -> tuple[float, float, float]:
    """Return the flux of the open orders, and int |E|^2 and int |H|^2 (um) of the bound ones."""
    p, k = outer.p_count, outer.k
    magnetic = outer.admittance * amplitude
    bound = (outer.eps * k.real**2).real < outer.lengths**2
    bound &= outer.q.imag > 0
    flux = float(np.sum((magnetic.conj() * amplitude).real[~bound]))
    tail = 1 / (2 * outer.q.imag[bound])
    axial = np.zeros_like(amplitude)
    axial[:p] = outer.lengths[:p] * magnetic[:p] / (k * outer.eps)
    curl = np.zeros_like(amplitude)
    curl[p:] = outer.lengths[p:] * amplitude[p:] / k
    square = np.abs(amplitude) ** 2 + np.abs(axial) ** 2
    other = np.abs(magnetic) ** 2 + np.abs(curl) ** 2
    return flux, float(np.sum(square[bound] * tail)), float(np.sum(other[bound] * tail))
