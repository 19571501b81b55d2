"""Where the light of a finite mode goes: edges, both faces, absorbers."""

from __future__ import annotations

import math
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from solvers.coupled_wave.finite_mode import FiniteMode
from solvers.coupled_wave.finite_operator import FiniteOperator, finite_operator
from solvers.coupled_wave.solve_coupling import Coupling

__all__ = ["described", "edge_loss", "reciprocal"]

Complexes = NDArray[np.complex128]

_FINER = 6
_SMALL = 0.05
_ROUNDING = 1e-12


def described(
    found: Coupling,
    operator: FiniteOperator,
    value: complex,
    field: Complexes,
    tail: float,
    gain: Complexes | None,
    fundamental: tuple[str, ...] = (),
) -> FiniteMode:
    """Return a mode with its losses from the fluxes of its field."""
    matrix, weights = found.matrix, operator.weights
    field = field / math.sqrt(float(np.sum(np.abs(field) ** 2 * weights)))
    pairs = np.einsum("wxy,vxy,xy->wv", field.conj(), field, weights, optimize=True)
    sides = np.einsum("swv,wv->s", matrix.radiation, pairs).real
    inner = float(np.einsum("wv,wv->", matrix.loss, pairs).real)
    rest = inner - float(sides.sum()) + matrix.detuning.imag
    if abs(rest) < _ROUNDING * float(np.abs(matrix.total).max()):
        rest = 0.0
    losses = {
        "edge": 1e4 * edge_loss(operator, field),
        "radiation:substrate": 1e4 * float(sides[0]),
        "radiation:superstrate": 1e4 * float(sides[1]),
        matrix.remainder: 1e4 * rest,
    }
    name, overlap = _nearest_edge(found, pairs)
    share = math.nan if gain is None else _gain_share(operator, field, gain)
    alpha = 1e-4 * math.fsum(losses.values())
    return FiniteMode(
        coupling=found,
        operator=operator,
        eigenvalue=value,
        wavenumber=complex(matrix.wavenumber(value)),
        amplitudes=field,
        losses_per_cm=MappingProxyType(losses),
        band_edge=name,
        overlap=overlap,
        fundamental=fundamental,
        unresolved=tail,
        loss_error_per_cm=1e4 * _error(operator, value, field),
        threshold_gain_per_cm=2e4 * alpha / share if share > 0 else math.nan,
        modal_gain_share=share,
    )


def edge_loss(operator: FiniteOperator, field: Complexes) -> float:
    """Return half the outward flux through the boundary over int |V|^2 dA (1/um)."""
    gx, gy = operator.waves.direction.T
    w = operator.grid.weights
    power = np.abs(field) ** 2
    along_x = np.einsum("w,wy,y->", gx, power[:, -1, :] - power[:, 0, :], w)
    along_y = np.einsum("w,wx,x->", gy, power[:, :, -1] - power[:, :, 0], w)
    flux = along_x * operator.lengths[1] / 2 + along_y * operator.lengths[0] / 2
    return float(0.5 * flux / np.sum(power * operator.weights))


def reciprocal(operator: FiniteOperator, field: Complexes) -> tuple[Complexes, complex]:
    """Return the left eigenvector (waves that run backwards) and its product with the field."""
    left = field[operator.waves.reverse]
    return left, complex(np.sum(left * field * operator.weights))


def _gain_share(operator: FiniteOperator, field: Complexes, gain: Complexes) -> float:
    """Return modal intensity gain per gain of the region: first order in the gain."""
    left, product = reciprocal(operator, field)
    total = float(np.sum(np.abs(field) ** 2 * operator.weights))
    if abs(product) < _SMALL * total:
        # partners of a degenerate pair that run round: their own power decides
        left, product = field.conj(), complex(total)
    rate = np.einsum("wxy,wv,vxy,xy->", left, gain, field, operator.weights, optimize=True)
    return float(2 * (rate / product).imag)


def _error(operator: FiniteOperator, value: complex, field: Complexes) -> float:
    """Return the first-order change of Im of the eigenvalue on a finer grid (1/um)."""
    finer = finite_operator(
        operator.waves, operator.coupling, operator.lengths, len(operator.grid.nodes) + _FINER
    )
    carry = operator.grid.interpolation(finer.grid.nodes)
    moved = np.einsum("ab,wbc,dc->wad", carry, field, carry, optimize=True)
    left, product = reciprocal(finer, moved)
    total = float(np.sum(np.abs(moved) ** 2 * finer.weights))
    if abs(product) < _SMALL * total:
        left, product = moved.conj(), complex(total)
    residual = finer.apply(moved) - value * moved
    mask = np.zeros(finer.shape, dtype=bool).reshape(-1)
    mask[finer.kept] = True
    residual = np.where(mask.reshape(finer.shape), residual, 0.0)
    return abs(complex(np.sum(left * residual * finer.weights) / product))


def _nearest_edge(found: Coupling, pairs: Complexes) -> tuple[str, float]:
    """Return the name of the band edge that the mode belongs to, and its share in the waves.

    Of a degenerate pair the partner with the larger share is named, the pair's share given.
    """
    edges = found.band_edges
    vectors = np.array([edge.vector for edge in edges]).T
    parts = np.linalg.inv(vectors)
    weight = np.einsum("aw,wv,av->a", parts.conj(), pairs, parts).real
    weight = weight / weight.sum()
    scale = float(np.abs(found.matrix.total).max())
    level = np.array([edge.eigenvalue for edge in edges])
    best = int(np.argmax(weight))
    alike = np.abs(level - level[best]) < 1e-9 * scale
    return edges[best].name, float(weight[alike].sum())
