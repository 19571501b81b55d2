"""Where a mode's energy sits and where it goes: exact sums over the parts of the mesh.

For A x = k^2 M x the imaginary part of x^H A x = k^2 x^H M x is an energy balance,

    -Im(k^2) Re(x^H M x) = sum over parts (Re(k^2) Im m_j - Im a_j),   m_j = x^H M_j x,

whose terms are the absorption in a medium and what an absorbing layer takes. The layers' share is
the radiation; in an absorbing outer medium so is what the medium takes on the way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.unit_cell_fem.pencil import Pencil

__all__ = ["ModeEnergies", "mode_energies"]

Complexes = NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class ModeEnergies:
    """Integrals over a mode.

    Attributes:
        inverse_quality: 1/Q by channel.
        electric: int |E|^2 by part label (arbitrary common scale).
        bilinear: int E . E by part label, with the stretch of the absorbing layers.
        hermitian: int |E|^2 by part label, with the stretch.
        axial_share: share of E_z in the squared field of the layers.
        layer_share: share of the electric energy in the layers, absorbing layers counted in.
    """

    inverse_quality: dict[str, float]
    electric: dict[str, float]
    bilinear: dict[str, complex]
    hermitian: dict[str, complex]
    axial_share: float
    layer_share: float


def mode_energies(pencil: Pencil, wavenumber: complex, vector: Complexes) -> ModeEnergies:
    """Return the integrals over one eigenvector (n,)."""
    import ngsolve

    field = pencil.grid_function(vector)
    s = pencil.stretch()
    curl = ngsolve.curl(field)
    flat, curled = _squares(field), _squares(curl)
    order = 2 * pencil.space.globalorder + 2
    labels = pencil.cell.mesh.GetMaterials()

    def by_part(function: object) -> dict[str, complex]:
        values = ngsolve.Integrate(function, pencil.cell.mesh, order=order, region_wise=True)
        sums: dict[str, complex] = defaultdict(complex)
        for label, value in zip(labels, values, strict=True):
            sums[label] += complex(value)
        return dict(sums)

    tangential, axial = by_part(flat[0]), by_part(flat[1])
    hermitian = by_part(flat[0] * s + flat[1] / s)
    magnetic = by_part(curled[0] / s + curled[1] * s)
    bilinear = by_part((field[0] * field[0] + field[1] * field[1]) * s + field[2] * field[2] / s)
    eps = pencil.permittivity
    electric = {label: (tangential[label] + axial[label]).real for label in tangential}
    total = sum((eps[label] * value).real for label, value in hermitian.items())
    square = wavenumber**2
    losses: dict[str, float] = defaultdict(float)
    for part in pencil.cell.parts:
        mass, curl_energy = eps[part.label] * hermitian[part.label], magnetic[part.label]
        loss = square.real * mass.imag - curl_energy.imag
        if part.kind == "layer":
            if eps[part.label].imag:
                losses[f"absorption:{part.region}"] += loss
        elif pencil.parities[2] == 0:
            losses[f"radiation:{part.region}"] += loss
        else:
            losses["radiation:substrate"] += loss / 2
            losses["radiation:superstrate"] += loss / 2
    inside = [part.label for part in pencil.cell.parts if part.kind == "layer"]
    weights = {label: abs(eps[label]) * value for label, value in electric.items()}
    squared = sum(electric[label] for label in inside)
    return ModeEnergies(
        inverse_quality={n: loss / (total * wavenumber.real**2) for n, loss in losses.items()},
        electric=electric,
        bilinear=bilinear,
        hermitian=hermitian,
        axial_share=sum(axial[label].real for label in inside) / squared,
        layer_share=sum(weights[label] for label in inside) / sum(weights.values()),
    )


def _squares(field: object) -> tuple[object, object]:
    """Return |F_t|^2 and |F_z|^2."""
    import ngsolve

    parts = [field[i] * ngsolve.Conj(field[i]) for i in range(3)]  # type: ignore[index]
    return parts[0] + parts[1], parts[2]


def confinement(pencil: Pencil, energies: ModeEnergies, wavelength: float) -> dict[str, float]:
    """Return the electric energy fraction by region, without the absorbing layers."""
    found: dict[str, float] = defaultdict(float)
    mirrored = pencil.parities[2] != 0
    for part in pencil.cell.parts:
        if part.kind == "pml":
            continue
        group = float(part.material.group_permittivity(wavelength))
        eps = abs(complex(part.material.permittivity(wavelength)).real)
        energy = (group if group > 0 else eps) * energies.electric[part.label]
        if mirrored and part.kind == "outside":
            found["substrate"] += energy / 2
            found["superstrate"] += energy / 2
        else:
            found[part.region] += energy
    total = sum(found.values())
    return {region: value / total for region, value in found.items()}


def gain_overlap(
    pencil: Pencil, energies: Mapping[str, complex], wavelength: float
) -> dict[str, float]:
    """Return 2 n d(Im k)/dg by region of the layers, from int E . E by part.

    n = n' - i g/(2 k); first order, without complex conjugation.
    """
    own: dict[str, complex] = defaultdict(complex)
    inertia = 0j
    for part in pencil.cell.parts:
        eps = complex(part.material.permittivity(wavelength))
        group = float(part.material.group_permittivity(wavelength))
        inertia += (2 * eps + group - eps.real) * energies[part.label]
        if part.kind == "layer" and eps.real > 0:
            own[part.region] += 2 * eps.real * energies[part.label]
    return {region: float((value / inertia).real) for region, value in own.items()}
